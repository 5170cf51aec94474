package resample

import (
	"context"
	"fmt"
	"math"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
	"github.com/bangkom/bangkom/stats/tally"
)

// A LevelStatistic is computed from levels and how often each occurs. It is
// called from several goroutines, and must neither change nor keep its arguments.
type LevelStatistic func(values []float64, counts []uint64) float64

// LevelMean is the mean of counted levels.
func LevelMean(values []float64, counts []uint64) float64 {
	var n uint64
	var sum float64
	for i, c := range counts {
		n += c
		sum += float64(c) * values[i]
	}
	return sum / float64(n)
}

// BootstrapLevels is [Bootstrap] for one column of answers on a scale, from
// their counts: a resample is a draw of counts from the multinomial
// distribution, so time and memory depend on the number of levels and not on the
// number of answers. Every answer counts as a unit: where people of one office
// are alike, or somebody answered twice, use Bootstrap with clusters.
//
// Levels that nobody chose are left out; what is no level is counted as dropped.
// Errors, warnings and intervals as for Bootstrap; Clusters, Strata and
// StandardError are refused with ErrOption.
func BootstrapLevels(ctx context.Context, levels *tally.Levels, stat LevelStatistic, opt *Options) (Result, error) {
	o, err := opt.checked()
	if err != nil {
		return Result{}, err
	}
	if o.Clusters != nil || o.Strata != nil || o.StandardError != nil {
		return Result{}, problem(bangkom.ErrOption, "levels", "", "clusters, strata or standard errors of counted answers", "Bootstrap, with a row per answer")
	}
	if stat == nil || levels == nil {
		return Result{}, problem(bangkom.ErrOption, "levels", "", "no statistic or no counts", "LevelMean, or a function")
	}
	var values []float64
	var counts []uint64
	var n uint64
	for c := tally.Cell(1); c <= tally.MaxLevels; c++ {
		if k := levels.Count(c); k > 0 {
			v, ok := levels.Shape().Value(c)
			if !ok {
				continue
			}
			values, counts, n = append(values, float64(v)), append(counts, k), n+k
		}
	}
	if n < 2 {
		return Result{}, problem(bangkom.ErrTooFew, "levels", fmt.Sprint(n), "fewer than two answers", "at least 2")
	}
	point := stat(values, counts)
	if isUndefined(point) {
		return Result{}, problem(bangkom.Problem{Code: "undefined"}, "levels", fmt.Sprint(point), "the statistic of the data is not defined", "")
	}
	b := o.Resamples
	if b == 0 {
		b = defaultResamples
	}
	drawn := make([]float64, b)
	err = parallel(ctx, b, func() func(b int) {
		into := make([]uint64, len(counts))
		return func(b int) {
			multinomial(o.Seed, b, counts, n, into)
			drawn[b] = stat(values, into)
		}
	})
	if err != nil {
		return Result{}, err
	}
	r := Result{Units: int(n), Resamples: b, Seed: o.Seed}
	r.Estimate = bangkom.Estimate{Value: point, N: int(n), Method: "bootstrap of counts", Missing: bangkom.Missing{Policy: "listwise", Dropped: int(levels.Total() - n)}}
	if err := r.summarise(sample{drawn, nil, nil, math.NaN(), levelAcceleration(stat, values, counts, n)}, o); err != nil {
		return Result{}, err
	}
	return r, nil
}

// multinomial draws n answers, level by level: of those that are left, each has
// this level with its share of what is left.
func multinomial(seed uint64, b int, counts []uint64, n uint64, into []uint64) {
	pcg := stream(seed, b)
	left, of := n, n
	for i, c := range counts {
		if i+1 == len(counts) {
			into[i] = left
			return
		}
		into[i] = num.Binomial(pcg, left, float64(c)/float64(of))
		left -= into[i]
		of -= c
	}
}

// levelAcceleration leaves out one answer of each level, which stands for all of it.
func levelAcceleration(stat LevelStatistic, values []float64, counts []uint64, n uint64) float64 {
	without := make([]float64, len(values))
	one := make([]uint64, len(counts))
	var mean float64
	for i, c := range counts {
		copy(one, counts)
		one[i]--
		without[i] = stat(values, one)
		mean += float64(c) / float64(n) * without[i]
	}
	largest := 0.0
	for _, v := range without {
		largest = max(largest, math.Abs(mean-v))
	}
	var cubes, squares float64
	for i, c := range counts {
		l := (mean - without[i]) / largest // the cube of a small number is nought
		cubes += float64(c) * l * l * l
		squares += float64(c) * l * l
	}
	if !(largest*math.Sqrt(squares) > 1e-13*math.Abs(mean)) { // leaving one out changes nothing but the noise
		return math.NaN()
	}
	return cubes / (6 * math.Pow(squares, 1.5))
}

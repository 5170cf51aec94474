package resample

import (
	"math"
	"reflect"

	"github.com/bangkom/bangkom/internal/num"
)

// What may be computed without laying a resample out: each path makes the draws
// that every other statistic sees, so that a statistic wrapped in a function of
// the caller has the same values but for rounding.

// same says that both are the same function of this package; a wrapper is another.
func same(a, b Statistic) bool { return reflect.ValueOf(a).Pointer() == reflect.ValueOf(b).Pointer() }

// resamples writes the statistic of each resample into values, and its standard
// error into errors if there are any.
func (d *data) resamples(stat Statistic, point float64, p plan, o Options, values, errors []float64) func() func(b int) {
	if d.levels != nil {
		return d.byLevels(stat, o, values, errors)
	}
	if errors == nil && d.units == nil && p.weights == nil && same(stat, Mean) {
		if f := d.bySums(point, o.Seed, values); f != nil {
			return f
		}
	}
	return func() func(b int) {
		w := d.worker()
		return func(b int) {
			p.draw(b, w.counts)
			w.fill()
			values[b] = stat(w.columns)
			if errors != nil {
				errors[b] = o.StandardError(w.columns)
			}
		}
	}
}

// bySums adds the deviations that are drawn, as whole numbers: the order of the
// draws leaves no trace. nil where the deviations are not of a size for that.
func (d *data) bySums(point float64, seed uint64, values []float64) func() func(b int) {
	deviations := make([]float64, d.n)
	for i, x := range d.columns[0] {
		deviations[i] = x - point
	}
	whole, unit, ok := num.Whole(deviations)
	if !ok {
		return nil
	}
	urns, tables := d.urns(), make([][]int64, d.strata)
	for i, u := range urns {
		tables[i] = u.Table(whole[d.bounds[i]:d.bounds[i+1]])
	}
	return func() func(b int) {
		return func(b int) {
			s := num.NewStream(seed, uint64(b))
			var sum int64
			for i, u := range urns {
				sum += u.Total(&s, tables[i])
			}
			values[b] = point + float64(sum)*unit/float64(d.n)
		}
	}
}

// rowsOfLevel is how many rows a level must have on average for the counts of
// the levels to be drawn instead of the rows.
const rowsOfLevel = 32

// countLevels counts the values of sorted rows, where they are few.
func (d *data) countLevels() {
	var levels []float64
	var times []uint64
	for i, x := range d.columns[0] {
		if i == 0 || x != levels[len(levels)-1] {
			if (len(levels)+1)*rowsOfLevel > d.n {
				return
			}
			levels, times = append(levels, x), append(times, 0)
		}
		times[len(times)-1]++
	}
	d.levels, d.times = levels, times
}

// byLevels draws the counts of the levels from their multinomial distribution.
func (d *data) byLevels(stat Statistic, o Options, values, errors []float64) func() func(b int) {
	return func() func(b int) {
		counts := make([]uint64, len(d.times))
		value, spread := onLevels(stat)(), LevelStatistic(nil)
		if errors != nil {
			spread = onLevels(o.StandardError)()
		}
		return func(b int) {
			multinomial(o.Seed, b, d.times, uint64(d.n), counts)
			values[b] = value(d.levels, counts)
			if errors != nil {
				errors[b] = spread(d.levels, counts)
			}
		}
	}
}

// onLevels makes what computes a statistic from counted levels, for one worker:
// those of this package from the counts, others from rows laid out.
func onLevels(stat Statistic) func() LevelStatistic {
	for _, known := range []struct {
		stat   Statistic
		levels LevelStatistic
	}{{Mean, LevelMean}, {Median, levelMedian}, {SD, levelSD}, {StandardErrorOfMean, levelSE}} {
		if same(stat, known.stat) {
			return func() LevelStatistic { return known.levels }
		}
	}
	return func() LevelStatistic {
		var rows []float64
		return func(values []float64, counts []uint64) float64 {
			rows = rows[:0]
			for i, k := range counts {
				for range k {
					rows = append(rows, values[i])
				}
			}
			return stat([][]float64{rows})
		}
	}
}

func levelMedian(values []float64, counts []uint64) float64 {
	var n uint64
	for _, k := range counts {
		n += k
	}
	at := func(i uint64) float64 { // the i-th of the rows
		for l, k := range counts {
			if i < k {
				return values[l]
			}
			i -= k
		}
		return math.NaN()
	}
	if n%2 == 1 {
		return at(n / 2)
	}
	return (at(n/2-1) + at(n/2)) / 2
}

func levelSD(values []float64, counts []uint64) float64 {
	variance, _ := levelVariance(values, counts)
	return math.Sqrt(variance)
}

func levelSE(values []float64, counts []uint64) float64 {
	variance, n := levelVariance(values, counts)
	return math.Sqrt(variance / n)
}

func levelVariance(values []float64, counts []uint64) (variance, n float64) {
	mean := LevelMean(values, counts)
	var squares, left float64
	for i, k := range counts {
		d := values[i] - mean
		n += float64(k)
		squares += float64(k) * d * d
		left += float64(k) * d
	}
	return (squares - left*left/n) / (n - 1), n
}

// flips draws how many of the changes of each size are upwards, and returns the
// sum of the changes.
func flips(seed uint64, ties []num.Tie) func(b int) float64 {
	return func(b int) float64 {
		pcg := stream(seed, b)
		var sum float64
		for _, t := range ties {
			k := uint64(t.A + t.B)
			sum += t.Value * (2*float64(num.Binomial(pcg, k, 0.5)) - float64(k))
		}
		return sum
	}
}

// divisions draws how many of each value fall to the first n, and returns their
// sum.
func divisions(seed uint64, ties []num.Tie, n int) func(b int) float64 {
	all := 0
	for _, t := range ties {
		all += t.A + t.B
	}
	return func(b int) float64 {
		pcg := stream(seed, b)
		left, of := n, all
		var sum float64
		for _, t := range ties {
			k := t.A + t.B
			of -= k
			drawn := num.DrawHypergeometric(pcg, k, of, left)
			sum += t.Value * float64(drawn)
			left -= drawn
		}
		return sum
	}
}

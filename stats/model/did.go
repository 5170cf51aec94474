package model

import (
	"fmt"
	"math"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
	"github.com/bangkom/bangkom/internal/word"
)

// Spread says how the variance of a difference between two groups is made.
type Spread uint8

// The spreads.
const (
	Separate Spread = iota // each group has its own variance; df after Satterthwaite
	Pooled                 // one variance for both; df = units − 2. Possible with a single treated unit
)

var spreadWords = word.Of[Spread]("spread", "separate", "pooled")

// String returns "separate" or "pooled".
func (s Spread) String() string { return spreadWords.String(s) }

// Options of the models. The zero value, or nil, is usable.
type Options struct {
	Level  float64 // of the interval; 0: 0.95
	Spread Spread
}

// FewUnits is the number of units per group below which [DiffInDiff] warns: the
// t distribution then rests on changes that are nearly normal.
const FewUnits = 10

// DiffInDiff estimates the difference in differences of units that were seen
// before and after:
//
//	mean(after − before of the treated) − mean(after − before of the others)
//
// The unit is the cluster: each contributes one change, so people of a unit
// may be as alike as they are. Units count alike, whatever their size. With
// Separate spreads this is Welch's t on the changes; with Pooled it is the
// least-squares coefficient of a change regression, with df = units − 2 (in R:
// lm(after - before ~ treated)).
//
// The slices have one entry per unit; a unit with a NaN is left out and
// counted. Errors: ErrShape, ErrNotFinite, ErrTooFew (two units per group; with
// Pooled one in one of them and two in the other), ErrNoVariation, ErrOption.
// Warning few-units below [FewUnits] units in a group.
func DiffInDiff(before, after []float64, treated []bool, opt *Options) (bangkom.Test, error) {
	o, err := opt.checked()
	if err != nil {
		return bangkom.Test{}, err
	}
	change, err := changes(before, after, treated)
	if err != nil {
		return bangkom.Test{}, err
	}
	a, b := moments(change[1]), moments(change[0])
	if min(a.n, b.n) < 1 || a.n+b.n < 3 || (o.Spread == Separate && min(a.n, b.n) < 2) {
		return bangkom.Test{}, problem(bangkom.ErrTooFew, "did", fmt.Sprintf("%d treated, %d others", a.n, b.n), "too few units with both occasions", "at least 2 units in each group; with Pooled 1 and 2")
	}
	if spread := math.Sqrt(a.variance + b.variance); num.TooAlike(spread, change[:]...) { // of one unit it is not known
		return bangkom.Test{}, problem(bangkom.ErrNotFinite, "did", fmt.Sprint(spread), "changes that differ by less than can be squared", "another unit")
	}
	t, err := difference(a, b, o)
	if err != nil {
		return t, err
	}
	t.Estimate.Method = "difference in differences on unit changes, clusters = units, spread " + o.Spread.String()
	t.Estimate.Missing = bangkom.Missing{Policy: "listwise", Dropped: len(before) - a.n - b.n}
	if small := min(a.n, b.n); small < FewUnits {
		t.Estimate.Warnings.Add(bangkom.Problem{Code: "few-units", Severity: bangkom.Warning, Value: fmt.Sprint(small),
			Msg:  fmt.Sprintf("%d treated and %d other units: interval and p rest on changes that are nearly normal", a.n, b.n),
			Need: fmt.Sprintf("%d units in each group", FewUnits)})
	}
	return t, nil
}

// A Cell summarises independent values of one group on one occasion.
type Cell struct {
	N        int     `json:"n"`
	Mean     float64 `json:"mean"`
	Variance float64 `json:"variance"` // sample variance, n − 1
}

// DiffInDiffCells estimates the difference in differences from four cells of
// different people:
//
//	(treatedAfter − treatedBefore) − (otherAfter − otherBefore)
//
// With Separate spreads the variance is Σ variance/n over the cells (HC2 of
// the saturated regression) with df after Satterthwaite; with Pooled it is
// that of least squares, with df = Σ n − 4.
//
// It takes all values for independent. Where the same people answered twice, or
// people of one unit are alike, use [DiffInDiff]. Errors: ErrNotFinite,
// ErrTooFew below two values in a cell, ErrNoVariation, ErrOption.
func DiffInDiffCells(treatedBefore, treatedAfter, otherBefore, otherAfter Cell, opt *Options) (bangkom.Test, error) {
	o, err := opt.checked()
	if err != nil {
		return bangkom.Test{}, err
	}
	cells := []Cell{treatedAfter, treatedBefore, otherAfter, otherBefore}
	n, within, inverse := 0, 0.0, 0.0
	var variance, squares float64
	for i, c := range cells {
		if c.N < 2 {
			return bangkom.Test{}, problem(bangkom.ErrTooFew, "did", fmt.Sprintf("cell %d: %d", i, c.N), "fewer than two values in a cell", "at least 2 per cell")
		}
		if !(math.Abs(c.Mean) <= most && 0 <= c.Variance && c.Variance <= most) {
			return bangkom.Test{}, problem(bangkom.ErrNotFinite, "did", fmt.Sprintf("cell %d", i), "a mean or variance that is no usable number", "")
		}
		v := c.Variance / float64(c.N)
		n += c.N
		within += float64(c.N-1) * c.Variance
		inverse += 1 / float64(c.N)
		variance += v
		squares += v * v / float64(c.N-1)
	}
	df := variance / (squares / variance)
	if o.Spread == Pooled {
		df = float64(n - 4)
		variance = within / df * inverse
	}
	if variance < 1e-150 && variance > 0 {
		return bangkom.Test{}, problem(bangkom.ErrNotFinite, "did", fmt.Sprint(variance), "variances too small to be squared", "a smaller unit")
	}
	value := (treatedAfter.Mean - treatedBefore.Mean) - (otherAfter.Mean - otherBefore.Mean)
	if variance <= 0 {
		return bangkom.Test{}, problem(bangkom.ErrNoVariation, "did", "", "all cells are constant", "values that differ")
	}
	t := student(value, math.Sqrt(variance), df, o.Level)
	t.Estimate.N, t.Estimate.Method = n, "difference in differences of cell means, independent values, spread "+o.Spread.String()
	return t, nil
}

// group holds the moments of the changes of one group.
type group struct {
	n              int
	mean, variance float64
}

func moments(xs []float64) group { return group{len(xs), num.Mean(xs), num.Variance(xs)} }

// changes parts the known changes by group: others first, then treated.
func changes(before, after []float64, treated []bool) (out [2][]float64, err error) {
	if len(before) != len(after) || len(before) != len(treated) {
		return out, problem(bangkom.ErrShape, "did", fmt.Sprintf("%d, %d and %d", len(before), len(after), len(treated)), "columns of unequal length", "one entry per unit in each, NaN where unknown")
	}
	for i := range before {
		if math.Abs(before[i]) > most || math.Abs(after[i]) > most {
			return out, problem(bangkom.ErrNotFinite, "did", fmt.Sprintf("row %d", i), "an infinite value, or one too large to be squared", "NaN where unknown, or a larger unit")
		}
		if d := after[i] - before[i]; !math.IsNaN(d) {
			g := 0
			if treated[i] {
				g = 1
			}
			out[g] = append(out[g], d)
		}
	}
	return out, nil
}

// difference compares two groups of changes.
func difference(a, b group, o Options) (bangkom.Test, error) {
	se, df := num.WelchSE(a.variance, a.n, b.variance, b.n)
	if o.Spread == Pooled {
		df = float64(a.n + b.n - 2)
		within := 0.0
		for _, g := range []group{a, b} {
			if g.n > 1 {
				within += float64(g.n-1) * g.variance
			}
		}
		se = math.Sqrt(within / df * (1/float64(a.n) + 1/float64(b.n)))
	}
	if se <= 10*0x1p-52*max(math.Abs(a.mean), math.Abs(b.mean)) {
		return bangkom.Test{}, problem(bangkom.ErrNoVariation, "did", fmt.Sprint(a.mean-b.mean), "the units of each group changed by the same: no spread to test against", "more units")
	}
	t := student(a.mean-b.mean, se, df, o.Level)
	t.Estimate.N = a.n + b.n
	return t, nil
}

func student(value, se, df, level float64) bangkom.Test {
	half := se * num.TQuantile((1+level)/2, df)
	return bangkom.Test{
		Estimate:  bangkom.Estimate{Value: value, SE: se, CI: bangkom.Interval{Lo: value - half, Hi: value + half, Level: level, Method: "t"}},
		Statistic: value / se, DF: df, DF2: math.NaN(), P: num.TTwoSided(value/se, df), Alternative: "two-sided",
	}
}

func (opt *Options) checked() (Options, error) {
	o := Options{}
	if opt != nil {
		o = *opt
	}
	if o.Level == 0 {
		o.Level = 0.95
	}
	if !(0 < 1-o.Level && 1-o.Level < 1) {
		return o, problem(bangkom.ErrOption, "Level", fmt.Sprint(o.Level), "a level outside (0, 1)", "use 0.95")
	}
	if o.Spread > Pooled {
		return o, problem(bangkom.ErrOption, "Spread", o.Spread.String(), "no such spread", "use Separate or Pooled")
	}
	return o, nil
}

func finite(x float64) bool { return x-x == 0 }

func problem(code bangkom.Problem, where, value, msg, need string) error {
	return bangkom.Problem{Code: code.Code, Where: "model: " + where, Value: value, Msg: msg, Need: need}
}

package compare

import (
	"fmt"
	"math"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
)

// Paired tests the mean change after − before of the same people:
//
//	t = (mean(d) − null) / (sd(d) / √n),   df = n − 1
//
// before and after have the same length, one entry per person. A person with
// a NaN in either is left out (listwise) and counted in Missing. Errors:
// ErrShape for unequal lengths, ErrNotFinite for an infinity, ErrTooFew below
// two pairs, ErrNoVariation if everybody changed by the same.
//
// In R: t.test(after, before, paired = TRUE).
func Paired(before, after []float64, opt *Options) (bangkom.Test, error) {
	o, err := opt.checked()
	if err != nil {
		return bangkom.Test{}, err
	}
	if len(before) != len(after) {
		return bangkom.Test{}, problem(bangkom.ErrShape, "paired", fmt.Sprintf("%d and %d", len(before), len(after)), "before and after of unequal length", "one entry per person in both, NaN where unknown")
	}
	var d []float64
	for i := range before {
		if math.IsInf(before[i], 0) || math.IsInf(after[i], 0) {
			return bangkom.Test{}, problem(bangkom.ErrNotFinite, "paired", fmt.Sprintf("row %d", i), "an infinite value", "NaN where unknown")
		}
		if x := after[i] - before[i]; !math.IsNaN(x) {
			d = append(d, x)
		}
	}
	n := len(d)
	if n < 2 {
		return bangkom.Test{}, problem(bangkom.ErrTooFew, "paired", fmt.Sprint(n), "fewer than two complete pairs", "at least 2 people with both values")
	}
	mean, se := num.Mean(d), math.Sqrt(num.Variance(d)/float64(n))
	if se <= constant*math.Abs(mean) {
		return bangkom.Test{}, problem(bangkom.ErrNoVariation, "paired", fmt.Sprint(mean), "everybody changed by the same: no spread to test against", "more people")
	}
	t := student(mean, se, float64(n-1), o)
	t.Estimate.N, t.Estimate.Method = n, "paired t: mean of after − before"
	t.Estimate.Missing = bangkom.Missing{Policy: "listwise", Dropped: len(before) - n}
	return t, nil
}

// Welch tests the difference mean(a) − mean(b) of two groups of different
// people, without asking for equal variances:
//
//	t = (mean(a) − mean(b) − null) / √(va + vb),   va = var(a)/na
//	df = (va + vb)² / (va²/(na−1) + vb²/(nb−1))     (Welch, 1947)
//
// NaN values are left out and counted. Errors: ErrNotFinite for an infinity,
// ErrTooFew below two values in a group, ErrNoVariation if both groups are constant.
//
// In R: t.test(a, b).
func Welch(a, b []float64, opt *Options) (bangkom.Test, error) {
	o, err := opt.checked()
	if err != nil {
		return bangkom.Test{}, err
	}
	x, err := known("welch: a", a)
	if err != nil {
		return bangkom.Test{}, err
	}
	y, err := known("welch: b", b)
	if err != nil {
		return bangkom.Test{}, err
	}
	ma, mb := num.Mean(x), num.Mean(y)
	se, df := num.WelchSE(num.Variance(x), len(x), num.Variance(y), len(y))
	if se <= constant*max(math.Abs(ma), math.Abs(mb)) {
		return bangkom.Test{}, problem(bangkom.ErrNoVariation, "welch", fmt.Sprint(ma-mb), "both groups are constant: no spread to test against", "more people")
	}
	t := student(ma-mb, se, df, o)
	t.Estimate.N, t.Estimate.Method = len(x)+len(y), "Welch t: mean(a) − mean(b)"
	t.Estimate.Missing = bangkom.Missing{Policy: "available", Dropped: len(a) + len(b) - len(x) - len(y)}
	return t, nil
}

// constant is how small a standard error is, beside the mean, if it is only
// the noise of rounding.
const constant = 10 * 0x1p-52

// known drops the NaN of one group.
func known(where string, xs []float64) ([]float64, error) {
	var out []float64
	for i, x := range xs {
		if math.IsInf(x, 0) {
			return nil, problem(bangkom.ErrNotFinite, where, fmt.Sprintf("row %d", i), "an infinite value", "NaN where unknown")
		}
		if !math.IsNaN(x) {
			out = append(out, x)
		}
	}
	if len(out) < 2 {
		return nil, problem(bangkom.ErrTooFew, where, fmt.Sprint(len(out)), "fewer than two known values in a group", "at least 2 people per group")
	}
	return out, nil
}

// student makes the test and interval of an estimate with a t distribution.
func student(value, se, df float64, o Options) bangkom.Test {
	t := (value - o.Null) / se
	test := bangkom.Test{Statistic: t, DF: df, DF2: math.NaN(), Alternative: o.Alternative}
	lo, hi := math.Inf(-1), math.Inf(1)
	switch o.Alternative {
	case Less:
		test.P = num.TSurvival(-t, df)
		hi = value + se*num.TQuantile(o.Level, df)
	case Greater:
		test.P = num.TSurvival(t, df)
		lo = value - se*num.TQuantile(o.Level, df)
	default:
		test.P = num.TTwoSided(t, df)
		half := se * num.TQuantile((1+o.Level)/2, df)
		lo, hi = value-half, value+half
	}
	test.Estimate = bangkom.Estimate{Value: value, SE: se, CI: bangkom.Interval{Lo: lo, Hi: hi, Level: o.Level, Method: "t"}}
	return test
}

func problem(code bangkom.Problem, where, value, msg, need string) error {
	return bangkom.Problem{Code: code.Code, Where: "compare: " + where, Value: value, Msg: msg, Need: need}
}

package compare

import (
	"cmp"
	"fmt"
	"math"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
)

// OneSample tests the mean of one group against Options.Null:
//
//	t = (mean − null) / (sd / √n),   df = n − 1
//
// NaN values are left out and counted. Errors: ErrNotFinite for an infinity,
// ErrTooFew below two values, ErrNoVariation where all are equal, ErrOption.
//
// In R: t.test(x, mu = null).
func OneSample(xs []float64, opt *Options) (bangkom.Test, error) {
	o, err := opt.checked(usesNull | usesAlternative)
	if err != nil {
		return bangkom.Test{}, err
	}
	x, err := known("one sample", xs, 2)
	if err != nil {
		return bangkom.Test{}, err
	}
	mean, rest, variance := num.Moments(x)
	se := math.Sqrt(variance / float64(len(x)))
	if err := squarable("one sample", se, x); err != nil {
		return bangkom.Test{}, err
	}
	if se <= constant*math.Abs(mean) {
		return bangkom.Test{}, problem(bangkom.ErrNoVariation, "one sample", fmt.Sprint(mean), "all values are equal: no spread to test against", "more people")
	}
	t := student(mean, rest, se, float64(len(x)-1), o)
	t.Estimate.N, t.Estimate.Method = len(x), "one-sample t: mean"
	t.Estimate.Missing = bangkom.Missing{Policy: "available", Dropped: len(xs) - len(x)}
	return t, nil
}

// Paired tests the mean change after − before of the same people:
//
//	t = (mean(d) − null) / (sd(d) / √n),   df = n − 1
//
// before and after have the same length, one entry per person. A person with
// a NaN in either is left out (listwise) and counted in Missing. Errors:
// ErrShape for unequal lengths, ErrNotFinite for an infinity, ErrTooFew below
// two pairs, ErrNoVariation if everybody changed by the same, ErrOption.
//
// In R: t.test(after, before, paired = TRUE).
func Paired(before, after []float64, opt *Options) (bangkom.Test, error) {
	o, err := opt.checked(usesNull | usesAlternative)
	if err != nil {
		return bangkom.Test{}, err
	}
	n := len(before)
	mean, variance, whole := num.ChangeMoments(before, after)
	if !whole || variance < 1e-280 {
		d, _, err := changes("paired", before, after, 2)
		if err != nil {
			return bangkom.Test{}, err
		}
		n, mean, variance = len(d), num.Mean(d), num.Variance(d)
		if err := squarable("paired", math.Sqrt(variance), d); err != nil {
			return bangkom.Test{}, err
		}
	}
	se := math.Sqrt(variance / float64(n))
	if se <= constant*math.Abs(mean) {
		return bangkom.Test{}, problem(bangkom.ErrNoVariation, "paired", fmt.Sprint(mean), "everybody changed by the same: no spread to test against", "more people")
	}
	t := student(mean, 0, se, float64(n-1), o)
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
// ErrTooFew below two values in a group, ErrNoVariation if both groups are
// constant, ErrOption.
//
// In R: t.test(a, b).
func Welch(a, b []float64, opt *Options) (bangkom.Test, error) {
	return means("welch", a, b, opt, num.WelchSE, "Welch t: mean(a) − mean(b)")
}

// Student tests mean(a) − mean(b) with one variance for both groups, pooled,
// and df = na + nb − 2. Where variances and sizes differ its p-values are
// wrong; [Welch] has no such need. Missing values and errors are as there.
//
// In R: t.test(a, b, var.equal = TRUE).
func Student(a, b []float64, opt *Options) (bangkom.Test, error) {
	return means("student", a, b, opt, func(va float64, x int, vb float64, y int) (se, df float64) {
		na, nb := float64(x), float64(y)
		df = na + nb - 2
		pooled := ((na-1)*va + (nb-1)*vb) / df
		return math.Sqrt(pooled * (1/na + 1/nb)), df
	}, "Student t, pooled variance: mean(a) − mean(b)")
}

func means(name string, a, b []float64, opt *Options, spread func(va float64, na int, vb float64, nb int) (se, df float64), method string) (bangkom.Test, error) {
	o, err := opt.checked(usesNull | usesAlternative)
	if err != nil {
		return bangkom.Test{}, err
	}
	x, y, err := twoGroups(name, a, b, 2)
	if err != nil {
		return bangkom.Test{}, err
	}
	ma, ra, va := num.Moments(x)
	mb, rb, vb := num.Moments(y)
	se, df := spread(va, len(x), vb, len(y))
	if err := squarable(name, se, x, y); err != nil {
		return bangkom.Test{}, err
	}
	if se <= constant*max(math.Abs(ma), math.Abs(mb)) {
		return bangkom.Test{}, problem(bangkom.ErrNoVariation, name, fmt.Sprint(ma-mb), "both groups are constant: no spread to test against", "more people")
	}
	t := student((ma-mb)+(ra-rb), 0, se, df, o)
	t.Estimate.N, t.Estimate.Method = len(x)+len(y), method
	t.Estimate.Missing = bangkom.Missing{Policy: "available", Dropped: len(a) + len(b) - len(x) - len(y)}
	return t, nil
}

// constant is how small a standard error is, beside the mean, if it is only
// the noise of rounding.
const constant = 10 * 0x1p-52

// tooLarge is from where on a value cannot be squared and added.
const tooLarge = 1e150

// usable explains why a value is not; NaN is, for it is missing.
func usable(where string, row int, x float64) error {
	if math.Abs(x) > tooLarge {
		return problem(bangkom.ErrNotFinite, where, fmt.Sprintf("row %d: %g", row, x), "a value that is infinite, or beyond 1e150", "NaN where unknown")
	}
	return nil
}

// known drops the NaN of one group; without any it is the group itself.
func known(where string, xs []float64, least int) ([]float64, error) {
	if num.Within(xs, tooLarge) && len(xs) >= least {
		return xs, nil
	}
	gaps := 0
	for i, x := range xs {
		if !(math.Abs(x) <= tooLarge) { // or NaN
			if err := usable(where, i, x); err != nil {
				return nil, err
			}
			gaps++
		}
	}
	if len(xs)-gaps < least {
		return nil, problem(bangkom.ErrTooFew, where, fmt.Sprint(len(xs)-gaps), "too few known values", fmt.Sprintf("at least %d", least))
	}
	if gaps == 0 {
		return xs, nil
	}
	out := make([]float64, 0, len(xs)-gaps)
	for _, x := range xs {
		if !math.IsNaN(x) {
			out = append(out, x)
		}
	}
	return out, nil
}

func twoGroups(name string, a, b []float64, least int) (x, y []float64, err error) {
	if x, err = known(name+": a", a, least); err != nil {
		return nil, nil, err
	}
	y, err = known(name+": b", b, least)
	return x, y, err
}

// changes returns after − before of the people with both, and the size of the
// largest number that went in.
func changes(name string, before, after []float64, least int) (d []float64, size float64, err error) {
	if len(before) != len(after) {
		return nil, 0, problem(bangkom.ErrShape, name, fmt.Sprintf("%d and %d", len(before), len(after)), "before and after of unequal length", "one entry per person in both, NaN where unknown")
	}
	d = make([]float64, 0, len(before))
	for i, b := range before {
		a := after[i]
		most := max(math.Abs(a), math.Abs(b))
		if !(most <= tooLarge) { // or NaN
			if err := cmp.Or(usable(name, i, a), usable(name, i, b)); err != nil {
				return nil, 0, err
			}
			continue
		}
		size = max(size, most)
		d = append(d, a-b)
	}
	if len(d) < least {
		return nil, 0, problem(bangkom.ErrTooFew, name, fmt.Sprint(len(d)), "too few complete pairs", fmt.Sprintf("at least %d people with both values", least))
	}
	return d, size, nil
}

// student makes the test and interval of an estimate with a t distribution; rest
// is what rounding took from it.
func student(value, rest, se, df float64, o Options) bangkom.Test {
	t := (value - o.Null + rest) / se
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

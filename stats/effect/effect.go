package effect

import (
	"fmt"
	"math"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
)

// A Divisor is what a mean change of the same people is divided by.
type Divisor uint8

// The divisors of a paired design.
const (
	Average    Divisor = iota // d_av: √((var(before) + var(after)) / 2)
	Difference                // d_z: the standard deviation of the changes
)

// String returns "av" or "z".
func (d Divisor) String() string {
	switch d {
	case Average:
		return "av"
	case Difference:
		return "z"
	}
	return fmt.Sprintf("Divisor(%d)", uint8(d))
}

// Options of the effect sizes. The zero value, or nil, is usable.
type Options struct {
	Level       float64 // of the interval; 0: 0.95
	Uncorrected bool    // Cohen's d instead of Hedges' g
}

// Paired returns the standardised mean change after − before of the same people:
//
//	g = J(n − 1) · mean(after − before) / divisor
//
// J is Hedges' exact factor (1981). The interval takes the limits of the
// noncentrality of the paired t and rescales them: exact for Difference;
// for Average an approximation that treats the ratio of the two divisors as
// known (Algina and Keselman, 2003), and its method says so. The standard
// error is the large-sample one, √(1/n + d²/2n) for Difference, scaled likewise.
//
// A person with a NaN in either is left out and counted. Errors: ErrShape,
// ErrNotFinite, ErrTooFew below two pairs, ErrNoVariation where the divisor or
// the spread of the changes is zero, ErrOption.
func Paired(before, after []float64, by Divisor, opt *Options) (bangkom.Estimate, error) {
	o, err := opt.checked()
	if err != nil {
		return bangkom.Estimate{}, err
	}
	if by > Difference {
		return bangkom.Estimate{}, problem(bangkom.ErrOption, "paired", by.String(), "no such divisor", "use Average or Difference")
	}
	pre, post, diff, err := pairs(before, after)
	if err != nil {
		return bangkom.Estimate{}, err
	}
	n := float64(len(diff))
	mean, sd := num.Mean(diff), math.Sqrt(num.Variance(diff))
	ratio, method := 1.0, "noncentral t, exact"
	if by == Average {
		ratio = sd / math.Sqrt((num.Variance(pre)+num.Variance(post))/2)
		method = "noncentral t rescaled (Algina & Keselman), approximate"
	}
	if sd <= constant*math.Abs(mean) {
		return bangkom.Estimate{}, problem(bangkom.ErrNoVariation, "paired", "", "everybody changed by the same", "more people")
	}
	e := standardise(mean/sd, 1/math.Sqrt(n), n-1, math.Sqrt(1/n+mean*mean/(sd*sd)/(2*n)), ratio, o)
	e.CI.Method = method
	e.N, e.Method = len(diff), o.name()+"_"+by.String()+": mean of after − before"
	e.Missing = bangkom.Missing{Policy: "listwise", Dropped: len(before) - len(diff)}
	return e, nil
}

// Independent returns the standardised difference mean(a) − mean(b) of two
// groups of different people, divided by the pooled standard deviation:
//
//	g = J(na + nb − 2) · (mean(a) − mean(b)) / s_pooled
//
// with the exact interval from the noncentral t distribution, and the
// large-sample standard error √(1/na + 1/nb + d²/(2(na+nb))).
//
// NaN values are left out and counted. Errors: ErrNotFinite, ErrTooFew below two
// values in a group, ErrNoVariation where both groups are constant, ErrOption.
func Independent(a, b []float64, opt *Options) (bangkom.Estimate, error) {
	o, err := opt.checked()
	if err != nil {
		return bangkom.Estimate{}, err
	}
	x, err := known("independent: a", a)
	if err != nil {
		return bangkom.Estimate{}, err
	}
	y, err := known("independent: b", b)
	if err != nil {
		return bangkom.Estimate{}, err
	}
	na, nb := float64(len(x)), float64(len(y))
	ma, mb := num.Mean(x), num.Mean(y)
	sd := math.Sqrt(((na-1)*num.Variance(x) + (nb-1)*num.Variance(y)) / (na + nb - 2))
	if sd <= constant*max(math.Abs(ma), math.Abs(mb)) {
		return bangkom.Estimate{}, problem(bangkom.ErrNoVariation, "independent", "", "both groups are constant", "more people")
	}
	d := (ma - mb) / sd
	e := standardise(d, math.Sqrt(1/na+1/nb), na+nb-2, math.Sqrt(1/na+1/nb+d*d/(2*(na+nb))), 1, o)
	e.CI.Method = "noncentral t, exact"
	e.N, e.Method = len(x)+len(y), o.name()+"_s: (mean(a) − mean(b)) / pooled sd"
	e.Missing = bangkom.Missing{Policy: "available", Dropped: len(a) + len(b) - len(x) - len(y)}
	return e, nil
}

// constant is how small a spread is, beside the mean, if it is only the noise of rounding.
const constant = 10 * 0x1p-52

// standardise puts bias factor and interval to a d whose t statistic is d / unit.
func standardise(d, unit, df, se, ratio float64, o Options) bangkom.Estimate {
	scale := ratio
	if !o.Uncorrected {
		scale *= num.HedgesJ(df)
	}
	e := bangkom.Estimate{Value: d * scale, SE: se * scale}
	lo, hi := num.NoncentralTLimits(d/unit, df, o.Level)
	e.CI = bangkom.Interval{Lo: lo * unit * scale, Hi: hi * unit * scale, Level: o.Level}
	if df == 1 && !o.Uncorrected { // J(1) = 0 leaves nothing to report
		e.Value, e.SE, e.CI = math.NaN(), math.NaN(), bangkom.Interval{}
		e.Warnings.Add(bangkom.Problem{Code: bangkom.ErrTooFew.Code, Severity: bangkom.Warning, Value: "2",
			Msg: "Hedges' correction is undefined for one degree of freedom", Need: "at least 3 people, or Uncorrected"})
	}
	return e
}

func (o Options) name() string {
	if o.Uncorrected {
		return "Cohen d"
	}
	return "Hedges g"
}

func (opt *Options) checked() (Options, error) {
	o := Options{}
	if opt != nil {
		o = *opt
	}
	if o.Level == 0 {
		o.Level = 0.95
	}
	if !(o.Level > 0 && o.Level < 1) {
		return o, problem(bangkom.ErrOption, "Level", fmt.Sprint(o.Level), "a level outside (0, 1)", "use 0.95")
	}
	return o, nil
}

// pairs keeps the people with both values.
func pairs(before, after []float64) (pre, post, diff []float64, err error) {
	if len(before) != len(after) {
		return nil, nil, nil, problem(bangkom.ErrShape, "paired", fmt.Sprintf("%d and %d", len(before), len(after)), "before and after of unequal length", "one entry per person in both, NaN where unknown")
	}
	for i := range before {
		if math.IsInf(before[i], 0) || math.IsInf(after[i], 0) {
			return nil, nil, nil, problem(bangkom.ErrNotFinite, "paired", fmt.Sprintf("row %d", i), "an infinite value", "NaN where unknown")
		}
		if d := after[i] - before[i]; !math.IsNaN(d) {
			pre, post, diff = append(pre, before[i]), append(post, after[i]), append(diff, d)
		}
	}
	if len(diff) < 2 {
		return nil, nil, nil, problem(bangkom.ErrTooFew, "paired", fmt.Sprint(len(diff)), "fewer than two complete pairs", "at least 2 people with both values")
	}
	return pre, post, diff, nil
}

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

func problem(code bangkom.Problem, where, value, msg, need string) error {
	return bangkom.Problem{Code: code.Code, Where: "effect: " + where, Value: value, Msg: msg, Need: need}
}

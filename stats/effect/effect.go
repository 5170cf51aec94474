package effect

import (
	"fmt"
	"math"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
	"github.com/bangkom/bangkom/internal/word"
)

// A Divisor is what a mean change of the same people is divided by.
type Divisor uint8

// The divisors of a paired design.
const (
	Average          Divisor = iota // d_av: √((var(before) + var(after)) / 2)
	Difference                      // d_z: the standard deviation of the changes
	RepeatedMeasures                // d_rm: d_z · √(2(1 − r)), r the correlation of the occasions
	Before                          // Becker's b: the standard deviation before
	After                           // Becker's b with the standard deviation after
	MeanSD                          // d_av after Cumming: the mean of the two standard deviations
)

var divisorWords = word.Of[Divisor]("divisor", "av", "z", "rm", "before", "after", "av (mean sd)")

// String returns "av", "z", "rm", "before", "after" or "av (mean sd)".
func (d Divisor) String() string { return divisorWords.String(d) }

// MarshalText writes the word of [Divisor.String].
func (d Divisor) MarshalText() ([]byte, error) { return divisorWords.Marshal(d) }

// UnmarshalText reads what [Divisor.MarshalText] wrote.
func (d *Divisor) UnmarshalText(text []byte) error { return divisorWords.Unmarshal(text, d) }

// Options of the effect sizes. The zero value, or nil, is usable.
type Options struct {
	Level       float64 // of the interval; 0: 0.95
	Uncorrected bool    // Cohen's d instead of Hedges' g
	// Unpooled divides by √((var(a) + var(b)) / 2) instead of the pooled standard
	// deviation, with degrees of freedom after Welch. For Independent only.
	Unpooled bool
	// Normal gives estimate ± z · SE instead of the noncentral interval.
	Normal bool
}

// Paired returns the standardised mean change after − before of the same people:
//
//	g = J(n − 1) · mean(after − before) / divisor
//
// J is Hedges' exact factor (1981). The interval takes the limits of the
// noncentrality of the paired t and rescales them: exact for Difference;
// for the others an approximation that treats the ratio of the two divisors as
// known (Algina and Keselman, 2003), and its method says so. The standard
// error is the large-sample one, √(1/n + d²/2n) for Difference, scaled likewise.
//
// With Options.Normal standard error and interval are those of R's
// effectsize::repeated_measures_d: √(1/n + d²/2n) for Difference, that times
// √(2(1 − r)) with d_rm for RepeatedMeasures, √(2(1 − r)/n + d²/2n) for Before
// and After, sd(changes)/√n/divisor for the averages.
//
// A person with a NaN in either is left out and counted. Errors: ErrShape,
// ErrNotFinite, ErrTooFew below two pairs, ErrNoVariation where the divisor or
// the spread of the changes is zero, ErrOption.
func Paired(before, after []float64, by Divisor, opt *Options) (bangkom.Estimate, error) {
	o, err := opt.checked()
	if err != nil {
		return bangkom.Estimate{}, err
	}
	if by > MeanSD {
		return bangkom.Estimate{}, problem(bangkom.ErrOption, "paired", by.String(), "no such divisor", "Average, Difference, RepeatedMeasures, Before, After or MeanSD")
	}
	pre, post, diff, err := pairs(before, after)
	if err != nil {
		return bangkom.Estimate{}, err
	}
	n := float64(len(diff))
	mean, vd := num.Mean(diff), num.Variance(diff)
	sd := math.Sqrt(vd)
	if err := squarable("paired", sd, diff); err != nil {
		return bangkom.Estimate{}, err
	}
	if sd <= constant*math.Abs(mean) {
		return bangkom.Estimate{}, problem(bangkom.ErrNoVariation, "paired", "", "everybody changed by the same", "more people")
	}
	v1, v2 := num.Variance(pre), num.Variance(post)
	divisor := sd
	switch by {
	case Average:
		divisor = math.Sqrt((v1 + v2) / 2)
	case MeanSD:
		divisor = (math.Sqrt(v1) + math.Sqrt(v2)) / 2
	case RepeatedMeasures: // 2(1 − r) without the cancellation of 1 − r
		divisor = sd / math.Sqrt(distance(v1, v2, vd))
	case Before:
		divisor = math.Sqrt(v1)
	case After:
		divisor = math.Sqrt(v2)
	}
	if !(divisor > constant*math.Abs(mean)) || math.IsInf(divisor, 0) {
		return bangkom.Estimate{}, problem(bangkom.ErrNoVariation, "paired", by.String(), "nothing to divide by: an occasion is constant, or the occasions are correlated perfectly", "the divisor Difference")
	}
	ratio := sd / divisor
	e := standardise(mean/sd, 1/math.Sqrt(n), n-1, math.Sqrt(1/n+mean*mean/(sd*sd)/(2*n)), ratio, o)
	switch {
	case math.IsNaN(e.Value): // no interval either
	case o.Normal:
		o.normal(&e, mean/divisor, pairedSE(by, mean/divisor, n, distance(v1, v2, vd), ratio), n-1)
	case by == Difference:
		e.CI.Method = "noncentral t, exact"
	default:
		e.CI.Method = "noncentral t rescaled (Algina & Keselman), approximate"
	}
	e.N, e.Method = len(diff), o.name()+"_"+by.String()+": mean of after − before"
	e.Missing = bangkom.Missing{Policy: "listwise", Dropped: len(before) - len(diff)}
	return e, nil
}

// distance is 2(1 − r) from the variances of the occasions and of the changes:
// var(d) − (s1 − s2)² = 2 s1 s2 (1 − r).
func distance(v1, v2, vd float64) float64 {
	s1, s2 := math.Sqrt(v1), math.Sqrt(v2)
	return max(0, (vd-(s1-s2)*(s1-s2))/(s1*s2))
}

// pairedSE is the standard error that effectsize 1.0 prints.
func pairedSE(by Divisor, d, n, distance, ratio float64) float64 {
	switch by {
	case Difference:
		return math.Sqrt(1/n + d*d/(2*n))
	case RepeatedMeasures:
		return math.Sqrt((1/n + d*d/(2*n)) * distance)
	case Before, After:
		return math.Sqrt(distance/n + d*d/(2*n))
	}
	return ratio / math.Sqrt(n)
}

// Independent returns the standardised difference mean(a) − mean(b) of two
// groups of different people, divided by the pooled standard deviation:
//
//	g = J(na + nb − 2) · (mean(a) − mean(b)) / s_pooled
//
// with the exact interval from the noncentral t distribution, and the
// large-sample standard error √(1/na + 1/nb + d²/(2(na+nb))).
//
// With Options.Unpooled the divisor is the root of the mean variance, the
// degrees of freedom are Welch's, and the interval is approximate: it takes the
// ratio of the variances as known.
//
// NaN values are left out and counted. Errors: ErrNotFinite, ErrTooFew below two
// values in a group, ErrNoVariation where both groups are constant, ErrOption.
//
// In R: effectsize::hedges_g(a, b); cohens_d with Uncorrected; pooled_sd = FALSE
// with Unpooled.
func Independent(a, b []float64, opt *Options) (bangkom.Estimate, error) {
	o, err := opt.checked()
	if err != nil {
		return bangkom.Estimate{}, err
	}
	g, err := twoGroups("independent", a, b)
	if err != nil {
		return bangkom.Estimate{}, err
	}
	unit, df := math.Sqrt(1/g.na+1/g.nb), g.na+g.nb-2
	sd := math.Sqrt(((g.na-1)*g.va + (g.nb-1)*g.vb) / df)
	label, method := "_s: (mean(a) − mean(b)) / pooled sd", "noncentral t, exact"
	if o.Unpooled {
		var se float64
		se, df = num.WelchSE(g.va, len(g.x), g.vb, len(g.y))
		sd = math.Sqrt((g.va + g.vb) / 2)
		unit = se / sd
		label, method = ": (mean(a) − mean(b)) / root of the mean variance", "noncentral t, approximate: ratio of the variances as observed"
	}
	if err := squarable("independent", sd, g.x, g.y); err != nil {
		return bangkom.Estimate{}, err
	}
	if !(sd > constant*max(math.Abs(g.ma), math.Abs(g.mb))) {
		return bangkom.Estimate{}, problem(bangkom.ErrNoVariation, "independent", "", "both groups are constant", "more people")
	}
	d := g.difference / sd
	se := math.Sqrt(unit*unit + d*d/(2*(g.na+g.nb)))
	e := standardise(d, unit, df, se, 1, o)
	if e.CI.Level > 0 {
		e.CI.Method = method
	}
	if o.Normal {
		o.normal(&e, d, se, df)
	}
	e.N, e.Method = len(g.x)+len(g.y), o.name()+label
	e.Missing = g.missing
	return e, nil
}

// Glass returns Glass' Δ, the difference of two groups of different people in
// standard deviations of the untreated alone:
//
//	Δ = J(nc − 1) · (mean(treated) − mean(control)) / sd(control)
//
// for treatments that change the spread too. The interval is from the
// noncentral t distribution with nc − 1 degrees of freedom; it is exact if the
// ratio of the variances is the observed one. The standard error is
// √(v_t/(nt·v_c) + 1/nc + Δ²/(2(nc − 1))).
//
// NaN values are left out and counted. Errors: ErrNotFinite, ErrTooFew below two
// values in a group, ErrNoVariation where the control group is constant, ErrOption.
//
// In R: effectsize::glass_delta(treated, control) with Uncorrected.
func Glass(treated, control []float64, opt *Options) (bangkom.Estimate, error) {
	o, err := opt.checked()
	if err != nil {
		return bangkom.Estimate{}, err
	}
	g, err := twoGroups("glass", treated, control)
	if err != nil {
		return bangkom.Estimate{}, err
	}
	sd := math.Sqrt(g.vb)
	if err := squarable("glass", sd, g.y); err != nil {
		return bangkom.Estimate{}, err
	}
	if !(sd > constant*max(math.Abs(g.ma), math.Abs(g.mb))) {
		return bangkom.Estimate{}, problem(bangkom.ErrNoVariation, "glass", "", "the control group is constant", "more people")
	}
	d, unit, df := g.difference/sd, math.Sqrt(g.va/(g.na*g.vb)+1/g.nb), g.nb-1
	se := math.Sqrt(unit*unit + d*d/(2*df))
	e := standardise(d, unit, df, se, 1, o)
	if e.CI.Level > 0 {
		e.CI.Method = "noncentral t, approximate: ratio of the variances as observed"
	}
	if o.Normal {
		o.normal(&e, d, se, df)
	}
	e.Method = "Glass Δ, Hedges' correction: (mean(treated) − mean(control)) / sd(control)"
	if o.Uncorrected {
		e.Method = "Glass Δ: (mean(treated) − mean(control)) / sd(control)"
	}
	e.N, e.Missing = len(g.x)+len(g.y), g.missing
	return e, nil
}

// groups are the known values of two groups and their moments.
type groups struct {
	x, y                   []float64
	na, nb, ma, mb, va, vb float64
	difference             float64 // ma − mb, with digits that the means themselves have not
	missing                bangkom.Missing
}

func twoGroups(where string, a, b []float64) (groups, error) {
	x, err := known(where+": a", a)
	if err != nil {
		return groups{}, err
	}
	y, err := known(where+": b", b)
	if err != nil {
		return groups{}, err
	}
	ma, ra, va := num.Moments(x)
	mb, rb, vb := num.Moments(y)
	return groups{x, y, float64(len(x)), float64(len(y)), ma, mb, va, vb, (ma - mb) + (ra - rb),
		bangkom.Missing{Policy: "available", Dropped: len(a) + len(b) - len(x) - len(y)}}, nil
}

// most is the largest absolute value that is taken: its square is still a number.
const most = 1e150

// constant is how small a spread is, beside the mean, if it is only the noise of rounding.
const constant = 10 * 0x1p-52

// standardise puts bias factor and interval to a d whose t statistic is d / unit.
func standardise(d, unit, df, se, ratio float64, o Options) bangkom.Estimate {
	scale := ratio
	if !o.Uncorrected {
		scale *= num.HedgesJ(df)
	}
	e := bangkom.Estimate{Value: d * scale, SE: se * scale}
	if !o.Normal {
		lo, hi := num.NoncentralTLimits(d/unit, df, o.Level)
		e.CI = bangkom.Interval{Lo: lo * unit * scale, Hi: hi * unit * scale, Level: o.Level}
	}
	if df == 1 && !o.Uncorrected { // J(1) = 0 leaves nothing to report
		e.Value, e.SE, e.CI = math.NaN(), math.NaN(), bangkom.Interval{}
		e.Warnings.Add(bangkom.Problem{Code: bangkom.ErrTooFew.Code, Severity: bangkom.Warning, Value: "2",
			Msg: "Hedges' correction is undefined for one degree of freedom", Need: "at least 3 people, or Uncorrected"})
	}
	return e
}

// normal replaces standard error and interval of a d by the large-sample ones.
func (o Options) normal(e *bangkom.Estimate, d, se, df float64) {
	if math.IsNaN(e.Value) {
		return
	}
	j := 1.0
	if !o.Uncorrected {
		j = num.HedgesJ(df)
	}
	e.SE = j * se
	if math.IsNaN(se) {
		e.Warnings.Add(bangkom.Problem{Code: "no-correlation", Severity: bangkom.Warning, Msg: "the correlation of the occasions is not known: no standard error", Need: "people who differ on both occasions"})
		return
	}
	half := num.NormalQuantile((1+o.Level)/2) * se
	e.CI = bangkom.Interval{Lo: j * (d - half), Hi: j * (d + half), Level: o.Level, Method: "normal"}
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
	if !(0 < 1-o.Level && 1-o.Level < 1) {
		return o, problem(bangkom.ErrOption, "Level", fmt.Sprint(o.Level), "a level outside (0, 1)", "use 0.95")
	}
	return o, nil
}

// pairs keeps the people with both values.
func pairs(before, after []float64) (pre, post, diff []float64, err error) {
	if len(before) != len(after) {
		return nil, nil, nil, problem(bangkom.ErrShape, "paired", fmt.Sprintf("%d and %d", len(before), len(after)), "before and after of unequal length", "one entry per person in both, NaN where unknown")
	}
	pre, post, diff = make([]float64, 0, len(before)), make([]float64, 0, len(before)), make([]float64, 0, len(before))
	for i := range before {
		if math.Abs(before[i]) > most || math.Abs(after[i]) > most {
			return nil, nil, nil, problem(bangkom.ErrNotFinite, "paired", fmt.Sprintf("row %d", i), "an infinite value, or one too large to be squared", "NaN where unknown, or a larger unit")
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
	out := make([]float64, 0, len(xs))
	for i, x := range xs {
		if math.Abs(x) > most {
			return nil, problem(bangkom.ErrNotFinite, where, fmt.Sprintf("row %d", i), "an infinite value, or one too large to be squared", "NaN where unknown, or a larger unit")
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

// squarable refuses values whose differences cannot be squared.
func squarable(where string, spread float64, groups ...[]float64) error {
	if num.TooAlike(spread, groups...) {
		return problem(bangkom.ErrNotFinite, where, fmt.Sprint(spread), "values that differ by less than can be squared", "another unit")
	}
	return nil
}

func problem(code bangkom.Problem, where, value, msg, need string) error {
	return bangkom.Problem{Code: code.Code, Where: "effect: " + where, Value: value, Msg: msg, Need: need}
}

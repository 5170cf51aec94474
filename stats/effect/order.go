package effect

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
)

// CommonLanguage returns the probability that a person of a is above one of b,
// if both are normal with one spread (McGraw and Wong, 1992):
//
//	CL = Φ(d_s / √2)
//
// The interval is that of d_s (not g: the correction is not for this), carried
// over. [Superiority] needs no distribution. Errors as for [Independent].
//
// In R: effectsize::p_superiority(a, b).
func CommonLanguage(a, b []float64, opt *Options) (bangkom.Estimate, error) {
	o, err := opt.checked()
	if err != nil {
		return bangkom.Estimate{}, err
	}
	o.Uncorrected, o.Unpooled = true, false
	e, err := Independent(a, b, &o)
	if err != nil {
		return bangkom.Estimate{}, err
	}
	return throughNormal(e, math.Sqrt2, "common language effect size: Φ(d_s/√2)"), nil
}

// CommonLanguagePaired returns the probability that somebody has changed for
// the higher, if changes are normal:
//
//	CL = Φ(d_z)
//
// with the interval of d_z carried over. Errors as for [Paired].
//
// R's effectsize::p_superiority(after, before, paired = TRUE) takes Φ(d_z/√2).
func CommonLanguagePaired(before, after []float64, opt *Options) (bangkom.Estimate, error) {
	o, err := opt.checked()
	if err != nil {
		return bangkom.Estimate{}, err
	}
	o.Uncorrected = true
	e, err := Paired(before, after, Difference, &o)
	if err != nil {
		return bangkom.Estimate{}, err
	}
	return throughNormal(e, 1, "common language effect size: Φ(d_z)"), nil
}

// throughNormal turns a d into a probability, with its interval, and the
// standard error by the delta method.
func throughNormal(e bangkom.Estimate, scale float64, method string) bangkom.Estimate {
	z := e.Value / scale
	e.SE *= math.Exp(-z*z/2) / math.Sqrt(2*math.Pi) / scale
	e.Value = num.NormalCDF(z)
	e.CI.Lo, e.CI.Hi = num.NormalCDF(e.CI.Lo/scale), num.NormalCDF(e.CI.Hi/scale)
	e.CI.Method += ", through Φ"
	e.Method = method
	return e
}

// CliffDelta returns Cliff's δ, how much more often a value of a lies above one
// of b than below:
//
//	δ = P(a > b) − P(a < b) = 2U/(na·nb) − 1
//
// It asks for an order and nothing else, and is the rank-biserial correlation of
// two independent groups. The standard error is from Cliff's unbiased
// variance, the interval his asymmetric one (1996; Feng and Cliff, 2004):
//
//	(δ − δ³ ± z s √((1 − δ²)² + z² s²)) / (1 − δ² + z² s²)
//
// Where the groups do not overlap s is zero. The interval is then from
// min(na, nb) disjoint pairs, all of them of one sign, after Clopper and
// Pearson: conservative.
//
// Time n log n: no table of pairs is made. NaN values are left out and counted.
// Errors: ErrNotFinite, ErrTooFew below two values in a group, ErrOption.
//
// In R: effectsize::cliffs_delta(a, b) has the same value; its interval takes the
// variance that δ has where there is no difference.
func CliffDelta(a, b []float64, opt *Options) (bangkom.Estimate, error) {
	e, err := dominance("cliff", a, b, opt)
	if err != nil {
		return bangkom.Estimate{}, err
	}
	e.Method = "Cliff δ: P(a > b) − P(a < b)"
	return e, nil
}

// RankBiserial returns the rank-biserial correlation of two groups of different
// people: the value and interval of [CliffDelta], by its other name. In R:
// effectsize::rank_biserial(a, b).
func RankBiserial(a, b []float64, opt *Options) (bangkom.Estimate, error) {
	e, err := dominance("rank-biserial", a, b, opt)
	if err != nil {
		return bangkom.Estimate{}, err
	}
	e.Method = "rank-biserial correlation, independent groups"
	return e, nil
}

// Superiority returns the probability that a value of a lies above one of b,
// ties counted half (Vargha and Delaney's A, the area under the ROC curve):
//
//	A = P(a > b) + P(a = b)/2 = (δ + 1)/2
//
// with the interval of [CliffDelta] carried over, and its errors. In R:
// effectsize::p_superiority(a, b, parametric = FALSE).
func Superiority(a, b []float64, opt *Options) (bangkom.Estimate, error) {
	e, err := dominance("superiority", a, b, opt)
	if err != nil {
		return bangkom.Estimate{}, err
	}
	e.Value, e.SE = (e.Value+1)/2, e.SE/2
	e.CI.Lo, e.CI.Hi = (e.CI.Lo+1)/2, (e.CI.Hi+1)/2
	e.Method = "probability of superiority: P(a > b) + P(a = b)/2"
	return e, nil
}

func dominance(where string, a, b []float64, opt *Options) (bangkom.Estimate, error) {
	o, err := opt.checked()
	if err != nil {
		return bangkom.Estimate{}, err
	}
	x, err := known(where+": a", a)
	if err != nil {
		return bangkom.Estimate{}, err
	}
	y, err := known(where+": b", b)
	if err != nil {
		return bangkom.Estimate{}, err
	}
	slices.Sort(x)
	slices.Sort(y)
	rows, ties := against(x, y)
	columns, _ := against(y, x)
	n, m := float64(len(x)), float64(len(y))
	d := num.Sum(rows) / (n * m)
	var r, c float64 // Σ(d_i − d)² by rows and by columns
	for _, s := range rows {
		r += (s/m - d) * (s/m - d)
	}
	for _, s := range columns {
		c += (-s/n - d) * (-s/n - d)
	}
	all := n*m*(1-d)*(1+d) - ties // Σ(d_ij − d)²: every d_ij is ±1, or 0 in a tie
	v := (m*m*r + n*n*c - all) / (n * m * (n - 1) * (m - 1))
	v = max(v, (1-d)*(1+d)/(n*m-1)) // what it is at least: it can fall below zero
	e := bangkom.Estimate{Value: d, SE: math.Sqrt(v), N: len(x) + len(y),
		Missing: bangkom.Missing{Policy: "available", Dropped: len(a) + len(b) - len(x) - len(y)}}
	e.CI = cliffInterval(d, v, o.Level)
	if math.Abs(d) == 1 {
		e.SE = math.NaN()
		e.CI = separated(d, math.Min(n, m), o.Level)
		e.Warnings.Add(bangkom.Problem{Code: "complete-separation", Severity: bangkom.Warning,
			Msg: "the groups do not overlap: the interval is a conservative bound", Need: "more people"})
	}
	return e, nil
}

// against gives for each of the sorted x how many of the sorted y lie below it
// minus how many above, and the number of tied pairs.
func against(x, y []float64) (sums []float64, ties float64) {
	sums = make([]float64, len(x))
	below, upto := 0, 0
	for i, v := range x {
		for below < len(y) && y[below] < v {
			below++
		}
		for upto < len(y) && y[upto] <= v {
			upto++
		}
		sums[i] = float64(below - (len(y) - upto))
		ties += float64(upto - below)
	}
	return sums, ties
}

func cliffInterval(d, v, level float64) bangkom.Interval {
	z := num.NormalQuantile((1 + level) / 2)
	w := (1 - d) * (1 + d)
	half := z * math.Sqrt(v) * math.Sqrt(w*w+z*z*v)
	below := w + z*z*v
	return bangkom.Interval{Lo: max(-1, (d*w-half)/below), Hi: min(1, (d*w+half)/below), Level: level, Method: "Cliff, asymmetric"}
}

// separated bounds δ where all of m disjoint pairs went one way.
func separated(d, m, level float64) bangkom.Interval {
	bound := 2*math.Pow((1-level)/2, 1/m) - 1
	ci := bangkom.Interval{Lo: bound, Hi: 1, Level: level, Method: "Clopper–Pearson on disjoint pairs, conservative"}
	if d < 0 {
		ci.Lo, ci.Hi = -1, -bound
	}
	return ci
}

// MatchedRankBiserial returns the rank-biserial correlation of the same people
// twice (Kerby, 2014), from the ranks of the sizes of their changes:
//
//	r = (R⁺ − R⁻) / (R⁺ + R⁻)
//
// the share of ranks that speaks for a rise minus that for a fall. Who did not
// change is left out before ranking, as Wilcoxon did, and a note says how
// many; equal sizes share their mean rank. The interval is
// tanh(atanh(r) ± z·se) with se = √(n(n+1)(2n+1)/6) / (n(n+1)/2), the spread
// that r has where there is no change; none is given where all changes have one sign.
//
// A person with a NaN in either is left out and counted. Errors: ErrShape,
// ErrNotFinite, ErrTooFew below two pairs, ErrNoVariation where nobody changed,
// ErrOption.
//
// In R: effectsize::rank_biserial(after, before, paired = TRUE); 0.8.3
// takes for n the number of values, not of changes, that are not zero, and the
// noise of decimals for sizes of their own (0.3 − 0.1 is not 0.2 there).
func MatchedRankBiserial(before, after []float64, opt *Options) (bangkom.Estimate, error) {
	o, err := opt.checked()
	if err != nil {
		return bangkom.Estimate{}, err
	}
	pre, post, diffs, err := pairs(before, after)
	if err != nil {
		return bangkom.Estimate{}, err
	}
	all := len(diffs)
	var diff []change
	for i, d := range diffs {
		if d != 0 {
			diff = append(diff, change{d, 0x1p-52 * (math.Abs(pre[i]) + math.Abs(post[i]))})
		}
	}
	n := float64(len(diff))
	if n == 0 {
		return bangkom.Estimate{}, problem(bangkom.ErrNoVariation, "rank-biserial", "", "nobody changed", "")
	}
	r := signedRankShare(diff)
	se := math.Sqrt(n*(n+1)*(2*n+1)/6) / (n * (n + 1) / 2)
	e := bangkom.Estimate{Value: r, SE: math.NaN(), N: all, Method: "rank-biserial correlation, matched pairs; no change left out",
		Missing: bangkom.Missing{Policy: "listwise", Dropped: len(before) - all}}
	if all > len(diff) {
		e.Warnings.Add(bangkom.Problem{Code: "no-change", Severity: bangkom.Note, Value: fmt.Sprint(all - len(diff)), Msg: "people without any change are not ranked"})
	}
	if math.Abs(r) == 1 {
		e.Warnings.Add(bangkom.Problem{Code: "complete-separation", Severity: bangkom.Warning,
			Msg: "all changes have one sign: there is no interval from their ranks", Need: "more people, or the interval of the share who changed"})
		return e, nil
	}
	e.SE = (1 - r) * (1 + r) * se
	f, half := math.Atanh(r), num.NormalQuantile((1+o.Level)/2)*se
	e.CI = bangkom.Interval{Lo: math.Tanh(f - half), Hi: math.Tanh(f + half), Level: o.Level, Method: "Fisher z, variance without change"}
	return e, nil
}

// signedRankShare is (R⁺ − R⁻)/(R⁺ + R⁻) of changes that are not zero.
func signedRankShare(diff []change) float64 {
	slices.SortFunc(diff, func(a, b change) int { return cmp.Compare(math.Abs(a.d), math.Abs(b.d)) })
	n := len(diff)
	var sum float64
	for i := 0; i < n; {
		j := i + 1
		for j < n && math.Abs(diff[j].d)-math.Abs(diff[j-1].d) <= diff[j].noise+diff[j-1].noise {
			j++
		}
		for k := i; k < j; k++ {
			sum += math.Copysign(float64(i+j+1)/2, diff[k].d)
		}
		i = j
	}
	return sum / (float64(n) * float64(n+1) / 2)
}

// A change, and how far rounding the two scores may have moved it: 0.3 − 0.1
// and 0.2 are one size.
type change struct{ d, noise float64 }

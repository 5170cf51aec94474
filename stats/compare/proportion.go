package compare

import (
	"fmt"
	"math"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
)

// Proportion estimates a share from successes among n, with Wilson's interval
// (1927): the p for which the observed share lies z standard errors away,
//
//	(p̂ + z²/2n ± z √(p̂(1−p̂)/n + z²/4n²)) / (1 + z²/n)
//
// It stays inside [0, 1] and has a width also where nobody or everybody is a
// success. SE is √(p̂(1−p̂)/n), and NaN there: no spread was seen, which does
// not mean that there is none. With the alternative Less only the upper end is
// estimated, with Greater only the lower one; the other is 0 or 1. Under the
// distribution Exact the interval is Clopper and Pearson's (1934), which is
// never too short, and so mostly too long.
//
// Errors: ErrTooFew without observations, ErrOption.
//
// In R: prop.test(successes, n, correct = FALSE)$conf.int; in Python:
// statsmodels proportion_confint(successes, n, method="wilson").
func Proportion(successes, n int, opt *Options) (bangkom.Estimate, error) {
	o, err := opt.checked(usesAlternative | usesDistribution)
	if err != nil {
		return bangkom.Estimate{}, err
	}
	if n <= 0 {
		return bangkom.Estimate{}, problem(bangkom.ErrTooFew, "proportion", fmt.Sprint(n), "a share of nobody", "at least 1 observation")
	}
	if successes < 0 || successes > n {
		return bangkom.Estimate{}, refuse("successes", fmt.Sprint(successes), "successes outside 0..n", "")
	}
	ci := bangkom.Interval{Lo: 0, Hi: 1, Level: o.Level, Method: "wilson"}
	ends := wilson
	if o.Distribution == Exact {
		ends, ci.Method = clopperPearson, "clopper-pearson"
	}
	lo, hi := ends(successes, n, 1-o.side())
	if o.Alternative != Less {
		ci.Lo = lo
	}
	if o.Alternative != Greater {
		ci.Hi = hi
	}
	p := float64(successes) / float64(n)
	e := bangkom.Estimate{Value: p, SE: math.Sqrt(p * (1 - p) / float64(n)), CI: ci, N: n, Method: "share"}
	if e.SE == 0 {
		e.SE = math.NaN()
	}
	return e, nil
}

// wilson returns both ends, each with the given probability on its inner side.
// The lower end comes from the product of the two roots, k²/(n(n + z²)): the
// difference would lose the digits of a small one.
func wilson(successes, n int, probability float64) (lo, hi float64) {
	z := num.NormalQuantile(probability)
	k, m, zz := float64(successes), float64(n), z*z
	hi = (2*k + zz + z*math.Sqrt(zz+4*k*(1-k/m))) / (2 * (m + zz))
	if successes == n {
		hi = 1
	}
	return k / m * (k / (m + zz)) / hi, hi
}

// clopperPearson returns the exact ends, each with the given probability on
// its inner side (Clopper and Pearson, 1934).
func clopperPearson(successes, n int, probability float64) (lo, hi float64) {
	k, m := float64(successes), float64(n)
	hi = 1
	if successes > 0 {
		lo = num.BetaQuantile(1-probability, k, m-k+1)
	}
	if successes < n {
		hi = num.BetaQuantile(probability, k+1, m-k)
	}
	return lo, hi
}

// ProportionTest tests a share against p0. The interval is that of
// [Proportion]: Wilson's, or under Exact Clopper and Pearson's. p is exact: the
// binomial probability of all numbers no more probable than the observed one;
// MidP counts the observed one by a half, and doubles the smaller tail.
// Asymptotic is the score test, which agrees with Wilson's interval:
//
//	z = (p̂ − p0) / √(p0 (1 − p0) / n)
//
// with a continuity correction of 1/2n unless NoContinuity. Statistic is the
// number of successes, or z.
//
// Errors: those of [Proportion]; ErrOption for a p0 outside (0, 1).
//
// In R: binom.test(successes, n, p0) and prop.test(successes, n, p0).
func ProportionTest(successes, n int, p0 float64, opt *Options) (bangkom.Test, error) {
	o, err := opt.checked(usesAlternative | usesDistribution | usesMidP | usesContinuity)
	if err != nil {
		return bangkom.Test{}, err
	}
	if !(p0 > 0 && p0 < 1) {
		return bangkom.Test{}, refuse("p0", fmt.Sprint(p0), "a share outside (0, 1)", "")
	}
	plain := Options{Level: o.Level, Alternative: o.Alternative}
	if o.Distribution == Exact {
		plain.Distribution = Exact
	}
	e, err := Proportion(successes, n, &plain)
	if err != nil {
		return bangkom.Test{}, err
	}
	t := bangkom.Test{Estimate: e, Statistic: float64(successes), DF: math.NaN(), DF2: math.NaN(), Alternative: o.Alternative}
	var how string
	switch o.Distribution {
	case Asymptotic:
		how = o.asymptotic()
		m := float64(n)
		mean, sd := m*p0, math.Sqrt(m*p0*(1-p0))
		t.Statistic, t.P = (float64(successes)-mean)/sd, normalP(float64(successes), mean, sd, o)
	default:
		t.P, how = exactShareP(successes, n, p0, o)
	}
	t.Estimate.Method = fmt.Sprintf("share against %g, %s", p0, how)
	return t, nil
}

func exactShareP(k, n int, p0 float64, o Options) (p float64, how string) {
	how = Exact
	half := 0.0
	if o.Distribution == MidP {
		how, half = MidP, 0.5*num.BinomialDensity(k, n, p0)
	}
	less := num.BinomialCDF(k, n, p0) - half
	greater := num.BinomialSurvival(k-1, n, p0) - half
	switch {
	case o.Alternative == Less:
		return less, how
	case o.Alternative == Greater:
		return greater, how
	case o.Distribution == MidP:
		return min(1, 2*min(less, greater)), how
	}
	return min(1, unlikely(k, n, p0)), how
}

// unlikely is the probability of all numbers no more probable than k: the tail
// of k, and what is as rare on the other side of the mode, found by bisection.
func unlikely(k, n int, p float64) float64 {
	limit := num.BinomialDensity(k, n, p) * (1 + 1e-7)
	rare := func(i int) bool { return num.BinomialDensity(i, n, p) <= limit }
	mean := float64(n) * p
	switch x := float64(k); {
	case x == mean:
		return 1
	case x < mean: // from the mean upwards the density falls
		lo, hi := int(math.Ceil(mean))-1, n+1
		for hi-lo > 1 {
			if m := lo + (hi-lo)/2; rare(m) {
				hi = m
			} else {
				lo = m
			}
		}
		return num.BinomialCDF(k, n, p) + num.BinomialSurvival(hi-1, n, p)
	default:
		lo, hi := -1, int(math.Floor(mean))+1
		for hi-lo > 1 {
			if m := lo + (hi-lo)/2; rare(m) {
				lo = m
			} else {
				hi = m
			}
		}
		return num.BinomialCDF(lo, n, p) + num.BinomialSurvival(k-1, n, p)
	}
}

// TwoProportions compares shares of two groups of different people:
//
//	z = (p̂1 − p̂2) / √(p̂(1 − p̂)(1/n1 + 1/n2)),   p̂ pooled
//
// z² is the χ² of the table without a continuity correction; where counts are
// small [Fisher] has an exact p. The estimate is p̂1 − p̂2 with Newcombe's hybrid
// score interval (1998, method 10), which joins the Wilson intervals of the two:
//
//	lower: d − √((p̂1 − l1)² + (u2 − p̂2)²),   upper: d + √((u1 − p̂1)² + (p̂2 − l2)²)
//
// Errors are those of [Proportion]. Warning "no-variation" where everybody or
// nobody is a success: p is 1.
//
// In R: prop.test(c(k1, k2), c(n1, n2), correct = FALSE) has the same p; in Python:
// statsmodels confint_proportions_2indep(method="newcomb") the same interval.
func TwoProportions(k1, n1, k2, n2 int, opt *Options) (bangkom.Test, error) {
	o, err := opt.checked(usesAlternative)
	if err != nil {
		return bangkom.Test{}, err
	}
	for _, c := range [][2]int{{k1, n1}, {k2, n2}} {
		if _, err := Proportion(c[0], c[1], nil); err != nil {
			return bangkom.Test{}, err
		}
	}
	if n1 > math.MaxInt-n2 {
		return bangkom.Test{}, refuse("n1, n2", fmt.Sprintf("%d, %d", n1, n2), "more people than can be counted", "")
	}
	p1, p2 := float64(k1)/float64(n1), float64(k2)/float64(n2)
	l1, u1 := wilson(k1, n1, 1-o.side())
	l2, u2 := wilson(k2, n2, 1-o.side())
	m1, m2 := float64(n1), float64(n2)
	pooled := float64(k1+k2) / (m1 + m2)
	d := p1 - p2
	t := bangkom.Test{DF: math.NaN(), DF2: math.NaN(), P: 1, Alternative: o.Alternative}
	e := bangkom.Estimate{Value: d, N: n1 + n2, Method: "two proportions, pooled z: p1 − p2"}
	e.SE = math.Sqrt(p1*(1-p1)/m1 + p2*(1-p2)/m2)
	if e.SE == 0 {
		e.SE = math.NaN()
	}
	e.CI = bangkom.Interval{Lo: -1, Hi: 1, Level: o.Level, Method: "Newcombe"}
	if o.Alternative != Less {
		e.CI.Lo = d - math.Hypot(p1-l1, u2-p2)
	}
	if o.Alternative != Greater {
		e.CI.Hi = d + math.Hypot(u1-p1, p2-l2)
	}
	if pooled == 0 || pooled == 1 {
		warn(&e, bangkom.ErrNoVariation.Code, fmt.Sprint(pooled), "everybody or nobody is a success: nothing to test", "people who differ")
	} else {
		se := math.Sqrt(pooled * (1 - pooled) * (1/m1 + 1/m2))
		t.Statistic = d / se
		t.P = normalP(d, 0, se, Options{Alternative: o.Alternative, NoContinuity: true})
	}
	t.Estimate = e
	return t, nil
}

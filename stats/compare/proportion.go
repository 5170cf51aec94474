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
// estimated, with Greater only the lower one; the other is 0 or 1.
//
// Errors: ErrTooFew without observations, ErrOption.
//
// In R: prop.test(successes, n, correct = FALSE)$conf.int; in Python:
// statsmodels proportion_confint(successes, n, method="wilson").
func Proportion(successes, n int, opt *Options) (bangkom.Estimate, error) {
	o, err := opt.checked()
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
	switch o.Alternative {
	case Less:
		_, ci.Hi = wilson(successes, n, o.Level)
	case Greater:
		ci.Lo, _ = wilson(successes, n, o.Level)
	default:
		ci.Lo, ci.Hi = wilson(successes, n, (1+o.Level)/2)
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

package needs

import (
	"math"
	"slices"
	"strings"

	"github.com/bangkom/bangkom/stats/compare"
)

// An Adjustment corrects p-values for their number.
type Adjustment string

const (
	Holm       Adjustment = "holm"       // family-wise, step down; the default
	Hochberg   Adjustment = "hochberg"   // family-wise, step up; for independent or positively dependent tests
	BH         Adjustment = "bh"         // false discovery rate (Benjamini & Hochberg 1995)
	BY         Adjustment = "by"         // the same under any dependence
	Bonferroni Adjustment = "bonferroni" // each times their number
	Unadjusted Adjustment = "none"
)

var adjustments = []Adjustment{Holm, Hochberg, BH, BY, Bonferroni, Unadjusted}

// P adjusts p-values. NaN is no test: it does not count, and stays. A p that is
// none makes all NaN. In R: p.adjust(p, method).
func (a Adjustment) P(p []float64) []float64 {
	name := string(a)
	switch a {
	case Unadjusted:
		return slices.Clone(p)
	case "":
		name = compare.Holm
	case BH, BY:
		name = strings.ToUpper(name)
	}
	out, err := compare.AdjustP(p, name)
	if err != nil {
		return slices.Repeat([]float64{math.NaN()}, len(p))
	}
	return out
}

func compareFloat(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func (r *Ranking) adjust(a Adjustment) {
	p := make([]float64, len(r.Items))
	for i := range r.Items {
		p[i] = r.Items[i].P
	}
	for i, x := range a.P(p) {
		r.Items[i].PAdj = x
	}
}

// signTest is the exact two-sided p of below and above under a fair coin; NaN
// without any. In R: binom.test(below, below + above)$p.value.
//
// The tail is summed from its largest term, which is computed as Loader (2000)
// does: without the cancellation of large logarithms.
func signTest(below, above uint64) float64 {
	n, k := below+above, min(below, above)
	if n == 0 {
		return math.NaN()
	}
	if 2*k+1 >= n { // the two tails are all there is
		return 1
	}
	term := fairCoin(float64(k), float64(n))
	var sum float64
	for i := float64(k); term > 0; i-- {
		sum += term
		next := term * i / (float64(n) - i + 1)
		if next < sum*1e-18 {
			break
		}
		term = next
	}
	return min(1, 2*sum)
}

// fairCoin is the probability of k heads in n throws.
func fairCoin(k, n float64) float64 {
	if k == 0 {
		return math.Exp2(-n)
	}
	l := stirling(n) - stirling(k) - stirling(n-k) - deviance(k, n/2) - deviance(n-k, n/2)
	return math.Exp(l) * math.Sqrt(n/(2*math.Pi*k*(n-k)))
}

// stirling is the error of Stirling's formula for log n!.
func stirling(n float64) float64 {
	if n < 16 {
		g, _ := math.Lgamma(n + 1)
		return g - ((n+.5)*math.Log(n) - n + .5*math.Log(2*math.Pi))
	}
	q := 1 / (n * n)
	return (1./12 - q*(1./360-q*(1./1260-q*(1./1680-q/1188)))) / n
}

// deviance is x log(x/m) + m − x, by its series where that would cancel.
func deviance(x, m float64) float64 {
	if math.Abs(x-m) >= .1*(x+m) {
		return x*math.Log(x/m) + m - x
	}
	v := (x - m) / (x + m)
	s, e := (x-m)*v, 2*x*v
	for j := 1; ; j++ {
		e *= v * v
		t := s + e/float64(2*j+1)
		if t == s {
			return t
		}
		s = t
	}
}

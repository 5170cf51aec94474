package compare

import (
	"fmt"
	"math"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
)

// exactSteps is how many sums [MannWhitney] takes for an exact p: a tenth of a
// second with ties; without, the ways are counted in a twentieth of that.
const exactSteps = 3e7

// MannWhitney tests whether values of one group tend to be larger than those
// of another of different people (Mann and Whitney, 1947; Wilcoxon's rank sum):
//
//	U = number of pairs (a, b) with a − b > null, ties by a half
//
// U/(na·nb) is the probability that someone of a exceeds someone of b.
//
// p is exact, ties included, as long as that takes some 3e7 sums (95 + 95
// people without ties, 80 + 80 with; hundreds beside a handful): the
// distribution of the rank sum over all ways to part the people, two-sided what
// is as far from its mean. Beyond, or if asked for, it is normal with the
// variance corrected for ties and a continuity correction of ½. The method says
// which.
//
// The estimate is the shift of Hodges and Lehmann (1963), the median of all
// differences a − b, in the units of the data; the interval takes two of them
// by the distribution of U without ties, and its Level is the one achieved.
//
// NaN values are left out and counted. Errors: ErrNotFinite, ErrTooFew for an
// empty group, ErrOption. Warning "no-variation" where all values are equal: p is 1.
//
// In R: wilcox.test(a, b, conf.int = TRUE), exact only without ties (before
// 4.6); coin::wilcox_test(distribution = "exact") with ties.
func MannWhitney(a, b []float64, opt *Options) (bangkom.Test, error) {
	o, err := opt.checked(usesNull | usesAlternative | usesDistribution | usesContinuity)
	if err != nil {
		return bangkom.Test{}, err
	}
	x, y, err := twoGroups("mann-whitney", a, b, 1)
	if err != nil {
		return bangkom.Test{}, err
	}
	ties := num.Ties(x, y)
	tested := ties
	if o.Null != 0 {
		tested = shifted(x, y, o.Null)
	}
	r := rankSum(tested)
	t := bangkom.Test{Statistic: r.u, DF: math.NaN(), DF2: math.NaN(), Alternative: o.Alternative}
	how := Exact
	var untied num.Lattice // of so many people, if it was needed for p
	switch cost := num.RankSumCost(r.m, r.m+r.n, r.tied == 0); {
	case o.Distribution == Exact && cost > 20*exactSteps:
		return t, refuse("Distribution", fmt.Sprintf("%d and %d", r.m, r.n), "too many people for all ways to part them", "a smaller group, or asymptotic")
	case o.Distribution == Exact || o.Distribution == "" && cost <= exactSteps:
		base := float64(r.m) * float64(r.m+1) / 2
		l := num.RankSum(r.ranks(), r.m)
		t.P = latticeP(l, r.u+base, r.mean+base, o)
		if r.tied == 0 {
			untied = l
		}
	default:
		t.P, how = normalP(r.u, r.mean, r.sd, o), o.asymptotic()
	}
	t.Estimate = hodgesLehmann(ties, r.m, r.n, untied, o)
	t.Estimate.N = r.m + r.n
	t.Estimate.Method = "Mann–Whitney U, " + how + ": median of a − b"
	t.Estimate.Missing = bangkom.Missing{Policy: "available", Dropped: len(a) + len(b) - len(x) - len(y)}
	if len(tested) == 1 {
		warn(&t.Estimate, bangkom.ErrNoVariation.Code, "", "all values are equal: no rank to test with", "values that differ")
	}
	return t, nil
}

// shifted are the ties of x − null and y, within rounding.
func shifted(x, y []float64, null float64) []num.Tie {
	moved := make([]float64, len(x))
	size := math.Abs(null)
	for i, v := range x {
		moved[i] = v - null
		size = max(size, math.Abs(v))
	}
	ties := num.Ties(moved, y)
	out := ties[:0]
	last := math.Inf(-1)
	for _, t := range ties {
		if t.Value-last > 0x1p-50*size {
			out = append(out, t)
		} else {
			out[len(out)-1].A += t.A
			out[len(out)-1].B += t.B
		}
		last = t.Value
	}
	return out
}

// ranked is a rank sum with what is known of it under the hypothesis.
type ranked struct {
	ties        []num.Tie
	m, n        int
	tied        float64 // Σ(t³ − t)
	u, mean, sd float64
}

func rankSum(ties []num.Tie) ranked {
	r := ranked{ties: ties}
	for _, t := range ties {
		r.u += float64(t.A) * (float64(r.n) + float64(t.B)/2)
		r.m, r.n = r.m+t.A, r.n+t.B
		k := float64(t.A + t.B)
		r.tied += k * (k*k - 1)
	}
	m, n := float64(r.m), float64(r.n)
	all := m + n
	r.mean = m * n / 2
	r.sd = math.Sqrt(max(0, m*n/12*(all+1-r.tied/(all*(all-1)))))
	return r
}

func (r ranked) ranks() []float64 {
	out := make([]float64, 0, r.m+r.n)
	for _, t := range r.ties {
		k := t.A + t.B
		rank := float64(len(out)) + float64(k+1)/2
		for range k {
			out = append(out, rank)
		}
	}
	return out
}

// hodgesLehmann is the median difference and its interval, from the distribution
// without ties, if that is known.
func hodgesLehmann(ties []num.Tie, m, n int, untied num.Lattice, o Options) bangkom.Estimate {
	var y []num.Weighted
	for i := len(ties) - 1; i >= 0; i-- {
		if t := ties[i]; t.B > 0 {
			y = append(y, num.Weighted{Value: -t.Value, N: t.B})
		}
	}
	p := num.NewSums(weighted(ties), y)
	var k, tail float64
	if num.RankSumCost(m, m+n, true) <= exactSteps {
		if untied.P == nil {
			untied = num.RankSum(upTo(m+n), m)
		}
		k, tail = orderExact(untied, o)
	} else {
		a, b := float64(m), float64(n)
		k, tail = orderNormal(a*b/2, math.Sqrt(a*b*(a+b+1)/12), o)
	}
	e := bangkom.Estimate{Value: p.Median(), SE: math.NaN()}
	e.CI = bangkom.Interval{Lo: math.Inf(-1), Hi: math.Inf(1), Method: "differences of all pairs"}
	if o.Alternative != Less {
		e.CI.Lo = p.Kth(k)
	}
	if o.Alternative != Greater {
		e.CI.Hi = p.Kth(p.Total() + 1 - k)
	}
	o.achieved(&e, tail)
	return e
}

package compare

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
)

// Up to how many pairs a rank correlation counts all orders.
const (
	exactSpearman = 10
	exactKendall  = 100
)

// Pearson tests the linear correlation of two columns of the same people:
//
//	r = cov(x, y) / (sd(x) sd(y)),   t = r √((n − 2)/(1 − r²)),   df = n − 2
//
// with Fisher's interval (1921), tanh(artanh r ± z/√(n − 3)). It asks for
// normal data; outliers rule it.
//
// A person with a NaN in either is left out (listwise) and counted. Errors:
// ErrShape, ErrNotFinite, ErrTooFew below 3 pairs, ErrNoVariation for a constant
// column, ErrOption. Warning too-few below 4 pairs and "boundary" at r = ±1,
// where there is no interval.
//
// In R: cor.test(x, y).
func Pearson(x, y []float64, opt *Options) (bangkom.Test, error) {
	o, err := opt.checked(usesAlternative)
	if err != nil {
		return bangkom.Test{}, err
	}
	a, b, err := columns("pearson", x, y)
	if err != nil {
		return bangkom.Test{}, err
	}
	r := correlation(a, b)
	t := correlationT(r, len(a), o)
	n := float64(len(a))
	t.Estimate = fisherZ(r, len(a), 3, 1/math.Sqrt(n-3), "Fisher z", o)
	t.Estimate.Method = "Pearson r"
	t.Estimate.Missing = bangkom.Missing{Policy: "listwise", Dropped: len(x) - len(a)}
	return t, nil
}

// Spearman tests the monotone correlation of two columns: Pearson's r of
// mid-ranks. Up to 10 pairs p is exact, ties included: all orders of one
// column, two-sided what is as far from the mean; Statistic is then Σ of the
// squared rank differences. Beyond, or under Asymptotic, p is that of t = r √((n − 2)/(1 − r²)).
// The interval is Fisher's with the standard error √((1 + r²/2)/(n − 3)) of
// Bonett and Wright (2000).
//
// Missing values, errors and warnings are those of [Pearson].
//
// In R: cor.test(x, y, method = "spearman"), which has an exact p without ties
// only, and between 10 and 1290 pairs a series instead of t; in Python:
// scipy.stats.spearmanr is t throughout.
func Spearman(x, y []float64, opt *Options) (bangkom.Test, error) {
	o, err := opt.checked(usesAlternative | usesDistribution)
	if err != nil {
		return bangkom.Test{}, err
	}
	a, b, err := columns("spearman", x, y)
	if err != nil {
		return bangkom.Test{}, err
	}
	n := len(a)
	if o.Distribution == Exact && n > exactSpearman {
		return bangkom.Test{}, refuse("Distribution", fmt.Sprint(n), "too many pairs for all orders", fmt.Sprintf("up to %d, or asymptotic", exactSpearman))
	}
	ra, _ := num.Ranks(a)
	rb, _ := num.Ranks(b)
	r := correlation(ra, rb)
	t := correlationT(r, n, o)
	how := "t"
	if o.Distribution != Asymptotic && n <= exactSpearman {
		how = Exact
		m := float64(n)
		t.P = latticeP(num.RankProduct(ra, rb), num.Dot(ra, rb), m*(m+1)*(m+1)/4, o)
		t.Statistic, t.DF = 0, math.NaN()
		for i := range ra {
			d := ra[i] - rb[i]
			t.Statistic += d * d
		}
	}
	t.Estimate = fisherZ(r, n, 3, math.Sqrt((1+r*r/2)/(float64(n)-3)), "Fisher z, Bonett–Wright", o)
	t.Estimate.Method = "Spearman r, " + how
	t.Estimate.Missing = bangkom.Missing{Policy: "listwise", Dropped: len(x) - n}
	return t, nil
}

// Kendall tests the agreement of two orders (Kendall, 1938; τ-b, 1945):
//
//	τ = S / √((n0 − n1)(n0 − n2)),   S = concordant − discordant pairs
//
// n0 of all pairs, n1 tied in x, n2 tied in y. Without ties and up to 100 pairs
// p is exact, and Statistic is S; else, or under Asymptotic, Statistic is
// z = S/√var(S), the variance corrected for ties. The interval is Fisher's with
// the standard error √(0.437/(n − 4)) of Fieller, Hartley and Pearson (1957).
//
// Missing values and errors are those of [Pearson]; the interval needs 5 pairs.
//
// In R: cor.test(x, y, method = "kendall").
func Kendall(x, y []float64, opt *Options) (bangkom.Test, error) {
	o, err := opt.checked(usesAlternative | usesDistribution)
	if err != nil {
		return bangkom.Test{}, err
	}
	a, b, err := columns("kendall", x, y)
	if err != nil {
		return bangkom.Test{}, err
	}
	k := kendallScore(a, b)
	n := len(a)
	tied := k.n1+k.n2 > 0
	if o.Distribution == Exact && (tied || n > exactKendall) {
		return bangkom.Test{}, refuse("Distribution", fmt.Sprint(n), "ties, or too many pairs for all orders", fmt.Sprintf("up to %d without ties, or asymptotic", exactKendall))
	}
	n0 := pairsOf(n)
	tau := k.s / math.Sqrt((n0-k.n1)*(n0-k.n2))
	t := bangkom.Test{DF: math.NaN(), DF2: math.NaN(), Alternative: o.Alternative}
	how := "normal approximation, variance corrected for ties"
	if o.Distribution != Asymptotic && !tied && n <= exactKendall {
		how = Exact
		t.Statistic = k.s
		// The lattice counts inversions, of which many mean a small S.
		inverted := o
		switch o.Alternative {
		case Less:
			inverted.Alternative = Greater
		case Greater:
			inverted.Alternative = Less
		}
		t.P = latticeP(num.KendallScore(n), (n0-k.s)/2, n0/2, inverted)
	} else {
		t.Statistic = k.s / math.Sqrt(k.variance)
		t.P = normalP(t.Statistic, 0, 1, Options{Alternative: o.Alternative, NoContinuity: true})
	}
	t.Estimate = fisherZ(tau, n, 4, math.Sqrt(0.437/(float64(n)-4)), "Fisher z, Fieller", o)
	t.Estimate.Method = "Kendall τ-b, " + how
	t.Estimate.Missing = bangkom.Missing{Policy: "listwise", Dropped: len(x) - n}
	return t, nil
}

// columns keeps the people with both values, and asks both to vary.
func columns(name string, x, y []float64) (a, b []float64, err error) {
	if len(x) != len(y) {
		return nil, nil, problem(bangkom.ErrShape, name, fmt.Sprintf("%d and %d", len(x), len(y)), "columns of unequal length", "one entry per person in both, NaN where unknown")
	}
	a, b = make([]float64, 0, len(x)), make([]float64, 0, len(x))
	for i, u := range x {
		v := y[i]
		if err := cmp.Or(usable(name, i, u), usable(name, i, v)); err != nil {
			return nil, nil, err
		}
		if !math.IsNaN(u) && !math.IsNaN(v) {
			a, b = append(a, u), append(b, v)
		}
	}
	if len(a) < 3 {
		return nil, nil, problem(bangkom.ErrTooFew, name, fmt.Sprint(len(a)), "fewer than three complete pairs", "at least 3 people with both values")
	}
	for i, c := range [][]float64{a, b} {
		lo, hi := slices.Min(c), slices.Max(c)
		if hi-lo <= constant*max(math.Abs(lo), math.Abs(hi)) {
			return nil, nil, problem(bangkom.ErrNoVariation, name, fmt.Sprintf("%c: %g", "xy"[i], lo), "a constant column", "values that differ")
		}
	}
	return a, b, nil
}

// correlation of two columns that vary, scaled so that nothing overflows.
func correlation(x, y []float64) float64 {
	u, v := centred(x), centred(y)
	r := num.Dot(u, v) / (num.Norm(u) * num.Norm(v))
	if 1-math.Abs(r) < 1e-15 { // one, but for the last digit
		return math.Copysign(1, r)
	}
	return r
}

func centred(x []float64) []float64 {
	mean := num.Mean(x)
	size, left := 0.0, 0.0
	for _, v := range x {
		size = max(size, math.Abs(v-mean))
		left += v - mean
	}
	rest := left / float64(len(x)) // what rounding took from a large mean
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = (v - mean - rest) / size
	}
	return out
}

func correlationT(r float64, n int, o Options) bangkom.Test {
	df := float64(n - 2)
	t := bangkom.Test{Statistic: r * math.Sqrt(df/((1-r)*(1+r))), DF: df, DF2: math.NaN(), Alternative: o.Alternative}
	switch o.Alternative {
	case Less:
		t.P = num.TSurvival(-t.Statistic, df)
	case Greater:
		t.P = num.TSurvival(t.Statistic, df)
	default:
		t.P = num.TTwoSided(t.Statistic, df)
	}
	return t
}

// fisherZ is a correlation with the interval on the scale of artanh; it needs
// more than least pairs.
func fisherZ(r float64, n, least int, se float64, method string, o Options) bangkom.Estimate {
	e := bangkom.Estimate{Value: r, SE: math.NaN(), N: n}
	switch {
	case n <= least:
		warn(&e, bangkom.ErrTooFew.Code, fmt.Sprint(n), "too few pairs for an interval", fmt.Sprintf("at least %d", least+1))
		return e
	case math.Abs(r) == 1:
		warn(&e, "boundary", fmt.Sprint(r), "a correlation of one leaves no interval", "more people")
		return e
	}
	z, half := math.Atanh(r), -num.NormalQuantile(o.side())*se
	e.CI = bangkom.Interval{Lo: -1, Hi: 1, Level: o.Level, Method: method}
	if o.Alternative != Less {
		e.CI.Lo = math.Tanh(z - half)
	}
	if o.Alternative != Greater {
		e.CI.Hi = math.Tanh(z + half)
	}
	return e
}

type kendall struct{ s, n1, n2, variance float64 }

// kendallScore counts by sorting (Knight, 1966): in the order of x, then y, the
// exchanges that sort y are the discordant pairs.
func kendallScore(x, y []float64) kendall {
	n := len(x)
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		return cmp.Or(cmp.Compare(x[i], x[j]), cmp.Compare(y[i], y[j]))
	})
	both := 0.0
	for i := 0; i < n; {
		j := i + 1
		for j < n && x[order[j]] == x[order[i]] && y[order[j]] == y[order[i]] {
			j++
		}
		both += pairsOf(j - i)
		i = j
	}
	ys := make([]float64, n)
	for i, k := range order {
		ys[i] = y[k]
	}
	swaps := inversions(ys, make([]float64, n))
	tx, ty := tieSums(x), tieSums(y)
	k := kendall{n1: tx.pairs, n2: ty.pairs}
	k.s = pairsOf(n) - k.n1 - k.n2 + both - 2*swaps
	m := float64(n)
	k.variance = (m*(m-1)*(2*m+5)-tx.five-ty.five)/18 +
		2*tx.pairs*ty.pairs/(m*(m-1)) + tx.triples*ty.triples/(9*m*(m-1)*(m-2))
	return k
}

func pairsOf(n int) float64 { return float64(n) * float64(n-1) / 2 }

// tieSums are Σ t(t−1)/2, Σ t(t−1)(t−2) and Σ t(t−1)(2t+5) over tied values.
type sums struct{ pairs, triples, five float64 }

func tieSums(x []float64) (s sums) {
	for _, t := range num.Ties(x, nil) {
		k := float64(t.A)
		s.pairs += k * (k - 1) / 2
		s.triples += k * (k - 1) * (k - 2)
		s.five += k * (k - 1) * (2*k + 5)
	}
	return s
}

// inversions sorts ys and counts the pairs that stood the wrong way round.
func inversions(ys, spare []float64) float64 {
	n := len(ys)
	count := 0.0
	from, to := ys, spare
	for width := 1; width < n; width *= 2 {
		for lo := 0; lo < n; lo += 2 * width {
			mid, hi := min(lo+width, n), min(lo+2*width, n)
			i, j := lo, mid
			for k := lo; k < hi; k++ {
				if i < mid && (j == hi || from[i] <= from[j]) {
					to[k] = from[i]
					i++
				} else {
					to[k] = from[j]
					j++
					count += float64(mid - i)
				}
			}
		}
		from, to = to, from
	}
	return count
}

package compare

import (
	"fmt"
	"math"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
)

// exactChanges is up to how many changes [Wilcoxon] counts all signs.
const exactChanges = 400

// Wilcoxon tests whether the changes after − before of the same people lie
// symmetrically around Options.Null, by Wilcoxon's signed ranks (1945):
//
//	V = Σ rank(|d|) over the positive d = after − before − null
//
// Options.Zeros names what is done with d = 0. Wilcox leaves those people out;
// Pratt (1959) ranks them first and leaves them out then; Split keeps them,
// counts half of their ranks in V, and lets them fall on either side under the
// hypothesis (the rule of scipy's "zsplit"). Changes that agree within the
// rounding of decimal fractions are tied.
//
// p is exact, ties and zeros included, up to 400 changes that count, or 1200
// under Exact: the distribution of V over all signs of the mid-ranks. Beyond, or if asked for,
// it is normal with the variance of the very ranks (so corrected for ties) and
// a continuity correction of ½. The method says which.
//
// The estimate is the pseudomedian of Hodges and Lehmann (1963), the median of
// the means of all pairs of changes, in the units of the data; zeros are
// changes and enter it. The interval takes two of those means by the
// distribution of V without ties, and its Level is the one achieved: a few
// people cannot give 95 %, which is a warning.
//
// A person with a NaN in either is left out and counted. Errors: ErrShape,
// ErrNotFinite, ErrTooFew without a pair, ErrOption. Warning "no-change" where
// nobody changed: p is 1.
//
// In R: wilcox.test(after, before, paired = TRUE, conf.int = TRUE), which is
// exact only without ties and zeros (before 4.6), and drops zeros from the
// pseudomedian; coin::wilcoxsign_test(distribution = "exact") has all but Split.
func Wilcoxon(before, after []float64, opt *Options) (bangkom.Test, error) {
	o, err := opt.checked(usesNull | usesAlternative | usesDistribution | usesContinuity | usesZeros)
	if err != nil {
		return bangkom.Test{}, err
	}
	d, size, err := changes("wilcoxon", before, after, 1)
	if err != nil {
		return bangkom.Test{}, err
	}
	s := signedRanks(d, size, o)
	exact := o.Distribution != Asymptotic && (s.counted <= exactChanges || o.Distribution == Exact)
	if exact && s.counted > 3*exactChanges {
		return bangkom.Test{}, refuse("Distribution", fmt.Sprint(s.counted), "too many changes for all signs", fmt.Sprintf("up to %d, or asymptotic", 3*exactChanges))
	}
	t := bangkom.Test{Statistic: s.v, DF: math.NaN(), DF2: math.NaN(), Alternative: o.Alternative}
	how := Exact
	if exact {
		t.P = latticeP(num.SignedRank(s.ranks()), s.v, s.mean, o)
	} else {
		t.P, how = normalP(s.v, s.mean, s.sd, o), o.asymptotic()
	}
	t.Estimate = s.pseudomedian(d, o)
	t.Estimate.N = len(d)
	t.Estimate.Method = fmt.Sprintf("Wilcoxon signed rank, zeros %s (%d), %s: pseudomedian of after − before", o.Zeros, s.zeros, how)
	t.Estimate.Missing = bangkom.Missing{Policy: "listwise", Dropped: len(before) - len(d)}
	if s.zeros == len(d) {
		t.P = 1
		noChange(&t.Estimate)
	}
	return t, nil
}

func noChange(e *bangkom.Estimate) {
	warn(e, "no-change", "", "nobody differs from the hypothesis: no sign to test with", "people who changed")
}

// signed are the ranks of absolute changes.
type signed struct {
	ties        []num.Tie // of |d|, without zeros
	zeros       int
	shift       int // rank that is below the smallest nonzero change
	split       bool
	counted     int // changes that have a sign under the hypothesis
	v, mean, sd float64

	changes []num.Weighted // all changes as they are, rising; nil if not at hand
}

// unsigned puts signed values back into their order.
func unsigned(ties []num.Tie, zeros int) []num.Weighted {
	values := 1
	for _, t := range ties {
		values += min(t.A, 1) + min(t.B, 1)
	}
	out := make([]num.Weighted, 0, values)
	for _, t := range slices.Backward(ties) {
		if t.B > 0 {
			out = append(out, num.Weighted{Value: -t.Value, N: t.B})
		}
	}
	if zeros > 0 {
		out = append(out, num.Weighted{Value: 0, N: zeros})
	}
	for _, t := range ties {
		if t.A > 0 {
			out = append(out, num.Weighted{Value: t.Value, N: t.A})
		}
	}
	return out
}

func signedRanks(d []float64, size float64, o Options) signed {
	x := d
	if o.Null != 0 {
		x = make([]float64, len(d))
		for i, v := range d {
			x[i] = v - o.Null
		}
	}
	s := signed{split: o.Zeros == Split}
	s.ties, s.zeros = num.SignedTies(x)
	if o.Null == 0 {
		s.changes = unsigned(s.ties, s.zeros)
	}
	s.round(0x1p-50 * max(size, math.Abs(o.Null)))
	if o.Zeros != Wilcox {
		s.shift = s.zeros
	}
	s.counted = len(d) - s.zeros
	var variance float64
	if s.split {
		s.counted = len(d)
		rank, n := float64(s.zeros+1)/2, float64(s.zeros)
		s.v, s.mean, variance = rank*n/2, rank*n/2, rank*rank*n/4
	}
	below := s.shift
	for _, t := range s.ties {
		n := float64(t.A + t.B)
		rank := float64(below) + (n+1)/2
		s.v += rank * float64(t.A)
		s.mean += rank * n / 2
		variance += rank * rank * n / 4
		below += t.A + t.B
	}
	s.sd = math.Sqrt(variance)
	return s
}

// round ties what differs by no more than the rounding of the numbers that the
// changes were made of: 1.3 − 0.2 and 0.1 + 1 are one change.
func (s *signed) round(tol float64) {
	out := s.ties[:0]
	last := 0.0
	for _, t := range s.ties {
		switch {
		case t.Value-last > tol:
			out = append(out, t)
		case len(out) == 0:
			s.zeros += t.A + t.B
		default:
			out[len(out)-1].A += t.A
			out[len(out)-1].B += t.B
		}
		last = t.Value
	}
	s.ties = out
}

// ranks of those who have a sign under the hypothesis.
func (s *signed) ranks() []float64 {
	out := make([]float64, 0, s.counted)
	if s.split {
		out = slices.Repeat([]float64{float64(s.zeros+1) / 2}, s.zeros)
	}
	below := s.shift
	for _, t := range s.ties {
		n := t.A + t.B
		for range n {
			out = append(out, float64(below)+float64(n+1)/2)
		}
		below += n
	}
	return out
}

// pseudomedian and its interval.
func (s *signed) pseudomedian(d []float64, o Options) bangkom.Estimate {
	n := len(d)
	if s.changes == nil {
		s.changes = weighted(num.Ties(d, nil))
	}
	p := num.NewWalsh(s.changes)
	var k, tail float64
	if n <= exactChanges {
		k, tail = orderExact(num.SignedRank(upTo(n)), o)
	} else {
		x := float64(n)
		k, tail = orderNormal(x*(x+1)/4, math.Sqrt(x*(x+1)*(2*x+1)/24), o)
	}
	e := bangkom.Estimate{SE: math.NaN()}
	lo, hi := math.Inf(-1), math.Inf(1)
	if o.Alternative != Less {
		lo = p.Kth(k) / 2
	}
	if o.Alternative != Greater {
		hi = p.Kth(p.Total()+1-k) / 2
	}
	e.Value = p.Median() / 2
	e.CI = bangkom.Interval{Lo: lo, Hi: hi, Method: "Walsh averages"}
	o.achieved(&e, tail)
	return e
}

// achieved sets the level of an interval of order statistics.
func (o Options) achieved(e *bangkom.Estimate, tail float64) {
	e.CI.Level = 1 - tail
	if o.Alternative == TwoSided {
		e.CI.Level = 1 - 2*tail
	}
	if e.CI.Level <= 0 { // of one value
		e.CI = bangkom.Interval{}
		warn(e, "no-interval", "", "so few values bound nothing", "more people")
		return
	}
	if e.CI.Level < o.Level-1e-12 {
		warn(e, "level-not-reached", fmt.Sprint(e.CI.Level), fmt.Sprintf("the widest interval of so few values has a level of %.3g", e.CI.Level), "more people, or a lower level")
	}
}

// orderExact returns the k for which the k-th value from either end bounds the
// interval, and the probability beyond: the largest with P(V ≤ k − 1) ≤ side.
func orderExact(l num.Lattice, o Options) (k, tail float64) {
	side := o.side() * (1 + 1e-12) // 1/20 must not hang on the last digit of its sum
	sum := 0.0
	for i, p := range l.P {
		if sum+p > side && i > 0 {
			return float64(i), sum
		}
		sum += p
		if i == 0 && sum > side {
			return 1, sum
		}
	}
	return 1, sum
}

// orderNormal is orderExact by the normal distribution with continuity.
func orderNormal(mean, sd float64, o Options) (k, tail float64) {
	k = max(1, math.Floor(mean+0.5+sd*num.NormalQuantile(o.side())))
	return k, num.NormalCDF((k - 0.5 - mean) / sd)
}

// latticeP is the exact p-value of v. Two-sided: all that is as far from the
// mean under the hypothesis.
func latticeP(l num.Lattice, v, mean float64, o Options) float64 {
	switch o.Alternative {
	case Less:
		return l.CDF(v)
	case Greater:
		return l.Survival(v)
	}
	off := math.Abs(v - mean)
	if off < 1e-9*l.Step {
		return 1
	}
	return min(1, l.CDF(mean-off)+l.Survival(mean+off))
}

// normalP corrects for continuity by ½ unless told not to.
func normalP(v, mean, sd float64, o Options) float64 {
	c := 0.5
	if o.NoContinuity {
		c = 0
	}
	off := v - mean
	switch {
	case sd == 0:
		return 1
	case o.Alternative == Less:
		return num.NormalCDF((off + c) / sd)
	case o.Alternative == Greater:
		return num.NormalSurvival((off - c) / sd)
	}
	return 2 * num.NormalSurvival(max(0, math.Abs(off)-c)/sd)
}

func (o Options) asymptotic() string {
	if o.NoContinuity {
		return "normal approximation without continuity correction"
	}
	return "normal approximation with continuity correction"
}

func upTo(n int) []float64 {
	r := make([]float64, n)
	for i := range r {
		r[i] = float64(i + 1)
	}
	return r
}

// weighted are the values of the first of two groups.
func weighted(ties []num.Tie) []num.Weighted {
	out := make([]num.Weighted, 0, len(ties))
	for _, t := range ties {
		if t.A > 0 {
			out = append(out, num.Weighted{Value: t.Value, N: t.A})
		}
	}
	return out
}

// Sign tests whether as many people rose as fell against Options.Null: the
// number that rose is binomial with ½ among those who changed (Arbuthnot, 1710).
// Statistic is that number. It asks for nothing but the direction.
//
// p is exact; Distribution MidP counts the observed number by a half, and
// Asymptotic takes the normal with a continuity correction of ½. The estimate is
// the median change, with the order statistics that bound it at the achieved
// level; people who did not change are part of it.
//
// Missing values, errors and warnings are those of [Wilcoxon].
//
// In R: binom.test(sum(d > 0), sum(d != 0)); BSDA::SIGN.test.
func Sign(before, after []float64, opt *Options) (bangkom.Test, error) {
	o, err := opt.checked(usesNull | usesAlternative | usesDistribution | usesMidP | usesContinuity)
	if err != nil {
		return bangkom.Test{}, err
	}
	d, size, err := changes("sign", before, after, 1)
	if err != nil {
		return bangkom.Test{}, err
	}
	s := signedRanks(d, size, o)
	up, n := 0, len(d)-s.zeros
	for _, t := range s.ties {
		up += t.A
	}
	t := bangkom.Test{Statistic: float64(up), DF: math.NaN(), DF2: math.NaN(), Alternative: o.Alternative}
	p, how := halfP(up, n, o)
	t.P = p
	t.Estimate = medianOf(d, o)
	t.Estimate.N = len(d)
	t.Estimate.Method = fmt.Sprintf("sign test, %d without change left out, %s: median of after − before", s.zeros, how)
	t.Estimate.Missing = bangkom.Missing{Policy: "listwise", Dropped: len(before) - len(d)}
	if n == 0 {
		noChange(&t.Estimate)
	}
	return t, nil
}

// halfP is the p-value of k successes among n of probability ½.
func halfP(k, n int, o Options) (p float64, how string) {
	if n == 0 {
		return 1, Exact
	}
	if o.Distribution == Asymptotic {
		return normalP(float64(k), float64(n)/2, math.Sqrt(float64(n))/2, o), o.asymptotic()
	}
	half := 0.0
	if o.Distribution == MidP {
		half = 0.5 * num.BinomialDensity(k, n, 0.5)
	}
	less := num.BinomialCDF(k, n, 0.5) - half
	greater := num.BinomialSurvival(k-1, n, 0.5) - half
	how = Exact
	if o.Distribution == MidP {
		how = MidP
	}
	switch o.Alternative {
	case Less:
		return less, how
	case Greater:
		return greater, how
	}
	if how == Exact && 2*min(k, n-k)+1 >= n { // the two tails are all there is
		return 1, how
	}
	return min(1, 2*min(less, greater)), how
}

// medianOf estimates a median with order statistics.
func medianOf(xs []float64, o Options) bangkom.Estimate {
	s := num.Sorted(xs)
	n := len(s)
	// The largest k with P(fewer than k below) ≤ side.
	side := o.side()
	k := max(1, int(float64(n)/2+math.Sqrt(float64(n))/2*num.NormalQuantile(side)))
	for k < n && num.BinomialCDF(k, n, 0.5) <= side {
		k++
	}
	for k > 1 && num.BinomialCDF(k-1, n, 0.5) > side {
		k--
	}
	tail := num.BinomialCDF(k-1, n, 0.5)
	e := bangkom.Estimate{Value: s[(n-1)/2] + (s[n/2]-s[(n-1)/2])/2, SE: math.NaN()}
	e.CI = bangkom.Interval{Lo: math.Inf(-1), Hi: math.Inf(1), Method: "order statistics"}
	if o.Alternative != Less {
		e.CI.Lo = s[k-1]
	}
	if o.Alternative != Greater {
		e.CI.Hi = s[n-k]
	}
	o.achieved(&e, tail)
	return e
}

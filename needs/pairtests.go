package needs

import (
	"math"

	"github.com/bangkom/bangkom/internal/num"
	"github.com/bangkom/bangkom/stats/tally"
)

// PairTests are the paired tests of one item, all from its table: they cost
// the same for ten people and for ten million. NaN: not defined; see the notes
// at each.
type PairTests struct {
	N             int64
	MeanD, SDD    float64 // of D = want − have
	MedianD       float64
	T, PT         float64 // Student, N − 1 degrees of freedom; NaN if everybody has the same D: that is degenerate, not 0 or ∞
	VPlus, VMinus float64 // Wilcoxon: rank sums of D > 0 and D < 0, zeros dropped, midranks
	Wilcoxon      Signed  // zeros dropped
	Pratt         Signed  // zeros ranked, then dropped
	PExact        float64 // Wilcoxon, exact with ties, zeros dropped; NaN above 100 differences that are not zero
	PSign         float64 // exact sign test
	Superiority   float64 // P(D > 0) − P(D < 0)
}

// Signed is a signed-rank test by the normal approximation with the variance
// for ties.
type Signed struct {
	Z, P       float64 // without continuity correction
	PCorrected float64 // with half a rank
}

const exactSigned = 100

// TestPairs tests a table of pairs, such as [Cube.Table] gives. In R:
// t.test(i, p, paired = TRUE), wilcox.test(i, p, paired = TRUE, exact = FALSE,
// correct = FALSE), binom.test; with ties exact: coin::wilcoxsign_test.
func TestPairs(p *tally.Pairs) PairTests {
	s := p.Sums()
	nan := math.NaN()
	t := PairTests{N: s.N, MeanD: nan, SDD: nan, MedianD: nan, T: nan, PT: nan, VPlus: nan, VMinus: nan,
		Wilcoxon: Signed{nan, nan, nan}, Pratt: Signed{nan, nan, nan}, PExact: nan, PSign: signTest(uint64(s.Below), uint64(s.Above)), Superiority: nan}
	if s.N == 0 {
		return t
	}
	n := float64(s.N)
	t.MeanD = float64(s.D()) / n
	t.Superiority = float64(s.Below-s.Above) / n
	t.MedianD = medianDiff(p, s.N)
	if s.N > 1 {
		mean := newView(p, nil, Pairwise).mean.d
		ss := rat(float64(s.DSq()))
		ss.Sub(ss, mean.Mul(mean, rat(float64(s.D()))))
		v, _ := ss.Float64()
		t.SDD = math.Sqrt(v / (n - 1))
		if ss.Sign() > 0 {
			t.T = t.MeanD / (t.SDD / math.Sqrt(n))
			t.PT = num.TTwoSided(t.T, n-1)
		}
	}
	t.signedRanks(p)
	return t
}

func medianDiff(p *tally.Pairs, n int64) float64 {
	at := func(place int64) int {
		var sum int64
		for d, k := range p.Diffs() {
			if sum += int64(k); sum > place {
				return d
			}
		}
		return 0
	}
	return float64(at((n-1)/2)+at(n/2)) / 2
}

func (t *PairTests) signedRanks(p *tally.Pairs) {
	var plus, minus [tally.MaxLevels]float64 // by |d|
	for d, k := range p.Diffs() {
		if d >= 0 {
			plus[d] = float64(k)
		} else {
			minus[-d] = float64(k)
		}
	}
	t.VPlus, t.VMinus, t.Wilcoxon = signedRank(plus, minus, 0)
	_, _, t.Pratt = signedRank(plus, minus, plus[0])
	t.PExact = exactSignedRank(plus, minus, t.VPlus)
}

// signedRank ranks the groups of equal |d|, after `zeros` ranks that are taken.
func signedRank(plus, minus [tally.MaxLevels]float64, zeros float64) (vPlus, vMinus float64, s Signed) {
	below := zeros
	var square float64 // Σ rank² over the differences that are not zero
	for d := 1; d < len(plus); d++ {
		k := plus[d] + minus[d]
		rank := below + (k+1)/2
		vPlus += plus[d] * rank
		vMinus += minus[d] * rank
		square += k * rank * rank
		below += k
	}
	diff := vPlus - vMinus
	s.Z = diff / math.Sqrt(square)
	s.P = math.Min(1, 2*num.NormalCDF(-math.Abs(s.Z)))
	s.PCorrected = math.Min(1, 2*num.NormalCDF(-math.Max(0, math.Abs(diff)-1)/math.Sqrt(square)))
	if square == 0 {
		nan := math.NaN()
		s = Signed{nan, nan, nan}
	}
	return vPlus, vMinus, s
}

// exactSignedRank counts the sign patterns by a dynamic programme over doubled
// midranks, which are integers also with ties.
func exactSignedRank(plus, minus [tally.MaxLevels]float64, vPlus float64) float64 {
	total, ranks := 0, []int{}
	below := 0.0
	for d := 1; d < len(plus); d++ {
		k := plus[d] + minus[d]
		if below+k > exactSigned {
			return math.NaN()
		}
		for range int(k) {
			ranks = append(ranks, int(2*below+k+1))
			total += int(2*below + k + 1)
		}
		below += k
	}
	if len(ranks) == 0 {
		return math.NaN()
	}
	ways := make([]float64, total+1) // probabilities
	ways[0] = 1
	top := 0
	for _, r := range ranks {
		top += r
		for s := top; s >= 0; s-- {
			x := ways[s] / 2
			if s >= r {
				x += ways[s-r] / 2
			}
			ways[s] = x
		}
	}
	v := int(math.Round(2 * vPlus))
	low := min(v, total-v)
	var p, between float64 // one tail; what is in neither
	for s, x := range ways {
		switch {
		case s <= low:
			p += x
		case s < total-low:
			between += x
		}
	}
	if between < .5 { // 1 where nothing is between
		return 1 - between
	}
	return 2 * p
}

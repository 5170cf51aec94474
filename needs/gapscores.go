package needs

import (
	"math"
	"math/big"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
)

// The gap summary. Each score is a mean over the people assessed, of 1 if they
// are below, of max(D, 0), or of D.
var (
	// ShareBelow is the share of people below the wanted level.
	//
	//	#(D > 0)/n; interval: Wilson (1927)
	ShareBelow = Method{&method{
		MethodInfo: MethodInfo{"share-below", "share", "#(D > 0)/n", "0..1", 1, "gap summary; interval: Wilson (1927)", "mean(i > p); prop.test(sum(i > p), length(i), correct = FALSE)"},
		value:      below,
		exact:      func(m *means) *big.Rat { return m.below },
		floats:     func(s *sums) (float64, float64) { return s.below, s.n },
		reads:      []feature{fBelow},
		influence: func(s *sums) func(want, have float64) float64 {
			return func(want, have float64) float64 { return float64(below(sign(want-have))) - s.below/s.n }
		},
		interval: wilsonEffective,
	}}
	// Shortfall is the mean of the missing levels; a surplus counts as no gap.
	Shortfall = Method{&method{
		MethodInfo: MethodInfo{"shortfall", "levels", "Σmax(D, 0)/n", "0..b-a", 2, "gap summary; interval: Student's t", "t.test(pmax(i - p, 0))"},
		value:      positive,
		exact:      func(m *means) *big.Rat { return m.short },
		floats:     func(s *sums) (float64, float64) { return s.short, s.n },
		reads:      []feature{fShort},
		influence: func(s *sums) func(want, have float64) float64 {
			return func(want, have float64) float64 { return math.Max(want-have, 0) - s.short/s.n }
		},
	}}
	// MeanGap is the mean difference in levels; surpluses cancel gaps.
	MeanGap = Method{&method{
		MethodInfo: MethodInfo{"mean-gap", "levels", "ΣD/n", "-(b-a)..b-a", 2, "gap summary; interval: Student's t", "t.test(i - p)"},
		available:  true,
		value:      difference,
		exact:      func(m *means) *big.Rat { return m.d },
		floats:     gapRatio,
		influence:  gapInfluence,
	}}
)

func gapRatio(s *sums) (float64, float64) { return s.want - s.have, s.n }

func gapInfluence(s *sums) func(want, have float64) float64 {
	return func(want, have float64) float64 { return want - have - (s.want-s.have)/s.n }
}

func sign(d float64) int64 {
	switch {
	case d > 0:
		return 1
	case d < 0:
		return -1
	}
	return 0
}

// wilsonEffective is Wilson's interval with the effective number of people.
func wilsonEffective(v *view, e *bangkom.Estimate, level float64) {
	n, p := float64(v.n)/v.deff, e.Value
	z := num.NormalQuantile((1 + level) / 2)
	mid, half := p+z*z/(2*n), z*math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	lo, hi := max(0, (mid-half)/(1+z*z/n)), min(1, (mid+half)/(1+z*z/n))
	e.CI = bangkom.Interval{Lo: lo, Hi: hi, Level: level, Method: "wilson, n_eff"}
}

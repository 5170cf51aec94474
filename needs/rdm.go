package needs

import (
	"math"
	"math/big"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
)

// RDM is the ranked discrepancy model (Narine & Harder 2021): how many people
// are above what is wanted, less how many are below, in percent. In that
// tradition a negative score is a need; here the score that ranks is its
// negative, and the detail keeps the tradition's sign and name.
//
//	RDS = 100 (PR − NR)/n;  score = −RDS
//
// One level below counts as four, importance is not looked at, and the
// difference hides polarisation: NR, PR, TR and n stand beside every score.
var RDM = Method{&method{
	MethodInfo: MethodInfo{"rdm", "percent", "100 (NR − PR)/n = −RDS", "-100..100", 2, "Narine & Harder (2021); interval: Student's t, at ±100 adjusted by half a person", "-100 * mean(sign(p - i))"},
	exact:      minusRDS,
	reads:      []feature{fBelow, fAbove},
	floats:     func(s *sums) (float64, float64) { return 100 * (s.below - s.above), s.n },
	influence: func(s *sums) func(want, have float64) float64 {
		return func(want, have float64) float64 { return 100 * (float64(sign(want-have)) - (s.below-s.above)/s.n) }
	},
	interval: rdmInterval,
	details:  rdmDetails,
}}

func minusRDS(m *means) *big.Rat {
	d := new(big.Rat).Sub(m.below, m.above)
	return d.Mul(d, big.NewRat(100, 1))
}

// RDMDetail is the score in the tradition's sign: −100 is everyone below.
type RDMDetail struct {
	RDS    float64 `json:"rds"`
	SEWald float64 `json:"se_wald"` // with the divisor n: √((n−1)/n) of the score's
	NR     float64 `json:"nr"`      // percent below
	PR     float64 `json:"pr"`      // percent above
	TR     float64 `json:"tr"`      // percent at it
}

func rdmDetails(views []*view, _ *Ranking, _ Options) []any {
	out := make([]any, len(views))
	for i, v := range views {
		if v.mean == nil || v.mean.below == nil {
			continue
		}
		score, _ := minusRDS(v.mean).Float64()
		s := &v.sums
		nr, pr := s.below/s.n, s.above/s.n
		out[i] = RDMDetail{RDS: 0 - score, SEWald: 100 * math.Sqrt((nr+pr-(pr-nr)*(pr-nr))/float64(v.n)*v.deff), NR: 100 * nr, PR: 100 * pr, TR: 100 * (s.n - s.below - s.above) / s.n}
	}
	return out
}

// rdmInterval never has the width zero: where all people stand on one side, it
// adds half a person to each of below and above and one to those at it.
func rdmInterval(v *view, e *bangkom.Estimate, level float64) {
	if !(e.SE == 0 || v.n < 2) {
		tInterval(e, level)
		return
	}
	n := float64(v.n) / v.deff
	nr, pr, m := n*v.sums.below/v.sums.n+.5, n*v.sums.above/v.sums.n+.5, n+2
	d := (nr - pr) / m
	half := num.NormalQuantile((1+level)/2) * math.Sqrt((nr+pr)/m-d*d) / math.Sqrt(m)
	e.SE = math.NaN()
	e.CI = bangkom.Interval{Lo: max(-100, 100*(d-half)), Hi: min(100, 100*(d+half)), Level: level, Method: "adjusted by half a person"}
	e.Warnings.Add(bangkom.Problem{Code: bangkom.ErrNoVariation.Code, Severity: bangkom.Warning, Msg: "everybody assessed is on one side: the interval adds half a person below and above and one at the level"})
}

package needs

import (
	"math/big"

	"github.com/bangkom/bangkom"
)

// The mean weighted discrepancy score of Borich (1980). Two numbers go by this
// name; both stand in the detail, whichever ranks.
var (
	// Borich weighs the mean gap by the group's mean importance.
	//
	//	MWDS = D̄ · Ī;  SE = √{[Ī² s_D² + D̄² s_I² + 2 Ī D̄ s_ID]/n}
	//
	// It depends on the length of the scale. It is not monotone: a person who
	// meets the standard can raise it, because the person's importance raises Ī.
	Borich = Method{&method{
		MethodInfo: MethodInfo{"borich", "levels × importance", "D̄ · Ī", "-b²/4..b(b-a)", 2, "Borich (1980); interval: delta method, Student's t", "mean(i - p) * mean(i)"},
		importance: true, available: true, withAll: true,
		exact:     borichScore,
		floats:    borichRatio,
		influence: borichInfluence,
		details:   borichDetails,
		check:     importanceScale,
	}}
	// BorichOwn weighs each person's gap by the person's own importance. It is
	// the group's score plus the covariance of importance and gap.
	//
	//	mean(I · D) = D̄ · Ī + cov_N(I, D)
	BorichOwn = Method{&method{
		MethodInfo: MethodInfo{"borich-own", "levels × importance", "mean(I · D)", "-b²/4..b(b-a)", 2, "Borich (1980), own importance; interval: Student's t", "mean(i * (i - p))"},
		importance: true,
		exact:      func(m *means) *big.Rat { return m.wantD },
		floats:     func(s *sums) (float64, float64) { return s.wantD, s.n },
		reads:      []feature{fWant, fHave, fWantSq, fWantHave},
		influence: func(s *sums) func(want, have float64) float64 {
			return func(want, have float64) float64 { return want*(want-have) - s.wantD/s.n }
		},
		details: borichDetails,
		check:   importanceScale,
	}}
)

// importanceScale: below zero an importance would turn a need into a surplus.
func importanceScale(c *Cube) error {
	if c.frame.Scale.First >= 0 {
		return nil
	}
	return bangkom.Problem{Code: "ratio-scale", Where: "needs: Method", Value: c.frame.Scale.String(), Msg: "gaps are multiplied by an importance, and the scale begins below zero",
		Need: "a scale from 0 or 1 upwards, or another method"}
}

func borichScore(m *means) *big.Rat { return new(big.Rat).Mul(m.d, m.want) }

func borichRatio(s *sums) (float64, float64) { return (s.want - s.have) * s.want, s.n * s.n }

func borichInfluence(s *sums) func(want, have float64) float64 {
	mi, md := s.want/s.n, (s.want-s.have)/s.n
	return func(want, have float64) float64 { return md*(want-mi) + mi*(want-have-md) }
}

// BorichDetail stands beside both of Borich's scores; null: not defined under the policy.
type BorichDetail struct {
	Group      *float64 `json:"group"`      // D̄ · Ī
	Own        *float64 `json:"own"`        // mean(I · D)
	Covariance *float64 `json:"covariance"` // own − group
	Importance *float64 `json:"importance"` // Ī
	Gap        *float64 `json:"gap"`        // D̄
}

func borichDetails(views []*view, _ *Ranking, _ Options) []any {
	out := make([]any, len(views))
	for i, v := range views {
		if v.mean == nil {
			continue
		}
		group := borichScore(v.mean)
		d := BorichDetail{Group: number(group), Own: number(v.mean.wantD), Importance: number(v.mean.want), Gap: number(v.mean.d)}
		if v.mean.wantD != nil {
			d.Covariance = number(new(big.Rat).Sub(v.mean.wantD, group))
		}
		out[i] = d
	}
	return out
}

// number is a fraction as a float; nil of nil.
func number(x *big.Rat) *float64 {
	if x == nil {
		return nil
	}
	f, _ := x.Float64()
	return &f
}

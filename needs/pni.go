package needs

import (
	"math/big"

	"github.com/bangkom/bangkom"
)

// The priority needs index of the Thai tradition.
var (
	// PNI is (Ī − P̄) · Ī: on means the same number as [Borich].
	PNI = Method{&method{
		MethodInfo: MethodInfo{"pni", "levels × importance", "(Ī − P̄) · Ī", "-b²/4..b(b-a)", 2, "priority needs index; interval: delta method, Student's t", "mean(i - p) * mean(i)"},
		importance: true, available: true, withAll: true,
		exact: borichScore, floats: borichRatio, influence: borichInfluence, check: importanceScale,
	}}
	// PNIModified relates the gap to what is there. It needs a ratio scale:
	// where the lowest level is not above zero it is refused.
	//
	//	(Ī − P̄)/P̄
	PNIModified = Method{&method{
		MethodInfo: MethodInfo{"pni-modified", "share of what is there", "(Ī − P̄)/P̄", "-(b-a)/b..(b-a)/a", 2, "priority needs index, modified; interval: delta method, Student's t", "mean(i - p) / mean(p)"},
		available:  true, levels: true,
		exact: func(m *means) *big.Rat {
			if m.have.Sign() == 0 {
				return nil
			}
			return new(big.Rat).Quo(m.d, m.have)
		},
		floats: func(s *sums) (float64, float64) { return s.want - s.have, s.have },
		influence: func(s *sums) func(want, have float64) float64 {
			mp, md := s.have/s.n, (s.want-s.have)/s.n
			return func(want, have float64) float64 { return (want-have-md)/mp - md*(have-mp)/(mp*mp) }
		},
		check: ratioScale,
	}}
)

func ratioScale(c *Cube) error {
	if c.frame.Scale.First > 0 {
		return nil
	}
	return bangkom.Problem{Code: "ratio-scale", Where: "needs: Method", Value: c.frame.Scale.String(), Msg: "pni-modified divides by the mean level, and the scale does not begin above zero",
		Need: "a scale from 1 upwards, or another method"}
}

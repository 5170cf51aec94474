package competency

import (
	"fmt"
	"math"
	"slices"

	"github.com/bangkom/bangkom"
)

// Precision says when the level that a panel sets is to be used with care. The
// zero value flags nothing: what is precise enough is for the caller to say.
type Precision struct {
	MinN  int     `json:"min_n,omitzero"`  // flagged below this many members
	MaxSE float64 `json:"max_se,omitzero"` // flagged above this standard error; 0: no limit
}

// FromPanel makes a requirement of the levels that the members of a panel ask
// for. The level is their lower median, which somebody asked for; N is their
// number and
//
//	SE = s / √N    with s the standard deviation over N − 1
//
// the standard error of their mean level, 0 for a single member: unknown, not
// precise, and flagged wherever p has a limit. Weight and criticality are 1. An
// empty panel is an ErrTooFew. Whether the levels are on the scale is for
// [NewWorkforce] to say.
func FromPanel(c CompetencyID, levels []Level, p Precision) (Requirement, error) {
	n := len(levels)
	if n == 0 {
		return Requirement{}, bangkom.Problem{Code: bangkom.ErrTooFew.Code, Where: string(c), Msg: "a panel of nobody", Need: "at least one member"}
	}
	if p.MinN < 0 || !(p.MaxSE >= 0) {
		return Requirement{}, bangkom.Problem{Code: bangkom.ErrOption.Code, Where: "precision", Value: fmt.Sprintf("%d, %v", p.MinN, p.MaxSE), Msg: "not a limit of precision", Need: "0 or more"}
	}
	sorted := slices.Sorted(slices.Values(levels))
	mean := 0.0
	for _, l := range sorted {
		mean += float64(l) / float64(n)
	}
	squares := 0.0
	for _, l := range sorted {
		squares += (float64(l) - mean) * (float64(l) - mean)
	}
	r := Requirement{Competency: c, Level: sorted[(n-1)/2], Weight: 1, Criticality: 1, N: n}
	if n > 1 {
		r.SE = math.Sqrt(squares / float64(n-1) / float64(n))
	}
	r.LowPrecision = n < p.MinN || p.MaxSE > 0 && (n == 1 || r.SE > p.MaxSE)
	return r, nil
}

package competency

import (
	"encoding/json"
	"fmt"
	"math"

	"github.com/bangkom/bangkom"
)

// Cap says whether surpluses may hide gaps in a [JPM].
//
// # Choosing a cap
//
// A [JPM] adds up levels, so that a surplus in one competency hides a gap in
// another. [CapNone] is the plain quotient, which can pass 100; [CapTotal] only
// stops it there; [CapPerCompetency] lets no surplus count, and is then as low
// as the gaps are deep: 100 · (1 − shortfall / required). Whatever is chosen,
// both quotients and the shortfall are in the result. State the cap beside the
// number: the same person can match to 93 or to 78 per cent.
type Cap uint8

const (
	CapNone          Cap = iota // surpluses count in full
	CapPerCompetency            // each attained level counts up to the required one
	CapTotal                    // the sum is capped at 100
)

// A JPM is a job-person match: attained levels in per cent of required levels.
type JPM struct {
	Value     float64 // under the chosen cap; NaN if nothing is assessed
	Cap       Cap
	Uncapped  float64
	Capped    float64 // capped per competency
	Shortfall int     // sum of missing levels, never compensated
	Assessed  int     // requirements with a valid level
	Required  int     // requirements of the job
	Warnings  bangkom.Problems
}

// Match computes the JPM of one person's gaps over the assessed ones:
//
//	uncapped = 100 · Σ attained / Σ required
//	capped   = 100 · Σ min(attained, required) / Σ required
//
// Requirements that are not assessed, or whose evidence has expired, enter
// neither sum; a Warning says how many (not-assessed). With no assessed
// requirement, or a required sum that is not above zero, the values are NaN.
//
// The uncapped and CapTotal values are compensatory: surpluses hide gaps.
// Shortfall does not. Both values are returned so that a caller who classifies
// them can say when the classes differ.
func Match(gaps []Gap, cap Cap) JPM {
	j := JPM{Cap: cap, Required: len(gaps)}
	var attained, counted, required int
	var expired int
	for _, g := range gaps {
		missing, known := g.Levels()
		if !known {
			if g.State == Expired {
				expired++
			}
			continue
		}
		j.Assessed++
		required += int(g.Required.Level)
		attained += int(g.Attained.Level)
		counted += int(min(g.Attained.Level, g.Required.Level))
		j.Shortfall += max(missing, 0)
	}
	j.Uncapped, j.Capped = percent(attained, required), percent(counted, required)
	j.Value = j.under(cap)
	j.warn(expired, required)
	return j
}

func percent(part, whole int) float64 {
	if whole <= 0 {
		return math.NaN()
	}
	return 100 * float64(part) / float64(whole)
}

func (j *JPM) under(cap Cap) float64 {
	switch cap {
	case CapNone:
		return j.Uncapped
	case CapPerCompetency:
		return j.Capped
	case CapTotal:
		return math.Min(j.Uncapped, 100)
	}
	return math.NaN()
}

func (j *JPM) warn(expired, required int) {
	add := func(code, value, msg, need string) {
		j.Warnings.Add(bangkom.Problem{Code: code, Severity: bangkom.Warning, Value: value, Msg: msg, Need: need})
	}
	if open := j.Required - j.Assessed; open > 0 {
		add("not-assessed", fmt.Sprint(open), fmt.Sprintf("%d of %d requirements have no valid level (%d of them expired): the match is over the others", open, j.Required, expired), "assess them")
	}
	if j.Assessed > 0 && required <= 0 {
		add("required-sum", fmt.Sprint(required), "the required levels do not add up to more than zero: there is no match in per cent", "look at the shortfall")
	}
	if !capWords.Has(j.Cap) {
		add("option", j.Cap.String(), "no such cap", "CapNone, CapPerCompetency or CapTotal")
	}
}

// MarshalJSON writes jpm, cap, uncapped, capped, shortfall, assessed, required
// and warnings; a value that is not known is null.
func (j JPM) MarshalJSON() ([]byte, error) {
	known := func(x float64) *float64 {
		if math.IsNaN(x) {
			return nil
		}
		return &x
	}
	return json.Marshal(struct {
		Value     *float64         `json:"jpm"`
		Cap       Cap              `json:"cap"`
		Uncapped  *float64         `json:"uncapped"`
		Capped    *float64         `json:"capped"`
		Shortfall int              `json:"shortfall"`
		Assessed  int              `json:"assessed"`
		Required  int              `json:"required"`
		Warnings  bangkom.Problems `json:"warnings,omitempty"`
	}{known(j.Value), j.Cap, known(j.Uncapped), known(j.Capped), j.Shortfall, j.Assessed, j.Required, j.Warnings})
}

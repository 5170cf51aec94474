package program

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
)

// TestWhateverAPlanStatesIsCompared: a plan in which any one fact was changed is
// refused, with the place of the fact.
func TestWhateverAPlanStatesIsCompared(t *testing.T) {
	m := smallModel(t)
	m.Policy.Floors = []Floor{{Unit: "health", Mean: .2}}
	p, err := Solve(t.Context(), m, &Options{Work: plentyOfWork})
	require.NoError(t, err)
	in, err := m.Instance()
	require.NoError(t, err)
	_, err = in.Verify(p)
	require.NoError(t, err)
	for where, change := range map[string]func(*Plan){
		"year":                     func(p *Plan) { p.Year++ },
		"as_of":                    func(p *Plan) { p.AsOf = day(2, 1) },
		"at_tier":                  func(p *Plan) { p.AtTier = true },
		"cost/fee":                 func(p *Plan) { p.Cost.Fee++ },
		"held/A1-1/session/max":    func(p *Plan) { p.Held[0].Session.Max = 400 },
		"held/A1-1/offering/title": func(p *Plan) { p.Held[0].Offering.Title = "another" },
		"held/A1-1/cost/due":       func(p *Plan) { p.Held[0].Cost.Due = 5 },
		"held/A1-1":                func(p *Plan) { p.Held[0].People = append(p.Held[0].People, p.Held[0].People[0]) },
		"held/Z":                   func(p *Plan) { p.Held = append(p.Held, Held{Session: Session{ID: "Z"}}) },
		"people/p00/sessions":      func(p *Plan) { p.People[0].Sessions = nil },
		"people/p01/jp":            func(p *Plan) { p.People[1].JP++ },
		"people/p02":               func(p *Plan) { p.People = append(p.People[:2:2], p.People[3:]...) },
		"people":                   func(p *Plan) { p.People = append(p.People, Individual{Person: "nobody"}) },
		"budget//leftover":         func(p *Plan) { p.Lines[0].Leftover++ },
		"budget/works/ceiling":     func(p *Plan) { p.Lines[2].Ceiling = rp(1) },
		"floors/health/closed":     func(p *Plan) { p.Floors[0].Closed++ },
		"parts/closed 1/amount":    func(p *Plan) { p.Parts[0].Amount++ },
		"parts/missing-hours 1":    func(p *Plan) { p.Parts = append(p.Parts, Part{Of: "missing-hours", Price: 1}) },
	} {
		text, err := json.Marshal(p)
		require.NoError(t, err)
		var forged Plan
		require.NoError(t, json.Unmarshal(text, &forged))
		_, err = in.Verify(&forged)
		require.NoError(t, err)
		change(&forged)
		_, err = in.Verify(&forged)
		require.Error(t, err, where)
		require.Equal(t, where, bangkom.AsProblems(err, "")[0].Where, "%v", err)
	}
}

// TestStrangersAreNamedFirst: who and what the instance does not have is named,
// all of it, and not what follows from it.
func TestStrangersAreNamedFirst(t *testing.T) {
	m := smallModel(t)
	p, err := Solve(t.Context(), m, &Options{Work: plentyOfWork})
	require.NoError(t, err)
	in, err := m.Instance()
	require.NoError(t, err)
	p.Held = append(p.Held, Held{Session: Session{ID: "S9"}, People: []competency.PersonID{"p99"}})
	p.Objective++
	_, err = in.Verify(p)
	ps := bangkom.AsProblems(err, "")
	require.Len(t, ps, 2)
	require.Equal(t, "S9", ps[0].Value)
	require.Equal(t, "p99", ps[1].Value)
}

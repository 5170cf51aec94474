package program

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
)

// sum adds up the parts of a plan.
func sum(p *Plan) (v float64) {
	for _, x := range p.Parts {
		v += x.Worth
	}
	return v
}

func partsOf(p *Plan) map[string]Part {
	out := map[string]Part{}
	for _, x := range p.Parts {
		out[x.Of] = x
	}
	return out
}

// The parts of an objective add up to it, under every kind of rule, and hours
// missing count whether or not somebody could have attended anything.
func TestThePartsAddUpToTheObjective(t *testing.T) {
	for name, change := range map[string]func(*Model){
		"as it is":        func(*Model) {},
		"without a price": func(m *Model) { m.Policy.MissingHour = -1 },
		"nothing offered": func(m *Model) { m.Catalogue.Sessions = nil },
		"nobody needs":    func(m *Model) { m.Needs = m.Needs[:1] },
		"money":           func(m *Model) { m.Policy.Money = 1e-7 },
		"coverage":        func(m *Model) { m.Policy.Coverage, m.Policy.Uncovered = 1, .3 },
		"covers": func(m *Model) {
			m.Policy.Covers = []Cover{{Who: []competency.PersonID{"p01", "p02"}, Share: 1, Price: .2}}
		},
		"over budget": func(m *Model) { m.Catalogue.Budgets[0].Amount, m.Policy.OverTotal = 100, 1e-7 },
		"floors":      func(m *Model) { m.Policy.Floors = []Floor{{Unit: "works", Mean: 2, Price: .1}} },
		"away":        func(m *Model) { m.Policy.Away, m.Policy.AwayPrice = .1, .01 },
	} {
		t.Run(name, func(t *testing.T) {
			m := smallModel(t)
			change(m)
			p, err := Solve(t.Context(), m, &Options{Work: plentyOfWork, Seed: 1})
			require.NoError(t, err)
			require.InDelta(t, p.Objective, sum(p), 1e-9, p.Parts)
			bound, err := p.Proof.Verify(m)
			require.NoError(t, err)
			require.GreaterOrEqual(t, bound, p.Objective-1e-9)
			require.InDelta(t, p.Bound, bound, 1e-9)

			short := bangkom.JP(0)
			for _, x := range p.People {
				short += x.Missing
			}
			require.InDelta(t, short.Float(), partsOf(p)["missing-hours"].Amount, 1e-9)
			var back Plan
			data, err := json.Marshal(p)
			require.NoError(t, err)
			require.NoError(t, json.Unmarshal(data, &back))
			require.Equal(t, p.Parts, back.Parts)
		})
	}
}

// Without any session a plan is worth what its missing hours cost, not 0.
func TestAnEmptyPlanPaysForItsHours(t *testing.T) {
	m := smallModel(t)
	m.Catalogue.Sessions = nil
	p, err := Solve(t.Context(), m, nil)
	require.NoError(t, err)
	hours := partsOf(p)["missing-hours"]
	require.Positive(t, hours.Amount)
	require.InDelta(t, -.05*hours.Amount, p.Objective, 1e-9)
	require.Equal(t, Optimal, p.Status)
}

// What a hard minimum excuses is counted and costs nothing.
func TestAHardMinimumHasNoPrice(t *testing.T) {
	m := smallModel(t)
	m.Catalogue.Sessions, m.Policy.MissingHour = nil, math.Inf(1)
	p, err := Solve(t.Context(), m, nil)
	require.NoError(t, err)
	require.Zero(t, p.Objective)
	hours := partsOf(p)["missing-hours"]
	require.Positive(t, hours.Amount)
	require.True(t, math.IsInf(hours.Price, 1))
	require.Zero(t, hours.Worth)
}

package program

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
)

// Two sessions of one level each on a gap of two: the second counts half.
func TestWhatComesAgainCountsLess(t *testing.T) {
	m := &Model{Workforce: office(t, 1), Policy: Policy{Year: 2027, MissingHour: -1}, Needs: []Need{{"p00", "a", 1, 2, 3}}}
	for _, id := range []OfferingID{"X", "Y"} {
		m.Catalogue.Offerings = append(m.Catalogue.Offerings, Offering{ID: id, Raises: map[competency.CompetencyID]Gain{"a": {Mean: 1}}})
		m.Catalogue.Sessions = append(m.Catalogue.Sessions, Session{ID: SessionID(id), Offering: id, Max: 1, Cost: Cost{Fixed: 1}})
	}
	for again, want := range map[float64]float64{0: 2, 1: 2, .5: 1.5, .25: 1.25} {
		m.Policy.Again = again
		p, err := Solve(t.Context(), m, &Options{Work: 10_000})
		require.NoError(t, err)
		require.InDelta(t, want, p.Objective, 1e-9, again)
		require.InDelta(t, 2, p.People[0].Expected[0].Closed, 1e-9, "the levels themselves are not fewer")
	}
	m.Policy.Again, m.Policy.Money = .5, .6
	p, err := Solve(t.Context(), m, &Options{Work: 10_000})
	require.NoError(t, err)
	require.Len(t, p.Held, 1, "the second is not worth its money any more")
	for _, bad := range []float64{-.1, 1.1, math.NaN()} {
		m.Policy.Again = bad
		require.True(t, m.Validate().Has("option"), bad)
	}
}

// tiered is an offering whose partner asks 100 a seat, and 60 from 4 seats on.
func tiered(t testing.TB, n int, money bangkom.Rupiah) *Model {
	t.Helper()
	m := &Model{Workforce: office(t, n), Policy: Policy{Year: 2027, MissingHour: -1, TierReached: true}}
	for i := range n {
		m.Needs = append(m.Needs, Need{competency.PersonID(fmt.Sprintf("p%02d", i)), "a", 1, 1, 1})
	}
	m.Catalogue = Catalogue{
		Offerings: []Offering{{ID: "X", Partner: "P", Raises: map[competency.CompetencyID]Gain{"a": {Mean: 1}}}},
		Sessions:  []Session{{ID: "X-1", Offering: "X", Min: 1, Max: 8}},
		Partners:  []Partner{{ID: "P", Terms: []Tier{{1, 100}, {4, 60}}, PerSession: true}},
		Budgets:   []Budget{{Year: 2027, Amount: money}},
	}
	return m
}

func TestThePriceReachedIsChargedToTheLines(t *testing.T) {
	for money, want := range map[bangkom.Rupiah]int{99: 0, 100: 1, 239: 2, 240: 4, 299: 4, 300: 5, 360: 6, 1000: 6} {
		m := tiered(t, 6, money)
		p, err := Solve(t.Context(), m, &Options{Work: 100_000})
		require.NoError(t, err)
		require.InDelta(t, want, p.Objective, 1e-9, money)
		require.LessOrEqual(t, p.Cost.Due, money)
		if want > 0 {
			require.Len(t, p.Held, 1)
			require.Equal(t, SessionID("X-1"), p.Held[0].Session.ID)
			sum := bangkom.Rupiah(0)
			for _, l := range p.Lines[1:] {
				sum += l.Planned
			}
			require.Equal(t, p.Cost.Due, sum, "units pay what is due")
		}
		bound, err := p.Proof.Verify(m)
		require.NoError(t, err)
		require.InDelta(t, p.Bound, bound, 1e-9)
		in, err := m.Instance()
		require.NoError(t, err)
		_, err = in.Verify(p)
		require.NoError(t, err)
		explained(t, in, p)
	}
	m := tiered(t, 6, 299)
	m.Policy.TierReached = false
	p, err := Solve(t.Context(), m, &Options{Work: 100_000})
	require.NoError(t, err)
	require.InDelta(t, 2, p.Objective, 1e-9, "at list price")
}

func TestLocksWhereASessionHasSeveralPrices(t *testing.T) {
	m := tiered(t, 6, 1000)
	m.Policy.Settled = []Settled{{Person: "p00", Lock: []SessionID{"X-1"}}}
	m.Catalogue.Sessions = append(m.Catalogue.Sessions, Session{ID: "X-2", Offering: "X", Max: 8, Clash: []SessionID{"X-1"}})
	p, err := Solve(t.Context(), m, &Options{Work: 100_000})
	require.NoError(t, err)
	x, _ := p.Person("p00")
	require.Equal(t, []SessionID{"X-1"}, x.Sessions)
	in, err := m.Instance()
	require.NoError(t, err)
	q, err := in.Solve(t.Context(), &Options{Work: 100_000, From: p, Moves: 1})
	require.NoError(t, err)
	require.Zero(t, q.Kept.Lost)
}

// Health has light needs, works heavy ones, and money reaches three of six.
func lopsided(t testing.TB) *Model {
	t.Helper()
	m := &Model{Workforce: office(t, 6), Policy: Policy{Year: 2027, MissingHour: -1}}
	for i := range 6 {
		of := []competency.CompetencyID{"b", "a"}[i%2]
		m.Needs = append(m.Needs, Need{competency.PersonID(fmt.Sprintf("p%02d", i)), of, 1, 1, []float64{1, 2}[i%2]})
	}
	m.Catalogue = Catalogue{
		Offerings: []Offering{{ID: "X", Raises: map[competency.CompetencyID]Gain{"a": {Mean: 1}, "b": {Mean: 1}}}},
		Sessions:  []Session{{ID: "X-1", Offering: "X", Min: 1, Max: 8, Cost: Cost{Seat: 100}}},
		Budgets:   []Budget{{Year: 2027, Amount: 300}},
	}
	return m
}

func TestFloorsShareOut(t *testing.T) {
	m := lopsided(t)
	p, err := Solve(t.Context(), m, &Options{Work: 100_000})
	require.NoError(t, err)
	require.InDelta(t, 3, p.Objective, 1e-9, "all three of works")

	m.Policy.Floors = []Floor{{Unit: "health", Mean: 1. / 3, Price: 5}}
	p, err = Solve(t.Context(), m, &Options{Work: 600_000})
	require.NoError(t, err)
	require.InDelta(t, 2.5, p.Objective, 1e-9, "one of health instead of one of works")
	require.Equal(t, []FloorMet{{Floor: m.Policy.Floors[0], People: 3, Closed: 1. / 3}}, p.Floors)
	bound, err := p.Proof.Verify(m)
	require.NoError(t, err)
	require.InDelta(t, p.Bound, bound, 1e-6)
	require.GreaterOrEqual(t, p.Bound, p.Objective)
	require.Less(t, p.Bound, 3.0, "the floor's price proves that it costs something")
	in, err := m.Instance()
	require.NoError(t, err)
	_, err = in.Verify(p)
	require.NoError(t, err)
	own, err := in.Solve(t.Context(), &Options{Work: 600_000})
	require.NoError(t, err)
	require.Equal(t, p, own, "the instance of a model keeps its floors")
	after, err := in.After(p, Events{})
	require.NoError(t, err)
	own, err = after.Solve(t.Context(), &Options{Work: 100_000})
	require.NoError(t, err)
	require.Empty(t, own.Floors, "one after events does not")

	data, err := json.Marshal(p)
	require.NoError(t, err)
	var back Plan
	require.NoError(t, json.Unmarshal(data, &back))
	bound, err = back.Proof.Verify(m)
	require.NoError(t, err)
	require.InDelta(t, p.Bound, bound, 1e-6)

	m.Policy.Floors[0].Price = .1 // less than what works loses
	p, err = Solve(t.Context(), m, &Options{Work: 600_000})
	require.NoError(t, err)
	require.InDelta(t, 3-.1, p.Objective, 1e-9, "missed, and paid for")

	m.Policy.Floors = []Floor{{Unit: "city", Mean: .5}, {Unit: "nowhere", Mean: 1}, {Unit: "city", Mean: 1}, {Unit: "works", Mean: math.NaN()}}
	require.Equal(t, []string{"unknown-unit", "duplicate-id", "option"}, codes(m.Validate())[:3])
}

// No price of a floor proves less than a plan is worth: the bound of every
// round is one for the floors' own objective.
func TestFloorPricesNeverProveTooLittle(t *testing.T) {
	m := lopsided(t)
	m.Policy.Floors = []Floor{{Unit: "health", Mean: 1. / 3, Price: 5}, {Unit: "city", Mean: .9, Price: .3}}
	p, err := Solve(t.Context(), m, &Options{Work: 600_000})
	require.NoError(t, err)
	for _, zeta := range [][]float64{{0, 0}, {9, 9}, {-1, .2}, {.4, .1}, {math.NaN(), math.Inf(1)}} {
		c := p.Proof
		c.zeta = zeta
		bound, err := c.Verify(m)
		require.NoError(t, err)
		require.GreaterOrEqual(t, bound, p.Objective-1e-9, zeta)
	}
	bad := p.Proof
	bad.zeta = []float64{1}
	_, err = bad.Verify(m)
	require.ErrorIs(t, err, bangkom.Problem{Code: "bad-certificate"})
}

// ---- properties of plans, at the level of the model

func optimum(t testing.TB, m *Model) float64 {
	t.Helper()
	p, err := Solve(t.Context(), m, &Options{Work: plentyOfWork, Seed: 3})
	require.NoError(t, err)
	require.Equal(t, Optimal, p.Status)
	return p.Objective
}

func TestLawsOfPlans(t *testing.T) {
	base := optimum(t, smallModel(t))
	for name, c := range map[string]struct {
		change func(m *Model)
		sign   int // of the change of the optimum: −1 at most 0, 0 none, 1 at least 0
	}{
		"doubled weights": {func(m *Model) {
			for i := range m.Needs {
				m.Needs[i].Weight *= 2
			}
		}, 0},
		"somebody without need": {func(m *Model) {
			w := office(t, 8)
			m.Workforce = w
			for i := 6; i < w.Len(); i++ {
				m.Policy.Settled = append(m.Policy.Settled, Settled{Person: w.At(i).ID, Earned: 20 * bangkom.OneJP})
			}
		}, 0},
		"somebody without need who misses hours": {func(m *Model) { m.Workforce = office(t, 7) }, -1},
		"a session nobody can attend": {func(m *Model) {
			m.Catalogue.Offerings = append(m.Catalogue.Offerings, Offering{ID: "Z"})
			m.Catalogue.Sessions = append(m.Catalogue.Sessions, Session{ID: "Z", Offering: "Z", Min: 1, Max: 9})
		}, 0},
		"more money": {func(m *Model) { m.Catalogue.Budgets[0].Amount *= 2 }, 1},
		"more seats": {func(m *Model) { m.Catalogue.Sessions[0].Max++ }, 1},
		"less money": {func(m *Model) { m.Catalogue.Budgets[0].Amount /= 2 }, -1},
		"a line split in two": {func(m *Model) {
			m.Catalogue.Budgets[0].Amount = 4_000_000
			m.Catalogue.Budgets[1].Amount, m.Catalogue.Budgets[2].Amount = 500_000, 500_000
		}, -1},
		"fewer hours": {func(m *Model) { m.Policy.Hours["PPPK"] = HourLimits{Max: 10 * bangkom.OneJP} }, -1},
	} {
		m := smallModel(t)
		c.change(m)
		got := optimum(t, m)
		switch c.sign {
		case 0:
			require.InDelta(t, base, got, 1e-9, name)
		case 1:
			require.GreaterOrEqual(t, got, base-1e-9, name)
		case -1:
			require.LessOrEqual(t, got, base+1e-9, name)
		}
	}
}

// What a certificate proves with more money is never less, at the same prices.
func TestMoreNeverLowersWhatTheSamePricesProve(t *testing.T) {
	m := smallModel(t)
	p, err := Solve(t.Context(), m, &Options{Work: 5_000})
	require.NoError(t, err)
	before, err := p.Proof.Verify(m)
	require.NoError(t, err)
	for _, change := range []func(){func() { m.Catalogue.Budgets[0].Amount += 1_000_000 }, func() { m.Catalogue.Sessions[1].Max += 2 }, func() { m.Policy.Hours["PPPK"] = HourLimits{Max: 40 * bangkom.OneJP} }} {
		change()
		after, err := p.Proof.Verify(m)
		require.NoError(t, err)
		require.GreaterOrEqual(t, after, before-1e-9)
		before = after
	}
}

// Pitfalls that a model can walk into.
func TestPitfallsOfModels(t *testing.T) {
	for name, change := range map[string]func(m *Model){
		"nobody":             func(m *Model) { m.Workforce, m.Needs = office(t, 0), nil },
		"no sessions":        func(m *Model) { m.Catalogue.Sessions = nil },
		"no needs":           func(m *Model) { m.Needs = nil },
		"sessions of 0":      func(m *Model) { m.Catalogue.Sessions[0].Min, m.Catalogue.Sessions[0].Max = 0, 0 },
		"free":               func(m *Model) { m.Catalogue.Budgets = nil },
		"no money at all":    func(m *Model) { m.Catalogue.Budgets = []Budget{{Year: 2027, Amount: 0}} },
		"everybody covered":  func(m *Model) { m.Policy.Coverage, m.Policy.Uncovered = 1, 1e6 },
		"an empty group":     func(m *Model) { m.Policy.Covers = []Cover{{Share: 1}} },
		"nobody may be away": func(m *Model) { m.Policy.Away = 1e-9 },
		"tiny gains": func(m *Model) {
			for _, o := range m.Catalogue.Offerings {
				for k := range o.Raises {
					o.Raises[k] = Gain{Mean: .01}
				}
			}
		},
		"huge weights": func(m *Model) { m.Needs[0].Weight = 1e300 },
		"huge money": func(m *Model) {
			m.Catalogue.Sessions[0].Cost.Fixed = 2_000_000_000_000_000
			m.Catalogue.Budgets[0].Amount = 9_000_000_000_000_000
		},
	} {
		m := smallModel(t)
		change(m)
		p, err := Solve(t.Context(), m, &Options{Work: 200_000})
		require.NoError(t, err, name)
		require.NotEqual(t, NoPlan, p.Status, name)
		require.NotEqual(t, Infeasible, p.Status, name)
		require.GreaterOrEqual(t, p.Bound, p.Objective, name)
		in, err := m.Instance()
		require.NoError(t, err, name)
		_, err = in.Verify(p)
		require.NoError(t, err, name)
		x := explained(t, in, p)
		for _, h := range m.Catalogue.Sessions {
			_, err := x.Session(h.ID)
			require.NoError(t, err, name)
		}
		for _, who := range p.People {
			_, err := x.Person(who.Person)
			require.NoError(t, err, name)
		}
	}
}

package program

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/program/internal/solve"
)

// seated decodes a plan by hand: people by number, sessions by id.
func seated(m *Model, seats map[SessionID][]int) *Plan {
	c := m.compile()
	var open []int
	var assign [][2]int
	for _, id := range sortedKeys(seats) {
		open = append(open, c.sessionN[id][0])
		for _, i := range seats[id] {
			assign = append(assign, [2]int{i, c.sessionN[id][0]})
		}
	}
	return c.decode(open, assign)
}

func TestIndividualPlans(t *testing.T) {
	m := smallModel(t)
	p := seated(m, map[SessionID][]int{"A1-1": {0, 1}, "A2-1": {0}, "B1-1": {4}})
	x, ok := p.Person("p00") // a held at 1 of 4, b at 2 of 3
	require.True(t, ok)
	require.Equal(t, []SessionID{"A1-1", "A2-1"}, x.Sessions)
	require.Equal(t, 30*bangkom.OneJP, x.JP)
	require.Zero(t, x.Missing)
	require.Equal(t, []Expected{{"a", 3, 2, 1}, {"b", 1, .5, .5}}, x.Expected)

	x, _ = p.Person("p01") // a held at 2: A1 lifts to 3 at most
	require.Equal(t, []Expected{{"a", 2, 1, 1}, {"b", 1, 0, .5}}, x.Expected)
	x, _ = p.Person("p03")
	require.Equal(t, NoRoom, x.Unseated)
	require.Equal(t, 20*bangkom.OneJP, x.Missing)
	x, _ = p.Person("p04")
	require.EqualValues(t, 4500, x.JP)
	require.Zero(t, x.Missing, "PPPK has no minimum")
	_, ok = p.Person("nobody")
	require.False(t, ok)
}

func TestWhyAPersonHasNoSeat(t *testing.T) {
	m := smallModel(t)
	m.Needs = m.Needs[2:] // p00 has none
	m.Policy.Settled = []Settled{{Person: "p01", Done: []OfferingID{"A1", "A2", "B1"}}, {Person: "p02", Done: []OfferingID{"B1"}, Not: []SessionID{"A1-1", "A1-2", "A2-1"}}}
	p := seated(m, nil)
	for id, want := range map[competency.PersonID]Reason{"p00": NoNeed, "p01": DoneBefore, "p02": NoSession, "p03": NoRoom} {
		x, ok := p.Person(id)
		require.True(t, ok, id)
		require.Equal(t, want, x.Unseated, id)
	}
	for k := range m.Catalogue.Sessions {
		m.Catalogue.Sessions[k].Min, m.Catalogue.Sessions[k].Max = 30, 30
	}
	x, _ := seated(m, nil).Person("p03")
	require.Equal(t, TooFew, x.Unseated, "no session can reach its minimum")
}

func TestCostsAreListedDiscountedAndDue(t *testing.T) {
	m := smallModel(t)
	p := seated(m, map[SessionID][]int{"A1-1": {0, 1, 2}, "A2-1": {0, 1, 2}})
	require.Equal(t, Charges{Fixed: 1_000_000, Seats: 300_000, Due: 1_300_000}, p.Held[0].Cost)
	require.Equal(t, Charges{Seats: 150_000, Fee: 1_500_000, Discount: 300_000, Due: 1_350_000}, p.Held[1].Cost)
	require.Equal(t, Charges{Fixed: 1_000_000, Seats: 450_000, Fee: 1_500_000, Discount: 300_000, Due: 2_650_000}, p.Cost)
	require.Equal(t, []BudgetLine{
		{Unit: "", Ceiling: rp(5_000_000), Planned: 2_650_000, Leftover: 2_350_000},
		{Unit: "health", Ceiling: rp(2_000_000), Planned: 1_300_000, Leftover: 700_000}, // two of three people, at list price
		{Unit: "works", Ceiling: rp(2_000_000), Planned: 650_000, Leftover: 1_350_000},
	}, p.Lines)
	require.Equal(t, 1.0, p.Held[0].Fill())
	require.Equal(t, .75, p.Held[1].Fill())
}

func TestVolumeCountsPerYearOrPerSession(t *testing.T) {
	m := smallModel(t)
	m.Catalogue.Sessions = append(m.Catalogue.Sessions, Session{ID: "A2-2", Offering: "A2", Max: 4})
	seats := map[SessionID][]int{"A2-1": {0, 1}, "A2-2": {2, 3}}
	require.EqualValues(t, 400_000, seated(m, seats).Cost.Discount, "four seats of the year")
	m.Catalogue.Partners[0].PerSession = true
	require.Zero(t, seated(m, seats).Cost.Discount, "two seats in each")
}

func TestPriceByTier(t *testing.T) {
	p := Partner{Terms: []Tier{{30, 70}, {5, 100}, {10, 80}}}
	for seats, want := range map[int]bangkom.Rupiah{0: 100, 1: 100, 5: 100, 9: 100, 10: 80, 29: 80, 30: 70, 1000: 70} {
		require.Equal(t, want, p.Price(seats), seats)
	}
	require.Zero(t, Partner{}.Price(5))
	require.EqualValues(t, 100, p.List())
	require.Equal(t, 30, p.Terms[0].From, "the terms stay as they are")
}

// D16: an organiser's fee that does not match the budget line shows as
// leftover or shortage, line by line.
func TestD16LeftoverOrShortagePerLine(t *testing.T) {
	p := seated(smallModel(t), map[SessionID][]int{"A2-1": {0, 2, 1}})
	budgets := []Budget{{Unit: "", Year: 2027, Amount: 2_000_000}, {Unit: "health", Year: 2027, Amount: 1_000_000}, {Unit: "works", Year: 2027, Amount: 1_000_000}, {Unit: "works", Year: 2026}}
	cost, lines, ps := p.Check([]Partner{{ID: "P", Terms: []Tier{{1, 650_000}}}}, budgets)
	require.EqualValues(t, 2_100_000, cost.Due)
	require.Equal(t, []BudgetLine{
		{Unit: "", Ceiling: rp(2_000_000), Planned: 2_100_000, Shortage: 100_000},
		{Unit: "health", Ceiling: rp(1_000_000), Planned: 1_400_000, Shortage: 400_000},
		{Unit: "works", Ceiling: rp(1_000_000), Planned: 700_000, Leftover: 300_000},
	}, lines)
	require.Equal(t, []string{"budget-short", "budget-short", "budget-left"}, codes(ps))
	require.Equal(t, []string{"budgets/TOTAL/2027", "budgets/health/2027", "budgets/works/2027"}, []string{ps[0].Where, ps[1].Where, ps[2].Where})
	require.Equal(t, "Rp400.000", ps[1].Value)

	_, lines, ps = p.Check([]Partner{}, budgets)
	require.True(t, ps.Has("unknown-partner"))
	require.EqualValues(t, 100_000, lines[1].Planned)

	same, lines, _ := p.Check(nil, small().Budgets)
	require.Equal(t, p.Cost, same)
	require.Equal(t, p.Lines, lines)
}

func codes(ps bangkom.Problems) []string {
	var out []string
	for _, p := range ps {
		out = append(out, p.Code)
	}
	return out
}

// annual is a document that lacks nothing.
func annual(t testing.TB) AnnualPlan {
	t.Helper()
	return seated(smallModel(t), map[SessionID][]int{"A1-1": {0, 1, 2}, "A2-1": {0, 1, 2}}).Annual(2027)
}

func TestTheAnnualPlanHoldsTheSevenItems(t *testing.T) {
	a := annual(t)
	require.Empty(t, a.Validate())
	require.Equal(t, AnnualLine{
		Session: "A2-1", Offering: "A2", Title: "Second a",
		Competencies: []competency.CompetencyID{"a", "b"},
		Targets:      []competency.PersonID{"p00", "p01", "p02"},
		Kind:         Kind{Method: Workshop, Form: "workshop", JP: 10 * bangkom.OneJP},
		Organiser:    "Partner",
		Schedule:     Schedule{day(4, 1), day(4, 2)},
		Standard:     "std-a",
		Cost:         &Charges{Seats: 150_000, Fee: 1_500_000, Discount: 300_000, Due: 1_350_000},
	}, a.Lines[1])
	require.Equal(t, []CostLine{
		{"A1-1", "fixed", 1, 1_000_000, 1_000_000}, {"A1-1", "seats", 3, 100_000, 300_000},
		{"A2-1", "seats", 3, 50_000, 150_000}, {"A2-1", "fee", 3, 500_000, 1_500_000}, {"A2-1", "discount", 3, -100_000, -300_000},
	}, a.Costs)
	require.EqualValues(t, 2_650_000, a.Total)
}

func TestEachMissingItemIsNamed(t *testing.T) {
	for item, spoil := range map[string]func(*AnnualLine){
		"competencies": func(l *AnnualLine) { l.Competencies = nil },
		"targets":      func(l *AnnualLine) { l.Targets = nil },
		"kind":         func(l *AnnualLine) { l.Kind.Form = "" },
		"organiser":    func(l *AnnualLine) { l.Organiser = "" },
		"schedule":     func(l *AnnualLine) { l.Schedule.To = bangkom.Date{} },
		"standard":     func(l *AnnualLine) { l.Standard = "" },
		"budget":       func(l *AnnualLine) { l.Cost = nil },
	} {
		a := annual(t)
		spoil(&a.Lines[1])
		ps := a.Validate()
		require.Len(t, ps, 1, item)
		require.Equal(t, "plan-item-missing", ps[0].Code)
		require.Equal(t, "annual/2027/A2-1/"+item, ps[0].Where)
		require.Error(t, ps.Err())
	}
}

func TestAnAnnualPlanIsOfOneYearAndAddsUp(t *testing.T) {
	a := annual(t)
	a.Year = 2026
	require.Equal(t, []string{"other-year", "other-year"}, codes(a.Validate()))
	a = annual(t)
	a.Costs[0].Amount++
	require.Equal(t, []string{"cost-mismatch", "cost-mismatch"}, codes(a.Validate()))
	a = annual(t)
	a.Budget[0].Shortage = 1
	require.Equal(t, []string{"budget-short"}, codes(a.Validate()))
	require.Equal(t, []string{"plan-empty"}, codes(seated(smallModel(t), nil).Annual(2030).Validate()))
}

// A session that spans New Year belongs to the year of its last day.
func TestSpanningNewYear(t *testing.T) {
	m := smallModel(t)
	m.Catalogue.Sessions = append(m.Catalogue.Sessions, Session{ID: "NY", Offering: "B1", From: bangkom.MustDate(2026, 12, 30), To: day(1, 2), Max: 3})
	p := seated(m, map[SessionID][]int{"NY": {0}})
	require.Len(t, p.Annual(2027).Lines, 1)
	require.Empty(t, p.Annual(2026).Lines)
}

// Laws of money on random plans: nothing is charged twice or not at all.
func TestMoneyAddsUp(t *testing.T) {
	m := smallModel(t)
	rng := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		seats := map[SessionID][]int{}
		for _, s := range m.Catalogue.Sessions {
			if rng.IntN(3) == 0 {
				continue
			}
			seats[s.ID] = []int{}
			for i := range m.Workforce.Len() {
				if rng.IntN(2) == 0 {
					seats[s.ID] = append(seats[s.ID], i)
				}
			}
		}
		p := seated(m, seats)
		c := p.Cost
		require.Equal(t, c.Due, c.Fixed+c.Seats+c.Fee-c.Discount)
		var held Charges
		for _, h := range p.Held {
			held = held.plus(h.Cost)
			require.GreaterOrEqual(t, h.Cost.Discount, bangkom.Rupiah(0))
		}
		require.Equal(t, c, held)
		require.Equal(t, c.Due, p.Annual(2027).Total)
		require.Equal(t, c.Seats+c.Fee, p.Lines[1].Planned+p.Lines[2].Planned, "the units pay the seats at list price")
		require.Equal(t, c.Due, p.Lines[0].Planned)
		for _, l := range p.Lines {
			require.Equal(t, *l.Ceiling-l.Planned, l.Leftover-l.Shortage)
		}
		for _, problem := range p.Annual(2027).Validate() { // sessions without people or days have items missing; the money is right
			require.Contains(t, []string{"plan-item-missing", "plan-empty", "budget-short"}, problem.Code)
		}
	}
}

// ---- JSON

func TestPlanJSONIsFrozen(t *testing.T) {
	m := smallModel(t)
	p := seated(m, map[SessionID][]int{"A1-1": {0, 1}, "A2-1": {0}})
	p.Status, p.Objective, p.Bound, p.Parts = Bounded, 2.5, 3, m.compile().parts(p)
	p.Trace = []Progress{{10, math.NaN(), math.Inf(1)}, {20, 2.5, 3}}
	p.Proof.tree = &solve.Certificate{}
	p.Proof.tree.Beta = .25
	golden(t, "plan", p)
	var back Plan
	roundTrip(t, p, &back)
	require.Equal(t, p.Held, back.Held)
	require.Equal(t, p.People, back.People)
	require.Equal(t, p.Lines, back.Lines)
	require.Equal(t, p.Proof, back.Proof)
	require.True(t, math.IsNaN(back.Trace[0].Objective) && math.IsInf(back.Trace[0].Bound, 1))
	require.Equal(t, p.Annual(2027), back.Annual(2027), "a plan read back makes the same document")
}

func TestPlansWithoutNumbers(t *testing.T) {
	for status, bound := range map[Status]float64{NoPlan: math.Inf(1), Infeasible: math.Inf(-1)} {
		p := Plan{Status: status, Objective: math.NaN(), Bound: bound}
		var back Plan
		roundTrip(t, p, &back)
		require.Equal(t, status, back.Status)
		require.True(t, math.IsNaN(back.Objective))
		require.Equal(t, bound, back.Bound)
		require.True(t, math.IsInf(back.Gap(), 1))
	}
}

func TestAnnualPlanJSONIsFrozen(t *testing.T) {
	a := annual(t)
	golden(t, "annual", a)
	var back AnnualPlan
	roundTrip(t, a, &back)
	require.Equal(t, a, back)
}

func TestProblemJSONIsFrozen(t *testing.T) {
	var b strings.Builder
	require.NoError(t, smallModel(t).WriteProblem(&b))
	golden(t, "problem", json.RawMessage(b.String()))
	_, err := solve.Read(strings.NewReader(b.String()))
	require.NoError(t, err, "the solver's own reader takes it")
	m := smallModel(t)
	m.Needs[0].Gap = -1
	require.Error(t, m.WriteProblem(&b))
}

func roundTrip(t *testing.T, from, to any) {
	t.Helper()
	data, err := json.Marshal(from)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(data, to))
}

// golden compares with testdata/NAME.json; BANGKOM_UPDATE=1 writes it.
func golden(t *testing.T, name string, v any) {
	t.Helper()
	got, err := json.MarshalIndent(v, "", "\t")
	require.NoError(t, err)
	file := "testdata/" + name + ".json"
	if os.Getenv("BANGKOM_UPDATE") != "" {
		require.NoError(t, os.WriteFile(file, append(got, '\n'), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, strings.TrimSpace(string(want)), string(got))
}

func TestStatusAndDecisionText(t *testing.T) {
	for s := NoPlan; s <= Infeasible; s++ {
		text, _ := s.MarshalText()
		var back Status
		require.NoError(t, back.UnmarshalText(text))
		require.Equal(t, s, back)
	}
	for d := Undecided; d <= Closed; d++ {
		text, _ := d.MarshalText()
		var back Decision
		require.NoError(t, back.UnmarshalText(text))
		require.Equal(t, d, back)
	}
	require.Error(t, new(Status).UnmarshalText([]byte("best")))
	require.Error(t, new(Decision).UnmarshalText([]byte("maybe")))
	require.Equal(t, "Status(9)", Status(9).String())
}

func TestGapOfAPlan(t *testing.T) {
	require.InDelta(t, .2, (&Plan{Objective: 2.5, Bound: 3}).Gap(), 1e-15)
	require.Zero(t, (&Plan{Objective: 0, Bound: 0}).Gap())
	require.True(t, math.IsInf((&Plan{Objective: 0, Bound: 1}).Gap(), 1))
	require.True(t, math.IsInf((&Plan{Objective: 1, Bound: math.Inf(1)}).Gap(), 1))
	require.InDelta(t, .5, (&Plan{Objective: -2, Bound: -1}).Gap(), 1e-15)
}

// worth is the objective of the package comment, from a plan's own words and
// the model's, without the numbers that the solver works on.
func worth(m *Model, p *Plan) float64 {
	heaviest := 0.0
	for _, n := range m.Needs {
		heaviest = max(heaviest, n.Weight)
	}
	weight := map[[2]string]float64{}
	for _, n := range m.Needs {
		weight[[2]string{string(n.Person), string(n.Of)}] = math.Round(1000*n.Weight/heaviest) / 1000
	}
	var sum float64
	for _, x := range p.People {
		for _, e := range x.Expected {
			sum += weight[[2]string{string(x.Person), string(e.Of)}] * e.Closed
		}
		sum -= .05 * x.Missing.Float()
	}
	return sum - m.Policy.Money*float64(p.Cost.Due+p.Cost.Discount)
}

// The numbers that the solver maximises mean what the documentation says.
func TestTheSolversObjectiveIsTheModels(t *testing.T) {
	m := smallModel(t)
	m.Policy.Money = 1e-7
	c := m.compile()
	rng := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var plan solve.Plan
		open := map[int]bool{}
		for s := range c.sessions {
			if open[s] = rng.IntN(2) == 0; open[s] {
				plan.Open = append(plan.Open, s)
			}
		}
		for i := range c.needs {
			for s := range c.sessions {
				if open[s] && rng.IntN(2) == 0 {
					plan.Assign = append(plan.Assign, [2]int{i, s})
				}
			}
		}
		want, _ := solve.Evaluate(c.problem, plan).Objective.Float64()
		require.InDelta(t, want/weightScale-c.idle(), worth(m, c.decode(plan.Open, plan.Assign)), 1e-9)
	}
}

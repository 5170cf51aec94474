package program

import (
	"encoding/json"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/program/internal/solve"
)

func TestOnlyWhatIsBelowIsANeed(t *testing.T) {
	w := office(t, 3)
	expired := gap(1, "a", 1, 3)
	expired.State = competency.Expired
	unassessed := competency.Gap{Person: 2, Required: competency.Requirement{Competency: "a", Level: 3}, State: competency.NotAssessed}
	m, ps := Build(w, gaps(gap(0, "b", 3, 3), gap(0, "a", 1, 3), expired, unassessed), weights, small(), policy())
	require.NoError(t, ps.Err())
	require.Equal(t, []Need{{Person: "p00", Of: "a", Held: 1, Gap: 2, Weight: 2}}, m.Needs)
}

func TestTheLargerOfTwoGapsInOneCompetencyCounts(t *testing.T) {
	held, target := gap(0, "a", 1, 2), gap(0, "a", 1, 4)
	for _, order := range [][]competency.Gap{{held, target}, {target, held}} {
		m, ps := Build(office(t, 1), gaps(order...), weights, small(), policy())
		require.NoError(t, ps.Err())
		require.Len(t, m.Needs, 1)
		require.Equal(t, 3.0, m.Needs[0].Gap)
	}
}

// D11: a weight that is absent or zero is an error, never a silent zero.
func TestD11ZeroWeight(t *testing.T) {
	for name, weight := range map[string]map[competency.CompetencyID]float64{
		"absent": {"b": 1}, "zero": {"a": 0, "b": 1}, "negative": {"a": -1, "b": 1}, "NaN": {"a": math.NaN(), "b": 1}, "infinite": {"a": math.Inf(1), "b": 1},
	} {
		m, ps := Build(office(t, 2), gaps(gap(0, "a", 1, 2), gap(1, "a", 1, 2), gap(1, "b", 1, 2)), weight, small(), policy())
		errs := ps.Only(bangkom.Error)
		require.Len(t, errs, 1, name)
		require.Equal(t, "zero-weight", errs[0].Code)
		require.Equal(t, "weights/a", errs[0].Where)
		require.Len(t, m.Needs, 1, "the rest is planned")
	}
}

func TestEachFaultOfAModelIsOneNamedProblem(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*Model)
		code  string
		where string
	}{
		"year":                    {func(m *Model) { m.Policy.Year = 0 }, "option", "policy/year"},
		"share":                   {func(m *Model) { m.Policy.Coverage = 1.1 }, "option", "policy/coverage"},
		"share that is no number": {func(m *Model) { m.Policy.Away = math.NaN() }, "option", "policy/away"},
		"price":                   {func(m *Model) { m.Policy.Money = math.Inf(1) }, "option", "policy/money"},
		"price of hours":          {func(m *Model) { m.Policy.MissingHour = math.NaN() }, "option", "policy/missing_hour"},
		"hours":                   {func(m *Model) { m.Policy.Hours = map[string]HourLimits{"X": {Min: 5, Max: 4}} }, "min-above-max", "policy/hours/X"},
		"negative hours":          {func(m *Model) { m.Policy.Hours = map[string]HourLimits{"X": {Min: -5}} }, "negative-hours", "policy/hours/X"},
		"partner twice":           {func(m *Model) { m.Catalogue.Partners = append(m.Catalogue.Partners, Partner{ID: "P"}) }, "duplicate-id", "partners/P"},
		"price rises": {func(m *Model) {
			m.Catalogue.Partners = append(m.Catalogue.Partners, Partner{ID: "Q", Terms: []Tier{{1, 5}, {2, 6}}})
		}, "price-rises", "partners/Q"},
		"tier below one seat": {func(m *Model) {
			m.Catalogue.Partners = append(m.Catalogue.Partners, Partner{ID: "Q", Terms: []Tier{{0, 5}}})
		}, "not-seats", "partners/Q"},
		"unknown partner":                 {func(m *Model) { m.Catalogue.Offerings = append(m.Catalogue.Offerings, Offering{ID: "X", Partner: "?"}) }, "unknown-partner", "offerings/X/partner"},
		"partner of a session's offering": {func(m *Model) { m.Catalogue.Offerings[2].Partner = "?" }, "unknown-partner", "offerings/B1/partner"},
		"offering without id":             {func(m *Model) { m.Catalogue.Offerings = append(m.Catalogue.Offerings, Offering{}) }, "empty-id", "offerings[3]"},
		"gain": {func(m *Model) {
			m.Catalogue.Offerings[2].Raises = map[competency.CompetencyID]Gain{"b": {Mean: math.NaN()}}
		},
			"not-finite", "offerings/B1/raises/b"},
		"unknown competency": {func(m *Model) { m.Catalogue.Offerings[2].Raises = map[competency.CompetencyID]Gain{"z": {Mean: 1}} },
			"unknown-competency", "offerings/B1/raises/z"},
		"own prerequisite": {func(m *Model) {
			m.Catalogue.Offerings = append(m.Catalogue.Offerings, Offering{ID: "X", After: "X"})
		}, "prerequisite-cycle", "offerings/X/after"},
		"prerequisites in a circle, once": {func(m *Model) {
			m.Catalogue.Offerings[2].After = "B1"
		}, "prerequisite-cycle", "offerings/B1/after"},
		"session read from a file": {func(m *Model) {
			m.Catalogue.Sessions[0].Offering, m.Catalogue.Sessions[0].Where = "?", "s.csv:2:Kode Sesi"
		}, "unknown-offering", "s.csv:2:Kode Sesi"},
		"min above max":    {func(m *Model) { m.Catalogue.Sessions[0].Min = 9 }, "min-above-max", "sessions/A1-1"},
		"negative seats":   {func(m *Model) { m.Catalogue.Sessions[0].Min = -1 }, "negative-seats", "sessions/A1-1"},
		"negative cost":    {func(m *Model) { m.Catalogue.Sessions[0].Cost.Seat = -1 }, "negative-amount", "sessions/A1-1"},
		"half dated":       {func(m *Model) { m.Catalogue.Sessions[0].To = bangkom.Date{} }, "missing-date", "sessions/A1-1"},
		"ends first":       {func(m *Model) { m.Catalogue.Sessions[0].To = day(1, 1) }, "end-before-start", "sessions/A1-1"},
		"unknown offering": {func(m *Model) { m.Catalogue.Sessions[0].Offering = "?" }, "unknown-offering", "sessions/A1-1"},
		"unknown resource": {func(m *Model) { m.Catalogue.Sessions[0].Uses = []Use{{"room", 1}} }, "unknown-resource", "sessions/A1-1/uses"},
		"too much money":   {func(m *Model) { m.Catalogue.Sessions[0].Cost.Fixed = math.MaxInt64 }, "amount-too-large", "sessions/A1-1/cost"},
		"negative budget":  {func(m *Model) { m.Catalogue.Budgets[1].Amount = -1 }, "negative-amount", "budgets/health/2027"},
		"unknown unit":     {func(m *Model) { m.Catalogue.Budgets[1].Unit = "?" }, "unknown-unit", "budgets/?/2027"},
		"budget twice":     {func(m *Model) { m.Catalogue.Budgets[1].Unit = "works" }, "duplicate-id", "budgets/works/2027"},
		"unknown person":   {func(m *Model) { m.Needs[0].Person = "?" }, "unknown-person", "needs/?/a"},
		"no gap":           {func(m *Model) { m.Needs[0].Gap = math.NaN() }, "not-a-gap", "needs/p00/a"},
		"zero weight":      {func(m *Model) { m.Needs[0].Weight = 0 }, "zero-weight", "needs/p00/a"},
		"need twice":       {func(m *Model) { m.Needs = append(m.Needs, m.Needs[0]) }, "duplicate-id", "needs/p00/a"},
		"must go nowhere":  {func(m *Model) { m.Policy.Settled = []Settled{{Person: "p00", Must: []OfferingID{"?"}}} }, "unknown-offering", "settled/p00/must"},
		"lock":             {func(m *Model) { m.Policy.Settled = []Settled{{Person: "p00", Lock: []SessionID{"?"}}} }, "cannot-lock", "settled/p00/lock"},
		"lock of what is done": {func(m *Model) {
			m.Policy.Settled = []Settled{{Person: "p00", Lock: []SessionID{"A1-1"}, Done: []OfferingID{"A1"}}}
		}, "cannot-lock", "settled/p00/lock"},
		"cover":        {func(m *Model) { m.Policy.Covers = []Cover{{Who: []competency.PersonID{"?"}, Share: 1}} }, "unknown-person", "policy/covers[0]/who"},
		"no workforce": {func(m *Model) { m.Workforce = nil }, "no-workforce", "workforce"},
	} {
		t.Run(name, func(t *testing.T) {
			m := smallModel(t)
			c.spoil(m)
			errs := m.Validate().Only(bangkom.Error)
			require.Len(t, errs, 1, "%v", errs)
			require.Equal(t, c.code, errs[0].Code)
			require.Equal(t, c.where, errs[0].Where)
			if cleaned, _ := m.clean(); m.Workforce != nil && m.Policy.Year > 0 && c.code != "option" && c.where[:6] != "policy" {
				require.NoError(t, cleaned.Validate().Err(), "what is left is a model")
			}
		})
	}
}

func TestMoreHoursCreditedThanAPersonMayHave(t *testing.T) {
	m := smallModel(t)
	status := m.Workforce.At(0).Status
	m.Policy.Hours = map[string]HourLimits{status: {Max: 24 * bangkom.OneJP}, "": {}}
	m.Policy.Settled = []Settled{{Person: "p00", Earned: 30 * bangkom.OneJP, Where: "s.csv:2:JP"}}
	ps := m.Validate()
	require.NoError(t, ps.Err())
	require.Contains(t, found(ps), "earned-above-max s.csv:2:JP 30")
	m.Policy.Settled[0].Earned = 24 * bangkom.OneJP
	require.False(t, m.Validate().Has("earned-above-max"))
}

func TestCirclesOfPrerequisitesAreFoundAndOnlyThey(t *testing.T) {
	chain := []Offering{{ID: "a", After: "b"}, {ID: "b", After: "c"}, {ID: "c"}, {ID: "x", After: "y"}, {ID: "y", After: "z"}, {ID: "z", After: "y"}, {ID: "q", After: "gone"}}
	for range 5 {
		require.Equal(t, map[OfferingID]bool{"y": true, "z": true}, inCircle(chain))
		chain = append(chain[1:], chain[0])
	}
}

func TestAnUnknownPrerequisiteIsAWarningAndServesThoseWhoDidIt(t *testing.T) {
	m := smallModel(t)
	m.Catalogue.Offerings[1].After = "old"
	m.Policy.Settled = []Settled{{Person: "p03", Done: []OfferingID{"old"}}}
	ps := m.Validate()
	require.NoError(t, ps.Err())
	require.True(t, ps.Has("unknown-prerequisite"))
	c := m.compile()
	pre := c.problem.Sessions[c.sessionN["A2-1"][0]].Pre
	require.Equal(t, []int{pre}, c.problem.People[3].Done)
	require.Empty(t, c.problem.People[2].Done)
}

func TestNoBudgetOfTheYearIsSaid(t *testing.T) {
	m := smallModel(t)
	m.Policy.Year = 2028
	require.True(t, m.Validate().Has("no-budget"))
	require.NoError(t, m.Validate().Err())
}

func TestBuildKeepsNoneOfItsArguments(t *testing.T) {
	w, c, p := office(t, 6), small(), policy()
	p.Settled = []Settled{{Person: "p01", Not: []SessionID{"A1-1"}, Must: []OfferingID{"?", "B1"}}}
	before, _ := json.Marshal(c)
	m, _ := Build(w, gaps(gap(0, "a", 1, 3)), weights, c, p)
	after, _ := json.Marshal(c)
	require.JSONEq(t, string(before), string(after))
	require.Equal(t, []OfferingID{"?", "B1"}, p.Settled[0].Must)
	c.Offerings[0].Raises["a"] = Gain{Mean: 99}
	c.Partners[0].Terms[0].Price = 99
	require.Equal(t, 1.2, m.Catalogue.Offerings[0].Raises["a"].Mean)
	require.EqualValues(t, 500_000, m.Catalogue.Partners[0].List())
}

// ---- the model in numbers

func TestTopLevelsMakeLanesByLevelHeld(t *testing.T) {
	m := smallModel(t) // a is held at 1, 2, 3; A1 lifts to 3 at most by 1.2; b has no top
	c := m.compile()
	require.Equal(t, 4, c.problem.K)
	a1 := c.problem.Sessions[c.sessionN["A1-1"][0]]
	gain := map[int]int{}
	for _, x := range a1.Comp {
		gain[x[0]] = x[1]
	}
	require.Equal(t, map[int]int{c.lanes[lane{"a", 1}]: 12, c.lanes[lane{"a", 2}]: 10}, gain, "1.2 from 1, 1 from 2, none from 3")
	b1 := c.problem.Sessions[c.sessionN["B1-1"][0]]
	require.Equal(t, [][2]int{{c.lanes[lane{"b", anyLevel}], 10}}, b1.Comp)
}

func TestHoursAreScaledToACommonInteger(t *testing.T) {
	m := smallModel(t) // 20, 10, 4.5 JP; limits 20 and 24
	c := m.compile()
	require.EqualValues(t, 500, c.hour)
	require.Equal(t, 9, c.problem.Sessions[c.sessionN["B1-1"][0]].Hours)
	require.Equal(t, 40, *c.problem.People[0].HMin)
	require.Nil(t, c.problem.People[0].HMax)
	require.Nil(t, c.problem.People[4].HMin)
	require.Equal(t, 48, *c.problem.People[4].HMax)
	require.Equal(t, 109, c.problem.HMax, "no ceiling: everything together")
	require.EqualValues(t, "25", *c.problem.Rho, "0.05 a JP, in thousandths of half an hour")
}

func TestHoursEarnedCountTowardsBothLimits(t *testing.T) {
	m := smallModel(t)
	m.Policy.Settled = []Settled{{Person: "p00", Earned: 15 * bangkom.OneJP}, {Person: "p00", Earned: 7 * bangkom.OneJP}, {Person: "p04", Earned: 20_500}}
	c := m.compile()
	require.Nil(t, c.problem.People[0].HMin, "22 of 20 JP")
	require.Equal(t, 7, *c.problem.People[4].HMax, "3.5 of 24 JP are left")
}

func TestBudgetLinesPayForUnitsBelowWithoutALine(t *testing.T) {
	m := smallModel(t)
	m.Catalogue.Budgets = []Budget{{Unit: "city", Year: 2027, Amount: 7}, {Unit: "works", Year: 2027, Amount: 3}, {Unit: "works", Year: 2026, Amount: 4}}
	c := m.compile()
	require.Equal(t, []competency.UnitID{"city", "works"}, c.payers)
	require.Equal(t, []int64{7, 3}, c.problem.UBudget)
	require.EqualValues(t, mostMoney, c.problem.Budget, "no line of the whole")
	require.Equal(t, 0, c.problem.People[0].U, "health has no line of its own")
	require.Equal(t, 1, c.problem.People[1].U)
}

func TestUnitsWithoutLinesStayApart(t *testing.T) {
	m := smallModel(t)
	m.Catalogue.Budgets = nil
	require.Equal(t, []competency.UnitID{"health", "works"}, m.compile().payers)
}

func TestSessionsOfOtherYearsAndBegunOnesAreNotOffered(t *testing.T) {
	m := smallModel(t)
	m.Policy.AsOf = day(2, 2)
	m.Catalogue.Sessions = append(m.Catalogue.Sessions,
		Session{ID: "NY", Offering: "B1", From: bangkom.MustDate(2026, 12, 30), To: day(1, 2), Max: 3},
		Session{ID: "NY2", Offering: "B1", From: day(12, 30), To: bangkom.MustDate(2028, 1, 2), Max: 3})
	c := m.compile()
	var ids []SessionID
	for _, s := range c.sessions {
		ids = append(ids, s.ID)
	}
	require.Equal(t, []SessionID{"A1-2", "A2-1", "B1-1"}, ids, "A1-1 and NY have begun, NY2 ends in 2028")
	m.Policy.AsOf = bangkom.Date{}
	require.Contains(t, m.compile().sessionN, SessionID("NY"), "it belongs to the year of its last day")
	require.NotContains(t, m.compile().sessionN, SessionID("NY2"))
}

func TestDatesAreHalfOpenDays(t *testing.T) {
	c := smallModel(t).compile()
	s := c.problem.Sessions[c.sessionN["A1-2"][0]]
	require.Equal(t, [2]int{28, 31}, [2]int{*s.From, *s.To})
	require.Nil(t, c.problem.Sessions[c.sessionN["B1-1"][0]].From)
	require.Equal(t, -1, s.Slot)
}

func TestPricesAreExactDecimals(t *testing.T) {
	m := smallModel(t)
	m.Policy.MissingHour, m.Policy.Coverage, m.Policy.Uncovered = .1, .3, math.Inf(1)
	m.Policy.OverUnit, m.Policy.Money = 1e-7, 0
	c := m.compile()
	require.EqualValues(t, "50", *c.problem.Rho)
	require.EqualValues(t, "0.3", c.problem.Theta)
	require.Nil(t, c.problem.Pi, "+Inf is hard")
	require.Nil(t, c.problem.Over.Budget)
	require.EqualValues(t, "0.0001", *c.problem.Over.UBudget)
	m.Policy.MissingHour = -1
	require.Zero(t, m.compile().problem.Rho.Float64(), "free")
}

func TestCautionLowersGains(t *testing.T) {
	m := smallModel(t)
	m.Policy.Caution = 1
	c := m.compile()
	require.Equal(t, [2]int{c.lanes[lane{"a", 1}], 9}, c.problem.Sessions[0].Comp[0], "1.2 − 0.3")
}

func TestOrderOfTheInputDoesNotMatter(t *testing.T) {
	m := smallModel(t)
	m.Policy.Settled = []Settled{{Person: "p02", Done: []OfferingID{"A1", "B1"}}, {Person: "p01", Not: []SessionID{"B1-1", "A1-1"}}}
	want, err := json.Marshal(m.compile().problem)
	require.NoError(t, err)
	slices.Reverse(m.Needs)
	slices.Reverse(m.Catalogue.Offerings)
	slices.Reverse(m.Catalogue.Sessions)
	slices.Reverse(m.Catalogue.Budgets)
	slices.Reverse(m.Policy.Settled)
	slices.Reverse(m.Policy.Settled[0].Not)
	got, err := json.Marshal(m.compile().problem)
	require.NoError(t, err)
	require.JSONEq(t, string(want), string(got))
}

func TestWhatIsCompiledIsAProblemThatTheSolverTakes(t *testing.T) {
	m := smallModel(t)
	m.Catalogue.Resources = []Resource{{ID: "room", Limit: 1}, {ID: "kit", Limit: 5, PerSeat: true, Price: .5}}
	m.Catalogue.Sessions[0].Uses = []Use{{"room", 1}, {"kit", 1}}
	m.Catalogue.Sessions[0].Clash = []SessionID{"A2-1"}
	m.Catalogue.Sessions[1].Decision = Open
	m.Policy.Away, m.Policy.Coverage, m.Policy.Money = .5, .5, 1e-8
	m.Policy.Covers = []Cover{{Who: []competency.PersonID{"p01", "p00", "p01"}, Share: 1}}
	m.Policy.Settled = []Settled{{Person: "p00", Must: []OfferingID{"B1"}, Not: []SessionID{"A1-1"}, Lock: []SessionID{"A1-2"}, Done: []OfferingID{"A2"}},
		{Person: "p01", Must: []OfferingID{"A1"}, Done: []OfferingID{"A1"}}}
	require.NoError(t, m.Validate().Err())
	c := m.compile()
	require.NoError(t, c.problem.Validate().Err())
	require.Equal(t, []solve.Limit{{Limit: 5, Per: "seat", Use: [][2]int64{{0, 1}}, Price: c.problem.Limits[0].Price}, {Limit: 1, Per: "session", Use: [][2]int64{{0, 1}}}}, c.problem.Limits)
	require.Equal(t, []int{0, 1}, c.problem.Cover[0].Who)
	require.Empty(t, c.problem.People[1].Must, "done already")
	require.Equal(t, "open", c.problem.Sessions[1].State)
}

// A unit whose budget lines are all of another year has no ceiling, or that of
// the unit above, and the model says which.
func TestBudgetsOfAnotherYearAreSaid(t *testing.T) {
	said := func(budgets ...Budget) []string {
		m := smallModel(t)
		m.Catalogue.Budgets = budgets
		_, ps := m.clean()
		var out []string
		for _, p := range ps.Only(bangkom.Warning) {
			out = append(out, p.Code+" "+p.Where+": "+p.Msg)
		}
		return out
	}
	whole, health := Budget{Year: 2027, Amount: 5}, Budget{Unit: "health", Year: 2026, Amount: 5}
	require.Empty(t, said(whole, Budget{Unit: "health", Year: 2027, Amount: 5}, health))
	require.Equal(t, []string{"no-budget budgets/health/2026: its budget lines are all of other years: it has no ceiling"}, said(whole, health))
	require.Equal(t, []string{"no-budget budgets/health/2026: its budget lines are all of other years: the line of city pays instead"},
		said(whole, health, Budget{Unit: "city", Year: 2027, Amount: 5}))
	require.Equal(t, []string{"no-budget budgets/TOTAL/2026: its budget lines are all of other years: it has no ceiling"},
		said(Budget{Year: 2026, Amount: 5}, Budget{Unit: "health", Year: 2027, Amount: 5}))
	require.Equal(t, []string{"no-budget budgets: no budget of this year: money is no limit"}, said(health), "said once of all")
	require.Empty(t, said(whole, Budget{Unit: "health", Year: 2027, Amount: 5}, Budget{Unit: "works", Year: 2027, Amount: 5}, Budget{Unit: "city", Year: 2026, Amount: 5}), "nobody's seats are paid by the city")
}

// A share of a small unit that is nobody is said: nobody of it gets a seat in a
// session with a date.
func TestAShareOfNobodyIsSaid(t *testing.T) {
	m := smallModel(t) // three people in each unit
	for share, n := range map[float64]int{0: 0, 0.1: 2, 0.3: 2, 0.34: 0, 1: 0} {
		m.Policy.Away = share
		_, ps := m.clean()
		units := ps.Only(bangkom.Warning)
		require.Len(t, units, n, share)
		if n > 0 {
			require.Equal(t, "nobody-away", units[0].Code)
			require.Equal(t, "health", units[0].Value)
			require.Contains(t, units[0].Msg, "of 3 people")
		}
	}
	m.Policy.Away = 0.1
	p, err := Solve(t.Context(), m, &Options{Work: plentyOfWork})
	require.NoError(t, err)
	for _, h := range p.Held {
		require.True(t, h.Session.From.IsZero() || len(h.People) == 0, "%s has a date", h.Session.ID)
	}
}

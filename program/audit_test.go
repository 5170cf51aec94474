package program

import (
	"context"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/program/internal/solve"
)

// TestAPrerequisiteThatClosesNothing: somebody whose gap an offering raises,
// but who may not attend what has to come before it, has no session, however
// much there is of everything; and the model says so.
func TestAPrerequisiteThatClosesNothing(t *testing.T) {
	w := office(t, 3)
	c := small() // A2 raises b, comes after A1, which raises a up to 3
	c.Offerings, c.Sessions = c.Offerings[:2], c.Sessions[:3]
	m, ps := Build(w, gaps(gap(0, "a", 1, 4), gap(1, "a", 1, 4), gap(1, "b", 2, 3), gap(2, "b", 2, 3)), weights, c, Policy{Year: 2027})
	require.NoError(t, ps.Err())
	require.True(t, ps.Has("barred-prerequisite"), "%v", ps)
	for _, p := range ps {
		if p.Code == "barred-prerequisite" {
			require.Equal(t, "offerings/A2", p.Where)
			require.Contains(t, p.Msg, "1 of the 3 people")
		}
	}
	in, err := m.Instance()
	require.NoError(t, err)
	p, err := in.Solve(t.Context(), &Options{Work: 100_000})
	require.NoError(t, err)
	x, _ := p.Person("p02")
	require.Equal(t, NoSession, x.Unseated)
	why, err := in.Explain(p)
	require.NoError(t, err)
	r, err := why.Person("p02")
	require.NoError(t, err)
	require.Equal(t, NoSession, r.Unseated)
	require.Equal(t, Rule{Kind: "barred", Offering: "A1"}, r.Options[0].Blocks[0].Rule)

	// As a duty it is open, and the way is free.
	m.Policy.Settled = []Settled{{Person: "p02", Must: []OfferingID{"A1"}}}
	require.False(t, m.Validate().Has("barred-prerequisite"))
	p, err = Solve(t.Context(), m, &Options{Work: 100_000})
	require.NoError(t, err)
	x, _ = p.Person("p02")
	require.Contains(t, x.Sessions, SessionID("A2-1"))
}

// TestHoursOfWhatComesBefore: a session whose prerequisite does not fit beside
// it under the most hours is not one that a person may attend.
func TestHoursOfWhatComesBefore(t *testing.T) {
	w := office(t, 5) // p04 is PPPK: 24 JP at most, and A1 and A2 are 30
	c := small()
	c.Offerings, c.Sessions = c.Offerings[:2], c.Sessions[2:3]
	c.Offerings[0].Raises["b"] = Gain{Mean: 1}
	c.Sessions = append(c.Sessions, small().Sessions[0])
	m, ps := Build(w, gaps(gap(0, "b", 1, 4), gap(1, "b", 1, 4), gap(4, "b", 1, 4)), weights, c, policy())
	require.NoError(t, ps.Err())
	in, err := m.Instance()
	require.NoError(t, err)
	who := in.c.audience()
	require.Len(t, who.of(0), 2)
	require.Len(t, who.of(4), 1)
	x, err := in.Explain(in.c.decode(nil, nil))
	require.NoError(t, err)
	r, err := x.Person("p04")
	require.NoError(t, err)
	for _, o := range r.Options {
		if o.Session == "A2-1" {
			require.Equal(t, Block{Rule: Rule{Kind: "hours", Person: "p04"}, Short: 6, Unit: "hour"}, o.Blocks[1])
		}
	}
}

// TestPromisesThatCannotHold are found before anything is searched, with who,
// what and how much.
func TestPromisesThatCannotHold(t *testing.T) {
	for name, c := range map[string]struct {
		promise           func(*Model)
		code, where, says string
	}{
		"hours of a person": {func(m *Model) {
			m.Policy.Settled = []Settled{{Person: "p04", Must: []OfferingID{"A1", "B1"}, Where: "s.csv:7:Kode"}}
			m.Catalogue.Offerings[2].JP = 5 * bangkom.OneJP
		}, "too-many-hours", "s.csv:7:Kode", "p04 takes 25 JP, and the most is 24"},
		"hours of what has to come first": {func(m *Model) {
			m.Policy.Settled = []Settled{{Person: "p04", Lock: []SessionID{"A2-1"}}}
		}, "too-many-hours", "settled/p04", "takes 30 JP"},
		"two at the same time": {func(m *Model) {
			m.Policy.Settled = []Settled{{Person: "p00", Lock: []SessionID{"A1-1"}}, {Person: "p00", Lock: []SessionID{"A1-2"}}}
		}, "contradiction", "settled/p00", "nobody can attend both"},
		"a unit's line": {func(m *Model) {
			m.Policy.Settled = []Settled{{Person: "p00", Lock: []SessionID{"A1-1"}}, {Person: "p02", Must: []OfferingID{"A1"}}}
			m.Catalogue.Budgets[1].Amount = 199_999
		}, "budget-short", "budgets/health/2027", "at least Rp200.000"},
		"the whole": {func(m *Model) {
			m.Policy.Settled = []Settled{{Person: "p00", Lock: []SessionID{"A1-1"}}}
			m.Catalogue.Budgets[0].Amount = 1_100_000
		}, "budget-short", "budgets/TOTAL/2027", "at least Rp1.200.000"},
		"the whole, of duties": {func(m *Model) {
			m.Policy.Settled = []Settled{{Person: "p00", Must: []OfferingID{"A1"}}}
			m.Catalogue.Budgets[0].Amount = 1_199_999
		}, "budget-short", "budgets/TOTAL/2027", "at least Rp1.200.000"},
		"too few for the minimum": {func(m *Model) {
			m.Policy.Settled = []Settled{{Person: "p00", Lock: []SessionID{"A1-1"}}}
			for i := 1; i < 6; i++ {
				m.Policy.Settled = append(m.Policy.Settled, Settled{Person: m.Workforce.At(i).ID, Not: []SessionID{"A1-1"}})
			}
		}, "seats", "sessions/A1-1", "its minimum of 2"},
		"too few for the minimums of two sessions": {func(m *Model) {
			for k := range 2 {
				m.Catalogue.Sessions[k].Decision, m.Catalogue.Sessions[k].Min = Open, 3
			}
			m.Policy.Settled = []Settled{{Person: "p00", Done: []OfferingID{"A1"}}}
		}, "seats", "sessions/A1-1", "A1-1, A1-2 are sure to be held with at least 6 people together"},
		"too little money of the units for the minimum": {func(m *Model) {
			m.Catalogue.Sessions[0].Decision, m.Catalogue.Sessions[0].Min = Open, 3
			m.Catalogue.Budgets[1].Amount = 0
			m.Policy.Settled = []Settled{{Person: "p01", Not: []SessionID{"A1-1"}}}
		}, "seats", "sessions/A1-1", "units' budget lines pay for fewer"},
		"too little money of a unit beside its kept seats": {func(m *Model) {
			m.Catalogue.Sessions[0].Decision, m.Catalogue.Sessions[0].Min = Open, 3
			m.Catalogue.Sessions[3].Cost.Seat = 1
			m.Catalogue.Budgets[1].Amount = 100_000 // one seat in A1-1, were it not for p00's in B1-1
			m.Policy.Settled = []Settled{{Person: "p00", Lock: []SessionID{"B1-1"}}, {Person: "p01", Not: []SessionID{"A1-1"}}}
		}, "seats", "sessions/A1-1", "units' budget lines pay for fewer"},
		"a room": {func(m *Model) {
			m.Catalogue.Resources = []Resource{{ID: "hall", Limit: 4}}
			m.Catalogue.Sessions[0].Uses, m.Catalogue.Sessions[3].Uses = []Use{{"hall", 3}}, []Use{{"hall", 2}}
			m.Catalogue.Sessions[3].Decision = Open
			m.Policy.Settled = []Settled{{Person: "p00", Lock: []SessionID{"A1-1"}}}
		}, "resource-short", "resources/hall", "takes at least 5 of this resource, and its limit is 4"},
		"licences": {func(m *Model) {
			m.Catalogue.Resources = []Resource{{ID: "licence", Limit: 7, PerSeat: true}}
			m.Catalogue.Sessions[0].Uses, m.Catalogue.Sessions[3].Uses = []Use{{"licence", 3}}, []Use{{"licence", 1}}
			m.Policy.Settled = []Settled{{Person: "p00", Lock: []SessionID{"B1-1"}}, {Person: "p02", Lock: []SessionID{"B1-1"}}}
			m.Catalogue.Sessions[0].Decision = Open
		}, "resource-short", "resources/licence", "takes at least 8 of this resource, and its limit is 7"},
		"more than there are seats": {func(m *Model) {
			for i := range 4 {
				m.Policy.Settled = append(m.Policy.Settled, Settled{Person: m.Workforce.At(i).ID, Lock: []SessionID{"A1-1"}})
			}
		}, "seats", "sessions/A1-1", "than the 3 it has"},
		"more than all its sessions have": {func(m *Model) {
			m.Catalogue.Sessions[1].Max = 2
			for i := range 6 {
				m.Policy.Settled = append(m.Policy.Settled, Settled{Person: m.Workforce.At(i).ID, Must: []OfferingID{"A1"}})
			}
		}, "seats", "sessions/A1-1", "in one of the sessions A1-1, A1-2 than the 5 these have together"},
		"seats that another duty leaves": {func(m *Model) {
			m.Catalogue.Sessions[3].From, m.Catalogue.Sessions[3].To = day(3, 2), day(3, 2)
			for i := range 4 {
				m.Policy.Settled = append(m.Policy.Settled, Settled{Person: m.Workforce.At(i).ID, Must: []OfferingID{"A1", "B1"}})
			}
		}, "seats", "sessions/A1-1", "than the 3 it has"},
		"duties at the same time": {func(m *Model) {
			m.Catalogue.Sessions[3].From, m.Catalogue.Sessions[3].To = day(2, 2), day(3, 2)
			m.Policy.Settled = []Settled{{Person: "p00", Must: []OfferingID{"A1", "B1"}}}
		}, "contradiction", "settled/p00", "cannot all be attended"},
		"a prerequisite that comes too late": {func(m *Model) {
			m.Policy.Settled = []Settled{{Person: "p00", Must: []OfferingID{"A2"}}, {Person: "p00", Not: []SessionID{"A1-1"}}}
			m.Catalogue.Sessions[2].From, m.Catalogue.Sessions[2].To = day(2, 10), day(2, 11)
		}, "contradiction", "settled/p00", "a prerequisite comes too late"},
		"too many of a unit away": {func(m *Model) {
			m.Policy.Away = 0.5
			m.Policy.Settled = []Settled{{Person: "p00", Lock: []SessionID{"A1-1"}}, {Person: "p02", Lock: []SessionID{"A1-1"}}}
		}, "away", "policy/away", "2 people of unit health are sure of a seat at the same time, and at most 1 may be away"},
		"too few of each unit for the minimum": {func(m *Model) {
			m.Policy.Away = 0.4
			m.Catalogue.Sessions[0].Decision, m.Catalogue.Sessions[0].Min = Open, 3
		}, "seats", "sessions/A1-1", "2 people can attend it, fewer than its minimum of 3"},
		"fewer may attend than have to be reached": {func(m *Model) {
			m.Policy.Coverage, m.Policy.Uncovered = 0.5, math.Inf(1)
			for i := range m.Catalogue.Sessions {
				m.Catalogue.Sessions[i].Decision = Closed
			}
			m.Catalogue.Sessions[0].Decision = Undecided
			m.Policy.Settled = []Settled{{Person: "p00", Not: []SessionID{"A1-1"}}, {Person: "p02", Done: []OfferingID{"A1"}}}
		}, "coverage", "policy/coverage/health", "2 of 3 people of health have to be reached, and only 1 may attend"},
		"fewer seats than people to be reached": {func(m *Model) {
			m.Policy.Covers = []Cover{{Who: []competency.PersonID{"p00", "p01", "p03", "p04"}, Share: 0.9, Price: math.Inf(1)}}
			for i := 1; i < 4; i++ {
				m.Catalogue.Sessions[i].Decision = Closed
			}
		}, "coverage", "policy/covers[0]", "4 of 4 people of policy/covers[0] have to be reached, and the sessions that they may attend have only 3 seats"},
		"less money of a unit than people to be reached": {func(m *Model) {
			m.Policy.Coverage, m.Policy.Uncovered = 0.8, math.Inf(1)
			m.Catalogue.Sessions[3].Cost.Seat = 100_000
			m.Catalogue.Budgets[1].Amount = 299_999
		}, "coverage", "policy/coverage/health", "3 of 3 people of health have to be reached, and their units' budget lines pay for only 2"},
		"in none of its sessions": {func(m *Model) {
			m.Policy.Settled = []Settled{{Person: "p00", Must: []OfferingID{"B1"}}, {Person: "p00", Not: []SessionID{"B1-1"}}}
		}, "contradiction", "settled/p00/must", "not in any of its sessions"},
		"a seat excluded in another entry": {func(m *Model) {
			m.Policy.Settled = []Settled{{Person: "p00", Lock: []SessionID{"B1-1"}}, {Person: "p00", Not: []SessionID{"B1-1"}}}
		}, "cannot-lock", "settled/p00/lock", "excluded"},
	} {
		t.Run(name, func(t *testing.T) {
			m := smallModel(t)
			c.promise(m)
			errs := m.Validate().Only(bangkom.Error)
			require.Len(t, errs, 1, "%v", errs)
			require.Equal(t, c.code, errs[0].Code)
			require.Equal(t, c.where, errs[0].Where)
			require.Contains(t, errs[0].Msg, c.says)
			_, err := Solve(context.Background(), m, &Options{Work: 10})
			require.Error(t, err)
		})
	}
}

// TestWhatCountsForNothingIsSaid: nothing that a file says is dropped without a word.
func TestWhatCountsForNothingIsSaid(t *testing.T) {
	for name, c := range map[string]struct {
		change            func(*Model)
		severity          bangkom.Severity
		code, where, says string
	}{
		"a session of another year": {func(m *Model) {
			s := &m.Catalogue.Sessions[0]
			s.From, s.To, s.Where = bangkom.MustDate(2028, 1, 1), bangkom.MustDate(2028, 1, 3), "s.csv:2"
		}, bangkom.Warning, "outside-year", "s.csv:2", "1 sessions end in 2028"},
		"no session left": {func(m *Model) {
			m.Catalogue.Sessions = m.Catalogue.Sessions[:3]
			m.Policy.Year = 2026
		}, bangkom.Error, "no-sessions", "sessions", "no session is left"},
		"sessions that began": {func(m *Model) { m.Policy.AsOf = day(2, 15) }, bangkom.Warning, "begun", "sessions", "began before"},
		"a status without limits": {func(m *Model) { m.Policy.Hours = map[string]HourLimits{"PNSS": {Min: 5}, "PPPK": {}} },
			bangkom.Warning, "no-hour-limits", "policy/hours", "5 people have a status without limits"},
		"a gain of nothing": {func(m *Model) { m.Catalogue.Offerings[0].Raises["a"] = Gain{Mean: -.1, N: 9} },
			bangkom.Warning, "no-gain", "offerings/A1/raises/a", "not above 0"},
		"a gain too small to count": {func(m *Model) { m.Catalogue.Offerings[0].Raises["a"] = Gain{Mean: .04} },
			bangkom.Warning, "no-gain", "offerings/A1/raises/a", "twentieth"},
		"a gain finer than a tenth": {func(m *Model) { m.Catalogue.Offerings[0].Raises["a"] = Gain{Mean: .34} },
			bangkom.Warning, "gain-rounded", "offerings", "tenths"},
		"an offering without gains": {func(m *Model) { m.Catalogue.Offerings[0].Raises = nil },
			bangkom.Warning, "no-gain", "offerings/A1", "for nobody"},
		"a duty that was done": {func(m *Model) {
			m.Policy.Settled = []Settled{{Person: "p00", Must: []OfferingID{"A1"}}, {Person: "p00", Done: []OfferingID{"A1"}}}
		}, bangkom.Warning, "duty-done", "settled/p00/must", "counts as fulfilled"},
	} {
		t.Run(name, func(t *testing.T) {
			m := smallModel(t)
			before := m.Validate()
			c.change(m)
			found := false
			for _, p := range m.Validate() {
				if p.Code == c.code && p.Where == c.where {
					found = true
					require.Equal(t, c.severity, p.Severity)
					require.Contains(t, p.Msg, c.says)
				}
			}
			require.True(t, found, "%v", m.Validate())
			require.False(t, before.Has(c.code))
		})
	}
	_, ps := ReadGains(strings.NewReader("Kode,Kompetensi,Kenaikan,N\nA1,a,-0.4,\nA1,b,-0.1,20\n"), "g.csv", []Offering{{ID: "A1", Raises: map[competency.CompetencyID]Gain{}}}, nil)
	require.Equal(t, []string{"negative-gain g.csv:2:Kenaikan -0.4"}, found(ps))
}

// TestTextShowsBothMoneys: what is planned at list price, and what is paid.
func TestTextShowsBothMoneys(t *testing.T) {
	m := smallModel(t)
	p := seated(m, map[SessionID][]int{"A1-1": {0, 1, 2}, "A2-1": {0, 1, 2}})
	p.Objective, p.Bound = 1, 1
	var b strings.Builder
	require.NoError(t, p.WriteText(&b, "en", 0))
	require.Contains(t, b.String(), "Cost at planned (list) prices Rp2,950,000 (budget Rp5,000,000, left Rp2,050,000); after discounts for volume Rp2,650,000 is paid, left Rp2,350,000.")
	p = seated(m, map[SessionID][]int{"A1-1": {0, 1, 2}})
	p.Objective, p.Bound = 1, 1
	b.Reset()
	require.NoError(t, p.WriteText(&b, "en", 0))
	require.Contains(t, b.String(), "Cost Rp1,300,000 (budget")

	b.Reset()
	require.NoError(t, p.WriteSeats(&b, "en"))
	require.Contains(t, b.String(), "p00, p01, p02")
}

// TestWhatIsSettledIsSaidOfASeat, and prices are those of seats that are short.
func TestWhatIsSettledIsSaidOfASeat(t *testing.T) {
	m := smallModel(t)
	m.Policy.Settled = []Settled{{Person: "p00", Lock: []SessionID{"A1-1"}, Must: []OfferingID{"B1"}}}
	in, err := m.Instance()
	require.NoError(t, err)
	p := solved(t, in)
	x, err := in.Explain(p)
	require.NoError(t, err)
	r, err := x.Person("p00")
	require.NoError(t, err)
	require.Equal(t, []Rule{{Kind: "lock", Session: "A1-1"}, {Kind: "must", Offering: "B1"}}, r.Settled)
	var b strings.Builder
	require.NoError(t, r.WriteText(&b, "en"))
	require.Contains(t, b.String(), "Settled before: settled seat: A1-1; must attend: B1.")
	for _, price := range x.Prices() {
		if price.Rule.Kind == "seats" {
			require.GreaterOrEqual(t, price.Used, price.Limit)
		}
	}
	for _, s := range in.c.sessions {
		w, err := x.Session(s.ID)
		require.NoError(t, err)
		require.LessOrEqual(t, w.Forced, 0.0)
	}
	points, err := in.Curve(t.Context(), Rule{Kind: "seats", Session: "A1-1"}, nil, &Options{Work: 1000})
	require.NoError(t, err)
	require.NotEmpty(t, points)
	_, err = in.Curve(t.Context(), Rule{Kind: "seats", Session: "?"}, nil, nil)
	require.ErrorIs(t, err, bangkom.ErrOption)
	require.Contains(t, err.Error(), "no session")
}

// TestPromisesAreSound: a model that is refused for its promises has no plan.
func TestPromisesAreSound(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	refused := map[string]int{}
	for k := range 400 {
		m := smallModel(t)
		m.Catalogue.Sessions[3].From, m.Catalogue.Sessions[3].To = day(2, 2), day(2+rng.IntN(2), 2+rng.IntN(20))
		m.Catalogue.Sessions[2].From, m.Catalogue.Sessions[2].To = day(2, 10), day(4, 2)
		for s := range 4 {
			m.Catalogue.Sessions[s].Max = m.Catalogue.Sessions[s].Min + rng.IntN(4)
		}
		m.Policy.Away = float64(rng.IntN(2)) / 2
		for range 2 + rng.IntN(7) {
			s := Settled{Person: m.Workforce.At(rng.IntN(6)).ID}
			switch rng.IntN(3) {
			case 0:
				s.Not = []SessionID{m.Catalogue.Sessions[rng.IntN(4)].ID}
			case 1:
				s.Lock = []SessionID{m.Catalogue.Sessions[rng.IntN(4)].ID}
			default:
				s.Must = []OfferingID{m.Catalogue.Offerings[rng.IntN(3)].ID}
			}
			m.Policy.Settled = append(m.Policy.Settled, s)
		}
		if _, ps := m.clean(); ps.Err() != nil {
			continue
		}
		c := m.compile()
		ps := c.promises(c.audience())
		if ps.Err() == nil {
			continue
		}
		for _, p := range ps {
			refused[p.Code]++
		}
		r, err := solve.Solve(t.Context(), c.problem, solve.Options{Work: 1000, Workers: 1})
		require.NoError(t, err)
		require.NotContains(t, []solve.Status{solve.Feasible, solve.Bounded, solve.Optimal}, r.Status, "%d: %v: %v", k, ps, m.Policy.Settled)
	}
	for _, code := range []string{"contradiction", "seats", "away", "no-seat"} {
		require.Positive(t, refused[code], code)
	}
}

// TestCoveragePromisesAreSound: where a hard coverage is refused no plan of all
// there are keeps to it.
func TestCoveragePromisesAreSound(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 9))
	said := map[string]int{}
	eachRandom(t, 300, 3, 3, func(t *testing.T, k int, p *solve.Problem, in *Instance) {
		p.Pi, p.Theta = nil, solve.Float(float64(rng.IntN(5))/4)
		for s := range p.Sessions {
			if rng.IntN(3) == 0 {
				p.Sessions[s].State = Closed.String()
			}
		}
		for k := range p.Cover {
			p.Cover[k].Pi = nil
		}
		ps := in.c.coverPromises(in.c.audience())
		if len(ps) == 0 {
			return
		}
		for _, x := range ps {
			said[x.Need]++
		}
		require.Equal(t, math.Inf(-1), bruteForce(p), "%d: %v", k, ps)
	})
	require.Len(t, said, 3, "of every kind")
}

// A session that begins before its prerequisite ends is for nobody, and is said to be.
func TestAPrerequisiteThatEndsTooLate(t *testing.T) {
	m := smallModel(t)
	s := &m.Catalogue.Sessions[2]
	s.From, s.To, s.Where = day(2, 2), day(2, 2), "s.csv:4"
	m.Policy.Settled = []Settled{{Person: "p00", Done: []OfferingID{"A1"}}}
	ps := m.Validate()
	require.NoError(t, ps.Err())
	require.ErrorIs(t, ps, bangkom.Problem{Code: "late-prerequisite"})
	for _, p := range ps {
		if p.Code == "late-prerequisite" {
			require.Equal(t, "s.csv:4", p.Where)
			require.Contains(t, p.Msg, "5 of the 6 people")
		}
	}
	s.From, s.To = day(2, 4), day(2, 4)
	require.False(t, m.Validate().Has("late-prerequisite"))
}

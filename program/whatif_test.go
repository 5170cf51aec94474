package program

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/program/internal/solve"
)

func TestAPlanWithItselfAsLocksIsItself(t *testing.T) {
	eachRandom(t, 60, 5, 5, func(t *testing.T, k int, _ *solve.Problem, in *Instance) {
		p := solved(t, in)
		if p.Status != Optimal {
			return
		}
		e := Events{}
		for _, h := range p.Held {
			e.Kept = append(e.Kept, h.Session.ID)
		}
		after, err := in.After(p, e)
		require.NoError(t, err, k)
		q := solved(t, after)
		require.Equal(t, Optimal, q.Status, k)
		require.InDelta(t, p.Objective, q.Objective, 1e-9)
		for _, c := range p.Changes(q) {
			require.NotContains(t, []string{"dropped", "lost"}, c.What, k)
		}
	})
}

func TestAfterACancellation(t *testing.T) {
	m := smallModel(t)
	in, err := m.Instance()
	require.NoError(t, err)
	p := solved(t, in)
	require.NotEmpty(t, p.Held)
	gone := p.Held[0]
	after, err := in.After(p, Events{Cancelled: []SessionID{gone.Session.ID}, Left: gone.People[:1]})
	require.NoError(t, err)
	q, err := after.Solve(t.Context(), &Options{Work: plentyOfWork, From: p, Moves: .1})
	require.NoError(t, err)
	require.NotNil(t, q.Kept)
	for _, h := range q.Held {
		require.NotEqual(t, gone.Session.ID, h.Session.ID)
		require.NotContains(t, h.People, gone.People[0])
	}
	lost := 0
	for _, c := range p.Changes(q) {
		if c.What == "lost" {
			lost++
		}
	}
	require.GreaterOrEqual(t, lost, len(gone.People))
	bound, err := after.Verify(q)
	require.NoError(t, err)
	require.InDelta(t, q.Bound, bound, 1e-9)
	require.Empty(t, p.Changes(p))
}

// With a price on every move the new plan is the best for objective less
// price · seats lost, as brute force finds it; and more than any gain keeps all.
func TestMovesHaveTheirPrice(t *testing.T) {
	tried := 0
	eachRandom(t, 60, 3, 4, func(t *testing.T, k int, problem *solve.Problem, in *Instance) {
		p := solved(t, in)
		if p.Status != Optimal || len(p.Held) == 0 {
			return
		}
		tight := &Instance{in.c.with(func(q *solve.Problem) { q.Budget = q.Budget * 2 / 3 })}
		moves := .5
		q, err := tight.Solve(t.Context(), &Options{Work: plentyOfWork, From: p, Moves: moves})
		require.NoError(t, err)
		if q.Status != Optimal {
			return
		}
		tried++
		kept := tight.c.keepingOf(p, moves)
		best := bruteForce(tight.c.keeping(kept)) - kept.most()
		require.InDelta(t, best, q.Objective, 1e-9, k)
		bound, err := tight.Verify(q)
		require.NoError(t, err)
		require.InDelta(t, q.Bound, bound, 1e-9)

		data, err := json.Marshal(q)
		require.NoError(t, err)
		var back Plan
		require.NoError(t, json.Unmarshal(data, &back))
		require.Equal(t, q.Kept, back.Kept)
		_, err = tight.Verify(&back)
		require.NoError(t, err)
		var file bytes.Buffer
		require.NoError(t, tight.WriteSolution(&file, q))
		r, err := tight.ReadSolution(&file)
		require.NoError(t, err)
		_, err = tight.Verify(r)
		require.NoError(t, err, "the written bound is that of the plan without the price of moves")
	})
	require.Greater(t, tried, 10)
	_, in, p := queue(t)
	_, err := in.Solve(t.Context(), &Options{From: p, Moves: math.NaN()})
	require.ErrorIs(t, err, bangkom.ErrOption)
}

func TestEventsThatCannotBe(t *testing.T) {
	_, in, p := queue(t)
	_, err := in.After(p, Events{Cancelled: []SessionID{"A-1", "X"}, Kept: []SessionID{"A-1", "B-1"}, Left: []competency.PersonID{"nobody", "p00"}, Seated: []Seated{{"p00", "A-1"}}})
	ps := bangkom.AsProblems(err, "")
	require.Equal(t, []string{"unknown-session", "unknown-person", "contradiction", "contradiction", "contradiction"}, codes(ps))
}

// More of a limit never lowers the plan or the bound, and each point is what
// solving alone finds.
func TestCurves(t *testing.T) {
	eachRandom(t, 25, 4, 4, func(t *testing.T, k int, p *solve.Problem, in *Instance) {
		points, err := in.Curve(t.Context(), Rule{Kind: "budget"}, []float64{40, 0, 10, 20, 20, 80}, &Options{Work: plentyOfWork})
		require.NoError(t, err)
		require.Len(t, points, 5)
		for j, x := range points {
			alone := solved(t, &Instance{in.c.with(func(q *solve.Problem) { q.Budget = int64(x.At) })})
			if math.IsNaN(alone.Objective) {
				require.True(t, math.IsNaN(x.Objective), k)
				continue
			}
			require.InDelta(t, alone.Objective, x.Objective, 1e-9, k)
			require.LessOrEqual(t, x.Objective, x.Bound+1e-9)
			if j > 0 && !math.IsNaN(points[j-1].Objective) {
				require.GreaterOrEqual(t, x.Objective, points[j-1].Objective)
				require.GreaterOrEqual(t, x.Bound, points[j-1].Bound-1e-9)
			}
		}
	})
}

// A curve is not worse at the present limit than the plan that it starts from,
// whose plan and bound hold along the curve as far as they can.
func TestACurveKeepsWhatIsKnown(t *testing.T) {
	met := 0
	eachRandom(t, 40, 5, 5, func(t *testing.T, k int, p *solve.Problem, in *Instance) {
		known := solved(t, in)
		if known.Status != Optimal {
			return
		}
		now := float64(p.Budget)
		for _, at := range [][]float64{{now / 2, now, now + 20}, {now - 1, now + 1}} {
			at[0] = math.Max(0, math.Floor(at[0]))
			points, err := in.Curve(t.Context(), Rule{Kind: "budget"}, at, &Options{Work: 1, From: known})
			require.NoError(t, err)
			require.Len(t, points, len(at))
			for _, x := range points {
				if x.At >= now {
					require.GreaterOrEqual(t, x.Objective, known.Objective, k)
				}
				if x.At <= now {
					require.LessOrEqual(t, x.Bound, known.Bound, k)
				}
				if x.At == now {
					met++
					require.Equal(t, Optimal, x.Status, k)
				}
			}
		}
		tight, err := in.Curve(t.Context(), Rule{Kind: "coverage"}, []float64{0, 1}, &Options{Work: 1, From: known})
		require.NoError(t, err)
		require.LessOrEqual(t, tight[1].Bound, known.Bound)
		require.GreaterOrEqual(t, tight[0].Objective, known.Objective)
	})
	require.Greater(t, met, 10)
}

func TestCurvesOfEveryLimit(t *testing.T) {
	m := smallModel(t)
	m.Catalogue.Resources = []Resource{{ID: "room", Limit: 1}}
	m.Catalogue.Sessions[0].Uses = []Use{{"room", 1}}
	in, err := m.Instance()
	require.NoError(t, err)
	for r, at := range map[Rule][]float64{
		{Kind: "budget"}: {0, 1e6, 5e6}, {Kind: "unit-budget", Unit: "health"}: {0, 2e6}, {Kind: "resource", Resource: "room"}: {0, 1},
		{Kind: "seats", Session: "A1-1"}: {2, 3, 6}, {Kind: "hours"}: {0, 6}, {Kind: "coverage"}: {0, .5, 1},
	} {
		points, err := in.Curve(t.Context(), r, at, &Options{Work: 200_000})
		require.NoError(t, err, r)
		require.Len(t, points, len(at))
		for _, p := range points {
			require.NotEqual(t, NoPlan, p.Status, r)
		}
		var b bytes.Buffer
		require.NoError(t, WriteCurve(&b, "en", r, points))
		require.NotContains(t, b.String(), "%!")
	}
	for _, r := range []Rule{{}, {Kind: "unit-budget", Unit: "x"}, {Kind: "seats"}, {Kind: "resource"}, {Kind: "must"}} {
		_, err := in.Curve(t.Context(), r, []float64{1}, nil)
		require.ErrorIs(t, err, bangkom.ErrOption, r)
	}
	for r, at := range map[Rule]float64{{Kind: "budget"}: -1, {Kind: "coverage"}: 1.5, {Kind: "seats", Session: "A1-1"}: 1, {Kind: "hours"}: math.NaN()} {
		_, err := in.Curve(t.Context(), r, []float64{at}, nil)
		require.ErrorIs(t, err, bangkom.ErrOption, r)
	}
}

// TestCurvePromisesAreSound: a value that is not searched for what is sure has
// no plan at all, and what is said is in both languages.
func TestCurvePromisesAreSound(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	said := map[string]int{}
	eachRandom(t, 200, 3, 3, func(t *testing.T, k int, p *solve.Problem, in *Instance) {
		for s := range p.Sessions {
			p.Sessions[s].State = []string{"", "", "open", "closed"}[rng.IntN(4)]
		}
		for i := range p.People {
			switch q := &p.People[i]; rng.IntN(3) {
			case 0:
				q.Lock = []int{rng.IntN(p.M)}
			case 1:
				q.Must = []int{p.Sessions[rng.IntN(p.M)].Off}
			}
		}
		if p.Validate().Err() != nil {
			return
		}
		for r, at := range map[Rule]float64{{Kind: "budget"}: float64(rng.IntN(20)), {Kind: "unit-budget", Unit: "1"}: 2, {Kind: "hours"}: -3, {Kind: "coverage"}: 1} {
			points, err := in.Curve(t.Context(), r, []float64{at}, &Options{Work: 1, Workers: 1})
			require.NoError(t, err)
			x := points[0]
			if len(x.Why) == 0 {
				continue
			}
			said[x.Why[0].Code]++
			require.Equal(t, Infeasible, x.Status)
			l, err := in.c.lever(r)
			require.NoError(t, err)
			require.Equal(t, math.Inf(-1), bruteForce(in.c.with(func(q *solve.Problem) { l.set(q, at) }).problem), "%d: %v: %v", k, r, x.Why)
			var b bytes.Buffer
			require.NoError(t, WriteCurve(&b, "id", r, points))
			require.Contains(t, b.String(), "tidak mungkin ada rencana")
		}
	})
	for _, code := range []string{"budget-short", "seats", "too-many-hours", "no-seat", "coverage"} {
		require.Positive(t, said[code], "%s: %v", code, said)
	}
}

// TestPointsAsJSON: a point without a plan has no numbers that JSON cannot hold.
func TestPointsAsJSON(t *testing.T) {
	m := smallModel(t)
	m.Policy.Settled = []Settled{{Person: "p00", Lock: []SessionID{"A1-1"}}}
	in, err := m.Instance()
	require.NoError(t, err)
	points, err := in.Curve(t.Context(), Rule{Kind: "budget"}, []float64{1_199_999, 1_200_000}, &Options{Work: 200_000})
	require.NoError(t, err)
	require.Contains(t, points[0].Why[0].Msg, "at least Rp1.200.000")
	require.Empty(t, points[1].Why)
	require.Equal(t, Optimal, points[1].Status)
	b, err := json.Marshal(points)
	require.NoError(t, err)
	var back []Point
	require.NoError(t, json.Unmarshal(b, &back))
	require.True(t, math.IsNaN(back[0].Objective) && math.IsInf(back[0].Bound, -1))
	require.Equal(t, points[0].Why, back[0].Why)
	back[1].Plan = points[1].Plan
	require.Equal(t, points[1], back[1])

	_, _, err = in.Confirm(t.Context(), Rule{Kind: "budget"}, .9, &Options{Work: 200_000})
	require.ErrorContains(t, err, "no plan was found at 500000")
}

// What Confirm says holds what a plan with more money really brings.
func TestConfirm(t *testing.T) {
	eachRandom(t, 25, 4, 4, func(t *testing.T, k int, p *solve.Problem, in *Instance) {
		if p.Budget < 10 {
			return
		}
		lo, hi, err := in.Confirm(t.Context(), Rule{Kind: "budget"}, .2, &Options{Work: plentyOfWork})
		step := math.Max(1, math.Round(.2*float64(p.Budget)))
		at := func(b float64) float64 {
			return bruteForce(in.c.with(func(q *solve.Problem) { q.Budget = int64(b) }).problem)
		}
		from, to := at(float64(p.Budget)-step), at(float64(p.Budget)+step)
		if math.IsInf(from, 0) || math.IsInf(to, 0) {
			require.ErrorIs(t, err, bangkom.Problem{Code: "no-plan"})
			return
		}
		require.NoError(t, err)
		slope := (to - from) / (2 * step)
		require.GreaterOrEqual(t, slope, lo-1e-9, k)
		require.LessOrEqual(t, slope, hi+1e-9, k)
	})
}

// dropAll is the problem without some of its hard rules.
func remaining(c *compiled, keep map[Rule]bool) *solve.Problem {
	return c.with(func(p *solve.Problem) {
		for _, r := range c.hardRules() {
			if !keep[r.Rule] {
				r.drop(p)
			}
		}
	}).problem
}

// A conflict cannot hold, and any of its rules left out it can: by brute force.
func TestConflictsAreMinimal(t *testing.T) {
	found := 0
	eachRandom(t, 120, 3, 4, func(t *testing.T, k int, p *solve.Problem, in *Instance) {
		if k%3 > 0 { // make trouble
			p.People[0].Lock = []int{p.M - 1}
			p.Budget = int64(k % 7)
			p.Sessions[0].State = []string{"open", "closed", ""}[k%3]
			if p.Validate().Err() != nil {
				return
			}
		}
		if !math.IsInf(bruteForce(p), -1) {
			return
		}
		c, err := in.Conflict(t.Context(), &Options{Work: 200_000})
		require.NoError(t, err)
		require.Equal(t, Infeasible, c.Status, k)
		of, keep := in.c.unitByUnit(), map[Rule]bool{}
		for _, r := range c.Rules {
			keep[r.Rule] = true
		}
		require.True(t, math.IsInf(bruteForce(remaining(of, keep)), -1), "%d: %v can hold", k, c.Rules)
		if c.Minimal {
			found++
			for r := range keep {
				keep[r] = false
				require.False(t, math.IsInf(bruteForce(remaining(of, keep)), -1), "%d: %v is not needed in %v", k, r, c.Rules)
				keep[r] = true
			}
		}
		var b bytes.Buffer
		require.NoError(t, c.WriteText(&b, "id"))
		require.NotContains(t, b.String(), "[rule")
	})
	require.Greater(t, found, 20)
}

func TestConflictsNamePeopleAndUnits(t *testing.T) {
	m := smallModel(t)
	m.Policy.Coverage, m.Policy.Uncovered = 1, math.Inf(1)
	for i := range m.Catalogue.Budgets {
		if m.Catalogue.Budgets[i].Unit == "works" {
			m.Catalogue.Budgets[i].Amount = 0
		}
	}
	m.Catalogue.Sessions[3].Cost.Seat = 1
	require.True(t, m.Validate().Has("coverage"), "said before anything is searched")
	in := &Instance{m.compile()}
	c, err := in.Conflict(t.Context(), &Options{Work: 500_000})
	require.NoError(t, err)
	require.Equal(t, Infeasible, c.Status)
	require.True(t, c.Minimal)
	require.Len(t, c.Rules, 2)
	require.Equal(t, Rule{Kind: "unit-budget", Unit: "works"}, c.Rules[0].Rule)
	require.Equal(t, Rule{Kind: "coverage", Unit: "works"}, c.Rules[1].Rule)
	require.Equal(t, []competency.PersonID{"p01", "p03", "p05"}, c.Rules[1].People)

	timed, err := in.Conflict(t.Context(), &Options{Limit: time.Minute})
	require.NoError(t, err)
	require.Equal(t, c, timed)
	fine, err := (&Instance{smallModel(t).compile()}).Conflict(t.Context(), nil)
	require.NoError(t, err)
	require.Equal(t, Conflict{Status: Feasible}, fine)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = in.Conflict(ended, nil)
	require.ErrorIs(t, err, context.Canceled)
}

// TestPromisesOfUnlikeSessions: in a problem file, sessions of one offering may
// differ in what comes before them and in hours: a duty takes the easiest.
func TestPromisesOfUnlikeSessions(t *testing.T) {
	none := solve.Decimal("0")
	session := func(off, pre, hours int) solve.Session {
		return solve.Session{Off: off, Method: "x", Comp: [][2]int{{0, 10}}, Hours: hours, Cap: 1, Slot: -1, Pre: pre}
	}
	p := &solve.Problem{N: 1, M: 3, K: 1, U: 1, HMax: 4, Rho: &none, Pi: &none, Theta: "0", Money: "0", Budget: 5, UBudget: []int64{5},
		People:   []solve.Person{{Gaps: []solve.Gap{{K: 0, G: 20, W: "1"}}, Done: []int{}, Must: []int{1}}},
		Sessions: []solve.Session{session(0, -1, 4), session(1, 0, 5), session(1, -1, 3)}}
	require.NoError(t, p.Validate().Err())
	in := &Instance{bare(p)}
	points, err := in.Curve(t.Context(), Rule{Kind: "budget"}, []float64{0}, &Options{Work: 1000})
	require.NoError(t, err)
	require.Empty(t, points[0].Why)
	require.Equal(t, Optimal, points[0].Status)
	require.InDelta(t, 1, points[0].Objective, 1e-12)
}

// TestConflictsCountInJP: a rule on hours states its limit in JP, not in the
// hours that the problem counts in.
func TestConflictsCountInJP(t *testing.T) {
	m := smallModel(t)
	m.Policy.MissingHour = math.Inf(1)
	m.Catalogue.Budgets = []Budget{{Year: 2027}}
	in := &Instance{m.compile()}
	require.NotEqual(t, bangkom.OneJP, in.c.hour)
	c, err := in.Conflict(t.Context(), &Options{Work: 500_000})
	require.NoError(t, err)
	require.Equal(t, Infeasible, c.Status)
	floors := 0
	for _, r := range c.Rules {
		if r.Kind == "hours-floor" {
			floors++
			require.InDelta(t, 20, r.Limit, 1e-12)
		}
	}
	require.Positive(t, floors)
}

// TestConflictsOfOneRow: what is decided and one resource, which it exceeds, need
// no search.
func TestConflictsOfOneRow(t *testing.T) {
	m := smallModel(t)
	m.Catalogue.Resources = []Resource{{ID: "hall", Limit: 1, PerSeat: true}, {ID: "projector", Limit: 0}}
	m.Catalogue.Sessions[0].Decision, m.Catalogue.Sessions[0].Uses = Open, []Use{{"hall", 1}}
	m.Catalogue.Sessions[2].Uses = []Use{{"projector", 1}}
	c, err := (&Instance{m.compile()}).Conflict(t.Context(), &Options{Work: 1})
	require.NoError(t, err)
	require.Equal(t, Infeasible, c.Status)
	var rules []string
	for _, r := range c.Rules {
		rules = append(rules, r.String())
	}
	require.Subset(t, rules, []string{"resource hall", "open A1-1", "minimum A1-1"})
	require.NotContains(t, rules, "budget")
	c, err = (&Instance{m.compile()}).Conflict(t.Context(), nil)
	require.NoError(t, err)
	require.True(t, c.Minimal)
	require.Len(t, c.Rules, 3)
}

// TestConflictsInALimit: the limit is for the whole search, and what is reported
// when it ends cannot hold.
func TestConflictsInALimit(t *testing.T) {
	part := 0
	eachRandom(t, 120, 3, 4, func(t *testing.T, k int, p *solve.Problem, in *Instance) {
		p.People[0].Lock, p.Budget = []int{p.M - 1}, int64(k%7)
		if p.Validate().Err() != nil || !math.IsInf(bruteForce(p), -1) {
			return
		}
		c, err := in.Conflict(t.Context(), &Options{Work: 150})
		require.NoError(t, err)
		of, keep := in.c.unitByUnit(), map[Rule]bool{}
		for _, r := range c.Rules {
			keep[r.Rule] = true
		}
		if len(c.Rules) == 0 {
			require.False(t, c.Minimal)
			return
		}
		require.True(t, math.IsInf(bruteForce(remaining(of, keep)), -1), "%d: %v can hold", k, c.Rules)
		part += boolInt(!c.Minimal)
	})
	require.Positive(t, part)
	m := smallModel(t)
	m.Policy.MissingHour = math.Inf(1)
	m.Catalogue.Budgets = []Budget{{Year: 2027}}
	f := &filter{c: m.compile(), ctx: t.Context(), opt: Options{Work: 10_000}, left: 100}
	all := f.c.hardRules()
	_, err := f.try(nil, all, 1)
	require.NoError(t, err)
	require.Less(t, f.left, int64(100), "it is the work of all trials")
	f.left = 0
	verdict, err := f.try(nil, all, 1)
	require.NoError(t, err)
	require.Equal(t, NoPlan, verdict)
	c, err := (&Instance{m.compile()}).Conflict(t.Context(), &Options{Limit: time.Minute})
	require.NoError(t, err)
	require.True(t, c.Minimal)
}

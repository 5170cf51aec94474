package program

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/program/internal/solve"
)

// TestNoPaidSeatIsIdle: no plan pays for a seat that could be left without any
// loss, and taking those away costs nothing that the proof rests on.
func TestNoPaidSeatIsIdle(t *testing.T) {
	eachRandom(t, 150, 6, 6, func(t *testing.T, k int, _ *solve.Problem, in *Instance) {
		p := solved(t, in)
		if p.Status == Infeasible {
			return
		}
		_, err := in.Verify(p)
		require.NoError(t, err, k)
		plain := in.c.encode(p)
		best := solve.Evaluate(in.c.problem, *plain)
		for _, a := range plain.Assign {
			if in.c.problem.Sessions[a[1]].C == 0 {
				continue
			}
			less := solve.Plan{Open: plain.Open}
			for _, b := range plain.Assign {
				if b != a {
					less.Assign = append(less.Assign, b)
				}
			}
			if e := solve.Evaluate(in.c.problem, less); e.Feasible() && len(p.People) > 0 {
				seats := 0
				for _, b := range plain.Assign {
					if b[0] == a[0] {
						seats++
					}
				}
				require.False(t, e.Objective.Cmp(best.Objective) >= 0 && seats > 1, "%d: seat %v adds nothing", k, a)
			}
		}
	})
}

// TestThrift takes a seat away that the others make worthless, and leaves what
// is a duty, a prerequisite or wanted for its hours.
func TestThrift(t *testing.T) {
	m := smallModel(t)
	m.Needs = []Need{{Person: "p00", Of: "b", Held: 2, Gap: .4, Weight: 1}, {Person: "p01", Of: "b", Held: 2, Gap: .4, Weight: 1}}
	m.Policy.Hours = nil
	c := m.compile()
	a1, a2, b1 := c.sessionN["A1-1"][0], c.sessionN["A2-1"][0], c.sessionN["B1-1"][0]
	seats := [][2]int{{0, a2}, {0, b1}, {1, a2}, {1, b1}}
	held := []int{a2, b1}
	thrift := func(c *compiled, seats [][2]int, keep *Kept) [][2]int {
		_, left := c.thrift(held, seats, keep)
		return left
	}
	open, left := c.thrift(held, seats, nil)
	require.Equal(t, []int{b1}, open, "the session that nobody needs is not held")
	require.Equal(t, [][2]int{{0, b1}, {1, b1}}, left)
	require.Equal(t, left, thrift(c, left, nil))
	require.Equal(t, seats, thrift(c, seats, &Kept{Seats: [][2]string{{"p00", "A2-1"}, {"p01", "A2-1"}, {"p00", "B1-1"}, {"p01", "B1-1"}}}))
	_, before := c.thrift([]int{a1, a2}, [][2]int{{0, a1}, {0, a2}, {1, a1}}, nil)
	require.Contains(t, before, [2]int{0, a1}, "a prerequisite stays")
	m.Policy.Settled = []Settled{{Person: "p00", Must: []OfferingID{"A2"}}, {Person: "p01", Lock: []SessionID{"A2-1"}}}
	require.Contains(t, thrift(m.compile(), seats, nil), [2]int{0, a2})
	require.Contains(t, thrift(m.compile(), seats, nil), [2]int{1, a2})
	m.Policy.Settled, m.Policy.Hours = nil, map[string]HourLimits{"PNS": {Min: 20 * bangkom.OneJP}}
	require.Equal(t, seats, thrift(m.compile(), seats, nil), "hours count")
}

// TestMergeLeavesNoHalfFilledSession: two sessions of an offering become one
// where everybody fits in and nothing forbids it.
func TestMergeLeavesNoHalfFilledSession(t *testing.T) {
	m := smallModel(t)
	cat := small()
	b := cat.Sessions[3]
	b.ID, b.Max = "B1-2", 3
	m.Catalogue.Sessions = append(m.Catalogue.Sessions, b)
	c := m.compile()
	b1, b2, a1 := c.sessionN["B1-1"][0], c.sessionN["B1-2"][0], c.sessionN["A1-1"][0]
	merged := func(c *compiled, assign [][2]int, kept ...string) []int {
		keep := map[seat]bool{}
		for _, id := range kept {
			keep[seatOf(competency.PersonID(id), "B1-2")] = true
		}
		open, left := c.merge([]int{a1, b1, b2}, assign, keep)
		require.Len(t, left, len(assign))
		e := solve.Evaluate(c.problem, solve.Plan{Open: open, Assign: left})
		require.True(t, e.Feasible(), e.Violations)
		return open
	}
	some := [][2]int{{0, b1}, {1, b2}, {2, b2}, {0, a1}, {3, a1}}
	require.Equal(t, []int{a1, b2}, merged(c, some), "three fit into the small one")
	open, _ := c.thrift([]int{a1, b1, b2}, some, nil)
	require.Equal(t, []int{a1, b2}, open, "as a part of thrift")
	require.Equal(t, []int{a1, b1}, merged(c, append([][2]int{{4, b1}}, some...)), "four only into the large one")
	require.Equal(t, []int{a1, b1, b2}, merged(c, append([][2]int{{4, b1}}, some...), "p01"), "a seat of the plan before has a price")
	m.Policy.Settled = []Settled{{Person: "p00", Lock: []SessionID{"B1-1"}}, {Person: "p01", Lock: []SessionID{"B1-2"}}}
	require.Equal(t, []int{a1, b1, b2}, merged(m.compile(), some), "both are promised to somebody")
	m.Policy.Settled = nil
	m.Catalogue.Sessions[4].Decision, m.Catalogue.Sessions[3].Decision = Open, Open
	require.Equal(t, []int{a1, b1, b2}, merged(m.compile(), some), "both are sure to be held")
}

// TestMergeNeverLoses: whatever the plan was, it costs no more, closes no less
// and breaks nothing.
func TestMergeNeverLoses(t *testing.T) {
	saved := 0
	eachRandom(t, 400, 6, 6, func(t *testing.T, k int, p *solve.Problem, in *Instance) {
		plan, ok := somePlan(p, uint64(k))
		if !ok {
			return
		}
		before := solve.Evaluate(p, plan)
		open, left := in.c.merge(plan.Open, plan.Assign, nil)
		after := solve.Evaluate(p, solve.Plan{Open: open, Assign: left})
		require.True(t, after.Feasible(), "%d: %v", k, after.Violations)
		require.GreaterOrEqual(t, after.Objective.Cmp(before.Objective), 0, k)
		require.LessOrEqual(t, after.Cost, before.Cost, k)
		require.Len(t, left, len(plan.Assign), k)
		if after.Cost < before.Cost {
			saved++
		}
	})
	require.Positive(t, saved)
}

// somePlan seats people at random, if that breaks no more rules than before;
// false: some are broken in the end.
func somePlan(p *solve.Problem, seed uint64) (solve.Plan, bool) {
	r := rand.New(rand.NewPCG(seed, 11))
	var plan solve.Plan
	for s, x := range p.Sessions {
		if x.State == Open.String() {
			plan.Open = append(plan.Open, s)
		}
	}
	broken := len(solve.Evaluate(p, plan).Violations)
	for range 60 {
		next := solve.Plan{Open: slices.Clone(plan.Open), Assign: slices.Clone(plan.Assign)}
		for range 1 + r.IntN(2) {
			next.Assign = append(next.Assign, [2]int{r.IntN(p.N), r.IntN(p.M)})
			if s := next.Assign[len(next.Assign)-1][1]; !slices.Contains(next.Open, s) {
				next.Open = append(next.Open, s)
			}
		}
		if n := len(solve.Evaluate(p, next).Violations); n <= broken {
			plan, broken = next, n
		}
	}
	return plan, broken == 0
}

// TestMergeKeepsADiscount: people of a session large enough for a lower price
// are not parted among small ones, where more would be paid.
func TestMergeKeepsADiscount(t *testing.T) {
	m := smallModel(t)
	m.Catalogue.Partners[0].PerSession = true
	m.Catalogue.Offerings[2].Partner = "P"
	b := m.Catalogue.Sessions[3]
	b.Max, b.Cost.Fixed = 2, 1
	for _, id := range []SessionID{"B1-2", "B1-3", "B1-4"} {
		b.ID = id
		m.Catalogue.Sessions = append(m.Catalogue.Sessions, b)
	}
	m.Catalogue.Sessions[3].Max, m.Catalogue.Sessions[3].Cost.Fixed = 3, 100_000
	c := m.compile()
	b1, b2, b3, b4 := c.sessionN["B1-1"][0], c.sessionN["B1-2"][0], c.sessionN["B1-3"][0], c.sessionN["B1-4"][0]
	held, seats := []int{b1, b2, b3, b4}, [][2]int{{0, b1}, {1, b1}, {2, b1}, {3, b2}, {4, b3}, {5, b4}}
	before, after := c.decode(held, seats), c.decode(c.merge(held, seats, nil))
	require.Less(t, after.Cost.Due, before.Cost.Due)
	require.Len(t, after.Held, 3, "two small ones become one")
	require.Len(t, after.Held[0].People, 3)
}

// TestMergeAtOnce: what can be emptied is emptied together, and one session that
// has to stay is found; many sessions of many people take few looks at the plan.
func TestMergeAtOnce(t *testing.T) {
	const n, sessions = 20_000, 200
	none := solve.Decimal("0")
	p := &solve.Problem{N: n, M: sessions, K: 1, U: 1, HMax: 1000, Rho: &none, Pi: &none, Theta: "0", Money: "0", Budget: 1 << 50, UBudget: []int64{1 << 50}}
	plan := solve.Plan{}
	for s := range sessions {
		p.Sessions = append(p.Sessions, solve.Session{Off: s % 10, Method: "x", Comp: [][2]int{{0, 10}}, Hours: 1, F: 10, Min: 1, Cap: n, Slot: -1, Pre: -1})
		plan.Open = append(plan.Open, s)
	}
	for i := range n {
		p.People = append(p.People, solve.Person{Gaps: []solve.Gap{{K: 0, G: 10, W: "1"}}, Done: []int{}})
		plan.Assign = append(plan.Assign, [2]int{i, i % sessions})
	}
	p.People[57].Lock = []int{57}
	require.NoError(t, p.Validate().Err())
	m := merger{c: bare(p), now: plan, left: mergeWork}
	m.all(plan.Open)
	require.Len(t, m.now.Open, 10)
	require.Contains(t, m.now.Open, 57)
	require.Positive(t, m.left)
}

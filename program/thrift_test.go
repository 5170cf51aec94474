package program

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
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

package solve

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// Generalised assignment: every job to one agent, hard, within the agents'
// capacities. Nearly infeasible ones are where a search that gives up must not
// say that there is no plan.
func TestGeneralisedAssignmentEqualsEnumeration(t *testing.T) {
	possible, proved := 0, 0
	for seed := range instances(60, 600) {
		g := rand.New(rand.NewPCG(uint64(seed), 11))
		jobs, agents := 3+g.IntN(4), 2+g.IntN(2)
		p := &Problem{N: jobs, M: jobs * agents, K: jobs, U: 1, HMin: 1, HMax: 1, Pi: ptr(Decimal("0")), Theta: "0", UBudget: []int64{0}}
		worth, weight := make([][]int, agents), make([][]int, agents)
		capacity := make([]int, agents)
		for a := range agents {
			worth[a], weight[a] = make([]int, jobs), make([]int, jobs)
			l := Limit{Per: "seat"}
			for j := range jobs {
				worth[a][j], weight[a][j] = 1+g.IntN(30), 5+g.IntN(20)
				capacity[a] += weight[a][j]
				l.Use = append(l.Use, [2]int64{int64(a*jobs + j), int64(weight[a][j])})
				p.Sessions = append(p.Sessions, Session{Off: a*jobs + j, Comp: [][2]int{{j, worth[a][j]}}, Hours: 1, Cap: 1, Min: 1, Slot: -1, Pre: -1})
			}
			capacity[a] = capacity[a] * (8 + g.IntN(4)) / (10 * agents)
			l.Limit = int64(capacity[a])
			p.Limits = append(p.Limits, l)
		}
		for j := range jobs {
			p.People = append(p.People, Person{Gaps: []Gap{{j, 30, "1"}}})
		}
		require.NoError(t, p.Validate().Err())
		best, found := 0, false
		var try func(j, sum int, left []int)
		try = func(j, sum int, left []int) {
			if j == jobs {
				best, found = max(best, sum), true
				return
			}
			for a := range agents {
				if w := weight[a][j]; w <= left[a] {
					left[a] -= w
					try(j+1, sum+worth[a][j], left)
					left[a] += w
				}
			}
		}
		try(0, 0, append([]int(nil), capacity...))
		r, err := Solve(context.Background(), p, Options{Work: 100_000, Seed: 1})
		require.NoError(t, err)
		if !found {
			require.Contains(t, []Status{Infeasible, NoPlan}, r.Status, seed)
			continue
		}
		possible++
		require.NotEqual(t, Infeasible, r.Status, seed)
		require.GreaterOrEqual(t, r.Bound+1e-9, float64(best)/10, seed)
		bound, err := r.Certificate.Verify(p)
		require.NoError(t, err)
		require.GreaterOrEqual(t, bound+1e-9, float64(best)/10, seed)
		if r.Status == Optimal {
			proved++
			require.InDelta(t, float64(best)/10, r.Objective, 1e-9, seed)
		}
	}
	require.Equal(t, possible, proved)
	require.Greater(t, possible, 10)
}

func ptr[T any](x T) *T { return &x }

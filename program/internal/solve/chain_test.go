package solve

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// A promised seat may wait for a chain of seats that pay nothing by themselves,
// whether plans are listed or searched for.
func TestAPromiseWaitsForAChain(t *testing.T) {
	t.Cleanup(func() { listing(true) })
	for _, on := range []bool{true, false} {
		listing(on)
		p := small(1).withPeople(Person{Gaps: []Gap{{0, 1, "1"}}, Lock: []int{2}})
		p.HMin, p.Theta, p.Money = 0, "0", "0.001"
		for s := range 3 { // each closes the same little gap
			x := session(s)
			x.F, x.Pre = 0, s-1
			p.withSessions(x)
		}
		r := solved(t, p)
		require.Equal(t, Optimal, r.Status, "listed: %v", on)
		require.Len(t, r.Assign, 3)
		want, found := exhaustive(p)
		require.True(t, found)
		require.Equal(t, want, toScale(t, Evaluate(p, r.Plan()).Objective))
	}
}

// Random chains, seats promised at their ends: as exhaustive search says.
func TestChainsEqualExhaustiveSearch(t *testing.T) {
	t.Cleanup(func() { listing(true) })
	seen := map[Status]int{}
	for seed := range instances(250, 2000) { // 234 has a plan only where nothing is open any more
		listing(seed%2 == 0)
		g := rand.New(rand.NewPCG(uint64(seed), 18))
		p := randomProblem(g, 3, 5)
		for s := range p.Sessions { // every offering waits for the one before
			p.Sessions[s].Off, p.Sessions[s].Pre = s, s-1
		}
		for i := range p.People {
			p.People[i].Must, p.People[i].Done, p.People[i].Lock = nil, nil, nil
			if s := len(p.Sessions) - 1; g.IntN(2) == 0 && p.Sessions[s].State != "closed" && len(p.Sessions[s].Comp) > 0 {
				p.People[i].Lock = []int{s}
			}
		}
		if p.Validate().Err() != nil {
			continue
		}
		want, found := exhaustive(p)
		r, err := Solve(context.Background(), p, Options{Seed: uint64(seed), Work: 300_000, Workers: 2})
		require.NoError(t, err)
		seen[r.Status]++
		if !found {
			require.Contains(t, []Status{Infeasible, NoPlan}, r.Status, "seed %d", seed)
			continue
		}
		require.Equal(t, Optimal, r.Status, "seed %d", seed)
		require.Equal(t, want, toScale(t, Evaluate(p, r.Plan()).Objective), "seed %d", seed)
	}
	require.Positive(t, seen[Optimal])
	t.Log(seen)
}

// Where a duty cannot be had in a branch, the branch holds no plan: what a
// search pays for it must not keep its bound high.
func TestABranchWithoutADutyHoldsNoPlan(t *testing.T) {
	p := small(1).withPeople(Person{Gaps: []Gap{{0, 10, "1"}}, Must: []int{0}}).withSessions(session(0), session(1))
	m := compile(p)
	e := newEngine(m, 1, newMeter(context.Background(), &Options{}))
	x := newPrices(m)
	x.lambda[0] = m.heavy * 3 // the duty is not worth its price
	b := m.trunk()
	require.False(t, e.evaluate(x, b, passOptions{}).none)
	b.held[0] = shut
	require.True(t, e.evaluate(x, b, passOptions{}).none)
}

package solve

import (
	"context"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// What walkers find side by side fits together: the plan is never worse, holds
// the same sessions, agrees with the exact evaluation, and is the same on any
// number of workers.
func TestShiftsFitTogether(t *testing.T) {
	better := 0
	for seed := range instances(100, 1000) {
		p := randomProblem(rand.New(rand.NewPCG(uint64(seed), 11)), 30, 5)
		var first Plan
		for _, workers := range []int{1, 3} {
			r := start(context.Background(), p, &Options{Seed: 4, Work: 2000, Workers: workers})
			if r.m.stuck {
				continue
			}
			w := r.newCrew(r.guide, stream(5))
			y := make([]bool, r.m.m)
			for s := range y {
				y[s] = w.rng.intn(3) > 0
			}
			r.best = w.construct(y)
			was := r.best
			for range 2 {
				r.shifts()
			}
			require.False(t, was.better(r.best), "seed %d", seed)
			require.Equal(t, was.held, r.best.held, "seed %d", seed)
			require.LessOrEqual(t, r.best.unmet, was.unmet, "seed %d", seed)
			plan := r.best.export()
			e := Evaluate(p, plan)
			require.Equal(t, len(e.Violations) == 0, r.best.feasible(), "seed %d: %v", seed, e.Violations)
			if r.best.feasible() {
				require.Equal(t, e.Objective.RatString(), new(big.Rat).SetFrac(big.NewInt(r.best.worth), r.m.grid).RatString(), "seed %d", seed)
			}
			if workers == 1 {
				first = plan
			}
			require.Equal(t, first, plan, "seed %d", seed)
			if r.best.worth > was.worth {
				better++
			}
		}
	}
	require.Positive(t, better)
	t.Logf("%d plans improved", better)
}

// Rations add up to the room there is.
func TestRationsAddUp(t *testing.T) {
	for seed := range 200 {
		p := randomProblem(rand.New(rand.NewPCG(uint64(seed), 12)), 30, 5)
		m := compile(p)
		e := newEngine(m, 1, newMeter(context.Background(), &Options{}))
		sp := newSpace(m)
		c := e.newCrew(sp.read(sp.first(), m.trunk()), stream(uint64(seed)))
		y := make([]bool, m.m)
		for s := range y {
			y[s] = true
		}
		st := c.construct(y)
		room := make([]int64, m.m+1)
		for k := range walkers {
			r := st.ration(walkers, k)
			require.Equal(t, st.worth, r.worth)
			for s := range m.m {
				room[s] += int64(p.Sessions[s].Cap) - int64(r.seats[s])
			}
			room[m.m] += max(0, p.Budget-r.cost)
		}
		for s := range m.m {
			if st.held[s] {
				require.EqualValues(t, p.Sessions[s].Cap-int(st.seats[s]), room[s], "seed %d", seed)
			}
		}
		require.Equal(t, max(0, p.Budget-st.cost), room[m.m], "seed %d", seed)
	}
}

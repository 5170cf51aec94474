package solve

import (
	"context"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// Annealed plans are never worse, hold the same sessions and agree with the
// exact evaluation, whatever rows there are.
func TestAnnealKeepsTheRules(t *testing.T) {
	better, same := 0, 0
	for seed := range instances(200, 3000) {
		p := randomProblem(rand.New(rand.NewPCG(uint64(seed), 14)), 20, 6)
		r := start(context.Background(), p, &Options{Seed: 4, Workers: 1})
		if r.m.stuck || r.frame == nil {
			continue
		}
		w := r.newCrew(r.guide, stream(uint64(seed)))
		y := make([]bool, r.m.m)
		for s := range y {
			y[s] = w.rng.intn(3) > 0
		}
		was := w.construct(y)
		if !was.feasible() {
			continue
		}
		for k, regret := range []int64{0, r.m.grid.Int64(), 1 << 55} {
			a := r.newAnneal(was, r.guide, regret, stream(uint64(seed), uint64(k)))
			a.run(3000, 1, k == 1, func() bool { return false })
			if math.IsInf(a.most, -1) { // all that was sound is forgotten
				require.Equal(t, 1, k, "seed %d", seed)
				continue
			}
			st := a.state(was)
			require.Equal(t, was.held, st.held, "seed %d", seed)
			require.True(t, st.feasible(), "seed %d", seed)
			require.True(t, k == 1 || st.worth >= was.worth, "seed %d", seed)
			e := Evaluate(p, st.export())
			require.Empty(t, e.Violations, "seed %d", seed)
			require.Equal(t, e.Objective.RatString(), new(big.Rat).SetFrac(big.NewInt(st.worth), r.m.grid).RatString(), "seed %d", seed)
			unit, _ := r.m.grid.Float64()
			require.InDelta(t, float64(st.worth-was.worth)/unit, a.most, 1e-5, "seed %d: what the moves say they gain", seed)
			if st.worth > was.worth {
				better++
			} else {
				same++
			}
		}
	}
	require.Positive(t, better)
	t.Logf("%d better, %d the same", better, same)
}

// The rows that annealing adds up are those of the plan.
func TestAnnealCountsItsRows(t *testing.T) {
	moved := 0
	for seed := range 50 {
		p := randomProblem(rand.New(rand.NewPCG(uint64(seed), 15)), 20, 6)
		r := start(context.Background(), p, &Options{Seed: 4, Workers: 1})
		if r.m.stuck || r.frame == nil || len(r.frame.people) == 0 {
			continue
		}
		st := r.newCrew(r.guide, stream(uint64(seed))).construct(slices.Repeat([]bool{true}, r.m.m))
		if !st.feasible() {
			continue
		}
		a := r.newAnneal(st, r.guide, 1<<55, stream(uint64(seed)))
		a.run(500, 1, false, func() bool { return false })
		a.recount()
		for range 500 {
			if len(a.choice) > 0 {
				a.move(1)
			}
		}
		broken := a.broken
		var use []float64
		for _, b := range a.rows {
			use = append(use, b.use)
		}
		a.recount()
		require.Equal(t, a.broken, broken, "seed %d", seed)
		for k, b := range a.rows {
			require.InDelta(t, b.use, use[k], 1e-9, "seed %d", seed)
		}
		if !slices.Equal(a.at, a.best) {
			moved++
		}
	}
	require.Positive(t, moved)
}

package solve

import (
	"context"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// withLineup is a run with the plan that is constructed for sessions at random; nil
// plan: none was found.
func withLineup(seed uint64, people, sessions int) (*run, *state) {
	p := randomProblem(rand.New(rand.NewPCG(seed, 17)), people, sessions)
	r := start(context.Background(), p, &Options{Seed: 4, Workers: 1})
	if r.m.stuck || r.frame == nil {
		return r, nil
	}
	c := r.newCrew(r.guide, stream(seed))
	y := make([]bool, r.m.m)
	for s := range y {
		y[s] = c.rng.intn(3) > 0
	}
	if st := c.construct(y); st.feasible() {
		return r, st
	}
	return r, nil
}

// A search to its end finds the best plan with the sessions held, whatever rows
// there are: that of trying every plan of everybody.
func TestQuotasAreExact(t *testing.T) {
	better, tried := 0, 0
	for seed := range instances(300, 3000) {
		r, was := withLineup(uint64(seed), 5, 4)
		if was == nil {
			continue
		}
		q := r.newQuotas(r.frame, was, r.guide, 1<<55, slices.Repeat([]bool{true}, r.m.units))
		if len(q.group) == 0 {
			continue
		}
		many := 1
		for _, list := range q.plans {
			many *= len(list)
		}
		if many > 20_000 {
			continue
		}
		tried++
		best := was
		at := make([]int, len(q.plans))
		for range many {
			plans := slices.Clone(was.plan)
			for n, k := range at {
				plans[q.people[q.group[n]]] = q.plans[n][k].pairs
			}
			if st := restore(r.m, plans, was.held); st.feasible() && st.better(best) {
				best = st
			}
			for n := range at {
				if at[n]++; at[n] < len(q.plans[n]) {
					break
				}
				at[n] = 0
			}
		}
		st, all := q.search(was, was.worth+1, 100_000)
		require.True(t, all, "seed %d", seed)
		require.Equal(t, best.worth, st.worth, "seed %d", seed)
		if best.worth > was.worth {
			better++
		}
	}
	require.Greater(t, better, 10)
	t.Logf("%d of %d have a better plan", better, tried)
}

// What is found for some units is never worse, holds the same sessions, leaves
// the others alone and agrees with the exact evaluation.
func TestQuotasKeepTheRules(t *testing.T) {
	better := 0
	for seed := range instances(200, 3000) {
		r, was := withLineup(uint64(seed), 20, 6)
		if was == nil {
			continue
		}
		units := make([]bool, r.m.units)
		units[seed%r.m.units] = true
		for _, regret := range []int64{0, r.m.grid.Int64(), 1 << 55} {
			q := r.newQuotas(r.frame, was, r.guide, regret, units)
			if len(q.group) == 0 {
				continue
			}
			st, _ := q.search(was, was.next(), 20)
			require.Equal(t, was.held, st.held, "seed %d", seed)
			require.True(t, st.feasible(), "seed %d", seed)
			require.GreaterOrEqual(t, st.worth, was.worth, "seed %d", seed)
			for i, l := range st.plan {
				require.True(t, units[r.m.unit[i]] || slices.Equal(l, was.plan[i]), "seed %d: person %d", seed, i)
			}
			e := Evaluate(r.m.p, st.export())
			require.Empty(t, e.Violations, "seed %d", seed)
			require.Equal(t, e.Objective.RatString(), new(big.Rat).SetFrac(big.NewInt(st.worth), r.m.grid).RatString(), "seed %d", seed)
			if st.worth > was.worth {
				better++
			}
		}
	}
	require.Positive(t, better)
}

// A search that stops goes on to where it would have come at once.
func TestQuotasGoOn(t *testing.T) {
	stopped := 0
	for seed := range 100 {
		r, was := withLineup(uint64(seed), 12, 6)
		if was == nil {
			continue
		}
		units := slices.Repeat([]bool{true}, r.m.units)
		whole, parts := r.newQuotas(r.frame, was, r.guide, 1<<55, units), r.newQuotas(r.frame, was, r.guide, 1<<55, units)
		if len(whole.group) == 0 {
			continue
		}
		st, all := whole.search(was, was.next(), 2000)
		if !all {
			continue
		}
		got, done := was, false
		for n := 0; !done; n++ {
			require.Less(t, n, 2000, "seed %d", seed)
			if got, done = parts.search(got, got.next(), 3); n == 1 {
				stopped++
			}
		}
		require.Equal(t, st.worth, got.worth, "seed %d", seed)
	}
	require.Positive(t, stopped)
}

// Tries of a lineup come to an end: when all units were searched together, it
// is done with, and nothing is searched to its end twice.
func TestAttemptsEnd(t *testing.T) {
	ended := 0
	for seed := range 60 {
		r, was := withLineup(uint64(seed), 10, 5)
		if was == nil || len(r.frame.people) == 0 {
			continue
		}
		r.best = was
		l := r.pick(1)
		if len(l) == 0 {
			continue
		}
		for n := 0; l[0].D >= r.cutoff(); n++ {
			require.Less(t, n, 1000, "seed %d", seed)
			l[0].tries++
			st := r.attempt(r.engine, l[0], stream(uint64(seed), uint64(n)))
			require.True(t, st == nil || st.worth >= was.worth, "seed %d", seed)
			r.offer(st)
		}
		require.Empty(t, r.pick(1), "seed %d", seed)
		ended++
	}
	require.Greater(t, ended, 10)
}

// Searches that are not at their end are few, and that of all units stays.
func TestLineupForgets(t *testing.T) {
	l := newLineup(nil, 0, nil, nil)
	l.portions = []*portion{{all: true, quotas: &quotas{}}, {}}
	for range 20 {
		l.forget()
		l.portions = append(l.portions, &portion{quotas: &quotas{}})
	}
	require.Len(t, l.portions, 2+8)
	require.True(t, l.portions[0].all)
	require.Nil(t, l.portions[1].quotas, "what is at its end is known for good")
}

// A search of too many rows is not begun, and a try ends there.
func TestQuotasOfManyUnits(t *testing.T) {
	p := small(400)
	for u := range 400 {
		p.withPeople(Person{U: u, Gaps: []Gap{{0, 10, "1"}}})
	}
	p.Pi, p.Theta = nil, "0"
	p.withSessions(session(0), session(1))
	p.Sessions[0].Cap, p.Sessions[1].Cap = 300, 300
	require.NoError(t, p.Validate().Err())
	r := start(context.Background(), p, &Options{Work: 100_000, Workers: 1})
	r.offer(r.newCrew(r.guide, stream(1)).construct([]bool{true, true}))
	require.Equal(t, []bool{true, true}, r.best.held)
	l := newLineup(r.best.held, r.bound(), r.guide, r.best)
	l.people = 1000
	require.True(t, r.portion(r.engine, l, stream(1)) == nil)
	require.Equal(t, 500.0, l.people)
	l.people = 1
	require.NotNil(t, r.portion(r.engine, l, stream(1)))
}

package solve

import (
	"context"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// A plan is brought to other sessions without breaking a rule that it keeps.
func TestAdaptHoldsTheOtherSessions(t *testing.T) {
	held := 0
	for seed := range instances(200, 2000) {
		p := randomProblem(rand.New(rand.NewPCG(uint64(seed), 16)), 20, 6)
		r := start(context.Background(), p, &Options{Seed: 4, Workers: 1})
		if r.m.stuck {
			continue
		}
		c := r.newCrew(r.guide, stream(uint64(seed)))
		sets := [2][]bool{make([]bool, r.m.m), make([]bool, r.m.m)}
		for s := range r.m.m {
			for k := range sets {
				sets[k][s] = p.Sessions[s].State == "open" || r.m.loose[s] || c.rng.intn(3) > 0
			}
		}
		was := c.construct(sets[0])
		if !was.sound() { // what is decided breaks a rule
			continue
		}
		before := was.export()
		st := c.adapt(was, sets[1])
		require.Equal(t, before, was.export(), "seed %d: the plan that is adapted stays", seed)
		require.True(t, st.sound(), "seed %d", seed)
		for s, y := range st.held {
			require.True(t, sets[1][s] || !y, "seed %d: session %d", seed, s)
		}
		e := Evaluate(p, st.export())
		require.Equal(t, len(e.Violations) == 0, st.feasible(), "seed %d: %v", seed, e.Violations)
		if st.feasible() {
			require.Equal(t, e.Objective.RatString(), new(big.Rat).SetFrac(big.NewInt(st.worth), r.m.grid).RatString(), "seed %d", seed)
			held++
		}
	}
	require.Greater(t, held, 20)
}

// Lineups are tried in turn, the best plan's own first and hopeless ones never,
// and only so many are remembered.
func TestLineupsTakeTurns(t *testing.T) {
	p := small(1).withPeople(Person{Gaps: []Gap{{0, 10, "1"}}}).withSessions(session(0), session(1))
	r := start(context.Background(), p, &Options{Workers: 1})
	require.True(t, r.best.feasible())
	seat := int64(r.space.seat)
	of := func(a, b bool, over int64) *lineup {
		return newLineup([]bool{a, b}, r.cutoff()+over, r.guide, newState(r.m))
	}
	high, low, lost := of(true, false, seat), of(false, true, seat-seat/20), of(true, true, -1)
	r.meet(high, low, lost, of(true, false, 8*seat))
	require.Len(t, r.lineups, 3, "one of each set")
	list := r.pick(3)
	require.Len(t, r.lineups, 4, "and the best plan's own")
	require.Equal(t, r.best.held, list[0].held)
	require.Equal(t, []*lineup{high, low}, list[1:])
	require.Nil(t, lost.best, "done with")
	high.tries = 2
	require.Same(t, low, r.pick(2)[1])
	for range 2 * mostLineups {
		r.lineups = append(r.lineups, of(true, true, 0))
	}
	n := len(r.lineups)
	r.meet(of(true, true, 0))
	require.Len(t, r.lineups, n)
}

// Polishing keeps to a limit in work that is over already.
func TestPolishWithoutWork(t *testing.T) {
	p := small(1).withPeople(Person{Gaps: []Gap{{0, 10, "1"}}}).withSessions(session(0))
	r := start(context.Background(), p, &Options{Work: 10, Workers: 1})
	r.meter.add(25)
	st := r.polish(r.engine, r.best, nil, 9, 0)
	require.Equal(t, int64(25), r.meter.total(), "no work is given back")
	require.Equal(t, r.best.worth, st.worth)
}

// The pairs of many units are no end of work, and units without people none.
func TestAfreshOfManyUnits(t *testing.T) {
	g := rand.New(rand.NewPCG(1, 17))
	p := small(400)
	p.Theta, p.HMin, p.HMax = "0.5", 6, 30
	for range 200 {
		q := Person{U: g.IntN(300)}
		for k := range 4 {
			q.Gaps = append(q.Gaps, Gap{k, 5 + g.IntN(20), []Decimal{"1", "2", "0.5"}[g.IntN(3)]})
		}
		p.withPeople(q)
	}
	for s := range 16 {
		x := session(s)
		x.Comp, x.Slot = [][2]int{{s % 4, 5 + g.IntN(10)}, {(s + 1) % 4, 3}}, s%3
		x.F, x.C, x.Cap, x.Min = int64(g.IntN(50)), int64(1+g.IntN(5)), 6+g.IntN(8), 2
		p.withSessions(x)
	}
	require.NoError(t, p.Validate().Err())
	r := start(context.Background(), p, &Options{Seed: 4, Workers: 1})
	r.rootPrices()
	r.firstPlans()
	require.True(t, r.best.feasible() && !r.done())
	was := r.meter.total()
	st := r.afresh(r.engine, r.guide, math.MaxInt64, stream(1))
	require.True(t, st.feasible())
	per := int(r.meter.total()-was) / p.N
	t.Log(per, "searches per person")
	require.Less(t, per, 800)
}

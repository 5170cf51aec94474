package solve

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// crowd is many people who each lack something that several sessions give.
func crowd(people, sessions int) *Problem {
	p := small(4)
	p.Theta, p.HMin = "0", 0
	for s := range sessions {
		x := session(s)
		x.Comp, x.Cap, x.F, x.C = [][2]int{{s % 4, 10}}, people, 50, 3
		p.withSessions(x)
	}
	for i := range people {
		p.withPeople(Person{U: i % 4, Gaps: []Gap{{i % 4, 10, "1"}, {(i + 1 + i%3) % 4, 10 + i%7, "2"}}})
	}
	p.Budget = int64(60*sessions + 3*people)
	for u := range p.UBudget {
		p.UBudget[u] = int64(3 * people)
	}
	return p
}

// Locked seats that use the budget up are a plan at once, however many people
// there are to search; with one rupiah less there is none.
func TestLockedSeatsThatJustFitAreAPlan(t *testing.T) {
	p := crowd(300, 5)
	p.Budget = 0
	for i := range 120 {
		s := i % 4
		p.People[i].Lock = []int{s}
		p.Budget += p.Sessions[s].C
	}
	for s := range 4 {
		p.Budget += p.Sessions[s].F
	}
	r := start(context.Background(), p, &Options{})
	r.promises()
	require.True(t, r.best.feasible())
	out, err := r.result()
	require.NoError(t, err)
	require.Len(t, out.Assign, 120)

	p.Budget--
	out = solved(t, p)
	require.Equal(t, Infeasible, out.Status)

	ctx, cancel := context.WithCancel(context.Background()) // the proof ends with the context
	r = start(ctx, p, &Options{})
	was := r.open[0].D
	cancel()
	r.promises()
	require.Equal(t, was, r.open[0].D)
}

// Money that is there in plenty has no price, and times any other price it is
// more than everything is worth.
func TestAmpleMoneyHasNoPriceForMany(t *testing.T) {
	p := crowd(manyPeople+100, 6)
	p.Budget = 9e15
	for u := range p.UBudget {
		p.UBudget[u] = 9e15
	}
	r, err := Solve(context.Background(), p, Options{Work: 400_000, Seed: 1})
	require.NoError(t, err)
	require.Less(t, (r.Bound-r.Objective)/math.Abs(r.Objective), 0.02)
}

// Prices of rows that do not bind end at nought, not near it.
func TestSampledPricesEndAtTheirEnds(t *testing.T) {
	p := crowd(manyPeople+100, 6)
	p.Budget = 9e15
	m := compile(p)
	sp := newSpace(m)
	e := newEngine(m, 1, newMeter(context.Background(), &Options{}))
	f := e.ascend(sp, sp.first(), m.trunk(), m.sampled(60, 1, nil), false)
	require.Zero(t, f.x[sp.beta])
}

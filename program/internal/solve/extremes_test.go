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

// A duty that is excluded leaves its person nothing to attend: no plan, where
// whoever may attend nothing is otherwise asked for nothing.
func TestDutyThatIsExcluded(t *testing.T) {
	p := small(1).withPeople(Person{Must: []int{0}, Not: []int{0}}, Person{Gaps: []Gap{{0, 10, "1"}}}).withSessions(session(0))
	r := solved(t, p)
	require.Equal(t, Infeasible, r.Status)
	b, err := r.Certificate.Verify(p)
	require.NoError(t, err)
	require.True(t, math.IsInf(b, -1))
}

// A session that must be held is held in every plan.
func TestOpenSessionIsNotLeftOut(t *testing.T) {
	p := small(1).withPeople(Person{Gaps: []Gap{{0, 10, "1"}}}).withSessions(session(0))
	p.Sessions[0].State, p.Sessions[0].Min = "open", 0
	m := compile(p)
	require.True(t, restore(m, make([][]int32, 1), []bool{true}).feasible())
	require.False(t, restore(m, make([][]int32, 1), []bool{false}).feasible())
}

// No branch holds a plan, and what plans are worth at least is below all integers.
func TestNoPlanWhateverItCosts(t *testing.T) {
	p := small(1).withPeople(Person{Gaps: []Gap{{0, 10, "1"}}, Must: []int{0}}).withSessions(session(0), session(1))
	p.Sessions[0].Min = 2
	p.Money, p.Budget = "100000", mostMoney
	p.Sessions[1].F = mostMoney
	require.Equal(t, Infeasible, solved(t, p).Status)
}

// Where all is decided the bound is what the plan is worth, or if it is none,
// less than any.
func TestSettledLeaf(t *testing.T) {
	for seed := range uint64(150) {
		p := randomProblem(rand.New(rand.NewPCG(seed, 77)), 6, 4)
		r, err := Solve(context.Background(), p, Options{Work: 300, Seed: seed, Workers: 1})
		require.NoError(t, err)
		if r.Status < Feasible {
			continue
		}
		run := start(context.Background(), p, &Options{})
		m := run.m
		n := &node{branch: m.trunk(), D: math.MaxInt64, cert: &Certificate{}}
		for s := range n.held {
			if m.loose[s] {
				continue
			}
			if n.held[s] = shut; slices.Contains(r.Open, s) {
				n.held[s] = held
			}
		}
		for k := range int32(len(m.session)) {
			n.decide(fixed{k, slices.Contains(r.Assign, [2]int{int(m.personOf(k)), int(m.session[k])})})
		}
		d := &dive{run: run, engine: run.engine, cut: m.least}
		st := d.decisions(n)
		d.prove(n, st)
		require.InDelta(t, st.worth, n.D, float64(len(m.groups)), "seed %d", seed)
		for k := range n.fixes { // somebody more, or somebody less
			n.fixes[k].in = !n.fixes[k].in
			st, n.D = d.decisions(n), math.MaxInt64
			if d.prove(n, st); !st.allowed() {
				require.Less(t, n.D, m.least, "seed %d", seed)
			} else if st.feasible() {
				require.LessOrEqual(t, st.worth, n.D, "seed %d", seed)
			} else if st.unmet == 0 && !st.sound() && slices.Equal(st.seats, seatsOfHeld(st)) {
				require.Less(t, n.D, m.least, "seed %d", seed)
			}
			n.fixes[k].in = !n.fixes[k].in
		}
	}
}

// seatsOfHeld are the seats in the sessions held.
func seatsOfHeld(st *state) []int32 {
	out := slices.Clone(st.seats)
	for s, y := range st.held {
		if !y {
			out[s] = 0
		}
	}
	return out
}

// What is proved with decisions of a node's prices has them in its proof.
func TestSettledLeafStandsBelowWhatIsDecided(t *testing.T) {
	p := small(1).withPeople(Person{Gaps: []Gap{{0, 10, "1"}}}).withSessions(session(0))
	p.Sessions[0].Min, p.Money = 0, "1"
	run := start(context.Background(), p, &Options{})
	n := &node{branch: run.m.trunk(), D: math.MaxInt64, cert: &Certificate{}, byPrice: []int{0}}
	n.held[0] = shut
	n.decide(fixed{0, false})
	d := &dive{run: run, engine: run.engine}
	d.prove(n, d.decisions(n))
	require.NotNil(t, n.cert.Zero)
	require.NotEmpty(t, n.cert.Zero.Eta, "the coverage that is missing is paid for")
	require.Empty(t, n.cert.One.Eta, "and where the session is held, as before")
}

// Penalties that nothing outweighs, of budgets in rupiah: what they add up to
// is beyond an int64 of the finest grid, and two of them together may not pass
// for a gain.
func TestPenaltiesThatNothingOutweighs(t *testing.T) {
	for seed := range uint64(12) {
		g := rand.New(rand.NewPCG(seed, 5))
		price := []Decimal{"1", "1000"}[seed%2]
		p := small(2)
		p.T, p.Budget, p.UBudget = 1, int64(g.IntN(20))*1_000_000, []int64{int64(g.IntN(6)) * 1_000_000, int64(g.IntN(6)) * 1_000_000}
		p.Over = &Over{Budget: &price, UBudget: &price}
		for range 2 + g.IntN(3) {
			q := Person{U: g.IntN(2)}
			for k := range 3 {
				q.Gaps = append(q.Gaps, Gap{k, 5 + g.IntN(20), []Decimal{"1", "2", "0.5"}[g.IntN(3)]})
			}
			p.withPeople(q)
		}
		for s := range 3 {
			x := session(s)
			x.Comp = [][2]int{{g.IntN(3), 5 + g.IntN(10)}}
			x.F, x.C, x.Cap = int64(g.IntN(8))*1_000_000, int64(1+g.IntN(20))*100_000, 1+g.IntN(4)
			p.withSessions(x)
		}
		want, ok := exhaustive(p)
		require.True(t, ok)
		r, err := Solve(context.Background(), p, Options{Work: 60_000, Seed: seed, Workers: 1})
		require.NoError(t, err)
		require.Equal(t, big.NewRat(want, scale), Evaluate(p, r.Plan()).Objective, "seed %d", seed)
		require.Equal(t, compile(p).grid, newVerifier(p).unit, "seat prices are cut off where they are in the check")
		proved, err := r.Certificate.Verify(p)
		require.NoError(t, err)
		require.LessOrEqual(t, proved, r.Bound, "seed %d", seed)
	}
}

// Penalties that fit together count in full, however much of the room one row
// of many takes: seats beyond a budget that is outspent anyway are no bargain.
func TestPenaltiesThatFitCountInFull(t *testing.T) {
	price, rho := Decimal("100000"), Decimal("1000")
	p := small(5)
	p.Rho, p.HMin, p.Budget, p.Over = &rho, 4, 10, &Over{Budget: &price, UBudget: &price}
	for i := range 6 {
		p.withPeople(Person{U: i % 5, Gaps: []Gap{{0, 20, "2"}}})
	}
	x := session(0)
	x.F, x.Cap, x.Min, x.State = 17, 3, 0, "open"
	p.withSessions(x)
	want, ok := exhaustive(p)
	require.True(t, ok)
	r, err := Solve(context.Background(), p, Options{Work: 20_000, Workers: 1})
	require.NoError(t, err)
	require.Equal(t, big.NewRat(want, scale), Evaluate(p, r.Plan()).Objective)
}

// What is hard goes before what costs, however much: a duty, and the least
// seats of a session that must be held, of budgets that are nought.
func TestHardGoesBeforeWhatCosts(t *testing.T) {
	price := Decimal("1000")
	p := small(1)
	p.Budget, p.UBudget, p.Over = 0, []int64{0}, &Over{Budget: &price, UBudget: &price}
	for i := range 30 {
		q := Person{Gaps: []Gap{{0, 10, "1"}, {1, 10, "1"}}}
		if i%3 == 0 {
			q.Must = []int{0}
		}
		p.withPeople(q)
	}
	for s := range 4 {
		x := session(s % 2)
		x.Comp, x.F, x.C, x.Cap = [][2]int{{s % 2, 5}}, 5_000_000, 1_000_000, 12
		if s == 3 {
			x.State, x.Min = "open", 4
		}
		p.withSessions(x)
	}
	r, err := Solve(context.Background(), p, Options{Work: 3000, Workers: 1})
	require.NoError(t, err)
	require.GreaterOrEqual(t, r.Status, Feasible)
	e := Evaluate(p, r.Plan())
	require.Equal(t, int64(10_000_000+14*1_000_000), e.Cost, "no seat that nobody must have")
}

// A small limit in work is not used up by local search: branches are looked at
// too, and few problems of this size end without a plan or the proof that there
// is none.
func TestSmallLimitsBranchToo(t *testing.T) {
	none := 0
	for seed := range uint64(100) {
		r, err := Solve(context.Background(), randomProblem(rand.New(rand.NewPCG(seed, 99)), 8, 5), Options{Work: 3000, Seed: 1, Workers: 1})
		require.NoError(t, err)
		if r.Status == NoPlan {
			none++
		}
	}
	require.LessOrEqual(t, none, 2)
}

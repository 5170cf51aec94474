package solve

import (
	"context"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// small is a problem without any people or sessions, to build on.
func small(units int) *Problem {
	rho, pi := Decimal("0.2"), Decimal("5")
	return &Problem{K: 4, U: units, T: 4, HMin: 20, HMax: 80, Rho: &rho, Pi: &pi, Theta: "0.6", Budget: 1000, UBudget: slices.Repeat([]int64{1000}, units)}
}

func (p *Problem) withPeople(list ...Person) *Problem {
	p.People = append(p.People, list...)
	p.N = len(p.People)
	return p
}

func (p *Problem) withSessions(list ...Session) *Problem {
	p.Sessions = append(p.Sessions, list...)
	p.M = len(p.Sessions)
	return p
}

func session(off int) Session {
	return Session{Off: off, Comp: [][2]int{{0, 10}}, Hours: 10, F: 5, C: 1, Cap: 10, Min: 1, Slot: -1, Pre: -1}
}

func solved(t *testing.T, p *Problem) *Result {
	t.Helper()
	require.NoError(t, p.Validate().Err())
	r, err := Solve(context.Background(), p, Options{Work: 200_000, Seed: 1})
	require.NoError(t, err)
	return r
}

// requireProved checks that a result is proved to be the optimum, and that its
// certificate says so by itself.
func requireProved(t *testing.T, p *Problem, best float64, r *Result) {
	t.Helper()
	require.Equal(t, Optimal, r.Status)
	require.InDelta(t, best, r.Objective, 1e-9)
	proved, err := r.Certificate.Verify(p)
	require.NoError(t, err)
	require.InDelta(t, best, proved, 1e-9)
}

// The bonus of coverage can pay for a session that loses by itself: a bound
// without it would be below the optimum.
func TestBonusCountsAtTheRoot(t *testing.T) {
	p := small(1).withPeople(Person{Gaps: []Gap{{0, 10, "1"}}}, Person{Gaps: []Gap{{0, 10, "1"}}}).withSessions(session(0))
	p.Theta = "1"
	m := compile(p)
	e := newEngine(m, 1, newMeter(context.Background(), &Options{}))
	x := newPrices(m)
	one := m.grid.Int64()
	x.lambda[0], x.eta[0] = 5*one, 4*one // 1 closed + 2 hours reward − 5 < 0, but + 4 pays
	pass := e.evaluate(x, m.trunk(), passOptions{})
	require.Equal(t, int64(2), pass.seats[0], "both take the seat for the bonus")
	best, ok := exhaustive(p)
	require.True(t, ok)
	require.GreaterOrEqual(t, new(big.Rat).SetFrac(big.NewInt(pass.D), m.grid).Cmp(new(big.Rat).SetFrac64(best, scale)), 0)
	b, err := Certificate{Prices: m.leaf(x)}.Verify(p)
	require.NoError(t, err)
	require.GreaterOrEqual(t, b, float64(best)/scale)
}

// With all prices 0 and 150 sessions a person the search would be endless: the
// node limit ends it, and what was not visited counts with its upper end.
func TestLowPricesEndWithinTheNodeLimit(t *testing.T) {
	p := small(1)
	p.K = 6
	g := rand.New(rand.NewPCG(1, 1))
	for o := range 150 {
		x := session(o)
		x.Comp = [][2]int{{o % 6, 1 + g.IntN(5)}, {(o + 1) % 6, 1 + g.IntN(5)}}
		x.Hours = 1 + g.IntN(7)
		p.withSessions(x)
	}
	p.HMax, p.HMin = 60, 40
	for range 4 {
		q := Person{}
		for k := range 6 {
			q.Gaps = append(q.Gaps, Gap{k, 30, Int(int64(1 + g.IntN(5)))})
		}
		p.withPeople(q)
	}
	m := compile(p)
	s := newSearcher(m)
	for i := range p.People {
		for _, nodes := range []int{10, 100, 0} {
			a := s.search(query{person: i, price: make([]int64, 150), purse: free, nodes: nodes})
			limit := nodes
			if limit == 0 {
				limit = defaultNodes
			}
			require.LessOrEqual(t, a.nodes, limit+60)
			require.GreaterOrEqual(t, a.upper, a.value)
			require.Greater(t, a.value, int64(never))
		}
	}
}

// Chains and stars of prerequisites do not explode.
func TestPrerequisitesStayFewNodes(t *testing.T) {
	price := func(m *model, worth float64) []int64 {
		out := make([]int64, len(m.session))
		for k := range out {
			out[k] = int64(worth * float64(m.grid.Int64()))
		}
		return out
	}
	t.Run("chain", func(t *testing.T) {
		p := small(1)
		p.HMax = 1000
		for o := range 12 {
			x := session(o)
			x.Comp = [][2]int{{o % 4, 3}}
			x.Pre = o - 1
			p.withSessions(x)
		}
		p.withPeople(Person{Gaps: []Gap{{0, 9, "2"}, {1, 9, "2"}, {2, 9, "2"}, {3, 9, "2"}}})
		m := compile(p)
		a := newSearcher(m).search(query{person: 0, price: price(m, 0.7), purse: free})
		require.True(t, a.exact)
		require.LessOrEqual(t, a.nodes, 50)
	})
	t.Run("star", func(t *testing.T) {
		p := small(1)
		p.HMax = 1000
		hub := session(0)
		hub.Comp = [][2]int{{3, 1}}
		p.withSessions(hub)
		for o := 1; o < 15; o++ {
			x := session(o)
			x.Comp = [][2]int{{o % 3, 5}}
			x.Pre = 0
			p.withSessions(x)
		}
		p.withPeople(Person{Gaps: []Gap{{0, 20, "2"}, {1, 20, "2"}, {2, 20, "2"}, {3, 1, "1"}}})
		m := compile(p)
		a := newSearcher(m).search(query{person: 0, price: price(m, 0.6), purse: free})
		require.True(t, a.exact)
		require.LessOrEqual(t, a.nodes, 50)
	})
}

// Equal sessions with seats for half the people each: both are held, the bound
// meets the plan, and the order of people does not matter.
func TestTwinsAreProved(t *testing.T) {
	p := small(1)
	p.Theta = "1"
	for k := range 2 {
		x := session(0)
		x.Cap, x.Min, x.Slot = 5, 3, k
		p.withSessions(x)
	}
	for i := range 10 {
		p.withPeople(Person{Gaps: []Gap{{0, 10 + i, "3"}}})
	}
	first := solved(t, p)
	require.Equal(t, Optimal, first.Status)
	require.Len(t, first.Open, 2)
	require.Len(t, first.Assign, 10)
	slices.Reverse(p.People)
	require.Equal(t, first.Objective, solved(t, p).Objective)
}

func TestTinyLimitsGiveAPlanAndABound(t *testing.T) {
	p := randomProblem(rand.New(rand.NewPCG(12, 1)), 8, 5)
	rho, pi := Decimal("0.2"), Decimal("1")
	p.Rho, p.Pi, p.Cover, p.Limits = &rho, &pi, nil, nil
	for i := range p.People {
		p.People[i].Must, p.People[i].Lock = nil, nil
	}
	for s := range p.Sessions {
		p.Sessions[s].State = ""
	}
	best, ok := exhaustive(p)
	require.True(t, ok)
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	for name, c := range map[string]struct {
		ctx context.Context
		opt Options
		end string
	}{
		"cancelled": {gone, Options{}, EndedContext},
		"1 ns":      {context.Background(), Options{Limit: 1}, EndedTime},
		"1 ms":      {context.Background(), Options{Limit: time.Millisecond}, ""},
		"1 search":  {context.Background(), Options{Work: 1}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := Solve(c.ctx, p, c.opt)
			require.NoError(t, err)
			require.GreaterOrEqual(t, r.Status, Feasible)
			require.True(t, Evaluate(p, r.Plan()).Feasible())
			require.GreaterOrEqual(t, r.Bound, float64(best)/scale-1e-9)
			proved, err := r.Certificate.Verify(p)
			require.NoError(t, err)
			require.LessOrEqual(t, proved, r.Bound)
			if c.end != "" {
				require.Equal(t, c.end, r.Ended)
			}
		})
	}
}

func TestHardRowsThatTheEmptyPlanBreaks(t *testing.T) {
	p := small(1).withPeople(Person{Gaps: []Gap{{0, 10, "1"}}, Must: []int{0}}).withSessions(session(0))
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	r, err := Solve(gone, p, Options{})
	require.NoError(t, err)
	require.Equal(t, NoPlan, r.Status)
	require.True(t, math.IsNaN(r.Objective))
	require.Equal(t, Optimal, solved(t, p).Status)
	p.Budget = 5 // the session alone costs that: nobody can sit in it
	r = solved(t, p)
	require.Equal(t, Infeasible, r.Status)
	require.Equal(t, EndedProof, r.Ended)
}

// Money is met to the last rupiah where floats no longer count in ones.
func TestBudgetsAreExactAtNineQuadrillion(t *testing.T) {
	const most = 9_000_000_000_000_000
	p := small(1).withPeople(Person{Gaps: []Gap{{0, 10, "3"}}}).withSessions(session(0))
	p.Sessions[0].F = most - 1
	p.Budget = most
	require.Len(t, solved(t, p).Assign, 1)
	p.Budget = most - 1
	r := solved(t, p)
	require.Empty(t, r.Assign, "one rupiah short")
	e := Evaluate(p, Plan{Open: []int{0}, Assign: [][2]int{{0, 0}}})
	require.True(t, e.Violations.Has("budget"))
}

// Decimals mean what is written.
func TestOneFifthIsOneFifth(t *testing.T) {
	p := small(1).withPeople(Person{Gaps: []Gap{{0, 3, "0.1"}}}).withSessions(session(0))
	p.Theta = "0"
	r := Evaluate(p, Plan{})
	require.Equal(t, "-4", r.Objective.RatString()) // 20 hours at one fifth
	r = Evaluate(p, Plan{Open: []int{0}, Assign: [][2]int{{0, 0}}})
	require.Equal(t, "-197/100", r.Objective.RatString())
}

func TestEmptyAndUselessThings(t *testing.T) {
	nobody := small(3)
	lonely := small(2).withPeople(Person{Gaps: []Gap{}})
	unwanted := small(1).withPeople(Person{Gaps: []Gap{{1, 10, "1"}}}).withSessions(session(0))
	emptyGroup := small(1).withPeople(Person{Gaps: []Gap{{0, 10, "1"}}}).withSessions(session(0))
	emptyGroup.Cover = []Cover{{Who: []int{}, Theta: "1"}}
	all := small(1).withPeople(Person{Gaps: []Gap{{0, 10, "1"}}}).withSessions(session(0))
	all.Theta = "1"
	none := small(1).withPeople(Person{Gaps: []Gap{{0, 10, "1"}}}).withSessions(session(0))
	none.Theta = "0"
	tooFew := small(1).withPeople(Person{Gaps: []Gap{{0, 10, "9"}}}).withSessions(session(0))
	tooFew.Sessions[0].Min = 2
	for name, p := range map[string]*Problem{"nobody": nobody, "no sessions": lonely, "nobody wants it": unwanted, "empty group": emptyGroup,
		"theta 1": all, "theta 0": none, "fewer people than the minimum": tooFew} {
		t.Run(name, func(t *testing.T) {
			r := solved(t, p)
			require.Equal(t, Optimal, r.Status)
			best, ok := exhaustive(p)
			require.True(t, ok)
			require.InDelta(t, float64(best)/scale, r.Objective, 1e-9)
		})
	}
}

// Laws: twice the prices, twice the objective; the plan with its own seats
// locked is itself; a budget row split in two never helps.
func TestLawsOfTheOptimum(t *testing.T) {
	double := func(d Decimal) Decimal {
		r := new(big.Rat).Mul(d.rat(), big.NewRat(2, 1))
		return Decimal(r.FloatString(6))
	}
	tried := 0
	for seed := uint64(100); tried < 15; seed++ {
		p := randomProblem(rand.New(rand.NewPCG(seed, 2)), 6, 4)
		p.Over, p.Limits, p.Away, p.Money, p.Cover = nil, nil, nil, "", nil
		r := solved(t, p)
		if r.Status != Optimal {
			continue
		}
		tried++
		locked := *p
		locked.People = slices.Clone(p.People)
		for i := range locked.People {
			locked.People[i].Lock = nil
		}
		for _, a := range r.Assign {
			locked.People[a[0]].Lock = append(slices.Clone(locked.People[a[0]].Lock), a[1])
		}
		again := solved(t, &locked)
		require.Equal(t, Optimal, again.Status, "seed %d", seed)
		require.InDelta(t, r.Objective, again.Objective, 1e-9, "seed %d", seed)

		twice := *p
		twice.People = slices.Clone(p.People)
		for i := range twice.People {
			gaps := slices.Clone(p.People[i].Gaps)
			for k := range gaps {
				gaps[k].W = double(gaps[k].W)
			}
			twice.People[i].Gaps = gaps
		}
		for _, d := range []**Decimal{&twice.Rho, &twice.Pi} {
			if *d != nil {
				x := double(**d)
				*d = &x
			}
		}
		require.InDelta(t, 2*r.Objective, solved(t, &twice).Objective, 1e-9, "seed %d", seed)
	}
}

// A warm start is kept: the result is never worse, and what does not fit any
// more is left out.
func TestStartsFromAPlan(t *testing.T) {
	p := small(1).withSessions(session(0), session(1))
	p.Sessions[1].Slot = 0
	for range 6 {
		p.withPeople(Person{Gaps: []Gap{{0, 20, "3"}}})
	}
	r := solved(t, p)
	plan := r.Plan()
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	again, err := Solve(gone, p, Options{From: &plan})
	require.NoError(t, err)
	require.Equal(t, r.Objective, again.Objective)
	bad := Plan{Open: []int{0, 7}, Assign: [][2]int{{0, 0}, {9, 0}, {1, 1}, {0, 0}}}
	again, err = Solve(gone, p, Options{From: &bad})
	require.NoError(t, err)
	require.True(t, Evaluate(p, again.Plan()).Feasible())
	require.Equal(t, [][2]int{{0, 0}}, again.Assign)
}

// Everybody has to be reached, and money holds two of the three sessions that
// would take: only prices of coverage far above what a plan is worth show that.
func TestHardCoverageIsProvedInfeasible(t *testing.T) {
	p := small(2)
	p.Theta, p.Pi, p.Budget = "1", nil, 290
	for o := range 3 {
		x := session(o)
		x.Comp, x.F, x.Cap, x.Min = [][2]int{{o, 10}}, 100, 30, 1
		p.withSessions(x)
	}
	for i := range 60 {
		k := i % 2
		if i == 0 {
			k = 2 // only one needs the third
		}
		p.withPeople(Person{U: i % 2, Gaps: []Gap{{k, 10, "250"}}})
	}
	r := solved(t, p)
	require.Equal(t, Infeasible, r.Status)
	_, err := r.Certificate.Verify(p)
	require.NoError(t, err)
	p.Budget = 400
	require.Equal(t, Optimal, solved(t, p).Status)
}

// A proof by prices that are all 0 is written as one, which {} would not look like.
func TestProofWithoutPricesIsWritten(t *testing.T) {
	var b strings.Builder
	require.NoError(t, (&Certificate{}).Write(&b))
	require.Equal(t, `{"beta":0}`, b.String())
}

package solve

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// city has more people than are planned by linear programs, in twenty units,
// with money for some of its sessions.
func city(g *rand.Rand) *Problem {
	const units, competencies, sessions = 20, 6, 16
	rho, pi := Decimal("0.2"), Decimal("3")
	p := &Problem{N: manyPeople + 200, M: sessions, K: competencies, U: units, T: 6, HMin: 6, HMax: 20, Rho: &rho, Pi: &pi, Theta: "0.5", Budget: 250_000}
	for range units {
		p.UBudget = append(p.UBudget, 4000+int64(g.IntN(8000)))
	}
	for range p.N {
		q := Person{U: g.IntN(units)}
		for _, k := range g.Perm(competencies)[:2] {
			q.Gaps = append(q.Gaps, Gap{K: k, G: 5 + g.IntN(20), W: "1"})
		}
		p.People = append(p.People, q)
	}
	for s := range sessions {
		p.Sessions = append(p.Sessions, Session{Off: s / 2, Method: "x", Comp: [][2]int{{s / 2 % competencies, 10}, {(s/2 + 1 + g.IntN(competencies-1)) % competencies, 5}},
			Hours: 4 + g.IntN(6), F: 3000 + int64(g.IntN(9000)), C: 10 + int64(g.IntN(30)), Cap: 300 + g.IntN(700), Min: 50, Slot: g.IntN(7) - 1, Pre: -1})
	}
	return p
}

// Above manyPeople another way is gone: sets of sessions, walkers with rations,
// no branching. Its plan keeps every rule, its certificate bears its bound, and
// a limit in work gives the same on any number of workers.
func TestManyPeople(t *testing.T) {
	p := city(rand.New(rand.NewPCG(1, 13)))
	var first *Result
	for _, workers := range []int{1, 3} {
		s, err := Solve(context.Background(), p, Options{Seed: 3, Work: 900_000, Workers: workers})
		require.NoError(t, err)
		if first == nil {
			first = s
		}
		require.Equal(t, first.Assign, s.Assign)
		require.Equal(t, first.Bound, s.Bound)
	}
	e := Evaluate(p, Plan{Open: first.Open, Assign: first.Assign})
	require.Empty(t, e.Violations)
	worth, _ := e.Objective.Float64()
	require.Equal(t, worth, first.Objective)
	bound, err := first.Certificate.Verify(p)
	require.NoError(t, err)
	require.LessOrEqual(t, bound, first.Bound)
	require.LessOrEqual(t, first.Objective, bound)
}

// Prices found with some of the people at a time, by the mean of those that were
// tried, prove more than passes over all people for the same work, and nearly
// what six times as many do.
func TestSomeOfThePeopleSayNearlyAsMuchAsAll(t *testing.T) {
	r := start(context.Background(), city(rand.New(rand.NewPCG(2, 13))), &Options{Workers: 1})
	b, never := r.open[0].branch, func() bool { return false }
	proved := func(a ascent) float64 {
		f := r.ascend(r.space, r.space.first(), b, a, false)
		return float64(r.evaluate(r.space.read(f.x, b), b, passOptions{}).D)
	}
	const steps = 200
	some := proved(r.m.sampled(steps, 1, never))
	passes := steps * someOf / r.m.n
	require.Less(t, some, proved(ascent{rounds: passes, size: 1, cool: 25, stop: never}))
	require.Less(t, some, 1.002*proved(ascent{rounds: 6 * passes, size: 1, cool: 25, stop: never}))
}

// Promises that cannot all be kept are proved to be too many before any search,
// however many people there are: each session where someone's seat is locked is
// held, and these, or the locked seats, are more than some row allows.
func TestTooManyPromisesAreProvedAtOnce(t *testing.T) {
	p := city(rand.New(rand.NewPCG(3, 13)))
	taken := map[int]bool{}
	for i, list := range relate(p).eligible {
		for _, s := range list {
			if s := int(s); !taken[s] && len(p.People[i].Lock) == 0 {
				taken[s] = true
				p.People[i].Lock = []int{s}
			}
		}
	}
	require.Len(t, taken, p.M)
	fixed := int64(0)
	for s := range p.Sessions {
		fixed += p.Sessions[s].F
	}
	p.Budget = 10 * fixed
	plenty := *p
	for name, scarce := range map[string]func(){
		"money": func() { p.Budget = fixed * 9 / 10 },
		"units": func() { p.UBudget = make([]int64, p.U) },
		"limit": func() { p.Limits = []Limit{{Limit: 1, Per: "session", Use: [][2]int64{{0, 1}, {1, 1}}}} },
		"seats": func() {
			p.Sessions = slices.Clone(p.Sessions)
			p.Sessions[0].Cap, p.Sessions[0].Min = 1, 1
			p.People = slices.Clone(p.People)
			for i, list := range relate(&plenty).eligible {
				if len(p.People[i].Lock) == 0 && slices.Contains(list, 0) {
					p.People[i].Lock = []int{0}
					break
				}
			}
		},
	} {
		scarce()
		s, err := Solve(context.Background(), p, Options{Work: 20_000})
		require.NoError(t, err, name)
		require.Equal(t, Infeasible, s.Status, name)
		bound, err := s.Certificate.Verify(p)
		require.NoError(t, err, name)
		least, _ := relate(p).least().Float64()
		require.Less(t, bound, least, name)
		*p = plenty
	}
	s, err := Solve(context.Background(), p, Options{Work: 200_000})
	require.NoError(t, err)
	require.NotEqual(t, Infeasible, s.Status)
}

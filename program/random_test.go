package program

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom/program/internal/solve"
)

// randomProblem has up to n people and m sessions and rules of every kind,
// each soft or hard by chance.
func randomProblem(r *rand.Rand, n, m int) *solve.Problem {
	n, m = 1+r.IntN(n), 1+r.IntN(m)
	price := func(most int) *solve.Decimal {
		if r.IntN(3) == 0 {
			return nil
		}
		d := solve.Float(float64(r.IntN(most*4)) / 4)
		return &d
	}
	maybe := func(k int) bool { return r.IntN(k) == 0 }
	p := &solve.Problem{N: n, M: m, K: 3, U: 2, T: 3, HMin: r.IntN(3), HMax: 4 + r.IntN(8), Rho: price(2), Pi: price(3), Theta: solve.Float(float64(r.IntN(3)) / 4), Budget: int64(10 + r.IntN(60))}
	if maybe(2) {
		p.Theta = "0"
	}
	p.UBudget = []int64{int64(r.IntN(20)), int64(5 + r.IntN(20))}
	for range n {
		q := solve.Person{U: r.IntN(2), Gaps: []solve.Gap{}, Done: []int{}}
		for k := range 3 {
			if r.IntN(3) > 0 {
				q.Gaps = append(q.Gaps, solve.Gap{K: k, G: 5 + r.IntN(25), W: solve.Float(float64(1+r.IntN(8)) / 4)})
			}
		}
		if maybe(5) {
			q.Done = append(q.Done, r.IntN(m))
		}
		if maybe(6) {
			q.Not = append(q.Not, r.IntN(m))
		}
		p.People = append(p.People, q)
	}
	for s := range m {
		x := solve.Session{Off: s - s%2*r.IntN(2), Method: "x", Comp: [][2]int{}, Hours: 1 + r.IntN(4), F: int64(r.IntN(15)), C: int64(r.IntN(6)), Min: r.IntN(3), Slot: r.IntN(4) - 1, Pre: -1}
		if x.Off < 0 {
			x.Off = 0
		}
		x.Cap = x.Min + r.IntN(4)
		for k := range 3 {
			if maybe(2) {
				x.Comp = append(x.Comp, [2]int{k, 3 + r.IntN(15)})
			}
		}
		if s > 1 && maybe(4) {
			x.Pre = 0
			if x.Off == 0 {
				x.Pre = -1
			}
		}
		p.Sessions = append(p.Sessions, x)
	}
	if maybe(2) {
		l := solve.Limit{Limit: int64(1 + r.IntN(3)), Per: "seat", Price: price(2)}
		if maybe(2) {
			l.Per = "session"
		}
		for s := range m {
			l.Use = append(l.Use, [2]int64{int64(s), int64(r.IntN(3))})
		}
		p.Limits = append(p.Limits, l)
	}
	if maybe(3) {
		p.Away = &solve.Away{Share: "0.5", Price: price(2)}
	}
	if maybe(3) {
		p.Cover = append(p.Cover, solve.Cover{Who: []int{r.IntN(n)}, Theta: "1", Pi: price(3)})
	}
	if maybe(3) {
		p.Money = "0.01"
	}
	if maybe(3) {
		p.Over = &solve.Over{Budget: price(2), UBudget: price(2)}
	}
	return p
}

// bruteForce searches all plans; −Inf without any.
func bruteForce(p *solve.Problem) float64 {
	most, evaluate := math.Inf(-1), solve.Evaluator(p)
	n, m := p.N, p.M
	for code := range 1 << (n * m) {
		plan := solve.Plan{}
		for s := range m {
			held := false
			for i := range n {
				if code>>(i*m+s)&1 == 1 {
					held = true
					plan.Assign = append(plan.Assign, [2]int{i, s})
				}
			}
			if held || p.Sessions[s].State == "open" {
				plan.Open = append(plan.Open, s)
			}
		}
		if e := evaluate(plan); e.Feasible() {
			x, _ := e.Objective.Float64()
			most = math.Max(most, x)
		}
	}
	return most
}

// random instances that validate, each with its number for messages.
func eachRandom(t *testing.T, count, n, m int, f func(t *testing.T, k int, p *solve.Problem, in *Instance)) {
	t.Helper()
	r := rand.New(rand.NewPCG(7, uint64(n*100+m)))
	for k := range count {
		p := randomProblem(r, n, m)
		require.NoError(t, p.Validate().Err())
		f(t, k, p, &Instance{bare(p)})
	}
}

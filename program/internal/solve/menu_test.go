package solve

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// A search in the list of all plans finds what the tree search finds.
func TestMenuEqualsSearch(t *testing.T) {
	found := 0
	for seed := range instances(300, 3000) {
		g := rand.New(rand.NewPCG(uint64(seed), 13))
		m := compile(randomProblem(g, 6, 6))
		require.NotNil(t, m.menu)
		bare := *m
		bare.menu = nil
		list, tree := newSearcher(m), newSearcher(&bare)
		for i := range m.n {
			lo, hi := m.pairs(i)
			q := query{person: i, bonus: int64(g.IntN(3)) * m.grid.Int64(), purse: free, forced: m.lock[int32(i)], nodes: 1 << 20}
			if g.IntN(3) == 0 {
				q.purse = int64(g.IntN(3000))
			}
			for k := lo; k < hi; k++ {
				price := int64(g.NormFloat64() * float64(m.grid.Int64()) * 3)
				if g.IntN(6) == 0 {
					price = unavailable
				}
				q.price = append(q.price, price)
			}
			if hi > lo && g.IntN(4) == 0 {
				q.forced = append([]int32{lo + int32(g.IntN(int(hi-lo)))}, q.forced...)
			}
			a, b := list.search(q), tree.search(q)
			require.LessOrEqual(t, b.value, a.value, "seed %d person %d", seed, i)
			require.LessOrEqual(t, a.upper, b.upper, "seed %d person %d", seed, i)
			if a.value == never || !m.counts[i] {
				continue
			}
			v, _ := m.grossOf(i, list.plan)
			for _, k := range list.plan {
				v -= q.price[k-lo]
			}
			if len(list.plan) > 0 {
				v += q.bonus
			}
			require.Equal(t, v, a.value, "seed %d person %d", seed, i)
			require.True(t, m.allowed(i, list.plan))
			require.Subset(t, list.plan, q.forced)
			found++
		}
	}
	require.Positive(t, found)
}

// More plans than can be listed are searched.
func TestMenuIsBounded(t *testing.T) {
	p := small(1).withPeople(Person{Gaps: []Gap{{0, 30, "1"}}})
	p.HMin, p.HMax = 0, 1000
	for s := range 20 {
		p.withSessions(session(s))
	}
	require.Nil(t, compile(p).menu)
	r := solved(t, p)
	require.Equal(t, Optimal, r.Status)
	require.InDelta(t, 3, r.Objective, 1e-9)
}

// A pass of the bound with people's plans listed, and searched.
func BenchmarkPass(b *testing.B) {
	b.Cleanup(func() { listing(true) })
	for _, name := range []string{"listed", "searched"} {
		listing(name == "listed")
		g := rand.New(rand.NewPCG(1, 17))
		p := small(1)
		for s := range 12 {
			x := session(s / 2)
			x.Comp, x.Hours = [][2]int{{s % 4, 10}, {(s + s/2) % 4, 20}}, 20+4*(s%4)
			p.withSessions(x)
		}
		for range 80 {
			p.withPeople(Person{Gaps: []Gap{{0, 10 + g.IntN(20), "1"}, {1, 10, "0.7"}, {2, 20, "1.3"}, {3, 10, "0.4"}}})
		}
		m := compile(p)
		e, sp := newEngine(m, 1, newMeter(context.Background(), &Options{})), newSpace(m)
		for _, share := range []float64{1, 0.3} { // searches are shorter where prices are high
			v := sp.first()
			for k := range v {
				v[k] *= share
			}
			x := sp.read(v, m.trunk())
			b.Run(fmt.Sprintf("%s/prices=%v", name, share), func(b *testing.B) {
				for b.Loop() {
					e.evaluate(x, m.trunk(), passOptions{pairs: true})
				}
				if m.menu != nil {
					b.ReportMetric(float64(len(m.menu.from))/float64(m.n), "plans/person")
				}
			})
		}
	}
}

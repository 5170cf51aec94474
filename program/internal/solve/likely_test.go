package solve

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// The lists of likely plans are those of the menu, and where they would be too
// long, the nearest to the best of them.
func TestLikelyPlans(t *testing.T) {
	some := 0
	for seed := range instances(300, 3000) {
		r, st := withLineup(uint64(seed), 6, 6)
		if st == nil || r.m.menu == nil {
			continue
		}
		rng := stream(uint64(seed))
		x := newPrices(r.m)
		for s := range x.lambda {
			x.lambda[s] = int64((rng.float() - 0.2) * r.space.seat)
		}
		at := r.m.tariff(x)
		for _, i := range r.frame.people {
			regret := int64(rng.float() * 2 * r.space.seat)
			lo, _ := r.m.pairs(int(i))
			menu := r.m.menu.of(int(i))
			present := slices.Sorted(slices.Values(st.plan[i]))
			var want [][]int32
			var net []int64
			for e := range menu.from {
				pairs := menu.plan(nil, int32(e), lo)
				shut := slices.ContainsFunc(pairs, func(k int32) bool { return !st.held[r.m.session[k]] })
				if _, unmet := r.m.valueOf(int(i), pairs); shut || unmet > 0 || menu.worth[e] == never {
					continue
				}
				v := menu.worth[e]
				for _, k := range pairs {
					v -= at.seatOf(r.m, int(r.m.unit[i]), k)
				}
				if len(pairs) > 0 {
					v += r.m.bonusOf(at, int(i))
				}
				want, net = append(want, pairs), append(net, v)
			}
			n := 0
			for e, v := range net {
				if v >= slices.Max(net)-regret && !slices.Equal(want[e], present) {
					want[n] = want[e]
					n++
				}
			}
			got := r.frame.likely(st, at, i, regret)
			require.True(t, slices.Equal(present, got[0].pairs), "seed %d, person %d", seed, i)
			var pairs [][]int32
			for _, c := range got[1:] {
				pairs = append(pairs, c.pairs)
			}
			slices.SortFunc(pairs, slices.Compare[[]int32])
			want = want[:n]
			slices.SortFunc(want, slices.Compare[[]int32])
			require.Len(t, pairs, len(want), "seed %d, person %d", seed, i)
			for k := range want {
				require.True(t, slices.Equal(want[k], pairs[k]), "seed %d, person %d", seed, i)
			}
			some += n
		}
	}
	require.Greater(t, some, 200)
}

// A person with very many plans has a list of the nearest to the best.
func TestLikelyPlansAreNotTooMany(t *testing.T) {
	none := Decimal("0")
	p := &Problem{N: 1, M: 14, K: 14, U: 1, HMax: 100, Rho: &none, Pi: &none, Theta: "0", Budget: 100, UBudget: []int64{100}, People: []Person{{}}}
	for s := range p.M {
		p.Sessions = append(p.Sessions, Session{Off: s, Hours: 1, Comp: [][2]int{{s, 10}}, Cap: 5, Slot: -1, Pre: -1})
		p.People[0].Gaps = append(p.People[0].Gaps, Gap{K: s, G: 10, W: Int(int64(1 + s*s%7))})
	}
	r := start(context.Background(), p, &Options{Workers: 1})
	st := newState(r.m)
	for s := range p.M {
		st.hold(s, true)
	}
	x := newPrices(r.m)
	for s := range x.lambda {
		x.lambda[s] = mostSeat
	}
	require.Len(t, r.frame.likely(st, r.m.tariff(x), 0, 0), 1, "nothing is best")
	forced := lister{m: r.m, regret: math.MaxInt64, best: -5}
	require.Less(t, forced.least(), int64(0), "a regret as large as can be")
	got := r.frame.likely(st, r.m.tariff(newPrices(r.m)), 0, math.MaxInt64)
	require.Greater(t, len(got), 10)
	require.LessOrEqual(t, len(got), mostLikely+1)
	require.True(t, slices.ContainsFunc(got, func(c *personPlan) bool { return len(c.pairs) == 14 })) // the best
}

// Where sessions without number go together and four of them close all there is
// to close, a list comes to an end and holds the best plans met on the way.
func TestLikelyPlansEnd(t *testing.T) {
	p := small(1).withPeople(Person{Gaps: []Gap{{0, 20, "1"}, {1, 20, "2"}}})
	for s := range 40 {
		x := session(s)
		x.Comp, x.Hours, x.C = [][2]int{{s % 2, 10}}, 1, 0
		p.withSessions(x)
	}
	r := start(context.Background(), p, &Options{Workers: 1})
	st := newState(r.m)
	for s := range p.M {
		st.hold(s, true)
	}
	got := r.frame.likely(st, r.m.tariff(newPrices(r.m)), 0, 0)
	require.Greater(t, len(got), 10)
	require.LessOrEqual(t, len(got), mostLikely+1)
	for _, c := range got[1:] {
		v, _ := r.m.valueOf(0, c.pairs)
		require.Equal(t, r.m.everything(), v)
	}
}

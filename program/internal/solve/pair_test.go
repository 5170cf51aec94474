package solve

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// Facility location: there is room for all everywhere, and holding a session
// costs. Without prices of pairs the bound stays far above; with them the
// proof is short. The optimum is enumerated.
func TestPricesOfPairsProveWhereThereIsRoomForAll(t *testing.T) {
	for seed := range uint64(5) {
		rng := rand.New(rand.NewPCG(seed, 9))
		p := small(1)
		p.K, p.HMin, p.HMax, p.Rho, p.Money = 20, 1, 1, nil, "0.1"
		p.Budget = 1 << 40
		for s := range 8 {
			x := session(s)
			x.Hours, x.Cap, x.Min, x.Slot, x.F, x.C, x.Comp = 1, 20, 1, -1, 300+int64(rng.IntN(300)), 0, nil
			for k := range 20 {
				x.Comp = append(x.Comp, [2]int{k, 1 + rng.IntN(400)})
			}
			p.withSessions(x)
		}
		for i := range 20 {
			p.withPeople(Person{Gaps: []Gap{{i, 400, "1"}}})
		}
		best := 0.0
		for set := 1; set < 1<<8; set++ {
			v := 0.0
			for s := range p.Sessions {
				if set>>s&1 != 0 {
					v -= 0.1 * float64(p.Sessions[s].F)
				}
			}
			for i := range 20 {
				most := 0
				for s := range p.Sessions {
					if set>>s&1 != 0 {
						most = max(most, p.Sessions[s].Comp[i][1])
					}
				}
				v += float64(most) / 10
			}
			best = max(best, v)
		}
		r, err := Solve(context.Background(), p, Options{Work: 100_000})
		require.NoError(t, err)
		requireProved(t, p, best, r)
		require.LessOrEqual(t, r.Certificate.Leaves(), 60)
	}
}

// The same where people attend several sessions: whoever gains from a session
// sits in it, and which of them are held is enumerated.
func TestPricesOfPairsWherePeopleAttendSeveralSessions(t *testing.T) {
	for _, seed := range []uint64{0, 2, 3} {
		rng := rand.New(rand.NewPCG(seed, 10))
		p := small(1)
		p.K, p.HMin, p.HMax, p.Theta, p.Money, p.Budget = 8, 0, 100, "0", "0.01", 1<<40
		for s := range 12 {
			x := session(s)
			x.Hours, x.Cap, x.Min, x.F, x.C, x.Comp = 1, 25, 0, 800+int64(rng.IntN(1200)), 0, nil
			for _, k := range rng.Perm(8)[:3] {
				x.Comp = append(x.Comp, [2]int{k, 3 + rng.IntN(10)})
			}
			p.withSessions(x)
		}
		for range 25 {
			q := Person{}
			for _, k := range rng.Perm(8)[:4] {
				q.Gaps = append(q.Gaps, Gap{k, 10 * (1 + rng.IntN(2)), []Decimal{"1", "2", "3"}[rng.IntN(3)]})
			}
			p.withPeople(q)
		}
		best := 0.0
		for set := range 1 << 12 {
			got, cost := [8]int{}, 0.0
			for s, x := range p.Sessions {
				if set>>s&1 != 0 {
					cost += 0.01 * float64(x.F)
					for _, c := range x.Comp {
						got[c[0]] += c[1]
					}
				}
			}
			v := -cost
			for _, q := range p.People {
				for _, g := range q.Gaps {
					v += g.W.Float64() * float64(min(g.G, got[g.K])) / 10
				}
			}
			best = max(best, v)
		}
		r, err := Solve(context.Background(), p, Options{Work: 500_000})
		require.NoError(t, err)
		requireProved(t, p, best, r)
		require.LessOrEqual(t, r.Certificate.Leaves(), 4)
	}
}

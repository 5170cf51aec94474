package solve

import (
	"context"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// knapsack is items that are each a person and a session for them alone, under
// limits on sessions.
func knapsack(rng *rand.Rand, items, rows int) (p *Problem, gain []int, amount [][]int64) {
	p = small(1)
	p.K, p.HMin, p.HMax, p.Theta = items, 0, 1, "0"
	amount = make([][]int64, items)
	for range rows {
		p.Limits = append(p.Limits, Limit{Limit: int64(20 * items), Per: "session"})
	}
	for s := range items {
		gain = append(gain, 100+rng.IntN(500))
		x := session(s)
		x.Hours, x.Cap, x.Min, x.F, x.C, x.Comp = 1, 1+rng.IntN(3), rng.IntN(2), 0, 0, [][2]int{{s, gain[s]}}
		p.withSessions(x).withPeople(Person{Gaps: []Gap{{s, gain[s], "1"}}})
		for k := range rows {
			amount[s] = append(amount[s], int64(20+rng.IntN(100)))
			p.Limits[k].Use = append(p.Limits[k].Use, [2]int64{int64(s), amount[s][k]})
		}
	}
	return p, gain, amount
}

// Where only one person can attend, holding is what the seat costs, so that
// nothing but seats is decided. The optimum is enumerated.
func TestSessionsForOnePersonAreDecidedByTheirSeats(t *testing.T) {
	for seed := range uint64(10) {
		const items, rows = 16, 3
		p, gain, amount := knapsack(rand.New(rand.NewPCG(seed, 31)), items, rows)
		soft := Decimal("0.7")
		p.Limits[0].Price = &soft
		best := 0.0
		for set := range uint(1) << items {
			v, used := 0, [rows]int64{}
			for rest := set; rest != 0; rest &= rest - 1 {
				s := bits.TrailingZeros(rest)
				v += gain[s]
				for k, a := range amount[s] {
					used[k] += a
				}
			}
			if used[1] <= p.Limits[1].Limit && used[2] <= p.Limits[2].Limit {
				best = max(best, float64(v)/10-0.7*float64(max(0, used[0]-p.Limits[0].Limit)))
			}
		}
		out, err := Solve(context.Background(), p, Options{Work: 400_000})
		require.NoError(t, err)
		requireProved(t, p, best, out)
		for todo := []*Certificate{&out.Certificate}; len(todo) > 0; todo = todo[1:] {
			if c := todo[0]; c.Zero != nil {
				require.NotNil(t, c.Person)
				todo = append(todo, c.Zero, c.One)
			}
		}
	}
}

// Where open nodes fill their room the search goes on from small bounds: each of
// these nodes is branched, though it is far below the largest bound.
func TestSmallBoundsAreBranchedWhereThereIsNoRoom(t *testing.T) {
	p, _, _ := knapsack(rand.New(rand.NewPCG(1, 32)), 60, 5)
	r := start(context.Background(), p, &Options{Work: 120_000})
	r.search()
	require.Greater(t, len(r.open), 2*r.batch())
	r.meter.quota, r.room, r.next, r.folded = 0, 1, math.MaxInt, r.bound()
	was := slices.Clone(r.open)
	r.expand(8)
	gone := 0
	for _, n := range was {
		if !slices.Contains(r.open, n) {
			gone++
		}
	}
	require.Equal(t, r.batch(), gone)
}

// Without room the proof takes another way to the same end.
func TestProofInLittleRoom(t *testing.T) {
	p, _, _ := knapsack(rand.New(rand.NewPCG(1, 32)), 45, 4)
	want, err := Solve(context.Background(), p, Options{Work: 3_000_000})
	require.NoError(t, err)
	require.Equal(t, Optimal, want.Status)
	r := start(context.Background(), p, &Options{Work: 3_000_000})
	r.room = 100_000
	r.search()
	got, err := r.result()
	require.NoError(t, err)
	require.Equal(t, Optimal, got.Status)
	require.Equal(t, want.Objective, got.Objective)
}

// Where there are too many people for a proof to come to its end, it rests when
// it is large, and plans are looked for.
func TestAProofThatIsLargeRests(t *testing.T) {
	r := start(context.Background(), crowd(150, 5), &Options{Work: 20_000})
	r.search()
	require.True(t, r.best.feasible())
	require.NotEmpty(t, r.open)
	r.leaves, r.folded, r.searched, r.branched = 1<<30, r.bound(), 1, 0
	dives, rounds := r.dives, r.rounds
	r.turn()
	require.Equal(t, dives, r.dives)
	require.Equal(t, rounds+1, r.rounds)
}

package solve

import (
	"context"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom/internal/ref"
)

// The checker's search for one person against all plans there are, at random
// prices, branchings and duties. Some sessions are twins of others.
func TestAloneEqualsAllPlans(t *testing.T) {
	met := 0
	for seed := range uint64(instances(300, 4000)) {
		g := rand.New(rand.NewPCG(seed, 51))
		p := randomProblem(g, 4, 8)
		for s := 1; s < p.M; s++ {
			if g.IntN(3) == 0 {
				x := p.Sessions[s-1]
				if g.IntN(2) == 0 {
					x.Slot = -1
				}
				x.Clash, x.State = nil, ""
				p.Sessions[s] = x
			}
		}
		if p.Validate().Err() != nil {
			continue
		}
		o := &oracle{p: p}
		o.setup()
		v := newVerifier(p)
		c := &checked{eta: make([]*big.Int, len(v.groups)), pair: map[[2]int]*big.Int{}, seat: make([][]*big.Int, p.U), clamped: make([][]int64, p.U)}
		coarse := new(big.Int).Quo(v.unit, big.NewInt(scale)).Int64()
		require.Positive(t, coarse)
		for k := range c.eta {
			c.eta[k] = big.NewInt(coarse * int64(g.IntN(3)*g.IntN(2*scale)))
		}
		for u := range p.U {
			for range p.Sessions {
				x := coarse * int64(g.IntN(4)*(g.IntN(6)-1)) * scale / 4
				c.seat[u], c.clamped[u] = append(c.seat[u], big.NewInt(x)), append(c.clamped[u], x)
			}
		}
		for i := range p.People {
			for _, s := range v.eligible[i] {
				switch g.IntN(8) {
				case 0:
					c.pair[[2]int{i, int(s)}] = big.NewInt(coarse * int64(g.IntN(5)-2))
				case 1:
					v.seat[[2]int{i, int(s)}] = g.IntN(2) == 0
					v.of[i] = append(v.of[i], int(s))
				}
			}
		}
		for i := range p.People {
			if len(v.eligible[i]) == 0 {
				continue
			}
			var best int64
			found := false
			for _, plan := range o.plans(i) {
				worth := o.value(i, plan) * coarse
				ok := true
				for _, s := range v.of[i] {
					ok = ok && v.seat[[2]int{i, s}] == slices.Contains(plan, s)
				}
				for _, s := range plan {
					ok = ok && v.held[s] != shut
					worth -= c.clamped[p.People[i].U][s]
					if a := c.pair[[2]int{i, s}]; a != nil {
						worth -= a.Int64()
					}
				}
				for k, who := range o.groups {
					if len(plan) > 0 && slices.Contains(who, i) {
						worth += c.eta[k].Int64()
					}
				}
				if ok && (!found || worth > best) {
					best, found = worth, true
				}
			}
			value, ok := v.crew[0].person(c, i)
			require.Equal(t, found, ok, "seed %d, person %d", seed, i)
			if ok {
				met++
				require.Equal(t, best, value, "seed %d, person %d", seed, i)
			}
		}
	}
	require.Greater(t, met, 300)
}

// What is remembered from leaf to leaf, and who searches, changes nothing.
func TestVerifyIsTheSameWithoutMemoryAndByMany(t *testing.T) {
	for seed := range uint64(instances(60, 500)) {
		g := rand.New(rand.NewPCG(seed, 61))
		p := randomProblem(g, 9, 7)
		r, err := Solve(context.Background(), p, Options{Work: 2000, Seed: seed})
		require.NoError(t, err)
		prices := []Prices{{}, {Eta: slices.Repeat([]float64{0.7}, p.U)}, r.Prices, r.Prices, {Lambda: slices.Repeat([]float64{0.5}, p.M)}}
		var tree func(depth int) *Certificate
		tree = func(depth int) *Certificate {
			if depth == 0 {
				return &Certificate{Prices: prices[g.IntN(len(prices))]}
			}
			s, i := g.IntN(p.M), g.IntN(p.N)
			c := &Certificate{Session: &s, Zero: tree(depth - 1), One: tree(depth - 1)}
			if g.IntN(2) == 0 {
				c.Person = &i
			}
			return c
		}
		c := tree(5)
		want, err := c.verify(p)
		require.NoError(t, err)
		plain, many := newVerifier(p), newVerifier(p)
		many.asked = make([]memo, len(p.People))
		for range 2 {
			many.crew = append(many.crew, newVerifier(p).crew[0])
			many.crew[len(many.crew)-1].v = many
		}
		for _, v := range []*verifier{plain, many} {
			got, err := v.prove(c)
			require.NoError(t, err)
			require.Equal(t, want == nil, got == nil, "seed %d", seed)
			if want != nil {
				require.Zero(t, want.Cmp(got), "seed %d: %v and %v", seed, want, got)
			}
		}
	}
}

// BenchmarkVerify checks a proof of thousands of leaves, 80 people each.
func BenchmarkVerify(b *testing.B) {
	p := open(b, ref.Shared(b, "bench", "plan", "inst", "plan_T80.json.gz"))
	r, err := Solve(context.Background(), p, Options{Work: 2_000_000})
	require.NoError(b, err)
	for b.Loop() {
		_, err := r.Certificate.Verify(p)
		require.NoError(b, err)
	}
	b.ReportMetric(float64(r.Certificate.Leaves()), "leaves")
}

// Below a node whose own prices prove no more than the whole does nothing is
// needed, and what rounds down to the same step of the lattice is no more.
func TestProofIsPruned(t *testing.T) {
	tree := func() *Certificate {
		return &Certificate{Zero: &Certificate{}, One: &Certificate{}, before: &proven{D: 5, Prices: Prices{Beta: 1}}}
	}
	c := tree()
	c.prune(4)
	require.NotNil(t, c.Zero)
	require.Nil(t, c.before)
	c = tree()
	c.prune(5)
	require.Equal(t, &Certificate{Prices: Prices{Beta: 1}}, c)

	m := &model{grid: big.NewInt(100), lattice: big.NewRat(1, 10), least: -1000}
	require.EqualValues(t, 19, m.alike(10))
	require.EqualValues(t, 19, m.alike(19))
	require.EqualValues(t, -1, m.alike(-10))
	require.EqualValues(t, -2000, m.alike(-2000))
}

package solve

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// At the end of the simplex the duals prove its value: weak duality is tight
// and both sides are feasible.
func TestSimplexEndsWithMatchingDuals(t *testing.T) {
	for seed := range 200 {
		g := rand.New(rand.NewPCG(uint64(seed), 5))
		m, n := 1+g.IntN(12), 1+g.IntN(30)
		l := newLP(m)
		for r := range m {
			l.b[r] = 1 + 10*g.Float64()
			l.basis[r] = l.column(0, math.Inf(1), []int32{int32(r)}, []float64{1})
			l.at[r] = int32(r)
		}
		type col struct {
			cost, upper float64
			a           []float64
		}
		var cols []col
		for range n {
			c := col{g.NormFloat64() + 1, []float64{1, 3, math.Inf(1)}[g.IntN(3)], make([]float64, m)}
			var index []int32
			var value []float64
			for r := range m {
				if g.IntN(2) == 0 || r == 0 {
					c.a[r] = g.Float64() + 0.1
					index, value = append(index, int32(r)), append(value, c.a[r])
				}
			}
			l.column(c.cost, c.upper, index, value)
			cols = append(cols, c)
		}
		require.True(t, l.factor())
		require.True(t, l.solve(1000), seed)
		require.True(t, l.factor())
		used := make([]float64, m)
		dual := 0.0
		for r := range m {
			require.GreaterOrEqual(t, l.y[r], -1e-6)
			dual += l.y[r] * l.b[r]
		}
		for k, c := range cols {
			x := l.amount(int32(m + k))
			require.GreaterOrEqual(t, x, -1e-7)
			require.LessOrEqual(t, x, c.upper+1e-7)
			d := l.reduced(int32(m + k))
			if !math.IsInf(c.upper, 1) {
				dual += max(0, d) * c.upper
			} else {
				require.LessOrEqual(t, d, 1e-6)
			}
			for r := range m {
				used[r] += c.a[r] * x
			}
		}
		for r := range m {
			require.LessOrEqual(t, used[r], l.b[r]+1e-6)
		}
		require.InDelta(t, dual, l.objective(), 1e-5)
	}
}

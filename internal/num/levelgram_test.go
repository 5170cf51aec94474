package num_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom/internal/num"
)

// The sums are those of a plain loop, from codes and from numbers, with gaps and
// without, up to five levels and beyond.
func TestLevelGram(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for _, c := range []struct {
		n, k, first, levels int
		gaps                float64
	}{{1, 1, 1, 5, 0}, {255, 3, 1, 5, 0}, {256, 4, 0, 2, 0}, {257, 5, -2, 5, 0}, {2000, 7, 1, 5, .01}, {2000, 6, 1, 12, 0}, {1000, 3, 25, 12, .2}, {1000, 2, 100, 7, 0}, {1000, 2, -11, 12, .1}, {600, 3, 1, 6, 0}, {1<<17 + 77, 2, 1, 5, .01}} {
		codes, numbers := make([][]uint8, c.k), make([][]float64, c.k)
		want := num.LevelGram{Rows: int64(c.n), Sum: make([]int64, c.k)}
		for j := range c.k {
			codes[j], numbers[j] = make([]uint8, c.n), make([]float64, c.n)
			want.Gram, want.Counts = append(want.Gram, make([]int64, c.k)), append(want.Counts, make([]int64, num.MaxLevelCode+1))
			for i := range c.n {
				code := 1 + r.IntN(c.levels)
				codes[j][i], numbers[j][i] = uint8(code), float64(c.first+code-1)
				if r.Float64() < c.gaps {
					codes[j][i], numbers[j][i] = []uint8{0, 13, 99, 255}[r.IntN(4)], math.NaN()
					code = 0
				}
				want.Counts[j][code]++
			}
		}
		for i := range c.n {
			whole := true
			for j := range c.k {
				whole = whole && codes[j][i] > 0 && codes[j][i] <= num.MaxLevelCode
			}
			if !whole {
				continue
			}
			want.N++
			for j := range c.k {
				want.Sum[j] += int64(codes[j][i])
				for l := range c.k {
					want.Gram[j][l] += int64(codes[j][i]) * int64(codes[l][i])
				}
			}
		}
		var a, b num.LevelGram
		a.Add(codes)
		require.Equal(t, want, a, "%+v", c)
		require.True(t, b.AddNumbers(numbers, c.first))
		require.Equal(t, want, b, "%+v", c)
		for _, bad := range []float64{float64(c.first - 1), float64(c.first + 12), 1.5, math.Inf(1), 1e300} {
			at := r.IntN(c.n)
			was := numbers[0][at]
			numbers[0][at] = bad
			require.False(t, new(num.LevelGram).AddNumbers(numbers, c.first), bad)
			numbers[0][at] = was
		}
	}
	minus := [][]float64{{math.Copysign(0, -1), 1, 0}}
	var g num.LevelGram
	require.True(t, g.AddNumbers(minus, 0))
	require.EqualValues(t, 2, g.Counts[0][1])
}

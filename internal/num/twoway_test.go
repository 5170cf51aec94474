package num_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom/internal/num"
)

func TestTwoWay(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, size := range [][2]int{{2, 2}, {7, 3}, {1025, 4}, {3000, 5}} {
		n, k := size[0], size[1]
		cols := make([][]float64, k)
		for j := range cols {
			cols[j] = make([]float64, n)
			for i := range n {
				cols[j][i] = 1e6 + float64(j) + float64(i%9) + r.NormFloat64()
			}
		}
		col, row := make([]float64, k), make([]float64, n)
		var all []float64
		for i := range n {
			x := make([]float64, k)
			for j := range x {
				x[j] = cols[j][i]
			}
			row[i] = num.Mean(x)
			all = append(all, x...)
		}
		for j, c := range cols {
			col[j] = num.Mean(c)
		}
		grand := num.Mean(all)
		var rows, columns, rest float64
		for _, x := range row {
			rows += (x - grand) * (x - grand)
		}
		for _, x := range col {
			columns += (x - grand) * (x - grand)
		}
		for i := range n {
			for j := range k {
				d := cols[j][i] - row[i] - col[j] + grand
				rest += d * d
			}
		}
		a, b, c := num.TwoWay(cols)
		require.InEpsilon(t, rows, a, 1e-9)
		require.InEpsilon(t, columns, b, 1e-9)
		require.InEpsilon(t, rest, c, 1e-9)
	}
}

func TestWithin(t *testing.T) {
	for n := range 10 {
		xs := make([]float64, n)
		for i := range xs {
			xs[i] = float64(i%3-1) * 1e150
		}
		require.True(t, num.Within(xs, 1e150))
		for i := range xs {
			for _, bad := range []float64{math.NaN(), -math.NaN(), math.Inf(1), math.Inf(-1), 1.1e150, -1.1e150} {
				was := xs[i]
				xs[i] = bad
				require.False(t, num.Within(xs, 1e150), "%d %v", i, bad)
				xs[i] = was
			}
		}
	}
}

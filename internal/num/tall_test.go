package num_test

import (
	"math"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom/internal/num"
)

// The short way for many rows gives what QR gives, on any number of cores.
func TestTallIsLeastSquares(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, c := range []struct{ shift, size, noise float64 }{{0, 1, 1}, {1e6, 1, 1e-3}, {-50, 1e-5, 1e3}, {3, 1e8, 1e-6}} {
		rng := rand.New(rand.NewPCG(5, 6))
		const n, p = 9001, 6
		cols := make([][]float64, p)
		y := make([]float64, n)
		for j := range cols {
			cols[j] = make([]float64, n)
			for i := range n {
				cols[j][i] = 1
				if j > 0 {
					cols[j][i] = c.shift + c.size*(rng.NormFloat64()+.5*cols[j-1][i]/max(1, c.size, math.Abs(c.shift)))
				}
				y[i] += float64(j+1) * cols[j][i]
			}
		}
		for i := range y {
			y[i] += c.noise * c.size * rng.NormFloat64()
		}
		want := num.LeastSquares(cols, y)
		runtime.GOMAXPROCS(1)
		got := num.Tall(cols[1:], y)
		runtime.GOMAXPROCS(3)
		again := num.Tall(cols[1:], y)
		require.NotNil(t, got)
		require.Equal(t, got.Beta, again.Beta)
		require.Equal(t, got.Residuals, again.Residuals)
		require.Equal(t, got.RSS, again.RSS)
		for j := range p {
			se := math.Sqrt(want.RSS / n * want.Inverse()[j][j])
			require.InDelta(t, want.Beta[j], got.Beta[j], 1e-13*math.Abs(want.Beta[j])*max(1, math.Abs(c.shift)/c.size)+3e-8*se, "b%d", j)
		}
		require.InEpsilon(t, want.RSS, got.RSS, 1e-9)
		mean := num.Mean(y)
		total, _ := num.SquaresAbout(y, mean)
		require.InEpsilon(t, total, got.Total, 1e-12)
		require.InEpsilon(t, num.Dot(y, y), got.Squares, 1e-12)
		var steps float64
		for i := 1; i < n; i++ {
			steps += (got.Residuals[i] - got.Residuals[i-1]) * (got.Residuals[i] - got.Residuals[i-1])
		}
		require.InEpsilon(t, steps, got.Steps, 1e-12)
		require.InEpsilon(t, want.Cond, got.Cond, 1e-6)
		u, v := make([]float64, p), make([]float64, p)
		for i := range 50 {
			want.Row(cols, i, u)
			got.Row(cols, i, v)
			require.InEpsilon(t, num.Dot(u, u), num.Dot(v, v), 1e-8)
		}
		a, b := want.Inverse(), got.Inverse()
		for j := range p {
			require.InEpsilon(t, a[j][j], b[j][j], 1e-8)
		}
	}
	// Nearly dependent columns, and values that are none, are left to others.
	x := make([]float64, 5000)
	z := make([]float64, 5000)
	for i := range x {
		x[i] = float64(i)
		z[i] = x[i] + 1e-3*float64(i%7)
	}
	require.Nil(t, num.Tall([][]float64{x, z}, x))
	require.Nil(t, num.Tall(nil, x))
	require.NotNil(t, num.Tall([][]float64{x}, z))
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e151, -1e200} {
		z[4321] = bad
		require.Nil(t, num.Tall([][]float64{x}, z), bad)
		require.Nil(t, num.Tall([][]float64{z}, x), bad)
	}
	for i := range z {
		z[i] = 1e160 * (1 + 1e-16*float64(i%2))
	}
	require.Nil(t, num.Tall([][]float64{z}, x))
}

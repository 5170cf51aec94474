package num_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/bangkom/bangkom/internal/num"
	"github.com/bangkom/bangkom/internal/ref"
)

func TestBinomialDensity(t *testing.T) {
	for _, n := range []int{1, 2, 11, 300} {
		for _, p := range []float64{.001, .3, .5, .97} {
			sum := 0.0
			for k := range n + 1 {
				d := num.BinomialDensity(k, n, p)
				ref.Close(t, "binomial", distuv.Binomial{N: float64(n), P: p}.Prob(float64(k)), d, 1e-10) // gonum's logarithms
				sum += d
			}
			require.InDelta(t, 1, sum, 1e-13)
		}
	}
	require.Zero(t, num.BinomialDensity(4, 3, .5))
	// Large: the density is the difference of the distribution.
	d := num.BinomialCDF(500100, 1000000, .5) - num.BinomialCDF(500099, 1000000, .5)
	ref.Close(t, "large", d, num.BinomialDensity(500100, 1000000, .5), 1e-11)
}

func TestHypergeometric(t *testing.T) {
	// Fisher's tea: 1, 16, 36, 16, 1 of 70.
	h := num.NewHypergeometric(4, 4, 4)
	require.InDeltaSlice(t, []float64{1. / 70, 16. / 70, 36. / 70, 16. / 70, 1. / 70}, h.At(0), 1e-15)
	require.Zero(t, h.From)
	h = num.NewHypergeometric(5, 2, 6)
	require.Equal(t, 4, h.From)
	require.InDeltaSlice(t, []float64{5. / 7, 2. / 7}, h.At(0), 1e-15)
	// An odds ratio of e weighs by powers of e.
	p, q := h.At(0), h.At(1)
	ref.Close(t, "tilt", q[1]/q[0], p[1]/p[0]*math.E, 1e-14)
	// The least probable of 2000 people: 1 of C(2000, 1000), which is 1e-600.
	h = num.NewHypergeometric(1000, 1000, 1000)
	a, _ := math.Lgamma(2001)
	b, _ := math.Lgamma(1001)
	require.InDelta(t, 2*b-a, h.Log[0]+math.Log(h.At(0)[500]), 1e-9)
}

func TestChangeMoments(t *testing.T) {
	for _, n := range []int{2, 63, 64, 65, 1000, 10_000, 10_001} {
		x, y, d := make([]float64, n), make([]float64, n), make([]float64, n)
		for i := range x {
			x[i], y[i] = 1e6+math.Sin(float64(i)), 1e6+math.Cos(float64(3*i))
			if n == 10_001 && i%11 == 5 { // just the rows that stand in for all
				y[i] += 5
			}
			d[i] = y[i] - x[i]
		}
		mean, variance, ok := num.ChangeMoments(x, y)
		require.True(t, ok)
		require.InDelta(t, num.Mean(d), mean, 1e-15)
		ref.Close(t, "variance", num.Variance(d), variance, 1e-14)
		for _, bad := range []float64{math.NaN(), math.Inf(1), 1e200} {
			x[n/2] = bad
			_, _, ok = num.ChangeMoments(x, y)
			require.False(t, ok)
		}
	}
}

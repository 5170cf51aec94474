package num_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom/internal/num"
)

func TestSelectIsSorting(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for n := 1; n < 200; n++ {
		xs := make([]float64, n)
		for i := range xs {
			xs[i] = float64(rng.IntN(1 + n/(1+n%7))) // with ties, to all alike
		}
		switch n % 5 {
		case 1:
			slices.Sort(xs)
		case 2:
			slices.Sort(xs)
			slices.Reverse(xs)
		}
		want := slices.Sorted(slices.Values(xs))
		k := rng.IntN(n)
		got := slices.Clone(xs)
		require.Equal(t, want[k], num.Select(got, k))
		require.Equal(t, want[k], got[k])
		if k > 0 {
			require.LessOrEqual(t, slices.Max(got[:k]), got[k])
		}
		require.GreaterOrEqual(t, slices.Min(got[k:]), got[k])
		slices.Sort(got)
		require.Equal(t, want, got, "nothing is lost")
	}
}

// quantile(c(3, 1, 4, 1, 5, 9, 2, 6), p) in R.
func TestQuantileOf(t *testing.T) {
	for p, want := range map[float64]float64{0: 1, .025: 1, .25: 1.75, .5: 3.5, .9: 6.9, 1: 9} {
		require.InDelta(t, want, num.QuantileOf([]float64{3, 1, 4, 1, 5, 9, 2, 6}, p), 1e-15)
	}
	require.Equal(t, 2.0, num.QuantileOf([]float64{2}, .7))
}

package num_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom/internal/num"
)

func TestBinomialDraws(t *testing.T) {
	const draws = 100_000
	for _, c := range []struct {
		n uint64
		p float64
	}{{1, .3}, {7, .5}, {40, .1}, {40, .9}, {100, .3}, {1000, .5}, {1000, .02}, {5000, .8}} {
		pcg := rand.NewPCG(1, c.n)
		seen := make([]float64, c.n+1)
		for range draws {
			seen[num.Binomial(pcg, c.n, c.p)]++
		}
		var chi, expected, observed float64
		df := -1.0
		for k := range seen { // cells of at least 20
			pmf := num.BinomialCDF(k, int(c.n), c.p) - num.BinomialCDF(k-1, int(c.n), c.p)
			expected += pmf * draws
			observed += seen[k]
			if expected >= 20 {
				chi += (observed - expected) * (observed - expected) / expected
				expected, observed = 0, 0
				df++
			}
		}
		require.Greater(t, num.ChiSquareSurvival(chi, df), 1e-4, "n %d p %g: χ² %g, df %g", c.n, c.p, chi, df)
	}
	pcg := rand.NewPCG(2, 2)
	const n, p = 1 << 40, .25 // mean and spread where cells cannot be counted
	var s, ss float64
	for range draws {
		z := (float64(num.Binomial(pcg, n, p)) - n*p) / math.Sqrt(n*p*(1-p))
		s += z
		ss += z * z
	}
	require.InDelta(t, 0, s/draws, 5/math.Sqrt(draws))
	require.InDelta(t, 1, ss/draws, 5*math.Sqrt(2.0/draws))
	require.Equal(t, uint64(0), num.Binomial(pcg, 5, 0))
	require.Equal(t, uint64(5), num.Binomial(pcg, 5, 1))
}

func TestHypergeometricDraws(t *testing.T) {
	const draws = 100_000
	for _, c := range [][3]int{{1, 1, 1}, {3, 5, 4}, {5, 0, 2}, {0, 5, 2}, {40, 7, 45}, {200, 300, 100}, {3000, 2000, 4000}} {
		a, b, n := c[0], c[1], c[2]
		pcg := rand.NewPCG(uint64(a), uint64(b))
		h := num.NewHypergeometric(a, b, n)
		pmf := h.At(0)
		seen := make([]float64, len(pmf))
		for range draws {
			seen[num.DrawHypergeometric(pcg, a, b, n)-h.From]++
		}
		var chi, expected, observed float64
		df := -1.0
		for k, p := range pmf {
			expected += p * draws
			observed += seen[k]
			if expected >= 20 {
				chi += (observed - expected) * (observed - expected) / expected
				expected, observed = 0, 0
				df++
			}
		}
		if df > 0 {
			require.Greater(t, num.ChiSquareSurvival(chi, df), 1e-4, "%v: χ² %g, df %g", c, chi, df)
		}
	}
}

func TestResamplesOfFive(t *testing.T) {
	counts, orders := num.Resamples(5)
	require.Len(t, counts, 126)
	var total uint64
	for i, c := range counts {
		var n uint32
		for _, k := range c {
			n += k
		}
		require.EqualValues(t, 5, n)
		total += orders[i]
	}
	require.EqualValues(t, 3125, total)
}

func TestDrawsAreEven(t *testing.T) {
	pcg := rand.NewPCG(3, 3)
	first := make([]float64, 6)
	var drawn [6]float64
	units := make([]uint32, 6)
	for range 60_000 {
		xs := []int{0, 1, 2, 3, 4, 5}
		num.Shuffle(pcg, xs)
		first[xs[0]]++
		num.Draw(pcg, 7, units)
		for _, u := range units {
			drawn[u-7]++
		}
		ys := []float64{0, 1, 2, 3, 4, 5}
		require.LessOrEqual(t, num.DrawSum(pcg, ys, 2), 9.0)
	}
	for i := range first {
		require.InDelta(t, 10_000, first[i], 500)
		require.InDelta(t, 60_000, drawn[i], 1200)
	}
}

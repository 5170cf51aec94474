package compare_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/ref"
	"github.com/bangkom/bangkom/stats/compare"
)

func TestProportionAgainstRAndStatsmodels(t *testing.T) {
	var cases []struct {
		K, N           int
		Level          float64
		R, Statsmodels [2]float64
	}
	ref.Load(t, "proportion", &cases)
	require.NotEmpty(t, cases)
	for _, c := range cases {
		e, err := compare.Proportion(c.K, c.N, &compare.Options{Level: c.Level})
		require.NoError(t, err)
		require.Equal(t, float64(c.K)/float64(c.N), e.Value)
		for name, want := range map[string][2]float64{"R": c.R, "statsmodels": c.Statsmodels} {
			what := fmt.Sprintf("%d of %d at %v, %s", c.K, c.N, c.Level, name)
			// Both take a difference for the lower end: absolute where it is tiny.
			require.InDelta(t, want[0], e.CI.Lo, 1e-12*want[0]+1e-16, what)
			ref.Close(t, what, want[1], e.CI.Hi, 1e-12)
		}
	}
}

// R's qbeta and mpmath; a difference from 1 had lost the upper end of a small share.
func TestExactEndsOfSmallShares(t *testing.T) {
	for _, c := range []struct {
		k, n   int
		lo, hi float64
	}{{3, 1_000_000, 6.186725501906390e-07, 8.767247788145223519503800743e-06}, {5, 1_000_000_000_000, 1.6234863901122347e-12, 1.1668332079225427e-11}} {
		e, err := compare.Proportion(c.k, c.n, &compare.Options{Distribution: compare.Exact})
		require.NoError(t, err)
		ref.Close(t, "lower", c.lo, e.CI.Lo, 1e-11)
		ref.Close(t, "upper", c.hi, e.CI.Hi, 1e-11)
	}
}

func TestProportionLaws(t *testing.T) {
	for n := 1; n <= 40; n++ {
		last := bangkom.Interval{Lo: -1, Hi: -1}
		for k := 0; k <= n; k++ {
			e, err := compare.Proportion(k, n, nil)
			require.NoError(t, err)
			mirror, err := compare.Proportion(n-k, n, nil)
			require.NoError(t, err)
			require.InDelta(t, 1-mirror.CI.Hi, e.CI.Lo, 1e-15, "failures mirror successes")
			require.True(t, 0 <= e.CI.Lo && e.CI.Hi <= 1 && e.CI.Lo < e.CI.Hi && e.CI.Contains(e.Value), "%d of %d: %v", k, n, e)
			require.True(t, e.CI.Lo > last.Lo && e.CI.Hi > last.Hi, "more successes move both ends up")
			require.Equal(t, k == 0 || k == n, math.IsNaN(e.SE))
			last = e.CI
		}
	}
	less, err := compare.Proportion(3, 10, &compare.Options{Level: .95, Alternative: compare.Less})
	require.NoError(t, err)
	two, err := compare.Proportion(3, 10, &compare.Options{Level: .9})
	require.NoError(t, err)
	greater, err := compare.Proportion(3, 10, &compare.Options{Level: .95, Alternative: compare.Greater})
	require.NoError(t, err)
	require.InDelta(t, two.CI.Hi, less.CI.Hi, 1e-15, "one-sided 95 % is the end of two-sided 90 %")
	require.InDelta(t, two.CI.Lo, greater.CI.Lo, 1e-15)
	require.Zero(t, less.CI.Lo)
	require.Equal(t, 1.0, greater.CI.Hi)
}

func TestProportionRefuses(t *testing.T) {
	_, err := compare.Proportion(0, 0, nil)
	require.ErrorIs(t, err, bangkom.ErrTooFew)
	for _, k := range []int{-1, 4} {
		_, err = compare.Proportion(k, 3, nil)
		require.ErrorIs(t, err, bangkom.ErrOption)
	}
	_, err = compare.Proportion(1, 3, &compare.Options{Level: 95})
	require.ErrorIs(t, err, bangkom.ErrOption)
}

func ExampleProportion() {
	e, _ := compare.Proportion(3, 10, nil)
	fmt.Println(e)
	none, _ := compare.Proportion(0, 10, nil)
	fmt.Println(none)
	// Output:
	// 0.3 (95 % CI 0.1078 to 0.6032, n = 10)
	// 0 (95 % CI 0 to 0.2775, n = 10)
}

package num

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Where the sums end, the limits go on.
func TestNoncentralLimitsFarOut(t *testing.T) {
	for _, c := range [][3]float64{{2e6, 5, 1000}, {1e6, 3, 4}} {
		lo, hi := noncentralLimits(ncFisher(c[0], c[1], c[2]), c[0]*c[1], 0.95)
		near := c[0] * far / (c[0] * c[1]) // just beyond, scaled back
		l, h := NoncentralFLimits(near*(1+1e-15), c[1], c[2], 0.95)
		l2, h2 := NoncentralFLimits(near*(1-1e-12), c[1], c[2], 0.95)
		require.InEpsilon(t, l2, l, 1e-10)
		require.InEpsilon(t, h2, h, 1e-10)
		require.Less(t, lo, hi)
	}
	for _, df := range []float64{1, 5, 30} {
		lo, hi := noncentralLimits(ncChiSquare(farChiSquare, df), farChiSquare, 0.95)
		l, h := NoncentralChiSquareLimits(farChiSquare*(1+1e-15), df, 0.95)
		require.InEpsilon(t, lo, l, 1e-9)
		require.InEpsilon(t, hi, h, 1e-9)
	}
	start := time.Now()
	for _, x := range []float64{1e9, 1e150, 1e300} {
		for _, df := range []float64{0.5, 1, 5} {
			lo, hi := NoncentralFLimits(x, df, 7, 0.95)
			require.True(t, 0 < lo && lo < hi && !math.IsInf(hi, 1), "F %v, df %v: %v, %v", x, df, lo, hi)
			lo, hi = NoncentralChiSquareLimits(x, df, 0.95)
			require.True(t, 0 < lo && lo <= hi && !math.IsInf(hi, 1), "χ² %v, df %v: %v, %v", x, df, lo, hi)
		}
	}
	require.Less(t, time.Since(start), 10*time.Second)
}

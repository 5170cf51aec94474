package reliability_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom/internal/ref"
	"github.com/bangkom/bangkom/stats/reliability"
)

// The items of psych::alpha(attitude), and psych::splitHalf(attitude)$maxrb.
func TestItemsAndSplitsOfAttitude(t *testing.T) {
	a, err := reliability.Alpha(attitude, nil)
	require.NoError(t, err)
	for i, s := range a.Statistics {
		ref.Close(t, "r.cor", []float64{0.751317336126294, 0.820367586259464, 0.598757828768454, 0.775213515161647, 0.850602006875359, 0.311644837675643, 0.563197670401359}[i], s.Cor, 1e-12)
		ref.Close(t, "r.drop", []float64{0.671262057223664, 0.742109710222238, 0.560711111480256, 0.714445498133676, 0.7862755938344, 0.265034339196676, 0.460810549468496}[i], s.Drop, 1e-12)
		ref.Close(t, "raw.r", []float64{0.77882570186017, 0.836780550564568, 0.697276803370625, 0.806685922551726, 0.850130443859541, 0.420700988534005, 0.595344985705998}[i], s.Raw, 1e-12)
		ref.Close(t, "std.r", []float64{0.756433953816544, 0.813525022624095, 0.683704885031932, 0.801450417953228, 0.86044368673382, 0.454151127685985, 0.623293909486971}[i], s.Std, 1e-12)
	}
	g, err := reliability.Guttman(attitude, nil)
	require.NoError(t, err)
	ref.Close(t, "λ6", 0.875215137360349, g.Correlation.L6, 1e-12)
	ref.Close(t, "λ4 of correlations", 0.892632206338469, g.Correlation.L4, 1e-12)
	ref.Close(t, "λ4", 0.905535204917976, g.Covariance.L4, 1e-12)
	// No split is better, and the one that is named has that value.
	best := math.Inf(-1)
	for b := 1; b < 64; b++ {
		half := make([]bool, 7)
		for i := range 6 {
			half[i] = b>>i&1 == 1
		}
		s, err := reliability.SplitHalf(attitude, half, nil)
		require.NoError(t, err)
		best = max(best, s.Flanagan.Value)
	}
	ref.Close(t, "λ4", best, g.Covariance.L4, 1e-12)
	s, err := reliability.SplitHalf(attitude, g.Covariance.Split, nil)
	require.NoError(t, err)
	ref.Close(t, "the split", best, s.Flanagan.Value, 1e-12)
}

package effect_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/stats/effect"
)

func TestBadOptions(t *testing.T) {
	a, b := []float64{1, 2, 4}, []float64{2, 3, 7}
	_, err := effect.NormalizedGain(a, b, 5, 5, nil)
	require.ErrorIs(t, err, bangkom.ErrOption)
	_, err = effect.NormalizedGain(a, b, 0, 5, nil)
	require.ErrorIs(t, err, bangkom.Problem{Code: "off-scale"})
	_, err = effect.ReliableChange(a, b, bangkom.Estimate{Value: 1}, nil)
	require.ErrorIs(t, err, bangkom.ErrOption)
	_, err = effect.ReliableChange(a, b, bangkom.Estimate{Value: .5}, &effect.ChangeOptions{Norms: &effect.Norms{}})
	require.ErrorIs(t, err, bangkom.ErrOption)
	_, err = effect.ExplainedF(math.NaN(), 1, 2, nil)
	require.ErrorIs(t, err, bangkom.ErrNotFinite)
	_, err = effect.Explained(plants, &effect.ExplainedOptions{Conversion: 7})
	require.ErrorIs(t, err, bangkom.ErrOption)
	_, err = effect.CliffDelta(a, b, &effect.Options{Level: 2})
	require.ErrorIs(t, err, bangkom.ErrOption)
}

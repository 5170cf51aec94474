package agreement_test

import (
	"math/rand/v2"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
)

// Intervals hold what they promise: of 1,000 samples of 40 subjects, about 95 %
// have an interval that contains the coefficient of a very large sample.
func TestCoverage(t *testing.T) {
	if os.Getenv("BANGKOM_LONG") == "" {
		t.Skip("skipped: set BANGKOM_LONG=1")
	}
	rng := rand.New(rand.NewPCG(10, 11))
	large := random(rng, 4, 400_000, 4, .1)
	for _, name := range []string{"cohen", "fleiss", "conger", "gwet", "brennan", "nominal", "ordinal", "interval", "ratio", "icc"} {
		of := func(x [][]float64) bangkom.Estimate {
			v, err := registry[name](x, nil)
			require.NoError(t, err)
			return estimates(v)[0]
		}
		truth := of(large).Value
		held := 0
		const samples = 1000
		for range samples {
			if of(random(rng, 4, 40, 4, .1)).CI.Contains(truth) {
				held++
			}
		}
		share := float64(held) / samples
		require.True(t, share > .92 && share < .97, "%s: %.3f of the intervals hold %.4f", name, share, truth)
	}
}

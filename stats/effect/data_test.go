package effect_test

import (
	"encoding/csv"
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom/internal/ref"
)

// anorexia returns the weights before and after by treatment (Hand et al., 1993).
func anorexia(t *testing.T) map[string][2][]float64 {
	t.Helper()
	f, err := os.Open(ref.Shared(t, "data", "evaluation", "anorexia.csv"))
	require.NoError(t, err)
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	out := map[string][2][]float64{}
	for _, r := range rows[1:] {
		g := out[r[0]]
		for i := range g {
			x, err := strconv.ParseFloat(r[1+i], 64)
			require.NoError(t, err)
			g[i] = append(g[i], x)
		}
		out[r[0]] = g
	}
	return out
}

package needs

import (
	"math"
	"testing"

	"github.com/bangkom/bangkom/internal/ref"
)

// F7 and F8 of the design: rank correlations with ties, and Kendall's W.
func TestRankCorrelations(t *testing.T) {
	a, b := []float64{106, 100, 86, 101, 99, 103, 97, 113, 112, 110}, []float64{7, 27, 2, 50, 28, 29, 20, 12, 6, 17}
	ref.Close(t, "rho", -29./165, spearman(a, b), 1e-12)
	ref.Close(t, "tau", -.111111111111, tauB(a, b), 1e-11)
	a, b = []float64{1, 2, 2, 3, 4, 4, 4, 5}, []float64{2, 1, 3, 3, 5, 4, 4, 6}
	ref.Close(t, "rho", .925626545314, spearman(a, b), 1e-11)
	ref.Close(t, "tau", .840672807477, tauB(a, b), 1e-11)
	nan := math.NaN()
	ref.Close(t, "rho without the unranked", .925626545314, spearman(append(a, nan), append(b, 1)), 1e-11)
	if x := spearman([]float64{1, 1}, []float64{1, 2}); !math.IsNaN(x) {
		t.Fatal("a constant has no correlation", x)
	}
	// Shrout & Fleiss (1979), six objects, four raters.
	raters := [][]float64{{9, 6, 8, 7, 10, 6}, {2, 1, 4, 1, 5, 2}, {5, 3, 6, 2, 6, 4}, {8, 2, 8, 6, 9, 7}}
	ref.Close(t, "W", .887037037037, concordance(raters), 1e-11)
}

package compare_test

import (
	"math/rand/v2"
	"testing"

	"github.com/bangkom/bangkom/stats/compare"
)

func normal(n int, seed uint64) []float64 {
	r := rand.New(rand.NewPCG(seed, 1))
	x := make([]float64, n)
	for i := range x {
		x[i] = r.NormFloat64()
	}
	return x
}

func likert(n int, seed uint64) []float64 {
	r := rand.New(rand.NewPCG(seed, 1))
	x := make([]float64, n)
	for i := range x {
		x[i] = float64(1 + r.IntN(5))
	}
	return x
}

func bench[T any](b *testing.B, f func() (T, error)) {
	for b.Loop() {
		if _, err := f(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkColumns(b *testing.B) {
	const n = 1_000_000
	x, y := normal(n, 1), normal(n, 2)
	lx, ly := likert(n, 3), likert(n, 4)
	three := [][]float64{x[:333333], x[333333:666666], x[666666:]}
	likert3 := [][]float64{lx[:333333], lx[333333:666666], lx[666666:]}
	b.Run("Describe1e6", func(b *testing.B) { bench(b, func() (any, error) { return compare.Describe(x, nil) }) })
	b.Run("Paired1e6", func(b *testing.B) { bench(b, func() (any, error) { return compare.Paired(x, y, nil) }) })
	b.Run("Welch1e6+1e6", func(b *testing.B) { bench(b, func() (any, error) { return compare.Welch(x, y, nil) }) })
	b.Run("Wilcoxon1e6Tied", func(b *testing.B) { bench(b, func() (any, error) { return compare.Wilcoxon(lx, ly, nil) }) })
	b.Run("Wilcoxon1e6Continuous", func(b *testing.B) { bench(b, func() (any, error) { return compare.Wilcoxon(x, y, nil) }) })
	b.Run("MannWhitney1e6+1e6Tied", func(b *testing.B) { bench(b, func() (any, error) { return compare.MannWhitney(lx, ly, nil) }) })
	b.Run("MannWhitney1e6+1e6Continuous", func(b *testing.B) { bench(b, func() (any, error) { return compare.MannWhitney(x, y, nil) }) })
	b.Run("Sign1e6", func(b *testing.B) { bench(b, func() (any, error) { return compare.Sign(x, y, nil) }) })
	b.Run("Pearson1e6", func(b *testing.B) { bench(b, func() (any, error) { return compare.Pearson(x, y, nil) }) })
	b.Run("Spearman1e6", func(b *testing.B) { bench(b, func() (any, error) { return compare.Spearman(x, y, nil) }) })
	b.Run("Kendall1e6", func(b *testing.B) { bench(b, func() (any, error) { return compare.Kendall(x, y, nil) }) })
	b.Run("ANOVA1e6", func(b *testing.B) { bench(b, func() (any, error) { return compare.ANOVA(three, nil) }) })
	b.Run("WelchANOVA1e6", func(b *testing.B) { bench(b, func() (any, error) { return compare.WelchANOVA(three, nil) }) })
	b.Run("KruskalWallis1e6", func(b *testing.B) { bench(b, func() (any, error) { return compare.KruskalWallis(three, nil) }) })
	b.Run("KruskalWallis1e6Tied", func(b *testing.B) { bench(b, func() (any, error) { return compare.KruskalWallis(likert3, nil) }) })
	b.Run("GamesHowell1e6", func(b *testing.B) { bench(b, func() (any, error) { return compare.GamesHowell(three, nil) }) })
	b.Run("Friedman1e5x3", func(b *testing.B) {
		bench(b, func() (any, error) {
			return compare.Friedman([][]float64{lx[:100000], lx[100000:200000], lx[200000:300000]}, nil)
		})
	})
}

func BenchmarkSmall(b *testing.B) {
	x, y := normal(200, 1), normal(200, 2)
	lx, ly := likert(80, 3), likert(80, 4)
	ps := make([]float64, 1000)
	for i := range ps {
		ps[i] = float64(i*7919%1000) / 1000
	}
	table := [][]int{{5, 9, 4, 1}, {4, 4, 6, 7}, {8, 7, 5, 4}, {5, 10, 1, 11}}
	b.Run("Paired200", func(b *testing.B) { bench(b, func() (any, error) { return compare.Paired(x, y, nil) }) })
	b.Run("WilcoxonExact200", func(b *testing.B) { bench(b, func() (any, error) { return compare.Wilcoxon(x, y, nil) }) })
	b.Run("MannWhitneyExact80+80Tied", func(b *testing.B) { bench(b, func() (any, error) { return compare.MannWhitney(lx, ly, nil) }) })
	b.Run("SpearmanExact10", func(b *testing.B) { bench(b, func() (any, error) { return compare.Spearman(x[:10], y[:10], nil) }) })
	b.Run("KendallExact100", func(b *testing.B) { bench(b, func() (any, error) { return compare.Kendall(x[:100], y[:100], nil) }) })
	b.Run("Fisher2x2", func(b *testing.B) {
		bench(b, func() (any, error) { return compare.Fisher([][]int{{30, 12}, {14, 25}}, nil) })
	})
	b.Run("Fisher4x4n91", func(b *testing.B) { bench(b, func() (any, error) { return compare.Fisher(table, nil) }) })
	b.Run("ChiSquare4x4", func(b *testing.B) { bench(b, func() (any, error) { return compare.ChiSquare(table, nil) }) })
	b.Run("McNemar", func(b *testing.B) {
		bench(b, func() (any, error) { return compare.McNemar([2][2]int{{794, 86}, {150, 570}}, nil) })
	})
	b.Run("ProportionTest", func(b *testing.B) { bench(b, func() (any, error) { return compare.ProportionTest(81, 263, .4, nil) }) })
	b.Run("TwoProportions", func(b *testing.B) {
		bench(b, func() (any, error) { return compare.TwoProportions(56, 70, 48, 80, nil) })
	})
	b.Run("Tukey3", func(b *testing.B) { bench(b, func() (any, error) { return compare.Tukey(plants, nil) }) })
	b.Run("ShapiroWilk200", func(b *testing.B) { bench(b, func() (any, error) { return compare.ShapiroWilk(x, nil) }) })
	b.Run("AdjustP1000Hommel", func(b *testing.B) { bench(b, func() (any, error) { return compare.AdjustP(ps, compare.Hommel) }) })
	b.Run("AdjustP1000BH", func(b *testing.B) { bench(b, func() (any, error) { return compare.AdjustP(ps, compare.BH) }) })
	b.Run("PairedTOST200", func(b *testing.B) { bench(b, func() (any, error) { return compare.PairedTOST(x, y, -1, 1, nil) }) })
}

package compare_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/ref"
	"github.com/bangkom/bangkom/stats/compare"
)

func TestOptionsThatDoNotApplyAreRefused(t *testing.T) {
	for name, opt := range map[string]*compare.Options{
		"Null": {Null: 1}, "Alternative": {Alternative: compare.Less}, "Distribution": {Distribution: compare.Exact},
		"NoContinuity": {NoContinuity: true}, "Zeros": {Zeros: compare.Pratt}, "Quantile": {Quantile: 6},
	} {
		_, err := compare.ANOVA(plants, opt)
		require.ErrorIs(t, err, bangkom.ErrOption, name)
	}
	for _, opt := range []*compare.Options{{Distribution: "fast"}, {Zeros: "drop"}, {Distribution: compare.MidP}} {
		_, err := compare.Wilcoxon(sleep1, sleep2, opt)
		require.ErrorIs(t, err, bangkom.ErrOption)
	}
	_, err := compare.Describe(sleep1, &compare.Options{Quantile: 10})
	require.ErrorIs(t, err, bangkom.ErrOption)
	_, err = compare.ANOVA(plants, &compare.Options{Names: []string{"a"}})
	require.ErrorIs(t, err, bangkom.ErrOption)
	_, err = compare.TwoProportions(5, 3, 1, 2, nil)
	require.ErrorIs(t, err, bangkom.ErrOption)
	_, err = compare.ProportionTest(1, 3, 1, nil)
	require.ErrorIs(t, err, bangkom.ErrOption)
}

// Laws that hold whatever the data.
func TestLawsOfRanks(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 3))
	must := test(t)
	for range 60 {
		n, m := 3+r.IntN(30), 3+r.IntN(30)
		x, y, z := make([]float64, n), make([]float64, n), make([]float64, m)
		for i := range x {
			x[i], y[i] = float64(r.IntN(9)), float64(r.IntN(9))
		}
		for i := range z {
			z[i] = float64(r.IntN(9))
		}
		x[0], x[1], y[0], y[1] = 0, 1, 1, 3
		for _, d := range []string{compare.Exact, compare.Asymptotic} {
			less := must(compare.MannWhitney(x, z, &o{Distribution: d, Alternative: compare.Less}))
			more := must(compare.MannWhitney(z, x, &o{Distribution: d, Alternative: compare.Greater}))
			require.InDelta(t, less.P, more.P, 1e-12, "changing places turns the alternative round")
			require.InDelta(t, less.Estimate.Value, -more.Estimate.Value, 1e-12)
			require.Equal(t, less.Estimate.CI.Hi, -more.Estimate.CI.Lo, "%v %v %v %v %v", x, z, less, more, d)
			a := must(compare.MannWhitney(x, z, &o{Distribution: d}))
			require.Equal(t, float64(n*m), a.Statistic+must(compare.MannWhitney(z, x, nil)).Statistic)
			require.True(t, a.Estimate.CI.Contains(a.Estimate.Value))
			for _, zero := range []string{compare.Wilcox, compare.Pratt, compare.Split} {
				w := must(compare.Wilcoxon(x, y, &o{Distribution: d, Zeros: zero}))
				v := must(compare.Wilcoxon(y, x, &o{Distribution: d, Zeros: zero}))
				require.InDelta(t, w.P, v.P, 1e-12)
				require.Equal(t, w.Estimate.Value, -v.Estimate.Value, "%v %v", x, y)
			}
		}
		// A shift of the data and of the hypothesis is none; a decimal one neither.
		const by = 0.3
		moved := make([]float64, n)
		for i := range x {
			moved[i] = x[i] + by
		}
		require.InDelta(t, must(compare.MannWhitney(x, z, nil)).P, must(compare.MannWhitney(moved, z, &o{Null: by})).P, 1e-12)
		require.InDelta(t, must(compare.Wilcoxon(x, y, nil)).P, must(compare.Wilcoxon(moved, y, &o{Null: -by})).P, 1e-12)
		// Negating a column negates all three.
		neg := make([]float64, n)
		for i := range y {
			neg[i] = -y[i]
		}
		for _, f := range []func(x, y []float64, opt *o) (bangkom.Test, error){compare.Pearson, compare.Spearman, compare.Kendall} {
			p, q := must(f(x, y, &o{Alternative: compare.Less})), must(f(x, neg, &o{Alternative: compare.Greater}))
			require.InDelta(t, p.Estimate.Value, -q.Estimate.Value, 1e-13)
			require.InDelta(t, p.P, q.P, 1e-12)
			require.InDelta(t, must(f(x, y, nil)).P, must(f(y, x, nil)).P, 1e-12)
		}
		// Two groups: ANOVA is Student, Welch's ANOVA is Welch, Kruskal is the rank sum.
		s, a := must(compare.Student(x, z, nil)), first(compare.ANOVA([][]float64{x, z}, nil))
		require.InDelta(t, s.P, a.Test.P, 1e-11)
		v, b := must(compare.Welch(x, z, nil)), first(compare.WelchANOVA([][]float64{x, z}, nil))
		require.InDelta(t, v.P, b.Test.P, 1e-11)
		u, k := must(compare.MannWhitney(x, z, &o{Distribution: compare.Asymptotic, NoContinuity: true})), first(compare.KruskalWallis([][]float64{x, z}, nil))
		require.InDelta(t, u.P, k.Test.P, 1e-11)
		tk := first(compare.Tukey([][]float64{x, z}, nil))
		require.InDelta(t, s.P, tk.Pairs[0].Test.P, 1e-9, "with two groups Tukey is Student")
		require.InDelta(t, s.Estimate.CI.Hi, -tk.Pairs[0].Test.Estimate.CI.Lo, 1e-8)
	}
}

func first[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// Continuous data: the interval holds just those shifts that the exact test does not reject.
func TestIntervalsInvertTheExactTests(t *testing.T) {
	r := rand.New(rand.NewPCG(12, 3))
	must := test(t)
	for range 40 {
		n, m := 6+r.IntN(20), 6+r.IntN(20)
		x, y, z := make([]float64, n), make([]float64, m), make([]float64, n)
		for i := range x {
			x[i] = r.NormFloat64()
		}
		for i := range y {
			y[i] = 1 + r.NormFloat64()
		}
		w := must(compare.MannWhitney(x, y, nil))
		s := must(compare.Wilcoxon(z, x, nil))
		for _, e := range []struct {
			lo, hi, level float64
			p             func(null float64) float64
		}{
			{w.Estimate.CI.Lo, w.Estimate.CI.Hi, w.Estimate.CI.Level, func(null float64) float64 { return must(compare.MannWhitney(x, y, &o{Null: null})).P }},
			{s.Estimate.CI.Lo, s.Estimate.CI.Hi, s.Estimate.CI.Level, func(null float64) float64 { return must(compare.Wilcoxon(z, x, &o{Null: null})).P }},
		} {
			const h = 1e-9
			require.GreaterOrEqual(t, e.p(e.lo+h), .05)
			require.Less(t, e.p(e.lo-h), .05)
			require.GreaterOrEqual(t, e.p(e.hi-h), .05)
			require.Less(t, e.p(e.hi+h), .05)
			require.InDelta(t, 1-e.level, e.p(e.lo-h), 1e-12, "the level is the one achieved")
		}
	}
}

// Fisher's r × c p against all tables, written down one by one.
func TestFisherAgainstAllTables(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 3))
	must := test(t)
	for range 60 {
		rows, cols := 2+r.IntN(2), 2+r.IntN(3)
		c := make([][]int, rows)
		for i := range c {
			c[i] = make([]int, cols)
			for j := range c[i] {
				c[i][j] = r.IntN(4)
			}
			c[i][0]++
		}
		for j := range cols {
			c[0][j]++
		}
		require.InDelta(t, allTables(c), must(compare.Fisher(c, nil)).P, 1e-12, "%v", c)
	}
}

func allTables(c [][]int) float64 {
	rows, cols := make([]int, len(c)), make([]int, len(c[0]))
	log := func(t [][]int) (s float64) {
		for _, row := range t {
			for _, k := range row {
				g, _ := math.Lgamma(float64(k + 1))
				s -= g
			}
		}
		return s
	}
	for i, row := range c {
		for j, k := range row {
			rows[i] += k
			cols[j] += k
		}
	}
	seen := log(c)
	var rare, all float64
	t := make([][]int, len(c))
	for i := range t {
		t[i] = make([]int, len(cols))
	}
	var fill func(i, j, left int)
	fill = func(i, j, left int) {
		switch {
		case i == len(rows):
			p := log(t)
			all += math.Exp(p - seen)
			if p <= seen+1e-7 {
				rare += math.Exp(p - seen)
			}
		case j == len(cols)-1 || i == len(rows)-1:
			if i == len(rows)-1 {
				if j == len(cols) {
					fill(i+1, 0, 0)
					return
				}
				t[i][j] = cols[j]
				fill(i, j+1, 0)
				return
			}
			if left > cols[j] {
				return
			}
			t[i][j] = left
			cols[j] -= left
			next := 0
			if i+1 < len(rows) {
				next = rows[i+1]
			}
			fill(i+1, 0, next)
			cols[j] += left
		default:
			for k := 0; k <= min(left, cols[j]); k++ {
				t[i][j] = k
				cols[j] -= k
				fill(i, j+1, left-k)
				cols[j] += k
			}
		}
	}
	fill(0, 0, rows[0])
	return rare / all
}

func TestBeyondTheExact(t *testing.T) {
	must := test(t)
	big := make([][]int, 8)
	for i := range big {
		big[i] = []int{40 + i, 41, 39 + i, 40, 45, 44, 43, 42}
	}
	f := must(compare.Fisher(big, nil))
	require.True(t, f.Estimate.Warnings.Has("beyond-exact"))
	require.Equal(t, must(compare.ChiSquare(big, nil)).P, f.P)
	_, err := compare.Fisher(big, &o{Distribution: compare.Exact})
	require.ErrorIs(t, err, bangkom.ErrOption)

	x, y := make([]float64, 3000), make([]float64, 3000)
	for i := range x {
		x[i], y[i] = float64(i*7919%3001), float64(i*104729%3001)+300
	}
	require.Contains(t, must(compare.Wilcoxon(x, y, nil)).Estimate.Method, "normal approximation with continuity correction")
	require.Contains(t, must(compare.MannWhitney(x, y, nil)).Estimate.Method, "normal approximation")
	_, err = compare.MannWhitney(x, y, &o{Distribution: compare.Exact})
	require.ErrorIs(t, err, bangkom.ErrOption)
	_, err = compare.Spearman(x, y, &o{Distribution: compare.Exact})
	require.ErrorIs(t, err, bangkom.ErrOption)
	_, err = compare.Kendall(x, y, &o{Distribution: compare.Exact})
	require.ErrorIs(t, err, bangkom.ErrOption)
	crowd := [][]int{{1 << 30, 1 << 30}, {1 << 30, 1<<30 + 100000}}
	require.True(t, must(compare.Fisher(crowd, nil)).Estimate.Warnings.Has("beyond-exact"))
	_, err = compare.Fisher(crowd, &o{Distribution: compare.Exact})
	require.ErrorIs(t, err, bangkom.ErrOption)
	_, err = compare.McNemar([2][2]int{{1, math.MaxInt}, {1, math.MaxInt}}, nil)
	require.ErrorIs(t, err, bangkom.ErrNotFinite)
	few := must(compare.Wilcoxon([]float64{1, 2, 3}, []float64{2, 4, 7}, nil))
	require.True(t, few.Estimate.Warnings.Has("level-not-reached"))
	require.Equal(t, .75, few.Estimate.CI.Level)
}

// The ends and the estimate of an odds ratio by their definition, with the
// weights of the tables written down.
func TestOddsRatioEnds(t *testing.T) {
	must := test(t)
	choose := func(n, k int) float64 {
		a, _ := math.Lgamma(float64(n + 1))
		b, _ := math.Lgamma(float64(k + 1))
		c, _ := math.Lgamma(float64(n - k + 1))
		return a - b - c
	}
	for _, c := range [][][]int{{{3, 1}, {1, 3}}, {{1, 6}, {4, 2}}, {{12, 5}, {29, 2}}, {{10, 0}, {2, 9}}, {{300, 20}, {250, 70}}, {{1000, 0}, {0, 1000}}, {{2000, 3}, {5, 1500}}} {
		f := must(compare.Fisher(c, nil))
		row1, row2, col := c[0][0]+c[0][1], c[1][0]+c[1][1], c[0][0]+c[1][0]
		tails := func(odds float64) (less, more, mean float64) {
			lo, hi := max(0, col-row2), min(row1, col)
			log := func(x int) float64 { return choose(row1, x) + choose(row2, col-x) + float64(x)*math.Log(odds) }
			all, top := 0.0, math.Inf(-1)
			for x := lo; x <= hi; x++ {
				top = max(top, log(x))
			}
			for x := lo; x <= hi; x++ {
				p := math.Exp(log(x) - top)
				all += p
				mean += p * float64(x)
				if x <= c[0][0] {
					less += p
				}
				if x >= c[0][0] {
					more += p
				}
			}
			return less / all, more / all, mean / all
		}
		_, more, _ := tails(f.Estimate.CI.Lo)
		ref.Close(t, "lower", .025, more, 1e-10)
		if !math.IsInf(f.Estimate.Value, 1) {
			less, _, _ := tails(f.Estimate.CI.Hi)
			ref.Close(t, "upper", .025, less, 1e-10)
			_, _, mean := tails(f.Estimate.Value)
			ref.Close(t, "estimate", float64(c[0][0]), mean, 1e-10)
		}
	}
}

func TestResultsSurviveJSON(t *testing.T) {
	again := func(v, into any) {
		data, err := json.Marshal(v)
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(data, into))
		second, err := json.Marshal(into)
		require.NoError(t, err)
		require.Equal(t, string(data), string(second))
	}
	again(first(compare.Describe([]float64{3}, nil)), &compare.Description{}) // no spread, no shape
	again(first(compare.KruskalWallis(plants, nil)), &compare.Comparison{})
	again(first(compare.ANOVA([][]float64{{1}, {2, 3}}, nil)), &compare.Comparison{})
	again(first(compare.GamesHowell(plants, nil)), &compare.PostHoc{})
	again(first(compare.PairedTOST(sleep1, sleep2, -1, 1, nil)), &compare.Equivalence{})
	again(first(compare.Fisher([][]int{{5, 0}, {0, 5}}, nil)), &bangkom.Test{}) // an infinite odds ratio
	again(first(compare.Pearson([]float64{1, 2, 3}, []float64{2, 4, 6}, nil)), &bangkom.Test{})
}

// All that can happen has a probability of 1, not of 1 less a rounding.
func TestWhatAlwaysHappensIsOne(t *testing.T) {
	for k := range 40 {
		for _, cells := range [][2]int{{k, k + 1}, {k + 1, k}, {k, k}} {
			m, err := compare.McNemar([2][2]int{{3, cells[0]}, {cells[1], 3}}, &compare.Options{Distribution: compare.Exact})
			if cells != [2]int{} {
				require.NoError(t, err)
				require.Equal(t, 1.0, m.P, "%v", cells)
			}
		}
		f, err := compare.Fisher([][]int{{k + 1, k + 2}, {k + 1, k + 1}}, nil)
		require.NoError(t, err)
		require.Equal(t, 1.0, f.P, "%d", k)
	}
}

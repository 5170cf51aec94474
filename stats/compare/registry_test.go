package compare_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/ref"
	"github.com/bangkom/bangkom/stats/compare"
)

// registry has every exported function that takes columns, behind one face:
// two columns, or the same as groups.
var registry = map[string]func(x, y []float64, opt *compare.Options) (any, error){
	"Describe":    func(x, _ []float64, o *compare.Options) (any, error) { return compare.Describe(x, o) },
	"TopBox":      func(x, _ []float64, o *compare.Options) (any, error) { return compare.TopBox(x, 2, o) },
	"BottomBox":   func(x, _ []float64, o *compare.Options) (any, error) { return compare.BottomBox(x, 2, o) },
	"ShapiroWilk": func(x, _ []float64, o *compare.Options) (any, error) { return compare.ShapiroWilk(x, o) },
	"OneSample":   func(x, _ []float64, o *compare.Options) (any, error) { return compare.OneSample(x, o) },
	"Paired":      func(x, y []float64, o *compare.Options) (any, error) { return compare.Paired(x, y, o) },
	"Welch":       func(x, y []float64, o *compare.Options) (any, error) { return compare.Welch(x, y, o) },
	"Student":     func(x, y []float64, o *compare.Options) (any, error) { return compare.Student(x, y, o) },
	"Wilcoxon":    func(x, y []float64, o *compare.Options) (any, error) { return compare.Wilcoxon(x, y, o) },
	"WilcoxonPratt": func(x, y []float64, o *compare.Options) (any, error) {
		return compare.Wilcoxon(x, y, &compare.Options{Zeros: compare.Pratt, Level: level(o)})
	},
	"WilcoxonSplit": func(x, y []float64, o *compare.Options) (any, error) {
		return compare.Wilcoxon(x, y, &compare.Options{Zeros: compare.Split, Level: level(o)})
	},
	"WilcoxonAsymptotic": func(x, y []float64, o *compare.Options) (any, error) {
		return compare.Wilcoxon(x, y, &compare.Options{Distribution: compare.Asymptotic, Level: level(o)})
	},
	"Sign":        func(x, y []float64, o *compare.Options) (any, error) { return compare.Sign(x, y, o) },
	"MannWhitney": func(x, y []float64, o *compare.Options) (any, error) { return compare.MannWhitney(x, y, o) },
	"MannWhitneyAsymptotic": func(x, y []float64, o *compare.Options) (any, error) {
		return compare.MannWhitney(x, y, &compare.Options{Distribution: compare.Asymptotic, Level: level(o)})
	},
	"Pearson":  func(x, y []float64, o *compare.Options) (any, error) { return compare.Pearson(x, y, o) },
	"Spearman": func(x, y []float64, o *compare.Options) (any, error) { return compare.Spearman(x, y, o) },
	"Kendall":  func(x, y []float64, o *compare.Options) (any, error) { return compare.Kendall(x, y, o) },
	"PairedTOST": func(x, y []float64, o *compare.Options) (any, error) {
		return compare.PairedTOST(x, y, -1, 1, o)
	},
	"WelchTOST": func(x, y []float64, o *compare.Options) (any, error) { return compare.WelchTOST(x, y, -1, 1, o) },
	"ANOVA": func(x, y []float64, o *compare.Options) (any, error) {
		return compare.ANOVA([][]float64{x, y}, o)
	},
	"WelchANOVA": func(x, y []float64, o *compare.Options) (any, error) {
		return compare.WelchANOVA([][]float64{x, y}, o)
	},
	"KruskalWallis": func(x, y []float64, o *compare.Options) (any, error) {
		return compare.KruskalWallis([][]float64{x, y}, o)
	},
	"Friedman": func(x, y []float64, o *compare.Options) (any, error) {
		return compare.Friedman([][]float64{x, y}, o)
	},
	"Levene": func(x, y []float64, o *compare.Options) (any, error) {
		return compare.Levene([][]float64{x, y}, o)
	},
	"BrownForsythe": func(x, y []float64, o *compare.Options) (any, error) {
		return compare.BrownForsythe([][]float64{x, y}, o)
	},
	"Tukey": func(x, y []float64, o *compare.Options) (any, error) {
		return compare.Tukey([][]float64{x, y}, o)
	},
	"GamesHowell": func(x, y []float64, o *compare.Options) (any, error) {
		return compare.GamesHowell([][]float64{x, y}, o)
	},
	"AdjustP": func(x, _ []float64, _ *compare.Options) (any, error) { return compare.AdjustP(x, compare.Hommel) },
	"Quantile": func(x, _ []float64, _ *compare.Options) (any, error) {
		return compare.Quantile(x, .3, nil)
	},
}

// slow ones look for a quantile of the studentized range in each call.
var slow = map[string]bool{"Tukey": true, "GamesHowell": true}

func level(o *compare.Options) float64 {
	if o == nil {
		return 0
	}
	return o.Level
}

// sound asks that no number of a result is unknown without a reason.
func sound(t *testing.T, what string, v any) {
	t.Helper()
	switch r := v.(type) {
	case bangkom.Test:
		require.True(t, r.P >= 0 && r.P <= 1, "%s: p %v", what, r.P)
		require.False(t, math.IsNaN(r.Statistic), what)
		sound(t, what, r.Estimate)
	case bangkom.Estimate:
		require.True(t, !math.IsNaN(r.Value) || len(r.Warnings) > 0, what)
		require.True(t, r.CI.Lo <= r.CI.Hi, "%s: %v", what, r.CI)
		if r.CI.Level > 0 {
			require.True(t, r.CI.Level < 1+1e-12, what)
		}
		require.NotEmpty(t, r.Method, what)
		require.NotEmpty(t, r.String())
	case compare.Comparison:
		sound(t, what, r.Test)
		require.NotEmpty(t, r.Table())
		require.NotEmpty(t, r.String())
	case compare.PostHoc:
		for _, p := range r.Pairs {
			sound(t, what, p.Test)
		}
		require.NotEmpty(t, r.Table())
		require.NotEmpty(t, r.String())
	case compare.Equivalence:
		sound(t, what, r.Above)
		sound(t, what, r.Below)
		sound(t, what, r.Estimate)
		require.NotEmpty(t, r.Table())
	case compare.Description:
		sound(t, what, r.Mean)
		require.True(t, r.Min <= r.Q1 && r.Q1 <= r.Median && r.Median <= r.Q3 && r.Q3 <= r.Max, what)
		require.NotEmpty(t, r.Table())
	}
}

func TestRegistryBearsAnything(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	r := rand.New(rand.NewPCG(9, 9))
	bad := [][]float64{nil, {}, {1}, {nan}, {nan, nan}, {1, 2}, {1, 1}, {3, 3, 3, 3}, {0, 0, 0}, {1, 2, 3}, {1, nan, 2, 3}, {1, 2, inf}, {-inf, 1, 2, 3},
		{1e308, -1e308, 1e308}, {5e-324, 0, 1e-323}, {0.1, 0.2, 0.3}, {1, 2, 3, 4, 5, 6}, {1, 1, 1, 1, 1, 2}, {math.Copysign(0, -1), 0, 1}}
	for range 5 {
		x := make([]float64, r.IntN(14))
		for i := range x {
			x[i] = float64(r.IntN(4)) * math.Pow(10, float64(r.IntN(3)*100-100))
			if r.IntN(8) == 0 {
				x[i] = nan
			}
		}
		bad = append(bad, x)
	}
	for name, f := range registry {
		for i, x := range bad {
			for j, y := range bad {
				if slow[name] && (i+j)%7 != 0 && os.Getenv("BANGKOM_LONG") == "" {
					continue
				}
				for _, alt := range []*compare.Options{nil, {Level: .5}} {
					x1, y1 := slices.Clone(x), slices.Clone(y)
					what := fmt.Sprintf("%s(%v, %v)", name, x, y)
					got, err := f(x1, y1, alt)
					require.True(t, same(x, x1) && same(y, y1), "%s changed its arguments", what)
					if err != nil {
						_, ok := errors.AsType[bangkom.Problem](err)
						require.True(t, ok, "%s: %v", what, err)
						continue
					}
					sound(t, what, got)
					if _, plain := got.([]float64); plain {
						continue
					}
					before, err := json.Marshal(got)
					require.NoError(t, err, what)
					for i := range x1 {
						x1[i] = 77
					}
					for i := range y1 {
						y1[i] = 77
					}
					after, err := json.Marshal(got)
					require.NoError(t, err)
					require.Equal(t, string(before), string(after), "%s kept its arguments", what)
				}
			}
		}
	}
}

func same(a, b []float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool { return math.Float64bits(x) == math.Float64bits(y) })
}

func TestCountsBearAnything(t *testing.T) {
	tables := [][][]int{nil, {}, {{}}, {{1}}, {{1, 2}}, {{1, 2}, {3}}, {{0, 0}, {0, 0}}, {{-1, 2}, {3, 4}}, {{1, 0}, {2, 0}}, {{5, 0}, {0, 5}}, {{0, 5}, {5, 0}},
		{{1, 2, 0}, {3, 4, 0}}, {{1, 2, 3}, {3, 4, 1}}, {{1000000, 999999}, {3, 4}}, {{math.MaxInt, 1}, {1, 1}}, {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}
	for _, c := range tables {
		for name, f := range map[string]func([][]int, *compare.Options) (bangkom.Test, error){"chi": compare.ChiSquare, "fisher": compare.Fisher} {
			got, err := f(c, nil)
			if err != nil {
				_, ok := errors.AsType[bangkom.Problem](err)
				require.True(t, ok, "%v: %v", c, err)
				continue
			}
			require.True(t, got.P >= 0 && got.P <= 1, "%s %v: %v", name, c, got)
			require.True(t, got.Estimate.CI.Lo <= got.Estimate.CI.Hi, "%s %v: %v", name, c, got)
			_, err = json.Marshal(got)
			require.NoError(t, err)
		}
	}
	for _, c := range [][2][2]int{{}, {{3, 0}, {0, 4}}, {{0, 5}, {0, 0}}, {{0, 0}, {5, 0}}, {{-1, 0}, {0, 0}}, {{1, 1000000}, {1000000, 1}}} {
		for _, d := range []string{"", compare.Exact, compare.MidP, compare.Asymptotic} {
			for _, alt := range []string{compare.TwoSided, compare.Less, compare.Greater} {
				got, err := compare.McNemar(c, &compare.Options{Distribution: d, Alternative: alt})
				if err == nil {
					sound(t, fmt.Sprint(c, d), got)
				}
			}
		}
	}
	for n := range 12 {
		for k := range n + 1 {
			for _, d := range []string{"", compare.Exact, compare.MidP, compare.Asymptotic} {
				for _, alt := range []string{compare.TwoSided, compare.Less, compare.Greater} {
					got, err := compare.ProportionTest(k, n, .37, &compare.Options{Distribution: d, Alternative: alt})
					require.Equal(t, n == 0, err != nil)
					if err == nil {
						sound(t, fmt.Sprint(k, n, d), got)
					}
				}
			}
			for j := range 4 {
				got, err := compare.TwoProportions(k, n, j, 3, nil)
				require.Equal(t, n == 0, err != nil)
				if err == nil {
					sound(t, fmt.Sprint(k, n, j), got)
				}
			}
		}
	}
	_, err := compare.TwoProportions(5, 3, 1, 2, nil)
	require.ErrorIs(t, err, bangkom.ErrOption)
	_, err = compare.ProportionTest(1, 3, 1, nil)
	require.ErrorIs(t, err, bangkom.ErrOption)
}

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

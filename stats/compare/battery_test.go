package compare_test

import (
	"fmt"
	"math"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/ref"
	"github.com/bangkom/bangkom/stats/compare"
)

// The tolerance of p-values is the design's, relative 1e-10, unless the other
// program has fewer digits, which is said where it is so.
const tolP = 1e-10

func load[T any](t *testing.T, name string) []T {
	var r struct{ Cases []T }
	ref.Load(t, name, &r)
	require.GreaterOrEqual(t, len(r.Cases), 200, name)
	return r.Cases
}

func closeEnds(t *testing.T, what string, want []*float64, got bangkom.Interval, tol float64) {
	t.Helper()
	if want == nil || got.Level == 0 { // R gives one to a correlation of one
		return
	}
	for i, g := range []float64{got.Lo, got.Hi} {
		if want[i] == nil {
			continue
		}
		scale := math.Abs(*want[i]) + got.Hi - got.Lo
		if math.IsInf(scale, 0) {
			scale = math.Abs(*want[i])
		}
		require.InDelta(t, *want[i], g, tol*scale, what)
	}
}

type rankCase struct {
	A, B, C     []*float64
	Alternative string
	Null        float64
	Wilcoxon    struct {
		V, Corrected, Plain, Exact, Pratt, PrattPlain, Median float64
		CI                                                    []*float64
	}
	MannWhitney struct {
		U, Corrected, Plain, Median float64
		Exact                       *float64
		CI                          []*float64
	}
	Sign    struct{ S, P, Median float64 }
	Pearson struct {
		R, T, P float64
		CI      []*float64
	}
	Spearman struct {
		R, P  float64
		Exact *float64
	}
	Kendall struct {
		Tau, Z, P float64
		Exact     *float64
	}
}

func TestRanksAgainstRAndScipy(t *testing.T) {
	must := test(t)
	var scipy struct {
		Ranks []struct{ Split, SplitPlain, Spearman, Kendall, Bound, Tost, TostWelch *float64 }
	}
	ref.Load(t, "scipy", &scipy)
	for i, c := range load[rankCase](t, "ranks") {
		// Sizes that JSON's decimals would not hold exactly.
		scale := math.Ldexp(1, []int{0, 0, -300, -3, 40, 300}[i%6])
		a, b, g := column(c.A), column(c.B), column(c.C)
		for _, x := range [][]float64{a, b, g} {
			for k := range x {
				x[k] *= scale
			}
		}
		c.Null *= scale
		c.Wilcoxon.Median *= scale
		c.MannWhitney.Median *= scale
		c.Sign.Median *= scale
		for _, p := range slices.Concat(c.Wilcoxon.CI, c.MannWhitney.CI) {
			if p != nil {
				*p *= scale
			}
		}
		opt := func(change func(*compare.Options)) *compare.Options {
			o := &compare.Options{Alternative: c.Alternative, Null: c.Null}
			if change != nil {
				change(o)
			}
			return o
		}
		asymptotic := func(o *compare.Options) { o.Distribution = compare.Asymptotic }
		plain := func(o *compare.Options) { o.Distribution, o.NoContinuity = compare.Asymptotic, true }
		name := func(s string) string { return fmt.Sprintf("case %d %s %s", i, s, c.Alternative) }

		w := must(compare.Wilcoxon(a, b, opt(func(o *compare.Options) { o.Distribution = compare.Exact })))
		require.Equal(t, c.Wilcoxon.V, w.Statistic, name("V"))
		ref.Close(t, name("exact"), c.Wilcoxon.Exact, w.P, tolP)
		ref.Close(t, name("pseudomedian"), c.Wilcoxon.Median, w.Estimate.Value, 1e-12)
		closeEnds(t, name("Walsh"), c.Wilcoxon.CI, w.Estimate.CI, 1e-12)
		w = must(compare.Wilcoxon(a, b, opt(asymptotic)))
		ref.Close(t, name("corrected"), c.Wilcoxon.Corrected, w.P, tolP)
		w = must(compare.Wilcoxon(a, b, opt(plain)))
		ref.Close(t, name("plain"), c.Wilcoxon.Plain, w.P, tolP)
		w = must(compare.Wilcoxon(a, b, opt(func(o *compare.Options) { o.Zeros = compare.Pratt })))
		ref.Close(t, name("Pratt"), c.Wilcoxon.Pratt, w.P, tolP)
		w = must(compare.Wilcoxon(a, b, opt(func(o *compare.Options) { plain(o); o.Zeros = compare.Pratt })))
		require.InDelta(t, c.Wilcoxon.PrattPlain, w.P, tolP*w.P+1e-15, name("Pratt, plain")) // coin takes a difference
		w = must(compare.Wilcoxon(a, b, opt(func(o *compare.Options) { asymptotic(o); o.Zeros = compare.Split })))
		ref.Close(t, name("split, corrected"), *scipy.Ranks[i].Split, w.P, tolP)
		w = must(compare.Wilcoxon(a, b, opt(func(o *compare.Options) { plain(o); o.Zeros = compare.Split })))
		ref.Close(t, name("split"), *scipy.Ranks[i].SplitPlain, w.P, tolP)

		u := must(compare.MannWhitney(a, g, opt(asymptotic)))
		require.Equal(t, c.MannWhitney.U, u.Statistic, name("U"))
		ref.Close(t, name("U corrected"), c.MannWhitney.Corrected, u.P, tolP)
		require.InDelta(t, c.MannWhitney.Median, u.Estimate.Value, 1e-12*math.Abs(c.MannWhitney.Median), name("shift"))
		u = must(compare.MannWhitney(a, g, opt(plain)))
		ref.Close(t, name("U plain"), c.MannWhitney.Plain, u.P, tolP)
		u = must(compare.MannWhitney(a, g, opt(nil)))
		if c.MannWhitney.Exact != nil && u.Estimate.Method == "Mann–Whitney U, exact: median of a − b" {
			ref.Close(t, name("U exact"), *c.MannWhitney.Exact, u.P, tolP)
		}
		closeEnds(t, name("differences"), c.MannWhitney.CI, u.Estimate.CI, 1e-12)

		s := must(compare.Sign(a, b, opt(nil)))
		require.Equal(t, c.Sign.S, s.Statistic, name("sign"))
		ref.Close(t, name("sign"), c.Sign.P, s.P, tolP)
		require.InDelta(t, c.Sign.Median, s.Estimate.Value, 1e-12*math.Abs(c.Sign.Median))

		one := &compare.Options{Alternative: c.Alternative}
		p := must(compare.Pearson(a, b, one))
		require.InDelta(t, c.Pearson.R, p.Estimate.Value, 1e-12, name("r"))
		ref.Close(t, name("r p"), c.Pearson.P, p.P, 1e-8) // R's t comes from a rounded r
		closeEnds(t, name("Fisher"), c.Pearson.CI, p.Estimate.CI, 1e-9)
		far := &compare.Options{Alternative: c.Alternative, Distribution: compare.Asymptotic}
		sp := must(compare.Spearman(a, b, far))
		require.InDelta(t, c.Spearman.R, sp.Estimate.Value, 1e-12, name("Spearman"))
		if math.Abs(c.Spearman.R) < 1 {
			ref.Close(t, name("Spearman p"), c.Spearman.P, sp.P, 1e-8)
			if c.Alternative == compare.TwoSided {
				ref.Close(t, name("Spearman p, scipy"), *scipy.Ranks[i].Spearman, sp.P, 1e-8)
			}
		}
		if c.Spearman.Exact != nil {
			sp = must(compare.Spearman(a, b, one))
			ref.Close(t, name("Spearman exact"), *c.Spearman.Exact, sp.P, tolP)
		}
		k := must(compare.Kendall(a, b, far))
		require.InDelta(t, c.Kendall.Tau, k.Estimate.Value, 1e-12, name("τ"))
		require.InDelta(t, c.Kendall.Z, k.Statistic, 1e-11*(1+math.Abs(c.Kendall.Z)), name("z"))
		ref.Close(t, name("τ p"), c.Kendall.P, k.P, tolP)
		if c.Alternative == compare.TwoSided {
			ref.Close(t, name("τ p, scipy"), *scipy.Ranks[i].Kendall, k.P, tolP)
		}
		if c.Kendall.Exact != nil {
			k = must(compare.Kendall(a, b, one))
			ref.Close(t, name("τ exact"), *c.Kendall.Exact, k.P, 1e-9) // R counts in single steps of 1/n!
		}
		if q := scipy.Ranks[i]; q.Tost != nil {
			e, err := compare.PairedTOST(a, b, -*q.Bound*scale, *q.Bound*scale, nil)
			require.NoError(t, err)
			ref.Close(t, name("tost"), *q.Tost, e.P, 1e-9)
			if q.TostWelch != nil {
				e, err = compare.WelchTOST(known2(a, b), g, -*q.Bound*scale, *q.Bound*scale, nil)
				require.NoError(t, err)
				ref.Close(t, name("tost, Welch"), *q.TostWelch, e.P, 1e-9)
			}
		}
	}
}

// known2 are the values of a where b is known too.
func known2(a, b []float64) (out []float64) {
	for i, x := range a {
		if !math.IsNaN(x) && !math.IsNaN(b[i]) {
			out = append(out, x)
		}
	}
	return out
}

func columns(xs [][]*float64) (out [][]float64) {
	for _, x := range xs {
		out = append(out, column(x))
	}
	return out
}

func TestGroupsAgainstRAndScipy(t *testing.T) {
	var scipy struct{ Groups []map[string]float64 }
	ref.Load(t, "scipy", &scipy)
	type pick struct {
		Statistic, P float64
		DF           any
	}
	type pair struct {
		Diff float64
		P    *float64 // R has none below two degrees of freedom
		Pair string
	}
	for i, c := range load[struct {
		Groups, Conditions                                     [][]*float64
		Anova, Welch, Kruskal, Friedman, Levene, BrownForsythe pick
		Tukey, GamesHowell                                     []pair
	}](t, "groups") {
		g := columns(c.Groups)
		check := func(name string, w pick, got compare.Comparison, err error) {
			require.NoError(t, err)
			name = fmt.Sprintf("case %d %s", i, name)
			require.InDelta(t, w.Statistic, got.Test.Statistic, 1e-10*(1+w.Statistic), name)
			ref.Close(t, name+" p", w.P, got.Test.P, 2e-9) // R takes no pains with sums of squares
			if df, ok := w.DF.([]any); ok {
				ref.Close(t, name+" df", df[1].(float64), got.Test.DF2, 1e-10)
			}
		}
		a, err := compare.ANOVA(g, nil)
		check("anova", c.Anova, a, err)
		a, err = compare.WelchANOVA(g, nil)
		check("welch", c.Welch, a, err)
		a, err = compare.KruskalWallis(g, nil)
		check("kruskal", c.Kruskal, a, err)
		if c.Conditions != nil {
			a, err = compare.Friedman(columns(c.Conditions), nil)
			check("friedman", c.Friedman, a, err)
		}
		if a, err = compare.Levene(g, nil); err == nil {
			check("levene", c.Levene, a, err)
		}
		if a, err = compare.BrownForsythe(g, nil); err == nil {
			check("brown-forsythe", c.BrownForsythe, a, err)
		}
		pairs := func(name string, want []pair, got compare.PostHoc, err error) {
			require.NoError(t, err)
			require.Len(t, got.Pairs, len(want))
			for _, w := range want {
				for _, x := range got.Pairs {
					if x.B+"-"+x.A == w.Pair {
						require.InDelta(t, w.Diff, x.Test.Estimate.Value, 1e-9*(math.Abs(w.Diff)+x.Test.Estimate.SE))
						what := fmt.Sprintf("case %d %s %s", i, name, w.Pair)
						if w.P != nil && x.Test.DF >= 6 {
							require.InDelta(t, *w.P, x.Test.P, 1e-7, what) // ptukey's own limit; below 6 it is off by more
						}
						if p, ok := scipy.Groups[i][w.Pair]; ok && name == "games-howell" {
							require.InDelta(t, p, x.Test.P, 1e-9, what)
						}
					}
				}
			}
		}
		if i%3 != 0 && os.Getenv("BANGKOM_LONG") == "" { // scipy has a third, too
			continue
		}
		ph, err := compare.Tukey(g, nil)
		pairs("tukey", c.Tukey, ph, err)
		ph, err = compare.GamesHowell(g, nil)
		pairs("games-howell", c.GamesHowell, ph, err)
	}
}

func TestCountsAgainstR(t *testing.T) {
	must := test(t)
	var scipy struct {
		Counts []struct{ Newcombe [2]float64 }
	}
	ref.Load(t, "scipy", &scipy)
	counted := 0
	for i, c := range load[struct {
		Two, Table  [][]int
		Alternative string
		Level       float64
		Fisher      struct {
			P  float64
			OR *float64
			CI []*float64
		}
		FisherRxC float64
		ChiSq     struct{ Corrected, Plain, Table, P float64 }
		McNemar   struct{ Corrected, Plain, Exact *float64 }
		Binom     struct {
			P0, P, Corrected, Plain float64
			CI                      []*float64
		}
		Prop2  float64
		Adjust map[string][]*float64
	}](t, "counts") {
		name := func(s string) string { return fmt.Sprintf("case %d %s %v %s", i, s, c.Two, c.Alternative) }
		one := &compare.Options{Alternative: c.Alternative, Level: c.Level}
		f := must(compare.Fisher(c.Two, one))
		ref.Close(t, name("fisher"), c.Fisher.P, f.P, tolP)
		if c.Fisher.OR != nil {
			ref.Close(t, name("odds ratio"), *c.Fisher.OR, f.Estimate.Value, 1e-3) // uniroot stops early
		} else {
			require.True(t, math.IsInf(f.Estimate.Value, 1))
		}
		for j, g := range []float64{f.Estimate.CI.Lo, f.Estimate.CI.Hi} {
			if c.Fisher.CI[j] != nil {
				ref.Close(t, name("odds ratio, end"), *c.Fisher.CI[j], g, 0.1) // likewise; see TestOddsRatioEnds
			}
		}
		x := must(compare.Fisher(c.Table, nil))
		if !x.Estimate.Warnings.Has("beyond-exact") {
			counted++
			ref.Close(t, fmt.Sprintf("case %d %v", i, c.Table), c.FisherRxC, x.P, 1e-9)
		}
		q := must(compare.ChiSquare(c.Two, nil))
		ref.Close(t, name("Yates"), c.ChiSq.Corrected, q.P, tolP)
		q = must(compare.ChiSquare(c.Two, &compare.Options{NoContinuity: true}))
		ref.Close(t, name("χ²"), c.ChiSq.Plain, q.Statistic, 1e-11)
		q = must(compare.ChiSquare(c.Table, nil))
		ref.Close(t, name("χ² table"), c.ChiSq.Table, q.Statistic, 1e-11)
		ref.Close(t, name("χ² table p"), c.ChiSq.P, q.P, tolP)

		m := [2][2]int{{c.Two[0][0], c.Two[0][1]}, {c.Two[1][0], c.Two[1][1]}}
		if c.McNemar.Exact != nil && m[0][1]+m[1][0] > 0 {
			ref.Close(t, name("McNemar"), *c.McNemar.Exact, must(compare.McNemar(m, one)).P, tolP)
			if m[0][1] != m[1][0] { // R corrects a difference of nought to one beyond it
				ref.Close(t, name("McNemar corrected"), *c.McNemar.Corrected, must(compare.McNemar(m, &compare.Options{Distribution: compare.Asymptotic})).P, tolP)
			}
			ref.Close(t, name("McNemar plain"), *c.McNemar.Plain, must(compare.McNemar(m, &compare.Options{Distribution: compare.Asymptotic, NoContinuity: true})).P, tolP)
		}

		k, n := m[0][0], m[0][0]+m[0][1]
		b := must(compare.ProportionTest(k, n, c.Binom.P0, &compare.Options{Alternative: c.Alternative, Level: c.Level, Distribution: compare.Exact}))
		ref.Close(t, name("binomial"), c.Binom.P, b.P, tolP)
		closeEnds(t, name("Clopper–Pearson"), c.Binom.CI, b.Estimate.CI, 1e-10)
		b = must(compare.ProportionTest(k, n, c.Binom.P0, &compare.Options{Alternative: c.Alternative, Distribution: compare.Asymptotic}))
		if c.Alternative == compare.TwoSided { // one-sided R corrects towards nought, on whichever side that is
			ref.Close(t, name("score corrected"), c.Binom.Corrected, b.P, tolP)
		}
		b = must(compare.ProportionTest(k, n, c.Binom.P0, &compare.Options{Alternative: c.Alternative, Distribution: compare.Asymptotic, NoContinuity: true}))
		ref.Close(t, name("score"), c.Binom.Plain, b.P, tolP)
		k2, n2 := m[1][0], m[1][0]+m[1][1]
		d := must(compare.TwoProportions(k, n, k2, n2, one))
		if k+k2 > 0 && k+k2 < n+n2 {
			ref.Close(t, name("two"), c.Prop2, d.P, tolP)
		}
		d = must(compare.TwoProportions(k, n, k2, n2, &compare.Options{Level: c.Level}))
		require.InDelta(t, scipy.Counts[i].Newcombe[0], d.Estimate.CI.Lo, 1e-12, name("Newcombe"))
		require.InDelta(t, scipy.Counts[i].Newcombe[1], d.Estimate.CI.Hi, 1e-12, name("Newcombe"))

		for method, want := range c.Adjust {
			if method == "p" {
				continue
			}
			got, err := compare.AdjustP(column(c.Adjust["p"]), method)
			require.NoError(t, err)
			require.InDeltaSlice(t, column(want), got, 1e-13, "case %d %s", i, method)
		}
	}
	require.Greater(t, counted, 195, "tables within the limit of Fisher")
}

func TestDescribeAgainstR(t *testing.T) {
	must := test(t)
	type pick struct {
		Statistic, P float64
		CI           []*float64
	}
	for i, c := range load[struct {
		X, Z                    []*float64
		Alternative             string
		Null, P                 float64
		Quantiles               []float64
		Mean, SD, MAD, Skewness float64
		Kurtosis                *float64
		W, WP                   float64
		One, Student            pick
	}](t, "describe") {
		x, z := column(c.X), column(c.Z)
		name := func(s string) string { return fmt.Sprintf("case %d %s", i, s) }
		d, err := compare.Describe(x, nil)
		require.NoError(t, err)
		require.InDelta(t, c.Mean, d.Mean.Value, 1e-13*c.SD)
		ref.Close(t, name("sd"), c.SD, d.SD, 1e-13)
		ref.Close(t, name("mad"), c.MAD, d.MAD, 1e-5) // R's 1.4826 is rounded
		require.InDelta(t, c.Skewness, d.Skewness, 1e-11)
		if c.Kurtosis != nil {
			require.InDelta(t, *c.Kurtosis, d.Kurtosis, 1e-10*(1+math.Abs(*c.Kurtosis)))
		}
		for k, want := range c.Quantiles {
			got, err := compare.Quantile(x, c.P, &compare.Options{Quantile: compare.QuantileType(k + 1)})
			require.NoError(t, err)
			require.InDelta(t, want, got, 1e-13*(math.Abs(want)+c.SD), "%s type %d at %v of %v", name("quantile"), k+1, c.P, x)
		}
		w := must(compare.ShapiroWilk(x, nil))
		ref.Close(t, name("W"), c.W, w.Statistic, 1e-11)
		tol := 1e-9
		if w.Estimate.N == 3 && c.W > .999999 { // R's arc sine of a W near 1
			tol = 1e-7
		}
		require.InDelta(t, c.WP, w.P, tol*c.WP+1e-14, name("W p"))
		opt := &compare.Options{Alternative: c.Alternative, Null: c.Null}
		for s, v := range map[string]struct {
			want pick
			got  bangkom.Test
		}{"one": {c.One, must(compare.OneSample(x, opt))}, "student": {c.Student, must(compare.Student(x, z, opt))}} {
			require.InDelta(t, v.want.Statistic, v.got.Statistic, 1e-11*(1+math.Abs(v.want.Statistic)), name(s))
			ref.Close(t, name(s), v.want.P, v.got.P, 1e-9)
			closeEnds(t, name(s), v.want.CI, v.got.Estimate.CI, 1e-10)
		}
	}
}

package resample_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/ref"
	"github.com/bangkom/bangkom/stats/resample"
	"github.com/bangkom/bangkom/stats/tally"
)

var ctx = context.Background()

// Admission scores of 15 law schools (Efron, 1982).
var (
	lsat = []float64{576, 635, 558, 578, 666, 580, 555, 661, 651, 605, 653, 575, 545, 572, 594}
	gpa  = []float64{3.39, 3.30, 2.81, 3.03, 3.44, 3.07, 3.00, 3.43, 3.36, 3.13, 3.12, 2.74, 2.76, 2.88, 2.96}
)

func TestExhaustive(t *testing.T) {
	r, err := resample.Bootstrap(ctx, [][]float64{{1.2, 3.4, .7, 5.1, 2.2}}, resample.Mean, nil)
	require.NoError(t, err)
	require.True(t, r.Exact)
	require.Equal(t, 126, r.Resamples)
	ref.Close(t, "z0", .0405181968062569, r.Z0, 1e-12)
	ref.Close(t, "a", .0354281306256286, r.Acceleration, 1e-12)
	ref.Close(t, "lo", 1.34, r.Estimate.CI.Lo, 1e-12)
	ref.Close(t, "hi", 4.18, r.Estimate.CI.Hi, 1e-12)
}

func TestLawSchool(t *testing.T) {
	r, err := resample.Bootstrap(ctx, [][]float64{lsat, gpa}, resample.Correlation, &resample.Options{Seed: 1})
	require.NoError(t, err)
	ref.Close(t, "r", .776374491289407, r.Estimate.Value, 1e-13)
	ref.Close(t, "a", -.07567156493788, r.Acceleration, 1e-11)
	require.Equal(t, 10_000, r.Resamples)
	// Efron and Tibshirani (1993) print SE 0.13 and BCa 0.43 to 0.92 (90 %: 0.52, 0.91).
	require.InDelta(t, .13, r.Estimate.SE, .01)
	require.InDelta(t, .33, r.Estimate.CI.Lo, .06)
	require.InDelta(t, .94, r.Estimate.CI.Hi, .02)
}

type tails struct{ Two, Less, Greater float64 }

func TestAgainstEnumeration(t *testing.T) {
	var r struct {
		Cases []struct {
			X, Y, B []float64
			Level   float64
			Boot    map[string]struct {
				Point, SE, Bias float64
				Percentile, BCa []float64
				Undefined       int
				Z0, A           *float64
			}
			Paired, Independent, Order tails
			Scipy                      *tails
		}
	}
	ref.Load(t, "exact", &r)
	require.Len(t, r.Cases, 200)
	stats := map[string]resample.Statistic{"mean": resample.Mean, "median": resample.Median, "sd": resample.SD, "cor": resample.Correlation}
	close := func(i int, what string, want, got, tol float64) {
		t.Helper()
		if !(math.Abs(want-got) <= tol) {
			t.Errorf("case %d %s: got %v, want %v", i, what, got, want)
		}
	}
	for i, c := range r.Cases {
		size := slices.Max(append(slices.Clone(c.X), c.Y...)) - slices.Min(append(slices.Clone(c.X), c.Y...))
		for name, w := range c.Boot {
			b, err := resample.Bootstrap(ctx, [][]float64{c.X, c.Y}, stats[name], &resample.Options{Level: c.Level})
			require.NoError(t, err, "%d %s", i, name)
			tol := 1e-9 * max(1e-3, min(size, 1e9))
			if name == "cor" {
				tol = 1e-9
			}
			close(i, name, w.Point, b.Estimate.Value, tol)
			close(i, name+" se", w.SE, b.Estimate.SE, tol)
			close(i, name+" bias", w.Bias, b.Bias, tol)
			require.Equal(t, w.Undefined, b.Undefined, "%d %s", i, name)
			if w.BCa == nil {
				require.Len(t, b.Intervals, 2, "%d %s: no BCa", i, name)
				require.True(t, b.Estimate.Warnings.Has("bca-undefined"), "%d %s", i, name)
				require.Equal(t, "percentile", b.Estimate.CI.Method)
			} else {
				close(i, name+" z0", *w.Z0, b.Z0, 1e-9)
				close(i, name+" a", *w.A, b.Acceleration, 1e-9)
				close(i, name+" bca lo", w.BCa[0], b.Estimate.CI.Lo, tol)
				close(i, name+" bca hi", w.BCa[1], b.Estimate.CI.Hi, tol)
			}
			for _, ci := range b.Intervals {
				if ci.Method == "percentile" {
					close(i, name+" lo", w.Percentile[0], ci.Lo, tol)
					close(i, name+" hi", w.Percentile[1], ci.Hi, tol)
				}
			}
		}
		for name, f := range map[string]func(o *resample.PermutationOptions) (bangkom.Test, error){
			"paired": func(o *resample.PermutationOptions) (bangkom.Test, error) {
				return resample.PermutePaired(ctx, c.X, c.Y, o)
			},
			"independent": func(o *resample.PermutationOptions) (bangkom.Test, error) {
				return resample.PermuteIndependent(ctx, c.X, c.B, o)
			},
			"order": func(o *resample.PermutationOptions) (bangkom.Test, error) {
				return resample.Permute(ctx, c.X, c.Y, resample.Correlation, o)
			},
		} {
			want := map[string]tails{"paired": c.Paired, "independent": c.Independent, "order": c.Order}[name]
			for alternative, p := range map[string]float64{"two-sided": want.Two, "less": want.Less, "greater": want.Greater} {
				got, err := f(&resample.PermutationOptions{Alternative: alternative})
				require.NoError(t, err)
				close(i, name+" "+alternative, p, got.P, 1e-10)
			}
		}
		if c.Scipy != nil {
			close(i, "scipy", c.Scipy.Less, c.Independent.Less, 1e-12)
			close(i, "scipy", c.Scipy.Greater, c.Independent.Greater, 1e-12)
		}
	}
}

func TestExactPermutations(t *testing.T) {
	// Darwin's maize: Fisher's 1726 of 32768.
	d := []float64{49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48}
	p, err := resample.PermutePaired(ctx, make([]float64, len(d)), d, nil)
	require.NoError(t, err)
	ref.Close(t, "Darwin", 1726.0/32768, p.P, 1e-13)
	// Student's sleep, as pairs and as groups.
	a, b := []float64{.7, -1.6, -.2, -1.2, -.1, 3.4, 3.7, .8, 0, 2}, []float64{1.9, .8, 1.1, .1, -.1, 4.4, 5.5, 1.6, 4.6, 3.4}
	p, err = resample.PermutePaired(ctx, a, b, nil)
	require.NoError(t, err)
	ref.Close(t, "sleep", .00390625, p.P, 1e-13)
	p, err = resample.PermuteIndependent(ctx, b, a, nil)
	require.NoError(t, err)
	ref.Close(t, "groups", .081447963800905, p.P, 1e-12)
	require.Contains(t, p.Estimate.Method, "exact")
	drawn, err := resample.PermuteIndependent(ctx, b, a, &resample.PermutationOptions{Permutations: 20_000, Seed: 4})
	require.NoError(t, err)
	require.InDelta(t, p.P, drawn.P, .01)
	drawn, err = resample.PermutePaired(ctx, a, b, &resample.PermutationOptions{Permutations: 20_000, Seed: 4})
	require.NoError(t, err)
	require.InDelta(t, .00390625, drawn.P, .002)
	// Two hundred people, exactly; the tail keeps its digits.
	x, y := make([]float64, 200), make([]float64, 200)
	for i := range x {
		x[i] = float64(i % 5)
		y[i] = x[i] + 1
	}
	p, err = resample.PermutePaired(ctx, x, y, nil)
	require.NoError(t, err)
	ref.Close(t, "2^-199", math.Ldexp(1, -199), p.P, 1e-12)
}

// Where values are few, drawing their counts is as good as drawing rows: both come
// near what is exact.
func TestCountedPermutations(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	x, y := make([]float64, 300), make([]float64, 260)
	for i := range x {
		x[i] = float64(r.IntN(5))
	}
	for i := range y {
		y[i] = float64(r.IntN(5) + i%9/8)
	}
	for _, alternative := range []string{resample.TwoSided, resample.Less, resample.Greater} {
		for name, f := range map[string]func(o *resample.PermutationOptions) (bangkom.Test, error){
			"paired": func(o *resample.PermutationOptions) (bangkom.Test, error) {
				return resample.PermutePaired(ctx, x[:260], y, o)
			},
			"independent": func(o *resample.PermutationOptions) (bangkom.Test, error) {
				return resample.PermuteIndependent(ctx, x, y, o)
			},
			"the other way": func(o *resample.PermutationOptions) (bangkom.Test, error) {
				return resample.PermuteIndependent(ctx, y, x, o)
			},
		} {
			exact, err := f(&resample.PermutationOptions{Alternative: alternative})
			require.NoError(t, err)
			require.Contains(t, exact.Estimate.Method, "exact")
			drawn, err := f(&resample.PermutationOptions{Alternative: alternative, Permutations: 40_000, Seed: 2})
			require.NoError(t, err)
			require.Contains(t, drawn.Estimate.Method, "draws")
			require.InDelta(t, exact.P, drawn.P, 4*math.Sqrt(exact.P*(1-exact.P)/40_000)+1e-4, "%s %s", name, alternative)
		}
	}
}

func TestSameSeedSameResult(t *testing.T) {
	before := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(before)
	x := slices.Repeat(lsat, 3)
	clusters := make([]string, len(x))
	for i := range clusters {
		clusters[i] = fmt.Sprint("c", i%12)
	}
	strata := make([]string, len(x))
	for i := range strata {
		strata[i] = fmt.Sprint("s", i%4)
	}
	var first []string
	for _, cores := range []int{1, 2, 5} {
		runtime.GOMAXPROCS(cores)
		var got []string
		for _, o := range []resample.Options{{Seed: 9}, {Seed: 9, Clusters: clusters}, {Seed: 9, Strata: strata}, {Seed: 9, Clusters: clusters, Strata: strata}, {Seed: 9, Interval: resample.Studentised, StandardError: resample.StandardErrorOfMean}} {
			o.Resamples = 999
			r, err := resample.Bootstrap(ctx, [][]float64{x}, resample.Mean, &o)
			require.NoError(t, err)
			data, err := json.Marshal(r)
			require.NoError(t, err)
			got = append(got, string(data))
		}
		p, err := resample.Permute(ctx, lsat, gpa, resample.Correlation, &resample.PermutationOptions{Seed: 9})
		require.NoError(t, err)
		got = append(got, fmt.Sprint(p.P))
		if first == nil {
			first = got
		}
		require.Equal(t, first, got)
	}
	require.NotEqual(t, first[0], first[1])
}

// The intervals of a mean agree with what theory says of them.
func TestIntervalsOfAMean(t *testing.T) {
	var x []float64
	for i := range 400 {
		x = append(x, float64(i*i%101))
	}
	se := resample.StandardErrorOfMean([][]float64{slices.Clone(x)})
	for _, kind := range []resample.Interval{resample.BCa, resample.Percentile, resample.Basic, resample.Studentised} {
		r, err := resample.Bootstrap(ctx, [][]float64{x}, resample.Mean, &resample.Options{Interval: kind, StandardError: resample.StandardErrorOfMean})
		require.NoError(t, err)
		require.Equal(t, kind.String(), r.Estimate.CI.Method)
		require.InEpsilon(t, se, r.Estimate.SE, .03)
		require.InDelta(t, r.Estimate.Value-1.96*se, r.Estimate.CI.Lo, .12*se, kind.String())
		require.InDelta(t, r.Estimate.Value+1.96*se, r.Estimate.CI.Hi, .12*se, kind.String())
		require.Len(t, r.Intervals, 4)
	}
	// Clusters of equal rows: as if there were a tenth of them.
	clusters := make([]string, len(x))
	for i := range x {
		clusters[i] = fmt.Sprint(i / 10)
		x[i] = float64(i / 10 * 7919 % 101)
	}
	r, err := resample.Bootstrap(ctx, [][]float64{x}, resample.Mean, &resample.Options{Clusters: clusters})
	require.NoError(t, err)
	rows, err := resample.Bootstrap(ctx, [][]float64{x}, resample.Mean, nil)
	require.NoError(t, err)
	require.InEpsilon(t, math.Sqrt(10), r.Estimate.SE/rows.Estimate.SE, .06)
	// Strata that hold all there is leave nothing to chance.
	_, err = resample.Bootstrap(ctx, [][]float64{x}, resample.Mean, &resample.Options{Strata: clusters})
	require.ErrorIs(t, err, bangkom.ErrNoVariation)
}

// R's boot on the same twelve values with 200000 (studentised: 100000)
// resamples; its BCa has another acceleration, which for a mean hardly differs.
func TestAgainstBoot(t *testing.T) {
	x := []float64{1.2, 3.4, .7, 5.1, 2.2, 4.0, 2.9, 3.3, 1.1, 6.2, 2.5, 4.4}
	r, err := resample.Bootstrap(ctx, [][]float64{x}, resample.Mean, &resample.Options{Resamples: 100_000, StandardError: resample.StandardErrorOfMean})
	require.NoError(t, err)
	require.InDelta(t, .4626965, r.Estimate.SE, .004)
	want := map[string][2]float64{"bca": {2.217, 4.033}, "percentile": {2.200, 4.008}, "basic": {2.158, 3.967}, "studentised": {2.072, 4.231}}
	require.Len(t, r.Intervals, 4)
	for _, ci := range r.Intervals {
		require.InDelta(t, want[ci.Method][0], ci.Lo, .03, ci.Method)
		require.InDelta(t, want[ci.Method][1], ci.Hi, .03, ci.Method)
	}
}

func TestIntervalNames(t *testing.T) {
	for i := resample.BCa; i <= resample.Studentised; i++ {
		text, err := i.MarshalText()
		require.NoError(t, err)
		var back resample.Interval
		require.NoError(t, back.UnmarshalText(text))
		require.Equal(t, i, back)
	}
	var i resample.Interval
	require.ErrorIs(t, i.UnmarshalText([]byte("normal")), bangkom.ErrOption)
	_, err := resample.Interval(9).MarshalText()
	require.ErrorIs(t, err, bangkom.ErrOption)
}

func TestLevels(t *testing.T) {
	l, err := tally.NewLevels(tally.Shape{First: 1, Levels: 5})
	require.NoError(t, err)
	var x []float64
	for i, n := range []uint64{30, 55, 120, 160, 85} {
		require.NoError(t, l.AddN(tally.Cell(i+1), n))
		for range n {
			x = append(x, float64(i+1))
		}
	}
	require.NoError(t, l.AddN(tally.Missing, 7))
	a, err := resample.BootstrapLevels(ctx, l, resample.LevelMean, &resample.Options{Seed: 1, Resamples: 40_000})
	require.NoError(t, err)
	// A second column keeps the rows from being counted.
	b, err := resample.Bootstrap(ctx, [][]float64{x, x}, resample.Mean, &resample.Options{Seed: 2, Resamples: 40_000})
	require.NoError(t, err)
	require.Equal(t, 7, a.Estimate.Missing.Dropped)
	ref.Close(t, "mean", b.Estimate.Value, a.Estimate.Value, 1e-14)
	ref.Close(t, "acceleration", b.Acceleration, a.Acceleration, 1e-9)
	ref.Close(t, "SE", b.Estimate.SE, a.Estimate.SE, .02)
	require.InDelta(t, b.Estimate.CI.Lo, a.Estimate.CI.Lo, .08*b.Estimate.SE)
	require.InDelta(t, b.Estimate.CI.Hi, a.Estimate.CI.Hi, .08*b.Estimate.SE)
	again, err := resample.BootstrapLevels(ctx, l, resample.LevelMean, &resample.Options{Seed: 1, Resamples: 40_000})
	require.NoError(t, err)
	require.Equal(t, a, again)
	counted, err := resample.Bootstrap(ctx, [][]float64{x}, resample.Mean, &resample.Options{Seed: 1, Resamples: 40_000})
	require.NoError(t, err)
	require.Equal(t, a.Estimate.CI, counted.Estimate.CI)
}

// A function of the caller that does the same as one of the package sees the
// same resamples, whichever way those are computed.
func TestPathsAgree(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	column := func(n int, f func() float64) []float64 {
		x := make([]float64, n)
		for i := range x {
			x[i] = f()
		}
		return x
	}
	strata := make([]string, 300)
	for i := range strata {
		strata[i] = fmt.Sprint(i % 7 / 3)
	}
	small := func() float64 { return float64(r.IntN(6)) / 10 }
	for name, c := range map[string]struct {
		x []float64
		o resample.Options
	}{
		"rows":     {column(300, r.NormFloat64), resample.Options{}},
		"strata":   {column(300, r.ExpFloat64), resample.Options{Strata: strata}},
		"many":     {column(6000, r.NormFloat64), resample.Options{Resamples: 200}},
		"far":      {column(50, func() float64 { return 1e9 + r.Float64() }), resample.Options{}},
		"huge":     {column(50, func() float64 { return 1e300 * r.Float64() }), resample.Options{}},
		"levels":   {column(300, small), resample.Options{}},
		"uneven n": {column(301, small), resample.Options{}},
	} {
		c.o.StandardError, c.o.Resamples = nil, max(c.o.Resamples, 500)
		for what, stat := range map[string]resample.Statistic{"mean": resample.Mean, "median": resample.Median, "sd": resample.SD, "se": resample.StandardErrorOfMean} {
			if name == "huge" && (what == "sd" || what == "se") {
				continue
			}
			a, err := resample.Bootstrap(ctx, [][]float64{c.x}, stat, &c.o)
			require.NoError(t, err, name)
			b, err := resample.Bootstrap(ctx, [][]float64{c.x}, func(x [][]float64) float64 { return stat(x) }, &c.o)
			require.NoError(t, err, name)
			size := a.Estimate.SE + 1e-4*math.Abs(a.Estimate.Value) // the mean of numbers near 1e9 has no more digits
			require.Equal(t, a.Estimate.Value, b.Estimate.Value)
			require.InDelta(t, a.Estimate.SE, b.Estimate.SE, 1e-9*size, "%s %s", name, what)
			require.InDelta(t, a.Z0, b.Z0, 1e-12, "%s %s", name, what)
			require.Len(t, b.Intervals, len(a.Intervals), "%s %s", name, what)
			for i, ci := range a.Intervals {
				require.InDelta(t, ci.Lo, b.Intervals[i].Lo, 1e-9*size, "%s %s %s", name, what, ci.Method)
				require.InDelta(t, ci.Hi, b.Intervals[i].Hi, 1e-9*size, "%s %s %s", name, what, ci.Method)
			}
		}
	}
	// Standard errors go with the resample they are of.
	x := column(400, small)
	a, err := resample.Bootstrap(ctx, [][]float64{x}, resample.Mean, &resample.Options{Interval: resample.Studentised, StandardError: resample.StandardErrorOfMean, Resamples: 999})
	require.NoError(t, err)
	b, err := resample.Bootstrap(ctx, [][]float64{x}, resample.Mean, &resample.Options{Interval: resample.Studentised, Resamples: 999,
		StandardError: func(x [][]float64) float64 { return resample.StandardErrorOfMean(x) }})
	require.NoError(t, err)
	require.InDelta(t, a.Estimate.CI.Lo, b.Estimate.CI.Lo, 1e-12)
	require.InDelta(t, a.Estimate.CI.Hi, b.Estimate.CI.Hi, 1e-12)
}

func TestWarningsAndErrors(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	boot := func(o *resample.Options, columns ...[]float64) (resample.Result, error) {
		return resample.Bootstrap(ctx, columns, resample.Mean, o)
	}
	for name, c := range map[string]struct {
		o    *resample.Options
		cols [][]float64
		err  error
	}{
		"none":           {nil, nil, bangkom.ErrTooFew},
		"empty":          {nil, [][]float64{{}}, bangkom.ErrTooFew},
		"one":            {nil, [][]float64{{1}}, bangkom.ErrTooFew},
		"missing":        {nil, [][]float64{{1, nan, nan}}, bangkom.ErrTooFew},
		"equal":          {nil, [][]float64{{3, 3, 3}}, bangkom.ErrNoVariation},
		"infinite":       {nil, [][]float64{{3, inf, 3}}, bangkom.ErrNotFinite},
		"shape":          {nil, [][]float64{{3, 1}, {2}}, bangkom.ErrShape},
		"clusters":       {&resample.Options{Clusters: []string{"a"}}, [][]float64{{3, 1}}, bangkom.ErrShape},
		"one cluster":    {&resample.Options{Clusters: []string{"a", "a"}}, [][]float64{{3, 1}}, bangkom.ErrTooFew},
		"two strata":     {&resample.Options{Clusters: []string{"a", "a", "b"}, Strata: []string{"x", "y", "x"}}, [][]float64{{3, 1, 2}}, bangkom.Problem{Code: "cluster-in-strata"}},
		"level":          {&resample.Options{Level: 1}, [][]float64{{3, 1}}, bangkom.ErrOption},
		"interval":       {&resample.Options{Interval: 9}, [][]float64{{3, 1}}, bangkom.ErrOption},
		"standard error": {&resample.Options{Interval: resample.Studentised}, [][]float64{{3, 1}}, bangkom.ErrOption},
		"resamples":      {&resample.Options{Resamples: -1}, [][]float64{{3, 1}}, bangkom.ErrOption},
	} {
		_, err := boot(c.o, c.cols...)
		require.ErrorIs(t, err, c.err, name)
	}
	_, err := resample.Bootstrap(ctx, [][]float64{{1, 2}}, nil, nil)
	require.ErrorIs(t, err, bangkom.ErrOption)
	_, err = resample.Bootstrap(ctx, [][]float64{{1, 2, 3}, {1, 1, 1}}, resample.Correlation, nil)
	require.ErrorIs(t, err, bangkom.Problem{Code: "undefined"})
	r, err := resample.Bootstrap(ctx, [][]float64{{1, 2, 4}, {1, 3, 1}}, resample.Correlation, nil)
	require.NoError(t, err)
	require.True(t, r.Estimate.Warnings.Has("undefined-resamples"))
	require.True(t, r.Estimate.Warnings.Has("few-units"))
	r, err = boot(&resample.Options{Strata: []string{"a", "a", "b"}}, []float64{1, 2, 3})
	require.NoError(t, err)
	require.True(t, r.Estimate.Warnings.Has("lone-stratum"))
	r, err = resample.Bootstrap(ctx, [][]float64{{1, 2, 3, 9}}, func(c [][]float64) float64 { return slices.Max(c[0]) }, nil)
	require.NoError(t, err)
	require.NotContains(t, r.Table(), "NaN")
	data, err := json.Marshal(r)
	require.NoError(t, err)
	var back resample.Result
	require.NoError(t, json.Unmarshal(data, &back))
	require.Equal(t, r.String(), back.String())

	stopped, cancel := context.WithCancel(ctx)
	cancel()
	_, err = resample.Bootstrap(stopped, [][]float64{lsat}, resample.Mean, nil)
	require.ErrorIs(t, err, context.Canceled)
	_, err = resample.Permute(stopped, lsat, gpa, resample.Correlation, nil)
	require.ErrorIs(t, err, context.Canceled)

	for name, c := range map[string]struct {
		a, b []float64
		p, i error
	}{
		"empty": {nil, nil, bangkom.ErrTooFew, bangkom.ErrTooFew}, "equal": {[]float64{1, 1}, []float64{1, 1}, bangkom.ErrNoVariation, bangkom.ErrNoVariation},
		"infinite": {[]float64{1, inf}, []float64{1, 2}, bangkom.ErrNotFinite, bangkom.ErrNotFinite}, "shape": {[]float64{1, 2}, []float64{1}, bangkom.ErrShape, nil},
	} {
		_, err := resample.PermutePaired(ctx, c.a, c.b, nil)
		require.ErrorIs(t, err, c.p, name)
		_, err = resample.PermuteIndependent(ctx, c.a, c.b, nil)
		require.ErrorIs(t, err, c.i, name)
		_, err = resample.Permute(ctx, c.a, c.b, resample.Correlation, nil)
		require.Error(t, err, name)
	}
	_, err = resample.PermutePaired(ctx, lsat, gpa, &resample.PermutationOptions{Alternative: "both"})
	require.ErrorIs(t, err, bangkom.ErrOption)
	_, err = resample.PermutePaired(ctx, lsat, gpa, &resample.PermutationOptions{Strata: []string{"a"}})
	require.ErrorIs(t, err, bangkom.ErrOption)
	_, err = resample.BootstrapLevels(ctx, &tally.Levels{}, resample.LevelMean, nil)
	require.ErrorIs(t, err, bangkom.ErrTooFew)
	_, err = resample.BootstrapLevels(ctx, &tally.Levels{}, resample.LevelMean, &resample.Options{Clusters: []string{"a"}})
	require.ErrorIs(t, err, bangkom.ErrOption)
}

func TestArgumentsStayAsTheyAre(t *testing.T) {
	x := []float64{5, 1, 4, 2, 3}
	_, err := resample.Bootstrap(ctx, [][]float64{x}, resample.Median, nil)
	require.NoError(t, err)
	_, err = resample.PermutePaired(ctx, x, []float64{1, 2, 3, 4, 6.1234567}, nil)
	require.NoError(t, err)
	_, err = resample.PermuteIndependent(ctx, x, []float64{1, 2, 3, 4, 6.1234567}, nil)
	require.NoError(t, err)
	_, err = resample.Permute(ctx, x, []float64{1, 2, 3, 4, 6.1}, resample.Correlation, nil)
	require.NoError(t, err)
	require.Equal(t, []float64{5, 1, 4, 2, 3}, x)
}

func BenchmarkBootstrap(b *testing.B) {
	x := make([]float64, 1000)
	for i := range x {
		x[i] = float64(i*7919%1000) / 7
	}
	for name, stat := range map[string]resample.Statistic{"mean": resample.Mean, "median": resample.Median} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := resample.Bootstrap(ctx, [][]float64{x}, stat, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("levels", func(b *testing.B) {
		l, _ := tally.NewLevels(tally.Shape{First: 1, Levels: 5})
		for i := range 5 {
			_ = l.AddN(tally.Cell(i+1), 200_000)
		}
		for b.Loop() {
			if _, err := resample.BootstrapLevels(ctx, l, resample.LevelMean, nil); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkPermute(b *testing.B) {
	x, y := make([]float64, 1000), make([]float64, 1000)
	for i := range x {
		x[i], y[i] = math.Sin(float64(i)), math.Sin(float64(7*i)+.3)
	}
	b.Run("independent 1000+1000, drawn", func(b *testing.B) {
		for b.Loop() {
			if _, err := resample.PermuteIndependent(ctx, x, y, nil); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("paired 1000, drawn", func(b *testing.B) {
		for b.Loop() {
			if _, err := resample.PermutePaired(ctx, x, y, nil); err != nil {
				b.Fatal(err)
			}
		}
	})
}

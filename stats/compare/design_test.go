package compare_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/ref"
	"github.com/bangkom/bangkom/stats/compare"
)

var darwin = []float64{49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48}

// The weights of plants under a control and two treatments (Dobson, 1983).
var plants = [][]float64{
	{4.17, 5.58, 5.18, 6.11, 4.50, 4.61, 5.17, 4.53, 5.33, 5.14},
	{4.81, 4.17, 4.41, 3.59, 5.87, 3.83, 6.03, 4.89, 4.32, 4.69},
	{6.31, 5.12, 5.54, 5.50, 5.37, 5.29, 4.92, 6.15, 5.80, 5.26},
}

func zeros(n int) []float64 { return make([]float64, n) }

func test(t *testing.T) func(bangkom.Test, error) bangkom.Test {
	return func(r bangkom.Test, err error) bangkom.Test {
		t.Helper()
		require.NoError(t, err)
		return r
	}
}

type o = compare.Options

func TestSleepByRanksAndSigns(t *testing.T) {
	must := test(t)
	w := must(compare.Wilcoxon(sleep1, sleep2, nil))
	require.Equal(t, 45.0, w.Statistic)
	require.Equal(t, .00390625, w.P)
	require.Contains(t, w.Estimate.Method, "exact")
	for _, zeros := range []string{compare.Pratt, compare.Split} {
		p := must(compare.Wilcoxon(sleep1, sleep2, &o{Zeros: zeros}))
		if zeros == compare.Pratt {
			require.Equal(t, .00390625, p.P)
		}
	}
	w = must(compare.Wilcoxon(sleep1, sleep2, &o{Distribution: compare.Asymptotic}))
	ref.Close(t, "with continuity", .00909069801592506, w.P, 1e-12)
	w = must(compare.Wilcoxon(sleep1, sleep2, &o{Distribution: compare.Asymptotic, NoContinuity: true}))
	ref.Close(t, "without", .00763244164820552, w.P, 1e-12)
	w = must(compare.Wilcoxon(sleep1, sleep2, &o{Distribution: compare.Asymptotic, NoContinuity: true, Zeros: compare.Pratt}))
	ref.Close(t, "Pratt", .00582502419946151, w.P, 1e-12)
	s := must(compare.Sign(sleep1, sleep2, nil))
	ref.Close(t, "sign", .00390625, s.P, 1e-14)

	u := must(compare.MannWhitney(sleep2, sleep1, nil))
	require.Equal(t, 74.5, u.Statistic)
	ref.Close(t, "exact with ties", .0658165364047717, u.P, 1e-12)
	u = must(compare.MannWhitney(sleep2, sleep1, &o{Distribution: compare.Asymptotic}))
	ref.Close(t, "with continuity", .0693275754336266, u.P, 1e-12)
	u = must(compare.MannWhitney(sleep2, sleep1, &o{Distribution: compare.Asymptotic, NoContinuity: true}))
	ref.Close(t, "without", .0637222501550252, u.P, 1e-12)

	st := must(compare.Student(sleep2, sleep1, nil))
	ref.Close(t, "student", .0791867142159382, st.P, 1e-12)
	ref.Close(t, "lo", -.203874032287599, st.Estimate.CI.Lo, 1e-12)
	ref.Close(t, "hi", 3.363874032287598, st.Estimate.CI.Hi, 1e-12)

	r := must(compare.Pearson(sleep1, sleep2, nil))
	ref.Close(t, "r", .795170205833578, r.Estimate.Value, 1e-13)

	q, err := compare.PairedTOST(sleep1, sleep2, -1, 1, nil)
	require.NoError(t, err)
	ref.Close(t, "above", 6.63309457159852, q.Above.Statistic, 1e-13)
	ref.Close(t, "above p", 4.77859569554683e-05, q.Above.P, 1e-11)
	ref.Close(t, "below", 1.49116079516556, q.Below.Statistic, 1e-13)
	ref.Close(t, "p", .914944114551289, q.P, 1e-12)
	require.InDelta(t, .9, q.Estimate.CI.Level, 1e-15)
}

func TestDarwin(t *testing.T) {
	must := test(t)
	w := must(compare.Wilcoxon(zeros(15), darwin, nil))
	require.Equal(t, 96.0, w.Statistic)
	ref.Close(t, "p", .041259765625, w.P, 1e-13)
	require.Equal(t, 25.0, w.Estimate.Value)
	require.Equal(t, [2]float64{4, 41.5}, [2]float64{w.Estimate.CI.Lo, w.Estimate.CI.Hi})
	ref.Close(t, "level", .952087402344, w.Estimate.CI.Level, 1e-12)
	one := must(compare.OneSample(darwin, nil))
	ref.Close(t, "t", 2.14798746133112, one.Statistic, 1e-13)
	ref.Close(t, "p", .0497029440218009, one.P, 1e-12)
}

func TestCountsOfTheDesign(t *testing.T) {
	must := test(t)
	table := [2][2]int{{794, 86}, {150, 570}}
	m := must(compare.McNemar(table, nil))
	ref.Close(t, "exact", 3.71593613957139e-05, m.P, 1e-11)
	m = must(compare.McNemar(table, &o{Distribution: compare.Asymptotic}))
	ref.Close(t, "χ²", 16.8177966101695, m.Statistic, 1e-13)
	ref.Close(t, "p", 4.11456228134594e-05, m.P, 1e-11)
	// Bonett and Price's interval of Fagerland, Lydersen and Laake (2014), airways of 21 children.
	m = must(compare.McNemar([2][2]int{{1, 1}, {7, 12}}, nil))
	require.InDelta(t, .013, m.Estimate.CI.Lo, 5e-4)
	require.InDelta(t, .508, m.Estimate.CI.Hi, 5e-4)

	e, err := compare.Proportion(81, 263, nil)
	require.NoError(t, err)
	ref.Close(t, "Wilson", .255288519878274, e.CI.Lo, 1e-13)
	ref.Close(t, "Wilson", .3662095769828, e.CI.Hi, 1e-12)
	e, err = compare.Proportion(81, 263, &o{Distribution: compare.Exact})
	require.NoError(t, err)
	ref.Close(t, "Clopper–Pearson", .252736745585271, e.CI.Lo, 1e-13)
	ref.Close(t, "Clopper–Pearson", .367621922601351, e.CI.Hi, 1e-13)
	// Newcombe (1998), table II, example (a): 56 of 70 against 48 of 80.
	d := must(compare.TwoProportions(56, 70, 48, 80, nil))
	require.InDelta(t, .0524, d.Estimate.CI.Lo, 5e-5)
	require.InDelta(t, .3339, d.Estimate.CI.Hi, 5e-5)
}

func TestPlantGrowth(t *testing.T) {
	a, err := compare.ANOVA(plants, nil)
	require.NoError(t, err)
	ref.Close(t, "F", 4.84608786238014, a.Test.Statistic, 1e-13)
	ref.Close(t, "p", .0159099583256229, a.Test.P, 1e-12)
	ref.Close(t, "η²", .26414829683212, a.Test.Estimate.Value, 1e-13)
	ref.Close(t, "lo", .00990396856206, a.Test.Estimate.CI.Lo, 1e-10)
	ref.Close(t, "hi", .4638964673063, a.Test.Estimate.CI.Hi, 1e-12)
	w, err := compare.WelchANOVA(plants, nil)
	require.NoError(t, err)
	ref.Close(t, "F", 5.18097240811319, w.Test.Statistic, 1e-13)
	ref.Close(t, "df2", 17.1284186166441, w.Test.DF2, 1e-13)
	ref.Close(t, "p", .01739282149017, w.Test.P, 1e-12)
	k, err := compare.KruskalWallis(plants, nil)
	require.NoError(t, err)
	ref.Close(t, "H", 7.98822874944372, k.Test.Statistic, 1e-13)
	ref.Close(t, "p", .018423755731472, k.Test.P, 1e-12)

	type pair struct{ d, lo, hi, p, df float64 }
	check := func(name string, got compare.PostHoc, want []pair) {
		require.Len(t, got.Pairs, len(want))
		for i, w := range want {
			x := got.Pairs[i].Test
			require.InDelta(t, w.d, x.Estimate.Value, 1e-12, name)
			require.InDelta(t, w.lo, x.Estimate.CI.Lo, 2e-8, name) // R's quantile
			require.InDelta(t, w.hi, x.Estimate.CI.Hi, 2e-8, name)
			ref.Close(t, name+" p", w.p, x.P, 2e-10)
			ref.Close(t, name+" df", w.df, x.DF, 1e-12)
		}
	}
	tk, err := compare.Tukey(plants, nil)
	require.NoError(t, err)
	check("Tukey", tk, []pair{
		{-.371, -1.062216051403, .3202160514029, .3908711442021, 27},
		{.494, -.1972160514029, 1.185216051403, .1979959912996, 27},
		{.865, .1737839485971, 1.556216051403, .01200642397949, 27}})
	gh, err := compare.GamesHowell(plants, nil)
	require.NoError(t, err)
	check("Games–Howell", gh, []pair{
		{-.371, -1.172087514522, .4300875145224, .4745549221939, 16.5235850568593},
		{.494, -.1005544438475, 1.088554443848, .1128891768538, 16.7857644826057},
		{.865, .1135129887017, 1.616487011298, .02370345473894, 14.1035691227603}})
}

func TestAdjustPOfTheDesign(t *testing.T) {
	p := []float64{.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719, .6528, .7590, 1}
	for method, want := range map[string][]float64{
		compare.Holm:       {.0015, .0056, .0247, .1140, .2211, .2780, .2780, .2780, .3213, 1},
		compare.Hochberg:   {.0015, .0056, .0247, .1140, .2211, .2682, .2682, .2752, .3213},
		compare.Hommel:     {.0015, .0056, .0247, .0950, .1608, .1946, .2086, .2408, .3213, 1},
		compare.BH:         {.0015, .0030, .0095, .035625, .0603, .0638571428571429, .0638571428571429, .0645, .0765, .486, .581181818181818, .714875, .753230769230769, .813214285714286, 1},
		compare.BY:         {.00497734348984349, .00995468697968698, .0315231754356754, .118211907883783, .200089208291708, .211892622853337, .211892622853337, .21402577006327, .253844517982018, 1},
		compare.Bonferroni: {.0015, .0060, .0285, .1425, .3015, .4170, .4470, .5160, .6885, 1},
	} {
		got, err := compare.AdjustP(p, method)
		require.NoError(t, err)
		for i, w := range want {
			require.InDelta(t, w, got[i], 1e-14, "%s %d", method, i)
		}
	}
	got, err := compare.AdjustP([]float64{.04, math.NaN(), .01}, compare.Holm)
	require.NoError(t, err)
	require.True(t, math.IsNaN(got[1]))
	require.InDelta(t, .02, got[2], 1e-15)
	_, err = compare.AdjustP(p, "sidak")
	require.ErrorIs(t, err, bangkom.ErrOption)
	_, err = compare.AdjustP([]float64{1.5}, compare.BH)
	require.ErrorIs(t, err, bangkom.ErrOption)
}

package agreement_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/stats/agreement"
	"github.com/bangkom/bangkom/stats/reliability"
	"github.com/bangkom/bangkom/stats/tally"
)

// registry holds every exported coefficient of ratings, rater × subject.
var registry = map[string]func(ratings [][]float64, opt *agreement.Options) (any, error){
	"cohen": func(x [][]float64, opt *agreement.Options) (any, error) {
		if len(x) < 2 {
			return agreement.Cohen(nil, nil, opt)
		}
		return agreement.Cohen(x[0], x[1], opt)
	},
	"fleiss": func(x [][]float64, opt *agreement.Options) (any, error) { return agreement.Fleiss(x, opt) },
	"conger": func(x [][]float64, opt *agreement.Options) (any, error) { return agreement.Conger(x, opt) },
	"gwet":   func(x [][]float64, opt *agreement.Options) (any, error) { return agreement.Gwet(x, opt) },
	"brennan": func(x [][]float64, opt *agreement.Options) (any, error) {
		return agreement.BrennanPrediger(x, opt)
	},
	"nominal": func(x [][]float64, opt *agreement.Options) (any, error) {
		return agreement.Krippendorff(x, agreement.Nominal, opt)
	},
	"ordinal": func(x [][]float64, opt *agreement.Options) (any, error) {
		return agreement.Krippendorff(x, agreement.Ordinal, opt)
	},
	"interval": func(x [][]float64, opt *agreement.Options) (any, error) {
		return agreement.Krippendorff(x, agreement.Interval, opt)
	},
	"ratio": func(x [][]float64, opt *agreement.Options) (any, error) {
		return agreement.Krippendorff(x, agreement.Ratio, opt)
	},
	"icc":     func(x [][]float64, opt *agreement.Options) (any, error) { return agreement.ICC(x, opt) },
	"kendall": func(x [][]float64, opt *agreement.Options) (any, error) { return agreement.KendallW(x, opt) },
	"rwg":     func(x [][]float64, _ *agreement.Options) (any, error) { return agreement.RWG(x, 2) },
}

// A value that is no number must be explained by a warning of its estimate.
func explained(t *testing.T, what string, v any) {
	t.Helper()
	var walk func(v reflect.Value)
	walk = func(v reflect.Value) {
		switch x := v.Interface().(type) {
		case bangkom.Estimate:
			if math.IsNaN(x.Value) || math.IsInf(x.Value, 0) {
				require.NotEmpty(t, x.Warnings, "%s: %v without a word", what, x.Value)
			}
			require.NotEmpty(t, x.Method, what)
			require.False(t, x.CI != (bangkom.Interval{}) && x.CI.Lo > x.CI.Hi, "%s: %v", what, x.CI)
			return
		case bangkom.Test:
			walk(reflect.ValueOf(x.Estimate))
			return
		}
		switch v.Kind() {
		case reflect.Struct:
			for i := range v.NumField() {
				walk(v.Field(i))
			}
		case reflect.Slice:
			for i := range v.Len() {
				walk(v.Index(i))
			}
		case reflect.Pointer:
			if !v.IsNil() {
				walk(v.Elem())
			}
		}
	}
	walk(reflect.ValueOf(v))
}

// survives encodes a result and reads it back.
func survives(t *testing.T, what string, v any) {
	t.Helper()
	data, err := json.Marshal(v)
	require.NoError(t, err, what)
	back := reflect.New(reflect.TypeOf(v))
	require.NoError(t, json.Unmarshal(data, back.Interface()), what)
	again, err := json.Marshal(back.Elem().Interface())
	require.NoError(t, err, what)
	require.JSONEq(t, string(data), string(again), what)
	line := fmt.Sprint(v)
	require.NotEmpty(t, line, what)
	require.NotContains(t, line, "\n", what)
	require.NotContains(t, line, "NaN", what)
	if table, ok := v.(interface{ Table() string }); ok {
		require.Greater(t, strings.Count(table.Table(), "\n"), 2, what)
		require.NotContains(t, table.Table(), "NaN", what)
	}
}

func clone(x [][]float64) [][]float64 {
	out := slices.Clone(x)
	for i := range out {
		out[i] = slices.Clone(x[i])
	}
	return out
}

func same(a, b [][]float64) bool {
	return slices.EqualFunc(a, b, func(x, y []float64) bool {
		return slices.EqualFunc(x, y, func(p, q float64) bool { return p == q || p != p && q != q })
	})
}

// Whatever comes in: an answer that explains itself, or a typed error; never a
// panic, and the argument as it was.
func TestBadInput(t *testing.T) {
	inf := math.Inf(1)
	inputs := map[string][][]float64{
		"nil":               nil,
		"one rater":         {{1, 2, 3}},
		"no subjects":       {{}, {}},
		"one subject":       {{1}, {2}},
		"two subjects":      {{1, 2}, {1, 2}},
		"ragged":            {{1, 2, 3}, {1, 2}},
		"constant":          {{3, 3, 3}, {3, 3, 3}},
		"constant apart":    {{3, 3, 3}, {4, 4, 4}},
		"one rater flat":    {{3, 3, 3, 3}, {1, 2, 3, 4}},
		"all missing":       {{nan, nan}, {nan, nan}},
		"never together":    {{1, nan, 2}, {nan, 1, nan}},
		"one pair":          {{1, nan, 2}, {2, 1, nan}},
		"rater without any": {{1, 2, 3}, {nan, nan, nan}, {1, 2, 2}},
		"infinite":          {{1, 2, inf}, {1, 2, 3}},
		"minus infinite":    {{1, 2, 3}, {1, -inf, 3}},
		"huge":              {{1e300, -1e300, 1}, {1e308, 2, 3}},
		"large":             {{1e149, -1e149, 1}, {1e149, 2, 3}},
		"tiny":              {{1e-200, 2e-200, 3e-200}, {1e-200, 3e-200, 2e-200}},
		"subnormal":         {{5e-324, 0, 1e-323}, {0, 5e-324, 0}},
		"negative":          {{-1, 2, -3}, {-1, 3, -3}},
		"zero and minus 0":  {{0, math.Copysign(0, -1), 1}, {0, 0, 1}},
		"perfect":           {{1, 2, 3, 1}, {1, 2, 3, 1}, {1, 2, 3, 1}},
		"opposite":          {{1, 2, 3, 4}, {4, 3, 2, 1}},
		"far":               {{1e15, 1e15 + 1, 1e15 + 2}, {1e15 + 1, 1e15, 1e15 + 2}},
		"many categories":   {ramp(60, 1), ramp(60, -1)},
		"fractions":         {{.1, .2, .30000000000000004}, {.1, .2, .3}},
	}
	weird := map[string]*agreement.Options{
		"nil": nil, "level": {Level: 2}, "level NaN": {Level: nan}, "weights": {Weights: 77},
		"categories": {Categories: []float64{3, 1, 2, 4}}, "twice": {Categories: []float64{1, 1}}, "not finite": {Categories: []float64{1, nan}},
		"one category": {Categories: []float64{3}}, "ordinal": {Weights: agreement.OrdinalWeights}, "linear": {Weights: agreement.Linear},
		"bad function": {Weight: func(a, b float64) float64 { return a - b }},
		"all agree":    {Weight: func(a, b float64) float64 { return 1 }},
	}
	for name, f := range registry {
		for in, x := range inputs {
			for o, opt := range weird {
				what := name + ": " + in + ", " + o
				before := clone(x)
				v, err := f(x, opt)
				require.True(t, same(before, x), "%s: argument changed", what)
				if err != nil {
					p, ok := errors.AsType[bangkom.Problem](err)
					require.True(t, ok, "%s: %v", what, err)
					require.NotEmpty(t, p.Msg, what)
					require.NotEmpty(t, p.Where, what)
					require.True(t, reflect.ValueOf(v).IsZero(), "%s: half a result beside an error", what)
					continue
				}
				explained(t, what, v)
				survives(t, what, v)
			}
		}
	}
}

func ramp(n int, step float64) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = step * float64(i)
	}
	return x
}

func TestCodesOfErrors(t *testing.T) {
	for _, c := range []struct {
		name string
		x    [][]float64
		want error
	}{
		{"cohen", [][]float64{{1, 1}, {1, 1}}, bangkom.ErrNoVariation},
		{"cohen", [][]float64{{1, 2}, {1}}, bangkom.ErrShape},
		{"cohen", [][]float64{{1, nan}, {1, 2}}, bangkom.ErrTooFew},
		{"fleiss", [][]float64{{1, 2}}, bangkom.ErrTooFew},
		{"gwet", [][]float64{{1, 2}, {math.Inf(-1), 2}}, bangkom.ErrNotFinite},
		{"nominal", [][]float64{{1, nan}, {nan, 1}}, bangkom.ErrTooFew},
		{"interval", [][]float64{{2, 2}, {2, 2}}, bangkom.ErrNoVariation},
		{"ratio", [][]float64{{-2, 2}, {2, 2}}, bangkom.Problem{Code: "off-scale"}},
		{"icc", [][]float64{{2, 2}, {2, 2}}, bangkom.ErrNoVariation},
		{"icc", [][]float64{{2, nan}, {2, 2}}, bangkom.ErrTooFew},
		{"kendall", [][]float64{{2, 2, 2}, {1, 1, 1}}, bangkom.ErrNoVariation},
		{"rwg", [][]float64{{2}}, bangkom.ErrTooFew},
	} {
		_, err := registry[c.name](c.x, nil)
		require.ErrorIs(t, err, c.want, c.name)
	}
	_, err := agreement.RWG([][]float64{{1, 2}}, 0)
	require.ErrorIs(t, err, bangkom.ErrOption)
	_, err = agreement.Krippendorff(twelve, 9, nil)
	require.ErrorIs(t, err, bangkom.ErrOption)
	_, err = agreement.Krippendorff(twelve, agreement.Custom, nil)
	require.ErrorIs(t, err, bangkom.ErrOption)
	_, err = agreement.Krippendorff(twelve, agreement.Custom, &agreement.Options{Distance: func(a, b float64) float64 { return a - b }})
	require.ErrorIs(t, err, bangkom.ErrOption)
	_, err = agreement.Gwet(twelve, &agreement.Options{Categories: []float64{1, 2, 3, 4}})
	require.ErrorIs(t, err, bangkom.Problem{Code: "off-scale"})
	for _, bad := range []agreement.Counts{{Values: []float64{1, 2}}, {Values: []float64{2, 1}, N: [][]int{{1, 2}}}, {Values: []float64{1, 2}, N: [][]int{{1}}}, {Values: []float64{1, 2}, N: [][]int{{1, -2}}}, {Values: []float64{1, 2}, N: [][]int{{1, 0}}}, {N: [][]int{{}}}} {
		for _, f := range []func(*agreement.Options) (bangkom.Estimate, error){bad.Gwet, bad.BrennanPrediger, func(o *agreement.Options) (bangkom.Estimate, error) { return bad.Krippendorff(agreement.Nominal, o) }} {
			_, err := f(nil)
			_, ok := errors.AsType[bangkom.Problem](err)
			require.True(t, ok, "%+v: %v", bad, err)
		}
		_, err := bad.Fleiss(nil)
		require.Error(t, err)
	}
	for _, bad := range [][][]float64{nil, {{1}}, {{1, 2}}, {{1, -1}, {0, 1}}, {{1, nan}, {0, 1}}, {{0, 0}, {0, 0}}, {{3, 0}, {0, 0}}} {
		_, err := agreement.CohenTable(bad, nil, nil)
		_, ok := errors.AsType[bangkom.Problem](err)
		require.True(t, ok, "%v: %v", bad, err)
	}
	_, err = agreement.CohenTable([][]float64{{1, 2}, {3, 4}}, []float64{1}, nil)
	require.ErrorIs(t, err, bangkom.ErrShape)
	_, err = agreement.CohenTable([][]float64{{1, 2}, {3, 4}}, []float64{2, 1}, nil)
	require.ErrorIs(t, err, bangkom.ErrOption)
}

// What raters agree on by chance alone is warned of in words.
func TestWarnings(t *testing.T) {
	// 118 of 125 subjects agree, 92 % of them in one category (Feinstein and Cicchetti, 1990).
	r, err := agreement.CohenTable([][]float64{{118, 5}, {2, 0}}, nil, nil)
	require.NoError(t, err)
	require.True(t, r.Kappa.Estimate.Warnings.Has("prevalence"))
	require.InDelta(t, .944, r.Observed, 1e-12)
	require.Less(t, r.Kappa.Estimate.Value, 0.)
	// One rater says the same of everybody.
	r, err = agreement.Cohen([]float64{1, 1, 1, 1}, []float64{1, 2, 1, 2}, nil)
	require.NoError(t, err)
	require.True(t, r.Kappa.Estimate.Warnings.Has("constant-rater"))
	require.Zero(t, r.Kappa.Estimate.Value)
	require.True(t, math.IsNaN(r.Kappa.P))
	for _, name := range []string{"fleiss", "conger", "gwet", "nominal"} {
		v, err := registry[name]([][]float64{{1, 2, 3}, {1, 2, 3}}, nil)
		require.NoError(t, err)
		e, ok := v.(bangkom.Estimate)
		if !ok {
			e = v.(agreement.FleissResult).Kappa
		}
		require.Equal(t, 1., e.Value, name)
		require.True(t, e.Warnings.Has("full-agreement"), name)
		require.True(t, e.Warnings.Has("small-sample"), name)
	}
	g, err := agreement.Gwet(twelve, nil)
	require.NoError(t, err)
	require.True(t, g.Warnings.Has("observed-categories"))
	g, err = agreement.Gwet(twelve, &agreement.Options{Categories: []float64{1, 2, 3, 4, 5}})
	require.NoError(t, err)
	require.False(t, g.Warnings.Has("observed-categories"))
	icc, err := agreement.ICC([][]float64{{1, 2, 3}, {3, 2, 1}}, nil)
	require.NoError(t, err)
	require.True(t, icc.ICC3.Estimate.Warnings.Has("negative-icc"))
	w, err := agreement.RWG([][]float64{{1, 1, 5, 5}}, agreement.UniformVariance(5))
	require.NoError(t, err)
	require.Zero(t, w.RWG.Value)
	require.Less(t, w.Star.Value, 0.)
	require.True(t, w.RWG.Warnings.Has("beyond-random"))
}

func random(rng *rand.Rand, raters, subjects, q int, gap float64) [][]float64 {
	x := make([][]float64, raters)
	for g := range x {
		x[g] = make([]float64, subjects)
	}
	for u := range subjects {
		truth := rng.IntN(q)
		for g := range x {
			k := truth
			if rng.IntN(2) == 0 {
				k = rng.IntN(q)
			}
			x[g][u] = float64(k + 1)
			if rng.Float64() < gap {
				x[g][u] = nan
			}
		}
	}
	return x
}

// Laws that hold for any ratings.
func TestLaws(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 5))
	value := func(e bangkom.Estimate, err error) float64 { require.NoError(t, err); return e.Value }
	for range 100 {
		x := random(rng, 2+rng.IntN(4), 20+rng.IntN(30), 2+rng.IntN(4), .1)
		two := complete(x[:2])

		// Two raters: Conger is Cohen, and its SE that of Fleiss, Cohen and
		// Everitt but for n − 1 instead of n.
		for _, w := range []agreement.Weights{agreement.Identity, agreement.Linear, agreement.Quadratic, agreement.OrdinalWeights} {
			c, err := agreement.Conger(two, &agreement.Options{Weights: w})
			require.NoError(t, err)
			k, err := agreement.Cohen(two[0], two[1], &agreement.Options{Weights: w})
			require.NoError(t, err)
			of := map[agreement.Weights]*bangkom.Test{agreement.Identity: &k.Kappa, agreement.Linear: &k.Linear, agreement.Quadratic: &k.Quadratic, agreement.OrdinalWeights: k.Custom}[w].Estimate
			n := float64(of.N)
			near(t, "Conger = Cohen", of.Value, c.Value, 1e-12)
			near(t, "SE", of.SE*math.Sqrt(n/(n-1)), c.SE, 1e-10)
		}

		// Fleiss' kappa and Krippendorff's nominal alpha differ by the small sample only.
		full := complete(x)
		f, err := agreement.Fleiss(full, nil)
		require.NoError(t, err)
		a := value(agreement.Krippendorff(full, agreement.Nominal, nil))
		n := float64(len(full) * len(full[0]))
		near(t, "alpha", f.Kappa.Value+(1-f.Kappa.Value)/n, a, 1e-12)

		// Quadratic kappa is Lin's concordance with divisor n.
		k, err := agreement.Cohen(two[0], two[1], nil)
		require.NoError(t, err)
		near(t, "Lin", lin(two[0], two[1]), k.Quadratic.Estimate.Value, 1e-12)

		// The order of raters and subjects is nothing.
		mixed := clone(x)
		rng.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		rng.Shuffle(len(mixed[0]), func(i, j int) {
			for g := range mixed {
				mixed[g][i], mixed[g][j] = mixed[g][j], mixed[g][i]
			}
		})
		for name, fn := range registry {
			if name == "cohen" || name == "rwg" {
				continue
			}
			a, err := fn(x, nil)
			require.NoError(t, err)
			b, err := fn(mixed, nil)
			require.NoError(t, err)
			for i, e := range estimates(a) {
				near(t, name, e.Value, estimates(b)[i].Value, 1e-11)
				if !math.IsNaN(e.SE) {
					near(t, name+" SE", e.SE, estimates(b)[i].SE, 1e-11)
				}
			}
		}

		// Interval: a + b·x changes nothing. ICC: neither, also far away.
		moved := clone(full)
		for g := range moved {
			for u := range moved[g] {
				moved[g][u] = 1e6 + 0.25*moved[g][u]
			}
		}
		near(t, "interval", value(agreement.Krippendorff(full, agreement.Interval, nil)), value(agreement.Krippendorff(moved, agreement.Interval, nil)), 1e-12)
		i1, err := agreement.ICC(full, nil)
		require.NoError(t, err)
		i2, err := agreement.ICC(moved, nil)
		require.NoError(t, err)
		near(t, "icc", i1.ICC2.Estimate.Value, i2.ICC2.Estimate.Value, 1e-10)

		// ICC(C,k) is Cronbach's alpha of the raters, with Feldt's interval.
		alpha, err := reliability.Alpha(full, nil)
		require.NoError(t, err)
		near(t, "alpha", alpha.Raw.Value, i1.ICC3k.Estimate.Value, 1e-12)
		near(t, "Feldt", alpha.Raw.CI.Lo, i1.ICC3k.Estimate.CI.Lo, 1e-10)
		near(t, "Feldt", alpha.Raw.CI.Hi, i1.ICC3k.Estimate.CI.Hi, 1e-10)
		// Two raters: Krippendorff's interval alpha is ICC(1) but for the small sample.
		if len(full) == 2 {
			n := float64(2 * len(full[0]))
			a := value(agreement.Krippendorff(full, agreement.Interval, nil))
			require.InDelta(t, i1.ICC1.Estimate.Value, a, 4/n)
		}
		// The table and the pairs give what the columns give.
		p, err := tally.NewPairs(tally.Shape{First: 1, Levels: 6})
		require.NoError(t, err)
		for u := range two[0] {
			require.NoError(t, p.Add(tally.Cell(two[0][u]), tally.Cell(two[1][u])))
		}
		require.NoError(t, p.Add(tally.Missing, 1))
		kp, err := agreement.CohenPairs(p, nil)
		require.NoError(t, err)
		near(t, "pairs", k.Kappa.Estimate.Value, kp.Kappa.Estimate.Value, 1e-13)
		near(t, "pairs", k.Quadratic.Estimate.Value, kp.Quadratic.Estimate.Value, 1e-13)
		require.Equal(t, 1, kp.Kappa.Estimate.Missing.Dropped)
	}
}

func lin(a, b []float64) float64 {
	var ma, mb, va, vb, cov float64
	n := float64(len(a))
	for i := range a {
		ma += a[i] / n
		mb += b[i] / n
	}
	for i := range a {
		va += (a[i] - ma) * (a[i] - ma) / n
		vb += (b[i] - mb) * (b[i] - mb) / n
		cov += (a[i] - ma) * (b[i] - mb) / n
	}
	return 2 * cov / (va + vb + (ma-mb)*(ma-mb))
}

func estimates(v any) []bangkom.Estimate {
	switch r := v.(type) {
	case bangkom.Estimate:
		return []bangkom.Estimate{r}
	case bangkom.Test:
		return []bangkom.Estimate{r.Estimate}
	case agreement.CohenResult:
		return []bangkom.Estimate{r.Kappa.Estimate, r.Linear.Estimate, r.Quadratic.Estimate}
	case agreement.FleissResult:
		return []bangkom.Estimate{r.Kappa, r.Null.Estimate}
	case agreement.ICCResult:
		return []bangkom.Estimate{r.ICC1.Estimate, r.ICC2.Estimate, r.ICC3.Estimate, r.ICC1k.Estimate, r.ICC2k.Estimate, r.ICC3k.Estimate}
	}
	return nil
}

// The two ways through a subject's ratings, for few and for many categories,
// and the one by values of any kind, agree.
func TestManyCategoriesAndFractions(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 7))
	x := random(rng, 4, 50, 60, .1)
	half := clone(x)
	for g := range half {
		for u := range half[g] {
			half[g][u] /= 4
		}
	}
	for _, m := range []agreement.Metric{agreement.Nominal, agreement.Ordinal, agreement.Interval, agreement.Ratio} {
		a, err := agreement.Krippendorff(x, m, nil)
		require.NoError(t, err)
		b, err := agreement.Krippendorff(half, m, nil)
		require.NoError(t, err)
		near(t, m.String(), a.Value, b.Value, 1e-12)
		near(t, m.String(), a.SE, b.SE, 1e-12)
		c, err := agreement.Krippendorff(x, agreement.Custom, &agreement.Options{Distance: func(a, b float64) float64 {
			switch {
			case m == agreement.Interval:
				return (a - b) * (a - b)
			case a == b:
				return 0
			case m == agreement.Ratio:
				return (a - b) * (a - b) / ((a + b) * (a + b))
			}
			return 1
		}})
		require.NoError(t, err)
		if m != agreement.Ordinal {
			near(t, m.String(), c.Value, a.Value, 1e-12)
			near(t, m.String(), c.SE, a.SE, 1e-12)
		}
	}
}

func TestInterpretations(t *testing.T) {
	for _, b := range agreement.Interpretations() {
		require.Empty(t, b.Validate(), b.ID)
		got, ok := agreement.Interpretation(b.ID)
		require.True(t, ok)
		require.Equal(t, b, got)
	}
	_, ok := agreement.Interpretation("nobody")
	require.False(t, ok)
	lk, _ := agreement.Interpretation("landis1977-kappa")
	for x, want := range map[float64]string{-.2: "poor", 0: "slight", .204: "slight", .205: "fair", .6: "moderate", .607: "substantial", 1: "almost-perfect"} {
		c, ok := lk.Class(x)
		require.True(t, ok)
		require.Equal(t, want, c.Code, "%v", x)
	}
}

// Table and line of each result, from its own tables too.
func TestPrinted(t *testing.T) {
	r, err := agreement.Fleiss(twelve, nil)
	require.NoError(t, err)
	require.True(t, math.IsNaN(r.Null.P), "unequal numbers of ratings")
	survives(t, "fleiss", r)
	c, err := agreement.CohenTable([][]float64{{3, 1, 0}, {0, 4, 1}, {0, 0, 2}}, []float64{1, 2, 4}, &agreement.Options{Weights: agreement.OrdinalWeights})
	require.NoError(t, err)
	survives(t, "cohen", c)
	require.Contains(t, c.Table(), "custom")
	require.Equal(t, []float64{1, 2, 4}, c.Values)
	for _, w := range []agreement.Weights{agreement.Identity, agreement.Linear, agreement.Quadratic, agreement.OrdinalWeights, 9} {
		require.NotEmpty(t, w.String())
	}
	require.Equal(t, "Metric(9)", agreement.Metric(9).String())
}

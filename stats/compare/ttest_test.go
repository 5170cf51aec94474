package compare_test

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/ref"
	"github.com/bangkom/bangkom/stats/compare"
)

// Hours of extra sleep under two drugs, the same ten people (Cushny and
// Peebles, 1905; Student, 1908).
var (
	sleep1 = []float64{0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2}
	sleep2 = []float64{1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4}
)

func TestSleep(t *testing.T) {
	p, err := compare.Paired(sleep1, sleep2, nil)
	require.NoError(t, err)
	ref.Close(t, "t", 4.06212768338204, p.Statistic, 1e-13)
	ref.Close(t, "p", .00283289019738427, p.P, 1e-11)
	ref.Close(t, "mean", 1.58, p.Estimate.Value, 1e-13)
	ref.Close(t, "lo", .700114236723018, p.Estimate.CI.Lo, 1e-11)
	ref.Close(t, "hi", 2.459885763276982, p.Estimate.CI.Hi, 1e-11)
	require.Equal(t, 9.0, p.DF)
	require.Equal(t, 10, p.Estimate.N)

	w, err := compare.Welch(sleep2, sleep1, nil)
	require.NoError(t, err)
	ref.Close(t, "t", 1.86081346748685, w.Statistic, 1e-13)
	ref.Close(t, "df", 17.7764735161785, w.DF, 1e-13)
	ref.Close(t, "p", .0793941401873582, w.P, 1e-11)
	ref.Close(t, "lo", -.20548323071171, w.Estimate.CI.Lo, 1e-10)
	ref.Close(t, "hi", 3.36548323071171, w.Estimate.CI.Hi, 1e-10)
}

type want struct {
	Estimate, SE, Statistic, DF, P float64
	Lo, Hi                         *float64
}

func (w want) check(t *testing.T, name string, got bangkom.Test) {
	t.Helper()
	open := func(p *float64, sign int) float64 {
		if p == nil {
			return math.Inf(sign)
		}
		return *p
	}
	scale := math.Abs(w.Estimate) + w.SE
	require.InDelta(t, w.Estimate, got.Estimate.Value, 1e-11*scale, name)
	ref.Close(t, name+" se", w.SE, got.Estimate.SE, 1e-9)
	ref.Close(t, name+" df", w.DF, got.DF, 1e-9)
	ref.Close(t, name+" p", w.P, got.P, 1e-8)
	for _, e := range [][2]float64{{open(w.Lo, -1), got.Estimate.CI.Lo}, {open(w.Hi, 1), got.Estimate.CI.Hi}} {
		if math.IsInf(e[0], 0) {
			require.Equal(t, e[0], e[1], name)
		} else {
			require.InDelta(t, e[0], e[1], 1e-9*scale, name)
		}
	}
}

func TestAgainstR(t *testing.T) {
	var r struct {
		Cases []struct {
			A, B, C       []*float64
			Alternative   string
			Level, Null   float64
			Paired, Welch want
		}
	}
	ref.Load(t, "ttest", &r)
	require.Greater(t, len(r.Cases), 100)
	for i, c := range r.Cases {
		a, b, g := column(c.A), column(c.B), column(c.C)
		opt := &compare.Options{Level: c.Level, Null: c.Null, Alternative: c.Alternative}
		p, err := compare.Paired(a, b, opt)
		require.NoError(t, err, i)
		c.Paired.check(t, fmt.Sprintf("paired %d", i), p)
		w, err := compare.Welch(a, g, opt)
		require.NoError(t, err, i)
		c.Welch.check(t, fmt.Sprintf("welch %d", i), w)
	}
}

// column turns null into NaN.
func column(xs []*float64) []float64 {
	out := make([]float64, len(xs))
	for i, x := range xs {
		out[i] = math.NaN()
		if x != nil {
			out[i] = *x
		}
	}
	return out
}

func TestTailsKeepDigits(t *testing.T) {
	var a, b []float64
	for i := range 60 {
		a = append(a, float64(i%7))
		b = append(b, float64(i%7)+5+0.1*float64(i%3))
	}
	p, err := compare.Paired(a, b, nil)
	require.NoError(t, err)
	require.Greater(t, p.P, 0.0)
	require.Less(t, p.P, 1e-80)
}

func TestLaws(t *testing.T) {
	fwd, err := compare.Paired(sleep1, sleep2, nil)
	require.NoError(t, err)
	back, err := compare.Paired(sleep2, sleep1, nil)
	require.NoError(t, err)
	require.InDelta(t, -fwd.Statistic, back.Statistic, 1e-12)
	require.InDelta(t, fwd.P, back.P, 1e-15)

	less, err := compare.Paired(sleep1, sleep2, &compare.Options{Alternative: compare.Less})
	require.NoError(t, err)
	more, err := compare.Paired(sleep1, sleep2, &compare.Options{Alternative: compare.Greater})
	require.NoError(t, err)
	require.InDelta(t, 1, less.P+more.P, 1e-14)

	// A pair with a gap changes nothing but the count.
	gap, err := compare.Paired(append(slices.Clone(sleep1), math.NaN()), append(slices.Clone(sleep2), 3), nil)
	require.NoError(t, err)
	require.Equal(t, fwd.P, gap.P)
	require.Equal(t, 1, gap.Estimate.Missing.Dropped)

	// The hypothesis shifts with the data.
	shifted, err := compare.Welch(sleep1, sleep2, &compare.Options{Null: -1.58})
	require.NoError(t, err)
	require.InDelta(t, 1, shifted.P, 1e-12)
}

func TestBadInput(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for name, c := range map[string]struct {
		a, b []float64
		opt  *compare.Options
		p, w error
	}{
		"empty":    {nil, nil, nil, bangkom.ErrTooFew, bangkom.ErrTooFew},
		"one":      {[]float64{1}, []float64{2}, nil, bangkom.ErrTooFew, bangkom.ErrTooFew},
		"all NaN":  {[]float64{nan, nan}, []float64{nan, 1}, nil, bangkom.ErrTooFew, bangkom.ErrTooFew},
		"infinite": {[]float64{1, inf}, []float64{2, 3}, nil, bangkom.ErrNotFinite, bangkom.ErrNotFinite},
		"constant": {[]float64{1, 1, 1}, []float64{3, 3, 3}, nil, bangkom.ErrNoVariation, bangkom.ErrNoVariation},
		"rounding": {[]float64{0.1, 0.2, 0.3}, []float64{0.4, 0.5, 0.6}, nil, bangkom.ErrNoVariation, nil},
		"shape":    {[]float64{1, 2, 4}, []float64{1, 3}, nil, bangkom.ErrShape, nil},
		"level":    {sleep1, sleep2, &compare.Options{Level: 95}, bangkom.ErrOption, bangkom.ErrOption},
		"word":     {sleep1, sleep2, &compare.Options{Alternative: "bigger"}, bangkom.ErrOption, bangkom.ErrOption},
		"null":     {sleep1, sleep2, &compare.Options{Null: nan}, bangkom.ErrOption, bangkom.ErrOption},
	} {
		_, err := compare.Paired(c.a, c.b, c.opt)
		require.ErrorIs(t, err, c.p, name)
		_, err = compare.Welch(c.a, c.b, c.opt)
		require.ErrorIs(t, err, c.w, name)
	}
}

func TestArgumentsAreLeftAlone(t *testing.T) {
	a, b := slices.Clone(sleep1), slices.Clone(sleep2)
	_, err := compare.Paired(a, b, nil)
	require.NoError(t, err)
	_, err = compare.Welch(a, b, nil)
	require.NoError(t, err)
	require.Equal(t, sleep1, a)
	require.Equal(t, sleep2, b)
}

func TestJSON(t *testing.T) {
	p, err := compare.Paired([]float64{1, 2, 3}, []float64{2, 4, 3}, &compare.Options{Alternative: compare.Greater})
	require.NoError(t, err)
	data, err := json.Marshal(p)
	require.NoError(t, err)
	var keys map[string]any
	require.NoError(t, json.Unmarshal(data, &keys))
	for _, k := range []string{"estimate", "se", "ci", "n", "method", "statistic", "df", "p", "alternative"} {
		require.Contains(t, keys, k)
	}
	require.Nil(t, keys["ci"].(map[string]any)["hi"], "an open end is null")
}

func ExamplePaired() {
	before := []float64{55, 62, 48, 70, 66, 59}
	after := []float64{63, 70, 60, 72, 75, math.NaN()}
	t, err := compare.Paired(before, after, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(t)
	fmt.Println("left out:", t.Estimate.Missing.Dropped)
	// Output:
	// 7.8 (95 % CI 3.289 to 12.31, n = 5); statistic 4.801, df 4, p = 0.009
	// left out: 1
}

func ExampleWelch() {
	trained := []float64{3, 4, 4, 5, 3, 4}
	others := []float64{2, 3, 3, 4}
	t, err := compare.Welch(trained, others, &compare.Options{Alternative: compare.Greater})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2f levels, p %s\n", t.Estimate.Value, bangkom.FormatP(t.P))
	// Output: 0.83 levels, p = 0.076
}

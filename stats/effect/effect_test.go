package effect_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/ref"
	"github.com/bangkom/bangkom/stats/effect"
)

// Hours of extra sleep under two drugs, the same ten people (Cushny and
// Peebles, 1905; Student, 1908).
var (
	sleep1 = []float64{0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2}
	sleep2 = []float64{1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4}
)

var cohen = &effect.Options{Uncorrected: true}

func TestSleep(t *testing.T) {
	z, err := effect.Paired(sleep1, sleep2, effect.Difference, cohen)
	require.NoError(t, err)
	ref.Close(t, "d_z", 1.28455756259105, z.Value, 1e-13)
	ref.Close(t, "d_z lo", .414627756380457, z.CI.Lo, 1e-12)
	ref.Close(t, "d_z hi", 2.11801651398160, z.CI.Hi, 1e-12)
	g, err := effect.Paired(sleep1, sleep2, effect.Difference, nil)
	require.NoError(t, err)
	ref.Close(t, "g_z", 1.1739249035142, g.Value, 1e-12)
	ref.Close(t, "J", .913874891792553, g.Value/z.Value, 1e-13)

	av, err := effect.Paired(sleep1, sleep2, effect.Average, cohen)
	require.NoError(t, err)
	ref.Close(t, "d_av", .83218108134954, av.Value, 1e-13)
	gav, err := effect.Paired(sleep1, sleep2, effect.Average, nil)
	require.NoError(t, err)
	ref.Close(t, "g_av", .7605093956701, gav.Value, 1e-12)
	require.Contains(t, gav.CI.Method, "approximate")

	s, err := effect.Independent(sleep2, sleep1, cohen)
	require.NoError(t, err)
	ref.Close(t, "d_s", .83218108134954, s.Value, 1e-13)
	ref.Close(t, "d_s lo", -.0954503982114156, s.CI.Lo, 1e-11)
	ref.Close(t, "d_s hi", 1.73881689910673, s.CI.Hi, 1e-12)
	gs, err := effect.Independent(sleep2, sleep1, nil)
	require.NoError(t, err)
	ref.Close(t, "g_s", .796935239191121, gs.Value, 1e-13)
	ref.Close(t, "g_s lo", -.0914077328051533, gs.CI.Lo, 1e-11)
	ref.Close(t, "g_s hi", 1.66517179067802, gs.CI.Hi, 1e-12)
}

type want struct{ D, G, Lo, Hi float64 }

func TestAgainstScipy(t *testing.T) {
	var r struct {
		Cases []struct {
			A, B, C  []float64
			Level    float64
			Z, Av, S want
		}
	}
	ref.Load(t, "effect", &r)
	require.Len(t, r.Cases, 100)
	for i, c := range r.Cases {
		check := func(name string, w want, f func(*effect.Options) (bangkom.Estimate, error)) {
			d, err := f(&effect.Options{Level: c.Level, Uncorrected: true})
			require.NoError(t, err, i)
			g, err := f(&effect.Options{Level: c.Level, Normal: i%4 != 0})
			require.NoError(t, err, i)
			require.InDelta(t, w.D, d.Value, 1e-12, "%s %d", name, i)
			require.InDelta(t, w.G, g.Value, 1e-12, "%s %d", name, i)
			require.InDelta(t, w.Lo, d.CI.Lo, 1e-9, "%s %d", name, i)
			require.InDelta(t, w.Hi, d.CI.Hi, 1e-9, "%s %d", name, i)
			require.True(t, g.CI.Contains(g.Value), "%s %d", name, i)
		}
		check("z", c.Z, func(o *effect.Options) (bangkom.Estimate, error) {
			return effect.Paired(c.A, c.B, effect.Difference, o)
		})
		check("av", c.Av, func(o *effect.Options) (bangkom.Estimate, error) { return effect.Paired(c.A, c.B, effect.Average, o) })
		check("s", c.S, func(o *effect.Options) (bangkom.Estimate, error) { return effect.Independent(c.A, c.C, o) })
	}
}

func TestUnitsDoNotMatter(t *testing.T) {
	scaled := func(xs []float64) []float64 {
		out := slices.Clone(xs)
		for i := range out {
			out[i] = 1000*out[i] + 7
		}
		return out
	}
	for _, by := range []effect.Divisor{effect.Average, effect.Difference} {
		a, err := effect.Paired(sleep1, sleep2, by, nil)
		require.NoError(t, err)
		b, err := effect.Paired(scaled(sleep1), scaled(sleep2), by, nil)
		require.NoError(t, err)
		require.InDelta(t, a.Value, b.Value, 1e-12)
		require.InDelta(t, a.CI.Lo, b.CI.Lo, 1e-10)
	}
}

func TestBadInput(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for name, c := range map[string]struct {
		a, b []float64
		opt  *effect.Options
		p, i error
	}{
		"empty":    {nil, nil, nil, bangkom.ErrTooFew, bangkom.ErrTooFew},
		"one":      {[]float64{1}, []float64{2}, nil, bangkom.ErrTooFew, bangkom.ErrTooFew},
		"NaN":      {[]float64{nan, 1}, []float64{1, nan}, nil, bangkom.ErrTooFew, bangkom.ErrTooFew},
		"infinite": {[]float64{1, 2}, []float64{inf, 3}, nil, bangkom.ErrNotFinite, bangkom.ErrNotFinite},
		"constant": {[]float64{1, 1, 1}, []float64{3, 3, 3}, nil, bangkom.ErrNoVariation, bangkom.ErrNoVariation},
		"shift":    {[]float64{1, 2, 3}, []float64{3, 4, 5}, nil, bangkom.ErrNoVariation, nil},
		"shape":    {[]float64{1, 2, 4}, []float64{1, 3}, nil, bangkom.ErrShape, nil},
		"level":    {sleep1, sleep2, &effect.Options{Level: nan}, bangkom.ErrOption, bangkom.ErrOption},
	} {
		_, err := effect.Paired(c.a, c.b, effect.Average, c.opt)
		require.ErrorIs(t, err, c.p, name)
		_, err = effect.Independent(c.a, c.b, c.opt)
		require.ErrorIs(t, err, c.i, name)
	}
	_, err := effect.Paired(sleep1, sleep2, 9, nil)
	require.ErrorIs(t, err, bangkom.ErrOption)

	two, err := effect.Paired([]float64{1, 2}, []float64{2, 5}, effect.Difference, nil)
	require.NoError(t, err)
	require.True(t, math.IsNaN(two.Value))
	require.True(t, two.Warnings.Has(bangkom.ErrTooFew.Code), "an unknown number comes with its reason")
}

func ExamplePaired() {
	before := []float64{55, 62, 48, 70, 66, 59}
	after := []float64{63, 70, 60, 72, 75, 61}
	for _, by := range []effect.Divisor{effect.Average, effect.Difference} {
		g, err := effect.Paired(before, after, by, nil)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(g.Method, "=", g)
	}
	// Output:
	// Hedges g_av: mean of after − before = 0.8054 (95 % CI 0.1779 to 1.407, n = 6)
	// Hedges g_z: mean of after − before = 1.429 (95 % CI 0.3156 to 2.497, n = 6)
}

func ExampleIndependent() {
	g, err := effect.Independent([]float64{3, 4, 4, 5, 3, 4}, []float64{2, 3, 3, 4}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(g)
	// Output: 0.9678 (95 % CI -0.2911 to 2.176, n = 10)
}

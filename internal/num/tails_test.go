package num_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/bangkom/bangkom/internal/num"
	"github.com/bangkom/bangkom/internal/ref"
)

type point struct {
	T, DF, F, D1, D2, X, Z, Lam, P, Lower, Upper float64
}

func tailsReference(t *testing.T) map[string][]point {
	var r map[string][]point
	ref.Load(t, "tails", &r)
	for _, k := range []string{"t", "f", "chi", "normal", "lognormal", "ncf", "ncchi"} {
		require.NotEmpty(t, r[k], k)
	}
	return r
}

// within compares tails: relative, for the smaller tail is what a p-value is.
func within(t *testing.T, what string, c point, want, got, tol float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tol*want) {
		t.Errorf("%s %+v: got %v, want %v, off by %.2g", what, c, got, want, math.Abs(got/want-1))
	}
}

func TestTailsAgainstMpmath(t *testing.T) {
	const tol = 3e-13 // at 1e-284 one rounding of the exponent alone costs 1e-13
	r := tailsReference(t)
	for _, c := range r["t"] {
		within(t, "t", c, c.P, num.TSurvival(c.T, c.DF), tol)
		require.InDelta(t, math.Log(c.P), num.LogTSurvival(c.T, c.DF), 1e-12)
		if c.T > 0 {
			within(t, "t two-sided", c, 2*c.P, num.TTwoSided(-c.T, c.DF), tol)
		}
	}
	for _, c := range r["f"] {
		within(t, "F upper", c, c.Upper, num.FSurvival(c.F, c.D1, c.D2), tol)
		within(t, "F lower", c, c.Lower, num.FCDF(c.F, c.D1, c.D2), tol)
		require.InDelta(t, math.Log(c.Upper), num.LogFSurvival(c.F, c.D1, c.D2), 1e-12)
	}
	for _, c := range r["chi"] {
		within(t, "chi² upper", c, c.Upper, num.ChiSquareSurvival(c.X, c.DF), tol)
		within(t, "chi² lower", c, c.Lower, num.ChiSquareCDF(c.X, c.DF), tol)
		require.InDelta(t, math.Log(c.Upper), num.LogChiSquareSurvival(c.X, c.DF), 1e-12)
	}
	for _, c := range r["normal"] {
		within(t, "normal", c, c.P, num.NormalSurvival(c.Z), 1e-14*(1+c.Z*c.Z/10))
	}
	for _, c := range r["lognormal"] {
		ref.Close(t, "log normal", c.P, num.LogNormalSurvival(c.Z), 1e-14)
	}
}

func TestNoncentralFAndChiSquareAgainstMpmath(t *testing.T) {
	r := tailsReference(t)
	for _, c := range r["ncf"] {
		within(t, "nc F lower", c, c.Lower, num.NoncentralFCDF(c.F, c.D1, c.D2, c.Lam), 1e-12)
		within(t, "nc F upper", c, c.Upper, num.NoncentralFSurvival(c.F, c.D1, c.D2, c.Lam), 1e-12)
	}
	for _, c := range r["ncchi"] {
		within(t, "nc chi² lower", c, c.Lower, num.NoncentralChiSquareCDF(c.X, c.DF, c.Lam), 1e-12)
		within(t, "nc chi² upper", c, c.Upper, num.NoncentralChiSquareSurvival(c.X, c.DF, c.Lam), 1e-12)
	}
	// The values of the design.
	ref.Close(t, "pf", .487380450818184, num.NoncentralFCDF(3, 2, 27, 5), 1e-14)
	ref.Close(t, "pchisq", .783763181681781, num.NoncentralChiSquareCDF(10, 4, 3), 1e-14)
	// PlantGrowth: the interval of λ.
	lo, hi := num.NoncentralFLimits(4.84608786238014, 2, 27, .95)
	ref.Close(t, "λ lo", .30009115017894, lo, 1e-12)
	ref.Close(t, "λ hi", 25.959340258891, hi, 1e-12)
}

func TestNoncentralLaws(t *testing.T) {
	for _, lam := range []float64{0, 1e-9, .5, 7, 300, 2e4} {
		for _, f := range []float64{0, .2, 1, 3, 90, 1e4} {
			lo, up := num.NoncentralFCDF(f, 3, 40, lam), num.NoncentralFSurvival(f, 3, 40, lam)
			require.InDelta(t, 1, lo+up, 1e-12, "λ %v, F %v", lam, f)
			lo, up = num.NoncentralChiSquareCDF(f, 3, lam), num.NoncentralChiSquareSurvival(f, 3, lam)
			require.InDelta(t, 1, lo+up, 1e-12, "λ %v, χ² %v", lam, f)
			// With one degree of freedom it is the square of a noncentral t.
			s, d := math.Sqrt(f), math.Sqrt(lam)
			two := num.NoncentralTCDF(s, 40, d) - num.NoncentralTCDF(-s, 40, d)
			require.InDelta(t, two, num.NoncentralFCDF(f, 1, 40, lam), 2e-12)
		}
	}
	lo, hi := num.NoncentralFLimits(.3, 2, 27, .95)
	require.Zero(t, lo)
	require.Greater(t, hi, 0.0)
	lo, hi = num.NoncentralFLimits(1e-6, 2, 27, .95)
	require.Zero(t, lo)
	require.Zero(t, hi)
	lo, hi = num.NoncentralChiSquareLimits(40, 3, .9)
	ref.Close(t, "lo", .05, num.NoncentralChiSquareSurvival(40, 3, lo), 1e-12)
	ref.Close(t, "hi", .05, num.NoncentralChiSquareCDF(40, 3, hi), 1e-12)
}

func TestQuantilesInvertTails(t *testing.T) {
	ps := []float64{1e-300, 1e-30, 1e-5, .025, .3, .5, .7, .975, 1 - 1e-12}
	for _, df := range []float64{1, 2.5, 9, 300, 1e6, 1e12, math.Inf(1)} {
		for _, p := range ps {
			q := num.TQuantile(p, df)
			ref.Close(t, "t", min(p, 1-p), num.TSurvival(math.Abs(q), df), 1e-11)
			q = num.NormalQuantile(p)
			ref.Close(t, "normal", min(p, 1-p), num.NormalSurvival(math.Abs(q)), 1e-12)
			if df > 1e9 || p < 1e-100 { // a small χ² would be below the smallest double
				continue
			}
			ref.Close(t, "chi²", p, num.ChiSquareCDF(num.ChiSquareQuantile(p, df), df), 1e-11)
			for _, d1 := range []float64{1, 4, 50} {
				ref.Close(t, "F", p, num.FCDF(num.FQuantile(p, d1, df), d1, df), 1e-11)
			}
			x := num.BetaQuantile(p, 3, df)
			if x < 0.9 {
				ref.Close(t, "beta", p, num.BetaCDF(x, 3, df), 1e-11)
			}
		}
	}
	require.True(t, math.IsInf(num.TQuantile(1, 3), 1) && math.IsInf(num.TQuantile(0, 3), -1))
	require.True(t, math.IsNaN(num.TQuantile(-1, 3)) && math.IsNaN(num.NormalQuantile(2)) && math.IsNaN(num.FQuantile(math.NaN(), 1, 2)))
	require.Zero(t, num.FQuantile(0, 1, 2))
	ref.Close(t, "z", 1.959963984540054, num.NormalQuantile(.975), 1e-15)
}

// gonum is a second witness where it is good: in the middle.
func TestTailsAgainstGonum(t *testing.T) {
	for _, df := range []float64{1, 3, 7.5, 40} {
		for _, x := range []float64{.01, .5, 1, 2, 5, 40} {
			ref.Close(t, "t", distuv.StudentsT{Nu: df, Sigma: 1}.Survival(x), num.TSurvival(x, df), 1e-11)
			ref.Close(t, "chi²", distuv.ChiSquared{K: df}.Survival(x), num.ChiSquareSurvival(x, df), 1e-11)
			if x > 5 { // gonum's F has lost four digits at 40
				continue
			}
			ref.Close(t, "F", distuv.F{D1: 4, D2: df}.Survival(x), num.FSurvival(x, 4, df), 1e-11)
		}
	}
	for k := range 12 {
		b := distuv.Binomial{N: 11, P: .3}
		require.InDelta(t, b.CDF(float64(k)), num.BinomialCDF(k, 11, .3), 1e-13)
		require.InDelta(t, 1-b.CDF(float64(k)), num.BinomialSurvival(k, 11, .3), 1e-13)
	}
}

func TestTailsAtTheEdges(t *testing.T) {
	inf := math.Inf(1)
	require.Equal(t, .5, num.TSurvival(0, 4))
	require.Zero(t, num.TSurvival(inf, 4))
	require.Equal(t, 1.0, num.TSurvival(-inf, 4))
	require.Equal(t, 1.0, num.FSurvival(0, 2, 3))
	require.Zero(t, num.FSurvival(inf, 2, 3))
	require.Equal(t, 1.0, num.FSurvival(-1, 2, 3))
	require.Zero(t, num.ChiSquareSurvival(inf, 3))
	require.Equal(t, 1.0, num.ChiSquareSurvival(0, 3))
	require.True(t, math.IsNaN(num.TSurvival(math.NaN(), 4)) && math.IsNaN(num.FSurvival(1, 0, 3)))
	ref.Close(t, "Cauchy", 1/math.Pi*1e-200, num.TSurvival(1e200, 1), 1e-12)
	ref.Close(t, "F is χ²", num.ChiSquareSurvival(6, 3), num.FSurvival(2, 3, inf), 1e-14)
	require.Equal(t, [2]float64{0, 1}, [2]float64{num.BinomialCDF(-1, 5, .2), num.BinomialCDF(5, 5, .2)})
}

func BenchmarkNoncentralFLimits(b *testing.B) {
	for b.Loop() {
		_, _ = num.NoncentralFLimits(20, 3, 400, .95)
	}
}

func BenchmarkTQuantile(b *testing.B) {
	for b.Loop() {
		_ = num.TQuantile(.975, 27)
	}
}

// Where both shares round up, neither tail is the one to be swapped: F at the
// mode of x, and a few last places about it, of degrees of freedom that nearly
// agree, once called itself without end.
func TestTailsAtTheMode(t *testing.T) {
	last := func(x float64, k int) float64 {
		for range max(k, -k) {
			x = math.Nextafter(x, math.Inf(k))
		}
		return x
	}
	for d := 1.0; d <= 40; d++ {
		for i := -2; i <= 2; i++ {
			for j := -4; j <= 4; j++ {
				d2, f := last(d, i), last(1, j)
				require.InDelta(t, 0.5, num.FSurvival(f, d, d2), 1e-13, "F %v, df %v and %v", f, d, d2)
				require.InDelta(t, 0.5, num.FCDF(f, d, d2), 1e-13)
			}
		}
		for e := 1.0; e <= 40; e++ {
			mode := (d + 2) / (d + e + 4) // of x in beta
			for j := -4; j <= 4; j++ {
				f := last(mode/(1-mode)*e/d, j)
				require.InDelta(t, 1, num.FSurvival(f, d, e)+num.FCDF(f, d, e), 1e-13)
			}
		}
	}
}

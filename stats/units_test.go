package stats_test

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/stats/agreement"
	"github.com/bangkom/bangkom/stats/compare"
	"github.com/bangkom/bangkom/stats/effect"
	"github.com/bangkom/bangkom/stats/model"
	"github.com/bangkom/bangkom/stats/reliability"
	"github.com/bangkom/bangkom/stats/resample"
)

// The unit of measurement changes no coefficient and no p-value, however small or
// large it makes the numbers; where squares are no numbers any more, that is said.
func TestUnits(t *testing.T) {
	a := []float64{3.1, 4.5, 2.2, 6.7, 5.3, 4.1, 7.9, 3.3, 5.8, 6.1, 2.9, 4.4}
	b := []float64{4.0, 4.9, 3.7, 7.1, 5.1, 5.2, 8.8, 3.9, 5.5, 7.4, 3.0, 5.7}
	c := []float64{2.5, 5.1, 3.3, 6.2, 6.0, 4.9, 7.1, 2.8, 6.6, 6.9, 3.8, 4.7}
	test := func(x bangkom.Test, err error) ([]float64, error) {
		return []float64{x.P, x.Statistic, x.DF, x.DF2}, err
	}
	free := func(x bangkom.Estimate, err error) ([]float64, error) {
		return []float64{x.Value, x.SE, x.CI.Lo, x.CI.Hi}, err
	}
	groups := func(x compare.Comparison, err error) ([]float64, error) { return test(x.Test, err) }
	pairs := func(x compare.PostHoc, err error) (out []float64, _ error) {
		for _, p := range x.Pairs {
			out = append(out, p.Test.P, p.Test.Statistic)
		}
		return out, err
	}
	for name, f := range map[string]func(a, b, c []float64) ([]float64, error){
		"one sample": func(a, _, _ []float64) ([]float64, error) { return test(compare.OneSample(a, nil)) },
		"paired":     func(a, b, _ []float64) ([]float64, error) { return test(compare.Paired(a, b, nil)) },
		"welch":      func(a, b, _ []float64) ([]float64, error) { return test(compare.Welch(a, b, nil)) },
		"student":    func(a, b, _ []float64) ([]float64, error) { return test(compare.Student(a, b, nil)) },
		"wilcoxon":   func(a, b, _ []float64) ([]float64, error) { return test(compare.Wilcoxon(a, b, nil)) },
		"anova":      func(a, b, c []float64) ([]float64, error) { return groups(compare.ANOVA([][]float64{a, b, c}, nil)) },
		"welch anova": func(a, b, c []float64) ([]float64, error) {
			return groups(compare.WelchANOVA([][]float64{a, b, c}, nil))
		},
		"brown-forsythe": func(a, b, c []float64) ([]float64, error) {
			return groups(compare.BrownForsythe([][]float64{a, b, c}, nil))
		},
		"tukey": func(a, b, c []float64) ([]float64, error) { return pairs(compare.Tukey([][]float64{a, b, c}, nil)) },
		"games-howell": func(a, b, c []float64) ([]float64, error) {
			return pairs(compare.GamesHowell([][]float64{a, b, c}, nil))
		},
		"pearson":      func(a, b, _ []float64) ([]float64, error) { return test(compare.Pearson(a, b, nil)) },
		"shapiro-wilk": func(a, _, _ []float64) ([]float64, error) { return test(compare.ShapiroWilk(a, nil)) },
		"describe": func(a, _, _ []float64) ([]float64, error) {
			d, err := compare.Describe(a, nil)
			return []float64{d.Mean.Value / d.SD, d.Mean.SE / d.SD, d.Median / d.MAD, d.Skewness, d.Kurtosis}, err
		},
		"independent": func(a, b, _ []float64) ([]float64, error) { return free(effect.Independent(a, b, nil)) },
		"glass":       func(a, b, _ []float64) ([]float64, error) { return free(effect.Glass(a, b, nil)) },
		"d of pairs":  func(a, b, _ []float64) ([]float64, error) { return free(effect.Paired(a, b, effect.Average, nil)) },
		"cliff":       func(a, b, _ []float64) ([]float64, error) { return free(effect.CliffDelta(a, b, nil)) },
		"morris":      func(a, b, c []float64) ([]float64, error) { return free(effect.PrePostControl(a, b, c, a, nil)) },
		"explained": func(a, b, c []float64) ([]float64, error) {
			v, err := effect.Explained([][]float64{a, b, c}, nil)
			return []float64{v.F, v.P, v.Omega2.Value, v.Eta2.CI.Hi}, err
		},
		"icc": func(a, b, c []float64) ([]float64, error) {
			r, err := agreement.ICC([][]float64{a, b, c}, nil)
			x, _ := free(r.ICC2.Estimate, nil)
			return append(x, r.ICC2.P, r.ICC1k.Estimate.Value), err
		},
		"krippendorff": func(a, b, c []float64) ([]float64, error) {
			return free(agreement.Krippendorff([][]float64{a, b, c}, agreement.Interval, nil))
		},
		"alpha": func(a, b, c []float64) ([]float64, error) {
			r, err := reliability.Alpha([][]float64{a, b, c}, nil)
			x, _ := free(r.Raw, nil)
			for _, i := range r.Statistics {
				x = append(x, i.Raw, i.Drop, i.AlphaDropped, i.SEDropped)
			}
			return x, err
		},
		"guttman": func(a, b, c []float64) ([]float64, error) {
			r, err := reliability.Guttman([][]float64{a, b, c}, nil)
			l := r.Covariance
			return []float64{l.L1, l.L2, l.L3, l.L4, l.L5, l.L6}, err
		},
		"omega": func(a, b, c []float64) ([]float64, error) {
			r, err := reliability.Omega([][]float64{a, b, c}, nil, nil)
			x, _ := free(r.Omega, nil)
			return x, err
		},
		"ols": func(a, b, c []float64) ([]float64, error) {
			r, err := model.OLS(model.Column{Name: "a", Values: a}, []model.Column{{Name: "b", Values: b}, {Name: "c", Values: c}}, nil)
			x := []float64{r.R2, r.F.P, r.DurbinWatson}
			for _, k := range r.Coefficients {
				x = append(x, k.Test.P, k.Test.Statistic)
			}
			return x, err
		},
		"did": func(a, b, _ []float64) ([]float64, error) {
			return test(model.DiffInDiff(a, b, []bool{true, false, true, false, false, true, true, false, true, false, true, false}, nil))
		},
		"bootstrap": func(a, _, _ []float64) ([]float64, error) {
			r, err := resample.Bootstrap(context.Background(), [][]float64{a}, resample.Mean, &resample.Options{Resamples: 200})
			v := r.Estimate.Value
			return []float64{r.Bias / v, r.Estimate.SE / v, r.Estimate.CI.Lo / v, r.Z0, r.Acceleration}, err
		},
	} {
		t.Run(name, func(t *testing.T) {
			want, err := f(a, b, c)
			require.NoError(t, err)
			for e := -1000; e <= 450; e += 50 {
				got, err := f(scaled(a, e), scaled(b, e), scaled(c, e))
				if err != nil {
					require.True(t, e <= -450 || e > 220, "2^%d: %v", e, err)
					require.ErrorIs(t, err, bangkom.ErrNotFinite, "2^%d", e)
					continue
				}
				for i, w := range want {
					if math.IsNaN(w) {
						require.True(t, math.IsNaN(got[i]), "2^%d, number %d", e, i)
						continue
					}
					require.InDelta(t, w, got[i], 1e-9*(1+math.Abs(w)), "2^%d, number %d", e, i)
				}
			}
		})
	}
}

func scaled(xs []float64, exponent int) []float64 {
	out := make([]float64, len(xs))
	for i, x := range xs {
		out[i] = math.Ldexp(x, exponent)
	}
	return out
}

// A large constant costs a difference no digits but those that the data lose: the
// values here are held exactly, with it and without it. Regressions are another
// matter: a column far from nought is nearly the constant, of which OLS warns.
func TestOrigins(t *testing.T) {
	a := []float64{3, 5, 2, 7, 6, 4, 9, 3, 6, 6}
	b := []float64{4, 5, 4, 7, 5, 5, 10, 4, 5, 8, 3}
	c := []float64{2, 5, 3, 6, 6, 5}
	moved := func(xs []float64) []float64 { // 2⁻¹⁴ steps about 2³⁰: 44 bits
		out := make([]float64, len(xs))
		for i, x := range xs {
			out[i] = 1<<30 + x/(1<<14)
		}
		return out
	}
	u, v, w := moved(a), moved(b), moved(c)
	same := func(what string, x, y bangkom.Test) {
		t.Helper()
		require.InEpsilon(t, x.Statistic, y.Statistic, 1e-12, what)
		require.InEpsilon(t, x.P, y.P, 1e-12, what)
	}
	for name, f := range map[string]func(a, b []float64, opt *compare.Options) (bangkom.Test, error){"welch": compare.Welch, "student": compare.Student} {
		x, err := f(a, b, nil)
		require.NoError(t, err)
		y, err := f(u, v, nil)
		require.NoError(t, err)
		same(name, x, y)
	}
	x, err := compare.OneSample(a, &compare.Options{Null: 4})
	require.NoError(t, err)
	y, err := compare.OneSample(u, &compare.Options{Null: 1<<30 + 4.0/(1<<14)})
	require.NoError(t, err)
	same("one sample", x, y)
	for name, f := range map[string]func(groups [][]float64, opt *compare.Options) (compare.Comparison, error){"anova": compare.ANOVA, "welch anova": compare.WelchANOVA, "brown-forsythe": compare.BrownForsythe} {
		x, err := f([][]float64{a, b, c}, nil)
		require.NoError(t, err)
		y, err := f([][]float64{u, v, w}, nil)
		require.NoError(t, err)
		same(name, x.Test, y.Test)
	}
	for name, f := range map[string]func(groups [][]float64, opt *compare.Options) (compare.PostHoc, error){"tukey": compare.Tukey, "games-howell": compare.GamesHowell} {
		x, err := f([][]float64{a, b, c}, nil)
		require.NoError(t, err)
		y, err := f([][]float64{u, v, w}, nil)
		require.NoError(t, err)
		for i := range x.Pairs {
			same(name, x.Pairs[i].Test, y.Pairs[i].Test)
		}
	}
	for name, f := range map[string]func(a, b []float64, opt *effect.Options) (bangkom.Estimate, error){"d": effect.Independent, "glass": effect.Glass} {
		x, err := f(a, b, nil)
		require.NoError(t, err)
		y, err := f(u, v, nil)
		require.NoError(t, err)
		require.InEpsilon(t, x.Value, y.Value, 1e-12, name)
	}
	v1, err := effect.Explained([][]float64{a, b, c}, nil)
	require.NoError(t, err)
	v2, err := effect.Explained([][]float64{u, v, w}, nil)
	require.NoError(t, err)
	require.InEpsilon(t, v1.F, v2.F, 1e-9)
	x, err = compare.Pearson(a, b[:10], nil)
	require.NoError(t, err)
	y, err = compare.Pearson(u, v[:10], nil)
	require.NoError(t, err)
	require.InDelta(t, x.Estimate.Value, y.Estimate.Value, 1e-12)

	a, b, u, v = append(a, 1), append(b, 9)[:11], append(u, 1<<30+1.0/(1<<14)), v[:11]
	for name, f := range map[string]func(a, b []float64) (float64, error){
		"icc": func(a, b []float64) (float64, error) {
			r, err := agreement.ICC([][]float64{a, b}, nil)
			return r.ICC2.Estimate.CI.Hi, err
		},
		"krippendorff": func(a, b []float64) (float64, error) {
			r, err := agreement.Krippendorff([][]float64{a, b}, agreement.Interval, nil)
			return r.SE, err
		},
		"alpha": func(a, b []float64) (float64, error) {
			r, err := reliability.Alpha([][]float64{a, b}, nil)
			return r.Raw.SE, err
		},
		"morris": func(a, b []float64) (float64, error) {
			r, err := effect.PrePostControl(a, b, b, a, nil)
			return r.SE, err
		},
		"skewness": func(a, _ []float64) (float64, error) {
			r, err := compare.Describe(a, nil)
			return r.Skewness, err
		},
		"shapiro-wilk": func(a, _ []float64) (float64, error) {
			r, err := compare.ShapiroWilk(a, nil)
			return r.P, err
		},
		"did": func(a, b []float64) (float64, error) {
			r, err := model.DiffInDiff(a, b, []bool{true, false, true, false, false, true, true, false, true, false, true}, nil)
			return r.P, err
		},
		"bootstrap": func(a, _ []float64) (float64, error) {
			r, err := resample.Bootstrap(context.Background(), [][]float64{a}, resample.SD, &resample.Options{Resamples: 200})
			return r.Acceleration, err
		},
	} {
		x, err := f(a, b[:11])
		require.NoError(t, err, name)
		y, err := f(u, v)
		require.NoError(t, err, name)
		require.InEpsilon(t, x, y, 1e-8, name)
	}
}

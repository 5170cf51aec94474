package effect_test

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/stats/effect"
)

// functions are all that take two columns, by name.
var functions = map[string]func(a, b []float64) (string, error){
	"Independent": func(a, b []float64) (string, error) { return text(effect.Independent(a, b, nil)) },
	"Unpooled": func(a, b []float64) (string, error) {
		return text(effect.Independent(a, b, &effect.Options{Unpooled: true}))
	},
	"Glass":                func(a, b []float64) (string, error) { return text(effect.Glass(a, b, nil)) },
	"CommonLanguage":       func(a, b []float64) (string, error) { return text(effect.CommonLanguage(a, b, nil)) },
	"CommonLanguagePaired": func(a, b []float64) (string, error) { return text(effect.CommonLanguagePaired(a, b, nil)) },
	"CliffDelta":           func(a, b []float64) (string, error) { return text(effect.CliffDelta(a, b, nil)) },
	"RankBiserial":         func(a, b []float64) (string, error) { return text(effect.RankBiserial(a, b, nil)) },
	"Superiority":          func(a, b []float64) (string, error) { return text(effect.Superiority(a, b, nil)) },
	"MatchedRankBiserial":  func(a, b []float64) (string, error) { return text(effect.MatchedRankBiserial(a, b, nil)) },
	"PrePostControl":       func(a, b []float64) (string, error) { return text(effect.PrePostControl(a, b, b, a, nil)) },
	"NormalizedGain":       func(a, b []float64) (string, error) { return text(effect.NormalizedGain(a, b, -1, 10, nil)) },
	"Explained":            func(a, b []float64) (string, error) { return text(effect.Explained([][]float64{a, b}, nil)) },
	"ReliableChange": func(a, b []float64) (string, error) {
		return text(effect.ReliableChange(a, b, bangkom.Estimate{Value: .8}, nil))
	},
	"Average": paired(effect.Average), "Difference": paired(effect.Difference), "RepeatedMeasures": paired(effect.RepeatedMeasures),
	"Before": paired(effect.Before), "After": paired(effect.After), "MeanSD": paired(effect.MeanSD),
}

func paired(by effect.Divisor) func(a, b []float64) (string, error) {
	return func(a, b []float64) (string, error) { return text(effect.Paired(a, b, by, nil)) }
}

func text[T interface{ String() string }](x T, err error) (string, error) { return x.String(), err }

// Bad columns give a typed error or a result that says so, never a panic, and
// what was given stays as it was.
func TestBattery(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	columns := map[string][]float64{
		"empty": {}, "one": {1}, "two": {1, 2}, "equal": {3, 3, 3}, "NaN": {nan, nan, nan}, "gap": {1, nan, 4}, "infinite": {1, inf, 2},
		"huge": {1e300, -1e300, 1e299}, "tiny": {1e-300, 2e-300, 4e-300}, "plain": {1, 2, 4}, "more": {5, 1, 3, 2, 2, 9},
	}
	for name, f := range functions {
		for x, a := range columns {
			for y, b := range columns {
				ca, cb := slices.Clone(a), slices.Clone(b)
				s, err := f(a, b)
				if err != nil {
					var p bangkom.Problem
					require.ErrorAs(t, err, &p, "%s(%s, %s)", name, x, y)
					require.NotEmpty(t, p.Code)
				} else {
					require.NotContains(t, s, "NaN", "%s(%s, %s)", name, x, y)
				}
				require.True(t, same(ca, a) && same(cb, b), "%s changed its arguments", name)
			}
		}
	}
}

func same(a, b []float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool { return x == y || math.IsNaN(x) && math.IsNaN(y) })
}

func TestBadOptions(t *testing.T) {
	a, b := []float64{1, 2, 4}, []float64{2, 3, 7}
	_, err := effect.NormalizedGain(a, b, 5, 5, nil)
	require.ErrorIs(t, err, bangkom.ErrOption)
	_, err = effect.NormalizedGain(a, b, 0, 5, nil)
	require.ErrorIs(t, err, bangkom.Problem{Code: "off-scale"})
	_, err = effect.ReliableChange(a, b, bangkom.Estimate{Value: 1}, nil)
	require.ErrorIs(t, err, bangkom.ErrOption)
	_, err = effect.ReliableChange(a, b, bangkom.Estimate{Value: .5}, &effect.ChangeOptions{Norms: &effect.Norms{}})
	require.ErrorIs(t, err, bangkom.ErrOption)
	_, err = effect.ExplainedF(math.NaN(), 1, 2, nil)
	require.ErrorIs(t, err, bangkom.ErrNotFinite)
	_, err = effect.Explained(plants, &effect.ExplainedOptions{Conversion: 7})
	require.ErrorIs(t, err, bangkom.ErrOption)
	_, err = effect.CliffDelta(a, b, &effect.Options{Level: 2})
	require.ErrorIs(t, err, bangkom.ErrOption)
}

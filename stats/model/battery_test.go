package model_test

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/stats/model"
)

// Bad columns give a typed error or a result that says so, never a panic, and
// what was given stays as it was.
func TestBattery(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	bad := map[string][]float64{
		"empty": {}, "one": {1}, "short": {1, 2, 3}, "equal": {3, 3, 3, 3, 3, 3}, "NaN": {nan, nan, nan, nan, nan, nan}, "gaps": {1, nan, 4, 2, nan, 3},
		"infinite": {1, inf, 2, 3, 4, 5}, "zero": {0, 0, 0, 0, 0, 0}, "huge": {1e300, -1e300, 1e299, 1, 2, 3}, "tiny": {1e-300, 2e-300, 4e-300, 0, 0, 1e-300},
		"plain": {1, 2, 4, 3, 7, 5}, "flag": {0, 1, 0, 1, 0, 1}, "straight": {1, 2, 3, 4, 5, 6},
	}
	group := []string{"a", "b", "a", "b", "a", "b"}
	three := []string{"a", "b", "c", "a", "b", "c"}
	flag := []bool{false, true, false, true, false, true}
	second := []bool{false, false, false, true, true, true}
	functions := map[string]func(y, x model.Column) (string, error){
		"OLS": func(y, x model.Column) (string, error) {
			r, err := model.OLS(y, []model.Column{x}, nil)
			return r.Table(), err
		},
		"CR2": func(y, x model.Column) (string, error) {
			r, err := model.OLS(y, []model.Column{x}, &model.RegressionOptions{Clusters: three})
			return r.Table(), err
		},
		"CR1": func(y, x model.Column) (string, error) {
			r, err := model.OLS(y, []model.Column{x}, &model.RegressionOptions{Clusters: three, Errors: model.CR1})
			return r.Table(), err
		},
		"NeweyWest": func(y, x model.Column) (string, error) {
			r, err := model.OLS(y, []model.Column{x}, &model.RegressionOptions{Errors: model.NeweyWest, Prewhite: true})
			return r.Table(), err
		},
		"no intercept": func(y, x model.Column) (string, error) {
			r, err := model.OLS(y, []model.Column{x}, &model.RegressionOptions{NoIntercept: true, Errors: model.HC2})
			return r.Table(), err
		},
		"ANCOVA": func(y, x model.Column) (string, error) {
			r, err := model.ANCOVA(y, group, []model.Column{x}, nil)
			return r.Table() + r.String(), err
		},
		"DiffInDiffRows": func(y, x model.Column) (string, error) {
			r, err := model.DiffInDiffRows(y, flag, second, []model.Column{x}, nil)
			return r.Table() + r.String(), err
		},
		"DiffInDiff": func(y, x model.Column) (string, error) {
			r, err := model.DiffInDiff(y.Values, x.Values, flag, nil)
			return r.String(), err
		},
	}
	for name, f := range functions {
		for a, y := range bad {
			for b, x := range bad {
				cy, cx := slices.Clone(y), slices.Clone(x)
				s, err := f(model.Column{Name: "y", Values: y}, model.Column{Name: "x", Values: x})
				if err != nil {
					var p bangkom.Problem
					require.ErrorAs(t, err, &p, "%s(%s, %s)", name, a, b)
					require.NotEmpty(t, p.Code)
				} else {
					require.NotContains(t, s, "NaN", "%s(%s, %s)", name, a, b)
				}
				require.True(t, same(cy, y) && same(cx, x), "%s changed its arguments", name)
			}
		}
	}
}

func same(a, b []float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool { return x == y || math.IsNaN(x) && math.IsNaN(y) })
}

func TestBadRegressionOptions(t *testing.T) {
	y, x := model.Column{Name: "y", Values: []float64{1, 2, 4, 3, 7}}, columns([]float64{1, 5, 2, 2, 3})
	for _, o := range []model.RegressionOptions{
		{Level: 2}, {Errors: 99}, {Errors: model.CR1}, {Errors: model.HC3, Clusters: []string{"a", "b", "c", "d", "e"}}, {Lag: -1, Errors: model.NeweyWest}, {Lag: 2}, {Lag: 9, Errors: model.NeweyWest},
	} {
		_, err := model.OLS(y, x, &o)
		require.ErrorIs(t, err, bangkom.ErrOption)
	}
	_, err := model.OLS(y, append(x, x...), nil)
	require.ErrorIs(t, err, bangkom.ErrOption, "two columns of one name")
	_, err = model.OLS(y, x, &model.RegressionOptions{Clusters: []string{"a", "a", "a", "a", "a"}})
	require.ErrorIs(t, err, bangkom.ErrTooFew)
	_, err = model.OLS(y, x, &model.RegressionOptions{Clusters: []string{"a"}})
	require.ErrorIs(t, err, bangkom.ErrShape)
	_, err = model.OLS(y, nil, &model.RegressionOptions{NoIntercept: true})
	require.ErrorIs(t, err, bangkom.ErrTooFew)
	_, err = model.ANCOVA(y, []string{"a", "b", "a", "b", ""}, nil, nil)
	require.ErrorIs(t, err, bangkom.ErrTooFew)
	_, err = model.ANCOVA(y, []string{"a"}, x, nil)
	require.ErrorIs(t, err, bangkom.ErrShape)
	_, err = model.DiffInDiffRows(y, make([]bool, 5), make([]bool, 5), nil, nil)
	require.Error(t, err)
	r, err := model.OLS(y, x, nil)
	require.NoError(t, err)
	_, err = r.Joint()
	require.ErrorIs(t, err, bangkom.ErrOption)
	_, err = r.Contrast(map[string]float64{"nobody": 1})
	require.ErrorIs(t, err, bangkom.ErrOption)
	var e model.Errors
	require.NoError(t, e.UnmarshalText([]byte("hc2")))
	require.Equal(t, model.HC2, e)
	require.Error(t, e.UnmarshalText([]byte("HC9")))
}

package model_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/stats/model"
)

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

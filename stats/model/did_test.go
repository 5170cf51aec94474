package model_test

import (
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/ref"
	"github.com/bangkom/bangkom/stats/model"
)

type want struct {
	Estimate, SE, Statistic, DF, P, Lo, Hi float64
}

func (w want) check(t *testing.T, name string, got bangkom.Test) {
	t.Helper()
	require.InDelta(t, w.Estimate, got.Estimate.Value, 1e-10, name)
	ref.Close(t, name+" se", w.SE, got.Estimate.SE, 1e-10)
	ref.Close(t, name+" df", w.DF, got.DF, 1e-10)
	ref.Close(t, name+" p", w.P, got.P, 1e-8)
	if w.Lo != 0 {
		require.InDelta(t, w.Lo, got.Estimate.CI.Lo, 1e-8, name)
		require.InDelta(t, w.Hi, got.Estimate.CI.Hi, 1e-8, name)
	}
}

func TestAgainstR(t *testing.T) {
	var r struct {
		Units []struct {
			Before, After    []*float64
			Treated          []bool
			Pooled, Separate *want
		}
		Cells []struct {
			Cells  []model.Cell
			Pooled want
			HC2    float64
		}
	}
	ref.Load(t, "did", &r)
	require.Greater(t, len(r.Units), 40)
	single := 0
	for i, c := range r.Units {
		before, after := column(c.Before), column(c.After)
		p, err := model.DiffInDiff(before, after, c.Treated, &model.Options{Spread: model.Pooled})
		require.NoError(t, err, i)
		c.Pooled.check(t, fmt.Sprintf("pooled %d", i), p)
		s, err := model.DiffInDiff(before, after, c.Treated, nil)
		if c.Separate == nil {
			single++
			require.ErrorIs(t, err, bangkom.ErrTooFew)
			continue
		}
		require.NoError(t, err, i)
		c.Separate.check(t, fmt.Sprintf("separate %d", i), s)
	}
	require.Positive(t, single, "a single treated unit is among the cases")
	for i, c := range r.Cells {
		p, err := model.DiffInDiffCells(c.Cells[0], c.Cells[1], c.Cells[2], c.Cells[3], &model.Options{Spread: model.Pooled})
		require.NoError(t, err, i)
		c.Pooled.check(t, fmt.Sprintf("cells %d", i), p)
		s, err := model.DiffInDiffCells(c.Cells[0], c.Cells[1], c.Cells[2], c.Cells[3], nil)
		require.NoError(t, err, i)
		ref.Close(t, "hc2", c.HC2, s.Estimate.SE, 1e-10)
	}
}

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

// Employment of 410 restaurants before and after a rise of the minimum wage in
// one of two states (Card and Krueger, 1994).
func TestCardKrueger(t *testing.T) {
	f, err := os.Open(ref.Shared(t, "data", "evaluation", "card-krueger.csv"))
	require.NoError(t, err)
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	col := func(name string) int { return slices.Index(rows[0], name) }
	id, nj, d, fte := col("id"), col("nj"), col("d"), col("fte")
	require.GreaterOrEqual(t, min(id, nj, d, fte), 0)
	// The waves list the same 410 restaurants in the same order.
	var ids [2][]string
	var y [2][]float64
	var treated []bool
	var cells [2][2][]float64 // [group][wave]
	for _, r := range rows[1:] {
		v, err := strconv.ParseFloat(r[fte], 64)
		if err != nil {
			v = math.NaN()
		}
		w, g := int(r[d][0]-'0'), int(r[nj][0]-'0')
		ids[w], y[w] = append(ids[w], r[id]), append(y[w], v)
		if w == 0 {
			treated = append(treated, g == 1)
		}
		if !math.IsNaN(v) {
			cells[g][w] = append(cells[g][w], v)
		}
	}
	require.Len(t, ids[0], 410)
	require.Equal(t, ids[0], ids[1])
	b, err := model.DiffInDiff(y[0], y[1], treated, &model.Options{Spread: model.Pooled})
	require.NoError(t, err)
	ref.Close(t, "change", 2.75, b.Estimate.Value, 1e-12)
	ref.Close(t, "change se", 1.15435537770, b.Estimate.SE, 1e-10)
	ref.Close(t, "change p", .0176943258883, b.P, 1e-10)
	require.Equal(t, 384, b.Estimate.N)

	c := func(g, w int) model.Cell { return cell(cells[g][w]) }
	p, err := model.DiffInDiffCells(c(1, 0), c(1, 1), c(0, 0), c(0, 1), &model.Options{Spread: model.Pooled})
	require.NoError(t, err)
	ref.Close(t, "did", 2.75360578298, p.Estimate.Value, 1e-11)
	ref.Close(t, "OLS se", 1.68840913091, p.Estimate.SE, 1e-10)
	require.Equal(t, 794, p.Estimate.N)
}

func cell(xs []float64) model.Cell {
	m := 0.0
	for _, x := range xs {
		m += x / float64(len(xs))
	}
	v := 0.0
	for _, x := range xs {
		v += (x - m) * (x - m) / float64(len(xs)-1)
	}
	return model.Cell{N: len(xs), Mean: m, Variance: v}
}

func TestLaws(t *testing.T) {
	before := []float64{70, 72, 75, 71, 74, 69}
	after := []float64{75, 76, 81, 72, 76, 68}
	treated := []bool{true, true, true, false, false, false}
	a, err := model.DiffInDiff(before, after, treated, nil)
	require.NoError(t, err)
	require.True(t, a.Estimate.Warnings.Has("few-units"))

	// A trend that both share cancels.
	shifted := slices.Clone(after)
	for i := range shifted {
		shifted[i] += 8
	}
	b, err := model.DiffInDiff(before, shifted, treated, nil)
	require.NoError(t, err)
	require.InDelta(t, a.Estimate.Value, b.Estimate.Value, 1e-12)

	// The other way round, the sign turns.
	for i := range treated {
		treated[i] = !treated[i]
	}
	c, err := model.DiffInDiff(before, after, treated, nil)
	require.NoError(t, err)
	require.InDelta(t, -a.Estimate.Value, c.Estimate.Value, 1e-12)
	require.InDelta(t, a.P, c.P, 1e-14)
}

func TestBadInput(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	tr := []bool{true, true, false, false}
	for name, c := range map[string]struct {
		before, after []float64
		treated       []bool
		opt           *model.Options
		want          error
	}{
		"empty":      {nil, nil, nil, nil, bangkom.ErrTooFew},
		"shape":      {[]float64{1, 2}, []float64{1, 2}, []bool{true}, nil, bangkom.ErrShape},
		"infinite":   {[]float64{1, 2, 3, inf}, []float64{1, 2, 3, 4}, tr, nil, bangkom.ErrNotFinite},
		"no others":  {[]float64{1, 2}, []float64{1, 3}, []bool{true, true}, nil, bangkom.ErrTooFew},
		"one a side": {[]float64{1, 2}, []float64{1, 3}, []bool{true, false}, &model.Options{Spread: model.Pooled}, bangkom.ErrTooFew},
		"gaps":       {[]float64{1, nan, 3, 4}, []float64{2, 2, 3, 5}, tr, nil, bangkom.ErrTooFew},
		"constant":   {[]float64{1, 2, 3, 4}, []float64{2, 3, 3, 4}, tr, nil, bangkom.ErrNoVariation},
		"level":      {[]float64{1, 2, 3, 4}, []float64{2, 4, 3, 5}, tr, &model.Options{Level: 2}, bangkom.ErrOption},
		"spread":     {[]float64{1, 2, 3, 4}, []float64{2, 4, 3, 5}, tr, &model.Options{Spread: 7}, bangkom.ErrOption},
	} {
		_, err := model.DiffInDiff(c.before, c.after, c.treated, c.opt)
		require.ErrorIs(t, err, c.want, name)
	}
	ok := model.Cell{N: 5, Mean: 1, Variance: 2}
	for name, bad := range map[string]struct {
		cell model.Cell
		want error
	}{
		"one":      {model.Cell{N: 1, Mean: 1}, bangkom.ErrTooFew},
		"NaN":      {model.Cell{N: 4, Mean: nan, Variance: 1}, bangkom.ErrNotFinite},
		"negative": {model.Cell{N: 4, Mean: 1, Variance: -1}, bangkom.ErrNotFinite},
	} {
		_, err := model.DiffInDiffCells(ok, ok, bad.cell, ok, nil)
		require.ErrorIs(t, err, bad.want, name)
	}
	still := model.Cell{N: 3, Mean: 2}
	_, err := model.DiffInDiffCells(still, still, still, still, nil)
	require.ErrorIs(t, err, bangkom.ErrNoVariation)
}

func ExampleDiffInDiff() {
	before := []float64{78.2, 80.1, 76.5, 79.0, 77.4, 81.2}
	after := []float64{82.0, 83.9, 81.1, 79.6, 78.8, 81.5}
	trained := []bool{true, true, true, false, false, false}
	t, err := model.DiffInDiff(before, after, trained, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(t)
	fmt.Println(t.Estimate.Warnings[0].Msg)
	// Output:
	// 3.3 (95 % CI 2.106 to 4.494, n = 6); statistic 7.802, df 3.839, p = 0.002
	// 3 treated and 3 other units: interval and p rest on changes that are nearly normal
}

func ExampleDiffInDiffCells() {
	t, err := model.DiffInDiffCells(
		model.Cell{N: 40, Mean: 3.1, Variance: 0.5}, model.Cell{N: 38, Mean: 3.6, Variance: 0.4},
		model.Cell{N: 35, Mean: 3.0, Variance: 0.5}, model.Cell{N: 36, Mean: 3.1, Variance: 0.5}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2f, df %.0f, p %s\n", t.Estimate.Value, t.DF, bangkom.FormatP(t.P))
	// Output: 0.40, df 142, p = 0.079
}

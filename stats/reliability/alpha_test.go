package reliability_test

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/ref"
	"github.com/bangkom/bangkom/stats/reliability"
	"github.com/bangkom/bangkom/stats/tally"
)

// Answers of 30 departments to seven items (Chatterjee and Price, 1977).
var attitude = [][]float64{
	{43, 63, 71, 61, 81, 43, 58, 71, 72, 67, 64, 67, 69, 68, 77, 81, 74, 65, 65, 50, 50, 64, 53, 40, 63, 66, 78, 48, 85, 82},
	{51, 64, 70, 63, 78, 55, 67, 75, 82, 61, 53, 60, 62, 83, 77, 90, 85, 60, 70, 58, 40, 61, 66, 37, 54, 77, 75, 57, 85, 82},
	{30, 51, 68, 45, 56, 49, 42, 50, 72, 45, 53, 47, 57, 83, 54, 50, 64, 65, 46, 68, 33, 52, 52, 42, 42, 66, 58, 44, 71, 39},
	{39, 54, 69, 47, 66, 44, 56, 55, 67, 47, 58, 39, 42, 45, 72, 72, 69, 75, 57, 54, 34, 62, 50, 58, 48, 63, 74, 45, 71, 59},
	{61, 63, 76, 54, 71, 54, 66, 70, 71, 62, 58, 59, 55, 59, 79, 60, 79, 55, 75, 64, 43, 66, 63, 50, 66, 88, 80, 51, 77, 64},
	{92, 73, 86, 84, 83, 49, 68, 66, 83, 80, 67, 74, 63, 77, 77, 54, 79, 80, 85, 78, 64, 80, 80, 57, 75, 76, 78, 83, 74, 78},
	{45, 47, 48, 35, 47, 34, 35, 41, 31, 41, 34, 41, 25, 35, 46, 36, 63, 60, 46, 52, 33, 41, 37, 49, 33, 72, 49, 38, 55, 39},
}

func TestAttitude(t *testing.T) {
	r, err := reliability.Alpha(attitude, nil)
	require.NoError(t, err)
	ref.Close(t, "raw", .84314276956476, r.Raw.Value, 1e-13)
	ref.Close(t, "standardised", .839083803029511, r.Standardized.Value, 1e-13)
	ref.Close(t, "lo", .739375685643107, r.Raw.CI.Lo, 1e-11)
	ref.Close(t, "hi", .915773072159982, r.Raw.CI.Hi, 1e-11)
}

func TestAgainstPsych(t *testing.T) {
	var r struct {
		Cases []struct {
			Items            [][]float64
			Raw, Std, Lo, Hi float64
		}
	}
	ref.Load(t, "alpha", &r)
	require.Greater(t, len(r.Cases), 50)
	for i, c := range r.Cases {
		a, err := reliability.Alpha(c.Items, nil)
		require.NoError(t, err, i)
		require.InDelta(t, c.Raw, a.Raw.Value, 1e-11, i)
		require.InDelta(t, c.Std, a.Standardized.Value, 1e-11, i)
		require.InDelta(t, c.Lo, a.Raw.CI.Lo, 1e-8*(1+math.Abs(c.Lo)), i)
		require.InDelta(t, c.Hi, a.Raw.CI.Hi, 1e-8, i)
	}
}

func TestListwise(t *testing.T) {
	nan := math.NaN()
	full, err := reliability.Alpha([][]float64{{1, 2, 3, 5}, {2, 2, 4, 5}}, nil)
	require.NoError(t, err)
	gaps, err := reliability.Alpha([][]float64{{1, nan, 2, 3, 5}, {2, 1, 2, 4, 5}}, nil)
	require.NoError(t, err)
	require.Equal(t, full.Raw.Value, gaps.Raw.Value)
	require.Equal(t, bangkom.Missing{Policy: "listwise", Dropped: 1}, gaps.Raw.Missing)
}

func TestBadInput(t *testing.T) {
	for name, c := range map[string]struct {
		items [][]float64
		opt   *reliability.Options
		want  error
	}{
		"none":     {nil, nil, bangkom.ErrTooFew},
		"one item": {[][]float64{{1, 2, 3}}, nil, bangkom.ErrTooFew},
		"empty":    {[][]float64{{}, {}}, nil, bangkom.ErrTooFew},
		"one row":  {[][]float64{{1}, {2}}, nil, bangkom.ErrTooFew},
		"ragged":   {[][]float64{{1, 2}, {2}}, nil, bangkom.ErrShape},
		"infinite": {[][]float64{{1, 2}, {2, math.Inf(-1)}}, nil, bangkom.ErrNotFinite},
		"constant": {[][]float64{{3, 3, 3}, {2, 2, 2}}, nil, bangkom.ErrNoVariation},
		"opposite": {[][]float64{{1, 2, 3}, {3, 2, 1}}, nil, bangkom.ErrNoVariation},
		"level":    {attitude, &reliability.Options{Level: 1}, bangkom.ErrOption},
	} {
		_, err := reliability.Alpha(c.items, c.opt)
		require.ErrorIs(t, err, c.want, name)
	}
}

func TestDegenerateWarnsAndEncodes(t *testing.T) {
	r, err := reliability.Alpha([][]float64{{1, 2, 3, 5}, {2, 2, 2, 2}}, nil)
	require.NoError(t, err)
	require.True(t, r.Standardized.Warnings.Has("constant-item"))
	data, err := json.Marshal(r)
	require.NoError(t, err)
	require.Contains(t, string(data), `"standardized":{"estimate":null`)

	neg, err := reliability.Alpha([][]float64{{1, 2, 3, 5}, {5, 3, 3, 1}}, nil)
	require.NoError(t, err)
	require.True(t, neg.Raw.Warnings.Has("negative-alpha"))
}

// A gap that is filled by the person's other answers makes items more alike.
func TestFilledAnswersAreSaid(t *testing.T) {
	nan := math.NaN()
	items := [][]float64{{1, 2, 3, 5, 4, 2}, {2, nan, 2, 4, 5, 1}, {1, 3, nan, 5, 3, 2}}
	r, err := reliability.Alpha(items, &reliability.Options{Missing: reliability.PersonMean})
	require.NoError(t, err)
	require.True(t, r.Raw.Warnings.Has("filled"))
	_, err = reliability.Alpha([][]float64{{1, 2, 3, 5}, {2, 2, 1, 4}, {nan, nan, nan, nan}}, &reliability.Options{Missing: reliability.PersonMean})
	require.ErrorIs(t, err, bangkom.ErrTooFew)

	// Under Pairwise an item's n is that of its mean.
	r, err = reliability.Alpha(items, &reliability.Options{Missing: reliability.Pairwise})
	require.NoError(t, err)
	require.Equal(t, []int{6, 5, 5}, []int{r.Statistics[0].N, r.Statistics[1].N, r.Statistics[2].N})
	require.Equal(t, 4, r.Raw.N)
}

func TestCellsWithGapsAreRefused(t *testing.T) {
	_, err := reliability.SummarizeCells([][]tally.Cell{{1, 2, 3}, {2, tally.Missing, 3}}, tally.Shape{First: 1, Levels: 5}, &reliability.Options{Missing: reliability.Refuse})
	require.ErrorIs(t, err, bangkom.Problem{Code: "missing"})
}

func TestErrorOfMeasurementWithoutSpread(t *testing.T) {
	r, err := reliability.SEM(0, bangkom.Estimate{Value: .5, CI: bangkom.Interval{Lo: math.Inf(-1), Hi: .9, Level: .95}}, 0)
	require.NoError(t, err)
	require.Zero(t, r.SEM.CI.Hi)
}

func ExampleAlpha() {
	items := [][]float64{ // item × respondent
		{4, 5, 3, 4, 2, 5},
		{4, 4, 3, 5, 2, 5},
		{3, 5, 2, 4, 3, 4},
	}
	r, err := reliability.Alpha(items, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Raw)
	fmt.Println(r.Raw.Warnings[0].Need)
	// Output:
	// 0.8861 (95 % CI 0.5176 to 0.9828, n = 6)
	// 30 respondents or more
}

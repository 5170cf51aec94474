package satisfaction_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/evaluation/satisfaction"
)

func random(r *rand.Rand, n, k int, gaps float64, unit string, better float64) []satisfaction.Response {
	rs := make([]satisfaction.Response, n)
	for i := range rs {
		mood := r.NormFloat64() * 0.6
		rs[i] = satisfaction.Response{Unit: unit, Answers: map[satisfaction.Code]int{}}
		for e := range k {
			if r.Float64() >= gaps {
				rs[i].Answers[code(e)] = min(max(int(math.Round(3+better+mood+r.NormFloat64()*0.5)), 1), 4)
			}
		}
	}
	return rs
}

func TestIntervalOfCompleteSheetsIsThatOfTheirMean(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	rs := random(r, 40, 9, 0, "", 0)
	x, ps := satisfaction.Measure(instrument(9, satisfaction.WeightExact), rs, nil)
	require.NoError(t, ps.Err())
	mean, ss := 0.0, 0.0
	var own []float64
	for _, s := range rs {
		sum := 0
		for _, v := range s.Answers {
			sum += v
		}
		own = append(own, 25*float64(sum)/9)
		mean += own[len(own)-1] / 40
	}
	for _, v := range own {
		ss += (v - mean) * (v - mean)
	}
	require.InDelta(t, mean, x.Value.Value, 1e-10)
	require.InDelta(t, math.Sqrt(ss/39/40), x.Value.SE, 1e-10)
}

// The interval covers the truth about as often as it says, also with gaps.
func TestIntervalCovers(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	in := instrument(5, satisfaction.WeightExact)
	truth, _ := satisfaction.Measure(in, random(r, 40000, 5, 0.2, "", 0), nil)
	covered, runs := 0, 600
	for range runs {
		x, _ := satisfaction.Measure(in, random(r, 30, 5, 0.2, "", 0), nil)
		if x.Value.CI.Contains(truth.Value.Value) {
			covered++
		}
	}
	require.InDelta(t, 0.95, float64(covered)/float64(runs), 0.03)
}

func TestOrderOfSheetsDoesNotMatter(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	rs := random(r, 25, 4, 0.1, "", 0)
	before := clone(rs)
	in := instrument(4, satisfaction.WeightExact)
	a, _ := satisfaction.Measure(in, rs, nil)
	shuffled := slices.Clone(rs)
	r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	b, _ := satisfaction.Measure(in, shuffled, nil)
	require.Zero(t, a.Exact().Cmp(b.Exact()))
	require.InDelta(t, a.Value.SE, b.Value.SE, 1e-12)
	require.Equal(t, before, rs, "arguments are left alone")
}

func clone(rs []satisfaction.Response) []satisfaction.Response {
	out := slices.Clone(rs)
	for i := range out {
		out[i].Answers = maps.Clone(out[i].Answers)
	}
	return out
}

func TestFinitePopulation(t *testing.T) {
	rs := goldenA()
	in := instrument(9, satisfaction.WeightExact)
	many, _ := satisfaction.Measure(in, rs, nil)
	half, _ := satisfaction.Measure(in, rs, &satisfaction.Options{Population: 58})
	all, _ := satisfaction.Measure(in, rs, &satisfaction.Options{Population: 29})
	require.InDelta(t, many.Value.SE*math.Sqrt(0.5), half.Value.SE, 1e-12)
	require.True(t, half.Value.Warnings.Has("small-sample"), "29 of 58 is below 51")
	require.Zero(t, all.Value.SE, "everybody was asked")
	require.Equal(t, all.Value.Value, all.Value.CI.Lo)
}

func TestDegenerate(t *testing.T) {
	in := instrument(2, satisfaction.WeightExact)
	sheet := func(a ...int) satisfaction.Response {
		m := map[satisfaction.Code]int{}
		for i, v := range a {
			if v != 0 {
				m[code(i)] = v
			}
		}
		return satisfaction.Response{Answers: m}
	}
	_, ps := satisfaction.Measure(in, nil, nil)
	require.ErrorIs(t, ps.Err(), bangkom.ErrTooFew)
	_, ps = satisfaction.Measure(in, []satisfaction.Response{sheet(3, 0), sheet(4, 0)}, nil)
	require.ErrorIs(t, ps.Err(), bangkom.ErrTooFew, "nobody answered U2")
	require.Equal(t, "test/U2", ps[0].Where)

	one, ps := satisfaction.Measure(in, []satisfaction.Response{sheet(3, 4), sheet()}, nil)
	require.NoError(t, ps.Err())
	require.True(t, math.IsNaN(one.Value.SE))
	require.True(t, one.Value.Warnings.Has("too-few"))
	require.Equal(t, 1, one.Value.Missing.Dropped, "an empty sheet is not a respondent")
	_, err := json.Marshal(one)
	require.NoError(t, err)

	alike, _ := satisfaction.Measure(in, []satisfaction.Response{sheet(4, 4), sheet(4, 4), sheet(4, 4)}, nil)
	require.Equal(t, 100.0, alike.Value.Value)
	require.True(t, alike.Value.Warnings.Has("no-variation"))
	require.Zero(t, alike.Value.CI, "an unknown interval is not one of width 0")

	for _, o := range []*satisfaction.Options{{Level: 2}, {Level: math.NaN()}, {OffScale: 9}, {Population: -1}} {
		_, ps := satisfaction.Measure(in, []satisfaction.Response{sheet(3, 4)}, o)
		require.ErrorIs(t, ps.Err(), bangkom.ErrOption)
	}
	for _, bad := range []satisfaction.Instrument{{}, {Min: 4, Max: 1, Elements: in.Elements}, {Min: -4, Max: 0, Elements: in.Elements}, {Min: 1, Max: 4, Elements: []satisfaction.Element{{Code: "A"}, {Code: "A"}}}} {
		x, ps := satisfaction.Measure(bad, []satisfaction.Response{sheet(3, 4)}, nil)
		require.Nil(t, x)
		require.Error(t, ps.Err())
	}

	odd, ps := satisfaction.Measure(in, []satisfaction.Response{{Answers: map[satisfaction.Code]int{"U1": 3, "U2": 3, "MAKLUMAT": 4}}}, nil)
	require.NotNil(t, odd)
	require.True(t, ps.Has("unknown-element"))
}

func TestClassUncertain(t *testing.T) {
	in := instrument(1, satisfaction.WeightExact)
	var rs []satisfaction.Response
	for i := range 20 {
		rs = append(rs, satisfaction.Response{Answers: map[satisfaction.Code]int{"U1": 3 + i%2}})
	}
	x, _ := satisfaction.Measure(in, rs, nil)
	require.Equal(t, "B", x.Class.Code)
	require.True(t, x.Value.Warnings.Has("class-uncertain"))
}

// survey makes sheets of several units; better lifts the answers of some.
func survey(r *rand.Rand, units int, better func(u int) float64) []satisfaction.Response {
	var rs []satisfaction.Response
	for u := range units {
		rs = append(rs, random(r, 60, 4, 0.05, fmt.Sprintf("unit-%02d", u), better(u))...)
	}
	return rs
}

func trainedUnits(n int) []string {
	var out []string
	for u := range n {
		out = append(out, fmt.Sprintf("unit-%02d", u))
	}
	return out
}

func TestCompareFindsTheEffectAndNotTheTrend(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	before := survey(r, 24, func(int) float64 { return 0 })
	after := survey(r, 24, func(u int) float64 {
		if u < 12 {
			return 0.5
		}
		return 0.2 // everybody improved
	})
	in := instrument(4, satisfaction.WeightExact)
	c, ps := satisfaction.Compare(in, before, after, trainedUnits(12), nil)
	require.NoError(t, ps.Err())
	require.Len(t, c.Units, 24)
	require.True(t, slices.IsSortedFunc(c.Units, func(a, b satisfaction.UnitChange) int {
		if a.Unit < b.Unit {
			return -1
		}
		return 1
	}))
	require.NotNil(t, c.Effect)
	require.Equal(t, 24, c.Effect.Estimate.N)
	require.InDelta(t, c.Trained.Value-c.Others.Value, c.Effect.Estimate.Value, 1e-10)
	require.Positive(t, c.Others.Value)
	require.True(t, c.Effect.Estimate.CI.Contains(6), "0.3 of a step is about 6 points")
	require.False(t, c.Effect.Estimate.CI.Contains(0))
	require.True(t, c.Warnings.Has("class-change"))
	_, err := json.Marshal(c)
	require.NoError(t, err)
}

func TestCompareLeavesOutWhatCannotBeCompared(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	in := instrument(4, satisfaction.WeightExact)
	before := survey(r, 8, func(int) float64 { return 0 })
	after := survey(r, 7, func(int) float64 { return 0.1 })
	after[3].Answers["U1"] = 5 // unit-00
	after[3].Where = "after.csv:5"
	c, ps := satisfaction.Compare(in, before, after, append(trainedUnits(4), "nowhere"), nil)
	require.NotNil(t, c)
	require.True(t, ps.Has("one-occasion"))
	require.True(t, ps.Has("unknown-unit"))
	require.True(t, ps.Has("skm-answer-off-scale"))
	require.Len(t, c.Units, 6, "unit-00 has a 5 and unit-07 no second survey")
	require.Equal(t, 2, c.Effect.Estimate.Missing.Dropped)
	require.True(t, c.Effect.Estimate.Warnings.Has("few-units"))

	alone, ps := satisfaction.Compare(in, before, before, trainedUnits(8), nil)
	require.NoError(t, ps.Err())
	require.Nil(t, alone.Effect)
	require.True(t, alone.Warnings.Has("no-comparison-group"))
	require.Zero(t, alone.Trained.Value)

	none, ps := satisfaction.Compare(in, before, after, nil, &satisfaction.Options{OffScale: satisfaction.DropAnswer})
	require.NoError(t, ps.Err())
	require.True(t, none.Warnings.Has("no-trained-unit"))

	empty, ps := satisfaction.Compare(in, nil, nil, nil, nil)
	require.NoError(t, ps.Err())
	require.Nil(t, empty.Effect)
	_, err := json.Marshal(empty)
	require.NoError(t, err)

	two, _ := satisfaction.Compare(in, survey(r, 2, func(int) float64 { return 0 }), survey(r, 2, func(int) float64 { return 0 }), trainedUnits(1), nil)
	require.Nil(t, two.Effect)
	require.True(t, two.Warnings.Has("too-few"))

	nilly, ps := satisfaction.Compare(in, before, after, nil, &satisfaction.Options{Population: 100})
	require.Nil(t, nilly)
	require.ErrorIs(t, ps.Err(), bangkom.ErrOption)
}

func ExampleCompare() {
	in := satisfaction.Instrument{ID: "counter", Min: 1, Max: 4, Elements: []satisfaction.Element{{Code: "TIME"}}}
	sheets := func(unit string, answers ...int) (rs []satisfaction.Response) {
		for _, a := range answers {
			rs = append(rs, satisfaction.Response{Unit: unit, Answers: map[satisfaction.Code]int{"TIME": a}})
		}
		return rs
	}
	before := slices.Concat(sheets("a", 3, 3, 2, 4), sheets("b", 3, 3, 3, 2), sheets("c", 3, 3, 4, 2), sheets("d", 3, 2, 3, 3))
	after := slices.Concat(sheets("a", 4, 4, 3, 4), sheets("b", 4, 4, 3, 4), sheets("c", 3, 4, 3, 3), sheets("d", 3, 3, 3, 3))
	c, ps := satisfaction.Compare(in, before, after, []string{"a", "b"}, nil)
	if err := ps.Err(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("trained %+.2f, others %+.2f points\n", c.Trained.Value, c.Others.Value)
	fmt.Println(c.Effect)
	fmt.Println(c.Effect.Estimate.Warnings[0].Need)
	// Output:
	// trained +21.88, others +6.25 points
	// 15.62 (95 % CI -24.08 to 55.33, n = 4); statistic 5, df 1, p = 0.126
	// 10 units in each group
}

// TestALeftOutUnitIsNamed: one answer off the scale costs a unit under Refuse,
// and one answer under DropAnswer; either is said.
func TestALeftOutUnitIsNamed(t *testing.T) {
	in := satisfaction.Instrument{ID: "i", Min: 1, Max: 4, Elements: []satisfaction.Element{{Code: "PROD", Title: "Produk"}}}
	sheets := func(last int) (out []satisfaction.Response) {
		for _, u := range []string{"A", "B", "C", "D"} {
			for _, v := range []int{2, 3, 4} {
				out = append(out, satisfaction.Response{Unit: u, Where: "f.csv:2", Answers: map[satisfaction.Code]int{"PROD": v}})
			}
		}
		out[0].Answers["PROD"] = last
		return out
	}
	c, ps := satisfaction.Compare(in, sheets(2), sheets(5), []string{"A"}, nil)
	require.Len(t, c.Units, 3)
	require.Equal(t, "A", ps.Only(bangkom.Warning)[0].Value)
	require.Equal(t, "unit-left-out", ps.Only(bangkom.Warning)[0].Code)
	require.Contains(t, ps.Only(bangkom.Warning)[0].Msg, "3 respondents before and 3 after")
	require.Equal(t, "f.csv:2:Produk", ps.Only(bangkom.Error)[0].Where)

	c, ps = satisfaction.Compare(in, sheets(2), sheets(5), []string{"A"}, &satisfaction.Options{OffScale: satisfaction.DropAnswer})
	require.Len(t, c.Units, 4)
	require.True(t, ps.Has("skm-answer-off-scale"))
}

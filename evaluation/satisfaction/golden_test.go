package satisfaction_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/evaluation/satisfaction"
)

// classes are the four classes of the Indonesian index, by lower bound, as
// printed in public reports (see package asn for the source).
var classes = bangkom.Bands{
	ID: "skm", Source: "public reports of service units", Round: bangkom.HalfUp(2),
	Bands: []bangkom.Band{{Lower: 25, Code: "D"}, {Lower: 65, Code: "C"}, {Lower: 76.61, Code: "B"}, {Lower: 88.31, Code: "A"}},
}

func instrument(k int, w satisfaction.Weights) satisfaction.Instrument {
	in := satisfaction.Instrument{ID: "test", Min: 1, Max: 4, Weights: w, Bands: classes}
	for i := range k {
		in.Elements = append(in.Elements, satisfaction.Element{Code: code(i)})
	}
	return in
}

func code(i int) satisfaction.Code { return satisfaction.Code(fmt.Sprintf("U%d", i+1)) }

// expand lays out counts of answers as sheets, element by element.
func expand(n int, counts [][3]int) []satisfaction.Response {
	rs := make([]satisfaction.Response, n)
	for i := range rs {
		rs[i] = satisfaction.Response{Respondent: strconv.Itoa(i), Answers: map[satisfaction.Code]int{}}
	}
	for e, c := range counts {
		i := 0
		for j, value := range []int{4, 3, 2} {
			for range c[j] {
				rs[i].Answers[code(e)] = value
				i++
			}
		}
	}
	return rs
}

// goldenA is a published quarter of a service unit: 29 sheets, nine elements,
// where the report prints both 91.48 and 90.56.
func goldenA() []satisfaction.Response {
	return expand(29, [][3]int{{18, 11, 0}, {14, 15, 0}, {15, 12, 2}, {29, 0, 0}, {15, 14, 0}, {18, 11, 0}, {19, 10, 0}, {18, 11, 0}, {28, 1, 0}})
}

func TestGoldenA_D5(t *testing.T) {
	for _, c := range []struct {
		weights      satisfaction.Weights
		four, two, w string
	}{
		{satisfaction.WeightExact, "91.4751", "91.48", "exact"},
		{satisfaction.WeightRounding(4), "91.4659", "91.47", "rounded:4"},
		{satisfaction.WeightRounding(3), "91.3836", "91.38", "rounded:3"},
		{satisfaction.WeightRounding(2), "90.5603", "90.56", "rounded:2"},
	} {
		x, ps := satisfaction.Measure(instrument(9, c.weights), goldenA(), nil)
		require.Empty(t, ps)
		require.Equal(t, c.four, x.Exact().FloatString(4))
		require.Equal(t, c.two, strconv.FormatFloat(x.Rounded, 'f', 2, 64))
		require.Equal(t, "A", x.Class.Code)
		require.Equal(t, c.w, x.Weights, "the result names its policy")
		require.Equal(t, 29, x.Value.N)
	}
	x, _ := satisfaction.Measure(instrument(9, satisfaction.WeightExact), goldenA(), nil)
	require.Zero(t, x.Exact().Cmp(big.NewRat(25*955, 261)))
	require.InDelta(t, 91.4750957854406, x.Value.Value, 1e-12)
	sums, nrr := []int64{105, 101, 100, 116, 102, 105, 106, 105, 115}, []string{"3.6207", "3.4828", "3.4483", "4.0000", "3.5172", "3.6207", "3.6552", "3.6207", "3.9655"}
	for i, e := range x.Elements {
		require.Equal(t, sums[i], e.Sum)
		require.Equal(t, 29, e.N)
		require.Equal(t, nrr[i], strconv.FormatFloat(e.NRR, 'f', 4, 64))
	}
}

// goldenB is a published survey of 20 sheets and three elements in which
// respondent 17 answered 5 on a scale of 1 to 4.
func goldenB() []satisfaction.Response {
	columns := []string{"44334434444344343444", "44444344434444345244", "33333443232333333333"}
	rs := make([]satisfaction.Response, 20)
	for i := range rs {
		rs[i] = satisfaction.Response{Where: fmt.Sprintf("skm.csv:%d", i+2), Answers: map[satisfaction.Code]int{}}
		for e, c := range columns {
			rs[i].Answers[code(e)] = int(c[i] - '0')
		}
	}
	return rs
}

func TestGoldenB_D6(t *testing.T) {
	_, ps := satisfaction.Measure(instrument(3, satisfaction.WeightExact), goldenB(), nil)
	require.Len(t, ps, 1)
	require.Error(t, ps.Err())
	require.Equal(t, "skm-answer-off-scale", ps[0].Code)
	require.Equal(t, "skm.csv:18:U2", ps[0].Where, "respondent 17 is on line 18")
	require.Equal(t, "5", ps[0].Value)
	require.Contains(t, ps[0].Msg, "1..4")

	for _, c := range []struct {
		policy         satisfaction.OffScale
		rounded, exact string
		n2, n          int
	}{
		{satisfaction.Keep, "86.63", "87.50", 20, 20},
		{satisfaction.DropAnswer, "86.10", "86.97", 19, 20},
		{satisfaction.DropRespondent, "86.41", "87.28", 19, 19},
	} {
		for _, w := range []struct {
			weights satisfaction.Weights
			want    string
		}{{satisfaction.WeightRounding(2), c.rounded}, {satisfaction.WeightExact, c.exact}} {
			x, ps := satisfaction.Measure(instrument(3, w.weights), goldenB(), &satisfaction.Options{OffScale: c.policy})
			require.NoError(t, ps.Err())
			require.True(t, ps.Has("skm-answer-off-scale"), "what was done is said")
			require.Equal(t, w.want, strconv.FormatFloat(x.Rounded, 'f', 2, 64), c.policy)
			require.Equal(t, "B", x.Class.Code)
			require.Equal(t, c.n2, x.Elements[1].N)
			require.Equal(t, 1, x.Elements[1].OffScale)
			require.Equal(t, c.n, x.Respondents)
			require.Equal(t, c.policy, x.OffScale)
		}
	}
	x, _ := satisfaction.Measure(instrument(3, satisfaction.WeightRounding(2)), goldenB(), &satisfaction.Options{OffScale: satisfaction.Keep})
	require.Zero(t, x.Exact().Cmp(big.NewRat(86625, 1000)), "exactly on the half")
	for i, sum := range []int64{74, 76, 60} {
		require.Equal(t, sum, x.Elements[i].Sum)
	}
}

func TestOrderOfElementsDoesNotMatter_D7(t *testing.T) {
	in := instrument(9, satisfaction.WeightExact)
	a, ps := satisfaction.Measure(in, goldenA(), nil)
	require.Empty(t, ps)
	in.Elements[7], in.Elements[8] = in.Elements[8], in.Elements[7]
	b, ps := satisfaction.Measure(in, goldenA(), nil)
	require.Empty(t, ps)
	require.Zero(t, a.Exact().Cmp(b.Exact()))
	require.Equal(t, a.Elements[7], b.Elements[8])
	require.Equal(t, a.Elements[8], b.Elements[7])
}

func TestWeights_D11(t *testing.T) {
	for name, w := range map[string]satisfaction.Weights{
		"zero":     satisfaction.WeightGiven(map[satisfaction.Code]float64{"U1": 1, "U2": 0}),
		"missing":  satisfaction.WeightGiven(map[satisfaction.Code]float64{"U1": 1}),
		"none":     satisfaction.WeightGiven(nil),
		"negative": satisfaction.WeightGiven(map[satisfaction.Code]float64{"U1": 1.5, "U2": -0.5}),
		"sum":      satisfaction.WeightGiven(map[satisfaction.Code]float64{"U1": 0.5, "U2": 0.53}),
		"rounds":   satisfaction.WeightRounding(0),
	} {
		k := 2
		if name == "rounds" {
			k = 3 // 1/3 rounds to 0
		}
		ps := instrument(k, w).Validate()
		require.True(t, ps.Has("weight"), name)
		x, ps := satisfaction.Measure(instrument(k, w), []satisfaction.Response{{Answers: map[satisfaction.Code]int{"U1": 3, "U2": 4, "U3": 4}}}, nil)
		require.Nil(t, x, name)
		require.Error(t, ps.Err(), name)
	}
	ps := instrument(2, satisfaction.WeightGiven(map[satisfaction.Code]float64{"U1": 0.5, "U2": 0.5, "U3": 0.1})).Validate()
	require.True(t, ps.Has("unknown-element"))

	x, ps := satisfaction.Measure(instrument(2, satisfaction.WeightGiven(map[satisfaction.Code]float64{"U1": 0.7, "U2": 0.3})),
		[]satisfaction.Response{{Answers: map[satisfaction.Code]int{"U1": 3, "U2": 4}}}, nil)
	require.Empty(t, ps)
	require.Zero(t, x.Exact().Cmp(big.NewRat(825, 10)), "25·(0.7·3 + 0.3·4), exactly")
}

func TestEdgesOfClasses(t *testing.T) {
	// 76.605 rounds to 76.61 and is B; 76.604 rounds to 76.60 and is C.
	require.Equal(t, "B", class(t, 76.605))
	require.Equal(t, "C", class(t, 76.604))
}

func class(t *testing.T, x float64) string {
	t.Helper()
	b, ok := classes.Class(x)
	require.True(t, ok)
	return b.Code
}

func TestKrejcieMorgan(t *testing.T) {
	for n, want := range map[int]int{10: 10, 20: 19, 30: 28, 50: 44, 100: 80, 150: 108, 200: 132, 300: 169, 500: 217, 750: 254,
		1000: 278, 1500: 306, 2000: 322, 3000: 341, 5000: 357, 10000: 370, 20000: 377, 50000: 381, 75000: 382, 1000000: 384} {
		require.Equal(t, want, satisfaction.KrejcieMorgan(n), n)
	}
	require.Zero(t, satisfaction.KrejcieMorgan(0))
	require.Zero(t, satisfaction.KrejcieMorgan(-5))
	require.Equal(t, 1, satisfaction.KrejcieMorgan(1))
}

func TestJSONKeys(t *testing.T) {
	x, _ := satisfaction.Measure(instrument(3, satisfaction.WeightExact), goldenB(), &satisfaction.Options{OffScale: satisfaction.DropAnswer})
	data, err := json.Marshal(x)
	require.NoError(t, err)
	var m map[string]any
	require.NoError(t, json.Unmarshal(data, &m))
	for _, k := range []string{"instrument", "value", "rounded", "class", "weights", "off_scale", "respondents", "elements"} {
		require.Contains(t, m, k)
	}
	e := m["elements"].([]any)[0].(map[string]any)
	for _, k := range []string{"code", "n", "missing", "off_scale", "sum", "nrr", "weight", "weighted"} {
		require.Contains(t, e, k)
	}
	require.Equal(t, "drop-answer", m["off_scale"])
}

func ExampleMeasure() {
	in := satisfaction.Instrument{
		ID: "counter", Min: 1, Max: 4,
		Elements: []satisfaction.Element{{Code: "TIME"}, {Code: "COST"}},
	}
	x, ps := satisfaction.Measure(in, []satisfaction.Response{
		{Answers: map[satisfaction.Code]int{"TIME": 3, "COST": 4}},
		{Answers: map[satisfaction.Code]int{"TIME": 4, "COST": 4}},
		{Answers: map[satisfaction.Code]int{"TIME": 2}}, // did not judge the cost
		{Answers: map[satisfaction.Code]int{"TIME": 3, "COST": 3}},
	}, nil)
	if err := ps.Err(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(x.Value)
	for _, e := range x.Elements {
		fmt.Printf("%s %.2f from %d answers, %d missing\n", e.Code, e.NRR, e.N, e.Missing)
	}
	// Output:
	// 83.33 (95 % CI 60.15 to 100, n = 4)
	// TIME 3.00 from 4 answers, 0 missing
	// COST 3.67 from 3 answers, 1 missing
}

func ExampleWeightRounding() {
	// A report of a past year that weighed nine elements 0.11 each.
	for _, w := range []satisfaction.Weights{satisfaction.WeightExact, satisfaction.WeightRounding(2)} {
		x, _ := satisfaction.Measure(instrument(9, w), goldenA(), nil)
		fmt.Println(w, x.Rounded)
	}
	// Output:
	// exact 91.48
	// rounded:2 90.56
}

func ExampleKrejcieMorgan() {
	fmt.Println(satisfaction.KrejcieMorgan(1000), "of 1000 people served")
	// Output: 278 of 1000 people served
}

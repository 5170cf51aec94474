package triangulation_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/ref"
	"github.com/bangkom/bangkom/needs/triangulation"
	"github.com/bangkom/bangkom/stats/agreement"
)

func five(name string, weight float64) triangulation.Source {
	return triangulation.Source{Name: name, Worst: 1, Best: 5, Steps: 5, Weight: weight}
}

func combine(t *testing.T, ratings []triangulation.Rating, sources []triangulation.Source, o *triangulation.Options) *triangulation.Result {
	t.Helper()
	r, err := triangulation.Combine(ratings, sources, o)
	require.NoError(t, err)
	_, err = json.Marshal(r)
	require.NoError(t, err)
	return r
}

func rate(person, item, source, rater string, v float64) triangulation.Rating {
	return triangulation.Rating{Person: person, Item: item, Source: source, Rater: rater, Value: v}
}

// Weights .2, .5, .3 and values 4, 3, missing: 2.3/.7 of 1..5, with a coverage of .7.
func TestCompositeAndCoverage(t *testing.T) {
	sources := []triangulation.Source{five("self", .2), five("superior", .5), five("peer", .3)}
	ratings := []triangulation.Rating{rate("a", "x", "self", "", 4), rate("a", "x", "superior", "", 3), rate("a", "x", "peer", "", math.NaN())}
	c := combine(t, ratings, sources, nil).Cells[0]
	require.InDelta(t, 3.28571428571, 1+4**c.Score, 1e-11)
	require.InDelta(t, .7, c.Coverage, 1e-15)
	require.Equal(t, map[string]float64{"self": .75, "superior": .5}, c.Values)

	require.Nil(t, combine(t, ratings, sources, &triangulation.Options{MinCoverage: .8}).Cells[0].Score, "too little of the weight is there")
	for i := range sources {
		sources[i].Weight = 0
	}
	r := combine(t, ratings, sources, nil)
	require.Nil(t, r.Cells[0].Score, "no weights, no score")
	require.Equal(t, "no-weights", r.Problems[0].Code)
}

// Raters of one source are averaged first: three peers are not three sources.
func TestRatersAreOneSource(t *testing.T) {
	c := combine(t, []triangulation.Rating{rate("a", "x", "self", "", 5), rate("a", "x", "peer", "1", 1), rate("a", "x", "peer", "2", 2), rate("a", "x", "peer", "3", 3)},
		[]triangulation.Source{five("self", 1), five("peer", 1)}, nil).Cells[0]
	require.InDelta(t, 3.5, 1+4**c.Score, 1e-12)
	require.True(t, c.Disagrees)
}

// Complaints count per so much exposure, and fewer are better; a test counts in
// points. What does not fit is listed and not used.
func TestScales(t *testing.T) {
	sources := []triangulation.Source{
		{Name: "complaints", Worst: 20, Best: 0, Rate: 1000, Weight: 1},
		{Name: "test", Worst: 0, Best: 100, Weight: 1},
	}
	r := combine(t, []triangulation.Rating{
		{Person: "a", Item: "service", Source: "complaints", Value: 3, Exposure: 600}, // 5 per thousand
		{Person: "a", Item: "service", Source: "test", Value: 70},
		{Person: "b", Item: "service", Source: "complaints", Value: 30, Exposure: 1000}, // beyond the worst
		{Person: "b", Item: "service", Source: "complaints", Value: 2},                  // of how many cases?
		{Person: "b", Item: "service", Source: "test", Value: 101},
		{Person: "b", Item: "service", Source: "test", Value: math.Inf(1)},
		{Person: "c", Item: "service", Source: "rumour", Value: 1},
		{Person: "", Item: "service", Source: "test", Value: 1},
		{Person: "a", Item: "service", Source: "test", Value: 71},
	}, sources, nil)
	require.Equal(t, map[string]float64{"complaints": .75, "test": .7}, r.Cells[0].Values)
	require.Equal(t, map[string]float64{"complaints": 0}, r.Cells[1].Values)
	var codes []string
	for _, p := range r.Problems {
		if p.Severity != bangkom.Note {
			codes = append(codes, p.Code)
		}
	}
	require.Equal(t, []string{"no-exposure", "off-scale", "not-finite", "unknown-source", "empty-cell", "duplicate-rating", "beyond-scale"}, codes)
}

// The same in any order of the ratings, to the last bit.
func TestOrderDoesNotMatter(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	ratings := panel(rng, 40, 5, 1)
	want, _ := json.Marshal(combine(t, ratings, sources360, nil))
	for range 3 {
		rng.Shuffle(len(ratings), func(i, j int) { ratings[i], ratings[j] = ratings[j], ratings[i] })
		got, _ := json.Marshal(combine(t, ratings, sources360, nil))
		require.Equal(t, string(want), string(got))
	}
}

var sources360 = []triangulation.Source{five("self", 1), five("superior", 2), five("peer", 1)}

// panel rates people on items; the self is milder by a level, and a share of
// the judgement of an item is a judgement of the person.
func panel(rng *rand.Rand, people, items int, halo float64) []triangulation.Rating {
	var out []triangulation.Rating
	level := func(x float64) float64 { return min(5, max(1, math.Round(x))) }
	for p := range people {
		able := rng.NormFloat64()
		skill := make([]float64, items)
		for i := range skill {
			skill[i] = 3 + able*.6 + rng.NormFloat64()*.6
		}
		for _, who := range []struct {
			source, rater string
			bias          float64
		}{{"self", "", 1}, {"superior", "", 0}, {"peer", "m", .8}, {"peer", "s", -.8}} {
			of := rng.NormFloat64() * halo
			for i := range items {
				out = append(out, rate(fmt.Sprint("p", p), fmt.Sprint("i", i), who.source, who.rater, level(skill[i]+who.bias+of+rng.NormFloat64()*.4)))
			}
		}
	}
	return out
}

func TestLeniencyAndHalo(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 5))
	plain, haloed := combine(t, panel(rng, 300, 6, 0), sources360, nil), combine(t, panel(rng, 300, 6, 1), sources360, nil)
	require.Equal(t, "self", plain.Raters[0].Source, "the mildest")
	require.Equal(t, "m", plain.Raters[1].Rater)
	require.Equal(t, "s", plain.Raters[3].Rater)
	require.Greater(t, plain.Raters[0].Mean, plain.Raters[3].Mean+.25)
	require.Equal(t, 1800, plain.Raters[0].Cells)

	self := plain.Between[0]
	require.Equal(t, []string{"self", "superior"}, []string{self.A, self.B})
	require.Greater(t, self.Difference.Estimate.CI.Lo, .1, "a quarter of the scale is a level; the ceiling takes some")
	require.Equal(t, 300, self.Difference.Estimate.N, "people, not cells")
	require.NotNil(t, self.Kappa)
	require.NotNil(t, plain.Overall)
	require.NotNil(t, plain.ICC)

	a, b := plain.Sources[2].Halo, haloed.Sources[2].Halo
	require.InDelta(t, a.Within, *a.Between, .1, "items are judged apart: who judges the second does not matter")
	require.Greater(t, b.Within, *b.Between+.2)
	require.Greater(t, b.FirstShare, a.FirstShare)
	require.NotNil(t, plain.Sources[2].Alpha)
	require.NotNil(t, plain.Sources[2].RWG)
	require.Nil(t, plain.Sources[0].Alpha, "one rater each")
}

// Three raters of one level, one of another: r_wg of 3 4 4 5 is 2/3.
func TestRWG(t *testing.T) {
	var ratings []triangulation.Rating
	for i, v := range []float64{3, 4, 4, 5} {
		ratings = append(ratings, rate("a", "x", "peer", fmt.Sprint(i), v))
	}
	r := combine(t, ratings, []triangulation.Source{five("peer", 1)}, nil)
	require.InDelta(t, 2./3, *r.Sources[0].RWG, 1e-12)
}

// Marks are listed; nobody is left out unless that is asked for.
func TestStraightLine(t *testing.T) {
	var ratings []triangulation.Rating
	for i := range 6 {
		ratings = append(ratings, rate("a", fmt.Sprint(i), "self", "", 4), rate("a", fmt.Sprint(i), "peer", "1", float64(1+i%5)))
	}
	sources := []triangulation.Source{five("self", 1), five("peer", 1)}
	r := combine(t, ratings, sources, nil)
	require.Equal(t, []triangulation.Straight{{Person: "a", Source: "self", Items: 6, Value: 4}}, r.Straight)
	require.Zero(t, r.Dropped)
	require.Len(t, r.Cells[0].Values, 2)
	r = combine(t, ratings, sources, &triangulation.Options{DropStraight: true})
	require.Equal(t, 1, r.Dropped)
	require.Len(t, r.Cells[0].Values, 1)
	require.Empty(t, combine(t, ratings, sources, &triangulation.Options{Straight: 7}).Straight)
}

func TestCombineRefuses(t *testing.T) {
	for _, s := range [][]triangulation.Source{nil, {five("a", -1)}, {five("", 1)}, {five("a", 1), five("a", 1)}, {{Name: "a", Worst: 2, Best: 2}}, {{Name: "a", Best: 1, Steps: 1}}} {
		_, err := triangulation.Combine(nil, s, nil)
		require.Error(t, err)
	}
	_, err := triangulation.Combine(nil, []triangulation.Source{five("a", 1)}, &triangulation.Options{MinCoverage: 2})
	require.ErrorIs(t, err, bangkom.ErrOption)
	r := combine(t, nil, []triangulation.Source{five("a", 1), five("b", 1)}, nil)
	require.Empty(t, r.Cells)
}

// Ability was overestimated before: the gain before and after hides it.
func TestShift(t *testing.T) {
	pre, then, post := []float64{4, 3, 4, 5, math.NaN()}, []float64{2, 2, 3, 3, 2}, []float64{4, 4, 4, 5, 4}
	r, err := triangulation.Shift(pre, then, post, nil)
	require.NoError(t, err)
	require.Equal(t, triangulation.Both, r.Design)
	require.InDelta(t, .25, r.Gain.Estimate.Value, 1e-15)
	require.Equal(t, 4, r.Gain.Estimate.N)
	require.InDelta(t, 1.8, r.ThenGain.Estimate.Value, 1e-15)
	require.InDelta(t, 1.5, r.Shift.Estimate.Value, 1e-15)

	r, err = triangulation.Shift(nil, then, post, nil)
	require.NoError(t, err)
	require.Equal(t, triangulation.ThenTest, r.Design)
	require.Nil(t, r.Gain)
	r, err = triangulation.Shift(pre, nil, pre, nil)
	require.NoError(t, err)
	require.Equal(t, triangulation.PrePost, r.Design)
	require.Nil(t, r.Gain, "nobody changed")
	require.Equal(t, "no-variation", r.Problems[0].Code)
	_, err = triangulation.Shift(nil, nil, post, nil)
	require.ErrorIs(t, err, bangkom.ErrShape)
	_, err = triangulation.Shift(pre[:2], nil, post, nil)
	require.Error(t, err)
}

// Four kinds of evidence about two people, on one scale.
func ExampleCombine() {
	r, err := triangulation.Combine([]triangulation.Rating{
		{Person: "ani", Item: "service", Source: "self", Value: 5},
		{Person: "ani", Item: "service", Source: "superior", Value: 3},
		{Person: "ani", Item: "service", Source: "complaints", Value: 9, Exposure: 600},
		{Person: "budi", Item: "service", Source: "self", Value: 4},
		{Person: "budi", Item: "service", Source: "superior", Value: 4},
	}, []triangulation.Source{
		{Name: "self", Worst: 1, Best: 5, Steps: 5, Weight: 0.2},
		{Name: "superior", Worst: 1, Best: 5, Steps: 5, Weight: 0.5},
		{Name: "complaints", Worst: 20, Best: 0, Rate: 1000, Weight: 0.3}, // per thousand cases
	}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range r.Cells {
		fmt.Printf("%s %s: %.3f, coverage %.1f, %v, disagree %v\n", c.Person, c.Item, *c.Score, c.Coverage, c.Values, c.Disagrees)
	}
	// Output:
	// ani service: 0.525, coverage 1.0, map[complaints:0.25 self:1 superior:0.5], disagree true
	// budi service: 0.750, coverage 0.7, map[self:0.75 superior:0.75], disagree false
}

// A small panel against numpy.
func TestPanelReference(t *testing.T) {
	var want struct {
		Ratings         map[string][][]float64
		Within, Between float64
		FirstShare      float64 `json:"first_share"`
		Leniency        map[string]float64
	}
	ref.Load(t, "panel", &want)
	var ratings []triangulation.Rating
	for rater, people := range want.Ratings {
		for p, items := range people {
			for i, v := range items {
				ratings = append(ratings, rate(fmt.Sprint("p", p), fmt.Sprint("i", i), "peer", rater, v))
			}
		}
	}
	r := combine(t, ratings, []triangulation.Source{five("peer", 1)}, nil)
	h := r.Sources[0].Halo
	ref.Close(t, "within", want.Within, h.Within, 1e-12)
	ref.Close(t, "between", want.Between, *h.Between, 1e-12)
	ref.Close(t, "first share", want.FirstShare, h.FirstShare, 1e-12)
	for _, l := range r.Raters {
		ref.Close(t, l.Rater, want.Leniency[l.Rater], l.Mean, 1e-12)
	}
}

// Two programs print an "ordinal alpha" of the same ratings, and differ: one by
// Krippendorff's ordinal metric, one by Gwet's ordinal weights. Here they have
// two names, and both are reproduced.
func TestOrdinalWeightsAreNamed(t *testing.T) {
	x := math.NaN()
	ratings := [][]float64{
		{1, 2, 3, 3, 2, 1, 4, 1, 2, x, x, x}, {1, 2, 3, 3, 2, 2, 4, 1, 2, 5, x, 3},
		{x, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, x}, {1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, x},
	}
	metric, err := agreement.Krippendorff(ratings, agreement.Ordinal, nil)
	require.NoError(t, err)
	require.InDelta(t, .815387503755, metric.Value, 1e-12)
	pairs := func(n float64) float64 { return n * (n - 1) / 2 }
	weights, err := agreement.Krippendorff(ratings, agreement.Custom, &agreement.Options{Distance: func(a, b float64) float64 { return pairs(math.Abs(a-b)+1) / pairs(5) * min(1, math.Abs(a-b)) }})
	require.NoError(t, err)
	require.InDelta(t, .833638025594, weights.Value, 1e-12)
	require.NotEqual(t, metric.Method, weights.Method)
}

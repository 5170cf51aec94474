package evaluation_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/evaluation"
	"github.com/bangkom/bangkom/evaluation/satisfaction"
	"github.com/bangkom/bangkom/program"
)

var update = flag.Bool("update", false, "write golden files")

// study is a small study of two offerings with a comparison group; its
// numbers are checked by hand or by R below.
func study() evaluation.Study {
	s := evaluation.Study{Title: "2026", Design: evaluation.Design{Assignment: evaluation.ByNeed, MonthsAfter: 6}}
	before := []float64{55, 62, 48, 70, 66, 59, 51, 64}
	after := []float64{63, 70, 60, 72, 75, 61, 66, math.NaN()}
	for i := range before {
		p := competency.PersonID(fmt.Sprintf("p%d", i))
		o := program.OfferingID("L1")
		if i >= 6 {
			o = "L2"
		}
		s.Participants = append(s.Participants, evaluation.Participation{Person: p, Offering: o})
		s.Tests = append(s.Tests, evaluation.TestScore{Person: p, Offering: o, Before: before[i], After: after[i]})
		s.Behaviour = append(s.Behaviour, rating(string(p), string(o), competency.Superior, 2, 2+i%3), rating(string(p), string(o), competency.Self, 2, 4))
	}
	for i, d := range []int{0, 1, 0, 0} {
		p := fmt.Sprintf("x%d", i)
		s.Tests = append(s.Tests, evaluation.TestScore{Person: competency.PersonID(p), Before: 60 + float64(i), After: 61 + float64(2*i)})
		s.Behaviour = append(s.Behaviour, rating(p, "", competency.Superior, 2, 2+d))
	}
	s.Reaction = evaluation.Survey{Items: []string{"content", "trainer"}, Low: 1, High: 5}
	for i, a := range [][]float64{{5, 4}, {4, 4}, {3, 2}, {5, 5}, {4, math.NaN()}} {
		s.Reaction.Rows = append(s.Reaction.Rows, evaluation.Reaction{Person: competency.PersonID(fmt.Sprintf("p%d", i)), Offering: "L1", Answers: a})
	}
	ten, five := bangkom.Rupiah(10_000_000), bangkom.Rupiah(5_000_000)
	s.Costs = []evaluation.Cost{{Offering: "L1", Category: "delivery", Amount: 2_000_000}, {Offering: "L2", Category: "delivery", Amount: 1_000_000}, {Offering: "L1", Category: "design", Amount: 1_000_000}}
	s.Benefits = []evaluation.Benefit{
		{Offering: "L1", Measure: "time", Value: &ten, Isolation: evaluation.Part(0.8), Confidence: evaluation.Part(0.75)},
		{Offering: "L2", Measure: "complaints", Value: &five, Isolation: evaluation.Share{}, Confidence: evaluation.Part(0.5)},
		{Offering: "L1", Measure: "mood"},
	}
	s.Public = public()
	return s
}

func public() *evaluation.PublicSurvey {
	p := &evaluation.PublicSurvey{
		Instrument: satisfaction.Instrument{ID: "q", Min: 1, Max: 4, Elements: []satisfaction.Element{{Code: "TIME"}, {Code: "COST"}}},
		Trained:    []string{"a", "b", "c"},
	}
	for u, name := range []string{"a", "b", "c", "d", "e", "f"} {
		for i := range 5 {
			lift := 0
			if u < 3 && i < 2+u {
				lift = 1
			}
			if u >= 3 && i < u-3 {
				lift = 1
			}
			p.Before = append(p.Before, satisfaction.Response{Unit: name, Answers: map[satisfaction.Code]int{"TIME": 2 + i%2, "COST": 3}})
			p.After = append(p.After, satisfaction.Response{Unit: name, Answers: map[satisfaction.Code]int{"TIME": 2 + i%2 + lift, "COST": 3}})
		}
	}
	return p
}

func evaluate(t testing.TB, s evaluation.Study, opt *evaluation.Options) *evaluation.Report {
	t.Helper()
	r, ps := evaluation.Evaluate(s, opt)
	require.NoError(t, ps.Err())
	return r
}

func TestReaction(t *testing.T) {
	r := evaluate(t, study(), nil).Reaction
	require.InDelta(t, (4.5+4+2.5+5+4)/5, r.Mean.Value, 1e-14)
	require.Equal(t, 5, r.Mean.N)
	require.Equal(t, 3, r.Mean.Missing.Dropped, "three participants did not answer")
	require.Equal(t, 4.0, r.TopBoxFrom)
	require.InDelta(t, 0.8, r.TopBox.Value, 1e-14)
	require.InDelta(t, 5.0/8, r.ResponseRate.Value, 1e-14)
	// Wilson by hand for 5 of 8.
	require.InDelta(t, 0.3057422, r.ResponseRate.CI.Lo, 1e-6)
	require.InDelta(t, 0.8631558, r.ResponseRate.CI.Hi, 1e-6)
	require.Equal(t, 4, r.Alpha.Raw.N)
	require.Equal(t, 1, r.Alpha.Raw.Missing.Dropped)
	require.Equal(t, "trainer", r.Items[1].Item)
	require.Equal(t, 4, r.Items[1].Mean.N)
	require.Equal(t, 1, r.Items[1].TopBox.Missing.Dropped)
	require.Equal(t, 4.5, evaluate(t, study(), &evaluation.Options{TopBox: 5}).Reaction.Mean.Value+0.5)
	require.InDelta(t, 0.2, evaluate(t, study(), &evaluation.Options{TopBox: 5}).Reaction.TopBox.Value, 1e-14)
}

func TestLearning(t *testing.T) {
	l := evaluate(t, study(), nil).Learning
	// R: t.test(c(63,70,60,72,75,61,66), c(55,62,48,70,66,59,51), paired = TRUE)
	require.Equal(t, 7, l.Change.Estimate.N)
	require.InDelta(t, 8, l.Change.Estimate.Value, 1e-13)
	require.InDelta(t, 4.4134183, l.Change.Statistic, 1e-6)
	require.InDelta(t, 0.0045027, l.Change.P, 1e-6)
	require.Equal(t, 1, l.Change.Estimate.Missing.Dropped)
	require.Len(t, l.Effects, 2)
	// R: t.test(c(8,8,12,2,9,2,15), c(1,2,3,4))
	require.InDelta(t, 5.5, l.Difference.Estimate.Value, 1e-13)
	require.InDelta(t, 2.8583943, l.Difference.Statistic, 1e-6)
	require.InDelta(t, 7.3808408, l.Difference.DF, 1e-6)
	require.InDelta(t, 2.5, l.Comparison.Value, 1e-13)
}

func TestBehaviourKeepsSourcesApart(t *testing.T) {
	b := evaluate(t, study(), nil).Behaviour
	require.Len(t, b.Sources, 2)
	require.Equal(t, competency.Superior, b.Sources[0].Source, "superior before self")
	require.Equal(t, competency.Self, b.Sources[1].Source)
	require.InDelta(t, 7.0/8, b.Sources[0].Change.Estimate.Value, 1e-14) // 0 1 2 0 1 2 0 1
	require.InDelta(t, 0.25, b.Sources[0].Comparison.Value, 1e-14)
	require.InDelta(t, 0.625, b.Sources[0].Difference.Estimate.Value, 1e-14)
	require.Nil(t, b.Sources[1].Difference, "nobody of the comparison group rated themselves")
	require.Equal(t, 2.0, b.Sources[1].Change.Estimate.Value, "known, although everybody changed alike")
	require.True(t, b.Sources[1].Change.Estimate.Warnings.Has("no-variation"))

	require.Len(t, b.Agreement, 1)
	g := b.Agreement[0]
	require.Equal(t, 8, g.N)
	require.InDelta(t, 2.0/8, g.Equal.Value, 1e-14)
	require.InDelta(t, 2.875-4, g.Difference.Estimate.Value, 1e-14)
	require.True(t, g.Difference.Estimate.Warnings.Has("sources-disagree"))
}

func TestReturn(t *testing.T) {
	r := evaluate(t, study(), &evaluation.Options{Seed: 1}).Return
	require.Equal(t, bangkom.Rupiah(4_000_000), r.Costs)
	require.Equal(t, []evaluation.CategoryCost{{Category: "delivery", Amount: 3_000_000}, {Category: "design", Amount: 1_000_000}}, r.ByCategory)
	require.InDelta(t, 6_000_000, r.Benefits.Value, 1e-6) // 10 million · 0.8 · 0.75
	require.InDelta(t, 1.5, r.BCR.Value, 1e-12)
	require.InDelta(t, 50, r.Percent.Value, 1e-10)
	require.True(t, r.Percent.Warnings.Has("no-isolation"), "not counted, and said so")
	require.Equal(t, 1, r.Percent.Missing.Dropped)
	require.Equal(t, []string{"mood"}, r.Intangible)
	require.Contains(t, r.Percent.CI.Method, "Monte Carlo")
	require.InDelta(t, 500_000, r.PerPerson.Value, 1e-9)
	require.Equal(t, "superior", r.LevelSource)
	require.InDelta(t, 500_000/0.625, r.PerLevel.Value, 1e-6)
	require.Equal(t, 8, r.PerLevel.N, "participants, without the comparison group")

	// One benefit: the exact quantiles of a symmetric triangle.
	half := 6e6 * 0.25
	exact := half * (1 - math.Sqrt(2*0.025))
	require.InDelta(t, 6e6-exact, r.Benefits.CI.Lo, 0.02*half)
	require.InDelta(t, 6e6+exact, r.Benefits.CI.Hi, 0.02*half)
	require.InDelta(t, half/math.Sqrt(6), r.Benefits.SE, 1e-6)

	again := evaluate(t, study(), &evaluation.Options{Seed: 1}).Return
	require.Equal(t, r.Percent, again.Percent, "one seed, one result")
	other := evaluate(t, study(), &evaluation.Options{Seed: 2}).Return
	require.NotEqual(t, r.Percent.CI, other.Percent.CI)
	bounds := evaluate(t, study(), &evaluation.Options{Bounds: true}).Return
	require.InDelta(t, 6e6-half, bounds.Benefits.CI.Lo, 1e-6)
	require.Contains(t, bounds.Benefits.CI.Method, "bounds")
	require.Equal(t, 1.0, bounds.Benefits.CI.Level, "nothing is outside")
}

// Figures that are printed in the literature on return on investment.
func TestReturnOfPhillips(t *testing.T) {
	for _, c := range []struct {
		benefit, cost bangkom.Rupiah
		bcr, roi      string
	}{{60_000, 20_000, "3.00", "200"}, {1_861_158, 579_800, "3.21", "221"}} {
		r := evaluate(t, evaluation.Study{
			Costs:    []evaluation.Cost{{Offering: "L", Amount: c.cost}},
			Benefits: []evaluation.Benefit{{Offering: "L", Value: &c.benefit, Isolation: evaluation.Part(1), Confidence: evaluation.Part(1)}},
		}, nil).Return
		require.Equal(t, c.bcr, fmt.Sprintf("%.2f", r.BCR.Value))
		require.Equal(t, c.roi, fmt.Sprintf("%.0f", r.Percent.Value))
	}
}

// TestLostRowsTakeTheVerdict: a cost or a benefit that could not be read leaves
// no return, and no claim of one; what does not rest on it stays.
func TestLostRowsTakeTheVerdict(t *testing.T) {
	for _, lost := range []evaluation.Lost{{Costs: 1}, {Benefits: 2}, {Costs: 1, Benefits: 1}} {
		s := study()
		s.Lost = lost
		r := evaluate(t, s, nil)
		require.Equal(t, lost, *r.Return.Lost)
		require.True(t, math.IsNaN(r.Return.Percent.Value) && math.IsNaN(r.Return.BCR.Value))
		require.Zero(t, r.Return.Percent.CI)
		require.Equal(t, lost.Costs > 0, math.IsNaN(r.Return.PerPerson.Value))
		require.Equal(t, lost.Costs > 0, math.IsNaN(r.Return.PerLevel.Value))
		require.Equal(t, lost.Benefits > 0, math.IsNaN(r.Return.Benefits.Value))
		require.False(t, slices.ContainsFunc(r.Claims, func(c evaluation.Claim) bool { return c.About == "return" }))
		var b strings.Builder
		require.NoError(t, r.WriteText(&b, "en"))
		require.Contains(t, b.String(), fmt.Sprintf("The return is not told: %d rows of costs and %d rows of benefits", lost.Costs, lost.Benefits))
	}
	s := evaluation.Study{Lost: evaluation.Lost{Costs: 1}}
	require.NotNil(t, evaluate(t, s, nil).Return, "all costs are lost")
}

// TestOfferingsWithoutCosts: the figures are those of a study of the offerings
// with costs, and the others are named.
func TestOfferingsWithoutCosts(t *testing.T) {
	s := study()
	s.Costs = []evaluation.Cost{s.Costs[0], s.Costs[2]} // of L1
	all, only := evaluate(t, s, nil), evaluate(t, s.Only("L1"), nil)
	require.Equal(t, []program.OfferingID{"L2"}, all.Return.Unpriced)
	require.True(t, all.Return.PerLevel.Warnings.Has("offerings-without-costs"))
	require.Empty(t, only.Return.Unpriced)
	require.Equal(t, only.Return.PerPerson.Value, all.Return.PerPerson.Value)
	require.Equal(t, only.Return.PerLevel.Value, all.Return.PerLevel.Value)
	require.Equal(t, only.Return.Lines, all.Return.Lines)
	require.Equal(t, only.Return.Percent.Value, all.Return.Percent.Value)
	var b strings.Builder
	require.NoError(t, all.WriteText(&b, "id"))
	require.Contains(t, b.String(), "Tanpa biaya, jadi tidak masuk ke ROI dan biaya per level: L2.")
}

// TestBehaviourComparesTheSameCompetencies: what only participants were rated
// in stays out of the difference, and is named.
func TestBehaviourComparesTheSameCompetencies(t *testing.T) {
	s := evaluation.Study{}
	add := func(p, o string, c competency.CompetencyID, before, after int) {
		r := rating(p, o, competency.Superior, before, after)
		r.Competency = c
		s.Behaviour = append(s.Behaviour, r)
	}
	for i, up := range []int{1, 0, 1, 1} {
		p := fmt.Sprint(i)
		add("a"+p, "L1", "KOM", 2, 2+up)
		add("a"+p, "L1", "ARS", 1, 4) // nobody else is rated in it
		add("b"+p, "L2", "ARS", 1, 4)
		add("x"+p, "", "KOM", 2, 2+(1-up))
	}
	r := evaluate(t, s, nil)
	src := r.Behaviour.Sources[0]
	require.Equal(t, []competency.CompetencyID{"ARS"}, src.OneSided)
	require.InDelta(t, 0.5, src.Difference.Estimate.Value, 1e-12, "0.75 − 0.25 in KOM")
	require.Equal(t, 8, src.Change.Estimate.N)
	require.True(t, r.Threats.Has("one-sided-competencies"))

	add("x0", "", "ARS", 1, 1)
	require.True(t, evaluate(t, s, nil).Threats.Has("uneven-competencies"), "2 of 3 ratings against 1 of 5")
}

// TestResultsAlwaysHaveARow: trained units alone are shown as a change, not left out.
func TestResultsAlwaysHaveARow(t *testing.T) {
	s := study()
	for _, r := range [][]satisfaction.Response{s.Public.Before, s.Public.After} {
		for i := range r {
			s.Public.Trained = append(s.Public.Trained, r[i].Unit)
		}
	}
	r := evaluate(t, s, nil)
	require.Nil(t, r.Results.Effect)
	var b strings.Builder
	require.NoError(t, r.WriteText(&b, "en"))
	require.Contains(t, b.String(), "4 Results    change in the satisfaction of the public, trained units (index)")
}

func TestReturnDegenerate(t *testing.T) {
	five := bangkom.Rupiah(5)
	r := evaluate(t, evaluation.Study{Benefits: []evaluation.Benefit{{Offering: "L", Value: &five, Isolation: evaluation.Part(1), Confidence: evaluation.Part(1)}}}, nil).Return
	require.True(t, math.IsNaN(r.BCR.Value))
	require.True(t, r.BCR.Warnings.Has("too-few"))
	require.True(t, math.IsNaN(r.PerPerson.Value), "nobody says who took part")
	require.True(t, r.PerPerson.Warnings.Has("too-few"))

	huge := bangkom.Rupiah(math.MaxInt64 - 1)
	_, ps := evaluation.Evaluate(evaluation.Study{Costs: []evaluation.Cost{{Offering: "L", Amount: huge}, {Offering: "L", Amount: huge}}}, nil)
	require.True(t, ps.Has("amount-overflow"))
	only := evaluate(t, evaluation.Study{Costs: []evaluation.Cost{{Offering: "L", Amount: 5}}}, nil).Return
	require.True(t, math.IsNaN(only.Percent.Value), "money spent, and nothing known of what it brought")
	require.True(t, only.Percent.Warnings.Has("too-few"))
	require.Zero(t, only.Benefits.N)
}

func TestResultsAndClaims(t *testing.T) {
	r := evaluate(t, study(), nil)
	require.NotNil(t, r.Results.Effect)
	require.InDelta(t, r.Results.Trained.Value-r.Results.Others.Value, r.Results.Effect.Estimate.Value, 1e-12)
	about := map[string]evaluation.Claim{}
	for _, c := range r.Claims {
		about[c.About] = c
	}
	require.Equal(t, evaluation.Differed, about["learning"].Strength)
	require.Equal(t, evaluation.Rise, about["learning"].Direction)
	require.Equal(t, evaluation.NoEvidence, about["behaviour/superior"].Direction)
	require.Equal(t, evaluation.Changed, about["behaviour/self"].Strength)
	require.Equal(t, evaluation.Differed, about["results"].Strength)
	require.Equal(t, evaluation.Description, about["return"].Strength)

	lot := study()
	lot.Design.Assignment = evaluation.Randomised
	r = evaluate(t, lot, nil)
	require.Equal(t, evaluation.Caused, r.Claims[0].Strength)
	require.Contains(t, r.Claims[0].Text("en"), "the training raised it")
	require.Contains(t, r.Claims[0].Text("id"), "pelatihan menaikkannya")
}

// Words of cause appear only where people were assigned by lot.
func TestCausalWordsNeedALot(t *testing.T) {
	for _, a := range []evaluation.Assignment{evaluation.Unstated, evaluation.Volunteers, evaluation.ByNeed, evaluation.Matched} {
		s := study()
		s.Design.Assignment = a
		for _, c := range evaluate(t, s, nil).Claims {
			for _, lang := range []string{"en", "id"} {
				text := c.Text(lang)
				for _, word := range []string{"the training raised", "the training lowered", "effect", "menaikkannya", "menurunkannya", "pengaruh"} {
					require.NotContains(t, text, word)
				}
				require.NotContains(t, text, "%!")
			}
		}
	}
}

func TestThreats(t *testing.T) {
	threats := func(s evaluation.Study) []string {
		var out []string
		for _, p := range evaluate(t, s, nil).Threats {
			require.NotEmpty(t, p.Msg)
			require.Equal(t, bangkom.Warning, p.Severity)
			out = append(out, p.Where+":"+p.Code)
		}
		return out
	}
	all := threats(study())
	for _, want := range []string{"learning:selection", "learning:regression-to-mean", "learning:small-n", "behaviour:sources-disagree", "results:few-units", "return:isolation-by-estimate"} {
		require.Contains(t, all, want)
	}
	require.NotContains(t, all, "learning:no-comparison-group")
	require.NotContains(t, all, "learning:attrition", "7 of 8 came back")
	require.NotContains(t, all, "learning:ceiling")

	s := study()
	s.Comparison = []competency.PersonID{} // nobody
	s.Design = evaluation.Design{Assignment: evaluation.Randomised, MonthsAfter: 1}
	for i := range s.Tests {
		if i > 2 {
			s.Tests[i].After = math.NaN()
		} else {
			s.Tests[i].After = 100
		}
	}
	all = threats(s)
	for _, want := range []string{"learning:no-comparison-group", "learning:attrition", "learning:ceiling", "behaviour:no-comparison-group", "behaviour:too-soon"} {
		require.Contains(t, all, want)
	}
	require.NotContains(t, all, "learning:selection")

	s = evaluation.Study{Behaviour: []evaluation.Behaviour{rating("a", "L", competency.Self, 1, 2), rating("b", "L", competency.Self, 1, 3)}}
	all = threats(s)
	require.Contains(t, all, "behaviour:self-report-only")
	require.Contains(t, all, "behaviour:attrition-unknown")

	s = study()
	for i := range s.Tests {
		if s.Tests[i].Offering == "" {
			s.Tests[i].Before, s.Tests[i].After = s.Tests[i].Before+30, s.Tests[i].After+30
		}
	}
	require.Contains(t, threats(s), "learning:unequal-before")
}

func TestOnly(t *testing.T) {
	s := study()
	r := evaluate(t, s.Only("L1"), nil)
	require.Equal(t, []program.OfferingID{"L1"}, r.Offerings)
	require.Equal(t, 6, *r.Participants)
	require.Equal(t, 6, r.Learning.Change.Estimate.N)
	require.NotNil(t, r.Learning.Difference, "the comparison group stays")
	require.Nil(t, r.Results, "no single offering explains the public's satisfaction")
	require.Equal(t, bangkom.Rupiah(3_000_000), r.Return.Costs)
	require.NotNil(t, s.Public, "the study itself is left alone")
	require.Equal(t, []program.OfferingID{"L1", "L2"}, s.All())
}

func TestRowsOfOthersAreLeftOut(t *testing.T) {
	s := study()
	s.Tests = append(s.Tests, evaluation.TestScore{Person: "stranger", Offering: "L1", Before: 0, After: 100},
		evaluation.TestScore{Person: "p0", Before: 0, After: 100}) // a participant is nobody's comparison
	r, ps := evaluation.Evaluate(s, nil)
	require.True(t, ps.Has("not-a-participant"))
	want := evaluate(t, study(), nil)
	x, err := json.Marshal(want.Learning)
	require.NoError(t, err)
	y, err := json.Marshal(r.Learning)
	require.NoError(t, err)
	require.JSONEq(t, string(x), string(y))
}

func TestTheTrainedOfOtherOfferingsAreNoComparison(t *testing.T) {
	s := study()
	s.Tests = append(s.Tests, evaluation.TestScore{Person: "p6", Before: 0, After: 100}) // took L2
	for _, stated := range []bool{true, false} {
		if !stated {
			s.Participants = nil
		}
		require.InDelta(t, 2.5, evaluate(t, s.Only("L1"), nil).Learning.Comparison.Value, 1e-12)
	}
}

func TestOrderOfRowsDoesNotMatter(t *testing.T) {
	a := study()
	b := study()
	slices.Reverse(b.Tests)
	slices.Reverse(b.Behaviour)
	slices.Reverse(b.Reaction.Rows)
	slices.Reverse(b.Participants)
	slices.Reverse(b.Public.Before)
	x, err := json.Marshal(evaluate(t, a, nil))
	require.NoError(t, err)
	y, err := json.Marshal(evaluate(t, b, nil))
	require.NoError(t, err)
	require.JSONEq(t, trim(string(x)), trim(string(y)))
}

// trim cuts the floats, whose last digits depend on the order of a sum.
func trim(s string) string {
	var v any
	if err := json.Unmarshal([]byte(s), &v); err != nil {
		return s
	}
	var walk func(any) any
	walk = func(v any) any {
		switch x := v.(type) {
		case float64:
			return fmt.Sprintf("%.9g", x)
		case []any:
			for i := range x {
				x[i] = walk(x[i])
			}
		case map[string]any:
			for k := range x {
				x[k] = walk(x[k])
			}
		}
		return v
	}
	out, err := json.Marshal(walk(v))
	if err != nil {
		return s
	}
	return string(out)
}

func TestArgumentsAreLeftAlone(t *testing.T) {
	s := study()
	evaluate(t, s, nil)
	want, got := study(), s
	require.Equal(t, fmt.Sprintf("%v", want.Tests), fmt.Sprintf("%v", got.Tests))
	require.Equal(t, fmt.Sprintf("%v", want.Reaction), fmt.Sprintf("%v", got.Reaction))
	require.Equal(t, want.Behaviour, got.Behaviour)
	require.Equal(t, want.Public, got.Public)
	require.Equal(t, want.Participants, got.Participants)
}

// Whatever is missing, nothing panics, every unknown number says why, and the
// report can be written.
func TestBattery(t *testing.T) {
	nan := math.NaN()
	one := study()
	one.Participants, one.Tests, one.Behaviour = one.Participants[:1], one.Tests[:1], one.Behaviour[:1]
	one.Reaction.Rows = one.Reaction.Rows[:1]
	constant := study()
	for i := range constant.Tests {
		constant.Tests[i].Before, constant.Tests[i].After = 50, 50
	}
	for i := range constant.Behaviour {
		constant.Behaviour[i].After = constant.Behaviour[i].Before
	}
	for i := range constant.Reaction.Rows {
		constant.Reaction.Rows[i].Answers = []float64{5, 5}
	}
	unknownAll := study()
	for i := range unknownAll.Tests {
		unknownAll.Tests[i].Before = nan
	}
	for i := range unknownAll.Behaviour {
		unknownAll.Behaviour[i].Before = evaluation.Grade{}
	}
	for i := range unknownAll.Reaction.Rows {
		unknownAll.Reaction.Rows[i].Answers = []float64{nan, nan}
	}
	infinite := study()
	infinite.Tests[0].After = math.Inf(1)
	ragged := study()
	ragged.Reaction.Rows[0].Answers = []float64{1}
	badPublic := study()
	badPublic.Public = &evaluation.PublicSurvey{}
	nobody := study()
	nobody.Participants = []evaluation.Participation{}
	for name, s := range map[string]evaluation.Study{"empty": {}, "one": one, "constant": constant, "unknown": unknownAll, "infinite": infinite, "ragged": ragged, "nobody": nobody, "public": badPublic} {
		r, ps := evaluation.Evaluate(s, nil)
		require.NotNil(t, r, name)
		data, err := json.Marshal(r)
		require.NoError(t, err, name)
		var v any
		require.NoError(t, json.Unmarshal(data, &v))
		unexplained(t, name, v)
		for _, c := range r.Claims {
			require.NotEmpty(t, c.Text("en"), name)
		}
		if name == "empty" {
			require.Empty(t, ps)
			require.Nil(t, r.Learning)
		}
		if name == "infinite" {
			require.ErrorIs(t, ps.Err(), bangkom.ErrNotFinite)
		}
		if name == "ragged" {
			require.ErrorIs(t, ps.Err(), bangkom.ErrShape)
		}
		if name == "public" {
			require.Error(t, ps.Err())
		}
	}
	for _, o := range []*evaluation.Options{{Level: 2}, {Level: nan}, {Draws: 3}, {Draws: -1}} {
		r, ps := evaluation.Evaluate(study(), o)
		require.Nil(t, r)
		require.ErrorIs(t, ps.Err(), bangkom.ErrOption)
	}
}

// unexplained fails on an estimate that is null without a warning.
func unexplained(t *testing.T, name string, v any) {
	t.Helper()
	switch x := v.(type) {
	case map[string]any:
		if e, ok := x["estimate"]; ok && e == nil {
			require.NotEmpty(t, x["warnings"], "%s: %v", name, x)
		}
		for _, w := range x {
			unexplained(t, name, w)
		}
	case []any:
		for _, w := range x {
			unexplained(t, name, w)
		}
	}
}

// The keys of the report are frozen: programs read them.
func TestJSONKeys(t *testing.T) {
	data, err := json.Marshal(evaluate(t, study(), nil))
	require.NoError(t, err)
	var v any
	require.NoError(t, json.Unmarshal(data, &v))
	paths := map[string]bool{}
	var walk func(string, any)
	walk = func(at string, v any) {
		switch x := v.(type) {
		case map[string]any:
			for k, w := range x {
				paths[at+"/"+k] = true
				walk(at+"/"+k, w)
			}
		case []any:
			for _, w := range x {
				walk(at+"[]", w)
			}
		}
	}
	walk("", v)
	got := strings.Join(slices.Sorted(maps.Keys(paths)), "\n") + "\n"
	golden := filepath.Join("testdata", "report.keys")
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(golden, []byte(got), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}

func ExampleEvaluate() {
	s := evaluation.Study{Design: evaluation.Design{Assignment: evaluation.Volunteers}}
	for i, score := range [][2]float64{{55, 63}, {62, 70}, {48, 60}, {70, 72}, {66, 75}} {
		p := competency.PersonID(fmt.Sprintf("p%d", i))
		s.Participants = append(s.Participants, evaluation.Participation{Person: p, Offering: "L1"})
		s.Tests = append(s.Tests, evaluation.TestScore{Person: p, Offering: "L1", Before: score[0], After: score[1]})
	}
	report, problems := evaluation.Evaluate(s, nil)
	if err := problems.Err(); err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range report.Claims {
		fmt.Println(c.Text("en"))
	}
	for _, t := range report.Threats {
		fmt.Println("but:", t.Msg)
	}
	// Output:
	// test scores: rose after the training; the cause is not known — 7.80 (3.29 – 12.31), n = 5
	// but: nobody else was measured: the change may have any cause
	// but: few people: a change of half a standard deviation may go unseen
}

func ExampleStudy_Only() {
	s := study()
	for _, o := range s.All() {
		r, _ := evaluation.Evaluate(s.Only(o), nil)
		fmt.Println(o, "costs per participant:", bangkom.Rupiah(r.Return.PerPerson.Value))
	}
	// Output:
	// L1 costs per participant: Rp500.000
	// L2 costs per participant: Rp500.000
}

package evaluation_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/evaluation"
	"github.com/bangkom/bangkom/program"
)

// A second year shows the catalogue's gain, which the weight is about, beside
// the one in use until now, which the reason is about.
func TestASecondYearOfLearning(t *testing.T) {
	catalogue := []program.Offering{{ID: "L1", Raises: map[competency.CompetencyID]program.Gain{"INT": {Mean: 1, SE: .3}}}}
	first := evaluation.Observation{Offering: "L1", Competency: "INT", Gain: bangkom.Estimate{Value: .6, SE: .15, N: 30}}
	second := evaluation.Observation{Offering: "L1", Competency: "INT", Gain: bangkom.Estimate{Value: .9, SE: .15, N: 30}}
	last, _ := evaluation.Learn(catalogue, []evaluation.Observation{first}, nil)
	_, changes := evaluation.Learn(catalogue, []evaluation.Observation{first, second}, nil)
	c := changes[0]
	require.Equal(t, evaluation.ObservedLess, c.Reason, "less than the catalogue says")

	now := c.Since(last[0].Raises["INT"])
	require.Greater(t, now.New.Mean, now.Last.Mean)
	require.Equal(t, evaluation.ObservedMore, now.Reason, "more than was thought after the first year")
	require.Equal(t, c.Old, now.Old)
	require.InDelta(t, now.New.Mean, now.Old.Mean+now.Weight*(now.Observed.Value-now.Old.Mean), 1e-12, "the row agrees with itself")
	require.Contains(t, now.String(), "observed-more")
	require.Nil(t, c.Since(c.Old).Last, "the first year")

	var b strings.Builder
	require.NoError(t, evaluation.WriteChanges(&b, []evaluation.Change{now}, "en"))
	require.Contains(t, b.String(), "Used until now")
	b.Reset()
	require.NoError(t, evaluation.WriteChanges(&b, changes, "id"))
	require.NotContains(t, b.String(), "Dipakai tahun lalu")
}

// The report of nothing says so, and what n counts is said where it is not people.
func TestReportWords(t *testing.T) {
	var b strings.Builder
	require.NoError(t, (&evaluation.Report{}).WriteText(&b, "id"))
	require.Equal(t, "  Tidak ada yang dapat dinilai.\n", b.String())

	value := bangkom.Rupiah(500)
	s := evaluation.Study{
		Participants: []evaluation.Participation{{Person: "p", Offering: "L1"}, {Person: "q", Offering: "L1"}},
		Tests:        []evaluation.TestScore{{Person: "p", Offering: "L1", Before: 50, After: 70}, {Person: "q", Offering: "L1", Before: 40, After: 70}},
		Costs:        []evaluation.Cost{{Offering: "L1", Amount: 1000}},
		Benefits:     []evaluation.Benefit{{Offering: "L1", Measure: "waktu", Value: &value, Isolation: evaluation.Share{Value: 1, Known: true}, Confidence: evaluation.Share{Value: .9, Known: true}}},
	}
	r, _ := evaluation.Evaluate(s, nil)
	b.Reset()
	require.NoError(t, r.WriteText(&b, "id"))
	require.Contains(t, b.String(), "1 manfaat")
	require.Contains(t, b.String(), "n = 1 manfaat")
	require.Contains(t, b.String(), "Hedges g_av, rata-rata sesudah − sebelum")
	require.Contains(t, b.String(), "tidak ada kelompok pembanding; ")
	require.NotContains(t, b.String(), "no-comparison-group")
}

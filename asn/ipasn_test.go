package asn_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/asn"
)

func score(x float64) *float64 { return &x }

func done(kind string, year int, jp int) asn.TrainingDone {
	return asn.TrainingDone{Kind: kind, Last: bangkom.MustDate(year, 7, 1), JP: bangkom.JP(jp) * bangkom.OneJP}
}

// The checks of the design (asn-rules §3), by hand.
func TestIndexOfProfessionalismChecks(t *testing.T) {
	both := []asn.TrainingDone{done(asn.Technical, 2026, 20), done(asn.Seminar, 2026, 4)}
	for name, c := range map[string]struct {
		career asn.Career
		want   float64
		class  string
	}{
		"staff, S1, both trainings":   {asn.Career{Education: "S1", Group: asn.Staff, Trainings: both, Performance: score(80)}, 85, "tinggi"},
		"functional, S1, no seminar":  {asn.Career{Education: "S-1", Group: asn.Functional, Trainings: []asn.TrainingDone{done(asn.Functional, 2019, 40), done(asn.Technical, 2026, 20)}, Performance: score(95)}, 80, "sedang"},
		"supervisor without training": {asn.Career{Education: "S2", Group: asn.Structural, Trainings: both, Performance: score(90)}, 75, "sedang"},
		"the printed gap":             {asn.Career{Education: "S2", Group: asn.Staff, Trainings: both[:1], Performance: score(76), Sanctions: []asn.Sanction{{Weight: "light", Date: bangkom.MustDate(2024, 1, 1)}}}, 70.5, "rendah"},
	} {
		got, ps := asn.On(day).Professionalism(c.career, asn.IPASN2019, asn.LowerBound)
		require.Empty(t, ps, name)
		require.Equal(t, c.want, got.Total, name)
		require.Equal(t, c.class, got.Class.Code, name)
		require.Equal(t, []string{"id/ipasn-2019"}, got.Rules, name)
		require.Equal(t, c.want == 70.5, got.Warnings.Has("between-classes"), name)
	}
}

// D1: a performance of 50.5 has the points of exactly one row.
func TestD1PerformanceBetweenRows(t *testing.T) {
	for edge, want := range map[asn.Edge]float64{asn.LowerBound: 1, asn.RoundHalfUp: 5} {
		got, ps := asn.On(day).Professionalism(asn.Career{Education: "S1", Group: asn.Staff, Performance: score(50.5)}, asn.IPASN2019, edge)
		require.Empty(t, ps)
		require.Equal(t, 15+want+5, got.Total)
		require.True(t, got.Warnings.Has("between-classes"))
	}
}

// D2: every score has exactly one class; in a printed gap the edge decides and
// a warning says so. The counts of the gaps are those of the design.
func TestD2EveryScoreHasOneClass(t *testing.T) {
	ways := map[float64]int{}
	for _, education := range []string{"S3", "S2", "S1", "D3", "SMA", "SD"} {
		for mask := range 4 {
			var trainings []asn.TrainingDone
			if mask&1 > 0 {
				trainings = append(trainings, done(asn.Technical, 2026, 20))
			}
			if mask&2 > 0 {
				trainings = append(trainings, done(asn.Seminar, 2026, 4))
			}
			for _, p := range []*float64{nil, score(50), score(60), score(75), score(90), score(100)} {
				for _, w := range []string{"", "light", "medium", "heavy"} {
					c := asn.Career{Education: education, Group: asn.Staff, Trainings: trainings, Performance: p}
					if w != "" {
						c.Sanctions = []asn.Sanction{{Weight: w, Date: day}}
					}
					low, ps := asn.On(day).Professionalism(c, asn.IPASN2019, asn.LowerBound)
					require.Empty(t, ps)
					require.NotEmpty(t, low.Class.Code)
					high, _ := asn.On(day).Professionalism(c, asn.IPASN2019, asn.RoundHalfUp)
					gap := low.Warnings.Has("between-classes")
					require.Equal(t, gap, low.Class.Code != high.Class.Code, "%v", low.Total)
					if gap {
						ways[low.Total]++
					}
				}
			}
		}
	}
	require.Equal(t, map[float64]int{60.5: 6, 70.5: 4, 80.5: 1}, ways)
}

func TestWindowsAtBothEdges(t *testing.T) {
	points := func(kind, group string, last bangkom.Date) float64 {
		x, ps := asn.On(day).Professionalism(asn.Career{Education: "SD", Group: group, Trainings: []asn.TrainingDone{{Kind: kind, Last: last, JP: 20 * bangkom.OneJP}}}, asn.IPASN2019, asn.LowerBound)
		require.Empty(t, ps)
		return x.Total - 1 - 5
	}
	require.Equal(t, 22.5, points(asn.Technical, asn.Staff, bangkom.MustDate(2025, 7, 1)), "a year ago to the day")
	require.Zero(t, points(asn.Technical, asn.Staff, bangkom.MustDate(2025, 6, 30)))
	require.Equal(t, 15.0, points(asn.Technical, asn.Structural, bangkom.MustDate(2015, 6, 30)), "no window is known outside staff")
	require.Equal(t, 10.0, points(asn.Seminar, asn.Structural, bangkom.MustDate(2024, 7, 1)))
	require.Zero(t, points(asn.Seminar, asn.Structural, bangkom.MustDate(2024, 6, 30)))
	require.Zero(t, points(asn.Seminar, asn.Structural, day.AddDays(1)), "not done yet")
}

func TestIndexRefusesWhatItDoesNotKnow(t *testing.T) {
	for code, c := range map[string]asn.Career{
		"unknown-education": {Education: "?", Group: asn.Staff},
		"unknown-group":     {Education: "S1", Group: "lain"},
		"unknown-sanction":  {Education: "S1", Group: asn.Staff, Sanctions: []asn.Sanction{{Weight: "berat sekali", Date: day}}},
		"off-scale":         {Education: "S1", Group: asn.Staff, Performance: score(101)},
	} {
		x, ps := asn.On(day).Professionalism(c, asn.IPASN2019, asn.LowerBound)
		require.Nil(t, x)
		require.True(t, ps.Has(code), "%s: %v", code, ps)
	}
	_, ps := asn.On(day).Professionalism(asn.Career{Education: "S1", Group: asn.Staff, Predicate: "sangat-baik"}, asn.IPASN2024, asn.LowerBound)
	require.True(t, ps.Has("incomplete-rules"))
}

// With an agency's own rows the version of 2024 can be scored, and says whose they are.
func TestIndexOf2024NeedsAnAgency(t *testing.T) {
	set, ps := asn.Load(strings.NewReader(`{"id": "kota-uji/2025", "title": "uji", "rows": [
		{"rule": "ip-points", "for": "2024/competency/staff", "code": "technical", "value": 10, "min": 20, "source": "rekaan", "effective_from": "2025-01-01"},
		{"rule": "ip-points", "for": "2024/competency/staff", "code": "seminar", "value": 5, "source": "rekaan", "effective_from": "2025-01-01"}]}`), "rules.json")
	require.Empty(t, ps)
	x, ps := asn.On(day).With(set).Professionalism(asn.Career{Education: "S1", Group: asn.Staff, Predicate: "Sangat Baik", Trainings: []asn.TrainingDone{done(asn.Technical, 2026, 20)}}, asn.IPASN2024, asn.LowerBound)
	require.Empty(t, ps)
	require.Equal(t, 15+10+25+30+5.0, x.Total)
	require.Contains(t, x.Rules, "kota-uji/2025")
	require.Contains(t, x.Rules, "id/ipasn-2024")
}

func TestMeanIndexIsOverPeople(t *testing.T) {
	e := asn.MeanIndex([]*asn.Index{{Total: 80}, {Total: 60}, nil, {Total: 70}})
	require.Equal(t, 70.0, e.Value)
	require.Equal(t, 3, e.N)
	require.Equal(t, 1, e.Missing.Dropped)
}

func TestPredicateMatrix(t *testing.T) {
	for _, c := range []struct {
		results, behaviour asn.Place
		want               string
		axis               asn.Place
	}{
		{asn.Above, asn.Above, "sangat-baik", asn.Above}, {asn.Above, asn.Meets, "baik", asn.Meets}, {asn.Above, asn.Below, "kurang", asn.Below},
		{asn.Meets, asn.Above, "baik", asn.Meets}, {asn.Meets, asn.Meets, "baik", asn.Meets}, {asn.Meets, asn.Below, "kurang", asn.Below},
		{asn.Below, asn.Above, "butuh-perbaikan", asn.Below}, {asn.Below, asn.Meets, "butuh-perbaikan", asn.Below}, {asn.Below, asn.Below, "sangat-kurang", asn.Below},
	} {
		got, row, ok := asn.On(day).Predicate(c.results, c.behaviour)
		require.True(t, ok)
		require.Equal(t, c.want, got)
		require.NotEmpty(t, row.Source)
		axis, _, ok := asn.On(day).PerformanceAxis(got)
		require.True(t, ok)
		require.Equal(t, c.axis, axis)
	}
	_, _, ok := asn.On(day).Predicate(0, asn.Meets)
	require.False(t, ok, "unknown is not below")
}

// D8: a numbering is chosen by name; tables of another order, or of two, are refused.
func TestD8NumberingsOfTheNineBoxes(t *testing.T) {
	r := asn.On(day)
	places := []asn.Place{asn.Below, asn.Meets, asn.Above}
	all := func(number func(asn.Box) int) map[asn.Box]int {
		m := map[asn.Box]int{}
		for _, pot := range places {
			for _, perf := range places {
				b := asn.Box{Potential: pot, Performance: perf}
				m[b] = number(b)
			}
		}
		return m
	}
	for _, n := range []asn.Numbering{asn.National, asn.Kemenkeu} {
		table := all(func(b asn.Box) int { x, _, ok := r.BoxNumber(b, n); require.True(t, ok); return x })
		seen := map[int]bool{}
		for _, x := range table {
			seen[x] = true
		}
		require.Len(t, seen, 9, "a numbering has nine numbers")
		got, ps := r.WhichNumbering(table)
		require.Empty(t, ps)
		require.Equal(t, n, got)
	}
	x, _, _ := r.BoxNumber(asn.Box{Potential: asn.Meets, Performance: asn.Above}, asn.National)
	require.Equal(t, 7, x)
	defect := all(func(b asn.Box) int { return 3*(int(b.Performance)-1) + int(b.Potential) })
	_, ps := r.WhichNumbering(defect)
	require.True(t, ps.Has("defective-numbering"))
	mixed := all(func(b asn.Box) int { x, _, _ := r.BoxNumber(b, asn.National); return x })
	mixed[asn.Box{Potential: asn.Below, Performance: asn.Meets}] = 4
	_, ps = r.WhichNumbering(mixed)
	require.True(t, ps.Has("mixed-numbering"))
	_, ps = r.WhichNumbering(nil)
	require.True(t, ps.Has("mixed-numbering"), "nothing names nothing")
	_, _, ok := r.BoxNumber(asn.Box{Potential: asn.Above}, asn.National)
	require.False(t, ok)
}

func TestCutoffsAreTheCallers(t *testing.T) {
	c := asn.Cutoffs{Meets: 75, Above: 90}
	for x, want := range map[float64]asn.Place{74.9: asn.Below, 75: asn.Meets, 89.9: asn.Meets, 90: asn.Above} {
		got, err := c.Place(x)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	_, err := asn.Cutoffs{}.Place(1)
	require.ErrorIs(t, err, bangkom.ErrOption)
}

package program

import (
	"fmt"
	"iter"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
)

func day(month, d int) bangkom.Date { return bangkom.MustDate(2027, month, d) }

// framework has competencies a to d on a scale from 1 to 5.
func framework() *competency.Framework {
	f := &competency.Framework{ID: "f", Scales: []competency.Scale{{ID: "s"}}}
	for l := competency.Level(1); l <= 5; l++ {
		f.Scales[0].Levels = append(f.Scales[0].Levels, competency.Descriptor{Level: l})
	}
	for _, id := range []competency.CompetencyID{"a", "b", "c", "d"} {
		f.Competencies = append(f.Competencies, competency.Competency{ID: id, Code: string(id), Title: competency.Text{"en": string(id)}, Kind: competency.Technical, Scale: "s"})
	}
	return f
}

// office is a workforce of two units under one, with n people in turn.
func office(t testing.TB, n int) *competency.Workforce {
	t.Helper()
	units := []competency.Unit{{ID: "city", Name: "City"}, {ID: "health", Name: "Health", Parent: "city"}, {ID: "works", Name: "Works", Parent: "city"}}
	var people []competency.Person
	for i := range n {
		p := competency.Person{ID: competency.PersonID(fmt.Sprintf("p%02d", i)), Name: fmt.Sprint("Person ", i), Unit: units[1+i%2].ID, Status: "PNS"}
		if i%5 == 4 {
			p.Status = "PPPK"
		}
		people = append(people, p)
	}
	w, ps := competency.NewWorkforce(framework(), nil, units, people)
	require.NoError(t, ps.Err())
	return w
}

// gap makes one cell: a level held of what is required.
func gap(person int, of competency.CompetencyID, held, required competency.Level) competency.Gap {
	g := competency.Gap{Person: person, Required: competency.Requirement{Competency: of, Level: required, Weight: 1, Criticality: 1},
		Attained: competency.Attained{State: competency.Assessed, Level: held, N: 1}, State: competency.Met}
	if held < required {
		g.State = competency.Below
	}
	return g
}

func gaps(gs ...competency.Gap) iter.Seq[competency.Gap] { return slices.Values(gs) }

func rp(n int64) *bangkom.Rupiah { r := bangkom.Rupiah(n); return &r }

// small is a catalogue with a partner, a prerequisite, a top level and a clash of dates.
func small() Catalogue {
	return Catalogue{
		Offerings: []Offering{
			{ID: "A1", Title: "First a", Method: Classroom, Form: "pelatihan-teknis", JP: 20 * bangkom.OneJP, Top: 3, Organiser: "BKPSDM", Standard: "std-a",
				Raises: map[competency.CompetencyID]Gain{"a": {Mean: 1.2, SE: .3, N: 12, Source: "2026"}}},
			{ID: "A2", Title: "Second a", Method: Workshop, Form: "workshop", JP: 10 * bangkom.OneJP, After: "A1", Partner: "P", Standard: "std-a",
				Raises: map[competency.CompetencyID]Gain{"a": {Mean: .8}, "b": {Mean: .5}}},
			{ID: "B1", Title: "b on line", Method: Online, Form: "e-learning", JP: 4500, Organiser: "BKPSDM", Standard: "std-b",
				Raises: map[competency.CompetencyID]Gain{"b": {Mean: 1}}},
		},
		Sessions: []Session{
			{ID: "A1-1", Offering: "A1", From: day(2, 1), To: day(2, 3), Min: 2, Max: 3, Cost: Cost{Fixed: 1_000_000, Seat: 100_000}},
			{ID: "A1-2", Offering: "A1", From: day(3, 1), To: day(3, 3), Min: 2, Max: 3, Cost: Cost{Fixed: 1_000_000, Seat: 100_000}},
			{ID: "A2-1", Offering: "A2", From: day(4, 1), To: day(4, 2), Min: 1, Max: 4, Cost: Cost{Seat: 50_000}},
			{ID: "B1-1", Offering: "B1", Max: 10, Cost: Cost{Fixed: 200_000}},
		},
		Partners: []Partner{{ID: "P", Name: "Partner", Kind: "university", Terms: []Tier{{1, 500_000}, {3, 400_000}}}},
		Budgets:  []Budget{{Unit: "", Year: 2027, Amount: 5_000_000}, {Unit: "health", Year: 2027, Amount: 2_000_000}, {Unit: "works", Year: 2027, Amount: 2_000_000}},
	}
}

func policy() Policy {
	return Policy{Year: 2027, Hours: map[string]HourLimits{"PNS": {Min: 20 * bangkom.OneJP}, "PPPK": {Max: 24 * bangkom.OneJP}}}
}

var weights = map[competency.CompetencyID]float64{"a": 2, "b": 1}

// smallModel has six people with gaps in a and b.
func smallModel(t testing.TB) *Model {
	t.Helper()
	w := office(t, 6)
	var gs []competency.Gap
	for i := range 6 {
		gs = append(gs, gap(i, "a", competency.Level(1+i%3), 4), gap(i, "b", 2, 3))
	}
	m, ps := Build(w, gaps(gs...), weights, small(), policy())
	require.NoError(t, ps.Err())
	return m
}

package competency_test

import (
	"fmt"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
)

// twoCompetencies is a small framework on a scale from 1 to 3.
func twoCompetencies() *competency.Framework {
	return &competency.Framework{
		ID:     "example",
		Scales: []competency.Scale{{ID: "1-3", Levels: []competency.Descriptor{{Level: 1}, {Level: 2}, {Level: 3}}}},
		Competencies: []competency.Competency{
			{ID: "team", Code: "KJSM", Title: competency.Text{"id": "Kerja Sama", "en": "Teamwork"}},
			{ID: "data", Code: "DATA", Title: competency.Text{"id": "Analisis Data", "en": "Data analysis"}},
		},
	}
}

// office has one job and three people.
func office() *competency.Workforce {
	w, _ := competency.NewWorkforce(twoCompetencies(),
		[]competency.Position{{ID: "analyst", Requirements: []competency.Requirement{
			{Competency: "team", Level: 2, Weight: 1}, {Competency: "data", Level: 3, Weight: 2},
		}}},
		[]competency.Unit{{ID: "office", Head: "ani"}, {ID: "desk", Parent: "office"}},
		[]competency.Person{
			{ID: "ani", Unit: "office"}, {ID: "budi", Unit: "desk", Position: "analyst"}, {ID: "citra", Unit: "desk", Position: "analyst"},
		})
	return w
}

// From files to gaps: what cannot be read is named, the rest goes on.
func Example() {
	framework := twoCompetencies()
	positions, problems := competency.ReadPositions(strings.NewReader("Kode Jabatan;Nama Jabatan;Jenjang\nanalyst;Analis;Ahli Muda\n"), "positions.csv")
	positions, more := competency.ReadStandards(strings.NewReader("Kode Jabatan;Kompetensi;Level;Bobot\nanalyst;Kerjasama;2;1\nanalyst;DATA;3;2\n"), "standards.csv", positions, framework)
	problems = append(problems, more...)
	people, more := competency.ReadPeople(strings.NewReader("NIP;Nama;Kode Jabatan\nbudi;Budi;analyst\n"), "people.csv", nil, positions)
	problems = append(problems, more...)
	w, more := competency.NewWorkforce(framework, positions, nil, people)
	problems = append(problems, more...)
	ratings, more := competency.ReadRatings(strings.NewReader("NIP;Kompetensi;Level;Tanggal\nbudi;Analisis Data;2;31-01-2026\nbudi;Kerja Sama;9;31-01-2026\n"), "ratings.csv", w)
	problems = append(problems, more...)
	profiles, more := competency.Assess(w, ratings, bangkom.MustDate(2026, 6, 30), competency.Rule{ID: "newest, 3 years", ValidFor: 3})
	problems = append(problems, more...)

	fmt.Println(problems.Err())
	for g := range competency.Gaps(profiles, competency.Held) {
		levels, known := g.Levels()
		fmt.Println(w.At(g.Person).Name, g.Required.Competency, g.State, levels, known)
	}
	// Output:
	// ratings.csv:3:Level: the level is not on the scale of the competency ("9"); use a level of the scale, 1 to 3
	// Budi team not-assessed 0 false
	// Budi data below 1 true
}

// The superior decides; a colleague's view counts only where there is none.
func ExampleRule_superiorDecides() {
	w, asOf := office(), bangkom.MustDate(2026, 6, 30)
	ratings := []competency.Rating{
		{Person: "budi", Competency: "team", Level: 1, Source: competency.Superior, Date: bangkom.MustDate(2025, 12, 1)},
		{Person: "budi", Competency: "team", Level: 3, Source: competency.Peer, Date: bangkom.MustDate(2026, 5, 1)},
		{Person: "citra", Competency: "team", Level: 3, Source: competency.Peer, Date: bangkom.MustDate(2026, 5, 1)},
		{Person: "citra", Competency: "data", Level: 3, Source: competency.Self, Date: bangkom.MustDate(2026, 5, 1)},
	}
	rule := competency.Rule{ID: "superior decides", Sources: [][]competency.Source{{competency.Superior}, {competency.Peer}}}
	p, problems := competency.Assess(w, ratings, asOf, rule)
	budi, _ := w.Index("budi")
	citra, _ := w.Index("citra")
	fmt.Println(p.Attained(budi, "team").Level, p.Attained(citra, "team").Level, p.Attained(citra, "data").State)
	fmt.Println(problems[0].Code, problems[0].Value)
	// Output:
	// 1 3 not-assessed
	// source-not-used 1
}

// Evidence is judged as of a day: the last valid day is inside, the next is not.
func ExampleAssess_expiry() {
	w := office()
	ratings := []competency.Rating{{Person: "budi", Competency: "data", Level: 2, Date: bangkom.MustDate(2023, 3, 1)}}
	budi, _ := w.Index("budi")
	for _, asOf := range []bangkom.Date{bangkom.MustDate(2026, 3, 1), bangkom.MustDate(2026, 3, 2)} {
		p, _ := competency.Assess(w, ratings, asOf, competency.Rule{ValidFor: 3})
		fmt.Println(asOf, p.Attained(budi, "data").State)
	}
	// Output:
	// 2026-03-01 assessed
	// 2026-03-02 expired
}

// Why this person has this level: a certificate was withdrawn, and what remains
// is the word of the superior.
func ExampleProfiles_Explain() {
	ratings := []competency.Rating{
		{Person: "budi", Competency: "data", Level: 3, Kind: competency.Certificate, Ref: "S-17", Date: bangkom.MustDate(2024, 3, 1)},
		{Person: "budi", Competency: "data", Level: 2, Source: competency.Superior, Date: bangkom.MustDate(2024, 12, 1)},
		{Person: "budi", Competency: "data", Level: 3, Kind: competency.Certificate, Ref: "S-17", Date: bangkom.MustDate(2025, 9, 1), Negative: true},
	}
	rule := competency.Rule{ID: "newest", Version: "2026", ValidFor: 3}
	p, _ := competency.Assess(office(), ratings, bangkom.MustDate(2026, 6, 30), rule)
	fmt.Print(p.Explain(ratings, "budi", "data"))
	// Output:
	// budi, data, as of 2026-06-30: assessed at level 2, from 1 rating, the latest of 2024-12-01
	// rule newest 2026: latest; evidence that states no end is valid for 3 years
	//   withdraws        not level 3, 2025-09-01, certificate, S-17
	//   counted          level 2, 2024-12-01, superior, valid until 2027-12-01
	//   withdrawn        level 3, 2024-03-01, certificate, S-17, valid until 2027-03-01
}

// The cap decides what the same person's match is; the shortfall does not move.
func ExampleMatch() {
	required := competency.Requirement{Competency: "team", Level: 3, Weight: 1}
	var gaps []competency.Gap
	for _, level := range []competency.Level{4, 4, 4, 4, 2, 2, 2, 1, 2} {
		state := competency.Met
		if level < 3 {
			state = competency.Below
		}
		gaps = append(gaps, competency.Gap{Required: required, Attained: competency.Attained{State: competency.Assessed, Level: level}, State: state})
	}
	for _, cap := range []competency.Cap{competency.CapNone, competency.CapPerCompetency} {
		j := competency.Match(gaps, cap)
		fmt.Printf("%v: %.2f, %d levels missing\n", j.Cap, j.Value, j.Shortfall)
	}
	// Output:
	// none: 92.59, 6 levels missing
	// per-competency: 77.78, 6 levels missing
}

// How much is known comes before what is lacking.
func ExampleCoverageOf() {
	w := office()
	p, _ := competency.Assess(w, []competency.Rating{
		{Person: "budi", Competency: "data", Level: 2, Date: bangkom.MustDate(2026, 3, 1)},
		{Person: "citra", Competency: "data", Level: 3, Date: bangkom.MustDate(2020, 3, 1)},
	}, bangkom.MustDate(2026, 6, 30), competency.Rule{ValidFor: 3})
	c := competency.CoverageOf(p, competency.Held)
	fmt.Printf("%d of %d cells known: %d met, %d below; %d expired, %d not assessed; %d without a job\n",
		c.Known(), c.Cells(), c.Met, c.Below, c.Expired, c.NotAssessed, c.NoJob)
	// Output:
	// 1 of 4 cells known: 0 met, 1 below; 1 expired, 2 not assessed; 1 without a job
}

func ExampleWorkforce_InLineOfCommand() {
	w := office()
	fmt.Println(w.InLineOfCommand("ani", "budi"), w.InLineOfCommand("budi", "citra"))
	fmt.Println(w.Superior("budi"))
	// Output:
	// true false
	// ani true
}

func ExampleFramework_Resolve() {
	f := twoCompetencies()
	for _, name := range []string{"KERJASAMA", "Data  Analysis", "Integritas"} {
		id, err := f.Resolve(name)
		fmt.Println(id, err)
	}
	// Output:
	// team <nil>
	// data <nil>
	//  no competency of the framework has this name ("Integritas"); use an id, code or title of the framework, or add the spelling to it
}

// A recapitulation sheet: one column for each competency, others beside them.
func ExampleReadWide() {
	sheet := "NIP;Nama;Kerja Sama;Analisis Data;Total\nbudi;Budi;2;;2\ncitra;Citra;3;1;4\n"
	ratings, problems := competency.ReadWide(strings.NewReader(sheet), "recap.csv", office(), &competency.WideOptions{
		Ignore: []string{"Nama", "Total"}, Source: competency.Assessor, Date: bangkom.MustDate(2026, 3, 1),
	})
	for _, r := range ratings {
		fmt.Println(r.Person, r.Competency, r.Level)
	}
	for _, p := range problems.Only(bangkom.Warning) {
		fmt.Println(p.Where, p.Msg)
	}
	// Output:
	// budi team 2
	// citra team 3
	// citra data 1
	// recap.csv:1:Analisis Data 1 of 2 rows have no level here: not assessed
}

func ExampleFramework_Validate() {
	f := twoCompetencies()
	f.Competencies[1].Scale = "1-9"
	f.Competencies[1].Parent = "data"
	for _, p := range f.Validate() {
		fmt.Println(p.Code, p.Where, p.Value)
	}
	// Output:
	// dangling-reference example/competencies[1]/scale 1-9
	// cycle example/competencies[1]/parent data -> data
}

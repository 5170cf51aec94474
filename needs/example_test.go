package needs_test

import (
	"errors"
	"fmt"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/needs"
	"github.com/bangkom/bangkom/stats/tally"
)

// office is an invented agency: two competencies, one unit below another, five people.
func office() *competency.Profiles {
	var levels []competency.Descriptor
	for l := competency.Level(1); l <= 5; l++ {
		levels = append(levels, competency.Descriptor{Level: l})
	}
	framework := &competency.Framework{
		ID: "example", Scales: []competency.Scale{{ID: "five", Levels: levels}},
		Competencies: []competency.Competency{{ID: "analysis", Scale: "five"}, {ID: "service", Scale: "five"}},
	}
	positions := []competency.Position{
		{ID: "clerk", Requirements: []competency.Requirement{{Competency: "analysis", Level: 2, Weight: 1, Criticality: 1}, {Competency: "service", Level: 4, Weight: 1, Criticality: 3}}},
		{ID: "analyst", Requirements: []competency.Requirement{{Competency: "analysis", Level: 4, Weight: 1, Criticality: 2}}},
	}
	units := []competency.Unit{{ID: "bureau"}, {ID: "counter", Parent: "bureau"}}
	people := []competency.Person{
		{ID: "ani", Unit: "counter", Position: "clerk", Target: "analyst"}, {ID: "budi", Unit: "counter", Position: "clerk"},
		{ID: "citra", Unit: "bureau", Position: "analyst"}, {ID: "dewi", Unit: "bureau", Position: "analyst"}, {ID: "eko", Unit: "bureau", Position: "analyst"},
	}
	workforce, _ := competency.NewWorkforce(framework, positions, units, people)
	day := bangkom.MustDate(2025, 6, 2)
	profiles, _ := competency.Assess(workforce, []competency.Rating{
		{Person: "ani", Competency: "analysis", Level: 2, Source: competency.Assessor, Date: day},
		{Person: "ani", Competency: "service", Level: 2, Source: competency.Assessor, Date: day},
		{Person: "budi", Competency: "analysis", Level: 3, Source: competency.Assessor, Date: day},
		{Person: "budi", Competency: "service", Level: 4, Source: competency.Assessor, Date: day},
		{Person: "citra", Competency: "analysis", Level: 2, Source: competency.Assessor, Date: day},
		{Person: "dewi", Competency: "analysis", Level: 3, Source: competency.Assessor, Date: day, ValidUntil: bangkom.MustDate(2025, 12, 31)},
	}, bangkom.MustDate(2026, 1, 15), competency.Rule{ID: "latest"})
	return profiles
}

// Who lacks what in the job held: the share below the standard, with its
// interval, and what is not known.
func ExampleRank() {
	cube, err := needs.GapCube(office(), competency.Held)
	if err != nil {
		fmt.Println(err)
		return
	}
	ranking, err := needs.Rank(cube, needs.ShareBelow, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range ranking.Items {
		fmt.Printf("%g %s: %v; not assessed %d, expired %d\n", r.Rank, r.Item, r.Score, r.Coverage.NotAssessed, r.Coverage.Expired)
	}
	// Output:
	// 1 service: 0.5 (95 % CI 0.09453 to 0.9055, n = 2); not assessed 0, expired 0
	// 2 analysis: 0.3333 (95 % CI 0.06149 to 0.7923, n = 3); not assessed 1, expired 1
}

// Missing levels per person, each weighed by how critical the person's own job
// calls it: the caller declares that, and the ranking repeats it.
func ExampleRank_criticality() {
	cube, _ := needs.GapCube(office(), competency.Held)
	for _, c := range []needs.Criticality{needs.AllAlike, needs.ByStandard} {
		r, err := needs.Rank(cube, needs.Shortfall, &needs.Options{Criticality: c})
		if err != nil {
			fmt.Println(err)
			return
		}
		w := r.Weights()
		fmt.Printf("%s, %s: service %.3g, analysis %.3g\n", r.Criticality, r.Unit, w["service"], w["analysis"])
	}
	// Output:
	// none, levels: service 1, analysis 0.667
	// standard, levels × criticality: service 3, analysis 1.33
}

// Each unit with all that is below it. A unit in which nobody has a valid
// assessment has no needs list.
func ExampleCube_At() {
	cube, _ := needs.GapCube(office(), competency.Held)
	for _, unit := range cube.Segments(needs.ByUnit) {
		part, err := cube.At(unit)
		if err != nil {
			fmt.Println(err)
			return
		}
		r, err := needs.Rank(part, needs.ShareBelow, nil)
		if errors.Is(err, needs.ErrNoEvidence) {
			fmt.Println(unit, "was not assessed")
			continue
		}
		fmt.Printf("%s, %d people: %s first, %d of %d below\n", unit, r.People, r.Items[0].Item, r.Items[0].NR, r.Items[0].Score.N)
	}
	// Output:
	// bureau, 5 people: service first, 1 of 2 below
	// counter, 2 people: service first, 1 of 2 below
}

// One person: the job held and the job to be held are two lists.
func ExamplePersonNeeds() {
	report, _ := needs.PersonNeeds(office(), "ani")
	for _, job := range []needs.JobReport{report.Held, report.Target} {
		for _, g := range job.Gaps {
			levels, known := g.Levels()
			fmt.Println(job.Position, g.Required.Competency, g.State, levels, known)
		}
	}
	// Output:
	// clerk service below 2 true
	// clerk analysis met 0 true
	// analyst analysis below 2 true
}

// A survey: everybody judges how important each item is and how well it is
// done. A question that was not answered is missing, not low.
func ExampleCube_Add() {
	cube, err := needs.NewCube(needs.Frame{
		Scale: tally.Shape{First: 1, Levels: 5},
		Items: []competency.CompetencyID{"analysis", "service"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, a := range []needs.Answer{
		{Person: "r1", Want: []tally.Cell{5, 4}, Have: []tally.Cell{3, 4}},
		{Person: "r2", Want: []tally.Cell{4, 4}, Have: []tally.Cell{4, tally.Missing}},
	} {
		if err := cube.Add(&a); err != nil {
			fmt.Println(err)
		}
	}
	r, _ := needs.Rank(cube, needs.MeanGap, nil)
	for _, x := range r.Items {
		fmt.Println(x.Rank, x.Item, x.Score.Value, "n", x.Score.N)
	}
	// Output:
	// 1 analysis 1 n 2
	// 2 service 0 n 1
}

// Two agencies count apart and hand over counts, not people.
func ExampleCube_Merge() {
	frame := needs.Frame{Scale: tally.Shape{First: 1, Levels: 5}, Items: []competency.CompetencyID{"analysis"}}
	a, _ := needs.NewCube(frame)
	b, _ := needs.NewCube(frame)
	_ = a.Add(&needs.Answer{Person: "r1", Want: []tally.Cell{4}, Have: []tally.Cell{2}})
	_ = b.Add(&needs.Answer{Person: "s1", Want: []tally.Cell{4}, Have: []tally.Cell{4}})
	if err := a.Merge(b); err != nil {
		fmt.Println(err)
	}
	r, _ := needs.Rank(a, needs.ShareBelow, nil)
	fmt.Println(r.Items[0].NR, "of", r.People)
	// Output:
	// 1 of 2
}

// How sure is the order? The leader of this survey of five people is first in
// 63 percent of all possible resamples: not a rank to speak of.
func ExampleRank_certainty() {
	cube, _ := needs.NewCube(needs.Frame{Scale: tally.Shape{First: 1, Levels: 5}, Items: []competency.CompetencyID{"analysis", "service", "law"}})
	want := [][]tally.Cell{{5, 4, 4}, {5, 5, 3}, {4, 4, 4}, {5, 3, 5}, {4, 5, 4}}
	have := [][]tally.Cell{{3, 2, 4}, {4, 3, 2}, {3, 4, 3}, {2, 3, 3}, {4, 3, 4}}
	for i := range want {
		if err := cube.Add(&needs.Answer{Want: want[i], Have: have[i]}); err != nil {
			fmt.Println(err)
		}
	}
	r, err := needs.Rank(cube, needs.Borich, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Resampling.Method)
	for _, x := range r.Items {
		fmt.Printf("%g %s %.2f, first with %.2f, ranks %d to %d, stable %v\n", x.Rank, x.Item, x.Score.Value, x.PFirst, x.RankCI[0], x.RankCI[1], x.PFirst >= .9)
	}
	// Output:
	// exact bootstrap
	// 1 analysis 6.44, first with 0.63, ranks 1 to 2, stable false
	// 2 service 5.04, first with 0.37, ranks 1 to 3, stable false
	// 3 law 3.20, first with 0.00, ranks 2 to 3, stable false
}

// A file with one person per line; peer1 and peer2 are raters of one source.
func ExampleRead() {
	const file = `person,unit,self_data_i,self_data_p,peer1_data_i,peer1_data_p,peer2_data_i,peer2_data_p
P-1,north,5,4,5,2,4,3
P-2,north,4,4,4,?,4,2
`
	cube, problems := needs.Read(strings.NewReader(file), "survey.csv", needs.Frame{Scale: tally.Shape{First: 1, Levels: 5}}, nil)
	if err := problems.Err(); err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range cube.Sources() {
		part, _ := cube.From(s)
		r, _ := needs.Rank(part, needs.MeanGap, nil)
		fmt.Println(s, r.Items[0].Score.Value, "of", r.Items[0].Score.N, "ratings,", part.People(), "people")
	}
	// Output:
	// self 0.5 of 2 ratings, 2 people
	// peer 2 of 3 ratings, 2 people
}

// Methods side by side: where they agree, and on which items.
func ExampleCompare() {
	cube, _ := needs.NewCube(needs.Frame{Scale: tally.Shape{First: 1, Levels: 5}, Items: []competency.CompetencyID{"analysis", "service", "law"}})
	for _, a := range []needs.Answer{
		{Want: []tally.Cell{5, 4, 2}, Have: []tally.Cell{2, 4, 2}},
		{Want: []tally.Cell{5, 4, 3}, Have: []tally.Cell{3, 3, 3}},
		{Want: []tally.Cell{4, 4, 2}, Have: []tally.Cell{2, 4, 1}},
	} {
		_ = cube.Add(&a)
	}
	c, err := needs.Compare(cube, []needs.Method{needs.Borich, needs.RDM, needs.IPA(needs.DataMean)}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, x := range c.Items {
		fmt.Println(x.Item, x.Ranks, x.Consensus, x.Missing)
	}
	// Output:
	// analysis [1 1 1] true []
	// service [2 2 2] false [ipa borich locus]
	// law [3 2 2] false [ipa borich locus]
}

package needs_test

import (
	"errors"
	"fmt"

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

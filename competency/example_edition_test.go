package competency_test

import (
	"fmt"
	"os"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
)

// edition is a dictionary of two competencies on a scale of its own.
func edition(version string, top competency.Level, titles ...string) *competency.Framework {
	f := &competency.Framework{ID: "kamus", Version: version, Scales: []competency.Scale{{ID: "skala"}}}
	for l := range top {
		f.Scales[0].Levels = append(f.Scales[0].Levels, competency.Descriptor{Level: l + 1})
	}
	for i, title := range titles {
		f.Competencies = append(f.Competencies, competency.Competency{ID: competency.CompetencyID("K" + fmt.Sprint(i+1)), Title: competency.Text{"id": title}})
	}
	return f
}

func ExampleDiff() {
	old := edition("2025", 5, "Integritas", "Kerja Sama", "Komunikasi lisan")
	next := edition("2026", 4, "Integritas", "Kerjasama", "Komunikasi lisan dan tulisan")
	if err := competency.Diff(old, next, nil).WriteText(os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// kamus 2025 -> kamus 2026: 3 kept, 1 meaning-changed, 1 editorial, 1 scales changed
	//     version: "2025" -> "2026"
	// scale skala -> skala: levels 1, 2, 3, 4, 5 -> 1, 2, 3, 4, 3 competencies
	// editorial: K2 -> K2
	//     title/id: "Kerja Sama" -> "Kerjasama"
	// meaning-changed: K3 -> K3 (67 % of the words stayed)
	//   ! title/id: "Komunikasi lisan" -> "Komunikasi lisan dan tulisan"
}

func ExamplePlanMigration() {
	old := edition("2025", 5, "Integritas", "Kerja Sama", "Komunikasi lisan")
	next := edition("2026", 4, "Integritas", "Kerjasama", "Komunikasi lisan dan tulisan")
	plan := competency.PlanMigration(old, next, nil)

	// What a level becomes is the agency's to say, and so is what to think of other words.
	plan.Scales[0].Levels = competency.LevelMap{1: 1, 2: 2, 3: 3, 4: 3, 5: 4}
	plan.Scales[0].Decision = competency.Decision{Review: competency.Accepted, Author: "Tim Kamus"}

	day := bangkom.MustDate(2025, 5, 1)
	out, problems := plan.Apply(old, next, []competency.Rating{
		{Person: "p1", Competency: "K1", Level: 5, Source: competency.Assessor, Date: day},
		{Person: "p1", Competency: "K3", Level: 3, Source: competency.Assessor, Date: day},
	})
	if err := problems.Err(); err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range out.Ratings {
		fmt.Printf("%s %s: level %d, was %d in %s\n", r.Person, r.Competency, r.Level, r.Inherited.Of[0].Level, r.Inherited.Version)
	}
	for _, l := range out.Left {
		fmt.Printf("%s %s: left, %s\n", l.Rating.Person, l.Rating.Competency, l.Code)
	}
	fmt.Println(len(out.Undo()), "ratings as they stood")
	// Output:
	// p1 K1: level 4, was 5 in 2025
	// p1 K3: left, not-reviewed
	// 2 ratings as they stood
}

func ExampleCrosswalk_Compose() {
	link := func(t competency.Relation, from, to competency.CompetencyID) competency.Association {
		return competency.Association{Type: t, From: from, To: competency.Ref{ID: to}, Review: competency.Accepted}
	}
	ours := &competency.Crosswalk{Links: []competency.Association{
		link(competency.ExactMatchOf, "data", "analysis"), link(competency.RelatedTo, "archives", "records"),
	}}
	theirs := &competency.Crosswalk{Links: []competency.Association{
		link(competency.ExactMatchOf, "analysis", "S-12"), link(competency.ExactMatchOf, "records", "S-40"),
	}}
	both, _ := ours.Compose(theirs)
	for _, a := range both.Links {
		fmt.Println(a.From, a.Type, a.To.ID, "carries a level:", a.CarriesLevel())
	}
	// Output:
	// archives isRelatedTo S-40 carries a level: false
	// data exactMatchOf S-12 carries a level: true
}

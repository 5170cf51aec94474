package bangkom_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/asn"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/needs"
	"github.com/bangkom/bangkom/program"
)

// The quick start of the README.
func Example() {
	day := bangkom.MustDate(2026, 10, 1)
	job := competency.Position{ID: "analyst", Requirements: []competency.Requirement{{Competency: "KOM", Level: 3, Weight: 1}, {Competency: "INT", Level: 2, Weight: 1}}}
	people := []competency.Person{{ID: "A", Position: "analyst"}, {ID: "B", Position: "analyst"}, {ID: "C", Position: "analyst"}}
	staff, problems := competency.NewWorkforce(asn.On(day).Framework(), []competency.Position{job}, nil, people)
	ratings := []competency.Rating{{Person: "A", Competency: "KOM", Level: 2, Source: competency.Superior, Date: day}, {Person: "B", Competency: "KOM", Level: 3, Source: competency.Superior, Date: day}}
	profiles, more := competency.Assess(staff, ratings, day, competency.Rule{ID: "latest"})
	cube, _ := needs.GapCube(profiles, competency.Held)
	ranking, _ := needs.Rank(cube, needs.ShareBelow, nil)
	fmt.Println(append(problems, more...).Err(), ranking.Items[0].Item, ranking.Items[0].Score, ranking.Items[0].Coverage.NotAssessed, "not assessed")
	// Output: <nil> KOM 0.5 (95 % CI 0.09453 to 0.9055, n = 2) 1 not assessed
}

// From an agency's files to a year's plan.
func Example_files() {
	day, dir := bangkom.MustDate(2026, 10, 1), os.DirFS("examples/cycle/data")
	var problems bangkom.Problems
	note := func(more bangkom.Problems) { problems = append(problems, more...) }
	file := func(name string) io.Reader {
		f, err := dir.Open(name)
		note(bangkom.AsProblems(err, "missing-file")) // the reader returns nothing
		return f
	}

	// The framework: the nine competencies of the rules, and the agency's own.
	rules := asn.On(day)
	framework := rules.Framework()
	own, ps := competency.ReadCompetencies(file("competencies.csv"), "competencies.csv", framework.Scales[0].ID)
	framework.Competencies = append(framework.Competencies, own...)
	note(ps)

	// What jobs ask for, and who holds them.
	units, ps := competency.ReadUnits(file("units.csv"), "units.csv")
	note(ps)
	positions, ps := competency.ReadPositions(file("positions.csv"), "positions.csv")
	note(ps)
	positions, ps = competency.ReadStandards(file("standards.csv"), "standards.csv", positions, framework)
	note(ps)
	sheet, ps := asn.ReadSIASN(file("siasn.csv"), "siasn.csv", &asn.SIASNOptions{Units: units, Positions: positions})
	note(ps)
	var people []competency.Person
	for _, e := range sheet.Employees {
		people = append(people, e.Person())
	}
	staff, ps := competency.NewWorkforce(framework, positions, units, people)
	note(ps)

	// What people show, and who lacks what.
	ratings, ps := competency.ReadRatings(file("ratings.csv"), "ratings.csv", staff)
	note(ps)
	profiles, ps := competency.Assess(staff, ratings, day, competency.Rule{ID: "latest"})
	note(ps)
	cube, err := needs.GapCube(profiles, competency.Held)
	if err != nil {
		log.Fatal(err)
	}
	ranking, err := needs.Rank(cube, needs.Shortfall, &needs.Options{Criticality: needs.ByStandard}) // as bangkom plan weighs them
	if err != nil {
		log.Fatal(err) // nobody has a valid assessment
	}

	// What can be learnt, and the plan.
	partners, ps := program.ReadPartners(file("partners.csv"), "partners.csv")
	note(ps)
	offerings, ps := program.ReadOfferings(file("offerings.csv"), "offerings.csv", partners)
	note(ps)
	offerings, ps = program.ReadGains(file("gains.csv"), "gains.csv", offerings, framework)
	note(ps)
	sessions, ps := program.ReadSessions(file("sessions.csv"), "sessions.csv", offerings)
	note(ps)
	budgets, ps := program.ReadBudgets(file("budgets.csv"), "budgets.csv", staff)
	note(ps)
	catalogue := program.Catalogue{Offerings: offerings, Sessions: sessions, Partners: partners, Budgets: budgets}
	hours := rules.HourLimits()
	hours[asn.CPNS] = program.HourLimits{} // none, and that is no oversight
	policy := program.Policy{Year: 2027, AsOf: day, Hours: hours}
	model, ps := program.Build(staff, competency.Gaps(profiles, competency.Held), ranking.Weights(), catalogue, policy)
	note(ps)
	plan, err := program.Solve(context.Background(), model, &program.Options{Work: 20_000})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(staff.Len(), "people,", plan.Status, "plan;", len(problems.Only(bangkom.Error)), "errors")
	// Output: 4000 people, bounded plan; 2 errors
}

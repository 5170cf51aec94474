// Command plan makes the year's training plan of a small office: who attends
// what, under money, seats, dates and learning hours, with a bound on what any
// plan could be worth; then it asks the plan questions.
//
//	go run ./examples/plan
//	go run ./examples/plan -data DIR    your own files, with the columns of those in data
package main

import (
	"context"
	"embed"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/needs"
	"github.com/bangkom/bangkom/program"
)

//go:embed data
var embedded embed.FS

func main() {
	dir := flag.String("data", "", "`folder` of your own files")
	flag.Parse()
	data, err := fs.Sub(embedded, "data")
	if *dir != "" {
		data, err = os.DirFS(*dir), nil
	}
	if err == nil {
		err = run(context.Background(), os.Stdout, data)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "plan:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, w io.Writer, data fs.FS) error {
	// 1. Who works where, what the jobs ask for, what people can do.
	files := reader{fs: data}
	framework := &competency.Framework{ID: "office", Scales: []competency.Scale{scale}}
	framework.Competencies = read(&files, "competencies.csv", func(r io.Reader, f string) ([]competency.Competency, bangkom.Problems) {
		return competency.ReadCompetencies(r, f, scale.ID)
	})
	units := read(&files, "units.csv", competency.ReadUnits)
	jobs := read(&files, "positions.csv", competency.ReadPositions)
	jobs = read(&files, "standards.csv", func(r io.Reader, f string) ([]competency.Position, bangkom.Problems) {
		return competency.ReadStandards(r, f, jobs, framework)
	})
	people := read(&files, "people.csv", func(r io.Reader, f string) ([]competency.Person, bangkom.Problems) {
		return competency.ReadPeople(r, f, units, jobs)
	})
	workforce, problems := competency.NewWorkforce(framework, jobs, units, people)
	files.problems = append(files.problems, problems...)
	ratings := read(&files, "ratings.csv", func(r io.Reader, f string) ([]competency.Rating, bangkom.Problems) {
		return competency.ReadRatings(r, f, workforce)
	})
	if err := files.problems.Err(); err != nil {
		return err // a plan for half the people is no plan
	}
	profiles, problems := competency.Assess(workforce, ratings, bangkom.MustDate(2027, 1, 1), competency.Rule{ID: "office/1", ValidFor: 3})
	files.problems = append(files.problems, problems...)

	// 2. What comes first: the needs' weights are the plan's.
	cube, err := needs.GapCube(profiles, competency.Held)
	if err != nil {
		return err
	}
	ranking, err := needs.Rank(cube, needs.Shortfall, nil)
	if err != nil {
		return err
	}

	// 3. What can be learnt, when, from whom, for how much.
	var c program.Catalogue
	c.Partners = read(&files, "partners.csv", program.ReadPartners)
	c.Offerings = read(&files, "offerings.csv", func(r io.Reader, f string) ([]program.Offering, bangkom.Problems) {
		return program.ReadOfferings(r, f, c.Partners)
	})
	c.Offerings = read(&files, "gains.csv", func(r io.Reader, f string) ([]program.Offering, bangkom.Problems) {
		return program.ReadGains(r, f, c.Offerings, framework)
	})
	c.Sessions = read(&files, "sessions.csv", func(r io.Reader, f string) ([]program.Session, bangkom.Problems) {
		return program.ReadSessions(r, f, c.Offerings)
	})
	c.Budgets = read(&files, "budgets.csv", func(r io.Reader, f string) ([]program.Budget, bangkom.Problems) {
		return program.ReadBudgets(r, f, workforce)
	})

	// 4. The plan. A limit in work gives the same plan on every machine; give
	// it a Limit in time where that matters more.
	model, problems := program.Build(workforce, competency.Gaps(profiles, competency.Held), ranking.Weights(), c, program.Policy{
		Year: 2027, Hours: map[string]program.HourLimits{"PNS": {Min: 20 * bangkom.OneJP}},
	})
	files.problems = append(files.problems, problems...)
	if err := files.problems.Err(); err != nil {
		return err
	}
	office, err := model.Instance()
	if err != nil {
		return err
	}
	opt := &program.Options{Work: 200_000, Seed: 1}
	plan, err := office.Solve(ctx, opt)
	if err != nil {
		return err
	}
	if _, err := office.Verify(plan); err != nil {
		return err // the bound does not follow from the certificate
	}
	if err := plan.WriteText(w, "en", 0); err != nil {
		return err
	}

	// 5. Questions: why not this session, why not more for this person, and
	// what would more money bring?
	answers, err := office.Explain(plan)
	if err != nil {
		return err
	}
	session, err := answers.Session("S6")
	if err == nil {
		fmt.Fprintln(w)
		err = session.WriteText(w, "en")
	}
	if err != nil {
		return err
	}
	person, err := answers.Person("P02")
	if err == nil {
		fmt.Fprintln(w)
		err = person.WriteText(w, "en")
	}
	if err != nil {
		return err
	}
	money := program.Rule{Kind: "budget"}
	curve, err := office.Curve(ctx, money, []float64{15e6, 22.5e6, 30e6, 37.5e6}, opt)
	if err != nil {
		return err
	}
	fmt.Fprintln(w)
	return program.WriteCurve(w, "en", money, curve)
}

var scale = competency.Scale{ID: "office", Levels: []competency.Descriptor{{Level: 1}, {Level: 2}, {Level: 3}, {Level: 4}}}

// A reader opens the files and gathers what is wrong in them.
type reader struct {
	fs       fs.FS
	problems bangkom.Problems
}

func read[T any](files *reader, name string, parse func(io.Reader, string) ([]T, bangkom.Problems)) []T {
	f, err := files.fs.Open(name)
	if err != nil {
		files.problems.Add(bangkom.Problem{Code: "missing-file", Where: name, Msg: err.Error()})
		return nil
	}
	defer f.Close()
	all, problems := parse(f, name)
	files.problems = append(files.problems, problems...)
	return all
}

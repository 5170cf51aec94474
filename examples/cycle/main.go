// Command cycle walks once around the development of competence in an agency:
// who lacks what, what comes first, a plan under a budget, mentors, what last
// year's training did, and what therefore changes. It is meant to be copied.
//
//	go run ./examples/cycle                          the synthetic city that it carries
//	go run ./examples/cycle -data DIR -state STATE   your own files; STATE keeps what was learnt
//
// README.md explains each file.
package main

import (
	"context"
	"embed"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/asn"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/evaluation"
	"github.com/bangkom/bangkom/mentoring"
	"github.com/bangkom/bangkom/needs"
	"github.com/bangkom/bangkom/program"
)

//go:embed data
var embedded embed.FS

// settings are what the reader of the report decides.
type settings struct {
	data  fs.FS
	state string       // folder that keeps what was learnt; "": memory
	out   string       // folder for results; "": none
	lang  string       // id or en
	asOf  bangkom.Date // evidence counts as of this day
	year  int          // the year that is planned
	work  int64        // limit of the planner, in plans of single persons
	log   io.Writer    // progress of long steps; nil: none
}

func main() {
	var s settings
	dir := flag.String("data", "", "folder with your own files (empty: a synthetic city)")
	flag.StringVar(&s.state, "state", "", "folder that keeps what was learnt for the next run")
	flag.StringVar(&s.out, "out", "", "folder to write the results to, as CSV and JSON")
	flag.StringVar(&s.lang, "lang", "id", "language of the report: id or en")
	flag.TextVar(&s.asOf, "asof", s.asOf, "day as of which evidence counts (default: 1 October before the year)")
	flag.IntVar(&s.year, "year", 2027, "year to plan")
	flag.Int64Var(&s.work, "work", 2_000_000, "limit of the planner, in plans of single persons (the result depends on it, not on the machine)")
	flag.Parse()
	s.asOf = judged(s.asOf, s.year)
	if flag.NArg() > 0 || s.work <= 0 || s.asOf.IsZero() {
		flag.Usage()
		os.Exit(2)
	}
	s.data, _ = fs.Sub(embedded, "data")
	if *dir != "" {
		if info, err := os.Stat(*dir); err != nil || !info.IsDir() {
			fmt.Fprintln(os.Stderr, "cycle: no such folder:", *dir)
			os.Exit(1)
		}
		s.data = os.DirFS(*dir)
	}
	if info, err := os.Stderr.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
		s.log = os.Stderr
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout, s); err != nil {
		fmt.Fprintln(os.Stderr, "cycle:", err)
		os.Exit(1)
	}
}

// judged is the day as of which evidence counts: the one given, or 1 October
// before the year that is planned.
func judged(asOf bangkom.Date, year int) bangkom.Date {
	if asOf.IsZero() {
		asOf, _ = bangkom.NewDate(year-1, 10, 1) // no day for what is no year
	}
	return asOf
}

// run is the cycle, from top to bottom. A step that cannot be done is a problem
// in the list at the end; what does not need it goes on.
func run(ctx context.Context, w io.Writer, s settings) error {
	say, err := newReport(w, s.lang)
	if err != nil {
		return err
	}
	memory, err := openMemory(s.state)
	if err != nil {
		return err
	}
	defer memory.close()
	earlier, err := memory.events(ctx)
	if err != nil {
		return err
	}
	evidence, err := memory.evidence(ctx)
	if err != nil {
		return err
	}

	// 1. The agency's files. What is wrong in them is a list, not a stop.
	a := read(s.data, s.asOf, earlier)
	a.problems = append(a.problems, memory.problems...)
	say.data(a, s.asOf)
	r := results{agency: a}

	// 2. Who lacks what, how sure we are, and what comes first. Self-ratings
	// are kept out of the profile; the most trusted valid evidence decides.
	years, _, _ := a.rules.ValidFor()
	profiles, problems := competency.Assess(a.workforce, a.ratings, s.asOf, competency.Rule{
		ID: "example/1", ValidFor: years,
		Sources: [][]competency.Source{{competency.Assessor, competency.ByTest}, {competency.Superior}, {competency.Peer, competency.Subordinate}},
	})
	a.problems = append(a.problems, problems...)
	r.profiles = profiles
	r.ranking, err = rank(profiles)
	a.note(err, "needs")
	say.needs(a, profiles, r.ranking)

	// 3. The plan, with what the years before last taught about the catalogue.
	known, _ := evaluation.Learn(a.catalogue.Offerings, evidence.until(s.year-2), nil)
	r.plan, err = a.plan(ctx, profiles, r.ranking, known, s)
	a.note(err, "plan")
	say.plan(a, r.plan)

	// 4. What last year's training did.
	study := a.study(s.year - 1)
	r.report, problems = evaluation.Evaluate(study, &evaluation.Options{Seed: 1})
	a.problems = append(a.problems, problems...)
	r.hours = a.hours(s.year - 1)
	say.evaluation(a, study, r.report, r.hours)

	// 5. What was learnt, and what the plan therefore does differently.
	evidence.put(s.year-1, evaluation.Observe(study, nil))
	learnt, all := evaluation.Learn(a.catalogue.Offerings, evidence.until(s.year-1), nil)
	r.changes = changed(known, all)
	r.next, err = a.plan(ctx, profiles, r.ranking, learnt, s)
	a.note(err, "plan")
	say.learnt(r.changes, r.plan, r.next)

	// 6. Mentors for those who need something and have no seat in it.
	pairs, problems := mentoring.Eligible(profiles, a.mentors, waiting(r.next), nil)
	a.problems = append(a.problems, problems...)
	r.matching, err = mentoring.Match(pairs, mentoring.Largest, nil)
	if err == nil {
		err = r.matching.Verify()
	}
	a.note(err, "mentors")
	say.mentors(a, r.matching)

	a.problems = append(a.problems, a.planning...)
	say.problems(a.problems)
	if err := memory.keep(ctx, a, evidence, s.year, learnt, r.next); err != nil {
		return err
	}
	if s.out != "" {
		if err := writeResults(s.out, r); err != nil {
			return err
		}
	}
	return say.err
}

// rank is the needs list: missing levels per person, weighed by how critical
// each job's standard says they are.
func rank(profiles *competency.Profiles) (*needs.Ranking, error) {
	cube, err := needs.GapCube(profiles, competency.Held)
	if err != nil {
		return nil, err
	}
	return needs.Rank(cube, needs.Shortfall, &needs.Options{Criticality: needs.ByStandard})
}

// plan builds the model of the year from the gaps and solves it. The limit is
// in work, not in time, so that every machine finds the same plan. Without a
// needs list, or a catalogue, there is nothing to plan: no plan at all, which is
// something else than a plan of nothing.
func (a *agency) plan(ctx context.Context, profiles *competency.Profiles, ranking *needs.Ranking, offerings []program.Offering, s settings) (*program.Plan, error) {
	if ranking == nil || a.lacks("offerings.csv", "gains.csv", "sessions.csv") {
		return nil, nil
	}
	catalogue := a.catalogue
	catalogue.Offerings = offerings
	hours := a.rules.HourLimits()
	if _, set := hours[asn.CPNS]; !set {
		hours[asn.CPNS] = program.HourLimits{} // they have none, and that is no oversight
	}
	model, problems := program.Build(a.workforce, competency.Gaps(profiles, competency.Held), ranking.Weights(), catalogue, program.Policy{
		Year: s.year, AsOf: s.asOf, Hours: hours, Settled: a.delivered.Done(), Coverage: 0.2, MissingHour: 0.005,
	})
	a.planning = slices.DeleteFunc(problems, func(p bangkom.Problem) bool {
		return p.Code == "unknown-partner" && catalogue.Partners != nil // said of offerings.csv
	})
	if a.planning.Has("no-sessions") {
		return nil, nil
	}
	return program.Solve(ctx, model, &program.Options{Work: s.work, Seed: 1, Progress: progress(s.log)})
}

// waiting lists who is below the standard and has no seat in the plan.
func waiting(p *program.Plan) []competency.PersonID {
	ids := []competency.PersonID{}
	if p == nil {
		return nil // everybody below the standard
	}
	for _, i := range p.People {
		if len(i.Sessions) == 0 && len(i.Expected) > 0 {
			ids = append(ids, i.Person)
		}
	}
	return ids
}

// progress prints a line for every better plan or bound.
func progress(w io.Writer) func(program.Progress) {
	if w == nil {
		return nil
	}
	return func(p program.Progress) {
		fmt.Fprintf(w, "\rplan %.1f, bound %.1f   ", p.Objective, p.Bound)
	}
}

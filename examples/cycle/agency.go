package main

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/asn"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/evaluation"
	"github.com/bangkom/bangkom/evaluation/satisfaction"
	"github.com/bangkom/bangkom/mentoring"
	"github.com/bangkom/bangkom/program"
	"github.com/bangkom/bangkom/program/delivery"
)

// An agency is what its files say.
type agency struct {
	rules     *asn.Rules
	workforce *competency.Workforce
	ratings   []competency.Rating
	catalogue program.Catalogue
	mentors   []mentoring.Mentor
	events    []delivery.Event
	delivered *delivery.Log

	tests     []evaluation.TestScore
	reaction  evaluation.Survey
	behaviour []evaluation.Behaviour
	costs     []evaluation.Cost
	benefits  []evaluation.Benefit
	before    []satisfaction.Response
	after     []satisfaction.Response

	lines    int              // of the files
	defaults int              // positions whose standard is completed by defaults of their tier
	problems bangkom.Problems // of the files, in the order of reading
	planning bangkom.Problems // of the last model
}

// read reads a folder. A file that is not there leaves its part empty, with a
// problem; the rest goes on.
// What happened in earlier years is added to the delivery log.
func read(dir fs.FS, asOf bangkom.Date, earlier []delivery.Event) *agency {
	a := &agency{rules: asn.On(asOf), events: earlier}
	a.open(dir, "rules.json", func(r io.Reader, file string) bangkom.Problems {
		set, ps := asn.Load(r, file)
		if set != nil {
			a.rules = a.rules.With(set)
		}
		return ps
	})
	a.readPeople(dir)
	a.readRatings(dir)
	a.readCatalogue(dir)
	a.readLastYear(dir)
	return a
}

// lacks reports whether one of the files could not be used at all.
func (a *agency) lacks(files ...string) bool {
	return slices.ContainsFunc(a.problems, func(p bangkom.Problem) bool { return unusable(p) && slices.Contains(files, fileOf(p)) })
}

// unusable is true of what costs a whole file: there is none, or no row of it
// can be understood.
func unusable(p bangkom.Problem) bool {
	return p.Severity == bangkom.Error && slices.Contains([]string{"missing-file", "unreadable-file", "no-header", "missing-column", "utf-16", "not-text", "unreadable"}, p.Code)
}

// fileOf is the file that a problem is in.
func fileOf(p bangkom.Problem) string {
	file, _, _ := strings.Cut(p.Where, ":")
	return file
}

// open runs one reader on one file and keeps its problems.
func (a *agency) open(dir fs.FS, file string, read func(io.Reader, string) bangkom.Problems) {
	f, err := dir.Open(file)
	if err != nil {
		code := "unreadable-file"
		if errors.Is(err, fs.ErrNotExist) {
			code = "missing-file"
		}
		a.problems.Add(bangkom.Problem{Code: code, Where: file, Msg: "the file could not be opened; what it holds is taken as not known"})
		return
	}
	defer f.Close()
	count := lineCounter{Reader: f}
	a.problems = append(a.problems, read(&count, file)...)
	a.lines += count.lines
}

// A lineCounter counts the lines that are read.
type lineCounter struct {
	io.Reader
	lines int
	last  byte
}

func (c *lineCounter) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.lines += bytes.Count(p[:n], []byte("\n"))
	if n > 0 {
		c.last = p[n-1]
	}
	if err == io.EOF && c.last != 0 && c.last != '\n' {
		c.lines, c.last = c.lines+1, 0
	}
	return n, err
}

// load is open for a reader that returns a value.
func load[T any](a *agency, dir fs.FS, file string, into *T, read func(io.Reader, string) (T, bangkom.Problems)) {
	a.open(dir, file, func(r io.Reader, file string) (ps bangkom.Problems) {
		*into, ps = read(r, file)
		return ps
	})
}

// readPeople reads who works where and what the jobs ask for.
func (a *agency) readPeople(dir fs.FS) {
	framework := a.rules.Framework()
	var (
		own       []competency.Competency
		units     []competency.Unit
		positions []competency.Position
		people    []competency.Person
		staff     *asn.SIASN
	)
	load(a, dir, "competencies.csv", &own, func(r io.Reader, file string) ([]competency.Competency, bangkom.Problems) {
		return competency.ReadCompetencies(r, file, framework.Scales[0].ID)
	})
	for _, c := range own {
		if _, taken := framework.Competency(c.ID); taken {
			a.problems.Add(bangkom.Problem{Code: "duplicate-id", Where: "competencies.csv", Value: string(c.ID), Msg: "the dictionary already has a competency of this code; the agency's is left out", Need: "a code of its own"})
			continue
		}
		framework.Competencies = append(framework.Competencies, c)
	}
	a.problems = append(a.problems, framework.Validate()...)

	load(a, dir, "units.csv", &units, competency.ReadUnits)
	load(a, dir, "positions.csv", &positions, competency.ReadPositions)
	a.open(dir, "standards.csv", func(r io.Reader, file string) (ps bangkom.Problems) {
		positions, ps = competency.ReadStandards(r, file, positions, framework)
		return ps
	})
	decreed := positions
	positions, _, problems := a.rules.Standards(decreed) // the agency's defaults by tier, where a decree is silent
	for i, p := range positions {
		if len(p.Requirements) > len(decreed[i].Requirements) {
			a.defaults++
		}
	}
	a.problems = append(a.problems, problems...)

	load(a, dir, "siasn.csv", &staff, func(r io.Reader, file string) (*asn.SIASN, bangkom.Problems) {
		return asn.ReadSIASN(r, file, &asn.SIASNOptions{Units: units, Positions: positions})
	})
	if staff != nil {
		for _, e := range staff.Employees {
			people = append(people, e.Person())
		}
	}
	a.open(dir, "targets.csv", func(r io.Reader, file string) (ps bangkom.Problems) {
		people, ps = competency.ReadTargets(r, file, people, positions)
		return ps
	})
	a.workforce, problems = competency.NewWorkforce(framework, positions, units, people)
	a.problems = append(a.problems, problems...)
}

// readRatings reads the assessment centre's sheet and the ratings of superiors, people and tests.
func (a *agency) readRatings(dir fs.FS) {
	var centre, others []competency.Rating
	load(a, dir, "recap.csv", &centre, func(r io.Reader, file string) ([]competency.Rating, bangkom.Problems) {
		return asn.ReadRecap(r, file, a.rules, &asn.RecapOptions{Required: a.required})
	})
	load(a, dir, "ratings.csv", &others, func(r io.Reader, file string) ([]competency.Rating, bangkom.Problems) {
		return competency.ReadRatings(r, file, a.workforce)
	})
	a.ratings = append(centre, others...)
}

func (a *agency) required(id competency.PersonID) []competency.Requirement {
	p, _ := a.workforce.Person(id)
	if job, ok := a.workforce.Position(p.Position); ok {
		return job.Requirements
	}
	return nil
}

// readCatalogue reads what can be learnt next year, where, from whom and for how much.
func (a *agency) readCatalogue(dir fs.FS) {
	c := &a.catalogue
	load(a, dir, "partners.csv", &c.Partners, program.ReadPartners)
	load(a, dir, "offerings.csv", &c.Offerings, func(r io.Reader, file string) ([]program.Offering, bangkom.Problems) {
		return program.ReadOfferings(r, file, c.Partners)
	})
	a.open(dir, "gains.csv", func(r io.Reader, file string) (ps bangkom.Problems) {
		c.Offerings, ps = program.ReadGains(r, file, c.Offerings, a.workforce.Framework())
		return ps
	})
	load(a, dir, "sessions.csv", &c.Sessions, func(r io.Reader, file string) ([]program.Session, bangkom.Problems) {
		return program.ReadSessions(r, file, c.Offerings)
	})
	load(a, dir, "budgets.csv", &c.Budgets, func(r io.Reader, file string) ([]program.Budget, bangkom.Problems) {
		return program.ReadBudgets(r, file, a.workforce)
	})
	load(a, dir, "mentors.csv", &a.mentors, mentoring.ReadMentors)
}

// readLastYear reads what last year's training left behind.
func (a *agency) readLastYear(dir fs.FS) {
	ctx := &evaluation.Context{Workforce: a.workforce, Offerings: a.catalogue.Offerings}
	var events []delivery.Event
	load(a, dir, "delivery.csv", &events, delivery.Read)
	a.events = merged(a.events, events)
	log, problems := delivery.Open(a.events)
	a.delivered, a.problems = log, append(a.problems, problems...)
	load(a, dir, "tests.csv", &a.tests, func(r io.Reader, file string) ([]evaluation.TestScore, bangkom.Problems) {
		return evaluation.ReadTests(r, file, ctx)
	})
	load(a, dir, "reaction.csv", &a.reaction, func(r io.Reader, file string) (evaluation.Survey, bangkom.Problems) {
		return evaluation.ReadReaction(r, file, ctx, nil)
	})
	load(a, dir, "behaviour.csv", &a.behaviour, func(r io.Reader, file string) ([]evaluation.Behaviour, bangkom.Problems) {
		return evaluation.ReadBehaviour(r, file, ctx)
	})
	load(a, dir, "costs.csv", &a.costs, func(r io.Reader, file string) ([]evaluation.Cost, bangkom.Problems) {
		return evaluation.ReadCosts(r, file, ctx)
	})
	load(a, dir, "benefits.csv", &a.benefits, func(r io.Reader, file string) ([]evaluation.Benefit, bangkom.Problems) {
		return evaluation.ReadBenefits(r, file, ctx)
	})
	skm := func(r io.Reader, file string) ([]satisfaction.Response, bangkom.Problems) {
		return asn.ReadSKM(r, file, a.rules, nil)
	}
	load(a, dir, "skm-before.csv", &a.before, skm)
	load(a, dir, "skm-after.csv", &a.after, skm)
}

// study puts together what was collected about one year's training. A unit
// counts as trained if at least one of its people completed an offering that
// raises public service (PP). Rows about the training of other years stay out.
func (a *agency) study(year int) evaluation.Study {
	this, other := map[evaluation.Participation]bool{}, map[evaluation.Participation]bool{}
	held := map[program.OfferingID]bool{}
	done := []evaluation.Participation{}
	for _, e := range a.events {
		p := evaluation.Participation{Person: e.Person, Offering: e.Offering}
		switch {
		case e.Status != delivery.Completed:
		case e.Date.Year() != year:
			other[p] = true
		case !this[p]:
			this[p], held[e.Offering] = true, true
			done = append(done, p)
		}
	}
	about := func(person competency.PersonID, o program.OfferingID) bool {
		p := evaluation.Participation{Person: person, Offering: o}
		return this[p] || !other[p]
	}
	serves := map[program.OfferingID]bool{}
	for _, o := range a.catalogue.Offerings {
		_, serves[o.ID] = o.Raises["PP"]
	}
	var trained []string
	for _, p := range done {
		if person, ok := a.workforce.Person(p.Person); ok && serves[p.Offering] {
			trained = append(trained, string(person.Unit))
		}
	}
	s := evaluation.Study{
		Participants: done, Design: evaluation.Design{Assignment: evaluation.ByNeed, MonthsAfter: 6}, Reaction: a.reaction,
		Tests:     keep(a.tests, func(t evaluation.TestScore) bool { return about(t.Person, t.Offering) }),
		Behaviour: keep(a.behaviour, func(b evaluation.Behaviour) bool { return about(b.Person, b.Offering) }),
		Costs:     keep(a.costs, func(c evaluation.Cost) bool { return held[c.Offering] }),
		Benefits:  keep(a.benefits, func(b evaluation.Benefit) bool { return held[b.Offering] }),
		Lost:      evaluation.Lost{Costs: a.lost("costs.csv"), Benefits: a.lost("benefits.csv")},
		Public: &evaluation.PublicSurvey{Instrument: a.rules.Instrument(), Before: a.before, After: a.after, Trained: trained,
			Options: &satisfaction.Options{OffScale: satisfaction.DropAnswer}}, // one slip costs its element an answer, not the unit its index
	}
	s.Reaction.Rows = keep(a.reaction.Rows, func(r evaluation.Reaction) bool { return about(r.Person, r.Offering) })
	return s
}

// lost counts the rows of a file that could not be read.
func (a *agency) lost(file string) int {
	return leftOut(keep(a.problems, func(p bangkom.Problem) bool { return fileOf(p) == file }))
}

// keep returns the rows that pass.
func keep[T any](rows []T, pass func(T) bool) []T {
	var out []T
	for _, r := range rows {
		if pass(r) {
			out = append(out, r)
		}
	}
	return out
}

// note adds what kept a step from being done to the list of problems.
func (a *agency) note(err error, step string) {
	for _, p := range bangkom.AsProblems(err, "no-"+step) {
		p.Severity, p.Where = bangkom.Error, step
		a.problems.Add(p)
	}
}

// hours is the table of last year's learning hours. The log need not be
// complete, so people without an entry are not known, not idle.
func (a *agency) hours(year int) delivery.Compliance {
	ledger, problems := delivery.Account(a.delivered.Activities(nil), a.rules.Conversions())
	a.problems = append(a.problems, problems...)
	return ledger.Compliance(a.workforce, year, a.rules.HourLimits(), &delivery.ComplianceOptions{Apart: []string{asn.CPNS}})
}

package main

import (
	"errors"
	"flag"
	"io"
	"io/fs"
	"os"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/asn"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/needs"
	"github.com/bangkom/bangkom/program"
)

func personID(s string) competency.PersonID { return competency.PersonID(s) }
func unitID(s string) competency.UnitID     { return competency.UnitID(s) }

// csvFlags are the files of an agency and what it decides.
type csvFlags struct {
	people, siasn, units, positions, standards, competencies, ratings, recap, rules string
	offerings, gains, sessions, partners, budget, settled                           string

	policy program.Policy
	asOf   bangkom.Date
}

func (c *csvFlags) define(fs *flag.FlagSet) {
	for _, f := range []struct {
		to         *string
		name, what string
	}{
		{&c.people, "people", "people: Kode, Nama, Unit, Jabatan, Status"}, {&c.siasn, "siasn", "people from the export of SIASN, instead of -people"},
		{&c.units, "units", "units: Kode, Nama, Induk"}, {&c.positions, "positions", "positions: Kode, Nama, Jenjang"},
		{&c.standards, "standards", "level required by position and competency"}, {&c.competencies, "competencies", "competencies of the agency, beside the nine of the rules"},
		{&c.rules, "rules", "JSON, not CSV: rules of the agency, such as default levels by tier"},
		{&c.ratings, "ratings", "levels attained, a row each"}, {&c.recap, "recap", "the assessment centre's sheet"},
		{&c.offerings, "offerings", "what can be learnt"}, {&c.gains, "gains", "expected gain by offering and competency"}, {&c.sessions, "sessions", "when, how many seats, at what cost"},
		{&c.partners, "partners", "partners and their price by volume"}, {&c.budget, "budget", "money by unit and year; TOTAL is the whole"},
		{&c.settled, "settled", "what is decided about people, a row each: NIP, Keputusan (sudah, wajib, tidak, tetap, jp), and Kode, Kode Sesi or JP"},
	} {
		fs.StringVar(f.to, f.name, "", "`file`: "+f.what)
	}
	p := &c.policy
	fs.IntVar(&p.Year, "year", 0, "year to plan")
	fs.TextVar(&c.asOf, "asof", bangkom.Date{}, "day as of which evidence counts and sessions have begun (default: 1 January of -year)")
	fs.Float64Var(&p.Coverage, "coverage", 0, "share of each unit's people to be reached")
	fs.Float64Var(&p.Away, "away", 0, "at most this share of a unit away at once")
	fs.Float64Var(&p.MissingHour, "missing-hour", 0, "price of 1 JP below the minimum, in levels of the most needed competency (default 0.05)")
	fs.Float64Var(&p.Again, "again", 0, "what is closed beyond one session's gain counts this much, from 0 to 1 (default: all)")
	fs.Float64Var(&p.Caution, "caution", 0, "plan with the gain less this many standard errors")
	fs.BoolVar(&p.TierReached, "tier-reached", false, "charge the partner's price at the size of the session, instead of the list price")
}

// agency is what the files say.
type agency struct {
	problems  bangkom.Problems
	workforce *competency.Workforce
	ratings   []competency.Rating
	catalogue program.Catalogue
}

// load runs one reader; a file that is not asked for leaves its part empty.
func load[T any](a *agency, file string, into *T, read func(io.Reader, string) (T, bangkom.Problems)) {
	if file == "" {
		return
	}
	f, err := os.Open(file)
	if err != nil {
		code := "unreadable-file"
		if errors.Is(err, fs.ErrNotExist) {
			code = "missing-file"
		}
		a.problems.Add(bangkom.Problem{Code: code, Where: file, Msg: "the file could not be opened"})
		return
	}
	defer f.Close()
	value, problems := read(f, file)
	*into, a.problems = value, append(a.problems, problems...)
}

// read makes the model. What is wrong is left out, with a problem.
func (c *csvFlags) read() (*program.Model, bangkom.Problems) {
	asOf := c.asOf
	if asOf.IsZero() && c.policy.Year > 0 && c.policy.Year < 10000 {
		asOf = bangkom.MustDate(c.policy.Year, 1, 1)
	}
	a, rules := &agency{}, asn.On(asOf)
	var set *asn.RuleSet
	if load(a, c.rules, &set, asn.Load); set != nil {
		rules = rules.With(set)
	}
	c.readPeople(a, rules)
	c.readCatalogue(a)
	load(a, c.ratings, &a.ratings, func(r io.Reader, file string) ([]competency.Rating, bangkom.Problems) {
		return competency.ReadRatings(r, file, a.workforce)
	})
	var centre []competency.Rating
	load(a, c.recap, &centre, func(r io.Reader, file string) ([]competency.Rating, bangkom.Problems) {
		return asn.ReadRecap(r, file, rules, &asn.RecapOptions{Required: a.required})
	})
	years, _, _ := rules.ValidFor()
	profiles, problems := competency.Assess(a.workforce, append(centre, a.ratings...), asOf, competency.Rule{
		ID: "plan/1", ValidFor: years,
		Sources: [][]competency.Source{{competency.Assessor, competency.ByTest}, {competency.Superior}, {competency.Peer, competency.Subordinate}},
	})
	a.problems = append(a.problems, problems...)
	p := c.policy
	p.AsOf, p.Hours = asOf, rules.HourLimits()
	load(a, c.settled, &p.Settled, func(r io.Reader, file string) ([]program.Settled, bangkom.Problems) {
		return program.ReadSettled(r, file, a.workforce, a.catalogue.Offerings, a.catalogue.Sessions)
	})
	model, problems := program.Build(a.workforce, competency.Gaps(profiles, competency.Held), a.weights(profiles), a.catalogue, p)
	return model, append(a.problems, slices.DeleteFunc(problems, a.said)...)
}

// said reports whether the file of offerings was found to have the fault that
// the model has: there it is named by its row.
func (a *agency) said(p bangkom.Problem) bool {
	switch p.Code {
	case "prerequisite-cycle":
		return a.problems.Has(p.Code)
	case "unknown-prerequisite", "unknown-partner":
		return slices.ContainsFunc(a.problems, func(q bangkom.Problem) bool { return q.Code == p.Code && q.Value == p.Value })
	}
	return false
}

// weights ranks the needs by what is missing.
func (a *agency) weights(profiles *competency.Profiles) map[competency.CompetencyID]float64 {
	cube, err := needs.GapCube(profiles, competency.Held)
	if err == nil {
		var ranking *needs.Ranking
		if ranking, err = needs.Rank(cube, needs.Shortfall, &needs.Options{Criticality: needs.ByStandard}); err == nil {
			return ranking.Weights()
		}
	}
	a.problems = append(a.problems, bangkom.AsProblems(err, "no-needs")...)
	return nil
}

func (c *csvFlags) readPeople(a *agency, rules *asn.Rules) {
	framework := rules.Framework()
	var (
		own       []competency.Competency
		units     []competency.Unit
		positions []competency.Position
		people    []competency.Person
		staff     *asn.SIASN
	)
	load(a, c.competencies, &own, func(r io.Reader, file string) ([]competency.Competency, bangkom.Problems) {
		return competency.ReadCompetencies(r, file, framework.Scales[0].ID)
	})
	for _, x := range own {
		if _, taken := framework.Competency(x.ID); taken {
			a.problems.Add(bangkom.Problem{Code: "duplicate-id", Where: c.competencies, Value: string(x.ID), Msg: "the rules already have a competency of this code; the agency's is left out", Need: "a code of its own"})
			continue
		}
		framework.Competencies = append(framework.Competencies, x)
	}
	a.problems = append(a.problems, framework.Validate()...)
	load(a, c.units, &units, competency.ReadUnits)
	load(a, c.positions, &positions, competency.ReadPositions)
	load(a, c.standards, &positions, func(r io.Reader, file string) ([]competency.Position, bangkom.Problems) {
		return competency.ReadStandards(r, file, positions, framework)
	})
	positions, _, problems := rules.Standards(positions)
	a.problems = append(a.problems, problems...)
	load(a, c.people, &people, func(r io.Reader, file string) ([]competency.Person, bangkom.Problems) {
		return competency.ReadPeople(r, file, units, positions)
	})
	load(a, c.siasn, &staff, func(r io.Reader, file string) (*asn.SIASN, bangkom.Problems) {
		return asn.ReadSIASN(r, file, &asn.SIASNOptions{Units: units, Positions: positions})
	})
	if staff != nil {
		for _, e := range staff.Employees {
			people = append(people, e.Person())
		}
	}
	a.workforce, problems = competency.NewWorkforce(framework, positions, units, people)
	a.problems = append(a.problems, problems...)
}

func (a *agency) required(id competency.PersonID) []competency.Requirement {
	p, _ := a.workforce.Person(id)
	if job, ok := a.workforce.Position(p.Position); ok {
		return job.Requirements
	}
	return nil
}

func (c *csvFlags) readCatalogue(a *agency) {
	k := &a.catalogue
	load(a, c.partners, &k.Partners, program.ReadPartners)
	load(a, c.offerings, &k.Offerings, func(r io.Reader, file string) ([]program.Offering, bangkom.Problems) {
		return program.ReadOfferings(r, file, k.Partners)
	})
	load(a, c.gains, &k.Offerings, func(r io.Reader, file string) ([]program.Offering, bangkom.Problems) {
		return program.ReadGains(r, file, k.Offerings, a.workforce.Framework())
	})
	load(a, c.sessions, &k.Sessions, func(r io.Reader, file string) ([]program.Session, bangkom.Problems) {
		return program.ReadSessions(r, file, k.Offerings)
	})
	load(a, c.budget, &k.Budgets, func(r io.Reader, file string) ([]program.Budget, bangkom.Problems) {
		return program.ReadBudgets(r, file, a.workforce)
	})
}

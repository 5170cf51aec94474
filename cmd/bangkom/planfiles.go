package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/asn"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/internal/text"
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
	fs.Float64Var(&p.Coverage, "coverage", 0, "`share` of each unit's people to be reached, of those who can attend something: a wish, or with -uncovered hard a limit")
	fs.Func("uncovered", "`price` of each person short of -coverage, in levels of the most needed competency, or hard: everywhere the share has to be reached (default 1)", priceOf(&p.Uncovered))
	fs.Float64Var(&p.Away, "away", 0, "at most this `share` of a unit away at once, above 0 (default: no such limit)")
	fs.Func("missing-hour", "`price` of 1 JP below the minimum, in levels of the most needed competency, or hard: everybody has to reach it (default 0.05)", priceOf(&p.MissingHour))
	fs.Float64Var(&p.Again, "again", 0, "what is closed beyond one session's gain counts this `share`, above 0 (default 1: all)")
	fs.Float64Var(&p.Caution, "caution", 0, "plan with the gain less this many standard errors")
	fs.Float64Var(&p.Money, "money", 0, "price of a million rupiah spent, in levels of the most needed competency (default: spending within the budget is free)")
	fs.BoolVar(&p.TierReached, "tier-reached", false, "charge the partner's price at the size of the session, instead of the list price")
}

// priceOf reads a price, or "hard": no price allows it.
func priceOf(to *float64) func(string) error {
	return func(s string) (err error) {
		if *to = math.Inf(1); s == "hard" {
			return nil
		}
		if *to, err = strconv.ParseFloat(s, 64); err != nil {
			return errors.New("neither a price nor hard")
		}
		return nil
	}
}

// agency is what the files say.
type agency struct {
	problems  bangkom.Problems
	void      string // a file that nothing could be read from: without it a plan means nothing
	workforce *competency.Workforce
	ratings   []competency.Rating
	catalogue program.Catalogue
	lines     map[string][]string // of the people of a status that has no hours
}

// load runs one reader; a file that is not asked for leaves its part empty. After
// a file that nothing could be read from no other is read: what they say would
// be wrong for want of it.
func load[T any](a *agency, file string, into *T, read func(io.Reader, string) (T, bangkom.Problems)) {
	if file == "" || a.void != "" {
		return
	}
	f, err := os.Open(file)
	if err != nil {
		code := "unreadable-file"
		if errors.Is(err, fs.ErrNotExist) {
			code = "missing-file"
		}
		a.problems.Add(bangkom.Problem{Code: code, Where: file, Msg: "the file could not be opened"})
		a.void = file
		return
	}
	defer f.Close()
	value, problems := read(f, file)
	*into, a.problems = value, append(a.problems, problems...)
	if slices.ContainsFunc([]string{"missing-column", "no-header", "utf-16", "not-text", "unreadable"}, problems.Only(bangkom.Error).Has) {
		a.void = file
	}
	if list := reflect.ValueOf(value); problems.Err() != nil && (list.Kind() == reflect.Slice || list.Kind() == reflect.Pointer) && (list.IsZero() || list.Kind() == reflect.Slice && list.Len() == 0) {
		a.void = file
	}
}

// needed refuses a list without which there is nothing to plan.
func needed[T any](a *agency, file string, list []T) {
	if a.void == "" && len(list) == 0 {
		a.void = file
		a.problems.Add(bangkom.Problem{Code: "no-rows", Where: file, Msg: "the file has no rows that can be used: there is nothing to plan", Need: "rows below the header"})
	}
}

// errNothing says that what the problems name leaves nothing to plan.
var errNothing = errors.New("nothing to plan")

// errUsage is a wrong use of the command.
var errUsage = errors.New("usage")

// day is as of when is planned, with the rules that hold then.
func (c *csvFlags) day() (bangkom.Date, *asn.Rules, error) {
	if c.policy.Year < 1 || c.policy.Year > 9999 {
		return bangkom.Date{}, nil, bangkom.Problem{Code: "option", Where: "-year", Value: strconv.Itoa(c.policy.Year), Msg: "not a year", Need: "four digits, such as 2027"}
	}
	asOf := c.asOf
	if asOf.IsZero() {
		asOf = bangkom.MustDate(c.policy.Year, 1, 1)
	}
	rules := asn.On(asOf)
	if len(rules.Framework().Scales) == 0 {
		return asOf, nil, bangkom.Problem{Code: "option", Where: "-year, -asof", Value: asOf.String(), Msg: "no rules on levels of competency are in force on this day", Need: "a later year, or a later day"}
	}
	return asOf, rules, nil
}

// read makes the model. What is wrong is left out, with a problem; where that
// leaves nothing to plan, the error is errNothing.
func (c *csvFlags) read() (*program.Model, bangkom.Problems, error) {
	asOf, rules, err := c.day()
	if err != nil {
		return nil, nil, errors.Join(errUsage, err)
	}
	a := &agency{}
	var set *asn.RuleSet
	if load(a, c.rules, &set, asn.Load); set != nil {
		rules = rules.With(set)
	}
	c.readPeople(a, rules)
	if a.void == "" {
		c.readCatalogue(a)
	}
	load(a, c.ratings, &a.ratings, func(r io.Reader, file string) ([]competency.Rating, bangkom.Problems) {
		return competency.ReadRatings(r, file, a.workforce)
	})
	var centre []competency.Rating
	load(a, c.recap, &centre, func(r io.Reader, file string) ([]competency.Rating, bangkom.Problems) {
		return asn.ReadRecap(r, file, rules, &asn.RecapOptions{Required: a.required})
	})
	if a.void != "" {
		return nil, a.problems, errNothing
	}
	years, _, _ := rules.ValidFor()
	profiles, problems := competency.Assess(a.workforce, append(centre, a.ratings...), asOf, competency.Rule{
		ID: "plan/1", ValidFor: years,
		Sources: [][]competency.Source{{competency.Assessor, competency.ByTest}, {competency.Superior}, {competency.Peer, competency.Subordinate}},
	})
	a.problems = append(a.problems, problems...)
	p := c.policy
	p.Money /= 1e6 // the flag's is that of a million
	p.AsOf, p.Hours = asOf, hours(rules)
	load(a, c.settled, &p.Settled, func(r io.Reader, file string) ([]program.Settled, bangkom.Problems) {
		return program.ReadSettled(r, file, a.workforce, a.catalogue.Offerings, a.catalogue.Sessions)
	})
	weights, err := a.weights(profiles)
	if errors.Is(err, needs.ErrNoEvidence) {
		a.blame()
	}
	if err != nil || a.void != "" {
		return nil, append(a.problems, bangkom.AsProblems(err, "no-needs")...), errNothing
	}
	model, problems := program.Build(a.workforce, competency.Gaps(profiles, competency.Held), weights, a.catalogue, p)
	for i := range problems {
		c.judge(&problems[i], a, p.Hours)
	}
	a.problems = append(a.problems, slices.DeleteFunc(problems, a.said)...)
	if model.Validate().Err() != nil || a.problems.Has("no-hour-limits") || c.unbudgeted(a) || c.broken(problems) {
		return nil, a.problems, errNothing
	}
	return model, a.problems, nil
}

// judge makes errors of what the library, which does not know the statuses and
// the flags, can only warn of.
func (c *csvFlags) judge(p *bangkom.Problem, a *agency, hours map[string]program.HourLimits) {
	switch {
	case p.Code == "no-hour-limits":
		p.Severity, p.Where = bangkom.Error, cmp.Or(c.people, c.siasn)
		if lines := a.lines[p.Value]; len(lines) > 8 {
			p.Where += ":" + strings.Join(lines[:8], ",") + ",…"
		} else if len(lines) > 0 {
			p.Where += ":" + strings.Join(lines, ",")
		}
		known := strings.Join(slices.Sorted(maps.Keys(hours)), ", ")
		if p.Need = fmt.Sprintf("one of %s, or a row of hours for it in the file of -rules", known); p.Value == "" {
			p.Need = fmt.Sprintf("a column Status (of SIASN: STATUS CPNS PNS) with one of %s", known)
		}
	case p.Code == "no-budget" && p.Where == "budgets" && c.budget != "":
		p.Severity, p.Where, p.Msg, p.Need = bangkom.Error, c.budget, "the file has no budget of the year that is planned", "a row of the year; to plan without a limit of money, leave out -budget"
	}
}

// hours are the limits by status.
func hours(rules *asn.Rules) map[string]program.HourLimits {
	limits := rules.HourLimits()
	if _, set := limits[asn.CPNS]; !set {
		limits[asn.CPNS] = program.HourLimits{} // they have none, and that is no oversight
	}
	return limits
}

// statuses writes each status as the limits of hours do, whatever its capitals,
// and remembers where the others stand.
func (a *agency) statuses(people []competency.Person, limits map[string]program.HourLimits) {
	known := slices.Sorted(maps.Keys(limits))
	a.lines = map[string][]string{}
	for i := range people {
		p := &people[i]
		if slices.Contains(known, p.Status) {
			continue
		}
		if like := text.Alike(p.Status, known); like != "" {
			p.Status = like
		} else if p.Line > 0 {
			a.lines[p.Status] = append(a.lines[p.Status], strconv.Itoa(p.Line))
		}
	}
}

func (c *csvFlags) unbudgeted(a *agency) bool {
	return slices.ContainsFunc(a.problems.Only(bangkom.Error), func(p bangkom.Problem) bool { return p.Code == "no-budget" })
}

// broken reports whether the model finds a row of what is settled that cannot
// hold: a plan without it would be one of another agency.
func (c *csvFlags) broken(problems bangkom.Problems) bool {
	return slices.ContainsFunc(problems.Only(bangkom.Error), func(p bangkom.Problem) bool { return c.settled != "" && strings.HasPrefix(p.Where, c.settled+":") })
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

// excuse takes away what is said of gains and sessions that name an offering whose own row was
// left out: that was told there, and they have no fault.
func (a *agency) excuse() {
	left := map[string]bool{}
	for _, p := range a.problems {
		left[p.Value] = left[p.Value] || p.Code == "left-out"
	}
	a.problems = slices.DeleteFunc(a.problems, func(p bangkom.Problem) bool { return p.Code == "unknown-offering" && left[p.Value] })
}

// blame makes errors of the notes that say why no rating is evidence.
func (a *agency) blame() {
	for i := range a.problems {
		switch p := &a.problems[i]; p.Code {
		case "future-rating":
			p.Severity, p.Need = bangkom.Error, "a later day with -asof, or the day of each rating"
		case "source-not-used":
			p.Severity, p.Need = bangkom.Error, "a column Sumber in the ratings' file, with asesor, tes, atasan, rekan or bawahan"
		}
	}
}

// weights ranks the needs by what is missing.
func (a *agency) weights(profiles *competency.Profiles) (map[competency.CompetencyID]float64, error) {
	asked := 0
	for _, p := range a.workforce.People() {
		asked += len(a.required(p.ID))
	}
	if asked == 0 {
		return nil, bangkom.Problem{Code: "no-standards", Where: "people", Msg: "nobody has a job with a standard: nobody lacks anything", Need: "the job of each person, in the codes of the positions' and the standards' files"}
	}
	cube, err := needs.GapCube(profiles, competency.Held)
	if err != nil {
		return nil, err
	}
	ranking, err := needs.Rank(cube, needs.Shortfall, &needs.Options{Criticality: needs.ByStandard})
	if err != nil {
		return nil, err
	}
	return ranking.Weights(), nil
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
	if a.void != "" {
		return
	}
	if needed(a, cmp.Or(c.people, c.siasn), people); a.void != "" {
		return
	}
	a.statuses(people, hours(rules))
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
	a.excuse() // what is decided about people is not: a duty must not get lost
	if c.policy.TierReached && a.void == "" && !slices.ContainsFunc(k.Partners, func(p program.Partner) bool { return p.PerSession }) {
		a.problems.Add(bangkom.Problem{Code: "no-tier-reached", Severity: bangkom.Warning, Where: "-tier-reached", Msg: "no partner counts the seats of each session by itself: the plan is made at list prices", Need: "ya in the column Per Sesi of the partners' file"})
	}
	needed(a, c.offerings, k.Offerings)
	if c.gains != "" {
		needed(a, c.gains, slices.DeleteFunc(slices.Clone(k.Offerings), func(o program.Offering) bool { return len(o.Raises) == 0 }))
	}
	needed(a, c.sessions, k.Sessions)
}

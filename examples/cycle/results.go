package main

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strconv"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/evaluation"
	"github.com/bangkom/bangkom/mentoring"
	"github.com/bangkom/bangkom/needs"
	"github.com/bangkom/bangkom/program"
	"github.com/bangkom/bangkom/program/delivery"
)

// results are everything that a run found.
type results struct {
	agency   *agency
	profiles *competency.Profiles
	ranking  *needs.Ranking
	plan     *program.Plan // with what was known before this year's evidence
	next     *program.Plan // with what was learnt from it
	matching *mentoring.Matching
	report   *evaluation.Report
	hours    delivery.Compliance
	changes  []evaluation.Change
}

// writeResults writes JSON for programs, which holds n, method, missing data
// and warnings beside each number, and CSV for spreadsheets.
func writeResults(dir string, r results) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	var annual *program.AnnualPlan
	if r.next != nil {
		a := r.next.Annual(r.next.Year)
		annual = &a
	}
	for name, value := range map[string]any{
		"needs.json": r.ranking, "plan.json": r.plan, "next-plan.json": r.next, "annual-plan.json": annual, "pairs.json": r.matching,
		"evaluation.json": r.report, "hours.json": r.hours, "changes.json": append([]evaluation.Change{}, r.changes...), "problems.json": r.agency.problems,
	} {
		data, err := json.MarshalIndent(value, "", " ")
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, name), append(data, '\n'), 0o600); err != nil {
			return err
		}
	}
	return errors.Join(
		writeCSV(dir, "gaps.csv", gapRows(r)),
		writeCSV(dir, "seats.csv", seatRows(r.next)),
		writeCSV(dir, "pairs.csv", pairRows(r.matching)),
		writeCSV(dir, "problems.csv", problemRows(r.agency.problems)),
	)
}

func writeCSV(dir, name string, rows [][]string) error {
	f, err := os.OpenFile(filepath.Join(dir, name), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(csv.NewWriter(f).WriteAll(rows), f.Close())
}

// gapRows has a row per person and requirement of the job held; a level that is
// not known is empty.
func gapRows(r results) [][]string {
	rows := [][]string{{"person", "unit", "position", "competency", "required", "attained", "state", "evidence"}}
	for g := range competency.Gaps(r.profiles, competency.Held) {
		p := r.agency.workforce.At(g.Person)
		attained := ""
		if _, known := g.Levels(); known {
			attained = strconv.Itoa(int(g.Attained.Level))
		}
		rows = append(rows, []string{string(p.ID), string(p.Unit), string(g.Position), string(g.Required.Competency),
			strconv.Itoa(int(g.Required.Level)), attained, g.State.String(), strconv.Itoa(g.Attained.N)})
	}
	return rows
}

func seatRows(p *program.Plan) [][]string {
	rows := [][]string{{"person", "session", "offering", "from", "to"}}
	if p == nil {
		return rows
	}
	for _, h := range p.Held {
		for _, id := range h.People {
			rows = append(rows, []string{string(id), string(h.Session.ID), string(h.Session.Offering), h.Session.From.String(), h.Session.To.String()})
		}
	}
	return rows
}

func pairRows(m *mentoring.Matching) [][]string {
	rows := [][]string{{"mentee", "mentor", "score", "why_not"}}
	if m == nil {
		return append(rows, []string{"", "", "", "nobody could be matched: see problems.csv"})
	}
	for _, p := range m.Matched {
		rows = append(rows, []string{string(p.Mentee), string(p.Mentor), strconv.FormatInt(p.Score, 10), ""})
	}
	for _, u := range m.Unmatched {
		rows = append(rows, []string{string(u.Person), "", "", string(u.Why)})
	}
	return rows
}

func problemRows(ps bangkom.Problems) [][]string {
	rows := [][]string{{"severity", "code", "where", "value", "message", "need"}}
	for _, p := range ps {
		rows = append(rows, []string{p.Severity.String(), p.Code, p.Where, p.Value, p.Msg, p.Need})
	}
	return rows
}

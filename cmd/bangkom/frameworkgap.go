package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
)

// jobFiles say who holds which job and what it asks for; empty: nobody says.
type jobFiles struct{ people, positions, standards string }

// A jobGap is what one job of a person asks for in a competency, against what
// was attained on a day.
type jobGap struct {
	AsOf bangkom.Date `json:"as_of"`
	Job  string       `json:"job"` // held or target
	competency.Gap
}

// person reads the jobs of one person. The positions given, as of a table of
// roles, hold unless there is a file of them.
func (j jobFiles) person(d document, id competency.PersonID) (competency.Person, []competency.Position, bangkom.Problems) {
	one, positions := competency.Person{ID: id}, d.positions
	if j.people == "" {
		return one, nil, nil
	}
	var problems bangkom.Problems
	read := func(file string, f func(io.Reader) bangkom.Problems) {
		if file == "" {
			return
		}
		r, err := os.Open(file)
		if err != nil {
			problems.Add(bangkom.Problem{Code: "unreadable-file", Where: file, Msg: errors.Unwrap(err).Error()})
			return
		}
		defer r.Close()
		problems = append(problems, f(r)...)
	}
	read(j.positions, func(r io.Reader) (ps bangkom.Problems) {
		positions, ps = competency.ReadPositions(r, j.positions)
		return ps
	})
	read(j.standards, func(r io.Reader) (ps bangkom.Problems) {
		positions, ps = competency.ReadStandards(r, j.standards, positions, d.framework)
		return ps
	})
	read(j.people, func(r io.Reader) bangkom.Problems {
		people, ps := competency.ReadPeople(r, j.people, nil, positions)
		if k := slices.IndexFunc(people, func(p competency.Person) bool { return p.ID == id }); k >= 0 {
			one = people[k]
			one.Unit = "" // units are not read: what they are changes no gap
		} else {
			ps.Add(bangkom.Problem{Code: "unknown-person", Severity: bangkom.Warning, Where: j.people, Msg: "the person is not in the file: nothing says which job to compare with"})
		}
		return ps
	})
	return one, positions, problems
}

// gaps lists what the jobs of a person ask for in one competency.
func gaps(p *competency.Profiles, w *competency.Workforce, id competency.PersonID, c competency.CompetencyID, day bangkom.Date) []jobGap {
	var out []jobGap
	i, ok := w.Index(id)
	if !ok {
		return nil
	}
	for job, name := range map[competency.Job]string{competency.Held: "held", competency.Target: "target"} {
		for _, g := range competency.PersonGaps(p, i, job) {
			if g.Required.Competency == c {
				out = append(out, jobGap{day, name, g})
			}
		}
	}
	slices.SortFunc(out, func(a, b jobGap) int { return len(a.Job) - len(b.Job) })
	return out
}

// String says it in a line: "held job A asks for level 4: 1 short".
func (g jobGap) String() string {
	s := fmt.Sprintf("%s job %s asks for level %d: ", g.Job, g.Position, g.Required.Level)
	switch n, known := g.Levels(); {
	case !known:
		return s + g.State.String() + ", so that nobody knows"
	case n > 0:
		return s + fmt.Sprintf("%d short", n)
	case n < 0:
		return s + fmt.Sprintf("met, %d above", -n)
	}
	return s + "met"
}

package asn

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
)

// Version names the rules that an index of professionalism (IP ASN) is scored
// by. Both are in use, so nothing chooses between them but the caller.
type Version string

// The versions. That of 2024 is known in part only: see [Rules.Professionalism].
const (
	IPASN2019 Version = "2019"
	IPASN2024 Version = "2024"
)

// Edge says what becomes of a score that falls between two classes as they are
// printed (70 and 71), as 70.5 does. It is a choice: the rules are silent.
type Edge uint8

// The edges.
const (
	LowerBound  Edge = iota // the class of the highest lower bound that is reached: 70.5 is of the class that ends at 70
	RoundHalfUp             // rounded to a whole number first: 70.5 is 71
)

// String returns "lower-bound" or "round-half-up".
func (e Edge) String() string {
	if e == RoundHalfUp {
		return "round-half-up"
	}
	return "lower-bound"
}

// MarshalText writes the word of [Edge.String].
func (e Edge) MarshalText() ([]byte, error) { return []byte(e.String()), nil }

// The groups of jobs that competency is scored in, and the kinds of training.
// Functional is both.
const (
	Structural = "structural"
	Functional = "functional"
	Staff      = "staff"
	Leadership = "leadership"
	Technical  = "technical"
	Seminar    = "seminar"
)

// Career is what the index asks of one person.
type Career struct {
	Education   string // "S2", "D-III", …
	Group       string // Structural, Functional or Staff
	Exempt      bool   // a functional job whose training counts as done, by an agency's rule
	Trainings   []TrainingDone
	Performance *float64 // score of the previous year, for the version of 2019; nil: no record
	Predicate   string   // "sangat-baik", …, for the version of 2024
	Sanctions   []Sanction
}

// TrainingDone is one training that was completed.
type TrainingDone struct {
	Kind string       `json:"kind"` // Leadership, Functional, Technical or Seminar
	Last bangkom.Date `json:"last"`
	JP   bangkom.JP   `json:"jp"`
}

// Sanction is a disciplinary sanction: "light", "medium" or "heavy".
type Sanction struct {
	Weight string       `json:"weight"`
	Date   bangkom.Date `json:"date"`
}

// Points are what one dimension of the index gives, and by which rows.
type Points struct {
	Dimension string  `json:"dimension"`
	Points    float64 `json:"points"`
	Rows      []Row   `json:"rows"`
}

// Index is the professionalism of one person. Rules lists the rule sets used.
type Index struct {
	Version    Version          `json:"version"`
	Edge       Edge             `json:"edge"`
	Total      float64          `json:"total"`
	Class      bangkom.Band     `json:"class"`
	Dimensions []Points         `json:"dimensions"`
	Rules      []string         `json:"rules"`
	Warnings   bangkom.Problems `json:"warnings,omitempty"`
}

// Professionalism scores one person as of the day of the rules: qualification,
// competency, performance and discipline, whose points add up to at most 100.
//
// Trainings count within their windows: seminars of the last two years,
// technical training of staff of the last year, any other whenever it was. The
// window's first day is the same day of the earlier year, included. Technical
// trainings of a window add up to the 20 JP that are asked.
//
// The version of 2024 takes qualification, discipline and classes from that of
// 2019. It is known for the predicate "sangat-baik" only, and its points for
// training are not: competency is refused (incomplete-rules) unless an agency's
// file brings ip-points for 2024/competency/GROUP. What is asked and unknown is
// an error, never 0 points.
func (r *Rules) Professionalism(c Career, v Version, edge Edge) (*Index, bangkom.Problems) {
	x := scoring{rules: r, career: c, index: &Index{Version: v, Edge: edge}}
	if v != IPASN2019 && v != IPASN2024 {
		return nil, bangkom.Problems{{Code: "option", Value: string(v), Msg: "no such version of the index", Need: "2019 or 2024"}}
	}
	x.qualification()
	if v == IPASN2019 {
		x.trainings("2019/competency/" + c.Group)
		x.performance()
	} else {
		x.trainings("2024/competency/" + c.Group)
		x.predicate()
	}
	x.discipline()
	if err := x.problems.Err(); err != nil {
		return nil, x.problems
	}
	x.classify()
	return x.index, nil
}

// scoring gathers the dimensions of one index.
type scoring struct {
	rules    *Rules
	career   Career
	index    *Index
	problems bangkom.Problems
}

func (x *scoring) fail(code, where, value, msg, need string) {
	x.problems.Add(bangkom.Problem{Code: code, Where: where, Value: value, Msg: msg, Need: need})
}

func (x *scoring) add(dimension string, points float64, rows ...Row) {
	x.index.Total += points
	x.index.Dimensions = append(x.index.Dimensions, Points{dimension, points, rows})
	for _, row := range rows {
		if !slices.Contains(x.index.Rules, row.Set) {
			x.index.Rules = append(x.index.Rules, row.Set)
		}
	}
}

// points finds the row of a table by any spelling of its code.
func (x *scoring) points(table, name string) (Row, bool) {
	for _, row := range x.rules.of(ruleIPPoints) {
		if row.For != table {
			continue
		}
		for _, s := range row.spelled()[1:] { // not what the row is for
			if squash(s) == squash(name) {
				return row.clone(), true
			}
		}
	}
	return Row{}, false
}

func (x *scoring) qualification() {
	row, ok := x.points("2019/qualification", x.career.Education)
	if !ok {
		x.fail("unknown-education", "education", x.career.Education, "no points are known for this education", "S3, S2, S1, D4, D3, D2, D1, SMA, or one below")
		return
	}
	x.add("qualification", *row.Value, row)
}

func (x *scoring) trainings(table string) {
	version, _, _ := strings.Cut(table, "/")
	var rows []Row
	total := 0.0
	known := false
	for _, row := range x.rules.of(ruleIPPoints) {
		if row.For != table {
			continue
		}
		known = true
		if x.has(row, version) {
			rows, total = append(rows, row.clone()), total+*row.Value
		}
	}
	switch {
	case !slices.Contains([]string{Structural, Functional, Staff}, x.career.Group):
		x.fail("unknown-group", "group", x.career.Group, "no such group of jobs", "structural, functional or staff")
		return
	case !known:
		x.fail("incomplete-rules", table, version, "the points for training are not known in this version", "rows ip-points for "+table+" in an agency's rule file")
		return
	}
	if version == string(IPASN2024) {
		row, ok := x.points("2024/competency", x.career.Predicate)
		if !ok {
			x.fail("incomplete-rules", "2024/competency", x.career.Predicate, "the competency points of this predicate are not known", "a row ip-points for 2024/competency in an agency's rule file")
			return
		}
		rows, total = append(rows, row), total+*row.Value
	}
	x.add("competency", total, rows...)
}

// has reports whether the person has done what a row asks for.
func (x *scoring) has(row Row, version string) bool {
	if x.career.Exempt && (row.Code == Functional || row.Code == Technical) {
		return true
	}
	from := x.windowStart(version, row.Code)
	var hours bangkom.JP
	found := false
	for _, t := range x.career.Trainings {
		if t.Kind == row.Code && !t.Last.After(x.rules.day) && (from.IsZero() || !t.Last.IsZero() && !t.Last.Before(from)) {
			found, hours = true, hours+t.JP
		}
	}
	return found && (row.Min == nil || hours >= *row.Min)
}

// windowStart is the first day that counts; none is whenever it was.
func (x *scoring) windowStart(version, kind string) bangkom.Date {
	for _, row := range x.rules.of(ruleIPWindow) {
		if row.For == version+"/"+x.career.Group+"/"+kind || row.For == version+"/"+kind {
			return x.rules.day.AddYears(-int(*row.Value))
		}
	}
	if version != string(IPASN2019) {
		return x.windowStart(string(IPASN2019), kind)
	}
	return bangkom.Date{}
}

func (x *scoring) performance() {
	p := x.career.Performance
	if p == nil {
		if row, ok := x.points("2019/performance", "none"); ok {
			x.add("performance", *row.Value, row)
		}
		return
	}
	if !(*p >= 0 && *p <= 100) {
		x.fail("off-scale", "performance", fmt.Sprint(*p), "a performance score from 0 to 100", "")
		return
	}
	rows := slices.DeleteFunc(x.rules.of(ruleIPWork), func(row Row) bool { return row.For != "2019" })
	if row, ok := x.find(rows, *p, "performance"); ok {
		x.add("performance", *row.Value, row)
	}
}

func (x *scoring) predicate() {
	row, ok := x.points("2024/performance", x.career.Predicate)
	if !ok {
		x.fail("incomplete-rules", "2024/performance", x.career.Predicate, "the points of this predicate are not known", "a row ip-points for 2024/performance in an agency's rule file")
		return
	}
	x.add("performance", *row.Value, row)
}

// discipline takes the heaviest sanction within the window.
func (x *scoring) discipline() {
	from := x.windowStart("2019", "discipline")
	worst, found := Row{}, false
	weights := []string{"none"}
	for _, s := range x.career.Sanctions {
		if !s.Date.After(x.rules.day) && (s.Date.IsZero() || !s.Date.Before(from)) {
			weights = append(weights, s.Weight)
		}
	}
	for _, w := range weights {
		row, ok := x.points("2019/discipline", w)
		if !ok {
			x.fail("unknown-sanction", "discipline", w, "no such sanction", "light, medium or heavy")
			return
		}
		if !found || *row.Value < *worst.Value {
			worst, found = row, true
		}
	}
	x.add("discipline", *worst.Value, worst)
}

func (x *scoring) classify() {
	rows := slices.DeleteFunc(x.rules.of(ruleIPClass), func(row Row) bool { return row.For != "2019" })
	if row, ok := x.find(rows, x.index.Total, "total"); ok {
		lower := math.Inf(-1)
		if row.Lower != nil {
			lower = *row.Lower
		}
		x.index.Class = bangkom.Band{Lower: lower, Code: row.Code, Label: row.Title["id"]}
	}
}

// find returns the one row of a table of classes that a score falls into, and
// warns where it stands in a gap of the printed table.
func (x *scoring) find(rows []Row, score float64, where string) (Row, bool) {
	sortClasses(rows)
	at := score
	if x.index.Edge == RoundHalfUp {
		at = bangkom.HalfUp(0).Float(score)
	}
	for i := len(rows) - 1; i >= 0; i-- {
		if rows[i].Lower != nil && at < *rows[i].Lower {
			continue
		}
		if u := rows[i].Upper; i+1 < len(rows) && (u != nil && score > *u || rows[i].Lower != nil && score < *rows[i].Lower) {
			x.index.Warnings.Add(bangkom.Problem{Code: "between-classes", Severity: bangkom.Warning, Where: where, Value: fmt.Sprint(score),
				Msg: "the printed table has no class for this score; " + x.index.Edge.String() + " decided", Need: "a ruling of the agency on the edge"})
		}
		return rows[i].clone(), true
	}
	return Row{}, false
}

// MeanIndex is the figure of an agency or a unit: the mean over its people, not
// a mean of its units' means.
func MeanIndex(people []*Index) bangkom.Estimate {
	e := bangkom.Estimate{Value: math.NaN(), SE: math.NaN(), Method: "mean over people"}
	sum := 0.0
	for _, x := range people {
		if x == nil {
			e.Missing.Policy = "people without an index"
			e.Missing.Dropped++
			continue
		}
		sum += x.Total
		e.N++
	}
	if e.N > 0 {
		e.Value = sum / float64(e.N)
	} else {
		e.Warnings.Add(bangkom.Problem{Code: "too-few", Severity: bangkom.Warning, Msg: "nobody has an index", Need: "1"})
	}
	return e
}

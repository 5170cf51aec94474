package asn

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
)

// Place is a third of an axis: of results and behaviour against expectation, or
// of potential. The zero value is not known.
type Place uint8

// The places. For potential they read low, medium and high.
const (
	Below Place = iota + 1
	Meets
	Above
)

var placeNames = []string{"unknown", "below", "meets", "above"}

// String returns "below", "meets", "above" or "unknown".
func (p Place) String() string {
	if p > Above {
		p = 0
	}
	return placeNames[p]
}

// MarshalText writes the word of [Place.String].
func (p Place) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// Predicate returns the predicate of a year's performance from its results and
// its behaviour, with the row that says so; false if one of them is not known.
func (r *Rules) Predicate(results, behaviour Place) (code string, by Row, ok bool) {
	for _, row := range r.of(rulePredicate) {
		if row.For == results.String()+"/"+behaviour.String() {
			return row.Code, row.clone(), true
		}
	}
	return "", Row{}, false
}

// PerformanceAxis places a predicate on the axis of performance.
func (r *Rules) PerformanceAxis(predicate string) (Place, Row, bool) {
	for _, row := range r.of(ruleAxis) {
		if squash(row.For) == squash(predicate) || squash(row.Title["id"]) == squash(predicate) {
			return Place(slices.Index(placeNames, row.Code)), row.clone(), true
		}
	}
	return 0, Row{}, false
}

// Cutoffs part a score into three places. Each agency sets its own: there is no
// default. A place begins at its cut-off.
type Cutoffs struct{ Meets, Above float64 }

// Place of a score; an error for a NaN or for cut-offs that do not rise.
func (c Cutoffs) Place(score float64) (Place, error) {
	switch {
	case !(c.Meets < c.Above):
		return 0, bangkom.Problem{Code: "option", Value: fmt.Sprintf("%v, %v", c.Meets, c.Above), Msg: "asn: cut-offs that do not rise"}
	case math.IsNaN(score):
		return 0, bangkom.Problem{Code: "not-finite", Msg: "asn: a score that is not known has no place"}
	case score >= c.Above:
		return Above, nil
	case score >= c.Meets:
		return Meets, nil
	}
	return Below, nil
}

// Box is where somebody stands among the nine. Its number is a view of it under
// a named numbering, because several are in use.
type Box struct {
	Potential   Place `json:"potential"`
	Performance Place `json:"performance"`
}

// The numberings that are built in. The second is one ministry's own.
const (
	National Numbering = "permenpanrb-3-2020"
	Kemenkeu Numbering = "kemenkeu"
)

// A Numbering names a way to number the nine boxes.
type Numbering string

// BoxNumber returns the number of a box, with the row that says so; false for a
// box that is not known or a numbering that is not.
func (r *Rules) BoxNumber(b Box, n Numbering) (number int, by Row, ok bool) {
	code := boxCode(b)
	for _, row := range r.of(ruleBox) {
		if row.For == string(n) && row.Code == code {
			return int(*row.Value), row.clone(), true
		}
	}
	return 0, Row{}, false
}

func boxCode(b Box) string {
	potential := strings.NewReplacer("below", "low", "meets", "medium", "above", "high").Replace(b.Potential.String())
	return potential + "/" + b.Performance.String()
}

// WhichNumbering finds the numbering that a table of boxes and numbers follows,
// as somebody else's file has it. A table that fits several, or parts of
// different ones, is refused (mixed-numbering), and so is the one that circulates under
// the name of the national regulation but is not it (defective-numbering).
func (r *Rules) WhichNumbering(seen map[Box]int) (Numbering, bangkom.Problems) {
	var fits []Numbering
	for _, n := range r.numberings() {
		if r.follows(seen, n) {
			fits = append(fits, n)
		}
	}
	if len(fits) == 1 {
		return fits[0], nil
	}
	p := bangkom.Problem{Code: "mixed-numbering", Value: fmt.Sprint(len(seen)), Msg: "asn: the numbers fit no single numbering", Need: "box by potential and performance, or a whole table of one numbering"}
	if len(seen) > 0 && followsDefect(seen) && len(fits) == 0 {
		p.Code, p.Msg = "defective-numbering", "asn: this order of the boxes circulates with PermenPANRB 3/2020 as its source, which numbers them otherwise"
	}
	return "", bangkom.Problems{p}
}

func (r *Rules) numberings() []Numbering {
	names := map[Numbering]bool{}
	for _, row := range r.of(ruleBox) {
		names[Numbering(row.For)] = true
	}
	return slices.Sorted(maps.Keys(names))
}

func (r *Rules) follows(seen map[Box]int, n Numbering) bool {
	for b, number := range seen {
		if want, _, ok := r.BoxNumber(b, n); !ok || want != number {
			return false
		}
	}
	return true
}

// followsDefect: performance first, then potential, both rising.
func followsDefect(seen map[Box]int) bool {
	for b, number := range seen {
		if number != 3*(int(b.Performance)-1)+int(b.Potential) {
			return false
		}
	}
	return true
}

package competency

import (
	"slices"

	"github.com/bangkom/bangkom"
)

// Source is who or what a rating comes from.
type Source string

// The sources that files name.
const (
	Self        Source = "self"
	Superior    Source = "superior"
	Peer        Source = "peer"
	Subordinate Source = "subordinate"
	Assessor    Source = "assessor"
	ByTest      Source = "test"
	Record      Source = "record"
)

// A Rating is one piece of evidence that a person shows a level.
type Rating struct {
	Person     PersonID     `json:"person"`
	Competency CompetencyID `json:"competency"`
	Level      Level        `json:"level"`
	Source     Source       `json:"source,omitzero"`
	Rater      string       `json:"rater,omitzero"`       // opaque; may be empty
	Date       bangkom.Date `json:"date,omitzero"`        // zero: not known; expiry cannot be judged
	ValidUntil bangkom.Date `json:"valid_until,omitzero"` // last valid day; zero: see Rule.ValidFor
	Inherited  *Inherited   `json:"inherited,omitzero"`   // nil: given as it stands; else carried over from another version
}

// Inherited says what a rating was before a migration carried it over from
// another version of the framework. Of keeps the ratings it was made of as they
// stood; one that had been inherited itself keeps its own mark.
type Inherited struct {
	Framework FrameworkID `json:"framework"`
	Version   string      `json:"version,omitempty"`
	Plan      string      `json:"plan"` // the migration plan
	Of        []Rating    `json:"of"`
}

// Aggregation says how several valid ratings become one level.
type Aggregation uint8

const (
	Latest  Aggregation = iota // the latest rating; of one day, the lower level
	Median                     // the lower median over ratings
	Highest                    // the highest level shown
)

// A Rule declares how ratings become a profile. It is named in every result.
type Rule struct {
	ID          string      `json:"id"`
	Aggregation Aggregation `json:"aggregation"`
	Sources     [][]Source  `json:"sources,omitzero"`   // groups in order of trust: the first group with a valid rating decides; nil: all sources alike
	ValidFor    int         `json:"valid_for,omitzero"` // years a rating without ValidUntil stays valid, its day n years later included; 0: for ever
}

// clone copies what a caller could still change.
func (r Rule) clone() Rule {
	r.Sources = slices.Clone(r.Sources)
	for i := range r.Sources {
		r.Sources[i] = slices.Clone(r.Sources[i])
	}
	return r
}

// trust returns the group of a source, and false if the rule does not use it.
func (r *Rule) trust(s Source) (int, bool) {
	if r.Sources == nil {
		return 0, true
	}
	g := slices.IndexFunc(r.Sources, func(group []Source) bool { return slices.Contains(group, s) })
	return g, g >= 0
}

// oldest returns the oldest day on which a rating without ValidUntil may have
// been given to be valid on asOf; no date: any.
func (r *Rule) oldest(asOf bangkom.Date) bangkom.Date {
	if r.ValidFor == 0 || r.ValidFor >= asOf.Year() {
		return bangkom.Date{}
	}
	d := asOf.AddYears(-r.ValidFor)
	for d.AddYears(r.ValidFor).Before(asOf) { // asOf is a 29 February, d the 28th
		d = d.AddDays(1)
	}
	return d
}

// validate reports a rule that cannot be applied.
func (r *Rule) validate() bangkom.Problems {
	var ps bangkom.Problems
	if int(r.Aggregation) >= len(aggregationWords) {
		ps.Add(bangkom.Problem{Code: "option", Where: "rule/aggregation", Value: r.Aggregation.String(), Msg: "no such aggregation", Need: "Latest, Median or Highest"})
	}
	if r.ValidFor < 0 {
		ps.Add(bangkom.Problem{Code: "option", Where: "rule/valid_for", Msg: "evidence cannot be valid for less than no time", Need: "years, or 0 for ever"})
	}
	return ps
}

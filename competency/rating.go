package competency

import (
	"fmt"
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

// EvidenceKind is how a level was shown.
type EvidenceKind string

// The kinds that files name. Others may occur, and are kept as written.
const (
	Observation EvidenceKind = "observation" // somebody judged what the person does
	Tested      EvidenceKind = "test"
	Certificate EvidenceKind = "certificate"
	XAPI        EvidenceKind = "xapi" // a statement of a learning system
)

// A Rating is one piece of evidence that a person shows a level or, if
// Negative, does not show it any more. See [Assess] for what becomes of it.
type Rating struct {
	Person     PersonID     `json:"person"`
	Competency CompetencyID `json:"competency"`
	Level      Level        `json:"level"`
	Negative   bool         `json:"negative,omitzero"`    // withdraws what showed this level or a higher one before
	Renewal    int16        `json:"renewal,omitzero"`     // months after Date within which it must be renewed; 0: see Rule.ValidFor
	Date       bangkom.Date `json:"date,omitzero"`        // the day it was shown; zero: not known, and expiry cannot be judged
	Recorded   bangkom.Date `json:"recorded,omitzero"`    // the day it came to be known; zero: at once
	ValidUntil bangkom.Date `json:"valid_until,omitzero"` // last valid day; zero: see Renewal
	Source     Source       `json:"source,omitzero"`
	Rater      string       `json:"rater,omitzero"` // opaque; may be empty
	Kind       EvidenceKind `json:"kind,omitzero"`
	Ref        string       `json:"ref,omitzero"`       // where it can be looked up: number of a certificate, id of a statement
	Inherited  *Inherited   `json:"inherited,omitzero"` // nil: given as it stands; else carried over from another version
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
	Median                     // the lower median over ratings, by weight where the rule has weights
	Highest                    // the highest level shown
	Mean                       // the mean over ratings after Rule.Trim, brought to a step of the scale by Rule.Nearest
)

// A Rule declares how ratings become a profile. It is named in every result,
// with its version: the same evidence under another rule is another result.
//
// # Choosing who decides
//
// Several ratings of one person and competency are the rule, and they differ.
// [Rule] says which counts; it is part of the result ([Profiles.Rule]).
//
//   - One assessment at a time, the newest counts: the zero Rule, [Latest]. Of
//     several on the newest day the lower level counts, because a gap that is
//     looked at once too often costs less than one that is overlooked.
//   - Several raters, none above the others: [Median]. The lower median of an
//     even number is always a level that somebody gave.
//   - Certificates and tests, where a level once shown is shown: [Highest].
//   - The assessment centre decides, the superior only where there is none:
//     Sources: [][]Source{{Assessor}, {Superior}}. Sources that are not named
//     do not count at all, and a Note says how many ratings that were.
//   - Superior, colleagues and subordinates together: [Raters], with [Mean] or
//     [Median]. Weights, the raters a source needs, what a rating of oneself is
//     worth and who stays anonymous are declared there, and nothing is assumed.
//     A mean lies between steps: it comes to the step that is fully reached
//     unless the rule says Nearest, and the mean itself is in the explanation.
//
// # Choosing how long evidence counts
//
// A rating's own ValidUntil wins; without it, its Renewal in months; without
// that, Rule.ValidFor years count from its date, the last day included. Without
// a date nothing can be judged: the rating counts, as the oldest, and a Warning
// says so. ValidFor 0 means for ever. [Decay] lowers a level step by step meanwhile.
// Negative evidence does not end after ValidFor: what it withdrew comes back only
// where it has an end of its own, or where somebody shows the level again.
//
// # Asking what was known
//
// The day as of which is assessed says what was true; Rule.KnownAt what had been
// recorded. Without it both are one day, so that the profile of a past day is
// the one that could have been printed on it. With KnownAt of today, what was
// recorded late counts too. [Profiles.Explain] lists every rating of a cell with
// the reason why it counts or does not, and the rule with its version.
type Rule struct {
	ID          string       `json:"id"`
	Version     string       `json:"version,omitzero"`
	Aggregation Aggregation  `json:"aggregation"`
	Sources     [][]Source   `json:"sources,omitzero"`   // groups in order of trust: the first group with a valid rating decides; nil: all sources alike
	ValidFor    int          `json:"valid_for,omitzero"` // years a rating without ValidUntil and Renewal stays valid, its day n years later included; 0: for ever
	KnownAt     bangkom.Date `json:"known_at,omitzero"`  // what was recorded later is not used; zero: the day as of which is assessed
	Decay       *Decay       `json:"decay,omitzero"`     // nil: a level stays what it was until it expires
	Trim        float64      `json:"trim,omitzero"`      // Mean: share of the ratings left out at each end, below 0.5; ⌊share · n⌋ of them
	Nearest     bool         `json:"nearest,omitzero"`   // Mean: to the nearest step, halves down; false: down to the step that is fully reached
	Raters      *Raters      `json:"raters,omitzero"`    // nil: every rating counts, whoever gave it
}

// clone copies what a caller could still change.
func (r Rule) clone() Rule {
	r.Sources = slices.Clone(r.Sources)
	for i := range r.Sources {
		r.Sources[i] = slices.Clone(r.Sources[i])
	}
	r.Decay, r.Raters = r.Decay.clone(), r.Raters.clone()
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

// knownAt is the last day whose records are used.
func (r *Rule) knownAt(asOf bangkom.Date) bangkom.Date {
	if r.KnownAt.IsZero() {
		return asOf
	}
	return r.KnownAt
}

// oldest returns the oldest day that lies no more than some months before
// asOf: the first d with d.AddMonths(months) >= asOf. No date: any.
func oldest(asOf bangkom.Date, months int) bangkom.Date {
	t := asOf.Time()
	if months > 12*(t.Year()-1)+int(t.Month())-1 {
		return bangkom.Date{} // before the first year
	}
	d := asOf.AddMonths(-months)
	for d.AddMonths(months).Before(asOf) { // asOf is the 31st, or a 29 February
		d = d.AddDays(1)
	}
	return d
}

// oldest returns the oldest day on which a rating without an end of its own
// may have been given to be valid on asOf; no date: any.
func (r *Rule) oldest(asOf bangkom.Date) bangkom.Date {
	if r.ValidFor == 0 || r.ValidFor >= asOf.Year() {
		return bangkom.Date{}
	}
	return oldest(asOf, 12*r.ValidFor)
}

// validate reports a rule that cannot be applied.
func (r *Rule) validate() bangkom.Problems {
	var ps bangkom.Problems
	if !aggregationWords.Has(r.Aggregation) {
		ps.Add(bangkom.Problem{Code: "option", Where: "rule/aggregation", Value: r.Aggregation.String(), Msg: "no such aggregation", Need: "Latest, Median, Highest or Mean"})
	}
	if r.ValidFor < 0 {
		ps.Add(bangkom.Problem{Code: "option", Where: "rule/valid_for", Msg: "evidence cannot be valid for less than no time", Need: "years, or 0 for ever"})
	}
	if !(r.Trim >= 0 && r.Trim < 0.5) || r.Trim > 0 && r.Aggregation != Mean {
		ps.Add(bangkom.Problem{Code: "option", Where: "rule/trim", Value: fmt.Sprint(r.Trim), Msg: "not a share that can be left out at each end", Need: "from 0 to below 0.5, and only for Mean"})
	}
	r.Decay.validate(&ps)
	r.Raters.validate(r.Aggregation, &ps)
	return ps
}

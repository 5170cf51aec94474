package evaluation

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/evaluation/satisfaction"
	"github.com/bangkom/bangkom/internal/word"
	"github.com/bangkom/bangkom/program"
)

// Assignment says how it was decided who is trained. It decides what may be
// said of a difference.
type Assignment uint8

// The assignments.
const (
	Unstated   Assignment = iota // nobody says: treated as the weakest
	Volunteers                   // who wanted to
	ByNeed                       // who was low: their next measurement rises by itself
	Matched                      // a comparison group that was alike before
	Randomised                   // by lot
)

var assignmentWords = word.Of[Assignment]("assignment", "unstated", "volunteers", "by-need", "matched", "randomised")

// String returns "unstated", "volunteers", "by-need", "matched" or "randomised".
func (a Assignment) String() string { return assignmentWords.String(a) }

// MarshalText writes the word of [Assignment.String].
func (a Assignment) MarshalText() ([]byte, error) { return assignmentWords.Marshal(a) }

// UnmarshalText reads what MarshalText wrote.
func (a *Assignment) UnmarshalText(text []byte) error { return assignmentWords.Unmarshal(text, a) }

// A Design says how the study was made.
type Design struct {
	Assignment  Assignment `json:"assignment"`
	MonthsAfter int        `json:"months_after,omitempty"` // from the training to the ratings of behaviour; 0: not stated
}

// A Participation is one person in one offering.
type Participation struct {
	Person   competency.PersonID
	Offering program.OfferingID
}

// Took lists who completed what, from a delivery log's Done.
func Took(done []program.Settled) []Participation {
	var out []Participation
	for _, s := range done {
		for _, o := range s.Done {
			out = append(out, Participation{s.Person, o})
		}
	}
	return out
}

// A TestScore is what one person scored before and after; NaN is not known.
// An empty Offering is a member of the comparison group.
type TestScore struct {
	Person        competency.PersonID
	Offering      program.OfferingID
	Before, After float64
}

// A Survey is the reaction survey: its items and one row per sheet.
type Survey struct {
	Items     []string
	Low, High int // the scale, 1 and 5
	Rows      []Reaction
}

// A Reaction is one sheet. Answers has an entry per item of the [Survey]; NaN
// is no answer.
type Reaction struct {
	Person   competency.PersonID
	Offering program.OfferingID
	Answers  []float64
}

// A Behaviour is one rating on the job before and months after. An empty
// Offering is a member of the comparison group.
type Behaviour struct {
	Person        competency.PersonID
	Offering      program.OfferingID
	Competency    competency.CompetencyID
	Source        competency.Source
	Before, After Grade
}

// A Grade is a level that may be unknown. The zero value is unknown.
type Grade struct {
	Level competency.Level
	Known bool
}

// Known makes a grade of a level.
func Known(l competency.Level) Grade { return Grade{l, true} }

// A Cost is money spent. Categories are the agency's: design, delivery,
// salaries of participants, rooms, evaluation, overhead.
type Cost struct {
	Offering program.OfferingID `json:"offering"`
	Category string             `json:"category"`
	Amount   bangkom.Rupiah     `json:"amount"`
}

// A Benefit is an improvement in a year and its worth. What cannot be put in
// money has no Value, is listed as intangible and never counted.
type Benefit struct {
	Offering   program.OfferingID `json:"offering"`
	Measure    string             `json:"measure"`
	Value      *bangkom.Rupiah    `json:"value"`      // nil: intangible
	Isolation  Share              `json:"isolation"`  // part that is due to the training
	Confidence Share              `json:"confidence"` // how sure the estimate of it is
}

// A Share is a part of one that may be unknown. The zero value is unknown.
type Share struct {
	Value float64
	Known bool
}

// Part makes a known share.
func Part(x float64) Share { return Share{x, true} }

// MarshalJSON writes the number, or null if it is unknown.
func (s Share) MarshalJSON() ([]byte, error) {
	if !s.Known || math.IsNaN(s.Value) || math.IsInf(s.Value, 0) {
		return []byte("null"), nil
	}
	return fmt.Appendf(nil, "%v", s.Value), nil
}

// A PublicSurvey is the satisfaction of the public in several units.
type PublicSurvey struct {
	Instrument    satisfaction.Instrument
	Before, After []satisfaction.Response
	Trained       []string // units whose staff was trained
	Options       *satisfaction.Options
}

// A Study is everything that was collected about some training. Parts that
// were not collected stay empty.
type Study struct {
	Title     string
	Offerings []program.OfferingID // what is evaluated; nil: all there is
	// Participants are the people who completed the training: with them the
	// report knows who is missing. Nil: those who appear in the data, and what
	// is missing cannot be known.
	Participants []Participation
	Comparison   []competency.PersonID // nil: those with an empty offering in the data. Nobody who was trained in anything is among them
	Design       Design

	Tests     []TestScore
	TestMax   float64 // best score of the tests; 0: 100
	Reaction  Survey
	Behaviour []Behaviour
	Public    *PublicSurvey
	Costs     []Cost
	Benefits  []Benefit
	// Lost counts the rows of costs and benefits that could not be read. With
	// one of them the return is not known: what is missing may be on either side.
	Lost Lost
}

// Lost counts rows of a [Study] that exist and could not be used.
type Lost struct{ Costs, Benefits int }

// Only returns the study of one offering. The comparison group stays; the
// public's satisfaction, which no single offering explains, is left out.
func (s Study) Only(o program.OfferingID) Study {
	s.Offerings = []program.OfferingID{o}
	s.Public = nil
	return s
}

// All returns the offerings that the study is about, sorted.
func (s Study) All() []program.OfferingID {
	if s.Offerings != nil {
		return slices.Compact(slices.Sorted(slices.Values(s.Offerings)))
	}
	set := map[program.OfferingID]bool{}
	for _, p := range s.Participants {
		set[p.Offering] = true
	}
	for _, t := range s.Tests {
		set[t.Offering] = true
	}
	for _, r := range s.Reaction.Rows {
		set[r.Offering] = true
	}
	for _, b := range s.Behaviour {
		set[b.Offering] = true
	}
	for _, c := range s.Costs {
		set[c.Offering] = true
	}
	for _, b := range s.Benefits {
		set[b.Offering] = true
	}
	delete(set, "")
	return slices.Sorted(maps.Keys(set))
}

// cohort knows who belongs to which group of a study.
type cohort struct {
	offerings  map[program.OfferingID]bool
	took       map[Participation]bool
	people     map[competency.PersonID]bool // participants of these offerings; nil: not stated
	anywhere   map[competency.PersonID]bool // trained in any offering of the data: nobody's comparison
	comparison map[competency.PersonID]bool // nil: not stated
}

func (s Study) cohort() cohort {
	c := cohort{offerings: map[program.OfferingID]bool{}, anywhere: s.anywhere()}
	for _, o := range s.All() {
		c.offerings[o] = true
	}
	if s.Participants != nil {
		c.took, c.people = map[Participation]bool{}, map[competency.PersonID]bool{}
		for _, p := range s.Participants {
			if c.offerings[p.Offering] {
				c.took[p], c.people[p.Person] = true, true
			}
		}
	}
	if s.Comparison != nil {
		c.comparison = map[competency.PersonID]bool{}
		for _, p := range s.Comparison {
			c.comparison[p] = true
		}
	}
	return c
}

// anywhere lists who was trained in anything, also outside the study's offerings.
func (s Study) anywhere() map[competency.PersonID]bool {
	out := map[competency.PersonID]bool{}
	for _, p := range s.Participants {
		out[p.Person] = true
	}
	if s.Participants != nil {
		return out
	}
	for _, t := range s.Tests {
		out[t.Person] = out[t.Person] || t.Offering != ""
	}
	for _, b := range s.Behaviour {
		out[b.Person] = out[b.Person] || b.Offering != ""
	}
	return out
}

// group says where a row belongs.
type group uint8

const (
	neither group = iota // another offering, or nobody of the study
	trained
	others
	stranger // of one of the offerings, but not among the participants
)

func (c cohort) of(p competency.PersonID, o program.OfferingID) group {
	switch {
	case o == "":
		if c.anywhere[p] || (c.comparison != nil && !c.comparison[p]) {
			return neither
		}
		return others
	case !c.offerings[o]:
		return neither
	case c.took != nil && !c.took[Participation{p, o}]:
		return stranger
	}
	return trained
}

// change collects a person's values before and after.
type change struct{ before, after []float64 }

// changes gathers one group's pairs by person.
type changes map[competency.PersonID]*change

func (cs changes) add(p competency.PersonID, before, after float64) {
	if !finite(before) || !finite(after) {
		return
	}
	if cs[p] == nil {
		cs[p] = &change{}
	}
	cs[p].before, cs[p].after = append(cs[p].before, before), append(cs[p].after, after)
}

// columns averages each person's values; people are in the order of their ids.
func (cs changes) columns() (before, after []float64) {
	for _, p := range slices.Sorted(maps.Keys(cs)) {
		before, after = append(before, mean(cs[p].before)), append(after, mean(cs[p].after))
	}
	return before, after
}

// differences are the changes per person, in the order of their ids.
func (cs changes) differences() []float64 {
	before, after := cs.columns()
	for i := range after {
		after[i] -= before[i]
	}
	return after
}

// mean adds in a fixed order, so that the order of rows does not show.
func mean(xs []float64) float64 {
	xs = slices.Clone(xs)
	slices.Sort(xs)
	sum := 0.0
	for _, x := range xs {
		sum += x
	}
	return sum / float64(len(xs))
}

// Options of [Evaluate]. The zero value, or nil, is usable.
type Options struct {
	Level  float64 // of intervals; 0: 0.95
	TopBox int     // lowest answer of the reaction survey that counts as content; 0: the upper two of the scale
	Seed   uint64  // of the draws behind the interval of the return
	Draws  int     // 0: 10,000
	Bounds bool    // interval of the return from all-low and all-high instead of draws
}

func (opt *Options) checked() (Options, bangkom.Problems) {
	o := Options{}
	if opt != nil {
		o = *opt
	}
	o.Level = cmp.Or(o.Level, 0.95)
	o.Draws = cmp.Or(o.Draws, 10_000)
	var ps bangkom.Problems
	if !(o.Level > 0 && o.Level < 1) {
		ps.Add(bangkom.Problem{Code: bangkom.ErrOption.Code, Where: "Level", Value: fmt.Sprint(o.Level), Msg: "a level outside (0, 1)", Need: "use 0.95"})
	}
	if o.Draws < 100 || o.Draws > 10_000_000 {
		ps.Add(bangkom.Problem{Code: bangkom.ErrOption.Code, Where: "Draws", Value: fmt.Sprint(o.Draws), Msg: "a number of draws outside 100 to 10 million", Need: "use 10,000"})
	}
	return o, ps
}

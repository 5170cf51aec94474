package competency

import (
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
	Person     PersonID
	Competency CompetencyID
	Level      Level
	Source     Source
	Rater      string       // opaque; may be empty
	Date       bangkom.Date // zero: not known; expiry cannot be judged
	ValidUntil bangkom.Date // last valid day; zero: see Rule.ValidFor
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
	ID          string
	Aggregation Aggregation
	Sources     [][]Source // groups in order of trust: the first group with a valid rating decides; nil: all sources alike
	ValidFor    int        // years a rating without ValidUntil stays valid; 0: for ever
}

// Attained is what the evidence says of one person in one competency.
type Attained struct {
	State State        // NotAssessed, Expired or Assessed
	Level Level        // meaningful if Assessed; the last known level if Expired
	N     int          // ratings used
	Last  bangkom.Date // date of the latest rating used
}

// Profiles holds what is known of every person as of a day, in columns.
type Profiles struct{ unexported int }

// Assess applies the rule to the ratings as of a day. Ratings dated later are
// not used and are counted; ratings that do not fit the workforce or the scale are Problems.
func Assess(w *Workforce, ratings []Rating, asOf bangkom.Date, rule Rule) (*Profiles, bangkom.Problems) {
	panic("being written")
}

func (p *Profiles) Workforce() *Workforce                        { panic("being written") }
func (p *Profiles) AsOf() bangkom.Date                           { panic("being written") }
func (p *Profiles) Rule() Rule                                   { panic("being written") }
func (p *Profiles) Attained(person int, c CompetencyID) Attained { panic("being written") } // person by number in the workforce

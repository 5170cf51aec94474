package program

import (
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/internal/word"
)

// Identifiers are opaque text.
type (
	OfferingID string
	SessionID  string
	PartnerID  string
	ResourceID string // a room, a trainer, a licence
)

// Method is how an offering is taught. Any word is allowed; these are the
// ones that the readers know in Indonesian and English.
type Method string

// The methods that files name.
const (
	Classroom    Method = "classroom"
	Online       Method = "online"
	Webinar      Method = "webinar"
	Mobile       Method = "mobile"
	Workshop     Method = "workshop"
	Seminar      Method = "seminar"
	ProjectBased Method = "project-based"
	Mentoring    Method = "mentoring"
	Coaching     Method = "coaching"
)

// Form is a form of development as the rules on learning hours know it. It
// decides how hours are credited: see package delivery.
type Form string

// A Gain is what one attendance is expected to raise a competency by.
type Gain struct {
	Mean   float64 `json:"mean"` // levels
	SE     float64 `json:"se"`   // standard error of Mean in levels; 0: not stated
	N      int     `json:"n"`    // participants it was observed on; 0: an expert's guess
	Source string  `json:"source,omitempty"`
}

// An Offering is something that can be learnt, whenever it is held.
type Offering struct {
	ID        OfferingID                       `json:"id"`
	Title     string                           `json:"title"`
	Method    Method                           `json:"method"`
	Form      Form                             `json:"form,omitempty"`
	Path      string                           `json:"path,omitempty"`   // classical or not, in the agency's words
	Raises    map[competency.CompetencyID]Gain `json:"raises,omitempty"` // expected gain
	Top       competency.Level                 `json:"top,omitempty"`    // the level it can lift to at most; 0: not stated
	JP        bangkom.JP                       `json:"jp"`
	After     OfferingID                       `json:"after,omitempty"` // prerequisite
	Organiser string                           `json:"organiser,omitempty"`
	Partner   PartnerID                        `json:"partner,omitempty"`
	Standard  string                           `json:"standard,omitempty"` // the curriculum standard it follows, or how it fits
}

// Clone returns a copy that shares nothing with o.
func (o Offering) Clone() Offering {
	o.Raises = cloneMap(o.Raises)
	return o
}

// Competencies returns what the offering raises, in the order of ids.
func (o Offering) Competencies() []competency.CompetencyID { return sortedKeys(o.Raises) }

// Cost is the price of a session without the partner's fee.
type Cost struct {
	Fixed bangkom.Rupiah `json:"fixed"` // if it is held at all
	Seat  bangkom.Rupiah `json:"seat"`  // per person
}

// Decision says whether a session is still to be decided.
type Decision uint8

const (
	Undecided Decision = iota
	Open               // will be held, with at least its minimum
	Closed             // will not be held
)

var decisionWords = word.Of[Decision]("decision on a session", "undecided", "open", "closed")

// String returns "undecided", "open" or "closed".
func (d Decision) String() string { return decisionWords.String(d) }

// MarshalText writes the word of [Decision.String].
func (d Decision) MarshalText() ([]byte, error) { return decisionWords.Marshal(d) }

// UnmarshalText reads what [Decision.MarshalText] wrote.
func (d *Decision) UnmarshalText(text []byte) error { return decisionWords.Unmarshal(text, d) }

// A Use is an amount of a resource that a session takes, or each seat of it:
// see [Resource].
type Use struct {
	Resource ResourceID `json:"resource"`
	Amount   int64      `json:"amount"`
}

// A Session is one occasion of an offering. It has nobody, or Min to Max people.
type Session struct {
	ID       SessionID    `json:"id"`
	Offering OfferingID   `json:"offering"`
	From     bangkom.Date `json:"from,omitzero"` // first day; no dates: at any time
	To       bangkom.Date `json:"to,omitzero"`   // last day
	Min      int          `json:"min"`
	Max      int          `json:"max"`
	Cost     Cost         `json:"cost"`
	Decision Decision     `json:"decision,omitempty"`
	Clash    []SessionID  `json:"clash,omitempty"` // nobody can attend both, whatever the dates say
	Uses     []Use        `json:"uses,omitempty"`
	Where    string       `json:"-"` // where it was read, for problems about it
}

// Year returns the year the session counts in: that of its last day; 0 without dates.
func (s Session) Year() int { return s.To.Year() }

// Days returns the number of days from first to last; 0 without dates.
func (s Session) Days() int {
	if s.From.IsZero() || s.To.IsZero() {
		return 0
	}
	return s.To.Sub(s.From) + 1
}

// A Tier is a partner's price per seat from a number of seats on. The price
// of the tier reached holds for all seats.
type Tier struct {
	From  int            `json:"from"`
	Price bangkom.Rupiah `json:"price"`
}

// A Partner teaches or hosts for a fee per seat that falls with volume.
type Partner struct {
	ID         PartnerID `json:"id"`
	Name       string    `json:"name"`
	Kind       string    `json:"kind,omitempty"`
	Terms      []Tier    `json:"terms,omitempty"`       // none: no fee
	PerSession bool      `json:"per_session,omitempty"` // volume is counted per session; else over all seats of the year
}

// List is the price per seat before any discount: that of the lowest tier.
func (p Partner) List() bangkom.Rupiah { return p.Price(1) }

// Price returns the fee per seat at a number of seats, by the highest tier
// reached; below the first tier its price holds. Without terms it is 0.
func (p Partner) Price(seats int) bangkom.Rupiah {
	var best Tier
	for i, t := range p.sortedTerms() {
		if i == 0 || t.From <= seats {
			best = t
		}
	}
	return best.Price
}

func (p Partner) sortedTerms() []Tier {
	terms := slices.Clone(p.Terms)
	slices.SortStableFunc(terms, func(a, b Tier) int { return a.From - b.From })
	return terms
}

// A Budget is the money of a unit, or of all, in one year. A unit's line pays
// the seats of its people and of the units below it that have no line of
// their own; the line of all pays everything, fixed costs too.
type Budget struct {
	Unit   competency.UnitID `json:"unit"` // "": the whole
	Year   int               `json:"year"`
	Amount bangkom.Rupiah    `json:"amount"`
	Unread bool              `json:"unread,omitempty"` // the amount could not be read: it counts as 0
}

// HourLimits are the learning hours a person should have in a year. Zero is no limit.
type HourLimits struct {
	Min bangkom.JP `json:"min"`
	Max bangkom.JP `json:"max"`
}

// A Catalogue is what there is to choose from, and the money for it.
type Catalogue struct {
	Offerings []Offering
	Sessions  []Session
	Partners  []Partner
	Budgets   []Budget
	Resources []Resource
}

// A Resource limits what sessions take of it by [Use].
type Resource struct {
	ID      ResourceID
	Limit   int64
	PerSeat bool    // what is used counts per seat taken; else per session held
	Price   float64 // per unit above the limit; 0 or +Inf: never above
}

package delivery

import (
	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/program"
)

// Basis is what hours are credited for.
type Basis uint8

const (
	PerJP       Basis = iota + 1 // each hour taught
	PerDay                       // each day
	PerSession                   // each meeting
	PerActivity                  // each activity as a whole
)

// An HourConversion says how many learning hours one unit of a form of
// development is worth. With PerJP, 1.2 JP per JP is 20 % on top.
type HourConversion struct {
	Form          program.Form `json:"form"`
	Basis         Basis        `json:"basis"`
	National      bangkom.JP   `json:"national"`      // per unit of the basis; 0: no rule
	International bangkom.JP   `json:"international"` // the same abroad; 0: no rule
	CapPerYear    bangkom.JP   `json:"cap_per_year"`  // most that one person is credited for this form in a year; 0: none
	Source        string       `json:"source"`
}

// An Activity is something that may earn hours: a completed session, a
// mentoring session, a day at a seminar.
type Activity struct {
	Person   competency.PersonID `json:"person"`
	Form     program.Form        `json:"form"`
	Last     bangkom.Date        `json:"last"`     // last day: it decides the year
	JP       *bangkom.JP         `json:"jp"`       // hours taught; nil: not known
	Days     int                 `json:"days"`     // 0: not known
	Meetings int                 `json:"meetings"` // 0: not known
	Abroad   bool                `json:"abroad,omitempty"`
	Evidence string              `json:"evidence,omitempty"`
}

// An Entry is an activity and the hours it is credited.
type Entry struct {
	Activity Activity   `json:"activity"`
	JP       bangkom.JP `json:"jp"`               // meaningful if Known
	Known    bool       `json:"known"`            // false: no rule, or its quantity is not known
	Rule     string     `json:"rule,omitempty"`   // source of the rule applied
	Reason   string     `json:"reason,omitempty"` // why not known, or "capped"
}

// A Ledger holds the entries of all people.
type Ledger struct{ entries []Entry }

// Account credits activities by the rules, whatever their order.
func Account(activities []Activity, rules []HourConversion) (*Ledger, bangkom.Problems) {
	panic("being written")
}

// Entries returns all entries by person, last day and form.
func (l *Ledger) Entries() []Entry { panic("being written") }

// Hours returns what a person was credited in a year.
func (l *Ledger) Hours(p competency.PersonID, year int) Hours { panic("being written") }

// Hours sum up a year of one person.
type Hours struct {
	JP      bangkom.JP  `json:"jp"`      // known hours
	Entries int         `json:"entries"` // of that year
	Unknown int         `json:"unknown"` // entries whose hours are not known
	ByForm  []FormHours `json:"by_form"` // by form
}

// FormHours are the hours of one form.
type FormHours struct {
	Form    program.Form `json:"form"`
	JP      bangkom.JP   `json:"jp"`
	Unknown int          `json:"unknown"`
}

// ComplianceOptions of [Ledger.Compliance].
type ComplianceOptions struct {
	Apart    []string // statuses counted apart: CPNS
	Complete bool     // the ledger is complete, so that no entry means 0 JP; else it means not known
}

// Compliance compares the hours of a year with the limits of each status ("" for every other).
func (l *Ledger) Compliance(w *competency.Workforce, year int, limits map[string]program.HourLimits, opt *ComplianceOptions) Compliance {
	panic("being written")
}

// Verdict is how a person's hours stand to the limits.
type Verdict uint8

const (
	Unknown Verdict = iota // no entry, or an entry of unknown hours that could decide
	NoLimit                // the status has no limit
	Within                 // at least the minimum and at most the maximum
	BelowMinimum
	AboveMaximum // a warning on the plan, not a failed person
)

// Standing is one person in a [Compliance].
type Standing struct {
	Person  competency.PersonID `json:"person"`
	Unit    competency.UnitID   `json:"unit"`
	Status  string              `json:"status"`
	Hours   Hours               `json:"hours"`
	Verdict Verdict             `json:"verdict"`
	Apart   bool                `json:"apart,omitempty"`
}

// Group sums up people, those set apart excepted.
type Group struct {
	Unit    competency.UnitID `json:"unit"` // "": everybody
	People  int               `json:"people"`
	Within  int               `json:"within"`
	Below   int               `json:"below"`
	Above   int               `json:"above"`
	NoLimit int               `json:"no_limit"`
	Unknown int               `json:"unknown"`
	Apart   int               `json:"apart"`    // not in People
	Mean    bangkom.Estimate  `json:"mean"`     // JP per person, over people with known hours
	AtLeast bangkom.Estimate  `json:"at_least"` // share of people at or above their minimum, of those whose verdict is known
}

// Compliance is the hours table of a year.
type Compliance struct {
	Year     int              `json:"year"`
	All      Group            `json:"all"`
	Units    []Group          `json:"units"`
	People   []Standing       `json:"people"`
	Warnings bangkom.Problems `json:"warnings,omitempty"`
}

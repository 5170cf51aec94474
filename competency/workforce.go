package competency

import (
	"iter"

	"github.com/bangkom/bangkom"
)

// A Requirement is what a position asks for in one competency.
type Requirement struct {
	Competency  CompetencyID
	Level       Level
	Weight      float64 // relative weight within the position, > 0
	Criticality float64 // how much harm a gap does; 1 is ordinary
	N           int     // members of the panel that set the level; 0: none
	SE          float64 // standard error of the panel's mean level
}

// A Position is a job with its standard.
type Position struct {
	ID           PositionID
	Title        string
	Tier         string // jenjang, opaque here
	Requirements []Requirement
	Source       string // the decree or rule that sets the standard
}

// A Unit is a part of an agency. Units form a forest by Parent.
type Unit struct {
	ID     UnitID
	Name   string
	Parent UnitID
	Head   PersonID
}

// A Person is one civil servant. Target is the job to be held, if any.
type Person struct {
	ID       PersonID
	Name     string
	Unit     UnitID
	Position PositionID
	Target   PositionID
	Status   string // employment status: "PNS", "PPPK", …; opaque here
}

// A Workforce is an immutable, validated and interned set of units, positions
// and people. People and units are numbered 0..n-1 in the order of their ids.
type Workforce struct{ unexported int }

// NewWorkforce keeps every person and unit that has an id of its own. A
// reference that does not resolve is a Problem and reads as unset.
func NewWorkforce(f *Framework, positions []Position, units []Unit, people []Person) (*Workforce, bangkom.Problems) {
	panic("being written")
}

func (w *Workforce) Framework() *Framework                    { panic("being written") }
func (w *Workforce) Len() int                                 { panic("being written") } // number of people
func (w *Workforce) At(i int) Person                          { panic("being written") }
func (w *Workforce) People() iter.Seq2[int, Person]           { panic("being written") }
func (w *Workforce) Index(id PersonID) (int, bool)            { panic("being written") }
func (w *Workforce) Person(id PersonID) (Person, bool)        { panic("being written") }
func (w *Workforce) Position(id PositionID) (*Position, bool) { panic("being written") }
func (w *Workforce) Positions() []*Position                   { panic("being written") } // by id
func (w *Workforce) Unit(id UnitID) (Unit, bool)              { panic("being written") }
func (w *Workforce) Units() []Unit                            { panic("being written") } // by id
func (w *Workforce) Members(u UnitID) []int                   { panic("being written") } // people of the unit itself
func (w *Workforce) Superior(p PersonID) (PersonID, bool)     { panic("being written") } // head of own unit, or of the next unit above for a head
func (w *Workforce) InLineOfCommand(a, b PersonID) bool       { panic("being written") } // a above b or b above a; O(1)

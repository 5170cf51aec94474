package competency

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"iter"
	"slices"

	"github.com/bangkom/bangkom"
)

// A Requirement is what a position asks for in one competency.
type Requirement struct {
	Competency   CompetencyID `json:"competency"`
	Level        Level        `json:"level"`
	Weight       float64      `json:"weight"`                 // relative weight within the position, > 0
	Criticality  float64      `json:"criticality"`            // how much harm a gap does; 1 is ordinary, and what 0 (not given) reads as
	N            int          `json:"n,omitzero"`             // members of the panel that set the level; 0: none
	SE           float64      `json:"se,omitzero"`            // standard error of the panel's mean level
	LowPrecision bool         `json:"low_precision,omitzero"` // the panel was too small or too divided: use with care
}

// A Position is a job with its standard.
type Position struct {
	ID           PositionID    `json:"id"`
	Title        string        `json:"title,omitzero"`
	Tier         string        `json:"tier,omitzero"` // jenjang, opaque here
	Requirements []Requirement `json:"requirements"`
	Source       string        `json:"source,omitzero"` // the decree or rule that sets the standard
	Extra        Extra         `json:"extra,omitempty"`
}

// A Unit is a part of an agency. Units form a forest by Parent.
type Unit struct {
	ID     UnitID   `json:"id"`
	Name   string   `json:"name,omitzero"`
	Parent UnitID   `json:"parent,omitzero"`
	Head   PersonID `json:"head,omitzero"`
}

// A Person is one civil servant. Target is the job to be held, if any.
type Person struct {
	ID       PersonID   `json:"id"`
	Name     string     `json:"name,omitzero"`
	Unit     UnitID     `json:"unit,omitzero"`
	Position PositionID `json:"position,omitzero"`
	Target   PositionID `json:"target,omitzero"`
	Status   string     `json:"status,omitzero"` // employment status: "PNS", "PPPK", …; opaque here
	Line     int        `json:"-"`               // of the file it was read from, for problems about it; a Workforce does not keep it
}

// A Workforce is an immutable, validated and interned set of units, positions
// and people. People and units are numbered 0..n-1 in the order of their ids.
//
// A person takes the bytes of id and name and 42 to 48 bytes more, so that the
// 5.6 million civil servants of a country fit into half a gigabyte. It is safe
// for use by many goroutines.
type Workforce struct {
	framework *Framework
	names     *names
	levels    []levelSet // of each competency: the steps of its scale

	positions    []*Position // by id
	positionByID map[PositionID]int32
	requirements [][]int32 // of each position: the number of each requirement's competency

	units    []Unit // by id
	unitByID map[UnitID]int32
	forest   forest

	// People in columns, by id.
	ids, people                     texts // ids and names
	byID                            finder
	unitOf, positionOf, targetOf    []int32
	statusOf                        []int32
	statuses                        []string
	headed                          map[int32][]int32 // units that a person heads, the topmost first
	byTour, firstOfTour, headOfUnit []int32           // people in the order of the tour of units; where each unit starts
}

// NewWorkforce keeps every person and unit that has an id of its own. A
// reference that does not resolve is a Problem and reads as unset.
//
// Of two entries with one id the first is kept (duplicate-id). A requirement
// is kept if its competency is in the framework and has its level, its
// weight is above zero and no other asks for the same competency; a criticality
// of 0 reads as 1. A circle of units is reported with its path and opened at
// its first unit by id. References that do not resolve are reported once for
// each missing id, with the number of those who refer to it.
//
// The framework itself is not validated here: see [Framework.Validate].
func NewWorkforce(f *Framework, positions []Position, units []Unit, people []Person) (*Workforce, bangkom.Problems) {
	b := newBuilder(f)
	b.addPositions(positions)
	order := b.addUnits(units)
	b.addPeople(people)
	b.addHeads(units, order)
	b.w.number()
	return b.w, b.problems
}

// Framework returns the workforce's copy of the framework: read only.
func (w *Workforce) Framework() *Framework { return w.framework }

// Len returns the number of people.
func (w *Workforce) Len() int { return len(w.unitOf) }

// At returns a person by number. It panics on a number outside 0..Len()-1, as a slice does.
func (w *Workforce) At(i int) Person {
	return Person{
		ID: PersonID(w.ids.at(i)), Name: w.people.at(i),
		Unit: w.unitID(w.unitOf[i]), Position: w.positionID(w.positionOf[i]), Target: w.positionID(w.targetOf[i]),
		Status: w.statuses[w.statusOf[i]],
	}
}

func (w *Workforce) unitID(u int32) UnitID {
	if u == unset {
		return ""
	}
	return w.units[u].ID
}

func (w *Workforce) positionID(p int32) PositionID {
	if p == unset {
		return ""
	}
	return w.positions[p].ID
}

// People yields everybody with their numbers, by id.
func (w *Workforce) People() iter.Seq2[int, Person] {
	return func(yield func(int, Person) bool) {
		for i := range w.Len() {
			if !yield(i, w.At(i)) {
				return
			}
		}
	}
}

// Index returns the number of a person.
func (w *Workforce) Index(id PersonID) (int, bool) {
	i, ok := w.byID.find(string(id))
	return int(i), ok
}

// Person returns a person by id.
func (w *Workforce) Person(id PersonID) (Person, bool) {
	i, ok := w.Index(id)
	if !ok {
		return Person{}, false
	}
	return w.At(i), true
}

// Position returns a position by id: read only.
func (w *Workforce) Position(id PositionID) (*Position, bool) {
	i, ok := w.positionByID[id]
	if !ok {
		return nil, false
	}
	return w.positions[i], true
}

// Positions returns the positions by id: the positions are read only.
func (w *Workforce) Positions() []*Position { return slices.Clone(w.positions) }

// Unit returns a unit by id.
func (w *Workforce) Unit(id UnitID) (Unit, bool) {
	i, ok := w.unitByID[id]
	if !ok {
		return Unit{}, false
	}
	return w.units[i], true
}

// Units returns the units by id.
func (w *Workforce) Units() []Unit { return slices.Clone(w.units) }

// Members returns the people of the unit itself, by number.
func (w *Workforce) Members(u UnitID) []int {
	i, ok := w.unitByID[u]
	if !ok {
		return nil
	}
	at := w.forest.enter[i]
	return w.between(at, at+1)
}

// Within returns the people of the unit and of all units below it, by number.
func (w *Workforce) Within(u UnitID) []int {
	i, ok := w.unitByID[u]
	if !ok {
		return nil
	}
	all := w.between(w.forest.enter[i], w.forest.leave[i])
	slices.Sort(all)
	return all
}

// between returns the people of the units from one stop of the tour up to another.
func (w *Workforce) between(from, to int32) []int {
	members := w.byTour[w.firstOfTour[from]:w.firstOfTour[to]]
	out := make([]int, len(members))
	for k, i := range members {
		out[k] = int(i)
	}
	return out
}

// Superior returns the head of the person's own unit or, if that unit has no
// head, of the next unit above that has one. For somebody who heads a unit it
// starts above the topmost unit that they head. A chain of superiors ends.
func (w *Workforce) Superior(p PersonID) (PersonID, bool) {
	i, ok := w.byID.find(string(p))
	if !ok {
		return "", false
	}
	u := w.unitOf[i]
	if units := w.headed[i]; len(units) > 0 {
		u = w.forest.parent[units[0]]
	}
	for ; u != unset; u = w.forest.parent[u] {
		if h := w.headOfUnit[u]; h != unset {
			return PersonID(w.ids.at(int(h))), true
		}
	}
	return "", false
}

// InLineOfCommand reports whether one of the two is above the other: a head is
// above everybody in the unit and in the units below it, and above their heads.
// It takes the same time in a deep agency as in a flat one.
func (w *Workforce) InLineOfCommand(a, b PersonID) bool {
	i, known := w.byID.find(string(a))
	j, alsoKnown := w.byID.find(string(b))
	return known && alsoKnown && i != j && (w.above(i, j) || w.above(j, i))
}

func (w *Workforce) above(i, j int32) bool {
	for _, u := range w.headed[i] {
		if v := w.unitOf[j]; v != unset && w.forest.contains(u, v) {
			return true
		}
		for _, v := range w.headed[j] {
			if w.forest.contains(u, v) {
				return true
			}
		}
	}
	return false
}

// number sorts the people by the tour of units, so that the members of a unit,
// and those of a whole branch, stand together.
func (w *Workforce) number() {
	w.firstOfTour = make([]int32, len(w.units)+1)
	placed := 0
	for _, u := range w.unitOf {
		if u != unset {
			w.firstOfTour[w.forest.enter[u]+1]++
			placed++
		}
	}
	for k := range len(w.units) {
		w.firstOfTour[k+1] += w.firstOfTour[k]
	}
	w.byTour = make([]int32, placed)
	next := slices.Clone(w.firstOfTour)
	for i, u := range w.unitOf {
		if u == unset {
			continue
		}
		at := w.forest.enter[u]
		w.byTour[next[at]] = int32(i)
		next[at]++
	}
}

// A place is where an entry stands in an argument, with the first 16 bytes of
// its id: most comparisons end there, without a look at the id itself.
type place struct {
	high, low uint64
	at        int32
}

func placeOf(id string, at int) place {
	var b [16]byte
	copy(b[:], id)
	return place{binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:]), int32(at)}
}

// sortedByID returns the places of the entries that have an id of their own,
// by id, and the others: those without an id, and all but the first of equals.
func sortedByID[E any, ID ~string](entries []E, id func(*E) ID) (order, repeated []int32) {
	all := make([]place, len(entries))
	for i := range entries {
		all[i] = placeOf(string(id(&entries[i])), i)
	}
	slices.SortFunc(all, func(a, b place) int {
		if c := cmp.Compare(a.high, b.high); c != 0 {
			return c
		}
		if c := cmp.Compare(a.low, b.low); c != 0 {
			return c
		}
		if c := cmp.Compare(id(&entries[a.at]), id(&entries[b.at])); c != 0 {
			return c
		}
		return cmp.Compare(a.at, b.at)
	})
	order = make([]int32, 0, len(all))
	var last ID // no entry has the empty id
	for _, p := range all {
		v := id(&entries[p.at])
		if v == last {
			repeated = append(repeated, p.at)
			continue
		}
		order, last = append(order, p.at), v
	}
	slices.Sort(repeated)
	return order, repeated
}

// A missing gathers references that do not resolve: once for each missing id.
type missing struct {
	code, kind string
	count      map[string]int
	first      []bangkom.Problem
}

func (m *missing) add(value, where string) {
	if m.count == nil {
		m.count = map[string]int{}
	}
	m.count[value]++
	if m.count[value] == 1 {
		m.first = append(m.first, bangkom.Problem{Code: m.code, Where: where, Value: value})
	}
}

func (m *missing) report(ps *bangkom.Problems) {
	for _, p := range m.first {
		p.Msg = fmt.Sprintf("there is no such %s; %d refer to it, here the first", m.kind, m.count[p.Value])
		p.Need = "add it, or correct the reference"
		ps.Add(p)
	}
}

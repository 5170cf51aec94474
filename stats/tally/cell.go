package tally

import (
	"fmt"
	"iter"

	"github.com/bangkom/bangkom"
)

// A Cell is a level of a scale, coded 1 to 12 from the lowest, or the reason
// why there is none.
type Cell uint8

// The cells that are no levels. The code 13 is no cell.
const (
	Missing       Cell = 0  // not answered, NULL
	NotApplicable Cell = 14 // does not belong to this job or person
	NotObserved   Cell = 15 // the rater had no opportunity
)

// IsLevel reports whether the cell is a level.
func (c Cell) IsLevel() bool { return 1 <= c && c <= MaxLevels }

const (
	// MaxLevels is the largest number of levels of a scale.
	MaxLevels = 12
	// MaxTotal is the largest number of observations in one table.
	MaxTotal = 1 << 48
)

// ErrOverflow is the code of a count that would exceed [MaxTotal].
var ErrOverflow = bangkom.Problem{Code: "overflow"}

// A Shape is the scale of a table: the value of its lowest level and the number
// of levels. The zero Shape is undeclared: it takes all twelve codes, with
// values from 1.
type Shape struct {
	First  int `json:"first"`  // value of the code 1
	Levels int `json:"levels"` // 1..12; 0: undeclared
}

// Cell codes a value of the scale; false if it is not on the scale.
func (s Shape) Cell(value int) (Cell, bool) {
	first, levels := s.bounds()
	if value < first || value-first >= levels {
		return Missing, false
	}
	return Cell(value - first + 1), true
}

// Value is the value of a level; false if the cell is no level of the scale.
func (s Shape) Value(c Cell) (int, bool) {
	first, levels := s.bounds()
	return first + int(c) - 1, 1 <= c && int(c) <= levels
}

// String gives "1..5".
func (s Shape) String() string {
	if s.Levels == 0 {
		return "undeclared"
	}
	return fmt.Sprintf("%d..%d", s.First, s.First+s.Levels-1)
}

func (s Shape) bounds() (first, levels int) {
	if s.Levels == 0 {
		return 1, MaxLevels
	}
	return s.First, s.Levels
}

// check keeps every value in an int8, so that the square of a value times
// MaxTotal stays below 2⁶³.
func (s Shape) check() error {
	ok := s == Shape{} || 1 <= s.Levels && s.Levels <= MaxLevels && -128 <= s.First && s.First <= 128-s.Levels
	if !ok {
		return bangkom.Problem{Code: bangkom.ErrShape.Code, Value: fmt.Sprintf("%d levels from %d", s.Levels, s.First),
			Msg: "tally: no such scale", Need: "1 to 12 levels with values between -128 and 127"}
	}
	return nil
}

// Holds reports whether a table of this shape has a place for the cell: a level
// of the scale, or a reason for none.
func (s Shape) Holds(c Cell) bool {
	_, levels := s.bounds()
	return int(c) <= levels || c == NotApplicable || c == NotObserved
}

func (s Shape) checkCell(c Cell) error {
	if !s.Holds(c) {
		return bangkom.Problem{Code: "not-a-cell", Value: fmt.Sprint(uint8(c)),
			Msg: "tally: neither a level of the scale " + s.String() + " nor a reason for none"}
	}
	return nil
}

// cells yields what a table of this shape can hold, in the order of the binary form.
func (s Shape) cells() iter.Seq[Cell] {
	return func(yield func(Cell) bool) {
		for c := Missing; c <= NotObserved; c++ {
			if s.Holds(c) && !yield(c) {
				return
			}
		}
	}
}

// common is the shape of a merge: equal shapes merge, and an empty table
// without a declared shape takes the other one's.
func common(a Shape, na uint64, b Shape, nb uint64) (Shape, error) {
	switch {
	case a == b || b == Shape{} && nb == 0:
		return a, nil
	case a == Shape{} && na == 0:
		return b, nil
	}
	return a, bangkom.Problem{Code: bangkom.ErrShape.Code, Value: b.String(),
		Msg: "tally: cannot merge into a table of the scale " + a.String(), Need: "map both to one scale first"}
}

// room checks that n more observations fit on top of total.
func room(total, n uint64) error {
	if n > MaxTotal-total { // total never exceeds MaxTotal
		return bangkom.Problem{Code: ErrOverflow.Code, Value: fmt.Sprint(n),
			Msg: "tally: more observations than a table can hold", Need: "counts below 2^48"}
	}
	return nil
}

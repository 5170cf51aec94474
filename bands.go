package bangkom

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"strconv"
)

// A Band is one class of a scale: from Lower, inclusive, up to the next band.
type Band struct {
	Lower float64 // -Inf: everything below the next band
	Code  string  // a stable word: "A", "MS", "large"
	Label string  // for people
}

type bandJSON struct {
	Lower *float64 `json:"lower"`
	Code  string   `json:"code"`
	Label string   `json:"label,omitempty"`
}

// MarshalJSON writes {lower, code, label}; a lower end of -Inf is null.
func (b Band) MarshalJSON() ([]byte, error) {
	return json.Marshal(bandJSON{finite(b.Lower), b.Code, b.Label})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (b *Band) UnmarshalJSON(data []byte) error {
	var w bandJSON
	if err := json.Unmarshal(data, &w); err != nil {
		return err
	}
	*b = Band{or(w.Lower, math.Inf(-1)), w.Code, w.Label}
	return nil
}

// Bands are classes by their lower bounds, ascending, with the source that
// prints them. They have no gaps and no overlaps by construction.
type Bands struct {
	ID     string `json:"id"`
	Source string `json:"source"`
	// Round is how a score is rounded before it is compared. The zero value
	// does not round.
	Round Rounding `json:"round,omitzero"`
	Bands []Band   `json:"bands"`
}

// Rounding rounds half away from zero to a number of decimals. The zero value
// leaves the number as it is.
type Rounding struct{ places int } // decimals + 1; 0: none

// HalfUp rounds to the given decimals, halves away from zero.
func HalfUp(decimals int) Rounding { return Rounding{max(decimals, 0) + 1} }

// Float rounds the shortest decimal form of x, so that 76.605, which no
// float64 holds exactly, is rounded as it is written.
func (r Rounding) Float(x float64) float64 {
	if r.places == 0 || math.IsNaN(x) || math.IsInf(x, 0) {
		return x
	}
	q, _ := new(big.Rat).SetString(strconv.FormatFloat(x, 'g', -1, 64))
	return r.Rat(q)
}

// Rat rounds an exact number.
func (r Rounding) Rat(q *big.Rat) float64 {
	if r.places == 0 {
		f, _ := q.Float64()
		return f
	}
	f, _ := strconv.ParseFloat(q.FloatString(r.places-1), 64) // FloatString rounds halves away from zero
	return f
}

// String returns "none" or "half-up:2".
func (r Rounding) String() string {
	if r.places == 0 {
		return "none"
	}
	return "half-up:" + strconv.Itoa(r.places-1)
}

// MarshalText writes the form of String.
func (r Rounding) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads the form of String; empty text is no rounding.
func (r *Rounding) UnmarshalText(text []byte) error {
	s := string(text)
	if s == "" || s == "none" {
		*r = Rounding{}
		return nil
	}
	var d int
	if _, err := fmt.Sscanf(s, "half-up:%d", &d); err != nil || d < 0 || HalfUp(d).String() != s {
		return Problem{Code: "not-a-rounding", Value: s, Msg: "unknown rounding", Need: `write "none" or "half-up:2"`}
	}
	*r = HalfUp(d)
	return nil
}

// Class returns the band that x falls into: the one with the highest lower
// bound that is not above x, after rounding. It is false below the first band
// and for NaN.
func (b Bands) Class(x float64) (Band, bool) {
	if math.IsNaN(x) {
		return Band{}, false
	}
	x = b.Round.Float(x)
	for i := len(b.Bands) - 1; i >= 0; i-- {
		if x >= b.Bands[i].Lower {
			return b.Bands[i], true
		}
	}
	return Band{}, false
}

// Validate reports bands that are missing, unordered, equal or without code or source.
func (b Bands) Validate() Problems {
	var ps Problems
	report := func(i int, code, msg, need string) {
		ps.Add(Problem{Code: code, Where: fmt.Sprintf("%s/bands[%d]", b.ID, i), Value: short(b.Bands[i].Lower), Msg: msg, Need: need})
	}
	if len(b.Bands) == 0 {
		ps.Add(Problem{Code: "no-bands", Where: b.ID, Msg: "a classification without classes"})
	}
	if b.Source == "" {
		ps.Add(Problem{Code: "no-source", Where: b.ID, Msg: "a classification without a source", Need: "name the rule or paper"})
	}
	seen := map[string]bool{}
	for i, c := range b.Bands {
		switch {
		case math.IsNaN(c.Lower):
			report(i, "not-finite", "a lower bound that is no number", "")
		case i > 0 && c.Lower <= b.Bands[i-1].Lower:
			report(i, "unordered-bands", "a lower bound that does not rise", "order the classes from low to high")
		}
		if c.Code == "" || seen[c.Code] {
			report(i, "band-code", "a class without a code of its own", "give each class a code")
		}
		seen[c.Code] = true
	}
	return ps
}

package solve

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
)

// A Decimal is a number as it was written: "0.2" is one fifth, not the nearest
// binary fraction. The zero value is 0.
type Decimal string

// Float returns the shortest decimal that reads back as x.
func Float(x float64) Decimal { return Decimal(strconv.FormatFloat(x, 'g', -1, 64)) }

// Int returns n as a decimal.
func Int(n int64) Decimal { return Decimal(strconv.FormatInt(n, 10)) }

// longest and widest bound the size of the integers that a decimal can turn into.
const (
	longest = 64  // characters
	widest  = 300 // decimal exponent
)

// Rat returns the exact value; ok is false for anything but a finite decimal
// number of sensible size.
func (d Decimal) Rat() (r *big.Rat, ok bool) {
	if d == "" {
		return new(big.Rat), true
	}
	if len(d) > longest || strings.Trim(string(d), "0123456789+-.eE") != "" {
		return nil, false
	}
	if i := strings.IndexAny(string(d), "eE"); i >= 0 {
		if e, err := strconv.Atoi(string(d[i+1:])); err != nil || e < -widest || e > widest {
			return nil, false
		}
	}
	return new(big.Rat).SetString(string(d))
}

// rat is Rat of a decimal that has been validated.
func (d Decimal) rat() *big.Rat {
	r, ok := d.Rat()
	if !ok {
		return new(big.Rat)
	}
	return r
}

// ratOf is the value of an optional price: absent counts as zero.
func ratOf(d *Decimal) *big.Rat {
	if d == nil {
		return new(big.Rat)
	}
	return d.rat()
}

// Float64 returns the nearest float, or NaN if d is not a number.
func (d Decimal) Float64() float64 {
	r, ok := d.Rat()
	if !ok {
		return math.NaN()
	}
	f, _ := r.Float64()
	return f
}

// MarshalJSON writes the number as it was read.
func (d Decimal) MarshalJSON() ([]byte, error) {
	if d == "" {
		return []byte("0"), nil
	}
	if _, ok := d.Rat(); !ok || !json.Valid([]byte(d)) {
		return nil, fmt.Errorf("solve: %q is not a decimal number", string(d))
	}
	return []byte(d), nil
}

// UnmarshalJSON keeps the text of a JSON number.
func (d *Decimal) UnmarshalJSON(data []byte) error {
	t := Decimal(data)
	if _, ok := t.Rat(); !ok || t == "" {
		return fmt.Errorf("solve: %.40q is not a decimal number", data)
	}
	*d = t
	return nil
}

// atLeast returns a float whose shortest decimal is not below r: what is
// printed of a bound must still be one.
func atLeast(r *big.Rat) float64 {
	f, _ := r.Float64()
	for !math.IsInf(f, 0) {
		if x, ok := new(big.Rat).SetString(string(Float(f))); !ok || x.Cmp(r) >= 0 { // of any exponent, unlike Decimal.Rat
			break
		}
		f = math.Nextafter(f, math.Inf(1))
	}
	return f
}

package bangkom

import (
	"fmt"
	"strconv"
	"strings"
)

// JP counts learning hours (jam pelajaran) in thousandths, so that 19.5 JP and
// 20 % on top of it are exact. Write 20 JP as 20 * OneJP.
type JP int64

// OneJP is one learning hour. How many minutes it lasts is a rule (see package asn).
const OneJP JP = 1000

// Float returns the hours as a number.
func (h JP) Float() float64 { return float64(h) / float64(OneJP) }

// String prints the hours with a decimal point and without padding: "19.5".
func (h JP) String() string {
	// A uint64 holds the absolute value of every int64.
	sign, abs := "", uint64(h)
	if h < 0 {
		sign, abs = "-", -uint64(h)
	}
	whole, frac := abs/uint64(OneJP), abs%uint64(OneJP)
	s := sign + strconv.FormatUint(whole, 10)
	if frac == 0 {
		return s
	}
	return s + "." + strings.TrimRight(fmt.Sprintf("%03d", frac), "0")
}

// ParseJP reads "20", "19.5", "19,5" or "20 JP", with at most three decimals.
func ParseJP(s string) (JP, error) {
	t := strings.TrimSpace(s)
	if n := len(t); n > 2 && strings.EqualFold(t[n-2:], "JP") {
		t = strings.TrimSpace(t[:n-2])
	}
	neg := strings.HasPrefix(t, "-")
	whole, frac, _ := strings.Cut(strings.Replace(strings.TrimPrefix(t, "-"), ",", ".", 1), ".")
	if !digits(whole) || (frac != "" && !digits(frac)) || len(frac) > 3 {
		return 0, Problem{Code: "not-hours", Value: s, Msg: "not a number of learning hours", Need: "write 20, 19.5 or 19,5"}
	}
	n, err := strconv.ParseInt(whole+(frac + "000")[:3], 10, 64)
	if err != nil {
		return 0, Problem{Code: "not-hours", Value: s, Msg: "too many learning hours"}
	}
	if neg {
		n = -n
	}
	return JP(n), nil
}

// MarshalText writes the form of [JP.String].
func (h JP) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads what [ParseJP] reads.
func (h *JP) UnmarshalText(text []byte) error {
	v, err := ParseJP(string(text))
	if err == nil {
		*h = v
	}
	return err
}

// MarshalJSON writes a number: 19.5.
func (h JP) MarshalJSON() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalJSON reads a number with at most three decimals.
func (h *JP) UnmarshalJSON(data []byte) error { return h.UnmarshalText(data) }

// digits reports whether s is one or more decimal digits.
func digits(s string) bool {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return s != ""
}

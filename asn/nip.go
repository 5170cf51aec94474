package asn

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
	"unicode/utf8"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
)

// A NIP is the number of a civil servant: eighteen digits, kept as text. The
// zero value is "no number". NIPs compare with == and serve as map keys.
//
// # Personal data
//
// The digits hold the day of birth, the month of appointment and the sex, so
// the whole number is personal data, and no part of it is offered by itself.
// It is also the key by which an agency joins its files, so it cannot simply be
// hidden. The line is drawn between data and talk:
//
//   - As data, [NIP.MarshalText] (and so JSON, map keys and CSV writers),
//     [NIP.Number] and [NIP.ID] give the number.
//   - As talk, every verb of fmt, [NIP.String], log/slog and every Problem of
//     this package give the mask of String: the last three digits, which number
//     people of the same day, month and sex and say nothing about them.
//
// Of a damaged number a problem gives the length alone ("17 digits"): the file,
// line and column say where to look. What fmt cannot mask is a NIP in an
// unexported field of another type: it prints such a field without its methods.
type NIP struct{ s string }

const nipDigits = 18

// Codes of the problems that [ParseNIP] and [NIP.Validate] report.
const (
	codeDigits     = "nip-digits"     // not eighteen digits
	codeScientific = "nip-scientific" // a spreadsheet made a number of it
	codeMonth      = "nip-month"      // digits 13 and 14 are no month
	codeRounded    = "nip-rounded"    // ends in 000, as a number that lost digits does
)

// ParseNIP reads eighteen digits; blanks between them, an apostrophe before
// them and the ends are ignored. The error is a [bangkom.Problem] of code
// nip-scientific for what a spreadsheet made of the number (1.99E+17), and
// nip-digits for everything else. It never repeats the digits.
func ParseNIP(s string) (NIP, error) {
	t := strings.TrimPrefix(strings.TrimSpace(s), "'")
	t = strings.NewReplacer(" ", "", "\u00a0", "", "\t", "").Replace(t)
	if len(t) == nipDigits && count(t, isDigit) == nipDigits {
		return NIP{t}, nil
	}
	const need = "format the column as text and export the file again"
	if scientific(t) {
		return NIP{}, bangkom.Problem{Code: codeScientific, Value: describeNIP(t), Msg: "a NIP in scientific notation has lost digits", Need: need}
	}
	msg := "a NIP with too few digits"
	switch n := count(t, isDigit); {
	case n != len(t):
		msg = "a NIP with something else than digits in it"
	case n > nipDigits:
		msg = "a NIP with too many digits"
	}
	return NIP{}, bangkom.Problem{Code: codeDigits, Value: describeNIP(t), Msg: msg, Need: "a NIP has 18 digits; " + need}
}

// Validate reports what is odd about a number that can be used: digits 13 and
// 14, the month of appointment, outside 01 to 12 and not 21 (seen in numbers of
// PPPK); and a number that ends in 000, which is what a spreadsheet leaves of
// any NIP that it once held as a number. Both are warnings.
func (n NIP) Validate() bangkom.Problems {
	var ps bangkom.Problems
	if n.IsZero() {
		return nil
	}
	if m := n.s[12:14]; (m < "01" || m > "12") && m != "21" {
		ps.Add(bangkom.Problem{Code: codeMonth, Severity: bangkom.Warning, Value: n.String(),
			Msg: "digits 13 and 14 of the NIP are " + m + ", which is no month", Need: "check the number against the decree"})
	}
	if strings.HasSuffix(n.s, "000") {
		ps.Add(bangkom.Problem{Code: codeRounded, Severity: bangkom.Warning, Value: n.String(),
			Msg: "the NIP ends in 000, as one does that a spreadsheet rounded to fifteen digits", Need: "compare it with the source; format the column as text"})
	}
	return ps
}

// Number returns the eighteen digits, or "". It is personal data.
func (n NIP) Number() string { return n.s }

// ID returns the number as a person's identifier. It is personal data.
func (n NIP) ID() competency.PersonID { return competency.PersonID(n.s) }

// IsZero reports whether there is no number.
func (n NIP) IsZero() bool { return n.s == "" }

// String masks the number but for its last three digits: "***************007".
func (n NIP) String() string {
	if n.IsZero() {
		return ""
	}
	return strings.Repeat("*", nipDigits-3) + n.s[nipDigits-3:]
}

// Format writes the mask of [NIP.String] under every verb, %#v and %x included.
func (n NIP) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, n.String()) }

// LogValue gives log/slog the mask of [NIP.String].
func (n NIP) LogValue() slog.Value { return slog.StringValue(n.String()) }

// MarshalText writes the number itself: it is data.
func (n NIP) MarshalText() ([]byte, error) { return []byte(n.s), nil }

// UnmarshalText reads what [ParseNIP] reads, and "" as no number.
func (n *NIP) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*n = NIP{}
		return nil
	}
	v, err := ParseNIP(string(text))
	if err == nil {
		*n = v
	}
	return err
}

func isDigit(c rune) bool { return c >= '0' && c <= '9' }

func count(s string, is func(rune) bool) int {
	n := 0
	for _, c := range s {
		if is(c) {
			n++
		}
	}
	return n
}

// scientific reports whether t is a number like 1.99E+17 or 1,99103e17.
func scientific(t string) bool {
	mantissa, exponent, ok := strings.Cut(strings.ToUpper(t), "E")
	if !ok {
		return false
	}
	exponent = strings.TrimLeft(exponent, "+-")
	plain := strings.Map(func(c rune) rune {
		if c == '.' || c == ',' {
			return -1
		}
		return c
	}, mantissa)
	all := func(s string) bool { return s != "" && count(s, isDigit) == len(s) }
	return all(plain) && all(exponent)
}

// describeNIP tells of a damaged number how long it is, and nothing of what it says.
func describeNIP(t string) string {
	n := utf8.RuneCountInString(t)
	if count(t, isDigit) == n {
		return fmt.Sprintf("%d digits", n)
	}
	return fmt.Sprintf("%d characters", n)
}

package bangkom

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Severity says what a [Problem] does to the thing it was found in.
type Severity int8

const (
	Error   Severity = iota // the row, value or request could not be used
	Warning                 // used, but the reader of the result must know
	Note                    // an assumption made on the caller's behalf, such as a detected separator
)

var severityNames = []string{"error", "warning", "note"}

// String returns "error", "warning" or "note".
func (s Severity) String() string {
	if s < 0 || int(s) >= len(severityNames) {
		return fmt.Sprintf("Severity(%d)", int8(s))
	}
	return severityNames[s]
}

// MarshalText writes the word of [Severity.String].
func (s Severity) MarshalText() ([]byte, error) {
	if s < 0 || int(s) >= len(severityNames) {
		return nil, fmt.Errorf("bangkom: no severity %d", int8(s))
	}
	return []byte(severityNames[s]), nil
}

// UnmarshalText reads what [Severity.MarshalText] wrote.
func (s *Severity) UnmarshalText(text []byte) error {
	i := slices.Index(severityNames, string(text))
	if i < 0 {
		return fmt.Errorf("bangkom: unknown severity %q", text)
	}
	*s = Severity(i)
	return nil
}

// A Problem is the one type for a bad row, a failed validation, a loss on
// export, a refused argument and a statistical warning.
type Problem struct {
	Code     string   `json:"code"`            // a stable, speaking word: "unknown-unit", "too-few-pairs"
	Severity Severity `json:"severity"`        // the zero value is Error
	Where    string   `json:"where,omitempty"` // file:line:column, or a path in the model
	Value    string   `json:"value,omitempty"` // what was found there
	Msg      string   `json:"message"`         // one sentence for a person
	Need     string   `json:"need,omitempty"`  // what would cure it
}

// Sentinels: the decisions a caller makes on an error of any package here.
// Each is a bare code; errors.Is finds it in every Problem of that code.
var (
	ErrTooFew      = Problem{Code: "too-few"}      // not enough data for the question
	ErrShape       = Problem{Code: "shape"}        // lengths or dimensions disagree
	ErrNotFinite   = Problem{Code: "not-finite"}   // an infinite value, or a NaN where none is allowed
	ErrNoVariation = Problem{Code: "no-variation"} // constant data where a spread is needed
	ErrOption      = Problem{Code: "option"}       // an option outside its range
)

// Error gives place, message, value and cure on one line. Of 15 digits or more
// in a row only the last three are shown: they may be a person's number, and
// this text goes to screens and logs. The fields, and so JSON, have them whole.
func (p Problem) Error() string {
	var b strings.Builder
	if p.Where != "" {
		b.WriteString(p.Where + ": ")
	}
	b.WriteString(cmp.Or(p.Msg, p.Code))
	if p.Value != "" {
		fmt.Fprintf(&b, " (%q)", p.Value)
	}
	if p.Need != "" {
		b.WriteString("; " + p.Need)
	}
	return masked(b.String())
}

// masked leaves the last three of each long run of digits, but for the decimals
// of a number: nobody's number is a fraction. Of a number in powers of ten they
// may be, as spreadsheets write them.
func masked(s string) string {
	const long, shown = 15, 3
	var b strings.Builder
	for from := 0; from < len(s); {
		n := digitRun(s[from:])
		if n >= long && !decimals(s, from, from+n) {
			b.WriteString("…")
			from, n = from+n-shown, shown
		}
		n = max(n, 1)
		b.WriteString(s[from : from+n])
		from += n
	}
	return b.String()
}

// digitRun counts the digits that a text begins with.
func digitRun(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

// decimals reports whether s[from:to] are what follows the point of a decimal
// number: a point behind one run of digits, and no letter or point at either end.
func decimals(s string, from, to int) bool {
	if from < 2 || s[from-1] != '.' || to < len(s) && strings.ContainsRune("eE.", rune(s[to])) {
		return false
	}
	whole := from - 1
	for whole > 0 && s[whole-1] >= '0' && s[whole-1] <= '9' {
		whole--
	}
	const most = 17 // digits that a float64 is written with, after 0.000 aside
	if whole == from-1 || to-whole-1 > most && s[whole:from-1] != "0" {
		return false
	}
	return whole == 0 || strings.ContainsRune(" (\"-+±=<>:", rune(s[whole-1]))
}

// Is reports whether target is a bare code, such as [ErrTooFew], and p has it.
func (p Problem) Is(target error) bool {
	t, ok := target.(Problem)
	return ok && t == Problem{Code: p.Code}
}

// Problems is a list of findings in the order of the thing that was read.
type Problems []Problem

// Add appends a problem.
func (ps *Problems) Add(p Problem) { *ps = append(*ps, p) }

// Only returns the problems of one severity.
func (ps Problems) Only(s Severity) Problems {
	var out Problems
	for _, p := range ps {
		if p.Severity == s {
			out = append(out, p)
		}
	}
	return out
}

// Has reports whether a problem of this code is in the list.
func (ps Problems) Has(code string) bool {
	return slices.ContainsFunc(ps, func(p Problem) bool { return p.Code == code })
}

// Err returns the problems of severity Error as one error, or nil if there are
// none: warnings and notes do not fail a call.
func (ps Problems) Err() error {
	if errs := ps.Only(Error); len(errs) > 0 {
		return errs
	}
	return nil
}

// Error lists the first problems, and says how many more there are.
func (ps Problems) Error() string {
	const shown = 10
	var lines []string
	for _, p := range ps[:min(shown, len(ps))] {
		lines = append(lines, p.Error())
	}
	if n := len(ps) - shown; n > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", n))
	}
	return strings.Join(lines, "\n")
}

// Unwrap lets errors.Is and errors.AsType look at each problem.
func (ps Problems) Unwrap() []error {
	errs := make([]error, len(ps))
	for i, p := range ps {
		errs[i] = p
	}
	return errs
}

var _ interface {
	error
	Unwrap() []error
} = Problems{}

// AsProblems turns any error into a list: the Problems in its chain, a single
// Problem, or a Problem of the given code that carries its text.
func AsProblems(err error, code string) Problems {
	if err == nil {
		return nil
	}
	if ps, ok := errors.AsType[Problems](err); ok {
		return ps
	}
	if p, ok := errors.AsType[Problem](err); ok {
		return Problems{p}
	}
	return Problems{{Code: code, Msg: err.Error()}}
}

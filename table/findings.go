package table

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/bangkom/bangkom"
)

// findings keep problems in bounded memory: the first of each kind, and how
// many more there were.
type findings struct {
	limit int
	list  bangkom.Problems
	kinds []kind // in the order of their first problem
}

type kind struct {
	code     string
	severity bangkom.Severity
	n        int
}

func (f *findings) add(p bangkom.Problem) {
	k := f.kind(p)
	k.n++
	if k.n <= f.limit {
		f.list = append(f.list, p)
	}
}

func (f *findings) kind(p bangkom.Problem) *kind {
	for i := range f.kinds {
		if k := &f.kinds[i]; k.code == p.Code && k.severity == p.Severity {
			return k
		}
	}
	f.kinds = append(f.kinds, kind{code: p.Code, severity: p.Severity})
	return &f.kinds[len(f.kinds)-1]
}

// all returns a copy of the problems kept and a summary per kind that overflowed.
func (f *findings) all(file string) bangkom.Problems {
	out := append(bangkom.Problems(nil), f.list...)
	for _, k := range f.kinds {
		if more := k.n - f.limit; more > 0 {
			out = append(out, bangkom.Problem{Code: k.code, Severity: k.severity, Where: file, Value: strconv.Itoa(more),
				Msg: fmt.Sprintf("and %s more of this kind", thousands(more)), Need: "mend the ones listed and read the file again"})
		}
	}
	return out
}

// thousands writes 12345 as 12,345.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

const shownRunes = 60

// excerpt is the beginning of a value, as a string of its own.
func excerpt(s string) string {
	n := 0
	for i := range s {
		if n++; n > shownRunes {
			return strings.Clone(s[:i]) + "…"
		}
	}
	return strings.Clone(s)
}

// describe tells of a private value only what kind of text it is.
func describe(s string) string {
	n := utf8.RuneCountInString(s)
	switch {
	case n == 0:
		return ""
	case strings.Trim(s, "0123456789") == "":
		return fmt.Sprintf("%d digits", n)
	}
	return fmt.Sprintf("%d characters", n)
}

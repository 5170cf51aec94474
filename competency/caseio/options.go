package caseio

import (
	"time"

	"github.com/bangkom/bangkom"
)

// Options adjusts reading and writing. Nil and the zero value are the
// defaults that each field names.
type Options struct {
	// Reading. A file beyond a limit is refused; see the package's documentation
	// for the memory that follows from them.
	MaxBytes    int64 // size of the file; 0 is 64 MiB
	MaxValues   int   // JSON values in it; 0 is 4 million
	MaxObjects  int   // items, associations, definitions and rubric parts; 0 is 300,000
	MaxProblems int   // kept per code and severity; the others are counted; 0 is 1000

	// Writing.
	Changed     time.Time             // when what has no time of change of its own was changed; zero: the framework's ValidFrom
	Creator     string                // who made the framework; empty: what was read, or the framework's Source
	Base        string                // URIs of objects without one are Base + identifier; empty: "urn:uuid:"
	Language    string                // of the texts in several languages, the one that CASE's fields get; empty: the framework title's first
	KeepIDs     bool                  // write identifiers as they are, also where CASE's pattern (UUID of version 1 to 5) refuses them
	Unknown     bool                  // write fields that CASE does not know, as they were read, under extensions
	Roots       bool                  // give each competency without a parent an isChildOf to the document, as some systems expect
	Definitions map[string]Definition // texts that definitions lack, by identifier or title
}

// A Definition supplies what CASE requires of item types, subjects and
// concepts and what many files lack.
type Definition struct {
	Description   string
	HierarchyCode string
}

// maxDepth of JSON values; a package is about ten deep.
const maxDepth = 64

func (o *Options) orDefaults() Options {
	var d Options
	if o != nil {
		d = *o
	}
	if d.MaxBytes <= 0 {
		d.MaxBytes = 64 << 20
	}
	d.MaxBytes = min(d.MaxBytes, 1<<30)
	if d.MaxValues <= 0 {
		d.MaxValues = 4_000_000
	}
	if d.MaxObjects <= 0 {
		d.MaxObjects = 300_000
	}
	if d.MaxProblems <= 0 {
		d.MaxProblems = 1000
	}
	if d.Base == "" {
		d.Base = "urn:uuid:"
	}
	return d
}

// findings gathers problems, of each code and severity no more than max.
type findings struct {
	problems bangkom.Problems
	count    map[finding]int
	order    []finding
	max      int
}

type finding struct {
	code     string
	severity bangkom.Severity
}

// full reports whether a problem of this kind would only be counted, and counts it.
func (f *findings) full(code string, s bangkom.Severity) bool {
	if f.count == nil {
		f.count = map[finding]int{}
	}
	k := finding{code, s}
	if f.count[k]++; f.count[k] == 1 {
		f.order = append(f.order, k)
	}
	return f.count[k] > f.max
}

func (f *findings) add(p bangkom.Problem) {
	if !f.full(p.Code, p.Severity) {
		f.problems.Add(p)
	}
}

// all returns the problems, and for each kind that was cut how many there were.
func (f *findings) all(file string) bangkom.Problems {
	for _, k := range f.order {
		if n := f.count[k]; n > f.max {
			f.problems.Add(bangkom.Problem{Code: k.code, Severity: k.severity, Where: file, Msg: more(n, f.max), Need: "mend what is shown first"})
		}
	}
	return f.problems
}

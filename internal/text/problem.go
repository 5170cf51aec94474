package text

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/bangkom/bangkom"
)

// Problem returns p with its message and its cure in the language, and what is
// said in place of a value. The library writes them in English; what has no
// Indonesian sentence stays so.
func (l Lang) Problem(p bangkom.Problem) bangkom.Problem {
	told := slices.Contains(describing, p.Code) || masked.MatchString(p.Value) // the value is not from a file
	if l != Indonesian {
		if p.Msg = l.amounts(p.Msg); told {
			p.Value = l.amounts(p.Value)
		}
		return p
	}
	p.Msg, p.Need = indonesian(p.Msg), indonesian(p.Need)
	if told {
		parts := strings.Split(p.Value, ", ")
		for i := range parts {
			parts[i] = indonesian(parts[i])
		}
		p.Value = strings.Join(parts, ", ")
	}
	return p
}

// describing are the codes whose value is never from a file, and masked is a
// value that is not shown.
var (
	describing = []string{"budget-short", "dialect", "listwise-loss", "lone-stratum", "no-gap-evidence", "quoted-rows", "too-long"}
	masked     = regexp.MustCompile(`^\d+ (?:digits|characters)$`)
)

func indonesian(s string) string {
	out, _ := translate(s, false)
	return out
}

// prefix is no part of a sentence: the package it is from, or what joins it to another.
var prefix = regexp.MustCompile(`^(?:(?:needs|mcdm|table|competency|program|solve|asn|tally): |; )`)

// translate tries the whole text, then it without a word before a colon, such
// as a method, then its parts between semicolons. A part of another text that
// is no sentence may be a list of names.
func translate(text string, part bool) (string, bool) {
	s := prefix.ReplaceAllString(text, "")
	if t, ok := sentences[s]; ok {
		return t, true
	}
	if t, ok := others[s]; ok {
		return t, true
	}
	for _, p := range patterns() {
		if holes := p.english.FindStringSubmatch(s); holes != nil {
			return p.fill(holes), true
		}
	}
	if word, rest, ok := strings.Cut(s, ": "); ok && !strings.Contains(word, " ") {
		if t, ok := translate(rest, false); ok {
			return word + ": " + t, true
		}
	}
	if first, rest, ok := strings.Cut(s, "; "); ok {
		first, ok1 := translate(first, part)
		rest, ok2 := translate(rest, part)
		if ok1 || ok2 {
			return first + "; " + rest, true
		}
	}
	if part {
		text = strings.ReplaceAll(text, " or ", " atau ")
	}
	return text, false
}

// A pattern is a sentence with holes.
type pattern struct {
	english    *regexp.Regexp
	indonesian string
	verbs      []string // of the holes
	fixed      int      // bytes outside them
}

var (
	verb    = regexp.MustCompile(`%[-+# 0-9.*]*[a-zA-Z%]`)
	place   = regexp.MustCompile(`\{(\d)(\*?)\}`)
	decimal = regexp.MustCompile(`^-?\d+\.\d+$`)
)

// patterns has those that say most first.
var patterns = sync.OnceValue(func() []pattern {
	var out []pattern
	for _, table := range []map[string]string{sentences, others} {
		for english, indonesian := range table {
			if verb.MatchString(english) {
				out = append(out, newPattern(english, indonesian))
			}
		}
	}
	slices.SortFunc(out, func(a, b pattern) int {
		return cmp.Or(b.fixed-a.fixed, strings.Compare(a.english.String(), b.english.String()))
	})
	return out
})

func newPattern(english, indonesian string) pattern {
	var b strings.Builder
	at := 0
	for _, m := range verb.FindAllStringIndex(english, -1) {
		b.WriteString(regexp.QuoteMeta(english[at:m[0]]) + hole(english[m[1]-1]))
		at = m[1]
	}
	b.WriteString(regexp.QuoteMeta(english[at:]))
	return pattern{regexp.MustCompile(`(?s)^` + b.String() + `$`), indonesian, verb.FindAllString(english, -1), len(verb.ReplaceAllString(english, ""))}
}

// hole is what a verb of fmt may have written; a number may have been replaced
// by an id.
func hole(verb byte) string {
	switch verb {
	case 'd':
		return `(\S+)`
	case 'q':
		return `("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)+')`
	}
	return `(.*?)`
}

func (p pattern) fill(holes []string) string {
	return place.ReplaceAllStringFunc(p.indonesian, func(s string) string {
		m := place.FindStringSubmatch(s)
		n, _ := strconv.Atoi(m[1])
		switch {
		case m[2] != "":
			t, _ := translate(holes[n], true)
			return t
		case strings.ContainsAny(p.verbs[n-1], "fgv") && decimal.MatchString(holes[n]):
			return strings.Replace(holes[n], ".", ",", 1)
		}
		return holes[n]
	})
}

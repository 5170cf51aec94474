package table

import (
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
)

// strange returns the names of the columns that nobody asked for and nobody
// said to ignore.
func (rd *Reader) strange() []string {
	var names []string
	for _, name := range rd.extra {
		if !slices.ContainsFunc(rd.opt.Ignore, func(s string) bool { return Normalize(s) == Normalize(name) }) {
			names = append(names, name)
		}
	}
	return names
}

// Expect warns (absent-column) if the file has no column of this key, which the
// schema does not require: msg says what is taken for its cells.
func (rd *Reader) Expect(key, msg string) {
	for k, c := range rd.schema {
		if i, bound := rd.index[key]; c.Key == key && bound && i < 0 && !rd.missing[k] {
			rd.lacks(k, bangkom.Problem{Code: "absent-column", Severity: bangkom.Warning, Msg: msg})
		}
	}
}

// lacks reports a column of the schema that the file does not have.
func (rd *Reader) lacks(k int, p bangkom.Problem) {
	c := rd.schema[k]
	rd.missing[k] = true
	p.Where, p.Value = rd.place(rd.dialect.HeaderLine), c.label()
	p.Need = "a column named " + strings.Join(c.spellings(), " or ") + rd.leftOver(c)
	rd.found.add(p)
}

// leftOver says, for a column that is missing, what the header has instead.
func (rd *Reader) leftOver(c Column) string {
	names := rd.strange()
	if i := slices.IndexFunc(names, c.near); i >= 0 {
		return `; "` + excerpt(names[i]) + `" looks like it`
	}
	if len(names) == 0 {
		return ""
	}
	return "; not understood in this header: " + listed(names)
}

// unread reports, once, the columns that nobody reads, and which of the
// schema's the file does not have: a warning where two of them look alike.
func (rd *Reader) unread() {
	names := rd.strange()
	if rd.told || len(names) == 0 {
		return
	}
	rd.told = true
	p := bangkom.Problem{Code: "unread-columns", Severity: bangkom.Note, Where: rd.place(rd.dialect.HeaderLine), Value: listed(names), Msg: "these columns are not read"}
	var absent, alike []string
	for k, c := range rd.schema {
		if i, ok := rd.index[c.Key]; ok && i >= 0 || rd.missing[k] {
			continue
		}
		absent = append(absent, c.label())
		if i := slices.IndexFunc(names, c.near); i >= 0 {
			alike = append(alike, excerpt(names[i])+" = "+c.label()+"?")
		}
	}
	if len(absent) > 0 {
		p.Msg += "; not in the file, and not required: " + listed(absent)
	}
	if len(alike) > 0 {
		p.Severity, p.Need = bangkom.Warning, "correct the spelling: "+strings.Join(alike, ", ")
	}
	rd.found.add(p)
}

// listed joins names, at most twelve of them.
func listed(names []string) string {
	const most = 12
	var out []string
	for _, name := range names[:min(most, len(names))] {
		out = append(out, excerpt(name))
	}
	if more := len(names) - most; more > 0 {
		out = append(out, "and "+thousands(more)+" more")
	}
	return strings.Join(out, ", ")
}

// near reports whether a name is one of the column's but for a slip or two, or
// for words: with more of them than the column, or with several of the column's.
func (c Column) near(name string) bool {
	a := []rune(Normalize(name))
	return slices.ContainsFunc(c.spellings(), func(s string) bool {
		b := []rune(Normalize(s))
		return min(len(a), len(b)) > 2 && (slips(a, b) <= max(1, min(len(a), len(b))/5) || s != c.Key && (within(b, a) || slices.Contains(a, ' ') && within(a, b)))
	})
}

// within reports whether all words of a are among those of b.
func within(a, b []rune) bool {
	words := strings.Fields(string(b))
	return !slices.ContainsFunc(strings.Fields(string(a)), func(w string) bool { return !slices.Contains(words, w) })
}

// slips is the number of characters to insert, delete or replace (Levenshtein).
func slips(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, y := range b {
			here := diagonal
			if x != y {
				here = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], here
		}
	}
	return row[len(b)]
}

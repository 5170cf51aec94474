package main

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/table"
)

// A variable is a column of the file: numbers with NaN, or texts with "", for what is missing.
type variable struct {
	name    string
	numbers []float64 // nil: texts
	texts   []string
	broken  bool // a cell could not be read: nothing is computed from the column
}

// A sample is what a result is computed from.
type sample struct {
	cols  []*variable
	by    *variable // nil, or as the others: what the flags of these names ask for
	id    *variable
	extra map[string]*variable
	lines []int
	group string // the value of -by that this is the part of
}

func (s *sample) names() []string {
	var out []string
	for _, v := range s.cols {
		out = append(out, v.name)
	}
	return out
}

// columns are the values of -cols, variable × row.
func (s *sample) columns() ([][]float64, error) {
	var out [][]float64
	for _, v := range s.cols {
		x, err := v.values()
		if err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, nil
}

// values are the numbers of a column; its broken cells were reported when they were read.
func (v *variable) values() ([]float64, error) {
	if v.broken {
		return nil, bangkom.Problem{Code: "not-decimal", Where: v.name, Msg: "nothing is computed from a column with cells that are no numbers", Need: "mend them, or write NA for what is missing"}
	}
	return v.numbers, nil
}

// missingCell reports whether a cell says that there is no value.
func missingCell(s string) bool { return s == "" || s == "NA" || s == "." }

// read reads the columns that are asked for.
func (c *statCall) read() (*sample, error) {
	if c.data == "-" {
		return c.readFrom(c.in, c.file())
	}
	file, err := os.Open(c.data)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return c.readFrom(file, c.file())
}

// file is the name of the data in problems.
func (c *statCall) file() string {
	if c.data == "-" {
		return "stdin"
	}
	return c.data
}

func (c *statCall) readFrom(in io.Reader, file string) (*sample, error) {
	s := &sample{extra: map[string]*variable{}}
	var wanted []*variable
	want := func(name string, kind cellKind) *variable {
		v := &variable{name: name}
		if kind == numbers {
			v.numbers = []float64{}
		}
		wanted = append(wanted, v)
		return v
	}
	for _, name := range c.cols {
		kind := c.cells
		switch {
		case c.countsForm:
			kind = numbers
		case slices.Contains(c.factors, name), c.name == "items" && len(c.keys) > 0:
			kind = labels
		}
		s.cols = append(s.cols, want(name, kind))
	}
	if c.by != "" {
		s.by = want(c.by, labels)
	}
	if c.id != "" {
		s.id = want(c.id, labels)
	}
	for _, name := range []string{c.cluster, c.strata, c.after} {
		if name != "" {
			s.extra[name] = want(name, labels)
		}
	}
	if c.freq != "" {
		s.extra[c.freq] = want(c.freq, numbers)
	}
	schema := table.Schema{}
	for i, v := range wanted {
		schema = append(schema, table.Column{Key: strconv.Itoa(i), Names: []string{v.name}, Required: true})
	}
	rd := table.Read(in, file, schema, nil)
	for row := range rd.Rows() {
		for i, v := range wanted {
			v.add(row, strconv.Itoa(i))
		}
		s.lines = append(s.lines, row.Line())
	}
	fatal := false
	for _, p := range rd.Problems() {
		if p.Severity == bangkom.Note { // the dialect of a plain file is no news
			continue
		}
		c.problems.Add(p)
		fatal = fatal || p.Code == "missing-column" || p.Code == "no-header" || p.Code == "duplicate-column"
	}
	if n := len(rd.Bound()); fatal || n < len(wanted) {
		return nil, bangkom.Problem{Code: "missing-column", Where: file, Msg: "nothing can be computed without its columns"}
	}
	return s, nil
}

// add appends the cell of a row.
func (v *variable) add(row *table.Row, key string) {
	cell := row.Text(key)
	missing := missingCell(cell)
	if v.numbers == nil {
		if missing {
			cell = ""
		}
		v.texts = append(v.texts, cell)
		return
	}
	x := math.NaN()
	if !missing {
		n, ok := row.Decimal(key)
		if ok {
			x = n
		} else {
			v.broken = true
		}
	}
	v.numbers = append(v.numbers, x)
}

// at keeps some rows.
func (v *variable) at(rows []int) *variable {
	if v == nil {
		return nil
	}
	out := &variable{name: v.name, broken: v.broken}
	if v.numbers != nil {
		out.numbers = make([]float64, len(rows))
	} else {
		out.texts = make([]string, len(rows))
	}
	for i, r := range rows {
		if v.numbers != nil {
			out.numbers[i] = v.numbers[r]
		} else {
			out.texts[i] = v.texts[r]
		}
	}
	return out
}

// split parts the rows by the groups of -by.
func (s *sample) split(c *statCall) []*sample {
	var out []*sample
	rows := s.rowsByGroup()
	for _, g := range s.groupNames(c) {
		part := s.at(rows[g])
		part.group = g
		out = append(out, part)
	}
	return out
}

// at keeps some rows.
func (s *sample) at(rows []int) *sample {
	out := &sample{by: s.by.at(rows), extra: map[string]*variable{}}
	for _, v := range s.cols {
		out.cols = append(out.cols, v.at(rows))
	}
	for name, v := range s.extra {
		out.extra[name] = v.at(rows)
	}
	for _, r := range rows {
		out.lines = append(out.lines, s.lines[r])
	}
	return out
}

// rowsByGroup are the rows of each value of -by.
func (s *sample) rowsByGroup() map[string][]int {
	out := map[string][]int{}
	for i, g := range s.by.texts {
		out[g] = append(out[g], i)
	}
	return out
}

// groupNames are the groups in their order, and a warning of the rows that are in none.
func (s *sample) groupNames(c *statCall) []string {
	rows := s.rowsByGroup()
	out := c.levels
	if out == nil {
		out = ascending(s.by.texts)
	}
	in := 0
	for _, g := range out {
		in += len(rows[g])
	}
	c.warnLeftOut(c.by, len(s.by.texts)-in)
	return out
}

// warnLeftOut says how many rows a column says nothing of.
func (c *statCall) warnLeftOut(column string, rows int) {
	if rows > 0 {
		c.problems.Add(bangkom.Problem{Code: "no-group", Severity: bangkom.Warning, Where: column, Value: strconv.Itoa(rows), Msg: "rows are in none of the groups and are left out"})
	}
}

// ascending are the different texts that are there: as numbers if all are, else by their letters.
func ascending(texts []string) []string {
	seen := map[string]bool{"": true}
	var out []string
	for _, t := range texts {
		if !seen[t] {
			seen[t] = true
			out = append(out, t)
		}
	}
	if values := numbersOf(out); values != nil {
		slices.SortFunc(out, func(a, b string) int { return cmp.Compare(decimal(a), decimal(b)) })
		return out
	}
	slices.Sort(out)
	return out
}

// numbersOf are the texts as numbers, NaN for "", or nil if one is no number.
func numbersOf(texts []string) []float64 {
	out := make([]float64, len(texts))
	for i, t := range texts {
		if out[i] = decimal(t); t != "" && math.IsNaN(out[i]) {
			return nil
		}
	}
	return out
}

// decimal reads 3.5 and 3,5; NaN for anything else.
func decimal(s string) float64 {
	if strings.Trim(s, "0123456789+-.,eE") != "" || s == "" {
		return math.NaN()
	}
	x, err := strconv.ParseFloat(strings.Replace(s, ",", ".", 1), 64)
	if err != nil {
		return math.NaN()
	}
	return x
}

// grouped are the groups and their values: those of one column by -by, or each column.
func (s *sample) grouped(c *statCall) (names []string, groups [][]float64, err error) {
	columns, err := s.columns()
	if err != nil || s.by == nil {
		return s.names(), columns, err
	}
	rows := s.rowsByGroup()
	for _, g := range s.groupNames(c) {
		names = append(names, g)
		groups = append(groups, s.cols[0].at(rows[g]).numbers)
	}
	return names, groups, nil
}

// pair are two groups, and what their difference is called.
func (s *sample) pair(c *statCall) (a, b []float64, difference string, err error) {
	names, groups, err := s.grouped(c)
	if err != nil {
		return nil, nil, "", err
	}
	if len(groups) != 2 {
		return nil, nil, "", usagef("two groups are compared, and %s has %d; -levels picks two", c.by, len(groups))
	}
	return groups[0], groups[1], names[0] + " − " + names[1], nil
}

// pivot makes a column of each group of -by and a row of each -id.
func (s *sample) pivot(c *statCall) (*sample, error) {
	out := &sample{id: &variable{name: c.id}, extra: map[string]*variable{}}
	column := map[string]*variable{}
	row := map[string]int{}
	for _, id := range s.id.texts {
		if _, ok := row[id]; !ok && id != "" {
			row[id] = len(row)
			out.id.texts = append(out.id.texts, id)
		}
	}
	value := s.cols[0]
	for _, g := range s.groupNames(c) {
		v := &variable{name: g, broken: value.broken}
		if value.numbers != nil {
			v.numbers = slices.Repeat([]float64{math.NaN()}, len(row))
		} else {
			v.texts = make([]string, len(row))
		}
		column[g] = v
		out.cols = append(out.cols, v)
	}
	first := map[string]int{}
	nobody := 0
	for i, id := range s.id.texts {
		v := column[s.by.texts[i]]
		if id == "" {
			nobody++
		}
		if v == nil || id == "" {
			continue
		}
		key := fmt.Sprintf("%q %q", id, v.name)
		if line, twice := first[key]; twice {
			return nil, bangkom.Problem{Code: "duplicate-id", Where: fmt.Sprintf("%s:%d:%s", c.file(), s.lines[i], c.id), Value: id, Msg: fmt.Sprintf("a second value for the same %s; the first is in line %d", c.by, line), Need: "one"}
		}
		first[key] = s.lines[i]
		if value.numbers != nil {
			v.numbers[row[id]] = value.numbers[i]
		} else {
			v.texts[row[id]] = value.texts[i]
		}
	}
	if nobody > 0 {
		c.problems.Add(bangkom.Problem{Code: "no-id", Severity: bangkom.Warning, Where: c.id, Value: strconv.Itoa(nobody), Msg: "rows are of nobody and are left out"})
	}
	if n := len(out.cols); n < c.wide[0] || c.wide[1] > 0 && n > c.wide[1] {
		return nil, usagef("%s has %d groups; -levels picks those that count", c.by, n)
	}
	return out, nil
}

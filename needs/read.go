package needs

import (
	"bufio"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/stats/tally"
)

// ReadOptions of [Read]. The zero value, or nil, is usable.
type ReadOptions struct {
	// Standards give the wanted level by position and competency, for files
	// that have none: they need a column "position". A competency that the
	// position does not require does not apply. What is wanted of a position
	// that is not here, or at a level that the scale does not have, is missing,
	// with a problem.
	Standards map[string]map[competency.CompetencyID]int

	// Weight is the name of the column with the weight of an answer. "": "weight".
	Weight string

	// MaxProblems is how many problems are kept; the others are counted. 0: 1000.
	MaxProblems int
}

// Read reads ratings from a CSV file with a header; columns are found by name,
// in any order, and others are ignored with a note.
//
//   - wide, one person per line: person, the dimensions, weight, and for each
//     source and item <source>_<item>_i and <source>_<item>_p; the source ends
//     at the first underscore; a person on a further line is counted once, that
//     line's ratings in addition, with a warning;
//   - long, one rating per line: person, the dimensions, weight, source,
//     competency, importance and performance.
//
// The frame says the scale. Where it names no items, sources or dimensions
// ("unit" and "position"), those of the file are taken, as written in the
// header and, in the long form, sorted. A source that ends in digits, such as
// peer1, is a rater of the source before them; supervisor is superior.
//
// A cell is a level (4.0, as pandas writes it, is 4), empty or NA for missing,
// "-" for not applicable or "?" for not observed. Anything else is a Problem
// with line and column, and is taken as missing; the rest of the line counts. Lines are parsed on all cores as long
// as the file has no quote; from there on encoding/csv reads it. The separator
// is the comma, or the semicolon or tab if the header has more of them.
//
// The wide form is streamed; the long form is held until its last line.
func Read(r io.Reader, file string, f Frame, opt *ReadOptions) (*Cube, bangkom.Problems) {
	rd := &reader{file: file, in: bufio.NewReaderSize(r, 1<<16), frame: f.clone()}
	if opt != nil {
		rd.opt = *opt
	}
	rd.opt.Weight = cmp.Or(rd.opt.Weight, "weight")
	rd.opt.MaxProblems = cmp.Or(rd.opt.MaxProblems, 1000)
	if rd.header() {
		if slices.Contains(rd.names, "competency") {
			rd.long()
		} else {
			rd.wide()
		}
	}
	return rd.cube, rd.finish()
}

type reader struct {
	file  string
	in    *bufio.Reader
	frame Frame
	opt   ReadOptions
	comma byte
	names []string
	cube  *Cube
	found []found
	more  int             // problems that were not kept
	noJob map[string]bool // positions without standards, reported
	fast  *fastWide       // read until the first quote; nil: nothing was
}

// found keeps problems in the order of the file, whoever found them.
type found struct {
	line int
	p    bangkom.Problem
}

func (r *reader) problem(line, column int, code, value, msg string, severity bangkom.Severity) {
	if len(r.found) >= r.opt.MaxProblems {
		r.more++
		return
	}
	where := fmt.Sprintf("%s:%d", r.file, line)
	if column >= 0 && column < len(r.names) {
		where += ":" + r.names[column]
	}
	r.found = append(r.found, found{line, bangkom.Problem{Code: code, Severity: severity, Where: where, Value: value, Msg: "needs: " + msg}})
}

func (r *reader) fail(err error) {
	for _, p := range bangkom.AsProblems(err, "unreadable") {
		p.Where = cmp.Or(p.Where, r.file)
		r.found = append(r.found, found{0, p})
	}
}

func (r *reader) finish() bangkom.Problems {
	slices.SortStableFunc(r.found, func(a, b found) int { return cmp.Compare(a.line, b.line) })
	var ps bangkom.Problems
	for _, x := range r.found {
		ps.Add(x.p)
	}
	if r.more > 0 {
		ps.Add(bangkom.Problem{Code: "more-problems", Where: r.file, Value: strconv.Itoa(r.more), Msg: "needs: problems that are not listed"})
	}
	return ps
}

func (r *reader) header() bool {
	line, err := r.in.ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		r.fail(err)
		return false
	}
	line = strings.TrimPrefix(strings.TrimRight(line, "\r\n"), "\ufeff")
	r.comma = ','
	for _, c := range []byte{';', '\t'} {
		if strings.Count(line, string(c)) > strings.Count(line, string(r.comma)) {
			r.comma = c
		}
	}
	names, err := r.csv(strings.NewReader(line)).Read()
	if err != nil {
		r.fail(bangkom.Problem{Code: "no-header", Where: r.file + ":1", Msg: "needs: no header", Need: "person, and a column for each rating"})
		return false
	}
	for i, n := range names {
		n = strings.TrimSpace(n)
		if n != "" && slices.Contains(names[:i], n) {
			r.problem(1, -1, "duplicate-column", n, "a column twice", bangkom.Error)
			return false
		}
		names[i] = n
	}
	for i, n := range names { // Person is person, unless both are there
		if k := strings.ToLower(n); slices.Contains(fixedColumns, k) && !slices.Contains(names, k) && !slices.ContainsFunc(r.frame.By, func(d Dimension) bool { return d.Name == n }) {
			names[i] = k
		}
	}
	r.names = names
	return true
}

// fixedColumns are those whose names do not depend on the survey.
var fixedColumns = []string{"person", ByUnit, ByPosition, "weight", "source", "competency", "importance", "performance"}

func (r *reader) csv(in io.Reader) *csv.Reader {
	c := csv.NewReader(in)
	c.Comma = rune(r.comma)
	c.ReuseRecord = true
	c.FieldsPerRecord = -1
	return c
}

// A role is what a column is for.
type role struct {
	kind byte // 0: ignored; person, dimension, weight, position or a cell
	at   int  // which dimension; which cell: 2 · (group · items + item), + 1 for what is there
}

const (
	rolePerson    = 'p'
	roleDimension = 'd'
	roleWeight    = 'w'
	rolePosition  = 'j'
	roleCell      = 'c'
)

// A group is the columns of one rater.
type group struct {
	source int
	rater  string
}

// layout is how the lines of a wide file are understood.
type layout struct {
	roles     []role
	groups    []group
	single    bool      // no source has two raters
	value     [256]byte // cells of one character; 0xFF: none
	wantGiven bool
}

// sourceOf a column's prefix: the source, and the rater if there can be several.
func sourceOf(prefix string) (competency.Source, string) {
	s := strings.TrimRight(prefix, "0123456789")
	if s == "supervisor" {
		s = string(competency.Superior)
	}
	return competency.Source(s), prefix
}

// split parts <source>_<item>_i.
func split(name string) (source, item string, have, ok bool) {
	switch {
	case strings.HasSuffix(name, "_i"):
	case strings.HasSuffix(name, "_p"):
		have = true
	default:
		return
	}
	source, item, ok = strings.Cut(name[:len(name)-2], "_")
	return source, item, have, ok && source != "" && item != ""
}

// complete takes from the file what the frame does not say.
func (r *reader) complete(items []competency.CompetencyID, sources []competency.Source) error {
	f := &r.frame
	if f.Items == nil {
		f.Items = items
	}
	if f.Sources == nil {
		f.Sources = sources
	}
	if f.By == nil {
		for _, n := range r.names {
			if n == ByUnit || n == ByPosition {
				f.By = append(f.By, Dimension{Name: n})
			}
		}
	}
	r.checkStandards()
	c, err := NewCube(*f)
	r.cube = c
	return err
}

func (r *reader) wide() {
	var items []competency.CompetencyID
	var sources []competency.Source
	for _, n := range r.names {
		if s, item, _, ok := split(n); ok && r.role(n).kind == 0 {
			if id := competency.CompetencyID(item); !slices.Contains(items, id) {
				items = append(items, id)
			}
			if src, _ := sourceOf(s); !slices.Contains(sources, src) {
				sources = append(sources, src)
			}
		}
	}
	if len(items) == 0 {
		r.fail(bangkom.Problem{Code: "missing-column", Where: r.file + ":1", Value: strings.Join(r.names, ", "), Msg: "needs: no column with a rating",
			Need: "wide: person and pairs such as self_data_i, self_data_p; long: person, competency, importance, performance"})
		return
	}
	if err := r.complete(items, sources); err != nil {
		r.fail(err)
		return
	}
	l, ok := r.layout()
	if !ok {
		r.cube = nil
		return
	}
	r.lines(l)
}

func (r *reader) role(name string) role {
	switch name {
	case "person":
		return role{kind: rolePerson}
	case r.opt.Weight:
		return role{kind: roleWeight}
	}
	for k, d := range r.frame.By {
		if d.Name == name {
			return role{roleDimension, k}
		}
	}
	if name == ByPosition {
		return role{kind: rolePosition}
	}
	return role{}
}

func (r *reader) layout() (*layout, bool) {
	l := &layout{single: true}
	have := map[int]string{} // cells with a column, by place
	for i, n := range r.names {
		l.roles = append(l.roles, r.role(n))
		prefix, item, isHave, ok := split(n)
		if l.roles[i].kind != 0 || !ok {
			if l.roles[i].kind == 0 {
				r.problem(1, -1, "ignored-column", n, "a column that is not asked for", bangkom.Note)
			}
			continue
		}
		src, rater := sourceOf(prefix)
		s, ok := r.frame.source(src)
		k, known := r.cube.items[competency.CompetencyID(item)]
		if !ok || !known {
			r.problem(1, -1, "ignored-column", n, "a rating of a source or an item that the frame does not have", bangkom.Note)
			continue
		}
		g := slices.IndexFunc(l.groups, func(g group) bool { return g.rater == rater })
		if g < 0 {
			g = len(l.groups)
			if slices.ContainsFunc(l.groups, func(g group) bool { return g.source == s }) {
				l.single = false
			}
			l.groups = append(l.groups, group{s, rater})
		}
		at := 2 * (g*len(r.frame.Items) + k)
		if isHave {
			at++
		} else {
			l.wantGiven = true
		}
		l.roles[i] = role{roleCell, at}
		have[at] = n
	}
	return l, r.paired(l, have)
}

// paired refuses a rating with one side only, unless standards give the other.
func (r *reader) paired(l *layout, have map[int]string) bool {
	good := true
	if !slices.Contains(r.names, "person") {
		r.problem(1, -1, "missing-column", "person", "no column for the person", bangkom.Error)
		good = false
	}
	for g := range l.groups {
		for k, id := range r.frame.Items {
			at := 2 * (g*len(r.frame.Items) + k)
			w, hasW := have[at]
			p, hasP := have[at+1]
			switch {
			case hasP && !hasW && r.opt.Standards == nil:
				r.problem(1, -1, "unpaired-column", p, "no column with what is wanted", bangkom.Error)
				good = false
			case hasW && !hasP:
				r.problem(1, -1, "unpaired-column", w, "no column with what is there", bangkom.Error)
				good = false
			case !hasW && !hasP:
				r.problem(1, -1, "no-column", l.groups[g].rater+"_"+string(id), "an item that this rater was not asked", bangkom.Note)
			}
		}
	}
	if r.frame.Weighted && !slices.Contains(r.names, r.opt.Weight) {
		r.problem(1, -1, "missing-column", r.opt.Weight, "the frame is weighted, and there is no column for the weight", bangkom.Error)
		good = false
	}
	if !l.wantGiven && r.opt.Standards != nil && !slices.Contains(r.names, ByPosition) {
		r.problem(1, -1, "missing-column", ByPosition, "the standards need the position", bangkom.Error)
		good = false
	}
	for _, d := range r.frame.By {
		if !slices.Contains(r.names, d.Name) {
			r.problem(1, -1, "missing-column", d.Name, "no column for a dimension of the frame", bangkom.Error)
			good = false
		}
	}
	if len(l.groups) == 0 {
		r.problem(1, -1, "missing-column", "", "no column with a rating", bangkom.Error)
		good = false
	}
	for i := range l.value {
		l.value[i] = 0xFF
	}
	for v := range 10 {
		if c, ok := r.frame.Scale.Cell(v); ok {
			l.value['0'+v] = byte(c)
		}
	}
	l.value['-'], l.value['?'] = byte(tally.NotApplicable), byte(tally.NotObserved)
	return good
}

// cellOf reads a cell of any length.
func cellOf(s string, scale tally.Shape) (tally.Cell, bool) {
	switch s = strings.TrimSpace(s); s {
	case "", "NA":
		return tally.Missing, true
	case "-":
		return tally.NotApplicable, true
	case "?":
		return tally.NotObserved, true
	}
	v, err := strconv.Atoi(strings.TrimSuffix(s, ".0"))
	if err != nil {
		return tally.Missing, false
	}
	return scale.Cell(v)
}

// record takes one line as fields: the way that any file can be read.
func (r *reader) record(l *layout, line int, fields []string) {
	if len(fields) != len(r.names) {
		r.problem(line, -1, "fields", strconv.Itoa(len(fields)), fmt.Sprintf("the header has %d columns: the line is not used", len(r.names)), bangkom.Error)
		return
	}
	items := len(r.frame.Items)
	cells := make([]tally.Cell, 2*items*len(l.groups))
	base := Answer{Segment: make([]string, len(r.frame.By)), Weight: math.NaN()}
	position := ""
	for i, x := range fields {
		switch k := l.roles[i]; k.kind {
		case rolePerson:
			base.Person = strings.TrimSpace(x)
		case roleDimension:
			base.Segment[k.at] = strings.TrimSpace(x)
		case roleWeight:
			base.Weight, _ = strconv.ParseFloat(strings.TrimSpace(x), 64)
		case roleCell:
			c, ok := cellOf(x, r.frame.Scale)
			if !ok {
				r.problem(line, i, "not-a-cell", x, "no level of the scale "+r.frame.Scale.String()+", empty, - or ?: taken as missing", bangkom.Error)
				c = tally.Missing
			}
			cells[k.at] = c
		}
		if r.names[i] == ByPosition {
			position = strings.TrimSpace(x)
		}
	}
	if base.Person == "" {
		r.problem(line, -1, "empty-cell", "", "a line without a person: counted as somebody of whom nothing else is known", bangkom.Warning)
		base.visit = new(visit)
	}
	if r.frame.Weighted && !usable(base.Weight) {
		r.problem(line, slices.Index(r.names, r.opt.Weight), "weight", "", "no positive weight: the line is not used", bangkom.Error)
		return
	}
	if base.Person != "" && r.hadLine(&base) {
		r.personAgain(line)
	}
	for g, who := range l.groups {
		a := base
		a.Rater = who.rater
		if len(r.frame.Sources) > 0 {
			a.Source = r.frame.Sources[who.source]
		}
		for k, id := range r.frame.Items {
			c := cells[2*(g*items+k):]
			want := c[0]
			if !l.wantGiven && r.opt.Standards != nil {
				want = r.standard(position, id)
			}
			a.Want, a.Have = append(a.Want, want), append(a.Have, c[1])
		}
		if err := r.cube.Add(&a); err != nil {
			r.problem(line, -1, bangkom.AsProblems(err, "answer")[0].Code, "", err.Error(), bangkom.Error)
		}
	}
}

// hadLine reports whether the person had a line before. One whom the fast way
// saw is entered as somebody who is no further head under any source and item.
func (r *reader) hadLine(a *Answer) bool {
	nodes := r.cube.nodesOf(a.Segment)
	key := string(appendKey(appendKey(nil, nodes...), a.Person))
	if r.cube.seen[key] != nil {
		return true
	}
	if r.fast == nil || r.fast.seen.add(hashPerson(hashPlace(nodes), a.Person)) {
		return false
	}
	v := &visit{by: math.MaxUint32, heads: make([]uint64, (max(1, len(r.frame.Sources))*len(r.frame.Items)+63)/64)}
	for i := range v.heads {
		v.heads[i] = math.MaxUint64
	}
	r.cube.own()
	r.cube.seen[key] = v
	return true
}

func (r *reader) personAgain(line int) {
	r.problem(line, -1, "person-again", "", "a line for a person who had one: its ratings count in addition", bangkom.Warning)
}

// checkStandards reports required levels that the scale does not have.
func (r *reader) checkStandards() {
	for _, position := range slices.Sorted(maps.Keys(r.opt.Standards)) {
		levels := r.opt.Standards[position]
		for _, id := range slices.Sorted(maps.Keys(levels)) {
			if _, ok := r.frame.Scale.Cell(levels[id]); !ok {
				r.fail(bangkom.Problem{Code: "not-a-level", Where: "standards: " + position + "/" + string(id), Value: strconv.Itoa(levels[id]), Msg: "needs: no level of the scale " + r.frame.Scale.String() + ": what is wanted is taken as missing"})
			}
		}
	}
}

// unknownJob warns once of a position without standards.
func (r *reader) unknownJob(position string) {
	if r.noJob[position] {
		return
	}
	if r.noJob == nil {
		r.noJob = map[string]bool{}
	}
	r.noJob[position] = true
	r.fail(bangkom.Problem{Code: "no-standard", Severity: bangkom.Warning, Where: "standards", Value: position, Msg: "needs: a position that they do not have: what is wanted of its people is taken as missing"})
}

func (r *reader) standard(position string, id competency.CompetencyID) tally.Cell {
	levels, ok := r.opt.Standards[position]
	if !ok {
		r.unknownJob(position)
		return tally.Missing
	}
	v, ok := levels[id]
	if !ok {
		return tally.NotApplicable
	}
	c, ok := r.frame.Scale.Cell(v)
	if !ok {
		return tally.Missing
	}
	return c
}

// records reads what is left with encoding/csv.
func (r *reader) records(l *layout, in io.Reader, line int) {
	c := r.csv(in)
	for {
		fields, err := c.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			if p, ok := errors.AsType[*csv.ParseError](err); ok {
				r.problem(line+p.StartLine-1, -1, "unclosed-quote", "", p.Err.Error()+": the line is not used", bangkom.Error)
				continue
			}
			r.fail(err)
			return
		}
		at, _ := c.FieldPos(0)
		if len(fields) == 1 && fields[0] == "" {
			continue
		}
		r.record(l, line+at-1, fields)
	}
}

// long collects the ratings of one rater about one person to an answer.
func (r *reader) long() {
	need := map[string]int{}
	for _, n := range []string{"person", "competency", "performance", "importance", "source"} {
		need[n] = slices.Index(r.names, n)
	}
	if r.opt.Standards != nil && need["importance"] < 0 && !slices.Contains(r.names, ByPosition) {
		r.problem(1, -1, "missing-column", ByPosition, "the standards need the position", bangkom.Error)
		return
	}
	for _, n := range []string{"person", "performance"} {
		if need[n] < 0 {
			r.problem(1, -1, "missing-column", n, "no such column", bangkom.Error)
			return
		}
	}
	if need["importance"] < 0 && r.opt.Standards == nil {
		r.problem(1, -1, "missing-column", "importance", "no column with what is wanted, and no standards", bangkom.Error)
		return
	}
	var lines []longLine
	c := r.csv(r.in)
	for {
		fields, err := c.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if p, ok := errors.AsType[*csv.ParseError](err); ok {
			r.problem(1+p.StartLine, -1, "unclosed-quote", "", p.Err.Error()+": the line is not used", bangkom.Error)
			continue
		}
		if err != nil {
			r.fail(err)
			return
		}
		at, _ := c.FieldPos(0)
		lines = r.longLine(lines, fields, at+1, need)
	}
	r.answers(lines)
}

// A longLine is one rating.
type longLine struct {
	line                    int
	person, rater, position string
	segment                 map[string]string
	item                    competency.CompetencyID
	source                  competency.Source
	weight                  float64
	want, have              string
	hasWant                 bool
}

func (r *reader) longLine(lines []longLine, fields []string, line int, need map[string]int) []longLine {
	if len(fields) != len(r.names) {
		r.problem(line, -1, "fields", strconv.Itoa(len(fields)), fmt.Sprintf("the header has %d columns: the line is not used", len(r.names)), bangkom.Error)
		return lines
	}
	at := func(n string) string {
		if i := slices.Index(r.names, n); i >= 0 {
			return strings.Clone(strings.TrimSpace(fields[i]))
		}
		return ""
	}
	x := longLine{line: line, person: at("person"), item: competency.CompetencyID(at("competency")), want: at("importance"), hasWant: need["importance"] >= 0, have: at("performance"), position: at(ByPosition), segment: map[string]string{}, weight: math.NaN()}
	if need["source"] >= 0 {
		x.source, x.rater = sourceOf(at("source"))
	}
	if w := at(r.opt.Weight); w != "" {
		x.weight, _ = strconv.ParseFloat(w, 64)
	}
	for _, n := range []string{ByUnit, ByPosition} {
		x.segment[n] = at(n)
	}
	for _, d := range r.frame.By {
		x.segment[d.Name] = at(d.Name)
	}
	if x.item == "" || x.person == "" {
		r.problem(line, -1, "empty-cell", "", "a rating without a person or a competency: not used", bangkom.Error)
		return lines
	}
	return append(lines, x)
}

func (r *reader) answers(lines []longLine) {
	var items []competency.CompetencyID
	var sources []competency.Source
	seenItem, seenSource := map[competency.CompetencyID]bool{}, map[competency.Source]bool{"": true}
	for _, x := range lines {
		if !seenItem[x.item] {
			seenItem[x.item] = true
			items = append(items, x.item)
		}
		if !seenSource[x.source] {
			seenSource[x.source] = true
			sources = append(sources, x.source)
		}
	}
	slices.Sort(items)
	slices.Sort(sources)
	if err := r.complete(items, sources); err != nil {
		r.fail(err)
		return
	}
	type key struct{ person, rater string }
	at := map[key]int{}
	var list []*Answer
	var first []int
	for _, x := range lines {
		k := key{x.person, x.rater}
		i, ok := at[k]
		if !ok {
			i = len(list)
			at[k] = i
			a := &Answer{Person: x.person, Rater: x.rater, Source: x.source, Weight: x.weight, Want: make([]tally.Cell, len(r.frame.Items)), Have: make([]tally.Cell, len(r.frame.Items))}
			for _, d := range r.frame.By {
				a.Segment = append(a.Segment, x.segment[d.Name])
			}
			if len(r.frame.Sources) == 0 {
				a.Source = ""
			}
			list, first = append(list, a), append(first, x.line)
		}
		r.put(list[i], x, !ok)
	}
	for i, a := range list {
		if err := r.cube.Add(a); err != nil {
			r.problem(first[i], -1, bangkom.AsProblems(err, "answer")[0].Code, "", err.Error(), bangkom.Error)
		}
	}
}

func (r *reader) put(a *Answer, x longLine, fresh bool) {
	k, ok := r.cube.items[x.item]
	if !ok {
		return
	}
	if !fresh && (a.Want[k] != 0 || a.Have[k] != 0) {
		r.problem(x.line, -1, "duplicate-rating", string(x.item), "the same rater about the same person and competency again: not used", bangkom.Error)
		return
	}
	read := func(s, name string) tally.Cell {
		c, ok := cellOf(s, r.frame.Scale)
		if !ok {
			r.problem(x.line, slices.Index(r.names, name), "not-a-cell", s, "no level of the scale "+r.frame.Scale.String()+", empty, - or ?: taken as missing", bangkom.Error)
			return tally.Missing
		}
		return c
	}
	a.Have[k] = read(x.have, "performance")
	if x.hasWant {
		a.Want[k] = read(x.want, "importance")
	} else {
		a.Want[k] = r.standard(x.position, x.item)
	}
}

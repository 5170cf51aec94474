package table

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"

	"github.com/bangkom/bangkom"
)

// begin finds out how the file is written; false if it cannot be read.
func (rd *Reader) begin(sc *scanner) bool {
	sample := sc.peek(firstRead)
	if len(sample) == 0 && sc.err != nil { // a folder, say: not an empty file
		rd.stopped(rd.file, sc.err)
		return false
	}
	if p, ok := foreign(sample); ok {
		p.Where = rd.file
		rd.found.add(p)
		return false
	}
	d := &rd.dialect
	if rest, ok := bytes.CutPrefix(sample, []byte("\xef\xbb\xbf")); ok {
		d.BOM, sample = true, rest
		sc.pos += 3
	}
	d.LineEnd = lineEnd(sample)
	sc.eol = d.LineEnd[len(d.LineEnd)-1]

	commas := []byte{',', ';', '\t'}
	if c, ok := sepLine(sample, sc.eol); ok {
		d.SepLine, commas = true, []byte{c}
	}
	if rd.opt.Comma != 0 {
		commas = []byte{byte(rd.opt.Comma)}
	}
	best := rd.bestDialect(sample, commas, sc.eol)
	sc.comma, d.Comma, d.HeaderLine = best.comma, rune(best.comma), best.header
	if d.HeaderLine == 0 {
		rd.noHeader(len(bytes.TrimSpace(sample)) == 0)
		return false
	}
	if rd.opt.Comma == 0 || rd.opt.HeaderLine == 0 {
		rd.found.add(bangkom.Problem{Code: "dialect", Severity: bangkom.Note, Where: rd.place(d.HeaderLine), Value: d.String(), Msg: "this is how the file is taken to be written"})
	}
	return true
}

func (rd *Reader) noHeader(empty bool) {
	p := bangkom.Problem{Code: "no-header", Where: rd.file, Msg: "no row with the column names was found", Need: "a row with " + rd.schema.labels()}
	if rd.opt.HeaderLine > 0 {
		p.Where = rd.place(rd.opt.HeaderLine)
		p.Msg = "this line has none of the column names"
	}
	if empty {
		p.Msg = "the file is empty"
	}
	rd.found.add(p)
}

func (s Schema) labels() string {
	var names []string
	for _, c := range s {
		names = append(names, c.label())
	}
	return strings.Join(names, ", ")
}

// foreign recognises what is not CSV in an encoding that extends ASCII.
func foreign(b []byte) (bangkom.Problem, bool) {
	is := func(magic string) bool { return bytes.HasPrefix(b, []byte(magic)) }
	const need = "save it as CSV UTF-8"
	switch {
	case is("\xff\xfe"), is("\xfe\xff"), nulEverySecond(b):
		return bangkom.Problem{Code: "utf-16", Value: "UTF-16", Msg: "the file is UTF-16 (Excel's \"Unicode text\"), not UTF-8", Need: need}, true
	case is("PK\x03\x04"):
		return bangkom.Problem{Code: "not-text", Value: "zip", Msg: "the file is a workbook (.xlsx, .ods) or an archive, not CSV", Need: need}, true
	case is("\xd0\xcf\x11\xe0"):
		return bangkom.Problem{Code: "not-text", Value: "xls", Msg: "the file is an old Excel workbook (.xls), not CSV", Need: need}, true
	}
	return bangkom.Problem{}, false
}

// nulEverySecond recognises Latin text in UTF-16 without a byte-order mark.
func nulEverySecond(b []byte) bool {
	b = b[:min(len(b), 1024)&^1]
	var at [2]int
	for i, c := range b {
		if c == 0 {
			at[i%2]++
		}
	}
	return len(b) >= 4 && max(at[0], at[1])*4 > len(b)/2*3 && min(at[0], at[1]) == 0
}

func lineEnd(sample []byte) string {
	i := bytes.IndexByte(sample, '\n')
	switch {
	case i > 0 && sample[i-1] == '\r':
		return "\r\n"
	case i < 0 && bytes.IndexByte(bytes.TrimRight(sample, "\r"), '\r') >= 0:
		return "\r"
	}
	return "\n"
}

// sepLine reads the line "sep=;" with which Excel is told the separator.
func sepLine(sample []byte, eol byte) (byte, bool) {
	line, _, _ := bytes.Cut(sample, []byte{eol})
	line = bytes.TrimRight(line, "\r")
	line = bytes.TrimSuffix(bytes.TrimPrefix(line, []byte{'"'}), []byte{'"'})
	if len(line) != 5 || !bytes.EqualFold(line[:4], []byte("sep=")) {
		return 0, false
	}
	_, err := (&Options{Comma: rune(line[4])}).check()
	return line[4], err == nil
}

// A guess is one way to read the beginning of a file.
type guess struct {
	comma  byte
	header int // line
	bound  int // columns of the schema in the header
	fits   int // rows below with as many fields as the header
	width  int
}

// bestDialect reads the sample with each separator and prefers the header
// with most known columns, then the most rows of its width.
func (rd *Reader) bestDialect(sample []byte, commas []byte, eol byte) guess {
	bind := newBinder(rd.schema)
	best := guess{comma: commas[0]}
	for _, c := range commas {
		sc := newScanner(bytes.NewReader(sample), c, rd.opt.MaxRecord)
		sc.eol = eol
		var head []record
		for len(head) < max(searchRows, rd.opt.HeaderLine) {
			rec, ok := sc.next()
			if !ok {
				break
			}
			rec.text, rec.fields = bytes.Clone(rec.text), append([]span(nil), rec.fields...)
			head = append(head, rec)
		}
		g := guess{comma: c}
		var h record
		g.header, h = rd.opt.headerIn(head, bind)
		g.width, g.bound = len(h.fields), bind.matches(h)
		for _, rec := range head {
			if rec.line > g.header && len(rec.fields) == g.width {
				g.fits++
			}
		}
		if cmp.Or(cmp.Compare(g.bound, best.bound), cmp.Compare(g.fits, best.fits), cmp.Compare(g.width, best.width)) > 0 {
			best = g
		}
	}
	return best
}

// headerIn picks the header among the first rows: the one with most columns
// of the schema, the first of equals. Line 0 means that there is none.
func (o Options) headerIn(head []record, bind binder) (int, record) {
	var best record
	most := 0
	for _, rec := range head {
		if o.HeaderLine > 0 && rec.line != o.HeaderLine {
			continue
		}
		if n := bind.matches(rec); n > most {
			best, most = rec, n
		}
	}
	return best.line, best
}

// A binder finds the column of the schema for a normalised header name.
type binder map[string]target

type target struct{ column, rank int } // rank: position among the column's names

func newBinder(s Schema) binder {
	b := binder{}
	for k, c := range s {
		for rank, name := range c.spellings() {
			if _, taken := b[Normalize(name)]; !taken {
				b[Normalize(name)] = target{k, rank}
			}
		}
	}
	return b
}

// matches counts the columns of the schema that a record names.
func (b binder) matches(rec record) int {
	if rec.fault != noFault {
		return 0
	}
	seen := map[int]bool{}
	for _, f := range rec.fields {
		if t, ok := b[Normalize(string(rec.appendField(nil, f)))]; ok {
			seen[t.column] = true
		}
	}
	return len(seen)
}

// bind takes the column names from the header.
func (rd *Reader) bind(rec record) {
	rd.index = map[string]int{}
	binder := newBinder(rd.schema)
	at := make([]int, len(rd.schema))   // column of the file, by column of the schema
	rank := make([]int, len(rd.schema)) // and which of its names that is
	for k := range at {
		at[k] = -1
	}
	first := map[string]int{} // by normalised name
	var again []bool
	for i, f := range rec.fields {
		name, n := rd.headerName(rec, i, f)
		rd.names, rd.normal, rd.bound = append(rd.names, name), append(rd.normal, n), append(rd.bound, -1)
		again = append(again, false)
		if n == "" {
			continue
		}
		rd.named = i + 1
		t, wanted := binder[n]
		if j, twice := first[n]; twice {
			again[i] = true
			rd.twice(rec.line, j, i, wanted)
			continue
		}
		first[n] = i
		if !wanted {
			continue
		}
		if j := at[t.column]; j >= 0 {
			read, other := j, i
			if t.rank < rank[t.column] {
				read, other = i, j
			}
			rd.synonyms(rec.line, read, other)
			again[other] = true
			if other == i {
				continue
			}
			rd.bound[j] = -1
		}
		at[t.column], rank[t.column], rd.bound[i] = i, t.rank, t.column
	}
	for i, n := range rd.normal {
		if n != "" && rd.bound[i] < 0 && !again[i] {
			rd.extra = append(rd.extra, rd.names[i])
			rd.index[rd.names[i]] = i
		}
	}
	rd.missing = make([]bool, len(rd.schema))
	for k, c := range rd.schema {
		rd.index[c.Key] = at[k]
		if at[k] < 0 && c.Required {
			rd.lacks(k, bangkom.Problem{Code: "missing-column", Msg: "there is no such column"})
		}
	}
}

// headerName returns a column's name as written, on one line, and normalised.
func (rd *Reader) headerName(rec record, i int, f span) (name, normal string) {
	b := rec.appendField(nil, f)
	if bad, at := firstInvalid(b); at >= 0 {
		rd.found.add(bangkom.Problem{Code: "invalid-utf8", Severity: bangkom.Warning, Where: fmt.Sprintf("%s:column %d", rd.place(rec.line), i+1), Value: excerpt(valid(b)),
			Msg: fmt.Sprintf("byte 0x%02X in a column name is not UTF-8", bad), Need: "save the file as CSV UTF-8"})
	}
	name = strings.Join(strings.FieldsFunc(valid(b), isBlank), " ")
	return name, Normalize(name)
}

func (rd *Reader) twice(line, i, j int, wanted bool) {
	p := bangkom.Problem{Code: "duplicate-column", Where: rd.whereColumn(line, j), Value: excerpt(rd.names[j]),
		Msg: fmt.Sprintf("columns %d and %d have the same name; column %d is read", i+1, j+1, i+1), Need: "rename or delete one of them"}
	if !wanted {
		p.Severity = bangkom.Warning
	}
	rd.found.add(p)
}

func (rd *Reader) synonyms(line, read, other int) {
	rd.found.add(bangkom.Problem{Code: "duplicate-column", Severity: bangkom.Warning, Where: rd.whereColumn(line, other), Value: excerpt(rd.names[other]),
		Msg: fmt.Sprintf("columns %d and %d mean the same; column %d (%s) is read", read+1, other+1, read+1, rd.names[read]), Need: "delete one of them"})
}

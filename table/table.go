package table

import (
	"bytes"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/bangkom/bangkom"
)

// A Column is one column that a reader wants.
type Column struct {
	Key      string   // what the program calls it; always accepted as a header too
	Names    []string // header spellings, the preferred one first; compared through [Normalize]
	Required bool     // its absence from the header is an error of the file; for cells see [Row.Required]
	Private  bool     // its cells are never shown in a Problem, only described: "17 digits"
}

// label is what a person calls the column.
func (c Column) label() string {
	if len(c.Names) > 0 {
		return c.Names[0]
	}
	return c.Key
}

// spellings are the names that differ after [Normalize], the key last.
func (c Column) spellings() []string {
	var names []string
	seen := map[string]bool{"": true}
	for _, name := range append(slices.Clone(c.Names), c.Key) {
		if n := Normalize(name); !seen[n] {
			seen[n] = true
			names = append(names, name)
		}
	}
	return names
}

// A Schema lists the columns that a reader wants, in any order.
type Schema []Column

// Options adjusts how a file is read. Nil and the zero value detect everything.
type Options struct {
	Comma       rune     // separator; 0 looks for comma, semicolon or tab
	HeaderLine  int      // line of the column names; 0 searches the first 50 rows
	Ignore      []string // names of columns that are known and left alone: they are not reported as unread
	Ragged      bool     // a row may end early if the cells it lacks are not required
	MaxRecord   int      // bytes in one row; 0 is 1 MiB
	MaxProblems int      // problems kept per code and severity; the others are counted; 0 is 1000
}

const (
	searchRows    = 50
	defaultRecord = 1 << 20
	defaultKept   = 1000
)

// check fills in the defaults.
func (o *Options) check() (Options, error) {
	var opt Options
	if o != nil {
		opt = *o
	}
	bad := func(msg string, v int) (Options, error) {
		return Options{}, bangkom.Problem{Code: bangkom.ErrOption.Code, Value: fmt.Sprint(v), Msg: "table: " + msg}
	}
	switch c := opt.Comma; {
	case c == '"', c == ' ', c < 0, c > 0 && c < ' ' && c != '\t', c >= 0x7f,
		'0' <= c && c <= '9', 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z':
		return bad("Comma must be a tab or an ASCII punctuation mark", int(c))
	case opt.HeaderLine < 0:
		return bad("HeaderLine must not be negative", opt.HeaderLine)
	case opt.MaxRecord < 0:
		return bad("MaxRecord must not be negative", opt.MaxRecord)
	case opt.MaxProblems < 0:
		return bad("MaxProblems must not be negative", opt.MaxProblems)
	}
	if opt.MaxRecord == 0 {
		opt.MaxRecord = defaultRecord
	}
	if opt.MaxProblems == 0 {
		opt.MaxProblems = defaultKept
	}
	return opt, nil
}

// A Dialect is how a file turned out to be written.
type Dialect struct {
	Comma      rune   // separator; 0 for rows that came as cells
	HeaderLine int    // 0: none was found
	BOM        bool   // a UTF-8 byte-order mark
	LineEnd    string // "\n", "\r\n" or "\r"
	SepLine    bool   // the first line says sep=;
}

// String says it in words: "semicolons, header in line 3, byte-order mark, CRLF".
func (d Dialect) String() string {
	var words []string
	switch d.Comma {
	case 0:
	case ',':
		words = append(words, "commas")
	case ';':
		words = append(words, "semicolons")
	case '\t':
		words = append(words, "tabs")
	default:
		words = append(words, fmt.Sprintf("separator %q", d.Comma))
	}
	if d.HeaderLine > 0 {
		words = append(words, fmt.Sprintf("header in line %d", d.HeaderLine))
	}
	if d.BOM {
		words = append(words, "byte-order mark")
	}
	switch d.LineEnd {
	case "\r\n":
		words = append(words, "CRLF")
	case "\r":
		words = append(words, "CR")
	}
	if d.SepLine {
		words = append(words, "sep= line")
	}
	return strings.Join(words, ", ")
}

// Counts says where the lines of a file went. Lines is the sum of the others.
// A row with a quoted line end counts each of its lines.
type Counts struct {
	Lines  int `json:"lines"`
	Title  int `json:"title"`  // above the header; a sep= line too
	Header int `json:"header"` // the header and its repetitions
	Blank  int `json:"blank"`  // empty, or only separators
	Good   int `json:"good"`   // of rows that Rows yielded
	Bad    int `json:"bad"`    // of rows that are only in Problems
}

// A Reader yields the rows of one file and collects what was wrong with it.
type Reader struct {
	file    string
	opt     Options
	schema  Schema
	found   findings
	dialect Dialect
	counts  Counts
	next    func() (record, bool)
	finish  func()

	// By column of the file.
	names    []string // as written
	normal   []string
	bound    []int // index in schema, or -1
	named    int   // columns up to the last with a name
	index    map[string]int
	extra    []string
	told     bool   // the caller knows of the columns in extra, or they are reported
	missing  []bool // by column of the schema
	scratch  []byte
	interned interner
}

// Read looks at the beginning of a CSV file: it finds the dialect and the
// header, and binds the schema's columns. The rows come from [Reader.Rows].
// Where the header is missing, or r is nil, there are no rows, and Problems
// says why. The name of the file is used in problems only.
func Read(r io.Reader, file string, s Schema, opt *Options) *Reader {
	rd, ok := newReader(file, s, opt)
	if !ok {
		return rd
	}
	if r == nil {
		rd.found.add(bangkom.Problem{Code: "unreadable", Where: file, Msg: "there is nothing to read from", Need: "the error of opening the file"})
		return rd
	}
	sc := newScanner(r, ',', rd.opt.MaxRecord)
	if !rd.begin(sc) {
		return rd
	}
	rd.next = sc.next
	rd.finish = func() {
		if sc.err != nil {
			rd.stopped(rd.place(sc.line), sc.err)
		}
	}
	// By lines, not rows: a stray quote in a title cannot swallow the header.
	sc.skipTo(rd.dialect.HeaderLine)
	rd.count(&rd.counts.Title, record{lines: rd.dialect.HeaderLine - 1})
	sc.width = rd.header()
	return rd
}

func (rd *Reader) stopped(where string, err error) {
	rd.found.add(bangkom.Problem{Code: "unreadable", Where: where, Msg: "reading stopped: " + err.Error()})
}

// FromRows is [Read] for rows that are cells already, such as those of a
// spreadsheet: pairs of a row number and its cells. Short rows are normal
// there, so that Options.Ragged is taken as set. The caller must range over
// Rows to release seq.
func FromRows(seq iter.Seq2[int, []string], file string, s Schema, opt *Options) *Reader {
	rd, ok := newReader(file, s, opt)
	if !ok {
		return rd
	}
	rd.opt.Ragged = true
	pull, stop := iter.Pull2(seq)
	var head []record
	for len(head) < max(searchRows, rd.opt.HeaderLine) {
		line, cells, ok := pull()
		if !ok {
			break
		}
		head = append(head, cellRecord(nil, nil, line, cells))
	}
	rd.dialect.HeaderLine, _ = rd.opt.headerIn(head, newBinder(s))
	if rd.dialect.HeaderLine == 0 {
		stop()
		rd.noHeader(len(head) == 0)
		return rd
	}
	var text []byte
	var fields []span
	rd.next = func() (record, bool) {
		if len(head) > 0 {
			rec := head[0]
			head = head[1:]
			return rec, true
		}
		line, cells, ok := pull()
		if !ok {
			return record{}, false
		}
		rec := cellRecord(text[:0], fields[:0], line, cells)
		text, fields = rec.text, rec.fields
		return rec, true
	}
	rd.finish = stop
	for head[0].line != rd.dialect.HeaderLine {
		rd.count(&rd.counts.Title, head[0])
		head = head[1:]
	}
	rd.header()
	return rd
}

func cellRecord(text []byte, fields []span, line int, cells []string) record {
	for _, c := range cells {
		lo := len(text)
		text = append(text, c...)
		fields = append(fields, span{lo: lo, hi: len(text)})
	}
	return record{line: line, lines: 1, text: text, fields: fields}
}

func newReader(file string, s Schema, o *Options) (*Reader, bool) {
	opt, err := o.check()
	rd := &Reader{file: file, opt: opt, schema: slices.Clone(s)}
	rd.found.limit = max(opt.MaxProblems, 1)
	for _, p := range bangkom.AsProblems(err, bangkom.ErrOption.Code) {
		p.Where = file
		rd.found.add(p)
	}
	return rd, err == nil
}

// header reads and binds the header; it returns its width.
func (rd *Reader) header() int {
	rec, ok := rd.next()
	if !ok {
		return 0
	}
	rd.count(&rd.counts.Header, rec)
	if rec.fault != noFault {
		rd.faulty(rec)
	}
	rd.bind(rec)
	return len(rec.fields)
}

// Problems returns what was found so far, in the order of the file; it is
// complete when Rows has come to its end. Of each code and severity the first
// 1000 are kept (see Options), then one more says how many there were.
func (rd *Reader) Problems() bangkom.Problems {
	rd.unread()
	return rd.found.all(rd.file)
}

// Dialect returns how the file is written.
func (rd *Reader) Dialect() Dialect { return rd.dialect }

// Counts says where the lines went so far.
func (rd *Reader) Counts() Counts { return rd.counts }

// Bound returns the keys of the schema that have a column, in the schema's order.
func (rd *Reader) Bound() []string {
	var keys []string
	for _, c := range rd.schema {
		if i, ok := rd.index[c.Key]; ok && i >= 0 {
			keys = append(keys, c.Key)
		}
	}
	return keys
}

// Extra returns the names, as written, of the columns that the schema does not
// ask for. Their cells are read only where a Row is asked for them by that
// name. Whoever has asked knows of them: they are no longer reported as unread.
func (rd *Reader) Extra() []string {
	rd.told = true
	return slices.Clone(rd.extra)
}

// Rows yields the good rows, once. A Row is valid until the next one; the
// strings from it stay valid.
func (rd *Reader) Rows() iter.Seq[*Row] {
	return func(yield func(*Row) bool) {
		if rd.next == nil {
			return
		}
		defer func() {
			rd.next = nil
			rd.finish()
		}()
		row := &Row{rd: rd}
		for {
			rec, ok := rd.next()
			if !ok || (rd.accept(row, rec) && !yield(row)) {
				return
			}
		}
	}
}

func (rd *Reader) count(n *int, rec record) {
	*n += rec.lines
	rd.counts.Lines += rec.lines
}

// accept decides what a record is, and fills row if it is a good one.
func (rd *Reader) accept(row *Row, rec record) bool {
	*row = Row{rd: rd, rec: rec}
	switch {
	case rec.fault != noFault:
		rd.count(&rd.counts.Bad, rec)
		rd.faulty(rec)
		return false
	case rd.blank(rec):
		rd.count(&rd.counts.Blank, rec)
		return false
	case rd.isHeader(rec):
		rd.count(&rd.counts.Header, rec)
		rd.found.add(bangkom.Problem{Code: "repeated-header", Severity: bangkom.Warning, Where: rd.place(rec.line),
			Msg: "the header is repeated; the line is skipped", Need: "delete the line"})
		return false
	case !rd.fits(rec):
		rd.count(&rd.counts.Bad, rec)
		return false
	}
	rd.count(&rd.counts.Good, rec)
	rd.inspect(row)
	return true
}

func (rd *Reader) faulty(rec record) {
	p := bangkom.Problem{Code: "too-long", Where: rd.place(rec.line), Value: fmt.Sprintf("over %d bytes", rd.opt.MaxRecord),
		Msg: "the row is longer than allowed", Need: "check the quotes, or raise Options.MaxRecord"}
	if rec.fault == unclosed {
		// The value is not shown: other cells may be swallowed in it.
		p = bangkom.Problem{Code: "unclosed-quote", Where: rd.whereColumn(rec.line, rec.at), Value: `"`,
			Msg: "a quoted cell is not closed properly; reading goes on with the next line", Need: "close the quote, and double each quote inside the cell"}
	}
	rd.found.add(p)
}

// blank reports whether all cells are empty.
func (rd *Reader) blank(rec record) bool {
	for _, f := range rec.fields {
		if len(trim(rec.text[f.lo:f.hi])) > 0 {
			return false
		}
	}
	return true
}

// isHeader reports whether a record says the header again.
func (rd *Reader) isHeader(rec record) bool {
	if rd.named == 0 {
		return false
	}
	for i, want := range rd.normal {
		if want == "" {
			continue
		}
		if i >= len(rec.fields) {
			return false
		}
		f := rec.fields[i]
		b := trim(rec.text[f.lo:f.hi])
		if !maySpell(b, want) || Normalize(string(b)) != want {
			return false
		}
	}
	return true
}

// fits checks the number of fields.
func (rd *Reader) fits(rec record) bool {
	n := len(rec.fields)
	if n < rd.named && !(rd.opt.Ragged && rd.mayEnd(n)) {
		rd.found.add(bangkom.Problem{Code: "too-few-fields", Where: rd.whereColumn(rec.line, n), Value: fmt.Sprint(n),
			Msg: fmt.Sprintf("%d fields where the header has %d; the row is skipped", n, rd.named), Need: "add the missing separators"})
		return false
	}
	for i := len(rd.names); i < n; i++ {
		f := rec.fields[i]
		if len(trim(rec.text[f.lo:f.hi])) > 0 {
			rd.found.add(bangkom.Problem{Code: "too-many-fields", Where: rd.place(rec.line), Value: fmt.Sprint(n),
				Msg: fmt.Sprintf("%d fields where the header has %d; the row is skipped", n, rd.named), Need: "put quotes around a cell that contains the separator"})
			return false
		}
	}
	return true
}

// mayEnd reports whether no required column is at n or later.
func (rd *Reader) mayEnd(n int) bool {
	for _, k := range rd.bound[n:] {
		if k >= 0 && rd.schema[k].Required {
			return false
		}
	}
	return true
}

// inspect reports what is odd in a good row: broken characters, bare quotes, swallowed lines.
func (rd *Reader) inspect(row *Row) {
	rec := &row.rec
	row.broken = !utf8.Valid(rec.text) || bytes.IndexByte(rec.text, 0) >= 0
	for i, f := range rec.fields[:min(len(rec.fields), len(rd.names))] {
		if row.broken {
			rd.inspectBytes(row, i, rec.text[f.lo:f.hi])
		}
		if f.bare && rd.bound[i] >= 0 && !isTextFormula(trim(rec.text[f.lo:f.hi])) {
			rd.found.add(bangkom.Problem{Code: "bare-quote", Severity: bangkom.Warning, Where: row.whereColumn(i), Value: row.show(i),
				Msg: "a quote inside a cell without quotes is taken as text", Need: "quote the cell and double the quote"})
		}
	}
	if rec.swallows {
		rd.found.add(bangkom.Problem{Code: "quoted-rows", Severity: bangkom.Warning, Where: rd.place(rec.line), Value: fmt.Sprintf("%d lines", rec.lines),
			Msg: "a quoted cell contains lines that look like rows", Need: "check whether a quote is missing"})
	}
}

func (rd *Reader) inspectBytes(row *Row, i int, b []byte) {
	p := bangkom.Problem{Severity: bangkom.Warning, Where: row.whereColumn(i)}
	k := rd.bound[i]
	if k >= 0 {
		p.Value = row.show(i)
	}
	if bytes.IndexByte(b, 0) >= 0 {
		p.Code, p.Msg, p.Need = "nul-byte", "the cell contains a zero byte, read as \ufffd", "export the file again as CSV UTF-8"
		rd.found.add(p)
	}
	if bad, at := firstInvalid(b); at >= 0 {
		p.Code, p.Need = "invalid-utf8", "save the file as CSV UTF-8"
		p.Msg = fmt.Sprintf("character %d of the cell is not UTF-8 and is read as \ufffd", at+1)
		if c := windows1252(bad); c != 0 && k >= 0 && !rd.schema[k].Private {
			p.Msg += fmt.Sprintf("; byte 0x%02X is %q in Windows-1252", bad, c)
		}
		rd.found.add(p)
	}
}

// place is file:line.
func (rd *Reader) place(line int) string { return fmt.Sprintf("%s:%d", rd.file, line) }

// whereColumn is file:line:column name.
func (rd *Reader) whereColumn(line, i int) string {
	name := fmt.Sprintf("column %d", i+1)
	if i < len(rd.names) && rd.names[i] != "" {
		name = rd.names[i]
	}
	return rd.place(line) + ":" + name
}

package table

import (
	"bytes"
	"io"
)

// A scanner parts a stream of CSV into records. It differs from encoding/csv
// where files of strangers need it: a quoted cell that never closes costs one
// line, not the rest of the file; blanks may surround a quoted cell; a quote in
// the middle of an unquoted cell is text.
//
// What encoding/csv accepts is read the same here; a fuzz target holds it to that.
type scanner struct {
	r        io.Reader
	buf      []byte // buf[pos:end] is read and not yet handed out
	pos, end int
	eof      bool
	err      error // what ended the stream, if not io.EOF

	comma byte
	eol   byte // '\n', or '\r' in files of old Macintosh programs
	max   int  // bytes a record may have
	width int  // fields of the header; 0 while it is searched for
	line  int  // number of the next physical line

	// No quoted cell that is open at the end of a line before this one closes
	// well: an earlier attempt went through the same text in the same state.
	// This keeps hostile input from being read again and again.
	hopeless int

	fields []span
	probe  *scanner // for single lines again
}

// A span is one field of a record, as offsets into its text.
type span struct {
	lo, hi  int
	escaped bool // quoted, with doubled quotes or line ends in it
	bare    bool // not quoted, with a quote in it
}

type fault int8

const (
	noFault  fault = iota
	unclosed       // a quoted cell has no proper end
	tooLong        // longer than the scanner's max
)

// A record is valid until the scanner's next call.
type record struct {
	line, lines int // first physical line, and how many
	text        []byte
	fields      []span
	eol         byte
	fault       fault
	at          int  // the field of an unclosed quote
	swallows    bool // a quoted cell holds whole lines that look like rows
}

const firstRead = 64 << 10

func newScanner(r io.Reader, comma byte, limit int) *scanner {
	return &scanner{r: r, comma: comma, eol: '\n', max: limit, line: 1}
}

// more reads on; false at the end of the stream.
func (s *scanner) more() bool {
	if s.eof {
		return false
	}
	if s.end == len(s.buf) {
		s.makeRoom()
	}
	for range 100 {
		n, err := s.r.Read(s.buf[s.end:])
		s.end += n
		if err != nil {
			s.eof = true
			if err != io.EOF {
				s.err = err
			}
		}
		if n > 0 || err != nil {
			return n > 0
		}
	}
	s.eof, s.err = true, io.ErrNoProgress
	return false
}

// makeRoom moves what is unread to the front, and doubles the buffer if that
// would free less than half of it.
func (s *scanner) makeRoom() {
	buf := s.buf
	if 2*(s.end-s.pos) >= len(buf) {
		buf = make([]byte, max(firstRead, 2*len(buf)))
	}
	s.end = copy(buf, s.buf[s.pos:s.end])
	s.buf, s.pos = buf, 0
}

// peek returns up to n bytes without taking them.
func (s *scanner) peek(n int) []byte {
	for s.end-s.pos < n && s.more() {
	}
	return s.buf[s.pos:min(s.end, s.pos+n)]
}

// physical finds the physical line that starts at offset from of the unread
// text: where its content ends and where the next line starts. long means that
// the record would pass the limit, and none that there is no such line.
func (s *scanner) physical(from int) (content, stop int, long, none bool) {
	for seen := from; ; {
		text := s.buf[s.pos:s.end]
		k := bytes.IndexByte(text[seen:], s.eol)
		if k < 0 && len(text) <= s.max && s.more() {
			seen = len(text)
			continue
		}
		if k < 0 {
			content, stop = len(text), len(text)
		} else {
			content, stop = seen+k, seen+k+1
		}
		if s.eol == '\n' && content > from && text[content-1] == '\r' {
			content--
		}
		return content, stop, content > s.max, stop == from
	}
}

// next returns the next record; false at the end.
func (s *scanner) next() (record, bool) {
	content, stop, long, none := s.physical(0)
	if none {
		return record{}, false
	}
	if long {
		s.skipLine()
		s.line++
		return record{line: s.line - 1, lines: 1, fault: tooLong}, true
	}
	text := s.buf[s.pos : s.pos+content]
	if bytes.IndexByte(text, '"') >= 0 {
		return s.quoted(content, stop), true
	}
	s.fields = s.fields[:0]
	lo := 0
	for {
		k := bytes.IndexByte(text[lo:], s.comma)
		if k < 0 {
			break
		}
		s.fields = append(s.fields, span{lo: lo, hi: lo + k})
		lo += k + 1
	}
	s.fields = append(s.fields, span{lo: lo, hi: content})
	return s.take(content, stop, 1), true
}

// take hands out the text up to content and moves on to stop.
func (s *scanner) take(content, stop, lines int) record {
	rec := record{line: s.line, lines: lines, text: s.buf[s.pos : s.pos+content], fields: s.fields, eol: s.eol}
	s.pos += stop
	s.line += lines
	return rec
}

// quoted parses a record with at least one quote in its first line. If a
// quoted cell has no proper end, only that first line is lost: the next record
// starts on the next line.
func (s *scanner) quoted(content, stop int) record {
	s.fields = s.fields[:0]
	t := attempt{content: content, stop: stop, lines: 1, open: -1}
	ok := s.parse(&t)
	some, all := false, false
	if ok && t.lines > 1 {
		some, all = s.rowsWithin(stop, t)
	}
	if ok && !all && (!some || len(s.fields) == s.width) {
		rec := s.take(t.content, t.stop, t.lines)
		rec.swallows = some
		return rec
	}
	s.hopeless = max(s.hopeless, s.line+t.lines-1)
	rec := s.take(content, stop, 1)
	rec.fault, rec.at = unclosed, len(s.fields)
	if t.open >= 0 {
		rec.at = t.open
	}
	return rec
}

// An attempt is a record being parsed: offsets into the unread text.
type attempt struct {
	content, stop int // of its last line so far
	lines         int
	open          int // the cell that goes on after the first line, or -1
}

// parse fills in the fields; false if a quoted cell does not close properly.
func (s *scanner) parse(t *attempt) bool {
	for i := 0; ; i++ { // i++ steps over the separator
		text := s.buf[s.pos : s.pos+t.content]
		f := span{lo: i}
		if j := i + blanks(text[i:], s.comma); j < len(text) && text[j] == '"' {
			f.lo = j + 1
			if !s.closing(&f, t) {
				return false
			}
			text = s.buf[s.pos : s.pos+t.content]
			i = f.hi + 1
			i += blanks(text[i:], s.comma)
			if i < len(text) && text[i] != s.comma {
				return false // text after the closing quote: it opened another cell
			}
		} else {
			f.hi = len(text)
			if k := bytes.IndexByte(text[i:], s.comma); k >= 0 {
				f.hi = i + k
			}
			f.bare = bytes.IndexByte(text[i:f.hi], '"') >= 0
			i = f.hi
		}
		s.fields = append(s.fields, f)
		if i == len(text) {
			return true
		}
	}
}

// closing finds the quote that closes a cell, on this line or a later one.
func (s *scanner) closing(f *span, t *attempt) bool {
	for i := f.lo; ; {
		text := s.buf[s.pos : s.pos+t.content]
		k := -1
		if i <= len(text) {
			k = bytes.IndexByte(text[i:], '"')
		}
		if k < 0 {
			if i = t.stop; !s.goOn(t) {
				return false
			}
			f.escaped = true
			continue
		}
		i += k + 1
		if i == len(text) || text[i] != '"' {
			f.hi = i - 1
			return true
		}
		f.escaped = true
		i++
	}
}

// goOn takes the next line into a record whose last cell is open.
func (s *scanner) goOn(t *attempt) bool {
	if t.open < 0 {
		t.open = len(s.fields)
	}
	if s.line+t.lines-1 < s.hopeless {
		return false
	}
	content, stop, long, none := s.physical(t.stop)
	if long || none {
		return false
	}
	t.content, t.stop = content, stop
	t.lines++
	return true
}

// rowsWithin looks at the lines of a record after its first: whether some
// would be good rows by themselves, and whether all would and there are at
// least two. Such lines betray an opening quote that was closed by another
// cell's; two or more of three or more fields are taken as proof.
func (s *scanner) rowsWithin(from int, t attempt) (some, all bool) {
	if s.width < 2 {
		return false, false
	}
	if s.probe == nil {
		s.probe = &scanner{eof: true, comma: s.comma, eol: s.eol, max: s.max}
	}
	p := s.probe
	p.buf = s.buf[s.pos+from : s.pos+t.content]
	p.pos, p.end = 0, len(p.buf)
	all = t.lines > 2 && s.width > 2
	for range t.lines - 1 {
		p.line, p.hopeless = 1, 2 // a quote open at the line's end fails
		rec, ok := p.next()
		good := ok && rec.fault == noFault && len(rec.fields) == s.width
		some, all = some || good, all && good
	}
	return some, all
}

// skipTo drops whole lines before the given one.
func (s *scanner) skipTo(line int) {
	for ; s.line < line; s.line++ {
		s.skipLine()
	}
}

// skipLine drops text up to the next line end, without keeping it.
func (s *scanner) skipLine() {
	for {
		if k := bytes.IndexByte(s.buf[s.pos:s.end], s.eol); k >= 0 {
			s.pos += k + 1
			return
		}
		s.pos = s.end
		if !s.more() {
			return
		}
	}
}

// blanks counts the leading blanks; a tab that separates is none.
func blanks(b []byte, comma byte) int {
	n := 0
	for n < len(b) && (b[n] == ' ' || b[n] == '\t') && b[n] != comma {
		n++
	}
	return n
}

// appendField appends a field's text to dst: doubled quotes become one, and
// line ends a plain '\n'.
func (rec *record) appendField(dst []byte, f span) []byte {
	b := rec.text[f.lo:f.hi]
	if !f.escaped {
		return append(dst, b...)
	}
	for i := 0; i < len(b); i++ {
		switch {
		case b[i] == '"':
			i++ // quotes come in pairs here
			dst = append(dst, '"')
		case b[i] == '\r' && rec.eol == '\r':
			dst = append(dst, '\n')
		case b[i] == '\r' && i+1 < len(b) && b[i+1] == '\n':
		default:
			dst = append(dst, b[i])
		}
	}
	return dst
}

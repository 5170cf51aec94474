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
	rec := record{line: s.line, lines: lines, text: s.buf[s.pos : s.pos+content], fields: s.fields}
	s.pos += stop
	s.line += lines
	return rec
}

// quoted parses a record with at least one quote in its first line. If a
// quoted cell has no proper end, only that first line is lost: the next record
// starts on the next line.
func (s *scanner) quoted(content, stop int) record {
	s.fields = s.fields[:0]
	first, firstStop := content, stop
	lines, open := 1, -1 // open: the cell that goes on after the first line
	fail := func() record {
		s.hopeless = max(s.hopeless, s.line+lines-1)
		rec := s.take(first, firstStop, 1)
		rec.fault, rec.at = unclosed, len(s.fields)
		if open >= 0 {
			rec.at = open
		}
		return rec
	}
	for i := 0; ; {
		text := s.buf[s.pos : s.pos+content]
		j := i + blanks(text[i:], s.comma)
		if j >= len(text) || text[j] != '"' {
			hi := len(text)
			if k := bytes.IndexByte(text[i:], s.comma); k >= 0 {
				hi = i + k
			}
			s.fields = append(s.fields, span{lo: i, hi: hi, bare: bytes.IndexByte(text[i:hi], '"') >= 0})
			if i = hi; i == len(text) {
				break
			}
			i++ // the separator
			continue
		}
		f := span{lo: j + 1}
		for i = f.lo; ; {
			k := bytes.IndexByte(s.buf[s.pos+i:s.pos+content], '"')
			if k < 0 { // open at the end of a line
				if open < 0 {
					open = len(s.fields)
				}
				if s.line+lines-1 < s.hopeless {
					return fail()
				}
				c, next, long, none := s.physical(stop)
				if none || long {
					return fail()
				}
				i, content, stop = stop, c, next
				f.escaped = f.escaped || s.eol != '\n' || s.buf[s.pos+i-1] != '\n' || crlf(s.buf[s.pos:s.pos+i])
				lines++
				continue
			}
			i += k + 1
			if i < content && s.buf[s.pos+i] == '"' {
				f.escaped = true
				i++
				continue
			}
			break
		}
		f.hi = i - 1
		text = s.buf[s.pos : s.pos+content]
		i += blanks(text[i:], s.comma)
		if i < len(text) && text[i] != s.comma {
			return fail() // text after the closing quote: it opened something else
		}
		s.fields = append(s.fields, f)
		if i == len(text) {
			break
		}
		i++
	}
	swallows := false
	if lines > 1 && s.width > 1 {
		swallows = s.looksLikeRows(firstStop, content)
		if swallows && len(s.fields) != s.width {
			return fail()
		}
	}
	rec := s.take(content, stop, lines)
	rec.swallows = swallows
	return rec
}

// looksLikeRows reports whether a line of the unread text has by itself as
// many fields as the header.
func (s *scanner) looksLikeRows(from, to int) bool {
	text := s.buf[s.pos+from : s.pos+to]
	for len(text) > 0 {
		line, rest, _ := bytes.Cut(text, []byte{s.eol})
		if bytes.Count(line, []byte{s.comma}) == s.width-1 {
			return true
		}
		text = rest
	}
	return false
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

func crlf(b []byte) bool { return bytes.HasSuffix(b, []byte("\r\n")) }

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
		case b[i] == '\r' && i+1 < len(b) && b[i+1] == '\n':
		default:
			dst = append(dst, b[i])
		}
	}
	return dst
}

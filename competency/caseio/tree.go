package caseio

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"unicode/utf8"

	"github.com/bangkom/bangkom"
)

// A tree is a JSON text with the places of its values, so that a reader can
// look at a shape before it decides what the shape means, and can say where it
// stands. A value takes 32 bytes, whatever it holds.
type tree struct {
	data   []byte
	chunks [][]node
	nodes  int32
	lines  []int32 // offsets of line beginnings, made when first asked for
	bad    bool    // some byte is not UTF-8
}

// A node is one value. Strings lie without their quotes.
type node struct {
	kind       byte // '{' '[' '"' '0' 't' (a boolean) 'n'
	escaped    bool // a string with backslashes
	size       int32
	start, end int32
	key, keyTo int32 // of a member: its name, without quotes
	first      int32 // first child; 0: none
	next       int32 // next sibling; 0: none
}

const chunk = 4096

// at returns a node. Node 0 is the root's parent: no value has this number.
func (t *tree) at(i int32) *node { return &t.chunks[i/chunk][i%chunk] }

// A syntax error is a place and a sentence.
type syntax struct {
	code string
	at   int32
	msg  string
	need string
}

// A parser makes a tree within limits.
type parser struct {
	*tree
	pos      int32
	depth    int
	maxDepth int
	max      int32
}

// parse reads one JSON value and nothing behind it.
func parse(data []byte, maxDepth, maxValues int) (*tree, *syntax) {
	t := &tree{data: data, bad: !utf8.Valid(data)}
	p := &parser{tree: t, maxDepth: maxDepth, max: int32(min(maxValues, 1<<30))}
	p.grow()
	root, fault := p.value()
	if fault != nil {
		return nil, fault
	}
	t.at(0).first = root
	p.blanks()
	if int(p.pos) < len(data) {
		return nil, p.fail("text behind the end of the package")
	}
	return t, nil
}

func (t *tree) grow() int32 {
	if int(t.nodes)%chunk == 0 {
		t.chunks = append(t.chunks, make([]node, chunk))
	}
	t.nodes++
	return t.nodes - 1
}

func (p *parser) fail(msg string) *syntax {
	return &syntax{"not-json", p.pos, msg, "the file is damaged or no JSON: export it again"}
}

func (p *parser) blanks() {
	for int(p.pos) < len(p.data) {
		switch p.data[p.pos] {
		case ' ', '\t', '\n', '\r':
			p.pos++
		default:
			return
		}
	}
}

func (p *parser) value() (int32, *syntax) {
	p.blanks()
	if int(p.pos) >= len(p.data) {
		return 0, p.fail("the text ends before the package does")
	}
	if p.nodes > p.max {
		return 0, &syntax{"too-many-values", p.pos, fmt.Sprintf("more than %d values in one package", p.max), "raise Options.MaxValues if the file can be trusted"}
	}
	i := p.grow()
	c := p.data[p.pos]
	switch {
	case c == '{' || c == '[':
		return i, p.composite(i, c)
	case c == '"':
		start, end, escaped, fault := p.text()
		n := p.at(i)
		n.kind, n.start, n.end, n.escaped = '"', start, end, escaped
		return i, fault
	case c == '-' || '0' <= c && c <= '9':
		return i, p.number(i)
	}
	for _, word := range []string{"true", "false", "null"} {
		if bytes.HasPrefix(p.data[p.pos:], []byte(word)) {
			n := p.at(i)
			n.kind, n.start, n.end = 't', p.pos, p.pos+int32(len(word))
			if word == "null" {
				n.kind = 'n'
			}
			p.pos = n.end
			return i, nil
		}
	}
	return 0, p.fail("a value was due here")
}

// composite reads an object or an array.
func (p *parser) composite(i int32, open byte) *syntax {
	if p.depth++; p.depth > p.maxDepth {
		return &syntax{"too-deep", p.pos, fmt.Sprintf("values nested more than %d deep", p.maxDepth), "a package is about ten deep: the file is damaged or hostile"}
	}
	start := p.pos
	closing := byte('}')
	if open == '[' {
		closing = ']'
	}
	var last, size int32
	for p.pos++; ; p.pos++ {
		p.blanks()
		if size == 0 && int(p.pos) < len(p.data) && p.data[p.pos] == closing {
			break
		}
		child, fault := p.member(open)
		if fault != nil {
			return fault
		}
		if last == 0 {
			p.at(i).first = child
		} else {
			p.at(last).next = child
		}
		last = child
		size++
		p.blanks()
		if int(p.pos) >= len(p.data) {
			return p.fail("the text ends before the package does")
		}
		if c := p.data[p.pos]; c == closing {
			break
		} else if c != ',' {
			return p.fail("a comma or the end of the list was due here")
		}
	}
	p.pos++
	p.depth--
	n := p.at(i)
	n.kind, n.start, n.end, n.size = open, start, p.pos, size
	return nil
}

// member reads a value, in an object with its name.
func (p *parser) member(open byte) (int32, *syntax) {
	if open == '[' {
		return p.value()
	}
	p.blanks()
	if int(p.pos) >= len(p.data) || p.data[p.pos] != '"' {
		return 0, p.fail("a name in quotes was due here")
	}
	start, end, _, fault := p.text()
	if fault != nil {
		return 0, fault
	}
	p.blanks()
	if int(p.pos) >= len(p.data) || p.data[p.pos] != ':' {
		return 0, p.fail("a colon was due here")
	}
	p.pos++
	i, fault := p.value()
	if fault == nil {
		n := p.at(i)
		n.key, n.keyTo = start, end
	}
	return i, fault
}

// text reads a string and returns the place of what is between the quotes.
func (p *parser) text() (start, end int32, escaped bool, fault *syntax) {
	p.pos++
	start = p.pos
	for int(p.pos) < len(p.data) {
		switch c := p.data[p.pos]; {
		case c == '"':
			end = p.pos
			p.pos++
			return start, end, escaped, nil
		case c == '\\':
			escaped = true
			if !p.escape() {
				return 0, 0, false, p.fail("a backslash before what cannot be escaped")
			}
		case c < ' ':
			return 0, 0, false, p.fail("a control character inside a text")
		default:
			p.pos++
		}
	}
	return 0, 0, false, p.fail("a text without its closing quote")
}

// escape passes over a backslash and what it escapes.
func (p *parser) escape() bool {
	rest := p.data[p.pos:]
	if len(rest) < 2 {
		return false
	}
	if rest[1] != 'u' {
		p.pos += 2
		return strings.IndexByte(`"\/bfnrt`, rest[1]) >= 0
	}
	if len(rest) < 6 {
		return false
	}
	for _, c := range rest[2:6] {
		if (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'f') {
			return false
		}
	}
	p.pos += 6
	return true
}

func (p *parser) number(i int32) *syntax {
	start := p.pos
	for int(p.pos) < len(p.data) && strings.IndexByte("+-.0123456789eE", p.data[p.pos]) >= 0 {
		p.pos++
	}
	if !json.Valid(p.data[start:p.pos]) {
		return p.fail("not a number")
	}
	n := p.at(i)
	n.kind, n.start, n.end = '0', start, p.pos
	return nil
}

// children yields the values of an object or array.
func (t *tree) children(i int32) func(yield func(int32) bool) {
	return func(yield func(int32) bool) {
		for c := t.at(i).first; c != 0; c = t.at(c).next {
			if !yield(c) {
				return
			}
		}
	}
}

// empty reports what counts as not given: null, "", [] and {}.
func (t *tree) empty(i int32) bool {
	if i == 0 {
		return true
	}
	switch n := t.at(i); n.kind {
	case 'n':
		return true
	case '"':
		return n.start == n.end
	case '{', '[':
		return n.size == 0
	}
	return false
}

// key is the name of a member; names with escapes are decoded.
func (t *tree) key(i int32) string {
	n := t.at(i)
	return t.decode(n.key, n.keyTo, bytes.IndexByte(t.data[n.key:n.keyTo], '\\') >= 0)
}

// text is the decoded string of a node, or the literal of a number or boolean.
func (t *tree) text(i int32) string {
	n := t.at(i)
	return t.decode(n.start, n.end, n.escaped)
}

func (t *tree) decode(start, end int32, escaped bool) string {
	raw := t.data[start:end]
	if !escaped {
		return t.valid(string(raw))
	}
	var s string
	if err := json.Unmarshal(t.data[start-1:end+1], &s); err != nil {
		return t.valid(string(raw))
	}
	return s
}

// valid replaces what is not UTF-8; the reader warned of it once.
func (t *tree) valid(s string) string {
	if !t.bad {
		return s
	}
	return strings.ToValidUTF8(s, "\ufffd")
}

// firstBad is the offset of the first byte that is not UTF-8.
func (t *tree) firstBad() int32 {
	for i := 0; i < len(t.data); {
		r, n := utf8.DecodeRune(t.data[i:])
		if r == utf8.RuneError && n == 1 {
			return int32(i)
		}
		i += n
	}
	return 0
}

// raw is a value as JSON without blanks.
func (t *tree) raw(i int32) json.RawMessage {
	n := t.at(i)
	start, end := n.start, n.end
	if n.kind == '"' {
		start, end = start-1, end+1
	}
	var b bytes.Buffer
	if err := json.Compact(&b, []byte(t.valid(string(t.data[start:end])))); err != nil {
		return json.RawMessage("null")
	}
	return bytes.Clone(b.Bytes())
}

// where is the place of an offset as file:line:column, both from 1, in bytes.
func (t *tree) where(file string, at int32) string {
	if t.lines == nil {
		t.lines = []int32{0}
		for i, c := range t.data {
			if c == '\n' {
				t.lines = append(t.lines, int32(i+1))
			}
		}
	}
	lo, hi := 0, len(t.lines)
	for hi-lo > 1 {
		if mid := (lo + hi) / 2; t.lines[mid] <= at {
			lo = mid
		} else {
			hi = mid
		}
	}
	return fmt.Sprintf("%s:%d:%d", file, lo+1, at-t.lines[lo]+1)
}

// load reads a file of at most max bytes as a tree.
func load(r io.Reader, file string, o Options) (*tree, *bangkom.Problem) {
	data, err := readAll(r, o.MaxBytes+1)
	if err != nil {
		return nil, &bangkom.Problem{Code: "unreadable", Where: file, Msg: err.Error()}
	}
	if int64(len(data)) > o.MaxBytes {
		return nil, &bangkom.Problem{Code: "too-large", Where: file, Msg: fmt.Sprintf("the file has more than %d bytes", o.MaxBytes), Need: "raise Options.MaxBytes if the file can be trusted"}
	}
	if bytes.HasPrefix(data, []byte{0xff, 0xfe}) || bytes.HasPrefix(data, []byte{0xfe, 0xff}) {
		return nil, &bangkom.Problem{Code: "utf-16", Where: file, Msg: "the file is UTF-16", Need: "save it as UTF-8"}
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	t, fault := parse(data, maxDepth, o.MaxValues)
	if fault != nil {
		at := (&tree{data: data}).where(file, fault.at)
		return nil, &bangkom.Problem{Code: fault.code, Where: at, Msg: fault.msg, Need: fault.need}
	}
	return t, nil
}

// readAll reads at most max bytes. It asks for the memory once where the
// reader knows its size, as files and readers of memory do.
func readAll(r io.Reader, max int64) ([]byte, error) {
	size := int64(0)
	switch s := r.(type) {
	case interface{ Len() int }:
		size = int64(s.Len())
	case interface{ Stat() (fs.FileInfo, error) }:
		if info, err := s.Stat(); err == nil && info.Mode().IsRegular() {
			size = info.Size()
		}
	}
	b := bytes.NewBuffer(make([]byte, 0, min(size, max)+bytes.MinRead))
	_, err := b.ReadFrom(io.LimitReader(r, max))
	return b.Bytes(), err
}

package needs

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/stats/tally"
)

// The fast way of the wide form: blocks of whole lines without a quote are
// counted on all cores, into tables of their own, without a string or a struct
// per line or cell. Blocks are put together in the order of the file.

const blockSize = 4 << 20

// lines reads the wide form to its end.
func (r *reader) lines(l *layout) {
	if r.frame.Weighted || !l.wantGiven || r.small() {
		r.records(l, r.in, 2)
		return
	}
	r.cube.rows.lose()
	w := &fastWide{r: r, l: l, items: len(r.frame.Items), levels: byte(r.frame.Scale.Levels), side: r.frame.Scale.Levels + 3}
	for c, v := range l.value {
		w.value[c] = 0xFF
		if v != 0xFF {
			w.value[c] = w.compact(tally.Cell(v))
		}
	}
	w.run()
}

// small reports whether the whole file is so short that its rows are kept: a
// pair takes at least two bytes and seldom more than five.
func (r *reader) small() bool {
	if r.cube.rows.limit == 0 {
		return false
	}
	limit := int64(5*r.cube.rows.limit + 1<<16)
	head, err := io.ReadAll(io.LimitReader(r.in, limit))
	rest := r.in
	r.in = bufio.NewReader(io.MultiReader(bytes.NewReader(head), rest))
	return err == nil && int64(len(head)) < limit
}

type fastWide struct {
	r     *reader
	l     *layout
	items int
	seen  hashSet

	// Inside, the codes of not applicable and not observed follow the levels,
	// so that a table has side² bins.
	levels byte
	side   int
	value  [256]byte // of a cell of one character; 0xFF: none
}

func (w *fastWide) compact(c tally.Cell) byte {
	switch c {
	case tally.NotApplicable:
		return w.levels + 1
	case tally.NotObserved:
		return w.levels + 2
	}
	return byte(c)
}

func (w *fastWide) cell(x int) tally.Cell {
	switch {
	case x <= int(w.levels):
		return tally.Cell(x)
	case x == int(w.levels)+1:
		return tally.NotApplicable
	}
	return tally.NotObserved
}

// A block is what was counted of some lines.
type block struct {
	segments []blockSegment // in the order of their first line
	people   []uint64       // a hash per line
	at       []uint32       // its segment
	line     []uint32       // and which line it was
	lines    int
	bad      []badCell
	tail     []byte // from the first line with a quote on; nil: none
}

type blockSegment struct {
	nodes  []string
	hash   uint64
	counts []uint32 // group × item × bins
	heads  []uint32 // group × item; of a source's first group: people with at least one rater
}

type badCell struct {
	line, column int
	code, value  string
}

func (w *fastWide) run() {
	type job struct {
		data []byte
		done chan *block
	}
	jobs := make(chan job)
	order := make(chan job, 2*runtime.GOMAXPROCS(0))
	for range runtime.GOMAXPROCS(0) {
		go func() {
			for j := range jobs {
				j.done <- w.count(j.data)
			}
		}()
	}
	stop := make(chan struct{})
	var readErr error
	var carry []byte
	go func() {
		defer close(order)
		defer close(jobs)
		for {
			data := make([]byte, len(carry), len(carry)+blockSize)
			copy(data, carry)
			n, err := io.ReadFull(w.r.in, data[len(carry):cap(data)])
			data = data[:len(carry)+n]
			carry = nil
			last := err != nil
			if last && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
				readErr = err
			}
			if !last {
				cut := bytes.LastIndexByte(data, '\n') + 1
				carry = slices.Clone(data[cut:])
				data = data[:cut]
			} else if len(data) > 0 && data[len(data)-1] != '\n' {
				data = append(data, '\n')
			}
			if len(data) > 0 {
				j := job{data, make(chan *block, 1)}
				select {
				case jobs <- j:
					order <- j
				case <-stop:
					carry = slices.Concat(data, carry)
					return
				}
			}
			if last {
				return
			}
		}
	}()
	line := 2
	var tail []byte // once there is a quote
	quoted := false
	for j := range order {
		b := <-j.done
		if quoted { // blocks that were under way
			tail = append(tail, j.data...)
			continue
		}
		w.take(b, line)
		line += b.lines
		if b.tail != nil {
			quoted, tail = true, slices.Clone(b.tail)
			close(stop)
		}
	}
	if quoted {
		w.rest(line, io.MultiReader(bytes.NewReader(tail), bytes.NewReader(carry), w.r.in))
	}
	if readErr != nil {
		w.r.fail(readErr)
	}
}

// rest reads on where a quote was found.
func (w *fastWide) rest(line int, in io.Reader) {
	w.r.fast = w
	w.r.records(w.l, in, line)
}

// take adds a block to the cube and its problems to the list.
func (w *fastWide) take(b *block, line int) {
	for _, x := range b.bad {
		switch x.code {
		case "not-a-cell":
			w.r.problem(line+x.line, x.column, x.code, x.value, "no level of the scale "+w.r.frame.Scale.String()+", empty, - or ?: taken as missing", bangkom.Error)
		case "empty-cell":
			w.r.problem(line+x.line, -1, x.code, "", "a line without a person: counted as somebody of whom nothing else is known", bangkom.Warning)
		default:
			w.r.problem(line+x.line, -1, x.code, x.value, "the header has "+strconv.Itoa(len(w.r.names))+" columns: the line is not used", bangkom.Error)
		}
	}
	people, again := make([]uint64, len(b.segments)), make([]uint64, len(b.segments))
	for i, h := range b.people {
		if h == 0 || w.seen.add(h) {
			people[b.at[i]]++
			continue
		}
		again[b.at[i]]++
		w.r.personAgain(line + int(b.line[i]))
	}
	var by sourceSet
	for _, g := range w.l.groups {
		by |= 1 << g.source
	}
	for i := range b.segments {
		s := &b.segments[i]
		if p := w.r.cube.place(s.nodes); people[i] > 0 {
			p.people[by] += people[i]
		}
		for g, who := range w.l.groups {
			leaf := w.r.cube.leaf(s.nodes, who.source)
			for k := range w.items {
				w.addTable(leaf, k, s.counts[(g*w.items+k)*w.side*w.side:][:w.side*w.side])
				// Who had a line before is no further head, whichever items the
				// lines have: at least so many people remain.
				leaf.heads[k] += uint64(s.heads[g*w.items+k])
				if s.heads[g*w.items+k] > 0 {
					leaf.heads[k] -= min(again[i], leaf.heads[k]-1)
				}
			}
		}
	}
}

func (w *fastWide) addTable(l *leaf, item int, t []uint32) {
	k := l.cells[item].class(1, w.r.frame.Scale)
	for bin, n := range t {
		if n > 0 {
			if err := k.pairs.AddN(w.cell(bin/w.side), w.cell(bin%w.side), uint64(n)); err != nil {
				w.r.fail(err)
				return
			}
		}
	}
}

// count parses the lines of a block. The last byte is a line end.
func (w *fastWide) count(data []byte) *block {
	b := &block{}
	if q := bytes.IndexByte(data, '"'); q >= 0 {
		cut := bytes.LastIndexByte(data[:q], '\n') + 1
		data, b.tail = data[:cut], data[cut:]
	}
	p := &lineParser{w: w, b: b, cells: make([]byte, 2*w.items*len(w.l.groups)), byKey: map[string]int{}, dims: make([][]byte, len(w.r.frame.By)), rated: make([]uint32, max(1, len(w.r.frame.Sources))*w.items), comma: w.r.comma}
	for len(data) > 0 {
		data = p.line(data)
		b.lines++
	}
	return b
}

// A lineParser is one worker's.
type lineParser struct {
	w     *fastWide
	b     *block
	comma byte
	cells []byte
	dims  [][]byte
	key   []byte // of the segment of the last line
	next  []byte // of this one; the two take turns
	byKey map[string]int
	rated []uint32 // source × item: the last line in which it had both sides
	stamp uint32
	last  int
	valid bool // last is the segment of the last line
}

// line parses one line and returns what follows. The cell of a level, and the
// empty one, take the short way.
func (p *lineParser) line(data []byte) []byte {
	comma, value := p.comma, &p.w.value
	var who []byte
	at, column := 0, 0
	roles := p.w.l.roles
	marked := len(p.b.bad)
	for ; ; column++ {
		if column < len(roles) && roles[column].kind == roleCell {
			c := data[at]
			if c == comma {
				p.cells[roles[column].at] = 0
				at++
				continue
			}
			if c != '\n' && data[at+1] == comma {
				if v := value[c]; v != 0xFF {
					p.cells[roles[column].at] = v
					at += 2
					continue
				}
			}
		}
		from := at
		for data[at] != comma && data[at] != '\n' {
			at++
		}
		end := data[at] == '\n'
		if column < len(roles) {
			field := data[from:at]
			if end && len(field) > 0 && field[len(field)-1] == '\r' {
				field = field[:len(field)-1]
			}
			if roles[column].kind == rolePerson {
				who = bytes.TrimSpace(field)
			}
			p.field(column, field)
		}
		at++
		if end {
			break
		}
	}
	rest := data[at:]
	if blank := bytes.TrimRight(data[:at], "\r\n"); len(blank) == 0 {
		p.b.bad = p.b.bad[:marked]
		return rest
	}
	if column+1 != len(roles) {
		p.b.bad = append(p.b.bad[:marked], badCell{line: p.b.lines, code: "fields", value: strconv.Itoa(column + 1)})
		return rest
	}
	p.tally(who)
	return rest
}

func (p *lineParser) field(column int, field []byte) {
	switch k := p.w.l.roles[column]; k.kind {
	case roleDimension:
		p.dims[k.at] = bytes.TrimSpace(field)
	case roleCell:
		c, ok := cellOf(string(field), p.w.r.frame.Scale)
		if !ok {
			p.b.bad = append(p.b.bad, badCell{p.b.lines, column, "not-a-cell", string(field)})
		}
		p.cells[k.at] = p.w.compact(c)
		if !ok {
			p.cells[k.at] = 0
		}
	}
}

func (p *lineParser) tally(who []byte) {
	i := p.segment()
	s := &p.b.segments[i]
	if len(who) == 0 {
		p.b.bad = append(p.b.bad, badCell{line: p.b.lines, code: "empty-cell"})
	}
	p.b.people = append(p.b.people, p.hash(who))
	p.b.at = append(p.b.at, uint32(i))
	p.b.line = append(p.b.line, uint32(p.b.lines))
	cells, counts, side, at := p.cells, s.counts, p.w.side, 0
	for g := 0; g+1 < len(cells); g += 2 {
		counts[at+int(cells[g])*side+int(cells[g+1])]++
		at += side * side
	}
	p.heads(s)
}

// heads counts people, so of several raters of one source at most one.
func (p *lineParser) heads(s *blockSegment) {
	groups, items := p.w.l.groups, p.w.items
	top := p.w.levels
	if p.w.l.single {
		for i := range s.heads {
			if p.cells[2*i]-1 < top && p.cells[2*i+1]-1 < top {
				s.heads[i]++
			}
		}
		return
	}
	p.stamp++
	for g := range groups {
		rated := p.rated[groups[g].source*items:][:items]
		for k := range items {
			i := g*items + k
			if p.cells[2*i]-1 < top && p.cells[2*i+1]-1 < top && rated[k] != p.stamp {
				rated[k] = p.stamp
				s.heads[i]++
			}
		}
	}
}

// hash of a person at a place (FNV-1a, mixed); 0: nobody who has a name.
func (p *lineParser) hash(who []byte) uint64 {
	if len(who) == 0 {
		return 0
	}
	return hashPerson(p.b.segments[p.last].hash, who)
}

func hashPerson[T ~string | ~[]byte](place uint64, who T) uint64 {
	h := place
	for i := range len(who) {
		h = (h ^ uint64(who[i])) * 1099511628211
	}
	h ^= h >> 29
	h *= 0xBF58476D1CE4E5B9
	return max(1, h^h>>32)
}

func hashPlace(nodes []string) uint64 {
	h := uint64(14695981039346656037)
	for _, c := range []byte(keyOf(nodes)) {
		h = (h ^ uint64(c)) * 1099511628211
	}
	return h
}

func (p *lineParser) segment() int {
	p.next = p.next[:0]
	for _, d := range p.dims {
		p.next = append(binary.AppendUvarint(p.next, uint64(len(d))), d...)
	}
	if p.valid && bytes.Equal(p.next, p.key) {
		return p.last
	}
	p.key, p.next = p.next, p.key
	i, ok := p.byKey[string(p.key)]
	if !ok {
		i = len(p.b.segments)
		ids := make([]string, len(p.dims))
		for k, d := range p.dims {
			ids[k] = strings.Clone(string(d))
		}
		nodes := p.w.r.cube.nodesOf(ids)
		n := len(p.w.l.groups) * p.w.items
		p.b.segments = append(p.b.segments, blockSegment{nodes: nodes, hash: hashPlace(nodes), counts: make([]uint32, n*p.w.side*p.w.side), heads: make([]uint32, n)})
		p.byKey[string(p.key)] = i
	}
	p.last, p.valid = i, true
	return i
}

// A hashSet holds numbers that are not 0, in one slice.
type hashSet struct {
	slots []uint64
	n     int
}

// add reports whether the number is new.
func (s *hashSet) add(h uint64) bool {
	if 4*s.n >= 3*len(s.slots) {
		old := s.slots
		s.slots = make([]uint64, max(1024, 2*len(old)))
		s.n = 0
		for _, x := range old {
			if x != 0 {
				s.add(x)
			}
		}
	}
	mask := uint64(len(s.slots) - 1)
	for i := h & mask; ; i = (i + 1) & mask {
		switch s.slots[i] {
		case 0:
			s.slots[i] = h
			s.n++
			return true
		case h:
			return false
		}
	}
}

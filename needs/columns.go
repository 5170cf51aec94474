package needs

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/stats/tally"
)

// Columns are the answers about many people as columns of cells, one row a
// person who is in no other answer.
type Columns struct {
	Segments [][]string // the segments that occur; nil if the frame has no dimensions
	Segment  []uint32   // of each row, an index into Segments; nil: all rows are of the first

	// Item i of source s is column s·items + i; a frame without sources has
	// one. All columns have one length.
	Want, Have [][]tally.Cell
}

// AddColumns counts columns, on all cores. It is the fast path: a pair costs
// about half a nanosecond. Give blocks of, say, 100,000 people at a time, and
// memory does not grow with their number. On an error nothing is counted.
func (c *Cube) AddColumns(b *Columns) error {
	n, err := c.checkColumns(b)
	if err != nil || n == 0 {
		return err
	}
	w := columnWork{c: c, b: b, n: n, tables: make([][]uint32, len(b.Want)), segments: max(1, len(b.Segments))}
	w.prepare()
	if err := w.run(); err != nil {
		return err
	}
	if err := w.room(); err != nil {
		return err
	}
	w.apply()
	return nil
}

func (c *Cube) checkColumns(b *Columns) (rows int, err error) {
	shape := func(value, msg string) error {
		return bangkom.Problem{Code: bangkom.ErrShape.Code, Where: "Columns", Value: value, Msg: "needs: " + msg}
	}
	columns := len(c.frame.Items) * max(1, len(c.frame.Sources))
	switch {
	case c.frame.Weighted:
		return 0, bangkom.Problem{Code: bangkom.ErrOption.Code, Where: "Frame.Weighted", Msg: "needs: columns have no weights of persons"}
	case c.from != nil:
		return 0, bangkom.Problem{Code: bangkom.ErrOption.Code, Where: "Cube.From", Msg: "needs: columns are of all sources"}
	case len(b.Want) != columns || len(b.Have) != columns:
		return 0, shape(fmt.Sprintf("%d and %d", len(b.Want), len(b.Have)), fmt.Sprintf("%d columns on each side", columns))
	case len(c.trees) > 0 && len(b.Segments) == 0:
		return 0, shape("", "the cube has dimensions, and the columns no segments")
	}
	rows = len(b.Want[0])
	for i := range b.Want {
		if len(b.Want[i]) != rows || len(b.Have[i]) != rows {
			return 0, shape(fmt.Sprintf("%d and %d", len(b.Want[i]), len(b.Have[i])), fmt.Sprintf("column %d has not %d rows", i, rows))
		}
	}
	if b.Segment != nil && len(b.Segment) != rows {
		return 0, shape(fmt.Sprint(len(b.Segment)), "a segment for each row")
	}
	if rows > 1<<31 {
		return 0, shape(fmt.Sprint(rows), "at most 2^31 rows at a time")
	}
	for i, s := range b.Segments {
		if len(s) != len(c.trees) {
			return 0, shape(fmt.Sprint(s), fmt.Sprintf("segment %d has not %d nodes", i, len(c.trees)))
		}
	}
	for i, s := range b.Segment {
		if int(s) >= max(1, len(b.Segments)) {
			return 0, shape(fmt.Sprint(s), fmt.Sprintf("row %d is of no segment", i))
		}
	}
	return rows, nil
}

// columnWork counts every column into tables of its own, and adds them to the
// cube only when all are known to be good.
type columnWork struct {
	c        *Cube
	b        *Columns
	n        int
	segments int
	tables   [][]uint32 // column: segment × 256 bins, or × 64 for few levels
	bins     int
	runs     []int    // starts of the runs of one segment, if they are long
	scaled   []uint16 // segment · bins, if that fits
}

const longRun = 512 // rows on average from which runs are counted like columns

func (w *columnWork) prepare() {
	w.bins = 256
	if w.b.Segment == nil || w.segments == 1 {
		w.runs = []int{0}
		return
	}
	runs := 1
	for i := 1; i < w.n; i++ {
		if w.b.Segment[i] != w.b.Segment[i-1] {
			runs++
		}
	}
	if w.n/runs >= longRun {
		w.runs = append(make([]int, 0, runs), 0)
		for i := 1; i < w.n; i++ {
			if w.b.Segment[i] != w.b.Segment[i-1] {
				w.runs = append(w.runs, i)
			}
		}
		return
	}
	if w.c.frame.Scale.Levels <= 5 {
		w.bins = 64 // the codes 14 and 15 fall on 6 and 7
	}
	if w.segments*w.bins <= 1<<16 {
		w.scaled = make([]uint16, w.n)
		for i, s := range w.b.Segment {
			w.scaled[i] = uint16(int(s) * w.bins)
		}
	}
}

func (w *columnWork) run() error {
	var next atomic.Int64
	var wg sync.WaitGroup
	errs := make([]error, len(w.tables))
	for range min(runtime.GOMAXPROCS(0), len(w.tables)) {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(w.tables) {
					return
				}
				errs[i] = w.column(i)
			}
		})
	}
	wg.Wait()
	for _, err := range errs { // the first column's, whoever was first
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *columnWork) column(i int) error {
	t := make([]uint32, w.segments*w.bins)
	w.tables[i] = t
	want, have := w.b.Want[i], w.b.Have[i]
	var ok bool
	switch {
	case w.b.Segment == nil || w.segments == 1:
		return w.whole(i, t)
	case w.runs != nil:
		ok = w.countRuns(want, have, t)
	case w.bins == 64 && w.scaled != nil:
		ok = count64(want, have, w.scaled, t)
	default:
		ok = w.count256(want, have, t)
	}
	if ok && w.fits(t) {
		return nil
	}
	return w.firstBad(i)
}

// whole is a column without segments: tally has the kernel for it.
func (w *columnWork) whole(i int, t []uint32) error {
	p, err := tally.NewPairs(w.c.frame.Scale)
	if err == nil {
		err = p.AddColumns(w.b.Want[i], w.b.Have[i])
	}
	if err != nil {
		return w.firstBad(i)
	}
	for a := range tally.Cell(16) {
		for b := range tally.Cell(16) {
			t[a<<4|b] = uint32(p.Count(a, b))
		}
	}
	return nil
}

// countRuns counts each run of one segment in four tables in turn.
func (w *columnWork) countRuns(want, have []tally.Cell, t []uint32) bool {
	var four [4][256]uint32
	var seen tally.Cell
	for r, from := range w.runs {
		to := w.n
		if r+1 < len(w.runs) {
			to = w.runs[r+1]
		}
		a, b := want[from:to], have[from:to]
		i := 0
		for ; i+8 <= len(a) && i+8 <= len(b); i += 8 {
			x, y := eightCells(a[i:]), eightCells(b[i:])
			if (x|y)&highNibbles != 0 {
				return false
			}
			x = x<<4 | y
			four[0][byte(x)]++
			four[1][byte(x>>8)]++
			four[2][byte(x>>16)]++
			four[3][byte(x>>24)]++
			four[0][byte(x>>32)]++
			four[1][byte(x>>40)]++
			four[2][byte(x>>48)]++
			four[3][byte(x>>56)]++
		}
		for ; i < len(a); i++ {
			seen |= a[i] | b[i]
			four[0][byte(a[i]<<4|b[i])]++
		}
		into := t[int(w.b.Segment[from])*256:][:256]
		for k := range into {
			into[k] += four[0][k] + four[1][k] + four[2][k] + four[3][k]
			four[0][k], four[1][k], four[2][k], four[3][k] = 0, 0, 0, 0
		}
	}
	return seen&0xF0 == 0
}

const (
	highNibbles = 0xF0F0F0F0F0F0F0F0
	lowBits     = 0x0101010101010101
	lowThree    = 0x0707070707070707
)

func eightCells(c []tally.Cell) uint64 {
	_ = c[7]
	return uint64(c[0]) | uint64(c[1])<<8 | uint64(c[2])<<16 | uint64(c[3])<<24 |
		uint64(c[4])<<32 | uint64(c[5])<<40 | uint64(c[6])<<48 | uint64(c[7])<<56
}

// bad64 is not zero if a code is none of 0..5, 14, 15: those in which bit 3 is
// set if and only if bits 2 and 1 are.
func bad64(x uint64) uint64 { return (x>>3^x>>2&(x>>1))&lowBits | x&highNibbles }

// count64 counts rows in any order of segments, in 64 bins each.
func count64(want, have []tally.Cell, at []uint16, t []uint32) bool {
	var bad uint64
	i := 0
	for ; i+8 <= len(want) && i+8 <= len(have) && i+8 <= len(at); i += 8 {
		x, y := eightCells(want[i:]), eightCells(have[i:])
		bad |= bad64(x) | bad64(y)
		x = x&lowThree<<3 | y&lowThree
		s := at[i : i+8 : i+8]
		t[int(s[0])+int(byte(x))]++
		t[int(s[1])+int(byte(x>>8))]++
		t[int(s[2])+int(byte(x>>16))]++
		t[int(s[3])+int(byte(x>>24))]++
		t[int(s[4])+int(byte(x>>32))]++
		t[int(s[5])+int(byte(x>>40))]++
		t[int(s[6])+int(byte(x>>48))]++
		t[int(s[7])+int(byte(x>>56))]++
	}
	for ; i < len(want); i++ {
		bad |= bad64(uint64(want[i])) | bad64(uint64(have[i]))
		t[int(at[i])+int(want[i]&7<<3|have[i]&7)]++
	}
	return bad == 0
}

func (w *columnWork) count256(want, have []tally.Cell, t []uint32) bool {
	var seen tally.Cell
	bins := w.bins
	for i, s := range w.b.Segment {
		a, b := want[i], have[i]
		seen |= a | b
		if bins == 64 {
			if bad64(uint64(a))|bad64(uint64(b)) != 0 {
				return false
			}
			t[int(s)*64+int(a&7<<3|b&7)]++
		} else {
			t[int(s)*256+int(a<<4|b)]++
		}
	}
	return seen&0xF0 == 0
}

// pair is the cells of a bin.
func (w *columnWork) pair(bin int) (want, have tally.Cell) {
	if w.bins == 256 {
		return tally.Cell(bin >> 4), tally.Cell(bin & 15)
	}
	code := func(x int) tally.Cell {
		if x >= 6 {
			x += 8
		}
		return tally.Cell(x)
	}
	return code(bin >> 3), code(bin & 7)
}

func (w *columnWork) fits(t []uint32) bool {
	var good [256]bool
	for i := range w.bins {
		a, b := w.pair(i)
		good[i] = w.c.frame.Scale.Holds(a) && w.c.frame.Scale.Holds(b)
	}
	for i, n := range t {
		if n > 0 && !good[i%w.bins] {
			return false
		}
	}
	return true
}

func (w *columnWork) firstBad(i int) error {
	for row := range w.n {
		for _, x := range [2]tally.Cell{w.b.Want[i][row], w.b.Have[i][row]} {
			if !w.c.frame.Scale.Holds(x) {
				return bangkom.Problem{Code: "not-a-cell", Where: fmt.Sprintf("column %d, row %d", i, row), Value: fmt.Sprint(uint8(x)),
					Msg: "needs: neither a level of the scale " + w.c.frame.Scale.String() + " nor a reason for none"}
			}
		}
	}
	return nil // not reached: the caller found one
}

// room refuses what would overflow a table.
func (w *columnWork) room() error {
	for _, l := range w.c.leaves {
		for i := range l.cells {
			for k := range l.cells[i] {
				if l.cells[i][k].pairs.Total() > tally.MaxTotal-uint64(w.n) {
					return bangkom.Problem{Code: tally.ErrOverflow.Code, Where: string(w.c.frame.Items[i]), Msg: "needs: the table is full"}
				}
			}
		}
	}
	return nil
}

func (w *columnWork) apply() {
	c, items := w.c, len(w.c.frame.Items)
	people := make([]uint64, w.segments)
	if w.b.Segment == nil {
		people[0] = uint64(w.n)
	}
	for _, s := range w.b.Segment {
		people[s]++
	}
	sources := max(1, len(c.frame.Sources))
	nodes := make([][]string, w.segments)
	for s := range w.segments {
		if len(w.b.Segments) > 0 {
			nodes[s] = c.nodesOf(w.b.Segments[s])
		}
		if people[s] == 0 {
			continue
		}
		c.place(nodes[s]).people[1<<sources-1] += people[s]
		for source := range sources {
			l := c.leaf(nodes[s], source)
			for i := range items {
				w.addTo(l, i, w.tables[source*items+i][s*w.bins:][:w.bins])
			}
		}
	}
	w.keepRows(nodes, sources, items)
}

func (w *columnWork) addTo(l *leaf, item int, t []uint32) {
	k := l.cells[item].class(1, w.c.frame.Scale)
	for bin, n := range t {
		if n == 0 {
			continue
		}
		a, b := w.pair(bin)
		if a.IsLevel() && b.IsLevel() {
			l.heads[item] += uint64(n)
		}
		if err := k.pairs.AddN(a, b, uint64(n)); err != nil {
			return // not reached: cells and room were checked
		}
	}
}

func (w *columnWork) keepRows(nodes [][]string, sources, items int) {
	rows := &w.c.rows
	if rows.lost || rows.pairs+w.n*sources*items > rows.limit {
		rows.lose()
		return
	}
	for i := range w.n {
		at := nodes[0]
		if w.b.Segment != nil {
			at = nodes[w.b.Segment[i]]
		}
		who := new(visit)
		for s := range sources {
			cells := make([]byte, items)
			for k := range cells {
				cells[k] = byte(w.b.Want[s*items+k][i]<<4 | w.b.Have[s*items+k][i])
			}
			rows.put(row{nodes: at, source: s, who: who, cells: cells})
		}
	}
}

package tally

import (
	"fmt"
	"iter"

	"github.com/bangkom/bangkom"
)

// Pairs counts pairs of cells: of one item, what is wanted (a required level,
// an importance, the first of two raters, before) and what is there (the
// attained level, the performance, the second rater, after). The zero value is
// empty and of undeclared [Shape]. It is not safe for concurrent use: count in
// one per goroutine, then Merge.
type Pairs struct {
	shape Shape
	total uint64
	n     [16][16]uint64 // want × have
}

// NewPairs returns an empty table for a scale that both sides share.
func NewPairs(s Shape) (*Pairs, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	return &Pairs{shape: s}, nil
}

// Shape is the declared scale.
func (p *Pairs) Shape() Shape { return p.shape }

// Total is the number of pairs of cells, also of those without a level.
func (p *Pairs) Total() uint64 { return p.total }

// Count is the number of pairs (want, have).
func (p *Pairs) Count(want, have Cell) uint64 {
	if want > NotObserved || have > NotObserved {
		return 0
	}
	return p.n[want][have]
}

// Add counts one pair.
func (p *Pairs) Add(want, have Cell) error { return p.AddN(want, have, 1) }

// AddN counts a pair n times, as a row of a GROUP BY does.
func (p *Pairs) AddN(want, have Cell, n uint64) error {
	if err := p.shape.checkCell(want); err != nil {
		return err
	}
	if err := p.shape.checkCell(have); err != nil {
		return err
	}
	if err := room(p.total, n); err != nil {
		return err
	}
	p.n[want&15][have&15] += n
	p.total += n
	return nil
}

// AddColumns counts two columns of equal length, row by row. On an error,
// which names the row, nothing is counted. This is the fast path.
func (p *Pairs) AddColumns(want, have []Cell) error {
	if len(want) != len(have) {
		return bangkom.Problem{Code: bangkom.ErrShape.Code, Value: fmt.Sprintf("%d and %d", len(want), len(have)),
			Msg: "tally: the columns differ in length"}
	}
	if err := room(p.total, uint64(len(want))); err != nil {
		return err
	}
	var n [256]uint64
	if !countColumns(&n, want, have) || !p.fits(&n) {
		return p.firstBad(want, have)
	}
	for i, k := range n {
		p.n[i>>4][i&15] += k
	}
	p.total += uint64(len(want))
	return nil
}

// fits reports whether every counted pair has a place in the table.
func (p *Pairs) fits(n *[256]uint64) bool {
	for i, k := range n {
		if k > 0 && !(p.shape.Holds(Cell(i>>4)) && p.shape.Holds(Cell(i&15))) {
			return false
		}
	}
	return true
}

// firstBad names the first row that has no place in the table.
func (p *Pairs) firstBad(want, have []Cell) error {
	for row := range want {
		for _, c := range [2]Cell{want[row], have[row]} {
			if err := p.shape.checkCell(c); err != nil {
				return atRow(row, err)
			}
		}
	}
	return nil // not reached: the caller found one
}

// Want is the margin of the first side, Have that of the second: all
// observations, whether or not the other side has a level.
func (p *Pairs) Want() *Levels {
	l := &Levels{shape: p.shape, total: p.total}
	for w := range p.n {
		for _, k := range p.n[w] {
			l.n[w] += k
		}
	}
	return l
}

// Have is the margin of the second side; see [Pairs.Want].
func (p *Pairs) Have() *Levels {
	l := &Levels{shape: p.shape, total: p.total}
	for w := range p.n {
		for h, k := range p.n[w] {
			l.n[h] += k
		}
	}
	return l
}

// Sums are exact sums over the pairs in which both sides are levels, in values
// of the scale. D is want − have: positive is a need.
type Sums struct {
	N         int64 `json:"n"`    // pairs of two levels
	Want      int64 `json:"want"` // Σ want
	Have      int64 `json:"have"` // Σ have
	WantSq    int64 `json:"want_sq"`
	HaveSq    int64 `json:"have_sq"`
	WantHave  int64 `json:"want_have"`
	Below     int64 `json:"below"`     // pairs with D > 0: have below want
	Equal     int64 `json:"equal"`     // D = 0
	Above     int64 `json:"above"`     // D < 0
	Shortfall int64 `json:"shortfall"` // Σ max(D, 0)
}

// D is Σ (want − have).
func (s Sums) D() int64 { return s.Want - s.Have }

// DSq is Σ (want − have)².
func (s Sums) DSq() int64 { return s.WantSq - 2*s.WantHave + s.HaveSq }

// Sums gives all sums in one pass over the table.
func (p *Pairs) Sums() Sums {
	var s Sums
	for w := Cell(1); w <= MaxLevels; w++ {
		for h := Cell(1); h <= MaxLevels; h++ {
			if n := int64(p.n[w][h]); n > 0 {
				vw, _ := p.shape.Value(w)
				vh, _ := p.shape.Value(h)
				s.add(int64(vw), int64(vh), n)
			}
		}
	}
	return s
}

func (s *Sums) add(want, have, n int64) {
	s.N += n
	s.Want += n * want
	s.Have += n * have
	s.WantSq += n * want * want
	s.HaveSq += n * have * have
	s.WantHave += n * want * have
	switch {
	case want > have:
		s.Below += n
		s.Shortfall += n * (want - have)
	case want == have:
		s.Equal += n
	default:
		s.Above += n
	}
}

// Diffs yields each difference d = want − have that occurs between two levels
// and how often, ascending. It is all that paired tests and the median of the
// differences need.
func (p *Pairs) Diffs() iter.Seq2[int, uint64] {
	return func(yield func(int, uint64) bool) {
		for d := 1 - MaxLevels; d < MaxLevels; d++ {
			var n uint64
			for h := max(1, 1-d); h <= min(MaxLevels, MaxLevels-d); h++ {
				n += p.n[h+d][h]
			}
			if n > 0 && !yield(d, n) {
				return
			}
		}
	}
}

// Merge adds the counts of another table, which it leaves as it is. Tables of
// different scales are refused with [bangkom.ErrShape].
func (p *Pairs) Merge(o *Pairs) error {
	shape, err := common(p.shape, p.total, o.shape, o.total)
	if err != nil {
		return err
	}
	if err := room(p.total, o.total); err != nil {
		return err
	}
	p.shape = shape
	p.total += o.total
	for w := range o.n {
		for h, k := range o.n[w] {
			p.n[w][h] += k
		}
	}
	return nil
}

// Clone returns a copy that shares nothing.
func (p *Pairs) Clone() *Pairs {
	c := *p
	return &c
}

// AppendBinary appends the versioned binary form: equal tables have equal
// bytes, about one byte per cell of the table.
func (p *Pairs) AppendBinary(b []byte) ([]byte, error) {
	b = appendHead(b, pairsV1, p.shape)
	for w := range p.shape.cells() {
		for h := range p.shape.cells() {
			b = appendCount(b, p.n[w][h])
		}
	}
	return b, nil
}

// UnmarshalBinary replaces the table by what AppendBinary wrote. On an error
// the table stays as it was.
func (p *Pairs) UnmarshalBinary(data []byte) error {
	d, err := readHead(data, pairsV1)
	if err != nil {
		return err
	}
	fresh := Pairs{shape: d.shape}
	for w := range d.shape.cells() {
		for h := range d.shape.cells() {
			fresh.n[w][h] = d.count()
		}
	}
	if err := d.close(); err != nil {
		return err
	}
	fresh.total = d.total
	*p = fresh
	return nil
}

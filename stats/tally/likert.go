package tally

import (
	"fmt"
	"math"
	"math/big"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
)

// LikertItems counts the answers to items of one scale: each item's levels and
// reasons for none, over all respondents, and the products Σxᵢxⱼ over those who
// answered every item: all that reliability and item analysis need, in exact
// integers. The zero value is empty, of undeclared [Shape], and takes the number
// of items of its first respondent. It is not safe for concurrent use: one per
// goroutine, then Merge.
type LikertItems struct {
	shape    Shape
	total    uint64       // respondents
	complete uint64       // who answered all items
	n        [][16]uint64 // by item
	sum      []uint64     // Σ of codes, complete respondents
	prd      []uint64     // Σ of products of codes, upper triangle
}

// NewLikertItems returns an empty one for so many items of a scale.
func NewLikertItems(s Shape, items int) (*LikertItems, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	if err := columnCount(items); err != nil {
		return nil, err
	}
	l := &LikertItems{shape: s}
	l.grow(items)
	return l, nil
}

func (l *LikertItems) grow(k int) {
	l.n, l.sum, l.prd = make([][16]uint64, k), make([]uint64, k), make([]uint64, triangle(k))
}

// Shape is the declared scale.
func (l *LikertItems) Shape() Shape { return l.shape }

// Items is the number of items; 0: not yet declared.
func (l *LikertItems) Items() int { return len(l.n) }

// Total is the number of respondents, Complete that of those who answered all items.
func (l *LikertItems) Total() uint64 { return l.total }

// Complete is the number of respondents who answered all items.
func (l *LikertItems) Complete() uint64 { return l.complete }

// Item gives the levels of one item, of all respondents.
func (l *LikertItems) Item(i int) *Levels {
	return &Levels{shape: l.shape, total: l.total, n: l.n[i]}
}

// Add counts the answers of one respondent, one per item.
func (l *LikertItems) Add(answers []Cell) error { return l.AddN(answers, 1) }

// AddN counts a pattern of answers n times, as a row of a GROUP BY does.
func (l *LikertItems) AddN(answers []Cell, n uint64) error {
	if err := fits(len(l.n), len(answers)); err != nil {
		return err
	}
	whole := true
	for i, a := range answers {
		if err := l.shape.checkCell(a); err != nil {
			p := bangkom.AsProblems(err, "not-a-cell")[0]
			p.Where = fmt.Sprintf("item %d", i)
			return p
		}
		whole = whole && a.IsLevel()
	}
	if err := room(l.total, n); err != nil {
		return err
	}
	if len(l.n) == 0 {
		l.grow(len(answers))
	}
	l.total += n
	for i, a := range answers {
		l.n[i][a&15] += n
	}
	if !whole {
		return nil
	}
	l.complete += n
	k := 0
	for i, a := range answers {
		l.sum[i] += n * uint64(a)
		for _, b := range answers[i:] {
			l.prd[k] += n * uint64(a) * uint64(b)
			k++
		}
	}
	return nil
}

// AddBatch counts columns of equal length, item × respondent. On an error, which
// names the row, nothing is counted. This is the fast path.
func (l *LikertItems) AddBatch(items [][]Cell) error {
	if err := fits(len(l.n), len(items)); err != nil {
		return err
	}
	fresh := LikertItems{shape: l.shape, total: uint64(len(items[0]))}
	fresh.grow(len(items))
	for i, col := range items {
		if len(col) != len(items[0]) {
			return unequal(len(items[0]), len(col))
		}
		n := countCells(col)
		for c, k := range n {
			if k > 0 && !l.shape.Holds(Cell(c)) {
				row := slices.IndexFunc(col, func(c Cell) bool { return !l.shape.Holds(c) })
				return atRow(row, l.shape.checkCell(col[row]))
			}
		}
		copy(fresh.n[i][:], n[:])
	}
	var g num.LevelGram
	num.AddLevels(&g, items) // to which 14 and 15 are no answers, as 0
	fresh.complete = uint64(g.N)
	k := 0
	for i := range items {
		fresh.sum[i] = uint64(g.Sum[i])
		for j := i; j < len(items); j++ {
			fresh.prd[k] = uint64(g.Gram[i][j])
			k++
		}
	}
	return l.Merge(&fresh)
}

// countCells counts a column in four tables in turn, so that equal neighbours do
// not wait for each other.
func countCells(col []Cell) (n [256]uint64) {
	var t [4][256]uint64
	for i, c := range col {
		t[i&3][c]++
	}
	for c := range n {
		n[c] = t[0][c] + t[1][c] + t[2][c] + t[3][c]
	}
	return n
}

// offset is the value of a code less the code.
func (l *LikertItems) offset() int64 {
	first, _ := l.shape.bounds()
	return int64(first) - 1
}

// Sum is Σxᵢ of the complete respondents, in values of the scale.
func (l *LikertItems) Sum(i int) int64 {
	return int64(l.sum[i]) + l.offset()*int64(l.complete)
}

// Product is Σxᵢxⱼ of the complete respondents, in values of the scale.
func (l *LikertItems) Product(i, j int) int64 {
	o := l.offset()
	return int64(l.prd[at(len(l.n), i, j)]) + o*int64(l.sum[i]+l.sum[j]) + o*o*int64(l.complete)
}

// Mean is the mean of the complete respondents, rounded once; NaN of nobody.
func (l *LikertItems) Mean(i int) float64 {
	if l.complete == 0 {
		return math.NaN()
	}
	return mean(l.complete, wideOf(l.Sum(i)))
}

// Centred is Σ(xᵢ − x̄ᵢ)(xⱼ − x̄ⱼ) of the complete respondents, rounded once; NaN of nobody.
func (l *LikertItems) Centred(i, j int) float64 {
	if l.complete == 0 {
		return math.NaN()
	}
	return centred(l.complete, wideOf(l.Sum(i)), wideOf(l.Sum(j)), wideOf(l.Product(i, j)))
}

// Covariance gives the means and sample covariances (n − 1) of the complete
// respondents; NaN of too few.
func (l *LikertItems) Covariance() (mean []float64, cov [][]float64) {
	return covariance(len(l.n), float64(l.complete), l.Mean, l.Centred)
}

// Merge adds the answers of other respondents to the same items, and leaves
// them as they are.
func (l *LikertItems) Merge(o *LikertItems) error {
	shape, err := common(l.shape, l.total, o.shape, o.total)
	if err != nil {
		return err
	}
	if len(o.n) == 0 {
		l.shape = shape
		return nil
	}
	if err := fits(len(l.n), len(o.n)); err != nil {
		return err
	}
	if err := room(l.total, o.total); err != nil {
		return err
	}
	if len(l.n) == 0 {
		l.grow(len(o.n))
	}
	l.shape = shape
	l.total += o.total
	l.complete += o.complete
	for i := range o.n {
		for c, k := range o.n[i] {
			l.n[i][c] += k
		}
		l.sum[i] += o.sum[i]
	}
	for k, x := range o.prd {
		l.prd[k] += x
	}
	return nil
}

// Clone returns a copy that shares nothing.
func (l *LikertItems) Clone() *LikertItems {
	c := *l
	c.n = append([][16]uint64(nil), l.n...)
	c.sum = append([]uint64(nil), l.sum...)
	c.prd = append([]uint64(nil), l.prd...)
	return &c
}

// AppendBinary appends the versioned binary form: equal tables have equal bytes.
func (l *LikertItems) AppendBinary(b []byte) ([]byte, error) {
	b = appendCount(appendHead(b, likertV1, l.shape), uint64(len(l.n)))
	b = appendCount(appendCount(b, l.total), l.complete)
	for i := range l.n {
		for c := range l.shape.cells() {
			b = appendCount(b, l.n[i][c])
		}
	}
	for _, x := range l.sum {
		b = appendCount(b, x)
	}
	for _, x := range l.prd {
		b = appendCount(b, x)
	}
	return b, nil
}

// UnmarshalBinary replaces the table by what AppendBinary wrote. On an error it
// stays as it was.
func (l *LikertItems) UnmarshalBinary(data []byte) error {
	d, err := readHead(data, likertV1)
	if err != nil {
		return err
	}
	fresh := LikertItems{shape: d.shape}
	k := d.columns()
	fresh.total = d.count()
	d.total = 0
	fresh.complete = d.count()
	if d.err == nil && k+triangle(k) > len(d.rest) {
		d.err = truncated()
	}
	if d.err == nil && k > 0 {
		fresh.grow(k)
		d.likert(&fresh)
	}
	if err := d.close(); err != nil {
		return err
	}
	if err := fresh.check(); err != nil {
		return err
	}
	*l = fresh
	return nil
}

func (d *decoder) likert(l *LikertItems) {
	for i := range l.n {
		d.total = 0
		for c := range l.shape.cells() {
			l.n[i][c] = d.count()
		}
		if d.err == nil && d.total != l.total {
			d.err = impossible(fmt.Sprintf("item %d of %d respondents, not %d", i, d.total, l.total))
		}
	}
	for i := range l.sum {
		l.sum[i] = d.sum()
	}
	for k := range l.prd {
		l.prd[k] = d.sum()
	}
}

// sum reads a sum of codes or of their products, which is at most 12² times a total.
func (d *decoder) sum() uint64 { return d.number(MaxLevels * MaxLevels * MaxTotal) }

// check refuses sums that no answers have.
func (l *LikertItems) check() error {
	k := len(l.n)
	if k == 0 && l.total+l.complete > 0 {
		return impossible(fmt.Sprintf("%d respondents to no items", l.total))
	}
	for i := range l.n {
		answered := uint64(0)
		for c := Cell(1); c <= MaxLevels; c++ {
			answered += l.n[i][c]
		}
		xx := l.prd[at(k, i, i)]
		if l.complete > answered || !between(l.sum[i], l.complete, MaxLevels) || !between(xx, l.sum[i], MaxLevels) || !possible(l.complete, int64(l.sum[i]), int64(xx)) {
			return impossible(fmt.Sprintf("item %d", i))
		}
		for j := i + 1; j < k; j++ {
			xy := new(big.Int).SetUint64(l.prd[at(k, i, j)])
			bound := new(big.Int).SetUint64(xx)
			bound.Mul(bound, new(big.Int).SetUint64(l.prd[at(k, j, j)]))
			if !between(l.prd[at(k, i, j)], l.sum[i], MaxLevels) || xy.Mul(xy, xy).Cmp(bound) > 0 {
				return impossible(fmt.Sprintf("items %d and %d", i, j))
			}
		}
	}
	return nil
}

// between reports whether a sum of codes weighted by w lies in w..12·w.
func between(x, w, most uint64) bool { return w <= x && x <= most*w }

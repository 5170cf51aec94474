package tally

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/bangkom/bangkom"
)

// MaxReal is the largest absolute value that a [Gram] takes, so that no sum overflows.
const MaxReal = 1e100

// Gram holds n, Σxᵢ and Σxᵢxⱼ of rows of real numbers, from which means,
// covariances and regressions of a few columns come. The sums are of the
// differences from the first row, each in two doubles (some 32 digits), so that
// neither a large mean nor the order of the rows costs a digit that the data
// have: two orders agree to a unit or so in the last place, not bit for bit.
// Whole numbers are exact in [Moments] and [Cross].
//
// A row with a NaN is left out (listwise) and counted. The zero value is empty
// and takes the number of columns of its first row. It is not safe for
// concurrent use: one per goroutine, then Merge.
type Gram struct {
	p       int
	n       uint64
	missing uint64
	shift   []float64 // the first complete row; zero while n is 0
	sum     []double  // Σ (xᵢ − shiftᵢ)
	prd     []double  // Σ of products of these, upper triangle
}

// NewGram returns an empty one for p columns.
func NewGram(p int) (*Gram, error) {
	if err := columnCount(p); err != nil {
		return nil, err
	}
	g := new(Gram)
	g.shape(p)
	return g, nil
}

func (g *Gram) shape(p int) {
	g.p, g.shift, g.sum, g.prd = p, make([]float64, p), make([]double, p), make([]double, triangle(p))
}

// Add counts a row.
func (g *Gram) Add(row []float64) error { return g.AddN(row, 1) }

// AddN counts a row n times.
func (g *Gram) AddN(row []float64, n uint64) error {
	if err := fits(g.p, len(row)); err != nil {
		return err
	}
	for i, x := range row {
		if math.Abs(x) > MaxReal {
			return beyond(fmt.Sprintf("column %d", i), x)
		}
	}
	if err := room(g.n+g.missing, n); err != nil {
		return err
	}
	if g.p == 0 {
		g.shape(len(row))
	}
	g.put(row, make([]double, len(row)), n)
	return nil
}

func beyond(where string, x float64) error {
	return bangkom.Problem{Code: bangkom.ErrNotFinite.Code, Where: where, Value: fmt.Sprint(x),
		Msg: "tally: a value that is infinite or beyond ±1e100", Need: "NaN where unknown, or a larger unit"}
}

// put counts a checked row; d is room for its differences.
func (g *Gram) put(row []float64, d []double, n uint64) {
	for _, x := range row {
		if math.IsNaN(x) {
			g.missing += n
			return
		}
	}
	if n == 0 {
		return
	}
	if g.n == 0 {
		copy(g.shift, row)
		for i, x := range g.shift {
			g.shift[i] = x + 0 // no −0, which would show in the bytes only
		}
	}
	g.n += n
	w := float64(n)
	for i, x := range row {
		d[i] = twoSum(x, -g.shift[i])
	}
	k := 0
	for i, x := range d {
		wx := x.times(double{w, 0})
		g.sum[i] = g.sum[i].plus(wx)
		for _, y := range d[i:] {
			g.prd[k] = g.prd[k].plus(wx.times(y))
			k++
		}
	}
}

// AddBatch counts columns of equal length. On an error, which names the row,
// nothing is counted. This is the fast path; the last of the 32 digits may
// differ from those of Add.
func (g *Gram) AddBatch(cols [][]float64) error {
	if err := fits(g.p, len(cols)); err != nil {
		return err
	}
	n := len(cols[0])
	for i, col := range cols {
		if len(col) != n {
			return unequal(n, len(col))
		}
		for row, x := range col {
			if math.Abs(x) > MaxReal {
				return beyond(fmt.Sprintf("row %d, column %d", row, i), x)
			}
		}
	}
	if err := room(g.n+g.missing, uint64(n)); err != nil {
		return err
	}
	if g.p == 0 {
		g.shape(len(cols))
	}
	b := block{hi: make([][run]float64, g.p), lo: make([][run]float64, g.p)}
	for from := 0; from < n; from += run {
		g.take(cols, from, min(n, from+run), &b)
	}
	return nil
}

// run is how many rows are worked on at a time.
const run = 256

// A block has differences from the shift, each in two doubles.
type block struct {
	rows   [run]int
	hi, lo [][run]float64
}

// take counts the rows from..to−1 of checked columns: the complete ones are
// found, and their products added pair by pair of columns.
func (g *Gram) take(cols [][]float64, from, to int, b *block) {
	m := 0
	for r := from; r < to; r++ {
		var gap float64
		for _, c := range cols {
			gap += c[r] - c[r] // NaN stays
		}
		if gap != 0 {
			g.missing++
			continue
		}
		b.rows[m] = r
		m++
	}
	if m == 0 {
		return
	}
	if g.n == 0 {
		for j, c := range cols {
			g.shift[j] = c[b.rows[0]] + 0
		}
	}
	g.n += uint64(m)
	k := 0
	for i, c := range cols {
		hi, lo := b.hi[i][:m], b.lo[i][:m]
		var s, t float64 // a sum and what rounding took from it
		for at, r := range b.rows[:m] {
			d := twoSum(c[r], -g.shift[i])
			hi[at], lo[at] = d.hi, d.lo
			e := twoSum(s, d.hi)
			s, t = e.hi, t+(e.lo+d.lo)
		}
		g.sum[i] = g.sum[i].plus(twoSum(s, t))
	}
	for i := range cols {
		for j := i; j < len(cols); j++ {
			g.prd[k] = g.prd[k].plus(products(b.hi[i][:m], b.lo[i][:m], b.hi[j][:m], b.lo[j][:m]))
			k++
		}
	}
}

// products is Σ xy of numbers in two doubles.
func products(xh, xl, yh, yl []float64) double {
	var s, t float64
	xl, yh, yl = xl[:len(xh)], yh[:len(xh)], yl[:len(xh)]
	for i, x := range xh {
		y := yh[i]
		p := x * y
		e := twoSum(s, p)
		s, t = e.hi, t+(e.lo+(math.FMA(x, y, -p)+(x*yl[i]+xl[i]*y)))
	}
	return twoSum(s, t)
}

// N is the number of complete rows.
func (g *Gram) N() uint64 { return g.n }

// Missing is the number of rows with a NaN, which were left out.
func (g *Gram) Missing() uint64 { return g.missing }

// Columns is the number of columns; 0: not yet declared.
func (g *Gram) Columns() int { return g.p }

// Mean is Σxᵢ / n; NaN of nothing.
func (g *Gram) Mean(i int) float64 {
	if g.n == 0 {
		return math.NaN()
	}
	return g.sum[i].over(float64(g.n)).plus(double{g.shift[i], 0}).hi
}

// Centred is Σ(xᵢ − x̄ᵢ)(xⱼ − x̄ⱼ); NaN of nothing.
func (g *Gram) Centred(i, j int) float64 {
	if g.n == 0 {
		return math.NaN()
	}
	c := g.prd[at(g.p, i, j)].plus(g.sum[i].times(g.sum[j]).over(-float64(g.n))).hi
	if i == j {
		return max(0, c)
	}
	return c
}

// Covariance gives the means and the sample covariances (n − 1); NaN of too few rows.
func (g *Gram) Covariance() (mean []float64, cov [][]float64) {
	return covariance(g.p, float64(g.n), g.Mean, g.Centred)
}

// Merge adds the rows of another, which stays as it is.
func (g *Gram) Merge(o *Gram) error {
	if o.p == 0 {
		return nil
	}
	if err := fits(g.p, o.p); err != nil {
		return err
	}
	if err := room(g.n+g.missing, o.n+o.missing); err != nil {
		return err
	}
	if g.p == 0 {
		g.shape(o.p)
	}
	g.missing += o.missing
	if o.n == 0 {
		return nil
	}
	if g.n == 0 {
		copy(g.shift, o.shift)
	}
	// Move o's sums to g's shift: Σ(d+m)(e+l) = Σde + m Σe + l Σd + n·m·l.
	n := double{float64(o.n), 0}
	move := make([]double, g.p)
	for i := range move {
		move[i] = twoSum(o.shift[i], -g.shift[i])
	}
	sum, k := append([]double(nil), o.sum...), 0
	for i, m := range move {
		for j := i; j < g.p; j++ {
			x := o.prd[k].plus(m.times(sum[j])).plus(move[j].times(sum[i])).plus(m.times(move[j]).times(n))
			g.prd[k] = g.prd[k].plus(x)
			k++
		}
	}
	for i, m := range move {
		g.sum[i] = g.sum[i].plus(sum[i]).plus(m.times(n))
	}
	g.n += o.n
	return nil
}

// Clone returns a copy that shares nothing.
func (g *Gram) Clone() *Gram {
	c := *g
	c.shift = append([]float64(nil), g.shift...)
	c.sum = append([]double(nil), g.sum...)
	c.prd = append([]double(nil), g.prd...)
	return &c
}

// AppendBinary appends the versioned binary form. It keeps the order of the
// rows in its last digits.
func (g *Gram) AppendBinary(b []byte) ([]byte, error) {
	b = appendCount(append(b, gramV1), uint64(g.p))
	b = appendCount(appendCount(b, g.n), g.missing)
	for _, x := range g.shift {
		b = appendReal(b, x)
	}
	for _, sums := range [2][]double{g.sum, g.prd} {
		for _, x := range sums {
			b = appendReal(appendReal(b, x.hi), x.lo)
		}
	}
	return b, nil
}

func appendReal(b []byte, x float64) []byte {
	return binary.BigEndian.AppendUint64(b, math.Float64bits(x))
}

// UnmarshalBinary replaces the sums by what AppendBinary wrote. On an error
// they stay as they were.
func (g *Gram) UnmarshalBinary(data []byte) error {
	d, err := open(data, gramV1)
	if err != nil {
		return err
	}
	fresh := Gram{}
	p := d.columns()
	fresh.n = d.count()
	fresh.missing = d.count()
	if need := 8*p + 16*(p+triangle(p)); d.err == nil && len(d.rest) < need {
		d.err = truncated()
	}
	if d.err == nil && p == 0 && fresh.n+fresh.missing > 0 {
		d.err = impossible(fmt.Sprintf("%d rows of no columns", fresh.n))
	}
	if d.err == nil && p > 0 {
		fresh.shape(p)
		d.gram(&fresh)
	}
	if err := d.close(); err != nil {
		return err
	}
	*g = fresh
	return nil
}

func (d *decoder) gram(g *Gram) {
	for i := range g.shift {
		if g.shift[i] = d.real(); d.err == nil && math.Abs(g.shift[i]) > MaxReal {
			d.err = beyond("shift", g.shift[i])
		}
	}
	for _, sums := range [2][]double{g.sum, g.prd} {
		for i := range sums {
			x := double{d.real(), d.real()}
			if d.err == nil && x != twoSum(x.hi, x.lo) {
				d.err = bangkom.Problem{Code: "not-canonical", Value: fmt.Sprint(x), Msg: "tally: two doubles that are not one number"}
			}
			sums[i] = x
		}
	}
	n := float64(g.n)
	for i, s := range g.sum {
		q := g.prd[at(g.p, i, i)].hi
		if d.err == nil && (s.hi*s.hi > n*q*(1+1e-9) || g.n == 0 && g.shift[i] != 0) {
			d.err = impossible(fmt.Sprintf("column %d", i))
		}
		for j := i + 1; d.err == nil && j < g.p; j++ {
			if x := g.prd[at(g.p, i, j)].hi; x*x > q*g.prd[at(g.p, j, j)].hi*(1+1e-9) {
				d.err = impossible(fmt.Sprintf("columns %d and %d", i, j))
			}
		}
	}
}

// real reads a double, which must be finite and not −0.
func (d *decoder) real() float64 {
	bits := binary.BigEndian.Uint64(d.bytes(8))
	x := math.Float64frombits(bits)
	if d.err == nil && (x-x != 0 || bits == 1<<63) {
		d.err = bangkom.Problem{Code: bangkom.ErrNotFinite.Code, Value: fmt.Sprint(x), Msg: "tally: a sum that is no number"}
	}
	return x
}

// A double is an unevaluated sum of two float64 that do not overlap: hi is the
// number rounded, lo the rest (Dekker, 1971).
type double struct{ hi, lo float64 }

// twoSum is a + b without error (Knuth). Its conversions keep the compiler from fusing.
func twoSum(a, b float64) double {
	s := a + b
	t := s - a
	return double{s + 0, float64(a-float64(s-t)) + float64(b-t) + 0}
}

func (x double) plus(y double) double {
	s, t := twoSum(x.hi, y.hi), twoSum(x.lo, y.lo)
	s = twoSum(s.hi, s.lo+t.hi)
	return twoSum(s.hi, s.lo+t.lo)
}

func (x double) times(y double) double {
	p := x.hi * y.hi
	e := math.FMA(x.hi, y.hi, -p) + (x.hi*y.lo + x.lo*y.hi)
	return twoSum(p, e)
}

func (x double) over(n float64) double {
	q := x.hi / n
	r := x.plus(double{n, 0}.times(double{-q, 0}))
	return twoSum(q, r.hi/n)
}

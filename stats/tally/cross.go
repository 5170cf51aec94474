package tally

import (
	"fmt"
	"math"
	"math/big"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
)

// MaxColumns is the largest number of columns of a [Cross], a [Gram] or [Clusters].
const MaxColumns = 1024

// Cross holds n, Σxᵢ and Σxᵢxⱼ of rows of whole numbers, exactly: means,
// variances, correlations, regressions and paired tests of columns that were
// counted in any order or anywhere. For real values there is [Gram]. The zero
// value is empty and takes the number of columns of its first row. It is not
// safe for concurrent use: one per goroutine, then Merge.
type Cross struct {
	p   int
	n   uint64
	sum []wide // p
	prd []wide // upper triangle, row by row
}

// NewCross returns an empty one for p columns.
func NewCross(p int) (*Cross, error) {
	if err := columnCount(p); err != nil {
		return nil, err
	}
	c := new(Cross)
	c.shape(p)
	return c, nil
}

func columnCount(p int) error {
	if p < 1 || p > MaxColumns {
		return bangkom.Problem{Code: bangkom.ErrShape.Code, Value: fmt.Sprint(p), Msg: "tally: no such number of columns", Need: fmt.Sprintf("1 to %d", MaxColumns)}
	}
	return nil
}

func (c *Cross) shape(p int) {
	c.p, c.sum, c.prd = p, make([]wide, p), make([]wide, triangle(p))
}

// triangle is the number of pairs i ≤ j of p columns, at the place of i, j.
func triangle(p int) int { return p * (p + 1) / 2 }

func at(p, i, j int) int {
	if i > j {
		i, j = j, i
	}
	return i*p - i*(i-1)/2 + j - i
}

// Add counts a row.
func (c *Cross) Add(row []int64) error { return c.AddN(row, 1) }

// AddN counts a row n times, as a row of a GROUP BY does.
func (c *Cross) AddN(row []int64, n uint64) error {
	if err := fits(c.p, len(row)); err != nil {
		return err
	}
	for _, x := range row {
		if err := inRange(x); err != nil {
			return err
		}
	}
	if err := room(c.n, n); err != nil {
		return err
	}
	c.put(row, n)
	return nil
}

// fits checks a number of columns against those of a table, 0 if it has none yet.
func fits(have, p int) error {
	if have == 0 {
		return columnCount(p)
	}
	if p != have {
		return bangkom.Problem{Code: bangkom.ErrShape.Code, Value: fmt.Sprint(p), Msg: fmt.Sprintf("tally: not the %d columns of the table", have)}
	}
	return nil
}

// checkColumns wants columns of equal length with values in range.
func checkColumns(cols [][]int64) error {
	for _, col := range cols {
		if len(col) != len(cols[0]) {
			return unequal(len(cols[0]), len(col))
		}
		for row, x := range col {
			if err := inRange(x); err != nil {
				return atRow(row, err)
			}
		}
	}
	return nil
}

func (c *Cross) put(row []int64, n uint64) {
	if c.p == 0 {
		c.shape(len(row))
	}
	c.n += n
	k := 0
	for i, x := range row {
		c.sum[i] = c.sum[i].plus(product(x, 1, n))
		for _, y := range row[i:] {
			c.prd[k] = c.prd[k].plus(product(x, y, n))
			k++
		}
	}
}

// AddBatch counts columns of equal length. On an error, which names the row,
// nothing is counted.
func (c *Cross) AddBatch(cols [][]int64) error {
	if err := fits(c.p, len(cols)); err != nil {
		return err
	}
	if err := checkColumns(cols); err != nil {
		return err
	}
	n := len(cols[0])
	if err := room(c.n, uint64(n)); err != nil {
		return err
	}
	row := make([]int64, len(cols))
	for r := range n {
		for j := range cols {
			row[j] = cols[j][r]
		}
		c.put(row, 1)
	}
	if c.p == 0 {
		c.shape(len(cols))
	}
	return nil
}

// AddSums adds sums that were made elsewhere, as in a database: Σxᵢ, Σxᵢ² and, row
// by row above the diagonal, products = Σx₀x₁, Σx₀x₂, …, Σx₁x₂, … Sums that no n
// rows have are refused with the code "impossible-sums".
func (c *Cross) AddSums(n uint64, sums, squares, products []int64) error {
	p := len(sums)
	if err := fits(c.p, p); err != nil {
		return err
	}
	if len(squares) != p || len(products) != triangle(p)-p {
		return bangkom.Problem{Code: bangkom.ErrShape.Code, Value: fmt.Sprintf("%d and %d", len(squares), len(products)), Msg: fmt.Sprintf("tally: not the squares and products of %d columns", p)}
	}
	if err := room(c.n, n); err != nil {
		return err
	}
	fresh := Cross{n: n}
	fresh.shape(p)
	k := 0
	for i, x := range sums {
		fresh.sum[i] = wideOf(x)
		fresh.prd[at(p, i, i)] = wideOf(squares[i])
		if !possible(n, x, squares[i]) {
			return impossible(fmt.Sprintf("column %d of %d rows", i, n))
		}
		for j := i + 1; j < p; j++ {
			if !schwarz(squares[i], squares[j], products[k]) {
				return impossible(fmt.Sprintf("columns %d and %d of %d rows", i, j, n))
			}
			fresh.prd[at(p, i, j)] = wideOf(products[k])
			k++
		}
	}
	return c.Merge(&fresh)
}

// schwarz is (Σxy)² ≤ Σx² Σy².
func schwarz(xx, yy, xy int64) bool {
	left := new(big.Int).Mul(big.NewInt(xy), big.NewInt(xy))
	return left.Cmp(new(big.Int).Mul(big.NewInt(xx), big.NewInt(yy))) <= 0
}

// N is the number of rows.
func (c *Cross) N() uint64 { return c.n }

// Columns is the number of columns; 0: not yet declared.
func (c *Cross) Columns() int { return c.p }

// Sum is Σxᵢ, exactly.
func (c *Cross) Sum(i int) *big.Int { return c.sum[i].big() }

// Product is Σxᵢxⱼ, exactly.
func (c *Cross) Product(i, j int) *big.Int { return c.prd[at(c.p, i, j)].big() }

// Mean is Σxᵢ / n, rounded once; NaN of nothing.
func (c *Cross) Mean(i int) float64 {
	if c.n == 0 {
		return math.NaN()
	}
	return mean(c.n, c.sum[i])
}

// Centred is Σ(xᵢ − x̄ᵢ)(xⱼ − x̄ⱼ), rounded once; NaN of nothing.
func (c *Cross) Centred(i, j int) float64 {
	if c.n == 0 {
		return math.NaN()
	}
	return centred(c.n, c.sum[i], c.sum[j], c.prd[at(c.p, i, j)])
}

// Covariance gives the means and the sample covariances (n − 1); NaN of too few rows.
func (c *Cross) Covariance() (mean []float64, cov [][]float64) {
	return covariance(c.p, float64(c.n), c.Mean, c.Centred)
}

func covariance(p int, n float64, mean func(i int) float64, centred func(i, j int) float64) ([]float64, [][]float64) {
	m, cov := make([]float64, p), num.Square(p)
	for i := range m {
		m[i] = mean(i)
		for j := range i + 1 {
			cov[i][j] = math.NaN()
			if n >= 2 {
				cov[i][j] = centred(i, j) / (n - 1)
			}
			cov[j][i] = cov[i][j]
		}
	}
	return m, cov
}

// Merge adds the rows of another, which stays as it is.
func (c *Cross) Merge(o *Cross) error {
	if o.p == 0 {
		return nil
	}
	if err := fits(c.p, o.p); err != nil {
		return err
	}
	if err := room(c.n, o.n); err != nil {
		return err
	}
	if c.p == 0 {
		c.shape(o.p)
	}
	c.n += o.n
	for i, x := range o.sum {
		c.sum[i] = c.sum[i].plus(x)
	}
	for k, x := range o.prd {
		c.prd[k] = c.prd[k].plus(x)
	}
	return nil
}

// Clone returns a copy that shares nothing.
func (c *Cross) Clone() *Cross {
	d := &Cross{p: c.p, n: c.n}
	d.sum = append([]wide(nil), c.sum...)
	d.prd = append([]wide(nil), c.prd...)
	return d
}

// AppendBinary appends the versioned binary form: equal tables have equal bytes.
func (c *Cross) AppendBinary(b []byte) ([]byte, error) {
	return c.append(appendCount(append(b, crossV1), uint64(c.p))), nil
}

func (c *Cross) append(b []byte) []byte {
	b = appendCount(b, c.n)
	for _, x := range c.sum {
		b = x.append(b)
	}
	for _, x := range c.prd {
		b = x.append(b)
	}
	return b
}

// UnmarshalBinary replaces the sums by what AppendBinary wrote. On an error
// they stay as they were.
func (c *Cross) UnmarshalBinary(data []byte) error {
	d, err := open(data, crossV1)
	if err != nil {
		return err
	}
	p := d.columns()
	fresh := d.cross(p)
	if err := d.close(); err != nil {
		return err
	}
	*c = *fresh
	return nil
}

// cross reads what append wrote for p columns.
func (d *decoder) cross(p int) *Cross {
	c := &Cross{n: d.count()}
	if need := 16 * (p + triangle(p)); d.err == nil && len(d.rest) < need {
		d.err = truncated()
	}
	if d.err != nil || p == 0 {
		if p == 0 && c.n > 0 && d.err == nil {
			d.err = impossible(fmt.Sprintf("%d rows of no columns", c.n))
		}
		return c
	}
	c.shape(p)
	for i := range c.sum {
		c.sum[i] = d.wide()
	}
	for k := range c.prd {
		c.prd[k] = d.wide()
	}
	for i := range p {
		if !coherent(c.n, c.sum[i], c.prd[at(p, i, i)]) {
			d.err = impossible(fmt.Sprintf("column %d", i))
		}
		for j := i + 1; j < p; j++ {
			xy := c.prd[at(p, i, j)].big()
			bound := new(big.Int).Mul(c.prd[at(p, i, i)].big(), c.prd[at(p, j, j)].big())
			if xy.Mul(xy, xy).Cmp(bound) > 0 {
				d.err = impossible(fmt.Sprintf("columns %d and %d", i, j))
			}
		}
	}
	return c
}

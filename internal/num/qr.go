package num

import "math"

// dependentBelow is the share of a column's length that must remain once the
// earlier columns are taken out of it. Collinear columns leave some 1e-16;
// the tenth powers of NIST's Filip, the hardest set in use, leave 1e-10.
const dependentBelow = 1e-13

// A Fit is a least squares solution of X b ≈ y.
type Fit struct {
	Beta      []float64 // NaN for a dependent column
	Residuals []float64 // y − X b
	RSS       float64   // the sum of their squares
	Rank      int
	Dependent []int   // columns that are combinations of earlier ones: left out of the fit
	Cond      float64 // 1-norm condition of X with columns of length 1; +Inf if one is dependent

	// Set by Tall: Σ (y − ȳ)², Σ y², and Σ (eᵢ − eᵢ₋₁)² of the residuals.
	Total, Squares, Steps float64

	kept  []int       // the independent columns
	scale []float64   // powers of two that bring the columns to length about 1
	r     [][]float64 // r[j] is column j of R, scaled, kept columns only
	v     [][]float64 // Householder vectors: v[j][j:] is used
	vv    []float64   // 2 / v'v
	n     int
}

// LeastSquares solves min ‖y − X b‖ for columns X by Householder's QR, columns
// scaled by powers of two, with one step of iterative refinement: the residuals
// of the augmented system r + X b = y, X'r = 0 in double-double arithmetic, the
// corrections from the same factors (Björck, 1967). That gives every digit that
// the stored doubles hold, where normal equations lose half of them.
//
// A column that is a combination of earlier ones is left out, as R's lm does,
// and listed. Without columns the residuals are y.
func LeastSquares(cols [][]float64, y []float64) *Fit {
	f := factor(cols, len(y))
	f.solve(cols, y)
	return f
}

func factor(cols [][]float64, n int) *Fit {
	f := &Fit{n: n}
	for j, c := range cols {
		norm := Norm(c)
		if norm == 0 {
			f.Dependent = append(f.Dependent, j)
			continue
		}
		_, e := math.Frexp(norm)
		s := math.Ldexp(1, -e)
		v := make([]float64, n)
		for i, x := range c {
			v[i] = x * s
		}
		k := len(f.kept)
		for l := range k {
			f.reflect(l, v)
		}
		var rest float64
		if k < n {
			rest = Norm(v[k:])
		}
		if rest <= dependentBelow*norm*s {
			f.Dependent = append(f.Dependent, j)
			continue
		}
		r := make([]float64, k+1)
		copy(r, v[:k])
		r[k] = -math.Copysign(rest, v[k])
		v[k] -= r[k]
		f.kept, f.scale = append(f.kept, j), append(f.scale, s)
		f.r, f.v = append(f.r, r), append(f.v, v)
		f.vv = append(f.vv, 1/(rest*math.Abs(v[k])))
	}
	f.Rank = len(f.kept)
	f.Cond = f.condition()
	return f
}

// reflect applies the l-th Householder reflection to x.
func (f *Fit) reflect(l int, x []float64) {
	v := f.v[l][l:]
	x = x[l:]
	s := Dot(v, x) * f.vv[l]
	for i, a := range v {
		x[i] -= s * a
	}
}

func (f *Fit) qt(x []float64) { // x ← Q'x
	for l := range f.v {
		f.reflect(l, x)
	}
}

func (f *Fit) q(x []float64) { // x ← Qx
	for l := len(f.v) - 1; l >= 0; l-- {
		f.reflect(l, x)
	}
}

// back solves R b = c in place.
func (f *Fit) back(c []float64) {
	for j := f.Rank - 1; j >= 0; j-- {
		c[j] /= f.r[j][j]
		for i := range j {
			c[i] -= f.r[j][i] * c[j]
		}
	}
}

// forth solves R'b = c in place.
func (f *Fit) forth(c []float64) {
	for j := range f.Rank {
		for i := range j {
			c[j] -= f.r[j][i] * c[i]
		}
		c[j] /= f.r[j][j]
	}
}

func (f *Fit) solve(cols [][]float64, y []float64) {
	p := f.Rank
	d := append([]float64(nil), y...)
	f.qt(d)
	b := append([]float64(nil), d[:p]...)
	f.back(b)
	clear(d[:p])
	f.q(d)
	r := d // the residuals, Q [0; second half of Q'y]
	for j := range b {
		b[j] *= f.scale[j]
	}
	f.refine(cols, y, b, r)

	f.Beta = make([]float64, len(cols))
	for j := range f.Beta {
		f.Beta[j] = math.NaN()
	}
	for k, j := range f.kept {
		f.Beta[j] = b[k]
	}
	f.Residuals = r
	f.RSS = SumSquares(r)
}

// refine improves b and r by one step.
func (f *Fit) refine(cols [][]float64, y, b, r []float64) {
	p := f.Rank
	if p == 0 {
		return
	}
	e := make([]float64, f.n) // y − r − X b
	lo := make([]float64, f.n)
	for i := range e {
		e[i], lo[i] = twoSum(y[i], -r[i])
	}
	g := make([]float64, p) // −X'r
	for k, j := range f.kept {
		c, bk := cols[j], b[k]
		var s, t float64
		for i, x := range c {
			h, l := twoProduct(x, -bk)
			sum, err := twoSum(e[i], h)
			e[i], lo[i] = sum, lo[i]+(err+l)
			h, l = twoProduct(x, -r[i])
			sum, err = twoSum(s, h)
			s, t = sum, t+(err+l)
		}
		g[k] = (s + t) * f.scale[k]
	}
	for i := range e {
		e[i] += lo[i]
	}
	f.qt(e)
	f.forth(g)
	db := make([]float64, p)
	for k := range db {
		db[k] = e[k] - g[k]
	}
	copy(e, g)
	f.back(db)
	f.q(e)
	for k := range b {
		b[k] += db[k] * f.scale[k]
	}
	for i := range r {
		r[i] += e[i]
	}
}

// inverse returns R⁻¹ of the scaled kept columns, column by column.
func (f *Fit) inverse() [][]float64 {
	inv := make([][]float64, f.Rank)
	for j := range inv {
		c := make([]float64, f.Rank)
		c[j] = 1
		f.back(c)
		inv[j] = c[:j+1]
	}
	return inv
}

func (f *Fit) condition() float64 {
	if len(f.Dependent) > 0 {
		return math.Inf(1)
	}
	// With the columns at length 1 the inverse's rows are multiplied by the lengths.
	var a, b float64
	inv := f.inverse()
	for j, c := range f.r {
		norm := Norm(c)
		var s, t float64
		for i, x := range c {
			s += math.Abs(x) / norm
			t += math.Abs(inv[j][i]) * Norm(f.r[i])
		}
		a, b = max(a, s), max(b, t)
	}
	if f.Rank == 0 {
		return 1
	}
	return a * b
}

// Inverse returns (X'X)⁻¹, p × p; rows and columns of dependent columns are NaN.
func (f *Fit) Inverse() [][]float64 {
	p := len(f.Beta)
	out := make([][]float64, p)
	for i := range out {
		out[i] = make([]float64, p)
		for j := range out[i] {
			out[i][j] = math.NaN()
		}
	}
	inv := f.inverse()
	for a, i := range f.kept {
		for b, j := range f.kept {
			var s float64
			for k := max(a, b); k < f.Rank; k++ {
				s += inv[k][a] * inv[k][b]
			}
			out[i][j] = s * f.scale[a] * f.scale[b]
		}
	}
	return out
}

// Leverage returns the diagonal of X (X'X)⁻¹ X', from the orthogonal factor.
func (f *Fit) Leverage() []float64 {
	h := make([]float64, f.n)
	e := make([]float64, f.n)
	for k := range f.Rank {
		clear(e)
		e[k] = 1
		f.q(e)
		for i, x := range e {
			h[i] += x * x
		}
	}
	return h
}

// A RFactor is the triangular factor of [X | y], grown row by row and merged:
// what least squares needs of data that do not fit in memory or arrive in
// shards. It keeps the digits that a matrix of cross-products loses.
// Its size is (p + 1)², whatever the number of rows. Use NewRFactor.
type RFactor struct {
	N    int // rows added
	p    int
	fill int         // rows waiting under the triangle
	a    [][]float64 // p + 1 columns: the triangle, then the waiting rows
}

// NewRFactor starts a factor for p columns.
func NewRFactor(p int) *RFactor {
	f := &RFactor{p: p, a: make([][]float64, p+1)}
	for j := range f.a {
		f.a[j] = make([]float64, (p+1)+max(64, 4*(p+1)))
	}
	return f
}

// Add takes one row of X, and its y.
func (f *RFactor) Add(x []float64, y float64) {
	f.put(func(j int) float64 {
		if j < f.p {
			return x[j]
		}
		return y
	})
	f.N++
}

// AddColumns takes rows given as columns.
func (f *RFactor) AddColumns(cols [][]float64, y []float64) {
	for i := range y {
		f.put(func(j int) float64 {
			if j < f.p {
				return cols[j][i]
			}
			return y[i]
		})
	}
	f.N += len(y)
}

func (f *RFactor) put(cell func(j int) float64) {
	if f.p+1+f.fill == len(f.a[0]) {
		f.reduce()
	}
	for j := range f.a {
		f.a[j][f.p+1+f.fill] = cell(j)
	}
	f.fill++
}

// Merge takes the rows of another factor of the same width, which is not changed.
func (f *RFactor) Merge(g *RFactor) {
	rows := f.p + 1 + g.fill
	for i := range rows {
		f.put(func(j int) float64 { return g.a[j][i] })
	}
	f.N += g.N
}

// reduce rotates the waiting rows into the triangle.
func (f *RFactor) reduce() {
	m := f.p + 1 + f.fill
	for k, c := range f.a {
		v := c[k:m]
		norm := Norm(v)
		if norm == 0 {
			continue
		}
		top := math.Copysign(norm, v[0])
		v[0] += top
		w := 1 / (norm * math.Abs(v[0]))
		for _, c := range f.a[k+1:] {
			x := c[k:m]
			s := Dot(v, x) * w
			for i, a := range v {
				x[i] -= s * a
			}
		}
		clear(v)
		v[0] = -top
	}
	f.fill = 0
}

// Triangle returns the columns of R for [X | y], with a positive diagonal:
// R'R holds all sums of squares and products.
func (f *RFactor) Triangle() [][]float64 {
	f.reduce()
	out := make([][]float64, f.p+1)
	for j := range out {
		out[j] = append([]float64(nil), f.a[j][:f.p+1]...)
	}
	for i := range out {
		if out[i][i] < 0 {
			for j := i; j < len(out); j++ {
				out[j][i] = -out[j][i]
			}
		}
	}
	return out
}

// Solve fits y on X. The fit's Residuals and Leverage are those of the
// triangle, not of the rows; all else is as [LeastSquares] gives it on all rows.
func (f *RFactor) Solve() *Fit {
	t := f.Triangle()
	return LeastSquares(t[:f.p], t[f.p])
}

// Dot is the inner product, in four running sums.
func Dot(x, y []float64) float64 {
	var a, b, c, d float64
	y = y[:len(x)]
	i := 0
	for ; i+4 <= len(x); i += 4 {
		a += x[i] * y[i]
		b += x[i+1] * y[i+1]
		c += x[i+2] * y[i+2]
		d += x[i+3] * y[i+3]
	}
	for ; i < len(x); i++ {
		a += x[i] * y[i]
	}
	return (a + b) + (c + d)
}

// Norm is the Euclidean length, safe from overflow.
func Norm(x []float64) float64 {
	s := Dot(x, x)
	if s > 1e-280 && s < 1e280 {
		return math.Sqrt(s)
	}
	var big float64
	for _, v := range x {
		big = max(big, math.Abs(v))
	}
	if big == 0 || math.IsInf(big, 0) || math.IsNaN(big) {
		return big
	}
	s = 0
	for _, v := range x {
		s += (v / big) * (v / big)
	}
	return big * math.Sqrt(s)
}

// SumSquares is Σ x² with compensation.
func SumSquares(x []float64) float64 {
	var s, t float64
	for _, v := range x {
		h, l := twoProduct(v, v)
		sum, err := twoSum(s, h)
		s, t = sum, t+(err+l)
	}
	return s + t
}

// twoSum returns a + b and what rounding took from it.
func twoSum(a, b float64) (sum, err float64) {
	sum = a + b
	z := sum - a
	return sum, (a - (sum - z)) + (b - z)
}

// twoProduct returns a·b and what rounding took from it.
func twoProduct(a, b float64) (product, err float64) {
	product = a * b
	return product, math.FMA(a, b, -product)
}

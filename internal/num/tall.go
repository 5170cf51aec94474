package num

import (
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

const (
	tallRows = 4096
	// tallCondition is up to where centred cross-products keep ten digits of
	// the triangle; the coefficients are refined to all of them.
	tallCondition = 300
	tallBlock     = 4096
	tallRun       = 256 // rows whose deviations stay in the nearest cache
)

// tallMost is the largest deviation or mean that is taken: what is larger, or no
// number, is looked at by others.
const tallMost = 1e149

// Tall is [LeastSquares] on a constant and many rows of few, well separated
// columns: the triangle comes from cross-products of deviations from the means,
// and a step of refinement gives the coefficients the digits that squaring has
// taken. It runs on all cores, with the same result on any number of them. It
// returns nil where the rows are few, the columns too nearly dependent for that,
// or a value is missing, infinite or beyond 1e149; then others must do it.
//
// The fit has no orthogonal factor: use Row, not Leverage. Of y it says Total,
// Squares and Steps besides.
func Tall(slopes [][]float64, y []float64) *Fit {
	n, q := len(y), len(slopes)
	p := q + 1
	if n < tallRows || q < 1 {
		return nil
	}
	all := append(slices.Clone(slopes), y)
	shift := make([]float64, len(all))
	for j, c := range all {
		shift[j] = roughMean(c)
	}
	cross, rest := crossProducts(all, shift)
	mean := make([]float64, len(all))
	for i := range all {
		for j := range i + 1 {
			cross[i][j] -= float64(n) * rest[i] * rest[j]
		}
	}
	for j := range all {
		mean[j] = shift[j] + rest[j]
		if !(cross[j][j] < tallMost*tallMost && math.Abs(mean[j]) < tallMost) {
			return nil
		}
	}
	cov := cross[:q]
	r, ok := choleskyColumns(cov, q)
	if !ok {
		return nil
	}
	f := &Fit{n: n, Rank: p, scale: make([]float64, p)}
	f.Total = cross[q][q]
	f.Squares = f.Total + float64(n)*mean[q]*mean[q]
	root := math.Sqrt(float64(n))
	f.r = append(f.r, []float64{root})
	for j := range q {
		f.r = append(f.r, append([]float64{root * mean[j]}, r[j]...))
	}
	for j := range p {
		f.kept = append(f.kept, j)
		f.scale[j] = 1
	}
	centred := &Fit{n: n, Rank: q, r: r, scale: f.scale[:q]}
	if c := centred.condition(); !(c <= tallCondition) {
		return nil
	}
	f.Cond = f.condition()

	// Slopes of the deviations, refined once.
	b := slices.Clone(cross[q][:q])
	centred.forth(b)
	centred.back(b)
	f.Residuals = make([]float64, n)
	left := f.residuals(all, mean, b)
	g := left.products
	centred.forth(g)
	step := Norm(g) // how far it moves the fit
	centred.back(g)
	for j := range b {
		b[j] += g[j]
	}
	if step > stepDigits*math.Sqrt(left.squares) {
		left = f.residuals(all, mean, b)
	}
	// The intercept is a small difference of large means: in two doubles, with
	// what rounding left of the means, which the residuals say.
	hi, lo := mean[q], left.sum/float64(n)
	for j, x := range b {
		h, l := twoProduct(-x, mean[j])
		sum, err := twoSum(hi, h)
		hi, lo = sum, lo+(err+l)
	}
	f.Beta = append([]float64{hi + lo}, b...)
	f.RSS, f.Steps = left.squares, left.steps
	return f
}

// stepDigits is the share of the residuals from which on they are computed
// again after the step: below, their own rounding is as large.
const stepDigits = 0x1p-50

// roughMean is the mean of a thousand rows from everywhere, to take deviations
// from: they say how far it is from the mean of all.
func roughMean(xs []float64) float64 {
	var sum float64
	k, step := 0, len(xs)/1000+1
	for i := step / 2; i < len(xs); i += step {
		sum += xs[i]
		k++
	}
	return sum / float64(k)
}

// Blocks is the number of blocks of [Each].
func Blocks(n int) int { return (n + tallBlock - 1) / tallBlock }

// each calls f with 0..n−1 on all cores.
func each(n int, f func(k int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) {
		wg.Go(func() {
			for k := int(next.Add(1)) - 1; k < n; k = int(next.Add(1)) - 1 {
				f(k)
			}
		})
	}
	wg.Wait()
}

// crossProducts are the sums of products of deviations from points near the
// means, the lower triangle, in runs that stay in the cache, added in the order of
// the blocks; and the mean deviations.
func crossProducts(cols [][]float64, mean []float64) (total [][]float64, rest []float64) {
	const run = tallRun
	k, n := len(cols), len(cols[0])
	parts := make([][][]float64, Blocks(n))
	each(len(parts), func(b int) {
		s := append(Square(k), make([]float64, k))
		d := make([][tallRun]float64, k)
		for from := b * tallBlock; from < min(n, (b+1)*tallBlock); from += run {
			m := min(run, n-from)
			for i, c := range cols {
				s[k][i] += deviations(d[i][:m], c[from:from+m], mean[i])
			}
			for i := 0; i+1 < k; i += 2 {
				for j := 0; j <= i; j += 2 { // the last one holds a product twice
					s00, s01, s10, s11 := dot22(d[i][:m], d[i+1][:m], d[j][:m], d[j+1][:m])
					s[i][j] += s00
					s[i][j+1] += s01
					s[i+1][j] += s10
					s[i+1][j+1] += s11
				}
			}
			if k%2 == 1 {
				for j := range k {
					s[k-1][j] += Dot(d[k-1][:m], d[j][:m])
				}
			}
		}
		parts[b] = s
	})
	total, rest = Square(k), make([]float64, k)
	add := func(i, j int) float64 {
		var sum, comp float64
		for _, s := range parts {
			h, l := twoSum(sum, s[i][j])
			sum, comp = h, comp+l
		}
		return sum + comp
	}
	for i := range k {
		rest[i] = add(k, i) / float64(n)
		for j := range i + 1 {
			total[i][j] = add(i, j)
		}
	}
	return total, rest
}

// deviations writes x − m into d, and returns their sum.
func deviations(d, x []float64, m float64) float64 {
	var s0, s1, s2, s3 float64
	x = x[:len(d)]
	r := 0
	for ; r+4 <= len(d); r += 4 {
		d0, d1, d2, d3 := x[r]-m, x[r+1]-m, x[r+2]-m, x[r+3]-m
		d[r], d[r+1], d[r+2], d[r+3] = d0, d1, d2, d3
		s0, s1, s2, s3 = s0+d0, s1+d1, s2+d2, s3+d3
	}
	for ; r < len(d); r++ {
		d[r] = x[r] - m
		s0 += d[r]
	}
	return (s0 + s1) + (s2 + s3)
}

// dot22 is x and y with a and b: sums of two rows at a time, that no product
// waits for the one before.
func dot22(x, y, a, b []float64) (xa, xb, ya, yb float64) {
	y, a, b = y[:len(x)], a[:len(x)], b[:len(x)]
	var xa1, xb1, ya1, yb1 float64
	i := 0
	for ; i+2 <= len(x); i += 2 {
		x0, y0, a0, b0 := x[i], y[i], a[i], b[i]
		xa += x0 * a0
		xb += x0 * b0
		ya += y0 * a0
		yb += y0 * b0
		x1, y1, a1, b1 := x[i+1], y[i+1], a[i+1], b[i+1]
		xa1 += x1 * a1
		xb1 += x1 * b1
		ya1 += y1 * a1
		yb1 += y1 * b1
	}
	if i < len(x) {
		xa += x[i] * a[i]
		xb += x[i] * b[i]
		ya += y[i] * a[i]
		yb += y[i] * b[i]
	}
	return xa + xa1, xb + xb1, ya + ya1, yb + yb1
}

// dot4 is x with four others at once.
func dot4(x, a, b, c, d []float64) (sa, sb, sc, sd float64) {
	a, b, c, d = a[:len(x)], b[:len(x)], c[:len(x)], d[:len(x)]
	for i, v := range x {
		sa += v * a[i]
		sb += v * b[i]
		sc += v * c[i]
		sd += v * d[i]
	}
	return sa, sb, sc, sd
}

// choleskyColumns gives the columns of R with R'R = a, of whose lower triangle
// the leading q × q part is used.
func choleskyColumns(a [][]float64, q int) ([][]float64, bool) {
	r := make([][]float64, q)
	for j := range q {
		r[j] = make([]float64, j+1)
		for i := range j {
			s := a[j][i]
			for m := range i {
				s -= r[i][m] * r[j][m]
			}
			r[j][i] = s / r[i][i]
		}
		s := a[j][j]
		for m := range j {
			s -= r[j][m] * r[j][m]
		}
		if !(s > 1e-8*a[j][j]) || math.IsInf(s, 0) {
			return nil, false
		}
		r[j][j] = math.Sqrt(s)
	}
	return r, true
}

// A rest is what the residuals of some rows say.
type rest struct {
	products            []float64 // of the deviations of the slopes with them
	squares, sum, steps float64   // Σ e², Σ e, Σ (eᵢ − eᵢ₋₁)²
}

// residuals writes (y − ȳ) − Σ b (x − x̄) into those of the fit. The last of the
// columns is y.
func (f *Fit) residuals(cols [][]float64, mean, b []float64) rest {
	q, n := len(b), f.n
	parts := make([]rest, Blocks(n))
	each(len(parts), func(k int) {
		const run = tallRun
		part := rest{products: make([]float64, q)}
		d := make([][run]float64, q)
		start := k * tallBlock
		for from := start; from < min(n, start+tallBlock); from += run {
			to := min(n, from+run)
			m := to - from
			e := f.Residuals[from:to]
			deviations(e, cols[q][from:to], mean[q])
			for j, c := range cols[:q] {
				deviations(d[j][:m], c[from:to], mean[j])
			}
			j := 0
			for ; j+4 <= q; j += 4 {
				takeOff(e, b[j:j+4], d[j][:m], d[j+1][:m], d[j+2][:m], d[j+3][:m])
			}
			for ; j < q; j++ {
				for i, x := range d[j][:m] {
					e[i] -= b[j] * x
				}
			}
			for j = 0; j+4 <= q; j += 4 {
				s0, s1, s2, s3 := dot4(e, d[j][:m], d[j+1][:m], d[j+2][:m], d[j+3][:m])
				part.products[j] += s0
				part.products[j+1] += s1
				part.products[j+2] += s2
				part.products[j+3] += s3
			}
			for ; j < q; j++ {
				part.products[j] += Dot(e, d[j][:m])
			}
			squares, sum := SquaresAbout(e, 0)
			part.squares += squares
			part.sum += sum
			part.steps += SquaredSteps(f.Residuals[max(start, from-1):to])
		}
		parts[k] = part
	})
	all := rest{products: make([]float64, q)}
	var squares, sums []float64
	for k, p := range parts {
		for j, x := range p.products {
			all.products[j] += x
		}
		squares, sums = append(squares, p.squares), append(sums, p.sum)
		all.steps += p.steps
		if k > 0 {
			all.steps += SquaredSteps(f.Residuals[k*tallBlock-1 : k*tallBlock+1])
		}
	}
	all.squares, all.sum = Sum(squares), Sum(sums)
	return all
}

// takeOff subtracts four multiples at once.
func takeOff(e, b, x0, x1, x2, x3 []float64) {
	x0, x1, x2, x3 = x0[:len(e)], x1[:len(e)], x2[:len(e)], x3[:len(e)]
	b0, b1, b2, b3 := b[0], b[1], b[2], b[3]
	for i := range e {
		e[i] -= (b0*x0[i] + b1*x1[i]) + (b2*x2[i] + b3*x3[i])
	}
}

// SquaredSteps is Σ (eᵢ − eᵢ₋₁)², of which Durbin and Watson have a statistic.
func SquaredSteps(e []float64) float64 {
	var s0, s1 float64
	i := 1
	for ; i+2 <= len(e); i += 2 {
		d0, d1 := e[i]-e[i-1], e[i+1]-e[i]
		s0 += d0 * d0
		s1 += d1 * d1
	}
	for ; i < len(e); i++ {
		d := e[i] - e[i-1]
		s0 += d * d
	}
	return s0 + s1
}

// Each calls f with the ranges of rows of a long column, on all cores: block k
// is from..to−1. What f makes of a block must depend on it alone.
func Each(n int, f func(k, from, to int)) {
	each(Blocks(n), func(k int) { f(k, k*tallBlock, min(n, (k+1)*tallBlock)) })
}

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
)

// Tall is [LeastSquares] for many rows of few, well separated columns, of which
// the first is constantly one: the triangle comes from cross-products of
// deviations from the means, and a step of refinement gives the coefficients
// the digits that squaring has taken. It runs on all cores, with the same result
// on any number of them. It returns nil where the rows are few or the columns
// are too nearly dependent; then QR must do it.
//
// The fit has no orthogonal factor: use Row, not Leverage.
func Tall(cols [][]float64, y []float64) *Fit {
	n, p := len(y), len(cols)
	if n < tallRows || p < 2 || slices.ContainsFunc(cols[0], func(x float64) bool { return x != 1 }) {
		return nil
	}
	all := append(slices.Clone(cols[1:]), y)
	q := p - 1
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
	}
	cov := cross[:q]
	r, ok := choleskyColumns(cov, q)
	if !ok {
		return nil
	}
	f := &Fit{n: n, Rank: p, scale: make([]float64, p)}
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
	g := deviationResiduals(all, mean, b, f.Residuals, true)
	centred.forth(g)
	centred.back(g)
	for j := range b {
		b[j] += g[j]
	}
	deviationResiduals(all, mean, b, f.Residuals, false)
	parts, left := make([]float64, Blocks(n)), make([]float64, Blocks(n))
	Each(n, func(k, from, to int) { parts[k], left[k] = SquaresAbout(f.Residuals[from:to], 0) })
	// The intercept is a small difference of large means: in two doubles, with
	// what rounding left of the means, which the residuals say.
	hi, lo := mean[q], Sum(left)/float64(n)
	for j, x := range b {
		h, l := twoProduct(-x, mean[j])
		sum, err := twoSum(hi, h)
		hi, lo = sum, lo+(err+l)
	}
	f.Beta = append([]float64{hi + lo}, b...)
	f.RSS = Sum(parts)
	return f
}

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
	const run = 256
	k, n := len(cols), len(cols[0])
	parts := make([][][]float64, Blocks(n))
	each(len(parts), func(b int) {
		s := append(Square(k), make([]float64, k))
		d := make([][run]float64, k)
		for from := b * tallBlock; from < min(n, (b+1)*tallBlock); from += run {
			m := min(run, n-from)
			for i, c := range cols {
				s[k][i] += deviations(d[i][:m], c[from:from+m], mean[i])
			}
			for i := range k {
				di := d[i][:m]
				j := 0
				for ; j+3 <= i; j += 4 {
					s0, s1, s2, s3 := dot4(di, d[j][:m], d[j+1][:m], d[j+2][:m], d[j+3][:m])
					s[i][j] += s0
					s[i][j+1] += s1
					s[i][j+2] += s2
					s[i][j+3] += s3
				}
				for ; j <= i; j++ {
					s[i][j] += Dot(di, d[j][:m])
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

// deviationResiduals writes (y − ȳ) − Σ b (x − x̄) into e, and returns the
// products of the deviations of x with it, if they are wanted. The last of the
// columns is y.
func deviationResiduals(cols [][]float64, mean, b, e []float64, products bool) []float64 {
	q, n := len(b), len(e)
	parts := make([][]float64, Blocks(n))
	each(len(parts), func(k int) {
		const run = 256
		g := make([]float64, q)
		for from := k * tallBlock; from < min(n, (k+1)*tallBlock); from += run {
			to := min(n, from+run)
			r := e[from:to]
			for i, v := range cols[q][from:to] {
				r[i] = v - mean[q]
			}
			for j, c := range cols[:q] {
				bj, mj := b[j], mean[j]
				for i, v := range c[from:to] {
					r[i] -= bj * (v - mj)
				}
			}
			if !products {
				continue
			}
			for j, c := range cols[:q] {
				mj := mean[j]
				c := c[from:to]
				c = c[:len(r)]
				var s0, s1 float64
				i := 0
				for ; i+2 <= len(r); i += 2 {
					s0 += r[i] * (c[i] - mj)
					s1 += r[i+1] * (c[i+1] - mj)
				}
				for ; i < len(r); i++ {
					s0 += r[i] * (c[i] - mj)
				}
				g[j] += s0 + s1
			}
		}
		parts[k] = g
	})
	g := make([]float64, q)
	for _, p := range parts {
		for j, x := range p {
			g[j] += x
		}
	}
	return g
}

// Each calls f with the ranges of rows of a long column, on all cores: block k
// is from..to−1. What f makes of a block must depend on it alone.
func Each(n int, f func(k, from, to int)) {
	each(Blocks(n), func(k int) { f(k, k*tallBlock, min(n, (k+1)*tallBlock)) })
}

package num

import "math"

// Row writes into u the i-th row of the orthonormal factor of X = U R, from the
// row of X and the triangle: all sandwich estimators are sums over it. There
// must be no dependent columns.
func (f *Fit) Row(cols [][]float64, i int, u []float64) {
	for k := range f.Rank {
		s := cols[f.kept[k]][i] * f.scale[k]
		for l, r := range f.r[k][:k] {
			s -= r * u[l]
		}
		u[k] = s / f.r[k][k]
	}
}

// Loadings returns b with c'(β̂ − β) = b'U'ε for a combination c of the
// coefficients: its variance is b'Mb, where M is that of U'ε.
func (f *Fit) Loadings(c []float64) []float64 {
	b := make([]float64, f.Rank)
	for k, j := range f.kept {
		b[k] = c[j] * f.scale[k]
	}
	f.forth(b)
	return b
}

// Form is the bilinear form a'Mb.
func Form(a []float64, m [][]float64, b []float64) float64 {
	var s float64
	for i, x := range a {
		s += x * Dot(m[i], b)
	}
	return s
}

// AddOuter adds w·uu' to a symmetric matrix.
func AddOuter(m [][]float64, u []float64, w float64) {
	for i, x := range u {
		x *= w
		row := m[i]
		for j, y := range u {
			row[j] += x * y
		}
	}
}

// Function returns V diag(f(d)) V' of a symmetric matrix with eigenvalues d.
func Function(sym [][]float64, f func(d float64) float64) [][]float64 {
	values, vectors := Eigen(sym)
	out := Square(len(sym))
	v := make([]float64, len(sym))
	for m, d := range values {
		for i := range v {
			v[i] = vectors[i][m]
		}
		AddOuter(out, v, f(d))
	}
	return out
}

// LongRun is the long-run covariance of a series of scores (time × p) times its
// length, Σ over lags −L..L of (1 − |l|/(L+1)) Σ s_t s_{t−l}' (Newey and West,
// 1987). With prewhite the sums are of the residuals of a first-order
// autoregression, recoloured (Andrews and Monahan, 1992); false where that
// regression has no solution or a unit root.
func LongRun(scores [][]float64, lag int, prewhite bool) ([][]float64, bool) {
	p := len(scores[0])
	var recolour [][]float64
	if prewhite {
		var ok bool
		if scores, recolour, ok = whiten(scores); !ok {
			return nil, false
		}
	}
	m := Square(p)
	for _, s := range scores {
		AddOuter(m, s, 1)
	}
	for l := 1; l <= lag && l < len(scores); l++ {
		w := 1 - float64(l)/float64(lag+1)
		for t := l; t < len(scores); t++ {
			for i, x := range scores[t] {
				for j, y := range scores[t-l] {
					m[i][j] += w * x * y
					m[j][i] += w * x * y
				}
			}
		}
	}
	if recolour == nil {
		return m, true
	}
	out := Square(p)
	for i := range out {
		for j := range out {
			out[i][j] = Form(recolour[i], m, recolour[j])
		}
	}
	return out, true
}

// whiten returns the residuals of s_t on s_{t−1}, and (I − A)⁻¹.
func whiten(scores [][]float64) (residuals, recolour [][]float64, ok bool) {
	p, n := len(scores[0]), len(scores)-1
	if n <= p {
		return nil, nil, false
	}
	before := make([][]float64, p)
	for j := range before {
		before[j] = make([]float64, n)
		for t := range n {
			before[j][t] = scores[t][j]
		}
	}
	residuals = make([][]float64, n)
	for t := range residuals {
		residuals[t] = make([]float64, p)
	}
	rest := Square(p) // columns of (I − A)'
	y := make([]float64, n)
	for j := range p {
		for t := range n {
			y[t] = scores[t+1][j]
		}
		fit := LeastSquares(before, y)
		if fit.Rank < p {
			return nil, nil, false
		}
		for t, r := range fit.Residuals {
			residuals[t][j] = r
		}
		for k, a := range fit.Beta {
			rest[k][j] = -a
		}
		rest[j][j]++
	}
	// The rows of (I − A)⁻¹ solve (I − A)' x = e.
	recolour = make([][]float64, p)
	for i := range recolour {
		e := make([]float64, p)
		e[i] = 1
		cols := make([][]float64, p)
		for j := range cols {
			cols[j] = make([]float64, p)
			for k := range p {
				cols[j][k] = rest[k][j]
			}
		}
		fit := LeastSquares(cols, e)
		if fit.Rank < p {
			return nil, nil, false
		}
		recolour[i] = fit.Beta
	}
	for _, row := range recolour {
		for _, x := range row {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				return nil, nil, false
			}
		}
	}
	return residuals, recolour, true
}

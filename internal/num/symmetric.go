package num

import (
	"math"
	"slices"
)

// Square returns a k × k matrix of noughts.
func Square(k int) [][]float64 {
	flat := make([]float64, k*k)
	m := make([][]float64, k)
	for i := range m {
		m[i] = flat[i*k : (i+1)*k : (i+1)*k]
	}
	return m
}

// Covariance returns the means of columns of equal length, all known, and
// their sample covariances, by two passes: products of deviations are summed
// in short runs, and what rounding left in the sums of deviations is taken off.
// A constant column has covariances of exactly nought.
func Covariance(cols [][]float64) (mean []float64, cov [][]float64) {
	const run = 256
	k, n := len(cols), len(cols[0])
	mean, cov = make([]float64, k), Square(k)
	still := make([]bool, k)
	for i, c := range cols {
		mean[i] = Mean(c)
		still[i] = slices.Min(c) == slices.Max(c)
	}
	rest := make([]float64, k)
	d := make([][run]float64, k)
	for from := 0; from < n; from += run {
		m := min(run, n-from)
		for i, c := range cols {
			s := 0.0
			for r, x := range c[from : from+m] {
				d[i][r] = x - mean[i]
				s += d[i][r]
			}
			rest[i] += s
		}
		for i := range k {
			di := d[i][:m]
			j := 0
			for ; j+1 <= i; j += 2 {
				var s0, s1 float64
				a, b := d[j][:m], d[j+1][:m]
				for r, x := range di {
					s0 += x * a[r]
					s1 += x * b[r]
				}
				cov[i][j] += s0
				cov[i][j+1] += s1
			}
			for ; j <= i; j++ {
				s := 0.0
				for r, x := range di {
					s += x * d[j][r]
				}
				cov[i][j] += s
			}
		}
	}
	for i := range k {
		for j := range i + 1 {
			v := (cov[i][j] - rest[i]*rest[j]/float64(n)) / float64(n-1)
			if still[i] || still[j] {
				v = 0
			}
			cov[i][j], cov[j][i] = v, v
		}
	}
	return mean, cov
}

// Correlation turns covariances into correlations; NaN where a variance is nought.
func Correlation(cov [][]float64) [][]float64 {
	r := Square(len(cov))
	for i := range cov {
		for j := range cov {
			r[i][j] = cov[i][j] / math.Sqrt(cov[i][i]) / math.Sqrt(cov[j][j])
		}
		if cov[i][i] > 0 {
			r[i][i] = 1
		}
	}
	return r
}

// Total is the sum of all elements of a matrix.
func Total(m [][]float64) float64 {
	var all []float64
	for _, row := range m {
		all = append(all, Sum(row))
	}
	return Sum(all)
}

// SymmetricInverse returns the inverse of a positive definite matrix by
// Cholesky's factor; false where the matrix is not safely definite.
func SymmetricInverse(a [][]float64) ([][]float64, bool) {
	k := len(a)
	l := Square(k)
	for j := range k {
		for i := j; i < k; i++ {
			s := a[i][j]
			for m := range j {
				s -= l[i][m] * l[j][m]
			}
			if i > j {
				l[i][j] = s / l[j][j]
				continue
			}
			if !(s > 1e-12*a[j][j]) {
				return nil, false
			}
			l[j][j] = math.Sqrt(s)
		}
	}
	// The inverse of the factor, in place, then its square.
	for i := range k {
		l[i][i] = 1 / l[i][i]
		for j := range i {
			s := 0.0
			for m := j; m < i; m++ {
				s -= l[i][m] * l[m][j]
			}
			l[i][j] = s * l[i][i]
		}
	}
	inv := Square(k)
	for i := range k {
		for j := range i + 1 {
			s := 0.0
			for m := i; m < k; m++ {
				s += l[m][i] * l[m][j]
			}
			inv[i][j], inv[j][i] = s, s
		}
	}
	return inv, true
}

// Eigen returns the eigenvalues of a symmetric matrix, the largest first, and
// vectors[i][m], the i-th element of the m-th eigenvector, by Jacobi's rotations.
func Eigen(sym [][]float64) (values []float64, vectors [][]float64) {
	k := len(sym)
	a, v := Square(k), Square(k)
	for i := range k {
		copy(a[i], sym[i])
		v[i][i] = 1
	}
	for range 60 {
		off, diag := 0.0, 0.0
		for i := range k {
			diag += a[i][i] * a[i][i]
			for j := range i {
				off += a[i][j] * a[i][j]
			}
		}
		if !(off > 1e-34*diag) {
			break
		}
		for p := range k {
			for q := p + 1; q < k; q++ {
				rotate(a, v, p, q)
			}
		}
	}
	order := make([]int, k)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(x, y int) int {
		switch {
		case a[x][x] > a[y][y]:
			return -1
		case a[x][x] < a[y][y]:
			return 1
		}
		return 0
	})
	values, vectors = make([]float64, k), Square(k)
	for m, o := range order {
		values[m] = a[o][o]
		for i := range k {
			vectors[i][m] = v[i][o]
		}
	}
	return values, vectors
}

// rotate makes a[p][q] nought.
func rotate(a, v [][]float64, p, q int) {
	if a[p][q] == 0 {
		return
	}
	theta := (a[q][q] - a[p][p]) / (2 * a[p][q])
	t := math.Copysign(1, theta) / (math.Abs(theta) + math.Hypot(theta, 1))
	c := 1 / math.Hypot(t, 1)
	s := t * c
	for i := range a {
		x, y := a[i][p], a[i][q]
		a[i][p], a[i][q] = c*x-s*y, s*x+c*y
	}
	for i := range a {
		x, y := a[p][i], a[q][i]
		a[p][i], a[q][i] = c*x-s*y, s*x+c*y
		x, y = v[i][p], v[i][q]
		v[i][p], v[i][q] = c*x-s*y, s*x+c*y
	}
	a[p][q], a[q][p] = 0, 0
}

// SolveDefinite solves a·x = b for a positive definite matrix; false otherwise.
func SolveDefinite(a [][]float64, b []float64) ([]float64, bool) {
	inv, ok := SymmetricInverse(a)
	if !ok {
		return nil, false
	}
	x := make([]float64, len(b))
	for i := range x {
		x[i] = Dot(inv[i], b)
	}
	return x, true
}

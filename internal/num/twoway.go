package num

// twoWayRows is how many rows are worked on at a time.
const twoWayRows = 1024

// TwoWay returns the sums of squares of the two-way analysis of variance of
// columns of equal length: of the rows' means about the grand mean and of the
// columns', one term for each of them, and of what is left of all values. It takes
// two passes: means of the deviations from the first value, then what is left.
func TwoWay(cols [][]float64) (rows, columns, rest float64) {
	n, k := len(cols[0]), len(cols)
	first := cols[0][0]
	row, col := make([]float64, n), make([]float64, k)
	for from := 0; from < n; from += twoWayRows {
		to := min(n, from+twoWayRows)
		r := row[from:to]
		j := 0
		for ; j+2 <= k; j += 2 {
			a, b := rowSums(r, cols[j][from:to], cols[j+1][from:to], first)
			col[j] += a
			col[j+1] += b
		}
		if j < k {
			for i, x := range cols[j][from:to] {
				r[i] += x - first
				col[j] += x - first
			}
		}
	}
	for j := range col {
		col[j] /= float64(n)
	}
	grand := Mean(col)
	for from := 0; from < n; from += twoWayRows {
		to := min(n, from+twoWayRows)
		r := row[from:to]
		var s0, s1 float64
		for i := range r {
			r[i] = r[i]/float64(k) - grand
			s0, s1 = s1, s0+r[i]*r[i]
		}
		rows += s0 + s1
		j := 0
		for ; j+2 <= k; j += 2 {
			rest += restSquares(r, cols[j][from:to], cols[j+1][from:to], first, col[j], col[j+1])
		}
		if j < k {
			var s float64
			for i, x := range cols[j][from:to] {
				d := x - first - (col[j] + r[i]) // first + col would lose digits
				s += d * d
			}
			rest += s
		}
	}
	for _, c := range col {
		columns += (c - grand) * (c - grand)
	}
	return rows, columns, rest
}

// rowSums adds two columns' deviations from m to those of the rows, and returns
// the sums of the columns.
func rowSums(row, a, b []float64, m float64) (sa, sb float64) {
	a, b = a[:len(row)], b[:len(row)]
	var sa1, sb1 float64
	i := 0
	for ; i+2 <= len(row); i += 2 {
		a0, b0, a1, b1 := a[i]-m, b[i]-m, a[i+1]-m, b[i+1]-m
		sa += a0
		sb += b0
		sa1 += a1
		sb1 += b1
		row[i] += a0 + b0
		row[i+1] += a1 + b1
	}
	if i < len(row) {
		sa += a[i] - m
		sb += b[i] - m
		row[i] += (a[i] - m) + (b[i] - m)
	}
	return sa + sa1, sb + sb1
}

// restSquares is Σ (a − m − ma − row)² + Σ (b − m − mb − row)²; m + ma, of a large
// m, would lose digits.
func restSquares(row, a, b []float64, m, ma, mb float64) float64 {
	a, b = a[:len(row)], b[:len(row)]
	var s0, s1, s2, s3 float64
	i := 0
	for ; i+2 <= len(row); i += 2 {
		a0, b0, a1, b1 := a[i]-m-(ma+row[i]), b[i]-m-(mb+row[i]), a[i+1]-m-(ma+row[i+1]), b[i+1]-m-(mb+row[i+1])
		s0 += a0 * a0
		s1 += b0 * b0
		s2 += a1 * a1
		s3 += b1 * b1
	}
	if i < len(row) {
		a0, b0 := a[i]-m-(ma+row[i]), b[i]-m-(mb+row[i])
		s0 += a0 * a0
		s1 += b0 * b0
	}
	return (s0 + s1) + (s2 + s3)
}

package solve

import "math"

// An lp is a small linear program, maximise c·x with A x = b, 0 ≤ x ≤ u, for
// masters of a few hundred rows: a bounded primal simplex on an explicit
// inverse of the basis. It works in floating point. Nothing that is proved
// rests on it: its duals become prices, and any prices prove something.
type lp struct {
	rows  int
	b     []float64
	start []int32 // columns, compressed
	index []int32
	value []float64
	cost  []float64
	upper []float64

	basis   []int32   // variable of each row
	at      []int32   // variable → row of the basis, or −1
	top     []bool    // non-basic at its upper end
	inv     []float64 // inverse of the basis, by rows
	x       []float64 // basic values
	y       []float64 // duals
	alpha   []float64
	pivots  int
	factors int
}

const (
	dualTolerance  = 1e-7
	pivotTolerance = 1e-8
)

func newLP(rows int) *lp {
	return &lp{rows: rows, b: make([]float64, rows), start: []int32{0}, basis: make([]int32, rows), inv: make([]float64, rows*rows),
		x: make([]float64, rows), y: make([]float64, rows), alpha: make([]float64, rows)}
}

// column adds a variable and returns its number.
func (l *lp) column(cost, upper float64, index []int32, value []float64) int32 {
	l.index = append(l.index, index...)
	l.value = append(l.value, value...)
	l.start = append(l.start, int32(len(l.index)))
	l.cost = append(l.cost, cost)
	l.upper = append(l.upper, upper)
	l.at = append(l.at, -1)
	l.top = append(l.top, false)
	return int32(len(l.cost) - 1)
}

// factor computes the inverse of the basis, the basic values and the duals;
// false if the basis is singular.
func (l *lp) factor() bool {
	m := l.rows
	l.factors++
	w := make([]float64, m*2*m) // [B | I], reduced to [I | B⁻¹]
	for r, j := range l.basis {
		for k := l.start[j]; k < l.start[j+1]; k++ {
			w[int(l.index[k])*2*m+r] = l.value[k]
		}
		w[r*2*m+m+r] = 1
	}
	for c := range m {
		p := c
		for r := c + 1; r < m; r++ {
			if math.Abs(w[r*2*m+c]) > math.Abs(w[p*2*m+c]) {
				p = r
			}
		}
		if math.Abs(w[p*2*m+c]) < 1e-11 {
			return false
		}
		if p != c {
			for k := range 2 * m {
				w[p*2*m+k], w[c*2*m+k] = w[c*2*m+k], w[p*2*m+k]
			}
		}
		row := w[c*2*m : (c+1)*2*m]
		f := 1 / row[c]
		for k := c; k < 2*m; k++ {
			row[k] *= f
		}
		for r := range m {
			if g := w[r*2*m+c]; r != c && g != 0 {
				other := w[r*2*m : (r+1)*2*m]
				for k := c; k < 2*m; k++ {
					other[k] -= g * row[k]
				}
			}
		}
	}
	for r := range m {
		copy(l.inv[r*m:(r+1)*m], w[r*2*m+m:(r+1)*2*m])
	}
	l.refresh()
	return true
}

// refresh recomputes basic values and duals from the inverse.
func (l *lp) refresh() {
	m := l.rows
	rhs := append([]float64(nil), l.b...)
	for j := range l.cost {
		if l.at[j] < 0 && l.top[j] {
			for k := l.start[j]; k < l.start[j+1]; k++ {
				rhs[l.index[k]] -= l.upper[j] * l.value[k]
			}
		}
	}
	clear(l.y)
	for r := range m {
		row, s := l.inv[r*m:(r+1)*m], 0.0
		c := l.cost[l.basis[r]]
		for k, a := range row {
			s += a * rhs[k]
			l.y[k] += c * a
		}
		l.x[r] = s
	}
}

// reduced is the reduced cost of variable j.
func (l *lp) reduced(j int32) float64 {
	d := l.cost[j]
	for k := l.start[j]; k < l.start[j+1]; k++ {
		d -= l.y[l.index[k]] * l.value[k]
	}
	return d
}

// solve makes pivots until no variable improves, at most limit; it reports
// whether the end was reached.
func (l *lp) solve(limit int) bool {
	for range limit {
		enter, most := int32(-1), dualTolerance
		for j := range l.cost {
			if l.at[j] >= 0 || l.upper[j] <= 0 {
				continue
			}
			d := l.reduced(int32(j))
			if l.top[j] {
				d = -d
			}
			if d > most {
				enter, most = int32(j), d
			}
		}
		if enter < 0 {
			return true
		}
		if !l.pivot(enter) {
			return false
		}
		if l.pivots++; l.pivots%150 == 0 && !l.factor() {
			return false
		}
	}
	return false
}

// pivot brings a variable in, or moves it to its other end.
func (l *lp) pivot(j int32) bool {
	m := l.rows
	dir := 1.0
	if l.top[j] {
		dir = -1
	}
	clear(l.alpha)
	for k := l.start[j]; k < l.start[j+1]; k++ {
		c, v := int(l.index[k]), l.value[k]
		for r := range m {
			l.alpha[r] += l.inv[r*m+c] * v
		}
	}
	step, leave := l.ratio(dir)
	if own := l.upper[j]; leave < 0 || own <= step {
		if math.IsInf(own, 1) {
			return false // no end: cannot happen with the masters here
		}
		for r := range m {
			l.x[r] -= dir * own * l.alpha[r]
		}
		l.top[j] = !l.top[j]
		return true
	}
	d := l.reduced(j)
	out := l.basis[leave]
	for r := range m {
		l.x[r] -= dir * step * l.alpha[r]
	}
	entering := step
	if dir < 0 {
		entering = l.upper[j] - step
	}
	l.top[out] = dir*l.alpha[leave] < 0 // it left by growing
	l.at[out], l.at[j], l.top[j] = -1, int32(leave), false
	l.basis[leave], l.x[leave] = j, entering
	row := l.inv[leave*m : (leave+1)*m]
	f := 1 / l.alpha[leave]
	for k := range row {
		row[k] *= f
		l.y[k] += d * row[k]
	}
	for r := range m {
		if g := l.alpha[r]; r != leave && g != 0 {
			other := l.inv[r*m : (r+1)*m]
			for k, a := range row {
				other[k] -= g * a
			}
		}
	}
	return true
}

// ratio finds how far the entering variable can go and which row stops it:
// among nearly equal rows the one with the largest pivot.
func (l *lp) ratio(dir float64) (step float64, leave int) {
	const slack = 1e-9
	room := func(r int, extra float64) float64 {
		a := dir * l.alpha[r]
		switch {
		case a > pivotTolerance:
			return (max(l.x[r], 0) + extra) / a
		case a < -pivotTolerance:
			if u := l.upper[l.basis[r]]; !math.IsInf(u, 1) {
				return (max(u-l.x[r], 0) + extra) / -a
			}
		}
		return math.Inf(1)
	}
	least := math.Inf(1)
	for r := range l.rows {
		least = min(least, room(r, slack))
	}
	leave, step = -1, math.Inf(1)
	size := 0.0
	if math.IsInf(least, 1) {
		return step, leave
	}
	for r := range l.rows {
		if t := room(r, 0); t <= least && math.Abs(l.alpha[r]) > size {
			leave, step, size = r, t, math.Abs(l.alpha[r])
		}
	}
	return step, leave
}

// amount is the value of variable j.
func (l *lp) amount(j int32) float64 {
	switch {
	case l.at[j] >= 0:
		return l.x[l.at[j]]
	case l.top[j]:
		return l.upper[j]
	}
	return 0
}

// objective is c·x.
func (l *lp) objective() (v float64) {
	for j := range l.cost {
		if a := l.amount(int32(j)); a != 0 {
			v += l.cost[j] * a
		}
	}
	return v
}

// work is what the program has cost so far, in person searches of like time.
func (l *lp) work() int64 {
	m := int64(l.rows)
	return (int64(l.pivots)*(m*m+8*int64(len(l.cost))) + int64(l.factors)*m*m*m/2) / 4000
}

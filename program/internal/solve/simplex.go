package solve

import (
	"math"
	"slices"
)

// An lp is the linear program of a master: maximise c·x where A x = b on a few
// linking rows, and the columns of each group (the plans of one person) add up
// to one. Every bound is elastic: leaving [lo, hi] costs under or over per
// unit, so that any basis is a place to start from, soft rows need no
// variables of their own, and a branch changes nothing but bounds.
//
// The method is the primal simplex with generalised upper bounds (Dantzig and
// Van Slyke 1967): one column of each group is its key and takes what the
// others leave, so that only a working basis as large as the linking rows is
// inverted, however many people there are. It works in floating point. Nothing
// that is proved rests on it: its duals become prices, and any prices prove
// something.
type lp struct {
	rows  int
	b     []float64
	alone int // columns without a group come first: so many
	cols  []*column
	side  []bounds

	key     []int32   // group → the column that takes what the others leave
	keyX    []float64 // and its value
	basis   []int32   // position → column
	x       []float64 // its value
	at      []int32   // column → position, or one of the two below
	top     []bool    // non-basic at hi
	inv     []float64 // inverse of the working basis, by columns
	y       []float64 // duals of the rows
	members [][]int32 // group → positions of its columns

	queue   []entrant
	better  int     // of the queue, those that improved when they were queued
	near    float64 // how far from improving variables are queued too
	alpha   []float64
	move    []float64 // group → how the key moves, scratch
	moves   []bool
	touched []int32   // the groups that do
	dual    []float64 // scratch of scan, per group
	bestOf  []int32
	breaks  []breakpoint
	slopes  []float64
	cursor  int         // of scans
	late    func() bool // time is over: solve may end anywhere
	pivots  int
	factors int
	scanned int64
	looked  int64
}

// Where a column is that has no position in the working basis.
const (
	nonBasic = -1
	isKey    = -2
)

// A column is a variable's coefficients; columns are shared and never change.
type column struct {
	index []int32
	value []float64
	cost  float64
	group int32 // −1: none
}

// bounds of a variable, and what a unit below or above costs.
type bounds struct{ lo, hi, under, over float64 }

// An entrant may come into the basis.
type entrant struct {
	col  int32
	rate float64 // what a unit of it gains
	down bool
}

// A breakpoint is where the slope of the objective changes along a step.
type breakpoint struct {
	step  float64
	speed float64 // of the variable that gets there
	fall  float64 // of the slope
	what  int32   // position, or −1 − group for a key, or entering
	hi    bool    // at its upper bound
}

const entering = math.MinInt32

const (
	dualTolerance  = 1e-7
	boundTolerance = 1e-9
	pivotTolerance = 1e-8
)

func newLP(rows, groups int) *lp {
	return &lp{rows: rows, b: make([]float64, rows), key: make([]int32, groups), keyX: make([]float64, groups), basis: make([]int32, rows),
		x: make([]float64, rows), inv: make([]float64, rows*rows), y: make([]float64, rows), members: make([][]int32, groups),
		alpha: make([]float64, rows), move: make([]float64, groups), moves: make([]bool, groups), dual: make([]float64, groups), bestOf: make([]int32, groups), slopes: make([]float64, rows)}
}

// add takes a column and returns its number. Columns without a group come first.
func (l *lp) add(c *column, b bounds) int32 {
	if c.group < 0 {
		l.alone = len(l.cols) + 1
	}
	l.cols, l.side = append(l.cols, c), append(l.side, b)
	l.at, l.top = append(l.at, nonBasic), append(l.top, false)
	return int32(len(l.cols) - 1)
}

// slope is what a unit of a variable adds to the objective at value x.
func (l *lp) slope(j int32, x float64) float64 {
	c, s := l.cols[j].cost, &l.side[j]
	switch {
	case x < s.lo-boundTolerance:
		return c + s.under
	case x > s.hi+boundTolerance:
		return c - s.over
	}
	return c
}

// rest is the value of a non-basic variable.
func (l *lp) rest(j int32) float64 {
	if l.top[j] {
		return l.side[j].hi
	}
	return l.side[j].lo
}

// amount is the value of variable j.
func (l *lp) amount(j int32) float64 {
	switch p := l.at[j]; p {
	case nonBasic:
		return l.rest(j)
	case isKey:
		return l.keyX[l.cols[j].group]
	default:
		return l.x[p]
	}
}

// begin makes the keys and columns of the basis that are set the basis.
func (l *lp) begin() bool {
	for j := range l.at {
		l.at[j] = nonBasic
	}
	for _, j := range l.key {
		l.at[j] = isKey
	}
	for r, j := range l.basis {
		l.at[j] = int32(r)
	}
	return l.factor()
}

// A mark remembers a basis with its inverse.
type mark struct {
	key, basis, at []int32
	top            []bool
	inv            []float64
}

// mark remembers where the program stands, in the room of an older mark.
func (l *lp) mark(s *mark) {
	s.key, s.basis, s.at = append(s.key[:0], l.key...), append(s.basis[:0], l.basis...), append(s.at[:0], l.at...)
	s.top, s.inv = append(s.top[:0], l.top...), append(s.inv[:0], l.inv...)
}

// restore goes back to a mark, whatever the bounds and columns are by now.
func (l *lp) restore(s *mark) {
	copy(l.key, s.key)
	copy(l.basis, s.basis)
	copy(l.inv, s.inv)
	n := copy(l.at, s.at)
	copy(l.top, s.top)
	for j := n; j < len(l.at); j++ {
		l.at[j], l.top[j] = nonBasic, false
	}
}

// dot is y·a.
func dot(y []float64, c *column) (v float64) {
	for k, r := range c.index {
		v += y[r] * c.value[k]
	}
	return v
}

// factor computes the inverse of the working basis and all values; false if
// the basis is singular.
func (l *lp) factor() bool {
	m := l.rows
	l.factors++
	clear(l.inv)
	w := make([]float64, m*m) // by rows, reduced to I while inv becomes the inverse by rows
	for p, j := range l.basis {
		c := l.cols[j]
		for k, r := range c.index {
			w[int(r)*m+p] += c.value[k]
		}
		if c.group >= 0 {
			c := l.cols[l.key[c.group]]
			for k, r := range c.index {
				w[int(r)*m+p] -= c.value[k]
			}
		}
	}
	for r := range m {
		l.inv[r*m+r] = 1
	}
	for c := range m {
		p := c
		for r := c + 1; r < m; r++ {
			if math.Abs(w[r*m+c]) > math.Abs(w[p*m+c]) {
				p = r
			}
		}
		if math.Abs(w[p*m+c]) < 1e-10 {
			return false
		}
		a, b := w[c*m:(c+1)*m], l.inv[c*m:(c+1)*m]
		if p != c {
			swapRows(a, w[p*m:(p+1)*m])
			swapRows(b, l.inv[p*m:(p+1)*m])
		}
		f := 1 / a[c]
		for k := c; k < m; k++ {
			a[k] *= f
		}
		for k := range b {
			b[k] *= f
		}
		for r := range m {
			if g := w[r*m+c]; r != c && g != 0 {
				less(w[r*m+c:(r+1)*m], a[c:], g)
				less(l.inv[r*m:(r+1)*m], b, g)
			}
		}
	}
	for r := range m { // rows to columns
		for c := range r {
			l.inv[r*m+c], l.inv[c*m+r] = l.inv[c*m+r], l.inv[r*m+c]
		}
	}
	l.refresh()
	return true
}

func swapRows(a, b []float64) {
	for k := range a {
		a[k], b[k] = b[k], a[k]
	}
}

// less is a −= g·b.
func less(a, b []float64, g float64) {
	a = a[:len(b)]
	for k, x := range b {
		a[k] -= g * x
	}
}

// refresh recomputes the values and the duals from the inverse.
func (l *lp) refresh() {
	rhs := slices.Clone(l.b)
	off := func(c *column, x float64) {
		for k, r := range c.index {
			rhs[r] -= x * c.value[k]
		}
	}
	for j := range l.alone {
		if l.at[j] == nonBasic {
			if x := l.rest(int32(j)); x != 0 {
				off(l.cols[j], x)
			}
		}
	}
	for g, j := range l.key {
		off(l.cols[j], 1)
		l.keyX[g], l.members[g] = 1, l.members[g][:0]
	}
	clear(l.x)
	for c, v := range rhs {
		if v != 0 {
			less(l.x, l.inv[c*l.rows:(c+1)*l.rows], -v)
		}
	}
	for p, j := range l.basis {
		if g := l.cols[j].group; g >= 0 {
			l.keyX[g] -= l.x[p]
			l.members[g] = append(l.members[g], int32(p))
		}
	}
	l.duals()
}

// duals computes the prices of the rows at the present values.
func (l *lp) duals() {
	for p, j := range l.basis {
		l.slopes[p] = l.slope(j, l.x[p])
		if g := l.cols[j].group; g >= 0 {
			l.slopes[p] -= l.slope(l.key[g], l.keyX[g])
		}
	}
	for c := range l.y {
		v, col := 0.0, l.inv[c*l.rows:(c+1)*l.rows]
		for p, s := range l.slopes {
			v += s * col[p]
		}
		l.y[c] = v
	}
}

// groupDual is what the plan of a group is worth at the prices.
func (l *lp) groupDual(g int32) float64 {
	j := l.key[g]
	return l.slope(j, l.keyX[g]) - dot(l.y, l.cols[j])
}

// gain is what a unit of the non-basic variable j adds, up or down.
func (l *lp) gain(j int32, dual float64) (rate float64, down bool) {
	c, s := l.cols[j], &l.side[j]
	d := c.cost - dot(l.y, c) - dual
	up, low := d, -d
	if l.top[j] || s.lo == s.hi {
		up -= s.over
	}
	if !l.top[j] || s.lo == s.hi {
		low -= s.under
	}
	if up >= low {
		return up, false
	}
	return low, true
}

// reduced is the reduced cost of variable j.
func (l *lp) reduced(j int32) float64 {
	d := l.cols[j].cost - dot(l.y, l.cols[j])
	if g := l.cols[j].group; g >= 0 {
		d -= l.groupDual(g)
	}
	return d
}

// scan queues variables that improve, or nearly so and may after the next
// pivots, one of each group: all lone ones, and plans from where the last scan
// ended until they are enough. It reports whether any improves.
func (l *lp) scan() bool {
	l.queue, l.better = l.queue[:0], 0
	for j := range int32(l.alone) {
		if l.at[j] == nonBasic {
			if rate, down := l.gain(j, 0); rate > dualTolerance-l.near {
				l.put(entrant{j, rate, down})
			}
		}
	}
	for g := range l.bestOf {
		l.bestOf[g] = unseen
	}
	plans := len(l.cols) - l.alone
	many := l.better + 20 + l.rows/2
	for n := range plans {
		if l.cursor++; l.cursor >= len(l.cols) || l.cursor < l.alone {
			l.cursor = l.alone
		}
		l.scanned++
		l.offer(int32(l.cursor))
		if l.better >= many && n >= plans/10 {
			break
		}
	}
	switch n := len(l.queue) - l.better; { // as many near ones as are cheap to keep an eye on
	case n > 4*l.rows+100:
		l.near *= 0.6
	case n < l.rows:
		l.near = 1.3*l.near + dualTolerance
	}
	return l.better > 0
}

func (l *lp) put(e entrant) {
	if e.rate > dualTolerance {
		l.better++
	}
	l.queue = append(l.queue, e)
}

// Marks of groups during a scan, beside the place of their best in the queue.
const (
	unseen = -2 // the dual is not known
	none   = -1
)

// offer queues plan j if it improves, and more than others of its group.
func (l *lp) offer(j int32) {
	if l.at[j] != nonBasic {
		return
	}
	g := l.cols[j].group
	if l.bestOf[g] == unseen {
		l.bestOf[g], l.dual[g] = none, l.groupDual(g)
	}
	rate, down := l.gain(j, l.dual[g])
	if rate <= dualTolerance-l.near {
		return
	}
	if k := l.bestOf[g]; k == none {
		l.bestOf[g] = int32(len(l.queue))
		l.put(entrant{j, rate, down})
	} else if was := l.queue[k].rate; rate > was {
		l.queue[k] = entrant{j, rate, down}
		if rate > dualTolerance && was <= dualTolerance {
			l.better++
		}
	}
}

// next takes one of the queue that improves at the present prices: the best by
// what was known of them, if it still is about that. Where none is left they are
// all looked at again.
func (l *lp) next() (e entrant, ok bool) {
	for {
		best, second, n := -1, 0.0, 0
		l.looked += int64(len(l.queue))
		for _, q := range l.queue {
			if l.at[q.col] != nonBasic {
				continue
			}
			l.queue[n] = q
			switch {
			case best < 0 || q.rate > l.queue[best].rate:
				if best >= 0 {
					second = l.queue[best].rate
				}
				best = n
			case q.rate > second:
				second = q.rate
			}
			n++
		}
		l.queue = l.queue[:n]
		if best < 0 {
			return entrant{}, false
		}
		q := &l.queue[best]
		if q.rate <= dualTolerance {
			if !l.again() {
				return entrant{}, false
			}
			continue
		}
		if l.value(q); q.rate > dualTolerance && q.rate >= 0.5*second {
			return *q, true
		}
	}
}

// value computes what an entrant gains at the present prices.
func (l *lp) value(q *entrant) {
	dual := 0.0
	if g := l.cols[q.col].group; g >= 0 {
		dual = l.groupDual(g)
	}
	q.rate, q.down = l.gain(q.col, dual)
}

// again values the queue, and reports whether one of it improves.
func (l *lp) again() (some bool) {
	l.scanned += int64(len(l.queue))
	for k := range l.queue {
		l.value(&l.queue[k])
		some = some || l.queue[k].rate > dualTolerance
	}
	return some
}

// solve makes pivots until no variable improves, at most limit; it reports
// whether the end was reached.
func (l *lp) solve(limit int) bool {
	l.duals()
	often, fresh := 100+l.rows, true
	for n := 0; n < limit; {
		if !l.scan() {
			if fresh {
				return true
			}
			l.duals() // after ties they may not be those of the basis
			fresh = true
			continue
		}
		fresh = false
		for ; n < limit; n++ {
			e, ok := l.next()
			if !ok {
				break
			}
			if n%64 == 63 && l.late != nil && l.late() {
				return false
			}
			if !l.pivot(e) {
				return false
			}
			if l.pivots++; l.pivots%often == 0 && !l.factor() {
				return false
			}
		}
	}
	return false
}

// pivot brings a variable in, or moves it to its other end.
func (l *lp) pivot(e entrant) bool {
	dir := 1.0
	if e.down {
		dir = -1
	}
	c := l.cols[e.col]
	l.direction(c)
	l.points(e, dir)
	stop, bent := l.stop(e.rate)
	if stop < 0 {
		return false // no end: cannot happen with the masters here
	}
	p := l.breaks[stop]
	for r, a := range l.alpha {
		l.x[r] -= dir * p.step * a
	}
	for _, g := range l.touched {
		l.keyX[g] += p.step * l.move[g]
	}
	value := l.rest(e.col) + dir*p.step
	if r, moved := l.replace(e.col, p, value); bent {
		l.duals()
	} else if moved { // all slopes are what they were: the duals move along the new row
		d := l.slope(e.col, value) - dot(l.y, c)
		if c.group >= 0 {
			d -= l.groupDual(c.group)
		}
		for c := range l.y {
			l.y[c] += d * l.inv[c*l.rows+int(r)]
		}
	}
	return true
}

// direction is how the working basis answers a unit of the entering column.
func (l *lp) direction(c *column) {
	clear(l.alpha)
	push := func(c *column, f float64) {
		for k, r := range c.index {
			less(l.alpha, l.inv[int(r)*l.rows:(int(r)+1)*l.rows], -f*c.value[k])
		}
	}
	push(c, 1)
	if c.group >= 0 {
		push(l.cols[l.key[c.group]], -1)
	}
}

// points lists where the slope of the objective changes when the variable comes in.
func (l *lp) points(e entrant, dir float64) {
	for _, g := range l.touched {
		l.moves[g] = false
	}
	l.breaks, l.touched = l.breaks[:0], l.touched[:0]
	touch := func(g int32, by float64) {
		if !l.moves[g] {
			l.touched, l.moves[g], l.move[g] = append(l.touched, g), true, 0
		}
		l.move[g] += by
	}
	if g := l.cols[e.col].group; g >= 0 {
		touch(g, -dir)
	}
	for r, a := range l.alpha {
		if a == 0 {
			continue
		}
		l.point(l.basis[r], l.x[r], -dir*a, int32(r))
		if h := l.cols[l.basis[r]].group; h >= 0 {
			touch(h, dir*a)
		}
	}
	for _, h := range l.touched {
		l.point(l.key[h], l.keyX[h], l.move[h], -1-h)
	}
	switch s := &l.side[e.col]; {
	case s.lo == s.hi: // it leaves its only place, and the rate knows
	case !e.down && !l.top[e.col] && !math.IsInf(s.hi, 1):
		l.breaks = append(l.breaks, breakpoint{s.hi - s.lo, 1, s.over, entering, true})
	case e.down && l.top[e.col]:
		l.breaks = append(l.breaks, breakpoint{s.hi - s.lo, 1, s.under, entering, false})
	}
}

// point notes the ends that a basic variable gets to at a speed.
func (l *lp) point(j int32, x, speed float64, what int32) {
	if math.Abs(speed) < pivotTolerance {
		return
	}
	s := &l.side[j]
	put := func(bound, fall float64, hi bool) {
		if fall > 0 && !math.IsInf(bound, 0) {
			l.breaks = append(l.breaks, breakpoint{max(0, (bound-x)/speed), speed, fall * math.Abs(speed), what, hi})
		}
	}
	switch {
	case speed < 0 && x > s.hi+boundTolerance:
		put(s.hi, s.over, true)
		put(s.lo, s.under, false)
	case speed < 0 && x >= s.lo-boundTolerance:
		put(s.lo, s.under, false)
	case speed > 0 && x < s.lo-boundTolerance:
		put(s.lo, s.under, false)
		put(s.hi, s.over, true)
	case speed > 0 && x <= s.hi+boundTolerance:
		put(s.hi, s.over, true)
	}
}

// stop walks the breakpoints until the objective no longer rises, and returns
// the one to stop at: among nearly equal ones the one with the largest pivot;
// bent tells whether others were passed.
func (l *lp) stop(rate float64) (at int, bent bool) {
	used := 0
	for used < len(l.breaks) {
		k := used
		for i := used + 1; i < len(l.breaks); i++ {
			if l.breaks[i].step < l.breaks[k].step {
				k = i
			}
		}
		l.breaks[used], l.breaks[k] = l.breaks[k], l.breaks[used]
		if rate -= l.breaks[used].fall; rate <= dualTolerance/10 {
			best := used
			for i := range l.breaks {
				if math.Abs(l.breaks[i].step-l.breaks[used].step) <= 1e-10 && math.Abs(l.breaks[i].speed) > math.Abs(l.breaks[best].speed) {
					best = i
				}
			}
			return best, used > 0
		}
		used++
	}
	return -1, false
}

// replace puts the entering column where the breakpoint's variable was: at a
// position of the working basis, or in the place of a key, which moves nothing.
func (l *lp) replace(j int32, p breakpoint, value float64) (position int32, moved bool) {
	if p.what == entering {
		l.top[j] = p.hi
		return 0, false
	}
	g := l.cols[j].group
	r := p.what
	if r < 0 { // a key leaves
		h := -1 - r
		old := l.key[h]
		if len(l.members[h]) == 0 { // the group changes its plan, and nothing else happens
			l.at[old], l.top[old] = nonBasic, p.hi
			l.key[h], l.keyX[h], l.at[j] = j, value, isKey
			return 0, false
		}
		r = l.rekey(h, g)
	}
	out := l.basis[r]
	if h := l.cols[out].group; h >= 0 {
		l.members[h] = slices.DeleteFunc(l.members[h], func(q int32) bool { return q == r })
	}
	l.at[out], l.top[out] = nonBasic, p.hi
	l.basis[r], l.at[j], l.x[r] = j, r, value
	if g >= 0 {
		l.members[g] = append(l.members[g], r)
	}
	f := 1 / l.alpha[r]
	for c := range l.rows {
		col := l.inv[c*l.rows : (c+1)*l.rows]
		if col[r] == 0 {
			continue
		}
		a := col[r] * f
		less(col, l.alpha, a)
		col[r] = a
	}
	return r, true
}

// rekey makes a member of the working basis the key of group h; the old key
// takes its position, which is returned. The direction of the entering column,
// of group g, follows.
func (l *lp) rekey(h, g int32) int32 {
	list := l.members[h]
	q := list[0]
	for _, p := range list {
		if l.x[p] > l.x[q] {
			q = p
		}
	}
	for c := range l.rows {
		col, v := l.inv[c*l.rows:(c+1)*l.rows], 0.0
		for _, p := range list {
			v -= col[p]
		}
		col[q] = v
	}
	v := 0.0
	for _, p := range list {
		v -= l.alpha[p]
	}
	if g == h {
		v++
	}
	l.alpha[q] = v
	old, is := l.key[h], l.basis[q]
	l.key[h], l.basis[q] = is, old
	l.at[is], l.at[old] = isKey, q
	l.keyX[h], l.x[q] = l.x[q], l.keyX[h]
	return q
}

// objective is the value of the program, and whether it goes beyond bounds at
// a price of heavy or more.
func (l *lp) objective(heavy float64) (v float64, broken bool) {
	add := func(j int32, x float64) {
		s := &l.side[j]
		below, above := max(0, s.lo-x), max(0, x-s.hi)
		v += l.cols[j].cost*x - s.under*below - s.over*above
		broken = broken || below > 1e-6 && s.under >= heavy || above > 1e-6 && s.over >= heavy
	}
	for p, j := range l.basis {
		add(j, l.x[p])
	}
	for g, j := range l.key {
		add(j, l.keyX[g])
	}
	for j := range int32(l.alone) {
		if l.at[j] == nonBasic {
			add(j, l.rest(j))
		}
	}
	return v, broken
}

// work is what the program has cost so far, in person searches of like time.
func (l *lp) work() int64 {
	m := int64(l.rows)
	return (int64(l.pivots)*3*m*m + 10*l.scanned + 4*l.looked + int64(l.factors)*m*m*m/2) / 4000
}

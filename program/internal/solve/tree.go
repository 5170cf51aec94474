package solve

import (
	"container/heap"
	"math"
	"math/big"
	"slices"
	"sync"
)

// A node of the search tree: a branch with its best prices, the bound they
// prove, and where to branch next.
type node struct {
	*branch
	x     []float64
	D     int64
	cert  *Certificate // its place in the proof
	on    decision
	depth int
	order int // of creation: breaks ties

	shares []float64 // of the sessions held, in the solution of the master
}

// A decision is what to branch on: a session, or a pair.
type decision struct {
	session int32 // −1: none
	pair    int32 // −1: none
	person  int32
}

// nowhere is the decision of a node in which nothing is open.
var nowhere = decision{-1, -1, -1}

// frontier is a heap of nodes, the largest bound first.
type frontier []*node

func (f frontier) Len() int { return len(f) }
func (f frontier) Less(a, b int) bool {
	if f[a].D != f[b].D {
		return f[a].D > f[b].D
	}
	return f[a].order < f[b].order
}
func (f frontier) Swap(a, b int) { f[a], f[b] = f[b], f[a] }
func (f *frontier) Push(x any)   { *f = append(*f, x.(*node)) }
func (f *frontier) Pop() any {
	old := *f
	x := old[len(old)-1]
	old[len(old)-1] = nil
	*f = old[:len(old)-1]
	return x
}

// A run is one call of Solve.
type run struct {
	*engine
	opt   *Options
	space *space
	best  *state // plan, or nil

	root               *Certificate
	open               frontier
	closed             int64           // largest bound of the leaves that are done with
	made               int             // nodes
	guide              *prices         // of the root: what rows are worth before branching
	held               []float64       // average of the sessions held at the root
	rounds             int64           // of local search
	last               [walkers]*state // where its walkers are
	priced             bool            // the bound comes from prices
	small              bool            // masters are solved
	pool               *pool
	searched, branched int64 // work of the two so far

	trace []Progress
}

// cutoff is the bound below which a leaf holds nothing better than the plan at
// hand: the next value on the lattice. Without a plan, every branch that could
// hold one is worth looking at.
func (r *run) cutoff() int64 {
	if r.best == nil || !r.best.feasible() {
		return r.floorOfPlans()
	}
	return r.cutoffOf(r.best)
}

// cutoffOf is the next value on the lattice above a plan's.
func (r *run) cutoffOf(st *state) int64 {
	v := new(big.Rat).SetInt64(st.worth)
	if r.m.lattice != nil {
		v.Add(v, new(big.Rat).Mul(r.m.lattice, new(big.Rat).SetInt(r.m.grid)))
	}
	return saturate(ceilRat(v))
}

// floorOfPlans is below the objective of every plan: a branch whose bound is
// lower holds none.
func (r *run) floorOfPlans() int64 {
	m := r.m
	v := int64(0)
	for i := range m.n {
		if m.counts[i] && !m.hardFloor {
			v -= m.rho * int64(m.hmin[i])
		}
	}
	for g := range m.groups {
		if m.groups[g].pi != free {
			v -= m.groups[g].all
		}
	}
	cost := int64(0)
	units := make([]int64, m.units)
	used := make([]int64, len(m.limitTop))
	for s := range m.m {
		q := &m.p.Sessions[s]
		n := min(int64(q.Cap), m.audience[s])
		cost = addSat(cost, addSat(q.F, mulSat(q.C, n)))
		for u := range units {
			units[u] = addSat(units[u], mulSat(q.C, n))
		}
		for _, l := range m.perSeat[s] {
			used[l.limit] = addSat(used[l.limit], mulSat(l.amount, n))
		}
		for _, l := range m.perHeld[s] {
			used[l.limit] = addSat(used[l.limit], l.amount)
		}
		for _, o := range m.occasion[s] {
			if m.p.Away != nil && m.awayTop != free && o >= 0 {
				v = addSat(v, -mulSat(m.awayTop, n))
			}
		}
	}
	v = addSat(v, -mulSat(m.money, cost))
	v = addSat(v, excess(cost, m.p.Budget, m.budgetTop))
	for u := range units {
		v = addSat(v, excess(units[u], m.p.UBudget[u], m.unitTop))
	}
	for k := range used {
		v = addSat(v, excess(used[k], m.p.Limits[k].Limit, m.limitTop[k]))
	}
	return addSat(v, -1)
}

// bound is the largest leaf, on the grid.
func (r *run) bound() int64 {
	b := r.closed
	if len(r.open) > 0 {
		b = max(b, r.open[0].D)
	}
	return b
}

// batch is how many nodes are opened at a time: it must not depend on the workers.
func (r *run) batch() int {
	if r.m.n > 1000 {
		return 2
	}
	return 8
}

// expand dives from the best nodes, several side by side.
func (r *run) expand(rounds, depth int) {
	cut := r.cutoff()
	var tasks []*dive
	for len(tasks) < r.batch() && len(r.open) > 0 {
		n := heap.Pop(&r.open).(*node)
		if n.D < cut || n.on == nowhere {
			r.closed = max(r.closed, n.D)
			continue
		}
		tasks = append(tasks, &dive{run: r, node: n, rounds: rounds, depth: depth, cut: cut,
			rng: stream(r.opt.Seed, 2, uint64(r.made)), pool: &view{pool: r.pool, own: map[int32][]planColumn{}}})
		r.made++
	}
	r.each(len(tasks), func(k int) { tasks[k].work() })
	for _, t := range tasks {
		for _, c := range t.fresh {
			r.pool.add(r.m, c.person, c.pairs)
		}
		r.closed = max(r.closed, t.closed)
		for _, n := range t.open {
			n.order = r.made
			r.made++
			heap.Push(&r.open, n)
		}
	}
	for _, t := range tasks { // only now: a report states the bound of the whole frontier
		for _, st := range t.plans {
			r.offer(st)
		}
	}
}

// each runs f(0), …, f(n−1) on the workers.
func (r *run) each(n int, f func(int)) {
	if min(r.workers, n) <= 1 {
		for k := range n {
			f(k)
		}
		return
	}
	var wg sync.WaitGroup
	next := make(chan int, n)
	for k := range n {
		next <- k
	}
	close(next)
	for range min(r.workers, n) {
		wg.Go(func() {
			for k := range next {
				f(k)
			}
		})
	}
	wg.Wait()
}

// A dive goes down from a node: both children, then on from the better one,
// until nothing better can be below or the depth is reached. What it leaves open goes back to the
// frontier. It touches nothing that other dives read.
type dive struct {
	*run
	node   *node
	rounds int // of price search per child, where masters are too large
	depth  int
	cut    int64
	rng    *random
	pool   *view

	open   []*node
	plans  []*state
	fresh  []planColumn
	closed int64
}

func (t *dive) work() {
	t.closed = math.MinInt64
	for n := t.node; n != nil; t.depth-- {
		n = t.branch(n)
		if n != nil && (t.depth <= 1 || n.on == nowhere) {
			t.open = append(t.open, n)
			return
		}
	}
}

// branch opens a node and returns the child to go on from, if any.
func (t *dive) branch(n *node) *node {
	var kids [2]*node
	var finds [2]*found
	for v := range kids {
		kids[v] = t.child(n, v == 1)
		finds[v] = t.lookFor(kids[v], n.shares)
		t.fresh = append(t.fresh, finds[v].fresh...)
		if finds[v].at == nil { // stopped before the first pass: the parent stays a leaf
			t.open = append(t.open, n)
			return nil
		}
	}
	t.grow(n, kids, finds)
	var on []*node
	for v, c := range kids {
		f := finds[v]
		switch {
		case f.none:
		case c.D < t.cut:
			t.closed = max(t.closed, c.D)
		default:
			t.fix(c, f)
			c.on = t.choose(c, f)
			t.try(f)
			on = append(on, c)
		}
	}
	switch {
	case len(on) == 0:
		return nil
	case len(on) == 1:
		return on[0]
	case on[0].D > on[1].D:
		t.open = append(t.open, on[1])
		return on[0]
	}
	t.open = append(t.open, on[0])
	return on[1]
}

// grow puts two children under a node's place in the proof.
func (t *dive) grow(n *node, kids [2]*node, finds [2]*found) {
	cert, s := n.cert, 0
	if n.on.session >= 0 {
		s = int(n.on.session)
	} else {
		s = int(t.m.session[n.on.pair])
		i := int(n.on.person)
		cert.Person = &i
	}
	cert.Session, cert.Prices = &s, Prices{}
	cert.Zero, cert.One = &Certificate{}, &Certificate{}
	for v, c := range kids {
		c.cert = cert.Zero
		if v == 1 {
			c.cert = cert.One
		}
		f := finds[v]
		c.x, c.shares, c.D = f.x, f.held, min(c.D, f.D)
		c.cert.Prices = t.m.leaf(f.at)
	}
}

// try makes a plan from what was found at a node, not at every node.
func (t *dive) try(f *found) {
	if f.plans == nil && t.rng.intn(2) == 0 {
		return
	}
	w := t.newCrew(f.at, t.rng)
	defer t.release(w)
	if f.plans != nil {
		t.plans = append(t.plans, w.round(f))
	} else {
		y := make([]bool, t.m.m)
		threshold := []float64{0.5, 0.4, 0.6, 0.3}[t.rng.intn(4)]
		for s := range y {
			y[s] = f.held[s] >= threshold
		}
		t.plans = append(t.plans, w.construct(y))
	}
	t.meter.add(w.spent)
	st := t.plans[len(t.plans)-1]
	if !st.feasible() || t.best != nil && !st.better(t.best) {
		t.plans = t.plans[:len(t.plans)-1]
		return
	}
	if t.m.n <= 1000 { // what was found here helps the rest of the dive
		if v := t.cutoffOf(st); v > t.cut {
			t.cut = v
		}
	}
}

func (b *branch) clone() *branch {
	c := &branch{held: slices.Clone(b.held), fixes: make(map[int32][]fixed, len(b.fixes)+1)}
	for i, l := range b.fixes {
		c.fixes[i] = slices.Clip(l)
	}
	return c
}

// child is a node with one decision more.
func (r *run) child(n *node, one bool) *node {
	c := &node{branch: n.clone(), x: n.x, D: n.D, depth: n.depth + 1}
	if n.on.session >= 0 {
		c.held[n.on.session] = shut
		if one {
			c.held[n.on.session] = held
		}
		return c
	}
	c.fixes[n.on.person] = append(c.fixes[n.on.person], fixed{n.on.pair, one})
	return c
}

// lookFor finds prices for a node: by the master if it is small enough, else by steps.
func (t *dive) lookFor(c *node, shares []float64) *found {
	if !t.small {
		return t.ascend(t.space, c.x, c.branch, ascent{rounds: t.rounds, size: 0.25, cool: 12, cutoff: t.cut, average: len(t.m.session) <= manyPairs, stop: t.meter.late}, false)
	}
	return t.solveMaster(t.pool, c.branch, c.x, c.D, t.cut, shares)
}

// solveMaster solves the master of a branch. If the solution can only break
// hard rows, breaking them is made dearer, until the bound shows that there is
// no plan.
func (r *run) solveMaster(p *view, b *branch, x []float64, D, cut int64, before []float64) *found {
	unit, _ := r.m.grid.Float64()
	heavy := 4 * float64(r.m.heavy) / unit
	var met []planColumn
	for tries := 0; ; tries++ {
		w := r.newMaster(r.space, b, heavy)
		f := w.solve(p, x, D, cut, before, r.meter.late)
		met = append(met, f.fresh...)
		f.fresh = met
		if !f.broken || f.D < cut || tries == 3 || r.meter.late() {
			return f
		}
		x, heavy = f.x, heavy*30
	}
}

// manyPairs is where averages per pair are no longer kept.
const manyPairs = 20000

// fix decides sessions whose other value the prices of the node already
// exclude: a chain in the proof, with the same prices at each end.
func (t *dive) fix(c *node, f *found) {
	if c.depth > 400 { // readers of the proof may not nest deeper
		return
	}
	D := f.D
	for s := range t.m.m {
		if c.held[s] != undecided || f.last.worth[s] == never {
			continue
		}
		w := f.last.worth[s]
		var side int8
		switch {
		case D-max(0, w) < t.cut: // not held: nothing better in there
			side = held
			t.closed = max(t.closed, D-max(0, w))
		case addSat(D, min(0, w)) < t.cut: // held: neither
			side = shut
			t.closed = max(t.closed, addSat(D, min(0, w)))
		default:
			continue
		}
		c.held[s] = side
		c.depth++
		leaf, rest := &Certificate{Prices: c.cert.Prices}, &Certificate{Prices: c.cert.Prices}
		c.cert.Session, c.cert.Prices = &s, Prices{}
		c.cert.Zero, c.cert.One = rest, leaf
		if side == held {
			c.cert.Zero, c.cert.One = leaf, rest
		}
		c.cert = rest
	}
}

// choose finds what to branch on: a session that the averages are split over,
// weighed by what it costs to hold; then a pair.
func (r *run) choose(c *node, f *found) decision {
	m := r.m
	best, score := nowhere, 0.05
	mean := 1.0
	for s := range m.m {
		mean += float64(m.p.Sessions[s].F) / float64(m.m)
	}
	for s := range m.m {
		if c.held[s] != undecided {
			continue
		}
		y := f.held[s]
		if v := min(y, 1-y) * (0.3 + float64(m.p.Sessions[s].F)/mean); min(y, 1-y) > 0.05 && v > score*0.3 {
			best, score = decision{int32(s), -1, -1}, v/0.3
		}
	}
	if best.session >= 0 {
		return best
	}
	if d := r.choosePair(c, f, 0.05); d.pair >= 0 {
		return d
	}
	for s := range m.m { // nothing is split: any open question
		if c.held[s] == undecided {
			y := f.held[s]
			if v := 1 + min(y, 1-y); best.session < 0 || v > score {
				best, score = decision{int32(s), -1, -1}, v
			}
		}
	}
	if best.session >= 0 {
		return best
	}
	return r.choosePair(c, f, -1)
}

// choosePair finds the pair that the averages are split over, weighed by what
// its seat costs at the prices: cheap seats move the bound little.
func (r *run) choosePair(c *node, f *found, least float64) decision {
	m := r.m
	best, score := nowhere, -1.0
	if f.taken == nil || c.depth > 400 {
		return best
	}
	t := m.tariff(f.at)
	for i := range m.n {
		lo, hi := m.pairs(i)
		for k := lo; k < hi; k++ {
			y, s := min(f.taken[k], 1-f.taken[k]), m.session[k]
			if y <= least || c.held[s] == shut {
				continue
			}
			v := (0.01 + y) * (0.1*r.space.seat + math.Abs(float64(t.seat[int(m.unit[i])*m.m+int(s)])))
			if v <= score || slices.ContainsFunc(c.fixes[int32(i)], func(x fixed) bool { return x.pair == k }) {
				continue
			}
			best, score = decision{-1, k, int32(i)}, v
		}
	}
	return best
}

// offer takes a state as the plan if it is better.
func (r *run) offer(st *state) {
	if st != nil && st.better(r.best) {
		r.best = st
		if st.feasible() {
			r.report("plan")
		}
	}
}

// report adds a line to the trace.
func (r *run) report(phase string) {
	unit, _ := r.m.grid.Float64()
	p := Progress{Phase: phase, Work: r.meter.work.Load(), Objective: math.Inf(-1), Bound: math.Inf(1)}
	if r.best != nil && r.best.feasible() {
		p.Objective = float64(r.best.worth) / unit
	}
	if b := r.bound(); b != math.MaxInt64 {
		p.Bound, _ = downTo(big.NewRat(b, 1).Quo(big.NewRat(b, 1), new(big.Rat).SetInt(r.m.grid)), r.m.lattice).Float64()
	}
	if n := len(r.trace); n > 0 && r.trace[n-1].Objective == p.Objective && r.trace[n-1].Bound == p.Bound {
		return
	}
	r.trace = append(r.trace, p)
	if r.opt.Progress != nil {
		r.opt.Progress(p)
	}
}

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
	closed             int64     // largest bound of the leaves that are done with
	made               int       // nodes
	guide              *prices   // of the root: what rows are worth before branching
	held               []float64 // average of the sessions held at the root
	rounds             int64     // of local search
	priced             bool      // the bound comes from prices
	small              bool      // masters are solved
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
	v := new(big.Rat).SetInt64(r.best.worth)
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

// expand opens the best nodes: two children each, prices sought from the parent's.
func (r *run) expand(rounds int) {
	cut := r.cutoff()
	var tasks []*task
	for len(tasks) < 2*r.batch() && len(r.open) > 0 {
		n := heap.Pop(&r.open).(*node)
		if n.D < cut {
			r.closed = max(r.closed, n.D)
			continue
		}
		if n.on.session < 0 && n.on.pair < 0 { // nothing left to branch on
			r.closed = max(r.closed, n.D)
			continue
		}
		for v := range 2 {
			tasks = append(tasks, &task{parent: n, child: r.child(n, v == 1), rounds: rounds, cut: cut})
		}
	}
	r.each(len(tasks), func(k int) { r.work(tasks[k], k) })
	for _, t := range tasks {
		r.offer(t.plan)
	}
	for k := 0; k < len(tasks); k += 2 {
		r.join(tasks[k].parent, tasks[k:k+2])
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

// A task is the work on one child.
type task struct {
	parent *node
	child  *node
	rounds int
	cut    int64
	found  *found
	plan   *state
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
	c := &node{branch: n.branch.clone(), x: n.x, D: n.D, depth: n.depth + 1, order: r.made}
	r.made++
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

// work finds prices for a child, where to branch below it, and now and then a
// plan.
func (r *run) work(t *task, k int) {
	c := t.child
	f := r.lookFor(c, t)
	t.found = f
	if f.at == nil || f.none || f.D < t.cut {
		return
	}
	w := r.newCrew(f.at, stream(r.opt.Seed, 2, uint64(c.order)))
	defer r.release(w)
	if f.plans != nil {
		t.plan = w.round(f)
	} else if c.order%4 < 2 || r.best == nil {
		y := make([]bool, r.m.m)
		threshold := []float64{0.5, 0.4, 0.6, 0.3}[c.order/4%4]
		for s := range y {
			y[s] = f.held[s] >= threshold
		}
		t.plan = w.construct(y)
	}
	r.meter.add(w.spent)
}

// lookFor finds prices for a node: by the master if it is small enough, else by steps.
func (r *run) lookFor(c *node, t *task) *found {
	if !r.small {
		return r.ascend(r.space, c.x, c.branch, ascent{rounds: t.rounds, size: 0.25, cool: 12, cutoff: t.cut, average: len(r.m.session) <= manyPairs, stop: r.meter.late}, false)
	}
	return r.solveMaster(c.branch, c.x, c.D, t.cut, t.parent.shares)
}

// solveMaster solves the master of a branch. If the solution can only break
// hard rows, breaking them is made dearer, until the bound shows that there is
// no plan.
func (r *run) solveMaster(b *branch, x []float64, D, cut int64, before []float64) *found {
	unit, _ := r.m.grid.Float64()
	heavy := 4 * float64(r.m.heavy) / unit
	var met []planColumn
	for tries := 0; ; tries++ {
		w := r.newMaster(r.space, b, heavy)
		f := w.solve(r.pool, x, D, cut, before, r.meter.late)
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

// join puts the children of a node into proof and frontier.
func (r *run) join(n *node, kids []*task) {
	for _, t := range kids {
		if t.found.at == nil { // stopped before the first pass: the parent stays a leaf
			heap.Push(&r.open, n)
			return
		}
	}
	cert := n.cert
	certs := [2]*Certificate{{}, {}}
	s := 0
	if n.on.session >= 0 {
		s = int(n.on.session)
	} else {
		s = int(r.m.session[n.on.pair])
		i := int(n.on.person)
		cert.Person = &i
	}
	cert.Session = &s
	cert.Prices, cert.Zero, cert.One = Prices{}, certs[0], certs[1]
	for v, t := range kids {
		c, f := t.child, t.found
		c.x, c.cert, c.shares = f.x, certs[v], f.held
		for _, p := range f.fresh {
			r.pool.add(r.m, p.person, p.pairs)
		}
		c.D = min(c.D, f.D)
		c.cert.Prices = r.m.leaf(f.at)
		if f.none {
			continue
		}
		if c.D < t.cut {
			r.closed = max(r.closed, c.D)
			continue
		}
		r.fix(c, f, t.cut)
		c.on = r.choose(c, f)
		heap.Push(&r.open, c)
	}
}

// fix decides sessions whose other value the prices of the node already
// exclude: a chain in the proof, with the same prices at each end.
func (r *run) fix(c *node, f *found, cut int64) {
	if c.depth > 400 { // readers of the proof may not nest deeper
		return
	}
	D := f.D
	for s := range r.m.m {
		if c.held[s] != undecided || f.last.worth[s] == never {
			continue
		}
		w := f.last.worth[s]
		side := int8(undecided)
		switch {
		case D-max(0, w) < cut: // not held: nothing better in there
			side = held
			r.closed = max(r.closed, D-max(0, w))
		case addSat(D, min(0, w)) < cut: // held: neither
			side = shut
			r.closed = max(r.closed, addSat(D, min(0, w)))
		default:
			continue
		}
		c.held[s] = side
		c.depth++
		leaf, rest := &Certificate{Prices: c.cert.Prices}, &Certificate{Prices: c.cert.Prices}
		s := s
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
	none := decision{-1, -1, -1}
	best, score := none, 0.05
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

// choosePair finds the pair whose average is nearest a half and above least.
func (r *run) choosePair(c *node, f *found, least float64) decision {
	m := r.m
	best, score := decision{-1, -1, -1}, least
	if f.taken == nil || c.depth > 400 {
		return best
	}
	for i := range m.n {
		lo, hi := m.pairs(i)
		for k := lo; k < hi; k++ {
			y := min(f.taken[k], 1-f.taken[k])
			if y <= score || c.held[m.session[k]] == shut {
				continue
			}
			if slices.ContainsFunc(c.fixes[int32(i)], func(x fixed) bool { return x.pair == k }) {
				continue
			}
			best, score = decision{-1, k, int32(i)}, y
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

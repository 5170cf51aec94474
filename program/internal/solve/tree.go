package solve

import (
	"cmp"
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
	depth int
	order int    // of creation: breaks ties
	basis *basis // where its master ended; nil: it was not solved
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
	dives              int             // rounds of branching
	rounded            bool            // a plan was made of the root's master
	frame              *frame          // of the masters; nil: too large for them
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

// deepest is how far dives go: readers of the proof may not nest deeper.
const deepest = 400

// expand dives from the best nodes, several side by side.
func (r *run) expand(depth int) {
	if r.m.n <= 1000 && r.dives%4 == 3 || !r.best.feasible() { // down to the ground, where plans are
		depth = deepest
	}
	cut := r.cutoff()
	var tasks []*dive
	for len(tasks) < r.batch() && len(r.open) > 0 {
		n := heap.Pop(&r.open).(*node)
		if n.D < cut {
			r.closed = max(r.closed, n.D)
			continue
		}
		tasks = append(tasks, &dive{run: r, node: n, depth: depth, cut: cut, rng: stream(r.opt.Seed, 2, uint64(r.made))})
		r.made++
	}
	r.dives++
	for k, e := range r.tasks(len(tasks)) {
		tasks[k].engine = e
	}
	r.each(len(tasks), func(k int) { tasks[k].work() })
	for _, t := range tasks {
		r.pool.add(t.w.fresh)
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
	*engine // with its own part of the work, before the run's
	node    *node
	depth   int
	cut     int64
	rng     *random
	w       *master
	start   mark // at the node that is branched
	trial   mark

	open   []*node
	plans  []*state
	closed int64
}

func (t *dive) work() {
	t.closed = math.MinInt64
	n := t.node
	unit, _ := t.m.grid.Float64()
	t.w = t.newMaster(t.frame, t.pool, n.branch, t.space.read(n.x, n.branch), float64(n.D-t.cut)/unit+1)
	for ; n != nil; t.depth-- {
		if t.depth == 0 {
			t.open = append(t.open, n)
			return
		}
		n = t.branch(n)
	}
}

// branch opens a node and returns the child to go on from, if any.
func (t *dive) branch(n *node) *node {
	t.w.load(n.basis, n.branch)
	t.w.settle(2000)
	t.w.l.mark(&t.start)
	on := t.choose(n)
	if on == nowhere {
		t.closed = max(t.closed, n.D)
		return nil
	}
	var kids [2]*node
	var finds [2]*found
	for v := range kids {
		kids[v] = t.child(n, on, v == 1)
		t.w.back(&t.start, kids[v].branch)
		finds[v] = t.w.solve(n.x, t.cut, enough, t.meter.late)
		if finds[v].at == nil { // stopped before the first pass: the parent stays a leaf
			t.open = append(t.open, n)
			return nil
		}
		kids[v].basis = t.w.save()
	}
	t.grow(n, on, kids, finds)
	var open []*node
	for v, c := range kids {
		f := finds[v]
		switch {
		case f.none:
		case c.D < t.cut:
			t.closed = max(t.closed, c.D)
		default:
			t.fix(c, f)
			t.try(f)
			open = append(open, c)
		}
	}
	switch {
	case len(open) == 0:
		return nil
	case len(open) == 1:
		return open[0]
	case open[0].D > open[1].D:
		t.open = append(t.open, open[1])
		return open[0]
	}
	t.open = append(t.open, open[0])
	return open[1]
}

// grow puts two children under a node's place in the proof.
func (t *dive) grow(n *node, on decision, kids [2]*node, finds [2]*found) {
	cert, s := n.cert, 0
	if on.session >= 0 {
		s = int(on.session)
	} else {
		s = int(t.m.session[on.pair])
		i := int(on.person)
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
		c.x, c.D = f.x, min(c.D, f.D)
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
func (r *run) child(n *node, on decision, one bool) *node {
	c := &node{branch: n.clone(), x: n.x, D: n.D, depth: n.depth + 1}
	if on.session >= 0 {
		c.held[on.session] = shut
		if one {
			c.held[on.session] = held
		}
		return c
	}
	c.fixes[on.person] = append(c.fixes[on.person], fixed{on.pair, one})
	return c
}

// fix decides sessions whose other value the prices of the node already
// exclude: a chain in the proof, with the same prices at each end.
func (t *dive) fix(c *node, f *found) {
	if c.depth > deepest {
		return
	}
	D := f.D
	for s := range t.m.m {
		if c.held[s] != undecided || t.m.loose[s] || f.last.worth[s] == never {
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

// A candidate is a decision with what it is worth trying.
type candidate struct {
	decision
	score float64
}

// choose finds what to branch on in the branch that the master is in: of the
// sessions and pairs that the solution is split over, the one whose both sides
// fall most, as far as a few pivots tell.
func (t *dive) choose(n *node) decision {
	list := t.splitSessions(n)
	if len(list) == 0 || list[0].score < 0.03 {
		list = append(list, t.splitPairs(n)...)
	}
	if len(list) == 0 {
		return t.anything(n)
	}
	if len(list) == 1 {
		return list[0].decision
	}
	t.w.l.mark(&t.trial)
	was, _ := t.w.l.objective(t.w.heavy)
	best, most := nowhere, -1.0
	for _, c := range list {
		var fall [2]float64
		for v := range fall {
			t.w.back(&t.trial, t.child(n, c.decision, v == 1).branch)
			t.w.l.solve(40)
			is, _ := t.w.l.objective(t.w.heavy)
			fall[v] = max(was-is, 1e-6)
		}
		if score := fall[0] * fall[1]; score > most {
			best, most = c.decision, score
		}
	}
	return best
}

// few is how many candidates of a kind are tried.
const few = 6

func top(list []candidate) []candidate {
	slices.SortStableFunc(list, func(a, b candidate) int { return cmp.Compare(b.score, a.score) })
	return list[:min(len(list), few)]
}

// splitSessions lists the sessions that are partly held, weighed by what they
// cost to hold.
func (t *dive) splitSessions(n *node) (list []candidate) {
	m := t.m
	mean := 1.0
	for s := range m.m {
		mean += float64(m.p.Sessions[s].F) / float64(m.m)
	}
	for s, j := range t.w.hold {
		if j < 0 || n.held[s] != undecided {
			continue
		}
		y := t.w.l.amount(j)
		if part := min(y, 1-y); part > 1e-6 {
			list = append(list, candidate{decision{int32(s), -1, -1}, part * (0.3 + float64(m.p.Sessions[s].F)/mean)})
		}
	}
	return top(list)
}

// splitPairs lists the pairs that are partly in use, weighed by what the seat
// costs at the prices: cheap seats move the bound little.
func (t *dive) splitPairs(n *node) (list []candidate) {
	m := t.m
	if n.depth > deepest {
		return nil
	}
	x := t.m.tariff(t.space.read(n.x, n.branch))
	for _, y := range t.w.splits() {
		i := m.personOf(y.pair)
		v := (0.01 + min(y.part, 1-y.part)) * (0.1*t.space.seat + math.Abs(float64(x.seatOf(m, int(m.unit[i]), y.pair))))
		list = append(list, candidate{decision{-1, y.pair, i}, v})
	}
	return top(list)
}

// personOf is whose pair k is.
func (m *model) personOf(k int32) int32 {
	i, _ := slices.BinarySearch(m.start, k+1)
	return int32(i) - 1
}

// anything is an open question where nothing is split.
func (t *dive) anything(n *node) decision {
	m := t.m
	for s := range m.m {
		if n.held[s] == undecided && !m.loose[s] {
			return decision{int32(s), -1, -1}
		}
	}
	if n.depth > deepest {
		return nowhere
	}
	for k := range int32(len(m.session)) {
		i := m.personOf(k)
		if n.held[m.session[k]] != shut && !slices.ContainsFunc(n.fixes[i], func(x fixed) bool { return x.pair == k }) {
			return decision{-1, k, i}
		}
	}
	return nowhere
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
	p := Progress{Phase: phase, Work: r.meter.total(), Objective: math.Inf(-1), Bound: math.Inf(1)}
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

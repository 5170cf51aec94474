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
	x     []float64 // nil while it waits: its place in the proof has them
	D     int64
	cert  *Certificate // its place in the proof
	depth int
	order int    // of creation: breaks ties
	basis *basis // where its master ended; nil: it was not solved

	byPrice []int // sessions that its prices decided
}

// A decision is what to branch on: whether a session is held, or which of
// several seats, of one offering or a single one, a person has.
type decision struct {
	session int32 // −1: none
	person  int32
	pairs   []int32
}

// ways is how many branches a decision makes.
func (d *decision) ways() int {
	if d.session >= 0 {
		return 2
	}
	return len(d.pairs) + 1
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
	closed             int64           // largest bound of the leaves that are done with
	made               int             // nodes
	room               int             // for open nodes, in bytes
	folded             int64           // the bound when nodes were folded last
	leaves             int             // of the proof, about
	guide              *prices         // of the root: what rows are worth before branching
	local              *prices         // of the sessions of the first plan; nil: as at the root
	held               []float64       // average of the sessions held at the root
	rounds             int64           // of local search
	last               [walkers]*state // where its walkers are
	priced             bool            // the bound comes from prices
	dives              int             // rounds of branching
	next, pause        int             // when dives go to the ground again
	rounded            bool            // a plan was made of the root's master
	frame              *frame          // of the masters; nil: too large for them
	pool               *pool
	searched, branched int64 // work of the two so far
	idle               int64 // rounds of local search that found nothing, in a row

	lineups []*lineup

	trace []Progress
}

// cutoff is the bound below which a leaf holds nothing better than the plan at
// hand: the next value on the lattice. Without a plan, every branch that could
// hold one is worth looking at.
func (r *run) cutoff() int64 {
	if r.best == nil || !r.best.feasible() {
		return r.floorOfPlans()
	}
	return r.best.next()
}

// next is the next value on the lattice above a plan's: the least that a better
// one is worth.
func (st *state) next() int64 {
	v := new(big.Rat).SetInt64(st.worth)
	if m := st.m; m.lattice != nil {
		v.Add(v, new(big.Rat).Mul(m.lattice, new(big.Rat).SetInt(m.grid)))
	}
	return saturate(ceilRat(v))
}

// floorOfPlans is below the objective of every plan: a branch whose bound is
// lower holds none. It is the one that a proof is checked with.
func (r *run) floorOfPlans() int64 { return r.m.least }

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
	batch, ground, most := r.batch(), !r.best.feasible(), int64(math.MaxInt64)
	if r.m.n <= 1000 && r.dives >= r.next && !ground {
		batch, ground, most = 2, true, r.meter.total()/4
		defer func(was *state) { // what finds nothing comes more and more rarely
			if r.pause = min(2*r.pause, 64); r.best != was {
				r.pause = 4
			}
			r.next = r.dives + r.pause
		}(r.best)
	}
	if ground { // down to where plans are
		depth = deepest
	}
	if r.crowded() {
		r.fold()
	}
	cut, full := r.cutoff(), r.crowded() // full: small bounds are taken
	var tasks []*dive
	for len(tasks) < batch && len(r.open) > 0 {
		n := r.take()
		if n.D < cut {
			r.closed = max(r.closed, n.D)
			continue
		}
		tasks = append(tasks, &dive{run: r, node: n, depth: depth, most: most, floor: math.MinInt64, cut: cut, ground: ground, rng: stream(r.opt.Seed, 2, uint64(r.made))})
		r.made++
	}
	if !ground && !full && len(r.open) > 0 { // what is far below the largest bound can wait
		top := r.open[0].D
		for _, t := range tasks {
			t.floor = top - addSat(top, -cut)/10
		}
	}
	r.dives++
	for k, e := range r.tasks(len(tasks)) {
		tasks[k].engine = e
	}
	r.each(len(tasks), func(k int) { tasks[k].work() })
	for _, t := range tasks {
		r.pool.add(t.w.fresh)
		r.leaves += t.leaves
		r.closed = max(r.closed, t.closed)
		r.meet(t.lineups...)
		for _, n := range t.open {
			n.order, n.x = r.made, nil
			r.made++
			heap.Push(&r.open, n)
		}
	}
	r.slim()
	for _, t := range tasks { // only now: a report states the bound of the whole frontier
		r.offer(t.plan)
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
// until nothing better can be below, or the depth or its floor is reached. What
// it leaves open goes back to the frontier. It touches nothing that other dives read.
type dive struct {
	*run
	*engine // with its own part of the work, before the run's
	node    *node
	depth   int // ends it, or so much work, or a bound below the floor
	most    int64
	floor   int64 // a tenth of the way from the largest open bound to the cut
	cut     int64
	rng     *random
	w       *master
	start   mark    // at the node that is branched
	trial   [2]mark // where those of a candidate ended
	chosen  [2]mark // and those of the decision: its branches begin there
	ways    [2]int  // which branches these are; −1: the trial was cut short
	ground  bool    // a plan is looked for at every node, not at some

	open    []*node
	plan    *state // better than the one at hand; or nil
	closed  int64
	leaves  int       // added to the proof
	lineups []*lineup // met here
}

func (t *dive) work() {
	t.closed = math.MinInt64
	n := t.node
	if n.x == nil {
		n.x = t.space.write(t.m.prices(n.cert.Prices))
	}
	unit, _ := t.m.grid.Float64()
	t.w = t.newMaster(t.frame, t.pool, n.branch, t.space.read(n.x, n.branch), float64(n.D-t.cut)/unit+1)
	for ; n != nil; t.depth-- {
		if t.depth == 0 || n.D < t.floor || t.meter.work.Load() > t.most {
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
	if on == nil {
		st := t.decisions(n)
		t.prove(n, st)
		if t.closed = max(t.closed, n.D); st.allowed() { // where the tree may not be deeper, a seat's prerequisite may be open
			t.keep(st)
		}
		return nil
	}
	kids := make([]*node, on.ways())
	finds := make([]*found, len(kids))
	for v := range kids {
		kids[v] = child(n, on, v)
		from := &t.start
		if k := slices.Index(t.ways[:], v); k >= 0 {
			from = &t.chosen[k]
		}
		t.w.back(from, kids[v].branch)
		finds[v] = t.w.solve(n.x, t.cut, enough, t.meter.late)
		if finds[v].at == nil { // stopped before the first pass: the parent stays a leaf
			t.open = append(t.open, n)
			return nil
		}
		kids[v].basis = t.w.save()
	}
	t.grow(n, on, kids, finds)
	var next *node
	for v, c := range kids {
		switch f := finds[v]; {
		case f.none:
		case c.D < t.cut:
			t.closed = max(t.closed, c.D)
		default:
			t.fix(c, f)
			if f.plans != nil && (t.ground || t.m.n > 1000 || t.rng.intn(4) == 0) {
				t.try(f)
			}
			if next == nil || c.D > next.D {
				next, c = c, next
			}
			if c != nil {
				t.open = append(t.open, c)
			}
		}
	}
	return next
}

// grow puts children under a node's place in the proof.
func (t *dive) grow(n *node, on *decision, kids []*node, finds []*found) {
	put := func(cert *Certificate, v int) {
		c, f := kids[v], finds[v]
		c.cert, c.x, c.D = cert, f.x, min(c.D, f.D)
		cert.Prices = t.m.leaf(f.at)
	}
	n.cert.before = &proven{n.D, n.cert.Prices}
	cert := n.chain()
	t.leaves += len(n.byPrice) + len(kids) - 1
	for v := 1; v < len(kids); v++ {
		s := int(on.session)
		if s < 0 {
			i := int(on.person)
			s, cert.Person = int(t.m.session[on.pairs[v-1]]), &i
		}
		cert.Session, cert.Prices = &s, Prices{}
		cert.Zero, cert.One = &Certificate{}, &Certificate{}
		put(cert.One, v)
		cert = cert.Zero
	}
	put(cert, 0)
}

// chain puts the sessions that the node's prices decided into the proof, with
// these prices at each end, and returns where the branches below go. A node that
// is not branched does without: its prices bound the whole as well.
func (n *node) chain() *Certificate {
	cert := n.cert
	for _, s := range n.byPrice {
		leaf, rest := &Certificate{Prices: cert.Prices}, &Certificate{Prices: cert.Prices}
		cert.Session, cert.Prices = &s, Prices{}
		cert.Zero, cert.One = rest, leaf
		if n.held[s] == held {
			cert.Zero, cert.One = leaf, rest
		}
		cert = rest
	}
	return cert
}

// try makes a plan from what was found at a node.
func (t *dive) try(f *found) {
	c := t.newCrew(f.at, t.rng)
	defer t.release(c)
	st := c.round(f)
	t.meter.add(c.spent)
	t.keep(st)
}

// decisions is the plan of a node where nothing is open any more.
func (t *dive) decisions(n *node) *state {
	plans, sessions := make([][]int32, t.m.n), make([]bool, t.m.m)
	for s, to := range n.held {
		sessions[s] = to == held || t.m.loose[s]
	}
	for _, f := range n.fixes {
		if f.in {
			i := t.m.personOf(f.pair)
			plans[i] = append(plans[i], f.pair)
		}
	}
	return restore(t.m, plans, sessions)
}

// prove shows of a node where nothing is open any more what its plan is
// worth: a soft row that the plan breaks is paid for, a hard one costs more than
// all there is to gain, and others nothing. What linear programs find is near to
// it at most.
func (t *dive) prove(n *node, st *state) {
	m, all := t.m, t.m.atStake(t.cut)
	x := m.charged(st, all)
	for s := range x.lambda {
		if lo, _ := m.seatsOf(s); n.held[s] == held && int64(st.seats[s]) < lo {
			x.lambda[s] = -charge(all, lo, int64(st.seats[s]), free)
		}
	}
	for g := range x.eta {
		x.eta[g] = charge(all, m.groups[g].need, st.covered[g], m.groups[g].pi)
	}
	if p := t.evaluate(x, n.branch, passOptions{}); p.none || p.D < n.D {
		n.chain().Prices = m.leaf(x) // it holds where they decided
		if n.D = p.D; p.none {
			n.D = math.MinInt64
		}
	}
}

// atStake is more than a plan can be worth above a value, on the grid.
func (m *model) atStake(value int64) float64 {
	return 2 * (float64(m.everything()) - float64(value))
}

// charged are prices of the rows that a state uses beyond their ends.
func (m *model) charged(st *state, all float64) *prices {
	x := newPrices(m)
	for s := range x.lambda {
		_, hi := m.seatsOf(s)
		x.lambda[s] = charge(all, int64(st.seats[s]), hi, free)
	}
	for u := range x.mu {
		x.mu[u] = charge(all, st.unit[u], m.p.UBudget[u], m.unitTop)
	}
	x.beta = charge(all, st.cost, m.p.Budget, m.budgetTop)
	for k := range x.kappa {
		x.kappa[k] = charge(all, st.used[k], m.p.Limits[k].Limit, m.limitTop[k])
	}
	for k := range x.nu {
		x.nu[k] = charge(all, st.away[k], m.share[k/m.occasions], m.awayTop)
	}
	return x
}

// charge is the price of a row of which so much is used: nothing up to its end,
// beyond it what a soft one costs, and of a hard one more than all there is to
// gain.
func charge(all float64, used, limit, top int64) int64 {
	switch {
	case used <= limit:
		return 0
	case top == free:
		return snap(all/float64(used-limit)+1, 0, mostSeat)
	}
	return snap(float64(top), 0, top)
}

// keep takes a plan that is better than the one at hand and what the dive met.
func (t *dive) keep(st *state) {
	if !st.feasible() || t.best != nil && !st.better(t.best) || !st.better(t.plan) {
		return
	}
	t.plan = st
	if t.m.n <= 1000 { // what was found here helps the rest of the dive
		t.cut = max(t.cut, st.next())
	}
}

func (b *branch) clone() *branch {
	return &branch{held: slices.Clone(b.held), fixes: slices.Clone(b.fixes)}
}

// child is a node with one decision more: of a session shut or held, of seats
// none or one of them.
func child(n *node, on *decision, way int) *node {
	c := &node{branch: n.clone(), x: n.x, D: n.D, depth: n.depth + max(1, len(on.pairs))}
	if on.session >= 0 {
		c.held[on.session] = [2]int8{shut, held}[way]
		return c
	}
	for k, p := range on.pairs {
		if way > 0 && k >= way {
			break
		}
		c.decide(fixed{p, k == way-1})
	}
	return c
}

// fix decides sessions whose other value the prices of the node already exclude.
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
		c.byPrice = append(c.byPrice, s)
	}
}

// A candidate is a decision with what it is worth trying, and the branch that
// is tried beside the first.
type candidate struct {
	decision
	score float64
	way   int
}

// choose finds what to branch on in the branch that the master is in: of the
// sessions and seats that the solution is split over, what falls most on both
// sides, as far as a few pivots tell.
func (t *dive) choose(n *node) (on *decision) {
	t.ways = [2]int{-1, -1}
	list := t.splitSessions(n)
	if len(list) == 0 {
		t.line(n)
	}
	if len(list) == 0 || list[0].score < 0.03 {
		list = append(list, t.splitSeats(n)...)
	}
	switch len(list) {
	case 0:
		return t.anything(n)
	case 1:
		return &list[0].decision
	}
	pivots := 40
	if t.thorough() {
		pivots = 500
	}
	was, _ := t.w.l.objective(t.w.heavy)
	most := -1.0
	for k := range list {
		if on != nil && t.w.l.late() {
			break
		}
		c, score := &list[k], 1.0
		ways := [2]int{0, c.way}
		for v, way := range ways {
			t.w.back(&t.start, child(n, &c.decision, way).branch)
			if t.w.l.solve(pivots) {
				t.w.l.mark(&t.trial[v])
			} else {
				ways[v] = -1
			}
			is, _ := t.w.l.objective(t.w.heavy)
			score *= max(was-is, 1e-6)
		}
		if score > most {
			on, most, t.ways = &c.decision, score, ways
			t.trial, t.chosen = t.chosen, t.trial
		}
	}
	return on
}

// thorough reports whether every candidate is tried to the end: where plans are
// few, trees get deep, and a good choice is worth its time.
func (r *run) thorough() bool { return r.m.n <= 1000 }

// top are the candidates that are worth trying.
func (r *run) top(list []candidate) []candidate {
	slices.SortStableFunc(list, func(a, b candidate) int { return cmp.Compare(b.score, a.score) })
	if r.thorough() {
		return list
	}
	const few = 6
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
			list = append(list, candidate{decision{session: int32(s)}, part * (0.3 + float64(m.p.Sessions[s].F)/mean), 1})
		}
	}
	return t.top(list)
}

// splitSeats lists the offerings that people are partly in, whatever the
// session, or, where there are none, the seats. They are weighed by what a seat
// costs at the prices: cheap ones move the bound little.
func (t *dive) splitSeats(n *node) (list []candidate) {
	if n.depth > deepest {
		return nil
	}
	m, x := t.m, t.m.tariff(t.space.read(n.x, n.branch))
	weigh := func(y split, part float64) float64 {
		price := x.seatOf(m, int(m.unit[y.person]), y.pair)
		return (0.01 + min(part, 1-part)) * (0.1*t.space.seat + math.Abs(float64(price)))
	}
	splits := t.w.splits()
	for k, y := range splits {
		same := func(z split) bool {
			return z.person == y.person && m.offering[m.session[z.pair]] == m.offering[m.session[y.pair]]
		}
		if slices.ContainsFunc(splits[:k], same) {
			continue
		}
		sum := 0.0
		for _, z := range splits[k:] {
			if same(z) {
				if sum += z.part; z.part > y.part {
					y = z
				}
			}
		}
		if sum < 1-1e-6 {
			on, way := n.seats(m, y)
			list = append(list, candidate{on, weigh(y, sum), way})
		}
	}
	if len(list) == 0 {
		for _, y := range splits {
			list = append(list, candidate{decision{-1, y.person, []int32{y.pair}}, weigh(y, y.part), 1})
		}
	}
	return t.top(list)
}

// seats is the decision which seat a person has in the offering of a split
// one, if any, and the way that takes this one.
func (n *node) seats(m *model, y split) (on decision, way int) {
	on.session, on.person = -1, y.person
	lo, hi := m.pairs(int(y.person))
	for k := lo; k < hi; k++ {
		s := m.session[k]
		if m.offering[s] != m.offering[m.session[y.pair]] || n.held[s] == shut || n.decided(k) {
			continue
		}
		if on.pairs = append(on.pairs, k); k == y.pair {
			way = len(on.pairs)
		}
	}
	return on, way
}

// decided reports whether a seat is.
func (b *branch) decided(pair int32) bool { return len(b.fixesOf(pair, pair+1)) > 0 }

// personOf is whose pair k is.
func (m *model) personOf(k int32) int32 {
	i, _ := slices.BinarySearch(m.start, k+1)
	return int32(i) - 1
}

// anything is an open question where nothing is split.
func (t *dive) anything(n *node) *decision {
	m := t.m
	for s := range m.m {
		if n.held[s] == undecided && !m.loose[s] {
			return &decision{session: int32(s)}
		}
	}
	if n.depth > deepest {
		return nil
	}
	for k := range int32(len(m.session)) {
		if n.held[m.session[k]] != shut && !n.decided(k) {
			return &decision{-1, m.personOf(k), []int32{k}}
		}
	}
	return nil
}

// offer takes a state as the plan if it is better.
func (r *run) offer(st *state) {
	if st == nil {
		return
	}
	if l := r.lineupOf(st.held); l != nil {
		l.take(st)
	}
	if st.better(r.best) {
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

package solve

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"
)

// mostRows is the size of master that an explicit inverse still serves.
const mostRows = 420

// A plan column is one plan of one person, as it stands in the masters.
type planColumn struct {
	person int32
	pairs  []int32
	worth  float64
}

// A pool is the plans of people that any branch has found useful.
type pool struct {
	columns []planColumn
	of      [][]int32 // person → columns
	known   map[string]bool
}

func newPool(m *model) *pool {
	return &pool{of: make([][]int32, m.n), known: map[string]bool{}}
}

func columnKey(person int32, pairs []int32) string {
	b := binary.AppendVarint(nil, int64(person))
	for _, k := range pairs {
		b = binary.AppendVarint(b, int64(k))
	}
	return string(b)
}

// A view is a pool that others read too, with plans of one's own on top.
type view struct {
	*pool
	own map[int32][]planColumn
}

func (v *view) add(list []planColumn) {
	for _, c := range list {
		v.own[c.person] = append(v.own[c.person], c)
	}
}

// add takes a plan into the pool unless it is there.
func (p *pool) add(m *model, person int32, pairs []int32) {
	pairs = slices.Clone(pairs)
	slices.Sort(pairs)
	key := columnKey(person, pairs)
	if p.known[key] {
		return
	}
	p.known[key] = true
	p.of[person] = append(p.of[person], int32(len(p.columns)))
	p.columns = append(p.columns, m.planColumn(person, pairs))
}

func (m *model) planColumn(person int32, pairs []int32) planColumn {
	v, _ := m.valueOf(int(person), pairs)
	unit, _ := m.grid.Float64()
	for _, k := range pairs {
		v -= mulSat(m.money, m.p.Sessions[m.session[k]].C)
	}
	return planColumn{person, pairs, float64(v) / unit}
}

// A master is the linear program over people's plans at one node: choose one
// plan per person and the sessions to hold, so that the linking rows hold. Its
// value is the best bound that prices can prove, its duals are these prices,
// its solution says what to branch on and which plan is near.
type master struct {
	e     *engine
	space *space
	b     *branch
	l     *lp
	unit  float64 // grid points per 1
	heavy float64 // price of breaking a hard row

	person []int32 // person → convexity row, or −1
	row    []int32 // price in the space → row, or −1
	floor  []int32 // session → row of its minimum, or −1
	size   []float64
	excess []int32 // row → variable that breaks it, or −1
	slack  []int32
	hold   []int32 // session → variable, or −1
	plans  []planColumn
	first  int32           // variable of plans[0]
	have   map[string]bool // plans that are variables
	met    map[string]bool // plans seen in passes
	fixed  float64         // value that does not depend on any variable
}

// newMaster lays out the rows of a branch.
func (e *engine) newMaster(sp *space, b *branch, heavy float64) *master {
	m := e.m
	unit, _ := m.grid.Float64()
	w := &master{e: e, space: sp, b: b, unit: unit, heavy: heavy, person: make([]int32, m.n), row: make([]int32, sp.n), floor: make([]int32, m.m),
		hold: make([]int32, m.m), have: map[string]bool{}, met: map[string]bool{}}
	n := int32(0)
	for i := range m.n {
		w.person[i] = -1
		if m.counts[i] && m.start[i] < m.start[i+1] {
			w.person[i] = n
			n++
		} else if m.counts[i] {
			v, _ := m.valueOf(i, nil)
			w.fixed += float64(v) / unit
		}
	}
	for k := range w.row {
		w.row[k] = -1
		if w.binds(k) {
			w.row[k] = n
			n++
		}
	}
	for s := range w.floor {
		w.floor[s] = -1
		if b.held[s] == held && m.p.Sessions[s].Min > 0 {
			w.floor[s] = n
			n++
		}
	}
	w.l = newLP(int(n))
	w.size, w.excess, w.slack = make([]float64, n), make([]int32, n), make([]int32, n)
	w.limits()
	w.sessions()
	w.first = int32(len(w.l.cost))
	return w
}

// binds reports whether the row of price k can bind at all in this branch.
func (w *master) binds(k int) bool {
	sp, m := w.space, w.e.m
	switch {
	case k < sp.mu:
		q := &m.p.Sessions[k]
		return w.b.held[k] != shut && int64(q.Min) <= min(int64(q.Cap), m.audience[k])
	case k < sp.eta:
		return true
	case k < sp.kappa:
		g := &m.groups[k-sp.eta]
		return g.wanted.Sign() > 0 && g.pi != 0
	case k < sp.nu:
		return true
	}
	return m.share[(k-sp.nu)/m.occasions] < m.groups[(k-sp.nu)/m.occasions].size
}

// measures per row: rows of money and amounts are scaled to about one.
func (w *master) scaleOf(k int) float64 {
	sp := w.space
	if sp.mu <= k && k < sp.eta || sp.kappa <= k && k < sp.nu {
		return max(1, 0.07*sp.seat/max(sp.step[k], 1e-300)/4)
	}
	return 1
}

// limits sets right sides, slacks and what breaking a row costs.
func (w *master) limits() {
	sp, m, l := w.space, w.e.m, w.l
	for i := range w.person {
		if r := w.person[i]; r >= 0 {
			l.b[r], w.size[r], w.excess[r], w.slack[r] = 1, 1, -1, -1
		}
	}
	put := func(r int32, b, size float64, price int64) {
		l.b[r], w.size[r] = b/size, size
		cost := w.heavy
		if price != free {
			cost = min(cost, float64(price)/w.unit*size)
		}
		w.slack[r] = l.column(0, math.Inf(1), []int32{r}, []float64{1})
		w.excess[r] = l.column(-cost, math.Inf(1), []int32{r}, []float64{-1})
	}
	for k, r := range w.row {
		if r < 0 {
			continue
		}
		size := w.scaleOf(k)
		switch {
		case k < sp.mu:
			put(r, 0, 1, free)
		case k < sp.beta:
			put(r, float64(m.p.UBudget[k-sp.mu]), size, m.unitTop)
		case k < sp.eta:
			put(r, float64(m.p.Budget), size, m.budgetTop)
		case k < sp.kappa:
			wanted, _ := m.groups[k-sp.eta].wanted.Float64()
			put(r, -wanted, 1, m.groups[k-sp.eta].pi)
		case k < sp.nu:
			put(r, float64(m.p.Limits[k-sp.kappa].Limit), size, m.limitTop[k-sp.kappa])
		default:
			put(r, float64(m.share[(k-sp.nu)/m.occasions]), 1, m.awayTop)
		}
	}
	for s, r := range w.floor {
		if r >= 0 {
			put(r, -float64(m.p.Sessions[s].Min), 1, free)
		}
	}
}

// sessions adds the variables of holding sessions; decided ones move to the right side.
func (w *master) sessions() {
	sp, m, l := w.space, w.e.m, w.l
	money := float64(m.money) / w.unit
	for s := range w.hold {
		w.hold[s] = -1
		r := w.row[s]
		if r < 0 {
			continue
		}
		q := &m.p.Sessions[s]
		index, value := []int32{r}, []float64{-float64(min(int64(q.Cap), m.audience[s]))}
		add := func(k int, amount float64) {
			if t := w.row[k]; t >= 0 && amount != 0 {
				index, value = append(index, t), append(value, amount/w.size[t])
			}
		}
		add(sp.beta, float64(q.F))
		for _, u := range m.perHeld[s] {
			add(sp.kappa+int(u.limit), float64(u.amount))
		}
		if w.b.held[s] == held {
			for k, t := range index {
				l.b[t] -= value[k]
			}
			w.fixed -= money * float64(q.F)
			continue
		}
		w.hold[s] = l.column(-money*float64(q.F), 1, index, value)
	}
}

// allows reports whether a plan is possible in the branch.
func (w *master) allows(c *planColumn) bool {
	m := w.e.m
	for _, k := range c.pairs {
		if s := m.session[k]; w.b.held[s] == shut || w.row[s] < 0 {
			return false
		}
	}
	for _, f := range w.b.fixes[c.person] {
		if slices.Contains(c.pairs, f.pair) != f.in {
			return false
		}
	}
	for _, k := range m.lock[c.person] {
		if !slices.Contains(c.pairs, k) {
			return false
		}
	}
	return true
}

// entries are the coefficients of a plan in the rows.
func (w *master) entries(c *planColumn) (index []int32, value []float64) {
	m, sp := w.e.m, w.space
	at := map[int32]int{}
	add := func(r int32, a float64) {
		if r < 0 || a == 0 {
			return
		}
		if k, ok := at[r]; ok {
			value[k] += a
			return
		}
		at[r] = len(index)
		index, value = append(index, r), append(value, a)
	}
	scaled := func(k int, a float64) {
		if r := w.row[k]; r >= 0 {
			add(r, a/w.size[r])
		}
	}
	add(w.person[c.person], 1)
	u := int(m.unit[c.person])
	for _, k := range c.pairs {
		s := int(m.session[k])
		q := &m.p.Sessions[s]
		add(w.row[s], 1)
		add(w.floor[s], -1)
		scaled(sp.mu+u, float64(q.C))
		scaled(sp.beta, float64(q.C))
		for _, l := range m.perSeat[s] {
			scaled(sp.kappa+int(l.limit), float64(l.amount))
		}
		if m.p.Away != nil {
			for _, o := range m.occasion[s] {
				scaled(sp.nu+u*m.occasions+int(o), 1)
			}
		}
	}
	if len(c.pairs) > 0 {
		scaled(sp.eta+u, -1)
		for _, g := range m.covers[c.person] {
			scaled(sp.eta+int(g), -1)
		}
	}
	return index, value
}

// take adds a plan as a variable; false if it is there already.
func (w *master) take(c planColumn) (int32, bool) {
	key := columnKey(c.person, c.pairs)
	if w.have[key] {
		return -1, false
	}
	w.have[key] = true
	index, value := w.entries(&c)
	w.plans = append(w.plans, c)
	return w.l.column(c.worth, math.Inf(1), index, value), true
}

// price is what the seats of a plan cost at vector x, in units of the objective.
func (w *master) price(c *planColumn, t *tariff) float64 {
	m := w.e.m
	u := int(m.unit[c.person])
	v := 0.0
	for _, k := range c.pairs {
		s := m.session[k]
		v += float64(t.seat[u*m.m+int(s)]) - float64(m.money)*float64(m.p.Sessions[s].C)
	}
	if len(c.pairs) > 0 {
		v -= float64(m.bonusOf(t, int(c.person)))
	}
	return v / w.unit
}

// begin fills the master with the plans of the pool that the branch allows and
// that prices x do not exclude, and sets up a first basis.
func (w *master) begin(p *view, x []float64, regret float64, heldBefore []float64) bool {
	m, l := w.e.m, w.l
	const perPerson = 60
	t := m.tariff(w.space.read(x, w.b))
	type ranked struct {
		c   *planColumn
		net float64
	}
	for i := range m.n {
		r := w.person[i]
		if r < 0 {
			continue
		}
		var list []ranked
		for k := range p.own[int32(i)] {
			if q := &p.own[int32(i)][k]; w.allows(q) {
				list = append(list, ranked{q, q.worth - w.price(q, t)})
			}
		}
		for _, c := range p.of[i] {
			if q := &p.columns[c]; w.allows(q) {
				list = append(list, ranked{q, q.worth - w.price(q, t)})
			}
		}
		slices.SortStableFunc(list, func(a, b ranked) int { return cmp.Compare(b.net, a.net) })
		basic := int32(-1)
		for k, c := range list {
			if k >= perPerson || list[0].net-c.net > regret {
				break
			}
			if j, ok := w.take(*c.c); ok && basic < 0 {
				basic = j
			}
		}
		if basic < 0 { // nobody's plan is known yet: a costly stand-in
			basic = l.column(-10*w.heavy, math.Inf(1), []int32{r}, []float64{1})
			w.plans = append(w.plans, planColumn{person: -1})
		}
		l.basis[r], l.at[basic] = basic, r
	}
	for s, j := range w.hold {
		if j >= 0 && heldBefore != nil && heldBefore[s] > 0.5 {
			l.top[j] = true
		}
	}
	// Linking rows: what the first plans use decides whether the slack or the
	// excess stands in the basis.
	used := make([]float64, l.rows)
	for i := range w.person {
		if w.person[i] < 0 {
			continue
		}
		j := l.basis[w.person[i]]
		for k := l.start[j]; k < l.start[j+1]; k++ {
			if w.slack[l.index[k]] >= 0 {
				used[l.index[k]] += l.value[k]
			}
		}
	}
	for _, j := range w.hold {
		if j >= 0 && l.top[j] {
			for k := l.start[j]; k < l.start[j+1]; k++ {
				used[l.index[k]] += l.value[k]
			}
		}
	}
	for r := range l.rows {
		if w.slack[r] < 0 {
			continue
		}
		l.b[r] += 1e-7 * float64(1+(r*7919)%97) / 97 // against cycling; prices may be a little off
		j := w.slack[r]
		if used[r] > l.b[r] {
			j = w.excess[r]
		}
		l.basis[r], l.at[j] = j, int32(r)
	}
	return l.factor()
}

// prices writes the duals as a vector of the space.
func (w *master) prices(x []float64) {
	clear(x)
	for k, r := range w.row {
		if r >= 0 {
			x[k] = max(0, w.l.y[r]) / w.size[r] * w.unit
		}
	}
	for s, r := range w.floor {
		if r >= 0 {
			x[s] -= max(0, w.l.y[r]) * w.unit
		}
	}
}

// broken is how much of hard rows the solution breaks.
func (w *master) broken() (v float64) {
	for r, j := range w.excess {
		if j >= 0 && w.l.cost[j] <= -w.heavy {
			v += w.l.amount(j)
		}
		_ = r
	}
	for k := range w.plans {
		if w.plans[k].person < 0 {
			v += w.l.amount(w.first + int32(k))
		}
	}
	return v
}

// solve runs column generation from prices x and returns what it found: the
// best prices, the shares of sessions and pairs in the solution, each person's
// largest plan, and the new plans for the pool.
func (w *master) solve(p *view, x []float64, D int64, cut int64, before []float64, stop func() bool) *found {
	m, sp := w.e.m, w.space
	regret := math.Inf(1)
	if cut > math.MinInt64/4 && D < math.MaxInt64/4 {
		regret = (float64(D-cut))/w.unit + 1
	}
	out := &found{x: x, D: math.MaxInt64, held: make([]float64, m.m), taken: make([]float64, len(m.session))}
	look := func(y []float64) bool {
		at := sp.read(y, w.b)
		r := w.e.evaluate(at, w.b, passOptions{pairs: true, stop: stop})
		if r.stopped {
			return false
		}
		if r.none {
			out.at, out.last, out.D, out.none = at, r, math.MinInt64, true
			return false
		}
		if r.D < out.D || out.at == nil {
			out.x, out.at, out.last, out.D = slices.Clone(y), at, r, r.D
		}
		out.fresh = append(out.fresh, w.collect(r)...)
		return true
	}
	if !look(x) || out.D < cut {
		return out
	}
	defer func() { w.e.meter.add(w.l.work()) }()
	p.add(out.fresh)
	if !w.begin(p, x, regret, before) {
		return out
	}
	defer func(n int) { p.add(out.fresh[n:]) }(len(out.fresh))
	duals, try := make([]float64, sp.n), make([]float64, sp.n)
	alpha := 0.5
	for range 200 {
		if !w.l.solve(20*w.l.rows+2000) && !w.l.factor() {
			break
		}
		w.prices(duals)
		for k := range try {
			try[k] = alpha*out.x[k] + (1-alpha)*duals[k]
		}
		n := len(out.fresh)
		if !look(try) || out.D < cut {
			break
		}
		value := w.l.objective() + w.fixed
		if w.converged(out.D, value) {
			break
		}
		added := 0
		for _, c := range out.fresh[n:] {
			if j, ok := w.take(c); ok && w.l.reduced(j) > 1e-7 {
				added++
			}
		}
		switch {
		case added > 0:
			alpha = max(0, alpha-0.02)
		case alpha > 0:
			alpha = 0
		default:
			w.report(out)
			return out
		}
	}
	w.report(out)
	return out
}

// converged reports whether no prices could lower the bound by a step of the lattice.
func (w *master) converged(D int64, value float64) bool {
	d := float64(D) / w.unit
	if d-value < 1e-7*(1+math.Abs(d)) {
		return true
	}
	if w.e.m.lattice == nil {
		return false
	}
	q, _ := w.e.m.lattice.Float64()
	return q > 1e-4 && math.Floor(d/q+1e-9) <= math.Floor((value-1e-5)/q)
}

// collect turns the plans of a pass into columns, those not met before.
func (w *master) collect(r *pass) (list []planColumn) {
	m := w.e.m
	for i := range m.n {
		if w.person[i] < 0 {
			continue
		}
		lo, hi := m.pairs(i)
		var pairs []int32
		for k := lo; k < hi; k++ {
			if r.taken[k] {
				pairs = append(pairs, k)
			}
		}
		if key := columnKey(int32(i), pairs); !w.met[key] {
			w.met[key] = true
			list = append(list, m.planColumn(int32(i), pairs))
		}
	}
	return list
}

// report writes the solution's shares.
func (w *master) report(out *found) {
	for s, j := range w.hold {
		switch {
		case w.b.held[s] == held:
			out.held[s] = 1
		case j >= 0:
			out.held[s] = min(1, max(0, w.l.amount(j)))
		}
	}
	largest := make([]float64, w.e.m.n)
	out.plans = make([][]int32, w.e.m.n)
	for k := range w.plans {
		c := &w.plans[k]
		a := w.l.amount(w.first + int32(k))
		if c.person < 0 || a <= 1e-9 {
			continue
		}
		for _, l := range c.pairs {
			out.taken[l] = min(1, out.taken[l]+a)
		}
		if a > largest[c.person] {
			largest[c.person], out.plans[c.person] = a, c.pairs
		}
	}
	out.sure = largest
	out.broken = w.broken() > 1e-6
}

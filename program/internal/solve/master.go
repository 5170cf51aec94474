package solve

import (
	"cmp"
	"math"
	"slices"
)

// A master is the linear program over people's plans in a branch: choose one
// plan per person and the sessions to hold, so that the linking rows hold. Its
// value is the best bound that prices can prove, its duals are these prices,
// its solution says what to branch on and which plan is near. One master
// serves branch after branch: only bounds change.
type master struct {
	*frame
	e        *engine
	l        *lp
	here     *branch
	fixes    [][]fixed     // of here, by group
	plans    []*personPlan // of the columns after the lone ones; nil: a stand-in
	have     map[string]int32
	fresh    []*personPlan // plans found here
	heavy    float64       // price of breaking a hard row
	paid     int64
	parallel bool
	far      bool // prices may be far from the best: approach them first
}

// enough passes for any column generation.
const enough = 300

// A basis is where a master ended in a branch: where the branches below begin.
type basis struct {
	keys  []*personPlan
	basic []place
	top   []bool // of the lone variables
}

// A place holds a plan, or the lone variable of a number.
type place struct {
	plan  *personPlan
	alone int32
}

// newMaster fills a master with the plans of the pool that are within regret
// of their person's best at prices x.
func (e *engine) newMaster(f *frame, p *pool, b *branch, x *prices, regret float64) *master {
	w := &master{frame: f, e: e, l: newLP(len(f.b), len(f.people)), have: map[string]int32{}, fixes: make([][]fixed, len(f.people))}
	w.stand(b)
	copy(w.l.b, f.b)
	w.l.late = func() bool { return w.e.meter.lateWith(w.l.work() - w.paid) }
	for _, c := range f.open {
		w.l.add(c, bounds{hi: 1})
	}
	for r := range f.b {
		w.l.add(&column{index: []int32{int32(r)}, value: []float64{1}, group: -1}, bounds{hi: math.Inf(1)})
	}
	const perPerson = 60
	t := f.m.tariff(x)
	type ranked struct {
		c   *personPlan
		net float64
	}
	var list []ranked
	for g := range p.of {
		list = list[:0]
		for _, c := range p.of[g] {
			if w.allows(c) {
				list = append(list, ranked{c, c.cost - w.price(c, t)})
			}
		}
		slices.SortStableFunc(list, func(a, b ranked) int { return cmp.Compare(b.net, a.net) })
		w.l.key[g] = -1
		for k, c := range list {
			if k >= perPerson || list[0].net-c.net > regret {
				break
			}
			if j := w.take(c.c); k == 0 {
				w.l.key[g] = j
			}
		}
		if w.l.key[g] < 0 { // nobody's plan is known yet: nothing, whatever it breaks
			w.l.key[g] = w.take(f.plan(f.people[g], nil, planKey(f.people[g], nil)))
		}
	}
	for r := range w.l.basis {
		w.l.basis[r] = f.slack(r)
	}
	w.weigh(4 * float64(f.m.heavy) / f.unit)
	w.enter(b)
	w.l.begin()
	return w
}

// weigh sets what breaking hard rows costs.
func (w *master) weigh(heavy float64) {
	w.heavy = heavy
	for j := range w.l.side {
		s := &w.l.side[j]
		s.under, s.over = heavy, heavy
		if r := j - len(w.held); r >= 0 && r < w.l.rows {
			s.under = min(heavy, w.soft[r])
		}
	}
}

// box keeps the duals within so many steps of prices x. Far from them, masters
// that know few plans say nothing.
func (w *master) box(x []float64, steps float64) {
	w.weigh(w.heavy)
	for k, r := range w.row {
		if r < 0 {
			continue
		}
		j := w.slack(int(r))
		at, wide := x[k]*w.size[r]/w.unit, steps*w.space.step[k]*w.size[r]/w.unit
		s := &w.l.side[j]
		least := 0.0
		if k < w.m.m && w.here.held[k] == held {
			least = -s.over
		}
		w.l.cols[j].cost = max(least, min(s.under, at-wide)) // what is left earns the least price
		s.under = min(s.under, at+wide) - w.l.cols[j].cost
	}
}

// unbox lets the duals go.
func (w *master) unbox() {
	w.weigh(w.heavy)
	for r := range w.l.rows {
		w.l.cols[w.slack(r)].cost = 0
	}
}

// stand takes a branch as the present one.
func (w *master) stand(b *branch) {
	w.here = b
	clear(w.fixes)
	for list := b.fixes; len(list) > 0; {
		i := w.m.personOf(list[0].pair)
		_, hi := w.m.pairs(int(i))
		n := 1
		for n < len(list) && list[n].pair < hi {
			n++
		}
		if g := w.group[i]; g >= 0 {
			w.fixes[g] = list[:n]
		}
		list = list[n:]
	}
}

// enter sets the bounds of a branch.
func (w *master) enter(b *branch) {
	w.stand(b)
	for s, j := range w.hold {
		if j < 0 {
			continue
		}
		y, slack := &w.l.side[j], &w.l.side[w.slack(int(w.row[s]))]
		y.lo, y.hi, slack.hi = 0, 1, math.Inf(1)
		switch b.held[s] {
		case held:
			lo, hi := w.m.seatsOf(s)
			y.lo, slack.hi = 1, float64(hi-lo)
		case shut:
			y.hi = 0
		}
	}
	for k, c := range w.plans {
		w.l.side[w.l.alone+k].hi = w.most(c)
	}
	for j := range w.l.top {
		w.l.top[j] = w.l.top[j] && !math.IsInf(w.l.side[j].hi, 1)
	}
}

// most is the upper end of a plan's variable.
func (w *master) most(c *personPlan) float64 {
	if w.allows(c) {
		return math.Inf(1)
	}
	return 0
}

// allows reports whether a plan is possible in the branch.
func (w *master) allows(c *personPlan) bool {
	for _, k := range c.pairs {
		if s := w.m.session[k]; w.here.held[s] == shut || w.hold[s] < 0 && !w.m.loose[s] {
			return false
		}
	}
	for _, f := range w.fixes[c.group] {
		if slices.Contains(c.pairs, f.pair) != f.in {
			return false
		}
	}
	if len(w.m.lock) > 0 {
		for _, k := range w.m.lock[c.person] {
			if !slices.Contains(c.pairs, k) {
				return false
			}
		}
	}
	return true
}

// take makes a plan a variable, if it is not one already.
func (w *master) take(c *personPlan) int32 {
	if j, ok := w.have[c.key]; ok {
		return j
	}
	w.plans = append(w.plans, c)
	j := w.l.add(&c.column, bounds{0, w.most(c), w.heavy, w.heavy})
	w.have[c.key] = j
	return j
}

// price is what the seats of a plan cost, in units of the objective.
func (w *master) price(c *personPlan, t *tariff) float64 {
	u := int(w.m.unit[c.person])
	v := 0.0
	for _, k := range c.pairs {
		s := w.m.session[k]
		v += float64(t.seatOf(w.m, u, k)) - float64(w.m.money)*float64(w.m.p.Sessions[s].C)
	}
	if len(c.pairs) > 0 {
		v -= float64(w.m.bonusOf(t, int(c.person)))
	}
	return v / w.unit
}

// save and load keep and restore a basis.
func (w *master) save() *basis {
	l := w.l
	s := &basis{keys: make([]*personPlan, len(l.key)), basic: make([]place, len(l.basis)), top: slices.Clone(l.top[:l.alone])}
	for g, j := range l.key {
		s.keys[g] = w.plans[int(j)-l.alone]
	}
	for r, j := range l.basis {
		if int(j) < l.alone {
			s.basic[r].alone = j
		} else {
			s.basic[r].plan = w.plans[int(j)-l.alone]
		}
	}
	return s
}

// load goes to a basis, nil: to where every master begins.
func (w *master) load(s *basis, b *branch) {
	l := w.l
	if s == nil { // forgotten
		for r := range l.basis {
			l.basis[r] = w.slack(r)
		}
		w.enter(b)
		w.restart()
		return
	}
	for g, c := range s.keys {
		l.key[g] = w.take(c)
	}
	for r, p := range s.basic {
		if l.basis[r] = p.alone; p.plan != nil {
			l.basis[r] = w.take(p.plan)
		}
	}
	copy(l.top, s.top)
	w.enter(b)
	w.restart()
}

// back goes back to a mark, in a branch.
func (w *master) back(s *mark, b *branch) {
	w.l.restore(s)
	w.move(b)
}

// move goes on from the present basis in a branch.
func (w *master) move(b *branch) {
	w.enter(b)
	w.l.refresh()
}

// restart begins at the basis that is set, or where that is singular, at the slacks.
func (w *master) restart() {
	if w.l.begin() {
		return
	}
	for r := range w.l.basis {
		w.l.basis[r] = w.slack(r)
	}
	w.l.begin()
}

// settle solves the program as it stands.
func (w *master) settle(limit int) {
	if !w.l.solve(limit) && !w.l.late() {
		w.restart()
		w.l.solve(limit)
	}
}

// prices writes the duals as a vector of the space.
func (w *master) prices(x []float64) {
	clear(x)
	for k, r := range w.row {
		if r < 0 {
			continue
		}
		y := w.l.y[r] / w.size[r] * w.unit
		if k >= w.m.m || w.here.held[k] != held {
			y = max(0, y)
		}
		x[k] = y
	}
}

// A generation is one run of column generation.
type generation struct {
	*master
	cut   int64
	stop  func() bool
	out   *found
	new   []*personPlan // of the last pass
	duals []float64
}

func (w *master) generation(x []float64, cut int64, stop func() bool) *generation {
	return &generation{master: w, cut: cut, stop: stop, out: &found{x: x, D: math.MaxInt64, held: make([]float64, w.m.m)}, duals: make([]float64, w.space.n)}
}

// look evaluates the bound at prices y; false ends the run.
func (g *generation) look(y []float64) bool {
	at := g.space.read(y, g.here)
	r := g.e.evaluate(at, g.here, passOptions{pairs: true, stop: g.stop, parallel: g.parallel})
	if r.stopped {
		return false
	}
	out := g.out
	if r.none {
		out.at, out.last, out.D, out.none = at, r, math.MinInt64, true
		return false
	}
	if r.D < out.D || out.at == nil {
		out.x, out.at, out.last, out.D = slices.Clone(y), at, r, r.D
	}
	g.new = g.collect(r)
	return out.D >= g.cut
}

// value solves the program as it stands, and reads its duals.
func (g *generation) value() (v float64, broken bool) {
	g.settle(20*g.l.rows + 4*len(g.people) + 2000)
	g.prices(g.duals)
	v, broken = g.l.objective(g.heavy)
	return v + g.fixed, broken
}

// grow makes the new plans that improve the solution variables.
func (g *generation) grow() (added int) {
	for _, c := range g.new {
		if g.found(c) {
			added++
		}
	}
	return added
}

// approach goes towards the best prices in steps that a box bounds: from far
// away, while few plans are known.
func (g *generation) approach() bool {
	steps := 1.0
	for range 80 {
		g.box(g.out.x, steps)
		value, _ := g.value()
		was := float64(g.out.D) / g.unit
		if !g.look(g.duals) {
			return false
		}
		is := float64(g.out.D) / g.unit
		if was-value < 1e-4*math.Abs(was) {
			break
		}
		if is < was-0.3*(was-value) {
			steps *= 1.5
		} else if is >= was {
			steps *= 0.7
		}
		g.grow()
	}
	g.unbox()
	return true
}

// solve runs column generation in the present branch from prices x and returns
// what it found: the best prices, the shares of sessions and pairs in the
// solution, and each person's largest plan; after the first pass it makes at
// most so many. Where the solution breaks hard rows, breaking them is made dearer, until the bound shows that the branch
// holds no plan.
func (w *master) solve(x []float64, cut int64, passes int, stop func() bool) *found {
	g := w.generation(x, cut, stop)
	if !g.look(x) {
		return g.out
	}
	defer func() { w.e.meter.add(w.spent()) }()
	defer func(heavy float64) {
		if w.heavy != heavy {
			w.weigh(heavy)
		}
	}(w.heavy)
	g.grow()
	if !w.far || g.approach() {
		g.converge(passes)
	}
	w.report(g.out)
	return g.out
}

// converge runs until no plan improves the solution, prices are good enough,
// or so many passes are made.
func (g *generation) converge(passes int) {
	try := make([]float64, len(g.duals))
	alpha, dearer := 0.5, 0
	for n := 0; ; n++ {
		value, broken := g.value()
		if n >= passes && (!broken || n >= enough) {
			return
		}
		for k := range try {
			try[k] = alpha*g.out.x[k] + (1-alpha)*g.duals[k]
		}
		if !g.look(try) || !broken && g.converged(g.out.D, value, g.cut) {
			return
		}
		switch added := g.grow(); {
		case added > 0:
			alpha = max(0, alpha-0.02)
		case alpha > 0:
			alpha = 0
		case broken && dearer < 3:
			dearer++
			g.weigh(g.heavy * 30)
		default:
			return
		}
	}
}

// spent is what the simplex has cost since it was last asked.
func (w *master) spent() int64 {
	was := w.paid
	w.paid = w.l.work()
	return w.paid - was
}

// found takes a plan that improves the solution; false if it does not.
func (w *master) found(c *personPlan) bool {
	if _, ok := w.have[c.key]; ok || c.cost-dot(w.l.y, &c.column)-w.l.groupDual(c.group) <= dualTolerance {
		return false
	}
	w.fresh = append(w.fresh, c)
	w.take(c)
	return true
}

// converged reports whether no prices could lower the bound by much: by a step
// of the lattice, or by a part of what is missing to the cutoff.
func (w *master) converged(D int64, value float64, cut int64) bool {
	d := float64(D) / w.unit
	left := d - value
	if left < 1e-7*(1+math.Abs(d)) {
		return true
	}
	const far = 1e-3 // of the bound: without a plan the cutoff is far below
	if c := float64(cut) / w.unit; cut > math.MinInt64/4 && left < min(0.03*(value-c), far*(1+math.Abs(d))) {
		return true
	}
	if w.m.lattice == nil {
		return false
	}
	q, _ := w.m.lattice.Float64()
	return q > 1e-4 && math.Floor(d/q+1e-9) <= math.Floor((value-1e-5)/q)
}

// collect turns the plans of a pass into columns, those that are not variables yet.
func (w *master) collect(r *pass) []*personPlan {
	return w.plansOf(r, func(key string) bool { _, ok := w.have[key]; return ok })
}

// A split is a pair that the solution uses in part.
type split struct {
	pair, person int32
	part         float64
}

// splits lists the pairs that the solution uses in part.
func (w *master) splits() (list []split) {
	taken := map[int32]float64{}
	for k, c := range w.plans {
		if a := w.l.amount(int32(w.l.alone + k)); a > 1e-6 && a < 1-1e-6 {
			for _, p := range c.pairs {
				taken[p] += a
			}
		}
	}
	for p, y := range taken {
		if y > 1e-6 && y < 1-1e-6 {
			list = append(list, split{p, w.m.personOf(p), y})
		}
	}
	slices.SortFunc(list, func(a, b split) int { return cmp.Compare(a.pair, b.pair) })
	return list
}

// report writes the solution's shares.
func (w *master) report(out *found) {
	for s, j := range w.hold {
		if j >= 0 {
			out.held[s] = min(1, max(0, w.l.amount(j)))
		} else if w.m.loose[s] {
			out.held[s] = 1
		}
	}
	out.taken = make([]float64, len(w.m.session))
	out.sure, out.plans = make([]float64, w.m.n), make([][]int32, w.m.n)
	for k, c := range w.plans {
		a := w.l.amount(int32(w.l.alone + k))
		if a <= 1e-9 {
			continue
		}
		for _, p := range c.pairs {
			out.taken[p] = min(1, out.taken[p]+a)
		}
		if a > out.sure[c.person] {
			out.sure[c.person], out.plans[c.person] = a, c.pairs
		}
	}
}

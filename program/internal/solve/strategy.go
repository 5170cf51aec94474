package solve

import (
	"cmp"
	"math"
	"slices"
)

// Sizes where the ways of searching change.
const (
	fewForProof = 100  // above, a proof is rare: up to a thousand people local search gets more of the work
	fewPeople   = 4000 // above, prices are searched with some of the people at a time, and local search goes by units
	manyPeople  = 6000 // above, no branching: linear programs and passes cost too much
)

// search is the course of a run: prices at the root, first plans from them,
// then branching and local search in turn until a limit or a proof.
func (r *run) search() {
	if r.m.stuck || r.meter.late() {
		return
	}
	if r.promises(); r.done() {
		return
	}
	r.rootPrices()
	r.firstPlans()
	for !r.done() {
		r.turn()
	}
	r.report("end")
}

// promises proves that there is no plan where the seats that are locked and the
// sessions that are held for sure are too much already.
func (r *run) promises() {
	m, n := r.m, r.open[0]
	st := newState(m)
	for s, to := range n.held {
		if to == held && !st.held[s] {
			st.hold(s, true)
		}
	}
	for i, pairs := range m.lock {
		st.set(int(i), slices.Clone(pairs))
	}
	if st.sound() {
		if st.allowed() { // they may wait for prerequisites
			r.offer(st)
		}
		return
	}
	x := m.charged(st, m.atStake(r.floorOfPlans()))
	if p := r.evaluate(x, n.branch, passOptions{parallel: true, stop: r.meter.late}); !p.stopped && (p.none || p.D < n.D) {
		n.cert.Prices = m.leaf(x)
		if n.D = p.D; p.none {
			n.D = math.MinInt64
		}
	}
}

// done reports whether a limit is reached or nothing better can exist.
func (r *run) done() bool {
	return r.meter.late() || len(r.open) == 0 || r.open[0].D < r.cutoff()
}

// rootPrices searches prices before any branching.
func (r *run) rootPrices() {
	m, b := r.m, r.open[0].branch
	e := r.within(0.6, 0.6) // the rest is for plans
	x := r.space.first()
	var often []float64
	if m.n > fewPeople {
		rounds := int64(1600)
		if quota := r.meter.quota; quota > 0 {
			rounds = min(rounds, quota/4/someOf)
		}
		stop := func() bool { return e.meter.late() || r.meter.share() > 0.2 && r.opt.Work == 0 }
		if f := e.ascend(r.space, x, b, m.sampled(int(rounds), 1, stop), true); f.at != nil {
			x, often = f.x, f.held
		}
	}
	switch {
	case r.frame != nil:
		r.firstPrices(e, x)
		r.rootMaster(e)
	case often != nil: // what is left is to ask everybody
		for _, nodes := range []int{fewNodes, 0} { // where prices are near nought, searches without an end are long
			if !r.rootFound(e.ascend(r.space, x, b, ascent{rounds: 1, nodes: nodes, stop: e.meter.late}, true)) {
				break
			}
		}
		r.held = often
	default:
		r.descend(e, x)
	}
}

// descend searches prices with passes over all people.
func (r *run) descend(e *engine, x []float64) {
	var avg []float64
	last, size := int64(math.MaxInt64), 0.15
	for range 12 {
		f := e.ascend(r.space, x, r.open[0].branch, ascent{rounds: 12, size: size, cool: 25, stop: e.meter.late}, true)
		if !r.rootFound(f) {
			return
		}
		if avg == nil {
			avg = f.held
		}
		for s, y := range f.held {
			avg[s] += (y - avg[s]) / 3
		}
		if r.held = avg; r.meter.share() > 0.2 {
			return
		}
		if x = f.x; r.priced {
			x = r.open[0].x // the best so far
		}
		if f.D < last && float64(last-f.D) < 2e-5*(1+math.Abs(float64(f.D))) {
			return
		}
		last = min(last, f.D)
		size *= 0.6
	}
}

// someOf is about how many people a step looks at where they are many: they say
// nearly as much as all.
const someOf = 1500

// fewNodes is how far a person's search goes where what it finds need not be the
// best.
const fewNodes = 300

// sampled are steps of an ascent that look at some people each.
func (m *model) sampled(rounds int, size float64, stop func() bool) ascent {
	return ascent{rounds: rounds, size: size, cool: 50, sample: m.n / someOf, nodes: fewNodes, stop: stop}
}

// firstPrices are where masters begin: a few steps down, and the plans met on
// the last of them.
func (r *run) firstPrices(e *engine, x []float64) {
	a := ascent{rounds: 300, size: 1, cool: 25, average: true, stop: e.meter.late}
	switch {
	case r.m.n > fewPeople:
		a.rounds, a.size = 12, 0.02
	case r.m.n > 1000:
		a.rounds = 40
	}
	t := 0
	a.seen = func(p *pass) {
		if t++; t > a.rounds-20 {
			r.pool.add(r.frame.plansOf(p, func(key string) bool { return r.pool.known[key] }))
		}
	}
	r.rootFound(e.ascend(r.space, x, r.open[0].branch, a, true))
}

// rootMaster finishes the search for prices exactly, where that is possible.
func (r *run) rootMaster(e *engine) {
	if r.frame == nil || len(r.open) == 0 || r.done() {
		return
	}
	n := r.open[0]
	w := e.newMaster(r.frame, r.pool, n.branch, r.space.read(n.x, n.branch), math.Inf(1))
	w.parallel, w.far = true, r.m.n > 300
	f := w.solve(n.x, r.cutoff(), enough, e.meter.late)
	if f.at == nil {
		return
	}
	r.pool.add(w.fresh)
	if f.plans != nil {
		w, f = r.strengthen(e, w, f)
	}
	w.far, w.e = false, r.within(0.8, 0.9) // a plunge leaves time to fill its plan
	n.basis, r.held = w.save(), f.held
	r.rootFound(f)
	if f.plans == nil || f.none {
		return
	}
	c := r.newCrew(f.at, stream(r.opt.Seed, 5))
	r.offer(c.round(f))
	r.offer(r.plunge(w, n.branch, f, c))
	r.meter.add(c.spent)
	r.release(c)
	r.pool.add(w.fresh)
	r.rounded = true
}

// plunge makes a plan by deciding one session after another as the master's
// solution leans, and rounds where it ends. It proves nothing.
func (r *run) plunge(w *master, b *branch, f *found, c *crew) *state {
	b = b.clone()
	for !w.e.meter.late() && r.lean(w, b, f.held) {
		w.move(b)
		g := w.solve(f.x, r.cutoff(), 2, w.e.meter.late)
		if g.plans == nil { // nothing better than the plan at hand is near
			break
		}
		f = g
	}
	return c.round(f)
}

// lean decides to hold the sessions that are nearly held, or else, of the
// split ones, what costs least as far as a few pivots tell; false if none is
// split.
func (r *run) lean(w *master, b *branch, share []float64) bool {
	var list []candidate
	some := false
	for s, y := range share {
		switch {
		case r.m.loose[s] || b.held[s] != undecided || y < 1e-6:
		case y > 0.95:
			b.held[s], some = held, true
		default:
			list = append(list, candidate{decision{session: int32(s)}, y, 1})
		}
	}
	if some || len(list) == 0 {
		return some
	}
	var trial mark
	w.l.mark(&trial)
	best, side, most := int32(0), held, math.Inf(-1)
	for k, c := range r.top(list) {
		if k > 0 && w.l.late() {
			break
		}
		for _, to := range []int8{held, shut} {
			b.held[c.session] = to
			w.back(&trial, b)
			w.l.solve(40)
			if is, _ := w.l.objective(w.heavy); is > most {
				best, side, most = c.session, to, is
			}
		}
		b.held[c.session] = undecided
	}
	w.l.restore(&trial)
	b.held[best] = side
	return true
}

// rootFound takes the result of an ascent at the root; false ends it.
func (r *run) rootFound(f *found) bool {
	n := r.open[0]
	if f.at == nil {
		return false
	}
	if f.D <= n.D || !r.priced {
		r.held = f.held
	}
	if f.D < n.D {
		n.D, n.x, r.priced = f.D, f.x, true
		n.cert.Prices = r.m.leaf(f.at)
		r.guide = f.at
		r.report("prices")
	}
	if f.none {
		r.closed, r.open = max(r.closed, n.D), nil
		return false
	}
	return true
}

// firstPlans makes plans with several sets of sessions, each with prices of its own.
func (r *run) firstPlans() {
	if len(r.open) == 0 || r.held == nil || r.rounded && r.m.n <= fewPeople {
		return
	}
	sets, many := r.oftenHeld(), r.m.n > fewPeople
	if many && r.m.budgetTop == free {
		sets = r.affordable()
	}
	few := int64(20*r.m.n + 1) // searches that a plan is worth making with
	if r.meter.quota > 0 {
		n := (r.meter.quota - r.meter.work.Load()) / few
		sets = sets[:min(max(1, int(n)), len(sets))]
	}
	plans, guides := make([]*state, len(sets)), make([]*prices, len(sets))
	tasks := r.tasks(len(plans))
	r.each(len(plans), func(k int) {
		e := tasks[k]
		if k > 0 && e.meter.late() {
			return
		}
		b := r.open[0].clone()
		for s, y := range sets[k] {
			switch {
			case b.held[s] == held:
				sets[k][s] = true
			case r.m.loose[s]:
			case b.held[s] == undecided && y:
				b.held[s] = held
			case b.held[s] == undecided:
				b.held[s] = shut
			}
		}
		guides[k] = r.guide
		if e.meter.quota == 0 || e.meter.quota > few { // prices for this set of sessions
			part := e.within(0.5, 0.8)
			a := ascent{rounds: 60, size: 0.3, cool: 12, stop: part.meter.late}
			if many {
				a = r.m.sampled(400, 0.3, part.meter.late)
			}
			if f := part.ascend(r.space, r.open[0].x, b, a, false); f.at != nil && !f.none {
				guides[k] = r.space.read(f.x, b)
			}
		}
		w := e.newCrew(guides[k], stream(r.opt.Seed, 1, uint64(k)))
		plans[k] = w.construct(sets[k])
		e.meter.add(w.spent)
		e.release(w)
	})
	for k, st := range plans {
		if was := r.best; st != nil {
			if r.offer(st); r.best != was {
				r.local = guides[k]
			}
		}
	}
}

// oftenHeld are the sessions whose average at the root is above a threshold, for several.
func (r *run) oftenHeld() (sets [][]bool) {
	for _, threshold := range []float64{0.5, 0.4, 0.6, 0.3, 0.7, 0.2} {
		set := make([]bool, r.m.m)
		for s := range set {
			set[s] = r.held[s] >= threshold
		}
		sets = append(sets, set)
	}
	return sets
}

// affordable are sets of sessions that, with all their seats, cost about what
// there is: with fewer money is left over, with more seats are. Those most
// often held at the root come first.
func (r *run) affordable() (sets [][]bool) {
	m := r.m
	order := make([]int, m.m)
	for s := range order {
		order[s] = s
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(r.held[b], r.held[a]) })
	for _, share := range []float64{1, 1.015, 1.03, 0.99} {
		set, left := make([]bool, m.m), float64(m.p.Budget)*share
		for _, s := range order {
			_, hi := m.seatsOf(s)
			left -= float64(m.p.Sessions[s].F) + float64(m.p.Sessions[s].C)*float64(hi)
			if left < 0 || r.held[s] <= 0 {
				break
			}
			set[s] = true
		}
		sets = append(sets, set)
	}
	return sets
}

// turn does one piece of local search or of branching.
func (r *run) turn() {
	if r.m.n > manyPeople {
		r.move()
		return
	}
	if r.bulky() {
		r.fold()
	}
	before := r.meter.work.Load()
	if r.searched <= r.branched || r.bulky() || r.open[0].basis == nil && r.open[0].depth == 0 {
		was := r.best
		if r.move(); r.best == was {
			r.idle++
		} else {
			r.idle = 0
		}
		spent := max(1, r.meter.work.Load()-before)
		if r.m.n > fewForProof && r.thorough() && r.dives > 0 { // the first branches bring the bound near
			spent = max(1, spent/2)
		}
		r.searched += spent * r.rarer()
		return
	}
	depth := 1
	if r.m.n <= 1000 {
		depth = 8
	}
	r.expand(depth)
	r.branched += max(1, r.meter.work.Load()-before)
	r.report("branch")
}

// rarer is how many times rarer local search comes for finding nothing. Where
// people are few a proof is near, and its plans are the best soon.
func (r *run) rarer() int64 {
	if r.m.n <= fewForProof {
		return min(1+r.idle, 40)
	}
	return min(1+r.idle/4, 4)
}

// move is a round of local search.
func (r *run) move() {
	if r.m.n > fewPeople && r.rounds%12 != 11 {
		r.shifts()
	} else { // other sessions too
		r.walks()
	}
}

// walkers search side by side; their number must not depend on the workers.
const walkers = 4

// coolness goes from 1 to 0 over the run.
func (r *run) coolness() float64 {
	if r.opt.Limit == 0 && r.opt.Work == 0 { // no end in sight: again and again
		return float64(8-r.rounds%8) / 8
	}
	return 1 - r.meter.share()
}

// walks runs a round of local search: two walkers from the best plan, two from
// where they were. They cool down over the run. Where there is branching over
// few people, only one of them walks; two try lineups, and one makes a plan of the
// best one's sessions afresh.
func (r *run) walks() {
	quota := int64(min(max(60*r.m.n, 6000), 200_000))
	spare := int64(math.MaxInt64) // work that a walker may take
	if left := r.meter.quota - r.meter.work.Load(); r.meter.quota > 0 {
		if spare = left/walkers + 1; r.thorough() { // for there is branching too
			spare = min(spare, max(left/4, 1000)/walkers)
		}
		quota = min(quota, spare)
	}
	cool := r.coolness()
	found, tasks := make([]*state, walkers), r.tasks(walkers)
	var lineups []*lineup
	var x *prices
	polish := r.thorough() && r.frame != nil && r.priced && r.best.feasible()
	if polish {
		lineups = r.pick(2)
		x = r.lineupOf(r.best.held).x
	}
	r.each(walkers, func(k int) {
		e := tasks[k]
		c := e.newCrew(r.guide, stream(r.opt.Seed, 4, uint64(r.rounds), uint64(k)))
		defer e.release(c)
		switch {
		case k < len(lineups):
			found[k] = r.attempt(e, lineups[k], c.rng)
			return
		case k < 3 && polish:
			found[k] = r.afresh(e, x, spare, c.rng)
			return
		}
		from := r.best
		if k >= 2 && r.last[k] != nil && r.rounds%6 != 5 {
			from = r.last[k]
		}
		w := &walk{crew: c, st: from.clone(), stop: e.meter.late, quota: quota}
		heats := [walkers]float64{0.003, 0.02, 0.03, 0.06}
		w.scale = r.space.seat
		w.heat = heats[k] * cool * w.scale
		found[k] = w.run()
		r.last[k] = w.st
		e.meter.add(w.spent)
		if polish && found[k].feasible() {
			found[k] = r.polish(e, found[k], nil, min(r.rounds, 4), k)
		}
	})
	for _, l := range lineups {
		l.tries++
	}
	for k, st := range found {
		if polish && k == walkers-1 && st.feasible() {
			r.meet(newLineup(st.held, r.bound(), r.guide, st))
		}
		r.offer(st)
	}
	r.rounds++
}

package solve

import (
	"cmp"
	"math"
	"slices"
)

// newCrew readies a searcher that changes plans.
func (e *engine) newCrew(x *prices, rng *random) *crew {
	return &crew{hand: e.free.Get().(*hand), x: x, rng: rng, m: e.m, meter: e.meter, forbid: -1}
}

func (e *engine) release(c *crew) { e.free.Put(c.hand) }

// fitsRows reports whether holding s too keeps the hard rows on sessions.
func (st *state) fitsRows(s int) bool {
	m := st.m
	if m.budgetTop == free && st.cost+m.p.Sessions[s].F > m.p.Budget {
		return false
	}
	for _, u := range m.perHeld[s] {
		if m.limitTop[u.limit] == free && st.used[u.limit]+u.amount > m.p.Limits[u.limit].Limit {
			return false
		}
	}
	q := &m.p.Sessions[s]
	return q.State != "closed" && int64(q.Min) <= min(int64(q.Cap), m.audience[s])
}

// construct builds a plan from nothing with the sessions wanted, as far as
// money goes: people choose in turn, first at the guide's full prices.
func (c *crew) construct(wanted []bool) *state {
	m := c.m
	st := newState(m)
	for i := range m.n { // promised seats need their sessions
		for _, k := range m.lock[int32(i)] {
			if s := int(m.session[k]); st.fitsRows(s) {
				st.hold(s, true)
			}
		}
	}
	for s, y := range wanted {
		if y && !st.held[s] && st.fitsRows(s) {
			st.hold(s, true)
		}
	}
	order := c.order()
	for _, kappa := range []float64{1, 0.8, 0.5, 0.2, 0} {
		if m.n > manyPeople {
			c.trade(st, order, kappa)
		} else {
			c.sweep(st, order, kappa)
		}
	}
	c.tidy(st)
	return st
}

// round makes a plan from the solution of a master: the sessions that are
// mostly held, everybody's largest plan as far as it fits, then the rest.
func (c *crew) round(f *found) *state {
	m := c.m
	st := newState(m)
	for s, y := range f.held {
		if y > 0.5 && !st.held[s] && st.fitsRows(s) {
			st.hold(s, true)
		}
	}
	who := make([]int32, m.n)
	for i := range who {
		who[i] = int32(i)
	}
	slices.SortStableFunc(who, func(a, b int32) int { return cmp.Compare(f.sure[b], f.sure[a]) })
	for _, i := range who {
		if slices.ContainsFunc(f.plans[i], func(k int32) bool { return !st.held[m.session[k]] }) || len(f.plans[i]) == 0 {
			continue
		}
		st.set(int(i), f.plans[i])
		if !st.personSound(int(i)) {
			st.set(int(i), nil)
		}
	}
	c.rng.shuffle(who)
	c.fill(st)
	for _, kappa := range []float64{1, 0.5, 0} {
		c.sweep(st, who, kappa)
	}
	c.fill(st)
	c.tidy(st)
	c.sweep(st, who, 0)
	return st
}

// fill brings held sessions up to their minimum, with those who lose least by it.
func (c *crew) fill(st *state) {
	for s, y := range st.held {
		searches := int64(min(len(c.m.seats[s]), mostDrafted))
		for y && !c.m.loose[s] && int(st.seats[s]) < c.m.p.Sessions[s].Min && !c.meter.lateWith(c.spent+searches) && c.draft(st, s) {
		}
	}
}

// mostDrafted is how many people are asked for one seat.
const mostDrafted = 300

// draft seats in session s whoever loses least by it; false if nobody can sit there.
func (c *crew) draft(st *state, s int) bool {
	who, most, plan, fewest := -1, int64(math.MinInt64), []int32(nil), st.unmet
	list := c.m.seats[s]
	for n := range min(len(list), mostDrafted) {
		i := int(list[n])
		k, _ := c.m.pair(i, int32(s))
		if slices.Contains(st.plan[i], k) {
			continue
		}
		was, old := st.worth, slices.Clone(st.plan[i])
		if a := c.offer(st, i, 0, []int32{k}); a.value != never && c.place(st, i) && (st.unmet < fewest || st.unmet == fewest && st.worth-was > most) {
			who, most, plan, fewest = i, st.worth-was, slices.Clone(c.plan), st.unmet
		}
		st.set(i, old)
	}
	if who < 0 || fewest == st.unmet && most <= 0 {
		return false
	}
	st.set(who, plan)
	return true
}

// order is people at random, those with promises and duties first.
func (c *crew) order() []int32 {
	list := make([]int32, c.m.n)
	for i := range list {
		list[i] = int32(i)
	}
	c.rng.shuffle(list)
	bound := func(i int32) int {
		if len(c.m.lock[i]) > 0 {
			return 0
		}
		if len(c.m.p.People[i].Must) > 0 {
			return 1
		}
		return 2
	}
	slices.SortStableFunc(list, func(a, b int32) int { return cmp.Compare(bound(a), bound(b)) })
	return list
}

// sweep lets each person choose again and keeps what is not worse.
func (c *crew) sweep(st *state, who []int32, kappa float64) {
	for _, i := range who {
		if c.meter.lateWith(c.spent) {
			return
		}
		c.improve(st, int(i), kappa)
	}
}

// trade lets each person choose again at κ times the guide's prices, and give
// up seats that others pay more for: what is left at κ = 0 is worth taking.
func (c *crew) trade(st *state, who []int32, kappa float64) {
	for _, i := range who {
		if c.meter.lateWith(c.spent) {
			return
		}
		if c.m.start[i] == c.m.start[i+1] {
			continue
		}
		old, unmet := append([]int32(nil), st.plan[i]...), st.unmet
		c.offer(st, int(i), kappa, nil)
		if !c.place(st, int(i)) || st.unmet > unmet {
			st.set(int(i), old)
		}
	}
}

// improve reseats person i if that loses nothing.
func (c *crew) improve(st *state, i int, kappa float64) {
	if c.m.start[i] == c.m.start[i+1] {
		return
	}
	was, unmet := st.worth, st.unmet
	old := append([]int32(nil), st.plan[i]...)
	c.reseat(st, i, kappa)
	if st.unmet > unmet || st.unmet == unmet && st.worth < was || !st.personSound(i) {
		st.set(i, old)
	}
}

// members are the people in session s.
func (st *state) members(s int) (who []int32) {
	if st.seats[s] == 0 {
		return nil
	}
	for _, i := range st.m.seats[s] {
		if slices.ContainsFunc(st.plan[i], func(k int32) bool { return int(st.m.session[k]) == s }) {
			who = append(who, i)
		}
	}
	return who
}

// dissolve closes session s and lets its people choose anew.
func (c *crew) dissolve(st *state, s int, kappa float64) {
	who := st.members(s)
	for _, i := range who {
		st.set(int(i), nil)
	}
	st.hold(s, false)
	c.rng.shuffle(who)
	for _, i := range who {
		c.reseat(st, int(i), kappa)
		if !st.personSound(int(i)) {
			st.set(int(i), nil)
		}
	}
}

// tidy closes sessions that are held without need: those under their minimum,
// and empty ones.
func (c *crew) tidy(st *state) {
	m := c.m
	for range 2 * m.m {
		worst, most := -1, 0.0
		for s := range st.held {
			q := &m.p.Sessions[s]
			if !st.held[s] || q.State == "open" || m.loose[s] || c.promised(s) {
				continue
			}
			if missing := q.Min - int(st.seats[s]); missing > 0 || st.seats[s] == 0 {
				if share := (float64(missing) + 1) / (float64(q.Min) + 1); worst < 0 || share > most {
					worst, most = s, share
				}
			}
		}
		if worst < 0 {
			return
		}
		c.dissolve(st, worst, 0)
	}
}

// promised reports whether someone's seat in session s is locked.
func (c *crew) promised(s int) bool {
	for _, list := range c.m.lock {
		if slices.ContainsFunc(list, func(k int32) bool { return int(c.m.session[k]) == s }) {
			return true
		}
	}
	return false
}

// A joiner would gain by sitting in a session.
type joiner struct {
	who  int32
	plan []int32
	gain int64
}

// joiners lists who would gain from a seat in session s, given the present
// plans: what clashes with it is given up.
func (c *crew) joiners(st *state, s int, kappa float64) []joiner {
	m := c.m
	var list []joiner
	for _, i := range m.seats[s] {
		k, ok := m.pair(int(i), int32(s))
		if !ok || slices.Contains(st.plan[i], k) {
			continue
		}
		plan := make([]int32, 0, len(st.plan[i])+1)
		given := int64(0)
		u := m.unit[i]
		coin := addSat(addSat(int64(kappa*float64(c.x.beta)), int64(kappa*float64(c.x.mu[u]))), m.money)
		for _, l := range st.plan[i] {
			t := m.session[l]
			if bit(m.clash[s], t) {
				given = addSat(given, mulSat(coin, m.p.Sessions[t].C))
				given += int64(kappa * float64(c.x.lambda[t]))
				continue
			}
			plan = append(plan, l)
		}
		plan = append(plan, k)
		if !m.allowed(int(i), plan) {
			continue
		}
		v, _ := m.valueOf(int(i), plan)
		gain := v - st.value[i] + given - mulSat(coin, m.p.Sessions[s].C)
		if len(st.plan[i]) == 0 {
			gain += st.reachBonus(int(i))
		}
		if gain > 0 {
			list = append(list, joiner{i, plan, gain})
		}
	}
	c.spent += int64(len(m.seats[s])/8 + 1)
	slices.SortFunc(list, func(a, b joiner) int { return cmp.Or(cmp.Compare(b.gain, a.gain), cmp.Compare(a.who, b.who)) })
	return list
}

// enlist opens session s with those who gain most, if they are enough.
func (c *crew) enlist(st *state, s int, kappa float64) {
	if st.held[s] || !st.fitsRows(s) {
		return
	}
	list := c.joiners(st, s, kappa)
	if len(list) < c.m.p.Sessions[s].Min || len(list) == 0 {
		return
	}
	st.hold(s, true)
	for _, j := range list {
		if int(st.seats[s]) >= c.m.p.Sessions[s].Cap {
			break
		}
		old := append([]int32(nil), st.plan[j.who]...)
		st.set(int(j.who), j.plan)
		if !st.personSound(int(j.who)) {
			st.set(int(j.who), old)
		}
	}
}

// A walk is simulated annealing over plans: seats of a few people, and which
// sessions are held.
type walk struct {
	*crew
	st    *state
	heat  float64 // temperature, on the grid
	scale float64 // what a seat is worth, about
	stop  func() bool
	quota int64 // searches

	*shift // whose seats it moves, with the sessions as they are; nil: everything

	// The best so far, as plans; changed are the people that differ from it.
	plans   [][]int32
	held    []bool
	worth   int64
	unmet   int64
	changed []int32
	dirty   []bool
}

// run makes moves until the quota of searches is used up or stop says so, and
// returns the best state it met.
func (w *walk) run() *state {
	m := w.m
	w.plans, w.held, w.dirty = make([][]int32, m.n), slices.Clone(w.st.held), make([]bool, m.n)
	for i, l := range w.st.plan {
		w.plans[i] = slices.Clone(l)
	}
	w.worth, w.unmet = w.st.worth, w.st.unmet
	start, j := w.heat, newJournal(m)
	for n := 0; w.spent < w.quota; n++ {
		if n&7 == 0 && w.stop() {
			break
		}
		w.heat = start * max(0, 1-float64(w.spent)/float64(w.quota))
		w.st.begin(j)
		was, unmet := w.st.worth, w.st.unmet
		switch {
		case w.shift != nil:
			w.seats(n)
		case w.rng.intn(m.n+8) < 8 || w.rng.intn(40) == 0:
			w.sessions()
		case w.rng.intn(4) == 0:
			w.exchange()
		default:
			w.people()
		}
		w.spent++
		if !w.st.sound() || w.st.unmet > unmet || !w.rng.accept(w.st.worth-was, w.heat) && w.st.unmet == unmet {
			w.st.undo()
			continue
		}
		w.st.commit()
		w.remember(j)
	}
	return restore(m, w.plans, w.held)
}

// remember notes what a move changed, and keeps the state if it is the best.
func (w *walk) remember(j *journal) {
	for _, i := range j.who {
		if !w.dirty[i] {
			w.dirty[i] = true
			w.changed = append(w.changed, i)
		}
	}
	if w.st.unmet > w.unmet || w.st.unmet == w.unmet && w.st.worth <= w.worth {
		return
	}
	w.worth, w.unmet = w.st.worth, w.st.unmet
	copy(w.held, w.st.held)
	for _, i := range w.changed {
		w.plans[i] = append(w.plans[i][:0], w.st.plan[i]...)
		w.dirty[i] = false
	}
	w.changed = w.changed[:0]
}

var kappas = []float64{0, 0.3, 0.6, 0.8, 1}

// sessions opens, closes or swaps sessions and lets everybody choose again.
func (w *walk) sessions() {
	was := w.st.worth
	var on, off []int
	for s, y := range w.st.held {
		switch q := &w.m.p.Sessions[s]; {
		case q.State != "" || w.m.loose[s]:
		case y:
			on = append(on, s)
		default:
			off = append(off, s)
		}
	}
	kind := w.rng.intn(4)
	kappa := kappas[w.rng.intn(len(kappas))]
	if kind != 1 && len(on) > 0 {
		w.dissolve(w.st, on[w.rng.intn(len(on))], kappa)
	}
	if kind != 0 && len(off) > 0 {
		w.enlist(w.st, off[w.rng.intn(len(off))], kappa)
	}
	if kind == 3 && len(off) > 1 {
		w.enlist(w.st, off[w.rng.intn(len(off))], kappa)
	}
	// Those whose plans changed choose again; everybody only if it looks promising.
	who := slices.Clone(w.st.log.who)
	w.rng.shuffle(who)
	w.sweep(w.st, who, 0.5)
	w.sweep(w.st, who, 0)
	w.tidy(w.st)
	if float64(was-w.st.worth) > 4*w.heat+0.3*w.scale {
		return
	}
	who = w.order()
	who = who[:min(len(who), 1000)]
	w.sweep(w.st, who, 0.5)
	w.sweep(w.st, who, 0)
	w.tidy(w.st)
}

// people ruins the plans of a few and lets them choose again in another order.
func (w *walk) people() {
	m := w.m
	k := 2 + w.rng.intn(9)
	var who []int32
	if first := w.rng.intn(m.n); w.rng.intn(2) == 0 && len(w.st.plan[first]) > 0 { // people of one session
		list := w.st.plan[first]
		who = w.st.members(int(m.session[list[w.rng.intn(len(list))]]))
		w.rng.shuffle(who)
		who = who[:min(k, len(who))]
	} else { // people of one unit, or anyone
		u, same := m.unit[first], w.rng.intn(4) > 0
		for tries := 0; len(who) < k && tries < 20*k; tries++ {
			i := int32(w.rng.intn(m.n))
			if (!same || m.unit[i] == u) && m.start[i] < m.start[i+1] && !slices.Contains(who, i) {
				who = append(who, i)
			}
		}
	}
	w.ruin(who)
}

// ruin takes the seats of a few and lets them choose again.
func (w *walk) ruin(who []int32) {
	for _, i := range who {
		w.st.set(int(i), nil)
	}
	kappa := kappas[w.rng.intn(len(kappas))]
	for _, i := range who {
		w.reseat(w.st, int(i), kappa*(1+0.3*w.rng.normal()))
		if !w.st.personSound(int(i)) {
			w.st.set(int(i), nil)
		}
	}
	if kappa > 0 {
		w.sweep(w.st, who, 0)
	}
}

// exchange gives someone a seat in a full session, from the member of a few
// who loses least by it.
func (w *walk) exchange() {
	m := w.m
	var full []int
	for s, y := range w.st.held {
		if y && int(w.st.seats[s]) >= m.p.Sessions[s].Cap && w.st.seats[s] > 0 {
			full = append(full, s)
		}
	}
	if len(full) == 0 {
		return
	}
	s := full[w.rng.intn(len(full))]
	i := m.seats[s][w.rng.intn(len(m.seats[s]))]
	members := w.st.members(s)
	if slices.Contains(members, i) || len(members) == 0 {
		return
	}
	who, loss := int32(-1), int64(0)
	for range 5 {
		j := members[w.rng.intn(len(members))]
		k, _ := m.pair(int(j), int32(s))
		rest := slices.DeleteFunc(slices.Clone(w.st.plan[j]), func(l int32) bool { return l == k })
		v, _ := m.valueOf(int(j), rest)
		if d := w.st.value[j] - v; who < 0 || d < loss {
			who, loss = j, d
		}
	}
	w.st.set(int(who), nil)
	w.improve(w.st, int(i), 0)
	w.reseat(w.st, int(who), 0)
	if !w.st.personSound(int(who)) {
		w.st.set(int(who), nil)
	}
}

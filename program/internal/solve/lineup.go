package solve

import (
	"cmp"
	"math"
	"slices"
)

// A lineup is a set of sessions that the best plan may hold just so: the
// solution of some branch held them, none in part, or a plan that was found does.
type lineup struct {
	held    []bool
	D       int64   // bound: of the branch, or once settled, of all plans with these sessions
	x       *prices // and what proves it
	settled bool
	best    *state // the best plan found with these sessions; nil: none, or the lineup is done with
	tries   int

	people   float64 // that move together in a search of quotas, about
	portions []*portion
}

// A portion is the search over the quotas of some units, begun from the
// lineup's best plan.
type portion struct {
	units   []bool
	all     bool // they are all
	*quotas      // nil: searched to the end
}

// mostLineups is how many are remembered. Branches that come later have lower bounds.
const mostLineups = 100

// spell is the work of one try, in person searches.
const spell = 30_000

// nearness is how near to a person's best the likely plans of a portion are, in
// parts of what a seat is worth: one of these.
var nearness = []float64{0.1, 0.2, 0.4, 0.8}

func newLineup(held []bool, D int64, x *prices, best *state) *lineup {
	return &lineup{held: held, D: D, x: x, best: best, people: 20}
}

// line notes the lineup that the master's solution is, if it is a new one, with
// the plan that is nearest to the solution.
func (t *dive) line(n *node) {
	if !t.thorough() || len(t.run.lineups)+len(t.lineups) >= mostLineups {
		return
	}
	f := &found{held: make([]float64, t.m.m)}
	t.w.report(f)
	held := make([]bool, t.m.m)
	for s, y := range f.held { // a program that breaks hard rows may leave out what is decided
		held[s] = y > 0.5 || t.m.p.Sessions[s].State == "open"
	}
	if t.lineupOf(held) != nil || slices.ContainsFunc(t.lineups, func(o *lineup) bool { return slices.Equal(o.held, held) }) {
		return
	}
	l := newLineup(held, n.D, t.space.read(n.x, n.branch), nil)
	c := t.newCrew(l.x, t.rng)
	defer t.release(c)
	l.best = c.round(f)
	t.meter.add(c.spent)
	t.lineups = append(t.lineups, l)
}

// lineupOf is the known lineup of these sessions, or nil.
func (r *run) lineupOf(held []bool) *lineup {
	if k := slices.IndexFunc(r.lineups, func(l *lineup) bool { return slices.Equal(held, l.held) }); k >= 0 {
		return r.lineups[k]
	}
	return nil
}

// meet remembers lineups, as long as there is room.
func (r *run) meet(list ...*lineup) {
	for _, l := range list {
		if len(r.lineups) < mostLineups && r.lineupOf(l.held) == nil {
			r.lineups = append(r.lineups, l)
		}
	}
}

// pick lists so many lineups that are most worth another try, that of the best
// plan first: with a high bound, and few tries. Those that cannot hold a better
// plan are left out.
func (r *run) pick(n int) (list []*lineup) {
	if r.lineupOf(r.best.held) == nil {
		r.lineups = append(r.lineups, newLineup(r.best.held, r.bound(), r.guide, r.best))
	}
	cut := r.cutoff()
	for _, l := range r.lineups {
		if l.D >= cut {
			list = append(list, l)
		} else {
			l.best, l.portions = nil, nil
		}
	}
	score := func(l *lineup) float64 {
		if l.best == r.best {
			return math.MaxFloat64
		}
		return float64(l.D) - 0.05*r.space.seat*float64(l.tries)
	}
	slices.SortStableFunc(list, func(a, b *lineup) int { return cmp.Compare(score(b), score(a)) })
	return list[:min(n, len(list))]
}

// attempt looks for a better plan with the sessions of a lineup; nil: it has none.
func (r *run) attempt(e *engine, l *lineup, rng *random) *state {
	if m := e.meter; m.quota > 0 && m.quota-m.work.Load() < int64(2*r.m.n) || !l.settled && !r.settle(e, l, rng) {
		return nil // less work is left than a pass takes, or nothing is there
	}
	if l.best != r.best {
		c := e.newCrew(l.x, rng)
		l.take(c.adapt(r.best, l.held))
		e.meter.add(c.spent)
		e.release(c)
		if !l.best.feasible() {
			return nil
		}
		l.take(r.polish(e, l.best, l, int64(l.tries)+3, 2))
	}
	for start := e.meter.work.Load(); e.meter.work.Load()-start < spell && !e.meter.late() && l.D >= r.cutoff(); {
		if !r.allot(e, l, rng) {
			break
		}
	}
	if l.best != r.best { // the others' searches take room
		l.portions = slices.DeleteFunc(l.portions, func(p *portion) bool { return p.quotas != nil && !p.all })
	}
	return l.best
}

// allot searches the quotas of some units of a lineup for a while: of so many
// people that it can be done to the end, just about; false: it cannot be done
// for these.
func (r *run) allot(e *engine, l *lineup, rng *random) bool {
	p := r.portion(e, l, rng)
	if p == nil {
		return false
	}
	p.e = e
	cut := l.best.next()
	if p.all {
		cut = max(cut, r.cutoff())
	}
	st, done := p.search(l.best, cut, 100)
	if l.people = max(1, 0.8*l.people); done {
		l.people *= 1.5
		p.quotas = nil
		if p.all { // as far as floating point tells
			l.D = math.MinInt64
		}
	}
	l.take(st)
	return true
}

// take keeps a plan of the lineup if it is better.
func (l *lineup) take(st *state) {
	if st.better(l.best) {
		l.best, l.portions = st, slices.DeleteFunc(l.portions, func(p *portion) bool { return !p.all })
	}
}

// portion picks units at random until they have as many people as the lineup
// moves together, but no units that were searched to the end. The search of the
// same units goes on from the last time. It is nil where it would be too large.
func (r *run) portion(e *engine, l *lineup, rng *random) *portion {
	count, order := make([]int, r.m.units), make([]int32, r.m.units)
	for _, i := range r.frame.people {
		count[r.m.unit[i]]++
	}
	for u := range order {
		order[u] = int32(u)
	}
	for {
		rng.shuffle(order)
		p := &portion{units: make([]bool, r.m.units), all: true}
		left := l.people
		for _, u := range order {
			if count[u] == 0 {
				continue
			}
			if p.units[u] = left > 0; left <= 0 {
				p.all = false
			}
			left -= float64(count[u])
		}
		k := slices.IndexFunc(l.portions, func(o *portion) bool { return slices.Equal(o.units, p.units) })
		if k < 0 {
			l.forget()
			regret := addSat(l.D, -r.cutoff())
			if !p.all { // far from the bound all plans that may be better are many, and few of them are any use
				regret = min(regret, int64(r.space.seat*nearness[rng.intn(len(nearness))]))
			}
			p.quotas = e.newQuotas(r.frame, l.best, l.x, regret, p.units)
			if p.quotas == nil {
				l.people = max(1, l.people/2)
				return nil
			}
			l.portions = append(l.portions, p)
			return p
		}
		if l.portions[k].quotas != nil {
			return l.portions[k]
		}
		l.people *= 1.1
	}
}

// forget drops a search that is not at its end, where they are many: each takes room.
func (l *lineup) forget() {
	const many = 8
	open := func(p *portion) bool { return p.quotas != nil && !p.all }
	n, first := 0, -1
	for k, p := range l.portions {
		if open(p) {
			if n++; first < 0 {
				first = k
			}
		}
	}
	if n >= many {
		l.portions = slices.Delete(l.portions, first, first+1)
	}
}

// settle finds the bound of a lineup, the prices that prove it, and the plan
// that is nearest to its linear program's solution; false: no better plan has
// these sessions.
func (r *run) settle(e *engine, l *lineup, rng *random) bool {
	b := r.m.trunk()
	for s, y := range l.held {
		switch {
		case b.held[s] != undecided || r.m.loose[s]:
		case y:
			b.held[s] = held
		default:
			b.held[s] = shut
		}
	}
	w := e.newMaster(r.frame, r.pool, b, l.x, math.Inf(1))
	stop := func() bool { return e.meter.lateWith(w.l.work() - w.paid + int64(r.m.n)) } // no pass that there is no work for
	f := w.solve(r.space.write(l.x), r.cutoff(), enough, stop)
	if f.at == nil { // no time
		return false
	}
	l.settled, l.D, l.x = true, f.D, f.at
	if f.none || l.D < r.cutoff() || f.plans == nil || e.meter.late() {
		return false
	}
	c := e.newCrew(l.x, rng)
	defer e.release(c)
	if st := c.round(f); slices.Equal(st.held, l.held) {
		l.take(st)
	}
	e.meter.add(c.spent)
	return true
}

// adapt makes a plan with other sessions of a plan.
func (c *crew) adapt(st *state, held []bool) *state {
	st = st.clone()
	for s, y := range held {
		switch {
		case st.held[s] && !y:
			c.dissolve(st, s, 0.5)
		case y && !st.held[s] && st.fitsRows(s):
			st.hold(s, true)
		}
	}
	c.fill(st)
	c.sweep(st, c.order(), 0)
	return st
}

// polish anneals the seats of a plan of a lineup, or nil: longer from round to
// round. Which plans of people are likely, by which prices, and how hot it
// begins, changes too.
func (r *run) polish(e *engine, st *state, l *lineup, round int64, k int) *state {
	regrets, heats := []float64{0.25, 0.12, 0.06, 0.3, 0.08, 0.4}, []float64{0.5, 1, 0.7}
	turn := int(r.rounds)
	x := r.guide
	if l != nil && turn%2 == 0 {
		x = l.x
	}
	rng := stream(r.opt.Seed, 8, uint64(r.rounds), uint64(k))
	return r.anneal(e, r.newAnneal(st, x, r.near(regrets[(2*turn+k)%len(regrets)]), rng), st, int64(8000)<<min(round, 5), heats[(turn+k)%len(heats)], false)
}

// afresh makes a plan with the sessions of the best one that does not depend on
// its seats, and then searches the quotas of one and of two units of it, in turn
// until no pair of them finds anything. It takes no more than so much work, about.
func (r *run) afresh(e *engine, x *prices, work int64, rng *random) *state {
	const quotas = 4 * spell // work for them: where units are many, not all pairs get their turn
	start, people := e.meter.work.Load(), int64(len(r.frame.people))
	moves := min(150*people, work/2) // in searches
	work = min(work, moves+quotas)
	share, heat := 0.12, 0.5
	if r.rounds%4 >= 2 {
		share = 0.06
	}
	if r.rounds%2 == 1 {
		heat = 1
	}
	a := r.newAnneal(r.best, x, r.near(share), rng)
	st := r.anneal(e, a, r.best, perSearch*moves, heat, true)
	if !st.feasible() || float64(r.best.worth-st.worth) > 0.5*r.space.seat { // too far down
		return st
	}
	peopled := r.peopled()
	n := len(peopled)
	var pairs []int32 // of number k ÷ n and number k mod n among them, which may be the same
	for u := range n {
		for v := range u + 1 {
			pairs = append(pairs, int32(u*n+v))
		}
	}
	rng.shuffle(pairs)
	for k, last := 0, 0; k-last < len(pairs) && !e.meter.late() && e.meter.work.Load()-start < work; k++ {
		units, pair := make([]bool, r.m.units), int(pairs[k%len(pairs)])
		units[peopled[pair/n]], units[peopled[pair%n]] = true, true
		e.meter.add(people/4 + 1) // for what is built
		q := e.newQuotas(r.frame, st, x, r.near(0.1), units)
		if q == nil {
			continue
		}
		if better, _ := q.search(st, st.next(), 100); better != st {
			st, last = better, k
		}
	}
	return st
}

// peopled are the units that have people.
func (r *run) peopled() (list []int32) {
	for _, i := range r.frame.people {
		list = append(list, r.m.unit[i])
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// near is what plans of people fall short of their best at most, of what a
// seat is worth: those that do so by more than the bound allows are no use.
func (r *run) near(share float64) int64 {
	return min(max(0, r.bound()-r.best.worth), int64(r.space.seat*share))
}

// perSearch is how many moves take the time of a person's search, about.
const perSearch = 8

// anneal makes moves, as many as there is work for.
func (r *run) anneal(e *engine, a *anneal, st *state, moves int64, heat float64, forget bool) *state {
	if e.meter.quota > 0 {
		moves = min(moves, perSearch*max(0, e.meter.quota-e.meter.work.Load()))
	}
	a.run(int(moves), heat, forget, e.meter.late)
	e.meter.add(moves / perSearch)
	return a.state(st)
}

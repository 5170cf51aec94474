package solve

import "slices"

// A lineup is a set of sessions that the solution of some branch held, none in
// part: the best plan may hold just these.
type lineup struct {
	held  []bool
	D     int64   // bound of the branch
	x     *prices // and what proves it
	best  *state  // the best plan found with these sessions
	tries int
}

// mostLineups is how many are remembered: each has a plan. Those that come
// later have lower bounds.
const mostLineups = 100

// line notes the lineup that the master's solution is, if it is a new one, with
// the plan that is nearest to the solution.
func (t *dive) line(n *node) {
	if t.m.menu == nil || len(t.run.lineups)+len(t.lineups) >= mostLineups {
		return
	}
	f := &found{held: make([]float64, t.m.m)}
	t.w.report(f)
	l := &lineup{held: make([]bool, t.m.m), D: n.D}
	for s, y := range f.held {
		l.held[s] = y > 0.5
	}
	if t.lineupOf(l.held) != nil || slices.ContainsFunc(t.lineups, func(o *lineup) bool { return slices.Equal(o.held, l.held) }) {
		return
	}
	l.x = t.space.read(n.x, n.branch)
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
func (r *run) meet(list []*lineup) {
	for _, l := range list {
		if len(r.lineups) < mostLineups && r.lineupOf(l.held) == nil {
			r.lineups = append(r.lineups, l)
		}
	}
}

// pick is the lineup, beside that of the best plan, that is most worth another
// try: with a high bound, and few tries; nil: there is none. Those that cannot
// hold a better plan are forgotten.
func (r *run) pick() (best *lineup) {
	cut, most := r.cutoff(), 0.0
	r.lineups = slices.DeleteFunc(r.lineups, func(l *lineup) bool { return l.D < cut })
	for _, l := range r.lineups {
		if score := float64(l.D) - 0.05*r.space.seat*float64(l.tries); !slices.Equal(l.held, r.best.held) && (best == nil || score > most) {
			best, most = l, score
		}
	}
	return best
}

// attempt looks for a plan with the sessions of a lineup.
func (r *run) attempt(e *engine, c *crew, l *lineup) *state {
	if st := c.adapt(r.best, l.held); st.better(l.best) {
		l.best = st
	}
	e.meter.add(c.spent)
	if l.tries++; l.best.feasible() {
		l.best = r.polish(e, l.best, l, int64(l.tries)+3, 2)
	}
	return l.best
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
	regrets, heats := []float64{0.25, 0.12, 0.18, 0.3, 0.15, 0.4}, []float64{0.7, 1, 1.4}
	const perSearch = 2 // moves that take the time of a person's search, about
	moves := int64(2000) << min(round, 9)
	if e.meter.quota > 0 {
		moves = min(moves, perSearch*max(0, e.meter.quota-e.meter.work.Load()))
	}
	turn := int(r.rounds)
	x := r.guide
	if l != nil && turn%2 == 0 {
		x = l.x
	}
	regret := min(max(0, r.bound()-r.best.worth), int64(r.space.seat*regrets[(2*turn+k)%len(regrets)]))
	a := r.newAnneal(st, x, regret, stream(r.opt.Seed, 8, uint64(r.rounds), uint64(k)))
	a.run(int(moves), heats[(turn+k)%len(heats)], k == 1, e.meter.late)
	e.meter.add(moves / perSearch)
	return a.state(st)
}

package solve

import (
	"math"
	"slices"
)

// An anneal is simulated annealing over people's likely plans while the
// sessions held stay as they are. A move gives one or two people other plans.
// Hard rows may break on the way, at a price that rises while they are broken
// and falls while they hold: the search goes to and fro across the border, where
// the good plans are. Rows and plans are those of the masters, in floating
// point: what it finds is computed anew before it counts.
type anneal struct {
	*frame
	rng  *random
	rows []bar
	seat float64 // what a seat is worth, about

	likely [][]*personPlan // by group
	choice []int32         // groups with more than one
	at     []int32         // group → its plan now
	gain   float64         // of the state over the first
	broken int             // hard rows, now

	best []int32 // group → its plan in the best state met without broken rows
	most float64 // what that gains; −Inf: none was met

	moved []change
}

// A bar is a row of the masters with the sessions held: its use, the limits of
// that, and what going beyond them costs.
type bar struct {
	use, low, high float64
	price          float64 // per unit
	hard           bool    // the price is that of the moment
}

// A change is what to take back.
type change struct{ group, was int32 }

// newAnneal starts at a feasible state. The likely plans are those that fall
// short of their person's best at prices x by no more than regret.
func (r *run) newAnneal(st *state, x *prices, regret int64, rng *random) *anneal {
	f := r.frame
	a := &anneal{frame: f, rng: rng, rows: make([]bar, len(f.b)), seat: f.space.seat / f.unit}
	for t := range a.rows {
		a.rows[t] = bar{low: math.Inf(-1), high: f.b[t], price: f.soft[t], hard: math.IsInf(f.soft[t], 1)}
		if a.rows[t].hard {
			a.rows[t].price = 3e-3 * a.seat
		}
	}
	for k, v := range f.space.write(x) {
		if t := f.row[k]; t >= 0 && a.rows[t].hard {
			a.rows[t].price += 3 * math.Abs(v) * f.size[t] / f.unit
		}
	}
	for k, s := range f.held {
		if !st.held[s] {
			continue
		}
		for n, t := range f.open[k].index {
			a.rows[t].high -= f.open[k].value[n]
		}
		lo, _ := f.m.seatsOf(int(s))
		a.rows[f.row[s]].low = float64(lo)
	}
	t := f.m.tariff(x)
	for g, i := range f.people {
		a.likely, a.at = append(a.likely, f.likely(st, t, i, regret)), append(a.at, 0)
		if len(a.likely[g]) > 1 {
			a.choice = append(a.choice, int32(g))
		}
	}
	a.best = slices.Clone(a.at)
	return a
}

// run makes so many moves, cooling down. What it meets in the first half does
// not count if it is to forget the state it starts at.
func (a *anneal) run(moves int, heat float64, forget bool, late func() bool) {
	const hot, cold = 0.04, 0.003 // of what a seat is worth
	const spell = 256             // moves at the same temperature and prices
	if len(a.choice) == 0 {
		return
	}
	sound := 0
	for n := range moves {
		if n%spell == 0 {
			if late() {
				return
			}
			a.recount()
			a.charge(sound > spell/10)
			sound = 0
		}
		if forget && n == moves/2 {
			a.most = math.Inf(-1)
		}
		a.move(a.seat * heat * hot * math.Pow(cold/hot, float64(n)/float64(moves)))
		if a.broken == 0 {
			sound++
		}
	}
}

// charge makes broken rows dearer or, where the state is often sound, cheaper.
func (a *anneal) charge(sound bool) {
	const step = 1.015
	by := step
	if sound {
		by = 1 / step
	}
	for t := range a.rows {
		if b := &a.rows[t]; b.hard {
			b.price *= by
		}
	}
}

// recount computes the use of the rows from nothing.
func (a *anneal) recount() {
	for t := range a.rows {
		a.rows[t].use = 0
	}
	for g, k := range a.at {
		c := a.likely[g][k]
		for n, t := range c.index {
			a.rows[t].use += c.value[n]
		}
	}
	a.broken = 0
	for t := range a.rows {
		if b := &a.rows[t]; b.hard && b.beyond() > 0 {
			a.broken++
		}
	}
}

// state is the best state met, computed anew, or else the one it began at.
func (a *anneal) state(st *state) *state {
	if math.IsInf(a.most, -1) {
		return st
	}
	plans := slices.Clone(st.plan) // people without a choice keep what they have
	for g, k := range a.best {
		plans[a.people[g]] = a.likely[g][k].pairs
	}
	return restore(a.m, plans, st.held)
}

// move gives someone another plan, and often a second person too.
func (a *anneal) move(heat float64) {
	a.moved = a.moved[:0]
	gain, felt := a.shift(a.choice[a.rng.intn(len(a.choice))])
	if a.rng.intn(2) == 0 {
		g, f := a.shift(a.choice[a.rng.intn(len(a.choice))])
		gain, felt = gain+g, felt+f
	}
	if felt < 0 && a.rng.float() >= math.Exp(felt/heat) {
		for n := len(a.moved) - 1; n >= 0; n-- {
			a.change(a.moved[n].group, a.moved[n].was)
		}
		return
	}
	if a.gain += gain; a.broken == 0 && a.gain > a.most+1e-9 {
		a.most = a.gain
		copy(a.best, a.at)
	}
}

// shift gives a group any plan but its present one, and returns what that
// gains, without and with the price of what it breaks.
func (a *anneal) shift(g int32) (gain, felt float64) {
	k := int32(a.rng.intn(len(a.likely[g]) - 1))
	if k >= a.at[g] {
		k++
	}
	a.moved = append(a.moved, change{g, a.at[g]})
	return a.change(g, k)
}

// change gives a group a plan.
func (a *anneal) change(g, k int32) (gain, felt float64) {
	old, new := a.likely[g][a.at[g]], a.likely[g][k]
	a.at[g] = k
	paid := 0.0
	gain = new.cost - old.cost
	for n, t := range old.index {
		s, h := a.add(t, -old.value[n])
		gain, paid = gain-s, paid+h
	}
	for n, t := range new.index {
		s, h := a.add(t, new.value[n])
		gain, paid = gain-s, paid+h
	}
	return gain, gain - paid
}

// add changes the use of a row, and returns what that costs where it is soft
// and where it is hard.
func (a *anneal) add(t int32, by float64) (soft, hard float64) {
	b := &a.rows[t]
	was := b.beyond()
	b.use += by
	is := b.beyond()
	if !b.hard {
		return b.price * (is - was), 0
	}
	if was > 0 {
		a.broken--
	}
	if is > 0 {
		a.broken++
	}
	return 0, b.price * (is - was)
}

// beyond is how far the use is outside the limits.
func (b *bar) beyond() float64 {
	const slack = 2e-7
	if over := max(b.use-b.high, b.low-b.use); over > slack {
		return over
	}
	return 0
}

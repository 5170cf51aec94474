package solve

import (
	"math"
	"slices"
)

// An anneal is simulated annealing over people's likely plans while the
// sessions held stay as they are. A move gives one person another plan; where
// that breaks a hard row, others make room, and what is still broken after a
// few is taken back. Rows and plans are those of the masters, in floating
// point: what it finds is computed anew before it counts.
type anneal struct {
	*frame
	rng  *random
	rows []bar
	seat float64 // what a seat is worth, about

	likely [][]*personPlan // by group
	mine   []int32         // groups whose plans it changes
	at     []int32         // group → its plan now
	best   []int32         // and in the best state met
	gain   float64         // of the state over the first
	most   float64         // of the best

	moved  []change
	broken []int32 // rows that the present move broke, or has mended since
}

// A bar is a row of the masters with the sessions held: its use, the limits of
// that, and what going beyond them costs.
type bar struct {
	use, low, high float64
	soft           float64 // per unit; +Inf: hard
	pain           float64 // per unit, of a hard row while others make room
}

// A change is what to take back.
type change struct{ group, was int32 }

// How a move ends.
const (
	mostMoved = 4 // people in one move
	someTries = 6 // plans that are looked at to make room
	slackness = 2e-7
)

// newAnneal starts at a feasible state. The likely plans are those that fall
// short of their person's best at prices x by no more than regret.
func (r *run) newAnneal(st *state, x *prices, regret int64, rng *random) *anneal {
	f := r.frame
	a := &anneal{frame: f, rng: rng, rows: make([]bar, len(f.b)), seat: f.space.seat / f.unit}
	for t := range a.rows {
		a.rows[t] = bar{low: math.Inf(-1), high: f.b[t], soft: f.soft[t]}
	}
	for k, v := range f.space.write(x) {
		if t := f.row[k]; t >= 0 {
			a.rows[t].pain = 3 * (math.Abs(v)*f.size[t]/f.unit + 1e-3*a.seat)
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
	for _, i := range f.people {
		a.likely, a.at = append(a.likely, f.likely(st, t, i, regret)), append(a.at, 0)
	}
	a.best = slices.Clone(a.at)
	return a
}

// run makes so many moves, cooling down, and goes to the best state met. The
// people of one unit after the other move by themselves if apart, and else all
// together: apart, each unit comes to rest where it is best.
func (a *anneal) run(moves int, heat float64, apart bool, late func() bool) {
	parts := make([][]int32, a.m.units)
	for g, i := range a.people {
		u := int32(0)
		if apart {
			u = a.m.unit[i]
		}
		parts[u] = append(parts[u], int32(g))
	}
	for _, a.mine = range parts {
		if len(a.mine) > 0 {
			a.cool(moves*len(a.mine)/len(a.likely), heat, late)
			copy(a.at, a.best)
			a.gain = a.most
		}
	}
}

// cool makes moves from hot to cold.
func (a *anneal) cool(moves int, heat float64, late func() bool) {
	const hot, cold = 0.04, 0.007 // of what a seat is worth
	now := 0.0
	for n := range moves {
		if n%1024 == 0 {
			if late() {
				return
			}
			now = a.seat * heat * hot * math.Pow(cold/hot, float64(n)/float64(moves))
			a.recount()
		}
		a.move(now)
	}
}

// recount computes the use of the rows from nothing.
func (a *anneal) recount() {
	for t := range a.rows {
		a.rows[t].use = 0
	}
	for g, k := range a.at {
		a.book(a.likely[g][k], 1)
	}
}

// book adds a plan to the use of the rows, or with −1 takes it off.
func (a *anneal) book(c *personPlan, sign float64) {
	for n, t := range c.index {
		a.rows[t].use += sign * c.value[n]
	}
}

// state is the best state met, computed anew.
func (a *anneal) state(st *state) *state {
	plans := slices.Clone(st.plan) // people without a choice keep what they have
	for g, k := range a.best {
		plans[a.people[g]] = a.likely[g][k].pairs
	}
	return restore(a.m, plans, st.held)
}

// move gives someone another plan, and lets others make room for it and use
// what is left over.
func (a *anneal) move(heat float64) {
	a.moved, a.broken = a.moved[:0], a.broken[:0]
	g := a.mine[a.rng.intn(len(a.mine))]
	if len(a.likely[g]) < 2 {
		return
	}
	gain := a.shift(g, a.other(g))
	for {
		a.broken = slices.DeleteFunc(a.broken, func(t int32) bool { return a.rows[t].holds() })
		if len(a.broken) == 0 {
			break
		}
		h, k := int32(-1), int32(-1)
		if len(a.moved) < mostMoved {
			h, k = a.helper(a.broken[a.rng.intn(len(a.broken))])
		}
		if h < 0 {
			a.undo()
			return
		}
		gain += a.shift(h, k)
	}
	if len(a.moved) > 1 {
		if h, k := a.heir(a.moved[a.rng.intn(len(a.moved))].group); h >= 0 {
			gain += a.shift(h, k)
		}
	}
	if len(a.broken) > 0 || gain < 0 && a.rng.float() >= math.Exp(gain/heat) {
		a.undo()
		return
	}
	if a.gain += gain; a.gain > a.most+1e-9 {
		a.most = a.gain
		copy(a.best, a.at)
	}
}

// other is any plan of a group but the present one.
func (a *anneal) other(g int32) int32 {
	k := int32(a.rng.intn(len(a.likely[g]) - 1))
	if k >= a.at[g] {
		k++
	}
	return k
}

// holds reports whether a row's use is within its limits.
func (b *bar) holds() bool { return b.use <= b.high+slackness && b.use >= b.low-slackness }

// beyond is how far a use is outside the limits.
func (b *bar) beyond(use float64) float64 { return max(0, use-b.high, b.low-use) }

// shift gives a group another plan and returns what that gains, soft rows included.
func (a *anneal) shift(g, k int32) (gain float64) {
	old, new := a.likely[g][a.at[g]], a.likely[g][k]
	gain = new.cost - old.cost
	for n, t := range old.index {
		gain += a.rows[t].add(-old.value[n])
	}
	for n, t := range new.index {
		gain += a.rows[t].add(new.value[n])
	}
	a.moved = append(a.moved, change{g, a.at[g]})
	a.at[g] = k
	a.watch(old)
	a.watch(new)
	return gain
}

// add changes the use, and returns what that gains where the row is soft.
func (b *bar) add(by float64) (gain float64) {
	was := b.use
	if b.use += by; !math.IsInf(b.soft, 1) {
		gain = b.soft * (b.beyond(was) - b.beyond(b.use))
	}
	return gain
}

// watch notes the hard rows of a plan that are broken now.
func (a *anneal) watch(c *personPlan) {
	for _, t := range c.index {
		if b := &a.rows[t]; !b.holds() && math.IsInf(b.soft, 1) && !slices.Contains(a.broken, t) {
			a.broken = append(a.broken, t)
		}
	}
}

// undo takes the present move back.
func (a *anneal) undo() {
	for n := len(a.moved) - 1; n >= 0; n-- {
		g, k := a.moved[n].group, a.moved[n].was
		a.book(a.likely[g][a.at[g]], -1)
		a.book(a.likely[g][k], 1)
		a.at[g] = k
	}
}

// helper finds someone whose plan can change for the good of a broken row, and
// the best of a few plans for that; −1: nobody.
func (a *anneal) helper(t int32) (group, plan int32) {
	over := a.rows[t].use > a.rows[t].high
	g := a.someone(func(g int32) bool { return !over || a.likely[g][a.at[g]].of(t) > 0 })
	if g < 0 {
		return -1, -1
	}
	k, _ := a.choose(g)
	return g, k
}

// heir finds someone of the unit of a group who gains by another plan, and that
// plan; −1: nobody.
func (a *anneal) heir(of int32) (group, plan int32) {
	u := a.m.unit[a.people[of]]
	g := a.someone(func(g int32) bool { return a.m.unit[a.people[g]] == u })
	if g < 0 {
		return -1, -1
	}
	k, gain := a.choose(g)
	if gain <= 0 {
		return -1, -1
	}
	return g, k
}

// someone is a group that has a choice, has not moved yet and is fit; −1: none
// of those looked at.
func (a *anneal) someone(fit func(g int32) bool) int32 {
	for range 20 {
		g := a.mine[a.rng.intn(len(a.mine))]
		if len(a.likely[g]) > 1 && fit(g) && !slices.ContainsFunc(a.moved, func(c change) bool { return c.group == g }) {
			return g
		}
	}
	return -1
}

// choose is the best of a few other plans of a group, and what it gains, the
// rows included that it breaks or mends.
func (a *anneal) choose(g int32) (plan int32, gain float64) {
	old := a.likely[g][a.at[g]]
	a.book(old, -1)
	was := a.promise(old)
	plan, gain = -1, math.Inf(-1)
	for range someTries {
		k := a.other(g)
		if v := a.promise(a.likely[g][k]) - was; v > gain {
			plan, gain = k, v
		}
	}
	a.book(old, 1)
	return plan, gain
}

// promise is what a plan is worth, less what rows suffer from it.
func (a *anneal) promise(c *personPlan) (v float64) {
	v = c.cost
	for n, t := range c.index {
		b := &a.rows[t]
		if is := b.use + c.value[n]; max(is, b.use) > b.high || min(is, b.use) < b.low {
			v -= b.suffers(is, a.seat) - b.suffers(b.use, a.seat)
		}
	}
	return v
}

// suffers is what a row costs at a use.
func (b *bar) suffers(use, seat float64) float64 {
	over := b.beyond(use)
	switch {
	case over < slackness:
		return 0
	case math.IsInf(b.soft, 1):
		return 0.5*seat + b.pain*over
	}
	return b.soft * over
}

// of is what a plan uses of a row.
func (c *personPlan) of(t int32) float64 {
	if n := slices.Index(c.index, t); n >= 0 {
		return c.value[n]
	}
	return 0
}

package solve

import "slices"

// mostLikely is up to how many plans of a person are listed: of more, those
// nearer to the best.
const mostLikely = 400

// mostVisited ends the listing for a person: seats that add little, in many
// sessions that go together, have no end of plans.
const mostVisited = 10 * mostLikely

// likely lists a person's present plan and then the others in the sessions held
// that leave nothing hard unmet and fall short of the best at the prices by no
// more than regret.
func (f *frame) likely(st *state, t *tariff, i int32, regret int64) (plans []*personPlan) {
	l := lister{m: f.m, i: int(i), regret: regret, best: never}
	l.options(st, t)
	l.present = slices.Clone(st.plan[i])
	slices.Sort(l.present)
	l.extend(0, 0)
	l.thin()
	plans = append(plans, f.plan(i, l.present, ""))
	for _, pairs := range l.plans {
		plans = append(plans, f.plan(i, pairs, ""))
	}
	return plans
}

// A lister goes through a person's plans in some sessions, depth first. What a
// seat adds only falls as a plan grows, so what the seats to come are worth
// alone bounds what is still to be had.
type lister struct {
	m       *model
	i       int
	present []int32
	pairs   []int32 // that a plan can have
	price   []int64 // of each
	rest    []int64 // what those from one on can add, at most
	bonus   int64   // of a plan with seats
	regret  int64

	plan  []int32
	plans [][]int32
	net   []int64 // of each, at the prices
	best  int64
	count int // of plans gone through
}

// options are the seats in the sessions held.
func (l *lister) options(st *state, t *tariff) {
	m := l.m
	l.bonus = m.bonusOf(t, l.i)
	none, _ := m.grossOf(l.i, nil)
	var alone []int64
	for k := m.start[l.i]; k < m.start[l.i+1]; k++ {
		if st.held[m.session[k]] {
			v, _ := m.grossOf(l.i, []int32{k})
			price := t.seatOf(m, int(m.unit[l.i]), k)
			l.pairs, l.price, alone = append(l.pairs, k), append(l.price, price), append(alone, max(0, v-none-price))
		}
	}
	l.rest = make([]int64, len(alone)+1)
	for k := len(alone) - 1; k >= 0; k-- {
		l.rest[k] = addSat(l.rest[k+1], alone[k])
	}
}

// extend notes the plan at hand and those that continue it with seats from number k on.
func (l *lister) extend(k int, paid int64) {
	m := l.m
	if l.count++; l.count > mostVisited {
		return
	}
	v, _ := m.grossOf(l.i, l.plan)
	if v -= paid; addSat(v+max(0, l.bonus), l.rest[k]) < l.least() {
		return
	}
	if m.allowed(l.i, l.plan) {
		l.note(v)
	}
	for ; k < len(l.pairs); k++ {
		if m.goesWith(l.i, l.plan, l.pairs[k]) {
			l.plan = append(l.plan, l.pairs[k])
			l.extend(k+1, addSat(paid, l.price[k]))
			l.plan = l.plan[:len(l.plan)-1]
		}
	}
}

// least is what a plan must come to at the prices; the regret may be as large as a bound.
func (l *lister) least() int64 { return addSat(l.best, -l.regret) }

// note takes the plan at hand.
func (l *lister) note(v int64) {
	if _, unmet := l.m.valueOf(l.i, l.plan); unmet > 0 {
		return
	}
	if len(l.plan) > 0 {
		v += l.bonus
	}
	if l.best = max(l.best, v); v < l.least() || slices.Equal(l.plan, l.present) {
		return
	}
	l.plans, l.net = append(l.plans, slices.Clone(l.plan)), append(l.net, v)
	for len(l.plans) > mostLikely {
		if l.thin(); len(l.plans) <= mostLikely {
			return
		}
		if l.regret == 0 { // alike to the last digit
			l.plans, l.net = l.plans[:mostLikely], l.net[:mostLikely]
			return
		}
		l.regret /= 2
	}
}

// thin drops the plans that fall short of the best by more than regret.
func (l *lister) thin() {
	n := 0
	for k, v := range l.net {
		if v >= l.least() {
			l.plans[n], l.net[n] = l.plans[k], v
			n++
		}
	}
	l.plans, l.net = l.plans[:n], l.net[:n]
}

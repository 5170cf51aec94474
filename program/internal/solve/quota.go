package solve

import (
	"cmp"
	"container/heap"
	"math"
	"slices"
)

// quotas say how many people of each unit sit in each session. With the
// sessions held as they are, a search over them decides what is hard about a
// plan: money is spent in whole seats, and once these are counted, who sits
// where is nearly a transport problem. It is branch and bound, for some units
// while the others keep their seats, by a linear program over the likely plans
// of these people. It works in floating point: what it finds is computed anew
// before it counts, and it proves nothing.
type quotas struct {
	*frame
	e     *engine
	l     *lp
	st    *state          // where it starts
	base  float64         // what is worth something outside the program
	group []int32         // who moves
	plans [][]*personPlan // of these, the likely ones
	first []int32         // and their columns: the first of each, and the end
	count []quota
	heavy float64 // price of breaking a hard row

	open  allotments
	made  int
	trial mark
	paid  int64
}

// A quota is the variable of how many people of a unit sit in a session.
type quota struct {
	unit, session int32
	col           int32
	most          float64
}

// A allotment is a branch: bounds of one quota, or one seat that a person has or
// not, and those of the branches above it.
type allotment struct {
	above  *allotment
	bound  float64
	order  int
	col    int32 // of the quota; −1: it is about a seat
	lo, hi float64
	who    int32 // whose seat, of those who move
	pair   int32
	in     bool
}

// allotments are a heap, the largest bound first.
type allotments []*allotment

func (f allotments) Len() int { return len(f) }
func (f allotments) Less(a, b int) bool {
	if f[a].bound != f[b].bound {
		return f[a].bound > f[b].bound
	}
	return f[a].order < f[b].order
}
func (f allotments) Swap(a, b int) { f[a], f[b] = f[b], f[a] }
func (f *allotments) Push(x any)   { *f = append(*f, x.(*allotment)) }
func (f *allotments) Pop() any {
	old := *f
	x := old[len(old)-1]
	old[len(old)-1] = nil
	*f = old[:len(old)-1]
	return x
}

// newQuotas readies the search around a feasible state for some units. The
// likely plans are those that fall short of their person's best at prices x by
// no more than regret. It is nil where there are too many rows.
func (e *engine) newQuotas(f *frame, st *state, x *prices, regret int64, units []bool) *quotas {
	q := &quotas{frame: f, e: e, st: st, heavy: min(4*float64(f.m.heavy), 1e3*f.space.seat) / f.unit}
	use := make([]float64, len(f.b)) // of the rows, by what does not move
	book := func(c *column, x float64) {
		for k, r := range c.index {
			use[r] += x * c.value[k]
		}
	}
	for k, s := range f.held {
		if st.held[s] {
			book(f.open[k], 1)
		}
	}
	q.base = float64(st.worth) / f.unit
	var now []*personPlan
	t := f.m.tariff(x)
	for g, i := range f.people {
		if !units[f.m.unit[i]] {
			book(&f.planOf(st, i).column, 1)
			continue
		}
		plans := f.likely(st, t, i, regret)
		q.group, q.plans, now = append(q.group, int32(g)), append(q.plans, plans), append(now, plans[0])
	}
	rows := q.rows(use)
	if q.l == nil {
		return nil
	}
	q.variables(rows)
	for _, c := range now {
		book(&c.column, 1)
		q.base -= c.cost
	}
	for r, at := range rows { // soft rows that move are in the program, those that do not in the base
		if at >= 0 && !math.IsInf(f.soft[r], 1) {
			q.base += f.soft[r] * max(0, use[r]-f.b[r])
		}
	}
	q.l.late = func() bool { return q.e.meter.lateWith(q.l.work() - q.paid) }
	q.l.begin()
	q.open = allotments{{bound: math.Inf(1), col: -1, who: -1}}
	return q
}

// planOf is the column of a person's present plan.
func (f *frame) planOf(st *state, i int32) *personPlan {
	pairs := slices.Clone(st.plan[i])
	slices.Sort(pairs)
	return f.plan(i, pairs, "")
}

// mostQuotaRows is up to how many rows a search is worth its inverse.
const mostQuotaRows = 300

// rows numbers the rows that the people who move can use, and starts the
// program, where they are not too many, with what the others leave of them.
func (q *quotas) rows(use []float64) []int32 {
	rows := make([]int32, len(q.b))
	for r := range rows {
		rows[r] = -1
	}
	var left []float64
	for _, list := range q.plans {
		for _, c := range list {
			for _, r := range c.index {
				if rows[r] < 0 {
					rows[r] = int32(len(left))
					left = append(left, q.b[r]-use[r])
				}
			}
		}
	}
	seen := map[[2]int32]int{}
	for n, list := range q.plans {
		u := q.m.unit[q.people[q.group[n]]]
		mine := map[int32]bool{}
		for _, c := range list {
			for _, k := range c.pairs {
				s := q.m.session[k]
				if q.hold[s] < 0 || mine[s] {
					continue
				}
				mine[s] = true
				at, ok := seen[[2]int32{u, s}]
				if !ok {
					at = len(q.count)
					seen[[2]int32{u, s}] = at
					q.count = append(q.count, quota{unit: u, session: s})
				}
				q.count[at].most++
			}
		}
	}
	if n := len(left) + len(q.count); n <= mostQuotaRows {
		q.l = newLP(n, len(q.group))
		copy(q.l.b, left)
	}
	return rows
}

// variables lays out slacks, quotas and plans.
func (q *quotas) variables(rows []int32) {
	l, m := q.l, q.m
	slack := make([]bounds, len(rows))
	for r := range slack {
		slack[r] = bounds{0, math.Inf(1), min(q.heavy, q.soft[r]), q.heavy}
	}
	for _, s := range q.held {
		if q.st.held[s] {
			lo, hi := m.seatsOf(int(s))
			slack[q.row[s]].hi = float64(hi - lo)
		}
	}
	for r, at := range rows {
		if at >= 0 {
			l.basis[at] = l.add(&column{index: []int32{at}, value: []float64{1}, group: -1}, slack[r])
		}
	}
	of := map[[2]int32]int32{}
	for k := range q.count {
		c := &q.count[k]
		at := int32(l.rows - len(q.count) + k)
		c.col = l.add(&column{index: []int32{at}, value: []float64{-1}, group: -1}, bounds{0, c.most, q.heavy, q.heavy})
		l.basis[at] = c.col
		l.b[at] = 1e-7 * float64(1+(int(at)*7919)%97) / 97 // against cycling
		of[[2]int32{c.unit, c.session}] = at
	}
	for n, list := range q.plans {
		u := m.unit[q.people[q.group[n]]]
		q.first = append(q.first, int32(len(l.cols)))
		for _, c := range list {
			d := &column{cost: c.cost, group: int32(n)}
			for k, r := range c.index {
				d.index, d.value = append(d.index, rows[r]), append(d.value, c.value[k])
			}
			for _, k := range c.pairs {
				if at, ok := of[[2]int32{u, m.session[k]}]; ok {
					d.index, d.value = append(d.index, at), append(d.value, 1)
				}
			}
			l.add(d, bounds{0, math.Inf(1), q.heavy, q.heavy})
		}
		l.key[n] = q.first[n]
	}
	q.first = append(q.first, int32(len(l.cols)))
}

// enter sets the bounds of a branch.
func (q *quotas) enter(n *allotment) {
	for _, c := range q.count {
		q.l.side[c.col].lo, q.l.side[c.col].hi = 0, c.most
	}
	for j := q.first[0]; j < q.first[len(q.group)]; j++ {
		q.l.side[j].hi = math.Inf(1)
	}
	for ; n != nil; n = n.above {
		switch {
		case n.col >= 0:
			b := &q.l.side[n.col]
			b.lo, b.hi = max(b.lo, n.lo), min(b.hi, n.hi)
		case n.who >= 0:
			for k, c := range q.plans[n.who] {
				if slices.Contains(c.pairs, n.pair) != n.in {
					q.l.side[q.first[n.who]+int32(k)].hi = 0
				}
			}
		}
	}
	for j := range q.l.top {
		q.l.top[j] = q.l.top[j] && !math.IsInf(q.l.side[j].hi, 1)
	}
	q.l.refresh()
}

// solve goes to a branch and returns what it can be worth; −Inf: it holds no plan.
func (q *quotas) solve(n *allotment) float64 {
	const pivots = 5000
	q.enter(n)
	if !q.l.solve(pivots) && !q.l.late() && q.l.begin() {
		q.l.solve(pivots)
	}
	v, broken := q.l.objective(q.heavy)
	if broken {
		return math.Inf(-1)
	}
	return v + q.base
}

// search opens so many branches more, of those that may hold a plan of at least
// so much, and returns the best that it met, or else the one given; and whether
// it is at its end.
func (q *quotas) search(best *state, least int64, branches int) (*state, bool) {
	const plunge = 30 // branches in depth, before it goes back to the largest bound
	const slack = 1e-6
	cut := float64(least)/q.unit - slack
	for len(q.open) > 0 && branches > 0 {
		stack := []*allotment{heap.Pop(&q.open).(*allotment)}
		for made := 0; len(stack) > 0 && made < plunge && branches > 0; made++ {
			n := stack[len(stack)-1]
			if n.bound < cut {
				stack = stack[:len(stack)-1]
				continue
			}
			v := q.solve(n)
			var worse, better *allotment
			if v >= cut {
				worse, better = q.split(n, min(v, n.bound))
			}
			if q.l.late() { // it stays open
				branches = 0
				break
			}
			branches--
			stack = stack[:len(stack)-1]
			if v < cut {
				continue
			}
			if better != nil {
				stack = append(stack, worse, better)
			} else if st := q.state(); st.feasible() && st.better(best) {
				best = st
				cut = max(cut, float64(st.next())/q.unit-slack)
			}
		}
		for _, n := range stack {
			heap.Push(&q.open, n)
		}
	}
	q.e.meter.add(q.l.work() - q.paid)
	q.paid = q.l.work()
	return best, len(q.open) == 0
}

// split makes two branches of the present one, at the quota, or where all are
// whole the seat, that costs most on both sides as far as a few pivots tell; nil:
// the solution is whole.
func (q *quotas) split(n *allotment, v float64) (worse, better *allotment) {
	const few, pivots = 5, 15
	list := q.parts(n)
	slices.SortStableFunc(list, func(a, b cleft) int { return cmp.Compare(b.size, a.size) })
	list = list[:min(len(list), few)]
	q.l.mark(&q.trial)
	most := -1.0
	for _, p := range list {
		if q.l.late() {
			break
		}
		score, fall := 1.0, [2]float64{}
		for w, k := range p.ways {
			if w > 0 || most >= 0 {
				q.l.restore(&q.trial)
			}
			q.enter(k)
			q.l.solve(pivots)
			is, _ := q.l.objective(q.heavy)
			fall[w] = max(v-is-q.base, 1e-4)
			score *= fall[w]
		}
		if score > most {
			if most, worse, better = score, p.ways[0], p.ways[1]; fall[0] < fall[1] {
				worse, better = better, worse
			}
		}
	}
	if better != nil {
		q.l.restore(&q.trial)
		worse.bound, better.bound = v, v
		worse.order, better.order = q.made, q.made+1
		q.made += 2
	}
	return worse, better
}

// A cleft is a quota or seat that the solution splits, and the branches that do not.
type cleft struct {
	size float64 // distance to the nearest whole number
	ways [2]*allotment
}

// parts lists the split quotas, or where there are none the split seats.
func (q *quotas) parts(n *allotment) (list []cleft) {
	for _, c := range q.count {
		y := q.l.amount(c.col)
		if size := math.Abs(y - math.Round(y)); size > 1e-6 {
			list = append(list, cleft{size, [2]*allotment{
				{above: n, col: c.col, hi: math.Floor(y)},
				{above: n, col: c.col, lo: math.Ceil(y), hi: c.most}}})
		}
	}
	if len(list) > 0 {
		return list
	}
	taken := map[int32]float64{}
	for who, plans := range q.plans {
		clear(taken)
		for k, c := range plans {
			if a := q.l.amount(q.first[who] + int32(k)); a > 1e-6 {
				for _, p := range c.pairs {
					taken[p] += a
				}
			}
		}
		lo, hi := q.m.pairs(int(q.people[q.group[who]]))
		for p := lo; p < hi; p++ {
			if size := min(taken[p], 1-taken[p]); size > 1e-6 {
				list = append(list, cleft{size, [2]*allotment{
					{above: n, col: -1, who: int32(who), pair: p},
					{above: n, col: -1, who: int32(who), pair: p, in: true}}})
			}
		}
	}
	return list
}

// state is the program's solution, computed anew.
func (q *quotas) state() *state {
	plans := slices.Clone(q.st.plan)
	for n, list := range q.plans {
		for k, c := range list {
			if q.l.amount(q.first[n]+int32(k)) > 0.5 {
				plans[q.people[q.group[n]]] = c.pairs
			}
		}
	}
	return restore(q.m, plans, q.st.held)
}

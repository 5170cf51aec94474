package solve

import (
	"math"
	"slices"
)

// A state is a plan under construction, with what it uses of every row kept up
// to date. Hard upper rows (seats, budgets, limits, absences) are never
// broken; hard lower rows (minimum seats, sessions that must be held, duties,
// floors, coverage) may be unmet on the way and cost a heavy price each.
type state struct {
	m       *model
	plan    [][]int32 // pairs of each person
	value   []int64   // of each person's plan: gaps closed, hours missing, duties unmet
	held    []bool
	seats   []int32
	unit    []int64
	cost    int64
	used    []int64
	away    []int64
	covered []int64

	log *journal // what to put back if a move is refused; nil: nothing is noted

	worth int64 // objective on the grid, less heavy prices
	unmet int64 // hard lower rows unmet, counted in people, seats, hours
}

// newState is the empty plan: only sessions that are decided to be held are.
func newState(m *model) *state {
	st := &state{m: m, plan: make([][]int32, m.n), value: make([]int64, m.n), held: make([]bool, m.m), seats: make([]int32, m.m),
		unit: make([]int64, m.units), used: make([]int64, len(m.limitTop)), covered: make([]int64, len(m.groups))}
	if m.p.Away != nil {
		st.away = make([]int64, m.units*m.occasions)
	}
	for i := range st.plan {
		var unmet int64
		st.value[i], unmet = m.valueOf(i, nil)
		st.worth += st.value[i]
		st.unmet += unmet
	}
	for g := range m.groups {
		v, unmet := m.short(g, 0)
		st.worth += v
		st.unmet += unmet
	}
	for s := range st.held {
		if m.p.Sessions[s].State == "open" || m.loose[s] {
			st.hold(s, true)
		}
	}
	return st
}

func (st *state) clone() *state {
	c := *st
	total := 0
	for _, l := range st.plan {
		total += len(l)
	}
	flat := make([]int32, 0, total)
	c.plan = make([][]int32, len(st.plan))
	for i, l := range st.plan {
		a := len(flat)
		flat = append(flat, l...)
		c.plan[i] = flat[a:len(flat):len(flat)]
	}
	c.value, c.held, c.seats = slices.Clone(st.value), slices.Clone(st.held), slices.Clone(st.seats)
	c.unit, c.used, c.away, c.covered = slices.Clone(st.unit), slices.Clone(st.used), slices.Clone(st.away), slices.Clone(st.covered)
	return &c
}

// valueOf is what a person's plan is worth before any row that links people,
// and how many of the person's hard wishes are unmet.
func (m *model) valueOf(i int, plan []int32) (v, unmet int64) {
	v, unmet = m.grossOf(i, plan)
	for _, k := range m.lock[int32(i)] {
		if !slices.Contains(plan, k) {
			v -= m.heavy
			unmet++
		}
	}
	return v, unmet
}

// grossOf is valueOf but for locked seats.
func (m *model) grossOf(i int, plan []int32) (v, unmet int64) {
	if !m.counts[i] {
		return 0, 0
	}
	gaps := m.gapSize[m.gapStart[i]:m.gapStart[i+1]]
	worth := m.gapWorth[m.gapStart[i]:m.gapStart[i+1]]
	var buf [16]int32
	rem := append(buf[:0], gaps...)
	hours := int32(0)
	for _, k := range plan {
		hours += m.hours[m.session[k]]
		for _, t := range m.parts[m.partStart[k]:m.partStart[k+1]] {
			a := min(t.amount, rem[t.gap])
			v += worth[t.gap] * int64(a)
			rem[t.gap] -= a
		}
	}
	if short := int64(m.hmin[i] - hours); short > 0 {
		v -= m.rho * short
		if m.hardFloor {
			unmet += short
		}
	}
	for g := len(m.p.People[i].Gaps); g < len(gaps); g++ { // duties
		v -= worth[g]
		if rem[g] > 0 {
			unmet++
		}
	}
	return v, unmet
}

// short is what a group's missing coverage costs.
func (m *model) short(g int, covered int64) (v, unmet int64) {
	r := &m.groups[g]
	if r.pi == free {
		unmet = max(0, r.need-covered)
		return -unmet * m.heavy, unmet
	}
	return -max(0, r.all-r.pi*covered), 0
}

// under is what a held session's missing people cost.
func (st *state) under(s int) (v, unmet int64) {
	if !st.held[s] || st.m.loose[s] {
		return 0, 0
	}
	unmet = max(0, int64(st.m.p.Sessions[s].Min)-int64(st.seats[s]))
	return -unmet * st.m.heavy, unmet
}

// excess is what exceeding a soft limit costs; hard ones are not exceeded. The
// penalties of all rows together stay within the range of an int64: beyond its
// part of it a row's penalty grows by the logarithm, so that less of it is
// still better.
func (m *model) excess(used, limit, price int64) int64 {
	if used <= limit || price == free {
		return 0
	}
	v := mulSat(used-limit, price)
	if v <= m.roomRow {
		return -v
	}
	frac, exp := math.Frexp(float64(used-limit) * float64(price) / float64(m.roomRow)) // piecewise linear: the same everywhere
	return -m.roomRow - int64(float64(m.roomRow)*((2*frac-2)+float64(exp))/256)
}

// hold changes whether session s is held. Its seats must be empty to close it.
func (st *state) hold(s int, to bool) {
	if st.held[s] == to {
		return
	}
	if st.log != nil {
		st.log.held = append(st.log.held, int32(s))
	}
	v, unmet := st.under(s)
	st.worth -= v
	st.unmet -= unmet
	st.held[s] = to
	v, unmet = st.under(s)
	st.worth += v
	st.unmet += unmet
	sign := int64(1)
	if !to {
		sign = -1
	}
	m := st.m
	for _, u := range m.perHeld[s] {
		st.use(u, sign)
	}
	st.spend(sign * m.p.Sessions[s].F)
}

func (st *state) use(u use, sign int64) {
	m := st.m
	limit, price := m.p.Limits[u.limit].Limit, m.limitTop[u.limit]
	st.worth -= m.excess(st.used[u.limit], limit, price)
	st.used[u.limit] += sign * u.amount
	st.worth += m.excess(st.used[u.limit], limit, price)
}

func (st *state) spend(c int64) {
	m := st.m
	st.worth -= m.excess(st.cost, m.p.Budget, m.budgetTop)
	st.cost += c
	st.worth += m.excess(st.cost, m.p.Budget, m.budgetTop) - mulSat(m.money, c)
}

// seat adds or takes off one seat of person i.
func (st *state) seat(i int, k int32, sign int64) {
	m := st.m
	s, u := int(m.session[k]), m.unit[i]
	v, unmet := st.under(s)
	st.seats[s] += int32(sign)
	v2, unmet2 := st.under(s)
	st.worth += v2 - v
	st.unmet += unmet2 - unmet
	c := sign * m.p.Sessions[s].C
	st.spend(c)
	st.worth -= m.excess(st.unit[u], m.p.UBudget[u], m.unitTop)
	st.unit[u] += c
	st.worth += m.excess(st.unit[u], m.p.UBudget[u], m.unitTop)
	for _, l := range m.perSeat[s] {
		st.use(l, sign)
	}
	if st.away == nil {
		return
	}
	for _, o := range m.occasion[s] {
		n := &st.away[int(u)*m.occasions+int(o)]
		st.worth -= m.excess(*n, m.share[u], m.awayTop)
		*n += sign
		st.worth += m.excess(*n, m.share[u], m.awayTop)
	}
}

// set replaces person i's plan. Sessions must be held.
func (st *state) set(i int, plan []int32) {
	m := st.m
	if st.log != nil {
		st.log.note(int32(i), st.plan[i])
	}
	for _, k := range st.plan[i] {
		st.seat(i, k, -1)
	}
	was, is := len(st.plan[i]) > 0, len(plan) > 0
	if was != is && m.counts[i] {
		sign := int64(1)
		if was {
			sign = -1
		}
		st.reach(int(m.unit[i]), sign)
		for _, g := range m.covers[int32(i)] {
			st.reach(int(g), sign)
		}
	}
	_, unmet := m.valueOf(i, st.plan[i])
	st.worth -= st.value[i]
	st.unmet -= unmet
	if cap(st.plan[i]) >= len(plan) {
		st.plan[i] = append(st.plan[i][:0], plan...)
	} else {
		st.plan[i] = slices.Clone(plan)
	}
	st.value[i], unmet = m.valueOf(i, plan)
	st.worth += st.value[i]
	st.unmet += unmet
	for _, k := range plan {
		st.seat(i, k, 1)
	}
}

func (st *state) reach(g int, sign int64) {
	v, unmet := st.m.short(g, st.covered[g])
	st.covered[g] += sign
	v2, unmet2 := st.m.short(g, st.covered[g])
	st.worth += v2 - v
	st.unmet += unmet2 - unmet
}

// sound reports whether no hard upper row is broken.
func (st *state) sound() bool {
	m := st.m
	if m.budgetTop == free && st.cost > m.p.Budget {
		return false
	}
	for s := range st.seats {
		if int(st.seats[s]) > m.p.Sessions[s].Cap || st.seats[s] > 0 && !st.held[s] {
			return false
		}
	}
	for u := range st.unit {
		if !st.unitSound(u) {
			return false
		}
	}
	for k := range st.used {
		if m.limitTop[k] == free && st.used[k] > m.p.Limits[k].Limit {
			return false
		}
	}
	return true
}

func (st *state) unitSound(u int) bool {
	m := st.m
	if m.unitTop == free && st.unit[u] > m.p.UBudget[u] {
		return false
	}
	if st.away != nil && m.awayTop == free {
		for _, n := range st.away[u*m.occasions : (u+1)*m.occasions] {
			if n > m.share[u] {
				return false
			}
		}
	}
	return true
}

// restore makes the state of given plans and sessions.
func restore(m *model, plans [][]int32, held []bool) *state {
	st := newState(m)
	for s, y := range held {
		if y != st.held[s] {
			st.hold(s, y)
		}
	}
	for i, l := range plans {
		if len(l) > 0 {
			st.set(i, l)
		}
	}
	return st
}

// feasible reports whether the state is a plan that obeys every hard row.
func (st *state) feasible() bool {
	if st.m.stuck || st.unmet > 0 || !st.sound() {
		return false
	}
	for s, y := range st.held {
		if !y && st.m.p.Sessions[s].State == "open" {
			return false
		}
	}
	return true
}

// A journal remembers the plans that a move changes, so that it can be undone.
// It is used for one move after the other.
type journal struct {
	stamp []uint32 // per person: the move that last noted it
	move  uint32
	who   []int32
	plans [][]int32
	held  []int32 // sessions switched, in order
}

func newJournal(m *model) *journal { return &journal{stamp: make([]uint32, m.n)} }

func (j *journal) note(i int32, plan []int32) {
	if j.stamp[i] == j.move {
		return
	}
	j.stamp[i] = j.move
	n := len(j.who)
	j.who = append(j.who, i)
	if n < cap(j.plans) { // reuse the room of an earlier move
		j.plans = j.plans[:n+1]
		j.plans[n] = append(j.plans[n][:0], plan...)
		return
	}
	j.plans = append(j.plans, slices.Clone(plan))
}

// begin starts a move that j remembers.
func (st *state) begin(j *journal) {
	j.move++
	j.who, j.plans, j.held = j.who[:0], j.plans[:0], j.held[:0]
	st.log = j
}

// commit keeps a move.
func (st *state) commit() { st.log = nil }

// undo puts everything back.
func (st *state) undo() {
	log := st.log
	st.log = nil
	for _, i := range log.who {
		st.set(int(i), nil)
	}
	for k := len(log.held) - 1; k >= 0; k-- {
		s := int(log.held[k])
		st.hold(s, !st.held[s])
	}
	for k, i := range log.who {
		st.set(int(i), log.plans[k])
	}
}

// better compares by hard rows unmet, then worth.
func (st *state) better(o *state) bool {
	if o == nil {
		return true
	}
	if a, b := st.feasible(), o.feasible(); a != b {
		return a
	}
	return st.worth > o.worth
}

// plan of the state in the words of the problem.
func (st *state) export() Plan {
	p := Plan{Open: []int{}, Assign: [][2]int{}}
	for s, y := range st.held {
		if y && !(st.m.loose[s] && st.seats[s] == 0) {
			p.Open = append(p.Open, s)
		}
	}
	for i, l := range st.plan {
		l := slices.Clone(l)
		slices.Sort(l)
		for _, k := range l {
			p.Assign = append(p.Assign, [2]int{i, int(st.m.session[k])})
		}
	}
	return p
}

// A crew is what changing a state needs: searches, prices, random numbers.
type crew struct {
	*hand
	x      *prices // guide: what rows are worth
	rng    *random
	m      *model
	meter  *meter
	forbid int32 // pair that must not be used, or −1
	spent  int64 // searches done
}

// reseat gives person i the best plan in what is left, at κ times the guide's
// prices: κ = 1 leaves seats to those who gain most from them, κ = 0 takes
// what there is. The person's old plan is put back by the caller if unwanted.
func (c *crew) reseat(st *state, i int, kappa float64) {
	c.offer(st, i, kappa, nil)
	if c.place(st, i) {
		return
	}
	// Several seats together can break a limit that each of them keeps: take
	// them one by one.
	plan := slices.Clone(c.plan)
	st.set(i, nil)
	for n := 1; n <= len(plan); n++ {
		old := slices.Clone(st.plan[i])
		next := append(slices.Clone(old), plan[n-1])
		if !st.m.allowed(i, next) {
			continue
		}
		st.set(i, next)
		if !st.personSound(i) {
			st.set(i, old)
		}
	}
}

// place sets the plan just found; false if it breaks a hard row.
func (c *crew) place(st *state, i int) bool {
	st.set(i, c.plan)
	return st.personSound(i)
}

// personSound checks the hard rows that person i's seats are in.
func (st *state) personSound(i int) bool {
	m := st.m
	if m.budgetTop == free && st.cost > m.p.Budget || !st.unitSound(int(m.unit[i])) {
		return false
	}
	for _, k := range st.plan[i] {
		s := m.session[k]
		if int(st.seats[s]) > m.p.Sessions[s].Cap {
			return false
		}
		for _, u := range m.perSeat[s] {
			if m.limitTop[u.limit] == free && st.used[u.limit] > m.p.Limits[u.limit].Limit {
				return false
			}
		}
	}
	return true
}

// allowed checks a plan against the person's own rules.
func (m *model) allowed(i int, plan []int32) bool {
	hours := int32(0)
	for a, k := range plan {
		hours += m.hours[m.session[k]]
		for _, l := range plan[:a] {
			if bit(m.clash[m.session[k]], m.session[l]) {
				return false
			}
		}
		if m.needs[k] && !slices.ContainsFunc(plan, func(l int32) bool { return bit(m.before[m.session[k]], m.session[l]) }) {
			return false
		}
	}
	return hours <= m.hmax[i]
}

// allowed checks all plans against their people's own rules.
func (st *state) allowed() bool {
	for i, plan := range st.plan {
		if !st.m.allowed(i, plan) && len(plan) > 0 {
			return false
		}
	}
	return true
}

// offer empties person i's plan and searches the best one in what is left.
func (c *crew) offer(st *state, i int, kappa float64, forced []int32) answer {
	m := c.m
	st.set(i, nil)
	u := int(m.unit[i])
	purse := int64(free)
	if m.budgetTop == free {
		purse = m.p.Budget - st.cost
	}
	if m.unitTop == free {
		purse = min(purse, m.p.UBudget[u]-st.unit[u])
	}
	purse = max(purse, 0)
	beta := rate(c.x.beta, kappa, st.cost >= m.p.Budget, m.budgetTop)
	mu := rate(c.x.mu[u], kappa, st.unit[u] >= m.p.UBudget[u], m.unitTop)
	money := addSat(addSat(beta, mu), m.money)
	lo, hi := m.pairs(i)
	c.price = c.price[:0]
	for k := lo; k < hi; k++ {
		c.price = append(c.price, c.priceOf(st, u, k, kappa, money))
	}
	c.forced = c.forced[:0]
	for _, k := range m.lock[int32(i)] {
		if c.price[k-lo] != unavailable {
			c.forced = append(c.forced, k)
		}
	}
	c.forced = append(c.forced, forced...)
	q := query{person: i, price: c.price, bonus: st.reachBonus(i), purse: purse, forced: c.forced, nodes: 1000}
	c.spent++
	a := c.search(q)
	if c.shirks(i) && c.clip(m.heavy/8) { // what is hard goes before what costs
		c.spent++
		a = c.search(q)
	}
	if a.value == never {
		c.plan = c.plan[:0]
	}
	return a
}

// shirks reports whether the plan just found leaves a duty or a floor unmet.
func (c *crew) shirks(i int) bool {
	if len(c.m.p.People[i].Must) == 0 && !c.m.hardFloor {
		return false
	}
	_, unmet := c.m.grossOf(i, c.plan)
	return unmet > 0
}

// clip cuts prices off; false if none is that high.
func (c *crew) clip(most int64) (any bool) {
	for k, v := range c.price {
		if v != unavailable && v > most {
			c.price[k], any = most, true
		}
	}
	return any
}

// rate is the price of a currency unit: its penalty where the row is full and soft.
func rate(price int64, kappa float64, full bool, top int64) int64 {
	if full && top != free {
		return top
	}
	return int64(kappa * float64(price))
}

// priceOf is what pair k costs in the present state.
func (c *crew) priceOf(st *state, u int, k int32, kappa float64, money int64) int64 {
	m := c.m
	s := m.session[k]
	q := &m.p.Sessions[s]
	if !st.held[s] || int(st.seats[s]) >= q.Cap || k == c.forbid {
		return unavailable
	}
	v := addSat(int64(kappa*float64(c.x.lambda[s])), mulSat(money, q.C))
	if c.x.pair != nil {
		v = addSat(v, int64(kappa*float64(c.x.pair[k])))
	}
	if missing := int64(q.Min) - int64(st.seats[s]); missing > 0 && q.State == "open" {
		v = addSat(v, -m.heavy)
	}
	for _, l := range m.perSeat[s] {
		left := m.p.Limits[l.limit].Limit - st.used[l.limit]
		if left < l.amount && m.limitTop[l.limit] == free {
			return unavailable
		}
		v = addSat(v, mulSat(rate(c.x.kappa[l.limit], kappa, left < l.amount, m.limitTop[l.limit]), l.amount))
	}
	if st.away != nil {
		for _, o := range m.occasion[s] {
			at := u*m.occasions + int(o)
			full := st.away[at] >= m.share[u]
			if full && m.awayTop == free {
				return unavailable
			}
			v = addSat(v, rate(c.x.nu[at], kappa, full, m.awayTop))
		}
	}
	return min(v, mostSeat)
}

// reachBonus is what covering person i is worth in the present state.
func (st *state) reachBonus(i int) int64 {
	m := st.m
	b := st.gainOfReach(int(m.unit[i]))
	for _, g := range m.covers[int32(i)] {
		b = addSat(b, st.gainOfReach(int(g)))
	}
	return min(b, mostSeat)
}

func (st *state) gainOfReach(g int) int64 {
	v, _ := st.m.short(g, st.covered[g])
	w, _ := st.m.short(g, st.covered[g]+1)
	return w - v
}

// random is a splitmix64 stream: small, and the same everywhere.
type random struct{ x uint64 }

// stream is the stream of one piece of work.
func stream(seed uint64, parts ...uint64) *random {
	r := &random{seed}
	for _, p := range parts {
		r.x = r.next() ^ p*0x9e3779b97f4a7c15
	}
	return r
}

func (r *random) next() uint64 {
	r.x += 0x9e3779b97f4a7c15
	z := r.x
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func (r *random) intn(n int) int { return int(r.next() % uint64(n)) }

func (r *random) float() float64 { return float64(r.next()>>11) / (1 << 53) }

// normal is nearly so: the sum of twelve uniforms less six.
func (r *random) normal() float64 {
	s := -6.0
	for range 12 {
		s += r.float()
	}
	return s
}

func (r *random) shuffle(list []int32) {
	for k := len(list) - 1; k > 0; k-- {
		j := r.intn(k + 1)
		list[k], list[j] = list[j], list[k]
	}
}

// accept is the rule of simulated annealing.
func (r *random) accept(delta int64, heat float64) bool {
	return delta >= 0 || heat > 0 && r.float() < math.Exp(float64(delta)/heat)
}

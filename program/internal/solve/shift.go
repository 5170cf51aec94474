package solve

import "slices"

// A shift is the part of one walker in local search on large problems: some
// units' people, whose seats it moves while the sessions held stay as they are.
type shift struct {
	mine   []int32   // people
	in     [][]int32 // session → those of them that were in it a while ago
	out    []int32   // who lost a seat in the present move
	tariff *tariff   // the guide's
}

// shifts deals out units to walkers, and with them what is left of seats and
// money. What they find then fits together, unless it meets a lower row that
// several of them use.
func (r *run) shifts() {
	guide := r.local
	if guide == nil {
		guide = r.guide
	}
	parts := r.deal(stream(r.opt.Seed, 6, uint64(r.rounds)))
	quota, cool := int64(200_000), r.coolness()
	if r.meter.quota > 0 {
		quota = min(quota, (r.meter.quota-r.meter.work.Load())/walkers+1)
	}
	found, tasks := make([]*state, walkers), r.tasks(walkers)
	r.each(walkers, func(k int) {
		e := tasks[k]
		w := &walk{crew: e.newCrew(guide, stream(r.opt.Seed, 7, uint64(r.rounds), uint64(k))), st: r.best.ration(walkers, (k+int(r.rounds))%walkers), stop: e.meter.late, quota: quota, scale: r.space.seat}
		w.shift = &shift{mine: parts[k], in: make([][]int32, r.m.m), tariff: r.m.tariff(guide)}
		w.heat = 0.003 * cool * w.scale
		if len(w.mine) > 0 {
			found[k] = w.run()
		}
		e.meter.add(w.spent)
		e.release(w.crew)
	})
	r.offer(r.best.join(parts[:], found))
	r.rounds++
}

// join takes from each of the states found its part of the people, where that
// breaks nothing and loses nothing.
func (st *state) join(parts [][]int32, found []*state) *state {
	out := st.clone()
	for k, f := range found {
		if f == nil {
			continue
		}
		worth, unmet := out.worth, out.unmet
		for _, i := range parts[k] {
			out.set(int(i), f.plan[i])
		}
		if out.worth >= worth && out.unmet <= unmet && out.sound() {
			continue
		}
		for _, i := range parts[k] {
			out.set(int(i), st.plan[i])
		}
	}
	return out
}

// deal gives every walker some units, about as many people each, and lists them.
func (r *run) deal(rng *random) (parts [walkers][]int32) {
	m := r.m
	size := make([]int, m.units)
	for _, u := range m.unit {
		size[u]++
	}
	units := make([]int32, m.units)
	for u := range units {
		units[u] = int32(u)
	}
	rng.shuffle(units)
	whose, load := make([]int, m.units), make([]int, walkers)
	for _, u := range units {
		k := slices.Index(load, slices.Min(load))
		whose[u] = k
		load[k] += size[u]
	}
	for i, u := range m.unit {
		if m.start[i] < m.start[i+1] {
			parts[whose[u]] = append(parts[whose[u]], int32(i))
		}
	}
	return parts
}

// ration is a copy of the state for the k-th of n walkers, that sees only its
// ration of the room in the rows that all share: the rest counts as used.
func (st *state) ration(n, k int) *state {
	c, m := st.clone(), st.m
	others := func(left int64) int64 {
		if left <= 0 {
			return 0
		}
		mine := left / int64(n)
		if int64(k) < left%int64(n) {
			mine++
		}
		return left - mine
	}
	for s := range c.seats {
		if c.held[s] {
			c.seats[s] += int32(others(int64(m.p.Sessions[s].Cap) - int64(c.seats[s])))
		}
	}
	c.cost += others(m.p.Budget - c.cost)
	for l := range c.used {
		c.used[l] += others(m.p.Limits[l].Limit - c.used[l])
	}
	return c
}

// seats makes the n-th move of a shift.
func (w *walk) seats(n int) {
	if n%1000 == 0 {
		w.refresh()
	}
	if w.rng.intn(5) < 2 {
		w.claim()
		return
	}
	k := 2 + w.rng.intn(9)
	from := w.mine
	if plan := w.st.plan[w.anyone(from)]; len(plan) > 0 && w.rng.intn(2) == 0 { // people of one session
		if list := w.in[w.m.session[plan[w.rng.intn(len(plan))]]]; len(list) > 0 {
			from = list
		}
	}
	var who []int32
	for range k {
		if i := w.anyone(from); !slices.Contains(who, i) {
			who = append(who, i)
		}
	}
	w.ruin(who)
}

func (w *walk) anyone(list []int32) int32 { return list[w.rng.intn(len(list))] }

// refresh lists anew who is in which session.
func (w *walk) refresh() {
	for s := range w.in {
		w.in[s] = w.in[s][:0]
	}
	for _, i := range w.mine {
		for _, k := range w.st.plan[i] {
			s := w.m.session[k]
			w.in[s] = append(w.in[s], i)
		}
	}
}

// claim gives someone the plan that is best at the guide's prices, whether or
// not its sessions are full. Of those in a full one, who loses least by it
// leaves, and chooses again.
func (w *walk) claim() {
	i := int(w.anyone(w.mine))
	if !w.wish(i) {
		return
	}
	st, plan := w.st, slices.Clone(w.plan)
	w.out = w.out[:0]
	st.set(i, nil)
	for _, k := range plan {
		s := w.m.session[k]
		if int(st.seats[s]) >= w.m.p.Sessions[s].Cap && !w.oust(s, int32(i)) {
			return // the walk puts back what is worse
		}
	}
	if st.set(i, plan); !st.personSound(i) {
		st.set(i, nil)
		w.reseat(st, i, 0)
	}
	for _, j := range w.out {
		w.improve(st, int(j), 0)
	}
}

// wish searches person i's best plan at the guide's prices in the sessions held.
func (w *walk) wish(i int) bool {
	m := w.m
	lo, hi := m.pairs(i)
	w.price = w.price[:0]
	for k := lo; k < hi; k++ {
		v := int64(unavailable)
		if w.st.held[m.session[k]] && k != w.forbid {
			v = w.tariff.seatOf(m, int(m.unit[i]), k)
		}
		w.price = append(w.price, v)
	}
	w.forced = w.forced[:0]
	for _, k := range m.lock[int32(i)] {
		if w.price[k-lo] != unavailable {
			w.forced = append(w.forced, k)
		}
	}
	w.spent++
	a := w.search(query{person: i, price: w.price, bonus: m.bonusOf(w.tariff, i), purse: free, forced: w.forced, nodes: 1000})
	return a.value != never
}

// oust takes the seat in session s from the one of a few members who loses
// least by it; false if none of them is free to go.
func (w *walk) oust(s, but int32) bool {
	m, st := w.m, w.st
	who, least, rest := int32(-1), int64(0), []int32(nil)
	for range min(12, 12*len(w.in[s])) {
		j := w.anyone(w.in[s])
		k, _ := m.pair(int(j), s)
		if j == but || !slices.Contains(st.plan[j], k) || slices.Contains(m.lock[j], k) {
			continue
		}
		left := slices.DeleteFunc(slices.Clone(st.plan[j]), func(l int32) bool { return l == k })
		if !m.allowed(int(j), left) {
			continue
		}
		v, _ := m.valueOf(int(j), left)
		loss := st.value[j] - v - mulSat(w.x.mu[m.unit[j]], m.p.Sessions[s].C)
		if who < 0 || loss < least {
			who, least, rest = j, loss, left
		}
	}
	if who < 0 {
		return false
	}
	st.set(int(who), rest)
	w.out = append(w.out, who)
	return true
}

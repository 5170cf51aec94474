package solve

import "slices"

// mostPlans is up to how many plans of all people together are listed; tests
// also run without.
var mostPlans int32 = 150_000

// A menu lists all plans of all people, where these are few. A search is then
// one addition for each plan: it is an earlier one with one seat more, and what
// continues it follows it.
type menu struct {
	start []int32 // of a person's plans
	from  []int32 // number, among the person's, of the plan that is continued
	pair  []int32 // the seat that is added, among the person's pairs
	next  []int32 // number of the first plan after those that continue this one
	worth []int64 // before prices; never: no plan by itself
}

// newMenu lists the plans; nil if they are too many.
func newMenu(m *model) *menu {
	l := &menu{start: make([]int32, 1, m.n+1)}
	var plan []int32
	for i := range m.n {
		if m.counts[i] && !l.extend(m, i, -1, m.start[i], &plan) {
			return nil
		}
		l.start = append(l.start, int32(len(l.from)))
	}
	return l
}

// extend lists a plan and all that continue it with pairs from k on.
func (l *menu) extend(m *model, i int, from, k int32, plan *[]int32) bool {
	at := int32(len(l.from))
	if at >= mostPlans {
		return false
	}
	first, pair, worth := l.start[i], int32(-1), int64(never)
	if n := len(*plan); n > 0 {
		pair = (*plan)[n-1] - m.start[i]
	}
	if m.allowed(i, *plan) {
		worth, _ = m.grossOf(i, *plan)
	}
	l.from, l.pair, l.next, l.worth = append(l.from, from), append(l.pair, pair), append(l.next, 0), append(l.worth, worth)
	for ; k < m.start[i+1]; k++ {
		if m.goesWith(i, *plan, k) {
			*plan = append(*plan, k)
			ok := l.extend(m, i, at-first, k+1, plan)
			*plan = (*plan)[:len(*plan)-1]
			if !ok {
				return false
			}
		}
	}
	l.next[at] = int32(len(l.from)) - first
	return true
}

// of is the part of person i.
func (l *menu) of(i int) *menu {
	a, b := l.start[i], l.start[i+1]
	return &menu{from: l.from[a:b], pair: l.pair[a:b], next: l.next[a:b], worth: l.worth[a:b]}
}

// plan lists the pairs of plan e of a person's part, the first pair being lo, in
// the room of an older list.
func (l *menu) plan(pairs []int32, e, lo int32) []int32 {
	for pairs = pairs[:0]; e > 0; e = l.from[e] {
		pairs = append(pairs, lo+l.pair[e])
	}
	slices.Reverse(pairs)
	return pairs
}

// goesWith reports whether a seat clashes with no other of a plan and its hours
// can still be had.
func (m *model) goesWith(i int, plan []int32, k int32) bool {
	s := m.session[k]
	hours := m.hours[s]
	for _, l := range plan {
		if hours += m.hours[m.session[l]]; bit(m.clash[s], m.session[l]) {
			return false
		}
	}
	return hours <= m.hmax[i]
}

// order answers a query from the menu.
func (s *searcher) order(q query) answer {
	l := s.m.menu.of(q.person)
	from, pair, next, worth := l.from, l.pair, l.next, l.worth
	if len(s.paid) < len(from) {
		s.paid, s.costs, s.has = make([]int64, len(from)), make([]int64, len(from)), make([]int32, len(from))
	}
	paid := s.paid[:len(from)]
	at, best := int32(-1), int64(never)
	wanted := int32(0)
	for n, k := range q.forced {
		if !slices.Contains(q.forced[:n], k) {
			wanted++
		}
	}
	s.has[0], s.costs[0], paid[0] = 0, 0, 0
	if wanted == 0 {
		at, best = 0, worth[0]
	}
	plain := wanted == 0 && q.purse == free
	for e := int32(1); e < int32(len(from)); {
		price := q.price[pair[e]]
		if price == unavailable {
			e = next[e]
			continue
		}
		f := from[e]
		paid[e] = paid[f] + price
		if !plain {
			k := s.lo + pair[e]
			if s.costs[e] = s.costs[f] + s.m.p.Sessions[s.m.session[k]].C; q.purse != free && s.costs[e] > q.purse {
				e = next[e]
				continue
			}
			if s.has[e] = s.has[f]; slices.Contains(q.forced, k) {
				s.has[e]++
			}
			if s.has[e] < wanted {
				e++
				continue
			}
		}
		if v := worth[e] - paid[e] + q.bonus; v > best && worth[e] != never {
			at, best = e, v
		}
		e++
	}
	s.plan = l.plan(s.plan, at, s.lo)
	return answer{value: best, upper: best, nodes: 1, exact: true}
}

package solve

import (
	"math"
	"slices"
)

// never is the value of a search that found no plan.
const never = math.MinInt64 / 2

// unavailable marks a pair that may not be used.
const unavailable = math.MaxInt64

// A query asks for one person's best plan at given prices.
type query struct {
	person int
	price  []int64 // per pair of the person, or unavailable
	bonus  int64   // for having any plan at all
	purse  int64   // most that the plan's seats may cost; free: no limit
	forced []int32 // pairs that must be in the plan
	nodes  int     // of search before the rest counts with its upper end; 0: the default
}

// defaultNodes bounds one person's search: a hundred times what good prices need.
const defaultNodes = 4000

// An answer is the best plan found and an upper end of the best there is. They
// agree unless the search met its node limit.
type answer struct {
	value int64 // of the plan; never if there is none
	upper int64
	nodes int
	exact bool
}

// A searcher finds people's best plans. It is reused from person to person,
// and belongs to one goroutine.
//
// The value of a set of sessions is submodular but for prices, which are
// additive: what a session adds only falls as the set grows. So depth first,
// each node takes its sessions in the order of what they add, a session that
// adds nothing is out for the whole subtree, and the sum of what is left, or a
// fractional knapsack per gap, bounds the subtree. A session that waits for a
// prerequisite can be taken only after it, and stands in the bound with a
// share of what the prerequisite costs.
type searcher struct {
	m *model
	q query

	lo     int32 // first pair of the person
	worth  []int64
	rem    []int32 // of each gap
	hours  int32
	hmin   int32
	hmax   int32
	spent  int64
	chosen []int32 // local numbers of pairs
	best   int64
	plan   []int32 // best plan, pairs
	upper  int64
	stop   bool
	near   bool  // something was left out that could be better by a hair
	hair   int64 // what equal values may differ by from rounding
	count  int
	limit  int

	levels      []level
	offBest     []int64   // per offering, scratch
	shares      [][]share // per gap and, last, the hours
	bare        [][]share // per gap, the hours left out
	subsidy     []int64   // per local pair: what a negative price pays
	paid, costs []int64   // per plan of a menu, scratch
	has         []int32
	pending     bool // a forced pair still waits for its prerequisite
	anyNeeds    bool
}

// A level is the scratch of one depth.
type level struct {
	items []item
	list  []int32
	place []int32 // local pair → position among items, or −1
	tail  []int64
	rem   []int32
}

// An item is a session that may continue the plan.
type item struct {
	pair  int32 // local
	net   int64 // what it adds
	bound int64 // what it counts in upper ends: net, less a share of its prerequisite
	waits bool  // for its prerequisite
	opens bool  // another's prerequisite
}

// A share is what a pair gives to one gap, and at which net worth.
type share struct {
	pair   int32
	amount int32
	dense  int64 // worth per unit, net of the price's share, rounded up
}

func newSearcher(m *model) *searcher {
	return &searcher{m: m, offBest: make([]int64, m.off), hair: m.grid.Int64() / 1_000_000_000}
}

// search answers a query; the best plan is in s.plan until the next call.
func (s *searcher) search(q query) answer {
	m := s.m
	s.q = q
	var hi int32
	s.lo, hi = m.pairs(q.person)
	i := q.person
	g0, g1 := m.gapStart[i], m.gapStart[i+1]
	s.worth = m.gapWorth[g0:g1]
	s.rem = append(s.rem[:0], m.gapSize[g0:g1]...)
	s.hours, s.spent, s.hmin, s.hmax = 0, 0, m.hmin[i], m.hmax[i]
	if !m.counts[i] {
		s.plan = s.plan[:0]
		return answer{exact: true}
	}
	if m.menu != nil {
		return s.order(q)
	}
	s.chosen, s.plan = s.chosen[:0], s.plan[:0]
	s.best, s.upper, s.stop, s.near, s.count = never, never, false, false, 0
	if s.limit = q.nodes; s.limit == 0 {
		s.limit = defaultNodes
	}
	s.anyNeeds = slices.Contains(m.needs[s.lo:hi], true)

	v := -m.rho * int64(s.hmin)
	for _, k := range m.gapWorthMust(i) { // duties are paid for before they are met
		v -= k
	}
	v, ok := s.force(v)
	if !ok {
		return answer{value: never, upper: never, exact: true}
	}
	root := s.level(0)
	root.list = root.list[:0]
	for k := s.lo; k < hi; k++ {
		if j := k - s.lo; q.price[j] != unavailable && !slices.Contains(s.chosen, j) {
			root.list = append(root.list, j)
		}
	}
	s.pending = s.waiting()
	if len(s.chosen) > 0 {
		v += q.bonus
	}
	if !s.pending {
		s.best = v
		s.keep()
	}
	if len(s.chosen) == 0 {
		v += q.bonus
	}
	s.split(root.list)
	s.visit(0, root.list, v)
	a := answer{value: s.best, upper: s.best, nodes: s.count, exact: !s.stop}
	if s.near {
		a.upper += s.hair
	}
	if s.stop {
		a.upper = max(a.upper, s.upper)
	}
	return a
}

// gapWorthMust lists the worths of a person's duties, which close the list of gaps.
func (m *model) gapWorthMust(i int) []int64 {
	hi := m.gapStart[i+1]
	return m.gapWorth[hi-int32(len(m.p.People[i].Must)) : hi]
}

// force seats the forced pairs.
func (s *searcher) force(v int64) (int64, bool) {
	for _, k := range s.q.forced {
		j := k - s.lo
		if slices.Contains(s.chosen, j) {
			continue
		}
		if s.q.price[j] == unavailable || !s.fits(j) {
			return 0, false
		}
		for _, c := range s.chosen {
			if bit(s.m.clash[s.m.session[k]], s.m.session[s.lo+c]) {
				return 0, false
			}
		}
		v += s.net(j)
		s.take(j)
	}
	return v, true
}

// fits checks hours and purse.
func (s *searcher) fits(j int32) bool {
	x := s.m.session[s.lo+j]
	if s.hours+s.m.hours[x] > s.hmax {
		return false
	}
	return s.q.purse == free || s.spent+s.m.p.Sessions[x].C <= s.q.purse
}

// net is what pair j adds to the present plan.
func (s *searcher) net(j int32) int64 {
	m, k := s.m, s.lo+j
	v := -s.q.price[j]
	if s.hours < s.hmin {
		v += m.rho * int64(min(m.hours[m.session[k]], s.hmin-s.hours))
	}
	for _, t := range m.parts[m.partStart[k]:m.partStart[k+1]] {
		v += s.worth[t.gap] * int64(min(t.amount, s.rem[t.gap]))
	}
	return v
}

func (s *searcher) take(j int32) {
	m, k := s.m, s.lo+j
	for _, t := range m.parts[m.partStart[k]:m.partStart[k+1]] {
		s.rem[t.gap] -= min(t.amount, s.rem[t.gap])
	}
	x := m.session[k]
	s.hours += m.hours[x]
	s.spent += m.p.Sessions[x].C
	s.chosen = append(s.chosen, j)
}

// drop undoes take; rem is the state of the gaps before it.
func (s *searcher) drop(rem []int32) {
	j := s.chosen[len(s.chosen)-1]
	x := s.m.session[s.lo+j]
	copy(s.rem, rem)
	s.hours -= s.m.hours[x]
	s.spent -= s.m.p.Sessions[x].C
	s.chosen = s.chosen[:len(s.chosen)-1]
}

// met reports whether the prerequisite of pair j is in the plan.
func (s *searcher) met(j int32) bool {
	row := s.m.before[s.m.session[s.lo+j]]
	for _, c := range s.chosen {
		if bit(row, s.m.session[s.lo+c]) {
			return true
		}
	}
	return false
}

// waiting reports whether a chosen pair lacks its prerequisite: only forced ones can.
func (s *searcher) waiting() bool {
	if !s.anyNeeds {
		return false
	}
	for _, c := range s.chosen {
		if s.m.needs[s.lo+c] && !s.met(c) {
			return true
		}
	}
	return false
}

func (s *searcher) keep() {
	s.plan = s.plan[:0]
	for _, c := range s.chosen {
		s.plan = append(s.plan, s.lo+c)
	}
}

func (s *searcher) level(d int) *level {
	for len(s.levels) <= d {
		s.levels = append(s.levels, level{})
	}
	return &s.levels[d]
}

// split gives every pair's price to its gaps in proportion to what it gives
// them, sorted by net worth: the items of the knapsacks.
func (s *searcher) split(list []int32) {
	m, gaps := s.m, len(s.rem)
	for len(s.shares) <= gaps {
		s.shares = append(s.shares, nil)
	}
	for len(s.bare) < gaps {
		s.bare = append(s.bare, nil)
	}
	for g := range gaps {
		s.bare[g] = s.bare[g][:0]
	}
	for g := 0; g <= gaps; g++ {
		s.shares[g] = s.shares[g][:0]
	}
	width := int(m.start[s.q.person+1] - s.lo)
	if len(s.subsidy) < width {
		s.subsidy = make([]int64, width)
	}
	left := max(0, s.hmin-s.hours)
	for _, j := range list {
		k, price := s.lo+j, s.q.price[j]
		s.subsidy[j] = max(0, -price)
		parts := m.parts[m.partStart[k]:m.partStart[k+1]]
		hours := min(m.hours[m.session[k]], left)
		gross := m.rho * int64(hours)
		for _, t := range parts {
			gross += s.worth[t.gap] * int64(min(t.amount, s.rem[t.gap]))
		}
		if gross <= 0 || price >= gross {
			continue
		}
		keep := 1 - float64(max(0, price))/float64(gross)
		for _, t := range parts {
			if a := min(t.amount, s.rem[t.gap]); a > 0 {
				s.shares[t.gap] = insert(s.shares[t.gap], share{j, a, upward(s.worth[t.gap], keep)})
			}
		}
		if hours > 0 && m.rho > 0 {
			s.shares[gaps] = insert(s.shares[gaps], share{j, hours, upward(m.rho, keep)})
		}
		if gross -= m.rho * int64(hours); gross <= 0 || price >= gross {
			continue
		}
		keep = 1 - float64(max(0, price))/float64(gross)
		for _, t := range parts {
			if a := min(t.amount, s.rem[t.gap]); a > 0 {
				s.bare[t.gap] = insert(s.bare[t.gap], share{j, a, upward(s.worth[t.gap], keep)})
			}
		}
	}
}

// upward is w·f, certainly not below it: a few units are added for the
// rounding of the factor.
func upward(w int64, f float64) int64 { return int64(float64(w)*f) + w>>46 + 2 }

func insert(l []share, x share) []share {
	l = append(l, x)
	k := len(l) - 1
	for k > 0 && l[k-1].dense < x.dense {
		l[k] = l[k-1]
		k--
	}
	l[k] = x
	return l
}

// knapsack bounds what the items from position from on can add: the hours as
// one more gap that carries a share of the prices, or as a present on top.
func (s *searcher) knapsack(place []int32, from int32) int64 {
	var v, w int64
	for g := range s.rem {
		w += fill(s.bare[g], s.rem[g], place, from)
	}
	if s.hours >= s.hmin {
		return w
	}
	w += s.m.rho * int64(s.hmin-s.hours)
	for g := range s.rem {
		v += fill(s.shares[g], s.rem[g], place, from)
	}
	v += fill(s.shares[len(s.rem)], s.hmin-s.hours, place, from)
	return min(v, w)
}

func fill(shares []share, room int32, place []int32, from int32) (v int64) {
	for _, x := range shares {
		if room <= 0 {
			break
		}
		if place[x.pair] < from {
			continue
		}
		a := min(x.amount, room)
		v += int64(a) * x.dense
		room -= a
	}
	return v
}

// visit searches all plans that continue the present one, worth v, with pairs of the list.
func (s *searcher) visit(depth int, list []int32, v int64) {
	s.count++
	l := s.level(depth)
	ready := s.gather(l, depth, list)
	if ready == 0 {
		return
	}
	s.tails(l)
	width := int(s.m.start[s.q.person+1] - s.lo)
	if cap(l.place) < width {
		l.place = make([]int32, width)
	}
	place := l.place[:width]
	for k := range place {
		place[k] = -1
	}
	var subsidy int64 // negative prices among the items from the present one on
	for k, x := range l.items {
		place[x.pair] = int32(k)
		subsidy += s.subsidy[x.pair]
	}
	l.rem = append(l.rem[:0], s.rem...)
	for k := range ready {
		l = s.level(depth) // deeper calls may have moved the levels
		x := l.items[k]
		end := v + l.tail[k]
		if end > s.best && !s.stop {
			end = min(end, v+subsidy+s.knapsack(place, int32(k)))
		}
		subsidy -= s.subsidy[x.pair]
		if end <= s.best+s.hair { // ties are many, and each would cost a subtree
			s.near = s.near || end > s.best
			return
		}
		if s.count > s.limit {
			s.stop = true
			s.upper = max(s.upper, end)
			return
		}
		if !x.opens && v+x.net+l.tail[k+1] <= s.best {
			continue
		}
		s.try(depth, k, v)
	}
}

// try takes item k of a level and goes deeper.
func (s *searcher) try(depth, k int, v int64) {
	l := s.level(depth)
	x := l.items[k]
	s.take(x.pair)
	v += x.net
	was := s.pending
	s.pending = was && s.waiting()
	if v > s.best && !s.pending {
		s.best = v
		s.keep()
	}
	if x.net > 0 || x.opens || s.pending {
		next := s.level(depth + 1)
		l = s.level(depth)
		next.list = next.list[:0]
		row := s.m.clash[s.m.session[s.lo+x.pair]]
		for _, y := range l.items[k+1:] {
			if !bit(row, s.m.session[s.lo+y.pair]) && s.fits(y.pair) {
				next.list = append(next.list, y.pair)
			}
		}
		if len(next.list) > 0 {
			s.visit(depth+1, next.list, v)
		}
	}
	s.pending = was
	s.drop(s.level(depth).rem)
}

// gather fills a level's items: first those that can be taken now, by what
// they add, then those that wait. It returns how many are ready.
func (s *searcher) gather(l *level, depth int, list []int32) (ready int) {
	l.items = l.items[:0]
	waits := 0
	for _, j := range list {
		if !s.fits(j) || depth == 0 && s.clashes(j) {
			continue
		}
		x := item{pair: j, net: s.net(j)}
		if s.anyNeeds && s.m.needs[s.lo+j] && !s.met(j) {
			x.waits = true
			waits++
		}
		x.bound = x.net
		l.items = append(l.items, x)
	}
	if waits > 0 || s.pending {
		s.unlock(l)
	}
	bonus := int64(0)
	if len(s.chosen) == 0 {
		bonus = s.q.bonus
	}
	n := 0
	for _, x := range l.items {
		if x.net > 0 || x.opens || !x.waits && x.net+bonus > 0 {
			l.items[n] = x
			n++
		}
	}
	l.items = l.items[:n]
	for k := 1; k < n; k++ { // short lists, nearly in order
		x, at := l.items[k], k
		for at > 0 && x.ahead(l.items[at-1]) {
			l.items[at] = l.items[at-1]
			at--
		}
		l.items[at] = x
	}
	for ready < n && !l.items[ready].waits {
		ready++
	}
	return ready
}

// ahead is the order in which items are taken: those that can be first, then
// those that add most.
func (x item) ahead(y item) bool {
	if x.waits != y.waits {
		return y.waits
	}
	if x.net != y.net {
		return x.net > y.net
	}
	return x.pair < y.pair
}

// clashes reports whether pair j cannot go with a forced one.
func (s *searcher) clashes(j int32) bool {
	row := s.m.clash[s.m.session[s.lo+j]]
	for _, c := range s.chosen {
		if bit(row, s.m.session[s.lo+c]) {
			return true
		}
	}
	return false
}

// unlock drops items whose prerequisite cannot come any more, marks those that
// others need, and charges the others a share of what their prerequisite costs.
func (s *searcher) unlock(l *level) {
	m := s.m
	for { // chains: dropping one may strand another
		n := len(l.items)
		k := 0
		for _, x := range l.items {
			if !x.waits || s.reachable(l.items[:n], m.before[m.session[s.lo+x.pair]]) {
				l.items[k] = x
				k++
			}
		}
		l.items = l.items[:k]
		if k == n {
			break
		}
	}
	for k := range l.items {
		x := &l.items[k]
		if !x.waits {
			continue
		}
		row := m.before[m.session[s.lo+x.pair]]
		best, sharers := int64(math.MinInt64), int64(0)
		for _, y := range l.items {
			if bit(row, m.session[s.lo+y.pair]) {
				best = max(best, y.net)
			}
			if y.waits && m.p.Sessions[m.session[s.lo+y.pair]].Pre == m.p.Sessions[m.session[s.lo+x.pair]].Pre {
				sharers++
			}
		}
		if best < 0 {
			x.bound += best / sharers // towards zero: never charges too much
		}
	}
	if s.pending { // what a forced seat waits for must be had, and what that waits for
		for _, c := range s.chosen {
			if !m.needs[s.lo+c] || s.met(c) {
				continue
			}
			for k := range l.items {
				if bit(m.before[m.session[s.lo+c]], m.session[s.lo+l.items[k].pair]) {
					l.items[k].opens = true
				}
			}
		}
	}
	for settled := false; !settled; { // an item opens another that is itself worth having or opens one
		settled = true
		for _, x := range l.items {
			if !x.waits || x.net <= 0 && !x.opens {
				continue
			}
			row := m.before[m.session[s.lo+x.pair]]
			for k := range l.items {
				if y := &l.items[k]; !y.opens && bit(row, m.session[s.lo+y.pair]) {
					y.opens, settled = true, false
				}
			}
		}
	}
}

func (s *searcher) reachable(items []item, row []uint64) bool {
	for _, y := range items {
		if bit(row, s.m.session[s.lo+y.pair]) {
			return true
		}
	}
	return false
}

// tails sums, from the end, what the items can add, one session of an offering.
func (s *searcher) tails(l *level) {
	n := len(l.items)
	l.tail = slices.Grow(l.tail[:0], n+1)[:n+1]
	l.tail[n] = 0
	for k := n - 1; k >= 0; k-- {
		x := &l.items[k]
		o := s.m.offering[s.m.session[s.lo+x.pair]]
		l.tail[k] = l.tail[k+1]
		if x.bound > s.offBest[o] {
			l.tail[k] += x.bound - s.offBest[o]
			s.offBest[o] = x.bound
		}
	}
	for k := range l.items {
		s.offBest[s.m.offering[s.m.session[s.lo+l.items[k].pair]]] = 0
	}
}

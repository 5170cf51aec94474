package solve

import (
	"cmp"
	"maps"
	"math"
	"math/big"
	"slices"
)

// The best plan of one person at given prices, found for [Certificate.Verify]
// alone: plain depth first, with nothing of the solver's own search.

// A supply is what the problem alone says of a session.
type supply struct {
	kin    int   // number of a set of which a person attends one session at most: an occasion or an offering
	rank   int   // depth in the order of prerequisites
	asks   bool  // it has a prerequisite
	before []int // sessions that fulfil it
	needed bool  // it fulfils another's
	clash  []uint64
	twins  []int // sessions that do the same, and meet no more others
}

// excludes reports whether nobody can attend both; a session excludes itself.
func (x *supply) excludes(s int) bool { return x.clash[s/64]>>(s%64)&1 != 0 }

// facts is what the problem alone says of a person.
type facts struct {
	weight []int64 // of a tenth of each gap, rounded up
	covers []int   // groups beyond the unit
}

// A raise is what a session adds to a competency.
type raise struct{ session, amount int }

// A memo is the last answer about a person: in one leaf and the next most
// people are asked the same.
type memo struct {
	asked []int64
	value int64
	ok    bool
}

func (v *verifier) prepareSessions() {
	m := len(v.p.Sessions)
	v.offer, v.raises = make([]supply, m), map[int][]raise{}
	v.findKin()
	for s := range v.offer {
		x := &v.offer[s]
		x.before, x.asks = v.before(s)
		x.clash = make([]uint64, (m+63)/64)
		x.clash[s/64] |= 1 << (s % 64)
		for t := range v.clash[s] {
			x.clash[t/64] |= 1 << (t % 64)
		}
		for _, c := range v.p.Sessions[s].Comp {
			v.raises[c[0]] = append(v.raises[c[0]], raise{s, c[1]})
		}
	}
	for s := range v.offer {
		v.offer[s].twins = v.twins(s)
	}
	for range v.offer { // settles after as many rounds as the longest chain has links
		same := true
		for s := range v.offer {
			for _, t := range v.offer[s].before {
				v.offer[t].needed = true
				if v.offer[s].rank <= v.offer[t].rank {
					v.offer[s].rank, same = v.offer[t].rank+1, false
				}
			}
		}
		if same {
			break
		}
	}
}

// twins lists the sessions that can stand in for s in every plan, but for the price.
func (v *verifier) twins(s int) (out []int) {
	x := &v.p.Sessions[s]
	for _, t := range v.offering[x.Off] {
		y := &v.p.Sessions[t]
		if t == s || x.Hours != y.Hours || x.Pre != y.Pre || x.dated() != y.dated() || x.dated() && (*x.From != *y.From || *x.To != *y.To) || !maps.Equal(v.gain[s], v.gain[t]) {
			continue
		}
		more := false
		for k, b := range v.offer[t].clash {
			more = more || b&^v.offer[s].clash[k] != 0
		}
		if !more {
			out = append(out, t)
		}
	}
	return out
}

// findKin puts every session in a set: the largest occasion that it belongs to,
// or else its offering.
func (v *verifier) findKin() {
	number := map[int]int{}
	for s := range v.offer {
		o := v.p.Sessions[s].Off
		if _, known := number[o]; !known {
			number[o] = len(number)
		}
		v.offer[s].kin = number[o]
	}
	size := make([]int, len(v.offer))
	for k, list := range v.occasions {
		for _, s := range list {
			if len(list) > size[s] {
				size[s], v.offer[s].kin = len(list), len(number)+k
			}
		}
	}
}

func (v *verifier) preparePeople() {
	v.person = make([]facts, len(v.p.People))
	tenth := map[Decimal]int64{}
	for i := range v.p.People {
		for _, g := range v.p.People[i].Gaps {
			w, known := tenth[g.W]
			if !known {
				w = ceilRat(new(big.Rat).Quo(new(big.Rat).Mul(g.W.rat(), new(big.Rat).SetInt(v.unit)), big.NewRat(10, 1))).Int64()
				tenth[g.W] = w
			}
			v.person[i].weight = append(v.person[i].weight, w)
		}
	}
	for k := len(v.p.UBudget); k < len(v.groups); k++ {
		for _, i := range v.groups[k].members {
			v.person[i].covers = append(v.person[i].covers, k)
		}
	}
}

// A choice is a session that a person may take, at its price.
type choice struct {
	*supply
	s, hours int
	price    int64
	worth    int64 // for somebody who attends nothing
	gains    []gainAt
	locked   bool // its prerequisite is not done yet
	spare    bool // a twin is as good, at no higher price
}

type gainAt struct {
	gap    int
	amount int
}

// A lone searches for the best plans of people, one after the other. Upper ends
// of what a search can still add are what each session adds at the present set,
// one of an offering or of an occasion, and what closes all that is open.
type lone struct {
	v     *verifier
	place []int32 // of a session in choices, from 1; 0 but while they are listed
	top   []int64 // by set of kin; 0 but while a tail is added up

	asked    []int64 // the prices of the eligible sessions, absent where one is not to be had; the bonus; want
	want     []int   // sessions that the plan must hold
	choices  []choice
	weight   []int64
	lo, hi   int
	bonus    int64   // for attending anything
	beyond   big.Int // what prices that are cut off pay at most, beside the value
	must     [][]int
	done     []int
	keepAll  bool // a floor or a duty may ask for sessions that do not pay
	chosen   []int
	stands   []*stand // by number of sessions chosen
	best     int64
	found    bool
	nodes    int
	leftover int64 // upper end of what a stopped search did not visit
	stopped  bool
}

// A stand of the search is what is open at the present set, and how it can go on.
type stand struct {
	rem  []int // tenths left of each gap
	list []option
	tail []int64 // upper ends of what the options from here on add
}

type option struct {
	at  int
	net int64
}

// absent is the price of what is not to be had.
const absent = math.MaxInt64

// people adds up the best plans of people from..to-1; ok is false if someone
// has none.
func (l *lone) people(c *checked, from, to int) (sum *big.Int, ok bool) {
	sum = new(big.Int)
	term := new(big.Int)
	for i := from; i < to; i++ {
		if len(l.v.eligible[i]) == 0 {
			if len(l.v.p.People[i].Must) > 0 {
				return sum, false
			}
			continue
		}
		b, ok := l.person(c, i)
		if !ok {
			return sum, false
		}
		sum.Add(sum, term.SetInt64(b))
		sum.Add(sum, &l.beyond)
	}
	return sum, true
}

// person returns the best value of a plan of person i at the prices, or an
// upper end of it; ok is false if there is no plan.
func (l *lone) person(c *checked, i int) (value int64, ok bool) {
	l.ask(c, i)
	if l.v.asked == nil {
		return l.plan(i)
	}
	m := &l.v.asked[i]
	if len(m.asked) == 0 || !slices.Equal(m.asked, l.asked) {
		m.asked = append(m.asked[:0], l.asked...)
		m.value, m.ok = l.plan(i)
	}
	return m.value, m.ok
}

// ask writes down all that the answer depends on and the problem does not say.
func (l *lone) ask(c *checked, i int) {
	v, q := l.v, &l.v.p.People[i]
	l.asked, l.want = l.asked[:0], append(l.want[:0], q.Lock...)
	for _, e := range v.eligible[i] {
		x := c.clamped[q.U][e]
		if v.held[e] == shut {
			x = absent
		} else if len(c.pair) > 0 && c.pair[[2]int{i, int(e)}] != nil {
			x = cut(c.priceOf(q.U, i, int(e)))
		}
		l.asked = append(l.asked, x)
	}
	for _, s := range v.of[i] {
		if v.seat[[2]int{i, s}] {
			l.want = append(l.want, s)
		} else if k, may := slices.BinarySearch(v.eligible[i], int32(s)); may {
			l.asked[k] = absent
		}
	}
	l.bonus = cut(c.eta[q.U])
	for _, k := range v.person[i].covers {
		l.bonus = min(l.bonus+cut(c.eta[k]), mostPaid)
	}
	l.fit(c, i)
	l.asked = append(l.asked, l.bonus)
	slices.Sort(l.want)
	l.want = slices.Compact(l.want)
	for _, s := range l.want {
		l.asked = append(l.asked, int64(s))
	}
}

// priceOf is what a seat in session s costs person i of unit u.
func (c *checked) priceOf(u, i, s int) *big.Int {
	x := new(big.Int).Set(c.seat[u][s])
	if a := c.pair[[2]int{i, s}]; a != nil {
		x.Add(x, a)
	}
	return x
}

// bonusOf is what person i has for attending anything.
func (c *checked) bonusOf(v *verifier, i int) *big.Int {
	b := new(big.Int).Set(c.eta[v.p.People[i].U])
	for _, k := range v.person[i].covers {
		b.Add(b, c.eta[k])
	}
	return b
}

// Prices that one plan is searched with, and all of them together, leave room
// in an int64 for what the plan is worth.
const (
	mostPaid = 1 << 58
	roomPaid = 1 << 60
)

// cut cuts a price off at ±mostPaid.
func cut(x *big.Int) int64 {
	if x.BitLen() > 58 {
		return int64(x.Sign()) * mostPaid
	}
	return x.Int64()
}

// fit cuts prices off further where they do not fit together. A lower price
// never lowers a bound; what a higher one takes from a plan is beyond, and
// added to its value.
func (l *lone) fit(c *checked, i int) {
	v, most := l.v, int64(mostPaid)
	l.beyond.SetInt64(0)
	if l.paid(most) < most { // then every price is below it too
		return
	}
	for l.paid(most) > roomPaid {
		most /= 2
	}
	for k, e := range v.eligible[i] {
		x := &l.asked[k]
		switch {
		case *x == absent:
		case *x >= most:
			*x = most
		case *x <= -most:
			*x = -most
			l.beyond.Sub(&l.beyond, c.priceOf(v.p.People[i].U, i, int(e)))
			l.beyond.Sub(&l.beyond, big.NewInt(most))
		}
	}
	if l.bonus >= most {
		l.bonus = most
		l.beyond.Add(&l.beyond, c.bonusOf(v, i))
		l.beyond.Sub(&l.beyond, big.NewInt(most))
	}
}

// paid adds up the prices, each cut off at most; it stops above roomPaid.
func (l *lone) paid(most int64) int64 {
	sum := min(l.bonus, most)
	for _, x := range l.asked {
		if x != absent {
			sum += min(max(x, -x), most)
		}
		if sum > roomPaid {
			break
		}
	}
	return sum
}

// plan finds the best plan of person i for what was asked.
func (l *lone) plan(i int) (value int64, ok bool) {
	p, q := l.v.p, &l.v.p.People[i]
	l.done, l.keepAll, l.weight = q.Done, p.Rho == nil || len(q.Must) > 0, l.v.person[i].weight
	l.lo, l.hi = p.hours(i)
	l.must = l.must[:0]
	for _, o := range q.Must {
		l.must = append(l.must, l.v.offering[o])
	}
	l.chosen, l.best, l.found, l.nodes, l.leftover, l.stopped = l.chosen[:0], 0, false, 0, 0, false
	l.list(i)
	value = -l.v.rho * int64(l.lo)
	hours := 0
	for _, s := range l.want {
		k := slices.IndexFunc(l.choices, func(x choice) bool { return x.s == s })
		if k < 0 || l.meets(&l.choices[k]) {
			return 0, false
		}
		x := &l.choices[k]
		value += l.adds(x, l.here().rem, hours)
		hours += x.hours
		l.choose(x)
	}
	if hours > l.hi {
		return 0, false
	}
	l.search(0, hours, value)
	if l.stopped && (!l.found || l.leftover > l.best) {
		return l.leftover, true
	}
	return l.best, l.found
}

// list lists the usable sessions in the order of prerequisites, then worth.
func (l *lone) list(i int) {
	v, q := l.v, &l.v.p.People[i]
	l.choices = l.choices[:0]
	for k, e := range v.eligible[i] {
		if l.asked[k] == absent {
			continue
		}
		n := len(l.choices)
		if n < cap(l.choices) {
			l.choices = l.choices[:n+1]
		} else {
			l.choices = append(l.choices, choice{})
		}
		x := &v.p.Sessions[e]
		l.choices[n] = choice{supply: &v.offer[e], s: int(e), hours: x.Hours, price: l.asked[k], gains: l.choices[n].gains[:0],
			locked: v.offer[e].asks && !slices.Contains(q.Done, x.Pre)}
		l.place[e] = int32(n + 1)
	}
	rem := l.here().rem[:0]
	for j, g := range q.Gaps {
		rem = append(rem, g.G)
		for _, a := range v.raises[g.K] {
			if k := l.place[a.session]; k > 0 {
				x := &l.choices[k-1]
				x.gains = append(x.gains, gainAt{j, min(a.amount, g.G)})
			}
		}
	}
	l.here().rem = rem
	for k := range l.choices {
		x := &l.choices[k]
		x.worth, x.spare = l.adds(x, rem, 0), l.spare(x)
	}
	n := 0
	for k := range l.choices {
		x := &l.choices[k]
		l.place[x.s] = 0
		if !x.spare {
			l.choices[n], l.choices[k] = l.choices[k], l.choices[n] // both keep their room for gains
			n++
		}
	}
	l.choices = l.choices[:n]
	slices.SortFunc(l.choices, func(a, b choice) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(b.worth, a.worth), cmp.Compare(a.s, b.s))
	})
}

// spare reports whether there is a twin that does not cost more.
func (l *lone) spare(x *choice) bool {
	return !slices.Contains(l.want, x.s) && slices.ContainsFunc(x.twins, func(t int) bool {
		k := l.place[t]
		if k == 0 {
			return false
		}
		y := &l.choices[k-1]
		return y.price < x.price || y.price == x.price && (t < x.s || !slices.Contains(y.twins, x.s))
	})
}

// here is where the search stands.
func (l *lone) here() *stand {
	for len(l.stands) <= len(l.chosen) {
		l.stands = append(l.stands, &stand{})
	}
	return l.stands[len(l.chosen)]
}

// choose goes one level deeper, with a session more.
func (l *lone) choose(x *choice) {
	rem := l.here().rem
	l.chosen = append(l.chosen, x.s)
	next := l.here()
	next.rem = append(next.rem[:0], rem...)
	for _, g := range x.gains {
		next.rem[g.gap] = max(0, next.rem[g.gap]-g.amount)
	}
}

// meets reports whether a session is excluded by a chosen one.
func (l *lone) meets(x *choice) bool {
	return slices.ContainsFunc(l.chosen, x.excludes)
}

// adds is the marginal value of a session at the present set.
func (l *lone) adds(x *choice, rem []int, hours int) int64 {
	n := l.v.rho*int64(min(x.hours, max(0, l.lo-hours))) - x.price
	for _, g := range x.gains {
		n += l.weight[g.gap] * int64(min(g.amount, rem[g.gap]))
	}
	return n
}

// accept keeps the present set if it obeys the duties and is the best so far.
func (l *lone) accept(hours int, v int64) {
	if len(l.chosen) > 0 {
		v += l.bonus
	}
	if l.found && v <= l.best || l.v.p.Rho == nil && hours < l.lo {
		return
	}
	for _, m := range l.must {
		if !slices.ContainsFunc(m, l.chose) {
			return
		}
	}
	if !l.unlocked() {
		return
	}
	l.best, l.found = v, true
}

func (l *lone) chose(s int) bool { return slices.Contains(l.chosen, s) }

// unlocked reports whether every chosen session has its prerequisite.
func (l *lone) unlocked() bool {
	for _, s := range l.chosen {
		x := &l.v.offer[s]
		if x.asks && !slices.Contains(l.done, l.v.p.Sessions[s].Pre) && !slices.ContainsFunc(x.before, l.chose) {
			return false
		}
	}
	return true
}

// search visits every set that continues the present one with sessions from
// place `from` on.
func (l *lone) search(from, hours int, v int64) {
	l.nodes++
	l.accept(hours, v)
	at := l.here()
	l.options(at, from, hours)
	for j, o := range at.list {
		end := v + l.bonus + at.tail[j]
		if l.found && end <= l.best {
			return
		}
		if l.nodes > manyNodes {
			if !l.stopped || end > l.leftover {
				l.stopped, l.leftover = true, end
			}
			return
		}
		x := &l.choices[o.at]
		if x.locked && !slices.ContainsFunc(x.before, l.chose) {
			continue
		}
		l.choose(x)
		l.search(o.at+1, hours+x.hours, v+o.net)
		l.chosen = l.chosen[:len(l.chosen)-1]
	}
}

// options lists how the present set can go on.
func (l *lone) options(at *stand, from, hours int) {
	at.list = at.list[:0]
	for k := from; k < len(l.choices); k++ {
		x := &l.choices[k]
		if hours+x.hours > l.hi || l.meets(x) {
			continue
		}
		n := l.adds(x, at.rem, hours)
		if n > 0 || x.needed || l.keepAll || len(l.chosen) == 0 && n+l.bonus > 0 {
			at.list = append(at.list, option{k, n})
		}
	}
	open := l.v.rho * int64(max(0, l.lo-hours)) // closing all that is open, and every price below nought
	for j, n := range at.rem {
		open += l.weight[j] * int64(n)
	}
	tail := int64(0) // the best of each set of kin alone counts
	at.tail = append(at.tail[:0], make([]int64, len(at.list))...)
	for j := len(at.list) - 1; j >= 0; j-- {
		x, n := &l.choices[at.list[j].at], at.list[j].net
		if top := &l.top[x.kin]; n > *top {
			tail += n - *top
			*top = n
		}
		open += max(0, -x.price)
		at.tail[j] = min(tail, open)
	}
	for _, o := range at.list {
		l.top[l.choices[o.at].kin] = 0
	}
}

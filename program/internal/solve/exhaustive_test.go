package solve

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
)

// scale makes every decimal of a random problem an integer.
const scale = 1_000_000

func units(d Decimal) int64 {
	if v, ok := knownUnits.Load(d); ok {
		return v.(int64)
	}
	r := new(big.Rat).Mul(d.rat(), big.NewRat(scale, 1))
	if !r.IsInt() {
		panic("test: finer than the scale: " + string(d))
	}
	knownUnits.Store(d, r.Num().Int64())
	return r.Num().Int64()
}

var knownUnits sync.Map

// randomProblem draws a small problem in which every kind of row occurs, soft
// and hard, and which need not have a plan.
func randomProblem(g *rand.Rand, people, sessions int) *Problem {
	n, m := 1+g.IntN(people), 1+g.IntN(sessions)
	p := &Problem{N: n, M: m, K: 2 + g.IntN(3), U: 1 + g.IntN(2), T: 1 + g.IntN(3)}
	price := func(hard int, list ...string) *Decimal {
		if g.IntN(100) < hard {
			return nil
		}
		d := Decimal(list[g.IntN(len(list))])
		return &d
	}
	p.HMin, p.HMax = g.IntN(3)*4, 8+g.IntN(20)
	p.Rho, p.Pi = price(8, "0", "0.2", "0.05", "1"), price(8, "0", "1", "2.5", "5")
	p.Theta = []Decimal{"0", "0.3", "0.6", "1"}[g.IntN(4)]
	offerings := 1 + g.IntN(m)
	if g.IntN(2) == 0 {
		offerings = m
	}
	var costs int64
	for s := range m {
		x := Session{Off: g.IntN(offerings), Method: "m", Hours: 1 + g.IntN(12), F: int64(g.IntN(40)), C: int64(g.IntN(12)), Slot: g.IntN(p.T+1) - 1, Pre: -1}
		x.Cap = 1 + g.IntN(n+1)
		x.Min = g.IntN(min(x.Cap, 3) + 1)
		for k := range p.K {
			if g.IntN(3) > 0 {
				x.Comp = append(x.Comp, [2]int{k, 3 + g.IntN(20)})
			}
		}
		if x.Off > 0 && g.IntN(3) == 0 {
			x.Pre = g.IntN(x.Off)
		}
		if g.IntN(4) == 0 {
			a := g.IntN(6)
			b := a + 1 + g.IntN(4)
			x.From, x.To = &a, &b
		}
		if g.IntN(8) == 0 && m > 1 {
			if t := g.IntN(m); t != s {
				x.Clash = []int{t}
			}
		}
		x.State = []string{"", "", "", "", "", "", "", "", "open", "closed"}[g.IntN(10)]
		costs += x.F + x.C*int64(x.Cap)
		p.Sessions = append(p.Sessions, x)
	}
	p.Budget = costs * int64(20+g.IntN(90)) / 100
	for range p.U {
		p.UBudget = append(p.UBudget, int64(g.IntN(60)))
	}
	for range n {
		q := Person{U: g.IntN(p.U)}
		for k := range p.K {
			if g.IntN(2) == 0 {
				q.Gaps = append(q.Gaps, Gap{k, 1 + g.IntN(30), []Decimal{"1", "2", "0.5", "3.7", "0"}[g.IntN(5)]})
			}
		}
		for o := range offerings {
			if g.IntN(6) == 0 {
				q.Done = append(q.Done, o)
			}
		}
		if g.IntN(5) == 0 {
			lo, hi := 0, 8+g.IntN(10)
			q.HMin, q.HMax = &lo, &hi
		}
		if g.IntN(8) == 0 {
			q.Not = []int{g.IntN(m)}
		}
		s := g.IntN(m)
		x := &p.Sessions[s]
		if g.IntN(6) == 0 && !slices.Contains(q.Done, x.Off) && !slices.Contains(q.Not, s) && x.State != "closed" {
			if g.IntN(2) == 0 {
				q.Must = []int{x.Off}
			} else {
				q.Lock = []int{s}
			}
		}
		p.People = append(p.People, q)
	}
	if g.IntN(2) == 0 {
		for range 1 + g.IntN(2) {
			l := Limit{Limit: int64(g.IntN(12)), Per: []string{"seat", "session"}[g.IntN(2)], Price: price(50, "0.5", "2", "0.1")}
			for s := range m {
				if g.IntN(2) == 0 {
					l.Use = append(l.Use, [2]int64{int64(s), int64(1 + g.IntN(4))})
				}
			}
			p.Limits = append(p.Limits, l)
		}
	}
	if g.IntN(2) == 0 {
		p.Away = &Away{Share: []Decimal{"0.25", "0.5", "0.8"}[g.IntN(3)], Price: price(50, "0.5", "2")}
	}
	if g.IntN(2) == 0 {
		c := Cover{Theta: []Decimal{"0.5", "0.7", "1"}[g.IntN(3)], Pi: price(15, "1", "3")}
		for i := range n {
			if g.IntN(2) == 0 {
				c.Who = append(c.Who, i)
			}
		}
		p.Cover = append(p.Cover, c)
	}
	if g.IntN(2) == 0 {
		p.Over = &Over{Budget: price(50, "0.1", "0.02"), UBudget: price(50, "0.1", "0.02")}
	}
	if g.IntN(2) == 0 {
		p.Money = []Decimal{"0.01", "0.002"}[g.IntN(2)]
	}
	return p
}

// exhaustive finds the best objective, in units of 1/scale, by trying
// everything: all plans of each person, joined person by person with the best
// value for each outcome that the linking rows can tell apart. It is written
// from the formal model alone.
func exhaustive(p *Problem) (best int64, found bool) {
	x := &oracle{p: p}
	type reached struct {
		value int64
		seats []int // unit × session
		cover []int // people covered, by group
	}
	key := func(r *reached) string { return fmt.Sprint(r.seats, r.cover) }
	x.setup()
	now := map[string]*reached{"": {seats: make([]int, p.U*p.M), cover: make([]int, len(x.groups))}}
	for i := range p.People {
		next := map[string]*reached{}
		plans := x.plans(i)
		values := make([]int64, len(plans))
		for k, plan := range plans {
			values[k] = x.value(i, plan)
		}
		for _, r := range now {
			for k, plan := range plans {
				t := &reached{r.value + values[k], slices.Clone(r.seats), slices.Clone(r.cover)}
				ok := true
				for _, s := range plan {
					t.seats[p.People[i].U*p.M+s]++
					total := 0
					for u := range p.U {
						total += t.seats[u*p.M+s]
					}
					ok = ok && total <= p.Sessions[s].Cap
				}
				if !ok {
					continue
				}
				for g, who := range x.groups {
					if len(plan) > 0 && slices.Contains(who, i) {
						t.cover[g]++
					}
				}
				k := key(t)
				if o := next[k]; o == nil || o.value < t.value {
					next[k] = t
				}
			}
		}
		now = next
	}
	for _, r := range now {
		for mask := range 1 << p.M {
			if v, ok := x.linked(r.seats, r.cover, mask); ok && (!found || r.value+v > best) {
				best, found = r.value+v, true
			}
		}
	}
	return best, found
}

type oracle struct {
	p         *Problem
	may       [][]bool
	groups    [][]int
	thetas    []Decimal
	pis       []*Decimal
	occasions [][]int
}

func (x *oracle) setup() {
	p := x.p
	x.may = make([][]bool, p.N)
	for i, q := range p.People {
		x.may[i] = make([]bool, p.M)
		for s, t := range p.Sessions {
			raises := false
			for _, g := range q.Gaps {
				for _, c := range t.Comp {
					raises = raises || g.K == c[0]
				}
			}
			x.may[i][s] = (raises || slices.Contains(q.Must, t.Off) || slices.Contains(q.Lock, s)) && !slices.Contains(q.Done, t.Off) && !slices.Contains(q.Not, s)
		}
	}
	for u := range p.U {
		var who []int
		for i, q := range p.People {
			if q.U == u && slices.Contains(x.may[i], true) {
				who = append(who, i)
			}
		}
		x.groups, x.thetas, x.pis = append(x.groups, who), append(x.thetas, p.Theta), append(x.pis, p.Pi)
	}
	for _, c := range p.Cover {
		var who []int
		for _, i := range c.Who {
			if slices.Contains(x.may[i], true) {
				who = append(who, i)
			}
		}
		x.groups, x.thetas, x.pis = append(x.groups, who), append(x.thetas, c.Theta), append(x.pis, c.Pi)
	}
	for t := range p.T {
		var list []int
		for s, q := range p.Sessions {
			if q.From == nil && q.Slot == t {
				list = append(list, s)
			}
		}
		x.occasions = append(x.occasions, list)
	}
	for d := range 12 {
		var list []int
		first := false
		for s, q := range p.Sessions {
			if q.From != nil && *q.From <= d && d < *q.To {
				list = append(list, s)
			}
			first = first || q.From != nil && *q.From == d
		}
		if first {
			x.occasions = append(x.occasions, list)
		}
	}
}

func (x *oracle) exclude(s, t int) bool {
	a, b := x.p.Sessions[s], x.p.Sessions[t]
	if a.Off == b.Off || slices.Contains(a.Clash, t) || slices.Contains(b.Clash, s) {
		return true
	}
	if a.From != nil && b.From != nil {
		return *a.From < *b.To && *b.From < *a.To
	}
	return a.From == nil && b.From == nil && a.Slot >= 0 && a.Slot == b.Slot
}

// plans lists all plans of person i that obey the person's own hard rules.
func (x *oracle) plans(i int) (out [][]int) {
	p, q := x.p, x.p.People[i]
	for mask := range 1 << p.M {
		var plan []int
		ok := true
		hours := 0
		for s := range p.M {
			if mask>>s&1 == 0 {
				continue
			}
			ok = ok && x.may[i][s]
			for _, t := range plan {
				ok = ok && !x.exclude(s, t)
			}
			plan = append(plan, s)
			hours += p.Sessions[s].Hours
		}
		for _, s := range plan {
			if o := p.Sessions[s].Pre; o >= 0 && !slices.Contains(q.Done, o) {
				ok = ok && slices.ContainsFunc(plan, func(t int) bool {
					a, b := p.Sessions[t], p.Sessions[s]
					return a.Off == o && !(a.From != nil && b.From != nil && *a.To > *b.From)
				})
			}
		}
		for _, o := range q.Must {
			ok = ok && slices.ContainsFunc(plan, func(s int) bool { return p.Sessions[s].Off == o })
		}
		for _, s := range q.Lock {
			ok = ok && slices.Contains(plan, s)
		}
		lo, hi := p.HMin, p.HMax
		if q.HMin != nil {
			lo = *q.HMin
		}
		if q.HMax != nil {
			hi = *q.HMax
		}
		if p.Rho == nil && slices.Contains(x.may[i], true) && hours < lo {
			ok = false
		}
		if ok && hours <= hi {
			out = append(out, plan)
		}
	}
	return out
}

func (x *oracle) value(i int, plan []int) (v int64) {
	p, q := x.p, x.p.People[i]
	hours := 0
	for _, s := range plan {
		hours += p.Sessions[s].Hours
	}
	for _, g := range q.Gaps {
		sum := 0
		for _, s := range plan {
			for _, c := range p.Sessions[s].Comp {
				if c[0] == g.K {
					sum += c[1]
				}
			}
		}
		v += units(g.W) / 10 * int64(min(sum, g.G))
	}
	lo := p.HMin
	if q.HMin != nil {
		lo = *q.HMin
	}
	if p.Rho != nil && hours < lo && slices.Contains(x.may[i], true) {
		v -= units(*p.Rho) * int64(lo-hours)
	}
	return v
}

// linked is what the linking rows make of seats and a set of sessions held.
func (x *oracle) linked(seats, cover []int, mask int) (v int64, ok bool) {
	p := x.p
	row := func(used, limit int64, price *Decimal) {
		if used > limit {
			if price == nil {
				ok = false
			} else {
				v -= (used - limit) * units(*price)
			}
		}
	}
	ok = true
	total := make([]int, p.M)
	unit := make([]int64, p.U)
	var cost int64
	for u := range p.U {
		for s := range p.M {
			total[s] += seats[u*p.M+s]
			unit[u] += int64(seats[u*p.M+s]) * p.Sessions[s].C
		}
		cost += unit[u]
	}
	for s, q := range p.Sessions {
		open := mask>>s&1 == 1
		if !open && (total[s] > 0 || q.State == "open") || open && (total[s] < q.Min || q.State == "closed") {
			return 0, false
		}
		if open {
			cost += q.F
		}
	}
	var over Over
	if p.Over != nil {
		over = *p.Over
	}
	row(cost, p.Budget, over.Budget)
	for u := range p.U {
		row(unit[u], p.UBudget[u], over.UBudget)
		if p.Away == nil {
			continue
		}
		size := int64(0)
		for _, q := range p.People {
			if q.U == u {
				size++
			}
		}
		for _, o := range x.occasions {
			n := int64(0)
			for _, s := range o {
				n += int64(seats[u*p.M+s])
			}
			row(n, size*units(p.Away.Share)/scale, p.Away.Price)
		}
	}
	for _, l := range p.Limits {
		used := int64(0)
		for _, a := range l.Use {
			if l.Per == "seat" {
				used += a[1] * int64(total[a[0]])
			} else {
				used += a[1] * int64(mask>>a[0]&1)
			}
		}
		row(used, l.Limit, l.Price)
	}
	for g, who := range x.groups {
		short := units(x.thetas[g])*int64(len(who)) - scale*int64(cover[g])
		if short <= 0 {
			continue
		}
		if x.pis[g] == nil {
			return 0, false
		}
		v -= short / 100 * (units(*x.pis[g]) / 10) / (scale / 1000) // shares have two decimals, prices five
	}
	v -= cost * units(p.Money)
	return v, ok
}

// describe prints a problem that a test failed on.
func describe(p *Problem) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%+v", *p)
	return b.String()
}

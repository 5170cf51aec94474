package program

import (
	"cmp"
	"math"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/program/internal/solve"
)

// An Explanation answers questions about one plan of an instance. It looks at
// the plan's seats, which anybody can check by hand, and at the prices of the
// plan's certificate: what one more rupiah, seat or room is worth at the
// margin. It belongs to one goroutine.
type Explanation struct {
	c      *compiled
	prices solve.Prices
	at     *solve.Insight // at the prices
	free   *solve.Insight // with nothing that is shared charged

	who   *audience
	held  []bool
	seats [][]int // people by session
	sits  [][]int // sessions by person
	cost  int64
	unit  []int64   // seat cost
	used  []int64   // by limit
	away  [][]int64 // unit × occasion
	noise float64   // what is worth less is left out, or 0: prices are not so exact
}

// Explain prepares answers about a plan of the instance. A plan that breaks a
// hard rule of the instance is an error. Without a certificate prices are zero:
// then what is scarce is known only from the plan's seats.
func (in *Instance) Explain(p *Plan) (*Explanation, error) {
	c := in.c
	plain := c.encode(p)
	if err := c.named(solve.Evaluate(c.problem, *plain).Violations).Err(); err != nil {
		return nil, err
	}
	x := &Explanation{c: c, who: c.audience(), prices: p.Proof.prices(), held: make([]bool, c.problem.M), seats: make([][]int, c.problem.M), sits: make([][]int, c.problem.N),
		unit: make([]int64, c.problem.U), used: make([]int64, len(c.problem.Limits))}
	x.at, x.free = solve.Look(c.problem, x.prices), solve.Look(c.problem, solve.Prices{})
	x.count(plain)
	for i := range c.problem.People {
		for _, g := range c.problem.People[i].Gaps {
			x.noise = max(x.noise, 1e-4*g.W.Float64()/c.scale) // of a level of what is needed most
		}
	}
	return x, nil
}

// prices are those before any branching, or of the first case of the tree.
func (c Certificate) prices() solve.Prices {
	if c.root != nil {
		return *c.root
	}
	t := c.tree
	for t != nil && t.One != nil {
		t = t.One
	}
	if t == nil {
		return solve.Prices{}
	}
	return t.Prices
}

// count adds up what the plan uses of each row.
func (x *Explanation) count(p *solve.Plan) {
	c := x.c.problem
	for _, s := range p.Open {
		x.held[s] = true
		x.cost += c.Sessions[s].F
	}
	for _, a := range p.Assign {
		i, s := a[0], a[1]
		x.seats[s], x.sits[i] = append(x.seats[s], i), append(x.sits[i], s)
		x.cost += c.Sessions[s].C
		x.unit[c.People[i].U] += c.Sessions[s].C
	}
	for k, l := range c.Limits {
		for _, u := range l.Use {
			switch s := int(u[0]); {
			case l.Per == "seat":
				x.used[k] += u[1] * int64(len(x.seats[s]))
			case x.held[s]:
				x.used[k] += u[1]
			}
		}
	}
	x.away = make([][]int64, c.U)
	for u := range x.away {
		x.away[u] = make([]int64, len(x.at.Occasions()))
	}
	for o, list := range x.at.Occasions() {
		for _, s := range list {
			for _, i := range x.seats[s] {
				x.away[c.People[i].U][o]++
			}
		}
	}
}

// worth is what the seats of a person are worth, in the plan's unit: weighted
// levels closed less missing hours and the price of money.
func (x *Explanation) worth(i int, sessions []int) float64 {
	p := x.c.problem
	q := &p.People[i]
	v, hours := 0.0, 0
	for _, g := range q.Gaps {
		closed := 0
		for _, s := range sessions {
			for _, a := range p.Sessions[s].Comp {
				if a[0] == g.K {
					closed += a[1]
				}
			}
		}
		v += g.W.Float64() * float64(min(closed, g.G)) / 10
	}
	for _, s := range sessions {
		hours += p.Sessions[s].Hours
		v -= p.Money.Float64() * float64(p.Sessions[s].C)
	}
	if short := x.hourFloor(i) - hours; short > 0 && p.Rho != nil && len(x.at.Eligible(i)) > 0 {
		v -= p.Rho.Float64() * float64(short)
	}
	return v / x.c.scale
}

// A Block is a rule that stands in the way of one seat or of one session.
type Block struct {
	Rule  Rule    `json:"rule"`
	Short float64 `json:"short,omitempty"` // how much is missing: rupiah, people, hours, units of a resource
	Unit  string  `json:"unit,omitempty"`  // what Short counts
	// Cost is what lifting the rule for this alone costs the objective, by the
	// prices: an estimate, which solving again with the rule lifted confirms.
	// Of a full session it is what Who loses, who would lose least by giving up the seat.
	Cost float64             `json:"cost,omitempty"`
	Who  competency.PersonID `json:"who,omitempty"`
	Soft bool                `json:"soft,omitempty"`
}

// An Option is a session that would close something for a person.
type Option struct {
	Session SessionID   `json:"session"`
	Adds    float64     `json:"adds"`             // to the objective, with the prerequisites that the person lacks, on top of the seats that the person has, less what is left
	Leaves  []SessionID `json:"leaves,omitempty"` // the seats that clash with it or with those prerequisites, which the person would leave
	Blocks  []Block     `json:"blocks,omitempty"` // none: the seat could be given; a plan that is not proved best may have missed it
}

// PersonReason says why somebody has the seats that the plan gives, and no others.
type PersonReason struct {
	Person   competency.PersonID `json:"person"`
	Unseated Reason              `json:"unseated,omitempty"`
	Sessions []SessionID         `json:"sessions"`
	Settled  []Rule              `json:"settled,omitempty"` // the duties and settled seats among them
	Worth    float64             `json:"worth"`             // of these seats, before what they use of rows that people share
	// Alone is what the person would attend if no row was shared with others,
	// and AloneWorth what that is worth; Pays is what its seats cost the
	// others, rule by rule, at the prices.
	Alone      []SessionID `json:"alone"`
	AloneWorth float64     `json:"alone_worth"`
	Pays       []Charge    `json:"pays,omitempty"`
	Options    []Option    `json:"options,omitempty"` // by what they add
}

// A Charge is what a rule costs at the prices of a plan.
type Charge struct {
	Rule Rule    `json:"rule"`
	Cost float64 `json:"cost"`
}

// Person explains the plan of one person.
func (x *Explanation) Person(id competency.PersonID) (PersonReason, error) {
	c := x.c
	i, ok := c.index(id)
	if !ok {
		return PersonReason{}, bangkom.Problem{Code: "unknown-person", Value: string(id), Msg: "no such person in this instance"}
	}
	r := PersonReason{Person: id, Sessions: c.ids(x.sits[i]), Worth: x.worth(i, x.sits[i])}
	if len(x.sits[i]) == 0 {
		r.Unseated = c.unseated(i, x.who)
	}
	r.Settled = x.settled(i)
	alone, _, _ := x.free.Best(i, nil, nil)
	r.Alone, r.AloneWorth = c.ids(alone), x.worth(i, alone)
	for _, s := range alone {
		for _, p := range x.charges(i, s) {
			at := slices.IndexFunc(r.Pays, func(q Charge) bool { return q.Rule == p.Rule })
			if at < 0 {
				r.Pays = append(r.Pays, p)
			} else {
				r.Pays[at].Cost += p.Cost
			}
		}
	}
	r.Options = x.options(i)
	return r, nil
}

// settled lists the duties and settled seats that the seats of person i obey.
func (x *Explanation) settled(i int) (out []Rule) {
	q := &x.c.problem.People[i]
	for _, s := range x.sits[i] {
		if slices.Contains(q.Lock, s) {
			out = append(out, Rule{Kind: "lock", Session: x.c.sessions[s].ID})
		}
		if slices.Contains(q.Must, x.c.problem.Sessions[s].Off) {
			out = append(out, Rule{Kind: "must", Offering: x.c.sessions[s].Offering})
		}
	}
	return out
}

// ids translates session numbers, ascending.
func (c *compiled) ids(sessions []int) []SessionID {
	out := []SessionID{}
	for _, s := range slices.Sorted(slices.Values(sessions)) {
		out = append(out, c.sessions[s].ID)
	}
	return out
}

// charges is what a seat pays at the prices, rule by rule.
func (x *Explanation) charges(i, s int) []Charge {
	c := x.c
	seat, unit, budget, _, away := x.at.Seat(i, s)
	u := c.problem.People[i].U
	money := c.problem.Money.Float64() * float64(c.problem.Sessions[s].C)
	list := []Charge{{c.sessionRule("seats", s), seat}, {c.unitRule("unit-budget", u), unit}, {Rule{Kind: "budget"}, budget - money}}
	for k, l := range c.problem.Limits {
		if rule, ok := c.resourceRule(k); ok {
			_, each := taken(l, s)
			list = append(list, Charge{rule, float64(each) * priceOf(x.prices.Kappa, k)})
		}
	}
	list = append(list, Charge{Rule{Kind: "away", Unit: c.payers[u], Session: c.sessions[s].ID}, away})
	list = slices.DeleteFunc(list, func(p Charge) bool { return x.heard(p.Cost/c.scale) == 0 })
	for k := range list {
		list[k].Cost /= c.scale
	}
	return list
}

// heard is a value, 0 below the noise.
func (x *Explanation) heard(v float64) float64 {
	if math.Abs(v) <= x.noise {
		return 0
	}
	return v
}

// taken is what a session takes of a limit: when it is held, and with each seat.
func taken(l solve.Limit, s int) (held, seat int64) {
	for _, u := range l.Use {
		switch {
		case int(u[0]) != s:
		case l.Per == "seat":
			seat += u[1]
		default:
			held += u[1]
		}
	}
	return held, seat
}

// options lists the sessions that would add something to a person's seats, and
// what stands in the way. For a seat that clashes with what the person has
// already, both are counted after the swap.
func (x *Explanation) options(i int) []Option {
	c := x.c
	now := x.worth(i, x.sits[i])
	var out []Option
	for s := range c.problem.Sessions {
		if slices.Contains(x.sits[i], s) || !x.raises(i, s) {
			continue
		}
		first := x.first(i, s)
		stay, left := x.swap(i, append(first, s))
		before := append(stay, first...)
		with := x.worth(i, append(slices.Clone(before), s))
		if adds := with - now; adds > max(x.noise, 1e-9) && with-x.worth(i, before) > 1e-9 { // also for its own sake
			o := Option{Session: c.sessions[s].ID, Adds: adds, Blocks: x.blocks(i, s)}
			for _, t := range left {
				o.Leaves = append(o.Leaves, c.sessions[t].ID)
			}
			out = append(out, o)
		}
	}
	slices.SortStableFunc(out, func(a, b Option) int {
		return cmp.Or(cmp.Compare(b.Adds, a.Adds), cmp.Compare(a.Session, b.Session))
	})
	return out
}

// swap parts the seats of person i into those beside which the new ones can be
// attended, and those that clash with one of them.
func (x *Explanation) swap(i int, more []int) (stay, left []int) {
	for _, own := range x.sits[i] {
		if slices.ContainsFunc(more, func(s int) bool { return x.at.Clash(s, own) }) {
			left = append(left, own)
		} else {
			stay = append(stay, own)
		}
	}
	return stay, left
}

// raises reports whether a session would close something for a person,
// whether or not the person may attend.
func (x *Explanation) raises(i, s int) bool {
	p := x.c.problem
	return slices.Contains(p.People[i].Must, p.Sessions[s].Off) || slices.ContainsFunc(p.People[i].Gaps, func(g solve.Gap) bool {
		return slices.ContainsFunc(p.Sessions[s].Comp, func(a [2]int) bool { return a[0] == g.K })
	})
}

// blocks lists what stands in the way of a seat for person i in s and in what
// has to come first, once the seats that clash with them are left.
func (x *Explanation) blocks(i, s int) (out []Block) {
	c := x.c
	p, q := c.problem, &c.problem.People[i]
	t := &p.Sessions[s]
	if slices.Contains(q.Done, t.Off) {
		out = append(out, Block{Rule: Rule{Kind: "done", Offering: c.sessions[s].Offering}})
	}
	more := append(x.first(i, s), s)
	for _, k := range more {
		if slices.Contains(q.Not, k) {
			out = append(out, Block{Rule: Rule{Kind: "not", Session: c.sessions[k].ID}})
		}
	}
	stay, left := x.swap(i, more)
	for _, own := range left {
		out = append(out, x.keeps(i, own, more)...)
	}
	sits := append(slices.Clone(stay), s)
	for _, k := range slices.Concat(stay, more) {
		if x.unready(i, k, sits) {
			kind := "prerequisite"
			if x.who.barred(i, k) {
				kind = "barred"
			}
			rule := Rule{Kind: kind, Offering: c.offering(c.sessions[k]).After}
			if !slices.Contains(more, k) {
				rule.Session = c.sessions[k].ID // a seat that the person has, and whose prerequisite would be left
			}
			out = append(out, Block{Rule: rule})
		}
	}
	hours := 0
	for _, k := range slices.Concat(stay, more) {
		hours += p.Sessions[k].Hours
	}
	amount := func(hours int) float64 { return (bangkom.JP(hours) * c.hour).Float() }
	if over := hours - x.hourCeiling(i); over > 0 {
		out = append(out, Block{Rule: c.personRule("hours", i), Short: amount(over), Unit: "hour"})
	}
	if short := x.hourFloor(i) - hours; short > 0 && p.Rho == nil {
		out = append(out, Block{Rule: c.personRule("hours-floor", i), Short: amount(short), Unit: "hour"})
	}
	return append(out, x.shared(i, more, left)...)
}

// keeps lists what does not let person i leave the seat in session own for more seats.
func (x *Explanation) keeps(i, own int, more []int) (out []Block) {
	c := x.c
	p, q := c.problem, &c.problem.People[i]
	t := &p.Sessions[own]
	if slices.Contains(q.Lock, own) {
		rule := c.personRule("lock", i)
		rule.Session = c.sessions[own].ID
		out = append(out, Block{Rule: rule})
	}
	if slices.Contains(q.Must, t.Off) && !slices.ContainsFunc(more, func(s int) bool { return p.Sessions[s].Off == t.Off }) {
		rule := c.personRule("must", i)
		rule.Offering = c.sessions[own].Offering
		out = append(out, Block{Rule: rule})
	}
	if short := t.Min - len(x.seats[own]) + 1; short > 0 {
		out = append(out, Block{Rule: c.sessionRule("minimum", own), Short: float64(short), Unit: "person"})
	}
	return out
}

// unready reports whether person i with these seats lacks the prerequisite of s.
func (x *Explanation) unready(i, s int, sits []int) bool {
	p := x.c.problem
	before, has := x.at.Before(s)
	return has && !slices.Contains(p.People[i].Done, p.Sessions[s].Pre) && !slices.ContainsFunc(sits, func(t int) bool { return slices.Contains(before, t) })
}

// first lists what person i would attend before s: a session of its
// prerequisite, if the person lacks it, and of what that one needs. Of several
// it is the one with the least in its way.
func (x *Explanation) first(i, s int) (list []int) {
	for x.unready(i, s, x.sits[i]) {
		before, _ := x.at.Before(s)
		if len(before) == 0 {
			break
		}
		s = slices.MinFunc(before, func(a, b int) int { return slices.Compare(x.obstacles(i, a), x.obstacles(i, b)) })
		list = append(list, s)
	}
	return list
}

// obstacles ranks the sessions of one prerequisite for person i, by what is
// hardest to lift.
func (x *Explanation) obstacles(i, s int) []int64 {
	p := x.c.problem
	t := &p.Sessions[s]
	_, left := x.swap(i, []int{s})
	cost := t.C
	if !x.held[s] {
		cost += t.F
	}
	closed := t.State == Closed.String() || slices.Contains(p.People[i].Not, s)
	return []int64{int64(boolInt(closed)), int64(len(left)), int64(boolInt(!x.held[s])), int64(boolInt(len(x.seats[s]) >= t.Cap)), cost}
}

// hourFloor is the fewest hours that person i should have.
func (x *Explanation) hourFloor(i int) int {
	if own := x.c.problem.People[i].HMin; own != nil {
		return *own
	}
	return x.c.problem.HMin
}

// hourCeiling is the most hours that person i may have.
func (x *Explanation) hourCeiling(i int) int {
	if own := x.c.problem.People[i].HMax; own != nil {
		return *own
	}
	return x.c.problem.HMax
}

// shared lists the rows that people share and that have no room for more seats
// of person i, once those that are left are free.
func (x *Explanation) shared(i int, more, left []int) (out []Block) {
	c := x.c
	d := x.nothing()
	for _, s := range left {
		d.seat(s, c.problem.People[i].U, -1)
	}
	for _, s := range more {
		t := &c.problem.Sessions[s]
		d.seat(s, c.problem.People[i].U, 1)
		switch {
		case t.State == Closed.String():
			out = append(out, Block{Rule: c.sessionRule("closed", s)})
		case !x.held[s]:
			out = append(out, Block{Rule: c.sessionRule("not-held", s), Cost: math.Max(0, x.heard(-x.session(s, 0).Worth))})
		}
		if len(x.seats[s]) >= t.Cap {
			who, loss := x.cheapest(s)
			b := Block{Rule: c.sessionRule("seats", s), Short: float64(1 + len(x.seats[s]) - t.Cap), Unit: "seat", Cost: loss}
			if who >= 0 {
				b.Who, _ = c.person(who)
			}
			out = append(out, b)
		}
	}
	for _, s := range more {
		if !x.held[s] {
			out = append(out, d.hold(s, i)...)
		}
	}
	return slices.Concat(out, d.lacking(), x.crowded(i, more))
}

// A demand is what seats and sessions beside those of the plan take of the rows
// that people share.
type demand struct {
	x     *Explanation
	open  []int         // sessions
	seats map[int]int64 // by session; below 0 where seats are left
	unit  []int64       // rupiah
}

func (x *Explanation) nothing() *demand {
	return &demand{x: x, seats: map[int]int64{}, unit: make([]int64, x.c.problem.U)}
}

// seat adds n seats of people of a unit.
func (d *demand) seat(s, unit int, n int64) {
	d.seats[s] += n
	d.unit[unit] += n * d.x.c.problem.Sessions[s].C
}

// hold adds that a session is held with its minimum. Beside the seats counted
// already, but for person i, these are people who can attend it beside what they
// have, of those units whose lines are short of least then; are they too few,
// that is a Block.
func (d *demand) hold(s, i int) []Block {
	c := d.x.c
	t := &c.problem.Sessions[s]
	d.open = append(d.open, s)
	able := d.x.able(s, i)
	for d.seats[s] < int64(t.Min) {
		best, least := -1, int64(0)
		for u, n := range able {
			if more := d.short(u, t.C) - d.short(u, 0); n > 0 && (best < 0 || more < least) {
				best, least = u, more
			}
		}
		if best < 0 {
			return []Block{{Rule: c.sessionRule("minimum", s), Short: float64(int64(t.Min) - d.seats[s]), Unit: "person"}}
		}
		able[best]--
		d.seat(s, best, 1)
	}
	return nil
}

// short is what the line of a unit is short of with some rupiah more.
func (d *demand) short(u int, more int64) int64 {
	return max(0, d.unit[u]+more-max(0, d.x.c.problem.UBudget[u]-d.x.unit[u]))
}

// able counts, by unit, the people but for person but who can attend a session
// beside the seats that they have.
func (x *Explanation) able(s, but int) []int {
	p := x.c.problem
	out := make([]int, p.U)
	for i := range p.People {
		q := &p.People[i]
		if i == but || !x.raises(i, s) || slices.Contains(x.sits[i], s) || slices.Contains(q.Not, s) || slices.Contains(q.Done, p.Sessions[s].Off) {
			continue
		}
		_, left := x.swap(i, []int{s})
		hours := p.Sessions[s].Hours
		for _, t := range x.sits[i] {
			hours += p.Sessions[t].Hours
		}
		if len(left) == 0 && !x.unready(i, s, x.sits[i]) && hours <= x.hourCeiling(i) {
			out[q.U]++
		}
	}
	return out
}

// lacking lists the budget lines and resources that have less than that.
func (d *demand) lacking() (out []Block) {
	x, p := d.x, d.x.c.problem
	over := p.Over
	if over == nil {
		over = &solve.Over{}
	}
	row := func(rule Rule, unit string, need, left int64, price float64, soft *solve.Decimal) {
		short := need - max(0, left)
		if need <= 0 || short <= 0 {
			return
		}
		if soft != nil {
			price = soft.Float64()
		}
		out = append(out, Block{Rule: rule, Short: float64(short), Unit: unit, Cost: x.heard(float64(short) * price / x.c.scale), Soft: soft != nil})
	}
	for u, need := range d.unit {
		row(x.c.unitRule("unit-budget", u), "rupiah", need, p.UBudget[u]-x.unit[u], priceOf(x.prices.Mu, u), over.UBudget)
	}
	row(Rule{Kind: "budget"}, "rupiah", d.money(), p.Budget-x.cost, x.prices.Beta, over.Budget)
	for k, l := range p.Limits {
		if rule, ok := x.c.resourceRule(k); ok {
			row(rule, "amount", d.of(l), l.Limit-x.used[k], priceOf(x.prices.Kappa, k), l.Price)
		}
	}
	return out
}

// money is what all of it costs.
func (d *demand) money() (sum int64) {
	for _, s := range d.open {
		sum += d.x.c.problem.Sessions[s].F
	}
	for s, n := range d.seats {
		sum += n * d.x.c.problem.Sessions[s].C
	}
	return sum
}

// of is what all of it takes of a limit.
func (d *demand) of(l solve.Limit) (sum int64) {
	for _, s := range d.open {
		held, _ := taken(l, s)
		sum += held
	}
	for s, n := range d.seats {
		_, each := taken(l, s)
		sum += n * each
	}
	return sum
}

// priceOf is the price of row k, 0 without one.
func priceOf(list []float64, k int) float64 {
	if k < len(list) {
		return list[k]
	}
	return 0
}

// crowded lists the occasions at which no more people of the unit of person i
// may be away for these seats.
func (x *Explanation) crowded(i int, more []int) (out []Block) {
	c := x.c
	p, u := c.problem, c.problem.People[i].U
	most, has := x.at.Away(u)
	if !has {
		return nil
	}
	for _, s := range more {
		for o, list := range x.at.Occasions() {
			leaves := slices.ContainsFunc(x.sits[i], func(t int) bool { return slices.Contains(list, t) })
			if !slices.Contains(list, s) || leaves || x.away[u][o] < most {
				continue
			}
			price := 0.0
			if u < len(x.prices.Nu) {
				price = x.prices.Nu[u][o]
			}
			if p.Away.Price != nil {
				price = p.Away.Price.Float64()
			}
			out = append(out, Block{Rule: Rule{Kind: "away", Unit: c.payers[u], Session: c.sessions[s].ID}, Short: 1, Unit: "person", Cost: x.heard(price / c.scale), Soft: p.Away.Price != nil})
			break
		}
	}
	return out
}

// without is what person i could still attend without the seat in s: what s
// was the prerequisite of goes with it.
func (x *Explanation) without(i, s int) []int {
	rest := slices.DeleteFunc(slices.Clone(x.sits[i]), func(t int) bool { return t == s })
	for {
		k := slices.IndexFunc(rest, func(t int) bool { return x.unready(i, t, rest) })
		if k < 0 {
			return rest
		}
		rest = slices.Delete(rest, k, k+1)
	}
}

// cheapest finds who of a session would lose least without the seat.
func (x *Explanation) cheapest(s int) (who int, loss float64) {
	who, loss = -1, math.Inf(1)
	for _, j := range x.seats[s] {
		q := &x.c.problem.People[j]
		if slices.Contains(q.Lock, s) || slices.Contains(q.Must, x.c.problem.Sessions[s].Off) {
			continue
		}
		if d := x.worth(j, x.sits[j]) - x.worth(j, x.without(j, s)); d < loss {
			who, loss = j, d
		}
	}
	if who < 0 {
		loss = 0
	}
	return who, loss
}

// An Interest is what one person would gain by a session.
type Interest struct {
	Person competency.PersonID `json:"person"`
	Gains  float64             `json:"gains"`            // over the best that the person could do otherwise, at the prices, the seat itself free
	Leaves []SessionID         `json:"leaves,omitempty"` // of the seats that the plan gives
}

// SessionReason says why a session is held or not.
type SessionReason struct {
	Session  SessionID `json:"session"`
	Held     bool      `json:"held"`
	People   int       `json:"people"`
	Min      int       `json:"min"`
	Max      int       `json:"max"`
	Audience int       `json:"audience"`          // who may attend
	Settled  []Rule    `json:"settled,omitempty"` // the decision to hold it, settled seats in it, and duties that only it fulfils: they are in no number below
	// Gain is what the most interested people, at most Max of them, would gain
	// by it; Opening is what its fixed cost and resources are worth to others
	// at the prices. Held, it earns Worth = Gain − Opening: if that is below 0
	// it does not pay. If fewer than Min gain, the next ones are counted with
	// what they lose: that is Forced, below 0, and part of Gain.
	Gain    float64    `json:"gain"`
	Forced  float64    `json:"forced,omitempty"`
	Opening float64    `json:"opening"`
	Worth   float64    `json:"worth"`
	Most    []Interest `json:"most,omitempty"`   // who would gain most, the first five
	Blocks  []Block    `json:"blocks,omitempty"` // rows that do not let it be held with its minimum beside the seats of the plan; of the units' lines, those where least is missing
}

// Session explains why a session is held or not.
func (x *Explanation) Session(id SessionID) (SessionReason, error) {
	own := x.c.sessionN[id]
	if len(own) == 0 {
		return SessionReason{}, bangkom.Problem{Code: "unknown-session", Value: string(id), Msg: "no such session in this instance"}
	}
	var best SessionReason
	for k, s := range own {
		if r := x.session(s, 5); k == 0 || r.Held && !best.Held || r.Held == best.Held && r.Worth > best.Worth {
			best = r
		}
	}
	return best, nil
}

func (x *Explanation) session(s, show int) SessionReason {
	c := x.c
	t := &c.problem.Sessions[s]
	r := SessionReason{Session: c.sessions[s].ID, Held: x.held[s], People: len(x.seats[s]), Min: t.Min, Max: t.Cap, Audience: len(x.at.Audience(s))}
	if t.State == Open.String() {
		r.Settled = append(r.Settled, c.sessionRule("open", s))
	}
	for i := range c.problem.People {
		if slices.Contains(c.problem.People[i].Lock, s) {
			id, _ := c.person(i)
			r.Settled = append(r.Settled, Rule{Kind: "lock", Person: id})
		}
	}
	type wish struct {
		i     int
		gains float64
	}
	var wishes []wish
	sure := 0 // seats that nobody else can have
	for _, j := range x.at.Audience(s) {
		i := int(j)
		_, with, ok := x.at.Best(i, []int{s}, nil)
		other, without, fine := x.at.Best(i, nil, []int{s})
		if !ok || !fine {
			if slices.Contains(c.problem.People[i].Lock, s) {
				sure++
			}
			continue
		}
		if slices.Contains(c.problem.People[i].Must, t.Off) && !slices.ContainsFunc(other, func(o int) bool { return c.problem.Sessions[o].Off == t.Off }) {
			id, _ := c.person(i) // a duty that nothing else fulfils: what its breach would cost is no benefit
			r.Settled = append(r.Settled, Rule{Kind: "must", Person: id, Offering: c.offeringID(t.Off)})
			sure++
			continue
		}
		seat, _, _, _, _ := x.at.Seat(i, s)
		wishes = append(wishes, wish{i, (with + seat - without) / c.scale})
	}
	slices.SortStableFunc(wishes, func(a, b wish) int { return cmp.Compare(b.gains, a.gains) })
	for k, w := range wishes {
		if k < t.Cap-sure && (w.gains > 0 || k < t.Min-sure) {
			r.Gain += w.gains
			r.Forced += min(0, w.gains)
		}
		if k < show && w.gains > x.noise {
			r.Most = append(r.Most, x.interest(w.i, s, w.gains))
		}
	}
	r.Gain, r.Forced, r.Opening = x.heard(r.Gain), x.heard(r.Forced), x.heard(x.at.Opening(s)/c.scale)
	r.Worth = x.heard(r.Gain - r.Opening)
	if show > 0 && !r.Held {
		r.Blocks = x.forbids(s)
	}
	return r
}

func (x *Explanation) interest(i, s int, gains float64) Interest {
	id, _ := x.c.person(i)
	out := Interest{Person: id, Gains: gains}
	with, _, _ := x.at.Best(i, []int{s}, nil)
	for _, t := range x.sits[i] {
		if t != s && !slices.Contains(with, t) {
			out.Leaves = append(out.Leaves, x.c.sessions[t].ID)
		}
	}
	return out
}

// forbids lists the rows that keep a session from being held beside the plan.
func (x *Explanation) forbids(s int) (out []Block) {
	c := x.c
	t := &c.problem.Sessions[s]
	if t.State == Closed.String() {
		out = append(out, Block{Rule: c.sessionRule("closed", s)})
	}
	d := x.nothing()
	return slices.Concat(out, d.hold(s, -1), d.lacking())
}

// A Price is what one unit more of a limit is worth at the margin.
type Price struct {
	Rule  Rule    `json:"rule"`
	Each  float64 `json:"each"` // objective per unit of the limit
	Unit  string  `json:"unit"` // rupiah, seat, person, amount or hour
	Limit float64 `json:"limit"`
	Used  float64 `json:"used"`
}

// Prices lists what one more rupiah, seat, room, person away or learning hour
// is worth, where it is worth something (seats: of sessions that are full): first money, then by value. They are
// marginal, and taken before any branching, so that a step as small as one
// seat may bring less, or nothing; [Instance.Confirm] solves again to see. The
// price of a coverage rule is what one person fewer to be reached is worth,
// that of hours what one more JP for everybody is.
func (x *Explanation) Prices() []Price {
	c, v := x.c, x.prices
	p := c.problem
	at := func(list []float64, k int) float64 { return priceOf(list, k) / c.scale }
	money := []Price{{Rule{Kind: "budget"}, v.Beta / c.scale, "rupiah", float64(p.Budget), float64(x.cost)}}
	for u := range p.UBudget {
		money = append(money, Price{c.unitRule("unit-budget", u), at(v.Mu, u), "rupiah", float64(p.UBudget[u]), float64(x.unit[u])})
	}
	var rest []Price
	for k := range p.Limits {
		if rule, ok := c.resourceRule(k); ok {
			rest = append(rest, Price{rule, at(v.Kappa, k), "amount", float64(p.Limits[k].Limit), float64(x.used[k])})
		}
	}
	for s := range p.Sessions {
		if !x.held[s] || len(x.seats[s]) < p.Sessions[s].Cap {
			continue // what opening is worth, [Explanation.Session] says; where seats are free, one more brings nothing
		}
		rest = append(rest, Price{c.sessionRule("seats", s), at(v.Lambda, s), "seat", float64(p.Sessions[s].Cap), float64(len(x.seats[s]))})
	}
	rest = append(rest, x.groupPrices(at)...)
	if more := x.hourPrice(); more > 0 {
		rest = append(rest, Price{Rule{Kind: "hours"}, more, "hour", (bangkom.JP(p.HMax) * c.hour).Float(), 0})
	}
	out := append(money, rest...)
	out = slices.DeleteFunc(out, func(p Price) bool { return !(p.Each > 0) })
	slices.SortStableFunc(out, func(a, b Price) int {
		return cmp.Or(cmp.Compare(boolInt(a.Unit != "rupiah"), boolInt(b.Unit != "rupiah")), cmp.Compare(b.Each, a.Each))
	})
	return out
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// groupPrices are those of coverage and of absences.
func (x *Explanation) groupPrices(at func([]float64, int) float64) (out []Price) {
	c, v := x.c, x.prices
	for g := range c.problem.U + len(c.problem.Cover) {
		each := at(v.Eta, g)
		if g >= c.problem.U {
			each = at(v.EtaCover, g-c.problem.U)
		}
		if each == 0 {
			continue
		}
		wanted, members := x.at.Wanted(g)
		reached := 0
		for _, i := range members {
			reached += boolInt(len(x.sits[i]) > 0)
		}
		out = append(out, Price{c.groupRule(g), each, "person", wanted, float64(reached)})
	}
	for u, row := range v.Nu {
		most, _ := x.at.Away(u)
		for o := range row {
			if each := at(row, o); each > 0 {
				rule := c.unitRule("away", u)
				rule.Session = c.sessions[x.at.Occasions()[o][0]].ID
				out = append(out, Price{rule, each, "person", float64(most), float64(x.away[u][o])})
			}
		}
	}
	return out
}

// hourPrice is what one JP more for everybody adds at the prices; 0 where
// nobody's ceiling binds.
func (x *Explanation) hourPrice() float64 {
	binds := false
	for i := range x.sits {
		hi := x.hourCeiling(i)
		sum := 0
		for _, s := range x.sits[i] {
			sum += x.c.problem.Sessions[s].Hours
		}
		for _, s := range x.at.Eligible(i) {
			if !binds && !slices.Contains(x.sits[i], int(s)) {
				binds = sum+x.c.problem.Sessions[s].Hours > hi
			}
		}
	}
	if !binds {
		return 0
	}
	step := math.Max(1, x.c.hour.Float())
	more := x.c.with(func(p *solve.Problem) { x.c.moreHours(p, step) })
	return math.Max(0, (solve.Look(more.problem, x.prices).Bound()-x.at.Bound())/x.c.scale/step)
}

package solve

import (
	"math/big"
	"slices"
)

// relations is what follows from a problem about its sessions and groups, in
// the plainest form. [Evaluate] and [Certificate.Verify] use it; the solver
// has its own compiled form, so that one can check the other: of this it takes
// only the lattice, the floor and the grid, which both must agree on.
type relations struct {
	p         *Problem
	offering  map[int][]int // sessions of an offering
	occasions [][]int       // sessions that run at the same moment: slots, then first days
	clash     []map[int]bool
	gain      []map[int]int
	raising   map[int][]int32 // sessions that raise a competency
	eligible  [][]int32       // sessions of each person, ascending
	groups    []group         // units, then cover
	share     []int64         // most people of a unit away at an occasion
}

// A group is asked to be covered.
type group struct {
	name    string
	members []int // people with an eligible session
	theta   *big.Rat
	pi      *Decimal
}

// wanted is θ·|members|.
func (g *group) wanted() *big.Rat {
	return new(big.Rat).Mul(g.theta, new(big.Rat).SetInt64(int64(len(g.members))))
}

func relate(p *Problem) *relations {
	r := &relations{p: p, offering: map[int][]int{}, raising: map[int][]int32{}}
	for s := range p.Sessions {
		x := &p.Sessions[s]
		r.offering[x.Off] = append(r.offering[x.Off], s)
		g := map[int]int{}
		for _, c := range x.Comp {
			g[c[0]] = c[1]
			r.raising[c[0]] = append(r.raising[c[0]], int32(s))
		}
		r.gain = append(r.gain, g)
	}
	r.findOccasions()
	r.findClashes()
	for i := range p.People {
		r.eligible = append(r.eligible, r.eligibleFor(&p.People[i]))
	}
	r.findGroups()
	return r
}

func (r *relations) findOccasions() {
	var slots, days []int
	for s := range r.p.Sessions {
		if x := &r.p.Sessions[s]; x.dated() {
			days = append(days, *x.From)
		} else if x.Slot >= 0 {
			slots = append(slots, x.Slot)
		}
	}
	slices.Sort(slots)
	slices.Sort(days)
	for _, t := range slices.Compact(slots) {
		r.occasions = append(r.occasions, r.where(func(x *Session) bool { return !x.dated() && x.Slot == t }))
	}
	for _, d := range slices.Compact(days) {
		r.occasions = append(r.occasions, r.where(func(x *Session) bool { return x.dated() && *x.From <= d && d < *x.To }))
	}
}

func (r *relations) where(is func(*Session) bool) (out []int) {
	for s := range r.p.Sessions {
		if is(&r.p.Sessions[s]) {
			out = append(out, s)
		}
	}
	return out
}

func (r *relations) findClashes() {
	r.clash = make([]map[int]bool, len(r.p.Sessions))
	for s := range r.clash {
		r.clash[s] = map[int]bool{}
	}
	tie := func(a, b int) {
		if a != b {
			r.clash[a][b], r.clash[b][a] = true, true
		}
	}
	for s := range r.p.Sessions {
		x := &r.p.Sessions[s]
		for _, t := range r.offering[x.Off] {
			tie(s, t)
		}
		for _, t := range x.Clash {
			tie(s, t)
		}
	}
	for _, o := range r.occasions {
		for _, a := range o {
			for _, b := range o {
				tie(a, b)
			}
		}
	}
}

// eligibleFor lists what a person may attend: it raises a gap, or it must or
// will be attended; it is not done and not excluded.
func (r *relations) eligibleFor(q *Person) []int32 {
	var list []int32
	for _, g := range q.Gaps {
		list = append(list, r.raising[g.K]...)
	}
	for _, o := range q.Must {
		for _, s := range r.offering[o] {
			list = append(list, int32(s))
		}
	}
	for _, s := range q.Lock {
		list = append(list, int32(s))
	}
	slices.Sort(list)
	list = slices.Compact(list)
	return slices.Clip(slices.DeleteFunc(list, func(s int32) bool {
		return slices.Contains(q.Done, r.p.Sessions[s].Off) || slices.Contains(q.Not, int(s))
	}))
}

// may reports whether person i may attend session s.
func (r *relations) may(i, s int) bool {
	_, ok := slices.BinarySearch(r.eligible[i], int32(s))
	return ok
}

func (r *relations) findGroups() {
	p := r.p
	units := make([][]int, len(p.UBudget))
	people := make([]int64, len(p.UBudget))
	for i := range p.People {
		u := p.People[i].U
		people[u]++
		if len(r.eligible[i]) > 0 {
			units[u] = append(units[u], i)
		}
	}
	for u, who := range units {
		r.groups = append(r.groups, group{name: where("unit", u), members: who, theta: p.Theta.rat(), pi: p.Pi})
	}
	for k, c := range p.Cover {
		g := group{name: where("cover", k), theta: c.Theta.rat(), pi: c.Pi}
		for _, i := range c.Who {
			if len(r.eligible[i]) > 0 {
				g.members = append(g.members, i)
			}
		}
		r.groups = append(r.groups, g)
	}
	if p.Away != nil {
		for _, n := range people {
			r.share = append(r.share, floorRat(new(big.Rat).Mul(p.Away.Share.rat(), new(big.Rat).SetInt64(n))).Int64())
		}
	}
}

// before lists the sessions that fulfil the prerequisite of s; ok is false if
// it has none.
func (r *relations) before(s int) (list []int, ok bool) {
	x := &r.p.Sessions[s]
	if x.Pre < 0 {
		return nil, false
	}
	for _, t := range r.offering[x.Pre] {
		q := &r.p.Sessions[t]
		if !(q.dated() && x.dated()) || *q.To <= *x.From {
			list = append(list, t)
		}
	}
	return list, true
}

// lattice returns q > 0 such that every objective value is a multiple of it,
// or nil if every value is zero.
func (r *relations) lattice() *big.Rat {
	p := r.p
	seen := map[string]bool{}
	var list []*big.Rat
	add := func(x *big.Rat) {
		if k := x.RatString(); x.Sign() != 0 && !seen[k] {
			seen[k] = true
			list = append(list, x)
		}
	}
	weights := map[Decimal]bool{}
	for i := range p.People {
		for _, g := range p.People[i].Gaps {
			if !weights[g.W] {
				weights[g.W] = true
				add(new(big.Rat).Mul(g.W.rat(), big.NewRat(1, 10)))
			}
		}
	}
	for _, d := range []*Decimal{p.Rho, &p.Money, p.overBudget(), p.overUnit()} {
		add(ratOf(d))
	}
	if p.Away != nil {
		add(ratOf(p.Away.Price))
	}
	for _, l := range p.Limits {
		add(ratOf(l.Price))
	}
	for _, g := range r.groups {
		pi := ratOf(g.pi)
		add(pi)
		add(new(big.Rat).Mul(pi, g.wanted()))
	}
	if len(list) == 0 {
		return nil
	}
	den := big.NewInt(1)
	for _, x := range list {
		g := new(big.Int).GCD(nil, nil, den, x.Denom())
		den.Mul(den, new(big.Int).Quo(x.Denom(), g))
	}
	num := new(big.Int)
	for _, x := range list {
		a := new(big.Int).Mul(x.Num(), new(big.Int).Quo(den, x.Denom()))
		num.GCD(nil, nil, num, a)
	}
	return new(big.Rat).SetFrac(num, den)
}

// least is what every plan is worth at least: nothing is closed, every hour of
// the floors is missing and nobody reached, while every session that may be
// held is, with all the people who may attend as far as there are seats. A hard
// row is never exceeded, so that it takes nothing off; a hard budget is not
// outspent.
func (r *relations) least() *big.Rat {
	p, worth := r.p, new(big.Rat)
	pay := func(amount *big.Rat, price *Decimal) {
		if amount.Sign() > 0 {
			worth.Sub(worth, new(big.Rat).Mul(amount, ratOf(price)))
		}
	}
	whole := func(n *big.Int) *big.Rat { return new(big.Rat).SetInt(n) }
	for i := range p.People {
		if lo, _ := p.hours(i); len(r.eligible[i]) > 0 {
			pay(whole(big.NewInt(int64(lo))), p.Rho)
		}
	}
	for k := range r.groups {
		pay(r.groups[k].wanted(), r.groups[k].pi)
	}
	full := r.full()
	total, units := new(big.Int), make([]*big.Int, len(p.UBudget))
	for u := range units {
		units[u] = new(big.Int)
	}
	for s := range p.Sessions {
		x := &p.Sessions[s]
		if x.State != "closed" {
			total.Add(total, big.NewInt(x.F))
		}
		total.Add(total, new(big.Int).Mul(big.NewInt(x.C), big.NewInt(full.session[s])))
		for u := range units {
			units[u].Add(units[u], new(big.Int).Mul(big.NewInt(x.C), big.NewInt(full.unit[u][s])))
		}
	}
	over := func(used *big.Int, limit int64) *big.Rat {
		return whole(new(big.Int).Sub(used, big.NewInt(limit)))
	}
	pay(over(total, p.Budget), p.overBudget())
	if b := big.NewInt(p.Budget); p.overBudget() == nil && total.Cmp(b) > 0 {
		total = b
	}
	pay(whole(total), &p.Money)
	for u := range units {
		pay(over(units[u], p.UBudget[u]), p.overUnit())
	}
	for _, l := range p.Limits {
		used := new(big.Int)
		for _, a := range l.Use {
			n := full.session[a[0]]
			if l.Per != "seat" {
				n = 1
			}
			used.Add(used, new(big.Int).Mul(big.NewInt(a[1]), big.NewInt(n)))
		}
		pay(over(used, l.Limit), l.Price)
	}
	if p.Away == nil {
		return worth
	}
	for u := range units {
		for _, list := range r.occasions { // a person is in one of them at most
			n := int64(0)
			for _, s := range list {
				n += full.unit[u][s]
			}
			pay(over(big.NewInt(min(n, int64(len(r.groups[u].members)))), r.share[u]), p.Away.Price)
		}
	}
	return worth
}

// seatsAtMost counts the people who can sit in a session.
type seatsAtMost struct {
	session []int64
	unit    [][]int64 // unit × session: of the unit's people
}

func (r *relations) full() seatsAtMost {
	p := r.p
	f := seatsAtMost{session: make([]int64, len(p.Sessions)), unit: make([][]int64, len(p.UBudget))}
	for u := range f.unit {
		f.unit[u] = make([]int64, len(p.Sessions))
	}
	for i, list := range r.eligible {
		for _, s := range list {
			if x := &p.Sessions[s]; x.State != "closed" {
				u := p.People[i].U
				f.unit[u][s] = min(f.unit[u][s]+1, int64(x.Cap))
				f.session[s] = min(f.session[s]+1, int64(x.Cap))
			}
		}
	}
	return f
}

// Room on the grid: what one person's plan, and what all people's plans
// together, may be worth.
const (
	roomPerson = 1 << 52
	roomTotal  = 1 << 60
)

// An extent is how large the values of a problem are.
type extent struct {
	heavy  *big.Rat // more than gaps, floors and coverage of a person are worth
	person *big.Rat // most that a person's plan is worth, with all duties
	people int64
}

func (p *Problem) extent() extent {
	worth, floor, duties := new(big.Rat), 0, 0
	tenth := map[Decimal]*big.Rat{}
	for i := range p.People {
		q, sum := &p.People[i], new(big.Rat)
		for _, g := range q.Gaps {
			w := tenth[g.W]
			if w == nil {
				w = new(big.Rat).Quo(g.W.rat(), big.NewRat(10, 1))
				tenth[g.W] = w
			}
			sum.Add(sum, new(big.Rat).Mul(w, new(big.Rat).SetInt64(int64(g.G))))
		}
		if worth.Cmp(sum) < 0 {
			worth = sum
		}
		lo, _ := p.hours(i)
		floor, duties = max(floor, lo), max(duties, len(q.Must))
	}
	times := func(x *big.Rat, n int) *big.Rat { return new(big.Rat).Mul(x, new(big.Rat).SetInt64(int64(n))) }
	worth.Add(worth, times(ratOf(p.Rho), floor))
	worth.Add(worth, times(ratOf(p.Pi), len(p.UBudget)))
	for k := range p.Cover {
		worth.Add(worth, ratOf(p.Cover[k].Pi))
	}
	worth.Add(worth, one)
	s := extent{heavy: times(worth, 2), people: int64(max(1, len(p.People)))}
	if p.Rho == nil {
		duties += floor
	}
	s.person = worth.Add(worth, times(s.heavy, duties))
	return s
}

// fits reports whether a grid has room for all values, and for sums of so many
// plans.
func (s *extent) fits(grid *big.Int, sums int) bool {
	x := new(big.Rat).Mul(s.person, new(big.Rat).SetInt(grid))
	return x.Cmp(new(big.Rat).SetInt64(roomPerson)) <= 0 && x.Cmp(big.NewRat(roomTotal, max(s.people, int64(sums)))) <= 0
}

// grid is the finest decimal grid, up to 1e-12, with room for all that fits.
func (s *extent) grid(sums int) *big.Int {
	g := big.NewInt(1_000_000_000_000)
	for g.Cmp(big.NewInt(1)) > 0 && !s.fits(g, sums) {
		g.Quo(g, big.NewInt(10))
	}
	return g
}

// grid is the finest grid with room for so many plans and, as far as the small
// prices of currency units allow, for all penalties too, and for a price of
// coverage that shows that nobody can be left out.
func (r *relations) grid(sums int) *big.Int {
	const coarsest = 100_000_000
	s, least := r.p.extent(), r.least()
	g := s.grid(sums)
	coarsen := func(x *big.Rat, most int64) {
		for g.Cmp(big.NewInt(coarsest)) > 0 && new(big.Rat).Mul(x, new(big.Rat).SetInt(g)).Cmp(big.NewRat(most, 1)) > 0 {
			g.Quo(g, big.NewInt(10))
		}
	}
	coarsen(new(big.Rat).Neg(least), roomTotal)
	if r.p.Pi == nil || slices.ContainsFunc(r.p.Cover, func(c Cover) bool { return c.Pi == nil }) {
		const part = 16 // of a person may be what is missing
		all := new(big.Rat).Mul(s.person, new(big.Rat).SetInt64(s.people))
		coarsen(all.Sub(all, least).Mul(all, big.NewRat(part, 1)), priceEnd)
	}
	return g
}

// floorRat rounds down to an integer, ceilRat up.
func floorRat(x *big.Rat) *big.Int {
	q, m := new(big.Int), new(big.Int)
	q.DivMod(x.Num(), x.Denom(), m) // Euclidean, with a positive divisor: the floor
	return q
}

func ceilRat(x *big.Rat) *big.Int {
	q := floorRat(new(big.Rat).Neg(x))
	return q.Neg(q)
}

// downTo rounds x down to a multiple of q; nil q leaves it.
func downTo(x, q *big.Rat) *big.Rat {
	if q == nil {
		return x
	}
	n := floorRat(new(big.Rat).Quo(x, q))
	return new(big.Rat).Mul(q, new(big.Rat).SetInt(n))
}

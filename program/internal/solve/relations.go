package solve

import (
	"math/big"
	"slices"
)

// relations is what follows from a problem about its sessions and groups, in
// the plainest form. [Evaluate] and [Certificate.Verify] use it; the solver
// has its own compiled form, so that one can check the other.
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

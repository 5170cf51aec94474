package solve

import (
	"context"
	"math"
	"math/big"
)

// An Insight is a problem seen at fixed prices: what the bound is there, what
// each person would choose, and who may attend what. It belongs to one goroutine.
type Insight struct {
	*relations
	m   *model
	x   *prices
	t   *tariff
	e   *engine
	hnd *hand
}

// Look takes the prices of a valid problem; those outside their boxes are cut off.
func Look(p *Problem, x Prices) *Insight {
	m := compile(p)
	v := &Insight{relations: relate(p), m: m, x: m.prices(x), e: newEngine(m, cores(0), newMeter(context.Background(), &Options{}))}
	v.t = m.tariff(v.x)
	v.hnd = v.e.free.Get().(*hand)
	return v
}

// prices puts the prices of a leaf back on the grid, without those of pairs.
// Whatever is rounded or cut off, they still prove a bound.
func (m *model) prices(x Prices) *prices {
	out := newPrices(m)
	unit, _ := new(big.Float).SetInt(m.grid).Float64()
	put := func(to []int64, from []float64, lo int64, top func(k int) int64) {
		for k := range min(len(to), len(from)) {
			to[k] = snap(from[k]*unit, lo, top(k))
		}
	}
	put(out.lambda, x.Lambda, -mostSeat, func(int) int64 { return mostSeat })
	put(out.mu, x.Mu, 0, func(int) int64 { return m.unitTop })
	out.beta = snap(x.Beta*unit, 0, m.budgetTop)
	put(out.eta[:m.units], x.Eta, 0, func(k int) int64 { return m.groups[k].pi })
	put(out.eta[m.units:], x.EtaCover, 0, func(k int) int64 { return m.groups[m.units+k].pi })
	put(out.kappa, x.Kappa, 0, func(k int) int64 { return m.limitTop[k] })
	for s := range out.lambda {
		file, _ := m.soloPrice(out, s)
		out.lambda[s] -= file
	}
	for u := range min(m.units, len(x.Nu)) {
		if out.nu != nil {
			put(out.nu[u*m.occasions:(u+1)*m.occasions], x.Nu[u], 0, func(int) int64 { return m.awayTop })
		}
	}
	if len(x.Pair) > 0 {
		out.pair = make([]int64, len(m.session))
	}
	for _, a := range x.Pair {
		if k, ok := m.pair(a.Person, int32(a.Session)); ok { // others are in no plan
			out.pair[k] = snap(float64(out.pair[k])+a.Price*unit, -mostSeat, mostSeat)
		}
	}
	return out
}

// Bound is what the prices prove before any branching.
func (v *Insight) Bound() float64 {
	e := v.e.evaluate(v.x, v.m.trunk(), passOptions{parallel: true})
	if e.none {
		return math.Inf(-1)
	}
	return v.value(e.D)
}

// value is a number of the grid in the units of the file, not rounded down.
func (v *Insight) value(x int64) float64 {
	return atLeast(new(big.Rat).SetFrac(big.NewInt(x), v.m.grid))
}

// Best is what person i would choose at the prices, with some sessions for
// sure and some excluded, and what it is worth after paying them; ok is false
// if no plan has them.
func (v *Insight) Best(i int, with, without []int) (sessions []int, worth float64, ok bool) {
	b := v.m.trunk()
	for _, s := range with {
		k, can := v.m.pair(i, int32(s))
		if !can {
			return nil, 0, false
		}
		b.decide(fixed{k, true})
	}
	for _, s := range without {
		if k, can := v.m.pair(i, int32(s)); can {
			b.decide(fixed{k, false})
		}
	}
	a := v.hnd.ask(v.t, b, i, 0)
	if a.value == never {
		return nil, 0, false
	}
	for _, k := range v.hnd.plan {
		sessions = append(sessions, int(v.m.session[k]))
	}
	return sessions, v.value(a.value), true
}

// Eligible lists the sessions that person i may attend by gaps, duties and
// exclusions alone; Usable is false for one that no plan of the person can
// hold, because of hours or a prerequisite.
func (v *Insight) Eligible(i int) []int32 { return v.eligible[i] }

// Usable reports whether some plan of person i holds session s.
func (v *Insight) Usable(i, s int) bool {
	_, ok := v.m.pair(i, int32(s))
	return ok
}

// Audience lists who may attend session s in some plan.
func (v *Insight) Audience(s int) []int32 { return v.m.seats[s] }

// Clash reports whether nobody can attend both.
func (v *Insight) Clash(s, t int) bool { return v.clash[s][t] }

// Before lists the sessions that fulfil the prerequisite of s; ok is false if it has none.
func (v *Insight) Before(s int) (list []int, ok bool) { return v.before(s) }

// Occasions lists, by occasion, the sessions that run then.
func (v *Insight) Occasions() [][]int { return v.occasions }

// Away is how many people of a unit may be away at once; false without such a rule.
func (v *Insight) Away(unit int) (most int64, ok bool) {
	if v.share == nil {
		return 0, false
	}
	return v.share[unit], true
}

// Wanted is how many people of group g (units, then cover) are to be reached, of how many.
func (v *Insight) Wanted(g int) (wanted float64, of []int) {
	w, _ := v.groups[g].wanted().Float64()
	return w, v.groups[g].members
}

// Seat is what one seat in session s costs person i at the prices, part by part.
func (v *Insight) Seat(i, s int) (seat, unit, budget, limits, away float64) {
	u, c := int(v.m.unit[i]), v.m.p.Sessions[s].C
	var used, gone int64
	for _, l := range v.m.perSeat[s] {
		used = addSat(used, mulSat(v.x.kappa[l.limit], l.amount))
	}
	if v.x.nu != nil {
		for _, o := range v.m.occasion[s] {
			gone = addSat(gone, v.x.nu[u*v.m.occasions+int(o)])
		}
	}
	return v.value(v.x.lambda[s]), v.value(mulSat(v.x.mu[u], c)), v.value(mulSat(addSat(v.x.beta, v.m.money), c)), v.value(used), v.value(gone)
}

// Opening is what holding session s costs at the prices, whoever comes.
func (v *Insight) Opening(s int) float64 { return -v.value(v.t.held[s]) }

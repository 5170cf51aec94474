package solve

import (
	"math"
	"slices"
)

// A space is the vector of all prices, with boxes and natural steps: λ, μ, β,
// η, κ, ν, those of pairs one after another.
type space struct {
	m          *model
	lo, hi     []int64
	step       []float64 // how far a price moves at most, on the grid
	norm       []float64 // what a row's slack is measured in
	mu, beta   int       // where the parts begin
	eta, kappa int
	nu, pair   int
	n          int
	pairs      []int32 // those with a price of their own
	seat       float64 // what a seat is worth, about
}

// newSpace is the space of a model's prices, with prices of some pairs.
func newSpace(m *model, pairs ...int32) *space {
	p := &space{m: m, pairs: pairs}
	p.mu = m.m
	p.beta = p.mu + m.units
	p.eta = p.beta + 1
	p.kappa = p.eta + len(m.groups)
	p.nu = p.kappa + len(m.limitTop)
	p.pair = p.nu
	if m.p.Away != nil {
		p.pair += m.units * m.occasions
	}
	p.n = p.pair + len(pairs)
	p.lo, p.hi = make([]int64, p.n), make([]int64, p.n)
	p.step, p.norm = make([]float64, p.n), make([]float64, p.n)
	p.measure()
	return p
}

// measure sets boxes and steps from what seats are worth and cost here.
func (p *space) measure() {
	m := p.m
	var worth, cost, count float64
	for i := range m.n {
		lo, hi := m.pairs(i)
		gaps := m.gapWorth[m.gapStart[i]:m.gapStart[i+1]]
		for k := lo; k < hi; k++ {
			for _, t := range m.parts[m.partStart[k]:m.partStart[k+1]] {
				if gaps[t.gap] < m.heavy {
					worth += float64(gaps[t.gap]) * float64(t.amount)
				}
			}
			s := m.session[k]
			if !m.hardFloor {
				worth += float64(m.rho) * float64(min(m.hours[s], m.hmin[i]))
			}
			q := &m.p.Sessions[s]
			cost += float64(q.C) + float64(q.F)/float64(max(1, min(int64(q.Cap), m.audience[s])))
			count++
		}
	}
	unit, _ := m.grid.Float64()
	p.seat = max(worth/max(count, 1), unit/1000)
	coin := p.seat / max(cost/max(count, 1), 1)
	const reach = 0.07
	for s := range m.m {
		if p.hi[s] = priceEnd; m.loose[s] {
			p.hi[s] = 0
		}
		p.step[s], p.norm[s] = reach*p.seat, float64(max(1, min(int64(m.p.Sessions[s].Cap), m.audience[s])))
	}
	for u := range m.units {
		p.set(p.mu+u, m.unitTop, reach*coin, float64(m.p.UBudget[u])+1)
	}
	p.set(p.beta, m.budgetTop, reach*coin, float64(m.p.Budget)+1)
	for g := range m.groups {
		p.set(p.eta+g, m.groups[g].pi, 0.6*reach*p.seat, float64(m.groups[g].size)+1)
	}
	for k := range m.limitTop {
		amount, n := 0.0, 0.0
		for _, u := range m.p.Limits[k].Use {
			amount += float64(u[1])
			n++
		}
		p.set(p.kappa+k, m.limitTop[k], reach*p.seat/max(amount/max(n, 1), 1), float64(m.p.Limits[k].Limit)+1)
	}
	for k := p.pair; k < p.n; k++ {
		p.set(k, free, reach*p.seat, 1)
	}
	for k := p.nu; k < p.pair; k++ {
		p.set(k, m.awayTop, reach*p.seat, float64(m.share[(k-p.nu)/max(1, m.occasions)])+1)
	}
}

// priceEnd ends the search for a price.
const priceEnd = 1 << 52

func (p *space) set(k int, hi int64, step, norm float64) {
	p.hi[k], p.step[k], p.norm[k] = min(hi, priceEnd), step, norm
}

// first is where the search for prices begins: high, where people's searches
// are short.
func (p *space) first() []float64 {
	x := make([]float64, p.n)
	for s := range p.m.m {
		x[s] = min(float64(p.hi[s]), 0.2*p.seat)
	}
	x[p.beta] = min(float64(p.hi[p.beta]), 6*p.step[p.beta])
	return x
}

// read turns the vector into prices of a branch: a seat may be paid for only
// where a session is held for sure.
func (p *space) read(x []float64, b *branch) *prices {
	m := p.m
	out := newPrices(m)
	if len(p.pairs) > 0 {
		out.pair = make([]int64, len(m.session))
	}
	for k, v := range x {
		lo := p.lo[k]
		if k < m.m && b.held[k] == held {
			lo = -priceEnd
		}
		v := snap(v, lo, p.hi[k])
		switch {
		case k < p.mu:
			out.lambda[k] = v
		case k < p.beta:
			out.mu[k-p.mu] = v
		case k < p.eta:
			out.beta = v
		case k < p.kappa:
			out.eta[k-p.eta] = v
		case k < p.nu:
			out.kappa[k-p.kappa] = v
		case k < p.pair:
			out.nu[k-p.nu] = v
		default:
			out.pair[p.pairs[k-p.pair]] = v
		}
	}
	return out
}

// write is the vector of prices.
func (p *space) write(x *prices) []float64 {
	v := make([]float64, 0, p.n)
	for _, list := range [][]int64{x.lambda, x.mu, {x.beta}, x.eta, x.kappa, x.nu} {
		for _, a := range list {
			v = append(v, float64(a))
		}
	}
	for _, k := range p.pairs {
		a := int64(0)
		if x.pair != nil {
			a = x.pair[k]
		}
		v = append(v, float64(a))
	}
	return v
}

// slope is the subgradient of the bound, each row measured in its own norm.
func (p *space) slope(g []float64, x *prices, e *pass, b *branch) {
	m := p.m
	for s := range m.m {
		q := &m.p.Sessions[s]
		lo, hi, n := int64(q.Min), min(int64(q.Cap), m.audience[s]), e.seats[s]
		offered := int64(0)
		if e.held[s] {
			switch {
			case x.lambda[s] > 0:
				offered = hi
			case x.lambda[s] < 0:
				offered = lo
			default: // at 0 any number from lo to hi is a slope
				offered = min(max(n, lo), hi)
			}
		}
		if g[s] = float64(offered-n) / p.norm[s]; b.held[s] == shut {
			g[s] = 0
		}
	}
	for u := range m.units {
		g[p.mu+u] = float64(m.p.UBudget[u]-e.unit[u]) / p.norm[p.mu+u]
	}
	g[p.beta] = float64(m.p.Budget-e.cost) / p.norm[p.beta]
	for k := range m.groups {
		w, _ := m.groups[k].wanted.Float64()
		g[p.eta+k] = (float64(e.covered[k]) - w) / p.norm[p.eta+k]
	}
	for k := range m.limitTop {
		g[p.kappa+k] = float64(m.p.Limits[k].Limit-e.used[k]) / p.norm[p.kappa+k]
	}
	for k := p.nu; k < p.pair; k++ { // prices of pairs are left to masters
		g[k] = float64(m.share[(k-p.nu)/m.occasions]-e.away[k-p.nu]) / p.norm[k]
	}
}

// An ascent is one search for good prices (it goes down: the bound falls).
type ascent struct {
	rounds  int
	size    float64 // of the first steps
	cool    float64 // rounds after which steps are halved
	cutoff  int64   // stop when the bound is below
	average bool    // keep averages of what the best plans use
	sample  int     // look at every sample-th person only
	nodes   int
	stop    func() bool
	seen    func(*pass) // told of every pass
}

// found is what an ascent found.
type found struct {
	x     []float64 // best prices, as a vector
	at    *prices   // the same on the grid
	D     int64
	none  bool
	last  *pass     // at the best prices
	held  []float64 // average of the sessions held
	taken []float64 // average of the pairs taken; nil unless asked for

	// Of masters only.
	plans [][]int32 // each person's largest plan in the solution
	sure  []float64 // and its share
}

// ascend runs steps with a size of its own for every price: the slope over
// its running mean square, with momentum. With a sample no pass has a bound, and
// the prices found are the mean of those that were tried, which is far better
// than the last of them.
func (e *engine) ascend(p *space, x0 []float64, b *branch, a ascent, parallel bool) *found {
	x := append([]float64(nil), x0...)
	out := &found{x: x0, D: math.MaxInt64, held: make([]float64, p.m.m)}
	if a.average {
		out.taken = make([]float64, len(p.m.session))
	}
	g, m1, m2, mean := make([]float64, p.n), make([]float64, p.n), make([]float64, p.n), slices.Clone(x0)
	above, steps := make([]int, p.n), 0 // above: when a price was last off its lower end
	for t := 1; t <= a.rounds; t++ {
		at := p.read(x, b)
		opt := passOptions{sample: a.sample, nodes: a.nodes, pairs: a.average, parallel: parallel, stop: a.stop}
		if a.sample > 1 {
			opt.offset = t % a.sample
		}
		r := e.evaluate(at, b, opt)
		if r.stopped {
			break
		}
		if r.none {
			return &found{x: append([]float64(nil), x...), at: at, D: math.MinInt64, none: true, last: r, held: out.held, taken: out.taken}
		}
		if r.D < out.D && a.sample <= 1 || out.at == nil {
			out.x, out.at, out.last = append([]float64(nil), x...), at, r
			if a.sample <= 1 {
				out.D = r.D
			}
		}
		if a.seen != nil {
			a.seen(r)
		}
		out.mix(r, t)
		if out.D < a.cutoff {
			break
		}
		p.slope(g, at, r, b)
		steps = t
		f := a.size / (1 + float64(t)/a.cool)
		for k := range x {
			m1[k] = 0.7*m1[k] + 0.3*g[k]
			m2[k] = 0.95*m2[k] + 0.05*g[k]*g[k]
			h1 := m1[k] / (1 - math.Pow(0.7, float64(t)))
			h2 := m2[k] / (1 - math.Pow(0.95, float64(t)))
			v := x[k] - f*p.step[k]*h1/(math.Sqrt(h2)+0.02)
			if !(k < p.m.m && b.held[k] == held) {
				v = max(v, float64(p.lo[k]))
			}
			if x[k] = min(v, float64(p.hi[k])); x[k] > float64(p.lo[k]) || k < p.m.m && b.held[k] == held {
				above[k] = t
			}
			mean[k] += 7 / (float64(t) + 6) * (x[k] - mean[k]) // early ones fade away
		}
	}
	if a.sample > 1 {
		for k, t := range above {
			if t < steps-steps/8 { // a row that does not bind, however large it is
				mean[k] = float64(p.lo[k])
			}
		}
		out.x = mean
	}
	return out
}

// mix takes a pass into the averages, the latest ones counting most.
func (f *found) mix(r *pass, t int) {
	w := max(0.06, 1/float64(t))
	for s := range f.held {
		y := 0.0
		if r.held[s] {
			y = 1
		}
		f.held[s] += w * (y - f.held[s])
	}
	for k := range f.taken {
		y := 0.0
		if r.taken[k] {
			y = 1
		}
		f.taken[k] += w * (y - f.taken[k])
	}
}

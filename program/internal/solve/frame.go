package solve

import (
	"encoding/binary"
	"math"
	"slices"
)

// mostRows is the size up to which masters are solved.
const mostRows = 2000

// A frame is what all masters of a problem have in common: their rows, and the
// variables that are not plans of people. Rows of money and amounts are scaled
// to about one. A seat row reads Σ x − hi·y + slack = 0: where a session is
// held for sure, y is 1 and the slack at most hi − lo.
type frame struct {
	m      *model
	space  *space
	unit   float64   // grid points per 1
	fixed  float64   // value of people who have no choice
	group  []int32   // person → group, or −1
	people []int32   // group → person
	row    []int32   // price in the space → row, or −1
	size   []float64 // row → what one unit of it stands for
	b      []float64
	soft   []float64 // row → price per unit of breaking it; +Inf: hard
	hold   []int32   // session → variable, or −1
	held   []int32   // the other way
	open   []*column // of these variables
}

func newFrame(m *model, sp *space) *frame {
	f := &frame{m: m, space: sp, group: make([]int32, m.n), row: make([]int32, sp.n), hold: make([]int32, m.m)}
	f.unit, _ = m.grid.Float64()
	for i := range m.n {
		f.group[i] = -1
		if m.counts[i] && m.start[i] < m.start[i+1] {
			f.group[i] = int32(len(f.people))
			f.people = append(f.people, int32(i))
		} else if m.counts[i] {
			v, _ := m.valueOf(i, nil)
			f.fixed += float64(v) / f.unit
		}
	}
	for k := range f.row {
		f.row[k] = -1
		if f.binds(k) {
			f.row[k] = int32(len(f.b))
			f.limit(k)
		}
	}
	f.sessions()
	return f
}

// binds reports whether the row of price k can bind at all.
func (f *frame) binds(k int) bool {
	sp, m := f.space, f.m
	switch {
	case k < sp.mu:
		q := &m.p.Sessions[k]
		return !m.loose[k] && int64(q.Min) <= min(int64(q.Cap), m.audience[k])
	case k < sp.eta:
		return true
	case k < sp.kappa:
		g := &m.groups[k-sp.eta]
		return g.wanted.Sign() > 0 && g.pi != 0
	case k < sp.nu:
		return true
	}
	if k >= sp.pair {
		return !m.loose[m.session[sp.pairs[k-sp.pair]]]
	}
	return m.share[(k-sp.nu)/m.occasions] < m.groups[(k-sp.nu)/m.occasions].size
}

// limit lays out the row of price k.
func (f *frame) limit(k int) {
	sp, m := f.space, f.m
	size := 1.0
	if sp.mu <= k && k < sp.eta || sp.kappa <= k && k < sp.nu {
		size = max(1, 0.07*sp.seat/max(sp.step[k], 1e-300)/4)
	}
	put := func(b float64, price int64) {
		soft := math.Inf(1)
		if price != free {
			soft = float64(price) / f.unit * size
		}
		b /= size
		b += 1e-7 * float64(1+(len(f.b)*7919)%97) / 97 // against cycling; prices may be a little off
		f.b, f.size, f.soft = append(f.b, b), append(f.size, size), append(f.soft, soft)
	}
	switch {
	case k < sp.mu:
		put(0, free)
	case k < sp.beta:
		put(float64(m.p.UBudget[k-sp.mu]), m.unitTop)
	case k < sp.eta:
		put(float64(m.p.Budget), m.budgetTop)
	case k < sp.kappa:
		wanted, _ := m.groups[k-sp.eta].wanted.Float64()
		put(-wanted, m.groups[k-sp.eta].pi)
	case k < sp.nu:
		put(float64(m.p.Limits[k-sp.kappa].Limit), m.limitTop[k-sp.kappa])
	case k >= sp.pair: // nobody sits where nothing is held
		put(0, free)
	default:
		put(float64(m.share[(k-sp.nu)/m.occasions]), m.awayTop)
	}
}

// seatsOf is how few and how many people a held session has.
func (m *model) seatsOf(s int) (lo, hi int64) {
	q := &m.p.Sessions[s]
	return int64(q.Min), min(int64(q.Cap), m.audience[s])
}

// sessions lays out the variables of holding sessions.
func (f *frame) sessions() {
	sp, m := f.space, f.m
	for s := range f.hold {
		f.hold[s] = -1
		r := f.row[s]
		if r < 0 {
			continue
		}
		q := &m.p.Sessions[s]
		_, hi := m.seatsOf(s)
		c := &column{index: []int32{r}, value: []float64{-float64(hi)}, cost: -float64(m.money) / f.unit * float64(q.F), group: -1}
		add := func(k int, amount float64) {
			if t := f.row[k]; t >= 0 && amount != 0 {
				c.index, c.value = append(c.index, t), append(c.value, amount/f.size[t])
			}
		}
		add(sp.beta, float64(q.F))
		for _, u := range m.perHeld[s] {
			add(sp.kappa+int(u.limit), float64(u.amount))
		}
		for n, k := range sp.pairs {
			if int(m.session[k]) == s {
				add(sp.pair+n, -1)
			}
		}
		f.hold[s] = int32(len(f.held))
		f.held, f.open = append(f.held, int32(s)), append(f.open, c)
	}
}

// slack is the variable, after those of the sessions, of row r's slack.
func (f *frame) slack(r int) int32 { return int32(len(f.held) + r) }

// A personPlan is one plan of one person as a column of the masters.
type personPlan struct {
	column
	person int32
	pairs  []int32
	key    string
}

func planKey(person int32, pairs []int32) string {
	b := binary.AppendVarint(nil, int64(person))
	for _, k := range pairs {
		b = binary.AppendVarint(b, int64(k))
	}
	return string(b)
}

// plan makes the column of a plan; pairs are ascending and kept.
func (f *frame) plan(person int32, pairs []int32, key string) *personPlan {
	m, sp := f.m, f.space
	v, _ := m.valueOf(int(person), pairs)
	p := &personPlan{person: person, pairs: pairs, key: key}
	p.group = f.group[person]
	add := func(k int, a float64) {
		r := f.row[k]
		if r < 0 || a == 0 {
			return
		}
		a /= f.size[r]
		if at := slices.Index(p.index, r); at >= 0 {
			p.value[at] += a
			return
		}
		p.index, p.value = append(p.index, r), append(p.value, a)
	}
	u := int(m.unit[person])
	for _, k := range pairs {
		s := int(m.session[k])
		q := &m.p.Sessions[s]
		v -= mulSat(m.money, q.C)
		add(s, 1)
		if n, ok := slices.BinarySearch(sp.pairs, k); ok {
			add(sp.pair+n, 1)
		}
		add(sp.mu+u, float64(q.C))
		add(sp.beta, float64(q.C))
		for _, l := range m.perSeat[s] {
			add(sp.kappa+int(l.limit), float64(l.amount))
		}
		if m.p.Away != nil {
			for _, o := range m.occasion[s] {
				add(sp.nu+u*m.occasions+int(o), 1)
			}
		}
	}
	if len(pairs) > 0 {
		add(sp.eta+u, -1)
		for _, g := range m.covers[person] {
			add(sp.eta+int(g), -1)
		}
	}
	p.cost = float64(v) / f.unit
	return p
}

// plansOf are the plans of a pass, but those known.
func (f *frame) plansOf(r *pass, known func(key string) bool) (list []*personPlan) {
	var pairs []int32
	for _, i := range f.people {
		lo, hi := f.m.pairs(int(i))
		pairs = pairs[:0]
		for k := lo; k < hi; k++ {
			if r.taken[k] {
				pairs = append(pairs, k)
			}
		}
		if key := planKey(i, pairs); !known(key) {
			list = append(list, f.plan(i, slices.Clone(pairs), key))
		}
	}
	return list
}

// A pool is the plans of people that any branch has found useful.
type pool struct {
	of    [][]*personPlan // by group
	known map[string]bool
}

func newPool(f *frame) *pool {
	return &pool{of: make([][]*personPlan, len(f.people)), known: map[string]bool{}}
}

func (p *pool) add(list []*personPlan) {
	for _, c := range list {
		if !p.known[c.key] {
			p.known[c.key] = true
			p.of[c.group] = append(p.of[c.group], c)
		}
	}
}

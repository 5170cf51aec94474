package solve

import (
	"math"
	"math/big"
	"slices"
)

// free is the box of a hard row's price: no upper end.
const free = math.MaxInt64

// A model is the compiled, immutable form of a problem: every value on the
// grid, every list flat. Pairs are the (person, session) that can occur in a
// plan; a person's pairs lie side by side, ascending by session.
type model struct {
	p       *Problem
	n, m    int
	units   int
	grid    *big.Int // grid points per 1
	lattice *big.Rat // every objective is a multiple; nil: all are zero
	least   int64    // no plan is worth less

	// People.
	unit       []int32
	hmin, hmax []int32
	counts     []bool  // has an eligible session: is asked for hours, counts for coverage
	gapStart   []int32 // a person's gaps in gapSize, gapWorth
	gapSize    []int32
	gapWorth   []int64           // per tenth of a level, rounded up
	covers     map[int32][]int32 // groups beyond the unit
	lock       map[int32][]int32 // pairs seated for sure
	stuck      bool              // someone's locked seats or duties cannot be had: no plan exists
	rho        int64             // per missing hour; for a hard floor, a price that nothing outweighs
	hardFloor  bool
	heavy      int64 // the price in searches of a unit short of any hard floor

	// Pairs.
	start     []int32 // of a person's pairs
	session   []int32
	needs     []bool  // a prerequisite is asked for
	partStart []int32 // a pair's gains in parts
	parts     []part
	seats     [][]int32 // session → people that can attend, ascending

	// Sessions.
	hours    []int32
	offering []int32 // compact number
	off      int     // how many offerings
	audience []int64 // people that count as eligible
	words    int
	clash    [][]uint64 // bit rows: cannot be attended together
	before   [][]uint64 // bit rows: fulfil the prerequisite; nil: none
	occasion [][]int32
	perSeat  [][]use // limits that a seat uses
	perHeld  [][]use // limits that holding uses
	loose    []bool  // holding costs nothing and there is room for all: not a question
	solo     [][]use // limits that holding uses where one person at most can attend: the seat does, and perSeat has them
	menu     *menu   // all plans; nil: too many to list
	gratis   *tariff // all for nothing

	// Rows.
	occasions int
	share     []int64 // per unit
	groups    []row   // units, then cover
	budgetTop int64   // boxes of the prices
	unitTop   int64
	awayTop   int64
	limitTop  []int64
	roomRow   int64 // from which penalty of one row on more is worth less
	money     int64
}

// A part is what a pair gives to one gap: at most the gap.
type part struct{ gap, amount int32 }

// A use is an amount of a limit.
type use struct {
	limit  int32
	amount int64
}

// A row asks for coverage of a group.
type row struct {
	wanted *big.Rat // θ·|g|
	need   int64    // people that make it whole
	pi     int64    // per person short, or free
	all    int64    // π·θ·|g| on the grid; used by soft rows
	size   int64
}

func (m *model) pairs(i int) (lo, hi int32) { return m.start[i], m.start[i+1] }

func bit(row []uint64, s int32) bool { return row[s>>6]>>(uint(s)&63)&1 != 0 }

func setBit(row []uint64, s int32) { row[s>>6] |= 1 << (uint(s) & 63) }

// compile builds the model of a valid problem.
func compile(p *Problem) *model {
	m := &model{p: p, n: len(p.People), m: len(p.Sessions), units: len(p.UBudget)}
	m.compileSessions()
	m.compilePairs()
	m.compileGroups()
	m.chooseGrid()
	m.compileWorth()
	m.compileLocks()
	m.compileLoose()
	m.menu = newMenu(m)
	m.gratis = &tariff{seat: make([]int64, m.units*m.m), held: make([]int64, m.m), bonus: make([]int64, m.units), group: make([]int64, len(m.groups))}
	return m
}

// compileLoose finds the sessions that need no decision of their own. Where only
// one person can attend, what holding uses is what the seat uses.
func (m *model) compileLoose() {
	m.loose, m.solo = make([]bool, m.m), make([][]use, m.m)
	for s := range m.loose {
		q := &m.p.Sessions[s]
		if q.State != "" || q.F != 0 || q.Min > 1 || int64(q.Cap) < m.audience[s] {
			continue
		}
		if m.audience[s] <= 1 {
			m.solo[s], m.perHeld[s] = m.perHeld[s], nil
			m.perSeat[s] = append(m.perSeat[s], m.solo[s]...)
		}
		m.loose[s] = len(m.perHeld[s]) == 0
	}
}

func (m *model) compileSessions() {
	p := m.p
	m.words = (m.m + 63) / 64
	number := map[int]int32{}
	byOffering := map[int][]int32{}
	rows := make([]uint64, m.m*m.words)
	m.clash, m.before = make([][]uint64, m.m), make([][]uint64, m.m)
	m.hours, m.offering = make([]int32, m.m), make([]int32, m.m)
	m.perSeat, m.perHeld = make([][]use, m.m), make([][]use, m.m)
	for s := range p.Sessions {
		x := &p.Sessions[s]
		if _, ok := number[x.Off]; !ok {
			number[x.Off] = int32(len(number))
		}
		byOffering[x.Off] = append(byOffering[x.Off], int32(s))
		m.hours[s], m.offering[s] = int32(x.Hours), number[x.Off]
		m.clash[s] = rows[s*m.words : (s+1)*m.words]
	}
	m.off = len(number)
	for s := range p.Sessions {
		x := &p.Sessions[s]
		for _, t := range byOffering[x.Off] {
			setBit(m.clash[s], t)
		}
		for _, t := range x.Clash {
			setBit(m.clash[s], int32(t))
			setBit(m.clash[t], int32(s))
		}
		if x.Pre < 0 {
			continue
		}
		m.before[s] = make([]uint64, m.words)
		for _, t := range byOffering[x.Pre] {
			if q := &p.Sessions[t]; !(q.dated() && x.dated() && *q.To > *x.From) {
				setBit(m.before[s], t)
			}
		}
	}
	for k, l := range p.Limits {
		for _, u := range l.Use {
			if l.Per == "seat" {
				m.perSeat[u[0]] = append(m.perSeat[u[0]], use{int32(k), u[1]})
			} else {
				m.perHeld[u[0]] = append(m.perHeld[u[0]], use{int32(k), u[1]})
			}
		}
	}
	m.compileOccasions()
}

// compileOccasions numbers the moments, slots first, then first days, and makes
// what runs at one moment clash.
func (m *model) compileOccasions() {
	var slots, days []int
	for s := range m.p.Sessions {
		switch x := &m.p.Sessions[s]; {
		case x.dated():
			days = append(days, *x.From)
		case x.Slot >= 0:
			slots = append(slots, x.Slot)
		}
	}
	slices.Sort(slots)
	slices.Sort(days)
	slots, days = slices.Compact(slots), slices.Compact(days)
	m.occasions = len(slots) + len(days)
	at := make([][]int32, m.occasions)
	m.occasion = make([][]int32, m.m)
	for s := range m.p.Sessions {
		x := &m.p.Sessions[s]
		switch {
		case x.dated():
			a, _ := slices.BinarySearch(days, *x.From)
			for k := a; k < len(days) && days[k] < *x.To; k++ {
				at[len(slots)+k] = append(at[len(slots)+k], int32(s))
				m.occasion[s] = append(m.occasion[s], int32(len(slots)+k))
			}
		case x.Slot >= 0:
			k, _ := slices.BinarySearch(slots, x.Slot)
			at[k] = append(at[k], int32(s))
			m.occasion[s] = append(m.occasion[s], int32(k))
		}
	}
	for _, list := range at {
		for _, s := range list {
			for _, t := range list {
				setBit(m.clash[s], t)
			}
		}
	}
	for s := range m.clash { // a session is no obstacle to itself
		m.clash[s][s>>6] &^= 1 << (uint(s) & 63)
	}
}

// eligibility is what compilePairs looks people's sessions up in.
type eligibility struct {
	raises map[int][]int32 // competency → sessions
	offers map[int][]int32
}

// compilePairs finds who can attend what. Everyone eligible counts for the
// audience and for coverage; a pair whose prerequisite can never be had, or
// that is longer than the person's hours, is left out of the plans.
func (m *model) compilePairs() {
	p := m.p
	el := &eligibility{raises: map[int][]int32{}, offers: map[int][]int32{}}
	for s := range p.Sessions {
		x := &p.Sessions[s]
		el.offers[x.Off] = append(el.offers[x.Off], int32(s))
		for _, c := range x.Comp {
			el.raises[c[0]] = append(el.raises[c[0]], int32(s))
		}
	}
	m.unit, m.hmin, m.hmax = make([]int32, m.n), make([]int32, m.n), make([]int32, m.n)
	m.counts, m.audience = make([]bool, m.n), make([]int64, m.m)
	m.gapStart, m.start, m.partStart = make([]int32, 1, m.n+1), make([]int32, 1, m.n+1), []int32{0}
	m.seats = make([][]int32, m.m)
	var list []int32
	for i := range p.People {
		q := &p.People[i]
		lo, hi := p.hours(i)
		m.unit[i], m.hmin[i], m.hmax[i] = int32(q.U), int32(lo), int32(hi)
		list = el.of(p, q, list[:0])
		m.counts[i] = len(list) > 0
		for _, s := range list {
			m.audience[s]++
		}
		for _, s := range m.usable(q, hi, list) {
			m.addPair(i, q, s)
		}
		for _, g := range q.Gaps {
			m.gapSize = append(m.gapSize, int32(g.G))
		}
		for range q.Must {
			m.gapSize = append(m.gapSize, 1)
		}
		m.gapStart = append(m.gapStart, int32(len(m.gapSize)))
		m.start = append(m.start, int32(len(m.session)))
	}
}

// of lists the sessions a person is eligible for.
func (el *eligibility) of(p *Problem, q *Person, list []int32) []int32 {
	for _, g := range q.Gaps {
		list = append(list, el.raises[g.K]...)
	}
	for _, o := range q.Must {
		list = append(list, el.offers[o]...)
	}
	for _, s := range q.Lock {
		list = append(list, int32(s))
	}
	slices.Sort(list)
	list = slices.Compact(list)
	return slices.DeleteFunc(list, func(s int32) bool {
		return slices.Contains(q.Done, p.Sessions[s].Off) || slices.Contains(q.Not, int(s))
	})
}

// usable drops from an eligible list what no plan can hold; it may reorder nothing.
func (m *model) usable(q *Person, hmax int, list []int32) []int32 {
	for {
		before := len(list)
		list = slices.DeleteFunc(list, func(s int32) bool {
			if int(m.hours[s]) > hmax {
				return true
			}
			if m.before[s] == nil || slices.Contains(q.Done, m.p.Sessions[s].Pre) {
				return false
			}
			return !slices.ContainsFunc(list, func(t int32) bool { return t >= 0 && bit(m.before[s], t) })
		})
		if len(list) == before {
			return list
		}
	}
}

func (m *model) addPair(i int, q *Person, s int32) {
	x := &m.p.Sessions[s]
	m.session = append(m.session, s)
	m.seats[s] = append(m.seats[s], int32(i))
	m.needs = append(m.needs, m.before[s] != nil && !slices.Contains(q.Done, x.Pre))
	for j, g := range q.Gaps {
		for _, c := range x.Comp {
			if c[0] == g.K {
				m.parts = append(m.parts, part{int32(j), int32(min(c[1], g.G))})
			}
		}
	}
	for j, o := range q.Must { // a duty is a gap of size 1 that only its offering closes
		if o == x.Off {
			m.parts = append(m.parts, part{int32(len(q.Gaps) + j), 1})
		}
	}
	m.partStart = append(m.partStart, int32(len(m.parts)))
}

func (m *model) compileGroups() {
	p := m.p
	size, people := make([]int64, m.units+len(p.Cover)), make([]int64, m.units)
	for i := range p.People {
		people[m.unit[i]]++
		if m.counts[i] {
			size[m.unit[i]]++
		}
	}
	m.covers = map[int32][]int32{}
	for k, c := range p.Cover {
		for _, i := range c.Who {
			if m.counts[i] {
				size[m.units+k]++
				m.covers[int32(i)] = append(m.covers[int32(i)], int32(m.units+k))
			}
		}
	}
	for g, n := range size {
		theta := p.Theta
		if g >= m.units {
			theta = p.Cover[g-m.units].Theta
		}
		w := new(big.Rat).Mul(theta.rat(), new(big.Rat).SetInt64(n))
		m.groups = append(m.groups, row{wanted: w, need: ceilRat(w).Int64(), size: n})
	}
	if p.Away != nil {
		for _, n := range people {
			m.share = append(m.share, floorRat(new(big.Rat).Mul(p.Away.Share.rat(), new(big.Rat).SetInt64(n))).Int64())
		}
	}
}

// groupPrice is the penalty of group g; nil is hard.
func (m *model) groupPrice(g int) *Decimal {
	if g < m.units {
		return m.p.Pi
	}
	return m.p.Cover[g-m.units].Pi
}

// chooseGrid takes the problem's grid. Prices in certificates are then short
// decimals, and exact.
func (m *model) chooseGrid() {
	rel := relate(m.p)
	m.grid, m.hardFloor = rel.grid(1), m.p.Rho == nil
	m.heavy = m.up(m.p.extent().heavy)
	m.lattice, m.least = rel.lattice(), m.down(rel.least())
}

// up and down put a value on the grid.
func (m *model) up(x *big.Rat) int64 {
	return saturate(ceilRat(new(big.Rat).Mul(x, new(big.Rat).SetInt(m.grid))))
}

func (m *model) down(x *big.Rat) int64 {
	return saturate(floorRat(new(big.Rat).Mul(x, new(big.Rat).SetInt(m.grid))))
}

func saturate(x *big.Int) int64 {
	if !x.IsInt64() {
		if x.Sign() > 0 {
			return math.MaxInt64
		}
		return math.MinInt64
	}
	return x.Int64()
}

// box is the upper end of a row's price.
func (m *model) box(d *Decimal) int64 {
	if d == nil {
		return free
	}
	return min(m.down(d.rat()), free-1)
}

func (m *model) compileWorth() {
	p := m.p
	worth := map[Decimal]int64{}
	m.gapWorth = make([]int64, 0, len(m.gapSize))
	for i := range p.People {
		for _, g := range p.People[i].Gaps {
			w, ok := worth[g.W]
			if !ok {
				w = m.up(new(big.Rat).Quo(g.W.rat(), big.NewRat(10, 1)))
				worth[g.W] = w
			}
			m.gapWorth = append(m.gapWorth, w)
		}
		for range p.People[i].Must {
			m.gapWorth = append(m.gapWorth, m.heavy)
		}
	}
	m.rho = m.heavy
	if !m.hardFloor {
		m.rho = m.down(p.Rho.rat())
	}
	m.money = m.down(p.Money.rat())
	m.budgetTop, m.unitTop = m.box(p.overBudget()), m.box(p.overUnit())
	rows := 1 + m.units + len(p.Limits)
	if p.Away != nil {
		rows += m.units * m.occasions
	}
	if m.roomRow = roomTotal; m.least < -roomTotal { // not all penalties fit together
		m.roomRow /= int64(rows)
	}
	m.awayTop = free
	if p.Away != nil {
		m.awayTop = m.box(p.Away.Price)
	}
	for _, l := range p.Limits {
		m.limitTop = append(m.limitTop, m.box(l.Price))
	}
	for g := range m.groups {
		r := &m.groups[g]
		if r.pi = m.box(m.groupPrice(g)); r.pi != free {
			r.all = m.down(new(big.Rat).Mul(m.groupPrice(g).rat(), r.wanted))
		}
	}
}

// compileLocks finds the pairs of locked seats, and promises that nobody can keep.
func (m *model) compileLocks() {
	m.lock = map[int32][]int32{}
	for i := range m.p.People {
		q := &m.p.People[i]
		m.stuck = m.stuck || len(q.Must) > 0 && !m.counts[i] // who may attend nothing is not searched
		for _, s := range q.Lock {
			k, ok := m.pair(i, int32(s))
			if !ok {
				m.stuck = true
				continue
			}
			if !slices.Contains(m.lock[int32(i)], k) {
				m.lock[int32(i)] = append(m.lock[int32(i)], k)
			}
		}
		list := m.lock[int32(i)]
		hours := int32(0)
		for a, k := range list {
			hours += m.hours[m.session[k]]
			for _, l := range list[:a] {
				m.stuck = m.stuck || bit(m.clash[m.session[k]], m.session[l])
			}
		}
		m.stuck = m.stuck || hours > m.hmax[i] && len(list) > 0
	}
}

// pair finds the pair of person i and session s.
func (m *model) pair(i int, s int32) (int32, bool) {
	lo, hi := m.pairs(i)
	k, ok := slices.BinarySearch(m.session[lo:hi], s)
	return lo + int32(k), ok
}

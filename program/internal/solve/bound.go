package solve

import (
	"cmp"
	"context"
	"math"
	"math/big"
	"math/bits"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// prices are the multipliers of the linking rows, on the grid and in their boxes.
type prices struct {
	lambda []int64
	mu     []int64
	beta   int64
	eta    []int64 // units, then cover
	kappa  []int64
	nu     []int64 // unit × occasion; nil without such rows
	pair   []int64 // beside λ, for the seat of one person; nil unless needed
}

func newPrices(m *model) *prices {
	x := &prices{lambda: make([]int64, m.m), mu: make([]int64, m.units), eta: make([]int64, len(m.groups)), kappa: make([]int64, len(m.limitTop))}
	if m.p.Away != nil {
		x.nu = make([]int64, m.units*m.occasions)
	}
	return x
}

// leaf writes the prices in the units of the file.
func (m *model) leaf(x *prices) Prices {
	var out Prices
	unit, _ := new(big.Float).SetInt(m.grid).Float64()
	list := func(v []int64) []float64 {
		out, any := make([]float64, len(v)), false
		for k, a := range v {
			out[k] = float64(a) / unit // both are exact, so this is the float nearest the decimal
			any = any || a != 0
		}
		if !any {
			return nil
		}
		return out
	}
	lambda := slices.Clone(x.lambda)
	for s := range lambda {
		file, _ := m.soloPrice(x, s)
		lambda[s] += file
	}
	out.Lambda, out.Mu, out.Kappa = list(lambda), list(x.mu), list(x.kappa)
	out.Beta = float64(x.beta) / unit
	out.Eta, out.EtaCover = list(x.eta[:m.units]), list(x.eta[m.units:])
	if x.nu != nil && list(x.nu) != nil {
		for u := range m.units {
			row := list(x.nu[u*m.occasions : (u+1)*m.occasions])
			if row == nil {
				row = make([]float64, m.occasions)
			}
			out.Nu = append(out.Nu, row)
		}
	}
	for k, a := range x.pair {
		if a != 0 {
			out.Pair = append(out.Pair, PairPrice{int(m.personOf(int32(k))), int(m.session[k]), float64(a) / unit})
		}
	}
	return out
}

// soloPrice is what holding session s costs at the prices where only one person can
// attend, who pays it with the seat: as the price of a seat that a file can
// hold, and exactly.
func (m *model) soloPrice(x *prices, s int) (file, exact int64) {
	for _, u := range m.solo[s] {
		exact = min(addSat(exact, mulSat(x.kappa[u.limit], u.amount)), mostSeat)
	}
	return snap(float64(exact), 0, mostSeat), exact
}

// snap puts a price on the grid, inside its box, and at fifteen digits, so
// that it is the same number in a file. Any price proves something: rounding one is free.
func snap(x float64, lo, hi int64) int64 {
	const digits = 1e15
	if !(x > float64(lo)) { // NaN too
		return lo
	}
	hi = min(hi, 1<<55)
	if x >= float64(hi) {
		x = float64(hi)
	}
	step := 1.0
	for math.Abs(x) >= digits*step {
		step *= 10
	}
	v := int64(math.Round(x/step)) * int64(step)
	if v > hi {
		v -= int64(step)
	}
	return max(v, lo)
}

// Arithmetic that stops at the ends of an int64 instead of going round. The
// upper end is sticky: a sum that once left the range proves nothing any more,
// whatever is taken off afterwards.
func addSat(a, b int64) int64 {
	if a == math.MaxInt64 || b == math.MaxInt64 {
		return math.MaxInt64
	}
	c := a + b
	switch {
	case a > 0 && b > 0 && c < 0:
		return math.MaxInt64
	case a < 0 && b < 0 && c >= 0:
		return math.MinInt64
	}
	return c
}

func mulSat(a, b int64) int64 {
	if a == 0 || b == 0 {
		return 0
	}
	neg := (a < 0) != (b < 0)
	hi, lo := bits.Mul64(magnitude(a), magnitude(b))
	if hi != 0 || lo > math.MaxInt64 {
		if neg {
			return math.MinInt64
		}
		return math.MaxInt64
	}
	if neg {
		return -int64(lo)
	}
	return int64(lo)
}

func magnitude(a int64) uint64 {
	if a < 0 {
		return -uint64(a)
	}
	return uint64(a)
}

// mostSeat is where the price of a seat is cut off: more than any plan is
// worth. Cutting a price off never lowers a bound.
const mostSeat = 1 << 55

// mostBonus is where the prices of the groups that a person counts in are cut
// off together. That would lower a bound: what is cut off is made up for.
const mostBonus = 1 << 57

// A tariff is what prices make of seats and sessions.
type tariff struct {
	seat  []int64 // unit × session
	held  []int64 // session → what holding it earns before its seats
	bonus []int64 // unit → for having a plan
	group []int64 // η of all groups
	pair  []int64 // pair → beside seat; nil: nothing
}

// seatOf is what pair k costs a person of unit u.
func (t *tariff) seatOf(m *model, u int, k int32) int64 {
	v := t.seat[u*m.m+int(m.session[k])]
	if t.pair != nil {
		v = min(addSat(v, t.pair[k]), mostSeat)
	}
	return v
}

func (m *model) tariff(x *prices) *tariff {
	t := &tariff{seat: make([]int64, m.units*m.m), held: make([]int64, m.m), bonus: x.eta[:m.units], group: x.eta, pair: x.pair}
	money := addSat(x.beta, m.money)
	for s := range m.m {
		base := x.lambda[s]
		for _, u := range m.perSeat[s] {
			base = addSat(base, mulSat(x.kappa[u.limit], u.amount))
		}
		file, exact := m.soloPrice(x, s)
		base = addSat(base, file-exact)
		q := &m.p.Sessions[s]
		for u := range m.units {
			c := addSat(base, mulSat(addSat(money, x.mu[u]), q.C))
			for _, o := range m.occasion[s] {
				if x.nu != nil {
					c = addSat(c, x.nu[u*m.occasions+int(o)])
				}
			}
			t.seat[u*m.m+s] = min(c, mostSeat)
		}
		h := mulSat(money, q.F)
		for _, u := range m.perHeld[s] {
			h = addSat(h, mulSat(x.kappa[u.limit], u.amount))
		}
		t.held[s] = file - exact - h
	}
	return t
}

// bonusOf is what person i gains by having a plan at all.
func (m *model) bonusOf(t *tariff, i int) int64 { return min(m.fullBonus(t, i), mostBonus) }

// fullBonus is bonusOf with nothing cut off.
func (m *model) fullBonus(t *tariff, i int) int64 {
	b := t.bonus[m.unit[i]]
	for _, g := range m.covers[int32(i)] {
		b = addSat(b, t.group[g])
	}
	return b
}

// A branch is what the tree above a node has decided.
type branch struct {
	held  []int8  // undecided, shut or held
	fixes []fixed // of seats, ascending by pair, so a person's lie side by side
}

type fixed struct {
	pair int32
	in   bool
}

// place is where the decision on pair k is, or would be.
func (b *branch) place(k int32) int {
	n, _ := slices.BinarySearchFunc(b.fixes, k, func(f fixed, k int32) int { return cmp.Compare(f.pair, k) })
	return n
}

// fixesOf are the decisions on pairs from lo up to hi.
func (b *branch) fixesOf(lo, hi int32) []fixed {
	if len(b.fixes) == 0 {
		return nil
	}
	return b.fixes[b.place(lo):b.place(hi)]
}

// decide adds the decision on a seat.
func (b *branch) decide(x fixed) { b.fixes = slices.Insert(b.fixes, b.place(x.pair), x) }

func (m *model) trunk() *branch {
	b := &branch{held: make([]int8, m.m)}
	for s := range m.p.Sessions {
		switch m.p.Sessions[s].State {
		case "open":
			b.held[s] = held
		case "closed":
			b.held[s] = shut
		}
	}
	return b
}

// A pass is one evaluation of the bound with what the best plans use: the
// slopes of the bound in the prices.
type pass struct {
	D       int64 // upper end on the grid
	none    bool  // the branch holds no plan
	stopped bool  // the pass was cut short and proves nothing
	seats   []int64
	held    []bool
	worth   []int64 // of holding each session, before the choice
	unit    []int64 // seat cost by unit
	cost    int64
	covered []int64
	used    []int64 // of limits
	away    []int64
	nodes   int64
	asked   int64  // people searched
	taken   []bool // pair in its person's best plan; nil unless asked for
}

// chunk is how many people one task of a pass has: it must not depend on the
// number of workers.
const chunk = 128

// An engine runs passes for one goroutine or for several.
type engine struct {
	m       *model
	free    *sync.Pool // of *searcher with price scratch
	workers int
	meter   *meter
}

func newEngine(m *model, workers int, mt *meter) *engine {
	free := &sync.Pool{New: func() any { return &hand{searcher: newSearcher(m)} }}
	return &engine{m: m, free: free, workers: workers, meter: mt}
}

// tasks are engines for n tasks side by side: each has its part of the work
// that is left, and does not see what the others use.
func (e *engine) tasks(n int) []*engine {
	out := make([]*engine, n)
	for k := range out {
		out[k] = e.within(1/float64(n), 1)
	}
	return out
}

// within is the engine for a task that ends at a part of the limits.
func (e *engine) within(work, clock float64) *engine {
	t := *e
	t.meter = e.meter.part(work, clock)
	return &t
}

// A hand is a searcher with scratch for prices.
type hand struct {
	*searcher
	price  []int64
	forced []int32
}

// ask prices person i's pairs and searches.
func (h *hand) ask(t *tariff, b *branch, i int, nodes int) answer {
	m := h.m
	lo, hi := m.pairs(i)
	h.price = h.price[:0]
	for k := lo; k < hi; k++ {
		s := m.session[k]
		if b.held[s] == shut {
			h.price = append(h.price, unavailable)
		} else {
			h.price = append(h.price, t.seatOf(m, int(m.unit[i]), k))
		}
	}
	h.forced = append(h.forced[:0], m.lock[int32(i)]...)
	for _, f := range b.fixesOf(lo, hi) {
		if f.in {
			h.forced = append(h.forced, f.pair)
		} else {
			h.price[f.pair-lo] = unavailable
		}
	}
	return h.search(query{person: i, price: h.price, bonus: m.bonusOf(t, i), purse: free, forced: h.forced, nodes: nodes})
}

func (m *model) newPass(pairs bool) *pass {
	e := &pass{seats: make([]int64, m.m), held: make([]bool, m.m), worth: make([]int64, m.m), unit: make([]int64, m.units),
		covered: make([]int64, len(m.groups)), used: make([]int64, len(m.limitTop))}
	if m.p.Away != nil {
		e.away = make([]int64, m.units*m.occasions)
	}
	if pairs {
		e.taken = make([]bool, len(m.session))
	}
	return e
}

// evaluate computes the bound at prices x in branch b. With sample > 1 only
// every sample-th person is looked at, from offset on, and counts sample
// times: an estimate, not a bound.
func (e *engine) evaluate(x *prices, b *branch, opt passOptions) *pass {
	m := e.m
	t := m.tariff(x)
	out := m.newPass(opt.pairs)
	sample := max(1, opt.sample)
	count := max(0, (m.n-opt.offset+sample-1)/sample)
	tasks := (count + chunk - 1) / chunk
	workers := 1
	if opt.parallel {
		workers = min(e.workers, tasks)
	}
	var mu sync.Mutex
	var next atomic.Int64
	var stopped atomic.Bool
	work := func() {
		h := e.free.Get().(*hand)
		defer e.free.Put(h)
		mine := m.newPass(false)
		mine.taken = out.taken // people's pairs do not overlap
		for {
			c := int(next.Add(1)) - 1
			if c >= tasks {
				break
			}
			if opt.stop != nil && opt.stop() {
				stopped.Store(true)
				break
			}
			for j := c * chunk; j < min(count, (c+1)*chunk); j++ {
				mine.person(m, h, t, b, opt.offset+j*sample, opt.nodes)
			}
		}
		mu.Lock()
		out.merge(mine)
		mu.Unlock()
	}
	if workers <= 1 {
		work()
	} else {
		var wg sync.WaitGroup
		for range workers {
			wg.Go(work)
		}
		wg.Wait()
	}
	e.meter.add(max(1, out.asked)) // people without any choice cost nothing
	if sample > 1 {
		out.scale(int64(sample))
	}
	if stopped.Load() { // some people were not looked at: no bound
		out.stopped, out.none, out.D = true, false, math.MaxInt64
		return out
	}
	out.close(m, x, t, b)
	return out
}

type passOptions struct {
	sample, offset int
	nodes          int  // per person; 0: the default
	pairs          bool // record who takes what
	parallel       bool
	stop           func() bool
}

// person adds one person's best plan to the pass.
func (e *pass) person(m *model, h *hand, t *tariff, b *branch, i, nodes int) {
	if !m.counts[i] {
		return
	}
	a := h.ask(t, b, i, nodes)
	e.nodes += int64(a.nodes)
	if m.start[i] < m.start[i+1] {
		e.asked++
	}
	if a.upper == never || !e.dutiful(m, h, b, i, nodes) {
		e.none = true
		return
	}
	e.D = addSat(e.D, a.upper)
	if all := m.fullBonus(t, i); all > mostBonus {
		e.D = addSat(addSat(e.D, all), -mostBonus)
	}
	u := m.unit[i]
	for _, k := range h.plan {
		s := m.session[k]
		c := m.p.Sessions[s].C
		e.seats[s]++
		e.unit[u] += c
		e.cost += c
		for _, l := range m.perSeat[s] {
			e.used[l.limit] += l.amount
		}
		if e.away != nil {
			for _, o := range m.occasion[s] {
				e.away[int(u)*m.occasions+int(o)]++
			}
		}
		if e.taken != nil {
			e.taken[k] = true
		}
	}
	if len(h.plan) > 0 {
		e.covered[u]++
		for _, g := range m.covers[int32(i)] {
			e.covered[g]++
		}
	}
}

// dutiful reports whether some plan of person i in the branch leaves no duty and
// no floor unmet. The best plan at the prices may: a search pays for them, and
// where prices are high that is worth it.
func (e *pass) dutiful(m *model, h *hand, b *branch, i, nodes int) bool {
	if len(m.p.People[i].Must) == 0 && !m.hardFloor {
		return true
	}
	if _, unmet := m.grossOf(i, h.plan); unmet == 0 {
		return true
	}
	plan := slices.Clone(h.plan)
	a := h.ask(m.gratis, b, i, nodes)
	_, unmet := m.grossOf(i, h.plan)
	h.plan = append(h.plan[:0], plan...)
	return unmet == 0 || !a.exact
}

func addAll(a, b []int64) {
	for k, x := range b {
		a[k] += x
	}
}

func (e *pass) merge(o *pass) {
	e.D = addSat(e.D, o.D)
	e.none = e.none || o.none
	e.cost += o.cost
	e.nodes += o.nodes
	e.asked += o.asked
	addAll(e.seats, o.seats)
	addAll(e.unit, o.unit)
	addAll(e.covered, o.covered)
	addAll(e.used, o.used)
	addAll(e.away, o.away)
}

func (e *pass) scale(by int64) {
	e.D = mulSat(e.D, by)
	e.cost *= by
	for _, list := range [][]int64{e.seats, e.unit, e.covered, e.used, e.away} {
		for k := range list {
			list[k] *= by
		}
	}
}

// seatsWorth is what the best number of seats of session s, from lo to hi,
// earns at the prices.
func (m *model) seatsWorth(x *prices, s int, lo, hi int64) int64 {
	if x.pair == nil {
		return max(mulSat(lo, x.lambda[s]), mulSat(hi, x.lambda[s]))
	}
	list := slices.Repeat(x.lambda[s:s+1], int(m.audience[s])) // some may attend in no plan
	for n, i := range m.seats[s] {
		k, _ := m.pair(int(i), int32(s))
		list[n] = addSat(list[n], x.pair[k])
	}
	slices.SortFunc(list, func(a, b int64) int { return cmp.Compare(b, a) })
	var sum int64
	for n, v := range list[:hi] {
		if int64(n) < lo || v > 0 {
			sum = addSat(sum, v)
		}
	}
	return sum
}

// close adds the sessions' and the rows' terms.
func (e *pass) close(m *model, x *prices, t *tariff, b *branch) {
	for s := range m.p.Sessions {
		q := &m.p.Sessions[s]
		lo, hi := int64(q.Min), min(int64(q.Cap), m.audience[s])
		if lo > hi {
			e.worth[s] = never
			e.none = e.none || b.held[s] == held
			continue
		}
		v := addSat(m.seatsWorth(x, s, lo, hi), t.held[s])
		e.worth[s] = v
		if b.held[s] == shut || b.held[s] == undecided && v <= 0 {
			continue
		}
		e.D = addSat(e.D, v)
		e.held[s] = true
		e.cost += q.F
		for _, l := range m.perHeld[s] {
			e.used[l.limit] += l.amount
		}
	}
	e.D = addSat(e.D, mulSat(x.beta, m.p.Budget))
	for u, p := range x.mu {
		e.D = addSat(e.D, mulSat(p, m.p.UBudget[u]))
	}
	for k, p := range x.kappa {
		e.D = addSat(e.D, mulSat(p, m.p.Limits[k].Limit))
	}
	for k, p := range x.nu {
		e.D = addSat(e.D, mulSat(p, m.share[k/m.occasions]))
	}
	for g, p := range x.eta {
		if p != 0 { // the wanted number may be a fraction: rounding it down keeps the bound
			w := floorRat(new(big.Rat).Mul(new(big.Rat).SetInt64(p), m.groups[g].wanted))
			e.D = addSat(e.D, -saturate(w))
		}
	}
	e.D = max(e.D, math.MinInt64+1) // the least says that there is no plan
}

// A meter measures work and time against the caller's limits, or a part of
// them. This is the only place that reads the clock, and only to measure
// Options.Limit.
type meter struct {
	ctx   context.Context
	start time.Time
	limit time.Duration
	quota int64
	work  atomic.Int64
	whole *meter // what this is a part of; nil: it is the run's own
}

func newMeter(ctx context.Context, opt *Options) *meter {
	return &meter{ctx: ctx, start: time.Now(), limit: opt.Limit, quota: opt.Work}
}

// part is a meter for one task: it ends at these parts of the work that is
// left and of the time. Tasks that run side by side have one each, so that
// where they end does not depend on the workers.
func (t *meter) part(work, clock float64) *meter {
	p := &meter{ctx: t.ctx, start: t.start, limit: t.limit, whole: t}
	if t.limit > 0 {
		p.limit = max(1, time.Duration(float64(t.limit)*clock))
	}
	if t.quota > 0 {
		p.quota = 1 + int64(float64(max(0, t.quota-t.work.Load()))*work)
	}
	return p
}

func (t *meter) add(n int64) {
	for ; t != nil; t = t.whole {
		t.work.Add(n)
	}
}

// total is the work of the run.
func (t *meter) total() int64 {
	for t.whole != nil {
		t = t.whole
	}
	return t.work.Load()
}

// late reports whether the context, the time or the work is over.
func (t *meter) late() bool { return t.lateWith(0) }

// lateWith is late, with work that has not been added yet.
func (t *meter) lateWith(n int64) bool {
	return t.quota > 0 && t.work.Load()+n >= t.quota || t.ctx.Err() != nil || t.limit > 0 && time.Since(t.start) >= t.limit
}

// share is how much of the limits is used: 0 at the start, 1 at the end; 0
// throughout without limits.
func (t *meter) share() float64 {
	f := 0.0
	if t.limit > 0 {
		f = float64(time.Since(t.start)) / float64(t.limit)
	}
	if t.quota > 0 {
		f = max(f, float64(t.work.Load())/float64(t.quota))
	}
	return f
}

// ended names the limit that is reached.
func (t *meter) ended() string {
	switch {
	case t.ctx.Err() != nil:
		return EndedContext
	case t.limit > 0 && time.Since(t.start) >= t.limit:
		return EndedTime
	}
	return EndedWork
}

// cores is the number of workers asked for.
func cores(n int) int {
	if n > 0 {
		return n
	}
	return runtime.GOMAXPROCS(0)
}

package program

import (
	"cmp"
	"math"
	"math/big"
	"slices"
	"strconv"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/program/internal/solve"
)

const (
	weightScale = 1000    // the largest weight of a problem, and how many units of its objective are one of ours
	mostHours   = 1 << 20 // units of hours that the solver takes
	mostMoney   = 1 << 53 // rupiah that the solver takes; Model.clean keeps all costs together below half of it
)

// A compiled model is a problem in numbers, and what the numbers stand for.
type compiled struct {
	problem *solve.Problem
	model   *Model

	sessions  []Session  // by number: those the plan may hold, by id; one for each price that it can have
	terms     []terms    // by number
	offerings []Offering // by number, by id; then prerequisites that are not in the catalogue
	offeringN map[OfferingID]int
	sessionN  map[SessionID][]int
	partner   map[PartnerID]Partner
	lanes     map[lane]int
	capped    map[competency.CompetencyID]bool // some offering that raises it has a top level
	payers    []competency.UnitID              // by number: the units of the problem
	payerN    map[competency.UnitID]int
	payerOf   []int                        // by person
	needs     [][2]int                     // by person: from and to in the sorted needs
	sorted    []Need                       // by person, then competency
	hour      bangkom.JP                   // the unit of hours
	settled   []Settled                    // by person
	heaviest  float64                      // weight of a need; 0: weights are the file's
	scale     float64                      // units of the problem's objective in one of the plan's
	zeta      []float64                    // by floor of the policy: what a level closed there counts more
	byUnit    bool                         // the last groups of the problem are the units
	whole     bool                         // the problem is the model's, and its floors can be searched for
	under     []map[competency.UnitID]bool // by floor: its units
}

// terms are the seats at which a session has one price.
type terms struct {
	min, max int
	seat     bangkom.Rupiah // with the partner's fee
}

// A lane is a competency for the people who hold one level. Where an offering
// lifts to a top level only, what it gives depends on the level held: people
// of each level have a lane of their own. Elsewhere all share the lane anyLevel.
type lane struct {
	of   competency.CompetencyID
	held competency.Level
}

const anyLevel = math.MinInt8

// compile turns a clean model into numbers. The same model gives the same
// numbers in whatever order its parts came.
func (m *Model) compile() *compiled { return m.compileAt(nil) }

// compileAt is compile at prices of the policy's floors.
func (m *Model) compileAt(zeta []float64) *compiled {
	c := &compiled{model: m, problem: &solve.Problem{}, scale: weightScale, zeta: zeta}
	c.catalogue()
	c.findNeeds()
	c.findPayers()
	c.mergeSettled()
	c.findHour()
	c.people()
	c.eachSession()
	c.rows()
	return c
}

// catalogue numbers offerings and sessions.
func (c *compiled) catalogue() {
	m := c.model
	c.offerings = slices.Clone(m.Catalogue.Offerings)
	slices.SortFunc(c.offerings, func(a, b Offering) int { return cmp.Compare(a.ID, b.ID) })
	c.offeringN = map[OfferingID]int{}
	for i, o := range c.offerings {
		c.offeringN[o.ID] = i
	}
	for _, o := range c.offerings {
		if _, known := c.offeringN[o.After]; !known && o.After != "" {
			c.offeringN[o.After] = len(c.offerings)
			c.offerings = append(c.offerings, Offering{ID: o.After})
		}
	}
	c.partner = map[PartnerID]Partner{}
	for _, p := range m.Catalogue.Partners {
		c.partner[p.ID] = p
	}
	var offered []Session
	for _, s := range m.Catalogue.Sessions {
		if m.Policy.offers(s) {
			offered = append(offered, s)
		}
	}
	slices.SortFunc(offered, func(a, b Session) int { return cmp.Compare(a.ID, b.ID) })
	c.sessionN = map[SessionID][]int{}
	for _, s := range offered {
		for _, t := range c.priced(s) {
			c.sessionN[s.ID] = append(c.sessionN[s.ID], len(c.sessions))
			c.sessions, c.terms = append(c.sessions, s), append(c.terms, t)
		}
	}
}

// priced lists the prices that a session can have: one, at list price, or with
// [Policy.TierReached] one for each tier, of which one is held at most. A
// session that is sure to be held is planned at list price: the rows of the
// problem can say "at most one of these", not "exactly one".
func (c *compiled) priced(s Session) []terms {
	partner := c.partner[c.offering(s).Partner]
	list := []terms{{s.Min, s.Max, s.Cost.Seat + partner.List()}}
	if !c.model.Policy.TierReached || !partner.PerSession {
		return list
	}
	var out []terms
	tiers := partner.sortedTerms()
	for i, t := range tiers {
		x := terms{s.Min, s.Max, s.Cost.Seat + t.Price}
		if i > 0 {
			x.min = max(x.min, t.From)
		}
		if i+1 < len(tiers) {
			x.max = min(x.max, tiers[i+1].From-1)
		}
		if x.min <= x.max {
			out = append(out, x)
		}
	}
	if len(out) == 0 || len(out) > 1 && s.Decision == Open {
		return list
	}
	return out
}

// offering returns the offering of a session.
func (c *compiled) offering(s Session) Offering { return c.offerings[c.offeringN[s.Offering]] }

// findNeeds sorts the needs by person and numbers the lanes.
func (c *compiled) findNeeds() {
	w := c.model.Workforce
	c.sorted = slices.Clone(c.model.Needs)
	slices.SortFunc(c.sorted, func(a, b Need) int { return cmp.Or(cmp.Compare(a.Person, b.Person), cmp.Compare(a.Of, b.Of)) })
	c.needs = make([][2]int, w.Len())
	for from := 0; from < len(c.sorted); {
		to := from
		for to < len(c.sorted) && c.sorted[to].Person == c.sorted[from].Person {
			to++
		}
		i, _ := w.Index(c.sorted[from].Person)
		c.needs[i] = [2]int{from, to}
		from = to
	}
	c.capped = map[competency.CompetencyID]bool{}
	for _, o := range c.offerings {
		for of := range o.Raises {
			c.capped[of] = c.capped[of] || o.Top > 0
		}
	}
	c.lanes = map[lane]int{}
	for _, n := range c.sorted {
		c.lanes[c.lane(n)] = 0
	}
	for i, l := range sortedLanes(c.lanes) {
		c.lanes[l] = i
	}
	if c.problem.K = len(c.lanes); c.falls() {
		c.problem.K *= 2
	}
}

// falls reports whether what is closed beyond one session counts less.
func (c *compiled) falls() bool { return c.model.Policy.Again > 0 && c.model.Policy.Again < 1 }

// onceAtMost is, by lane, the most that one session gives, in tenths.
func (c *compiled) onceAtMost() []int {
	top := make([]int, len(c.lanes))
	lanes := sortedLanes(c.lanes)
	for _, o := range c.offerings {
		if !slices.ContainsFunc(c.sessions, func(s Session) bool { return s.Offering == o.ID }) {
			continue
		}
		for _, g := range c.gains(o, lanes) {
			if g[0] < len(top) {
				top[g[0]] = max(top[g[0]], g[1])
			}
		}
	}
	return top
}

func (c *compiled) lane(n Need) lane {
	if c.capped[n.Of] {
		return lane{n.Of, n.Held}
	}
	return lane{n.Of, anyLevel}
}

func sortedLanes(lanes map[lane]int) []lane {
	out := make([]lane, 0, len(lanes))
	for l := range lanes {
		out = append(out, l)
	}
	slices.SortFunc(out, func(a, b lane) int { return cmp.Or(cmp.Compare(a.of, b.of), cmp.Compare(a.held, b.held)) })
	return out
}

// payersOf gives each person the unit whose budget line pays: the nearest unit
// from the own one upwards that has a line of the year, else the own unit.
func payersOf(w *competency.Workforce, budgets []Budget, year int) []competency.UnitID {
	line := map[competency.UnitID]bool{}
	for _, b := range budgets {
		line[b.Unit] = line[b.Unit] || b.Year == year && b.Unit != ""
	}
	payer := map[competency.UnitID]competency.UnitID{}
	out := make([]competency.UnitID, w.Len())
	for i, p := range w.People() {
		u, ok := payer[p.Unit]
		if !ok {
			u = p.Unit
			for at := p.Unit; at != ""; {
				if line[at] {
					u = at
					break
				}
				unit, _ := w.Unit(at)
				at = unit.Parent
			}
			payer[p.Unit] = u
		}
		out[i] = u
	}
	return out
}

// findPayers numbers the units that pay, and the money that they have.
func (c *compiled) findPayers() {
	year := c.model.Policy.Year
	line := map[competency.UnitID]bangkom.Rupiah{}
	for _, b := range c.model.Catalogue.Budgets {
		if b.Year == year && b.Unit != "" {
			line[b.Unit] = b.Amount
		}
	}
	of := payersOf(c.model.Workforce, c.model.Catalogue.Budgets, year)
	used := map[competency.UnitID]bool{}
	for _, u := range of {
		used[u] = true
	}
	c.payers = sortedKeys(used)
	c.payerN = map[competency.UnitID]int{}
	for i, u := range c.payers {
		c.payerN[u] = i
		amount, ok := line[u]
		if !ok {
			amount = mostMoney
		}
		c.problem.UBudget = append(c.problem.UBudget, int64(min(amount, mostMoney)))
	}
	c.problem.U = len(c.payers)
	for _, u := range of {
		c.payerOf = append(c.payerOf, c.payerN[u])
	}
}

// mergeSettled adds up the entries of one person.
func (c *compiled) mergeSettled() {
	c.settled = make([]Settled, c.model.Workforce.Len())
	for _, s := range c.model.Policy.Settled {
		i, _ := c.model.Workforce.Index(s.Person)
		t := &c.settled[i]
		t.Done = append(t.Done, s.Done...)
		t.Must = append(t.Must, s.Must...)
		t.Not = append(t.Not, s.Not...)
		t.Lock = append(t.Lock, s.Lock...)
		t.Earned += s.Earned
	}
}

// limits returns what is left of a person's hour limits, and whether there is a maximum.
func (c *compiled) limits(i int) (lo, hi bangkom.JP, ceiling bool) {
	h, ok := c.model.Policy.Hours[c.model.Workforce.At(i).Status]
	if !ok {
		h = c.model.Policy.Hours[""]
	}
	earned := c.settled[i].Earned
	return max(0, h.Min-earned), max(0, h.Max-earned), h.Max > 0
}

// findHour finds the largest unit of hours in which all of them are whole.
func (c *compiled) findHour() {
	unit, sum := bangkom.JP(0), bangkom.JP(0)
	for _, s := range c.sessions {
		jp := c.offering(s).JP
		unit, sum = gcd(unit, jp), sum+jp
	}
	for i := range c.model.Workforce.Len() {
		lo, hi, _ := c.limits(i)
		unit = gcd(gcd(unit, lo), hi)
	}
	c.hour = max(unit, 1)
	// Everything together is no ceiling. On the finest grid mostHours are more
	// than a thousand hours for one person and year.
	c.problem.HMax = int(min(sum/c.hour, mostHours))
	if price := c.model.Policy.MissingHour; price < 0 {
		c.problem.Rho = new(solve.Decimal)
	} else {
		c.problem.Rho = soft(cmp.Or(price, 0.05), int64(c.hour)*weightScale, int64(bangkom.OneJP))
	}
}

func gcd[T ~int64](a, b T) T {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// soft is a price of a row times a scale; nil, which makes it hard, for +Inf.
func soft(price float64, times, over int64) *solve.Decimal {
	if math.IsInf(price, 1) {
		return nil
	}
	d := scaled(price, times, over)
	return &d
}

// scaled returns the decimal that x is written as, times a ratio, exactly:
// over is a power of ten.
func scaled(x float64, times, over int64) solve.Decimal {
	r, ok := new(big.Rat).SetString(strconv.FormatFloat(x, 'g', -1, 64))
	if !ok {
		return "0"
	}
	r.Mul(r, big.NewRat(times, over))
	digits, _ := r.FloatPrec()
	return solve.Decimal(r.FloatString(digits))
}

// tenths rounds levels to the grid of the solver.
func tenths(levels float64) int { return int(math.Round(10 * min(max(levels, 0), 1e4))) }

func (c *compiled) people() {
	for _, n := range c.sorted {
		c.heaviest = max(c.heaviest, n.Weight)
	}
	p := c.problem
	p.N = len(c.needs)
	p.People = make([]solve.Person, p.N)
	once := c.onceAtMost()
	for _, f := range c.model.Policy.Floors {
		c.under = append(c.under, c.inUnit(f))
	}
	for i := range p.People {
		q := &p.People[i]
		q.U, q.Gaps = c.payerOf[i], []solve.Gap{}
		for _, n := range c.sorted[c.needs[i][0]:c.needs[i][1]] {
			if g := tenths(n.Gap); g > 0 {
				w := int64(math.Round(weightScale * c.weight(n)))
				k := c.lanes[c.lane(n)]
				q.Gaps = append(q.Gaps, c.worthOf(k, g, w, once[k])...)
			}
		}
		c.raise(i, q)
		lo, hi, ceiling := c.limits(i)
		if lo > 0 {
			q.HMin = whole(lo, c.hour)
		}
		if ceiling {
			q.HMax = whole(hi, c.hour)
		}
		s := c.settled[i]
		q.Done = append([]int{}, numbers(s.Done, c.offeringN)...) // the file has lists, not null
		q.Must = slices.DeleteFunc(numbers(s.Must, c.offeringN), func(o int) bool { return slices.Contains(q.Done, o) })
		q.Not = c.numbersOf(s.Not)
		c.lock(q, s.Lock)
	}
}

// weight is what a level of a need counts, in thousandths of the heaviest; in an
// instance from a file, what the file says.
func (c *compiled) weight(n Need) float64 {
	if c.heaviest == 0 {
		return n.Weight
	}
	return max(1, math.Round(weightScale*(n.Weight/c.heaviest))) / weightScale
}

// worthOf is what closing a gap is worth. Where returns fall, what is closed
// beyond the most that one session gives counts Again times as much: the sum of
// a part that ends there and of a part that does not, each in a lane of its own.
func (c *compiled) worthOf(k, gap int, w int64, once int) []solve.Gap {
	if !c.falls() || gap <= once || once == 0 {
		return []solve.Gap{{K: k, G: gap, W: solve.Int(w)}}
	}
	again := scaled(c.model.Policy.Again, w, 1)
	r, _ := again.Rat()
	first := new(big.Rat).Sub(new(big.Rat).SetInt64(w), r)
	digits, _ := first.FloatPrec()
	return []solve.Gap{{K: k, G: gap, W: again}, {K: k + len(c.lanes), G: once, W: solve.Decimal(first.FloatString(digits))}}
}

// lock keeps seats. Where the session has several prices, the seat is in
// whichever is held: a duty to attend the offering, in no other session.
func (c *compiled) lock(q *solve.Person, ids []SessionID) {
	for _, id := range ids {
		own := c.sessionN[id]
		if len(own) <= 1 {
			q.Lock = append(q.Lock, own...)
			continue
		}
		off := c.offeringN[c.sessions[own[0]].Offering]
		q.Must = append(q.Must, off)
		for n, s := range c.sessions {
			if s.Offering == c.sessions[own[0]].Offering && s.ID != id {
				q.Not = append(q.Not, n)
			}
		}
	}
	q.Must, q.Not, q.Lock = ascending(q.Must), ascending(q.Not), ascending(q.Lock)
}

// ascending sorts numbers and drops what is there twice.
func ascending(list []int) []int {
	slices.Sort(list)
	return slices.Compact(list)
}

// numbersOf translates sessions, at any price.
func (c *compiled) numbersOf(ids []SessionID) []int {
	var out []int
	for _, id := range ids {
		out = append(out, c.sessionN[id]...)
	}
	return ascending(out)
}

func whole(jp, unit bangkom.JP) *int {
	n := int(min(jp/unit, mostHours))
	return &n
}

// numbers translates ids, each once, ascending; those without a number are left out.
func numbers[K comparable](ids []K, of map[K]int) []int {
	var out []int
	for _, id := range ids {
		if n, ok := of[id]; ok {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (c *compiled) eachSession() {
	p := c.problem
	p.M = len(c.sessions)
	var start bangkom.Date
	for _, s := range c.sessions {
		if !s.From.IsZero() && (start.IsZero() || s.From.Before(start)) {
			start = s.From
		}
	}
	lanes := sortedLanes(c.lanes)
	for n, s := range c.sessions {
		o, t := c.offering(s), c.terms[n]
		x := solve.Session{Off: c.offeringN[o.ID], Method: string(o.Method), Comp: c.gains(o, lanes), Hours: int(o.JP / c.hour),
			F: int64(s.Cost.Fixed), C: int64(t.seat), Cap: t.max, Min: t.min, Slot: -1, Pre: -1, Clash: c.numbersOf(s.Clash)}
		if o.After != "" {
			x.Pre = c.offeringN[o.After]
		}
		if s.Decision != Undecided {
			x.State = s.Decision.String()
		}
		if !s.From.IsZero() {
			from, to := s.From.Sub(start), s.To.Sub(start)+1 // half-open
			x.From, x.To = &from, &to
		}
		p.Sessions = append(p.Sessions, x)
	}
}

// gains returns what an offering gives in each lane, in tenths.
func (c *compiled) gains(o Offering, lanes []lane) [][2]int {
	comp := [][2]int{}
	for k, l := range lanes {
		g, ok := o.Raises[l.of]
		if !ok {
			continue
		}
		levels := g.Mean - c.model.Policy.Caution*g.SE
		if o.Top > 0 {
			levels = min(levels, float64(o.Top)-float64(l.held))
		}
		if a := tenths(levels); a > 0 {
			comp = append(comp, [2]int{k, a})
		}
	}
	if c.falls() {
		for _, x := range comp[:len(comp):len(comp)] {
			comp = append(comp, [2]int{x[0] + len(lanes), x[1]})
		}
	}
	return comp
}

// rows adds what ties people together.
func (c *compiled) rows() {
	m, p := c.model, c.problem
	p.Budget = mostMoney
	for _, b := range m.Catalogue.Budgets {
		if b.Unit == "" && b.Year == m.Policy.Year {
			p.Budget = int64(min(b.Amount, mostMoney))
		}
	}
	p.Theta = scaled(m.Policy.Coverage, 1, 1)
	p.Pi = soft(cmp.Or(m.Policy.Uncovered, 1), weightScale, 1)
	if over := (solve.Over{Budget: overrun(m.Policy.OverTotal), UBudget: overrun(m.Policy.OverUnit)}); over != (solve.Over{}) {
		p.Over = &over
	}
	p.Money = scaled(m.Policy.Money, weightScale, 1)
	if m.Policy.Away > 0 {
		p.Away = &solve.Away{Share: scaled(m.Policy.Away, 1, 1), Price: overrun(m.Policy.AwayPrice)}
	}
	for _, g := range m.Policy.Covers {
		cover := solve.Cover{Theta: scaled(g.Share, 1, 1), Pi: soft(cmp.Or(g.Price, 1), weightScale, 1)}
		who := map[int]bool{}
		for _, id := range g.Who {
			i, _ := m.Workforce.Index(id)
			who[i] = true
		}
		cover.Who = sortedKeys(who)
		p.Cover = append(p.Cover, cover)
	}
	c.resources()
}

// overrun is the price of a row that is hard unless it has one.
func overrun(price float64) *solve.Decimal {
	if price == 0 {
		return nil
	}
	return soft(price, weightScale, 1)
}

func (c *compiled) resources() {
	resources := slices.Clone(c.model.Catalogue.Resources)
	slices.SortFunc(resources, func(a, b Resource) int { return cmp.Compare(a.ID, b.ID) })
	for _, r := range resources {
		limit := solve.Limit{Limit: min(r.Limit, mostMoney), Per: "session", Price: overrun(r.Price)}
		if r.PerSeat {
			limit.Per = "seat"
		}
		for i, s := range c.sessions {
			var amount int64
			for _, u := range s.Uses {
				if u.Resource == r.ID {
					amount += u.Amount
				}
			}
			if amount > 0 {
				limit.Use = append(limit.Use, [2]int64{int64(i), amount})
			}
		}
		c.problem.Limits = append(c.problem.Limits, limit)
	}
	for _, id := range sortedKeys(c.sessionN) { // a session has one price
		if own := c.sessionN[id]; len(own) > 1 {
			limit := solve.Limit{Limit: 1, Per: "session"}
			for _, n := range own {
				limit.Use = append(limit.Use, [2]int64{int64(n), 1})
			}
			c.problem.Limits = append(c.problem.Limits, limit)
		}
	}
}

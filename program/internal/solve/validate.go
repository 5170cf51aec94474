package solve

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"

	"github.com/bangkom/bangkom"
)

// Bounds of what a problem may hold: with them no sum of money, hours or
// seats can leave an int64.
const (
	mostMoney = 9_007_199_254_740_992 // 2^53: exact in every JSON reader
	mostCount = 1 << 30               // people, seats, days, offerings
	mostGap   = 1 << 30               // tenths of a level
	mostHours = 1_000_000             // of a session, a floor or a ceiling
	allHours  = 1 << 30               // of all sessions together
)

// Validate returns all problems of the input at once, in the order of the file.
// Those of severity Error make [Solve] refuse it.
func (p *Problem) Validate() bangkom.Problems {
	v := &validator{p: p}
	v.counts()
	for i := range p.People {
		v.person(i)
	}
	for s := range p.Sessions {
		v.session(s)
	}
	v.rows()
	v.prerequisites()
	v.totals()
	return v.ps
}

type validator struct {
	p  *Problem
	ps bangkom.Problems

	offered map[int]bool // offerings that have a session
}

func (v *validator) bad(code, where, value, msg string) {
	v.ps.Add(bangkom.Problem{Code: code, Where: where, Value: value, Msg: msg})
}

func (v *validator) warn(code, where, value, msg string) {
	v.ps.Add(bangkom.Problem{Code: code, Severity: bangkom.Warning, Where: where, Value: value, Msg: msg})
}

// within checks an integer against a range.
func (v *validator) within(where string, x, lo, hi int64) bool {
	if lo <= x && x <= hi {
		return true
	}
	code := "out-of-range"
	if x < 0 && lo == 0 {
		code = "negative"
	}
	most := strconv.FormatInt(hi, 10)
	if hi == mostMoney { // in full it would be masked as somebody's number
		most = "2^53"
	}
	v.bad(code, where, strconv.FormatInt(x, 10), fmt.Sprintf("must be from %d to %s", lo, most))
	return false
}

// index checks a reference into a list of n things.
func (v *validator) index(where string, x, n int, what string) bool {
	if 0 <= x && x < n {
		return true
	}
	v.bad("dangling-reference", where, strconv.Itoa(x), fmt.Sprintf("there is no such %s; there are %d, counted from 0", what, n))
	return false
}

// decimal checks a number against [0, hi]; hi nil has no upper end.
func (v *validator) decimal(where string, d Decimal, hi *big.Rat) {
	r, ok := d.Rat()
	switch {
	case !ok:
		v.bad("not-finite", where, string(d), "must be a finite decimal number of at most 64 characters")
	case r.Sign() < 0:
		v.bad("negative", where, string(d), "must not be negative")
	case hi != nil && r.Cmp(hi) > 0:
		v.bad("out-of-range", where, string(d), "must be at most "+hi.RatString())
	}
}

var (
	one       = big.NewRat(1, 1)
	mostPrice = big.NewRat(1_000_000_000_000, 1)
)

func (v *validator) price(where string, d *Decimal) {
	if d != nil {
		v.decimal(where, *d, mostPrice)
	}
}

func (v *validator) counts() {
	p := v.p
	for _, c := range []struct {
		name      string
		said, has int
	}{{"n", p.N, len(p.People)}, {"m", p.M, len(p.Sessions)}, {"U", p.U, len(p.UBudget)}} {
		if c.said != c.has {
			v.ps.Add(bangkom.Problem{Code: bangkom.ErrShape.Code, Where: c.name, Value: strconv.Itoa(c.said), Msg: fmt.Sprintf("the list has %d", c.has)})
		}
	}
	v.within("K", int64(p.K), 0, mostCount)
	v.within("T", int64(p.T), 0, mostCount)
	v.floor("", p.HMin, p.HMax)
	v.price("rho", p.Rho)
	v.price("pi", p.Pi)
	v.decimal("theta", p.Theta, one)
	v.within("budget", p.Budget, 0, mostMoney)
	for u, b := range p.UBudget {
		v.within(fmt.Sprintf("ubudget[%d]", u), b, 0, mostMoney)
	}
	v.offered = map[int]bool{}
	for s := range p.Sessions {
		v.offered[p.Sessions[s].Off] = true
	}
}

// floor checks an hours floor and ceiling that are written side by side.
func (v *validator) floor(at string, lo, hi int) {
	a := v.within(at+"hmin", int64(lo), 0, mostHours)
	b := v.within(at+"hmax", int64(hi), 0, mostHours)
	if a && b && lo > hi {
		v.bad("floor-above-ceiling", at+"hmin", strconv.Itoa(lo), fmt.Sprintf("the hours floor is above the ceiling of %d", hi))
	}
}

func (v *validator) person(i int) {
	p, q, at := v.p, &v.p.People[i], fmt.Sprintf("people[%d].", i)
	v.index(at+"u", q.U, len(p.UBudget), "unit")
	seen := map[int]bool{}
	for j, g := range q.Gaps {
		here := fmt.Sprintf("%sgaps[%d]", at, j)
		v.index(here, g.K, p.K, "competency")
		v.within(here, int64(g.G), 1, mostGap)
		v.decimal(here, g.W, mostPrice)
		if seen[g.K] {
			v.bad("twice", here, strconv.Itoa(g.K), "a person has one gap in a competency")
		}
		seen[g.K] = true
	}
	lo, hi := p.hours(i)
	switch {
	case q.HMin != nil && q.HMax != nil:
		v.floor(at, lo, hi)
	case q.HMin != nil:
		v.within(at+"hmin", int64(lo), 0, mostHours)
	case q.HMax != nil:
		v.within(at+"hmax", int64(hi), 0, mostHours)
	}
	if lo > hi && !(q.HMin != nil && q.HMax != nil) && p.HMin <= p.HMax {
		v.warn("floor-above-ceiling", at+"hmax", strconv.Itoa(hi), fmt.Sprintf("the hours floor of %d cannot be reached", lo))
	}
	for j, o := range q.Must {
		here := fmt.Sprintf("%smust[%d]", at, j)
		switch {
		case !v.offered[o]:
			v.bad("dangling-reference", here, strconv.Itoa(o), "no session belongs to this offering")
		case slices.Contains(q.Done, o):
			v.bad("contradiction", here, strconv.Itoa(o), "must attend an offering that is done")
		}
	}
	for j, s := range q.Not {
		v.index(fmt.Sprintf("%snot[%d]", at, j), s, len(p.Sessions), "session")
	}
	for j, s := range q.Lock {
		v.lock(i, s, fmt.Sprintf("%slock[%d]", at, j))
	}
}

// lock checks a seat that is promised.
func (v *validator) lock(i, s int, where string) {
	p, q := v.p, &v.p.People[i]
	if !v.index(where, s, len(p.Sessions), "session") {
		return
	}
	switch x := &p.Sessions[s]; {
	case slices.Contains(q.Not, s):
		v.bad("contradiction", where, strconv.Itoa(s), "a locked seat in a session that the person must not attend")
	case slices.Contains(q.Done, x.Off):
		v.bad("contradiction", where, strconv.Itoa(s), "a locked seat in an offering that is done")
	case x.State == "closed":
		v.bad("contradiction", where, strconv.Itoa(s), "a locked seat in a session that is closed")
	}
}

func (v *validator) session(s int) {
	p, x, at := v.p, &v.p.Sessions[s], fmt.Sprintf("sessions[%d].", s)
	v.within(at+"off", int64(x.Off), 0, mostCount)
	seen := map[int]bool{}
	for j, c := range x.Comp {
		here := fmt.Sprintf("%scomp[%d]", at, j)
		v.index(here, c[0], p.K, "competency")
		v.within(here, int64(c[1]), 1, mostGap)
		if seen[c[0]] {
			v.bad("twice", here, strconv.Itoa(c[0]), "a session has one gain in a competency")
		}
		seen[c[0]] = true
	}
	v.within(at+"hours", int64(x.Hours), 0, mostHours)
	v.within(at+"F", x.F, 0, mostMoney)
	v.within(at+"c", x.C, 0, mostMoney)
	a, b := v.within(at+"cap", int64(x.Cap), 0, mostCount), v.within(at+"min", int64(x.Min), 0, mostCount)
	if a && b && x.Min > x.Cap {
		v.bad("min-above-cap", at+"min", strconv.Itoa(x.Min), fmt.Sprintf("the minimum is above the %d seats there are", x.Cap))
	}
	v.within(at+"slot", int64(x.Slot), -1, int64(p.T)-1)
	v.within(at+"pre", int64(x.Pre), -1, mostCount)
	if x.State != "" && x.State != "open" && x.State != "closed" {
		v.bad("unknown-state", at+"state", x.State, `must be "open", "closed" or absent`)
	}
	switch {
	case (x.From == nil) != (x.To == nil):
		v.bad("half-dated", at+"from", "", "from and to belong together")
	case x.From != nil && (v.within(at+"from", int64(*x.From), -mostCount, mostCount) && v.within(at+"to", int64(*x.To), -mostCount, mostCount)) && *x.From >= *x.To:
		v.bad("empty-dates", at+"to", strconv.Itoa(*x.To), "must be after from")
	}
	for j, t := range x.Clash {
		here := fmt.Sprintf("%sclash[%d]", at, j)
		if v.index(here, t, len(p.Sessions), "session") && t == s {
			v.bad("self-reference", here, strconv.Itoa(t), "a session clashes with itself")
		}
	}
}

// rows checks limits, absences, coverage and prices.
func (v *validator) rows() {
	p := v.p
	for k, l := range p.Limits {
		at := fmt.Sprintf("limits[%d].", k)
		v.within(at+"limit", l.Limit, 0, mostMoney)
		if l.Per != "session" && l.Per != "seat" {
			v.bad("unknown-word", at+"per", l.Per, `must be "session" or "seat"`)
		}
		for j, u := range l.Use {
			here := fmt.Sprintf("%suse[%d]", at, j)
			v.index(here, int(u[0]), len(p.Sessions), "session")
			v.within(here, u[1], 0, mostMoney)
		}
		v.price(at+"price", l.Price)
	}
	if p.Away != nil {
		v.decimal("away.share", p.Away.Share, one)
		v.price("away.price", p.Away.Price)
	}
	for k, c := range p.Cover {
		at := fmt.Sprintf("cover[%d].", k)
		seen := map[int]bool{}
		for j, i := range c.Who {
			here := fmt.Sprintf("%swho[%d]", at, j)
			if v.index(here, i, len(p.People), "person") && seen[i] {
				v.bad("twice", here, strconv.Itoa(i), "a person is once in a group")
			}
			seen[i] = true
		}
		v.decimal(at+"theta", c.Theta, one)
		v.price(at+"pi", c.Pi)
	}
	v.price("over.budget", p.overBudget())
	v.price("over.ubudget", p.overUnit())
	v.decimal("money", p.Money, mostPrice)
}

// prerequisites refuses circles: nobody could begin.
func (v *validator) prerequisites() {
	p := v.p
	next := map[int][]int{}
	var order []int
	for s := range p.Sessions {
		if x := &p.Sessions[s]; x.Pre >= 0 && !slices.Contains(next[x.Off], x.Pre) {
			next[x.Off] = append(next[x.Off], x.Pre)
			order = append(order, x.Off)
		}
	}
	state := map[int]int{} // 1: on the way, 2: finished
	var visit func(o int) bool
	visit = func(o int) bool {
		switch state[o] {
		case 1:
			return false
		case 2:
			return true
		}
		state[o] = 1
		for _, t := range next[o] {
			if !visit(t) {
				state[o] = 2
				return false
			}
		}
		state[o] = 2
		return true
	}
	for _, o := range order {
		if !visit(o) {
			v.bad("prerequisite-circle", "sessions", strconv.Itoa(o), "this offering is, by way of others, its own prerequisite")
		}
	}
}

// totals refuses sums that no integer of the solver holds.
func (v *validator) totals() {
	if v.ps.Err() != nil {
		return
	}
	p, cost, n := v.p, new(big.Int), big.NewInt(int64(len(v.p.People)))
	term, hours := new(big.Int), int64(0)
	for s := range p.Sessions {
		x := &p.Sessions[s]
		hours += int64(x.Hours)
		cost.Add(cost, big.NewInt(x.F))
		cost.Add(cost, term.Mul(big.NewInt(x.C), n))
	}
	if !cost.IsInt64() {
		v.bad("too-large", "sessions", cost.String(), "the costs of all sessions and seats together are too large")
	}
	if hours > allHours {
		v.bad("too-large", "sessions", strconv.FormatInt(hours, 10), fmt.Sprintf("the hours of all sessions together must be at most %d", allHours))
	}
	if s := p.extent(); !s.fits(big.NewInt(1), len(p.Sessions)) {
		worth, _ := s.person.Float64()
		v.bad("too-large", "people", strconv.FormatFloat(worth, 'g', 3, 64), "gaps, missing hours, duties and coverage of a person are worth too much together")
	}
	for k, l := range p.Limits {
		use := new(big.Int)
		for _, u := range l.Use {
			use.Add(use, term.Mul(big.NewInt(u[1]), n))
		}
		if !use.IsInt64() {
			v.bad("too-large", fmt.Sprintf("limits[%d].use", k), use.String(), "the amounts together are too large")
		}
	}
}

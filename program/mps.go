package program

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"

	"github.com/bangkom/bangkom/program/internal/solve"
)

// WriteMPS writes the instance as a mixed-integer program in free MPS, so that
// any outside solver can referee. It minimises the objective with its sign
// turned. Columns are named Y_session, X_person_session, Z_… for levels closed
// and V_… for what is paid for soft rows, rows R0, R1, … in the order of the
// model; numbers are those of the problem file ([Instance.Write]).
//
// The rows say what the problem file says, and no more: those of a session's
// seats, of each person's hours, offerings, moments and prerequisites, and one
// for every budget, limit, absence and coverage.
func (in *Instance) WriteMPS(w io.Writer) error {
	m := newMIP(in.c.problem)
	out := bufio.NewWriter(w)
	m.write(out)
	if err := out.Flush(); err != nil {
		return fmt.Errorf("program: %w", err)
	}
	return nil
}

// A mip has columns with a lower bound, and rows lo ≤ a·x ≤ hi; it minimises.
type mip struct {
	p     *solve.Problem
	name  []string
	cost  []float64
	lb    []float64
	ub    []float64
	whole []bool
	terms [][]term // by column
	lo    []float64
	hi    []float64

	hold  []int         // column by session
	sits  []map[int]int // column by person and session
	seats [][]int       // columns by session
	any   []int         // column of a person who sits anywhere; −1: nobody eligible
}

// A term is a column in a row, or a row of a column.
type term struct {
	at int
	v  float64
}

func newMIP(p *solve.Problem) *mip {
	m := &mip{p: p, seats: make([][]int, len(p.Sessions)), any: make([]int, len(p.People))}
	v := solve.Look(p, solve.Prices{})
	for s := range p.Sessions {
		x := &p.Sessions[s]
		lo, hi := 0.0, 1.0
		switch x.State {
		case "open":
			lo = 1
		case "closed":
			hi = 0
		}
		m.hold = append(m.hold, m.column(fmt.Sprintf("Y_%d", s), p.Money.Float64()*float64(x.F), lo, hi, true))
	}
	for i := range p.People {
		m.chairs(v, i)
	}
	for i := range p.People {
		m.person(v, i)
	}
	for s := range p.Sessions {
		m.session(s)
	}
	m.shared(v)
	return m
}

func (m *mip) column(name string, cost, lo, hi float64, whole bool) int {
	m.name, m.cost, m.lb, m.ub, m.whole = append(m.name, name), append(m.cost, cost), append(m.lb, lo), append(m.ub, hi), append(m.whole, whole)
	m.terms = append(m.terms, nil)
	return len(m.cost) - 1
}

func (m *mip) row(terms []term, lo, hi float64) {
	for _, t := range terms {
		list := m.terms[t.at]
		if n := len(list); n > 0 && list[n-1].at == len(m.lo) { // a column is once in a row
			list[n-1].v += t.v
			continue
		}
		m.terms[t.at] = append(list, term{len(m.lo), t.v})
	}
	m.lo, m.hi = append(m.lo, lo), append(m.hi, hi)
}

// atMost is a row that is hard, or can be exceeded at a price.
func (m *mip) atMost(name string, terms []term, limit float64, price *solve.Decimal) {
	if price != nil {
		terms = append(terms, term{m.column("V_"+name, price.Float64(), 0, math.Inf(1), false), -1})
	}
	m.row(terms, math.Inf(-1), limit)
}

// chairs adds the columns of one person's seats.
func (m *mip) chairs(v *solve.Insight, i int) {
	p, q := m.p, &m.p.People[i]
	sits := map[int]int{}
	for _, e := range v.Eligible(i) {
		s := int(e)
		lo := 0.0
		if slices.Contains(q.Lock, s) {
			lo = 1
		}
		sits[s] = m.column(fmt.Sprintf("X_%d_%d", i, s), p.Money.Float64()*float64(p.Sessions[s].C), lo, 1, true)
		m.seats[s] = append(m.seats[s], sits[s])
	}
	m.sits = append(m.sits, sits)
}

// person adds the rows of one person, with the columns that they need.
func (m *mip) person(v *solve.Insight, i int) {
	p, q, list := m.p, &m.p.People[i], v.Eligible(i)
	for _, s := range q.Lock {
		if _, ok := m.sits[i][s]; !ok {
			m.row(nil, 1, math.Inf(1)) // a seat that cannot be had
		}
	}
	m.gaps(i, list)
	for _, o := range q.Must {
		m.row(m.all(i, list, func(s int) bool { return p.Sessions[s].Off == o }), 1, math.Inf(1))
	}
	if m.any[i] = -1; len(list) > 0 {
		m.hours(i, list)
		m.cliques(v, i, list)
	}
}

// all lists person i's columns of some sessions, each once.
func (m *mip) all(i int, list []int32, which func(s int) bool) (terms []term) {
	for _, s := range list {
		if which(int(s)) {
			terms = append(terms, term{m.sits[i][int(s)], 1})
		}
	}
	return terms
}

// gaps: z is at most the gap, and at most what the seats give, each at most the gap.
func (m *mip) gaps(i int, list []int32) {
	for _, g := range m.p.People[i].Gaps {
		var give []term
		for _, s := range list {
			for _, a := range m.p.Sessions[s].Comp {
				if a[0] == g.K {
					give = append(give, term{m.sits[i][int(s)], -float64(min(a[1], g.G)) / 10})
				}
			}
		}
		if len(give) > 0 {
			z := m.column(fmt.Sprintf("Z_%d_%d", i, g.K), -g.W.Float64(), 0, float64(g.G)/10, false)
			m.row(append([]term{{z, 1}}, give...), math.Inf(-1), 0)
		}
	}
}

func (m *mip) hours(i int, list []int32) {
	p := m.p
	lo, hi := p.HMin, p.HMax
	if own := p.People[i].HMin; own != nil {
		lo = *own
	}
	if own := p.People[i].HMax; own != nil {
		hi = *own
	}
	var hours []term
	for _, s := range list {
		hours = append(hours, term{m.sits[i][int(s)], float64(p.Sessions[s].Hours)})
	}
	m.row(hours, math.Inf(-1), float64(hi))
	if p.Rho != nil {
		hours = append(slices.Clone(hours), term{m.column(fmt.Sprintf("V_hours_%d", i), p.Rho.Float64(), 0, float64(lo), false), 1})
	}
	m.row(hours, float64(lo), math.Inf(1))
	m.any[i] = m.column(fmt.Sprintf("V_any_%d", i), 0, 0, 1, false)
	reached := []term{{m.any[i], 1}}
	for _, t := range m.all(i, list, func(int) bool { return true }) {
		reached = append(reached, term{t.at, -1})
	}
	m.row(reached, math.Inf(-1), 0)
}

// cliques: one session at a time, one of an offering, no clash, prerequisites first.
func (m *mip) cliques(v *solve.Insight, i int, list []int32) {
	p := m.p
	once := func(terms []term) {
		if len(terms) > 1 {
			m.row(terms, math.Inf(-1), 1)
		}
	}
	for _, o := range v.Occasions() {
		once(m.all(i, list, func(s int) bool { return slices.Contains(o, s) }))
	}
	var offerings []int
	for s := range p.Sessions {
		if o := p.Sessions[s].Off; !slices.Contains(offerings, o) {
			offerings = append(offerings, o)
			once(m.all(i, list, func(s int) bool { return p.Sessions[s].Off == o }))
		}
	}
	for _, e := range list {
		s := int(e)
		for _, t := range p.Sessions[s].Clash {
			if j, ok := m.sits[i][t]; ok {
				m.row([]term{{m.sits[i][s], 1}, {j, 1}}, math.Inf(-1), 1)
			}
		}
		before, has := v.Before(s)
		if !has || slices.Contains(p.People[i].Done, p.Sessions[s].Pre) {
			continue
		}
		first := []term{{m.sits[i][s], 1}}
		for _, t := range before {
			if j, ok := m.sits[i][t]; ok {
				first = append(first, term{j, -1})
			}
		}
		m.row(first, math.Inf(-1), 0)
	}
}

// session: no one, or from min to cap people. Solvers take a number within some
// 1e-9 of a whole one for whole: a cap that stands for any number would let all
// sit in a session that is not held.
func (m *mip) session(s int) {
	most := max(1000, len(m.p.People))
	var seats []term
	for _, j := range m.seats[s] {
		seats = append(seats, term{j, 1})
	}
	m.row(append(slices.Clone(seats), term{m.hold[s], -float64(min(m.p.Sessions[s].Cap, most))}), math.Inf(-1), 0)
	m.row(append(seats, term{m.hold[s], -float64(m.p.Sessions[s].Min)}), 0, math.Inf(1))
}

// shared adds the rows that people share beside the sessions.
func (m *mip) shared(v *solve.Insight) {
	p := m.p
	var total []term
	for s := range p.Sessions {
		total = append(total, term{m.hold[s], float64(p.Sessions[s].F)})
	}
	byUnit := make([][]int, len(p.UBudget))
	for i := range p.People {
		byUnit[p.People[i].U] = append(byUnit[p.People[i].U], i)
		for _, e := range v.Eligible(i) {
			total = append(total, term{m.sits[i][int(e)], float64(p.Sessions[e].C)})
		}
	}
	over := p.Over
	if over == nil {
		over = &solve.Over{}
	}
	m.atMost("budget", total, float64(p.Budget), over.Budget)
	for u, who := range byUnit {
		m.unit(v, u, who, over.UBudget)
	}
	for k, l := range p.Limits {
		var use []term
		for _, a := range l.Use {
			cols := []int{m.hold[a[0]]}
			if l.Per == "seat" {
				cols = m.seats[a[0]]
			}
			for _, j := range cols {
				use = append(use, term{j, float64(a[1])})
			}
		}
		m.atMost(fmt.Sprintf("limit_%d", k), use, float64(l.Limit), l.Price)
	}
	for u, who := range byUnit {
		m.cover(fmt.Sprintf("unit_%d", u), who, p.Theta, p.Pi)
	}
	for k, g := range p.Cover {
		m.cover(fmt.Sprintf("cover_%d", k), g.Who, g.Theta, g.Pi)
	}
}

func (m *mip) unit(v *solve.Insight, u int, who []int, price *solve.Decimal) {
	p := m.p
	var cost []term
	for _, i := range who {
		for _, e := range v.Eligible(i) {
			cost = append(cost, term{m.sits[i][int(e)], float64(p.Sessions[e].C)})
		}
	}
	m.atMost(fmt.Sprintf("unit_%d", u), cost, float64(p.UBudget[u]), price)
	most, has := v.Away(u)
	if !has {
		return
	}
	for o, list := range v.Occasions() {
		var gone []term
		for _, i := range who {
			gone = append(gone, m.all(i, v.Eligible(i), func(s int) bool { return slices.Contains(list, s) })...)
		}
		m.atMost(fmt.Sprintf("away_%d_%d", u, o), gone, float64(most), p.Away.Price)
	}
}

func (m *mip) cover(name string, who []int, share solve.Decimal, price *solve.Decimal) {
	var members []term
	for _, i := range who {
		if m.any[i] >= 0 {
			members = append(members, term{m.any[i], 1})
		}
	}
	if len(members) == 0 {
		return
	}
	n := float64(len(members))
	if price != nil {
		members = append(members, term{m.column("V_cover_"+name, price.Float64(), 0, n, false), 1})
	}
	m.row(members, share.Float64()*n, math.Inf(1))
}

// number writes a float as a plain decimal that reads back as itself.
func number(x float64) string { return strconv.FormatFloat(x+0, 'f', -1, 64) } // +0: no −0

// write prints free MPS.
func (m *mip) write(w *bufio.Writer) {
	kind := func(r int) string {
		switch {
		case m.lo[r] == m.hi[r]:
			return "E"
		case math.IsInf(m.lo[r], -1):
			return "L"
		}
		return "G"
	}
	fmt.Fprint(w, "NAME bangkom FREE\nROWS\n N OBJ\n")
	for r := range m.lo {
		fmt.Fprintf(w, " %s R%d\n", kind(r), r)
	}
	fmt.Fprint(w, "COLUMNS\n")
	whole := false
	mark := func(j int) {
		word := map[bool]string{true: "INTORG", false: "INTEND"}[whole]
		fmt.Fprintf(w, " M%d 'MARKER' '%s'\n", j, word)
	}
	for j, name := range m.name {
		if m.whole[j] != whole {
			whole = m.whole[j]
			mark(j)
		}
		if m.cost[j] != 0 || len(m.terms[j]) == 0 { // a column without any entry still has to be named
			fmt.Fprintf(w, " %s OBJ %s\n", name, number(m.cost[j]))
		}
		for _, t := range m.terms[j] {
			fmt.Fprintf(w, " %s R%d %s\n", name, t.at, number(t.v))
		}
	}
	if whole {
		whole = false
		mark(len(m.name))
	}
	fmt.Fprint(w, "RHS\n")
	for r := range m.lo {
		b := m.hi[r]
		if kind(r) == "G" {
			b = m.lo[r]
		}
		if b != 0 {
			fmt.Fprintf(w, " RHS R%d %s\n", r, number(b))
		}
	}
	fmt.Fprint(w, "BOUNDS\n")
	for j, name := range m.name {
		if m.lb[j] != 0 {
			fmt.Fprintf(w, " LO BND %s %s\n", name, number(m.lb[j]))
		}
		if math.IsInf(m.ub[j], 1) {
			fmt.Fprintf(w, " PL BND %s\n", name)
		} else {
			fmt.Fprintf(w, " UP BND %s %s\n", name, number(m.ub[j]))
		}
	}
	fmt.Fprint(w, "ENDATA\n")
}

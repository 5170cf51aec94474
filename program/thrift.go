package program

import (
	"cmp"
	"slices"

	"github.com/bangkom/bangkom/program/internal/solve"
)

// thrift takes away sessions and paid seats that are worth nothing in the model:
// without them the plan closes as much, nobody is short of more hours, and no
// rule is broken; then it merges half-filled sessions. Where spending is free the
// search has no reason to do so.
// Seats that an earlier plan's price is on stay.
func (c *compiled) thrift(open []int, assign [][2]int, keep *Kept) ([]int, [][2]int) {
	p := c.problem
	seats, sits := make([][]int, p.M), make([][]int, p.N)
	for _, a := range assign {
		seats[a[1]] = append(seats[a[1]], a[0])
		sits[a[0]] = append(sits[a[0]], a[1])
	}
	kept := map[seat]bool{}
	if keep != nil {
		for _, s := range keep.Seats {
			kept[s] = true
		}
	}
	idle := func(i, s int) bool {
		id, _ := c.person(i)
		return !kept[seatOf(id, c.sessions[s].ID)] && c.idleSeat(i, s, sits[i])
	}
	order := slices.Clone(open) // the dearest first
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(p.Sessions[b].C, p.Sessions[a].C), cmp.Compare(p.Sessions[b].F, p.Sessions[a].F), cmp.Compare(a, b))
	})
	var left []int
	for _, s := range order {
		x := &p.Sessions[s]
		if x.C+x.F == 0 {
			left = append(left, s)
			continue
		}
		least := max(1, x.Min)
		if x.State != Open.String() && !slices.ContainsFunc(seats[s], func(i int) bool { return !idle(i, s) }) {
			least = 0 // nobody needs it
		}
		for _, i := range slices.Sorted(slices.Values(seats[s])) {
			if len(seats[s]) > least && (x.C > 0 || least == 0) && idle(i, s) {
				seats[s], sits[i] = without(seats[s], i), without(sits[i], s)
			}
		}
		if len(seats[s]) > 0 || x.State == Open.String() {
			left = append(left, s)
		}
	}
	slices.Sort(left)
	return c.merge(left, slices.DeleteFunc(slices.Clone(assign), func(a [2]int) bool { return !slices.Contains(sits[a[0]], a[1]) }), kept)
}

// merge moves all people of a session into others of its offering, where there
// is room, where less is paid and the plan is worth no less by what
// [solve.Evaluate] says: half-filled sessions are no use where money is free.
func (c *compiled) merge(open []int, assign [][2]int, kept map[seat]bool) ([]int, [][2]int) {
	m := merger{c: c, kept: kept, now: solve.Plan{Open: open, Assign: assign}, left: mergeWork}
	order := slices.Clone(open) // what costs most to hold first
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(c.problem.Sessions[b].F, c.problem.Sessions[a].F) })
	m.all(order)
	return m.now.Open, m.now.Assign
}

// mergeWork ends merging, in people and seats gone through: a large plan waits a few seconds at most, not minutes.
const mergeWork = 40_000_000

// A merger improves a plan.
type merger struct {
	c        *compiled
	kept     map[seat]bool
	now      solve.Plan
	left     int // see mergeWork
	evaluate func(solve.Plan) *solve.Evaluation
	is       *solve.Evaluation // of now; nil: not known
}

// all empties as many of these sessions as it can at once; where that breaks a
// rule, or loses something, each half by itself.
func (m *merger) all(list []int) {
	next, emptied := m.now, 0
	for _, s := range list {
		if m.left < 0 {
			return
		}
		if try, ok := m.without(next, s); ok {
			next, emptied = try, emptied+1
		}
	}
	if emptied == 0 {
		return
	}
	if m.evaluate == nil {
		m.evaluate = solve.Evaluator(m.c.problem)
		m.is = m.evaluate(m.now)
	}
	m.left -= 10 * (m.c.problem.N + len(next.Assign))
	if e := m.evaluate(next); e.Feasible() && e.Cost < m.is.Cost && e.Objective.Cmp(m.is.Objective) >= 0 {
		m.now, m.is = next, e
	} else if len(list) > 1 {
		m.all(list[:len(list)/2])
		m.all(list[len(list)/2:])
	}
}

// without is a plan whose people of session s sit in others; false: there is no
// room, or it is not cheaper.
func (m *merger) without(plan solve.Plan, s int) (next solve.Plan, ok bool) {
	c := m.c
	m.left -= len(plan.Assign)
	seats := c.seatsTaken(plan)
	room := c.roomBeside(s, plan.Open, seats)
	if room == nil {
		return next, false
	}
	if next, ok = c.emptied(plan, s, room, m.kept); !ok {
		return next, false
	}
	list, paid := -c.problem.Sessions[s].F, -c.due(s, seats[s])
	for t, n := range c.seatsTaken(next) {
		list += int64(n-seats[t]) * c.problem.Sessions[t].C
		if n > seats[t] {
			paid += c.due(t, n) - c.due(t, seats[t])
		}
	}
	return next, list < 0 && paid < 0
}

// due is what session s costs with n people. Where the partner counts the seats of
// each session, people of a large one parted among smaller ones may lose its price.
func (c *compiled) due(s, n int) int64 {
	x := &c.problem.Sessions[s]
	if partner, ok := c.partner[c.offering(c.sessions[s]).Partner]; ok && partner.PerSession {
		return x.F + int64(n)*int64(c.sessions[s].Cost.Seat+partner.Price(n))
	}
	return x.F + int64(n)*x.C
}

// seatsTaken counts the people of each session.
func (c *compiled) seatsTaken(plan solve.Plan) []int {
	seats := make([]int, c.problem.M)
	for _, a := range plan.Assign {
		seats[a[1]]++
	}
	return seats
}

// roomBeside is how many more people the other sessions held of an offering
// take; nil: not all of this one's, or it has to be held.
func (c *compiled) roomBeside(s int, open, seats []int) map[int]int {
	p := c.problem
	room, all := map[int]int{}, 0
	for _, t := range open {
		if y := &p.Sessions[t]; t != s && y.Off == p.Sessions[s].Off {
			room[t] = y.Cap - seats[t]
			all += room[t]
		}
	}
	if p.Sessions[s].State == Open.String() || seats[s] == 0 || seats[s] > all {
		return nil
	}
	return room
}

// emptied is a plan without session s, whose people sit where there is room;
// false: one of them has to stay, or cannot go anywhere.
func (c *compiled) emptied(plan solve.Plan, s int, room map[int]int, kept map[seat]bool) (next solve.Plan, ok bool) {
	elsewhere := map[int][]int{} // person → other sessions
	for _, a := range plan.Assign {
		if a[1] == s {
			elsewhere[a[0]] = nil
		}
	}
	for _, a := range plan.Assign {
		if mine, some := elsewhere[a[0]]; some && a[1] != s {
			elsewhere[a[0]] = append(mine, a[1])
		}
	}
	next.Open = slices.DeleteFunc(slices.Clone(plan.Open), func(t int) bool { return t == s })
	next.Assign = slices.Clone(plan.Assign)
	for k, a := range next.Assign {
		if a[1] != s {
			continue
		}
		id, _ := c.person(a[0])
		to := slices.IndexFunc(next.Open, func(t int) bool {
			return room[t] > 0 && !slices.ContainsFunc(elsewhere[a[0]], func(o int) bool { return c.clash(t, o) })
		})
		if to < 0 || kept[seatOf(id, c.sessions[s].ID)] {
			return next, false
		}
		next.Assign[k][1] = next.Open[to]
		room[next.Open[to]]--
	}
	return next, true
}

// idleSeat reports whether person i, with these seats, does as well without s.
func (c *compiled) idleSeat(i, s int, sits []int) bool {
	p, q := c.problem, &c.problem.People[i]
	x := &p.Sessions[s]
	if len(sits) < 2 || slices.Contains(q.Lock, s) || slices.Contains(q.Must, x.Off) {
		return false
	}
	hours, least := 0, p.HMin
	if q.HMin != nil {
		least = *q.HMin
	}
	for _, t := range sits {
		y := &p.Sessions[t]
		if t != s {
			hours += y.Hours
		}
		if y.Pre == x.Off && !slices.Contains(q.Done, y.Pre) {
			return false
		}
	}
	if free := p.Rho != nil && p.Rho.Float64() == 0; hours < least && !free {
		return false
	}
	return !slices.ContainsFunc(q.Gaps, func(g solve.Gap) bool {
		with, own := 0, 0
		for _, t := range sits {
			for _, a := range p.Sessions[t].Comp {
				if a[0] == g.K {
					with += a[1]
					if t == s {
						own += a[1]
					}
				}
			}
		}
		return own > 0 && with-own < g.G
	})
}

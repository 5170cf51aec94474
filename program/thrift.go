package program

import (
	"cmp"
	"slices"

	"github.com/bangkom/bangkom/program/internal/solve"
)

// thrift takes away sessions and paid seats that are worth nothing in the model:
// without them the plan closes as much, nobody is short of more hours, and no
// rule is broken. Where spending is free the search has no reason to do so.
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
	return left, slices.DeleteFunc(slices.Clone(assign), func(a [2]int) bool { return !slices.Contains(sits[a[0]], a[1]) })
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

package program

import (
	"cmp"
	"iter"
	"math"
	"slices"
	"strconv"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/program/internal/solve"
)

// person returns who a number stands for, and the own unit.
func (c *compiled) person(i int) (competency.PersonID, competency.UnitID) {
	if w := c.model.Workforce; w != nil {
		p := w.At(i)
		return p.ID, p.Unit
	}
	return competency.PersonID(strconv.Itoa(i)), c.payers[c.payerOf[i]]
}

// floor returns the hours that person i should have.
func (c *compiled) floor(i int) bangkom.JP {
	if c.model.Workforce != nil {
		lo, _, _ := c.limits(i)
		return lo
	}
	lo := c.problem.HMin
	if own := c.problem.People[i].HMin; own != nil {
		lo = *own
	}
	return bangkom.JP(lo) * c.hour
}

// decode turns what the solver found into a plan.
func (c *compiled) decode(open []int, assign [][2]int) *Plan {
	m := c.model
	p := &Plan{Year: m.Policy.Year, AsOf: m.Policy.AsOf, Objective: math.NaN(), Bound: math.Inf(1), Held: []Held{}, People: []Individual{}}
	seats := make([][]int, len(c.sessions)) // people by session
	sits := make([][]int, len(c.needs))     // sessions by person
	for _, a := range assign {
		seats[a[1]] = append(seats[a[1]], a[0])
		sits[a[0]] = append(sits[a[0]], a[1])
	}
	open = slices.Sorted(slices.Values(open))
	for _, s := range open {
		p.Held = append(p.Held, c.held(s, seats[s]))
	}
	who := c.audience()
	for i := range c.needs {
		slices.Sort(sits[i])
		if x, concerned := c.individual(i, sits[i], who); concerned {
			p.People = append(p.People, x)
		}
	}
	slices.SortStableFunc(p.People, func(a, b Individual) int { return cmp.Compare(a.Person, b.Person) })
	p.AtTier = m.Policy.TierReached
	p.Cost = charge(p.Held)
	p.Lines = budgetLines(p, p.Held, p.Cost, m.Catalogue.Budgets)
	return p
}

func (c *compiled) held(s int, people []int) Held {
	session := c.sessions[s]
	session.Clash, session.Uses = slices.Clone(session.Clash), slices.Clone(session.Uses)
	h := Held{Session: session, Offering: c.offering(session).Clone(), People: []competency.PersonID{}}
	if partner, ok := c.partner[h.Offering.Partner]; ok {
		partner.Terms = slices.Clone(partner.Terms)
		h.Partner = &partner
	}
	slices.Sort(people)
	for _, i := range people {
		id, _ := c.person(i)
		h.People = append(h.People, id)
	}
	return h
}

// individual returns the plan of one person; false for someone without need,
// seat and minimum of hours.
func (c *compiled) individual(i int, sits []int, who *audience) (Individual, bool) {
	id, unit := c.person(i)
	x := Individual{Person: id, Unit: unit, Payer: c.payers[c.payerOf[i]]}
	for _, s := range sits {
		x.Sessions = append(x.Sessions, c.sessions[s].ID)
		x.JP += c.offering(c.sessions[s]).JP
	}
	lo := c.floor(i)
	x.Missing = max(0, lo-x.JP)
	x.Expected = c.expected(i, sits)
	if len(sits) == 0 {
		x.Unseated = c.unseated(i, who)
	}
	return x, len(sits) > 0 || len(x.Expected) > 0 || lo > 0
}

// expected adds up what the sessions of a person close, in tenths as the
// solver does.
func (c *compiled) expected(i int, sits []int) []Expected {
	var out []Expected
	for _, n := range c.sorted[c.needs[i][0]:c.needs[i][1]] {
		k, gap, closed := c.lanes[c.lane(n)], tenths(n.Gap), 0
		for _, s := range sits {
			for _, gain := range c.problem.Sessions[s].Comp {
				if gain[0] == k {
					closed += gain[1]
				}
			}
		}
		out = append(out, Expected{Of: n.Of, Gap: n.Gap, Closed: float64(min(gap, closed)) / 10, Weight: c.weight(n)})
	}
	return out
}

// unseated says why person i has no seat.
func (c *compiled) unseated(i int, a *audience) Reason {
	person := &c.problem.People[i]
	if len(person.Gaps) == 0 {
		return NoNeed
	}
	done, other, few := false, false, false
	for s := range a.raising(person) {
		x := &c.problem.Sessions[s]
		switch {
		case x.State == Closed.String():
		case slices.Contains(person.Done, x.Off):
			done = true
		case !a.may(person, s):
			other = true
		case a.takers[s] < x.Min:
			few = true
		default:
			return NoRoom
		}
	}
	switch {
	case few:
		return TooFew
	case done && !other:
		return DoneBefore
	}
	return NoSession
}

// An audience knows who may attend what.
type audience struct {
	problem *solve.Problem
	lanes   [][]int      // by lane, the sessions that raise it
	offered map[int]bool // offerings that have a session
	takers  []int        // by session, how many people may attend it
}

func (c *compiled) audience() *audience {
	a := &audience{problem: c.problem, lanes: make([][]int, c.problem.K), offered: map[int]bool{}, takers: make([]int, len(c.problem.Sessions))}
	for s, x := range c.problem.Sessions {
		a.offered[x.Off] = true
		for _, gain := range x.Comp {
			a.lanes[gain[0]] = append(a.lanes[gain[0]], s)
		}
	}
	for i := range c.problem.People {
		person := &c.problem.People[i]
		for s := range a.raising(person) {
			if a.may(person, s) {
				a.takers[s]++
			}
		}
	}
	return a
}

// raising yields, each once, the sessions that raise a gap of a person.
func (a *audience) raising(person *solve.Person) iter.Seq[int] {
	return func(yield func(int) bool) {
		for k, g := range person.Gaps {
			for _, s := range a.lanes[g.K] {
				earlier := slices.ContainsFunc(person.Gaps[:k], func(h solve.Gap) bool { return slices.Contains(a.lanes[h.K], s) })
				if !earlier && !yield(s) {
					return
				}
			}
		}
	}
}

// may reports whether a person may attend a session that raises a gap, once
// its prerequisite is attended.
func (a *audience) may(person *solve.Person, s int) bool {
	x := &a.problem.Sessions[s]
	ready := x.Pre < 0 || slices.Contains(person.Done, x.Pre) || a.offered[x.Pre]
	return ready && x.State != Closed.String() && !slices.Contains(person.Done, x.Off) && !slices.Contains(person.Not, s)
}

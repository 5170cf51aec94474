package program

import (
	"cmp"
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
	audience := c.audience()
	for i := range c.needs {
		slices.Sort(sits[i])
		if x, concerned := c.individual(i, sits[i], audience); concerned {
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

// audience returns, by lane, the sessions that raise it.
func (c *compiled) audience() [][]int {
	by := make([][]int, c.problem.K)
	for s, x := range c.problem.Sessions {
		for _, gain := range x.Comp {
			by[gain[0]] = append(by[gain[0]], s)
		}
	}
	return by
}

// individual returns the plan of one person; false for someone without need,
// seat and minimum of hours.
func (c *compiled) individual(i int, sits []int, audience [][]int) (Individual, bool) {
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
		x.Unseated = c.unseated(i, audience)
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
		out = append(out, Expected{Of: n.Of, Gap: n.Gap, Closed: float64(min(gap, closed)) / 10})
	}
	return out
}

func (c *compiled) unseated(i int, audience [][]int) Reason {
	person := &c.problem.People[i]
	if len(person.Gaps) == 0 {
		return NoNeed
	}
	for _, g := range person.Gaps {
		for _, s := range audience[g.K] {
			x := &c.problem.Sessions[s]
			ready := x.Pre < 0 || slices.Contains(person.Done, x.Pre) || c.offered(x.Pre)
			if ready && x.State != Closed.String() && !slices.Contains(person.Done, x.Off) && !slices.Contains(person.Not, s) {
				return NoRoom
			}
		}
	}
	return NoSession
}

// offered reports whether an offering has a session in the problem.
func (c *compiled) offered(off int) bool {
	return slices.ContainsFunc(c.problem.Sessions, func(x solve.Session) bool { return x.Off == off })
}

package program

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
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

package program

import (
	"slices"
	"strconv"

	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/program/internal/solve"
)

// Kept are the seats of an earlier plan that [Options].Moves puts a price on.
// The objective of the new plan, and its bound, are less by the price of each
// that is taken away.
type Kept struct {
	Price float64     `json:"price"`
	Seats [][2]string `json:"seats"` // [person, session]; only those that can still be had
	Lost  int         `json:"lost"`  // how many of them are taken away
}

// A seat in a file is [person, session].
type seat = [2]string

func seatOf(person competency.PersonID, session SessionID) seat {
	return seat{string(person), string(session)}
}

// most is what it costs to take all of them away.
func (k *Kept) most() float64 {
	if k == nil {
		return 0
	}
	return k.Price * float64(len(k.Seats))
}

// encode turns a plan into the numbers of the problem; what is not in the
// problem is left out. A session with several prices is held at the one that
// its number of people has.
func (c *compiled) encode(p *Plan) *solve.Plan {
	out := &solve.Plan{}
	people := c.numberOfPeople(p)
	for _, h := range p.Held {
		at := -1
		for _, n := range c.sessionN[h.Session.ID] {
			if at < 0 || c.terms[n].min <= len(h.People) {
				at = n
			}
		}
		if at < 0 {
			continue
		}
		out.Open = append(out.Open, at)
		for _, id := range h.People {
			if i, ok := people[id]; ok {
				out.Assign = append(out.Assign, [2]int{i, at})
			}
		}
	}
	return out
}

// numberOfPeople numbers those who have a seat in the plan.
func (c *compiled) numberOfPeople(p *Plan) map[competency.PersonID]int {
	out := map[competency.PersonID]int{}
	for _, h := range p.Held {
		for _, id := range h.People {
			if i, ok := c.index(id); ok {
				out[id] = i
			}
		}
	}
	return out
}

// index returns the number of a person.
func (c *compiled) index(id competency.PersonID) (int, bool) {
	if w := c.model.Workforce; w != nil {
		return w.Index(id)
	}
	i, err := strconv.Atoi(string(id))
	return i, err == nil && i >= 0 && i < len(c.needs) && strconv.Itoa(i) == string(id)
}

// keepingOf lists the seats of a plan that can still be had; nil if they cost nothing.
func (c *compiled) keepingOf(from *Plan, price float64) *Kept {
	if from == nil || price == 0 {
		return nil
	}
	k := &Kept{Price: price}
	who := c.audience()
	for _, h := range from.Held {
		for _, id := range h.People {
			i, ok := c.index(id)
			if !ok {
				continue
			}
			open := who.of(i)
			if slices.ContainsFunc(c.sessionN[h.Session.ID], func(n int) bool { return slices.Contains(open, n) }) {
				k.Seats = append(k.Seats, seatOf(id, h.Session.ID))
			}
		}
	}
	return k
}

// keeping returns the problem in which each kept seat earns its price: every
// session gets a lane of its own, in which those who sat there have a gap that
// only this session closes. A seat taken away then costs what it does not earn.
func (c *compiled) keeping(k *Kept) *solve.Problem {
	if k == nil || len(k.Seats) == 0 {
		return c.problem
	}
	p := *c.problem
	p.People, p.Sessions = slices.Clone(p.People), slices.Clone(p.Sessions)
	price := scaled(k.Price, int64(c.scale), 1)
	const level = 10 // tenths
	for _, s := range k.Seats {
		i, known := c.index(competency.PersonID(s[0]))
		own := c.sessionN[SessionID(s[1])]
		if !known || len(own) == 0 {
			continue // lost for sure
		}
		q := &p.People[i]
		q.Gaps = append(slices.Clone(q.Gaps), solve.Gap{K: p.K + own[0], G: level, W: price})
	}
	for _, own := range c.sessionN {
		for _, n := range own {
			p.Sessions[n].Comp = append(slices.Clone(p.Sessions[n].Comp), [2]int{p.K + own[0], level})
		}
	}
	p.K += p.M
	return &p
}

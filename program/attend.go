package program

import (
	"slices"

	"github.com/bangkom/bangkom/program/internal/solve"
)

// An audience knows who may attend what: a session that raises a gap, or that
// is a duty, and whose prerequisite the person did or may attend too. Both have
// to fit under the person's most hours. A prerequisite that raises nothing for
// a person is not open to that person, unless as a duty: see [Settled].
type audience struct {
	problem *solve.Problem
	lanes   [][]int       // by lane, the sessions that raise it
	offers  map[int][]int // by offering
	takers  []int         // by session, how many people may attend it
}

func (c *compiled) audience() *audience {
	p := c.problem
	a := &audience{problem: p, lanes: make([][]int, p.K), offers: map[int][]int{}, takers: make([]int, len(p.Sessions))}
	for s, x := range p.Sessions {
		a.offers[x.Off] = append(a.offers[x.Off], s)
		for _, gain := range x.Comp {
			a.lanes[gain[0]] = append(a.lanes[gain[0]], s)
		}
	}
	for i := range p.People {
		for _, s := range a.of(i) {
			a.takers[s]++
		}
	}
	return a
}

// raising lists the sessions that raise a gap of a person, ascending.
func (a *audience) raising(i int) []int {
	var list []int
	for _, g := range a.problem.People[i].Gaps {
		list = append(list, a.lanes[g.K]...)
	}
	return ascending(list)
}

// eligible lists the sessions that person i may attend for what they are,
// prerequisites and hours apart.
func (a *audience) eligible(i int) []int {
	return slices.DeleteFunc(a.suiting(i), func(s int) bool { return a.problem.Sessions[s].State == Closed.String() })
}

// suiting lists the sessions that are for person i, closed ones too: who has
// none counts for no coverage.
func (a *audience) suiting(i int) []int {
	q := &a.problem.People[i]
	list := append(a.raising(i), q.Lock...)
	for _, o := range q.Must {
		list = append(list, a.offers[o]...)
	}
	return slices.DeleteFunc(ascending(list), func(s int) bool {
		return slices.Contains(q.Done, a.problem.Sessions[s].Off) || slices.Contains(q.Not, s)
	})
}

// of lists the sessions that person i may attend.
func (a *audience) of(i int) []int {
	list := a.eligible(i)
	most := a.problem.HMax
	if own := a.problem.People[i].HMax; own != nil {
		most = *own
	}
	var out []int
	for _, s := range list {
		if hours, ok := a.hours(i, s, list); ok && hours <= most {
			out = append(out, s)
		}
	}
	return out
}

// hours is the fewest that a session takes of person i together with what has
// to come before it; false if that is not among what the person may attend.
func (a *audience) hours(i, s int, list []int) (int, bool) {
	x := &a.problem.Sessions[s]
	if x.Pre < 0 || slices.Contains(a.problem.People[i].Done, x.Pre) {
		return x.Hours, true
	}
	least, found := 0, false
	for _, t := range a.offers[x.Pre] {
		if _, open := slices.BinarySearch(list, t); !open || !a.precedes(t, s) {
			continue
		}
		if h, ok := a.hours(i, t, list); ok && (!found || h < least) {
			least, found = h, true
		}
	}
	return least + x.Hours, found
}

// precedes reports whether session t can be attended before s.
func (a *audience) precedes(t, s int) bool {
	return precedes(&a.problem.Sessions[t], &a.problem.Sessions[s])
}

func precedes(x, y *solve.Session) bool {
	return x.To == nil || y.From == nil || *x.To <= *y.From
}

// barred reports whether person i may not attend the prerequisite of session s,
// nor did it, though others may.
func (a *audience) barred(i, s int) bool {
	q, x := &a.problem.People[i], &a.problem.Sessions[s]
	if x.Pre < 0 || slices.Contains(q.Done, x.Pre) {
		return false
	}
	list, others := a.eligible(i), false
	for _, t := range a.offers[x.Pre] {
		if _, open := slices.BinarySearch(list, t); open {
			return false
		}
		others = others || a.problem.Sessions[t].State != Closed.String() && !slices.Contains(q.Not, t)
	}
	return others
}

// unseated says why person i has no seat.
func (c *compiled) unseated(i int, a *audience) Reason {
	q := &c.problem.People[i]
	if len(q.Gaps) == 0 {
		return NoNeed
	}
	done, other, few := false, false, false
	open := a.of(i)
	for _, s := range a.raising(i) {
		x := &c.problem.Sessions[s]
		_, may := slices.BinarySearch(open, s)
		switch {
		case x.State == Closed.String():
		case slices.Contains(q.Done, x.Off):
			done = true
		case !may:
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

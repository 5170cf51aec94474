package program

import (
	"cmp"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/program/internal/solve"
)

// audit finds what no part of a sound model is to blame for by itself:
// promises that do not fit together, and people shut out by a prerequisite.
func (c *compiled) audit() bangkom.Problems {
	who := c.audience()
	return slices.Concat(c.promises(who), c.shutOut(who), c.tooLate(who))
}

// tooLate warns of sessions that begin before any session of their prerequisite
// has ended.
func (c *compiled) tooLate(who *audience) (ps bangkom.Problems) {
	late := map[int]bool{}
	for s := range c.problem.Sessions {
		x := &c.problem.Sessions[s]
		late[s] = x.State != Closed.String() && x.Pre >= 0 && x.Pre < len(c.model.Catalogue.Offerings) && // else unknown, as was said
			!slices.ContainsFunc(who.offers[x.Pre], func(t int) bool {
				return c.problem.Sessions[t].State != Closed.String() && who.precedes(t, s)
			})
	}
	out, all := map[SessionID]int{}, map[SessionID]int{}
	for i := range c.problem.People {
		q := &c.problem.People[i]
		seen := map[SessionID]bool{}
		for _, s := range who.raising(i) {
			id := c.sessions[s].ID
			if x := &c.problem.Sessions[s]; !late[s] || seen[id] || slices.Contains(q.Done, x.Off) {
				continue
			}
			seen[id] = true
			all[id]++
			if !slices.Contains(q.Done, c.problem.Sessions[s].Pre) {
				out[id]++
			}
		}
	}
	for _, id := range sortedKeys(out) {
		s := c.sessions[c.sessionN[id][0]]
		ps.Add(bangkom.Problem{Code: "late-prerequisite", Severity: bangkom.Warning, Where: cmp.Or(s.Where, path("sessions", id)), Value: string(c.offering(s).After),
			Msg:  fmt.Sprintf("%d of the %d people with a gap that it raises may not attend it: no session of its prerequisite ends before it begins", out[id], all[id]),
			Need: "an earlier session of the prerequisite, or note who did it before"})
	}
	return ps
}

// shutOut warns of offerings that would close somebody's gap and whose
// prerequisite, closing none, is not open to that person.
func (c *compiled) shutOut(who *audience) (ps bangkom.Problems) {
	out, all := map[int]int{}, map[int]int{}
	for i := range c.problem.People {
		seen := map[int]bool{}
		for _, s := range who.raising(i) {
			if x := &c.problem.Sessions[s]; x.Pre >= 0 && !seen[x.Off] && !slices.Contains(c.problem.People[i].Done, x.Off) {
				seen[x.Off] = true
				all[x.Off]++
				if who.barred(i, s) {
					out[x.Off]++
				}
			}
		}
	}
	for _, o := range sortedKeys(out) {
		x := c.offerings[o]
		ps.Add(bangkom.Problem{Code: "barred-prerequisite", Severity: bangkom.Warning, Where: path("offerings", x.ID), Value: string(x.After),
			Msg:  fmt.Sprintf("%d of the %d people with a gap that it raises may not attend it: its prerequisite closes no gap of theirs, so that it is not open to them", out[o], all[o]),
			Need: "make the prerequisite a duty of those who should go on, or note who did it before"})
	}
	return ps
}

// A promise is a seat that is sure to be given: a person in one of some sessions.
type promise struct {
	person   int
	offering int
	in       []int // sessions; one if the seat is settled
}

// promised lists the seats that person i is sure to have: settled ones, duties,
// and what has to come before them.
func (c *compiled) promised(i int, who *audience) (list []promise) {
	q := &c.problem.People[i]
	if len(q.Lock) == 0 && len(q.Must) == 0 {
		return nil
	}
	open := who.eligible(i)
	has := func(o int) bool {
		return slices.ContainsFunc(list, func(p promise) bool { return p.offering == o })
	}
	for _, s := range q.Lock {
		list = append(list, promise{i, c.problem.Sessions[s].Off, []int{s}})
	}
	add := func(o int) {
		if !has(o) {
			list = append(list, promise{i, o, slices.DeleteFunc(slices.Clone(who.offers[o]), func(s int) bool {
				_, may := slices.BinarySearch(open, s)
				return !may
			})})
		}
	}
	for _, o := range q.Must {
		add(o)
	}
	for looked := 0; looked < len(list); { // grows
		p := list[looked]
		looked++
		for k, s := range p.in { // in a problem file, sessions of an offering need not agree
			pre := c.problem.Sessions[s].Pre
			if pre < 0 || slices.Contains(q.Done, pre) || pre != c.problem.Sessions[p.in[0]].Pre {
				break
			}
			if k == len(p.in)-1 {
				add(pre)
			}
		}
	}
	return list
}

// promises finds what is settled and cannot hold by itself, whatever else the
// plan does: the seats of one person, of one session, of one budget line.
func (c *compiled) promises(who *audience) (ps bangkom.Problems) {
	var all []promise
	for i := range c.problem.People {
		own := c.promised(i, who)
		faults := c.ownPromises(i, own)
		if len(faults) == 0 {
			faults = c.narrow(i, own)
		}
		all = append(all, own...)
		ps = append(ps, faults...)
	}
	ps = append(ps, c.seatedPromises(all)...)
	ps = append(ps, c.heldPromises(all, who)...)
	ps = append(ps, c.awayPromises(all)...)
	ps = append(ps, c.coverPromises(who)...)
	certain := c.certainly(all)
	return slices.Concat(ps, c.paidPromises(all, certain), c.scarcePromises(certain))
}

// narrow takes out of the sessions of each seat those that no choice of another
// seat of the same person goes with: all of its sessions clash with it, or are
// at the wrong side of a prerequisite. A seat without any session left is a
// Problem.
func (c *compiled) narrow(i int, own []promise) (ps bangkom.Problems) {
	fits := func(s, t int) bool {
		x, y := &c.problem.Sessions[s], &c.problem.Sessions[t]
		done := c.problem.People[i].Done
		return !c.clash(s, t) && (x.Pre != y.Off || slices.Contains(done, x.Pre) || precedes(y, x)) && (y.Pre != x.Off || slices.Contains(done, y.Pre) || precedes(x, y))
	}
	for changed := true; changed; {
		changed = false
		for k := range own {
			left := slices.DeleteFunc(slices.Clone(own[k].in), func(s int) bool {
				for l := range own {
					if l != k && !slices.ContainsFunc(own[l].in, func(t int) bool { return fits(s, t) }) {
						return true
					}
				}
				return false
			})
			if len(left) == 0 {
				id, _ := c.person(i)
				var names []string
				for _, p := range own {
					names = append(names, c.promiseName(p))
				}
				ps.Add(bangkom.Problem{Code: "contradiction", Where: c.settledAt(i), Value: strings.Join(names, ", "),
					Msg: fmt.Sprintf("what is settled for %s cannot all be attended: the sessions that are left overlap, or a prerequisite comes too late", id), Need: "leave one of them, or other dates"})
				return ps
			}
			changed = changed || len(left) < len(own[k].in)
			own[k].in = left
		}
	}
	return ps
}

// promiseName is the session of a seat if there is only one, else the offering.
func (c *compiled) promiseName(p promise) string {
	if len(p.in) == 1 {
		return string(c.sessions[p.in[0]].ID)
	}
	return string(c.offeringID(p.offering))
}

// seatedPromises looks for sessions of an offering that together have fewer
// seats than people who must sit in one of them: the sessions open to some
// person, or all of them.
func (c *compiled) seatedPromises(all []promise) (ps bangkom.Problems) {
	byOffering := map[int][]promise{}
	for _, p := range all {
		if len(p.in) > 0 {
			byOffering[p.offering] = append(byOffering[p.offering], p)
		}
	}
	for _, o := range sortedKeys(byOffering) {
		count, sets := map[string]int{}, map[string][]int{}
		var every []int
		for _, p := range byOffering[o] {
			key := fmt.Sprint(p.in)
			count[key]++
			sets[key] = p.in
			every = append(every, p.in...)
		}
		const many = 200 // sets of sessions; beyond it only all of them together
		look := [][]int{ascending(every)}
		if len(sets) <= many {
			for _, key := range sortedKeys(sets) {
				look = append(look, sets[key])
			}
		}
		slices.SortStableFunc(look, func(a, b []int) int { return cmp.Compare(len(a), len(b)) }) // the fewest sessions say most
		for _, sessions := range look {
			need, have := 0, c.seatsOf(sessions)
			for key, in := range sets {
				if !slices.ContainsFunc(in, func(s int) bool { return !slices.Contains(sessions, s) }) {
					need += count[key]
				}
			}
			if need > have {
				ps.Add(c.tooFewSeats(sessions, need, have))
				break
			}
		}
	}
	return ps
}

// seatsOf is how many seats sessions have together; of one with several prices
// only one is held.
func (c *compiled) seatsOf(sessions []int) int {
	most := map[SessionID]int{}
	for _, s := range sessions {
		id := c.sessions[s].ID
		most[id] = max(most[id], c.problem.Sessions[s].Cap)
	}
	sum := 0
	for _, n := range most {
		sum += n
	}
	return sum
}

func (c *compiled) tooFewSeats(sessions []int, need, have int) bangkom.Problem {
	var names []string
	for _, s := range sessions {
		if id := string(c.sessions[s].ID); !slices.Contains(names, id) {
			names = append(names, id)
		}
	}
	first := c.sessions[sessions[0]]
	p := bangkom.Problem{Code: "seats", Where: cmp.Or(first.Where, path("sessions", first.ID)), Value: fmt.Sprint(need), Need: "fewer settled seats, or more seats",
		Msg: fmt.Sprintf("more people are sure of a seat in session %s than the %d it has", names[0], have)}
	if len(names) > 1 {
		p.Msg = fmt.Sprintf("more people are sure of a seat in one of the sessions %s than the %d these have together", strings.Join(names, ", "), have)
	}
	return p
}

// awayPromises looks at the people of a unit who are sure to be away at once.
func (c *compiled) awayPromises(all []promise) (ps bangkom.Problems) {
	away := c.problem.Away
	if away == nil || away.Price != nil {
		return nil
	}
	share := c.mayBeAway()
	sure := map[int][]promise{} // by unit
	for _, p := range all {
		if len(p.in) == 1 && c.problem.Sessions[p.in[0]].From != nil {
			sure[c.problem.People[p.person].U] = append(sure[c.problem.People[p.person].U], p)
		}
	}
	for _, u := range sortedKeys(sure) {
		days := map[int]bool{}
		for _, p := range sure[u] {
			days[*c.problem.Sessions[p.in[0]].From] = true
		}
		for _, day := range sortedKeys(days) {
			var at []int
			who := map[int]bool{}
			for _, p := range sure[u] {
				if x := &c.problem.Sessions[p.in[0]]; *x.From <= day && day < *x.To {
					who[p.person], at = true, append(at, p.in[0])
				}
			}
			if len(who) <= share[u] {
				continue
			}
			var names []string
			for _, s := range ascending(at) {
				names = append(names, string(c.sessions[s].ID))
			}
			ps.Add(bangkom.Problem{Code: "away", Where: "policy/away", Value: strings.Join(names, ", "),
				Msg:  fmt.Sprintf("%d people of unit %s are sure of a seat at the same time, and at most %d may be away", len(who), c.payers[u], share[u]),
				Need: "fewer settled seats, other dates, or a larger share"})
			break
		}
	}
	return ps
}

// coverPromises looks at the groups of which a share has to be reached.
func (c *compiled) coverPromises(who *audience) (ps bangkom.Problems) {
	p := c.problem
	if p.Pi == nil && p.Theta.Float64() > 0 {
		units := make([][]int, p.U)
		for i := range p.People {
			units[p.People[i].U] = append(units[p.People[i].U], i)
		}
		for u, people := range units {
			ps = append(ps, c.coverPromise(u, p.Theta, people, who)...)
		}
	}
	for k, g := range p.Cover {
		if g.Pi == nil && g.Theta.Float64() > 0 {
			ps = append(ps, c.coverPromise(p.U+k, g.Theta, g.Who, who)...)
		}
	}
	return ps
}

// coverPromise finds out whether so many of group g may attend something, have
// seats there, and are paid for by their units.
func (c *compiled) coverPromise(g int, theta solve.Decimal, people []int, who *audience) (ps bangkom.Problems) {
	where := fmt.Sprintf("policy/covers[%d]", g-len(c.payers))
	if g < len(c.payers) {
		where = path("policy/coverage", c.payers[g])
	}
	counted, may := 0, 0
	var sessions []int
	seats := map[int][]int64{} // by unit, the cheapest of each person
	for _, i := range people {
		if len(who.suiting(i)) > 0 {
			counted++
		}
		open := who.of(i)
		if len(open) == 0 {
			continue
		}
		may++
		sessions = append(sessions, open...)
		cheapest := slices.MinFunc(open, func(s, t int) int { return cmp.Compare(c.problem.Sessions[s].C, c.problem.Sessions[t].C) })
		u := c.problem.People[i].U
		seats[u] = append(seats[u], c.problem.Sessions[cheapest].C)
	}
	least, paid := portion(theta, counted, true), 0
	for u, list := range seats {
		slices.Sort(list)
		left := c.problem.UBudget[u]
		for _, cost := range list {
			if left -= cost; left < 0 && c.hardUnits() {
				break
			}
			paid++
		}
	}
	fail := func(msg string, most int, need string) {
		ps.Add(bangkom.Problem{Code: "coverage", Where: where, Msg: fmt.Sprintf(msg, least, counted, strings.TrimPrefix(where, "policy/coverage/"), most), Need: need})
	}
	switch have := c.seatsOf(ascending(sessions)); {
	case may < least:
		fail("%d of %d people of %s have to be reached, and only %d may attend a session that can be held", may, "a smaller share, or sessions for the others")
	case have < least:
		fail("%d of %d people of %s have to be reached, and the sessions that they may attend have only %d seats", have, "a smaller share, or more seats")
	case paid < least:
		fail("%d of %d people of %s have to be reached, and their units' budget lines pay for only %d at list prices, each in the cheapest session", paid, "a smaller share, or more money for the units")
	}
	return ps
}

// hardUnits reports whether no price allows what is above a unit's line.
func (c *compiled) hardUnits() bool { return c.problem.Over == nil || c.problem.Over.UBudget == nil }

// portion is a share of n people, in whole people.
func portion(share solve.Decimal, n int, up bool) int {
	r, _ := share.Rat()
	x := new(big.Rat).Mul(r, new(big.Rat).SetInt64(int64(n)))
	num := x.Num()
	if up {
		num = new(big.Int).Sub(new(big.Int).Add(num, x.Denom()), big.NewInt(1))
	}
	return int(new(big.Int).Quo(num, x.Denom()).Int64())
}

// fewestHours is what the shortest of some sessions takes.
func (c *compiled) fewestHours(sessions []int) int {
	least := math.MaxInt
	for _, s := range sessions {
		least = min(least, c.problem.Sessions[s].Hours)
	}
	return least
}

// settledAt is where something was settled about a person.
func (c *compiled) settledAt(i int) string {
	id, _ := c.person(i)
	for _, s := range c.model.Policy.Settled {
		if s.Person == id && len(s.Lock)+len(s.Must) > 0 {
			return cmp.Or(s.Where, path("settled", id))
		}
	}
	return path("settled", id)
}

// ownPromises looks at the seats of one person.
func (c *compiled) ownPromises(i int, own []promise) (ps bangkom.Problems) {
	id, _ := c.person(i)
	fail := func(code, value, msg, need string) {
		ps.Add(bangkom.Problem{Code: code, Where: c.settledAt(i), Value: value, Msg: msg, Need: need})
	}
	hours := 0
	var names []string
	for k, p := range own {
		if len(p.in) == 0 {
			fail("no-seat", string(c.offeringID(p.offering)), fmt.Sprintf("what is settled for %s needs this offering first, and it is not open to this person", id), "make it a duty too, or note that it was done")
			continue
		}
		names = append(names, c.promiseName(p))
		hours += c.fewestHours(p.in)
		for _, q := range own[:k] {
			if len(p.in) == 1 && len(q.in) == 1 && c.clash(p.in[0], q.in[0]) {
				fail("contradiction", string(c.sessions[q.in[0]].ID)+", "+string(c.sessions[p.in[0]].ID), fmt.Sprintf("nobody can attend both, and both are settled for %s", id), "one of them")
			}
		}
	}
	most := c.problem.HMax
	if own := c.problem.People[i].HMax; own != nil {
		most = *own
	}
	if hours > most {
		fail("too-many-hours", strings.Join(names, ", "), fmt.Sprintf("what is settled for %s takes %v JP, and the most is %v", id, (bangkom.JP(hours)*c.hour).Float(), (bangkom.JP(most)*c.hour).Float()), "fewer seats and duties")
	}
	return ps
}

// clash reports whether nobody can attend both sessions.
func (c *compiled) clash(s, t int) bool {
	x, y := &c.problem.Sessions[s], &c.problem.Sessions[t]
	return x.Off == y.Off || slices.Contains(x.Clash, t) || slices.Contains(y.Clash, s) ||
		x.From != nil && y.From != nil && *x.From < *y.To && *y.From < *x.To
}

// seatsIn counts the settled seats of each session.
func seatsIn(all []promise) map[int]int {
	n := map[int]int{}
	for _, p := range all {
		if len(p.in) == 1 {
			n[p.in[0]]++
		}
	}
	return n
}

// heldPromises looks at the sessions that are sure to be held.
func (c *compiled) heldPromises(all []promise, who *audience) (ps bangkom.Problems) {
	seats := seatsIn(all)
	var few map[int]int
	if c.problem.Away != nil && c.problem.Away.Price == nil {
		few = c.atOnce(who)
	}
	held := map[int][]int{} // by offering, where each session alone can be filled
	for s := range c.problem.Sessions {
		x := &c.problem.Sessions[s]
		if seats[s] == 0 && x.State != Open.String() {
			continue
		}
		held[x.Off] = append(held[x.Off], s)
		where := cmp.Or(c.sessions[s].Where, path("sessions", c.sessions[s].ID))
		fail := func(value int, msg, need string) {
			ps.Add(bangkom.Problem{Code: "seats", Where: where, Value: fmt.Sprint(value), Msg: msg, Need: need})
		}
		if who.takers[s] < x.Min {
			fail(who.takers[s], fmt.Sprintf("session %s is sure to be held, and fewer people may attend it than its minimum of %d", c.sessions[s].ID, x.Min), "a lower minimum, more duties to attend it, or no settled seat in it")
			delete(held, x.Off)
		} else if n := few[s]; few != nil && x.From != nil && n < x.Min {
			fail(n, fmt.Sprintf("session %s is sure to be held, and with at most so many of each unit away at once %d people can attend it, fewer than its minimum of %d", c.sessions[s].ID, n, x.Min), "a lower minimum, a larger share away, or no decision to hold it")
		}
	}
	for _, o := range sortedKeys(held) {
		least := 0
		var names []string
		for _, s := range held[o] {
			least += max(c.problem.Sessions[s].Min, seats[s])
			names = append(names, string(c.sessions[s].ID))
		}
		first := c.sessions[held[o][0]]
		fail := func(value int, msg, need string) {
			ps.Add(bangkom.Problem{Code: "seats", Where: cmp.Or(first.Where, path("sessions", first.ID)), Value: fmt.Sprint(value),
				Msg: fmt.Sprintf(msg, strings.Join(names, ", "), least), Need: need})
		}
		if takers, paid := c.takersOfAny(held[o], who, c.spentBeside(o, all)); takers < least {
			fail(takers, "the sessions %s are sure to be held with at least %d people together, each in one of them, and fewer may attend", "lower minimums, more duties to attend, or fewer of these sessions")
		} else if paid < least {
			fail(paid, "the sessions %s are sure to be held with at least %d people together, each in one of them, and the units' budget lines pay for fewer of those who may attend", "more money for the units, lower minimums, or fewer of these sessions")
		}
	}
	return ps
}

// spentBeside is, by unit, the least that the seats promised in other offerings cost.
func (c *compiled) spentBeside(offering int, all []promise) map[int]int64 {
	spent := map[int]int64{}
	for _, p := range all {
		if p.offering != offering && len(p.in) > 0 {
			spent[c.problem.People[p.person].U] += c.cheapest(p)
		}
	}
	return spent
}

// cheapest is the least that a promised seat costs.
func (c *compiled) cheapest(p promise) int64 {
	least := c.problem.Sessions[p.in[0]].C
	for _, s := range p.in[1:] {
		least = min(least, c.problem.Sessions[s].C)
	}
	return least
}

// takersOfAny counts the people who may attend at least one of the sessions,
// and how many of them the hard lines of their units can pay for beside what
// is spent already.
func (c *compiled) takersOfAny(sessions []int, who *audience, spent map[int]int64) (all, paid int) {
	p := c.problem
	byUnit := map[int]int{}
	for i := range p.People {
		if slices.ContainsFunc(who.of(i), func(s int) bool { return slices.Contains(sessions, s) }) {
			byUnit[p.People[i].U]++
		}
	}
	least := p.Sessions[slices.MinFunc(sessions, func(s, t int) int { return cmp.Compare(p.Sessions[s].C, p.Sessions[t].C) })].C
	for u, n := range byUnit {
		all += n
		if c.hardUnits() && least > 0 {
			n = int(min(int64(n), max(0, p.UBudget[u]-spent[u])/least))
		}
		paid += n
	}
	return all, paid
}

// atOnce is, by session, how many people may attend it with no more of any unit
// than may be away at once.
func (c *compiled) atOnce(who *audience) map[int]int {
	takers, share := map[[2]int]int{}, c.mayBeAway()
	for i := range c.problem.People {
		for _, s := range who.of(i) {
			takers[[2]int{s, c.problem.People[i].U}]++
		}
	}
	few := map[int]int{}
	for su, n := range takers {
		few[su[0]] += min(n, share[su[1]])
	}
	return few
}

// mayBeAway is how many people of each unit may be away at once.
func (c *compiled) mayBeAway() []int {
	people := make([]int, c.problem.U)
	for i := range c.problem.People {
		people[c.problem.People[i].U]++
	}
	most := make([]int, len(people))
	for u, n := range people {
		most[u] = portion(c.problem.Away.Share, n, false)
	}
	return most
}

// A certainty is something that is sure to be held: a session, or one at least of
// the sessions that fulfil duties.
type certainty struct {
	name   string
	in     []int // sessions
	people int   // who are sure of a seat in them
}

// certainly lists what is sure to be held.
func (c *compiled) certainly(all []promise) (list []certainty) {
	seats, held := seatsIn(all), map[int]bool{}
	for s := range c.problem.Sessions {
		if x := &c.problem.Sessions[s]; seats[s] > 0 || x.State == Open.String() {
			held[x.Off] = true
			list = append(list, certainty{string(c.sessions[s].ID), []int{s}, seats[s]})
		}
	}
	duties := map[int]certainty{}
	for _, p := range all {
		if len(p.in) > 1 && !held[p.offering] {
			duties[p.offering] = certainty{string(c.offeringID(p.offering)), append(duties[p.offering].in, p.in...), duties[p.offering].people + 1}
		}
	}
	for _, o := range sortedKeys(duties) {
		list = append(list, duties[o])
	}
	return list
}

// least is the least that a certainty can take of a row, which holding a session
// and each seat in it take so much of.
func (c *compiled) least(x certainty, takes func(s int) (held, seat int64)) int64 {
	held, seat := takes(x.in[0])
	fewest := c.problem.Sessions[x.in[0]].Min
	for _, s := range x.in[1:] {
		h, e := takes(s)
		held, seat, fewest = min(held, h), min(seat, e), min(fewest, c.problem.Sessions[s].Min)
	}
	return held + int64(max(fewest, x.people))*seat
}

// paidPromises looks at the budget lines that are hard.
func (c *compiled) paidPromises(all []promise, certain []certainty) (ps bangkom.Problems) {
	p := c.problem
	if c.hardUnits() {
		ps = append(ps, c.unitPromises(all)...)
	}
	if p.Over != nil && p.Over.Budget != nil {
		return ps
	}
	sum := int64(0)
	var names []string
	for _, x := range certain {
		cost := c.least(x, func(s int) (held, seat int64) { return p.Sessions[s].F, p.Sessions[s].C })
		sum += cost
		names = append(names, fmt.Sprintf("%s %s", x.name, bangkom.Rupiah(cost)))
	}
	if sum > p.Budget {
		ps.Add(bangkom.Problem{Code: "budget-short", Where: lineAt("", c.model.Policy.Year), Value: strings.Join(names, ", "),
			Msg:  fmt.Sprintf("what is sure to be held costs at least %s at list prices, and the whole budget is %s", bangkom.Rupiah(sum), bangkom.Rupiah(p.Budget)),
			Need: "more money, or fewer settled seats and sessions"})
	}
	return ps
}

// scarcePromises looks at the resources that are hard.
func (c *compiled) scarcePromises(certain []certainty) (ps bangkom.Problems) {
	for k, l := range c.problem.Limits {
		rule, ok := c.resourceRule(k)
		if !ok || l.Price != nil {
			continue
		}
		sum := int64(0)
		var names []string
		for _, x := range certain {
			if amount := c.least(x, func(s int) (held, seat int64) { return taken(l, s) }); amount > 0 {
				sum += amount
				names = append(names, fmt.Sprintf("%s %d", x.name, amount))
			}
		}
		if sum > l.Limit {
			ps.Add(bangkom.Problem{Code: "resource-short", Where: path("resources", rule.Resource), Value: strings.Join(names, ", "),
				Msg:  fmt.Sprintf("what is sure to be held takes at least %d of this resource, and its limit is %d", sum, l.Limit),
				Need: "more of it, or fewer settled seats and sessions"})
		}
	}
	return ps
}

// unitPromises compares each unit's line with the seats its people are sure of.
func (c *compiled) unitPromises(all []promise) (ps bangkom.Problems) {
	sum, names := map[int]int64{}, map[int][]string{}
	for _, p := range all {
		if len(p.in) == 0 {
			continue
		}
		cost := c.cheapest(p)
		if cost == 0 {
			continue
		}
		id, _ := c.person(p.person)
		u := c.problem.People[p.person].U
		sum[u] += cost
		names[u] = append(names[u], fmt.Sprintf("%s in %s %s", id, c.promiseName(p), bangkom.Rupiah(cost)))
	}
	for _, u := range sortedKeys(sum) {
		if sum[u] > c.problem.UBudget[u] {
			ps.Add(bangkom.Problem{Code: "budget-short", Where: lineAt(c.payers[u], c.model.Policy.Year), Value: strings.Join(names[u], ", "),
				Msg:  fmt.Sprintf("the seats that are sure cost at least %s at list prices, and the budget of unit %s is %s", bangkom.Rupiah(sum[u]), c.payers[u], bangkom.Rupiah(c.problem.UBudget[u])),
				Need: "more money, or fewer settled seats"})
		}
	}
	return ps
}

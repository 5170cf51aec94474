package program

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/program/internal/solve"
)

// Options of [Solve]; nil is the zero value. With a limit in time the result
// depends on the machine; with a limit in work only on model and seed.
type Options struct {
	Limit    time.Duration // 0: until the plan is proved best or the context ends
	Work     int64         // limit in plans of single persons computed; 0: none
	Seed     uint64
	Workers  int            // 0: as many as there are cores; the result does not depend on it
	Progress func(Progress) // called at every better plan or bound, from one goroutine at a time
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
	p.Cost = charge(p.Held)
	p.Lines = budgetLines(p.Year, p.Held, p.People, p.Cost, m.Catalogue.Budgets)
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
		h.People = append(h.People, c.model.Workforce.At(i).ID)
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
	person := c.model.Workforce.At(i)
	x := Individual{Person: person.ID, Unit: person.Unit, Payer: c.payers[c.payerOf[i]]}
	for _, s := range sits {
		x.Sessions = append(x.Sessions, c.sessions[s].ID)
		x.JP += c.offering(c.sessions[s]).JP
	}
	lo, _, _ := c.limits(i)
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

// refusal is the error of a model that cannot be solved as it is.
func refusal(m *Model) error {
	if m == nil {
		return bangkom.Problem{Code: "no-model", Msg: "no model to solve"}
	}
	return m.Validate().Err()
}

// Solve plans the year. It never fails for want of time: what was found when
// a limit or the context ended the search is the plan, and its Status says
// what it is worth. The error is that of a model that does not validate, or
// of options out of range.
func Solve(ctx context.Context, m *Model, opt *Options) (*Plan, error) {
	if err := refusal(m); err != nil {
		return nil, err
	}
	if opt == nil {
		opt = &Options{}
	}
	c := m.compile()
	r, err := solve.Solve(ctx, c.problem, solve.Options{Limit: opt.Limit, Work: opt.Work, Seed: opt.Seed, Workers: opt.Workers, Progress: relay(opt.Progress)})
	if err != nil {
		return nil, err
	}
	p := c.decode(r.Open, r.Assign)
	p.Status = statusOf[r.Status]
	p.Objective, p.Bound = r.Objective/weightScale, r.Bound/weightScale
	p.Ended, p.Work = r.Ended, r.Work
	p.Proof.tree = &r.Certificate
	for _, t := range r.Trace {
		p.Trace = append(p.Trace, progressOf(t))
	}
	return p, nil
}

var statusOf = map[solve.Status]Status{
	solve.NoPlan: NoPlan, solve.Infeasible: Infeasible, solve.Feasible: Feasible, solve.Bounded: Bounded, solve.Optimal: Optimal,
}

// progressOf translates into the unit of plans; there, no objective is NaN.
func progressOf(t solve.Progress) Progress {
	p := Progress{Work: t.Work, Objective: t.Objective / weightScale, Bound: t.Bound / weightScale}
	if math.IsInf(p.Objective, -1) {
		p.Objective = math.NaN()
	}
	return p
}

func relay(to func(Progress)) func(solve.Progress) {
	if to == nil {
		return nil
	}
	return func(t solve.Progress) { to(progressOf(t)) }
}

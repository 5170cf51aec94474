package program

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/program/internal/solve"
)

// A Conflict is a set of hard rules that cannot all hold.
type Conflict struct {
	Status  Status         `json:"status"`          // Infeasible: proved. Feasible: there is a plan. NoPlan: not settled within the limits
	Rules   []ConflictRule `json:"rules,omitempty"` // none: proved, but not yet that any of all the rules can be left out
	Minimal bool           `json:"minimal"`         // without any one of the rules the others can hold, each proved by a plan
}

// A ConflictRule is a rule with what it asks for and who is concerned.
type ConflictRule struct {
	Rule
	Limit  float64               `json:"limit"`            // rupiah, people, hours or units of a resource; of coverage and away a share; 0 without a number
	People []competency.PersonID `json:"people,omitempty"` // of a coverage rule or of a rule on hours
}

// hardRule is a rule of a problem that can be taken out.
type hardRule struct {
	ConflictRule
	drop func(p *solve.Problem) // on a problem whose lists are its own; people's lists are replaced, not changed
}

// Conflict finds out why there is no plan: a minimal set of hard rules that
// cannot all hold, with people, units and sessions named. It takes rules out by
// halves (QuickXplain, Junker 2004): what can be left out and still leaves no
// plan is not part of it. What belongs to one person or session by nature
// (clashes, prerequisites, what is done) is never taken out.
//
// What the audit of promises sees needs no search. Other trials are searches, and
// the limits of opt are for all of them together: the first, whether there is a
// plan at all, may take everything, and the others at most a 32nd each. nil gives
// as much work as 2,000 passes over the people. What is proved when a limit ends
// the search is returned: a set that cannot hold, though not all of it may be needed.
func (in *Instance) Conflict(ctx context.Context, opt *Options) (Conflict, error) {
	o := Options{}
	if opt != nil {
		o = *opt
	}
	if o.Limit == 0 && o.Work == 0 {
		o.Work = int64(2000*in.c.problem.N + 200_000)
	}
	limited := ctx
	if o.Limit > 0 {
		timed, cancel := context.WithTimeout(ctx, o.Limit)
		defer cancel()
		limited = timed
	}
	f := &filter{c: in.c.unitByUnit(), ctx: limited, opt: o, left: o.Work, decided: true}
	set, verdict, err := f.start()
	if err == nil && verdict == Infeasible {
		set, err = f.explain(nil, set, false)
	}
	switch {
	case err != nil:
		return Conflict{}, err
	case verdict != Infeasible:
		return Conflict{Status: verdict}, ctx.Err()
	}
	out := Conflict{Status: Infeasible, Minimal: f.decided}
	if !f.decided && len(set) == len(f.c.hardRules()) {
		return out, nil
	}
	for _, r := range set {
		out.Rules = append(out.Rules, r.ConflictRule)
	}
	return out, nil
}

// trials is how many undecided trials the limits of a conflict are good for.
const trials = 32

// A filter takes rules out of an instance.
type filter struct {
	c       *compiled
	ctx     context.Context
	opt     Options // whose limits are those of all trials together
	left    int64   // of Work
	audit   bool    // sees that all rules together cannot hold; else it sees nothing of fewer
	decided bool    // no trial ended without an answer
}

// start returns a set of rules that cannot hold: one budget line or resource
// with what is decided, where the audit says that this is too much already; else
// all of them.
func (f *filter) start() ([]hardRule, Status, error) {
	all := f.c.hardRules()
	scarce := len(f.c.hardMoney()) // the first of all
	f.audit = f.c.broken()
	for k := 0; f.audit && k < scarce && f.ctx.Err() == nil; k++ {
		if set := slices.Concat(all[k:k+1], all[scarce:]); f.only(set, nil).broken() {
			return set, Infeasible, nil
		}
	}
	verdict, err := f.try(nil, all, 1)
	return all, verdict, err
}

// only is the instance under some of its hard rules alone.
func (f *filter) only(a, b []hardRule) *compiled {
	in := map[Rule]bool{}
	for _, r := range slices.Concat(a, b) {
		in[r.Rule] = true
	}
	return f.c.with(func(p *solve.Problem) {
		for _, r := range f.c.hardRules() {
			if !in[r.Rule] {
				r.drop(p)
			}
		}
	})
}

// broken reports whether promises that cannot hold can be seen without a search.
func (c *compiled) broken() bool { return c.promises(c.audience()).Err() != nil }

// explain returns a minimal part of the list that cannot hold together with
// what is kept; fresh says that something was added to it since the last trial.
// A trial without an answer keeps rules: what is returned cannot hold either way.
func (f *filter) explain(kept, list []hardRule, fresh bool) ([]hardRule, error) {
	if fresh {
		verdict, err := f.try(kept, nil, 1./trials)
		if err != nil || verdict == Infeasible {
			return nil, err
		}
	}
	if len(list) <= 1 {
		return list, nil
	}
	half := len(list) / 2
	a, b := list[:half], list[half:]
	right, err := f.explain(slices.Concat(kept, a), b, len(a) > 0)
	if err != nil {
		return nil, err
	}
	left, err := f.explain(slices.Concat(kept, right), a, len(right) > 0)
	return append(left, right...), err
}

// try asks whether there is a plan under some rules alone, in a share of the
// limits at most.
func (f *filter) try(a, b []hardRule, share float64) (Status, error) {
	if f.ctx.Err() != nil || f.opt.Work > 0 && f.left <= 0 {
		f.decided = false
		return NoPlan, nil
	}
	o := solve.Options{Limit: time.Duration(share * float64(f.opt.Limit)), Seed: f.opt.Seed, Workers: f.opt.Workers}
	if f.opt.Work > 0 {
		o.Work = min(f.left, int64(math.Ceil(share*float64(f.opt.Work))))
	}
	c := f.only(a, b)
	if f.audit && c.broken() {
		return Infeasible, nil
	}
	ctx, found := context.WithCancel(f.ctx)
	defer found()
	o.Progress = func(p solve.Progress) {
		if p.Objective > -1e300 {
			found() // any plan will do
		}
	}
	r, err := solve.Solve(ctx, c.problem, o)
	if err != nil {
		return NoPlan, fmt.Errorf("program: %w", err)
	}
	f.left -= r.Work
	switch r.Status {
	case solve.Infeasible:
		return Infeasible, nil
	case solve.NoPlan:
		f.decided = false
		return NoPlan, nil
	}
	return Feasible, nil
}

// unitByUnit returns the same problem with the coverage of units as groups, if
// it is hard: then each unit's is a rule of its own.
func (c *compiled) unitByUnit() *compiled {
	if c.problem.Pi != nil || c.problem.Theta.Float64() == 0 {
		return c
	}
	d := c.with(func(p *solve.Problem) {
		p.Cover = slices.Clone(p.Cover)
		for u := range p.U {
			g := solve.Cover{Theta: p.Theta}
			for i := range p.People {
				if p.People[i].U == u {
					g.Who = append(g.Who, i)
				}
			}
			p.Cover = append(p.Cover, g)
		}
		p.Theta = "0"
	})
	d.byUnit = true
	return d
}

// hardRules lists the rules of a problem that are hard, in the order in which a
// reader would rather keep them: people's promises last.
func (c *compiled) hardRules() []hardRule {
	list := c.hardMoney()
	list = append(list, c.hardSessions()...)
	list = append(list, c.hardGroups()...)
	return append(list, c.hardPeople()...)
}

func (c *compiled) hardMoney() (list []hardRule) {
	p := c.problem
	const most = mostMoney
	add := func(r Rule, limit float64, drop func(q *solve.Problem)) {
		list = append(list, hardRule{ConflictRule{Rule: r, Limit: limit}, drop})
	}
	if p.Over == nil || p.Over.Budget == nil {
		add(Rule{Kind: "budget"}, float64(p.Budget), func(q *solve.Problem) { q.Budget = most })
	}
	for u := range p.UBudget {
		if c.hardUnits() {
			add(c.unitRule("unit-budget", u), float64(p.UBudget[u]), func(q *solve.Problem) { q.UBudget[u] = most })
		}
	}
	for k, l := range p.Limits {
		if rule, ok := c.resourceRule(k); ok && l.Price == nil {
			add(rule, float64(l.Limit), func(q *solve.Problem) { q.Limits[k].Use = nil })
		}
	}
	return list
}

func (c *compiled) hardSessions() (list []hardRule) {
	for s := range c.problem.Sessions {
		x := &c.problem.Sessions[s]
		add := func(kind string, limit int, drop func(x *solve.Session)) {
			list = append(list, hardRule{ConflictRule{Rule: c.sessionRule(kind, s), Limit: float64(limit)}, func(q *solve.Problem) { drop(&q.Sessions[s]) }})
		}
		if x.State != "" {
			add(x.State, 0, func(x *solve.Session) { x.State = "" })
		}
		if x.Min > 0 {
			add("minimum", x.Min, func(x *solve.Session) { x.Min = 0 })
		}
		add("seats", x.Cap, func(x *solve.Session) { x.Cap = max(x.Cap, c.problem.N) })
	}
	return list
}

func (c *compiled) hardGroups() (list []hardRule) {
	p := c.problem
	if p.Away != nil && p.Away.Price == nil {
		list = append(list, hardRule{ConflictRule{Rule: Rule{Kind: "away"}, Limit: p.Away.Share.Float64()}, func(q *solve.Problem) { q.Away = nil }})
	}
	for k, g := range p.Cover {
		if g.Pi != nil {
			continue
		}
		r := ConflictRule{Rule: c.groupRule(p.U + k), Limit: g.Theta.Float64()}
		if own := k - (len(p.Cover) - p.U); c.byUnit && own >= 0 {
			r.Rule = c.groupRule(own)
		}
		for _, i := range g.Who {
			id, _ := c.person(i)
			r.People = append(r.People, id)
		}
		list = append(list, hardRule{r, func(q *solve.Problem) {
			q.Cover = slices.Clone(q.Cover)
			q.Cover[k].Theta = "0"
		}})
	}
	return list
}

func (c *compiled) hardPeople() (list []hardRule) {
	p := c.problem
	add := func(r Rule, limit float64, drop func(q *solve.Problem)) {
		list = append(list, hardRule{ConflictRule{Rule: r, Limit: limit}, drop})
	}
	none := 0
	for i := range p.People {
		x := &p.People[i]
		lo, hi := p.HMin, p.HMax
		if x.HMin != nil {
			lo = *x.HMin
		}
		if x.HMax != nil {
			hi = *x.HMax
		}
		if p.Rho == nil && lo > 0 {
			add(c.personRule("hours-floor", i), c.jp(lo), func(q *solve.Problem) { q.People[i].HMin = &none })
		}
		if c.pressed(x, hi) {
			all := c.allHours()
			add(c.personRule("hours", i), c.jp(hi), func(q *solve.Problem) { q.People[i].HMax = &all })
		}
		for _, o := range x.Must {
			r := c.personRule("must", i)
			r.Offering = c.offeringID(o)
			add(r, 0, func(q *solve.Problem) { q.People[i].Must = without(q.People[i].Must, o) })
		}
		for _, s := range x.Lock {
			r := c.personRule("lock", i)
			r.Session = c.sessions[s].ID
			add(r, 0, func(q *solve.Problem) { q.People[i].Lock = without(q.People[i].Lock, s) })
		}
	}
	return list
}

// pressed reports whether a person's ceiling on hours can have a part in a
// conflict: there are duties, settled seats or a hard floor to be met under it.
func (c *compiled) pressed(x *solve.Person, hi int) bool {
	return (len(x.Must) > 0 || len(x.Lock) > 0 || c.problem.Rho == nil) && hi < c.allHours()
}

// jp are hours of the problem in JP.
func (c *compiled) jp(hours int) float64 { return (bangkom.JP(hours) * c.hour).Float() }

func (c *compiled) allHours() int {
	sum := 0
	for s := range c.problem.Sessions {
		sum += c.problem.Sessions[s].Hours
	}
	return min(sum, mostHours)
}

// offeringID is the offering of a number. A file may name one that has no session.
func (c *compiled) offeringID(number int) OfferingID {
	if c.model.Workforce != nil {
		return c.offerings[number].ID
	}
	return OfferingID(strconv.Itoa(number))
}

func without(list []int, x int) []int {
	return slices.DeleteFunc(slices.Clone(list), func(y int) bool { return y == x })
}

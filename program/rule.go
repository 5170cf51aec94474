package program

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/internal/text"
	"github.com/bangkom/bangkom/program/internal/solve"
)

// A Rule names one limit of an instance: its kind, and whom or what it is
// about. Kinds and the fields that go with them:
//
//	budget                        the whole budget
//	unit-budget    Unit           the budget line of a unit
//	resource       Resource       a room, a trainer, a licence
//	seats, minimum Session        most and fewest people in a session
//	open, closed   Session        a decision on a session
//	coverage       Unit or Group  people to be reached, of a unit or of a group ([Policy].Covers, counted from 0)
//	away           Unit, Session  people of a unit away when the session begins; without a session: at any time
//	hours          Person         most learning hours; without a person: everybody's
//	hours-floor    Person         fewest learning hours; without a person: everybody's
//	must           Person, Offering   somebody is to attend an offering
//	lock           Person, Session    somebody's seat is settled
//
// More are no limits that can be lifted, but stand in the way all the same:
// "prerequisite" and "done" (Offering; with a Session, the prerequisite of a seat that is kept), "barred" (Offering: a prerequisite that
// the person may not attend, as it raises none of the person's gaps), "not-held"
// and "not" (Session).
type Rule struct {
	Kind     string              `json:"kind"`
	Unit     competency.UnitID   `json:"unit,omitempty"`
	Group    string              `json:"group,omitempty"`
	Session  SessionID           `json:"session,omitempty"`
	Offering OfferingID          `json:"offering,omitempty"`
	Resource ResourceID          `json:"resource,omitempty"`
	Person   competency.PersonID `json:"person,omitempty"`
}

// String writes the kind and its ids: "unit-budget U1", "lock p1 W-1".
func (r Rule) String() string {
	words := []string{r.Kind}
	for _, id := range []string{string(r.Unit), r.Group, string(r.Resource), string(r.Person), string(r.Session), string(r.Offering)} {
		if id != "" {
			words = append(words, id)
		}
	}
	return strings.Join(words, " ")
}

func (c *compiled) unitRule(kind string, u int) Rule { return Rule{Kind: kind, Unit: c.payers[u]} }

func (c *compiled) sessionRule(kind string, s int) Rule {
	return Rule{Kind: kind, Session: c.sessions[s].ID}
}

func (c *compiled) personRule(kind string, i int) Rule {
	id, _ := c.person(i)
	return Rule{Kind: kind, Person: id}
}

// resourceRule names limit k; false for the limits that only keep the prices
// of one session apart.
func (c *compiled) resourceRule(k int) (Rule, bool) {
	resources := c.resourceIDs()
	if k >= len(resources) {
		return Rule{}, false
	}
	return Rule{Kind: "resource", Resource: resources[k]}, true
}

// resourceIDs lists resources by the number of their limit.
func (c *compiled) resourceIDs() []ResourceID {
	var ids []ResourceID
	for _, r := range c.model.Catalogue.Resources {
		ids = append(ids, r.ID)
	}
	if c.model.Workforce != nil { // a file's are in the order of the file
		slices.Sort(ids)
	}
	return ids
}

func (c *compiled) groupRule(g int) Rule {
	if g < len(c.payers) {
		return c.unitRule("coverage", g)
	}
	return Rule{Kind: "coverage", Group: strconv.Itoa(g - len(c.payers))}
}

// A lever is a limit that is a number and can be set to another.
type lever struct {
	value float64
	least float64
	unit  string                            // what the number counts
	set   func(p *solve.Problem, x float64) // on a problem whose lists are its own
}

// lever finds the number of a rule: budgets, resources, seats, the ceiling on
// hours, and the share of a coverage rule of units.
func (c *compiled) lever(r Rule) (lever, error) {
	unknown := bangkom.Problem{Code: bangkom.ErrOption.Code, Where: "rule", Value: r.String(), Msg: "not a limit of this instance that is a number", Need: "budget, unit-budget, resource, seats, hours or coverage, with the id of what it is about"}
	if r.Unit != "" || r.Session != "" || r.Resource != "" {
		unknown.Msg = "this instance has no unit that pays, no session or no resource of this id"
		if like := cmp.Or(text.Alike(r.Unit, c.payers), competency.UnitID(text.Alike(r.Session, sortedKeys(c.sessionN))), competency.UnitID(text.Alike(r.Resource, c.resourceIDs()))); like != "" {
			unknown.Need = fmt.Sprintf("perhaps %q", like)
		}
	}
	p := c.problem
	switch r.Kind {
	case "budget":
		return lever{float64(p.Budget), 0, "rupiah", func(q *solve.Problem, x float64) { q.Budget = int64(x) }}, nil
	case "unit-budget":
		if u, ok := c.payerN[r.Unit]; ok {
			return lever{float64(p.UBudget[u]), 0, "rupiah", func(q *solve.Problem, x float64) { q.UBudget[u] = int64(x) }}, nil
		}
	case "resource":
		if k := slices.Index(c.resourceIDs(), r.Resource); k >= 0 {
			return lever{float64(p.Limits[k].Limit), 0, "amount", func(q *solve.Problem, x float64) { q.Limits[k].Limit = int64(x) }}, nil
		}
	case "seats":
		if own := c.sessionN[r.Session]; len(own) == 1 {
			s := own[0]
			return lever{float64(p.Sessions[s].Cap), float64(p.Sessions[s].Min), "seat", func(q *solve.Problem, x float64) { q.Sessions[s].Cap = int(x) }}, nil
		}
	case "hours":
		if r.Person == "" {
			return lever{0, math.Inf(-1), "hour", c.moreHours}, nil
		}
	case "coverage":
		if r.Unit == "" && r.Group == "" {
			return lever{p.Theta.Float64(), 0, "share", func(q *solve.Problem, x float64) { q.Theta = solve.Float(x) }}, nil
		}
	}
	return lever{}, unknown
}

// span says which values a limit can have.
func (l lever) span() string {
	switch {
	case l.unit == "share":
		return "a share from 0 to 1"
	case math.IsInf(l.least, -1):
		return "hours more than now"
	}
	return fmt.Sprintf("a number from %.0f up", l.least)
}

// around lists values at which to look at a limit: 50 to 150 per cent of it, or
// all shares, or some hours more. It is empty for a limit that is none.
func (l lever) around(kind string) (at []float64) {
	switch {
	case kind == "coverage":
		return []float64{0, 0.2, 0.4, 0.6, 0.8, 1}
	case kind == "hours":
		return []float64{0, 4, 8, 16}
	case l.value >= mostMoney:
		return nil
	}
	for _, share := range []float64{0.5, 0.75, 0.9, 1, 1.1, 1.25, 1.5} {
		at = append(at, math.Max(l.least, math.Round(share*l.value)))
	}
	return at
}

// moreHours raises everybody's ceiling by x JP; a lower ceiling stays above the floor.
func (c *compiled) moreHours(q *solve.Problem, x float64) {
	more := int(x / c.hour.Float())
	q.HMax = max(q.HMax+more, q.HMin)
	for i := range q.People {
		if own := q.People[i].HMax; own != nil {
			lo := 0
			if q.People[i].HMin != nil {
				lo = *q.People[i].HMin
			}
			to := max(*own+more, lo)
			q.People[i].HMax = &to
		}
	}
}

// with returns the instance with another problem in the place of its own.
func (c *compiled) with(change func(p *solve.Problem)) *compiled {
	p := *c.problem
	p.UBudget, p.People, p.Sessions, p.Limits = slices.Clone(p.UBudget), slices.Clone(p.People), slices.Clone(p.Sessions), slices.Clone(p.Limits)
	change(&p)
	d := *c
	d.problem, d.whole = &p, false
	return &d
}

var numbered = regexp.MustCompile(`\b(person|session|sessions|unit|limit|offering) (\d+)( and (\d+))?`)

// named puts ids in the place of numbers.
func (c *compiled) named(ps bangkom.Problems) bangkom.Problems {
	if c.model.Workforce == nil {
		return ps
	}
	out := slices.Clone(ps)
	for i := range out {
		if amount, over := strings.CutSuffix(out[i].Msg, " too many or too few"); over && strings.HasSuffix(out[i].Where, "cost") {
			if n, err := strconv.ParseInt(amount, 10, 64); err == nil {
				out[i].Msg, out[i].Need = fmt.Sprintf("the seats and sessions cost %s more than the budget, at list prices", bangkom.Rupiah(n)), "more money, or fewer seats"
			}
		}
		switch out[i].Msg {
		case "must be open":
			out[i].Msg = "it is decided that the session is held, and the plan does not hold it"
		case "must be closed":
			out[i].Msg = "it is decided that the session is not held, and the plan holds it"
		}
		out[i].Where, out[i].Msg = numbered.ReplaceAllStringFunc(out[i].Where, c.name), numbered.ReplaceAllStringFunc(out[i].Msg, c.name)
	}
	return out
}

func (c *compiled) name(found string) string {
	m := numbered.FindStringSubmatch(found)
	one := func(text string) string {
		k, _ := strconv.Atoi(text)
		switch kind := strings.TrimSuffix(m[1], "s"); {
		case kind == "person" && k < len(c.needs):
			id, _ := c.person(k)
			return string(id)
		case kind == "session" && k < len(c.sessions):
			return string(c.sessions[k].ID)
		case kind == "unit" && k < len(c.payers):
			return string(c.payers[k])
		case kind == "limit":
			if r, ok := c.resourceRule(k); ok {
				return string(r.Resource)
			}
		case kind == "offering" && k < len(c.offerings):
			return string(c.offeringID(k))
		}
		return text
	}
	if m[4] != "" {
		return fmt.Sprintf("%s %s and %s", m[1], one(m[2]), one(m[4]))
	}
	return m[1] + " " + one(m[2])
}

package program

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/program/internal/solve"
)

// check compares a plan with the rules and with everything that it states.
func (c *compiled) check(p *Plan) error {
	if err := c.strangers(p).Err(); err != nil {
		return err
	}
	plain := c.encode(p)
	e := solve.Evaluate(c.problem, *plain)
	if err := c.named(e.Violations).Err(); err != nil {
		return err
	}
	q := *p
	if len(p.Floors) > 0 { // recomputed, not believed
		q.Floors = c.floorsMet(p)
	}
	worth := c.planWorth(&q)
	if !(math.Abs(worth-p.Objective) <= 1e-9*(1+math.Abs(worth))) {
		return bangkom.Problem{Code: "wrong-objective", Value: fmt.Sprint(p.Objective), Msg: fmt.Sprintf("the stated objective is wrong: the plan is worth %.9g", worth)}
	}
	own := c.decode(plain.Open, plain.Assign)
	if own.Cost.Due != p.Cost.Due {
		return bangkom.Problem{Code: "wrong-cost", Value: p.Cost.Due.String(), Msg: "the stated cost is wrong: the plan costs " + own.Cost.Due.String()}
	}
	own.Parts, own.Floors = c.parts(&q), q.Floors
	return facts(p, own).Err()
}

// strangers names the people and sessions of a plan that the instance does not
// have, and those that are there twice.
func (c *compiled) strangers(p *Plan) (ps bangkom.Problems) {
	held, unknown := map[SessionID]bool{}, map[competency.PersonID]bool{}
	person := func(where string, id competency.PersonID) {
		if _, known := c.index(id); !known && !unknown[id] {
			unknown[id] = true
			ps.Add(bangkom.Problem{Code: "unknown-person", Where: where, Value: string(id), Msg: "no such person in this instance"})
		}
	}
	for _, h := range p.Held {
		id := h.Session.ID
		where := path("held", id)
		switch {
		case len(c.sessionN[id]) == 0:
			ps.Add(bangkom.Problem{Code: "unknown-session", Where: where, Value: string(id), Msg: "no such session in this instance"})
		case held[id]:
			ps.Add(bangkom.Problem{Code: "twice", Where: where, Value: string(id), Msg: "the session is held twice"})
		}
		held[id] = true
		seen := map[competency.PersonID]bool{}
		for _, who := range h.People {
			person(where, who)
			if seen[who] {
				ps.Add(bangkom.Problem{Code: "twice", Where: where, Value: string(who), Msg: "the person has two seats in one session"})
			}
			seen[who] = true
		}
	}
	for _, x := range p.People {
		person("people", x.Person)
	}
	return ps
}

// facts compares what a plan states with what its seats come to.
func facts(said, is *Plan) (ps bangkom.Problems) {
	wrong := func(where string, a, b any) { compare(&ps, where, a, b) }
	wrong("year", said.Year, is.Year)
	wrong("as_of", said.AsOf, is.AsOf)
	wrong("at_tier", said.AtTier, is.AtTier)
	wrong("cost", said.Cost, is.Cost)
	each(ps.Add, "held", said.Held, is.Held, func(h Held) SessionID { return h.Session.ID }, func(where string, a, b Held) {
		a.People, b.People = slices.Sorted(slices.Values(a.People)), slices.Sorted(slices.Values(b.People))
		wrong(where+"/session", a.Session, b.Session)
		wrong(where+"/offering", a.Offering, b.Offering)
		wrong(where+"/partner", a.Partner, b.Partner)
		wrong(where+"/people", orEmpty(a.People), orEmpty(b.People))
		wrong(where+"/cost", a.Cost, b.Cost)
	})
	each(ps.Add, "people", said.People, is.People, func(x Individual) competency.PersonID { return x.Person }, func(where string, a, b Individual) { wrong(where, a, b) })
	each(ps.Add, "budget", said.Lines, is.Lines, func(l BudgetLine) competency.UnitID { return l.Unit }, func(where string, a, b BudgetLine) { wrong(where, a, b) })
	each(ps.Add, "floors", said.Floors, is.Floors, func(f FloorMet) competency.UnitID { return f.Unit }, func(where string, a, b FloorMet) {
		near(&a.Closed, b.Closed)
		wrong(where, a, b)
	})
	if len(said.Parts) > 0 { // a solution in numbers has none
		each(ps.Add, "parts", said.Parts, is.Parts, func(x Part) string { return x.Of + " " + fmt.Sprint(x.Price) }, func(where string, a, b Part) {
			near(&a.Amount, b.Amount)
			near(&a.Worth, b.Worth)
			wrong(where, a, b)
		})
	}
	if said.Kept != nil {
		wrong("kept/lost", said.Kept.Lost, said.Kept.lost(said))
	}
	return ps
}

// compare adds a Problem for each field in which two values differ, as JSON.
func compare(ps *bangkom.Problems, where string, said, is any) {
	x, errX := json.Marshal(said)
	y, errY := json.Marshal(is)
	if errX == nil && errY == nil && bytes.Equal(x, y) {
		return
	}
	var a, b map[string]json.RawMessage
	if json.Unmarshal(x, &a) == nil && json.Unmarshal(y, &b) == nil && a != nil && b != nil {
		all := maps.Clone(a)
		maps.Copy(all, b)
		for _, key := range sortedKeys(all) {
			compare(ps, where+"/"+key, orNull(a[key]), orNull(b[key]))
		}
		return
	}
	ps.Add(bangkom.Problem{Code: "wrong-fact", Where: where, Value: brief(x), Msg: "the plan states what its seats do not come to: it is " + brief(y)})
}

func orNull(x json.RawMessage) json.RawMessage {
	if x == nil {
		return json.RawMessage("null")
	}
	return x
}

// near forgives the last digits of a sum.
func near(x *float64, y float64) {
	if math.Abs(*x-y) <= 1e-9*(1+math.Abs(y)) {
		*x = y
	}
}

// each pairs the entries of two lists by their ids; one without a partner is a Problem.
func each[T any, K ~string](add func(bangkom.Problem), kind string, said, is []T, id func(T) K, both func(where string, a, b T)) {
	own := map[K]T{}
	for _, x := range is {
		own[id(x)] = x
	}
	for _, x := range said {
		y, ok := own[id(x)]
		if !ok {
			add(bangkom.Problem{Code: "wrong-fact", Where: path(kind, id(x)), Msg: "the plan states an entry that its seats do not come to, or states it twice"})
			continue
		}
		delete(own, id(x))
		both(path(kind, id(x)), x, y)
	}
	for _, k := range sortedKeys(own) {
		add(bangkom.Problem{Code: "wrong-fact", Where: path(kind, k), Msg: "the plan leaves out an entry that its seats come to"})
	}
}

// brief is a text for one line, without the quotes of JSON around it.
func brief(b []byte) string {
	const most = 200
	b = bytes.Trim(b, `"`)
	if len(b) > most {
		return strings.ToValidUTF8(string(b[:most]), "") + "…"
	}
	return string(b)
}

package solve

import (
	"encoding/json"
	"fmt"
)

// A Problem is a planning problem, field by field as in its JSON file. Gaps
// and gains are in tenths of a level, money in whole currency units, hours in
// whole hours. A nil price makes a row hard.
type Problem struct {
	N int `json:"n"` // people
	M int `json:"m"` // sessions
	K int `json:"K"` // competencies
	U int `json:"U"` // units
	T int `json:"T"` // slots

	HMin    int      `json:"hmin"`  // hours floor per person
	HMax    int      `json:"hmax"`  // hours ceiling per person
	Rho     *Decimal `json:"rho"`   // price of a missing hour; nil: the floor is hard
	Pi      *Decimal `json:"pi"`    // price of a person missing from a unit's coverage; nil: hard
	Theta   Decimal  `json:"theta"` // share of a unit's people to be reached
	Budget  int64    `json:"budget"`
	UBudget []int64  `json:"ubudget"` // seat cost of each unit's people

	People   []Person  `json:"people"`
	Sessions []Session `json:"sessions"`

	Limits []Limit `json:"limits,omitempty"`
	Away   *Away   `json:"away,omitempty"`
	Cover  []Cover `json:"cover,omitempty"`
	Over   *Over   `json:"over,omitempty"`
	Money  Decimal `json:"money,omitempty"` // price in the objective of one currency unit spent
}

// A Person has gaps to close. People without an eligible session count nowhere.
type Person struct {
	U    int   `json:"u"`
	Gaps []Gap `json:"gaps"`
	Done []int `json:"done"` // offerings

	HMin *int  `json:"hmin,omitempty"` // instead of the common floor
	HMax *int  `json:"hmax,omitempty"`
	Must []int `json:"must,omitempty"` // offerings to attend
	Not  []int `json:"not,omitempty"`  // sessions excluded
	Lock []int `json:"lock,omitempty"` // sessions seated for sure
}

// A Gap is what a person lacks in one competency: [k, g, w] in the file.
type Gap struct {
	K int     // competency
	G int     // tenths of a level
	W Decimal // weight of one level
}

// A Session of an offering can be held or not.
type Session struct {
	Off    int      `json:"off"`    // offering
	Method string   `json:"method"` // label only
	Comp   [][2]int `json:"comp"`   // competency, gain in tenths
	Hours  int      `json:"hours"`
	F      int64    `json:"F"` // fixed cost
	C      int64    `json:"c"` // cost of a seat
	Cap    int      `json:"cap"`
	Min    int      `json:"min"`
	Slot   int      `json:"slot"` // −1: any time
	Pre    int      `json:"pre"`  // offering to be attended before, or −1

	State string `json:"state,omitempty"` // "open" or "closed": decided
	From  *int   `json:"from,omitempty"`  // days, half-open; replace the slot
	To    *int   `json:"to,omitempty"`
	Clash []int  `json:"clash,omitempty"` // sessions that nobody can attend together with this one
}

// A Limit bounds Σ amount·(held) or Σ amount·(seats).
type Limit struct {
	Limit int64      `json:"limit"`
	Per   string     `json:"per"` // "session" or "seat"
	Use   [][2]int64 `json:"use"` // session, amount
	Price *Decimal   `json:"price,omitempty"`
}

// Away bounds the share of a unit's people that are away at one occasion.
type Away struct {
	Share Decimal  `json:"share"`
	Price *Decimal `json:"price,omitempty"`
}

// Cover asks for a share of a group to be reached.
type Cover struct {
	Who   []int    `json:"who"`
	Theta Decimal  `json:"theta"`
	Pi    *Decimal `json:"pi"`
}

// Over softens budgets: the price of one currency unit above.
type Over struct {
	Budget  *Decimal `json:"budget,omitempty"`
	UBudget *Decimal `json:"ubudget,omitempty"`
}

// MarshalJSON writes [k, g, w].
func (g Gap) MarshalJSON() ([]byte, error) {
	w, err := g.W.MarshalJSON()
	if err != nil {
		return nil, err
	}
	return fmt.Appendf(nil, "[%d,%d,%s]", g.K, g.G, w), nil
}

// UnmarshalJSON reads [k, g, w].
func (g *Gap) UnmarshalJSON(data []byte) error {
	var w []Decimal
	if err := json.Unmarshal(data, &w); err != nil {
		return err
	}
	if len(w) != 3 {
		return fmt.Errorf("solve: a gap is [competency, tenths, weight], not %.60s", data)
	}
	if err := json.Unmarshal([]byte(w[0]), &g.K); err != nil {
		return err
	}
	if err := json.Unmarshal([]byte(w[1]), &g.G); err != nil {
		return err
	}
	g.W = w[2]
	return nil
}

// hours returns the floor and ceiling of person i.
func (p *Problem) hours(i int) (lo, hi int) {
	lo, hi = p.HMin, p.HMax
	if q := &p.People[i]; q.HMin != nil {
		lo = *q.HMin
	}
	if q := &p.People[i]; q.HMax != nil {
		hi = *q.HMax
	}
	return lo, hi
}

// dated reports whether the session has days instead of a slot.
func (s *Session) dated() bool { return s.From != nil && s.To != nil }

// overBudget and overUnit are the prices of exceeding the budgets; nil is hard.
func (p *Problem) overBudget() *Decimal {
	if p.Over == nil {
		return nil
	}
	return p.Over.Budget
}

func (p *Problem) overUnit() *Decimal {
	if p.Over == nil {
		return nil
	}
	return p.Over.UBudget
}

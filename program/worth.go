package program

import (
	"encoding/json"
	"math"
	"slices"
	"strings"

	"github.com/bangkom/bangkom/program/internal/solve"
)

// A Part is one term of a plan's objective: Worth = Amount · Price, and below 0
// for what is paid. The parts of a plan add up to [Plan.Objective].
type Part struct {
	// Of says of what: "closed" (levels closed, each times its weight),
	// "missing-hours" (JP), "not-reached" (people short of a coverage), "spent"
	// and "over-budget" (rupiah), "away" (people and occasions too many),
	// "resource" (units too many), "moved" (seats of an earlier plan taken away)
	// or "floor" (levels that people under floors are short of).
	Of     string  `json:"of"`
	Amount float64 `json:"amount"`
	Price  float64 `json:"price"` // +Inf, null in JSON: a hard rule, of which Amount is excused
	Worth  float64 `json:"worth"`
}

// MarshalJSON writes the price of a hard rule as null.
func (p Part) MarshalJSON() ([]byte, error) {
	type plain Part
	return json.Marshal(struct {
		plain
		Price *float64 `json:"price"`
	}{plain(p), finite(p.Price)})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (p *Part) UnmarshalJSON(data []byte) error {
	type plain Part
	w := struct {
		*plain
		Price *float64 `json:"price"`
	}{plain: (*plain)(p)}
	if err := json.Unmarshal(data, &w); err != nil {
		return err
	}
	p.Price = orElse(w.Price, math.Inf(1))
	return nil
}

// idleHours are the hours that those miss who may attend nothing, in the
// problem's unit. The problem leaves them out, for no plan can change them; an
// instance from a file is worth what the file says.
func (c *compiled) idleHours() int64 {
	if c.model.Workforce == nil {
		return 0
	}
	var all int64
	for i := range c.problem.People {
		lo := c.problem.HMin
		if own := c.problem.People[i].HMin; own != nil {
			lo = *own
		}
		all += int64(lo)
	}
	return all - solve.Evaluate(c.problem, solve.Plan{}).Missing
}

// idle is what these hours take off every plan and every bound.
func (c *compiled) idle() float64 {
	if c.problem.Rho == nil {
		return 0
	}
	return c.problem.Rho.Float64() * float64(c.idleHours()) / c.scale
}

// parts splits what a plan is worth.
func (c *compiled) parts(p *Plan) []Part {
	e := solve.Evaluate(c.problem, *c.encode(p))
	closed, _ := e.Closed.Float64()
	money := c.problem.Money.Float64() / c.scale
	hour := c.hour.Float()
	parts := []Part{
		{Of: "closed", Amount: closed / c.scale, Price: 1, Worth: closed / c.scale},
		paid("missing-hours", float64(e.Missing+c.idleHours())*hour, c.priceOf(c.problem.Rho)/hour),
		paid("not-reached", 0, c.priceOf(c.problem.Pi)),
		paid("spent", float64(e.Cost), money),
	}
	for _, row := range e.Over {
		if of := partOf(row.Row); of != "" {
			amount, _ := row.Amount.Float64()
			add(&parts, paid(of, amount, c.priceOf(&row.Price)))
		}
	}
	if p.Kept != nil {
		parts = append(parts, paid("moved", float64(p.Kept.lost(p)), p.Kept.Price))
	}
	for _, f := range p.Floors {
		add(&parts, paid("floor", math.Max(0, float64(f.People)*(f.Mean-f.Closed)), f.price()))
	}
	return slices.DeleteFunc(parts, func(x Part) bool {
		return x.Of == "spent" && x.Price == 0 || x.Of == "not-reached" && x.Amount == 0 && !c.covers()
	})
}

// paid is a part that is paid for. What a hard rule excuses costs nothing.
func paid(of string, amount, price float64) Part {
	p := Part{Of: of, Amount: amount, Price: price}
	if !math.IsInf(price, 1) {
		p.Worth = 0 - amount*price
	}
	return p
}

// priceOf is a price of the problem in the plan's unit; of none, +Inf.
func (c *compiled) priceOf(d *solve.Decimal) float64 {
	if d == nil {
		return math.Inf(1)
	}
	return d.Float64() / c.scale
}

func (c *compiled) covers() bool { return c.problem.Theta.Float64() > 0 || len(c.problem.Cover) > 0 }

// add joins a part with the one of its name and price.
func add(parts *[]Part, x Part) {
	i := slices.IndexFunc(*parts, func(p Part) bool { return p.Of == x.Of && p.Price == x.Price })
	if i < 0 {
		*parts = append(*parts, x)
		return
	}
	(*parts)[i].Amount += x.Amount
	(*parts)[i].Worth += x.Worth
}

// partOf names the part that a row of the solver's evaluation belongs to; ""
// for hours, which are counted with those that the problem leaves out.
func partOf(row string) string {
	switch {
	case strings.HasSuffix(row, "coverage"):
		return "not-reached"
	case strings.HasSuffix(row, "cost"):
		return "over-budget"
	case strings.HasSuffix(row, "away"):
		return "away"
	case strings.HasPrefix(row, "limit"):
		return "resource"
	}
	return ""
}

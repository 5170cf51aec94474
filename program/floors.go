package program

import (
	"context"
	"math"
	"math/big"
	"slices"

	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/program/internal/solve"
)

// A floor on the mean of levels closed in a unit joins all its people in one
// row, which the problem file does not have. So it gets a price from outside:
// with every level closed there worth ζ more, and ζ · wanted taken off, the
// best plan is worth at least what the best plan under the floor is, for any
// ζ from 0 to the floor's price. solveFloors raises ζ where a unit is short,
// keeps the best plan and the lowest bound, and says with both what they are.

// floorRounds is how often the prices of floors are corrected.
const floorRounds = 6

// zetaGrid is the grid of these prices: they are short decimals in a file.
const zetaGrid = 1e6

// floorPrice is the price of a floor.
func (f Floor) price() float64 {
	if f.Price == 0 {
		return 1
	}
	return f.Price
}

// cost is what a floor takes off the objective.
func (f FloorMet) cost() float64 {
	return f.price() * math.Max(0, float64(f.People)*f.Mean-f.Closed*float64(f.People))
}

// inUnit reports, by unit, whether it is the floor's or below it.
func (c *compiled) inUnit(f Floor) map[competency.UnitID]bool {
	w := c.model.Workforce
	in := map[competency.UnitID]bool{}
	for _, u := range w.Units() {
		for at := u.ID; at != ""; {
			if at == f.Unit {
				in[u.ID] = true
				break
			}
			up, _ := w.Unit(at)
			at = up.Parent
		}
	}
	return in
}

// raise adds the prices of the floors over a person to the worth of the gaps.
func (c *compiled) raise(i int, q *solve.Person) {
	more := 0.0
	for k := range c.model.Policy.Floors {
		if k < len(c.zeta) && c.zeta[k] > 0 && c.under[k][c.model.Workforce.At(i).Unit] {
			more += c.zeta[k]
		}
	}
	if more == 0 {
		return
	}
	d := scaled(math.Round(more*zetaGrid), weightScale, zetaGrid)
	r, _ := d.Rat()
	for j := range q.Gaps {
		if q.Gaps[j].K < len(c.lanes) { // the lane that counts all that is closed
			old, _ := q.Gaps[j].W.Rat()
			sum := new(big.Rat).Add(old, r)
			digits, _ := sum.FloatPrec()
			q.Gaps[j].W = solve.Decimal(sum.FloatString(digits))
		}
	}
}

// inNeed counts, by floor, the people under it who have a need.
func (c *compiled) inNeed() []int {
	out := make([]int, len(c.model.Policy.Floors))
	for i := range c.problem.People {
		if len(c.problem.People[i].Gaps) == 0 {
			continue
		}
		for k := range c.model.Policy.Floors {
			if c.under[k][c.model.Workforce.At(i).Unit] {
				out[k]++
			}
		}
	}
	return out
}

// floorsMet says what a plan makes of the floors.
func (c *compiled) floorsMet(p *Plan) []FloorMet {
	floors := c.model.Policy.Floors
	if len(floors) == 0 {
		return nil
	}
	out := make([]FloorMet, len(floors))
	for k, n := range c.inNeed() {
		out[k] = FloorMet{Floor: floors[k], People: n}
		for _, x := range p.People {
			if n == 0 || !c.under[k][x.Unit] {
				continue
			}
			for _, e := range x.Expected {
				out[k].Closed += e.Closed / float64(n)
			}
		}
	}
	return out
}

// boxed cuts prices of floors to what proves something.
func (c *compiled) boxed(zeta []float64) []float64 {
	out := slices.Clone(zeta)
	for k, f := range c.model.Policy.Floors {
		if !(out[k] > 0) {
			out[k] = 0
		}
		out[k] = math.Floor(math.Min(out[k], f.price())*zetaGrid) / zetaGrid
	}
	return out
}

// floorsWorth is what the rows of the floors take off a bound at their prices.
func (c *compiled) floorsWorth(zeta []float64) float64 {
	sum := 0.0
	for k, n := range c.inNeed() {
		sum += zeta[k] * float64(n) * c.model.Policy.Floors[k].Mean
	}
	return sum
}

// solveFloors solves with floors. The limits are parted among the rounds.
func (in *Instance) solveFloors(ctx context.Context, opt *Options) (*Plan, error) {
	o := Options{}
	if opt != nil {
		o = *opt
	}
	o.Limit, o.Work, o.Progress = o.Limit/floorRounds, (o.Work+floorRounds-1)/floorRounds, nil
	c := in.c
	zeta := make([]float64, len(c.model.Policy.Floors))
	var best, bound *Plan
	work := int64(0)
	for round := range floorRounds {
		at := &Instance{c.model.compileAt(zeta)}
		p, err := at.Solve(ctx, &o)
		if err != nil {
			return nil, err
		}
		work += p.Work
		p.Bound -= c.floorsWorth(zeta)
		if !math.IsNaN(p.Objective) {
			p.Floors = c.floorsMet(p)
			p.Objective = c.planWorth(p)
		}
		if best == nil || p.Objective > best.Objective || math.IsNaN(best.Objective) {
			best = p
		}
		if bound == nil || p.Bound < bound.Bound {
			bound = p
		}
		if p.Status == Infeasible || ctx.Err() != nil || round+1 == floorRounds || !c.reprice(zeta, p, round) {
			break
		}
		o.From = best
		zeta = slices.Clone(zeta)
	}
	out := *best
	out.Bound, out.Proof, out.Work = bound.Bound, bound.Proof, work
	if out.Status == Optimal || out.Status == Bounded {
		out.Status = Bounded
		if out.Bound-out.Objective <= 1e-9*(1+math.Abs(out.Bound)) {
			out.Status, out.Bound = Optimal, math.Max(out.Bound, out.Objective)
		}
	}
	if opt != nil && opt.Progress != nil {
		opt.Progress(Progress{work, out.Objective, out.Bound})
	}
	return &out, nil
}

// planWorth is the objective of a plan, with what it pays for seats taken away and floors missed.
func (c *compiled) planWorth(p *Plan) float64 {
	e := solve.Evaluate(c.problem, *c.encode(p))
	v, _ := e.Objective.Float64()
	v /= c.scale
	if p.Kept != nil {
		v -= p.Kept.Price * float64(p.Kept.lost(p))
	}
	for _, f := range p.Floors {
		v -= f.cost()
	}
	return v
}

// reprice raises the prices of floors that are missed and lowers those that are
// passed; false if nothing changes.
func (c *compiled) reprice(zeta []float64, p *Plan, round int) bool {
	changed := false
	for k, f := range p.Floors {
		if f.People == 0 || f.Mean == 0 {
			continue
		}
		step := f.price() * (f.Mean - f.Closed) / f.Mean / float64(1+round)
		next := math.Floor(math.Min(math.Max(0, zeta[k]+step), f.price())*zetaGrid) / zetaGrid
		changed = changed || next != zeta[k]
		zeta[k] = next
	}
	return changed
}

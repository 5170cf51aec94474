package program

import (
	"cmp"
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
// ζ from 0 to the floor's price. solveFloors tries several, keeps the best plan
// and the lowest bound, and mends the plan where no ζ alone meets a floor.

// floorRounds is how many searches floors take.
const floorRounds = 5

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

// A floorSearch keeps the best plan and the lowest bound of all rounds.
type floorSearch struct {
	c     *compiled
	ctx   context.Context
	opt   Options
	best  *Plan
	bound *Plan
	work  int64
}

// A cut is what a round tells of the bound along the way from no prices to the
// highest: its value there, and its slope.
type cut struct {
	tau, value, slope float64
	plan              *Plan
}

// solveFloors solves with floors. The limits are parted among the rounds: no
// prices, the highest, two between where the cuts so far meet (Kelley), and one
// in which the seats that meet the floors are settled, and everything else is free.
func (in *Instance) solveFloors(ctx context.Context, opt *Options) (*Plan, error) {
	f := &floorSearch{c: in.c, ctx: ctx}
	if opt != nil {
		f.opt = *opt
	}
	f.opt.Limit, f.opt.Work, f.opt.Progress = f.opt.Limit/floorRounds, (f.opt.Work+floorRounds-1)/floorRounds, nil
	low, err := f.round(0)
	if err != nil {
		return nil, err
	}
	if missed(low.plan.Floors) && !f.over() {
		if err := f.between(low); err != nil {
			return nil, err
		}
	}
	out := f.result()
	if opt != nil && opt.Progress != nil {
		opt.Progress(Progress{out.Work, out.Objective, out.Bound})
	}
	return out, nil
}

func missed(floors []FloorMet) bool {
	return slices.ContainsFunc(floors, func(f FloorMet) bool { return f.cost() > 1e-9 })
}

// over reports whether further rounds make no sense.
func (f *floorSearch) over() bool {
	return f.ctx.Err() != nil || f.best == nil || f.best.Status == Infeasible || math.IsNaN(f.best.Objective)
}

func (f *floorSearch) between(low cut) error {
	high, err := f.round(1)
	if err != nil {
		return err
	}
	most := high.plan
	for range 2 {
		if f.over() || !(low.slope < 0 && high.slope > 0) {
			break
		}
		tau := (low.value - low.slope*low.tau - high.value + high.slope*high.tau) / (high.slope - low.slope)
		if !(tau > low.tau && tau < high.tau) {
			break
		}
		mid, err := f.round(tau)
		if err != nil {
			return err
		}
		if mid.slope < 0 {
			low = mid
		} else {
			high = mid
		}
	}
	if f.over() {
		return nil
	}
	return f.settled(most)
}

// at are the prices on the way from none to the highest.
func (f *floorSearch) at(tau float64) []float64 {
	zeta := make([]float64, len(f.c.model.Policy.Floors))
	for k, floor := range f.c.model.Policy.Floors {
		zeta[k] = tau * floor.price()
	}
	return f.c.boxed(zeta)
}

// round solves at prices of the floors.
func (f *floorSearch) round(tau float64) (cut, error) {
	zeta := f.at(tau)
	p, err := (&Instance{f.c.model.compileAt(zeta)}).Solve(f.ctx, &f.opt)
	if err != nil {
		return cut{}, err
	}
	out := cut{tau: tau, value: p.Objective - f.c.floorsWorth(zeta), plan: p}
	p.Bound -= f.c.floorsWorth(zeta)
	if f.bound == nil || p.Bound < f.bound.Bound {
		f.bound = &Plan{Bound: p.Bound, Proof: p.Proof}
	}
	f.take(p)
	for _, x := range p.Floors {
		out.slope += x.price() * float64(x.People) * (x.Closed - x.Mean)
	}
	return out, nil
}

// take counts a plan at what it is worth with the floors missed.
func (f *floorSearch) take(p *Plan) {
	f.work += p.Work
	if !math.IsNaN(p.Objective) {
		p.Floors = f.c.floorsMet(p)
		p.Objective, p.Parts = f.c.planWorth(p), f.c.parts(p)
	}
	if f.best == nil || p.Objective > f.best.Objective || math.IsNaN(f.best.Objective) {
		f.best = p
	}
	f.opt.From = f.best
}

// settled keeps just so many of the seats of a plan that the floors need, those
// that close most, and plans the rest anew.
func (f *floorSearch) settled(p *Plan) error {
	closed := make([]float64, len(p.Floors))
	order := slices.Clone(p.People)
	sum := func(x Individual) (v float64) {
		for _, e := range x.Expected {
			v += e.Closed
		}
		return v
	}
	slices.SortStableFunc(order, func(a, b Individual) int { return cmp.Compare(sum(b), sum(a)) })
	var e Events
	for _, x := range order {
		helps := false
		for k, floor := range p.Floors {
			if f.c.under[k][x.Unit] && closed[k] < floor.Mean*float64(floor.People)-1e-9 {
				helps = helps || sum(x) > 0
			}
		}
		if !helps {
			continue
		}
		for k := range p.Floors {
			if f.c.under[k][x.Unit] {
				closed[k] += sum(x)
			}
		}
		for _, s := range x.Sessions {
			e.Seated = append(e.Seated, Seated{x.Person, s})
		}
	}
	// A seat that its session's other price does not allow is no plan, and no failure.
	if in, err := (&Instance{f.c}).After(p, e); err == nil {
		q, err := in.Solve(f.ctx, &f.opt)
		if err != nil {
			return err
		}
		f.take(q)
	}
	return nil
}

// result joins the best plan with the lowest bound.
func (f *floorSearch) result() *Plan {
	out := *f.best
	out.Bound, out.Proof, out.Work = f.bound.Bound, f.bound.Proof, f.work
	if out.Status == Optimal || out.Status == Bounded || out.Status == Feasible {
		out.Status = Bounded
		if out.Bound-out.Objective <= 1e-9*(1+math.Abs(out.Bound)) {
			out.Status, out.Bound = Optimal, math.Max(out.Bound, out.Objective)
		}
	}
	return &out
}

// planWorth is the objective of a plan, with what it pays for seats taken away and floors missed.
func (c *compiled) planWorth(p *Plan) float64 {
	e := solve.Evaluate(c.problem, *c.encode(p))
	v, _ := e.Objective.Float64()
	v = v/c.scale - c.idle()
	if p.Kept != nil {
		v -= p.Kept.Price * float64(p.Kept.lost(p))
	}
	for _, f := range p.Floors {
		v -= f.cost()
	}
	return v
}

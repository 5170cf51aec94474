package program

import (
	"context"
	"math"
	"time"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/program/internal/solve"
)

// Options of [Solve] and of whatever solves on the way to an answer; nil is
// the zero value. With a limit in time the result depends on the machine; with
// a limit in work only on model and seed.
type Options struct {
	Limit    time.Duration // 0: until the plan is proved best or the context ends
	Work     int64         // limit in plans of single persons computed; 0: none
	Seed     uint64
	Workers  int            // 0: as many as there are cores; the result does not depend on it
	Progress func(Progress) // called at every better plan or bound, from one goroutine at a time

	From  *Plan   // start from this plan; what does not fit any more is left out
	Moves float64 // price of each seat of From that is taken away, in the plan's unit; 0: free
}

// Solve plans the year. It never fails for want of time: what was found when
// a limit or the context ended the search is the plan, and its Status says
// what it is worth. Paid seats that add nothing to a plan are not given. The
// error is that of a model that does not validate, or
// of options out of range.
func Solve(ctx context.Context, m *Model, opt *Options) (*Plan, error) {
	in, err := m.Instance()
	if err != nil {
		return nil, err
	}
	return in.Solve(ctx, opt)
}

// Solve is [Solve] for an instance. The floors of a policy hold in the instance
// that [Model.Instance] returned; one after events, and the points of a curve,
// leave them out.
func (in *Instance) Solve(ctx context.Context, opt *Options) (*Plan, error) {
	if in.c.whole && len(in.c.model.Policy.Floors) > 0 {
		return in.solveFloors(ctx, opt)
	}
	if opt == nil {
		opt = &Options{}
	}
	if !(opt.Moves >= 0 && opt.Moves <= 1e6) {
		return nil, bangkom.Problem{Code: bangkom.ErrOption.Code, Where: "Moves", Msg: "not a price from 0 to a million"}
	}
	keep := in.c.keepingOf(opt.From, opt.Moves)
	shift := in.c.idle() + keep.most()
	o := solve.Options{Limit: opt.Limit, Work: opt.Work, Seed: opt.Seed, Workers: opt.Workers, Progress: in.c.relay(opt.Progress, shift)}
	if opt.From != nil {
		o.From = in.c.encode(opt.From)
	}
	r, err := solve.Solve(ctx, in.c.keeping(keep), o)
	if err != nil {
		return nil, err
	}
	p := in.c.decode(in.c.thrift(r.Open, r.Assign, keep))
	p.Status = statusOf[r.Status]
	p.Objective, p.Bound = r.Objective/in.c.scale-shift, r.Bound/in.c.scale-shift
	p.Ended, p.Work = r.Ended, r.Work
	p.Proof = Certificate{tree: &r.Certificate, zeta: in.c.zeta}
	if keep != nil {
		keep.Lost = keep.lost(p)
		p.Kept = keep
	}
	if !math.IsNaN(p.Objective) {
		if worth := in.c.planWorth(p); worth > p.Objective+1e-9*(1+math.Abs(worth)) { // what was left has a price
			p.Objective = math.Min(worth, p.Bound)
		}
		p.Parts = in.c.parts(p)
	}
	if r.Certificate.Zero != nil {
		p.Proof.root = &r.Prices
	}
	for _, t := range r.Trace {
		p.Trace = append(p.Trace, in.c.progressOf(t, shift))
	}
	return p, nil
}

var statusOf = map[solve.Status]Status{
	solve.NoPlan: NoPlan, solve.Infeasible: Infeasible, solve.Feasible: Feasible, solve.Bounded: Bounded, solve.Optimal: Optimal,
}

// progressOf translates into the unit of plans; there, no objective is NaN.
func (c *compiled) progressOf(t solve.Progress, shift float64) Progress {
	p := Progress{Work: t.Work, Objective: t.Objective/c.scale - shift, Bound: t.Bound/c.scale - shift}
	if math.IsInf(p.Objective, -1) {
		p.Objective = math.NaN()
	}
	return p
}

func (c *compiled) relay(to func(Progress), shift float64) func(solve.Progress) {
	if to == nil {
		return nil
	}
	return func(t solve.Progress) { to(c.progressOf(t, shift)) }
}

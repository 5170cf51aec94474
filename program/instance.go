package program

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/program/internal/solve"
)

// An Instance is a planning problem in numbers: what is solved, written for
// outside solvers, asked about and explained. It comes from a [Model], or from
// a problem file ([ReadInstance]); it is immutable and safe for many goroutines.
//
// In an instance from a file, people, sessions, units and resources have their
// numbers as ids ("0", "1", …), an hour of the file is one JP, and the unit of
// the objective is the file's. In one from a model it is the unit of [Policy].
type Instance struct {
	c *compiled
}

// Instance returns the model in numbers, or the error of [Model.Validate].
func (m *Model) Instance() (*Instance, error) {
	if m == nil {
		return nil, bangkom.Problem{Code: "no-model", Msg: "no model to solve"}
	}
	if _, problems := m.clean(); problems.Err() != nil {
		return nil, problems.Err()
	}
	c := m.compile()
	if err := c.promises(c.audience()).Err(); err != nil {
		return nil, err
	}
	c.whole = true
	return &Instance{c}, nil
}

// PersonIDs returns the ids of everybody, in the order of their numbers.
func (in *Instance) PersonIDs() []competency.PersonID {
	ids := make([]competency.PersonID, len(in.c.needs))
	for i := range ids {
		ids[i], _ = in.c.person(i)
	}
	return ids
}

// SessionIDs returns the ids of the sessions that a plan decides on, sorted.
func (in *Instance) SessionIDs() []SessionID { return sortedKeys(in.c.sessionN) }

// ReadInstance reads a problem file, plain JSON or gzip. Unknown fields, missing
// ones and every other fault of the problem are in the error.
func ReadInstance(r io.Reader) (*Instance, error) {
	p, err := solve.Read(r)
	if err != nil {
		return nil, err
	}
	if err := p.Validate().Err(); err != nil {
		return nil, err
	}
	return &Instance{bare(p)}, nil
}

// bare names what a file numbers.
func bare(p *solve.Problem) *compiled {
	c := &compiled{problem: p, model: &Model{}, scale: 1, hour: bangkom.OneJP, sessionN: map[SessionID][]int{}, offeringN: map[OfferingID]int{},
		payerN: map[competency.UnitID]int{}, lanes: map[lane]int{}, needs: make([][2]int, len(p.People))}
	for u, b := range p.UBudget {
		id := competency.UnitID(strconv.Itoa(u))
		c.payers, c.payerN[id] = append(c.payers, id), u
		c.model.Catalogue.Budgets = append(c.model.Catalogue.Budgets, Budget{Unit: id, Amount: bangkom.Rupiah(b)})
	}
	c.model.Catalogue.Budgets = append(c.model.Catalogue.Budgets, Budget{Amount: bangkom.Rupiah(p.Budget)})
	names := make([]string, p.K)
	for k := range names {
		names[k] = strconv.Itoa(k)
		c.lanes[lane{competency.CompetencyID(names[k]), anyLevel}] = k
	}
	for i := range p.People {
		q := &p.People[i]
		c.payerOf = append(c.payerOf, q.U)
		c.needs[i] = [2]int{len(c.sorted), len(c.sorted) + len(q.Gaps)}
		id := competency.PersonID(strconv.Itoa(i))
		for _, g := range q.Gaps {
			c.sorted = append(c.sorted, Need{Person: id, Of: competency.CompetencyID(names[g.K]), Gap: float64(g.G) / 10, Weight: g.W.Float64()})
		}
	}
	for s := range p.Sessions {
		c.nameSession(s)
	}
	for k := range p.Limits {
		c.model.Catalogue.Resources = append(c.model.Catalogue.Resources, Resource{ID: ResourceID(strconv.Itoa(k))})
	}
	return c
}

func (c *compiled) nameSession(s int) {
	x := &c.problem.Sessions[s]
	id, off := SessionID(strconv.Itoa(s)), OfferingID(strconv.Itoa(x.Off))
	if _, known := c.offeringN[off]; !known {
		c.offeringN[off] = len(c.offerings)
		o := Offering{ID: off, Title: x.Method + " " + string(off), Method: Method(x.Method), JP: bangkom.JP(x.Hours) * bangkom.OneJP}
		if x.Pre >= 0 {
			o.After = OfferingID(strconv.Itoa(x.Pre))
		}
		c.offerings = append(c.offerings, o)
	}
	c.sessionN[id] = []int{s}
	t := Session{ID: id, Offering: off, Min: x.Min, Max: x.Cap, Cost: Cost{Fixed: bangkom.Rupiah(x.F), Seat: bangkom.Rupiah(x.C)}}
	switch x.State {
	case Open.String():
		t.Decision = Open
	case Closed.String():
		t.Decision = Closed
	}
	c.sessions, c.terms = append(c.sessions, t), append(c.terms, terms{x.Min, x.Cap, t.Cost.Seat})
}

// Write writes the JSON problem file that outside solvers and checkers read.
func (in *Instance) Write(w io.Writer) error {
	if err := json.NewEncoder(w).Encode(in.c.problem); err != nil {
		return fmt.Errorf("program: %w", err)
	}
	return nil
}

// WriteProblem writes the model as the solver sees it: the JSON problem file
// that outside solvers and checkers read. People are numbered as in the
// workforce, sessions and offerings by id, hours are in the largest unit that
// makes all of them whole, and the objective is in thousandths of ours.
func (m *Model) WriteProblem(w io.Writer) error {
	in, err := m.Instance()
	if err != nil {
		return err
	}
	return in.Write(w)
}

// Verify recomputes the bound of a plan from the instance and the prices of
// the plan's certificate alone; what it returns holds for this instance. A plan
// with people or sessions that the instance does not have, one that breaks a
// hard rule, and one that states anything that its seats do not come to
// ("wrong-objective", "wrong-cost", "wrong-fact") is an error;
// so is one that states a lower bound than its certificate proves
// ("wrong-bound"), or a status that the bound does not bear ("wrong-status").
// A plan called infeasible is believed if the certificate proves that there is
// none, with a bound of −Inf: every case is empty, or holds less than the worst
// plan would be worth after paying for all soft rules.
func (in *Instance) Verify(p *Plan) (bound float64, err error) {
	if p.Status != Infeasible && p.Status != NoPlan {
		if err := in.c.check(p); err != nil {
			return math.Inf(1), err
		}
	}
	if bound, err = p.Proof.verify(in.c, p.Kept); err != nil {
		return bound, err
	}
	return bound, p.claims(bound)
}

// claims compares what a plan says with the bound that its certificate proves.
func (p *Plan) claims(proven float64) error {
	slack := 1e-9 * (1 + math.Abs(proven))
	switch {
	case p.Status == Infeasible:
		if !math.IsInf(proven, -1) {
			return bangkom.Problem{Code: "wrong-status", Value: p.Status.String(), Msg: fmt.Sprintf("the stated status is wrong: the certificate proves no better bound than %v", proven)}
		}
	case !math.IsInf(proven, -1) && !(p.Bound >= proven-slack):
		return bangkom.Problem{Code: "wrong-bound", Value: fmt.Sprint(p.Bound), Msg: fmt.Sprintf("the stated bound is too low: the certificate proves no better than %v", proven)}
	case p.Status == Optimal && p.Objective < proven-slack:
		return bangkom.Problem{Code: "wrong-status", Value: p.Status.String(), Msg: fmt.Sprintf("the stated status is wrong: the certificate proves no better bound than %v", proven)}
	}
	return nil
}

// lost counts the kept seats that a plan takes away.
func (k *Kept) lost(p *Plan) int {
	has := map[seat]bool{}
	for _, h := range p.Held {
		for _, id := range h.People {
			has[seatOf(id, h.Session.ID)] = true
		}
	}
	n := 0
	for _, s := range k.Seats {
		if !has[s] {
			n++
		}
	}
	return n
}

// solutionFile is what other programs read and write.
type solutionFile struct {
	Open        []int              `json:"open"`
	Assign      [][2]int           `json:"assign"`
	Objective   *float64           `json:"objective"`
	Bound       *float64           `json:"bound"`
	Certificate *solve.Certificate `json:"certificate,omitempty"` // written apart
	Status      json.RawMessage    `json:"status,omitempty"`
	Ended       string             `json:"ended,omitempty"`
	Work        int64              `json:"work,omitempty"`
}

// WriteSolution writes a plan of the instance in numbers: sessions held, seats
// as [person, session], objective, bound and its certificate, for an
// independent checker. A plan with priced moves is written at what it is worth
// without them.
func (in *Instance) WriteSolution(w io.Writer, p *Plan) error {
	plain := in.c.encode(p)
	status, _ := json.Marshal(p.Status)
	f := solutionFile{Open: plain.Open, Assign: plain.Assign, Bound: finite((p.Bound + in.c.idle()) * in.c.scale),
		Status: status, Ended: p.Ended, Work: p.Work}
	if !math.IsNaN(p.Objective) {
		exact, _ := solve.Evaluate(in.c.problem, *plain).Objective.Float64()
		f.Objective = &exact
		if p.Status == Optimal && p.Kept == nil && len(p.Floors) == 0 {
			f.Bound = &exact
		}
	}
	if p.Kept != nil && p.Proof.tree != nil {
		bound, err := p.Proof.tree.Verify(in.c.problem)
		if err != nil {
			return err
		}
		f.Bound = finite(bound)
	}
	f.Open, f.Assign = orEmpty(f.Open), orEmpty(f.Assign)
	if err := f.write(w, p.Proof.tree); err != nil {
		return fmt.Errorf("program: %w", err)
	}
	return nil
}

// write writes the file with its certificate.
func (f *solutionFile) write(w io.Writer, proof *solve.Certificate) error {
	b, err := json.Marshal(f)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w) // keeps the first error until Flush
	_, _ = out.Write(bytes.TrimSuffix(b, []byte("}")))
	if proof != nil {
		_, _ = out.WriteString(`,"certificate":`)
		if err := proof.Write(out); err != nil {
			return err
		}
	}
	_, _ = out.WriteString("}\n")
	return out.Flush()
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// ReadSolution reads a plan of the instance in the form of [Instance.WriteSolution],
// from whatever program; a file without sessions and objective is a search that
// found no plan. The objective is what the plan is worth, computed
// anew; the bound is what the file claims, for [Instance.Verify] to check. A
// plan that breaks hard rules, or is not worth what the file says to 10⁻⁶
// ("wrong-objective"), is returned with the problems.
func (in *Instance) ReadSolution(r io.Reader) (*Plan, error) {
	var f solutionFile
	if err := solve.Decode(r, &f, false); err != nil {
		return nil, err
	}
	if f.Objective == nil && len(f.Open) == 0 && len(f.Assign) == 0 {
		return in.c.nothing(&f), nil
	}
	ok := func(i, n int) bool { return i >= 0 && i < n }
	plan := solve.Plan{Open: f.Open, Assign: f.Assign}
	e := solve.Evaluate(in.c.problem, plan)
	plan.Open = slices.DeleteFunc(ascending(slices.Clone(f.Open)), func(s int) bool { return !ok(s, in.c.problem.M) })
	plan.Assign = slices.DeleteFunc(slices.Clone(f.Assign), func(a [2]int) bool {
		return !ok(a[0], in.c.problem.N) || !ok(a[1], in.c.problem.M) || !slices.Contains(plan.Open, a[1])
	})
	p := in.c.decode(plan.Open, plan.Assign)
	p.Status, p.Bound = Feasible, math.Inf(1)
	if f.Bound != nil {
		p.Bound = *f.Bound/in.c.scale - in.c.idle()
	}
	if p.Proof.tree = f.Certificate; f.Certificate != nil {
		p.Status = Bounded
	}
	if !e.Feasible() {
		return p, in.c.named(e.Violations)
	}
	p.Parts = in.c.parts(p)
	worth, _ := e.Objective.Float64()
	if p.Objective = worth/in.c.scale - in.c.idle(); p.Status == Bounded && p.Bound <= p.Objective {
		p.Status = Optimal
	}
	if said := f.Objective; said != nil && !(math.Abs(*said-worth) <= 1e-6*(1+math.Abs(worth))) {
		return p, bangkom.Problem{Code: "wrong-objective", Where: "objective", Value: fmt.Sprint(*said), Msg: fmt.Sprintf("the stated objective is wrong: the plan is worth %.9g", worth)}
	}
	return p, nil
}

// nothing is the result of a search that found no plan.
func (c *compiled) nothing(f *solutionFile) *Plan {
	p := c.decode(nil, nil)
	if p.Proof.tree = f.Certificate; f.Bound != nil {
		p.Bound = *f.Bound/c.scale - c.idle()
	}
	if string(f.Status) == `"infeasible"` && f.Certificate != nil {
		p.Status, p.Bound = Infeasible, math.Inf(-1)
	}
	return p
}

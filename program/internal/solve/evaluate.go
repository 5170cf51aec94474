package solve

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"

	"github.com/bangkom/bangkom"
)

// A Plan says which sessions are held and who sits where.
type Plan struct {
	Open   []int    `json:"open"`
	Assign [][2]int `json:"assign"` // person, session
}

// An Evaluation is what a plan is worth, exactly, and every constraint it breaks.
type Evaluation struct {
	Objective  *big.Rat
	Closed     *big.Rat // weighted levels closed
	Missing    int64    // hours short of the floors
	Uncovered  *big.Rat // people short of the coverage asked for
	Cost       int64
	Sessions   int
	Seats      int
	Over       []Excess         // soft rows that are exceeded
	Violations bangkom.Problems // hard rows that are broken, by name
}

// Feasible reports whether no hard constraint is broken.
func (e *Evaluation) Feasible() bool { return len(e.Violations) == 0 }

// An Excess is a soft row that was paid for: a shortfall or an overrun.
type Excess struct {
	Row    string // "total cost", "unit 3: seat cost", "limit 0", "cover 1", …
	Amount *big.Rat
	Price  Decimal
}

// where names a thing of the problem by its index.
func where(what string, i int) string { return what + " " + strconv.Itoa(i) }

// Evaluate computes the objective of a plan in exact arithmetic and names every
// constraint that it breaks. The problem must be valid ([Problem.Validate]).
func Evaluate(p *Problem, plan Plan) *Evaluation {
	return evaluate(relate(p), plan)
}

// Evaluator is [Evaluate] for many plans of one problem.
func Evaluator(p *Problem) func(Plan) *Evaluation {
	r := relate(p)
	return func(plan Plan) *Evaluation { return evaluate(r, plan) }
}

func evaluate(r *relations, plan Plan) *Evaluation {
	v := &evaluator{relations: r, e: &Evaluation{Objective: new(big.Rat), Closed: new(big.Rat), Uncovered: new(big.Rat)}}
	v.read(plan)
	v.sessions()
	v.people()
	v.coverage()
	v.money()
	v.limits()
	return v.e
}

type evaluator struct {
	*relations
	e      *Evaluation
	open   []bool
	seats  []int
	attend [][]int // sessions of each person, ascending
}

func (v *evaluator) broken(code, where, msg string, args ...any) {
	v.e.Violations.Add(bangkom.Problem{Code: code, Where: where, Msg: fmt.Sprintf(msg, args...)})
}

// pay subtracts price·amount, or names the row if it is hard.
func (v *evaluator) pay(code, row string, amount *big.Rat, price *Decimal) {
	if amount.Sign() <= 0 {
		return
	}
	if price == nil {
		v.broken(code, row, "%s too many or too few", amount.RatString())
		return
	}
	v.e.Over = append(v.e.Over, Excess{row, amount, *price})
	v.e.Objective.Sub(v.e.Objective, new(big.Rat).Mul(amount, price.rat()))
}

// read checks the plan's references and collects who attends what.
func (v *evaluator) read(plan Plan) {
	n, m := len(v.p.People), len(v.p.Sessions)
	v.open, v.seats, v.attend = make([]bool, m), make([]int, m), make([][]int, n)
	for _, s := range plan.Open {
		switch {
		case s < 0 || s >= m:
			v.broken("dangling-reference", where("session", s), "there is no such session")
		case v.open[s]:
			v.broken("twice", where("session", s), "opened twice")
		default:
			v.open[s] = true
			v.e.Sessions++
		}
	}
	for _, a := range plan.Assign {
		i, s := a[0], a[1]
		switch {
		case i < 0 || i >= n || s < 0 || s >= m:
			v.broken("dangling-reference", fmt.Sprintf("seat %d,%d", i, s), "there is no such person or session")
		case slices.Contains(v.attend[i], s):
			v.broken("twice", where("person", i), "twice in session %d", s)
		default:
			v.attend[i] = append(v.attend[i], s)
			v.seats[s]++
			v.e.Seats++
			if !v.open[s] {
				v.broken("session-closed", where("person", i), "sits in session %d, which is not held", s)
			}
		}
	}
	for _, a := range v.attend {
		slices.Sort(a)
	}
}

func (v *evaluator) sessions() {
	for s := range v.p.Sessions {
		x := &v.p.Sessions[s]
		if v.open[s] && v.seats[s] > x.Cap {
			v.broken("over-capacity", where("session", s), "%d seats, capacity %d", v.seats[s], x.Cap)
		}
		if v.open[s] && v.seats[s] < x.Min {
			v.broken("under-minimum", where("session", s), "%d seats, minimum %d", v.seats[s], x.Min)
		}
		if x.State == "open" && !v.open[s] || x.State == "closed" && v.open[s] {
			v.broken("decided", where("session", s), "must be %s", x.State)
		}
	}
}

// people checks each person's own rules and adds up gaps closed and hours short.
func (v *evaluator) people() {
	closed := map[Decimal]int64{} // tenths of a level by weight
	for i := range v.p.People {
		v.attendance(i)
		v.hours(i)
		if len(v.attend[i]) == 0 {
			continue
		}
		for _, g := range v.p.People[i].Gaps {
			got := 0
			for _, s := range v.attend[i] {
				got += min(v.gain[s][g.K], g.G)
			}
			closed[g.W] += int64(min(got, g.G))
		}
	}
	for w, tenths := range closed { // exact sums: the order does not matter
		v.e.Closed.Add(v.e.Closed, new(big.Rat).Mul(w.rat(), big.NewRat(tenths, 10)))
	}
	v.e.Objective.Add(v.e.Objective, v.e.Closed)
	if v.e.Missing > 0 && v.p.Rho != nil {
		v.pay("hours-short", "hours short", new(big.Rat).SetInt64(v.e.Missing), v.p.Rho)
	}
}

func (v *evaluator) attendance(i int) {
	q, me := &v.p.People[i], where("person", i)
	for k, s := range v.attend[i] {
		x := &v.p.Sessions[s]
		if !v.may(i, s) {
			v.broken("not-eligible", me, "session %d is done, excluded or raises none of their gaps", s)
		}
		for _, t := range v.attend[i][k+1:] {
			if v.clash[s][t] {
				v.broken("clash", me, "sessions %d and %d exclude each other", s, t)
			}
		}
		list, has := v.before(s)
		if has && !slices.Contains(q.Done, x.Pre) && !slices.ContainsFunc(list, func(t int) bool { return slices.Contains(v.attend[i], t) }) {
			v.broken("prerequisite", me, "session %d without offering %d before it", s, x.Pre)
		}
	}
	for _, o := range q.Must {
		if !slices.ContainsFunc(v.offering[o], func(s int) bool { return slices.Contains(v.attend[i], s) }) {
			v.broken("must", me, "must attend offering %d", o)
		}
	}
	for _, s := range q.Lock {
		if !slices.Contains(v.attend[i], s) {
			v.broken("lock", me, "must attend session %d", s)
		}
	}
}

func (v *evaluator) hours(i int) {
	sum := 0
	for _, s := range v.attend[i] {
		sum += v.p.Sessions[s].Hours
	}
	lo, hi := v.p.hours(i)
	if sum > hi {
		v.broken("hours-over", where("person", i), "%d hours, at most %d", sum, hi)
	}
	if short := lo - sum; short > 0 && len(v.eligible[i]) > 0 {
		v.e.Missing += int64(short)
		if v.p.Rho == nil {
			v.broken("hours-short", where("person", i), "%d hours short of %d", short, lo)
		}
	}
}

func (v *evaluator) coverage() {
	for k := range v.groups {
		g := &v.groups[k]
		short := g.wanted()
		for _, i := range g.members {
			if len(v.attend[i]) > 0 {
				short.Sub(short, one)
			}
		}
		if short.Sign() > 0 {
			v.e.Uncovered.Add(v.e.Uncovered, short)
		}
		v.pay("coverage", g.name+": coverage", short, g.pi)
	}
}

// money adds up costs and sets them against the budgets.
func (v *evaluator) money() {
	units := make([]int64, len(v.p.UBudget))
	for s := range v.p.Sessions {
		if v.open[s] {
			v.e.Cost += v.p.Sessions[s].F
		}
	}
	for i, a := range v.attend {
		for _, s := range a {
			c := v.p.Sessions[s].C
			v.e.Cost += c
			units[v.p.People[i].U] += c
		}
	}
	v.e.Objective.Sub(v.e.Objective, new(big.Rat).Mul(v.p.Money.rat(), new(big.Rat).SetInt64(v.e.Cost)))
	v.pay("budget", "total cost", new(big.Rat).SetInt64(v.e.Cost-v.p.Budget), v.p.overBudget())
	for u, c := range units {
		v.pay("unit-budget", where("unit", u)+": seat cost", new(big.Rat).SetInt64(c-v.p.UBudget[u]), v.p.overUnit())
	}
}

func (v *evaluator) limits() {
	for k, l := range v.p.Limits {
		var used int64
		for _, u := range l.Use {
			s, a := int(u[0]), u[1]
			if l.Per == "seat" {
				used += a * int64(v.seats[s])
			} else if v.open[s] {
				used += a
			}
		}
		v.pay("limit", where("limit", k), new(big.Rat).SetInt64(used-l.Limit), l.Price)
	}
	if v.p.Away == nil {
		return
	}
	away := make([][]int64, len(v.p.UBudget)) // unit × occasion
	for u := range away {
		away[u] = make([]int64, len(v.occasions))
	}
	for i, a := range v.attend {
		for _, s := range a {
			for o, list := range v.occasions {
				if slices.Contains(list, s) {
					away[v.p.People[i].U][o]++
				}
			}
		}
	}
	for u, row := range away {
		for o, n := range row {
			v.pay("away", fmt.Sprintf("unit %d at occasion %d: people away", u, o), new(big.Rat).SetInt64(n-v.share[u]), v.p.Away.Price)
		}
	}
}

package program

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/program/internal/solve"
)

func explained(t testing.TB, in *Instance, p *Plan) *Explanation {
	t.Helper()
	x, err := in.Explain(p)
	require.NoError(t, err)
	return x
}

// If nothing stands in the way of a seat that adds something, a plan that has
// not given it is not the best one.
func TestNothingIsLeftUngivenInTheBestPlan(t *testing.T) {
	eachRandom(t, 150, 6, 6, func(t *testing.T, k int, p *solve.Problem, in *Instance) {
		plan := solved(t, in)
		if plan.Status != Optimal {
			return
		}
		x := explained(t, in, plan)
		for i := range p.N {
			id, _ := in.c.person(i)
			r, err := x.Person(id)
			require.NoError(t, err)
			for _, o := range r.Options {
				require.NotEmpty(t, o.Blocks, "%d: person %s, session %s adds %v", k, id, o.Session, o.Adds)
				require.Greater(t, o.Adds, 0.0)
			}
			require.LessOrEqual(t, r.Worth, r.AloneWorth+1e-9, "%d: alone a person does at least as well", k)
			require.InDelta(t, r.Worth, x.worth(i, x.sits[i]), 1e-12)
		}
	})
}

// A hard block is a rule that the plan with this one seat more, and without
// those that it clashes with, breaks, and the other way round.
func TestBlocksAreWhatTheCheckerSays(t *testing.T) {
	checked, swapped := 0, 0
	eachRandom(t, 200, 5, 5, func(t *testing.T, k int, p *solve.Problem, in *Instance) {
		plan := solved(t, in)
		if math.IsNaN(plan.Objective) {
			return
		}
		x, base := explained(t, in, plan), in.c.encode(plan)
		for i := range p.N {
			for s := range p.Sessions {
				if slices.Contains(x.sits[i], s) || !x.held[s] || !x.raises(i, s) {
					continue
				}
				_, left := x.swap(i, []int{s})
				more := solve.Plan{Open: base.Open, Assign: append(slices.Clone(base.Assign), [2]int{i, s})}
				more.Assign = slices.DeleteFunc(more.Assign, func(a [2]int) bool { return a[0] == i && slices.Contains(left, a[1]) })
				hard := slices.ContainsFunc(x.blocks(i, s), func(b Block) bool { return !b.Soft })
				require.Equal(t, !solve.Evaluate(p, more).Feasible(), hard, "%d: person %d in %d: %v %v", k, i, s, x.blocks(i, s), solve.Evaluate(p, more).Violations)
				if len(left) > 0 {
					swapped++
				}
				checked++
			}
		}
	})
	require.Greater(t, checked, 100)
	require.Greater(t, swapped, 30)
}

func TestSessionsExplained(t *testing.T) {
	eachRandom(t, 100, 6, 6, func(t *testing.T, k int, p *solve.Problem, in *Instance) {
		plan := solved(t, in)
		if plan.Status != Optimal {
			return
		}
		x := explained(t, in, plan)
		for s := range p.Sessions {
			r, err := x.Session(in.c.sessions[s].ID)
			require.NoError(t, err)
			require.Equal(t, x.held[s], r.Held)
			require.InDelta(t, r.Gain-r.Opening, r.Worth, max(1e-9, x.noise))
			require.False(t, math.IsNaN(r.Worth) || math.IsInf(r.Worth, 0), k)
			require.True(t, slices.IsSortedFunc(r.Most, func(a, b Interest) int { return -compareFloat(a.Gains, b.Gains) }))
		}
	})
}

func compareFloat(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// three people want one session with two seats; checked by hand.
func queue(t testing.TB) (*Model, *Instance, *Plan) {
	t.Helper()
	w := office(t, 3)
	m, ps := Build(w, gaps(gap(0, "a", 1, 4), gap(1, "a", 2, 4), gap(2, "a", 2, 3)), map[competency.CompetencyID]float64{"a": 1}, Catalogue{
		Offerings: []Offering{{ID: "A", JP: 10 * bangkom.OneJP, Raises: map[competency.CompetencyID]Gain{"a": {Mean: 2}}}, {ID: "B", JP: 10 * bangkom.OneJP, Raises: map[competency.CompetencyID]Gain{"a": {Mean: 1}}}},
		Sessions:  []Session{{ID: "A-1", Offering: "A", Min: 1, Max: 2, Cost: Cost{Fixed: 500, Seat: 100}}, {ID: "B-1", Offering: "B", Min: 1, Max: 5, Cost: Cost{Fixed: 400, Seat: 10}}},
		Budgets:   []Budget{{Year: 2027, Amount: 900}},
	}, Policy{Year: 2027})
	require.NoError(t, ps.Err())
	in, err := m.Instance()
	require.NoError(t, err)
	return m, in, solved(t, in)
}

func TestWhyByHand(t *testing.T) {
	_, in, p := queue(t)
	require.Equal(t, Optimal, p.Status)
	require.InDelta(t, 4, p.Objective, 1e-9) // A for p00 and p01, two levels each; B is 200 short
	x := explained(t, in, p)
	r, err := x.Person("p02")
	require.NoError(t, err)
	require.Equal(t, NoRoom, r.Unseated)
	require.Equal(t, []SessionID{}, r.Sessions)
	require.InDelta(t, 1, r.AloneWorth, 1e-9)
	require.Len(t, r.Options, 2)
	full := r.Options[0]
	require.Equal(t, SessionID("A-1"), full.Session)
	require.InDelta(t, 1, full.Adds, 1e-9)
	require.Len(t, full.Blocks, 1, "200 are left, a seat costs 100")
	require.Equal(t, Rule{Kind: "seats", Session: "A-1"}, full.Blocks[0].Rule)
	require.InDelta(t, 2, full.Blocks[0].Cost, 1e-9, "whoever gives up a seat loses two levels")
	require.Equal(t, "not-held", r.Options[1].Blocks[0].Rule.Kind)
	require.Equal(t, Rule{Kind: "budget"}, r.Options[1].Blocks[1].Rule)
	require.InDelta(t, 10+400-200, r.Options[1].Blocks[1].Short, 1e-9)

	s, err := x.Session("B-1")
	require.NoError(t, err)
	require.False(t, s.Held)
	require.Equal(t, 3, s.Audience)
	require.Equal(t, []Block{{Rule: Rule{Kind: "budget"}, Short: 210, Unit: "rupiah", Cost: s.Blocks[0].Cost}}, s.Blocks)

	_, err = x.Person("nobody")
	require.ErrorIs(t, err, bangkom.Problem{Code: "unknown-person"})
	_, err = x.Session("nothing")
	require.ErrorIs(t, err, bangkom.Problem{Code: "unknown-session"})
	for _, lang := range []string{"id", "en"} {
		var b bytes.Buffer
		require.NoError(t, r.WriteText(&b, lang))
		require.NoError(t, s.WriteText(&b, lang))
		require.NoError(t, WritePrices(&b, lang, append(x.Prices(), Price{Rule: Rule{Kind: "hours"}, Each: 1, Unit: "hour", Limit: 160}), 0))
		require.NotContains(t, b.String(), "160", "the hours of everybody are no limit of anybody")
		require.NotContains(t, b.String(), "[", "every code has a text")
		require.NotContains(t, b.String(), "%!")
	}
}

func TestWithoutNeedOrSession(t *testing.T) {
	m := smallModel(t)
	m.Needs = m.Needs[2:]
	m.Policy.Settled = []Settled{{Person: "p01", Done: []OfferingID{"A1", "A2", "B1"}}}
	in, err := m.Instance()
	require.NoError(t, err)
	x := explained(t, in, solved(t, in))
	r, err := x.Person("p00")
	require.NoError(t, err)
	require.Equal(t, NoNeed, r.Unseated)
	require.Empty(t, r.Options)
	r, err = x.Person("p01")
	require.NoError(t, err)
	require.Equal(t, DoneBefore, r.Unseated)
	require.NotEmpty(t, r.Options)
	for _, o := range r.Options {
		require.Equal(t, "done", o.Blocks[0].Rule.Kind)
	}
}

func TestExplainRefusesAnotherInstancesPlan(t *testing.T) {
	m, _, p := queue(t)
	m.Catalogue.Budgets[0].Amount = 1
	in, err := m.Instance()
	require.NoError(t, err)
	_, err = in.Explain(p)
	require.ErrorIs(t, err, bangkom.Problem{Code: "budget"})
}

// A price times a step is not below what the step brings: bounds are concave
// in a limit, and the prices are slopes of the bound.
func TestPricesBoundWhatMoreBrings(t *testing.T) {
	met := 0
	eachRandom(t, 120, 5, 5, func(t *testing.T, k int, p *solve.Problem, in *Instance) {
		plan := solved(t, in)
		if plan.Status != Optimal {
			return
		}
		x := explained(t, in, plan)
		root := x.at.Bound()
		for _, price := range x.Prices() {
			if price.Rule.Kind != "budget" && price.Rule.Kind != "unit-budget" {
				continue
			}
			points, err := in.Curve(t.Context(), price.Rule, []float64{price.Limit + 5}, &Options{Work: plentyOfWork})
			require.NoError(t, err)
			require.LessOrEqual(t, points[0].Objective, root+5*price.Each+1e-6, k)
			met++
		}
	})
	require.Positive(t, met)
}

// A promised seat, a duty and a prerequisite keep people where they are.
func TestWhatKeepsAPersonFromSwapping(t *testing.T) {
	in, err := ReadInstance(strings.NewReader(`{"n":3,"m":4,"K":2,"U":1,"T":2,"hmin":0,"hmax":20,"rho":0,"pi":0,"theta":0,"budget":9,"ubudget":[9],
		"people":[{"u":0,"gaps":[[0,10,1],[1,9,1]],"done":[],"lock":[0]},{"u":0,"gaps":[[0,10,1],[1,9,1]],"done":[],"must":[0]},{"u":0,"gaps":[[0,1,1],[1,90,1]],"done":[]}],
		"sessions":[{"off":0,"method":"x","comp":[[0,3]],"hours":4,"F":0,"c":0,"cap":3,"min":3,"slot":0,"pre":-1},
			{"off":1,"method":"x","comp":[[1,9]],"hours":4,"F":0,"c":0,"cap":3,"min":1,"slot":0,"pre":-1},
			{"off":2,"method":"x","comp":[[1,20]],"hours":4,"F":0,"c":0,"cap":3,"min":1,"slot":1,"pre":0},
			{"off":3,"method":"x","comp":[[1,1]],"hours":4,"F":0,"c":0,"cap":1,"min":1,"slot":-1,"pre":2}]}`))
	require.NoError(t, err)
	plan, err := in.ReadSolution(strings.NewReader(`{"open":[0,2,3],"assign":[[0,0],[1,0],[2,0],[2,2],[2,3]]}`))
	require.NoError(t, err)
	x := explained(t, in, plan)
	kinds := func(i int) (out []string) {
		for _, b := range x.blocks(i, 1) {
			out = append(out, b.Rule.String())
		}
		return out
	}
	require.Equal(t, []string{"lock 0 0", "minimum 0", "not-held 1"}, kinds(0))
	require.Equal(t, []string{"must 1 0", "minimum 0", "not-held 1"}, kinds(1))
	require.Equal(t, []string{"minimum 0", "prerequisite 2 0", "not-held 1"}, kinds(2), "session 2 hangs on session 0")
	r, err := x.Person("0")
	require.NoError(t, err)
	at := slices.IndexFunc(r.Options, func(o Option) bool { return o.Session == "1" })
	require.Equal(t, []SessionID{"0"}, r.Options[at].Leaves)
	require.InDelta(t, 0.9-0.3, r.Options[at].Adds, 1e-12, "after the swap")
	who, loss := x.cheapest(2)
	require.Equal(t, 2, who)
	require.InDelta(t, 2+0.1, loss, 1e-12, "session 3 goes with its prerequisite")
}

// TestADutyIsNoBenefit: what the breach of a duty would cost is not what a
// session is worth to somebody who has to attend it anyway.
func TestADutyIsNoBenefit(t *testing.T) {
	worth := func(settled ...Settled) SessionReason {
		m := smallModel(t)
		m.Policy.Settled = settled
		in, err := m.Instance()
		require.NoError(t, err)
		x, err := in.Explain(solved(t, in))
		require.NoError(t, err)
		r, err := x.Session("B1-1")
		require.NoError(t, err)
		return r
	}
	free := worth()
	duty := worth(Settled{Person: "p00", Must: []OfferingID{"B1"}})
	require.Contains(t, duty.Settled, Rule{Kind: "must", Person: "p00", Offering: "B1"})
	require.LessOrEqual(t, duty.Gain, free.Gain+1e-6)
	for _, w := range duty.Most {
		require.NotEqual(t, "p00", string(w.Person))
	}
}

// A duty of a problem file is named by the number that the file gives its
// offering, wherever that stands among the offerings.
func TestExplainNamesTheOfferingsOfAFile(t *testing.T) {
	in, err := ReadInstance(strings.NewReader(`{"n":1,"m":1,"K":1,"U":1,"T":0,"hmin":0,"hmax":9,"rho":0,"pi":0,"theta":0,"budget":9,"ubudget":[9],
		"people":[{"u":0,"gaps":[[0,10,1]],"done":[],"must":[5]}],
		"sessions":[{"off":5,"method":"x","comp":[[0,10]],"hours":2,"F":1,"c":1,"cap":3,"min":1,"slot":-1,"pre":-1}]}`))
	require.NoError(t, err)
	p, err := in.Solve(t.Context(), &Options{Work: 10_000})
	require.NoError(t, err)
	x, err := in.Explain(p)
	require.NoError(t, err)
	r, err := x.Session("0")
	require.NoError(t, err)
	require.Contains(t, r.Settled, Rule{Kind: "must", Person: "0", Offering: "5"})
}

// What a seat takes of each resource is charged by the resource's own name.
func TestResourcesPayUnderTheirNames(t *testing.T) {
	m, _, _ := queue(t)
	m.Catalogue.Budgets = nil
	m.Catalogue.Resources = []Resource{{ID: "licence", Limit: 1, PerSeat: true}, {ID: "hall", Limit: 9, PerSeat: true}, {ID: "laptop", Limit: 9, PerSeat: true}}
	for s := range m.Catalogue.Sessions {
		m.Catalogue.Sessions[s].Uses = []Use{{"hall", 3}, {"laptop", 1}, {"licence", 1}}
	}
	in, err := m.Instance()
	require.NoError(t, err)
	p := solved(t, in)
	p.Proof = Certificate{root: &solve.Prices{Kappa: []float64{300, .04, 500}}} // by id: hall, laptop, licence
	r, err := explained(t, in, p).Person("p00")
	require.NoError(t, err)
	require.Equal(t, []Charge{{Rule{Kind: "resource", Resource: "hall"}, 1.8}, {Rule{Kind: "resource", Resource: "licence"}, 1}}, r.Pays, "for two seats; laptops are worth next to nothing")
}

// lift gives each rule of the blocks just what they say is missing; false where
// one of them is no number.
func lift(c *compiled, p *solve.Problem, i int, blocks []Block) bool {
	for _, b := range blocks {
		n := int64(math.Round(b.Short))
		switch b.Rule.Kind {
		case "budget":
			p.Budget += n
		case "unit-budget":
			p.UBudget[c.payerN[b.Rule.Unit]] += n
		case "resource":
			p.Limits[slices.Index(c.resourceIDs(), b.Rule.Resource)].Limit += n
		case "seats":
			p.Sessions[c.sessionN[b.Rule.Session][0]].Cap += int(n)
		case "minimum":
			p.Sessions[c.sessionN[b.Rule.Session][0]].Min -= int(n)
		case "hours":
			most := c.allHours()
			p.People[i].HMax = &most
		case "closed", "not-held":
			p.Sessions[c.sessionN[b.Rule.Session][0]].State = Open.String()
		case "prerequisite":
			if b.Rule.Session != "" {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// before lists the sessions of the prerequisites of s, and of theirs.
func before(x *Explanation, s int) (list []int) {
	own, _ := x.at.Before(s)
	for _, t := range own {
		list = append(list, append(before(x, t), t)...)
	}
	return list
}

// Where just what stands in the way is lifted, there is a plan with the seat, or
// with the session, beside the others.
func TestLiftingWhatIsNamedSuffices(t *testing.T) {
	people, prerequisites, sessions := 0, 0, 0
	eachRandom(t, 250, 6, 6, func(t *testing.T, k int, p *solve.Problem, in *Instance) {
		plan := solved(t, in)
		if math.IsNaN(plan.Objective) || p.Away != nil && p.Away.Price == nil {
			return
		}
		x, c := explained(t, in, plan), in.c
		possible := func(i int, more, left []int, blocks []Block) bool {
			able := false
			lifted := c.with(func(q *solve.Problem) {
				for j := range q.People {
					q.People[j].Lock = slices.DeleteFunc(slices.Clone(x.sits[j]), func(s int) bool { return j == i && slices.Contains(left, s) })
				}
				if able = lift(c, q, i, blocks); i >= 0 {
					q.People[i].Lock = append(q.People[i].Lock, more...)
				}
				for s := range q.Sessions {
					if x.held[s] || slices.Contains(more, s) {
						q.Sessions[s].State = Open.String()
					}
				}
			})
			if !able || lifted.problem.Validate().Err() != nil {
				return false
			}
			again := solved(t, &Instance{lifted})
			require.NotEqual(t, Infeasible, again.Status, "%d: person %d, sessions %v: %v", k, i, more, blocks)
			require.False(t, math.IsNaN(again.Objective))
			return true
		}
		for i := range p.N {
			for s := range p.Sessions {
				if slices.Contains(x.sits[i], s) || !x.raises(i, s) || slices.Contains(p.People[i].Done, p.Sessions[s].Off) {
					continue
				}
				first := x.first(i, s)
				more := append(first, s)
				_, left := x.swap(i, more)
				if slices.ContainsFunc(before(x, s), func(q int) bool { return x.at.Clash(q, s) }) {
					continue // with its own prerequisite: nobody can have both
				}
				if possible(i, more, left, x.blocks(i, s)) {
					people++
					prerequisites += boolInt(len(first) > 0)
				}
			}
		}
		for s := range p.Sessions {
			if !x.held[s] && possible(-1, []int{s}, nil, x.forbids(s)) {
				sessions++
			}
		}
	})
	require.Greater(t, people, 100)
	require.Greater(t, prerequisites, 10)
	require.Greater(t, sessions, 50)
}

// A session that is not held needs its minimum, whoever asks, and units that pay
// for it: those whose lines are short of least.
func TestAPersonsShortageIsTheSessions(t *testing.T) {
	m, _, _ := queue(t)
	m.Catalogue.Sessions[1].Min = 3
	m.Catalogue.Budgets = append(m.Catalogue.Budgets, Budget{Unit: "health", Year: 2027, Amount: 200}, Budget{Unit: "works", Year: 2027, Amount: 105}) // A-1 is attended by one of each
	in, err := m.Instance()
	require.NoError(t, err)
	x := explained(t, in, solved(t, in))
	r, err := x.Person("p02")
	require.NoError(t, err)
	s, err := x.Session("B-1")
	require.NoError(t, err)
	short := map[Rule]float64{}
	for _, b := range s.Blocks {
		short[b.Rule] = b.Short
	}
	require.Equal(t, map[Rule]float64{{Kind: "budget"}: 400 + 3*10 - 200, {Kind: "unit-budget", Unit: "works"}: 10 - 5}, short)
	require.Equal(t, SessionID("B-1"), r.Options[1].Session)
	require.Equal(t, s.Blocks, r.Options[1].Blocks[1:], "beside that it is not held")
}

// What keeps a person from the prerequisite stands in the way too.
func TestWhatKeepsAPersonFromThePrerequisite(t *testing.T) {
	in, err := ReadInstance(strings.NewReader(`{"n":1,"m":2,"K":1,"U":1,"T":0,"hmin":0,"hmax":9,"rho":0,"pi":0,"theta":0,"budget":9,"ubudget":[9],
		"people":[{"u":0,"gaps":[[0,10,1]],"done":[],"not":[0]}],
		"sessions":[{"off":0,"method":"x","comp":[[0,5]],"hours":4,"F":1,"c":5,"cap":3,"min":1,"slot":-1,"pre":-1},
			{"off":1,"method":"x","comp":[[0,5]],"hours":4,"F":1,"c":6,"cap":3,"min":1,"slot":-1,"pre":0}]}`))
	require.NoError(t, err)
	plan, err := in.ReadSolution(strings.NewReader(`{"open":[],"assign":[]}`))
	require.NoError(t, err)
	r, err := explained(t, in, plan).Person("0")
	require.NoError(t, err)
	at := slices.IndexFunc(r.Options, func(o Option) bool { return o.Session == "1" })
	require.InDelta(t, 1, r.Options[at].Adds, 1e-12, "with the prerequisite")
	short := map[string]float64{}
	for _, b := range r.Options[at].Blocks {
		short[b.Rule.String()] = b.Short
	}
	require.Subset(t, short, map[string]float64{"not 0": 0, "not-held 0": 0, "not-held 1": 0, "unit-budget 0": 5 + 6 - 9, "budget": 1 + 5 + 1 + 6 - 9})
}

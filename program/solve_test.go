package program

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/internal/ref"
	"github.com/bangkom/bangkom/program/internal/solve"
)

// tiny has three people and every kind of rule that a policy can hold.
func tiny(t testing.TB) *Model {
	t.Helper()
	w := office(t, 3)
	m, ps := Build(w, gaps(gap(0, "a", 1, 4), gap(0, "b", 2, 3), gap(1, "a", 2, 4), gap(2, "a", 1, 2), gap(2, "b", 1, 3)), weights, small(), policy())
	require.NoError(t, ps.Err())
	return m
}

// best searches all plans by brute force on the solver's exact evaluation.
func best(m *Model) float64 {
	c := m.compile()
	n, sessions := len(c.needs), len(c.sessions)
	most := math.Inf(-1)
	for code := range 1 << (n * sessions) {
		var plan solve.Plan
		for s := range sessions {
			held := false
			for i := range n {
				if code>>(i*sessions+s)&1 == 1 {
					held = true
					plan.Assign = append(plan.Assign, [2]int{i, s})
				}
			}
			if held {
				plan.Open = append(plan.Open, s)
			}
		}
		if e := solve.Evaluate(c.problem, plan); e.Feasible() {
			x, _ := e.Objective.Float64()
			most = max(most, x/weightScale)
		}
	}
	return most - c.idle()
}

func TestSolveFindsTheBestPlanAndProvesIt(t *testing.T) {
	for name, change := range map[string]func(*Model){
		"as it is":   func(*Model) {},
		"less money": func(m *Model) { m.Catalogue.Budgets[0].Amount = 1_500_000 },
		"no money":   func(m *Model) { m.Catalogue.Budgets[0].Amount = 0 },
		"money":      func(m *Model) { m.Policy.Money = 1e-6 },
		"coverage":   func(m *Model) { m.Policy.Coverage, m.Policy.MissingHour = 1, -1 },
		"caution":    func(m *Model) { m.Policy.Caution = 2 },
	} {
		t.Run(name, func(t *testing.T) {
			m := tiny(t)
			change(m)
			p, err := Solve(t.Context(), m, &Options{Work: 1_000_000})
			require.NoError(t, err)
			require.InDelta(t, best(m), p.Objective, 1e-9)
			require.Equal(t, Optimal, p.Status)
			require.Zero(t, p.Gap())
			bound, err := p.Proof.Verify(m)
			require.NoError(t, err)
			require.InDelta(t, p.Bound, bound, 1e-9)
			obeys(t, m, p)
		})
	}
}

// obeys checks a plan against the model's own words.
func obeys(t testing.TB, m *Model, p *Plan) {
	t.Helper()
	for _, h := range p.Held {
		require.GreaterOrEqual(t, len(h.People), h.Session.Min)
		require.LessOrEqual(t, len(h.People), h.Session.Max)
	}
	for _, l := range p.Lines {
		require.Zero(t, l.Shortage, l)
	}
	for _, x := range p.People {
		person, _ := m.Workforce.Person(x.Person)
		if most := m.Policy.Hours[person.Status].Max; most > 0 {
			require.LessOrEqual(t, x.JP, most)
		}
	}
	if m.Policy.Money == 0 && m.Policy.Coverage == 0 && !math.IsNaN(p.Objective) {
		require.InDelta(t, p.Objective, worth(m, p), 1e-9, "the objective is that of the documentation")
	}
}

func TestSolveIsTheSameForAnyNumberOfWorkers(t *testing.T) {
	m := smallModel(t)
	var want string
	for workers := range 3 {
		p, err := Solve(t.Context(), m, &Options{Work: 20_000, Seed: 7, Workers: workers + 1})
		require.NoError(t, err)
		obeys(t, m, p)
		got, err := json.Marshal(p)
		require.NoError(t, err)
		if want == "" {
			want = string(got)
		}
		require.Equal(t, want, string(got))
	}
}

func TestWithoutTimeThereIsAValidPlanAndBound(t *testing.T) {
	m := smallModel(t)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for ctx, opt := range map[context.Context]*Options{ended: nil, t.Context(): {Limit: time.Nanosecond}} {
		p, err := Solve(ctx, m, opt)
		require.NoError(t, err)
		require.NotEqual(t, NoPlan, p.Status)
		require.GreaterOrEqual(t, p.Bound, p.Objective)
		obeys(t, m, p)
		_, err = json.Marshal(p)
		require.NoError(t, err)
	}
}

func TestSolveRefusesWhatDoesNotValidate(t *testing.T) {
	m := smallModel(t)
	m.Needs[0].Weight = math.NaN()
	_, err := Solve(t.Context(), m, nil)
	require.ErrorIs(t, err, bangkom.Problem{Code: "zero-weight"})
	_, err = Solve(t.Context(), nil, nil)
	require.ErrorIs(t, err, bangkom.Problem{Code: "no-model"})
	_, err = Solve(t.Context(), smallModel(t), &Options{Work: -1})
	require.ErrorIs(t, err, bangkom.ErrOption)
}

func TestHardRulesThatCannotHold(t *testing.T) {
	m := tiny(t)
	m.Policy.MissingHour, m.Catalogue.Budgets[0].Amount = math.Inf(1), 10 // hours are hard, and cannot be paid
	p, err := Solve(t.Context(), m, &Options{Work: 100_000})
	require.NoError(t, err)
	require.Equal(t, Infeasible, p.Status)
	require.True(t, math.IsNaN(p.Objective))
	require.Empty(t, p.Held)
}

func TestSettledPeople(t *testing.T) {
	m := tiny(t)
	m.Policy.Settled = []Settled{{Person: "p00", Done: []OfferingID{"A1"}}, {Person: "p01", Lock: []SessionID{"B1-1"}}, {Person: "p02", Not: []SessionID{"B1-1"}, Must: []OfferingID{"A1"}}}
	p, err := Solve(t.Context(), m, &Options{Work: 1_000_000})
	require.NoError(t, err)
	sits := func(id competency.PersonID) []SessionID { x, _ := p.Person(id); return x.Sessions }
	require.NotContains(t, sits("p00"), SessionID("A1-1"))
	require.NotContains(t, sits("p00"), SessionID("A1-2"))
	require.Contains(t, sits("p01"), SessionID("B1-1"))
	require.NotContains(t, sits("p02"), SessionID("B1-1"))
	require.Subset(t, []SessionID{"A1-1", "A1-2", "A2-1"}, sits("p02"))
	require.NotEmpty(t, sits("p02"))
}

func TestProgressComesInThePlansUnit(t *testing.T) {
	var seen []Progress
	p, err := Solve(t.Context(), tiny(t), &Options{Work: 1_000_000, Progress: func(x Progress) { seen = append(seen, x) }})
	require.NoError(t, err)
	require.NotEmpty(t, seen)
	last := seen[len(seen)-1]
	require.InDelta(t, p.Objective, last.Objective, 1e-9)
	require.InDelta(t, p.Bound, last.Bound, 1e-9)
}

func TestAClaimWithoutCertificateProvesNothing(t *testing.T) {
	_, err := Certificate{}.Verify(tiny(t))
	require.ErrorIs(t, err, bangkom.Problem{Code: "no-certificate"})
}

// An independent checker, in another language, reads the problem file and
// agrees with plan and bound.
func TestAnOutsideCheckerAgrees(t *testing.T) {
	checker := ref.Shared(t, "bench", "plan", "verify.py")
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("skipped: needs python3")
	}
	m := smallModel(t)
	c := m.compile()
	r, err := solve.Solve(t.Context(), c.problem, solve.Options{Work: 50_000})
	require.NoError(t, err)
	dir := t.TempDir()
	write := func(name string, v any) string {
		data, err := json.Marshal(v)
		require.NoError(t, err)
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, data, 0o600))
		return path
	}
	out, err := exec.CommandContext(t.Context(), python, checker, "--certificate", "need", write("p.json", c.problem), write("s.json", r)).CombinedOutput()
	require.NoError(t, err, "%s", out)
}

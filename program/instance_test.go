package program

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/ref"
	"github.com/bangkom/bangkom/program/internal/solve"
)

const plentyOfWork = 3_000_000

func solved(t testing.TB, in *Instance) *Plan {
	t.Helper()
	p, err := in.Solve(t.Context(), &Options{Work: plentyOfWork, Seed: 1})
	require.NoError(t, err)
	return p
}

func TestAnInstanceIsTheSameAfterWritingAndReading(t *testing.T) {
	for name, in := range map[string]*Instance{"model": {smallModel(t).compile()}} {
		var plain, again, packed bytes.Buffer
		require.NoError(t, in.Write(&plain))
		z := gzip.NewWriter(&packed)
		_, err := z.Write(plain.Bytes())
		require.NoError(t, err)
		require.NoError(t, z.Close())
		read, err := ReadInstance(&packed)
		require.NoError(t, err, name)
		require.NoError(t, read.Write(&again))
		require.Equal(t, plain.String(), again.String())
	}
}

// The same numbers give the same plan, whether they come from a model or a
// file; only names and the unit of the objective differ.
func TestAModelAndItsFileHaveTheSamePlan(t *testing.T) {
	m := smallModel(t)
	var file bytes.Buffer
	require.NoError(t, m.WriteProblem(&file))
	in, err := ReadInstance(&file)
	require.NoError(t, err)
	p, err := Solve(t.Context(), m, &Options{Work: plentyOfWork, Seed: 1})
	require.NoError(t, err)
	q := solved(t, in)
	require.Equal(t, p.Status, q.Status)
	require.InDelta(t, weightScale*(p.Objective+m.compile().idle()), q.Objective, 1e-6)
	require.Equal(t, len(p.Held), len(q.Held))
	for k, h := range p.Held {
		require.Equal(t, len(h.People), len(q.Held[k].People))
		require.Equal(t, h.Cost.Seats+h.Cost.Fee, q.Held[k].Cost.Seats)
	}
	require.Equal(t, p.Cost.Due+p.Cost.Discount, q.Cost.Due)
	require.Equal(t, "Rp5.000.000", q.Lines[0].Ceiling.String())
	x, ok := q.Person("3")
	require.True(t, ok)
	require.NotEmpty(t, x.Expected)
}

func TestASolutionIsTheSameAfterWritingAndReading(t *testing.T) {
	eachRandom(t, 60, 5, 5, func(t *testing.T, k int, _ *solve.Problem, in *Instance) {
		p := solved(t, in)
		var file bytes.Buffer
		require.NoError(t, in.WriteSolution(&file, p))
		q, err := in.ReadSolution(&file)
		require.NoError(t, err)
		if math.IsNaN(p.Objective) {
			require.Equal(t, Infeasible, p.Status)
			require.Equal(t, Infeasible, q.Status)
			return
		}
		require.Equal(t, p.Held, q.Held)
		require.Equal(t, p.People, q.People)
		require.InDelta(t, p.Objective, q.Objective, 1e-9)
		require.Equal(t, p.Status, q.Status)
		bound, err := in.Verify(q)
		require.NoError(t, err, k)
		require.InDelta(t, p.Bound, bound, 1e-9*(1+math.Abs(bound)))
	})
}

func TestPlansThatLieAreCaught(t *testing.T) {
	m := smallModel(t)
	in, err := m.Instance()
	require.NoError(t, err)
	p := solved(t, in)
	more := *p
	more.Objective++
	_, err = in.Verify(&more)
	require.ErrorIs(t, err, bangkom.Problem{Code: "wrong-objective"})

	full := *p
	full.Held = append([]Held{}, p.Held...)
	full.Held[0].People = append(full.Held[0].People, "p00", "p01", "p02", "p03", "p04", "p05")
	_, err = in.Verify(&full)
	require.Error(t, err)
	ps := bangkom.AsProblems(err, "")
	require.True(t, ps.Has("over-capacity") || ps.Has("twice"), ps)
	require.Contains(t, err.Error(), string(full.Held[0].Session.ID), "by its name, not its number")

	bare := *p
	bare.Proof = Certificate{}
	_, err = in.Verify(&bare)
	require.ErrorIs(t, err, bangkom.Problem{Code: "no-certificate"})
}

// A forged list of kept seats cannot lower the bound of the model itself.
func TestKeptSeatsDoNotLowerTheBoundOfTheModel(t *testing.T) {
	m := smallModel(t)
	p, err := Solve(t.Context(), m, &Options{Work: plentyOfWork})
	require.NoError(t, err)
	p.Kept = &Kept{Price: 1000, Seats: [][2]string{{"nobody", "A1-1"}, {"p00", "A1-1"}}}
	bound, err := p.Proof.Verify(m)
	require.NoError(t, err)
	require.GreaterOrEqual(t, bound, p.Objective-1e-9)
}

func TestBadFilesAreRefusedWithAllThatIsWrong(t *testing.T) {
	good := `{"n":1,"m":1,"K":1,"U":1,"T":1,"hmin":0,"hmax":9,"rho":0.2,"pi":0,"theta":0,"budget":9,"ubudget":[9],
		"people":[{"u":0,"gaps":[[0,10,1]],"done":[]}],"sessions":[{"off":0,"method":"x","comp":[[0,5]],"hours":1,"F":0,"c":1,"cap":1,"min":0,"slot":-1,"pre":-1}]}`
	in, err := ReadInstance(strings.NewReader(good))
	require.NoError(t, err)
	require.Equal(t, Optimal, solved(t, in).Status)
	for name, c := range map[string]struct {
		old, new string
		codes    []string
	}{
		"not JSON":        {`{"n"`, `{"n`, []string{"bad-json"}},
		"unknown field":   {`"n":1`, `"n":1,"x":2`, []string{"bad-json"}},
		"min above cap":   {`"min":0`, `"min":2`, []string{"min-above-cap"}},
		"negative money":  {`"budget":9`, `"budget":-9`, []string{"negative"}},
		"unknown ids":     {`"u":0,"gaps":[[0,10,1]]`, `"u":7,"gaps":[[3,10,1]]`, []string{"dangling-reference", "dangling-reference"}},
		"circle":          {`"pre":-1`, `"pre":0`, []string{"prerequisite-circle"}},
		"NaN":             {`"rho":0.2`, `"rho":NaN`, []string{"bad-json"}},
		"missing":         {`"rho":0.2,`, ``, []string{"missing-field"}},
		"several at once": {`"budget":9,"ubudget":[9]`, `"budget":-1,"ubudget":[-1]`, []string{"negative", "negative"}},
	} {
		_, err := ReadInstance(strings.NewReader(strings.Replace(good, c.old, c.new, 1)))
		require.Error(t, err, name)
		require.Equal(t, c.codes, codes(bangkom.AsProblems(err, "")), name)
	}
}

// mpsRows reads free MPS as a bag of rows: kind, right-hand side, and columns
// by their place among the sessions and seats, which come first; further columns
// by cost and bounds.
func mpsRows(t *testing.T, text string, first int) []string {
	t.Helper()
	kind, rhs, place, cost, bounds, section := map[string]string{}, map[string]float64{}, map[string]int{}, map[string]float64{}, map[string]string{}, ""
	terms := map[string]map[string]float64{}
	for line := range strings.Lines(text) {
		w := strings.Fields(line)
		if !strings.HasPrefix(line, " ") {
			section = w[0]
			continue
		}
		x := 0.0
		if section != "ROWS" && w[1] != "'MARKER'" && w[0] != "PL" {
			var err error
			x, err = strconv.ParseFloat(w[len(w)-1], 64)
			require.NoError(t, err)
		}
		switch {
		case section == "ROWS":
			kind[w[1]], terms[w[1]] = w[0], map[string]float64{}
		case section == "COLUMNS" && w[1] != "'MARKER'":
			if _, ok := place[w[0]]; !ok {
				place[w[0]] = len(place)
			}
			if terms[w[1]][w[0]] = x; w[1] == "OBJ" {
				cost[w[0]] = x
			}
		case section == "RHS":
			rhs[w[1]] = x
		case section == "BOUNDS":
			bounds[w[2]] += w[0] + strconv.FormatFloat(x, 'g', 9, 64)
		}
	}
	var rows []string
	for r, list := range terms {
		var words []string
		for c, v := range list {
			name := fmt.Sprintf("%g/%s", cost[c], bounds[c])
			if place[c] < first {
				name += fmt.Sprintf("/%d", place[c])
			}
			if v != 0 {
				words = append(words, name+"*"+strconv.FormatFloat(v, 'g', 9, 64))
			}
		}
		slices.Sort(words)
		rows = append(rows, fmt.Sprintf("%s %.9g %s", kind[r], rhs[r], words))
	}
	slices.Sort(rows)
	return rows
}

// Another program, which shares no code with this one, writes the same model.
func TestMPSIsTheModelOfTheOutsideProgram(t *testing.T) {
	model := ref.Shared(t, "bench", "plan", "model_plan.py")
	python := "/usr/bin/python3"
	if exec.Command(python, "-c", "import scipy").Run() != nil {
		t.Skip("skipped: needs python3 with scipy")
	}
	dir := t.TempDir()
	problems := map[string]*solve.Problem{"model": smallModel(t).compile().problem}
	eachRandom(t, 3, 6, 6, func(_ *testing.T, k int, p *solve.Problem, _ *Instance) { problems[strconv.Itoa(k)] = p })
	for name, p := range problems {
		in := &Instance{bare(p)}
		file, theirs := filepath.Join(dir, name+".json"), filepath.Join(dir, name+".mps")
		var ours, data bytes.Buffer
		require.NoError(t, in.Write(&data))
		require.NoError(t, os.WriteFile(file, data.Bytes(), 0o600))
		require.NoError(t, in.WriteMPS(&ours))
		out, err := exec.CommandContext(t.Context(), python, model, file, "mps", "out="+theirs).CombinedOutput()
		require.NoError(t, err, "%s", out)
		want, err := os.ReadFile(theirs)
		require.NoError(t, err)
		mip := newMIP(p)
		first := p.M
		for _, sits := range mip.sits {
			first += len(sits)
		}
		require.Equal(t, mpsRows(t, string(want), first), mpsRows(t, ours.String(), first), name)
	}
}

// A limit may name a session twice, and a cap stand for any number.
func TestMPSHoldsAColumnOnceInARow(t *testing.T) {
	in, err := ReadInstance(strings.NewReader(`{"n":1,"m":1,"K":1,"U":1,"T":1,"hmin":0,"hmax":9,"rho":0,"pi":0,"theta":0,"budget":9,"ubudget":[9],
		"people":[{"u":0,"gaps":[[0,5,1]],"done":[]}],
		"sessions":[{"off":0,"method":"m","comp":[[0,5]],"hours":1,"F":1,"c":1,"cap":1073741824,"min":1,"slot":-1,"pre":-1}],
		"limits":[{"limit":3,"per":"session","use":[[0,1],[0,2]]}]}`))
	require.NoError(t, err)
	var b strings.Builder
	require.NoError(t, in.WriteMPS(&b))
	seen := map[string]bool{}
	for line := range strings.Lines(b.String()) {
		if f := strings.Fields(line); len(f) == 3 && strings.HasPrefix(f[1], "R") {
			require.False(t, seen[f[0]+f[1]], "twice: %s", line)
			seen[f[0]+f[1]] = true
		}
	}
	require.Contains(t, b.String(), " 3\n", "the amounts of the limit are added up")
	require.NotContains(t, b.String(), "1073741824")
}

// HiGHS finds in our MPS file the optimum that we prove.
func TestHiGHSAgreesWithTheMPS(t *testing.T) {
	python := "/usr/bin/python3"
	if exec.Command(python, "-c", "import scipy.optimize as o; o.milp").Run() != nil {
		t.Skip("skipped: needs python3 with scipy >= 1.9")
	}
	dir := t.TempDir()
	eachRandom(t, 8, 7, 6, func(t *testing.T, k int, _ *solve.Problem, in *Instance) {
		file := filepath.Join(dir, strconv.Itoa(k)+".mps")
		f, err := os.Create(file)
		require.NoError(t, err)
		require.NoError(t, in.WriteMPS(f))
		require.NoError(t, f.Close())
		out, err := exec.CommandContext(t.Context(), python, filepath.Join("testdata", "gen", "solve_mps.py"), file).Output()
		require.NoError(t, err)
		var got *float64
		require.NoError(t, json.Unmarshal(out, &got))
		p := solved(t, in)
		if got == nil {
			require.Equal(t, Infeasible, p.Status, k)
			return
		}
		require.Equal(t, Optimal, p.Status, k)
		require.InDelta(t, -*got, p.Objective, 1e-5, k)
	})
}

func FuzzReadInstance(f *testing.F) {
	var file bytes.Buffer
	require.NoError(f, smallModel(f).WriteProblem(&file))
	f.Add(file.Bytes())
	f.Add([]byte(`{"n":0,"m":0,"K":0,"U":0,"T":0,"hmin":0,"hmax":0,"rho":null,"pi":null,"theta":1,"budget":0,"ubudget":[],"people":[],"sessions":[]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<16 {
			return
		}
		in, err := ReadInstance(bytes.NewReader(data))
		if err != nil {
			return
		}
		var again, third bytes.Buffer
		require.NoError(t, in.Write(&again))
		read, err := ReadInstance(bytes.NewReader(again.Bytes()))
		require.NoError(t, err)
		require.NoError(t, read.Write(&third))
		require.Equal(t, again.String(), third.String())
	})
}

func FuzzReadSolution(f *testing.F) {
	in := &Instance{smallModel(f).compile()}
	var file bytes.Buffer
	p, err := in.Solve(f.Context(), &Options{Work: 20_000})
	require.NoError(f, err)
	require.NoError(f, in.WriteSolution(&file, p))
	f.Add(file.Bytes())
	f.Add([]byte(`{"open":[0,0,99,-1],"assign":[[0,0],[0,0],[-1,7],[3,1]],"objective":1e300,"bound":-5,"certificate":{"session":3}}`))
	f.Add([]byte(`{"certificate":{}}`)) // no plan, hence no objective, but a bound
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := in.ReadSolution(bytes.NewReader(data))
		if err != nil {
			return
		}
		bound, err := in.Verify(p) // whatever the prices are
		switch {
		case p.Status == NoPlan || p.Status == Infeasible:
			require.True(t, math.IsNaN(p.Objective))
		case err == nil:
			require.GreaterOrEqual(t, bound, p.Objective-1e-6*(1+math.Abs(p.Objective)))
		}
	})
}

// What the solver calls infeasible passes as such; a certificate of nothing
// does not make a problem infeasible.
func TestVerifyOfInfeasiblePlans(t *testing.T) {
	met := 0
	eachRandom(t, 300, 4, 4, func(t *testing.T, k int, p *solve.Problem, in *Instance) {
		plan := solved(t, in)
		if plan.Status != Infeasible {
			return
		}
		met++
		_, err := in.Verify(plan)
		require.NoError(t, err, k)
	})
	require.Greater(t, met, 5)
	for name, text := range map[string]string{
		"locks over the budget":    `"budget":3,"ubudget":[9],"people":[{"u":0,"gaps":[[0,9,1]],"done":[],"lock":[0]},{"u":0,"gaps":[[0,9,1]],"done":[],"lock":[0]}]`,
		"locks over the hours":     `"budget":9,"ubudget":[9],"people":[{"u":0,"gaps":[[0,9,1]],"done":[],"lock":[0],"hmax":1},{"u":0,"gaps":[[0,9,1]],"done":[],"lock":[0]}]`,
		"a minimum without people": `"budget":9,"ubudget":[9],"people":[{"u":0,"gaps":[[0,9,1]],"done":[]},{"u":0,"gaps":[[0,9,1]],"done":[0],"must":[]}]`,
	} {
		in, err := ReadInstance(strings.NewReader(`{"n":2,"m":1,"K":1,"U":1,"T":0,"hmin":0,"hmax":9,"rho":0,"pi":0,"theta":0,` + text + `,
			"sessions":[{"off":0,"method":"x","comp":[[0,9]],"hours":2,"F":0,"c":2,"cap":2,"min":2,"slot":-1,"pre":-1,"state":"open"}]}`))
		require.NoError(t, err, name)
		plan := solved(t, in)
		require.Equal(t, Infeasible, plan.Status, name)
		_, err = in.Verify(plan)
		require.NoError(t, err, name)
		plan.Proof = Certificate{tree: &solve.Certificate{}}
		if bound, err := in.Verify(plan); !math.IsInf(bound, -1) {
			require.ErrorIs(t, err, bangkom.Problem{Code: "wrong-status"}, name)
		}
	}
}

// A problem whose every plan is worth less than nothing is not infeasible, even
// if a certificate proves a bound below nothing.
func TestAForgedInfeasiblePlanIsRefused(t *testing.T) {
	in, err := ReadInstance(strings.NewReader(`{"n":1,"m":1,"K":1,"U":1,"T":0,"hmin":20,"hmax":40,"rho":1,"pi":0,"theta":0,"budget":9,"ubudget":[9],
		"people":[{"u":0,"gaps":[[0,9,1]],"done":[]}],
		"sessions":[{"off":0,"method":"x","comp":[[0,9]],"hours":2,"F":0,"c":2,"cap":2,"min":1,"slot":-1,"pre":-1}]}`))
	require.NoError(t, err)
	plan := solved(t, in)
	require.Equal(t, Optimal, plan.Status)
	require.Negative(t, plan.Bound)
	forged := &Plan{Status: Infeasible, Objective: math.NaN(), Bound: math.Inf(-1), Proof: plan.Proof}
	_, err = in.Verify(forged)
	require.ErrorIs(t, err, bangkom.Problem{Code: "wrong-status"})
}

// With floors of outcome and with priced moves, too, what is called infeasible
// is proved.
func TestInfeasiblePlansOfAModelAreProved(t *testing.T) {
	m := smallModel(t)
	before, err := Solve(t.Context(), m, &Options{Work: plentyOfWork})
	require.NoError(t, err)
	m.Policy.Coverage, m.Policy.Uncovered = 1, math.Inf(1)
	m.Catalogue.Budgets = []Budget{{Year: 2027, Amount: 100}}
	for _, floors := range [][]Floor{nil, {{Unit: "city", Mean: 1}}} {
		m.Policy.Floors = floors
		for _, moves := range []float64{0, 0.5} {
			p, err := Solve(t.Context(), m, &Options{Work: plentyOfWork, From: before, Moves: moves})
			require.NoError(t, err)
			require.Equal(t, Infeasible, p.Status, floors)
			in, err := m.Instance()
			require.NoError(t, err)
			bound, err := in.Verify(p)
			require.NoError(t, err, floors)
			require.True(t, math.IsInf(bound, -1), floors)
		}
	}
}

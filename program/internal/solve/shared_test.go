package solve

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/bangkom/bangkom/internal/ref"
	"github.com/stretchr/testify/require"
)

// python is the interpreter for the outside checker; without one the test is skipped.
func python(t testing.TB) string {
	for _, name := range []string{"/usr/bin/python3", "python3"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("skipped: needs python3")
	return ""
}

func open(t testing.TB, path string) *Problem {
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	p, err := Read(f)
	require.NoError(t, err)
	require.NoError(t, p.Validate().Err())
	return p
}

// verdict is what the outside checker prints.
type verdict struct {
	Feasible    bool
	Objective   float64
	Bound       float64
	Violations  []string
	Certificate struct {
		Valid  bool
		Bound  *float64
		Leaves int
	}
}

// checkOutside has plan, objective, bound and certificate checked by the
// independent program beside the repository, and compares its figures with ours.
func checkOutside(t *testing.T, path string, p *Problem, r *Result) {
	t.Helper()
	b, err := json.Marshal(r)
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "solution.json")
	require.NoError(t, os.WriteFile(file, b, 0o644))
	out, err := exec.Command(python(t), ref.Shared(t, "bench", "plan", "verify.py"), "--certificate", "need", path, file).CombinedOutput()
	require.NoError(t, err, "%.2000s", out)
	var v verdict
	require.NoError(t, json.Unmarshal(out, &v), "%.500s", out)
	require.True(t, v.Feasible && v.Certificate.Valid, "%.2000s", out)
	require.InDelta(t, r.Objective, v.Objective, 1e-9*math.Max(1, math.Abs(r.Objective)))
	require.Equal(t, r.Certificate.Leaves(), v.Certificate.Leaves)
	ours, err := r.Certificate.Verify(p)
	require.NoError(t, err)
	require.InDelta(t, *v.Certificate.Bound, ours, 1e-6*math.Max(1, math.Abs(ours)), "two checkers of one certificate")
	require.LessOrEqual(t, ours, r.Bound+1e-12)
}

// The instances of the bench: optima proved by another solver.
func TestBenchInstancesAgainstTheOutsideChecker(t *testing.T) {
	best := map[string]float64{"T10": 63.7, "T20": 135.7, "T40": 254.4, "T80": 338.6, "S1": 789.3, "S2": 626.3, "S3": 371.5} // S: no plan is above
	below := map[string]float64{"T10": 63.7, "T20": 135.7, "T40": 254.4, "T80": 338.6, "S1": 784.3, "S2": 625.5, "S3": 370.4}
	names := []string{"T10", "T20", "S2"}
	work := int64(100_000)
	if os.Getenv("BANGKOM_LONG") != "" {
		names, work = []string{"T10", "T20", "T40", "T80", "S1", "S2", "S3"}, 5_000_000
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			path := ref.Shared(t, "bench", "plan", "inst", "plan_"+name+".json.gz")
			p := open(t, path)
			r, err := Solve(context.Background(), p, Options{Work: work, Seed: 1})
			require.NoError(t, err)
			require.LessOrEqual(t, r.Objective, best[name], "no plan is above a proved bound")
			require.GreaterOrEqual(t, r.Bound, below[name], "no bound is below a known plan")
			if name == "T10" || name == "T20" {
				require.Equal(t, Optimal, r.Status)
				require.Equal(t, best[name], r.Objective)
			}
			checkOutside(t, path, p, r)
		})
	}
}

// Every optional field at once: the generator's full instances, with the optima
// of another solver evaluated exactly.
func TestFullInstancesAgainstTheOutsideChecker(t *testing.T) {
	optima := map[string][]float64{
		"T8":  {53.70189, 34.20745, -18.5495, 41.85511, -60.4},
		"T10": {82.9651, 44.2761, 52.03868, 27.63433, 50.11485},
		"T20": {141.05384, 88.3041, 125.59237, 77.92116, 52.76766},
		"T40": {136.70894, 244.20167, 212.80606, 94.44265, 205.9966},
	}
	sizes, work := []string{"T10"}, int64(150_000)
	if os.Getenv("BANGKOM_LONG") != "" {
		sizes, work = []string{"T8", "T10", "T20", "T40"}, 10_000_000
	}
	gen := ref.Shared(t, "bench", "plan", "gen_plan.py")
	dir := t.TempDir()
	for _, size := range sizes {
		for k, want := range optima[size] {
			t.Run(fmt.Sprint(size, "-", k+1), func(t *testing.T) {
				out, err := exec.Command(python(t), gen, "--out", dir, "--size", size, "--seed", fmt.Sprint(k+1), "--full").CombinedOutput()
				require.NoError(t, err, "%s", out)
				path := filepath.Join(dir, fmt.Sprintf("plan_%s-%d-full.json.gz", size, k+1))
				p := open(t, path)
				start := time.Now()
				r, err := Solve(context.Background(), p, Options{Work: work, Seed: 1})
				require.NoError(t, err)
				t.Logf("%v %v ≤ %v, optimum %v, %d leaves, %v", r.Status, r.Objective, r.Bound, want, r.Certificate.Leaves(), time.Since(start))
				require.GreaterOrEqual(t, r.Bound, want-1e-5, "the bound cuts the optimum off")
				if r.Status == NoPlan {
					t.Skip("no plan within the work of the short test")
				}
				require.LessOrEqual(t, r.Objective, want+1e-5)
				if r.Status == Optimal {
					require.InDelta(t, want, r.Objective, 1e-5)
				}
				checkOutside(t, path, p, r)
			})
		}
	}
}

// With every optional field the first linear program must not stop for want of
// a plan, and branches where a duty cannot be had must not keep the bound high:
// HiGHS proves 417.07 here.
func TestFullInstanceOfManyPeople(t *testing.T) {
	dir := t.TempDir()
	out, err := exec.Command(python(t), ref.Shared(t, "bench", "plan", "gen_plan.py"), "--out", dir, "--size", "S", "--seed", "102", "--full").CombinedOutput()
	require.NoError(t, err, "%s", out)
	p := open(t, filepath.Join(dir, "plan_S-102-full.json.gz"))
	r, err := Solve(context.Background(), p, Options{Work: 450_000, Seed: 1})
	require.NoError(t, err)
	require.Greater(t, r.Objective, 410.0)
	require.Less(t, r.Objective, 417.071)
	require.Greater(t, r.Bound, 417.069)
	require.Less(t, r.Bound, 440.0)
}

// A limit in work is kept to within a pass over the people, and where a run
// ends does not depend on the workers.
func TestWorkIsKept(t *testing.T) {
	p := open(t, ref.Shared(t, "bench", "plan", "inst", "plan_S1.json.gz"))
	for _, work := range []int64{1, 300, 5000, 40_000, 90_000} {
		one, err := Solve(context.Background(), p, Options{Work: work, Workers: 1})
		require.NoError(t, err)
		require.LessOrEqual(t, one.Work, work+int64(len(p.People))+100)
		require.Equal(t, EndedWork, one.Ended)
		three, err := Solve(context.Background(), p, Options{Work: work, Workers: 3})
		require.NoError(t, err)
		require.Equal(t, one, three)
	}
}

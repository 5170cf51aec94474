// Command plan runs the planner and HiGHS on the same problems, one after the
// other with the same limit, has both answers checked by an independent
// program, and prints plan, bound, gap, time and memory side by side, then a
// table of growth.
//
//	go run ./plan                          # T10–T80, S1–S3 and the example city, 10 s each
//	go run ./plan -sizes S,M -limit 60s    # the instances whose name begins so
//	go run ./plan -fresh M:11,M:12         # instances that nobody has tuned for
//	go run ./plan -published DIR           # generalised assignment, facility location, knapsack
//
// HiGHS is the one of scipy. A machine without it has its columns empty.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"time"

	"github.com/bangkom/bangkom/bench/internal/usage"
)

// settings are what the command was asked for.
type settings struct {
	shared, sizes, fresh, published, data string
	limit                                 time.Duration
	alone                                 bool
}

func main() {
	var s settings
	flag.StringVar(&s.shared, "shared", filepath.Join("..", "..", "shared", "bench", "plan"), "`folder` of instances, generator, rival and checker")
	flag.StringVar(&s.sizes, "sizes", "T,S,city", "beginnings of the names of instances, and city")
	flag.StringVar(&s.fresh, "fresh", "", "instances to generate: `SIZE:SEED,…`")
	flag.StringVar(&s.published, "published", "", "`folder` of published problems, by the names of published.tsv")
	flag.StringVar(&s.data, "data", "", "`folder` for what is generated (default: a temporary one)")
	flag.DurationVar(&s.limit, "limit", 10*time.Second, "time for each solver and instance")
	flag.BoolVar(&s.alone, "alone", false, "without the rival")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := s.run(ctx, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// A problem is a file and what is known of it.
type problem struct {
	name, file string
	pairs      int
	published  float64 // the best value in print; NaN: none
	a, b       float64 // published = a + b · objective
}

// An answer is what one solver said and what the checker made of it.
type answer struct {
	objective, bound float64 // NaN: none
	wall             time.Duration
	memory           int64 // bytes, the most that was resident
	proved           bool  // the checker took bound and certificate
	status           string
	note             string
}

func (a answer) gap() float64 { return (a.bound - a.objective) / math.Abs(a.objective) }

func (s settings) run(ctx context.Context, out io.Writer) error {
	if _, err := os.Stat(filepath.Join(s.shared, "verify.py")); err != nil {
		return fmt.Errorf("no checker in %s: give -shared", s.shared)
	}
	if s.data == "" {
		dir, err := os.MkdirTemp("", "plan")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		s.data = dir
	}
	tool := filepath.Join(s.data, "bangkom")
	if err := command(ctx, "go", "build", "-o", tool, "github.com/bangkom/bangkom/cmd/bangkom").Run(); err != nil {
		return fmt.Errorf("the command could not be built: %w", err)
	}
	problems, err := s.problems(ctx, tool)
	if err != nil {
		return err
	}
	worse := 0
	fmt.Fprintf(out, "limit %v; objective / bound / gap, wall time, memory\n\n", s.limit)
	fmt.Fprintf(out, "| problem | pairs | ours | status | s | MB | checked | HiGHS | s | MB | verdict |\n|---|---|---|---|---|---|---|---|---|---|---|\n")
	var grown []growth
	for _, p := range problems {
		ours := s.ours(ctx, tool, p)
		theirs := answer{objective: math.NaN(), bound: math.NaN()}
		if !s.alone {
			theirs = s.highs(ctx, p)
		}
		verdict, lost := compare(p, ours, theirs)
		if lost {
			worse++
		}
		fmt.Fprintf(out, "| %s | %d | %s | %s | %.1f | %d | %s | %s | %.1f | %d | %s |\n", p.name, p.pairs,
			ours.values(), ours.status, ours.wall.Seconds(), ours.memory/1e6, checked(ours), theirs.values(), theirs.wall.Seconds(), theirs.memory/1e6, verdict)
		grown = append(grown, growth{p, ours})
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	if err := s.grow(ctx, out, tool, grown); err != nil {
		return err
	}
	if worse > 0 {
		return fmt.Errorf("worse than the rival, the published value or its own proof on %d of %d problems", worse, len(problems))
	}
	return nil
}

func (a answer) values() string {
	switch {
	case a.note != "":
		return a.note
	case math.IsNaN(a.objective) && math.IsNaN(a.bound):
		return "–"
	}
	return fmt.Sprintf("%.6g / %.6g / %.2f %%", a.objective, a.bound, 100*a.gap())
}

func checked(a answer) string {
	if a.proved {
		return "yes"
	}
	return "NO"
}

// near is what counts as a tie.
const near = 1e-6

// compare says who is better; lost is true where ours is worse in plan or
// bound, was not accepted, or contradicts what is published.
func compare(p problem, ours, theirs answer) (verdict string, lost bool) {
	if !ours.proved {
		return "not accepted", true
	}
	if !math.IsNaN(p.published) {
		// A higher objective of ours is a better published value where b > 0,
		// a lower one where b < 0: turn both into ours.
		best := (p.published - p.a) / p.b
		if tol := near * math.Abs(best); ours.objective > best+tol || ours.bound < best-tol {
			return fmt.Sprintf("contradicts the published %.6g", p.published), true
		}
		verdict = fmt.Sprintf("published %.6g; ", p.published)
	}
	word := func(d, size float64) int {
		switch {
		case math.Abs(d) <= near*math.Abs(size):
			return 0
		case d > 0:
			return 1
		}
		return -1
	}
	words := [3]string{"worse", "equal", "better"}
	plan, bound := 1, 1
	if !math.IsNaN(theirs.objective) {
		plan = word(ours.objective-theirs.objective, theirs.objective)
	}
	if !math.IsNaN(theirs.bound) {
		bound = word(theirs.bound-ours.bound, theirs.bound)
	}
	if theirs == (answer{}) || math.IsNaN(theirs.objective) && math.IsNaN(theirs.bound) {
		return verdict + "no rival", false
	}
	return fmt.Sprintf("%splan %s, bound %s", verdict, words[plan+1], words[bound+1]), plan < 0 || bound < 0
}

// ours runs the command on a problem and has its answer checked.
func (s settings) ours(ctx context.Context, tool string, p problem) answer {
	out := filepath.Join(s.data, p.name+".ours.json")
	a := timed(command(ctx, tool, "plan", "-problem", p.file, "-limit", s.limit.String(), "-out", out, "-json"))
	s.check(ctx, p, out, "need", &a)
	return a
}

// highs runs the rival.
func (s settings) highs(ctx context.Context, p problem) answer {
	out := filepath.Join(s.data, p.name+".highs.json")
	a := timed(command(ctx, python(), filepath.Join(s.shared, "model_plan.py"), p.file, "mip", fmt.Sprint(s.limit.Seconds()), "out="+out))
	if _, err := os.Stat(out); err != nil {
		a.objective, a.bound, a.note = math.NaN(), math.NaN(), "no plan"
		return a
	}
	s.check(ctx, p, out, "skip", &a)
	return a
}

// check reads the checker's own values of plan and bound: a solver's floats
// are not to be trusted to the last digit.
func (s settings) check(ctx context.Context, p problem, solution, certificate string, a *answer) {
	a.objective, a.bound = math.NaN(), math.NaN()
	b, err := os.ReadFile(solution)
	if err != nil {
		a.note = "no answer"
		return
	}
	var said struct {
		Objective, Bound *float64
		Status           string
	}
	if err := json.Unmarshal(b, &said); err != nil || said.Objective == nil {
		a.note = "no plan"
		return
	}
	a.status = said.Status
	v, err := command(ctx, python(), filepath.Join(s.shared, "verify.py"), "--certificate", certificate, p.file, solution).Output()
	var found struct {
		Objective  float64
		Bound      *float64
		Feasible   bool
		Violations []string
	}
	if e := json.Unmarshal(v, &found); e != nil {
		a.note = "the checker failed"
		return
	}
	a.proved = err == nil
	a.objective = found.Objective
	if said.Bound != nil {
		a.bound = *said.Bound
	}
	if !found.Feasible {
		a.note = "not feasible"
	}
}

// timed runs a command and measures it.
func timed(c *exec.Cmd) answer {
	begin := time.Now()
	err := c.Run()
	a := answer{wall: time.Since(begin), objective: math.NaN(), bound: math.NaN(), memory: usage.Child(c.ProcessState)}
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		a.note = err.Error()
	}
	return a
}

func command(ctx context.Context, name string, args ...string) *exec.Cmd {
	return exec.CommandContext(ctx, name, args...)
}

// python prefers Debian's own interpreter, to which the packages belong.
func python() string {
	if _, err := os.Stat("/usr/bin/python3"); err == nil {
		return "/usr/bin/python3"
	}
	return "python3"
}

// A growth is a problem with what the planner needed for it.
type growth struct {
	problem
	answer
}

// passes is how often the growth table has every person planned.
const passes = 40

// grow has every person planned equally often in each problem: time per pair
// is what should stay level as problems grow.
func (s settings) grow(ctx context.Context, out io.Writer, tool string, all []growth) error {
	fmt.Fprintf(out, "\n%d plans per person:\n\n| problem | people | pairs | s | µs per pair and pass | MB |\n|---|---|---|---|---|---|\n", passes)
	for _, g := range all {
		n, err := people(g.file)
		if err != nil {
			return err
		}
		a := timed(command(ctx, tool, "plan", "-problem", g.file, "-work", fmt.Sprint(passes*n), "-json"))
		fmt.Fprintf(out, "| %s | %d | %d | %.2f | %.2f | %d |\n", g.name, n, g.pairs, a.wall.Seconds(), 1e6*a.wall.Seconds()/float64(max(1, g.pairs)*passes), a.memory/1e6)
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return nil
}

// begins reports whether a name begins with one of a list.
func begins(name, list string) bool {
	for _, b := range strings.Split(list, ",") {
		if b = strings.TrimSpace(b); b != "" && strings.HasPrefix(name, b) {
			return true
		}
	}
	return false
}

// Command stats runs the statistics and their rivals in R and Python on the
// same files in the same run, and prints the ratios.
//
//	go run ./stats                          # everything at full size: a quarter of an hour, most of it psych and boot
//	go run ./stats -peers stats.py          # one rival's program; none: ours alone
//	go run ./stats -data DIR                # keep the generated data there
//	go run ./stats -scale 0.01 -reps 1      # a quick look that everything runs; no figures to quote
//
// The rivals are those of ../shared/bench/evaluation, and rivals.py beside this
// file. One that is not installed is reported as absent. Compare CPU seconds:
// wall time depends on who else uses the machine, and ours may use all cores.
// The last column says how the ratio to the fastest rival of the row, the tenfold
// of psych and pingouin, and the seconds that the design allows came out.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"

	"github.com/bangkom/bangkom/bench/internal/usage"
)

func main() {
	var s settings
	flag.StringVar(&s.shared, "shared", filepath.Join("..", "..", "shared", "bench", "evaluation"), "folder of the generator and the rivals")
	flag.StringVar(&s.data, "data", "", "folder for the generated data; empty: a temporary one")
	flag.StringVar(&s.peers, "peers", strings.Join(programs, ","), "the rivals' programs, or none")
	flag.StringVar(&s.only, "only", "", "only keys that contain this")
	flag.Float64Var(&s.scale, "scale", 1, "of the data")
	flag.IntVar(&s.reps, "reps", 5, "timed runs")
	flag.IntVar(&s.most, "sizes", 1_000_000, "rows of the table of sizes; 0: without")
	flag.StringVar(&s.profile, "profile", "", "write a CPU profile of ours to this `file`")
	flag.Parse()
	if err := run(os.Stdout, s); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// programs are the rivals whose statistics are ours too.
var programs = []string{"stats.py", "models.py", "alpha.R", "paired.R", "ancova.R", "boot.R", "agree.R", "agree2.R", "rivals.py"}

type settings struct {
	shared, data, peers, only, profile string
	scale                              float64
	reps, most                         int
}

func run(out io.Writer, s settings) error {
	if _, err := os.Stat(filepath.Join(s.shared, "gen.py")); err != nil {
		return fmt.Errorf("no generator in %s: give -shared", s.shared)
	}
	if s.data == "" {
		dir, err := os.MkdirTemp("", "stats")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		s.data = dir
	}
	if err := s.generate(); err != nil {
		return err
	}
	if err := sizes(out, s.most); err != nil { // before anything large is in memory
		return err
	}
	jobs, err := ours(s.data)
	if err != nil {
		return err
	}
	jobs = slices.DeleteFunc(jobs, func(j job) bool { return !strings.Contains(j.key, s.only) })
	rows, err := s.measure(jobs)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "# ours: most memory so far %s, the data of all rows included\n", usage.Peak())
	var theirs []row
	if s.peers != "none" {
		for _, p := range strings.Split(s.peers, ",") {
			theirs = append(theirs, s.rival(out, p)...)
		}
	}
	report(out, rows, theirs)
	return nil
}

func (s settings) measure(jobs []job) ([]row, error) {
	if s.profile != "" {
		f, err := os.Create(s.profile)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return nil, err
		}
		defer pprof.StopCPUProfile()
	}
	var rows []row
	for _, j := range jobs {
		r, err := j.measure(s.reps)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", j.key, err)
		}
		rows = append(rows, r)
	}
	return rows, nil
}

func (s settings) generate() error {
	if _, err := os.Stat(filepath.Join(s.data, "irt_true.f8")); err == nil {
		return nil
	}
	c := exec.Command(program("python3"), filepath.Join(s.shared, "gen.py"), s.data, "--scale", fmt.Sprint(s.scale))
	c.Stderr = os.Stderr
	return c.Run()
}

// program prefers Debian's own interpreter, to which the packages belong.
func program(name string) string {
	if p := "/usr/bin/" + name; name == "python3" {
		if _, err := os.Stat(p); err == nil {
			return p
		}
	}
	return name
}

// rival runs a program of the shared folder, or of this one, and says what
// became of it and how much memory it took.
func (s settings) rival(out io.Writer, name string) []row {
	path := filepath.Join(s.shared, name)
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		path = filepath.Join("stats", name)
	}
	interpreter := "python3"
	if strings.HasSuffix(name, ".R") {
		interpreter = "Rscript"
	}
	c := exec.Command(program(interpreter), path, s.data)
	c.Env = append(os.Environ(), "BENCH_REPS="+strconv.Itoa(s.reps), "PYTHONPATH="+s.shared+string(filepath.ListSeparator)+os.Getenv("PYTHONPATH"))
	var said strings.Builder
	c.Stderr = &said
	raw, err := c.Output()
	rows, absent := parse(raw)
	for _, a := range absent {
		fmt.Fprintf(out, "# %s: absent: %s\n", name, a)
	}
	if err != nil {
		lines := strings.Split(strings.TrimSpace(said.String()), "\n")
		fmt.Fprintf(out, "# %s: absent or failed: %v: %s\n", name, err, lines[len(lines)-1])
	}
	fmt.Fprintf(out, "# %s: %d rows, most memory %d MB\n", name, len(rows), usage.Child(c.ProcessState)/1e6)
	return rows
}

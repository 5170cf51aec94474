// Command needs runs the needs analysis and its rivals in R and Python on the
// same files in the same run, and prints the ratios.
//
//	go run ./needs                   # survey of 300 × 20, file of 100,000 people: a minute or two
//	go run ./needs -national         # also 301.8 million pairs as byte columns: 600 MB of disk, 8 GB of memory for numpy
//	go run ./needs -data DIR         # keep the generated data there
//	go run ./needs -sizes 5588245    # time and memory from a batch to a nation, without rivals
//	go run ./needs -kernels 5588245  # counting against reading the same bytes: no units, sorted, random; 1.3 GB
//	go run ./needs -alone            # survey and file without the rivals
//
// The rivals are those of ../shared/bench/needs. One that is not installed is
// reported as absent. Compare CPU seconds: wall time depends on who else uses
// the machine, and ours use all cores.
package main

import (
	"bufio"
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bangkom/bangkom/bench/internal/usage"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/needs"
	"github.com/bangkom/bangkom/stats/tally"
)

func main() {
	shared := flag.String("shared", filepath.Join("..", "..", "shared", "bench", "needs"), "folder of the generator and the rivals")
	data := flag.String("data", "", "folder for the generated data; empty: a temporary one")
	national := flag.Bool("national", false, "also the national case")
	reps := flag.Int("reps", 5, "timed runs")
	only := flag.Int("sizes", 0, "print the table of sizes up to so many `people`, and nothing else")
	inMemory := flag.Int("kernels", 0, "count so many `people` in memory, against reading their bytes, and nothing else")
	alone := flag.Bool("alone", false, "without the rivals")
	flag.Parse()
	if *inMemory > 0 {
		if err := kernels(os.Stdout, *inMemory, *reps); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	if *only > 0 {
		if err := sizes(os.Stdout, *only); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	if err := run(os.Stdout, *shared, *data, *national, *alone, *reps); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// A row is one measurement; rows of one key do the same job.
type row struct {
	key, who, size string
	cpu, wall      float64 // median CPU, least wall
}

func run(out io.Writer, shared, data string, national, alone bool, reps int) error {
	if _, err := os.Stat(filepath.Join(shared, "gen_ratings.py")); err != nil {
		return fmt.Errorf("no generator in %s: give -shared", shared)
	}
	if data == "" {
		dir, err := os.MkdirTemp("", "needs")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		data = dir
	}
	small, big := filepath.Join(data, "small"), filepath.Join(data, "national")
	if err := generate(shared, small, big, national); err != nil {
		return err
	}
	most := 1_000_000
	switch {
	case alone:
		most = 30_000
	case national:
		most = 10_000_000
	}
	if err := sizes(out, most); err != nil { // before anything large is in memory
		return err
	}
	ours, err := measure(out, small, big, national, reps)
	if err != nil {
		return err
	}
	for _, o := range ours {
		fmt.Fprintf(out, "%-22s %-36s CPU %8.4f s, wall %8.4f s\n", o.key, o.size, o.cpu, o.wall)
	}
	if alone {
		return nil
	}
	rivals := []job{{"python3", "boot.py", small}, {"Rscript", "boot.R", small}, {"python3", "groupby.py", small}, {"Rscript", "groupby.R", small}}
	if national {
		rivals = append(rivals, job{"python3", "groupby.py", big})
	}
	for _, j := range rivals {
		theirs, err := j.run(shared, reps)
		if err != nil {
			fmt.Fprintf(out, "%s %s: absent or failed: %v\n", j.program, j.script, err)
		}
		printRatios(out, ours, theirs)
	}
	return nil
}

func generate(shared, small, big string, national bool) error {
	gen := func(path string, args ...string) error {
		if _, err := os.Stat(path); err == nil {
			return nil
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		c := exec.Command(program("python3"), append([]string{filepath.Join(shared, "gen_ratings.py"), "--out", path}, args...)...)
		c.Stderr = os.Stderr
		return c.Run()
	}
	err := errors.Join(
		gen(filepath.Join(small, "survey.csv"), "--people", "300", "--items", "20", "--sources", "1", "--missing", "0", "--na", "0", "--form", "wide"),
		gen(filepath.Join(small, "wide.csv"), "--people", "100000", "--items", "9", "--sources", "6", "--segments", "500", "--form", "wide"),
		gen(filepath.Join(small, "long.csv"), "--people", "100000", "--items", "9", "--sources", "6", "--segments", "500", "--form", "long"))
	if national {
		err = errors.Join(err, gen(filepath.Join(big, "columns"), "--people", "5588245", "--items", "9", "--sources", "6", "--segments", "500", "--form", "columns"))
	}
	return err
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

var scale = tally.Shape{First: 1, Levels: 5}

func measure(out io.Writer, small, big string, national bool, reps int) ([]row, error) {
	survey, err := os.ReadFile(filepath.Join(small, "survey.csv"))
	if err != nil {
		return nil, err
	}
	cube, ps := needs.Read(bytes.NewReader(survey), "survey.csv", needs.Frame{Scale: scale, By: []needs.Dimension{}}, nil)
	if err := ps.Err(); err != nil {
		return nil, err
	}
	var rows []row
	add := func(size string, f func() error, keys ...string) error {
		r, err := timed(reps, f)
		for _, k := range keys {
			r.key, r.who, r.size = k, "ours", size
			rows = append(rows, r)
		}
		return err
	}
	var ranking *needs.Ranking
	err = add("300x20_B2000", func() (err error) {
		ranking, err = needs.Rank(cube, needs.Borich, nil)
		return err
	}, "needs_boot", "needs_boot_ranks", "needs_boot_matrix")
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(out, "# survey: %s first, MWDS %.12g, P(first) %.3f; ours holds ranks, intervals, rank sets and tests\n", ranking.Items[0].Item, ranking.Items[0].Score.Value, ranking.Items[0].PFirst)

	f := needs.Frame{Scale: scale, By: []needs.Dimension{{Name: needs.ByUnit}}, Rows: -1}
	var wide *needs.Cube
	err = add("100000 people", func() error {
		file, err := os.Open(filepath.Join(small, "wide.csv"))
		if err != nil {
			return err
		}
		defer file.Close()
		c, ps := needs.Read(file, "wide.csv", f, nil)
		wide = c
		return ps.Err()
	}, "needs_read_wide")
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(filepath.Join(small, "wide.csv"))
	if err != nil {
		return nil, err
	}
	last := rows[len(rows)-1]
	fmt.Fprintf(out, "# wide file: %.1f MB, %.0f MB/s of wall time, %.0f MB/s per CPU second; counted, not only read\n", mb(info.Size()), mb(info.Size())/last.wall, mb(info.Size())/last.cpu)
	err = errors.Join(err, add("100000 people", func() error { return rankAll(wide) }, "needs_group_item"),
		add("100000 people, 500 units", func() error { return rankUnits(wide) }, "needs_group_unit_item"),
		add("566154 pairs", func() error {
			for _, id := range wide.Frame().Items {
				if t, ok := wide.Table(id); ok {
					needs.TestPairs(t)
				}
			}
			return nil
		}, "needs_wilcoxon_item"))
	if err != nil || !national {
		return rows, err
	}
	return rows, nationalCase(out, filepath.Join(big, "columns"), add)
}

func mb(n int64) float64 { return float64(n) / 1e6 }

func rankAll(c *needs.Cube) error {
	_, err := needs.Rank(c, needs.Borich, &needs.Options{Resamples: -1})
	return err
}

func rankUnits(c *needs.Cube) error {
	for _, u := range c.Segments(needs.ByUnit) {
		part, err := c.At(u)
		if err != nil {
			return err
		}
		if err := rankAll(part); err != nil {
			return err
		}
	}
	return nil
}

// nationalCase reads the columns from files in blocks, so that memory does not
// grow with the people, and then counts them once more from memory.
func nationalCase(out io.Writer, dir string, add func(string, func() error, ...string) error) error {
	n, err := people(dir)
	if err != nil {
		return err
	}
	for _, units := range []bool{false, true} { // before anything large is in memory
		if err := stream(out, dir, n, units); err != nil {
			return err
		}
	}
	for _, units := range []bool{false, true} {
		key := "needs_joint"
		if units {
			key = "needs_joint_unit"
		}
		b, err := load(dir, n, 0, n, units)
		if err != nil {
			return err
		}
		size := fmt.Sprintf("%.1f M pairs", float64(n)*columns/1e6)
		if err := add(size, func() error {
			c, err := needs.NewCube(frame(units))
			if err != nil {
				return err
			}
			return c.AddColumns(b)
		}, key); err != nil {
			return err
		}
	}
	return nil
}

const (
	items    = 9
	columns  = 54
	segments = 500
	block    = 200_000
)

func stream(out io.Writer, dir string, n int, units bool) error {
	runtime.GC()
	start := time.Now()
	c, err := needs.NewCube(frame(units))
	if err != nil {
		return err
	}
	for from := 0; from < n; from += block {
		b, err := load(dir, n, from, min(n, from+block), units)
		if err != nil {
			return err
		}
		if err := c.AddColumns(b); err != nil {
			return err
		}
	}
	wire, err := c.AppendBinary(nil)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "# streamed from files, units %v: %.2f s with reading, most memory so far %s, %d people, %.1f MB as tables to hand on\n", units, time.Since(start).Seconds(), usage.Peak(), c.People(), mb(int64(len(wire))))
	return nil
}

func frame(units bool) needs.Frame {
	f := needs.Frame{Scale: scale, Rows: -1}
	for i := range items {
		f.Items = append(f.Items, competency.CompetencyID(fmt.Sprintf("c%02d", i+1)))
	}
	for _, s := range []string{"self", "superior", "peer1", "peer2", "peer3", "peer4"} {
		f.Sources = append(f.Sources, competency.Source(s))
	}
	if units {
		f.By = []needs.Dimension{{Name: needs.ByUnit}}
	}
	return f
}

func people(dir string) (int, error) {
	info, err := os.Stat(filepath.Join(dir, "unit.u32"))
	if err != nil {
		return 0, err
	}
	return int(info.Size() / 4), nil
}

// load reads the rows from..to-1 of every column.
func load(dir string, n, from, to int, units bool) (*needs.Columns, error) {
	b := &needs.Columns{}
	for _, side := range []struct {
		name string
		into *[][]tally.Cell
	}{{"I.u8", &b.Want}, {"P.u8", &b.Have}} {
		file, err := os.Open(filepath.Join(dir, side.name))
		if err != nil {
			return nil, err
		}
		defer file.Close()
		raw := make([]byte, to-from)
		for c := range columns {
			if _, err := file.ReadAt(raw, int64(c)*int64(n)+int64(from)); err != nil {
				return nil, err
			}
			col := make([]tally.Cell, to-from)
			for i, x := range raw {
				col[i] = tally.Cell(x)
			}
			*side.into = append(*side.into, col)
		}
	}
	if !units {
		return b, nil
	}
	for i := range segments {
		b.Segments = append(b.Segments, []string{fmt.Sprintf("U%04d", i+1)})
	}
	file, err := os.Open(filepath.Join(dir, "unit.u32"))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	raw := make([]byte, 4*(to-from))
	if _, err := file.ReadAt(raw, 4*int64(from)); err != nil {
		return nil, err
	}
	b.Segment = make([]uint32, to-from)
	for i := range b.Segment {
		b.Segment[i] = uint32(raw[4*i]) | uint32(raw[4*i+1])<<8 | uint32(raw[4*i+2])<<16 | uint32(raw[4*i+3])<<24
	}
	return b, nil
}

// timed runs f once to warm up and then reps times.
func timed(reps int, f func() error) (row, error) {
	if err := f(); err != nil {
		return row{}, err
	}
	var cpu, wall []float64
	for range max(1, reps) {
		c, s := usage.CPU(), time.Now()
		if err := f(); err != nil {
			return row{}, err
		}
		wall = append(wall, time.Since(s).Seconds())
		cpu = append(cpu, usage.CPU()-c)
	}
	slices.Sort(cpu)
	return row{cpu: cpu[len(cpu)/2], wall: slices.Min(wall)}, nil
}

// A job is a rival's program.
type job struct{ program, script, data string }

func (j job) run(shared string, reps int) ([]row, error) {
	c := exec.Command(program(j.program), filepath.Join(shared, j.script), j.data)
	c.Env = append(os.Environ(), "BENCH_REPS="+strconv.Itoa(reps))
	raw, err := c.Output()
	return parse(raw), err
}

// parse reads the rivals' rows: key peer size cpu_median wall_median wall_min runs load.
func parse(raw []byte) []row {
	var out []row
	for sc := bufio.NewScanner(bytes.NewReader(raw)); sc.Scan(); {
		f := strings.Split(sc.Text(), "\t")
		if len(f) < 6 || f[0] == "key" || strings.HasPrefix(f[0], "#") {
			continue
		}
		cpu, err1 := strconv.ParseFloat(f[3], 64)
		wall, err2 := strconv.ParseFloat(f[5], 64)
		if err1 == nil && err2 == nil {
			out = append(out, row{f[0], f[1], f[2], cpu, wall})
		}
	}
	return out
}

func printRatios(out io.Writer, ours, theirs []row) {
	for _, t := range theirs {
		for _, o := range ours {
			if o.key == t.key {
				fmt.Fprintf(out, "%-22s %-36s CPU %8.4f s, ours %8.4f s: %6.1f x   wall %8.4f s, ours %8.4f s: %6.1f x\n", t.key, t.who, t.cpu, o.cpu, t.cpu/o.cpu, t.wall, o.wall, t.wall/o.wall)
			}
		}
	}
}

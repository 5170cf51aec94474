package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bangkom/bangkom/bench/internal/usage"
)

// A row is one measurement; rows of one key and size do the same job.
type row struct {
	key, size, who string
	cpu, wall      float64 // median CPU and least wall of one call
	bytes          float64 // allocated by one call; ours only
	most           float64 // seconds that the design allows; 0: none
}

// A job is one of ours.
type job struct {
	key, size, who string
	most           float64
	run            func() error
}

// brief is what a timed run takes at least: a shorter call is repeated, since
// clocks are coarse.
const brief = 0.02

func (j job) measure(reps int) (row, error) {
	r := row{key: j.key, size: j.size, who: j.who, most: j.most}
	start := time.Now()
	if err := j.run(); err != nil { // also the warming up
		return r, err
	}
	calls := 1
	if s := time.Since(start).Seconds(); s < brief {
		calls = min(1000, int(math.Ceil(brief/max(s, 1e-6))))
	}
	var cpu, wall []float64
	for range max(1, reps) {
		runtime.GC()
		before := allocated()
		c, s := usage.CPU(), time.Now()
		for range calls {
			if err := j.run(); err != nil {
				return r, err
			}
		}
		wall = append(wall, time.Since(s).Seconds()/float64(calls))
		cpu = append(cpu, (usage.CPU()-c)/float64(calls))
		r.bytes = float64(allocated()-before) / float64(calls)
	}
	slices.Sort(cpu)
	r.cpu, r.wall = cpu[len(cpu)/2], slices.Min(wall)
	return r, nil
}

func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

// parse reads the rivals' rows: key peer size cpu_median wall_median wall_min
// runs load; and the lines "# absent: …".
func parse(raw []byte) (rows []row, absent []string) {
	for sc := bufio.NewScanner(bytes.NewReader(raw)); sc.Scan(); {
		if a, ok := strings.CutPrefix(sc.Text(), "# absent: "); ok {
			absent = append(absent, a)
		}
		f := strings.Split(sc.Text(), "\t")
		if len(f) < 6 || f[0] == "key" || strings.HasPrefix(f[0], "#") {
			continue
		}
		cpu, err1 := strconv.ParseFloat(f[3], 64)
		wall, err2 := strconv.ParseFloat(f[5], 64)
		if err1 == nil && err2 == nil {
			rows = append(rows, row{key: f[0], who: f[1], size: f[2], cpu: cpu, wall: wall})
		}
	}
	return rows, absent
}

// tenfold are the rivals that must be beaten ten times.
func tenfold(who string) bool {
	return strings.Contains(who, "psych::") || strings.Contains(who, "pingouin")
}

// tie is the share by which two times may differ and be called equal.
const tie = 1.05

// report prints each row of ours with the rivals of its key and size, and
// last which rows miss.
func report(out io.Writer, ours, theirs []row) {
	fmt.Fprintf(out, "%-24s %-20s %-46s %11s %9s %11s %9s\n", "key", "size", "who", "CPU ms", "ratio", "wall ms", "MB")
	var misses []string
	used := map[int]bool{}
	for i, o := range ours {
		if i == 0 || ours[i-1].key != o.key || ours[i-1].size != o.size {
			for k, t := range theirs {
				if t.key == o.key && t.size == o.size {
					used[k] = true
					fmt.Fprintf(out, "%-24s %-20s %-46s %11.4f %9s %11.4f\n", t.key, t.size, t.who, 1e3*t.cpu, "", 1e3*t.wall)
				}
			}
		}
		fastest := math.Inf(1)
		var fails []string
		for _, t := range theirs {
			if t.key != o.key || t.size != o.size {
				continue
			}
			fastest = min(fastest, t.cpu)
			if tenfold(t.who) && t.cpu < 10*o.cpu {
				fails = append(fails, fmt.Sprintf("%.1f x %s", t.cpu/o.cpu, t.who))
			}
		}
		ratio := "–"
		if !math.IsInf(fastest, 1) {
			ratio = fmt.Sprintf("%.2f x", fastest/o.cpu)
			if o.cpu > tie*fastest {
				fails = append(fails, "slower than the fastest rival")
			}
		}
		if o.most > 0 && o.cpu > o.most {
			fails = append(fails, fmt.Sprintf("over %g ms", 1e3*o.most))
		}
		verdict := "ok"
		if len(fails) > 0 {
			verdict = strings.Join(fails, ", ")
			misses = append(misses, fmt.Sprintf("%s %s, %s: %s", o.key, o.size, o.who, verdict))
		}
		fmt.Fprintf(out, "%-24s %-20s %-46s %11.4f %9s %11.4f %9.3f  %s\n", o.key, o.size, "ours: "+o.who, 1e3*o.cpu, ratio, 1e3*o.wall, o.bytes/1e6, verdict)
	}
	for k, t := range theirs {
		if !used[k] {
			fmt.Fprintf(out, "%-24s %-20s %-46s %11.4f %9s %11.4f\n", t.key, t.size, t.who, 1e3*t.cpu, "none", 1e3*t.wall)
		}
	}
	for _, m := range misses {
		fmt.Fprintln(out, "# misses:", m)
	}
	fmt.Fprintf(out, "# %d rows of ours, %d miss\n", len(ours), len(misses))
}

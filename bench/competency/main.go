// Command competency measures profiles, gaps and explanations as the people
// grow: from 1.2 million pieces of evidence to 100,000 people × 60 requirements.
//
//	go run ./competency             # 12,500 to 100,000 people: a quarter of a minute
//	go run ./competency -people 5600000 -per 2 -requirements 9
//	go run ./competency -frameworks         # packages, indexes and differences by size
//
// Everybody has 12 ratings (-per) of random sources, days and raters over the
// requirements of one of five jobs. Times are CPU seconds, the median of three
// runs, on one core; memory is what stays alive after the step, in bytes a
// person or a rating.
//
// Measured on one core of a Xeon at 2.8 GHz that others used too, Go 1.26:
//
//	people    ratings   workforce  latest  360 degree  explain all cells   gaps   latest + gaps  MB of ratings, workforce, profiles
//	12,500    150,000   0.00 s     0.09 s  0.14 s      0.67 s     137,000  0.02 s 0.11 s         20    0.8   5.9
//	25,000    300,000   0.01 s     0.26 s  0.27 s      1.52 s     274,000  0.06 s 0.32 s         39    1.6  11.3
//	50,000    600,000   0.01 s     0.68 s  0.86 s      3.31 s     548,000  0.12 s 0.80 s         78    3.1  22.6
//	100,000 1,200,000   0.03 s     1.44 s  1.86 s      5.09 s   1,096,000  0.25 s 1.69 s        156    6.1  43.3
//
// And by -frameworks, the least of seven runs, on the same machine with a load of thirty beside it:
//
//	CASE MB  items   read + validate  allocated / size
//	 1.3       600    14 ms           4.4
//	 2.6     1,200    34 ms           4.4
//	 5.2     2,400    74 ms           4.3
//	10.5     4,800   170 ms           4.3
//	nodes    edges    index           all checks
//	 3,600   34,800    9 ms            29 ms
//	 7,200   69,600   14 ms            65 ms
//	14,400  139,200   56 ms           175 ms, of which cycles, references and duplicates are the half
//	28,800  278,400  100 ms           234 ms
//	items    diff, one in 20  all new   each like each  of few words  of one title
//	   600    3 ms              7 ms     15 ms           10 ms         3 ms
//	 1,200    7 ms             25 ms     25 ms           28 ms         8 ms
//	 2,400   15 ms             58 ms     65 ms           77 ms        17 ms
//	 4,800   44 ms            167 ms    177 ms          233 ms        39 ms
//
// Where everything is new, guesses compare each title with each: that grows with
// the square, up to a limit.
//
// The growth of the first table is a little more than linear because the ratings come in no order and
// leave the cache; the most memory in use was 574 MB, three runs' garbage included.
package main

import (
	"flag"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/bench/internal/usage"
	"github.com/bangkom/bangkom/competency"
)

func main() {
	people := flag.Int("people", 100_000, "of the largest size; the others are a half, a quarter and an eighth")
	per := flag.Int("per", 12, "ratings of each person")
	requirements := flag.Int("requirements", 60, "of each job")
	only := flag.Bool("frameworks", false, "time what is done with frameworks instead: reading, checking, comparing")
	flag.Parse()
	runtime.GOMAXPROCS(1)
	if *only {
		if err := frameworks(os.Stdout, []int{600, 1200, 2400, 4800}); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	fmt.Println("people\tratings\tworkforce\tlatest\t360 degree\texplain all\tgaps\tlatest + gaps\tMB of ratings\tMB of workforce\tMB of profiles")
	for _, n := range []int{*people / 8, *people / 4, *people / 2, *people} {
		if err := measure(os.Stdout, max(1, n), *per, *requirements); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	fmt.Println("# most memory in use:", usage.Peak())
}

var asOf = bangkom.MustDate(2026, 6, 1)

// rules to be timed: the newest assessment, and a rule that uses everything.
var (
	latest = competency.Rule{ID: "latest", ValidFor: 3}
	full   = competency.Rule{
		ID: "360", Aggregation: competency.Mean, Nearest: true, ValidFor: 3, Trim: 0.1,
		Decay: &competency.Decay{Grace: 24, Every: 12},
		Raters: &competency.Raters{
			Weights: map[competency.Source]float64{competency.Superior: 0.6, competency.Peer: 0.3, competency.Subordinate: 0.1, competency.Assessor: 1},
			Minimum: map[competency.Source]int{competency.Peer: 1}, Self: competency.SelfCapped, Disagreement: 2, Anonymity: map[competency.Source]int{competency.Peer: 3},
		},
	}
)

// agency makes people with ratings; the same n gives the same agency.
func agency(n, per, requirements int) (*competency.Framework, []competency.Position, []competency.Person, []competency.Rating) {
	f := &competency.Framework{ID: "bench", Scales: []competency.Scale{{ID: "s"}}}
	for l := competency.Level(1); l <= 5; l++ {
		f.Scales[0].Levels = append(f.Scales[0].Levels, competency.Descriptor{Level: l})
	}
	for i := range requirements {
		id := competency.CompetencyID(fmt.Sprintf("c%02d", i))
		f.Competencies = append(f.Competencies, competency.Competency{ID: id, Title: competency.Text{"en": string(id)}})
	}
	var positions []competency.Position
	for l := competency.Level(1); l <= 5; l++ {
		p := competency.Position{ID: competency.PositionID(fmt.Sprint("j", l))}
		for _, c := range f.Competencies {
			p.Requirements = append(p.Requirements, competency.Requirement{Competency: c.ID, Level: l, Weight: 1})
		}
		positions = append(positions, p)
	}
	r := rand.New(rand.NewPCG(1, uint64(n)))
	sources := []competency.Source{competency.Self, competency.Superior, competency.Peer, competency.Subordinate, competency.Assessor}
	raters := []string{"", "a", "b", "c"}
	people := make([]competency.Person, n)
	ratings := make([]competency.Rating, 0, n*per)
	for i := range people {
		people[i] = competency.Person{ID: competency.PersonID(fmt.Sprintf("%018d", i)), Position: positions[i%5].ID}
		for range per {
			ratings = append(ratings, competency.Rating{
				Person: people[i].ID, Competency: f.Competencies[r.IntN(requirements)].ID, Level: competency.Level(1 + r.IntN(5)),
				Source: sources[r.IntN(5)], Rater: raters[r.IntN(4)], Negative: r.IntN(50) == 0, Date: bangkom.MustDate(2021, 1, 1).AddDays(r.IntN(1900)),
			})
		}
	}
	r.Shuffle(len(ratings), func(i, j int) { ratings[i], ratings[j] = ratings[j], ratings[i] })
	return f, positions, people, ratings
}

func measure(out io.Writer, n, per, requirements int) error {
	before := alive()
	f, positions, people, ratings := agency(n, per, requirements)
	given := alive() - before
	var w *competency.Workforce
	var problems bangkom.Problems
	make := timed(func() { w, problems = competency.NewWorkforce(f, positions, nil, people) })
	if err := problems.Err(); err != nil {
		return err
	}
	house := alive() - before - given
	var p *competency.Profiles
	first := timed(func() { p, problems = competency.Assess(w, ratings, asOf, latest) })
	if err := problems.Err(); err != nil {
		return err
	}
	profiles := alive() - before - given - house
	var coverage competency.Coverage
	gaps := timed(func() { coverage = competency.CoverageOf(p, competency.Held) })
	if coverage.Cells() != n*requirements {
		return fmt.Errorf("%d cells, not %d", coverage.Cells(), n*requirements)
	}
	second := timed(func() { p, problems = competency.Assess(w, ratings, asOf, full) })
	if err := problems.Err(); err != nil {
		return err
	}
	cells := 0
	explain := timed(func() {
		cells = 0
		for range p.Explanations(ratings) {
			cells++
		}
	})
	_, err := fmt.Fprintf(out, "%d\t%d\t%.2f s\t%.2f s\t%.2f s\t%.2f s (%d cells)\t%.2f s\t%.2f s\t%.0f\t%.1f\t%.1f\n", n, len(ratings), make, first, second, explain, cells, gaps, first+gaps, mb(given), mb(house), mb(profiles))
	runtime.KeepAlive([]any{ratings, people, p})
	return err
}

func mb(n int64) float64 { return float64(n) / 1e6 }

// alive returns the bytes in use after a collection.
func alive() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// least returns the least CPU seconds of seven runs: what is short suffers from
// whatever else the machine does.
func least(f func()) float64 {
	best := math.Inf(1)
	for range 7 {
		start := usage.CPU()
		f()
		best = min(best, usage.CPU()-start)
	}
	return best
}

// timed returns the median CPU seconds of three runs.
func timed(f func()) float64 {
	var all []float64
	for range 3 {
		start := usage.CPU()
		f()
		all = append(all, usage.CPU()-start)
	}
	slices.Sort(all)
	return all[1]
}

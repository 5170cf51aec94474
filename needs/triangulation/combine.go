package triangulation

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/bangkom/bangkom"
)

// A Source is who or what says something, and on which scale.
type Source struct {
	Name        string
	Worst, Best float64 // the values that become 0 and 1; Worst > Best where less is better, as of complaints
	Steps       int     // levels of the scale, for agreement of its raters; 0: not a scale of levels
	Rate        float64 // values are counts, taken per so much exposure: complaints per 1000 cases; 0: they are not
	Weight      float64 // in the score, relative to the others; 0: shown beside it
}

// A Rating is what one rater of a source says about one person and item.
type Rating struct {
	Person, Item, Source string
	Rater                string  // opaque; "": the only one
	Value                float64 // NaN: not known, as if it were not there
	Exposure             float64 // of a count: the cases among which it occurred
}

// Options of [Combine]. The zero value, or nil, is usable.
type Options struct {
	MinCoverage  float64 // share of the weight that must be there for a score; 0: 0.5
	Disagree     float64 // spread between sources, of the scale, that is marked; 0: 0.5
	Straight     int     // equal answers of a rater about a person, and no other, that are marked; 0: 5
	DropStraight bool    // leave marked answers out
	Level        float64 // of the intervals; 0: 0.95
}

// A Cell is one person and item.
type Cell struct {
	Person    string             `json:"person"`
	Item      string             `json:"item"`
	Score     *float64           `json:"score"`    // Σ w x/Σ w over the sources that are there; null: without weights, or below MinCoverage
	Coverage  float64            `json:"coverage"` // their share of all weight
	Values    map[string]float64 `json:"values"`   // by source, the mean of its raters
	Disagrees bool               `json:"disagrees,omitempty"`
}

// A Straight rater gave one answer to every item about a person.
type Straight struct {
	Person string  `json:"person"`
	Source string  `json:"source"`
	Rater  string  `json:"rater,omitempty"`
	Items  int     `json:"items"`
	Value  float64 `json:"value"` // on the scale of the source
}

// A Result is what the sources say together.
type Result struct {
	Cells       []Cell            `json:"cells"` // by person, then item
	Sources     []SourceResult    `json:"sources"`
	Between     []Between         `json:"between"`
	Overall     *bangkom.Estimate `json:"overall,omitempty"` // Krippendorff's α of all sources, interval metric
	ICC         *bangkom.Test     `json:"icc,omitempty"`     // (A,1) of the cells that every source rated
	ICCMean     *bangkom.Test     `json:"icc_mean,omitempty"`
	Raters      []Leniency        `json:"raters"` // the mildest first
	Straight    []Straight        `json:"straight"`
	Dropped     int               `json:"dropped"` // straight answers left out
	MinCoverage float64           `json:"min_coverage"`
	Problems    bangkom.Problems  `json:"problems,omitempty"`
}

// Combine brings the ratings to one scale, worst 0 and best 1,
//
//	x = (value − worst)/(best − worst)
//
// takes the mean of the raters of one source first, and then
//
//	score = Σ w_s x_s / Σ w_s over the sources that are there
//
// A rating that does not fit (an unknown source, a level off the scale, a count
// without exposure, one rater twice) is not used and is a Problem; a rate beyond
// the ends of its scale counts as the end, and a warning says how many did.
// Marks never change a score. Errors: ErrShape without sources, ErrOption.
func Combine(ratings []Rating, sources []Source, opt *Options) (*Result, error) {
	o, err := opt.checked(sources)
	if err != nil {
		return nil, err
	}
	t := &table{sources: sources, o: o, result: &Result{MinCoverage: o.MinCoverage}}
	t.read(ratings)
	t.straight()
	t.combine()
	t.between()
	t.within()
	t.leniency()
	return t.result, nil
}

func (o *Options) checked(sources []Source) (Options, error) {
	var out Options
	if o != nil {
		out = *o
	}
	out.MinCoverage = cmp.Or(out.MinCoverage, .5)
	out.Disagree = cmp.Or(out.Disagree, .5)
	out.Straight = cmp.Or(out.Straight, 5)
	out.Level = cmp.Or(out.Level, .95)
	var bad bangkom.Problems
	add := func(code, where string, value any, msg string) {
		bad.Add(bangkom.Problem{Code: code, Where: where, Value: fmt.Sprint(value), Msg: "triangulation: " + msg})
	}
	if !(out.MinCoverage >= 0 && out.MinCoverage <= 1) || !(out.Disagree > 0) || out.Straight < 2 || !(out.Level > 0 && out.Level < 1) {
		add(bangkom.ErrOption.Code, "options", fmt.Sprintf("%+v", out), "shares in [0, 1], at least 2 equal answers")
	}
	if len(sources) == 0 {
		add(bangkom.ErrShape.Code, "sources", 0, "no sources")
	}
	for i, s := range sources {
		at := fmt.Sprintf("sources[%d]", i)
		if s.Name == "" || slices.ContainsFunc(sources[:i], func(x Source) bool { return x.Name == s.Name }) {
			add("duplicate-id", at, s.Name, "a source without a name of its own")
		}
		if d := s.Best - s.Worst; d == 0 || math.IsNaN(d) || math.IsInf(d, 0) {
			add("no-scale", at, s.Name, "worst and best are one value, or none")
		}
		if !(s.Weight >= 0) || math.IsInf(s.Weight, 1) {
			add("weight", at, s.Weight, "a weight is no number, or negative")
		}
		if !(s.Rate >= 0) || s.Steps < 0 || s.Steps == 1 {
			add(bangkom.ErrOption.Code, at, s.Name, "a rate per a positive number, a scale of at least two levels")
		}
	}
	return out, bad.Err()
}

// A key is a row of answers: one rater about one person.
type key struct {
	source        int
	person, rater string
}

func (a key) compare(b key) int {
	return cmp.Or(cmp.Compare(a.source, b.source), cmp.Compare(a.person, b.person), cmp.Compare(a.rater, b.rater))
}

// A table has the answers on one scale.
type table struct {
	sources []Source
	o       Options
	result  *Result
	items   []string
	people  []string
	rows    []key // in order
	answers map[key]map[string]float64
	values  map[[2]string][]float64 // person, item → by source, NaN: none
}

func (t *table) read(ratings []Rating) {
	t.answers = map[key]map[string]float64{}
	number := map[string]int{}
	for i, s := range t.sources {
		number[s.Name] = i
	}
	cut := make([]int, len(t.sources))
	for i, r := range ratings {
		problem := func(code, msg string) {
			t.result.Problems.Add(bangkom.Problem{Code: code, Where: fmt.Sprintf("ratings[%d]", i), Value: fmt.Sprintf("%s/%s/%s %v", r.Person, r.Item, r.Source, r.Value), Msg: "triangulation: " + msg + ": not used"})
		}
		k, ok := number[r.Source]
		if !ok {
			problem("unknown-source", "a source that was not declared")
			continue
		}
		if r.Person == "" || r.Item == "" {
			problem("empty-cell", "a rating without a person or an item")
			continue
		}
		x, clamped, code := t.sources[k].scaled(r)
		if code != "" {
			problem(code, "off the scale, or a count without exposure")
			continue
		}
		if math.IsNaN(x) {
			continue
		}
		row := key{k, r.Person, r.Rater}
		if t.answers[row] == nil {
			t.answers[row] = map[string]float64{}
		}
		if _, twice := t.answers[row][r.Item]; twice {
			problem("duplicate-rating", "the same rater about the same person and item again")
			continue
		}
		t.answers[row][r.Item] = x
		if clamped {
			cut[k]++
		}
	}
	for k, n := range cut {
		if n > 0 {
			t.result.Problems.Add(bangkom.Problem{Code: "beyond-scale", Severity: bangkom.Warning, Where: t.sources[k].Name, Value: fmt.Sprint(n), Msg: "rates beyond the ends of the scale count as the ends"})
		}
	}
}

// scaled brings a value to 0..1; a code says what is wrong.
func (s *Source) scaled(r Rating) (x float64, clamped bool, code string) {
	v := r.Value
	if math.IsNaN(v) {
		return v, false, ""
	}
	if math.IsInf(v, 0) {
		return 0, false, bangkom.ErrNotFinite.Code
	}
	if s.Rate > 0 {
		if !(r.Exposure > 0) || math.IsInf(r.Exposure, 1) || v < 0 {
			return 0, false, "no-exposure"
		}
		v *= s.Rate / r.Exposure
	}
	x = (v - s.Worst) / (s.Best - s.Worst)
	if x >= 0 && x <= 1 {
		return x, false, ""
	}
	if s.Rate > 0 {
		return min(max(x, 0), 1), true, ""
	}
	return 0, false, "off-scale"
}

// straight lists rows of one answer only, and sorts the rows that count.
func (t *table) straight() {
	for row := range t.answers {
		t.rows = append(t.rows, row)
	}
	slices.SortFunc(t.rows, key.compare)
	t.result.Straight = []Straight{}
	t.rows = slices.DeleteFunc(t.rows, func(row key) bool {
		answers := t.answers[row]
		if len(answers) < t.o.Straight {
			return false
		}
		var first float64
		for _, x := range answers {
			first = x
			break
		}
		for _, x := range answers {
			if x != first {
				return false
			}
		}
		s := t.sources[row.source]
		t.result.Straight = append(t.result.Straight, Straight{row.person, s.Name, row.rater, len(answers), s.Worst + first*(s.Best-s.Worst)})
		if t.o.DropStraight {
			t.result.Dropped++
		}
		return t.o.DropStraight
	})
	people, items := map[string]bool{}, map[string]bool{}
	for _, row := range t.rows {
		people[row.person] = true
		for item := range t.answers[row] {
			items[item] = true
		}
	}
	t.people, t.items = sorted(people), sorted(items)
}

func sorted(set map[string]bool) []string {
	out := make([]string, 0, len(set))
	for x := range set {
		out = append(out, x)
	}
	slices.Sort(out)
	return out
}

// combine makes the cells.
func (t *table) combine() {
	sum, n := map[[2]string][]float64{}, map[[2]string][]float64{}
	for _, row := range t.rows { // in order, so that sums round alike
		for item, x := range t.answers[row] {
			at := [2]string{row.person, item}
			if sum[at] == nil {
				sum[at], n[at] = make([]float64, len(t.sources)), make([]float64, len(t.sources))
			}
			sum[at][row.source] += x
			n[at][row.source]++
		}
	}
	t.values = sum
	var all float64
	for _, s := range t.sources {
		all += s.Weight
	}
	for _, p := range t.people {
		for _, item := range t.items {
			at := [2]string{p, item}
			if sum[at] == nil {
				continue
			}
			for s := range sum[at] {
				sum[at][s] /= n[at][s] // none: NaN
			}
			t.result.Cells = append(t.result.Cells, t.cell(at, all))
		}
	}
	if all == 0 {
		t.result.Problems.Add(bangkom.Problem{Code: "no-weights", Severity: bangkom.Note, Msg: "no source has a weight: they stand side by side, without a score", Need: "Source.Weight, explained to those who are judged by it"})
	}
}

func (t *table) cell(at [2]string, all float64) Cell {
	c := Cell{Person: at[0], Item: at[1], Values: map[string]float64{}}
	var score, weight float64
	least, most := math.Inf(1), math.Inf(-1)
	for s, x := range t.values[at] {
		if math.IsNaN(x) {
			continue
		}
		c.Values[t.sources[s].Name] = x
		least, most = min(least, x), max(most, x)
		score += t.sources[s].Weight * x
		weight += t.sources[s].Weight
	}
	c.Disagrees = most-least >= t.o.Disagree
	if all > 0 {
		c.Coverage = weight / all
	}
	if weight > 0 && c.Coverage >= t.o.MinCoverage {
		score /= weight
		c.Score = &score
	}
	return c
}

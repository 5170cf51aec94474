package needs

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/bangkom/bangkom"
)

// Weights say for how many people of the population one in a segment stands.
// They are applied when tables are read; the counts stay exact and mergeable.
// Make them by [CellWeights], [NonResponse] or [Rake].
type Weights struct {
	Method string       `json:"method"`
	Cells  []WeightCell `json:"cells"`             // sorted by segment
	Rounds int          `json:"rounds,omitempty"`  // of raking
	Status string       `json:"status,omitempty"`  // "converged", or "stopped" after the last round
	Trims  int          `json:"trimmed,omitempty"` // weights that were cut
	Deff   float64      `json:"deff"`              // Kish: n Σw²/(Σw)²
	NEff   float64      `json:"n_eff"`             // n/deff
	of     map[string]float64
}

// A WeightCell is a segment, one node per dimension, with the people in it.
type WeightCell struct {
	Segment []string `json:"segment"`
	N       float64  `json:"n"`                 // answered, or to weigh
	Invited float64  `json:"invited,omitempty"` // 0: not said
	Weight  float64  `json:"weight"`            // per person
}

// WeightCells are the segments of a cube that hold people, with their number,
// sorted: what weights are made for.
func (c *Cube) WeightCells() []WeightCell {
	var out []WeightCell
	for _, k := range sortedKeys(c.places) {
		p := c.places[k]
		n := 0.0
		for _, x := range p.people {
			n += float64(x)
		}
		if n > 0 {
			out = append(out, WeightCell{Segment: slices.Clone(p.nodes), N: n})
		}
	}
	slices.SortFunc(out, func(a, b WeightCell) int { return slices.Compare(a.Segment, b.Segment) })
	return out
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

const usableRange = "1e-50 to 1e50"

// usable weights have products whose squares neither overflow nor vanish.
func usable(x float64) bool { return 1e-50 <= x && x <= 1e50 }

// CellWeights takes weights as they are given, such as base weights of a design.
func CellWeights(cells []WeightCell) (*Weights, error) {
	w := &Weights{Method: "given", of: map[string]float64{}}
	var n, s, ss float64
	for _, c := range cells {
		c.Segment = slices.Clone(c.Segment)
		where := fmt.Sprint(c.Segment)
		if !usable(c.Weight) || c.N != 0 && !usable(c.N) {
			return nil, bangkom.Problem{Code: "weight", Where: where, Value: fmt.Sprint(c.Weight), Msg: "needs: a weight that is no positive number, or a number of people that is none", Need: usableRange}
		}
		key := keyOf(c.Segment)
		if _, ok := w.of[key]; ok {
			return nil, bangkom.Problem{Code: "duplicate-id", Where: where, Msg: "needs: a segment with two weights"}
		}
		w.of[key] = c.Weight
		w.Cells = append(w.Cells, c)
		n += c.N
		s += c.N * c.Weight
		ss += c.N * c.Weight * c.Weight
	}
	if n == 0 {
		return nil, bangkom.Problem{Code: "weight", Msg: "needs: no people in any cell", Need: "how many people are in each, as Cube.WeightCells says"}
	}
	slices.SortFunc(w.Cells, func(a, b WeightCell) int { return slices.Compare(a.Segment, b.Segment) })
	w.Deff = n * ss / (s * s)
	w.NEff = n / w.Deff
	return w, nil
}

// NonResponse weighs each segment by how many were invited for one who
// answered. A segment in which nobody answered is an error: its people would
// vanish. Join it with another first.
func NonResponse(cells []WeightCell) (*Weights, error) {
	out := slices.Clone(cells)
	for i := range out {
		if out[i].Invited > 0 && out[i].N == 0 {
			return nil, bangkom.Problem{Code: "empty-cell", Where: fmt.Sprint(out[i].Segment), Value: fmt.Sprint(out[i].Invited), Msg: "needs: people were invited and nobody answered", Need: "join the segment with another"}
		}
		if out[i].Invited < out[i].N {
			return nil, bangkom.Problem{Code: "more-than-invited", Where: fmt.Sprint(out[i].Segment), Value: fmt.Sprintf("%g of %g", out[i].N, out[i].Invited), Msg: "needs: more answered than were invited"}
		}
		out[i].Weight = out[i].Invited / out[i].N
	}
	w, err := CellWeights(out)
	if err == nil {
		w.Method = "non-response cells"
	}
	return w, err
}

// A Margin is how many people of the population are in one node of a dimension.
type Margin struct {
	Dimension int // its place in the frame
	Node      string
	Total     float64
}

// RakeOptions of [Rake]; nil is usable.
type RakeOptions struct {
	Tolerance float64 // relative, on every margin; 0: 1e-10
	MaxRounds int     // 0: 200
	Trim      float64 // cut weights above so many times their mean; 0: none
}

// Rake finds weights with which the people in the cells have the given margins
// in every raked dimension, by iterative proportional fitting. Cells carry N
// and, if they have one, a base Weight. In R: survey::rake.
//
// Every node of a raked dimension that occurs needs its margin; the margins of
// all dimensions add up to the same total; a margin without anybody is an
// error. Weights that were cut do not keep the margins: that is reported.
func Rake(cells []WeightCell, margins []Margin, o *RakeOptions) (*Weights, error) {
	opt := RakeOptions{}
	if o != nil {
		opt = *o
	}
	opt.Tolerance, opt.MaxRounds = cmp.Or(opt.Tolerance, 1e-10), cmp.Or(opt.MaxRounds, 200)
	out := slices.Clone(cells)
	for i := range out {
		out[i].Weight = cmp.Or(out[i].Weight, 1)
	}
	groups, err := rakeGroups(out, margins)
	if err != nil {
		return nil, err
	}
	rounds, status := 0, "stopped"
	for rounds < opt.MaxRounds && status == "stopped" {
		rounds++
		for _, g := range groups {
			f := g.total / g.sum(out)
			for _, i := range g.cells {
				out[i].Weight *= f
			}
		}
		worst := 0.0
		for _, g := range groups {
			worst = max(worst, math.Abs(g.sum(out)-g.total)/g.total)
		}
		if worst <= opt.Tolerance {
			status = "converged"
		}
	}
	trims := trim(out, opt.Trim)
	w, err := CellWeights(out)
	if err != nil {
		return nil, err
	}
	w.Method, w.Rounds, w.Status, w.Trims = "raking", rounds, status, trims
	return w, nil
}

type rakeGroup struct {
	total float64
	cells []int
}

func (g *rakeGroup) sum(cells []WeightCell) (s float64) {
	for _, i := range g.cells {
		s += cells[i].N * cells[i].Weight
	}
	return s
}

func rakeGroups(cells []WeightCell, margins []Margin) ([]rakeGroup, error) {
	refuse := func(code, where, value, msg string) ([]rakeGroup, error) {
		return nil, bangkom.Problem{Code: code, Where: where, Value: value, Msg: "needs: " + msg}
	}
	totals, covered := map[int]float64{}, map[int]int{}
	var groups []rakeGroup
	for k, m := range margins {
		where := fmt.Sprintf("dimension %d, %s", m.Dimension, m.Node)
		if !usable(m.Total) {
			return refuse("margin", where, fmt.Sprint(m.Total), "a margin that is no positive number")
		}
		if slices.ContainsFunc(margins[:k], func(x Margin) bool { return x.Dimension == m.Dimension && x.Node == m.Node }) {
			return refuse("duplicate-id", where, "", "a margin that is given twice")
		}
		g := rakeGroup{total: m.Total}
		for i, c := range cells {
			if m.Dimension < 0 || m.Dimension >= len(c.Segment) {
				return refuse(bangkom.ErrShape.Code, where, fmt.Sprint(c.Segment), "a margin of a dimension that a cell does not have")
			}
			if c.Segment[m.Dimension] == m.Node && c.N > 0 {
				g.cells = append(g.cells, i)
			}
		}
		if len(g.cells) == 0 {
			return refuse("empty-cell", where, fmt.Sprint(m.Total), "a margin without anybody who could stand for it")
		}
		totals[m.Dimension] += m.Total
		covered[m.Dimension] += len(g.cells)
		groups = append(groups, g)
	}
	used := 0
	for _, c := range cells {
		if c.N > 0 {
			used++
		}
	}
	first := math.NaN()
	for _, d := range slices.Sorted(maps.Keys(totals)) {
		if covered[d] != used {
			return refuse("margin", fmt.Sprintf("dimension %d", d), "", "people in a node without a margin")
		}
		if math.IsNaN(first) {
			first = totals[d]
		}
		if math.Abs(totals[d]-first) > 1e-9*first {
			return refuse("margin", fmt.Sprintf("dimension %d", d), fmt.Sprintf("%g against %g", totals[d], first), "the margins of two dimensions have different totals")
		}
	}
	if len(groups) == 0 {
		return refuse("margin", "", "", "no margins")
	}
	return groups, nil
}

func trim(cells []WeightCell, times float64) (n int) {
	if !(times > 1) {
		return 0
	}
	var s, people float64
	for _, c := range cells {
		s += c.N * c.Weight
		people += c.N
	}
	top := times * s / people
	for i := range cells {
		if cells[i].Weight > top {
			cells[i].Weight = top
			n++
		}
	}
	return n
}

// weight of a segment; checked for every segment of the cube before.
func (w *Weights) weight(nodes []string) float64 { return w.of[keyOf(nodes)] }

// check asks for a weight in every segment with people.
func (w *Weights) check(c *Cube) error {
	if w == nil {
		return nil
	}
	for _, k := range sortedKeys(c.places) {
		if _, ok := w.of[k]; !ok {
			return bangkom.Problem{Code: "no-weight", Where: fmt.Sprint(c.places[k].nodes), Msg: "needs: people in a segment without a weight", Need: "a cell for every segment of Cube.WeightCells"}
		}
	}
	return nil
}

// A WeightNote says what weights a result rests on.
type WeightNote struct {
	Method string  `json:"method"`
	Deff   float64 `json:"deff"`
	NEff   float64 `json:"n_eff"`
	Caveat string  `json:"caveat"`
}

func noteWeights(c *Cube, o *Options) *WeightNote {
	if !c.frame.Weighted && o.Weights == nil {
		return nil
	}
	n := &WeightNote{Caveat: "weights on who people are do not repair a response that depends on the answer itself"}
	if o.Weights != nil {
		n.Method, n.Deff, n.NEff = o.Weights.Method, o.Weights.Deff, o.Weights.NEff
	}
	if c.frame.Weighted {
		n.Method = "per person"
		if o.Weights != nil {
			n.Method += " × " + o.Weights.Method
		}
		var k, s, ss float64
		for _, r := range c.sortedRows() {
			w := c.rowWeight(r, o)
			k++
			s += w
			ss += w * w
		}
		n.Deff = k * ss / (s * s)
		n.NEff = k / n.Deff
	}
	return n
}

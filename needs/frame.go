package needs

import (
	"fmt"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/stats/tally"
)

// Want says what the wanted side of a pair is.
type Want uint8

const (
	Importance Want = iota // a judged importance or expected level
	Required               // a level that a job standard requires
)

// The dimensions that gaps can be segmented by, because a person has them.
const (
	ByUnit     = "unit"
	ByPosition = "position"
)

// Unknown is the segment of whoever belongs to no node of a dimension.
const Unknown = "unknown"

// A Frame declares what is analysed; nothing is inferred from the data. Cubes
// of the same frame merge.
type Frame struct {
	Scale    tally.Shape               // of both sides
	Want     Want                      // zero: Importance
	Job      competency.Job            // which job Required levels are of; zero: the job held
	Items    []competency.CompetencyID // what is ranked, and the order of an Answer's cells
	Sources  []competency.Source       // who or what rates: self, superior, peer …; nil: one source without a name
	By       []Dimension               // how people are segmented; nil: not at all
	Weighted bool                      // answers carry a weight: that of the person among the population
	Rows     int                       // pairs kept as rows, for what tables cannot answer; 0: 4 Mi; < 0: none
}

// defaultRows is the number of pairs kept as rows: one byte a pair, and some
// seventy per answer.
const defaultRows = 4 << 20

// A Dimension is one way to part the people: a tree of nodes, or several.
// Without nodes it is open: every id that is met is a node of its own.
type Dimension struct {
	Name  string
	Nodes []Node
}

// A Node is a segment. What is counted at a node counts at its parent too.
type Node struct {
	ID     string
	Parent string // empty: a root
}

// UnitsOf is the dimension of a workforce's units.
func UnitsOf(w *competency.Workforce) Dimension {
	d := Dimension{Name: ByUnit}
	for _, u := range w.Units() {
		d.Nodes = append(d.Nodes, Node{string(u.ID), string(u.Parent)})
	}
	return d
}

// PositionsOf is the dimension of a workforce's positions, side by side.
func PositionsOf(w *competency.Workforce) Dimension {
	d := Dimension{Name: ByPosition}
	for _, p := range w.Positions() {
		d.Nodes = append(d.Nodes, Node{ID: string(p.ID)})
	}
	return d
}

// FrameOf is the frame of a workforce's gaps: all competencies of its
// framework against the required levels of one job, by unit. The scale spans
// the scales of the competencies; if they differ a warning says so, because
// levels of different scales are not one unit. A competency without a scale of
// the framework is left out with a warning. Its cubes keep no rows; set Rows to
// have the certainty of the ranks resampled.
func FrameOf(w *competency.Workforce, job competency.Job) (Frame, bangkom.Problems) {
	f := Frame{Want: Required, Job: job, By: []Dimension{UnitsOf(w)}, Rows: -1}
	var ps bangkom.Problems
	var all span
	mixed := false
	for _, c := range w.Framework().Competencies {
		scale, ok := w.Framework().ScaleOf(c.ID)
		if !ok || len(scale.Levels) == 0 {
			ps.Add(bangkom.Problem{Code: "no-scale", Severity: bangkom.Warning, Where: string(c.ID), Value: string(c.Scale), Msg: "needs: a competency without a scale of the framework is left out"})
			continue
		}
		f.Items = append(f.Items, c.ID)
		s := spanOf(scale.Levels)
		mixed = mixed || all.steps() > 0 && s != all
		all = all.with(s)
	}
	f.Scale = tally.Shape{First: all.from, Levels: all.steps()}
	if mixed {
		ps.Add(bangkom.Problem{Code: "mixed-scales", Severity: bangkom.Warning, Msg: "needs: the competencies are rated on different scales: a level of one is not a level of another",
			Need: "rank by share below, or each scale in a cube of its own"})
	}
	return f, ps
}

// A span is the values from..to-1; the zero span is empty.
type span struct{ from, to int }

func spanOf(levels []competency.Descriptor) span {
	s := span{}
	for _, d := range levels {
		s = s.with(span{int(d.Level), int(d.Level) + 1})
	}
	return s
}

func (s span) steps() int { return s.to - s.from }

func (s span) with(o span) span {
	if s.steps() == 0 {
		return o
	}
	return span{min(s.from, o.from), max(s.to, o.to)}
}

// clone shares nothing with the caller's slices.
func (f Frame) clone() Frame {
	f.Items = slices.Clone(f.Items)
	f.Sources = slices.Clone(f.Sources)
	f.By = slices.Clone(f.By)
	for i := range f.By {
		f.By[i].Nodes = slices.Clone(f.By[i].Nodes)
	}
	return f
}

// equal says whether cubes merge; how many rows each keeps does not matter.
func (f Frame) equal(g Frame) bool {
	return f.Scale == g.Scale && f.Want == g.Want && f.Job == g.Job && f.Weighted == g.Weighted &&
		slices.Equal(f.Items, g.Items) && slices.Equal(f.Sources, g.Sources) &&
		slices.EqualFunc(f.By, g.By, func(a, b Dimension) bool { return a.Name == b.Name && slices.Equal(a.Nodes, b.Nodes) })
}

func (f Frame) validate() bangkom.Problems {
	var ps bangkom.Problems
	report := func(code, where, value, msg string) {
		ps.Add(bangkom.Problem{Code: code, Where: where, Value: value, Msg: "needs: " + msg})
	}
	if _, err := tally.NewPairs(f.Scale); err != nil || f.Scale.Levels == 0 {
		report(bangkom.ErrShape.Code, "scale", fmt.Sprintf("%d levels from %d", f.Scale.Levels, f.Scale.First), "a scale of 1 to 12 levels must be declared")
	}
	if f.Want > Required {
		report(bangkom.ErrOption.Code, "want", fmt.Sprint(f.Want), "neither an importance nor a requirement")
	}
	if len(f.Items) == 0 {
		report("no-items", "items", "", "nothing to analyse")
	}
	seen := map[competency.CompetencyID]bool{}
	for i, id := range f.Items {
		if id == "" || seen[id] {
			report("duplicate-id", fmt.Sprintf("items[%d]", i), string(id), "an item without an id of its own")
		}
		seen[id] = true
	}
	if len(f.Sources) > maxSources {
		report(bangkom.ErrShape.Code, "sources", fmt.Sprint(len(f.Sources)), fmt.Sprintf("more than %d sources", maxSources))
	}
	for i, s := range f.Sources {
		if s == "" || slices.Contains(f.Sources[:i], s) {
			report("duplicate-id", fmt.Sprintf("sources[%d]", i), string(s), "a source without a name of its own")
		}
	}
	names := map[string]bool{}
	for i, d := range f.By {
		if d.Name == "" || names[d.Name] {
			report("duplicate-id", fmt.Sprintf("by[%d]", i), d.Name, "a dimension without a name of its own")
		}
		names[d.Name] = true
		ps = append(ps, d.validate()...)
	}
	return ps
}

func (d Dimension) validate() bangkom.Problems {
	var ps bangkom.Problems
	report := func(code string, n Node, value, msg string) {
		ps.Add(bangkom.Problem{Code: code, Where: d.Name + "/" + n.ID, Value: value, Msg: "needs: " + msg})
	}
	parent := map[string]string{}
	for _, n := range d.Nodes {
		if _, ok := parent[n.ID]; ok || n.ID == "" {
			report("duplicate-id", n, n.ID, "a node without an id of its own")
		}
		parent[n.ID] = n.Parent
	}
	for _, n := range d.Nodes {
		if _, ok := parent[n.Parent]; !ok && n.Parent != "" {
			report("dangling-reference", n, n.Parent, "a parent that is no node")
		}
	}
	rooted := map[string]bool{"": true} // nodes known to end at a root
	for _, n := range d.Nodes {
		var path []string
		at, steps := n.ID, 0
		for ; !rooted[at] && steps <= len(d.Nodes); steps++ {
			path = append(path, at)
			at = parent[at]
		}
		if steps > len(d.Nodes) {
			report("circle", n, n.Parent, "a node that is below itself")
			return ps
		}
		for _, p := range path {
			rooted[p] = true
		}
	}
	return ps
}

// source is the number of a source; a frame without sources has the one
// without a name.
func (f *Frame) source(s competency.Source) (int, bool) {
	if len(f.Sources) == 0 {
		return 0, s == ""
	}
	i := slices.Index(f.Sources, s)
	return i, i >= 0
}

// A tree is a dimension by id.
type tree struct {
	name   string
	open   bool
	parent map[string]string // of every declared node; "": a root
}

func newTree(d Dimension) tree {
	t := tree{name: d.Name, open: len(d.Nodes) == 0, parent: map[string]string{}}
	for _, n := range d.Nodes {
		t.parent[n.ID] = n.Parent
	}
	return t
}

// node is the id if it is a node, and Unknown if not.
func (t *tree) node(id string) string {
	if _, ok := t.parent[id]; ok || t.open && id != "" {
		return id
	}
	return Unknown
}

// within reports whether a node is another one or below it.
func (t *tree) within(node, top string) bool {
	for ; node != ""; node = t.parent[node] {
		if node == top {
			return true
		}
	}
	return false
}

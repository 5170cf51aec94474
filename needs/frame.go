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
	Scale tally.Shape               // of both sides
	Want  Want                      // zero: Importance
	Job   competency.Job            // which job Required levels are of; zero: the job held
	Items []competency.CompetencyID // what is ranked, and the order of an Answer's cells
	By    []Dimension               // how people are segmented; nil: not at all
}

// A Dimension is one way to part the people: a tree of nodes, or several.
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
// the framework is left out with a warning.
func FrameOf(w *competency.Workforce, job competency.Job) (Frame, bangkom.Problems) {
	f := Frame{Want: Required, Job: job, By: []Dimension{UnitsOf(w)}}
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
	f.By = slices.Clone(f.By)
	for i := range f.By {
		f.By[i].Nodes = slices.Clone(f.By[i].Nodes)
	}
	return f
}

func (f Frame) equal(g Frame) bool {
	return f.Scale == g.Scale && f.Want == g.Want && f.Job == g.Job && slices.Equal(f.Items, g.Items) &&
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

// A tree is a dimension by number. The last node is Unknown.
type tree struct {
	name   string
	ids    []string
	byID   map[string]int
	parent []int // -1: none
}

func newTree(d Dimension) tree {
	t := tree{name: d.Name, byID: map[string]int{}}
	nodes := d.Nodes
	if !slices.ContainsFunc(nodes, func(n Node) bool { return n.ID == Unknown }) {
		nodes = append(slices.Clone(nodes), Node{ID: Unknown})
	}
	for i, n := range nodes {
		t.ids = append(t.ids, n.ID)
		t.byID[n.ID] = i
	}
	for _, n := range nodes {
		p, ok := t.byID[n.Parent]
		if !ok {
			p = -1
		}
		t.parent = append(t.parent, p)
	}
	return t
}

// number of a node; of the node Unknown if there is none.
func (t *tree) number(id string) int {
	if n, ok := t.byID[id]; ok {
		return n
	}
	return t.byID[Unknown]
}

// within reports whether a node is another one or below it.
func (t *tree) within(node, top int) bool {
	for ; node >= 0; node = t.parent[node] {
		if node == top {
			return true
		}
	}
	return false
}

package needs

import (
	"encoding/binary"
	"fmt"
	"maps"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/stats/tally"
)

// A Cube holds, for each segment and each item, the table of wanted against
// attained levels ([tally.Pairs]), with people counted apart. Only the
// segments that people belong to themselves are stored: a parent is the sum of
// what is below it. It is not safe for concurrent use: feed one per goroutine,
// then Merge.
type Cube struct {
	frame   Frame
	items   map[competency.CompetencyID]int
	trees   []tree
	leaves  map[string]*leaf // by the numbers of the nodes
	segment []string         // which part of a larger cube this is
	seen    map[string]bool  // leaf and person of the answers, so that people are counted once
	notes   bangkom.Problems
}

// A leaf is what was counted for one segment.
type leaf struct {
	nodes             []int  // one per dimension
	people            uint64 // with at least one cell
	noJob, noStandard uint64 // people without anything to compare with
	cells             []cell // one per item
}

// A cell is the table of one item, parted by the criticality of the
// requirement, so that a ranking may weigh each gap exactly.
type cell []class

type class struct {
	criticality float64
	pairs       tally.Pairs
	expired     uint64 // of the pairs' cells without an attained level, those with an expired one
}

// NewCube returns an empty cube.
func NewCube(f Frame) (*Cube, error) {
	if err := f.validate().Err(); err != nil {
		return nil, err
	}
	c := &Cube{frame: f.clone(), items: map[competency.CompetencyID]int{}}
	for i, id := range c.frame.Items {
		c.items[id] = i
	}
	for _, d := range c.frame.By {
		c.trees = append(c.trees, newTree(d))
	}
	c.leaves = map[string]*leaf{}
	c.seen = map[string]bool{}
	return c, nil
}

// empty is a cube of the same frame and segment that holds nothing.
func (c *Cube) empty() *Cube {
	d := *c
	d.leaves, d.seen, d.notes = map[string]*leaf{}, map[string]bool{}, nil
	return &d
}

// Frame returns what the cube analyses.
func (c *Cube) Frame() Frame { return c.frame.clone() }

// People is the number of people with at least one cell: people, not ratings.
func (c *Cube) People() int {
	var n uint64
	for _, l := range c.leaves {
		n += l.people
	}
	return int(n)
}

// Coverage counts all cells by what is known of them, and the people who have
// nothing to compare with. A cell that does not apply is not counted.
func (c *Cube) Coverage() competency.Coverage {
	var sum competency.Coverage
	for i := range c.frame.Items {
		v := c.joint(i).coverage()
		sum.Met += v.Met
		sum.Below += v.Below
		sum.NotAssessed += v.NotAssessed
		sum.Expired += v.Expired
	}
	for _, l := range c.leaves {
		sum.NoJob += int(l.noJob)
		sum.NoStandard += int(l.noStandard)
	}
	return sum
}

// Table returns a copy of an item's table: all that the statistics of one item need.
func (c *Cube) Table(item competency.CompetencyID) (*tally.Pairs, bool) {
	i, ok := c.items[item]
	if !ok {
		return nil, false
	}
	return c.joint(i).pairs(), true
}

// Segments returns the nodes of a dimension in the order of its declaration,
// and [Unknown] last if anybody is there.
func (c *Cube) Segments(dimension string) []string {
	k := slices.IndexFunc(c.trees, func(t tree) bool { return t.name == dimension })
	if k < 0 {
		return nil
	}
	var ids []string
	for _, n := range c.frame.By[k].Nodes {
		ids = append(ids, n.ID)
	}
	unknown := c.trees[k].byID[Unknown]
	for _, l := range c.leaves {
		if l.nodes[k] == unknown && unknown == len(ids) {
			return append(ids, Unknown)
		}
	}
	return ids
}

// At returns the part of the cube that lies at or below the given nodes, one
// per dimension in the order of the frame. An empty id, or none, is the whole
// dimension. The part is a copy.
func (c *Cube) At(segment ...string) (*Cube, error) {
	if len(segment) > len(c.trees) {
		return nil, bangkom.Problem{Code: bangkom.ErrShape.Code, Value: fmt.Sprint(len(segment)), Msg: fmt.Sprintf("needs: the cube has %d dimensions", len(c.trees))}
	}
	tops := make([]int, len(segment))
	for k, id := range segment {
		n, ok := c.trees[k].byID[id]
		if !ok && id != "" {
			return nil, bangkom.Problem{Code: "unknown-" + c.trees[k].name, Value: id, Msg: "needs: no such segment"}
		}
		tops[k] = n
		if id == "" {
			tops[k] = -1
		}
	}
	part := c.empty()
	part.notes, part.seen = slices.Clone(c.notes), maps.Clone(c.seen)
	part.segment = narrowed(c.segment, segment)
	for key, l := range c.leaves {
		if c.inside(l, tops) {
			part.leaves[key] = l.clone()
		}
	}
	return part, nil
}

// narrowed replaces the nodes of a segment by those of a part of it.
func narrowed(old, segment []string) []string {
	out := slices.Clone(old)
	for k, id := range segment {
		if k == len(out) {
			out = append(out, id)
		} else if id != "" {
			out[k] = id
		}
	}
	return out
}

func (c *Cube) inside(l *leaf, tops []int) bool {
	for k, top := range tops {
		if top >= 0 && !c.trees[k].within(l.nodes[k], top) {
			return false
		}
	}
	return true
}

// Merge adds what another cube of the same frame and segment counted, and
// leaves that as it is. The two must have counted different people. On an
// error nothing is added.
func (c *Cube) Merge(d *Cube) error {
	if !c.frame.equal(d.frame) || !slices.Equal(c.segment, d.segment) {
		return bangkom.Problem{Code: bangkom.ErrShape.Code, Msg: "needs: cubes of different frames do not merge",
			Need: "the same scale, items in the same order, job, dimensions and segment"}
	}
	sums := map[string]*leaf{}
	for key, l := range d.leaves {
		sum := l.clone()
		if have, ok := c.leaves[key]; ok {
			sum = have.clone()
			if err := sum.merge(l); err != nil {
				return err
			}
		}
		sums[key] = sum
	}
	for key, sum := range sums {
		c.leaves[key] = sum
	}
	maps.Copy(c.seen, d.seen)
	for _, p := range d.notes {
		if !slices.Contains(c.notes, p) {
			c.notes.Add(p)
		}
	}
	return nil
}

func (l *leaf) clone() *leaf {
	m := *l
	m.nodes = slices.Clone(l.nodes)
	m.cells = make([]cell, len(l.cells))
	for i, k := range l.cells {
		m.cells[i] = slices.Clone(k)
	}
	return &m
}

func (l *leaf) merge(o *leaf) error {
	l.people += o.people
	l.noJob += o.noJob
	l.noStandard += o.noStandard
	for i := range l.cells {
		for k := range o.cells[i] {
			if err := l.cells[i].merge(&o.cells[i][k]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *cell) merge(o *class) error {
	k := c.class(o.criticality, o.pairs.Shape())
	k.expired += o.expired
	return k.pairs.Merge(&o.pairs)
}

// class finds or makes the table of a criticality; the classes stay in order.
func (c *cell) class(criticality float64, shape tally.Shape) *class {
	i := 0 // there are few
	for i < len(*c) && (*c)[i].criticality < criticality {
		i++
	}
	if i == len(*c) || (*c)[i].criticality != criticality {
		fresh := class{criticality: criticality}
		if p, err := tally.NewPairs(shape); err == nil { // the frame was validated
			fresh.pairs = *p
		}
		*c = slices.Insert(*c, i, fresh)
	}
	return &(*c)[i]
}

// leaf finds or makes the leaf of a segment, one id per dimension.
func (c *Cube) leaf(segment []string) *leaf {
	nodes := make([]int, len(c.trees))
	key := make([]byte, 0, 32)
	for k := range c.trees {
		nodes[k] = c.trees[k].number(segment[k])
		key = binary.AppendUvarint(key, uint64(nodes[k]))
	}
	l, ok := c.leaves[string(key)]
	if !ok {
		l = &leaf{nodes: nodes, cells: make([]cell, len(c.frame.Items))}
		c.leaves[string(key)] = l
	}
	return l
}

// An Answer is what one rater says about one person, the cells in the order of
// the frame's items.
type Answer struct {
	Person     string   // who is rated; counted once per segment
	Segment    []string // one node per dimension; an id that is no node counts as [Unknown]
	Want, Have []tally.Cell
}

// Add counts an answer. On an error nothing is counted.
func (c *Cube) Add(a *Answer) error {
	if len(a.Want) != len(c.frame.Items) || len(a.Have) != len(c.frame.Items) || len(a.Segment) != len(c.trees) {
		return bangkom.Problem{Code: bangkom.ErrShape.Code, Where: a.Person,
			Value: fmt.Sprintf("%d and %d cells, %d segments", len(a.Want), len(a.Have), len(a.Segment)),
			Msg:   fmt.Sprintf("needs: an answer has %d cells on each side and %d segments", len(c.frame.Items), len(c.trees))}
	}
	for i := range a.Want {
		for _, x := range [2]tally.Cell{a.Want[i], a.Have[i]} {
			if !c.frame.Scale.Holds(x) {
				return bangkom.Problem{Code: "not-a-cell", Where: a.Person + "/" + string(c.frame.Items[i]), Value: fmt.Sprint(uint8(x)),
					Msg: "needs: neither a level of the scale " + c.frame.Scale.String() + " nor a reason for none"}
			}
		}
	}
	l := c.leaf(a.Segment)
	for i := range a.Want {
		k := l.cells[i].class(1, c.frame.Scale)
		if k.pairs.Total() == tally.MaxTotal {
			return bangkom.Problem{Code: tally.ErrOverflow.Code, Where: a.Person + "/" + string(c.frame.Items[i]), Msg: "needs: the table is full"}
		}
	}
	for i := range a.Want {
		k := l.cells[i].class(1, c.frame.Scale)
		if err := k.pairs.Add(a.Want[i], a.Have[i]); err != nil {
			return err // not reached: cells and room were checked
		}
	}
	key := fmt.Sprint(l.nodes, a.Person)
	if !c.seen[key] {
		c.seen[key] = true
		l.people++
	}
	return nil
}

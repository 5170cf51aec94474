package needs

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/stats/tally"
)

// A Cube holds, for each segment, source and item, the table of wanted against
// attained levels ([tally.Pairs]), with people counted apart. Only the segments
// that people belong to themselves are stored: a parent is the sum of what is
// below it. It is not safe for concurrent use: feed one per goroutine, then
// Merge.
//
// # Feeding
//
// One [Answer] at a time; a file ([Read]); the rows of a GROUP BY
// ([Cube.AddCounts]); columns of bytes ([Cube.AddColumns], half a nanosecond a
// pair); gaps ([Cube.AddGaps]). Parts counted apart merge, also from bytes
// ([Cube.AppendBinary]), so that agencies can add up tables without handing on
// people. A cube takes two kilobytes for each segment, source and item.
type Cube struct {
	frame   Frame
	items   map[competency.CompetencyID]int
	trees   []tree
	places  map[string]*place   // the people of a segment, by its key
	leaves  map[string]*leaf    // the tables of a segment and source, by its key
	segment []string            // which part of a larger cube this is
	from    []competency.Source // the sources that were picked; nil: all
	seen    map[string]*visit   // place and person of the answers, so that people are counted once
	shared  bool                // seen belongs to another cube too
	rows    rowStore
	notes   bangkom.Problems
}

// A sourceSet has bit s if a person was rated by the source number s.
type sourceSet uint32

const maxSources = 32

// A place is a segment: the people in it, whatever was asked about them.
type place struct {
	nodes             []string             // one per dimension
	people            map[sourceSet]uint64 // by who rated them
	noJob, noStandard uint64               // people without anything to compare with
}

// A leaf is what one source said about the people of one segment.
type leaf struct {
	nodes  []string
	source int
	heads  []uint64 // people with both sides known, one per item
	cells  []cell   // one per item
}

// A cell is the table of one item, parted by the criticality of the
// requirement, so that a ranking may weigh each gap exactly.
type cell []class

type class struct {
	criticality float64
	pairs       tally.Pairs
	expired     uint64 // of the pairs' cells without an attained level, those with an expired one
}

// A visit is what was counted of one person at one place already.
type visit struct {
	by    sourceSet
	heads []uint64 // a bit per source and item
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
	return c.empty(), nil
}

// empty is a cube of the same frame and segment that holds nothing.
func (c *Cube) empty() *Cube {
	d := *c
	d.places, d.leaves, d.seen, d.notes = map[string]*place{}, map[string]*leaf{}, map[string]*visit{}, nil
	d.shared, d.rows = false, newRowStore(c.frame.Rows)
	return &d
}

// Frame returns what the cube analyses.
func (c *Cube) Frame() Frame { return c.frame.clone() }

// Segment is which part of a larger cube this is, one node per dimension; nil:
// the whole.
func (c *Cube) Segment() []string { return slices.Clone(c.segment) }

// Sources returns the sources in the cube, all of the frame or those of [Cube.From].
func (c *Cube) Sources() []competency.Source {
	if c.from != nil {
		return slices.Clone(c.from)
	}
	return slices.Clone(c.frame.Sources)
}

// People is the number of people with at least one cell: people, not ratings.
func (c *Cube) People() int {
	var n uint64
	for _, p := range c.places {
		for _, k := range p.people {
			n += k
		}
	}
	return int(n)
}

// PeopleOn is the number of people of whom an item has both sides, from at
// least one source. Where several sources are pooled it is a lower bound: the
// largest number of one source in each segment.
func (c *Cube) PeopleOn(item competency.CompetencyID) int {
	i, ok := c.items[item]
	if !ok {
		return 0
	}
	most := map[string]uint64{}
	for _, l := range c.leaves {
		k := keyOf(l.nodes)
		most[k] = max(most[k], l.heads[i])
	}
	var n uint64
	for _, k := range most {
		n += k
	}
	return int(n)
}

// Coverage counts all cells by what is known of them, and the people who have
// nothing to compare with. A cell that does not apply is not counted.
func (c *Cube) Coverage() competency.Coverage {
	return c.coverage(c.joints())
}

func (c *Cube) coverage(joints []*joint) competency.Coverage {
	var sum competency.Coverage
	for _, j := range joints {
		v := j.coverage()
		sum.Met += v.Met
		sum.Below += v.Below
		sum.NotAssessed += v.NotAssessed
		sum.Expired += v.Expired
	}
	for _, p := range c.places {
		sum.NoJob += int(p.noJob)
		sum.NoStandard += int(p.noStandard)
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
// and [Unknown] last if anybody is there. The nodes of an open dimension are
// sorted by id.
func (c *Cube) Segments(dimension string) []string {
	k := slices.IndexFunc(c.trees, func(t tree) bool { return t.name == dimension })
	if k < 0 {
		return nil
	}
	var ids []string
	for _, n := range c.frame.By[k].Nodes {
		ids = append(ids, n.ID)
	}
	met := map[string]bool{}
	for _, p := range c.places {
		met[p.nodes[k]] = true
	}
	unknown := met[Unknown] && !slices.Contains(ids, Unknown)
	if c.trees[k].open {
		delete(met, Unknown)
		ids = slices.Sorted(maps.Keys(met))
	}
	if unknown {
		ids = append(ids, Unknown)
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
	for k, id := range segment {
		if id != "" && id != Unknown && !c.hasSegment(k, id) {
			return nil, bangkom.Problem{Code: "unknown-" + c.trees[k].name, Value: id, Msg: "needs: no such segment"}
		}
	}
	inside := func(nodes []string) bool {
		for k, id := range segment {
			if id != "" && !c.trees[k].within(nodes[k], id) {
				return false
			}
		}
		return true
	}
	part := c.empty()
	part.notes, part.segment = slices.Clone(c.notes), narrowed(c.segment, segment)
	part.share(c)
	for key, p := range c.places {
		if inside(p.nodes) {
			part.places[key] = p.clone()
		}
	}
	for key, l := range c.leaves {
		if inside(l.nodes) {
			part.leaves[key] = l.clone()
		}
	}
	part.rows = c.rows.filter(func(r *row) bool { return inside(r.nodes) })
	return part, nil
}

// hasSegment reports whether Segments of a dimension lists an id.
func (c *Cube) hasSegment(dimension int, id string) bool {
	if _, ok := c.trees[dimension].parent[id]; ok {
		return true
	}
	if c.trees[dimension].open {
		for _, p := range c.places {
			if p.nodes[dimension] == id {
				return true
			}
		}
	}
	return false
}

// From returns the part of the cube that comes from the given sources, all
// pooled. The part is a copy. Without sources it is the whole cube.
func (c *Cube) From(sources ...competency.Source) (*Cube, error) {
	var pick sourceSet
	for _, s := range sources {
		i, ok := c.frame.source(s)
		if !ok || c.from != nil && !slices.Contains(c.from, s) {
			return nil, bangkom.Problem{Code: "unknown-source", Value: string(s), Msg: "needs: the cube has no such source"}
		}
		pick |= 1 << i
	}
	if pick == 0 {
		return c.At()
	}
	part := c.empty()
	part.notes, part.segment = slices.Clone(c.notes), slices.Clone(c.segment)
	part.from = nil
	for i, s := range c.frame.Sources { // in the order of the frame
		if pick&(1<<i) != 0 {
			part.from = append(part.from, s)
		}
	}
	part.share(c)
	for key, p := range c.places {
		q := p.clone()
		clear(q.people)
		for by, n := range p.people {
			if by&pick != 0 {
				q.people[by&pick] += n
			}
		}
		part.places[key] = q
	}
	for key, l := range c.leaves {
		if pick&(1<<l.source) != 0 {
			part.leaves[key] = l.clone()
		}
	}
	part.rows = c.rows.filter(func(r *row) bool { return pick&(1<<r.source) != 0 })
	return part, nil
}

// share lets both cubes read who was counted; the first to write copies.
func (c *Cube) share(d *Cube) {
	c.seen, c.shared, d.shared = d.seen, true, true
}

func (c *Cube) own() {
	if !c.shared {
		return
	}
	seen := make(map[string]*visit, len(c.seen))
	for k, v := range c.seen {
		seen[k] = &visit{v.by, slices.Clone(v.heads)}
	}
	c.seen, c.shared = seen, false
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

// Merge adds what another cube of the same frame, segment and sources counted,
// and leaves that as it is. The two must have counted different people. On an
// error nothing is added.
func (c *Cube) Merge(d *Cube) error {
	if !c.frame.equal(d.frame) || !slices.Equal(c.segment, d.segment) || !slices.Equal(c.from, d.from) {
		return bangkom.Problem{Code: bangkom.ErrShape.Code, Msg: "needs: cubes of different frames do not merge",
			Need: "the same scale, items and sources in the same order, job, dimensions and segment"}
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
	maps.Copy(c.leaves, sums)
	for key, p := range d.places {
		if have, ok := c.places[key]; ok {
			have.merge(p)
		} else {
			c.places[key] = p.clone()
		}
	}
	c.own()
	for k, v := range d.seen {
		c.seen[k] = &visit{v.by, slices.Clone(v.heads)}
	}
	c.rows.merge(&d.rows)
	for _, p := range d.notes {
		if !slices.Contains(c.notes, p) {
			c.notes.Add(p)
		}
	}
	return nil
}

func (p *place) clone() *place {
	q := *p
	q.nodes, q.people = slices.Clone(p.nodes), maps.Clone(p.people)
	return &q
}

func (p *place) merge(o *place) {
	for by, n := range o.people {
		p.people[by] += n
	}
	p.noJob += o.noJob
	p.noStandard += o.noStandard
}

func (l *leaf) clone() *leaf {
	m := *l
	m.nodes, m.heads = slices.Clone(l.nodes), slices.Clone(l.heads)
	m.cells = make([]cell, len(l.cells))
	for i, k := range l.cells {
		m.cells[i] = slices.Clone(k)
	}
	return &m
}

func (l *leaf) merge(o *leaf) error {
	for i := range l.cells {
		l.heads[i] += o.heads[i]
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

// appendKey writes ids so that different lists have different keys.
func appendKey(key []byte, ids ...string) []byte {
	for _, id := range ids {
		key = append(strconv.AppendInt(key, int64(len(id)), 10), ':')
		key = append(key, id...)
	}
	return key
}

func keyOf(nodes []string) string { return string(appendKey(nil, nodes...)) }

// nodesOf brings the ids of a segment to nodes of the dimensions.
func (c *Cube) nodesOf(segment []string) []string {
	nodes := make([]string, len(c.trees))
	for k := range c.trees {
		nodes[k] = c.trees[k].node(segment[k])
	}
	return nodes
}

// place finds or makes a segment.
func (c *Cube) place(nodes []string) *place {
	key := keyOf(nodes)
	p, ok := c.places[key]
	if !ok {
		p = &place{nodes: nodes, people: map[sourceSet]uint64{}}
		c.places[key] = p
	}
	return p
}

// leaf finds or makes the tables of a source in a segment.
func (c *Cube) leaf(nodes []string, source int) *leaf {
	key := string(append(appendKey(nil, nodes...), byte(source)))
	l, ok := c.leaves[key]
	if !ok {
		l = &leaf{nodes: nodes, source: source, heads: make([]uint64, len(c.frame.Items)), cells: make([]cell, len(c.frame.Items))}
		c.leaves[key] = l
	}
	return l
}

// An Answer is what one rater says about one person, the cells in the order of
// the frame's items.
type Answer struct {
	Person     string            // who is rated, counted once per segment; "": somebody who is in no other answer
	Rater      string            // who rates; opaque, may be empty
	Source     competency.Source // one of the frame's; "" if it has none
	Segment    []string          // one node per dimension; an id that is no node counts as [Unknown]
	Weight     float64           // > 0 if the frame is weighted, else not read
	Want, Have []tally.Cell

	visit *visit // of a person without a name, in several answers
}

// Add counts an answer. On an error nothing is counted.
func (c *Cube) Add(a *Answer) error {
	source, err := c.check(a)
	if err != nil {
		return err
	}
	nodes := c.nodesOf(a.Segment)
	l := c.leaf(nodes, source)
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
	c.countPerson(a, nodes, l)
	c.rows.add(a, nodes, source)
	return nil
}

func (c *Cube) check(a *Answer) (source int, err error) {
	if len(a.Want) != len(c.frame.Items) || len(a.Have) != len(c.frame.Items) || len(a.Segment) != len(c.trees) {
		return 0, bangkom.Problem{Code: bangkom.ErrShape.Code, Where: a.Person,
			Value: fmt.Sprintf("%d and %d cells, %d segments", len(a.Want), len(a.Have), len(a.Segment)),
			Msg:   fmt.Sprintf("needs: an answer has %d cells on each side and %d segments", len(c.frame.Items), len(c.trees))}
	}
	source, ok := c.frame.source(a.Source)
	if !ok || c.from != nil && !slices.Contains(c.from, a.Source) {
		return 0, bangkom.Problem{Code: "unknown-source", Where: a.Person, Value: string(a.Source), Msg: "needs: a source that the frame does not have"}
	}
	if c.frame.Weighted && !usable(a.Weight) {
		return 0, bangkom.Problem{Code: "weight", Where: a.Person, Value: fmt.Sprint(a.Weight), Msg: "needs: a weight that is no positive number", Need: usableRange}
	}
	for i := range a.Want {
		for _, x := range [2]tally.Cell{a.Want[i], a.Have[i]} {
			if !c.frame.Scale.Holds(x) {
				return 0, bangkom.Problem{Code: "not-a-cell", Where: a.Person + "/" + string(c.frame.Items[i]), Value: fmt.Sprint(uint8(x)),
					Msg: "needs: neither a level of the scale " + c.frame.Scale.String() + " nor a reason for none"}
			}
		}
	}
	return source, nil
}

// countPerson counts the person once per place, and once per source and item.
func (c *Cube) countPerson(a *Answer, nodes []string, l *leaf) {
	p := c.place(nodes)
	if a.Person == "" && a.visit == nil {
		p.people[1<<l.source]++
		for i := range a.Want {
			if a.Want[i].IsLevel() && a.Have[i].IsLevel() {
				l.heads[i]++
			}
		}
		return
	}
	v := a.visit
	if a.Person != "" {
		c.own()
		key := string(appendKey(appendKey(nil, nodes...), a.Person))
		if v = c.seen[key]; v == nil {
			v = new(visit)
			c.seen[key] = v
		}
	}
	v.add(c, p, l, a)
}

// add counts what is new in an answer about a person.
func (v *visit) add(c *Cube, p *place, l *leaf, a *Answer) {
	k := len(c.frame.Items)
	if v.heads == nil {
		v.heads = make([]uint64, (max(1, len(c.frame.Sources))*k+63)/64)
	}
	if by := v.by | 1<<l.source; by != v.by {
		if v.by != 0 {
			if p.people[v.by]--; p.people[v.by] == 0 {
				delete(p.people, v.by)
			}
		}
		p.people[by]++
		v.by = by
	}
	for i := range a.Want {
		bit := l.source*k + i
		if a.Want[i].IsLevel() && a.Have[i].IsLevel() && v.heads[bit/64]&(1<<(bit%64)) == 0 {
			v.heads[bit/64] |= 1 << (bit % 64)
			l.heads[i]++
		}
	}
}

package competency

import (
	"cmp"
	"slices"
	"sync"
)

// An Index answers questions about one framework quickly: by code and name,
// up and down the hierarchy, along associations, and by the words of its texts.
//
// It points into the framework, which must not be changed while the index is
// in use; what its methods return is read only. It is safe for use by many
// goroutines. Circles in the framework end no program: every node is visited once.
type Index struct {
	f        *Framework
	g        *graph
	edges    []arrow // child to parent
	up, down sheaf   // edges by child, and by parent in the order of the children
	from, to sheaf   // associations by their ends
	codes    map[string]int32

	once  sync.Once // guards words and names
	names *names
	words *wordIndex
}

// Index builds an index of the framework. Of several competencies with one id
// or code the first is found; [Framework.Validate] reports the others.
func (f *Framework) Index() *Index {
	g := newGraph(f, numbers(f))
	x := &Index{f: f, g: g, edges: g.hierarchy(ChildOf, PartOf), codes: make(map[string]int32, len(f.Competencies))}
	for i := range f.Competencies {
		code := f.Competencies[i].Code
		if _, taken := x.codes[code]; !taken && code != "" {
			x.codes[code] = int32(i)
		}
	}
	n := len(f.Competencies)
	x.up = gather(n, len(x.edges), func(k int32) int32 { return x.edges[k].from })
	x.down = gather(n, len(x.edges), func(k int32) int32 { return x.edges[k].to })
	for u := range int32(n) {
		slices.SortStableFunc(x.down.of(u), func(k, l int32) int {
			return cmp.Or(cmp.Compare(x.sequence(k), x.sequence(l)), cmp.Compare(x.edges[k].from, x.edges[l].from))
		})
	}
	end := func(side int) sheaf {
		return gather(n, len(g.ends), func(k int32) int32 {
			if u := g.ends[k][side]; g.inside(u) {
				return u
			}
			return unset
		})
	}
	x.from, x.to = end(0), end(1)
	return x
}

// numbers gives each competency its place; of several with one id, the first.
func numbers(f *Framework) map[CompetencyID]int32 {
	byID := make(map[CompetencyID]int32, len(f.Competencies))
	for i := range f.Competencies {
		id := f.Competencies[i].ID
		if _, taken := byID[id]; !taken && id != "" {
			byID[id] = int32(i)
		}
	}
	return byID
}

// sequence is the place of an edge among its sisters. Parent fields get theirs
// from an association that says the same.
func (x *Index) sequence(k int32) int {
	e := x.edges[k]
	if e.at >= 0 {
		return x.f.Associations[e.at].Sequence
	}
	return x.g.sequence[e.from]
}

// Framework returns the framework.
func (x *Index) Framework() *Framework { return x.f }

// Competency returns the competency of an id.
func (x *Index) Competency(id CompetencyID) (*Competency, bool) {
	i := x.g.number(id)
	if i == unset {
		return nil, false
	}
	return &x.f.Competencies[i], true
}

// Code returns the competency of a code, which is text: "1.10" is not "1.1".
func (x *Index) Code(code string) (*Competency, bool) {
	i, ok := x.codes[code]
	if !ok {
		return nil, false
	}
	return &x.f.Competencies[i], true
}

// Resolve is [Framework.Resolve] without the walk through the framework.
func (x *Index) Resolve(name string) (CompetencyID, error) {
	x.prepare()
	i, p := x.names.resolve(name)
	if p != nil {
		return "", *p
	}
	return x.f.Competencies[i].ID, nil
}

// prepare reads the texts when they are first asked for.
func (x *Index) prepare() {
	x.once.Do(func() { x.names, x.words = newNames(x.f), newWordIndex(x.f) })
}

// Roots returns the competencies that stand below no other, in the framework's order.
func (x *Index) Roots() []CompetencyID {
	var ids []CompetencyID
	for i := range x.f.Competencies {
		if len(x.up.of(int32(i))) == 0 {
			ids = append(ids, x.f.Competencies[i].ID)
		}
	}
	return ids
}

// Parents returns what a competency stands directly below, by ChildOf and
// PartOf: its place in the tree first.
func (x *Index) Parents(id CompetencyID) []CompetencyID {
	return x.step(id, &x.up, func(e arrow) int32 { return e.to })
}

// Children returns what stands directly below a competency: by sequence, those
// without one first, then in the framework's order.
func (x *Index) Children(id CompetencyID) []CompetencyID {
	return x.step(id, &x.down, func(e arrow) int32 { return e.from })
}

func (x *Index) step(id CompetencyID, s *sheaf, end func(arrow) int32) []CompetencyID {
	u := x.g.number(id)
	if u == unset {
		return nil
	}
	var ids []CompetencyID
	for _, k := range s.of(u) {
		ids = append(ids, x.f.Competencies[end(x.edges[k])].ID)
	}
	return ids
}

// Ancestors returns everything above a competency, each once, the nearest first.
func (x *Index) Ancestors(id CompetencyID) []CompetencyID {
	return x.reach(id, &x.up, func(e arrow) int32 { return e.to })
}

// Descendants returns everything below a competency, each once, the nearest first.
func (x *Index) Descendants(id CompetencyID) []CompetencyID {
	return x.reach(id, &x.down, func(e arrow) int32 { return e.from })
}

func (x *Index) reach(id CompetencyID, s *sheaf, end func(arrow) int32) []CompetencyID {
	u := x.g.number(id)
	if u == unset {
		return nil
	}
	seen := make([]uint64, len(x.f.Competencies)/64+1)
	seen[u>>6] |= 1 << (u & 63)
	queue := []int32{u}
	for at := 0; at < len(queue); at++ {
		for _, k := range s.of(queue[at]) {
			if v := end(x.edges[k]); seen[v>>6]&(1<<(v&63)) == 0 {
				seen[v>>6] |= 1 << (v & 63)
				queue = append(queue, v)
			}
		}
	}
	ids := make([]CompetencyID, 0, len(queue)-1)
	for _, v := range queue[1:] {
		ids = append(ids, x.f.Competencies[v].ID)
	}
	return ids
}

// Depth returns the number of competencies on the longest way down to the leaves
// of the hierarchy: 0 of an empty framework, 1 of a flat one. Of a hierarchy
// with circles it is 0: there is no longest way.
func (x *Index) Depth() int {
	n := len(x.f.Competencies)
	open, level := make([]int32, n), make([]int, n)
	var queue []int32
	for u := range int32(n) {
		if open[u] = int32(len(x.up.of(u))); open[u] == 0 {
			queue = append(queue, u)
		}
	}
	depth, done := 0, 0
	for ; done < len(queue); done++ {
		u := queue[done]
		level[u]++
		depth = max(depth, level[u])
		for _, k := range x.down.of(u) {
			v := x.edges[k].from
			level[v] = max(level[v], level[u])
			if open[v]--; open[v] == 0 {
				queue = append(queue, v)
			}
		}
	}
	if done < n {
		return 0
	}
	return depth
}

// From returns the associations that start at a competency, of the given types or of any.
func (x *Index) From(id CompetencyID, types ...Relation) []*Association {
	return x.linked(id, &x.from, types)
}

// To returns the associations that end at a competency, of the given types or of any.
func (x *Index) To(id CompetencyID, types ...Relation) []*Association {
	return x.linked(id, &x.to, types)
}

func (x *Index) linked(id CompetencyID, s *sheaf, types []Relation) []*Association {
	u := x.g.number(id)
	if u == unset {
		return nil
	}
	var found []*Association
	for _, k := range s.of(u) {
		if a := &x.f.Associations[k]; len(types) == 0 || slices.Contains(types, a.Type) {
			found = append(found, a)
		}
	}
	return found
}

// Level describes a level of a competency: in the competency's own words, or
// else in those of its scale. It is false if the competency does not offer the level.
func (x *Index) Level(id CompetencyID, l Level) (Descriptor, bool) {
	c, ok := x.Competency(id)
	if !ok {
		return Descriptor{}, false
	}
	levels := c.Levels
	if len(levels) == 0 {
		s, ok := x.f.scale(c)
		if !ok {
			return Descriptor{}, false
		}
		levels = s.Levels
	}
	i := slices.IndexFunc(levels, func(d Descriptor) bool { return d.Level == l })
	if i < 0 {
		return Descriptor{}, false
	}
	return levels[i], true
}

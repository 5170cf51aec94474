package competency

import (
	"cmp"
	"slices"
	"strings"
)

// A sheaf groups things by a number: those of u are items[start[u]:start[u+1]], in their own order.
type sheaf struct{ start, items []int32 }

func (s *sheaf) of(u int32) []int32 { return s.items[s.start[u]:s.start[u+1]] }

// gather groups the things 0..count-1 by their key below n; those with the key unset are left out.
func gather(n, count int, key func(int32) int32) sheaf {
	s := sheaf{start: make([]int32, n+1)}
	for k := range int32(count) {
		if u := key(k); u != unset {
			s.start[u+1]++
		}
	}
	for u := range n {
		s.start[u+1] += s.start[u]
	}
	s.items = make([]int32, s.start[n])
	next := slices.Clone(s.start[:n])
	for k := range int32(count) {
		if u := key(k); u != unset {
			s.items[next[u]] = k
			next[u]++
		}
	}
	return s
}

// An arrow is an edge between two numbered nodes. At is the association it
// comes from, or below zero: -1-i for the parent of competency i.
type arrow struct{ from, to, at int32 }

// A graph numbers the nodes of a framework: its competencies as they stand,
// then what its associations name elsewhere.
type graph struct {
	f        *Framework
	byID     map[CompetencyID]int32
	alien    map[string]int32 // nodes that are not in the framework, by framework and id or URI
	nodes    int
	ends     [][2]int32 // of each association: From (unset: not in the framework) and To
	parent   []int32    // of each competency; unset: none, or not in the framework
	sequence []int      // of each competency below its Parent; 0: not given
}

// root is the To of an association with the framework itself.
const root int32 = -2

func newGraph(f *Framework, byID map[CompetencyID]int32) *graph {
	g := &graph{f: f, byID: byID, alien: map[string]int32{}, nodes: len(f.Competencies), ends: make([][2]int32, len(f.Associations)), parent: make([]int32, len(f.Competencies)), sequence: make([]int, len(f.Competencies))}
	for i := range f.Competencies {
		g.parent[i] = g.number(f.Competencies[i].Parent)
	}
	for k := range f.Associations {
		a := &f.Associations[k]
		g.ends[k] = [2]int32{g.number(a.From), g.target(a)}
	}
	return g
}

// number returns the number of a competency of the framework, or unset.
func (g *graph) number(id CompetencyID) int32 {
	if i, ok := g.byID[id]; ok && id != "" {
		return i
	}
	return unset
}

// target numbers the To of an association: a competency, the framework itself, or a node elsewhere.
func (g *graph) target(a *Association) int32 {
	if a.To.Framework == "" || a.To.Framework == g.f.ID {
		if i := g.number(a.To.ID); i != unset {
			return i
		}
		if a.To.ID != "" && string(a.To.ID) == string(g.f.ID) {
			return root
		}
	}
	key := string(a.To.Framework) + "\x00" + cmp.Or(string(a.To.ID), a.To.URI)
	i, ok := g.alien[key]
	if !ok {
		i = int32(g.nodes)
		g.alien[key] = i
		g.nodes++
	}
	return i
}

// inside reports whether a node is a competency of the framework.
func (g *graph) inside(u int32) bool { return u >= 0 && int(u) < len(g.f.Competencies) }

// hierarchy lists the edges from child to parent, those of Parent first and
// none twice. Only edges inside the framework have a place in it.
func (g *graph) hierarchy(types ...Relation) []arrow {
	var up []arrow
	for i, p := range g.parent {
		if p != unset {
			up = append(up, arrow{int32(i), p, -1 - int32(i)})
		}
	}
	seen := map[[2]int32]bool{}
	for k, e := range g.ends {
		if !slices.Contains(types, g.f.Associations[k].Type) || !g.inside(e[0]) || !g.inside(e[1]) {
			continue
		}
		if g.parent[e[0]] == e[1] {
			g.sequence[e[0]] = g.f.Associations[k].Sequence
			continue
		}
		if seen[e] {
			continue
		}
		seen[e] = true
		up = append(up, arrow{e[0], e[1], int32(k)})
	}
	return up
}

// arrows lists the edges of one type as from, to; backward, as to, from.
func (g *graph) arrows(t Relation, backward bool) []arrow {
	var list []arrow
	for k, e := range g.ends {
		if g.f.Associations[k].Type != t || e[0] == unset || e[1] == root {
			continue
		}
		if backward {
			e[0], e[1] = e[1], e[0]
		}
		list = append(list, arrow{e[0], e[1], int32(k)})
	}
	return list
}

// classes joins the nodes that exact matches declare to be one, and returns
// the lowest node of each node's class.
func (g *graph) classes() []int32 {
	up := make([]int32, g.nodes)
	for i := range up {
		up[i] = int32(i)
	}
	find := func(u int32) int32 {
		for up[u] != u {
			up[u] = up[up[u]]
			u = up[u]
		}
		return u
	}
	for k, e := range g.ends {
		if g.f.Associations[k].Type != ExactMatchOf || e[0] == unset || e[1] == root {
			continue
		}
		u, v := find(e[0]), find(e[1])
		up[max(u, v)] = min(u, v)
	}
	for i := range up {
		up[i] = find(int32(i))
	}
	return up
}

// cycles returns for each knot of edges, where nodes of one class count as one,
// a shortest circle through its first node, as the edges in their order.
func (g *graph) cycles(edges []arrow, class []int32) [][]arrow {
	out := gather(g.nodes, len(edges), func(k int32) int32 { return class[edges[k].from] })
	knot := knots(g.nodes, func(u int32) []int32 { return out.of(u) }, func(k int32) int32 { return class[edges[k].to] })
	var found [][]arrow
	done := map[int32]bool{}
	for u := range int32(g.nodes) {
		if class[u] != u || done[knot[u]] {
			continue
		}
		if circle := g.circle(u, edges, &out, class, knot); circle != nil {
			done[knot[u]] = true
			found = append(found, circle)
		}
	}
	return found
}

// circle searches breadth first from a node back to it within its knot.
func (g *graph) circle(from int32, edges []arrow, out *sheaf, class, knot []int32) []arrow {
	via := map[int32]int32{} // the edge that first came to a node
	queue := []int32{from}
	for len(queue) > 0 {
		u := queue[0]
		queue = queue[1:]
		for _, k := range out.of(u) {
			v := class[edges[k].to]
			if _, came := via[v]; came || knot[v] != knot[from] {
				continue
			}
			via[v] = k
			if v != from {
				queue = append(queue, v)
				continue
			}
			var circle []arrow
			for at := from; len(circle) == 0 || at != from; at = class[edges[via[at]].from] {
				circle = append(circle, edges[via[at]])
			}
			slices.Reverse(circle)
			return circle
		}
	}
	return nil
}

// knots numbers the strongly connected parts of a graph (Tarjan), without
// recursion: a chain of a hundred thousand is legal.
func knots(n int, out func(int32) []int32, to func(int32) int32) []int32 {
	knot, low, order := slices.Repeat([]int32{unset}, n), make([]int32, n), make([]int32, n)
	type frame struct{ u, next int32 }
	var calls []frame
	var open []int32
	count, seen := int32(0), int32(0)
	enter := func(u int32) {
		seen++
		order[u], low[u] = seen, seen
		open = append(open, u)
		calls = append(calls, frame{u, 0})
	}
	for s := range int32(n) {
		if order[s] != 0 {
			continue
		}
		enter(s)
		for len(calls) > 0 {
			top := &calls[len(calls)-1]
			u := top.u
			if edges := out(u); int(top.next) < len(edges) {
				v := to(edges[top.next])
				top.next++
				switch {
				case order[v] == 0:
					enter(v)
				case knot[v] == unset:
					low[u] = min(low[u], order[v])
				}
				continue
			}
			calls = calls[:len(calls)-1]
			if len(calls) > 0 {
				p := calls[len(calls)-1].u
				low[p] = min(low[p], low[u])
			}
			if low[u] != order[u] {
				continue
			}
			for v := unset; v != u; {
				v = open[len(open)-1]
				open = open[:len(open)-1]
				knot[v] = count
			}
			count++
		}
	}
	return knot
}

// name shows a node in a path.
func (g *graph) name(u int32, at int32) string {
	if g.inside(u) {
		return string(g.f.Competencies[u].ID)
	}
	a := &g.f.Associations[at]
	return cmp.Or(string(a.To.ID), a.To.URI)
}

// route shows a circle: "a -> b -> a", and "b = c" where an exact match joins two nodes.
func (g *graph) route(circle []arrow) string {
	const shown = 20
	var b strings.Builder
	for n, e := range circle {
		if n == shown {
			b.WriteString("… -> ")
			break
		}
		if n > 0 && circle[n-1].to != e.from {
			b.WriteString(g.name(circle[n-1].to, circle[n-1].at) + " = ")
		}
		b.WriteString(g.name(e.from, e.at) + " -> ")
	}
	last := circle[len(circle)-1]
	b.WriteString(g.name(last.to, last.at))
	if first := circle[0]; first.from != last.to {
		b.WriteString(" = " + g.name(first.from, first.at))
	}
	return b.String()
}

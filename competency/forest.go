package competency

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
)

// A forest numbers its nodes by a tour (each before its children, children in
// the order of their numbers), so that a branch is a range of stops.
type forest struct {
	parent       []int32
	enter, leave []int32 // stops of the branch: enter <= stop < leave; enter is the node's own
	depth        []int32 // 0 for a root
}

// contains reports whether v lies in the branch of u, u itself included.
func (f *forest) contains(u, v int32) bool {
	return f.enter[u] <= f.enter[v] && f.enter[v] < f.leave[u]
}

// circles returns each circle of a parent column, from its smallest number on.
func circles(parent []int32) [][]int32 {
	var found [][]int32
	walk := make([]int32, len(parent)) // the walk that came by; 0: none
	for i := range int32(len(parent)) {
		u := i
		for u != unset && walk[u] == 0 {
			walk[u] = i + 1
			u = parent[u]
		}
		if u == unset || walk[u] != i+1 {
			continue
		}
		circle := []int32{u}
		for v := parent[u]; v != u; v = parent[v] {
			circle = append(circle, v)
		}
		at := slices.Index(circle, slices.Min(circle))
		found = append(found, slices.Concat(circle[at:], circle[:at]))
	}
	return found
}

// newForest takes a parent column without circles.
func newForest(parent []int32) forest {
	n := len(parent)
	f := forest{parent, make([]int32, n), make([]int32, n), make([]int32, n)}
	first, next := slices.Repeat([]int32{unset}, n+1), make([]int32, n) // children lists; roots at n
	for i := n - 1; i >= 0; i-- {
		p := parent[i]
		if p == unset {
			p = int32(n)
		}
		next[i], first[p] = first[p], int32(i)
	}
	stop := int32(0)
	for u := first[n]; u != unset; {
		f.enter[u] = stop
		stop++
		if p := parent[u]; p != unset {
			f.depth[u] = f.depth[p] + 1
		}
		if first[u] != unset {
			u = first[u]
			continue
		}
		// Go up until there is a next sister; each branch left is complete.
		for u != unset && next[u] == unset {
			f.leave[u] = stop
			u = parent[u]
		}
		if u != unset {
			f.leave[u] = stop
			u = next[u]
		}
	}
	return f
}

// openCircles reports the circles and opens each at its first node.
func openCircles(parent []int32, id, where func(int32) string) bangkom.Problems {
	var ps bangkom.Problems
	for _, circle := range circles(parent) {
		first := circle[0]
		ps.Add(bangkom.Problem{
			Code: "cycle", Where: where(first), Value: path(circle, id),
			Msg: "the chain of parents comes back to itself; it was opened here", Need: "correct one of these parents",
		})
		parent[first] = unset
	}
	return ps
}

// path shows a circle from its first node back to it; of a long one the beginning.
func path(circle []int32, id func(int32) string) string {
	const shown = 20
	var ids []string
	for _, u := range circle[:min(shown, len(circle))] {
		ids = append(ids, id(u))
	}
	if more := len(circle) - shown; more > 0 {
		ids = append(ids, fmt.Sprintf("(%d more)", more))
	}
	return strings.Join(append(ids, id(circle[0])), " -> ")
}

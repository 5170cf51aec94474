package solve

import (
	"container/heap"
	"slices"
)

// roomForNodes is what open nodes may take, in bytes, about. A third of it is
// for the places where their masters ended, beyond which they are forgotten.
const roomForNodes = 10 << 20

// crowded reports whether open nodes take more than their room: each a branch
// and its place in the proof, with those above it that are its alone.
func (r *run) crowded() bool {
	const parts = 900 // a proof's nodes, the seats decided
	return len(r.open)*(r.m.m+24*r.space.n+parts) > r.room*2/3
}

// roomForProof is what the leaves of a proof may take, in bytes, about, where
// there are too many people for it to come to its end.
const roomForProof = 8 << 20

// bulky reports whether the proof takes more than its room: the tree rests then,
// unless no plan is known and it is where plans may come from.
func (r *run) bulky() bool {
	const parts = 400 // of a leaf beside its prices
	return r.m.n > fewForProof && r.best.feasible() && r.leaves*(8*r.space.n+parts) > roomForProof
}

// take takes the node to go on from: the one with the largest bound, or where
// there is no room, one with a small bound, so that more nodes are closed than
// opened. The bound is never lost.
func (r *run) take() *node {
	if r.crowded() {
		return heap.Remove(&r.open, len(r.open)-1).(*node)
	}
	return heap.Pop(&r.open).(*node)
}

// fold opens nodes again, as they were before they were branched, whose own
// prices prove less than the bound: the search went deeper there for plans.
// Their subtrees are found anew if the bound ever comes down to them. It is done
// once for a bound, or it could go round in a circle; where a proof is likely,
// only if a tenth of the open nodes goes: what is left where it is not are
// subtrees that are about to be closed. Else what is closed would fill the memory.
func (r *run) fold() {
	if r.folded == r.bound() {
		return
	}
	r.folded = r.bound()
	at := make(map[*Certificate]*node, len(r.open))
	for _, n := range r.open {
		at[n.cert] = n
	}
	f := folder{run: r, at: at, bound: r.folded, useful: r.m.alike(r.folded), here: r.m.trunk()}
	if r.m.n <= fewForProof && 10*f.left(r.root) > 9*len(r.open) {
		return
	}
	r.open, r.leaves = nil, 0
	f.walk(r.root, 0)
	heap.Init(&r.open)
}

// A folder goes through the proof with what is decided where it is.
type folder struct {
	*run
	here  *branch
	at    map[*Certificate]*node
	bound int64

	useful int64 // what a place proved before it was branched is of use up to here
}

// folds reports whether a place in the proof is opened again, if open nodes
// are below it.
func (f *folder) folds(c *Certificate) bool { return c.before != nil && c.before.D < f.bound }

// left is how many open nodes there are in a subtree after folding.
func (f *folder) left(c *Certificate) int {
	switch {
	case f.at[c] != nil:
		return 1
	case c.Zero == nil:
		return 0
	}
	n := f.left(c.Zero) + f.left(c.One)
	if f.folds(c) {
		n = min(n, 1)
	}
	return n
}

// walk takes the open nodes of a subtree, or one instead of them all.
func (f *folder) walk(c *Certificate, depth int) {
	if n := f.at[c]; n != nil {
		f.open = append(f.open, n)
		f.leaves++
		return
	}
	if c.Zero == nil {
		f.leaves++
		return
	}
	if c.before != nil && c.before.D > f.useful {
		c.before = nil
	}
	first, leaves := len(f.open), f.leaves
	if s := *c.Session; c.Person == nil {
		was := f.here.held[s]
		f.here.held[s] = shut
		f.walk(c.Zero, depth+1)
		f.here.held[s] = held
		f.walk(c.One, depth+1)
		f.here.held[s] = was
	} else {
		k, _ := f.m.pair(*c.Person, int32(s))
		at := f.here.place(k)
		f.here.decide(fixed{k, false})
		f.walk(c.Zero, depth+1)
		f.here.fixes[at].in = true
		f.walk(c.One, depth+1)
		f.here.fixes = slices.Delete(f.here.fixes, at, at+1)
	}
	if b := c.before; f.folds(c) && len(f.open) > first {
		*c = Certificate{Prices: b.Prices}
		clear(f.open[first:])
		f.open = append(f.open[:first], &node{branch: f.here.clone(), D: b.D, cert: c, depth: depth, order: f.made})
		f.made++
		f.leaves = leaves + 1
	}
}

// slim forgets where masters ended in the nodes that come last.
func (r *run) slim() {
	size := 8*len(r.frame.people) + 16*len(r.frame.b) + len(r.frame.held) + len(r.frame.b)
	for k := 1 + r.room/3/max(1, size); k < len(r.open); k++ {
		r.open[k].basis = nil
	}
}

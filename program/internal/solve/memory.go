package solve

import "container/heap"

// roomForNodes is what open nodes may take, in bytes, about. A third of it is
// for the places where their masters ended, beyond which they are forgotten.
const roomForNodes = 16 << 20

// take takes the node to go on from: the one with the largest bound, or where
// there is no room, one with a small bound, so that more nodes are closed than
// opened. The bound is never lost.
func (r *run) take() *node {
	const rest = 700 // a branch's map, a place in the proof
	if len(r.open)*(r.m.m+rest) > r.room*2/3 {
		return heap.Remove(&r.open, len(r.open)-1).(*node)
	}
	return heap.Pop(&r.open).(*node)
}

// slim forgets where masters ended in the nodes that come last.
func (r *run) slim() {
	size := 8*len(r.frame.people) + 16*len(r.frame.b) + len(r.frame.held) + len(r.frame.b)
	for k := 1 + r.room/3/max(1, size); k < len(r.open); k++ {
		r.open[k].basis = nil
	}
}

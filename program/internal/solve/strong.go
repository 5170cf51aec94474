package solve

import (
	"cmp"
	"math"
	"slices"
)

// Where holding a session costs and there is room for more people than come,
// the price of a seat is nought and cannot share out the cost: a master then
// holds a small part of a session for each seat. Prices of single pairs can.
// They are the duals of rows that say that nobody sits where nothing is held;
// there are many, and few of them matter: those that the solution breaks are
// added, round by round.
const (
	strongPeople = 1000 // above, branching is of another kind; at 4,000 (examples/cycle) such rows changed nothing
	strongMost   = 600  // pairs: no more are added then
	strongRound  = 200  // at a time
	strongFirst  = 2e-3 // what the first rows have to lower the bound by, as a part of it,
	strongNext   = 2e-4 // and later ones
)

// strengthen gives prices to pairs of the root as long as the bound falls by
// them. It returns the last master and what it found.
func (r *run) strengthen(e *engine, w *master, f *found) (*master, *found) {
	gain := strongFirst
	for r.m.n <= strongPeople && len(r.space.pairs) < strongMost && f.D >= r.cutoff() {
		list := w.broken(f)
		if len(list) == 0 {
			break
		}
		space, frame, pool, x := r.space, r.frame, r.pool, r.open[0].x
		v, g := r.reprice(e, f, append(list, space.paying(f)...))
		if g.at == nil || float64(f.D)-float64(g.D) < gain*math.Abs(float64(f.D)) {
			r.space, r.frame, r.pool, r.open[0].x = space, frame, pool, x
			break
		}
		w, f, gain = v, g, strongNext
	}
	return w, f
}

// paying are the pairs that have a price other than nought.
func (p *space) paying(f *found) (list []int32) {
	for _, k := range p.pairs {
		if f.at.pair[k] != 0 {
			list = append(list, k)
		}
	}
	return list
}

// broken are the pairs that a solution seats by more than it holds of their
// session, the most broken first.
func (w *master) broken(f *found) []int32 {
	type excess struct {
		pair int32
		by   float64
	}
	var list []excess
	for k, s := range w.m.session {
		if by := f.taken[k] - f.held[s]; by > 0.02 && w.hold[s] >= 0 && int64(w.m.p.Sessions[s].Cap) >= w.m.audience[s] {
			list = append(list, excess{int32(k), by})
		}
	}
	slices.SortStableFunc(list, func(a, b excess) int { return cmp.Compare(b.by, a.by) })
	var pairs []int32
	for _, x := range list[:min(len(list), strongRound)] {
		if _, known := slices.BinarySearch(w.space.pairs, x.pair); !known {
			pairs = append(pairs, x.pair)
		}
	}
	return pairs
}

// reprice gives these pairs prices, and no others, and solves the master anew.
func (r *run) reprice(e *engine, f *found, pairs []int32) (*master, *found) {
	slices.Sort(pairs)
	n, old := r.open[0], r.pool
	at := r.space.read(n.x, n.branch)
	r.space = newSpace(r.m, pairs...)
	n.x = r.space.write(at)
	r.frame = newFrame(r.m, r.space)
	r.pool = newPool(r.frame)
	for _, list := range old.of {
		for _, c := range list {
			r.pool.add([]*personPlan{r.frame.plan(c.person, c.pairs, c.key)})
		}
	}
	w := e.newMaster(r.frame, r.pool, n.branch, f.at, math.Inf(1))
	g := w.solve(r.space.write(f.at), r.cutoff(), enough, e.meter.late)
	r.pool.add(w.fresh)
	return w, g
}

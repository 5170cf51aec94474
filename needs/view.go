package needs

import (
	"cmp"
	"math"
	"math/big"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
	"github.com/bangkom/bangkom/stats/tally"
)

// A point is a pair of values and who stands there: n people with the sum of
// weights w and of squared weights w2. A table has one for each of its cells.
type point struct {
	want, have       float64
	hasWant, hasHave bool
	n                float64
	w, w2            float64
}

// sums are the sums that every score of one item is a ratio of. They are over
// pairs; without weights all are integers, exact in a float64 below 2⁵³.
type sums struct {
	n, want, have, wantD, below, above, short float64 // wantD is Σ want · D
}

func (s *sums) add(want, have, w float64) {
	s.n += w
	s.want += w * want
	s.have += w * have
	s.wantD += w * want * (want - have)
	switch {
	case want > have:
		s.below += w
		s.short += w * (want - have)
	case want < have:
		s.above += w
	}
}

// means are what a score is computed from, exactly. Under a policy that takes
// the two sides from different people only want, have and d are there.
type means struct{ want, have, d, wantD, below, above, short *big.Rat }

// A view is one item as the policy and the weights let it be seen.
type view struct {
	joint    *joint
	pairs    *tally.Pairs // before the policy
	points   []point      // both sides known
	all      []point      // at least one side known: what AvailableMeans reads
	sums     sums
	mean     *means // nil: no data
	n        int    // pairs, unweighted
	exact    bool   // mean is of integers
	weighted bool
	paired   bool // mean.d is the mean of pairs' differences
	deff     float64
}

// points of a table: its cells with both sides known, and those with one.
func tablePoints(p *tally.Pairs) (both, all []point) {
	for w := tally.Missing; w <= tally.NotObserved; w++ {
		for h := tally.Missing; h <= tally.NotObserved; h++ {
			n := float64(p.Count(w, h))
			if n == 0 || !w.IsLevel() && !h.IsLevel() {
				continue
			}
			q := point{n: n, w: n, w2: n}
			if v, ok := p.Shape().Value(w); ok {
				q.want, q.hasWant = float64(v), true
			}
			if v, ok := p.Shape().Value(h); ok {
				q.have, q.hasHave = float64(v), true
			}
			all = append(all, q)
			if q.hasWant && q.hasHave {
				both = append(both, q)
			}
		}
	}
	return both, all
}

// newView makes the view of a table, or of given points if the policy or the
// weights changed them.
func newView(pairs *tally.Pairs, all []point, policy MissingPolicy) *view {
	v := &view{pairs: pairs, exact: all == nil, paired: policy != AvailableMeans}
	if all == nil {
		v.points, v.all = tablePoints(pairs)
	} else {
		v.all, v.weighted = all, true
		for _, q := range all {
			if q.hasWant && q.hasHave {
				v.points = append(v.points, q)
			}
		}
	}
	var n, w, w2 float64
	for _, q := range v.points {
		v.sums.add(q.want, q.have, q.w)
		n += q.n
		w += q.w
		w2 += q.w2
	}
	v.n = int(n)
	v.deff = n * w2 / (w * w)
	v.mean = v.means(policy)
	return v
}

func rat(x float64) *big.Rat {
	r := new(big.Rat)
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return r
	}
	return r.SetFloat64(x)
}

func quo(a, b float64) *big.Rat { return new(big.Rat).Quo(rat(a), rat(b)) }

func (v *view) means(policy MissingPolicy) *means {
	s := v.sums
	if policy == AvailableMeans {
		want, okW := v.side(true)
		have, okH := v.side(false)
		if !okW || !okH {
			return nil
		}
		return &means{want: want, have: have, d: new(big.Rat).Sub(want, have)}
	}
	if s.n == 0 {
		return nil
	}
	if v.exact {
		t := v.pairs.Sums()
		q := func(a int64) *big.Rat { return big.NewRat(a, t.N) }
		m := &means{q(t.Want), q(t.Have), q(t.D()), q(t.WantSq - t.WantHave), q(t.Below), q(t.Above), q(t.Shortfall)}
		return m.under(policy, v)
	}
	m := &means{quo(s.want, s.n), quo(s.have, s.n), quo(s.want-s.have, s.n), quo(s.wantD, s.n), quo(s.below, s.n), quo(s.above, s.n), quo(s.short, s.n)}
	return m.under(policy, v)
}

func (m *means) under(policy MissingPolicy, v *view) *means {
	if policy == PairImportanceAll {
		m.want, _ = v.side(true)
		m.have, m.wantD, m.below, m.above, m.short = nil, nil, nil, nil, nil
	}
	return m
}

// side is the mean of one side over all who have it.
func (v *view) side(want bool) (*big.Rat, bool) {
	var n, sum float64
	for _, q := range v.all {
		switch {
		case want && q.hasWant:
			n += q.w
			sum += q.w * q.want
		case !want && q.hasHave:
			n += q.w
			sum += q.w * q.have
		}
	}
	if n == 0 {
		return nil, false
	}
	return quo(sum, n), true
}

// spread is the linearised standard error of a smooth score with the influence
// u of a person who stands at a pair of values:
//
//	√( n/(n−1) · Σ w² u² / (Σ w)² )
func (v *view) spread(u func(want, have float64) float64) float64 {
	var ss, w float64
	for _, q := range v.points {
		x := u(q.want, q.have)
		ss += q.w2 * x * x
		w += q.w
	}
	n := float64(v.n)
	if n < 2 {
		return math.NaN()
	}
	return math.Sqrt(n/(n-1)*ss) / w
}

// jackknife leaves out one person after the other; those who stand at the same
// pair of values give the same result, so it costs as much as the table has cells.
func (v *view) jackknife(score func(*sums) float64) float64 {
	n := float64(v.n)
	if n < 2 {
		return math.NaN()
	}
	var mean, ss float64
	theta := make([]float64, len(v.points))
	for i, q := range v.points {
		s := v.sums
		s.add(q.want, q.have, -1)
		theta[i] = score(&s)
		mean += q.n * theta[i] / n
	}
	for i, q := range v.points {
		ss += q.n * (theta[i] - mean) * (theta[i] - mean)
	}
	return math.Sqrt((n - 1) / n * ss)
}

// tInterval puts Student's interval with n − 1 degrees of freedom around an estimate.
func tInterval(e *bangkom.Estimate, level float64) {
	switch {
	case e.N < 2:
		e.SE = math.NaN()
		e.Warnings.Add(bangkom.Problem{Code: bangkom.ErrTooFew.Code, Severity: bangkom.Warning, Msg: "one person gives no interval", Need: "at least 2 people assessed"})
	case !(e.SE > 1e-14*math.Abs(e.Value)): // what is left of a spread that is zero
		e.SE = math.NaN()
		e.Warnings.Add(bangkom.Problem{Code: bangkom.ErrNoVariation.Code, Severity: bangkom.Warning, Msg: "everybody assessed is alike: no spread to make an interval from", Need: "more people assessed; see the interval of the share below"})
	default:
		half := num.TQuantile((1+level)/2, float64(e.N-1)) * e.SE
		e.CI = bangkom.Interval{Lo: e.Value - half, Hi: e.Value + half, Level: level, Method: "t"}
	}
}

// views makes the view of every item of the frame.
func (c *Cube) views(joints []*joint, o *Options) ([]*view, error) {
	k := len(c.frame.Items)
	points, err := c.weighedPoints(o)
	if err != nil {
		return nil, err
	}
	out := make([]*view, k)
	for i := range out {
		j := joints[i]
		pairs := j.pairs()
		if j.err != nil {
			return nil, j.err
		}
		if points == nil {
			out[i] = newView(pairs, nil, o.Missing)
		} else {
			out[i] = newView(pairs, points[i], o.Missing)
		}
		out[i].joint = j
	}
	return out, nil
}

// weighedPoints are the points of every item where weights or a policy need
// them; nil: the tables say it all. Where the frame is weighted, or the policy
// looks at whole answers, they come from rows, else from the tables of the leaves.
func (c *Cube) weighedPoints(o *Options) ([][]point, error) {
	byRow := c.frame.Weighted || o.Missing.name == "person-mean"
	if !byRow && o.Weights == nil {
		return nil, nil
	}
	out := make([][]point, len(c.frame.Items))
	for i := range out {
		out[i] = []point{} // weighed, if only by 1
	}
	if !byRow {
		return c.leafPoints(o.Weights, out), nil
	}
	if err := c.needRows("a weight per person, or the mean of a person's answers,"); err != nil {
		return nil, err
	}
	var q []point
	for _, r := range c.sortedRows() {
		w := c.rowWeight(r, o)
		q = c.values(r, o.Missing, q)
		for i, x := range q {
			if x.hasWant || x.hasHave {
				x.n, x.w, x.w2 = 1, w, w*w
				out[i] = append(out[i], x)
			}
		}
	}
	for i := range out {
		out[i] = gather(out[i])
	}
	return out, nil
}

func (c *Cube) leafPoints(weights *Weights, out [][]point) [][]point {
	for _, key := range sortedKeys(c.leaves) {
		l := c.leaves[key]
		w := weights.weight(l.nodes)
		for i := range l.cells {
			for k := range l.cells[i] {
				_, all := tablePoints(&l.cells[i][k].pairs)
				for _, q := range all {
					q.w, q.w2 = q.n*w, q.n*w*w
					out[i] = append(out[i], q)
				}
			}
		}
	}
	for i := range out {
		out[i] = gather(out[i])
	}
	return out
}

func (c *Cube) rowWeight(r *row, o *Options) float64 {
	w := 1.0
	if c.frame.Weighted {
		w = r.weight
	}
	if o.Weights != nil {
		w *= o.Weights.weight(r.nodes)
	}
	return w
}

// gather joins the points of equal values, in an order of its own.
func gather(q []point) []point {
	slices.SortStableFunc(q, func(a, b point) int {
		return cmp.Or(cmp.Compare(a.want, b.want), cmp.Compare(a.have, b.have), compareBool(a.hasWant, b.hasWant), compareBool(a.hasHave, b.hasHave), cmp.Compare(a.w, b.w))
	})
	out := q[:0]
	for _, x := range q {
		if n := len(out); n > 0 && out[n-1].want == x.want && out[n-1].have == x.have && out[n-1].hasWant == x.hasWant && out[n-1].hasHave == x.hasHave {
			out[n-1].n += x.n
			out[n-1].w += x.w
			out[n-1].w2 += x.w2
		} else {
			out = append(out, x)
		}
	}
	return out
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

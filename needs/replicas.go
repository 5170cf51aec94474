package needs

import (
	"cmp"
	"math"
	"math/bits"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/bangkom/bangkom/competency"
)

// replicas are what is kept of the resamples: a score and τ of each, and
// counts, which add in any order.
type replicas struct {
	k       int
	point   []float64   // the scores of the data, for τ
	scores  [][]float64 // item × replicate
	tau     []float64   // replicate
	ranks   []uint64    // item × rank
	above   []uint64    // item × item
	shared  []uint64    // item × number of equals at the first place
	target  []uint64    // item
	without []uint64    // item: no pairs
}

func newReplicas(k int) *replicas {
	return &replicas{k: k, ranks: make([]uint64, k*k), above: make([]uint64, k*k), shared: make([]uint64, k*k), target: make([]uint64, k), without: make([]uint64, k)}
}

func (r *replicas) merge(o *replicas) {
	for _, p := range [][2][]uint64{{r.ranks, o.ranks}, {r.above, o.above}, {r.shared, o.shared}, {r.target, o.target}, {r.without, o.without}} {
		for i, x := range p[1] {
			p[0][i] += x
		}
	}
}

// run does all resamples of the plan on all cores.
func (k *kernel) run(p *plan, m *method, scores map[competency.CompetencyID]*fraction, items []Ranked) *replicas {
	all := newReplicas(k.k)
	all.tau = make([]float64, p.n)
	all.point = make([]float64, k.k)
	all.scores = make([][]float64, k.k)
	for i := range all.scores {
		all.scores[i] = make([]float64, p.n)
		all.point[i] = math.NaN()
		if s := scores[items[i].Item]; s.x != nil {
			all.point[i], _ = s.x.Float64()
		}
	}
	start, tied := byPoint(all.point)
	var mu sync.Mutex
	var parts []*replicas
	onAllCores(p.n, 64, func() func(from, to int) {
		part, it := newReplicas(k.k), newOrdering(k.k, k.exact)
		mu.Lock()
		parts = append(parts, part)
		mu.Unlock()
		pcg, drawn, counts, sum := rand.NewPCG(0, 0), make([]uint32, k.units), make([]uint32, k.units), k.newSums()
		return func(from, to int) {
			for b := from; b < to; b++ {
				p.draw(pcg, b, drawn)
				k.add(drawn, counts, sum)
				k.itemSums(sum, it.s)
				for j := range k.k {
					all.scores[j][b] = it.set(j, m)
				}
				all.tau[b] = part.count(it, it.sort(start), tied, p.weight(b))
				part.countTarget(it, m, p.weight(b))
			}
		}
	})
	for _, part := range parts {
		all.merge(part)
	}
	return all
}

// onAllCores hands out 0..n−1 in chunks. Each worker makes its own function, and
// what that makes of a number must depend on the number alone.
func onAllCores(n, chunk int, worker func() func(from, to int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), (n+chunk-1)/chunk) {
		wg.Go(func() {
			f := worker()
			for from := int(next.Add(int64(chunk))) - chunk; from < n; from = int(next.Add(int64(chunk))) - chunk {
				f(from, min(from+chunk, n))
			}
		})
	}
	wg.Wait()
}

// byPoint orders the items by their score in the data, the highest first, and
// lists those of equal score in pairs.
func byPoint(point []float64) (order []int, tied [][2]int) {
	for i := range point {
		order = append(order, i)
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(point[j], point[i]) }) // NaN comes last
	for to, j := range order {
		for from := to - 1; from >= 0 && point[order[from]] == point[j]; from-- {
			tied = append(tied, [2]int{order[from], j})
		}
	}
	return order, tied
}

// An ordering is the scores of one resample and the order they are in.
type ordering struct {
	s        []sums
	num, den []float64
	q        []float64
	exact    bool
	seq      []int // items with a score, the highest first
	place    []int // of each item; equals share one
	in       []bool
}

func newOrdering(k int, exact bool) *ordering {
	return &ordering{make([]sums, k), make([]float64, k), make([]float64, k), make([]float64, k), exact, make([]int, 0, k), make([]int, k), make([]bool, k)}
}

func (o *ordering) set(j int, m *method) float64 {
	o.num[j], o.den[j] = m.floats(&o.s[j])
	o.q[j] = math.NaN()
	if o.den[j] != 0 {
		o.q[j] = o.num[j] / o.den[j]
	}
	return o.q[j]
}

// sort orders the items by insertion, beginning with their order in the data:
// little moves, and the steps are the pairs whose order turned.
func (o *ordering) sort(start []int) (turned int) {
	o.seq = o.seq[:0]
	for _, i := range start {
		if math.IsNaN(o.q[i]) {
			continue
		}
		at := len(o.seq)
		o.seq = append(o.seq, i)
		for ; at > 0 && o.order(i, o.seq[at-1]) > 0; at-- {
			o.seq[at] = o.seq[at-1]
			turned++
		}
		o.seq[at] = i
	}
	return turned
}

// order of two items: 1 if i is higher. Scores that are near are compared as
// fractions of integers where they are such.
func (o *ordering) order(i, j int) int {
	a, b := o.q[i], o.q[j]
	if d := a - b; math.Abs(d) > 1e-9*(math.Abs(a)+math.Abs(b)) {
		if d > 0 {
			return 1
		}
		return -1
	}
	if !o.exact {
		return 0
	}
	return compareFractions(int64(o.num[i]), int64(o.den[i]), int64(o.num[j]), int64(o.den[j]))
}

// compareFractions compares a/b with c/d, b and d positive.
func compareFractions(a, b, c, d int64) int {
	if (a < 0) != (c < 0) {
		return cmp.Compare(a, c)
	}
	neg := a < 0
	h1, l1 := bits.Mul64(abs(a), uint64(d))
	h2, l2 := bits.Mul64(abs(c), uint64(b))
	x := cmp.Or(cmp.Compare(h1, h2), cmp.Compare(l1, l2))
	if neg {
		return -x
	}
	return x
}

func abs(a int64) uint64 {
	if a < 0 {
		return uint64(-a)
	}
	return uint64(a)
}

// count adds one sorted resample to the counts, and returns its τ_b to the data.
func (r *replicas) count(o *ordering, turned int, tied [][2]int, weight uint64) float64 {
	k := r.k
	if len(o.seq) < k {
		for i, x := range o.q {
			if math.IsNaN(x) {
				r.without[i] += weight
			}
		}
	}
	ties := 0
	for from := 0; from < len(o.seq); {
		to := from + 1
		for to < len(o.seq) && o.order(o.seq[to-1], o.seq[to]) == 0 {
			to++
		}
		for _, i := range o.seq[from:to] {
			o.place[i] = from
			r.ranks[i*k+from] += weight
			if from == 0 {
				r.shared[i*k+to-1] += weight
			}
			above := r.above[i*k : (i+1)*k]
			for _, j := range o.seq[to:] {
				above[j] += weight
			}
		}
		ties += (to - from) * (to - from - 1) / 2
		from = to
	}
	pairs := len(o.seq) * (len(o.seq) - 1) / 2
	pointTies, both := 0, 0
	for _, t := range tied {
		if math.IsNaN(o.q[t[0]]) || math.IsNaN(o.q[t[1]]) {
			continue
		}
		pointTies++
		switch x := o.place[t[0]] - o.place[t[1]]; {
		case x == 0:
			both++
		case x > 0:
			turned-- // from no order
		}
	}
	agree := pairs - ties - pointTies + both - 2*turned
	return float64(agree) / math.Sqrt(float64(pairs-ties)*float64(pairs-pointTies))
}

func (r *replicas) countTarget(o *ordering, m *method, weight uint64) {
	if m.target == nil {
		return
	}
	m.target(o.s, o.in)
	for i, in := range o.in {
		if in {
			r.target[i] += weight
		}
	}
}

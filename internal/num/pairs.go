package num

import (
	"math"
	"slices"
)

// Pairwise finds order statistics among all sums x_i + y_j of two sorted lists
// of values with counts, or among x_i + x_j with i ≤ j of one, without making
// them: the Walsh averages (halved) and the differences of Hodges and Lehmann.
// One count of the sums up to a bound takes a walk along the lists.
type Pairwise struct {
	x, y  []Weighted // rising
	walsh bool
	total float64
	known []bound // counts already made, rising

	plain  bool // all values occur once: as numbers with a sentinel, below
	xs, ys []float64
	edge   []int32 // of each x, how many y were within the last bound
	rough  *Pairwise

	listed []Weighted // the sums last listed, and how many are below them
	below  float64
}

// Weighted is a value that occurs N times.
type Weighted struct {
	Value float64
	N     int
}

type bound struct{ at, count float64 }

// NewWalsh looks at x_i + x_j, i ≤ j. The counts add up to n(n + 1)/2.
func NewWalsh(x []Weighted) *Pairwise {
	n := 0.0
	for _, w := range x {
		n += float64(w.N)
	}
	p := &Pairwise{x: x, y: x, walsh: true, total: n * (n + 1) / 2}
	p.start()
	return p
}

// NewSums looks at all x_i + y_j; for differences y holds the negatives.
func NewSums(x, y []Weighted) *Pairwise {
	var m, n float64
	for _, w := range x {
		m += float64(w.N)
	}
	for _, w := range y {
		n += float64(w.N)
	}
	p := &Pairwise{x: x, y: y, total: m * n}
	p.start()
	return p
}

func (p *Pairwise) start() {
	lo := p.x[0].Value + p.y[0].Value
	hi := p.x[len(p.x)-1].Value + p.y[len(p.y)-1].Value
	p.known = []bound{{math.Nextafter(lo, math.Inf(-1)), 0}, {hi, p.total}}
	many := func(w Weighted) bool { return w.N != 1 }
	p.plain = len(p.x)+len(p.y) >= 2*roughSize && hi-lo < math.Inf(1) && !slices.ContainsFunc(p.x, many) && (p.walsh || !slices.ContainsFunc(p.y, many))
	if !p.plain {
		return
	}
	numbers := func(w []Weighted) []float64 {
		out := make([]float64, len(w)+1)
		for i, v := range w {
			out[i] = v.Value
		}
		out[len(w)] = math.Inf(1)
		return out
	}
	p.xs, p.edge = numbers(p.x), make([]int32, len(p.x))
	p.ys = p.xs
	if !p.walsh {
		p.ys = numbers(p.y)
	}
	if len(p.x)+len(p.y) < 20*roughSize {
		return
	}
	if p.walsh {
		p.rough = NewWalsh(thinned(p.x))
	} else {
		p.rough = NewSums(thinned(p.x), thinned(p.y))
	}
}

// roughSize is about how many of many values give a first idea of all sums.
const roughSize = 1000

func thinned(w []Weighted) []Weighted {
	step := len(w)/roughSize + 1
	var out []Weighted
	for i := step / 2; i < len(w); i += step {
		out = append(out, w[i])
	}
	return out
}

// edges walks along the lists from the largest of x[from:] and the smallest y,
// and notes how many of the first most y give a sum ≤ t. In each step one of the
// two places moves; which one is not foreseeable, so nothing branches on it, and
// two walks go side by side.
func (p *Pairwise) edges(t float64, from, most int) {
	x, y, edge := p.xs, p.ys[:most+1], p.edge
	mid := from + (len(edge)-from)/2
	i, k := len(edge)-1, mid-1
	j, l := 0, 0
	if k >= from {
		l, _ = slices.BinarySearchFunc(y[:most], t, func(v, t float64) int {
			if x[k]+v <= t {
				return -1
			}
			return 1
		})
	}
	for i >= mid && k >= from {
		edge[i], edge[k] = int32(j), int32(l)
		a, b := within(x[i]+y[j] <= t), within(x[k]+y[l] <= t)
		i, j = i-1+a, j+a
		k, l = k-1+b, l+b
	}
	for i >= mid {
		edge[i] = int32(j)
		a := within(x[i]+y[j] <= t)
		i, j = i-1+a, j+a
	}
	for k >= from {
		edge[k] = int32(l)
		b := within(x[k]+y[l] <= t)
		k, l = k-1+b, l+b
	}
}

func within(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// diagonal is how many x have 2x ≤ t. Sums of two of them all are; x beyond
// makes such sums with them only.
func (p *Pairwise) diagonal(t float64) int {
	h, _ := slices.BinarySearchFunc(p.x, t, func(w Weighted, t float64) int {
		if w.Value+w.Value <= t {
			return -1
		}
		return 1
	})
	return h
}

// walk notes the edges for t, and returns from which x on they hold.
func (p *Pairwise) walk(t float64) (from int) {
	if !p.walsh {
		p.edges(t, 0, len(p.y))
		return 0
	}
	h := p.diagonal(t)
	p.edges(t, h, h)
	return h
}

// Total is the number of sums.
func (p *Pairwise) Total() float64 { return p.total }

// count returns how many sums are ≤ t.
func (p *Pairwise) count(t float64) float64 {
	if p.plain {
		h := p.walk(t)
		sum := h * (h + 1) / 2
		for _, j := range p.edge[h:] {
			sum += int(j)
		}
		return float64(sum)
	}
	var sum, below float64
	j := 0 // y[:j] is ≤ t − x_i, for x from the top
	for i := len(p.x) - 1; i >= 0; i-- {
		v := p.x[i].Value
		for j < len(p.y) && v+p.y[j].Value <= t {
			below += float64(p.y[j].N)
			j++
		}
		sum += float64(p.x[i].N) * below
	}
	if !p.walsh {
		return sum
	}
	// Ordered pairs were counted; i = j once, i ≠ j twice, equal values likewise.
	for _, w := range p.x {
		if w.Value+w.Value <= t {
			sum += float64(w.N)
		}
	}
	return sum / 2
}

// Kth returns the k-th smallest sum, k from 1 to Total.
func (p *Pairwise) Kth(k float64) float64 {
	if from := p.below; k > from && k <= from+float64(len(p.listed)) && p.plain {
		return p.listed[int(k-from)-1].Value
	}
	limit := float64((len(p.x)+len(p.y))/8 + 256)
	if p.plain {
		limit = float64((len(p.x)+len(p.y))/64 + 1024)
	}
	width := limit / 4
	p.approach(k)
	for round := 0; ; round++ {
		i, _ := slices.BinarySearchFunc(p.known, k, func(b bound, k float64) int {
			if b.count < k {
				return -1
			}
			return 1
		})
		lo, hi := p.known[i-1], p.known[i]
		if math.Nextafter(lo.at, math.Inf(1)) >= hi.at { // also of −0 and 0, whose bits are not next to each other
			return hi.at
		}
		next := toKey(lo.at) + 1
		if cells := p.cells(lo.at, hi.at, limit, hi.count-lo.count); cells != nil {
			p.listed, p.below = cells, lo.count
			need := k - lo.count
			for _, c := range cells {
				if need -= float64(c.N); need <= 0 {
					return c.Value
				}
			}
			return hi.at
		}
		// Aim a little to either side of k by interpolation; halve now and then,
		// in the order of bit patterns, so that it ends whatever the data.
		aim := k - width
		if round%2 == 1 {
			aim = k + width
		}
		t := lo.at + (hi.at-lo.at)*(aim-lo.count)/(hi.count-lo.count)
		if round%4 == 3 || !(t > lo.at && t < hi.at) {
			t = fromKey(next + (toKey(hi.at)-next)/2)
			if t >= hi.at {
				t = lo.at + (hi.at-lo.at)/2
			}
		}
		p.known = slices.Insert(p.known, i, bound{t, p.count(t)})
	}
}

// approach counts at two bounds between which the k-th sum of a thousand values
// of each list says that it lies.
func (p *Pairwise) approach(k float64) {
	if p.rough == nil {
		return
	}
	at := k / p.total * p.rough.total
	near := 3 + 2e-5*p.rough.total
	for _, q := range []float64{at - near, at + near} {
		t := p.rough.Kth(min(max(1, math.Round(q)), p.rough.total))
		i, _ := slices.BinarySearchFunc(p.known, t, func(b bound, t float64) int {
			if b.at < t {
				return -1
			}
			return 1
		})
		if i > 0 && i < len(p.known) && p.known[i].at != t {
			p.known = slices.Insert(p.known, i, bound{t, p.count(t)})
		}
	}
}

// cells lists the sums in (lo, hi] in rising order if they are at most limit
// pairs of values.
func (p *Pairwise) cells(lo, hi, limit, inside float64) []Weighted {
	if inside > limit && len(p.x)*len(p.y) > int(limit) && !p.heavy(inside) {
		return nil
	}
	if p.plain {
		return p.plainCells(lo, hi, limit)
	}
	var out []Weighted
	from, to := 0, 0
	for i := len(p.x) - 1; i >= 0; i-- {
		v := p.x[i].Value
		for from < len(p.y) && v+p.y[from].Value <= lo {
			from++
		}
		to = max(to, from)
		for to < len(p.y) && v+p.y[to].Value <= hi {
			to++
		}
		a := from
		if p.walsh {
			a = max(a, i)
		}
		for j := a; j < to; j++ {
			n := p.x[i].N * p.y[j].N
			if p.walsh && i == j {
				n = p.x[i].N * (p.x[i].N + 1) / 2
			}
			out = append(out, Weighted{v + p.y[j].Value, n})
		}
		if float64(len(out)) > limit {
			return nil
		}
	}
	slices.SortFunc(out, func(a, b Weighted) int {
		switch {
		case a.Value < b.Value:
			return -1
		case a.Value > b.Value:
			return 1
		}
		return 0
	})
	return out
}

func (p *Pairwise) plainCells(lo, hi, limit float64) []Weighted {
	var sums []float64
	first := p.walk(hi)
	row := func(i, below int) bool {
		for j := below - 1; j >= 0 && p.xs[i]+p.ys[j] > lo; j-- {
			sums = append(sums, p.xs[i]+p.ys[j])
		}
		return float64(len(sums)) <= limit
	}
	for i, below := range p.edge[first:] {
		if !row(first+i, int(below)) {
			return nil
		}
	}
	for i := first - 1; i >= 0 && p.xs[i]+p.xs[i] > lo; i-- { // below the diagonal: all are ≤ hi
		if !row(i, i+1) {
			return nil
		}
	}
	out := make([]Weighted, len(sums))
	for i, s := range Sorted(sums) {
		out[i] = Weighted{s, 1}
	}
	return out
}

// heavy says that the values are few for so many sums: a look at the cells is
// worth the walk although the count of sums is large.
func (p *Pairwise) heavy(inside float64) bool {
	return p.total/(float64(len(p.x))*float64(len(p.y))) > 4 && !math.IsInf(inside, 0)
}

// Median returns the middle sum, or the mean of the middle two.
func (p *Pairwise) Median() float64 {
	k := math.Floor((p.total + 1) / 2)
	m := p.Kth(k)
	if math.Mod(p.total, 2) == 0 {
		h := p.Kth(k + 1)
		m += (h - m) / 2
	}
	return m
}

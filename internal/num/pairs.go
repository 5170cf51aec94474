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
}

// Total is the number of sums.
func (p *Pairwise) Total() float64 { return p.total }

// count returns how many sums are ≤ t, and in how many pairs of values.
func (p *Pairwise) count(t float64) float64 {
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
	limit := float64((len(p.x)+len(p.y))/8 + 256)
	width := limit / 4
	for round := 0; ; round++ {
		i, _ := slices.BinarySearchFunc(p.known, k, func(b bound, k float64) int {
			if b.count < k {
				return -1
			}
			return 1
		})
		lo, hi := p.known[i-1], p.known[i]
		next := toKey(lo.at) + 1
		if next >= toKey(hi.at) {
			return hi.at
		}
		if cells := p.cells(lo.at, hi.at, limit, hi.count-lo.count); cells != nil {
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

// cells lists the sums in (lo, hi] in rising order if they are at most limit
// pairs of values.
func (p *Pairwise) cells(lo, hi, limit, inside float64) []Weighted {
	if inside > limit && len(p.x)*len(p.y) > int(limit) && !p.heavy(inside) {
		return nil
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

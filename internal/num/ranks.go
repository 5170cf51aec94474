package num

import (
	"math"
	"math/bits"
	"slices"
)

// A Tie is one value and how often it occurs in each of the groups that are
// ranked together. Rank tests need no more than ties in rising order: small
// integers are counted, all else is sorted as bit patterns.
type Tie struct {
	Value float64
	A, B  int
}

// countable is up to where integers are counted instead of sorted.
const countable = 1 << 15

// countInts adds the integers of xs, offset by countable, to counts. It stops at
// the first value that is not a small integer.
func countInts(xs []float64, counts []int32) bool {
	for _, x := range xs {
		k := int(x)
		if float64(k) != x || k <= -countable || k >= countable {
			return false
		}
		counts[k+countable]++
	}
	return true
}

// Ties returns the values of a and b in rising order with their counts in each.
func Ties(a, b []float64) []Tie {
	if len(a)+len(b) > 64 && probablyInts(a) && probablyInts(b) {
		ca, cb := make([]int32, 2*countable), make([]int32, 2*countable)
		if countInts(a, ca) && countInts(b, cb) {
			var out []Tie
			for k := range ca {
				if ca[k]+cb[k] > 0 {
					out = append(out, Tie{float64(k - countable), int(ca[k]), int(cb[k])})
				}
			}
			return out
		}
	}
	ka, kb := sortedKeys(a), sortedKeys(b)
	out := make([]Tie, 0, len(a)+len(b))
	for i, j := 0, 0; i < len(ka) || j < len(kb); {
		var k uint64
		if j == len(kb) || (i < len(ka) && ka[i] < kb[j]) {
			k = ka[i]
		} else {
			k = kb[j]
		}
		t := Tie{Value: fromKey(k)}
		for ; i < len(ka) && ka[i] == k; i++ {
			t.A++
		}
		for ; j < len(kb) && kb[j] == k; j++ {
			t.B++
		}
		out = append(out, t)
	}
	return out
}

// SignedTies returns the absolute values of ds in rising order: A counts the
// positive, B the negative ones. Zeros are left out and counted.
func SignedTies(ds []float64) (ties []Tie, zeros int) {
	if len(ds) > 64 && probablyInts(ds) {
		counts := make([]int32, 2*countable)
		if countInts(ds, counts) {
			for k := 1; k < countable; k++ {
				if p, n := counts[countable+k], counts[countable-k]; p+n > 0 {
					ties = append(ties, Tie{float64(k), int(p), int(n)})
				}
			}
			return ties, int(counts[countable])
		}
	}
	keys := make([]uint64, 0, len(ds))
	for _, d := range ds {
		if d == 0 {
			zeros++
			continue
		}
		b := math.Float64bits(d)
		keys = append(keys, b<<1|b>>63) // the sign goes last: |d| decides
	}
	sortKeys(keys)
	ties = make([]Tie, 0, len(keys))
	for i := 0; i < len(keys); {
		t := Tie{Value: math.Float64frombits(keys[i] >> 1)}
		k := keys[i] >> 1
		for ; i < len(keys) && keys[i]>>1 == k; i++ {
			if keys[i]&1 == 0 {
				t.A++
			} else {
				t.B++
			}
		}
		ties = append(ties, t)
	}
	return ties, zeros
}

// probablyInts looks at a few values, so that reals are not counted in vain.
func probablyInts(xs []float64) bool {
	for i := 0; i < len(xs); i += 1 + len(xs)/16 {
		if xs[i] != math.Trunc(xs[i]) || math.Abs(xs[i]) >= countable {
			return false
		}
	}
	return true
}

// toKey maps a float to an integer of the same order; −0 counts as 0.
func toKey(x float64) uint64 {
	b := math.Float64bits(x + 0)
	if b>>63 == 1 {
		return ^b
	}
	return b | 1<<63
}

func fromKey(k uint64) float64 {
	if k>>63 == 1 {
		return math.Float64frombits(k &^ (1 << 63))
	}
	return math.Float64frombits(^k)
}

func sortedKeys(xs []float64) []uint64 {
	keys := make([]uint64, len(xs))
	for i, x := range xs {
		keys[i] = toKey(x)
	}
	sortKeys(keys)
	return keys
}

// Sorted returns the values in rising order, in a new slice.
func Sorted(xs []float64) []float64 {
	out := make([]float64, len(xs))
	for i, k := range sortedKeys(xs) {
		out[i] = fromKey(k)
	}
	return out
}

// sortKeys sorts by digits of 11 bits where that pays; digits that all keys
// share are skipped.
func sortKeys(keys []uint64) {
	if len(keys) < 3000 {
		slices.Sort(keys)
		return
	}
	const width, size = 11, 1 << 11
	var counts [6][size]int32
	for _, k := range keys {
		for d := range counts {
			counts[d][k>>(width*d)&(size-1)]++
		}
	}
	from, to := keys, make([]uint64, len(keys))
	for d := range counts {
		c := &counts[d]
		if c[keys[0]>>(width*d)&(size-1)] == int32(len(keys)) {
			continue
		}
		var sum int32
		for i := range c {
			c[i], sum = sum, sum+c[i]
		}
		for _, k := range from {
			b := k >> (width * d) & (size - 1)
			to[c[b]] = k
			c[b]++
		}
		from, to = to, from
	}
	if &from[0] != &keys[0] {
		copy(keys, from)
	}
}

// Ranks returns mid-ranks in the order of xs, and Σ(t³ − t) over its ties.
func Ranks(xs []float64) (ranks []float64, ties float64) {
	idx := make([]int, len(xs))
	for i := range idx {
		idx[i] = i
	}
	slices.SortFunc(idx, func(a, b int) int {
		switch x, y := xs[a], xs[b]; {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return a - b
	})
	ranks = make([]float64, len(xs))
	for i := 0; i < len(idx); {
		j := i + 1
		for j < len(idx) && xs[idx[j]] == xs[idx[i]] {
			j++
		}
		for _, k := range idx[i:j] {
			ranks[k] = float64(i+j+1) / 2
		}
		ties += cube(j - i)
		i = j
	}
	return ranks, ties
}

// cube is t³ − t.
func cube(t int) float64 {
	x := float64(t)
	return x * (x*x - 1)
}

// RankSums ranks all groups together and returns the sum of ranks of each, and
// Σ(t³ − t) over the ties.
func RankSums(groups [][]float64) (sums []float64, ties float64) {
	sums = make([]float64, len(groups))
	ints, total := true, 0
	for _, g := range groups {
		ints = ints && probablyInts(g)
		total += len(g)
	}
	if ints && total > 64 && len(groups) <= 64 {
		counts := make([][]int32, len(groups))
		for i, g := range groups {
			counts[i] = make([]int32, 2*countable)
			if ints = countInts(g, counts[i]); !ints {
				break
			}
		}
		if ints {
			var below int
			for v := range counts[0] {
				t := 0
				for i := range counts {
					t += int(counts[i][v])
				}
				if t == 0 {
					continue
				}
				rank := float64(2*below+t+1) / 2
				for i := range counts {
					sums[i] += rank * float64(counts[i][v])
				}
				ties += cube(t)
				below += t
			}
			return sums, ties
		}
	}
	if len(groups) > 12 { // many heads to compare: rank them as one
		return rankSumsTogether(groups, total)
	}
	keys := make([][]uint64, len(groups))
	for i, g := range groups {
		keys[i] = sortedKeys(g)
	}
	at := make([]int, len(groups))
	took := make([]int, len(groups))
	for below := 0; below < total; {
		least := uint64(math.MaxUint64)
		for i, k := range keys {
			if at[i] < len(k) {
				least = min(least, k[at[i]])
			}
		}
		t := 0
		for i, k := range keys {
			from := at[i]
			for at[i] < len(k) && k[at[i]] == least {
				at[i]++
			}
			took[i] = at[i] - from
			t += took[i]
		}
		rank := float64(2*below+t+1) / 2
		for i, n := range took {
			if n > 0 {
				sums[i] += rank * float64(n)
			}
		}
		if t > 1 {
			ties += cube(t)
		}
		below += t
	}
	return sums, ties
}

func rankSumsTogether(groups [][]float64, total int) (sums []float64, ties float64) {
	all := make([]float64, 0, total)
	for _, g := range groups {
		all = append(all, g...)
	}
	ranks, ties := Ranks(all)
	sums = make([]float64, len(groups))
	for i, g := range groups {
		sums[i], ranks = Sum(ranks[:len(g)]), ranks[len(g):]
	}
	return sums, ties
}

// A Lattice is a distribution on equally spaced points: P[i] is the probability
// of From + i·Step. Its probabilities are sums of positive terms only, each
// with the relative precision of a double.
type Lattice struct {
	From, Step float64
	P          []float64
}

// index is the number of points ≤ x, allowing for the last digit.
func (l Lattice) index(x float64) int {
	i := math.Floor((x-l.From)/l.Step+1e-6) + 1
	return int(max(0, min(i, float64(len(l.P)))))
}

// CDF returns P(X ≤ x).
func (l Lattice) CDF(x float64) float64 { return min(1, Sum(l.P[:l.index(x)])) }

// Survival returns P(X ≥ x): the point itself counts, as in a p-value.
func (l Lattice) Survival(x float64) float64 {
	i := math.Ceil((x-l.From)/l.Step - 1e-6)
	return min(1, Sum(l.P[int(max(0, min(i, float64(len(l.P))))):]))
}

// SignedRankCost is the number of steps that [SignedRank] takes.
func SignedRankCost(n int) float64 { return float64(n) * float64(n) * float64(n+1) / 2 }

// SignedRank is the distribution of the sum of those ranks whose sign is
// positive, each with probability ½, independently: Wilcoxon's V under the
// hypothesis, for any ranks that are whole or half numbers.
func SignedRank(ranks []float64) Lattice {
	doubled := make([]int, len(ranks))
	g, total := 0, 0
	for i, r := range ranks {
		doubled[i] = int(math.Round(2 * r))
		g = gcd(g, doubled[i])
		total += doubled[i]
	}
	if g == 0 {
		return Lattice{0, 1, []float64{1}}
	}
	slices.Sort(doubled) // the small ones first: fewer sums for longer
	p := make([]float64, total/g+1)
	p[0] = 1
	top := 0
	for _, r := range doubled {
		s := r / g
		// p[i] ← (p[i] + p[i−s]) / 2, from above, so that p[i−s] is still the old one.
		for i := top + s; i >= s; i-- {
			p[i] = 0.5 * (p[i] + p[i-s])
		}
		for i := range s {
			p[i] *= 0.5
		}
		top += s
	}
	return Lattice{0, float64(g) / 2, p}
}

// RankSumCost is an upper estimate of the steps that [RankSum] takes for m of
// n ranks, where gcd is what their doubles share (2 without ties).
func RankSumCost(m, n int, untied bool) float64 {
	m = min(m, n-m)
	states := float64(m) * float64(n-m) / 2 // sums, on average over the way
	if !untied {
		states *= 2
	}
	return states * float64(m) * float64(n) / 3
}

// RankSum is the distribution of the sum of m ranks drawn without replacement
// from all: Wilcoxon's rank sum under the hypothesis, with ties if ranks has
// them: that is a walk over the ranks in rising order; the next one is drawn
// with probability (still to draw) / (still there). Without ties the ways are
// counted.
func RankSum(ranks []float64, m int) Lattice {
	n := len(ranks)
	if 2*m > n { // the sum of the others mirrors it
		l := RankSum(ranks, n-m)
		slices.Reverse(l.P)
		l.From = Sum(ranks) - (l.From + l.Step*float64(len(l.P)-1))
		return l
	}
	r := make([]int, n)
	for i, x := range ranks {
		r[i] = int(math.Round(2 * x))
	}
	slices.Sort(r)
	g, base := 0, 0
	for i := range r {
		g = gcd(g, r[i]-r[0])
		if i < m {
			base += r[i]
		}
	}
	if m == 0 || g == 0 {
		return Lattice{float64(base) / 2, 1, []float64{1}}
	}
	least := r[0]
	untied := true
	for i := range r {
		r[i] = (r[i] - least) / g
		untied = untied && r[i] == i
	}
	if untied {
		if p := untiedRankSum(m, n-m); p != nil {
			return Lattice{float64(base) / 2, float64(g) / 2, p}
		}
	}
	// p[j][s]: j drawn, with a sum of s above that of the j smallest.
	p := make([][]float64, m+1)
	top := make([]int, m+1)
	p[0] = []float64{1}
	for i, v := range r {
		left := float64(n - i)
		for j := min(i, m); j >= max(0, m-(n-i)); j-- {
			if p[j] == nil {
				continue
			}
			draw := float64(m-j) / left
			if j < m {
				shift := v - r[j]
				need := top[j] + shift + 1
				if len(p[j+1]) < need {
					grown := make([]float64, need, need+need/2)
					copy(grown, p[j+1])
					p[j+1] = grown
				}
				top[j+1] = max(top[j+1], need-1)
				to, from := p[j+1][shift:], p[j][:top[j]+1]
				to = to[:len(from)]
				for s, x := range from {
					to[s] += x * draw
				}
			}
			stay := 1 - draw
			if j < m && draw == 1 {
				stay = 0
			}
			from := p[j][:top[j]+1]
			if stay != 1 {
				for s := range from {
					from[s] *= stay
				}
			}
		}
	}
	return Lattice{float64(base) / 2, float64(g) / 2, p[m][:top[m]+1]}
}

// untiedRankSum is the distribution of U = 0..m·n, for m ≤ n: how many ways have
// a U is a coefficient of Gauss's binomial
//
//	∏ (1 − qⁿ⁺ⁱ) / (1 − qⁱ),   i = 1..m
//
// exact in as many words as C(m+n, m) has, since it does not matter if what is
// subtracted on the way wraps round. The upper half mirrors the lower. nil where
// a double could not hold the number of ways.
func untiedRankSum(m, n int) []float64 {
	all, _ := math.Lgamma(float64(m + n + 1))
	a, _ := math.Lgamma(float64(m + 1))
	b, _ := math.Lgamma(float64(n + 1))
	size := (all - a - b) / math.Ln2
	if size > 1000 {
		return nil
	}
	words := 1 + int(size+1)/64
	half := m*n/2 + 1
	ways := make([][]uint64, words) // the lowest first
	for w := range ways {
		ways[w] = make([]uint64, half)
	}
	ways[0][0] = 1
	over := make([]uint64, half) // from one word to the next
	for i := 1; i <= m; i++ {
		clear(over)
		for _, word := range ways {
			for u := half - 1; u >= n+i; u-- {
				word[u], over[u] = bits.Sub64(word[u], word[u-n-i], over[u])
			}
		}
		clear(over)
		for _, word := range ways {
			from, to := word, word[min(i, half):]
			over := over[:len(to)]
			for u := range to {
				to[u], over[u] = bits.Add64(to[u], from[u], over[u])
			}
		}
	}
	p := make([]float64, m*n+1)
	for u := range half {
		var x float64
		for w := words - 1; w >= 0; w-- {
			x = x*0x1p64 + float64(ways[w][u])
		}
		p[u], p[m*n-u] = x, x
	}
	total := Sum(p)
	for u := range p {
		p[u] /= total
	}
	return p
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// KendallScore is the distribution of the number of inversions of a random
// permutation of n: Kendall's S is n(n−1)/2 minus twice it.
func KendallScore(n int) Lattice {
	p := []float64{1}
	for i := 2; i <= n; i++ {
		next := make([]float64, len(p)+i-1)
		// The mean of i shifted copies; a running sum would subtract.
		for k := range i {
			for s, x := range p {
				next[s+k] += x
			}
		}
		for s := range next {
			next[s] /= float64(i)
		}
		p = next
	}
	return Lattice{0, 1, p}
}

// RankProduct is the distribution of Σ a_i b_π(i) over all permutations π, for
// whole or half ranks, ties included: Spearman's statistic under the
// hypothesis. It takes 2ⁿ sets: n ≤ 12 or so.
func RankProduct(a, b []float64) Lattice {
	n := len(a)
	x, y := make([]int, n), make([]int, n)
	for i := range a {
		x[i], y[i] = int(math.Round(2*a[i])), int(math.Round(2*b[i]))
	}
	size := 1
	sx, sy := slices.Clone(x), slices.Clone(y)
	slices.Sort(sx)
	slices.Sort(sy)
	for i := range sx {
		size += sx[i] * sy[i]
	}
	// at[set]: the first |set| of a were given the members of set.
	at := make([][]float64, 1<<n)
	at[0] = make([]float64, 1)
	at[0][0] = 1
	for set := range at {
		p := at[set]
		k := bits.OnesCount(uint(set))
		if k == n {
			return Lattice{0, 0.25, p}
		}
		for j := range n {
			if set>>j&1 == 1 {
				continue
			}
			v := x[k] * y[j]
			next := set | 1<<j
			if len(at[next]) < len(p)+v {
				grown := make([]float64, min(size, len(p)+v))
				copy(grown, at[next])
				at[next] = grown
			}
			q := at[next]
			for s, w := range p {
				if w != 0 {
					q[s+v] += w / float64(n-k)
				}
			}
		}
		at[set] = nil
	}
	return Lattice{0, 0.25, []float64{1}}
}

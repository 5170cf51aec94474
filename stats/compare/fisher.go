package compare

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
)

// fisherStates is how many partial tables [Fisher] keeps at a time, and
// fisherSteps how many it makes, for a table larger than 2 × 2.
const (
	fisherStates = 1_000_000
	fisherSteps  = 20_000_000
)

// fisherPeople is up to how many people a table may be of; each is a number to keep.
const fisherPeople = 1_000_000

// fisherAlike is by how much the probabilities of two tables may differ,
// relatively, and still count as equal: 1e-7, as in R.
const fisherAlike = 1e-7

// Fisher tests the independence of rows and columns of a table of counts with
// all tables of the same margins (Fisher, 1935). Two-sided p is the probability
// of all tables that are no more probable than this one.
//
// Of a 2 × 2 table the estimate is the odds ratio, of the conditional
// likelihood, with its exact interval; null is an odds ratio of 1, and the
// alternative Greater says that rows and columns agree. One end is 0 or
// infinite where a cell allows no other.
//
// A larger table has Cramér's V as its estimate, and is counted exactly while
// 20 million partial tables suffice, of which a million are kept: 3 × 3 classes
// of 300 people, 3 × 4 of 150, 4 × 4 of 80, 5 × 5 of 40. Beyond, and of more
// than a million people, p is that of χ² with the warning "beyond-exact" and a
// method that says so; under Distribution Exact it is an error.
//
// Rows and columns without a count are left out, with a warning. Errors are
// those of [ChiSquare].
//
// In R: fisher.test(table).
func Fisher(table [][]int, opt *Options) (bangkom.Test, error) {
	o, err := opt.checked(usesAlternative | usesDistribution)
	if err != nil {
		return bangkom.Test{}, err
	}
	if o.Distribution == Asymptotic {
		return bangkom.Test{}, refuse("Distribution", o.Distribution, "Fisher's test is exact", "ChiSquare")
	}
	c, err := newCrosstab("fisher", table)
	if err != nil {
		return bangkom.Test{}, err
	}
	if len(c.rows) == 2 && len(c.cols) == 2 && c.n <= fisherPeople {
		t := fisher2(c, o)
		c.notes(&t.Estimate)
		return t, nil
	}
	if o.Alternative != TwoSided {
		return bangkom.Test{}, refuse("Alternative", o.Alternative, "only a 2 × 2 table of up to a million people has a direction", "")
	}
	p, ok := c.exactP()
	if !ok && o.Distribution == Exact {
		return bangkom.Test{}, refuse("Distribution", fmt.Sprintf("%d × %d, n = %d", len(c.rows), len(c.cols), c.n), "too many tables have these margins", "fewer classes, or ChiSquare")
	}
	t, err := ChiSquare(c.cells, &Options{Level: o.Level})
	if err != nil {
		return t, err
	}
	e := &t.Estimate
	if !ok {
		e.Method = "Fisher beyond its limit, p of χ²: Cramér's V"
		warn(e, "beyond-exact", fmt.Sprint(c.n), "too many tables have these margins to count: p is that of χ²", "fewer classes")
		c.notes(e)
		return t, nil
	}
	t.P, t.Statistic, t.DF = p, math.NaN(), math.NaN()
	e.Method = "Fisher, exact: Cramér's V"
	e.Warnings = nil // what χ² needs, this p does not
	c.notes(e)
	return t, nil
}

// fisher2 is the test of a 2 × 2 table.
func fisher2(c crosstab, o Options) bangkom.Test {
	h := num.NewHypergeometric(c.rows[0], c.rows[1], c.cols[0])
	x := c.cells[0][0] - h.From
	p := h.At(0)
	t := bangkom.Test{Statistic: math.NaN(), DF: math.NaN(), DF2: math.NaN(), Alternative: o.Alternative}
	switch o.Alternative {
	case Less:
		t.P = partOf(p[:x+1], p)
	case Greater:
		t.P = partOf(p[x:], p)
	default:
		var rare []float64
		for _, q := range p {
			if q <= p[x]*(1+fisherAlike) {
				rare = append(rare, q)
			}
		}
		t.P = partOf(rare, p)
	}
	e := bangkom.Estimate{Value: oddsRatio(h, x), SE: math.NaN(), N: c.n, Method: "Fisher, exact: odds ratio, conditional maximum likelihood"}
	e.CI = bangkom.Interval{Lo: 0, Hi: math.Inf(1), Level: o.Level, Method: "exact, conditional"}
	side := o.side()
	if o.Alternative != Less && x > 0 {
		e.CI.Lo = solveOdds(func(log float64) float64 { return num.Sum(h.At(log)[x:]) - side })
	}
	if o.Alternative != Greater && x < len(p)-1 {
		e.CI.Hi = solveOdds(func(log float64) float64 { return side - num.Sum(h.At(log)[:x+1]) })
	}
	if x == len(p)-1 {
		warn(&e, "empty-cell", "", "a cell is empty: the odds ratio of the sample is infinite", "the lower end of the interval")
	}
	t.Estimate = e
	return t
}

// partOf is the probability of some of the tables: exactly 1 if they are all of them.
func partOf(some, all []float64) float64 {
	if len(some) == len(all) {
		return 1
	}
	return min(1, num.Sum(some))
}

// oddsRatio is where the mean of the cell is what was observed.
func oddsRatio(h num.Hypergeometric, x int) float64 {
	switch x {
	case 0:
		return 0
	case len(h.Log) - 1:
		return math.Inf(1)
	}
	return solveOdds(func(log float64) float64 {
		mean := 0.0
		for i, p := range h.At(log) {
			mean += p * float64(i)
		}
		return mean - float64(x)
	})
}

// solveOdds finds the zero of a rising function of the logarithm.
func solveOdds(f func(log float64) float64) float64 {
	lo, hi := -1.0, 1.0
	for f(lo) > 0 {
		lo, hi = 2*lo, lo
	}
	for f(hi) < 0 {
		lo, hi = hi, 2*hi
	}
	return math.Exp(num.Root(f, lo, hi))
}

// exactP goes through the columns; each takes its counts from the rows with
// the hypergeometric probability of what they still have. Partial tables whose
// rows have the same left to give, in any order, and whose probability is the
// same, have the same future: they are one (Mehta and Patel, 1983). The last
// two columns are done at once for each such rest.
func (c crosstab) exactP() (p float64, ok bool) {
	if c.n > fisherPeople || len(c.rows) == 2 && len(c.cols) == 2 {
		return 0, false
	}
	rows, cols := slices.Clone(c.rows), slices.Clone(c.cols)
	if len(rows) > len(cols) {
		rows, cols = cols, rows
	}
	slices.Sort(rows)
	slices.Sort(cols)
	slices.Reverse(cols) // large columns first, while there are few partial tables
	base := uint64(rows[len(rows)-1] + 1)
	if float64(len(rows))*math.Log2(float64(base)) > 63 {
		return 0, false
	}
	w := walk{f: logFactorials(c.n), rest: make([]int, len(rows)), take: make([]int, len(rows))}
	sorted := make([]int, len(rows))
	at := newPasts()
	at.add(pack(rows, base), 0, 1)
	left := c.n
	for _, col := range cols[:len(cols)-2] {
		next := newPasts()
		for _, from := range at.slots {
			if from.p == 0 {
				continue
			}
			unpack(from.rest, base, w.rest)
			ok := w.column(col, left, func(log float64) bool {
				for i, k := range w.take {
					x, j := w.rest[i]-k, i
					for ; j > 0 && sorted[j-1] > x; j-- {
						sorted[j] = sorted[j-1]
					}
					sorted[j] = x
				}
				next.add(pack(sorted, base), from.log+log, from.p*math.Exp(log))
				return next.n < fisherStates
			})
			if !ok {
				return 0, false
			}
		}
		at = next
		left -= col
	}
	return w.lastTwo(at, cols[len(cols)-2], left, base, c.logProbability(w.f)+fisherAlike)
}

// lastTwo adds up the tables that are no more probable than the limit. Of each
// rest it sorts what its pasts leave room for, and goes through its ends once.
func (w *walk) lastTwo(at *pasts, col, left int, base uint64, limit float64) (p float64, ok bool) {
	order := make([]past, 0, at.n)
	for _, s := range at.slots {
		if s.p > 0 {
			order = append(order, s)
		}
	}
	slices.SortFunc(order, func(a, b past) int {
		return cmp.Or(cmp.Compare(a.rest, b.rest), cmp.Compare(b.log, a.log)) // rising room
	})
	var rare []float64
	for len(order) > 0 {
		n := 1
		for n < len(order) && order[n].rest == order[0].rest {
			n++
		}
		same := order[:n]
		order = order[n:]
		ends := make([]float64, n+1) // that fit into the room of this past, but not of the one before
		unpack(same[0].rest, base, w.rest)
		ok := w.column(col, left, func(log float64) bool {
			k, _ := slices.BinarySearchFunc(same, log, func(s past, log float64) int {
				if limit-s.log < log {
					return -1
				}
				return 1
			})
			ends[k] += math.Exp(log)
			return true
		})
		if !ok {
			return 0, false
		}
		sum := 0.0
		for i, s := range same {
			sum += ends[i]
			rare = append(rare, s.p*sum)
		}
	}
	return min(1, num.Sum(rare)), true
}

// walk is what the way through the columns needs.
type walk struct {
	f          []float64 // logarithms of factorials
	rest, take []int
	steps      int
}

// column calls f for every way to take a column's total from the rows, with
// the logarithm of its probability, until f says no or the steps are used up.
func (w *walk) column(total, left int, f func(log float64) bool) bool {
	last := len(w.rest) - 1
	var step func(i, total, after int, log float64) bool
	step = func(i, total, after int, log float64) bool {
		r := w.rest[i]
		if i == last {
			w.take[i] = total
			w.steps++
			return f(log+w.f[r]-w.f[total]-w.f[r-total]) && w.steps < fisherSteps
		}
		after -= r
		for k := max(0, total-after); k <= min(r, total); k++ {
			w.take[i] = k
			if !step(i+1, total-k, after, log+w.f[r]-w.f[k]-w.f[r-k]) {
				return false
			}
		}
		return true
	}
	return step(0, total, left, w.f[total]+w.f[left-total]-w.f[left])
}

// A past is what partial tables have in common: the rows' rest, packed, and
// their probability.
type past struct {
	rest uint64
	log  float64 // of the probability of each
	p    float64 // of all of them together; 0: an empty slot
}

// pasts is a hash table. Logarithms that differ by less than 1e-9 are the same.
type pasts struct {
	slots []past
	n     int
}

const logUnit = 1e-9

func newPasts() *pasts { return &pasts{slots: make([]past, 1<<10)} }

func (t *pasts) add(rest uint64, log, p float64) {
	if 2*t.n >= len(t.slots) {
		old := t.slots
		t.slots, t.n = make([]past, 4*len(old)), 0
		for _, s := range old {
			if s.p > 0 {
				t.add(s.rest, s.log, s.p)
			}
		}
	}
	unit := math.Round(log / logUnit)
	h := (rest*0x9e3779b97f4a7c15 ^ uint64(int64(unit))) * 0xd6e8feb86659fd93
	mask := uint64(len(t.slots) - 1)
	for i := (h >> 20) & mask; ; i = (i + 1) & mask {
		s := &t.slots[i]
		if s.p == 0 {
			*s = past{rest, log, p}
			t.n++
			return
		}
		if s.rest == rest && math.Round(s.log/logUnit) == unit {
			s.p += p
			return
		}
	}
}

func pack(xs []int, base uint64) uint64 {
	var k uint64
	for _, x := range xs {
		k = k*base + uint64(x)
	}
	return k
}

func unpack(k, base uint64, into []int) {
	for i := len(into) - 1; i >= 0; i-- {
		into[i] = int(k % base)
		k /= base
	}
}

func logFactorials(n int) []float64 {
	f := make([]float64, n+1)
	for i := range f {
		f[i], _ = math.Lgamma(float64(i) + 1)
	}
	return f
}

// logProbability of the table among all with its margins.
func (c crosstab) logProbability(f []float64) float64 {
	terms := []float64{-f[c.n]}
	for _, k := range slices.Concat(c.rows, c.cols) {
		terms = append(terms, f[k])
	}
	for _, row := range c.cells {
		for _, k := range row {
			terms = append(terms, -f[k])
		}
	}
	return num.Sum(terms)
}

package compare

import (
	"fmt"
	"math"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
)

// fisherStates is how many partial tables [Fisher] keeps at a time, and
// fisherSteps how many it makes, for a table larger than 2 × 2.
const (
	fisherStates = 400_000
	fisherSteps  = 12_000_000
)

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
// some 12 million partial tables suffice (a 3 × 4 table of 300 people, a 5 × 5
// one of 50). Beyond, p is that of χ² with the warning "beyond-exact" and a
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
	if len(c.rows) == 2 && len(c.cols) == 2 {
		t := fisher2(c, o)
		c.notes(&t.Estimate)
		return t, nil
	}
	if o.Alternative != TwoSided {
		return bangkom.Test{}, refuse("Alternative", o.Alternative, "only a 2 × 2 table has a direction", "")
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
		t.P = min(1, num.Sum(p[:x+1]))
	case Greater:
		t.P = min(1, num.Sum(p[x:]))
	default:
		var rare []float64
		for _, q := range p {
			if q <= p[x]*(1+fisherAlike) {
				rare = append(rare, q)
			}
		}
		t.P = min(1, num.Sum(rare))
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
	t.Estimate = e
	return t
}

// oddsRatio is where the mean of the cell is what was observed.
func oddsRatio(h num.Hypergeometric, x int) float64 {
	switch x {
	case 0:
		return 0
	case len(h.W) - 1:
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

// A past is a partial table: what its rows still have to give, and how probable
// it is. Partial tables with the same rest in any order and the same
// probability have the same future: their probabilities are added.
type past struct {
	rest uint64
	log  int64
}

const logUnit = 1e-9 // of past.log

type weight struct{ p, log float64 }

// exactP goes through the columns; each takes its counts from the rows with
// the hypergeometric probability of what they still have.
func (c crosstab) exactP() (p float64, ok bool) {
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
	f := logFactorials(c.n)
	observed := c.logProbability(f)
	at := map[past]weight{{pack(rows, base), 0}: {1, 0}}
	left, steps := c.n, 0
	rest, take := make([]int, len(rows)), make([]int, len(rows))
	for _, col := range cols {
		next := make(map[past]weight, 2*len(at))
		for from, w := range at {
			unpack(from.rest, base, rest)
			whole := f[left] - f[col] - f[left-col]
			ok := split(rest, take, col, func() bool {
				steps++
				log := -whole
				for i, k := range take {
					log += f[rest[i]] - f[k] - f[rest[i]-k]
				}
				sorted := make([]int, 0, 16)
				for i, k := range take {
					sorted = append(sorted, rest[i]-k)
				}
				slices.Sort(sorted)
				to := past{pack(sorted, base), int64(math.Round((w.log + log) / logUnit))}
				v := next[to]
				v.p += w.p * math.Exp(log)
				v.log = w.log + log
				next[to] = v
				return steps < fisherSteps && len(next) < fisherStates
			})
			if !ok {
				return 0, false
			}
		}
		at = next
		left -= col
	}
	var rare []float64
	for _, w := range at {
		if w.log <= observed+fisherAlike {
			rare = append(rare, w.p)
		}
	}
	slices.Sort(rare) // the order of a map must not show in the last digit
	return min(1, num.Sum(rare)), true
}

// split calls f for every way to take a total from the rows, until it says no.
func split(rest, take []int, total int, f func() bool) bool {
	after := 0
	for _, k := range rest {
		after += k
	}
	var step func(i, total, after int) bool
	step = func(i, total, after int) bool {
		if i == len(rest)-1 {
			take[i] = total
			return f()
		}
		after -= rest[i]
		for k := max(0, total-after); k <= min(rest[i], total); k++ {
			take[i] = k
			if !step(i+1, total-k, after) {
				return false
			}
		}
		return true
	}
	return step(0, total, after)
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

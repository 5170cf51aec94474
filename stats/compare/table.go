package compare

import (
	"fmt"
	"math"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
)

// ChiSquare tests the independence of rows and columns of a table of counts:
//
//	χ² = Σ (observed − expected)² / expected,   df = (rows − 1)(columns − 1)
//
// For a 2 × 2 table each difference is made smaller by up to ½ (Yates, 1934)
// unless NoContinuity. Rows and columns without a count are left out, with a
// warning; "small-expected" warns of expected counts below 5, where [Fisher]
// does not lean on an approximation.
//
// The estimate is Cramér's V = √(χ²/(n(k − 1))), k the smaller number of rows
// or columns, of the uncorrected χ²; its interval takes the noncentralities λ
// for which χ² lies at either end, as √(λ/(n(k − 1))), and is bounded by 1.
//
// Errors: ErrShape for rows of unequal length, ErrNotFinite for a negative
// count, ErrNoVariation below two rows or columns with counts, ErrOption.
//
// In R: chisq.test(table).
func ChiSquare(table [][]int, opt *Options) (bangkom.Test, error) {
	o, err := opt.checked(usesContinuity)
	if err != nil {
		return bangkom.Test{}, err
	}
	c, err := newCrosstab("chi-square", table)
	if err != nil {
		return bangkom.Test{}, err
	}
	rows, cols := len(c.rows), len(c.cols)
	k := float64(min(rows, cols) - 1)
	df := float64((rows - 1) * (cols - 1))
	plain := c.chiSquare(0)
	stat, how := plain, "χ² of independence"
	if rows == 2 && cols == 2 {
		how += " without continuity correction"
		if !o.NoContinuity {
			stat, how = c.chiSquare(0.5), "χ² of independence with Yates' continuity correction"
		}
	}
	t := bangkom.Test{Statistic: stat, DF: df, DF2: math.NaN(), P: num.ChiSquareSurvival(stat, df), Alternative: TwoSided}
	n := float64(c.n)
	lo, hi := num.NoncentralChiSquareLimits(plain, df, o.Level)
	v := func(x float64) float64 { return min(1, math.Sqrt(x/(n*k))) }
	t.Estimate = bangkom.Estimate{Value: v(plain), SE: math.NaN(), N: c.n, Method: how + ": Cramér's V",
		CI: bangkom.Interval{Lo: v(lo), Hi: v(hi), Level: o.Level, Method: "noncentral χ², √(λ/(n(k − 1)))"}}
	c.notes(&t.Estimate)
	if small := c.small(); small > 0 {
		warn(&t.Estimate, "small-expected", fmt.Sprint(small), fmt.Sprintf("%d of %d cells expect fewer than 5: the χ² distribution is rough", small, rows*cols), "more people, fewer classes, or Fisher's exact test")
	}
	return t, nil
}

// crosstab is a table without empty rows and columns.
type crosstab struct {
	cells      [][]int
	rows, cols []int // margins
	n          int
	dropped    int // empty rows and columns
}

func newCrosstab(name string, table [][]int) (crosstab, error) {
	var c crosstab
	width := 0
	if len(table) > 0 {
		width = len(table[0])
	}
	cols := make([]int, width)
	for i, row := range table {
		if len(row) != width {
			return c, problem(bangkom.ErrShape, name, fmt.Sprintf("row %d has %d, row 0 has %d", i, len(row), width), "rows of unequal length", "")
		}
		for j, k := range row {
			if err := countable(name, i, j, k); err != nil {
				return c, err
			}
			cols[j] += k
			c.n += k
		}
	}
	for _, k := range cols {
		if k > 0 {
			c.cols = append(c.cols, k)
		} else {
			c.dropped++
		}
	}
	for _, row := range table {
		sum := 0
		var kept []int
		for j, k := range row {
			sum += k
			if cols[j] > 0 {
				kept = append(kept, k)
			}
		}
		if sum == 0 {
			c.dropped++
			continue
		}
		c.cells, c.rows = append(c.cells, kept), append(c.rows, sum)
	}
	if len(c.rows) < 2 || len(c.cols) < 2 {
		return c, problem(bangkom.ErrNoVariation, name, fmt.Sprintf("%d × %d", len(c.rows), len(c.cols)), "fewer than two rows or columns with counts: nothing to depend on", "")
	}
	return c, nil
}

func countable(name string, row, column, k int) error {
	if k < 0 || k > math.MaxInt32 {
		return problem(bangkom.ErrNotFinite, name, fmt.Sprintf("row %d, column %d: %d", row, column, k), "a count below nought, or beyond two thousand million", "")
	}
	return nil
}

func (c crosstab) expected(i, j int) float64 {
	return float64(c.rows[i]) * float64(c.cols[j]) / float64(c.n)
}

// chiSquare with a correction that never turns a difference round.
func (c crosstab) chiSquare(yates float64) float64 {
	var terms []float64
	for i, row := range c.cells {
		for j, k := range row {
			e := c.expected(i, j)
			d := math.Abs(float64(k) - e)
			d -= min(yates, d)
			terms = append(terms, d*d/e)
		}
	}
	return num.Sum(terms)
}

func (c crosstab) small() int {
	n := 0
	for i := range c.rows {
		for j := range c.cols {
			if c.expected(i, j) < 5 {
				n++
			}
		}
	}
	return n
}

func (c crosstab) notes(e *bangkom.Estimate) {
	if c.dropped > 0 {
		warn(e, "empty-class", fmt.Sprint(c.dropped), "rows or columns without a count were left out", "")
	}
}

// McNemar tests whether the share of yes changed in the same people (McNemar,
// 1947). The table has the first occasion in rows and the second in columns,
// yes before no: table[0][1] went from yes to no, table[1][0] the other way.
//
// p is exact: those who went to yes are binomial with ½ among those who
// changed; Statistic is their number. MidP counts the observed number by a
// half, which is nearer to the nominal level. Asymptotic gives
//
//	χ² = (|b − c| − 1)² / (b + c),   df = 1
//
// without the 1 under NoContinuity. The estimate is the change of the share,
// second − first, with the interval of Bonett and Price (2012): Wald's, after
// one more person was added to either change.
//
// Errors: ErrNotFinite for a negative count, ErrTooFew for an empty table,
// ErrOption. Warning "no-change" where nobody changed: p is 1.
//
// In R: binom.test(table[2, 1], table[2, 1] + table[1, 2]) and mcnemar.test(table).
func McNemar(table [2][2]int, opt *Options) (bangkom.Test, error) {
	o, err := opt.checked(usesAlternative | usesDistribution | usesMidP | usesContinuity)
	if err != nil {
		return bangkom.Test{}, err
	}
	n := 0
	for i, row := range table {
		for j, k := range row {
			if err := countable("mcnemar", i, j, k); err != nil {
				return bangkom.Test{}, err
			}
			n += k
		}
	}
	if n == 0 {
		return bangkom.Test{}, problem(bangkom.ErrTooFew, "mcnemar", "0", "a table of nobody", "at least 1 person")
	}
	lost, won := table[0][1], table[1][0]
	t := bangkom.Test{Statistic: float64(won), DF: math.NaN(), DF2: math.NaN(), Alternative: o.Alternative}
	p, how := halfP(won, won+lost, o)
	t.P = p
	if o.Distribution == Asymptotic && won+lost > 0 {
		c := 1.0
		if o.NoContinuity {
			c = 0
		}
		d := max(0, math.Abs(float64(won-lost))-c)
		t.Statistic, t.DF = d*d/float64(won+lost), 1
		how = strings.Replace(how, "normal approximation", "χ²", 1)
	}
	t.Estimate = bonettPrice(won, lost, n, o)
	t.Estimate.Method = "McNemar, " + how + ": share of yes, second − first"
	if won+lost == 0 {
		noChange(&t.Estimate)
	}
	return t, nil
}

func bonettPrice(won, lost, n int, o Options) bangkom.Estimate {
	all := float64(n)
	b, c := float64(won), float64(lost)
	diff := func(b, c, n float64) (d, se float64) {
		d = (b - c) / n
		return d, math.Sqrt(max(0, (b+c)/n-d*d) / n)
	}
	value, se := diff(b, c, all)
	mid, spread := diff(b+1, c+1, all+2)
	half := -num.NormalQuantile(o.side()) * spread
	e := bangkom.Estimate{Value: value, SE: se, N: n, CI: bangkom.Interval{Lo: -1, Hi: 1, Level: o.Level, Method: "Bonett–Price"}}
	if o.Alternative != Less {
		e.CI.Lo = max(-1, mid-half)
	}
	if o.Alternative != Greater {
		e.CI.Hi = min(1, mid+half)
	}
	if se == 0 { // no spread was seen, which does not mean that there is none
		e.SE = math.NaN()
	}
	return e
}

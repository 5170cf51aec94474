package resample

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
)

// The alternatives of a test.
const (
	TwoSided = "two-sided" // the zero value of PermutationOptions.Alternative means this
	Less     = "less"
	Greater  = "greater"
)

// PermutationOptions of the permutation tests. The zero value, or nil, is usable.
type PermutationOptions struct {
	Alternative  string // TwoSided, Less or Greater; "": TwoSided
	Permutations int    // 0: exact where that can be done, else 9999
	Seed         uint64
	Strata       []string // of each row of Permute: values are exchanged within; nil: one
}

const (
	defaultPermutations = 9999
	exactSteps          = 2e8     // of the exact distribution, about half a second
	exactRoom           = 2e7     // numbers it may take
	exactSplits         = 1 << 17 // ways to sign or split values of any kind, all tried
	exactOrders         = 8       // rows whose 8! orders are all tried
	decimals            = 6
)

// PermutePaired tests the mean change after − before of the same people against
// nought: if nothing changed, every change might as well have had the other
// sign (Fisher, 1935). The estimate is the mean change, the statistic its sum.
//
// Whole numbers and decimals of up to six places have their exact distribution
// counted, for hundreds of people; otherwise signs are drawn, and
// p = (b + 1)/(m + 1) for b of m draws at least as extreme. Two-sided is |sum| at
// least as large. A person with a NaN is left out and counted, one without change
// stays. The test asks that changes be symmetric where there is no effect.
//
// Errors: ErrShape, ErrNotFinite, ErrTooFew below two pairs, ErrNoVariation where
// nobody changed, ErrOption; the context's.
//
// In R: coin::oneway_test on blocks, or exactRankTests::perm.test(paired = TRUE);
// in Python: scipy.stats.permutation_test((d,), np.mean, permutation_type="samples").
func PermutePaired(ctx context.Context, before, after []float64, opt *PermutationOptions) (bangkom.Test, error) {
	o, err := opt.checked()
	if err != nil {
		return bangkom.Test{}, err
	}
	if o.Strata != nil {
		return bangkom.Test{}, strataRefused()
	}
	if len(before) != len(after) {
		return bangkom.Test{}, problem(bangkom.ErrShape, "paired", fmt.Sprintf("%d and %d", len(before), len(after)), "before and after of unequal length", "one entry per person in both, NaN where unknown")
	}
	pre, post, err := complete(before, after)
	if err != nil {
		return bangkom.Test{}, err
	}
	if len(pre) < 2 {
		return bangkom.Test{}, problem(bangkom.ErrTooFew, "paired", fmt.Sprint(len(pre)), "fewer than two complete pairs", "at least 2 people with both values")
	}
	d := make([]float64, len(pre))
	for i := range d {
		d[i] = post[i] - pre[i]
	}
	if !slices.ContainsFunc(d, func(x float64) bool { return x != 0 }) {
		return bangkom.Test{}, problem(bangkom.ErrNoVariation, "paired", "0", "nobody changed", "")
	}
	sum := num.Sum(d)
	t := test(sum/float64(len(d)), sum, len(d), o)
	t.Estimate.Missing = bangkom.Missing{Policy: "listwise", Dropped: len(before) - len(d)}
	// The scores are whole on the grid, so their differences are free of noise.
	grid, onGrid := whole(pre, post)
	var g []float64
	var total, signed float64
	if onGrid {
		g = make([]float64, len(d))
		for i := range g {
			g[i] = grid[1][i] - grid[0][i]
			total += math.Abs(g[i])
			signed += g[i]
		}
	}
	if onGrid && o.Permutations == 0 && total*float64(len(g)) <= exactSteps && total <= exactRoom {
		t.Estimate.Method = "sign-flip test of the mean change, exact"
		for i := range g {
			g[i] = math.Abs(g[i])
		}
		l := num.SignedRank(g) // of the sum of those that rise: (total + signed)/2
		t.P = o.exact(l, (total+signed)/2, total/2)
		return t, nil
	}
	near := spread(d)
	if o.Permutations == 0 && len(d) < 64 && 1<<len(d) <= exactSplits {
		t.Estimate.Method = "sign-flip test of the mean change, every sign"
		t.P = o.share(func(f func(s float64)) { signs(d, 0, f) }, sum, 0, near)
		return t, nil
	}
	t.Estimate.Method = "sign-flip test of the mean change, by draws"
	if onGrid {
		if ties, _ := num.SignedTies(g); len(ties)*rowsOfLevel <= len(g) {
			t.P, err = o.draw(ctx, signed, func() func(b int) float64 { return flips(o.Seed, ties) }, 0, 0)
			return t, err
		}
	}
	t.P, err = o.draw(ctx, sum, func() func(b int) float64 {
		return func(b int) float64 {
			pcg := stream(o.Seed, b)
			var s float64
			var bits uint64
			for i, x := range d {
				if i%64 == 0 {
					bits = pcg.Uint64()
				}
				if bits&1 == 0 {
					x = -x
				}
				bits >>= 1
				s += x
			}
			return s
		}
	}, 0, near)
	return t, err
}

// PermuteIndependent tests the difference mean(a) − mean(b) of two groups of
// different people: if the groups do not differ, anybody might as well have been
// in the other one. The statistic is the sum of a.
//
// Exact and drawn as in [PermutePaired]; two-sided is a difference at least as
// far from nought. With unequal spreads and unequal groups the test is one of equal
// distributions, not of equal means: then see compare.Welch.
//
// NaN values are left out and counted. Errors: ErrNotFinite, ErrTooFew where a
// group is empty or there are fewer than three values, ErrNoVariation where all
// values are equal, ErrOption; the context's.
//
// In R: coin::oneway_test(x ~ g, distribution = "exact"); in Python:
// scipy.stats.permutation_test, whose two-sided p is twice the smaller tail.
func PermuteIndependent(ctx context.Context, a, b []float64, opt *PermutationOptions) (bangkom.Test, error) {
	o, err := opt.checked()
	if err != nil {
		return bangkom.Test{}, err
	}
	if o.Strata != nil {
		return bangkom.Test{}, strataRefused()
	}
	x, err := known("independent: a", a)
	if err != nil {
		return bangkom.Test{}, err
	}
	y, err := known("independent: b", b)
	if err != nil {
		return bangkom.Test{}, err
	}
	n := len(x) + len(y)
	if len(x) == 0 || len(y) == 0 || n < 3 {
		return bangkom.Test{}, problem(bangkom.ErrTooFew, "independent", fmt.Sprintf("%d and %d", len(x), len(y)), "too few known values", "at least 1 and 2")
	}
	all := slices.Concat(x, y)
	if slices.Min(all) == slices.Max(all) {
		return bangkom.Test{}, problem(bangkom.ErrNoVariation, "independent", fmt.Sprint(all[0]), "all values are equal", "")
	}
	sum := num.Sum(x)
	t := test(num.Mean(x)-num.Mean(y), sum, n, o)
	t.Estimate.Missing = bangkom.Missing{Policy: "available", Dropped: len(a) + len(b) - n}
	share := float64(len(x)) / float64(n)
	grid, onGrid := whole(x, y)
	var values []float64 // from nought, x first
	var width float64
	if onGrid {
		values = slices.Concat(grid[0], grid[1])
		least := slices.Min(values)
		for i := range values {
			values[i] -= least
		}
		width = num.Sum(values)
	}
	if m := float64(min(len(x), len(y))); onGrid && o.Permutations == 0 && m*float64(n)*width/2 <= exactSteps && m*width <= exactRoom {
		t.Estimate.Method = "permutation test of the difference of means, exact"
		l := num.RankSum(values, len(x))
		t.P = o.exact(l, num.Sum(values[:len(x)]), width*share)
		return t, nil
	}
	total, near := num.Sum(all), spread(all)
	few, flip := len(x), false // the smaller group is drawn
	if len(y) < len(x) {
		few, flip = len(y), true
	}
	of := func(s float64) float64 {
		if flip {
			return total - s
		}
		return s
	}
	if o.Permutations == 0 && splits(n, few) <= exactSplits {
		t.Estimate.Method = "permutation test of the difference of means, every split"
		t.P = o.share(func(f func(s float64)) { subsets(all, few, 0, func(s float64) { f(of(s)) }) }, sum, total*share, near)
		return t, nil
	}
	t.Estimate.Method = "permutation test of the difference of means, by draws"
	if onGrid {
		if ties := num.Ties(values[:len(x)], values[len(x):]); len(ties)*rowsOfLevel <= n {
			t.P, err = o.draw(ctx, num.Sum(values[:len(x)]), func() func(b int) float64 { return divisions(o.Seed, ties, len(x)) }, width*share, 1e-9*width)
			return t, err
		}
	}
	t.P, err = o.draw(ctx, sum, func() func(b int) float64 {
		pool := slices.Clone(all)
		return func(b int) float64 {
			copy(pool, all)
			return of(num.DrawSum(stream(o.Seed, b), pool, few))
		}
	}, total*share, near)
	return t, err
}

// signs calls f with the sum for every way to sign d.
func signs(d []float64, sum float64, f func(s float64)) {
	if len(d) == 0 {
		f(sum)
		return
	}
	signs(d[1:], sum+d[0], f)
	signs(d[1:], sum-d[0], f)
}

// subsets calls f with the sum of every k of xs.
func subsets(xs []float64, k int, sum float64, f func(s float64)) {
	if k == 0 {
		f(sum)
		return
	}
	for i := 0; i+k <= len(xs); i++ {
		subsets(xs[i+1:], k-1, sum+xs[i], f)
	}
}

// splits is the number of ways to take k of n.
func splits(n, k int) float64 {
	c := 1.0
	for i := range k {
		c *= float64(n-i) / float64(i+1)
	}
	return math.Round(c)
}

// share is the share of all permutations that are at least as extreme.
func (o PermutationOptions) share(every func(f func(s float64)), point, center, near float64) float64 {
	extreme, all := 0, 0
	every(func(s float64) {
		all++
		if o.atLeast(s, point, center, near) {
			extreme++
		}
	})
	return float64(extreme) / float64(all)
}

// Permute tests any statistic of two columns, such as a correlation or a
// difference between groups coded in y, by exchanging the values of y between
// rows, within Strata if there are any. All orders are tried for up to 8 rows
// without strata; else orders are drawn. Two-sided is |statistic| at least as
// large: the statistic should be nought where there is no association.
//
// A row with a NaN, or without a stratum, is left out and counted. Errors:
// ErrShape, ErrNotFinite, ErrTooFew below three rows, ErrNoVariation where a
// column is constant, ErrOption, "undefined"; the context's.
//
// In Python: scipy.stats.permutation_test(permutation_type="pairings").
func Permute(ctx context.Context, x, y []float64, stat Statistic, opt *PermutationOptions) (bangkom.Test, error) {
	o, err := opt.checked()
	if err != nil {
		return bangkom.Test{}, err
	}
	if stat == nil {
		return bangkom.Test{}, problem(bangkom.ErrOption, "permute", "", "no statistic", "resample.Correlation, or a function")
	}
	if len(x) != len(y) || o.Strata != nil && len(o.Strata) != len(x) {
		return bangkom.Test{}, problem(bangkom.ErrShape, "permute", fmt.Sprintf("%d, %d and %d", len(x), len(y), len(o.Strata)), "columns of unequal length", "one entry per row in each, NaN where unknown")
	}
	var blocks [][]int
	at := map[string]int{}
	var xs, ys []float64
	for i := range x {
		if math.IsInf(x[i], 0) || math.IsInf(y[i], 0) {
			return bangkom.Test{}, problem(bangkom.ErrNotFinite, "permute", fmt.Sprintf("row %d", i), "an infinite value", "NaN where unknown")
		}
		if math.IsNaN(x[i] + y[i]) {
			continue
		}
		name := ""
		if o.Strata != nil {
			if name = o.Strata[i]; name == "" {
				continue
			}
		}
		s, ok := at[name]
		if !ok {
			s = len(blocks)
			at[name] = s
			blocks = append(blocks, nil)
		}
		blocks[s] = append(blocks[s], len(xs))
		xs, ys = append(xs, x[i]), append(ys, y[i])
	}
	n := len(xs)
	if n < 3 {
		return bangkom.Test{}, problem(bangkom.ErrTooFew, "permute", fmt.Sprint(n), "fewer than three complete rows", "at least 3")
	}
	if slices.Min(xs) == slices.Max(xs) || slices.Min(ys) == slices.Max(ys) {
		return bangkom.Test{}, problem(bangkom.ErrNoVariation, "permute", "", "a column is constant", "")
	}
	point := stat([][]float64{slices.Clone(xs), slices.Clone(ys)})
	if isUndefined(point) {
		return bangkom.Test{}, problem(bangkom.Problem{Code: "undefined"}, "permute", fmt.Sprint(point), "the statistic of the data is not defined", "")
	}
	t := test(point, point, n, o)
	t.Estimate.Missing = bangkom.Missing{Policy: "listwise", Dropped: len(x) - n}
	near := 1e-10 * math.Abs(point)
	if len(blocks) == 1 && n <= exactOrders && o.Permutations == 0 {
		t.Estimate.Method = "permutation test, every order"
		room := [][]float64{make([]float64, n), make([]float64, n)}
		t.P = o.share(func(f func(s float64)) {
			orders(slices.Clone(ys), func(y []float64) {
				copy(room[0], xs)
				copy(room[1], y)
				f(stat(room))
			})
		}, point, 0, near)
		return t, nil
	}
	t.Estimate.Method = "permutation test, by draws"
	if len(blocks) > 1 {
		t.Estimate.Method += fmt.Sprintf(" within %d strata", len(blocks))
	}
	t.P, err = o.draw(ctx, point, func() func(b int) float64 {
		room := [][]float64{make([]float64, n), make([]float64, n)}
		part := make([]float64, n)
		return func(b int) float64 {
			pcg := stream(o.Seed, b)
			copy(room[0], xs)
			for _, rows := range blocks {
				p := part[:len(rows)]
				for i, r := range rows {
					p[i] = ys[r]
				}
				num.Shuffle(pcg, p)
				for i, r := range rows {
					room[1][r] = p[i]
				}
			}
			return stat(room)
		}
	}, 0, near)
	return t, err
}

func strataRefused() error {
	return problem(bangkom.ErrOption, "Strata", "", "strata are for Permute", "Permute, or no strata")
}

// orders calls f with every order of y, by Heap's method.
func orders(y []float64, f func(y []float64)) {
	var walk func(k int)
	walk = func(k int) {
		if k <= 1 {
			f(y)
			return
		}
		for i := range k {
			walk(k - 1)
			if i+1 < k {
				j := 0
				if k%2 == 0 {
					j = i
				}
				y[j], y[k-1] = y[k-1], y[j]
			}
		}
	}
	walk(len(y))
}

func test(value, statistic float64, n int, o PermutationOptions) bangkom.Test {
	nan := math.NaN()
	return bangkom.Test{Estimate: bangkom.Estimate{Value: value, SE: nan, N: n}, Statistic: statistic, DF: nan, DF2: nan, P: nan, Alternative: o.Alternative}
}

// exact is the p of a lattice's point; two-sided from the center.
func (o PermutationOptions) exact(l num.Lattice, x, center float64) float64 {
	switch o.Alternative {
	case Less:
		return l.CDF(x)
	case Greater:
		return l.Survival(x)
	}
	d := math.Abs(x - center)
	if d < 1e-9*max(1, center) {
		return 1
	}
	return min(1, l.CDF(center-d)+l.Survival(center+d))
}

// atLeast reports whether a permutation is at least as extreme as the data.
func (o PermutationOptions) atLeast(s, point, center, near float64) bool {
	switch o.Alternative {
	case Less:
		return s <= point+near
	case Greater:
		return s >= point-near
	}
	return math.Abs(s-center) >= math.Abs(point-center)-near
}

// draw counts permutations at least as extreme, and the data as one of them.
func (o PermutationOptions) draw(ctx context.Context, point float64, worker func() func(b int) float64, center, near float64) (float64, error) {
	m := o.Permutations
	if m == 0 {
		m = defaultPermutations
	}
	extreme := make([]bool, m)
	err := parallel(ctx, m, func() func(b int) {
		f := worker()
		return func(b int) { extreme[b] = o.atLeast(f(b), point, center, near) }
	})
	if err != nil {
		return math.NaN(), err
	}
	n := 1
	for _, e := range extreme {
		if e {
			n++
		}
	}
	return float64(n) / float64(m+1), nil
}

// spread is what rounding may do to a sum of these values.
func spread(xs []float64) float64 {
	var s float64
	for _, x := range xs {
		s += math.Abs(x)
	}
	return 1e-13 * s
}

// whole brings decimals of few places to whole numbers; false for others.
func whole(columns ...[]float64) ([][]float64, bool) {
	for k, scale := 0, 1.0; k <= decimals; k, scale = k+1, scale*10 {
		if out, ok := scaled(columns, scale); ok {
			return out, true
		}
	}
	return nil, false
}

func scaled(columns [][]float64, scale float64) ([][]float64, bool) {
	out := make([][]float64, len(columns))
	for j, c := range columns {
		for _, x := range c {
			v := math.Round(x * scale)
			if v/scale != x || math.Abs(v) > 1e9 {
				return nil, false
			}
			out[j] = append(out[j], v)
		}
	}
	return out, true
}

func complete(a, b []float64) (x, y []float64, err error) {
	for i := range a {
		if math.IsInf(a[i], 0) || math.IsInf(b[i], 0) {
			return nil, nil, problem(bangkom.ErrNotFinite, "paired", fmt.Sprintf("row %d", i), "an infinite value", "NaN where unknown")
		}
		if !math.IsNaN(b[i] - a[i]) {
			x, y = append(x, a[i]), append(y, b[i])
		}
	}
	return x, y, nil
}

func known(where string, xs []float64) ([]float64, error) {
	var out []float64
	for i, x := range xs {
		if math.IsInf(x, 0) {
			return nil, problem(bangkom.ErrNotFinite, where, fmt.Sprintf("row %d", i), "an infinite value", "NaN where unknown")
		}
		if !math.IsNaN(x) {
			out = append(out, x)
		}
	}
	return out, nil
}

func (opt *PermutationOptions) checked() (PermutationOptions, error) {
	o := PermutationOptions{}
	if opt != nil {
		o = *opt
	}
	if o.Alternative == "" {
		o.Alternative = TwoSided
	}
	if !slices.Contains([]string{TwoSided, Less, Greater}, o.Alternative) {
		return o, problem(bangkom.ErrOption, "Alternative", o.Alternative, "no such alternative", `use "two-sided", "less" or "greater"`)
	}
	if o.Permutations < 0 || o.Permutations > most {
		return o, problem(bangkom.ErrOption, "Permutations", fmt.Sprint(o.Permutations), "a negative number of permutations, or too many", "0 for the default")
	}
	return o, nil
}

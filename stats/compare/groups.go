package compare

import (
	"fmt"
	"math"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
	"github.com/bangkom/bangkom/stats/internal/wire"
)

// A Group is what a test of several groups saw of one.
type Group struct {
	Name     string  `json:"name"`
	N        int     `json:"n"`
	Missing  int     `json:"missing"`
	Mean     float64 `json:"mean"`
	SD       float64 `json:"sd"`        // NaN of one value
	MeanRank float64 `json:"mean_rank"` // NaN unless the test ranks
}

// MarshalJSON writes the fields by their tags; what is no number is null.
func (g Group) MarshalJSON() ([]byte, error) { return wire.Marshal(g) }

// UnmarshalJSON reads what MarshalJSON wrote; null is NaN.
func (g *Group) UnmarshalJSON(data []byte) error {
	type plain Group
	return wire.Unmarshal(data, (*plain)(g))
}

// A Comparison is the result of a test of several groups. The estimate of Test
// is an effect size that its method names; sums of squares are NaN where the
// test has none.
type Comparison struct {
	Test      bangkom.Test `json:"test"`
	Groups    []Group      `json:"groups"`
	SSBetween float64      `json:"ss_between"`
	SSWithin  float64      `json:"ss_within"`
}

// String gives the test on one line.
func (c Comparison) String() string {
	t := c.Test
	s := t.Estimate.Method + ": statistic " + wire.Short(t.Statistic) + ", df " + wire.Short(t.DF)
	if !math.IsNaN(t.DF2) {
		s += " and " + wire.Short(t.DF2)
	}
	return s + ", p " + bangkom.FormatP(t.P) + "; " + t.Estimate.String()
}

// Table gives groups, test and footers for people.
func (c Comparison) Table() string {
	var b strings.Builder
	ranks := len(c.Groups) > 0 && !math.IsNaN(c.Groups[0].MeanRank)
	head := []string{"n", "missing", "mean", "sd"}
	if ranks {
		head = append(head, "mean rank")
	}
	g := wire.NewGrid(head...)
	for _, r := range c.Groups {
		row := []float64{float64(r.N), float64(r.Missing), r.Mean, r.SD}
		if ranks {
			row = append(row, r.MeanRank)
		}
		g.Row(r.Name, row...)
	}
	g.Write(&b)
	if !math.IsNaN(c.SSBetween) {
		g = wire.NewGrid("sum of squares", "df", "mean square", "F", "p")
		t := c.Test
		g.Row("between", c.SSBetween, t.DF, c.SSBetween/t.DF, t.Statistic, t.P)
		g.Text("within", wire.Short(c.SSWithin), wire.Short(t.DF2), wire.Short(c.SSWithin/t.DF2), "", "")
		b.WriteString("\n")
		g.Write(&b)
	}
	b.WriteString("\n" + Table(c.Test))
	return b.String()
}

// MarshalJSON writes the fields by their tags; what is no number is null.
func (c Comparison) MarshalJSON() ([]byte, error) { return wire.Marshal(c) }

// UnmarshalJSON reads what MarshalJSON wrote; null is NaN.
func (c *Comparison) UnmarshalJSON(data []byte) error {
	type plain Comparison
	return wire.Unmarshal(data, (*plain)(c))
}

// samples are the known values of at least two groups.
type samples struct {
	x       [][]float64
	groups  []Group
	about   []float64 // the means less the first, with digits that the means themselves have not
	n       int
	missing int
}

func newSamples(name string, groups [][]float64, least int, o Options) (samples, error) {
	var s samples
	if len(groups) < 2 {
		return s, problem(bangkom.ErrTooFew, name, fmt.Sprint(len(groups)), "fewer than two groups", "at least 2 groups")
	}
	if err := o.named(len(groups)); err != nil {
		return s, err
	}
	var first, firstRest float64
	for i, g := range groups {
		x, err := known(name+": group "+o.name(i), g, least)
		if err != nil {
			return s, err
		}
		s.x = append(s.x, x)
		mean, rest, variance := num.Moments(x)
		if i == 0 {
			first, firstRest = mean, rest
		}
		s.about = append(s.about, (mean-first)+(rest-firstRest))
		s.groups = append(s.groups, Group{Name: o.name(i), N: len(x), Missing: len(g) - len(x), Mean: mean, SD: math.Sqrt(variance), MeanRank: math.NaN()})
		s.n += len(x)
		s.missing += len(g) - len(x)
	}
	return s, nil
}

func (o Options) named(groups int) error {
	if o.Names != nil && len(o.Names) != groups {
		return refuse("Names", fmt.Sprint(len(o.Names)), "another number of names than of groups", "one name per group, or nil")
	}
	return nil
}

func (o Options) name(i int) string {
	if o.Names != nil {
		return o.Names[i]
	}
	return fmt.Sprint(i + 1)
}

func (s samples) comparison(t bangkom.Test) Comparison {
	t.Alternative = TwoSided
	t.Estimate.SE = math.NaN()
	t.Estimate.N = s.n
	t.Estimate.Missing = bangkom.Missing{Policy: "available", Dropped: s.missing}
	return Comparison{Test: t, Groups: s.groups, SSBetween: math.NaN(), SSWithin: math.NaN()}
}

// ANOVA tests whether the means of groups of different people are equal, with
// one variance for all of them (Fisher, 1925):
//
//	F = (SSbetween/(k − 1)) / (SSwithin/(n − k)),   df = k − 1, n − k
//
// Where variances and sizes differ its p-values are wrong; [WelchANOVA] has no
// such need. The estimate is η² = SSbetween/SStotal; its interval takes the
// noncentralities λ for which F lies at either end, as λ/(λ + n) (Steiger, 2004).
//
// groups has one slice per group. NaN values are left out and counted. Errors:
// ErrTooFew below two groups, for an empty one, or with one value in each;
// ErrNotFinite; ErrNoVariation where every group is constant; ErrOption.
//
// In R: oneway.test(x ~ g, var.equal = TRUE).
func ANOVA(groups [][]float64, opt *Options) (Comparison, error) {
	o, err := opt.checked(usesNames)
	if err != nil {
		return Comparison{}, err
	}
	s, err := newSamples("anova", groups, 1, o)
	if err != nil {
		return Comparison{}, err
	}
	return s.anova("anova", "ANOVA, one variance: η²", o)
}

func (s samples) anova(name, method string, o Options) (Comparison, error) {
	k := len(s.x)
	df1, df2 := float64(k-1), float64(s.n-k)
	if df2 < 1 {
		return Comparison{}, problem(bangkom.ErrTooFew, name, fmt.Sprint(s.n), "one value in every group", "a group of 2")
	}
	between, within, size := s.squares()
	if err := squarable(name, math.Sqrt(within), s.x...); err != nil {
		return Comparison{}, err
	}
	if within <= float64(s.n)*(constant*size)*(constant*size) {
		return Comparison{}, problem(bangkom.ErrNoVariation, name, "", "every group is constant: no spread to test against", "more people")
	}
	f := between / df1 / (within / df2)
	t := bangkom.Test{Statistic: f, DF: df1, DF2: df2, P: num.FSurvival(f, df1, df2)}
	lo, hi := num.NoncentralFLimits(f, df1, df2, o.Level)
	n := float64(s.n)
	t.Estimate = bangkom.Estimate{Value: between / (between + within), Method: method,
		CI: bangkom.Interval{Lo: lo / (lo + n), Hi: hi / (hi + n), Level: o.Level, Method: "noncentral F, λ/(λ + n)"}}
	c := s.comparison(t)
	c.SSBetween, c.SSWithin = between, within
	return c, nil
}

// squares are the sums of squares, about the grand mean first: the differences
// of numbers that lie close together are exact.
func (s samples) squares() (between, within, size float64) {
	var grand float64
	for _, g := range s.groups {
		grand += (g.Mean - s.groups[0].Mean) * float64(g.N) / float64(s.n)
		size = max(size, math.Abs(g.Mean))
	}
	grand += s.groups[0].Mean
	means := make([]float64, len(s.x)) // about the grand mean
	d := make([]float64, 0, 64)
	total := 0.0
	withins, betweens := make([]float64, len(s.x)), make([]float64, len(s.x))
	for i, x := range s.x {
		d = d[:0]
		for _, v := range x {
			d = append(d, v-grand)
		}
		sum := num.Sum(d)
		means[i] = sum / float64(len(x))
		total += sum
		ss, left := num.SquaresExactly(d, means[i])
		withins[i] = ss - left*left/float64(len(x))
	}
	for i, x := range s.x {
		e := means[i] - total/float64(s.n)
		betweens[i] = float64(len(x)) * e * e
	}
	return num.Sum(betweens), num.Sum(withins), size
}

// WelchANOVA tests whether the means of groups of different people are equal,
// without asking for equal variances (Welch, 1951). With w = n/variance,
// W = Σ w, m = Σ w·mean/W and h = Σ (1 − w/W)²/(n − 1):
//
//	F = Σ w(mean − m)²/(k − 1) / (1 + 2(k − 2)h/(k² − 1)),   df = k − 1, (k² − 1)/(3h)
//
// The estimate is ω² = (k − 1)(F − 1)/((k − 1)(F − 1) + n), not below 0.
//
// Missing values and errors are those of [ANOVA]; every group needs two values
// and a spread.
//
// In R: oneway.test(x ~ g).
func WelchANOVA(groups [][]float64, opt *Options) (Comparison, error) {
	o, err := opt.checked(usesNames)
	if err != nil {
		return Comparison{}, err
	}
	s, err := newSamples("welch anova", groups, 2, o)
	if err != nil {
		return Comparison{}, err
	}
	if err := s.spread("welch anova"); err != nil {
		return Comparison{}, err
	}
	k := float64(len(s.x))
	var weights, weighted float64
	for i, g := range s.groups {
		w := g.weight()
		weights += w
		weighted += w * s.about[i]
	}
	mean := weighted / weights
	var between, h float64
	for i, g := range s.groups {
		w, d := g.weight(), s.about[i]-mean
		between += w * d * d
		u := 1 - w/weights
		h += u * u / float64(g.N-1)
	}
	f := between / (k - 1) / (1 + 2*(k-2)*h/(k*k-1))
	df2 := (k*k - 1) / (3 * h)
	t := bangkom.Test{Statistic: f, DF: k - 1, DF2: df2, P: num.FSurvival(f, k-1, df2)}
	effect := max(0, (k-1)*(f-1))
	t.Estimate = bangkom.Estimate{Value: effect / (effect + float64(s.n)), Method: "Welch ANOVA: ω²"}
	return s.comparison(t), nil
}

func (g Group) weight() float64 { return float64(g.N) / (g.SD * g.SD) }

// spread asks that no group is constant.
func (s samples) spread(name string) error {
	for i, g := range s.groups {
		if err := squarable(name, g.SD, s.x[i]); err != nil {
			return err
		}
		if g.SD <= constant*math.Abs(g.Mean) {
			return problem(bangkom.ErrNoVariation, name, g.Name, "a group is constant: its variance tells nothing", "more people, or ANOVA with one variance")
		}
	}
	return nil
}

// KruskalWallis tests whether the values of groups of different people tend to
// be equally large (Kruskal and Wallis, 1952), by mid-ranks of all together,
// corrected for ties:
//
//	H = (12/(n(n + 1)) Σ R²/m − 3(n + 1)) / (1 − Σ(t³ − t)/(n³ − n)),   χ² with df = k − 1
//
// for groups of m with rank sum R. The estimate is ε² = H/(n − 1).
//
// Missing values are left out and counted. Errors: ErrTooFew below two groups
// or for an empty one, ErrNotFinite, ErrNoVariation where all values are equal, ErrOption.
// Warning small-groups below 5 in a group, where χ² is rough.
//
// In R: kruskal.test(x, g).
func KruskalWallis(groups [][]float64, opt *Options) (Comparison, error) {
	o, err := opt.checked(usesNames)
	if err != nil {
		return Comparison{}, err
	}
	s, err := newSamples("kruskal-wallis", groups, 1, o)
	if err != nil {
		return Comparison{}, err
	}
	sums, ties := num.RankSums(s.x)
	n := float64(s.n)
	correction := 1 - ties/(n*(n*n-1))
	if s.n < 2 || correction <= 0 {
		return Comparison{}, problem(bangkom.ErrNoVariation, "kruskal-wallis", "", "all values are equal: nothing to rank", "values that differ")
	}
	h, least := 0.0, s.n
	for i, r := range sums {
		m := float64(s.groups[i].N)
		d := r/m - (n+1)/2
		h += m * d * d
		s.groups[i].MeanRank = r / m
		least = min(least, s.groups[i].N)
	}
	h *= 12 / (n * (n + 1)) / correction
	df := float64(len(sums) - 1)
	t := bangkom.Test{Statistic: h, DF: df, DF2: math.NaN(), P: num.ChiSquareSurvival(h, df)}
	t.Estimate = bangkom.Estimate{Value: h / (n - 1), Method: "Kruskal–Wallis, corrected for ties, χ²: ε²"}
	if least < 5 {
		warn(&t.Estimate, "small-groups", fmt.Sprint(least), "a group of fewer than five: the χ² distribution is rough", "at least 5 in each group")
	}
	return s.comparison(t), nil
}

// Friedman tests whether the same people rank several conditions alike
// (Friedman, 1937): mid-ranks within each person, corrected for ties,
//
//	Q = (k − 1) Σ (R − n(k + 1)/2)² / Σ (rank − (k + 1)/2)²,   χ² with df = k − 1
//
// for rank sums R of n people. The estimate is Kendall's W = Q/(n(k − 1)).
//
// conditions has one slice per condition, one entry per person in each. A
// person with a NaN in any is left out (listwise) and counted. Errors: ErrShape,
// ErrTooFew below two conditions or two people, ErrNotFinite, ErrNoVariation
// where everybody ties all conditions, ErrOption. Warning small-sample below 10
// people, for whom χ² is rough.
//
// In R: friedman.test(matrix with people in rows).
func Friedman(conditions [][]float64, opt *Options) (Comparison, error) {
	o, err := opt.checked(usesNames)
	if err != nil {
		return Comparison{}, err
	}
	x, err := completeRows("friedman", conditions)
	if err != nil {
		return Comparison{}, err
	}
	s, err := newSamples("friedman", x, 2, o)
	if err != nil {
		return Comparison{}, err
	}
	k, n := len(x), len(x[0])
	mid := float64(k+1) / 2
	sums := make([]float64, k) // of ranks about their mean
	spread := 0.0
	row := make([]float64, k)
	for p := range n {
		for j := range x {
			row[j] = x[j][p]
		}
		ranks, _ := num.Ranks(row)
		for j, r := range ranks {
			sums[j] += r - mid
			spread += (r - mid) * (r - mid)
		}
	}
	if spread == 0 {
		return Comparison{}, problem(bangkom.ErrNoVariation, "friedman", "", "everybody ties all conditions", "values that differ")
	}
	df := float64(k - 1)
	q := df * num.SumSquares(sums) / spread
	for j := range s.groups {
		s.groups[j].MeanRank = sums[j]/float64(n) + mid
	}
	s.n, s.missing = n, len(conditions[0])-n
	t := bangkom.Test{Statistic: q, DF: df, DF2: math.NaN(), P: num.ChiSquareSurvival(q, df)}
	t.Estimate = bangkom.Estimate{Value: q / (float64(n) * df), Method: "Friedman, corrected for ties, χ²: Kendall's W"}
	if n < 10 {
		warn(&t.Estimate, "small-sample", fmt.Sprint(n), "few people: the χ² distribution is rough", "10 people or more")
	}
	c := s.comparison(t)
	c.Test.Estimate.Missing.Policy = "listwise"
	return c, nil
}

// completeRows keeps the people who are known in every column.
func completeRows(name string, cols [][]float64) ([][]float64, error) {
	if len(cols) < 2 {
		return nil, problem(bangkom.ErrTooFew, name, fmt.Sprint(len(cols)), "fewer than two conditions", "at least 2")
	}
	out := make([][]float64, len(cols))
	for j, c := range cols {
		if len(c) != len(cols[0]) {
			return nil, problem(bangkom.ErrShape, name, fmt.Sprintf("condition %d has %d, condition 0 has %d", j, len(c), len(cols[0])), "conditions of unequal length", "one entry per person in each, NaN where unknown")
		}
		out[j] = make([]float64, 0, len(c))
	}
	for p := range cols[0] {
		whole := true
		for _, c := range cols {
			if err := usable(name, p, c[p]); err != nil {
				return nil, err
			}
			whole = whole && !math.IsNaN(c[p])
		}
		if whole {
			for j, c := range cols {
				out[j] = append(out[j], c[p])
			}
		}
	}
	return out, nil
}

// BrownForsythe tests whether groups spread alike: [ANOVA] of the distances
// from the group's median (Brown and Forsythe, 1974), which bears skewed data.
// Like [ShapiroWilk] it is to be reported, not to choose a test by: [Welch] and
// [WelchANOVA] need no equal spreads. The groups of the result are distances.
//
// In R: car::leveneTest(x, g); in Python: scipy.stats.levene(a, b).
func BrownForsythe(groups [][]float64, opt *Options) (Comparison, error) {
	return distances("brown-forsythe", "Brown–Forsythe, distances from medians: η²", groups, opt, func(x []float64) float64 {
		return QuantileType(7).of(num.Sorted(x), 0.5)
	})
}

// Levene is [BrownForsythe] with distances from the means (Levene, 1960).
//
// In R: car::leveneTest(x, g, center = mean); in Python: scipy.stats.levene(a, b, center="mean").
func Levene(groups [][]float64, opt *Options) (Comparison, error) {
	return distances("levene", "Levene, distances from means: η²", groups, opt, func(x []float64) float64 { return num.Mean(x) })
}

func distances(name, method string, groups [][]float64, opt *Options, center func([]float64) float64) (Comparison, error) {
	o, err := opt.checked(usesNames)
	if err != nil {
		return Comparison{}, err
	}
	s, err := newSamples(name, groups, 1, o)
	if err != nil {
		return Comparison{}, err
	}
	away := make([][]float64, len(groups))
	for i, x := range s.x {
		c := center(x)
		away[i] = make([]float64, len(x), len(groups[i]))
		for j, v := range x {
			away[i][j] = math.Abs(v - c)
		}
		for range s.groups[i].Missing {
			away[i] = append(away[i], math.NaN())
		}
	}
	d, err := newSamples(name, away, 1, o)
	if err != nil {
		return Comparison{}, err
	}
	return d.anova(name, method, o)
}

package agreement

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
	"github.com/bangkom/bangkom/stats/internal/wire"
	"github.com/bangkom/bangkom/stats/tally"
)

// A CohenResult is what [Cohen] found: the family of weights in one answer.
type CohenResult struct {
	Kappa     bangkom.Test  `json:"kappa"`            // unweighted
	Linear    bangkom.Test  `json:"linear"`           // 1 − |a − b| / range
	Quadratic bangkom.Test  `json:"quadratic"`        // 1 − ((a − b) / range)²
	Custom    *bangkom.Test `json:"custom,omitempty"` // with Options.Weight or OrdinalWeights
	Observed  float64       `json:"observed"`         // share of subjects on which both agree
	Expected  float64       `json:"expected"`         // the same by chance
	Values    []float64     `json:"values"`           // of the categories
	Counts    [][]float64   `json:"counts"`           // subjects by the first rater's category × the second's
}

// Cohen returns the kappa of two raters (Cohen, 1960, 1968):
//
//	(p_o − p_e) / (1 − p_e),   p_o = Σ w p_ij,   p_e = Σ w p_i. p_.j
//
// The weights w are agreements; whoever has disagreements v uses 1 − v/max v. A
// subject with a NaN from either is left out (listwise) and counted. Standard error and normal
// interval are those of Fleiss, Cohen and Everitt (1969); the test takes their
// standard error under chance. Errors: ErrShape, ErrNotFinite, ErrTooFew, ErrOption,
// ErrNoVariation if both use one and the same category only.
//
// In Python: statsmodels cohens_kappa; in R: psych::cohen.kappa, whose standard
// error of a weighted kappa is another.
func Cohen(a, b []float64, opt *Options) (CohenResult, error) {
	o, err := opt.checked()
	if err != nil {
		return CohenResult{}, err
	}
	codes, values, err := code([][]float64{a, b}, o.Categories)
	if err != nil {
		return CohenResult{}, err
	}
	if len(values) > maxTable {
		return CohenResult{}, problem(bangkom.ErrOption, "cohen", fmt.Sprint(len(values)), "too many different ratings for a table of categories", "ICC for scores")
	}
	table := num.Square(len(values))
	for u, i := range codes[0] {
		if j := codes[1][u]; i >= 0 && j >= 0 {
			table[i][j]++
		}
	}
	return cohen(table, values, len(a), o)
}

// maxTable is the largest number of categories of a table.
const maxTable = 1000

// CohenTable is [Cohen] of a table of counts, first rater × second rater, of
// categories with these values, ascending; nil is 1, 2, ….
func CohenTable(counts [][]float64, values []float64, opt *Options) (CohenResult, error) {
	o, err := opt.checked()
	if err != nil {
		return CohenResult{}, err
	}
	table := num.Square(len(counts))
	n := 0.0
	for i, row := range counts {
		if len(row) != len(counts) {
			return CohenResult{}, problem(bangkom.ErrShape, "table", fmt.Sprint(len(row)), "a table that is not square", "the same categories for both raters")
		}
		for j, x := range row {
			if !(x >= 0 && x <= tally.MaxTotal) {
				return CohenResult{}, problem(bangkom.Problem{Code: "off-scale"}, fmt.Sprintf("table row %d, column %d", i, j), fmt.Sprint(x), "not a count", "0 or more")
			}
			table[i][j] = x
			n += x
		}
	}
	if values = slices.Clone(values); values == nil {
		for i := range counts {
			values = append(values, float64(i+1))
		}
	}
	if len(values) != len(counts) {
		return CohenResult{}, problem(bangkom.ErrShape, "values", fmt.Sprint(len(values)), "another number of values than of categories", "")
	}
	for i, v := range values {
		if v-v != 0 || i > 0 && !(v > values[i-1]) {
			return CohenResult{}, problem(bangkom.ErrOption, "values", fmt.Sprint(v), "categories that are not finite and ascending", "")
		}
	}
	return cohen(table, values, int(math.Round(n)), o)
}

// CohenPairs is [Cohen] of pairs of levels that were counted.
func CohenPairs(p *tally.Pairs, opt *Options) (CohenResult, error) {
	o, err := opt.checked()
	if err != nil {
		return CohenResult{}, err
	}
	if p == nil {
		return CohenResult{}, problem(bangkom.ErrTooFew, "pairs", "nil", "no pairs", "pairs of levels")
	}
	var levels []tally.Cell
	var values []float64
	for c := tally.Cell(1); c <= tally.MaxLevels; c++ {
		v, ok := p.Shape().Value(c)
		used := p.Want().Count(c)+p.Have().Count(c) > 0
		if ok && (p.Shape().Levels > 0 || used) {
			levels = append(levels, c)
			values = append(values, float64(v))
		}
	}
	table := num.Square(len(levels))
	for i, w := range levels {
		for j, h := range levels {
			table[i][j] = float64(p.Count(w, h))
		}
	}
	return cohen(table, values, int(p.Total()), o)
}

func cohen(table [][]float64, values []float64, given int, o Options) (CohenResult, error) {
	n := num.Total(table)
	if n < 2 {
		return CohenResult{}, problem(bangkom.ErrTooFew, "cohen", fmt.Sprint(n), "fewer than two subjects rated by both", "at least 2 subjects")
	}
	if len(values) < 2 {
		return CohenResult{}, problem(bangkom.ErrNoVariation, "cohen", fmt.Sprint(values), "only one category", "Options.Categories with those that were possible")
	}
	r := CohenResult{Values: slices.Clone(values), Counts: table}
	kinds := []struct {
		into *bangkom.Test
		o    Options
	}{{&r.Kappa, Options{}}, {&r.Linear, Options{Weights: Linear}}, {&r.Quadratic, Options{Weights: Quadratic}}}
	if o.Weight != nil || o.Weights == OrdinalWeights {
		r.Custom = new(bangkom.Test)
		kinds = append(kinds, struct {
			into *bangkom.Test
			o    Options
		}{r.Custom, o})
	}
	for i, k := range kinds {
		w, err := k.o.weigher(values)
		if err != nil {
			return CohenResult{}, err
		}
		t, po, pe, err := cohenTest(table, n, w, o.Level)
		if err != nil {
			return CohenResult{}, err
		}
		if i == 0 {
			r.Observed, r.Expected = po, pe
		}
		t.Estimate.Missing = bangkom.Missing{Policy: "listwise", Dropped: given - int(math.Round(n))}
		*k.into = t
	}
	return r, nil
}

// cohenTest is kappa for one set of weights, with the agreement observed and
// that of chance.
func cohenTest(table [][]float64, n float64, w weigher, level float64) (t bangkom.Test, po, pe float64, err error) {
	q := len(table)
	rows, cols := make([]float64, q), make([]float64, q)
	for i := range q {
		for j, x := range table[i] {
			rows[i] += x / n
			cols[j] += x / n
		}
	}
	wr, wc := make([]float64, q), make([]float64, q) // mean weight of a row's and of a column's category
	for i := range q {
		for j := range q {
			wr[i] += w.of(i, j) * cols[j]
			wc[j] += w.of(i, j) * rows[i]
		}
	}
	pe = num.Dot(wr, rows)
	for i := range q {
		for j, x := range table[i] {
			po += w.of(i, j) * x / n
		}
	}
	if !(1-pe > 1e-12) {
		return t, po, pe, problem(bangkom.ErrNoVariation, "cohen", "", "chance alone gives full agreement: both raters use one and the same category", "subjects who differ")
	}
	var v, null float64
	for i := range q {
		for j, x := range table[i] {
			s := wr[i] + wc[j]
			d := w.of(i, j)*(1-pe) - s*(1-po)
			v += x / n * d * d
			null += rows[i] * cols[j] * (w.of(i, j) - s) * (w.of(i, j) - s)
		}
	}
	c := po*pe - 2*pe + po
	kappa := (po - pe) / (1 - pe)
	e := bangkom.Estimate{Value: kappa, N: int(math.Round(n)), Method: "Cohen kappa, " + w.name + " weights; SE Fleiss–Cohen–Everitt"}
	e.SE = spread(v, c*c, n) / ((1 - pe) * (1 - pe))
	nullSE := spread(null, pe*pe, n) / (1 - pe)
	share := 0.0
	for k := range q {
		share = max(share, (rows[k]+cols[k])/2)
	}
	switch {
	case slices.ContainsFunc(rows, whole) || slices.ContainsFunc(cols, whole):
		e.Value, e.SE, nullSE = 0, math.NaN(), math.NaN()
		e.Warnings.Add(warning("constant-rater", "", "one rater used one category only: kappa is 0 whatever the other does, and cannot be tested", "a rater who tells subjects apart"))
	case nullSE == 0:
		nullSE = math.NaN()
		e.Warnings.Add(warning("untestable", "", "with these margins kappa is the same however the ratings are paired: it cannot be tested", "other weights"))
	case po >= 1-1e-14:
		e.Value, e.SE = 1, 0
	}
	e.Warnings = append(e.Warnings, boundary(e.Value, e.SE)...)
	if !math.IsNaN(e.SE) {
		half := e.SE * num.NormalQuantile((1+level)/2)
		e.CI = bangkom.Interval{Lo: e.Value - half, Hi: min(1, e.Value+half), Level: level, Method: "normal, cut at 1"}
	}
	if n < 30 {
		e.Warnings.Add(warning("small-sample", fmt.Sprint(n), "few subjects: the standard errors are those of a large sample", "30 subjects or more"))
	}
	e.Warnings = append(e.Warnings, prevalence(share, po, e.Value)...)
	return nullTest(e, nullSE), po, pe, nil
}

// spread is √((square − mean²)/n), 0 where only rounding is left.
func spread(square, mean2, n float64) float64 {
	if square-mean2 <= 1e-14*max(square, mean2) {
		return 0
	}
	return math.Sqrt((square - mean2) / n)
}

// whole tells the share of a category that is the only one.
func whole(share float64) bool { return share > 1-1e-14 }

// String gives the unweighted kappa on one line.
func (r CohenResult) String() string { return "Cohen kappa: " + r.Kappa.Estimate.String() }

func (r CohenResult) tests() (names []string, ts []bangkom.Test) {
	names, ts = []string{"unweighted", "linear", "quadratic"}, []bangkom.Test{r.Kappa, r.Linear, r.Quadratic}
	if r.Custom != nil {
		names, ts = append(names, "custom"), append(ts, *r.Custom)
	}
	return names, ts
}

// Table gives the whole family as a table.
func (r CohenResult) Table() string {
	var b strings.Builder
	names, ts := r.tests()
	testTable(&b, names, ts)
	fmt.Fprintf(&b, "\nAgreement %s, by chance %s; n = %d; missing: %s.\nSE: Fleiss, Cohen and Everitt; z and p: their SE under chance.\nWeights are agreements by the categories' values.\n",
		wire.Short(r.Observed), wire.Short(r.Expected), r.Kappa.Estimate.N, r.Kappa.Estimate.Missing)
	var es []bangkom.Estimate
	for _, t := range ts {
		es = append(es, t.Estimate)
	}
	printWarnings(&b, es...)
	return b.String()
}

// MarshalJSON writes the fields by their tags; what is no number is null.
func (r CohenResult) MarshalJSON() ([]byte, error) { return wire.Marshal(r) }

// UnmarshalJSON reads what MarshalJSON wrote; null is NaN.
func (r *CohenResult) UnmarshalJSON(data []byte) error {
	type plain CohenResult
	return wire.Unmarshal(data, (*plain)(r))
}

package agreement

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
	"github.com/bangkom/bangkom/stats/internal/wire"
)

// KendallW returns Kendall's coefficient of concordance: how far raters, rater ×
// subject, put subjects into the same order. Ratings are ranked by rater, ties
// share their mean rank R:
//
//	W = 12 S / (m² (n³ − n) − m Σ(t³ − t)),   S = Σ (ΣR − m(n+1)/2)²
//
// with m raters, n subjects and t equal ratings of one rater. The test is
// Friedman's, χ² = m(n − 1)W with n − 1 degrees of freedom: too timid for few
// subjects, of which a warning tells. A subject with a NaN is left out and counted.
// There is no interval. Errors: ErrShape, ErrNotFinite, ErrTooFew, ErrOption, ErrNoVariation if
// every rater rates all subjects alike.
//
// In R: irr::kendall(correct = TRUE), friedman.test.
func KendallW(ratings [][]float64, opt *Options) (bangkom.Test, error) {
	if _, err := opt.checked(); err != nil {
		return bangkom.Test{}, err
	}
	kept, dropped, err := completeSubjects(ratings)
	if err != nil {
		return bangkom.Test{}, err
	}
	m, n := float64(len(kept)), float64(len(kept[0]))
	var constant []int                   // raters
	sum := make([]float64, len(kept[0])) // of twice the ranks, exact
	tied := 0.0
	order := make([]int, len(sum))
	for g, r := range kept {
		for u := range order {
			order[u] = u
		}
		slices.SortFunc(order, func(a, b int) int { return cmp.Compare(r[a], r[b]) })
		for from := 0; from < len(order); {
			to := from
			for to < len(order) && r[order[to]] == r[order[from]] {
				to++
			}
			for _, u := range order[from:to] {
				sum[u] += float64(from + to + 1)
			}
			if to-from == len(order) {
				constant = append(constant, g)
			}
			t := float64(to - from)
			tied += t*t*t - t
			from = to
		}
	}
	s := 0.0
	for _, x := range sum {
		d := (x - m*(n+1)) / 2
		s += d * d
	}
	den := m*m*(n*n*n-n) - m*tied
	if len(constant) == len(kept) {
		return bangkom.Test{}, problem(bangkom.ErrNoVariation, "kendall", "", "every rater rates all subjects alike", "ratings that differ")
	}
	w := 12 * s / den
	t := bangkom.Test{Statistic: m * (n - 1) * w, DF: n - 1, DF2: math.NaN(), Alternative: "greater",
		Estimate: bangkom.Estimate{Value: w, SE: math.NaN(), N: len(sum), Method: "Kendall W, corrected for ties; χ² of Friedman", Missing: bangkom.Missing{Policy: "listwise", Dropped: dropped}}}
	t.P = num.ChiSquareSurvival(t.Statistic, t.DF)
	if n < 8 {
		t.Estimate.Warnings.Add(warning("small-sample", fmt.Sprint(n), "few subjects: χ² is a large-sample approximation", "8 subjects or more"))
	}
	for _, g := range constant {
		t.Estimate.Warnings.Add(warning("constant-rater", fmt.Sprintf("rater %d", g), "the rater rates all subjects alike, which counts as no order at all", "raters who tell subjects apart"))
	}
	return t, nil
}

// An RWGResult is what [RWG] found.
type RWGResult struct {
	RWG      bangkom.Estimate `json:"rwg"`      // James, Demaree and Wolf, 1984
	Star     bangkom.Estimate `json:"rwg_star"` // 1 − mean variance / null variance: does not grow with the number of items (Lindell et al., 1999)
	Variance float64          `json:"variance"` // observed, mean over items
	Null     float64          `json:"null_variance"`
	Items    int              `json:"items"`
}

// UniformVariance is the variance of answers spread evenly over a scale of so
// many steps of one: (steps² − 1) / 12.
func UniformVariance(steps int) float64 { return (float64(steps)*float64(steps) - 1) / 12 }

// RWG says how far one group of raters agrees on one object, against raters who
// answer at random. items is item × rater; one item gives r_wg, J items r_wg(J):
//
//	r = 1 − s² / σ²        r(J) = J r / (J r + s² / σ²)
//
// s² is the mean of the items' sample variances over raters and σ² the variance of random
// answers, the null: [UniformVariance] for a flat one, less for raters who are
// lenient. A NaN is left out of its item. A group that differs more than at random has a
// negative r; it is reported as it is with a warning, and others set it to 0.
//
// Errors: ErrTooFew for an item with fewer than two ratings, ErrShape, ErrNotFinite,
// ErrOption for a null variance that is not above 0. In R: multilevel::rwg, rwg.j.
func RWG(items [][]float64, null float64) (RWGResult, error) {
	if !(null > 0) || math.IsInf(null, 0) {
		return RWGResult{}, problem(bangkom.ErrOption, "null", fmt.Sprint(null), "no variance of random answers", "UniformVariance of the number of steps")
	}
	if len(items) == 0 {
		return RWGResult{}, problem(bangkom.ErrTooFew, "rwg", "0", "no items", "at least 1 item")
	}
	r := RWGResult{Null: null, Items: len(items)}
	fewest, gaps := math.MaxInt, 0
	for i, it := range items {
		var known []float64
		if len(it) != len(items[0]) {
			return RWGResult{}, problem(bangkom.ErrShape, "rwg", fmt.Sprintf("item %d has %d, item 0 has %d", i, len(it), len(items[0])), "items with unequal numbers of raters", "one entry per rater, NaN where not rated")
		}
		for g, x := range it {
			if math.Abs(x) > most {
				return RWGResult{}, problem(bangkom.ErrNotFinite, "rwg", fmt.Sprintf("item %d, rater %d", i, g), "a value that is infinite or beyond ±1e150", "NaN where not rated")
			}
			if math.IsNaN(x) {
				gaps++
			} else {
				known = append(known, x)
			}
		}
		if len(known) < 2 {
			return RWGResult{}, problem(bangkom.ErrTooFew, "rwg", fmt.Sprintf("item %d: %d", i, len(known)), "fewer than two raters of an item", "at least 2 raters")
		}
		fewest = min(fewest, len(known))
		if slices.Min(known) != slices.Max(known) {
			r.Variance += num.Variance(known) / float64(len(items))
		}
	}
	j, share := float64(len(items)), r.Variance/null
	missing := bangkom.Missing{Policy: "available ratings, counted by rating", Dropped: gaps}
	r.Star = bangkom.Estimate{Value: 1 - share, SE: math.NaN(), N: fewest, Method: fmt.Sprintf("r*_wg against a null variance of %g", null), Missing: missing}
	r.RWG = r.Star
	r.RWG.Value = j * max(0, 1-share) / (j*max(0, 1-share) + share)
	r.RWG.Method = fmt.Sprintf("r_wg(%d) against a null variance of %g", len(items), null)
	if share > 1 {
		w := warning("beyond-random", fmt.Sprintf("%.4g", share), "raters differ more than at random: r_wg is set to 0", "another null variance, or a look for two camps")
		r.RWG.Warnings.Add(w)
		r.Star.Warnings.Add(w)
	}
	return r, nil
}

// String gives r_wg on one line.
func (r RWGResult) String() string { return r.RWG.Method + ": " + r.RWG.String() }

// Table gives both coefficients as a table.
func (r RWGResult) Table() string {
	var b strings.Builder
	t := wire.NewGrid("estimate")
	t.Row(fmt.Sprintf("r_wg(%d)", r.Items), r.RWG.Value)
	t.Row("r*_wg", r.Star.Value)
	t.Write(&b)
	fmt.Fprintf(&b, "\nVariance over raters %s (mean of %d items), of random answers %s; %d raters or more; missing: %s.\n",
		wire.Short(r.Variance), r.Items, wire.Short(r.Null), r.RWG.N, r.RWG.Missing)
	printWarnings(&b, r.RWG)
	return b.String()
}

// MarshalJSON writes the fields by their tags; what is no number is null.
func (r RWGResult) MarshalJSON() ([]byte, error) { return wire.Marshal(r) }

// UnmarshalJSON reads what MarshalJSON wrote; null is NaN.
func (r *RWGResult) UnmarshalJSON(data []byte) error {
	type plain RWGResult
	return wire.Unmarshal(data, (*plain)(r))
}

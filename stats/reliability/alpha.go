package reliability

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
	"github.com/bangkom/bangkom/stats/internal/wire"
)

// An AlphaResult is what [Alpha] found.
type AlphaResult struct {
	Raw          bangkom.Estimate `json:"raw"`          // on covariances; SE after Duhachek and Iacobucci, Feldt's interval
	Standardized bangkom.Estimate `json:"standardized"` // on correlations, without interval; NaN if an item is constant
	Items        int              `json:"items"`

	Normal      bangkom.Interval `json:"ci_duhachek"`  // α ± z·SE, beside Feldt's
	Lambda6     float64          `json:"lambda6"`      // Guttman's λ6 on correlations; NaN if they cannot be inverted
	AverageR    float64          `json:"average_r"`    // mean correlation between items
	MedianR     float64          `json:"median_r"`     // their median
	SignalNoise float64          `json:"signal_noise"` // k·r̄ / (1 − r̄)
	Mean        float64          `json:"mean"`         // of the respondents' mean answers
	SD          float64          `json:"sd"`           // of the respondents' mean answers; times Items: of their sums

	Statistics []ItemStatistics `json:"statistics,omitempty"` // one per item
	Levels     []float64        `json:"levels,omitempty"`     // the answers that ItemStatistics.Counts counts
}

// ItemStatistics say what one item does in its scale. Correlations with the
// sum that contains the item itself flatter it: Drop is the honest one.
type ItemStatistics struct {
	Name    string  `json:"name"`
	N       int     `json:"n"` // answers that mean and SD are of
	Missing int     `json:"missing"`
	Mean    float64 `json:"mean"` // as keyed
	SD      float64 `json:"sd"`
	Raw     float64 `json:"raw_r"`  // with the sum of all items
	Std     float64 `json:"std_r"`  // with the sum of all standardised items
	Cor     float64 `json:"r_cor"`  // with the sum, its own share replaced by what the others explain of it
	Drop    float64 `json:"r_drop"` // with the sum of the other items ("corrected")

	AlphaDropped       float64 `json:"alpha_dropped"` // of the other items alone, from here on
	StdDropped         float64 `json:"std_alpha_dropped"`
	Lambda6Dropped     float64 `json:"lambda6_dropped"`
	AverageRDropped    float64 `json:"average_r_dropped"`
	SignalNoiseDropped float64 `json:"signal_noise_dropped"`
	SEDropped          float64 `json:"se_dropped"`
	VarRDropped        float64 `json:"var_r_dropped"`
	MedianRDropped     float64 `json:"median_r_dropped"`

	Counts []int `json:"counts,omitempty"` // answers at each level, as given, also of those left out
}

// Alpha returns Cronbach's coefficient of k items, and what each contributes:
//
//	α = k/(k−1) · (1 − Σ var(item) / var(sum of items))
//
// items is item × respondent; those worded the other way round are named in
// Options.Reverse. Missing answers are a matter of Options.Missing; by default
// a respondent with a gap is left out and counted. With n respondents the
// interval is Feldt's (1965), with df = n − 1 and (n − 1)(k − 1),
//
//	1 − (1 − α) · F(1 − (1−level)/2),  1 − (1 − α) · F((1−level)/2)
//
// which supposes items that weigh the same. The standard error, and the
// interval beside it, are those of Duhachek and Iacobucci (2004), which do not.
// Under Pairwise, n is that of the smallest pair.
//
// Alpha is high for many items that go together; it does not show that they
// measure one thing. Errors: ErrShape, ErrNotFinite, ErrTooFew below two items
// or two respondents, ErrNoVariation if the sum is constant, ErrOption.
//
// In R: psych::alpha(x, keys, check.keys = FALSE), which works as under Pairwise.
// Where answers are missing it differs in three things: its standard errors
// divide by the number of all rows; its mean and sd of the scores are those of
// each person's mean of what was answered, here those that the items' means and
// covariances give; and so is its correlation of an item with the sum (raw.r).
// It also inverts singular correlations by a pseudo-inverse where λ6 here is
// unknown, and drops constant items.
func Alpha(items [][]float64, opt *Options) (AlphaResult, error) {
	s, err := Summarize(items, opt)
	if err != nil {
		return AlphaResult{}, err
	}
	return s.Alpha()
}

// Alpha is [Alpha] of a summary.
func (s Summary) Alpha() (AlphaResult, error) {
	s, err := s.checked()
	if err != nil {
		return AlphaResult{}, err
	}
	k, n := len(s.Cov), float64(s.N)
	cor := num.Correlation(s.Cov)
	whole := describe(s.Cov, cor, s.N)
	r := AlphaResult{
		Items: k, Lambda6: whole.lambda6, AverageR: whole.mean, MedianR: whole.median, SignalNoise: whole.signal,
		Mean: num.Mean(s.Mean), SD: math.Sqrt(num.Total(s.Cov)) / float64(k), Levels: s.levels,
	}
	r.Raw = bangkom.Estimate{Value: whole.alpha, SE: whole.se, N: s.N, Method: "Cronbach alpha, raw; SE Duhachek–Iacobucci",
		CI: feldt(whole.alpha, n, k, s.Level), Missing: s.Missing, Warnings: s.alphaWarnings(whole.alpha)}
	r.Standardized = bangkom.Estimate{Value: whole.std, SE: math.NaN(), N: s.N, Method: "Cronbach alpha, standardised", Missing: s.Missing}
	half := whole.se * num.NormalQuantile((1+s.Level)/2)
	r.Normal = bangkom.Interval{Lo: whole.alpha - half, Hi: whole.alpha + half, Level: s.Level, Method: "normal, Duhachek–Iacobucci"}
	if math.IsNaN(whole.std) {
		r.Standardized.Warnings.Add(bangkom.Problem{Code: "constant-item", Severity: bangkom.Warning, Msg: "an item has the same answer from everybody"})
	}
	r.Statistics = s.itemStatistics(cor)
	for _, it := range r.Statistics {
		if it.Drop < 0 {
			r.Raw.Warnings.Add(bangkom.Problem{Code: "negative-item", Severity: bangkom.Warning, Where: "item " + it.Name, Value: wire.Short(it.Drop),
				Msg: "the item goes against the sum of the others", Need: "reverse it, if it is worded the other way round"})
		}
	}
	return r, nil
}

func (s Summary) alphaWarnings(alpha float64) bangkom.Problems {
	w := slices.Clone(s.Warnings)
	if alpha < 0 {
		w.Add(bangkom.Problem{Code: "negative-alpha", Severity: bangkom.Warning, Msg: "items work against each other", Need: "reverse the items that are worded the other way round"})
	}
	if s.N < 30 {
		w.Add(bangkom.Problem{Code: "small-sample", Severity: bangkom.Warning, Value: fmt.Sprint(s.N), Msg: "few respondents: read the interval, not the coefficient", Need: "30 respondents or more"})
	}
	return w
}

// feldt is the interval of alpha of k parts.
func feldt(alpha, n float64, k int, level float64) bangkom.Interval {
	tail := (1 - level) / 2
	d1, d2 := n-1, (n-1)*float64(k-1)
	return bangkom.Interval{Lo: 1 - (1-alpha)*num.FQuantile(1-tail, d1, d2), Hi: 1 - (1-alpha)*num.FQuantile(tail, d1, d2), Level: level, Method: "Feldt"}
}

// summaryOf is what psych's first table says of a set of items.
type summaryOf struct {
	alpha, std, lambda6, mean, median, variance, signal, se float64
}

func describe(cov, cor [][]float64, n int) summaryOf {
	d := summaryOf{alpha: alphaOf(cov), std: alphaOf(cor), lambda6: lambda6(cor), se: alphaSE(cov, n)}
	var rs []float64
	for i := range cor {
		rs = append(rs, cor[i][:i]...)
	}
	d.mean = num.Mean(rs)
	d.signal = float64(len(cor)) * d.mean / (1 - d.mean)
	d.variance = num.Variance(rs)
	slices.Sort(rs)
	d.median = (rs[(len(rs)-1)/2] + rs[len(rs)/2]) / 2
	if math.IsNaN(d.mean) {
		d.median = math.NaN()
	}
	return d
}

// alphaOf a matrix of covariances or correlations.
func alphaOf(m [][]float64) float64 {
	k, total := float64(len(m)), num.Total(m)
	if !(total > constant*trace(m)) {
		return math.NaN()
	}
	off := 0.0
	for i := range m {
		off += 2 * num.Sum(m[i][:i])
	}
	return k / (k - 1) * off / total // the same as 1 − trace/total, without its cancellation
}

// alphaSE is the standard error of Duhachek and Iacobucci (2004).
func alphaSE(c [][]float64, n int) float64 {
	k := float64(len(c))
	c = rescaled(c)
	total, tr := num.Total(c), trace(c)
	if !(total > constant*tr) {
		return math.NaN()
	}
	var sumSq, trSq float64 // 1'C²1 and tr C²
	for i := range c {
		row := num.Sum(c[i])
		sumSq += row * row
		trSq += num.Dot(c[i], c[i])
	}
	q := 2 * k * k / ((k - 1) * (k - 1) * total * total * total) * (total*(trSq+tr*tr) - 2*tr*sumSq)
	return math.Sqrt(max(0, q) / float64(n))
}

func (s Summary) itemStatistics(cor [][]float64) []ItemStatistics {
	smc := squaredMultiple(cor)
	total, totalR := num.Total(s.Cov), num.Total(cor)
	reduced := totalR
	for _, x := range smc {
		reduced += x - 1
	}
	out := make([]ItemStatistics, len(s.Cov))
	for i := range s.Cov {
		row, v := num.Sum(s.Cov[i]), s.Cov[i][i]
		st := ItemStatistics{
			Name: s.name(i), N: s.N, Mean: s.Mean[i], SD: math.Sqrt(v),
			Raw: row / math.Sqrt(v) / math.Sqrt(total), Std: num.Sum(cor[i]) / math.Sqrt(totalR),
			Cor: (num.Sum(cor[i]) - 1 + smc[i]) / math.Sqrt(reduced),
		}
		st.Drop = math.NaN()
		if rest := total - 2*row + v; rest > constant*trace(s.Cov) {
			st.Drop = (row - v) / math.Sqrt(v) / math.Sqrt(rest)
		}
		if s.answers != nil {
			st.Missing = s.answers[i].missing
			st.Counts = s.answers[i].counts
			if s.Missing.Policy == Pairwise.String() { // its mean and its variance are of all who answered it
				st.N = s.answers[i].known
			}
		}
		st.dropped(s, cor, i)
		out[i] = st
	}
	return out
}

// dropped fills what would be left without item i. One item alone has no alpha.
func (st *ItemStatistics) dropped(s Summary, cor [][]float64, i int) {
	nan := math.NaN()
	d := summaryOf{nan, nan, nan, nan, nan, nan, nan, nan}
	if len(cor) > 2 {
		others := func(j int) bool { return j != i }
		d = describe(only(s.Cov, others), only(cor, others), s.N)
	}
	st.AlphaDropped, st.StdDropped, st.Lambda6Dropped = d.alpha, d.std, d.lambda6
	st.AverageRDropped, st.SignalNoiseDropped, st.SEDropped = d.mean, d.signal, d.se
	st.VarRDropped, st.MedianRDropped = d.variance, d.median
}

// squaredMultiple is how much of each item the others explain; NaN where the
// correlations cannot be inverted.
func squaredMultiple(cor [][]float64) []float64 {
	out := make([]float64, len(cor))
	inv, ok := num.SymmetricInverse(cor)
	for i := range out {
		out[i] = math.NaN()
		if ok {
			out[i] = 1 - 1/inv[i][i]
		}
	}
	return out
}

// String gives the coefficient with its interval on one line.
func (r AlphaResult) String() string {
	return fmt.Sprintf("alpha of %d items: %s", r.Items, r.Raw)
}

// Table gives the whole result for people: the scale, each item, what would be
// left without it, what was answered, and how it was computed.
func (r AlphaResult) Table() string {
	var b strings.Builder
	t := wire.NewGrid("raw alpha", "std alpha", "lambda 6", "average r", "median r", "S/N", "SE", "mean", "sd")
	t.Row("", r.Raw.Value, r.Standardized.Value, r.Lambda6, r.AverageR, r.MedianR, r.SignalNoise, r.Raw.SE, r.Mean, r.SD)
	t.Write(&b)
	fmt.Fprintf(&b, "\n%s (Feldt)\n%s (Duhachek–Iacobucci, normal)\n", r.Raw.CI, r.Normal)
	if len(r.Statistics) > 0 {
		t = wire.NewGrid("raw alpha", "std alpha", "lambda 6", "average r", "S/N", "SE", "var r", "median r")
		for _, s := range r.Statistics {
			t.Row(s.Name, s.AlphaDropped, s.StdDropped, s.Lambda6Dropped, s.AverageRDropped, s.SignalNoiseDropped, s.SEDropped, s.VarRDropped, s.MedianRDropped)
		}
		b.WriteString("\nWithout the item\n")
		t.Write(&b)
		t = wire.NewGrid("answers", "missing", "r raw", "r std", "r cor", "r drop", "mean", "sd")
		for _, s := range r.Statistics {
			t.Row(s.Name, float64(s.N), float64(s.Missing), s.Raw, s.Std, s.Cor, s.Drop, s.Mean, s.SD)
		}
		b.WriteString("\nThe item\n")
		t.Write(&b)
	}
	if len(r.Levels) > 0 {
		r.frequencies(&b)
	}
	fmt.Fprintf(&b, "\nn = %d; missing answers: %s.\n", r.Raw.N, r.Raw.Missing)
	b.WriteString("raw: covariances; std, lambda 6: correlations; r drop: with the sum of the other items;\n" +
		"r cor: as r raw, the item's own share replaced by its squared multiple correlation.\n" +
		"A high alpha does not show that the items measure one thing.\n")
	for _, w := range append(slices.Clone(r.Raw.Warnings), r.Standardized.Warnings...) {
		fmt.Fprintf(&b, "%s: %s\n", w.Severity, w.Error())
	}
	return b.String()
}

func (r AlphaResult) frequencies(b *strings.Builder) {
	var names []string
	for _, l := range r.Levels {
		names = append(names, wire.Short(l))
	}
	t := wire.NewGrid(append(names, "missing")...)
	for _, s := range r.Statistics {
		all := s.Missing
		for _, c := range s.Counts {
			all += c
		}
		var xs []float64
		for _, c := range append(slices.Clone(s.Counts), s.Missing) {
			xs = append(xs, float64(c)/float64(all))
		}
		t.Row(s.Name, xs...)
	}
	b.WriteString("\nShare of answers, as given\n")
	t.Write(b)
}

// MarshalJSON writes the fields by their tags; what is no number is null.
func (r AlphaResult) MarshalJSON() ([]byte, error) { return wire.Marshal(r) }

// UnmarshalJSON reads what MarshalJSON wrote; null is NaN.
func (r *AlphaResult) UnmarshalJSON(data []byte) error {
	type plain AlphaResult
	return wire.Unmarshal(data, (*plain)(r))
}

// MarshalJSON writes the fields by their tags; what is no number is null.
func (s ItemStatistics) MarshalJSON() ([]byte, error) { return wire.Marshal(s) }

// UnmarshalJSON reads what MarshalJSON wrote; null is NaN.
func (s *ItemStatistics) UnmarshalJSON(data []byte) error {
	type plain ItemStatistics
	return wire.Unmarshal(data, (*plain)(s))
}

package agreement

import (
	"fmt"
	"math"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/word"
)

// Weights say how much two different categories agree.
type Weights uint8

// The weights, for categories with the values a and b, and those of [Options.Weight].
const (
	Identity       Weights = iota // not at all
	Linear                        // 1 − |a − b| / range
	Quadratic                     // 1 − ((a − b) / range)²
	OrdinalWeights                // 1 − pairs within a..b / pairs within all, by the categories' order (Gwet)
)

var weightWords = word.Of[Weights]("weights", "identity", "linear", "quadratic", "ordinal")

// String returns "identity", "linear", "quadratic" or "ordinal".
func (w Weights) String() string { return weightWords.String(w) }

// A Metric is a squared distance of two ratings for [Krippendorff].
type Metric uint8

// The metrics, for the values a < b.
const (
	Nominal  Metric = iota // 1
	Ordinal                // (ratings from a to b, those at the ends half)²
	Interval               // (a − b)²
	Ratio                  // ((a − b) / (a + b))²
	Custom                 // Options.Distance
)

var metricWords = word.Of[Metric]("metric", "nominal", "ordinal", "interval", "ratio", "custom")

// String returns "nominal", "ordinal", "interval", "ratio" or "custom".
func (m Metric) String() string { return metricWords.String(m) }

// Options of the coefficients. The zero value, or nil, is usable.
type Options struct {
	Level float64 // of the intervals; 0: 0.95
	// Categories are the values a rating can have, also those nobody used:
	// Gwet and BrennanPrediger count them. nil: those that occur, with a note.
	Categories []float64
	Weights    Weights // of all but Krippendorff; the zero value is Identity
	// Weight, if not nil, is used instead of Weights: how much a and b agree,
	// 1 for a = b, symmetric.
	Weight func(a, b float64) float64
	// Distance is the squared distance of the metric Custom: 0 for a = b, symmetric.
	Distance func(a, b float64) float64
}

func (opt *Options) checked() (Options, error) {
	o := Options{}
	if opt != nil {
		o = *opt
	}
	if o.Level == 0 {
		o.Level = 0.95
	}
	if !(0 < 1-o.Level && 1-o.Level < 1) {
		return o, problem(bangkom.ErrOption, "Level", fmt.Sprint(o.Level), "a level outside (0, 1)", "use 0.95")
	}
	if o.Weights > OrdinalWeights {
		return o, problem(bangkom.ErrOption, "Weights", o.Weights.String(), "no such weights", "Identity, Linear, Quadratic, OrdinalWeights, or a function")
	}
	if o.Categories != nil {
		o.Categories = slices.Clone(o.Categories)
		slices.Sort(o.Categories)
		for i, c := range o.Categories {
			if c-c != 0 || i > 0 && c == o.Categories[i-1] {
				return o, problem(bangkom.ErrOption, "Categories", fmt.Sprint(c), "a category that is no number, or is given twice", "")
			}
		}
	}
	return o, nil
}

// weigher gives the weight of two categories by their places in values.
type weigher struct {
	of   func(k, l int) float64
	name string
	same bool // the weights are those of identity
}

func (o Options) weigher(values []float64) (weigher, error) {
	q := len(values)
	span := 1.0
	if q > 1 {
		span = values[q-1] - values[0]
	}
	pairs := func(n int) float64 { return float64(n) * float64(n-1) / 2 }
	w := weigher{name: o.Weights.String()}
	switch {
	case o.Weight != nil:
		w.name = "custom"
		w.of = func(k, l int) float64 { return o.Weight(values[k], values[l]) }
		for k := range values {
			for l := range k + 1 {
				a, b := w.of(k, l), w.of(l, k)
				if a-a != 0 || a != b || k == l && a != 1 {
					return w, problem(bangkom.ErrOption, "Weight", fmt.Sprintf("%g, %g: %g", values[k], values[l], a), "weights must be finite, symmetric, and 1 for equal categories", "")
				}
			}
		}
	case o.Weights == Linear:
		w.of = func(k, l int) float64 { return 1 - math.Abs(values[k]-values[l])/span }
	case o.Weights == Quadratic:
		w.of = func(k, l int) float64 { d := (values[k] - values[l]) / span; return 1 - d*d }
	case o.Weights == OrdinalWeights:
		w.of = func(k, l int) float64 { return 1 - pairs(max(k-l, l-k)+1)/pairs(max(q, 2)) }
	default:
		w.same = true
		w.of = func(k, l int) float64 {
			if k == l {
				return 1
			}
			return 0
		}
	}
	return w, nil
}

func problem(code bangkom.Problem, where, value, msg, need string) error {
	return bangkom.Problem{Code: code.Code, Where: "agreement: " + where, Value: value, Msg: msg, Need: need}
}

func warning(code, value, msg, need string) bangkom.Problem {
	return bangkom.Problem{Code: code, Severity: bangkom.Warning, Value: value, Msg: msg, Need: need}
}

// fewSubjects is below which a standard error that holds for many subjects is
// warned of.
const fewSubjects = 10

func few(n int) bangkom.Problem {
	return warning("small-sample", fmt.Sprint(n), "few subjects: the standard error is that of a large sample", fmt.Sprintf("%d subjects or more", fewSubjects))
}

// boundary warns of a standard error of 0, which is no certainty.
func boundary(value, se float64) (w bangkom.Problems) {
	switch {
	case value >= 1:
		w.Add(warning("full-agreement", "", "raters agree on every subject: standard error and interval have no width by construction", "more subjects, before it is called perfect"))
	case se < 1e-14: // the noise of rounding
		w.Add(warning("no-width", "", "all subjects are alike in agreement: standard error and interval have no width by construction", "more subjects"))
	}
	return w
}

// prevalence warns where raters agree on most subjects and a coefficient is
// low all the same, because one category holds most ratings (the paradox of
// Feinstein and Cicchetti, 1990).
func prevalence(share, observed, value float64) (w bangkom.Problems) {
	if share >= 0.8 && observed-value >= 0.2 {
		w.Add(warning("prevalence", fmt.Sprintf("%.3g", share), fmt.Sprintf("one category holds most ratings: agreement is %.3g, and the coefficient low because chance alone brings almost as much", observed), "a look at Gwet's coefficient and at the table itself"))
	}
	return w
}

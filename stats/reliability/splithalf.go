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

// OddEven puts the first, third, fifth … item into one half.
func OddEven(items int) []bool {
	items = max(0, items)
	half := make([]bool, items)
	for i := 0; i < items; i += 2 {
		half[i] = true
	}
	return half
}

// A SplitResult is what [SplitHalf] found.
type SplitResult struct {
	R             bangkom.Estimate `json:"r"`              // correlation of the halves' sums, Fisher's interval
	SpearmanBrown bangkom.Estimate `json:"spearman_brown"` // 2r / (1 + r): of the whole test, if the halves are parallel
	Horst         bangkom.Estimate `json:"horst"`          // the same for halves of unequal length
	Flanagan      bangkom.Estimate `json:"flanagan"`       // 4 cov / var(sum): Flanagan, Rulon, Guttman; no equal variances asked for
	Half          []bool           `json:"half"`           // the items of the first half
}

// SplitHalf cuts a test in two and returns how well the halves agree. half
// marks the items of the first half; nil is [OddEven].
//
//	Spearman–Brown  2r / (1 + r)
//	Horst           r (√(r² + 4pq(1−r²)) − r) / (2pq(1−r²)),   p, q: shares of the items
//	Flanagan        4 cov(a, b) / var(a + b)
//
// The intervals of r and of the two that are functions of it are Fisher's z;
// that of Flanagan's coefficient, which is the alpha of two parts, is Feldt's.
//
// Errors: those of [Alpha], ErrNoVariation if a half is constant, ErrOption for
// a half without items. In R: psych::splitHalf and formulas.
func SplitHalf(items [][]float64, half []bool, opt *Options) (SplitResult, error) {
	s, err := Summarize(items, opt)
	if err != nil {
		return SplitResult{}, err
	}
	return s.SplitHalf(half)
}

// SplitHalf is [SplitHalf] of a summary.
func (s Summary) SplitHalf(half []bool) (SplitResult, error) {
	s, err := s.checked()
	if err != nil {
		return SplitResult{}, err
	}
	k := len(s.Cov)
	if half == nil {
		half = OddEven(k)
	}
	if len(half) != k || !slices.Contains(half, true) || !slices.Contains(half, false) {
		return SplitResult{}, problem(bangkom.ErrOption, "half", fmt.Sprint(half), "no split of the items in two", "one entry per item, both values")
	}
	var va, vb, ab, na float64
	for i := range k {
		if half[i] {
			na++
		}
		for j := range k {
			switch c := s.Cov[i][j]; {
			case half[i] && half[j]:
				va += c
			case !half[i] && !half[j]:
				vb += c
			default:
				ab += c / 2
			}
		}
	}
	if tiny := constant * trace(s.Cov); va <= tiny || vb <= tiny {
		return SplitResult{}, problem(bangkom.ErrNoVariation, "half", "", "a half is the same for everybody", "another split")
	}
	return s.splitResult(half, ab/math.Sqrt(va*vb), 4*ab/(va+vb+2*ab), na/float64(k)), nil
}

func (s Summary) splitResult(half []bool, r, flanagan, p float64) SplitResult {
	brown := func(r float64) float64 { return 2 * r / (1 + r) }
	horst := func(r float64) float64 {
		if 1-r*r <= 0 || r == 0 {
			return r
		}
		c := 2 * p * (1 - p) * (1 - r*r)
		return r * (math.Sqrt(r*r+2*c) - r) / c
	}
	lo, hi := math.NaN(), math.NaN()
	if s.N > 3 {
		z := num.NormalQuantile((1+s.Level)/2) / math.Sqrt(float64(s.N-3))
		lo, hi = math.Tanh(math.Atanh(r)-z), math.Tanh(math.Atanh(r)+z)
	}
	of := func(f func(float64) float64, name, interval string) bangkom.Estimate {
		e := bangkom.Estimate{Value: f(r), SE: math.NaN(), N: s.N, Method: name, Missing: s.Missing}
		if s.N > 3 {
			e.CI = bangkom.Interval{Lo: f(lo), Hi: f(hi), Level: s.Level, Method: interval}
		}
		return e
	}
	out := SplitResult{Half: slices.Clone(half)}
	out.R = of(func(r float64) float64 { return r }, "correlation of two halves", "Fisher z")
	out.R.Warnings = slices.Clone(s.Warnings)
	out.SpearmanBrown = of(brown, "split-half, Spearman–Brown", "Fisher z through Spearman–Brown")
	out.Horst = of(horst, "split-half, Horst", "Fisher z through Horst")
	out.Flanagan = bangkom.Estimate{Value: flanagan, SE: math.NaN(), N: s.N, Method: "split-half, Flanagan–Rulon", Missing: s.Missing,
		CI: feldt(flanagan, float64(s.N), 2, s.Level)}
	if s.N <= 3 {
		out.R.Warnings.Add(bangkom.Problem{Code: "small-sample", Severity: bangkom.Warning, Value: fmt.Sprint(s.N), Msg: "too few respondents for an interval of the correlation", Need: "4 respondents or more"})
	}
	if p != 0.5 {
		out.SpearmanBrown.Warnings.Add(bangkom.Problem{Code: "unequal-halves", Severity: bangkom.Warning, Msg: "Spearman–Brown supposes halves of equal length", Need: "read Horst's coefficient or Flanagan's"})
	}
	if r <= 0 {
		out.SpearmanBrown.Warnings.Add(bangkom.Problem{Code: "negative-alpha", Severity: bangkom.Warning, Msg: "the halves work against each other", Need: "reverse the items that are worded the other way round"})
	}
	return out
}

// String gives Flanagan's coefficient on one line.
func (r SplitResult) String() string {
	return "split-half (Flanagan): " + r.Flanagan.String()
}

// Table gives all coefficients of the split.
func (r SplitResult) Table() string {
	var b strings.Builder
	first := 0
	for _, h := range r.Half {
		if h {
			first++
		}
	}
	estimates(&b, []string{"r of the halves", "Spearman–Brown", "Horst", "Flanagan"}, []bangkom.Estimate{r.R, r.SpearmanBrown, r.Horst, r.Flanagan})
	fmt.Fprintf(&b, "\nHalves of %d and %d items; n = %d; missing answers: %s.\n", first, len(r.Half)-first, r.R.N, r.R.Missing)
	warnings(&b, r.R, r.SpearmanBrown)
	return b.String()
}

// estimates prints values with their intervals and the intervals' methods.
func estimates(b *strings.Builder, names []string, es []bangkom.Estimate) {
	t := wire.NewGrid("estimate", "SE", "lower", "upper", "interval")
	for i, e := range es {
		lo, hi := e.CI.Lo, e.CI.Hi
		if e.CI == (bangkom.Interval{}) {
			lo, hi = math.NaN(), math.NaN()
		}
		t.Text(names[i], wire.Short(e.Value), wire.Short(e.SE), wire.Short(lo), wire.Short(hi), e.CI.Method)
	}
	t.Write(b)
}

func warnings(b *strings.Builder, es ...bangkom.Estimate) {
	for _, e := range es {
		for _, w := range e.Warnings {
			fmt.Fprintf(b, "%s: %s\n", w.Severity, w.Error())
		}
	}
}

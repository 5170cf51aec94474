package reliability

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
	"github.com/bangkom/bangkom/internal/word"
	"github.com/bangkom/bangkom/stats/internal/wire"
)

// An Estimator fits the factor of [Omega].
type Estimator uint8

// The estimators.
const (
	ML     Estimator = iota // maximum likelihood; with standard error and interval
	MinRes                  // least squares of the correlations between items
)

var estimatorWords = word.Of[Estimator]("estimator", "ML", "minres")

// String returns "ML" or "minres".
func (e Estimator) String() string { return estimatorWords.String(e) }

// A Metric says on what a coefficient is computed.
type Metric uint8

// The metrics.
const (
	Covariances  Metric = iota // of the sum of the items as they are
	Correlations               // of the sum of standardised items
)

var metricWords = word.Of[Metric]("metric", "covariances", "correlations")

// String returns "covariances" or "correlations".
func (m Metric) String() string { return metricWords.String(m) }

// A Share says what omega divides by what, with λ and ψ on the metric:
type Share uint8

// The shares.
const (
	Implied      Share = iota // (Σλ)² / ((Σλ)² + Σψ): all of the model
	UniqueOfReal              // 1 − Σψ / var(sum): psych::omega prints this
	CommonOfReal              // (Σλ)² / var(sum)
)

var shareWords = word.Of[Share]("share", "implied", "1 − unique / observed", "common / observed")

// String returns "implied", "1 − unique / observed" or "common / observed".
func (s Share) String() string { return shareWords.String(s) }

// A Status says how an iterative fit ended.
type Status uint8

// The ends of a fit.
const (
	Converged Status = iota // the optimum, as far as rounding lets it
	Boundary                // an optimum with a uniqueness on its bound: a Heywood case, do not trust it
	Stopped                 // no optimum was reached
)

var statusWords = word.Of[Status]("status", "converged", "boundary", "stopped")

// String returns "converged", "boundary" or "stopped".
func (s Status) String() string { return statusWords.String(s) }

// MarshalText writes the word of [Status.String].
func (s Status) MarshalText() ([]byte, error) { return statusWords.Marshal(s) }

// UnmarshalText reads what MarshalText wrote.
func (s *Status) UnmarshalText(text []byte) error { return statusWords.Unmarshal(text, s) }

// OmegaOptions name which of the omegas is meant.
type OmegaOptions struct {
	Estimator Estimator // the zero value is ML
	Metric    Metric    // the zero value is Covariances
	Share     Share     // the zero value is Implied
}

// An OmegaValue is one of the omegas of a fit.
type OmegaValue struct {
	Metric string  `json:"metric"`
	Share  string  `json:"share"`
	Value  float64 `json:"value"`
}

// An OmegaResult is what [Omega] found.
type OmegaResult struct {
	Omega      bangkom.Estimate `json:"omega"` // the one that was asked for
	All        []OmegaValue     `json:"all"`   // every metric and share of the same fit
	Names      []string         `json:"names"`
	Loadings   []float64        `json:"loadings"`   // standardised
	Uniqueness []float64        `json:"uniqueness"` // standardised: 1 − loading²
	Status     Status           `json:"status"`
	Iterations int              `json:"iterations"`
	Objective  float64          `json:"objective"` // the estimator's discrepancy at the end
}

// Omega fits one common factor to the items and returns McDonald's omega total:
// the part of the variance of their sum that the factor explains.
//
//	ω = (Σλ)² / ((Σλ)² + Σψ)
//
// The same data have many omegas, because estimator, metric and share differ
// between programs: what, names them, and the others stand in All. fit nil is maximum
// likelihood on covariances, all of the model, as lavaan and JASP do it; with
// minres, correlations and UniqueOfReal it is what psych::omega(nfactors = 1) prints.
// For ML the standard error is by the delta method from the expected
// information, the interval normal; both only for the share Implied, a fit that
// converged, and not under Pairwise, whose covariances are of different people.
//
// The factor is fitted, not tested: omega of items that measure several things
// is as misleading as alpha. Errors: those of [Alpha], ErrTooFew below three items,
// ErrNoVariation if an item is constant. A fit that did not converge is no
// error: see Status.
//
// In R: factanal(covmat, factors = 1), whose stopping rule leaves 7 digits;
// psych::fa(fm = "minres"); lavaan with a defined parameter.
func Omega(items [][]float64, fit *OmegaOptions, opt *Options) (OmegaResult, error) {
	s, err := Summarize(items, opt)
	if err != nil {
		return OmegaResult{}, err
	}
	return s.Omega(fit)
}

// Omega is [Omega] of a summary.
func (s Summary) Omega(fit *OmegaOptions) (OmegaResult, error) {
	var o OmegaOptions
	if fit != nil {
		o = *fit
	}
	s, err := s.checked()
	if err != nil {
		return OmegaResult{}, err
	}
	switch {
	case o.Estimator > MinRes || o.Metric > Correlations || o.Share > CommonOfReal:
		return OmegaResult{}, problem(bangkom.ErrOption, "omega", o.name(), "no such omega", "the constants of Estimator, Metric and Share")
	case len(s.Cov) < 3:
		return OmegaResult{}, problem(bangkom.ErrTooFew, "omega", fmt.Sprint(len(s.Cov)), "two items do not determine a factor", "at least 3 items")
	}
	for i := range s.Cov {
		if s.Cov[i][i] == 0 {
			return OmegaResult{}, problem(bangkom.ErrNoVariation, "omega", s.name(i), "an item has the same answer from everybody", "leave the item out")
		}
	}
	s.Cov = rescaled(s.Cov)
	cor := num.Correlation(s.Cov)
	f := num.FactorML
	if o.Estimator == MinRes {
		f = num.FactorMinRes
	}
	return s.omegaResult(o, cor, f(cor)), nil
}

func (o OmegaOptions) name() string {
	return fmt.Sprintf("omega total, one factor by %s, %s, %s", o.Estimator, o.Metric, o.Share)
}

func (s Summary) omegaResult(o OmegaOptions, cor [][]float64, f num.Factor) OmegaResult {
	r := OmegaResult{Loadings: f.Loading, Uniqueness: f.Uniqueness, Iterations: f.Iterations, Objective: f.Objective}
	switch {
	case !f.Converged:
		r.Status = Stopped
	case f.Boundary:
		r.Status = Boundary
	}
	for i := range s.Cov {
		r.Names = append(r.Names, s.name(i))
	}
	r.Omega = bangkom.Estimate{SE: math.NaN(), N: s.N, Method: o.name(), Missing: s.Missing, Warnings: slices.Clone(s.Warnings)}
	for m := Covariances; m <= Correlations; m++ {
		for sh := Implied; sh <= CommonOfReal; sh++ {
			v := s.share(f, cor, m, sh)
			r.All = append(r.All, OmegaValue{m.String(), sh.String(), v})
			if m == o.Metric && sh == o.Share {
				r.Omega.Value = v
			}
		}
	}
	if o.Estimator == ML && o.Share == Implied && r.Status == Converged && s.Missing.Policy != Pairwise.String() {
		if se, ok := num.OmegaSE(f, s.sds(o.Metric), s.N); ok {
			z := num.NormalQuantile((1 + s.Level) / 2)
			r.Omega.SE = se
			r.Omega.CI = bangkom.Interval{Lo: r.Omega.Value - z*se, Hi: r.Omega.Value + z*se, Level: s.Level, Method: "normal, delta method"}
		}
	}
	s.omegaWarnings(&r)
	return r
}

// sds are what standardised loadings are multiplied by on a metric.
func (s Summary) sds(m Metric) []float64 {
	sd := make([]float64, len(s.Cov))
	for i := range sd {
		sd[i] = 1
		if m == Covariances {
			sd[i] = math.Sqrt(s.Cov[i][i])
		}
	}
	return sd
}

func (s Summary) share(f num.Factor, cor [][]float64, m Metric, sh Share) float64 {
	sd, observed := s.sds(m), num.Total(cor)
	if m == Covariances {
		observed = num.Total(s.Cov)
	}
	var sum, unique float64
	for i, l := range f.Loading {
		sum += l * sd[i]
		unique += f.Uniqueness[i] * sd[i] * sd[i]
	}
	switch sh {
	case UniqueOfReal:
		return 1 - unique/observed
	case CommonOfReal:
		return sum * sum / observed
	}
	return sum * sum / (sum*sum + unique)
}

func (s Summary) omegaWarnings(r *OmegaResult) {
	w := &r.Omega.Warnings
	switch r.Status {
	case Boundary:
		w.Add(bangkom.Problem{Code: "heywood", Severity: bangkom.Warning, Msg: "an item is explained wholly by the factor: its uniqueness stopped at its bound", Need: "more respondents, or another item"})
	case Stopped:
		w.Add(bangkom.Problem{Code: "not-converged", Severity: bangkom.Warning, Value: fmt.Sprint(r.Iterations), Msg: "the factor was not fitted", Need: "more respondents than items, and no item that the others determine"})
	}
	for i, l := range r.Loadings {
		if l < 0 {
			w.Add(bangkom.Problem{Code: "negative-item", Severity: bangkom.Warning, Where: "item " + r.Names[i], Value: wire.Short(l), Msg: "the item goes against the factor", Need: "reverse it, if it is worded the other way round"})
		}
	}
	if len(s.Cov) == 3 {
		w.Add(bangkom.Problem{Code: "just-identified", Severity: bangkom.Note, Msg: "three items fit one factor whatever they measure"})
	}
	if s.N < 100 {
		w.Add(bangkom.Problem{Code: "small-sample", Severity: bangkom.Warning, Value: fmt.Sprint(s.N), Msg: "few respondents for a factor", Need: "100 respondents or more"})
	}
}

// String gives omega with its method on one line.
func (r OmegaResult) String() string {
	return fmt.Sprintf("%s: %s, %s", r.Omega.Method, r.Omega, r.Status)
}

// Table gives the loadings and every omega of the fit.
func (r OmegaResult) Table() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n", r.Omega)
	t := wire.NewGrid("loading", "uniqueness")
	for i, n := range r.Names {
		t.Row(n, r.Loadings[i], r.Uniqueness[i])
	}
	t.Write(&b)
	b.WriteString("\n")
	t = wire.NewGrid("omega")
	for _, v := range r.All {
		t.Row(v.Metric+", "+v.Share, v.Value)
	}
	t.Write(&b)
	fmt.Fprintf(&b, "\nChosen: %s; %s after %d iterations.\nn = %d; missing answers: %s. Loadings are standardised.\n", r.Omega.Method, r.Status, r.Iterations, r.Omega.N, r.Omega.Missing)
	warnings(&b, r.Omega)
	return b.String()
}

// MarshalJSON writes the fields by their tags; what is no number is null.
func (r OmegaResult) MarshalJSON() ([]byte, error) { return wire.Marshal(r) }

// UnmarshalJSON reads what MarshalJSON wrote; a null number is NaN.
func (r *OmegaResult) UnmarshalJSON(data []byte) error {
	type plain OmegaResult
	return wire.Unmarshal(data, (*plain)(r))
}

// MarshalJSON writes the fields by their tags; what is no number is null.
func (v OmegaValue) MarshalJSON() ([]byte, error) { return wire.Marshal(v) }

// UnmarshalJSON reads what MarshalJSON wrote; null is NaN.
func (v *OmegaValue) UnmarshalJSON(data []byte) error {
	type plain OmegaValue
	return wire.Unmarshal(data, (*plain)(v))
}

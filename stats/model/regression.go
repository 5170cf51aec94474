package model

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
	"github.com/bangkom/bangkom/stats/internal/wire"
)

// A Coefficient is a named coefficient with its test against nought.
type Coefficient struct {
	Name string       `json:"name"`
	Test bangkom.Test `json:"test"`
}

// A Regression is what [OLS] says.
type Regression struct {
	Coefficients []Coefficient   `json:"coefficients"`
	Cov          [][]float64     `json:"covariance"` // of the coefficients, by Errors
	N            int             `json:"n"`
	DF           float64         `json:"df"`    // of the residuals: n − p
	Sigma        float64         `json:"sigma"` // √(RSS/df), the residual standard error
	RSS          float64         `json:"rss"`
	R2           float64         `json:"r2"`
	AdjustedR2   float64         `json:"r2_adjusted"`
	F            bangkom.Test    `json:"f"`         // that all slopes are nought, by Errors (Wald)
	Condition    float64         `json:"condition"` // of the columns, each brought to length 1 (1-norm)
	DurbinWatson float64         `json:"durbin_watson"`
	Errors       Errors          `json:"errors"`
	Clusters     int             `json:"clusters,omitempty"`
	Method       string          `json:"method"`
	Missing      bangkom.Missing `json:"missing"`
	// Warnings also stand in the estimate of each coefficient that they spoil.
	Warnings bangkom.Problems `json:"warnings,omitempty"`

	outcome   string
	names     []string
	level     float64
	exact     bool
	fit       *num.Fit
	meat      [][]float64
	clusters  []cluster
	residuals []float64
	lone      [][]float64 // of rows that are fitted exactly, their place in the columns' space
}

// Residuals returns y − Xb of the rows that were used, in their order.
func (r Regression) Residuals() []float64 { return slices.Clone(r.residuals) }

// Coefficient returns the test of a coefficient by its column's name; the
// constant is "intercept".
func (r Regression) Coefficient(name string) (bangkom.Test, bool) {
	i := slices.IndexFunc(r.Coefficients, func(c Coefficient) bool { return c.Name == name })
	if i < 0 {
		return bangkom.Test{}, false
	}
	return r.Coefficients[i].Test, true
}

// Contrast estimates and tests a combination Σ weight · coefficient, with the
// standard errors of the regression. Columns that are not named weigh nothing.
// It needs the fit: a Regression read back from JSON gives ErrOption.
//
// In R: multcomp::glht, or emmeans.
func (r Regression) Contrast(weights map[string]float64) (bangkom.Test, error) {
	c := make([]float64, len(r.names))
	for name, w := range weights {
		j := slices.Index(r.names, name)
		if j < 0 || !finite(w) {
			return bangkom.Test{}, problem(bangkom.ErrOption, "contrast", name, "no such coefficient, or no finite weight", strings.Join(r.names, ", "))
		}
		c[j] = w
	}
	if !slices.ContainsFunc(c, func(x float64) bool { return x != 0 }) {
		return bangkom.Test{}, problem(bangkom.ErrOption, "contrast", "", "a combination of nothing", "a weight that is not nought")
	}
	return r.contrast(c), nil
}

func (r Regression) contrast(c []float64) bangkom.Test {
	t := r.combination(c)
	terms := make([]float64, len(c))
	for j, w := range c {
		terms[j] = w * r.fit.Beta[j]
	}
	t.Estimate.Value = num.Sum(terms)
	return r.finish(t)
}

// combination gives standard error and degrees of freedom of c'b.
func (r Regression) combination(c []float64) bangkom.Test {
	b := r.fit.Loadings(c)
	t := bangkom.Test{DF: r.DF, DF2: math.NaN(), Alternative: "two-sided"}
	t.Estimate.SE = math.Sqrt(max(0, num.Form(b, r.meat, b)))
	if r.unseen(b) {
		t.Estimate.SE = math.NaN()
	}
	switch r.Errors {
	case CR1:
		t.DF = float64(r.Clusters - 1)
	case CR2:
		t.DF = r.satterthwaite(b)
	}
	return t
}

// unseen reports whether a combination with these loadings weighs a row that is
// fitted exactly: HC2 and HC3 divide by nought there.
func (r Regression) unseen(loadings []float64) bool {
	return slices.ContainsFunc(r.lone, func(u []float64) bool {
		return math.Abs(num.Dot(u, loadings)) > 1e-8*math.Sqrt(num.Dot(loadings, loadings))
	})
}

func (r Regression) loadings(j int) []float64 {
	c := make([]float64, len(r.names))
	c[j] = 1
	return r.fit.Loadings(c)
}

// finish puts the test and the interval to a value with its standard error.
func (r Regression) finish(t bangkom.Test) bangkom.Test {
	e := &t.Estimate
	e.N, e.Method, e.Missing = r.N, r.Method, r.Missing
	if r.exact || !(e.SE > 0) || !(t.DF > 0) {
		t.Statistic, t.P = math.NaN(), math.NaN()
		code := bangkom.Problem{Code: "no-standard-error", Severity: bangkom.Warning, Msg: "nothing is left to test this coefficient against", Need: "more rows, or clusters, that bear on it"}
		if r.exact {
			code = bangkom.Problem{Code: "perfect-fit", Severity: bangkom.Warning, Msg: "the columns give the outcome exactly: there is no error to test against"}
		}
		e.Warnings.Add(code)
		return t
	}
	if !finite(e.SE) || !finite(e.Value) {
		e.SE, t.Statistic, t.P = math.NaN(), math.NaN(), math.NaN()
		e.Warnings.Add(bangkom.Problem{Code: "out-of-range", Severity: bangkom.Warning, Msg: "the coefficient or its standard error is beyond what a float64 can hold", Need: "a larger unit of the column, or a smaller one of the outcome"})
		return t
	}
	t.Statistic = e.Value / e.SE
	t.P = num.TTwoSided(t.Statistic, t.DF)
	half := e.SE * num.TQuantile((1+r.level)/2, t.DF)
	e.CI = bangkom.Interval{Lo: e.Value - half, Hi: e.Value + half, Level: r.level, Method: "t"}
	if r.Errors == CR2 && t.DF < 4 {
		e.Warnings.Add(bangkom.Problem{Code: "few-clusters", Severity: bangkom.Warning, Value: wire.Short(t.DF), Msg: "fewer than four degrees of freedom: p is not to be relied on (Tipton, 2015)", Need: "more clusters that bear on this coefficient"})
	}
	return t
}

// Joint tests that several coefficients are all nought, by Wald's statistic
// with the standard errors of the regression:
//
//	F = b'V⁻¹b / q,   df = q and n − p
//
// Under CR1 and CR2 the second degrees of freedom are clusters − 1: with few
// clusters that rejects too often. With Classical errors it is the F of a
// comparison of two models. The estimate of the test is F itself.
//
// In R: anova of two models, or lmtest::waldtest(vcov =).
func (r Regression) Joint(names ...string) (bangkom.Test, error) {
	var at []int
	for _, name := range names {
		j := slices.Index(r.names, name)
		if j < 0 || slices.Contains(at, j) {
			return bangkom.Test{}, problem(bangkom.ErrOption, "joint", name, "no such coefficient, or the same twice", strings.Join(r.names, ", "))
		}
		at = append(at, j)
	}
	if len(at) == 0 {
		return bangkom.Test{}, problem(bangkom.ErrOption, "joint", "", "a test of no coefficient", "at least 1")
	}
	t := bangkom.Test{Statistic: math.NaN(), P: math.NaN(), DF: float64(len(at)), DF2: r.DF}
	t.Estimate = bangkom.Estimate{Value: math.NaN(), SE: math.NaN(), N: r.N, Method: "Wald F of " + strings.Join(names, ", ") + "; " + r.Method, Missing: r.Missing}
	if r.Errors == CR1 || r.Errors == CR2 {
		t.DF2 = float64(r.Clusters - 1)
	}
	f, ok := r.wald(at)
	if r.exact || !ok {
		t.Estimate.Warnings.Add(bangkom.Problem{Code: "no-standard-error", Severity: bangkom.Warning, Msg: "the covariance of these coefficients has no inverse", Need: "more rows, or more clusters than coefficients"})
		return t, nil
	}
	t.Statistic = f
	t.Estimate.Value = f
	t.P = num.FSurvival(f, t.DF, t.DF2)
	return t, nil
}

// wald is b'V⁻¹b/q. Coefficients are brought to standard errors of 1, so that
// units do not matter to the inverse.
func (r Regression) wald(at []int) (float64, bool) {
	q := len(at)
	v, z := num.Square(q), make([]float64, q)
	b := make([][]float64, q)
	for i, j := range at {
		b[i] = r.loadings(j)
	}
	se := make([]float64, q)
	for i := range at {
		se[i] = math.Sqrt(num.Form(b[i], r.meat, b[i]))
		if !(se[i] > 0) || r.unseen(b[i]) {
			return 0, false
		}
	}
	for i := range at {
		for k := range at {
			v[i][k] = num.Form(b[i], r.meat, b[k]) / se[i] / se[k]
		}
		z[i] = r.fit.Beta[at[i]] / se[i]
	}
	x, ok := num.SolveDefinite(v, z)
	if !ok {
		return 0, false
	}
	return num.Dot(z, x) / float64(q), true
}

// String gives the size of the fit on one line.
func (r Regression) String() string {
	return fmt.Sprintf("%d coefficients, R² = %s, F(%s, %s) = %s, p %s, n = %d, standard errors %s",
		len(r.Coefficients), wire.Short(r.R2), wire.Short(r.F.DF), wire.Short(r.F.DF2), wire.Short(r.F.Statistic), bangkom.FormatP(r.F.P), r.N, r.Errors)
}

// Table gives the coefficients and how they were found.
func (r Regression) Table() string {
	var b strings.Builder
	testGrid(&b, r.Coefficients)
	fmt.Fprintf(&b, "\n%s: n = %d; missing: %s.\n", r.outcome, r.N, r.Missing)
	fmt.Fprintf(&b, "R² %s, adjusted %s; residual sd %s on %s df; F(%s, %s) = %s, p %s.\n", wire.Short(r.R2), wire.Short(r.AdjustedR2), wire.Short(r.Sigma), wire.Short(r.DF),
		wire.Short(r.F.DF), wire.Short(r.F.DF2), wire.Short(r.F.Statistic), bangkom.FormatP(r.F.P))
	fmt.Fprintf(&b, "%s.\n", capital(r.Method))
	if r.Clusters > 0 {
		fmt.Fprintf(&b, "%d clusters.\n", r.Clusters)
	}
	fmt.Fprintf(&b, "Condition %s; Durbin–Watson %s.\n", wire.Short(r.Condition), wire.Short(r.DurbinWatson))
	warnings(&b, r.Warnings)
	return b.String()
}

// testGrid writes a table of tests.
func testGrid(b *strings.Builder, rows []Coefficient) {
	level := 0.95
	for _, c := range rows {
		if l := c.Test.Estimate.CI.Level; l > 0 {
			level = l
		}
	}
	pct := wire.Short(100*level) + " %"
	t := wire.NewGrid("estimate", "SE", "t", "df", "p", "lower "+pct, "upper "+pct)
	for _, c := range rows {
		e := c.Test.Estimate
		lo, hi := math.NaN(), math.NaN()
		if e.CI.Level > 0 {
			lo, hi = e.CI.Lo, e.CI.Hi
		}
		p := "–"
		if !math.IsNaN(c.Test.P) {
			p = strings.TrimPrefix(bangkom.FormatP(c.Test.P), "= ")
		}
		t.Text(c.Name, wire.Short(e.Value), wire.Short(e.SE), wire.Short(c.Test.Statistic), wire.Short(c.Test.DF), p, wire.Short(lo), wire.Short(hi))
	}
	t.Write(b)
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

func warnings(b *strings.Builder, ps bangkom.Problems) {
	for _, p := range ps {
		fmt.Fprintf(b, "%s: %s\n", p.Severity, p.Error())
	}
}

// MarshalJSON writes the fields by their tags; what is no number is null.
func (r Regression) MarshalJSON() ([]byte, error) { return wire.Marshal(r) }

// UnmarshalJSON reads what MarshalJSON wrote; null is NaN.
func (r *Regression) UnmarshalJSON(data []byte) error {
	type plain Regression
	return wire.Unmarshal(data, (*plain)(r))
}

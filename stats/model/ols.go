package model

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
	"github.com/bangkom/bangkom/internal/word"
)

// A Column is a named variable: one value per row, NaN where it is missing.
type Column struct {
	Name   string
	Values []float64
}

// Errors says how standard errors are made, and of what they are robust.
type Errors uint8

// The standard errors. n rows, p coefficients, leverages h, residuals e.
const (
	Robust    Errors = iota // HC3, or CR2 where clusters are given
	Classical               // one variance for all rows: σ²(X'X)⁻¹
	HC0                     // White (1980): e²
	HC1                     // e²·n/(n − p), Stata's robust
	HC2                     // e²/(1 − h): unbiased where the variances are equal after all; unknown where a row alone has a coefficient, h = 1
	HC3                     // e²/(1 − h)²: for small samples (MacKinnon and White, 1985); unknown as HC2
	CR1                     // clusters, ·G/(G − 1)·(n − 1)/(n − p) as Stata; df = G − 1. clubSandwich calls it CR1S
	CR2                     // clusters, residuals by (I − H)^(−1/2) (Bell and McCaffrey, 2002); df after Satterthwaite
	NeweyWest               // rows in order of time, like their neighbours (Bartlett's weights)
)

var errorWords = word.Of[Errors]("standard errors", "robust", "classical", "HC0", "HC1", "HC2", "HC3", "CR1", "CR2", "Newey-West")

// String returns "robust", "classical", "HC0" … "HC3", "CR1", "CR2" or "Newey-West".
func (e Errors) String() string { return errorWords.String(e) }

// MarshalText writes the word of [Errors.String].
func (e Errors) MarshalText() ([]byte, error) { return errorWords.Marshal(e) }

// UnmarshalText reads what [Errors.MarshalText] wrote.
func (e *Errors) UnmarshalText(text []byte) error { return errorWords.Unmarshal(text, e) }

// RegressionOptions of the regressions. The zero value, or nil, is usable.
type RegressionOptions struct {
	Level       float64  // of the intervals; 0: 0.95
	NoIntercept bool     // R² is then about nought, not about the mean
	Errors      Errors   // the zero value is Robust
	Clusters    []string // of each row, for CR1 and CR2; "" is missing

	// Of NeweyWest. A Lag of 0 is ⌊4(n/100)^(2/9)⌋ (Newey and West, 1994).
	// Prewhite fits a first-order autoregression to the scores before; Adjust
	// multiplies by n/(n − p). R's sandwich::NeweyWest prewhitens and finds a lag
	// by default, statsmodels does neither.
	Lag      int
	Prewhite bool
	Adjust   bool
}

// most is the largest absolute value that is taken: its square is still a number.
const most = 1e150

// ErrCollinear is the code of a column that is a combination of others.
var ErrCollinear = bangkom.Problem{Code: "collinear"}

// intercept is the name of the constant column.
const intercept = "intercept"

// FewClusters is the number of clusters below which standard errors by CR1 are too small.
const FewClusters = 40

// badCondition is from where a digit in two is lost to nearly equal columns.
const badCondition = 1e8

// OLS fits y = Xb + e by least squares, with the standard errors of the options:
//
//	b = (X'X)⁻¹X'y,   cov(b) = (X'X)⁻¹ X'ΩX (X'X)⁻¹
//
// by Householder's QR with a step of refinement: every digit that the columns
// hold. Tests are by t, with df = n − p, clusters − 1 under CR1, and Satterthwaite's
// (Pustejovsky and Tipton, 2018), for each coefficient its own, under CR2.
//
// A row with a NaN, or without a cluster, is left out and counted. Errors:
// ErrShape, ErrNotFinite, ErrTooFew where there are not more rows than columns,
// [ErrCollinear], which names the columns, ErrNoVariation where y is constant,
// ErrOption. Warnings: perfect-fit, leverage-one, lone-cluster (under CR2),
// few-clusters, ill-conditioned.
//
// In R: lm(y ~ x1 + x2) with sandwich::vcovHC(type = "HC3"), clubSandwich::vcovCR
// and coef_test; in Python: statsmodels OLS(y, X).fit(cov_type="HC3", use_t=True).
func OLS(y Column, xs []Column, opt *RegressionOptions) (Regression, error) {
	o, err := opt.checked()
	if err != nil {
		return Regression{}, err
	}
	d, err := newDesign(y, xs, o)
	if err != nil {
		return Regression{}, err
	}
	return d.fit(o)
}

func (opt *RegressionOptions) checked() (RegressionOptions, error) {
	o := RegressionOptions{}
	if opt != nil {
		o = *opt
	}
	base, err := (&Options{Level: o.Level}).checked()
	if err != nil {
		return o, err
	}
	o.Level = base.Level
	if o.Errors == Robust {
		o.Errors = HC3
		if o.Clusters != nil {
			o.Errors = CR2
		}
	}
	switch {
	case o.Errors > NeweyWest:
		return o, problem(bangkom.ErrOption, "Errors", o.Errors.String(), "no such standard errors", "")
	case (o.Errors == CR1 || o.Errors == CR2) && o.Clusters == nil:
		return o, problem(bangkom.ErrOption, "Clusters", "", o.Errors.String()+" without clusters", "the cluster of each row")
	case o.Clusters != nil && o.Errors != CR1 && o.Errors != CR2:
		return o, problem(bangkom.ErrOption, "Errors", o.Errors.String(), "clusters are given, and the standard errors take no notice of them", "CR1 or CR2, or no clusters")
	case o.Lag < 0:
		return o, problem(bangkom.ErrOption, "Lag", fmt.Sprint(o.Lag), "a negative lag", "0 for a rule of thumb")
	case (o.Lag > 0 || o.Prewhite || o.Adjust) && o.Errors != NeweyWest:
		return o, problem(bangkom.ErrOption, "Lag, Prewhite, Adjust", o.Errors.String(), "options of Newey–West standard errors", "Errors: NeweyWest")
	}
	return o, nil
}

// A design is the complete rows of a regression.
type design struct {
	names    []string
	cols     [][]float64
	y        []float64
	yName    string
	clusters [][]int // rows of each
	rows     []int   // of what was given; nil: all
	dropped  int
	constant bool     // there is an intercept
	tall     *num.Fit // the fit, if it has been made in passing
}

// tryTall makes the fit of many rows without looking at them before: it is none
// where a value is not a number.
func (d *design) tryTall(all []Column) *num.Fit {
	if !d.constant {
		return nil
	}
	var slopes [][]float64
	for _, c := range all[1:] {
		slopes = append(slopes, c.Values)
	}
	return num.Tall(slopes, all[0].Values)
}

func newDesign(y Column, xs []Column, o RegressionOptions) (*design, error) {
	d := &design{yName: y.Name, constant: !o.NoIntercept}
	if d.constant {
		d.names = append(d.names, intercept)
	}
	n := len(y.Values)
	all := append([]Column{y}, xs...)
	for i, c := range all {
		if len(c.Values) != n {
			return nil, problem(bangkom.ErrShape, "column "+c.Name, fmt.Sprintf("%d and %d", len(c.Values), n), "columns of unequal length", "one entry per row in each, NaN where unknown")
		}
		if i > 0 {
			if c.Name == "" || slices.Contains(d.names, c.Name) {
				return nil, problem(bangkom.ErrOption, "columns", c.Name, "a column without a name of its own", "give each column a name")
			}
			d.names = append(d.names, c.Name)
		}
	}
	if o.Clusters != nil && len(o.Clusters) != n {
		return nil, problem(bangkom.ErrShape, "Clusters", fmt.Sprintf("%d and %d", len(o.Clusters), n), "clusters and rows of unequal number", "one cluster per row")
	}
	if d.tall = d.tryTall(all); d.tall == nil { // or every value is a number
		for _, c := range all {
			if r := slices.IndexFunc(c.Values, func(x float64) bool { return math.Abs(x) > most }); r >= 0 {
				return nil, problem(bangkom.ErrNotFinite, "column "+c.Name, fmt.Sprintf("row %d", r), "an infinite value, or one too large to be squared", "NaN where unknown, or a larger unit")
			}
		}
	}
	whole := d.tall != nil || !slices.ContainsFunc(all, func(c Column) bool { return !num.AllFinite(c.Values) }) // nothing to leave out
	whole = whole && !slices.Contains(o.Clusters, "")
	if !whole {
		for r := range n {
			if !slices.ContainsFunc(all, func(c Column) bool { return math.IsNaN(c.Values[r]) }) && (o.Clusters == nil || o.Clusters[r] != "") {
				d.rows = append(d.rows, r)
			}
		}
		d.dropped = n - len(d.rows)
		d.tall = nil
	}
	if n-d.dropped <= len(d.names) {
		return nil, problem(bangkom.ErrTooFew, "regression", fmt.Sprint(n-d.dropped), "not more complete rows than coefficients", fmt.Sprintf("more than %d rows", len(d.names)))
	}
	if len(d.names) == 0 {
		return nil, problem(bangkom.ErrTooFew, "regression", "0", "no columns and no intercept", "at least 1 column")
	}
	for _, c := range all {
		v := c.Values // read during the call, not kept
		if !whole {
			v = make([]float64, len(d.rows))
			for i, r := range d.rows {
				v[i] = c.Values[r]
			}
		}
		d.cols = append(d.cols, v)
	}
	d.y, d.cols = d.cols[0], d.cols[1:]
	if d.constant {
		ones := make([]float64, len(d.y))
		for i := range ones {
			ones[i] = 1
		}
		d.cols = append([][]float64{ones}, d.cols...)
	}
	if o.Clusters != nil {
		at := map[string]int{}
		for i := range d.y {
			name := o.Clusters[d.row(i)]
			g, ok := at[name]
			if !ok {
				g = len(d.clusters)
				at[name] = g
				d.clusters = append(d.clusters, nil)
			}
			d.clusters[g] = append(d.clusters[g], i)
		}
		if len(d.clusters) < 2 {
			return nil, problem(bangkom.ErrTooFew, "Clusters", fmt.Sprint(len(d.clusters)), "fewer than two clusters", "at least 2")
		}
	}
	return d, nil
}

// row is the place of the i-th used row in what was given.
func (d *design) row(i int) int {
	if d.rows == nil {
		return i
	}
	return d.rows[i]
}

// collinear names the columns that make up the first dependent one.
func (d *design) collinear(f *num.Fit) error {
	j := f.Dependent[0]
	var before [][]float64
	var names []string
	for k := range j {
		if !slices.Contains(f.Dependent, k) {
			before, names = append(before, d.cols[k]), append(names, d.names[k])
		}
	}
	length := num.Norm(d.cols[j])
	var of []string
	if len(before) > 0 && length > 0 {
		for k, b := range num.LeastSquares(before, d.cols[j]).Beta {
			if math.Abs(b)*num.Norm(before[k]) > 1e-8*length {
				of = append(of, names[k])
			}
		}
	}
	msg := "column " + d.names[j] + " is a combination of " + strings.Join(of, ", ")
	switch {
	case length == 0:
		msg = "column " + d.names[j] + " is nought in every row"
	case len(of) == 1 && of[0] == intercept:
		msg = "column " + d.names[j] + " has one value in every row"
	}
	return problem(ErrCollinear, "column "+d.names[j], strings.Join(of, ", "), msg, "leave one of them out")
}

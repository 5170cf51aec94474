package model

import (
	"fmt"
	"math"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
)

// exactFit is the share of y that is left when only rounding is.
const exactFit = 1e-28

func (d *design) fit(o RegressionOptions) (Regression, error) {
	if !slices.ContainsFunc(d.y, func(y float64) bool { return y != d.y[0] }) {
		return Regression{}, problem(bangkom.ErrNoVariation, "column "+d.yName, fmt.Sprint(d.y[0]), "the outcome is the same in every row", "an outcome that differs")
	}
	f := d.tall
	if f == nil && d.constant {
		f = num.Tall(d.cols[1:], d.y)
	}
	if f == nil {
		f = num.LeastSquares(d.cols, d.y)
		mean := 0.0
		if d.constant {
			mean = num.Mean(d.y)
		}
		f.Total, _ = num.SquaresAbout(d.y, mean)
		f.Squares, f.Steps = num.Dot(d.y, d.y), num.SquaredSteps(f.Residuals)
	}
	if len(f.Dependent) > 0 {
		return Regression{}, d.collinear(f)
	}
	n, p := float64(len(d.y)), float64(len(d.cols))
	r := Regression{N: len(d.y), DF: n - p, Condition: f.Cond, Errors: o.Errors, Clusters: len(d.clusters),
		Missing: bangkom.Missing{Policy: "listwise", Dropped: d.dropped}, names: d.names, level: o.Level, outcome: d.yName, residuals: f.Residuals}
	total := f.Total
	if num.TooAlike(math.Sqrt(total), d.y) {
		return Regression{}, problem(bangkom.ErrNotFinite, "column "+d.yName, fmt.Sprint(total), "values that differ by less than can be squared", "another unit")
	}
	r.RSS = f.RSS
	r.Sigma = math.Sqrt(f.RSS / r.DF)
	r.R2 = 1 - f.RSS/total
	r.AdjustedR2 = 1 - f.RSS/r.DF/(total/(n-p+float64(len(d.slopes()))))
	r.DurbinWatson = f.Steps / f.RSS
	if f.RSS <= exactFit*f.Squares {
		r.exact = true
		r.Warnings.Add(bangkom.Problem{Code: "perfect-fit", Severity: bangkom.Warning, Msg: "the columns give the outcome exactly: there is no error to test against"})
	}
	if f.Cond > badCondition {
		r.Warnings.Add(bangkom.Problem{Code: "ill-conditioned", Severity: bangkom.Warning, Value: fmt.Sprintf("%.1e", f.Cond),
			Msg: "columns are nearly combinations of others: coefficients hang on the last digits of the data", Need: "centred columns, or fewer"})
	}
	if err := r.sandwich(d, f, o); err != nil {
		return Regression{}, err
	}
	for j, name := range d.names {
		c := make([]float64, len(d.names))
		c[j] = 1
		t := r.combination(c)
		t.Estimate.Value = f.Beta[j]
		r.Coefficients = append(r.Coefficients, Coefficient{name, r.finish(t)})
	}
	r.Cov = num.Square(len(d.names))
	for j := range d.names {
		for k := range j + 1 {
			a, b := r.loadings(j), r.loadings(k)
			v := num.Form(a, r.meat, b)
			if r.unseen(a) || r.unseen(b) {
				v = math.NaN()
			}
			r.Cov[j][k], r.Cov[k][j] = v, v
		}
	}
	if slopes := d.slopes(); len(slopes) > 0 {
		joint, err := r.Joint(slopes...)
		if err != nil {
			return Regression{}, err
		}
		r.F = joint
	} else {
		r.F = bangkom.Test{Statistic: math.NaN(), DF: math.NaN(), DF2: math.NaN(), P: math.NaN(), Estimate: bangkom.Estimate{Value: math.NaN(), SE: math.NaN(), N: r.N, Method: "no slopes to test", Missing: r.Missing,
			Warnings: bangkom.Problems{{Code: "no-slopes", Severity: bangkom.Note, Msg: "there is no slope to test"}}}}
	}
	return r, nil
}

// slopes are the names of the coefficients that are no intercept.
func (d *design) slopes() []string {
	if d.constant {
		return d.names[1:]
	}
	return d.names
}

// sandwich makes the covariance of U'ε, the errors seen along the orthonormal
// columns: all that a combination of coefficients needs.
func (r *Regression) sandwich(d *design, f *num.Fit, o RegressionOptions) error {
	p := len(d.cols)
	r.fit = f
	r.meat = num.Square(p)
	r.Method = "least squares, standard errors " + o.Errors.String()
	switch o.Errors {
	case Classical:
		for j := range p {
			r.meat[j][j] = r.Sigma * r.Sigma
		}
	case CR1, CR2:
		r.clustered(d, f, o)
	case NeweyWest:
		return r.neweyWest(d, f, o)
	default:
		r.lone = r.white(d, f, o)
		if len(r.lone) > 0 {
			n, what := len(r.lone), "unknown"
			if o.Errors == HC0 || o.Errors == HC1 { // which ask for no 1 − h
				what, r.lone = "too small", nil
			}
			r.Warnings.Add(bangkom.Problem{Code: "leverage-one", Severity: bangkom.Warning, Value: fmt.Sprint(n),
				Msg: "rows that are fitted exactly because a coefficient is theirs alone: its standard error is " + what, Need: "more rows of that kind, or classical errors"})
		}
	}
	return nil
}

// white sums e²·weight·uu' of the rows, block by block, and gives u of the rows
// that have a coefficient of their own.
func (r *Regression) white(d *design, f *num.Fit, o RegressionOptions) (lone [][]float64) {
	p, n := len(d.cols), len(d.y)
	type block struct {
		meat [][]float64
		lone [][]float64
	}
	parts := make([]block, num.Blocks(n))
	num.Each(n, func(k, from, to int) {
		b := block{meat: num.Square(p)}
		u := make([]float64, p)
		for i := from; i < to; i++ {
			f.Row(d.cols, i, u)
			w := f.Residuals[i] * f.Residuals[i]
			rest := 1 - num.Dot(u, u)
			switch {
			case rest < fullLeverage: // fitted exactly: no residual, whatever it is divided by
				w = 0
				b.lone = append(b.lone, slices.Clone(u))
			case o.Errors == HC0 || o.Errors == HC1:
			case o.Errors == HC2:
				w /= rest
			default:
				w /= rest * rest
			}
			for j, x := range u { // the lower triangle
				x *= w
				row := b.meat[j]
				for l, y := range u[:j+1] {
					row[l] += x * y
				}
			}
		}
		parts[k] = b
	})
	factor := 1.0
	if o.Errors == HC1 {
		factor = float64(n) / float64(n-p)
	}
	for _, b := range parts {
		lone = append(lone, b.lone...)
		for j, row := range b.meat {
			for l := range j + 1 {
				r.meat[j][l] += factor * row[l]
			}
		}
	}
	for j := range r.meat {
		for l := range j {
			r.meat[l][j] = r.meat[j][l]
		}
	}
	return lone
}

// fullLeverage is what 1 − h is where a row has a coefficient of its own.
const fullLeverage = 1e-10

func (r *Regression) neweyWest(d *design, f *num.Fit, o RegressionOptions) error {
	n, p := len(d.y), len(d.cols)
	lag := o.Lag
	if lag == 0 {
		lag = int(4 * math.Pow(float64(n)/100, 2.0/9))
	}
	if lag >= n {
		return problem(bangkom.ErrOption, "Lag", fmt.Sprint(lag), "a lag as long as the series", fmt.Sprintf("below %d", n))
	}
	scores := make([][]float64, n)
	flat := make([]float64, n*p)
	for i, e := range f.Residuals {
		scores[i] = flat[i*p : (i+1)*p]
		f.Row(d.cols, i, scores[i])
		for j := range scores[i] {
			scores[i][j] *= e
		}
	}
	m, ok := num.LongRun(scores, lag, o.Prewhite)
	if !ok {
		return problem(bangkom.ErrTooFew, "Prewhite", fmt.Sprint(n), "the autoregression of the scores has no solution", "a longer series, or no prewhitening")
	}
	if o.Adjust {
		for i := range m {
			for j := range m {
				m[i][j] *= float64(n) / float64(n-p)
			}
		}
	}
	r.meat = m
	r.Method += fmt.Sprintf(" (Bartlett, lag %d, prewhitened %t, n/(n − p) %t)", lag, o.Prewhite, o.Adjust)
	if d.dropped > 0 {
		r.Warnings.Add(bangkom.Problem{Code: "gaps-in-time", Severity: bangkom.Warning, Value: fmt.Sprint(d.dropped), Msg: "rows were left out: neighbours in the series are not neighbours in time"})
	}
	return nil
}

// A cluster is what Satterthwaite's degrees of freedom need of one.
type cluster struct {
	across [][]float64 // U'AU, maps loadings to w = U'a
	square [][]float64 // U'A²U, gives |a|²
}

func (r *Regression) clustered(d *design, f *num.Fit, o RegressionOptions) {
	n, p, g := float64(len(d.y)), len(d.cols), float64(len(d.clusters))
	u, s := make([]float64, p), make([]float64, p)
	lone := 0 // clusters that have a coefficient of their own
	for _, rows := range d.clusters {
		clear(s)
		inner := num.Square(p) // U'U of the cluster
		own := false
		for _, i := range rows {
			f.Row(d.cols, i, u)
			for j, x := range u {
				s[j] += x * f.Residuals[i]
			}
			if o.Errors == CR2 {
				num.AddOuter(inner, u, 1)
			}
		}
		if o.Errors == CR2 {
			// (I − UU')^(−1/2) U = U T with T a function of U'U; where the
			// cluster has a direction of its own the inverse is Moore and Penrose's.
			root := func(d float64) float64 {
				if 1-d < fullLeverage {
					own = true
					return 0
				}
				return 1 / math.Sqrt(1-d)
			}
			var t [][]float64
			if len(rows) == 1 { // U'U = uu': every power of it is a multiple
				t = num.Square(p)
				for j := range t {
					t[j][j] = root(num.Dot(u, u))
				}
			} else {
				t = num.Function(inner, root)
			}
			w := make([]float64, p)
			for j := range w {
				w[j] = num.Dot(t[j], s)
			}
			copy(s, w)
			across := product(inner, t)
			r.clusters = append(r.clusters, cluster{across, product(t, across)})
			if own {
				lone++
			}
		}
		num.AddOuter(r.meat, s, 1)
	}
	if o.Errors == CR1 {
		k := g / (g - 1) * (n - 1) / (n - float64(p))
		for i := range r.meat {
			for j := range r.meat {
				r.meat[i][j] *= k
			}
		}
		r.Method += ", G/(G − 1)·(n − 1)/(n − p), df = G − 1"
		if g < FewClusters {
			r.Warnings.Add(bangkom.Problem{Code: "few-clusters", Severity: bangkom.Warning, Value: fmt.Sprint(len(d.clusters)), Msg: "few clusters: these standard errors are too small", Need: fmt.Sprintf("%d clusters, or CR2", FewClusters)})
		}
		return
	}
	r.Method += ", df after Satterthwaite"
	if lone > 0 {
		r.Warnings.Add(bangkom.Problem{Code: "lone-cluster", Severity: bangkom.Warning, Value: fmt.Sprint(lone),
			Msg: "a coefficient belongs to one cluster alone, such as the only treated one: how much such clusters differ is not seen, and its standard error is too small", Need: "two clusters or more of that kind"})
	}
}

func product(a, b [][]float64) [][]float64 {
	out := num.Square(len(a))
	for i := range a {
		for k, x := range a[i] {
			for j, y := range b[k] {
				out[i][j] += x * y
			}
		}
	}
	return out
}

// satterthwaite gives the degrees of freedom of b'Mb under CR2, if the errors
// are alike and independent: (Σ p_g'p_g)² / ΣΣ (p_g'p_h)², where
// p_g'p_h = [g = h]·|a_g|² − w_g'w_h. The double sum over pairs of clusters is
// that of a p × p matrix.
func (r *Regression) satterthwaite(b []float64) float64 {
	p := len(b)
	sum := num.Square(p)
	w := make([]float64, p)
	var trace, squares float64
	for _, c := range r.clusters {
		for j := range w {
			w[j] = num.Dot(c.across[j], b)
		}
		ww := num.Dot(w, w)
		own := num.Form(b, c.square, b) - ww
		trace += own
		squares += own*own - ww*ww
		num.AddOuter(sum, w, 1)
	}
	for _, row := range sum {
		squares += num.Dot(row, row)
	}
	return trace * trace / squares
}

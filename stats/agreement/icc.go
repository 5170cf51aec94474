package agreement

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
	"github.com/bangkom/bangkom/stats/internal/wire"
)

// An ICCResult has the six intraclass correlations of Shrout and Fleiss, each
// with its F test and exact or Satterthwaite interval. The names in brackets are McGraw and Wong's.
type ICCResult struct {
	ICC1  bangkom.Test `json:"icc1"`  // (1): each subject has raters of its own
	ICC2  bangkom.Test `json:"icc2"`  // (A,1): absolute agreement, raters are a sample
	ICC3  bangkom.Test `json:"icc3"`  // (C,1): consistency, these very raters
	ICC1k bangkom.Test `json:"icc1k"` // (k): of the mean of k raters
	ICC2k bangkom.Test `json:"icc2k"` // (A,k)
	ICC3k bangkom.Test `json:"icc3k"` // (C,k): Cronbach's alpha of the raters

	Subjects int     `json:"subjects"`
	Raters   int     `json:"raters"`
	MSR      float64 `json:"ms_subjects"`
	MSC      float64 `json:"ms_raters"`
	MSE      float64 `json:"ms_error"`
	MSW      float64 `json:"ms_within"`
}

// ICC returns the six intraclass correlations from the two-way analysis of
// variance of ratings, rater × subject. A subject with a NaN is left out (listwise)
// and counted. The tests are of the hypothesis that the correlation is 0.
//
//	ICC1 = (MSR − MSW) / (MSR + (k−1) MSW)
//	ICC2 = (MSR − MSE) / (MSR + (k−1) MSE + k (MSC − MSE)/n)
//	ICC3 = (MSR − MSE) / (MSR + (k−1) MSE)
//
// A negative estimate is reported as it is. Errors: ErrShape, ErrNotFinite, ErrTooFew
// below two raters or subjects, ErrNoVariation if all ratings are the same, ErrOption.
//
// In R: psych::ICC(x, lmer = FALSE); in Python: pingouin.intraclass_corr.
func ICC(ratings [][]float64, opt *Options) (ICCResult, error) {
	o, err := opt.checked()
	if err != nil {
		return ICCResult{}, err
	}
	kept, dropped, err := completeSubjects(ratings)
	if err != nil {
		return ICCResult{}, err
	}
	m, varies := meanSquares(kept)
	if !varies {
		return ICCResult{}, problem(bangkom.ErrNoVariation, "icc", "", "all ratings are the same", "subjects who differ")
	}
	if num.TooAlike(math.Sqrt(m.r+m.c+m.e), kept...) {
		return ICCResult{}, problem(bangkom.ErrNotFinite, "icc", "", "ratings that differ by less than can be squared", "another unit")
	}
	r := ICCResult{Subjects: int(m.n), Raters: int(m.k), MSR: m.r, MSC: m.c, MSE: m.e, MSW: m.w}
	missing := bangkom.Missing{Policy: "listwise", Dropped: dropped}
	_, size := math.Frexp(m.r + m.c + m.e) // by a power of two, so that the squares of mean squares are numbers
	for _, x := range []*float64{&m.r, &m.c, &m.e, &m.w} {
		*x = math.Ldexp(*x, -size)
	}
	m.level = o.Level
	m.oneWay(&r)
	m.agreement(&r)
	m.consistency(&r)
	for _, t := range r.all() {
		t.Estimate.N, t.Estimate.Missing = r.Subjects, missing
		t.Estimate.Warnings = iccWarnings(t.Estimate.Value, r.Subjects)
		if ci := t.Estimate.CI; math.IsNaN(ci.Lo) || math.IsNaN(ci.Hi) {
			t.Estimate.CI = bangkom.Interval{}
			t.Estimate.Warnings.Add(warning("no-interval", "", "the mean squares give the interval no end", "more subjects"))
		}
	}
	return r, nil
}

func iccWarnings(value float64, subjects int) (w bangkom.Problems) {
	switch {
	case math.IsNaN(value):
		w.Add(warning("no-variation", "", "the mean squares cancel in the denominator: the coefficient does not exist", "subjects who differ"))
	case value < 0:
		w.Add(warning("negative-icc", wire.Short(value), "subjects differ less than raters of one subject do", "a reading as 0: no agreement"))
	case value >= 1:
		w = boundary(value, math.NaN())
	}
	if subjects < fewSubjects {
		w.Add(warning("small-sample", fmt.Sprint(subjects), "few subjects: read the interval, not the coefficient", fmt.Sprintf("%d subjects or more", fewSubjects)))
	}
	return w
}

func (r *ICCResult) all() []*bangkom.Test {
	return []*bangkom.Test{&r.ICC1, &r.ICC2, &r.ICC3, &r.ICC1k, &r.ICC2k, &r.ICC3k}
}

// completeSubjects keeps the subjects that every rater rated.
func completeSubjects(ratings [][]float64) (kept [][]float64, dropped int, err error) {
	if len(ratings) < 2 {
		return nil, 0, problem(bangkom.ErrTooFew, "ratings", fmt.Sprint(len(ratings)), "fewer than two raters", "at least 2 raters")
	}
	n := len(ratings[0])
	gap := false
	for g, r := range ratings {
		if len(r) != n {
			return nil, 0, problem(bangkom.ErrShape, "ratings", fmt.Sprintf("rater %d has %d, rater 0 has %d", g, len(r), n), "raters with unequal numbers of subjects", "one entry per subject, NaN where not rated")
		}
		if num.Within(r, most) {
			continue
		}
		for u, x := range r {
			if math.IsNaN(x) {
				gap = true
			} else if math.Abs(x) > most {
				return nil, 0, tooLarge(g, u)
			}
		}
	}
	kept = ratings
	if gap {
		kept = make([][]float64, len(ratings))
		for u := range n {
			whole := true
			for _, r := range ratings {
				whole = whole && !math.IsNaN(r[u])
			}
			if !whole {
				dropped++
				continue
			}
			for g, r := range ratings {
				kept[g] = append(kept[g], r[u])
			}
		}
	}
	if len(kept[0]) < 2 {
		return nil, dropped, problem(bangkom.ErrTooFew, "ratings", fmt.Sprint(len(kept[0])), "fewer than two subjects rated by all", "at least 2 subjects")
	}
	return kept, dropped, nil
}

// squares are the mean squares of the two-way analysis of variance.
type squares struct{ n, k, r, c, e, w, level float64 }

// meanSquares computes them; varies is false where every rating is the same.
func meanSquares(ratings [][]float64) (m squares, varies bool) {
	m.n, m.k = float64(len(ratings[0])), float64(len(ratings))
	first := ratings[0][0]
	varies = slices.ContainsFunc(ratings, func(r []float64) bool {
		return slices.ContainsFunc(r, func(x float64) bool { return x != first })
	})
	var error float64
	m.r, m.c, error = num.TwoWay(ratings)
	ssc := m.n * m.c
	m.r *= m.k / (m.n - 1)
	m.c = ssc / (m.k - 1)
	m.e = error / ((m.n - 1) * (m.k - 1))
	m.w = (ssc + error) / (m.n * (m.k - 1))
	if tiny := 1e-26 * (m.r + m.c) * m.n * m.k; m.e <= tiny { // rounding only
		m.e = 0
		m.w = ssc / (m.n * (m.k - 1))
	}
	return m, varies
}

// form makes one of the six; lo and hi are limits of the ratio of subjects'
// variance to error, put through at.
func (m squares) form(name string, value, f, d1, d2, lo, hi float64, interval string) bangkom.Test {
	return bangkom.Test{Statistic: f, DF: d1, DF2: d2, P: num.FSurvival(f, d1, d2), Alternative: "greater",
		Estimate: bangkom.Estimate{Value: value, SE: math.NaN(), Method: name, CI: bangkom.Interval{Lo: min(lo, hi), Hi: hi, Level: m.level, Method: interval}}}
}

func (m squares) oneWay(r *ICCResult) {
	d1, d2 := m.n-1, m.n*(m.k-1)
	single, mean := m.bounds(m.w, d1, d2)
	r.ICC1 = m.form("ICC(1)", ratio(m.r-m.w, m.r, (m.k-1)*m.w), m.r/m.w, d1, d2, single[0], single[1], "exact F")
	r.ICC1k = m.form("ICC(k)", ratio(m.r-m.w, m.r), m.r/m.w, d1, d2, mean[0], mean[1], "exact F")
}

func (m squares) consistency(r *ICCResult) {
	d1, d2 := m.n-1, (m.n-1)*(m.k-1)
	single, mean := m.bounds(m.e, d1, d2)
	r.ICC3 = m.form("ICC(C,1)", ratio(m.r-m.e, m.r, (m.k-1)*m.e), m.r/m.e, d1, d2, single[0], single[1], "exact F")
	r.ICC3k = m.form("ICC(C,k)", ratio(m.r-m.e, m.r), m.r/m.e, d1, d2, mean[0], mean[1], "exact F")
}

// bounds are the exact limits of the single and the mean form where the error
// is e; written without F, which is infinite where e is 0.
func (m squares) bounds(e, d1, d2 float64) (single, mean [2]float64) {
	tail := (1 + m.level) / 2
	for i, f := range [2]float64{num.FQuantile(tail, d1, d2), 1 / num.FQuantile(tail, d2, d1)} {
		single[i] = ratio(m.r-f*e, m.r, (m.k-1)*f*e)
		mean[i] = ratio(m.r-f*e, m.r)
	}
	return single, mean
}

func (m squares) agreement(r *ICCResult) {
	d1, d2 := m.n-1, (m.n-1)*(m.k-1)
	rho := ratio(m.r-m.e, m.r, (m.k-1)*m.e, m.k*m.c/m.n, -m.k*m.e/m.n)
	// Satterthwaite's degrees of freedom of the denominator (Fleiss and Shrout, 1978).
	b := m.n*(1+(m.k-1)*rho) - m.k*rho
	a := m.k*rho*m.c + b*m.e
	v := (m.k - 1) * (m.n - 1) * a * a / ((m.n-1)*m.k*m.k*rho*rho*m.c*m.c + b*b*m.e*m.e)
	lo, hi := 1.0, 1.0
	if !math.IsNaN(v) && v > 0 {
		tail := (1 + m.level) / 2
		fu, fl := num.FQuantile(tail, m.n-1, v), num.FQuantile(tail, v, m.n-1)
		den := m.k*m.c + (m.k*m.n-m.k-m.n)*m.e
		lo = ratio(m.n*(m.r-fu*m.e), fu*den, m.n*m.r)
		hi = ratio(m.n*(fl*m.r-m.e), den, m.n*fl*m.r)
	} else if rho != 1 {
		lo, hi = math.NaN(), math.NaN()
	}
	up := func(x float64) float64 {
		if 1+(m.k-1)*x <= 0 { // below what a mean can have
			return math.Inf(-1)
		}
		return m.k * x / (1 + (m.k-1)*x)
	}
	r.ICC2 = m.form("ICC(A,1)", rho, m.r/m.e, d1, d2, lo, hi, "F with Satterthwaite df")
	r.ICC2k = m.form("ICC(A,k)", ratio(m.r-m.e, m.r, m.c/m.n, -m.e/m.n), m.r/m.e, d1, d2, up(lo), up(hi), "F with Satterthwaite df")
}

// ratio is a over the sum of terms; NaN where they cancel.
func ratio(a float64, terms ...float64) float64 {
	sum, size := 0.0, 0.0
	for _, t := range terms {
		sum += t
		size += math.Abs(t)
	}
	if math.Abs(sum) <= 1e-13*size {
		return math.NaN()
	}
	return a / sum
}

// String gives ICC(A,1) on one line.
func (r ICCResult) String() string {
	return fmt.Sprintf("ICC(A,1) of %d raters: %s", r.Raters, r.ICC2.Estimate)
}

// Table gives the six forms as a table.
func (r ICCResult) Table() string {
	var b strings.Builder
	t := wire.NewGrid("ICC", "lower", "upper", "F", "df", "df2", "p")
	for _, x := range r.all() {
		t.Text(x.Estimate.Method, wire.Short(x.Estimate.Value), wire.Short(x.Estimate.CI.Lo), wire.Short(x.Estimate.CI.Hi), wire.Short(x.Statistic), wire.Short(x.DF), wire.Short(x.DF2), strings.TrimPrefix(bangkom.FormatP(x.P), "= "))
	}
	t.Write(&b)
	fmt.Fprintf(&b, "\n%d subjects, %d raters; missing: %s. Interval at %g %%: exact F; (A): Satterthwaite's df.\n(1), (k): raters differ by subject; A: absolute agreement; C: consistency; k: of the mean of the raters.\nMean squares: subjects %s, raters %s, error %s, within %s.\n",
		r.Subjects, r.Raters, r.ICC1.Estimate.Missing, 100*r.ICC1.Estimate.CI.Level, wire.Short(r.MSR), wire.Short(r.MSC), wire.Short(r.MSE), wire.Short(r.MSW))
	var es []bangkom.Estimate
	for _, x := range r.all() {
		es = append(es, x.Estimate)
	}
	printWarnings(&b, es...)
	return b.String()
}

// MarshalJSON writes the fields by their tags; what is no number is null.
func (r ICCResult) MarshalJSON() ([]byte, error) { return wire.Marshal(r) }

// UnmarshalJSON reads what MarshalJSON wrote; null is NaN.
func (r *ICCResult) UnmarshalJSON(data []byte) error {
	type plain ICCResult
	return wire.Unmarshal(data, (*plain)(r))
}

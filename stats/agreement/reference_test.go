package agreement_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/ref"
	"github.com/bangkom/bangkom/stats/agreement"
)

// matrix reads numbers of which null is NaN.
type matrix [][]float64

func (m *matrix) UnmarshalJSON(data []byte) error {
	var rows [][]*float64
	if err := json.Unmarshal(data, &rows); err != nil {
		return err
	}
	*m = nil
	for _, row := range rows {
		var out []float64
		for _, x := range row {
			if x == nil {
				out = append(out, nan)
			} else {
				out = append(out, *x)
			}
		}
		*m = append(*m, out)
	}
	return nil
}

type referenceCase struct {
	Ratings matrix
	Weights map[string]map[string][]float64
	Kripp   map[string][]float64
	Fleiss  struct {
		All    []float64
		Detail matrix
	}
	Exact, Kendall, Cohen, Quadratic, Equal, Kappa2, RWGJ, RWG []float64
	ICC                                                        matrix
}

func reference(t *testing.T) (cases []referenceCase, second []map[string][]*float64) {
	var file struct{ Cases []referenceCase }
	ref.Load(t, "agreement", &file)
	ref.Load(t, "agreement2", &second)
	require.Len(t, file.Cases, 200)
	require.Len(t, second, 200)
	return file.Cases, second
}

// near compares with a tolerance relative to values of size 1 and above.
func near(t *testing.T, what string, want, got, tol float64) {
	t.Helper()
	if !(math.Abs(want-got) <= tol*math.Max(1, math.Abs(want))) {
		t.Errorf("%s: got %v, want %v (tolerance %g)", what, got, want, tol)
	}
}

// far says that a data set lies around 10⁹, where the peers lose digits.
func far(c referenceCase) float64 {
	for _, r := range c.Ratings {
		for _, x := range r {
			if x > 1e8 {
				return 1e-6
			}
		}
	}
	return 1e-11
}

// Gwet, Fleiss, Brennan–Prediger and Conger with four kinds of weights,
// coefficients and standard errors, against irrCAC.
func TestChanceCorrectedAgainstIrrCAC(t *testing.T) {
	cases, _ := reference(t)
	weights := map[string]agreement.Weights{"unweighted": agreement.Identity, "linear": agreement.Linear, "quadratic": agreement.Quadratic, "ordinal": agreement.OrdinalWeights}
	compared := 0
	for i, c := range cases {
		for name, w := range weights {
			opt := &agreement.Options{Weights: w}
			for coef, want := range c.Weights[name] {
				if want == nil {
					continue
				}
				var e bangkom.Estimate
				var err error
				switch coef {
				case "gwet":
					e, err = agreement.Gwet(c.Ratings, opt)
				case "bp":
					e, err = agreement.BrennanPrediger(c.Ratings, opt)
				case "conger":
					e, err = agreement.Conger(c.Ratings, opt)
				case "fleiss":
					var r agreement.FleissResult
					r, err = agreement.Fleiss(c.Ratings, opt)
					e = r.Kappa
				}
				what := fmt.Sprintf("case %d %s %s", i, coef, name)
				require.NoError(t, err, what)
				near(t, what, want[0], e.Value, 1e-11)
				near(t, what+" SE", want[1], e.SE, 1e-9)
				compared++
			}
		}
	}
	require.Greater(t, compared, 3000)
}

// Krippendorff's alpha against irr, krippendorff and fractions; its standard error
// against derivatives in the weights of the subjects.
func TestKrippendorffAgainstFractions(t *testing.T) {
	cases, second := reference(t)
	metrics := map[string]agreement.Metric{"nominal": agreement.Nominal, "ordinal": agreement.Ordinal, "interval": agreement.Interval, "ratio": agreement.Ratio}
	compared, proved := 0, 0
	for i, c := range cases {
		for name, m := range metrics {
			what := fmt.Sprintf("case %d %s", i, name)
			e, err := agreement.Krippendorff(c.Ratings, m, nil)
			want := second[i][name]
			if want == nil {
				continue
			}
			require.NoError(t, err, what)
			near(t, what, *want[0], e.Value, 1e-13)
			near(t, what+" krippendorff", *want[2], e.Value, far(c))
			if gaps(c.Ratings) || len(c.Ratings) == 2 {
				// Else irr 0.84.1 divides the pairs of a subject by 1 instead of m − 1.
				near(t, what+" irr", c.Kripp[name][0], e.Value, 1e-10)
			}
			compared++
			if want[1] != nil {
				near(t, what+" SE", *want[1], e.SE, 1e-12)
				proved++
			}
			counted, err := counts(c.Ratings).Krippendorff(m, nil)
			require.NoError(t, err)
			require.Equal(t, e, counted, what)
		}
	}
	require.Greater(t, compared, 780)
	require.Greater(t, proved, 500)
}

func gaps(ratings [][]float64) bool {
	for _, r := range ratings {
		if slices.ContainsFunc(r, math.IsNaN) {
			return true
		}
	}
	return false
}

// counts counts ratings by subject.
func counts(ratings [][]float64) agreement.Counts {
	c := agreement.Counts{}
	place := map[float64]int{}
	for _, r := range ratings {
		for _, x := range r {
			if !math.IsNaN(x) {
				place[x] = 0
			}
		}
	}
	for x := range place {
		c.Values = append(c.Values, x)
	}
	slices.Sort(c.Values)
	for k, x := range c.Values {
		place[x] = k
	}
	for u := range ratings[0] {
		row := make([]int, len(c.Values))
		for _, r := range ratings {
			if x := r[u]; !math.IsNaN(x) {
				row[place[x]]++
			}
		}
		c.N = append(c.N, row)
	}
	return c
}

func complete(ratings [][]float64) [][]float64 {
	out := make([][]float64, len(ratings))
	for u := range ratings[0] {
		whole := true
		for _, r := range ratings {
			whole = whole && !math.IsNaN(r[u])
		}
		for g, r := range ratings {
			if whole {
				out[g] = append(out[g], r[u])
			}
		}
	}
	return out
}

func TestFleissAndCongerAgainstIrr(t *testing.T) {
	cases, _ := reference(t)
	for i, c := range cases {
		full := complete(c.Ratings)
		if want := c.Fleiss.All; want != nil {
			r, err := agreement.Fleiss(full, nil)
			require.NoError(t, err, i)
			near(t, "Fleiss", want[0], r.Kappa.Value, 1e-12)
			near(t, "z", want[1], r.Null.Statistic, 1e-10)
			near(t, "p", want[2], r.Null.P, 1e-12)
			for k, d := range c.Fleiss.Detail {
				near(t, "category", d[0], r.Categories[k].Kappa.Estimate.Value, 1e-12)
				near(t, "category z", d[1], r.Categories[k].Kappa.Statistic, 1e-10)
			}
		}
		if want := c.Exact; want != nil {
			e, err := agreement.Conger(full, nil)
			require.NoError(t, err, i)
			near(t, "Conger", want[0], e.Value, 1e-12)
		}
	}
}

// Cohen's kappa against psych, irr (unweighted, linear, quadratic) and
// statsmodels with its standard errors.
func TestCohenAgainstThree(t *testing.T) {
	cases, second := reference(t)
	compared := 0
	for i, c := range cases {
		what := fmt.Sprintf("case %d", i)
		full := complete(c.Ratings)
		if c.Kappa2 != nil {
			r, err := agreement.Cohen(full[0], full[1], nil)
			require.NoError(t, err, what)
			near(t, what+" irr", c.Kappa2[0], r.Kappa.Estimate.Value, 1e-12)
			near(t, what+" irr z", c.Kappa2[1], r.Kappa.Statistic, 1e-10)
			near(t, what+" irr p", c.Kappa2[2], r.Kappa.P, 1e-12)
			if len(full[0]) > 2 { // psych takes two columns of two for a table
				near(t, what+" psych", c.Cohen[0], r.Kappa.Estimate.Value, 1e-12)
				near(t, what+" psych SE", c.Cohen[1], r.Kappa.Estimate.SE, 1e-7)
				if c.Quadratic != nil { // its weighted SE is not that of Fleiss, Cohen and Everitt, which statsmodels has
					near(t, what+" psych quadratic", c.Quadratic[0], r.Quadratic.Estimate.Value, 1e-12)
				}
			}
			if c.Equal != nil {
				near(t, what+" irr linear", c.Equal[0], r.Linear.Estimate.Value, 1e-12)
				near(t, what+" irr linear z", c.Equal[1], r.Linear.Statistic, 1e-10)
			}
		}
		r, err := agreement.Cohen(c.Ratings[0], c.Ratings[1], nil)
		for name, test := range map[string]bangkom.Test{"kappa": r.Kappa, "linear": r.Linear, "quadratic": r.Quadratic} {
			want := second[i][name]
			if want == nil || want[3] == nil {
				continue
			}
			require.NoError(t, err, what)
			near(t, what+name, *want[0], test.Estimate.Value, 1e-12)
			near(t, what+name+" SE", *want[1], test.Estimate.SE, 1e-7) // 0 is √1e-17 there
			if *want[2] > 1e-7 {                                       // else it is 0, and there is no test
				near(t, what+name+" z", *want[3], test.Statistic, 1e-9)
				near(t, what+name+" p", *want[4], test.P, 1e-11)
			} else {
				require.True(t, math.IsNaN(test.P), what)
				require.True(t, test.Estimate.Warnings.Has("untestable"), what)
			}
			compared++
		}
	}
	require.Greater(t, compared, 300)
}

// The six forms against psych::ICC, in its order.
func TestICCAgainstPsych(t *testing.T) {
	cases, _ := reference(t)
	compared := 0
	for i, c := range cases {
		if c.ICC == nil {
			continue
		}
		r, err := agreement.ICC(c.Ratings, nil)
		if errors.Is(err, bangkom.ErrNoVariation) { // psych has NaN, or 0
			continue
		}
		require.NoError(t, err, i)
		for k, got := range []bangkom.Test{r.ICC1, r.ICC2, r.ICC3, r.ICC1k, r.ICC2k, r.ICC3k} {
			want := c.ICC[k]
			what := fmt.Sprintf("case %d %s", i, got.Estimate.Method)
			e := got.Estimate
			for j, x := range []float64{e.Value, got.Statistic, got.DF, got.DF2, got.P, e.CI.Lo, e.CI.Hi} {
				if j > 4 && e.CI == (bangkom.Interval{}) {
					continue // no interval, and a warning
				}
				if math.IsNaN(want[j]) || math.IsInf(want[j], 0) || math.IsNaN(x) || math.IsInf(x, 0) {
					continue
				}
				near(t, fmt.Sprintf("%s, column %d", what, j), want[j], x, max(far(c), 1e-9))
				compared++
			}
		}
	}
	require.Greater(t, compared, 6000)
}

func TestKendallAndRWGAgainstR(t *testing.T) {
	cases, _ := reference(t)
	for i, c := range cases {
		what := fmt.Sprintf("case %d", i)
		if c.Kendall != nil {
			w, err := agreement.KendallW(c.Ratings, nil)
			require.NoError(t, err, what)
			near(t, what+" W", c.Kendall[0], w.Estimate.Value, 1e-12)
			near(t, what+" χ²", c.Kendall[1], w.Statistic, 1e-11)
			near(t, what+" p", c.Kendall[2], w.P, 1e-11)
		}
		if c.RWGJ != nil {
			full := complete(c.Ratings)
			r, err := agreement.RWG(full, 2)
			require.NoError(t, err, what)
			near(t, what+" rwg.j", c.RWGJ[0], r.RWG.Value, far(c))
			r, err = agreement.RWG(full[:1], 2)
			require.NoError(t, err, what)
			near(t, what+" rwg", c.RWG[0], r.RWG.Value, far(c))
		}
	}
}

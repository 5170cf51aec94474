package agreement

import (
	"fmt"
	"math"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
	"github.com/bangkom/bangkom/stats/internal/wire"
)

// A FleissResult is what [Fleiss] found.
type FleissResult struct {
	Kappa bangkom.Estimate `json:"kappa"`
	// Null tests agreement by chance alone, with the standard error under that
	// hypothesis; NaN unless all subjects have equally many ratings and weights are those of identity.
	Null bangkom.Test `json:"null"`
	// Categories say how far raters agree on each category against all others,
	// tested likewise.
	Categories []CategoryKappa `json:"categories,omitempty"`
	Observed   float64         `json:"observed"` // agreement
	Expected   float64         `json:"expected"` // by chance
}

// A CategoryKappa is the agreement on one category.
type CategoryKappa struct {
	Value float64      `json:"value"` // the category
	Share float64      `json:"share"` // of the ratings
	Kappa bangkom.Test `json:"kappa"`
}

// Fleiss returns the kappa of interchangeable raters (Fleiss, 1971), with
// weights and missing ratings as Gwet extends it:
//
//	(p_a − p_e) / (1 − p_e),   p_e = Σ w π_k π_l
//
// It is Scott's π for two raters. The estimate's standard error is linearised over
// subjects; the tests take that of Fleiss, Nee and Landis (1979) under chance. Missing
// ratings and errors as for [BrennanPrediger].
//
// In R: irr::kappam.fleiss(exact = FALSE), irrCAC::fleiss.kappa.raw; in Python: statsmodels fleiss_kappa.
func Fleiss(ratings [][]float64, opt *Options) (FleissResult, error) {
	o, err := opt.checked()
	if err != nil {
		return FleissResult{}, err
	}
	us, err := count(ratings, o)
	if err != nil {
		return FleissResult{}, err
	}
	return fleiss(us, o)
}

// Fleiss is [Fleiss] of counts.
func (c Counts) Fleiss(opt *Options) (FleissResult, error) {
	o, err := opt.checked()
	if err != nil {
		return FleissResult{}, err
	}
	us, err := c.units(o)
	if err != nil {
		return FleissResult{}, err
	}
	return fleiss(us, o)
}

func fleiss(us *units, o Options) (FleissResult, error) {
	c, err := us.chance(o)
	if err != nil {
		return FleissResult{}, err
	}
	wp := c.spread(c.pi)
	pe := num.Dot(wp, c.pi)
	slope := make([]float64, len(wp))
	for k := range wp {
		slope[k] = 2 * wp[k]
	}
	r := FleissResult{Observed: c.pa, Expected: pe}
	if r.Kappa, err = c.estimate("Fleiss kappa", pe, c.shares(slope), o); err != nil {
		return FleissResult{}, err
	}
	nan := math.NaN()
	r.Null = bangkom.Test{Estimate: r.Kappa, Statistic: nan, DF: nan, DF2: nan, P: nan, Alternative: "two-sided"}
	if m, equal := us.equal(); equal && c.w.same {
		r.Null = nullTest(r.Kappa, nullSE(c.pi, float64(c.n), m))
		r.byCategory(c, m)
	}
	return r, nil
}

// equal says how many ratings each subject has, if all that have any have the
// same number.
func (us *units) equal() (m float64, equal bool) {
	size := 0
	for u := range us.subjects() {
		switch n := us.size(u); {
		case n == 0:
		case size == 0:
			size = n
		case n != size:
			return 0, false
		}
	}
	return float64(size), size > 1
}

// nullSE is the standard error of kappa where raters agree by chance.
func nullSE(pi []float64, n, m float64) float64 {
	var pq, skew float64
	for _, p := range pi {
		q := 1 - p
		pq += p * q
		skew += p * q * (q - p)
	}
	return math.Sqrt(2*(pq*pq-skew)/(n*m*(m-1))) / pq
}

func nullTest(e bangkom.Estimate, se float64) bangkom.Test {
	z := e.Value / se
	return bangkom.Test{Estimate: e, Statistic: z, DF: math.NaN(), DF2: math.NaN(), P: 2 * num.NormalSurvival(math.Abs(z)), Alternative: "two-sided"}
}

func (r *FleissResult) byCategory(c *chance, m float64) {
	n := float64(c.n)
	apart := make([]float64, len(c.pi)) // Σ n(m − n) of a category
	for k := range apart {
		apart[k] = n * c.pi[k] * m * m
	}
	for i, k := range c.us.cat {
		apart[k] -= float64(c.us.n[i]) * float64(c.us.n[i])
	}
	se := math.Sqrt(2 / (n * m * (m - 1)))
	for k, p := range c.pi {
		e := bangkom.Estimate{Value: 1 - apart[k]/(n*m*(m-1)*p*(1-p)), SE: se, N: c.n, Method: "Fleiss kappa of one category; SE under chance", Missing: r.Kappa.Missing}
		if p == 0 || p == 1 {
			e.Value = math.NaN()
			e.Warnings.Add(warning("no-variation", "", "nobody, or everybody, used the category", ""))
		}
		r.Categories = append(r.Categories, CategoryKappa{c.us.values[k], p, nullTest(e, se)})
	}
}

// String gives kappa on one line.
func (r FleissResult) String() string { return "Fleiss kappa: " + r.Kappa.String() }

// MarshalJSON writes the fields by their tags; what is no number is null.
func (r FleissResult) MarshalJSON() ([]byte, error) { return wire.Marshal(r) }

// UnmarshalJSON reads what MarshalJSON wrote; null is NaN.
func (r *FleissResult) UnmarshalJSON(data []byte) error {
	type plain FleissResult
	return wire.Unmarshal(data, (*plain)(r))
}

// Table gives kappa, and each category against the others, as a table.
func (r FleissResult) Table() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s\n", r, r.Kappa.Method)
	if len(r.Categories) > 0 {
		b.WriteString("\n")
		t := wire.NewGrid("share", "kappa", "z", "p")
		t.Text("all", "1", wire.Short(r.Null.Estimate.Value), wire.Short(r.Null.Statistic), strings.TrimPrefix(bangkom.FormatP(r.Null.P), "= "))
		for _, c := range r.Categories {
			t.Text(wire.Short(c.Value), wire.Short(c.Share), wire.Short(c.Kappa.Estimate.Value), wire.Short(c.Kappa.Statistic), strings.TrimPrefix(bangkom.FormatP(c.Kappa.P), "= "))
		}
		t.Write(&b)
		b.WriteString("\nz and p: standard error under chance (Fleiss, Nee and Landis).\n")
	}
	fmt.Fprintf(&b, "Agreement %s, by chance %s; %d subjects; missing: %s.\n", wire.Short(r.Observed), wire.Short(r.Expected), r.Kappa.N, r.Kappa.Missing)
	printWarnings(&b, r.Kappa)
	return b.String()
}

package effect

import (
	"fmt"
	"math"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
)

// PrePostControl returns Morris' d_ppc2 (2008), how much more the treated changed
// than the others, in standard deviations of all before the treatment:
//
//	d = c_P · ((mean after − mean before of the treated) − (the same of the others)) / sd_before
//
// sd_before is pooled over both groups; c_P = 1 − 3/(4(nt + nc − 2) − 1), as he
// printed it (nearly Hedges' exact factor), or 1 with Uncorrected. The
// standard error is the root of his equation 25,
//
//	2c_P²(1−ρ) k (m/(m−2)) (1 + d²/(2(1−ρ)k)) − d²,   k = 1/nt + 1/nc, m = nt + nc − 2
//
// with ρ, the correlation of the occasions, pooled within the groups; the
// interval is normal.
//
// A person with a NaN in either occasion is left out and counted. Errors:
// ErrShape, ErrNotFinite, ErrTooFew below two pairs in a group or five in all,
// ErrNoVariation where nobody differs before, ErrOption.
func PrePostControl(treatedBefore, treatedAfter, otherBefore, otherAfter []float64, opt *Options) (bangkom.Estimate, error) {
	o, err := opt.checked()
	if err != nil {
		return bangkom.Estimate{}, err
	}
	t1, t2, td, err := pairs(treatedBefore, treatedAfter)
	if err != nil {
		return bangkom.Estimate{}, err
	}
	c1, c2, cd, err := pairs(otherBefore, otherAfter)
	if err != nil {
		return bangkom.Estimate{}, err
	}
	nt, nc := float64(len(td)), float64(len(cd))
	m, k := nt+nc-2, 1/nt+1/nc
	if m < 3 {
		return bangkom.Estimate{}, problem(bangkom.ErrTooFew, "pre-post-control", fmt.Sprint(m+2), "fewer than five people in all", "at least 5 with both occasions")
	}
	pool := func(f func(a, b []float64) float64) float64 { return ((nt-1)*f(t1, t2) + (nc-1)*f(c1, c2)) / m }
	v1 := pool(func(a, _ []float64) float64 { return num.Variance(a) })
	v2 := pool(func(_, b []float64) float64 { return num.Variance(b) })
	vd := ((nt-1)*num.Variance(td) + (nc-1)*num.Variance(cd)) / m
	sd := math.Sqrt(v1)
	if err := squarable("pre-post-control", sd, t1, c1); err != nil {
		return bangkom.Estimate{}, err
	}
	if !(sd > constant*max(math.Abs(num.Mean(t1)), math.Abs(num.Mean(c1)))) {
		return bangkom.Estimate{}, problem(bangkom.ErrNoVariation, "pre-post-control", "", "nobody differs from the group before", "more people")
	}
	cp := 1.0
	if !o.Uncorrected {
		cp = 1 - 3/(4*m-1)
	}
	d := cp * (num.Mean(td) - num.Mean(cd)) / sd
	e := bangkom.Estimate{Value: d, SE: math.NaN(), N: len(td) + len(cd), Method: "Morris d_ppc2: change of the treated − change of the others, by the pooled sd before",
		Missing: bangkom.Missing{Policy: "listwise", Dropped: len(treatedBefore) + len(otherBefore) - len(td) - len(cd)}}
	rho := (v1 + v2 - vd) / (2 * math.Sqrt(v1) * math.Sqrt(v2))
	e.SE = math.Sqrt(2*cp*cp*(1-rho)*k*(m/(m-2))*(1+d*d/(2*(1-rho)*k)) - d*d)
	if !(rho < 1) || math.IsNaN(e.SE) { // also where nobody differs after
		e.SE = math.NaN()
		e.Warnings.Add(bangkom.Problem{Code: "no-correlation", Severity: bangkom.Warning, Msg: "the correlation of the occasions is not known or 1: no standard error"})
		return e, nil
	}
	half := num.NormalQuantile((1+o.Level)/2) * e.SE
	e.CI = bangkom.Interval{Lo: d - half, Hi: d + half, Level: o.Level, Method: "normal, Morris eq. 25"}
	return e, nil
}

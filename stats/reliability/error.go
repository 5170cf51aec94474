package reliability

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
)

// An SEMResult is what [SEM] found, in the units of the score.
type SEMResult struct {
	SEM bangkom.Estimate `json:"sem"` // standard error of measurement of one score
	MDC bangkom.Estimate `json:"mdc"` // minimal detectable change between two scores of one person
}

// SEM returns the standard error of measurement of one person's score, and the
// smallest change between two scores of one person that is more than noise at
// the level:
//
//	SEM = sd · √(1 − r)        MDC = z · √2 · SEM,   z two-sided
//
// sd is that of the scores in the group and r their reliability. The interval
// of r, if it has one, is carried through, with sd taken as known: both intervals are
// of r's level. level is the confidence of the change; 0 is 0.95.
//
// Errors: ErrOption for a negative sd or a level outside (0, 1); ErrNotFinite
// for a reliability that is unknown or above 1. In R: sd * sqrt(1 - r).
func SEM(sd float64, r bangkom.Estimate, level float64) (SEMResult, error) {
	level, err := levelOf(level)
	switch {
	case err != nil:
		return SEMResult{}, err
	case !(sd >= 0) || math.IsInf(sd, 0):
		return SEMResult{}, problem(bangkom.ErrOption, "sd", fmt.Sprint(sd), "not a standard deviation", "0 or more")
	case r.CI != (bangkom.Interval{}) && !(r.CI.Lo <= r.CI.Hi && 0 < r.CI.Level && r.CI.Level < 1):
		return SEMResult{}, problem(bangkom.ErrNotFinite, "reliability", r.CI.String(), "not an interval", "one, or none")
	case math.IsNaN(r.Value) || math.IsInf(r.Value, 0) || r.Value > 1:
		return SEMResult{}, problem(bangkom.ErrNotFinite, "reliability", fmt.Sprint(r.Value), "not a reliability", "1 or less")
	}
	of := func(factor float64, name string) bangkom.Estimate {
		at := func(r float64) float64 {
			if sd == 0 { // also of an interval without end
				return 0
			}
			return factor * sd * math.Sqrt(max(0, 1-r))
		}
		e := bangkom.Estimate{Value: at(r.Value), SE: math.NaN(), N: r.N, Method: name + " from " + r.Method, Missing: r.Missing, Warnings: slices.Clone(r.Warnings)}
		if r.CI != (bangkom.Interval{}) {
			e.CI = bangkom.Interval{Lo: at(r.CI.Hi), Hi: at(r.CI.Lo), Level: r.CI.Level, Method: r.CI.Method + " of the reliability, sd taken as known"}
		}
		return e
	}
	z := num.NormalQuantile((1 + level) / 2)
	return SEMResult{SEM: of(1, "SEM"), MDC: of(z*math.Sqrt2, fmt.Sprintf("MDC at %g %%", 100*level))}, nil
}

// String gives both on one line.
func (r SEMResult) String() string { return "SEM " + r.SEM.String() + "; MDC " + r.MDC.String() }

// Table gives both with their intervals.
func (r SEMResult) Table() string {
	var b strings.Builder
	estimates(&b, []string{"SEM", "MDC"}, []bangkom.Estimate{r.SEM, r.MDC})
	fmt.Fprintf(&b, "\n%s; %s; n = %d.\n", r.SEM.Method, r.MDC.Method, r.SEM.N)
	warnings(&b, r.SEM)
	return b.String()
}

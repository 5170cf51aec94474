package compare

import (
	"fmt"
	"math"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/stats/internal/wire"
)

// An Equivalence is the result of two one-sided tests.
type Equivalence struct {
	Estimate bangkom.Estimate `json:"estimate"` // with the interval that lies within the bounds if both tests reject
	Low      float64          `json:"low"`      // the bounds of what makes no difference
	High     float64          `json:"high"`
	Above    bangkom.Test     `json:"above"` // that the difference is above Low
	Below    bangkom.Test     `json:"below"` // that the difference is below High
	P        float64          `json:"p"`     // the larger of the two
}

// PairedTOST tests whether the mean change after − before of the same people
// lies between low and high, by two one-sided paired t tests (Schuirmann,
// 1987). A difference that is "not significant" does not show that there is
// none; this does. The bounds are what makes no difference in practice, in the
// units of the data, and set before the data are seen.
//
// P is the larger of the two; below 1 − Level the interval of level 2·Level − 1
// lies between the bounds. Missing values and errors are those of [Paired];
// ErrOption for bounds that are not low < high, and for a Level up to one half.
//
// In Python: statsmodels.stats.weightstats.ttost_paired(after, before, low, high).
func PairedTOST(before, after []float64, low, high float64, opt *Options) (Equivalence, error) {
	return twoOneSided(low, high, opt, func(o *Options) (bangkom.Test, error) { return Paired(before, after, o) })
}

// WelchTOST tests whether mean(a) − mean(b) of two groups of different people
// lies between low and high, by two one-sided tests of [Welch]. Otherwise it
// is [PairedTOST].
//
// In Python: statsmodels.stats.weightstats.ttost_ind(a, b, low, high, usevar="unequal").
func WelchTOST(a, b []float64, low, high float64, opt *Options) (Equivalence, error) {
	return twoOneSided(low, high, opt, func(o *Options) (bangkom.Test, error) { return Welch(a, b, o) })
}

func twoOneSided(low, high float64, opt *Options, test func(*Options) (bangkom.Test, error)) (Equivalence, error) {
	o, err := opt.checked(0)
	if err != nil {
		return Equivalence{}, err
	}
	if !(low < high && high-low <= math.MaxFloat64) {
		return Equivalence{}, refuse("low, high", fmt.Sprintf("%g, %g", low, high), "bounds that bound nothing", "finite, low < high")
	}
	if o.Level <= 0.5 {
		return Equivalence{}, refuse("Level", fmt.Sprint(o.Level), "a level up to one half", "use 0.95")
	}
	q := Equivalence{Low: low, High: high}
	two, err := test(&Options{Level: 2*o.Level - 1})
	if err != nil {
		return Equivalence{}, err
	}
	q.Estimate = two.Estimate
	if q.Above, err = test(&Options{Level: o.Level, Null: low, Alternative: Greater}); err != nil {
		return Equivalence{}, err
	}
	if q.Below, err = test(&Options{Level: o.Level, Null: high, Alternative: Less}); err != nil {
		return Equivalence{}, err
	}
	q.P = max(q.Above.P, q.Below.P)
	q.Estimate.Method += ", two one-sided tests"
	return q, nil
}

// String gives the difference, the bounds and p on one line.
func (q Equivalence) String() string {
	return fmt.Sprintf("%s; between %s and %s: p %s", q.Estimate, wire.Short(q.Low), wire.Short(q.High), bangkom.FormatP(q.P))
}

// Table gives both tests for people.
func (q Equivalence) Table() string {
	var b strings.Builder
	g := wire.NewGrid("bound", "t", "df", "p")
	g.Row("above", q.Low, q.Above.Statistic, q.Above.DF, q.Above.P)
	g.Row("below", q.High, q.Below.Statistic, q.Below.DF, q.Below.P)
	g.Write(&b)
	fmt.Fprintf(&b, "\nDifference %s; p %s, the larger of the two.\n", q.Estimate, bangkom.FormatP(q.P))
	return b.String() + footer(q.Estimate)
}

// MarshalJSON writes the fields by their tags; what is no number is null.
func (q Equivalence) MarshalJSON() ([]byte, error) { return wire.Marshal(q) }

// UnmarshalJSON reads what MarshalJSON wrote; null is NaN.
func (q *Equivalence) UnmarshalJSON(data []byte) error {
	type plain Equivalence
	return wire.Unmarshal(data, (*plain)(q))
}

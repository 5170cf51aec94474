package effect

import (
	"fmt"
	"math"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
	"github.com/bangkom/bangkom/stats/internal/wire"
)

// The classes of a person's change.
const (
	Unknown      = "unknown"      // a score is missing
	Deteriorated = "deteriorated" // a reliable change for the worse
	Unchanged    = "unchanged"    // no more than the test's own noise
	Improved     = "improved"     // a reliable change for the better
	Recovered    = "recovered"    // improved, and across the cut-off
)

// Norms are the scores of those who lack what the test asks for and of those
// who have it. They give Jacobson and Truax's cut-off c.
type Norms struct {
	LackingMean, LackingSD float64
	HavingMean, HavingSD   float64
}

// Cutoff is the point c between two groups that is as many standard deviations
// from the one as from the other:
//
//	c = (sd₁·mean₀ + sd₀·mean₁) / (sd₀ + sd₁)
//
// NaN of norms without spread.
func (n Norms) Cutoff() float64 {
	return (n.LackingSD*n.HavingMean + n.HavingSD*n.LackingMean) / (n.LackingSD + n.HavingSD)
}

// ChangeOptions of [ReliableChange]. The zero value, or nil, is usable.
type ChangeOptions struct {
	Level         float64 // of a change that is no noise; 0: 0.95, |RC| > 1.96
	SD            float64 // of the scores in the population; 0: that of before
	LowerIsBetter bool    // low scores are the good ones
	Norms         *Norms  // nil: nobody is called recovered
}

// Change is what [ReliableChange] says.
type Change struct {
	SD     float64 `json:"sd"`
	SE     float64 `json:"se"`      // of measurement: sd·√(1 − reliability)
	SDDiff float64 `json:"sd_diff"` // of a difference of two measurements: SE·√2
	// Smallest is the smallest reliable change; its interval is what the
	// interval of the reliability makes of it.
	Smallest bangkom.Estimate `json:"smallest"`
	Cutoff   float64          `json:"cutoff"` // c; NaN without norms
	Persons  []PersonChange   `json:"persons"`
	Counts   map[string]int   `json:"counts"` // people by class
	Unsure   int              `json:"unsure"` // people whose class hangs on the reliability's uncertainty
}

// PersonChange is the change of one person.
type PersonChange struct {
	RC    float64 `json:"rc"` // change / SDDiff; NaN where a score is missing
	Class string  `json:"class"`
	Sure  bool    `json:"sure"` // the class is the same at both ends of the reliability's interval
}

// ReliableChange says of each person whether the change is more than the noise
// of the test (Jacobson and Truax, 1991):
//
//	RC = (after − before) / (sd·√2·√(1 − reliability))
//
// A change is reliable where |RC| exceeds the normal quantile of the level. With
// Norms somebody who improved and came across the cut-off c is recovered.
//
// The reliability is an estimate with an interval, such as alpha's: the smallest
// reliable change carries it through, and people whose class would differ within
// it are counted in Unsure. A reliability without an interval is taken as known.
//
// One result per person, in the order given. Errors: ErrShape, ErrNotFinite,
// ErrTooFew without a pair, or below two scores before where SD is not given,
// ErrNoVariation, ErrOption (the reliability must lie in [0, 1)).
func ReliableChange(before, after []float64, reliability bangkom.Estimate, opt *ChangeOptions) (Change, error) {
	o := ChangeOptions{}
	if opt != nil {
		o = *opt
	}
	base, err := (&Options{Level: o.Level}).checked()
	if err != nil {
		return Change{}, err
	}
	o.Level = base.Level
	r := reliability.Value
	switch {
	case !(r >= 0 && r < 1):
		return Change{}, problem(bangkom.ErrOption, "change: reliability", fmt.Sprint(r), "a reliability outside [0, 1)", "alpha or another coefficient of the test")
	case !(o.SD >= 0) || math.IsInf(o.SD, 0):
		return Change{}, problem(bangkom.ErrOption, "change: SD", fmt.Sprint(o.SD), "no standard deviation", "0 for that of before")
	case o.Norms != nil && !(o.Norms.LackingSD > 0 && o.Norms.HavingSD > 0 && finite(o.Norms.Cutoff())):
		return Change{}, problem(bangkom.ErrOption, "change: Norms", fmt.Sprintf("%+v", *o.Norms), "norms that give no cut-off", "means, and standard deviations above 0")
	}
	pre, n, err := scores(before, after)
	if err != nil {
		return Change{}, err
	}
	c := Change{SD: o.SD, Cutoff: math.NaN(), Counts: map[string]int{}}
	if c.SD == 0 {
		if len(pre) < 2 {
			return Change{}, problem(bangkom.ErrTooFew, "change", fmt.Sprint(len(pre)), "fewer than two scores before", "ChangeOptions.SD of the population")
		}
		c.SD = math.Sqrt(num.Variance(pre))
		if err := squarable("change", c.SD, pre); err != nil {
			return Change{}, err
		}
		if !(c.SD > constant*math.Abs(num.Mean(pre))) {
			return Change{}, problem(bangkom.ErrNoVariation, "change", "", "everybody scored the same before", "ChangeOptions.SD of the population")
		}
	}
	z := num.NormalQuantile((1 + o.Level) / 2)
	c.SE = c.SD * math.Sqrt(1-r)
	c.SDDiff = c.SE * math.Sqrt2
	c.Smallest = bangkom.Estimate{Value: z * c.SDDiff, SE: math.NaN(), N: n, Method: fmt.Sprintf("smallest reliable change, %s %%", wire.Short(100*o.Level)),
		Missing: bangkom.Missing{Policy: "available", Dropped: len(before) - n}}
	low, high := c.Smallest.Value, c.Smallest.Value
	if ci := reliability.CI; ci.Level > 0 {
		low = z * c.SD * math.Sqrt(2*(1-min(1, ci.Hi)))
		high = z * c.SD * math.Sqrt(2*(1-max(0, ci.Lo)))
		c.Smallest.CI = bangkom.Interval{Lo: low, Hi: high, Level: ci.Level, Method: "from the reliability's interval"}
	} else {
		c.Smallest.Warnings.Add(bangkom.Problem{Code: "reliability-as-known", Severity: bangkom.Note, Msg: "the reliability has no interval and is taken as known", Need: "the estimate with its interval"})
	}
	if o.Norms != nil {
		c.Cutoff = o.Norms.Cutoff()
	}
	for i := range before {
		p := PersonChange{RC: (after[i] - before[i]) / c.SDDiff}
		p.Class = o.class(before[i], after[i], c.Smallest.Value, c.Cutoff)
		p.Sure = p.Class != Unknown && p.Class == o.class(before[i], after[i], low, c.Cutoff) && p.Class == o.class(before[i], after[i], high, c.Cutoff)
		if !p.Sure && p.Class != Unknown {
			c.Unsure++
		}
		c.Counts[p.Class]++
		c.Persons = append(c.Persons, p)
	}
	return c, nil
}

func (o ChangeOptions) class(before, after, smallest, cutoff float64) string {
	d := after - before
	if o.LowerIsBetter {
		d, before, after, cutoff = -d, -before, -after, -cutoff
	}
	switch {
	case math.IsNaN(d):
		return Unknown
	case d < -smallest:
		return Deteriorated
	case !(d > smallest):
		return Unchanged
	case before < cutoff && after >= cutoff:
		return Recovered
	}
	return Improved
}

// scores checks and returns the known scores before, and the number of pairs.
func scores(before, after []float64) (pre []float64, n int, err error) {
	if len(before) != len(after) {
		return nil, 0, problem(bangkom.ErrShape, "change", fmt.Sprintf("%d and %d", len(before), len(after)), "before and after of unequal length", "one entry per person in both, NaN where unknown")
	}
	for i := range before {
		if math.Abs(before[i]) > most || math.Abs(after[i]) > most {
			return nil, 0, problem(bangkom.ErrNotFinite, "change", fmt.Sprintf("row %d", i), "an infinite value", "NaN where unknown")
		}
		if !math.IsNaN(before[i]) {
			pre = append(pre, before[i])
			if !math.IsNaN(after[i]) {
				n++
			}
		}
	}
	if n == 0 {
		return nil, 0, problem(bangkom.ErrTooFew, "change", "0", "nobody has both scores", "at least 1 person with both")
	}
	return pre, n, nil
}

func finite(x float64) bool { return x-x == 0 }

// String gives the smallest reliable change and how many changed.
func (c Change) String() string {
	return fmt.Sprintf("smallest reliable change %s; improved %d, unchanged %d, deteriorated %d", wire.Short(c.Smallest.Value), c.Counts[Improved]+c.Counts[Recovered], c.Counts[Unchanged], c.Counts[Deteriorated])
}

// Table gives people by class, and how the class was found.
func (c Change) Table() string {
	var b strings.Builder
	t := wire.NewGrid("people", "share")
	for _, k := range []string{Recovered, Improved, Unchanged, Deteriorated, Unknown} {
		n := c.Counts[k]
		switch {
		case k == Unknown && n == 0, k == Recovered && math.IsNaN(c.Cutoff):
			continue
		case k == Unknown:
			t.Row(k, float64(n), math.NaN())
		default:
			t.Row(k, float64(n), float64(n)/float64(c.Smallest.N))
		}
	}
	t.Write(&b)
	fmt.Fprintf(&b, "\nsmallest reliable change: %s\n", c.Smallest)
	fmt.Fprintf(&b, "sd %s, standard error of measurement %s, of a difference %s (Jacobson & Truax)\n", wire.Short(c.SD), wire.Short(c.SE), wire.Short(c.SDDiff))
	if !math.IsNaN(c.Cutoff) {
		fmt.Fprintf(&b, "recovered: improved and across c = %s\n", wire.Short(c.Cutoff))
	}
	if c.Unsure > 0 {
		fmt.Fprintf(&b, "%d would be in another class within the reliability's interval\n", c.Unsure)
	}
	notes(&b, c.Smallest.Warnings)
	return b.String()
}

// MarshalJSON writes the fields by their tags; what is no number is null.
func (c Change) MarshalJSON() ([]byte, error) { return wire.Marshal(c) }

// UnmarshalJSON reads what MarshalJSON wrote; null is NaN.
func (c *Change) UnmarshalJSON(data []byte) error {
	type plain Change
	return wire.Unmarshal(data, (*plain)(c))
}

// MarshalJSON writes the fields by their tags; what is no number is null.
func (p PersonChange) MarshalJSON() ([]byte, error) { return wire.Marshal(p) }

// UnmarshalJSON reads what MarshalJSON wrote; null is NaN.
func (p *PersonChange) UnmarshalJSON(data []byte) error {
	type plain PersonChange
	return wire.Unmarshal(data, (*plain)(p))
}

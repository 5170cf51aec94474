package effect

import (
	"fmt"
	"math"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
	"github.com/bangkom/bangkom/internal/word"
	"github.com/bangkom/bangkom/stats/internal/wire"
)

// A Conversion turns the noncentrality λ of F into a share of variance.
type Conversion uint8

// The conversions.
const (
	Steiger Conversion = iota // λ/(λ + N), the share in the population (Steiger, 2004), one interval for η², ω² and ε²
	DFError                   // λ/(λ + df of the error) for η², as R's effectsize; ω² and ε² by their own formula at F = λ/df
)

var conversionWords = word.Of[Conversion]("conversion", "λ/(λ+N)", "λ/(λ+df error)")

// String returns "λ/(λ+N)" or "λ/(λ+df error)".
func (c Conversion) String() string { return conversionWords.String(c) }

// ExplainedOptions of [Explained]. The zero value, or nil, is usable.
type ExplainedOptions struct {
	Level      float64 // of the two-sided interval; 0: 0.95
	Conversion Conversion
}

// Variance is what [Explained] says: the share of variance that lies between groups.
type Variance struct {
	Eta2     bangkom.Estimate `json:"eta2"`     // in this sample: too high for the population
	Omega2   bangkom.Estimate `json:"omega2"`   // Hays (1963), nearly without bias
	Epsilon2 bangkom.Estimate `json:"epsilon2"` // Kelley (1935): adjusted R²
	F        float64          `json:"f"`
	DF       float64          `json:"df"`
	DF2      float64          `json:"df2"`
	P        float64          `json:"p"`
}

// Explained returns the share of the variance of all values that lies between
// the groups (group × person, of any sizes):
//
//	η² = SSb/SSt
//	ω² = (SSb − dfb·MSw)/(SSt + MSw)
//	ε² = (SSb − dfb·MSw)/SSt
//
// with one interval for the three, for they estimate one share: that of the
// noncentrality of F, converted as Options say. ω² and ε² may be negative: they
// are not cut, for a mean of cut values is too high.
//
// NaN values are left out and counted. Errors: ErrNotFinite, ErrTooFew below two
// groups, an empty group or no value more than groups, ErrNoVariation where
// all groups are constant, ErrOption.
//
// In R: effectsize::eta_squared(aov(x ~ g), alternative = "two.sided"), with
// the conversion DFError. For ω² and ε² effectsize puts the coefficient itself
// in the place of η² and seeks another noncentrality; that is not done here.
func Explained(groups [][]float64, opt *ExplainedOptions) (Variance, error) {
	o, err := opt.checked()
	if err != nil {
		return Variance{}, err
	}
	if len(groups) < 2 {
		return Variance{}, problem(bangkom.ErrTooFew, "explained", fmt.Sprint(len(groups)), "fewer than two groups", "at least 2 groups")
	}
	var all []float64
	kept := make([][]float64, len(groups))
	given := 0
	for i, g := range groups {
		for r, x := range g {
			if math.Abs(x) > most {
				return Variance{}, problem(bangkom.ErrNotFinite, fmt.Sprintf("explained: group %d", i), fmt.Sprintf("row %d", r), "an infinite value", "NaN where unknown")
			}
			if !math.IsNaN(x) {
				kept[i] = append(kept[i], x)
			}
		}
		if len(kept[i]) == 0 {
			return Variance{}, problem(bangkom.ErrTooFew, "explained", fmt.Sprintf("group %d", i), "a group without values", "at least 1 value per group")
		}
		given += len(g)
		all = append(all, kept[i]...)
	}
	df1, df2 := float64(len(groups)-1), float64(len(all)-len(groups))
	if df2 < 1 {
		return Variance{}, problem(bangkom.ErrTooFew, "explained", fmt.Sprint(len(all)), "no more values than groups", "at least one group of 2")
	}
	first, firstRest, _ := num.Moments(kept[0])
	var between, within, mean float64 // means are less the first, with digits that they themselves have not
	about := make([]float64, len(kept))
	for i, g := range kept {
		m, rest, variance := num.Moments(g)
		about[i] = (m - first) + (rest - firstRest)
		mean += about[i] * float64(len(g)) / float64(len(all))
		if len(g) > 1 {
			within += float64(len(g)-1) * variance
		}
	}
	for i, g := range kept {
		between += float64(len(g)) * (about[i] - mean) * (about[i] - mean)
	}
	grand := first + mean
	if err := squarable("explained", math.Sqrt(within), kept...); err != nil {
		return Variance{}, err
	}
	if !(math.Sqrt(within/df2) > constant*math.Sqrt(between/float64(len(all))+grand*grand)) {
		return Variance{}, problem(bangkom.ErrNoVariation, "explained", "", "all groups are constant", "more people")
	}
	v, err := o.fromF(between/df1/(within/df2), df1, df2)
	for _, e := range []*bangkom.Estimate{&v.Eta2, &v.Omega2, &v.Epsilon2} {
		e.Missing = bangkom.Missing{Policy: "available", Dropped: given - len(all)}
	}
	return v, err
}

// ExplainedF is [Explained] from the F of a report, with df1 and df2 degrees of
// freedom, where N is df1 + df2 + 1. For an F of a factor among others the
// shares are partial ones.
//
// In R: effectsize::F_to_eta2(f, df1, df2, alternative = "two.sided").
func ExplainedF(f, df1, df2 float64, opt *ExplainedOptions) (Variance, error) {
	o, err := opt.checked()
	if err != nil {
		return Variance{}, err
	}
	return o.fromF(f, df1, df2)
}

func (o ExplainedOptions) fromF(f, df1, df2 float64) (Variance, error) {
	within := func(x, least, most float64) bool { return least <= x && x <= most }
	if !within(f, 0, most) || !within(df1, 0.01, 1e15) || !within(df2, 0.01, 1e15) {
		return Variance{}, problem(bangkom.ErrNotFinite, "explained", fmt.Sprintf("F %g, df %g and %g", f, df1, df2), "no F with degrees of freedom", "F from 0 to 1e150, df from 0.01 to 1e15")
	}
	lo, hi := num.NoncentralFLimits(f, df1, df2, o.Level)
	n := df1 + df2 + 1
	ci := bangkom.Interval{Lo: lo / (lo + n), Hi: hi / (hi + n), Level: o.Level, Method: "noncentral F, " + o.Conversion.String()}
	if o.Conversion == DFError {
		ci.Lo, ci.Hi = lo/(lo+df2), hi/(hi+df2)
	}
	share := func(name string, value float64) bangkom.Estimate {
		return bangkom.Estimate{Value: value, SE: math.NaN(), CI: ci, N: int(math.Round(n)), Method: name + ": share of variance between groups"}
	}
	return Variance{share("η²", f*df1/(f*df1+df2)), share("ω²", (f-1)*df1/(f*df1+df2+1)), share("ε²", (f-1)*df1/(f*df1+df2)),
		f, df1, df2, num.FSurvival(f, df1, df2)}, nil
}

func (opt *ExplainedOptions) checked() (ExplainedOptions, error) {
	o := ExplainedOptions{}
	if opt != nil {
		o = *opt
	}
	c, err := (&Options{Level: o.Level}).checked()
	if err != nil {
		return o, err
	}
	o.Level = c.Level
	if o.Conversion > DFError {
		return o, problem(bangkom.ErrOption, "Conversion", o.Conversion.String(), "no such conversion", "Steiger or DFError")
	}
	return o, nil
}

// String gives η² with its interval, and ω², on one line.
func (v Variance) String() string {
	return fmt.Sprintf("η² = %s, ω² = %s", v.Eta2, wire.Short(v.Omega2.Value))
}

// Table gives the three shares and how the interval was made.
func (v Variance) Table() string {
	var b strings.Builder
	t := wire.NewGrid("share", "lower", "upper")
	for i, e := range []bangkom.Estimate{v.Eta2, v.Omega2, v.Epsilon2} {
		t.Row([]string{"η²", "ω²", "ε²"}[i], e.Value, e.CI.Lo, e.CI.Hi)
	}
	t.Write(&b)
	fmt.Fprintf(&b, "\nF(%s, %s) = %s, p %s; N = %d; missing: %s.\n", wire.Short(v.DF), wire.Short(v.DF2), wire.Short(v.F), bangkom.FormatP(v.P), v.Eta2.N, v.Eta2.Missing)
	fmt.Fprintf(&b, "%s %% intervals, two-sided: %s.\n", wire.Short(100*v.Eta2.CI.Level), v.Eta2.CI.Method)
	return b.String()
}

// MarshalJSON writes the fields by their tags; what is no number is null.
func (v Variance) MarshalJSON() ([]byte, error) { return wire.Marshal(v) }

// UnmarshalJSON reads what MarshalJSON wrote; null is NaN.
func (v *Variance) UnmarshalJSON(data []byte) error {
	type plain Variance
	return wire.Unmarshal(data, (*plain)(v))
}

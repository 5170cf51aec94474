package model

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
	"github.com/bangkom/bangkom/stats/internal/wire"
)

// AdjustedMean is a group's mean at the covariates' means over all groups.
type AdjustedMean struct {
	Group    string           `json:"group"`
	N        int              `json:"n"`
	Mean     float64          `json:"mean"`     // as observed
	Adjusted bangkom.Estimate `json:"adjusted"` // what the model expects where covariates are as in all
}

// Ancova is what [ANCOVA] says.
type Ancova struct {
	Effect      bangkom.Test   `json:"effect"` // that all groups have one adjusted mean
	Slopes      bangkom.Test   `json:"slopes"` // that the covariates' slopes are the same in all groups
	Groups      []AdjustedMean `json:"groups"`
	Differences []Coefficient  `json:"differences"` // of adjusted means, every pair; p for one comparison
	At          []Coefficient  `json:"at"`          // the covariates' means, and the slopes' tests
	Model       Regression     `json:"model"`
}

// ANCOVA compares groups on an outcome with covariates, such as the score before
// the training, held at their means over all groups:
//
//	y = group + Σ slope · covariate + e
//
// The covariate takes out what differed before by chance, and so gives narrower
// intervals than changes do. It does not make groups alike that were not
// drawn by lot. The test of equal slopes is always made and reported, with a
// warning where p < 0.05; the result is not changed by it: where slopes differ,
// an adjusted difference holds for somebody with average covariates only.
//
// Groups are in alphabetical order, and the first is the reference of the model.
// A row with a NaN or without a group ("") is left out and counted. Errors: those
// of [OLS]; ErrTooFew below two groups.
//
// In R: lm(after ~ before + group), with anova, and emmeans::emmeans(fit, ~ group).
func ANCOVA(y Column, group []string, covariates []Column, opt *RegressionOptions) (Ancova, error) {
	o, err := opt.checked()
	if err != nil {
		return Ancova{}, err
	}
	if o.NoIntercept {
		return Ancova{}, problem(bangkom.ErrOption, "NoIntercept", "true", "groups are compared with an intercept", "false")
	}
	if len(covariates) == 0 {
		return Ancova{}, problem(bangkom.ErrTooFew, "ancova", "0", "no covariate", "a covariate; or an analysis of variance")
	}
	names, code, dummies, err := indicators(group, y)
	if err != nil {
		return Ancova{}, err
	}
	d, err := newDesign(y, slices.Concat(covariates, dummies), o)
	if err != nil {
		return Ancova{}, err
	}
	counts := make([]int, len(names))
	sums := make([]float64, len(names))
	for i, y := range d.y {
		g := code[d.row(i)]
		counts[g]++
		sums[g] += y
	}
	for g, n := range counts {
		if n == 0 {
			return Ancova{}, problem(bangkom.ErrTooFew, "ancova: group "+names[g], "0", "no complete row in a group", "covariates and outcome of at least 1 row")
		}
	}
	a := Ancova{}
	if a.Model, err = d.fit(o); err != nil {
		return a, err
	}
	var ofGroups []string
	for _, c := range dummies {
		ofGroups = append(ofGroups, c.Name)
	}
	if a.Effect, err = a.Model.Joint(ofGroups...); err != nil {
		return a, err
	}
	a.Effect.Estimate.Method = "ANCOVA, " + a.Effect.Estimate.Method
	center := make([]float64, len(d.names))
	center[0] = 1
	for j := range covariates {
		center[1+j] = num.Mean(d.cols[1+j])
		t, _ := a.Model.Coefficient(covariates[j].Name)
		a.At = append(a.At, Coefficient{fmt.Sprintf("%s at %s", covariates[j].Name, wire.Short(center[1+j])), t})
	}
	first := 1 + len(covariates) // of the indicators
	for g, name := range names {
		c := slices.Clone(center)
		if g > 0 {
			c[first+g-1] = 1
		}
		a.Groups = append(a.Groups, AdjustedMean{name, counts[g], sums[g] / float64(counts[g]), a.Model.contrast(c).Estimate})
		for h := range g {
			c := make([]float64, len(d.names))
			c[first+g-1] = 1
			if h > 0 {
				c[first+h-1] = -1
			}
			a.Differences = append(a.Differences, Coefficient{name + " − " + names[h], a.Model.contrast(c)})
		}
	}
	a.Slopes = slopes(y, covariates, dummies, o)
	if a.Slopes.P < 0.05 {
		a.Effect.Estimate.Warnings.Add(bangkom.Problem{Code: "slopes-differ", Severity: bangkom.Warning, Value: "p " + bangkom.FormatP(a.Slopes.P),
			Msg: "the covariates work differently in the groups: the adjusted difference holds at their means only", Need: "the effect at several values of the covariate"})
	}
	return a, nil
}

// indicators makes a column per group but the first, with NaN for no group, and
// gives each row the place of its group.
func indicators(group []string, y Column) (names []string, code []int, cols []Column, err error) {
	if len(group) != len(y.Values) {
		return nil, nil, nil, problem(bangkom.ErrShape, "group", fmt.Sprintf("%d and %d", len(group), len(y.Values)), "groups and outcomes of unequal number", "one group per row")
	}
	at := map[string]int{}
	for _, g := range group {
		if _, ok := at[g]; !ok && g != "" {
			at[g] = 0
			names = append(names, g)
		}
	}
	slices.Sort(names)
	for k, name := range names {
		at[name] = k
	}
	if len(names) < 2 {
		return nil, nil, nil, problem(bangkom.ErrTooFew, "group", fmt.Sprint(len(names)), "fewer than two groups", "at least 2 groups")
	}
	if len(names) > len(group)/2+1 {
		return nil, nil, nil, problem(bangkom.ErrTooFew, "group", fmt.Sprint(len(names)), "nearly a group for every row", "a column of groups")
	}
	for _, name := range names[1:] {
		cols = append(cols, Column{"group " + name, make([]float64, len(group))})
	}
	code = make([]int, len(group))
	for i, g := range group {
		if g == "" {
			code[i] = -1
			for _, c := range cols {
				c.Values[i] = math.NaN()
			}
		} else if code[i] = at[g]; code[i] > 0 {
			cols[code[i]-1].Values[i] = 1
		}
	}
	return names, code, cols, nil
}

// slopes tests the products of covariates and groups. Covariates are taken from
// their means, which changes nothing of the test and keeps its digits.
func slopes(y Column, covariates, dummies []Column, o RegressionOptions) bangkom.Test {
	nan := math.NaN()
	t := bangkom.Test{Statistic: nan, DF: nan, DF2: nan, P: nan, Estimate: bangkom.Estimate{Value: nan, SE: nan}}
	var centred, products []Column
	var names []string
	for _, c := range covariates {
		known := slices.DeleteFunc(slices.Clone(c.Values), math.IsNaN)
		m := num.Mean(known)
		z := Column{c.Name, make([]float64, len(c.Values))}
		for i, x := range c.Values {
			z.Values[i] = x - m
		}
		centred = append(centred, z)
		for _, d := range dummies {
			p := Column{c.Name + " × " + d.Name, make([]float64, len(c.Values))}
			for i, x := range z.Values {
				p.Values[i] = x * d.Values[i]
			}
			products = append(products, p)
			names = append(names, p.Name)
		}
	}
	r, err := OLS(y, slices.Concat(centred, dummies, products), &o)
	if err == nil {
		t, err = r.Joint(names...)
	}
	t.Estimate.Method = "test of equal slopes: " + t.Estimate.Method
	if err != nil {
		t.Estimate.Warnings.Add(bangkom.Problem{Code: "slopes-untested", Severity: bangkom.Warning, Msg: "equal slopes could not be tested: " + err.Error()})
	}
	return t
}

// String gives the effect of the group and the test of slopes on one line.
func (a Ancova) String() string {
	return fmt.Sprintf("groups F(%s, %s) = %s, p %s; equal slopes p %s; n = %d", wire.Short(a.Effect.DF), wire.Short(a.Effect.DF2), wire.Short(a.Effect.Statistic),
		bangkom.FormatP(a.Effect.P), bangkom.FormatP(a.Slopes.P), a.Model.N)
}

// Table gives adjusted means, their differences and the test of slopes.
func (a Ancova) Table() string {
	var b strings.Builder
	t := wire.NewGrid("n", "mean", "adjusted", "SE", "lower", "upper")
	for _, g := range a.Groups {
		lo, hi := g.Adjusted.CI.Lo, g.Adjusted.CI.Hi
		if g.Adjusted.CI.Level == 0 {
			lo, hi = math.NaN(), math.NaN()
		}
		t.Row(g.Group, float64(g.N), g.Mean, g.Adjusted.Value, g.Adjusted.SE, lo, hi)
	}
	t.Write(&b)
	b.WriteString("\nDifferences of adjusted means\n")
	testGrid(&b, a.Differences)
	b.WriteString("\nSlopes\n")
	testGrid(&b, a.At)
	for _, x := range []struct {
		name string
		t    bangkom.Test
	}{{"Groups", a.Effect}, {"Equal slopes", a.Slopes}} {
		fmt.Fprintf(&b, "\n%s: F(%s, %s) = %s, p %s", x.name, wire.Short(x.t.DF), wire.Short(x.t.DF2), wire.Short(x.t.Statistic), bangkom.FormatP(x.t.P))
	}
	fmt.Fprintf(&b, "\nR² %s, residual sd %s; n = %d; missing: %s.\n%s. p of differences: not adjusted for several comparisons.\n",
		wire.Short(a.Model.R2), wire.Short(a.Model.Sigma), a.Model.N, a.Model.Missing, capital(a.Model.Method))
	warnings(&b, slices.Concat(a.Effect.Estimate.Warnings, a.Slopes.Estimate.Warnings, a.Model.Warnings))
	return b.String()
}

// MarshalJSON writes the fields by their tags; what is no number is null.
func (a Ancova) MarshalJSON() ([]byte, error) { return wire.Marshal(a) }

// UnmarshalJSON reads what MarshalJSON wrote; null is NaN.
func (a *Ancova) UnmarshalJSON(data []byte) error {
	type plain Ancova
	return wire.Unmarshal(data, (*plain)(a))
}

// MarshalJSON writes the fields by their tags; what is no number is null.
func (g AdjustedMean) MarshalJSON() ([]byte, error) { return wire.Marshal(g) }

// UnmarshalJSON reads what MarshalJSON wrote; null is NaN.
func (g *AdjustedMean) UnmarshalJSON(data []byte) error {
	type plain AdjustedMean
	return wire.Unmarshal(data, (*plain)(g))
}

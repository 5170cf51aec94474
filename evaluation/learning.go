package evaluation

import (
	"cmp"
	"fmt"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
	"github.com/bangkom/bangkom/program"
	"github.com/bangkom/bangkom/stats/compare"
	"github.com/bangkom/bangkom/stats/effect"
)

// A LearningResult is level 2: scores before and after, over people.
type LearningResult struct {
	Before  bangkom.Estimate   `json:"before"` // of the people with both scores
	After   bangkom.Estimate   `json:"after"`
	Change  bangkom.Test       `json:"change"`  // mean of after − before, paired t
	Effects []bangkom.Estimate `json:"effects"` // Hedges g, by the spread of scores (av) and of changes (z)
	// Comparison is the change of those who were not trained, and Difference
	// how much more participants changed (Welch); nil: there are none.
	Comparison *bangkom.Estimate `json:"comparison"`
	Difference *bangkom.Test     `json:"difference"`

	ceiling float64 // share of scores after that are the highest possible
}

// learning computes level 2.
func (e *evaluator) learning() *LearningResult {
	took, rest := changes{}, changes{}
	offerings := map[program.OfferingID]bool{}
	for _, t := range e.s.Tests {
		switch e.c.of(t.Person, t.Offering) {
		case trained:
			offerings[t.Offering] = true
			took.add(t.Person, t.Before, t.After)
		case others:
			rest.add(t.Person, t.Before, t.After)
		}
	}
	if len(took) == 0 {
		return nil
	}
	before, after := took.columns()
	out := &LearningResult{Before: e.meanOf(before, "mean over people"), After: e.meanOf(after, "mean over people")}
	opt := &compare.Options{Level: e.o.Level}
	t, err := compare.Paired(before, after, opt)
	out.Change = testOrUnknown(t, err, "paired t: mean of after − before", out.After.Value-out.Before.Value, len(before))
	out.Change.Estimate.Missing = bangkom.Missing{Policy: "people with both scores", Dropped: e.dropped(len(before))}
	if len(offerings) > 1 {
		out.Change.Estimate.Warnings.Add(bangkom.Problem{Code: "pooled-offerings", Severity: bangkom.Warning, Value: fmt.Sprint(len(offerings)),
			Msg: "people of several offerings are pooled as if each were independent: where offerings differ, the interval is too narrow", Need: "one offering at a time: Study.Only"})
	}
	for _, by := range []effect.Divisor{effect.Average, effect.Difference} {
		g, err := effect.Paired(before, after, by, &effect.Options{Level: e.o.Level})
		g = orUnknown(g, err, "Hedges g_"+by.String(), len(before))
		g.Missing = out.Change.Estimate.Missing
		out.Effects = append(out.Effects, g)
	}
	for _, x := range after {
		out.ceiling += float64(one(x >= cmp.Or(e.s.TestMax, 100))) / float64(len(after))
	}
	if len(rest) > 0 {
		m := e.meanOf(rest.differences(), "mean change of the comparison group")
		d := e.difference(took.differences(), rest.differences())
		out.Comparison, out.Difference = &m, &d
	}
	return out
}

// difference compares the changes of two groups of people.
func (e *evaluator) difference(a, b []float64) bangkom.Test {
	t, err := compare.Welch(a, b, &compare.Options{Level: e.o.Level})
	const method = "Welch t: mean change of participants − of the comparison group"
	t = testOrUnknown(t, err, method, num.Mean(a)-num.Mean(b), len(a)+len(b))
	t.Estimate.Method = method
	return t
}

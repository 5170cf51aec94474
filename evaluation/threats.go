package evaluation

import (
	"fmt"
	"math"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
)

// Thresholds of the audit. They are conventions, named so that a report can say them.
const (
	smallN      = 34   // pairs that find a change of half a standard deviation with 80 %
	mostMissing = 0.2  // share of participants a level may know nothing of
	ceilingMost = 0.15 // share of best scores after which a test no longer tells people apart
	soonMonths  = 3    // months before behaviour can be said to have lasted
	unequal     = 0.25 // standard deviations by which the groups may differ before
	unevenMix   = 0.25 // share of ratings that would have to be of other competencies for the groups to be alike
)

// threats lists what else could explain the numbers.
func (e *evaluator) threats(r *Report) bangkom.Problems {
	var ps bangkom.Problems
	add := func(code, where, value, msg, need string) {
		ps.Add(bangkom.Problem{Code: code, Severity: bangkom.Warning, Where: where, Value: value, Msg: msg, Need: need})
	}
	if l := r.Learning; l != nil {
		e.design("learning", l.Difference != nil, add)
		e.sample("learning", l.Change.Estimate, add)
		if l.ceiling >= ceilingMost {
			add("ceiling", "learning", percent(l.ceiling), "many have the best score after the training: the test hides what they learnt", "a harder test")
		}
		e.baseline("learning", e.testBaseline, add)
	}
	if b := r.Behaviour; b != nil {
		first := b.Sources[0]
		e.design("behaviour", first.Difference != nil, add)
		e.sample("behaviour", first.Change.Estimate, add)
		if len(b.Sources) == 1 && first.Source == competency.Self {
			add("self-report-only", "behaviour", "", "only the participants themselves say that they changed", "ratings of superiors or peers")
		}
		for _, g := range b.Agreement {
			if g.disagrees() {
				add("sources-disagree", "behaviour", string(g.A)+" / "+string(g.B), "two sources do not see the same", "read them apart, and ask why")
			}
		}
		for _, s := range b.Sources {
			if len(s.OneSided) > 0 {
				add("one-sided-competencies", "behaviour/"+string(s.Source), listed(s.OneSided), "the comparison group was not rated in these competencies: the difference leaves them out", "ratings of the comparison group in them")
			}
			if s.uneven > unevenMix {
				add("uneven-competencies", "behaviour/"+string(s.Source), percent(s.uneven), "the groups were not rated in the same competencies alike, which may make the difference", "Study.Only, or ratings of the comparison group in like numbers")
			}
		}
		if m := e.s.Design.MonthsAfter; m > 0 && m < soonMonths {
			add("too-soon", "behaviour", fmt.Sprintf("%d months", m), "too soon to say that a change lasted", fmt.Sprintf("ratings after %d months or more", soonMonths))
		}
		e.baseline("behaviour", func(g group) []float64 { return e.ratingBaseline(g, first.Source) }, add)
	}
	if c := r.Results; c != nil {
		for _, w := range c.Warnings {
			add(w.Code, "results", w.Value, w.Msg, w.Need)
		}
		if c.Effect != nil {
			for _, w := range c.Effect.Estimate.Warnings {
				add(w.Code, "results", w.Value, w.Msg, w.Need)
			}
		}
	}
	if roi := r.Return; roi != nil && roi.Benefits.N > 0 && roi.Lost == nil {
		add("isolation-by-estimate", "return", "", "what part of a benefit is due to the training was estimated by people, not measured", "a comparison group for the measure")
	}
	return ps
}

type report func(code, where, value, msg, need string)

// design looks at how the groups came about.
func (e *evaluator) design(where string, compared bool, add report) {
	a := e.s.Design.Assignment
	switch {
	case !compared:
		add("no-comparison-group", where, "", "nobody else was measured: the change may have any cause", "measure people who were not trained, at the same times")
	case a == Randomised:
	case a == Matched:
		add("not-randomised", where, a.String(), "the groups were alike in what they were matched on, and may differ in the rest", "assignment by lot")
	default:
		add("selection", where, a.String(), "who was trained may have differed in what changes anyway", "assignment by lot, or a matched comparison group")
	}
	if a == ByNeed {
		msg := "people chosen because they were low rise by themselves the next time"
		if compared {
			msg += ", unless the comparison group was as low"
		}
		add("regression-to-mean", where, "", msg, "a comparison group as low before, or a second measurement before")
	}
}

// sample looks at how many people a level rests on.
func (e *evaluator) sample(where string, est bangkom.Estimate, add report) {
	if est.N < smallN {
		add("small-n", where, fmt.Sprint(est.N), "few people: a change of half a standard deviation may go unseen", fmt.Sprintf("%d people with both values", smallN))
	}
	if n := len(e.c.people); n > 0 {
		if lost := float64(n-est.N) / float64(n); lost > mostMissing {
			add("attrition", where, percent(lost), "many participants are missing, and they may be the ones it helped least", fmt.Sprintf("values of at least %s of the participants", percent(1-mostMissing)))
		}
	} else {
		add("attrition-unknown", where, "", "the study does not say who took part, so nobody knows who is missing", "Participants")
	}
}

// baseline warns if the groups differed before.
func (e *evaluator) baseline(where string, values func(group) []float64, add report) {
	a, b := values(trained), values(others)
	if len(a) < 2 || len(b) < 2 {
		return
	}
	ma, va := moments(a)
	mb, vb := moments(b)
	sd := math.Sqrt((va + vb) / 2)
	if sd == 0 {
		return
	}
	if d := (ma - mb) / sd; math.Abs(d) > unequal {
		add("unequal-before", where, fmt.Sprintf("%.2f standard deviations", d), "participants and comparison group differed before the training", "a comparison group that starts where the participants start")
	}
}

func moments(xs []float64) (m, v float64) {
	m = mean(xs)
	for _, x := range xs {
		v += (x - m) * (x - m) / float64(len(xs)-1)
	}
	return m, v
}

func (e *evaluator) testBaseline(g group) []float64 {
	cs := changes{}
	for _, t := range e.s.Tests {
		if e.c.of(t.Person, t.Offering) == g {
			cs.add(t.Person, t.Before, t.After)
		}
	}
	before, _ := cs.columns()
	return before
}

func (e *evaluator) ratingBaseline(g group, s competency.Source) []float64 {
	cs := changes{}
	for _, b := range e.s.Behaviour {
		if b.Source == s && b.Before.Known && b.After.Known && e.c.of(b.Person, b.Offering) == g {
			cs.add(b.Person, float64(b.Before.Level), float64(b.After.Level))
		}
	}
	before, _ := cs.columns()
	return before
}

func percent(x float64) string { return fmt.Sprintf("%.0f %%", 100*x) }

package evaluation

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/stats/compare"
)

// A BehaviourResult is level 3: what changed on the job, in levels, months
// later. Each source of ratings has its own result; they are never mixed.
type BehaviourResult struct {
	Sources   []SourceResult `json:"sources"` // in order of trust: superior first, self last
	Agreement []Agreement    `json:"agreement,omitempty"`
}

// A SourceResult is what one source saw.
type SourceResult struct {
	Source     competency.Source `json:"source"`
	Change     bangkom.Test      `json:"change"`     // of participants, paired t over people
	Comparison *bangkom.Estimate `json:"comparison"` // of the others, in the same competencies; nil: none
	Difference *bangkom.Test     `json:"difference"` // participants − others (Welch), in competencies that both were rated in; nil: none
	// OneSided are the competencies in which only participants were rated:
	// they are in Change, and not in Difference.
	OneSided []competency.CompetencyID `json:"one_sided,omitempty"`
	uneven   float64                   // how far the groups' shares of competencies are apart, 0 to 1
}

// Best is the difference from the comparison group where there is one, else
// the change.
func (r SourceResult) Best() bangkom.Estimate {
	if r.Difference != nil {
		return r.Difference.Estimate
	}
	return r.Change.Estimate
}

// An Agreement sets two sources side by side where both rated the same person
// in the same competency after the training.
type Agreement struct {
	A          competency.Source `json:"a"`
	B          competency.Source `json:"b"`
	N          int               `json:"n"`          // persons × competencies
	Equal      bangkom.Estimate  `json:"equal"`      // share of equal levels
	Difference bangkom.Test      `json:"difference"` // mean level of A − of B, over people
}

// cellOf is one person in one competency.
type cellOf struct {
	person     competency.PersonID
	competency competency.CompetencyID
}

// behaviour computes level 3.
func (e *evaluator) behaviour() *BehaviourResult {
	bySource := map[competency.Source]bool{}
	for _, b := range e.s.Behaviour {
		if e.c.of(b.Person, b.Offering) == trained && b.Before.Known && b.After.Known {
			bySource[b.Source] = true
		}
	}
	if len(bySource) == 0 {
		return nil
	}
	out := &BehaviourResult{}
	sources := inTrust(slices.Collect(maps.Keys(bySource)))
	for _, s := range sources {
		out.Sources = append(out.Sources, e.source(s))
	}
	for i, a := range sources {
		for _, b := range sources[i+1:] {
			if g, ok := e.agreement(a, b); ok {
				out.Agreement = append(out.Agreement, g)
			}
		}
	}
	return out
}

// source computes what one source saw.
func (e *evaluator) source(s competency.Source) SourceResult {
	ratings := [2]map[competency.CompetencyID]int{{}, {}} // of participants, of others
	all := changes{}
	e.ratings(s, func(who int, b Behaviour) {
		ratings[who][b.Competency]++
		if who == 0 {
			all.add(b.Person, float64(b.Before.Level), float64(b.After.Level))
		}
	})
	before, after := all.columns()
	d := all.differences()
	t, err := compare.Paired(before, after, &compare.Options{Level: e.o.Level})
	r := SourceResult{Source: s, Change: testOrUnknown(t, err, "paired t: mean of after − before", mean(d), len(d))}
	r.Change.Estimate.Missing = bangkom.Missing{Policy: "people with both ratings", Dropped: e.dropped(len(d))}

	took, rest := changes{}, changes{} // in competencies that both groups were rated in
	e.ratings(s, func(who int, b Behaviour) {
		if ratings[0][b.Competency] > 0 && ratings[1][b.Competency] > 0 {
			[]changes{took, rest}[who].add(b.Person, float64(b.Before.Level), float64(b.After.Level))
		}
	})
	if len(rest) == 0 {
		return r
	}
	r.OneSided, r.uneven = mix(ratings[0], ratings[1])
	m, diff := e.meanOf(rest.differences(), "mean change of the comparison group"), e.difference(took.differences(), rest.differences())
	diff.Estimate.Missing = bangkom.Missing{Policy: "people with both ratings, in competencies of both groups", Dropped: e.dropped(len(took))}
	r.Comparison, r.Difference = &m, &diff
	return r
}

// ratings calls f for each complete rating by one source: 0 of participants, 1 of others.
func (e *evaluator) ratings(s competency.Source, f func(who int, b Behaviour)) {
	for _, b := range e.s.Behaviour {
		if b.Source != s || !b.Before.Known || !b.After.Known {
			continue
		}
		switch e.c.of(b.Person, b.Offering) {
		case trained:
			f(0, b)
		case others:
			f(1, b)
		}
	}
}

// mix lists the competencies that only participants were rated in, and says how
// far the groups' shares of the others are apart: ½ Σ |share − share|.
func mix(took, rest map[competency.CompetencyID]int) (only []competency.CompetencyID, apart float64) {
	n := [2]float64{}
	for _, c := range sortedKeys(took) {
		if rest[c] == 0 {
			only = append(only, c)
			continue
		}
		n[0], n[1] = n[0]+float64(took[c]), n[1]+float64(rest[c])
	}
	for _, c := range sortedKeys(took) {
		if rest[c] > 0 {
			apart += math.Abs(float64(took[c])/n[0]-float64(rest[c])/n[1]) / 2
		}
	}
	return only, apart
}

// agreement compares two sources after the training. It is false if they
// rated nobody in common.
func (e *evaluator) agreement(a, b competency.Source) (Agreement, bool) {
	levels := map[competency.Source]map[cellOf][]float64{a: {}, b: {}}
	for _, r := range e.s.Behaviour {
		if cells := levels[r.Source]; cells != nil && r.After.Known && e.c.of(r.Person, r.Offering) == trained {
			c := cellOf{r.Person, r.Competency}
			cells[c] = append(cells[c], float64(r.After.Level))
		}
	}
	var common []cellOf
	for c := range levels[a] {
		if levels[b][c] != nil {
			common = append(common, c)
		}
	}
	if len(common) == 0 {
		return Agreement{}, false
	}
	equal := 0
	pairs := changes{} // "before" is b, "after" is a
	slices.SortFunc(common, func(x, y cellOf) int {
		if x.person != y.person {
			return 2*one(x.person > y.person) - 1
		}
		return 2*one(x.competency > y.competency) - 1
	})
	for _, c := range common {
		x, y := mean(levels[a][c]), mean(levels[b][c])
		equal += one(x == y)
		pairs.add(c.person, y, x)
	}
	opt := &compare.Options{Level: e.o.Level}
	share, err := compare.Proportion(equal, len(common), opt)
	g := Agreement{A: a, B: b, N: len(common), Equal: orUnknown(share, err, "share of equal levels", len(common))}
	if len(pairs) < len(common) {
		g.Equal.Warnings.Add(bangkom.Problem{Code: "dependent-ratings", Severity: bangkom.Warning, Value: fmt.Sprintf("%d people", len(pairs)),
			Msg: "several competencies of one person count each: the interval is too narrow"})
	}
	low, high := pairs.columns()
	t, err := compare.Paired(low, high, opt)
	g.Difference = testOrUnknown(t, err, "paired t: mean level of A − of B", mean(pairs.differences()), len(pairs))
	g.Difference.Estimate.Method = "paired t: mean level of A − of B"
	if g.disagrees() {
		g.Difference.Estimate.Warnings.Add(bangkom.Problem{Code: "sources-disagree", Severity: bangkom.Warning, Value: string(a) + " / " + string(b),
			Msg: "the two sources do not see the same", Need: "read them apart, and ask why"})
	}
	return g, true
}

// disagrees is true if the levels differ systematically, or are equal in less
// than half of the cells.
func (g Agreement) disagrees() bool {
	ci := g.Difference.Estimate.CI
	return g.Equal.Value < 0.5 || (ci.Level > 0 && !ci.Contains(0)) ||
		(ci.Level == 0 && g.N > 1 && !math.IsNaN(g.Difference.Estimate.Value) && g.Difference.Estimate.Value != 0)
}

package needs

import (
	"cmp"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
)

// A PersonReport is what one person lacks for the job held and for the job to
// be held: two lists that are never added up.
type PersonReport struct {
	Person competency.PersonID `json:"person"`
	AsOf   bangkom.Date        `json:"as_of"`
	Held   JobReport           `json:"held"`
	Target JobReport           `json:"target"`
}

// A JobReport compares one person with one job.
type JobReport struct {
	Position competency.PositionID `json:"position,omitempty"` // empty: no such job
	Coverage competency.Coverage   `json:"coverage"`
	Gaps     []competency.Gap      `json:"gaps"` // below first, the widest gap before; then not known; then met
}

// PersonNeeds reports on one person; false if the workforce does not know them.
// [competency.Gap.Levels] gives the missing levels of a gap where they are known.
func PersonNeeds(p *competency.Profiles, id competency.PersonID) (*PersonReport, bool) {
	w := p.Workforce()
	i, ok := w.Index(id)
	if !ok {
		return nil, false
	}
	person := w.At(i)
	return &PersonReport{
		Person: id, AsOf: p.AsOf(),
		Held:   jobReport(person.Position, competency.PersonGaps(p, i, competency.Held), w),
		Target: jobReport(person.Target, competency.PersonGaps(p, i, competency.Target), w),
	}, true
}

func jobReport(position competency.PositionID, gaps []competency.Gap, w *competency.Workforce) JobReport {
	r := JobReport{Position: position, Gaps: byNeed(gaps)}
	for _, g := range gaps {
		r.Coverage.Add(g)
	}
	switch at, known := w.Position(position); {
	case !known:
		r.Coverage.NoJob = 1
	case len(at.Requirements) == 0:
		r.Coverage.NoStandard = 1
	}
	return r
}

// byNeed orders a person's gaps: below, widest and then most critical first;
// then expired, then not assessed, then met; equals by competency.
func byNeed(gaps []competency.Gap) []competency.Gap {
	out := slices.Clone(gaps)
	if out == nil {
		out = []competency.Gap{} // [] in JSON
	}
	slices.SortStableFunc(out, func(a, b competency.Gap) int {
		if a.State != b.State {
			return cmp.Compare(urgency[a.State], urgency[b.State])
		}
		x, _ := a.Levels()
		y, _ := b.Levels()
		return cmp.Or(cmp.Compare(y, x), cmp.Compare(b.Required.Criticality, a.Required.Criticality), cmp.Compare(a.Required.Competency, b.Required.Competency))
	})
	return out
}

var urgency = map[competency.State]int{competency.Below: 0, competency.Expired: 1, competency.NotAssessed: 2, competency.Met: 3, competency.Assessed: 4}

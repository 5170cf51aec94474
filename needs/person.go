package needs

import (
	"cmp"
	"encoding/json"
	"math"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
)

// A PersonReport is what one person lacks for the job held and for the job to
// be held, and where results fall short of targets: three parts that are never
// added up.
type PersonReport struct {
	Person      competency.PersonID `json:"person"`
	AsOf        bangkom.Date        `json:"as_of"`
	Held        JobReport           `json:"held"`
	Target      JobReport           `json:"target"`
	Performance []Performance       `json:"performance"`
	Route       Route               `json:"route"`
}

// A Performance is one result of a person's work against its target. It is no
// competency: many things other than skill lower it.
type Performance struct {
	Indicator string  `json:"indicator"`
	Target    float64 `json:"target"`
	Result    float64 `json:"result"` // NaN, and null in JSON: not known
	LessWins  bool    `json:"less_wins,omitempty"`
}

// Gap is how far the result falls short of the target, in the indicator's unit:
// above 0 is a gap; false if either is not known.
func (p Performance) Gap() (gap float64, known bool) {
	gap = p.Target - p.Result
	if p.LessWins {
		gap = -gap
	}
	return gap, !math.IsNaN(gap) && !math.IsInf(gap, 0)
}

// MarshalJSON writes the gap beside what it is of; what is not known is null.
func (p Performance) MarshalJSON() ([]byte, error) {
	type plain Performance
	out := struct {
		plain
		Target *float64 `json:"target"`
		Result *float64 `json:"result"`
		Gap    *float64 `json:"gap"`
	}{plain: plain(p), Target: known(p.Target), Result: known(p.Result)}
	if gap, ok := p.Gap(); ok {
		out.Gap = &gap
	}
	return json.Marshal(out)
}

// A Route says where to look for what helps. It is a place to start, not a finding.
type Route string

// The routes, by what is known of the person.
const (
	RouteTraining       Route = "training"       // below the standard of the job held
	RouteOrganisational Route = "organisational" // results fall short and every requirement of the job held is met: tools, load, procedure
	RouteAssess         Route = "assess"         // results fall short, and not every requirement was assessed; or nothing was
	RouteDevelopment    Route = "development"    // below the standard of the job to be held only
	RouteNone           Route = "none"           // no gap is known
)

func (r *PersonReport) route() Route {
	short := slices.ContainsFunc(r.Performance, func(p Performance) bool {
		gap, ok := p.Gap()
		return ok && gap > 0
	})
	held := r.Held.Coverage
	unknown := held.NotAssessed + held.Expired + held.NoJob + held.NoStandard
	switch {
	case held.Below > 0:
		return RouteTraining
	case unknown > 0 && (short || held.Known() == 0):
		return RouteAssess
	case short:
		return RouteOrganisational
	case r.Target.Coverage.Below > 0:
		return RouteDevelopment
	}
	return RouteNone
}

// A JobReport compares one person with one job.
type JobReport struct {
	Position competency.PositionID `json:"position,omitempty"` // empty: no such job
	Coverage competency.Coverage   `json:"coverage"`
	Gaps     []competency.Gap      `json:"gaps"` // below first, the widest gap before; then not known; then met
}

// PersonNeeds reports on one person, with the results of their work if there are
// any; false if the workforce does not know them.
// [competency.Gap.Levels] gives the missing levels of a gap where they are known.
func PersonNeeds(p *competency.Profiles, id competency.PersonID, results ...Performance) (*PersonReport, bool) {
	w := p.Workforce()
	i, ok := w.Index(id)
	if !ok {
		return nil, false
	}
	person := w.At(i)
	r := &PersonReport{
		Person: id, AsOf: p.AsOf(),
		Held:        jobReport(person.Position, competency.PersonGaps(p, i, competency.Held), w),
		Target:      jobReport(person.Target, competency.PersonGaps(p, i, competency.Target), w),
		Performance: append([]Performance{}, results...),
	}
	r.Route = r.route()
	return r, true
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

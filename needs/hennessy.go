package needs

import "math/big"

// HennessyHicks is the calculation of a training-needs questionnaire with four
// ratings of each task: need = A − B, how critical the task is less how well it
// is done. The questionnaire itself is under copyright and not here. The
// ratings C and D, see [HennessyHicksRoutes], say what would help.
var HennessyHicks = HennessyHicksRoutes(nil)

// HennessyHicksRoutes is [HennessyHicks] with a route for each need: training
// where training would help at least as much (D) as a change in the organisation
// (C). The cube of routes has the same items, D as what is wanted and C as what
// is there. Without it the route is unknown.
func HennessyHicksRoutes(routes *Cube) Method {
	return Method{&method{
		MethodInfo: MethodInfo{"hennessy-hicks", "levels", "A − B, on means", "-(b-a)..b-a", 2, "Hennessy & Hicks, the calculation only; interval: Student's t", "mean(a - b)"},
		importance: true, available: true, outside: routes != nil,
		exact:     func(m *means) *big.Rat { return m.d },
		floats:    gapRatio,
		influence: gapInfluence,
		details: func(views []*view, r *Ranking, _ Options) []any {
			out := make([]any, len(views))
			for i := range views {
				out[i] = hennessyRoute(routes, r.Items[i])
			}
			return out
		},
	}}
}

// HennessyHicksDetail says what would meet the need.
type HennessyHicksDetail struct {
	Route        string   `json:"route"`        // "training", "organisational", "none" without a need, "unknown"
	Training     *float64 `json:"training"`     // mean D; null: not asked
	Organisation *float64 `json:"organisation"` // mean C
}

func hennessyRoute(routes *Cube, item Ranked) HennessyHicksDetail {
	d := HennessyHicksDetail{Route: "unknown"}
	if !(item.Score.Value > 0) {
		if item.Score.Value <= 0 {
			d.Route = "none"
		}
		return d
	}
	if routes == nil {
		return d
	}
	t, ok := routes.Table(item.Item)
	if !ok {
		return d
	}
	m := newView(t, nil, Pairwise).mean
	if m == nil {
		return d
	}
	d.Training, d.Organisation, d.Route = number(m.want), number(m.have), "training"
	if m.d.Sign() < 0 {
		d.Route = "organisational"
	}
	return d
}

package program

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom/competency"
)

// The chain as a user walks it: ratings, profiles, gaps of the job held and of
// the job to be held, model.
func TestFromRatingsToNeeds(t *testing.T) {
	require4 := func(l competency.Level) []competency.Requirement {
		return []competency.Requirement{{Competency: "a", Level: l, Weight: 1}, {Competency: "b", Level: 2, Weight: 1}}
	}
	w, ps := competency.NewWorkforce(framework(), []competency.Position{{ID: "clerk", Requirements: require4(3)}, {ID: "head", Requirements: require4(4)}}, nil,
		[]competency.Person{{ID: "p1", Position: "clerk", Target: "head"}, {ID: "p2", Position: "clerk"}, {ID: "p3", Position: "clerk"}})
	require.NoError(t, ps.Err())
	profiles, ps := competency.Assess(w, []competency.Rating{
		{Person: "p1", Competency: "a", Level: 3, Source: competency.Assessor, Date: day(1, 1)},
		{Person: "p1", Competency: "b", Level: 2, Source: competency.Assessor, Date: day(1, 1)},
		{Person: "p2", Competency: "a", Level: 2, Source: competency.Assessor, Date: day(1, 1)},
		{Person: "p3", Competency: "a", Level: 1, Source: competency.Assessor, Date: day(1, 1), ValidUntil: day(1, 2)},
	}, day(2, 1), competency.Rule{ID: "latest"})
	require.NoError(t, ps.Err())

	held, ps := Build(w, competency.Gaps(profiles, competency.Held), weights, Catalogue{}, Policy{Year: 2027})
	require.NoError(t, ps.Err())
	require.Equal(t, []Need{{"p2", "a", 2, 1, 2}}, held.Needs, "p2's b is not assessed, p3's a has expired: no gaps")

	both := func(yield func(competency.Gap) bool) {
		for _, job := range []competency.Job{competency.Held, competency.Target} {
			for g := range competency.Gaps(profiles, job) {
				if !yield(g) {
					return
				}
			}
		}
	}
	m, ps := Build(w, both, weights, Catalogue{}, Policy{Year: 2027})
	require.NoError(t, ps.Err())
	require.Equal(t, []Need{{"p1", "a", 3, 1, 2}, {"p2", "a", 2, 1, 2}}, m.Needs)
}

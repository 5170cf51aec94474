package competency_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	. "github.com/bangkom/bangkom/competency"
)

func TestSmoke(t *testing.T) {
	f := &Framework{ID: "f", Scales: []Scale{{ID: "s", Levels: []Descriptor{{Level: 1}, {Level: 2}, {Level: 3}, {Level: 4}, {Level: 5}}}},
		Competencies: []Competency{{ID: "A"}, {ID: "B"}}}
	w, ps := NewWorkforce(f, []Position{{ID: "J", Requirements: []Requirement{{Competency: "A", Level: 3, Weight: 1}, {Competency: "B", Level: 3, Weight: 1}}}},
		[]Unit{{ID: "U", Head: "p2"}, {ID: "V", Parent: "U"}}, []Person{{ID: "p2", Unit: "U"}, {ID: "p1", Unit: "V", Position: "J"}})
	require.Empty(t, ps)
	require.True(t, w.InLineOfCommand("p1", "p2"))
	s, ok := w.Superior("p1")
	require.True(t, ok)
	require.Equal(t, PersonID("p2"), s)
	p, ps := Assess(w, []Rating{{Person: "p1", Competency: "A", Level: 2, Date: bangkom.MustDate(2025, 1, 1)}}, bangkom.MustDate(2026, 1, 1), Rule{})
	require.Empty(t, ps)
	require.Equal(t, []State{Below, NotAssessed}, []State{PersonGaps(p, 0, Held)[0].State, PersonGaps(p, 0, Held)[1].State})
	require.Equal(t, Coverage{Below: 1, NotAssessed: 1, NoJob: 1}, CoverageOf(p, Held))
}

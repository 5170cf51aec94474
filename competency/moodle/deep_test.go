package moodle_test

import (
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/competency/moodle"
)

// A tree of one branch takes time by its length, and not by the square of it:
// a second at most, where a search for each parent took seven.
func TestDeepTree(t *testing.T) {
	f := &competency.Framework{ID: "f", Scales: []competency.Scale{{ID: "s", Levels: []competency.Descriptor{{Level: 1}}}}}
	for i := range 20_000 {
		c := competency.Competency{ID: competency.CompetencyID(fmt.Sprint(i)), Title: competency.Text{"id": "x"}}
		if i > 0 {
			c.Parent = competency.CompetencyID(fmt.Sprint(i - 1))
			f.Associations = append(f.Associations, competency.Association{Type: competency.ChildOf, From: c.ID, To: competency.Ref{ID: c.Parent}})
		}
		f.Competencies = append(f.Competencies, c)
	}
	start := time.Now()
	_, err := moodle.Write(io.Discard, f, nil)
	require.NoError(t, err)
	require.Less(t, time.Since(start), 4*time.Second)
}

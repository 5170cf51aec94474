package direct_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/competency/internal/direct"
	"github.com/bangkom/bangkom/internal/ref"
)

func open(t *testing.T, parts ...string) *os.File {
	t.Helper()
	f, err := os.Open(ref.Shared(t, append([]string{"data", "direct"}, parts...)...))
	require.NoError(t, err)
	t.Cleanup(func() { f.Close() })
	return f
}

func counts(f *competency.Framework) [3]int {
	var n [3]int
	for _, c := range f.Competencies {
		n[map[competency.Kind]int{direct.Domain: 0, direct.Group: 1, direct.Skill: 2}[c.Kind]]++
	}
	return n
}

// The counts are those that the releases' own files give.
func TestReleases(t *testing.T) {
	v1, ps := direct.Read(open(t, "v1.0", "skills-competencies-framework.json"), "v1.0")
	require.Empty(t, ps)
	require.Equal(t, [3]int{7, 22, 163}, counts(v1))
	v2, ps := direct.Read(open(t, "v2.0.0", "DIRECT-framework-all-in-one.json"), "v2.0.0")
	require.Empty(t, ps)
	require.Equal(t, [3]int{7, 20, 164}, counts(v2))

	s1, ps := direct.ReadScale(open(t, "v1.0", "skill-levels.json"), "skill-levels.json", "v1")
	require.Empty(t, ps)
	s2, ps := direct.ReadScale(open(t, "v2.0.0", "skill_level.json"), "skill_level.json", "v2")
	require.Empty(t, ps)
	require.Len(t, s1.Levels, 6)
	require.Len(t, s2.Levels, 5)
	require.EqualValues(t, 5, s1.Levels[5].Level)
	require.EqualValues(t, 4, s2.Levels[4].Level)

	related, ps := direct.ReadRelated(open(t, "v2.0.0", "skill.csv"), "skill.csv")
	require.Empty(t, ps.Only(bangkom.Error))
	require.Len(t, related, 181)
	ids, pairs, loops := map[competency.CompetencyID]bool{}, map[[2]competency.CompetencyID]int{}, 0
	for _, c := range v2.Competencies {
		require.False(t, ids[c.ID], c.ID)
		ids[c.ID] = true
	}
	for _, a := range related {
		require.True(t, ids[a.From] && ids[a.To.ID], a)
		if a.From == a.To.ID {
			loops++
			continue
		}
		pairs[[2]competency.CompetencyID{min(a.From, a.To.ID), max(a.From, a.To.ID)}]++
	}
	require.Equal(t, 1, loops)
	require.Len(t, pairs, 90)
	for p, n := range pairs {
		require.Equal(t, 2, n, p)
	}
}

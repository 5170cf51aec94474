package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What people see, kept in files: go test ./cmd/bangkom -update writes them.
func TestNeedsGolden(t *testing.T) {
	t.Chdir(filepath.Join("testdata", "needs"))
	survey := func(more ...string) []string {
		return append([]string{"-ratings", "ratings.csv", "-resamples", "200"}, more...)
	}
	for _, c := range []struct {
		name   string
		status int
		args   []string
	}{
		{"all", 0, survey("-lang", "en")},
		{"pooled", 0, survey("-source", "all", "-method", "share")},
		{"parts", 0, survey("-by", "unit", "-source", "superior", "-method", "borich", "-each", "-lang", "en")},
		{"owner", 0, survey("-by", "unit,position", "-source", "superior", "-method", "ipa", "-at", "B", "-min-cell", "0", "-lang", "en")},
		{"owner-cross", 0, survey("-by", "unit,position", "-source", "superior", "-method", "gap", "-at", "A/clerk", "-min-cell", "0", "-crosshair", "3,4")},
		{"json", 0, survey("-by", "unit", "-source", "superior", "-method", "rdm", "-each", "-json", "-resamples", "-1")},
		{"standards", 0, []string{"-ratings", "long.csv", "-standards", "standards.csv", "-source", "superior", "-resamples", "-1"}},
		{"jpm", 0, []string{"-ratings", "long.csv", "-standards", "standards.csv", "-method", "jpm", "-min-cell", "0", "-lang", "en"}},
		{"weighted", 0, survey("-weight", "share", "-method", "gap", "-source", "self", "-min-cell", "0", "-lang", "en")},
		{"listwise", 0, survey("-missing", "listwise", "-method", "borich", "-importance", "own", "-source", "self", "-min-cell", "0", "-lang", "en")},
		{"broken", 1, []string{"-ratings", "broken.csv", "-method", "share", "-min-cell", "0", "-resamples", "-1", "-source", "self"}},
		{"nothing-to-rank", 1, []string{"-ratings", "empty.csv", "-min-cell", "0"}},
		{"refused-weight", 1, survey("-weight", "share")},
		{"refused-jpm", 1, survey("-method", "jpm")},
		{"refused-method", 1, survey("-method", "magic")},
		{"refused-required", 1, []string{"-ratings", "long.csv", "-standards", "standards.csv", "-method", "borich"}},
		{"refused-source", 1, survey("-source", "rumour")},
		{"refused-part", 1, survey("-by", "unit", "-at", "Z", "-source", "self")},
		{"refused-no-by", 1, survey("-at", "A")},
		{"refused-scale", 1, survey("-scale", "5")},
		{"refused-crosshair", 1, survey("-crosshair", "middle")},
		{"ahp", 0, []string{"-method", "ahp", "-matrix", "judge1.csv", "-lang", "en"}},
		{"ahp-judges", 0, []string{"-method", "ahp", "-matrix", "judge1.csv", "-matrix", "judge2.csv", "-incomplete", "-ri", "ahpsurvey", "-geomean"}},
		{"ahp-missing", 1, []string{"-method", "ahp", "-matrix", "judge2.csv"}},
		{"topsis", 0, []string{"-method", "topsis", "-matrix", "options.csv", "-w", ".3,.4,.3", "-lang", "en"}},
		{"wsm", 0, []string{"-method", "wsm", "-matrix", "options.csv", "-w", "3,2,5", "-benefit", "reach,urgency", "-json"}},
		{"profile", 0, []string{"-method", "profile", "-matrix", "candidates.csv", "-profile", "post.csv", "-lang", "en"}},
		{"profile-table", 0, []string{"-method", "profile", "-matrix", "candidates.csv", "-profile", "post.csv", "-table", "gaps.csv"}},
		{"no-such-criterion", 1, []string{"-method", "wsm", "-matrix", "options.csv", "-benefit", "beauty"}},
		{"usage", 2, []string{"-ratings", "ratings.csv", "-matrix", "options.csv"}},
		{"help", 0, []string{"-h"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			status, out, errs := ran("", append([]string{"needs"}, c.args...)...)
			require.Equal(t, c.status, status, errs)
			got := out
			if errs != "" {
				got += "--- stderr\n" + errs
			}
			path := filepath.Join("golden", c.name)
			if *update {
				require.NoError(t, os.MkdirAll("golden", 0o755))
				require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
			}
			want, err := os.ReadFile(path)
			require.NoError(t, err)
			require.Equal(t, string(want), got)
		})
	}
}

// What is hidden is nowhere in the publication, and its reasons are in the
// owner's file only.
func TestNeedsSuppresses(t *testing.T) {
	audit := filepath.Join(t.TempDir(), "audit.csv")
	dir := filepath.Join("testdata", "needs")
	status, out, _ := ran("", "needs", "-ratings", filepath.Join(dir, "ratings.csv"), "-by", "unit", "-source", "superior", "-method", "gap", "-each", "-json", "-audit", audit)
	require.Zero(t, status)
	var r struct {
		Rankings []struct {
			Segment []string
			Items   []map[string]any
		}
	}
	require.NoError(t, json.Unmarshal([]byte(out), &r))
	require.Equal(t, []string{"B"}, r.Rankings[2].Segment)
	hidden := 0
	for _, x := range r.Rankings[2].Items {
		if x["suppressed"] == true {
			hidden++
			require.Len(t, x, 4)
			require.Nil(t, x["score"])
		}
	}
	require.Equal(t, 3, hidden)
	require.NotContains(t, out, "complementary")
	why, err := os.ReadFile(audit)
	require.NoError(t, err)
	require.Contains(t, string(why), "superior,B,data,small,3")
	require.Contains(t, string(why), "superior,C,data,complementary,")
}

// A line is a person: what was wrong in it is for the owner, not in what is handed on.
func TestNeedsPublishesNoLines(t *testing.T) {
	in := "person,x_a_i,x_a_p\np1,5,1\np2,4,secret\np3,3,2\np4,5,3\np5,4,4\np6,5,7\np7,3,1\n"
	status, out, errs := ran(in, "needs", "-ratings", "-", "-json", "-method", "gap", "-resamples", "-1")
	require.Equal(t, 1, status)
	require.Contains(t, errs, "stdin:3:x_a_p")
	require.NotContains(t, out, "secret")
	require.NotContains(t, out, "stdin:")
	require.Contains(t, out, `"value": "2"`)
	status, out, _ = ran(in, "needs", "-ratings", "-", "-json", "-method", "gap", "-resamples", "-1", "-min-cell", "0")
	require.Equal(t, 1, status)
	require.Contains(t, out, "secret")
}

func TestNeedsReadsStandardInput(t *testing.T) {
	status, out, errs := ran("person,x_a_i,x_a_p\np1,5,1\np2,5,2\n", "needs", "-ratings", "-", "-method", "gap", "-min-cell", "0", "-resamples", "-1")
	require.Zero(t, status, errs)
	require.True(t, strings.Contains(out, "3,50"), out)
}

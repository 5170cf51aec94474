package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
)

// What people see, kept in files: go test ./cmd/bangkom -update writes them.
func TestFrameworkGolden(t *testing.T) {
	t.Chdir(filepath.Join("testdata", "framework"))
	explain := func(more ...string) []string {
		return append([]string{"explain", "-ratings", "ratings.csv"}, more...)
	}
	for _, c := range []struct {
		name string
		args []string
	}{
		{"help", nil},
		{"validate-clean", []string{"validate", "dictionary.json"}},
		{"validate-broken", []string{"validate", "broken.json"}},
		{"validate-few", []string{"validate", "-few", "broken.json", "roles.csv"}},
		{"validate-json", []string{"validate", "roles.csv", "-json"}},
		{"validate-missing", []string{"validate", "nothing.json"}},
		{"validate-wrong-format", []string{"validate", "-from", "moodle", "roles.csv"}},
		{"validate-unknown-format", []string{"validate", "-from", "xlsx", "roles.csv"}},
		{"convert-moodle", []string{"convert", "-from", "case", "-to", "moodle", "-scale", "dasar, menengah, mahir", "dictionary.json", "-"}},
		{"convert-incomplete", []string{"convert", "-to", "case", "roles.csv", "-"}},
		{"convert-case", []string{"convert", "-to", "case", "-title", "Standar", "-creator", "Kota Contoh", "-changed", "2026-01-05", "roles.csv", "-"}},
		{"convert-json", []string{"convert", "-to", "json", "dictionary.json", "-"}},
		{"convert-broken", []string{"convert", "-to", "moodle", "broken.json", "-"}},
		{"convert-nowhere", []string{"convert", "-to", "xlsx", "broken.json", "-"}},
		{"diff", []string{"diff", "dictionary.json", "dictionary-2027.json"}},
		{"diff-json", []string{"diff", "-json", "dictionary.json", "dictionary-2027.json"}},
		{"diff-same", []string{"diff", "dictionary.json", "dictionary.json"}},
		{"diff-broken", []string{"diff", "dictionary.json", "broken.json"}},
		{"diff-broken-plan", []string{"diff", "-plan", "-", "dictionary.json", "broken.json"}},
		{"diff-crosswalk-plan", []string{"diff", "-crosswalk", "crosswalk.json", "-plan", "-", "dictionary.json", "dictionary-2027.json"}},
		{"diff-crosswalk-table", []string{"diff", "-crosswalk", "kamus-2027/associations.csv", "kamus-2026", "kamus-2027"}},
		{"diff-crosswalk-wrong", []string{"diff", "-crosswalk", "ratings.csv", "kamus-2026", "kamus-2027"}},
		{"diff-plan-xml", []string{"diff", "-plan", "plan.xml", "dictionary.json", "dictionary-2027.json"}},
		{"diff-one-file", []string{"diff", "dictionary.json"}},
		{"diff-three-files", []string{"diff", "a", "b", "c"}},
		{"search", []string{"search", "dictionary.json", "kerjasama"}},
		{"search-json", []string{"search", "-json", "dictionary.json", "data"}},
		{"search-nothing", []string{"search", "dictionary.json", "zzz"}},
		{"explain", explain("-as-of", "2022-06-30,2024-06-30,2025-06-30,2026-01-31", "-rule", "rule.json", "p1", "KJSM")},
		{"explain-known-at", explain("-as-of", "2026-01-31", "-known-at", "2026-12-31", "-rule", "rule.json", "p1", "Kerja Sama")},
		{"explain-xapi", explain("-as-of", "2026-01-31", "-xapi", "log.json", "-activities", "activities.json", "p1", "KJSM")},
		{"explain-xapi-alone", []string{"explain", "-as-of", "2026-01-31", "-xapi", "log.json", "-activities", "activities.json", "p1", "KJSM"}},
		{"explain-bad-activities", explain("-as-of", "2026-01-31", "-xapi", "log.json", "-activities", "rule.json", "p1", "KJSM")},
		{"convert-opensalt", []string{"convert", "-to", "opensalt", "dictionary.json", "-"}},
		{"explain-gap", explain("-as-of", "2022-06-30,2025-06-30,2030-01-01", "-rule", "rule.json", "-people", "people.csv", "-positions", "positions.csv", "-standards", "standards.csv", "p1", "KJSM")},
		{"explain-gap-json", explain("-as-of", "2022-06-30", "-people", "people.csv", "-positions", "positions.csv", "-standards", "standards.csv", "-json", "q", "KJSM")},
		{"explain-gap-nobody", explain("-as-of", "2022-06-30", "-people", "people.csv", "-positions", "positions.csv", "-standards", "standards.csv", "zz", "KJSM")},
		{"explain-gap-half", explain("-as-of", "2022-06-30", "-standards", "standards.csv", "p1", "KJSM")},
		{"explain-json", explain("-as-of", "2022-06-30", "-json", "p1", "KJSM")},
		{"explain-framework", explain("-as-of", "2026-01-31", "-valid-for", "3", "-framework", "roles.csv", "q", "KJSM")},
		{"explain-nobody", explain("-as-of", "2026-01-31", "nobody", "KJSM")},
		{"explain-xapi-zone", explain("-as-of", "2026-01-31", "-xapi", "log.json", "-zone", "Asia/Nowhere", "-activities", "activities.json", "p1", "KJSM")},
		{"explain-xapi-empty", []string{"explain", "-as-of", "2026-01-31", "-xapi", "empty.json", "-activities", "activities.json", "p1", "KJSM"}},
		{"explain-wrong-activities", explain("-as-of", "2026-01-31", "-xapi", "log.json", "-activities", "wrongactivities.json", "p1", "KJSM")},
		{"explain-unknown", explain("-as-of", "2026-01-31", "p1", "Memasak")},
		{"explain-bad-rule", explain("-as-of", "2026-01-31", "-rule", "badrule.json", "p1", "KJSM")},
		{"validate-tables", []string{"validate", "kamus-2027", "kamus-2026/competencies.csv"}},
		{"validate-no-tables", []string{"validate", "."}},
		{"validate-not-a-folder", []string{"validate", "-from", "case", "kamus-2026"}},
		{"validate-no-framework", []string{"validate", "null.json", "nothing-in-it.json", "utf16.json", "rule.json", "kamus-2027/levels.csv", "kamus-2027/associations.csv"}},
		{"diff-tables", []string{"diff", "kamus-2026", "kamus-2027"}},
		{"search-tables", []string{"search", "kamus-2026", "kerjasama"}},
		{"convert-tables", []string{"convert", "-to", "tables", "kamus-2027", "-"}},
		{"convert-tables-case", []string{"convert", "-to", "case", "kamus-2026", "-"}},
		{"validate-no-role", []string{"validate", "-from", "flat", "kamus-2026/competencies.csv"}},
		{"convert-no-role", []string{"convert", "-to", "flat", "kamus-2026", "-"}},
		{"explain-no-day", explain("p1", "KJSM")},
	} {
		t.Run(c.name, func(t *testing.T) {
			status, out, err := ran("", append([]string{"framework"}, c.args...)...)
			got := fmt.Sprintf("$ bangkom framework %s\n%s--- stderr\n%s--- status %d\n", strings.Join(c.args, " "), out, err, status)
			golden := c.name + ".golden"
			if *update {
				require.NoError(t, os.WriteFile(golden, []byte(got), 0o644))
			}
			want, e := os.ReadFile(golden)
			require.NoError(t, e)
			require.Equal(t, string(want), got)
		})
	}
}

// Every format is found again by its look.
func TestFrameworkFormatsByTheirLook(t *testing.T) {
	for name := range formats {
		file := filepath.Join(t.TempDir(), "x")
		in := filepath.Join("testdata", "framework", "dictionary.json")
		if name == "flat" {
			in = filepath.Join("testdata", "framework", "roles.csv")
		}
		status, _, err := ran("", "framework", "convert", "-to", name, "-scale", "a,b", in, file)
		require.Zero(t, status, err)
		_, out, _ := ran("", "framework", "validate", "-json", file)
		var v []verdict
		require.NoError(t, json.Unmarshal([]byte(out), &v))
		require.Equal(t, name, v[0].Format)
		require.Equal(t, 2, v[0].Competencies, name)
	}
}

func TestFrameworkFromStandardInput(t *testing.T) {
	status, out, _ := ran("Jabatan;Kompetensi;Level;Bobot\nA;Kerja Sama;2;1\n", "framework", "validate", "-json", "-")
	require.Zero(t, status)
	var v []verdict
	require.NoError(t, json.Unmarshal([]byte(out), &v))
	require.Equal(t, "flat", v[0].Format)
	require.Equal(t, 1, v[0].Positions)
}

// A year's revision: a plan is written, as JSON or as a table, and can be read again.
func TestFrameworkPlansAMigration(t *testing.T) {
	t.Chdir(filepath.Join("testdata", "framework"))
	for _, name := range []string{"plan.json", "plan.csv"} {
		file := filepath.Join(t.TempDir(), name)
		status, _, err := ran("", "framework", "diff", "-plan", file, "dictionary.json", "dictionary-2027.json")
		require.Zero(t, status, err)
		data, e := os.ReadFile(file)
		require.NoError(t, e)
		m := &competency.Migration{}
		if name == "plan.csv" {
			var ps bangkom.Problems
			m, ps = competency.ReadMigration(bytes.NewReader(data), file)
			require.NoError(t, ps.Err())
		} else {
			require.NoError(t, json.Unmarshal(data, m))
		}
		require.NotEmpty(t, m.Moves)

		require.NoError(t, os.WriteFile(file, []byte("decided"), 0o644))
		diff := []string{"framework", "diff", "-plan", file, "dictionary.json", "dictionary-2027.json"}
		status, _, err = ran("", diff...)
		require.Equal(t, 1, status)
		require.Contains(t, err, "file-exists")
		data, e = os.ReadFile(file)
		require.NoError(t, e)
		require.Equal(t, "decided", string(data))
		status, _, err = ran("", append(diff, "-force")...)
		require.Zero(t, status, err)
	}
}

// A framework becomes a folder of tables, and that a framework again.
func TestFrameworkAsTables(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "kamus-2027")
	status, _, err := ran("", "framework", "convert", "-to", "tables", filepath.Join("testdata", "framework", "kamus-2027"), dir)
	require.Zero(t, status, err)
	for _, name := range tableNames {
		require.FileExists(t, filepath.Join(dir, name))
	}
	status, out, err := ran("", "framework", "diff", filepath.Join("testdata", "framework", "kamus-2027"), dir)
	require.Zero(t, status, err)
	require.Equal(t, "kamus-2027 -> kamus-2027: 5 kept\n", out)
	status, _, err = ran("", "framework", "convert", "-to", "tables", dir, filepath.Join(dir, "alone.csv"))
	require.Zero(t, status, err)
	require.Contains(t, err, "levels")
	require.Contains(t, err, "associations")
}

// What is converted can be read again, and a file that cannot be written whole is not there.
func TestFrameworkConvertsThereAndBack(t *testing.T) {
	dir := t.TempDir()
	moodle, back := filepath.Join(dir, "m.csv"), filepath.Join(dir, "b.json")
	in := filepath.Join("testdata", "framework", "dictionary.json")
	status, _, err := ran("", "framework", "convert", "-to", "moodle", "-scale", "dasar,mahir", in, moodle)
	require.Zero(t, status, err)
	status, _, err = ran("", "framework", "convert", "-to", "case", "-creator", "x", "-changed", "2026-01-05", moodle, back)
	require.Zero(t, status, err)
	status, out, _ := ran("", "framework", "search", back, "analisis data")
	require.Zero(t, status)
	require.True(t, strings.HasPrefix(out, "1.00"), out)

	status, _, _ = ran("", "framework", "convert", "-to", "case", filepath.Join("testdata", "framework", "broken.json"), filepath.Join(dir, "no.json"))
	require.Equal(t, 1, status)
	files, e := os.ReadDir(dir)
	require.NoError(t, e)
	require.Len(t, files, 2)
	status, _, err = ran("Jabatan;Kompetensi;Level;Bobot\nA;x;2;1\nA;y;two;1\n", "framework", "convert", "-partial", "-title", "T", "-to", "moodle", "-", filepath.Join(dir, "part.csv"))
	require.Equal(t, 1, status, err)
	require.FileExists(t, filepath.Join(dir, "part.csv"))
}

package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/evaluation"
)

var update = flag.Bool("update", false, "write the golden files anew")

func evaluate(s evaluation.Study) (*evaluation.Report, bangkom.Problems) {
	return evaluation.Evaluate(s, &evaluation.Options{Seed: 1})
}

func city(t *testing.T) settings {
	t.Helper()
	data, err := fs.Sub(embedded, "data")
	require.NoError(t, err)
	return settings{data: data, lang: "id", asOf: bangkom.MustDate(2026, 10, 1), year: 2027, work: 300_000}
}

func output(t *testing.T, s settings) string {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), &out, s))
	return out.String()
}

// TestGoldenOutput: what the report prints, in both languages. Numbers are
// printed rounded, so that the last bits of an architecture do not show.
func TestGoldenOutput(t *testing.T) {
	for _, lang := range []string{"id", "en"} {
		s := city(t)
		s.lang = lang
		got := output(t, s)
		file := filepath.Join("testdata", "report."+lang+".golden")
		if *update {
			require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
		}
		want, err := os.ReadFile(file)
		require.NoError(t, err)
		require.Equal(t, string(want), got)
	}
}

// TestTwoYears: the second run starts from what the first one learnt. Its plan
// is the one that the first announced, and it has nothing new to report.
func TestTwoYears(t *testing.T) {
	s := city(t)
	s.lang, s.state = "en", t.TempDir()
	first, second := t.TempDir(), t.TempDir()
	s.out = first
	require.Contains(t, output(t, s), "Old gain")
	s.out = second
	require.Contains(t, output(t, s), "Nothing new was learnt: the plan stands.")

	announced, err := os.ReadFile(filepath.Join(first, "next-plan.json"))
	require.NoError(t, err)
	started, err := os.ReadFile(filepath.Join(second, "plan.json"))
	require.NoError(t, err)
	require.JSONEq(t, string(announced), string(started))

	old, err := os.ReadFile(filepath.Join(first, "plan.json"))
	require.NoError(t, err)
	require.NotEqual(t, string(old), string(announced), "what was learnt has a consequence")
}

// TestTheCatalogueDiffersExactlyWhereItSaysSo: every gain that the next plan is
// made with is either the old one or one of the changes in the report.
func TestTheCatalogueDiffersExactlyWhereItSaysSo(t *testing.T) {
	s := city(t)
	a := read(s.data, s.asOf)
	learnt, all := evaluation.Learn(a.catalogue.Offerings, evaluation.Observe(a.study(), nil), nil)
	named := map[string]evaluation.Change{}
	for _, c := range changed(a.catalogue.Offerings, all) {
		require.Positive(t, c.N)
		require.NotEmpty(t, c.Reason)
		named[string(c.Offering)+"/"+string(c.Competency)] = c
	}
	require.NotEmpty(t, named)
	for i, o := range learnt {
		for id, g := range o.Raises {
			was := a.catalogue.Offerings[i].Raises[id]
			if c, ok := named[string(o.ID)+"/"+string(id)]; ok {
				require.Equal(t, was, c.Old)
				require.Equal(t, g, c.New)
			} else {
				require.Equal(t, was, g)
			}
		}
	}
}

// TestEveryNumberCanBeTraced: beside each estimate of the results stand n and method.
func TestEveryNumberCanBeTraced(t *testing.T) {
	s := city(t)
	s.work, s.out = 2000, t.TempDir()
	output(t, s)
	for _, name := range []string{"needs.json", "evaluation.json", "changes.json", "hours.json"} {
		data, err := os.ReadFile(filepath.Join(s.out, name))
		require.NoError(t, err)
		var v any
		require.NoError(t, json.Unmarshal(data, &v))
		require.Positive(t, estimates(t, name, v), name)
	}
}

// estimates walks a JSON value and checks each object that has an estimate.
func estimates(t *testing.T, path string, v any) int {
	n := 0
	switch v := v.(type) {
	case map[string]any:
		x, ok := v["estimate"]
		if _, nested := x.(map[string]any); ok && !nested {
			n++
			require.Contains(t, v, "n", path)
			if x != nil {
				require.NotEmpty(t, v["method"], path)
			} else {
				require.NotEmpty(t, v["warnings"], path)
			}
		}
		for k, e := range v {
			n += estimates(t, path+"/"+k, e)
		}
	case []any:
		for _, e := range v {
			n += estimates(t, path, e)
		}
	}
	return n
}

// TestNoPersonalDataOnTheScreen: the report names nobody by number.
func TestNoPersonalDataOnTheScreen(t *testing.T) {
	s := city(t)
	s.work = 2000
	out := output(t, s)
	a := read(s.data, s.asOf)
	for _, p := range a.workforce.People() {
		require.NotContains(t, out, string(p.ID))
	}
	require.NotContains(t, out, "REKAAN-")
	require.True(t, strings.Count(out, "\n") < 120, "two screens")
}

package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

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
	return settings{data: data, lang: "id", asOf: bangkom.MustDate(2026, 10, 1), year: 2027, work: 500_000}
}

func output(t *testing.T, s settings) string {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), &out, s))
	return out.String()
}

// A first run is shared by the tests that look at it: it takes a few seconds.
var first struct {
	sync.Once
	report, state, out string
}

func firstRun(t *testing.T) (report, out string) {
	t.Helper()
	first.Do(func() {
		dir, err := os.MkdirTemp("", "cycle")
		require.NoError(t, err)
		first.state, first.out = filepath.Join(dir, "state"), filepath.Join(dir, "out")
		s := city(t)
		s.state, s.out = first.state, first.out
		first.report = output(t, s)
	})
	return first.report, first.out
}

func TestMain(m *testing.M) {
	flag.Parse()
	status := m.Run()
	if first.out != "" {
		_ = os.RemoveAll(filepath.Dir(first.out))
	}
	os.Exit(status)
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	file = filepath.Join("testdata", file)
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}

// TestGoldenOutput: what the report prints. Numbers are printed rounded, so
// that the last bits of an architecture do not show.
func TestGoldenOutput(t *testing.T) {
	report, _ := firstRun(t)
	golden(t, "report.id.golden", report)
}

// TestTwoYears: a year that is run again starts where it started, and finds the
// same. The next year starts from what this one learnt, and has nothing new to
// report if nothing new was taught.
func TestTwoYears(t *testing.T) {
	_, out := firstRun(t)
	s := city(t)
	s.lang, s.state, s.out = "en", first.state, t.TempDir()
	golden(t, "report.en.golden", output(t, s))
	for _, name := range []string{"plan.json", "next-plan.json", "changes.json"} {
		require.Equal(t, content(t, out, name), content(t, s.out, name), name)
	}
	require.NotEqual(t, content(t, out, "plan.json"), content(t, out, "next-plan.json"), "what was learnt has a consequence")

	files := fstest.MapFS{}
	entries, err := fs.ReadDir(s.data, ".")
	require.NoError(t, err)
	for _, e := range entries {
		data, err := fs.ReadFile(s.data, e.Name())
		require.NoError(t, err)
		if e.Name() == "sessions.csv" || e.Name() == "budgets.csv" {
			data = bytes.ReplaceAll(data, []byte("2027"), []byte("2028"))
		}
		files[e.Name()] = &fstest.MapFile{Data: data}
	}
	s.data, s.year, s.asOf, s.work = files, 2028, bangkom.MustDate(2027, 10, 1), 5_000
	require.Contains(t, output(t, s), "Nothing new was learnt: the plan stands.")
	require.Equal(t, content(t, s.out, "plan.json"), content(t, s.out, "next-plan.json"))
	require.Equal(t, "[]\n", content(t, s.out, "changes.json"))
	require.Contains(t, content(t, s.out, "plan.json"), "+ observed", "it is made with what 2026 taught")
	m, err := openMemory(s.state)
	require.NoError(t, err)
	defer m.close()
	then, _, err := m.catalogue.Get(t.Context(), "2027/L01")
	require.NoError(t, err)
	now, _, err := m.catalogue.Get(t.Context(), "2028/L01")
	require.NoError(t, err)
	require.Equal(t, then, now)
}

func content(t *testing.T, dir, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, name))
	require.NoError(t, err)
	return string(data)
}

// TestTheCatalogueDiffersExactlyWhereItSaysSo: every gain that the next plan is
// made with is either the old one or one of the changes in the report.
func TestTheCatalogueDiffersExactlyWhereItSaysSo(t *testing.T) {
	s := city(t)
	a := read(s.data, s.asOf, nil)
	learnt, all := evaluation.Learn(a.catalogue.Offerings, evaluation.Observe(a.study(2026), nil), nil)
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
	_, out := firstRun(t)
	for _, name := range []string{"needs.json", "evaluation.json", "changes.json", "hours.json"} {
		data, err := os.ReadFile(filepath.Join(out, name))
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
	out, _ := firstRun(t)
	s := city(t)
	a := read(s.data, s.asOf, nil)
	for _, p := range a.workforce.People() {
		require.NotContains(t, out, string(p.ID))
	}
	require.NotContains(t, out, "REKAAN-")
	require.True(t, strings.Count(out, "\n") < 120, "two screens")
}

// TestTheSameEvidenceCountsOnce: last year's files read again a year later teach nothing.
func TestTheSameEvidenceCountsOnce(t *testing.T) {
	s := settings{data: folder(small()), lang: "en", state: t.TempDir(), asOf: bangkom.MustDate(2026, 10, 1), year: 2027, work: 2000}
	require.Contains(t, output(t, s), "Catalogue's gain")
	s.year, s.asOf = 2028, bangkom.MustDate(2027, 10, 1)
	require.Contains(t, output(t, s), "Nothing new was learnt")
}

// TestAttendanceOutlivesItsFile: what an earlier year's file said still counts
// when this year's file holds only this year.
func TestAttendanceOutlivesItsFile(t *testing.T) {
	files := small()
	s := settings{data: folder(files), lang: "en", state: t.TempDir(), asOf: bangkom.MustDate(2026, 10, 1), year: 2027, work: 2000}
	output(t, s)
	files["delivery.csv"] = "NIP,Kode Sesi,Kode,Status,Tanggal,JP,Bentuk,Alasan\n190001032099011001,S1,L1,selesai,03-03-2027,10,pelatihan teknis,\n"
	m, err := openMemory(s.state)
	require.NoError(t, err)
	defer m.close()
	earlier, err := m.events(t.Context())
	require.NoError(t, err)
	require.Len(t, read(folder(files), s.asOf, earlier).delivered.Done(), 2)
}

// TestWhatCanBeDoneIsDone: without valid assessments there is no needs list and
// no plan, but last year's training is still evaluated and the problems are listed.
func TestWhatCanBeDoneIsDone(t *testing.T) {
	for _, missing := range []string{"recap.csv", "positions.csv", "siasn.csv", "units.csv", "competencies.csv", "budgets.csv", "rules.json"} {
		files := small()
		delete(files, missing)
		if missing == "recap.csv" {
			delete(files, "ratings.csv")
		}
		s := settings{data: folder(files), lang: "en", out: filepath.Join(t.TempDir(), "out"), asOf: bangkom.MustDate(2026, 10, 1), year: 2027, work: 2000}
		report := output(t, s)
		require.Contains(t, report, missing)
		require.Contains(t, report, "3. WHAT LAST YEAR'S TRAINING DID")
		require.FileExists(t, filepath.Join(s.out, "problems.json"))
	}
}

// TestASecondYear: what the catalogue says and what was learnt last year have a
// column each, and the reason is that of the new evidence.
func TestASecondYear(t *testing.T) {
	files := small()
	files["behaviour.csv"] = "NIP,Kode,Kompetensi,Sumber,Sebelum,Sesudah\n190001022099012001,L1,T-A,atasan,1,1\n"
	s := settings{data: folder(files), lang: "en", state: t.TempDir(), out: t.TempDir(), asOf: bangkom.MustDate(2026, 10, 1), year: 2027, work: 2000}
	report := output(t, s)
	require.NotContains(t, report, "Used until now")
	files["delivery.csv"] = "NIP,Kode Sesi,Kode,Status,Tanggal,JP,Bentuk,Alasan\n190001032099011001,S1,L1,selesai,03-03-2027,10,pelatihan teknis,\n"
	files["behaviour.csv"] = "NIP,Kode,Kompetensi,Sumber,Sebelum,Sesudah\n190001032099011001,L1,T-A,atasan,1,3\n"
	s.data, s.year, s.asOf = folder(files), 2028, bangkom.MustDate(2027, 10, 1)
	require.Contains(t, output(t, s), "Used until now")
	data, err := os.ReadFile(filepath.Join(s.out, "changes.json"))
	require.NoError(t, err)
	var changes []evaluation.Change
	require.NoError(t, json.Unmarshal(data, &changes))
	require.Len(t, changes, 1)
	c := changes[0]
	require.InDelta(t, .5, c.Old.Mean, 1e-9, "the catalogue's")
	require.Less(t, c.Last.Mean, c.Old.Mean)
	require.Greater(t, c.New.Mean, c.Last.Mean)
	require.Equal(t, evaluation.ObservedMore, c.Reason)
}

// TestNothingToEvaluate: a year without training says so, and prints no table of nothing.
func TestNothingToEvaluate(t *testing.T) {
	files := small()
	s := settings{data: folder(files), lang: "en", asOf: bangkom.MustDate(2027, 10, 1), year: 2028, work: 2000}
	report := output(t, s)
	require.Contains(t, report, "delivery.csv holds no completed training of 2027")
	require.NotContains(t, report, "Session  Offering")
	s.lang = "id"
	require.Contains(t, output(t, s), "delivery.csv tidak memuat pelatihan yang selesai pada 2027")
}

// TestProblemsAreSummedUpByFile: one code in two files is two lines, which say
// what they cost; the top of the report says how many rows that is.
func TestProblemsAreSummedUpByFile(t *testing.T) {
	files := small()
	files["ratings.csv"] += "190001022099012001,T-A,7,atasan,,01-03-2026,\n190001022099012001,T-A,8,atasan,,01-03-2026,\n"
	files["recap.csv"] = strings.Replace(files["recap.csv"], "Bidang Dua,2,", "Bidang Dua,9,", 1)
	files["budgets.csv"] = strings.Replace(files["budgets.csv"], "3000000", "tiga juta", 1)
	s := settings{data: folder(files), lang: "en", asOf: bangkom.MustDate(2026, 10, 1), year: 2027, work: 2000}
	report := output(t, s)
	lines := 0
	for name, text := range files {
		if lines += strings.Count(text, "\n"); name == "rules.json" {
			lines++ // it ends without a line end
		}
	}
	require.Contains(t, report, fmt.Sprintf("2 of %d lines of the files are left out", lines))
	require.Contains(t, report, "2 × level-off-scale [row left out]: ratings.csv:4:Level")
	require.Contains(t, report, "1 × level-off-scale [only this cell]: recap.csv:2:Integritas")
	require.Contains(t, report, "1 × not-rupiah [only this cell]: budgets.csv:3:Pagu")
	require.Contains(t, report, "U1: ceiling unreadable, counted as Rp0.")
	require.Contains(t, report, "see problems.csv")
	s.lang = "id"
	require.Contains(t, output(t, s), "2 × level-off-scale [baris tidak dipakai]: ratings.csv:4:Level: level di luar skala (\"7\")")
}

// TestD15NoRankingWithoutGaps: proposals are not ranked where nobody's gap is known.
func TestD15NoRankingWithoutGaps(t *testing.T) {
	files := small()
	delete(files, "recap.csv")
	delete(files, "ratings.csv")
	s := settings{data: folder(files), lang: "en", asOf: bangkom.MustDate(2026, 10, 1), year: 2027, work: 2000}
	report := output(t, s)
	require.Contains(t, report, "It could not be made")
	require.Contains(t, report, "No plan")
}

// TestAnotherYearIsJudgedOnItsOwnDay: -year alone moves the day with it.
func TestAnotherYearIsJudgedOnItsOwnDay(t *testing.T) {
	require.Equal(t, bangkom.MustDate(2026, 10, 1), judged(bangkom.Date{}, 2027))
	require.Equal(t, bangkom.MustDate(2027, 10, 1), judged(bangkom.Date{}, 2028))
	require.Equal(t, bangkom.MustDate(2027, 3, 1), judged(bangkom.MustDate(2027, 3, 1), 2028))
	require.True(t, judged(bangkom.Date{}, 0).IsZero())
}

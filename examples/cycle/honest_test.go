package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/evaluation"
)

// lesson runs the small folder with one change and returns the report.
func lesson(t *testing.T, lang, file, old, new string) string {
	t.Helper()
	files := small()
	require.Contains(t, files[file], old)
	files[file] = strings.Replace(files[file], old, new, 1)
	return output(t, settings{data: folder(files), lang: lang, asOf: bangkom.MustDate(2026, 10, 1), year: 2027, work: 2000})
}

// TestAFaultIsSaidWhereItsResultStands: whoever reads one section only is not
// deceived by a file that could not be read, in part or at all.
func TestAFaultIsSaidWhereItsResultStands(t *testing.T) {
	for name, c := range map[string]struct {
		file, old, new string
		section        string // its number
		says           []string
		not            string
	}{
		"a cost that is no number":    {"costs.csv", "1000000", "tiga juta", "3", []string{"ROI tidak dapat dinyatakan: 1 baris biaya dan 0 baris manfaat"}, "manfaat: "},
		"a cost below nothing":        {"costs.csv", "1000000", "-500000", "3", []string{"1 baris biaya dan 0 baris manfaat"}, "manfaat: "},
		"a share above one":           {"benefits.csv", `"0,5","0,5"`, `80,"0,5"`, "3", []string{"0 baris biaya dan 1 baris manfaat"}, "manfaat: "},
		"costs of another offering":   {"costs.csv", "L1,penyelenggaraan", "L2,penyelenggaraan", "3", []string{"ROI (biaya –)"}, "biaya per level"},
		"an SKM answer off the scale": {"skm-after.csv", "U2;R4;01-02-2026;4", "U2;R4;01-02-2026;5", "6", []string{"skm-answer-off-scale [hanya sel ini]: skm-after.csv:3:Persyaratan", "unitnya tetap"}, "unit-left-out"},
		"no column of gains":          {"gains.csv", "Kenaikan", "Kenaikn", "2", []string{"Perhatian — gains.csv:1: kolom wajib tidak ada", `"Kenaikn" mirip dengannya`, "Tidak ada rencana"}, "rencana terbaik"},
		"criticality misspelt":        {"standards.csv", "Kritikalitas", "Kritikaltas", "1", []string{"Perhatian — standards.csv:1: kolom yang tidak dibaca", "Kritikaltas = Kritikalitas?", "tidak membedakan kritikalitas (semua 1)"}, "Skor,"},
		"a level missing, small n":    {"ratings.csv", "T-A,1", "T-A,1", "1", []string{"(0,00 – ", "dipotong di 0"}, "(−"},
		"who decides":                 {"ratings.csv", "T-A,1,atasan", "T-A,1,diri sendiri", "1", []string{"Level seseorang menurut asesor atau tes; jika tidak ada, atasan", "Tidak dipakai: penilaian diri sendiri 1"}, ""},
		"trained units":               {"gains.csv", "L1,T-A", "L1,PP", "3", []string{"4 Hasil", "perubahan kepuasan masyarakat di unit terlatih", "setidaknya satu orangnya menyelesaikan"}, "dikurangi unit lain"},
		"hours without a rule":        {"delivery.csv", "pelatihan teknis", "workshop bersama", "3", []string{"1 belum dapat dipastikan (bentuk tanpa aturan atau tanpa JP: workshop bersama 1)"}, ""},
		"a NIP of 17 digits":          {"ratings.csv", "190001032099011001", "19000103209901100", "6", []string{"17 angka, seharusnya 18"}, ""},
		"a day that is not":           {"ratings.csv", ",01-02-2026,\n", ",31-02-2026,\n", "6", []string{"tanggal itu tidak ada di kalender"}, "tanggal tidak ada"},
		"a cancellation":              {"delivery.csv", "selesai", "batal", "6", []string{"pembatalan tanpa Alasan"}, "say why"},
		"a unit asked once":           {"skm-before.csv", "U2;R2", "U1;R2", "6", []string{"hanya sebelum atau hanya sesudah"}, "left out of the comparison"},
	} {
		t.Run(name, func(t *testing.T) {
			report := lesson(t, "id", c.file, c.old, c.new)
			_, section, _ := strings.Cut(report, "\n"+c.section+". ")
			section, _, _ = strings.Cut(section, "\n\n")
			section = strings.Join(strings.Fields(section), " ")
			for _, s := range c.says {
				require.Contains(t, section, s)
			}
			if c.not != "" {
				require.NotContains(t, section, c.not)
			}
			for line := range strings.Lines(report) {
				if !strings.Contains(strings.TrimSpace(line), "  ") {
					require.LessOrEqual(t, len([]rune(line)), width+1)
				}
			}
		})
	}
}

// TestAYearThatIsCorrected: files that were corrected and read again take the
// place of what the same year's first run had learnt from them.
func TestAYearThatIsCorrected(t *testing.T) {
	files := small()
	s := settings{data: folder(files), lang: "en", state: t.TempDir(), out: t.TempDir(), asOf: bangkom.MustDate(2026, 10, 1), year: 2027, work: 2000}
	output(t, s)
	plan := content(t, s.out, "plan.json")
	files["behaviour.csv"] = "NIP,Kode,Kompetensi,Sumber,Sebelum,Sesudah\n190001022099012001,L1,T-A,atasan,1,1\n"
	files["delivery.csv"] += "190001032099011001,S26-1,L1,batal,03-02-2026,,,sakit\n"
	s.data = folder(files)
	require.NotContains(t, output(t, s), "Used until now", "nothing was known before this year")
	require.Equal(t, plan, content(t, s.out, "plan.json"))
	var changes []evaluation.Change
	require.NoError(t, json.Unmarshal([]byte(content(t, s.out, "changes.json")), &changes))
	require.Len(t, changes, 1)
	require.InDelta(t, 0, changes[0].Observed.Value, 1e-12)
	require.Equal(t, 1, changes[0].N, "counted once")

	files["delivery.csv"] = strings.Replace(files["delivery.csv"], "selesai", "gagal", 1)
	s.data = folder(files)
	output(t, s)
	m, err := openMemory(s.state)
	require.NoError(t, err)
	defer m.close()
	events, err := m.events(t.Context())
	require.NoError(t, err)
	require.Len(t, events, 2)
	for _, e := range events {
		require.NotEqual(t, "completed", e.Status.String(), "a seat that was corrected")
	}
	_, err = os.Stat(filepath.Join(s.out, "problems.json"))
	require.NoError(t, err)
}

// TestNumbersOfTheReport: a minus is a minus sign, as in the packages.
func TestNumbersOfTheReport(t *testing.T) {
	r, err := newReport(new(strings.Builder), "id")
	require.NoError(t, err)
	require.Equal(t, "−3,2", r.number(-3.2))
}

// TestFold: words keep their line's indent, and nothing is lost.
func TestFold(t *testing.T) {
	line := "  " + strings.Repeat("kata demi ", 40) + "selesai"
	folded := fold(line, 50)
	require.Equal(t, strings.Fields(line), strings.Fields(folded))
	for part := range strings.Lines(folded) {
		require.LessOrEqual(t, len(part), 51)
		require.True(t, strings.HasPrefix(part, "  "))
	}
}

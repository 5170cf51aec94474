package text

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
)

// What the sources say and what is translated here is the same.
func TestEverySentenceOfTheSources(t *testing.T) {
	found := readSources(t)
	require.Greater(t, len(found), 500)
	var lack, rot []string
	for text, where := range found {
		_, ok1 := sentences[text]
		_, ok2 := others[text]
		if !ok1 && !ok2 {
			lack = append(lack, fmt.Sprintf("%s: %q", where, text))
		}
	}
	for text := range sentences {
		if found[text] == "" {
			rot = append(rot, text)
		}
	}
	slices.Sort(lack)
	require.Empty(t, lack, "without an Indonesian sentence in sentences.go")
	require.Empty(t, rot, "in sentences.go, and no longer in the sources")
}

// Both have the same holes, and a text made of a sentence finds that sentence.
func TestEverySentence(t *testing.T) {
	for _, table := range []map[string]string{sentences, others} {
		for english, id := range table {
			verbs := verb.FindAllString(english, -1)
			var want, got []string
			example, expected := english, id
			for i, v := range verbs {
				n, value := fmt.Sprint(i+1), "v"+fmt.Sprint(i)
				want = append(want, n)
				switch v[len(v)-1] {
				case 'd':
					value = fmt.Sprint(70 + i)
				case 'q':
					value = fmt.Sprintf("%q", value)
				}
				example = strings.Replace(example, v, value, 1)
				expected = regexp.MustCompile(`\{`+n+`\*?\}`).ReplaceAllString(expected, value)
			}
			for _, m := range place.FindAllStringSubmatch(id, -1) {
				got = append(got, m[1])
			}
			slices.Sort(got)
			require.Equal(t, want, got, english)
			require.NotEmpty(t, strings.TrimSpace(id), english)
			require.Equal(t, expected, indonesian(example), english)
		}
	}
}

// A value is left as it is where it may be from a file.
func TestProblemValue(t *testing.T) {
	for _, c := range []struct{ code, value, want string }{
		{"dialect", "semicolons, header in line 3, CRLF", "titik koma, judul kolom di baris 3, CRLF"},
		{"dialect", `separator '|', header in line 1`, `pemisah '|', judul kolom di baris 1`},
		{"no-gap-evidence", "1 not assessed, 0 expired", "1 belum dinilai, 0 kedaluwarsa"},
		{"nip-digits", "17 digits", "17 angka"},
		{"unknown-unit", "unit", "unit"},
		{"unknown-unit", "position", "position"},
	} {
		require.Equal(t, c.want, Indonesian.Problem(bangkom.Problem{Code: c.code, Value: c.value}).Value)
	}
}

func TestProblem(t *testing.T) {
	for _, c := range []struct{ msg, need, wantMsg, wantNeed string }{
		{
			`there is no such column`, `a column named Kode or Code or ID; not understood in this header: Kod, Naam, and 3 more`,
			`kolom ini tidak ada`, `kolom bernama Kode atau Code atau ID; yang tidak dikenal dalam judul ini: Kod, Naam, dan 3 lagi`,
		},
		{
			"these columns are not read; not in the file, and not required: Kode or Code", "correct the spelling: Kod = Kode?",
			"kolom-kolom ini tidak dibaca; tidak ada dalam berkas, dan tidak wajib: Kode atau Code", "perbaiki ejaannya: Kod = Kode?",
		},
		{
			"ratings dated after 2026-01-01, not used: 12; here the first", "", "penilaian bertanggal sesudah 2026-01-01, tidak dipakai: 12; yang pertama di sini", "",
		},
		{
			"borich: it reads an importance, and the cube has required levels", "pairwise or listwise",
			"borich: metode ini membaca kepentingan, padahal kubus data memuat level standar", "pairwise atau listwise",
		},
		{"the budget of unit U1 does not pay what is planned", "", "anggaran unit U1 tidak mencukupi yang direncanakan", ""},
		{"the stated objective is wrong: the plan is worth 18.406", "", "nilai yang dinyatakan salah: rencana ini bernilai 18,406", ""},
		{"use a level of the scale, 1 to 5", "", "pakai level dari skalanya, 1 sampai 5", ""},
		{"there is no such position; it reads as not given", "", "tidak ada jabatan seperti itu; dianggap tidak diisi", ""},
		{"reading stopped: unexpected EOF", "", "pembacaan berhenti: berkas berakhir sebelum selesai", ""},
		{"a text of somebody else or another; whatever", "", "a text of somebody else or another; whatever", ""},
		{"", "", "", ""},
	} {
		p := bangkom.Problem{Code: "x", Value: "not a date", Msg: c.msg, Need: c.need}
		require.Equal(t, p, English.Problem(p))
		got := Indonesian.Problem(p)
		require.Equal(t, bangkom.Problem{Code: "x", Value: "not a date", Msg: c.wantMsg, Need: c.wantNeed}, got)
	}
}

// Amounts in a message follow the language; a value from a file stays as it is.
func TestAmountsInProblems(t *testing.T) {
	p := bangkom.Problem{Code: "budget-short", Msg: "it costs Rp1.500.000, more than Rp500.", Value: "S1 Rp1.500.000"}
	require.Equal(t, "it costs Rp1,500,000, more than Rp500.", English.Problem(p).Msg)
	require.Equal(t, "S1 Rp1,500,000", English.Problem(p).Value)
	require.Equal(t, p.Value, Indonesian.Problem(p).Value)
	p.Code = "not-money"
	require.Equal(t, "S1 Rp1.500.000", English.Problem(p).Value)
}

package evaluation_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/evaluation"
	"github.com/bangkom/bangkom/program"
)

// context is a workforce of two people and one competency on a scale of 1 to 5.
func context(t testing.TB) *evaluation.Context {
	t.Helper()
	scale := competency.Scale{ID: "s"}
	for l := 1; l <= 5; l++ {
		scale.Levels = append(scale.Levels, competency.Descriptor{Level: competency.Level(l)})
	}
	f := &competency.Framework{ID: "f", Scales: []competency.Scale{scale}, Competencies: []competency.Competency{
		{ID: "INT", Code: "INT", Title: competency.Text{"id": "Integritas"}, Scale: "s"},
	}}
	w, ps := competency.NewWorkforce(f, nil, []competency.Unit{{ID: "u"}}, []competency.Person{{ID: "p1", Unit: "u"}, {ID: "p2", Unit: "u"}})
	require.NoError(t, ps.Err())
	return &evaluation.Context{Workforce: w, Offerings: []program.Offering{{ID: "L1"}}}
}

func codes(ps bangkom.Problems) []string {
	var out []string
	for _, p := range ps {
		if p.Severity != bangkom.Note {
			out = append(out, p.Code)
		}
	}
	return out
}

func TestReadTests(t *testing.T) {
	file := "\ufeffNIP;Kode;Pra;Pasca\r\n" +
		"p1;L1;55,5;70\r\n" +
		"p2;;60;\r\n" + // comparison group, no second score
		"p1;L1;50;60\r\n" + // twice
		"p9;L1;50;60\r\n" +
		"p2;L9;50;60\r\n" +
		"p2;L1;-1;60\r\n" +
		"p2;L1;50;abc\r\n" +
		"p2;L1;40;101\r\n"
	got, ps := evaluation.ReadTests(strings.NewReader(file), "tests.csv", context(t))
	require.Len(t, got, 2)
	require.Equal(t, evaluation.TestScore{Person: "p1", Offering: "L1", Before: 55.5, After: 70}, got[0])
	require.Equal(t, program.OfferingID(""), got[1].Offering)
	require.True(t, math.IsNaN(got[1].After), "an empty score is not known, not 0")
	require.Equal(t, []string{"duplicate-id", "unknown-person", "unknown-offering", "off-scale", "not-decimal", "off-scale"}, codes(ps))
	require.Contains(t, ps.Only(bangkom.Error)[0].Where, "tests.csv:4")
}

func TestReadReaction(t *testing.T) {
	file := "NIP,Kode,Materi,Pengajar,Saran\n" +
		"p1,L1,5,4,bagus\n" +
		"p2,L1,6,,terlalu singkat\n" +
		"p1,L1,3,3,\n" + // a second sheet of the same person: D14
		"p2,,4,4,\n"
	got, ps := evaluation.ReadReaction(strings.NewReader(file), "reaction.csv", context(t), nil)
	require.Equal(t, []string{"Materi", "Pengajar"}, got.Items)
	require.Len(t, got.Rows, 2)
	require.Equal(t, []float64{5, 4}, got.Rows[0].Answers)
	require.True(t, math.IsNaN(got.Rows[1].Answers[0]), "off the scale counts as no answer")
	require.True(t, math.IsNaN(got.Rows[1].Answers[1]))
	require.Equal(t, []string{"duplicate-id", "empty-cell", "off-scale", "not-an-item"}, codes(ps), "remarks are not an item, and a warning says that they are lost")

	one, ps := evaluation.ReadReaction(strings.NewReader(file), "reaction.csv", nil, &evaluation.ReactionOptions{Low: 1, High: 6, Items: []string{"MATERI", "Ruang"}})
	require.Equal(t, []string{"Materi"}, one.Items)
	require.Equal(t, 6.0, one.Rows[1].Answers[0])
	require.True(t, ps.Has("missing-column"))

	_, ps = evaluation.ReadReaction(strings.NewReader(file), "reaction.csv", nil, &evaluation.ReactionOptions{Low: 5, High: 1})
	require.ErrorIs(t, ps.Err(), bangkom.ErrOption)
}

func TestReadBehaviour(t *testing.T) {
	file := "NIP;Kode;Kompetensi;Sumber;Sebelum;Sesudah\n" +
		"p1;L1;integritas;Atasan;2;3\n" +
		"p1;L1;INT;Rekan;2;4\n" +
		"p1;L1;INT;rekan;3;3\n" + // a second peer: fine
		"p2;;INT;diri sendiri;2;\n" +
		"p1;L1;INT;atasan;2;2\n" + // a second superior
		"p1;L1;TERBANG;atasan;2;2\n" +
		"p2;L1;INT;atasan;2;6\n" +
		"p2;L1;INT;mantan;2;3,5\n"
	got, ps := evaluation.ReadBehaviour(strings.NewReader(file), "behaviour.csv", context(t))
	require.Len(t, got, 4)
	require.Equal(t, evaluation.Behaviour{Person: "p1", Offering: "L1", Competency: "INT", Source: competency.Superior,
		Before: evaluation.Known(2), After: evaluation.Known(3)}, got[0])
	require.Equal(t, competency.Self, got[3].Source)
	require.False(t, got[3].After.Known)
	require.Equal(t, []string{"duplicate-id", "unknown-competency", "level-off-scale", "unknown-source", "not-integer"}, codes(ps))
}

// A benefit below nothing, or beyond all money, is a slip; who rates himself
// as a superior is himself.
func TestImplausibleRows(t *testing.T) {
	benefits, ps := evaluation.ReadBenefits(strings.NewReader("Kode;Ukuran;Nilai;Isolasi;Keyakinan\nL1;a;-5;1;1\nL1;b;9000000000000000;1;1\nL1;c;5;1;1\n"), "benefits.csv", context(t))
	require.Len(t, benefits, 1)
	require.Equal(t, []string{"negative-amount", "implausible-amount"}, codes(ps))

	rows, ps := evaluation.ReadBehaviour(strings.NewReader("NIP;Kode;Kompetensi;Sumber;Sebelum;Sesudah;Penilai\np1;L1;INT;atasan;2;3;p1\n"), "behaviour.csv", context(t))
	require.Len(t, rows, 1)
	require.Equal(t, competency.Self, rows[0].Source)
	require.Equal(t, []string{"own-rating"}, codes(ps))
}

func TestReadCostsAndBenefits(t *testing.T) {
	costs, ps := evaluation.ReadCosts(strings.NewReader("Kode;Kategori;Jumlah\nL1;Honor;Rp 1.500.000,00\nL1;Ruang;-5\nL1;Ruang;\nL9;Ruang;5\nL1;Makan;2.000,50\n"), "costs.csv", context(t))
	require.Equal(t, []evaluation.Cost{{Offering: "L1", Category: "Honor", Amount: 1500000}}, costs)
	require.Equal(t, []string{"negative-amount", "empty-cell", "unknown-offering", "not-rupiah"}, codes(ps))

	benefits, ps := evaluation.ReadBenefits(strings.NewReader("Kode;Ukuran;Nilai;Isolasi;Keyakinan\n"+
		"L1;Waktu layanan;10.000.000;40 %;0,8\nL1;Suasana kerja;;;\nL1;Keluhan;5000000;;0.5\nL1;Salah;1;40;1\nL1;;1;1;1\n"), "benefits.csv", context(t))
	require.Len(t, benefits, 3)
	require.Equal(t, bangkom.Rupiah(10_000_000), *benefits[0].Value)
	require.Equal(t, evaluation.Part(0.4), benefits[0].Isolation)
	require.Equal(t, evaluation.Part(0.8), benefits[0].Confidence)
	require.Nil(t, benefits[1].Value, "intangible")
	require.False(t, benefits[2].Isolation.Known)
	require.Equal(t, []string{"off-scale", "empty-cell"}, codes(ps))
}

func TestReadersOfNothing(t *testing.T) {
	for _, file := range []string{"", "\n", "a,b\n1,2\n", "NIP;Kode\n"} {
		tests, ps := evaluation.ReadTests(strings.NewReader(file), "f", nil)
		require.Empty(t, tests)
		require.NotEmpty(t, ps)
		_, ps = evaluation.ReadBehaviour(strings.NewReader(file), "f", nil)
		require.NotEmpty(t, ps)
		_, ps = evaluation.ReadCosts(strings.NewReader(file), "f", nil)
		require.NotEmpty(t, ps)
		_, ps = evaluation.ReadBenefits(strings.NewReader(file), "f", nil)
		require.NotEmpty(t, ps)
		s, _ := evaluation.ReadReaction(strings.NewReader(file), "f", nil, nil)
		require.Empty(t, s.Rows)
	}
}

// Whatever the bytes, a reader returns rows that are in range and places that
// name the file.
func fuzz(f *testing.F, read func(t *testing.T, file string) bangkom.Problems, seeds ...string) {
	for _, s := range append(seeds, "", "\ufeff", "NIP;Kode\n\"", "sep=,\n\x00\xff") {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, file string) {
		for _, p := range read(t, file) {
			require.NotEmpty(t, p.Code)
			require.Contains(t, p.Where, "f.csv")
		}
	})
}

func FuzzReadTests(f *testing.F) {
	fuzz(f, func(t *testing.T, file string) bangkom.Problems {
		rows, ps := evaluation.ReadTests(strings.NewReader(file), "f.csv", nil)
		for _, r := range rows {
			require.NotEmpty(t, r.Person)
			for _, v := range []float64{r.Before, r.After} {
				require.True(t, math.IsNaN(v) || (v >= 0 && v <= 100))
			}
		}
		return ps
	}, "NIP;Kode;Pra;Pasca\np1;L1;55,5;70\n", "NIP,Kode,Pra,Pasca\np1,,1e2,\n")
}

func FuzzReadReaction(f *testing.F) {
	fuzz(f, func(t *testing.T, file string) bangkom.Problems {
		s, ps := evaluation.ReadReaction(strings.NewReader(file), "f.csv", nil, nil)
		for _, r := range s.Rows {
			require.Len(t, r.Answers, len(s.Items))
			for _, v := range r.Answers {
				require.True(t, math.IsNaN(v) || (v >= 1 && v <= 5))
			}
		}
		return ps
	}, "NIP;Kode;A;B\np1;L1;5;\np2;L1;9;x\n")
}

func FuzzReadBehaviour(f *testing.F) {
	ctx := context(f)
	fuzz(f, func(t *testing.T, file string) bangkom.Problems {
		rows, ps := evaluation.ReadBehaviour(strings.NewReader(file), "f.csv", ctx)
		for _, r := range rows {
			require.True(t, !r.Before.Known || (r.Before.Level >= 1 && r.Before.Level <= 5))
		}
		_, more := evaluation.ReadBehaviour(strings.NewReader(file), "f.csv", nil)
		return append(ps, more...)
	}, "NIP;Kode;Kompetensi;Sumber;Sebelum;Sesudah\np1;L1;INT;atasan;2;3\n")
}

func FuzzReadCosts(f *testing.F) {
	fuzz(f, func(t *testing.T, file string) bangkom.Problems {
		rows, ps := evaluation.ReadCosts(strings.NewReader(file), "f.csv", nil)
		for _, r := range rows {
			require.GreaterOrEqual(t, r.Amount, bangkom.Rupiah(0))
		}
		return ps
	}, "Kode;Kategori;Jumlah\nL1;Honor;1.500.000\n")
}

func FuzzReadBenefits(f *testing.F) {
	fuzz(f, func(t *testing.T, file string) bangkom.Problems {
		rows, ps := evaluation.ReadBenefits(strings.NewReader(file), "f.csv", nil)
		for _, r := range rows {
			require.True(t, r.Isolation.Value >= 0 && r.Isolation.Value <= 1)
			require.True(t, r.Confidence.Value >= 0 && r.Confidence.Value <= 1)
		}
		return ps
	}, "Kode;Ukuran;Nilai;Isolasi;Keyakinan\nL1;A;1000;40 %;NaN\nL1;A;;0,5;+Inf\n")
}

func ExampleReadTests() {
	file := "NIP;Kode;Pra;Pasca\n900000001;L1;55,5;70\n900000002;L1;60;105\n"
	scores, problems := evaluation.ReadTests(strings.NewReader(file), "tests.csv", nil)
	fmt.Println(len(scores), "good row,", scores[0].After-scores[0].Before, "points")
	fmt.Println(problems.Err())
	// Output:
	// 1 good row, 14.5 points
	// tests.csv:3:Pasca: a score outside 0 to 100 ("105"); a score from 0 to 100
}

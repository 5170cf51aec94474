package competency_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	. "github.com/bangkom/bangkom/competency"
)

// finding is what a person needs to mend a file.
type finding struct{ code, where, value string }

// findings lists problems without the note on the dialect, and checks that
// each says what is wrong.
func findings(t testing.TB, ps bangkom.Problems) []finding {
	t.Helper()
	var out []finding
	for _, p := range ps {
		require.NotEmpty(t, p.Msg)
		if p.Code != "dialect" && (p.Code != "unread-columns" || p.Severity != bangkom.Note) {
			out = append(out, finding{p.Code, p.Where, p.Value})
		}
	}
	return out
}

func in(lines ...string) *strings.Reader { return strings.NewReader(strings.Join(lines, "\n") + "\n") }

func TestReadUnits(t *testing.T) {
	units, ps := ReadUnits(strings.NewReader("\ufeffKode Unit;Nama Unit;Unit Induk;NIP Kepala\r\nA;Kota;;1\r\nB;Dinas;A;\r\n"), "units.csv")
	require.Empty(t, findings(t, ps))
	require.Equal(t, []Unit{{ID: "A", Name: "Kota", Head: "1"}, {ID: "B", Name: "Dinas", Parent: "A"}}, units)

	units, ps = ReadUnits(in("unit,name,parent,head", "A,x,Z,", ",y,,", "A,again,,", "B,x,C,", "C,x,B,", "D,x,D,", "E,x,A,"), "u.csv")
	require.Equal(t, []finding{
		{"empty-cell", "u.csv:3:unit", ""},
		{"duplicate-id", "u.csv:4:unit", "A"},
		{"unknown-unit", "u.csv:2:parent", "Z"},
		{"cycle", "u.csv:5:parent", "B -> C -> B"},
		{"cycle", "u.csv:7:parent", "D -> D"},
	}, findings(t, ps))
	require.Equal(t, []Unit{{ID: "A", Name: "x"}, {ID: "B", Name: "x"}, {ID: "C", Name: "x", Parent: "B"}, {ID: "D", Name: "x"}, {ID: "E", Name: "x", Parent: "A"}}, units)
	_, again := NewWorkforce(nine(), nil, units, nil)
	require.Empty(t, again, "what a reader reported is not reported twice")
}

func TestReadPeople(t *testing.T) {
	units, positions := []Unit{{ID: "A"}}, []Position{{ID: "J"}}
	file := func() *strings.Reader {
		return in("NIP;Nama;Kode Unit;Kode Jabatan;Kode Jabatan Target;Status Kepegawaian",
			"'1;Satu;A;J;J;PNS", "2;Dua;B;K;L;PPPK", "1;Dua kali;A;J;;", ";Tanpa;A;J;;", "3;Tiga;;;;")
	}
	people, ps := ReadPeople(file(), "p.csv", units, positions)
	require.Equal(t, []finding{
		{"unknown-unit", "p.csv:3:Kode Unit", "B"},
		{"unknown-position", "p.csv:3:Kode Jabatan", "K"},
		{"unknown-position", "p.csv:3:Kode Jabatan Target", "L"},
		{"duplicate-id", "p.csv:4:NIP", "1"},
		{"empty-cell", "p.csv:5:NIP", ""},
	}, findings(t, ps))
	require.Equal(t, []Person{{"1", "Satu", "A", "J", "J", "PNS", 2}, {ID: "2", Name: "Dua", Status: "PPPK", Line: 3}, {ID: "3", Name: "Tiga", Line: 6}}, people, "a person is kept whatever they refer to")

	unchecked, ps := ReadPeople(file(), "p.csv", nil, nil)
	require.Len(t, findings(t, ps), 2)
	require.Equal(t, UnitID("B"), unchecked[1].Unit)
	_, ps = ReadPeople(file(), "p.csv", []Unit{}, []Position{})
	require.Len(t, findings(t, ps), 2+2+4, "an empty list knows nobody, nil does not check")
}

func TestReadTargets(t *testing.T) {
	people := []Person{{ID: "1", Target: "K"}, {ID: "2"}, {ID: "3"}}
	got, ps := ReadTargets(in("NIP;Kode Jabatan Target", "1;J", "9;J", "2;X", "1;K", "3;"), "t.csv", people, []Position{{ID: "J"}, {ID: "K"}})
	require.Equal(t, []finding{
		{"unknown-person", "t.csv:3:NIP", "9"},
		{"unknown-position", "t.csv:4:Kode Jabatan Target", "X"},
		{"duplicate-id", "t.csv:5:NIP", "1"},
	}, findings(t, ps))
	require.Equal(t, []Person{{ID: "1", Target: "J"}, {ID: "2"}, {ID: "3"}}, got)
	require.Equal(t, PositionID("K"), people[0].Target, "the argument is not changed")
}

func TestReadPositions(t *testing.T) {
	got, ps := ReadPositions(in("Kode Jabatan;Nama Jabatan;Jenjang", "J;Analis;Ahli Muda", "J;Lain;", ";x;"), "j.csv")
	require.Equal(t, []finding{{"duplicate-id", "j.csv:3:Kode Jabatan", "J"}, {"empty-cell", "j.csv:4:Kode Jabatan", ""}}, findings(t, ps))
	require.Equal(t, []Position{{ID: "J", Title: "Analis", Tier: "Ahli Muda"}}, got)
}

func TestReadStandards(t *testing.T) {
	positions := []Position{{ID: "J"}, {ID: "K", Requirements: []Requirement{{Competency: "c-PB", Level: 1, Weight: 1}}}}
	got, ps := ReadStandards(in("Kode Jabatan;Kompetensi;Level;Bobot;Kritikalitas;Sumber",
		"J;Kerjasama;3;2,5;1,5;SK 1/2026",
		"J;INT;4;1;;SK 1/2026",
		"X;INT;3;1;1;",     // 4: no such position
		"J;Berani;3;1;1;",  // 5: no such competency
		"J;KOM;6;1;1;",     // 6: off the scale
		"J;KOM;3,5;1;1;",   // 7: not an integer
		"J;KOM;3;0;1;",     // 8: D11
		"J;KOM;3;;1;",      // 9: D11
		"J;KOM;3;berat;1;", // 10
		"J;KOM;3;1;-1;",    // 11
		"J;KJSM;2;1;1;",    // 12: again
		"K;PB;2;1;1;",      // 13: given before
		"J;KOM;259;1;1;",   // 14: 256 more than a level
		"J;OPH;3;1;1;SK 2/2026",
	), "s.csv", positions, nine())
	require.Equal(t, []finding{
		{"unknown-position", "s.csv:4:Kode Jabatan", "X"},
		{"unknown-competency", "s.csv:5:Kompetensi", "Berani"},
		{"level-off-scale", "s.csv:6:Level", "6"},
		{"not-integer", "s.csv:7:Level", "3,5"},
		{"weight-not-positive", "s.csv:8:Bobot", "0"},
		{"empty-cell", "s.csv:9:Bobot", ""},
		{"not-decimal", "s.csv:10:Bobot", "berat"},
		{"criticality-not-positive", "s.csv:11:Kritikalitas", "-1"},
		{"duplicate-requirement", "s.csv:12:Kompetensi", "KJSM"},
		{"duplicate-requirement", "s.csv:13:Kompetensi", "PB"},
		{"level-off-scale", "s.csv:14:Level", "259"},
		{"conflicting-source", "s.csv:15:Sumber", "SK 2/2026"},
	}, findings(t, ps))
	require.Equal(t, []Requirement{
		{Competency: "c-KJSM", Level: 3, Weight: 2.5, Criticality: 1.5}, {Competency: "c-INT", Level: 4, Weight: 1, Criticality: 1}, {Competency: "c-OPH", Level: 3, Weight: 1, Criticality: 1},
	}, got[0].Requirements)
	require.Equal(t, "SK 1/2026", got[0].Source)
	require.Empty(t, positions[0].Requirements, "the argument is not changed")
	_, again := NewWorkforce(nine(), got, nil, nil)
	require.Empty(t, again, "what was read fits")
}

// D11: a file without weights does not read as weights of zero, or of one.
func TestD11StandardsWithoutWeights(t *testing.T) {
	got, ps := ReadStandards(in("Kode Jabatan;Kompetensi;Level", "J;INT;3", "J;KOM;3"), "s.csv", []Position{{ID: "J"}}, nine())
	require.Equal(t, []finding{{"missing-column", "s.csv:1", "Bobot"}}, findings(t, ps), "said once, not once a row")
	require.Empty(t, got[0].Requirements)
}

func TestReadCompetencies(t *testing.T) {
	got, ps := ReadCompetencies(in("Kode;Nama;Jenis;Keterangan;Nama Inggris;Induk;Skala;Ejaan Lain",
		"T1;Analisis Data;teknis;Membaca data;Data analysis;;;Analisa Data| Data",
		"T2;Sosial;Sosial Kultural;;;T1;own;",
		"T3;Lain;lainnya;;;;;",
		"T1;Dua kali;;;;;;",
		"T4;;;;;;;",
	), "c.csv", "one-to-five")
	require.Equal(t, []finding{
		{"unknown-kind", "c.csv:4:Jenis", "lainnya"},
		{"duplicate-id", "c.csv:5:Kode", "T1"},
		{"empty-cell", "c.csv:6:Nama", ""},
	}, findings(t, ps))
	require.Equal(t, []Competency{
		{ID: "T1", Code: "T1", Title: Text{"id": "Analisis Data", "en": "Data analysis"}, Also: []string{"Analisa Data", "Data"}, Description: Text{"id": "Membaca data"}, Kind: Technical, Scale: "one-to-five"},
		{ID: "T2", Code: "T2", Title: Text{"id": "Sosial"}, Kind: SocioCultural, Parent: "T1", Scale: "own"},
		{ID: "T3", Code: "T3", Title: Text{"id": "Lain"}, Kind: "lainnya", Scale: "one-to-five"},
	}, got)
	f := nine()
	f.Competencies = append(f.Competencies, got[0])
	require.Empty(t, f.Validate())
	id, err := f.Resolve("analisa data")
	require.NoError(t, err)
	require.Equal(t, CompetencyID("T1"), id)

	got, ps = ReadCompetencies(in("competency id,name,kind,definition", "T1,Data analysis,technical,Reads data"), "c.csv", "s")
	require.Empty(t, findings(t, ps))
	require.Equal(t, Text{"en": "Data analysis"}, got[0].Title)
	require.Equal(t, Text{"en": "Reads data"}, got[0].Description)
}

func TestReadRatings(t *testing.T) {
	got, ps := ReadRatings(in("NIP;Kompetensi;Level;Sumber;Penilai;Tanggal;Berlaku Sampai",
		"1;Kerja Sama;3;Atasan Langsung;x;31-01-2026;31-01-2029",
		"1;INT;2;;;;",
		"9;INT;3;asesor;;01-01-2026;",           // 4
		"1;Berani;3;asesor;;01-01-2026;",        // 5
		"1;INT;6;asesor;;01-01-2026;",           // 6
		"1;INT;tiga;asesor;;01-01-2026;",        // 7
		"1;INT;3;asesor;;31-02-2026;",           // 8
		"1;INT;3;asesor;;01-01-2026;31-12-2025", // 9
		"1;INT;;asesor;;01-01-2026;",            // 10
		"1;INT;4;tetangga;;01-01-2026;",         // 11: kept
		"1;INT;3;asesor;;01-01-2026",            // 12: too few
		"9;Berani;x;asesor;;;",                  // 13: three faults
	), "r.csv", one(t))
	require.Equal(t, []finding{
		{"unknown-person", "r.csv:4:NIP", "9"},
		{"unknown-competency", "r.csv:5:Kompetensi", "Berani"},
		{"level-off-scale", "r.csv:6:Level", "6"},
		{"not-integer", "r.csv:7:Level", "tiga"},
		{"not-a-date", "r.csv:8:Tanggal", "31-02-2026"},
		{"validity-before-date", "r.csv:9:Berlaku Sampai", "31-12-2025"},
		{"empty-cell", "r.csv:10:Level", ""},
		{"unknown-source", "r.csv:11:Sumber", "tetangga"},
		{"too-few-fields", "r.csv:12:Berlaku Sampai", "6"},
		{"unknown-person", "r.csv:13:NIP", "9"},
		{"unknown-competency", "r.csv:13:Kompetensi", "Berani"},
		{"not-integer", "r.csv:13:Level", "x"},
	}, findings(t, ps))
	require.Equal(t, []Rating{
		{Person: "1", Competency: "c-KJSM", Level: 3, Source: Superior, Rater: "x", Date: day(2026, 1, 31), ValidUntil: day(2029, 1, 31)},
		{Person: "1", Competency: "c-INT", Level: 2},
		{Person: "1", Competency: "c-INT", Level: 4, Source: "tetangga", Date: day(2026, 1, 1)},
	}, got)
	_, again := Assess(one(t), got, day(2026, 6, 1), Rule{})
	require.NoError(t, again.Err(), "what was read fits")
}

func TestReadWide(t *testing.T) {
	w := workforce(t, nil, nil, []Person{{ID: "1"}, {ID: "2"}, {ID: "3"}})
	got, ps := ReadWide(in("NIP;Nama;Integritas;KERJASAMA;Komunikasi;Berani;Teamwork;Total;Tanggal Asesmen",
		"1;Satu;3;4;2;5;1;9;01-02-2026",
		"2;Dua;;6;x;;;;", // empty, off the scale, not a number
		"9;Sembilan;3;3;3;;;;",
		"1;Satu;1;1;1;;;;01-02-2026", // the same person and day
		"1;Satu;2;;3;;;;01-03-2026",  // another day
		"3;Tiga;0;3;3;;;;31-02-2026",
	), "w.csv", w, &WideOptions{Ignore: []string{"nama", "TOTAL"}, Required: []CompetencyID{"c-INT", "c-PB"}, Source: Assessor, Date: day(2026, 5, 5)})
	require.Equal(t, []finding{
		{"level-off-scale", "w.csv:3:KERJASAMA", "6"},
		{"not-integer", "w.csv:3:Komunikasi", "x"},
		{"unknown-person", "w.csv:4:NIP", "9"},
		{"duplicate-id", "w.csv:5:NIP", "1"},
		{"not-a-date", "w.csv:7:Tanggal Asesmen", "31-02-2026"},
		{"unknown-competency", "w.csv:1:Berani", "Berani"},
		{"duplicate-column", "w.csv:1:Teamwork", "Teamwork"},
		{"missing-column", "w.csv:1", "c-PB"},
		{"not-assessed", "w.csv:1:Integritas", "1"},
		{"not-assessed", "w.csv:1:KERJASAMA", "1"},
	}, findings(t, ps))
	rating := func(p PersonID, c CompetencyID, l Level, d bangkom.Date) Rating {
		return Rating{Person: p, Competency: c, Level: l, Source: Assessor, Date: d}
	}
	require.Equal(t, []Rating{
		rating("1", "c-INT", 3, day(2026, 2, 1)), rating("1", "c-KJSM", 4, day(2026, 2, 1)), rating("1", "c-KOM", 2, day(2026, 2, 1)),
		rating("1", "c-INT", 2, day(2026, 3, 1)), rating("1", "c-KOM", 3, day(2026, 3, 1)),
	}, got, "an empty cell is no level, and the good cells of a row with a bad one stay")
}

func TestReadWideTakesRowsOwnWords(t *testing.T) {
	w := workforce(t, nil, nil, []Person{{ID: "1"}})
	got, ps := ReadWide(in("NIP,Sumber,Penilai,Tanggal,Berlaku Sampai,INT", "1,rekan,a,2026-01-01,2027-01-01,3", "1,rekan,b,2026-01-01,,4", "1,atasan,,,,5"), "w.csv", w, nil)
	require.Empty(t, findings(t, ps))
	require.Equal(t, []Rating{
		{Person: "1", Competency: "c-INT", Level: 3, Source: Peer, Rater: "a", Date: day(2026, 1, 1), ValidUntil: day(2027, 1, 1)},
		{Person: "1", Competency: "c-INT", Level: 4, Source: Peer, Rater: "b", Date: day(2026, 1, 1)},
		{Person: "1", Competency: "c-INT", Level: 5, Source: Superior},
	}, got)
	_, ps = ReadWide(in("NIP,Tanggal,INT", "1,2026-01-02,3"), "w.csv", w, &WideOptions{ValidUntil: day(2026, 1, 1)})
	require.Equal(t, []finding{{"validity-before-date", "w.csv:2:Berlaku Sampai", ""}}, findings(t, ps))
}

// wideOfNine writes the nine columns under the given headers.
func wideOfNine(headers ...string) *strings.Reader {
	return in("NIP;"+strings.Join(headers, ";"), "1"+strings.Repeat(";3", len(headers)))
}

// D10: nine of nine columns under every accepted spelling; eight of nine is an error.
func TestD10WideColumns(t *testing.T) {
	f := nine()
	var all []CompetencyID
	titles, codes, shouted := []string{}, []string{}, []string{}
	for _, c := range f.Competencies {
		all = append(all, c.ID)
		titles, codes = append(titles, c.Title["id"]), append(codes, c.Code)
		shouted = append(shouted, strings.ToUpper(strings.ReplaceAll(strings.ReplaceAll(c.Title["id"], " dan ", " & "), "Kerja Sama", "Kerjasama")))
	}
	for _, headers := range [][]string{titles, codes, shouted} {
		got, ps := ReadWide(wideOfNine(headers...), "w.csv", one(t), &WideOptions{Required: all})
		require.Empty(t, findings(t, ps))
		require.Len(t, got, 9)
		got, ps = ReadWide(wideOfNine(append(headers[:6:6], headers[7:]...)...), "w.csv", one(t), &WideOptions{Required: all})
		require.Equal(t, []finding{{"missing-column", "w.csv:1", "c-MP"}}, findings(t, ps))
		require.Error(t, ps.Err())
		require.Len(t, got, 8, "the others are kept")
	}
}

// Who rates himself as his superior is himself.
func TestARatingOfOneselfAsSuperior(t *testing.T) {
	got, ps := ReadRatings(strings.NewReader("NIP;Kompetensi;Level;Sumber;Penilai;Tanggal\n1;INT;3;atasan;1;01-01-2026\n1;INT;3;tes;1;01-02-2026\n"), "r.csv", one(t))
	require.Len(t, got, 2)
	require.Equal(t, Self, got[0].Source)
	require.Equal(t, ByTest, got[1].Source)
	require.Equal(t, []finding{{"own-rating", "r.csv:2:Sumber", "atasan"}}, findings(t, ps))
}

func TestReadersOfWhatIsNoFile(t *testing.T) {
	for name, read := range readers(t) {
		for _, text := range []string{"", "\n\n", "halo", "\x00\xff", "PK\x03\x04"} {
			n, ps := read(text)
			require.Zero(t, n, name)
			require.Error(t, ps.Err(), "%s of %q", name, text)
		}
	}
	for _, read := range []func() bangkom.Problems{
		func() bangkom.Problems { _, ps := ReadRatings(in("NIP"), "r.csv", nil); return ps },
		func() bangkom.Problems { _, ps := ReadWide(in("NIP"), "r.csv", nil, nil); return ps },
	} {
		require.ErrorIs(t, read().Err(), bangkom.ErrOption)
	}
}

// The faults that every file can have give one problem each and cost no good row.
func TestReadersKeepGoodRows(t *testing.T) {
	head, row := "NIP;Kompetensi;Level;Tanggal", "1;INT;3;01-01-2026"
	for _, c := range []struct {
		name string
		text string
		want finding
		good int
	}{
		{"column named twice", "NIP;Kompetensi;Level;Tanggal;Level\n1;INT;3;01-01-2026;4\n", finding{"duplicate-column", "r.csv:1:Level", "Level"}, 1},
		{"required column missing", "NIP;Kompetensi;Tanggal\n1;INT;01-01-2026\n", finding{"missing-column", "r.csv:1", "Level"}, 0},
		{"header repeated", strings.Join([]string{head, row, head, row}, "\n"), finding{"repeated-header", "r.csv:3", ""}, 2},
		{"too few", strings.Join([]string{head, row, "1;INT", row}, "\n"), finding{"too-few-fields", "r.csv:3:Level", "2"}, 2},
		{"too many", strings.Join([]string{head, row, row + ";x;y", row}, "\n"), finding{"too-many-fields", "r.csv:3", "6"}, 2},
		{"unclosed quote", strings.Join([]string{head, row, "1;\"INT;3;", row}, "\n"), finding{"unclosed-quote", "r.csv:3:Kompetensi", `"`}, 2},
		{"invalid UTF-8", strings.Join([]string{head, row, "1;I\xffT;3;", row}, "\n"), finding{"invalid-utf8", "r.csv:3:Kompetensi", "I\ufffdT"}, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, ps := ReadRatings(strings.NewReader(c.text), "r.csv", one(t))
			require.Contains(t, findings(t, ps), c.want)
			require.Len(t, got, c.good)
		})
	}
}

// readers runs each reader on a text and counts what it returned.
func readers(t testing.TB) map[string]func(string) (int, bangkom.Problems) {
	w, f, positions := one(t), nine(), []Position{{ID: "J"}}
	return map[string]func(string) (int, bangkom.Problems){
		"units": func(s string) (int, bangkom.Problems) {
			x, ps := ReadUnits(strings.NewReader(s), "f")
			return len(x), ps
		},
		"people": func(s string) (int, bangkom.Problems) {
			x, ps := ReadPeople(strings.NewReader(s), "f", []Unit{{ID: "A"}}, positions)
			return len(x), ps
		},
		"positions": func(s string) (int, bangkom.Problems) {
			x, ps := ReadPositions(strings.NewReader(s), "f")
			return len(x), ps
		},
		"standards": func(s string) (int, bangkom.Problems) {
			x, ps := ReadStandards(strings.NewReader(s), "f", positions, f)
			return len(x[0].Requirements), ps
		},
		"targets": func(s string) (int, bangkom.Problems) {
			x, ps := ReadTargets(strings.NewReader(s), "f", nil, positions)
			return len(x), ps
		},
		"competencies": func(s string) (int, bangkom.Problems) {
			x, ps := ReadCompetencies(strings.NewReader(s), "f", "one-to-five")
			return len(x), ps
		},
		"ratings": func(s string) (int, bangkom.Problems) {
			x, ps := ReadRatings(strings.NewReader(s), "f", w)
			return len(x), ps
		},
		"wide": func(s string) (int, bangkom.Problems) {
			x, ps := ReadWide(strings.NewReader(s), "f", w, nil)
			return len(x), ps
		},
	}
}

// FuzzReaders holds every reader to this: it does not panic, and what it
// returns is accepted by what comes next without another error.
func FuzzReaders(f *testing.F) {
	for _, s := range []string{
		"Kode Unit;Nama Unit;Unit Induk;NIP Kepala\nA;x;B;1\nB;x;A;1\n",
		"NIP,Nama,Kode Unit,Kode Jabatan\n1,a,A,J\n1,a,A,J\n",
		"Kode Jabatan\tKompetensi\tLevel\tBobot\nJ\tINT\t3\t1\n",
		"NIP;Kompetensi;Level;Tanggal;Berlaku Sampai\n1;INT;3;01-01-2026;31-02-2026\n",
		"NIP;INT;KERJASAMA;Total\n1;3;;9\n",
		"Kode;Nama;Jenis;Ejaan Lain\nT;x;teknis;a|b\n",
		"Kode;Nama\n\"T;x\n\xff;\xfe\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		fw := nine()
		w := one(t)
		asOf := day(2026, 6, 1)
		positions, _ := ReadPositions(bytes.NewReader(data), "f")
		positions, _ = ReadStandards(bytes.NewReader(data), "f", append(positions, Position{ID: "J\x00"}), fw)
		units, _ := ReadUnits(bytes.NewReader(data), "f")
		for i := range units {
			units[i].Head = "" // whether heads are known is not the reader's to say
		}
		people, _ := ReadPeople(bytes.NewReader(data), "f", units, positions)
		people, _ = ReadTargets(bytes.NewReader(data), "f", people, positions)
		_, ps := NewWorkforce(fw, positions, units, people)
		require.Empty(t, ps)

		for _, read := range []func() ([]Rating, bangkom.Problems){
			func() ([]Rating, bangkom.Problems) { return ReadRatings(bytes.NewReader(data), "f", w) },
			func() ([]Rating, bangkom.Problems) { return ReadWide(bytes.NewReader(data), "f", w, nil) },
		} {
			ratings, _ := read()
			_, ps := Assess(w, ratings, asOf, Rule{ValidFor: 3})
			require.NoError(t, ps.Err())
		}
		competencies, _ := ReadCompetencies(bytes.NewReader(data), "f", "one-to-five")
		fw.Competencies = append(fw.Competencies, competencies...)
		for _, p := range fw.Validate() { // no panic; and it holds on the names
			require.NotEmpty(t, p.Code)
		}
		for _, c := range competencies {
			if got, err := fw.Resolve(string(c.ID)); err == nil {
				require.Equal(t, fmt.Sprint(c.ID), fmt.Sprint(got))
			}
		}
	})
}

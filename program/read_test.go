package program

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
)

// found is a problem in short: code, place, value.
func found(ps bangkom.Problems) []string {
	var out []string
	for _, p := range ps {
		if p.Severity != bangkom.Note {
			out = append(out, p.Code+" "+p.Where+" "+p.Value)
		}
	}
	return out
}

func TestReadOfferings(t *testing.T) {
	const file = "\ufeffKode;Nama;Metode;Bentuk;JP;Level Maksimum;Prasyarat;Penyelenggara;Mitra;Standar Kurikulum\r\n" +
		"A1;Dasar;Klasikal;pelatihan teknis;20;3;;BKPSDM;;LAN 1\r\n" +
		"A2;Lanjut;Berbasis Proyek;;19,5 JP;;A1;;P1;\r\n" +
		"A3;Gratis;E-Learning;;0;;;;;\r\n"
	got, ps := ReadOfferings(strings.NewReader(file), "offerings.csv", []Partner{{ID: "P1"}})
	require.Empty(t, found(ps))
	require.Equal(t, []Offering{
		{ID: "A1", Title: "Dasar", Method: Classroom, Form: "pelatihan teknis", JP: 20_000, Top: 3, Organiser: "BKPSDM", Standard: "LAN 1"},
		{ID: "A2", Title: "Lanjut", Method: ProjectBased, JP: 19_500, After: "A1", Partner: "P1"},
		{ID: "A3", Title: "Gratis", Method: Online},
	}, got)
}

func TestFaultsOfOfferings(t *testing.T) {
	const file = `Kode,Nama,Metode,JP,Level Maksimum,Prasyarat,Mitra
A1,Good,Seminar,20,,,
A1,Twice,Seminar,20,,,
A2,Lacks hours,Seminar,,,,
A3,Negative,Seminar,-4,,,
A4,Words,Seminar,many,,,
A5,Top,Seminar,4,drei,,
A6,Waits,Seminar,4,,GONE,
A7,Fee,Seminar,4,,,P9
A8,Also good,Seminar,4,,A4,P1
`
	got, ps := ReadOfferings(strings.NewReader(file), "o.csv", []Partner{{ID: "P1"}})
	require.Equal(t, []string{
		"duplicate-id o.csv:3:Kode A1",
		"empty-cell o.csv:4:JP ",
		"left-out o.csv:4:Kode A2",
		"negative-hours o.csv:5:JP -4",
		"left-out o.csv:5:Kode A3",
		"not-hours o.csv:6:JP many",
		"left-out o.csv:6:Kode A4",
		"not-integer o.csv:7:Level Maksimum drei",
		"left-out o.csv:7:Kode A5",
		"unknown-partner o.csv:9:Mitra P9",
		"unknown-prerequisite o.csv:8:Prasyarat GONE",
	}, found(ps))
	require.Equal(t, []OfferingID{"A1", "A6", "A7", "A8"}, []OfferingID{got[0].ID, got[1].ID, got[2].ID, got[3].ID}, "A7 can be evaluated, if not planned")
	require.Equal(t, OfferingID("GONE"), got[1].After, "kept: nobody is invited without it")
}

func TestAFileWithoutARequiredColumnIsOneProblem(t *testing.T) {
	got, ps := ReadOfferings(strings.NewReader("Kode,Nama\nA1,x\nA2,y\n"), "o.csv", nil)
	require.Empty(t, got)
	require.Equal(t, []string{"missing-column o.csv:1 JP"}, found(ps))
}

func TestReadGains(t *testing.T) {
	offerings := []Offering{{ID: "A1", Raises: map[competency.CompetencyID]Gain{"old": {Mean: 1}}}, {ID: "A2"}}
	f := &competency.Framework{Competencies: []competency.Competency{{ID: "kjsm", Title: competency.Text{"id": "Kerja Sama"}}, {ID: "mp", Code: "M.P"}}}
	const file = `Kode,Kompetensi,Kenaikan,SE,N,Sumber
A1,Kerja Sama,"0,8","0,2",30,evaluasi 2026
A1,M.P,0.5,,,
A2,Unheard of,1,,,
A9,MP,1,,,
A2,MP,,,,
A2,MP,1,-1,,
A2,MP,1,,3.5,
A1,kjsm,9,,,
A2,MP,-0.1,0.1,12,it did harm
`
	got, ps := ReadGains(strings.NewReader(file), "g.csv", offerings, f)
	require.Equal(t, []string{
		"unknown-competency g.csv:4:Kompetensi Unheard of",
		"unknown-offering g.csv:5:Kode A9",
		"empty-cell g.csv:6:Kenaikan ",
		"negative-amount g.csv:7:SE -1",
		"not-integer g.csv:8:N 3.5",
		"duplicate-id g.csv:9:Kompetensi kjsm",
	}, found(ps))
	require.Equal(t, map[competency.CompetencyID]Gain{"old": {Mean: 1}, "kjsm": {.8, .2, 30, "evaluasi 2026"}, "mp": {Mean: .5}}, got[0].Raises)
	require.Equal(t, map[competency.CompetencyID]Gain{"mp": {-.1, .1, 12, "it did harm"}}, got[1].Raises)
	require.Len(t, offerings[0].Raises, 1, "the argument stays as it is")
	got, _ = ReadGains(strings.NewReader("Kode,Kompetensi,Kenaikan\nA2,x,1\n"), "g.csv", offerings, nil)
	require.Contains(t, got[1].Raises, competency.CompetencyID("x"))
}

// A gain that would leave the scale is used, and doubted.
func TestAGainBeyondTheScale(t *testing.T) {
	f := &competency.Framework{Scales: []competency.Scale{{ID: "s", Levels: []competency.Descriptor{{Level: 1}, {Level: 2}, {Level: 5}}}}, Competencies: []competency.Competency{{ID: "a", Scale: "s"}, {ID: "b", Scale: "?"}}}
	got, ps := ReadGains(strings.NewReader("Kode,Kompetensi,Kenaikan\nA1,a,4.5\nA1,b,9\nA2,a,4\n"), "g.csv", []Offering{{ID: "A1"}, {ID: "A2"}}, f)
	require.Equal(t, []string{"gain-off-scale g.csv:2:Kenaikan 4.5"}, found(ps))
	require.NoError(t, ps.Err())
	require.Equal(t, 4.5, got[0].Raises["a"].Mean)
}

func TestReadSessions(t *testing.T) {
	const file = `Kode Sesi;Kode;Mulai;Selesai;Minimal;Maksimal;Biaya Tetap;Biaya per Kursi
S1;A1;01-02-2027;3 Februari 2027;10;30;Rp 1.500.000,00;150.000
S2;A1;;;;0;;
S3;A1;31-02-2027;;1;30;;
S4;A1;03-02-2027;01-02-2027;1;30;;
S5;A1;03-02-2027;;1;30;;
S6;A1;;;31;30;;
S7;A1;;;1;30;-5;
S8;A1;;;1;30;1.500,50;
S9;??;;;1;30;;
S1;A1;;;1;30;;
SA;A1;;;1;;;
SB;A1;;;-1;30;;
SC;A1;;;1;30;;-1
`
	got, ps := ReadSessions(strings.NewReader(file), "s.csv", []Offering{{ID: "A1"}})
	require.Equal(t, []string{
		"not-a-date s.csv:4:Mulai 31-02-2027",
		"end-before-start s.csv:5:Selesai 01-02-2027",
		"missing-date s.csv:6:Selesai ",
		"min-above-max s.csv:7:Minimal 31",
		"negative-amount s.csv:8:Biaya Tetap -5",
		"not-rupiah s.csv:9:Biaya Tetap 1.500,50",
		"unknown-offering s.csv:10:Kode ??",
		"duplicate-id s.csv:11:Kode Sesi S1",
		"empty-cell s.csv:12:Maksimal ",
		"negative-seats s.csv:13:Minimal -1",
		"negative-amount s.csv:14:Biaya per Kursi -1",
		"empty-cost s.csv:3:Biaya Tetap ",
		"empty-cost s.csv:3:Biaya per Kursi ",
	}, found(ps))
	require.Equal(t, []Session{
		{ID: "S1", Offering: "A1", From: day(2, 1), To: day(2, 3), Min: 10, Max: 30, Cost: Cost{1_500_000, 150_000}, Where: "s.csv:2:Kode Sesi"},
		{ID: "S2", Offering: "A1", Where: "s.csv:3:Kode Sesi"},
	}, got)
	require.Equal(t, 3, got[0].Days())
	require.Equal(t, 2027, got[0].Year())
	require.Zero(t, got[1].Days())
}

// What a file without a column of money costs is said, and which column may be it.
func TestAColumnOfMoneyThatIsNotThere(t *testing.T) {
	_, ps := ReadSessions(strings.NewReader("Kode Sesi,Kode,Maksimal,Biaya Tetap,Biaya Kursi\nS1,A1,4,5,5\n"), "s.csv", nil)
	require.Equal(t, []string{"absent-column s.csv:1 Biaya per Kursi"}, found(ps))
	require.Equal(t, `s.csv:1: the cost counts as Rp0 in every session ("Biaya per Kursi"); a column named Biaya per Kursi or Cost per Seat or seat; "Biaya Kursi" looks like it`, ps.Only(bangkom.Warning)[0].Error())
	_, ps = ReadPartners(strings.NewReader("Kode,Nama\nM1,x\n"), "p.csv")
	require.Equal(t, []string{"absent-column p.csv:1 Harga per Kursi"}, found(ps))
	offerings := "Kode,Nama,JP\nA1,x,4\n"
	_, ps = ReadOfferings(strings.NewReader(offerings), "o.csv", []Partner{{ID: "M1"}})
	require.Equal(t, []string{"absent-column o.csv:1 Mitra"}, found(ps))
	_, ps = ReadOfferings(strings.NewReader(offerings), "o.csv", nil)
	require.Empty(t, found(ps), "nobody has a price")
}

func TestReadDecisionsOnSessions(t *testing.T) {
	got, ps := ReadSessions(strings.NewReader("Kode Sesi,Kode,Maksimal,Keputusan\nS1,A1,4,Buka\nS2,A1,4,closed\nS3,A1,4,\nS4,A1,4,mungkin\n"), "s.csv", nil)
	require.Equal(t, []string{"absent-column s.csv:1 Biaya Tetap", "absent-column s.csv:1 Biaya per Kursi", "unknown-word s.csv:5:Keputusan mungkin"}, found(ps))
	require.Equal(t, []Session{
		{ID: "S1", Offering: "A1", Max: 4, Decision: Open, Where: "s.csv:2:Kode Sesi"},
		{ID: "S2", Offering: "A1", Max: 4, Decision: Closed, Where: "s.csv:3:Kode Sesi"},
		{ID: "S3", Offering: "A1", Max: 4, Where: "s.csv:4:Kode Sesi"},
	}, got)
}

func TestReadPartners(t *testing.T) {
	const file = `Kode,Nama,Jenis,Mulai Peserta,Harga per Kursi
P1,Universitas,universitas,1,500000
P2,Balai,pemerintah,,250000
P1,Universitas,universitas,30,400000
P3,Tanpa biaya,,,
P1,Universitas,,30,1
P1,Universitas,,40,450000
P1,Universitas,,0,1
P1,Universitas,,50,-1
,Nobody,,,
P4,Late,,20,5
P4,Late,,10,7
P4,Late,,1,
`
	per, pp := ReadPartners(strings.NewReader("Kode,Nama,Harga per Kursi,Per Sesi\nP1,a,5,ya\nP2,b,5,\nP3,c,5,mungkin\n"), "p.csv")
	require.Equal(t, []string{"not-yes-no p.csv:4:Per Sesi mungkin"}, found(pp))
	require.Equal(t, []Partner{{ID: "P1", Name: "a", Terms: []Tier{{1, 5}}, PerSession: true}, {ID: "P2", Name: "b", Terms: []Tier{{1, 5}}}}, per)
	got, ps := ReadPartners(strings.NewReader(file), "p.csv")
	require.Equal(t, []string{
		"duplicate-tier p.csv:6:Mulai Peserta 30",
		"price-rises p.csv:7:Harga per Kursi 450000",
		"not-seats p.csv:8:Mulai Peserta 0",
		"negative-amount p.csv:9:Harga per Kursi -1",
		"empty-cell p.csv:10:Kode ",
		"empty-cell p.csv:13:Harga per Kursi ",
		"no-first-tier p.csv:12:Mulai Peserta 10",
	}, found(ps))
	require.Equal(t, []Partner{
		{ID: "P1", Name: "Universitas", Kind: "universitas", Terms: []Tier{{1, 500_000}, {30, 400_000}}},
		{ID: "P2", Name: "Balai", Kind: "pemerintah", Terms: []Tier{{1, 250_000}}},
		{ID: "P3", Name: "Tanpa biaya"},
		{ID: "P4", Name: "Late", Terms: []Tier{{10, 7}, {20, 5}}},
	}, got)
}

func TestReadBudgets(t *testing.T) {
	const file = `Unit;Tahun;Pagu
TOTAL;2027;5.000.000.000
health;2027;Rp1.000.000
works;2027;-1
works;2027;12,5
??;2027;1
;2027;7
works;2027;0
city;2026;
`
	got, ps := ReadBudgets(strings.NewReader(file), "b.csv", office(t, 1))
	require.Equal(t, []string{
		"negative-amount b.csv:4:Pagu -1",
		"not-rupiah b.csv:5:Pagu 12,5",
		"unknown-unit b.csv:6:Unit ??",
		"duplicate-id b.csv:7:Unit ",
		"empty-cell b.csv:9:Pagu ",
	}, found(ps))
	require.Equal(t, []Budget{{"", 2027, 5_000_000_000, false}, {"health", 2027, 1_000_000, false}, {"works", 2027, 0, false}, {"city", 2026, 0, true}}, got, "an amount that cannot be read is no money, not all money")
}

// A row that may be the line of anybody is no free hand for everybody.
func TestBudgetsThatFellAway(t *testing.T) {
	for name, lost := range map[string]string{
		"separators in an amount": "TOTAL,2027,120.000.000,00", "too few cells": "TOTAL,2027", "a year of two digits": "TOTAL,27,5", "no year": "works,,5", "a quote": "\"TOTAL,2027,5",
	} {
		got, ps := ReadBudgets(strings.NewReader("Unit,Tahun,Pagu\nworks,2027,8\nTOTAL,2026,9\n"+lost+"\n"), "b.csv", office(t, 1))
		require.Equal(t, []Budget{{"works", 2027, 8, false}, {"", 2026, 0, true}, {"", 2027, 0, true}}, got, name)
		require.Equal(t, "lost-budget b.csv 1", found(ps)[len(found(ps))-1], name)
	}
}

func TestParseMethod(t *testing.T) {
	for text, want := range map[string]Method{
		"Klasikal": Classroom, "TATAP  MUKA": Classroom, "daring": Online, "E-Learning": Online, "Webinar": Webinar, "mobile": Mobile,
		"Lokakarya": Workshop, "seminar": Seminar, "Project-Based": ProjectBased, "berbasis proyek": ProjectBased, "Mentoring": Mentoring, "COACHING": Coaching,
		"Patok Banding": "patok-banding", "": "",
	} {
		require.Equal(t, want, ParseMethod(text), text)
	}
}

// Readers stand any text, and what they return passes the model's own checks.
func FuzzRead(f *testing.F) {
	f.Add("Kode;Nama;JP;Prasyarat\nA;x;1;A\nB;y;2;A\n", byte(0))
	f.Add("Kode;Kompetensi;Kenaikan\nA;a;1e308\n", byte(1))
	f.Add("Kode Sesi;Kode;Maksimal;Biaya Tetap\nS;A;3;9000000000000000000\n", byte(2))
	f.Add("Kode;Nama;Mulai Peserta;Harga per Kursi\nP;x;1;5\nP;x;2;4\n", byte(3))
	f.Add("Unit;Tahun;Pagu\nTOTAL;2027;1\n;2027;2\n", byte(4))
	w := office(f, 1)
	f.Fuzz(func(t *testing.T, text string, which byte) {
		m := &Model{Workforce: w, Policy: Policy{Year: 2027}}
		c := &m.Catalogue
		c.Offerings = []Offering{{ID: "A"}}
		allowed := map[string]bool{}
		switch which % 5 {
		case 0:
			c.Offerings, _ = ReadOfferings(strings.NewReader(text), "f", nil)
			allowed["unknown-partner"], allowed["prerequisite-cycle"] = true, true
		case 1:
			c.Offerings, _ = ReadGains(strings.NewReader(text), "f", c.Offerings, nil)
			allowed["unknown-competency"] = true
		case 2:
			c.Sessions, _ = ReadSessions(strings.NewReader(text), "f", c.Offerings)
			allowed["amount-too-large"] = true
		case 3:
			c.Partners, _ = ReadPartners(strings.NewReader(text), "f")
		case 4:
			c.Budgets, _ = ReadBudgets(strings.NewReader(text), "f", w)
			allowed["amount-too-large"] = true
		}
		for _, p := range m.Validate().Only(bangkom.Error) {
			require.True(t, allowed[p.Code], "%v", p)
		}
	})
}

func TestPrerequisitesInACircle(t *testing.T) {
	_, ps := ReadOfferings(strings.NewReader("Kode,Nama,JP,Prasyarat\nA,a,1,B\nB,b,1,C\nC,c,1,B\nD,d,1,D\nE,e,1,\n"), "o.csv", nil)
	require.Equal(t, []string{"prerequisite-cycle o.csv:3:Prasyarat B -> C -> B", "prerequisite-cycle o.csv:5:Prasyarat D -> D"}, found(ps))
}

// A row with several faults has them all named at once.
func TestEveryFaultOfASessionIsNamed(t *testing.T) {
	sessions, ps := ReadSessions(strings.NewReader("Kode Sesi,Kode,Mulai,Selesai,Minimal,Maksimal,Biaya Tetap,Biaya per Kursi\nS1,O1,03-03-2027,02-03-2027,40,15,-5,1\n"), "sessions.csv", []Offering{{ID: "O1", Title: "x"}})
	require.Empty(t, sessions)
	var codes []string
	for _, p := range ps.Only(bangkom.Error) {
		codes = append(codes, p.Code)
	}
	require.Equal(t, []string{"min-above-max", "negative-amount", "end-before-start"}, codes)

	_, ps = ReadBudgets(strings.NewReader("Unit,Tahun,Pagu\nTOTAL,27,5\n"), "budgets.csv", nil)
	require.ErrorIs(t, ps.Err(), bangkom.Problem{Code: "not-a-year"})
}

package asn_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/asn"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/evaluation/satisfaction"
)

// nip makes numbers that nobody can have: all are appointed in 2099.
func nip(i int) string { return fmt.Sprintf("1900%02d%02d2099011%03d", i%12+1, i/12%28+1, i%999+1) }

// staff writes a sheet with all columns. Cells that must not be read hold a
// word that a test looks for; set changes cells by the name of their column.
type staff struct {
	columns  []string
	comma    string
	eol      string
	bom      bool
	title    string
	personal string
}

func (s staff) row(cells map[string]string) string {
	out := make([]string, len(s.columns))
	for i, c := range s.columns {
		v, ok := cells[c]
		if !ok {
			v = s.personal
		}
		out[i] = v
	}
	return strings.Join(out, s.comma) + s.eol
}

func (s staff) sheet(rows ...string) string {
	head := s.title
	if s.bom {
		head = "\ufeff" + head
	}
	return head + strings.Join(s.columns, s.comma) + s.eol + strings.Join(rows, "")
}

func cells(i int, more ...string) map[string]string {
	out := map[string]string{
		"NIP BARU": "'" + nip(i), "NAMA": fmt.Sprintf("Pegawai %d", i), "STATUS CPNS PNS": "PNS", "KEDUDUKAN HUKUM ID": "1", "KEDUDUKAN HUKUM NAMA": "Aktif",
		"JENIS PEGAWAI ID": "", "JENIS PEGAWAI NAMA": "ASN Daerah", "JENIS JABATAN ID": "", "JENIS JABATAN NAMA": "Struktural", "JABATAN ID": "J1", "JABATAN NAMA": "Kepala Seksi",
		"TMT JABATAN": "01-02-2024", "GOL AKHIR ID": "33", "GOL AKHIR NAMA": "III/c", "TINGKAT PENDIDIKAN ID": "", "TINGKAT PENDIDIKAN NAMA": "S-1",
		"UNOR ID": "U1", "UNOR NAMA": "Seksi Contoh", "INSTANSI KERJA ID": "", "INSTANSI KERJA NAMA": "Kota Contoh", "ESELON ID": "", "ESELON NAMA": "IV.a",
	}
	for k := 0; k+1 < len(more); k += 2 {
		out[more[k]] = more[k+1]
	}
	return out
}

func TestSIASNColumns(t *testing.T) {
	require.Len(t, asn.SIASNColumns(false), 67)
	require.Len(t, asn.SIASNColumns(true), 69)
	for i, name := range map[int]string{1: "PNS ID", 2: "NIP BARU", 10: "JENIS KELAMIN", 11: "AGAMA ID", 20: "NPWP NOMOR", 21: "BPJS", 30: "TMT CPNS", 31: "NOMOR SK PNS",
		40: "MK BULAN", 41: "JENIS JABATAN ID", 50: "TAHUN LULUS", 51: "KPKN ID", 60: "INSTANSI KERJA NAMA", 61: "SATUAN KERJA INDUK ID", 67: "FLAG IKD"} {
		require.Equal(t, name, asn.SIASNColumns(true)[i-1])
	}
	all := asn.SIASNColumns(true)
	slices.Sort(all)
	require.Len(t, slices.Compact(all), 69)
}

func TestReadSIASNInEveryShape(t *testing.T) {
	for name, s := range map[string]staff{
		"67, semicolon, mark, CRLF": {columns: asn.SIASNColumns(false), comma: ";", eol: "\r\n", bom: true},
		"69, comma, LF":             {columns: asn.SIASNColumns(true), comma: ",", eol: "\n"},
		"69, tab, title above":      {columns: asn.SIASNColumns(true), comma: "\t", eol: "\r\n", title: "DATA UTAMA ASN\r\n\r\n"},
		"67, another order":         {columns: reversed(asn.SIASNColumns(false)), comma: ";", eol: "\n"},
	} {
		t.Run(name, func(t *testing.T) {
			in := s.sheet(s.row(cells(1)), s.row(cells(2, "STATUS CPNS PNS", "CPNS", "UNOR ID", "U2", "UNOR NAMA", "Seksi Lain")),
				s.row(cells(3, "STATUS CPNS PNS", "", "JENIS PEGAWAI NAMA", "PPPK", "KEDUDUKAN HUKUM NAMA", "Cuti di luar tanggungan")))
			got, ps := asn.ReadSIASN(strings.NewReader(in), "siasn.csv", nil)
			ps = apart(ps)
			require.Empty(t, ps.Only(bangkom.Error))
			require.Empty(t, ps.Only(bangkom.Warning))
			require.Len(t, got.Employees, 3)
			e := got.Employees[0]
			require.Equal(t, nip(1), e.NIP.Number())
			want := asn.Employee{NIP: e.NIP, Name: "Pegawai 1", Status: "PNS", Standing: "Aktif", Type: "ASN Daerah", PositionType: "Struktural", PositionID: "J1", Position: "Kepala Seksi",
				Since: bangkom.MustDate(2024, 2, 1), Grade: "III/c", Education: "S-1", UnitID: "U1", Unit: "Seksi Contoh", Agency: "Kota Contoh"}
			if len(s.columns) == 69 {
				want.Echelon = "IV.a"
			}
			require.Equal(t, want, e)
			require.Equal(t, []competency.Person{
				{ID: competency.PersonID(nip(1)), Name: "Pegawai 1", Unit: "U1", Position: "J1", Status: "PNS"},
				{ID: competency.PersonID(nip(2)), Name: "Pegawai 2", Unit: "U2", Position: "J1", Status: "CPNS"},
				{ID: competency.PersonID(nip(3)), Name: "Pegawai 3", Unit: "U1", Position: "J1", Status: "PPPK"},
			}, got.People())
			require.Equal(t, []competency.Unit{{ID: "U1", Name: "Seksi Contoh"}, {ID: "U2", Name: "Seksi Lain"}}, got.Units())
			tier := ""
			if len(s.columns) == 69 {
				tier = "pengawas"
			}
			require.Equal(t, []competency.Position{{ID: "J1", Title: "Kepala Seksi", Tier: tier}}, got.Positions())
			require.Equal(t, []asn.StandingCount{{"Aktif", 2}, {"Cuti di luar tanggungan", 1}}, got.Standings, "counted, not filtered")
			require.True(t, ps.Has("legal-standing"))
		})
	}
}

func reversed(s []string) []string {
	s = slices.Clone(s)
	slices.Reverse(s)
	return s
}

func TestReadSIASNOfAFewColumns(t *testing.T) {
	got, ps := asn.ReadSIASN(strings.NewReader("NIP,Nama,UNOR NAMA,JABATAN NAMA\n"+nip(1)+",A,Dinas Contoh,Analis\n"), "x.csv", nil)
	ps = apart(ps)
	require.NoError(t, ps.Err())
	require.Equal(t, competency.Person{ID: competency.PersonID(nip(1)), Name: "A", Unit: "Dinas Contoh", Position: "Analis"}, got.People()[0])

	got, ps = asn.ReadSIASN(strings.NewReader("NIP,Nama\n"+nip(1)+",A\n"), "x.csv", nil)
	ps = apart(ps)
	require.Len(t, got.Employees, 1)
	require.Len(t, ps.Only(bangkom.Warning), 2, "neither a unit nor a job")
	require.NoError(t, ps.Err())

	for _, in := range []string{"", "\n\n", "a,b\n1,2\n", "PK\x03\x04"} {
		got, ps = asn.ReadSIASN(strings.NewReader(in), "x.csv", nil)
		ps = apart(ps)
		require.NotNil(t, got)
		require.Empty(t, got.Employees)
		require.Error(t, ps.Err(), "%q", in)
	}
}

func TestStatusOfEmployment(t *testing.T) {
	for _, c := range [][3]string{
		{"PNS", "", "PNS"}, {"P", "ASN Daerah", "PNS"}, {"pns", "", "PNS"}, {"CPNS", "", "CPNS"}, {"C", "", "CPNS"},
		{"PPPK", "", "PPPK"}, {"", "PPPK Teknis", "PPPK"}, {"P", "Pegawai Pemerintah dengan Perjanjian Kerja", "PPPK"}, {"P3K", "", "PPPK"},
		{"Honorer", "", "Honorer"}, {"", "", ""},
	} {
		in := "NIP,Nama,STATUS CPNS PNS,JENIS PEGAWAI NAMA,UNOR ID,JABATAN ID\n" + nip(1) + ",A," + c[0] + "," + c[1] + ",U,J\n"
		got, _ := asn.ReadSIASN(strings.NewReader(in), "x.csv", nil)
		require.Equal(t, c[2], got.Employees[0].Status, "%v", c)
	}
}

func TestD13DamagedNumbersInASheet(t *testing.T) {
	s := staff{columns: asn.SIASNColumns(false), comma: ";", eol: "\r\n"}
	in := s.sheet(
		s.row(cells(1)),
		s.row(cells(2, "NIP BARU", "19000101209901100")),
		s.row(cells(3, "NIP BARU", "1,90001E+17")),
		s.row(cells(4, "NIP BARU", "")),
		s.row(cells(5)),
		s.row(cells(1, "NAMA", "Orang Lain")),
		s.row(cells(5)),
		s.row(cells(6, "NIP BARU", "190001012099001001")),
	)
	got, ps := asn.ReadSIASN(strings.NewReader(in), "siasn.csv", nil)
	ps = apart(ps)
	require.Len(t, got.Employees, 3, "no good row is lost")
	var found []string
	for _, p := range ps {
		found = append(found, p.Severity.String()+" "+p.Code+" "+p.Where+" "+p.Value)
	}
	require.Equal(t, []string{
		"error nip-digits siasn.csv:3:NIP BARU 17 digits",
		"error nip-scientific siasn.csv:4:NIP BARU 11 characters",
		"error empty-cell siasn.csv:5:NIP BARU ",
		"error duplicate-id siasn.csv:7:NIP BARU 18 digits",
		"warning duplicate-id siasn.csv:8:NIP BARU 18 digits",
		"warning nip-month siasn.csv:9:NIP BARU 18 digits",
		"note legal-standing siasn.csv Aktif: 3",
	}, found)
	require.Contains(t, ps[3].Msg, "line 7 has the NIP of line 2")
	require.Contains(t, ps[4].Msg, "line 8 has the NIP of line 6")
	require.Equal(t, "Pegawai 1", got.Employees[0].Name, "the first row is kept")
}

// A sheet full of faults: nothing of the columns that are not read, of a NIP or
// of a name comes out, in no problem and in no result.
func TestPersonalDataIsDroppedAtTheReader(t *testing.T) {
	const secret = "RAHASIA-3171"
	s := staff{columns: asn.SIASNColumns(true), comma: ";", eol: "\r\n", personal: secret}
	full := func(more ...string) map[string]string {
		return cells(1, append([]string{"NAMA", "NamaRahasia"}, more...)...)
	}
	broken := s.row(full())
	in := s.sheet(
		s.row(full()),
		s.row(full("NIP BARU", "19000101209901100")),
		s.row(full("NIP BARU", "1.90001E+17", "NIK", secret)),
		strings.Replace(broken, secret, "\xff"+secret, 1),
		strings.Replace(broken, secret, `"`+secret, 3),
		strings.Replace(broken, secret, secret+`"`, 1),
		strings.Replace(broken, secret+";", secret+";"+secret+";", 1),
		secret+";"+secret+"\r\n",
		strings.Join(s.columns, ";")+"\r\n",
		s.row(full("TMT JABATAN", "31-02-2024")),
		strings.Replace(s.row(full()), "\r\n", ";"+secret+"\r\n", 1),
	) + `"` + secret
	got, ps := asn.ReadSIASN(strings.NewReader(in), "siasn.csv", nil)
	ps = apart(ps)
	require.NotEmpty(t, ps.Err())
	found, err := json.Marshal(ps)
	require.NoError(t, err)
	text := string(found) + ps.Error() + fmt.Sprintf("%+v", ps)
	for _, word := range []string{secret, "RAHASIA", "3171", "NamaRahasia", "1900010", "1.90001"} {
		require.NotContains(t, text, word)
	}
	require.NotEmpty(t, got.Employees)
	data, err := json.Marshal(got)
	require.NoError(t, err)
	require.NotContains(t, string(data), "RAHASIA")
	var keys map[string]any
	one, err := json.Marshal(got.Employees[0])
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(one, &keys))
	require.Len(t, keys, 15, "the named subset, and no more")
}

// recap writes a sheet with one row of levels.
func recap(header []string, rows ...[]string) string {
	var b strings.Builder
	b.WriteString(strings.Join(header, ";") + "\r\n")
	for _, r := range rows {
		b.WriteString(strings.Join(r, ";") + "\r\n")
	}
	return b.String()
}

func recapRow(nip string, levels, total, jpm, date string) []string {
	return append(append([]string{nip, "Nama", "Jabatan", "Dinas"}, strings.Split(levels, ",")...), total, jpm, date)
}

func TestReadRecap(t *testing.T) {
	h := asn.RecapColumns()
	require.Len(t, h, 16)
	in := recap(h,
		recapRow(nip(1), "3,3,3,3,3,3,2,2,2", "24", "88,89", "05-03-2025"),
		recapRow(nip(2), "4,4,4,4,2,2,2,1,2", "25", "92.59%", ""),
		recapRow(nip(3), "4,4,4,4,2,2,2,1,2", "25", "77,78", "05-03-2025"),
		recapRow(nip(4), "4,4,,4,2,2,2,1,2", "22", "90,00", "05-03-2025"),
		recapRow(nip(5), "3,3,3,3,3,3,3,3,6", "27", "100", "05-03-2025"),
		recapRow(nip(6), "3,3,3,3,3,3,3,3,2.5", "27", "x", "31-02-2025"),
		recapRow(nip(1), "3,3,3,3,3,3,2,2,2", "24", "", "05-03-2025"),
	)
	required := func(competency.PersonID) []competency.Requirement {
		var out []competency.Requirement
		for _, c := range asn.On(day).Framework().Competencies {
			out = append(out, competency.Requirement{Competency: c.ID, Level: 3})
		}
		return out
	}
	ratings, ps := asn.ReadRecap(strings.NewReader(in), "recap.csv", asn.On(day), &asn.RecapOptions{Date: bangkom.MustDate(2024, 1, 1), Required: required})
	ps = apart(ps)
	var found []string
	for _, p := range ps {
		found = append(found, p.Severity.String()+" "+p.Code+" "+p.Where+" "+p.Value)
	}
	require.Equal(t, []string{
		"warning jpm-capped recap.csv:4:JPM 77,78",
		"warning not-assessed recap.csv:5:Komunikasi ",
		"warning total-differs recap.csv:5:Total 22",
		"warning jpm-differs recap.csv:5:JPM 90,00",
		"error level-off-scale recap.csv:6:Perekat Bangsa 6",
		"error not-a-date recap.csv:7:Tanggal Asesmen 31-02-2025",
		"error not-integer recap.csv:7:Perekat Bangsa 2.5",
		"warning duplicate-id recap.csv:8:NIP 18 digits",
	}, found)
	require.Len(t, ratings, 9+9+9+8+8+8+9)
	require.Equal(t, competency.Rating{Person: competency.PersonID(nip(1)), Competency: "INT", Level: 3, Source: competency.Assessor, Date: bangkom.MustDate(2025, 3, 5)}, ratings[0])
	require.Equal(t, bangkom.MustDate(2024, 1, 1), ratings[9].Date, "the caller's day where the row has none")
	last := ratings[9+9+9+8+8]
	require.Equal(t, competency.PersonID(nip(6)), last.Person)
	require.True(t, last.Date.IsZero(), "a damaged date is not replaced by the caller's")
}

func TestReadRecapWithoutADate(t *testing.T) {
	h := asn.RecapColumns()
	row := recapRow(nip(1), "3,3,3,3,3,3,2,2,2", "24", "88,89", "")
	ratings, ps := asn.ReadRecap(strings.NewReader(recap(h[:15], row[:15])), "recap.csv", asn.On(day), nil)
	ps = apart(ps)
	require.Len(t, ratings, 9)
	require.True(t, ratings[0].Date.IsZero())
	require.Equal(t, []string{"no-date"}, codesOf(ps))
	ratings, ps = asn.ReadRecap(strings.NewReader(recap(h, row)), "recap.csv", asn.On(day), nil)
	ps = apart(ps)
	require.Len(t, ratings, 9)
	require.Equal(t, []string{"no-date"}, codesOf(ps))
	require.Equal(t, "recap.csv:2:Tanggal Asesmen", ps[0].Where)
}

// apart leaves out the note on how the file is written.
func apart(ps bangkom.Problems) bangkom.Problems {
	return slices.DeleteFunc(slices.Clone(ps), func(p bangkom.Problem) bool { return p.Code == "dialect" })
}

func codesOf(ps bangkom.Problems) []string {
	var out []string
	for _, p := range ps {
		out = append(out, p.Code)
	}
	return out
}

// D10: nine of nine under every accepted spelling; eight of nine is an error.
func TestD10NoCompetencyIsSilentlyDropped(t *testing.T) {
	f := asn.On(day).Framework()
	vary := map[string][]string{}
	for _, c := range f.Competencies {
		title := c.Title["id"]
		vary[c.Code] = append([]string{c.Code, title, strings.ToUpper(title), strings.ToLower(title), "  " + strings.ReplaceAll(title, " ", "  ") + " ",
			strings.ReplaceAll(title, " dan ", " & "), c.Title["en"]}, c.Also...)
	}
	vary["KJSM"] = append(vary["KJSM"], "Kerjasama", "kerjasama", "Kerja sama")
	vary["PDOL"] = append(vary["PDOL"], "Pengembangan Diri & Orang Lain")
	header := asn.RecapColumns()
	for k, c := range f.Competencies {
		for _, name := range vary[c.Code] {
			h := slices.Clone(header)
			h[4+k] = name
			ratings, ps := asn.ReadRecap(strings.NewReader(recap(h, recapRow(nip(1), "1,2,3,4,5,4,3,2,1", "25", "", "05-03-2025"))), "recap.csv", asn.On(day), nil)
			ps = apart(ps)
			require.Empty(t, ps, "%q", name)
			require.Len(t, ratings, 9, "%q", name)
			for i, want := range []competency.Level{1, 2, 3, 4, 5, 4, 3, 2, 1} {
				require.Equal(t, want, ratings[i].Level)
				require.Equal(t, f.Competencies[i].ID, ratings[i].Competency)
			}
		}
	}
	for k, c := range f.Competencies {
		h := slices.Delete(slices.Clone(header), 4+k, 5+k)
		row := recapRow(nip(1), "1,2,3,4,5,4,3,2,1", "25", "100", "05-03-2025")
		ratings, ps := asn.ReadRecap(strings.NewReader(recap(h, slices.Delete(row, 4+k, 5+k))), "recap.csv", asn.On(day), nil)
		ps = apart(ps)
		require.Equal(t, []string{"missing-column"}, codesOf(ps.Only(bangkom.Error)))
		require.Equal(t, c.Title["id"], ps[0].Value)
		require.Len(t, ratings, 8, "what can be read is")
		require.Len(t, ps, 1, "a total over nine says nothing about eight")
	}
	// A column order of its own changes nothing.
	h, row := slices.Clone(header), recapRow(nip(1), "1,2,3,4,5,4,3,2,1", "25", "", "05-03-2025")
	slices.Reverse(h[4:13])
	slices.Reverse(row[4:13])
	ratings, ps := asn.ReadRecap(strings.NewReader(recap(h, row)), "recap.csv", asn.On(day), nil)
	ps = apart(ps)
	require.Empty(t, ps)
	require.Equal(t, competency.Level(2), ratings[1].Level)

	_, ps = asn.ReadRecap(strings.NewReader(""), "recap.csv", asn.On(bangkom.MustDate(2000, 1, 1)), nil)
	ps = apart(ps)
	require.True(t, ps.Has("no-rules"))
}

// goldenA are the answers of golden test A: for each element how many said 4, 3 and 2.
var goldenA = [9][3]int{{18, 11, 0}, {14, 15, 0}, {15, 12, 2}, {29, 0, 0}, {15, 14, 0}, {18, 11, 0}, {19, 10, 0}, {18, 11, 0}, {28, 1, 0}}

func skmSheet(header []string, order []int) string {
	var b strings.Builder
	b.WriteString(strings.Join(header, ";") + "\r\n")
	for i := range 29 {
		fmt.Fprintf(&b, "R%d;01-09-2025", i+1)
		for _, e := range order {
			v := 2
			switch c := goldenA[e]; {
			case i < c[0]:
				v = 4
			case i < c[0]+c[1]:
				v = 3
			}
			fmt.Fprintf(&b, ";%d", v)
		}
		b.WriteString("\r\n")
	}
	return b.String()
}

// D7: elements are told apart by their header: both orders of the last two give
// the same figure for each element.
func TestD7ElementsAreKeyedByMeaning(t *testing.T) {
	r := asn.On(day)
	// In the source the eighth is Sarana and the ninth Pengaduan.
	regulation := skmHeader("PENANGANAN PENGADUAN, SARAN, DAN MASUKAN", "SARANA DAN PRASARANA")
	swapped := skmHeader("Sarana & Prasarana", "Penanganan Pengaduan, Saran & Masukan")
	a, ps := asn.ReadSKM(strings.NewReader(skmSheet(swapped, []int{0, 1, 2, 3, 4, 5, 6, 7, 8})), "skm.csv", r, &asn.SKMOptions{Unit: "U1"})
	ps = apart(ps)
	require.Empty(t, ps)
	b, ps := asn.ReadSKM(strings.NewReader(skmSheet(regulation, []int{0, 1, 2, 3, 4, 5, 6, 8, 7})), "skm.csv", r, &asn.SKMOptions{Unit: "U1"})
	ps = apart(ps)
	require.Empty(t, ps)
	require.Equal(t, a, b)
	require.Equal(t, "U1", a[0].Unit)
	require.Equal(t, bangkom.MustDate(2025, 9, 1), a[0].Date)
	require.Equal(t, "skm.csv:2", a[0].Where)

	in := r.Instrument()
	for _, c := range []struct {
		weights       satisfaction.Weights
		four, printed string
	}{
		{satisfaction.WeightExact, "91.4751", "91.48"}, {satisfaction.WeightRounding(4), "91.4659", "91.47"},
		{satisfaction.WeightRounding(3), "91.3836", "91.38"}, {satisfaction.WeightRounding(2), "90.5603", "90.56"},
	} {
		in.Weights = c.weights
		x, ps := satisfaction.Measure(in, a, nil)
		require.NoError(t, ps.Err())
		require.Equal(t, c.four, fmt.Sprintf("%.4f", x.Value.Value))
		require.Equal(t, c.printed, fmt.Sprintf("%.2f", x.Rounded))
		require.Equal(t, "A", x.Class.Code)
		for _, e := range x.Elements {
			want := map[satisfaction.Code]int64{"REQ": 105, "PROC": 101, "TIME": 100, "COST": 116, "PROD": 102, "COMP": 105, "CONDUCT": 106, "FACILITY": 105, "COMPLAINT": 115}[e.Code]
			require.Equal(t, want, e.Sum, "%s", e.Code)
		}
	}
}

func skmHeader(eighth, ninth string) []string {
	h := asn.SKMColumns()
	h[9], h[10] = eighth, ninth
	return h
}

func TestReadSKM(t *testing.T) {
	r := asn.On(day)
	h := append([]string{"UNIT"}, asn.SKMColumns()...)
	in := strings.Join(h, ";") + "\r\nU1;R1;01-09-2025;4;4;4;4;4;4;4;4;4\r\n;R2;;4;;5;3;x;2.0;1;4;4\r\n"
	got, ps := asn.ReadSKM(strings.NewReader(in), "skm.csv", r, nil)
	ps = apart(ps)
	require.Len(t, got, 2)
	require.Equal(t, map[satisfaction.Code]int{"REQ": 4, "TIME": 5, "COST": 3, "COMP": 2, "CONDUCT": 1, "COMPLAINT": 4, "FACILITY": 4}, got[1].Answers,
		"an empty cell is no answer, and what lies off the scale is for the caller to judge")
	require.Equal(t, []string{"empty-cell", "not-integer"}, codesOf(ps))
	require.Equal(t, "skm.csv:3:PRODUK SPESIFIKASI JENIS PELAYANAN", ps[1].Where)
	_, ps = satisfaction.Measure(r.Instrument(), got, nil)
	require.Equal(t, "skm-answer-off-scale", ps[0].Code)
	require.Contains(t, ps[0].Where, "skm.csv:3")

	// Numbers of elements do not say what they mean.
	in = "RESPONDEN,TGL,U1,U2,U3,U4,U5,U6,U7,U8,U9\nR1,01-09-2025,4,4,4,4,4,4,4,4,4\n"
	_, ps = asn.ReadSKM(strings.NewReader(in), "skm.csv", r, nil)
	ps = apart(ps)
	require.Error(t, ps.Err())

	in = "RESPONDEN,PERSYARATAN,U2\nR1,4,4\n"
	_, ps = asn.ReadSKM(strings.NewReader(in), "skm.csv", r, nil)
	ps = apart(ps)
	require.Len(t, ps.Only(bangkom.Error), 8)
	require.True(t, ps.Has("positional-header"))

	_, ps = asn.ReadSKM(strings.NewReader(""), "skm.csv", asn.On(bangkom.MustDate(2000, 1, 1)), nil)
	ps = apart(ps)
	require.True(t, ps.Has("no-rules"))
}

func FuzzReadSIASN(f *testing.F) {
	s := staff{columns: asn.SIASNColumns(true), comma: ";", eol: "\r\n", bom: true}
	f.Add(s.sheet(s.row(cells(1)), s.row(cells(2, "NIP BARU", "1.9E+17")), s.row(cells(1))))
	f.Add("NIP,NAMA\n1,2\n\"")
	f.Fuzz(func(t *testing.T, in string) {
		got, ps := asn.ReadSIASN(strings.NewReader(in), "siasn.csv", nil)
		ps = apart(ps)
		seen := map[asn.NIP]bool{}
		for _, e := range got.Employees {
			require.Len(t, e.NIP.Number(), 18)
			require.False(t, seen[e.NIP])
			seen[e.NIP] = true
		}
		n := 0
		for _, c := range got.Standings {
			n += c.N
		}
		require.Equal(t, len(got.Employees), n)
		for _, p := range ps {
			require.NotEmpty(t, p.Code)
			require.True(t, strings.HasPrefix(p.Where, "siasn.csv"))
		}
	})
}

func FuzzReadRecap(f *testing.F) {
	f.Add(recap(asn.RecapColumns(), recapRow(nip(1), "1,2,3,4,5,4,3,2,1", "25", "88,8%", "05-03-2025"), recapRow("1E+17", "1,,6,x,5,4,3,2,1", "2,5", "-", "31-02-2025")))
	f.Fuzz(func(t *testing.T, in string) {
		ratings, _ := asn.ReadRecap(strings.NewReader(in), "recap.csv", asn.On(day), &asn.RecapOptions{
			Required: func(competency.PersonID) []competency.Requirement {
				return []competency.Requirement{{Competency: "INT", Level: 3}, {Competency: "PB", Level: 0}}
			}})
		for _, r := range ratings {
			require.Len(t, string(r.Person), 18)
			require.GreaterOrEqual(t, r.Level, competency.Level(1))
			require.LessOrEqual(t, r.Level, competency.Level(5))
			require.Equal(t, competency.Assessor, r.Source)
		}
	})
}

func FuzzReadSKM(f *testing.F) {
	f.Add(skmSheet(asn.SKMColumns(), []int{0, 1, 2, 3, 4, 5, 6, 7, 8}))
	f.Add("UNIT;RESPONDEN;Biaya\n;;5\n")
	f.Fuzz(func(t *testing.T, in string) {
		r := asn.On(day)
		got, _ := asn.ReadSKM(strings.NewReader(in), "skm.csv", r, nil)
		known := r.Instrument().Elements
		for _, resp := range got {
			for code := range resp.Answers {
				require.True(t, slices.ContainsFunc(known, func(e satisfaction.Element) bool { return e.Code == code }))
			}
		}
	})
}

// What a row names that the agency does not have is a problem with file, line,
// column and value, and costs nobody.
func TestSIASNJoinsUnitsAndPositions(t *testing.T) {
	opt := &asn.SIASNOptions{
		Units:     []competency.Unit{{ID: "U1", Name: "Dinas Satu"}, {ID: "U2", Name: "Sama"}, {ID: "U3", Name: "Sama"}},
		Positions: []competency.Position{{ID: "J1", Title: "Analis Kebijakan"}},
	}
	in := "NIP BARU,NAMA,UNOR ID,UNOR NAMA,JABATAN NAMA\n" +
		nip(1) + ",A,U1,apa saja,Analis  kebijakan\n" +
		nip(2) + ",B,8ae48289-3c1a-4e2f-9d3e-0123456789ab,dinas satu,analis kebijakan\n" +
		nip(3) + ",C,,Dinas Satu,Juru\n" +
		nip(4) + ",D,,Sama,\n"
	got, ps := asn.ReadSIASN(strings.NewReader(in), "siasn.csv", opt)
	require.Len(t, got.Employees, 4)
	for i, want := range [][2]string{{"U1", "J1"}, {"U1", "J1"}, {"U1", ""}, {"", ""}} {
		require.Equal(t, want, [2]string{got.Employees[i].UnitID, got.Employees[i].PositionID}, "row %d", i)
	}
	errs := ps.Only(bangkom.Error)
	require.Len(t, errs, 2, "%v", errs)
	require.Equal(t, "siasn.csv:4:JABATAN NAMA", errs[0].Where)
	require.Equal(t, "Juru", errs[0].Value)
	require.Equal(t, "unknown-unit", errs[1].Code)
	require.Equal(t, "siasn.csv:5:UNOR NAMA", errs[1].Where)
}

// TestSIASNColumnsThatNobodyReads: of a sheet's columns only names that SIASN
// does not have are reported; what the reader drops by design is left alone.
func TestSIASNColumnsThatNobodyReads(t *testing.T) {
	header := strings.Join(append(asn.SIASNColumns(true), "Catatan Tim"), ",")
	_, ps := asn.ReadSIASN(strings.NewReader(header+"\n"), "siasn.csv", nil)
	at := slices.IndexFunc(ps, func(p bangkom.Problem) bool { return p.Code == "unread-columns" })
	require.GreaterOrEqual(t, at, 0)
	require.Equal(t, bangkom.Note, ps[at].Severity)
	require.Equal(t, "Catatan Tim", ps[at].Value)
}

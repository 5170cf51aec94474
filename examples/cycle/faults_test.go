package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/asn"
)

// small is a folder with few people in it, in the formats of the example.
func small() map[string]string {
	return map[string]string{
		"rules.json":       `{"id": "uji", "title": "uji", "rows": [{"rule": "default-level", "for": "pelaksana", "kind": "managerial", "level": 2, "source": "rekaan", "effective_from": "2025-01-01"}]}`,
		"units.csv":        "Kode Unit,Nama Unit,Unit Induk,NIP Kepala\nU1,Dinas Satu,,190001012099011001\nU2,Bidang Dua,U1,\n",
		"competencies.csv": "Kode,Nama,Jenis,Keterangan\nT-A,Analisis,teknis,\n",
		"positions.csv":    "Kode Jabatan,Nama Jabatan,Jenjang\nJ1,Kepala,Administrator\nJ2,Operator,Pelaksana\n",
		"standards.csv":    "Kode Jabatan,Kompetensi,Level,Bobot,Kritikalitas,Sumber\nJ1,T-A,3,1,1,rekaan\nJ2,T-A,2,1,1,rekaan\nJ2,INT,3,1,1,rekaan\n",
		"siasn.csv": "NIP BARU,NAMA,STATUS CPNS PNS,JABATAN ID,JABATAN NAMA,UNOR ID,UNOR NAMA\n" +
			"190001012099011001,Satu,PNS,J1,Kepala,U1,Dinas Satu\n190001022099012001,Dua,PNS,J2,Operator,U2,Bidang Dua\n190001032099011001,Tiga,PPPK,J2,Operator,U2,Bidang Dua\n",
		"targets.csv": "NIP,Kode Jabatan Target\n190001022099012001,J1\n",
		"recap.csv": "NIP,Nama,Jabatan,Perangkat Daerah,Integritas,Kerja Sama,Komunikasi,Orientasi pada Hasil,Pelayanan Publik,Pengembangan Diri dan Orang Lain,Mengelola Perubahan,Pengambilan Keputusan,Perekat Bangsa,Total,JPM,Tanggal Asesmen\n" +
			"190001022099012001,Dua,Operator,Bidang Dua,2,2,2,2,2,2,2,2,2,18,,01-02-2026\n",
		"ratings.csv": "NIP,Kompetensi,Level,Sumber,Penilai,Tanggal,Berlaku Sampai\n" +
			"190001022099012001,T-A,1,atasan,,01-02-2026,\n190001032099011001,T-A,2,atasan,,01-02-2026,01-02-2027\n",
		"partners.csv":  "Kode,Nama,Jenis,Mulai Peserta,Harga per Kursi\nM1,Mitra,swasta,1,100000\n",
		"offerings.csv": "Kode,Nama,Metode,Bentuk,JP,Level Maksimum,Prasyarat,Penyelenggara,Mitra,Standar Kurikulum\nL1,Dasar Analisis,daring,pelatihan teknis,10,5,,BKPSDM,,kurikulum\nL2,Lanjutan Analisis,klasikal,pelatihan teknis,20,5,L1,BKPSDM,M1,kurikulum\n",
		"gains.csv":     "Kode,Kompetensi,Kenaikan,SE,N,Sumber\nL1,T-A,\"0,5\",\"0,2\",0,perkiraan\nL2,T-A,\"0,9\",\"0,2\",0,perkiraan\n",
		"sessions.csv":  "Kode Sesi,Kode,Mulai,Selesai,Minimal,Maksimal,Biaya Tetap,Biaya per Kursi\nS1,L1,01-03-2027,02-03-2027,1,10,1000000,50000\nS2,L2,01-04-2027,02-04-2027,1,10,1.000.000,50000\n",
		"budgets.csv":   "Unit,Tahun,Pagu\nTOTAL,2027,\"5.000.000,00\"\nU1,2027,3000000\n",
		"mentors.csv":   "NIP,Kapasitas\n190001012099011001,1\n",
		"delivery.csv":  "NIP,Kode Sesi,Kode,Status,Tanggal,JP,Bentuk,Alasan\n190001022099012001,S26-1,L1,selesai,03-02-2026,10,pelatihan teknis,\n",
		"tests.csv":     "NIP,Kode,Pra,Pasca\n190001022099012001,L1,50,70\n",
		"reaction.csv":  "NIP,Kode,Materi,Pengajar\n190001022099012001,L1,4,5\n",
		"behaviour.csv": "NIP,Kode,Kompetensi,Sumber,Sebelum,Sesudah\n190001022099012001,L1,T-A,atasan,1,2\n",
		"costs.csv":     "Kode,Kategori,Jumlah\nL1,penyelenggaraan,1000000\n",
		"benefits.csv":  "Kode,Ukuran,Nilai,Isolasi,Keyakinan\nL1,waktu,2000000,\"0,5\",\"0,5\"\n",
		"skm-before.csv": "UNIT;RESPONDEN;TGL;PERSYARATAN;SISTEM, MEKANISME, DAN PROSEDUR;WAKTU PENYELESAIAN;BIAYA/TARIF;PRODUK SPESIFIKASI JENIS PELAYANAN;KOMPETENSI PELAKSANA;PERILAKU PELAKSANA;PENANGANAN PENGADUAN, SARAN, DAN MASUKAN;SARANA DAN PRASARANA\n" +
			"U2;R1;01-02-2025;3;3;3;3;3;3;3;3;3\nU2;R2;01-02-2025;4;4;4;4;4;4;4;4;4\n",
		"skm-after.csv": "UNIT;RESPONDEN;TGL;PERSYARATAN;SISTEM, MEKANISME, DAN PROSEDUR;WAKTU PENYELESAIAN;BIAYA/TARIF;PRODUK SPESIFIKASI JENIS PELAYANAN;KOMPETENSI PELAKSANA;PERILAKU PELAKSANA;PENANGANAN PENGADUAN, SARAN, DAN MASUKAN;SARANA DAN PRASARANA\n" +
			"U2;R3;01-02-2026;3;3;3;3;3;3;3;3;3\nU2;R4;01-02-2026;4;4;4;4;4;4;4;4;4\n",
	}
}

func folder(files map[string]string) fs.FS {
	dir := fstest.MapFS{}
	for name, text := range files {
		dir[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return dir
}

// collect runs the whole cycle on a folder and returns every problem of it.
func collect(t *testing.T, files map[string]string) (*agency, bangkom.Problems) {
	t.Helper()
	var out strings.Builder
	var a *agency
	s := settings{data: folder(files), lang: "en", asOf: bangkom.MustDate(2026, 10, 1), year: 2027, work: 2000}
	require.NoError(t, run(t.Context(), &out, s), "what can be produced is produced")
	a = read(s.data, s.asOf, nil)
	study := a.study(2026)
	_, problems := evaluate(study)
	return a, append(a.problems, problems...)
}

func errorsOf(ps bangkom.Problems) bangkom.Problems { return ps.Only(bangkom.Error) }

func TestAFolderWithoutFaultsHasNoErrors(t *testing.T) {
	_, ps := collect(t, small())
	require.Empty(t, errorsOf(ps))
}

// TestEachFaultIsOneNamedProblem: each fault alone gives one error that names
// its file, line, column and value, and costs no good row.
func TestEachFaultIsOneNamedProblem(t *testing.T) {
	const wild = "*"
	for name, c := range map[string]struct {
		file, old, new     string
		code, where, value string
		people, ratings    int // that are left of 3 and 11
	}{
		"required column missing":     {"ratings.csv", ",Level,", ",Tingkatan Lain,", "missing-column", "ratings.csv:1", wild, 3, 9},
		"a column named twice":        {"ratings.csv", ",Penilai,", ",Level,", "duplicate-column", "ratings.csv:1", "Level", 3, 11},
		"the header row repeated":     {"ratings.csv", "190001032099011001,T-A", "NIP,Kompetensi,Level,Sumber,Penilai,Tanggal,Berlaku Sampai\n190001032099011001,T-A", "repeated-header", "ratings.csv:3", wild, 3, 11},
		"too few fields":              {"ratings.csv", "190001022099012001,T-A,1,atasan,,01-02-2026,\n", "190001022099012001,T-A,1\n190001022099012001,T-A,1,atasan,,01-02-2026,\n", "too-few-fields", "ratings.csv:2", wild, 3, 11},
		"too many fields":             {"ratings.csv", "190001022099012001,T-A,1,atasan,,01-02-2026,\n", "190001022099012001,T-A,1,atasan,,01-02-2026,,x,y\n190001022099012001,T-A,1,atasan,,01-02-2026,\n", "too-many-fields", "ratings.csv:2", wild, 3, 11},
		"unclosed quote":              {"ratings.csv", "190001022099012001,T-A,1,atasan,,01-02-2026,\n", "190001022099012001,\"T-A,1,atasan,,01-02-2026,\n190001022099012001,T-A,1,atasan,,01-02-2026,\n", "unclosed-quote", "ratings.csv:2", wild, 3, 11},
		"invalid UTF-8":               {"ratings.csv", "190001022099012001,T-A,1,atasan,,01-02-2026,\n", "190001022099012001,T-\xe9,1,atasan,,01-02-2026,\n190001022099012001,T-A,1,atasan,,01-02-2026,\n", "invalid-utf8", "ratings.csv:2", wild, 3, 11},
		"NIP of 17 digits":            {"siasn.csv", "190001032099011001,Tiga", "19000103209901100,Tiga", "nip-digits", "siasn.csv:4:NIP BARU", wild, 2, 10},
		"NIP in scientific notation":  {"siasn.csv", "190001032099011001,Tiga", "1.90001E+17,Tiga", "nip-scientific", "siasn.csv:4:NIP BARU", wild, 2, 10},
		"NIP twice":                   {"siasn.csv", "190001032099011001,Tiga", "190001022099012001,Dua,PNS,J2,Operator,U2,Bidang Dua\n190001032099011001,Tiga", "duplicate-id", "siasn.csv:4:NIP BARU", wild, 3, 11},
		"unknown unit":                {"siasn.csv", "J2,Operator,U2,Bidang Dua\n190001032", "J2,Operator,U9,Bidang Sembilan\n190001032", "unknown-unit", "siasn.csv:3:UNOR ID", "U9", 3, 11},
		"unknown position":            {"siasn.csv", "PPPK,J2", "PPPK,J9", "unknown-position", "siasn.csv:4:JABATAN ID", "J9", 3, 11},
		"unknown competency":          {"ratings.csv", "190001022099012001,T-A,1", "190001022099012001,T-X,1,atasan,,01-02-2026,\n190001022099012001,T-A,1", "unknown-competency", "ratings.csv:2:Kompetensi", "T-X", 3, 11},
		"rating of an unknown person": {"ratings.csv", "190001022099012001,T-A,1", "190001092099019009,T-A,1,atasan,,01-02-2026,\n190001022099012001,T-A,1", "unknown-person", "ratings.csv:2:NIP", wild, 3, 11},
		"level above the scale":       {"ratings.csv", "190001022099012001,T-A,1", "190001022099012001,T-A,6,atasan,,01-02-2026,\n190001022099012001,T-A,1", "level-off-scale", "ratings.csv:2:Level", "6", 3, 11},
		"level not an integer":        {"ratings.csv", "190001022099012001,T-A,1", "190001022099012001,T-A,\"1,5\",atasan,,01-02-2026,\n190001022099012001,T-A,1", "not-integer", "ratings.csv:2:Level", "1,5", 3, 11},
		"31-02-2026":                  {"ratings.csv", "190001022099012001,T-A,1", "190001022099012001,T-A,1,atasan,,31-02-2026,\n190001022099012001,T-A,1", "not-a-date", "ratings.csv:2:Tanggal", "31-02-2026", 3, 11},
		"validity before the rating":  {"ratings.csv", "190001022099012001,T-A,1", "190001022099012001,T-A,1,atasan,,01-02-2026,31-01-2026\n190001022099012001,T-A,1", "validity-before-date", "ratings.csv:2:Berlaku Sampai", "31-01-2026", 3, 11},
		"negative budget":             {"budgets.csv", "U1,2027,3000000", "U1,2027,-3000000", "negative-amount", "budgets.csv:3:Pagu", "-3000000", 3, 11},
		"amount with decimals":        {"budgets.csv", "U1,2027,3000000", "U1,2027,\"3.000.000,50\"", "not-rupiah", "budgets.csv:3:Pagu", "3.000.000,50", 3, 11},
		"minimum above maximum":       {"sessions.csv", "02-03-2027,1,10", "02-03-2027,11,10", "min-above-max", "sessions.csv:2:Minimal", "11", 3, 11},
		"prerequisite that is not":    {"offerings.csv", "20,5,L1,", "20,5,L9,", "unknown-prerequisite", "offerings.csv:3:Prasyarat", "L9", 3, 11},
		"misspelt optional column":    {"ratings.csv", "Berlaku Sampai", "Berlaku Sampei", "unread-columns", "ratings.csv:1", "Berlaku Sampei", 3, 11},
		"misspelt column of costs":    {"sessions.csv", "Biaya per Kursi", "Biaya Kursi", "absent-column", "sessions.csv:1", "Biaya per Kursi", 3, 11},
		"SKM answer 5":                {"skm-after.csv", "U2;R4;01-02-2026;4", "U2;R4;01-02-2026;5", "skm-answer-off-scale", "skm-after.csv:3", "5", 3, 11},
	} {
		t.Run(name, func(t *testing.T) {
			files := small()
			require.Contains(t, files[c.file], c.old)
			files[c.file] = strings.Replace(files[c.file], c.old, c.new, 1)
			a, ps := collect(t, files)
			var found bangkom.Problems
			for _, p := range ps {
				if p.Code == c.code && p.Severity != bangkom.Note {
					found.Add(p)
				}
			}
			require.Len(t, found, 1, "%v", ps)
			if c.where != wild {
				require.True(t, strings.HasPrefix(found[0].Where, c.where), found[0].Where)
			}
			if c.value != wild {
				require.Equal(t, c.value, found[0].Value)
			}
			require.Equal(t, c.people, a.workforce.Len())
			require.Len(t, a.ratings, c.ratings)
		})
	}
}

// TestAWrongPartnerCostsThePlanOnly: the offering is not planned, for its fee
// is not known, but what was taught last year is still evaluated.
func TestAWrongPartnerCostsThePlanOnly(t *testing.T) {
	files := small()
	files["offerings.csv"] = strings.Replace(files["offerings.csv"], "10,5,,BKPSDM,,", "10,5,,BKPSDM,M9,", 1)
	a, ps := collect(t, files)
	errs := errorsOf(ps)
	require.Len(t, errs, 1)
	require.Equal(t, "unknown-partner", errs[0].Code)
	require.Equal(t, "offerings.csv:2:Mitra", errs[0].Where)
	require.Contains(t, errs[0].Msg, "stays out of the plan")
	require.Len(t, a.tests, 1)
	require.Len(t, a.behaviour, 1)
	require.Len(t, a.study(2026).Tests, 1)

	var out strings.Builder
	s := settings{data: folder(files), lang: "en", out: t.TempDir(), asOf: bangkom.MustDate(2026, 10, 1), year: 2027, work: 2000}
	require.NoError(t, run(t.Context(), &out, s))
	require.Equal(t, 1, strings.Count(out.String(), "unknown-partner"))
	plan, err := os.ReadFile(filepath.Join(s.out, "next-plan.json"))
	require.NoError(t, err)
	require.NotContains(t, string(plan), `"offering": "L1"`)
}

// TestSIASNShapes: the sheet with all its 67 columns, and with 69, as a
// spreadsheet saves it: byte-order mark, semicolons, CRLF, a title line,
// numbers behind an apostrophe. Nothing of the unread columns comes out.
func TestSIASNShapes(t *testing.T) {
	for _, echelon := range []bool{false, true} {
		header := asn.SIASNColumns(echelon)
		var b strings.Builder
		b.WriteString("\ufeffData Utama ASN" + strings.Repeat(";", len(header)-1) + "\r\n" + strings.Join(header, ";") + "\r\n")
		for i, p := range [][2]string{{"190001012099011001", "J1"}, {"190001022099012001", "J2"}, {"190001032099011001", "J2"}} {
			cells := make([]string, len(header))
			for k, name := range header {
				cells[k] = "RAHASIA"
				switch name {
				case "NIP BARU":
					cells[k] = "'" + p[0]
				case "NAMA":
					cells[k] = fmt.Sprintf("Orang %d", i)
				case "JABATAN ID":
					cells[k] = p[1]
				case "UNOR ID":
					cells[k] = "U2"
				case "STATUS CPNS PNS":
					cells[k] = "PNS"
				case "TMT JABATAN":
					cells[k] = "01-02-2024"
				case "KEDUDUKAN HUKUM NAMA", "KEDUDUKAN HUKUM ID", "JENIS PEGAWAI NAMA", "JENIS PEGAWAI ID", "JENIS JABATAN NAMA", "JENIS JABATAN ID", "JABATAN NAMA", "UNOR NAMA":
					cells[k] = ""
				}
			}
			b.WriteString(strings.Join(cells, ";") + "\r\n")
		}
		files := small()
		files["siasn.csv"] = b.String()
		a, ps := collect(t, files)
		require.Empty(t, errorsOf(ps))
		require.Equal(t, 3, a.workforce.Len())
		require.Len(t, a.ratings, 11)
		for _, p := range ps {
			require.NotContains(t, p.Error(), "RAHASIA")
		}
	}
}

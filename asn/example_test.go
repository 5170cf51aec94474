package asn_test

import (
	"fmt"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/asn"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/evaluation/satisfaction"
)

// The rules of a day, each with its source.
func ExampleOn() {
	rules := asn.On(bangkom.MustDate(2026, 7, 1))
	for _, c := range rules.Framework().Competencies {
		fmt.Printf("%-4s %s\n", c.Code, c.Title["id"])
	}
	years, row, _ := rules.ValidFor()
	fmt.Printf("an assessment is valid for %d years (%s, %s)\n", years, row.Set, row.Mark)
	// Output:
	// INT  Integritas
	// KJSM Kerja Sama
	// KOM  Komunikasi
	// OPH  Orientasi pada Hasil
	// PP   Pelayanan Publik
	// PDOL Pengembangan Diri dan Orang Lain
	// MP   Mengelola Perubahan
	// PK   Pengambilan Keputusan
	// PB   Perekat Bangsa
	// an assessment is valid for 3 years (id/assessment-2019, V1)
}

// What is not verified comes from an agency's file, row by row with a source.
func ExampleLoad() {
	file := `{"id": "kota-contoh/2026", "title": "rekaan", "rows": [
  {"rule": "default-level", "for": "Pengawas", "kind": "managerial", "level": 2,
   "source": "Keputusan Wali Kota Contoh 1/2026 (rekaan)", "effective_from": "2026-01-01"},
  {"rule": "valid-for", "value": 2, "effective_from": "2026-01-01"}]}`
	set, problems := asn.Load(strings.NewReader(file), "rules.json")
	for _, p := range problems.Only(bangkom.Error) {
		fmt.Println(p)
	}
	rules := asn.On(bangkom.MustDate(2026, 7, 1))
	_, _, known := rules.DefaultLevel("Pengawas", competency.Managerial)
	fmt.Println("known without the file:", known)
	rules = rules.With(set)
	level, by, _ := rules.DefaultLevel("Pengawas", competency.Managerial)
	fmt.Println(level, "by", by.Source)
	fmt.Println("agency rows in use:", len(rules.AgencyRows()))
	// Output:
	// rules.json:4: a row without a source; name the decree, letter or minutes it comes from
	// known without the file: false
	// 2 by Keputusan Wali Kota Contoh 1/2026 (rekaan)
	// agency rows in use: 1
}

// A job's own standard stays; the default of its tier fills what it leaves open.
func ExampleRules_Standards() {
	rules := asn.On(bangkom.MustDate(2026, 7, 1))
	positions, _, problems := rules.Standards([]competency.Position{{
		ID: "J1", Title: "Kepala Seksi", Tier: "Pengawas", Source: "SKJ 2025",
		Requirements: []competency.Requirement{{Competency: "INT", Level: 3, Weight: 1, Criticality: 1}},
	}})
	for _, q := range positions[0].Requirements {
		fmt.Println(q.Competency, q.Level)
	}
	fmt.Println(positions[0].Source)
	fmt.Println("unknown:", problems[0].Value)
	// Output:
	// INT 3
	// PB 2
	// SKJ 2025; default of the tier for PB (id/skj-2017: public code)
	// unknown: KJSM, KOM, OPH, PP, PDOL, MP, PK
}

// The cap of a JPM decides its class, and that is said.
func ExampleClassify() {
	rules := asn.On(bangkom.MustDate(2026, 7, 1))
	var gaps []competency.Gap
	for _, attained := range []competency.Level{4, 4, 4, 4, 2, 2, 2, 1, 2} {
		g := competency.Gap{Required: competency.Requirement{Level: 3}, State: competency.Met,
			Attained: competency.Attained{State: competency.Assessed, Level: attained, N: 1}}
		if attained < 3 {
			g.State = competency.Below
		}
		gaps = append(gaps, g)
	}
	class, _, warnings := asn.Classify(competency.Match(gaps, competency.CapNone), rules.FillingBands())
	fmt.Println(class.Label)
	fmt.Println(warnings[0].Msg)
	// Output:
	// Memenuhi Syarat
	// uncapped 92.59 is MS, capped per competency 77.78 is MMS
}

// Twenty hours are a least for PNS; twenty-four are a most for PPPK.
func ExampleRules_HourLimits() {
	limits := asn.On(bangkom.MustDate(2026, 7, 1)).HourLimits()
	fmt.Println("PNS at least", limits[asn.PNS].Min, "JP")
	fmt.Println("PPPK at most", limits[asn.PPPK].Max, "JP")
	// Output:
	// PNS at least 20 JP
	// PPPK at most 24 JP
}

// A number goes out as data and is masked where people read.
func ExampleNIP() {
	nip, err := asn.ParseNIP("19000101 209901 1 007")
	fmt.Println(nip, err)
	text, _ := nip.MarshalText()
	fmt.Println(len(text), "digits as data")
	_, err = asn.ParseNIP("1,90001E+17")
	fmt.Println(err)
	// Output:
	// ***************007 <nil>
	// 18 digits as data
	// a NIP in scientific notation has lost digits ("11 characters"); format the column as text and export the file again
}

func ExampleReadSIASN() {
	sheet := "NIK;NIP BARU;NAMA;STATUS CPNS PNS;KEDUDUKAN HUKUM NAMA;JABATAN ID;UNOR ID\r\n" +
		"rahasia;'190001012099011001;Pegawai Satu;PNS;Aktif;J1;U1\r\n" +
		"rahasia;1,90001E+17;Pegawai Dua;PNS;Aktif;J1;U1\r\n"
	siasn, problems := asn.ReadSIASN(strings.NewReader(sheet), "siasn.csv", nil)
	for _, p := range siasn.People() {
		fmt.Println(p.Name, p.Status, p.Unit, p.Position)
	}
	fmt.Println(problems.Err())
	// Output:
	// Pegawai Satu PNS U1 J1
	// siasn.csv:3:NIP BARU: a NIP in scientific notation has lost digits ("11 characters"); format the column as text and export the file again
}

func ExampleReadRecap() {
	rules := asn.On(bangkom.MustDate(2026, 7, 1))
	sheet := "NIP,Integritas,Kerjasama,Komunikasi,Orientasi Pada Hasil,Pelayanan Publik,Pengembangan Diri & Orang Lain,Mengelola Perubahan,Pengambilan Keputusan,Perekat Bangsa,Total\n" +
		"190001012099011001,3,3,2,3,3,,2,2,3,24\n"
	ratings, problems := asn.ReadRecap(strings.NewReader(sheet), "recap.csv", rules, &asn.RecapOptions{Date: bangkom.MustDate(2025, 3, 5)})
	fmt.Println(len(ratings), "ratings,", ratings[1].Competency, "level", ratings[1].Level, "on", ratings[1].Date)
	for _, p := range problems.Only(bangkom.Warning) {
		fmt.Println(p.Where, p.Msg)
	}
	// Output:
	// 8 ratings, KJSM level 3 on 2025-03-05
	// recap.csv:2:Pengembangan Diri & Orang Lain the cell is empty: the competency counts as not assessed
	// recap.csv:2:Total the levels sum to 21
}

// The order of the columns does not matter: elements are known by their header.
func ExampleReadSKM() {
	rules := asn.On(bangkom.MustDate(2026, 7, 1))
	sheet := strings.Join(asn.SKMColumns(), ";") + "\nR1;01-09-2025;4;3;3;4;4;3;4;3;4\nR2;01-09-2025;3;3;4;4;3;3;4;3;4\n"
	responses, _ := asn.ReadSKM(strings.NewReader(sheet), "skm.csv", rules, &asn.SKMOptions{Unit: "U1"})
	index, _ := satisfaction.Measure(rules.Instrument(), responses, nil)
	fmt.Printf("%.2f %s %s\n", index.Rounded, index.Class.Code, index.Class.Label)
	// Output:
	// 87.50 B Baik
}

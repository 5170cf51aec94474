package main

import (
	"fmt"
	"math"
	"strings"
)

type named struct {
	name  string
	sheet *sheet
}

// lastYear makes what the trainings of 2026 left behind: who came, what they
// knew before and after, what they thought, what others saw months later, what it cost.
func (c *city) lastYear() []named {
	delivery, tests, reaction, behaviour, costs, benefits := comma(), comma(), comma(), comma(), comma(), comma()
	delivery.row("NIP", "Kode Sesi", "Kode", "Status", "Tanggal", "JP", "Bentuk", "Alasan")
	tests.row("NIP", "Kode", "Pra", "Pasca")
	reaction.row("NIP", "Kode", "Relevansi", "Materi", "Pengajar", "Sarana", "Waktu", "Keyakinan", "Niat Menerapkan", "Kepuasan")
	behaviour.row("NIP", "Kode", "Kompetensi", "Sumber", "Sebelum", "Sesudah")
	costs.row("Kode", "Kategori", "Jumlah")
	benefits.row("Kode", "Ukuran", "Nilai", "Isolasi", "Keyakinan")

	seen := map[string]bool{}
	for i := 0; i < len(c.offerings); i += 3 {
		o := c.offerings[i]
		came := 0
		for _, k := range c.rnd.Perm(len(c.people)) {
			p := &c.people[k]
			code := o.raises[0]
			if came == 30 {
				break
			}
			if p.able[code] == 0 || p.able[code] >= c.required(p.job, code) || (code == "PP" && !served(p.unit)) {
				continue
			}
			came++
			status, hours, why := "selesai", fmt.Sprint(o.hours), ""
			switch x := c.rnd.Float64(); {
			case x < 0.05:
				status, hours, why = "batal", "", "tugas mendadak"
			case x < 0.10:
				status, hours = "tidak hadir", ""
			case x < 0.13:
				status, hours = "tidak lulus", ""
			}
			delivery.row(p.nip, "S26-"+o.id+"-1", o.id, status, fmt.Sprintf("%02d-%02d-2026", 1+i%27, 2+i%6), hours, o.form, why)
			if status != "selesai" {
				continue
			}
			pre := min(max(55+12*c.rnd.NormFloat64(), 0), 100)
			post := min(max(pre+22*o.real+8*c.rnd.NormFloat64(), 0), 100)
			if c.chance(0.06) {
				tests.row(p.nip, o.id, score(pre), "")
			} else {
				tests.row(p.nip, o.id, score(pre), score(post))
			}
			if c.chance(0.8) {
				mood := 3.6 + 0.5*o.real + 0.5*c.rnd.NormFloat64()
				fields := []any{p.nip, o.id}
				for range 8 {
					fields = append(fields, min(max(int(math.Round(mood+0.6*c.rnd.NormFloat64())), 1), 5))
				}
				reaction.row(fields...)
			}
			if c.chance(0.85) {
				c.behaviour(behaviour, p, o.id, code, o.real)
			}
		}
		money(costs, o, came)
		if i%2 == 0 {
			benefits.row(o.id, "waktu layanan yang dihemat", int(o.real*float64(came))*9_500_000, "0,6", "0,7")
		}
		if !seen[o.raises[0]] { // those who did not come, as a comparison
			seen[o.raises[0]] = true
			c.others(behaviour, o.raises[0])
		}
	}
	return []named{{"delivery.csv", delivery}, {"tests.csv", tests}, {"reaction.csv", reaction}, {"behaviour.csv", behaviour}, {"costs.csv", costs}, {"benefits.csv", benefits}}
}

func score(x float64) string {
	return strings.Replace(fmt.Sprintf("%.1f", x), ".", ",", 1)
}

// behaviour writes what the superior and the person saw before and months after.
func (c *city) behaviour(s *sheet, p *person, course, code string, gain float64) {
	rise := func(g float64) int {
		n := int(g)
		if c.chance(g - float64(n)) {
			n++
		}
		return n
	}
	before := p.able[code]
	s.row(p.nip, course, code, "atasan", before, min(before+rise(gain+0.05), 5))
	if c.chance(0.7) {
		s.row(p.nip, course, code, "diri sendiri", min(before+rise(0.4), 5), min(before+rise(0.5)+rise(gain), 5))
	}
}

func (c *city) others(s *sheet, code string) {
	left := 25
	for _, k := range c.rnd.Perm(len(c.people)) {
		p := &c.people[k]
		if left > 0 && p.able[code] > 0 && p.able[code] < c.required(p.job, code) {
			c.behaviour(s, p, "", code, 0.03)
			left--
		}
	}
}

func money(s *sheet, o offering, came int) {
	s.row(o.id, "penyelenggaraan", o.fixed)
	s.row(o.id, "peserta", came*o.seat)
	s.row(o.id, "waktu kerja peserta", came*o.hours*40_000)
	s.row(o.id, "evaluasi", 750_000)
}

// served tells the service desks whose people were trained in public service.
func served(unit int) bool { return unit%2 == 0 && unit%3 == 2 }

// skm is a survey of the public at the service desks. Half of them had their
// people trained in between.
func (c *city) skm(year int) *sheet {
	s := excel()
	s.row("UNIT", "RESPONDEN", "TGL", "PERSYARATAN", "SISTEM, MEKANISME, DAN PROSEDUR", "WAKTU PENYELESAIAN", "BIAYA/TARIF", "PRODUK SPESIFIKASI JENIS PELAYANAN",
		"KOMPETENSI PELAKSANA", "PERILAKU PELAKSANA", "PENANGANAN PENGADUAN, SARAN, DAN MASUKAN", "SARANA DAN PRASARANA")
	n := 0
	for i, u := range c.units {
		if !strings.HasSuffix(u.id, "A") {
			continue
		}
		mean := 3.15 + 0.1*math.Sin(float64(i))
		if year == 2026 {
			mean += 0.02
			if served(i) {
				mean += 0.14
			}
		}
		for range 40 + c.rnd.IntN(20) {
			n++
			fields := []any{u.id, fmt.Sprintf("R%05d", n), c.day(year, year)}
			mood := mean + 0.3*c.rnd.NormFloat64()
			for range 9 {
				x := min(max(int(math.Round(mood+0.5*c.rnd.NormFloat64())), 1), 4)
				if c.chance(0.004) {
					fields = append(fields, "")
					continue
				}
				fields = append(fields, x)
			}
			s.row(fields...)
		}
	}
	return s
}

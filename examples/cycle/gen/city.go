package main

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// A city is the truth behind the files: what people really can and what
// trainings really do. The files show it with error, gaps and contradictions.
type city struct {
	rnd       *rand.Rand
	units     []unit
	jobs      []job
	people    []person
	offerings []offering
}

type unit struct {
	id, name, parent string
	head             int // person, or -1
	skill            float64
}

type job struct {
	id, name, tier string
	level          int            // of the nine
	technical      map[string]int // competency -> required level
	order          []string       // of technical
	ownNine        bool           // the decree sets the nine; otherwise the agency's default by tier
}

type person struct {
	nip, name, status string
	unit, job, target int // target -1: none
	able              map[string]int
}

type offering struct {
	id, name, method, form, partner, after string
	hours                                  int
	raises                                 []string
	claimed, real                          float64 // levels per attendance
	seat, fixed                            int     // rupiah
}

// nine are the codes of the competencies that every job asks for, in the order of the recap sheet.
var nine = []string{"INT", "KJSM", "KOM", "OPH", "PP", "PDOL", "MP", "PK", "PB"}

var nineNames = []string{"Integritas", "Kerjasama", "Komunikasi", "Orientasi pada Hasil", "Pelayanan Publik",
	"Pengembangan Diri & Orang Lain", "Mengelola Perubahan", "Pengambilan Keputusan", "Perekat Bangsa"}

// technical are invented for the example.
var technical = [][2]string{
	{"T-DIG", "Literasi Digital"}, {"T-DAT", "Analisis Data"}, {"T-KEU", "Pengelolaan Keuangan"}, {"T-PBJ", "Pengadaan Barang dan Jasa"},
	{"T-REG", "Penyusunan Peraturan"}, {"T-ARS", "Kearsipan"}, {"T-LAY", "Manajemen Layanan"}, {"T-PRJ", "Manajemen Proyek"},
	{"T-AUD", "Pengawasan Internal"}, {"T-SIB", "Keamanan Informasi"},
}

func newCity(seed uint64, people int) *city {
	c := &city{rnd: rand.New(rand.NewPCG(seed, 1))}
	c.makeUnits()
	c.makeJobs()
	c.makePeople(people)
	c.makeOfferings()
	return c
}

func (c *city) chance(p float64) bool { return c.rnd.Float64() < p }

func (c *city) makeUnits() {
	add := func(id, name, parent string) {
		c.units = append(c.units, unit{id, name, parent, -1, 0.25 * c.rnd.NormFloat64()})
	}
	add("U00", "Pemerintah Kota Contoh", "")
	for i, name := range []string{"Pendidikan", "Kesehatan", "Pekerjaan Umum", "Perhubungan", "Sosial", "Kependudukan", "Lingkungan Hidup",
		"Penanaman Modal dan Perizinan", "Komunikasi dan Informatika", "Pariwisata", "Perdagangan", "Ketahanan Pangan", "Perpustakaan"} {
		id := fmt.Sprintf("U%02d", i+1)
		add(id, "Dinas "+name, "U00")
		add(id+"A", "Bidang Layanan "+name, id)
		add(id+"B", "Bidang Perencanaan "+name, id)
	}
}

func (c *city) makeJobs() {
	add := func(id, name, tier string, level int, ownNine bool, tech ...any) {
		j := job{id, name, tier, level, map[string]int{}, nil, ownNine}
		for i := 0; i < len(tech); i += 2 {
			j.technical[tech[i].(string)] = tech[i+1].(int)
			j.order = append(j.order, tech[i].(string))
		}
		c.jobs = append(c.jobs, j)
	}
	add("J01", "Kepala Dinas", "JPT Pratama", 4, true, "T-KEU", 4, "T-REG", 3)
	add("J02", "Kepala Bidang", "Administrator", 3, true, "T-PRJ", 3, "T-KEU", 3)
	add("J03", "Kepala Seksi", "Pengawas", 2, true, "T-LAY", 3, "T-PRJ", 2)
	for i, f := range []struct{ name, a, b string }{
		{"Pranata Komputer", "T-DIG", "T-SIB"}, {"Perencana", "T-DAT", "T-PRJ"}, {"Analis Kebijakan", "T-REG", "T-DAT"},
		{"Auditor", "T-AUD", "T-KEU"}, {"Arsiparis", "T-ARS", "T-DIG"}, {"Pengelola Pengadaan", "T-PBJ", "T-KEU"},
	} {
		for k, tier := range []string{"Pertama", "Muda", "Madya"} {
			add(fmt.Sprintf("F%d%d", i+1, k+1), f.name+" Ahli "+tier, "JF Ahli "+tier, k+2, i%3 != 2, f.a, k+2, f.b, k+1)
		}
	}
	add("P01", "Pengadministrasi Umum", "Pelaksana", 1, true, "T-ARS", 2, "T-DIG", 2)
	add("P02", "Operator Layanan", "Pelaksana", 1, true, "T-LAY", 2, "T-DIG", 2)
	add("P03", "Pengelola Keuangan", "Pelaksana", 1, true, "T-KEU", 2, "T-DIG", 1)
	add("P04", "Pengelola Data", "Pelaksana", 1, true, "T-DAT", 2, "T-DIG", 2)
}

// hardness says how far people usually stand below what is asked.
func hardness(code string) float64 {
	h := uint32(7)
	for _, r := range code {
		h = h*31 + uint32(r)
	}
	return 0.9*float64(h%1000)/1000 - 0.15
}

func (c *city) makePeople(n int) {
	for i := range n {
		p := person{name: fmt.Sprintf("Pegawai %04d", i+1), target: -1, able: map[string]int{}}
		// A birthday in 1900 and an appointment in 2099: a number that nobody can have.
		p.nip = fmt.Sprintf("1900%02d%02d2099%02d%d%03d", i/28%12+1, i%28+1, i/336%12+1, 1+i%2, i/4032+1)
		p.status = []string{"PNS", "PNS", "PNS", "PPPK", "PNS", "PPPK", "PNS", "PNS", "CPNS", "PNS"}[c.rnd.IntN(10)]
		p.unit, p.job = c.place(i)
		if h := &c.units[p.unit]; p.job <= 1 && h.head < 0 {
			h.head = i
		}
		for _, code := range c.asked(p.job) {
			need := c.required(p.job, code)
			x := float64(need) + 0.35 + c.units[p.unit].skill - hardness(code) + 0.8*c.rnd.NormFloat64()
			p.able[code] = min(max(int(math.Round(x)), 1), 5)
		}
		if c.chance(0.1) && p.job+1 < len(c.jobs) {
			p.target = c.better(p.job)
		}
		c.people = append(c.people, p)
	}
}

// place puts the first people at the head of the units and the others anywhere in the ranks.
func (c *city) place(i int) (unit, job int) {
	switch {
	case i < 14: // the city itself and its thirteen services, which stand at 0, 1, 4, 7, …
		return max(0, 3*i-2), 0
	case i < 40:
		k := i - 14
		return 3*(k/2) + 2 + k%2, 1
	}
	unit = 1 + c.rnd.IntN(len(c.units)-1)
	switch x := c.rnd.Float64(); {
	case x < 0.08:
		return unit, 2
	case x < 0.60:
		return unit, 3 + c.rnd.IntN(18)
	default:
		return unit, 21 + c.rnd.IntN(4)
	}
}

// better is the next job of the ladder.
func (c *city) better(j int) int {
	switch {
	case j >= 21:
		return 2
	case j >= 3 && (j-3)%3 < 2:
		return j + 1
	case j == 0:
		return -1
	case j <= 2:
		return j - 1
	}
	return 1
}

// asked lists the competencies of a job: the nine, then its technical ones.
func (c *city) asked(j int) []string {
	return append(append([]string(nil), nine...), c.jobs[j].order...)
}

func (c *city) required(j int, code string) int {
	if l, ok := c.jobs[j].technical[code]; ok {
		return l
	}
	return c.jobs[j].level
}

func (c *city) makeOfferings() {
	names := map[string]string{}
	for i, code := range nine {
		names[code] = nineNames[i]
	}
	codes := append([]string(nil), nine...)
	for _, t := range technical {
		names[t[0]] = t[1]
		codes = append(codes, t[0])
	}
	methods := []struct {
		name, method, form string
		hours, fixed, seat int
		gain               float64
	}{
		{"Kelas", "klasikal", "pelatihan teknis", 24, 18_000_000, 900_000, 0.9},
		{"Daring", "daring", "e-learning", 16, 4_000_000, 150_000, 0.5},
		{"Proyek", "berbasis proyek", "pelatihan teknis", 20, 9_000_000, 350_000, 0.8},
		{"Webinar", "webinar", "seminar", 4, 2_000_000, 25_000, 0.25},
		{"Lokakarya", "lokakarya", "workshop", 10, 8_000_000, 300_000, 0.6},
	}
	partners := []string{"", "M1", "M2", "", "M3", "M4", "", "M5", "M6", "M7", "M8"}
	for i := range 60 {
		code, m := codes[i%len(codes)], methods[(i/len(codes)+i)%len(methods)]
		o := offering{id: fmt.Sprintf("L%02d", i+1), name: m.name + " " + names[code], method: m.method, form: m.form, hours: m.hours,
			raises: []string{code}, partner: partners[i%len(partners)], fixed: m.fixed, seat: m.seat}
		o.claimed = math.Round(100*m.gain*(0.85+0.3*c.rnd.Float64())) / 100
		o.real = m.gain * []float64{0.35, 0.7, 1, 1.2}[c.rnd.IntN(4)]
		if i%7 == 3 {
			o.raises = append(o.raises, codes[(i+5)%len(codes)])
		}
		if i >= 38 && i%4 == 1 {
			o.after = fmt.Sprintf("L%02d", i-18)
		}
		c.offerings = append(c.offerings, o)
	}
}

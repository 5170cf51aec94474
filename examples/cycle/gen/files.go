package main

import (
	"bytes"
	"fmt"
	"math"
	"strings"

	"github.com/bangkom/bangkom/asn"
)

// A file is one of the city's files as an agency would send it.
type file struct {
	name string
	data []byte
}

// A sheet collects the lines of a CSV file. Fields are written without quotes
// unless they need them.
type sheet struct {
	buf  bytes.Buffer
	sep  string
	line string
}

func (s *sheet) row(fields ...any) {
	for i, f := range fields {
		if i > 0 {
			s.buf.WriteString(s.sep)
		}
		t := fmt.Sprint(f)
		if strings.ContainsAny(t, s.sep+"\"\r\n") {
			t = `"` + strings.ReplaceAll(t, `"`, `""`) + `"`
		}
		s.buf.WriteString(t)
	}
	s.buf.WriteString(s.line)
}

func comma() *sheet { return &sheet{sep: ",", line: "\n"} }

// excel is what an Indonesian spreadsheet saves: byte-order mark, semicolons, CRLF.
func excel() *sheet {
	s := &sheet{sep: ";", line: "\r\n"}
	s.buf.WriteString("\ufeff")
	return s
}

// files makes all files, in an order that the random numbers depend on.
func (c *city) files() []file {
	var out []file
	add := func(name string, s *sheet) { out = append(out, file{name, s.buf.Bytes()}) }
	add("siasn.csv", c.siasn())
	add("units.csv", c.unitSheet())
	add("competencies.csv", c.competencies())
	add("positions.csv", c.positions())
	add("standards.csv", c.standards())
	add("targets.csv", c.targets())
	add("recap.csv", c.recap())
	add("ratings.csv", c.ratings())
	add("offerings.csv", c.offeringSheet())
	add("gains.csv", c.gains())
	add("sessions.csv", c.sessions())
	add("partners.csv", c.partners())
	add("budgets.csv", c.budgets())
	add("mentors.csv", c.mentors())
	for _, f := range c.lastYear() {
		add(f.name, f.sheet)
	}
	add("skm-before.csv", c.skm(2025))
	add("skm-after.csv", c.skm(2026))
	return out
}

func (c *city) siasn() *sheet {
	s := excel()
	columns := asn.SIASNColumns(false)
	header := make([]any, len(columns))
	at := map[string]int{}
	for i, name := range columns {
		header[i], at[name] = name, i
	}
	s.row(header...)
	for i, p := range c.people {
		fields := make([]any, len(columns))
		for k := range fields {
			fields[k] = ""
		}
		u, j := c.units[p.unit], c.jobs[p.job]
		for name, value := range map[string]string{
			"PNS ID": fmt.Sprintf("REKAAN-%04d", i+1), "NIP BARU": "'" + p.nip, "NAMA": p.name, "NIK": "REKAAN", "NOMOR HP": "REKAAN", "ALAMAT": "REKAAN",
			"JENIS PEGAWAI NAMA": "ASN Daerah", "KEDUDUKAN HUKUM NAMA": legal(i), "STATUS CPNS PNS": p.status, "TMT JABATAN": "01-02-2024",
			"JABATAN ID": j.id, "JABATAN NAMA": j.name, "UNOR ID": u.id, "UNOR NAMA": u.name, "INSTANSI KERJA NAMA": "Pemerintah Kota Contoh",
		} {
			fields[at[name]] = value
		}
		s.row(fields...)
	}
	return s
}

func legal(i int) string {
	if i%97 == 50 {
		return "Cuti di Luar Tanggungan Negara"
	}
	return "Aktif"
}

func (c *city) unitSheet() *sheet {
	s := comma()
	s.row("Kode Unit", "Nama Unit", "Unit Induk", "NIP Kepala")
	for _, u := range c.units {
		head := ""
		if u.head >= 0 {
			head = c.people[u.head].nip
		}
		s.row(u.id, u.name, u.parent, head)
	}
	return s
}

func (c *city) competencies() *sheet {
	s := comma()
	s.row("Kode", "Nama", "Jenis", "Keterangan")
	for _, t := range technical {
		s.row(t[0], t[1], "teknis", "rekaan untuk contoh")
	}
	return s
}

func (c *city) positions() *sheet {
	s := comma()
	s.row("Kode Jabatan", "Nama Jabatan", "Jenjang")
	for _, j := range c.jobs {
		s.row(j.id, j.name, j.tier)
	}
	return s
}

// standards leaves the nine of some jobs to the agency's default by tier.
func (c *city) standards() *sheet {
	s := comma()
	s.row("Kode Jabatan", "Kompetensi", "Level", "Bobot", "Kritikalitas", "Sumber")
	critical := map[string]string{"PP": "1,5", "INT": "1,5", "T-KEU": "1,3"}
	for i, j := range c.jobs {
		for _, code := range c.asked(i) {
			_, tech := j.technical[code]
			if !tech && !j.ownNine {
				continue
			}
			crit := critical[code]
			if crit == "" {
				crit = "1"
			}
			s.row(j.id, code, c.required(i, code), 1, crit, "SKJ Kota Contoh 2025 (rekaan)")
		}
	}
	return s
}

func (c *city) targets() *sheet {
	s := comma()
	s.row("NIP", "Kode Jabatan Target")
	for _, p := range c.people {
		if p.target >= 0 {
			s.row(p.nip, c.jobs[p.target].id)
		}
	}
	return s
}

func (c *city) day(from, to int) string { // a day of the years from..to
	return fmt.Sprintf("%02d-%02d-%d", 1+c.rnd.IntN(28), 1+c.rnd.IntN(9), from+c.rnd.IntN(to-from+1))
}

// recap is the sheet of the assessment centre: two people in three, one result
// in six too old by now, some cells empty, some totals typed wrong.
func (c *city) recap() *sheet {
	s := excel()
	header := []any{"NIP", "Nama", "Jabatan", "Perangkat Daerah"}
	for _, n := range nineNames {
		header = append(header, n)
	}
	s.row(append(header, "Total", "JPM", "Tanggal Asesmen")...)
	for i, p := range c.people {
		if !c.chance(0.55 + 0.3*math.Sin(float64(p.unit))) {
			continue
		}
		fields := []any{"'" + p.nip, p.name, c.jobs[p.job].name, c.units[p.unit].name}
		got, asked := 0, 0
		for _, code := range nine {
			if c.chance(0.01) {
				fields = append(fields, "")
				continue
			}
			fields = append(fields, p.able[code])
			got += p.able[code]
			asked += c.required(p.job, code)
		}
		if i%501 == 7 {
			got++ // a total that was typed wrong
		}
		jpm := strings.Replace(fmt.Sprintf("%.2f", 100*float64(got)/float64(asked)), ".", ",", 1)
		s.row(append(fields, got, jpm, c.day(2022, 2026))...)
	}
	return s
}

// ratings are the technical ones: superiors, the people themselves (too kind), and tests.
func (c *city) ratings() *sheet {
	s := comma()
	s.row("NIP", "Kompetensi", "Level", "Sumber", "Penilai", "Tanggal", "Berlaku Sampai")
	shown := func(p *person, code string, shift float64) int {
		return min(max(int(math.Round(float64(p.able[code])+shift+0.4*c.rnd.NormFloat64())), 1), 5)
	}
	for i := range c.people {
		p := &c.people[i]
		boss := c.units[p.unit].head
		for _, code := range c.jobs[p.job].order {
			if boss >= 0 && boss != i && c.chance(0.8) {
				day := c.day(2025, 2026)
				s.row(p.nip, code, shown(p, code, 0), "atasan", c.people[boss].nip, day, "")
				if c.chance(0.01) { // the same day, another level
					s.row(p.nip, code, shown(p, code, 1), "atasan", c.people[boss].nip, day, "")
				}
			}
			if c.chance(0.4) {
				s.row(p.nip, code, shown(p, code, 0.5), "diri sendiri", "", c.day(2026, 2026), "")
			}
			if c.chance(0.15) {
				s.row(p.nip, code, p.able[code], "tes", "", "15-03-2024", "14-03-2026")
			}
		}
	}
	s.row("190001012099011999", "T-DIG", 3, "atasan", "", "01-02-2026", "") // nobody of the city
	s.row(c.people[100].nip, c.jobs[c.people[100].job].order[0], 9, "atasan", "", "01-02-2026", "")
	return s
}

func (c *city) offeringSheet() *sheet {
	s := comma()
	s.row("Kode", "Nama", "Metode", "Bentuk", "JP", "Level Maksimum", "Prasyarat", "Penyelenggara", "Mitra", "Standar Kurikulum")
	for _, o := range c.offerings {
		s.row(o.id, o.name, o.method, o.form, o.hours, 5, o.after, "BKPSDM Kota Contoh", o.partner, "kurikulum BKPSDM 2026 (rekaan)")
	}
	return s
}

func (c *city) gains() *sheet {
	s := comma()
	s.row("Kode", "Kompetensi", "Kenaikan", "SE", "N", "Sumber")
	for _, o := range c.offerings {
		for k, code := range o.raises {
			s.row(o.id, code, strings.Replace(fmt.Sprintf("%.2f", o.claimed/float64(k+1)), ".", ",", 1), "0,25", 0, "perkiraan penyelenggara")
		}
	}
	return s
}

func (c *city) sessions() *sheet {
	s := comma()
	s.row("Kode Sesi", "Kode", "Mulai", "Selesai", "Minimal", "Maksimal", "Biaya Tetap", "Biaya per Kursi")
	for i, o := range c.offerings {
		for k := range 1 + i%2 {
			month, day := 2+(i*5+k*4)%10, 1+(i*3)%20
			length := max(1, o.hours/8)
			seats := map[string]int{"daring": 100, "webinar": 300}[o.method]
			if seats == 0 {
				seats = 30
			}
			s.row(fmt.Sprintf("S27-%s-%d", o.id, k+1), o.id, fmt.Sprintf("%02d-%02d-2027", day, month), fmt.Sprintf("%02d-%02d-2027", day+length-1, month),
				seats/3, seats, o.fixed, o.seat)
		}
	}
	return s
}

func (c *city) partners() *sheet {
	s := comma()
	s.row("Kode", "Nama", "Jenis", "Mulai Peserta", "Harga per Kursi")
	for i := range 8 {
		kind, name := "universitas", fmt.Sprintf("Universitas Contoh %d", i+1)
		if i%2 == 1 {
			kind, name = "swasta", fmt.Sprintf("Lembaga Contoh %d", i+1)
		}
		for k, price := range []int{400_000, 350_000, 300_000} {
			s.row(fmt.Sprintf("M%d", i+1), name, kind, []int{1, 50, 150}[k], price+20_000*i)
		}
	}
	return s
}

func (c *city) budgets() *sheet {
	s := comma()
	s.row("Unit", "Tahun", "Pagu")
	s.row("TOTAL", 2027, "1.500.000.000")
	for i, u := range c.units {
		if u.parent == "U00" {
			s.row(u.id, 2027, fmt.Sprintf("%d", 70_000_000+5_000_000*(i%5)))
		}
	}
	return s
}

func (c *city) mentors() *sheet {
	s := comma()
	s.row("NIP", "Kapasitas")
	for _, p := range c.people {
		if tier := c.jobs[p.job].tier; (tier == "Administrator" || tier == "JF Ahli Madya") && c.chance(0.35) {
			s.row(p.nip, 1+c.rnd.IntN(4))
		}
	}
	return s
}

package table_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"

	"github.com/bangkom/bangkom/table"
)

// ratingsFile has the shape of a long file of ratings, with semicolons, a mark and CRLF.
func ratingsFile(rows int, quoted bool) []byte {
	var b bytes.Buffer
	b.WriteString("\ufeffNIP;Kompetensi;Level;Sumber;Penilai;Tanggal;Berlaku Sampai\r\n")
	name := "Mengelola Perubahan"
	if quoted {
		name = `"Mengelola; Perubahan"`
	}
	for i := range rows {
		fmt.Fprintf(&b, "99%016d;%s;%d;atasan;99%016d;%02d-05-2026;31-12-2028\r\n", i/9, name, 1+i%5, i/90, 1+i%28)
	}
	return b.Bytes()
}

var ratings = table.Schema{
	{Key: "person", Names: []string{"NIP"}, Required: true, Private: true}, {Key: "competency", Names: []string{"Kompetensi"}, Required: true},
	{Key: "level", Required: true}, {Key: "source", Names: []string{"Sumber"}}, {Key: "rater", Names: []string{"Penilai"}, Private: true},
	{Key: "date", Names: []string{"Tanggal"}}, {Key: "until", Names: []string{"Berlaku Sampai"}},
}

const benchRows = 20_000

func BenchmarkRead(b *testing.B) {
	for _, quoted := range []bool{false, true} {
		data := ratingsFile(benchRows, quoted)
		name := map[bool]string{false: "plain", true: "quoted"}[quoted]
		b.Run(name+"/table-text", func(b *testing.B) {
			measure(b, data, func(r io.Reader) (n int) {
				rd := table.Read(r, "ratings.csv", ratings, nil)
				for row := range rd.Rows() {
					n += len(row.Text("person")) + len(row.Text("competency")) + len(row.Text("level"))
				}
				return n
			})
		})
		b.Run(name+"/encoding-csv-text", func(b *testing.B) {
			measure(b, data, func(r io.Reader) (n int) {
				c := csv.NewReader(r)
				c.Comma, c.ReuseRecord = ';', true
				for {
					rec, err := c.Read()
					if err != nil {
						return n
					}
					n += len(strings.TrimSpace(rec[0])) + len(strings.TrimSpace(rec[1])) + len(strings.TrimSpace(rec[2]))
				}
			})
		})
		b.Run(name+"/table-typed", func(b *testing.B) {
			measure(b, data, func(r io.Reader) (n int) {
				rd := table.Read(r, "ratings.csv", ratings, nil)
				for row := range rd.Rows() {
					v, _ := row.Level("level", 1, 5)
					d, _ := row.Date("date")
					n += v + d.Year() + len(row.Text("person"))
				}
				return n
			})
		})
	}
	b.Run("wide/table-6-of-67", func(b *testing.B) {
		data := wideFile(5000)
		measure(b, data, func(r io.Reader) (n int) {
			rd := table.Read(r, "siasn.csv", table.Schema{{Key: "c1"}, {Key: "c4"}, {Key: "c40"}, {Key: "c50"}, {Key: "c60"}, {Key: "c66"}}, nil)
			for row := range rd.Rows() {
				n += len(row.Text("c1")) + len(row.Text("c4")) + len(row.Text("c66"))
			}
			return n
		})
	})
	b.Run("wide/encoding-csv", func(b *testing.B) {
		data := wideFile(5000)
		measure(b, data, func(r io.Reader) (n int) {
			c := csv.NewReader(r)
			c.Comma, c.ReuseRecord = ';', true
			for {
				rec, err := c.Read()
				if err != nil {
					return n
				}
				n += len(rec[1]) + len(rec[4]) + len(rec[66])
			}
		})
	})
}

func wideFile(rows int) []byte {
	var b bytes.Buffer
	for i := range rows + 1 {
		for j := range 67 {
			if i == 0 {
				b.WriteString("c" + strconv.Itoa(j))
			} else {
				b.WriteString("value " + strconv.Itoa(i*j%997))
			}
			b.WriteString(map[bool]string{true: "\r\n", false: ";"}[j == 66])
		}
	}
	return b.Bytes()
}

func measure(b *testing.B, data []byte, read func(io.Reader) int) {
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if read(bytes.NewReader(data)) == 0 {
			b.Fatal("nothing was read")
		}
	}
}

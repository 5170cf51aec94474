package table_test

import (
	"fmt"
	"strings"

	"github.com/bangkom/bangkom/table"
)

// The good rows come out, and everything else is named with its place.
func Example() {
	const file = `Rencana Anggaran 2027;;
Unit;Tahun;Pagu (Rp)
Dinas Contoh;2027;Rp 250.000.000
Badan Umpama;2027;"75 juta
Kantor Misal;2027;90.000.000,50
`
	rd := table.Read(strings.NewReader(file), "budgets.csv", table.Schema{
		{Key: "unit", Names: []string{"Unit", "Perangkat Daerah"}, Required: true},
		{Key: "year", Names: []string{"Tahun"}, Required: true},
		{Key: "amount", Names: []string{"Pagu", "Pagu (Rp)"}, Required: true},
	}, nil)
	for row := range rd.Rows() {
		unit, _ := row.Required("unit")
		year, _ := row.Int("year")
		amount, ok := row.Rupiah("amount")
		if ok {
			fmt.Println(row.Line(), unit, year, amount)
		}
	}
	for _, p := range rd.Problems() {
		fmt.Printf("%v %s: %v\n", p.Severity, p.Code, p)
	}
	// Output:
	// 3 Dinas Contoh 2027 Rp250.000.000
	// note dialect: budgets.csv:2: this is how the file is taken to be written ("semicolons, header in line 2")
	// error unclosed-quote: budgets.csv:4:Pagu (Rp): a quoted cell is not closed properly; reading goes on with the next line ("\""); close the quote, and double each quote inside the cell
	// error not-rupiah: budgets.csv:5:Pagu (Rp): an amount of rupiah has no decimals ("90.000.000,50"); round it to whole rupiah
}

// A wide file has a column per competency, which the schema cannot know.
func ExampleReader_Extra() {
	const file = "NIP,Nama,Integritas,Kerja Sama\n990000000000000001,Sinta,3,4\n990000000000000002,Bayu,,7\n"
	rd := table.Read(strings.NewReader(file), "recap.csv", table.Schema{
		{Key: "nip", Required: true, Private: true}, {Key: "name", Names: []string{"Nama"}},
	}, nil)
	for row := range rd.Rows() {
		for _, competency := range rd.Extra() {
			if level, ok := row.Level(competency, 1, 5); ok {
				fmt.Println(row.Text("name"), competency, level)
			}
		}
	}
	fmt.Println(rd.Problems().Err())
	// Output:
	// Sinta Integritas 3
	// Sinta Kerja Sama 4
	// recap.csv:3:Kerja Sama: the scale goes from 1 to 5 ("7"); a level from 1 to 5
}

// A private column's cells are located, not shown.
func ExampleRow_Fail() {
	const file = "NIP;Nama\n9,9E+17;Sinta\n"
	rd := table.Read(strings.NewReader(file), "people.csv", table.Schema{{Key: "nip", Private: true}}, nil)
	for row := range rd.Rows() {
		if strings.Contains(row.Text("nip"), "E+") {
			row.Fail("nip", "nip-scientific", "a spreadsheet has turned the NIP into a number", "format the column as text")
		}
		fmt.Println(row.OK())
	}
	fmt.Println(rd.Problems().Err())
	// Output:
	// false
	// people.csv:2:NIP: a spreadsheet has turned the NIP into a number ("7 characters"); format the column as text
}

// Rows of a spreadsheet come as cells; short rows are normal there.
func ExampleFromRows() {
	sheet := [][]string{{"Daftar Mentor"}, {}, {"NIP", "Kapasitas", "Catatan"}, {"990000000000000001", "2"}}
	rows := func(yield func(int, []string) bool) {
		for i, cells := range sheet {
			if !yield(i+1, cells) {
				return
			}
		}
	}
	rd := table.FromRows(rows, "mentors.xlsx", table.Schema{{Key: "nip"}, {Key: "capacity", Names: []string{"Kapasitas"}}}, nil)
	for row := range rd.Rows() {
		n, _ := row.Int("capacity")
		fmt.Println(row.Where("capacity"), n)
	}
	// Output:
	// mentors.xlsx:4:Kapasitas 2
}

func ExampleNormalize() {
	fmt.Println(table.Normalize("BIAYA/TARIF") == table.Normalize(" Biaya  tarif"))
	fmt.Println(table.Normalize("Penanganan Pengaduan, Saran & Masukan"))
	// Output:
	// true
	// penanganan pengaduan saran dan masukan
}

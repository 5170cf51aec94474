package table_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/table"
)

var people = table.Schema{
	{Key: "nip", Names: []string{"NIP BARU", "NIP"}, Required: true, Private: true},
	{Key: "name", Names: []string{"Nama"}, Required: true},
	{Key: "unit", Names: []string{"Perangkat Daerah", "Unit"}},
}

// read returns the rows as joined cells, and the problems without the note on the dialect.
func read(t *testing.T, text string, s table.Schema, opt *table.Options) ([]string, bangkom.Problems, *table.Reader) {
	t.Helper()
	rd := table.Read(strings.NewReader(text), "f.csv", s, opt)
	var rows []string
	for row := range rd.Rows() {
		var cells []string
		for _, c := range s {
			cells = append(cells, row.Text(c.Key))
		}
		rows = append(rows, strings.Join(cells, "|"))
	}
	c := rd.Counts()
	require.Equal(t, c.Lines, c.Title+c.Header+c.Blank+c.Good+c.Bad, "every line is accounted for")
	var ps bangkom.Problems
	for _, p := range rd.Problems() {
		if p.Code != "dialect" && (p.Code != "unread-columns" || p.Severity != bangkom.Note) {
			ps = append(ps, p)
		}
	}
	return rows, ps, rd
}

func brief(ps bangkom.Problems) []string {
	var out []string
	for _, p := range ps {
		out = append(out, strings.TrimSuffix(fmt.Sprintf("%v %s %s %s", p.Severity, p.Code, p.Where, p.Value), " "))
	}
	return out
}

func TestDialects(t *testing.T) {
	want := []string{"1|Budi|U1", "2|Ani, S.Kom|U2"}
	for _, c := range []struct {
		name, text string
		dialect    table.Dialect
	}{
		{"comma", "NIP,Nama,Unit\n1,Budi,U1\n2,\"Ani, S.Kom\",U2\n", table.Dialect{Comma: ',', HeaderLine: 1, LineEnd: "\n"}},
		{"semicolon", "NIP;Nama;Unit\n1;Budi;U1\n2;Ani, S.Kom;U2\n", table.Dialect{Comma: ';', HeaderLine: 1, LineEnd: "\n"}},
		{"tab", "NIP\tNama\tUnit\n1\tBudi\tU1\n2\tAni, S.Kom\tU2\n", table.Dialect{Comma: '\t', HeaderLine: 1, LineEnd: "\n"}},
		{"no last line end", "NIP;Nama;Unit\n1;Budi;U1\n2;Ani, S.Kom;U2", table.Dialect{Comma: ';', HeaderLine: 1, LineEnd: "\n"}},
		{"mark and CRLF", "\ufeffNIP;Nama;Unit\r\n1;Budi;U1\r\n2;Ani, S.Kom;U2\r\n", table.Dialect{Comma: ';', HeaderLine: 1, BOM: true, LineEnd: "\r\n"}},
		{"CR", "NIP;Nama;Unit\r1;Budi;U1\r2;Ani, S.Kom;U2\r", table.Dialect{Comma: ';', HeaderLine: 1, LineEnd: "\r"}},
		{"sep line", "sep=;\r\nNIP;Nama;Unit\r\n1;Budi;U1\r\n2;Ani, S.Kom;U2\r\n", table.Dialect{Comma: ';', HeaderLine: 2, LineEnd: "\r\n", SepLine: true}},
		{"quoted sep line", "\"sep=|\"\nNIP|Nama|Unit\n1|Budi|U1\n2|Ani, S.Kom|U2\n", table.Dialect{Comma: '|', HeaderLine: 2, LineEnd: "\n", SepLine: true}},
		{"titles", "DAFTAR PEGAWAI, KOTA CONTOH, 2026\n\n\"Keadaan: 1 Januari\n2026\"\nNIP;Nama;Unit\n1;Budi;U1\n2;Ani, S.Kom;U2\n", table.Dialect{Comma: ';', HeaderLine: 5, LineEnd: "\n"}},
		{"an open quote in a title", "Daftar \"pegawai\"\n\"Kota\nNIP;Nama;Unit\n1;Budi;U1\n2;Ani, S.Kom;U2\n", table.Dialect{Comma: ';', HeaderLine: 3, LineEnd: "\n"}},
		{"a title that has a column's name", "Unit\nNIP;Nama;Unit\n1;Budi;U1\n2;Ani, S.Kom;U2\n", table.Dialect{Comma: ';', HeaderLine: 2, LineEnd: "\n"}},
		{"columns in another order, and others", "No;Unit;Agama;Nama;NIP\n1;U1;x;Budi;1\n2;U2;y;Ani, S.Kom;2\n", table.Dialect{Comma: ';', HeaderLine: 1, LineEnd: "\n"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			rows, ps, rd := read(t, c.text, people, nil)
			require.Equal(t, want, rows)
			require.Empty(t, ps)
			require.Equal(t, c.dialect, rd.Dialect())
			note := rd.Problems()[0]
			require.Equal(t, "dialect", note.Code)
			require.Equal(t, bangkom.Note, note.Severity)
			require.Equal(t, c.dialect.String(), note.Value)
			require.Equal(t, fmt.Sprintf("f.csv:%d", c.dialect.HeaderLine), note.Where)
		})
	}
}

func TestDialectIsGiven(t *testing.T) {
	text := "NIP;Nama;Unit\n1;a;b\nNIP,Nama,Unit\n2,c,d\n"
	rows, ps, rd := read(t, text, people, &table.Options{Comma: ',', HeaderLine: 3})
	require.Equal(t, []string{"2|c|d"}, rows)
	require.Empty(t, ps)
	require.Empty(t, rd.Problems(), "nothing was assumed")
	require.Equal(t, 2, rd.Counts().Title)

	rows, ps, _ = read(t, text, people, &table.Options{HeaderLine: 2})
	require.Empty(t, rows)
	require.Equal(t, []string{"error no-header f.csv:2"}, brief(ps))
}

func TestDialectInWords(t *testing.T) {
	d := table.Dialect{Comma: ';', HeaderLine: 3, BOM: true, LineEnd: "\r\n", SepLine: true}
	require.Equal(t, "semicolons, header in line 3, byte-order mark, CRLF, sep= line", d.String())
	require.Equal(t, `separator '|', CR`, table.Dialect{Comma: '|', LineEnd: "\r"}.String())
}

func TestRefusedFiles(t *testing.T) {
	utf16le := func(s string) string {
		var b []byte
		for _, u := range utf16.Encode([]rune(s)) {
			b = append(b, byte(u), byte(u>>8))
		}
		return string(b)
	}
	for name, c := range map[string]struct{ text, code string }{
		"UTF-16 with mark":    {"\xff\xfe" + utf16le("NIP;Nama\n1;x\n"), "utf-16"},
		"UTF-16 big end":      {"\xfe\xff\x00N\x00I\x00P", "utf-16"},
		"UTF-16 without mark": {utf16le("NIP;Nama\r\n1;Andr\u00e9\r\n"), "utf-16"},
		"workbook":            {"PK\x03\x04\x14\x00\x06\x00", "not-text"},
		"old workbook":        {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "not-text"},
		"empty":               {"", "no-header"},
		"only a mark":         {"\ufeff", "no-header"},
		"only blanks":         {"\r\n \r\n", "no-header"},
		"no known name":       {"a;b\n1;2\n", "no-header"},
		"zero bytes":          {strings.Repeat("\x00", 100), "no-header"},
	} {
		t.Run(name, func(t *testing.T) {
			rows, ps, rd := read(t, c.text, people, nil)
			require.Empty(t, rows)
			require.Len(t, ps, 1)
			require.Equal(t, c.code, ps[0].Code)
			require.Equal(t, "f.csv", ps[0].Where)
			require.NotEmpty(t, ps[0].Need)
			require.Empty(t, rd.Bound())
		})
	}
}

func TestOptionsOutOfRange(t *testing.T) {
	for _, opt := range []table.Options{{Comma: '"'}, {Comma: '\n'}, {Comma: 'x'}, {Comma: '；'}, {Comma: -1}, {HeaderLine: -1}, {MaxRecord: -1}, {MaxProblems: -1}} {
		rows, ps, _ := read(t, "NIP,Nama\n1,x\n", people, &opt)
		require.Empty(t, rows)
		require.ErrorIs(t, ps.Err(), bangkom.ErrOption, "%+v", opt)
	}
}

// Each fault costs what it must and gives one problem with place and value.
func TestFaults(t *testing.T) {
	for _, c := range []struct {
		name, text string
		rows       []string
		problems   []string
	}{
		{"missing column", "NIP;Unit\n1;U1\n",
			[]string{"1||U1"}, []string{"error missing-column f.csv:1 Nama"}},
		{"missing optional column", "NIP;Nama\n1;Budi\n",
			[]string{"1|Budi|"}, nil},
		{"a column twice", "NIP;Nama;Unit;Nama\n1;Budi;U1;Banu\n",
			[]string{"1|Budi|U1"}, []string{"error duplicate-column f.csv:1:Nama Nama"}},
		{"a column twice that nobody asked for", "NIP;Nama;x;X\n1;Budi;2;3\n",
			[]string{"1|Budi|"}, []string{"warning duplicate-column f.csv:1:X X"}},
		{"two synonyms: the preferred one is read", "NIP;Nama;NIP BARU\n1;Budi;2\n",
			[]string{"2|Budi|"}, []string{"warning duplicate-column f.csv:1:NIP NIP"}},
		{"header repeated", "NIP;Nama;Unit\n1;Budi;U1\nnip; NAMA ;unit\n2;Ani;U2\n",
			[]string{"1|Budi|U1", "2|Ani|U2"}, []string{"warning repeated-header f.csv:3"}},
		{"too few", "NIP;Nama;Unit\n1;Budi\n2;Ani;U2\n",
			[]string{"2|Ani|U2"}, []string{"error too-few-fields f.csv:2:Unit 2"}},
		{"too many", "NIP;Nama;Unit\n1;Budi;S.Kom;U1\n2;Ani;U2\n",
			[]string{"2|Ani|U2"}, []string{"error too-many-fields f.csv:2 4"}},
		{"empty fields behind", "NIP;Nama;Unit;;\n1;Budi;U1;;\n2;Ani;U2; ;;;\n3;Cici;U3\n",
			[]string{"1|Budi|U1", "2|Ani|U2", "3|Cici|U3"}, nil},
		{"blank rows", "NIP;Nama;Unit\n\n;;\n1;Budi;U1\n \t\n\"\";\"\"\n",
			[]string{"1|Budi|U1"}, nil},
		{"an open quote", "NIP;Nama;Unit\n1;\"Budi;U1\n2;Ani;U2\n3;Cici;U3\n",
			[]string{"2|Ani|U2", "3|Cici|U3"}, []string{"error unclosed-quote f.csv:2:Nama \""}},
		{"an open quote before quoted cells", "NIP;Nama;Unit\n1;\"Budi;U1\n2;\"Ani\";\"\"\n\"3\";Cici;\";\"\n",
			[]string{"2|Ani|", "3|Cici|;"}, []string{"error unclosed-quote f.csv:2:Nama \""}},
		{"an open quote that another row's stray quote would close", "NIP;Nama;Unit\n1;Budi;\"U1\n2;Ani;U2\n3;Cici;U3\n4;Dedi;U4\"\n5;Edi;U5\n",
			[]string{"2|Ani|U2", "3|Cici|U3", `4|Dedi|U4"`, "5|Edi|U5"}, []string{"error unclosed-quote f.csv:2:Unit \"", `warning bare-quote f.csv:5:Unit U4"`}},
		{"an open quote that is closed with another number of fields", "NIP;Nama;Unit\n1;\"Budi;U1\n2;Ani;U2\n3;Cici\";U3;x\n",
			[]string{"2|Ani|U2"}, []string{"error unclosed-quote f.csv:2:Nama \"", "error too-many-fields f.csv:4 4"}},
		{"text behind a quoted cell", "NIP;Nama;Unit\n1;\"Budi\" S;U1\n2;Ani;U2\n",
			[]string{"2|Ani|U2"}, []string{"error unclosed-quote f.csv:2:Nama \""}},
		{"an open quote in the last line", "NIP;Nama;Unit\n2;Ani;U2\n1;\"Budi",
			[]string{"2|Ani|U2"}, []string{"error unclosed-quote f.csv:3:Nama \""}},
		{"a quoted line end, and the line of what follows", "NIP;Nama;Unit\r\n1;\"Budi\r\nS.Kom\";U1\r\n2;Ani\r\n",
			[]string{"1|Budi\nS.Kom|U1"}, []string{"error too-few-fields f.csv:4:Unit 2"}},
		{"a quoted cell with lines like rows", "NIP;Nama;Unit\n1;Budi;\"a\nx;y;z\"\n",
			[]string{"1|Budi|a\nx;y;z"}, []string{"warning quoted-rows f.csv:2 2 lines"}},
		{"blanks around quotes", "NIP;Nama;Unit\n 1 ; \"Bu;di\" ;\"U\"\"1\"\t\n",
			[]string{`1|Bu;di|U"1`}, nil},
		{"a quote inside", "NIP;Nama;Unit\n1;Budi \"Tok\";17\"\n",
			[]string{`1|Budi "Tok"|17"`}, []string{`warning bare-quote f.csv:2:Nama Budi "Tok"`, `warning bare-quote f.csv:2:Unit 17"`}},
		{"Windows-1252", "NIP;Nama;Unit\n1;Andr\xe9;U1\n",
			[]string{"1|Andr\ufffd|U1"}, []string{"warning invalid-utf8 f.csv:2:Nama Andr\ufffd"}},
		{"a zero byte", "NIP;Nama;Unit\n1;Bu\x00di;U1\n",
			[]string{"1|Bu\ufffddi|U1"}, []string{"warning nul-byte f.csv:2:Nama Bu\ufffddi"}},
		{"a broken private cell", "NIP;Nama;Unit\n1\xe92;Budi;U1\n",
			[]string{"1\ufffd2|Budi|U1"}, []string{"warning invalid-utf8 f.csv:2:NIP 3 characters"}},
		{"a broken cell that nobody asked for", "NIP;Nama;Agama\n1;Budi;\xe9\n",
			[]string{"1|Budi|"}, []string{"warning invalid-utf8 f.csv:2:Agama"}},
		{"a broken header", "NIP;Nama;Caf\xe9\n1;Budi;x\n",
			[]string{"1|Budi|"}, []string{"warning invalid-utf8 f.csv:1:column 3 Caf\ufffd"}},
		{"text marks of Excel", "NIP;Nama;Unit\n'0012;'Aisyiyah;=\"007\"\n\"=\"\"0013\"\"\";-;\u2019+62\n",
			[]string{"0012|'Aisyiyah|007", "0013|-|+62"}, nil},
		{"invisible blanks", "NIP\u00a0;\u200bNama;Unit\n\ufeff1;\u00a0Budi\u00a0;U1\n",
			[]string{"1|Budi|U1"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			rows, ps, rd := read(t, c.text, people, nil)
			require.Equal(t, c.rows, rows)
			require.Equal(t, c.problems, brief(ps))
			require.Equal(t, strings.Count(strings.TrimSuffix(c.text, "\n")+"\n", "\n"), rd.Counts().Lines)
		})
	}
}

func TestHintForWindows1252(t *testing.T) {
	_, ps, _ := read(t, "NIP;Nama\n1;\x93Andr\xe9\x94\n", people, nil)
	require.Contains(t, ps[0].Msg, `character 1`)
	require.Contains(t, ps[0].Msg, `byte 0x93 is '“' in Windows-1252`)
	_, ps, _ = read(t, "NIP;Nama\n\xe9;x\n", people, nil)
	require.NotContains(t, ps[0].Msg, "0xE9", "a private cell")
}

func TestRaggedRows(t *testing.T) {
	text := "NIP;Nama;Unit;Lain\n1;Budi\n2\n"
	rows, ps, _ := read(t, text, people, &table.Options{Ragged: true})
	require.Equal(t, []string{"1|Budi|"}, rows)
	require.Equal(t, []string{"error too-few-fields f.csv:3:Nama 1"}, brief(ps))
}

func TestLongRow(t *testing.T) {
	text := "NIP;Nama\n1;" + strings.Repeat("x", 300_000) + "\n2;" + strings.Repeat("y", 90) + "\n3;\"" + strings.Repeat("z\n", 100) + "\"\n"
	rows, ps, rd := read(t, text, people, &table.Options{MaxRecord: 100})
	require.Equal(t, []string{"2|" + strings.Repeat("y", 90) + "|"}, rows)
	require.Equal(t, "error too-long f.csv:2 over 100 bytes", brief(ps)[0])
	require.Equal(t, "error unclosed-quote f.csv:4:Nama \"", brief(ps)[1])
	require.Equal(t, 104, rd.Counts().Lines)
}

func TestBoundExtraAndNames(t *testing.T) {
	rd := table.Read(strings.NewReader("Perangkat_Daerah;NIP;Integritas;;Kerja  Sama\nU;1;3;;4\n"), "f.csv", people, nil)
	require.Equal(t, []string{"nip", "unit"}, rd.Bound())
	require.Equal(t, []string{"Integritas", "Kerja Sama"}, rd.Extra())
	for row := range rd.Rows() {
		v, ok := row.Level("Kerja Sama", 1, 3)
		require.False(t, ok)
		require.Zero(t, v)
		v, ok = row.Level("Integritas", 1, 3)
		require.True(t, ok)
		require.Equal(t, 3, v)
		require.Equal(t, "f.csv:2:Kerja Sama", row.Where("Kerja Sama"))
		require.Equal(t, "f.csv:2:Nama", row.Where("name"), "a column the file lacks is called by its name")
		require.Equal(t, "f.csv:2:who", row.Where("who"))
		require.Empty(t, row.Text("who"))
	}
	require.Equal(t, "error level-off-scale f.csv:2:Kerja Sama 4", brief(rd.Problems().Only(bangkom.Error))[1])
}

func TestRequiredCells(t *testing.T) {
	rd := table.Read(strings.NewReader("NIP;Unit\n1;U1\n ;U2\n"), "f.csv", people, nil)
	var ok []bool
	for row := range rd.Rows() {
		_, has := row.Required("nip")
		ok = append(ok, has, row.OK())
		_, has = row.Required("name")
		ok = append(ok, has, row.OK())
	}
	require.Equal(t, []bool{true, true, false, false, false, false, false, false}, ok)
	require.Equal(t, []string{"error missing-column f.csv:1 Nama", "error empty-cell f.csv:3:NIP"}, brief(rd.Problems().Only(bangkom.Error)),
		"a column that is missing is reported once, not for each row")
}

func TestLinesOfCells(t *testing.T) {
	rd := table.Read(strings.NewReader("Nama;NIP;Unit\n\"a\nb\";\"1\n2\";x\n"), "f.csv", people, nil)
	for row := range rd.Rows() {
		require.Equal(t, 2, row.Line())
		require.Equal(t, "f.csv:2:Nama", row.Where("name"))
		require.Equal(t, "f.csv:3:NIP", row.Where("nip"))
		require.Equal(t, "f.csv:4:Unit", row.Where("unit"))
	}
}

func TestTypedCells(t *testing.T) {
	type cell struct {
		in   string
		want any
		code string // "" for a value or an empty cell
	}
	for kind, cells := range map[string][]cell{
		"int": {{"12", 12, ""}, {" -3 ", -3, ""}, {"+4", 4, ""}, {"3.0", 3, ""}, {"3,00", 3, ""}, {"'7", 7, ""}, {`"=""8"""`, 8, ""}, {"", 0, ""},
			{"3,5", 0, "not-integer"}, {"1.000", 0, "not-integer"}, {"x", 0, "not-integer"}, {"1e3", 0, "not-integer"}, {"1_0", 0, "not-integer"},
			{"99999999999999999999", 0, "not-integer"}, {".0", 0, "not-integer"}, {"-", 0, "not-integer"}},
		"level": {{"1", 1, ""}, {"5", 5, ""}, {"", 0, ""}, {"0", 0, "level-off-scale"}, {"6", 0, "level-off-scale"}, {"3,5", 0, "not-integer"}},
		"decimal": {{"3.5", 3.5, ""}, {"3,5", 3.5, ""}, {"-0,25", -0.25, ""}, {"1.234", 1.234, ""}, {"1.234,5", 1234.5, ""}, {"1,234.5", 1234.5, ""},
			{"1.234.567", 1234567.0, ""}, {"1,234,567", 1234567.0, ""}, {"1.234.567,8", 1234567.8, ""}, {"1,2E-05", 1.2e-5, ""}, {"5", 5.0, ""}, {",5", 0.5, ""}, {"", 0.0, ""},
			{"NaN", 0.0, "not-decimal"}, {"Inf", 0.0, "not-decimal"}, {"0x10", 0.0, "not-decimal"}, {"1e999", 0.0, "not-decimal"}, {"1,2,3", 0.0, "not-decimal"},
			{"12,34.5", 0.0, "not-decimal"}, {"1.2,3.4", 0.0, "not-decimal"}, {"85%", 0.0, "not-decimal"}, {"3 5", 0.0, "not-decimal"}, {".", 0.0, "not-decimal"}, {"e5", 0.0, "not-decimal"}},
		"date": {{"31-05-2026", bangkom.MustDate(2026, 5, 31), ""}, {"2026-05-31", bangkom.MustDate(2026, 5, 31), ""}, {"31/5/2026", bangkom.MustDate(2026, 5, 31), ""},
			{"2026-05-31 00:00:00", bangkom.MustDate(2026, 5, 31), ""}, {"31 Mei 2026", bangkom.MustDate(2026, 5, 31), ""}, {"", bangkom.Date{}, ""},
			{"31-02-2026", bangkom.Date{}, "not-a-date"}, {"46173", bangkom.Date{}, "not-a-date"}, {"05/31/2026", bangkom.Date{}, "not-a-date"}, {"2026-05-31 10:30", bangkom.Date{}, "not-a-date"}},
		"rupiah": {{"1500000", bangkom.Rupiah(1500000), ""}, {"Rp 1.500.000,00", bangkom.Rupiah(1500000), ""}, {"-5", bangkom.Rupiah(-5), ""}, {"", bangkom.Rupiah(0), ""},
			{"1500,50", bangkom.Rupiah(0), "not-rupiah"}, {"banyak", bangkom.Rupiah(0), "not-rupiah"}},
		"jp":   {{"20", 20 * bangkom.OneJP, ""}, {"19,5", bangkom.JP(19500), ""}, {"20 JP", 20 * bangkom.OneJP, ""}, {"", bangkom.JP(0), ""}, {"dua", bangkom.JP(0), "not-hours"}},
		"bool": {{"Ya", true, ""}, {"Y", true, ""}, {"yes", true, ""}, {"TRUE", true, ""}, {"1", true, ""}, {"tidak", false, ""}, {"T", false, ""}, {"no", false, ""}, {"n", false, ""}, {"False", false, ""}, {"0", false, ""}, {"", false, ""}, {"mungkin", false, "not-yes-no"}},
	} {
		for _, c := range cells {
			rd := table.Read(strings.NewReader("a;cell\nx;"+c.in+"\n"), "f.csv", table.Schema{{Key: "cell"}}, nil)
			for row := range rd.Rows() {
				var got any
				var ok bool
				switch kind {
				case "int":
					got, ok = row.Int("cell")
				case "level":
					got, ok = row.Level("cell", 1, 5)
				case "decimal":
					got, ok = row.Decimal("cell")
				case "date":
					got, ok = row.Date("cell")
				case "rupiah":
					got, ok = row.Rupiah("cell")
				case "jp":
					got, ok = row.JP("cell")
				case "bool":
					got, ok = row.Bool("cell")
				}
				require.Equal(t, c.want, got, "%s %q", kind, c.in)
				require.Equal(t, c.in != "" && c.code == "", ok, "%s %q", kind, c.in)
				require.Equal(t, c.code == "", row.OK())
				require.Equal(t, c.in != "", row.Has("cell"))
			}
			var want []string
			if c.code != "" {
				want = []string{"error " + c.code + " f.csv:2:cell " + c.in}
			}
			require.Equal(t, want, brief(rd.Problems().Only(bangkom.Error)), "%s %q", kind, c.in)
			for _, p := range rd.Problems().Only(bangkom.Error) {
				require.NotEmpty(t, p.Msg)
				require.NotEmpty(t, p.Need)
			}
			require.Equal(t, 1, rd.Counts().Good)
		}
	}
}

func TestFailAndWarn(t *testing.T) {
	rd := table.Read(strings.NewReader("NIP;Nama\n19900101;"+strings.Repeat("é", 100)+"\n"), "f.csv", people, nil)
	for row := range rd.Rows() {
		row.Warn("name", "odd-name", "a long name", "")
		require.True(t, row.OK())
		row.Fail("nip", "nip-digits", "a NIP has 18 digits", "write all 18")
		require.False(t, row.OK())
	}
	ps := rd.Problems()[1:]
	require.Equal(t, bangkom.Problem{Code: "odd-name", Severity: bangkom.Warning, Where: "f.csv:2:Nama", Value: strings.Repeat("é", 60) + "…", Msg: "a long name"}, ps[0])
	require.Equal(t, bangkom.Problem{Code: "nip-digits", Where: "f.csv:2:NIP", Value: "8 digits", Msg: "a NIP has 18 digits", Need: "write all 18"}, ps[1])
}

// Whatever is wrong with a file, cells of private and unasked columns stay out of its problems.
func TestPrivateCellsAreNeverShown(t *testing.T) {
	s := table.Schema{{Key: "nip", Private: true, Required: true}, {Key: "name"}}
	for _, line := range []string{
		`SECRET1;x;SECRET2`, `SECRET1;x`, `SECRET1;x;y;SECRET2`, `SECRET1;"x;SECRET2`, `"SECRET1;x;SECRET2`, `SEC"RET1;x;SECRET2"`,
		"SECRET1\xe9;x;SECRET2\xe9", "SECRET1\x00;x;SECRET2\x00", `"SECRET1";"x";"SECRET2"SECRET3`, "SECRET1;\"x\n;SECRET;SECRET\n;SECRET;SECRET\";SECRET2",
	} {
		rd := table.Read(strings.NewReader("nip;name;nik\n"+line+"\n"), "f.csv", s, nil)
		for row := range rd.Rows() {
			row.Int("nip")
			row.Date("nip")
			row.Decimal("nip")
			row.Rupiah("nip")
			row.JP("nip")
			row.Bool("nip")
			row.Level("nip", 1, 5)
			row.Fail("nip", "own", "own", "own")
			row.Int("name")
		}
		require.NotContains(t, rd.Problems().Error(), "SECRET", line)
		for _, p := range rd.Problems() {
			require.NotContains(t, fmt.Sprint(p), "SECRET", line)
		}
	}
}

func TestProblemsAreBoundedButCounted(t *testing.T) {
	var b strings.Builder
	b.WriteString("NIP;Nama\n")
	for i := range 12_345 + 10 {
		fmt.Fprintf(&b, "%d;x\n", i)
	}
	b.WriteString("1;2;3\n")
	rd := table.Read(strings.NewReader(b.String()), "f.csv", people, &table.Options{MaxProblems: 10})
	for row := range rd.Rows() {
		row.Int("name")
		row.Warn("name", "not-integer", "the same code, another severity", "")
	}
	ps := rd.Problems()
	require.Len(t, ps, 1+10+10+1+2)
	require.Equal(t, bangkom.Problem{Code: "not-integer", Where: "f.csv", Value: "12345", Msg: "and 12,345 more of this kind", Need: ps[22].Need}, ps[22])
	require.Equal(t, bangkom.Warning, ps[23].Severity)
	require.Equal(t, "too-many-fields", ps[21].Code, "a flood of one kind does not hide another")

	ps[0].Code = "changed"
	require.Equal(t, "dialect", rd.Problems()[0].Code, "the caller's list is a copy")
}

func TestReadErrorKeepsWhatWasRead(t *testing.T) {
	broken := io.MultiReader(strings.NewReader("NIP;Nama;Unit\n1;Budi;U1\n2;Ani;U2\n"), iotest.ErrReader(errors.New("cable pulled")))
	rd := table.Read(broken, "f.csv", people, nil)
	n := 0
	for range rd.Rows() {
		n++
	}
	require.Equal(t, 2, n)
	ps := rd.Problems().Only(bangkom.Error)
	require.Equal(t, []string{"error unreadable f.csv:4"}, brief(ps))
	require.Contains(t, ps[0].Msg, "cable pulled")
}

func TestRowsEndEarlyAndOnce(t *testing.T) {
	rd := table.Read(strings.NewReader("NIP;Nama\n1;a\n2;b\n"), "f.csv", people, nil)
	for range rd.Rows() {
		break
	}
	for range rd.Rows() {
		t.Fatal("rows come once")
	}
}

func TestStringsOutliveTheirRow(t *testing.T) {
	rd := table.Read(strings.NewReader("NIP;Nama\n1;\"a \"\"b\"\"\"\n2;c\n3;"+strings.Repeat("d", 100)+"\n4;e\n"), "f.csv", people, nil)
	var names []string
	for row := range rd.Rows() {
		names = append(names, row.Text("name"))
	}
	require.Equal(t, []string{`a "b"`, "c", strings.Repeat("d", 100), "e"}, names)
}

func TestFromRows(t *testing.T) {
	closed := false
	sheet := func(rows ...[]string) iter.Seq2[int, []string] {
		return func(yield func(int, []string) bool) {
			defer func() { closed = true }()
			cells := make([]string, 0, 8) // reused, as a spreadsheet's reader may
			for i, r := range rows {
				cells = append(cells[:0], r...)
				if !yield(i+1, cells) {
					return
				}
			}
		}
	}
	rd := table.FromRows(sheet([]string{"Rekap"}, nil, []string{"NIP", "Nama", "Unit", "Lain"},
		[]string{"1", "Bu\ndi; \"B\""}, []string{"2"}, []string{"3", "Ani", "U3", "", "", ""}, []string{"4", "x", "y", "z", "more"}), "rekap.xlsx", people, nil)
	var rows []string
	for row := range rd.Rows() {
		rows = append(rows, row.Text("nip")+"|"+row.Text("name")+"|"+row.Text("unit")+"|"+row.Where("unit"))
	}
	require.True(t, closed)
	require.Equal(t, []string{"1|Bu\ndi; \"B\"||rekap.xlsx:4:Unit", "3|Ani|U3|rekap.xlsx:6:Unit"}, rows)
	require.Equal(t, []string{"error too-few-fields rekap.xlsx:5:Nama 1", "error too-many-fields rekap.xlsx:7 5", "note unread-columns rekap.xlsx:3 Lain"}, brief(rd.Problems()))
	require.Equal(t, table.Dialect{HeaderLine: 3}, rd.Dialect())
	require.Equal(t, table.Counts{Lines: 7, Title: 2, Header: 1, Good: 2, Bad: 2}, rd.Counts())

	closed = false
	rd = table.FromRows(sheet([]string{"a"}, []string{"b"}), "x.xlsx", people, nil)
	require.True(t, closed, "without a header nothing is left open")
	require.Equal(t, []string{"error no-header x.xlsx"}, brief(rd.Problems()))

	closed = false
	rd = table.FromRows(sheet(people[0].Names[:1], []string{"1"}, []string{"2"}), "x.xlsx", people[:1], nil)
	for range rd.Rows() {
		break
	}
	require.True(t, closed, "an early break releases the sheet")
}

func TestNormalize(t *testing.T) {
	for in, want := range map[string]string{
		"BIAYA/TARIF": "biaya tarif", "  Biaya  tarif ": "biaya tarif", "SISTEM, MEKANISME, DAN PROSEDUR": "sistem mekanisme dan prosedur",
		"Saran & Masukan": "saran dan masukan", "Saran&Masukan": "saran dan masukan", "nama_unit": "nama unit", "JPM (%)": "jpm", "\ufeffN\u200bIP": "nip",
		"É": "é", "": "", "..": "", "&": "dan", "a\nb": "a b", "IS VALID NIK": "is valid nik",
	} {
		require.Equal(t, want, table.Normalize(in), in)
		require.Equal(t, want, table.Normalize(table.Normalize(in)), "twice is once: %q", in)
	}
}

func TestSchemaIsNotKeptOrChanged(t *testing.T) {
	s := table.Schema{{Key: "nip", Names: append(make([]string, 0, 4), "NIP")}}
	rd := table.Read(strings.NewReader("NIP\n1\n"), "f.csv", s, nil)
	s[0].Key = "other"
	require.Equal(t, []string{"nip"}, rd.Bound())
	require.Empty(t, s[0].Names[:2][1], "the caller's spare capacity is left alone")
}

// One stray opening quote in one row costs that row at most: all others come out as they were.
func TestOneStrayQuoteCostsOneRow(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 1))
	words := []string{"a", "Budi", "", "x y", "b;c", `say "hi"`, ";", "U1", "'5", `"`, "z\nw"}
	s := table.Schema{{Key: "k"}, {Key: "l"}, {Key: "m"}}
	for range 3000 {
		n := 2 + rng.IntN(8)
		hit := rng.IntN(n)
		var file bytes.Buffer
		file.WriteString("k;l;m\n")
		var want []string
		for i := range n {
			rec := []string{fmt.Sprint(i), words[rng.IntN(len(words))], words[rng.IntN(len(words))]}
			var line bytes.Buffer
			w := csv.NewWriter(&line)
			w.Comma = ';'
			require.NoError(t, w.Write(rec))
			w.Flush()
			if i == hit {
				line.Reset()
				fmt.Fprintf(&line, "%d;\"open;%s\n", i, words[rng.IntN(2)])
			} else {
				want = append(want, strings.Join(rec, "|"))
			}
			file.Write(line.Bytes())
		}
		text := file.String()
		rd := table.Read(&file, "f", s, &table.Options{Comma: ';', HeaderLine: 1})
		var got []string
		for row := range rd.Rows() {
			got = append(got, row.Text("k")+"|"+row.Text("l")+"|"+row.Text("m"))
		}
		require.Subset(t, clean(got), clean(want), text)
		require.Equal(t, []string{"unclosed-quote"}, codes(rd.Problems().Only(bangkom.Error)), text)
	}
}

func clean(rows []string) []string {
	out := []string{}
	for _, r := range rows {
		out = append(out, strings.ReplaceAll(r, "'5", "5"))
	}
	return out
}

func codes(ps bangkom.Problems) []string {
	var out []string
	for _, p := range ps {
		out = append(out, p.Code)
	}
	return out
}

// Hostile quotes must not make the reader go over the same text again and again.
func TestManyOpenQuotesAreReadOnce(t *testing.T) {
	for _, line := range []string{"1;\"a\"\"\n", "1;\"a\n", "1;\"a;b\n", "\"\"\"x\n", "1;x\";\"a\n"} {
		text := "NIP;Nama\n" + strings.Repeat(line, 60_000)
		rd := table.Read(strings.NewReader(text), "f.csv", people, &table.Options{MaxProblems: 1})
		for range rd.Rows() {
			t.Fatal("no row is good")
		}
		require.Equal(t, table.Counts{Lines: 60_001, Header: 1, Bad: 60_000}, rd.Counts())
	}
}

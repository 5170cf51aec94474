package table

import (
	"bytes"
	"encoding/csv"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// scanAll returns all records as encoding/csv would: without empty lines.
func scanAll(r io.Reader, comma byte) (recs [][]string, broken bool) {
	sc := newScanner(r, comma, defaultRecord)
	for {
		rec, ok := sc.next()
		if !ok {
			return recs, broken
		}
		if len(rec.text) == 0 && rec.fault == noFault {
			continue
		}
		broken = broken || rec.fault != noFault
		var cells []string
		for _, f := range rec.fields {
			cells = append(cells, string(rec.appendField(nil, f)))
		}
		recs = append(recs, cells)
	}
}

// What encoding/csv reads without an error, the scanner reads the same.
func FuzzScannerAgreesWithEncodingCSV(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "a,\"b\n\"\"c\"\r\n\"\",x", "\r\r\n\"\r\n\"\r", "\"a\",\"b,\n\n\"\n,\n", "a\r", "\"\"\"\"\"\"", "\"\n\r\n\"\n\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		ref := csv.NewReader(strings.NewReader(text))
		ref.FieldsPerRecord = -1
		want, err := ref.ReadAll()
		if err != nil {
			return
		}
		for name, r := range map[string]io.Reader{"whole": strings.NewReader(text), "in bytes": iotest.OneByteReader(strings.NewReader(text)), "error with data": iotest.DataErrReader(strings.NewReader(text))} {
			got, broken := scanAll(r, ',')
			require.False(t, broken, name)
			require.Equal(t, want, got, name)
		}
	})
}

// The same for all texts of up to six of the characters that matter.
func TestScannerAgreesOnAllShortTexts(t *testing.T) {
	const alphabet = "a,\"\n\r"
	var agree func(text string, more int)
	agree = func(text string, more int) {
		ref := csv.NewReader(strings.NewReader(text))
		ref.FieldsPerRecord = -1
		if want, err := ref.ReadAll(); err == nil {
			got, broken := scanAll(strings.NewReader(text), ',')
			require.False(t, broken, "%q", text)
			require.Equal(t, want, got, "%q", text)
		}
		if more > 0 {
			for _, c := range alphabet {
				agree(text+string(c), more-1)
			}
		}
	}
	agree("", 6)
}

// The published tables that the other packages test with.
func TestScannerAgreesOnPublishedFiles(t *testing.T) {
	var n int
	for _, pattern := range []string{"evaluation/*.csv", "direct/*/*.csv", "needs/*.csv", "needs/*/*.csv"} {
		files, err := filepath.Glob("../../shared/data/" + pattern)
		require.NoError(t, err)
		for _, name := range files {
			data, err := os.ReadFile(name)
			require.NoError(t, err)
			ref := csv.NewReader(bytes.NewReader(data))
			ref.FieldsPerRecord = -1
			want, err := ref.ReadAll()
			if err != nil {
				continue
			}
			got, broken := scanAll(bytes.NewReader(data), ',')
			require.False(t, broken, name)
			require.Equal(t, want, got, name)
			n++
		}
	}
	if n == 0 {
		t.Skip("../shared/data is not here")
	}
}

// A repeater gives the same text over and over, n bytes in all.
type repeater struct {
	text  string
	at, n int
}

func (r *repeater) Read(p []byte) (int, error) {
	if r.at == r.n {
		return 0, io.EOF
	}
	p = p[:min(len(p), r.n-r.at)]
	for i := range p {
		p[i] = r.text[(r.at+i)%len(r.text)]
	}
	r.at += len(p)
	return len(p), nil
}

func TestMemoryDoesNotGrowWithTheFile(t *testing.T) {
	for _, text := range []string{"1;a;b\n", "1;\"a\nb\";c\n", "1;\"a\n", strings.Repeat("x", 5000)} {
		sc := newScanner(&repeater{text: text, n: 4 << 20}, ';', 1<<17)
		n := 0
		for rec, ok := sc.next(); ok; rec, ok = sc.next() {
			n += rec.lines
		}
		require.NoError(t, sc.err)
		require.Equal(t, sc.line-1, n)
		require.LessOrEqual(t, len(sc.buf), 1<<19, "%.10q", text)
	}
}

// Whatever the bytes: no panic, every line is accounted for, every bad row has
// its problem, and the pieces in which the bytes arrive do not matter.
func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"NIP;Nama;Unit\n1;\"Budi;U1\n2;Ani;U2\n", "\xef\xbb\xbfsep=,\r\nJudul\r\nNIP,Nama,Nama\r\n'1,\"a\r\nb\",\r\n",
		"nip\tnama\n=\"1\"\t\xe9\n\x00\t\n", "NIP,Nama\nNIP,Nama\n1,2,3\n1\n,\n\"\"\"\n", "NIP\r1\r\"2\r3\"", "\xff\xfeN\x00", "NIP;Nama;Unit\n1;2;\"3\n4;5;6\n7;8;9\"\n",
	} {
		f.Add(s, uint8(0))
		f.Add(s, uint8(20))
	}
	f.Fuzz(func(t *testing.T, text string, limit uint8) {
		opt := &Options{MaxRecord: int(limit), MaxProblems: 1 << 20}
		rows, rd := drain(strings.NewReader(text), opt)
		again, rd2 := drain(iotest.OneByteReader(strings.NewReader(text)), opt)
		require.Equal(t, rows, again)
		require.Equal(t, rd.Problems(), rd2.Problems())
		require.Equal(t, rd.Counts(), rd2.Counts())

		bad, header := 0, 0
		for _, p := range rd.Problems() {
			require.True(t, utf8.ValidString(p.Error()) && !strings.Contains(p.Error(), "\x00"))
			require.NotEmpty(t, p.Where)
			switch p.Code {
			case "too-few-fields", "too-many-fields", "unclosed-quote", "too-long":
				bad++
			case "repeated-header":
				header++
			}
		}
		c, d := rd.Counts(), rd.Dialect()
		if d.HeaderLine == 0 {
			require.Zero(t, c)
			require.Empty(t, rows)
			require.Error(t, rd.Problems().Err())
			return
		}
		eol := d.LineEnd[len(d.LineEnd)-1:]
		lines := strings.Count(text, eol)
		if body := strings.TrimPrefix(text, "\ufeff"); body != "" && !strings.HasSuffix(body, eol) {
			lines++
		}
		require.Equal(t, lines, c.Lines)
		require.Equal(t, lines, c.Title+c.Header+c.Blank+c.Good+c.Bad)
		require.LessOrEqual(t, len(rows), c.Good)
		require.Equal(t, c.Good == 0, len(rows) == 0)
		require.LessOrEqual(t, bad, c.Bad+1, "a row has one problem of its shape; the header may have one too")
		require.Equal(t, c.Bad == 0, bad == 0 || bad == 1 && c.Bad == 0)
		require.LessOrEqual(t, header, c.Header)
	})
}

var fuzzSchema = Schema{{Key: "nip", Required: true, Private: true}, {Key: "nama", Required: true}, {Key: "unit"}, {Key: "x"}}

// drain reads everything in every way.
func drain(r io.Reader, opt *Options) ([][]string, *Reader) {
	rd := Read(r, "f.csv", fuzzSchema, opt)
	var rows [][]string
	for row := range rd.Rows() {
		var cells []string
		for _, key := range append(rd.Bound(), rd.Extra()...) {
			cells = append(cells, row.Text(key), row.Where(key))
			row.Int(key)
			row.Decimal(key)
			row.Date(key)
			row.Rupiah(key)
			row.JP(key)
			row.Level(key, 1, 5)
			row.Bool(key)
			row.Required(key)
			row.Warn(key, "own", "own", "")
		}
		rows = append(rows, cells)
	}
	return rows, rd
}

func FuzzDecimal(f *testing.F) {
	for _, s := range []string{"1.234,5", "-1,5e3", "1.2.3", "+.5"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, ok := parseDecimal(s)
		if !ok {
			require.Zero(t, v)
			return
		}
		require.True(t, v == v && v-v == 0, "finite")
		// Marks swapped, it is the same number, unless one mark stands alone between groups of three.
		swapped := strings.NewReplacer(".", ",", ",", ".").Replace(s)
		w, ok := parseDecimal(swapped)
		require.True(t, ok, swapped)
		require.Equal(t, v, w)
	})
}

func FuzzNormalize(f *testing.F) {
	f.Add("Biaya/TARIF & Ⅳ İ")
	f.Fuzz(func(t *testing.T, s string) {
		n := Normalize(s)
		require.Equal(t, n, Normalize(n))
		require.Equal(t, n, Normalize("  "+s+"\u00a0"))
		if n != "" {
			require.True(t, maySpell([]byte(s), n), "the cheap test never denies what is equal")
		}
	})
}

func TestWindows1252(t *testing.T) {
	require.Equal(t, '€', windows1252(0x80))
	require.Equal(t, '’', windows1252(0x92))
	require.Equal(t, 'Ÿ', windows1252(0x9f))
	require.Equal(t, 'é', windows1252(0xe9))
	require.Zero(t, windows1252(0x81))
}

func TestInternerIsBounded(t *testing.T) {
	var in interner
	for range 2 {
		for _, s := range []string{"", "a", "b", strings.Repeat("x", 65)} {
			require.Equal(t, s, in.get([]byte(s)))
		}
	}
	require.Zero(t, testing.AllocsPerRun(100, func() { in.get([]byte("a")) }))
}

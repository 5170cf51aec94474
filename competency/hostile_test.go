package competency_test

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	. "github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/competency/flat"
	"github.com/bangkom/bangkom/competency/moodle"
	"github.com/bangkom/bangkom/competency/opensalt"
	"github.com/bangkom/bangkom/competency/xapi"
)

// allocated measures all memory that f ever asked for, which is more than what
// was held at one time.
func allocated(f func()) uint64 {
	runtime.GC()
	var a, b runtime.MemStats
	runtime.ReadMemStats(&a)
	f()
	runtime.ReadMemStats(&b)
	return b.TotalAlloc - a.TotalAlloc
}

// A small file must not cost gigabytes: a framework that is large by what is in
// it is refused before it is taken apart.
func TestHostileFrameworks(t *testing.T) {
	open := `{"schema": "bangkom.framework/1", "id": "f", `
	for name, c := range map[string]struct {
		in    string
		code  string
		limit uint64 // MB
	}{
		"a million competencies":   {open + `"competencies": [` + strings.Repeat(`{},`, 1_000_000) + `{}]}`, "too-large", 64},
		"a million associations":   {open + `"associations": [` + strings.Repeat(`{"to":{}},`, 600_000) + `{}]}`, "too-large", 128},
		"as many as may be":        {open + `"competencies": [` + strings.Repeat(`{},`, 200_000) + `{}]}`, "", 400},
		"many values":              {open + `"competencies": [{"also": [` + strings.Repeat(`"",`, 4_000_000) + `""]}]}`, "too-large", 128},
		"one key again and again":  {open + strings.Repeat(`"a":1,`, 1_000_000) + `"b":1}`, "duplicate-field", 256},
		"many keys":                {open + manyKeys(300_000) + `"b":1}`, "", 400},
		"a huge text":              {open + `"version": "` + strings.Repeat("a", 20<<20) + `"}`, "", 400},
		"a huge text, wrong":       {open + `"version": ["` + strings.Repeat("a", 20<<20) + `"]}`, "wrong-type", 400},
		"deep where nobody looks":  {open + `"x": ` + strings.Repeat(`{"a":`, 1_000_000), "not-json", 128},
		"deep, and closed":         {open + `"x": ` + strings.Repeat(`[`, 9000) + strings.Repeat(`]`, 9000) + `}`, "", 16},
		"deep in a place of texts": {open + `"title": {"id": ` + strings.Repeat(`[`, 9000) + strings.Repeat(`]`, 9000) + `}}`, "wrong-type", 16},
	} {
		t.Run(name, func(t *testing.T) {
			var ps bangkom.Problems
			used := allocated(func() { _, ps = ReadFramework(strings.NewReader(c.in), "x.json") })
			if c.code == "" {
				require.NoError(t, ps.Err())
			} else {
				require.ErrorIs(t, ps.Err(), bangkom.Problem{Code: c.code})
			}
			require.Less(t, len(ps), 3000)
			for _, p := range ps {
				require.Less(t, len(p.Error()), 1000, "a problem that is a file itself")
			}
			require.Less(t, used>>20, c.limit)
		})
	}
}

func manyKeys(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `"k%d":1,`, i)
	}
	return b.String()
}

// textReaders are the readers of tables.
func textReaders(t testing.TB) map[string]func(io.Reader) bangkom.Problems {
	w := one(t)
	return map[string]func(io.Reader) bangkom.Problems{
		"units":        func(r io.Reader) bangkom.Problems { _, ps := ReadUnits(r, "f"); return ps },
		"people":       func(r io.Reader) bangkom.Problems { _, ps := ReadPeople(r, "f", nil, nil); return ps },
		"positions":    func(r io.Reader) bangkom.Problems { _, ps := ReadPositions(r, "f"); return ps },
		"competencies": func(r io.Reader) bangkom.Problems { _, ps := ReadCompetencies(r, "f", "one-to-five"); return ps },
		"levels":       func(r io.Reader) bangkom.Problems { _, ps := nine().ReadLevels(r, "f"); return ps },
		"ratings":      func(r io.Reader) bangkom.Problems { _, ps := ReadRatings(r, "f", w); return ps },
		"wide":         func(r io.Reader) bangkom.Problems { _, ps := ReadWide(r, "f", w, nil); return ps },
		"migration":    func(r io.Reader) bangkom.Problems { _, ps := ReadMigration(r, "f"); return ps },
		"framework":    func(r io.Reader) bangkom.Problems { _, ps := ReadFramework(r, "f"); return ps },
		"moodle":       func(r io.Reader) bangkom.Problems { _, ps := moodle.Read(r, "f", nil); return ps },
		"flat":         func(r io.Reader) bangkom.Problems { _, ps := flat.Read(r, "f", nil); return ps },
		"opensalt":     func(r io.Reader) bangkom.Problems { _, ps := opensalt.Read(r, "f", nil); return ps },
		"xapi":         func(r io.Reader) bangkom.Problems { _, ps := xapi.Read(r, "f", nil); return ps },
	}
}

func utf16Of(s string) string {
	b := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return string(b)
}

// No file is read as if it were right that is not: it is an error, a warning, or
// the odd text as it stands.
func TestOddFiles(t *testing.T) {
	csv := "NIP,Kode Jabatan,Kode Unit,Kode,Nama,Kompetensi,Level,INT\n1,J,U,X,x,INT,3,3\n"
	for name, c := range map[string]struct {
		in    string
		fails bool // for every reader
	}{
		"nothing":                       {"", true},
		"NUL":                           {strings.Repeat("\x00", 1000), true},
		"UTF-16":                        {utf16Of(csv), false},
		"UTF-16, cut":                   {utf16Of(csv)[:31], true},
		"a picture":                     {"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + strings.Repeat("\xff\xd8\x00", 300), true},
		"a zip, as of a spreadsheet":    {"PK\x03\x04\x14\x00\x08\x08" + strings.Repeat("\x9c\xed", 300), true},
		"a page":                        {"<!DOCTYPE html><html><head><title>502</title></head></html>", true},
		"a quote that is never closed":  {csv + `"` + strings.Repeat("x,\n", 100_000), false},
		"a row without end":             {csv + strings.Repeat("x", 3<<20), false},
		"a row of a million cells":      {csv + strings.Repeat(",", 1_000_000), false},
		"a header of 100,000 columns":   {strings.Repeat("Kode,", 100_000) + "\n" + csv, false},
		"a million empty rows":          {csv + strings.Repeat("\n", 1_000_000), false},
		"lone surrogates":               {`{"schema": "bangkom.framework/1", "id": "\ud800", "title": {"id": "\udc00x", "\ud800": "y"}}`, false},
		"a surrogate encoded by itself": {csv + "\xed\xa0\x80,J,U,X,x,INT,3,3\n", false},
	} {
		for reader, read := range textReaders(t) {
			t.Run(name+"/"+reader, func(t *testing.T) {
				var ps bangkom.Problems
				used := allocated(func() { ps = read(strings.NewReader(c.in)) })
				require.Less(t, used>>20, uint64(160))
				if c.fails && (c.in != "" || reader != "xapi") { // a log without statements is one
					require.Error(t, ps.Err())
				}
				for _, p := range ps {
					require.NotEmpty(t, p.Code)
					require.True(t, utf8.ValidString(p.Error()), "%q", p.Error())
					require.Less(t, len(p.Error()), 5000)
				}
			})
		}
	}
}

// Lone surrogates and NUL in texts survive as something that can be written.
func TestOddTextsRoundTrip(t *testing.T) {
	for _, s := range []string{`\ud800`, `\u0000`, `\ufeffx`, `\u2028`, "\u202eabc", `\ud835\udc41`, `</script>`, `\"\\`} {
		f, ps := ReadFramework(strings.NewReader(`{"schema": "bangkom.framework/1", "id": "f", "competencies": [{"id": "c`+s+`", "title": {"id": "`+s+`"}, "x`+s+`": "`+s+`"}]}`), "x.json")
		require.NoError(t, ps.Err())
		var b bytes.Buffer
		require.NoError(t, f.WriteJSON(&b), s)
		again, ps := ReadFramework(bytes.NewReader(b.Bytes()), "x.json")
		require.NoError(t, ps.Err())
		require.Equal(t, f.Competencies, again.Competencies, s)
	}
}

// The days at the edges: what ends on a day counts on it; a leap day's
// anniversary; what withdraws on the day of what it would withdraw.
func TestEvidenceOnItsEdges(t *testing.T) {
	leap := day(2024, 2, 29)
	neg := func(r Rating) Rating { r.Negative = true; return r }
	for _, c := range []struct {
		name    string
		rule    Rule
		ratings []Rating
		asOf    bangkom.Date
		want    State
		level   Level
	}{
		{"ends today", Rule{}, []Rating{{Level: 3, Date: day(2024, 1, 1), ValidUntil: day(2026, 6, 1)}}, day(2026, 6, 1), Assessed, 3},
		{"ended yesterday", Rule{}, []Rating{{Level: 3, Date: day(2024, 1, 1), ValidUntil: day(2026, 6, 1)}}, day(2026, 6, 2), Expired, 3},
		{"shown today", Rule{}, []Rating{{Level: 3, Date: day(2026, 6, 1)}}, day(2026, 6, 1), Assessed, 3},
		{"shown tomorrow", Rule{}, []Rating{{Level: 3, Date: day(2026, 6, 2)}}, day(2026, 6, 1), NotAssessed, 0},
		{"ends on the day it was shown", Rule{}, []Rating{{Level: 3, Date: leap, ValidUntil: leap}}, leap, Assessed, 3},
		{"three years from a leap day, its last", Rule{ValidFor: 3}, []Rating{{Level: 3, Date: leap}}, day(2027, 2, 28), Assessed, 3},
		{"and the day after", Rule{ValidFor: 3}, []Rating{{Level: 3, Date: leap}}, day(2027, 3, 2), Expired, 3},
		{"four years from a leap day is one", Rule{ValidFor: 4}, []Rating{{Level: 3, Date: leap}}, day(2028, 2, 29), Assessed, 3},
		{"the day after that", Rule{ValidFor: 4}, []Rating{{Level: 3, Date: leap}}, day(2028, 3, 1), Expired, 3},
		{"withdrawn the same day: not before it, so it stands", Rule{}, []Rating{{Level: 3, Date: leap}, neg(Rating{Level: 3, Date: leap})}, leap, Assessed, 3},
		{"withdrawn the day after", Rule{}, []Rating{{Level: 3, Date: leap}, neg(Rating{Level: 3, Date: day(2024, 3, 1)})}, day(2024, 3, 1), NotAssessed, 0},
		{"but not yet the day before", Rule{}, []Rating{{Level: 3, Date: leap}, neg(Rating{Level: 3, Date: day(2024, 3, 1)})}, leap, Assessed, 3},
		{"shown again after", Rule{}, []Rating{{Level: 3, Date: leap}, neg(Rating{Level: 3, Date: day(2024, 3, 1)}), {Level: 2, Date: day(2024, 3, 2)}}, day(2024, 3, 2), Assessed, 2},
		{"the last day there is", Rule{ValidFor: 9999}, []Rating{{Level: 3, Date: day(9999, 12, 31)}}, day(9999, 12, 31), Assessed, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			for i := range c.ratings {
				c.ratings[i].Person, c.ratings[i].Competency = "1", "c-INT"
			}
			for range 2 {
				p, ps := Assess(one(t), c.ratings, c.asOf, c.rule)
				require.NoError(t, ps.Err())
				got := p.Attained(0, "c-INT")
				require.Equal(t, []any{c.want, c.level}, []any{got.State, got.Level})
				slices.Reverse(c.ratings)
			}
		})
	}
}

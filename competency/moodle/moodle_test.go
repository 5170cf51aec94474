package moodle_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/competency/moodle"
)

// The header of a site in Indonesian: names mean nothing, places do.
const indonesian = "Nomor ID induk,Nomor ID,Nama singkat,Deskripsi,Format deskripsi,Nilai skala,Konfigurasi skala,Jenis aturan,Hasil aturan,Konfigurasi aturan,Kompetensi rujukan,ID ekspor,Kerangka,Taksonomi\n"

const frameworkRow = `,KK,Kamus,Uraian,1,"Belum,Sudah","[{""scaleid"":""2""},{""id"":2,""scaledefault"":1,""proficient"":1}]",,,,,,1,"competency,competency,competency,competency"` + "\n"

// line writes a row of a competency.
func line(parent, id, name, text, related string) string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	if err := w.Write([]string{parent, id, name, text, "1", "", "", "", "0", "null", related, "", "", ""}); err != nil {
		panic(err)
	}
	w.Flush()
	return b.String()
}

func read(t testing.TB, s string, o *moodle.Options) (*competency.Framework, bangkom.Problems) {
	t.Helper()
	return moodle.Read(strings.NewReader(s), "kamus.csv", o)
}

func count(ps bangkom.Problems) map[string]int {
	m := map[string]int{}
	for _, p := range ps {
		m[p.Severity.String()+" "+p.Code]++
	}
	return m
}

func write(t testing.TB, f *competency.Framework, o *moodle.Options) (string, bangkom.Problems) {
	t.Helper()
	var b bytes.Buffer
	losses, err := moodle.Write(&b, f, o)
	require.NoError(t, err)
	return b.String(), losses
}

func TestRead(t *testing.T) {
	f, ps := read(t, "\ufeff"+indonesian+frameworkRow+line("", "A", "Satu", "Baris satu\nbaris dua, dengan koma", "")+line("A", "A,1", "Dua", "", "A")+line("A", "B", "Tiga", "", "A%2C1,A"), &moodle.Options{Language: "id"})
	require.Empty(t, ps)
	require.EqualValues(t, "KK", f.ID)
	require.Equal(t, competency.Text{"id": "Kamus"}, f.Title)
	require.Len(t, f.Scales, 1)
	require.Equal(t, competency.Text{"id": "Sudah"}, f.Scales[0].Levels[1].Title)
	require.Equal(t, "Baris satu\nbaris dua, dengan koma", f.Competencies[0].Description.In("id"))
	require.EqualValues(t, "A", f.Competencies[1].Parent)
	require.Len(t, f.Associations, 3)
	require.EqualValues(t, "A,1", f.Associations[1].To.ID)
	require.NoError(t, f.Validate().Err())
}

// What Moodle's importer loses or confuses without a word.
func TestDefectsOfTheImporter(t *testing.T) {
	long := strings.Repeat("x", 101)
	for name, c := range map[string]struct {
		rows string
		want map[string]int
		ids  string
	}{
		"the last of two rows with one id wins":       {line("", "A", "a", "", "") + line("", "A", "b", "", ""), map[string]int{"error duplicate-id": 1}, "A(a)"},
		"a missing parent takes the subtree away":     {line("Z", "A", "a", "", "") + line("A", "B", "b", "", ""), map[string]int{"error dangling-reference": 1}, "A(a) B(b)<A"},
		"a circle of parents vanishes":                {line("B", "A", "a", "", "") + line("A", "B", "b", "", "") + line("B", "C", "c", "", ""), map[string]int{"error cycle": 1}, "A(a) B(b)<A C(c)<B"},
		"a circle of one":                             {line("A", "A", "a", "", ""), map[string]int{"error cycle": 1}, "A(a)"},
		"a row without an id takes its subtree away":  {line("", "", "a", "", "") + line("", "B", "b", "", ""), map[string]int{"error empty-cell": 1}, "B(b)"},
		"a row without a name takes its subtree away": {line("", "A", "", "", "") + line("A", "B", "b", "", ""), map[string]int{"error empty-cell": 1, "error dangling-reference": 1}, "B(b)"},
		"ids are cut and parents are not":             {line("", long, "a", "", "") + line(long, "B", "b", "", ""), map[string]int{"error too-long": 1}, long + "(a) B(b)<" + long},
		"cross references outside the file are lost":  {line("", "A", "a", "", "Z"), map[string]int{"warning unresolved-reference": 1}, "A(a)"},
		"1.10 equals 1.1, and 01 equals 1":            {line("", "1.1", "a", "", "") + line("", "1.10", "b", "", "") + line("1.10", "1", "c", "", "") + line("1.1", "01", "d", "", ""), map[string]int{}, "1.1(a) 1.10(b) 1(c)<1.10 01(d)<1.1"},
		"the last of several frameworks wins":         {strings.Replace(frameworkRow, "KK", "K2", 1) + line("", "A", "a", "", ""), map[string]int{"error second-framework": 1}, "A(a)"},
		"the framework as a parent":                   {line("KK", "A", "a", "", ""), map[string]int{}, "A(a)"},
	} {
		t.Run(name, func(t *testing.T) {
			f, ps := read(t, indonesian+frameworkRow+c.rows, nil)
			require.Equal(t, c.want, count(ps), "%v", ps)
			require.EqualValues(t, "KK", f.ID)
			var got []string
			for _, x := range f.Competencies {
				s := fmt.Sprintf("%s(%s)", x.ID, x.Title.In(""))
				if x.Parent != "" {
					s += "<" + string(x.Parent)
				}
				got = append(got, s)
			}
			require.Equal(t, c.ids, strings.Join(got, " "))
		})
	}
}

func TestFilesThatAreNoFramework(t *testing.T) {
	for name, c := range map[string]struct {
		in   string
		o    *moodle.Options
		want map[string]int
	}{
		"empty":               {"", nil, map[string]int{"error no-framework": 1}},
		"no framework row":    {indonesian + line("", "A", "a", "", ""), nil, map[string]int{"error no-framework": 1}},
		"another table":       {"a,b\n1,2\n", nil, map[string]int{"error no-framework": 1, "error too-few-columns": 2}},
		"a stray quote":       {indonesian + frameworkRow + `,A,a"b,,,,,,,,,,,` + "\n" + line("", "B", "b", "", ""), nil, map[string]int{"error not-csv": 1}},
		"UTF-16":              {"\xff\xfea", nil, map[string]int{"error utf-16": 1, "error no-framework": 1}},
		"not UTF-8":           {indonesian + frameworkRow + line("", "A", "\xe9", "", ""), nil, map[string]int{"warning invalid-utf8": 1}},
		"too large":           {indonesian, &moodle.Options{MaxBytes: 10}, map[string]int{"error too-large": 1, "error no-framework": 1}},
		"too many rows":       {indonesian + frameworkRow + line("", "A", "a", "", ""), &moodle.Options{MaxRows: 1}, map[string]int{"error too-many-rows": 1}},
		"too many references": {indonesian + frameworkRow + line("", "A", "a", "", strings.Repeat("A,", 100)), &moodle.Options{MaxRows: 10}, map[string]int{"error too-many-references": 1}},
		"semicolons":          {strings.ReplaceAll(strings.ReplaceAll(indonesian+frameworkRow+line("", "A", "a", "", ""), `"Belum,Sudah"`, `Belum`), ",", ";"), nil, map[string]int{"warning bad-scale": 1}},
	} {
		t.Run(name, func(t *testing.T) {
			f, ps := read(t, c.in, c.o)
			require.Equal(t, c.want, count(ps), "%v", ps)
			require.NotNil(t, f)
		})
	}
	_, ps := moodle.Read(io.MultiReader(strings.NewReader(indonesian), broken{}), "x", nil)
	require.True(t, ps.Has("unreadable"))
	_, err := moodle.Write(broken{}, agency(), nil)
	require.ErrorIs(t, err, errBroken)
}

type broken struct{}

var errBroken = errors.New("broken")

func (broken) Read([]byte) (int, error)  { return 0, errBroken }
func (broken) Write([]byte) (int, error) { return 0, errBroken }

// pattern has the shape of a framework that fakes its levels: 6 level rows in a
// group, 3 groups of 15 competencies, 39 indicators. Its codes are as uneven as
// published ones: with and without a hyphen, with gaps, names cut at 100.
func pattern() string {
	var b strings.Builder
	b.WriteString(indonesian + frameworkRow)
	b.WriteString(line("", "levels", "Tingkat", "", ""))
	for l := 1; l <= 6; l++ {
		b.WriteString(line("levels", fmt.Sprintf("level-%d", l), fmt.Sprintf("Tingkat %d", l), "", ""))
	}
	n := 0
	for g := range 3 {
		group := fmt.Sprintf("G-%c", 'A'+g)
		b.WriteString(line("", group, "Kelompok "+group, "", ""))
		for c := range 5 {
			id := fmt.Sprintf("%s-%d", group, c+1)
			if c == 0 {
				id = fmt.Sprintf("%s%d", group, c+1) // without its hyphen
			}
			b.WriteString(line(group, id, "Kompetensi "+id, "Baris satu\nBaris dua", ""))
			for k := 0; k < 3 && n < 39; k++ {
				at := k + 1
				if k == 2 {
					at = 4 // a gap: 1, 2, 4
				}
				text := fmt.Sprintf("Indikator %d dari %s, %s", k, id, strings.Repeat("panjang sekali ", 9))
				b.WriteString(line(id, fmt.Sprintf("%s-I-%d", id, at), strings.TrimSpace(text[:100]), text, fmt.Sprintf("level-%d", at)))
				n++
			}
		}
	}
	return b.String()
}

func TestFakedLevels(t *testing.T) {
	f, ps := read(t, pattern(), nil)
	require.Empty(t, ps)
	require.Len(t, f.Competencies, 64)
	require.NoError(t, f.Validate().Err())

	f, ps = read(t, pattern(), &moodle.Options{Indicators: true})
	require.Empty(t, ps)
	require.Len(t, f.Competencies, 18) // 3 groups, 15 competencies
	require.Empty(t, f.Associations)
	require.Len(t, f.Scales, 2)
	require.Len(t, f.Scales[1].Levels, 6)
	require.Equal(t, "Tingkat", f.Scales[1].Title.In(""))
	n := 0
	for _, c := range f.Competencies {
		for _, d := range c.Levels {
			n += len(d.Indicators)
			require.True(t, strings.HasSuffix(d.Indicators[0].ID, fmt.Sprint(d.Level)))
		}
	}
	require.Equal(t, 39, n)
	require.NoError(t, f.Validate().Err())

	out, losses := write(t, f, &moodle.Options{Indicators: true})
	require.False(t, losses.Has("proficiency-assumed"), "the scale says it")
	again, ps := read(t, out, &moodle.Options{Indicators: true})
	require.Empty(t, ps)
	again.Scales[1].Title = f.Scales[1].Title // the group of the levels has no row of its own
	require.Equal(t, asJSON(t, f), asJSON(t, again))
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.MarshalIndent(v, "", " ")
	require.NoError(t, err)
	return string(b)
}

func TestRoundTrip(t *testing.T) {
	for _, s := range []string{
		pattern(),
		indonesian + frameworkRow + line("", "A", "a", "", "A%2C1,Z") + line("A", "A,1", "b", "c", ""),
		indonesian + frameworkRow + `A,B,b,,1,"x,y,z",,core_competency\competency_rule_points,2,"{""base"":{""points"":2}}",,77,,` + "\n" + line("", "A", "a", "", ""),
	} {
		f, ps := read(t, s, nil)
		require.NoError(t, ps.Err())
		before := f.Clone()
		out, losses := write(t, f, nil)
		require.Equal(t, before, f)
		for _, p := range losses {
			require.Equal(t, "proficiency-assumed", p.Code)
		}
		g, ps := read(t, out, nil)
		require.NoError(t, ps.Err())
		if c := g.Scales[len(g.Scales)-1].Extra; f.Scales[len(g.Scales)-1].Extra == nil {
			g.Scales[len(g.Scales)-1].Extra = nil
			require.Contains(t, string(c["moodle:scaleconfiguration"]), "proficient")
		}
		require.Equal(t, asJSON(t, f), asJSON(t, g))
	}
}

// agency is a dictionary that never saw Moodle.
func agency() *competency.Framework {
	id := func(s string) competency.Text { return competency.Text{"id": s} }
	return &competency.Framework{
		ID: "kamus-2026", Version: "2026", Title: competency.Text{"id": "Kamus", "en": "Dictionary"}, Source: "Peraturan contoh", Status: competency.InForce, ValidFrom: bangkom.MustDate(2026, 1, 1),
		Scales: []competency.Scale{{ID: "lima", Levels: []competency.Descriptor{{Level: 1, Title: id("Dasar, paham")}, {Level: 2, Title: id("Mahir")}}}},
		Competencies: []competency.Competency{
			{ID: "M", Title: id("Manajerial"), Kind: competency.Managerial},
			{ID: "M1", Code: "MAN.1", Title: id(strings.Repeat("Panjang ", 20)), Description: id("Uraian"), Parent: "M", Also: []string{"x"}, Levels: []competency.Descriptor{
				{Level: 1, Description: id("Jujur")}, {Level: 2, Indicators: []competency.Indicator{{Text: id("Satu")}, {Text: id("Dua")}}},
			}},
		},
		Associations: []competency.Association{
			{Type: competency.RelatedTo, From: "M1", To: competency.Ref{ID: "M"}},
			{Type: competency.Requires, From: "M1", To: competency.Ref{ID: "M"}},
			{Type: competency.ReplacedBy, From: "M", To: competency.Ref{Framework: "x", ID: "M"}},
		},
	}
}

func TestFourteenColumnsAndNamedLosses(t *testing.T) {
	for _, o := range []*moodle.Options{nil, {Indicators: true}} {
		out, losses := write(t, agency(), o)
		rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
		require.NoError(t, err)
		frameworks := 0
		for _, r := range rows {
			require.Len(t, r, 14)
			for _, c := range r[:3] {
				require.LessOrEqual(t, len([]rune(c)), 100)
			}
			if r[12] == "1" {
				frameworks++
			}
		}
		require.Equal(t, 1, frameworks)
		require.Contains(t, out, strings.TrimSpace(strings.Repeat("Panjang ", 20)), "nothing is cut")
		var lost []string
		for _, p := range losses {
			require.Equal(t, bangkom.Warning, p.Severity)
			if p.Code == "lost" {
				lost = append(lost, p.Where)
			}
		}
		want := []string{
			"association replacedBy", "association requires", "competency.also", "competency.code", "competency.kind", "framework in other languages",
			"framework.source", "framework.status", "framework.validity", "framework.version", "titles of more than 100 characters: they stand in the description",
		}
		require.Subset(t, lost, want)
		require.Equal(t, o == nil, contains(lost, "competency.levels, their descriptions and indicators"))
		require.True(t, losses.Has("proficiency-assumed"))
		require.True(t, losses.Has("renamed"))

		f, ps := read(t, out, o)
		require.NoError(t, ps.Err())
		require.Len(t, f.Competencies, 2)
		if o != nil {
			require.Len(t, f.Competencies[1].Levels, 2)
			require.Len(t, f.Competencies[1].Levels[1].Indicators, 2)
		}
	}
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func TestProficiencyIsTheCallers(t *testing.T) {
	out, losses := write(t, agency(), &moodle.Options{Proficient: 1})
	require.False(t, losses.Has("proficiency-assumed"))
	require.Contains(t, out, `{""id"":1,""scaledefault"":1,""proficient"":1},{""id"":2,""scaledefault"":0,""proficient"":1}`)
}

func TestUseCodes(t *testing.T) {
	f := agency()
	f.Competencies[0].Code = "MAN"
	out, losses := write(t, f, &moodle.Options{UseCodes: true})
	require.False(t, strings.Contains(out, "M1"))
	require.Contains(t, out, "MAN,MAN.1,")
	for _, p := range losses {
		require.NotEqual(t, "competency.code", p.Where)
	}
}

func TestWriteRefuses(t *testing.T) {
	long := competency.CompetencyID(strings.Repeat("é", 101))
	for code, change := range map[string]func(f *competency.Framework){
		"too-long":           func(f *competency.Framework) { f.Competencies[0].ID, f.Competencies[1].Parent = long, long },
		"duplicate-id":       func(f *competency.Framework) { f.Competencies[0].ID = "M1" },
		"empty-id":           func(f *competency.Framework) { f.Competencies[0].ID = "" },
		"dangling-reference": func(f *competency.Framework) { f.Competencies[1].Parent = "Z" },
		"cycle":              func(f *competency.Framework) { f.Competencies[0].Parent = "M1" },
		"no-levels":          func(f *competency.Framework) { f.Scales = nil },
		"bad-id":             func(f *competency.Framework) { f.Competencies[1].ID = "M1 " },
	} {
		t.Run(code, func(t *testing.T) {
			f := agency()
			change(f)
			var b bytes.Buffer
			_, err := moodle.Write(&b, f, nil)
			require.ErrorIs(t, err, bangkom.Problem{Code: code})
			require.Zero(t, b.Len())
		})
	}
	_, err := moodle.Write(io.Discard, nil, nil)
	require.Error(t, err)
}

func FuzzRead(f *testing.F) {
	f.Add(pattern(), true)
	f.Add(indonesian+frameworkRow+line("", "A", "a", "", "A%2C1,Z")+line("A", "A,1", "b", "c", ""), false)
	f.Add(indonesian+frameworkRow+`A,B,b,,1,"x,y,z",[],x,2,{},,77,,`+"\n"+line("", "A", "a", "", ""), false)
	f.Fuzz(func(t *testing.T, s string, indicators bool) {
		o := &moodle.Options{Indicators: indicators}
		fw, ps := moodle.Read(strings.NewReader(s), "x.csv", o)
		fw.Validate()
		if ps.Err() != nil {
			return
		}
		var b bytes.Buffer
		if _, err := moodle.Write(&b, fw, o); err != nil {
			return
		}
		again, ps := moodle.Read(bytes.NewReader(b.Bytes()), "x.csv", o)
		if err := ps.Err(); err != nil {
			t.Fatalf("cannot read what was written: %v\n%s", err, b.Bytes())
		}
		if len(again.Competencies) != len(fw.Competencies) {
			t.Fatalf("%d competencies became %d\n%s", len(fw.Competencies), len(again.Competencies), b.Bytes())
		}
	})
}

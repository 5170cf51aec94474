package caseio_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/competency/caseio"
)

// repeated yields one text n times, without holding it.
type repeated struct {
	text string
	n    int
	rest string
}

func (r *repeated) Read(b []byte) (int, error) {
	if r.rest == "" {
		if r.n == 0 {
			return 0, io.EOF
		}
		r.rest, r.n = r.text, r.n-1
	}
	k := copy(b, r.rest)
	r.rest = r.rest[k:]
	return k, nil
}

func around(head, text string, n int, tail string) io.Reader {
	return io.MultiReader(strings.NewReader(head), &repeated{text: text, n: n}, strings.NewReader(tail))
}

// allocated measures all memory that f ever asked for.
func allocated(f func()) uint64 {
	runtime.GC()
	var a, b runtime.MemStats
	runtime.ReadMemStats(&a)
	f()
	runtime.ReadMemStats(&b)
	return b.TotalAlloc - a.TotalAlloc
}

// A hostile package is refused with an error that says why, within half a
// gigabyte. What is measured is all that was ever allocated, which is more than
// what was held at one time.
func TestHostilePackages(t *testing.T) {
	const million = 1_000_000
	open := `{"CFDocument": {` + head + `}, `
	ends := `"associationType": "isChildOf", "originNodeURI": "` + itemA + `", "destinationNodeURI": "` + itemB + `"}`
	for name, c := range map[string]struct {
		in   io.Reader
		code string
	}{
		"deep lists":            {around(open+`"x": `, "[", million, ""), "too-deep"},
		"deep objects":          {around(open+`"x": `, `{"a":`, million, ""), "too-deep"},
		"deep in a known place": {around(open+`"CFRubrics": `, `[{"CFRubricCriteria":`, million, ""), "too-deep"},
		"a million references":  {around(open+`"CFAssociations": [`, `{"identifier": "x", `+ends+`,`, million, "{}]}"), "too-large"},
		"short references":      {around(open+`"CFAssociations": [`, `{},`, million, "{}]}"), "too-many-objects"},
		"rubric levels":         {around(open+`"CFRubrics": [{"CFRubricCriteria": [{"CFRubricCriterionLevels": [`, `{},`, million, "{}]}]}]}"), "too-many-objects"},
		"definitions":           {around(open+`"CFDefinitions": {"CFSubjects": [`, `{},`, million, "{}]}}"), "too-many-objects"},
		"many values":           {around(open+`"x": [`, `0,`, 5*million, "0]}"), "too-many-values"},
		"many keys":             {around(open, `"CFItems":0,`, 5*million, `"x":0}`), "too-many-values"},
		"a huge text":           {around(open+`"x": "`, strings.Repeat("a", 1<<20), 100, `"}`), "too-large"},
		"without end":           {around("", " ", 1<<30, ""), "too-large"},
	} {
		t.Run(name, func(t *testing.T) {
			var f *competency.Framework
			var err error
			used := allocated(func() {
				read, ps := caseio.Read(c.in, "hostile.json", nil)
				f, err = read, ps.Err()
			})
			require.ErrorIs(t, err, problem(c.code))
			require.Empty(t, f.Competencies)
			require.Less(t, used, uint64(512<<20), "%d MB", used>>20)
		})
	}
}

// What is within the limits but malicious costs little, and problems do not pile up.
func TestHostileRepetition(t *testing.T) {
	open := `{"CFDocument": {` + head + `}, `
	used := allocated(func() {
		f, ps := caseio.Read(around(open+`"CFItems": [`, `{"a":1},`, 250_000, "{}]}"), "hostile.json", nil)
		require.Error(t, ps.Err())
		require.Empty(t, f.Competencies)
		require.Less(t, len(ps), 5000)
		require.Contains(t, ps[len(ps)-2].Msg+ps[len(ps)-1].Msg, "in all")
	})
	require.Less(t, used, uint64(256<<20), "%d MB", used>>20)

	// Every item the child of one, every pair an exact match, one rubric with many criteria.
	var items, links, criteria []string
	for i := range 3000 {
		id := fmt.Sprintf("0b7a7e0e-52c6-4d5c-8a55-%012d", i)
		items = append(items, item(id, `"fullStatement": "A"`))
		links = append(links, link(i, "isChildOf", id, "0b7a7e0e-52c6-4d5c-8a55-000000000000", ""), strings.ReplaceAll(link(i, "isChildOf", "0b7a7e0e-52c6-4d5c-8a55-000000000000", id, ""), "6b", "6c"))
		criteria = append(criteria, item(fmt.Sprintf("0b7a7e0e-52c6-4d5c-8a66-%012d", i), `"CFItemURI": {"identifier": "`+id+`"}, "CFRubricCriterionLevels": []`))
	}
	f, ps := read(t, []byte(pack(strings.Join(items, ","), strings.Join(links, ","), `, "CFRubrics": [`+item(far, `"CFRubricCriteria": [`+strings.Join(criteria, ",")+`]`)+`]`)))
	require.NoError(t, ps.Err())
	require.Len(t, f.Competencies, 3000)
	require.Error(t, f.Validate().Err(), "a circle")
}

// Files that are no package, and packages with what JSON leaves open.
func TestOddPackages(t *testing.T) {
	good := pack(item(itemA, `"fullStatement": "A"`), "", "")
	wide := []byte{0xff, 0xfe}
	for _, c := range good {
		wide = append(wide, byte(c), 0)
	}
	for name, c := range map[string]struct {
		in    string
		fails bool
	}{
		"nothing": {"", true}, "null": {"null", true}, "a list": {"[]", true}, "a number": {"1", true}, "NUL": {"\x00\x00", true}, "UTF-16": {string(wide), true},
		"cut": {good[:len(good)-9], true}, "two": {good + good, true}, "a comma too much": {strings.Replace(good, "}]", "},]", 1), true}, "a page": {"<html>", true},
		"not UTF-8":          {strings.Replace(good, `"A"`, "\"\xe9\"", 1), false},
		"lone surrogates":    {strings.Replace(good, `"A"`, `"\ud800x\udc00"`, 1), false},
		"NUL in a text":      {strings.Replace(good, `"A"`, `"a\u0000b"`, 1), false},
		"a document twice":   {strings.Replace(good, `{"CFDocument"`, `{"CFDocument": {"title": "x"}, "CFDocument"`, 1), true},
		"a name twice":       {strings.Replace(good, `"fullStatement": "A"`, `"fullStatement": "A", "fullStatement": "B"`, 1), true},
		"items twice":        {strings.Replace(good, `"CFItems"`, `"CFItems": [`+item(itemB, `"fullStatement": "B"`)+`], "CFItems"`, 1), true},
		"an item of numbers": {strings.Replace(good, `"fullStatement": "A"`, `"fullStatement": 1`, 1), false},
		"items as an object": {strings.Replace(good, `"CFItems": [`, `"CFItems": {"a": [`, 1), true},
		"an id of a list":    {strings.Replace(good, `"identifier": "`+itemA+`"`, `"identifier": []`, 1), true},
		"a document of text": {`{"CFDocument": "x", "CFItems": []}`, true},
		"names in capitals":  {strings.Replace(good, `"fullStatement"`, `"FULLSTATEMENT"`, 1), true},
		"a huge number":      {strings.Replace(good, `"fullStatement": "A"`, `"fullStatement": "A", "x": 1e999999`, 1), false},
	} {
		t.Run(name, func(t *testing.T) {
			f, ps := caseio.Read(strings.NewReader(c.in), "x.json", nil)
			require.NotNil(t, f)
			require.Equal(t, c.fails, ps.Err() != nil, "%v", ps)
			if c.fails {
				return
			}
			out, _ := write(t, f, &caseio.Options{Unknown: true})
			again, ps := read(t, out)
			require.NoError(t, ps.Err())
			require.Equal(t, f.Competencies[0].Description, again.Competencies[0].Description)
			require.Equal(t, f.Competencies[0].Title, again.Competencies[0].Title)
		})
	}
}

func TestLimitsAreOptions(t *testing.T) {
	data := pack(item(itemA, `"fullStatement": "A"`), "", "")
	for code, o := range map[string]*caseio.Options{"too-large": {MaxBytes: 100}, "too-many-values": {MaxValues: 10}} {
		_, ps := caseio.Read(strings.NewReader(data), "x.json", o)
		require.ErrorIs(t, ps.Err(), problem(code))
	}
	_, ps := caseio.Read(strings.NewReader(pack(item(itemA, `"fullStatement": "A"`)+","+item(itemB, `"fullStatement": "B"`), "", "")), "x.json", &caseio.Options{MaxObjects: 1})
	require.ErrorIs(t, ps.Err(), problem("too-many-objects"))
	_, ps = caseio.Read(io.MultiReader(strings.NewReader(data[:50]), broken{}), "x.json", nil)
	require.ErrorIs(t, ps.Err(), problem("unreadable"))
	_, err := caseio.Write(broken{}, framework(), &caseio.Options{Creator: "x"})
	require.ErrorIs(t, err, errBroken)
}

func problem(code string) error { return bangkom.Problem{Code: code} }

type broken struct{}

var errBroken = errors.New("broken")

func (broken) Read([]byte) (int, error)  { return 0, errBroken }
func (broken) Write([]byte) (int, error) { return 0, errBroken }

// FuzzRead: no input stops the reader; what it reads without an error can be
// written, what is written validates as far as this package can tell, and reads
// as the same again.
func FuzzRead(f *testing.F) {
	f.Add([]byte(pack(item(itemA, `"fullStatement": "A", "humanCodingScheme": "a.1", "notes": "n"`)+","+item(itemB, `"fullStatement": "B"`), link(1, "isChildOf", itemB, itemA, `, "sequenceNumber": "1"`), `, "CFRubrics": [`+rubric(itemA, 1, 2)+`]`)))
	f.Add([]byte(pack(item("x", `"abbreviatedStatement": "A", "educationalLevel": "06", "licenseURI": "https://example.org/`+far+`"`), link(1, "exactMatchOf", "x", far, ""), `, "CFDefinitions": {"CFItemTypes": [{"title": "T"}], "CFLicenses": [{"identifier": 1}]}, "extensions": {"a": null}`)))
	var b bytes.Buffer
	if _, err := caseio.Write(&b, framework(), &caseio.Options{Creator: "x", Roots: true}); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		fw, ps := caseio.Read(bytes.NewReader(data), "x.json", nil)
		if fw == nil {
			t.Fatal("no framework")
		}
		fw.Validate()
		if ps.Err() != nil {
			return
		}
		var one, two bytes.Buffer
		o := &caseio.Options{Unknown: true}
		if _, err := caseio.Write(&one, fw, o); err != nil {
			return // strict: such as an association from nowhere
		}
		again, ps := caseio.Read(bytes.NewReader(one.Bytes()), "x.json", nil)
		if err := ps.Err(); err != nil {
			t.Fatalf("cannot read what was written: %v\n%s", err, one.Bytes())
		}
		if _, err := caseio.Write(&two, again, o); err != nil {
			t.Fatalf("cannot write what was read again: %v\n%s", err, one.Bytes())
		}
		if !bytes.Equal(one.Bytes(), two.Bytes()) {
			t.Fatalf("not the same again\n%s\n%s", one.Bytes(), two.Bytes())
		}
	})
}

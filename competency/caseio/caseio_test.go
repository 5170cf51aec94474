package caseio_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/competency/caseio"
)

const (
	docID = "0b7a7e0e-52c6-4d5c-8a55-5f2f1f6a0001"
	itemA = "0b7a7e0e-52c6-4d5c-8a55-5f2f1f6a000a"
	itemB = "0b7a7e0e-52c6-4d5c-8a55-5f2f1f6a000b"
	far   = "0b7a7e0e-52c6-4d5c-8a55-5f2f1f6a00ff"
)

const (
	head  = `"identifier": "` + docID + `", "uri": "https://example.org/d", "creator": "Badan Contoh", "title": "Kamus", "lastChangeDateTime": "2026-01-02T03:04:05Z"`
	itemH = `"lastChangeDateTime": "2026-01-02T03:04:05Z", "uri": "https://example.org/`
)

func item(id, rest string) string {
	return `{"identifier": "` + id + `", ` + itemH + id + `", ` + rest + `}`
}

func link(n int, typ, from, to, rest string) string {
	id := fmt.Sprintf("0b7a7e0e-52c6-4d5c-8a55-5f2f1f6b%04d", n)
	return item(id, `"associationType": "`+typ+`", "originNodeURI": {"title": "", "identifier": "`+from+`", "uri": "https://example.org/`+from+`"}, "destinationNodeURI": {"title": "T", "identifier": "`+to+`", "uri": "https://example.org/`+to+`"}`+rest)
}

func pack(items, links, rest string) string {
	return `{"CFDocument": {` + head + `}, "CFItems": [` + items + `], "CFAssociations": [` + links + `]` + rest + `}`
}

// Each defect that published packages have, in a package made for it.
func TestLeniency(t *testing.T) {
	a, b := item(itemA, `"fullStatement": "A", "humanCodingScheme": "a"`), item(itemB, `"fullStatement": "B", "humanCodingScheme": "b"`)
	for name, c := range map[string]struct {
		in    string
		want  map[string]int
		check func(t *testing.T, f *competency.Framework)
	}{
		"clean": {pack(a+","+b, link(1, "isChildOf", itemB, itemA, `, "sequenceNumber": 1`), ""), map[string]int{}, func(t *testing.T, f *competency.Framework) {
			require.EqualValues(t, itemA, f.Competencies[1].Parent)
			require.Equal(t, 1, f.Associations[0].Sequence)
		}},
		"wrapped":                 {`{"CFPackage": ` + pack(a, "", "") + `}`, map[string]int{}, func(t *testing.T, f *competency.Framework) { require.Len(t, f.Competencies, 1) }},
		"byte-order mark":         {"\ufeff" + pack(a, "", ""), map[string]int{}, nil},
		"null, empty and missing": {pack(item(itemA, `"fullStatement": "A", "notes": null, "conceptKeywords": [], "extensions": {}, "language": ""`), "", `, "CFRubrics": null, "CFDefinitions": {}`), map[string]int{}, func(t *testing.T, f *competency.Framework) { require.Nil(t, f.Competencies[0].Extra) }},
		"link as text": {pack(item(itemA, `"fullStatement": "A", "licenseURI": "https://example.org/l/`+far+`"`), "", ""), map[string]int{"warning link-as-text": 1}, func(t *testing.T, f *competency.Framework) {
			require.JSONEq(t, `{"identifier": "`+far+`", "uri": "https://example.org/l/`+far+`"}`, string(f.Competencies[0].Extra["case:licenseURI"]))
		}},
		"text for a list": {pack(item(itemA, `"fullStatement": "A", "educationalLevel": "06"`), "", ""), map[string]int{"warning text-for-list": 1, "warning misnamed-field": 1}, func(t *testing.T, f *competency.Framework) {
			require.JSONEq(t, `["06"]`, string(f.Competencies[0].Extra["case:educationLevel"]))
		}},
		"number in quotes": {pack(a+","+b, link(1, "isChildOf", itemB, itemA, `, "sequenceNumber": "7"`), ""), map[string]int{"warning number-as-text": 1}, func(t *testing.T, f *competency.Framework) { require.Equal(t, 7, f.Associations[0].Sequence) }},
		"integer with a point": {pack(a+","+b, link(1, "isChildOf", itemB, itemA, `, "sequenceNumber": 7.0`), ""), map[string]int{}, func(t *testing.T, f *competency.Framework) {
			require.Equal(t, 7, f.Associations[0].Sequence)
		}},
		"fraction for an integer": {pack(a+","+b, link(1, "isChildOf", itemB, itemA, `, "sequenceNumber": 7.5`), ""), map[string]int{"error wrong-type": 1}, nil},
		"no zone":                 {strings.Replace(pack("", "", ""), "05Z", "05", 1), map[string]int{"warning no-zone": 1}, nil},
		"no time at all":          {strings.Replace(pack("", "", ""), "2026-01-02T03:04:05Z", "yesterday", 1), map[string]int{"error not-a-time": 1}, nil},
		"stand-alone fields":      {pack(item(itemA, `"fullStatement": "A", "CFDocumentURI": {"uri": "x"}, "CFItemAssociationURI": "y"`), "", ""), map[string]int{"note not-in-package": 2}, func(t *testing.T, f *competency.Framework) { require.Nil(t, f.Competencies[0].Extra) }},
		"statement missing":       {pack(item(itemA, `"abbreviatedStatement": "Short"`), "", ""), map[string]int{"warning statement-from-label": 1}, func(t *testing.T, f *competency.Framework) { require.Equal(t, "Short", f.Competencies[0].Title.In("")) }},
		"statement and label missing": {pack(item(itemA, `"notes": "x"`), "", ""), map[string]int{"error missing-field": 1}, func(t *testing.T, f *competency.Framework) {
			require.Len(t, f.Competencies, 1)
		}},
		"node by its uri alone": {pack(a+","+b, item(far, `"associationType": "isRelatedTo", "originNodeURI": "`+itemA+`", "destinationNodeURI": "https://example.org/`+itemB+`"`), ""), map[string]int{"warning link-as-text": 1}, func(t *testing.T, f *competency.Framework) {
			require.Equal(t, competency.Ref{ID: itemB}, f.Associations[0].To)
			require.EqualValues(t, itemA, f.Associations[0].From)
		}},
		"uri of a node is its identifier": {pack(a+","+b, strings.ReplaceAll(link(1, "precedes", itemA, itemB, ""), `"uri": "https://example.org/`+itemB, `"uri": "`+itemB), ""), map[string]int{}, func(t *testing.T, f *competency.Framework) {
			require.Equal(t, competency.Ref{ID: itemB}, f.Associations[0].To)
		}},
		"uri without its slash": {pack(a, strings.ReplaceAll(link(1, "exactMatchOf", itemA, far, ""), "https://example.org/"+far, "https://example.org/ims/case/v1p0/CFItems"+far), ""), map[string]int{"warning uri-repaired": 1}, func(t *testing.T, f *competency.Framework) {
			require.Equal(t, "https://example.org/ims/case/v1p0/CFItems/"+far, f.Associations[0].To.URI)
		}},
		"RelatedTo": {pack(a+","+b, link(1, "RelatedTo", itemA, itemB, ""), ""), map[string]int{"warning relation-repaired": 1}, func(t *testing.T, f *competency.Framework) {
			require.Equal(t, competency.RelatedTo, f.Associations[0].Type)
		}},
		"unknown relation": {pack(a+","+b, link(1, "resembles", itemA, itemB, ""), ""), map[string]int{"warning unknown-relation": 1}, func(t *testing.T, f *competency.Framework) {
			require.EqualValues(t, "resembles", f.Associations[0].Type)
		}},
		"relation of one's own": {pack(a+","+b, link(1, "ext:resembles", itemA, itemB, ""), ""), map[string]int{}, nil},
		"unknown key": {pack(item(itemA, `"fullStatement": "A", "color": {"b": [1,  2]}`), "", ""), map[string]int{"note unknown-field": 1}, func(t *testing.T, f *competency.Framework) {
			require.Equal(t, `{"b":[1,2]}`, string(f.Competencies[0].Extra["case:color"]))
		}},
		"key twice":                         {pack(item(itemA, `"fullStatement": "A", "fullStatement": "A2"`), "", ""), map[string]int{"error duplicate-field": 1}, func(t *testing.T, f *competency.Framework) { require.Equal(t, "A2", f.Competencies[0].Title.In("")) }},
		"key twice, alike":                  {pack(item(itemA, `"fullStatement": "A", "fullStatement": "A"`), "", ""), map[string]int{"warning duplicate-field": 1}, nil},
		"identifier twice":                  {pack(a+","+a, "", ""), map[string]int{"error duplicate-id": 1}, func(t *testing.T, f *competency.Framework) { require.Len(t, f.Competencies, 1) }},
		"identifier twice, in another case": {pack(a+","+item(strings.ToUpper(itemA), `"fullStatement": "A"`), "", ""), map[string]int{"error duplicate-id": 1}, nil},
		"identifier of another kind":        {pack(a, link(1, "isRelatedTo", itemA, far, ""), `, "CFRubrics": [`+item(itemA, `"title": "R"`)+`]`), map[string]int{"error duplicate-id": 1, "note rubric-not-a-scale": 1}, nil},
		"identifier that is no UUID":        {pack(item("A1", `"fullStatement": "A"`), "", ""), map[string]int{"warning identifier-not-uuid": 1}, func(t *testing.T, f *competency.Framework) { require.EqualValues(t, "A1", f.Competencies[0].ID) }},
		"legacy status":                     {strings.Replace(pack("", "", ""), `"title"`, `"adoptionStatus": "Adopted", "title"`, 1), map[string]int{"warning legacy-status": 1}, func(t *testing.T, f *competency.Framework) { require.Equal(t, competency.InForce, f.Status) }},
		"rubric level without position": {pack(a, "", `, "CFRubrics": [`+rubric(itemA, 3, 1, 2)+`]`), map[string]int{}, func(t *testing.T, f *competency.Framework) {
			var got []competency.Level
			for _, d := range f.Competencies[0].Levels {
				got = append(got, d.Level)
			}
			require.Equal(t, []competency.Level{1, 2, 3}, got)
			require.NotEmpty(t, f.Scales)
		}},
		"rubric that is no scale": {pack(a, "", `, "CFRubrics": [`+rubric(itemA, 1, 2.5)+`]`), map[string]int{"note rubric-not-a-scale": 1}, func(t *testing.T, f *competency.Framework) {
			require.Empty(t, f.Scales)
			require.Contains(t, string(f.Extra["case:CFRubrics"]), "2.5")
		}},
		"title for a name that is none": {pack(a, strings.ReplaceAll(link(1, "exactMatchOf", itemA, far, ""), `"T"`, `"Destination"`), ""), map[string]int{}, func(t *testing.T, f *competency.Framework) { require.Empty(t, f.Associations[0].To.Title) }},
		"an end missing":                {pack(a, item(far, `"associationType": "isChildOf", "originNodeURI": {"identifier": "`+itemA+`"}`), ""), map[string]int{"error missing-field": 1}, func(t *testing.T, f *competency.Framework) { require.Empty(t, f.Associations) }},
		"not UTF-8": {pack(item(itemA, "\"fullStatement\": \"A\xff\""), "", ""), map[string]int{"warning invalid-utf8": 1}, func(t *testing.T, f *competency.Framework) {
			require.Equal(t, "A\ufffd", f.Competencies[0].Title.In(""))
		}},
		"half a surrogate": {pack(item(itemA, `"fullStatement": "A\ud835"`), "", ""), map[string]int{}, func(t *testing.T, f *competency.Framework) {
			require.Equal(t, "A\ufffd", f.Competencies[0].Title.In(""))
		}},
		"objects of the wrong type": {pack(`"x", 1, `+a, "", ""), map[string]int{"error wrong-type": 2}, func(t *testing.T, f *competency.Framework) { require.Len(t, f.Competencies, 1) }},
		"too long for others":       {pack(item(itemA, `"fullStatement": "A", "abbreviatedStatement": "`+strings.Repeat("ä", 61)+`"`), "", ""), map[string]int{"warning too-long": 1}, nil},
		"not JSON":                  {`{"CFDocument": {`, map[string]int{"error not-json": 1}, nil},
		"JSON and more":             {pack("", "", "") + "x", map[string]int{"error not-json": 1}, nil},
		"not a package":             {`{"CFItem": {}}`, map[string]int{"error not-a-package": 1}, nil},
		"a list":                    {`[]`, map[string]int{"error not-a-package": 1}, nil},
		"nothing":                   {``, map[string]int{"error not-json": 1}, nil},
		"UTF-16":                    {"\xff\xfe{\x00", map[string]int{"error utf-16": 1}, nil},
		"items without a document":  {`{"CFItems": [` + a + `]}`, map[string]int{"error missing-field": 1}, func(t *testing.T, f *competency.Framework) { require.Len(t, f.Competencies, 1) }},
	} {
		t.Run(name, func(t *testing.T) {
			f, ps := read(t, []byte(c.in))
			require.Equal(t, c.want, count(ps), "%v", ps)
			require.NotNil(t, f)
			if c.check != nil {
				c.check(t, f)
			}
		})
	}
}

// rubric is a rubric of one criterion with levels of these scores.
// What is wrong is said once, where it stands, and with the right advice.
func TestAdvice(t *testing.T) {
	say := func(in string) (*competency.Framework, bangkom.Problems) {
		f, ps := caseio.Read(strings.NewReader(in), "f.json", nil)
		return f, append(ps, f.Validate()...)
	}
	in := pack(item(itemA, `"fullStatement": "A"`)+","+item(itemB, `"fullStatement": "B"`), link(1, "is child of", itemB, itemA, ""), "")
	in = strings.Replace(in, "is child of", "ischildof", 1)
	f, ps := say(in)
	require.Equal(t, competency.CompetencyID(itemA), f.Competencies[1].Parent)
	require.False(t, ps.Has("unknown-relation"), "%v", ps)
	i := slices.IndexFunc(ps, func(p bangkom.Problem) bool { return p.Code == "relation-repaired" })
	require.Equal(t, "write isChildOf", ps[i].Need)

	_, ps = say(strings.Replace(in, `"A"`, "\"A\xff\"", 1))
	i = slices.IndexFunc(ps, func(p bangkom.Problem) bool { return p.Code == "invalid-utf8" })
	require.Regexp(t, `^f\.json:\d+:\d+$`, ps[i].Where)

	// A text for a link to the document.
	root := func(to string) string {
		return `{"CFDocument": {"identifier": "d1", "uri": "https://example.org/d1", "creator": "x", "title": "T", "lastChangeDateTime": "2026-01-05T00:00:00Z"}, "CFItems": [` + item(itemA, `"fullStatement": "A"`) + `],
 "CFAssociations": [{"identifier": "` + itemB + `", "uri": "https://example.org/x", "associationType": "isChildOf", "originNodeURI": "` + itemA + `", "destinationNodeURI": "` + to + `", "lastChangeDateTime": "2026-01-05T00:00:00Z"}]}`
	}
	for _, to := range []string{"d1", "https://example.org/d1"} {
		_, ps = say(root(to))
		require.NoError(t, ps.Err(), to)
	}
	_, ps = say(root("d2"))
	require.True(t, ps.Has("dangling-reference"))
}

func rubric(of string, scores ...float64) string {
	var levels []string
	for i, s := range scores {
		levels = append(levels, item(fmt.Sprintf("0b7a7e0e-52c6-4d5c-8a55-5f2f1f6c%04d", i), fmt.Sprintf(`"quality": "Q%v", "score": %v, "position": null`, s, s)))
	}
	return item("0b7a7e0e-52c6-4d5c-8a55-5f2f1f6d0001", `"title": "R", "CFRubricCriteria": [`+
		item("0b7a7e0e-52c6-4d5c-8a55-5f2f1f6d0002", `"CFItemURI": {"title": "", "identifier": "`+of+`", "uri": "x:y"}, "CFRubricCriterionLevels": [`+strings.Join(levels, ",")+`]`)+`]`)
}

func TestPlaces(t *testing.T) {
	_, ps := caseio.Read(strings.NewReader("{\n  \"CFDocument\": {"+head+"},\n  \"CFItems\": [\n    {\"identifier\": 5, \"uri\": \"x:y\", \"fullStatement\": [\"A\"], \"lastChangeDateTime\": \"2026-01-02T03:04:05Z\"}]}"), "kamus.json", nil)
	var places []string
	for _, p := range ps {
		places = append(places, p.Code+" "+p.Where)
	}
	require.Equal(t, []string{"wrong-type kamus.json:4:20", "identifier-not-uuid kamus.json:4:5", "wrong-type kamus.json:4:54"}, places)
}

// framework has one of everything that the model can say.
func framework() *competency.Framework {
	id := func(s string) competency.Text { return competency.Text{"id": s} }
	return &competency.Framework{
		ID: "kamus-2026", Version: "2026", URI: "https://example.org/kamus/2026", Title: competency.Text{"id": "Kamus kompetensi", "en": "Dictionary"}, Description: id("Uraian"),
		Source: "Peraturan contoh 1/2026", Status: competency.Pending, ValidFrom: bangkom.MustDate(2026, 1, 1), ValidUntil: bangkom.MustDate(2030, 12, 31), ReplacedBy: "kamus-2031",
		Scales: []competency.Scale{
			{ID: "lima", Title: id("Lima tingkat"), Levels: []competency.Descriptor{
				{Level: 1, Title: id("Dasar")}, {Level: 2, Title: id("Menengah"), Description: id("Dapat bekerja sendiri")}, {Level: 3, Title: competency.Text{"id": "Mahir", "en": "Advanced"}},
			}},
			{ID: "dua", Levels: []competency.Descriptor{{Level: 0, Title: id("Belum")}, {Level: 1, Title: id("Sudah")}}},
		},
		Competencies: []competency.Competency{
			{ID: "M", Title: id("Manajerial"), Kind: "kelompok"},
			{ID: "M2", Code: "M.2", Title: id("Integritas"), Parent: "M", Kind: competency.Managerial, Scale: "lima", Dense: true, Levels: []competency.Descriptor{
				{Level: 1, Title: id("Dasar"), Description: id("Jujur")},
				{Level: 2, Title: id("Menengah"), Indicators: []competency.Indicator{{ID: "i1", Text: id("Satu")}, {Text: competency.Text{"id": "Dua", "en": "Two"}}}},
				{Level: 3, Title: id("Mahir"), Extra: competency.Extra{"moodle:x": json.RawMessage(`1`)}},
			}},
			{ID: "M1", Code: "M.1", Title: competency.Text{"id": "Kerja sama", "en": "Teamwork"}, Description: id("Bekerja bersama"), Also: []string{"Kerjasama", "KSM"}, Parent: "M", Scale: "lima", ValidFrom: bangkom.MustDate(2026, 1, 1)},
			{ID: "T", Code: "T", Description: id("Hanya uraian"), Scale: "dua", Levels: []competency.Descriptor{{Level: 1, Title: id("Sudah")}}, Extra: competency.Extra{"other:field": json.RawMessage(`{"a":1}`)}},
			{ID: "X", Title: competency.Text{"und": "Tanpa bahasa"}},
			{ID: "L", Title: id("Tanpa skala"), Levels: []competency.Descriptor{{Level: 1, Title: id("Satu")}}},
		},
		Associations: []competency.Association{
			{ID: "a1", Type: competency.Precedes, From: "M1", To: competency.Ref{ID: "M2"}},
			{ID: "a2", Type: competency.Requires, From: "M2", To: competency.Ref{ID: "M1"}, Note: "catatan"},
			{ID: "a3", Type: competency.ExactMatchOf, From: "M1", To: competency.Ref{Framework: "lain", ID: "77", Title: "Destination"}, Strength: 0.75, Author: "Panel", Date: bangkom.MustDate(2026, 2, 3), Review: competency.Accepted},
			{ID: "a4", Type: competency.ChildOf, From: "T", To: competency.Ref{ID: "kamus-2026"}},
			{ID: "a5", Type: competency.ChildOf, From: "M1", To: competency.Ref{ID: "T"}},
			{ID: "a6", Type: "mirip dengan", From: "M1", To: competency.Ref{ID: "T"}, Group: "Peta"},
			{ID: "a7", Type: competency.RelatedTo, From: "M1", To: competency.Ref{URI: "https://example.org/x"}},
		},
		Extra: competency.Extra{"case:publisher": json.RawMessage(`"Badan Contoh"`), "case:color": json.RawMessage(`"red"`)},
	}
}

func TestEverythingSurvivesARoundTrip(t *testing.T) {
	f := framework()
	before := f.Clone()
	out, losses := write(t, f, &caseio.Options{Creator: "Badan Contoh", Roots: true})
	require.Equal(t, before, f)
	require.NoError(t, losses.Err())
	g, ps := read(t, out)
	require.Empty(t, ps)

	// What the documentation excepts.
	want := f.Clone()
	delete(want.Extra, "case:color") // unknown to CASE; see TestUnknownFields
	got := g.Clone()
	for k := range got.Extra {
		if want.Extra[k] == nil {
			delete(got.Extra, k) // creator, groupings
		}
	}
	require.Equal(t, []competency.CompetencyID{"M", "M2", "M1", "T", "X", "L"}, ids(got))
	for i := range got.Competencies {
		delete(got.Competencies[i].Extra, "case:CFRubricCriterion")
		for k := range got.Competencies[i].Levels {
			delete(got.Competencies[i].Levels[k].Extra, "case:identifier")
		}
	}
	for i := range got.Scales {
		for k := range got.Scales[i].Levels {
			delete(got.Scales[i].Levels[k].Extra, "case:identifier")
		}
	}
	var kept []competency.Association
	for _, a := range got.Associations {
		delete(a.Extra, "case:CFAssociationGroupingURI")
		if a.ID == "a4" {
			require.Equal(t, 2, a.Sequence) // spelt out
			a.Sequence = 0
		}
		if a.To.ID != "kamus-2026" || a.ID == "a4" { // the others of Options.Roots
			kept = append(kept, a)
		}
	}
	got.Associations = kept
	require.Equal(t, settled(t, want), settled(t, got))
}

func ids(f *competency.Framework) []competency.CompetencyID {
	var all []competency.CompetencyID
	for _, c := range f.Competencies {
		all = append(all, c.ID)
	}
	return all
}

func TestLossesAreNamed(t *testing.T) {
	_, losses := write(t, framework(), &caseio.Options{Creator: "Badan Contoh"})
	n := count(losses)
	require.Equal(t, 1, n["warning further-parent"])
	require.Equal(t, 1, n["warning unknown-relation"])
	require.Equal(t, 1, n["warning unknown-field"])
	require.Equal(t, 16, n["warning identifier-rewritten"]) // document, 6 items, 7 associations, 2 scales
	var boxed []string
	for _, p := range losses {
		if p.Code == "in-extension" {
			boxed = append(boxed, p.Where)
		}
	}
	for _, what := range []string{"framework.source", "framework.replaced_by", "competency.dense", "competency.also beyond the first", "competency.levels without a scale", "association.strength, author, date, review", "competency.extra"} {
		require.Contains(t, boxed, what)
	}
}

func TestWriteRefuses(t *testing.T) {
	day := &caseio.Options{Changed: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Creator: "Badan Contoh"}
	title := competency.Text{"id": "A"}
	for name, c := range map[string]struct {
		f    *competency.Framework
		o    *caseio.Options
		code string
		what string
	}{
		"nothing":                     {nil, day, "missing-field", "CFDocument.identifier"},
		"no time of change":           {&competency.Framework{ID: "f", Title: title}, &caseio.Options{Creator: "x"}, "missing-field", "CFDocument.lastChangeDateTime"},
		"no creator":                  {&competency.Framework{ID: "f", Title: title}, &caseio.Options{Changed: day.Changed}, "missing-field", "CFDocument.creator"},
		"no statement":                {&competency.Framework{ID: "f", Title: title, Competencies: []competency.Competency{{ID: "a"}}}, day, "missing-field", "CFItem.fullStatement"},
		"an id twice":                 {&competency.Framework{ID: "f", Title: title, Competencies: []competency.Competency{{ID: "a", Title: title}, {ID: "a", Title: title}}}, day, "duplicate-id", "a"},
		"an association from nowhere": {&competency.Framework{ID: "f", Title: title, Associations: []competency.Association{{ID: "x", Type: "precedes", From: "a", To: competency.Ref{ID: "b"}}}}, day, "dangling-reference", "a"},
		"a child of nothing":          {&competency.Framework{ID: "f", Title: title, Competencies: []competency.Competency{{ID: "a", Title: title, Parent: "z"}}}, day, "dangling-reference", "z"},
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			_, err := caseio.Write(&b, c.f, c.o)
			require.Error(t, err)
			require.Zero(t, b.Len(), "nothing is written")
			require.ErrorIs(t, err, bangkom.Problem{Code: c.code})
			ps, _ := errors.AsType[bangkom.Problems](err)
			found := false
			for _, p := range ps {
				found = found || p.Value == c.what
			}
			require.True(t, found, "%v", ps)
		})
	}
}

func TestUnknownFields(t *testing.T) {
	f, _ := read(t, []byte(pack(item(itemA, `"fullStatement": "A", "color": "red", "extensions": {"theirs": {"a": [1]}}`), "", `, "extensions": {"p": 1}, "extra": true`)))
	out, losses := write(t, f, nil)
	require.Equal(t, map[string]int{"warning unknown-field": 2}, count(losses))
	require.NotContains(t, string(out), "color")
	require.Contains(t, string(out), "theirs")
	out, losses = write(t, f, &caseio.Options{Unknown: true})
	require.Empty(t, losses)
	var p struct {
		CFItems    []struct{ Extensions map[string]any }
		Extensions map[string]any
	}
	require.NoError(t, json.Unmarshal(out, &p))
	require.Equal(t, map[string]any{"theirs": map[string]any{"a": []any{1.0}}, "color": "red"}, p.CFItems[0].Extensions)
	require.Equal(t, map[string]any{"p": 1.0, "extra": true}, p.Extensions)
}

// Systems that map two of the nine association types lose the others on the
// way in and out; none is lost here.
func TestEveryAssociationTypeSurvives(t *testing.T) {
	types := []string{"isChildOf", "isPeerOf", "isPartOf", "exactMatchOf", "precedes", "isRelatedTo", "replacedBy", "exemplar", "hasSkillLevel", "isTranslationOf", "ext:requires", "ext:mine"}
	var links []string
	for i, typ := range types {
		links = append(links, link(i, typ, itemB, itemA, ""))
	}
	f, ps := read(t, []byte(pack(item(itemA, `"fullStatement": "A"`)+","+item(itemB, `"fullStatement": "B"`), strings.Join(links, ","), "")))
	require.Empty(t, ps)
	require.Len(t, f.Associations, len(types))
	out, losses := write(t, f, nil)
	require.Empty(t, losses.Only(bangkom.Warning))
	for _, typ := range types {
		require.Contains(t, string(out), `"`+typ+`"`)
	}
	g, _ := read(t, out)
	require.Equal(t, settled(t, f), settled(t, g))
}

// Order among siblings is kept even where codes say another.
func TestOrderIsSpeltOut(t *testing.T) {
	title := competency.Text{"id": "x"}
	f := &competency.Framework{ID: "f", Title: title, ValidFrom: bangkom.MustDate(2026, 1, 1), Source: "Badan Contoh", Competencies: []competency.Competency{
		{ID: "p", Code: "P", Title: title}, {ID: "c", Code: "P.3", Parent: "p", Title: title}, {ID: "a", Code: "P.10", Parent: "p", Title: title}, {ID: "b", Code: "P.2", Parent: "p", Title: title},
	}}
	out, _ := write(t, f, nil)
	g, _ := read(t, out)
	require.Equal(t, ids(f), ids(g))
	require.Empty(t, g.Associations, "parents alone")
	// In the order of codes nothing needs to be said.
	f.Competencies[1], f.Competencies[3] = f.Competencies[3], f.Competencies[1]
	f.Competencies[2], f.Competencies[3] = f.Competencies[3], f.Competencies[2]
	out, _ = write(t, f, nil)
	require.NotContains(t, string(out), "sequenceNumber")
	// Without a parent CASE has no place for the order.
	f.Competencies[0].Code = "Z"
	f.Competencies = append(f.Competencies, competency.Competency{ID: "q", Code: "A", Title: title})
	_, losses := write(t, f, nil)
	require.True(t, losses.Has("order-lost"))
	out, losses = write(t, f, &caseio.Options{Roots: true})
	require.False(t, losses.Has("order-lost"))
	g, _ = read(t, out)
	require.Equal(t, ids(f), ids(g))
}

func TestALongChainIsLegal(t *testing.T) {
	if testing.Short() {
		t.Skip("writes 60 MB")
	}
	title := competency.Text{"id": "x"}
	f := &competency.Framework{ID: "f", Title: title, ValidFrom: bangkom.MustDate(2026, 1, 1), Source: "Badan Contoh"}
	const n = 40_000
	for i := range n {
		c := competency.Competency{ID: competency.CompetencyID(fmt.Sprint("c", i)), Title: title}
		if i > 0 {
			c.Parent = f.Competencies[i-1].ID
		}
		f.Competencies = append(f.Competencies, c)
	}
	out, _ := write(t, f, nil)
	g, ps := read(t, out)
	require.NoError(t, ps.Err())
	require.Equal(t, ids(f), ids(g))
}

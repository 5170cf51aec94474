package opensalt_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/competency/caseio"
	"github.com/bangkom/bangkom/competency/opensalt"
	"github.com/bangkom/bangkom/internal/ref"
)

func codes(ps bangkom.Problems) []string {
	var all []string
	for _, p := range ps {
		if p.Code != "dialect" {
			all = append(all, p.Code)
		}
	}
	return all
}

// sample has the header of OpenSALT's own sample, and one item of each kind.
const sample = "Identifier,fullStatement,Human Coding Scheme,sequenceNumber,Abbreviated Statement,ConceptKeywords,Notes,Is Child Of,IsPartOf,replacedBy,Exemplar,hasSkillLevel,IsRelatedTo,isExactMatchOf,educationLevel,CF Item Type,license,Owner\n" +
	"i1,Works with others,A,1,Teamwork,\"team, group\",first,,,,,,,,\"5,6\",Standard,CC BY,me\n" +
	"i2,Takes part,A.1,2,,,,,,,,,A.2,,,,,\n" +
	"i3,Leads,A.2,1,,,,A,,,https://example.org/x,,\"A.1,nowhere\",\"a2c7f1de-0000-4000-8000-000000000001\",,,,\n" +
	"i4,Ten,A.10,,,,,A,A.1,A.2,,,,,,,,you\n" +
	",Unplaced,B.7.1,,,,,,,,,,,,,,,\n"

func TestRead(t *testing.T) {
	f, ps := opensalt.Read(strings.NewReader(sample), "items.csv", &opensalt.Options{Title: "T", Language: "en"})
	require.NoError(t, ps.Err())
	require.Equal(t, []string{"unresolved-reference"}, codes(ps))
	require.Equal(t, "items.csv:4:IsRelatedTo", ps[len(ps)-1].Where)
	x := f.Index()
	require.Equal(t, []competency.CompetencyID{"i1", "B.7.1"}, x.Roots())
	require.Equal(t, []competency.CompetencyID{"i4", "i3", "i2"}, x.Children("i1"))
	c, _ := x.Competency("i1")
	require.Equal(t, competency.Competency{
		ID: "i1", Code: "A", Title: competency.Text{"en": "Teamwork"}, Description: competency.Text{"en": "Works with others"}, Kind: "Standard",
		Extra: competency.Extra{"case:conceptKeywords": json.RawMessage(`["team","group"]`), "case:educationLevel": json.RawMessage(`["5","6"]`), "case:notes": json.RawMessage(`"first"`), "opensalt:license": json.RawMessage(`"CC BY"`), "opensalt:Owner": json.RawMessage(`"me"`)},
	}, *c)
	require.Equal(t, competency.Ref{ID: "i1"}, x.From("i3", competency.ChildOf)[0].To)
	require.Equal(t, competency.Ref{ID: "a2c7f1de-0000-4000-8000-000000000001"}, x.From("i3", competency.ExactMatchOf)[0].To)
	require.Equal(t, "https://example.org/x", x.From("i3", competency.Exemplar)[0].To.URI)
	require.Equal(t, "nowhere", x.From("i3", competency.RelatedTo)[1].To.Title)
	require.NoError(t, f.Validate().Err())
	roundTrip(t, f)
}

// The defects of OpenSALT's own import.
func TestDefectsOfTheImporter(t *testing.T) {
	read := func(rows string) (*competency.Framework, bangkom.Problems) {
		return opensalt.Read(strings.NewReader("identifier,fullStatement,humanCodingScheme,isExactMatchOf,educationLevel,cfItemType,license,isChildOf,notes\n"+rows), "x.csv", nil)
	}
	t.Run("columns that are matched are stored", func(t *testing.T) {
		f, ps := read("a,A,1,2,5,Skill,CC0,,\nb,B,2,,,,,,\n")
		require.Empty(t, codes(ps))
		require.Equal(t, competency.Kind("Skill"), f.Competencies[0].Kind)
		require.Len(t, f.Competencies[0].Extra, 2)
		require.Equal(t, competency.ExactMatchOf, f.Associations[0].Type)
	})
	t.Run("the last of two with one code is nobody's parent", func(t *testing.T) {
		f, ps := read("a,A,1,,,,,,\nb,B,1,,,,,,\nc,C,1.1,,,,,,\n")
		require.ErrorIs(t, ps.Err(), bangkom.Problem{Code: "duplicate-code"})
		require.Equal(t, "x.csv:3:humanCodingScheme", ps[len(ps)-1].Where)
		require.Equal(t, competency.CompetencyID("a"), f.Competencies[2].Parent)
		require.ErrorIs(t, f.Validate().Err(), bangkom.Problem{Code: "duplicate-code"})
	})
	t.Run("rows without a statement are reported", func(t *testing.T) {
		f, ps := read("a,,1,,,,,,\nb,B,1.1,,,,,,\n")
		require.Equal(t, []string{"empty-cell"}, codes(ps))
		require.Len(t, f.Competencies, 1)
	})
	t.Run("rows that lead nowhere are reported", func(t *testing.T) {
		f, ps := read("a,A,1,,,,,9,\n")
		require.Equal(t, []string{"unresolved-reference"}, codes(ps))
		require.Empty(t, f.Competencies[0].Parent)
	})
	t.Run("codes are text", func(t *testing.T) {
		f, _ := read("a,A,1,,,,,,\nb,B,1.1,,,,,,\nc,C,1.10,,,,,,\nd,D,1.10.1,,,,,,\n")
		require.Equal(t, competency.CompetencyID("c"), f.Competencies[3].Parent)
	})
	t.Run("importing again changes what changed and adds nothing", func(t *testing.T) {
		old, _ := read("a,A,1,b,,,,,\nb,B,2,,,,,,\n")
		same, _ := read("a,A,1,b,,,,,\nb,B,2,,,,,,\n")
		require.Empty(t, competency.Diff(old, same, nil).List)
		require.Equal(t, old, same)
		next, _ := read("a,A,1X,b,,,,,said\nb,B,2,,,,,,\n") // the statement is the same
		d := competency.Diff(old, next, nil)
		require.Len(t, d.List, 1)
		require.Equal(t, competency.Edited, d.List[0].Kind)
		require.Equal(t, []competency.FieldChange{{Field: "code", Old: "1", New: "1X"}, {Field: "extra/case:notes", New: `"said"`}}, d.List[0].Fields)
	})
	t.Run("a second parent, and a place by smartLevel", func(t *testing.T) {
		f, ps := opensalt.Read(strings.NewReader("fullStatement;humanCodingScheme;smartLevel;isChildOf\nA;;1;\nB;;2;\nC;x;1.10;\nD;y;;x,x\nE;z;2.1;\nF;w;;z,y\n"), "x.csv", nil)
		require.Empty(t, codes(ps))
		x := f.Index()
		require.Equal(t, []competency.CompetencyID{f.Competencies[0].ID}, x.Parents("x"))
		require.Equal(t, 10, x.From("x", competency.ChildOf)[0].Sequence)
		require.Equal(t, []competency.CompetencyID{"z", "y"}, x.Parents("w"))
		require.Equal(t, []competency.CompetencyID{f.Competencies[1].ID}, x.Parents("z"))
		roundTrip(t, f)
	})
}

// roundTrip writes and reads, and finds nothing different but what was named.
func roundTrip(t *testing.T, f *competency.Framework) bangkom.Problems {
	t.Helper()
	var b bytes.Buffer
	before := f.Clone()
	lost, err := opensalt.Write(&b, f, nil)
	require.NoError(t, err)
	require.Equal(t, before, f)
	got, ps := opensalt.Read(bytes.NewReader(b.Bytes()), "again.csv", &opensalt.Options{ID: f.ID})
	require.NoError(t, ps.Err(), b.String())
	require.Equal(t, len(f.Competencies), len(got.Competencies))
	d := competency.Diff(f, got, nil)
	for _, c := range d.List {
		require.NotEmpty(t, lost, "%v", c)
	}
	var again bytes.Buffer
	_, err = opensalt.Write(&again, got, nil)
	require.NoError(t, err)
	require.Equal(t, b.String(), again.String())
	return lost
}

func TestLossesAreNamed(t *testing.T) {
	f := &competency.Framework{
		ID: "f", Version: "1", Title: competency.Text{"en": "F"}, Scales: []competency.Scale{{ID: "s", Levels: []competency.Descriptor{{Level: 1}}}},
		Competencies: []competency.Competency{
			{ID: "a", Code: "1", Title: competency.Text{"en": "A", "id": "A"}, Scale: "s", Levels: []competency.Descriptor{{Level: 1}}, Also: []string{"x"}, ValidUntil: bangkom.MustDate(2026, 1, 1)},
			{ID: "b", Code: "1.1", Title: competency.Text{"en": "B"}, Scale: "s"}, // a root, though its code looks like a child's
			{ID: "c,d", Code: "1.1.1", Title: competency.Text{"en": "C"}, Scale: "s", Parent: "b"},
		},
		Associations: []competency.Association{
			{Type: competency.Requires, From: "b", To: competency.Ref{ID: "a"}}, {Type: competency.RelatedTo, From: "b", To: competency.Ref{ID: "a"}, Strength: 0.5},
		},
	}
	lost := roundTrip(t, f)
	var where []string
	for _, p := range lost {
		require.Equal(t, bangkom.Warning, p.Severity)
		where = append(where, p.Where)
	}
	require.Equal(t, []string{
		"association.requires", "association: all but its type and ends", "competency.also", "competency.levels", "competency.title/id", "competency.valid_until",
		"framework.title/en", "framework.version", "scale",
	}, where)
	_, err := opensalt.Write(&bytes.Buffer{}, &competency.Framework{}, nil)
	require.ErrorIs(t, err, bangkom.Problem{Code: "empty-id"})
}

func TestLimits(t *testing.T) {
	_, ps := opensalt.Read(strings.NewReader(sample), "x.csv", &opensalt.Options{MaxBytes: 100})
	require.Equal(t, []string{"too-large"}, codes(ps))
	f, ps := opensalt.Read(strings.NewReader(sample), "x.csv", &opensalt.Options{MaxRows: 2})
	require.ErrorIs(t, ps.Err(), bangkom.Problem{Code: "too-many-rows"})
	require.Len(t, f.Competencies, 2)
	_, ps = opensalt.Read(strings.NewReader("fullStatement,language\nA,x\n"), "x.csv", nil)
	require.Contains(t, codes(ps), "missing-column")
	_, ps = opensalt.Read(strings.NewReader("fullStatement,humanCodingScheme,language\nA,,???\n"), "x.csv", nil)
	require.Equal(t, []string{"language-tag"}, codes(ps))
}

// Frameworks that OpenSALT published as packages, as its tables.
func TestPublishedFrameworks(t *testing.T) {
	for file, items := range map[string]int{"Ordering.json": 28, "opensalt-framework-20c5134f-423d-4097-a971-3dd5152bf507.json": 16, "Utf8TestFramework.json": 1} {
		in, err := os.Open(ref.Shared(t, "data", "opensalt", file))
		require.NoError(t, err)
		f, ps := caseio.Read(in, file, nil)
		in.Close()
		require.NotNil(t, ps)
		require.Len(t, f.Competencies, items)
		lost := roundTrip(t, f)
		for _, p := range lost {
			require.NotContains(t, p.Where, "competency: ", "%v", lost)
			require.NotContains(t, p.Where, "competency.title", "%v", lost)
			require.NotContains(t, p.Where, "parents", "%v", lost)
		}
	}
}

func TestReferencesWithoutEnd(t *testing.T) {
	f, ps := opensalt.Read(strings.NewReader("fullStatement,humanCodingScheme,isRelatedTo\n"+"A,,\""+strings.Repeat("z,", 30_000)+"\"\nB,,\n"), "x.csv", nil)
	require.NoError(t, ps.Err())
	require.Len(t, f.Associations, 30_000)
	require.Len(t, ps.Only(bangkom.Warning), 1001)
	var b strings.Builder
	for n := range 11 {
		fmt.Fprintf(&b, "S%d,,\"%s\"\n", n, strings.Repeat("z,", 30_000))
	}
	f, ps = opensalt.Read(strings.NewReader("fullStatement,humanCodingScheme,isRelatedTo\n"+b.String()), "x.csv", nil)
	require.ErrorIs(t, ps.Err(), bangkom.Problem{Code: "too-many-references"})
	require.Len(t, f.Associations, 300_000)
}

func FuzzRead(f *testing.F) {
	f.Add(sample)
	f.Add("fullStatement;humanCodingScheme;smartLevel;isChildOf\nA;;1;\nB;;2;\nC;x;1.10;\nD;y;;x,x\n")
	f.Fuzz(func(t *testing.T, s string) {
		x, ps := opensalt.Read(strings.NewReader(s), "x.csv", nil)
		if ps.Err() != nil || x.Validate().Err() != nil {
			return
		}
		var b bytes.Buffer
		if _, err := opensalt.Write(&b, x, nil); err != nil {
			t.Fatal(err)
		}
		again, ps := opensalt.Read(bytes.NewReader(b.Bytes()), "x.csv", nil)
		if err := ps.Err(); err != nil || len(again.Competencies) != len(x.Competencies) {
			t.Fatalf("what was written cannot be read: %v\n%s", err, b.Bytes())
		}
	})
}

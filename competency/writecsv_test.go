package competency_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	. "github.com/bangkom/bangkom/competency"
)

// dictionary is what the pair of tables can hold.
func dictionary() *Framework {
	f := nine()
	f.Scales[0].Levels[0].Title = Text{"id": "Paham", "en": "Aware"}
	c := &f.Competencies[1]
	c.ID, c.Code, c.Parent = "KJSM", "KJSM", "c-INT"
	c.Description = Text{"id": "Mampu, \"bersama\";\nterus", "en": "Works with others"}
	c.Also = []string{"Kerjasama Tim", "Kerja Tim"}
	c.Levels = []Descriptor{
		{Level: 1, Title: Text{"id": "Dasar"}, Description: Text{"id": "Ikut serta", "en": "Takes part"}, Indicators: []Indicator{{ID: "I-1", Text: Text{"id": "hadir", "en": "is there"}}, {Text: Text{"id": "hadir"}}, {Text: Text{"id": "hadir"}}}},
		{Level: 3}, {Level: 5, Indicators: []Indicator{{Text: Text{"en": "leads"}}}},
	}
	for i := range f.Competencies {
		f.Competencies[i].Code = string(f.Competencies[i].ID)
	}
	return f
}

func tables(t testing.TB, f *Framework) (competencies, levels string, lost bangkom.Problems) {
	t.Helper()
	var a, b bytes.Buffer
	one, err := f.WriteCompetencies(&a)
	require.NoError(t, err)
	two, err := f.WriteLevels(&b)
	require.NoError(t, err)
	return a.String(), b.String(), append(append(one, two...), links(t, f)...)
}

// links are what the third table loses.
func links(t testing.TB, f *Framework) bangkom.Problems {
	t.Helper()
	var b bytes.Buffer
	lost, err := f.WriteAssociations(&b)
	require.NoError(t, err)
	return lost
}

func TestAssociationsAsATable(t *testing.T) {
	f := &Framework{Associations: []Association{
		{Type: ReplacedBy, From: "ANA", To: Ref{ID: "ANA-D"}},
		{ID: "x", Type: ExactMatchOf, From: "ANA", To: Ref{Framework: "g", ID: "B", URI: "https://example.org/b"}, Sequence: 3, Group: "satu", Note: "sama, \"betul\"", Strength: 0.5, Author: "Ani", Date: bangkom.MustDate(2026, 5, 1), Review: Accepted},
		{Type: "ext:own", From: "ANA", To: Ref{URI: "https://example.org/c"}},
	}}
	var b bytes.Buffer
	lost, err := f.WriteAssociations(&b)
	require.NoError(t, err)
	require.Empty(t, lost)
	got, ps := ReadAssociations(&b, "associations.csv")
	require.NoError(t, ps.Err())
	require.Equal(t, f.Associations, got)

	f.Associations = append(f.Associations, Association{Type: ReplacedBy, From: " A", To: Ref{ID: "B"}}, Association{Type: RelatedTo, From: "A"}, Association{Type: Precedes, From: "=1+A", To: Ref{ID: "B", Title: "Be"}})
	lost = links(t, f)
	var said []string
	for _, p := range lost {
		said = append(said, p.Code+" "+p.Where)
	}
	require.Equal(t, []string{"lost association without ends or type", "lost association.to/title", "lost association: read otherwise", "formula associations/=1+A"}, said)

	for row, code := range map[string]string{"A,,B,": "empty-cell", ",precedes,B,": "empty-cell", "A,precedes,,": "empty-cell", "A,precedes,B,much": "not-decimal"} {
		got, ps := ReadAssociations(strings.NewReader("Dari,Hubungan,Ke,Kekuatan\n"+row+"\nA,IS CHILD OF,B,\n"), "a.csv")
		require.ErrorIs(t, ps.Err(), bangkom.Problem{Code: code}, row)
		require.Equal(t, []Association{{Type: ChildOf, From: "A", To: Ref{ID: "B"}}}, got, row)
	}
}

func TestTablesWithoutEnd(t *testing.T) {
	long := func(head, row string) *strings.Reader {
		return strings.NewReader(head + "\n" + strings.Repeat(row+"\n", 300_001))
	}
	list, ps := ReadAssociations(long("Dari,Hubungan,Ke", "A,precedes,B"), "a.csv")
	require.ErrorIs(t, ps.Err(), bangkom.Problem{Code: "too-many-rows"})
	require.Len(t, list, 300_000)
	_, ps = (&Framework{}).ReadLevels(long("Skala,Level", "s,1"), "l.csv")
	require.ErrorIs(t, ps.Err(), bangkom.Problem{Code: "too-many-rows"})
}

func FuzzReadAssociations(f *testing.F) {
	f.Add("Dari,Hubungan,Ke\nANA,replacedBy,ANA-D\n")
	f.Add("From;Type;To;Strength;Date;Sequence;Review\na;precedes;b;0,5;2026-01-02;-3;diterima\n")
	f.Fuzz(func(t *testing.T, s string) {
		list, _ := ReadAssociations(strings.NewReader(s), "a.csv")
		g := &Framework{Associations: list}
		g.Validate()
		var b bytes.Buffer
		_, err := g.WriteAssociations(&b)
		require.NoError(t, err)
		again, ps := ReadAssociations(bytes.NewReader(b.Bytes()), "a.csv")
		require.NoError(t, ps.Err(), b.String())
		require.Equal(t, list, again, b.String())
	})
}

func TestTheTwoTablesHoldADictionary(t *testing.T) {
	f := dictionary()
	before := f.Clone()
	competencies, levels, lost := tables(t, f)
	require.Equal(t, before, f)
	require.Len(t, lost, 1, "%v", lost)
	require.Equal(t, "framework: what it says of itself", lost[0].Where)
	g := &Framework{ID: f.ID, Version: f.Version, Title: f.Title}
	var ps bangkom.Problems
	g.Competencies, ps = ReadCompetencies(strings.NewReader(competencies), "competencies.csv", "")
	require.NoError(t, ps.Err())
	bare := g.Clone()
	got, ps := g.ReadLevels(strings.NewReader(levels), "levels.csv")
	require.NoError(t, ps.Err())
	require.Equal(t, bare, g, "the argument was changed")
	require.Equal(t, f, got)
	c2, l2, _ := tables(t, got)
	require.Equal(t, []string{competencies, levels}, []string{c2, l2})
}

func TestTablesNameTheirLosses(t *testing.T) {
	f := everything()
	f.Competencies = append(f.Competencies, Competency{ID: "a", Title: Text{"id": "twice"}}, Competency{ID: "c", Title: Text{"fr": "Trois"}, Also: []string{"x|y"}})
	_, _, lost := tables(t, f)
	var where []string
	for _, p := range lost {
		require.Equal(t, "lost", p.Code)
		where = append(where, p.Where)
	}
	require.Subset(t, where, []string{
		"association.to/title", "competency.code", "competency.uri", "competency.title/en-GB", "competency.title/fr", "competency.also", "competency.dense",
		"competency.extra/x:y", "framework: what it says of itself", "scale.title", "scale.extra/x:y", "scale.levels/title/en-GB", "competency.levels/indicators/i/en-GB",
	})
	require.NotContains(t, where, "competency.valid_until")
}

func TestReadLevelsReportsRows(t *testing.T) {
	f := dictionary()
	for row, code := range map[string]string{
		",KJSM,1,,,,,,,": "duplicate-level", ",nobody,1,,,,,,,": "unknown-competency", ",,1,,,,,,,": "empty-cell", "s,KJSM,1,,,,,,,": "empty-cell",
		"s,,,,,,,,,": "empty-cell", "s,,x,,,,,,,": "not-integer", "s,,300,,,,,,,": "off-range", "s,,1,A,,,,,,\ns,,1,B,,,,,,": "conflicting-text",
	} {
		_, ps := f.ReadLevels(strings.NewReader("Skala,Kompetensi,Level,Nama Level,Level Name,Keterangan,Description,Kode Indikator,Indikator,Indicator\n"+row+"\n"), "levels.csv")
		require.ErrorIs(t, ps.Err(), bangkom.Problem{Code: code}, row)
	}
	got, ps := f.ReadLevels(strings.NewReader("Skala;Level;Nama\nbaru;2;Dua\nbaru;1;Satu\n"), "levels.csv")
	require.NoError(t, ps.Err())
	require.Equal(t, Scale{ID: "baru", Levels: []Descriptor{{Level: 1, Title: Text{"id": "Satu"}}, {Level: 2, Title: Text{"id": "Dua"}}}}, got.Scales[1])
}

func TestStandardsAsTables(t *testing.T) {
	f := nine()
	positions := []Position{standard(f, "J1", 3), {ID: "J2", Title: "Dua", Tier: "Pengawas", Source: "SK 1", Requirements: []Requirement{{Competency: "c-INT", Level: 4, Weight: 1.5, Criticality: 2}}}}
	positions[0].Title = "Satu"
	var a, b bytes.Buffer
	lost, err := WritePositions(&a, positions)
	require.NoError(t, err)
	require.Empty(t, lost)
	lost, err = WriteStandards(&b, positions)
	require.NoError(t, err)
	require.Empty(t, lost)
	got, ps := ReadPositions(&a, "positions.csv")
	require.NoError(t, ps.Err())
	got, ps = ReadStandards(&b, "standards.csv", got, f)
	require.NoError(t, ps.Err())
	require.Equal(t, positions, got)

	lost, err = WriteStandards(&b, []Position{{ID: "J3"}, {ID: "J4", Requirements: []Requirement{{Competency: "c-INT", Level: 1, Weight: 1, N: 5, SE: 0.2}}}})
	require.NoError(t, err)
	require.Len(t, lost, 1)
	got, _ = ReadStandards(&b, "standards.csv", []Position{{ID: "J4"}}, f)
	require.Equal(t, []Requirement{{Competency: "c-INT", Level: 1, Weight: 1, Criticality: 1, N: 5, SE: 0.2}}, got[0].Requirements)
}

func FuzzReadLevels(f *testing.F) {
	c, l, _ := tables(f, dictionary())
	f.Add(c, l)
	f.Add("Kode;Nama\nx;y\n", "Skala;Level;Indikator\ns;1;a\ns;1;b\n")
	f.Add("Kode;Nama\nx;y\n", "Skala;Level\ns;x\n")
	f.Fuzz(func(t *testing.T, c, l string) {
		competencies, _ := ReadCompetencies(strings.NewReader(c), "c.csv", "s")
		g, _ := (&Framework{ID: "f", Competencies: competencies}).ReadLevels(strings.NewReader(l), "l.csv")
		g.Validate()
		c1, l1, _ := tables(t, g)
		again, ps := ReadCompetencies(strings.NewReader(c1), "c.csv", "s")
		require.NoError(t, ps.Err(), c1)
		h, ps := (&Framework{ID: "f", Competencies: again}).ReadLevels(strings.NewReader(l1), "l.csv")
		if ps.Has("ambiguous-name") {
			return // levels of a competency whose name is another's
		}
		require.NoError(t, ps.Err(), l1)
		require.Equal(t, g, h)
	})
}

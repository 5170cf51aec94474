package competency_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	. "github.com/bangkom/bangkom/competency"
)

// tree makes competencies of "id" or "id<parent".
func tree(pairs ...[2]string) *Framework {
	f := &Framework{ID: "f"}
	for _, p := range pairs {
		f.Competencies = append(f.Competencies, Competency{ID: CompetencyID(p[0]), Code: p[0], Title: Text{"en": "The " + p[0]}, Parent: CompetencyID(p[1])})
	}
	return f
}

func link(t Relation, from, to CompetencyID) Association {
	return Association{Type: t, From: from, To: Ref{ID: to}}
}

func TestManyParents(t *testing.T) {
	f := tree([2]string{"a", ""}, [2]string{"b", ""}, [2]string{"c", "a"}, [2]string{"d", "c"}, [2]string{"e", "a"})
	f.Associations = []Association{
		link(ChildOf, "d", "c"), // says what Parent says
		{Type: ChildOf, From: "d", To: Ref{ID: "b"}, Sequence: 1},
		link(PartOf, "e", "b"),
		{Type: ChildOf, From: "c", To: Ref{ID: "a"}, Sequence: 2},
		{Type: ChildOf, From: "e", To: Ref{ID: "a"}, Sequence: 1},
		link(ChildOf, "a", "f"),
		link(ChildOf, "b", "f"),
	}
	require.Empty(t, f.Validate())
	x := f.Index()
	require.Equal(t, []CompetencyID{"a", "b"}, x.Roots())
	require.Equal(t, []CompetencyID{"c", "b"}, x.Parents("d"), "the place in the tree first, each once")
	require.Equal(t, []CompetencyID{"e", "c"}, x.Children("a"), "by sequence")
	require.Equal(t, []CompetencyID{"e", "d"}, x.Children("b"))
	require.Equal(t, []CompetencyID{"c", "b", "a"}, x.Ancestors("d"))
	require.Equal(t, []CompetencyID{"e", "c", "d"}, x.Descendants("a"))
	require.Equal(t, 3, x.Depth())
	require.Len(t, x.From("d"), 2)
	require.Len(t, x.To("b", PartOf), 1)
	require.Empty(t, x.From("nowhere"))
	require.Empty(t, x.Ancestors("nowhere"))
	require.Same(t, f, x.Framework())
}

// Codes are text: what compares "1.10" with "1.1" as numbers attaches a child twice.
func TestCodesAreText(t *testing.T) {
	x := tree([2]string{"1.1", ""}, [2]string{"1.10", ""}, [2]string{"01", ""}, [2]string{"1", ""}, [2]string{"c", "1.1"}).Index()
	for _, code := range []string{"1.1", "1.10", "01", "1"} {
		c, ok := x.Code(code)
		require.True(t, ok)
		require.Equal(t, CompetencyID(code), c.ID)
	}
	_, ok := x.Code("")
	require.False(t, ok)
	require.Empty(t, x.Children("1.10"))
	require.Equal(t, []CompetencyID{"c"}, x.Children("1.1"))
}

func TestCirclesEndNoWalk(t *testing.T) {
	x := tree([2]string{"a", "c"}, [2]string{"b", "a"}, [2]string{"c", "b"}, [2]string{"d", "d"}).Index()
	require.Equal(t, []CompetencyID{"c", "b"}, x.Ancestors("a"))
	require.Equal(t, []CompetencyID{"b", "c"}, x.Descendants("a"))
	require.Equal(t, 0, x.Depth())
	require.Empty(t, x.Roots())
	require.Empty(t, x.Ancestors("d"))
}

func TestSparseLevels(t *testing.T) {
	f := nine()
	f.Competencies[0].Levels = []Descriptor{{Level: 3, Title: Text{"en": "three"}}, {Level: 5}}
	f.Scales[0].Levels[3].Title = Text{"en": "four of the scale"}
	x := f.Index()
	d, ok := x.Level("c-INT", 3)
	require.True(t, ok)
	require.Equal(t, "three", d.Title.In("en"))
	_, ok = x.Level("c-INT", 4)
	require.False(t, ok, "on the scale, but not of this competency")
	d, ok = x.Level("c-KOM", 4)
	require.True(t, ok)
	require.Equal(t, "four of the scale", d.Title.In("en"))
	_, ok = x.Level("none", 4)
	require.False(t, ok)
}

func TestSearch(t *testing.T) {
	f := nine()
	f.Competencies[2].Description = Text{"id": "Menyampaikan pesan dalam kerja sehari-hari"}
	f.Competencies[3].Levels = []Descriptor{{Level: 2, Indicators: []Indicator{{Text: Text{"id": "Menetapkan target"}}}}}
	x := f.Index()
	first := func(query string) CompetencyID {
		hits := x.Search(query, 1)
		require.NotEmpty(t, hits, query)
		return hits[0].ID
	}
	for query, want := range map[string]CompetencyID{
		"kerja sama": "c-KJSM", "Kerjasama": "c-KJSM", "KJSM": "c-KJSM", "teamw": "c-KJSM", "kerja": "c-KJSM",
		"diri & orang lain": "c-PDOL", "Pengembangan diri dan orang lain": "c-PDOL", "orang lain": "c-PDOL",
		"kerjasama tim": "c-KJSM", "bangsa perekat": "c-PB", "menetapkan": "c-OPH", "target hasil": "c-OPH",
	} {
		require.Equal(t, want, first(query), query)
	}
	hits := x.Search("kerja", 0)
	require.Len(t, hits, 2, "in a title and in a description")
	require.Equal(t, []string{"title", "text"}, []string{hits[0].Field, hits[1].Field})
	require.Equal(t, Hit{"c-KJSM", 1, "name"}, x.Search("KERJASAMA", 0)[0])
	require.Len(t, x.Search("pe", 0), 0, "two letters are no beginning")
	require.Empty(t, x.Search("", 0))
	require.Empty(t, x.Search("…", 0))
	require.Empty(t, x.Search("zzz", 0))
	for _, h := range x.Search("kerja menetapkan orang perubahan", 0) {
		require.Greater(t, h.Score, 0.0)
		require.LessOrEqual(t, h.Score, 1.0)
	}
	id, err := x.Resolve("kerja-sama")
	require.NoError(t, err)
	require.Equal(t, CompetencyID("c-KJSM"), id)
	_, err = x.Resolve("none")
	require.ErrorIs(t, err, bangkom.Problem{Code: "unknown-competency"})
}

// Equivalent nodes count as one before circles are searched: here nothing is
// wrong with either hierarchy alone.
func TestCyclesThroughExactMatches(t *testing.T) {
	f := tree([2]string{"a", ""}, [2]string{"b", "a"}, [2]string{"c", ""}, [2]string{"d", "c"})
	f.Associations = []Association{link(ExactMatchOf, "b", "c"), link(ExactMatchOf, "a", "d")}
	ps := f.Validate()
	require.Equal(t, []string{"cycle"}, codes(ps))
	require.Equal(t, "d -> c = b -> a = d", ps[0].Value)

	f.Associations = []Association{ // the same through something in another framework
		{Type: ExactMatchOf, From: "a", To: Ref{Framework: "g", ID: "x"}},
		{Type: ExactMatchOf, From: "d", To: Ref{Framework: "g", ID: "x"}},
		link(ExactMatchOf, "b", "c"),
	}
	require.Equal(t, []string{"external-reference", "external-reference", "cycle"}, codes(f.Validate()))
	f.Associations[1].To.ID = "y"
	require.NoError(t, f.Validate().Err(), "two things elsewhere are not one")
}

func TestCyclesOfPrerequisitesAndSuccessors(t *testing.T) {
	f := tree([2]string{"a", ""}, [2]string{"b", ""}, [2]string{"c", ""})
	f.Associations = []Association{link(Precedes, "a", "b"), link(Precedes, "b", "c")}
	require.Empty(t, f.Validate())
	f.Associations = append(f.Associations, link(Requires, "a", "c")) // c before a
	ps := f.Validate()
	require.Equal(t, []string{"cycle"}, codes(ps))
	require.Equal(t, "a -> b -> c -> a", ps[0].Value)
	f.Associations = []Association{link(ReplacedBy, "a", "b"), link(ReplacedBy, "b", "a")}
	require.Equal(t, []string{"cycle"}, codes(f.Validate()))
	f.Associations = []Association{link(ReplacedBy, "a", "b")}
	f.Competencies[0].ValidFrom = day(2026, 1, 1)
	require.Empty(t, f.Validate(), "without both days there is no verdict")
	f.Competencies[1].ValidFrom = day(2025, 1, 1)
	require.Equal(t, []string{"replaced-by-older"}, codes(f.Validate()))
	f.Associations = []Association{link(ChildOf, "a", "b"), link(Precedes, "b", "a"), link(RelatedTo, "a", "b"), link(RelatedTo, "b", "a")}
	require.Equal(t, []string{"orphan"}, codes(f.Validate()), "what stands above may come first")
}

func TestAssociationsAreChecked(t *testing.T) {
	f := tree([2]string{"a", ""}, [2]string{"b", "a"})
	f.Associations = []Association{
		{ID: "1", Type: RelatedTo, From: "a", To: Ref{ID: "b"}},
		{ID: "1", Type: RelatedTo, From: "b", To: Ref{ID: "a"}}, // the other way round is not the same
		{Type: RelatedTo, From: "a", To: Ref{ID: "b"}},
		{Type: RelatedTo, From: "a", To: Ref{ID: "a"}},
		{Type: ChildOf, From: "b", To: Ref{ID: "b"}},
		{Type: RelatedTo, From: "nowhere", To: Ref{ID: "a"}},
		{Type: PartOf, From: "a", To: Ref{ID: "nowhere"}},
		{Type: Exemplar, From: "a", To: Ref{URI: "https://example.org/x"}},
		{Type: Precedes, From: "a", To: Ref{URI: "data:text/x-ref-unresolved;base64,WC4x"}},
		{From: "a", To: Ref{ID: "b"}},
		{Type: "resembles", From: "a", To: Ref{ID: "b"}, Strength: 1.5, Review: "maybe"},
		{Type: "ext:uses", From: "a", To: Ref{}},
	}
	f.Status = "frozen"
	f.Title = Text{"id_ID": "x", "en-GB": "y", "zh-Hant-TW": "z", "english language": "?", "": "?", "x-own": "ok", "a-b": "?"}
	var got [][2]string
	for _, p := range f.Validate() {
		got = append(got, [2]string{p.Code, p.Where})
	}
	require.Equal(t, [][2]string{
		{"unknown-status", "f/status"},
		{"language-tag", "f/title"}, {"language-tag", "f/title"}, {"language-tag", "f/title"},
		{"duplicate-id", "f/associations[1]/id"},
		{"duplicate-association", "f/associations[2]"},
		{"self-association", "f/associations[3]"},
		{"dangling-reference", "f/associations[5]/from"},
		{"dangling-reference", "f/associations[6]/to"},
		{"external-reference", "f/associations[7]/to"},
		{"unresolved-reference", "f/associations[8]/to"},
		{"empty-type", "f/associations[9]/type"},
		{"unknown-relation", "f/associations[10]/type"},
		{"strength-out-of-range", "f/associations[10]/strength"},
		{"unknown-review", "f/associations[10]/review"},
		{"dangling-reference", "f/associations[11]/to"},
		{"cycle", "f/associations[4]"},
	}, got)
	require.Equal(t, "X.1", f.Validate()[10].Value, "the code itself")
}

func TestUUIDsAreComparedWithoutCase(t *testing.T) {
	const id = "0b4f3f4c-1d2e-4a5b-8c6d-7e8f9a0b1c2d"
	f := tree([2]string{id, ""}, [2]string{"0B4F3F4C-1D2E-4A5B-8C6D-7E8F9A0B1C2D", ""}, [2]string{"a", id})
	f.Competencies[1].Code, f.Competencies[1].Title = "x", Text{"en": "x"}
	f.Associations = []Association{{ID: id, Type: PeerOf, From: "a", To: Ref{ID: id}}}
	ps := f.Validate()
	require.Equal(t, []string{"duplicate-id", "duplicate-id", "orphan", "ambiguous-name"}, codes(ps))
}

func TestLevelsOfACompetencyAreChecked(t *testing.T) {
	f := nine()
	c := &f.Competencies[0]
	c.Levels = []Descriptor{{Level: 1, Description: Text{"id": "Sama."}}, {Level: 3, Description: Text{"id": "sama"}}, {Level: 4}, {Level: 5}}
	require.Equal(t, []string{"repeated-level-text"}, codes(f.Validate()), "sparse is no fault")
	c.Dense = true
	require.Equal(t, []string{"repeated-level-text", "levels-not-dense"}, codes(f.Validate()))
	c.ValidFrom, c.ValidUntil = day(2026, 1, 2), day(2026, 1, 1)
	require.ErrorIs(t, f.Validate().Err(), bangkom.Problem{Code: "validity-inverted"})
}

// A chain as deep as a package may be does not recurse; a flood of problems stays small.
func TestDeepAndBroken(t *testing.T) {
	const n = 100_000
	f := &Framework{ID: "f"}
	for i := range n {
		f.Competencies = append(f.Competencies, Competency{ID: CompetencyID(fmt.Sprint(i)), Parent: CompetencyID(fmt.Sprint(max(0, i-1))), Title: Text{"en": fmt.Sprint(i)}})
	}
	f.Competencies[0].Parent = ""
	require.Empty(t, f.Validate())
	require.Equal(t, n, f.Index().Depth())
	require.Len(t, f.Index().Ancestors(CompetencyID(fmt.Sprint(n-1))), n-1)
	f.Competencies[0].Parent = f.Competencies[n-1].ID
	ps := f.Validate()
	require.Equal(t, []string{"cycle"}, codes(ps))
	require.Less(t, len(ps[0].Value), 1000)
	for i := range f.Competencies {
		f.Competencies[i].Parent = "nowhere"
	}
	ps = f.Validate()
	require.Len(t, ps, 1001)
	require.Equal(t, "99000", ps[1000].Value)
}

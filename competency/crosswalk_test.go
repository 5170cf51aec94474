package competency_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	. "github.com/bangkom/bangkom/competency"
)

func across(t Relation, from, to CompetencyID, strength float64, review Review) Association {
	return Association{Type: t, From: from, To: Ref{ID: to}, Strength: strength, Review: review}
}

// Every two relations in a row: exact after exact is exact, anything weaker degrades.
func TestComposition(t *testing.T) {
	all := []Relation{ExactMatchOf, TranslationOf, PartOf, HasPart, ReplacedBy, PeerOf, RelatedTo, "ext:other"}
	for _, r := range all {
		for _, s := range all {
			x := &Crosswalk{Links: []Association{across(r, "a", "b", 0.9, Accepted)}}
			y := &Crosswalk{Links: []Association{across(s, "b", "c", 0.5, Accepted)}}
			z, ps := x.Compose(y)
			want := RelatedTo
			switch {
			case r == ExactMatchOf:
				want = s
			case s == ExactMatchOf, r == s && (r == PartOf || r == HasPart || r == ReplacedBy):
				want = r
			case r == RelatedTo && s == RelatedTo:
				require.Empty(t, z.Links)
				require.Equal(t, []string{"no-link-follows"}, codes(ps))
				continue
			}
			require.Empty(t, ps)
			require.Len(t, z.Links, 1)
			got := z.Links[0]
			require.Equal(t, want, got.Type, "%s then %s", r, s)
			require.InDelta(t, 0.45, got.Strength, 1e-12)
			require.Equal(t, want == ExactMatchOf, got.Review == Accepted)
			if got.CarriesLevel() {
				require.Contains(t, []Relation{ExactMatchOf, TranslationOf}, got.Type)
				require.True(t, r == ExactMatchOf || s == ExactMatchOf, "a level travelled over %s then %s", r, s)
			}
		}
	}
}

func TestCompositionTakesTheStrongestWay(t *testing.T) {
	x := &Crosswalk{From: Edition{"A", "1"}, To: Edition{"B", "1"}, Links: []Association{
		across(RelatedTo, "a", "b1", 0.9, ""), across(ExactMatchOf, "a", "b2", 0, ""), across(ExactMatchOf, "a", "b3", 1, Rejected), across(PeerOf, "a2", "b2", 0, ""),
	}}
	y := &Crosswalk{From: Edition{"B", "2"}, To: Edition{"C", "1"}, Links: []Association{
		across(ExactMatchOf, "b1", "c", 0.9, ""), across(PartOf, "b2", "c", 0.4, ""), across(ExactMatchOf, "b3", "c", 1, ""),
	}}
	x.Links[1].Date, y.Links[1].Date = day(2026, 1, 1), day(2025, 1, 1)
	z, ps := x.Compose(y)
	require.Equal(t, []string{"edition-mismatch"}, codes(ps))
	require.NoError(t, ps.Err())
	require.Equal(t, &Crosswalk{From: Edition{"A", "1"}, To: Edition{"C", "1"}, Links: []Association{
		{Type: PartOf, From: "a", To: Ref{ID: "c"}, Strength: 0.4, Review: Proposed, Date: day(2026, 1, 1), Note: "via b2"},
		{Type: RelatedTo, From: "a2", To: Ref{ID: "c"}, Review: Proposed, Date: day(2025, 1, 1), Note: "via b2"},
	}}, z)

	back, ps := x.Reverse()
	require.Empty(t, ps)
	again, _ := back.Reverse()
	require.Equal(t, PeerOf, back.Links[3].Type)
	require.Equal(t, x.Links[0].From, again.Links[0].From)
	back, ps = (&Crosswalk{Links: []Association{across(PartOf, "a", "b", 0.5, Accepted), across(ReplacedBy, "a", "c", 0, "")}}).Reverse()
	require.Equal(t, []string{"degraded"}, codes(ps))
	require.Equal(t, []Relation{HasPart, RelatedTo}, []Relation{back.Links[0].Type, back.Links[1].Type})

	data, err := json.Marshal(x)
	require.NoError(t, err)
	var read Crosswalk
	require.NoError(t, json.Unmarshal(data, &read))
	require.Equal(t, x, &read)
}

func TestCrosswalkIsChecked(t *testing.T) {
	a := &Framework{ID: "A", Competencies: []Competency{{ID: "x", Parent: "y"}, {ID: "y"}, {ID: "z"}}}
	b := &Framework{ID: "B", Competencies: []Competency{{ID: "x"}, {ID: "y", Parent: "x"}, {ID: "z"}}}
	x := &Crosswalk{From: Edition{Framework: "A"}, To: Edition{Framework: "B"}, Links: []Association{
		across(ExactMatchOf, "x", "x", 0, Accepted), across(ExactMatchOf, "y", "y", 0, Accepted),
	}}
	ps := x.Validate(a, b)
	require.Equal(t, []string{"cycle"}, codes(ps), "each framework is a tree; the two together are none")
	require.Equal(t, "from/x -> from/y = to/y -> to/x = from/x", ps[0].Value)
	x.Links[0].Review = Rejected
	require.Empty(t, x.Validate(a, b))

	x.Links = []Association{
		across(PartOf, "x", "y", 0, ""), across(HasPart, "x", "y", 0, Proposed), // each a part of the other
		across(RelatedTo, "nobody", "y", 2, ""), across("odd", "z", "nowhere", 0, ""), across(RelatedTo, "z", "z", 0, Accepted), across(RelatedTo, "z", "z", 0, Accepted),
		across(ExactMatchOf, "z", "x", 0, Accepted), across(ExactMatchOf, "z", "z", 0, Accepted),
	}
	x.To.Version = "7"
	require.ElementsMatch(t, []string{"edition-mismatch", "strength-out-of-range", "dangling-reference", "unknown-relation", "dangling-reference", "duplicate-association", "several-matches", "no-review", "cycle"}, codes(x.Validate(a, b)))
	require.ErrorIs(t, x.Validate(nil, nil).Err(), bangkom.Problem{Code: "dangling-reference"})
}

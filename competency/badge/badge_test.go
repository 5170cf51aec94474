package badge_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/competency/badge"
)

func framework() *competency.Framework {
	text := func(s string) competency.Text { return competency.Text{"id": s, "en": s + " (en)"} }
	return &competency.Framework{
		ID: "f", Version: "2026", Title: text("Kamus"),
		Scales: []competency.Scale{{ID: "s", Levels: []competency.Descriptor{{Level: 1, Title: text("Dasar")}, {Level: 2, Title: text("Menengah")}, {Level: 3, Title: text("Mahir")}}}},
		Competencies: []competency.Competency{
			{ID: "data", Code: "DATA", URI: "https://example.org/data", Title: text("Analisis Data"), Levels: []competency.Descriptor{{Level: 1}, {Level: 3, Description: text("menarik kesimpulan"), Indicators: []competency.Indicator{{ID: "i"}}}}},
			{ID: "team work", Title: text("Kerja Sama")},
		},
	}
}

// explained is what the ratings of one person say.
func explained(t *testing.T, c competency.CompetencyID, ratings ...competency.Rating) competency.Explanation {
	t.Helper()
	w, ps := competency.NewWorkforce(framework(), nil, nil, []competency.Person{{ID: "p"}})
	require.NoError(t, ps.Err())
	p, ps := competency.Assess(w, ratings, bangkom.MustDate(2026, 6, 1), competency.Rule{ID: "r", ValidFor: 3})
	require.NoError(t, ps.Err())
	return p.Explain(ratings, "p", c)
}

func TestFragments(t *testing.T) {
	x := explained(t, "data",
		competency.Rating{Person: "p", Competency: "data", Level: 3, Date: bangkom.MustDate(2026, 1, 2), Rater: "secret", Source: competency.ByTest, Kind: competency.Tested, Ref: "https://example.org/test/7"},
		competency.Rating{Person: "p", Competency: "data", Level: 1, Date: bangkom.MustDate(2020, 1, 2)})
	var b bytes.Buffer
	losses, err := badge.Write(&b, framework(), x, &competency.Requirement{Competency: "data", Level: 3, Weight: 1}, &badge.Options{Language: "id", Location: time.FixedZone("WIB", 7*3600)})
	require.NoError(t, err)
	var lost []string
	for _, p := range losses {
		lost = append(lost, p.Code+" "+p.Where)
	}
	require.Equal(t, []string{"lost competency in other languages", "lost evidence that did not count", "lost indicators", "lost requirement.weight, criticality, n, se"}, lost)
	require.NotContains(t, b.String(), "secret")

	var f badge.Fragments
	require.NoError(t, json.Unmarshal(b.Bytes(), &f))
	a := badge.Alignment{Type: []string{"Alignment"}, TargetName: "Analisis Data", TargetURL: "https://example.org/data", TargetCode: "DATA", TargetFramework: "Kamus", TargetType: "CFItem"}
	require.Equal(t, []badge.Alignment{a}, f.Achievement.Alignment)
	d := f.Achievement.ResultDescription[0]
	require.Equal(t, []string{"Dasar", "Mahir"}, []string{d.Levels[0].Name, d.Levels[1].Name}, "the levels that the competency has, the lowest first")
	require.Equal(t, "menarik kesimpulan", d.Levels[1].Description)
	require.Equal(t, d.Levels[1].ID, d.RequiredLevel)
	require.Equal(t, []badge.Result{{Type: []string{"Result"}, ResultDescription: d.ID, AchievedLevel: d.Levels[1].ID, Value: "Mahir", Alignment: []badge.Alignment{a}}}, f.Subject.Result)
	require.Equal(t, []badge.Evidence{{ID: "https://example.org/test/7", Type: []string{"Evidence"}, Name: "test", Genre: "test"}}, f.Evidence)
	require.Equal(t, []string{"2026-01-02T00:00:00+07:00", "2029-01-02T23:59:59+07:00"}, []string{f.ValidFrom, f.ValidUntil})
	required(t, b.Bytes())

	var again bytes.Buffer
	_, err = badge.Write(&again, framework(), x, &competency.Requirement{Competency: "data", Level: 3, Weight: 1}, &badge.Options{Language: "id", Location: time.FixedZone("WIB", 7*3600)})
	require.NoError(t, err)
	require.Equal(t, b.String(), again.String())
}

// Of the highest level only what shows it is evidence, and only its end is the badge's.
func TestHighestLastsAsLongAsWhatShowsIt(t *testing.T) {
	w, ps := competency.NewWorkforce(framework(), nil, nil, []competency.Person{{ID: "p"}})
	require.NoError(t, ps.Err())
	rating := func(l competency.Level, until bangkom.Date, ref string) competency.Rating {
		return competency.Rating{Person: "p", Competency: "team work", Level: l, Date: bangkom.MustDate(2026, 1, 2), ValidUntil: until, Ref: ref}
	}
	ratings := []competency.Rating{rating(3, bangkom.MustDate(2027, 6, 14), "C-2"), rating(2, bangkom.MustDate(2027, 3, 1), "T-1"), rating(3, bangkom.MustDate(2026, 12, 31), "C-1")}
	p, ps := competency.Assess(w, ratings, bangkom.MustDate(2026, 6, 1), competency.Rule{ID: "hi", Aggregation: competency.Highest})
	require.Empty(t, ps.Only(bangkom.Error))
	f, losses, err := badge.Make(framework(), p.Explain(ratings, "p", "team work"), nil, &badge.Options{Base: "https://example.org/"})
	require.NoError(t, err)
	require.Equal(t, "2027-06-14T23:59:59Z", f.ValidUntil)
	require.Len(t, f.Evidence, 2)
	require.ElementsMatch(t, []string{"C-1", "C-2"}, []string{f.Evidence[0].Narrative, f.Evidence[1].Narrative})
	require.Contains(t, losses, bangkom.Problem{Code: "lost", Severity: bangkom.Warning, Where: "evidence that does not show the level", Value: "1", Msg: "a badge has no place for it; it was left out"})
}

// required checks the fields that Open Badges 3.0 asks for in each class, and
// the words that it allows.
func required(t *testing.T, data []byte) {
	t.Helper()
	must := map[string][]string{
		"Alignment": {"targetName", "targetUrl"}, "ResultDescription": {"id", "name", "resultType"}, "RubricCriterionLevel": {"id", "name"}, "Result": {}, "Evidence": {},
	}
	var walk func(v any)
	seen := map[string]bool{}
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				walk(e)
			}
		case map[string]any:
			if types, ok := v["type"].([]any); ok {
				class := fmt.Sprint(types[0])
				fields, known := must[class]
				require.True(t, known, class)
				seen[class] = true
				for _, f := range fields {
					require.NotEmpty(t, v[f], "%s.%s", class, f)
				}
			}
			if s, ok := v["targetType"]; ok {
				require.Contains(t, []string{"ceasn:Competency", "ceterms:Credential", "CFItem", "CFRubric", "CFRubricCriterion", "CFRubricCriterionLevel", "CTDL"}, s)
			}
			if s, ok := v["resultType"]; ok {
				require.Equal(t, "RubricCriterionLevel", s)
			}
			for _, e := range v {
				walk(e)
			}
		}
	}
	var v any
	require.NoError(t, json.Unmarshal(data, &v))
	walk(v)
	require.True(t, seen["Alignment"])
}

// Who was not assessed has no result, and above all has not failed.
func TestUnknownIsNoResult(t *testing.T) {
	for state, x := range map[competency.State]competency.Explanation{
		competency.NotAssessed: explained(t, "data"),
		competency.Expired:     explained(t, "data", competency.Rating{Person: "p", Competency: "data", Level: 1, Date: bangkom.MustDate(2020, 1, 2)}),
	} {
		require.Equal(t, state, x.Attained.State)
		f, losses, err := badge.Make(framework(), x, nil, nil)
		require.NoError(t, err)
		require.Nil(t, f.Subject.Result)
		require.Empty(t, f.ValidUntil)
		require.True(t, losses.Has("no-result"))
		require.Equal(t, "Analisis Data (en)", f.Achievement.Alignment[0].TargetName)
	}
}

func TestBelowTheRequirement(t *testing.T) {
	x := explained(t, "data", competency.Rating{Person: "p", Competency: "data", Level: 1, Date: bangkom.MustDate(2026, 1, 2)})
	f, losses, err := badge.Make(framework(), x, &competency.Requirement{Competency: "data", Level: 3}, nil)
	require.NoError(t, err)
	require.Len(t, f.Subject.Result, 1)
	require.True(t, losses.Has("below-required"))
}

func TestWhatCannotBeABadge(t *testing.T) {
	good := explained(t, "data")
	f := framework()
	other := good
	other.Competency = "x"
	_, _, err := badge.Make(f, other, nil, nil)
	require.ErrorIs(t, err, bangkom.Problem{Code: "unknown-competency"})
	other.Competency = "team work"
	_, _, err = badge.Make(f, other, nil, nil)
	require.ErrorIs(t, err, bangkom.Problem{Code: "missing-field"})
	made, _, err := badge.Make(f, other, nil, &badge.Options{Base: "https://example.org/c/"})
	require.NoError(t, err)
	require.Equal(t, "https://example.org/c/team%20work", made.Achievement.Alignment[0].TargetURL)
	_, _, err = badge.Make(f, good, &competency.Requirement{Competency: "data", Level: 2}, nil)
	require.ErrorIs(t, err, bangkom.Problem{Code: "level-off-scale"}, "the competency has no level 2")
	_, _, err = badge.Make(f, good, &competency.Requirement{Competency: "team work", Level: 2}, nil)
	require.ErrorIs(t, err, bangkom.ErrOption)
	off := good
	off.Attained = competency.Attained{State: competency.Assessed, Level: 2, N: 1}
	_, _, err = badge.Make(f, off, nil, nil)
	require.ErrorIs(t, err, bangkom.Problem{Code: "level-off-scale"})
	f.Scales = nil
	_, _, err = badge.Make(f, good, nil, nil)
	require.ErrorIs(t, err, bangkom.Problem{Code: "no-levels"})
}

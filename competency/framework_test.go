package competency_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	. "github.com/bangkom/bangkom/competency"
)

// D10: every accepted spelling of all nine, and no name dropped silently.
func TestD10ResolveEverySpelling(t *testing.T) {
	f := nine()
	for want, names := range map[CompetencyID][]string{
		"c-INT":  {"c-INT", "INT", "int", "Integritas", "INTEGRITAS", " integrity "},
		"c-KJSM": {"KJSM", "Kerja Sama", "Kerjasama", "Kerja sama", "KERJA  SAMA", "kerja-sama", "Teamwork", "Kerjasama Tim"},
		"c-KOM":  {"KOM", "Komunikasi"},
		"c-OPH":  {"OPH", "Orientasi pada Hasil", "Orientasi Pada Hasil", "ORIENTASI PADA HASIL"},
		"c-PP":   {"PP", "Pelayanan Publik"},
		"c-PDOL": {"PDOL", "Pengembangan Diri dan Orang Lain", "Pengembangan Diri & Orang Lain", "PENGEMBANGAN DIRI&ORANG LAIN"},
		"c-MP":   {"MP", "Mengelola Perubahan"},
		"c-PK":   {"PK", "Pengambilan Keputusan"},
		"c-PB":   {"PB", "Perekat Bangsa", "Perekat bangsa"},
	} {
		for _, name := range names {
			got, err := f.Resolve(name)
			require.NoError(t, err, name)
			require.Equal(t, want, got, name)
		}
	}
	for _, name := range []string{"", " ", "…", "Integritas Tinggi", "X"} {
		_, err := f.Resolve(name)
		require.ErrorIs(t, err, bangkom.Problem{Code: "unknown-competency"}, name)
	}
}

func TestResolveRefusesToGuess(t *testing.T) {
	f := nine()
	f.Competencies[0].Also = []string{"Etika"}
	f.Competencies[1].Also = []string{"ETIKA", "c-int"}
	_, err := f.Resolve("etika")
	require.ErrorIs(t, err, bangkom.Problem{Code: "ambiguous-name"})
	require.ErrorContains(t, err, "c-INT, c-KJSM")
	got, err := f.Resolve("c-INT")
	require.NoError(t, err)
	require.Equal(t, CompetencyID("c-INT"), got, "an id as it stands is never ambiguous")
	ps := f.Validate()
	require.Equal(t, []string{"ambiguous-name"}, codes(ps), "each pair is reported once")
	require.NoError(t, ps.Err())
}

func TestValidFrameworkHasNoProblems(t *testing.T) {
	require.Empty(t, nine().Validate())
}

func TestValidateReportsEverything(t *testing.T) {
	f := &Framework{
		ID: "f", ValidFrom: day(2026, 1, 2), ValidUntil: day(2026, 1, 1),
		Scales: []Scale{
			{ID: "s", Levels: []Descriptor{{Level: 1}, {Level: 3}, {Level: 3}}},
			{ID: "s", Levels: levels(0, 1)},
			{},
		},
		Competencies: []Competency{
			{ID: "a", Code: "A", Title: Text{"id": "A"}, Scale: "s", Parent: "b", Levels: []Descriptor{{Level: 3}, {Level: 2}}},
			{ID: "b", Code: "A", Title: Text{"id": "B"}, Scale: "s", Parent: "c"},
			{ID: "c", Title: Text{"id": ""}, Scale: "t", Parent: "a"},
			{ID: "a", Title: Text{"id": "D"}, Scale: "s", Parent: "nowhere"},
			{Title: Text{"id": "E"}},
		},
	}
	var got [][2]string
	for _, p := range f.Validate() {
		got = append(got, [2]string{p.Code, p.Where})
	}
	require.Equal(t, [][2]string{
		{"validity-inverted", "f/valid_until"},
		{"levels-not-ascending", "f/scales[0]/levels[2]"},
		{"duplicate-id", "f/scales[1]/id"},
		{"empty-id", "f/scales[2]/id"},
		{"no-levels", "f/scales[2]"},
		{"levels-not-ascending", "f/competencies[0]/levels[1]"},
		{"level-off-scale", "f/competencies[0]/levels[1]"},
		{"duplicate-code", "f/competencies[1]/code"},
		{"no-code", "f/competencies[2]/code"},
		{"no-title", "f/competencies[2]/title"},
		{"dangling-reference", "f/competencies[2]/scale"},
		{"duplicate-id", "f/competencies[3]/id"},
		{"no-code", "f/competencies[3]/code"},
		{"dangling-reference", "f/competencies[3]/parent"},
		{"empty-id", "f/competencies[4]/id"},
		{"no-code", "f/competencies[4]/code"},
		{"dangling-reference", "f/competencies[4]/scale"},
		{"cycle", "f/competencies[0]/parent"},
		{"orphan", "f/competencies[4]"},
		{"ambiguous-name", "f/competencies"},
	}, got)
	require.Equal(t, "a -> b -> c -> a", f.Validate()[17].Value)
	require.Equal(t, CompetencyID("c"), f.Competencies[1].Parent, "nothing is changed")
	require.Equal(t, []string{"empty-id"}, codes((&Framework{}).Validate()))
}

func TestScaleOfACompetency(t *testing.T) {
	f := nine()
	f.Competencies[0].Scale = ""
	s, ok := f.ScaleOf("c-INT")
	require.True(t, ok, "the only scale of the framework")
	require.True(t, s.Has(5))
	require.False(t, s.Has(6))
	f.Scales = append(f.Scales, Scale{ID: "legacy", Levels: levels(0, 6)})
	_, ok = f.ScaleOf("c-INT")
	require.False(t, ok, "there is no only scale any more")
	_, ok = f.ScaleOf("none")
	require.False(t, ok)
	_, ok = f.Competency("")
	require.False(t, ok)
}

func TestLegacyScaleFromZero(t *testing.T) {
	f := &Framework{ID: "old", Scales: []Scale{{ID: "0-6", Levels: levels(0, 6)}}, Competencies: []Competency{{ID: "x"}}}
	w, ps := NewWorkforce(f, []Position{{ID: "j", Requirements: []Requirement{{Competency: "x", Level: 0, Weight: 1}}}}, nil, []Person{{ID: "1", Position: "j"}})
	require.Empty(t, ps)
	p, ps := Assess(w, nil, day(2026, 1, 1), Rule{})
	require.Empty(t, ps)
	require.Equal(t, NotAssessed, PersonGaps(p, 0, Held)[0].State, "no rating is not level 0")
	p, _ = Assess(w, []Rating{{Person: "1", Competency: "x", Level: 0}}, day(2026, 1, 1), Rule{})
	require.Equal(t, Met, PersonGaps(p, 0, Held)[0].State)
}

func TestTextInALanguage(t *testing.T) {
	x := Text{"id": "Kerja Sama", "en": "Teamwork", "": "?"}
	require.Equal(t, "Teamwork", x.In("en"))
	require.Equal(t, "Teamwork", x.In("en-GB"))
	require.Equal(t, "Kerja Sama", x.In("id_ID"))
	require.Equal(t, "?", x.In("fr"), "the first tag there is")
	require.Empty(t, Text(nil).In("id"))
}

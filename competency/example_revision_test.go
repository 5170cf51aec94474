package competency_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom/competency"
)

// A competency that becomes two is kept with its end and what takes its place.
func ExamplePlanMigration_split() {
	read := func(version, competencies string) *competency.Framework {
		f, problems := competency.ReadFramework(strings.NewReader(`{"schema": "bangkom.framework/1", "id": "kamus", "version": "`+version+`",
			"title": {"id": "Kamus"}, "scales": [{"id": "skala", "levels": [{"level": 1}, {"level": 2}]}], `+competencies+`}`), "kamus.json")
		problems = append(problems, f.Validate()...)
		if err := problems.Err(); err != nil {
			fmt.Println(err)
		}
		return f
	}
	old := read("2026", `"competencies": [{"id": "ANA", "title": {"id": "Analisis"}}]`)
	next := read("2027", `"competencies": [
		{"id": "ANA", "title": {"id": "Analisis"}, "valid_until": "2026-12-31"},
		{"id": "ANA-D", "title": {"id": "Analisis Data"}}, {"id": "ANA-I", "title": {"id": "Analisis Isu"}}],
		"associations": [
		{"type": "replacedBy", "from": "ANA", "to": {"id": "ANA-D"}}, {"type": "replacedBy", "from": "ANA", "to": {"id": "ANA-I"}}]`)
	for _, m := range competency.PlanMigration(old, next, nil).Moves {
		fmt.Println(m.Action(), m.From, m.To, m.By, m.Decision.Review)
	}
	// Output:
	// split [ANA] [ANA-D ANA-I] replacedBy proposed
}

// What each writer of CASE numbers anew is no change of a level; another field
// says which level it is of.
func TestDiffOfLevelsInOtherFormats(t *testing.T) {
	made := func(identifier, mark string, titles ...string) *competency.Framework {
		f := edition("1", 2, "Integritas")
		for k := range f.Scales[0].Levels {
			d := &f.Scales[0].Levels[k]
			d.Title = competency.Text{"id": titles[k]}
			d.Extra = competency.Extra{"case:identifier": json.RawMessage(`"` + identifier + `"`), "case:mark": json.RawMessage(mark)}
		}
		return f
	}
	c := competency.Diff(made("a", "1", "Dasar", "Mahir"), made("b", "2", "Dasar", "Ahli"), nil)
	var fields []string
	for _, f := range c.Scales[0].Fields {
		fields = append(fields, f.Field)
	}
	require.Equal(t, []string{"levels/1/extra/case:mark", "levels/2/title/id", "levels/2/extra/case:mark"}, fields)
}

// A title is no formula in a reviewer's spreadsheet.
func TestTablesWithoutFormulas(t *testing.T) {
	f := edition("1", 2, "=HYPERLINK(1)")
	var b strings.Builder
	require.NoError(t, competency.PlanMigration(f, f, nil).WriteCSV(&b, f, f))
	require.Contains(t, b.String(), ",'=HYPERLINK(1),")
	require.NotContains(t, b.String(), ",=")
	losses, err := f.WriteCompetencies(&b)
	require.NoError(t, err)
	require.True(t, losses.Has("formula"))
}

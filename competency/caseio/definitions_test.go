package caseio_test

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom/competency/caseio"
)

// Where others answer that they hold no rubrics, concepts, subjects and licences,
// all kinds of definitions come back as they were, and so do rubrics.
func TestEveryKindOfDefinitionSurvives(t *testing.T) {
	id := func(n string) string { return "0b7a7e0e-52c6-4d5c-8a55-5f2f1f6e000" + n }
	definitions := `, "CFDefinitions": {
		"CFConcepts": [` + item(id("1"), `"title": "Konsep", "hierarchyCode": "1", "keywords": "a, b", "description": "d"`) + `],
		"CFSubjects": [` + item(id("2"), `"title": "Bidang", "hierarchyCode": "1.1", "description": "d"`) + `],
		"CFLicenses": [` + item(id("3"), `"title": "CC BY 4.0", "licenseText": "teks", "description": "d"`) + `],
		"CFItemTypes": [` + item(id("4"), `"title": "Kompetensi", "hierarchyCode": "1", "typeCode": "K", "description": "d"`) + `],
		"CFAssociationGroupings": [` + item(id("5"), `"title": "Peta", "description": "d"`) + `]},
	"CFRubrics": [` + rubric(itemA, 1, 2, 3) + `]`
	in := pack(item(itemA, `"fullStatement": "A", "conceptKeywords": ["a"], "subject": ["Bidang"], "licenseURI": {"title": "CC BY 4.0", "identifier": "`+id("3")+`", "uri": "https://example.org/`+id("3")+`"}`)+","+item(itemB, `"fullStatement": "B"`),
		link(1, "isRelatedTo", itemB, itemA, `, "CFAssociationGroupingURI": {"title": "Peta", "identifier": "`+id("5")+`", "uri": "https://example.org/`+id("5")+`"}`), definitions)
	f, ps := read(t, []byte(in))
	require.NoError(t, ps.Err())
	out, losses := write(t, f, &caseio.Options{KeepIDs: true})
	require.Empty(t, losses)
	// What a criterion and a level belong to is said by their places; it is written out too.
	said := regexp.MustCompile(`"rubric(Criterion)?Id":"[^"]*",?`)
	require.JSONEq(t, plain(t, []byte(in)), said.ReplaceAllString(plain(t, out), ""))
}

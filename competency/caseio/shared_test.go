package caseio_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/competency/caseio"
	"github.com/bangkom/bangkom/internal/ref"
)

// The packages of other systems, in ../shared/data.
const (
	openSALT = "opensalt/opensalt-framework-20c5134f-423d-4097-a971-3dd5152bf507.json"
	ordering = "opensalt/Ordering.json"
	utf8Test = "opensalt/Utf8TestFramework.json"
	openCASE = "compeito/opencase_round_trip_baseline.json"
)

func load(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(ref.Shared(t, "data", name))
	require.NoError(t, err)
	return data
}

func read(t testing.TB, data []byte) (*competency.Framework, bangkom.Problems) {
	t.Helper()
	return caseio.Read(bytes.NewReader(data), "package.json", nil)
}

func write(t testing.TB, f *competency.Framework, o *caseio.Options) ([]byte, bangkom.Problems) {
	t.Helper()
	var b bytes.Buffer
	losses, err := caseio.Write(&b, f, o)
	require.NoError(t, err)
	return b.Bytes(), losses
}

// count counts problems by severity and code: "warning no-zone".
func count(ps bangkom.Problems) map[string]int {
	m := map[string]int{}
	for _, p := range ps {
		m[p.Severity.String()+" "+p.Code]++
	}
	return m
}

func TestOpenSALTSample(t *testing.T) {
	f, ps := read(t, load(t, openSALT))
	require.NoError(t, ps.Err())
	require.Len(t, f.Competencies, 16)
	require.Len(t, f.Associations, 39)
	require.Equal(t, map[string]int{
		"warning misnamed-field": 16, "warning text-for-list": 16, // educationalLevel, a text
		"warning no-zone": 59, "warning number-as-text": 2, // sequenceNumber
		"warning missing-field": 3, // descriptions of item types
		"note not-in-package":   4,
	}, count(ps))

	types, far, targets := map[competency.Relation]int{}, map[competency.Relation]int{}, map[competency.CompetencyID]bool{}
	for _, a := range f.Associations {
		types[a.Type]++
		if _, here := f.Competency(a.To.ID); !here && string(a.To.ID) != string(f.ID) {
			far[a.Type]++
			targets[a.To.ID] = true
			require.NotEmpty(t, a.To.URI)
		}
	}
	require.Equal(t, map[competency.Relation]int{"exactMatchOf": 16, "isChildOf": 16, "precedes": 3, "exemplar": 2, "isRelatedTo": 2}, types)
	require.Equal(t, map[competency.Relation]int{"exactMatchOf": 16, "exemplar": 2, "isRelatedTo": 2, "precedes": 1}, far)
	require.Len(t, targets, 20)
	roots, depth := shape(f)
	require.Equal(t, []int{2, 3}, []int{len(roots), depth})

	found := f.Validate()
	require.NoError(t, found.Err())
	external := 0
	for _, p := range found {
		if p.Code == "external-reference" {
			external++
		}
	}
	require.Equal(t, 21, external)
}

// shape returns the roots of a tree of parents and its depth.
func shape(f *competency.Framework) (roots []competency.CompetencyID, depth int) {
	level := map[competency.CompetencyID]int{}
	for _, c := range f.Competencies { // each comes after its parent
		if c.Parent == "" {
			roots = append(roots, c.ID)
		}
		level[c.ID] = level[c.Parent] + 1
		depth = max(depth, level[c.ID])
	}
	return roots, depth
}

func TestOrderWithoutSequenceNumbers(t *testing.T) {
	data := load(t, ordering)
	f, ps := read(t, data)
	require.NoError(t, ps.Err())
	require.Len(t, f.Competencies, 28)
	roots, depth := shape(f)
	require.Equal(t, []int{1, 5}, []int{len(roots), depth})
	order := codes(f)
	// Naturally: in each part of a code, 2 stands before 10.
	siblings := map[competency.CompetencyID][]string{}
	for _, c := range f.Competencies {
		siblings[c.Parent] = append(siblings[c.Parent], c.Code)
	}
	require.Greater(t, len(siblings), 4)
	for _, of := range siblings {
		require.True(t, slices.IsSortedFunc(of, natural), "%v", of)
	}
	// The order does not depend on that of the file.
	var p map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(data, &p))
	for _, list := range []string{"CFItems", "CFAssociations"} {
		var all []json.RawMessage
		require.NoError(t, json.Unmarshal(p[list], &all))
		slices.Reverse(all)
		p[list], _ = json.Marshal(all)
	}
	data, err := json.Marshal(p)
	require.NoError(t, err)
	f, _ = read(t, data)
	require.Equal(t, order, codes(f))
}

// natural compares codes as people sort them, by another way than the reader's.
func natural(a, b string) int {
	digits := regexp.MustCompile(`[0-9]+`)
	pad := func(s string) string {
		return digits.ReplaceAllStringFunc(s, func(n string) string { return fmt.Sprintf("%020s", n) })
	}
	return strings.Compare(pad(a), pad(b))
}

func TestNaturalOrderOfCodes(t *testing.T) {
	var items []string
	for i, code := range []string{"L1.10", "L1.2", "L10", "L2", "L1.1"} {
		items = append(items, item(fmt.Sprintf("0b7a7e0e-52c6-4d5c-8a55-%012d", i), `"fullStatement": "A", "humanCodingScheme": "`+code+`"`))
	}
	for range 2 {
		f, _ := read(t, []byte(pack(strings.Join(items, ","), "", "")))
		require.Equal(t, []string{"L1.1", "L1.2", "L1.10", "L2", "L10"}, codes(f))
		slices.Reverse(items)
	}
}

func codes(f *competency.Framework) []string {
	var all []string
	for _, c := range f.Competencies {
		all = append(all, c.Code)
	}
	return all
}

func TestNonBMPText(t *testing.T) {
	f, ps := read(t, load(t, utf8Test))
	require.Equal(t, map[string]int{"warning identifier-not-uuid": 3}, count(ps))
	require.Contains(t, f.Title.In(""), "\U0001d451")
	require.Contains(t, f.Competencies[0].Title.In(""), "\U0001d451")
	data, _ := write(t, f, nil)
	again, _ := read(t, data)
	require.Equal(t, f.Competencies, again.Competencies)
	require.Equal(t, f.Title, again.Title)

	var tables bytes.Buffer
	_, err := f.WriteCompetencies(&tables)
	require.NoError(t, err)
	list, ps := competency.ReadCompetencies(&tables, "x.csv", "")
	require.NoError(t, ps.Err())
	require.Contains(t, list[0].Title.In(""), "\U0001d451")
}

func TestOpenCASEBaseline(t *testing.T) {
	data := load(t, openCASE)
	f, ps := read(t, data)
	require.NoError(t, ps.Err())
	require.Equal(t, 201, bytes.Count(data, []byte(": null")))
	require.Equal(t, map[string]int{
		"warning identifier-not-uuid": 73, "warning legacy-status": 1,
		"warning missing-field": 13, // 5 item types without description and code, 3 subjects without code
		"note not-in-package":   2,
	}, count(ps))
	require.Len(t, f.Competencies, 36)
	require.Len(t, f.Associations, 36)
	require.Equal(t, competency.InForce, f.Status)
	roots, depth := shape(f)
	require.Equal(t, []int{5, 3}, []int{len(roots), depth})
	require.Len(t, f.Scales, 2)
	criteria, levels, weights := 0, 0, map[competency.ScaleID]float64{}
	for _, c := range f.Competencies {
		if c.Levels == nil {
			continue
		}
		criteria++
		levels += len(c.Levels)
		for i, d := range c.Levels { // position is null on all: the score is the order
			require.EqualValues(t, i+1, d.Level)
		}
		var own struct {
			Weight float64 `json:"case:weight"`
		}
		require.NoError(t, json.Unmarshal(c.Extra["case:CFRubricCriterion"], &own))
		weights[c.Scale] += own.Weight
	}
	require.Equal(t, []int{7, 28}, []int{criteria, levels})
	require.Len(t, weights, 2)
	for _, w := range weights {
		require.InDelta(t, 1, w, 1e-12)
	}
	require.Equal(t, "Excellent", f.Scales[0].Levels[3].Title.In(""))
	var defs map[string][]json.RawMessage
	require.NoError(t, json.Unmarshal(f.Extra["case:CFDefinitions"], &defs))
	require.Len(t, defs["CFSubjects"], 3)
	require.Len(t, defs["CFItemTypes"], 5)
}

// A package equals what it becomes, under the equality of the documentation.
func TestRoundTripOfPublishedPackages(t *testing.T) {
	for _, name := range []string{openSALT, ordering, utf8Test, openCASE} {
		t.Run(name, func(t *testing.T) {
			data := load(t, name)
			f, _ := read(t, data)
			texts := map[string]caseio.Definition{}
			for _, title := range titlesOfDefinitions(t, f) {
				texts[title] = caseio.Definition{Description: "supplied", HierarchyCode: "supplied"}
			}
			before := f.Clone()
			out, losses := write(t, f, &caseio.Options{KeepIDs: true, Definitions: texts})
			require.Equal(t, before, f, "the argument was changed")
			require.Empty(t, losses)
			require.NotContains(t, string(out), "null")
			require.JSONEq(t, plain(t, data), plain(t, out))

			again, _ := write(t, f, &caseio.Options{KeepIDs: true, Definitions: texts})
			require.Equal(t, out, again, "the same framework gives the same bytes")

			// Without texts for the definitions, and under new identifiers, the framework is the same.
			for _, o := range []*caseio.Options{nil, {KeepIDs: true}, {Changed: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}} {
				out, _ := write(t, f, o)
				g, ps := read(t, out)
				require.NoError(t, ps.Err())
				require.Equal(t, settled(t, f), settled(t, g))
			}
		})
	}
}

func titlesOfDefinitions(t *testing.T, f *competency.Framework) []string {
	var defs map[string][]struct{ Title string }
	if f.Extra["case:CFDefinitions"] == nil {
		return nil
	}
	require.NoError(t, json.Unmarshal(f.Extra["case:CFDefinitions"], &defs))
	var all []string
	for _, list := range defs {
		for _, d := range list {
			all = append(all, d.Title)
		}
	}
	return all
}

// settled brings a framework to the form in which equal ones are equal.
func settled(t *testing.T, f *competency.Framework) string {
	t.Helper()
	f = f.Clone()
	drop := func(e competency.Extra) {
		delete(e, "case:lastChangeDateTime")
		if v, ok := e["case:CFRubricCriterion"]; ok {
			e["case:CFRubricCriterion"] = json.RawMessage(plain(t, v))
		}
	}
	drop(f.Extra)
	if v := f.Extra["case:CFDefinitions"]; v != nil {
		f.Extra["case:CFDefinitions"] = json.RawMessage(plain(t, v))
	}
	for i := range f.Competencies {
		drop(f.Competencies[i].Extra)
		for k := range f.Competencies[i].Levels {
			drop(f.Competencies[i].Levels[k].Extra)
		}
		if len(f.Scales) == 1 && f.Competencies[i].Scale == f.Scales[0].ID {
			f.Competencies[i].Scale = ""
		}
	}
	for i := range f.Scales {
		drop(f.Scales[i].Extra)
	}
	for i := range f.Associations {
		drop(f.Associations[i].Extra)
	}
	slices.SortFunc(f.Associations, func(a, b competency.Association) int { return strings.Compare(a.ID, b.ID) })
	data, err := json.MarshalIndent(f, "", " ")
	require.NoError(t, err)
	var v any
	require.NoError(t, json.Unmarshal(data, &v))
	data, err = json.MarshalIndent(prune(v), "", " ")
	require.NoError(t, err)
	return string(data)
}

// plain applies the equality of the documentation to a package.
func plain(t testing.TB, data []byte) string {
	t.Helper()
	var v any
	require.NoError(t, json.NewDecoder(bytes.NewReader(data)).Decode(&v))
	inside := map[string]bool{}
	collect(v, inside)
	data, err := json.Marshal(level(v, inside, ""))
	require.NoError(t, err)
	return string(data)
}

// collect notes the objects of a package: what has an identifier and says when it was changed.
func collect(v any, inside map[string]bool) {
	switch x := v.(type) {
	case map[string]any:
		if id, ok := x["identifier"].(string); ok && x["lastChangeDateTime"] != nil {
			inside[id] = true
		}
		for _, c := range x {
			collect(c, inside)
		}
	case []any:
		for _, c := range x {
			collect(c, inside)
		}
	}
}

var leftOut = map[string]bool{"lastChangeDateTime": true, "CFDocumentURI": true, "CFPackageURI": true, "CFItemAssociationURI": true, "caseVersion": true, "case:lastChangeDateTime": true}

func level(v any, inside map[string]bool, under string) any {
	switch x := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, c := range x {
			if k == "educationalLevel" {
				k = "educationLevel"
				c = []any{c}
			}
			if s, ok := c.(string); ok && k == "sequenceNumber" {
				c = json.Number(s)
			}
			if leftOut[k] || strings.HasSuffix(under, "URI") && (k == "title" || k == "uri" && inside[x["identifier"].(string)]) {
				continue
			}
			if strings.HasPrefix(under, "CFItemTypes") || strings.HasPrefix(under, "CFSubjects") {
				if s, _ := c.(string); k == "description" || k == "hierarchyCode" && (s == "supplied" || c == nil) {
					continue
				}
			}
			if c = level(c, inside, k); c != nil {
				out[k] = c
			}
		}
		if len(out) == 0 {
			return nil
		}
		return out
	case []any:
		var out []any
		for _, c := range x {
			if c = level(c, inside, under); c != nil {
				out = append(out, c)
			}
		}
		slices.SortStableFunc(out, func(a, b any) int { return strings.Compare(ident(a), ident(b)) })
		if len(out) == 0 {
			return nil
		}
		return out
	case string:
		if x == "" {
			return nil
		}
	case nil:
		return nil
	}
	return v
}

func prune(v any) any { return level(v, map[string]bool{}, "") }

func ident(v any) string {
	m, _ := v.(map[string]any)
	s, _ := m["identifier"].(string)
	return s
}

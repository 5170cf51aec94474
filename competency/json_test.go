package competency_test

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	. "github.com/bangkom/bangkom/competency"
)

// everything is a framework in which every field is set.
func everything() *Framework {
	raw := func(s string) Extra {
		return Extra{"x:y": json.RawMessage(s), "json:later": json.RawMessage(`{"a":[1,2.50,"<&>"]}`)}
	}
	t := Text{"id": "Teks <1> & \"dua\"", "en-GB": "Text\n𝑑"}
	return &Framework{
		ID: "f", Version: "2026", URI: "https://example.org/f", Title: t, Description: t, Source: "decree", Status: InForce, ValidFrom: day(2026, 1, 1), ValidUntil: day(2027, 1, 1), ReplacedBy: "g",
		Scales: []Scale{{ID: "s", Title: t, Levels: []Descriptor{{Level: -1, Title: t}, {Level: 3, Description: t, Extra: raw("null")}}, Extra: raw("1e400")}},
		Competencies: []Competency{
			{
				ID: "a", Code: "A", URI: "urn:a", Title: t, Also: []string{"x", "y|z"}, Description: t, Kind: Technical, Scale: "s", Dense: true, ValidFrom: day(2026, 1, 1), ValidUntil: day(2026, 2, 1), Extra: raw(`"q"`),
				Levels: []Descriptor{{Level: 3, Indicators: []Indicator{{ID: "i", Text: t, Extra: raw("[]")}, {Text: Text{"id": "z"}}}}},
			},
			{ID: "b", Code: "B", Title: Text{"id": "b"}, Kind: "own", Parent: "a", Scale: "s"},
		},
		Associations: []Association{{
			ID: "l", Type: RelatedTo, From: "a", To: Ref{Framework: "other", ID: "z", URI: "urn:z", Title: "Z"}, Sequence: 3, Group: "g", Note: "n", Strength: 0.5, Author: "w", Date: day(2026, 5, 1), Review: Accepted,
			Extra: Extra{"json:to/new": json.RawMessage("true"), "json:to": json.RawMessage("1"), "json:other": json.RawMessage("2")},
		}},
		Extra: Extra{"json:title": json.RawMessage("0"), "case:z": json.RawMessage("{}")},
	}
}

func written(t testing.TB, f *Framework) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, f.WriteJSON(&b))
	return b.String()
}

func TestJSONRoundTrip(t *testing.T) {
	v1, v2 := &Framework{ID: "none"}, nextNine()
	for _, f := range []*Framework{everything(), nine(), v1, v2} {
		before := f.Clone()
		text := written(t, f)
		require.Equal(t, before, f, "the argument was changed")
		require.True(t, strings.HasPrefix(text, "{\n  \"schema\": \"bangkom.framework/1\",\n  \"id\": "), text)
		got, ps := ReadFramework(strings.NewReader("\xef\xbb\xbf"+text), "f.json")
		require.NoError(t, ps.Err())
		require.Empty(t, ps.Only(bangkom.Warning), "%v", ps)
		if f == v1 {
			require.Equal(t, text, written(t, got))
			continue
		}
		require.Equal(t, f, got)
		require.Equal(t, text, written(t, got))
	}
	text := written(t, everything())
	require.Contains(t, text, `"later": {`, "an unknown field is written where it stood")
	require.Contains(t, text, `"new": true`)
	require.Contains(t, text, `"json:title": 0`, "unless the model has a field of that name")
	require.Contains(t, text, `<1> & `)
}

func TestJSONOfDIRECT(t *testing.T) {
	v1, _ := directReleases(t)
	got, ps := ReadFramework(strings.NewReader(written(t, v1)), "v1.json")
	require.Empty(t, ps)
	require.Equal(t, v1, got)
}

func TestJSONIsReadLeniently(t *testing.T) {
	for in, want := range map[string]string{
		``: "not-json", `[]`: "wrong-type", `{"schema": "bangkom.framework/1"`: "not-json", `{} {}`: "trailing-data no-schema", `{"schema": "x"}`: "wrong-schema",
		`{"schema": "bangkom.framework/2", "id": "f"}`:                                      "newer-schema",
		`{"schema": "bangkom.framework/1", "id": "f", "id": "g"}`:                           "duplicate-field",
		`{"schema": "bangkom.framework/1", "title": "T"}`:                                   "repaired",
		`{"schema": "bangkom.framework/1", "version": 2026}`:                                "repaired",
		`{"schema": "bangkom.framework/1", "version": []}`:                                  "wrong-type",
		`{"schema": "bangkom.framework/1", "title": {"id": {}, "en": "x"}}`:                 "wrong-type",
		`{"schema": "bangkom.framework/1", "title": null, "extra": null}`:                   "",
		`{"schema": "bangkom.framework/1", "valid_from": "31.02.2026"}`:                     "not-a-date",
		`{"schema": "bangkom.framework/1", "competencies": {"id": "c"}}`:                    "repaired",
		`{"schema": "bangkom.framework/1", "competencies": [1, {"id": "c"}]}`:               "wrong-type",
		`{"schema": "bangkom.framework/1", "scales": [{"levels": [{}]}]}`:                   "no-level",
		`{"schema": "bangkom.framework/1", "scales": [{"levels": [{"level": 1.5}]}]}`:       "off-range",
		`{"schema": "bangkom.framework/1", "scales": [{"levels": [{"level": "3"}]}]}`:       "repaired",
		`{"schema": "bangkom.framework/1", "scales": [{"levels": [{"level": 200}]}]}`:       "off-range",
		`{"schema": "bangkom.framework/1", "competencies": [{"dense": "perhaps"}]}`:         "wrong-type",
		`{"schema": "bangkom.framework/1", "associations": [{"to": "x", "strength": "a"}]}`: "repaired wrong-type wrong-type",
		`{"schema": "bangkom.framework/1", "new": 1, "extra": {"json:new": 2}}`:             "duplicate-field",
		`{"schema": "bangkom.framework/1", "new": 1}`:                                       "unknown-field",
		"{\"schema\": \"bangkom.framework/1\", \"id\": \"\xff\"}":                           "invalid-utf8",
	} {
		_, ps := ReadFramework(strings.NewReader(in), "x.json")
		require.Equal(t, want, strings.Join(codes(ps), " "), "%s: %v", in, ps)
	}
	f, ps := ReadFramework(strings.NewReader(`{"schema": "bangkom.framework/1", "id": "f", "title": "T", "competencies": [{"id": "c", "also": "x"}, 3]}`), "x.json")
	require.Equal(t, Text{"und": "T"}, f.Title)
	require.Equal(t, []string{"x"}, f.Competencies[0].Also)
	require.Equal(t, "x.json/competencies[1]", ps[len(ps)-1].Where)
	_, ps = ReadFramework(io.MultiReader(strings.NewReader(`{"id": "`), &zeros{70 << 20}), "x.json")
	require.Equal(t, []string{"too-large"}, codes(ps))
	_, ps = ReadFramework(strings.NewReader(strings.Repeat("[", 1_000_000)), "x.json")
	require.Equal(t, []string{"not-json"}, codes(ps), "deep nesting is refused")
}

type zeros struct{ n int }

func (z *zeros) Read(b []byte) (int, error) {
	if z.n <= 0 {
		return 0, io.EOF
	}
	n := min(len(b), z.n)
	for i := range n {
		b[i] = '0'
	}
	z.n -= n
	return n, nil
}

func TestJSONIsWrittenStrictly(t *testing.T) {
	for code, change := range map[string]func(*Framework){
		"empty-id":           func(f *Framework) { f.ID = "" },
		"dangling-reference": func(f *Framework) { f.Competencies[0].Parent = "nobody" },
		"invalid-utf8":       func(f *Framework) { f.Competencies[0].Title = Text{"id": "\xff"} },
		"not-json":           func(f *Framework) { f.Extra = Extra{"x": json.RawMessage("{")} },
	} {
		f := nine()
		change(f)
		var b bytes.Buffer
		require.ErrorIs(t, f.WriteJSON(&b), bangkom.Problem{Code: code})
		require.Zero(t, b.Len())
	}
}

func FuzzReadFramework(f *testing.F) {
	for _, x := range []*Framework{everything(), nine(), nextNine()} {
		f.Add([]byte(written(f, x)))
	}
	f.Add([]byte(`{"id": 1, "title": "x", "to/y": 2, "associations": [{"type":"isRelatedTo","from":"a","to":{"id":"b","q":[]},"to/q":1}], "competencies": [{"id": "a"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		x, ps := ReadFramework(bytes.NewReader(data), "x.json")
		if x == nil {
			t.Fatal("no framework")
		}
		if ps.Err() != nil || x.Validate().Err() != nil {
			return
		}
		text := written(t, x)
		again, ps := ReadFramework(strings.NewReader(text), "x.json")
		require.NoError(t, ps.Err(), text)
		require.Equal(t, x, again)
		require.Equal(t, text, written(t, again))
	})
}

func BenchmarkJSON(b *testing.B) {
	f := country(2400, 4800)
	text := written(b, f)
	b.Run("write", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		b.ReportAllocs()
		for b.Loop() {
			written(b, f)
		}
	})
	b.Run("read", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		b.ReportAllocs()
		for b.Loop() {
			ReadFramework(strings.NewReader(text), "x.json")
		}
	})
}

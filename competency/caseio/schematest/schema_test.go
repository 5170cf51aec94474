package schematest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/competency/caseio"
)

// shared reads a file of the folder beside the repository, which users do not have.
func shared(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "shared", "data", name))
	if errors.Is(err, fs.ErrNotExist) && os.Getenv("BANGKOM_SHARED") != "required" {
		t.Skip("the folder shared is not beside the repository")
	}
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// schema compiles the official schema, formats enforced.
func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(shared(t, "case/case-v1p1-cfpackage.json")))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("case.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("case.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func validate(t *testing.T, s *jsonschema.Schema, data []byte) error {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(v)
}

// leaves counts the errors of a validation that have no causes of their own.
func leaves(err error) int {
	v, ok := errors.AsType[*jsonschema.ValidationError](err)
	if !ok {
		return 0
	}
	var count func(e *jsonschema.ValidationError) int
	count = func(e *jsonschema.ValidationError) int {
		if len(e.Causes) == 0 {
			return 1
		}
		n := 0
		for _, c := range e.Causes {
			n += count(c)
		}
		return n
	}
	return count(v)
}

// strict checks what the schema does not: the OpenAPI file's pattern of
// identifiers, no null, no empty list, the version stated.
func strict(t *testing.T, data []byte) {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	if v["CFDocument"].(map[string]any)["caseVersion"] != "1.1" {
		t.Error("no caseVersion 1.1")
	}
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch x := v.(type) {
		case nil:
			t.Errorf("%s is null", path)
		case []any:
			if len(x) == 0 {
				t.Errorf("%s is empty", path)
			}
			for _, c := range x {
				walk(path+"[]", c)
			}
		case map[string]any:
			for k, c := range x {
				if k == "extensions" {
					continue
				}
				walk(path+"."+k, c)
				if s, ok := c.(string); ok && k == "identifier" && !strings.HasSuffix(path, "NodeURI") && !uuid(s) {
					t.Errorf("%s.identifier is %q", path, s)
				}
			}
		}
	}
	walk("", v)
}

func uuid(s string) bool {
	if len(s) != 36 || strings.Trim(s, "0123456789abcdef-") != "" {
		return false
	}
	return s[8] == '-' && s[13] == '-' && strings.Contains("12345", s[14:15]) && strings.Contains("89ab", s[19:20])
}

func TestPublishedPackages(t *testing.T) {
	s := schema(t)
	for name, faulty := range map[string]bool{
		"opensalt/opensalt-framework-20c5134f-423d-4097-a971-3dd5152bf507.json": true,
		"opensalt/Ordering.json":                     true,
		"opensalt/Utf8TestFramework.json":            false,
		"compeito/opencase_round_trip_baseline.json": true,
	} {
		t.Run(name, func(t *testing.T) {
			data := shared(t, name)
			err := validate(t, s, data)
			if (err != nil) != faulty {
				t.Fatalf("the source: %v", err)
			}
			t.Logf("the source has %d errors", leaves(err))
			f, ps := caseio.Read(bytes.NewReader(data), name, nil)
			if err := ps.Err(); err != nil {
				t.Fatal(err)
			}
			for _, o := range []*caseio.Options{nil, {Roots: true, Unknown: true}, {Definitions: map[string]caseio.Definition{"Cluster": {Description: "d", HierarchyCode: "1"}}}} {
				var b bytes.Buffer
				if _, err := caseio.Write(&b, f, o); err != nil {
					t.Fatal(err)
				}
				if err := validate(t, s, b.Bytes()); err != nil {
					t.Fatalf("what we write: %#v", err)
				}
				strict(t, b.Bytes())
			}
		})
	}
}

// A dictionary that never saw CASE, with one of everything.
func TestOurOwn(t *testing.T) {
	s := schema(t)
	id := func(x string) competency.Text { return competency.Text{"id": x} }
	f := &competency.Framework{
		ID: "kamus-2026", Version: "2026", Title: competency.Text{"id": "Kamus", "en": "Dictionary"}, Source: "Peraturan contoh", Status: competency.InForce, ValidFrom: bangkom.MustDate(2026, 1, 1),
		Scales: []competency.Scale{{ID: "s", Levels: []competency.Descriptor{{Level: 1, Title: id("Dasar")}, {Level: 2, Title: id("Mahir")}}}},
		Competencies: []competency.Competency{
			{ID: "M", Title: id("Manajerial")},
			{ID: "M2", Code: "M.2", Title: id("Integritas"), Parent: "M", Kind: competency.Managerial, Levels: []competency.Descriptor{{Level: 1, Title: id("Dasar"), Indicators: []competency.Indicator{{Text: id("Jujur")}}}}},
			{ID: "M1", Code: "M.1", Title: id("Kerja sama"), Description: id("Bekerja bersama"), Also: []string{"Kerjasama", "KSM"}, Parent: "M"},
		},
		Associations: []competency.Association{
			{Type: competency.Requires, From: "M1", To: competency.Ref{ID: "M2"}, Strength: 0.5, Review: competency.Proposed},
			{Type: "mirip dengan", From: "M1", To: competency.Ref{ID: "M2"}, Group: "Peta"},
			{Type: competency.ExactMatchOf, From: "M1", To: competency.Ref{Framework: "lain", ID: "77"}},
		},
	}
	for _, o := range []*caseio.Options{nil, {Roots: true, Base: "https://example.org/case/"}} {
		var b bytes.Buffer
		if _, err := caseio.Write(&b, f, o); err != nil {
			t.Fatal(err)
		}
		if err := validate(t, s, b.Bytes()); err != nil {
			t.Fatalf("%#v\n%s", err, b.Bytes())
		}
		strict(t, b.Bytes())
	}
}

// The validator does refuse: a test that cannot fail shows nothing.
func TestTheSchemaRefuses(t *testing.T) {
	s := schema(t)
	for _, bad := range []string{`{}`, `{"CFDocument": {"identifier": "x"}}`, `{"CFDocument": null}`} {
		if validate(t, s, []byte(bad)) == nil {
			t.Errorf("%s was accepted", bad)
		}
	}
}

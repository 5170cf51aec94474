package solve

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
)

// A name that is there twice, or in another case, is one number for
// encoding/json and another for whoever else reads the file.
func TestNamesAreReadAsOthersReadThem(t *testing.T) {
	for name, c := range map[string]struct{ old, new, code, where string }{
		"twice":                  {`"budget":9`, `"budget":1,"budget":9`, "duplicate-field", "budget"},
		"another case":           {`"budget":9`, `"Budget":9`, "misspelt-field", "Budget"},
		"both":                   {`"budget":9`, `"budget":1,"BUDGET":9`, "misspelt-field", "BUDGET"},
		"a field of elsewhere":   {`"u":0`, `"U":0`, "misspelt-field", "people[0].U"},
		"escaped":                {`"budget":9`, `"budget":9,"b\u0075dget":1`, "duplicate-field", "budget"},
		"escaped, in capitals":   {`"budget":9`, `"\u0042udget":9`, "misspelt-field", "Budget"},
		"of the Kelvin sign":     {`"K":1`, "\"\u212a\":1", "misspelt-field", "\u212a"},
		"twice in a person":      {`"done":[]`, `"done":[0],"done":[]`, "duplicate-field", "people[0].done"},
		"cost of a session":      {`"c":1`, `"C":1`, "misspelt-field", "sessions[0].C"},
		"fixed cost":             {`"F":1`, `"F":1,"f":0`, "misspelt-field", "sessions[0].f"},
		"optional part":          {`"ubudget":[5]`, `"ubudget":[5],"over":{"budget":1,"budget":0}`, "duplicate-field", "over.budget"},
		"optional part, capital": {`"ubudget":[5]`, `"ubudget":[5],"cover":[{"who":[],"theta":0,"pi":0},{"who":[0],"Theta":0,"pi":0}]`, "misspelt-field", "cover[1].Theta"},
		"a limit":                {`"ubudget":[5]`, `"ubudget":[5],"limits":[{"limit":1,"limit":2,"per":"seat","use":[[0,1]]}]`, "duplicate-field", "limits[0].limit"},
		"whole list twice":       {`"people":[`, `"people":[],"people":[`, "duplicate-field", "people"},
		"after a brace in text":  {`"method":"webinar"`, `"method":"{\"a\":[\\","Method":"x"`, "misspelt-field", "sessions[0].Method"},
	} {
		_, err := Read(strings.NewReader(strings.Replace(tiny, c.old, c.new, 1)))
		ps := bangkom.AsProblems(err, "")
		require.Len(t, ps, 1, "%s: %v", name, err)
		require.Equal(t, c.code, ps[0].Code, name)
		require.Equal(t, c.where, ps[0].Where, name)
	}
	_, err := Read(strings.NewReader(strings.NewReplacer(`"u":0`, `"U":0`, `"c":1`, `"C":1`, `"n":1`, `"n":1,"n":1`).Replace(tiny)))
	require.Len(t, bangkom.AsProblems(err, ""), 3, "all at once: %v", err)
}

func TestNamesOfACertificate(t *testing.T) {
	type file struct {
		Bound       float64      `json:"bound"`
		Certificate *Certificate `json:"certificate"`
	}
	for text, where := range map[string]string{
		`{"bound":1,"Bound":2}`:                "Bound",
		`{"bound":1,"certificate":{"Beta":1}}`: "certificate.Beta",
		`{"certificate":{"session":0,"zero":{"beta":1},"one":{"person":0,"session":0,"zero":{"lambda":[0],"lambda":[1]},"one":{}}}}`: "certificate.one.zero.lambda",
		`{"certificate":{"session":0,"Zero":{}}}`: "certificate.Zero",
		`{"note":{"a":{"b":1,"b":2}}}`:            "note.a.b",
	} {
		err := Decode(strings.NewReader(text), &file{}, false)
		require.Error(t, err, text)
		require.Equal(t, where, bangkom.AsProblems(err, "")[0].Where)
	}
	require.NoError(t, Decode(strings.NewReader(`{"note":{"Bound":1,"bound":2},"bound":1,"certificate":{"beta":2,"pair":[[0,0,1]]}}`), &file{}, false))
	require.Error(t, Decode(strings.NewReader(`{"bound":1}{"bound":2}`), &file{}, false), "two values")
}

// FuzzNames: what is read is what a reader of exact and single names reads.
func FuzzNames(f *testing.F) {
	for _, s := range []string{`{"a":1,"A":2}`, `{"a":1,"a":2}`, `{"b":[{"a":1},{"a":2,"b":[]}]}`, `{"\u0061":1}`, `{"c":"\\\"","a":0}`} {
		f.Add(s)
	}
	type node struct {
		A float64 `json:"a"`
		B []node  `json:"b"`
		C string  `json:"c"`
	}
	var exact func(any) node
	exact = func(v any) (n node) {
		m, _ := v.(map[string]any)
		n.A, _ = m["a"].(float64)
		n.C, _ = m["c"].(string)
		list, some := m["b"].([]any)
		if some {
			n.B = []node{}
		}
		for _, x := range list {
			n.B = append(n.B, exact(x))
		}
		return n
	}
	f.Fuzz(func(t *testing.T, text string) {
		var n node
		if Decode(strings.NewReader(text), &n, true) != nil {
			return
		}
		var v any
		require.NoError(t, json.Unmarshal([]byte(text), &v))
		require.True(t, reflect.DeepEqual(n, exact(v)), text)
	})
}

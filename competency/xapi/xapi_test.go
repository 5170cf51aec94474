package xapi_test

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/competency/xapi"
)

// say makes a statement by ani about the activity "quiz", with fields that win over the usual ones.
func say(id string, fields ...string) string {
	f := map[string]string{
		"id": `"` + id + `"`, "actor": `{"account":{"homePage":"https://lms","name":"ani"}}`, "verb": `{"id":"http://adlnet.gov/expapi/verbs/scored"}`,
		"object": `{"id":"quiz"}`, "timestamp": `"2026-03-01T10:00:00Z"`,
	}
	for _, x := range fields {
		name, value, _ := strings.Cut(x, "=")
		f[name] = value
	}
	var all []string
	for _, name := range []string{"id", "actor", "verb", "object", "result", "context", "timestamp", "stored", "zzz"} {
		if f[name] != "" {
			all = append(all, fmt.Sprintf("%q:%s", name, f[name]))
		}
	}
	return "{" + strings.Join(all, ",") + "}"
}

func list(statements ...string) string { return "[" + strings.Join(statements, ",\n") + "]" }

func uuid(n int) string { return fmt.Sprintf("00000000-0000-4000-8000-%012d", n) }

var quiz = &xapi.Options{Activities: map[string][]xapi.Claim{"quiz": {{Competency: "data", Level: 2, By: xapi.Success, Source: competency.ByTest, Renewal: 24}}}}

func codes(ps bangkom.Problems) []string {
	var out []string
	for _, p := range ps {
		out = append(out, p.Severity.String()+" "+p.Code)
	}
	return out
}

func read(t *testing.T, file string, o *xapi.Options) ([]competency.Rating, []string) {
	t.Helper()
	r, ps := xapi.Read(strings.NewReader(file), "log.json", o)
	return r, codes(ps)
}

// A statement is named by the line on which it begins, and its number.
func TestPlacesOfStatements(t *testing.T) {
	where := func(in string) string {
		_, ps := xapi.Read(strings.NewReader(in), "log.json", quiz)
		return ps[0].Where
	}
	bad := say("x", "actor={}")
	for _, c := range []struct{ in, want string }{
		{bad, "log.json:1: statement 1"},
		{"\n\n" + bad, "log.json:3: statement 1"},
		{"[\n" + say(uuid(1)) + ",\n\n" + strings.ReplaceAll(bad, ",", ",\n") + "]", "log.json:4: statement 2"},
		{"{\"more\": \"\",\n \"statements\": [\n" + bad + "]}", "log.json:3: statement 1"},
		{say(uuid(1)) + "\n" + bad, "log.json:2: statement 2"},
		{"[" + say(uuid(1)) + ",\n" + say(uuid(2)) + ",\n oh]", "log.json:2: statement 3"}, // behind what was read,
		{"[1,\n2]", "log.json:1: statement 1"},
	} {
		require.Equal(t, c.want, where(c.in), c.in)
	}
	_, said := read(t, strings.Repeat("[", 20000), quiz)
	require.Equal(t, []string{"error too-deep"}, said)
	_, said = read(t, "["+say(uuid(1), "zzz="+strings.Repeat(`{"a":`, 20000)+"1"+strings.Repeat("}", 20000))+"]", quiz)
	require.Equal(t, []string{"error too-deep"}, said)
}

func TestAStatementBecomesEvidence(t *testing.T) {
	in := say(uuid(1), `result={"success":true}`, `context={"instructor":{"account":{"homePage":"https://lms","name":"budi"}}}`, `timestamp="2026-03-01T20:00:00Z"`, `stored="2026-03-04T00:00:00Z"`, `zzz={"kept":1}`)
	o := *quiz
	o.Location = time.FixedZone("WIB", 7*3600)
	want := competency.Rating{Person: "ani", Competency: "data", Level: 2, Renewal: 24, Date: bangkom.MustDate(2026, 3, 2), Recorded: bangkom.MustDate(2026, 3, 4),
		Source: competency.ByTest, Rater: "budi", Kind: competency.XAPI, Ref: uuid(1)}
	for name, file := range map[string]string{
		"array": list(in), "alone": in, "lines": in + "\n" + in, "answer": `{"more":"/x","statements":[` + in + `],"and":[1,2]}`, "byte order mark": "\ufeff" + list(in), "arrays": list(in) + list(),
	} {
		got, _ := read(t, file, &o)
		require.Equal(t, []competency.Rating{want}, got, name)
	}
	for s, err := range xapi.Statements(strings.NewReader(list(in)), "log.json", nil) {
		require.NoError(t, err)
		require.JSONEq(t, in, string(s.Raw), "with the fields that mean nothing here")
		require.Equal(t, "https://lms ani", s.Actor.Key())
	}
}

// What decides is declared, a raw score alone is never a fail, and the
// threshold is reached by what equals it.
func TestOutcomes(t *testing.T) {
	by := func(o xapi.Outcome, least float64) []xapi.Claim {
		return []xapi.Claim{{Competency: "data", Level: 2, By: o, AtLeast: least}}
	}
	bands := []xapi.Claim{{Competency: "data", Level: 3, By: xapi.Score, AtLeast: 0.8}, {Competency: "data", Level: 2, By: xapi.Score, AtLeast: 0.5}, {Competency: "team", Level: 1, By: xapi.Completion}}
	for _, c := range []struct {
		name, result string
		claims       []xapi.Claim
		negative     bool
		want         string
		codes        []string
	}{
		{"success", `{"success":true}`, by(xapi.Success, 0), false, "+2", nil},
		{"fail is no evidence", `{"success":false}`, by(xapi.Success, 0), false, "", []string{"note not-shown"}},
		{"unless it is declared to be", `{"success":false}`, by(xapi.Success, 0), true, "-2", nil},
		{"no success recorded", `{"completion":true,"score":{"scaled":1}}`, by(xapi.Success, 0), true, "", []string{"note outcome-unknown"}},
		{"completion", `{"completion":true,"success":false}`, by(xapi.Completion, 0), true, "+2", nil},
		{"scaled", `{"score":{"scaled":0.7}}`, by(xapi.Score, 0.7), true, "+2", nil},
		{"scaled, below", `{"score":{"scaled":0.69}}`, by(xapi.Score, 0.7), true, "-2", nil},
		{"raw between bounds", `{"score":{"raw":85,"min":50,"max":100}}`, by(xapi.Score, 0.7), true, "+2", nil},
		{"scaled wins over raw", `{"score":{"raw":0,"min":0,"max":100,"scaled":0.9}}`, by(xapi.Score, 0.7), true, "+2", nil},
		{"raw alone is unknown", `{"score":{"raw":20}}`, by(xapi.Score, 0.7), true, "", []string{"note outcome-unknown"}},
		{"bounds that are none", `{"score":{"raw":20,"min":5,"max":5}}`, by(xapi.Score, 0.7), true, "", []string{"note outcome-unknown"}},
		{"scaled off its range", `{"score":{"scaled":70}}`, by(xapi.Score, 0.7), true, "", []string{"note outcome-unknown", "warning score-off-range"}},
		{"response is text", `{"response":"true"}`, by(xapi.Success, 0), true, "", []string{"note outcome-unknown"}},
		{"success as text", `{"success":"true"}`, by(xapi.Success, 0), true, "", []string{"note outcome-unknown", "warning wrong-type"}},
		{"no result", ``, by(xapi.Success, 0), true, "", []string{"note outcome-unknown"}},
		{"the highest that is shown", `{"score":{"scaled":0.85},"completion":true}`, bands, true, "+3 +1", nil},
		{"between", `{"score":{"scaled":0.6}}`, bands, true, "+2 -3", []string{"note outcome-unknown"}},
		{"below all: the lowest", `{"score":{"scaled":0.1},"completion":true}`, bands, true, "-2 +1", nil},
		{"nobody said what decides", `{"success":true}`, by(0, 0), false, "", []string{"error option"}},
		{"nobody said how much", `{"score":{"scaled":0.9}}`, by(xapi.Score, 0), false, "", []string{"error option"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := &xapi.Options{Activities: map[string][]xapi.Claim{"quiz": c.claims}, Negative: c.negative}
			in := say(uuid(1))
			if c.result != "" {
				in = say(uuid(1), "result="+c.result)
			}
			got, codes := read(t, in, o)
			var levels []string
			for _, r := range got {
				sign := map[bool]string{false: "+", true: "-"}[r.Negative]
				levels = append(levels, fmt.Sprint(sign, r.Level))
			}
			require.Equal(t, c.want, strings.Join(levels, " "))
			require.Equal(t, c.codes, codes)
		})
	}
}

func TestVoidedAndRepeated(t *testing.T) {
	pass := `result={"success":true}`
	void := func(id, of string) string {
		return say(id, `verb={"id":"http://adlnet.gov/expapi/verbs/voided"}`, `object={"objectType":"StatementRef","id":"`+of+`"}`)
	}
	for _, c := range []struct {
		name  string
		in    []string
		n     int
		codes []string
	}{
		{"voided", []string{say(uuid(1), pass), void(uuid(2), uuid(1))}, 0, []string{"note voided"}},
		{"voided before it comes", []string{void(uuid(2), uuid(1)), say(uuid(1), pass)}, 0, []string{"note voided"}},
		{"a voiding statement cannot be voided", []string{void(uuid(3), uuid(2)), void(uuid(2), uuid(1)), say(uuid(1), pass)}, 0, []string{"note voided", "warning voids-voiding"}},
		{"said again under another id", []string{say(uuid(1), pass), void(uuid(2), uuid(1)), say(uuid(3), pass)}, 1, []string{"note voided"}},
		{"what never came", []string{void(uuid(2), uuid(9))}, 0, nil},
		{"twice", []string{say(uuid(1), pass), say(strings.ToUpper(uuid(1)), pass)}, 1, []string{"note repeated"}},
		{"twice, stored apart", []string{say(uuid(1), pass), say(uuid(1), pass, `stored="2026-05-01T00:00:00Z"`)}, 1, []string{"note repeated"}},
		{"two contents", []string{say(uuid(1), pass), say(uuid(1), `result={"success":false}`)}, 1, []string{"error conflicting-id"}},
		{"no id", []string{say("", pass), say("", pass)}, 2, []string{"warning no-id"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, codes := read(t, list(c.in...), quiz)
			require.Len(t, got, c.n)
			require.Equal(t, c.codes, codes)
		})
	}
}

func TestWhatIsNoEvidence(t *testing.T) {
	pass := `result={"success":true}`
	for _, c := range []struct {
		name, in string
		o        *xapi.Options
		n        int
		codes    []string
	}{
		{"an activity that is not mapped", say(uuid(1), pass, `object={"id":"other"}`), quiz, 0, []string{"note unmapped-activity"}},
		{"no options", say(uuid(1), pass), nil, 0, []string{"note unmapped-activity"}},
		{"a group", say(uuid(1), pass, `actor={"objectType":"Group","member":[{"mbox":"mailto:x"}]}`), quiz, 0, []string{"note group-actor"}},
		{"a statement about a statement", say(uuid(1), pass, `object={"objectType":"SubStatement"}`), quiz, 0, []string{"note not-an-activity"}},
		{"nobody", say(uuid(1), pass, `actor={"name":"Ani"}`), quiz, 0, []string{"error not-a-statement"}},
		{"no object", say(uuid(1), pass, `object={}`), quiz, 0, []string{"error not-a-statement"}},
		{"a number", "7", quiz, 0, []string{"error not-a-statement"}},
		{"an object of another kind", `{"CFDocument":{}}`, quiz, 0, []string{"error not-a-statement"}},
		{"by mail", say(uuid(1), pass, `actor={"mbox":"mailto:ani@x"}`), &xapi.Options{Activities: quiz.Activities, People: map[string]competency.PersonID{"mailto:ani@x": "7"}}, 1, nil},
		{"somebody else", say(uuid(1), pass, `actor={"mbox":"mailto:ani@x"}`), &xapi.Options{Activities: quiz.Activities, People: map[string]competency.PersonID{}}, 0, []string{"warning unknown-person"}},
		{"no timestamp", say(uuid(1), pass, `timestamp=null`, `stored="2026-03-05T00:00:00Z"`), quiz, 1, []string{"warning no-timestamp"}},
		{"no zone", say(uuid(1), pass, `timestamp="2026-03-05T00:00:00"`), quiz, 1, []string{"warning no-zone"}},
		{"no time", say(uuid(1), pass, `timestamp="yesterday"`), quiz, 1, []string{"warning no-timestamp", "warning not-a-time"}},
		{"cut off", list(say(uuid(1), pass), say(uuid(2), pass))[:300], quiz, 1, []string{"error not-json"}},
		{"no list", `{"statements":5}`, quiz, 0, []string{"error not-json"}},
		{"too many", list(say(uuid(1), pass), say(uuid(2), pass)), &xapi.Options{Activities: quiz.Activities, MaxStatements: 1}, 1, []string{"error too-many-statements"}},
		{"nothing", "", quiz, 0, []string{"error empty"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, ps := xapi.Read(strings.NewReader(c.in), "log.json", c.o)
			require.Len(t, got, c.n)
			require.Equal(t, c.codes, codes(ps))
			for _, p := range ps {
				require.NotContains(t, p.Error(), "ani@x", "who it is about is not shown")
			}
		})
	}
}

func TestRoundTrip(t *testing.T) {
	o := &xapi.Options{HomePage: "https://hr", Location: time.FixedZone("WIT", 9*3600), Activities: map[string][]xapi.Claim{
		"a": {{Competency: "data", Level: 2, By: xapi.Success, Source: competency.ByTest, Renewal: 24}},
		"b": {{Competency: "data", Level: 2, By: xapi.Completion}},
		"c": {{Competency: "team", Level: 3, By: xapi.Completion}, {Competency: "data", Level: 3, By: xapi.Completion}},
	}, Negative: true}
	ratings := []competency.Rating{
		{Person: "ani", Competency: "data", Level: 2, Renewal: 24, Date: bangkom.MustDate(2026, 1, 1), Source: competency.ByTest, Kind: competency.XAPI, Ref: uuid(1)},
		{Person: "budi", Competency: "data", Level: 2, Date: bangkom.MustDate(2026, 1, 2), Recorded: bangkom.MustDate(2026, 1, 9), Rater: "citra", Kind: competency.XAPI, Ref: uuid(2)},
		{Person: "budi", Competency: "data", Level: 2, Negative: true, Date: bangkom.MustDate(2026, 1, 3), Kind: competency.XAPI, Ref: uuid(3)},
	}
	var b, again bytes.Buffer
	losses, err := xapi.Write(&b, ratings, o)
	require.NoError(t, err)
	require.Empty(t, losses)
	got, ps := xapi.Read(bytes.NewReader(b.Bytes()), "x", o)
	require.Empty(t, ps)
	require.Equal(t, ratings, got)
	_, err = xapi.Write(&again, ratings, o)
	require.NoError(t, err)
	require.Equal(t, b.String(), again.String())

	full := competency.Rating{Person: "x", Competency: "data", Level: 2, Renewal: 3, ValidUntil: bangkom.MustDate(2030, 1, 1), Source: competency.Peer, Kind: competency.Tested, Ref: "S-1", Inherited: &competency.Inherited{}}
	losses, err = xapi.Write(&b, []competency.Rating{full, full}, o)
	require.NoError(t, err)
	var lost []string
	for _, p := range losses {
		lost = append(lost, p.Where+p.Value)
	}
	require.Equal(t, []string{"inherited2", "kind2", "ref2", "renewal2", "source2", "valid_until2"}, lost)

	_, err = xapi.Write(&b, []competency.Rating{{Person: "x", Competency: "team", Level: 3}}, o)
	require.ErrorIs(t, err, bangkom.Problem{Code: "no-activity"}, "an activity that shows two things says too much")
	_, err = xapi.Write(&b, nil, nil)
	require.ErrorIs(t, err, bangkom.ErrOption)
}

// A statement without end, or nested without end, costs no more than the limit.
func TestHostileStatements(t *testing.T) {
	for name, in := range map[string]string{
		"a long text":  `[{"id":"` + strings.Repeat("x", 50<<20) + `"}]`,
		"many keys":    `{` + strings.Repeat(`"a":1,`, 5<<20) + `"b":1}`,
		"deep":         strings.Repeat(`{"a":`, 5<<20),
		"deep lists":   strings.Repeat(`[`, 20<<20),
		"many members": `[{"a":[` + strings.Repeat(`0,`, 20<<20) + `0]}]`,
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, ps := xapi.Read(strings.NewReader(in), "x", quiz)
			runtime.ReadMemStats(&after)
			require.Error(t, ps.Err())
			require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(64<<20))
		})
	}
}

func FuzzRead(f *testing.F) {
	f.Add(list(say(uuid(1), `result={"success":true}`), say(uuid(2), `result={"score":{"scaled":0.4}}`)), true)
	f.Add(`{"statements":[`+say(uuid(1))+`],"more":""}`, false)
	f.Add(say(uuid(1), `verb={"id":"http://adlnet.gov/expapi/verbs/voided"}`, `object={"objectType":"StatementRef","id":"x"}`), true)
	f.Fuzz(func(t *testing.T, in string, negative bool) {
		o := &xapi.Options{HomePage: "https://x", Negative: negative, Activities: map[string][]xapi.Claim{"quiz": {{Competency: "data", Level: 2, By: xapi.Success}}}}
		got, ps := xapi.Read(strings.NewReader(in), "x", o)
		for _, p := range ps {
			if p.Code == "" || p.Msg == "" {
				t.Fatalf("%+v", p)
			}
		}
		for range xapi.Statements(strings.NewReader(in), "x", nil) {
		}
		var b bytes.Buffer
		losses, err := xapi.Write(&b, got, o)
		if err != nil {
			t.Fatal(err)
		}
		again, ps := xapi.Read(&b, "x", o)
		if ps.Err() != nil || len(again) != len(got) {
			t.Fatalf("%d became %d: %v", len(got), len(again), ps)
		}
		if len(losses) == 0 {
			require.Equal(t, got, again)
		}
	})
}

func BenchmarkRead(b *testing.B) {
	var s strings.Builder
	s.WriteString("[")
	for i := range 20_000 {
		if i > 0 {
			s.WriteString(",")
		}
		s.WriteString(say(uuid(i), `result={"success":true,"score":{"scaled":0.8,"raw":80,"min":0,"max":100}}`, `stored="2026-03-04T00:00:00Z"`))
	}
	s.WriteString("]")
	b.SetBytes(int64(s.Len()))
	b.ReportAllocs()
	for b.Loop() {
		xapi.Read(strings.NewReader(s.String()), "x", quiz)
	}
}

// A day is the one of the place where it was done, unless the caller names
// another; what a store writes in UTC is no day earlier.
func TestDaysByTheStatementsOwnOffset(t *testing.T) {
	const log = `{"id": "0b9a3a4e-63f2-4e1c-9f3e-6a1d3e0c1a01", "actor": {"account": {"homePage": "h", "name": "p"}}, "verb": {"id": "v"}, "object": {"id": "a"},
		"result": {"success": true}, "timestamp": "2026-02-01T06:00:00+07:00", "stored": "2026-01-31T23:00:05Z"}`
	o := &xapi.Options{Activities: map[string][]xapi.Claim{"a": {{Competency: "c", Level: 2, By: xapi.Success}}}}
	for _, c := range []struct {
		in   *time.Location
		want bangkom.Date
	}{{nil, bangkom.MustDate(2026, 2, 1)}, {time.UTC, bangkom.MustDate(2026, 1, 31)}, {time.FixedZone("WIT", 9*3600), bangkom.MustDate(2026, 2, 1)}} {
		o.Location = c.in
		got, ps := xapi.Read(strings.NewReader(log), "x", o)
		require.NoError(t, ps.Err())
		require.Len(t, got, 1)
		require.Equal(t, []bangkom.Date{c.want, c.want}, []bangkom.Date{got[0].Date, got[0].Recorded})
	}
}

package solve

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/bangkom/bangkom"
	"github.com/stretchr/testify/require"
)

const tiny = `{"n":1,"m":1,"K":1,"U":1,"T":1,"hmin":2,"hmax":8,"rho":0.2,"pi":null,"theta":0.5,"budget":9,"ubudget":[5],
"people":[{"u":0,"gaps":[[0,10,2.50]],"done":[]}],
"sessions":[{"off":0,"method":"webinar","comp":[[0,5]],"hours":4,"F":1,"c":1,"cap":3,"min":1,"slot":-1,"pre":-1}]}`

func TestReadPlainAndGzip(t *testing.T) {
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	_, err := w.Write([]byte(tiny))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	plain, err := Read(strings.NewReader(tiny))
	require.NoError(t, err)
	packed, err := Read(&z)
	require.NoError(t, err)
	require.Equal(t, plain, packed)
	require.Empty(t, plain.Validate())
	require.Equal(t, Decimal("2.50"), plain.People[0].Gaps[0].W, "decimals stay as written")
	require.Nil(t, plain.Pi, "null is a hard row")
	require.Equal(t, Decimal("0.2"), *plain.Rho)
}

func TestWhatIsWrittenReadsBack(t *testing.T) {
	for seed := range uint64(100) {
		p := randomProblem(rand.New(rand.NewPCG(seed, 1)), 8, 5)
		b, err := json.Marshal(p)
		require.NoError(t, err)
		q, err := Read(bytes.NewReader(b))
		if err != nil { // lists that the generator left nil are null in the file
			b = bytes.ReplaceAll(b, []byte(`"gaps":null`), []byte(`"gaps":[]`))
			b = bytes.ReplaceAll(b, []byte(`"done":null`), []byte(`"done":[]`))
			b = bytes.ReplaceAll(b, []byte(`"comp":null`), []byte(`"comp":[]`))
			b = bytes.ReplaceAll(b, []byte(`"use":null`), []byte(`"use":[]`))
			q, err = Read(bytes.NewReader(b))
		}
		require.NoError(t, err)
		again, err := json.Marshal(q)
		require.NoError(t, err)
		require.JSONEq(t, strings.ReplaceAll(string(b), "null", "[]"), strings.ReplaceAll(string(again), "null", "[]"))
	}
}

func TestReadRefuses(t *testing.T) {
	for name, c := range map[string]struct{ old, new, code string }{
		"unknown field":      {`"hmin":2`, `"hmin":2,"colour":1`, "bad-json"},
		"unknown in person":  {`"done":[]`, `"done":[],"name":"x"`, "bad-json"},
		"missing field":      {`"budget":9,`, ``, "missing-field"},
		"missing in person":  {`,"done":[]`, ``, "missing-field"},
		"missing in session": {`"cap":3,`, ``, "missing-field"},
		"null number":        {`"hmin":2`, `"hmin":null`, "missing-field"},
		"text for a number":  {`"hmin":2`, `"hmin":"2"`, "bad-value"},
		"half an hour":       {`"hmin":2`, `"hmin":2.5`, "bad-value"},
		"NaN":                {`"rho":0.2`, `"rho":NaN`, "bad-json"},
		"huge exponent":      {`"rho":0.2`, `"rho":1e999999999`, "bad-json"},
		"gap of two":         {`[0,10,2.50]`, `[0,10]`, "bad-json"},
		"gain of three":      {`[0,5]`, `[0,5,1]`, "bad-value"},
		"cut off":            {`"pre":-1}]}`, `"pre":-1}`, "bad-json"},
		"something after":    {`"pre":-1}]}`, `"pre":-1}]} {}`, "bad-json"},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(tiny, c.old, c.new, 1)
			require.NotEqual(t, tiny, text)
			_, err := Read(strings.NewReader(text))
			require.Error(t, err)
			require.True(t, bangkom.AsProblems(err, "").Has(c.code), "%v", err)
		})
	}
}

// All problems are named at once, each with its place.
func TestValidateNamesEverything(t *testing.T) {
	p, err := Read(strings.NewReader(tiny))
	require.NoError(t, err)
	minus, two := Decimal("-1"), 2
	p.N, p.HMin, p.Theta, p.Budget, p.UBudget = 5, 99, "1.5", -4, []int64{-1}
	p.Rho = &minus
	p.People[0] = Person{U: 3, Gaps: []Gap{{7, 10, "1"}, {0, 0, "NaN"}, {0, 5, "-1"}}, Must: []int{9}, Not: []int{0, 8}, Lock: []int{0, 4}}
	x := &p.Sessions[0]
	x.Min, x.F, x.Slot, x.State, x.From, x.Clash = 4, -1, 7, "maybe", &two, []int{0, 5}
	p.Limits = []Limit{{Limit: -1, Per: "day", Use: [][2]int64{{3, -1}}, Price: &minus}}
	p.Away = &Away{Share: "2"}
	p.Cover = []Cover{{Who: []int{0, 0, 3}, Theta: "x"}}
	p.Money = "1e400"
	p.Sessions = append(p.Sessions, Session{Off: 1, Pre: 2}, Session{Off: 2, Pre: 1})
	var got []string
	for _, q := range p.Validate() {
		got = append(got, q.Where+" "+q.Code)
	}
	for _, want := range []string{"n shape", "m shape", "hmin floor-above-ceiling", "rho negative", "theta out-of-range", "budget negative", "ubudget[0] negative",
		"people[0].u dangling-reference", "people[0].gaps[0] dangling-reference", "people[0].gaps[1] out-of-range", "people[0].gaps[1] not-finite",
		"people[0].gaps[2] negative", "people[0].gaps[2] twice", "people[0].must[0] dangling-reference", "people[0].not[1] dangling-reference",
		"people[0].lock[0] contradiction", "people[0].lock[1] dangling-reference", "sessions[0].min min-above-cap", "sessions[0].F negative",
		"sessions[0].slot out-of-range", "sessions[0].state unknown-state", "sessions[0].from half-dated", "sessions[0].clash[0] self-reference",
		"sessions[0].clash[1] dangling-reference", "limits[0].limit negative", "limits[0].per unknown-word", "limits[0].use[0] dangling-reference",
		"limits[0].use[0] negative", "limits[0].price negative", "away.share out-of-range", "cover[0].who[1] twice", "cover[0].who[2] dangling-reference",
		"cover[0].theta not-finite", "money not-finite", "sessions prerequisite-circle"} {
		require.Contains(t, got, want)
	}
	_, err = Solve(context.Background(), p, Options{})
	require.Error(t, err)
}

func TestCertificatesThatAreRefused(t *testing.T) {
	p, err := Read(strings.NewReader(tiny))
	require.NoError(t, err)
	zero, far := 0, 9
	leaf := &Certificate{}
	for name, c := range map[string]Certificate{
		"wrong length":         {Prices: Prices{Lambda: []float64{1, 2}}},
		"one branch":           {Session: &zero, Zero: leaf},
		"no session":           {Zero: leaf, One: leaf},
		"unknown session":      {Session: &far, Zero: leaf, One: leaf},
		"unknown person":       {Person: &far, Session: &zero, Zero: leaf, One: leaf},
		"pair":                 {Prices: Prices{Pair: []PairPrice{{5, 0, 1}}}},
		"no such rows":         {Prices: Prices{Nu: [][]float64{{1}}}},
		"a leaf and a session": {Session: &zero},
	} {
		_, err := c.Verify(p)
		require.Error(t, err, name)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(tiny))
	f.Add([]byte(strings.Replace(tiny, `"pi":null`, `"pi":5,"away":{"share":0.5},"money":1e-3`, 1)))
	f.Add([]byte{0x1f, 0x8b, 8, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Read(bytes.NewReader(data))
		if err != nil || p.Validate().Err() != nil || len(p.People) > 20 || len(p.Sessions) > 20 {
			return
		}
		r, err := Solve(context.Background(), p, Options{Work: 500, Workers: 1})
		if err != nil {
			t.Fatal(err)
		}
		if r.Status >= Feasible {
			if e := Evaluate(p, r.Plan()); !e.Feasible() {
				t.Fatal(e.Violations)
			}
			if r.Bound < r.Objective-1e-9*(1+r.Objective) {
				t.Fatalf("bound %v below objective %v", r.Bound, r.Objective)
			}
		}
		if _, err := r.Certificate.Verify(p); err != nil {
			t.Fatal(err)
		}
	})
}

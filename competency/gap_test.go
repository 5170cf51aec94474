package competency_test

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	. "github.com/bangkom/bangkom/competency"
)

// profileOf rates one person whose job asks for the given level in nine
// competencies; 0 is no rating, a negative level one that has expired.
func profileOf(t testing.TB, required Level, attained ...Level) *Profiles {
	f := nine()
	w := workforce(t, []Position{standard(f, "j", required)}, nil, []Person{{ID: "1", Position: "j"}})
	var ratings []Rating
	for i, l := range attained {
		r := Rating{Person: "1", Competency: f.Competencies[i].ID, Level: max(l, -l), Date: day(2026, 1, 1)}
		if l < 0 {
			r.Date, r.ValidUntil = day(2020, 1, 1), day(2021, 1, 1)
		}
		if l != 0 {
			ratings = append(ratings, r)
		}
	}
	p, ps := Assess(w, ratings, day(2026, 6, 1), Rule{})
	require.Empty(t, ps)
	return p
}

func TestGapStates(t *testing.T) {
	p := profileOf(t, 3, 3, 5, 2, 0, -5)
	gaps := PersonGaps(p, 0, Held)
	require.Len(t, gaps, 9)
	var states []State
	for _, g := range gaps[:5] {
		states = append(states, g.State)
		require.Equal(t, PositionID("j"), g.Position)
		_, known := g.Levels()
		require.Equal(t, g.State == Met || g.State == Below, known)
	}
	require.Equal(t, []State{Met, Met, Below, NotAssessed, Expired}, states)
	surplus, _ := gaps[1].Levels()
	need, _ := gaps[2].Levels()
	require.Equal(t, []int{-2, 1}, []int{surplus, need})
	require.Equal(t, Level(5), gaps[4].Attained.Level, "the last known level is shown, and is no evidence")
	require.Nil(t, PersonGaps(p, 0, Target), "no job to be held")
	require.Nil(t, PersonGaps(p, 0, Job(7)))
}

func TestGapsStopEarly(t *testing.T) {
	p := profileOf(t, 3, 3, 3)
	n := 0
	for range Gaps(p, Held) {
		if n++; n == 2 {
			break
		}
	}
	require.Equal(t, 2, n)
}

// D17: people without evidence, or with expired evidence, are neither met nor below.
func TestD17CoverageCountsWhatIsNotKnown(t *testing.T) {
	f := nine()
	w := workforce(t, []Position{standard(f, "j", 3), {ID: "empty"}}, nil, []Person{
		{ID: "1", Position: "j", Target: "j"}, {ID: "2", Position: "j"}, {ID: "3"}, {ID: "4", Position: "empty"},
	})
	p, ps := Assess(w, []Rating{
		{Person: "1", Competency: "c-INT", Level: 3, Date: day(2026, 1, 1)},
		{Person: "1", Competency: "c-KJSM", Level: 2, Date: day(2026, 1, 1)},
		{Person: "2", Competency: "c-INT", Level: 1, Date: day(2020, 1, 1)},
		{Person: "3", Competency: "c-INT", Level: 1, Date: day(2026, 1, 1)},
	}, day(2026, 6, 1), Rule{ValidFor: 3})
	require.Empty(t, ps)
	held := CoverageOf(p, Held)
	require.Equal(t, Coverage{Met: 1, Below: 1, NotAssessed: 15, Expired: 1, NoJob: 1, NoStandard: 1}, held)
	require.Equal(t, 2, held.Known())
	require.Equal(t, 18, held.Cells())
	require.Equal(t, Coverage{Met: 1, Below: 1, NotAssessed: 7, NoJob: 3}, CoverageOf(p, Target))
	require.Equal(t, Assessed, p.Attained(2, "c-INT").State, "assessed without a requirement to compare with")
}

// D3: the cap changes the verdict, so both values are always there.
func TestD3JPMGoldenCases(t *testing.T) {
	for _, c := range []struct {
		name             string
		required         Level
		attained         []Level
		uncapped, capped float64
		shortfall        int
	}{
		{"24 of 27", 3, []Level{3, 3, 3, 3, 3, 3, 2, 2, 2}, 88.89, 88.89, 3},
		{"25 of 18", 2, []Level{3, 3, 3, 3, 3, 3, 3, 2, 2}, 138.89, 100, 0},
		{"surpluses hide gaps", 3, []Level{4, 4, 4, 4, 2, 2, 2, 1, 2}, 92.59, 77.78, 6},
	} {
		t.Run(c.name, func(t *testing.T) {
			gaps := PersonGaps(profileOf(t, c.required, c.attained...), 0, Held)
			for cap, want := range map[Cap]float64{CapNone: c.uncapped, CapPerCompetency: c.capped, CapTotal: min(c.uncapped, 100)} {
				j := Match(gaps, cap)
				require.Equal(t, fmt.Sprintf("%.2f", want), fmt.Sprintf("%.2f", j.Value), cap.String())
				require.Equal(t, fmt.Sprintf("%.2f", c.uncapped), fmt.Sprintf("%.2f", j.Uncapped))
				require.Equal(t, fmt.Sprintf("%.2f", c.capped), fmt.Sprintf("%.2f", j.Capped))
				require.Equal(t, []int{c.shortfall, 9, 9}, []int{j.Shortfall, j.Assessed, j.Required})
				require.Equal(t, cap, j.Cap)
				require.Empty(t, j.Warnings)
			}
		})
	}
}

func TestJPMOverTheAssessedOnly(t *testing.T) {
	j := Match(PersonGaps(profileOf(t, 3, 3, 2, 0, -5), 0, Held), CapNone)
	require.InDelta(t, 100*5.0/6, j.Value, 1e-12)
	require.Equal(t, []int{2, 9, 1}, []int{j.Assessed, j.Required, j.Shortfall})
	require.Equal(t, []string{"not-assessed"}, codes(j.Warnings))
	require.Equal(t, "7", j.Warnings[0].Value)
	require.Contains(t, j.Warnings[0].Msg, "1 of them expired")
}

func TestJPMOfNothing(t *testing.T) {
	for _, cap := range []Cap{CapNone, CapPerCompetency, CapTotal} {
		for _, gaps := range [][]Gap{nil, PersonGaps(profileOf(t, 3), 0, Held), PersonGaps(profileOf(t, 3, -3), 0, Held)} {
			j := Match(gaps, cap)
			require.True(t, math.IsNaN(j.Value), "unknown is not zero")
			require.True(t, math.IsNaN(j.Uncapped) && math.IsNaN(j.Capped))
		}
	}
	zero := []Gap{{State: Met, Required: Requirement{Level: 0}, Attained: Attained{State: Assessed, Level: 2}}}
	j := Match(zero, CapNone)
	require.True(t, math.IsNaN(j.Value))
	require.Equal(t, []string{"required-sum"}, codes(j.Warnings))
	j = Match(PersonGaps(profileOf(t, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3), 0, Held), Cap(9))
	require.True(t, math.IsNaN(j.Value))
	require.Equal(t, []string{"option"}, codes(j.Warnings))
	require.Equal(t, 100.0, j.Uncapped)
}

func TestJPMLaws(t *testing.T) {
	r := random(4)
	for range 200 {
		attained := make([]Level, 9)
		for i := range attained {
			attained[i] = Level(r.IntN(6))
		}
		required := Level(1 + r.IntN(5))
		gaps := PersonGaps(profileOf(t, required, attained...), 0, Held)
		j := Match(gaps, CapNone)
		if j.Assessed == 0 {
			continue
		}
		require.LessOrEqual(t, j.Capped, min(j.Uncapped, 100))
		require.InDelta(t, 100*(1-float64(j.Shortfall)/float64(j.Assessed*int(required))), j.Capped, 1e-9)
		require.Equal(t, j.Uncapped, j.Value)
		require.Equal(t, j.Capped, Match(gaps, CapPerCompetency).Value)
		require.Equal(t, min(j.Uncapped, 100), Match(gaps, CapTotal).Value)
		slices.Reverse(gaps)
		require.Equal(t, j, Match(gaps, CapNone), "the order of the gaps does not matter")
	}
}

func TestWordsOfResults(t *testing.T) {
	j := Match(PersonGaps(profileOf(t, 3, 3, 2), 0, Held)[:2], CapPerCompetency)
	data, err := json.Marshal(j)
	require.NoError(t, err)
	require.JSONEq(t, `{"jpm":83.33333333333333,"cap":"per-competency","uncapped":83.33333333333333,"capped":83.33333333333333,"shortfall":1,"assessed":2,"required":2}`, string(data))
	data, err = json.Marshal(Match(nil, CapNone))
	require.NoError(t, err)
	require.JSONEq(t, `{"jpm":null,"cap":"none","uncapped":null,"capped":null,"shortfall":0,"assessed":0,"required":0}`, string(data))
	data, err = json.Marshal(PersonGaps(profileOf(t, 3, 2), 0, Held)[:1])
	require.NoError(t, err)
	require.JSONEq(t, `[{"person":0,"position":"j","required":{"competency":"c-INT","level":3,"weight":1,"criticality":1},"attained":{"state":"assessed","level":2,"n":1,"last":"2026-01-01"},"state":"below"}]`, string(data))
	data, err = json.Marshal(Coverage{Met: 1})
	require.NoError(t, err)
	require.JSONEq(t, `{"met":1,"below":0,"not_assessed":0,"expired":0,"no_job":0,"no_standard":0}`, string(data))
	rating := Rating{Person: "1", Competency: "c", Level: 0, Source: Self, Date: day(2026, 1, 1)}
	data, err = json.Marshal(rating)
	require.NoError(t, err)
	require.JSONEq(t, `{"person":"1","competency":"c","level":0,"source":"self","date":"2026-01-01"}`, string(data))
	var back Rating
	require.NoError(t, json.Unmarshal(data, &back))
	require.Equal(t, rating, back)
	rule := Rule{ID: "r", Aggregation: Median, Sources: [][]Source{{Self}}, ValidFor: 3}
	data, err = json.Marshal(rule)
	require.NoError(t, err)
	require.JSONEq(t, `{"id":"r","aggregation":"median","sources":[["self"]],"valid_for":3}`, string(data))
	var same Rule
	require.NoError(t, json.Unmarshal(data, &same))
	require.Equal(t, rule, same)
	data, err = json.Marshal(Rule{Sources: [][]Source{}})
	require.NoError(t, err)
	require.JSONEq(t, `{"id":"","aggregation":"latest","sources":[]}`, string(data), "no source is not the same as all of them")
}

func TestEnumsRoundTrip(t *testing.T) {
	for i := range uint8(5) {
		var s State
		text, err := State(i).MarshalText()
		require.NoError(t, err)
		require.NoError(t, s.UnmarshalText(text))
		require.Equal(t, State(i), s)
	}
	for i := range uint8(3) {
		var c Cap
		var a Aggregation
		text, err := Cap(i).MarshalText()
		require.NoError(t, err)
		require.NoError(t, c.UnmarshalText(text))
		require.Equal(t, Cap(i), c)
		text, err = Aggregation(i).MarshalText()
		require.NoError(t, err)
		require.NoError(t, a.UnmarshalText(text))
		require.Equal(t, Aggregation(i), a)
	}
	var j Job
	require.NoError(t, j.UnmarshalText([]byte("target")))
	require.Equal(t, Target, j)
	require.Equal(t, "held", Held.String())
	require.Error(t, j.UnmarshalText([]byte("targets")))
	_, err := State(5).MarshalText()
	require.Error(t, err)
	require.Equal(t, "State(5)", State(5).String())
}

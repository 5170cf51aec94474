package competency_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	. "github.com/bangkom/bangkom/competency"
)

// with changes a rating of person 1 in c-INT.
func with(level Level, date bangkom.Date, change ...func(*Rating)) Rating {
	r := rated(level, date)
	for _, c := range change {
		c(&r)
	}
	return r
}

func negative(r *Rating) { r.Negative = true }

func by(s Source, rater string) func(*Rating) {
	return func(r *Rating) { r.Source, r.Rater = s, rater }
}

func until(d bangkom.Date) func(*Rating) { return func(r *Rating) { r.ValidUntil = d } }

// outcome assesses one cell and returns it with the reason of each rating, in the order given.
func outcome(t *testing.T, rule Rule, asOf bangkom.Date, ratings []Rating) (Attained, []string, []string) {
	t.Helper()
	p, ps := Assess(one(t), ratings, asOf, rule)
	require.NoError(t, ps.Err())
	x := p.Explain(ratings, "1", "c-INT")
	require.Equal(t, p.Attained(0, "c-INT"), x.Attained)
	require.Equal(t, codes(ps), codes(x.Problems))
	reasons := make([]string, len(ratings))
	for _, e := range x.Evidence {
		if e.At >= 0 {
			reasons[e.At] = e.Reason
		}
	}
	return x.Attained, reasons, codes(ps)
}

// Other systems judge expiry by the clock, so that the profile of a past day is
// wrong, and keep negative evidence and decay without computing them.
func TestEvidenceAsOfADay(t *testing.T) {
	asOf := day(2026, 6, 1)
	d := func(y int) bangkom.Date { return day(y, 1, 1) }
	recorded := func(d bangkom.Date) func(*Rating) { return func(r *Rating) { r.Recorded = d } }
	renewal := func(months int16) func(*Rating) { return func(r *Rating) { r.Renewal = months } }
	of := func(k EvidenceKind) func(*Rating) { return func(r *Rating) { r.Kind = k } }
	trust := [][]Source{{Superior}, {Peer}}
	for _, c := range []struct {
		name    string
		rule    Rule
		ratings []Rating
		want    Attained
		reasons string
		remarks []string
	}{
		{"negative withdraws what was before", Rule{}, []Rating{with(3, d(2024)), with(3, d(2025), negative)}, Attained{}, "withdrawn withdraws", nil},
		{"and what is above", Rule{}, []Rating{with(4, d(2024)), with(3, d(2025), negative)}, Attained{}, "withdrawn withdraws", nil},
		{"but not what is below", Rule{}, []Rating{with(2, d(2024)), with(3, d(2025), negative)}, Attained{Assessed, 2, 1, d(2024)}, "counted withdraws-nothing", nil},
		{"nor what came after", Rule{}, []Rating{with(3, d(2026)), with(3, d(2025), negative)}, Attained{Assessed, 3, 1, d(2026)}, "counted withdraws-nothing", nil},
		{"what is left decides", Rule{}, []Rating{with(2, d(2023)), with(4, d(2024)), with(3, d(2025), negative)}, Attained{Assessed, 2, 1, d(2023)}, "counted withdrawn withdraws", nil},
		{"of one day: a contradiction, and it stands", Rule{}, []Rating{with(3, d(2025)), with(3, d(2025), negative)}, Attained{Assessed, 3, 1, d(2025)}, "counted withdraws-nothing", []string{"contradictory-ratings"}},
		{"of one day, of lower level", Rule{}, []Rating{with(2, d(2025)), with(3, d(2025), negative)}, Attained{Assessed, 2, 1, d(2025)}, "counted withdraws-nothing", nil},
		{"alone it shows nothing", Rule{}, []Rating{with(3, d(2025), negative)}, Attained{}, "withdraws-nothing", nil},
		{"in the future it does nothing", Rule{}, []Rating{with(3, d(2024)), with(3, d(2027), negative)}, Attained{Assessed, 3, 1, d(2024)}, "counted future", []string{"future-rating"}},
		{"it outlives the rule's years", Rule{ValidFor: 1}, []Rating{with(3, d(2024), until(d(2030))), with(3, d(2025), negative)}, Attained{}, "withdrawn withdraws", nil},
		{"it ends with its own last day", Rule{}, []Rating{with(3, d(2024)), with(3, d(2025), negative, until(d(2026)))}, Attained{Assessed, 3, 1, d(2024)}, "counted expired", nil},
		{"undated evidence is before any", Rule{}, []Rating{with(3, bangkom.Date{}), with(3, d(2025), negative)}, Attained{}, "withdrawn withdraws", []string{"expiry-unknown"}},
		{"a colleague does not withdraw what the superior says", Rule{Sources: trust}, []Rating{with(3, d(2024), by(Superior, "")), with(3, d(2025), negative, by(Peer, ""))}, Attained{Assessed, 3, 1, d(2024)}, "counted withdraws-nothing", nil},
		{"the superior withdraws what a colleague says", Rule{Sources: trust}, []Rating{with(3, d(2024), by(Peer, "")), with(3, d(2025), negative, by(Superior, ""))}, Attained{}, "withdrawn withdraws", nil},
		{"withdrawn evidence is no last known level", Rule{ValidFor: 1}, []Rating{with(3, d(2020)), with(2, d(2019)), with(3, d(2021), negative)}, Attained{Expired, 2, 1, d(2019)}, "withdrawn last-known withdraws", nil},

		{"recorded in time", Rule{}, []Rating{with(3, d(2024), recorded(asOf))}, Attained{Assessed, 3, 1, d(2024)}, "counted", nil},
		{"recorded too late", Rule{}, []Rating{with(3, d(2024), recorded(asOf.AddDays(1)))}, Attained{}, "recorded-later", []string{"recorded-later"}},
		{"recorded later, and known now", Rule{KnownAt: day(2026, 12, 31)}, []Rating{with(3, d(2024), recorded(asOf.AddDays(1)))}, Attained{Assessed, 3, 1, d(2024)}, "counted", nil},
		{"what was known then", Rule{KnownAt: d(2025)}, []Rating{with(3, d(2024)), with(4, d(2026)), with(5, d(2024), recorded(day(2025, 1, 2)))}, Attained{Assessed, 3, 1, d(2024)}, "counted recorded-later recorded-later", []string{"recorded-later"}},

		{"renewal, last day", Rule{ValidFor: 1}, []Rating{with(3, day(2024, 6, 1), renewal(24))}, Attained{Assessed, 3, 1, day(2024, 6, 1)}, "counted", nil},
		{"renewal, the day after", Rule{}, []Rating{with(3, day(2024, 5, 31), renewal(24))}, Attained{Expired, 3, 1, day(2024, 5, 31)}, "last-known", nil},
		{"renewed in time", Rule{}, []Rating{with(3, day(2023, 1, 1), renewal(24)), with(3, day(2024, 12, 1), renewal(24))}, Attained{Assessed, 3, 1, day(2024, 12, 1)}, "expired counted", nil},
		{"its own last day beats its renewal", Rule{}, []Rating{with(3, d(2020), renewal(12), until(d(2030)))}, Attained{Assessed, 3, 1, d(2020)}, "counted", nil},

		{"decay: in full", Rule{Decay: &Decay{Grace: 24, Every: 12}}, []Rating{with(4, day(2024, 6, 1))}, Attained{Assessed, 4, 1, day(2024, 6, 1)}, "counted", nil},
		{"decay: a step less", Rule{Decay: &Decay{Grace: 24, Every: 12}}, []Rating{with(4, day(2024, 5, 31))}, Attained{Assessed, 3, 1, day(2024, 5, 31)}, "counted", nil},
		{"decay: last day of the step", Rule{Decay: &Decay{Grace: 24, Every: 12}}, []Rating{with(4, day(2023, 6, 1))}, Attained{Assessed, 3, 1, day(2023, 6, 1)}, "counted", nil},
		{"decay: two steps", Rule{Decay: &Decay{Grace: 24, Every: 12}}, []Rating{with(4, day(2023, 5, 31))}, Attained{Assessed, 2, 1, day(2023, 5, 31)}, "counted", nil},
		{"decay: off the scale", Rule{Decay: &Decay{Grace: 24, Every: 12}}, []Rating{with(1, day(2024, 5, 31))}, Attained{Expired, 1, 1, day(2024, 5, 31)}, "last-known", nil},
		{"decay: of certificates only", Rule{Decay: &Decay{Grace: 24, Every: 12, Kinds: []EvidenceKind{Certificate}}, Aggregation: Highest}, []Rating{with(4, day(2024, 5, 31), of(Certificate)), with(2, day(2020, 5, 31), of(Observation))}, Attained{Assessed, 3, 2, day(2024, 5, 31)}, "counted counted", nil},
		{"decay: without a date", Rule{Decay: &Decay{Every: 1}}, []Rating{with(4, bangkom.Date{})}, Attained{Assessed, 4, 1, bangkom.Date{}}, "counted", []string{"expiry-unknown"}},

		{"one certificate read twice", Rule{Aggregation: Median}, []Rating{with(4, d(2025), func(r *Rating) { r.Ref = "7" }), with(4, d(2025), func(r *Rating) { r.Ref = "7" })}, Attained{Assessed, 4, 1, d(2025)}, "", []string{"duplicate-rating"}},
		{"two certificates", Rule{Aggregation: Median}, []Rating{with(4, d(2025), func(r *Rating) { r.Ref = "7" }), with(4, d(2025), func(r *Rating) { r.Ref = "8" })}, Attained{Assessed, 4, 2, d(2025)}, "counted counted", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, reasons, remarks := outcome(t, c.rule, asOf, c.ratings)
			require.Equal(t, c.want, got)
			if c.reasons != "" {
				require.Equal(t, c.reasons, strings.Join(reasons, " "))
			}
			require.Equal(t, c.remarks, remarks)
		})
	}
}

// A source that needs two raters counts with two: elsewhere it needs three.
// Weights, and what a rating of oneself is worth, are declared, never assumed.
func TestManyRaters(t *testing.T) {
	asOf := day(2026, 6, 1)
	at := func(month int) bangkom.Date { return day(2026, month, 1) }
	weights := &Raters{Weights: map[Source]float64{Superior: 0.6, Peer: 0.2, Subordinate: 0.2}}
	say := func(s Source, rater string, l Level) Rating { return with(l, at(3), by(s, rater)) }
	threeTwo := []Rating{say(Superior, "a", 3), say(Peer, "b", 3), say(Peer, "c", 2), say(Peer, "d", 2), say(Subordinate, "e", 2)}
	for _, c := range []struct {
		name    string
		rule    Rule
		ratings []Rating
		level   Level
		n       int
		reasons string
		remarks []string
	}{
		// 0.6·3 + 0.2·7/3 + 0.2·2 = 2.667
		{"weights of sources, fully reached", Rule{Aggregation: Mean, Raters: weights}, threeTwo, 2, 5, "counted counted counted counted counted", nil},
		{"weights of sources, nearest", Rule{Aggregation: Mean, Nearest: true, Raters: weights}, threeTwo, 3, 5, "counted counted counted counted counted", nil},
		// weights by level: 2 has 0.2·2/3 + 0.2 = 1/3, 3 has 2/3
		{"weighted median", Rule{Aggregation: Median, Raters: weights}, threeTwo, 3, 5, "counted counted counted counted counted", nil},
		{"median without weights", Rule{Aggregation: Median, Raters: &Raters{}}, threeTwo, 2, 5, "counted counted counted counted counted", nil},
		{"all say 3: rounding of weights does not make it 2", Rule{Aggregation: Mean, Raters: &Raters{Weights: map[Source]float64{Superior: 0.7, Peer: 0.1, Subordinate: 0.2}}},
			[]Rating{say(Superior, "", 3), say(Peer, "", 3), say(Peer, "", 3), say(Peer, "", 3), say(Subordinate, "", 3)}, 3, 5, "counted counted counted counted counted", nil},
		{"halves go down", Rule{Aggregation: Mean, Nearest: true}, []Rating{say(Peer, "a", 2), say(Peer, "b", 3)}, 2, 2, "counted counted", nil},
		{"a source without weight", Rule{Aggregation: Mean, Raters: weights}, []Rating{say(Superior, "", 2), say(Self, "1", 5)}, 2, 1, "counted no-weight", nil},
		{"one source only: its weight is the whole", Rule{Aggregation: Mean, Raters: weights}, []Rating{say(Peer, "", 4), say(Peer, "", 4)}, 4, 2, "counted counted", nil},
		{"too few colleagues", Rule{Aggregation: Median, Raters: &Raters{Minimum: map[Source]int{Peer: 3}}}, []Rating{say(Superior, "", 2), say(Peer, "a", 5), say(Peer, "b", 5)}, 2, 1, "counted too-few-raters too-few-raters", []string{"too-few-raters"}},
		{"enough colleagues", Rule{Aggregation: Median, Raters: &Raters{Minimum: map[Source]int{Peer: 3}}}, []Rating{say(Superior, "", 2), say(Peer, "a", 5), say(Peer, "b", 5), say(Peer, "", 5)}, 5, 4, "counted counted counted counted", nil},
		{"one colleague three times is one", Rule{Aggregation: Median, Raters: &Raters{Minimum: map[Source]int{Peer: 2}}}, []Rating{say(Superior, "", 2), say(Peer, "a", 5), with(4, at(2), by(Peer, "a")), with(3, at(1), by(Peer, "a"))}, 2, 1, "counted too-few-raters superseded superseded", []string{"too-few-raters"}},
		{"too few in the trusted group: the next decides", Rule{Sources: [][]Source{{Peer}, {Superior}}, Raters: &Raters{Minimum: map[Source]int{Peer: 2}}}, []Rating{say(Superior, "", 2), say(Peer, "a", 5)}, 2, 1, "counted too-few-raters", []string{"too-few-raters"}},
		{"too few, and nobody else", Rule{Raters: &Raters{Minimum: map[Source]int{Peer: 2}}}, []Rating{say(Peer, "a", 5)}, 0, 0, "too-few-raters", []string{"too-few-raters"}},
		{"self counts", Rule{Aggregation: Highest, Raters: &Raters{}}, []Rating{say(Self, "1", 5), say(Superior, "", 3)}, 5, 2, "counted counted", nil},
		{"self excluded", Rule{Aggregation: Highest, Raters: &Raters{Self: SelfExcluded}}, []Rating{say(Self, "1", 5), say(Superior, "", 3)}, 3, 1, "self-excluded counted", nil},
		{"self capped", Rule{Aggregation: Highest, Raters: &Raters{Self: SelfCapped}}, []Rating{say(Self, "1", 5), say(Superior, "", 3), say(Peer, "", 2)}, 3, 3, "counted counted counted", nil},
		{"self below the cap", Rule{Aggregation: Median, Raters: &Raters{Self: SelfCapped}}, []Rating{say(Self, "1", 1), say(Superior, "", 3)}, 1, 2, "counted counted", nil},
		{"self alone, to be capped", Rule{Raters: &Raters{Self: SelfCapped}}, []Rating{say(Self, "1", 5)}, 5, 1, "counted", []string{"self-only"}},
		{"the latest of each rater", Rule{Aggregation: Mean, Raters: &Raters{}}, []Rating{with(1, at(1), by(Peer, "a")), with(5, at(2), by(Peer, "a")), with(3, at(2), by(Peer, "b"))}, 4, 2, "superseded counted counted", nil},
		{"trimmed", Rule{Aggregation: Mean, Trim: 0.2, Raters: &Raters{}}, []Rating{say(Peer, "a", 1), say(Peer, "b", 4), say(Peer, "c", 4), say(Peer, "d", 4), say(Peer, "e", 5)}, 4, 3, "trimmed counted counted counted trimmed", nil},
		{"too few to trim", Rule{Aggregation: Mean, Trim: 0.2, Raters: &Raters{}}, []Rating{say(Peer, "a", 1), say(Peer, "b", 4), say(Peer, "c", 4), say(Peer, "d", 4)}, 3, 4, "counted counted counted counted", nil},
		{"ten per cent of ten is one", Rule{Aggregation: Mean, Trim: 0.1}, slices.Concat(slices.Repeat([]Rating{say(Peer, "", 4)}, 9), []Rating{say(Subordinate, "", 1)}), 4, 8, "", nil},
		{"apart", Rule{Aggregation: Median, Raters: &Raters{Disagreement: 2}}, []Rating{say(Superior, "", 2), say(Peer, "", 4)}, 2, 2, "counted counted", []string{"raters-disagree"}},
		{"apart from oneself only", Rule{Aggregation: Median, Raters: &Raters{Disagreement: 2}}, []Rating{say(Superior, "", 2), say(Self, "1", 4)}, 2, 2, "counted counted", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, reasons, remarks := outcome(t, c.rule, asOf, c.ratings)
			require.Equal(t, []int{int(c.level), c.n}, []int{int(got.Level), got.N})
			if c.reasons != "" {
				require.Equal(t, c.reasons, strings.Join(reasons, " "))
			}
			require.Equal(t, c.remarks, remarks)
		})
	}
}

func TestMeanComesToAStepOfASparseScale(t *testing.T) {
	f := nine()
	f.Scales = []Scale{{ID: "one-to-five", Levels: []Descriptor{{Level: -2}, {Level: 0}, {Level: 5}}}}
	w, ps := NewWorkforce(f, nil, nil, []Person{{ID: "1"}})
	require.Empty(t, ps)
	for _, c := range []struct {
		levels  []Level
		nearest bool
		want    Level
	}{{[]Level{0, 5}, false, 0}, {[]Level{0, 5}, true, 0}, {[]Level{0, 5, 5}, true, 5}, {[]Level{-2, 0}, false, -2}, {[]Level{-2, 0, 0}, true, 0}, {[]Level{5, 5}, false, 5}} {
		var ratings []Rating
		for _, l := range c.levels {
			ratings = append(ratings, rated(l, day(2026, 1, 1)))
		}
		p, _ := Assess(w, ratings, day(2026, 6, 1), Rule{Aggregation: Mean, Nearest: c.nearest})
		require.Equal(t, c.want, p.Attained(0, "c-INT").Level, "%v", c)
	}
}

func TestRulesOutOfRange(t *testing.T) {
	for _, r := range []Rule{
		{Trim: 0.1}, {Aggregation: Mean, Trim: 0.5}, {Aggregation: Mean, Trim: -0.1}, {Aggregation: Mean, Trim: math.NaN()},
		{Decay: &Decay{}}, {Decay: &Decay{Grace: -1, Every: 1}},
		{Raters: &Raters{Weights: map[Source]float64{Peer: 1}}}, {Aggregation: Mean, Raters: &Raters{Weights: map[Source]float64{}}},
		{Aggregation: Mean, Raters: &Raters{Weights: map[Source]float64{Peer: 0}}}, {Aggregation: Mean, Raters: &Raters{Weights: map[Source]float64{Peer: 2, Self: -1}}},
		{Aggregation: Mean, Raters: &Raters{Weights: map[Source]float64{Peer: math.NaN()}}}, {Aggregation: Mean, Raters: &Raters{Weights: map[Source]float64{Peer: math.Inf(1)}}},
		{Raters: &Raters{Minimum: map[Source]int{Peer: -1}}}, {Raters: &Raters{Anonymity: map[Source]int{Peer: -1}}}, {Raters: &Raters{Self: 3}}, {Raters: &Raters{Disagreement: -1}},
	} {
		p, ps := Assess(one(t), []Rating{rated(3, day(2026, 1, 1))}, day(2026, 6, 1), r)
		require.ErrorIs(t, ps.Err(), bangkom.ErrOption, "%+v", r)
		require.Zero(t, p.Attained(0, "c-INT"))
		require.ErrorIs(t, p.Explain(nil, "1", "c-INT").Problems.Err(), bangkom.ErrOption)
	}
}

func TestRuleIsCopiedAndRoundTrips(t *testing.T) {
	rule := Rule{ID: "360", Version: "2026", Aggregation: Mean, Trim: 0.1, Nearest: true, KnownAt: day(2026, 1, 1), ValidFor: 3, Sources: [][]Source{{Peer, Self}},
		Decay:  &Decay{Kinds: []EvidenceKind{Tested}, Grace: 12, Every: 6},
		Raters: &Raters{Weights: map[Source]float64{Peer: 0.5, Self: 0.5}, Minimum: map[Source]int{Peer: 3}, Self: SelfCapped, Disagreement: 2, Anonymity: map[Source]int{Peer: 3}}}
	data, err := json.Marshal(rule)
	require.NoError(t, err)
	var back Rule
	require.NoError(t, json.Unmarshal(data, &back))
	require.Equal(t, rule, back)
	p, ps := Assess(one(t), nil, day(2026, 6, 1), rule)
	require.Empty(t, ps)
	rule.Raters.Weights[Peer], rule.Decay.Kinds[0], rule.Raters.Minimum[Peer] = 9, XAPI, 9
	require.Equal(t, back, p.Rule())
}

// The reader of an explanation who was promised that colleagues are not shown
// finds neither their names nor, of too few, what they said.
func TestAnonymity(t *testing.T) {
	rule := Rule{Aggregation: Mean, Raters: &Raters{Anonymity: map[Source]int{Peer: 3}, Disagreement: 1}}
	say := func(s Source, rater string, l Level, d int) Rating {
		r := with(l, day(2026, 1, d), by(s, rater))
		r.Ref = "form-" + rater
		return r
	}
	ratings := []Rating{say(Self, "1", 4, 1), say(Superior, "boss", 3, 2), say(Peer, "ani", 2, 3), say(Peer, "budi", 2, 4)}
	explain := func(ratings []Rating) Explanation {
		p, ps := Assess(one(t), ratings, day(2026, 6, 1), rule)
		require.NoError(t, ps.Err())
		return p.Explain(ratings, "1", "c-INT")
	}
	x := explain(ratings)
	data, err := json.Marshal(x)
	require.NoError(t, err)
	for _, secret := range []string{"ani", "budi", "2026-01-03"} {
		require.NotContains(t, string(data), secret)
		require.NotContains(t, x.String(), secret)
	}
	require.Contains(t, x.String(), "boss")
	require.Nil(t, x.Score)
	require.Nil(t, x.SelfOther)
	require.Nil(t, x.Spread, "unknown is not 0")
	require.Equal(t, day(2026, 1, 2), x.Attained.Last, "of what is shown")
	require.Equal(t, []SourceView{{Source: Peer, N: 2, Hidden: true}, {Source: Self, N: 1, Mean: 4}, {Source: Superior, N: 1, Mean: 3}}, x.Sources)

	x = explain(append(ratings, say(Peer, "citra", 5, 5)))
	require.Equal(t, SourceView{Source: Peer, N: 3, Mean: 3}, x.Sources[0])
	require.InDelta(t, 16.0/5, *x.Score, 1e-12)
	require.InDelta(t, 1, *x.SelfOther, 1e-12) // 4 − (3+2+2+5)/4
	require.True(t, x.Disagree)
	require.Equal(t, 3, *x.Spread)
	for _, secret := range []string{"citra", "form-c", "2026-01-04"} {
		require.NotContains(t, x.String(), secret)
	}
	require.Equal(t, []Level{5, 2, 2}, []Level{x.Evidence[2].Level, x.Evidence[3].Level, x.Evidence[4].Level}, "by level, not by day")
}

// What too few colleagues said leaves no trace but the level: where it makes no
// other level, it makes no other explanation.
func TestTooFewLeaveNoTrace(t *testing.T) {
	same := 0
	for seed := range uint64(3000) {
		r := random(seed)
		rule := Rule{Aggregation: []Aggregation{Mean, Median}[r.IntN(2)], ValidFor: 3, Raters: &Raters{
			Anonymity: map[Source]int{Peer: 3}, Disagreement: r.IntN(3), Self: SelfRating(r.IntN(3)), Minimum: map[Source]int{Peer: r.IntN(3)},
		}}
		var ratings []Rating
		for n := range 1 + r.IntN(6) {
			x := with(Level(1+r.IntN(5)), day(2025, 1, 1+r.IntN(3)), by([]Source{Self, Superior, Subordinate}[r.IntN(3)], fmt.Sprint(n)))
			ratings = append(ratings, x)
		}
		first := len(ratings)
		for n := range 1 + r.IntN(2) {
			ratings = append(ratings, with(Level(1+r.IntN(5)), day(2025, 1, 1+r.IntN(3)), by(Peer, string(rune('x'+n)))))
		}
		others := slices.Clone(ratings)
		for i := first; i < len(others); i++ {
			others[i].Level, others[i].Rater = Level(1+r.IntN(5)), fmt.Sprint("other ", i)
		}
		explain := func(ratings []Rating) (Attained, string) {
			p, ps := Assess(one(t), ratings, day(2026, 6, 1), rule)
			require.NoError(t, ps.Err())
			x := p.Explain(ratings, "1", "c-INT")
			data, err := json.Marshal(x)
			require.NoError(t, err)
			return x.Attained, string(data) + x.String()
		}
		one, told := explain(ratings)
		two, again := explain(others)
		if one == two {
			same++
			require.Equal(t, told, again, "seed %d", seed)
		}
	}
	require.Greater(t, same, 1000)
}

// One superior and one colleague who is hidden: what the colleague said, and
// when, is nowhere to be seen, be it near the superior's word or far from it.
func TestOneHiddenColleague(t *testing.T) {
	for _, rule := range []Rule{
		{Aggregation: Mean, Raters: &Raters{Anonymity: map[Source]int{Peer: 3}, Disagreement: 2, Weights: map[Source]float64{Superior: 8, Peer: 2}}},
		{Aggregation: Median, ValidFor: 3, Raters: &Raters{Anonymity: map[Source]int{Peer: 3}, Disagreement: 1, Weights: map[Source]float64{Superior: 8, Peer: 2}}},
		{Aggregation: Highest, Sources: [][]Source{{Superior}, {Peer}}, Raters: &Raters{Anonymity: map[Source]int{Peer: 2}, Disagreement: 1}},
	} {
		said := map[string]bool{}
		for _, level := range []Level{3, 4} {
			for _, on := range []int{1, 9} {
				ratings := []Rating{with(2, day(2026, 1, 5), by(Superior, "boss")), with(level, day(2026, 1, on), by(Peer, fmt.Sprint("p", on))), with(level-1, day(2026, 1, on), by(Peer, fmt.Sprint("p", on)))}
				if rule.Aggregation != Highest {
					ratings = ratings[:2]
				}
				p, ps := Assess(one(t), ratings, day(2026, 6, 1), rule)
				require.NoError(t, ps.Err())
				x := p.Explain(ratings, "1", "c-INT")
				data, err := json.Marshal(struct {
					Attained    Attained
					Explanation Explanation
					Text        string
					Problems    bangkom.Problems
				}{p.Attained(0, "c-INT"), x, x.String(), ps})
				require.NoError(t, err)
				said[string(data)] = true
			}
		}
		require.Len(t, said, 1, "%v", rule.Aggregation)
	}
}

func TestSelfOtherWithSelfLeftOut(t *testing.T) {
	rule := Rule{Aggregation: Median, Raters: &Raters{Self: SelfExcluded, Weights: map[Source]float64{Superior: 3, Peer: 1}}}
	ratings := []Rating{with(5, day(2026, 1, 1), by(Self, "1")), with(3, day(2026, 1, 1), by(Superior, "a")), with(2, day(2026, 1, 1), by(Peer, "b"))}
	p, _ := Assess(one(t), ratings, day(2026, 6, 1), rule)
	x := p.Explain(ratings, "1", "c-INT")
	require.InDelta(t, 2.5, *x.SelfOther, 1e-12)
	require.Nil(t, x.Score, "a median has no score between steps")
	require.InDelta(t, 0.75, x.Sources[1].Weight, 1e-12)
}

func TestExplainWhatCannotBe(t *testing.T) {
	w := one(t)
	good := rated(3, day(2026, 1, 1))
	p, _ := Assess(w, []Rating{good}, day(2026, 6, 1), Rule{ID: "r", Version: "2"})
	require.True(t, p.Explain([]Rating{good}, "9", "c-INT").Problems.Has("unknown-person"))
	require.True(t, p.Explain([]Rating{good}, "1", "no").Problems.Has("unknown-competency"))
	x := p.Explain(nil, "1", "c-INT")
	require.True(t, x.Problems.Has("other-evidence"))
	bad := good
	bad.Level = 9
	x = p.Explain([]Rating{bad, good}, "1", "c-INT")
	require.Equal(t, []string{"level-off-scale"}, codes(x.Problems))
	require.Equal(t, 1, x.Evidence[0].At)
	require.Equal(t, "2", x.Rule.Version)
	x = p.Explain([]Rating{good}, "1", "c-KJSM")
	require.Empty(t, x.Problems)
	require.Empty(t, x.Evidence)
	_, err := json.Marshal(x)
	require.NoError(t, err)
}

// randomRule and fullEvidence use everything that evidence and rules can say.
func randomRule(r *rand.Rand) Rule {
	rule := Rule{Aggregation: Aggregation(r.IntN(4)), ValidFor: r.IntN(4), Nearest: r.IntN(2) == 0}
	if r.IntN(2) == 0 {
		rule.Sources = [][]Source{{Superior}, {Peer, ""}, {Self}}[:2+r.IntN(2)]
	}
	if r.IntN(3) == 0 {
		rule.KnownAt = day(2024+r.IntN(4), 1, 1)
	}
	if r.IntN(3) == 0 {
		rule.Decay = &Decay{Grace: r.IntN(30), Every: 1 + r.IntN(20)}
	}
	if rule.Aggregation == Mean && r.IntN(2) == 0 {
		rule.Trim = []float64{0.1, 0.25, 0.4}[r.IntN(3)]
	}
	if r.IntN(3) > 0 {
		rule.Raters = &Raters{Self: SelfRating(r.IntN(3)), Disagreement: r.IntN(3), Minimum: map[Source]int{Peer: r.IntN(4)}}
		if rule.Aggregation == Mean || rule.Aggregation == Median {
			if r.IntN(2) == 0 {
				rule.Raters.Weights = map[Source]float64{Self: float64(r.IntN(3)), Superior: 3, Peer: 2, "": 1}
			}
		}
	}
	return rule
}

func fullEvidence(r *rand.Rand, w *Workforce, n int) []Rating {
	out := randomEvidence(r, w, n)
	for i := range out {
		x := &out[i]
		x.Negative = r.IntN(6) == 0
		if r.IntN(5) == 0 {
			x.Recorded = day(2023+r.IntN(5), 1, 1)
		}
		if r.IntN(5) == 0 {
			x.Renewal = int16(r.IntN(60))
		}
		x.Kind = []EvidenceKind{"", Tested}[r.IntN(2)]
		x.Ref = []string{"", "", "1"}[r.IntN(3)]
	}
	return out
}

func TestEvidenceAgainstItsDescription(t *testing.T) {
	people := make([]Person, 4)
	for i := range people {
		people[i] = Person{ID: personID(i)}
	}
	w := workforce(t, nil, nil, people)
	r := random(11)
	seen := map[string]int{}
	for range 250 {
		rule := randomRule(r)
		ratings := fullEvidence(r, w, 15+r.IntN(90))
		asOf := day(2022+r.IntN(7), 1, 1+r.IntN(2))
		p, ps := Assess(w, ratings, asOf, rule)
		require.NoError(t, ps.Err())
		cells := map[string]Explanation{}
		for x := range p.Explanations(ratings) {
			cells[string(x.Person)+string(x.Competency)] = x
		}
		shuffled := slices.Clone(ratings)
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		q, qs := Assess(w, shuffled, asOf, rule)
		require.Equal(t, ps, qs)
		for i, person := range w.People() {
			for _, c := range w.Framework().Competencies {
				got := p.Attained(i, c.ID)
				require.Equal(t, fullOracle(w, ratings, person.ID, c.ID, asOf, rule), got, "%+v %s %s", rule, person.ID, c.ID)
				require.Equal(t, got, q.Attained(i, c.ID))
				x := p.Explain(ratings, person.ID, c.ID)
				require.Equal(t, got, x.Attained)
				if len(x.Evidence) > 0 {
					require.Equal(t, cells[string(person.ID)+string(c.ID)], x)
				}
				counts := 0
				for _, e := range x.Evidence {
					seen[e.Reason]++
					require.Equal(t, e.Rating, ratings[e.At])
					if e.Counts {
						counts++
					}
				}
				require.Equal(t, got.N, counts)
			}
		}
	}
	require.Len(t, seen, 16, "every reason occurs: %v", seen)
}

// fullOracle says the documentation of Assess and Raters again, without hurry.
func fullOracle(w *Workforce, all []Rating, person PersonID, c CompetencyID, asOf bangkom.Date, rule Rule) Attained {
	known := rule.KnownAt
	if known.IsZero() {
		known = asOf
	}
	group := func(s Source) int {
		if rule.Sources == nil {
			return 0
		}
		return slices.IndexFunc(rule.Sources, func(g []Source) bool { return slices.Contains(g, s) })
	}
	var ratings []Rating
	for _, r := range all {
		late := r.Recorded
		if late.IsZero() {
			late = r.Date
		}
		if r.Person != person || r.Competency != c || r.Date.After(asOf) || late.After(known) || group(r.Source) < 0 {
			continue
		}
		if (r.Rater != "" || r.Ref != "") && slices.Contains(ratings, r) {
			continue
		}
		ratings = append(ratings, r)
	}
	end := func(r Rating) bangkom.Date {
		if r.ValidUntil.IsZero() && r.Renewal > 0 && !r.Date.IsZero() {
			return r.Date.AddMonths(int(r.Renewal))
		}
		return r.ValidUntil
	}
	type voice struct {
		Rating
		level Level
		valid bool
	}
	var voices []voice
	for _, r := range ratings {
		if r.Negative || slices.ContainsFunc(ratings, func(n Rating) bool {
			return n.Negative && (end(n).IsZero() || !end(n).Before(asOf)) && group(n.Source) <= group(r.Source) && n.Level <= r.Level && r.Date.Before(n.Date)
		}) {
			continue
		}
		v := voice{r, r.Level, true}
		if e := end(r); !e.IsZero() {
			v.valid = !e.Before(asOf)
		} else if !r.Date.IsZero() && rule.ValidFor > 0 {
			v.valid = !r.Date.AddYears(rule.ValidFor).Before(asOf)
		}
		if d := rule.Decay; d != nil && v.valid && !r.Date.IsZero() {
			for m := d.Grace; r.Date.AddMonths(m).Before(asOf); m += d.Every {
				v.level--
			}
			if v.level < 1 {
				v.level, v.valid = r.Level, false
			}
		}
		voices = append(voices, v)
	}
	for _, valid := range []bool{true, false} {
		var live []voice
		for _, v := range voices {
			if v.valid == valid {
				live = append(live, v)
			}
		}
		for g := range max(1, len(rule.Sources)) {
			var mine, rest []voice
			for _, v := range live {
				if group(v.Source) == g {
					mine = append(mine, v)
				} else if group(v.Source) > g {
					rest = append(rest, v)
				}
			}
			if R := rule.Raters; R != nil {
				var kept []voice
				for _, v := range mine {
					// The latest of a rater; of one day that of the lower rating, then as compare has it.
					better := func(o voice) bool {
						if o.Source != v.Source || v.Rater == "" || o.Rater != v.Rater || o.Rating == v.Rating {
							return false
						}
						return before(o.Rating, v.Rating)
					}
					if !slices.ContainsFunc(mine, better) {
						kept = append(kept, v)
					}
				}
				mine = slices.DeleteFunc(slices.Clone(kept), func(v voice) bool {
					n := 0
					for _, o := range kept {
						if o.Source == v.Source {
							n++
						}
					}
					return v.Source == Self && R.Self == SelfExcluded || R.Weights != nil && R.Weights[v.Source] == 0 || n < R.Minimum[v.Source]
				})
				if R.Self == SelfCapped {
					top, any := Level(0), false
					for _, o := range append(slices.Clone(mine), rest...) {
						if o.Source != Self {
							top, any = max(top, o.level), true
						}
					}
					for i := range mine {
						if any && mine[i].Source == Self {
							mine[i].level = min(mine[i].level, top)
						}
					}
				}
			}
			if len(mine) == 0 {
				continue
			}
			last := slices.MaxFunc(mine, func(a, b voice) int { return a.Date.Compare(b.Date) }).Date
			if rule.Aggregation == Latest {
				mine = slices.DeleteFunc(mine, func(v voice) bool { return v.Date != last })
			}
			slices.SortStableFunc(mine, func(a, b voice) int { return int(a.level) - int(b.level) })
			weighted := rule.Raters != nil && rule.Raters.Weights != nil
			if rule.Trim > 0 {
				bySource := map[Source][]voice{}
				for _, v := range mine {
					s := v.Source
					if !weighted {
						s = ""
					}
					bySource[s] = append(bySource[s], v)
				}
				mine = nil
				for _, vs := range bySource {
					cut := int(math.Floor(rule.Trim*float64(len(vs)) + 1e-9))
					mine = append(mine, vs[cut:len(vs)-cut]...)
				}
				slices.SortStableFunc(mine, func(a, b voice) int { return int(a.level) - int(b.level) })
			}
			weight := func(v voice) float64 {
				if !weighted {
					return 1
				}
				n := 0
				for _, o := range mine {
					if o.Source == v.Source {
						n++
					}
				}
				return rule.Raters.Weights[v.Source] / float64(n)
			}
			sum, total := 0.0, 0.0
			for _, v := range mine {
				sum, total = sum+weight(v)*float64(v.level), total+weight(v)
			}
			var level Level
			switch rule.Aggregation {
			case Latest:
				level = mine[0].level
			case Highest:
				level = mine[len(mine)-1].level
			case Median:
				reached := 0.0
				for _, v := range mine {
					if reached += weight(v); reached >= total/2-1e-9 {
						level = v.level
						break
					}
				}
			case Mean:
				level = Level(math.Floor(sum/total + 1e-9))
				if rule.Nearest {
					level = Level(math.Ceil(sum/total - 0.5 - 1e-9))
				}
			}
			state := Expired
			if valid {
				state = Assessed
			}
			return Attained{state, level, len(mine), last}
		}
	}
	return Attained{}
}

// before is the order in which one rater's ratings stand.
func before(a, b Rating) bool {
	key := func(r Rating) string {
		neg := 1
		if r.Negative {
			neg = 0
		}
		return fmt.Sprintf("%d|%s|%d|%s|%s|%05d|%s", r.Level, r.ValidUntil, neg, r.Kind, r.Ref, r.Renewal, r.Recorded)
	}
	if a.Date != b.Date {
		return a.Date.After(b.Date)
	}
	return key(a) < key(b)
}

// No rule and no evidence brings Assess or Explain down, and both say the same.
func FuzzAssess(f *testing.F) {
	f.Add([]byte(`{"id":"r","valid_for":3,"decay":{"grace":12,"every":6}}`), []byte(`[{"person":"1","competency":"c-INT","level":3,"date":"2025-01-01"}]`), 739000)
	f.Add([]byte(`{"aggregation":"mean","trim":0.1,"raters":{"weights":{"peer":1,"self":0.5},"self":"capped","anonymity":{"peer":2}}}`),
		[]byte(`[{"person":"1","competency":"c-INT","level":3,"source":"peer","negative":true},{"person":"1","competency":"c-INT","level":5,"source":"self","renewal":12}]`), 700000)
	f.Add([]byte(`{"decay":{"grace":1,"every":9223372036854775807}}`), []byte(`[{"person":"1","competency":"c-INT","level":3,"date":"0001-01-01","renewal":32767}]`), 1)
	f.Add([]byte(`{"valid_for":9223372036854775807,"known_at":"9999-12-31"}`), []byte(`[{"person":"1","competency":"c-INT","level":3,"date":"9999-12-31","renewal":32767}]`), 3652059)
	f.Fuzz(func(t *testing.T, ruleJSON, ratingsJSON []byte, days int) {
		var rule Rule
		var ratings []Rating
		if json.Unmarshal(ruleJSON, &rule) != nil || json.Unmarshal(ratingsJSON, &ratings) != nil || days < 1 || days > 3_652_059 {
			return
		}
		asOf := day(1, 1, 1).AddDays(days - 1)
		p, ps := Assess(one(t), ratings, asOf, rule)
		if ps.Err() != nil {
			return
		}
		x := p.Explain(ratings, "1", "c-INT")
		if x.Attained != p.Attained(0, "c-INT") {
			t.Fatalf("%v is explained as %v", p.Attained(0, "c-INT"), x.Attained)
		}
		if _, err := json.Marshal(x); err != nil {
			t.Fatal(err)
		}
	})
}

// Many ratings of one cell take linear time, negative ones too.
func TestManyNegativeRatings(t *testing.T) {
	var ratings []Rating
	for i := range 200_000 {
		r := rated(Level(1+i%5), day(1500, 1, 1).AddDays(i/2))
		r.Negative, r.Rater = i%2 == 0, fmt.Sprint(i%1000)
		r.Source = []Source{Peer, Superior, Self}[i%3]
		ratings = append(ratings, r)
	}
	p, ps := Assess(one(t), ratings, day(2026, 6, 1), Rule{Sources: [][]Source{{Superior}, {Peer}, {Self}}, Aggregation: Mean, Trim: 0.1, Raters: &Raters{Self: SelfCapped}})
	require.NoError(t, ps.Err())
	require.NotZero(t, p.Attained(0, "c-INT").State)
}

// A negative rating on a scale that got coarser withdraws no more than it did.
func TestNegativeEvidenceIsCarriedOver(t *testing.T) {
	old, next := nine(), nine()
	next.Version = "2"
	next.Scales = []Scale{{ID: "three", Levels: levels(1, 3)}}
	for i := range next.Competencies {
		next.Competencies[i].Scale = "three"
	}
	m := PlanMigration(old, next, nil)
	for i := range m.Moves {
		m.Moves[i].Decision.Review = Accepted
	}
	for i := range m.Scales {
		m.Scales[i].Levels = LevelMap{1: 1, 2: 1, 3: 2, 4: 2, 5: 3}
		m.Scales[i].Decision.Review = Accepted
	}
	for from, want := range map[Level]Level{1: 1, 2: 2, 3: 2, 4: 3, 5: 3} {
		out, ps := m.Apply(old, next, []Rating{{Person: "1", Competency: "c-INT", Level: from, Negative: true, Date: day(2026, 1, 1)}})
		require.NoError(t, ps.Err())
		require.Len(t, out.Ratings, 1)
		require.Equal(t, want, out.Ratings[0].Level, "not level %d", from)
		require.True(t, out.Ratings[0].Negative)
	}
}

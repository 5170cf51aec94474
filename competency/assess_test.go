package competency_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	. "github.com/bangkom/bangkom/competency"
)

// one is a workforce of one person whose job asks for level 3 everywhere.
func one(t testing.TB) *Workforce {
	return workforce(t, []Position{standard(nine(), "j", 3)}, nil, []Person{{ID: "1", Position: "j"}})
}

func rated(level Level, date bangkom.Date) Rating {
	return Rating{Person: "1", Competency: "c-INT", Level: level, Date: date}
}

func TestAssessCells(t *testing.T) {
	asOf := day(2026, 6, 1)
	from := func(r Rating, s Source, rater string) Rating {
		r.Source, r.Rater = s, rater
		return r
	}
	until := func(r Rating, d bangkom.Date) Rating {
		r.ValidUntil = d
		return r
	}
	trust := [][]Source{{Superior}, {Peer, Subordinate}}
	for _, c := range []struct {
		name    string
		rule    Rule
		ratings []Rating
		want    Attained
		remarks []string
	}{
		{"no evidence", Rule{}, nil, Attained{}, nil},
		{"one", Rule{}, []Rating{rated(2, day(2026, 1, 1))}, Attained{Assessed, 2, 1, day(2026, 1, 1)}, nil},
		{"latest", Rule{}, []Rating{rated(2, day(2026, 1, 1)), rated(4, day(2025, 1, 1))}, Attained{Assessed, 2, 1, day(2026, 1, 1)}, nil},
		{"latest, on the day itself", Rule{}, []Rating{rated(2, asOf)}, Attained{Assessed, 2, 1, asOf}, nil},
		{"dated later", Rule{}, []Rating{rated(2, asOf.AddDays(1))}, Attained{}, []string{"future-rating"}},
		{"dated later, beside a usable one", Rule{}, []Rating{rated(2, asOf.AddDays(1)), rated(3, asOf)}, Attained{Assessed, 3, 1, asOf}, []string{"future-rating"}},
		{"contradiction: the lower of one day", Rule{}, []Rating{rated(4, asOf), rated(2, asOf), rated(3, asOf)}, Attained{Assessed, 2, 3, asOf}, []string{"contradictory-ratings"}},
		{"two raters of one day do not contradict each other", Rule{}, []Rating{from(rated(4, asOf), Peer, "a"), from(rated(2, asOf), Peer, "b")}, Attained{Assessed, 2, 2, asOf}, nil},
		{"two sources of one day", Rule{}, []Rating{from(rated(4, asOf), Peer, ""), from(rated(2, asOf), Superior, "")}, Attained{Assessed, 2, 2, asOf}, nil},
		{"median of an odd number", Rule{Aggregation: Median}, []Rating{rated(5, day(2024, 1, 1)), rated(1, day(2025, 1, 1)), rated(3, day(2026, 1, 1))}, Attained{Assessed, 3, 3, day(2026, 1, 1)}, nil},
		{"lower median of an even number", Rule{Aggregation: Median}, []Rating{rated(5, day(2024, 1, 1)), rated(2, day(2025, 1, 1))}, Attained{Assessed, 2, 2, day(2025, 1, 1)}, nil},
		{"highest", Rule{Aggregation: Highest}, []Rating{rated(5, day(2024, 1, 1)), rated(2, day(2025, 1, 1))}, Attained{Assessed, 5, 2, day(2025, 1, 1)}, nil},

		{"valid on the last day", Rule{}, []Rating{until(rated(2, day(2020, 1, 1)), asOf)}, Attained{Assessed, 2, 1, day(2020, 1, 1)}, nil},
		{"expired the day after", Rule{}, []Rating{until(rated(2, day(2020, 1, 1)), asOf.AddDays(-1))}, Attained{Expired, 2, 1, day(2020, 1, 1)}, nil},
		{"valid for three years, last day", Rule{ValidFor: 3}, []Rating{rated(2, day(2023, 6, 1))}, Attained{Assessed, 2, 1, day(2023, 6, 1)}, nil},
		{"valid for three years, day after", Rule{ValidFor: 3}, []Rating{rated(2, day(2023, 5, 31))}, Attained{Expired, 2, 1, day(2023, 5, 31)}, nil},
		{"its own last day beats the rule's years", Rule{ValidFor: 1}, []Rating{until(rated(2, day(2020, 1, 1)), day(2030, 1, 1))}, Attained{Assessed, 2, 1, day(2020, 1, 1)}, nil},
		{"a valid older one beats an expired newer one", Rule{}, []Rating{until(rated(5, day(2025, 1, 1)), day(2025, 12, 31)), until(rated(2, day(2024, 1, 1)), day(2027, 1, 1))}, Attained{Assessed, 2, 1, day(2024, 1, 1)}, nil},
		{"expired: the last known level", Rule{ValidFor: 1}, []Rating{rated(5, day(2020, 1, 1)), rated(2, day(2021, 1, 1))}, Attained{Expired, 2, 1, day(2021, 1, 1)}, nil},

		{"undated counts", Rule{ValidFor: 3}, []Rating{rated(2, bangkom.Date{})}, Attained{Assessed, 2, 1, bangkom.Date{}}, []string{"expiry-unknown"}},
		{"undated is older than any date", Rule{ValidFor: 3}, []Rating{rated(5, bangkom.Date{}), rated(2, day(2024, 1, 1))}, Attained{Assessed, 2, 1, day(2024, 1, 1)}, []string{"expiry-unknown"}},
		{"undated with a last day can be judged", Rule{}, []Rating{until(rated(2, bangkom.Date{}), asOf.AddDays(-1))}, Attained{Expired, 2, 1, bangkom.Date{}}, nil},

		{"superior decides", Rule{Sources: trust}, []Rating{from(rated(2, day(2025, 1, 1)), Superior, ""), from(rated(5, day(2026, 1, 1)), Peer, "")}, Attained{Assessed, 2, 1, day(2025, 1, 1)}, nil},
		{"superior expired: the next group decides", Rule{Sources: trust, ValidFor: 1}, []Rating{from(rated(2, day(2020, 1, 1)), Superior, ""), from(rated(5, day(2026, 1, 1)), Subordinate, "")}, Attained{Assessed, 5, 1, day(2026, 1, 1)}, nil},
		{"a group holds several sources", Rule{Sources: trust, Aggregation: Median}, []Rating{from(rated(1, day(2026, 1, 1)), Peer, ""), from(rated(2, day(2026, 2, 1)), Subordinate, ""), from(rated(5, day(2026, 3, 1)), Peer, "")}, Attained{Assessed, 2, 3, day(2026, 3, 1)}, nil},
		{"sources that the rule does not name", Rule{Sources: trust}, []Rating{from(rated(5, day(2026, 1, 1)), Self, ""), rated(4, day(2026, 1, 1))}, Attained{}, []string{"source-not-used"}},
		{"no source named: none used", Rule{Sources: [][]Source{}}, []Rating{rated(4, day(2026, 1, 1))}, Attained{}, []string{"source-not-used"}},

		{"one rater says the same twice", Rule{Aggregation: Median}, []Rating{from(rated(5, asOf), Peer, "a"), from(rated(5, asOf), Peer, "a"), from(rated(1, asOf), Peer, "b")}, Attained{Assessed, 1, 2, asOf}, []string{"duplicate-rating"}},
		{"two nameless raters of one level both count", Rule{Aggregation: Median}, []Rating{from(rated(5, asOf), Peer, ""), from(rated(5, asOf), Peer, ""), from(rated(1, asOf), Superior, "")}, Attained{Assessed, 5, 3, asOf}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, ps := Assess(one(t), c.ratings, asOf, c.rule)
			require.Equal(t, c.want, p.Attained(0, "c-INT"))
			require.Equal(t, c.remarks, codes(ps))
			require.NoError(t, ps.Err(), "remarks do not fail a call")
			require.Zero(t, p.Attained(0, "c-PB"), "another competency is not touched")
		})
	}
}

// Around the end of February, in years with and without a 29th, a rating is
// valid up to and including the day that Date.AddYears gives, and no longer.
func TestValidityAroundTheLeapDay(t *testing.T) {
	w := one(t)
	for _, years := range []int{1, 3, 4, 2023, 2024, 5000} {
		for from := day(2023, 2, 26); from.Before(day(2025, 3, 4)); from = from.AddDays(1) {
			if from.AddDays(4).Time().Day() > 8 { // 26 February to 4 March and the like
				continue
			}
			for _, asOf := range []bangkom.Date{day(2024, 2, 28), day(2024, 2, 29), day(2024, 3, 1), day(2027, 2, 28), day(2027, 3, 1), day(2028, 2, 29)} {
				if from.After(asOf) {
					continue
				}
				want := Assessed
				if from.AddYears(years).Before(asOf) {
					want = Expired
				}
				p, _ := Assess(w, []Rating{rated(3, from)}, asOf, Rule{ValidFor: years})
				require.Equal(t, want, p.Attained(0, "c-INT").State, "%s + %d years, as of %s", from, years, asOf)
			}
		}
	}
	for _, years := range []int{2025, 2026, 2027, 1 << 60} { // 2026 years before: the last day of no year
		p, _ := Assess(w, []Rating{rated(3, day(1, 12, 31))}, day(2026, 12, 31), Rule{ValidFor: years})
		require.Equal(t, Assessed, p.Attained(0, "c-INT").State)
	}
}

func TestAssessReportsRatingsThatDoNotFit(t *testing.T) {
	good := rated(3, day(2026, 1, 1))
	for _, c := range []struct {
		change func(*Rating)
		code   string
		where  string
		value  string
	}{
		{func(r *Rating) { r.Person = "9" }, "unknown-person", "ratings[1]/person", "9"},
		{func(r *Rating) { r.Competency = "INT" }, "unknown-competency", "ratings[1]/competency", "INT"},
		{func(r *Rating) { r.Level = 6 }, "level-off-scale", "ratings[1]/level", "6"},
		{func(r *Rating) { r.Level = 0 }, "level-off-scale", "ratings[1]/level", "0"},
		{func(r *Rating) { r.ValidUntil = day(2025, 12, 31) }, "validity-before-date", "ratings[1]/valid_until", "2025-12-31"},
	} {
		bad := good
		c.change(&bad)
		p, ps := Assess(one(t), []Rating{good, bad}, day(2026, 6, 1), Rule{})
		require.Len(t, ps, 1)
		require.Equal(t, []string{c.code, c.where, c.value}, []string{ps[0].Code, ps[0].Where, ps[0].Value})
		require.Error(t, ps.Err())
		require.Equal(t, Attained{Assessed, 3, 1, day(2026, 1, 1)}, p.Attained(0, "c-INT"), "the good one is used")
	}
}

func TestAssessRefusesWhatCannotBeApplied(t *testing.T) {
	good := []Rating{rated(3, day(2026, 1, 1))}
	for _, c := range []struct {
		asOf bangkom.Date
		rule Rule
	}{{bangkom.Date{}, Rule{}}, {day(2026, 1, 1), Rule{ValidFor: -1}}, {day(2026, 1, 1), Rule{Aggregation: 9}}} {
		p, ps := Assess(one(t), good, c.asOf, c.rule)
		require.ErrorIs(t, ps.Err(), bangkom.ErrOption)
		require.Equal(t, Coverage{NotAssessed: 9}, CoverageOf(p, Held))
	}
}

func TestProfilesOutsideTheirRange(t *testing.T) {
	p, _ := Assess(one(t), []Rating{rated(3, day(2026, 1, 1))}, day(2026, 6, 1), Rule{ID: "r"})
	for _, i := range []int{-1, 1, 1 << 40} {
		require.Zero(t, p.Attained(i, "c-INT"))
		require.Nil(t, PersonGaps(p, i, Held))
	}
	require.Zero(t, p.Attained(0, "no such"))
	require.Equal(t, "r", p.Rule().ID)
	require.Equal(t, day(2026, 6, 1), p.AsOf())
	require.Equal(t, 1, p.Workforce().Len())
}

func TestManyRatingsOfOneCellAreCounted(t *testing.T) {
	for _, n := range []int{254, 255, 256, 1000} {
		var ratings []Rating
		for i := range n {
			ratings = append(ratings, rated(Level(1+i%5), day(2020, 1, 1).AddDays(i)))
		}
		p, _ := Assess(one(t), ratings, day(2026, 6, 1), Rule{Aggregation: Median})
		require.Equal(t, n, p.Attained(0, "c-INT").N)
	}
}

// randomEvidence holds few days, raters and levels, so that ties, repetitions,
// expiry and future days all occur.
func randomEvidence(r *rand.Rand, w *Workforce, n int) []Rating {
	sources := []Source{Self, Superior, Peer, ""}
	var out []Rating
	for range n {
		x := Rating{
			Person: w.At(r.IntN(w.Len())).ID, Competency: w.Framework().Competencies[r.IntN(3)].ID, Level: Level(1 + r.IntN(5)),
			Source: sources[r.IntN(4)], Rater: []string{"", "a", "b"}[r.IntN(3)],
		}
		if r.IntN(5) > 0 {
			x.Date = day(2019+r.IntN(9), 1, 1+r.IntN(2))
		}
		if r.IntN(4) == 0 {
			x.ValidUntil = day(2028, 1, 1).AddYears(-r.IntN(3))
		}
		if !x.ValidUntil.IsZero() && x.ValidUntil.Before(x.Date) {
			x.ValidUntil = x.Date
		}
		out = append(out, x)
	}
	return out
}

var rules = []Rule{
	{ID: "latest"}, {ID: "median", Aggregation: Median, ValidFor: 3}, {ID: "highest", Aggregation: Highest, ValidFor: 2},
	{ID: "trust", Sources: [][]Source{{Superior}, {Peer, ""}}, ValidFor: 4}, {ID: "trust-median", Aggregation: Median, Sources: [][]Source{{Peer, Superior}, {Self}}},
}

func TestAssessDoesNotDependOnOrder(t *testing.T) {
	people := make([]Person, 6)
	for i := range people {
		people[i] = Person{ID: personID(i), Position: "j"}
	}
	w := workforce(t, []Position{standard(nine(), "j", 3)}, nil, people)
	r := random(5)
	for _, rule := range rules {
		for range 20 {
			ratings := randomEvidence(r, w, 120)
			before := slices.Clone(ratings)
			want, wantProblems := Assess(w, ratings, day(2026, 6, 1), rule)
			require.Equal(t, before, ratings, "the argument is not changed")
			r.Shuffle(len(ratings), func(i, j int) { ratings[i], ratings[j] = ratings[j], ratings[i] })
			got, gotProblems := Assess(w, ratings, day(2026, 6, 1), rule)
			require.Equal(t, wantProblems, gotProblems)
			for i := range w.Len() {
				for _, c := range w.Framework().Competencies {
					require.Equal(t, want.Attained(i, c.ID), got.Attained(i, c.ID))
				}
			}
		}
	}
}

// oracle says the documentation of Assess again, cell by cell and without hurry.
func oracle(ratings []Rating, person PersonID, c CompetencyID, asOf bangkom.Date, rule Rule) Attained {
	groups := rule.Sources
	seen := map[Rating]bool{}
	byGroup := map[int]map[State][]Rating{}
	for _, r := range ratings {
		if r.Person != person || r.Competency != c || r.Date.Compare(asOf) > 0 || seen[r] && r.Rater != "" {
			continue
		}
		seen[r] = true
		g := 0
		if groups != nil {
			g = -1
			for i := len(groups) - 1; i >= 0; i-- {
				if slices.Contains(groups[i], r.Source) {
					g = i
				}
			}
		}
		if g < 0 {
			continue
		}
		state := Assessed
		last := r.ValidUntil
		if last.IsZero() && rule.ValidFor > 0 {
			last = r.Date.AddYears(rule.ValidFor)
		}
		if !last.IsZero() && asOf.After(last) {
			state = Expired
		}
		if byGroup[g] == nil {
			byGroup[g] = map[State][]Rating{}
		}
		byGroup[g][state] = append(byGroup[g][state], r)
	}
	for _, state := range []State{Assessed, Expired} {
		for g := range max(1, len(groups)) {
			used := byGroup[g][state]
			if len(used) == 0 {
				continue
			}
			last := slices.MaxFunc(used, func(a, b Rating) int { return a.Date.Compare(b.Date) }).Date
			if rule.Aggregation == Latest {
				used = slices.DeleteFunc(used, func(r Rating) bool { return r.Date != last })
			}
			var sorted []Level
			for _, r := range used {
				sorted = append(sorted, r.Level)
			}
			slices.Sort(sorted)
			level := map[Aggregation]Level{Latest: sorted[0], Median: sorted[(len(sorted)-1)/2], Highest: sorted[len(sorted)-1]}[rule.Aggregation]
			return Attained{state, level, len(used), last}
		}
	}
	return Attained{}
}

func TestAssessAgainstItsDescription(t *testing.T) {
	people := make([]Person, 5)
	for i := range people {
		people[i] = Person{ID: personID(i)}
	}
	w := workforce(t, nil, nil, people)
	r := random(6)
	states := map[State]int{}
	for round := range 60 {
		rule := rules[round%len(rules)]
		ratings := randomEvidence(r, w, 15+r.IntN(80))
		asOf := day(2022+r.IntN(7), 1, 1+r.IntN(2))
		p, _ := Assess(w, ratings, asOf, rule)
		for i, person := range w.People() {
			for _, c := range w.Framework().Competencies {
				got := p.Attained(i, c.ID)
				require.Equal(t, oracle(ratings, person.ID, c.ID, asOf, rule), got, fmt.Sprint(rule.ID, person.ID, c.ID))
				states[got.State]++
			}
		}
	}
	require.Len(t, states, 3, "the evidence is varied enough to reach every state: %v", states)
}

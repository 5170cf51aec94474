package mentoring

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
)

var asOf = bangkom.MustDate(2026, 6, 30)

// framework has competencies c0, c1, … on a scale of 1 to 5.
func framework(n int) *competency.Framework {
	f := &competency.Framework{ID: "f", Scales: []competency.Scale{{ID: "s"}}}
	for l := range 5 {
		f.Scales[0].Levels = append(f.Scales[0].Levels, competency.Descriptor{Level: competency.Level(l + 1)})
	}
	for c := range n {
		f.Competencies = append(f.Competencies, competency.Competency{ID: competency.CompetencyID(fmt.Sprintf("c%d", c)), Scale: "s"})
	}
	return f
}

// city is a workforce with what is known of it.
func city(t testing.TB, positions []competency.Position, units []competency.Unit, people []competency.Person, ratings []competency.Rating) *competency.Profiles {
	t.Helper()
	w, problems := competency.NewWorkforce(framework(4), positions, units, people)
	require.NoError(t, problems.Err())
	p, problems := competency.Assess(w, ratings, asOf, competency.Rule{ID: "latest"})
	require.NoError(t, problems.Err())
	return p
}

func rating(person string, c int, level competency.Level) competency.Rating {
	return competency.Rating{Person: competency.PersonID(person), Competency: competency.CompetencyID(fmt.Sprintf("c%d", c)), Level: level, Source: competency.Assessor,
		Date: bangkom.MustDate(2026, 1, 31)}
}

func requires(levels ...competency.Level) []competency.Requirement {
	var out []competency.Requirement
	for c, l := range levels {
		if l > 0 {
			out = append(out, competency.Requirement{Competency: competency.CompetencyID(fmt.Sprintf("c%d", c)), Level: l, Weight: 1, Criticality: 1})
		}
	}
	return out
}

// office: "kadis" heads the unit of staff; "luar" and the others sit elsewhere.
func office(t testing.TB, more ...competency.Rating) *competency.Profiles {
	old := rating("lama", 0, 5)
	old.Date, old.ValidUntil = bangkom.MustDate(2020, 1, 1), bangkom.MustDate(2023, 1, 1)
	return city(t,
		[]competency.Position{
			{ID: "staff", Tier: "pelaksana", Requirements: requires(3, 3)},
			{ID: "head", Tier: "jpt", Requirements: requires(4, 4)},
			{ID: "senior", Tier: "administrator"},
		},
		[]competency.Unit{{ID: "A", Head: "kadis"}, {ID: "B"}},
		[]competency.Person{
			{ID: "staf1", Unit: "A", Position: "staff"}, {ID: "staf2", Unit: "A", Position: "staff"}, {ID: "staf3", Unit: "A", Position: "staff"},
			{ID: "kadis", Unit: "A", Position: "head"}, {ID: "luar", Unit: "B", Position: "senior"}, {ID: "lama", Unit: "B", Position: "senior"},
			{ID: "baru", Unit: "B", Position: "senior"}, {ID: "rendah", Unit: "B", Position: "senior"}, {ID: "penuh", Unit: "B", Position: "senior"}, {ID: "pas", Unit: "B"},
		},
		append([]competency.Rating{
			rating("staf1", 0, 2), rating("staf1", 1, 1), rating("staf2", 0, 3), rating("staf2", 1, 3), rating("staf3", 0, 2),
			rating("kadis", 0, 5), rating("kadis", 1, 5), rating("luar", 0, 4), rating("luar", 1, 2), old,
			rating("rendah", 0, 2), rating("penuh", 0, 5), rating("penuh", 1, 5), rating("pas", 0, 3),
		}, more...))
}

var mentorsOfOffice = []Mentor{{"kadis", 1}, {"luar", 2}, {"lama", 1}, {"baru", 1}, {"rendah", 1}, {"penuh", 0}, {"pas", 1}}

func eligible(t testing.TB, p *competency.Profiles, mentors []Mentor, mentees []competency.PersonID, rules *Rules) *Pairs {
	t.Helper()
	pairs, problems := Eligible(p, mentors, mentees, rules)
	require.Empty(t, problems)
	return pairs
}

func mentorsOf(p *Pairs, mentee competency.PersonID) []string {
	out := []string{}
	for pair := range p.Of(mentee) {
		out = append(out, string(pair.Mentor))
	}
	return out
}

func counts(list []Exclusion) map[Reason]int {
	out := map[Reason]int{}
	for _, e := range list {
		out[e.Reason] = e.N
	}
	return out
}

func TestEligibleReasons(t *testing.T) {
	p := office(t)
	pairs := eligible(t, p, mentorsOfOffice, nil, nil)
	// staf2 has no gap. staf3 was not assessed in c1: that is no gap, but c0 is.
	require.Equal(t, []competency.PersonID{"staf1", "staf3"}, pairs.Mentees())
	require.Equal(t, []string{"luar", "pas"}, mentorsOf(pairs, "staf1"))
	require.Equal(t, map[Reason]int{NotAssessed: 1, Expired: 1, LevelTooLow: 1, NoPlaces: 1, LineOfCommand: 1}, counts(pairs.Excluded("staf1")))
	for _, e := range pairs.Excluded("staf1") {
		if e.Reason == LineOfCommand || e.Reason == NoPlaces {
			require.Equal(t, 1, e.Alone, "without this rule there were one mentor more")
		} else {
			require.Zero(t, e.Alone)
		}
	}
	require.Equal(t, map[Reason]int{NotAssessed: 2, Expired: 2, LevelTooLow: 2, NoPlaces: 2, LineOfCommand: 2}, counts(pairs.Exclusions()))

	for name, c := range map[string]struct {
		rules Rules
		want  []string
		n     map[Reason]int
	}{
		"line allowed": {Rules{AllowLine: true}, []string{"kadis", "luar", "pas"}, map[Reason]int{NotAssessed: 1, Expired: 1, LevelTooLow: 1, NoPlaces: 1}},
		"margin": {Rules{Margin: 1}, []string{"luar"},
			map[Reason]int{NotAssessed: 1, Expired: 1, LevelTooLow: 1, WithinMargin: 1, NoPlaces: 1, LineOfCommand: 1}},
		"every gap": {Rules{EveryGap: true, AllowLine: true}, []string{"kadis"}, map[Reason]int{NotAssessed: 1, Expired: 1, LevelTooLow: 3, NoPlaces: 1}},
		"tiers": {Rules{Tiers: []string{"pelaksana", "administrator", "jpt"}, TierMargin: 2, AllowLine: true}, []string{"kadis"},
			map[Reason]int{NotAssessed: 1, Expired: 1, LevelTooLow: 1, NoPlaces: 1, TierTooLow: 1, TierUnknown: 1}},
		"conflict": {Rules{Conflicts: [][2]competency.PersonID{{"luar", "staf1"}}}, []string{"pas"},
			map[Reason]int{NotAssessed: 1, Expired: 1, LevelTooLow: 1, NoPlaces: 1, LineOfCommand: 1, Conflict: 1}},
	} {
		pairs := eligible(t, p, mentorsOfOffice, nil, &c.rules)
		require.Equal(t, c.want, mentorsOf(pairs, "staf1"), name)
		require.Equal(t, c.n, counts(pairs.Excluded("staf1")), name)
	}
}

// People who are asked for and have no known gap are unmatched for that reason.
func TestMenteesWithoutGap(t *testing.T) {
	p := office(t)
	asked := []competency.PersonID{"staf2", "staf1", "luar", "staf3"}
	m := match(t, eligible(t, p, mentorsOfOffice[:1], asked, &Rules{AllowLine: true}), Heaviest, nil)
	require.Equal(t, []Unmatched{{Person: "luar", Why: NoStandard}, {Person: "staf2", Why: NoGap}, {Person: "staf3", Why: AllFull, Full: []competency.PersonID{"kadis"}}}, m.Unmatched)

	// Not assessed is not "no gap", and not a gap either.
	m = match(t, eligible(t, p, mentorsOfOffice, []competency.PersonID{"kadis"}, nil), Heaviest, nil)
	require.Equal(t, NoGap, m.Unmatched[0].Why)
	p = city(t, []competency.Position{{ID: "staff", Requirements: requires(3, 3)}}, nil,
		[]competency.Person{{ID: "x", Position: "staff"}, {ID: "y", Position: "staff"}},
		[]competency.Rating{rating("x", 0, 3), rating("y", 0, 3), {Person: "y", Competency: "c1", Level: 1, Date: bangkom.MustDate(2020, 1, 1), ValidUntil: bangkom.MustDate(2021, 1, 1)}})
	m = match(t, eligible(t, p, nil, []competency.PersonID{"x", "y"}, nil), Heaviest, nil)
	require.Equal(t, []Unmatched{{Person: "x", Why: GapNotAssessed}, {Person: "y", Why: GapExpired}}, m.Unmatched)
	require.Empty(t, eligible(t, p, nil, nil, nil).Mentees())
}

func TestEligibleProblems(t *testing.T) {
	p := office(t)
	pairs, problems := Eligible(p, []Mentor{{"nobody", 1}, {"luar", 1}, {"luar", 2}, {"pas", -1}}, []competency.PersonID{"staf1", "staf1", "ghost"}, nil)
	require.Equal(t, []Mentor{{"luar", 1}}, pairs.Mentors())
	require.Equal(t, []competency.PersonID{"staf1"}, pairs.Mentees())
	var codes []string
	for _, x := range problems {
		codes = append(codes, x.Code)
	}
	require.Equal(t, []string{"duplicate-id", "negative-places", "unknown-person", "duplicate-id", "unknown-person"}, codes)

	for _, rules := range []Rules{
		{Margin: -1}, {Job: 2}, {TierMargin: 1}, {Tiers: []string{"a", "b"}, TierMargin: 2}, {Tiers: []string{"a", "a"}},
		{Scoring: Scoring{Weights: map[competency.CompetencyID]float64{"c0": -1}}}, {Scoring: Scoring{Beyond: -1}}, {Scoring: Scoring{Helpful: -1}},
		{Scoring: Scoring{WishPoints: []int{-1}}}, {Scoring: Scoring{Wishes: []Wish{{"a", "b", 0}}}}, {Scoring: Scoring{SameUnit: 1e9}},
	} {
		pairs, problems := Eligible(p, mentorsOfOffice, nil, &rules)
		require.Nil(t, pairs)
		require.ErrorIs(t, problems, bangkom.ErrOption)
	}
}

func TestScoreParts(t *testing.T) {
	scoring := Scoring{
		Weights: map[competency.CompetencyID]float64{"c0": 0.5, "c1": 2}, Helpful: 1, Beyond: 40, SameUnit: -300,
		Wishes: []Wish{{"staf1", "kadis", 2}, {"kadis", "staf1", 1}, {"kadis", "staf1", 2}, {"staf1", "luar", 3}}, WishPoints: []int{100, 50},
	}
	p := office(t)
	pairs := eligible(t, p, mentorsOfOffice, nil, &Rules{AllowLine: true, Scoring: scoring})
	require.Equal(t, []Part{
		{"coverage", "c0", 500}, {"beyond", "c0", -40}, {"coverage", "c1", 4000}, {"beyond", "c1", -40}, {"unit", "", -300},
		{"mentee-wish", "", 50}, {"mentor-wish", "", 100},
	}, pairs.Explain("staf1", "kadis"))
	got := slices.Collect(pairs.Of("staf1"))
	require.Equal(t, Pair{"staf1", "kadis", 4270, 4170, 4220}, got[0])
	require.Equal(t, []Part{{"coverage", "c0", 500}}, pairs.Explain("staf1", "luar"))

	// Nothing is worth less than a point, and the parts say what was added.
	low := eligible(t, p, mentorsOfOffice, nil, &Rules{AllowLine: true, Scoring: Scoring{Weights: map[competency.CompetencyID]float64{}, SameUnit: -300}})
	require.Equal(t, []Part{{"unit", "", -300}, {"floor", "", 301}}, low.Explain("staf1", "kadis"))

	// Without weights of the caller those of the mentee's standard count.
	require.Equal(t, []Part{{"coverage", "c0", 1000}, {"coverage", "c1", 2000}},
		eligible(t, p, mentorsOfOffice, nil, &Rules{AllowLine: true}).Explain("staf1", "kadis"))
	for _, pairs := range []*Pairs{pairs, low} {
		for pair := range pairs.All() {
			var sum int64
			for _, part := range pairs.Explain(pair.Mentee, pair.Mentor) {
				sum += part.Points
			}
			require.Equal(t, pair.Score, sum)
		}
	}
	require.Equal(t, []Goal{{"c0", 3, asOf}}, pairs.Goals("staf1", "luar", asOf))
}

// The caller's rules are neither kept nor changed.
func TestRulesAreCopied(t *testing.T) {
	rules := Rules{AllowLine: true, Scoring: Scoring{Weights: map[competency.CompetencyID]float64{"c0": 1, "c1": 1},
		Wishes: []Wish{{"staf1", "pas", 1}, {"staf1", "luar", 1}}, WishPoints: []int{10}}}
	mentors := slices.Clone(mentorsOfOffice)
	pairs := eligible(t, office(t), mentors, nil, &rules)
	require.Equal(t, mentorsOfOffice, mentors)
	require.Equal(t, Wish{"staf1", "pas", 1}, rules.Scoring.Wishes[0])
	before := pairs.Explain("staf1", "luar")
	rules.Scoring.Weights["c0"], rules.Scoring.WishPoints[0], rules.Scoring.Wishes[1].Rank = 9, 99, 7
	require.Equal(t, before, pairs.Explain("staf1", "luar"))
}

// The sets find what a look at every single pair finds, with the same reasons.
func TestEligibleAgainstEveryPair(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	tiers := []string{"t0", "t1", "t2"}
	for round := range 40 {
		p, mentors, conflicts := randomCity(t, r, tiers)
		rules := Rules{Margin: r.IntN(2), EveryGap: r.IntN(2) == 0, AllowLine: r.IntN(2) == 0, Conflicts: conflicts, Scoring: Scoring{Beyond: 300, SameUnit: 10}}
		if round%2 == 0 {
			rules.Tiers, rules.TierMargin = tiers, r.IntN(2)
		}
		pairs := eligible(t, p, mentors, nil, &rules)
		w := p.Workforce()
		var mentees []competency.PersonID
		for no, person := range w.People() {
			var gaps []competency.Gap
			for _, g := range competency.PersonGaps(p, no, competency.Held) {
				if g.State == competency.Below {
					gaps = append(gaps, g)
				}
			}
			if gaps == nil {
				continue
			}
			mentees = append(mentees, person.ID)
			want := map[Reason]int{}
			found := []string{}
			for _, m := range pairs.mentors {
				if reason := slowly(p, rules, person, gaps, m); reason != "" {
					want[reason]++
				} else {
					found = append(found, string(m.Person))
				}
			}
			require.Equal(t, found, mentorsOf(pairs, person.ID))
			require.Equal(t, want, counts(pairs.Excluded(person.ID)))
		}
		require.Equal(t, mentees, pairs.Mentees())
		for _, o := range objectives {
			match(t, pairs, o, nil)
		}
	}
}

func randomCity(t testing.TB, r *rand.Rand, tiers []string) (*competency.Profiles, []Mentor, [][2]competency.PersonID) {
	var positions []competency.Position
	for k := range 5 {
		tier := "other"
		if k < 4 {
			tier = tiers[k%3]
		}
		positions = append(positions, competency.Position{ID: competency.PositionID(fmt.Sprintf("p%d", k)), Tier: tier,
			Requirements: requires(competency.Level(r.IntN(5)), competency.Level(r.IntN(5)), competency.Level(r.IntN(5)), competency.Level(r.IntN(5)))})
	}
	var people []competency.Person
	var ratings []competency.Rating
	var mentors []Mentor
	var conflicts [][2]competency.PersonID
	for i := range 80 {
		id := fmt.Sprintf("n%02d", i)
		people = append(people, competency.Person{ID: competency.PersonID(id), Unit: competency.UnitID(fmt.Sprintf("u%d", r.IntN(6))), Position: competency.PositionID(fmt.Sprintf("p%d", r.IntN(5)))})
		for c := range 4 {
			if r.IntN(3) == 0 {
				continue
			}
			x := rating(id, c, competency.Level(1+r.IntN(5)))
			if r.IntN(4) == 0 {
				x.Date, x.ValidUntil = bangkom.MustDate(2021, 1, 1), bangkom.MustDate(2022, 1, 1)
			}
			ratings = append(ratings, x)
		}
		if r.IntN(2) == 0 {
			mentors = append(mentors, Mentor{competency.PersonID(id), r.IntN(4)})
		}
		if r.IntN(4) == 0 {
			conflicts = append(conflicts, [2]competency.PersonID{competency.PersonID(id), competency.PersonID(fmt.Sprintf("n%02d", r.IntN(80)))})
		}
	}
	var units []competency.Unit
	for k := range 6 {
		u := competency.Unit{ID: competency.UnitID(fmt.Sprintf("u%d", k)), Head: people[r.IntN(80)].ID}
		if k > 0 {
			u.Parent = competency.UnitID(fmt.Sprintf("u%d", r.IntN(k)))
		}
		units = append(units, u)
	}
	return city(t, positions, units, people, ratings), mentors, conflicts
}

// slowly is the first reason against one pair, "" if there is none.
func slowly(p *competency.Profiles, rules Rules, person competency.Person, gaps []competency.Gap, m Mentor) Reason {
	w := p.Workforce()
	if m.Person == person.ID {
		return OwnPerson
	}
	no, _ := w.Index(m.Person)
	states := map[competency.State]bool{}
	covered, within := 0, 0
	for _, g := range gaps {
		a := p.Attained(no, g.Required.Competency)
		states[a.State] = true
		if a.State == competency.Assessed && a.Level >= g.Required.Level {
			within++
			if int(a.Level) >= int(g.Required.Level)+rules.Margin {
				covered++
			}
		}
	}
	enough := func(n int) bool { return n == len(gaps) || n > 0 && !rules.EveryGap }
	tier := func(id competency.PersonID) int {
		person, _ := w.Person(id)
		pos, ok := w.Position(person.Position)
		if !ok {
			return -1
		}
		return slices.Index(rules.Tiers, pos.Tier)
	}
	switch {
	case enough(covered):
	case enough(within):
		return WithinMargin
	case states[competency.Assessed]:
		return LevelTooLow
	case states[competency.Expired]:
		return Expired
	default:
		return NotAssessed
	}
	switch {
	case m.Places == 0:
		return NoPlaces
	case !rules.AllowLine && w.InLineOfCommand(m.Person, person.ID):
		return LineOfCommand
	case rules.Tiers != nil && (tier(m.Person) < 0 || tier(person.ID) < 0):
		return TierUnknown
	case rules.Tiers != nil && tier(m.Person) < tier(person.ID)+rules.TierMargin:
		return TierTooLow
	case slices.ContainsFunc(rules.Conflicts, func(c [2]competency.PersonID) bool {
		return c == [2]competency.PersonID{m.Person, person.ID} || c == [2]competency.PersonID{person.ID, m.Person}
	}):
		return Conflict
	}
	return ""
}

func TestReadMentors(t *testing.T) {
	got, problems := ReadMentors(strings.NewReader("\ufeffNIP;Kapasitas\r\n'0001;3\r\n0002;\r\n0003;-1\r\n0001;4\r\n0004;0\r\n;2\r\n0005;dua\r\n"), "mentors.csv")
	require.Equal(t, []Mentor{{"0001", 3}, {"0004", 0}}, got)
	var codes, where []string
	for _, p := range problems.Only(bangkom.Error) {
		codes = append(codes, p.Code)
		where = append(where, p.Where)
		require.NotContains(t, p.Value, "000", "a person's number is not shown")
	}
	require.Equal(t, []string{"empty-cell", "negative-places", "duplicate-id", "empty-cell", "not-integer"}, codes)
	require.Equal(t, []string{"mentors.csv:3:Kapasitas", "mentors.csv:4:Kapasitas", "mentors.csv:5:NIP", "mentors.csv:7:NIP", "mentors.csv:8:Kapasitas"}, where)

	got, problems = ReadMentors(strings.NewReader("NIP;Kapasitas\n1;2000000\n"), "m.csv")
	require.Empty(t, got)
	require.True(t, problems.Has("implausible-places"))
	_, problems = ReadMentors(strings.NewReader("NIP;Nama\n1;x\n"), "m.csv")
	require.True(t, problems.Has("missing-column"))
}

func FuzzReadMentors(f *testing.F) {
	f.Add("NIP;Kapasitas\n1;2\n")
	f.Add("\ufeffMentor,Places\r\n\"1\",0\r\n1,1\r\n")
	f.Fuzz(func(t *testing.T, file string) {
		got, _ := ReadMentors(strings.NewReader(file), "f.csv")
		seen := map[competency.PersonID]bool{}
		for _, m := range got {
			require.NotEmpty(t, m.Person)
			require.GreaterOrEqual(t, m.Places, 0)
			require.False(t, seen[m.Person])
			seen[m.Person] = true
		}
	})
}

// BenchmarkEligible is a large agency: 12,000 people, of whom 2,000 offer
// places, 40 positions with 4 competencies. Most mentors suit many, so that the
// pairs are the work.
func BenchmarkEligible(b *testing.B) {
	r := rand.New(rand.NewPCG(13, 14))
	var positions []competency.Position
	for k := range 40 {
		positions = append(positions, competency.Position{ID: competency.PositionID(fmt.Sprintf("p%02d", k)),
			Requirements: requires(competency.Level(3+r.IntN(3)), competency.Level(3+r.IntN(3)), 0, competency.Level(3+r.IntN(3)))})
	}
	var units []competency.Unit
	for k := range 400 {
		u := competency.Unit{ID: competency.UnitID(fmt.Sprintf("u%03d", k)), Head: competency.PersonID(fmt.Sprintf("n%05d", 30*k))}
		if k > 0 {
			u.Parent = competency.UnitID(fmt.Sprintf("u%03d", k/8))
		}
		units = append(units, u)
	}
	var people []competency.Person
	var ratings []competency.Rating
	var mentors []Mentor
	for i := range 12000 {
		id := fmt.Sprintf("n%05d", i)
		people = append(people, competency.Person{ID: competency.PersonID(id), Unit: competency.UnitID(fmt.Sprintf("u%03d", i/30)), Position: competency.PositionID(fmt.Sprintf("p%02d", r.IntN(40)))})
		for c := range 4 {
			ratings = append(ratings, rating(id, c, competency.Level(1+min(r.IntN(5), r.IntN(5)))))
		}
		if i%6 == 0 {
			mentors = append(mentors, Mentor{competency.PersonID(id), 5})
		}
	}
	p := city(b, positions, units, people, ratings)
	for b.Loop() {
		pairs, _ := Eligible(p, mentors, nil, nil)
		b.ReportMetric(float64(pairs.Len()), "pairs")
	}
}

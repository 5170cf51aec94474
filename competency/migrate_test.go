package competency_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	. "github.com/bangkom/bangkom/competency"
)

func moveOf(m *Migration, id CompetencyID) *Move {
	i := slices.IndexFunc(m.Moves, func(x Move) bool { return slices.Contains(x.From, id) })
	return &m.Moves[i]
}

func evidenceOf(person PersonID, c CompetencyID, level Level, rater string) Rating {
	return Rating{Person: person, Competency: c, Level: level, Source: Assessor, Rater: rater, Date: day(2026, 3, 1)}
}

// sortedRatings shows ratings in an order of their own.
func sortedRatings(t testing.TB, ratings []Rating) []string {
	t.Helper()
	var all []string
	for _, r := range ratings {
		b, err := json.Marshal(r)
		require.NoError(t, err)
		all = append(all, string(b))
	}
	slices.Sort(all)
	return all
}

func TestMigrationOfAYearsRevision(t *testing.T) {
	old, next := nine(), nextNine()
	m := PlanMigration(old, next, &DiffOptions{Candidate: 0.6})
	require.Equal(t, "test/nine 1 -> test/nine 2", m.ID)
	require.Len(t, m.Moves, 9)
	open := map[CompetencyID]string{}
	for _, x := range m.Moves {
		if x.Decision.Review != Accepted {
			open[x.From[0]] = fmt.Sprint(x.Action(), x.By, x.Changes)
		}
	}
	require.Equal(t, map[CompetencyID]string{"c-KOM": "moveid[meaning-changed levels-changed]", "c-PDOL": "splitreplacedBy[split]", "c-OPH": "movelikeness[]", "c-PK": "movetitle[editorial]"}, open)
	require.Equal(t, []ScaleMap{{Old: "one-to-five", New: "one-to-five", Levels: LevelMap{1: 1, 2: 2, 3: 3, 4: 4, 5: 5}, Decision: Decision{Review: Accepted}}}, m.Scales)
	require.Equal(t, []string{"not-reviewed"}, codes(m.Validate(old, next)))

	ratings := []Rating{
		evidenceOf("p1", "c-INT", 3, "a"), evidenceOf("p1", "c-KOM", 3, "a"), evidenceOf("p1", "c-KOM", 2, "b"), evidenceOf("p1", "c-PDOL", 4, "a"),
		evidenceOf("p1", "c-OPH", 2, "a"), evidenceOf("p1", "c-PK", 5, "a"), evidenceOf("p1", "c-XX", 1, "a"),
	}
	for id, r := range map[CompetencyID]Review{"c-KOM": Accepted, "c-PDOL": Accepted, "c-OPH": Rejected} {
		moveOf(m, id).Decision = Decision{Review: r, Author: "panel", Date: day(2026, 11, 1)}
	}
	before := sortedRatings(t, ratings)
	out, ps := m.Apply(old, next, ratings)
	require.NoError(t, ps.Err())
	require.Equal(t, []string{"not-reviewed", "level-not-offered", "not-in-plan", "not-reviewed", "rejected"}, codes(ps))
	var got []string
	for _, r := range out.Ratings {
		require.Equal(t, m.ID, r.Inherited.Plan)
		require.Equal(t, "1", r.Inherited.Version)
		require.Equal(t, "a", r.Rater)
		got = append(got, fmt.Sprintf("%s=%d of %s=%d", r.Competency, r.Level, r.Inherited.Of[0].Competency, r.Inherited.Of[0].Level))
	}
	require.Equal(t, []string{"c-INT=3 of c-INT=3", "c-KOM=3 of c-KOM=3", "c-PD=4 of c-PDOL=4", "c-POL=4 of c-PDOL=4"}, got)
	var left []string
	for _, l := range out.Left {
		left = append(left, string(l.Rating.Competency)+" "+l.Code)
	}
	require.Equal(t, []string{"c-KOM level-not-offered", "c-OPH rejected", "c-PK not-reviewed", "c-XX not-in-plan"}, left)

	require.Equal(t, before, sortedRatings(t, ratings), "the argument was changed")
	require.Equal(t, before, sortedRatings(t, out.Undo()))
	out.Ratings = append(out.Ratings, evidenceOf("p1", "c-POL", 5, "new"))
	require.Equal(t, 1+len(ratings), len(out.Undo()), "what was added since stays")

	// By the same plan twice is once.
	again, ps := m.Apply(old, next, out.Ratings)
	require.NoError(t, ps.Err())
	require.Equal(t, 4, len(slices.DeleteFunc(slices.Clone(again.Left), func(l Left) bool { return l.Code != "already-carried" })))
	require.Equal(t, sortedRatings(t, out.Ratings), sortedRatings(t, again.Undo()))
}

func TestMergersNeedAllParts(t *testing.T) {
	old := nine()
	next := nine()
	next.Version = "2"
	next.Associations = []Association{link(ReplacedBy, "c-KOM", "c-KJSM")} // KOM became a part of KJSM
	m := PlanMigration(old, next, nil)
	x := moveOf(m, "c-KOM")
	require.Equal(t, []CompetencyID{"c-KJSM", "c-KOM"}, x.From)
	require.Equal(t, "merge", x.Action())
	require.Equal(t, Proposed, x.Decision.Review)
	x.Decision.Review = Accepted
	a, b := evidenceOf("p", "c-KJSM", 4, "x"), evidenceOf("p", "c-KOM", 3, "x")
	a.ValidUntil, b.ValidUntil = day(2029, 1, 1), day(2028, 1, 1)
	ratings := []Rating{a, evidenceOf("p", "c-KOM", 5, "y"), b, b}
	out, ps := m.Apply(old, next, ratings)
	require.NoError(t, ps.Err())
	require.Len(t, out.Ratings, 1)
	require.Equal(t, Level(3), out.Ratings[0].Level, "the lowest of the parts")
	require.Equal(t, day(2028, 1, 1), out.Ratings[0].ValidUntil)
	require.Equal(t, []Rating{a, b, b}, out.Ratings[0].Inherited.Of)
	require.Equal(t, []Left{{Rating: ratings[1], Code: "part-missing"}}, out.Left)
	require.Equal(t, sortedRatings(t, ratings), sortedRatings(t, out.Undo()))

	// Known once both were, until the first end; and who lacks a part lacks the whole.
	c, d := a, b
	c.Recorded, c.ValidUntil, c.Kind, c.Ref, d.Recorded, d.ValidUntil, d.Renewal, d.Kind, d.Ref = day(2026, 4, 1), day(2029, 1, 1), Tested, "1", day(2026, 3, 5), bangkom.Date{}, 12, Tested, "2"
	lacking := evidenceOf("p", "c-KOM", 2, "x")
	lacking.Negative = true
	out, ps = m.Apply(old, next, []Rating{c, d, lacking})
	require.NoError(t, ps.Err())
	require.Len(t, out.Ratings, 2)
	whole := out.Ratings[0]
	require.Equal(t, []any{Level(3), day(2026, 4, 1), day(2027, 3, 1), int16(0), Tested, ""}, []any{whole.Level, whole.Recorded, whole.ValidUntil, whole.Renewal, whole.Kind, whole.Ref})
	require.True(t, out.Ratings[1].Negative)
	require.Equal(t, CompetencyID("c-KJSM"), out.Ratings[1].Competency)

	x.Each = true
	out, _ = m.Apply(old, next, ratings)
	require.Len(t, out.Ratings, 4)
	require.Equal(t, ratings, out.Undo())
}

// The scale of DIRECT went from 0-5 to 0-4: without a map by the caller nothing is carried.
func TestScaleMigrationOfDIRECT(t *testing.T) {
	v1, v2 := directReleases(t)
	m := PlanMigration(v1, v2, nil)
	require.Len(t, m.Moves, len(v1.Competencies))
	require.Equal(t, []ScaleMap{{Old: "skill-level", New: "skill-level", Decision: Decision{Review: Proposed}}}, m.Scales)
	for k := range m.Moves {
		if m.Moves[k].By == ByID {
			m.Moves[k].Decision.Review = Accepted
		}
	}
	var ratings []Rating
	for i, c := range v1.Competencies {
		ratings = append(ratings, evidenceOf("p", c.ID, Level(i%6), "x"))
	}
	out, ps := m.Apply(v1, v2, ratings)
	require.Nil(t, out)
	require.ErrorIs(t, ps.Err(), bangkom.Problem{Code: "no-level-map"})

	m.Scales[0].Levels, m.Scales[0].Decision = LevelMap{0: 0, 1: 1, 2: 2, 3: 3, 4: 3, 5: 4}, Decision{Review: Accepted, Author: "panel"}
	out, ps = m.Apply(v1, v2, ratings)
	require.NoError(t, ps.Err())
	kept := 0
	for _, r := range out.Ratings {
		was := r.Inherited.Of[0]
		require.Equal(t, m.Scales[0].Levels[was.Level], r.Level)
		require.Equal(t, FrameworkID("DIRECT"), r.Inherited.Framework)
		require.Equal(t, "v1.0", r.Inherited.Version)
		if strings.HasPrefix(string(r.Competency), "skill:") {
			kept++
		}
	}
	require.Equal(t, 68, kept)
	require.Equal(t, len(ratings), len(out.Ratings)+len(out.Left))
	require.Equal(t, sortedRatings(t, ratings), sortedRatings(t, out.Undo()))
}

// The same by hand, without the published files.
func TestScaleMigrationIsTheCallers(t *testing.T) {
	old, next := nine(), nine()
	old.Scales[0].Levels = levels(0, 5)
	next.Version, next.Scales[0].Levels = "2", levels(0, 4)
	m := PlanMigration(old, next, nil)
	require.Nil(t, m.Scales[0].Levels)
	out, ps := m.Apply(old, next, []Rating{evidenceOf("p", "c-INT", 5, "x")})
	require.Nil(t, out)
	require.ErrorIs(t, ps.Err(), bangkom.Problem{Code: "no-level-map"})
	for text, code := range map[string]string{
		"0=0, 1=1, 2=2, 3=3, 4=3, 5=4": "", "0=0, 5=4": "level-not-mapped", "0=1, 1=0": "levels-falling", "0=0, 5=5": "level-off-scale", "7=4": "level-off-scale",
	} {
		var b bytes.Buffer
		require.NoError(t, m.WriteCSV(&b, old, next))
		sheet := strings.Replace(b.String(), "scale,one-to-five,,one-to-five,,,proposed", `scale,one-to-five,,one-to-five,,"`+text+`",disetujui`, 1)
		reviewed, ps := ReadMigration(strings.NewReader(sheet), "plan.csv")
		require.NoError(t, ps.Err())
		ps = reviewed.Validate(old, next)
		if code == "" {
			require.Empty(t, ps)
			out, ps = reviewed.Apply(old, next, []Rating{evidenceOf("p", "c-INT", 4, "x"), evidenceOf("p", "c-INT", 5, "x")})
			require.NoError(t, ps.Err())
			require.Equal(t, []Level{3, 4}, []Level{out.Ratings[0].Level, out.Ratings[1].Level})
			continue
		}
		require.True(t, ps.Has(code), "%s: %v", text, ps)
	}
}

func TestPlansAreChecked(t *testing.T) {
	old, next := nine(), nextNine()
	for code, change := range map[string]func(*Migration){
		"empty-id":           func(m *Migration) { m.ID = "" },
		"edition-mismatch":   func(m *Migration) { m.New.Version = "3" },
		"unknown-competency": func(m *Migration) { m.Moves[0].To[0] = "nothing" },
		"duplicate-move":     func(m *Migration) { m.Moves[0].From[0] = m.Moves[1].From[0] },
		"many-to-many": func(m *Migration) {
			m.Moves[0] = Move{From: []CompetencyID{"c-INT", "x"}, To: []CompetencyID{"c-PD", "c-POL"}}
		},
		"unknown-review":     func(m *Migration) { m.Moves[0].Decision.Review = "perhaps" },
		"levels-falling":     func(m *Migration) { m.Moves[0].Levels = LevelMap{1: 2, 2: 1} },
		"dangling-reference": func(m *Migration) { m.Scales[0].Old = "none" },
		"no-level-map":       func(m *Migration) { m.Scales = nil },
	} {
		m := PlanMigration(old, next, nil)
		change(m)
		out, ps := m.Apply(old, next, nil)
		require.Nil(t, out, code)
		require.ErrorIs(t, ps.Err(), bangkom.Problem{Code: code})
	}
	m := PlanMigration(old, next, nil)
	m.Moves = m.Moves[1:]
	require.True(t, m.Validate(old, next).Has("not-in-plan"))
	require.Error(t, m.Validate(nil, nil).Err())
	none := PlanMigration(nil, nil, nil)
	none.ID = "x"
	require.Empty(t, none.Validate(nil, nil))
}

func TestPlansSurviveReview(t *testing.T) {
	old, next := nine(), nextNine()
	old.Competencies[1].Also, next.Competencies[1].Also = nil, nil
	old.Competencies[3].ID, next.Competencies[1].Title = " odd | 100%\n", Text{"id": "Kerja, \"Sama\"\nTim"}
	m := PlanMigration(old, next, &DiffOptions{Candidate: 0.5})
	m.Moves[0].Decision = Decision{Review: Accepted, Author: "panel", Date: day(2026, 1, 2), Note: "as ever"}
	m.Moves[0].Levels, m.Moves[0].Each = LevelMap{1: 1, 5: 2}, true
	var b bytes.Buffer
	require.NoError(t, m.WriteCSV(&b, old, next))
	got, ps := ReadMigration(bytes.NewReader(b.Bytes()), "plan.csv")
	require.NoError(t, ps.Err())
	require.Equal(t, m, got)
	data, err := json.Marshal(m)
	require.NoError(t, err)
	var again Migration
	require.NoError(t, json.Unmarshal(data, &again))
	require.Equal(t, m, &again)

	for row, code := range map[string]string{
		"drop,c-INT,,c-INT,,,accepted": "conflicting-action", "move,c-INT,,,,,accepted": "conflicting-action", "go,c-INT,,,,,": "unknown-action",
		"drop,c-INT,,,,,maybe": "unknown-review", "move,a,,b,,1-1,accepted": "bad-levels", "plan,a,,b,,,": "second-plan",
	} {
		_, ps := ReadMigration(strings.NewReader(b.String()+row+strings.Repeat(",", 7)+"\n"), "plan.csv")
		require.ErrorIs(t, ps.Err(), bangkom.Problem{Code: code}, row)
	}
	_, ps = ReadMigration(strings.NewReader("action,from,to,review\n"), "plan.csv")
	require.ErrorIs(t, ps.Err(), bangkom.Problem{Code: "no-plan"})
}

// Undo after Apply gives the same ratings, whatever the plan and the ratings.
func TestReviewersAreToldWhatTheyForgot(t *testing.T) {
	old := &Framework{ID: "f", Version: "1", Competencies: []Competency{{ID: "AND", Title: Text{"id": "Andal"}}, {ID: "PEL", Title: Text{"id": "Pelayanan"}}, {ID: "X", Title: Text{"id": "Sama"}}}}
	next := &Framework{ID: "f", Version: "2", Competencies: []Competency{{ID: "N", Title: Text{"id": "Baru sekali"}}, {ID: "X", Title: Text{"id": "Sama"}}}}
	m := PlanMigration(old, next, nil)
	require.Nil(t, m.Moves[0].To, "a drop leads nowhere, before a round trip as after it")
	read := func(row string) (*Migration, bangkom.Problems) {
		return ReadMigration(strings.NewReader("action,from,from_text,to,to_text,levels,review,author,date,by,note\nplan,f,1,f,2,,,,,,p\n"+row+",,\nmove,X,,X,,,accepted,,,id,\n"), "plan.csv")
	}
	for row, said := range map[string]string{
		`move,"AND, PEL",,N,,,accepted,Ani,2026-01-02`: "unknown-competency",
		`move,AND,,N,,,accepted,,2026-01-02`:           "unsigned", `move,AND,,N,,,accepted,Ani,`: "unsigned", `scale,s,,t,,1=0,accepted,,`: "unsigned",
		`scale,s,,t,,1=1,accepted,,`: "", `move,AND,,N,,,accepted,Ani,2026-01-02`: "", `move,AND,,N,,,proposed,,`: "",
	} {
		m, ps := read(row)
		require.NoError(t, ps.Err())
		if strings.HasPrefix(row, "move") {
			ps = append(ps, m.Validate(old, next).Only(bangkom.Error)...)
		}
		ps = slices.DeleteFunc(ps, func(p bangkom.Problem) bool { return p.Code == "dialect" })
		switch said {
		case "":
			require.Empty(t, ps, row)
		default:
			require.True(t, ps.Has(said), "%s: %v", row, ps)
		}
		if said == "unknown-competency" {
			require.Contains(t, ps[len(ps)-1].Need, `"|"`)
		}
	}
}

func TestUndoIsTheIdentity(t *testing.T) {
	for seed := range uint64(300) {
		r := random(seed)
		old, next := nine(), nine()
		next.Version = "2"
		for i := range next.Competencies {
			if r.IntN(4) == 0 {
				next.Competencies[i].Levels = []Descriptor{{Level: 2}, {Level: 4}}
			}
		}
		m := &Migration{ID: "m", Old: Edition{old.ID, "1"}, New: Edition{next.ID, "2"}}
		m.Scales = []ScaleMap{{"one-to-five", "one-to-five", LevelMap{1: 1, 2: 2, 3: 2, 4: 4}, Decision{Review: Accepted}}}
		id := func() CompetencyID { return old.Competencies[r.IntN(9)].ID }
		for i := 0; i < 9; i++ {
			x := Move{From: []CompetencyID{old.Competencies[i].ID}, Each: r.IntN(3) == 0, Decision: Decision{Review: []Review{Accepted, Accepted, Accepted, Rejected, Proposed}[r.IntN(5)]}}
			for range r.IntN(4) {
				if to := id(); !slices.Contains(x.To, to) {
					x.To = append(x.To, to)
				}
			}
			if len(x.To) == 1 && i < 8 && r.IntN(2) == 0 {
				i++
				x.From = append(x.From, old.Competencies[i].ID)
			}
			if r.IntN(8) > 0 {
				m.Moves = append(m.Moves, x)
			}
		}
		var ratings []Rating
		for range r.IntN(60) {
			x := evidenceOf(personID(r.IntN(2)), id(), Level(1+r.IntN(5)), string(rune('a'+r.IntN(2))))
			x.Negative, x.Renewal = r.IntN(5) == 0, int16(r.IntN(2)*12)
			if r.IntN(9) == 0 {
				x.Inherited = &Inherited{Plan: []string{"m", "earlier"}[r.IntN(2)], Of: []Rating{evidenceOf("p", "c", 1, "z")}}
			}
			ratings = append(ratings, x)
		}
		out, ps := m.Apply(old, next, ratings)
		require.NoError(t, ps.Err())
		require.Equal(t, sortedRatings(t, ratings), sortedRatings(t, out.Undo()), "seed %d", seed)
		var stored Migrated // a copy that went through a file is undone as well
		data, err := json.Marshal(out)
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(data, &stored))
		require.Equal(t, sortedRatings(t, ratings), sortedRatings(t, stored.Undo()))
		for _, x := range out.Ratings {
			c, ok := next.Competency(x.Competency)
			require.True(t, ok)
			require.True(t, len(c.Levels) == 0 || x.Level%2 == 0, "a level that is not offered")
		}
	}
}

// An edition in which nothing changed changes nobody's profile.
func TestAMigrationToTheSameChangesNoProfile(t *testing.T) {
	old, next := nine(), nine()
	next.Version = "2"
	r := random(3)
	var ratings []Rating
	for range 500 {
		x := evidenceOf(personID(r.IntN(9)), old.Competencies[r.IntN(9)].ID, Level(1+r.IntN(5)), "a")
		x.Date, x.Negative = day(2020+r.IntN(6), 1+r.IntN(12), 1), r.IntN(6) == 0
		ratings = append(ratings, x)
	}
	out, ps := PlanMigration(old, next, nil).Apply(old, next, ratings)
	require.Empty(t, ps)
	require.Empty(t, out.Left)
	var people []Person
	for i := range 9 {
		people = append(people, Person{ID: personID(i)})
	}
	w := workforce(t, nil, nil, people)
	before, ps := Assess(w, ratings, day(2026, 1, 1), Rule{ValidFor: 3})
	require.NoError(t, ps.Err())
	after, ps := Assess(w, out.Ratings, day(2026, 1, 1), Rule{ValidFor: 3})
	require.NoError(t, ps.Err())
	for i := range 9 {
		for _, c := range old.Competencies {
			require.Equal(t, before.Attained(i, c.ID), after.Attained(i, c.ID))
		}
	}
}

func FuzzReadMigration(f *testing.F) {
	var b bytes.Buffer
	if err := PlanMigration(nine(), nextNine(), nil).WriteCSV(&b, nine(), nextNine()); err != nil {
		f.Fatal(err)
	}
	f.Add(b.String())
	f.Add("action;from;to;review;levels\nplan;a;b;;\nscale;s;t;setuju;0=0 1=1\nmerge;x|y%7C;z;ditolak;\n")
	f.Fuzz(func(t *testing.T, s string) {
		m, ps := ReadMigration(strings.NewReader(s), "x.csv")
		m.Validate(nine(), nextNine())
		if ps.Err() != nil {
			return
		}
		var one bytes.Buffer
		if err := m.WriteCSV(&one, nil, nil); err != nil {
			t.Fatal(err)
		}
		again, ps := ReadMigration(bytes.NewReader(one.Bytes()), "x.csv")
		if err := ps.Err(); err != nil {
			t.Fatalf("what was written cannot be read: %v\n%s", err, one.Bytes())
		}
		var two bytes.Buffer
		if err := again.WriteCSV(&two, nil, nil); err != nil || one.String() != two.String() {
			t.Fatalf("not the same again: %v\n%s\n%s", err, one.Bytes(), two.Bytes())
		}
	})
}

func BenchmarkApply(b *testing.B) {
	old, next := revised(2400, 20)
	m := PlanMigration(old, next, nil)
	var ratings []Rating
	for i := range 100_000 {
		ratings = append(ratings, evidenceOf(personID(i/60), old.Competencies[i%2400].ID, Level(1+i%5), "a"))
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, ps := m.Apply(old, next, ratings); ps.Err() != nil {
			b.Fatal(ps)
		}
	}
}

// The standards of jobs go where the results of people go.
func TestStandardsAreCarriedOver(t *testing.T) {
	old, next := nine(), nextNine()
	next.Associations = append(next.Associations, link(ReplacedBy, "c-KOM", "c-KJSM")) // a part of it now
	m := PlanMigration(old, next, nil)
	for _, id := range []CompetencyID{"c-PDOL", "c-KOM", "c-PK"} {
		moveOf(m, id).Decision.Review = Accepted
	}
	ask := func(c CompetencyID, level Level, weight float64) Requirement {
		return Requirement{Competency: c, Level: level, Weight: weight, Criticality: 1, N: 7, SE: 0.2}
	}
	positions := []Position{
		{ID: "A", Source: "decree", Requirements: []Requirement{ask("c-INT", 3, 2), ask("c-PDOL", 4, 1), ask("c-KJSM", 2, 1), ask("c-KOM", 3, 2), ask("c-PK", 5, 1), ask("c-OPH", 2, 1)}},
		{ID: "B", Requirements: []Requirement{ask("c-KOM", 3, 1), ask("nothing", 1, 1)}},
	}
	before := fmt.Sprint(positions)
	out, ps := m.ApplyStandards(old, next, positions)
	require.NoError(t, ps.Err())
	require.Equal(t, before, fmt.Sprint(positions), "the arguments were changed")
	require.Equal(t, "decree", out.Positions[0].Source)
	merged := Requirement{Competency: "c-KJSM", Level: 3, Weight: 3, Criticality: 1}
	require.Equal(t, []Requirement{ask("c-INT", 3, 2), ask("c-PD", 4, 0.5), ask("c-POL", 4, 0.5), merged, ask("c-PKX", 5, 1)}, out.Positions[0].Requirements)
	require.Empty(t, out.Positions[1].Requirements)
	require.Equal(t, []LeftRequirement{{"A", ask("c-OPH", 2, 1), "not-reviewed", ""}, {"B", ask("c-KOM", 3, 1), "part-missing", ""}, {"B", ask("nothing", 1, 1), "not-in-plan", ""}}, out.Left)
	for _, code := range []string{"not-reviewed", "part-missing", "not-in-plan", "precision-dropped"} {
		require.True(t, ps.Has(code), code)
	}

	moveOf(m, "c-KOM").Each = true
	out, _ = m.ApplyStandards(old, next, positions)
	require.Equal(t, CompetencyID("c-KJSM"), out.Positions[1].Requirements[0].Competency)

	m.ID = ""
	out, ps = m.ApplyStandards(old, next, positions)
	require.Nil(t, out)
	require.Error(t, ps.Err())
}

// Of the weights of a position nothing is lost but what is left, and whoever met
// a standard that went from one to one meets it after the migration.
func TestLawsOfCarriedStandards(t *testing.T) {
	for seed := range uint64(200) {
		r := random(seed)
		old, next := nine(), nine()
		next.Version = "2"
		next.Scales = []Scale{{ID: "one-to-four", Levels: levels(1, 4)}}
		for i := range next.Competencies {
			next.Competencies[i].Scale = "one-to-four"
		}
		m := PlanMigration(old, next, nil)
		m.Scales[0].Levels, m.Scales[0].Decision.Review = LevelMap{1: 1, 2: 1, 3: 2, 4: 3, 5: 4}, Accepted
		for k := range m.Moves {
			m.Moves[k].Decision.Review = []Review{Accepted, Accepted, Accepted, Rejected}[r.IntN(4)]
		}
		p := Position{ID: "J"}
		var ratings []Rating
		for _, c := range old.Competencies {
			p.Requirements = append(p.Requirements, Requirement{Competency: c.ID, Level: Level(1 + r.IntN(5)), Weight: 1 + float64(r.IntN(3)), Criticality: 1})
			ratings = append(ratings, evidenceOf("1", c.ID, Level(1+r.IntN(5)), "a"))
		}
		carried, ps := m.ApplyStandards(old, next, []Position{p})
		require.NoError(t, ps.Err())
		results, ps := m.Apply(old, next, ratings)
		require.NoError(t, ps.Err())
		sum := 0.0
		for _, x := range carried.Positions[0].Requirements {
			sum += x.Weight
		}
		for _, x := range carried.Left {
			sum += x.Requirement.Weight
		}
		for _, x := range p.Requirements {
			sum -= x.Weight
		}
		require.InDelta(t, 0, sum, 1e-9)
		gaps := func(f *Framework, p Position, ratings []Rating) map[CompetencyID]State {
			w, ps := NewWorkforce(f, []Position{p}, nil, []Person{{ID: "1", Position: "J"}})
			require.NoError(t, ps.Err())
			profiles, ps := Assess(w, ratings, day(2026, 6, 1), Rule{})
			require.NoError(t, ps.Err())
			all := map[CompetencyID]State{}
			for _, g := range PersonGaps(profiles, 0, Held) {
				all[g.Required.Competency] = g.State
			}
			return all
		}
		was := gaps(old, p, ratings)
		for c, state := range gaps(next, carried.Positions[0], results.Ratings) {
			require.NotEqual(t, NotAssessed, state)
			require.False(t, was[c] == Met && state != Met, "a need out of nothing: %s", c)
		}
	}
}

package mentoring_test

import (
	"fmt"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/mentoring"
	"github.com/bangkom/bangkom/program/delivery"
)

// example is an invented office on 30 June 2026: Ani and Budi are below the
// standard, Citra is their head, Dewi works elsewhere.
func example() *competency.Profiles {
	day := bangkom.MustDate(2026, 1, 15)
	framework := &competency.Framework{ID: "f", Scales: []competency.Scale{{ID: "s", Levels: []competency.Descriptor{{Level: 1}, {Level: 2}, {Level: 3}, {Level: 4}, {Level: 5}}}},
		Competencies: []competency.Competency{{ID: "kerja-sama", Scale: "s"}, {ID: "komunikasi", Scale: "s"}}}
	analyst := competency.Position{ID: "analis", Requirements: []competency.Requirement{
		{Competency: "kerja-sama", Level: 3, Weight: 1, Criticality: 1}, {Competency: "komunikasi", Level: 3, Weight: 2, Criticality: 1}}}
	workforce, _ := competency.NewWorkforce(framework, []competency.Position{analyst},
		[]competency.Unit{{ID: "A", Head: "citra"}, {ID: "B"}},
		[]competency.Person{{ID: "ani", Unit: "A", Position: "analis"}, {ID: "budi", Unit: "A", Position: "analis"}, {ID: "citra", Unit: "A"}, {ID: "dewi", Unit: "B"}})
	profiles, _ := competency.Assess(workforce, []competency.Rating{
		{Person: "ani", Competency: "kerja-sama", Level: 2, Date: day}, {Person: "ani", Competency: "komunikasi", Level: 3, Date: day},
		{Person: "budi", Competency: "kerja-sama", Level: 3, Date: day}, {Person: "budi", Competency: "komunikasi", Level: 1, Date: day},
		{Person: "citra", Competency: "kerja-sama", Level: 5, Date: day}, {Person: "citra", Competency: "komunikasi", Level: 5, Date: day},
		{Person: "dewi", Competency: "kerja-sama", Level: 4, Date: day}, {Person: "dewi", Competency: "komunikasi", Level: 4, Date: day},
	}, bangkom.MustDate(2026, 6, 30), competency.Rule{ID: "latest"})
	return profiles
}

func Example() {
	mentors, problems := mentoring.ReadMentors(strings.NewReader("NIP;Kapasitas\ncitra;2\ndewi;1\n"), "mentors.csv")
	pairs, more := mentoring.Eligible(example(), mentors, nil, nil)
	matching, err := mentoring.Match(pairs, mentoring.Heaviest, nil)
	if err != nil {
		fmt.Println(err, problems, more)
		return
	}
	for _, pair := range matching.Matched {
		fmt.Println(pair.Mentee, "with", pair.Mentor, pairs.Explain(pair.Mentee, pair.Mentor))
	}
	for _, u := range matching.Unmatched {
		fmt.Println(u.Person, u.Why, u.Full, "kept out:", pairs.Excluded(u.Person))
	}
	fmt.Println("proof:", matching.Verify())
	// Output:
	// budi with dewi [{coverage komunikasi 4000}]
	// ani all-full [dewi] kept out: [{line-of-command 1 1}]
	// proof: <nil>
}

// In leadership training the direct superior is the mentor.
func ExampleRules() {
	mentors := []mentoring.Mentor{{Person: "citra", Places: 2}, {Person: "dewi", Places: 1}}
	pairs, _ := mentoring.Eligible(example(), mentors, nil, &mentoring.Rules{AllowLine: true, Scoring: mentoring.Scoring{SameUnit: 100}})
	for pair := range pairs.All() {
		fmt.Println(pair.Mentee, pair.Mentor, pair.Score)
	}
	// Output:
	// ani citra 1100
	// ani dewi 1000
	// budi citra 4100
	// budi dewi 4000
}

// The objectives differ where the heaviest matching leaves more people alone,
// and where the best in total is not what the two sides want.
func ExampleMatch() {
	mentors := []mentoring.Mentor{{Person: "M1", Places: 1}, {Person: "M2", Places: 1}}
	mentees := []competency.PersonID{"A", "B"}
	pairs, _ := mentoring.NewPairs(mentors, mentees, []mentoring.Pair{
		{Mentee: "A", Mentor: "M1", Score: 10, MenteeLikes: 2, MentorLikes: 2},
		{Mentee: "A", Mentor: "M2", Score: 2, MenteeLikes: 1, MentorLikes: 1},
		{Mentee: "B", Mentor: "M1", Score: 3, MenteeLikes: 1, MentorLikes: 1},
	})
	for _, objective := range []mentoring.Objective{mentoring.Heaviest, mentoring.Largest, mentoring.StableForMentees} {
		m, _ := mentoring.Match(pairs, objective, nil)
		fmt.Printf("%s: %d matched, weight %d, %d blocking\n", objective, len(m.Matched), m.Weight, m.BlockingPairs)
	}
	// Output:
	// heaviest: 1 matched, weight 10, 0 blocking
	// largest: 2 matched, weight 5, 1 blocking
	// stable-for-mentees: 1 matched, weight 10, 0 blocking
}

// What a meeting is worth is a rule of the agency. Without one it is unknown.
func ExampleActivities() {
	sessions := []mentoring.Session{
		{Mentee: "budi", Mentor: "dewi", Date: bangkom.MustDate(2026, 7, 6), Minutes: 90, Attended: mentoring.Attended{Mentee: true, Mentor: true}},
		{Mentee: "budi", Mentor: "dewi", Date: bangkom.MustDate(2026, 7, 20), Attended: mentoring.Attended{Mentor: true}},
	}
	activities, _ := mentoring.Activities(sessions, mentoring.MenteeSide)
	ledger, _ := delivery.Account(activities, nil)
	for _, e := range ledger.Entries() {
		fmt.Println(e.Activity.Form, e.Known, e.Reason)
	}
	// Output: mentoring false no rule for this form
}

func ExampleFollow() {
	agreed := mentoring.Agreement{Mentee: "budi", Mentor: "dewi", MenteeSigned: bangkom.MustDate(2026, 7, 1), MentorSigned: bangkom.MustDate(2026, 7, 2)}
	sessions := []mentoring.Session{
		{Mentee: "budi", Mentor: "dewi", Date: bangkom.MustDate(2026, 7, 6), Minutes: 90, Attended: mentoring.Attended{Mentee: true, Mentor: true}},
	}
	progress, _ := mentoring.Follow([]mentoring.Agreement{agreed}, sessions, nil, bangkom.MustDate(2026, 8, 10), nil)
	for _, p := range progress {
		fmt.Println(p.Mentee, p.Phase, p.Held, "held, last", p.Last)
		for _, w := range p.Warnings {
			fmt.Println(w.Code, w.Value)
		}
	}
	// Output:
	// budi active 1 held, last 2026-07-06
	// no-session 35 days
}

// A note is shown by Reveal and by nothing else.
func ExampleNote() {
	note := mentoring.NewNote("between the two")
	fmt.Println(note)
	fmt.Println(note.Reveal())
	// Output:
	// [confidential]
	// between the two
}

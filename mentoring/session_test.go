package mentoring

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/program/delivery"
)

func on(month, day int) bangkom.Date { return bangkom.MustDate(2026, month, day) }

// held is a session with both there.
func held(month, day int) Session {
	return Session{Mentee: "staf1", Mentor: "kadis", Date: on(month, day), Minutes: 60, Attended: Attended{true, true}}
}

func missed(month, day int, by Side) Session {
	s := held(month, day)
	s.Minutes = 0
	s.Attended = Attended{Mentee: by != MenteeSide, Mentor: by != MentorSide}
	return s
}

const secret = "rahasia di antara keduanya"

// inside holds a note where printers that respect exported fields only cannot call its methods.
type inside struct {
	Shown  Note
	hidden Note
	deep   *struct{ n []Note }
}

// Held has a name, as XML asks for.
type Held struct{ Note Note }

// printed takes what a failed comparison of a test prints.
type printed struct{ out *bytes.Buffer }

func (p printed) Errorf(format string, args ...any) { fmt.Fprintf(p.out, format, args...) }

func TestNoteShowsNowhere(t *testing.T) {
	note := NewNote(secret)
	require.Equal(t, secret, note.Reveal())
	require.False(t, note.IsZero())
	session := held(3, 1)
	session.Note = note
	around := inside{note, note, &struct{ n []Note }{[]Note{note}}}
	var out bytes.Buffer
	for _, v := range []any{note, &note, session, &session, []Session{session}, map[string]Note{"k": note}, around, &around} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T %[1]v", "%p"} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
		fmt.Fprintln(&out, v)
		assert.Equal(printed{&out}, v, nil) // prints what differs, past all methods
		data, err := json.Marshal(v)
		require.NoError(t, err)
		out.Write(data)
		slog.New(slog.NewTextHandler(&out, nil)).Info("m", "v", v)
		slog.New(slog.NewJSONHandler(&out, nil)).Info("m", "v", v)
	}
	data, err := xml.Marshal(Held{note})
	require.NoError(t, err)
	out.Write(data)
	text, err := note.MarshalText()
	require.NoError(t, err)
	out.Write(text)
	_, problems := Activities([]Session{{Note: note}}, MenteeSide)
	fmt.Fprintln(&out, problems)
	for _, part := range []string{secret, "rahasia", fmt.Sprintf("%x", secret), fmt.Sprintf("%X", secret)} {
		require.NotContains(t, out.String(), part)
	}
	require.Contains(t, out.String(), confidential)

	var back Note
	require.NoError(t, json.Unmarshal([]byte(`"x"`), &back), "a form may hand one in")
	require.Equal(t, "x", back.Reveal())
	require.NoError(t, json.Unmarshal([]byte(`null`), &back))
	require.True(t, back.IsZero())
	require.Empty(t, back.String())
	require.Empty(t, back.Reveal())
	err = json.Unmarshal([]byte(`{"`+secret+`":1}`), &back)
	require.Error(t, err)
	require.NotContains(t, err.Error(), "rahasia")
}

func TestSessionJSON(t *testing.T) {
	s := held(3, 1)
	s.Mode, s.Topics, s.Note = "daring", []competency.CompetencyID{"c0"}, NewNote(secret)
	data, err := json.Marshal(s)
	require.NoError(t, err)
	require.JSONEq(t, `{"mentee":"staf1","mentor":"kadis","date":"2026-03-01","minutes":60,"mode":"daring","topics":["c0"],"attended":{"mentee":true,"mentor":true}}`, string(data))
	var back Session
	require.NoError(t, json.Unmarshal(data, &back))
	s.Note = Note{}
	require.Equal(t, s, back)
}

// Hours come from the agency's rule and from nothing else.
func TestSessionsToHours(t *testing.T) {
	coaching := held(3, 3)
	coaching.Kind = Coaching
	sessions := []Session{held(3, 1), held(3, 8), missed(3, 15, MenteeSide), missed(3, 16, MentorSide), coaching,
		{Mentee: "staf1", Mentor: "staf1", Date: on(3, 1)}, {Mentee: "a", Mentor: "b"}, {Mentee: "a", Mentor: "b", Date: on(3, 1), Attended: Attended{true, true}},
		{Mentee: "a", Mentor: "b", Date: on(3, 1), Minutes: -1}, {Mentee: "a", Mentor: "b", Date: on(3, 1), Minutes: 60, Kind: "makan siang"}}
	activities, problems := Activities(sessions, MenteeSide)
	require.Len(t, activities, 3)
	require.Len(t, problems, 5)
	require.Equal(t, "sessions[5]", problems[0].Where)

	ledger, warned := delivery.Account(activities, nil)
	require.True(t, warned.Has("no-hour-rule"))
	hours := ledger.Hours("staf1", 2026)
	require.Equal(t, 3, hours.Unknown, "no rule: unknown, not 0 hours")

	rule := delivery.HourConversion{Form: "mentoring", Basis: delivery.PerSession, National: 3 * bangkom.OneJP, Source: "invented for this test"}
	ledger, _ = delivery.Account(activities, []delivery.HourConversion{rule})
	hours = ledger.Hours("staf1", 2026)
	require.Equal(t, 6*bangkom.OneJP, hours.JP)
	require.Equal(t, 1, hours.Unknown, "coaching has no rule")

	activities, _ = Activities(sessions, MentorSide)
	require.Equal(t, competency.PersonID("kadis"), activities[0].Person)
	_, problems = Activities(nil, 2)
	require.ErrorIs(t, problems, bangkom.ErrOption)
}

func TestPhases(t *testing.T) {
	signed := Agreement{Mentee: "a", Mentor: "b", MenteeSigned: on(2, 1), MentorSigned: on(2, 3)}
	closed := signed
	closed.Closed, closed.Reason = on(6, 1), "selesai"
	for _, c := range []struct {
		a    Agreement
		asOf bangkom.Date
		want Phase
	}{
		{Agreement{}, asOf, Proposed},
		{Agreement{MenteeSigned: on(2, 1)}, asOf, Proposed},
		{Agreement{Declined: on(2, 1)}, asOf, Declined},
		{Agreement{Declined: on(2, 1)}, on(1, 31), Proposed},
		{signed, on(2, 2), Proposed},
		{signed, on(2, 3), Active},
		{closed, on(5, 31), Active},
		{closed, on(6, 1), Closed},
	} {
		require.Equal(t, c.want, c.a.Phase(c.asOf))
	}
}

func agreement() Agreement {
	return Agreement{Mentee: "staf1", Mentor: "kadis", MenteeSigned: on(2, 1), MentorSigned: on(2, 2),
		Goals: []Goal{{"c0", 3, on(6, 29)}, {"c1", 3, on(6, 30)}, {"c2", 2, bangkom.Date{}}}}
}

func warnings(p Progress) []string {
	var out []string
	for _, w := range p.Warnings {
		out = append(out, w.Code)
	}
	return out
}

func TestFollow(t *testing.T) {
	p := office(t, competency.Rating{Person: "staf1", Competency: "c0", Level: 3, Date: on(6, 20)}) // reached by now
	sessions := []Session{held(4, 1), missed(6, 20, MenteeSide), held(3, 1), missed(6, 10, MenteeSide), held(7, 1)}
	before := slices.Clone(sessions)
	got, problems := Follow([]Agreement{agreement()}, sessions, p, asOf, nil)
	require.Empty(t, problems)
	require.Equal(t, before, sessions)
	require.Len(t, got, 1)
	require.Equal(t, Active, got[0].Phase)
	require.Equal(t, [3]int{2, 120, 2}, [3]int{got[0].Held, got[0].Minutes, got[0].Missed}, "what comes after the day does not count")
	require.Equal(t, on(4, 1), got[0].Last)
	require.Equal(t, []string{"no-session", "absent-again"}, warnings(got[0]))
	goals := got[0].Goals
	require.Equal(t, []bool{true, false, false}, []bool{goals[0].Reached, goals[1].Reached, goals[2].Reached})
	require.Equal(t, competency.NotAssessed, goals[2].Attained.State, "not assessed is not missed")

	// A day later the second goal is overdue; profiles of another day are said to be.
	got, problems = Follow([]Agreement{agreement()}, []Session{held(6, 28)}, p, on(7, 1), nil)
	require.Equal(t, []string{"goal-overdue"}, warnings(got[0]))
	require.True(t, problems.Has("other-day"))
	require.NoError(t, problems.Err())

	// The limits are the caller's; both sides are watched; one session held resets.
	got, _ = Follow([]Agreement{agreement()}, []Session{missed(6, 1, MentorSide), held(6, 8), missed(6, 15, MentorSide)}, nil, on(6, 16), &Policy{Weeks: 1, Absent: 1})
	require.Equal(t, []string{"no-session", "absent-again"}, warnings(got[0]))
	got, _ = Follow([]Agreement{agreement()}, []Session{missed(6, 1, MentorSide), held(6, 8), missed(6, 15, MentorSide)}, nil, on(6, 15), nil)
	require.Empty(t, got[0].Warnings)
	require.False(t, got[0].Goals[0].Reached, "without profiles nothing is known")

	// A pair that never met is late from the day of the signatures.
	got, _ = Follow([]Agreement{agreement()}, nil, nil, on(3, 2), nil)
	require.Empty(t, got[0].Warnings)
	got, _ = Follow([]Agreement{agreement()}, nil, nil, on(3, 3), nil)
	require.Equal(t, []string{"no-session"}, warnings(got[0]))
	require.Equal(t, "29 days", got[0].Warnings[0].Value)
}

func TestFollowProblems(t *testing.T) {
	declined := Agreement{Mentee: "x", Mentor: "y", Declined: on(2, 1)}
	closed := agreement()
	closed.Closed, closed.Reason = on(4, 1), "selesai"
	both := Agreement{Mentee: "p", Mentor: "q", Declined: on(1, 1), Closed: on(2, 1), Reason: "r"}
	early := Agreement{Mentee: "r", Mentor: "s", MenteeSigned: on(2, 1), MentorSigned: on(2, 1), Closed: on(1, 1), Reason: "r"}
	got, problems := Follow([]Agreement{closed, declined, closed, both, early, {Mentee: "a", Mentor: "a"}},
		[]Session{held(1, 1), held(3, 1), held(5, 1), {Mentee: "x", Mentor: "z", Date: on(3, 1)}, {}}, nil, asOf, nil)
	var codes []string
	for _, p := range problems {
		codes = append(codes, p.Code)
	}
	require.Equal(t, []string{"reason-missing", "duplicate-id", "agreement", "agreement", "agreement", "session-outside", "session-outside", "unknown-pair", "session"}, codes)
	require.Len(t, got, 2)
	require.Equal(t, [2]Phase{Closed, Declined}, [2]Phase{got[0].Phase, got[1].Phase})
	require.Equal(t, 1, got[0].Held)
	require.Empty(t, got[0].Warnings, "a pair that has ended is not warned about")

	_, problems = Follow(nil, nil, nil, bangkom.Date{}, nil)
	require.ErrorIs(t, problems, bangkom.ErrOption)
	_, problems = Follow(nil, nil, nil, asOf, &Policy{Weeks: -1})
	require.ErrorIs(t, problems, bangkom.ErrOption)
}

func TestProgressJSON(t *testing.T) {
	a := agreement()
	a.Goals = a.Goals[:1]
	data, err := json.Marshal(a)
	require.NoError(t, err)
	require.JSONEq(t, `{"mentee":"staf1","mentor":"kadis","mentee_signed":"2026-02-01","mentor_signed":"2026-02-02","goals":[{"competency":"c0","level":3,"due":"2026-06-29"}]}`, string(data))
	var back Agreement
	require.NoError(t, json.Unmarshal(data, &back))
	require.Equal(t, a, back)

	got, _ := Follow([]Agreement{a}, []Session{held(6, 1)}, nil, asOf, nil)
	data, err = json.Marshal(got)
	require.NoError(t, err)
	var keys []map[string]any
	require.NoError(t, json.Unmarshal(data, &keys))
	require.Equal(t, []string{"goals", "held", "last", "mentee", "mentor", "minutes", "missed", "phase", "warnings"}, slices.Sorted(maps.Keys(keys[0])))
	require.Equal(t, []string{"attained", "goal", "overdue", "reached"}, slices.Sorted(maps.Keys(keys[0]["goals"].([]any)[0].(map[string]any))))
}

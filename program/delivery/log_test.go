package delivery

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/program"
)

func day(month, d int) bangkom.Date { return bangkom.MustDate(2026, month, d) }

func jp(n bangkom.JP) *bangkom.JP { return &n }

func event(s Status, d bangkom.Date) Event {
	return Event{Person: "p1", Session: "S1", Offering: "A1", Status: s, Date: d, Reason: "ill", JP: jp(20_000), Form: "training"}
}

// Every pair of states: what the machine allows, and nothing else.
func TestTransitions(t *testing.T) {
	legal := map[Status][]Status{
		0: {Registered}, Registered: {Confirmed, Cancelled}, Confirmed: {Attended, NoShow, Cancelled}, Attended: {Completed, Failed},
	}
	reach := map[Status][]Status{0: nil, Registered: {Registered}, Confirmed: {Registered, Confirmed}, Attended: {Registered, Confirmed, Attended},
		Completed: {Registered, Confirmed, Attended, Completed}, Failed: {Registered, Confirmed, Attended, Failed},
		NoShow: {Registered, Confirmed, NoShow}, Cancelled: {Registered, Cancelled}}
	for from := Status(0); from <= Cancelled; from++ {
		for to := Registered; to <= Cancelled; to++ {
			var l Log
			for _, s := range reach[from] {
				require.NoError(t, l.Append(event(s, day(1, 1))))
			}
			err := l.Append(event(to, day(1, 2)))
			if slices.Contains(legal[from], to) {
				require.NoError(t, err, "%s to %s", from, to)
				continue
			}
			require.ErrorIs(t, err, bangkom.Problem{Code: "illegal-transition"}, "%s to %s", from, to)
			require.ErrorContains(t, err, from.String())
			require.ErrorContains(t, err, to.String())
			require.Len(t, slices.Collect(l.Events()), len(reach[from]), "a refused event leaves no trace")
		}
		require.Equal(t, len(legal[from]) == 0, from.Final())
	}
}

func TestWhatALogRefuses(t *testing.T) {
	for code, e := range map[string]Event{
		"reason-missing":  {Person: "p1", Session: "S1", Status: Cancelled, Date: day(3, 1)},
		"before-previous": {Person: "p1", Session: "S1", Status: Confirmed, Date: day(1, 31)},
		"empty-id":        {Session: "S1", Status: Registered},
		"unknown-status":  {Person: "p1", Session: "S1", Status: 99},
		"negative-hours":  {Person: "p1", Session: "S1", Status: Confirmed, Date: day(3, 1), JP: jp(-1)},
	} {
		var l Log
		require.NoError(t, l.Append(event(Registered, day(2, 1))))
		require.ErrorIs(t, l.Append(e), bangkom.Problem{Code: code})
		s, ok := l.Status("p1", "S1")
		require.True(t, ok)
		require.Equal(t, Registered, s)
	}
}

func TestRecordsMayBeginAnywhereButMustGoOnLegally(t *testing.T) {
	other := event(Registered, day(1, 1))
	other.Session = "S2"
	l, ps := Open([]Event{event(Completed, day(2, 1)), other, event(Attended, day(2, 2))})
	require.Len(t, ps, 1)
	require.Equal(t, "illegal-transition", ps[0].Code)
	require.Equal(t, "events[2]/p1/S1", ps[0].Where)
	require.Len(t, slices.Collect(l.Events()), 2)
	require.NoError(t, l.Append(Event{Person: "p1", Session: "S2", Status: Confirmed, Date: day(1, 2)}))
}

func TestDone(t *testing.T) {
	l, ps := Open([]Event{
		{Person: "p2", Session: "S1", Offering: "B", Status: Completed}, {Person: "p1", Session: "S1", Offering: "B", Status: Completed},
		{Person: "p1", Session: "S2", Offering: "A", Status: Completed}, {Person: "p1", Session: "S3", Offering: "A", Status: Completed},
		{Person: "p1", Session: "S4", Offering: "C", Status: Failed}, {Person: "p3", Offering: "D", Status: Attended},
	})
	require.Empty(t, ps)
	require.Equal(t, []program.Settled{{Person: "p1", Done: []program.OfferingID{"A", "B"}}, {Person: "p2", Done: []program.OfferingID{"B"}}}, l.Done())
}

func TestActivitiesTakeDaysAndYearFromTheSession(t *testing.T) {
	l, _ := Open([]Event{event(Completed, bangkom.MustDate(2026, 12, 31)), {Person: "p2", Session: "S9", Status: Completed, Date: day(5, 1)}, {Person: "p3", Session: "S1", Status: NoShow}})
	got := l.Activities([]program.Session{{ID: "S1", From: day(12, 30), To: bangkom.MustDate(2027, 1, 2)}})
	require.Equal(t, []Activity{
		{Person: "p1", Form: "training", Last: bangkom.MustDate(2027, 1, 2), JP: jp(20_000), Days: 4, Evidence: "S1"},
		{Person: "p2", Last: day(5, 1), Evidence: "S9"},
	}, got)
}

// D14: a second answer for the same participant, training, subject and trainer is refused.
func TestD14DuplicateFeedback(t *testing.T) {
	var l Log
	f := Feedback{Person: "p1", Session: "S1", Subject: "budgeting", Trainer: "Widya", Scores: []int{4, 5}}
	require.NoError(t, l.Answer(f))
	second := f
	second.Scores = []int{1, 1}
	require.ErrorIs(t, l.Answer(second), bangkom.Problem{Code: "duplicate-feedback"})
	for _, change := range []func(*Feedback){func(f *Feedback) { f.Person = "p2" }, func(f *Feedback) { f.Session = "S2" }, func(f *Feedback) { f.Subject = "x" }, func(f *Feedback) { f.Trainer = "x" }} {
		g := f
		change(&g)
		require.NoError(t, l.Answer(g))
	}
	f.Scores[0] = 1
	answers := slices.Collect(l.Feedback())
	require.Len(t, answers, 5)
	require.Equal(t, []int{4, 5}, answers[0].Scores)
	require.ErrorIs(t, l.Answer(Feedback{Trainer: "x"}), bangkom.Problem{Code: "empty-id"})
}

func TestTheLogKeepsNoPointerOfTheCaller(t *testing.T) {
	var l Log
	hours := jp(20_000)
	e := event(Registered, day(1, 1))
	e.JP = hours
	require.NoError(t, l.Append(e))
	*hours = 1
	for e := range l.Events() {
		require.EqualValues(t, 20_000, *e.JP)
	}
}

func TestCompletion(t *testing.T) {
	parts := func(present ...bool) []Attendance {
		var out []Attendance
		for i, p := range present {
			out = append(out, Attendance{Person: "p1", Session: "S1", Part: string(rune('a' + i)), JP: 6_000, Present: p})
		}
		return out
	}
	score := func(x float64) *float64 { return &x }
	rule := Completion{Share: .8, Score: 70}
	for _, c := range []struct {
		parts []Attendance
		score *float64
		want  Status
	}{
		{parts(true, true, true, true, false), score(70), Completed}, // 24 of 30 is exactly 0.8
		{parts(true, true, true, false, false), score(90), Failed},
		{parts(true, true, true, true, true), score(69.9), Failed},
		{parts(true, true, true, true, true), nil, Failed},
		{parts(false, false), score(100), NoShow},
	} {
		got, reason, err := rule.Decide(c.parts, c.score)
		require.NoError(t, err)
		require.Equal(t, c.want, got, reason)
		require.NotEmpty(t, reason)
	}
	got, _, err := Completion{}.Decide(parts(true, false), nil)
	require.NoError(t, err)
	require.Equal(t, Completed, got)
	twice := parts(true, true)
	twice[1].Part = "a"
	for _, bad := range [][]Attendance{nil, {{Person: "p1", Present: true}}, twice} {
		_, _, err := rule.Decide(bad, nil)
		require.ErrorIs(t, err, bangkom.Problem{Code: "attendance"})
	}
}

func TestRead(t *testing.T) {
	const file = `NIP;Kode Sesi;Kode;Status;Tanggal;JP;Bentuk;Alasan
p1;S1;A1;Selesai;03-02-2026;19,5;pelatihan teknis;
p2;S1;A1;BATAL;03-02-2026;;;sakit
p3;S1;A1;batal;03-02-2026;;;
p4;S1;A1;mungkin;03-02-2026;;;
p5;S1;A1;hadir;31-02-2026;;;
p6;;;hadir;01-02-2026;;;
;S1;A1;hadir;01-02-2026;;;
p7;S1;A1;Tidak Hadir;;;;
p8;S1;A1;lulus;01-02-2026;-4;;
p9;;A1;tidak lulus;01-02-2026;0;;
`
	got, ps := Read(strings.NewReader(file), "d.csv")
	var found []string
	for _, p := range ps.Only(bangkom.Error) {
		found = append(found, p.Code+" "+p.Where)
	}
	require.Equal(t, []string{
		"reason-missing d.csv:4:Alasan", "unknown-status d.csv:5:Status", "not-a-date d.csv:6:Tanggal", "empty-cell d.csv:7:Kode Sesi",
		"empty-cell d.csv:8:NIP", "empty-cell d.csv:9:Tanggal", "negative-hours d.csv:10:JP",
	}, found)
	require.Equal(t, []Event{
		{Person: "p1", Session: "S1", Offering: "A1", Status: Completed, Date: day(2, 3), JP: jp(19_500), Form: "pelatihan teknis"},
		{Person: "p2", Session: "S1", Offering: "A1", Status: Cancelled, Date: day(2, 3), Reason: "sakit"},
		{Person: "p9", Offering: "A1", Status: Failed, Date: day(2, 1), JP: jp(0)},
	}, got, "empty hours are nil, 0 is 0")
}

func FuzzRead(f *testing.F) {
	f.Add("NIP;Kode Sesi;Status;Tanggal\np1;S1;hadir;2026-01-01\np1;S1;lulus;2026-01-02\n")
	f.Add("NIP,Kode,Status,Tanggal,JP\np1,A,batal,1/1/2026,99999999999999\n")
	f.Fuzz(func(t *testing.T, text string) {
		events, _ := Read(strings.NewReader(text), "f")
		log, _ := Open(events)
		activities := log.Activities(nil)
		ledger, _ := Account(activities, []HourConversion{{Form: "", Basis: PerJP}, {Form: "x", Basis: PerJP, National: 1200}})
		require.Len(t, ledger.Entries(), len(activities))
		data, err := json.Marshal(events)
		require.NoError(t, err)
		var back []Event
		require.NoError(t, json.Unmarshal(data, &back))
	})
}

func TestTextForms(t *testing.T) {
	for s := Registered; s <= Cancelled; s++ {
		text, err := s.MarshalText()
		require.NoError(t, err)
		var back Status
		require.NoError(t, back.UnmarshalText(text))
		require.Equal(t, s, back)
	}
	for b := PerJP; b <= PerActivity; b++ {
		text, err := b.MarshalText()
		require.NoError(t, err)
		var back Basis
		require.NoError(t, back.UnmarshalText(text))
		require.Equal(t, b, back)
	}
	for v := Unknown; v <= AboveMaximum; v++ {
		text, err := v.MarshalText()
		require.NoError(t, err)
		var back Verdict
		require.NoError(t, back.UnmarshalText(text))
		require.Equal(t, v, back)
	}
	for _, bad := range []string{"", "none", "?"} {
		require.Error(t, new(Status).UnmarshalText([]byte(bad)))
		require.Error(t, new(Basis).UnmarshalText([]byte(bad)))
		require.Error(t, new(Verdict).UnmarshalText([]byte(bad)))
	}
	_, err := Status(0).MarshalText()
	require.Error(t, err)
	_, err = Basis(0).MarshalText()
	require.Error(t, err)
}

func TestEventJSONIsFrozen(t *testing.T) {
	data, err := json.Marshal(event(Cancelled, day(2, 1)))
	require.NoError(t, err)
	require.Equal(t, `{"person":"p1","session":"S1","offering":"A1","status":"cancelled","date":"2026-02-01","jp":20,"form":"training","reason":"ill"}`, string(data))
	data, err = json.Marshal(HourConversion{Form: "seminar", Basis: PerDay, National: 4000, International: 6000, Source: "s"})
	require.NoError(t, err)
	require.Equal(t, `{"form":"seminar","basis":"day","national":4,"international":6,"cap_per_year":0,"source":"s"}`, string(data))
}

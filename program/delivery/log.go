package delivery

import (
	"cmp"
	"fmt"
	"iter"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/internal/word"
	"github.com/bangkom/bangkom/program"
)

// Status is where a person stands in a session.
type Status uint8

// A registration is confirmed, then attended, then completed or failed. It
// ends before that as a no-show, once confirmed, or is cancelled.
const (
	Registered Status = iota + 1
	Confirmed
	Attended
	Completed
	Failed
	NoShow
	Cancelled
)

var eventWords = word.Of[Status]("status", "", "registered", "confirmed", "attended", "completed", "failed", "no-show", "cancelled")

// next holds the transitions of the state machine; 0 is before the first event.
var next = [][]Status{
	0:          {Registered},
	Registered: {Confirmed, Cancelled},
	Confirmed:  {Attended, NoShow, Cancelled},
	Attended:   {Completed, Failed},
	Cancelled:  nil, // the last of them all
}

// String returns "registered", …, "no-show", "cancelled"; "none" for 0.
func (s Status) String() string {
	if s == 0 {
		return "none"
	}
	return eventWords.String(s)
}

// MarshalText writes the word of [Status.String].
func (s Status) MarshalText() ([]byte, error) { return eventWords.Marshal(s) }

// UnmarshalText reads what [Status.MarshalText] wrote.
func (s *Status) UnmarshalText(text []byte) error { return eventWords.Unmarshal(text, s) }

// Final reports whether nothing can follow.
func (s Status) Final() bool { return len(s.next()) == 0 }

func (s Status) next() []Status {
	if int(s) >= len(next) {
		return nil
	}
	return next[s]
}

// An Event is one entry of the log.
type Event struct {
	Person   competency.PersonID `json:"person"`
	Session  program.SessionID   `json:"session"`
	Offering program.OfferingID  `json:"offering"`
	Status   Status              `json:"status"`
	Date     bangkom.Date        `json:"date"`
	JP       *bangkom.JP         `json:"jp"`             // hours taught; nil: not known
	Form     program.Form        `json:"form,omitempty"` // how the hours are credited
	Abroad   bool                `json:"abroad,omitempty"`
	Reason   string              `json:"reason,omitempty"` // a cancellation has one
}

// seat is what the state machine runs on. Events without a session are parted
// by their offering.
type seat struct {
	person   competency.PersonID
	session  program.SessionID
	offering program.OfferingID
}

func (e Event) seat() seat {
	if e.Session != "" {
		return seat{e.Person, e.Session, ""}
	}
	return seat{e.Person, "", e.Offering}
}

// A Log holds events and feedback in the order they came; nothing in it ever
// changes. The zero value is empty. It is not for several goroutines at once.
type Log struct {
	events   []Event
	feedback []Feedback
	last     map[seat]Event
	answered map[answer]bool
}

// Open makes a log of events from an agency's records, in their order. Records
// often hold the last state only, so the first event of a seat may be any.
// Events that cannot follow are left out and are the problems.
func Open(events []Event) (*Log, bangkom.Problems) {
	l := &Log{}
	var problems bangkom.Problems
	for i, e := range events {
		p, ok := l.check(e, true)
		if !ok {
			p.Where = fmt.Sprintf("events[%d]/%s", i, p.Where)
			problems.Add(p)
			continue
		}
		l.add(e)
	}
	return l, problems
}

// Append adds an event, or refuses it with a Problem: illegal-transition names
// both states; a cancellation without a reason, an event dated before the
// last one of its seat and an event that names nobody are refused too.
func (l *Log) Append(e Event) error {
	if p, ok := l.check(e, false); !ok {
		return p
	}
	l.add(e)
	return nil
}

func (l *Log) add(e Event) {
	if l.last == nil {
		l.last = map[seat]Event{}
	}
	if e.JP != nil { // the caller keeps its own
		jp := *e.JP
		e.JP = &jp
	}
	l.events = append(l.events, e)
	l.last[e.seat()] = e
}

func (l *Log) check(e Event, opening bool) (bangkom.Problem, bool) {
	bad := func(code, value, msg, need string) (bangkom.Problem, bool) {
		return bangkom.Problem{Code: code, Where: fmt.Sprintf("%s/%s", e.Person, cmp.Or(string(e.Session), string(e.Offering))), Value: value, Msg: msg, Need: need}, false
	}
	if e.Person == "" || (e.Session == "" && e.Offering == "") {
		return bad("empty-id", "", "an event without a person, or without session and offering", "name both")
	}
	if !eventWords.Has(e.Status) {
		return bad("unknown-status", e.Status.String(), "no such status", "")
	}
	before, again := l.last[e.seat()]
	legal := slices.Contains(before.Status.next(), e.Status) || (opening && !again)
	switch {
	case !legal && before.Status.Final():
		return bad("illegal-transition", e.Status.String(), fmt.Sprintf("nothing follows after %s", before.Status), "register for another session")
	case !legal:
		return bad("illegal-transition", e.Status.String(), fmt.Sprintf("%s cannot follow after %s", e.Status, before.Status), fmt.Sprintf("one of %v", before.Status.next()))
	case e.Status == Cancelled && e.Reason == "":
		return bad("reason-missing", "", "a cancellation without a reason", "say why")
	case e.JP != nil && *e.JP < 0:
		return bad("negative-hours", e.JP.String(), "negative learning hours", "leave it empty if it is not known")
	case !e.Date.IsZero() && e.Date.Before(before.Date):
		return bad("before-previous", e.Date.String(), fmt.Sprintf("dated before the event it follows (%s on %s)", before.Status, before.Date), "the day on which it happened")
	}
	return bangkom.Problem{}, true
}

// Events yields the log from its beginning. What JP points to is read only.
func (l *Log) Events() iter.Seq[Event] { return slices.Values(l.events) }

// Status returns the last state of a person in a session.
func (l *Log) Status(p competency.PersonID, s program.SessionID) (Status, bool) {
	e, ok := l.last[seat{p, s, ""}]
	return e.Status, ok
}

// Done returns the offerings that each person completed, by person, as the
// next [program.Policy] wants them.
func (l *Log) Done() []program.Settled {
	done := map[competency.PersonID]map[program.OfferingID]bool{}
	for _, e := range l.events {
		if e.Status != Completed || e.Offering == "" {
			continue
		}
		if done[e.Person] == nil {
			done[e.Person] = map[program.OfferingID]bool{}
		}
		done[e.Person][e.Offering] = true
	}
	var out []program.Settled
	for _, p := range sortedKeys(done) {
		out = append(out, program.Settled{Person: p, Done: sortedKeys(done[p])})
	}
	return out
}

// Activities returns what was completed, in the order of the log, for
// [Account]. The sessions, if given, say how many days they took and which
// day was the last; without, the date of the event is the last day.
func (l *Log) Activities(sessions []program.Session) []Activity {
	byID := map[program.SessionID]program.Session{}
	for _, s := range sessions {
		byID[s.ID] = s
	}
	var out []Activity
	for _, e := range l.events {
		if e.Status != Completed {
			continue
		}
		a := Activity{Person: e.Person, Form: e.Form, Last: e.Date, JP: e.JP, Abroad: e.Abroad,
			Evidence: cmp.Or(string(e.Session), string(e.Offering))}
		if s, ok := byID[e.Session]; ok && !s.To.IsZero() {
			a.Last, a.Days = s.To, s.Days()
		}
		out = append(out, a)
	}
	return out
}

// Feedback is what a participant says of one trainer on one subject.
type Feedback struct {
	Person  competency.PersonID `json:"person"`
	Session program.SessionID   `json:"session"`
	Subject string              `json:"subject"`
	Trainer string              `json:"trainer"`
	Date    bangkom.Date        `json:"date"`
	Scores  []int               `json:"scores"`
	Comment string              `json:"comment,omitempty"`
}

// answer is what feedback is unique by.
type answer struct {
	person           competency.PersonID
	session          program.SessionID
	subject, trainer string
}

// Answer records feedback. A second answer of one participant on the same
// training, subject and trainer is refused (duplicate-feedback).
func (l *Log) Answer(f Feedback) error {
	key := answer{f.Person, f.Session, f.Subject, f.Trainer}
	where := fmt.Sprintf("%s/%s/%s/%s", f.Person, f.Session, f.Subject, f.Trainer)
	if f.Person == "" || f.Session == "" {
		return bangkom.Problem{Code: "empty-id", Where: where, Msg: "feedback without a person or a session", Need: "name both"}
	}
	if l.answered[key] {
		return bangkom.Problem{Code: "duplicate-feedback", Where: where, Value: f.Trainer,
			Msg: "this participant has answered on this training, subject and trainer", Need: "one answer each"}
	}
	if l.answered == nil {
		l.answered = map[answer]bool{}
	}
	l.answered[key] = true
	f.Scores = slices.Clone(f.Scores)
	l.feedback = append(l.feedback, f)
	return nil
}

// Feedback yields the answers in the order they came. Their scores are read only.
func (l *Log) Feedback() iter.Seq[Feedback] { return slices.Values(l.feedback) }

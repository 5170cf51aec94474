package delivery

import (
	"io"
	"iter"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/program"
)

// Status is where a person stands in a session.
type Status uint8

// A registration is confirmed, then attended, then completed or failed; it can
// end as a no-show or be cancelled before.
const (
	Registered Status = iota + 1
	Confirmed
	Attended
	Completed
	Failed
	NoShow
	Cancelled
)

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

// Read reads delivery.csv, in the order of the file.
func Read(r io.Reader, file string) ([]Event, bangkom.Problems) { panic("being written") }

// A Log holds events in the order they were appended. The zero value is empty.
type Log struct{ events []Event }

// Open makes a log of events from an agency's records. Records often hold the
// last state only, so the first event of a person and session may be any.
func Open(events []Event) (*Log, bangkom.Problems) { panic("being written") }

// Append adds an event, or refuses it with a Problem that names both states.
func (l *Log) Append(e Event) error { panic("being written") }

// Events yields the log from its beginning.
func (l *Log) Events() iter.Seq[Event] { panic("being written") }

// Status returns the last state of a person in a session.
func (l *Log) Status(p competency.PersonID, s program.SessionID) (Status, bool) {
	panic("being written")
}

// Done returns the offerings that each person completed, for the next plan, by person.
func (l *Log) Done() []program.Settled { panic("being written") }

// Activities returns what was completed, for the ledger. The sessions give the days.
func (l *Log) Activities(sessions []program.Session) []Activity { panic("being written") }

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

// Answer records feedback. A second answer of the same participant on the
// same training, subject and trainer is refused.
func (l *Log) Answer(f Feedback) error { panic("being written") }

// Feedback yields the answers in the order they came.
func (l *Log) Feedback() iter.Seq[Feedback] { panic("being written") }

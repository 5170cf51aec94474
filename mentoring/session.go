package mentoring

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/program/delivery"
)

// Kind is the form of development that a session is of, and the form that a
// rule for its hours is about.
type Kind string

const (
	Mentoring Kind = "mentoring" // also what the empty Kind means
	Coaching  Kind = "coaching"
)

// A Session is one meeting of a pair, held or missed: an entry of a log that is
// only added to. Its JSON leaves the note out.
type Session struct {
	Mentee   competency.PersonID       `json:"mentee"`
	Mentor   competency.PersonID       `json:"mentor"`
	Kind     Kind                      `json:"kind,omitempty"`
	Date     bangkom.Date              `json:"date"`
	Minutes  int                       `json:"minutes"`
	Mode     string                    `json:"mode,omitempty"` // "online", "in person", …: the agency's word
	Topics   []competency.CompetencyID `json:"topics,omitempty"`
	Attended Attended                  `json:"attended"`
	Note     Note                      `json:"-"`
}

// Attended says who was there.
type Attended struct {
	Mentee bool `json:"mentee"`
	Mentor bool `json:"mentor"`
}

// Held reports whether both were there.
func (s Session) Held() bool { return s.Attended.Mentee && s.Attended.Mentor }

// check returns what makes a session unusable.
func (s Session) check(where string) (bangkom.Problem, bool) {
	p := bangkom.Problem{Code: "session", Where: where}
	switch {
	case s.Mentee == "" || s.Mentor == "" || s.Mentee == s.Mentor:
		p.Msg, p.Need = "mentoring: a session that is not of two people", "mentee and mentor"
	case s.Date.IsZero():
		p.Msg, p.Need = "mentoring: a session without a date", "the day"
	case s.Minutes < 0 || s.Minutes > 24*60 || s.Held() && s.Minutes == 0:
		p.Msg, p.Value, p.Need = "mentoring: not the length of a session", fmt.Sprint(s.Minutes), "1 to 1440 minutes; 0 only for one that was missed"
	case s.Kind != "" && s.Kind != Mentoring && s.Kind != Coaching:
		p.Msg, p.Value, p.Need = "mentoring: not a kind of session", string(s.Kind), "mentoring or coaching"
	default:
		return p, true
	}
	return p, false
}

// Side is one of the two people of a pair.
type Side uint8

const (
	MenteeSide Side = iota
	MentorSide
)

// Activities turns the sessions that were held into activities of one side,
// which [delivery.Account] credits with hours: one meeting each, of the form
// "mentoring" or "coaching". What a meeting is worth is the agency's rule; where
// there is none, Account keeps the hours as unknown. The minutes are not turned
// into hours: no rule for that is known here. Unusable sessions are Problems.
func Activities(sessions []Session, side Side) ([]delivery.Activity, bangkom.Problems) {
	var out []delivery.Activity
	var problems bangkom.Problems
	if side > MentorSide {
		problems.Add(bangkom.Problem{Code: bangkom.ErrOption.Code, Value: fmt.Sprint(side), Msg: "mentoring: no such side"})
		return nil, problems
	}
	for k, s := range sessions {
		if p, ok := s.check(fmt.Sprintf("sessions[%d]", k)); !ok {
			problems.Add(p)
			continue
		}
		if !s.Held() {
			continue
		}
		a := delivery.Activity{Person: s.Mentee, Form: "mentoring", Last: s.Date, Meetings: 1}
		if side == MentorSide {
			a.Person = s.Mentor
		}
		if s.Kind == Coaching {
			a.Form = "coaching"
		}
		a.Evidence = fmt.Sprintf("session of %s, %d minutes", s.Date, s.Minutes)
		out = append(out, a)
	}
	return out, problems
}

// An Agreement is what a proposed pair became, with its goals. A date that is
// not set has not come.
type Agreement struct {
	Mentee       competency.PersonID `json:"mentee"`
	Mentor       competency.PersonID `json:"mentor"`
	MenteeSigned bangkom.Date        `json:"mentee_signed,omitzero"`
	MentorSigned bangkom.Date        `json:"mentor_signed,omitzero"`
	Declined     bangkom.Date        `json:"declined,omitzero"`
	Closed       bangkom.Date        `json:"closed,omitzero"`
	Reason       string              `json:"reason,omitempty"` // of declining or closing
	Goals        []Goal              `json:"goals,omitempty"`
}

// A Goal is a level to be reached by a day.
type Goal struct {
	Competency competency.CompetencyID `json:"competency"`
	Level      competency.Level        `json:"level"`
	Due        bangkom.Date            `json:"due,omitzero"` // the last day; zero: no day was agreed
}

// Goals returns the covered gaps of a pair as goals due on one day: the
// levels that the mentee's job requires and the mentor can help to reach. nil
// for pairs that are not from [Eligible].
func (p *Pairs) Goals(mentee, mentor competency.PersonID, due bangkom.Date) []Goal {
	e, ok := p.find(mentee, mentor)
	if !ok || p.covered == nil {
		return nil
	}
	var out []Goal
	for _, g := range p.covered(e) {
		out = append(out, Goal{g.competency, competency.Level(g.required), due})
	}
	return out
}

// Phase is where an agreement stands.
type Phase string

const (
	Proposed Phase = "proposed" // not signed by both
	Declined Phase = "declined"
	Active   Phase = "active"
	Closed   Phase = "closed"
)

// signed is the day from which both have signed.
func (a Agreement) signed() bangkom.Date {
	if a.MenteeSigned.IsZero() || a.MentorSigned.IsZero() {
		return bangkom.Date{}
	}
	if a.MenteeSigned.After(a.MentorSigned) {
		return a.MenteeSigned
	}
	return a.MentorSigned
}

// Phase tells where the agreement stands at the end of a day.
func (a Agreement) Phase(asOf bangkom.Date) Phase {
	come := func(d bangkom.Date) bool { return !d.IsZero() && !d.After(asOf) }
	switch {
	case come(a.Declined):
		return Declined
	case come(a.Closed):
		return Closed
	case come(a.signed()):
		return Active
	}
	return Proposed
}

// check returns what contradicts itself in an agreement.
func (a Agreement) check(where string) bangkom.Problems {
	var out bangkom.Problems
	start := a.signed()
	ended := !a.Declined.IsZero() || !a.Closed.IsZero()
	switch {
	case a.Mentee == "" || a.Mentor == "" || a.Mentee == a.Mentor:
		out.Add(bangkom.Problem{Code: "agreement", Where: where, Msg: "mentoring: an agreement that is not of two people", Need: "mentee and mentor"})
	case !a.Declined.IsZero() && (!start.IsZero() || !a.Closed.IsZero()):
		out.Add(bangkom.Problem{Code: "agreement", Where: where, Msg: "mentoring: declined, and yet signed by both or closed"})
	case !a.Closed.IsZero() && (start.IsZero() || a.Closed.Before(start)):
		out.Add(bangkom.Problem{Code: "agreement", Where: where, Value: a.Closed.String(), Msg: "mentoring: closed before both had signed"})
	case ended && a.Reason == "":
		out.Add(bangkom.Problem{Code: "reason-missing", Severity: bangkom.Warning, Where: where, Msg: "mentoring: declined or closed without a reason", Need: "say why"})
	}
	return out
}

// pairKey orders agreements and sessions of one pair together.
type pairKey struct{ mentee, mentor competency.PersonID }

func sortedSessions(sessions []Session) []Session {
	out := slices.Clone(sessions)
	slices.SortStableFunc(out, func(a, b Session) int {
		return cmp.Or(a.Date.Compare(b.Date), cmp.Compare(a.Mentee, b.Mentee), cmp.Compare(a.Mentor, b.Mentor))
	})
	return out
}

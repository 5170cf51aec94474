package xapi

import (
	"encoding/json"
	"time"
)

// A Statement is what one says, as far as it can become evidence.
type Statement struct {
	ID         string
	Actor      Actor
	Verb       string
	Object     string // id of the activity, or of the statement that is referred to
	ObjectType string // Activity, StatementRef, SubStatement, Agent or Group
	Result     Result
	Instructor Actor // zero: not stated
	Timestamp  time.Time
	Stored     time.Time
	Raw        json.RawMessage // the whole statement, with the fields that mean nothing here
	Number     int             // in the file, from 1
	Line       int             // on which it begins, from 1
	Offset     int64           // where in the file it ends, in bytes
}

// An Actor is who a statement is about: identified by the first of its
// fields that is set. A group is not a person.
type Actor struct {
	Account  Account
	Mbox     string
	MboxSHA1 string
	OpenID   string
	Group    bool
}

// An Account is a name in some system.
type Account struct {
	HomePage string `json:"homePage"`
	Name     string `json:"name"`
}

// Key identifies the actor: "homePage name" of the account, else mbox,
// mbox_sha1sum or openid; empty if there is none.
func (a Actor) Key() string {
	switch {
	case a.Account.Name != "":
		return a.Account.HomePage + " " + a.Account.Name
	case a.Mbox != "":
		return a.Mbox
	case a.MboxSHA1 != "":
		return a.MboxSHA1
	}
	return a.OpenID
}

// name is the name of the account, or else the key.
func (a Actor) name() string {
	if a.Account.Name != "" {
		return a.Account.Name
	}
	return a.Key()
}

// A Result holds what was recorded; nil: it was not.
type Result struct {
	Success    *bool
	Completion *bool
	Scaled     *float64 // −1 to 1
	Raw        *float64
	Min        *float64
	Max        *float64
	Response   string
}

// Score returns the scaled score, or else (raw − min) / (max − min) where both
// bounds are given; false: it is not known. The two need not agree where both
// are recorded.
func (r Result) Score() (float64, bool) {
	switch {
	case r.Scaled != nil:
		return *r.Scaled, true
	case r.Raw != nil && r.Min != nil && r.Max != nil && *r.Max > *r.Min:
		return (*r.Raw - *r.Min) / (*r.Max - *r.Min), true
	}
	return 0, false
}

// A fault is one finding in a statement.
type fault struct {
	code, field string
	fatal       bool // the statement cannot be used
}

// fields decodes an object, or nothing at all.
func fields(raw json.RawMessage) map[string]json.RawMessage {
	var m map[string]json.RawMessage
	if json.Unmarshal(raw, &m) != nil {
		return nil
	}
	return m
}

// parser reads one statement and gathers what is wrong with it.
type parser struct {
	faults []fault
}

func (p *parser) fault(code, field string) {
	p.faults = append(p.faults, fault{code: code, field: field})
}

// get decodes a field; one that is missing or null leaves the value alone.
func get[T any](p *parser, m map[string]json.RawMessage, name, path string, into *T) {
	raw, ok := m[name]
	if !ok || string(raw) == "null" {
		return
	}
	if json.Unmarshal(raw, into) != nil {
		var zero T
		*into = zero
		p.fault("wrong-type", path+name)
	}
}

// A tidy statement has every field of the type that xAPI asks for. Most have,
// and are read in one go; the others field by field.
type tidy struct {
	ID    string    `json:"id"`
	Actor tidyActor `json:"actor"`
	Verb  struct {
		ID string `json:"id"`
	} `json:"verb"`
	Object struct {
		ID   string `json:"id"`
		Type string `json:"objectType"`
	} `json:"object"`
	Result struct {
		Success    *bool  `json:"success"`
		Completion *bool  `json:"completion"`
		Response   string `json:"response"`
		Score      struct {
			Scaled *float64 `json:"scaled"`
			Raw    *float64 `json:"raw"`
			Min    *float64 `json:"min"`
			Max    *float64 `json:"max"`
		} `json:"score"`
	} `json:"result"`
	Context struct {
		Instructor tidyActor `json:"instructor"`
	} `json:"context"`
	Timestamp string `json:"timestamp"`
	Stored    string `json:"stored"`
}

type tidyActor struct {
	Type     string  `json:"objectType"`
	Account  Account `json:"account"`
	Mbox     string  `json:"mbox"`
	MboxSHA1 string  `json:"mbox_sha1sum"`
	OpenID   string  `json:"openid"`
}

func (a *tidyActor) actor() Actor {
	return Actor{a.Account, a.Mbox, a.MboxSHA1, a.OpenID, a.Type == "Group"}
}

func (p *parser) statement(raw json.RawMessage) (Statement, bool) {
	s := Statement{Raw: raw, ObjectType: "Activity"}
	var t tidy
	if json.Unmarshal(raw, &t) == nil {
		s.ID, s.Actor, s.Verb, s.Object, s.Instructor = t.ID, t.Actor.actor(), t.Verb.ID, t.Object.ID, t.Context.Instructor.actor()
		if t.Object.Type != "" {
			s.ObjectType = t.Object.Type
		}
		r := &t.Result
		s.Result = Result{r.Success, r.Completion, r.Score.Scaled, r.Score.Raw, r.Score.Min, r.Score.Max, r.Response}
		s.Timestamp, s.Stored = p.time(t.Timestamp, "timestamp"), p.time(t.Stored, "stored")
	} else if !p.untidy(raw, &s) {
		return s, false
	}
	return s, p.whole(&s)
}

// untidy reads a statement field by field.
func (p *parser) untidy(raw json.RawMessage, s *Statement) bool {
	m := fields(raw)
	if m == nil {
		p.faults = append(p.faults, fault{"not-a-statement", "", true})
		return false
	}
	get(p, m, "id", "", &s.ID)
	s.Actor = p.actor(m["actor"], "actor/")
	var verb, object map[string]json.RawMessage
	get(p, m, "verb", "", &verb)
	get(p, verb, "id", "verb/", &s.Verb)
	get(p, m, "object", "", &object)
	get(p, object, "id", "object/", &s.Object)
	get(p, object, "objectType", "object/", &s.ObjectType)
	var timestamp, stored string
	get(p, m, "timestamp", "", &timestamp)
	get(p, m, "stored", "", &stored)
	s.Timestamp, s.Stored = p.time(timestamp, "timestamp"), p.time(stored, "stored")
	p.result(m, &s.Result)
	var context map[string]json.RawMessage
	get(p, m, "context", "", &context)
	if raw, ok := context["instructor"]; ok {
		s.Instructor = p.actor(raw, "context/instructor/")
	}
	return true
}

// whole reports what a statement needs and lacks, and what cannot be.
func (p *parser) whole(s *Statement) bool {
	if x := s.Result.Scaled; x != nil && !(*x >= -1 && *x <= 1) {
		p.fault("score-off-range", "result/score/scaled")
		s.Result.Scaled = nil
	}
	for _, f := range []struct{ name, value string }{{"actor", s.Actor.Key()}, {"verb", s.Verb}} {
		if f.value == "" && (f.name != "actor" || !s.Actor.Group) {
			p.faults = append(p.faults, fault{"not-a-statement", f.name, true})
			return false
		}
	}
	if s.Object == "" && s.ObjectType != "SubStatement" && s.ObjectType != "Agent" && s.ObjectType != "Group" {
		p.faults = append(p.faults, fault{"not-a-statement", "object", true})
		return false
	}
	return true
}

func (p *parser) actor(raw json.RawMessage, path string) Actor {
	var a Actor
	m := fields(raw)
	var kind string
	get(p, m, "objectType", path, &kind)
	a.Group = kind == "Group"
	get(p, m, "account", path, &a.Account)
	get(p, m, "mbox", path, &a.Mbox)
	get(p, m, "mbox_sha1sum", path, &a.MboxSHA1)
	get(p, m, "openid", path, &a.OpenID)
	return a
}

func (p *parser) result(m map[string]json.RawMessage, r *Result) {
	var result, score map[string]json.RawMessage
	get(p, m, "result", "", &result)
	get(p, result, "success", "result/", &r.Success)
	get(p, result, "completion", "result/", &r.Completion)
	get(p, result, "response", "result/", &r.Response)
	get(p, result, "score", "result/", &score)
	for name, into := range map[string]**float64{"scaled": &r.Scaled, "raw": &r.Raw, "min": &r.Min, "max": &r.Max} {
		get(p, score, name, "result/score/", into)
	}
}

var layouts = []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02T15:04:05Z0700", "2006-01-02T15:04Z07:00", "2006-01-02 15:04:05", "2006-01-02"}

// time reads ISO 8601, also without a zone.
func (p *parser) time(s, name string) time.Time {
	if s == "" {
		return time.Time{}
	}
	for i, layout := range layouts {
		if t, err := time.Parse(layout, s); err == nil && t.Year() > 1 && t.Year() <= 9999 {
			if i == 1 || i > 3 {
				p.fault("no-zone", name)
			}
			return t
		}
	}
	p.fault("not-a-time", name)
	return time.Time{}
}

package xapi

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/internal/word"
)

// Outcome says which part of a result shows a level. There is no default.
type Outcome uint8

// The outcomes that may decide.
const (
	Success    Outcome = 1 + iota // success is true
	Completion                    // completion is true
	Score                         // the score is at least Claim.AtLeast
)

var outcomeWords = word.Of[Outcome]("outcome", "", "success", "completion", "score")

// String returns "success", "completion" or "score".
func (o Outcome) String() string { return outcomeWords.String(o) }

// MarshalText writes the word of [Outcome.String].
func (o Outcome) MarshalText() ([]byte, error) { return outcomeWords.Marshal(o) }

// UnmarshalText reads what [Outcome.MarshalText] wrote.
func (o *Outcome) UnmarshalText(text []byte) error { return outcomeWords.Unmarshal(text, o) }

// A Claim is what an activity shows.
type Claim struct {
	Competency competency.CompetencyID `json:"competency"`
	Level      competency.Level        `json:"level"`
	By         Outcome                 `json:"by"`
	AtLeast    float64                 `json:"at_least,omitzero"` // for Score: from above 0 to 1
	Source     competency.Source       `json:"source,omitzero"`   // of the evidence: ByTest, say
	Renewal    int16                   `json:"renewal,omitzero"`  // months
}

// Options says what statements mean. Nil and the zero value know no activity.
type Options struct {
	// Activities says what each activity shows, by its id. Of several claims on
	// one competency the highest that is shown becomes evidence.
	Activities map[string][]Claim
	People     map[string]competency.PersonID // by [Actor.Key]; nil: the name of the account, or else the key, is the id
	Negative   bool                           // the lowest level that was tried and not shown is negative evidence
	Location   *time.Location                 // of days; nil: the statement's own offset from UTC, and UTC for Write

	MaxBytes      int64 // of one statement; 0 is 1 MiB
	MaxStatements int   // 0 is 5 million

	HomePage string // for Write: of accounts
}

func (o *Options) orDefaults() Options {
	var d Options
	if o != nil {
		d = *o
	}
	if d.MaxBytes <= 0 {
		d.MaxBytes = 1 << 20
	}
	d.MaxBytes = min(d.MaxBytes, 1<<28)
	if d.MaxStatements <= 0 {
		d.MaxStatements = 5_000_000
	}
	return d
}

// messages by code.
var messages = map[string]string{
	"not-json": "not JSON from here on; what follows was not read", "empty": "the file is empty: an answer without statements is []", "too-deep": "values nested more than 10,000 deep; what follows was not read", "unreadable": "the file cannot be read any further", "too-large": "a statement beyond the limit; what follows was not read",
	"too-many-statements": "more statements than the limit; the others were not read", "not-a-statement": "no statement: it lacks what every statement has",
	"wrong-type": "a value of another type than xAPI asks for", "not-a-time": "no time; it was left out", "no-zone": "times have no zone; UTC was assumed",
	"score-off-range": "scaled scores are not between -1 and 1; they were left out", "no-id": "statements have no id: whether they are repeated or voided is not known",
	"conflicting-id": "the id was seen with other content, which was kept", "unknown-person": "statements are of people whom Options.People does not name",
	"no-timestamp": "statements have no timestamp; stored was taken for it", "unmapped-activity": "statements of an activity that Options.Activities does not name",
	"outcome-unknown": "statements do not have the outcome that decides: no evidence, and no fail", "not-shown": "statements show that a level was tried and not reached; no evidence of anything",
	"repeated": "statements repeat another", "voided": "statements were voided", "voids-voiding": "voiding statements were to be voided, which cannot be",
	"not-an-activity": "statements are about something else than an activity", "group-actor": "statements are of groups, which are no person",
}

// severities of what is counted and reported once for each code and value.
var severities = map[string]bangkom.Severity{
	"no-zone": bangkom.Warning, "score-off-range": bangkom.Warning, "no-id": bangkom.Warning, "not-a-time": bangkom.Warning, "wrong-type": bangkom.Warning,
	"unknown-person": bangkom.Warning, "no-timestamp": bangkom.Warning, "voids-voiding": bangkom.Warning,
	"unmapped-activity": bangkom.Note, "outcome-unknown": bangkom.Note, "not-shown": bangkom.Note, "repeated": bangkom.Note, "voided": bangkom.Note,
	"not-an-activity": bangkom.Note, "group-actor": bangkom.Note,
}

type key [16]byte

func keyOf(s string) key {
	h := sha256.Sum256([]byte(s))
	return key(h[:16])
}

// An entry is what is remembered of a statement.
type entry struct {
	content  key
	from, to int32 // its evidence
	voiding  bool
}

// reader makes evidence of statements.
type reader struct {
	o        Options
	file     string
	seen     map[key]entry
	voided   map[key]bool
	ratings  []competency.Rating
	found    map[[2]string]*counted
	problems bangkom.Problems
	usable   map[string][]Claim
}

// counted is a finding of which only the number and the first place are kept.
type counted struct {
	n     int
	where string
}

// maxFound is how many different values of a finding are listed.
const maxFound = 1000

func (rd *reader) count(code, value string, s *Statement) {
	k := [2]string{code, value}
	c := rd.found[k]
	if c == nil {
		if len(rd.found) >= maxFound {
			k[1] = ""
			c = rd.found[k]
		}
		if c == nil {
			c = &counted{where: where(rd.file, s)}
			rd.found[k] = c
		}
	}
	c.n++
}

func (rd *reader) fail(code, value string, s *Statement) {
	const most = 1000
	if n := len(rd.problems); n < most {
		rd.problems.Add(bangkom.Problem{Code: code, Where: where(rd.file, s), Value: value, Msg: messages[code]})
		return
	}
	rd.count("more-errors", code, s)
}

// Read makes evidence of statements, in the order of the file, and reports what
// is not evidence and why. Only a file that cannot be read to its end, or
// statements that are broken or contradict each other, are errors.
func Read(r io.Reader, file string, opt *Options) ([]competency.Rating, bangkom.Problems) {
	rd := &reader{o: opt.orDefaults(), file: file, seen: map[key]entry{}, voided: map[key]bool{}, found: map[[2]string]*counted{}}
	rd.checkClaims()
	n := 0
	for s, faults := range scan(r, rd.o.MaxBytes) {
		if n++; n > rd.o.MaxStatements {
			rd.fail("too-many-statements", "", &s)
			break
		}
		rd.add(&s, faults)
	}
	return rd.finish()
}

// checkClaims keeps the claims that can be applied.
func (rd *reader) checkClaims() {
	rd.usable = make(map[string][]Claim, len(rd.o.Activities))
	for _, a := range slices.Sorted(maps.Keys(rd.o.Activities)) {
		rd.usable[a] = []Claim{}
		for _, c := range rd.o.Activities[a] {
			switch {
			case c.By < Success || c.By > Score:
				rd.problems.Add(bangkom.Problem{Code: "option", Where: "activities/" + a, Msg: "which outcome decides is not said", Need: "Success, Completion or Score"})
			case c.By == Score && !(c.AtLeast > 0 && c.AtLeast <= 1):
				rd.problems.Add(bangkom.Problem{Code: "option", Where: "activities/" + a, Value: fmt.Sprint(c.AtLeast), Msg: "no threshold of a score", Need: "AtLeast above 0, up to 1"})
			default:
				rd.usable[a] = append(rd.usable[a], c)
			}
		}
		slices.SortStableFunc(rd.usable[a], func(x, y Claim) int {
			return cmp.Or(cmp.Compare(x.Competency, y.Competency), cmp.Compare(x.Level, y.Level))
		})
	}
}

const voidedVerb = "http://adlnet.gov/expapi/verbs/voided"

func (rd *reader) add(s *Statement, faults []fault) {
	for _, f := range faults {
		if f.fatal {
			rd.fail(f.code, f.field, s)
			return
		}
		rd.count(f.code, f.field, s)
	}
	e := entry{content: s.content(), from: int32(len(rd.ratings)), voiding: s.Verb == voidedVerb && s.ObjectType == "StatementRef"}
	id := keyOf(strings.ToLower(s.ID))
	if s.ID == "" {
		rd.count("no-id", "", s)
	} else {
		if first, again := rd.seen[id]; again {
			if first.content != e.content {
				rd.fail("conflicting-id", s.ID, s)
			} else {
				rd.count("repeated", "", s)
			}
			return
		}
	}
	switch {
	case e.voiding:
		rd.voided[keyOf(strings.ToLower(s.Object))] = true
	case s.Actor.Group:
		rd.count("group-actor", "", s)
	case s.ObjectType != "Activity":
		rd.count("not-an-activity", "", s)
	default:
		rd.evidence(s)
	}
	if e.to = int32(len(rd.ratings)); s.ID != "" {
		rd.seen[id] = e
	}
}

// content is what two statements of one id must share.
func (s *Statement) content() key {
	b := make([]byte, 0, 512)
	for _, text := range []string{s.Actor.Key(), s.Verb, s.Object, s.ObjectType, s.Instructor.Key(), s.Result.Response} {
		b = strconv.AppendInt(b, int64(len(text)), 10)
		b = append(append(b, ' '), text...)
	}
	b = s.Timestamp.UTC().AppendFormat(b, time.RFC3339Nano)
	for _, x := range []*bool{s.Result.Success, s.Result.Completion} {
		if b = append(b, ' '); x != nil {
			b = strconv.AppendBool(b, *x)
		}
	}
	for _, x := range []*float64{s.Result.Scaled, s.Result.Raw, s.Result.Min, s.Result.Max} {
		if b = append(b, ' '); x != nil {
			b = strconv.AppendFloat(b, *x, 'g', -1, 64)
		}
	}
	h := sha256.Sum256(b)
	return key(h[:16])
}

// shown reports whether a claim is, and whether that is known.
func (c *Claim) shown(r *Result) (shown, known bool) {
	switch c.By {
	case Success:
		return r.Success != nil && *r.Success, r.Success != nil
	case Completion:
		return r.Completion != nil && *r.Completion, r.Completion != nil
	}
	score, known := r.Score()
	return known && score >= c.AtLeast, known
}

// evidence adds what one statement shows.
func (rd *reader) evidence(s *Statement) {
	claims, mapped := rd.usable[s.Object]
	if !mapped {
		rd.count("unmapped-activity", s.Object, s)
		return
	}
	person := competency.PersonID(s.Actor.name())
	if rd.o.People != nil {
		if person, mapped = rd.o.People[s.Actor.Key()]; !mapped {
			rd.count("unknown-person", "", s)
			return
		}
	}
	stored := s.Stored // stores often write UTC: a day is that of the place where it was done
	if !s.Timestamp.IsZero() {
		stored = stored.In(s.Timestamp.Location())
	}
	date, recorded := rd.day(s.Timestamp), rd.day(stored)
	if date.IsZero() {
		rd.count("no-timestamp", "", s)
		date = recorded
	}
	for len(claims) > 0 {
		n := 1
		for n < len(claims) && claims[n].Competency == claims[0].Competency {
			n++
		}
		if up, down := rd.decide(s, claims[:n]); up != nil || down != nil {
			for _, c := range []*Claim{up, down} {
				if c == nil {
					continue
				}
				r := competency.Rating{Person: person, Competency: c.Competency, Level: c.Level, Negative: c == down, Date: date, Recorded: recorded,
					Source: c.Source, Rater: s.Instructor.name(), Kind: competency.XAPI, Ref: s.ID}
				if !r.Negative {
					r.Renewal = c.Renewal
				}
				rd.ratings = append(rd.ratings, r)
			}
		}
		claims = claims[n:]
	}
}

func (rd *reader) day(t time.Time) bangkom.Date {
	if t.IsZero() {
		return bangkom.Date{}
	}
	if rd.o.Location != nil {
		t = t.In(rd.o.Location)
	}
	d, err := bangkom.NewDate(t.Year(), int(t.Month()), t.Day())
	if err != nil { // the last hours of the year 9999
		return bangkom.Date{}
	}
	return d
}

// decide returns the highest claim that is shown and, where that is evidence,
// the lowest that is not; the claims are on one competency, by level.
func (rd *reader) decide(s *Statement, claims []Claim) (up, down *Claim) {
	known := false
	for i := range claims {
		c := &claims[i]
		shown, decided := c.shown(&s.Result)
		known = known || decided
		switch {
		case shown:
			up = c
		case decided && down == nil:
			down = c
		}
	}
	switch {
	case !known:
		rd.count("outcome-unknown", s.Object, s)
	case up == nil && !rd.o.Negative:
		rd.count("not-shown", s.Object, s)
	}
	if !rd.o.Negative || up != nil && down != nil && down.Level <= up.Level {
		down = nil
	}
	return up, down
}

// finish takes out what was voided and lists what was counted.
func (rd *reader) finish() ([]competency.Rating, bangkom.Problems) {
	gone := make([]bool, len(rd.ratings))
	voided, cannot := 0, 0
	for k := range rd.voided {
		e, ok := rd.seen[k]
		switch {
		case !ok:
			continue // it never came
		case e.voiding:
			cannot++
			continue
		}
		voided++
		for i := e.from; i < e.to; i++ {
			gone[i] = true
		}
	}
	kept := rd.ratings[:0]
	for i := range rd.ratings {
		if !gone[i] {
			kept = append(kept, rd.ratings[i])
		}
	}
	for _, c := range []struct {
		code string
		n    int
	}{{"voided", voided}, {"voids-voiding", cannot}} {
		if c.n > 0 {
			rd.found[[2]string{c.code}] = &counted{n: c.n, where: rd.file}
		}
	}
	keys := slices.SortedFunc(maps.Keys(rd.found), func(a, b [2]string) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	for _, k := range keys {
		c := rd.found[k]
		msg := messages[k[0]]
		if k[0] == "more-errors" {
			msg = "further errors"
		}
		rd.problems.Add(bangkom.Problem{Code: k[0], Severity: severities[k[0]], Where: c.where, Value: k[1], Msg: fmt.Sprintf("%d times, here first: %s", c.n, msg)})
	}
	return kept, rd.problems
}

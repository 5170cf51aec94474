package xapi

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/internal/id"
)

type (
	outActor struct {
		Type    string  `json:"objectType"`
		Account Account `json:"account"`
	}
	outVerb struct {
		ID string `json:"id"`
	}
	outObject struct {
		Type string `json:"objectType"`
		ID   string `json:"id"`
	}
	outResult struct {
		Success    *bool `json:"success,omitempty"`
		Completion *bool `json:"completion,omitempty"`
	}
	outContext struct {
		Instructor outActor `json:"instructor"`
	}
	outStatement struct {
		ID        string      `json:"id"`
		Actor     outActor    `json:"actor"`
		Verb      outVerb     `json:"verb"`
		Object    outObject   `json:"object"`
		Result    outResult   `json:"result"`
		Context   *outContext `json:"context,omitempty"`
		Timestamp string      `json:"timestamp,omitempty"`
		Stored    string      `json:"stored,omitempty"`
	}
)

// Write writes ratings as an array of statements, one a line. Options needs a
// HomePage and the Activities: each rating is a statement about the first activity by
// id that shows its level by success or completion, preferably with its source
// and renewal. A rating without one is an error (no-activity), and nothing is
// written. A Ref that is no UUID is replaced by one that follows from the rating.
func Write(w io.Writer, ratings []competency.Rating, opt *Options) (losses bangkom.Problems, err error) {
	wr := &writer{o: opt.orDefaults(), lost: map[string]int{}, ids: map[string]int{}}
	if wr.o.HomePage == "" {
		return nil, bangkom.Problem{Code: "option", Where: "home_page", Msg: "an account needs the home page of its system", Need: "set Options.HomePage"}
	}
	out := make([]outStatement, 0, len(ratings))
	for i := range ratings {
		if s, ok := wr.statement(i, &ratings[i]); ok {
			out = append(out, s)
		}
	}
	if err := wr.problems.Err(); err != nil {
		return nil, err
	}
	for _, field := range slices.Sorted(maps.Keys(wr.lost)) {
		losses.Add(bangkom.Problem{Code: "lost", Severity: bangkom.Warning, Where: field, Value: fmt.Sprint(wr.lost[field]), Msg: "a statement has no place for it; it was left out"})
	}
	return losses, write(w, out)
}

func write(w io.Writer, out []outStatement) error {
	b := bufio.NewWriter(w)
	for i := range out {
		line, err := json.Marshal(out[i])
		if err != nil {
			return err
		}
		begin := "[\n"
		if i > 0 {
			begin = ",\n"
		}
		_, _ = b.WriteString(begin) // Flush says it
		_, _ = b.Write(line)
	}
	end := "\n]\n"
	if len(out) == 0 {
		end = "[]\n"
	}
	_, _ = b.WriteString(end)
	return b.Flush()
}

type writer struct {
	o        Options
	names    []string // of the activities, by id
	lost     map[string]int
	ids      map[string]int
	problems bangkom.Problems
}

func (wr *writer) statement(i int, r *competency.Rating) (outStatement, bool) {
	activity, claim := wr.activity(r)
	if claim == nil {
		wr.problems.Add(bangkom.Problem{Code: "no-activity", Where: fmt.Sprintf("ratings[%d]", i), Value: fmt.Sprintf("%s at level %d", r.Competency, r.Level),
			Msg: "no activity shows this level by success or completion", Need: "add a Claim to Options.Activities"})
		return outStatement{}, false
	}
	yes := !r.Negative
	s := outStatement{
		Actor: outActor{"Agent", Account{wr.o.HomePage, string(r.Person)}}, Verb: outVerb{"http://adlnet.gov/expapi/verbs/passed"},
		Object: outObject{"Activity", activity}, Timestamp: wr.time(r.Date), Stored: wr.time(r.Recorded),
	}
	if r.Negative {
		s.Verb.ID = "http://adlnet.gov/expapi/verbs/failed"
	}
	if claim.By == Success {
		s.Result.Success = &yes
	} else {
		s.Result.Completion = &yes
	}
	if r.Rater != "" {
		s.Context = &outContext{outActor{"Agent", Account{wr.o.HomePage, r.Rater}}}
	}
	s.ID = wr.id(r)
	for field, is := range map[string]bool{
		"valid_until": !r.ValidUntil.IsZero(), "renewal": r.Renewal != claim.Renewal && (!r.Negative || r.Renewal != 0), "source": r.Source != claim.Source,
		"kind": r.Kind != competency.XAPI, "inherited": r.Inherited != nil, "ref": r.Ref != s.ID, "no date": r.Date.IsZero() && !r.Recorded.IsZero(),
	} {
		if is {
			wr.lost[field]++
		}
	}
	return s, true
}

// activity finds the one whose claim says most of what the rating says.
func (wr *writer) activity(r *competency.Rating) (string, *Claim) {
	if wr.names == nil {
		wr.names = slices.Sorted(maps.Keys(wr.o.Activities))
	}
	best, name, claim := -1, "", (*Claim)(nil)
	for _, a := range wr.names {
		claims := wr.o.Activities[a]
		if len(claims) != 1 {
			continue // it would say something about the others too
		}
		c := &claims[0]
		if c.Competency != r.Competency || c.Level != r.Level || c.By != Success && c.By != Completion {
			continue
		}
		fit := 0
		if c.Source == r.Source {
			fit += 2
		}
		if c.Renewal == r.Renewal {
			fit++
		}
		if fit > best {
			best, name, claim = fit, a, c
		}
	}
	return name, claim
}

func (wr *writer) time(d bangkom.Date) string {
	if d.IsZero() {
		return ""
	}
	t := d.Time()
	y, m, day := t.Date()
	return timeIn(y, m, day, cmp.Or(wr.o.Location, time.UTC))
}

// id keeps the id of a statement, or makes one that follows from the rating:
// the same again for another rating that is equal to it, apart by its number.
func (wr *writer) id(r *competency.Rating) string {
	name := r.Ref
	if !id.Valid(name) {
		c := *r
		c.Inherited = nil
		name = id.FromName(fmt.Sprintf("xapi:%+v", c))
	}
	n := wr.ids[name]
	wr.ids[name]++
	if n > 0 {
		name = id.FromName(fmt.Sprintf("xapi:%s:%d", name, n))
	}
	return name
}

func timeIn(year int, month time.Month, day int, in *time.Location) string {
	return time.Date(year, month, day, 0, 0, 0, 0, in).Format(time.RFC3339)
}

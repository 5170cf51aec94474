package badge

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"time"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/internal/id"
)

// Options adjusts writing. Nil and the zero value are the defaults.
type Options struct {
	Base     string         // URLs of competencies without a URI are Base + id; empty: these cannot be written
	Language string         // of the texts; empty: the framework title's first
	Location *time.Location // of days; nil: UTC
}

// Fragments are the parts of a credential, each where it belongs.
type Fragments struct {
	Achievement struct {
		Alignment         []Alignment         `json:"alignment,omitempty"`
		ResultDescription []ResultDescription `json:"resultDescription,omitempty"`
	} `json:"achievement"`
	Subject struct {
		Result []Result `json:"result,omitempty"`
	} `json:"credentialSubject"`
	Evidence   []Evidence `json:"evidence,omitempty"`
	ValidFrom  string     `json:"validFrom,omitempty"`
	ValidUntil string     `json:"validUntil,omitempty"`
}

// An Alignment points at a competency.
type Alignment struct {
	Type            []string `json:"type"`
	TargetName      string   `json:"targetName"`
	TargetURL       string   `json:"targetUrl"`
	TargetCode      string   `json:"targetCode,omitempty"`
	TargetText      string   `json:"targetDescription,omitempty"`
	TargetFramework string   `json:"targetFramework,omitempty"`
	TargetType      string   `json:"targetType"`
}

// A ResultDescription says what levels there are.
type ResultDescription struct {
	ID            string      `json:"id"`
	Type          []string    `json:"type"`
	Name          string      `json:"name"`
	ResultType    string      `json:"resultType"`
	Alignment     []Alignment `json:"alignment,omitempty"`
	RequiredLevel string      `json:"requiredLevel,omitempty"`
	Levels        []Level     `json:"rubricCriterionLevel"`
}

// A Level is a RubricCriterionLevel.
type Level struct {
	ID          string   `json:"id"`
	Type        []string `json:"type"`
	Name        string   `json:"name"`
	Level       string   `json:"level"`
	Description string   `json:"description,omitempty"`
}

// A Result is what the person attained.
type Result struct {
	Type              []string    `json:"type"`
	ResultDescription string      `json:"resultDescription"`
	AchievedLevel     string      `json:"achievedLevel"`
	Value             string      `json:"value"`
	Alignment         []Alignment `json:"alignment,omitempty"`
}

// Evidence is a rating that counted.
type Evidence struct {
	ID        string   `json:"id,omitempty"` // Rating.Ref, where it is a URI
	Type      []string `json:"type"`
	Name      string   `json:"name,omitempty"`
	Genre     string   `json:"genre,omitempty"`
	Narrative string   `json:"narrative,omitempty"`
}

// Make makes the fragments of one explained cell; required may be nil. A
// competency that is not in the framework, has no scale with the levels that are
// spoken of, or no URL, is an error.
func Make(f *competency.Framework, x competency.Explanation, required *competency.Requirement, opt *Options) (*Fragments, bangkom.Problems, error) {
	m := maker{f: f, x: x}
	if opt != nil {
		m.o = *opt
	}
	if m.o.Location == nil {
		m.o.Location = time.UTC
	}
	if err := m.make(required); err != nil {
		return nil, nil, err
	}
	return &m.out, m.losses, nil
}

// Write writes [Make]'s fragments as a JSON object.
func Write(w io.Writer, f *competency.Framework, x competency.Explanation, required *competency.Requirement, opt *Options) (losses bangkom.Problems, err error) {
	out, losses, err := Make(f, x, required, opt)
	if err != nil {
		return nil, err
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return losses, e.Encode(out)
}

type maker struct {
	f      *competency.Framework
	x      competency.Explanation
	o      Options
	c      *competency.Competency
	out    Fragments
	losses bangkom.Problems
}

func (m *maker) text(t competency.Text) string {
	if m.o.Language != "" {
		return t.In(m.o.Language)
	}
	best := ""
	for tag := range m.f.Title {
		if best == "" || tag < best {
			best = tag
		}
	}
	return t.In(best)
}

func (m *maker) make(required *competency.Requirement) error {
	c, ok := m.f.Competency(m.x.Competency)
	if !ok {
		return bangkom.Problem{Code: "unknown-competency", Value: string(m.x.Competency), Msg: "the competency is not in the framework"}
	}
	if required != nil && required.Competency != c.ID {
		return bangkom.Problem{Code: "option", Where: "required", Value: string(required.Competency), Msg: "the requirement is of another competency"}
	}
	m.c = c
	alignment, err := m.alignment()
	if err != nil {
		return err
	}
	d, err := m.description(alignment, required)
	if err != nil {
		return err
	}
	m.out.Achievement.Alignment = []Alignment{alignment}
	m.out.Achievement.ResultDescription = []ResultDescription{d}
	m.lost(required)
	if m.x.Attained.State != competency.Assessed {
		m.losses.Add(bangkom.Problem{Code: "no-result", Severity: bangkom.Note, Where: string(c.ID), Value: m.x.Attained.State.String(), Msg: "what is not known is no result"})
		return nil
	}
	achieved := m.levelID(m.x.Attained.Level)
	for _, l := range d.Levels {
		if l.ID == achieved {
			m.out.Subject.Result = []Result{{Type: []string{"Result"}, ResultDescription: d.ID, AchievedLevel: achieved, Value: l.Name, Alignment: []Alignment{alignment}}}
		}
	}
	if m.out.Subject.Result == nil {
		return m.offScale("attained", m.x.Attained.Level)
	}
	if required != nil && m.x.Attained.Level < required.Level {
		m.losses.Add(bangkom.Problem{Code: "below-required", Severity: bangkom.Warning, Where: string(c.ID), Value: fmt.Sprint(m.x.Attained.Level),
			Msg: fmt.Sprintf("level %d is required; a result without a status is read as completed", required.Level), Need: "do not issue it, or describe it without a requirement"})
	}
	m.evidence()
	m.out.ValidFrom, m.out.ValidUntil = m.start(m.x.Attained.Last), m.end(m.x.Until)
	return nil
}

func (m *maker) offScale(where string, l competency.Level) error {
	return bangkom.Problem{Code: "level-off-scale", Where: where, Value: fmt.Sprint(l), Msg: "the level is not on the scale of the competency"}
}

func (m *maker) alignment() (Alignment, error) {
	name := m.text(m.c.Title)
	address := m.c.URI
	if address == "" && m.o.Base != "" {
		address = m.o.Base + url.PathEscape(string(m.c.ID))
	}
	u, err := url.Parse(address)
	if err != nil || !u.IsAbs() || name == "" {
		return Alignment{}, bangkom.Problem{Code: "missing-field", Where: string(m.c.ID), Value: address, Msg: "an alignment needs a title and an absolute URL of the competency", Need: "give it both, or set Options.Base"}
	}
	return Alignment{
		Type: []string{"Alignment"}, TargetType: "CFItem", TargetName: name, TargetURL: address, TargetCode: m.c.Code,
		TargetText: m.text(m.c.Description), TargetFramework: m.text(m.f.Title),
	}, nil
}

// name is what identifiers follow from: the same edition gives the same ones.
func (m *maker) name() string {
	return fmt.Sprintf("badge:%s:%s:%s", m.f.ID, m.f.Version, m.c.ID)
}

func (m *maker) levelID(l competency.Level) string {
	return "urn:uuid:" + id.FromName(m.name()+":"+strconv.Itoa(int(l)))
}

func (m *maker) description(a Alignment, required *competency.Requirement) (ResultDescription, error) {
	d := ResultDescription{ID: "urn:uuid:" + id.FromName(m.name()), Type: []string{"ResultDescription"}, Name: a.TargetName, ResultType: "RubricCriterionLevel", Alignment: []Alignment{a}}
	scale, ok := m.f.ScaleOf(m.c.ID)
	if !ok || len(scale.Levels) == 0 {
		return d, bangkom.Problem{Code: "no-levels", Where: string(m.c.ID), Msg: "a result needs a scale of levels", Need: "give the competency a scale"}
	}
	own := map[competency.Level]competency.Descriptor{}
	for _, l := range m.c.Levels {
		own[l.Level] = l
	}
	for _, l := range scale.Levels {
		mine, has := own[l.Level]
		if !has && len(own) > 0 {
			continue // the competency does not have this level
		}
		d.Levels = append(d.Levels, Level{
			ID: m.levelID(l.Level), Type: []string{"RubricCriterionLevel"}, Level: strconv.Itoa(int(l.Level)),
			Name:        cmp.Or(m.text(mine.Title), m.text(l.Title), strconv.Itoa(int(l.Level))),
			Description: cmp.Or(m.text(mine.Description), m.text(l.Description)),
		})
		if required != nil && required.Level == l.Level {
			d.RequiredLevel = m.levelID(l.Level)
		}
	}
	if required != nil && d.RequiredLevel == "" {
		return d, m.offScale("required", required.Level)
	}
	return d, nil
}

// evidence lists what counted and shows the level, without who said it.
func (m *maker) evidence() {
	for _, e := range m.x.Evidence {
		if !e.Counts || e.Hidden || e.Level < m.x.Attained.Level {
			continue
		}
		out := Evidence{Type: []string{"Evidence"}, Name: cmp.Or(string(e.Rating.Kind), "rating"), Genre: string(e.Rating.Source)}
		if u, err := url.Parse(e.Rating.Ref); err == nil && u.IsAbs() {
			out.ID = e.Rating.Ref
		} else if e.Rating.Ref != "" {
			out.Narrative = e.Rating.Ref
		}
		m.out.Evidence = append(m.out.Evidence, out)
	}
}

func (m *maker) start(d bangkom.Date) string { return m.at(d, 0, 0, 0) }
func (m *maker) end(d bangkom.Date) string   { return m.at(d, 23, 59, 59) }

func (m *maker) at(d bangkom.Date, hour, minute, second int) string {
	if d.IsZero() {
		return ""
	}
	y, month, day := d.Time().Date()
	return time.Date(y, month, day, hour, minute, second, 0, m.o.Location).Format(time.RFC3339)
}

// lost names what a badge has no place for.
func (m *maker) lost(required *competency.Requirement) {
	uncounted, lower, indicators := 0, 0, 0
	for _, e := range m.x.Evidence {
		switch {
		case !e.Counts:
			uncounted++
		case e.Hidden || e.Level < m.x.Attained.Level:
			lower++
		}
	}
	for _, l := range m.c.Levels {
		indicators += len(l.Indicators)
	}
	for _, x := range []struct {
		what string
		n    int
	}{
		{"competency in other languages", max(0, len(m.c.Title)-1)}, {"evidence that did not count", uncounted}, {"evidence that does not show the level", lower}, {"indicators", indicators},
		{"requirement.weight, criticality, n, se", bit(required != nil)}, {"score between levels", bit(m.x.Score != nil)},
	} {
		if x.n > 0 {
			m.losses.Add(bangkom.Problem{Code: "lost", Severity: bangkom.Warning, Where: x.what, Value: fmt.Sprint(x.n), Msg: "a badge has no place for it; it was left out"})
		}
	}
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

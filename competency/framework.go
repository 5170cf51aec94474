package competency

import (
	"maps"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
)

// Identifiers are opaque text. Those of people may be personal data.
type (
	FrameworkID  string
	CompetencyID string
	ScaleID      string
	PositionID   string
	UnitID       string
	PersonID     string
)

// Level is a step on a [Scale]. Whether a level is known at all is said beside
// it, never by a special level: 0 is a level of some scales.
type Level int8

// Text holds one text in several languages by BCP 47 tag: {"id": "Kerja Sama", "en": "Teamwork"}.
type Text map[string]string

// In returns the text in a language: by the tag itself, by its primary
// language ("en" for "en-GB"), or else the text of the first tag in
// alphabetical order. It is empty only if there is no text at all.
func (t Text) In(lang string) string {
	primary, _, _ := strings.Cut(strings.ReplaceAll(lang, "_", "-"), "-")
	for _, tag := range []string{lang, primary} {
		if s := t[tag]; s != "" {
			return s
		}
	}
	for _, tag := range t.languages() {
		if s := t[tag]; s != "" {
			return s
		}
	}
	return ""
}

func (t Text) languages() []string { return slices.Sorted(maps.Keys(t)) }

// Kind parts the competencies of a framework: technical, managerial, …
type Kind string

// The kinds that public services commonly part.
const (
	Technical     Kind = "technical"
	Managerial    Kind = "managerial"
	SocioCultural Kind = "socio-cultural"
)

// A Descriptor says what a level means, on a scale or in one competency.
type Descriptor struct {
	Level       Level
	Title       Text
	Description Text
	Indicators  []Indicator
}

// An Indicator is a behaviour that shows a level.
type Indicator struct {
	ID   string
	Text Text
}

// A Scale is a finite, ordered set of levels, ascending.
type Scale struct {
	ID     ScaleID
	Title  Text
	Levels []Descriptor
}

// Has reports whether a level is a step of the scale.
func (s *Scale) Has(l Level) bool {
	return slices.ContainsFunc(s.Levels, func(d Descriptor) bool { return d.Level == l })
}

// A Competency is something a job may ask of a person.
type Competency struct {
	ID          CompetencyID
	Code        string // for people: "KJSM"
	Title       Text
	Also        []string // other spellings that files use
	Description Text
	Kind        Kind
	Parent      CompetencyID
	Scale       ScaleID      // empty: the only scale of the framework
	Levels      []Descriptor // the levels described for this competency; may be sparse
}

// A Framework is one version of a competency dictionary.
type Framework struct {
	ID                    FrameworkID
	Version               string
	Title                 Text
	Source                string
	ValidFrom, ValidUntil bangkom.Date
	Scales                []Scale
	Competencies          []Competency
}

// clone copies the framework down to its texts.
func (f *Framework) clone() *Framework {
	c := *f
	c.Title = maps.Clone(f.Title)
	c.Scales = slices.Clone(f.Scales)
	for i := range c.Scales {
		s := &c.Scales[i]
		s.Title, s.Levels = maps.Clone(s.Title), cloneDescriptors(s.Levels)
	}
	c.Competencies = slices.Clone(f.Competencies)
	for i := range c.Competencies {
		x := &c.Competencies[i]
		x.Title, x.Description = maps.Clone(x.Title), maps.Clone(x.Description)
		x.Also, x.Levels = slices.Clone(x.Also), cloneDescriptors(x.Levels)
	}
	return &c
}

func cloneDescriptors(levels []Descriptor) []Descriptor {
	levels = slices.Clone(levels)
	for i := range levels {
		d := &levels[i]
		d.Title, d.Description = maps.Clone(d.Title), maps.Clone(d.Description)
		d.Indicators = slices.Clone(d.Indicators)
		for k := range d.Indicators {
			d.Indicators[k].Text = maps.Clone(d.Indicators[k].Text)
		}
	}
	return levels
}

// Competency returns the competency of an id. It points into the framework: read only.
func (f *Framework) Competency(id CompetencyID) (*Competency, bool) {
	i := slices.IndexFunc(f.Competencies, func(c Competency) bool { return c.ID == id })
	if i < 0 || id == "" {
		return nil, false
	}
	return &f.Competencies[i], true
}

// ScaleOf returns the scale of a competency. It points into the framework: read only.
func (f *Framework) ScaleOf(id CompetencyID) (*Scale, bool) {
	c, ok := f.Competency(id)
	if !ok {
		return nil, false
	}
	return f.scale(c)
}

func (f *Framework) scale(c *Competency) (*Scale, bool) {
	if c.Scale == "" && len(f.Scales) == 1 {
		return &f.Scales[0], true
	}
	i := slices.IndexFunc(f.Scales, func(s Scale) bool { return s.ID == c.Scale })
	if i < 0 || c.Scale == "" {
		return nil, false
	}
	return &f.Scales[i], true
}

// Resolve finds the competency that a file means: by its id as it stands, or
// by id, code, title in any language or other spelling, where case, blanks and
// punctuation do not count and "&" is "dan". The error is a [bangkom.Problem]
// with the code unknown-competency, or ambiguous-name if several have the name.
//
// It walks the whole framework; resolve a name once, not once a row.
func (f *Framework) Resolve(name string) (CompetencyID, error) {
	i, p := newNames(f).resolve(name)
	if p != nil {
		return "", *p
	}
	return f.Competencies[i].ID, nil
}

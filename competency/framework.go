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

// In returns the text in a language: by the tag itself, where case does not
// count and "id_ID" is "id-ID"; then by the tag without its last parts ("en"
// for "en-GB"); then in another variety of the language ("en-US" for "en"); or
// else the text of the first tag in alphabetical order. It is empty only if
// there is no text at all.
func (t Text) In(lang string) string {
	if s := t[lang]; s != "" {
		return s
	}
	tags := t.languages()
	for want := tagKey(lang); want != ""; want = shorter(want) {
		if s := t.first(tags, func(tag string) bool { return tag == want }); s != "" {
			return s
		}
	}
	primary, _, _ := strings.Cut(tagKey(lang), "-")
	if s := t.first(tags, func(tag string) bool { return strings.HasPrefix(tag, primary+"-") }); s != "" {
		return s
	}
	return t.first(tags, func(string) bool { return true })
}

func (t Text) languages() []string { return slices.Sorted(maps.Keys(t)) }

// first returns the first text that is not empty and whose tag fits.
func (t Text) first(tags []string, fits func(tag string) bool) string {
	for _, tag := range tags {
		if s := t[tag]; s != "" && fits(tagKey(tag)) {
			return s
		}
	}
	return ""
}

// tagKey is what two spellings of one language tag share: id_ID is id-id.
func tagKey(tag string) string { return strings.ToLower(strings.ReplaceAll(tag, "_", "-")) }

// shorter cuts the last part off a tag; of a tag of one part it leaves nothing.
func shorter(tag string) string { return tag[:max(0, strings.LastIndexByte(tag, '-'))] }

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
	Level       Level       `json:"level"`
	Title       Text        `json:"title,omitempty"`
	Description Text        `json:"description,omitempty"`
	Indicators  []Indicator `json:"indicators,omitempty"`
	Extra       Extra       `json:"extra,omitempty"`
}

// An Indicator is a behaviour that shows a level.
type Indicator struct {
	ID    string `json:"id,omitempty"`
	Text  Text   `json:"text,omitempty"`
	Extra Extra  `json:"extra,omitempty"`
}

// A Scale is a finite, ordered set of levels, ascending.
type Scale struct {
	ID     ScaleID      `json:"id"`
	Title  Text         `json:"title,omitempty"`
	Levels []Descriptor `json:"levels"`
	Extra  Extra        `json:"extra,omitempty"`
}

// Has reports whether a level is a step of the scale.
func (s *Scale) Has(l Level) bool {
	return slices.ContainsFunc(s.Levels, func(d Descriptor) bool { return d.Level == l })
}

// A Competency is something a job may ask of a person.
//
// Parent is its place in the tree, and the order of [Framework.Competencies]
// the order among children, unless [Association.Sequence] gives another. A
// competency below several parents has a [ChildOf] association for each
// further one.
type Competency struct {
	ID          CompetencyID `json:"id"`
	Code        string       `json:"code,omitempty"` // for people: "KJSM"
	URI         string       `json:"uri,omitempty"`  // where the world finds it; empty: not published
	Title       Text         `json:"title,omitempty"`
	Also        []string     `json:"also,omitempty"` // other spellings that files use
	Description Text         `json:"description,omitempty"`
	Kind        Kind         `json:"kind,omitempty"`
	Parent      CompetencyID `json:"parent,omitempty"`
	Scale       ScaleID      `json:"scale,omitempty"`  // empty: the only scale of the framework
	Levels      []Descriptor `json:"levels,omitempty"` // the levels this competency has; none: all of its scale
	Dense       bool         `json:"dense,omitempty"`  // it declares to have every level between its lowest and highest

	ValidFrom  bangkom.Date `json:"valid_from,omitzero"`
	ValidUntil bangkom.Date `json:"valid_until,omitzero"` // last day; what is withdrawn stays, with its end
	Extra      Extra        `json:"extra,omitempty"`
}

// A Framework is one version of a competency dictionary.
type Framework struct {
	ID           FrameworkID   `json:"id"`
	Version      string        `json:"version,omitempty"` // the release: a year, a date, a number
	URI          string        `json:"uri,omitempty"`
	Title        Text          `json:"title,omitempty"`
	Description  Text          `json:"description,omitempty"`
	Source       string        `json:"source,omitempty"`
	Status       Status        `json:"status,omitempty"`
	ValidFrom    bangkom.Date  `json:"valid_from,omitzero"`
	ValidUntil   bangkom.Date  `json:"valid_until,omitzero"`
	ReplacedBy   FrameworkID   `json:"replaced_by,omitempty"` // the framework that took its place
	Scales       []Scale       `json:"scales,omitempty"`
	Competencies []Competency  `json:"competencies"`
	Associations []Association `json:"associations,omitempty"`
	Extra        Extra         `json:"extra,omitempty"`
}

// Clone copies the framework down to its texts.
func (f *Framework) Clone() *Framework {
	c := *f
	c.Title, c.Description, c.Extra = maps.Clone(f.Title), maps.Clone(f.Description), f.Extra.clone()
	c.Scales = slices.Clone(f.Scales)
	for i := range c.Scales {
		s := &c.Scales[i]
		s.Title, s.Levels, s.Extra = maps.Clone(s.Title), cloneDescriptors(s.Levels), s.Extra.clone()
	}
	c.Competencies = slices.Clone(f.Competencies)
	for i := range c.Competencies {
		x := &c.Competencies[i]
		x.Title, x.Description = maps.Clone(x.Title), maps.Clone(x.Description)
		x.Also, x.Levels, x.Extra = slices.Clone(x.Also), cloneDescriptors(x.Levels), x.Extra.clone()
	}
	c.Associations = slices.Clone(f.Associations)
	for i := range c.Associations {
		c.Associations[i].Extra = c.Associations[i].Extra.clone()
	}
	return &c
}

func cloneDescriptors(levels []Descriptor) []Descriptor {
	levels = slices.Clone(levels)
	for i := range levels {
		d := &levels[i]
		d.Title, d.Description, d.Extra = maps.Clone(d.Title), maps.Clone(d.Description), d.Extra.clone()
		d.Indicators = slices.Clone(d.Indicators)
		for k := range d.Indicators {
			x := &d.Indicators[k]
			x.Text, x.Extra = maps.Clone(x.Text), x.Extra.clone()
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

package competency

import "github.com/bangkom/bangkom"

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

// A Competency is something a job may ask of a person.
type Competency struct {
	ID          CompetencyID
	Code        string // for people: "KJSM"
	Title       Text
	Also        []string // other spellings that files use
	Description Text
	Kind        Kind
	Parent      CompetencyID
	Scale       ScaleID
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

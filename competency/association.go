package competency

import (
	"bytes"
	"encoding/json"

	"github.com/bangkom/bangkom"
)

// Status is where a framework stands in its life.
type Status string

// The statuses of a framework, and of its competencies with it.
const (
	Draft   Status = "draft"
	Pending Status = "pending" // decided, not yet in force
	InForce Status = "in-force"
	Retired Status = "retired"
)

// Relation is the type of an [Association]. The words are those that exchange
// formats use. Others may occur: they are kept, and read as [RelatedTo].
type Relation string

// The relations, said of From and To.
const (
	ChildOf       Relation = "isChildOf"       // From stands below To: a place in the hierarchy
	PartOf        Relation = "isPartOf"        // From is a part of To
	PeerOf        Relation = "isPeerOf"        // symmetric
	ExactMatchOf  Relation = "exactMatchOf"    // symmetric: the same competency under two ids
	RelatedTo     Relation = "isRelatedTo"     // symmetric; nothing follows from it
	Precedes      Relation = "precedes"        // From is learned before To
	Requires      Relation = "requires"        // From cannot be held without To
	ReplacedBy    Relation = "replacedBy"      // To took the place of From
	Exemplar      Relation = "exemplar"        // To is an example of From
	HasSkillLevel Relation = "hasSkillLevel"   // To is a level of From
	TranslationOf Relation = "isTranslationOf" // From is To in another language
)

// Review is how far a link between two competencies has been looked at.
type Review string

// The states of a review; the empty one is not reviewed.
const (
	Proposed Review = "proposed"
	Accepted Review = "accepted"
	Rejected Review = "rejected"
)

// A Ref points at a competency, here or in another framework.
type Ref struct {
	Framework FrameworkID  `json:"framework,omitempty"` // empty: the same framework
	ID        CompetencyID `json:"id"`
	URI       string       `json:"uri,omitempty"`
	Title     string       `json:"title,omitempty"` // of what is not here; what is here has its own
}

// An Association is a typed link from a competency of the framework to
// another, which may lie elsewhere.
//
// A ChildOf that says the same as [Competency.Parent] is the same edge: it only
// gives it an id and a sequence. A ChildOf whose To is the framework itself
// marks a root.
type Association struct {
	ID       string       `json:"id,omitempty"`
	Type     Relation     `json:"type"`
	From     CompetencyID `json:"from"`
	To       Ref          `json:"to"`
	Sequence int          `json:"sequence,omitempty"` // place among the children of To; 0: not given
	Group    string       `json:"group,omitempty"`
	Note     string       `json:"note,omitempty"`

	// What a crosswalk says of a link.
	Strength float64      `json:"strength,omitempty"` // 0 < s <= 1; 0: not stated
	Author   string       `json:"author,omitempty"`
	Date     bangkom.Date `json:"date,omitzero"`
	Review   Review       `json:"review,omitempty"`

	Extra Extra `json:"extra,omitempty"`
}

// Extra keeps the fields of a format that the model has no word for, as raw
// JSON by name, so that a file can be written as it was read. A format prefixes
// its names: "case:licenseURI".
type Extra map[string]json.RawMessage

func (e Extra) clone() Extra {
	if e == nil {
		return nil
	}
	c := make(Extra, len(e))
	for k, v := range e {
		c[k] = bytes.Clone(v)
	}
	return c
}

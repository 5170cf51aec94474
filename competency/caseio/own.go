package caseio

import (
	"encoding/json"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/internal/id"
)

// box is the name under which extensions hold what CASE has no field for.
// Other systems keep it or ignore it; this package reads it back.
const box = "bangkom"

// What the boxes hold. Each field stands only where CASE's own fields do not
// say it already.
type (
	ownDocument struct {
		ID          string                 `json:"id,omitempty"` // the identifier, where CASE's pattern refuses it
		Title       competency.Text        `json:"title,omitempty"`
		Description competency.Text        `json:"description,omitempty"`
		Source      string                 `json:"source,omitempty"`
		Status      competency.Status      `json:"status,omitempty"`
		ReplacedBy  competency.FrameworkID `json:"replaced_by,omitempty"`
		Definitions json.RawMessage        `json:"definitions,omitempty"` // those that lack a text that CASE requires
		Extra       competency.Extra       `json:"extra,omitempty"`
	}
	ownItem struct {
		ID          string                  `json:"id,omitempty"`
		Title       competency.Text         `json:"title,omitempty"`
		Description competency.Text         `json:"description,omitempty"`
		Also        []string                `json:"also,omitempty"`
		Dense       bool                    `json:"dense,omitempty"`
		Scale       competency.ScaleID      `json:"scale,omitempty"`  // where no criterion says it
		Levels      []competency.Descriptor `json:"levels,omitempty"` // of a competency without a scale
		Extra       competency.Extra        `json:"extra,omitempty"`
	}
	ownAssociation struct {
		ID       string              `json:"id,omitempty"`
		Type     competency.Relation `json:"type,omitempty"` // where it was written as another
		From     string              `json:"from,omitempty"`
		To       *competency.Ref     `json:"to,omitempty"`
		Strength float64             `json:"strength,omitempty"`
		Author   string              `json:"author,omitempty"`
		Date     bangkom.Date        `json:"date,omitzero"`
		Review   competency.Review   `json:"review,omitempty"`
		Extra    competency.Extra    `json:"extra,omitempty"`
	}
	ownRubric struct {
		ID    string           `json:"id,omitempty"`
		Title competency.Text  `json:"title,omitempty"`
		Extra competency.Extra `json:"extra,omitempty"`
	}
	ownCriterion struct {
		ID    string `json:"id,omitempty"`
		Scale bool   `json:"scale,omitempty"` // describes the scale itself, not one competency
	}
	ownLevel struct {
		ID          string                 `json:"id,omitempty"`
		Title       competency.Text        `json:"title,omitempty"`
		Description competency.Text        `json:"description,omitempty"`
		Indicators  []competency.Indicator `json:"indicators,omitempty"`
		Extra       competency.Extra       `json:"extra,omitempty"`
	}
)

// impliedID is the identifier of an association that says no more than
// Competency.Parent does.
func impliedID(document, from, to string) string {
	return id.FromName("case:isChildOf:" + document + ":" + from + ":" + to)
}

// boxOf returns the node of our box in an object's extensions; 0 if there is none.
func (rd *reader) boxOf(r *record) int32 {
	n := r.get("extensions")
	if n == 0 {
		return 0
	}
	if rd.at(n).kind == '[' {
		for c := range rd.children(n) {
			if b := rd.boxIn(c); b != 0 {
				return b
			}
		}
		return 0
	}
	return rd.boxIn(n)
}

func (rd *reader) boxIn(n int32) int32 {
	if rd.at(n).kind != '{' {
		return 0
	}
	for c := range rd.children(n) {
		m := rd.at(c)
		if m.kind == '{' && string(rd.data[m.key:m.keyTo]) == box {
			return c
		}
	}
	return 0
}

// ownID is the identifier an object had before it was written under another.
func (rd *reader) ownID(r *record) string {
	b := rd.boxOf(r)
	if b == 0 {
		return ""
	}
	for c := range rd.children(b) {
		m := rd.at(c)
		if m.kind == '"' && string(rd.data[m.key:m.keyTo]) == "id" {
			return rd.text(c)
		}
	}
	return ""
}

// unbox reads our box; one that is not ours after all is reported and left.
func (rd *reader) unbox(r *record, into any) {
	b := rd.boxOf(r)
	if b == 0 {
		return
	}
	if err := json.Unmarshal(rd.raw(b), into); err != nil {
		rd.report("extension-unreadable", bangkom.Warning, b, box, "an extension of this name that cannot be read: "+err.Error(), "")
	}
}

// foreign returns the extensions without our box; nil if nothing else is there.
func (rd *reader) foreign(r *record) json.RawMessage {
	n := r.get("extensions")
	if n == 0 {
		return nil
	}
	if rd.boxOf(r) == 0 {
		return rd.raw(n)
	}
	if rd.at(n).kind == '{' {
		return rd.without(n)
	}
	var b array
	for c := range rd.children(n) {
		v := rd.raw(c)
		if rd.boxIn(c) != 0 {
			v = rd.without(c)
		}
		b.add(v)
	}
	return b.end()
}

// without copies an object without our box.
func (rd *reader) without(n int32) json.RawMessage {
	b := []byte{'{'}
	for c := range rd.children(n) {
		if m := rd.at(c); string(rd.data[m.key:m.keyTo]) != box {
			b = appendMember(b, rd.key(c), rd.raw(c))
		}
	}
	if len(b) == 1 {
		return nil
	}
	return append(b, '}')
}

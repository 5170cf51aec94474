// Package direct reads the releases of the DIRECT framework, for tests: a
// published framework (CC BY 4.0) whose second version renamed most skills and
// changed the scale from 0-5 to 0-4.
package direct

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/table"
)

// The kinds of what the three storeys of the framework hold.
const (
	Domain competency.Kind = "domain"
	Group  competency.Kind = "competency"
	Skill  competency.Kind = "skill"
)

type entry struct {
	Title         string  `json:"title"`
	Description   string  `json:"description"`
	Categories    []entry `json:"categories"`         // the root of version 1
	Subcategories []entry `json:"subcategories"`      // the second storey of version 1
	Domains       []entry `json:"competency_domains"` // the root of version 2
	Competencies  []entry `json:"competencies"`       // the second storey of version 2
	Skills        []entry `json:"skills"`
}

func (e *entry) below() []entry {
	return slices.Concat(e.Categories, e.Subcategories, e.Domains, e.Competencies, e.Skills)
}

// Read reads the single file of a release. An id is made of the kind and the
// title, so that what keeps its title keeps its id.
func Read(r io.Reader, file string) (*competency.Framework, bangkom.Problems) {
	f := &competency.Framework{ID: "DIRECT", Title: competency.Text{"en": "DIRECT"}}
	var top entry
	if err := json.NewDecoder(r).Decode(&top); err != nil {
		return f, bangkom.Problems{{Code: "not-json", Where: file, Msg: err.Error()}}
	}
	add(f, &top, "", []competency.Kind{Domain, Group, Skill})
	return f, nil
}

func add(f *competency.Framework, e *entry, parent competency.CompetencyID, kinds []competency.Kind) {
	if len(kinds) == 0 {
		return
	}
	for _, child := range e.below() {
		c := competency.Competency{
			ID: ID(kinds[0], child.Title), Kind: kinds[0], Parent: parent,
			Title: competency.Text{"en": child.Title}, Description: competency.Text{"en": child.Description},
		}
		if len(f.Scales) == 1 {
			c.Scale = f.Scales[0].ID
		}
		f.Competencies = append(f.Competencies, c)
		add(f, &child, c.ID, kinds[1:])
	}
}

// ID is the identifier of what has a title.
func ID(kind competency.Kind, title string) competency.CompetencyID {
	words := strings.FieldsFunc(strings.ToLower(title), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return competency.CompetencyID(string(kind) + ":" + strings.Join(words, "-"))
}

// level takes the spellings of both versions: Level 0 and level "0".
type level struct {
	Level       json.RawMessage `json:"level"`
	Name        string          `json:"name"`
	Description string          `json:"description"`
}

// ReadScale reads the file of levels of a release, in either order.
func ReadScale(r io.Reader, file string, id competency.ScaleID) (competency.Scale, bangkom.Problems) {
	s := competency.Scale{ID: id}
	var levels []level
	if err := json.NewDecoder(r).Decode(&levels); err != nil {
		return s, bangkom.Problems{{Code: "not-json", Where: file, Msg: err.Error()}}
	}
	var ps bangkom.Problems
	for i, l := range levels {
		n, err := strconv.ParseInt(strings.Trim(string(l.Level), `"`), 10, 8)
		if err != nil {
			ps.Add(bangkom.Problem{Code: "not-integer", Where: fmt.Sprintf("%s[%d]", file, i), Value: string(l.Level), Msg: "not a level"})
			continue
		}
		s.Levels = append(s.Levels, competency.Descriptor{Level: competency.Level(n), Title: competency.Text{"en": l.Name}, Description: competency.Text{"en": l.Description}})
	}
	slices.SortFunc(s.Levels, func(a, b competency.Descriptor) int { return int(a.Level) - int(b.Level) })
	return s, ps
}

// ReadRelated reads skill.csv of version 2: which skills are related.
func ReadRelated(r io.Reader, file string) ([]competency.Association, bangkom.Problems) {
	rd := table.Read(r, file, table.Schema{{Key: "name", Required: true}, {Key: "slug", Required: true}, {Key: "related_skills", Required: true}}, nil)
	bySlug := map[string]competency.CompetencyID{}
	var from, to []string
	for row := range rd.Rows() {
		slug, _ := row.Required("slug")
		bySlug[slug] = ID(Skill, row.Text("name"))
		for other := range strings.SplitSeq(row.Text("related_skills"), "|") {
			if other = strings.TrimSpace(other); other != "" {
				from, to = append(from, slug), append(to, other)
			}
		}
	}
	ps := rd.Problems()
	var all []competency.Association
	for i := range from {
		target, ok := bySlug[to[i]]
		if !ok {
			ps.Add(bangkom.Problem{Code: "dangling-reference", Where: file, Value: to[i], Msg: "no skill has this slug"})
			continue
		}
		all = append(all, competency.Association{Type: competency.RelatedTo, From: bySlug[from[i]], To: competency.Ref{ID: target}})
	}
	return all, ps
}

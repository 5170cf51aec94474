package opensalt

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/internal/id"
	"github.com/bangkom/bangkom/table"
)

// Options adjusts reading and writing. Nil and the zero value are the defaults.
type Options struct {
	ID       competency.FrameworkID // of the framework that is read; empty: "opensalt"
	Title    string                 // of the framework that is read
	Language string                 // of texts without one; empty: "und" on reading, the first of the first title on writing
	MaxRows  int                    // 0 is 200,000
	MaxBytes int64                  // size of the file; 0 is 64 MiB
}

// space marks the columns that are kept in an Extra; caseSpace those for which CASE has a field.
const (
	space     = "opensalt:"
	caseSpace = "case:"
)

// unresolved begins the address of a code that nothing has.
const unresolved = "data:text/x-ref-unresolved;base64,"

var columns = table.Schema{
	column("identifier"), column("fullStatement", "full statement"), column("humanCodingScheme", "human coding scheme"), column("sequenceNumber", "sequence number"),
	column("abbreviatedStatement", "abbreviated statement"), column("conceptKeywords", "concept keywords"), column("notes"), column("language"),
	column("educationLevel", "education level"), column("cfItemType", "cf item type"), column("license"), column("listEnumeration", "list enumeration"), column("smartLevel", "smart level"),
	column("isChildOf", "is child of"), column("isPartOf", "is part of"), column("replacedBy", "replaced by"), column("exemplar"), column("precedes"), column("isPeerOf", "is peer of"),
	column("hasSkillLevel", "has skill level"), column("isRelatedTo", "is related to"), column("exactMatchOf", "isExactMatchOf", "exact match of", "is exact match of"),
}

func column(names ...string) table.Column {
	return table.Column{Key: names[0], Names: names, Required: names[0] == "fullStatement" || names[0] == "humanCodingScheme"}
}

// links are the columns of associations, in the order in which they are read.
var links = []competency.Relation{
	competency.PartOf, competency.ReplacedBy, competency.Exemplar, competency.Precedes, competency.PeerOf, competency.HasSkillLevel, competency.RelatedTo, competency.ExactMatchOf,
}

// kept are the columns that are texts, and those that are lists, in CASE.
var (
	keptTexts = []string{"notes", "listEnumeration"}
	keptLists = []string{"conceptKeywords", "educationLevel"}
)

// Read reads a framework. Nothing is dropped without a problem; see the
// package's documentation.
func Read(r io.Reader, file string, opt *Options) (*competency.Framework, bangkom.Problems) {
	var o Options
	if opt != nil {
		o = *opt
	}
	o.ID, o.Language, o.MaxRows, o.MaxBytes = cmp.Or(o.ID, "opensalt"), cmp.Or(o.Language, "und"), cmp.Or(o.MaxRows, 200_000), cmp.Or(o.MaxBytes, 64<<20)
	rd := &reader{o: o, f: &competency.Framework{ID: o.ID}, ids: map[competency.CompetencyID]int{}, codes: map[string]int{}, levels: map[string]int{}}
	if o.Title != "" {
		rd.f.Title = competency.Text{o.Language: o.Title}
	}
	data, err := io.ReadAll(io.LimitReader(r, o.MaxBytes+1))
	switch {
	case err != nil:
		return rd.f, bangkom.Problems{{Code: "unreadable", Where: file, Msg: err.Error()}}
	case int64(len(data)) > o.MaxBytes:
		return rd.f, bangkom.Problems{{Code: "too-large", Where: file, Msg: fmt.Sprintf("the file has more than %d bytes", o.MaxBytes), Need: "raise Options.MaxBytes if the file can be trusted"}}
	}
	tab := table.Read(bytes.NewReader(data), file, columns, nil)
	for row := range tab.Rows() {
		if len(rd.f.Competencies) == o.MaxRows {
			rd.problems.Add(bangkom.Problem{Code: "too-many-rows", Where: file, Msg: fmt.Sprintf("more than %d items; the others were not read", o.MaxRows), Need: "raise Options.MaxRows if the file can be trusted"})
			break
		}
		rd.item(row, tab.Extra())
	}
	rd.resolve()
	if more := rd.unresolved - shown; more > 0 {
		rd.problems.Add(bangkom.Problem{Code: "unresolved-reference", Severity: bangkom.Warning, Where: file, Value: fmt.Sprint(more), Msg: fmt.Sprintf("%d more of these are not listed", more)})
	}
	return rd.f, append(tab.Problems(), rd.problems...)
}

// An item is what of a row is not yet in the framework.
type item struct {
	parent, level string
	sequence      int
	cells         map[string]reference // by column
}

// A reference is a cell that names other items.
type reference struct{ text, where string }

type reader struct {
	o        Options
	f        *competency.Framework
	items    []item // as the competencies
	ids      map[competency.CompetencyID]int
	codes    map[string]int
	levels   map[string]int
	problems bangkom.Problems

	unresolved int // references
}

func (rd *reader) item(row *table.Row, more []string) {
	statement, ok := row.Required("fullStatement")
	if !ok {
		return
	}
	code := row.Text("humanCodingScheme")
	c := competency.Competency{ID: competency.CompetencyID(cmp.Or(row.Text("identifier"), code)), Code: code, Kind: competency.Kind(row.Text("cfItemType"))}
	if c.ID == "" {
		c.ID = competency.CompetencyID(id.FromName("opensalt:" + statement))
	}
	if first, taken := rd.ids[c.ID]; taken {
		row.Fail("identifier", "duplicate-id", fmt.Sprintf("%s is item %d already, which was kept", c.ID, first+1), "give each item an identifier of its own")
		return
	}
	tag := rd.o.Language
	if l := row.Text("language"); l != "" {
		if tag = l; !isTag(l) {
			row.Warn("language", "language-tag", "not a language tag; "+rd.o.Language+" stands in", "id, en, en-US, …")
			tag = rd.o.Language
		}
	}
	c.Title = competency.Text{tag: statement}
	if title := row.Text("abbreviatedStatement"); title != "" {
		c.Title, c.Description = competency.Text{tag: title}, competency.Text{tag: statement}
	}
	c.Extra = extra(row, more)
	n := len(rd.f.Competencies)
	rd.ids[c.ID] = n
	if first, taken := rd.codes[code]; taken {
		row.Fail("humanCodingScheme", "duplicate-code", fmt.Sprintf("item %d has the code already; references by it mean that one", first+1), "give each item a code of its own")
	} else if code != "" {
		rd.codes[code] = n
	}
	x := item{parent: row.Text("isChildOf"), level: row.Text("smartLevel"), cells: map[string]reference{}}
	x.sequence, _ = row.Int("sequenceNumber")
	if _, taken := rd.levels[x.level]; !taken && x.level != "" {
		rd.levels[x.level] = n
	}
	for _, key := range append([]competency.Relation{competency.ChildOf}, links...) {
		if text := row.Text(string(key)); text != "" {
			x.cells[string(key)] = reference{text, row.Where(string(key))}
		}
	}
	rd.f.Competencies, rd.items = append(rd.f.Competencies, c), append(rd.items, x)
}

// isTag is as lenient as competency.Framework.Validate.
func isTag(s string) bool {
	f := competency.Framework{ID: "x", Title: competency.Text{s: "x"}}
	return !f.Validate().Has("language-tag")
}

func extra(row *table.Row, more []string) competency.Extra {
	e := competency.Extra{}
	put := func(key string, v any) {
		if raw, err := json.Marshal(v); err == nil {
			e[key] = raw
		}
	}
	for _, k := range keptTexts {
		if s := row.Text(k); s != "" {
			put(caseSpace+k, s)
		}
	}
	for _, k := range keptLists {
		if list := split(row.Text(k)); list != nil {
			put(caseSpace+k, list)
		}
	}
	for _, k := range append([]string{"license"}, more...) {
		if s := row.Text(k); s != "" {
			put(space+k, s)
		}
	}
	if len(e) == 0 {
		return nil
	}
	return e
}

func split(s string) []string {
	var all []string
	for part := range strings.SplitSeq(s, ",") {
		if part = strings.TrimSpace(part); part != "" {
			all = append(all, part)
		}
	}
	return all
}

// resolve finds what the cells name, once all items are known.
func (rd *reader) resolve() {
	for i := range rd.items {
		rd.place(i)
		for _, t := range links {
			cell, ok := rd.items[i].cells[string(t)]
			if !ok {
				continue
			}
			for _, name := range split(cell.text) {
				if len(rd.f.Associations) == maxReferences {
					rd.problems.Add(bangkom.Problem{Code: "too-many-references", Where: cell.where, Msg: fmt.Sprintf("more than %d references; the others were not read", maxReferences), Need: "split the file"})
					return
				}
				rd.f.Associations = append(rd.f.Associations, competency.Association{Type: t, From: rd.f.Competencies[i].ID, To: rd.ref(name, cell.where)})
			}
		}
	}
}

// maxReferences of items to items are read.
const maxReferences = 300_000

// find returns the item of an identifier or code.
func (rd *reader) find(name string) (int, bool) {
	if i, ok := rd.ids[competency.CompetencyID(name)]; ok {
		return i, true
	}
	i, ok := rd.codes[name]
	return i, ok
}

// ref is what a cell of associations names.
func (rd *reader) ref(name, where string) competency.Ref {
	if i, ok := rd.find(name); ok {
		return competency.Ref{ID: rd.f.Competencies[i].ID}
	}
	if strings.Contains(name, "://") || strings.HasPrefix(name, "urn:") {
		return competency.Ref{ID: trailing(name), URI: name}
	}
	if id.Valid(name) { // an item of another framework
		return competency.Ref{ID: competency.CompetencyID(name)}
	}
	rd.lost(name, where, "nothing in the file has this identifier or code; it is kept as a code")
	return competency.Ref{URI: unresolved + base64.StdEncoding.EncodeToString([]byte(name)), Title: name}
}

// trailing is the UUID at the end of an address, by which the item is known elsewhere.
func trailing(uri string) competency.CompetencyID {
	if s := uri[strings.LastIndexAny(uri, "/:")+1:]; id.Valid(s) {
		return competency.CompetencyID(s)
	}
	return ""
}

// shown is how many unresolved references are listed.
const shown = 1000

func (rd *reader) lost(name, where, msg string) {
	if rd.unresolved++; rd.unresolved > shown {
		return
	}
	rd.problems.Add(bangkom.Problem{Code: "unresolved-reference", Severity: bangkom.Warning, Where: where, Value: name, Msg: msg, Need: "correct the code, or add the item"})
}

// place puts an item into the tree.
func (rd *reader) place(i int) {
	c, x := &rd.f.Competencies[i], &rd.items[i]
	above := competency.CompetencyID(rd.f.ID)
	sequence := x.sequence
	switch names := split(x.parent); {
	case len(names) > 0:
		for _, name := range names {
			j, ok := rd.find(name)
			switch {
			case !ok && name != string(rd.f.ID):
				rd.lost(name, x.cells[string(competency.ChildOf)].where, "nothing in the file has this identifier or code; it reads as none")
			case !ok || j == i:
			case c.Parent == "":
				c.Parent = rd.f.Competencies[j].ID
			case rd.f.Competencies[j].ID != c.Parent:
				rd.f.Associations = append(rd.f.Associations, competency.Association{Type: competency.ChildOf, From: c.ID, To: competency.Ref{ID: rd.f.Competencies[j].ID}})
			}
		}
	case x.level != "":
		if n, ok := last(x.level); ok && sequence == 0 {
			sequence = n
		}
		c.Parent = rd.above(rd.levels, x.level, i)
	default:
		c.Parent = rd.above(rd.codes, c.Code, i)
	}
	if sequence == 0 {
		return
	}
	if c.Parent != "" {
		above = c.Parent
	}
	rd.f.Associations = append(rd.f.Associations, competency.Association{Type: competency.ChildOf, From: c.ID, To: competency.Ref{ID: above}, Sequence: sequence})
}

// above is the item whose code is that of another up to the last dot.
func (rd *reader) above(codes map[string]int, code string, i int) competency.CompetencyID {
	dot := strings.LastIndexByte(code, '.')
	if dot < 0 {
		return ""
	}
	j, ok := codes[code[:dot]]
	if !ok || j == i {
		return ""
	}
	return rd.f.Competencies[j].ID
}

// last is the number behind the last dot.
func last(level string) (n int, ok bool) {
	s := level[strings.LastIndexByte(level, '.')+1:]
	if s == "" || len(s) > 9 || slices.ContainsFunc([]byte(s), func(b byte) bool { return b < '0' || b > '9' }) {
		return 0, false
	}
	for _, b := range []byte(s) {
		n = 10*n + int(b-'0')
	}
	return n, true
}

package flat

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/table"
)

// Options adjusts reading and writing. Nil and the zero value are the defaults.
type Options struct {
	ID           competency.FrameworkID // of the framework; empty: "flat"
	Title        string                 // of the framework
	Language     string                 // of the texts; empty: "und" on reading, the framework title's first on writing
	Columns      map[string]string      // header names by key, where the file has others
	Competencies bool                   // requirements are of competencies, also where the table has statements
	Scale        *competency.Scale      // of the levels; nil: the levels that occur
	MaxRows      int                    // 0 is 1,000,000
	MaxBytes     int64                  // size of the file; 0 is 256 MiB
}

// A Table is what a flat table says: a framework, and roles that ask for parts of it.
type Table struct {
	Framework *competency.Framework `json:"framework"`
	Positions []competency.Position `json:"positions"`
}

// Kinds of the parts of the framework where the table does not name one.
const (
	Group     competency.Kind = "group"
	Whole     competency.Kind = "competency"
	Statement competency.Kind = "statement"
)

// space marks the columns that are kept in an Extra.
const space = "flat:"

// scaleID names the scale that Read makes.
const scaleID competency.ScaleID = "level"

var columns = []table.Column{
	{Key: "role", Names: []string{"Work Role", "Role", "Jabatan", "Nama Jabatan"}, Required: true},
	{Key: "role_id", Names: []string{"Work Role ID", "Role ID", "Kode Jabatan"}},
	{Key: "group", Names: []string{"Competency Group", "Group", "Kelompok", "Kelompok Kompetensi"}},
	{Key: "group_id", Names: []string{"Competency Group ID", "Group ID", "Kode Kelompok"}},
	{Key: "competency", Names: []string{"Competency", "Kompetensi"}},
	{Key: "competency_id", Names: []string{"Competency ID", "Kode Kompetensi"}},
	{Key: "statement", Names: []string{"KSA", "Statement", "Pernyataan", "Indikator"}},
	{Key: "statement_id", Names: []string{"KSA ID", "Statement ID", "Kode Pernyataan"}},
	{Key: "kind", Names: []string{"K S or A", "Kind", "Jenis"}},
	{Key: "level", Names: []string{"Level", "Required Level", "Level Standar"}},
	{Key: "weight", Names: []string{"Weight", "Bobot"}},
	{Key: "criticality", Names: []string{"Criticality", "Kritikalitas"}},
}

// schema is the columns under the names that the options give.
func (o *Options) schema() table.Schema {
	s := slices.Clone(columns)
	for i := range s {
		if name := o.Columns[s[i].Key]; name != "" {
			s[i].Names = []string{name}
		}
	}
	return s
}

// Read reads a table: the good rows, and what was wrong with the others.
func Read(r io.Reader, file string, opt *Options) (*Table, bangkom.Problems) {
	var o Options
	if opt != nil {
		o = *opt
	}
	if o.MaxBytes <= 0 {
		o.MaxBytes = 256 << 20
	}
	rows := table.Read(&capped{r, o.MaxBytes}, file, o.schema(), nil)
	extra := rows.Extra()
	rd := reader{
		o: o, lang: cmp.Or(o.Language, "und"), extra: extra[:min(len(extra), maxExtra)],
		parts: map[string]int{}, ids: map[competency.CompetencyID]string{}, roles: map[competency.PositionID]int{},
		asked: map[[2]int]claim{}, kept: map[keyed]string{}, texts: map[string]int{}, parents: map[[2]int]bool{},
		varies: map[string]uint8{},
	}
	rd.t.Framework = &competency.Framework{ID: cmp.Or(o.ID, "flat"), Title: rd.text(o.Title)}
	limit := o.MaxRows
	if limit <= 0 {
		limit = 1_000_000
	}
	var found bangkom.Problems
	if len(extra) > maxExtra {
		found.Add(bangkom.Problem{Code: "column-not-kept", Severity: bangkom.Warning, Where: file, Value: fmt.Sprint(len(extra)), Msg: fmt.Sprintf("more than %d columns that have no meaning here; the others were not kept", maxExtra)})
	}
	n := 0
	for row := range rows.Rows() {
		if n++; n > limit {
			found.Add(bangkom.Problem{Code: "too-many-rows", Where: row.Where("role"), Msg: fmt.Sprintf("more than %d rows; the others were not read", limit), Need: "raise Options.MaxRows if the file can be trusted"})
			break
		}
		if len(rd.t.Framework.Competencies) > maxParts {
			found.Add(bangkom.Problem{Code: "too-many-parts", Where: row.Where("role"), Msg: fmt.Sprintf("more than %d competencies and statements; the rows from here on were not read", maxParts), Need: "split the file"})
			break
		}
		rd.row(row)
	}
	found = append(found, rd.finish(file)...)
	return &rd.t, append(rows.Problems(), found...)
}

// maxParts of the framework are read.
const maxParts = 200_000

// maxExtra columns without a meaning are kept.
const maxExtra = 64

// capped ends a file that is too large with an error.
type capped struct {
	r    io.Reader
	left int64
}

func (c *capped) Read(b []byte) (int, error) {
	if c.left <= 0 {
		return 0, bangkom.Problem{Code: "too-large", Msg: "the file is larger than Options.MaxBytes"}
	}
	n, err := c.r.Read(b[:min(int64(len(b)), c.left)])
	c.left -= int64(n)
	return n, err
}

type reader struct {
	o     Options
	lang  string
	extra []string // names of the columns that the schema does not know
	t     Table

	parts   map[string]int // place of a part by kind and key
	ids     map[competency.CompetencyID]string
	roles   map[competency.PositionID]int
	asked   map[[2]int]claim // by role and part
	texts   map[string]int   // part of each text, by its kind of part
	parents map[[2]int]bool
	levels  bool
	weights bool

	kept   map[keyed]string
	varies map[string]uint8
}

// A claim is what a row says of a role and a part.
type claim struct {
	line int
	r    competency.Requirement
}

type keyed struct {
	column string
	role   bool
	at     int
}

func (rd *reader) text(s string) competency.Text {
	if s == "" {
		return nil
	}
	return competency.Text{rd.lang: s}
}

func (rd *reader) row(row *table.Row) {
	name, ok := row.Required("role")
	if !ok {
		return
	}
	if !row.Has("competency") && !row.Has("competency_id") && !row.Has("statement") && !row.Has("statement_id") {
		row.Fail("competency", "empty-cell", "a row without a competency and without a statement", "fill one of them in")
		return
	}
	req, ok := rd.requirement(row)
	if !ok {
		return
	}
	group := rd.part(row, "group", Group, -1)
	whole := rd.part(row, "competency", Whole, group)
	statement := -1
	if row.Has("statement") || row.Has("statement_id") {
		above := whole
		if above < 0 {
			above = group
		}
		statement = rd.part(row, "statement", Statement, above)
	}
	role := rd.role(row, name)
	of := statement
	if of < 0 || rd.o.Competencies && whole >= 0 {
		of = whole
	}
	rd.claim(row, role, of, statement, req)
	rd.remember(row, role, of)
}

// requirement reads what a row asks for; the part is not known yet.
func (rd *reader) requirement(row *table.Row) (competency.Requirement, bool) {
	r := competency.Requirement{Level: 1, Weight: 1, Criticality: 1}
	if row.Has("level") {
		rd.levels = true
		l, ok := row.Level("level", -128, 127)
		if !ok {
			return r, false
		}
		r.Level = competency.Level(l)
		if s := rd.o.Scale; s != nil && !s.Has(r.Level) {
			row.Fail("level", "level-off-scale", "the level is not on the scale", "use a level of the scale")
			return r, false
		}
	}
	for _, key := range []string{"weight", "criticality"} {
		if !row.Has(key) {
			continue
		}
		v, ok := row.Decimal(key)
		if ok && !(v > 0) {
			row.Fail(key, key+"-not-positive", "not above zero", "leave it out if all are alike")
			ok = false
		}
		if !ok {
			return r, false
		}
		if key == "weight" {
			rd.weights, r.Weight = true, v
		} else {
			r.Criticality = v
		}
	}
	return r, true
}

// part returns the place of the group, competency or statement of a row, and
// adds it if it is new; -1 if the row has none.
func (rd *reader) part(row *table.Row, key string, kind competency.Kind, above int) int {
	name, id := row.Text(key), row.Text(key+"_id")
	if name == "" && id == "" {
		return -1
	}
	lookup := string(kind) + "\x00" + cmp.Or(id, table.Normalize(name))
	f := rd.t.Framework
	at, known := rd.parts[lookup]
	if !known {
		at = len(f.Competencies)
		c := competency.Competency{ID: rd.id(row, key, kind, name, id), Code: id, Title: rd.text(cmp.Or(name, id)), Kind: kind}
		if k := row.Text("kind"); kind == Statement && k != "" {
			c.Kind = competency.Kind(k)
		}
		if above >= 0 {
			c.Parent = f.Competencies[above].ID
			rd.parents[[2]int{at, above}] = true
		}
		rd.parts[lookup] = at
		f.Competencies = append(f.Competencies, c)
		rd.same(row, key, kind, name, at)
		return at
	}
	c := &f.Competencies[at]
	if have := c.Title[rd.lang]; name != "" && have != name && id != "" {
		row.Warn(key, "conflicting-text", fmt.Sprintf("the id %s has another text already, which was kept", id), "give one id one text")
	}
	rd.further(row, key, at, above)
	return at
}

// further keeps a second parent.
func (rd *reader) further(row *table.Row, key string, at, above int) {
	if above < 0 || rd.parents[[2]int{at, above}] || at == above {
		return
	}
	rd.parents[[2]int{at, above}] = true
	f := rd.t.Framework
	c := &f.Competencies[at]
	if c.Parent == "" {
		c.Parent = f.Competencies[above].ID
		return
	}
	row.Warn(key, "further-parent", fmt.Sprintf("it stands below %s already, and now below %s too", c.Parent, f.Competencies[above].ID), "")
	f.Associations = append(f.Associations, competency.Association{Type: competency.PartOf, From: c.ID, To: competency.Ref{ID: f.Competencies[above].ID}})
}

// id is the table's, or made of the name.
func (rd *reader) id(row *table.Row, key string, kind competency.Kind, name, id string) competency.CompetencyID {
	own := competency.CompetencyID(id)
	if id == "" {
		own = made(kind, name)
	}
	if of, taken := rd.ids[own]; taken {
		row.Fail(key+"_id", "duplicate-id", "the id is that of a "+of+" too", "give each thing an id of its own")
		for own = competency.CompetencyID(string(kind) + ":" + string(own)); rd.ids[own] != ""; own += "'" {
		}
	}
	rd.ids[own] = string(kind)
	return own
}

// made is the id of what has only a name.
func made(kind competency.Kind, name string) competency.CompetencyID {
	return competency.CompetencyID(string(kind) + ":" + strings.ReplaceAll(table.Normalize(name), " ", "-"))
}

// same reports a text that another id of the kind has.
func (rd *reader) same(row *table.Row, key string, kind competency.Kind, name string, at int) {
	if name == "" {
		return
	}
	k := string(kind) + "\x00" + name
	if first, ok := rd.texts[k]; ok {
		row.Warn(key, "same-text", fmt.Sprintf("%s has the same text", rd.t.Framework.Competencies[first].ID), "tell the two apart, or make them one")
		return
	}
	rd.texts[k] = at
}

// bracketed is a role that ends with its id: Forensics Analyst (IN-FOR-001).
// Signs that are not seen are in no id: a cell of its own would lose them.
var bracketed = regexp.MustCompile(`^(.*\S)\s*\(([^()\pZ\pC]+)\)$`)

func (rd *reader) role(row *table.Row, name string) int {
	id := row.Text("role_id")
	if m := bracketed.FindStringSubmatch(name); m != nil && (id == "" || id == m[2]) {
		name, id = m[1], m[2]
	}
	if id == "" {
		id = "role:" + strings.ReplaceAll(table.Normalize(name), " ", "-")
	}
	at, known := rd.roles[competency.PositionID(id)]
	if !known {
		at = len(rd.t.Positions)
		rd.roles[competency.PositionID(id)] = at
		rd.t.Positions = append(rd.t.Positions, competency.Position{ID: competency.PositionID(id), Title: name})
		return at
	}
	if rd.t.Positions[at].Title != name {
		row.Warn("role", "conflicting-text", "the id "+id+" has another name already, which was kept", "give one id one name")
	}
	return at
}

// claim adds the requirement, unless the table said it before.
func (rd *reader) claim(row *table.Row, role, of, statement int, r competency.Requirement) {
	r.Competency = rd.t.Framework.Competencies[of].ID
	key := [2]int{role, of}
	if statement >= 0 && statement != of { // a row for each statement, one requirement for them all
		if first, ok := rd.asked[[2]int{role, -1 - statement}]; ok {
			row.Warn("statement", "duplicate-row", fmt.Sprintf("line %d says the same", first.line), "delete one of the two rows")
		}
		rd.asked[[2]int{role, -1 - statement}] = claim{row.Line(), r}
		if first, ok := rd.asked[key]; ok && first.r == r {
			return
		}
	}
	first, ok := rd.asked[key]
	switch {
	case !ok:
		rd.asked[key] = claim{row.Line(), r}
		p := &rd.t.Positions[role]
		p.Requirements = append(p.Requirements, r)
	case first.r == r:
		row.Warn("role", "duplicate-row", fmt.Sprintf("line %d says the same", first.line), "delete one of the two rows")
	default:
		row.Fail("role", "conflicting-row", fmt.Sprintf("line %d says something else of the same role and competency, and was kept", first.line), "state one level and weight")
	}
}

const (
	variesByRole uint8 = 1 << iota
	variesByPart
)

// remember keeps the other columns for the role and for the part, and notes
// which of the two they belong to.
func (rd *reader) remember(row *table.Row, role, part int) {
	for _, name := range rd.extra {
		v := row.Text(name)
		for _, k := range []keyed{{name, true, role}, {name, false, part}} {
			have, ok := rd.kept[k]
			if !ok {
				rd.kept[k] = v
				continue
			}
			if have != v && k.role {
				rd.varies[name] |= variesByRole
			} else if have != v {
				rd.varies[name] |= variesByPart
			}
		}
	}
}

// finish adds the scale, the other columns and what was assumed.
func (rd *reader) finish(file string) bangkom.Problems {
	var ps bangkom.Problems
	if len(rd.t.Positions) == 0 {
		return nil
	}
	for _, name := range rd.extra {
		if rd.varies[name] == variesByRole|variesByPart {
			ps.Add(bangkom.Problem{Code: "column-not-kept", Severity: bangkom.Warning, Where: file, Value: name, Msg: "the column says something else in rows of one role and in rows of one statement: it belongs to neither, and was not kept"})
			continue
		}
		rd.spread(name, rd.varies[name]&variesByRole == 0)
	}
	f := rd.t.Framework
	if rd.o.Scale != nil {
		s := *rd.o.Scale
		s.Levels = slices.Clone(s.Levels)
		f.Scales = []competency.Scale{s}
	} else {
		f.Scales = []competency.Scale{{ID: scaleID, Levels: rd.occurring()}}
	}
	if !rd.levels {
		ps.Add(bangkom.Problem{Code: "no-level", Severity: bangkom.Note, Where: file, Msg: "the table has no levels: each requirement is level 1 of a scale of one level", Need: "a column Level"})
	}
	if !rd.weights {
		ps.Add(bangkom.Problem{Code: "no-weight", Severity: bangkom.Note, Where: file, Msg: "the table has no weights: each requirement weighs 1", Need: "a column Weight"})
	}
	return ps
}

// occurring are the levels of the requirements, ascending.
func (rd *reader) occurring() []competency.Descriptor {
	seen := map[competency.Level]bool{}
	for _, p := range rd.t.Positions {
		for _, r := range p.Requirements {
			seen[r.Level] = true
		}
	}
	if len(seen) == 0 {
		seen[1] = true
	}
	var levels []competency.Descriptor
	for l := range seen {
		levels = append(levels, competency.Descriptor{Level: l})
	}
	slices.SortFunc(levels, func(a, b competency.Descriptor) int { return cmp.Compare(a.Level, b.Level) })
	return levels
}

// spread puts a column's values where they belong.
func (rd *reader) spread(name string, toRoles bool) {
	keep := func(e *competency.Extra, v string) {
		raw, err := json.Marshal(v)
		if v == "" || err != nil {
			return
		}
		if *e == nil {
			*e = competency.Extra{}
		}
		(*e)[space+name] = raw
	}
	if toRoles {
		for i := range rd.t.Positions {
			keep(&rd.t.Positions[i].Extra, rd.kept[keyed{name, true, i}])
		}
		return
	}
	for i := range rd.t.Framework.Competencies {
		keep(&rd.t.Framework.Competencies[i].Extra, rd.kept[keyed{name, false, i}])
	}
}

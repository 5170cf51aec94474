package competency

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/table"
)

// The columns that several files share.
var (
	personColumn   = table.Column{Key: "person", Names: []string{"NIP", "NIP Baru", "ID Pegawai", "Person ID"}, Required: true}
	positionColumn = table.Column{Key: "position", Names: []string{"Kode Jabatan", "ID Jabatan", "Position ID"}, Required: true}
)

// lines remembers the line of each id of a file.
type lines[ID ~string] map[ID]int

// own returns the id of a row if it is there and not taken by an earlier row.
func (l lines[ID]) own(row *table.Row, key string) (ID, bool) {
	s, ok := row.Required(key)
	if !ok {
		return "", false
	}
	id := ID(s)
	if first, taken := l[id]; taken {
		row.Fail(key, "duplicate-id", fmt.Sprintf("this stands in line %d already, which was kept", first), "delete one of the two rows")
		return "", false
	}
	l[id] = row.Line()
	return id, true
}

// known returns the entry that a cell refers to; an empty cell refers to none.
// A nil set checks nothing.
func known[ID ~string](row *table.Row, key string, set map[ID]bool, code, kind string) ID {
	id := ID(row.Text(key))
	if id == "" || set == nil || set[id] {
		return id
	}
	row.Fail(key, code, "there is no such "+kind+"; it reads as not given", "add it to the "+kind+"s, or correct it")
	return ""
}

// idSet is nil for nil.
func idSet[E any, ID comparable](entries []E, id func(*E) ID) map[ID]bool {
	if entries == nil {
		return nil
	}
	set := make(map[ID]bool, len(entries))
	for i := range entries {
		set[id(&entries[i])] = true
	}
	return set
}

func positionSet(positions []Position) map[PositionID]bool {
	return idSet(positions, func(p *Position) PositionID { return p.ID })
}

// ReadUnits reads units.csv: Kode Unit, Nama Unit, Unit Induk, NIP Kepala. A
// parent that is not in the file is unknown-unit, a circle of parents a cycle;
// both read as no parent. Whether a head is known is for [NewWorkforce] to say,
// because people refer to units in their turn.
func ReadUnits(r io.Reader, file string) ([]Unit, bangkom.Problems) {
	rd := table.Read(r, file, table.Schema{
		{Key: "unit", Names: []string{"Kode Unit", "ID Unit", "Unit ID"}, Required: true},
		{Key: "name", Names: []string{"Nama Unit", "Unit Name"}},
		{Key: "parent", Names: []string{"Unit Induk", "Kode Unit Induk", "Parent Unit"}},
		{Key: "head", Names: []string{"NIP Kepala", "Kepala", "Head ID"}},
	}, nil)
	var units []Unit
	var where []string // the cell of each parent
	seen := lines[UnitID]{}
	for row := range rd.Rows() {
		id, ok := seen.own(row, "unit")
		if !ok {
			continue
		}
		units = append(units, Unit{ID: id, Name: row.Text("name"), Parent: UnitID(row.Text("parent")), Head: PersonID(row.Text("head"))})
		where = append(where, row.Where("parent"))
	}
	return units, append(rd.Problems(), checkParents(units, where)...)
}

// checkParents reports parents that are not there or lead in a circle, and unsets them.
func checkParents(units []Unit, where []string) bangkom.Problems {
	at := make(map[UnitID]int32, len(units))
	for i, u := range units {
		at[u.ID] = int32(i)
	}
	var ps bangkom.Problems
	parent := make([]int32, len(units))
	for i := range units {
		p, ok := at[units[i].Parent]
		if !ok {
			p = unset
		}
		if !ok && units[i].Parent != "" {
			ps.Add(bangkom.Problem{Code: "unknown-unit", Where: where[i], Value: string(units[i].Parent), Msg: "there is no such unit in the file; it reads as not given", Need: "add it, or correct it"})
		}
		parent[i] = p
	}
	ps = append(ps, openCircles(parent, func(i int32) string { return string(units[i].ID) }, func(i int32) string { return where[i] })...)
	for i, p := range parent {
		if p == unset {
			units[i].Parent = ""
		}
	}
	return ps
}

// ReadPeople reads the library's own list of people: person (NIP), name, unit,
// position, target, status; the export of a personnel system has readers of its
// own. A unit or position that is not in the given lists is reported with
// its cell and reads as not given; the person is kept. Nil lists check nothing.
// With units given, that the file has no column of them is a Warning (absent-column).
func ReadPeople(r io.Reader, file string, units []Unit, positions []Position) ([]Person, bangkom.Problems) {
	rd := table.Read(r, file, table.Schema{
		personColumn,
		{Key: "name", Names: []string{"Nama", "Nama Pegawai", "Person Name"}},
		{Key: "unit", Names: []string{"Kode Unit", "Unit", "ID Unit", "Unit ID"}},
		{Key: "position", Names: positionColumn.Names},
		{Key: "target", Names: []string{"Kode Jabatan Target", "Jabatan Target", "Target Position"}},
		{Key: "status", Names: []string{"Status Kepegawaian", "Status", "Employment Status"}},
	}, nil)
	if len(units) > 0 {
		rd.Expect("unit", "everybody is in no unit")
	}
	unitIDs, positionIDs := idSet(units, func(u *Unit) UnitID { return u.ID }), positionSet(positions)
	var people []Person
	seen := lines[PersonID]{}
	for row := range rd.Rows() {
		id, ok := seen.own(row, "person")
		if !ok {
			continue
		}
		people = append(people, Person{
			ID: id, Name: row.Text("name"), Status: row.Text("status"), Line: row.Line(),
			Unit:     known(row, "unit", unitIDs, "unknown-unit", "unit"),
			Position: known(row, "position", positionIDs, "unknown-position", "position"),
			Target:   known(row, "target", positionIDs, "unknown-position", "position"),
		})
	}
	return people, rd.Problems()
}

// ReadTargets reads targets.csv, NIP and Kode Jabatan Target, and returns the
// people with their targets; the argument is not changed. A row of an unknown
// person, or with an unknown position, is a problem; nil positions check nothing.
func ReadTargets(r io.Reader, file string, people []Person, positions []Position) ([]Person, bangkom.Problems) {
	rd := table.Read(r, file, table.Schema{
		personColumn,
		{Key: "target", Names: []string{"Kode Jabatan Target", "Jabatan Target", "Target Position"}, Required: true},
	}, nil)
	people = slices.Clone(people)
	at := make(map[PersonID]int, len(people))
	for i, p := range people {
		at[p.ID] = i
	}
	positionIDs := positionSet(positions)
	seen := lines[PersonID]{}
	for row := range rd.Rows() {
		id, ok := seen.own(row, "person")
		if !ok {
			continue
		}
		i, ok := at[id]
		if !ok {
			row.Fail("person", "unknown-person", "the list of people has nobody of this id", "add the person, or correct the id")
			continue
		}
		if target := known(row, "target", positionIDs, "unknown-position", "position"); target != "" {
			people[i].Target = target
		}
	}
	return people, rd.Problems()
}

// positionColumns are the columns of positions.csv.
var positionColumns = table.Schema{
	positionColumn,
	{Key: "title", Names: []string{"Nama Jabatan", "Position Title"}},
	{Key: "tier", Names: []string{"Jenjang", "Jenjang Jabatan", "Position Tier"}},
}

// ReadPositions reads positions.csv: Kode Jabatan, Nama Jabatan, Jenjang. What
// they ask for comes from [ReadStandards].
func ReadPositions(r io.Reader, file string) ([]Position, bangkom.Problems) {
	rd := table.Read(r, file, positionColumns, nil)
	var positions []Position
	seen := lines[PositionID]{}
	for row := range rd.Rows() {
		if id, ok := seen.own(row, "position"); ok {
			positions = append(positions, Position{ID: id, Title: row.Text("title"), Tier: row.Text("tier")})
		}
	}
	return positions, rd.Problems()
}

// standardColumns are the columns of standards.csv.
var standardColumns = table.Schema{
	positionColumn,
	{Key: "competency", Names: []string{"Kompetensi", "Kode Kompetensi"}, Required: true},
	{Key: "level", Names: []string{"Level", "Level Standar", "Required Level"}, Required: true},
	{Key: "weight", Names: []string{"Bobot"}, Required: true},
	{Key: "criticality", Names: []string{"Kritikalitas"}},
	{Key: "source", Names: []string{"Sumber", "Dasar Hukum"}},
	{Key: "n", Names: []string{"Jumlah Panelis", "Panel N"}},
	{Key: "se", Names: []string{"Galat Baku", "Standard Error"}},
	{Key: "low_precision", Names: []string{"Presisi Rendah", "Low Precision"}},
}

// ReadStandards reads standards.csv, a row for each position and competency
// (Kode Jabatan, Kompetensi, Level, Bobot, Kritikalitas, Sumber), and returns
// the positions with these requirements added; the argument is not changed.
//
// The weight (Bobot) is required and above zero: no weight is silently zero.
// An empty criticality is 1. What a panel says of its precision is read from
// Jumlah Panelis, Galat Baku and Presisi Rendah, if they are there. Competencies are found as by [Framework.Resolve].
// A row with a fault is reported and left out; the others are kept.
func ReadStandards(r io.Reader, file string, positions []Position, f *Framework) ([]Position, bangkom.Problems) {
	rd := table.Read(r, file, standardColumns, nil)
	s := standards{cells: newCells(newBuilder(f).w), positions: clonePositions(positions), at: map[PositionID]int{}, line: map[[2]string]int{}}
	for i, p := range s.positions {
		s.at[p.ID] = i
		for _, r := range p.Requirements {
			s.line[[2]string{string(p.ID), string(r.Competency)}] = 0
		}
	}
	for row := range rd.Rows() {
		s.add(row)
	}
	return s.positions, rd.Problems()
}

func clonePositions(positions []Position) []Position {
	positions = slices.Clone(positions)
	for i := range positions {
		positions[i].Requirements = slices.Clone(positions[i].Requirements)
	}
	return positions
}

// standards gathers the rows of a standards file.
type standards struct {
	*cells
	positions []Position
	at        map[PositionID]int
	line      map[[2]string]int // of each position and competency; 0: given before
}

func (s *standards) add(row *table.Row) {
	i, found := s.position(row)
	c, named := s.competency(row, "competency")
	level, levelled := s.level(row, "level", c, named)
	r := Requirement{Level: level, Weight: s.weight(row), Criticality: s.criticality(row)}
	s.panel(row, &r)
	if !found || !named || !levelled || !row.OK() {
		return
	}
	p := &s.positions[i]
	r.Competency = s.w.framework.Competencies[c].ID
	key := [2]string{string(p.ID), string(r.Competency)}
	if line, twice := s.line[key]; twice {
		first := "in the positions given"
		if line > 0 {
			first = fmt.Sprintf("in line %d", line)
		}
		row.Fail("competency", "duplicate-requirement", "the position asks for this competency already, "+first+", which was kept", "delete one of the two rows")
		return
	}
	s.line[key] = row.Line()
	p.Requirements = append(p.Requirements, r)
	switch source := row.Text("source"); {
	case p.Source == "":
		p.Source = source
	case source != "" && source != p.Source:
		row.Warn("source", "conflicting-source", "the position has another source already, which was kept: "+p.Source, "state one source for each position")
	}
}

func (s *standards) position(row *table.Row) (int, bool) {
	id, ok := row.Required("position")
	if !ok {
		return 0, false
	}
	i, ok := s.at[PositionID(id)]
	if !ok {
		row.Fail("position", "unknown-position", "there is no such position", "add it to the positions, or correct it")
	}
	return i, ok
}

// weight reports a weight that is missing or not above zero.
func (s *standards) weight(row *table.Row) float64 {
	if _, ok := row.Required("weight"); !ok {
		return 0
	}
	w, ok := row.Decimal("weight")
	if ok && w <= 0 {
		p := weightNotPositive("", w)
		row.Fail("weight", p.Code, p.Msg, p.Need)
	}
	return w
}

func (s *standards) criticality(row *table.Row) float64 {
	c, ok := row.Decimal("criticality")
	if !ok {
		return 1
	}
	if c <= 0 {
		p := criticalityNotPositive("", c)
		row.Fail("criticality", p.Code, p.Msg, p.Need)
	}
	return c
}

// panel reads what is said of the panel that set the level.
func (s *standards) panel(row *table.Row, r *Requirement) {
	r.N, _ = row.Int("n")
	if r.N < 0 {
		row.Fail("n", "not-a-panel", "a panel of less than nobody", "the number of its members, or nothing")
	}
	r.SE, _ = row.Decimal("se")
	if r.SE < 0 || math.IsInf(r.SE, 0) || math.IsNaN(r.SE) {
		row.Fail("se", "not-a-standard-error", "a standard error is 0 or more", "correct it, or leave it empty")
	}
	if r.SE > 0 && r.N < 2 {
		row.Warn("se", "standard-error-without-panel", "a standard error needs the two or more members it was computed from", "give the number of members")
	}
	r.LowPrecision, _ = row.Bool("low_precision")
}

// competencyColumns are the columns of competencies.csv.
var competencyColumns = table.Schema{
	{Key: "code", Names: []string{"Kode", "Kode Kompetensi", "Competency ID"}, Required: true},
	{Key: "title_id", Names: []string{"Nama", "Nama Kompetensi", "Kompetensi"}},
	{Key: "title_en", Names: []string{"Nama Inggris", "Name", "Title", "Competency"}},
	{Key: "kind", Names: []string{"Jenis", "Jenis Kompetensi"}},
	{Key: "description_id", Names: []string{"Keterangan", "Deskripsi", "Definisi"}},
	{Key: "description_en", Names: []string{"Description", "Definition"}},
	{Key: "parent", Names: []string{"Induk"}},
	{Key: "scale", Names: []string{"Skala"}},
	{Key: "also", Names: []string{"Ejaan Lain", "Other Spellings"}},
	{Key: "from", Names: []string{"Berlaku Mulai", "Valid From"}},
	{Key: "until", Names: []string{"Berlaku Sampai", "Valid Until"}},
}

// ReadCompetencies reads competencies.csv: Kode, Nama, Jenis, Keterangan, and
// if they are there Nama Inggris, Induk, Skala, Ejaan Lain (other spellings,
// parted by "|"), Berlaku Mulai and Berlaku Sampai. Kode is both id and code.
// Competencies without a scale of their own get the given one. Add them to a
// [Framework], with [Framework.ReadLevels] and [ReadAssociations], and validate that.
// Of each of the three tables 300,000 rows are read (too-many-rows): all in all
// less than a gigabyte, checks included.
func ReadCompetencies(r io.Reader, file string, scale ScaleID) ([]Competency, bangkom.Problems) {
	rd := table.Read(r, file, competencyColumns, nil)
	var all []Competency
	seen := lines[CompetencyID]{}
	for row := range rd.Rows() {
		if tooMany(row, "code", len(all)) {
			break
		}
		id, ok := seen.own(row, "code")
		if !ok {
			continue
		}
		c := Competency{
			ID: id, Code: string(id), Kind: readKind(row), Parent: CompetencyID(row.Text("parent")), Scale: ScaleID(row.Text("scale")),
			Title: text("id", row.Text("title_id"), "en", row.Text("title_en")), Description: text("id", row.Text("description_id"), "en", row.Text("description_en")),
		}
		if c.Title == nil {
			row.Fail("title_id", "empty-cell", "a competency without a name", "give it a name")
			continue
		}
		if c.Scale == "" {
			c.Scale = scale
		}
		c.ValidFrom, _ = row.Date("from")
		c.ValidUntil, _ = row.Date("until")
		for s := range strings.SplitSeq(row.Text("also"), "|") {
			if s = strings.TrimSpace(s); s != "" {
				c.Also = append(c.Also, s)
			}
		}
		all = append(all, c)
	}
	return all, rd.Problems()
}

// maxRows of a table of competencies, levels or associations are read.
const maxRows = 300_000

// tooMany ends the reading of a table that would take all memory.
func tooMany(row *table.Row, key string, n int) bool {
	if n < maxRows {
		return false
	}
	row.Fail(key, "too-many-rows", fmt.Sprintf("more than %d rows; the others were not read", maxRows), "split the framework")
	return true
}

// text makes a Text of tags and texts, without the empty ones; nil if all are.
func text(tagged ...string) Text {
	var t Text
	for i := 0; i < len(tagged); i += 2 {
		if tagged[i+1] == "" {
			continue
		}
		if t == nil {
			t = Text{}
		}
		t[tagged[i]] = tagged[i+1]
	}
	return t
}

// kinds by their normalised spellings.
var kinds = map[string]Kind{
	"teknis": Technical, "technical": Technical,
	"manajerial": Managerial, "managerial": Managerial,
	"sosialkultural": SocioCultural, "sosiokultural": SocioCultural, "sociocultural": SocioCultural, "socialcultural": SocioCultural,
}

func readKind(row *table.Row) Kind {
	s := row.Text("kind")
	if s == "" {
		return ""
	}
	if k, ok := kinds[spelling(s)]; ok {
		return k
	}
	row.Warn("kind", "unknown-kind", "not one of the common kinds; it is kept as written", "teknis, manajerial or sosial kultural")
	return Kind(s)
}

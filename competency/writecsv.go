package competency

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/table"
)

// A sheet is a table under construction.
type sheet struct {
	columns  table.Schema
	rows     [][]string
	formulas bangkom.Problems
}

func newSheet(s table.Schema) *sheet {
	h := &sheet{columns: s}
	head := make([]string, len(s))
	for k, c := range s {
		head[k] = c.Names[0]
	}
	h.rows = append(h.rows, head)
	return h
}

// add adds a row of the part that a path names.
func (h *sheet) add(where string, cells map[string]string) {
	row := make([]string, len(h.columns))
	for k, c := range h.columns {
		row[k] = cells[c.Key]
		if _, err := strconv.ParseFloat(row[k], 64); err != nil && formula(row[k]) {
			h.formulas.Add(bangkom.Problem{Code: "formula", Severity: bangkom.Warning, Where: where, Value: excerpt(row[k]), Msg: "a spreadsheet would compute this text; it was written as it is", Need: "open the file as text, or begin the text otherwise"})
		}
	}
	h.rows = append(h.rows, row)
}

func (h *sheet) bytes() ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	err := w.WriteAll(h.rows)
	return b.Bytes(), err
}

// losses counts what a table has no place for, and reports it in the order of the names.
type losses map[string]int

func (l losses) problems() bangkom.Problems {
	var ps bangkom.Problems
	for _, what := range sortedKeys(l) {
		ps.Add(bangkom.Problem{Code: "lost", Severity: bangkom.Warning, Where: what, Value: strconv.Itoa(l[what]), Msg: "the table has no place for it; it was left out"})
	}
	return ps
}

// fields counts what reads otherwise after it has been written.
func (l losses) fields(kind string, fields []FieldChange) {
	for _, f := range fields {
		l[kind+"."+f.Field]++
	}
}

// WriteCompetencies writes competencies.csv as [ReadCompetencies] reads it, a
// row for each competency; [Framework.WriteLevels] writes the levels,
// [Framework.WriteAssociations] the links. What the table cannot hold is named
// in the losses, a Warning "lost" for each field with the number of
// competencies: texts in other languages than id and en, a code beside the id,
// addresses, and all that the framework says of itself. They are found by
// reading back what was written. A Warning "formula" names texts that a
// spreadsheet would compute.
func (f *Framework) WriteCompetencies(w io.Writer) (bangkom.Problems, error) {
	h := newSheet(competencyColumns)
	for i := range f.Competencies {
		c := &f.Competencies[i]
		h.add("competencies/"+string(c.ID), map[string]string{
			"code": string(c.ID), "title_id": c.Title["id"], "title_en": c.Title["en"], "kind": kindWord(c.Kind), "description_id": c.Description["id"],
			"description_en": c.Description["en"], "parent": string(c.Parent), "scale": string(c.Scale), "also": strings.Join(c.Also, "|"),
			"from": c.ValidFrom.String(), "until": c.ValidUntil.String(),
		})
		if c.Title["id"] == "" && c.Title["en"] == "" { // a row needs a name
			h.rows[len(h.rows)-1][slices.IndexFunc(competencyColumns, func(x table.Column) bool { return x.Key == "title_id" })] = c.Title.In("id")
		}
	}
	data, err := h.bytes()
	if err != nil {
		return nil, err
	}
	lost := losses{}
	again, _ := ReadCompetencies(bytes.NewReader(data), "", "")
	got := map[CompetencyID]*Competency{}
	for i := range again {
		got[again[i].ID] = &again[i]
	}
	for i := range f.Competencies {
		c := f.Competencies[i]
		back := got[c.ID]
		if back == nil {
			lost["competency without an id and title of its own"]++
			continue
		}
		c.Levels = nil
		if c.Code == "" {
			c.Code = back.Code // reads as the id
		}
		lost.fields("competency", compareCompetencies(&c, back))
		if c.Parent != back.Parent || c.Scale != back.Scale {
			lost["competency.parent, scale"]++
		}
	}
	lost["framework: what it says of itself"]++
	return h.finish(w, data, lost)
}

func kindWord(k Kind) string {
	switch k {
	case Technical:
		return "teknis"
	case Managerial:
		return "manajerial"
	case SocioCultural:
		return "sosial kultural"
	}
	return string(k)
}

// levelColumns are the columns of levels.csv.
var levelColumns = table.Schema{
	{Key: "scale", Names: []string{"Skala"}},
	{Key: "competency", Names: []string{"Kompetensi", "Kode Kompetensi"}},
	{Key: "level", Names: []string{"Level"}, Required: true},
	{Key: "title_id", Names: []string{"Nama Level", "Nama"}},
	{Key: "title_en", Names: []string{"Level Name", "Nama Inggris"}},
	{Key: "description_id", Names: []string{"Keterangan", "Deskripsi"}},
	{Key: "description_en", Names: []string{"Description"}},
	{Key: "code", Names: []string{"Kode Indikator", "Indicator ID"}},
	{Key: "behaviour_id", Names: []string{"Indikator", "Indikator Perilaku"}},
	{Key: "behaviour_en", Names: []string{"Indicator"}},
}

// WriteLevels writes levels.csv, the other half of [Framework.WriteCompetencies]:
// a row for each level of each scale, and of each competency that has levels
// in its own words; and a further row for each indicator of a level after the
// first. [Framework.ReadLevels] reads it. The losses are named as there.
func (f *Framework) WriteLevels(w io.Writer) (bangkom.Problems, error) {
	h := newSheet(levelColumns)
	for i := range f.Scales {
		addLevels(h, "scale", string(f.Scales[i].ID), f.Scales[i].Levels)
	}
	for i := range f.Competencies {
		addLevels(h, "competency", string(f.Competencies[i].ID), f.Competencies[i].Levels)
	}
	data, err := h.bytes()
	if err != nil {
		return nil, err
	}
	lost := losses{}
	bare := &Framework{ID: f.ID, Competencies: slices.Clone(f.Competencies)}
	for i := range bare.Competencies {
		bare.Competencies[i].Levels = nil
	}
	back, _ := bare.ReadLevels(bytes.NewReader(data), "")
	for i := range f.Scales {
		s := f.Scales[i]
		if len(s.Title) > 0 {
			lost["scale.title"]++
		}
		lost.fields("scale", compareExtras(nil, s.Extra, nil))
		k := slices.IndexFunc(back.Scales, func(t Scale) bool { return t.ID == s.ID })
		if k < 0 {
			lost["scale without id or levels"]++
			continue
		}
		lost.levels("scale", s.Levels, back.Scales[k].Levels)
	}
	for i := range f.Competencies {
		lost.levels("competency", f.Competencies[i].Levels, back.Competencies[i].Levels)
	}
	return h.finish(w, data, lost)
}

// levels counts what of the levels is not in what was read back.
func (l losses) levels(kind string, levels, back []Descriptor) {
	for k := range levels {
		d, ok := descriptor(back, levels[k].Level)
		if !ok {
			l[kind+".level"]++
			continue
		}
		l.fields(kind, compareDescriptors("levels", &levels[k], d))
	}
}

func addLevels(h *sheet, column, id string, levels []Descriptor) {
	for k := range levels {
		d := &levels[k]
		cells := map[string]string{
			column: id, "level": strconv.Itoa(int(d.Level)), "title_id": d.Title["id"], "title_en": d.Title["en"], "description_id": d.Description["id"], "description_en": d.Description["en"],
		}
		where := fmt.Sprintf("%s %s/levels/%d", column, id, d.Level)
		for n := range max(1, len(d.Indicators)) {
			if n < len(d.Indicators) {
				x := &d.Indicators[n]
				cells["code"], cells["behaviour_id"], cells["behaviour_en"] = x.ID, x.Text["id"], x.Text["en"]
			}
			h.add(where, cells)
			cells = map[string]string{column: id, "level": cells["level"]}
		}
	}
}

// ReadLevels reads levels.csv and returns the framework with these levels
// added to its scales and competencies; the argument is not changed. A row is
// of a scale (Skala), which it makes if it is not there, or of a competency
// (Kompetensi), found as by [Framework.Resolve]: Level, Nama Level and Level
// Name, Keterangan and Description, and one behavioural indicator, Indikator
// and Indicator with an id if it has one. Further rows of the same level add
// further indicators. Levels may come in any order.
//
// A row with a fault is reported and left out. A level that is there already is
// duplicate-level, and one text said twice and differently conflicting-text;
// the first is kept.
func (f *Framework) ReadLevels(r io.Reader, file string) (*Framework, bangkom.Problems) {
	rd := table.Read(r, file, levelColumns, nil)
	g := f.Clone()
	lr := levelReader{f: g, names: newNames(g), given: map[string]bool{}}
	for i := range g.Scales {
		for _, d := range g.Scales[i].Levels {
			lr.given[fmt.Sprint("scale ", g.Scales[i].ID, d.Level)] = true
		}
	}
	for i := range g.Competencies {
		for _, d := range g.Competencies[i].Levels {
			lr.given[fmt.Sprint("competency ", g.Competencies[i].ID, d.Level)] = true
		}
	}
	n := 0
	for row := range rd.Rows() {
		if tooMany(row, "level", n) {
			break
		}
		n++
		lr.add(row)
	}
	ascend := func(a, b Descriptor) int { return int(a.Level) - int(b.Level) }
	for i := range g.Scales {
		slices.SortStableFunc(g.Scales[i].Levels, ascend)
	}
	for i := range g.Competencies {
		slices.SortStableFunc(g.Competencies[i].Levels, ascend)
	}
	return g, rd.Problems()
}

type levelReader struct {
	f     *Framework
	names *names
	given map[string]bool // levels that were there before
}

func (lr *levelReader) add(row *table.Row) {
	if _, has := row.Required("level"); !has {
		return
	}
	n, ok := row.Int("level")
	if ok && int(Level(n)) != n {
		row.Fail("level", "off-range", "not a whole number from -128 to 127", "correct it")
		ok = false
	}
	if !ok {
		return
	}
	levels, name, ok := lr.levels(row)
	if !ok {
		return
	}
	if lr.given[fmt.Sprint(name, Level(n))] {
		row.Fail("level", "duplicate-level", "the framework has this level already, and kept it", "delete one of the two")
		return
	}
	d, known := descriptor(*levels, Level(n))
	if !known {
		*levels = append(*levels, Descriptor{Level: Level(n)})
		d = &(*levels)[len(*levels)-1]
	}
	for _, x := range []struct {
		key, tag string
		to       *Text
	}{{"title_id", "id", &d.Title}, {"title_en", "en", &d.Title}, {"description_id", "id", &d.Description}, {"description_en", "en", &d.Description}} {
		said := row.Text(x.key)
		switch had := (*x.to)[x.tag]; {
		case said == "" || said == had:
		case had != "":
			row.Fail(x.key, "conflicting-text", "an earlier row says something else of this level, which was kept", "keep one of the two")
		default:
			if *x.to == nil {
				*x.to = Text{}
			}
			(*x.to)[x.tag] = said
		}
	}
	if i := (Indicator{ID: row.Text("code"), Text: text("id", row.Text("behaviour_id"), "en", row.Text("behaviour_en"))}); i.ID != "" || i.Text != nil {
		d.Indicators = append(d.Indicators, i)
	}
}

// levels returns the list that a row belongs to, and its name.
func (lr *levelReader) levels(row *table.Row) (*[]Descriptor, string, bool) {
	scale, competency := row.Text("scale"), row.Text("competency")
	switch {
	case (scale == "") == (competency == ""):
		row.Fail("scale", "empty-cell", "a level is of a scale or of a competency", "fill in one of the two")
		return nil, "", false
	case competency != "":
		i, p := lr.names.resolve(competency)
		if p != nil {
			row.Fail("competency", p.Code, p.Msg, p.Need)
			return nil, "", false
		}
		c := &lr.f.Competencies[i]
		return &c.Levels, fmt.Sprint("competency ", c.ID), true
	}
	i := slices.IndexFunc(lr.f.Scales, func(s Scale) bool { return string(s.ID) == scale })
	if i < 0 {
		i = len(lr.f.Scales)
		lr.f.Scales = append(lr.f.Scales, Scale{ID: ScaleID(scale)})
	}
	return &lr.f.Scales[i].Levels, "scale " + scale, true
}

// WritePositions writes positions.csv as [ReadPositions] reads it.
func WritePositions(w io.Writer, positions []Position) (bangkom.Problems, error) {
	h := newSheet(positionColumns)
	lost := losses{}
	for i := range positions {
		p := &positions[i]
		h.add("positions/"+string(p.ID), map[string]string{"position": string(p.ID), "title": p.Title, "tier": p.Tier})
		for k := range p.Extra {
			lost["position.extra/"+k]++
		}
	}
	return h.write(w, lost)
}

// WriteStandards writes standards.csv as [ReadStandards] reads it, a row for
// each requirement. The losses name what it has no place for: positions that
// ask for nothing.
func WriteStandards(w io.Writer, positions []Position) (bangkom.Problems, error) {
	h := newSheet(standardColumns)
	lost := losses{}
	number := func(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
	for i := range positions {
		p := &positions[i]
		if len(p.Requirements) == 0 {
			lost["position without requirements"]++
		}
		for _, r := range p.Requirements {
			cells := map[string]string{"position": string(p.ID), "competency": string(r.Competency), "level": strconv.Itoa(int(r.Level)), "weight": number(r.Weight), "source": p.Source}
			if r.Criticality != 0 {
				cells["criticality"] = number(r.Criticality)
			}
			if r.N != 0 {
				cells["n"] = strconv.Itoa(r.N)
			}
			if r.SE != 0 {
				cells["se"] = number(r.SE)
			}
			if r.LowPrecision {
				cells["low_precision"] = "ya"
			}
			h.add("positions/"+string(p.ID), cells)
		}
	}
	return h.write(w, lost)
}

func (h *sheet) write(w io.Writer, lost losses) (bangkom.Problems, error) {
	data, err := h.bytes()
	if err != nil {
		return nil, err
	}
	return h.finish(w, data, lost)
}

// finish writes the table as it was made into bytes, and says what is wrong with it.
func (h *sheet) finish(w io.Writer, data []byte, lost losses) (bangkom.Problems, error) {
	_, err := w.Write(data)
	return append(lost.problems(), h.formulas...), err
}

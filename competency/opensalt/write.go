package opensalt

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/csv"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/table"
)

// Write writes a row for each competency. A framework with errors of
// [competency.Framework.Validate] is refused. The losses name what the table
// has no place for, a Warning "lost" for each field or kind of association with
// how many there were; they are found by reading back what was written.
func Write(w io.Writer, f *competency.Framework, opt *Options) (bangkom.Problems, error) {
	var o Options
	if opt != nil {
		o = *opt
	}
	if f == nil {
		f = &competency.Framework{}
	}
	if err := f.Validate().Err(); err != nil {
		return nil, err
	}
	wr := newWriter(f, cmp.Or(o.Language, first(f)))
	var b bytes.Buffer
	out := csv.NewWriter(&b)
	if err := out.WriteAll(wr.rows()); err != nil {
		return nil, err
	}
	lost := losses(f, b.Bytes())
	_, err := w.Write(b.Bytes())
	return lost, err
}

// first is the first language of the first title.
func first(f *competency.Framework) string {
	for _, t := range append([]competency.Text{f.Title}, titles(f)...) {
		if tags := slices.Sorted(maps.Keys(t)); len(tags) > 0 {
			return tags[0]
		}
	}
	return "und"
}

func titles(f *competency.Framework) []competency.Text {
	if len(f.Competencies) == 0 {
		return nil
	}
	return []competency.Text{f.Competencies[0].Title}
}

type writer struct {
	f     *competency.Framework
	x     *competency.Index
	lang  string
	codes map[string]int // how many have it
	more  []string
}

func newWriter(f *competency.Framework, lang string) *writer {
	wr := &writer{f: f, x: f.Index(), lang: lang, codes: map[string]int{}}
	for i := range f.Competencies {
		c := &f.Competencies[i]
		wr.codes[c.Code]++
		for k := range c.Extra {
			name, is := strings.CutPrefix(k, space)
			if is && name != "license" && !slices.Contains(wr.more, name) && !known(name) {
				wr.more = append(wr.more, name)
			}
		}
	}
	slices.Sort(wr.more)
	return wr
}

// known reports whether a name is that of a column of the format.
func known(name string) bool {
	return slices.ContainsFunc(columns, func(c table.Column) bool {
		return slices.ContainsFunc(c.Names, func(n string) bool { return table.Normalize(n) == table.Normalize(name) })
	})
}

// written are the columns that are written; smartLevel says nothing more.
func written() []string {
	var names []string
	for _, c := range columns {
		if c.Key != "smartLevel" {
			names = append(names, c.Key)
		}
	}
	return names
}

func (wr *writer) rows() [][]string {
	head := append(written(), wr.more...)
	rows := [][]string{head}
	for i := range wr.f.Competencies {
		cells := wr.cells(&wr.f.Competencies[i])
		row := make([]string, len(head))
		for k, name := range head {
			row[k] = cells[name]
		}
		rows = append(rows, row)
	}
	return rows
}

func (wr *writer) cells(c *competency.Competency) map[string]string {
	tag := wr.lang
	if c.Title[tag] == "" {
		if tags := slices.Sorted(maps.Keys(c.Title)); len(tags) > 0 {
			tag = tags[0]
		}
	}
	cells := map[string]string{"identifier": string(c.ID), "humanCodingScheme": c.Code, "cfItemType": string(c.Kind), "fullStatement": c.Title[tag]}
	if c.Description[tag] != "" {
		cells["fullStatement"], cells["abbreviatedStatement"] = c.Description[tag], c.Title[tag]
	}
	if tag != "und" {
		cells["language"] = tag
	}
	for k, raw := range c.Extra {
		wr.extra(cells, k, raw)
	}
	wr.place(c, cells)
	for _, a := range wr.x.From(c.ID) {
		if slices.Contains(links, a.Type) {
			add(cells, string(a.Type), wr.name(a.To))
		}
	}
	return cells
}

func (wr *writer) extra(cells map[string]string, key string, raw json.RawMessage) {
	if name, is := strings.CutPrefix(key, space); is && (name == "license" || slices.Contains(wr.more, name)) {
		cells[name] = text(raw)
	}
	switch name := strings.TrimPrefix(key, caseSpace); {
	case name == key:
	case slices.Contains(keptTexts, name):
		cells[name] = text(raw)
	case slices.Contains(keptLists, name):
		var list []string
		if json.Unmarshal(raw, &list) == nil {
			cells[name] = strings.Join(list, ",")
		}
	}
}

func text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}

func add(cells map[string]string, key, name string) {
	if cells[key] != "" {
		name = cells[key] + "," + name
	}
	cells[key] = name
}

// place writes the parents and the sequence. A root whose code looks like that
// of a child says that it stands below the framework.
func (wr *writer) place(c *competency.Competency, cells map[string]string) {
	if c.Parent != "" {
		add(cells, "isChildOf", wr.name(competency.Ref{ID: c.Parent}))
	}
	for _, a := range wr.x.From(c.ID, competency.ChildOf) {
		root := string(a.To.ID) == string(wr.f.ID)
		if !root && a.To.ID != c.Parent {
			add(cells, "isChildOf", wr.name(a.To))
		}
		if a.Sequence != 0 && cells["sequenceNumber"] == "" {
			cells["sequenceNumber"] = strconv.Itoa(a.Sequence)
		}
	}
	if dot := strings.LastIndexByte(c.Code, '.'); cells["isChildOf"] == "" && dot >= 0 && wr.codes[c.Code[:dot]] > 0 {
		cells["isChildOf"] = string(wr.f.ID)
	}
}

// name is how a cell names the other end of an association: by its code, as
// people would, where that is one and means nothing else.
func (wr *writer) name(r competency.Ref) string {
	if c, ok := wr.x.Competency(r.ID); ok {
		_, isID := wr.x.Competency(competency.CompetencyID(c.Code))
		if c.Code != "" && wr.codes[c.Code] == 1 && !isID && !strings.Contains(c.Code, ",") && c.Code == strings.TrimSpace(c.Code) {
			return c.Code
		}
		return string(c.ID)
	}
	if code, is := strings.CutPrefix(r.URI, unresolved); is {
		if plain, err := base64.StdEncoding.DecodeString(code); err == nil {
			return string(plain)
		}
	}
	return cmp.Or(r.URI, string(r.ID))
}

// losses reads back what was written and counts what is different.
func losses(f *competency.Framework, data []byte) bangkom.Problems {
	back, _ := Read(bytes.NewReader(data), "", &Options{ID: f.ID, Language: "und", MaxRows: len(f.Competencies) + 1, MaxBytes: int64(len(data)) + 1})
	d := competency.Diff(f, back, nil)
	lost := map[string]int{}
	for _, x := range d.Framework {
		lost["framework."+x.Field]++
	}
	if len(f.Scales) > 0 {
		lost["scale"] = len(f.Scales)
	}
	for _, x := range d.List {
		if len(x.Fields) == 0 {
			lost["competency: "+string(x.Kind)]++
		}
		for _, field := range x.Fields {
			name := "competency." + field.Field
			if t, _, _ := strings.Cut(field.Old, " "); field.Field == "associations" {
				if name = "association." + t; field.Old == "" {
					continue // the other side of one that reads otherwise
				}
			}
			lost[name]++
		}
	}
	for i := range f.Associations {
		a := &f.Associations[i]
		if a.ID != "" || a.Group != "" || a.Note != "" || a.Strength != 0 || a.Author != "" || !a.Date.IsZero() || a.Review != "" || len(a.Extra) > 0 {
			lost["association: all but its type and ends"]++
		}
	}
	var ps bangkom.Problems
	for _, what := range slices.Sorted(maps.Keys(lost)) {
		ps.Add(bangkom.Problem{Code: "lost", Severity: bangkom.Warning, Where: what, Value: strconv.Itoa(lost[what]), Msg: "the table has no place for it; it was left out"})
	}
	return ps
}

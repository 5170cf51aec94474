package moodle

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
)

// Write writes a framework as CSV with the columns' English names, which every
// Moodle reads. It refuses what Moodle would lose or cut without a word: an id
// of more than 100 characters, an id twice, a parent that is not there or in a
// circle, a framework without a scale. Nothing is cut: a title that is too long
// gives way to the code (or id) and stands in the description.
//
// The losses name what the format has no place for.
func Write(w io.Writer, f *competency.Framework, opt *Options) (losses bangkom.Problems, err error) {
	wr := writer{f: f, lost: map[string]int{}, taken: map[string]bool{}, ids: map[competency.CompetencyID]string{}}
	if opt != nil {
		wr.o = *opt
	}
	if f == nil {
		wr.f = &competency.Framework{}
	}
	wr.lang = wr.o.Language
	if wr.lang == "" {
		wr.lang = first(wr.f.Title)
	}
	wr.write()
	for _, k := range sorted(wr.lost) {
		wr.problems.Add(bangkom.Problem{Code: "lost", Severity: bangkom.Warning, Where: k, Value: fmt.Sprint(wr.lost[k]), Msg: "Moodle's format has no place for it; it was left out"})
	}
	if err := wr.problems.Err(); err != nil {
		return wr.problems.Only(bangkom.Warning), err
	}
	out := csv.NewWriter(w)
	err = out.WriteAll(wr.rows)
	return wr.problems, err
}

func first(t competency.Text) string {
	var tags []string
	for tag, s := range t {
		if s != "" {
			tags = append(tags, tag)
		}
	}
	slices.Sort(tags)
	return strings.Join(tags[:min(1, len(tags))], "")
}

func sorted(m map[string]int) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

type writer struct {
	f        *competency.Framework
	o        Options
	lang     string
	problems bangkom.Problems
	lost     map[string]int
	taken    map[string]bool                    // id numbers
	ids      map[competency.CompetencyID]string // id numbers
	related  map[competency.CompetencyID][]string
	unfold   int // the scale that becomes rows; -1: none
	rows     [][]string
}

func (wr *writer) fail(code, where, value, msg, need string) {
	wr.problems.Add(bangkom.Problem{Code: code, Where: where, Value: value, Msg: msg, Need: need})
}

func (wr *writer) warn(code, where, value, msg, need string) {
	wr.problems.Add(bangkom.Problem{Code: code, Severity: bangkom.Warning, Where: where, Value: value, Msg: msg, Need: need})
}

func (wr *writer) write() {
	f := wr.f
	if !slices.ContainsFunc(f.Scales, func(s competency.Scale) bool { return len(s.Levels) > 0 }) {
		wr.fail("no-levels", string(f.ID), "", "a framework of Moodle needs a scale", "give the framework a scale with levels")
	}
	wr.rows = append(wr.rows, header[:])
	wr.number()
	wr.relations()
	wr.unfold = -1
	if wr.o.Indicators {
		wr.unfold = wr.levelScale()
	}
	wr.framework()
	if wr.unfold >= 0 {
		for _, d := range f.Scales[wr.unfold].Levels {
			wr.checkID(levelID(d.Level), string(f.ID)+"/scales")
			wr.row([columns]string{idNumber: levelID(d.Level), shortName: wr.short(d.Title, levelID(d.Level)), description: d.Description.In(wr.lang)})
		}
	}
	wr.parents()
	for i := range f.Competencies {
		wr.competency(&f.Competencies[i])
	}
}

func levelID(l competency.Level) string { return fmt.Sprintf("level-%d", l) }

// number gives each competency its id number.
func (wr *writer) number() {
	for i := range wr.f.Competencies {
		c := &wr.f.Competencies[i]
		id := string(c.ID)
		if wr.o.UseCodes {
			id = c.Code
		} else if c.Code != "" && c.Code != id {
			wr.lost["competency.code"]++
		}
		where := wr.path(c)
		wr.checkID(id, where)
		if _, again := wr.ids[c.ID]; !again {
			wr.ids[c.ID] = id
		}
	}
}

func (wr *writer) path(c *competency.Competency) string {
	return string(wr.f.ID) + "/competencies/" + string(c.ID)
}

func (wr *writer) checkID(id, where string) {
	switch n := utf8.RuneCountInString(id); {
	case strings.TrimSpace(id) == "":
		wr.fail("empty-id", where, "", "no id number: Moodle skips the row and all below it", "give it an id, or a code with Options.UseCodes")
	case strings.TrimSpace(id) != id:
		wr.fail("bad-id", where, id, "blanks around an id number do not survive", "take them away")
	case wr.taken[id]:
		wr.fail("duplicate-id", where, id, "the id number is that of another row too", "give each an id number of its own")
	case n > maxLength:
		wr.fail("too-long", where, id, fmt.Sprintf("an id number of %d characters; Moodle cuts it to 100, but not where others refer to it", n), "shorten it, or set Options.UseCodes")
	}
	wr.taken[id] = true
}

// relations sorts the associations: those that Moodle knows by where they start.
func (wr *writer) relations() {
	wr.related = map[competency.CompetencyID][]string{}
	parents := make(map[competency.CompetencyID]competency.CompetencyID, len(wr.f.Competencies))
	for i := range wr.f.Competencies {
		parents[wr.f.Competencies[i].ID] = wr.f.Competencies[i].Parent
	}
	for i := range wr.f.Associations {
		a := &wr.f.Associations[i]
		_, from := wr.ids[a.From]
		to, here := wr.ids[a.To.ID]
		here = here && (a.To.Framework == "" || a.To.Framework == wr.f.ID)
		parent, known := parents[a.From]
		switch {
		case a.Type == competency.ChildOf && known && (parent == a.To.ID || parent == "" && string(a.To.ID) == string(wr.f.ID)):
			if a.Sequence != 0 {
				wr.lost["association.sequence"]++
			}
		case a.Type == competency.RelatedTo && from && here:
			wr.related[a.From] = append(wr.related[a.From], to)
		case a.Type == competency.RelatedTo && from && a.To.ID != "" && a.To.Framework == "" && a.To.URI == "":
			wr.related[a.From] = append(wr.related[a.From], string(a.To.ID)) // as it was read
		default:
			wr.lost["association "+string(a.Type)]++
		}
		if a.Note != "" || a.Strength != 0 || a.Author != "" || a.Review != "" {
			wr.lost["association.note, strength, author, review"]++
		}
	}
}

// levelScale is the scale whose levels competencies describe; -1 if there is
// none, or several, of which the format can show no more than one.
func (wr *writer) levelScale() int {
	found := -1
	for i := range wr.f.Competencies {
		c := &wr.f.Competencies[i]
		if len(c.Levels) == 0 {
			continue
		}
		at := wr.scaleOf(c)
		if found >= 0 && at != found {
			return -1
		}
		found = at
	}
	return found
}

func (wr *writer) scaleOf(c *competency.Competency) int {
	if c.Scale == "" && len(wr.f.Scales) == 1 {
		return 0
	}
	return slices.IndexFunc(wr.f.Scales, func(s competency.Scale) bool { return s.ID == c.Scale })
}

func (wr *writer) framework() {
	f := wr.f
	if n := utf8.RuneCountInString(string(f.ID)); n == 0 || n > maxLength {
		wr.fail("too-long", string(f.ID), string(f.ID), fmt.Sprintf("an id of %d characters; Moodle holds 1 to 100", n), "shorten it")
	}
	main := wr.mainScale()
	if main < 0 {
		return // no-levels, as was reported
	}
	r := wr.extra(f.Extra)
	r[idNumber], r[shortName], r[description], r[isFramework] = string(f.ID), wr.short(f.Title, string(f.ID)), f.Description.In(wr.lang), "1"
	wr.long(&r, f.Title, f.Description)
	r[taxonomy] = cmp.Or(r[taxonomy], "competency,competency,competency,competency")
	r[scaleValues], r[scaleConfiguration] = wr.scale(main)
	wr.row(r)
	for what, is := range map[string]bool{
		"framework.version": f.Version != "", "framework.uri": f.URI != "", "framework.source": f.Source != "", "framework.status": f.Status != "",
		"framework.validity": !f.ValidFrom.IsZero() || !f.ValidUntil.IsZero(), "framework.replaced_by": f.ReplacedBy != "",
		"framework in other languages": len(f.Title) > 1 || len(f.Description) > 1, "framework.extra": foreign(f.Extra),
	} {
		if is {
			wr.lost[what]++
		}
	}
}

// foreign reports whether fields of other formats are there.
func foreign(e competency.Extra) bool {
	for k := range e {
		if !strings.HasPrefix(k, "moodle:") {
			return true
		}
	}
	return false
}

// mainScale is the first scale with levels that does not become rows, or else the one that does.
func (wr *writer) mainScale() int {
	for i := range wr.f.Scales {
		if i != wr.unfold && len(wr.f.Scales[i].Levels) > 0 {
			return i
		}
	}
	return wr.unfold
}

// scale writes a scale as Moodle's list of values and its configuration.
func (wr *writer) scale(at int) (values, config string) {
	s := &wr.f.Scales[at]
	where := string(wr.f.ID) + "/scales/" + string(s.ID)
	var names []string
	for i, d := range s.Levels {
		name := cmp.Or(d.Title.In(wr.lang), fmt.Sprint(d.Level))
		if strings.Contains(name, ",") {
			wr.warn("renamed", where, name, "a comma parts the values of a scale; it was written as a semicolon", "name the level without a comma")
			name = strings.ReplaceAll(name, ",", ";")
		}
		names = append(names, name)
		if int(d.Level) != i+1 {
			wr.lost["scale.levels' numbers: Moodle counts from 1"]++
		}
		if len(d.Description) > 0 || len(d.Indicators) > 0 {
			wr.lost["scale.levels' descriptions"]++
		}
	}
	if v := s.Extra[configuration]; v != nil {
		if c := unquote(v); c != "" {
			return strings.Join(names, ","), c
		}
	}
	low := wr.o.Proficient
	if low == 0 && len(s.Levels) > 0 {
		low = s.Levels[len(s.Levels)-1].Level
		wr.warn("proficiency-assumed", where, fmt.Sprint(low), "Moodle asks which levels count as proficient, and the scale does not say; the highest was taken", "set Options.Proficient")
	}
	list := []any{map[string]string{"scaleid": "0"}}
	named := false
	for i, d := range s.Levels {
		x := setting{ID: i + 1, Proficient: d.Level >= low}
		if d.Level >= low && !named {
			x.Default, named = true, true
		}
		list = append(list, x)
	}
	v, err := json.Marshal(list)
	if err != nil {
		return strings.Join(names, ","), ""
	}
	return strings.Join(names, ","), string(v)
}

// short is a name of no more than 100 characters: the title, or else what stands in for it.
func (wr *writer) short(title competency.Text, instead string) string {
	s := oneLine(title.In(wr.lang))
	if s == "" || utf8.RuneCountInString(s) > maxLength {
		return instead
	}
	return s
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// long puts a title that is too long for a name before the description.
func (wr *writer) long(r *[columns]string, title, text competency.Text) {
	if s := title.In(wr.lang); utf8.RuneCountInString(oneLine(s)) > maxLength {
		wr.lost["titles of more than 100 characters: they stand in the description"]++
		r[description] = s
		if more := text.In(wr.lang); more != "" {
			r[description] += "\n\n" + more
		}
	}
}

func (wr *writer) extra(e competency.Extra) (r [columns]string) {
	for c, name := range kept {
		r[c] = unquote(e[name])
	}
	r[descriptionFormat] = cmp.Or(r[descriptionFormat], "2") // plain text
	return r
}

// parents reports what Moodle would drop without a word.
func (wr *writer) parents() {
	f := wr.f
	place := make(map[competency.CompetencyID]int, len(f.Competencies))
	for i := range f.Competencies {
		if _, taken := place[f.Competencies[i].ID]; !taken {
			place[f.Competencies[i].ID] = i
		}
	}
	for i := range f.Competencies {
		if c := &f.Competencies[i]; c.Parent != "" {
			if _, ok := place[c.Parent]; !ok {
				wr.fail("dangling-reference", wr.path(c)+"/parent", string(c.Parent), "the parent is not in the framework: Moodle drops the row and all below it", "add it, or correct the reference")
			}
		}
	}
	for _, circle := range circles(f, place) {
		c := &f.Competencies[circle[0]]
		wr.fail("cycle", wr.path(c)+"/parent", string(c.ID), "the chain of parents comes back to itself: Moodle drops all of it", "correct one of these parents")
	}
}

func (wr *writer) competency(c *competency.Competency) {
	id := wr.ids[c.ID]
	r := wr.extra(c.Extra)
	r[parentID], r[idNumber], r[shortName], r[description] = wr.ids[c.Parent], id, wr.short(c.Title, cmp.Or(c.Code, id)), c.Description.In(wr.lang)
	if c.Title.In("") == "" && c.Description.In("") != "" {
		wr.lost["titles that are missing: the code or id stands in"]++
	}
	wr.long(&r, c.Title, c.Description)
	if at := wr.scaleOf(c); at >= 0 && at != wr.mainScale() && at != wr.unfold {
		r[scaleValues], r[scaleConfiguration] = wr.scale(at)
	}
	var refs []string
	for _, to := range wr.related[c.ID] {
		refs = append(refs, strings.ReplaceAll(to, ",", "%2C"))
	}
	r[related] = strings.Join(refs, ",")
	wr.row(r)
	wr.losses(c)
	if wr.unfold >= 0 && len(c.Levels) > 0 {
		wr.indicators(c, id)
	}
}

// losses counts what of a competency is left out.
func (wr *writer) losses(c *competency.Competency) {
	for what, is := range map[string]bool{
		"competency.levels, their descriptions and indicators": len(c.Levels) > 0 && wr.unfold < 0,
		"competency.kind":                         c.Kind != "",
		"competency.uri":                          c.URI != "",
		"competency.also":                         len(c.Also) > 0,
		"competency.dense":                        c.Dense,
		"competency.validity":                     !c.ValidFrom.IsZero() || !c.ValidUntil.IsZero(),
		"competency in other languages":           len(c.Title) > 1 || len(c.Description) > 1,
		"competency.extra":                        foreign(c.Extra),
		"competency of an unknown scale":          c.Scale != "" && wr.scaleOf(c) < 0,
		"line ends and repeated blanks in titles": oneLine(c.Title.In(wr.lang)) != c.Title.In(wr.lang),
	} {
		if is {
			wr.lost[what]++
		}
	}
}

// indicators writes a row for each indicator, which refers to its level.
func (wr *writer) indicators(c *competency.Competency, id string) {
	for _, d := range c.Levels {
		list := d.Indicators
		if s := d.Description.In(wr.lang); s != "" {
			list = append([]competency.Indicator{{Text: d.Description}}, list...)
			wr.lost["levels' descriptions: they are indicators now"]++
		}
		for n, x := range list {
			r := wr.extra(x.Extra)
			r[idNumber] = cmp.Or(x.ID, fmt.Sprintf("%s-%d-%d", id, d.Level, n+1))
			wr.checkID(r[idNumber], wr.path(c)+"/levels")
			r[parentID], r[related] = id, levelID(d.Level)
			name := unquote(x.Extra[nameOfIndicator])
			r[shortName] = cmp.Or(name, wr.short(x.Text, r[idNumber]))
			if name != "" || r[shortName] != x.Text.In(wr.lang) {
				r[description] = x.Text.In(wr.lang)
			}
			if len(x.Text) > 1 {
				wr.lost["indicators in other languages"]++
			}
			wr.row(r)
		}
	}
}

func (wr *writer) row(r [columns]string) { wr.rows = append(wr.rows, r[:]) }

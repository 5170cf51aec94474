package moodle

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/bangkom/bangkom/competency"
)

// levels is the scale that rows level-1, level-2, … make.
const levels competency.ScaleID = "levels"

const nameOfIndicator = "moodle:shortname"

// foldIndicators turns rows level-1, level-2, … into a scale, and the leaves
// that refer to exactly one of them into indicators of what they stand below.
func foldIndicators(f *competency.Framework) {
	number := map[competency.CompetencyID]competency.Level{}
	for i := range f.Competencies {
		if m := levelRow.FindStringSubmatch(string(f.Competencies[i].ID)); m != nil {
			n, err := strconv.ParseInt(m[1], 10, 8)
			if err == nil {
				number[f.Competencies[i].ID] = competency.Level(n)
			}
		}
	}
	if len(number) < 2 {
		return
	}
	fold := folder{f: f, number: number, children: map[competency.CompetencyID]int{}, levelChildren: map[competency.CompetencyID]int{}, refs: map[competency.CompetencyID][]competency.Level{}}
	fold.gather()
	fold.scale()
	fold.indicators()
}

type folder struct {
	f             *competency.Framework
	number        map[competency.CompetencyID]competency.Level
	children      map[competency.CompetencyID]int
	levelChildren map[competency.CompetencyID]int
	refs          map[competency.CompetencyID][]competency.Level
}

func (fo *folder) gather() {
	for i := range fo.f.Competencies {
		c := &fo.f.Competencies[i]
		fo.children[c.Parent]++
		if _, ok := fo.number[c.ID]; ok {
			fo.levelChildren[c.Parent]++
		}
	}
	for i := range fo.f.Associations {
		a := &fo.f.Associations[i]
		if l, ok := fo.number[a.To.ID]; ok {
			fo.refs[a.From] = append(fo.refs[a.From], l)
		}
	}
}

// scale adds the scale, and names everybody's own where it went without saying.
func (fo *folder) scale() {
	f := fo.f
	if len(f.Scales) == 1 {
		for i := range f.Competencies {
			f.Competencies[i].Scale = cmp.Or(f.Competencies[i].Scale, f.Scales[0].ID)
		}
	}
	s := competency.Scale{ID: levels}
	for i := range f.Competencies {
		c := &f.Competencies[i]
		if l, ok := fo.number[c.ID]; ok && !slices.ContainsFunc(s.Levels, func(d competency.Descriptor) bool { return d.Level == l }) {
			s.Levels = append(s.Levels, competency.Descriptor{Level: l, Title: c.Title, Description: c.Description})
		} else if fo.isGroup(c.ID) && s.Title == nil {
			s.Title = c.Title
		}
	}
	slices.SortFunc(s.Levels, func(a, b competency.Descriptor) int { return cmp.Compare(a.Level, b.Level) })
	f.Scales = append(f.Scales, s)
}

// isGroup reports whether nothing but level rows stands below a row.
func (fo *folder) isGroup(id competency.CompetencyID) bool {
	return id != "" && fo.children[id] > 0 && fo.children[id] == fo.levelChildren[id]
}

func (fo *folder) indicators() {
	place := map[competency.CompetencyID]int{}
	gone := map[competency.CompetencyID]bool{}
	for i := range fo.f.Competencies {
		place[fo.f.Competencies[i].ID] = i
	}
	for i := range fo.f.Competencies {
		c := fo.f.Competencies[i]
		if _, ok := fo.number[c.ID]; ok || fo.isGroup(c.ID) {
			gone[c.ID] = true
			continue
		}
		if c.Parent == "" || fo.children[c.ID] > 0 || len(fo.refs[c.ID]) != 1 {
			continue
		}
		gone[c.ID] = true
		addIndicator(&fo.f.Competencies[place[c.Parent]], fo.refs[c.ID][0], c)
	}
	fo.f.Competencies = slices.DeleteFunc(fo.f.Competencies, func(c competency.Competency) bool { return gone[c.ID] })
	fo.f.Associations = slices.DeleteFunc(fo.f.Associations, func(a competency.Association) bool { return gone[a.From] })
	if len(fo.f.Associations) == 0 {
		fo.f.Associations = nil
	}
}

func addIndicator(to *competency.Competency, l competency.Level, from competency.Competency) {
	x := competency.Indicator{ID: string(from.ID), Text: from.Description, Extra: from.Extra}
	if x.Text == nil {
		x.Text = from.Title
	} else {
		extra := competency.Extra{}
		for k, v := range from.Extra {
			extra[k] = v
		}
		for _, s := range from.Title {
			extra[nameOfIndicator] = quote(s)
		}
		x.Extra = extra
	}
	to.Scale = levels
	at, ok := slices.BinarySearchFunc(to.Levels, l, func(d competency.Descriptor, l competency.Level) int { return cmp.Compare(d.Level, l) })
	if !ok {
		to.Levels = slices.Insert(to.Levels, at, competency.Descriptor{Level: l})
	}
	to.Levels[at].Indicators = append(to.Levels[at].Indicators, x)
}

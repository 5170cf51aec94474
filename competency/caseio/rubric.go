package caseio

import (
	"cmp"
	"encoding/json"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
)

// Rubrics that are no scale stay whole, under this name in Framework.Extra. A
// criterion of one that is a scale keeps its own fields in its competency.
const (
	plainRubrics   = space + "CFRubrics"
	criterionExtra = space + "CFRubricCriterion"
)

// A draft is a rubric read as a scale, before anything is changed for it.
type draft struct {
	scale    competency.Scale
	criteria []draftCriterion
	items    map[int32]bool
	whole    bool // a criterion of ours describes the scale itself
}

type draftCriterion struct {
	item   int32
	levels []competency.Descriptor
	extra  competency.Extra
}

// readRubrics reads a rubric as a scale where its scores are ranks: whole
// numbers, each once in a criterion, and each criterion one competency that has
// no other. The other rubrics are kept as they are.
func (p *packageReader) readRubrics(n int32) {
	var plain []json.RawMessage
	used := map[int32]bool{}
	for c := range p.members(n, rubricKind) {
		d, why := p.draft(c, used)
		if why != "" {
			p.report("rubric-not-a-scale", bangkom.Note, c, "", "kept as it stands, not read as a scale: "+why, "")
			if v := p.object(c, rubricKind); v != nil {
				plain = append(plain, v)
			}
			continue
		}
		p.checkRubric(c)
		for _, cr := range d.criteria {
			used[cr.item] = true
			c := &p.f.Competencies[cr.item]
			c.Levels = cr.levels
			if c.Scale == "" {
				c.Scale = d.scale.ID
			}
			p.keep(&c.Extra, criterionExtra, object(cr.extra))
		}
		p.f.Scales = append(p.f.Scales, d.scale)
	}
	if plain != nil {
		var b array
		for _, v := range plain {
			b.add(v)
		}
		p.keep(&p.f.Extra, plainRubrics, b.end())
	}
	p.onlyScale()
}

// onlyScale leaves the scale out where it goes without saying.
func (p *packageReader) onlyScale() {
	if len(p.f.Scales) != 1 {
		return
	}
	for i := range p.f.Competencies {
		if c := &p.f.Competencies[i]; c.Scale == p.f.Scales[0].ID {
			c.Scale = ""
		}
	}
}

// object writes an Extra as one JSON object; nil if it is empty.
func object(e competency.Extra) json.RawMessage {
	if len(e) == 0 {
		return nil
	}
	v, err := json.Marshal(e)
	if err != nil {
		return nil
	}
	return v
}

// checkRubric reports on the parts of a rubric that became a scale.
func (p *packageReader) checkRubric(n int32) {
	each := func(n int32, k *kind, then func(*record)) {
		r := p.record(n, k)
		p.check(&r)
		if id := p.identity(&r); id != "" {
			p.taken(id, &r)
		}
		if then != nil {
			then(&r)
		}
	}
	each(n, rubricKind, func(r *record) {
		for c := range p.members(r.get("CFRubricCriteria"), criterionKind) {
			each(c, criterionKind, func(r *record) {
				for l := range p.members(r.get("CFRubricCriterionLevels"), levelKind) {
					each(l, levelKind, nil)
				}
			})
		}
	})
}

// draft reads a rubric without reporting; why says what makes it no scale.
func (p *packageReader) draft(n int32, used map[int32]bool) (d draft, why string) {
	quiet := packageReader{reader: p.quiet(), f: p.f, document: p.document, lang: p.lang, changed: p.changed, items: p.items}
	d.items = map[int32]bool{}
	r := quiet.record(n, rubricKind)
	if quiet.at(n).kind != '{' {
		return d, "it is no object"
	}
	id := quiet.identity(&r)
	if id == "" {
		return d, "it has no identifier"
	}
	d.scale.ID = competency.ScaleID(id)
	d.scale.Title = quiet.words1(quiet.str(&r, "title"), p.lang)
	quiet.rest(&r, &d.scale.Extra)
	var own ownRubric
	quiet.unbox(&r, &own)
	set(&d.scale.Title, own.Title)
	for k, v := range own.Extra {
		quiet.keep(&d.scale.Extra, k, v)
	}
	var labels []competency.Descriptor
	for c := range quiet.members(r.get("CFRubricCriteria"), criterionKind) {
		if why := quiet.draftCriterion(c, &d, used); why != "" {
			return d, why
		}
	}
	for _, c := range d.criteria {
		labels = append(labels, c.levels...)
	}
	if !d.whole {
		d.scale.Levels = labelsOf(labels)
	}
	if len(d.scale.Levels) == 0 {
		return d, "it has no levels"
	}
	for code := range quiet.count {
		if code.severity == bangkom.Error {
			return d, "part of it could not be read"
		}
	}
	return d, ""
}

// quiet is a reader that gathers apart.
func (rd *reader) quiet() *reader {
	q := *rd
	q.findings = findings{max: rd.o.MaxProblems}
	q.odd, q.strays, q.strange, q.places, q.seen = map[string]bool{}, map[string]int{}, map[string]int{}, map[string]int32{}, map[string]int32{}
	return &q
}

func (p *packageReader) draftCriterion(n int32, d *draft, used map[int32]bool) (why string) {
	r := p.record(n, criterionKind)
	var own ownCriterion
	p.unbox(&r, &own)
	levels, why := p.draftLevels(r.get("CFRubricCriterionLevels"))
	if why != "" {
		return why
	}
	at := r.get("CFItemURI")
	if at == 0 {
		if !own.Scale || d.whole {
			return "a criterion names no item"
		}
		d.whole, d.scale.Levels = true, levels
		return ""
	}
	item, ok := p.items[p.end(at).id]
	if !ok {
		return "a criterion names an item that is not in the package"
	}
	if used[item] || d.items[item] {
		return "two criteria name one item"
	}
	var extra competency.Extra
	p.rest(&r, &extra)
	if id := p.identity(&r); id != "" {
		p.keep(&extra, space+"identifier", quote(id))
	}
	d.items[item] = true
	d.criteria = append(d.criteria, draftCriterion{item, levels, extra})
	return ""
}

// draftLevels reads the levels of a criterion, ascending.
func (p *packageReader) draftLevels(n int32) (levels []competency.Descriptor, why string) {
	for c := range p.members(n, levelKind) {
		r := p.record(c, levelKind)
		at := r.get("score")
		if at == 0 {
			return nil, "a level has no score"
		}
		v, ok := p.number(at, true)
		if !ok || v != float64(int8(v)) {
			return nil, "a score is not a small whole number"
		}
		d := competency.Descriptor{Level: competency.Level(v), Title: p.words1(p.str(&r, "quality"), p.lang), Description: p.words1(p.str(&r, "description"), p.lang)}
		p.rest(&r, &d.Extra)
		if id := p.identity(&r); id != "" {
			p.keep(&d.Extra, space+"identifier", quote(id))
		}
		var own ownLevel
		p.unbox(&r, &own)
		set(&d.Title, own.Title)
		if own.Description != nil || own.Indicators != nil {
			d.Description, d.Indicators = own.Description, own.Indicators
		}
		for k, v := range own.Extra {
			p.keep(&d.Extra, k, v)
		}
		levels = append(levels, d)
	}
	slices.SortStableFunc(levels, func(a, b competency.Descriptor) int { return cmp.Compare(a.Level, b.Level) })
	for i := 1; i < len(levels); i++ {
		if levels[i].Level == levels[i-1].Level {
			return nil, "two levels of a criterion have one score"
		}
	}
	return levels, ""
}

// labelsOf makes the levels of a scale from those of its criteria: each score
// once, with the label that it has first.
func labelsOf(all []competency.Descriptor) []competency.Descriptor {
	var levels []competency.Descriptor
	for _, d := range all {
		if !slices.ContainsFunc(levels, func(l competency.Descriptor) bool { return l.Level == d.Level }) {
			levels = append(levels, competency.Descriptor{Level: d.Level, Title: d.Title})
		}
	}
	slices.SortFunc(levels, func(a, b competency.Descriptor) int { return cmp.Compare(a.Level, b.Level) })
	return levels
}

package caseio

import (
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/internal/id"
)

// arrange gives each competency its one place in the tree, and the order in
// which the package lists them.
func (wr *writer) arrange() {
	f := wr.f
	n := len(f.Competencies)
	wr.place, wr.seq = make([]competency.CompetencyID, n), make([]int, n)
	for i := range f.Competencies {
		wr.place[i] = f.Competencies[i].Parent
	}
	for k := range f.Associations {
		a := &f.Associations[k]
		i, ok := wr.items[a.From]
		if !ok || a.Type != competency.ChildOf {
			continue
		}
		if wr.place[i] == "" && wr.inside(a.To) && a.To.ID != a.From {
			wr.place[i] = a.To.ID
		}
		if wr.place[i] == a.To.ID && wr.seq[i] == 0 || wr.place[i] == "" && wr.isDocument(a.To) {
			wr.seq[i] = a.Sequence
		}
	}
	placed := &competency.Framework{Competencies: make([]competency.Competency, n)}
	for i := range f.Competencies {
		placed.Competencies[i] = competency.Competency{ID: f.Competencies[i].ID, Parent: wr.place[i], Code: f.Competencies[i].Code}
	}
	wr.order = walk(placed, func(a, b int32) int { return cmp.Compare(wr.seq[a], wr.seq[b]) })
	wr.spellOut()
}

// spellOut numbers siblings where their order would otherwise be lost: where a
// reader that goes by sequence number and code would see another one.
func (wr *writer) spellOut() {
	siblings := map[competency.CompetencyID][]int32{}
	var parents []competency.CompetencyID
	for _, i := range wr.order {
		p := wr.place[i]
		if _, ok := wr.items[p]; !ok {
			p = ""
		}
		if siblings[p] == nil {
			parents = append(parents, p)
		}
		siblings[p] = append(siblings[p], i)
	}
	for _, p := range parents {
		list := siblings[p]
		lost := false
		for k := 1; k < len(list) && !lost; k++ {
			a, b := list[k-1], list[k]
			lost = wr.seq[a] == wr.seq[b] && byCode(wr.f, a, b) > 0
		}
		if !lost {
			continue
		}
		if p == "" && !wr.o.Roots && !slices.ContainsFunc(list, func(i int32) bool { return wr.seq[i] != 0 }) {
			wr.warn(string(wr.f.ID), "order-lost", "", "the order of the competencies without a parent is not that of their codes, and CASE keeps it only below the document", "set Options.Roots")
			continue
		}
		for k, i := range list {
			wr.seq[i] = k + 1
		}
	}
}

func (wr *writer) inside(r competency.Ref) bool {
	_, ok := wr.items[r.ID]
	return ok && r.ID != "" && (r.Framework == "" || r.Framework == wr.f.ID)
}

func (wr *writer) isDocument(r competency.Ref) bool {
	return r.ID != "" && string(r.ID) == string(wr.f.ID) && !wr.inside(r)
}

// An edge is an association in the order in which it is written.
type edge struct {
	a     competency.Association
	at    int32 // place of From in the order
	place bool  // its place in the tree: readers take the first
}

// associations writes those of the framework and those that Parent implies, by
// the item they start from, its place in the tree first.
func (wr *writer) associations() json.RawMessage {
	f := wr.f
	rank := make([]int32, len(f.Competencies))
	for at, i := range wr.order {
		rank[i] = int32(at)
	}
	spoken, rooted := make([]bool, len(f.Competencies)), make([]bool, len(f.Competencies))
	edges := make([]edge, 0, len(f.Associations)+len(f.Competencies))
	for k := range f.Associations {
		a := f.Associations[k]
		at, place := int32(len(rank)), false
		if i, ok := wr.items[a.From]; ok {
			at = rank[i]
			if a.Type == competency.ChildOf && a.To.ID == wr.place[i] && wr.inside(a.To) && !spoken[i] {
				spoken[i], place = true, true
				a.Sequence = wr.seq[i]
			} else if a.Type == competency.ChildOf && wr.isDocument(a.To) && wr.place[i] == "" {
				rooted[i] = true
				a.Sequence = wr.seq[i]
			}
		}
		edges = append(edges, edge{a, at, place})
	}
	for _, i := range wr.order {
		c := &f.Competencies[i]
		a := competency.Association{Type: competency.ChildOf, From: c.ID, To: competency.Ref{ID: wr.place[i]}, Sequence: wr.seq[i]}
		switch {
		case wr.place[i] == "" && wr.o.Roots && !rooted[i]:
			a.To.ID = competency.CompetencyID(f.ID)
		case wr.place[i] == "" || spoken[i]:
			continue
		}
		a.ID = impliedID(string(f.ID), string(a.From), string(a.To.ID))
		edges = append(edges, edge{a, rank[i], true})
	}
	slices.SortStableFunc(edges, func(x, y edge) int {
		return cmp.Or(cmp.Compare(x.at, y.at), before(x.place, y.place), cmp.Compare(x.a.Type, y.a.Type), cmp.Compare(x.a.Sequence, y.a.Sequence), cmp.Compare(x.a.To.ID, y.a.To.ID), cmp.Compare(x.a.ID, y.a.ID))
	})
	made := map[string]int{}
	return wr.list(len(edges), func(k int) json.RawMessage {
		a := &edges[k].a
		if a.ID == "" {
			name := fmt.Sprintf("case:%s:%s:%s:%s:%s:%s", f.ID, a.Type, a.From, a.To.Framework, a.To.ID, a.To.URI)
			made[name]++
			a.ID = id.FromName(fmt.Sprintf("%s:%d", name, made[name]))
		}
		return wr.association(a)
	})
}

// before orders what is marked before what is not.
func before(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

func (wr *writer) association(a *competency.Association) json.RawMessage {
	where := wr.path("associations", a.ID)
	var uri string
	_ = json.Unmarshal(a.Extra[space+"uri"], &uri)
	o, was := wr.begin(associationKind, a.ID, uri, where)
	own := ownAssociation{ID: was, Strength: a.Strength, Author: a.Author, Date: a.Date, Review: a.Review, Extra: wr.other(a.Extra, "association")}
	if a.Strength != 0 || a.Author != "" || !a.Date.IsZero() || a.Review != "" {
		wr.boxed["association.strength, author, date, review"]++
	}
	o.set("associationType", wr.relation(a, &own, where))
	switch {
	case a.Sequence != int(int32(a.Sequence)):
		wr.warn(where, "wrong-type", fmt.Sprint(a.Sequence), "beyond the numbers of CASE; it was left out", "")
	case a.Sequence != 0:
		o.set("sequenceNumber", number(float64(a.Sequence)))
	}
	o.text("notes", a.Note)
	o.set("originNodeURI", wr.origin(a, where))
	o.set("destinationNodeURI", wr.destination(a, &own, where))
	if a.Group != "" && a.Extra[space+"CFAssociationGroupingURI"] == nil {
		o.set("CFAssociationGroupingURI", wr.group(a.Group))
	}
	return wr.end(o, a.Extra, own, where)
}

// relation is the association's type as CASE writes it.
func (wr *writer) relation(a *competency.Association, own *ownAssociation, where string) json.RawMessage {
	t := a.Type
	_, known := relations[string(t)]
	switch {
	case t == competency.ChildOf && wr.inside(a.To) && wr.inside(competency.Ref{ID: a.From}) && wr.place[wr.items[a.From]] != a.To.ID:
		wr.warn(where, "further-parent", string(a.To.ID), "CASE gives an item one place in the tree; the further parent is written as isPartOf", "")
		own.Type, t = t, competency.PartOf
	case t == competency.Requires:
		wr.boxed["association isRequires as ext:requires, which other systems read as isRelatedTo"]++
		t = "ext:requires"
	case t == "":
		wr.fail(where, "missing-field", "CFAssociation.associationType", "a field that CASE requires has no value", "say how the two are related")
	case !known && !extType(string(t)):
		own.Type = t
		t = competency.Relation("ext:" + narrow(string(t)))
		wr.warn(where, "unknown-relation", string(own.Type), "not an association type of CASE; written as "+string(t), "")
	}
	return quote(string(t))
}

// extType reports whether a type is in the narrow form of the guide: "ext:",
// then letters, digits, ".", "-", "_".
func extType(s string) bool {
	rest, ok := strings.CutPrefix(s, "ext:")
	return ok && rest != "" && rest == narrow(rest)
}

func narrow(s string) string {
	s = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune(".-_", r) {
			return r
		}
		return '_'
	}, strings.TrimPrefix(s, "ext:"))
	return cmp.Or(s, "_")
}

// node writes one end of an association that lies in the package.
func (wr *writer) node(i int32, kind json.RawMessage) json.RawMessage {
	c := &wr.f.Competencies[i]
	title := cmp.Or(c.Title.In(wr.lang), c.Description.In(wr.lang), c.Code)
	ident := writable(string(c.ID), wr.o.KeepIDs)
	uri := c.URI
	if !absolute(uri) {
		uri = wr.o.Base + ident
	}
	return typed(three(title, ident, uri), kind)
}

func (wr *writer) documentNode(kind json.RawMessage) json.RawMessage {
	ident := writable(string(wr.f.ID), wr.o.KeepIDs)
	uri := wr.f.URI
	if !absolute(uri) {
		uri = wr.o.Base + ident
	}
	return typed(three(wr.f.Title.In(wr.lang), ident, uri), kind)
}

// typed adds the type of what is no CASE object.
func typed(link, kind json.RawMessage) json.RawMessage {
	var s string
	if kind == nil || json.Unmarshal(kind, &s) != nil || s != "CASE" && !extType(s) {
		return link
	}
	return append(appendMember(link[:len(link)-1], "targetType", quote(s)), '}')
}

func (wr *writer) origin(a *competency.Association, where string) json.RawMessage {
	kind := a.Extra[originKind]
	if i, ok := wr.items[a.From]; ok {
		return wr.node(i, kind)
	}
	if wr.isDocument(competency.Ref{ID: a.From}) {
		return wr.documentNode(kind)
	}
	wr.fail(where, "dangling-reference", string(a.From), "the association starts at nothing in the framework", "add it, or correct the reference")
	return three("", "", "")
}

// destination writes the other end, which may lie elsewhere.
func (wr *writer) destination(a *competency.Association, own *ownAssociation, where string) json.RawMessage {
	kind := a.Extra[destinationKind]
	if wr.inside(a.To) {
		if a.To != (competency.Ref{ID: a.To.ID}) {
			own.To = &a.To
		}
		return wr.node(wr.items[a.To.ID], kind)
	}
	if wr.isDocument(a.To) {
		return wr.documentNode(kind)
	}
	if a.Type == competency.ChildOf || a.Type == competency.PartOf || a.To.ID == "" && a.To.URI == "" {
		wr.fail(where, "dangling-reference", cmp.Or(string(a.To.ID), a.To.URI), "the association leads to nothing in the framework", "add it, or correct the reference")
		return three("", "", "")
	}
	ident := cmp.Or(canonical(string(a.To.ID)), a.To.URI)
	uri := a.To.URI
	if !absolute(uri) {
		if uri = ident; !absolute(uri) {
			uri = wr.o.Base + writable(ident, true)
		}
	}
	// What a reader will make of this, where it is not what was there.
	read := competency.Ref{ID: competency.CompetencyID(ident), URI: uri, Title: a.To.Title}
	if uri == ident {
		read.URI = ""
	}
	if meaningless[read.Title] {
		read.Title = ""
	}
	if read != a.To {
		own.To = &a.To
	}
	if a.To.Framework != "" {
		wr.boxed["association.to.framework"]++
	}
	return typed(three(a.To.Title, ident, uri), kind)
}

// group is the link to a grouping that only its title names.
func (wr *writer) group(title string) json.RawMessage {
	ident := id.FromName("case:CFAssociationGrouping:" + string(wr.f.ID) + ":" + title)
	wr.groups[title] = quote(ident)
	return three(title, ident, wr.o.Base+ident)
}

// withGroups adds the groupings that only associations name.
func (wr *writer) withGroups(defs map[string][]json.RawMessage) json.RawMessage {
	var titles []string
	for t := range wr.groups {
		titles = append(titles, t)
	}
	slices.Sort(titles)
	for _, t := range titles {
		var ident string
		if json.Unmarshal(wr.groups[t], &ident) != nil {
			continue
		}
		k := definitionsKind.fields[definitionsKind.index["CFAssociationGroupings"]].of
		o, _ := wr.begin(k, ident, "", wr.path("groups", t))
		o.text("title", t)
		defs["CFAssociationGroupings"] = append(defs["CFAssociationGroupings"], wr.end(o, nil, nil, wr.path("groups", t)))
	}
	b := []byte{'{'}
	for i := range definitionsKind.fields {
		f := &definitionsKind.fields[i]
		if list := defs[f.name]; len(list) > 0 {
			b = appendMember(b, f.name, wr.list(len(list), func(k int) json.RawMessage { return list[k] }))
		}
	}
	if v := wr.definitionExtensions(); v != nil {
		b = appendMember(b, "extensions", v)
	}
	if len(b) == 1 {
		return nil
	}
	return append(b, '}')
}

func (wr *writer) definitionExtensions() json.RawMessage {
	var all map[string]json.RawMessage
	if json.Unmarshal(wr.f.Extra[definitions], &all) != nil {
		return nil
	}
	var box map[string]json.RawMessage
	if json.Unmarshal(all["extensions"], &box) != nil || len(box) == 0 {
		return nil
	}
	return all["extensions"]
}

// definitions writes the definitions that are complete. The others go into our
// box, so that reading gives them back, and are a loss to everybody else.
func (wr *writer) definitions(own *ownDocument) map[string][]json.RawMessage {
	done := map[string][]json.RawMessage{}
	v := wr.f.Extra[definitions]
	if v == nil {
		return done
	}
	var all map[string]json.RawMessage
	if json.Unmarshal(v, &all) != nil {
		wr.warn(string(wr.f.ID), "wrong-type", string(v), "definitions that are no object; they were left out", "")
		return done
	}
	left := map[string][]json.RawMessage{}
	for i := range definitionsKind.fields {
		f := &definitionsKind.fields[i]
		var list []json.RawMessage
		if all[f.name] == nil || f.shape != asObjects {
			continue
		}
		if json.Unmarshal(all[f.name], &list) != nil {
			wr.warn(string(wr.f.ID)+"/"+f.name, "wrong-type", string(all[f.name]), "no list of objects; it was left out", "")
			continue
		}
		for _, one := range list {
			if v, whole := wr.definition(f.of, one); whole {
				done[f.name] = append(done[f.name], v)
			} else {
				left[f.name] = append(left[f.name], one)
			}
		}
	}
	if len(left) > 0 {
		if v, err := json.Marshal(left); err == nil {
			own.Definitions = v
		}
	}
	return done
}

// definition writes one definition; whole is false if it lacks a text that CASE requires.
func (wr *writer) definition(k *kind, raw json.RawMessage) (v json.RawMessage, whole bool) {
	m, ident, title := wr.fieldsOf(raw)
	given, ok := wr.o.Definitions[ident]
	if !ok {
		given = wr.o.Definitions[title]
	}
	supply := func(name, s string) {
		if _, has := k.index[name]; has && m[name] == nil && s != "" {
			m[name] = quote(s)
		}
	}
	supply("description", given.Description)
	supply("hierarchyCode", given.HierarchyCode)
	var lacking []string
	for i := range k.fields {
		if f := &k.fields[i]; f.required && m[f.name] == nil && f.name != "uri" && f.name != "lastChangeDateTime" {
			lacking = append(lacking, f.name)
		}
	}
	where := wr.path(k.name, cmp.Or(ident, title))
	if lacking != nil {
		wr.warn(where, "definition-incomplete", title, "CASE requires what this "+k.name+" lacks ("+strings.Join(lacking, ", ")+"): other systems will not see it", "supply it in Options.Definitions")
		return nil, false
	}
	return wr.rewrite(k, raw, m, where), true
}

// fieldsOf takes an object apart that was kept as it is.
func (wr *writer) fieldsOf(raw json.RawMessage) (m map[string]json.RawMessage, ident, title string) {
	if json.Unmarshal(raw, &m) != nil || m == nil {
		m = map[string]json.RawMessage{}
	}
	_ = json.Unmarshal(m["identifier"], &ident)
	_ = json.Unmarshal(m["title"], &title)
	return m, ident, title
}

// rewrite writes an object that was kept as it is, its parts too.
func (wr *writer) rewrite(k *kind, raw json.RawMessage, m map[string]json.RawMessage, where string) json.RawMessage {
	if m == nil {
		m, _, _ = wr.fieldsOf(raw)
	}
	var ident, uri string
	_ = json.Unmarshal(m["identifier"], &ident)
	_ = json.Unmarshal(m["uri"], &uri)
	o, was := wr.begin(k, ident, uri, where)
	rest := competency.Extra{}
	for name, v := range m {
		i, known := k.index[name]
		switch {
		case name == "identifier" || name == "uri":
		case name == "rubricId" || name == "rubricCriterionId":
			var s string
			if json.Unmarshal(v, &s) == nil && s != "" {
				o.set(name, quote(writable(s, wr.o.KeepIDs)))
			}
		case known && k.fields[i].shape == asObjects:
			var list []json.RawMessage
			if json.Unmarshal(v, &list) == nil {
				of := k.fields[i].of
				o.at[i] = wr.list(len(list), func(n int) json.RawMessage {
					return wr.rewrite(of, list[n], nil, fmt.Sprintf("%s/%s[%d]", where, name, n))
				})
			}
		case name == "CFItemURI":
			o.set(name, wr.itemLink(v))
		default:
			rest[space+name] = v
		}
	}
	var own any
	if was != "" {
		own = struct {
			ID string `json:"id"`
		}{was}
	}
	return wr.end(o, rest, own, where)
}

// itemLink points to an item as it is written.
func (wr *writer) itemLink(v json.RawMessage) json.RawMessage {
	var l struct{ Identifier string }
	if json.Unmarshal(v, &l) == nil {
		if i, ok := wr.items[competency.CompetencyID(l.Identifier)]; ok {
			return wr.node(i, nil)
		}
	}
	return wr.keptLink(v)
}

// rubrics writes each scale as a rubric, and those that were no scale as they were.
func (wr *writer) rubrics() json.RawMessage {
	var all []json.RawMessage
	members := make([][]int32, len(wr.f.Scales))
	for _, i := range wr.order {
		c := &wr.f.Competencies[i]
		if s, ok := wr.scaleOf(c); ok && len(c.Levels) > 0 {
			members[s] = append(members[s], i)
		}
	}
	for i := range wr.f.Scales {
		all = append(all, wr.rubric(&wr.f.Scales[i], members[i]))
	}
	var plain []json.RawMessage
	if v := wr.f.Extra[plainRubrics]; v != nil && json.Unmarshal(v, &plain) != nil {
		wr.warn(string(wr.f.ID), "wrong-type", string(v), "rubrics that are no list; they were left out", "")
	}
	for n, raw := range plain {
		all = append(all, wr.rewrite(rubricKind, raw, nil, fmt.Sprintf("%s/CFRubrics[%d]", wr.f.ID, n)))
	}
	return wr.list(len(all), func(k int) json.RawMessage { return all[k] })
}

func (wr *writer) rubric(s *competency.Scale, members []int32) json.RawMessage {
	where := wr.path("scales", string(s.ID))
	var uri string
	_ = json.Unmarshal(s.Extra[space+"uri"], &uri)
	o, was := wr.begin(rubricKind, string(s.ID), uri, where)
	own := ownRubric{ID: was, Extra: wr.other(s.Extra, "scale")}
	o.text("title", s.Title[wr.lang])
	if wr.several(s.Title, wr.lang) {
		own.Title = s.Title
		wr.boxed["scale.title in other languages"]++
		if s.Title[wr.lang] == "" {
			o.text("title", s.Title.In(wr.lang))
		}
	}
	kept := make(map[int32]competency.Extra, len(members))
	position := func(i int32) (n int32) {
		_ = json.Unmarshal(kept[i][space+"position"], &n)
		return n
	}
	var levels []competency.Descriptor
	for _, i := range members {
		var e competency.Extra
		_ = json.Unmarshal(wr.f.Competencies[i].Extra[criterionExtra], &e)
		kept[i] = e
	}
	slices.SortStableFunc(members, func(a, b int32) int { return cmp.Compare(position(a), position(b)) })
	for _, i := range members {
		levels = append(levels, wr.f.Competencies[i].Levels...)
	}
	var criteria []json.RawMessage
	if !reflect.DeepEqual(labelsOf(levels), s.Levels) && len(s.Levels) > 0 {
		wr.boxed["scale as a criterion without an item"]++
		criteria = append(criteria, wr.criterion(criterionOf{scale: s.ID, rubric: o.id, levels: s.Levels, own: ownCriterion{Scale: true}}, where))
	}
	for _, i := range members {
		c := &wr.f.Competencies[i]
		criteria = append(criteria, wr.criterion(criterionOf{scale: s.ID, rubric: o.id, item: c.ID, node: wr.node(i, nil), levels: c.Levels, extra: kept[i]}, wr.path("competencies", string(c.ID))))
	}
	o.set("CFRubricCriteria", wr.list(len(criteria), func(k int) json.RawMessage { return criteria[k] }))
	return wr.end(o, s.Extra, own, where)
}

// A criterionOf is what a criterion is made of.
type criterionOf struct {
	scale  competency.ScaleID
	rubric string
	item   competency.CompetencyID
	node   json.RawMessage
	levels []competency.Descriptor
	extra  competency.Extra
	own    ownCriterion
}

func (wr *writer) criterion(c criterionOf, where string) json.RawMessage {
	name := "case:criterion:" + string(wr.f.ID) + ":" + string(c.scale) + ":" + string(c.item)
	ident, uri := wr.kept(c.extra, name)
	o, was := wr.begin(criterionKind, ident, uri, where+"/levels")
	c.own.ID = was
	if c.node != nil {
		o.set("CFItemURI", c.node)
	}
	if c.rubric != "" {
		o.set("rubricId", quote(c.rubric))
	}
	o.set("CFRubricCriterionLevels", wr.list(len(c.levels), func(k int) json.RawMessage {
		return wr.level(&c.levels[k], o.id, name, fmt.Sprintf("%s/levels[%d]", where, k))
	}))
	return wr.end(o, c.extra, c.own, where)
}

// kept are the identifier and uri that an object was read with, or an identifier of its name.
func (wr *writer) kept(e competency.Extra, name string) (ident, uri string) {
	_ = json.Unmarshal(e[space+"identifier"], &ident)
	_ = json.Unmarshal(e[space+"uri"], &uri)
	return cmp.Or(ident, id.FromName(name)), uri
}

func (wr *writer) level(d *competency.Descriptor, criterion, name, where string) json.RawMessage {
	ident, uri := wr.kept(d.Extra, fmt.Sprintf("%s:%d", name, d.Level))
	o, was := wr.begin(levelKind, ident, uri, where)
	own := ownLevel{ID: was, Extra: wr.other(d.Extra, "level")}
	o.text("quality", d.Title[wr.lang])
	if wr.several(d.Title, wr.lang) {
		own.Title = d.Title
		o.text("quality", d.Title.In(wr.lang))
		wr.boxed["level.title in other languages"]++
	}
	o.text("description", wr.indicator(d))
	if len(d.Indicators) > 0 || wr.several(d.Description, wr.lang) {
		own.Description, own.Indicators = d.Description, d.Indicators
		wr.boxed["level.indicators one by one, and in other languages"]++
	}
	o.set("score", number(float64(d.Level)))
	if criterion != "" {
		o.set("rubricCriterionId", quote(criterion))
	}
	return wr.end(o, d.Extra, own, where)
}

// indicator is the text of a level: its description, or else its indicators line by line.
func (wr *writer) indicator(d *competency.Descriptor) string {
	if s := d.Description.In(wr.lang); s != "" || len(d.Indicators) == 0 {
		return s
	}
	var lines []string
	for _, x := range d.Indicators {
		lines = append(lines, x.Text.In(wr.lang))
	}
	return strings.Join(lines, "\n")
}

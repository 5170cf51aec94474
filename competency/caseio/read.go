package caseio

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
)

// undetermined is the language tag of texts whose language no field names.
const undetermined = "und"

// Read reads a CASE package, version 1.1 or 1.0, as a framework.
//
// It is lenient: what is not as the standard asks for, but can be understood,
// is read, and each repair is a problem with file, line and column. Fields for
// which the model has no word are kept in Extra, under "case:" and their name.
// The package's documentation lists the codes. A file that is no package, or
// is beyond a limit of the options, gives an empty framework and an error.
//
// Whether references lead anywhere, and in no circle, is for
// [competency.Framework.Validate] to say.
func Read(r io.Reader, file string, opt *Options) (*competency.Framework, bangkom.Problems) {
	rd, top, problem := open(r, file, opt)
	if problem != nil {
		return &competency.Framework{}, bangkom.Problems{*problem}
	}
	p := packageReader{reader: rd, f: &competency.Framework{}, items: map[string]int32{}}
	p.read(top)
	return p.f, p.finish()
}

// open loads a file and finds the package in it.
func open(r io.Reader, file string, opt *Options) (*reader, record, *bangkom.Problem) {
	o := opt.orDefaults()
	t, problem := load(r, file, o)
	if problem != nil {
		return nil, record{}, problem
	}
	rd := &reader{
		tree: t, findings: findings{max: o.MaxProblems}, file: file, o: o,
		seen: map[string]int32{}, odd: map[string]bool{}, renamed: map[string]string{},
		strays: map[string]int{}, strange: map[string]int{}, places: map[string]int32{}, words: map[string]string{},
	}
	if t.bad {
		rd.add(bangkom.Problem{Code: "invalid-utf8", Severity: bangkom.Warning, Where: t.where(file, t.firstBad()), Msg: "bytes that are not UTF-8, here the first, were read as \ufffd", Need: "save the file as UTF-8"})
	}
	root := t.at(0).first
	top := record{kind: packageKind, node: root}
	if t.at(root).kind == '{' {
		top = rd.record(root, packageKind)
		if inner := top.wrapped(rd); inner != 0 {
			top = rd.record(inner, packageKind)
		}
	}
	if top.get("CFDocument") == 0 && top.get("CFItems") == 0 {
		return nil, top, &bangkom.Problem{Code: "not-a-package", Where: file + ":1:1", Msg: "no CFDocument and no CFItems: not a CASE package", Need: "export the framework as a CFPackage"}
	}
	if n := rd.objectCount(&top); n > o.MaxObjects {
		return nil, top, &bangkom.Problem{Code: "too-many-objects", Where: file, Value: fmt.Sprint(n), Msg: fmt.Sprintf("more than %d items, associations and definitions", o.MaxObjects), Need: "raise Options.MaxObjects if the file can be trusted"}
	}
	return rd, top, nil
}

// wrapped returns the package inside {"CFPackage": …}.
func (r *record) wrapped(rd *reader) int32 {
	for _, u := range r.unknown {
		if rd.key(u) == "CFPackage" && rd.at(u).kind == '{' {
			return u
		}
	}
	return 0
}

// objectCount counts what would become objects, the parts of rubrics included.
func (rd *reader) objectCount(top *record) int {
	n := 0
	var count func(at int32, depth int)
	count = func(at int32, depth int) {
		for c := range rd.children(at) {
			if m := rd.at(c); m.kind == '[' {
				n += int(m.size)
			}
			if depth > 0 {
				count(c, depth-1)
			}
		}
	}
	for _, name := range []string{"CFItems", "CFAssociations"} {
		if at := top.get(name); at != 0 {
			n += int(rd.at(at).size)
		}
	}
	if at := top.get("CFDefinitions"); at != 0 {
		count(at, 0)
	}
	if at := top.get("CFRubrics"); at != 0 {
		n += int(rd.at(at).size)
		count(at, 4) // rubric, criteria, criterion, levels
	}
	return n
}

// A packageReader builds the framework.
type packageReader struct {
	*reader
	f          *competency.Framework
	document   string
	lang       string // of the document
	changed    string // of the document
	items      map[string]int32
	byURI      map[string]string // made when first asked for
	incomplete json.RawMessage   // definitions from our box
	sequence   []int32           // of each item below its parent; 0: none
}

func (p *packageReader) read(top record) {
	if n := top.get("CFDocument"); n != 0 {
		p.readDocument(n)
	} else {
		p.report("missing-field", bangkom.Error, top.node, "CFPackage.CFDocument", "a field that CASE requires is missing or empty", "add it")
		p.lang = undetermined
	}
	if v := p.foreign(&top); v != nil {
		p.keep(&p.f.Extra, packageExtensions, v)
	}
	for _, u := range top.unknown {
		p.unknownField(packageKind, u)
		p.keep(&p.f.Extra, packageExtra+p.key(u), p.raw(u))
	}
	if n := top.get("CFItems"); n != 0 {
		p.f.Competencies = make([]competency.Competency, 0, p.at(n).size)
		for c := range p.members(n, itemKind) {
			p.readItem(c)
		}
	}
	p.sequence = make([]int32, len(p.f.Competencies))
	if n := top.get("CFAssociations"); n != 0 {
		p.f.Associations = make([]competency.Association, 0, p.at(n).size)
		for c := range p.members(n, associationKind) {
			p.readAssociation(c)
		}
		if len(p.f.Associations) == 0 {
			p.f.Associations = nil
		}
	}
	if n := top.get("CFRubrics"); n != 0 {
		p.readRubrics(n)
	}
	if n := top.get("CFDefinitions"); n != 0 {
		p.readDefinitions(n)
	}
	p.restoreDefinitions()
	sortTree(p.f, p.sequence)
}

const (
	packageExtensions = space + "CFPackage:extensions"
	packageExtra      = space + "CFPackage:"
)

func (p *packageReader) keep(e *competency.Extra, name string, v json.RawMessage) {
	if v == nil {
		return
	}
	if *e == nil {
		*e = competency.Extra{}
	}
	(*e)[name] = v
}

// uri is the object's own, unless it says no more than the identifier does.
func (p *packageReader) uri(r *record) string {
	if n := r.get("uri"); n == 0 || p.restates(r, n) {
		return ""
	}
	return p.str(r, "uri")
}

// restates reports whether a uri is made of the identifier beside it.
func (p *packageReader) restates(r *record, n int32) bool {
	const scheme = "urn:uuid:"
	m := p.at(n)
	if m.kind != '"' || int(m.end-m.start) != len(scheme)+36 || string(p.data[m.start:m.start+int32(len(scheme))]) != scheme {
		return false
	}
	id := r.get("identifier")
	return id != 0 && p.text(n)[len(scheme):] == canonical(p.text(id))
}

// rest keeps the fields for which the model has no word.
func (p *packageReader) rest(r *record, e *competency.Extra) {
	for i := range r.kind.fields {
		f := &r.kind.fields[i]
		if r.at[i] == 0 || f.mapped {
			continue
		}
		if f.shape == asURI && p.restates(r, r.at[i]) {
			continue // as without one
		}
		v := p.normal(r.at[i], f)
		if f.name == "lastChangeDateTime" && r.kind != documentKind && string(v) == p.changed {
			continue // as the document
		}
		p.keep(e, f.extra, v)
	}
	p.keep(e, space+"extensions", p.foreign(r))
	for _, u := range r.unknown {
		p.unknownField(r.kind, u)
		p.keep(e, space+p.key(u), p.raw(u))
	}
}

func (p *packageReader) readDocument(n int32) {
	r := p.record(n, documentKind)
	p.check(&r)
	f := p.f
	p.document = p.identity(&r)
	if p.document != "" {
		p.taken(p.document, &r)
	}
	p.lang = p.str(&r, "language")
	if p.lang == "" {
		p.lang = undetermined
	}
	f.ID, f.URI, f.Version = competency.FrameworkID(p.document), p.uri(&r), p.str(&r, "version")
	f.Title, f.Description = p.words1(p.str(&r, "title"), p.lang), p.words1(p.str(&r, "description"), p.lang)
	f.Source = p.str(&r, "officialSourceURL")
	f.ValidFrom, f.ValidUntil = p.day(r.get("statusStartDate")), p.day(r.get("statusEndDate"))
	p.rest(&r, &f.Extra)
	p.changed = string(f.Extra[space+"lastChangeDateTime"])
	p.status(&r)
	if v := p.str(&r, "caseVersion"); v != "" && v != "1.1" && v != "1.0" {
		p.report("case-version", bangkom.Warning, r.get("caseVersion"), v, "a version of CASE that was not there when this was written; read as 1.1", "")
	}
	var own ownDocument
	p.unbox(&r, &own)
	set(&f.Title, own.Title)
	set(&f.Description, own.Description)
	f.ReplacedBy = own.ReplacedBy
	if own.Source != "" {
		f.Source = own.Source
	}
	if own.Status != "" {
		f.Status = own.Status
	}
	p.incomplete = own.Definitions
	for k, v := range own.Extra {
		p.keep(&f.Extra, k, v)
	}
}

// statuses by the words that files use, in lower case. The first four are those of the guide.
var statuses = map[string]competency.Status{
	"draft": competency.Draft, "pending implementation": competency.Pending, "implemented": competency.InForce, "retired": competency.Retired,
	"private draft": competency.Draft, "adopted": competency.InForce, "deprecated": competency.Retired,
}

// guide gives the guide's word of a status.
var guide = map[competency.Status]string{
	competency.Draft: "Draft", competency.Pending: "Pending Implementation", competency.InForce: "Implemented", competency.Retired: "Retired",
}

func (p *packageReader) status(r *record) {
	s := p.str(r, "adoptionStatus")
	if s == "" {
		return
	}
	st, ok := statuses[strings.ToLower(s)]
	p.f.Status = st
	switch {
	case !ok:
		p.report("unknown-status", bangkom.Warning, r.get("adoptionStatus"), s, "not a status of the guide; it is kept as it stands", "Draft, Pending Implementation, Implemented or Retired")
	case guide[st] == s:
		return
	default:
		p.report("legacy-status", bangkom.Warning, r.get("adoptionStatus"), s, "read as "+guide[st], "")
	}
	p.keep(&p.f.Extra, space+"adoptionStatus", quote(s))
}

// words1 is a text in one language; nil for none.
func (p *packageReader) words1(s, lang string) competency.Text {
	if s == "" {
		return nil
	}
	return competency.Text{lang: s}
}

// set puts what a box holds in place of what CASE's own field gave.
func set(t *competency.Text, own competency.Text) {
	if own != nil {
		*t = own
	}
}

func (p *packageReader) readItem(n int32) {
	r := p.record(n, itemKind)
	p.statement(&r)
	p.check(&r)
	id := p.identity(&r)
	if id == "" || p.taken(id, &r) {
		return // reported
	}
	lang := p.str(&r, "language")
	if lang == "" {
		lang = p.lang
	}
	c := competency.Competency{
		ID: competency.CompetencyID(id), URI: p.uri(&r), Code: p.str(&r, "humanCodingScheme"), Kind: competency.Kind(p.str(&r, "CFItemType")),
		Title: p.words1(p.str(&r, "abbreviatedStatement"), lang), Description: p.words1(p.str(&r, "fullStatement"), lang),
		ValidFrom: p.day(r.get("statusStartDate")), ValidUntil: p.day(r.get("statusEndDate")),
	}
	if u, mended := slashed(c.URI); mended {
		p.report("uri-repaired", bangkom.Warning, r.get("uri"), c.URI, "the slash before the identifier is missing; it was put back", "")
		c.URI = u
	}
	if c.Title == nil { // most frameworks have the statement only: it is the name
		c.Title, c.Description = c.Description, nil
	}
	if s := p.str(&r, "alternativeLabel"); s != "" {
		c.Also = []string{s}
	}
	p.rest(&r, &c.Extra)
	var own ownItem
	p.unbox(&r, &own)
	if own.Title != nil || own.Description != nil {
		c.Title, c.Description = own.Title, own.Description
	}
	if own.Also != nil {
		c.Also = own.Also
	}
	c.Dense, c.Scale, c.Levels = own.Dense, own.Scale, own.Levels
	for k, v := range own.Extra {
		p.keep(&c.Extra, k, v)
	}
	p.items[id] = int32(len(p.f.Competencies))
	p.f.Competencies = append(p.f.Competencies, c)
}

// statement takes another text where an item has no fullStatement.
func (p *packageReader) statement(r *record) {
	if p.at(r.node).kind != '{' || r.get("fullStatement") != 0 {
		return
	}
	for _, name := range []string{"abbreviatedStatement", "alternativeLabel"} {
		if i := r.kind.index[name]; r.at[i] != 0 {
			p.report("statement-from-label", bangkom.Warning, r.node, name, "no fullStatement; the "+name+" was taken for it", "")
			r.at[r.kind.index["fullStatement"]], r.at[i] = r.at[i], 0
			return
		}
	}
}

// relations by what files write.
var relations = func() map[string]competency.Relation {
	m := map[string]competency.Relation{"ext:requires": competency.Requires}
	for _, r := range []competency.Relation{
		competency.ChildOf, competency.PartOf, competency.PeerOf, competency.ExactMatchOf, competency.RelatedTo, competency.Precedes,
		competency.ReplacedBy, competency.Exemplar, competency.HasSkillLevel, competency.TranslationOf,
	} {
		m[string(r)] = r
	}
	return m
}()

// spelt are the relations in lower case, and one that a system writes in its own way.
var spelt = func() map[string]competency.Relation {
	m := map[string]competency.Relation{"relatedto": competency.RelatedTo}
	for s, r := range relations {
		m[strings.ToLower(s)] = r
	}
	return m
}()

func (p *packageReader) relation(r *record) competency.Relation {
	s := p.str(r, "associationType")
	if t, ok := relations[s]; ok {
		return t
	}
	at := r.get("associationType")
	switch {
	case s == "":
	case spelt[strings.ToLower(s)] != "":
		t := spelt[strings.ToLower(s)]
		p.report("relation-repaired", bangkom.Warning, at, s, "read as "+string(t), "write "+string(t))
		return t
	case !strings.HasPrefix(s, "ext:"):
		p.report("unknown-relation", bangkom.Warning, at, s, "not an association type of CASE; it is kept as it stands and read as isRelatedTo", `write it as CASE does, such as isChildOf, or "ext:" before types of your own`)
	}
	return competency.Relation(s)
}

func (p *packageReader) readAssociation(n int32) {
	r := p.record(n, associationKind)
	p.check(&r)
	id := p.identity(&r)
	if id == "" || p.taken(id, &r) {
		return // reported
	}
	if r.get("originNodeURI") == 0 || r.get("destinationNodeURI") == 0 {
		return // reported as missing
	}
	from, to := p.end(r.get("originNodeURI")), p.end(r.get("destinationNodeURI"))
	if from.id == "" || to.id == "" && to.uri == "" {
		p.report("missing-field", bangkom.Error, r.node, id, "an end of the association has no identifier", "add it")
		return
	}
	a := competency.Association{ID: id, Type: p.relation(&r), From: competency.CompetencyID(from.id), Note: p.str(&r, "notes"), To: p.ref(to)}
	if from.kind != "" && from.kind != "CASE" {
		p.keep(&a.Extra, originKind, quote(from.kind))
	}
	if to.kind != "" && to.kind != "CASE" {
		p.keep(&a.Extra, destinationKind, quote(to.kind))
	}
	if at := r.get("sequenceNumber"); at != 0 {
		if v, ok := p.number(at, true); ok && v == 0 {
			p.keep(&a.Extra, space+"sequenceNumber", json.RawMessage("0"))
		} else if ok {
			a.Sequence = int(v)
		}
	}
	if at := r.get("CFAssociationGroupingURI"); at != 0 && p.at(at).kind == '{' {
		t := p.link(at)
		if a.Group = t.title; a.Group == "" {
			a.Group = t.id
		}
	}
	p.rest(&r, &a.Extra)
	var own ownAssociation
	p.unbox(&r, &own)
	p.restore(&a, &own)
	p.place(&a, id)
}

// restore takes from the box what CASE could not say.
func (p *packageReader) restore(a *competency.Association, own *ownAssociation) {
	if own.Type != "" {
		a.Type = own.Type
	}
	if own.From != "" {
		a.From = competency.CompetencyID(own.From)
	}
	if own.To != nil {
		a.To = *own.To
	}
	a.Strength, a.Author, a.Date, a.Review = own.Strength, own.Author, own.Date, own.Review
	for k, v := range own.Extra {
		p.keep(&a.Extra, k, v)
	}
}

// place gives an item its parent, and keeps the association unless it says no more than that.
func (p *packageReader) place(a *competency.Association, id string) {
	i, ok := p.items[string(a.From)]
	if ok && a.Type == competency.ChildOf && string(a.To.ID) == p.document && p.sequence[i] == 0 {
		p.sequence[i] = int32(a.Sequence) // a root
	}
	if _, inside := p.items[string(a.To.ID)]; a.Type == competency.ChildOf && ok && inside && a.To.Framework == "" && a.From != a.To.ID {
		c := &p.f.Competencies[i]
		if c.Parent == "" {
			c.Parent = a.To.ID
			p.sequence[i] = int32(a.Sequence)
			if p.implied(a, id) {
				return
			}
		}
	}
	p.f.Associations = append(p.f.Associations, *a)
}

// implied reports whether an association says no more than Parent does and is
// one that we made for that.
func (p *packageReader) implied(a *competency.Association, id string) bool {
	if len(id) != 36 || id[14] != '5' { // ours have a version of their own
		return false
	}
	if a.Note != "" || a.Group != "" || a.Strength != 0 || a.Author != "" || a.Review != "" || !a.Date.IsZero() {
		return false
	}
	for name, v := range a.Extra {
		if name != space+"lastChangeDateTime" && (name != space+"uri" || !strings.HasSuffix(string(v), id+`"`)) {
			return false
		}
	}
	return id == impliedID(p.document, string(a.From), string(a.To.ID))
}

const (
	originKind      = space + "originTargetType"
	destinationKind = space + "destinationTargetType"
)

// end reads a node of an association. Items are found by identifier; where
// there is none, by uri.
func (p *packageReader) end(n int32) target {
	if p.at(n).kind == '"' { // an identifier or a URI
		s := p.text(n)
		if _, ok := p.items[canonical(s)]; ok {
			return target{id: canonical(s)}
		}
		if p.document != "" && (canonical(s) == p.document || s == p.f.URI) {
			return target{id: p.document}
		}
	}
	t := p.link(n)
	t.id = p.original(t.id)
	if t.id == "" && t.uri != "" {
		t.id = p.itemOf(t.uri)
	}
	if t.uri == t.id {
		t.uri = ""
	}
	// Identifiers recur: share the bytes of the item's own.
	if i, ok := p.items[t.id]; ok {
		t.id = string(p.f.Competencies[i].ID)
	}
	return t
}

func (p *packageReader) itemOf(uri string) string {
	if p.byURI == nil {
		p.byURI = make(map[string]string, len(p.f.Competencies))
		for i := range p.f.Competencies {
			c := &p.f.Competencies[i]
			p.byURI[c.URI] = string(c.ID)
		}
	}
	return p.byURI[uri]
}

// meaningless titles stand in the place of a name.
var meaningless = map[string]bool{"Origin": true, "Destination": true, "Document": true, "CFPackage": true}

// ref keeps of a destination what the framework itself does not say.
func (p *packageReader) ref(t target) competency.Ref {
	ref := competency.Ref{ID: competency.CompetencyID(t.id)}
	if _, inside := p.items[t.id]; inside || t.id != "" && t.id == p.document {
		return ref
	}
	ref.URI = t.uri
	if !meaningless[t.title] {
		ref.Title = t.title
	}
	return ref
}

// definitions is where the model keeps those of a package.
const definitions = space + "CFDefinitions"

func (p *packageReader) readDefinitions(n int32) {
	if v := p.object(n, definitionsKind); v != nil && string(v) != "{}" {
		p.keep(&p.f.Extra, definitions, v)
	}
}

// restoreDefinitions puts the definitions of our box beside the others.
func (p *packageReader) restoreDefinitions() {
	if p.incomplete == nil {
		return
	}
	all, boxed := map[string]json.RawMessage{}, map[string][]json.RawMessage{}
	if v := p.f.Extra[definitions]; v != nil {
		if json.Unmarshal(v, &all) != nil {
			return
		}
	}
	if json.Unmarshal(p.incomplete, &boxed) != nil {
		return
	}
	for name, list := range boxed {
		var have []json.RawMessage
		if v := all[name]; v != nil && json.Unmarshal(v, &have) != nil {
			continue
		}
		if v, err := json.Marshal(append(have, list...)); err == nil {
			all[name] = v
		}
	}
	if v, err := json.Marshal(all); err == nil {
		p.keep(&p.f.Extra, definitions, v)
	}
}

// finish adds what was found many times as one finding each.
func (rd *reader) finish() bangkom.Problems {
	for _, k := range sortedKeys(rd.strays) {
		rd.add(bangkom.Problem{
			Code: "not-in-package", Severity: bangkom.Note, Where: rd.file, Value: strings.ReplaceAll(k, " ", "."),
			Msg: fmt.Sprintf("a field of stand-alone objects stands in %d objects of the package; it says nothing there and was not kept", rd.strays[k]),
		})
	}
	for _, k := range sortedKeys(rd.strange) {
		rd.add(bangkom.Problem{
			Code: "unknown-field", Severity: bangkom.Note, Where: rd.where(rd.file, rd.places[k]), Value: k,
			Msg: fmt.Sprintf("a field that CASE does not know stands in %d objects, first here; it is kept, and written on request only", rd.strange[k]),
		})
	}
	return rd.all(rd.file)
}

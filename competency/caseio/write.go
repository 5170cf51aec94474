package caseio

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/internal/id"
)

// Write writes a framework as a CASE 1.1 package: valid against the official
// schema and its OpenAPI file, UTF-8, without null and empty lists, in one
// order, so that the same framework gives the same bytes.
//
// What CASE has no field for stands under extensions, in an object "bangkom",
// where [Read] finds it and other systems do not look: a Note says what that
// is. What is not written at all, or changed, is a Warning. Nothing is cut.
// Nothing is written where a field that CASE requires has no value, or an id
// stands twice; the error says which.
func Write(w io.Writer, f *competency.Framework, opt *Options) (losses bangkom.Problems, err error) {
	wr := newWriter(f, opt)
	doc := wr.pack()
	return wr.emit(w, doc)
}

// emit writes what was gathered unless there were errors.
func (wr *writer) emit(w io.Writer, doc json.RawMessage) (bangkom.Problems, error) {
	all := wr.finish()
	if err := all.Err(); err != nil {
		return all.Only(bangkom.Warning), err
	}
	var b bytes.Buffer
	if err := json.Indent(&b, doc, "", "  "); err != nil {
		return all, fmt.Errorf("caseio: %w", err)
	}
	b.WriteByte('\n')
	_, err := w.Write(b.Bytes())
	return all, err
}

// A writer turns a framework into objects and gathers what CASE cannot say.
type writer struct {
	findings
	f       *competency.Framework
	o       Options
	lang    string
	changed json.RawMessage   // of the document
	since   json.RawMessage   // of objects without a time of their own
	written map[string]string // identifiers as written, and whose they are
	boxed   map[string]int    // what stands in our box only
	dropped map[string]int    // fields that CASE does not know
	items   map[competency.CompetencyID]int32
	order   []int32
	place   []competency.CompetencyID // of each competency: its place in the tree
	seq     []int                     // of each competency: its sequence number below it
	groups  map[string]json.RawMessage
	scales  map[competency.ScaleID]int
}

func newWriter(f *competency.Framework, opt *Options) *writer {
	if f == nil {
		f = &competency.Framework{}
	}
	o := opt.orDefaults()
	wr := &writer{
		findings: findings{max: o.MaxProblems}, f: f, o: o,
		written: map[string]string{}, boxed: map[string]int{}, dropped: map[string]int{},
		items: make(map[competency.CompetencyID]int32, len(f.Competencies)), groups: map[string]json.RawMessage{}, scales: map[competency.ScaleID]int{},
	}
	wr.lang = cmp.Or(o.Language, first(f.Title), undetermined)
	for i := range f.Competencies {
		c := &f.Competencies[i]
		if _, taken := wr.items[c.ID]; !taken {
			wr.items[c.ID] = int32(i)
		}
	}
	for i := range f.Scales {
		wr.scales[f.Scales[i].ID] = i
	}
	return wr
}

// first is the first tag, in alphabetical order, that has a text.
func first(t competency.Text) string {
	var tag string
	for k, s := range t {
		if s != "" && (tag == "" || k < tag) {
			tag = k
		}
	}
	return tag
}

func (wr *writer) fail(where, code, value, msg, need string) {
	wr.add(bangkom.Problem{Code: code, Where: where, Value: shorten(value), Msg: msg, Need: need})
}

func (wr *writer) warn(where, code, value, msg, need string) {
	wr.add(bangkom.Problem{Code: code, Severity: bangkom.Warning, Where: where, Value: shorten(value), Msg: msg, Need: need})
}

// finish adds what happened many times as one finding each.
func (wr *writer) finish() bangkom.Problems {
	for _, k := range sortedKeys(wr.dropped) {
		wr.add(bangkom.Problem{Code: "unknown-field", Severity: bangkom.Warning, Where: k, Msg: fmt.Sprintf("CASE has no such field; it was left out of %d objects", wr.dropped[k]), Need: "set Options.Unknown to write it under extensions"})
	}
	for _, k := range sortedKeys(wr.boxed) {
		wr.add(bangkom.Problem{Code: "in-extension", Severity: bangkom.Note, Where: k, Msg: fmt.Sprintf("CASE cannot say this; in %d objects it stands under extensions.%s, which other systems do not read", wr.boxed[k], box)})
	}
	return wr.all(string(wr.f.ID))
}

// An out is an object on its way: values by field.
type out struct {
	kind *kind
	id   string // as written
	at   [24]json.RawMessage
	ext  map[string]json.RawMessage // extensions, our box among them
}

func (o *out) set(name string, v json.RawMessage) { o.at[o.kind.index[name]] = v }

func (o *out) text(name, s string) {
	if s != "" {
		o.set(name, quote(s))
	}
}

func (o *out) day(name string, d bangkom.Date) { o.text(name, d.String()) }

// begin starts an object under its identifier. The second result is the
// identifier as it was, if it is written as another one.
func (wr *writer) begin(k *kind, ident, uri, where string) (*out, string) {
	o := &out{kind: k}
	if ident == "" {
		wr.fail(where, "missing-field", k.name+".identifier", "a field that CASE requires is missing", "give it an id")
		return o, ""
	}
	o.id = writable(ident, wr.o.KeepIDs)
	was := ""
	if o.id != ident {
		was = ident
		wr.warn(where, "identifier-rewritten", ident, "not a UUID as CASE asks for; written as "+o.id+", which follows from it", "")
	}
	if of, taken := wr.written[o.id]; taken {
		wr.fail(where, "duplicate-id", ident, "the identifier is that of "+of+" too", "give each object an identifier of its own")
	}
	wr.written[o.id] = where
	o.set("identifier", quote(o.id))
	if !absolute(uri) {
		if uri != "" {
			wr.warn(where, "not-a-uri", uri, "no URI with a scheme; "+wr.o.Base+o.id+" was written", "")
		}
		uri = wr.o.Base + o.id
	}
	o.set("uri", quote(uri))
	return o, was
}

// end completes an object with what the model keeps for it, and our box.
func (wr *writer) end(o *out, extra competency.Extra, own any, where string) json.RawMessage {
	for _, name := range sortedNames(extra) {
		wr.extraField(o, name, extra[name], where)
	}
	if v, err := json.Marshal(own); err == nil && own != nil && string(v) != "{}" {
		o.extend(box, v)
	}
	if c := o.kind.index["lastChangeDateTime"]; o.at[c] == nil {
		o.at[c] = wr.since
	}
	return wr.close(o, where)
}

func sortedNames(e competency.Extra) []string {
	var names []string
	for k := range e {
		names = append(names, k)
	}
	slices.Sort(names)
	return names
}

func (o *out) extend(name string, v json.RawMessage) {
	if o.ext == nil {
		o.ext = map[string]json.RawMessage{}
	}
	o.ext[name] = v
}

// extraField writes a field that the model keeps as it was read. Names that do
// not begin with "case:" are other formats' and belong into the box: see otherExtra.
func (wr *writer) extraField(o *out, name string, v json.RawMessage, where string) {
	name, ours := strings.CutPrefix(name, space)
	if !ours || strings.Contains(name, ":") || o.kind == documentKind && (name == "CFDefinitions" || name == "CFRubrics") {
		return
	}
	if name == "originTargetType" || name == "destinationTargetType" || name == "CFRubricCriterion" {
		return // written where they belong
	}
	if name == "extensions" {
		wr.extensions(o, v, where)
		return
	}
	i, known := o.kind.index[name]
	switch {
	case !known && wr.o.Unknown && json.Valid(v):
		o.extend(name, v)
	case !known:
		wr.dropped[o.kind.name+"."+name]++
	case o.at[i] == nil:
		o.at[i] = wr.value(&o.kind.fields[i], v, where+"/"+name)
	}
}

// extensions takes over those of other systems.
func (wr *writer) extensions(o *out, v json.RawMessage, where string) {
	var one map[string]json.RawMessage
	if json.Unmarshal(v, &one) == nil {
		for k, x := range one {
			o.extend(k, x)
		}
		return
	}
	var list []map[string]json.RawMessage
	if json.Unmarshal(v, &list) != nil {
		wr.warn(where+"/extensions", "wrong-type", string(v), "extensions are neither an object nor a list of objects; they were left out", "")
		return
	}
	for _, one := range list {
		for k, x := range one {
			o.extend(k, x)
		}
	}
}

// close writes the object and reports required fields without a value.
func (wr *writer) close(o *out, where string) json.RawMessage {
	if o.ext != nil {
		v, err := json.Marshal(o.ext)
		if err != nil {
			wr.fail(where+"/extensions", "wrong-type", "", err.Error(), "")
		}
		if o.kind.listed {
			v = append(append([]byte{'['}, v...), ']')
		}
		o.set("extensions", v)
	}
	b := []byte{'{'}
	for i := range o.kind.fields {
		f := &o.kind.fields[i]
		if o.at[i] == nil {
			if f.required {
				wr.fail(where, "missing-field", o.kind.name+"."+f.name, "a field that CASE requires has no value", cure(o.kind, f))
			}
			continue
		}
		if f.max > 0 {
			wr.length(o.kind, f, o.at[i], where)
		}
		b = appendMember(b, f.name, o.at[i])
	}
	return append(b, '}')
}

func cure(k *kind, f *field) string {
	switch f.name {
	case "lastChangeDateTime":
		return "set Options.Changed"
	case "creator":
		return "set Options.Creator"
	case "fullStatement":
		return "give the competency a title"
	}
	return "give the " + k.name + " a " + f.name
}

func (wr *writer) length(k *kind, f *field, v json.RawMessage, where string) {
	if len(v) <= f.max {
		return
	}
	var list []string
	if f.shape != asTexts {
		list = []string{""}
		_ = json.Unmarshal(v, &list[0]) // what we quoted ourselves
	} else if json.Unmarshal(v, &list) != nil {
		return
	}
	for _, s := range list {
		if utf8.RuneCountInString(s) > f.max {
			wr.warn(where+"/"+f.name, "too-long", s, tooLong(k.name, f, s), "")
		}
	}
}

// value checks a kept field against its form, and completes links.
func (wr *writer) value(f *field, v json.RawMessage, where string) json.RawMessage {
	var into any
	switch f.shape {
	case asText, asURI, asDay:
		into = new(string)
	case asMoment:
		var s string
		if json.Unmarshal(v, &s) == nil {
			if t, _, ok := readMoment(s); ok {
				return quote(writeMoment(t))
			}
		}
	case asTexts:
		into = new([]string)
	case asNumber:
		into = new(float64)
	case asInteger:
		into = new(int32)
	case asLink:
		if v := wr.keptLink(v); v != nil {
			return v
		}
	case asLinks:
		return wr.keptLinks(v, where)
	}
	if into == nil || string(v) == "null" || json.Unmarshal(v, into) != nil {
		wr.warn(where, "wrong-type", string(v), "not what CASE has in this field; it was left out", "")
		return nil
	}
	if s, ok := into.(*[]string); ok && len(*s) == 0 {
		return nil
	}
	return v
}

func (wr *writer) keptLinks(v json.RawMessage, where string) json.RawMessage {
	var list []json.RawMessage
	if json.Unmarshal(v, &list) != nil {
		wr.warn(where, "wrong-type", string(v), "not a list of links; it was left out", "")
		return nil
	}
	var b array
	for _, one := range list {
		l := wr.keptLink(one)
		if l == nil {
			wr.warn(where, "wrong-type", string(one), "a link without identifier and uri; it was left out", "")
		}
		b.add(l)
	}
	return b.end()
}

// keptLink completes a link: all three members are required.
func (wr *writer) keptLink(v json.RawMessage) json.RawMessage {
	var l struct{ Title, Identifier, URI string }
	if json.Unmarshal(v, &l) != nil || l.Identifier == "" && l.URI == "" {
		return nil
	}
	return wr.link(l.Title, l.Identifier, l.URI)
}

func (wr *writer) link(title, ident, uri string) json.RawMessage {
	if ident == "" {
		ident = id.FromName("case:" + uri)
	}
	ident = writable(ident, wr.o.KeepIDs)
	if !absolute(uri) {
		uri = wr.o.Base + ident
	}
	return three(title, ident, uri)
}

// three writes a link whose members are all there, empty or not.
func three(title, ident, uri string) json.RawMessage {
	b := appendMember([]byte{'{'}, "title", quote(title))
	b = appendMember(b, "identifier", quote(ident))
	return append(appendMember(b, "uri", quote(uri)), '}')
}

// pack writes the package.
func (wr *writer) pack() json.RawMessage {
	wr.arrange()
	p := &out{kind: packageKind}
	own := wr.ownDocument()
	wr.moments()
	defs := wr.definitions(&own)
	p.set("CFDocument", wr.document(own))
	p.set("CFItems", wr.list(len(wr.order), func(k int) json.RawMessage { return wr.item(wr.order[k]) }))
	p.set("CFAssociations", wr.associations())
	p.set("CFRubrics", wr.rubrics())
	p.set("CFDefinitions", wr.withGroups(defs))
	for _, name := range sortedNames(wr.f.Extra) {
		switch rest, ok := strings.CutPrefix(name, packageExtra); {
		case !ok:
		case rest == "extensions":
			wr.extensions(p, wr.f.Extra[name], "CFPackage")
		case wr.o.Unknown && json.Valid(wr.f.Extra[name]):
			p.extend(rest, wr.f.Extra[name])
		default:
			wr.dropped["CFPackage."+rest]++
		}
	}
	return wr.close(p, "CFPackage")
}

// list writes n objects; nil if there are none.
func (wr *writer) list(n int, object func(int) json.RawMessage) json.RawMessage {
	var b array
	for k := range n {
		b.add(object(k))
	}
	return b.end()
}

// moments sets when the document was changed, and when objects were that have no
// time of their own: as the document was read with, which they were read from.
func (wr *writer) moments() {
	t := wr.o.Changed
	if t.IsZero() {
		t = wr.f.ValidFrom.Time()
	}
	if !t.IsZero() && 1 <= t.UTC().Year() && t.UTC().Year() <= 9999 {
		wr.changed = quote(writeMoment(t.Truncate(time.Millisecond)))
	}
	wr.since = wr.changed
	var s string
	if json.Unmarshal(wr.f.Extra[space+"lastChangeDateTime"], &s) != nil {
		return
	}
	if t, _, ok := readMoment(s); ok {
		wr.since = quote(writeMoment(t))
		if wr.o.Changed.IsZero() {
			wr.changed = wr.since
		}
	}
}

// other are the fields of other formats.
func (wr *writer) other(e competency.Extra, what string) competency.Extra {
	var rest competency.Extra
	for k, v := range e {
		if !strings.HasPrefix(k, space) {
			if rest == nil {
				rest = competency.Extra{}
			}
			rest[k] = v
		}
	}
	if rest != nil {
		wr.boxed[what+".extra"]++
	}
	return rest
}

func (wr *writer) ownDocument() ownDocument {
	f := wr.f
	own := ownDocument{ReplacedBy: f.ReplacedBy, Extra: wr.other(f.Extra, "framework")}
	if wr.several(f.Title, wr.lang) {
		own.Title = f.Title
		wr.boxed["framework.title in other languages"]++
	}
	if wr.several(f.Description, wr.lang) {
		own.Description = f.Description
		wr.boxed["framework.description in other languages"]++
	}
	if f.Source != "" && !absolute(f.Source) {
		own.Source = f.Source
		wr.boxed["framework.source"]++
	}
	if own.ReplacedBy != "" {
		wr.boxed["framework.replaced_by"]++
	}
	if f.Status != "" && guide[f.Status] == "" {
		own.Status = f.Status
	}
	return own
}

// several reports whether a text says more than what it says in one language.
func (wr *writer) several(t competency.Text, lang string) bool {
	return len(t) > 1 || len(t) == 1 && t[lang] == ""
}

func (wr *writer) document(own ownDocument) json.RawMessage {
	f := wr.f
	where := string(f.ID)
	o, was := wr.begin(documentKind, string(f.ID), f.URI, where)
	own.ID = was
	o.text("caseVersion", "1.1")
	o.text("title", f.Title[wr.lang])
	if f.Title[wr.lang] == "" {
		o.text("title", f.Title.In(wr.lang))
	}
	o.text("description", f.Description[wr.lang])
	if wr.lang != undetermined {
		o.text("language", wr.lang)
	}
	o.text("version", f.Version)
	o.day("statusStartDate", f.ValidFrom)
	o.day("statusEndDate", f.ValidUntil)
	if absolute(f.Source) {
		o.text("officialSourceURL", f.Source)
	}
	o.text("adoptionStatus", wr.adoption())
	if wr.o.Creator != "" {
		o.text("creator", wr.o.Creator)
	} else if f.Extra[space+"creator"] == nil {
		o.text("creator", f.Source)
	}
	if wr.changed != nil {
		o.set("lastChangeDateTime", wr.changed)
	}
	return wr.end(o, f.Extra, own, where)
}

// adoption is the status in the words of the file it came from, or in the guide's.
func (wr *writer) adoption() string {
	var s string
	if json.Unmarshal(wr.f.Extra[space+"adoptionStatus"], &s) == nil && s != "" && statuses[strings.ToLower(s)] == wr.f.Status {
		return s
	}
	return cmp.Or(guide[wr.f.Status], string(wr.f.Status))
}

func (wr *writer) item(i int32) json.RawMessage {
	c := &wr.f.Competencies[i]
	where := wr.path("competencies", string(c.ID))
	o, was := wr.begin(itemKind, string(c.ID), c.URI, where)
	own := ownItem{ID: was, Dense: c.Dense, Extra: wr.other(c.Extra, "competency")}
	if c.Dense {
		wr.boxed["competency.dense"]++
	}
	wr.itemTexts(o, c, &own)
	o.text("humanCodingScheme", c.Code)
	o.text("CFItemType", string(c.Kind))
	o.day("statusStartDate", c.ValidFrom)
	o.day("statusEndDate", c.ValidUntil)
	if len(c.Also) > 0 {
		o.text("alternativeLabel", c.Also[0])
		if len(c.Also) > 1 || c.Also[0] == "" {
			own.Also = c.Also
			wr.boxed["competency.also beyond the first"]++
		}
	}
	_, scaled := wr.scaleOf(c)
	if !scaled && len(c.Levels) > 0 {
		own.Levels = c.Levels
		wr.boxed["competency.levels without a scale"]++
	}
	if len(c.Levels) == 0 && c.Scale != "" && (!scaled || len(wr.f.Scales) > 1) {
		own.Scale = c.Scale
		wr.boxed["competency.scale without levels of its own"]++
	}
	return wr.end(o, c.Extra, own, where)
}

func (wr *writer) path(list, id string) string {
	return string(wr.f.ID) + "/" + list + "/" + id
}

// itemTexts writes title and description: both in one language, the title as
// abbreviatedStatement unless it is all there is.
func (wr *writer) itemTexts(o *out, c *competency.Competency, own *ownItem) {
	lang := wr.lang
	if c.Title[lang] == "" {
		lang = cmp.Or(first(c.Title), first(c.Description), wr.lang)
	}
	title, full := c.Title[lang], c.Description[lang]
	switch {
	case full == "":
		o.text("fullStatement", title)
	case title == "":
		o.text("fullStatement", full)
	default:
		o.text("fullStatement", full)
		o.text("abbreviatedStatement", title)
	}
	if lang != undetermined {
		o.text("language", lang)
	}
	more := wr.several(c.Title, lang) || wr.several(c.Description, lang)
	if more {
		wr.boxed["competency.title and description in other languages"]++
	}
	if more || title == "" && full != "" || lang == undetermined && wr.lang != undetermined && title+full != "" {
		own.Title, own.Description = c.Title, c.Description
	}
}

// scaleOf is the scale of a competency: by name, or the only one.
func (wr *writer) scaleOf(c *competency.Competency) (int, bool) {
	if c.Scale == "" {
		return 0, len(wr.f.Scales) == 1
	}
	i, ok := wr.scales[c.Scale]
	return i, ok
}

// number writes a number as short as it can be: whole ones without a point.
func number(v float64) json.RawMessage {
	return json.RawMessage(strconv.FormatFloat(v, 'f', -1, 64))
}

package caseio

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/bangkom/bangkom"
)

// A reader turns a tree into a framework and gathers what was wrong.
type reader struct {
	*tree
	findings
	file string
	o    Options

	seen    map[string]int32 // identifiers of all kinds of objects, and where they stand
	odd     map[string]bool  // identifiers outside the pattern that were reported
	renamed map[string]string
	strays  map[string]int // fields of the stand-alone form, counted by kind and name
	strange map[string]int // fields that CASE does not know
	places  map[string]int32
	words   map[string]string // texts that recur: languages, types, moments
}

func (rd *reader) report(code string, s bangkom.Severity, n int32, value, msg, need string) {
	if rd.full(code, s) {
		return
	}
	rd.problems.Add(bangkom.Problem{Code: code, Severity: s, Where: rd.where(rd.file, rd.at(n).start), Value: shorten(value), Msg: msg, Need: need})
}

// shorten keeps a problem readable where a value is a page long.
func shorten(s string) string {
	const shown = 120
	if len(s) <= shown {
		return s
	}
	cut := shown
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}

// A record is an object whose fields have been found by name.
type record struct {
	kind    *kind
	node    int32
	at      [24]int32 // by field; 0: not given
	unknown []int32
}

func (r *record) get(name string) int32 { return r.at[r.kind.index[name]] }

// record sorts the members of an object. What is null or empty is not there.
func (rd *reader) record(n int32, k *kind) record {
	r := record{kind: k, node: n}
	if rd.at(n).kind != '{' {
		rd.report("wrong-type", bangkom.Error, n, shorten(string(rd.raw(n))), "an object of the kind "+k.name+" was due here", "it was left out")
		return r
	}
	for c := range rd.children(n) {
		if rd.empty(c) {
			continue
		}
		m := rd.at(c)
		name := rd.data[m.key:m.keyTo]
		if i, ok := k.index[string(name)]; ok {
			rd.put(&r, i, c)
			continue
		}
		if k.stray[string(name)] {
			rd.strays[k.name+" "+string(name)]++
			continue
		}
		if std, ok := renamed[string(name)]; ok {
			if i, ok := k.index[std]; ok && r.at[i] == 0 {
				rd.report("misnamed-field", bangkom.Warning, c, string(name), "the field is called "+std+"; it was read as such", "")
				r.at[i] = c
				continue
			}
		}
		r.unknown = append(r.unknown, c)
	}
	return r
}

func (rd *reader) put(r *record, i int, c int32) {
	if r.at[i] != 0 {
		severity, msg := bangkom.Error, "the field stands twice in one object, and not alike; the last counts"
		if bytes.Equal(rd.raw(r.at[i]), rd.raw(c)) {
			severity, msg = bangkom.Warning, "the field stands twice in one object, alike"
		}
		rd.report("duplicate-field", severity, c, r.kind.fields[i].name, msg, "keep one of the two")
	}
	r.at[i] = c
}

// check reports required fields that are missing and texts that are too long for others.
func (rd *reader) check(r *record) {
	if rd.at(r.node).kind != '{' {
		return
	}
	for i := range r.kind.fields {
		f := &r.kind.fields[i]
		if f.required && r.at[i] == 0 {
			s, need := bangkom.Error, "add it"
			if f.name == "description" || f.name == "hierarchyCode" || f.name == "licenseText" {
				s, need = bangkom.Warning, "add it: without it the definition cannot be written"
			}
			rd.report("missing-field", s, r.node, r.kind.name+"."+f.name, "a field that CASE requires is missing or empty", need)
		}
		if r.at[i] == 0 {
			continue
		}
		if f.max > 0 {
			rd.length(r.at[i], f, r.kind)
		}
		if f.shape == asURI && rd.at(r.at[i]).kind == '"' && !absolute(rd.text(r.at[i])) {
			rd.report("not-a-uri", bangkom.Warning, r.at[i], rd.text(r.at[i]), r.kind.name+"."+f.name+" is no URI with a scheme", "")
		}
	}
}

func (rd *reader) length(n int32, f *field, k *kind) {
	m := rd.at(n)
	if m.kind == '[' {
		for c := range rd.children(n) {
			rd.length(c, f, k)
		}
		return
	}
	if int(m.end-m.start) <= f.max {
		return
	}
	if s := rd.text(n); utf8.RuneCountInString(s) > f.max {
		rd.report("too-long", bangkom.Warning, n, s, tooLong(k.name, f, s), "")
	}
}

func tooLong(kind string, f *field, s string) string {
	return fmt.Sprintf("%s.%s has %d characters; many systems hold %d", kind, f.name, utf8.RuneCountInString(s), f.max)
}

// str reads a field as text. Numbers and booleans are text to a lenient reader.
func (rd *reader) str(r *record, name string) string {
	n := r.get(name)
	if n == 0 {
		return ""
	}
	return rd.scalar(n)
}

func (rd *reader) scalar(n int32) string {
	switch m := rd.at(n); m.kind {
	case '"':
		if m.end-m.start < 36 && !m.escaped && !rd.bad { // short texts recur
			b := rd.data[m.start:m.end]
			if s, ok := rd.words[string(b)]; ok {
				return s
			}
			s := string(b)
			if len(rd.words) < 1<<14 {
				rd.words[s] = s
			}
			return s
		}
		return rd.text(n)
	case '0', 't':
		rd.report("wrong-type", bangkom.Warning, n, rd.text(n), "a number where text is due; it was read as text", "")
		return rd.text(n)
	}
	rd.report("wrong-type", bangkom.Error, n, string(rd.raw(n)), "text was due here; the value was left out", "")
	return ""
}

// moment reads a date-time and returns it as RFC 3339; "" if it is none.
func (rd *reader) moment(n int32) string {
	if n == 0 {
		return ""
	}
	s := rd.scalar(n)
	t, zoned, ok := readMoment(s)
	switch {
	case !ok:
		rd.report("not-a-time", bangkom.Error, n, s, "a date with time was due here; the value was left out", "write 2026-05-31T08:00:00Z")
		return ""
	case !zoned:
		rd.report("no-zone", bangkom.Warning, n, s, "a date with time but without zone; UTC was assumed", "")
		return writeMoment(t)
	case strings.HasSuffix(s, "Z"):
		return s
	}
	return writeMoment(t)
}

func (rd *reader) day(n int32) bangkom.Date {
	if n == 0 {
		return bangkom.Date{}
	}
	s := rd.scalar(n)
	d, exact, ok := readDay(s)
	if !ok {
		rd.report("not-a-date", bangkom.Error, n, s, "a day was due here; the value was left out", "write 2026-05-31")
	} else if !exact {
		rd.report("date-repaired", bangkom.Warning, n, s, "read as the day "+d.String(), "")
	}
	return d
}

// number reads a whole or decimal number; ok is false if it is none.
func (rd *reader) number(n int32, whole bool) (v float64, ok bool) {
	s := rd.text(n)
	k := rd.at(n).kind
	v, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if k != '0' && k != '"' || err != nil || v-v != 0 || whole && (v != float64(int32(v))) {
		rd.report("wrong-type", bangkom.Error, n, string(rd.raw(n)), "a number was due here; the value was left out", "")
		return 0, false
	}
	if k == '"' {
		rd.report("number-as-text", bangkom.Warning, n, s, "a number in quotes; it was read as a number", "")
	}
	return v, true
}

// A target is what a LinkURI or LinkGenURI points to.
type target struct{ id, uri, title, kind string }

// link reads a LinkURI, or a plain string in its place.
func (rd *reader) link(n int32) target {
	var t target
	switch rd.at(n).kind {
	case '"':
		t.uri = rd.text(n)
		t.id = trailing(t.uri)
		rd.report("link-as-text", bangkom.Warning, n, t.uri, "a text where an object with title, identifier and uri is due; it was read as the uri", "")
	case '{':
		for c := range rd.children(n) {
			if rd.empty(c) {
				continue
			}
			m := rd.at(c)
			switch string(rd.data[m.key:m.keyTo]) {
			case "identifier":
				t.id = canonical(rd.scalar(c))
			case "uri":
				t.uri = rd.scalar(c)
			case "title":
				t.title = rd.scalar(c)
			case "targetType":
				t.kind = rd.scalar(c)
			}
		}
	default:
		rd.report("wrong-type", bangkom.Error, n, string(rd.raw(n)), "a link was due here; the value was left out", "")
		return t
	}
	if u, mended := slashed(t.uri); mended {
		rd.report("uri-repaired", bangkom.Warning, n, t.uri, "the slash before the identifier is missing; it was put back", "")
		t.uri = u
	}
	if t.id == "" {
		t.id = trailing(t.uri)
	}
	return t
}

// json writes the link as an object, the empty members left out.
func (t target) json() json.RawMessage {
	b := []byte{'{'}
	for _, m := range [][2]string{{"title", t.title}, {"identifier", t.id}, {"uri", t.uri}, {"targetType", t.kind}} {
		if m[1] != "" {
			b = appendMember(b, m[0], quote(m[1]))
		}
	}
	return append(b, '}')
}

func appendMember(b []byte, name string, value json.RawMessage) []byte {
	if b[len(b)-1] != '{' {
		b = append(b, ',')
	}
	b = append(b, quote(name)...)
	b = append(b, ':')
	return append(b, value...)
}

// quote writes a text as JSON without escaping what only HTML needs escaped.
func quote(s string) json.RawMessage {
	if plain(s) {
		b := make([]byte, 0, len(s)+2)
		return append(append(append(b, '"'), s...), '"')
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		return json.RawMessage(`""`)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c >= 0x7f {
			return false
		}
	}
	return true
}

// normal brings a field to the form of CASE 1.1 as JSON; nil if there is nothing to keep.
func (rd *reader) normal(n int32, f *field) json.RawMessage {
	switch f.shape {
	case asTexts, asLinks:
		return rd.list(n, f)
	case asLink, asEnd:
		if t := rd.link(n); t != (target{}) {
			return t.json()
		}
		return nil
	case asDay:
		if d := rd.day(n); !d.IsZero() {
			return quote(d.String())
		}
		return nil
	case asMoment:
		if s := rd.moment(n); s != "" {
			return quote(s)
		}
		return nil
	case asNumber, asInteger:
		v, ok := rd.number(n, f.shape == asInteger)
		if !ok {
			return nil
		}
		return json.RawMessage(strconv.FormatFloat(v, 'f', -1, 64))
	case asBox:
		return rd.raw(n)
	case asObjects:
		return rd.objects(n, f.of)
	case asObject:
		return rd.object(n, f.of)
	}
	if s := rd.scalar(n); s != "" {
		return quote(s)
	}
	return nil
}

// list reads a list of texts or links; a single one is a list of one.
func (rd *reader) list(n int32, f *field) json.RawMessage {
	one := func(c int32) json.RawMessage {
		if f.shape == asLinks {
			return rd.link(c).json()
		}
		if s := rd.scalar(c); s != "" {
			return quote(s)
		}
		return nil
	}
	var b array
	if rd.at(n).kind != '[' {
		rd.report("text-for-list", bangkom.Warning, n, rd.text(n), f.name+" is a list; it was read as a list of one", "")
		b.add(one(n))
	} else {
		for c := range rd.children(n) {
			if !rd.empty(c) {
				b.add(one(c))
			}
		}
	}
	return b.end()
}

// An array is JSON in the making; nothing is added for nil.
type array []byte

func (b *array) add(v json.RawMessage) {
	if v == nil {
		return
	}
	open := byte(',')
	if *b == nil {
		open = '['
	}
	*b = append(append(*b, open), v...)
}

// end is the array; nil if it is empty.
func (b *array) end() json.RawMessage {
	if *b == nil {
		return nil
	}
	return json.RawMessage(append(*b, ']'))
}

// objects brings a list of objects to the form of CASE, unknown fields kept.
func (rd *reader) objects(n int32, k *kind) json.RawMessage {
	var b array
	for c := range rd.members(n, k) {
		b.add(rd.object(c, k))
	}
	return b.end()
}

func (rd *reader) object(n int32, k *kind) json.RawMessage {
	r := rd.record(n, k)
	if rd.at(n).kind != '{' {
		return nil
	}
	rd.check(&r)
	b := []byte{'{'}
	for i := range k.fields {
		f := &k.fields[i]
		if r.at[i] == 0 {
			continue
		}
		v := rd.normal(r.at[i], f)
		if f.name == "identifier" {
			id := rd.identity(&r)
			rd.taken(id, &r)
			v = quote(id)
		}
		if v != nil {
			b = appendMember(b, f.name, v)
		}
	}
	for _, u := range r.unknown {
		rd.unknownField(k, u)
		b = appendMember(b, rd.key(u), rd.raw(u))
	}
	return append(b, '}')
}

// members yields the objects of a list; one object is a list of one.
func (rd *reader) members(n int32, k *kind) func(yield func(int32) bool) {
	return func(yield func(int32) bool) {
		switch {
		case n == 0:
		case rd.at(n).kind == '{':
			rd.report("object-for-list", bangkom.Warning, n, "", "a list of "+k.name+" was due; it was read as a list of one", "")
			yield(n)
		case rd.at(n).kind != '[':
			rd.report("wrong-type", bangkom.Error, n, string(rd.raw(n)), "a list of "+k.name+" was due; the value was left out", "")
		default:
			for c := range rd.children(n) {
				if !rd.empty(c) && !yield(c) {
					return
				}
			}
		}
	}
}

func (rd *reader) unknownField(k *kind, n int32) {
	key := k.name + "." + rd.key(n)
	if rd.strange[key]++; rd.strange[key] == 1 {
		rd.places[key] = rd.at(n).start
	}
}

// identity reads an object's identifier, its original one if we wrote it under
// another. It reports what is not a UUID, and what an earlier object has.
func (rd *reader) identity(r *record) string {
	id := canonical(rd.str(r, "identifier"))
	if id == "" {
		if id = trailing(rd.str(r, "uri")); id == "" {
			return ""
		}
		rd.report("identifier-from-uri", bangkom.Warning, r.node, id, "no identifier; the one at the end of the uri was taken", "")
	}
	if own := rd.ownID(r); own != "" && own != id {
		rd.renamed[id] = own
		id = own
	} else if !fits(id) && !rd.odd[id] {
		rd.odd[id] = true
		rd.report("identifier-not-uuid", bangkom.Warning, r.node, id, "not a lower-case UUID of version 1 to 5; it is kept, and written as one that follows from it", "")
	}
	return id
}

// taken reports whether an earlier object has the identifier, and notes that this one has.
func (rd *reader) taken(id string, r *record) bool {
	if first, ok := rd.seen[id]; ok {
		rd.report("duplicate-id", bangkom.Error, r.node, id, "the identifier is taken by an earlier object, at "+rd.where(rd.file, rd.at(first).start), "give each object an identifier of its own")
		return true
	}
	rd.seen[id] = r.node
	return false
}

// original is the identifier that a reference means.
func (rd *reader) original(id string) string {
	if own, ok := rd.renamed[id]; ok {
		return own
	}
	return id
}

// sortedKeys gives the findings about fields a fixed order.
func sortedKeys(m map[string]int) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

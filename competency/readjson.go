package competency

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/bangkom/bangkom"
)

// What ReadFramework reads at most: bytes, and the braces and commas in them,
// those in texts included. A framework of 30,000 competencies and 290,000
// associations has 740,000 objects.
const (
	maxJSON    = 64 << 20
	maxObjects = 1_000_000
	maxValues  = 4_000_000
)

// ReadFramework reads what [Framework.WriteJSON] wrote, and what people have
// made of it. It is lenient and says so; check the framework with
// [Framework.Validate], which knows what a framework must be. A field that it
// does not know is kept in the Extra of its object under "json:" and its name,
// and written back where it stood. A file of more than 64 MiB, a million objects or
// four million values is refused. A million
// competencies took 0.9 GB, checks included.
//
//	not-json, too-large     error    the file, which was not read
//	wrong-schema            error    the file says that it is something else
//	wrong-type              error    a value that cannot be what its field asks for; it was left out
//	off-range, not-a-date   error    the same of a level, and of a day
//	no-level                error    a level without its number; it was left out
//	duplicate-field         error    a field twice in one object; the first was kept
//	trailing-data           error    something behind the framework; it was not read
//	no-schema, newer-schema warning  the file does not say its form, or a later one
//	repaired                warning  a text without a language, read as "und"; a number or text for the other; one entry for a list
//	invalid-utf8            warning  bytes that are not UTF-8 were read as U+FFFD
//	unknown-field           note     how many fields were kept without being understood
//
// Such as
//
//	{"schema": "bangkom.framework/1", "id": "kamus", "version": "2026", "title": {"id": "Kamus"},
//	 "scales": [{"id": "skala", "levels": [{"level": 1}, {"level": 2}]}],
//	 "competencies": [{"id": "ANA", "title": {"id": "Analisis"}, "scale": "skala"}]}
func ReadFramework(r io.Reader, file string) (*Framework, bangkom.Problems) {
	rd := jsonReader{v: validation{f: &Framework{ID: FrameworkID(file)}, count: map[string]int{}}}
	f := &Framework{}
	if data, ok := rd.load(r); ok {
		if o, ok := rd.object(whole, data); ok {
			rd.framework(f, o)
		}
	}
	if rd.unknown > 0 {
		rd.v.add(bangkom.Note, "", "unknown-field", fmt.Sprint(rd.unknown), "fields that this version has no word for; they are kept", "")
	}
	rd.v.overflow()
	return f, rd.v.problems
}

type jsonReader struct {
	v       validation
	unknown int
}

func (rd *jsonReader) load(r io.Reader) ([]byte, bool) {
	data, err := io.ReadAll(io.LimitReader(r, maxJSON+1))
	if err != nil {
		rd.v.fail("", "unreadable", "", err.Error(), "")
		return nil, false
	}
	if len(data) > maxJSON {
		rd.v.fail("", "too-large", "", fmt.Sprintf("the file has more than %d bytes", maxJSON), "split the framework")
		return nil, false
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(data) {
		data = bytes.ToValidUTF8(data, []byte("\ufffd"))
		rd.v.warn("", "invalid-utf8", "", "bytes that are not UTF-8 were read as U+FFFD", "save the file as UTF-8")
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	var whole json.RawMessage
	if err := dec.Decode(&whole); err != nil {
		rd.v.fail("", "not-json", "", err.Error(), "write a JSON object")
		return nil, false
	}
	if values, objects := 1+bytes.Count(whole, []byte(",")), bytes.Count(whole, []byte("{")); values > maxValues || objects > maxObjects {
		rd.v.fail("", "too-large", "", fmt.Sprintf("the file has more than %d objects or %d values", maxObjects, maxValues), "split the framework")
		return nil, false
	}
	if rest := bytes.TrimSpace(data[dec.InputOffset():]); len(rest) > 0 {
		rd.v.fail("", "trailing-data", string(rest[:min(len(rest), 40)]), "there is something behind the framework; it was not read", "keep one framework in a file")
	}
	return whole, true
}

// An object is the fields of one, by name. What was asked for is gone from it.
type object struct {
	rd     *jsonReader
	at     spot
	fields map[string]json.RawMessage
}

func null(raw json.RawMessage) bool { return raw == nil || string(raw) == "null" }

func (rd *jsonReader) object(at spot, raw json.RawMessage) (*object, bool) {
	if raw[0] != '{' {
		rd.v.fail(at(""), "wrong-type", string(raw), "not an object; it was left out", "write an object")
		return nil, false
	}
	o := &object{rd, at, map[string]json.RawMessage{}}
	var name json.RawMessage
	for part := range parts(raw) {
		if name == nil {
			name = part
			continue
		}
		var key string
		if json.Unmarshal(name, &key) != nil {
			break // the file is valid JSON: nothing of the kind
		}
		name = nil
		if _, twice := o.fields[key]; twice {
			rd.v.fail(at("/"+key), "duplicate-field", string(part), "the field is there already; the first was kept", "keep one of the two")
			continue
		}
		o.fields[key] = part
	}
	return o, true
}

// parts yields the values directly within a valid list or object, of an object
// names and values by turns. They share the bytes of raw.
func parts(raw json.RawMessage) iter.Seq[json.RawMessage] {
	return func(yield func(json.RawMessage) bool) {
		for i := 1; i < len(raw)-1; {
			if strings.IndexByte(" \t\r\n,:", raw[i]) >= 0 {
				i++
				continue
			}
			n := length(raw[i:])
			if !yield(raw[i : i+n : i+n]) {
				return
			}
			i += n
		}
	}
}

// length is that of the value at the beginning of valid JSON.
func length(raw json.RawMessage) int {
	depth, quoted := 0, false
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
			if !quoted && depth == 0 {
				return i + 1
			}
		case quoted:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			if depth--; depth == 0 {
				return i + 1
			}
			if depth < 0 {
				return i
			}
		case depth == 0 && strings.IndexByte(" \t\r\n,:", c) >= 0:
			return i
		}
	}
	return len(raw)
}

func (o *object) take(key string) (json.RawMessage, bool) {
	raw := o.fields[key]
	delete(o.fields, key)
	return raw, !null(raw)
}

func (o *object) wrong(key string, raw json.RawMessage, want string) {
	o.rd.v.fail(o.at("/"+key), "wrong-type", string(raw), "not "+want+"; it was left out", "write "+want)
}

func (o *object) repaired(key string, raw json.RawMessage, want string) {
	o.rd.v.warn(o.at("/"+key), "repaired", string(raw), "read as "+want, "write "+want)
}

// str reads a text, or the text of a number or truth.
func (o *object) str(key string) string {
	raw, ok := o.take(key)
	if !ok {
		return ""
	}
	s, ok := o.scalar(key, raw)
	if !ok {
		o.wrong(key, raw, "a text")
	}
	return s
}

func (o *object) scalar(key string, raw json.RawMessage) (string, bool) {
	var s string
	if raw[0] == '{' || raw[0] == '[' {
		return "", false
	}
	if json.Unmarshal(raw, &s) == nil {
		return s, true
	}
	o.repaired(key, raw, "a text")
	return string(raw), true
}

func (o *object) text(key string) Text {
	raw, ok := o.take(key)
	if !ok {
		return nil
	}
	if raw[0] != '{' {
		s, ok := o.scalar(key, raw)
		if !ok {
			o.wrong(key, raw, "texts by language")
			return nil
		}
		o.repaired(key, raw, `texts by language, {"id": "…"}`)
		return text("und", s)
	}
	in, ok := o.rd.object(func(f string) string { return o.at("/" + key + f) }, raw)
	if !ok || len(in.fields) == 0 {
		return nil
	}
	t := Text{}
	for _, tag := range sortedKeys(in.fields) {
		if raw, ok := in.take(tag); ok {
			if s, ok := in.scalar(tag, raw); ok {
				t[tag] = s
			} else {
				in.wrong(tag, raw, "a text")
			}
		}
	}
	if len(t) == 0 {
		return nil
	}
	return t
}

// list reads a list; a single entry stands for itself.
func (o *object) list(key string) []json.RawMessage {
	raw, ok := o.take(key)
	if !ok {
		return nil
	}
	if raw[0] != '[' {
		o.repaired(key, raw, "a list of one")
		return []json.RawMessage{raw}
	}
	return slices.Collect(parts(raw))
}

func (o *object) strings(key string) []string {
	var all []string
	for i, raw := range o.list(key) {
		if s := ""; raw[0] == '"' && json.Unmarshal(raw, &s) == nil {
			all = append(all, s)
		} else if s, ok := o.scalar(fmt.Sprintf("%s[%d]", key, i), raw); ok {
			all = append(all, s)
		} else {
			o.wrong(fmt.Sprintf("%s[%d]", key, i), raw, "a text")
		}
	}
	return all
}

// number reads a number, or a text that is one.
func (o *object) number(key string) (float64, bool) {
	raw, ok := o.take(key)
	if !ok {
		return 0, false
	}
	s := string(raw)
	if raw[0] == '"' {
		s, _ = o.scalar(key, raw)
		o.repaired(key, raw, "a number")
	}
	x, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil || math.IsInf(x, 0) || math.IsNaN(x) {
		o.wrong(key, raw, "a number")
		return 0, false
	}
	return x, true
}

// integer reads a number without decimals between two bounds.
func (o *object) integer(key string, low, high float64) (int, bool) {
	raw := o.fields[key]
	x, ok := o.number(key)
	if !ok {
		return 0, false
	}
	if x != math.Trunc(x) || x < low || x > high {
		o.rd.v.fail(o.at("/"+key), "off-range", string(raw), fmt.Sprintf("not a whole number from %.0f to %.0f; it was left out", low, high), "correct it")
		return 0, false
	}
	return int(x), true
}

func (o *object) boolean(key string) bool {
	raw, ok := o.take(key)
	if !ok {
		return false
	}
	switch strings.Trim(string(raw), `"`) {
	case "true", "1":
		return true
	case "false", "0", "":
		return false
	}
	o.wrong(key, raw, "true or false")
	return false
}

func (o *object) date(key string) bangkom.Date {
	s := o.str(key)
	if s == "" {
		return bangkom.Date{}
	}
	d, err := bangkom.ParseDate(s)
	if err != nil {
		o.rd.v.fail(o.at("/"+key), "not-a-date", s, "not a day; it was left out", "write 2026-05-31")
	}
	return d
}

// extra is what is left: the field of that name, and fields nobody knows.
func (o *object) extra() Extra {
	e := Extra{}
	if raw, ok := o.take("extra"); ok {
		if in, ok := o.rd.object(func(f string) string { return o.at("/extra" + f) }, raw); ok {
			for k, v := range in.fields {
				e[k] = compact(v)
			}
		}
	}
	o.keep(e, "")
	if len(e) == 0 {
		return nil
	}
	return e
}

// keep adds the fields that nobody asked for.
func (o *object) keep(e Extra, prefix string) {
	for _, k := range sortedKeys(o.fields) {
		name := own + prefix + k
		if _, taken := e[name]; taken {
			o.rd.v.fail(o.at("/"+k), "duplicate-field", k, "extra has the field already, which was kept", "keep one of the two")
			continue
		}
		o.rd.unknown++
		e[name] = compact(o.fields[k])
	}
	clear(o.fields)
}

func compact(raw json.RawMessage) json.RawMessage {
	var b bytes.Buffer
	if json.Compact(&b, raw) != nil {
		return bytes.Clone(raw)
	}
	return b.Bytes()
}

// entries reads the objects of a list.
func entries[T any](o *object, key string, read func(*object) (T, bool)) []T {
	var all []T
	for i, raw := range o.list(key) {
		at := func(f string) string { return strings.TrimPrefix(o.at(fmt.Sprintf("/%s[%d]%s", key, i, f)), "/") }
		if in, ok := o.rd.object(at, raw); ok {
			if x, ok := read(in); ok {
				all = append(all, x)
			}
		}
	}
	return slices.Clip(all)
}

func (rd *jsonReader) framework(f *Framework, o *object) {
	switch s := o.str("schema"); {
	case s == schema:
	case s == "":
		rd.v.warn("schema", "no-schema", "", "the file does not say its form; read as "+schema, `add "schema": "`+schema+`"`)
	case strings.HasPrefix(s, "bangkom.framework/"):
		rd.v.warn("schema", "newer-schema", s, "a form that this version does not know; read as "+schema, "use a newer version")
	default:
		rd.v.fail("schema", "wrong-schema", s, "the file says that it is something else", "use the reader of that format")
	}
	f.ID, f.Version, f.URI, f.Source = FrameworkID(o.str("id")), o.str("version"), o.str("uri"), o.str("source")
	f.Title, f.Description = o.text("title"), o.text("description")
	f.Status, f.ReplacedBy = Status(o.str("status")), FrameworkID(o.str("replaced_by"))
	f.ValidFrom, f.ValidUntil = o.date("valid_from"), o.date("valid_until")
	f.Scales = entries(o, "scales", readScale)
	f.Competencies = entries(o, "competencies", readCompetency)
	f.Associations = entries(o, "associations", readAssociation)
	f.Extra = o.extra()
}

func readScale(o *object) (Scale, bool) {
	return Scale{ID: ScaleID(o.str("id")), Title: o.text("title"), Levels: entries(o, "levels", readDescriptor), Extra: o.extra()}, true
}

func readDescriptor(o *object) (Descriptor, bool) {
	if null(o.fields["level"]) {
		o.rd.v.fail(o.at("/level"), "no-level", "", "a level without its number; it was left out", "number it")
		return Descriptor{}, false
	}
	l, ok := o.integer("level", math.MinInt8, math.MaxInt8)
	return Descriptor{
		Level: Level(l), Title: o.text("title"), Description: o.text("description"), Indicators: entries(o, "indicators", readIndicator), Extra: o.extra(),
	}, ok
}

func readIndicator(o *object) (Indicator, bool) {
	return Indicator{ID: o.str("id"), Text: o.text("text"), Extra: o.extra()}, true
}

func readCompetency(o *object) (Competency, bool) {
	return Competency{
		ID: CompetencyID(o.str("id")), Code: o.str("code"), URI: o.str("uri"), Title: o.text("title"), Also: o.strings("also"), Description: o.text("description"),
		Kind: Kind(o.str("kind")), Parent: CompetencyID(o.str("parent")), Scale: ScaleID(o.str("scale")), Levels: entries(o, "levels", readDescriptor), Dense: o.boolean("dense"),
		ValidFrom: o.date("valid_from"), ValidUntil: o.date("valid_until"), Extra: o.extra(),
	}, true
}

func readAssociation(o *object) (Association, bool) {
	a := Association{
		ID: o.str("id"), Type: Relation(o.str("type")), From: CompetencyID(o.str("from")), Group: o.str("group"), Note: o.str("note"), Author: o.str("author"),
		Date: o.date("date"), Review: Review(o.str("review")),
	}
	a.Strength, _ = o.number("strength")
	a.Sequence, _ = o.integer("sequence", math.MinInt32, math.MaxInt32)
	var further Extra
	if raw, ok := o.take("to"); ok {
		if to, ok := o.rd.object(func(f string) string { return o.at("/to" + f) }, raw); ok {
			a.To = Ref{Framework: FrameworkID(to.str("framework")), ID: CompetencyID(to.str("id")), URI: to.str("uri"), Title: to.str("title")}
			further = Extra{}
			to.keep(further, "to/")
		}
	}
	a.Extra = o.extra()
	for k, v := range further {
		if a.Extra == nil {
			a.Extra = Extra{}
		}
		if _, taken := a.Extra[k]; !taken {
			a.Extra[k] = v
		}
	}
	return a, true
}

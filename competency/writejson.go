package competency

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/bangkom/bangkom"
)

// schema names the form of what WriteJSON writes; the number rises when a
// reader of the one before would get something wrong.
const schema = "bangkom.framework/1"

// own marks the fields of a file that the model has no word for, in an Extra.
const own = "json:"

// The fields of each object, in the order in which they are written.
var (
	frameworkFields  = []string{"schema", "id", "version", "uri", "title", "description", "source", "status", "valid_from", "valid_until", "replaced_by", "scales", "competencies", "associations", "extra"}
	scaleFields      = []string{"id", "title", "levels", "extra"}
	levelFields      = []string{"level", "title", "description", "indicators", "extra"}
	indicatorFields  = []string{"id", "text", "extra"}
	competencyFields = []string{
		"id", "code", "uri", "title", "also", "description", "kind", "parent", "scale", "levels", "dense", "valid_from", "valid_until", "extra",
	}
	associationFields = []string{"id", "type", "from", "to", "sequence", "group", "note", "strength", "author", "date", "review", "extra"}
	refFields         = []string{"framework", "id", "uri", "title"}
)

// WriteJSON writes the framework as JSON that [ReadFramework] reads: an object
// with the names of the struct tags and "schema" as its first member, empty
// fields left out, the members in a fixed order. The same framework gives the
// same bytes.
//
// It is strict: a framework with errors of [Framework.Validate] is refused,
// and so is text that is not UTF-8 and an Extra that is not JSON. A draft with
// errors can be kept with encoding/json.
//
// Round trip: ReadFramework gives an equal framework, where nil is equal to
// empty, and blanks between the parts of an Extra do not count. Fields that
// ReadFramework did not know are written where they stood.
func (f *Framework) WriteJSON(w io.Writer) error {
	if err := f.Validate().Err(); err != nil {
		return err
	}
	wr := jsonWriter{v: validation{f: &Framework{ID: f.ID}, count: map[string]int{}}}
	data := wr.framework(f)
	if err := wr.v.problems.Err(); err != nil {
		return err
	}
	var b bytes.Buffer
	if err := json.Indent(&b, data, "", "  "); err != nil {
		return fmt.Errorf("competency: %w", err)
	}
	b.WriteByte('\n')
	_, err := w.Write(b.Bytes())
	return err
}

type jsonWriter struct{ v validation }

// members are the fields of an object by name; those that are empty are nil.
type members map[string]json.RawMessage

// object writes the members in the order of their names, and the unknown
// fields of an Extra behind them.
func (wr *jsonWriter) object(at spot, order []string, m members, e Extra) json.RawMessage {
	rest := Extra{}
	var unknown []string
	for k, raw := range e {
		switch name, is := strings.CutPrefix(k, own); {
		case !json.Valid(raw) || !utf8.Valid(raw) || !utf8.ValidString(k):
			wr.v.fail(at("/extra"), "not-json", k, "a field that is not JSON", "delete or correct it")
		case is && !slices.Contains(order, name) && !strings.HasPrefix(name, "to/"):
			unknown = append(unknown, name)
		default:
			rest[k] = raw
		}
	}
	if len(rest) > 0 {
		m["extra"] = wr.raws(rest, sortedKeys(rest))
	}
	slices.Sort(unknown)
	for _, name := range unknown {
		m[name] = e[own+name]
	}
	return wr.raws(m, append(slices.Clone(order), unknown...))
}

func (wr *jsonWriter) raws(m map[string]json.RawMessage, order []string) json.RawMessage {
	b := []byte{'{'}
	for _, k := range order {
		if m[k] == nil {
			continue
		}
		if len(b) > 1 {
			b = append(b, ',')
		}
		b = append(append(append(b, encoded(k)...), ':'), m[k]...)
	}
	return append(b, '}')
}

// encoded is a value as JSON, without the escapes for web pages.
func encoded(v any) json.RawMessage {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(v) != nil {
		return nil
	}
	return bytes.TrimSpace(b.Bytes())
}

func (wr *jsonWriter) str(at spot, s string) json.RawMessage {
	if s == "" {
		return nil
	}
	if !utf8.ValidString(s) {
		wr.v.fail(at(""), "invalid-utf8", strings.ToValidUTF8(s, "\ufffd"), "a text that is not UTF-8", "correct it")
	}
	return encoded(s)
}

func (wr *jsonWriter) text(at spot, t Text) json.RawMessage {
	if len(t) == 0 {
		return nil
	}
	for tag, s := range t {
		wr.str(at, tag)
		wr.str(at, s)
	}
	return encoded(map[string]string(t))
}

func date(d bangkom.Date) json.RawMessage {
	if d.IsZero() {
		return nil
	}
	return encoded(d.String())
}

// orNil is a number or truth, or nothing if it is the zero value.
func orNil[T comparable](v T) json.RawMessage {
	var zero T
	if v == zero {
		return nil
	}
	return encoded(v)
}

// list writes the entries of a list, or nothing if there are none.
func list[T any](at spot, name string, entries []T, write func(spot, *T) json.RawMessage) json.RawMessage {
	if len(entries) == 0 {
		return nil
	}
	b := []byte{'['}
	for i := range entries {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, write(func(field string) string { return at(fmt.Sprintf("%s[%d]%s", name, i, field)) }, &entries[i])...)
	}
	return append(b, ']')
}

func (wr *jsonWriter) framework(f *Framework) json.RawMessage {
	competencies := list(whole, "competencies", f.Competencies, wr.competency)
	if competencies == nil {
		competencies = json.RawMessage("[]")
	}
	return wr.object(whole, frameworkFields, members{
		"schema": encoded(schema), "id": wr.str(whole, string(f.ID)), "version": wr.str(whole, f.Version), "uri": wr.str(whole, f.URI), "title": wr.text(whole, f.Title),
		"description": wr.text(whole, f.Description), "source": wr.str(whole, f.Source), "status": wr.str(whole, string(f.Status)), "valid_from": date(f.ValidFrom),
		"valid_until": date(f.ValidUntil), "replaced_by": wr.str(whole, string(f.ReplacedBy)), "scales": list(whole, "scales", f.Scales, wr.scale),
		"competencies": competencies, "associations": list(whole, "associations", f.Associations, wr.association),
	}, f.Extra)
}

func (wr *jsonWriter) scale(at spot, s *Scale) json.RawMessage {
	return wr.object(at, scaleFields, members{"id": wr.str(at, string(s.ID)), "title": wr.text(at, s.Title), "levels": list(at, "/levels", s.Levels, wr.level)}, s.Extra)
}

func (wr *jsonWriter) level(at spot, d *Descriptor) json.RawMessage {
	return wr.object(at, levelFields, members{
		"level": encoded(d.Level), "title": wr.text(at, d.Title), "description": wr.text(at, d.Description), "indicators": list(at, "/indicators", d.Indicators, wr.indicator),
	}, d.Extra)
}

func (wr *jsonWriter) indicator(at spot, x *Indicator) json.RawMessage {
	return wr.object(at, indicatorFields, members{"id": wr.str(at, x.ID), "text": wr.text(at, x.Text)}, x.Extra)
}

func (wr *jsonWriter) competency(at spot, c *Competency) json.RawMessage {
	return wr.object(at, competencyFields, members{
		"id": wr.str(at, string(c.ID)), "code": wr.str(at, c.Code), "uri": wr.str(at, c.URI), "title": wr.text(at, c.Title),
		"also":        list(at, "/also", c.Also, func(at spot, s *string) json.RawMessage { wr.str(at, *s); return encoded(*s) }),
		"description": wr.text(at, c.Description), "kind": wr.str(at, string(c.Kind)), "parent": wr.str(at, string(c.Parent)), "scale": wr.str(at, string(c.Scale)),
		"levels": list(at, "/levels", c.Levels, wr.level), "dense": orNil(c.Dense), "valid_from": date(c.ValidFrom), "valid_until": date(c.ValidUntil),
	}, c.Extra)
}

func (wr *jsonWriter) association(at spot, a *Association) json.RawMessage {
	to := members{"framework": wr.str(at, string(a.To.Framework)), "id": encoded(a.To.ID), "uri": wr.str(at, a.To.URI), "title": wr.str(at, a.To.Title)}
	wr.str(at, string(a.To.ID))
	order, rest := slices.Clone(refFields), Extra{}
	for _, k := range sortedKeys(a.Extra) {
		name, is := strings.CutPrefix(k, own+"to/")
		if is && !slices.Contains(refFields, name) && json.Valid(a.Extra[k]) && utf8.Valid(a.Extra[k]) && utf8.ValidString(k) {
			order, to[name] = append(order, name), a.Extra[k]
			continue
		}
		rest[k] = a.Extra[k]
	}
	return wr.object(at, associationFields, members{
		"id": wr.str(at, a.ID), "type": wr.str(at, string(a.Type)), "from": wr.str(at, string(a.From)), "to": wr.raws(to, order), "sequence": orNil(a.Sequence),
		"group": wr.str(at, a.Group), "note": wr.str(at, a.Note), "strength": orNil(a.Strength), "author": wr.str(at, a.Author), "date": date(a.Date), "review": wr.str(at, string(a.Review)),
	}, rest)
}

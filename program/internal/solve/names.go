package solve

import (
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"

	"github.com/bangkom/bangkom"
)

// Decode reads one JSON value into v. Unlike encoding/json, which takes a name
// in any case and the last of several, it refuses a name that is there twice
// or in another spelling: other readers of the file would read other numbers.
// Nothing may follow the value; unknown names are errors if strict.
func Decode(r io.Reader, v any, strict bool) error {
	n := names{fields: map[reflect.Type]map[string]reflect.Type{}, stack: []nested{{of: reflect.TypeOf(v)}}}
	d := json.NewDecoder(io.TeeReader(r, &n))
	if strict {
		d.DisallowUnknownFields()
	}
	if err := d.Decode(v); err != nil {
		if n.problems.Err() != nil { // the cause of the other, as likely as not
			return n.problems
		}
		return readError(err, d.InputOffset())
	}
	if _, err := d.Token(); err != io.EOF {
		return bangkom.Problem{Code: "bad-json", Where: fmt.Sprintf("byte %d", d.InputOffset()), Msg: "there is something after the value"}
	}
	return n.problems.Err()
}

// names watches the text on its way to the decoder, which sees to the syntax.
type names struct {
	stack    []nested // open objects and arrays, in a first level of their own
	text     []byte   // of the string that is open
	inside   bool     // a string
	escaped  bool     // the next character of it
	fields   map[reflect.Type]map[string]reflect.Type
	problems bangkom.Problems
}

// nested is an object or an array that is open.
type nested struct {
	of     reflect.Type // of the object, or of the array's elements; nil: anything
	next   reflect.Type // of the value of the name just read
	seen   map[string]bool
	name   string // just read
	entry  int    // of an array
	object bool
	atName bool // a name comes next, not a value
}

// many problems of one kind help no one.
const manyNames = 20

// Write reads on; it never fails.
func (n *names) Write(text []byte) (int, error) {
	for _, b := range text {
		top := &n.stack[len(n.stack)-1]
		switch {
		case n.escaped:
			n.text, n.escaped = append(n.text, b), false
		case n.inside && b == '"':
			if n.inside = false; top.atName {
				n.name(top)
			}
		case n.inside:
			if n.escaped = b == '\\'; top.atName {
				n.text = append(n.text, b)
			}
		case b == '"':
			n.inside, n.text = true, n.text[:0]
		case b == '{':
			n.stack = append(n.stack, nested{of: top.value(), object: true, atName: true, seen: map[string]bool{}})
		case b == '[':
			n.stack = append(n.stack, nested{of: element(top.value())})
		case (b == '}' || b == ']') && len(n.stack) > 1:
			n.stack = n.stack[:len(n.stack)-1]
		case b == ',':
			top.atName = top.object
			top.entry++
		}
	}
	return len(text), nil
}

// value is the type of the value that comes next.
func (l *nested) value() reflect.Type {
	if l.object {
		return l.next
	}
	return l.of
}

// name looks at the name that has just ended.
func (n *names) name(top *nested) {
	name := string(n.text)
	if strings.Contains(name, `\`) && json.Unmarshal([]byte(`"`+name+`"`), &name) != nil {
		return
	}
	top.atName, top.name, top.next = false, name, nil
	problem := bangkom.Problem{}
	if of := plain(top.of); of != nil && of.Kind() == reflect.Struct {
		spelt, next := n.field(of, name)
		if top.next = next; spelt != name {
			problem = bangkom.Problem{Code: "misspelt-field", Value: name, Msg: "a field in another spelling", Need: "write " + spelt}
		}
	}
	if top.seen[name] {
		problem = bangkom.Problem{Code: "duplicate-field", Value: name, Msg: "the field is there twice", Need: "one of them"}
	}
	if top.seen[name] = true; problem.Code != "" && len(n.problems) < manyNames {
		problem.Where = n.where()
		n.problems.Add(problem)
	}
}

// where is the path of the name just read, such as people[3].gaps.
func (n *names) where() string {
	var b strings.Builder
	for _, l := range n.stack[1:] {
		switch {
		case !l.object:
			fmt.Fprintf(&b, "[%d]", l.entry)
		case b.Len() > 0:
			b.WriteString("." + l.name)
		default:
			b.WriteString(l.name)
		}
	}
	return b.String()
}

func plain(t reflect.Type) reflect.Type {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}

func element(t reflect.Type) reflect.Type {
	if t = plain(t); t != nil && (t.Kind() == reflect.Slice || t.Kind() == reflect.Array) {
		return t.Elem()
	}
	return nil
}

// field finds the field that encoding/json takes for a name: how it is spelt,
// and its type. An exact name goes before one in another case; a name without
// field is itself.
func (n *names) field(of reflect.Type, name string) (spelt string, t reflect.Type) {
	known, ok := n.fields[of]
	if !ok {
		known = map[string]reflect.Type{}
		for _, f := range reflect.VisibleFields(of) {
			if tag, _, _ := strings.Cut(f.Tag.Get("json"), ","); tag != "" && tag != "-" {
				known[tag] = f.Type
			}
		}
		n.fields[of] = known
	}
	if t, ok := known[name]; ok {
		return name, t
	}
	for tag, t := range known {
		if strings.EqualFold(tag, name) {
			return tag, t
		}
	}
	return name, nil
}

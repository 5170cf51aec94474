package needs

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/stats/tally"
)

// The first byte is the version. Then the frame as JSON, so that a receiver
// needs nothing else, then the people and tables of the segments, sorted. There
// is one form per cube: bytes can be compared.
const cubeV1 byte = 0x61

type cubeHead struct {
	First    int                       `json:"first"`
	Levels   int                       `json:"levels"`
	Want     Want                      `json:"want"`
	Job      competency.Job            `json:"job"`
	Items    []competency.CompetencyID `json:"items"`
	Sources  []competency.Source       `json:"sources,omitempty"`
	By       []dimensionHead           `json:"by,omitempty"`
	Weighted bool                      `json:"weighted,omitempty"`
	Segment  []string                  `json:"segment,omitempty"`
	From     []competency.Source       `json:"from,omitempty"`
	Notes    bangkom.Problems          `json:"notes,omitempty"`
}

type dimensionHead struct {
	Name  string      `json:"name"`
	Nodes [][2]string `json:"nodes,omitempty"` // id, parent
}

// AppendBinary appends the cube's tables: counts only, no people, no rows. Who
// is to receive it may still learn about small segments: see to that before.
func (c *Cube) AppendBinary(b []byte) ([]byte, error) {
	f := c.frame
	h := cubeHead{First: f.Scale.First, Levels: f.Scale.Levels, Want: f.Want, Job: f.Job, Items: f.Items, Sources: f.Sources, Weighted: f.Weighted, Segment: c.segment, From: c.from, Notes: c.notes}
	for _, d := range f.By {
		w := dimensionHead{Name: d.Name}
		for _, n := range d.Nodes {
			w.Nodes = append(w.Nodes, [2]string{n.ID, n.Parent})
		}
		h.By = append(h.By, w)
	}
	head, err := json.Marshal(h)
	if err != nil {
		return b, err
	}
	b = append(b, cubeV1)
	b = appendBytes(b, head)
	b = binary.AppendUvarint(b, uint64(len(c.places)))
	for _, k := range sortedKeys(c.places) {
		p := c.places[k]
		b = appendNodes(b, p.nodes)
		b = binary.AppendUvarint(b, p.noJob)
		b = binary.AppendUvarint(b, p.noStandard)
		b = binary.AppendUvarint(b, uint64(len(p.people)))
		for _, by := range slices.Sorted(maps.Keys(p.people)) {
			b = binary.AppendUvarint(b, uint64(by))
			b = binary.AppendUvarint(b, p.people[by])
		}
	}
	b = binary.AppendUvarint(b, uint64(len(c.leaves)))
	for _, k := range sortedKeys(c.leaves) {
		if b, err = c.leaves[k].append(b); err != nil {
			return b, err
		}
	}
	return b, nil
}

func (l *leaf) append(b []byte) ([]byte, error) {
	b = appendNodes(b, l.nodes)
	b = append(b, byte(l.source))
	for i := range l.cells {
		b = binary.AppendUvarint(b, l.heads[i])
		b = binary.AppendUvarint(b, uint64(len(l.cells[i])))
		for k := range l.cells[i] {
			c := &l.cells[i][k]
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(c.criticality))
			b = binary.AppendUvarint(b, c.expired)
			t, err := c.pairs.AppendBinary(nil)
			if err != nil {
				return b, err
			}
			b = appendBytes(b, t)
		}
	}
	return b, nil
}

func appendBytes(b, x []byte) []byte { return append(binary.AppendUvarint(b, uint64(len(x))), x...) }

func appendNodes(b []byte, nodes []string) []byte {
	for _, n := range nodes {
		b = appendBytes(b, []byte(n))
	}
	return b
}

// A cubeReader remembers the first thing that is wrong.
type cubeReader struct {
	rest []byte
	err  error
}

func (r *cubeReader) fail(code, msg string) {
	if r.err == nil {
		r.err = bangkom.Problem{Code: code, Msg: "needs: " + msg}
	}
	r.rest = nil
}

func (r *cubeReader) uvarint() uint64 {
	n, size := binary.Uvarint(r.rest)
	switch {
	case size == 0:
		r.fail("truncated", "the bytes end inside the cube")
		return 0
	case size < 0 || size > 1 && r.rest[size-1] == 0:
		r.fail("not-canonical", "a number with needless or too many bytes")
		return 0
	}
	r.rest = r.rest[size:]
	return n
}

// length of a list of which every element takes at least one byte.
func (r *cubeReader) length() int {
	n := r.uvarint()
	if n > uint64(len(r.rest)) {
		r.fail("truncated", "the bytes end inside the cube")
		return 0
	}
	return int(n)
}

func (r *cubeReader) bytes() []byte {
	n := r.length()
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}

func (r *cubeReader) fixed(n int) []byte {
	if n > len(r.rest) {
		r.fail("truncated", "the bytes end inside the cube")
		return make([]byte, n)
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}

func (r *cubeReader) nodes(c *Cube) []string {
	out := make([]string, len(c.trees))
	for k := range out {
		id := string(r.bytes())
		if r.err == nil && c.trees[k].node(id) != id {
			r.fail("unknown-"+c.trees[k].name, "a segment that is no node")
		}
		out[k] = id
	}
	return out
}

// UnmarshalBinary replaces the cube by what AppendBinary wrote. On an error the
// cube stays as it was.
func (c *Cube) UnmarshalBinary(data []byte) error {
	r := &cubeReader{rest: data}
	if v := r.fixed(1)[0]; r.err == nil && v != cubeV1 {
		return bangkom.Problem{Code: "unknown-version", Value: fmt.Sprintf("%#02x", v), Msg: "needs: unknown kind or version of a cube", Need: fmt.Sprintf("a cube that begins with %#02x", cubeV1)}
	}
	fresh, err := r.head()
	if err != nil {
		return err
	}
	for last, n := "", r.length(); n > 0 && r.err == nil; n-- {
		last = r.place(fresh, last)
	}
	for last, n := "", r.length(); n > 0 && r.err == nil; n-- {
		last = r.leaf(fresh, last)
	}
	if len(r.rest) > 0 {
		r.fail("trailing-bytes", "bytes after the cube")
	}
	if r.err != nil {
		return r.err
	}
	fresh.rows.lose()
	*c = *fresh
	return nil
}

func (r *cubeReader) head() (*Cube, error) {
	raw := r.bytes()
	if r.err != nil {
		return nil, r.err
	}
	var h cubeHead
	if err := json.Unmarshal(raw, &h); err != nil {
		return nil, bangkom.Problem{Code: "frame", Msg: "needs: a frame that cannot be read: " + err.Error()}
	}
	if again, err := json.Marshal(h); err != nil || string(again) != string(raw) {
		return nil, bangkom.Problem{Code: "not-canonical", Msg: "needs: a frame in another form"}
	}
	f := Frame{Scale: tally.Shape{First: h.First, Levels: h.Levels}, Want: h.Want, Job: h.Job, Items: h.Items, Sources: h.Sources, Weighted: h.Weighted}
	for _, d := range h.By {
		w := Dimension{Name: d.Name}
		for _, n := range d.Nodes {
			w.Nodes = append(w.Nodes, Node{n[0], n[1]})
		}
		f.By = append(f.By, w)
	}
	c, err := NewCube(f)
	if err != nil {
		return nil, err
	}
	if len(h.Segment) > len(h.By) {
		return nil, bangkom.Problem{Code: bangkom.ErrShape.Code, Msg: "needs: a segment of more dimensions than there are"}
	}
	for _, s := range h.From {
		if _, ok := f.source(s); !ok {
			return nil, bangkom.Problem{Code: "unknown-source", Value: string(s), Msg: "needs: a source that the frame does not have"}
		}
	}
	c.segment, c.from, c.notes = h.Segment, h.From, h.Notes
	return c, nil
}

// sorted refuses what is out of order, or twice.
func (r *cubeReader) sorted(key, last string) string {
	if r.err == nil && key <= last && last != "" {
		r.fail("not-canonical", "segments out of order")
	}
	return key
}

func (r *cubeReader) place(c *Cube, last string) string {
	nodes := r.nodes(c)
	key := r.sorted(keyOf(nodes)+"\x00", last)
	p := c.place(nodes)
	p.noJob, p.noStandard = r.count(), r.count()
	before := uint64(0)
	for n := r.length(); n > 0 && r.err == nil; n-- {
		by, people := r.uvarint(), r.count()
		if by <= before || by >= 1<<max(1, len(c.frame.Sources)) || people == 0 {
			r.fail("not-canonical", "people of no source, or out of order")
		}
		before = by
		p.people[sourceSet(by)] = people
	}
	return key
}

func (r *cubeReader) count() uint64 {
	n := r.uvarint()
	if n > tally.MaxTotal {
		r.fail(tally.ErrOverflow.Code, "more people than a cube can hold")
		return 0
	}
	return n
}

func (r *cubeReader) leaf(c *Cube, last string) string {
	nodes := r.nodes(c)
	source := int(r.fixed(1)[0])
	if source >= max(1, len(c.frame.Sources)) {
		r.fail("unknown-source", "a source that the frame does not have")
		return ""
	}
	key := r.sorted(string(append(appendKey(nil, nodes...), byte(source)))+"\x00", last)
	l := c.leaf(nodes, source)
	for i := range l.cells {
		l.heads[i] = r.count()
		for n := r.length(); n > 0 && r.err == nil; n-- {
			r.class(&l.cells[i], c.frame.Scale)
		}
	}
	return key
}

func (r *cubeReader) class(into *cell, scale tally.Shape) {
	k := class{criticality: math.Float64frombits(binary.LittleEndian.Uint64(r.fixed(8))), expired: r.count()}
	raw := r.bytes()
	if r.err != nil {
		return
	}
	if err := k.pairs.UnmarshalBinary(raw); err != nil {
		r.err = err
		return
	}
	ordered := len(*into) == 0 || (*into)[len(*into)-1].criticality < k.criticality
	if !usable(k.criticality) || !ordered || k.pairs.Shape() != scale || k.expired > k.pairs.Total() {
		r.fail("not-canonical", "a table with another scale, or classes out of order")
		return
	}
	*into = append(*into, k)
}

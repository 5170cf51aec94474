package tally

import (
	"fmt"
	"iter"
	"maps"
	"slices"

	"github.com/bangkom/bangkom"
)

// Groups holds the [Moments] of whole numbers by group: all that analysis of
// variance, Welch's tests and comparisons of groups need. The zero value is
// empty. It is not safe for concurrent use: one per goroutine, then Merge.
type Groups struct {
	total uint64
	of    map[string]*Moments
}

// Add counts a value of a group.
func (g *Groups) Add(label string, x int64) error { return g.AddN(label, x, 1) }

// AddN counts a value of a group n times.
func (g *Groups) AddN(label string, x int64, n uint64) error {
	var m Moments
	if err := m.AddN(x, n); err != nil {
		return err
	}
	return g.AddMoments(label, &m)
}

// AddMoments adds what was counted of a group elsewhere.
func (g *Groups) AddMoments(label string, m *Moments) error {
	if err := room(g.total, m.n); err != nil {
		return err
	}
	if m.n == 0 { // a group of nobody is no group
		return nil
	}
	g.total += m.n
	return part(&g.of, label).Merge(m)
}

// AddBatch counts a column of values with their groups. On an error, which
// names the row, nothing is counted.
func (g *Groups) AddBatch(labels []string, xs []int64) error {
	if len(labels) != len(xs) {
		return unequal(len(labels), len(xs))
	}
	var fresh Groups
	for row, x := range xs {
		if err := inRange(x); err != nil {
			return atRow(row, err)
		}
		part(&fresh.of, labels[row]).put(x, 1)
	}
	fresh.total = uint64(len(xs))
	return g.Merge(&fresh)
}

// part is the entry of a label, made if there is none.
func part[T any](of *map[string]*T, label string) *T {
	p := (*of)[label]
	if p == nil {
		if *of == nil {
			*of = map[string]*T{}
		}
		p = new(T)
		(*of)[label] = p
	}
	return p
}

func unequal(a, b int) error {
	return bangkom.Problem{Code: bangkom.ErrShape.Code, Value: fmt.Sprintf("%d and %d", a, b), Msg: "tally: the columns differ in length"}
}

// N is the number of values of all groups.
func (g *Groups) N() uint64 { return g.total }

// All yields the groups by label, ascending; what it yields is a copy.
func (g *Groups) All() iter.Seq2[string, *Moments] {
	return func(yield func(string, *Moments) bool) {
		for _, l := range slices.Sorted(maps.Keys(g.of)) {
			if !yield(l, g.of[l].Clone()) {
				return
			}
		}
	}
}

// Of gives a copy of one group; of nobody if there is none.
func (g *Groups) Of(label string) *Moments {
	if m := g.of[label]; m != nil {
		return m.Clone()
	}
	return new(Moments)
}

// Merge adds other groups, which stay as they are.
func (g *Groups) Merge(o *Groups) error {
	if err := room(g.total, o.total); err != nil {
		return err
	}
	g.total += o.total
	for l, m := range o.of {
		if err := part(&g.of, l).Merge(m); err != nil {
			return err // not reached: no group exceeds the total
		}
	}
	return nil
}

// Clone returns a copy that shares nothing.
func (g *Groups) Clone() *Groups {
	c := &Groups{total: g.total}
	for l, m := range g.of {
		*part(&c.of, l) = *m
	}
	return c
}

// AppendBinary appends the versioned binary form: equal groups have equal bytes.
func (g *Groups) AppendBinary(b []byte) ([]byte, error) {
	b = appendCount(append(b, groupsV1), uint64(len(g.of)))
	for l, m := range g.All() {
		b = m.append(appendKey(b, l))
	}
	return b, nil
}

// UnmarshalBinary replaces the groups by what AppendBinary wrote. On an error
// they stay as they were.
func (g *Groups) UnmarshalBinary(data []byte) error {
	d, err := open(data, groupsV1)
	if err != nil {
		return err
	}
	var fresh Groups
	last := ""
	for i := range d.size() {
		last = d.key(last, i == 0)
		m := d.moments()
		if d.nobody(m.n, last) {
			break
		}
		*part(&fresh.of, last) = *m
	}
	if err := d.close(); err != nil {
		return err
	}
	fresh.total = d.total
	*g = fresh
	return nil
}

// nobody reports whether reading must end; an entry without observations is refused.
func (d *decoder) nobody(n uint64, label string) bool {
	if d.err == nil && n == 0 {
		d.err = bangkom.Problem{Code: "not-canonical", Value: label, Msg: "tally: an entry of nobody"}
	}
	return d.err != nil
}

// Clusters holds a [Cross] per cluster: the sums within offices, classes or
// sessions that standard errors robust to clusters, random intercepts and design
// effects need. The zero value is empty and takes the number of columns of its
// first row. It is not safe for concurrent use: one per goroutine, then Merge.
type Clusters struct {
	p     int
	total uint64
	of    map[string]*Cross
}

// NewClusters returns an empty one for p columns.
func NewClusters(p int) (*Clusters, error) {
	if err := columnCount(p); err != nil {
		return nil, err
	}
	return &Clusters{p: p}, nil
}

// Add counts a row of a cluster.
func (c *Clusters) Add(label string, row []int64) error { return c.AddN(label, row, 1) }

// AddN counts a row of a cluster n times.
func (c *Clusters) AddN(label string, row []int64, n uint64) error {
	var x Cross
	if err := x.AddN(row, n); err != nil {
		return err
	}
	return c.AddCross(label, &x)
}

// AddCross adds what was counted of a cluster elsewhere.
func (c *Clusters) AddCross(label string, x *Cross) error {
	if x.p == 0 {
		return nil
	}
	if err := fits(c.p, x.p); err != nil {
		return err
	}
	if err := room(c.total, x.n); err != nil {
		return err
	}
	c.p = x.p
	if x.n == 0 {
		return nil
	}
	c.total += x.n
	return part(&c.of, label).Merge(x)
}

// AddBatch counts columns with the cluster of each row. On an error, which
// names the row, nothing is counted.
func (c *Clusters) AddBatch(labels []string, cols [][]int64) error {
	if err := fits(c.p, len(cols)); err != nil {
		return err
	}
	if err := checkColumns(cols); err != nil {
		return err
	}
	if len(labels) != len(cols[0]) {
		return unequal(len(labels), len(cols[0]))
	}
	fresh := Clusters{p: len(cols), total: uint64(len(labels))}
	row := make([]int64, len(cols))
	for r, l := range labels {
		for j := range cols {
			row[j] = cols[j][r]
		}
		part(&fresh.of, l).put(row, 1)
	}
	return c.Merge(&fresh)
}

// N is the number of rows of all clusters.
func (c *Clusters) N() uint64 { return c.total }

// Columns is the number of columns; 0: not yet declared.
func (c *Clusters) Columns() int { return c.p }

// All yields the clusters by label, ascending; what it yields is a copy.
func (c *Clusters) All() iter.Seq2[string, *Cross] {
	return func(yield func(string, *Cross) bool) {
		for _, l := range slices.Sorted(maps.Keys(c.of)) {
			if !yield(l, c.of[l].Clone()) {
				return
			}
		}
	}
}

// Whole is the sum over all clusters.
func (c *Clusters) Whole() *Cross {
	w := new(Cross)
	if c.p > 0 {
		w.shape(c.p)
	}
	for _, x := range c.of {
		_ = w.Merge(x) // of one shape, and no more than the total
	}
	return w
}

// Merge adds other clusters, which stay as they are.
func (c *Clusters) Merge(o *Clusters) error {
	if o.p == 0 {
		return nil
	}
	if err := fits(c.p, o.p); err != nil {
		return err
	}
	if err := room(c.total, o.total); err != nil {
		return err
	}
	c.p = o.p
	c.total += o.total
	for l, x := range o.of {
		if err := part(&c.of, l).Merge(x); err != nil {
			return err // not reached: of one shape, and no more than the total
		}
	}
	return nil
}

// Clone returns a copy that shares nothing.
func (c *Clusters) Clone() *Clusters {
	d := &Clusters{p: c.p, total: c.total}
	for l, x := range c.of {
		*part(&d.of, l) = *x.Clone()
	}
	return d
}

// AppendBinary appends the versioned binary form: equal clusters have equal bytes.
func (c *Clusters) AppendBinary(b []byte) ([]byte, error) {
	b = appendCount(appendCount(append(b, clustersV1), uint64(c.p)), uint64(len(c.of)))
	for l, x := range c.All() {
		b = x.append(appendKey(b, l))
	}
	return b, nil
}

// UnmarshalBinary replaces the clusters by what AppendBinary wrote. On an error
// they stay as they were.
func (c *Clusters) UnmarshalBinary(data []byte) error {
	d, err := open(data, clustersV1)
	if err != nil {
		return err
	}
	fresh := Clusters{p: d.columns()}
	last := ""
	for i := range d.size() {
		last = d.key(last, i == 0)
		x := d.cross(fresh.p)
		if d.nobody(x.n, last) {
			break
		}
		*part(&fresh.of, last) = *x
	}
	if err := d.close(); err != nil {
		return err
	}
	fresh.total = d.total
	*c = fresh
	return nil
}

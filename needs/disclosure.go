package needs

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/stats/tally"
)

// Disclosure says what may be published. The zero value, or nil, is usable.
type Disclosure struct {
	MinCell int    // people behind a table; 0: 5. Below 3 each knows the other's answer, so it is refused
	By      string // the dimension whose parts are published; "": the only one of the cube
}

// Published is what may be handed on of a cube: for each part of one dimension,
// and for all together, the tables that disclose nobody. What is hidden is not
// in it; a ranking of it has the item without a value.
//
// A table of one item is safe if nobody answered, or if at least MinCell people
// did and they are not all alike: no cell of the table, no attained level, no
// judged importance, and not "below", holds everybody or everybody but one,
// who would know what all others said. Then
//
//   - every unsafe table is hidden;
//   - a parent less its published parts is public too, by subtraction. What is
//     left of every published part must be safe as well, or the part with the
//     fewest people is hidden in addition. In a tree these remainders do not
//     overlap and span all that sums and differences of published tables can
//     give, so this is the exact condition, for single parts and for any union
//     or difference of them.
//
// Items are judged each for itself: one that few answered is hidden though the
// part is large. People are counted, not ratings. Raters are not: the ratings
// of one superior of five people are theirs.
//
// What a job requires is known to everybody. So where levels are required only
// the gaps are published, never gap by level: the row of the one head in a unit
// would be that head's. No gap may hold everybody or everybody but one, and
// none may be so large that fewer than MinCell people could have it.
//
// Scores, intervals and tests of one item are computed from the published
// tables alone, and so are crosshairs and centres. What resampling says of the
// order of several items is no sum, and no part of the proof: with a known seed
// the digits of a few hundred resamples tell who said what about two items. So
// it is given in whole percent, with the intervals of the ranks and without
// what the resamples say of a score; bootstrap intervals, clusters and strata
// are refused.
//
// It is not proof against people who tell each other their answers, nor against
// somebody who knows a colleague's importance of an item, if no other chose it:
// the table says what goes with it. That a part is hidden although many answered
// tells that it, or one hidden with it, is nearly alike, not in what; of a part
// that has little but that, it can be guessed from what is left of both.
// Nor does it stop anybody from asking twice: publishing the same people again
// is a new disclosure, as is another MinCell, another dimension, sources pooled
// and apart, or the same after one person joined or left. Never put two
// publications side by side.
type Published struct {
	cube      *Cube
	minCell   uint64
	dimension int     // -1: none
	parts     []*part // parents first; the first is all together
}

// A part is a node of the published tree. Its slices are by item.
type part struct {
	id     string
	parent int // -1: all together
	kids   []int
	own    []counted // the people who are in no part below
	all    []counted
	rest   []counted // of all, what no published part below covers
	why    []string  // it is hidden; "": it is not
}

// Why a table is hidden.
const (
	whySmall         = "small"
	whyDominated     = "dominated"
	whyComplementary = "complementary"
)

// A counted table has the people behind it.
type counted struct {
	pairs *tally.Pairs
	heads uint64
}

func (c *counted) add(pairs *tally.Pairs, heads uint64) error {
	if pairs == nil {
		return nil
	}
	if c.heads += heads; c.pairs == nil {
		c.pairs = pairs.Clone()
		return nil
	}
	return c.pairs.Merge(pairs)
}

// A Hidden table, and why. It is for the owner of the data: telling the reasons
// apart narrows down what is hidden.
type Hidden struct {
	Segment string // "": all together
	Item    competency.CompetencyID
	Why     string // "small", "dominated" or "complementary"
	People  int
}

// Publish decides which tables of a cube may be handed on. Several sources are
// pooled; publish those of [Cube.From] instead to have them apart, but not both.
//
// # Publishing
//
// [Publish] decides which tables of a cube may be handed on, before anything is
// computed from them: enough people, not all alike, and nothing hidden that can
// be had by subtraction. A [Cube] and its rankings are the owner's.
func Publish(c *Cube, d *Disclosure) (*Published, error) {
	var o Disclosure
	if d != nil {
		o = *d
	}
	if o.MinCell == 0 {
		o.MinCell = 5
	}
	if o.MinCell < 3 {
		return nil, bangkom.Problem{Code: bangkom.ErrOption.Code, Where: "needs: MinCell", Value: fmt.Sprint(o.MinCell), Msg: "of two people each knows the other's answer", Need: "at least 3; 5 and 10 are in use"}
	}
	if c.frame.Weighted {
		return nil, bangkom.Problem{Code: bangkom.ErrOption.Code, Where: "needs: Publish", Msg: "weights of persons are no counts: what they disclose cannot be checked", Need: "a cube without weights"}
	}
	k, err := c.publishedBy(o.By)
	if err != nil {
		return nil, err
	}
	p := &Published{cube: c, minCell: uint64(o.MinCell), dimension: k}
	if err := p.collect(); err != nil {
		return nil, err
	}
	for i := range c.frame.Items {
		if err := p.hide(i); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// publishedBy is the number of a dimension; -1: the cube has none.
func (c *Cube) publishedBy(name string) (int, error) {
	if name == "" && len(c.trees) < 2 {
		return len(c.trees) - 1, nil
	}
	k := slices.IndexFunc(c.trees, func(t tree) bool { return t.name == name })
	if k >= 0 {
		return k, nil
	}
	var names []string
	for _, t := range c.trees {
		names = append(names, t.name)
	}
	return 0, bangkom.Problem{Code: bangkom.ErrOption.Code, Where: "needs: By", Value: name, Msg: "the parts of one dimension are published at a time: those of two overlap, and what is hidden in one can be computed from the other", Need: fmt.Sprintf("one of %v", names)}
}

// collect makes the parts and counts what belongs to each.
func (p *Published) collect() error {
	c, dimension := p.cube, p.dimension
	items := len(c.frame.Items)
	at := map[string]int{}
	add := func(id string, parent int) {
		at[id] = len(p.parts)
		p.parts = append(p.parts, &part{id: id, parent: parent, own: make([]counted, items), all: make([]counted, items), rest: make([]counted, items), why: make([]string, items)})
		if parent >= 0 {
			p.parts[parent].kids = append(p.parts[parent].kids, at[id])
		}
	}
	add("", -1)
	if dimension >= 0 {
		ids := c.Segments(c.trees[dimension].name)
		for len(at) <= len(ids) { // parents first
			for _, id := range ids {
				up, known := at[c.trees[dimension].parent[id]]
				if _, done := at[id]; known && !done {
					add(id, up)
				}
			}
		}
	}
	for _, place := range c.byPlace() {
		own := 0
		if dimension >= 0 {
			own = at[place.nodes[dimension]]
		}
		for i := range items {
			pairs, heads, err := place.table(i, c.frame.Scale)
			if err != nil {
				return err
			}
			if err := p.parts[own].own[i].add(pairs, heads); err != nil {
				return err
			}
			for v := own; v >= 0; v = p.parts[v].parent {
				if err := p.parts[v].all[i].add(pairs, heads); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// A placed list of leaves is what all sources say about the people of one place.
type placed struct {
	nodes  []string
	leaves []*leaf
}

func (c *Cube) byPlace() []placed {
	var out []placed
	for _, key := range sortedKeys(c.leaves) {
		l := c.leaves[key]
		if n := len(out); n > 0 && slices.Equal(out[n-1].nodes, l.nodes) {
			out[n-1].leaves = append(out[n-1].leaves, l)
		} else {
			out = append(out, placed{l.nodes, []*leaf{l}})
		}
	}
	return out
}

// table holds the pairs whose both sides are known, and the least number of
// people who can be behind them; nil: none.
func (p placed) table(item int, scale tally.Shape) (*tally.Pairs, uint64, error) {
	sum, err := tally.NewPairs(scale)
	if err != nil {
		return nil, 0, err
	}
	var heads uint64
	for _, l := range p.leaves {
		heads = max(heads, l.heads[item])
		for k := range l.cells[item] {
			if err := sum.Merge(known2(&l.cells[item][k].pairs)); err != nil {
				return nil, 0, err
			}
		}
	}
	if sum.Total() == 0 {
		return nil, 0, nil
	}
	return sum, heads, nil
}

// known2 is a table without the cells in which a side is not known.
func known2(p *tally.Pairs) *tally.Pairs {
	out, _ := tally.NewPairs(p.Shape()) // the shape is that of a table
	top := tally.Cell(p.Shape().Levels)
	for w := tally.Cell(1); w <= top; w++ {
		for h := tally.Cell(1); h <= top; h++ {
			_ = out.AddN(w, h, p.Count(w, h)) // not more than the table held
		}
	}
	return out
}

// unsafe says why a table may not be published; "": it may.
func (p *Published) unsafe(c counted) string {
	if c.pairs == nil || c.pairs.Total() == 0 {
		return ""
	}
	if c.heads < p.minCell {
		return whySmall
	}
	n := c.pairs.Total()
	one := (n + c.heads - 1) / c.heads // what one person's answers come to
	want := p.cube.frame.Want
	if n-c.alike(want) <= one || want == Required && c.exposed(one, p.minCell) {
		return whyDominated
	}
	return ""
}

// exposed reports whether a gap is so far from zero that, by what their jobs
// require, too few people could have it.
func (c counted) exposed(one, minCell uint64) bool {
	levels := c.pairs.Shape().Levels
	could := make([]uint64, levels) // by the distance: below, then above
	has, couldAbove, hasAbove := make([]uint64, levels), make([]uint64, levels), make([]uint64, levels)
	for w := 1; w <= levels; w++ {
		for h := 1; h <= levels; h++ {
			n := c.pairs.Count(tally.Cell(w), tally.Cell(h))
			for d := 1; d < levels; d++ {
				if w-d >= 1 {
					could[d] += n
				}
				if w-h >= d {
					has[d] += n
				}
				if w+d <= levels {
					couldAbove[d] += n
				}
				if h-w >= d {
					hasAbove[d] += n
				}
			}
		}
	}
	few := func(could, has uint64) bool { return has > 0 && (could < minCell*one || could-has <= one) }
	for d := 1; d < levels; d++ {
		// That all who can be below by one are is "below", which alike looks at too.
		if few(could[d], has[d]) || few(couldAbove[d], hasAbove[d]) {
			return true
		}
	}
	return false
}

// alike is the largest number of pairs of which something is the same.
func (c counted) alike(want Want) uint64 {
	most := uint64(c.pairs.Sums().Below)
	levels := tally.Cell(c.pairs.Shape().Levels)
	for a := tally.Cell(1); a <= levels; a++ {
		var wanted, there uint64
		for b := tally.Cell(1); b <= levels; b++ {
			wanted += c.pairs.Count(a, b)
			there += c.pairs.Count(b, a)
		}
		most = max(most, there)
		if want == Importance { // a required level is known to everybody
			most = max(most, wanted)
		}
	}
	if want == Required { // so is with it what is there, if the gap is
		for _, n := range c.pairs.Diffs() {
			most = max(most, n)
		}
	}
	return most
}

// hide decides about one item, from the bottom of the tree to its top.
func (p *Published) hide(item int) error {
	for v := len(p.parts) - 1; v >= 0; v-- { // a parent stands before its parts
		x := p.parts[v]
		x.why[item] = p.unsafe(x.all[item])
		rest := &x.rest[item]
		if err := rest.add(x.own[item].pairs, x.own[item].heads); err != nil {
			return err
		}
		for _, k := range x.kids {
			if p.parts[k].why[item] == "" {
				continue
			}
			if err := rest.add(p.parts[k].rest[item].pairs, p.parts[k].rest[item].heads); err != nil {
				return err
			}
		}
		for x.why[item] == "" && p.unsafe(*rest) != "" {
			y := p.smallest(x, item, nil)
			if y == nil {
				break // the rest is all of it, which is safe
			}
			y.why[item] = whyComplementary
			if err := rest.add(y.rest[item].pairs, y.rest[item].heads); err != nil {
				return err
			}
		}
	}
	return nil
}

// smallest is the published part with the fewest people, of those that lie
// below x and below no other published part.
func (p *Published) smallest(x *part, item int, least *part) *part {
	for _, k := range x.kids {
		y := p.parts[k]
		switch {
		case y.why[item] != "":
			least = p.smallest(y, item, least)
		case y.all[item].heads == 0:
		case least == nil || y.all[item].heads < least.all[item].heads || y.all[item].heads == least.all[item].heads && y.id < least.id:
			least = y
		}
	}
	return least
}

// Segments are the ids of the parts, parents first; the first, "", is all
// together.
func (p *Published) Segments() []string {
	var ids []string
	for _, x := range p.parts {
		ids = append(ids, x.id)
	}
	return ids
}

// Audit lists what is hidden and why, for the owner of the data alone.
func (p *Published) Audit() []Hidden {
	var out []Hidden
	for _, x := range p.parts {
		for i, why := range x.why {
			if why != "" {
				out = append(out, Hidden{x.id, p.cube.frame.Items[i], why, int(x.all[i].heads)})
			}
		}
	}
	return out
}

// Rank ranks the published items of a part; "" is all together. The hidden ones
// stand last, by id, without a value. Ranks are among those published. Weights,
// criticality, clusters, strata, bootstrap intervals, a second cube and other
// policies than [Pairwise] need tables that were not published, and are refused;
// so is what reads more than the gap where levels are required.
func (p *Published) Rank(segment string, m Method, o *Options) (*Ranking, error) {
	c, hidden, err := p.open(segment, o, m)
	if err != nil {
		return nil, err
	}
	r, err := Rank(c, m, o)
	if errors.Is(err, ErrNoEvidence) || len(c.frame.Items) == 0 {
		r, err = p.nothing(c, m, o)
	}
	if err != nil {
		return nil, err
	}
	r.withhold(hidden)
	return r, nil
}

// Compare compares methods on the published items of a part; see [Published.Rank].
func (p *Published) Compare(segment string, methods []Method, o *Options) (*Comparison, error) {
	c, hidden, err := p.open(segment, o, methods...)
	if err != nil {
		return nil, err
	}
	if len(c.frame.Items) == 0 {
		return nil, bangkom.Problem{Code: ErrNoEvidence.Code, Where: segment, Msg: "needs: every item is suppressed"}
	}
	out, err := Compare(c, methods, o)
	if err != nil {
		return nil, err
	}
	for _, r := range out.Rankings {
		r.withhold(hidden)
	}
	for _, id := range hidden {
		out.Items = append(out.Items, Compared{Item: id, Suppressed: true})
	}
	return out, nil
}

// withhold lists what is hidden, and drops what resamples say beyond the order
// in whole percent.
func (r *Ranking) withhold(hidden []competency.CompetencyID) {
	r.Published = true
	percent := func(x float64) float64 { return math.Round(100*x) / 100 }
	if s := r.Resampling; s != nil {
		s.Above, s.Tau, s.Critical = nil, percent(s.Tau), percent(s.Critical)
	}
	for i := range r.Items {
		x := &r.Items[i]
		x.Resampled, x.PFirst, x.PTop = nil, percent(x.PFirst), percent(x.PTop)
		if r.Want == Required {
			x.Criticality = math.NaN()
		}
		if t := target(x.Detail); t != nil {
			x.Detail = withTarget(x.Detail, percent(*t))
		}
	}
	for _, id := range hidden {
		r.Items = append(r.Items, suppressed(id))
	}
}

func suppressed(id competency.CompetencyID) Ranked {
	nan := math.NaN()
	return Ranked{Item: id, Suppressed: true, Score: bangkom.Estimate{Value: nan, SE: nan}, PFirst: nan, PTop: nan, P: nan, PAdj: nan, Criticality: nan}
}

// nothing is the ranking of a part of which nothing can be said.
func (p *Published) nothing(c *Cube, m Method, opt *Options) (*Ranking, error) {
	o, err := opt.checked()
	if err != nil {
		return nil, err
	}
	if m.m == nil {
		return nil, noMethod()
	}
	r := newRanking(c, m.m, &o)
	for _, id := range slices.Sorted(slices.Values(c.frame.Items)) {
		x := suppressed(id)
		x.Suppressed = false
		x.Score.Method = m.m.Name
		x.Score.Warnings.Add(noData())
		x.ShareBelow, x.Shortfall, x.Depth = x.Score, x.Score, x.Score
		r.Items = append(r.Items, x)
	}
	return r, nil
}

// allows refuses what is not computed from published tables.
func (p *Published) allows(o *Options, methods []Method) error {
	refuse := func(where, value, msg string) error {
		return bangkom.Problem{Code: bangkom.ErrOption.Code, Where: "needs: " + where, Value: value, Msg: msg + " tables that are not published", Need: "Rank of the cube, for the owner of the data"}
	}
	if o != nil {
		switch {
		case o.Missing != Pairwise:
			return refuse("Missing", o.Missing.String(), "another policy than pairwise needs")
		case o.Weights != nil:
			return refuse("Weights", "", "weights need")
		case o.Criticality == ByStandard:
			return refuse("Criticality", string(o.Criticality), "criticality needs")
		case o.Interval == "bootstrap":
			return refuse("Interval", o.Interval, "a bootstrap interval needs")
		case o.Cluster != "":
			return refuse("Cluster", o.Cluster, "clusters need")
		case o.Strata != "":
			return refuse("Strata", o.Strata, "strata need")
		case o.RequiredAsImportance && p.cube.frame.Want == Required:
			return refuse("RequiredAsImportance", "", "methods of importance need")
		}
	}
	for _, m := range methods {
		if m.m != nil && (m.m.outside || m.m.levels && p.cube.frame.Want == Required) {
			return refuse("Method", m.String(), "it needs")
		}
	}
	return nil
}

// open makes the cube of what is published of a part, and lists the hidden items.
func (p *Published) open(segment string, o *Options, methods ...Method) (*Cube, []competency.CompetencyID, error) {
	if err := p.allows(o, methods); err != nil {
		return nil, nil, err
	}
	v := slices.IndexFunc(p.parts, func(x *part) bool { return x.id == segment })
	if v < 0 {
		return nil, nil, bangkom.Problem{Code: "unknown-segment", Value: segment, Msg: "needs: no such part", Need: "one of " + firstOf(p.Segments()[1:])}
	}
	var items []int
	var hidden []competency.CompetencyID
	for i, why := range p.parts[v].why {
		if why == "" {
			items = append(items, i)
		} else {
			hidden = append(hidden, p.cube.frame.Items[i])
		}
	}
	slices.Sort(hidden)
	inside := func(nodes []string) bool {
		return segment == "" || p.cube.trees[p.dimension].within(nodes[p.dimension], segment)
	}
	c, err := p.cube.only(items, inside)
	if err != nil {
		return nil, nil, err
	}
	if segment != "" {
		at := make([]string, p.dimension+1)
		at[p.dimension] = segment
		c.segment = narrowed(c.segment, at)
	}
	return c, hidden, nil
}

// firstOf lists some names.
func firstOf(names []string) string {
	const few = 10
	switch {
	case len(names) == 0:
		return "\"\", all together"
	case len(names) > few:
		return fmt.Sprintf("%s and %d more", strings.Join(names[:few], ", "), len(names)-few)
	}
	return strings.Join(names, ", ")
}

// only is a cube of some items and places, that holds nothing but pairs whose
// both sides are known.
func (c *Cube) only(items []int, inside func(nodes []string) bool) (*Cube, error) {
	d := c.empty()
	d.segment, d.frame, d.items = slices.Clone(c.segment), c.Frame(), map[competency.CompetencyID]int{}
	d.frame.Items = nil
	for k, i := range items {
		d.frame.Items = append(d.frame.Items, c.frame.Items[i])
		d.items[c.frame.Items[i]] = k
	}
	for key, p := range c.places {
		if inside(p.nodes) {
			q := p.clone()
			q.noJob, q.noStandard = 0, 0
			d.places[key] = q
		}
	}
	for key, l := range c.leaves {
		if !inside(l.nodes) {
			continue
		}
		m := &leaf{nodes: l.nodes, source: l.source, heads: make([]uint64, len(items)), cells: make([]cell, len(items))}
		for k, i := range items {
			m.heads[k] = l.heads[i]
			for x := range l.cells[i] {
				if err := m.cells[k].merge(&class{criticality: 1, pairs: *known2(&l.cells[i][x].pairs)}); err != nil {
					return nil, err
				}
			}
		}
		d.leaves[key] = m
	}
	d.rows.lost = c.rows.lost
	for _, r := range c.rows.list {
		if q, some := r.only(items); some && inside(r.nodes) {
			d.rows.put(q)
		}
	}
	return d, nil
}

// only is the row of some items, without the pairs of which a side is not
// known; false: there is no other.
func (r *row) only(items []int) (row, bool) {
	q, some := *r, false
	q.cells = make([]byte, len(items))
	for k, i := range items {
		if r.want(i).IsLevel() && r.have(i).IsLevel() {
			q.cells[k], some = r.cells[i], true
		}
	}
	return q, some
}

// MarshalJSON writes the tables that are published, as counts of wanted level
// by attained level; where levels are required, as counts by the levels missing.
// A hidden one is null, with the word suppressed.
func (p *Published) MarshalJSON() ([]byte, error) {
	type item struct {
		ID         competency.CompetencyID `json:"id"`
		N          *uint64                 `json:"n"`
		Table      [][]uint64              `json:"table"`
		Gaps       map[int]uint64          `json:"gaps,omitempty"`
		Suppressed bool                    `json:"suppressed,omitempty"`
	}
	type segment struct {
		Segment string `json:"segment"`
		Items   []item `json:"items"`
	}
	f := &p.cube.frame
	out := struct {
		Scale   tally.Shape         `json:"scale"`
		Want    Want                `json:"want"`
		By      string              `json:"by,omitempty"`
		Sources []competency.Source `json:"sources,omitempty"`
		Parts   []segment           `json:"parts"`
	}{Scale: f.Scale, Want: f.Want, Sources: p.cube.Sources()}
	if p.dimension >= 0 {
		out.By = p.cube.trees[p.dimension].name
	}
	for _, x := range p.parts {
		s := segment{Segment: x.id}
		for i, id := range f.Items {
			if x.why[i] != "" {
				s.Items = append(s.Items, item{ID: id, Suppressed: true})
				continue
			}
			n, table := x.all[i].counts(f.Scale.Levels)
			if f.Want == Required {
				s.Items = append(s.Items, item{ID: id, N: &n, Gaps: x.all[i].gaps()})
				continue
			}
			s.Items = append(s.Items, item{ID: id, N: &n, Table: table})
		}
		out.Parts = append(out.Parts, s)
	}
	return json.Marshal(out)
}

func (c counted) counts(levels int) (n uint64, table [][]uint64) {
	for w := range levels {
		row := make([]uint64, levels)
		for h := range row {
			if c.pairs != nil {
				row[h] = c.pairs.Count(tally.Cell(w+1), tally.Cell(h+1))
				n += row[h]
			}
		}
		table = append(table, row)
	}
	return n, table
}

func (c counted) gaps() map[int]uint64 {
	if c.pairs == nil {
		return nil
	}
	return maps.Collect(c.pairs.Diffs())
}

package competency

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
)

// A carrier applies a plan.
type carrier struct {
	plan     *Migration
	old, new *side
	moves    map[CompetencyID]*Move // by where they start
	maps     map[[2]ScaleID]LevelMap
	out      *Migrated
}

func newCarrier(m *Migration, old, next *Framework) (*carrier, bangkom.Problems) {
	if old == nil {
		old = &Framework{}
	}
	if next == nil {
		next = &Framework{}
	}
	c := &carrier{plan: m, old: newSide(old), new: newSide(next), moves: map[CompetencyID]*Move{}, maps: map[[2]ScaleID]LevelMap{}}
	v := validation{f: &Framework{}, count: map[string]int{}}
	c.check(&v)
	v.overflow()
	return c, v.problems
}

func (c *carrier) check(v *validation) {
	m := c.plan
	if m.ID == "" {
		v.fail("id", "empty-id", "", "a plan without an id: what it carries over could not be told from other results", "give it an id")
	}
	if m.Old != c.old.f.edition() {
		v.fail("old", "edition-mismatch", c.old.f.edition().String(), "the plan starts at another edition, "+m.Old.String(), "plan the migration of this edition")
	}
	if m.New != c.new.f.edition() {
		v.fail("new", "edition-mismatch", c.new.f.edition().String(), "the plan leads to another edition, "+m.New.String(), "plan the migration to this edition")
	}
	for k := range m.Scales {
		c.checkScale(v, entry("scales", k), &m.Scales[k])
	}
	open := 0
	for k := range m.Moves {
		x := &m.Moves[k]
		at := entry("moves", k)
		c.checkMove(v, at, x)
		if x.Decision.Review == Proposed || x.Decision.Review == "" {
			open++
		}
	}
	for i := range int32(len(c.old.f.Competencies)) {
		if id := c.old.at(i).ID; id != "" && c.moves[same(id)] == nil {
			v.warn("moves", "not-in-plan", string(id), "the plan says nothing of this competency: its ratings will be left", "add a move")
		}
	}
	if open > 0 {
		v.warn("moves", "not-reviewed", fmt.Sprint(open), "moves that nobody has accepted or rejected: their ratings will be left", "accept or reject them")
	}
}

func (c *carrier) checkScale(v *validation, at spot, s *ScaleMap) {
	checkReview(v, at, s.Decision.Review)
	if s.Decision.Review != Accepted {
		return
	}
	find := func(f *Framework, id ScaleID, field string) *Scale {
		i := slices.IndexFunc(f.Scales, func(s Scale) bool { return s.ID == id })
		if i < 0 {
			if id != "" {
				v.fail(at(field), "dangling-reference", string(id), "there is no such scale in the framework", "correct the id")
			}
			return &Scale{}
		}
		return &f.Scales[i]
	}
	old, next := find(c.old.f, s.Old, "/old"), find(c.new.f, s.New, "/new")
	checkLevels(v, at, s.Levels, old, next)
	for _, d := range old.Levels {
		if _, ok := s.Levels[d.Level]; !ok {
			v.warn(at("/levels"), "level-not-mapped", fmt.Sprint(d.Level), "the map has no level for it: such ratings will be left", "map it, or leave it out knowingly")
		}
	}
	c.maps[[2]ScaleID{s.Old, s.New}] = s.Levels
}

func checkReview(v *validation, at spot, r Review) {
	if !slices.Contains([]Review{"", Proposed, Accepted, Rejected}, r) {
		v.fail(at("/decision/review"), "unknown-review", string(r), "not one of the states of a review", "proposed, accepted or rejected")
	}
}

// checkLevels checks a map by itself and against its scales.
func checkLevels(v *validation, at spot, levels LevelMap, old, next *Scale) {
	var before *Level
	for _, l := range sortedKeys(levels) {
		to := levels[l]
		if len(old.Levels) > 0 && !old.Has(l) {
			v.fail(at("/levels"), "level-off-scale", fmt.Sprint(l), "the old scale has no such level", "use its levels")
		}
		if len(next.Levels) > 0 && !next.Has(to) {
			v.fail(at("/levels"), "level-off-scale", fmt.Sprint(to), "the new scale has no such level", "use its levels")
		}
		if before != nil && to < *before {
			v.fail(at("/levels"), "levels-falling", fmt.Sprintf("%d=%d", l, to), "a higher level becomes a lower one than the level before", "let the map rise")
		}
		before = &to
	}
}

// correctID says how several ids are written, where one looks like several.
func correctID(id CompetencyID) string {
	if strings.ContainsAny(string(id), ",;") {
		return `correct the id; in a table, several ids are parted by "|"`
	}
	return "correct the id"
}

func (c *carrier) checkMove(v *validation, at spot, m *Move) {
	checkReview(v, at, m.Decision.Review)
	if len(m.From) > 1 && len(m.To) > 1 {
		v.fail(at(""), "many-to-many", joined(m.From), "from several to several: nobody can say what goes where", "make a move for each of the old ones")
	}
	if len(m.From) == 0 {
		v.fail(at("/from"), "empty-id", "", "a move from nothing", "say where it starts")
	}
	known := true
	for _, id := range m.From {
		if _, ok := c.old.number(id); !ok {
			v.fail(at("/from"), "unknown-competency", string(id), "the old edition has no such competency", correctID(id))
			known = false
		}
		if c.moves[same(id)] != nil {
			v.fail(at("/from"), "duplicate-move", string(id), "another move starts here", "keep one of the two")
		}
		c.moves[same(id)] = m
	}
	named := make(map[CompetencyID]bool, len(m.To))
	for _, id := range m.To {
		if _, ok := c.new.number(id); !ok {
			v.fail(at("/to"), "unknown-competency", string(id), "the new edition has no such competency", correctID(id))
			known = false
		}
		if named[same(id)] {
			v.fail(at("/to"), "duplicate-move", string(id), "it is named twice", "name it once")
		}
		named[same(id)] = true
	}
	if !known || m.Decision.Review != Accepted {
		return
	}
	for _, p := range scalesOf(m, c.old, c.new) {
		if m.Levels != nil {
			checkLevels(v, at, m.Levels, p.old, p.new)
		} else if _, ok := c.maps[[2]ScaleID{p.old.ID, p.new.ID}]; !ok && (len(p.old.Levels) > 0 || len(p.new.Levels) > 0) {
			v.fail(at("/levels"), "no-level-map", fmt.Sprintf("%s -> %s", p.old.ID, p.new.ID), "nobody has accepted a map between the two scales", "state what each level becomes, and accept it")
			return
		}
	}
}

type scalePair struct{ old, new *Scale }

// scalesOf lists the scales that a move leads from and to.
func scalesOf(m *Move, old, next *side) []scalePair {
	var all []scalePair
	for _, from := range m.From {
		for _, to := range m.To {
			all = append(all, scalePair{old.scaleOf(from), next.scaleOf(to)})
		}
	}
	return all
}

// scaleOf is the scale of a competency, or one without id and levels.
func (s *side) scaleOf(id CompetencyID) *Scale {
	if i, ok := s.number(id); ok {
		if scale, ok := s.f.scale(s.at(i)); ok {
			return scale
		}
	}
	return &Scale{}
}

// level returns what a level of one competency is in another, or why it is nothing.
func (c *carrier) level(m *Move, from, to CompetencyID, l Level) (Level, string) {
	old, next := c.old.scaleOf(from), c.new.scaleOf(to)
	levels := m.Levels
	if levels == nil {
		levels = c.maps[[2]ScaleID{old.ID, next.ID}]
	}
	if levels == nil && len(old.Levels) == 0 && len(next.Levels) == 0 {
		return l, "" // no scale on either side: there is nothing to map
	}
	l, ok := levels[l]
	if !ok {
		return 0, "level-not-mapped"
	}
	i, _ := c.new.number(to)
	if offered := c.new.at(i).Levels; len(offered) > 0 {
		if _, has := descriptor(offered, l); !has {
			return 0, "level-not-offered"
		}
	}
	return l, ""
}

// refused returns the level that is not held any more because an old one is
// not: the lowest that only this level and higher ones become. Where a lower
// level becomes the same, nothing of it is withdrawn.
func (c *carrier) refused(m *Move, from, to CompetencyID, l Level) (Level, string) {
	kept, any := Level(math.MinInt8), false
	for x := int(l) - 1; x >= math.MinInt8; x-- {
		if n, code := c.level(m, from, to, Level(x)); code == "" {
			kept, any = max(kept, n), true
			break // a map never falls
		}
	}
	for x := int(l); x <= math.MaxInt8; x++ {
		if n, code := c.level(m, from, to, Level(x)); code == "" && (!any || n > kept) {
			return n, ""
		}
	}
	return 0, "level-not-mapped"
}

// why says why a rating cannot be carried at all; empty: it can be tried.
func (c *carrier) why(r *Rating) (*Move, string) {
	m := c.moves[same(r.Competency)]
	switch {
	case r.Inherited != nil && r.Inherited.Plan == c.plan.ID:
		return nil, "already-carried"
	case m == nil:
		return nil, "not-in-plan"
	case m.Decision.Review == Rejected:
		return nil, "rejected"
	case m.Decision.Review != Accepted:
		return nil, "not-reviewed"
	case len(m.To) == 0:
		return nil, "dropped"
	}
	return m, ""
}

func (c *carrier) leave(r *Rating, code string, to CompetencyID) {
	c.out.Left = append(c.out.Left, Left{*r, code, to})
}

// inherit marks a rating with what it was.
func (c *carrier) inherit(r Rating, of ...Rating) {
	r.Inherited = &Inherited{Framework: c.plan.Old.Framework, Version: c.plan.Old.Version, Plan: c.plan.ID, Of: of}
	c.out.Ratings = append(c.out.Ratings, r)
}

// carry takes one rating to everything that took the place of its competency.
func (c *carrier) carry(r *Rating) {
	m, code := c.why(r)
	if code != "" {
		c.leave(r, code, "")
		return
	}
	failed := map[CompetencyID]string{}
	for _, to := range m.To {
		level, code := c.level(m, r.Competency, to, r.Level)
		if r.Negative {
			level, code = c.refused(m, r.Competency, to, r.Level)
		}
		if code != "" {
			failed[to] = code
			continue
		}
		carried := *r
		carried.Competency, carried.Level = c.id(to), level
		c.inherit(carried, *r)
	}
	if len(failed) == len(m.To) {
		c.leave(r, failed[m.To[0]], "")
		return
	}
	for _, to := range m.To {
		if code := failed[to]; code != "" {
			c.leave(r, code, to)
		}
	}
}

// id is an id as the new edition spells it.
func (c *carrier) id(id CompetencyID) CompetencyID {
	i, _ := c.new.number(id)
	return c.new.at(i).ID
}

// A group is what one rater said of the parts of a merger on one day.
type group struct {
	move *Move
	at   []int // places of the ratings
}

// groups finds the group of each rating that is to be merged; nil for the others.
func (c *carrier) groups(ratings []Rating) map[int]*group {
	type key struct {
		move   *Move
		person PersonID
		source Source
		rater  string
		date   bangkom.Date
	}
	byKey, byPlace := map[key]*group{}, map[int]*group{}
	for k := range ratings {
		r := &ratings[k]
		m, code := c.why(r)
		if code != "" || len(m.From) == 1 || m.Each || r.Negative {
			continue // what is withdrawn in one part is withdrawn in the whole
		}
		id := key{m, r.Person, r.Source, r.Rater, r.Date}
		g := byKey[id]
		if g == nil {
			g = &group{move: m}
			byKey[id] = g
		}
		g.at = append(g.at, k)
		byPlace[k] = g
	}
	return byPlace
}

// merge makes one rating of a group: the lowest level, valid while all of them are.
func (c *carrier) merge(g *group, ratings []Rating) {
	m, to := g.move, g.move.To[0]
	rated := map[CompetencyID]bool{}
	var of []Rating
	var merged Rating
	code := ""
	for n, k := range g.at {
		r := ratings[k]
		rated[same(r.Competency)] = true
		of = append(of, r)
		level, why := c.level(m, r.Competency, to, r.Level)
		if why != "" {
			code = why
		}
		if n == 0 {
			merged = r
			merged.Level = level
			merged.ValidUntil, merged.Renewal = r.end(), 0
		}
		merged.Level = min(merged.Level, level)
		if u := r.end(); !u.IsZero() && (merged.ValidUntil.IsZero() || u.Before(merged.ValidUntil)) {
			merged.ValidUntil = u
		}
		if r.Recorded.After(merged.Recorded) {
			merged.Recorded = r.Recorded
		}
		if r.Kind != merged.Kind {
			merged.Kind = ""
		}
		if r.Ref != merged.Ref {
			merged.Ref = ""
		}
	}
	if len(rated) < len(m.From) {
		code = "part-missing"
	}
	if code != "" {
		for k := range of {
			c.leave(&of[k], code, "")
		}
		return
	}
	merged.Competency = c.id(to)
	c.inherit(merged, of...)
}

// identity is what two copies of one rating share.
func identity(r *Rating) string {
	data, err := json.Marshal(r)
	if err != nil { // a rating has no value that JSON cannot hold
		return fmt.Sprint(*r)
	}
	return string(data)
}

package competency

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// An Edition is one release of a framework.
type Edition struct {
	Framework FrameworkID `json:"framework"`
	Version   string      `json:"version,omitempty"`
}

// String returns "id version".
func (e Edition) String() string {
	return strings.TrimSpace(string(e.Framework) + " " + e.Version)
}

func (f *Framework) edition() Edition { return Edition{f.ID, f.Version} }

// ChangeKind says what happened to a competency between two editions.
type ChangeKind string

// The kinds of changes.
const (
	Added           ChangeKind = "added"
	Removed         ChangeKind = "removed"          // it is not there any more, and nothing says what took its place
	Withdrawn       ChangeKind = "withdrawn"        // it is still there, and its end has been set
	Edited          ChangeKind = "editorial"        // other spelling, a translation, code, address, kind, dates
	MeaningChanged  ChangeKind = "meaning-changed"  // other words: what was held may not be what is asked now
	Moved           ChangeKind = "moved"            // it stands below something else
	Relinked        ChangeKind = "relinked"         // other associations than those of the hierarchy
	LevelsChanged   ChangeKind = "levels-changed"   // it offers other levels of its scale
	Split           ChangeKind = "split"            // several took its place
	Merged          ChangeKind = "merged"           // it took the place of several
	RenameCandidate ChangeKind = "rename-candidate" // a removed and an added one whose titles are alike: a guess, never a fact
)

// A FieldChange is one field that reads otherwise.
type FieldChange struct {
	Field   string `json:"field"` // a path: "title/id", "levels/3/indicators/1/id"
	Old     string `json:"old,omitempty"`
	New     string `json:"new,omitempty"`
	Meaning bool   `json:"meaning,omitempty"` // other words, and not only another spelling
}

// A Change is one thing that happened to one competency, or to those of a
// split, a merger or a guess. One competency may have changes of several kinds.
type Change struct {
	Kind   ChangeKind     `json:"kind"`
	Old    []CompetencyID `json:"old,omitempty"`
	New    []CompetencyID `json:"new,omitempty"`
	By     FoundBy        `json:"by,omitempty"`    // how the two were found to be one
	Score  float64        `json:"score,omitempty"` // of Edited and MeaningChanged, the share of words that stayed; of RenameCandidate, how alike the titles are
	Fields []FieldChange  `json:"fields,omitempty"`
}

// FoundBy says how a competency of the old edition was found in the new one. The
// first that applies counts, in this order.
type FoundBy string

// The ways to find a competency again.
const (
	ByReplacement FoundBy = "replacedBy"   // an edition or a crosswalk says what took its place
	ByID          FoundBy = "id"           // a UUID in any case of letters
	ByExactMatch  FoundBy = "exactMatchOf" // an edition or a crosswalk says so
	ByCode        FoundBy = "code"         // the same code and kind, once on each side
	ByTitle       FoundBy = "title"        // the same title and kind, once on each side
	ByLikeness    FoundBy = "likeness"     // a guess
)

// A Pair is a competency and its place in the other edition.
type Pair struct {
	Old CompetencyID `json:"old"`
	New CompetencyID `json:"new"`
	By  FoundBy      `json:"by"`
}

// A ScaleChange says how the levels differ that competencies in both editions are on.
type ScaleChange struct {
	Old          ScaleID       `json:"old"`
	New          ScaleID       `json:"new"`
	OldLevels    []Level       `json:"old_levels"`
	NewLevels    []Level       `json:"new_levels"`
	Fields       []FieldChange `json:"fields,omitempty"` // levels that are in both, in other words
	Competencies int           `json:"competencies"`     // on these scales in both editions
}

// Changes is what is different between two editions of a framework.
type Changes struct {
	Old       Edition       `json:"old"`
	New       Edition       `json:"new"`
	Framework []FieldChange `json:"framework,omitempty"` // of the framework itself
	Scales    []ScaleChange `json:"scales,omitempty"`
	List      []Change      `json:"changes,omitempty"`   // in the order of the old edition, then the added ones in that of the new
	Unguessed bool          `json:"unguessed,omitempty"` // there are too many titles to compare each with each: not all guesses were made
	Kept      []Pair        `json:"kept,omitempty"`      // those found again, changed or not, in the order of the old edition
}

// Of returns the changes of one kind.
func (c *Changes) Of(kind ChangeKind) []Change {
	var found []Change
	for _, x := range c.List {
		if x.Kind == kind {
			found = append(found, x)
		}
	}
	return found
}

// DiffOptions adjusts a comparison. Nil and the zero value are the defaults.
type DiffOptions struct {
	Crosswalk *Crosswalk // from the old to the new edition: its ReplacedBy and ExactMatchOf links count as if an edition said them; rejected ones do not

	// Candidate is the likeness of two titles from which a removed and an added
	// competency are reported as perhaps the same; 0 is 0.75, above 1 none.
	Candidate float64

	// Editorial is the share of words from which a changed text counts as an
	// edit, unless a number or a negation is among the words that changed;
	// 0 is 1: any other word may be another meaning.
	Editorial float64
}

// Diff compares two editions of a framework, or two frameworks. Nil is an empty one.
//
// Each competency of the old edition is found again as [FoundBy] says, or not.
// What is found again is compared field by field. Texts are the same if they
// are in one spelling as of [Framework.Resolve] and have the same numbers and
// signs; a language that one side lacks is no difference in meaning if they
// share another, and a language tag in another spelling is no difference. What is not found again and what was not found are compared
// by their titles: the likeness of two is
//
//	2·|A ∩ B| / (|A| + |B|)
//
// over the multisets A and B of pairs of neighbouring letters of the titles in
// one language, without "and" and "dan" (Dice). Each competency is in one
// guess at most, the likeliest first. Each title is compared with each, and again
// where another guess took its likeliest, up to 33 million times; beyond that
// Changes says that guesses are missing.
//
// A ReplacedBy that the old edition has already is history, not a change. The
// order among the children of a parent is not compared.
//
// Neither argument is changed or kept. The same editions give the same result.
func Diff(old, next *Framework, opt *DiffOptions) *Changes {
	return diff(old, next, opt).changes
}

// A comparison is a diff in the making.
type comparison struct {
	opt      DiffOptions
	old, new *side
	targets  [][]int32 // of each old competency, in the new edition
	sources  [][]int32 // the other way
	by       []FoundBy // of each old competency
	agreed   []bool    // by an exact match that somebody has accepted
	guessed  map[int32]guess
	changes  *Changes
}

// A side is one edition, numbered.
type side struct {
	f     *Framework
	byID  map[CompetencyID]int32
	byURI map[string]int32 // nil: nobody has asked for it
	edges []arrow
	up    sheaf // edges by child
	links sheaf // associations by From
	ends  [][2]int32
}

// same is what a UUID shares with itself in other letters.
func same(id CompetencyID) CompetencyID {
	if isUUID(string(id)) {
		return CompetencyID(strings.ToLower(string(id)))
	}
	return id
}

func newSide(f *Framework) *side {
	n := len(f.Competencies)
	s := &side{f: f, byID: make(map[CompetencyID]int32, n)}
	for i := range f.Competencies {
		id := same(f.Competencies[i].ID)
		if _, taken := s.byID[id]; !taken && id != "" {
			s.byID[id] = int32(i)
		}
	}
	g := newGraph(f, numbers(f))
	s.edges, s.ends = g.hierarchy(ChildOf, PartOf), g.ends
	s.up = gather(n, len(s.edges), func(k int32) int32 { return s.edges[k].from })
	s.links = gather(n, len(f.Associations), func(k int32) int32 { return g.ends[k][0] })
	return s
}

func (s *side) number(id CompetencyID) (int32, bool) {
	i, ok := s.byID[same(id)]
	return i, ok
}

// at is a competency by number.
func (s *side) at(i int32) *Competency { return &s.f.Competencies[i] }

func (s *side) ids(list []int32) []CompetencyID {
	if len(list) == 0 {
		return nil
	}
	ids := make([]CompetencyID, len(list))
	for k, i := range list {
		ids[k] = s.at(i).ID
	}
	return ids
}

func diff(old, next *Framework, opt *DiffOptions) *comparison {
	var o DiffOptions
	if opt != nil {
		o = *opt
	}
	o.Candidate, o.Editorial = cmp.Or(o.Candidate, 0.75), cmp.Or(o.Editorial, 1)
	if old == nil {
		old = &Framework{}
	}
	if next == nil {
		next = &Framework{}
	}
	c := &comparison{opt: o, old: newSide(old), new: newSide(next), changes: &Changes{Old: old.edition(), New: next.edition()}}
	c.targets, c.sources = make([][]int32, len(old.Competencies)), make([][]int32, len(next.Competencies))
	c.by, c.agreed = make([]FoundBy, len(old.Competencies)), make([]bool, len(old.Competencies))
	c.match()
	c.framework()
	c.list()
	return c
}

// list writes down what happened to each competency.
func (c *comparison) list() {
	c.guessed = c.candidates()
	scales := map[[2]ScaleID]int{}
	for i := range int32(len(c.targets)) {
		x := c.old.at(i)
		switch to := c.targets[i]; {
		case !c.first(c.old, i): // without an id of its own
		case len(to) == 0:
			c.add(Change{Kind: Removed, Old: []CompetencyID{x.ID}})
			if g, ok := c.guessed[i]; ok {
				c.add(Change{Kind: RenameCandidate, Old: []CompetencyID{x.ID}, New: []CompetencyID{c.new.at(g.new).ID}, By: ByLikeness, Score: g.score})
			}
		case len(to) > 1:
			c.add(Change{Kind: Split, Old: []CompetencyID{x.ID}, New: c.new.ids(to), By: c.by[i]})
		case len(to) == 1 && len(c.parts(to[0])) > 1:
			if from := c.parts(to[0]); from[0] == i {
				c.add(Change{Kind: Merged, Old: c.old.ids(from), New: c.new.ids(to), By: c.by[i]})
			}
		case len(to) == 1:
			c.changes.Kept = append(c.changes.Kept, Pair{x.ID, c.new.at(to[0]).ID, c.by[i]})
			c.pair(i, to[0])
			c.scale(i, to[0], scales)
		}
	}
	for i := range int32(len(c.sources)) {
		if len(c.sources[i]) > 0 || !c.first(c.new, i) {
			continue
		}
		id := c.new.at(i).ID
		if _, known := c.old.number(id); !known { // or else it is kept with its end, beside what took its place
			c.add(Change{Kind: Added, New: []CompetencyID{id}})
		}
	}
}

// parts lists what a new competency alone took the place of: those that split
// into it and others are not parts of a merger.
func (c *comparison) parts(j int32) []int32 {
	return slices.DeleteFunc(slices.Clone(c.sources[j]), func(i int32) bool { return len(c.targets[i]) > 1 })
}

func (c *comparison) add(x Change) { c.changes.List = append(c.changes.List, x) }

// pair compares a competency with itself.
func (c *comparison) pair(i, j int32) {
	x, y := c.old.at(i), c.new.at(j)
	one := func(kind ChangeKind, fields ...FieldChange) {
		c.add(Change{Kind: kind, Old: []CompetencyID{x.ID}, New: []CompetencyID{y.ID}, By: c.by[i], Fields: fields})
	}
	if x.ValidUntil.IsZero() && !y.ValidUntil.IsZero() {
		one(Withdrawn, FieldChange{Field: "valid_until", New: y.ValidUntil.String()})
	}
	fields := unnumbered(compareCompetencies(x, y))
	meaning := slices.ContainsFunc(fields, func(f FieldChange) bool { return f.Meaning })
	score := 1.0
	if meaning {
		var firm bool
		score, firm = wordsKept(fields)
		meaning = score < c.opt.Editorial || firm
	}
	switch {
	case meaning || c.by[i] == ByReplacement:
		one(MeaningChanged, fields...)
		c.changes.List[len(c.changes.List)-1].Score = score
	case len(fields) > 0:
		one(Edited, fields...)
		c.changes.List[len(c.changes.List)-1].Score = score
	}
	if f, moved := c.moved(i, j); moved {
		one(Moved, f)
	}
	if links := c.relinked(i, j); len(links) > 0 {
		one(Relinked, links...)
	}
	if a, b := levelNumbers(x.Levels), levelNumbers(y.Levels); !slices.Equal(a, b) {
		one(LevelsChanged, FieldChange{Field: "levels", Old: joined(a), New: joined(b)})
	}
}

// moved compares what the two stand below. Each parent must have come along.
func (c *comparison) moved(i, j int32) (FieldChange, bool) {
	var before, after []int32
	for _, k := range c.old.up.of(i) {
		before = append(before, c.old.edges[k].to)
	}
	stands, expected := map[int32]bool{}, map[int32]bool{}
	for _, k := range c.new.up.of(j) {
		after = append(after, c.new.edges[k].to)
		stands[c.new.edges[k].to] = true
	}
	stayed := true
	for _, p := range before {
		along := false
		for _, t := range c.targets[p] {
			expected[t], along = true, along || stands[t]
		}
		stayed = stayed && along
	}
	for _, p := range after {
		stayed = stayed && expected[p]
	}
	if stayed {
		return FieldChange{}, false
	}
	return FieldChange{Field: "parents", Old: joined(c.old.ids(before)), New: joined(c.new.ids(after))}, true
}

// relinked compares the associations that are not of the hierarchy.
func (c *comparison) relinked(i, j int32) []FieldChange {
	before, after := c.links(c.old, i, true), c.links(c.new, j, false)
	if slices.Equal(before, after) {
		return nil
	}
	var fields []FieldChange
	for _, l := range before {
		if _, stays := slices.BinarySearch(after, l); !stays {
			fields = append(fields, FieldChange{Field: "associations", Old: l})
		}
	}
	for _, l := range after {
		if _, was := slices.BinarySearch(before, l); !was {
			fields = append(fields, FieldChange{Field: "associations", New: l})
		}
	}
	return fields
}

// links lists the associations of a competency, their other ends as they are called in the new edition.
func (c *comparison) links(s *side, i int32, translate bool) []string {
	var list []string
	for _, k := range s.links.of(i) {
		a := &s.f.Associations[k]
		if a.Type == ChildOf || a.Type == PartOf {
			continue
		}
		to := cmp.Or(string(a.To.ID), a.To.URI)
		if e := s.ends[k][1]; translate && e >= 0 && int(e) < len(c.targets) && len(c.targets[e]) == 1 {
			to = string(c.new.at(c.targets[e][0]).ID)
		}
		list = append(list, string(a.Type)+" "+to)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// scale notes the scales of a pair, once for each two scales.
func (c *comparison) scale(i, j int32, seen map[[2]ScaleID]int) {
	s, ok := c.old.f.scale(c.old.at(i))
	t, also := c.new.f.scale(c.new.at(j))
	if !ok || !also {
		return
	}
	key := [2]ScaleID{s.ID, t.ID}
	at, known := seen[key]
	if !known {
		at = -1
		x := ScaleChange{Old: s.ID, New: t.ID, OldLevels: levelNumbers(s.Levels), NewLevels: levelNumbers(t.Levels)}
		for k := range s.Levels {
			if d, both := descriptor(t.Levels, s.Levels[k].Level); both {
				x.Fields = append(x.Fields, compareDescriptors(fmt.Sprintf("levels/%d", d.Level), &s.Levels[k], d)...)
			}
		}
		x.Fields = unnumbered(x.Fields)
		if !slices.Equal(x.OldLevels, x.NewLevels) || slices.ContainsFunc(x.Fields, func(f FieldChange) bool { return f.Meaning }) {
			at = len(c.changes.Scales)
			c.changes.Scales = append(c.changes.Scales, x)
		}
		seen[key] = at
	}
	if at >= 0 {
		c.changes.Scales[at].Competencies++
	}
}

// unnumbered leaves out the identifiers of levels: each writer of CASE numbers them anew.
func unnumbered(fields []FieldChange) []FieldChange {
	return slices.DeleteFunc(fields, func(f FieldChange) bool {
		return strings.HasPrefix(f.Field, "levels/") && strings.HasSuffix(f.Field, "/extra/case:identifier")
	})
}

func levelNumbers(levels []Descriptor) []Level {
	var all []Level
	for k := range levels {
		all = append(all, levels[k].Level)
	}
	return all
}

func descriptor(levels []Descriptor, l Level) (*Descriptor, bool) {
	i := slices.IndexFunc(levels, func(d Descriptor) bool { return d.Level == l })
	if i < 0 {
		return nil, false
	}
	return &levels[i], true
}

// joined lists ids or levels, parted by commas.
func joined[T any](list []T) string {
	parts := make([]string, len(list))
	for k, x := range list {
		parts[k] = fmt.Sprint(x)
	}
	return strings.Join(parts, ", ")
}

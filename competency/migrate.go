package competency

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
)

// A LevelMap says which level of a new scale a level of an old one becomes. It
// never falls: a higher level becomes no lower one than a lower level does.
type LevelMap map[Level]Level

// String returns "0=0, 1=1, 2=1".
func (m LevelMap) String() string {
	parts := make([]string, 0, len(m))
	for _, l := range sortedKeys(m) {
		parts = append(parts, fmt.Sprintf("%d=%d", l, m[l]))
	}
	return strings.Join(parts, ", ")
}

// A Decision says who decided on a line of a plan, and how.
type Decision struct {
	Review Review       `json:"review,omitempty"` // only what is Accepted is done
	Author string       `json:"author,omitempty"`
	Date   bangkom.Date `json:"date,omitzero"`
	Note   string       `json:"note,omitempty"`
}

// A Move says where what was shown in a competency goes: from one to one; from
// one to several, a split: every rating goes to each; from several to one, a
// merger; or nowhere.
type Move struct {
	From     []CompetencyID `json:"from"`
	To       []CompetencyID `json:"to,omitempty"`
	Levels   LevelMap       `json:"levels,omitempty"`  // nil: as the plan's scales say
	Each     bool           `json:"each,omitempty"`    // of a merger: every rating is carried by itself; else one needs all parts
	By       FoundBy        `json:"by,omitempty"`      // how it was proposed
	Score    float64        `json:"score,omitempty"`   // of a guess
	Changes  []ChangeKind   `json:"changes,omitempty"` // what a reviewer has to know
	Decision Decision       `json:"decision"`
}

// Action returns "move", "split", "merge" or "drop".
func (m *Move) Action() string {
	switch {
	case len(m.To) == 0:
		return "drop"
	case len(m.To) > 1:
		return "split"
	case len(m.From) > 1:
		return "merge"
	}
	return "move"
}

// A ScaleMap carries the levels of one scale over to another.
type ScaleMap struct {
	Old      ScaleID  `json:"old"`
	New      ScaleID  `json:"new"`
	Levels   LevelMap `json:"levels,omitempty"`
	Decision Decision `json:"decision"`
}

// A Migration is a plan that carries people's results from one edition of a
// framework, or from one framework, over to another. It is made to be read and
// changed by people: as JSON, or as the table of [Migration.WriteCSV]. Only
// what is accepted in it is done.
type Migration struct {
	ID     string     `json:"id"` // names the plan in what it carried over
	Old    Edition    `json:"old"`
	New    Edition    `json:"new"`
	Scales []ScaleMap `json:"scales,omitempty"`
	Moves  []Move     `json:"moves"`
}

// PlanMigration proposes a plan from what [Diff] finds, a move for each
// competency of the old edition.
//
// It accepts by itself what needs no judgement: a competency with the same id,
// or one that an accepted exact match names, in no other words; and a scale
// with the same levels in no other words. All else is [Proposed]: other words,
// splits, mergers, what was found by code or title only, guesses, and what is
// dropped. Between scales with other levels it proposes no map at all: that is
// the agency's to state. Nothing is proposed over [RelatedTo] or [PartOf].
//
// # Splits and mergers
//
// A split or a merger is found only where somebody says so. Where ANA of the old
// edition becomes ANA-D and ANA-I, keep ANA in the new one with the day on which
// it ends, and add an association for each part:
//
//	{"id": "ANA", "title": {"id": "Analisis"}, "valid_until": "2026-12-31"}
//	{"type": "replacedBy", "from": "ANA", "to": {"id": "ANA-D"}}
//	{"type": "replacedBy", "from": "ANA", "to": {"id": "ANA-I"}}
//
// Of a merger, each old competency is replacedBy the same new one. What may not
// stand in the edition, stands in a [Crosswalk] as [DiffOptions].Crosswalk.
func PlanMigration(old, next *Framework, opt *DiffOptions) *Migration {
	c := diff(old, next, opt)
	m := &Migration{ID: c.changes.Old.String() + " -> " + c.changes.New.String(), Old: c.changes.Old, New: c.changes.New}
	changes := map[CompetencyID][]ChangeKind{}
	for _, x := range c.changes.List {
		for _, id := range x.Old {
			if x.Kind != Relinked && x.Kind != Removed && x.Kind != RenameCandidate {
				changes[id] = append(changes[id], x.Kind)
			}
		}
	}
	for i := range int32(len(c.targets)) {
		if !c.first(c.old, i) {
			continue
		}
		x := Move{From: []CompetencyID{c.old.at(i).ID}, To: c.new.ids(c.targets[i]), By: c.by[i], Changes: changes[c.old.at(i).ID]}
		x.Decision.Review = Proposed
		switch to := c.targets[i]; {
		case len(to) == 0:
			if g, ok := c.guessed[i]; ok {
				x.To, x.By, x.Score = []CompetencyID{c.new.at(g.new).ID}, ByLikeness, g.score
			}
		case len(to) == 1:
			parts := c.parts(to[0])
			if parts[0] != i {
				continue // it stands in the move of the first part
			}
			x.From = c.old.ids(parts)
			if x.plain() && (x.By == ByID || c.agreed[i]) {
				x.Decision.Review = Accepted
			}
		}
		m.Moves = append(m.Moves, x)
	}
	m.proposeScales(c)
	return m
}

// proposeScales adds the scales that the moves need, each pair once.
func (m *Migration) proposeScales(c *comparison) {
	seen := map[[2]ScaleID]bool{}
	for k := range m.Moves {
		for _, pair := range scalesOf(&m.Moves[k], c.old, c.new) {
			key := [2]ScaleID{pair.old.ID, pair.new.ID}
			if seen[key] || key == [2]ScaleID{} {
				continue
			}
			seen[key] = true
			x := ScaleMap{Old: key[0], New: key[1], Decision: Decision{Review: Proposed}}
			if levels := levelNumbers(pair.old.Levels); slices.Equal(levels, levelNumbers(pair.new.Levels)) {
				x.Levels = LevelMap{}
				for _, l := range levels {
					x.Levels[l] = l
				}
				if sameLevelWords(pair.old, pair.new) {
					x.Decision.Review = Accepted
				}
			}
			m.Scales = append(m.Scales, x)
		}
	}
}

// sameLevelWords reports whether the levels of two scales mean the same.
func sameLevelWords(s, t *Scale) bool {
	for k := range s.Levels {
		d, ok := descriptor(t.Levels, s.Levels[k].Level)
		if !ok || slices.ContainsFunc(compareDescriptors("", &s.Levels[k], d), func(f FieldChange) bool { return f.Meaning }) {
			return false
		}
	}
	return true
}

// Validate reports what keeps the plan from being applied to ratings under
// old, so that they become ratings under next.
//
//	edition-mismatch      error    the framework is another edition than the plan says
//	empty-id              error    a plan without an id
//	unknown-competency    error    a move from or to nothing
//	duplicate-move        error    a competency that several moves start from, or one move twice
//	many-to-many          error    a move from several to several
//	levels-falling        error    a map in which a higher level becomes a lower one
//	level-off-scale       error    a map from or to a level that the scale does not have
//	no-level-map          error    an accepted move between scales without an accepted map
//	unknown-review        error    a word that is not one of a review
//	level-not-mapped      warning  an accepted map without some level of the old scale
//	not-in-plan           warning  a competency of the old edition without a move
//	not-reviewed          warning  how many moves nobody has accepted or rejected
func (m *Migration) Validate(old, next *Framework) bangkom.Problems {
	_, ps := newCarrier(m, old, next)
	return ps
}

// Left is a rating that was not carried over, and why.
//
//	not-in-plan        the plan has no move for its competency
//	not-reviewed       nobody has accepted or rejected the move
//	rejected           the move was rejected
//	dropped            nothing takes the place of its competency
//	level-not-mapped   the map has no level for it
//	level-not-offered  the competency it would go to has no such level
//	part-missing       of a merger: not all parts were rated by the same rater on the same day
//	already-carried    it was carried over by this very plan
type Left struct {
	Rating Rating       `json:"rating"`
	Code   string       `json:"code"`
	To     CompetencyID `json:"to,omitempty"` // of a split: it did not reach this one, but others; empty: it went nowhere
}

// Migrated is what became of ratings.
type Migrated struct {
	Plan    string   `json:"plan"`    // the id of the migration
	Ratings []Rating `json:"ratings"` // carried over; each says what it was
	Left    []Left   `json:"left,omitempty"`
}

// Apply carries ratings over. Each result keeps its person, source, rater and
// dates, and is marked as inherited with what it was ([Rating].Inherited).
// What is not carried over is in Left with a reason, and a Warning counts each
// reason. The arguments are not changed. With a plan that has errors of
// [Migration.Validate] nothing is done, and the result is nil.
//
// Of a merger, the ratings of one person by one rater and source on one day
// become one: at the lowest of their levels, known once all were, and valid
// until the first of the ends that they state; unless a part is missing, or
// the move says Each. Negative evidence on a part
// is carried by itself: at the lowest new level that no lower old level becomes.
func (m *Migration) Apply(old, next *Framework, ratings []Rating) (*Migrated, bangkom.Problems) {
	c, ps := newCarrier(m, old, next)
	if ps.Err() != nil {
		return nil, ps
	}
	c.out = &Migrated{Plan: m.ID, Ratings: make([]Rating, 0, len(ratings))}
	groups := c.groups(ratings)
	for k := range ratings {
		if g := groups[k]; g == nil {
			c.carry(&ratings[k])
		} else if g.at[0] == k {
			c.merge(g, ratings)
		}
	}
	count := map[string]int{}
	for _, l := range c.out.Left {
		count[l.Code]++
	}
	for _, code := range sortedKeys(count) {
		ps.Add(bangkom.Problem{Code: code, Severity: bangkom.Warning, Where: "ratings", Value: fmt.Sprint(count[code]), Msg: "ratings were not carried over (" + code + "); each is in the list of what was left"})
	}
	return c.out, ps
}

// Undo gives back the ratings that were carried over and those that were left,
// as they stood. Ratings that were added since stay as they are. Undo after
// [Migration.Apply] gives the same ratings again, in another order where
// competencies were merged or ratings left.
func (m *Migrated) Undo() []Rating {
	var all []Rating
	given := map[string]int{}
	reached := map[string]int{} // by target too: of a split, each target has a copy
	for k := range m.Ratings {
		r := &m.Ratings[k]
		if r.Inherited == nil || r.Inherited.Plan != m.Plan {
			all = append(all, *r)
			continue
		}
		for _, was := range r.Inherited.Of {
			key := identity(&was)
			to := key + "\x00" + string(r.Competency)
			if reached[to]++; reached[to] > given[key] {
				given[key]++
				all = append(all, was)
			}
		}
	}
	for _, l := range m.Left {
		if l.To == "" {
			all = append(all, l.Rating)
		}
	}
	return all
}

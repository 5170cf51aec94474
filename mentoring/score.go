package mentoring

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"github.com/bangkom/bangkom/competency"
)

// Scoring says what a pair is worth, in points. A thousand points are one level
// of one gap of weight 1 that the mentor can help to close.
//
//	score = Σ over covered gaps (1000 · weight · levels to close − Beyond · levels of the mentor beyond what helps)
//	        + SameUnit if so + the mentee's wish + the mentor's wish, and at least 1
//
// Without wishes both sides like each other by the score; with wishes, by the
// score without the wish of the other side.
//
// A gap is covered if the mentor has the level that the rules ask for. An
// eligible pair is always worth at least 1 point: the part "floor" says what
// was added. Levels beyond what helps are those above required + Margin + Helpful.
type Scoring struct {
	Weights    map[competency.CompetencyID]float64 // by competency, 0 where absent; nil: weight × criticality of the mentee's requirement
	Helpful    int                                 // levels above the least that still help
	Beyond     int                                 // points lost per level beyond those
	SameUnit   int                                 // points for the same unit; negative prefers another one
	Wishes     []Wish
	WishPoints []int // points of a first, second, … wish; later ones have none. An absent wish is neutral
}

// A Wish says whom somebody would like as mentor or mentee.
type Wish struct {
	From competency.PersonID `json:"from"`
	To   competency.PersonID `json:"to"`
	Rank int                 `json:"rank"` // 1 is the first
}

// A Part of a score. Competency is set for parts that belong to one.
type Part struct {
	Name       string                  `json:"name"` // "coverage", "beyond", "unit", "mentee-wish", "mentor-wish", "floor"; "given"
	Competency competency.CompetencyID `json:"competency,omitempty"`
	Points     int64                   `json:"points"`
}

const (
	thousand   = 1000
	maxWeight  = 1e5
	maxPoints  = 1e6
	maxHelpful = math.MaxInt8
)

func (s *Scoring) check(bad func(field string, value any, need string)) {
	for _, c := range slices.Sorted(maps.Keys(s.Weights)) {
		if w := s.Weights[c]; !(w >= 0 && w <= maxWeight) {
			bad("scoring.weights."+string(c), w, "0 to 100000")
		}
	}
	if s.Helpful < 0 || s.Helpful > maxHelpful {
		bad("scoring.helpful", s.Helpful, "0 or more levels")
	}
	if s.Beyond < 0 || s.Beyond > maxPoints {
		bad("scoring.beyond", s.Beyond, "0 to 1000000 points")
	}
	if s.SameUnit < -maxPoints || s.SameUnit > maxPoints {
		bad("scoring.same_unit", s.SameUnit, "at most 1000000 points")
	}
	for _, w := range s.WishPoints {
		if w < 0 || w > maxPoints {
			bad("scoring.wish_points", w, "0 to 1000000 points")
		}
	}
	for _, w := range s.Wishes {
		if w.Rank < 1 {
			bad("scoring.wishes", w.Rank, "ranks from 1")
		}
	}
}

func (s Scoring) clone() Scoring {
	s.Weights = maps.Clone(s.Weights)
	s.WishPoints = slices.Clone(s.WishPoints)
	s.Wishes = slices.Clone(s.Wishes)
	slices.SortFunc(s.Wishes, compareWish)
	return s
}

// weight in thousandths, the unit of points.
func (s *Scoring) weight(r competency.Requirement) int64 {
	w := r.Weight * r.Criticality
	if s.Weights != nil {
		w = s.Weights[r.Competency]
	}
	return int64(math.Round(thousand * min(max(w, 0), maxWeight)))
}

// wish returns the points of a wish; the first one counts if it is given twice.
func (s *Scoring) wish(from, to competency.PersonID) int64 {
	k, _ := slices.BinarySearchFunc(s.Wishes, Wish{From: from, To: to}, compareWish) // rank 0 is before every rank
	if k == len(s.Wishes) || s.Wishes[k].From != from || s.Wishes[k].To != to {
		return 0
	}
	if rank := s.Wishes[k].Rank; rank <= len(s.WishPoints) {
		return int64(s.WishPoints[rank-1])
	}
	return 0
}

// compareWish orders by people, then by rank.
func compareWish(a, b Wish) int {
	return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(a.Rank, b.Rank))
}

// points of one pair; base holds what both sides share.
type points struct{ base, menteeWish, mentorWish int64 }

func (p points) sum() int64   { return p.base + p.menteeWish + p.mentorWish }
func (p points) total() int64 { return max(p.sum(), 1) }

// parts computes the points of a pair, and tells each part if asked.
func (f *finder) parts(i, j int, tell func(Part)) points {
	s, sc := &f.mentees[i], &f.rules.Scoring
	var p points
	add := func(to *int64, name string, c competency.CompetencyID, n int64) {
		*to += n
		if n != 0 && tell != nil {
			tell(Part{name, c, n})
		}
	}
	for k := range s.gaps {
		g := &s.gaps[k]
		if !g.covers.has(j) {
			continue
		}
		add(&p.base, "coverage", g.competency, g.weight*int64(g.levels))
		if over := int(g.skill.level[j]) - g.required - f.rules.Margin - sc.Helpful; over > 0 {
			add(&p.base, "beyond", g.competency, -int64(over)*int64(sc.Beyond))
		}
	}
	if u := s.at.unit; u != "" && u == f.mentorAs[j].unit {
		add(&p.base, "unit", "", int64(sc.SameUnit))
	}
	mentee, mentor := f.out.mentees[i], f.out.mentors[j].Person
	if len(sc.Wishes) > 0 {
		add(&p.menteeWish, "mentee-wish", "", sc.wish(mentee, mentor))
		add(&p.mentorWish, "mentor-wish", "", sc.wish(mentor, mentee))
	}
	return p
}

func (f *finder) explain(e int) []Part {
	var out []Part
	p := f.parts(int(f.out.left[e]), int(f.out.mentor[e]), func(part Part) { out = append(out, part) })
	if floor := p.total() - p.sum(); floor > 0 {
		out = append(out, Part{Name: "floor", Points: floor})
	}
	return out
}

// covered are the gaps in which the mentor of a pair has the level.
func (f *finder) covered(e int) []need {
	var out []need
	for _, g := range f.mentees[f.out.left[e]].gaps {
		if g.covers.has(int(f.out.mentor[e])) {
			out = append(out, g)
		}
	}
	return out
}

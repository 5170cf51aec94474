package mentoring

import (
	"fmt"
	"math"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
)

// Rules of [Eligible]. The zero value asks for the required level in one gap
// competency and for no line of command between the two.
type Rules struct {
	Job       competency.Job // which job's standard the gaps are taken from
	Margin    int            // levels above the required one that a mentor must have; 0: the required level is enough
	EveryGap  bool           // a mentor must have the level in every gap competency, not in one
	AllowLine bool           // superior and subordinate may be a pair, as in leadership training

	Tiers      []string                 // tiers of positions from junior to senior; nil: not asked
	TierMargin int                      // a mentor must be this many tiers above; 0: the same tier will do
	Conflicts  [][2]competency.PersonID // pairs that must not be, in either order
	Scoring    Scoring
}

// Eligible finds who may mentor whom.
//
// mentees nil means everybody who is below the standard of the job in at least
// one competency, by the profiles. Of people that are named, those without such
// a gap are unmatched for that reason in every matching. Mentors and mentees
// who are not in the workforce or are named twice are Problems and left out, as
// are places below zero. An impossible rule gives nil and the Problem.
//
// The pairs come from sets of mentors by competency and level; the time is
// proportional to the pairs found, plus one machine word of 64 mentors for each
// gap. Excluded pairs are counted, not visited.
func Eligible(p *competency.Profiles, mentors []Mentor, mentees []competency.PersonID, rules *Rules) (*Pairs, bangkom.Problems) {
	if rules == nil {
		rules = &Rules{}
	}
	if problems := rules.check(); problems != nil {
		return nil, problems
	}
	f := &finder{profiles: p, w: p.Workforce(), rules: *rules, out: &Pairs{}}
	f.rules.Tiers = slices.Clone(rules.Tiers)
	f.rules.Scoring = rules.Scoring.clone()
	f.out.mentors = f.known(listMentors(mentors, &f.problems))
	f.readConflicts()
	f.findMentees(mentees)
	f.index()
	f.find()
	if f.problems.Has("too-many") {
		return nil, f.problems
	}
	f.out.close()
	f.out.explain, f.out.covered = f.explain, f.covered
	return f.out, f.problems
}

func (r *Rules) check() bangkom.Problems {
	var problems bangkom.Problems
	bad := func(field string, value any, need string) {
		problems.Add(bangkom.Problem{Code: bangkom.ErrOption.Code, Where: "rules." + field, Value: fmt.Sprint(value), Msg: "mentoring: not a possible rule", Need: need})
	}
	if r.Job > competency.Target {
		bad("job", r.Job, "held or target")
	}
	if r.Margin < 0 || r.Margin > math.MaxInt8 {
		bad("margin", r.Margin, "0 or more levels")
	}
	if len(r.Tiers) > 0 && (r.TierMargin < 0 || r.TierMargin >= len(r.Tiers)) || len(r.Tiers) == 0 && r.TierMargin != 0 {
		bad("tier_margin", r.TierMargin, "0 to the number of tiers less one")
	}
	for i, t := range r.Tiers {
		if slices.Contains(r.Tiers[:i], t) {
			bad("tiers", t, "each tier once")
		}
	}
	r.Scoring.check(bad)
	return problems
}

// finder holds what Eligible works on.
type finder struct {
	profiles *competency.Profiles
	w        *competency.Workforce
	rules    Rules
	out      *Pairs
	problems bangkom.Problems

	mentees   []seeker
	mentorNo  []int       // of each mentor: number in the workforce
	mentorAt  map[int]int // and back
	mentorAs  []place     // unit and tier
	conflicts map[[2]competency.PersonID]bool
	skills    map[competency.CompetencyID]*skill
}

// seeker is somebody who looks for a mentor.
type seeker struct {
	no   int // in the workforce
	gaps []need
	at   place
}

// need is one gap of a seeker.
type need struct {
	competency competency.CompetencyID
	skill      *skill
	covers     bitset // mentors with the level that is asked for
	required   int
	levels     int   // to be closed, > 0
	weight     int64 // in thousandths
}

type place struct {
	unit competency.UnitID
	tier int // in Rules.Tiers; -1: not there
}

// skill holds one competency of all mentors.
type skill struct {
	level             []int16 // of each mentor, if assessed
	assessed, expired bitset
	atLeast           map[int]bitset // by level, made when asked for
}

func (f *finder) known(mentors []Mentor) []Mentor {
	f.mentorAt = map[int]int{}
	var out []Mentor
	for _, m := range mentors {
		no, ok := f.w.Index(m.Person)
		if !ok {
			f.problems.Add(bangkom.Problem{Code: "unknown-person", Where: "mentors/" + string(m.Person), Msg: "a mentor who is not in the workforce"})
			continue
		}
		f.mentorAt[no] = len(out)
		f.mentorNo = append(f.mentorNo, no)
		f.mentorAs = append(f.mentorAs, f.place(no))
		out = append(out, m)
	}
	return out
}

func (f *finder) place(no int) place {
	person := f.w.At(no)
	out := place{unit: person.Unit, tier: -1}
	if pos, ok := f.w.Position(person.Position); ok {
		out.tier = slices.Index(f.rules.Tiers, pos.Tier)
	}
	return out
}

func (f *finder) readConflicts() {
	f.conflicts = map[[2]competency.PersonID]bool{}
	for _, c := range f.rules.Conflicts {
		f.conflicts[c] = true
		f.conflicts[[2]competency.PersonID{c[1], c[0]}] = true
	}
}

func (f *finder) findMentees(asked []competency.PersonID) {
	if asked == nil {
		for no := range f.w.Len() {
			f.seek(no, false)
		}
		return
	}
	for _, id := range listMentees(asked, &f.problems) {
		if no, ok := f.w.Index(id); ok {
			f.seek(no, true)
			continue
		}
		f.problems.Add(bangkom.Problem{Code: "unknown-person", Where: "mentees/" + string(id), Msg: "a mentee who is not in the workforce"})
	}
}

// seek adds a person who has a gap, and notes of one who was asked for why not.
func (f *finder) seek(no int, asked bool) {
	all := competency.PersonGaps(f.profiles, no, f.rules.Job)
	var gaps []need
	var count [competency.Below + 1]int
	for _, g := range all {
		count[g.State]++
		levels, known := g.Levels()
		if !known || levels <= 0 {
			continue
		}
		gaps = append(gaps, need{competency: g.Required.Competency, required: int(g.Required.Level), levels: levels, weight: f.rules.Scoring.weight(g.Required)})
	}
	id := f.w.At(no).ID
	if len(gaps) > 0 {
		f.mentees = append(f.mentees, seeker{no, gaps, f.place(no)})
		f.out.mentees = append(f.out.mentees, id)
		return
	}
	if !asked {
		return
	}
	why := NoGap
	switch {
	case len(all) == 0:
		why = NoStandard
	case count[competency.NotAssessed] > 0:
		why = GapNotAssessed
	case count[competency.Expired] > 0:
		why = GapExpired
	}
	f.out.aside = append(f.out.aside, Unmatched{Person: id, Why: why})
}

// index makes the sets of mentors of every competency in which somebody has a gap.
func (f *finder) index() {
	f.skills = map[competency.CompetencyID]*skill{}
	for _, s := range f.mentees {
		for k := range s.gaps {
			g := &s.gaps[k]
			if f.skills[g.competency] == nil {
				f.skills[g.competency] = f.skill(g.competency)
			}
			g.skill = f.skills[g.competency]
			g.covers = g.skill.from(g.required + f.rules.Margin)
		}
	}
}

func (f *finder) skill(c competency.CompetencyID) *skill {
	m := len(f.mentorNo)
	s := &skill{make([]int16, m), newBitset(m), newBitset(m), map[int]bitset{}}
	for j, no := range f.mentorNo {
		switch a := f.profiles.Attained(no, c); a.State {
		case competency.NotAssessed:
		case competency.Expired:
			s.expired.set(j)
		default:
			s.assessed.set(j)
			s.level[j] = int16(a.Level)
		}
	}
	return s
}

func (s *skill) from(level int) bitset {
	if b, ok := s.atLeast[level]; ok {
		return b
	}
	b := newBitset(len(s.level))
	for j := range s.assessed.all() {
		if int(s.level[j]) >= level {
			b.set(j)
		}
	}
	s.atLeast[level] = b
	return b
}

// find walks the mentees and the mentors who have the levels.
func (f *finder) find() {
	m := len(f.mentorNo)
	f.out.counts = make([]tally, len(f.mentees))
	able, atRequired, assessed, old := newBitset(m), newBitset(m), newBitset(m), newBitset(m)
	for i := range f.mentees {
		s, t := &f.mentees[i], &f.out.counts[i]
		f.able(s, able, func(g *need) bitset { return g.covers })
		f.able(s, atRequired, func(g *need) bitset { return g.skill.from(g.required) })
		clear(assessed)
		clear(old)
		for _, g := range s.gaps {
			assessed.or(g.skill.assessed)
			old.or(g.skill.expired)
		}
		others := m
		if self, ok := f.mentorAt[s.no]; ok {
			for _, b := range []bitset{able, atRequired, assessed, old} {
				b.clear(self)
			}
			t.n[ownPerson]++
			others--
		}
		old.without(assessed)
		t.n[notAssessed] = int32(others - assessed.len() - old.len())
		t.n[expired] = int32(old.len())
		t.n[levelTooLow] = int32(assessed.len() - atRequired.len())
		t.n[withinMargin] = int32(atRequired.len() - able.len())
		for j := range able.all() {
			f.judge(i, j, t)
		}
		if len(f.out.mentor) > math.MaxInt32-m {
			f.problems.Add(bangkom.Problem{Code: "too-many", Msg: "mentoring: more than 2^31 pairs", Need: "stricter rules, or parts of the workforce one by one"})
			return
		}
	}
}

// able fills the set of mentors with the levels that a mentee needs.
func (f *finder) able(s *seeker, set bitset, of func(*need) bitset) {
	for k := range s.gaps {
		b := of(&s.gaps[k])
		switch {
		case k == 0:
			copy(set, b)
		case f.rules.EveryGap:
			set.and(b)
		default:
			set.or(b)
		}
	}
}

// judge asks the rules about a mentor who has the levels.
func (f *finder) judge(i, j int, t *tally) {
	first, n := f.against(i, j)
	if n == 0 {
		score := f.parts(i, j, nil)
		f.out.add(int32(i), int32(j), score.total())
		if len(f.rules.Scoring.Wishes) > 0 {
			f.out.like(score.base+score.menteeWish, score.base+score.mentorWish)
		}
		return
	}
	t.n[first]++
	if n == 1 {
		t.alone[first]++
	}
}

// against returns the first rule that keeps a mentor out, and how many do.
func (f *finder) against(i, j int) (first, n int) {
	out := func(r int) {
		if n == 0 {
			first = r
		}
		n++
	}
	mentee, mentor := f.out.mentees[i], f.out.mentors[j]
	if mentor.Places == 0 {
		out(noPlaces)
	}
	if !f.rules.AllowLine && f.w.InLineOfCommand(mentor.Person, mentee) {
		out(lineOfCommand)
	}
	if len(f.rules.Tiers) > 0 {
		switch own, theirs := f.mentees[i].at.tier, f.mentorAs[j].tier; {
		case own < 0 || theirs < 0:
			out(tierUnknown)
		case theirs < own+f.rules.TierMargin:
			out(tierTooLow)
		}
	}
	if len(f.conflicts) > 0 && f.conflicts[[2]competency.PersonID{mentee, mentor.Person}] {
		out(conflict)
	}
	return first, n
}

package competency

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/bangkom/bangkom"
)

// Attained is what the evidence says of one person in one competency.
type Attained struct {
	State State        `json:"state"`         // NotAssessed, Expired or Assessed
	Level Level        `json:"level"`         // meaningful if Assessed; the last known level if Expired
	N     int          `json:"n"`             // ratings that decided the level
	Last  bangkom.Date `json:"last,omitzero"` // date of the latest of these
}

// Profiles holds what is known of every person as of a day, in columns: 7
// bytes a cell, and no column for a competency that nobody was rated in.
type Profiles struct {
	w       *Workforce
	asOf    bangkom.Date
	rule    Rule
	columns []*column // by competency; nil: nobody was rated
}

type column struct {
	state []State
	level []Level
	n     []uint8 // 255: see more
	more  map[int32]int
	last  []bangkom.Date
}

func newColumn(people int) *column {
	return &column{make([]State, people), make([]Level, people), make([]uint8, people), map[int32]int{}, make([]bangkom.Date, people)}
}

func (c *column) set(i int32, a Attained) {
	c.state[i], c.level[i], c.last[i] = a.State, a.Level, a.Last
	c.n[i] = uint8(min(a.N, math.MaxUint8))
	if a.N >= math.MaxUint8 {
		c.more[i] = a.N
	}
}

func (c *column) at(i int32) Attained {
	a := Attained{c.state[i], c.level[i], int(c.n[i]), c.last[i]}
	if c.n[i] == math.MaxUint8 {
		a.N = c.more[i]
	}
	return a
}

// Workforce returns the workforce that was assessed.
func (p *Profiles) Workforce() *Workforce { return p.w }

// AsOf returns the day.
func (p *Profiles) AsOf() bangkom.Date { return p.asOf }

// Rule returns the rule that was applied.
func (p *Profiles) Rule() Rule { return p.rule.clone() }

// Attained returns what is known of a person, by number in the workforce, in a
// competency. Of a person or competency that is not there nothing is known.
func (p *Profiles) Attained(person int, c CompetencyID) Attained {
	i, ok := p.w.names.byID[c]
	if !ok || person < 0 || person >= p.w.Len() {
		return Attained{}
	}
	return p.attained(int32(person), i)
}

func (p *Profiles) attained(person, c int32) Attained {
	if p.columns[c] == nil {
		return Attained{}
	}
	return p.columns[c].at(person)
}

// Assess applies the rule to the ratings as of a day. Ratings dated later are
// not used and are counted; ratings that do not fit the workforce or the scale are Problems.
//
// Of each person and competency:
//
//  1. Ratings dated after the day, and ratings of sources that the rule does
//     not name, are left out and counted in a Note (future-rating, source-not-used).
//  2. A rating is valid up to and including its ValidUntil; without one, up to
//     and including the day Rule.ValidFor years after its date. A rating with
//     neither date nor ValidUntil counts as valid, and as older than any dated
//     one; a Warning says how many such there are (expiry-unknown).
//  3. The first group of Rule.Sources with a valid rating decides, by Rule.Aggregation.
//  4. Without a valid rating the state is Expired, with the last known level
//     by the same rule; without any rating it is NotAssessed.
//
// A rating that repeats another in every field, rater included, counts once
// (duplicate-rating). Where one source, and one rater if named, gives several
// levels on one day, a Warning counts the cells (contradictory-ratings); which
// level decides is the aggregation's: for Latest the lower one.
//
// The result does not depend on the order of the ratings. An asOf of no date
// or a rule out of range is an ErrOption, and nothing is assessed.
func Assess(w *Workforce, ratings []Rating, asOf bangkom.Date, rule Rule) (*Profiles, bangkom.Problems) {
	a := &assessment{
		profiles: &Profiles{w: w, asOf: asOf, rule: rule.clone(), columns: make([]*column, len(w.levels))},
		ratings:  ratings,
		groups:   max(1, len(rule.Sources)),
	}
	a.problems = rule.validate()
	if asOf.IsZero() {
		a.problems.Add(bangkom.Problem{Code: "option", Where: "as_of", Msg: "evidence can only be judged as of a day", Need: "state the day"})
	}
	if len(a.problems) == 0 {
		a.oldest = rule.oldest(asOf)
		a.sort()
		for i := range int32(w.Len()) {
			a.person(i)
		}
		a.notes()
	}
	return a.profiles, a.problems
}

// An assessment works through the ratings person by person.
type assessment struct {
	profiles *Profiles
	ratings  []Rating
	problems bangkom.Problems

	competency []int32 // of each rating
	order      []int32 // ratings that fit, by person
	start      []int32 // of each person in order

	oldest bangkom.Date // the oldest day that Rule.ValidFor leaves valid
	groups int          // of trust
	used   []*Rating    // of the cell at hand

	future, unnamed, undated, repeated, contradictory tally
}

// A tally counts what is worth a remark, and remembers one place for it.
type tally struct {
	n     int
	where string
}

func (t *tally) add(where func() string) {
	if t.n == 0 {
		t.where = where()
	}
	t.n++
}

// sort checks each rating and lists those that fit by person. Counting does
// it in linear time and 12 bytes a rating.
func (a *assessment) sort() {
	n := a.profiles.w.Len()
	person := make([]int32, len(a.ratings))
	a.competency = make([]int32, len(a.ratings))
	a.start = make([]int32, n+1)
	for k := range a.ratings {
		person[k], a.competency[k] = a.fit(k)
		if person[k] != unset {
			a.start[person[k]+1]++
		}
	}
	for i := range n {
		a.start[i+1] += a.start[i]
	}
	a.order = make([]int32, a.start[n])
	next := slices.Clone(a.start)
	for k, i := range person {
		if i != unset {
			a.order[next[i]] = int32(k)
			next[i]++
		}
	}
}

// fit returns person and competency of a rating, or reports why it cannot be used.
func (a *assessment) fit(k int) (person, c int32) {
	r, w := &a.ratings[k], a.profiles.w
	fail := func(code, field, value, msg, need string) {
		a.problems.Add(bangkom.Problem{Code: code, Where: fmt.Sprintf("ratings[%d]/%s", k, field), Value: value, Msg: msg, Need: need})
	}
	i, ok := w.byID.find(string(r.Person))
	if !ok {
		fail("unknown-person", "person", string(r.Person), "a rating of somebody who is not in the workforce", "add the person, or correct the id")
		return unset, unset
	}
	c, ok = w.names.byID[r.Competency]
	if !ok {
		fail("unknown-competency", "competency", string(r.Competency), "the competency is not in the framework", "add it, or correct the id")
		return unset, unset
	}
	if !w.levels[c].has(r.Level) {
		a.problems.Add(levelOffScale(fmt.Sprintf("ratings[%d]/level", k), r.Level))
		return unset, unset
	}
	if !r.ValidUntil.IsZero() && r.ValidUntil.Before(r.Date) {
		fail("validity-before-date", "valid_until", r.ValidUntil.String(), "the rating ends before its date, "+r.Date.String(), "correct one of the two days")
		return unset, unset
	}
	return i, c
}

// person decides the cells of one person.
func (a *assessment) person(i int32) {
	mine := a.order[a.start[i]:a.start[i+1]]
	slices.SortFunc(mine, a.compare)
	for len(mine) > 0 {
		c := a.competency[mine[0]]
		n := 1
		for n < len(mine) && a.competency[mine[n]] == c {
			n++
		}
		if cell := a.decide(mine[:n]); cell.State != NotAssessed {
			if a.profiles.columns[c] == nil {
				a.profiles.columns[c] = newColumn(a.profiles.w.Len())
			}
			a.profiles.columns[c].set(i, cell)
		}
		mine = mine[n:]
	}
}

// compare orders by content alone, the latest first: two ratings that compare
// equal are the same rating.
func (a *assessment) compare(k, l int32) int {
	if c := cmp.Compare(a.competency[k], a.competency[l]); c != 0 {
		return c // most comparisons end here, before a text is looked at
	}
	r, s := &a.ratings[k], &a.ratings[l]
	if c := s.Date.Compare(r.Date); c != 0 {
		return c
	}
	return cmp.Or(
		cmp.Compare(r.Source, s.Source),
		cmp.Compare(r.Rater, s.Rater),
		cmp.Compare(r.Level, s.Level),
		r.ValidUntil.Compare(s.ValidUntil),
	)
}

// decide makes one cell of its ratings, in the order of compare: of the most
// trusted group with a valid rating or, if there is none, with an expired one.
func (a *assessment) decide(cell []int32) Attained {
	used, best := a.used[:0], math.MaxInt
	state, contradiction := NotAssessed, false
	for n, k := range cell {
		r := &a.ratings[k]
		rank, counts := a.rank(cell, n)
		if !counts {
			continue
		}
		contradiction = contradiction || n > 0 && a.contradicts(r, &a.ratings[cell[n-1]])
		if rank < best {
			best, used = rank, used[:0]
			state = Assessed
			if rank >= a.groups {
				state = Expired
			}
		}
		if rank == best {
			used = append(used, r)
		}
	}
	a.used = used
	if contradiction {
		a.contradictory.add(a.where(cell))
	}
	if state == NotAssessed {
		return Attained{}
	}
	return a.aggregate(used, state)
}

// rank is the group of trust of the n-th rating of a cell, behind all groups
// if the rating has expired; false if it does not count. What the reader of
// the result must know of it is tallied.
func (a *assessment) rank(cell []int32, n int) (int, bool) {
	r := &a.ratings[cell[n]]
	trust, named := a.profiles.rule.trust(r.Source)
	switch {
	case a.repeats(cell, n):
		a.repeated.add(a.where(cell))
		return 0, false
	case r.Date.After(a.profiles.asOf):
		a.future.add(a.where(cell))
		return 0, false
	case !named:
		a.unnamed.add(a.where(cell))
		return 0, false
	case r.Date.IsZero() && r.ValidUntil.IsZero():
		a.undated.add(a.where(cell))
	}
	if a.expired(r) {
		trust += a.groups
	}
	return trust, true
}

func (a *assessment) expired(r *Rating) bool {
	if !r.ValidUntil.IsZero() {
		return r.ValidUntil.Before(a.profiles.asOf)
	}
	return !r.Date.IsZero() && r.Date.Before(a.oldest)
}

// repeats reports whether the rating says again what the one before says. Two
// ratings without a rater may come from two people, so both count.
func (a *assessment) repeats(cell []int32, n int) bool {
	return n > 0 && a.ratings[cell[n]].Rater != "" && a.compare(cell[n-1], cell[n]) == 0
}

// contradicts reports whether one voice gives two levels on one day.
func (a *assessment) contradicts(r, s *Rating) bool {
	return r.Level != s.Level && r.Date == s.Date && r.Source == s.Source && r.Rater == s.Rater
}

// where names a cell; it is called for the first remark of a kind only.
func (a *assessment) where(cell []int32) func() string {
	return func() string {
		r := &a.ratings[cell[0]]
		return fmt.Sprintf("%s/%s", r.Person, r.Competency)
	}
}

// aggregate makes a level of ratings that stand the latest first.
func (a *assessment) aggregate(used []*Rating, state State) Attained {
	last := used[0].Date
	if a.profiles.rule.Aggregation == Latest {
		earlier := slices.IndexFunc(used, func(r *Rating) bool { return r.Date != last })
		if earlier >= 0 {
			used = used[:earlier]
		}
	}
	slices.SortFunc(used, func(r, s *Rating) int { return cmp.Compare(r.Level, s.Level) })
	at := 0 // Latest: the lower level of the day
	switch a.profiles.rule.Aggregation {
	case Median:
		at = (len(used) - 1) / 2
	case Highest:
		at = len(used) - 1
	}
	return Attained{state, used[at].Level, len(used), last}
}

// notes turns the tallies into problems.
func (a *assessment) notes() {
	for _, t := range []struct {
		*tally
		code     string
		severity bangkom.Severity
		msg      string
		need     string
	}{
		{&a.future, "future-rating", bangkom.Note, "ratings are dated after " + a.profiles.asOf.String() + " and were not used", ""},
		{&a.unnamed, "source-not-used", bangkom.Note, "ratings come from a source that the rule does not name and were not used", "name the source in the rule if it is to count"},
		{&a.undated, "expiry-unknown", bangkom.Warning, "ratings have no date: they count, and expiry could not be judged", "give the day of the assessment"},
		{&a.repeated, "duplicate-rating", bangkom.Warning, "ratings repeat another in every field and were counted once", ""},
		{&a.contradictory, "contradictory-ratings", bangkom.Warning, "cells have several levels of one source and day; the rule decided (" + a.profiles.rule.Aggregation.String() + "; for latest the lower level)", "ask which level is meant"},
	} {
		if t.n > 0 {
			a.problems.Add(bangkom.Problem{Code: t.code, Severity: t.severity, Where: t.where, Value: fmt.Sprint(t.n), Msg: fmt.Sprintf("%d %s; here the first", t.n, t.msg), Need: t.need})
		}
	}
}

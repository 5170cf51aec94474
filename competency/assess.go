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
	Last  bangkom.Date `json:"last,omitzero"` // date of the latest of these, those of anonymous sources apart
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
//  1. Ratings dated after the day or recorded after Rule.KnownAt, and ratings of
//     sources that the rule does not name, are left out and counted in a Note
//     (future-rating, recorded-later, source-not-used).
//  2. A rating is valid up to and including its ValidUntil; without one, up to
//     and including the day Renewal months after its date; without that, the
//     day Rule.ValidFor years after it. A rating with neither date nor ValidUntil
//     counts as valid, and as older than any dated one; a Warning says how many
//     such there are (expiry-unknown). [Decay] may lower its level meanwhile.
//  3. A negative rating withdraws the ratings of its own and of less trusted
//     groups that show its level or a higher one and are dated before it. It is
//     no evidence of a lower level, nor of any: what nothing else shows is
//     NotAssessed, never below. It ends with its own ValidUntil or Renewal only.
//  4. The first group of Rule.Sources with a valid rating, and enough raters if
//     Rule.Raters asks for them, decides by Rule.Aggregation.
//  5. Without a valid rating the state is Expired, with the last known level
//     by the same rule; without any rating it is NotAssessed.
//
// A rating that repeats another in every field, its rater or reference
// included, counts once (duplicate-rating). Where one source, and one rater if
// named, gives several levels on one day, a Warning counts the cells
// (contradictory-ratings); which level decides is the aggregation's: for Latest
// the lower one. Of the rule on raters, Warnings count the sources with too few
// (too-few-raters), cells with no rating but one's own where that is to be
// capped (self-only), and cells that are flagged (raters-disagree).
//
// The result does not depend on the order of the ratings. An asOf of no date
// or a rule out of range is an ErrOption, and nothing is assessed.
// [Profiles.Explain] says of one cell what became of each rating.
func Assess(w *Workforce, ratings []Rating, asOf bangkom.Date, rule Rule) (*Profiles, bangkom.Problems) {
	a := newAssessment(w, ratings, asOf, rule)
	if len(a.problems) == 0 {
		a.sort()
		for i := range int32(w.Len()) {
			a.person(i, a.keep)
		}
		a.notes()
	}
	return a.profiles, a.problems
}

// newAssessment checks day and rule; with a problem nothing can be assessed.
func newAssessment(w *Workforce, ratings []Rating, asOf bangkom.Date, rule Rule) *assessment {
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
		a.oldest, a.known = rule.oldest(asOf), rule.knownAt(asOf)
		if rule.Decay != nil {
			a.thresholds = rule.Decay.thresholds(asOf)
		}
	}
	return a
}

// An assessment works through the ratings person by person.
type assessment struct {
	profiles *Profiles
	ratings  []Rating
	problems bangkom.Problems

	competency []int32 // of each rating
	order      []int32 // ratings that fit, by person
	start      []int32 // of each person in order

	oldest     bangkom.Date   // the oldest day that Rule.ValidFor leaves valid
	known      bangkom.Date   // the last day whose records are used
	thresholds []bangkom.Date // of decay
	groups     int            // of trust

	// Of the cell at hand.
	votes         []vote
	used, scratch []int32 // places in votes
	score         float64 // the mean before it was brought to a step
	negative      bool

	future, later, unnamed, undated, repeated, contradictory, few, selfOnly, apart tally
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

// person hands the cells of one person to a function, as numbers of ratings.
func (a *assessment) person(i int32, cell func(i, c int32, ratings []int32)) {
	mine := a.order[a.start[i]:a.start[i+1]]
	slices.SortFunc(mine, a.compare)
	for len(mine) > 0 {
		c := a.competency[mine[0]]
		n := 1
		for n < len(mine) && a.competency[mine[n]] == c {
			n++
		}
		cell(i, c, mine[:n])
		mine = mine[n:]
	}
}

// keep decides a cell and puts it into its column.
func (a *assessment) keep(i, c int32, ratings []int32) {
	cell := a.decide(ratings)
	if cell.State == NotAssessed {
		return
	}
	if a.profiles.columns[c] == nil {
		a.profiles.columns[c] = newColumn(a.profiles.w.Len())
	}
	a.profiles.columns[c].set(i, cell)
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
		cmp.Compare(bit(s.Negative), bit(r.Negative)),
		cmp.Compare(r.Kind, s.Kind),
		cmp.Compare(r.Ref, s.Ref),
		cmp.Compare(r.Renewal, s.Renewal),
		r.Recorded.Compare(s.Recorded),
	)
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// decide makes one cell of its ratings, in the order of compare: of the most
// trusted group with a valid rating or, if there is none, with an expired one.
func (a *assessment) decide(cell []int32) Attained {
	a.judge(cell)
	if a.negative {
		a.withdraw()
	}
	for {
		rank := math.MaxInt
		for i := range a.votes {
			if v := &a.votes[i]; v.reason == counted {
				rank = min(rank, v.rank)
			}
		}
		if rank == math.MaxInt {
			return Attained{}
		}
		if a.ask(rank) {
			a.capSelf(rank)
			return a.aggregate(rank)
		}
	}
}

// judge looks at each rating by itself. What the reader of the result must
// know of it is tallied.
func (a *assessment) judge(cell []int32) {
	a.votes, a.negative = a.votes[:0], false
	contradiction, previous := false, unset
	var anonymous []Source // that contradict themselves
	for n, k := range cell {
		v := vote{k: k, level: a.ratings[k].Level}
		a.consider(cell, n, &v)
		a.votes = append(a.votes, v)
		if v.reason > dropped && v.reason < expiredReason {
			continue
		}
		if previous != unset {
			if r := &a.ratings[k]; a.contradicts(r, &a.ratings[previous]) {
				if a.profiles.rule.anonymous(r.Source) {
					anonymous = append(anonymous, r.Source)
				} else {
					contradiction = true
				}
			}
		}
		previous = k
	}
	if len(anonymous) > 0 && !contradiction {
		hidden := a.hidden()
		contradiction = slices.ContainsFunc(anonymous, func(s Source) bool { return !hidden[s] })
	}
	if contradiction {
		a.contradictory.add(a.where(cell[0]))
	}
}

func (a *assessment) consider(cell []int32, n int, v *vote) {
	r := &a.ratings[v.k]
	trust, named := a.profiles.rule.trust(r.Source)
	v.rank = trust
	note := func(why reason, t *tally) {
		v.reason = why
		t.add(a.where(v.k))
	}
	switch {
	case a.repeats(cell, n):
		note(duplicate, &a.repeated)
		return
	case r.Date.After(a.profiles.asOf):
		note(future, &a.future)
		return
	case r.Recorded.After(a.known) || r.Recorded.IsZero() && r.Date.After(a.known):
		note(recordedLater, &a.later)
		return
	case !named:
		note(sourceNotUsed, &a.unnamed)
		return
	case r.Date.IsZero() && r.ValidUntil.IsZero():
		a.undated.add(a.where(v.k))
	}
	if r.Negative {
		a.negative = true
		v.reason = withdrawsNothing
		if end := r.end(); !end.IsZero() && end.Before(a.profiles.asOf) {
			v.reason = expiredReason
		}
		return
	}
	if a.expired(r) || !a.decay(v) {
		v.rank += a.groups
	}
}

// end is the last valid day that a rating states itself; no date: none.
func (r *Rating) end() bangkom.Date {
	if r.ValidUntil.IsZero() && r.Renewal > 0 {
		return r.Date.AddMonths(int(r.Renewal))
	}
	return r.ValidUntil
}

func (a *assessment) expired(r *Rating) bool {
	if end := r.end(); !end.IsZero() {
		return end.Before(a.profiles.asOf)
	}
	return !r.Date.IsZero() && r.Date.Before(a.oldest)
}

// decay lowers a vote by the steps that its rating has lost; false if it falls
// off the scale, and is left as it was.
func (a *assessment) decay(v *vote) bool {
	r := &a.ratings[v.k]
	steps := &a.profiles.w.levels[a.competency[v.k]]
	if len(a.thresholds) == 0 || r.Date.IsZero() || !r.Date.Before(a.thresholds[0]) || *steps == anyLevel {
		return true
	}
	if kinds := a.profiles.rule.Decay.Kinds; kinds != nil && !slices.Contains(kinds, r.Kind) {
		return true
	}
	level := v.level
	for _, day := range a.thresholds {
		if !r.Date.Before(day) {
			break
		}
		for {
			if level == math.MinInt8 {
				return false
			}
			if level--; steps.has(level) {
				break
			}
		}
	}
	v.level = level
	return true
}

// withdraw lets each negative rating take back what it speaks of. The votes
// stand the latest first, so that one walk down finds what is withdrawn, and
// one walk up who did it: many ratings of one cell take linear time.
func (a *assessment) withdraw() {
	lowest, highest := make([]int, a.groups), make([]int, a.groups) // negative level by group, positive level by group
	for g := range a.groups {
		lowest[g], highest[g] = math.MaxInt, math.MinInt
	}
	a.days(func(day []vote) {
		for i := range day {
			v := &day[i]
			level := int(a.ratings[v.k].Level)
			if v.reason == counted && level >= slices.Min(lowest[:v.rank%a.groups+1]) {
				v.reason = withdrawn
			}
		}
		for _, v := range day {
			if v.reason == withdrawsNothing {
				lowest[v.rank] = min(lowest[v.rank], int(v.level))
			}
		}
	}, false)
	a.days(func(day []vote) {
		for i := range day {
			if v := &day[i]; v.reason == withdrawsNothing && slices.Max(highest[v.rank:]) >= int(v.level) {
				v.reason = withdraws
			}
		}
		for _, v := range day {
			if v.reason == withdrawn {
				g := v.rank % a.groups
				highest[g] = max(highest[g], int(a.ratings[v.k].Level))
			}
		}
	}, true)
}

// days hands over the votes day by day, the latest or the oldest day first.
func (a *assessment) days(f func([]vote), oldestFirst bool) {
	date := func(i int) bangkom.Date { return a.ratings[a.votes[i].k].Date }
	if oldestFirst {
		for to := len(a.votes); to > 0; {
			from := to - 1
			for from > 0 && date(from-1) == date(to-1) {
				from--
			}
			f(a.votes[from:to])
			to = from
		}
		return
	}
	for from := 0; from < len(a.votes); {
		to := from + 1
		for to < len(a.votes) && date(to) == date(from) {
			to++
		}
		f(a.votes[from:to])
		from = to
	}
}

// repeats reports whether the rating says again what the one before says. Two
// ratings without rater and reference may come from two people, so both count.
func (a *assessment) repeats(cell []int32, n int) bool {
	r := &a.ratings[cell[n]]
	return n > 0 && (r.Rater != "" || r.Ref != "") && a.compare(cell[n-1], cell[n]) == 0
}

// contradicts reports whether one voice gives two levels on one day, or shows
// and withdraws one. Of two ratings in the order of compare r is the later.
func (a *assessment) contradicts(r, s *Rating) bool {
	if r.Date != s.Date || r.Source != s.Source || r.Rater != s.Rater {
		return false
	}
	if r.Negative || s.Negative {
		return r.Negative != s.Negative && (s.Negative || r.Level == s.Level)
	}
	return r.Level != s.Level
}

// where names a cell; it is called for the first remark of a kind only.
func (a *assessment) where(k int32) func() string {
	return func() string {
		r := &a.ratings[k]
		return fmt.Sprintf("%s/%s", r.Person, r.Competency)
	}
}

// aggregate makes a level of the votes of a rank.
func (a *assessment) aggregate(rank int) Attained {
	rule := &a.profiles.rule
	used := a.used[:0]
	var last bangkom.Date
	for i := range a.votes {
		v := &a.votes[i]
		switch date := a.ratings[v.k].Date; {
		case v.reason != counted:
		case v.rank != rank:
			v.reason = lessTrusted
			if v.rank >= a.groups && rank < a.groups {
				v.reason = expiredReason
			}
		case len(used) > 0 && rule.Aggregation == Latest && date != last:
			v.reason = superseded
		default:
			if len(used) == 0 {
				last = date
			}
			used = append(used, int32(i))
		}
	}
	a.used = used
	if len(used) > 1 {
		a.disagreement()
	}
	slices.SortFunc(used, func(i, j int32) int { return cmp.Compare(a.votes[i].level, a.votes[j].level) })
	level := a.votes[used[0]].level // Latest: the lower level of the day
	switch rule.Aggregation {
	case Median:
		level = a.votes[used[lowerMedian(len(used), a.weights(used))]].level
	case Highest:
		level = a.votes[used[len(used)-1]].level
	case Mean:
		used = a.trim(used)
		a.used = used
		a.score = a.mean(used, a.weights(used))
		level = a.step(a.competency[a.votes[used[0]].k], a.score)
	}
	state := Assessed
	if rank >= a.groups {
		state = Expired
	}
	return Attained{state, level, len(used), a.shownDate(last)}
}

// shownDate is the day of the latest rating that decided. Days of anonymous
// sources are not told: they would name the rater to whoever knows who wrote when.
func (a *assessment) shownDate(last bangkom.Date) bangkom.Date {
	r := a.profiles.rule.Raters
	if r == nil || len(r.Anonymity) == 0 {
		return last
	}
	last = bangkom.Date{}
	for _, i := range a.used {
		v := a.rating(i)
		if _, anonymous := r.Anonymity[v.Source]; !anonymous && v.Date.After(last) {
			last = v.Date
		}
	}
	return last
}

// spread returns how many levels apart raters other than oneself are.
func (a *assessment) spread() int {
	low, high := Level(math.MaxInt8), Level(math.MinInt8)
	for _, i := range a.used {
		if a.rating(i).Source != Self {
			low, high = min(low, a.votes[i].level), max(high, a.votes[i].level)
		}
	}
	return max(0, int(high)-int(low))
}

func (a *assessment) disagreement() {
	if r := a.profiles.rule.Raters; r != nil && r.Disagreement > 0 && a.spread() >= r.Disagreement && !a.withheld(a.hidden()) {
		a.apart.add(a.where(a.votes[a.used[0]].k))
	}
}

func (a *assessment) tallies() []*tally {
	return []*tally{&a.future, &a.later, &a.unnamed, &a.undated, &a.repeated, &a.contradictory, &a.few, &a.selfOnly, &a.apart}
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
		{&a.future, "future-rating", bangkom.Note, "ratings dated after " + a.profiles.asOf.String() + ", not used", ""},
		{&a.later, "recorded-later", bangkom.Note, "ratings recorded after " + a.known.String() + ", not used", ""},
		{&a.unnamed, "source-not-used", bangkom.Note, "ratings from a source that the rule does not name, not used", "name the source in the rule if it is to count"},
		{&a.undated, "expiry-unknown", bangkom.Warning, "ratings without a date, of which expiry could not be judged, counted", "give the day of the assessment"},
		{&a.repeated, "duplicate-rating", bangkom.Warning, "ratings that repeat another in every field, not counted again", ""},
		{&a.contradictory, "contradictory-ratings", bangkom.Warning, "cells with several levels of one source and day, where the rule decided (" + a.profiles.rule.Aggregation.String() + "; for latest the lower level)", "ask which level is meant"},
		{&a.few, "too-few-raters", bangkom.Warning, "sources of a cell with fewer raters than the rule asks for, not counted", "ask more of them"},
		{&a.selfOnly, "self-only", bangkom.Warning, "cells with a rating of oneself only, which stands without a cap", "ask somebody else"},
		{&a.apart, "raters-disagree", bangkom.Warning, "cells whose raters are apart by what the rule flags", "let them talk it over"},
	} {
		if t.n > 0 {
			a.problems.Add(bangkom.Problem{Code: t.code, Severity: t.severity, Where: t.where, Value: fmt.Sprint(t.n), Msg: fmt.Sprintf("%s: %d; here the first", t.msg, t.n), Need: t.need})
		}
	}
}

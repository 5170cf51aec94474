package competency

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
)

// An Explanation says how a level came about: by which rule, from which
// evidence, and why other evidence did not count.
type Explanation struct {
	Person     PersonID     `json:"person"`
	Competency CompetencyID `json:"competency"`
	AsOf       bangkom.Date `json:"as_of"`
	KnownAt    bangkom.Date `json:"known_at"` // what was recorded later was not used
	Rule       Rule         `json:"rule"`     // as applied, with its id and version
	Attained   Attained     `json:"attained"`
	Until      bangkom.Date `json:"until,omitzero"` // last day on which the level rests on the same evidence: nothing that counts has expired or, of Highest, not all that shows the level; no date: for ever, or withheld, where of Highest only hidden raters show it
	Evidence   []Considered `json:"evidence"`       // the latest first

	// Of several raters. What an anonymity threshold withholds is not here.
	Score     *float64     `json:"score,omitempty"`      // the mean before it was brought to a step
	Sources   []SourceView `json:"sources,omitempty"`    // of the ratings that count
	Spread    *int         `json:"spread"`               // levels between the lowest and the highest rating that counts, oneself apart; nil: withheld, or no rule on raters
	Disagree  bool         `json:"disagree"`             // the spread is there, and is what the rule flags
	SelfOther *float64     `json:"self_other,omitempty"` // one's own level minus the mean of the others that count

	Problems bangkom.Problems `json:"problems,omitempty"` // remarks on this cell, as of [Assess]
}

// Considered is one piece of evidence and what became of it.
//
// The reasons are words: counted; last-known, which has expired and counts for
// want of anything valid; duplicate, future, recorded-later,
// source-not-used, expired (also what has decayed off the scale), withdrawn by
// negative evidence, less-trusted than what decided, superseded by what is
// newer, self-excluded, too-few-raters, no-weight, trimmed (one of the ends that
// Rule.Trim cuts off); and of negative evidence withdraws and
// withdraws-nothing. The reason is shown of hidden ratings too: that one is
// trimmed tells that it is an extreme, not which.
type Considered struct {
	Rating Rating       `json:"rating"` // without what anonymity withholds
	At     int          `json:"at"`     // place in the ratings given; -1: withheld
	Counts bool         `json:"counts"`
	Reason string       `json:"reason"`
	Level  Level        `json:"level"`           // as it counts, after decay and cap
	Until  bangkom.Date `json:"until,omitzero"`  // last valid day; no date: for ever
	Hidden bool         `json:"hidden,omitzero"` // the source has too few raters: its levels are not shown
}

// SourceView is what one source said.
type SourceView struct {
	Source Source  `json:"source"`
	N      int     `json:"n"`                // ratings that count
	Mean   float64 `json:"mean,omitzero"`    // of their levels; 0 if hidden
	Weight float64 `json:"weight,omitempty"` // share of the whole, where the rule has weights
	Hidden bool    `json:"hidden,omitzero"`
}

// Explain says how the level of a person in a competency comes about from the
// ratings, by the rule and as of the day of the profiles. Give it the ratings
// that were assessed, or only those of the person: from others it may come to
// another level, and then says so (other-evidence).
//
// Where the rule asks for anonymity, neither the raters of the sources named nor
// their days are shown, and of a source with fewer raters neither levels nor
// means, nor what would give them away: the score, the spread, the difference
// from oneself, a flag of disagreement, one's own rating where it is capped. The
// level itself is shown, and the day of the latest rating: whoever makes one
// rating decide, as Latest does, shows that rating. A mean before and after one
// more rating gives that rating away: show explanations of one day each.
func (p *Profiles) Explain(ratings []Rating, person PersonID, c CompetencyID) Explanation {
	var at []int32
	for k := range ratings {
		if ratings[k].Person == person && ratings[k].Competency == c {
			at = append(at, int32(k))
		}
	}
	x := Explanation{Person: person, Competency: c, AsOf: p.asOf, KnownAt: p.rule.knownAt(p.asOf), Rule: p.Rule()}
	i, known := p.w.byID.find(string(person))
	j, alsoKnown := p.w.names.byID[c]
	if !known {
		x.Problems.Add(bangkom.Problem{Code: "unknown-person", Value: string(person), Msg: "nobody of this id is in the workforce"})
	}
	if !alsoKnown {
		x.Problems.Add(bangkom.Problem{Code: "unknown-competency", Value: string(c), Msg: "the competency is not in the framework"})
	}
	if !known || !alsoKnown {
		return x
	}
	a := newAssessment(p.w, ratings, p.asOf, p.rule)
	if x.Problems = a.problems; len(x.Problems) > 0 {
		return x
	}
	a.competency = make([]int32, len(ratings))
	var fit []int32
	for _, k := range at {
		_, cell := a.fit(int(k))
		if a.competency[k] = cell; cell != unset {
			fit = append(fit, k)
		}
	}
	a.explain(&x, fit)
	x.Problems = a.problems
	if was := p.attained(i, j); was != x.Attained {
		x.Problems.Add(bangkom.Problem{Code: "other-evidence", Severity: bangkom.Warning, Where: fmt.Sprintf("%s/%s", person, c), Value: fmt.Sprint(was.Level),
			Msg: fmt.Sprintf("these ratings give %s; the profiles were made of others, which gave %s", x.Attained, was), Need: "give the ratings that were assessed"})
	}
	return x
}

// Explanations yields what [Profiles.Explain] says of every cell that has
// evidence, by person and then by competency in the framework's order.
func (p *Profiles) Explanations(ratings []Rating) iter.Seq[Explanation] {
	return func(yield func(Explanation) bool) {
		a := newAssessment(p.w, ratings, p.asOf, p.rule)
		if len(a.problems) > 0 {
			return
		}
		a.sort()
		a.problems = nil
		more := true
		for i := range int32(p.w.Len()) {
			a.person(i, func(i, c int32, cell []int32) {
				if !more {
					return
				}
				x := Explanation{Person: PersonID(p.w.ids.at(int(i))), Competency: p.w.framework.Competencies[c].ID, AsOf: p.asOf, KnownAt: a.known, Rule: p.Rule()}
				a.explain(&x, cell)
				x.Problems, a.problems = a.problems, nil
				more = yield(x)
			})
			if !more {
				return
			}
		}
	}
}

// explain decides a cell and tells how.
func (a *assessment) explain(x *Explanation, cell []int32) {
	for _, t := range a.tallies() {
		*t = tally{}
	}
	slices.SortFunc(cell, func(k, l int32) int { return cmp.Or(a.compare(k, l), cmp.Compare(k, l)) })
	a.used = a.used[:0]
	if len(cell) > 0 {
		x.Attained = a.decide(cell)
	}
	if x.Attained.State == NotAssessed {
		a.used = a.used[:0]
	}
	hidden := a.hidden()
	withheld := a.withheld(hidden)
	if withheld { // it compares with what is not shown
		a.contradictory = tally{}
	}
	a.notes()
	for i := range a.votes {
		x.Evidence = append(x.Evidence, a.considered(&a.votes[i], hidden))
	}
	if x.Attained.State == Expired {
		for i := range x.Evidence {
			if x.Evidence[i].Counts {
				x.Evidence[i].Reason = "last-known"
			}
		}
	}
	slices.SortStableFunc(x.Evidence, anonymousLast)
	x.Until = a.holds(x)
	for i := range x.Evidence {
		if e := &x.Evidence[i]; e.At < 0 {
			e.Until = bangkom.Date{}
		}
	}
	if a.profiles.rule.Raters == nil || len(a.used) == 0 {
		return
	}
	spread := a.spread()
	x.Spread = &spread
	x.Disagree = a.profiles.rule.Raters.Disagreement > 0 && spread >= a.profiles.rule.Raters.Disagreement
	x.Sources = a.views(hidden)
	if a.profiles.rule.Aggregation == Mean {
		score := a.score
		x.Score = &score
	}
	x.SelfOther = a.selfOther()
	if withheld {
		x.Score, x.SelfOther, x.Spread, x.Disagree = nil, nil, nil, false
	}
}

// holds is the last day on which the level rests on what it rests on now: as
// long as all that counts is valid; of the highest level, as long as one rating
// that shows it is.
func (a *assessment) holds(x *Explanation) bangkom.Date {
	var until bangkom.Date
	first := true
	for i := range x.Evidence {
		e := &x.Evidence[i]
		highest := a.profiles.rule.Aggregation == Highest
		if !e.Counts || highest && (e.Hidden || e.Level < x.Attained.Level) {
			continue
		}
		switch end := e.Until; {
		case first:
			until, first = end, false
		case highest && !until.IsZero() && (end.IsZero() || end.After(until)),
			!highest && !end.IsZero() && (until.IsZero() || end.Before(until)):
			until = end
		}
	}
	return until
}

// anonymousLast puts evidence without a place behind the rest, and by level:
// when it came, its order does not tell.
func anonymousLast(a, b Considered) int {
	if a.At >= 0 || b.At >= 0 {
		return cmp.Compare(min(b.At, 0), min(a.At, 0))
	}
	return cmp.Or(cmp.Compare(a.Rating.Source, b.Rating.Source), cmp.Compare(b.Rating.Level, a.Rating.Level), cmp.Compare(a.Reason, b.Reason))
}

// hidden returns the sources with fewer raters than their anonymity asks for,
// of all ratings that were in play.
func (a *assessment) hidden() map[Source]bool {
	r := a.profiles.rule.Raters
	if r == nil || len(r.Anonymity) == 0 {
		return nil
	}
	counts := map[Source]int{}
	for i := range a.votes {
		if a.votes[i].reason == counted {
			counts[a.ratings[a.votes[i].k].Source]++
		}
	}
	out := map[Source]bool{}
	for s, n := range r.Anonymity {
		if out[s] = counts[s] < n; out[s] && counts[s] > 0 && r.Self == SelfCapped {
			out[Self] = true // its cap may be what the others said
		}
	}
	return out
}

// withheld reports whether something that counts is of a hidden source: what
// compares with it would give it away.
func (a *assessment) withheld(hidden map[Source]bool) bool {
	return slices.ContainsFunc(a.used, func(i int32) bool { return hidden[a.rating(i).Source] })
}

// anonymous reports whether raters of a source are not shown.
func (r *Rule) anonymous(s Source) bool {
	if r.Raters == nil {
		return false
	}
	_, named := r.Raters.Anonymity[s]
	return named
}

func (a *assessment) considered(v *vote, hidden map[Source]bool) Considered {
	r := a.ratings[v.k]
	e := Considered{Rating: r, At: int(v.k), Counts: v.reason == counted, Reason: reasonWords[v.reason], Level: v.level, Until: a.until(&r)}
	if !a.profiles.rule.anonymous(r.Source) && !hidden[r.Source] {
		return e
	}
	e.At = -1
	e.Rating = Rating{Person: r.Person, Competency: r.Competency, Level: r.Level, Negative: r.Negative, Source: r.Source, Kind: r.Kind}
	if hidden[r.Source] {
		e.Hidden, e.Level, e.Until, e.Rating = true, 0, bangkom.Date{}, Rating{Person: r.Person, Competency: r.Competency, Source: r.Source}
	}
	return e
}

// until is the last valid day of a rating.
func (a *assessment) until(r *Rating) bangkom.Date {
	years := a.profiles.rule.ValidFor
	if end := r.end(); !end.IsZero() || years == 0 || years > 9999 || r.Negative {
		return end
	}
	return r.Date.AddYears(years)
}

// views gathers the ratings that count by source.
func (a *assessment) views(hidden map[Source]bool) []SourceView {
	at := slices.Clone(a.used)
	slices.SortFunc(at, func(i, j int32) int { return cmp.Compare(a.rating(i).Source, a.rating(j).Source) })
	weights := a.weights(at)
	total := 0.0
	for _, w := range weights {
		total += w
	}
	var out []SourceView
	for k, i := range at {
		s := a.rating(i).Source
		if len(out) == 0 || out[len(out)-1].Source != s {
			out = append(out, SourceView{Source: s, Hidden: hidden[s]})
		}
		v := &out[len(out)-1]
		v.N++
		v.Mean += float64(a.votes[i].level)
		if weights != nil {
			v.Weight += weights[k] / total
		}
	}
	for i := range out {
		out[i].Mean /= float64(out[i].N)
		if out[i].Hidden {
			out[i].Mean = 0
		}
	}
	return out
}

// selfOther compares what the person says with what others that count say;
// their own word is the latest that was in play, counted or excluded, uncapped.
func (a *assessment) selfOther() *float64 {
	self, found := 0.0, false
	for i := range a.votes {
		v := &a.votes[i]
		if a.ratings[v.k].Source == Self && (v.reason == counted || v.reason == selfExcluded || v.reason == trimmed) {
			self, found = float64(a.ratings[v.k].Level), true
			break
		}
	}
	sum, n := 0.0, 0
	for _, i := range a.used {
		if a.rating(i).Source != Self {
			sum += float64(a.votes[i].level)
			n++
		}
	}
	if !found || n == 0 {
		return nil
	}
	d := self - sum/float64(n)
	return &d
}

// String says it in a line: "level 3, from 2 ratings until 2026-05-31".
func (a Attained) String() string {
	var b strings.Builder
	b.WriteString(a.State.String())
	if a.State == NotAssessed {
		return b.String()
	}
	fmt.Fprintf(&b, " at level %d, from %d", a.Level, a.N)
	if a.N == 1 {
		b.WriteString(" rating")
	} else {
		b.WriteString(" ratings")
	}
	if !a.Last.IsZero() {
		fmt.Fprintf(&b, ", the latest of %s", a.Last)
	}
	return b.String()
}

// String tells the cell in lines: the level, the rule, and each piece of
// evidence with what became of it.
func (x Explanation) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, %s, as of %s", x.Person, x.Competency, x.AsOf)
	if x.KnownAt != x.AsOf {
		fmt.Fprintf(&b, " as known on %s", x.KnownAt)
	}
	fmt.Fprintf(&b, ": %s\n", x.Attained)
	fmt.Fprintf(&b, "rule %s: %s\n", strings.TrimSpace(fmt.Sprintf("%s %s", cmp.Or(x.Rule.ID, "without a name"), x.Rule.Version)), x.Rule.words())
	for _, e := range x.Evidence {
		fmt.Fprintf(&b, "  %s\n", e)
	}
	return b.String()
}

// String is one line: what it is, and what became of it.
func (e Considered) String() string {
	r := e.Rating
	if e.Hidden {
		return fmt.Sprintf("%-16s a rating by %s, not shown: too few raters", e.Reason, r.Source)
	}
	what := fmt.Sprintf("level %d", r.Level)
	if r.Negative {
		what = fmt.Sprintf("not level %d", r.Level)
	}
	line := []string{what}
	if e.Level != r.Level {
		line[0] += fmt.Sprintf(", counts as %d", e.Level)
	}
	for _, s := range []string{r.Date.String(), string(r.Source), r.Rater, string(r.Kind), r.Ref} {
		if s != "" {
			line = append(line, s)
		}
	}
	if !e.Until.IsZero() {
		line = append(line, "valid until "+e.Until.String())
	}
	if i := r.Inherited; i != nil {
		line = append(line, strings.TrimSpace(fmt.Sprintf("carried over from %s %s", i.Framework, i.Version))+" by plan "+i.Plan)
	}
	return fmt.Sprintf("%-16s %s", e.Reason, strings.Join(line, ", "))
}

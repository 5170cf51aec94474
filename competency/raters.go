package competency

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
)

// A Decay lowers a level that is not renewed. Evidence counts in full up to and
// including the day Grace months after its date; then one step of the scale
// less for each period of Every months that has begun. Below the lowest step
// nothing is left of it: it has expired. Evidence without a date does not
// decay, nor does that of a competency without a scale.
type Decay struct {
	Kinds []EvidenceKind `json:"kinds,omitzero"` // that decay; nil: all
	Grace int            `json:"grace"`          // months
	Every int            `json:"every"`          // months, above 0
}

// SelfRating says what a rating of oneself is worth.
type SelfRating uint8

const (
	SelfCounts   SelfRating = iota // as any other
	SelfExcluded                   // not at all
	SelfCapped                     // up to the highest level that anybody else gives; in full where nobody does
)

// Raters declares how ratings of several people about one person are put
// together. With it, of each rater only the latest rating counts; one without
// the name of a rater is a rater of its own.
//
// There are no default weights: what a superior's word is worth beside that of
// colleagues is the agency's decision, and is shown in every result.
type Raters struct {
	// Weights of the sources, relative to each other: for Mean and Median. The
	// weight of a source is shared alike by its raters, and only those of the
	// sources that have raters add up. A source that is not named does not count.
	// Nil: each rater has the same weight, so that a source has as much as it has raters.
	Weights      map[Source]float64 `json:"weights,omitzero"`
	Minimum      map[Source]int     `json:"minimum,omitzero"`      // raters a source needs in order to count
	Self         SelfRating         `json:"self"`                  // what the rating of oneself is worth
	Disagreement int                `json:"disagreement,omitzero"` // flagged where raters other than oneself are this many levels apart; 0: never
	Anonymity    map[Source]int     `json:"anonymity,omitzero"`    // raters below which nothing of a source is shown apart; of a source named here no rater is ever shown
}

// words says in a line what the rule does.
func (r *Rule) words() string {
	parts := []string{r.Aggregation.String()}
	add := func(format string, args ...any) { parts = append(parts, fmt.Sprintf(format, args...)) }
	for i, group := range r.Sources {
		if i == 0 {
			add("sources %s", joined(group))
		} else {
			parts[len(parts)-1] += " before " + joined(group)
		}
	}
	switch r.ValidFor {
	case 0:
		add("evidence that states no end is valid for ever")
	case 1:
		add("evidence that states no end is valid for a year")
	default:
		add("evidence that states no end is valid for %d years", r.ValidFor)
	}
	if d := r.Decay; d != nil {
		add("a level less every %d months after %d", d.Every, d.Grace)
	}
	if r.Trim > 0 {
		add("%g of each end trimmed", r.Trim)
	}
	if x := r.Raters; x != nil {
		for _, c := range []struct {
			what string
			n    map[Source]int
		}{{"at least", x.Minimum}, {"anonymous below", x.Anonymity}} {
			for _, s := range slices.Sorted(maps.Keys(c.n)) {
				add("%s %d %s", c.what, c.n[s], s)
			}
		}
		for _, s := range slices.Sorted(maps.Keys(x.Weights)) {
			add("weight of %s %g", s, x.Weights[s])
		}
		if x.Self != SelfCounts {
			add("self %s", x.Self)
		}
		if x.Disagreement > 0 {
			add("flagged from %d levels apart", x.Disagreement)
		}
	}
	return strings.Join(parts, "; ")
}

func (d *Decay) clone() *Decay {
	if d == nil {
		return nil
	}
	c := *d
	c.Kinds = slices.Clone(d.Kinds)
	return &c
}

func (d *Decay) validate(ps *bangkom.Problems) {
	if d != nil && (d.Grace < 0 || d.Every <= 0) {
		ps.Add(bangkom.Problem{Code: "option", Where: "rule/decay", Value: fmt.Sprintf("grace %d, every %d", d.Grace, d.Every), Msg: "no decay in these steps", Need: "months: Grace of 0 or more, Every above 0"})
	}
}

// thresholds returns the oldest days on which evidence may have been given to
// have lost no step by asOf, one step, and so on.
func (d *Decay) thresholds(asOf bangkom.Date) []bangkom.Date {
	var out []bangkom.Date
	for months := d.Grace; months >= 0 && len(out) < math.MaxUint8; months += d.Every { // below 0: the sum ran over
		day := oldest(asOf, months)
		if day.IsZero() {
			break
		}
		out = append(out, day)
	}
	return out
}

func (r *Raters) clone() *Raters {
	if r == nil {
		return nil
	}
	c := *r
	c.Weights, c.Minimum, c.Anonymity = maps.Clone(r.Weights), maps.Clone(r.Minimum), maps.Clone(r.Anonymity)
	return &c
}

func (r *Raters) validate(a Aggregation, ps *bangkom.Problems) {
	if r == nil {
		return
	}
	fail := func(field, value, msg, need string) {
		ps.Add(bangkom.Problem{Code: "option", Where: "rule/raters/" + field, Value: value, Msg: msg, Need: need})
	}
	sum := 0.0
	for _, s := range slices.Sorted(maps.Keys(r.Weights)) {
		w := r.Weights[s]
		if !(w >= 0) || math.IsInf(w, 1) {
			fail("weights/"+string(s), fmt.Sprint(w), "not a weight", "a number of 0 or more")
			return
		}
		sum += w
	}
	switch {
	case r.Weights != nil && (sum == 0 || math.IsInf(sum, 1)):
		fail("weights", fmt.Sprint(sum), "weights that do not add up to more than zero", "give at least one source a weight")
	case r.Weights != nil && a != Mean && a != Median:
		fail("weights", a.String(), "the latest or the highest rating knows no weights", "use Mean or Median, or leave the weights out")
	}
	for field, counts := range map[string]map[Source]int{"minimum": r.Minimum, "anonymity": r.Anonymity} {
		for _, s := range slices.Sorted(maps.Keys(counts)) {
			if counts[s] < 0 {
				fail(field+"/"+string(s), fmt.Sprint(counts[s]), "fewer raters than none", "0 or more")
			}
		}
	}
	if !selfWords.Has(r.Self) {
		fail("self", r.Self.String(), "no such treatment of self ratings", "SelfCounts, SelfExcluded or SelfCapped")
	}
	if r.Disagreement < 0 {
		fail("disagreement", fmt.Sprint(r.Disagreement), "raters cannot be less than no level apart", "levels, or 0 for no flag")
	}
}

// A vote is what is made of one rating of a cell.
type vote struct {
	k      int32 // number of the rating
	rank   int   // group of trust, behind all groups if expired
	level  Level // after decay and cap
	reason reason
}

// A reason says what became of a rating; below dropped it is still in play.
type reason uint8

const (
	counted reason = iota
	dropped        // not a reason: what follows does not count
	duplicate
	future
	recordedLater
	sourceNotUsed
	expiredReason
	withdrawn
	withdraws
	withdrawsNothing
	lessTrusted
	superseded
	selfExcluded
	tooFewRaters
	noWeight
	trimmed
)

var reasonWords = []string{
	"counted", "", "duplicate", "future", "recorded-later", "source-not-used", "expired", "withdrawn", "withdraws", "withdraws-nothing",
	"less-trusted", "superseded", "self-excluded", "too-few-raters", "no-weight", "trimmed",
}

// ask applies the rule on raters to the votes of one rank and reports whether
// any is left. The votes stand the latest first.
func (a *assessment) ask(rank int) bool {
	r := a.profiles.rule.Raters
	if r == nil {
		return true
	}
	at := a.scratch[:0]
	for i := range a.votes {
		if v := &a.votes[i]; v.reason == counted && v.rank == rank {
			at = append(at, int32(i))
		}
	}
	a.scratch = at
	slices.SortStableFunc(at, func(i, j int32) int {
		x, y := a.rating(i), a.rating(j)
		return cmp.Or(cmp.Compare(x.Source, y.Source), cmp.Compare(x.Rater, y.Rater))
	})
	left := false
	for len(at) > 0 {
		n := 1
		for n < len(at) && a.rating(at[n]).Source == a.rating(at[0]).Source {
			n++
		}
		left = a.source(r, at[:n]) || left
		at = at[n:]
	}
	return left
}

func (a *assessment) rating(vote int32) *Rating { return &a.ratings[a.votes[vote].k] }

// source judges the votes of one source, which stand by rater.
func (a *assessment) source(r *Raters, votes []int32) bool {
	raters := 0
	for n, i := range votes {
		if x := a.rating(i); n > 0 && x.Rater != "" && x.Rater == a.rating(votes[n-1]).Rater {
			a.votes[i].reason = superseded
			continue
		}
		raters++
	}
	s := a.rating(votes[0]).Source
	var verdict reason
	switch {
	case s == Self && r.Self == SelfExcluded:
		verdict = selfExcluded
	case r.Weights != nil && r.Weights[s] == 0:
		verdict = noWeight
	case raters < r.Minimum[s]:
		verdict = tooFewRaters
		a.few.add(a.where(a.votes[votes[0]].k))
	default:
		return true
	}
	for _, i := range votes {
		if a.votes[i].reason == counted {
			a.votes[i].reason = verdict
		}
	}
	return false
}

// capSelf brings ratings of oneself down to the highest valid one of others.
func (a *assessment) capSelf(rank int) {
	if r := a.profiles.rule.Raters; r == nil || r.Self != SelfCapped {
		return
	}
	top, others, self := Level(math.MinInt8), false, false
	for i := range a.votes {
		v := &a.votes[i]
		isSelf := a.ratings[v.k].Source == Self
		self = self || isSelf && v.rank == rank && v.reason == counted
		if !isSelf && v.reason == counted && (v.rank < a.groups) == (rank < a.groups) {
			top, others = max(top, v.level), true
		}
	}
	if self && !others {
		a.selfOnly.add(a.where(a.votes[0].k))
	}
	for i := range a.votes {
		if v := &a.votes[i]; others && a.ratings[v.k].Source == Self {
			v.level = min(v.level, top)
		}
	}
}

// weights returns what each counted vote weighs, in the order of the places
// given; nil: alike.
func (a *assessment) weights(at []int32) []float64 {
	r := a.profiles.rule.Raters
	if r == nil || r.Weights == nil {
		return nil
	}
	n := map[Source]int{}
	for _, i := range at {
		n[a.rating(i).Source]++
	}
	out := make([]float64, len(at))
	for k, i := range at {
		s := a.rating(i).Source
		out[k] = r.Weights[s] / float64(n[s])
	}
	return out
}

// near is what sums of weights may be off by rounding.
const near = 1e-9

// lowerMedian returns the place, of n that stand by level, of the lowest level
// at which half of the weight is reached.
func lowerMedian(n int, weights []float64) int {
	if weights == nil {
		return (n - 1) / 2
	}
	total, sum := 0.0, 0.0
	for _, w := range weights {
		total += w
	}
	for i, w := range weights {
		if sum += w; sum >= total/2*(1-near) {
			return i
		}
	}
	return n - 1
}

// trim leaves out the ends of votes that stand by level: within each source
// where sources have weights, else over all.
func (a *assessment) trim(at []int32) []int32 {
	share, r := a.profiles.rule.Trim, a.profiles.rule.Raters
	if share == 0 {
		return at
	}
	key := func(i int32) Source { return "" }
	if r != nil && r.Weights != nil {
		key = func(i int32) Source { return a.rating(i).Source }
	}
	n, seen := map[Source]int{}, map[Source]int{}
	for _, i := range at {
		n[key(i)]++
	}
	kept := at[:0]
	for _, i := range at {
		s := key(i)
		cut := int(share*float64(n[s]) + near)
		if place := seen[s]; place >= cut && place < n[s]-cut {
			kept = append(kept, i)
		} else {
			a.votes[i].reason = trimmed
		}
		seen[s]++
	}
	return kept
}

func (a *assessment) mean(at []int32, weights []float64) float64 {
	sum, total := 0.0, 0.0
	for k, i := range at {
		w := 1.0
		if weights != nil {
			w = weights[k]
		}
		sum += w * float64(a.votes[i].level)
		total += w
	}
	return sum / total
}

// step brings a mean to a step of the competency's scale.
func (a *assessment) step(c int32, x float64) Level {
	steps := &a.profiles.w.levels[c]
	low := Level(math.Floor(x + near))
	for !steps.has(low) {
		low--
	}
	if !a.profiles.rule.Nearest || x-float64(low) < near {
		return low
	}
	high := low + 1
	for !steps.has(high) {
		high++
	}
	if float64(high)-x < x-float64(low)-near {
		return high
	}
	return low
}

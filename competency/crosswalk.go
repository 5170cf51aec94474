package competency

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
)

// HasPart is PartOf read backwards: To is a part of From. A crosswalk needs it
// where the wider of two competencies stands on its near side.
const HasPart Relation = "ext:hasPart"

// A Crosswalk says how the competencies of one framework are related to those
// of another. Each link starts in From and ends in To; its type, strength,
// author, date and review are those of [Association]. A link says of levels
// only what [Association.CarriesLevel] says.
type Crosswalk struct {
	ID    string        `json:"id,omitempty"`
	Title Text          `json:"title,omitempty"`
	From  Edition       `json:"from"`
	To    Edition       `json:"to"`
	Links []Association `json:"links"`
	Extra Extra         `json:"extra,omitempty"`
}

// CarriesLevel reports whether a level that a person shows at one end means a
// level at the other: for an exact match and for a translation only. It never
// travels over [RelatedTo], nor between a part and its whole.
func (a *Association) CarriesLevel() bool {
	return a.Review != Rejected && (a.Type == ExactMatchOf || a.Type == TranslationOf)
}

// symmetric relations read the same from both ends.
func (t Relation) symmetric() bool {
	return t == ExactMatchOf || t == PeerOf || t == RelatedTo
}

// Reverse turns the crosswalk round. Links of a type that has no opposite,
// such as ReplacedBy, become RelatedTo; a Warning (degraded) names each type.
// Titles and addresses of the far ends are left behind.
func (x *Crosswalk) Reverse() (*Crosswalk, bangkom.Problems) {
	y := &Crosswalk{ID: x.ID, Title: x.Title, From: x.To, To: x.From, Extra: x.Extra.clone()}
	degraded := map[Relation]int{}
	for _, a := range x.Links {
		t := a.Type
		switch {
		case t == PartOf:
			t = HasPart
		case t == HasPart:
			t = PartOf
		case !t.symmetric():
			degraded[t]++
			t = RelatedTo
		}
		y.Links = append(y.Links, Association{
			ID: a.ID, Type: t, From: a.To.ID, To: Ref{Framework: x.From.Framework, ID: a.From},
			Group: a.Group, Note: a.Note, Strength: a.Strength, Author: a.Author, Date: a.Date, Review: a.Review, Extra: a.Extra.clone(),
		})
	}
	var ps bangkom.Problems
	for _, t := range sortedKeys(degraded) {
		ps.Add(bangkom.Problem{Code: "degraded", Severity: bangkom.Warning, Where: "links", Value: string(t), Msg: fmt.Sprintf("%d links have no opposite and read as isRelatedTo", degraded[t])})
	}
	return y, ps
}

// Compose follows x and then y, link by link; y must start where x ends. Of two
// links in a row
//
//	exactMatchOf, then t               is t; the same for t, then exactMatchOf
//	isPartOf twice, hasPart twice      is the same again; so is replacedBy twice
//	isRelatedTo twice                  is nothing: no link follows
//	any other two                      are isRelatedTo
//
// so that only exact after exact is exact. Strengths are multiplied, where an
// exact match without one is 1; otherwise a strength that is not stated makes
// one that is not. The date is the later one. Two accepted exact matches make
// an accepted one; everything else is [Proposed], since nobody looked at it.
// Rejected links do not take part. Where several ways lead from one competency
// to another the strongest relation counts, then the greatest strength; the
// Note names the competency in between.
//
// The problems say where the two do not fit, and how many pairs came to nothing.
func (x *Crosswalk) Compose(y *Crosswalk) (*Crosswalk, bangkom.Problems) {
	var ps bangkom.Problems
	if x.To != y.From {
		ps.Add(bangkom.Problem{Code: "edition-mismatch", Severity: bangkom.Warning, Where: "from", Value: y.From.String(), Msg: "the second crosswalk does not start where the first ends, at " + x.To.String(), Need: "compose crosswalks of the same edition"})
	}
	z := &Crosswalk{From: x.From, To: y.To}
	onward := map[CompetencyID][]*Association{}
	for k := range y.Links {
		if b := &y.Links[k]; b.Review != Rejected {
			onward[same(b.From)] = append(onward[same(b.From)], b)
		}
	}
	best := map[[2]CompetencyID]Association{}
	nothing := 0
	for k := range x.Links {
		a := &x.Links[k]
		if a.Review == Rejected {
			continue
		}
		for _, b := range onward[same(a.To.ID)] {
			ab, ok := follow(a, b)
			if !ok {
				nothing++
				continue
			}
			key := [2]CompetencyID{ab.From, ab.To.ID}
			if have, taken := best[key]; !taken || stronger(&ab, &have) < 0 {
				best[key] = ab
			}
		}
	}
	for _, a := range best {
		z.Links = append(z.Links, a)
	}
	slices.SortFunc(z.Links, func(a, b Association) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To.ID, b.To.ID))
	})
	if nothing > 0 {
		ps.Add(bangkom.Problem{Code: "no-link-follows", Severity: bangkom.Note, Where: "links", Value: fmt.Sprint(nothing), Msg: "pairs of two isRelatedTo say nothing of their ends"})
	}
	return z, ps
}

// follow composes two links.
func follow(a, b *Association) (Association, bool) {
	t := RelatedTo
	switch {
	case a.Type == ExactMatchOf:
		t = b.Type
	case b.Type == ExactMatchOf:
		t = a.Type
	case a.Type == b.Type && (a.Type == PartOf || a.Type == HasPart || a.Type == ReplacedBy):
		t = a.Type
	case a.Type == RelatedTo && b.Type == RelatedTo:
		return Association{}, false
	}
	ab := Association{Type: t, From: a.From, To: b.To, Strength: product(a, b), Review: Proposed, Date: a.Date, Note: "via " + string(a.To.ID)}
	if b.Date.After(a.Date) {
		ab.Date = b.Date
	}
	if t == ExactMatchOf && a.Review == Accepted && b.Review == Accepted {
		ab.Review = Accepted
	}
	return ab, true
}

func product(a, b *Association) float64 {
	s, r := a.Strength, b.Strength
	switch {
	case s == 0 && r == 0:
		return 0
	case s == 0 && a.Type == ExactMatchOf:
		return r
	case r == 0 && b.Type == ExactMatchOf:
		return s
	}
	return s * r
}

// rank orders the relations of a crosswalk, the strongest first.
var rank = map[Relation]int{ExactMatchOf: 1, TranslationOf: 2, ReplacedBy: 3, PartOf: 4, HasPart: 4, PeerOf: 5, RelatedTo: 7}

func stronger(a, b *Association) int {
	return cmp.Or(
		cmp.Compare(cmp.Or(rank[a.Type], 6), cmp.Or(rank[b.Type], 6)), cmp.Compare(b.Strength, a.Strength),
		cmp.Compare(a.Type, b.Type), cmp.Compare(a.Note, b.Note))
}

// Validate checks the crosswalk against its two frameworks. The codes are
// those of [Framework.Validate], and of these:
//
//	edition-mismatch    warning  the framework is another edition than the crosswalk says
//	dangling-reference  error    a link from or to nothing in the frameworks
//	several-matches     warning  one competency matches several exactly, as if these were one
//	no-review           note     how many links nobody has reviewed
//	cycle               error    of parents, prerequisites or successors through both frameworks, exact matches counting as one
//
// Rejected links take no part in the last two.
func (x *Crosswalk) Validate(from, to *Framework) bangkom.Problems {
	if from == nil {
		from = &Framework{}
	}
	if to == nil {
		to = &Framework{}
	}
	var ps bangkom.Problems
	for _, e := range []struct {
		field string
		says  Edition
		is    *Framework
	}{{"from", x.From, from}, {"to", x.To, to}} {
		if e.says != e.is.edition() {
			ps.Add(bangkom.Problem{Code: "edition-mismatch", Severity: bangkom.Warning, Where: e.field, Value: e.is.edition().String(), Msg: "the crosswalk is of another edition, " + e.says.String(), Need: "check the links against this edition"})
		}
	}
	near, far := newSide(from), newSide(to)
	j := join(x, near, far)
	v := validation{f: j, graph: newGraph(j, numbers(j)), count: map[string]int{}}
	v.tree = append(v.graph.hierarchy(ChildOf, PartOf), v.graph.arrows(HasPart, true)...)
	ps = append(ps, x.check(near, far)...)
	v.cycles()
	v.overflow()
	for _, p := range v.problems {
		if p.Code == "cycle" { // the others are of one framework, which reports them itself
			p.Where = "links"
			ps.Add(p)
		}
	}
	return ps
}

// check looks at each link by itself and at those of one competency.
func (x *Crosswalk) check(near, far *side) bangkom.Problems {
	v := validation{f: &Framework{}, count: map[string]int{}}
	seen := map[string]int{}
	exact := map[string][]string{}
	open := 0
	for k := range x.Links {
		a := &x.Links[k]
		at := entry("links", k)
		v.typed(at, a)
		u, known := near.number(a.From)
		if !known {
			v.fail(at("/from"), "dangling-reference", string(a.From), "the link starts at nothing in the framework", "add it, or correct the reference")
		}
		w, found := far.resolve(a.To)
		if !found {
			v.fail(at("/to"), "dangling-reference", cmp.Or(string(a.To.ID), a.To.URI), "the link leads to nothing in the other framework", "add it, or correct the reference")
		}
		if !known || !found {
			continue
		}
		key := fmt.Sprintf("%s %d %d", a.Type, u, w)
		if first, again := seen[key]; again {
			v.warn(at(""), "duplicate-association", string(a.Type), fmt.Sprintf("says what links[%d] says", first), "delete one of the two")
			continue
		}
		seen[key] = k
		if a.Review == "" || a.Review == Proposed {
			open++
		}
		if a.Type == ExactMatchOf && a.Review != Rejected {
			exact["from "+string(near.at(u).ID)] = append(exact["from "+string(near.at(u).ID)], string(far.at(w).ID))
			exact["to "+string(far.at(w).ID)] = append(exact["to "+string(far.at(w).ID)], string(near.at(u).ID))
		}
	}
	for _, key := range sortedKeys(exact) {
		if others := exact[key]; len(others) > 1 {
			v.warn("links", "several-matches", key, "exact matches of one: "+strings.Join(others, ", ")+"; as if these were the same", "keep one exact match, and say how the others are related")
		}
	}
	if open > 0 {
		v.add(bangkom.Note, "links", "no-review", fmt.Sprint(open), "links that nobody has accepted or rejected", "")
	}
	v.overflow()
	return v.problems
}

// join makes one framework of both sides of a crosswalk and its links.
func join(x *Crosswalk, near, far *side) *Framework {
	f := &Framework{ID: "crosswalk"}
	name := func(s *side, id CompetencyID) CompetencyID {
		if s == near {
			return "from/" + id
		}
		return "to/" + id
	}
	for _, s := range []*side{near, far} {
		for i := range s.f.Competencies {
			c := s.at(int32(i))
			n := Competency{ID: name(s, c.ID)}
			if p, ok := s.number(c.Parent); ok {
				n.Parent = name(s, s.at(p).ID)
			}
			f.Competencies = append(f.Competencies, n)
		}
		for k := range s.f.Associations {
			a := &s.f.Associations[k]
			if u, v := s.ends[k][0], s.ends[k][1]; u >= 0 && v >= 0 && int(v) < len(s.f.Competencies) && a.Review != Rejected {
				f.Associations = append(f.Associations, Association{Type: a.Type, From: name(s, s.at(u).ID), To: Ref{ID: name(s, s.at(v).ID)}})
			}
		}
	}
	for k := range x.Links {
		a := &x.Links[k]
		u, ok := near.number(a.From)
		v, also := far.resolve(a.To)
		if ok && also && a.Review != Rejected {
			f.Associations = append(f.Associations, Association{Type: a.Type, From: name(near, near.at(u).ID), To: Ref{ID: name(far, far.at(v).ID)}})
		}
	}
	return f
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

package competency

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
)

// Validate reports everything that is wrong with the framework, in the order
// of its parts; the path of each problem starts with the framework's id. Of
// each code the first 1,000 are listed, and then how many more there are.
//
// Errors:
//
//	empty-id, duplicate-id   within competencies, scales, associations; a UUID in the whole framework, in any case of letters
//	duplicate-code           two competencies with one code
//	dangling-reference       a scale or parent that is not there; an association from nowhere; a ChildOf or PartOf to nowhere
//	cycle                    of parents; of Precedes and Requires; of ReplacedBy; each as a path, exact matches counting as one
//	replaced-by-older        the successor's validity begins before that of what it replaces; only if both are dated
//	no-levels, levels-not-ascending, level-off-scale
//	validity-inverted        of the framework or a competency
//	empty-type, strength-out-of-range   of an association
//
// Warnings:
//
//	no-title                 a competency without a title
//	no-code, no-kind         where other competencies have one
//	orphan                   outside the tree that others form
//	self-association         an association of a competency with itself
//	duplicate-association    the same type, From and To again
//	repeated-level-text      two levels of a competency described in the same words
//	levels-not-dense         a gap between the levels of a competency that says it has none
//	ambiguous-name           one spelling for several competencies: files that use it cannot be read
//	unresolved-reference     a To that a table format left as a code
//	unknown-relation, unknown-status, unknown-review, language-tag
//
// Notes: external-reference, an association to something that is not in the framework.
func (f *Framework) Validate() bangkom.Problems {
	v := validation{f: f, names: newNames(f), count: map[string]int{}}
	v.graph = newGraph(f, v.names.byID)
	v.tree = v.graph.hierarchy(ChildOf, PartOf)
	v.life()
	v.scales()
	v.competencies()
	v.associations()
	v.uuids()
	v.cycles()
	v.orphans()
	v.ambiguous()
	v.overflow()
	return v.problems
}

type validation struct {
	f        *Framework
	names    *names
	graph    *graph
	tree     []arrow // child to parent
	problems bangkom.Problems
	count    map[string]int // of each code
}

// shown is how many problems of one code are listed.
const shown = 1000

// path puts the framework's id before the path of a part.
func (v *validation) path(part string) string {
	return strings.Trim(string(v.f.ID)+"/"+part, "/")
}

func (v *validation) add(severity bangkom.Severity, part, code, value, msg, need string) {
	if v.count[code]++; v.count[code] <= shown {
		v.problems.Add(bangkom.Problem{Code: code, Severity: severity, Where: v.path(part), Value: excerpt(value), Msg: msg, Need: need})
	}
}

// A spot is the path of a part; it is put together only where something is wrong.
type spot func(field string) string

// whole is the spot of the framework itself.
func whole(field string) string { return field }

func entry(kind string, i int) spot {
	return func(field string) string { return fmt.Sprintf("%s[%d]%s", kind, i, field) }
}

func (v *validation) fail(part, code, value, msg, need string) {
	v.add(bangkom.Error, part, code, value, msg, need)
}

func (v *validation) warn(part, code, value, msg, need string) {
	v.add(bangkom.Warning, part, code, value, msg, need)
}

// overflow says how many problems were not listed, with the severity of those that were.
func (v *validation) overflow() {
	for _, code := range slices.Sorted(maps.Keys(v.count)) {
		if more := v.count[code] - shown; more > 0 {
			i := slices.IndexFunc(v.problems, func(p bangkom.Problem) bool { return p.Code == code })
			v.problems.Add(bangkom.Problem{Code: code, Severity: v.problems[i].Severity, Where: v.path(""), Value: fmt.Sprint(more), Msg: fmt.Sprintf("%d more of these are not listed", more)})
		}
	}
}

// excerpt is the beginning of a text that may be huge.
func excerpt(s string) string {
	const most = 200
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

func (v *validation) life() {
	f := v.f
	if f.ID == "" {
		v.fail("", "empty-id", "", "a framework without an id", "give it an id")
	}
	if !f.ValidUntil.IsZero() && f.ValidUntil.Before(f.ValidFrom) {
		v.fail("valid_until", "validity-inverted", f.ValidUntil.String(), "the framework ends before it begins, "+f.ValidFrom.String(), "correct one of the two days")
	}
	if !slices.Contains([]Status{"", Draft, Pending, InForce, Retired}, f.Status) {
		v.warn("status", "unknown-status", string(f.Status), "not one of the statuses", "draft, pending, in-force or retired")
	}
	v.text(whole, "title", f.Title)
	v.text(whole, "description", f.Description)
}

// text reports keys that are no language tags.
func (v *validation) text(at spot, field string, t Text) {
	for tag := range t {
		if !isTag(tag) { // rare: sort only then
			for _, tag := range t.languages() {
				if !isTag(tag) {
					v.warn(at(field), "language-tag", tag, "not a language tag", "id, en, id-ID, …")
				}
			}
			return
		}
	}
}

// isTag reports whether a tag has the form of BCP 47: parts of 1 to 8 letters
// and digits, the first of 2 to 8 letters, or the x of a private one.
func isTag(tag string) bool {
	start := 0
	for i := 0; i <= len(tag); i++ {
		if i < len(tag) && tag[i] != '-' && tag[i] != '_' {
			c := tag[i] | 0x20
			if letter := 'a' <= c && c <= 'z'; !letter && (start == 0 || tag[i] < '0' || tag[i] > '9') {
				return false
			}
			continue
		}
		if n := i - start; n < 1 || n > 8 || start == 0 && n == 1 && tag[0]|0x20 != 'x' {
			return false
		}
		start = i + 1
	}
	return true
}

func (v *validation) scales() {
	seen := map[ScaleID]bool{}
	for i, s := range v.f.Scales {
		at := entry("scales", i)
		v.id(at, string(s.ID), seen[s.ID])
		seen[s.ID] = true
		if len(s.Levels) == 0 {
			v.fail(at(""), "no-levels", string(s.ID), "a scale without levels", "list its levels from low to high")
		}
		v.ascending(at, s.Levels)
	}
}

// id reports an id that is empty or taken.
func (v *validation) id(at spot, id string, taken bool) {
	switch {
	case id == "":
		v.fail(at("/id"), "empty-id", "", "an entry without an id", "give it an id")
	case taken:
		v.fail(at("/id"), "duplicate-id", id, "the id is taken by an earlier entry", "give each entry an id of its own")
	}
}

func (v *validation) ascending(at spot, levels []Descriptor) {
	for k := 1; k < len(levels); k++ {
		if levels[k].Level <= levels[k-1].Level {
			v.fail(at(fmt.Sprintf("/levels[%d]", k)), "levels-not-ascending", fmt.Sprint(levels[k].Level), "a level that does not rise above the one before", "order the levels from low to high, each once")
		}
	}
}

func (v *validation) competencies() {
	all := v.f.Competencies
	ids, codes := make(map[CompetencyID]bool, len(all)), make(map[string]bool, len(all))
	coded, kinded := false, false
	for i := range all {
		coded, kinded = coded || all[i].Code != "", kinded || all[i].Kind != ""
	}
	for i := range all {
		c := &all[i]
		at := entry("competencies", i)
		v.id(at, string(c.ID), ids[c.ID])
		ids[c.ID] = true
		switch {
		case c.Code == "" && coded:
			v.warn(at("/code"), "no-code", string(c.ID), "a competency without a code, where others have one", "give it a code")
		case c.Code != "" && codes[c.Code]:
			v.fail(at("/code"), "duplicate-code", c.Code, "the code is taken by an earlier competency", "give each competency a code of its own")
		}
		codes[c.Code] = true
		if c.Title.In("") == "" {
			v.warn(at("/title"), "no-title", string(c.ID), "a competency without a title", "give it a title in one language at least")
		}
		if c.Kind == "" && kinded {
			v.warn(at("/kind"), "no-kind", string(c.ID), "a competency without a kind, where others have one", "say of which kind it is")
		}
		if !c.ValidUntil.IsZero() && c.ValidUntil.Before(c.ValidFrom) {
			v.fail(at("/valid_until"), "validity-inverted", c.ValidUntil.String(), "the competency ends before it begins, "+c.ValidFrom.String(), "correct one of the two days")
		}
		if c.Parent != "" && v.graph.parent[i] == unset {
			v.fail(at("/parent"), "dangling-reference", string(c.Parent), "the parent is not in the framework", "add it, or correct the reference")
		}
		v.text(at, "/title", c.Title)
		v.text(at, "/description", c.Description)
		v.ascending(at, c.Levels)
		v.described(at, c)
	}
}

// described checks the competency's own levels against its scale and one another.
func (v *validation) described(at spot, c *Competency) {
	s, ok := v.f.scale(c)
	if !ok && (c.Scale != "" || len(v.f.Scales) > 0 || len(c.Levels) > 0) {
		v.fail(at("/scale"), "dangling-reference", string(c.Scale), "the competency has no scale of this framework: its levels cannot be checked", "name a scale of the framework")
	}
	words := map[string]Level{}
	for k := range c.Levels {
		d := &c.Levels[k]
		level := func() string { return at(fmt.Sprintf("/levels[%d]", k)) }
		if ok && !s.Has(d.Level) {
			p := levelOffScale("", d.Level)
			v.fail(level(), p.Code, p.Value, p.Msg, p.Need)
		}
		if said := d.said(); said != "" {
			if first, again := words[said]; again {
				v.warn(level(), "repeated-level-text", fmt.Sprint(d.Level), fmt.Sprintf("described in the same words as level %d: nobody can tell the two apart", first), "say what is different")
			} else {
				words[said] = d.Level
			}
		}
		if c.Dense && ok && k > 0 && between(s, c.Levels[k-1].Level, d.Level) {
			v.warn(level(), "levels-not-dense", fmt.Sprint(d.Level), fmt.Sprintf("levels of the scale are missing after %d, in a competency that says it has all", c.Levels[k-1].Level), "describe them, or take the word back")
		}
	}
}

// said is the description of a level and its indicators in one spelling; empty if there is none.
func (d *Descriptor) said() string {
	var b strings.Builder
	add := func(t Text) {
		for _, lang := range t.languages() {
			if s := spelling(t[lang]); s != "" {
				b.WriteString(tagKey(lang) + "=" + s + ";")
			}
		}
	}
	add(d.Description)
	for i := range d.Indicators {
		add(d.Indicators[i].Text)
	}
	return b.String()
}

// between reports whether a scale has a level between two.
func between(s *Scale, low, high Level) bool {
	return slices.ContainsFunc(s.Levels, func(d Descriptor) bool { return low < d.Level && d.Level < high })
}

// relations are the types there are.
var relations = []Relation{ChildOf, PartOf, PeerOf, ExactMatchOf, RelatedTo, Precedes, Requires, ReplacedBy, Exemplar, HasSkillLevel, TranslationOf}

func (v *validation) associations() {
	ids := make(map[string]bool, len(v.f.Associations))
	again := v.repeated()
	for k := range v.f.Associations {
		a, e := &v.f.Associations[k], v.graph.ends[k]
		at := entry("associations", k)
		if a.ID != "" && ids[a.ID] {
			v.id(at, a.ID, true)
		}
		if a.ID != "" {
			ids[a.ID] = true
		}
		v.typed(at, a)
		v.ends(at, a, e)
		if first, ok := again[int32(k)]; ok {
			v.warn(at(""), "duplicate-association", string(a.Type), fmt.Sprintf("says what associations[%d] says", first), "delete one of the two")
		}
	}
}

// repeated lists the associations that say what an earlier one says.
func (v *validation) repeated() map[int32]int32 {
	all, ends := v.f.Associations, v.graph.ends
	byFrom := gather(len(v.f.Competencies), len(all), func(k int32) int32 { return ends[k][0] })
	compare := func(k, l int32) int {
		if c := cmp.Compare(ends[k][1], ends[l][1]); c != 0 {
			return c // most end here, before a text is looked at
		}
		return strings.Compare(string(all[k].Type), string(all[l].Type))
	}
	again := map[int32]int32{}
	for u := range int32(len(v.f.Competencies)) {
		mine := byFrom.of(u)
		slices.SortStableFunc(mine, compare)
		for n, first := 1, 0; n < len(mine); n++ {
			if compare(mine[first], mine[n]) != 0 {
				first = n
				continue
			}
			again[mine[n]] = mine[first]
		}
	}
	return again
}

// typed checks what an association says of itself.
func (v *validation) typed(at spot, a *Association) {
	switch {
	case a.Type == "":
		v.fail(at("/type"), "empty-type", "", "an association without a type", "say how the two are related")
	case !slices.Contains(relations, a.Type) && !strings.HasPrefix(string(a.Type), "ext:"):
		v.warn(at("/type"), "unknown-relation", string(a.Type), "not one of the relations; it is kept, and read as isRelatedTo", `begin a relation of your own with "ext:"`)
	}
	if !(a.Strength >= 0 && a.Strength <= 1) {
		v.fail(at("/strength"), "strength-out-of-range", fmt.Sprint(a.Strength), "a strength lies above 0 and up to 1", "leave it out if it is not known")
	}
	if !slices.Contains([]Review{"", Proposed, Accepted, Rejected}, a.Review) {
		v.warn(at("/review"), "unknown-review", string(a.Review), "not one of the states of a review", "proposed, accepted or rejected")
	}
}

// unresolved begins the URI of a code that a table format could not resolve.
const unresolved = "data:text/x-ref-unresolved;base64,"

func (v *validation) ends(at spot, a *Association, e [2]int32) {
	structural := a.Type == ChildOf || a.Type == PartOf
	if e[0] == unset {
		v.fail(at("/from"), "dangling-reference", string(a.From), "the association starts at nothing in the framework", "add it, or correct the reference")
	}
	code, isCode := strings.CutPrefix(a.To.URI, unresolved)
	switch {
	case e[1] == e[0] && e[0] != unset && !structural:
		v.warn(at(""), "self-association", string(a.From), "an association of a competency with itself", "delete it, or correct one end")
	case e[1] == root || v.graph.inside(e[1]):
	case structural:
		v.fail(at("/to"), "dangling-reference", string(cmp.Or(a.To.ID, CompetencyID(a.To.URI))), "the parent is not in the framework", "add it, or correct the reference")
	case isCode:
		if plain, err := base64.StdEncoding.DecodeString(code); err == nil {
			code = string(plain)
		}
		v.warn(at("/to"), "unresolved-reference", code, "a table named this code, and nobody knew what it stands for", "correct the code, or add the competency")
	case a.To.ID == "" && a.To.URI == "":
		v.fail(at("/to"), "dangling-reference", "", "the association leads nowhere", "name its other end")
	default:
		v.add(bangkom.Note, at("/to"), "external-reference", string(cmp.Or(a.To.ID, CompetencyID(a.To.URI))), "the other end is not in the framework; it is kept", "")
	}
}

// uuids reports UUIDs that stand for two things of different kinds, or differ
// in the case of their letters only.
func (v *validation) uuids() {
	type use struct{ kind, id string }
	seen := map[string]use{}
	check := func(i int, kind, id string) {
		if !isUUID(id) {
			return
		}
		key := strings.ToLower(id)
		if first, taken := seen[key]; !taken {
			seen[key] = use{kind, id}
		} else if first.kind != kind || first.id != id { // equal ones are reported where they stand
			v.fail(strings.TrimPrefix(entry(kind, i)("/id"), "the framework[0]/"), "duplicate-id", id, "the UUID is taken by an entry of "+first.kind, "give each entry a UUID of its own")
		}
	}
	check(0, "the framework", string(v.f.ID))
	for i := range v.f.Scales {
		check(i, "scales", string(v.f.Scales[i].ID))
	}
	for i := range v.f.Competencies {
		check(i, "competencies", string(v.f.Competencies[i].ID))
	}
	for i := range v.f.Associations {
		check(i, "associations", v.f.Associations[i].ID)
	}
}

// isUUID reports whether s has the form of a UUID.
func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		c := s[i] | 0x20
		switch i {
		case 8, 13, 18, 23:
			if s[i] != '-' {
				return false
			}
		default:
			if (c < 'a' || c > 'f') && (s[i] < '0' || s[i] > '9') {
				return false
			}
		}
	}
	return true
}

// cycles reports circles of parents, of what comes first, and of successors.
func (v *validation) cycles() {
	g := v.graph
	class := g.classes()
	prerequisites := append(g.arrows(Precedes, false), g.arrows(Requires, true)...)
	for _, kind := range []struct {
		edges     []arrow
		msg, need string
	}{
		{v.tree, "the chain of parents comes back to itself", "correct one of these parents"},
		{slices.DeleteFunc(prerequisites, func(e arrow) bool { return e.from == e.to }), "what has to come first comes back to itself", "correct one of these prerequisites"},
		{slices.DeleteFunc(g.arrows(ReplacedBy, false), func(e arrow) bool { return e.from == e.to }), "the chain of successors comes back to itself", "correct one of these successions"},
	} {
		for _, circle := range g.cycles(kind.edges, class) {
			where := fmt.Sprintf("associations[%d]", circle[0].at)
			if at := circle[0].at; at < 0 {
				where = fmt.Sprintf("competencies[%d]/parent", -1-at)
			}
			v.fail(where, "cycle", g.route(circle), kind.msg, kind.need)
		}
	}
	for _, e := range g.arrows(ReplacedBy, false) {
		if !g.inside(e.from) || !g.inside(e.to) {
			continue
		}
		old, successor := &v.f.Competencies[e.from], &v.f.Competencies[e.to]
		if !old.ValidFrom.IsZero() && !successor.ValidFrom.IsZero() && successor.ValidFrom.Before(old.ValidFrom) {
			v.fail(fmt.Sprintf("associations[%d]", e.at), "replaced-by-older", string(successor.ID), "the successor begins on "+successor.ValidFrom.String()+", before "+string(old.ID)+", "+old.ValidFrom.String(), "correct the days, or turn the association round")
		}
	}
}

// orphans reports competencies outside the tree that others form.
func (v *validation) orphans() {
	placed := make([]bool, len(v.f.Competencies))
	edges := slices.DeleteFunc(slices.Clone(v.tree), func(e arrow) bool { return e.from == e.to })
	for _, e := range edges {
		placed[e.from], placed[e.to] = true, true
	}
	for k, e := range v.graph.ends { // "a child of the framework" is a place too
		if e[1] == root && v.graph.inside(e[0]) && v.f.Associations[k].Type == ChildOf {
			placed[e[0]] = true
		}
	}
	for i := range placed {
		if len(edges) > 0 && !placed[i] && v.f.Competencies[i].Parent == "" {
			v.warn(fmt.Sprintf("competencies[%d]", i), "orphan", string(v.f.Competencies[i].ID), "it has no place in the tree that others form", "give it a parent, or say that it is a child of the framework")
		}
	}
}

// ambiguous reports spellings that mean several competencies, each set once.
func (v *validation) ambiguous() {
	seen := map[string]bool{}
	for _, s := range slices.Sorted(maps.Keys(v.names.shared())) {
		var ids []string
		found := v.names.spelling[s]
		for _, i := range found[:min(len(found), 20)] {
			ids = append(ids, string(v.f.Competencies[i].ID))
		}
		if list := strings.Join(ids, ", "); !seen[list] {
			seen[list] = true
			v.warn("competencies", "ambiguous-name", s, "one spelling means several competencies: "+list, "tell their titles, codes and other spellings apart")
		}
	}
}

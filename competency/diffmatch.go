package competency

import (
	"cmp"
	"maps"
	"math/bits"
	"slices"
	"strings"

	"github.com/bangkom/bangkom/table"
)

// match finds the competencies of the old edition again.
func (c *comparison) match() {
	taken := make([]bool, len(c.sources))
	take := func(i int32, by FoundBy, to ...int32) {
		c.targets[i], c.by[i] = to, by
		for _, j := range to {
			taken[j] = true
			c.sources[j] = append(c.sources[j], i)
		}
	}
	replaced := c.replacements()
	for i := range int32(len(c.targets)) {
		if to := replaced[i]; len(to) > 0 && c.first(c.old, i) {
			take(i, ByReplacement, to...)
		}
	}
	for i := range int32(len(c.targets)) {
		if c.targets[i] == nil && c.first(c.old, i) {
			if j, ok := c.new.number(c.old.at(i).ID); ok {
				take(i, ByID, j)
			}
		}
	}
	c.declared(ExactMatchOf, true, func(i, j int32, a *Association) {
		if c.targets[i] == nil && !taken[j] && c.first(c.old, i) {
			take(i, ByExactMatch, j)
			c.agreed[i] = a.Review == Accepted
		}
	})
	c.matchBy(taken, take, ByCode, func(x *Competency) []string {
		if x.Code == "" {
			return nil
		}
		return []string{x.Code}
	})
	c.matchBy(taken, take, ByTitle, func(x *Competency) []string {
		var keys []string
		for tag, s := range x.Title {
			if s = spelling(s); s != "" {
				keys = append(keys, tagKey(tag)+"="+s)
			}
		}
		slices.Sort(keys)
		return keys
	})
	for j := range c.sources {
		slices.Sort(c.sources[j])
	}
}

// first reports whether a competency is the one that its id stands for.
func (c *comparison) first(s *side, i int32) bool {
	n, ok := s.number(s.at(i).ID)
	return ok && n == i
}

// matchBy matches by keys that one competency of a kind has on either side.
func (c *comparison) matchBy(taken []bool, take func(int32, FoundBy, ...int32), by FoundBy, keys func(*Competency) []string) {
	type owner struct{ i, n int32 }
	owners := func(s *side, free func(int32) bool) map[string]owner {
		all := map[string]owner{}
		for i := range int32(len(s.f.Competencies)) {
			x := s.at(i)
			if x.ID == "" || !free(i) || !c.first(s, i) {
				continue
			}
			for _, k := range keys(x) {
				k = string(x.Kind) + "\x00" + k
				all[k] = owner{i, all[k].n + 1}
			}
		}
		return all
	}
	before := owners(c.old, func(i int32) bool { return c.targets[i] == nil })
	after := owners(c.new, func(j int32) bool { return !taken[j] })
	for i := range int32(len(c.targets)) {
		x := c.old.at(i)
		if c.targets[i] != nil {
			continue
		}
		for _, k := range keys(x) {
			k = string(x.Kind) + "\x00" + k
			o, a := before[k], after[k]
			if o.n == 1 && o.i == i && a.n == 1 && !taken[a.i] {
				take(i, by, a.i)
				break
			}
		}
	}
}

// replacements lists what took the place of each old competency, followed to the end.
func (c *comparison) replacements() map[int32][]int32 {
	history := map[[2]CompetencyID]bool{}
	for k := range c.old.f.Associations {
		if a := &c.old.f.Associations[k]; a.Type == ReplacedBy {
			history[[2]CompetencyID{same(a.From), same(a.To.ID)}] = true
		}
	}
	next := map[CompetencyID][]int32{} // within the new edition
	for k := range c.new.f.Associations {
		a := &c.new.f.Associations[k]
		if j, ok := c.new.number(a.To.ID); ok && a.Type == ReplacedBy && a.Review != Rejected && c.here(c.new, a.To) && same(a.From) != same(a.To.ID) {
			next[same(a.From)] = append(next[same(a.From)], j)
		}
	}
	all, listed := map[int32][]int32{}, map[[2]int32]bool{}
	c.declared(ReplacedBy, false, func(i, j int32, _ *Association) {
		x, y := c.old.at(i).ID, c.new.at(j).ID
		if _, known := c.old.number(y); known && history[[2]CompetencyID{same(x), same(y)}] {
			return
		}
		seen := map[int32]bool{}
		for queue := []int32{j}; len(queue) > 0; queue = queue[1:] {
			u := queue[0]
			if seen[u] {
				continue
			}
			seen[u] = true
			if further := next[same(c.new.at(u).ID)]; len(further) > 0 {
				queue = append(queue, further...)
				continue
			}
			if key := [2]int32{i, u}; !listed[key] {
				listed[key] = true
				all[i] = append(all[i], u)
			}
		}
	})
	for i := range all {
		slices.Sort(all[i])
	}
	return all
}

// here reports whether a reference is meant for a framework.
func (c *comparison) here(s *side, r Ref) bool {
	return r.Framework == "" || r.Framework == s.f.ID
}

// declared yields the links of one type between an old and a new competency:
// of the crosswalk, of the old edition and of the new one, where links that
// are symmetric may start at either.
func (c *comparison) declared(t Relation, symmetric bool, yield func(i, j int32, a *Association)) {
	try := func(from, to *side, a *Association, swap bool) {
		if a.Type != t || a.Review == Rejected {
			return
		}
		u, ok := from.number(a.From)
		if !ok {
			return
		}
		v, ok := to.resolve(a.To)
		if !ok {
			return
		}
		if swap {
			u, v = v, u
		}
		yield(u, v, a)
	}
	if x := c.opt.Crosswalk; x != nil {
		for k := range x.Links {
			try(c.old, c.new, &x.Links[k], false)
		}
	}
	for k := range c.old.f.Associations { // an end in its own edition is not meant for the other
		if a := &c.old.f.Associations[k]; !t.within(c.old, a) {
			try(c.old, c.new, a, false)
		}
	}
	for k := range c.new.f.Associations {
		a := &c.new.f.Associations[k]
		if !symmetric { // from what the old edition had, which the new one may have kept with its end
			try(c.old, c.new, a, false)
		} else if !t.within(c.new, a) {
			try(c.new, c.old, a, true)
		}
	}
}

// within reports whether both ends of an association lie in its own edition.
func (t Relation) within(s *side, a *Association) bool {
	_, ok := s.number(a.To.ID)
	return ok && (a.To.Framework == "" || a.To.Framework == s.f.ID)
}

// resolve finds what a reference from the other edition means here.
func (s *side) resolve(r Ref) (int32, bool) {
	if r.Framework != "" && r.Framework != s.f.ID {
		return 0, false
	}
	if i, ok := s.number(r.ID); ok {
		return i, true
	}
	if r.URI == "" {
		return 0, false
	}
	if s.byURI == nil {
		s.byURI = make(map[string]int32, len(s.f.Competencies))
		for i := range s.f.Competencies {
			if _, taken := s.byURI[s.at(int32(i)).URI]; !taken {
				s.byURI[s.at(int32(i)).URI] = int32(i)
			}
		}
	}
	i, ok := s.byURI[r.URI]
	return i, ok
}

// A guess is an added competency that a removed one may have become.
type guess struct {
	new   int32
	score float64
}

// candidates guesses which removed competencies live on under another title.
func (c *comparison) candidates() map[int32]guess {
	var gone, came []int32
	for i := range int32(len(c.targets)) {
		if len(c.targets[i]) == 0 && c.first(c.old, i) {
			gone = append(gone, i)
		}
	}
	for j := range int32(len(c.sources)) {
		if len(c.sources[j]) == 0 && c.first(c.new, j) {
			if _, was := c.old.number(c.new.at(j).ID); !was {
				came = append(came, j)
			}
		}
	}
	all := likenesses{pairs: map[likeness][][2]int32{}}
	before, after := byLanguage(c.old, gone), byLanguage(c.new, came)
	budget := maxGuesses
	for _, lang := range sortedKeys(after) {
		old, next := all.of(c.old, before[lang], lang), all.of(c.new, after[lang], lang)
		if budget -= len(old) * len(next); budget < 0 {
			c.changes.Unguessed = true
			break
		}
		all.alike(c.opt.Candidate, old, next)
	}
	chosen, done, used := map[int32]guess{}, make([]bool, len(c.targets)), make([]bool, len(c.sources))
	for _, k := range all.falling() {
		for _, p := range all.pairs[k] {
			free := all.titles[p[1]].of
			for _, i := range all.titles[p[0]].of {
				if done[i] {
					continue
				}
				for len(free) > 0 && used[free[0]] {
					free = free[1:]
				}
				if len(free) == 0 {
					break
				}
				chosen[i], done[i], used[free[0]] = guess{free[0], k.score()}, true, true
			}
		}
	}
	return chosen
}

// maxGuesses is how many pairs of titles are compared at most.
const maxGuesses = 1 << 25

// byLanguage lists competencies by the languages that their titles are in.
func byLanguage(s *side, list []int32) map[string][]int32 {
	all := map[string][]int32{}
	for _, i := range list {
		for tag := range s.at(i).Title {
			all[tag] = append(all[tag], i)
		}
	}
	return all
}

// A title is what competencies of one kind are called in one language.
type title struct {
	n       int32 // its number
	kind    Kind
	of      []int32  // the competencies
	bigrams []uint64 // sorted
	sketch  [4]uint64
	bits    []uint64 // of the bigrams that the other edition has too, one for each
}

// of gathers the titles of competencies, each once, in their order.
func (l *likenesses) of(s *side, list []int32, lang string) []*title {
	type key struct {
		kind Kind
		text string
	}
	var all []*title
	at := map[key]*title{}
	for _, i := range list {
		x := s.at(i)
		words := bigramText(x.Title[lang])
		if words == "" {
			continue
		}
		t := at[key{x.Kind, words}]
		if t == nil {
			t = &title{n: int32(len(l.titles)), kind: x.Kind, bigrams: bigrams(words)}
			for _, g := range t.bigrams {
				h := g * 0x9e3779b97f4a7c15 >> 56
				t.sketch[h>>6] |= 1 << (h & 63)
			}
			at[key{x.Kind, words}] = t
			all, l.titles = append(all, t), append(l.titles, t)
		}
		t.of = append(t.of, i)
	}
	return all
}

// likenesses are pairs of titles by how alike they are. Of few letters there
// are few scores, so that the pairs need no sorting.
type likenesses struct {
	titles []*title
	pairs  map[likeness][][2]int32 // an old and a new title, by number
}

// A likeness is a share of the bigrams of two titles.
type likeness struct{ shared, size int32 }

func (l likeness) score() float64 { return 2 * float64(l.shared) / float64(l.size) }

// falling lists the likenesses, the greatest first.
func (l *likenesses) falling() []likeness {
	return slices.SortedFunc(maps.Keys(l.pairs), func(a, b likeness) int {
		return cmp.Or(cmp.Compare(b.score(), a.score()), cmp.Compare(a.size, b.size))
	})
}

// alike adds the pairs of titles that are alike enough. Every old title is
// compared with every new one: first by sketches of 256 bits, which can only
// say that two share too little, then bigram by bigram. The bits that two
// sketches share, and the bigrams that share a bit with another of the same
// title, are as many as the bigrams that both have, or more.
func (l *likenesses) alike(candidate float64, old, next []*title) {
	number := map[uint64]int{}
	for _, t := range next {
		for _, g := range t.bigrams {
			if _, known := number[g]; !known {
				number[g] = len(number)
			}
		}
	}
	words := (len(number) + 63) / 64
	for _, list := range [][]*title{old, next} {
		for _, t := range list {
			t.bits = make([]uint64, words)
			for _, g := range t.bigrams {
				if n, known := number[g]; known {
					t.bits[n>>6] |= 1 << (n & 63)
				}
			}
		}
	}
	for _, x := range old {
		crowd := len(x.bigrams) - shared(x.sketch[:], x.sketch[:])
		for _, y := range next {
			size := len(x.bigrams) + len(y.bigrams)
			least := candidate * float64(size)
			if 2*float64(crowd+x.sketched(y)) < least || x.kind != y.kind && x.kind != "" && y.kind != "" {
				continue
			}
			if n := shared(x.bits, y.bits); n > 0 && 2*float64(n) >= least {
				k := likeness{int32(n), int32(size)}
				l.pairs[k] = append(l.pairs[k], [2]int32{x.n, y.n})
			}
		}
	}
}

// sketched counts the bits that two sketches have in common.
func (x *title) sketched(y *title) int {
	return bits.OnesCount64(x.sketch[0]&y.sketch[0]) + bits.OnesCount64(x.sketch[1]&y.sketch[1]) + bits.OnesCount64(x.sketch[2]&y.sketch[2]) + bits.OnesCount64(x.sketch[3]&y.sketch[3])
}

// shared counts the bits that two sets have in common.
func shared(a, b []uint64) int {
	n := 0
	for i := range a {
		n += bits.OnesCount64(a[i] & b[i])
	}
	return n
}

// bigramText is a title as its bigrams are taken: one spelling, without "and".
func bigramText(title string) string {
	words := slices.DeleteFunc(strings.Fields(table.Normalize(title)), func(w string) bool { return w == "dan" || w == "and" })
	return strings.Join(words, " ")
}

// bigrams are the pairs of neighbouring letters of a text with its ends; of
// equal ones each is another by how often it came before.
func bigrams(text string) []uint64 {
	list := make([]uint64, 0, len(text)+1)
	before := ' '
	for _, r := range text + " " {
		list = append(list, uint64(before)<<42|uint64(r)<<21)
		before = r
	}
	slices.Sort(list)
	for k, times := 1, uint64(0); k < len(list); k++ {
		if times++; list[k] != list[k-1]&^(1<<21-1) {
			times = 0
		}
		list[k] |= min(times, 1<<21-1)
	}
	return list
}

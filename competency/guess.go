package competency

import (
	"container/heap"
	"math/bits"
	"slices"
	"strings"

	"github.com/bangkom/bangkom/table"
)

// A guess is an added competency that a removed one may have become.
type guess struct {
	new   int32
	score float64
}

// candidates guesses which removed competencies live on under another title:
// again and again the most alike pair of which neither is in a guess yet. Only
// the best partner of each title is kept in mind, and sought anew when another
// guess has taken it: all pairs would be millions.
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
	g := guesses{least: c.opt.Candidate, budget: maxGuesses, chosen: map[int32]guess{}, used: make([]bool, len(c.sources))}
	before, after := byLanguage(c.old, gone), byLanguage(c.new, came)
	for _, lang := range sortedKeys(after) {
		t := newTongue(c, before[lang], after[lang], lang)
		if g.budget -= len(t.old) * len(t.next); g.budget < 0 {
			c.changes.Unguessed = true
			break
		}
		for x := range t.old {
			if o, ok := g.best(t, x); ok {
				g.offers = append(g.offers, o)
			}
		}
	}
	if !g.choose() {
		c.changes.Unguessed = true
	}
	return g.chosen
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

// guesses are made the most alike first.
type guesses struct {
	least  float64 // likeness
	budget int     // pairs of titles that may still be compared
	offers []offer // a heap
	chosen map[int32]guess
	used   []bool // new competencies that are in a guess
}

// An offer is the best that is left for an old title.
type offer struct {
	t            *tongue
	x, y         int // an old and a new title
	shared, size int // bigrams of both, and of each
}

func (o *offer) score() float64 { return 2 * float64(o.shared) / float64(o.size) }

// Len, Less, Swap, Push and Pop make a heap of the offers.
func (g *guesses) Len() int      { return len(g.offers) }
func (g *guesses) Swap(i, j int) { g.offers[i], g.offers[j] = g.offers[j], g.offers[i] }
func (g *guesses) Push(o any)    { g.offers = append(g.offers, o.(offer)) }
func (g *guesses) Pop() any {
	last := len(g.offers) - 1
	o := g.offers[last]
	g.offers = g.offers[:last]
	return o
}

func (g *guesses) Less(i, j int) bool {
	a, b := &g.offers[i], &g.offers[j]
	if s, r := a.score(), b.score(); s != r {
		return s > r
	}
	if a.size != b.size {
		return a.size < b.size
	}
	if a.t != b.t {
		return a.t.lang < b.t.lang
	}
	return a.x < b.x
}

// choose takes the offers in their order; false if the budget ended before them.
func (g *guesses) choose() bool {
	heap.Init(g)
	for g.Len() > 0 {
		o := g.offers[0]
		x, y := &o.t.old[o.x], &o.t.next[o.y]
		x.of = slices.DeleteFunc(x.of, func(i int32) bool {
			if _, done := g.chosen[i]; done {
				return true
			}
			if !g.free(y) {
				return false
			}
			g.chosen[i], g.used[y.of[0]] = guess{y.of[0], o.score()}, true
			return true
		})
		if len(x.of) == 0 {
			heap.Pop(g)
			continue
		}
		if g.budget -= len(o.t.next); g.budget < 0 {
			return false
		}
		again, ok := g.best(o.t, o.x)
		if !ok {
			heap.Pop(g)
			continue
		}
		g.offers[0] = again
		heap.Fix(g, 0)
	}
	return true
}

// free reports whether some competency of a new title is in no guess.
func (g *guesses) free(y *title) bool {
	for len(y.of) > 0 && g.used[y.of[0]] {
		y.of = y.of[1:]
	}
	return len(y.of) > 0
}

// best finds the free new title that is most like an old one, the shorter and
// then the first of several. Most are passed over by their sketch: the bits
// that two sketches share, and the bigrams that share a bit with another of the
// same title, are as many as the bigrams that both have, or more.
func (g *guesses) best(t *tongue, n int) (offer, bool) {
	x := &t.old[n]
	crowd := x.bigrams - common(&x.sketch, &x.sketch)
	found, score := offer{t: t, x: n}, g.least
	for y, size := range t.sizes {
		size += x.bigrams
		enough := score*float64(size) - 1e-9 // far from a rounding
		if float64(2*(crowd+common(&x.sketch, &t.sketches[y]))) < enough {
			continue
		}
		shared := overlap(x.bits, t.bits[y*t.words:(y+1)*t.words])
		if float64(2*shared) < enough {
			continue
		}
		if s := 2 * float64(shared) / float64(size); shared == 0 || s < score || found.size > 0 && s == score && size >= found.size {
			continue
		}
		if kind := t.next[y].kind; x.kind != kind && x.kind != "" && kind != "" || !g.free(&t.next[y]) {
			continue
		}
		found.y, found.shared, found.size = y, shared, size
		score = found.score()
	}
	return found, found.size > 0
}

// A tongue is the titles of both editions in one language. What is looked at
// for each pair lies in columns.
type tongue struct {
	lang      string
	old, next []title
	sketches  []sketch // of next
	sizes     []int    // bigrams of next
	bits      []uint64 // of next, words each
	words     int
}

// A sketch has a bit for each bigram of a title, some of them for several.
type sketch [4]uint64

// A title is what competencies of one kind are called in one language.
type title struct {
	kind    Kind
	of      []int32 // the competencies that are in no guess
	bigrams int
	sketch  sketch
	bits    []uint64 // of the bigrams that the new edition has, one for each
}

func newTongue(c *comparison, gone, came []int32, lang string) *tongue {
	t := &tongue{lang: lang}
	number := map[uint64]int{}
	var after, before [][]uint64
	t.next, after = titlesOf(c.new, came, lang)
	t.old, before = titlesOf(c.old, gone, lang)
	for _, list := range after {
		for _, g := range list {
			if _, known := number[g]; !known {
				number[g] = len(number)
			}
		}
	}
	t.words = (len(number) + 63) / 64
	set := func(bits, bigrams []uint64) {
		for _, g := range bigrams {
			if n, known := number[g]; known {
				bits[n>>6] |= 1 << (n & 63)
			}
		}
	}
	t.bits = make([]uint64, t.words*len(t.next))
	for y := range t.next {
		set(t.bits[y*t.words:(y+1)*t.words], after[y])
		t.sketches, t.sizes = append(t.sketches, t.next[y].sketch), append(t.sizes, t.next[y].bigrams)
	}
	for x := range t.old {
		t.old[x].bits = make([]uint64, t.words)
		set(t.old[x].bits, before[x])
	}
	return t
}

// titlesOf gathers the titles of competencies, each once, in their order, and their bigrams.
func titlesOf(s *side, list []int32, lang string) ([]title, [][]uint64) {
	type key struct {
		kind Kind
		text string
	}
	var all []title
	var grams [][]uint64
	at := map[key]int{}
	for _, i := range list {
		x := s.at(i)
		words := bigramText(x.Title[lang])
		if words == "" {
			continue
		}
		n, known := at[key{x.Kind, words}]
		if !known {
			n = len(all)
			at[key{x.Kind, words}] = n
			t, g := title{kind: x.Kind}, bigrams(words)
			t.bigrams = len(g)
			for _, g := range g {
				h := g * 0x9e3779b97f4a7c15 >> 56
				t.sketch[h>>6] |= 1 << (h & 63)
			}
			all, grams = append(all, t), append(grams, g)
		}
		all[n].of = append(all[n].of, i)
	}
	return all, grams
}

// common counts the bits that two sketches have in common.
func common(a, b *sketch) int {
	return bits.OnesCount64(a[0]&b[0]) + bits.OnesCount64(a[1]&b[1]) + bits.OnesCount64(a[2]&b[2]) + bits.OnesCount64(a[3]&b[3])
}

// overlap counts the bits that two sets have in common.
func overlap(a, b []uint64) int {
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

package competency

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/bangkom/bangkom/table"
)

// A Hit is a competency that a search found.
type Hit struct {
	ID    CompetencyID `json:"id"`
	Score float64      `json:"score"` // above 0, at most 1
	Field string       `json:"field"` // where the best of it stands: "name", "title" or "text"
}

// Search finds competencies by words of their id, code, title, other
// spellings, description, levels and indicators, in all languages: the best
// first, at most limit (0: all). Spelling counts as in [Framework.Resolve]:
// "kerjasama" finds "Kerja Sama", and "diri & orang lain" "Diri dan Orang Lain".
//
// The score of a competency is 1 if the query is its id, code, title or other
// spelling, and otherwise
//
//	0.99 · Σ idf(w)·found(w) / Σ idf(w)   over the words w of the query
//
// where idf(w) = ln(1 + N/n) for a word that n of N competencies have, and
// found(w) is 1 for a word of a name or title and 0.5 for one of the other
// texts, three quarters of it if w is only the beginning of a word there (of
// three letters at least), and 0 if w is not there.
func (x *Index) Search(query string, limit int) []Hit {
	x.prepare()
	scores := map[int32]*Hit{}
	var all float64
	for _, m := range x.words.matches(query) {
		idf := math.Log1p(float64(len(x.f.Competencies)) / float64(max(1, len(m))))
		all += idf
		for i, f := range m {
			h := scores[i]
			if h == nil {
				h = &Hit{ID: x.f.Competencies[i].ID, Field: "text"}
				scores[i] = h
			}
			h.Score += idf * f.weight()
			if f.titled() {
				h.Field = "title"
			}
		}
	}
	for _, h := range scores {
		h.Score *= 0.99 / all
	}
	for _, i := range x.names.spelling[spelling(query)] {
		scores[i] = &Hit{x.f.Competencies[i].ID, 1, "name"}
	}
	order := slices.SortedFunc(maps.Keys(scores), func(i, j int32) int {
		return cmp.Or(cmp.Compare(scores[j].Score, scores[i].Score), cmp.Compare(i, j))
	})
	if limit > 0 && len(order) > limit {
		order = order[:limit]
	}
	hits := make([]Hit, len(order))
	for n, i := range order {
		hits[n] = *scores[i]
	}
	return hits
}

// A found says how a word of the query stands in a competency; the larger the better.
type found uint8

const (
	textBegins found = iota + 1
	textWhole
	titleBegins
	titleWhole
)

func (f found) titled() bool { return f >= titleBegins }

func (f found) weight() float64 {
	return [...]float64{0, 0.375, 0.5, 0.75, 1}[f]
}

// wordIndex lists for each word the competencies that have it.
type wordIndex struct {
	sorted []string
	title  map[string][]int32
	text   map[string][]int32
}

func newWordIndex(f *Framework) *wordIndex {
	x := &wordIndex{title: map[string][]int32{}, text: map[string][]int32{}}
	add := func(m map[string][]int32, word string, i int32) {
		if l := m[word]; len(l) == 0 || l[len(l)-1] != i {
			m[word] = append(l, i)
		}
	}
	for i := range int32(len(f.Competencies)) {
		c := &f.Competencies[i]
		for _, s := range c.spellings() {
			words := strings.Fields(table.Normalize(s))
			for k, w := range words {
				add(x.title, w, i)
				if k > 0 { // "kerja sama" is found as "kerjasama"
					add(x.title, words[k-1]+w, i)
				}
			}
		}
		c.texts(func(s string) {
			for w := range strings.FieldsSeq(table.Normalize(s)) {
				add(x.text, w, i)
			}
		})
	}
	all := maps.Clone(x.text)
	maps.Copy(all, x.title)
	x.sorted = slices.Sorted(maps.Keys(all))
	return x
}

// texts yields the texts of a competency that are not its names.
func (c *Competency) texts(yield func(string)) {
	each := func(t Text) {
		for _, s := range t {
			yield(s)
		}
	}
	each(c.Description)
	for k := range c.Levels {
		d := &c.Levels[k]
		each(d.Title)
		each(d.Description)
		for n := range d.Indicators {
			each(d.Indicators[n].Text)
		}
	}
}

// matches returns for each word of the query, each once, how it stands where
// it stands. Two words that stand together somewhere as one count for both.
func (x *wordIndex) matches(query string) []map[int32]found {
	var words []string
	for w := range strings.FieldsSeq(table.Normalize(query)) {
		if !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	all := make([]map[int32]found, len(words))
	for k, w := range words {
		all[k] = map[int32]found{}
		x.match(w, all[k])
	}
	for k := 1; k < len(words); k++ {
		for _, i := range x.title[words[k-1]+words[k]] {
			all[k-1][i], all[k][i] = titleWhole, titleWhole
		}
	}
	return all
}

func (x *wordIndex) match(w string, m map[int32]found) {
	note := func(list []int32, f found) {
		for _, i := range list {
			m[i] = max(m[i], f)
		}
	}
	note(x.title[w], titleWhole)
	note(x.text[w], textWhole)
	if len(w) < 3 {
		return
	}
	at, _ := slices.BinarySearch(x.sorted, w)
	for ; at < len(x.sorted) && strings.HasPrefix(x.sorted[at], w); at++ {
		note(x.title[x.sorted[at]], titleBegins)
		note(x.text[x.sorted[at]], textBegins)
	}
}

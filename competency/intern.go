package competency

import (
	"hash/maphash"
	"math/bits"
	"strings"
)

// unset is the number of "none" in a column of numbers.
const unset int32 = -1

// texts holds many short texts back to back: 8 bytes and the text itself each.
type texts struct {
	text string
	ends []int
}

// collect copies the texts, so that nothing keeps the caller's memory alive.
func collect(n int, at func(int) string) texts {
	size := 0
	for i := range n {
		size += len(at(i))
	}
	var b strings.Builder
	b.Grow(size)
	w := texts{ends: make([]int, n)}
	for i := range n {
		b.WriteString(at(i))
		w.ends[i] = b.Len()
	}
	w.text = b.String()
	return w
}

func (w *texts) at(i int) string {
	start := 0
	if i > 0 {
		start = w.ends[i-1]
	}
	return w.text[start:w.ends[i]]
}

// finder finds the number of a text by open addressing over the numbers alone:
// 6 to 12 bytes a text, where a map would take some 40.
// The seed is random; nothing that is returned depends on it.
type finder struct {
	seed  maphash.Seed
	texts *texts
	slots []int32 // number + 1; 0: free
}

func newFinder(w *texts) finder {
	n := len(w.ends)
	x := finder{maphash.MakeSeed(), w, make([]int32, 1<<bits.Len(uint(n+n/2)))}
	for i := range n {
		x.slots[x.slot(w.at(i))] = int32(i) + 1
	}
	return x
}

// slot returns where the text stands, or the free slot where it would.
func (x *finder) slot(s string) int {
	mask := len(x.slots) - 1
	at := int(maphash.String(x.seed, s)) & mask
	for x.slots[at] != 0 && x.texts.at(int(x.slots[at]-1)) != s {
		at = (at + 1) & mask
	}
	return at
}

func (x *finder) find(s string) (int32, bool) {
	if len(x.slots) == 0 {
		return unset, false
	}
	i := x.slots[x.slot(s)] - 1
	return i, i >= 0
}

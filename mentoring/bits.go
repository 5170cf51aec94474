package mentoring

import (
	"iter"
	"math/bits"
)

// bitset is a set of mentors by number.
type bitset []uint64

func newBitset(n int) bitset { return make(bitset, (n+63)/64) }

func (b bitset) set(j int)   { b[j/64] |= 1 << (j % 64) }
func (b bitset) clear(j int) { b[j/64] &^= 1 << (j % 64) }

func (b bitset) has(j int) bool { return b[j/64]>>(j%64)&1 != 0 }

func (b bitset) or(c bitset) {
	for k := range b {
		b[k] |= c[k]
	}
}

func (b bitset) and(c bitset) {
	for k := range b {
		b[k] &= c[k]
	}
}

// without removes c.
func (b bitset) without(c bitset) {
	for k := range b {
		b[k] &^= c[k]
	}
}

func (b bitset) len() int {
	n := 0
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

// all yields the members, ascending.
func (b bitset) all() iter.Seq[int] {
	return func(yield func(int) bool) {
		for k, w := range b {
			for ; w != 0; w &= w - 1 {
				if !yield(64*k + bits.TrailingZeros64(w)) {
					return
				}
			}
		}
	}
}

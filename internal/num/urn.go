package num

import (
	"math"
	"math/bits"
)

// A Stream is the generator xoshiro256++ (Blackman and Vigna, 2021). Beside
// those of math/rand/v2 it stays in registers where millions are drawn.
type Stream struct{ a, b, c, d uint64 }

// NewStream is the b-th stream of a seed, set up by SplitMix64 (Steele, Lea and
// Flood, 2014), as the authors of xoshiro ask.
func NewStream(seed, b uint64) Stream {
	next := func() uint64 {
		seed += 0x9e3779b97f4a7c15
		z := (seed ^ seed>>30) * 0xbf58476d1ce4e5b9
		z = (z ^ z>>27) * 0x94d049bb133111eb
		return z ^ z>>31
	}
	seed = next() + b*0xd1342543de82ef95 // odd: another start for each b
	return Stream{next(), next(), next(), next()}
}

// Uint64 returns 64 random bits.
func (s *Stream) Uint64() (r uint64) {
	r, *s = s.next()
	return r
}

// next returns 64 random bits and the stream behind them: values that a loop
// keeps in registers.
func (s Stream) next() (uint64, Stream) {
	r := bits.RotateLeft64(s.a+s.d, 23) + s.a
	c, d := s.c^s.a, s.d^s.b
	return r, Stream{s.a ^ d, s.b ^ c, c ^ s.b<<17, bits.RotateLeft64(d, 45)}
}

// An Urn holds n things that are drawn with replacement. Up to 4096 of them
// share 4096 places evenly; what is left over is blank, and drawn again. So
// twelve bits are a draw, and a word gives four, without a multiplication. More
// things are drawn by 32 bits each and Lemire's (2019) unbiased multiplication.
type Urn struct {
	n      int
	places *[places]uint16 // the thing in each place, n where it is blank; nil for more than 4096
}

const places = 1 << 12

// NewUrn holds the things 0..n−1.
func NewUrn(n int) *Urn {
	u := &Urn{n: n}
	if n > places {
		return u
	}
	u.places = new([places]uint16)
	for i := range u.places {
		u.places[i] = uint16(n)
		if i < u.used() {
			u.places[i] = uint16(i % n)
		}
	}
	return u
}

// used is how many places are not blank.
func (u *Urn) used() int { return places / u.n * u.n }

// Counts draws as many as there are things, and counts how often each is drawn.
// counts has room for one thing more, which is for the blanks.
func (u *Urn) Counts(s *Stream, counts []uint32) {
	clear(counts)
	if u.places == nil {
		u.batches(s, func(things []uint32) {
			for _, j := range things {
				counts[j]++
			}
		})
		return
	}
	r := *s
	left := u.n
	for left >= 4 {
		before := counts[u.n]
		words := left / 4
		var w uint64
		for range words {
			w, r = r.next()
			counts[u.places[w&(places-1)]]++
			counts[u.places[w>>16&(places-1)]]++
			counts[u.places[w>>32&(places-1)]]++
			counts[u.places[w>>48&(places-1)]]++
		}
		left += int(counts[u.n]-before) - 4*words
	}
	for *s = r; left > 0; left-- {
		counts[u.places[u.place(s)]]++
	}
}

// Table lays the values of the things out for [Urn.Total].
func (u *Urn) Table(values []int64) []int64 {
	if u.places == nil {
		return values
	}
	t := make([]int64, places)
	for i := range u.used() {
		t[i] = values[i%u.n]
	}
	return t
}

// Total makes the draws of [Urn.Counts], and adds what they have in the table.
// Whole numbers have one sum in every order of the draws.
func (u *Urn) Total(s *Stream, table []int64) int64 {
	if u.places == nil {
		var sum int64
		u.batches(s, func(things []uint32) {
			part := int64(0)
			for _, j := range things {
				part += table[j]
			}
			sum += part
		})
		return sum
	}
	const one, carry = 0x0001000100010001, 0x1000100010001000
	t := (*[places]int64)(table)
	r := *s // in registers
	lack := uint64(places-u.used()) * one
	var sum int64
	left := u.n
	for left >= 4 {
		words := left / 4
		var w, blanks uint64 // blanks of each quarter of a word: too few to overflow
		for range words {
			w, r = r.next()
			w &= (places - 1) * one
			sum += t[w&(places-1)]
			sum += t[w>>16&(places-1)]
			sum += t[w>>32&(places-1)]
			sum += t[w>>48]
			blanks += (w + lack) & carry >> 12
		}
		left += int(blanks&0xffff+blanks>>16&0xffff+blanks>>32&0xffff+blanks>>48) - 4*words
	}
	for *s = r; left > 0; left-- {
		sum += t[u.place(s)]
	}
	return sum
}

// place draws one place that is not blank.
func (u *Urn) place(s *Stream) uint64 {
	for {
		if j := s.Uint64() & (places - 1); j < uint64(u.used()) {
			return j
		}
	}
}

// many draws things, two from a word at most: so many as there is room for. What
// is to be drawn again leaves a place free.
func (u *Urn) many(s *Stream, things []uint32) int {
	n := uint64(u.n)
	got := 0
	for got+2 <= len(things) {
		w := s.Uint64()
		p, q := (w&math.MaxUint32)*n, (w>>32)*n
		things[got] = uint32(p >> 32)
		if !unfair(p, n) {
			got++
		}
		things[got] = uint32(q >> 32)
		if !unfair(q, n) {
			got++
		}
	}
	return got
}

// batches calls f with all draws of many things, some hundred at a time.
func (u *Urn) batches(s *Stream, f func(things []uint32)) {
	var room [256]uint32
	for left := u.n; left > 0; {
		if left == 1 { // the second of the word is lost
			got := 0
			for got == 0 {
				got = u.many(s, room[:2])
			}
			f(room[:1])
			return
		}
		got := u.many(s, room[:min(left, len(room))])
		f(room[:got])
		left -= got
	}
}

// Whole brings deviations of n values to whole numbers, times one power of two,
// so that n of them add up within 63 bits. ok is false where they are all nought,
// or not of a size to be so treated.
func Whole(deviations []float64) (whole []int64, unit float64, ok bool) {
	most := 0.0
	for _, d := range deviations {
		most = max(most, math.Abs(d))
	}
	if !(most > 1e-280 && most < 1e280) {
		return nil, 0, false
	}
	_, exp := math.Frexp(most)
	shift := 62 - bits.Len(uint(len(deviations))) - exp
	whole = make([]int64, len(deviations))
	for i, d := range deviations {
		whole[i] = int64(math.Round(math.Ldexp(d, shift)))
	}
	return whole, math.Ldexp(1, -shift), true
}

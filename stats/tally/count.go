package tally

// A pair of cells is packed into one byte, want << 4 | have. Eight rows are
// read and packed as one word. Two kernels count the bytes:
//
//   - four tables in turn, so that equal neighbours, which are the rule in
//     ratings, do not wait for each other's store;
//   - for long columns, two neighbouring pairs at once in a table of 65,536
//     bins that fits the second-level cache, folded at the end.
const (
	highNibbles = 0xF0F0F0F0F0F0F0F0
	fourFrom    = 512     // rows from which four tables are worth their fold
	foldFrom    = 250_000 // rows from which the fold of 65,536 bins is paid for
	maxBlock    = 1 << 30 // rows, so that a uint32 bin cannot overflow
)

// countColumns adds the packed pairs to n; false if a code exceeds four bits.
// The columns are of equal length.
func countColumns(n *[256]uint64, want, have []Cell) bool {
	for len(want) > 0 {
		k := min(len(want), maxBlock)
		words := 0 // rows that go by eights
		ok := true
		switch {
		case k >= foldFrom:
			words = k &^ 7
			ok = countTwo(n, want[:words], have[:words])
		case k >= fourFrom:
			words = k &^ 7
			ok = countFour(n, want[:words], have[:words])
		}
		if !ok || !countRest(n, want[words:k], have[words:k]) {
			return false
		}
		want, have = want[k:], have[k:]
	}
	return true
}

func countRest(n *[256]uint64, want, have []Cell) bool {
	for i, w := range want {
		h := have[i]
		if (w|h)&0xF0 != 0 {
			return false
		}
		n[w<<4|h]++
	}
	return true
}

// countFour needs a length that is a multiple of eight.
func countFour(n *[256]uint64, want, have []Cell) bool {
	var t [4][256]uint32
	var seen uint64
	for i := 0; i+8 <= len(want) && i+8 <= len(have); i += 8 {
		w, h := load(want[i:]), load(have[i:])
		seen |= w | h
		x := w<<4 | h
		t[0][byte(x)]++
		t[1][byte(x>>8)]++
		t[2][byte(x>>16)]++
		t[3][byte(x>>24)]++
		t[0][byte(x>>32)]++
		t[1][byte(x>>40)]++
		t[2][byte(x>>48)]++
		t[3][byte(x>>56)]++
	}
	for i := range n {
		n[i] += uint64(t[0][i]) + uint64(t[1][i]) + uint64(t[2][i]) + uint64(t[3][i])
	}
	return seen&highNibbles == 0
}

// countTwo needs a length that is a multiple of eight.
func countTwo(n *[256]uint64, want, have []Cell) bool {
	t := new([1 << 16]uint32)
	var seen uint64
	for i := 0; i+8 <= len(want) && i+8 <= len(have); i += 8 {
		w, h := load(want[i:]), load(have[i:])
		seen |= w | h
		x := w<<4 | h
		t[uint16(x)]++
		t[uint16(x>>16)]++
		t[uint16(x>>32)]++
		t[uint16(x>>48)]++
	}
	for i, k := range t {
		n[byte(i)] += uint64(k)
		n[i>>8] += uint64(k)
	}
	return seen&highNibbles == 0
}

// load reads eight cells, the first in the lowest byte; the compiler makes one load of it.
func load(c []Cell) uint64 {
	_ = c[7]
	return uint64(c[0]) | uint64(c[1])<<8 | uint64(c[2])<<16 | uint64(c[3])<<24 |
		uint64(c[4])<<32 | uint64(c[5])<<40 | uint64(c[6])<<48 | uint64(c[7])<<56
}

package num

import (
	"math/big"
	"math/bits"
)

// MaxLevelCode is the largest code of a [LevelGram].
const MaxLevelCode = 12

// A LevelGram holds exact sums of columns of small codes over the rows that
// are complete: everything that means, covariances and the coefficients made
// of them need. A code from 1 to 12 is a level; 0 and whatever is above 12 is no
// answer. The sums are integers: any order, any split of the rows gives the
// same, and two of them merge by adding. The zero value is empty.
type LevelGram struct {
	N      int64     // complete rows
	Rows   int64     // rows that were given
	Sum    []int64   // Σ x of a column
	Gram   [][]int64 // Σ xy of two columns
	Counts [][]int64 // answers of a column by code 0..12, of all rows; 0 counts no answer
}

// blockWords is how many words of eight codes are worked on at a time: a block
// of twenty columns and its mirror stay in the nearest cache.
const blockWords = 32

const (
	ones  = 0x0101010101010101
	highs = 0x80 * ones
	lows  = 0x7f * ones
)

// Add is [AddLevels].
func (g *LevelGram) Add(cols [][]uint8) { AddLevels(g, cols) }

// AddLevels counts rows, given as columns of equal length.
//
// Eight codes lie in one word. The product of a word and a mirrored word has,
// in its top lane, the sum of the eight products; the lanes below it do not
// overflow while a lane of 8 bits holds 8·5² and one of 16 bits 4·12².
func AddLevels[C ~uint8](g *LevelGram, cols [][]C) {
	g.grow(len(cols))
	if len(cols) == 0 {
		return
	}
	n := len(cols[0])
	g.Rows += int64(n)
	words, mirror := make([][blockWords]uint64, len(cols)), make([][blockWords]uint64, len(cols))
	for from := 0; from < n; from += 8 * blockWords {
		to := min(n, from+8*blockWords)
		for c, col := range cols {
			pack(&words[c], col[from:to])
			countCodes(g.Counts[c], &words[c], to-from)
		}
		high := keepComplete(words, &g.N)
		for c := range words {
			s := int64(0)
			for i, w := range words[c] {
				s += int64(w * ones >> 56)
				mirror[c][i] = bits.ReverseBytes64(w)
			}
			g.Sum[c] += s
		}
		if high {
			g.wide(words)
		} else {
			g.narrow(words, mirror)
		}
	}
}

func (g *LevelGram) grow(k int) {
	for len(g.Sum) < k {
		g.Sum = append(g.Sum, 0)
		g.Counts = append(g.Counts, make([]int64, MaxLevelCode+1))
	}
	for len(g.Gram) < k {
		g.Gram = append(g.Gram, nil)
	}
	for i := range g.Gram {
		for len(g.Gram[i]) < k {
			g.Gram[i] = append(g.Gram[i], 0)
		}
	}
}

// Merge adds the sums of other rows of the same columns.
func (g *LevelGram) Merge(o *LevelGram) {
	g.grow(len(o.Sum))
	g.N += o.N
	g.Rows += o.Rows
	for i := range o.Sum {
		g.Sum[i] += o.Sum[i]
		for c, k := range o.Counts[i] {
			g.Counts[i][c] += k
		}
		for j, v := range o.Gram[i] {
			g.Gram[i][j] += v
		}
	}
}

// pack puts codes into words, the first in the lowest byte; the rest of the
// block is zero.
func pack[C ~uint8](words *[blockWords]uint64, col []C) {
	i := 0
	for ; len(col) >= 8; col = col[8:] {
		words[i] = uint64(col[0]) | uint64(col[1])<<8 | uint64(col[2])<<16 | uint64(col[3])<<24 |
			uint64(col[4])<<32 | uint64(col[5])<<40 | uint64(col[6])<<48 | uint64(col[7])<<56
		i++
	}
	if i == blockWords {
		return
	}
	clear(words[i:])
	for j, v := range col {
		words[i] |= uint64(v) << (8 * j)
	}
}

// above has the high bit of each byte of w that exceeds limit < 127, and may
// not be used for bytes above 127.
func above(w uint64, limit uint64) uint64 { return (w + (0x7f-limit)*ones) & highs }

// countCodes adds how often each code occurs among the first n of a block.
func countCodes(counts []int64, words *[blockWords]uint64, n int) {
	var more [MaxLevelCode + 2]uint64 // bytes of counts, of codes above 0, 1, …
	top := uint64(0)
	for i, w := range words {
		odd := w & highs
		w &= lows
		if bad := odd | above(w, MaxLevelCode); bad != 0 { // no answer: nought
			w &^= bad >> 7 * 0xff
			words[i] = w
		}
		more[0] += above(w, 0) >> 7
		more[1] += above(w, 1) >> 7
		more[2] += above(w, 2) >> 7
		more[3] += above(w, 3) >> 7
		more[4] += above(w, 4) >> 7
		top |= above(w, 5)
	}
	if top != 0 {
		for _, w := range words {
			for c := uint64(5); c < MaxLevelCode; c++ {
				more[c] += above(w, c) >> 7
			}
		}
	}
	last := int64(n)
	for c := range MaxLevelCode + 1 {
		next := lanes(more[c])
		counts[c] += last - next
		last = next
	}
}

// lanes adds the eight bytes of a word, each at most 32.
func lanes(w uint64) int64 {
	w = w&0x00ff00ff00ff00ff + w>>8&0x00ff00ff00ff00ff
	return int64(w * 0x0001000100010001 >> 48)
}

// keepComplete sets every code of a row with a gap to nought, counts the other
// rows, and reports whether a code above 5 is left.
func keepComplete(words [][blockWords]uint64, n *int64) (high bool) {
	for i := range blockWords {
		all := uint64(highs)
		for c := range words {
			all &= above(words[c][i], 0)
		}
		*n += int64(bits.OnesCount64(all))
		mask := all >> 7 * 0xff
		over := uint64(0)
		for c := range words {
			words[c][i] &= mask
			over |= above(words[c][i], 5)
		}
		high = high || over != 0
	}
	return high
}

func (g *LevelGram) narrow(words, mirror [][blockWords]uint64) {
	for a := range words {
		wa := &words[a]
		b := a
		for ; b+3 < len(words); b += 4 {
			var s0, s1, s2, s3 uint64
			m0, m1, m2, m3 := &mirror[b], &mirror[b+1], &mirror[b+2], &mirror[b+3]
			for i, w := range wa {
				s0 += w * m0[i] >> 56
				s1 += w * m1[i] >> 56
				s2 += w * m2[i] >> 56
				s3 += w * m3[i] >> 56
			}
			g.put(a, b, s0)
			g.put(a, b+1, s1)
			g.put(a, b+2, s2)
			g.put(a, b+3, s3)
		}
		for ; b < len(words); b++ {
			var s uint64
			for i, w := range wa {
				s += w * mirror[b][i] >> 56
			}
			g.put(a, b, s)
		}
	}
}

func (g *LevelGram) wide(words [][blockWords]uint64) {
	const even = 0x00ff00ff00ff00ff
	for a := range words {
		for b := a; b < len(words); b++ {
			var s uint64
			for i, w := range words[a] {
				v := words[b][i]
				s += w&even*(bits.ReverseBytes64(v&even)>>8)>>48 + w>>8&even*(bits.ReverseBytes64(v>>8&even)>>8)>>48
			}
			g.put(a, b, s)
		}
	}
}

func (g *LevelGram) put(a, b int, s uint64) {
	g.Gram[a][b] += int64(s)
	if a != b {
		g.Gram[b][a] += int64(s)
	}
}

// Covariance returns the means of the codes and their sample covariances,
// each rounded once from the exact fraction (n Σxy − Σx Σy) / (n(n−1)).
func (g *LevelGram) Covariance() (mean []float64, cov [][]float64) {
	k := len(g.Sum)
	mean, cov = make([]float64, k), Square(k)
	n := big.NewInt(g.N)
	den := new(big.Int).Mul(n, big.NewInt(g.N-1))
	for i := range k {
		mean[i] = float64(g.Sum[i]) / float64(g.N)
		for j := range i + 1 {
			x := new(big.Int).Mul(n, big.NewInt(g.Gram[i][j]))
			x.Sub(x, new(big.Int).Mul(big.NewInt(g.Sum[i]), big.NewInt(g.Sum[j])))
			v, _ := new(big.Rat).SetFrac(x, den).Float64()
			cov[i][j], cov[j][i] = v, v
		}
	}
	return mean, cov
}

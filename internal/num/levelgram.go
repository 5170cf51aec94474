package num

import (
	"math"
	"math/big"
	"math/bits"
	"sync/atomic"
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
const (
	blockWords  = 32
	blockRows   = 8 * blockWords
	aheadBlocks = 4 // read of a column at a time: memory likes it long
)

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
	addBlocks(g, cols, func(words *[blockWords]uint64, col []C) bool {
		pack(words, col)
		return true
	})
}

// AddNumbers counts rows of whole numbers, of which first has code 1; NaN is no
// answer. It is false, and the sums are worth nothing, where another number comes.
func (g *LevelGram) AddNumbers(cols [][]float64, first int) bool {
	var codes *[1 << 16]uint8
	if len(cols) > 0 && len(cols[0]) >= blockRows {
		codes = upperCodes(first)
	}
	return addBlocks(g, cols, func(words *[blockWords]uint64, col []float64) bool {
		return codes != nil && len(col) == blockRows && packNumbers(words, col, codes) || packAny(words, col, first)
	})
}

// upperCodes gives the code of a number by its upper bits, 128 where it has none;
// nil where they do not tell the numbers with codes apart.
func upperCodes(first int) *[1 << 16]uint8 {
	codes := new([1 << 16]uint8)
	for h := range codes {
		codes[h] = 0x80
	}
	for c := range MaxLevelCode {
		b := math.Float64bits(float64(first + c))
		if b<<16 != 0 {
			return nil
		}
		codes[b>>48] = uint8(c + 1)
	}
	return codes
}

func addBlocks[C any](g *LevelGram, cols [][]C, pack func(words *[blockWords]uint64, col []C) bool) bool {
	g.grow(len(cols))
	if len(cols) == 0 {
		return true
	}
	n := len(cols[0])
	if n >= 2*partRows {
		return addParts(g, cols, pack)
	}
	g.Rows += int64(n)
	var words [aheadBlocks][][blockWords]uint64
	for b := range min(aheadBlocks, (n+blockRows-1)/blockRows) {
		words[b] = make([][blockWords]uint64, len(cols))
	}
	mirror := make([][blockWords]uint64, len(cols))
	for from := 0; from < n; from += aheadBlocks * blockRows {
		for c, col := range cols {
			col = col[from:min(n, from+aheadBlocks*blockRows)]
			for b := 0; b*blockRows < len(col); b++ {
				if !pack(&words[b][c], col[b*blockRows:min(len(col), (b+1)*blockRows)]) {
					return false
				}
			}
		}
		for b := 0; b < aheadBlocks && from+b*blockRows < n; b++ {
			g.add(words[b], mirror, min(blockRows, n-from-b*blockRows))
		}
	}
	for a := range g.Gram {
		for b := range a {
			g.Gram[a][b] = g.Gram[b][a]
		}
	}
	return true
}

// partRows is how many rows one core counts at a time.
const partRows = 1 << 16

// addParts counts many rows on all cores: the sums are the same for any split.
func addParts[C any](g *LevelGram, cols [][]C, pack func(words *[blockWords]uint64, col []C) bool) bool {
	n := len(cols[0])
	parts := make([]LevelGram, (n+partRows-1)/partRows)
	var refused atomic.Bool
	each(len(parts), func(k int) {
		rows := make([][]C, len(cols))
		for c, col := range cols {
			rows[c] = col[k*partRows : min(n, (k+1)*partRows)]
		}
		if !addBlocks(&parts[k], rows, pack) {
			refused.Store(true)
		}
	})
	for k := range parts {
		g.Merge(&parts[k])
	}
	return !refused.Load()
}

// add counts a block of so many rows, in the upper triangle only. mirror is room.
func (g *LevelGram) add(words, mirror [][blockWords]uint64, rows int) {
	gaps, high := false, false
	for c := range words {
		counts, up := countCodes(&words[c], rows)
		for code, k := range counts {
			g.Counts[c][code] += k
			g.Sum[c] += int64(code) * k
		}
		gaps, high = gaps || counts[0] > 0, high || up
	}
	if gaps {
		for c := range words {
			g.Sum[c] -= sumOf(&words[c])
		}
		high = keepComplete(words, &g.N)
		for c := range words {
			g.Sum[c] += sumOf(&words[c])
		}
	} else {
		g.N += int64(rows)
	}
	if high {
		g.wide(words)
		return
	}
	for c := range words {
		for i, w := range words[c] {
			mirror[c][i] = bits.ReverseBytes64(w)
		}
	}
	g.narrow(words, mirror)
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

// packNumbers is pack of a whole block of numbers whose lower 48 bits are
// nought; false where one is not, or has no code.
func packNumbers(words *[blockWords]uint64, col []float64, codes *[1 << 16]uint8) bool {
	var low, bad uint64
	for i := range words {
		x := (*[8]float64)(col)
		col = col[8:]
		var w uint64
		for j := 4; j >= 0; j -= 4 {
			b0, b1, b2, b3 := math.Float64bits(x[j]), math.Float64bits(x[j+1]), math.Float64bits(x[j+2]), math.Float64bits(x[j+3])
			low |= b0 | b1 | b2 | b3
			w = w<<32 | (uint64(codes[b0>>48]) | uint64(codes[b1>>48])<<8) | (uint64(codes[b2>>48])<<16 | uint64(codes[b3>>48])<<24)
		}
		bad |= w
		words[i] = w
	}
	return low<<16 == 0 && bad&highs == 0
}

// packAny is pack of any numbers; false where one is neither a level nor NaN.
func packAny(words *[blockWords]uint64, col []float64, first int) bool {
	clear(words[:])
	for i, x := range col {
		if v := int(x) - first; float64(v+first) == x && uint(v) < MaxLevelCode {
			words[i/8] |= uint64(v+1) << (i % 8 * 8)
		} else if !math.IsNaN(x) {
			return false
		}
	}
	return true
}

// above has the high bit of each byte of w that exceeds limit < 127, and may
// not be used for bytes above 127.
func above(w uint64, limit uint64) uint64 { return (w + (0x7f-limit)*ones) & highs }

// countCodes returns how often each code occurs among the first n of a block,
// and whether one is above 5. Codes above 12 become nought.
func countCodes(words *[blockWords]uint64, n int) (counts [MaxLevelCode + 1]int64, high bool) {
	if sum, bit1, bit2, three, five, other := countBits(words); other == 0 {
		counts[3], counts[5] = lanes(three), lanes(five)
		twos, fours := lanes(bit1), lanes(bit2)
		counts[2], counts[4] = twos-counts[3], fours-counts[5]
		counts[1] = lanes(sum) - 2*twos - 4*fours - counts[3] - counts[5]
		counts[0] = int64(n) - counts[1] - twos - fours
		return counts, false
	}
	var more [MaxLevelCode + 1]uint64 // bytes of counts, of codes above 0, 1, …
	for i, w := range words {
		odd := w & highs
		w &= lows
		if bad := odd | above(w, MaxLevelCode); bad != 0 { // no answer: nought
			w &^= bad >> 7 * 0xff
			words[i] = w
		}
		for c := range uint64(MaxLevelCode) {
			more[c] += above(w, c) >> 7
		}
	}
	last := int64(n)
	for c := range counts {
		next := lanes(more[c])
		counts[c] = last - next
		last = next
	}
	return counts, more[5] != 0
}

// countBits adds, in each byte, the codes of a block and what codes to 5 need
// to be told apart: their second bit (2 and 3), their third (4 and 5), 3, and 5.
// other is not nought where a code is above 5. By itself it has the registers.
//
//go:noinline
func countBits(words *[blockWords]uint64) (sum, bit1, bit2, three, five, other uint64) {
	for _, w := range words {
		other |= w & (0xf8 * ones)
		a := w >> 1 & ones
		b := w >> 2 & ones
		sum += w
		bit1 += a
		bit2 += b
		three += w & a
		five += w & b
		other |= a & b
	}
	return sum, bit1, bit2, three, five, other
}

// lanes adds the eight bytes of a word.
func lanes(w uint64) int64 {
	w = w&0x00ff00ff00ff00ff + w>>8&0x00ff00ff00ff00ff
	return int64(w * 0x0001000100010001 >> 48)
}

// sumOf adds the codes of a block.
func sumOf(words *[blockWords]uint64) (s int64) {
	for _, w := range words {
		s += int64(w * ones >> 56)
	}
	return s
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
		wa, row := &words[a], g.Gram[a]
		b := a
		for ; b+3 < len(words); b += 4 {
			s0, s1, s2, s3 := topLanes(wa, &mirror[b], &mirror[b+1], &mirror[b+2], &mirror[b+3])
			to := row[b : b+4]
			to[0] += int64(s0)
			to[1] += int64(s1)
			to[2] += int64(s2)
			to[3] += int64(s3)
		}
		for ; b < len(words); b++ {
			var s uint64
			for i, w := range wa {
				s += w * mirror[b][i] >> 56
			}
			row[b] += int64(s)
		}
	}
}

// topLanes adds the top lanes of the products with four columns. By itself it
// has the registers for that.
//
//go:noinline
func topLanes(w, m0, m1, m2, m3 *[blockWords]uint64) (s0, s1, s2, s3 uint64) {
	for i, w := range w {
		s0 += w * m0[i] >> 56
		s1 += w * m1[i] >> 56
		s2 += w * m2[i] >> 56
		s3 += w * m3[i] >> 56
	}
	return s0, s1, s2, s3
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
			g.Gram[a][b] += int64(s)
		}
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

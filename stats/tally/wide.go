package tally

import (
	"encoding/binary"
	"math/big"
	"math/bits"
)

// wide is a 128-bit integer in two's complement: what a sum of 2⁴⁸ products of
// two 40-bit values needs. Sums of it are exact, so their order is irrelevant.
type wide struct {
	hi int64
	lo uint64
}

func wideOf(x int64) wide { return wide{x >> 63, uint64(x)} }

func (a wide) plus(b wide) wide {
	lo, carry := bits.Add64(a.lo, b.lo, 0)
	return wide{a.hi + b.hi + int64(carry), lo}
}

func (a wide) negative() wide {
	lo, borrow := bits.Sub64(0, a.lo, 0)
	return wide{-a.hi - int64(borrow), lo}
}

func abs64(x int64) uint64 {
	if x < 0 {
		return -uint64(x)
	}
	return uint64(x)
}

// product is x·y·n; the caller keeps it below 2¹²⁷.
func product(x, y int64, n uint64) wide {
	if n == 1 && int64(int32(x)) == x && int64(int32(y)) == y {
		return wideOf(x * y)
	}
	hi, lo := bits.Mul64(abs64(x), abs64(y))
	carry, low := bits.Mul64(lo, n)
	w := wide{int64(hi*n + carry), low}
	if x < 0 != (y < 0) {
		return w.negative()
	}
	return w
}

func (a wide) big() *big.Int {
	x := big.NewInt(a.hi)
	return x.Add(x.Lsh(x, 64), new(big.Int).SetUint64(a.lo))
}

// append writes sixteen bytes.
func (a wide) append(b []byte) []byte {
	b = binary.BigEndian.AppendUint64(b, uint64(a.hi))
	return binary.BigEndian.AppendUint64(b, a.lo)
}

func wideFrom(b []byte) wide {
	return wide{int64(binary.BigEndian.Uint64(b)), binary.BigEndian.Uint64(b[8:])}
}

// centred is Σ(x−x̄)(y−ȳ) = (n Σxy − Σx Σy) / n, rounded once.
func centred(n uint64, x, y, xy wide) float64 {
	num := new(big.Int).Mul(new(big.Int).SetUint64(n), xy.big())
	num.Sub(num, new(big.Int).Mul(x.big(), y.big()))
	f, _ := new(big.Rat).SetFrac(num, new(big.Int).SetUint64(n)).Float64()
	return f
}

// mean is Σx / n, rounded once.
func mean(n uint64, x wide) float64 {
	f, _ := new(big.Rat).SetFrac(x.big(), new(big.Int).SetUint64(n)).Float64()
	return f
}

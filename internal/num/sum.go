package num

import (
	"math"
	"slices"

	"golang.org/x/exp/constraints"
)

// Real is any type of number that a float64 can stand for.
type Real interface {
	constraints.Integer | constraints.Float
}

// Sum adds with compensation (Neumaier, 1974), so that the order of the terms
// does not spoil the last digits.
func Sum[T Real](xs []T) float64 {
	var s, c float64
	for _, v := range xs {
		t, err := twoSum(s, float64(v))
		s, c = t, c+err
	}
	return s + c
}

// Mean is Sum / n; NaN of nothing.
func Mean[T Real](xs []T) float64 { return Sum(xs) / float64(len(xs)) }

// AllFinite says that there is neither a NaN nor an infinity.
func AllFinite(xs []float64) bool {
	var a, b, c, d float64 // x − x is nought, or NaN, which stays
	for ; len(xs) >= 4; xs = xs[4:] {
		a += xs[0] - xs[0]
		b += xs[1] - xs[1]
		c += xs[2] - xs[2]
		d += xs[3] - xs[3]
	}
	for _, x := range xs {
		a += x - x
	}
	return a+b+c+d == 0
}

// Variance is the sample variance (n − 1) by the corrected two-pass algorithm;
// NaN of fewer than two.
func Variance[T Real](xs []T) float64 {
	n := float64(len(xs))
	if n < 2 {
		return math.NaN()
	}
	ss, left := SquaresAbout(xs, Mean(xs))
	return (ss - left*left/n) / (n - 1)
}

// SquaresAbout returns Σ (x − m)² and Σ (x − m), in short blocks of four
// running sums each, whose totals are added with compensation: as good as
// compensating each term, and as fast as not to.
func SquaresAbout[T Real](xs []T, m float64) (squares, left float64) {
	const block = 32
	var low float64 // what rounding took from the squares
	for len(xs) >= block {
		b := xs[:block]
		xs = xs[block:]
		var s0, s1, s2, s3, l0, l1 float64
		for i := 0; i+4 <= len(b); i += 4 {
			d0, d1, d2, d3 := float64(b[i])-m, float64(b[i+1])-m, float64(b[i+2])-m, float64(b[i+3])-m
			s0 += d0 * d0
			s1 += d1 * d1
			s2 += d2 * d2
			s3 += d3 * d3
			l0 += d0 + d1
			l1 += d2 + d3
		}
		left += l0 + l1
		t, err := twoSum(squares, (s0+s1)+(s2+s3))
		squares, low = t, low+err
	}
	for _, v := range xs {
		d := float64(v) - m
		left += d
		t, err := twoSum(squares, d*d)
		squares, low = t, low+err
	}
	return squares + low, left
}

// SquaresExactly is [SquaresAbout] with everything kept that rounding takes,
// for certified digits where the data have few different values.
func SquaresExactly(xs []float64, m float64) (squares, left float64) {
	var low, leftLow float64
	for _, v := range xs {
		d, e := twoSum(v, -m)
		p, q := twoProduct(d, d)
		s, r := twoSum(squares, p)
		squares, low = s, low+(q+2*d*e+r)
		l, r := twoSum(left, d)
		left, leftLow = l, leftLow+(e+r)
	}
	return squares + low, left + leftLow
}

// leastSpread is a spread whose square has all its digits still.
const leastSpread = 1e-140

// TooAlike reports that values differ, but with a spread so small that its square
// has lost digits or is nought: what is said of their variance would be wrong.
func TooAlike(spread float64, groups ...[]float64) bool {
	return spread < leastSpread && slices.ContainsFunc(groups, func(x []float64) bool {
		return slices.ContainsFunc(x, func(v float64) bool { return v != x[0] })
	})
}

// ChangeMoments returns mean and sample variance of y − x without laying the
// differences out. ok is false where a difference is missing or so large that
// its square is not a number: the caller then looks closer.
func ChangeMoments(x, y []float64) (mean, variance float64, ok bool) {
	n := float64(len(x))
	if n < 2 || len(x) != len(y) {
		return 0, 0, false
	}
	sum, _ := changesAbout(x, y, 0)
	mean = sum / n
	left, squares := changesAbout(x, y, mean)
	variance = (squares - left*left/n) / (n - 1)
	return mean, variance, squares <= 1e300
}

// changesAbout returns Σ (y − x − m) and Σ (y − x − m)², as [SquaresAbout].
func changesAbout(x, y []float64, m float64) (sum, squares float64) {
	const block = 32
	var sumLow, low float64
	for len(x) >= block {
		a, b := x[:block], y[:block]
		x, y = x[block:], y[block:]
		var s0, s1, l0, l1 float64
		for i := 0; i+2 <= block; i += 2 {
			d0, d1 := b[i]-a[i]-m, b[i+1]-a[i+1]-m
			s0 += d0 * d0
			s1 += d1 * d1
			l0 += d0
			l1 += d1
		}
		t, err := twoSum(squares, s0+s1)
		squares, low = t, low+err
		t, err = twoSum(sum, l0+l1)
		sum, sumLow = t, sumLow+err
	}
	for i := range x {
		d := y[i] - x[i] - m
		t, err := twoSum(squares, d*d)
		squares, low = t, low+err
		t, err = twoSum(sum, d)
		sum, sumLow = t, sumLow+err
	}
	return sum + sumLow, squares + low
}

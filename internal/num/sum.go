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

// Within says that every value is a number from −most to most. Without its sign
// a float is ordered as its bits are, and NaN lies above all.
func Within(xs []float64, most float64) bool {
	limit := math.Float64bits(most)
	var a, b, c, d uint64 // of which the highest bit stays
	above := func(x float64) uint64 { return limit - math.Float64bits(x)&math.MaxInt64 }
	for ; len(xs) >= 4; xs = xs[4:] {
		a |= above(xs[0])
		b |= above(xs[1])
		c |= above(xs[2])
		d |= above(xs[3])
	}
	for _, x := range xs {
		a |= above(x)
	}
	return (a|b|c|d)>>63 == 0
}

// Moments returns the mean, what rounding took from it, and the sample variance,
// NaN where there is none. A difference of two large means, whose spread is
// small, has no digits without what rounding took.
func Moments[T Real](xs []T) (mean, rest, variance float64) {
	mean = Mean(xs)
	n := float64(len(xs))
	if n < 2 {
		return mean, 0, math.NaN()
	}
	ss, left := SquaresAbout(xs, mean)
	return mean, left / n, (ss - left*left/n) / (n - 1)
}

// Variance is the sample variance (n − 1) by the corrected two-pass algorithm;
// NaN of fewer than two.
func Variance[T Real](xs []T) float64 {
	_, _, variance := Moments(xs)
	return variance
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
//
// The second of two passes sums about the mean; where the first would be long, a
// thousand rows stand in for it, and the sum of what is left corrects for that.
func ChangeMoments(x, y []float64) (mean, variance float64, ok bool) {
	n := float64(len(x))
	if n < 2 || len(x) != len(y) {
		return 0, 0, false
	}
	if len(x) >= tallRows {
		mean = roughChange(x, y)
	} else {
		sum, _ := changesAbout(x, y, 0)
		mean = sum / n
	}
	left, squares := changesAbout(x, y, mean)
	if left*left > 0.01*n*squares { // those rows were not like the others
		mean += left / n
		left, squares = changesAbout(x, y, mean)
	}
	variance = max(0, squares-left*left/n) / (n - 1)
	return mean + left/n, variance, squares <= 1e300
}

// roughChange is the mean change of a thousand rows from everywhere.
func roughChange(x, y []float64) float64 {
	var sum float64
	k, step := 0, len(x)/1000+1
	for i := step / 2; i < len(x); i += step {
		sum += y[i] - x[i]
		k++
	}
	return sum / float64(k)
}

// changesAbout returns Σ (y − x − m) and Σ (y − x − m)², as [SquaresAbout].
func changesAbout(x, y []float64, m float64) (sum, squares float64) {
	const block = 64
	var sumLow, low float64
	for len(x) >= block && len(y) >= block {
		a, b := (*[block]float64)(x), (*[block]float64)(y)
		x, y = x[block:], y[block:]
		var s0, s1, s2, s3, l0, l1, l2, l3 float64
		for i := 0; i < block; i += 4 {
			d0, d1, d2, d3 := b[i]-a[i]-m, b[i+1]-a[i+1]-m, b[i+2]-a[i+2]-m, b[i+3]-a[i+3]-m
			s0 += d0 * d0
			s1 += d1 * d1
			s2 += d2 * d2
			s3 += d3 * d3
			l0 += d0
			l1 += d1
			l2 += d2
			l3 += d3
		}
		t, err := twoSum(squares, (s0+s1)+(s2+s3))
		squares, low = t, low+err
		t, err = twoSum(sum, (l0+l1)+(l2+l3))
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

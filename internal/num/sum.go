package num

import (
	"math"

	"golang.org/x/exp/constraints"
)

// Real is any type of number that a float64 can stand for.
type Real interface {
	constraints.Integer | constraints.Float
}

// Sum adds with Neumaier's compensation, so that the order of the terms does
// not spoil the last digits.
func Sum[T Real](xs []T) float64 {
	var s, c float64
	for _, v := range xs {
		x := float64(v)
		t := s + x
		if math.Abs(s) >= math.Abs(x) {
			c += (s - t) + x
		} else {
			c += (x - t) + s
		}
		s = t
	}
	return s + c
}

// Mean is Sum / n; NaN of nothing.
func Mean[T Real](xs []T) float64 { return Sum(xs) / float64(len(xs)) }

// Variance is the sample variance (n − 1) by the corrected two-pass algorithm;
// NaN of fewer than two.
func Variance[T Real](xs []T) float64 {
	n := float64(len(xs))
	if n < 2 {
		return math.NaN()
	}
	m := Mean(xs)
	var ss, comp float64
	for _, v := range xs {
		d := float64(v) - m
		ss += d * d
		comp += d
	}
	return (ss - comp*comp/n) / (n - 1)
}

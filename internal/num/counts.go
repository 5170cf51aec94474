package num

import "math"

// BinomialDensity returns P(X = k) among n with success probability p.
func BinomialDensity(k, n int, p float64) float64 {
	x, m := float64(k), float64(n)
	switch {
	case k < 0 || k > n:
		return 0
	case k == 0:
		return math.Exp(m * math.Log1p(-p))
	case k == n:
		return math.Pow(p, m)
	}
	return math.Exp(logBetaTerm(x, m-x, p, 1-p)) * (m / (x * (m - x)))
}

// A Hypergeometric is the distribution of one cell of a 2 × 2 table with given
// margins, for any odds ratio: the cell values From, From + 1, … have the
// logarithms of weights Log at odds ratio 1, of which the largest is 0. They
// come from each other by ratios, outwards from the mode, so that no factorial
// is ever large.
type Hypergeometric struct {
	From int
	Log  []float64
}

// NewHypergeometric has margins row1, row2 and col1: the cell is in row 1 and column 1.
func NewHypergeometric(row1, row2, col1 int) Hypergeometric {
	lo, hi := max(0, col1-row2), min(row1, col1)
	h := Hypergeometric{From: lo, Log: make([]float64, hi-lo+1)}
	n := float64(row1) + float64(row2)
	mode := int((float64(row1) + 1) * (float64(col1) + 1) / (n + 2))
	mode = min(max(mode, lo), hi) - lo
	ratio := func(i int) float64 { // of weight i+1 to weight i
		x := lo + i
		return math.Log(float64(row1-x) / float64(x+1) * (float64(col1-x) / float64(row2-col1+x+1)))
	}
	for i := mode; i < hi-lo; i++ {
		h.Log[i+1] = h.Log[i] + ratio(i)
	}
	for i := mode - 1; i >= 0; i-- {
		h.Log[i] = h.Log[i+1] - ratio(i)
	}
	return h
}

// At returns the probabilities at the odds ratio exp(log).
func (h Hypergeometric) At(log float64) []float64 {
	p := make([]float64, len(h.Log))
	top := math.Inf(-1)
	for i, w := range h.Log {
		p[i] = w + log*float64(i)
		top = max(top, p[i])
	}
	for i := range p {
		p[i] = math.Exp(p[i] - top)
	}
	sum := Sum(p)
	for i := range p {
		p[i] /= sum
	}
	return p
}

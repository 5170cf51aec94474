package num

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Draw draws as many as there are places, with replacement, from as many units,
// the first of which is named from. A 64-bit number gives two draws, each by
// Lemire's (2019) unbiased multiplication.
func Draw(pcg *rand.PCG, from uint32, drawn []uint32) {
	n := uint64(len(drawn))
	floor := uint32(-n) % uint32(n)
	for k := 0; k < len(drawn); {
		x := pcg.Uint64()
		p, q := (x&math.MaxUint32)*n, (x>>32)*n
		if uint32(p) >= floor {
			drawn[k] = from + uint32(p>>32)
			k++
		}
		if uint32(q) >= floor && k < len(drawn) {
			drawn[k] = from + uint32(q>>32)
			k++
		}
	}
}

// Shuffle puts xs into a random order, every one with the same probability.
func Shuffle[T any](pcg *rand.PCG, xs []T) {
	for i := len(xs) - 1; i > 0; i-- {
		n := uint64(i + 1)
		for {
			p := (pcg.Uint64() >> 32) * n
			if !unfair(p, n) {
				j := p >> 32
				xs[i], xs[j] = xs[j], xs[i]
				break
			}
		}
	}
}

// unfair says that a product of 32 random bits and n must be drawn anew, so that
// all of 0..n−1 have the same chance to be its upper half (Lemire, 2019). The
// division is seldom needed.
func unfair(p, n uint64) bool {
	low := uint32(p)
	return low < uint32(n) && low < uint32(-n)%uint32(n)
}

// Resamples lists all ways to draw n out of n with replacement, without regard
// to order: C(2n−1, n) of them, with the number of orders in which each comes.
// For n up to 15 that number fits.
func Resamples(n int) (counts [][]uint32, orders []uint64) {
	factorial := []uint64{1}
	for i := 1; i <= n; i++ {
		factorial = append(factorial, factorial[i-1]*uint64(i))
	}
	c := make([]uint32, n)
	var fill func(at, left int)
	fill = func(at, left int) {
		if at == n-1 {
			c[at] = uint32(left)
			w := factorial[n]
			for _, k := range c {
				w /= factorial[k]
			}
			counts, orders = append(counts, slices.Clone(c)), append(orders, w)
			return
		}
		for k := 0; k <= left; k++ {
			c[at] = uint32(k)
			fill(at+1, left-k)
		}
	}
	fill(0, n)
	return counts, orders
}

// Binomial draws the number of successes among n with probability p: by
// inversion where few are expected, else by Hörmann's transformed rejection
// (BTRS, 1993).
func Binomial(pcg *rand.PCG, n uint64, p float64) uint64 {
	switch {
	case n == 0 || p <= 0:
		return 0
	case p >= 1:
		return n
	case p > 0.5:
		return n - Binomial(pcg, n, 1-p)
	}
	uniform := func() float64 { return float64(pcg.Uint64()>>11) * 0x1p-53 }
	m, q := float64(n), 1-p
	if m*p < 10 {
		u, f := uniform(), math.Exp(m*math.Log1p(-p))
		k := 0.0
		for u > f && k < m {
			u -= f
			k++
			f *= (m - k + 1) / k * (p / q)
			if f == 0 {
				break
			}
		}
		return uint64(k)
	}
	sd := math.Sqrt(m * p * q)
	b := 1.15 + 2.53*sd
	a := -0.0873 + 0.0248*b + 0.01*p
	c := m*p + 0.5
	vr := 0.92 - 4.2/b
	alpha := (2.83 + 5.1/b) * sd
	mode := math.Floor((m + 1) * p)
	for {
		u, v := uniform()-0.5, uniform()
		us := 0.5 - math.Abs(u)
		k := math.Floor((2*a/us+b)*u + c)
		if k < 0 || k > m {
			continue
		}
		if us >= 0.07 && v <= vr {
			return uint64(k)
		}
		if math.Log(v*alpha/(a/(us*us)+b)) <= binomialRatio(m, p, k, mode) {
			return uint64(k)
		}
	}
}

// DrawHypergeometric draws n of a marked and b other things without replacement,
// and returns how many of them are marked: by inversion outwards from the mode,
// in about as many steps as two standard deviations.
func DrawHypergeometric(pcg *rand.PCG, a, b, n int) int {
	lo, hi := max(0, n-b), min(n, a)
	if lo == hi {
		return lo
	}
	fa, fb, fn := float64(a), float64(b), float64(n)
	mode := min(max(int((fn+1)*(fa+1)/(fa+fb+2)), lo), hi)
	share := fn / (fa + fb)
	p := BinomialDensity(mode, a, share) * BinomialDensity(n-mode, b, share) / BinomialDensity(n, a+b, share)
	u := float64(pcg.Uint64()>>11)*0x1p-53 - p
	up, down, pUp, pDown := mode, mode, p, p
	for u >= 0 && (up < hi || down > lo) {
		if up < hi {
			x := float64(up)
			pUp *= (fa - x) / (x + 1) * ((fn - x) / (fb - fn + x + 1))
			up++
			if u -= pUp; u < 0 {
				return up
			}
		}
		if down > lo {
			x := float64(down)
			pDown *= x / (fa - x + 1) * ((fb - fn + x) / (fn - x + 1))
			down--
			if u -= pDown; u < 0 {
				return down
			}
		}
	}
	return mode
}

// binomialRatio is ln(f(k)/f(mode)), by Stirling's error terms, which keep
// their digits at any n.
func binomialRatio(n, p, k, mode float64) float64 {
	at := func(k float64) float64 {
		if k == 0 || k == n {
			return math.Inf(-1)
		}
		return stirlingError(n) - stirlingError(k) - stirlingError(n-k) - deviance(k, n*p, k-n*p) - deviance(n-k, n*(1-p), n*p-k) +
			0.5*math.Log(n/(2*math.Pi*k*(n-k)))
	}
	if k == 0 || k == n { // rare
		l, _ := math.Lgamma(mode + 1)
		r, _ := math.Lgamma(n - mode + 1)
		t, _ := math.Lgamma(n + 1)
		return l + r - t + (k-mode)*math.Log(p/(1-p))
	}
	return at(k) - at(mode)
}

// A Weight is a value that counts so many times.
type Weight struct {
	X float64
	N uint64
}

// WeightedQuantile is the p-quantile of type 7 (Hyndman and Fan, 1996) of
// values in rising order, each counted N times, total in all.
func WeightedQuantile(v []Weight, total uint64, p float64) float64 {
	h := p * float64(total-1)
	at := uint64(min(h, float64(total-1)))
	var sum uint64
	for i, w := range v {
		sum += w.N
		if sum > at {
			if sum > at+1 || i+1 == len(v) {
				return w.X
			}
			return w.X + (h-float64(at))*(v[i+1].X-w.X)
		}
	}
	return math.NaN()
}

// DrawSum is the sum of k of xs drawn without replacement. It reorders xs. A
// 64-bit number gives two draws.
func DrawSum(pcg *rand.PCG, xs []float64, k int) float64 {
	var s float64
	for i := 0; i < k; {
		x := pcg.Uint64()
		for n := 0; n < 2 && i < k; n++ {
			left := xs[i:]
			p := (x & math.MaxUint32) * uint64(len(left))
			x >>= 32
			if unfair(p, uint64(len(left))) {
				continue
			}
			j := p >> 32
			left[0], left[j] = left[j], left[0]
			s += left[0]
			i++
		}
	}
	return s
}

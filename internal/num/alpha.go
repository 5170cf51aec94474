package num

import "math"

// Alpha returns Cronbach's alpha on covariances and on correlations of items
// given as item × row, all known. Raw is NaN if the sum is constant,
// standardised if an item is.
func Alpha(items [][]float64) (raw, standardised float64) {
	k, n := float64(len(items)), len(items[0])
	total, z := make([]float64, n), make([]float64, n)
	within, constant := 0.0, false
	for _, it := range items {
		m, v := Mean(it), Variance(it)
		within += v
		sd := math.Sqrt(v)
		constant = constant || v == 0
		for r, x := range it {
			total[r] += x - m
			z[r] += (x - m) / sd
		}
	}
	v := Variance(total)
	if v <= within*1e-28 {
		return math.NaN(), math.NaN()
	}
	raw = k / (k - 1) * (1 - within/v)
	if vz := Variance(z); !constant && vz > 0 {
		return raw, k / (k - 1) * (1 - k/vz)
	}
	return raw, math.NaN()
}

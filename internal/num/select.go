package num

// Select returns the k-th smallest value, from 0, and leaves the smaller ones
// before it and the larger ones behind it (quickselect; Hoare, 1961). There must
// be no NaN.
func Select(xs []float64, k int) float64 {
	for len(xs) > 1 {
		pivot := median3(xs[0], xs[len(xs)/2], xs[len(xs)-1])
		i, j := 0, len(xs)-1
		for i <= j {
			for xs[i] < pivot {
				i++
			}
			for xs[j] > pivot {
				j--
			}
			if i <= j {
				xs[i], xs[j] = xs[j], xs[i]
				i++
				j--
			}
		}
		switch {
		case k <= j:
			xs = xs[:j+1]
		case k >= i:
			xs, k = xs[i:], k-i
		default: // between the parts all are equal
			return pivot
		}
	}
	return xs[0]
}

func median3(a, b, c float64) float64 { return max(min(a, b), min(max(a, b), c)) }

// QuantileOf returns the p-quantile of type 7 (Hyndman and Fan, 1996), and leaves
// the values in another order. There must be one, and no NaN.
func QuantileOf(xs []float64, p float64) float64 {
	h := p * float64(len(xs)-1)
	i := int(h)
	x := Select(xs, i)
	if i+1 >= len(xs) {
		return x
	}
	next := xs[i+1]
	for _, y := range xs[i+2:] {
		next = min(next, y)
	}
	return x + (h-float64(i))*(next-x)
}

package num

import (
	"math"
	"slices"
)

// ShapiroWilk returns Shapiro and Wilk's W of sorted values and its p-value,
// after Royston's approximation (1995, algorithm AS R94) for 3 ≤ n ≤ 5000. The
// weights come from expected normal order statistics Φ⁻¹((i − 3/8)/(n + 1/4)),
// the two outer ones corrected by polynomials in 1/√n.
func ShapiroWilk(sorted []float64) (w, p float64) {
	n := len(sorted)
	a := shapiroWeights(n)
	// Centred and scaled, so that W does not depend on location and size.
	mean := Mean(sorted)
	size := sorted[n-1] - sorted[0]
	var top, ss float64
	for i, x := range sorted {
		d := (x - mean) / size
		top += a[i] * d
		ss += d * d
	}
	// 1 − W as the share of the sum of squares that the line does not explain.
	var rest float64
	norm := SumSquares(a)
	for i, x := range sorted {
		d := (x-mean)/size - a[i]*top/norm
		rest += d * d
	}
	miss := rest/ss + (1-1/norm)*(top*top/ss)
	w = 1 - miss
	return w, shapiroP(w, miss, n)
}

func shapiroWeights(n int) []float64 {
	a := make([]float64, n)
	half := n / 2
	if n == 3 {
		a[0], a[2] = -math.Sqrt(0.5), math.Sqrt(0.5)
		return a
	}
	m := make([]float64, half)
	var ss float64
	for i := range m {
		m[i] = NormalQuantile((float64(i+1) - 0.375) / (float64(n) + 0.25))
		ss += 2 * m[i] * m[i]
	}
	u := 1 / math.Sqrt(float64(n))
	first := polynomial(u, 0, 0.221157, -0.147981, -2.07119, 4.434685, -2.706056) - m[0]/math.Sqrt(ss)
	from := 1
	rest := (ss - 2*m[0]*m[0]) / (1 - 2*first*first)
	second := 0.0
	if n > 5 {
		from = 2
		second = polynomial(u, 0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633) - m[1]/math.Sqrt(ss)
		rest = (ss - 2*m[0]*m[0] - 2*m[1]*m[1]) / (1 - 2*first*first - 2*second*second)
	}
	for i := from; i < half; i++ {
		a[i] = m[i] / math.Sqrt(rest)
	}
	a[0] = -first
	if n > 5 {
		a[1] = -second
	}
	for i := range half {
		a[n-1-i] = -a[i]
	}
	return a
}

func shapiroP(w, miss float64, n int) float64 {
	x := float64(n)
	if n == 3 {
		const least = 0.75 // of W among three
		return max(0, 6/math.Pi*(math.Asin(math.Sqrt(w))-math.Asin(math.Sqrt(least))))
	}
	y := math.Log(miss)
	var mean, sd float64
	if n <= 11 {
		gamma := polynomial(x, -2.273, 0.459)
		if y >= gamma {
			return 0
		}
		y = -math.Log(gamma - y)
		mean = polynomial(x, 0.544, -0.39978, 0.025054, -6.714e-4)
		sd = math.Exp(polynomial(x, 1.3822, -0.77857, 0.062767, -0.0020322))
	} else {
		l := math.Log(x)
		mean = polynomial(l, -1.5861, -0.31082, -0.083751, 0.0038915)
		sd = math.Exp(polynomial(l, -0.4803, -0.082676, 0.0030302))
	}
	return NormalSurvival((y - mean) / sd)
}

// polynomial has rising coefficients.
func polynomial(x float64, c ...float64) float64 {
	s := 0.0
	for _, v := range slices.Backward(c) {
		s = s*x + v
	}
	return s
}

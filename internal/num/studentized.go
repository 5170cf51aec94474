package num

import "math"

// StudentizedRangeSurvival returns P(Q > q) for the range of k independent
// normals over an independent estimate of their standard deviation with df
// degrees of freedom:
//
//	∫ (1 − W(q s)) f(s) ds,   W(w) = k ∫ φ(z) (Φ(z+w) − Φ(z))^(k−1) dz
//
// with f the density of √(χ²/df), integrated over ln s. Both integrands are
// smooth and die out at both ends, where the trapezoidal rule converges faster
// than any power of its step. No difference of nearly equal numbers is taken,
// so that the relative error stays near 1e-13 in the far tail too.
// df may be infinite: the range itself.
func StudentizedRangeSurvival(q float64, k int, df float64) float64 {
	if k == 2 && q >= 0 { // a difference of two: Student's t
		return TTwoSided(q/math.Sqrt2, df)
	}
	pairs := math.Log(float64(k) * float64(k-1)) // the tail is at most that of all pairs together
	return studentizedRange(q, k, df, rangeSurvival, func(w float64) float64 {
		return min(0, pairs+LogNormalSurvival(w/math.Sqrt2))
	})
}

// StudentizedRangeCDF returns P(Q ≤ q), with the same relative error in its own far tail.
func StudentizedRangeCDF(q float64, k int, df float64) float64 {
	return studentizedRange(q, k, df, rangeCDF, func(w float64) float64 { return math.Log(rangeCDF(w, k)) })
}

// StudentizedRangeQuantile returns the q with P(Q ≤ q) = p.
func StudentizedRangeQuantile(p float64, k int, df float64) float64 {
	switch {
	case !(p > 0 && p < 1):
		return quantile(p, nil)
	case p > 0.5:
		if q, ok := studentizedSecant(math.Log1p(-p), k, df); ok {
			return q
		}
		return positive(func(q float64) float64 { return math.Log(StudentizedRangeSurvival(q, k, df)) }, math.Log1p(-p))
	}
	return 1 / positive(func(q float64) float64 { return math.Log(StudentizedRangeCDF(1/q, k, df)) }, math.Log(p))
}

// studentizedSecant solves for a logarithm of the upper tail, in logarithms,
// where the tail is nearly straight, from near what Bonferroni's bound gives.
func studentizedSecant(target float64, k int, df float64) (float64, bool) {
	f := func(u float64) float64 { return math.Log(StudentizedRangeSurvival(math.Exp(u), k, df)) - target }
	tail := math.Exp(target) / (float64(k) * float64(k-1))
	u, v := math.Log(-math.Sqrt2*TQuantile(tail, df)), 0.02
	if !math.IsInf(df, 1) { // as much below Bonferroni's as it is with all degrees of freedom, where it costs little
		if q, ok := studentizedSecant(target, k, math.Inf(1)); ok {
			u, v = u+math.Log(q/(-math.Sqrt2*NormalQuantile(tail))), 0.001
		}
	}
	v = u - v
	fu, fv := f(u), f(v)
	for range 12 {
		if fu == fv {
			return math.Exp(u), fu == 0
		}
		next := u - fu*(u-v)/(fu-fv)
		if !(math.Abs(next-u) < 1) {
			return 0, false
		}
		if math.Abs(next-u) < 1e-9 { // what is left of the error is about its square
			return math.Exp(next), true
		}
		v, fv = u, fu
		u, fu = next, f(next)
	}
	return 0, false
}

func studentizedRange(q float64, k int, df float64, tail func(w float64, k int) float64, logTail func(w float64) float64) float64 {
	switch {
	case math.IsNaN(q) || math.IsNaN(df) || k < 2 || df <= 0:
		return math.NaN()
	case q <= 0:
		return tail(0, k)
	case math.IsInf(q, 1) || math.IsInf(df, 1):
		return tail(q, k)
	}
	a := df / 2
	scale := math.Log(2) + 0.5*math.Log(a/(2*math.Pi)) - stirlingError(a)
	g := func(u float64) float64 { // density of u = ln s times the tail
		d := math.Exp(scale + a*chiExponent(u))
		if d == 0 {
			return 0
		}
		return d * tail(q*math.Exp(u), k)
	}
	// The density has its peak at u = 0; a tail as small as 1e-300 draws the
	// integrand's peak away: climb to it, in logarithms. It is log-concave.
	height := func(u float64) float64 { return a*chiExponent(u) + logTail(q*math.Exp(u)) }
	sd := 1 / math.Sqrt(2*df)
	peak, best := 0.0, height(0)
	for step := 8 * sd; step > sd/4; step /= 2 {
		for _, dir := range []float64{-1, 1} {
			for v := height(peak + dir*step); v > best; v = height(peak + dir*step) {
				peak, best = peak+dir*step, v
			}
		}
	}
	sum := g(peak)
	if sum == 0 {
		return 0
	}
	// The density is analytic within π/4 of the real line: a step of 0.13 errs by
	// exp(−2π·π/4 / 0.13), and half the spread suffices where it is narrow; for
	// small q the tail goes with s^(k−1), as k − 1 more degrees of freedom would.
	h := min(0.5/math.Sqrt(2*(df+float64(k-1))), 0.13)
	for _, dir := range []float64{-1, 1} {
		for i := 1.0; ; i++ {
			v := g(peak + dir*i*h)
			sum += v
			if v <= 1e-18*sum {
				break
			}
		}
	}
	return min(1, sum*h)
}

// rangeStep is fine enough for the extremes of k normals, which crowd together.
func rangeStep(k int) float64 { return min(0.25, 0.75/math.Sqrt(float64(k))) }

// rangeCDF is W: the smallest of k normals lies at z, the others in (z, z+w).
// In y = z + w/2 the integrand is symmetric but for φ.
func rangeCDF(w float64, k int) float64 {
	if w <= 0 {
		return 0
	}
	if w > 80 {
		return 1
	}
	m := float64(k - 1)
	// Around the middle: φ(y − w/2) as φ(y)·exp(yw/2 − w²/8); pairs ±y together
	// give cosh, so that only y ≥ 0 is visited.
	h := rangeStep(k)
	at := func(y float64) float64 {
		in := between(y, w)
		if in == 0 {
			return 0
		}
		f := math.Pow(in, m)
		if y == 0 {
			return f * density(w/2)
		}
		return f * (density(y-w/2) + density(y+w/2))
	}
	sum := at(0)
	big := sum
	for i := 1.0; ; i++ {
		v := at(i * h)
		sum += v
		big = max(big, v)
		if v <= 1e-18*big && i*h > w/2 {
			break
		}
	}
	return min(1, float64(k)*h*sum)
}

// between is P(y − w/2 < Z < y + w/2), from whichever side keeps its digits.
func between(y, w float64) float64 {
	lo, hi := y-w/2, y+w/2 // y ≥ 0
	switch {
	case w < 0.02: // a Taylor series about the middle: erfc's difference loses digits
		v := w * w / 24
		return w * density(y) * (1 + v*((y*y-1)+v*0.3*(y*y*(y*y-6)+3)*2))
	case lo > 0:
		return 0.5 * (math.Erfc(lo/math.Sqrt2) - math.Erfc(hi/math.Sqrt2))
	}
	return 0.5 * (math.Erf(hi/math.Sqrt2) - math.Erf(lo/math.Sqrt2))
}

// rangeSurvival is 1 − W: with A = P(Z > z) for the k − 1 others and the share
// r of it that lies beyond z + w,
//
//	1 − W = k ∫ φ(z) A^(k−1) (1 − (1 − r)^(k−1)) dz
func rangeSurvival(w float64, k int) float64 {
	if w <= 0 {
		return 1
	}
	if w > 80 {
		return 0
	}
	m := float64(k - 1)
	h := rangeStep(k)
	at := func(z float64) float64 {
		above := NormalCDF(-z)
		if above == 0 {
			return 0
		}
		r := min(1, NormalCDF(-z-w)/above)
		return density(z) * math.Pow(above, m) * -math.Expm1(m*math.Log1p(-r))
	}
	// Its peak is near −w/2 where the tail is far, near the smallest of k else.
	from := -w / 2
	if w < 2 {
		from = -1
	}
	sum := at(from)
	big := sum
	for _, dir := range []float64{-1, 1} {
		for i := 1.0; ; i++ {
			v := at(from + dir*i*h)
			sum += v
			if v >= big {
				big = v
			} else if v < 1e-18*big {
				break
			}
			if i > 4000 {
				break
			}
		}
	}
	return min(1, float64(k)*h*sum)
}

func density(z float64) float64 { return math.Exp(-z*z/2) / math.Sqrt(2*math.Pi) }

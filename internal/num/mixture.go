package num

import "math"

// A noncentral χ² or F is a central one whose degrees of freedom are random:
// more by 2J, where J is Poisson with mean λ/2. Its tails are sums of Poisson
// weights times central tails. All terms are positive, so nothing cancels; the
// sum is taken where the terms are, which deep in a tail is far from λ/2.

// NoncentralFCDF returns P(F ≤ f) for d1 and d2 degrees of freedom and noncentrality λ ≥ 0.
func NoncentralFCDF(f, d1, d2, lambda float64) float64 {
	return ncFisher(f, d1, d2).lower(lambda / 2)
}

// NoncentralFSurvival returns P(F > f).
func NoncentralFSurvival(f, d1, d2, lambda float64) float64 {
	return ncFisher(f, d1, d2).upper(lambda / 2)
}

// NoncentralChiSquareCDF returns P(X ≤ x) for df degrees of freedom and noncentrality λ ≥ 0.
func NoncentralChiSquareCDF(x, df, lambda float64) float64 {
	return ncChiSquare(x, df).lower(lambda / 2)
}

// NoncentralChiSquareSurvival returns P(X > x).
func NoncentralChiSquareSurvival(x, df, lambda float64) float64 {
	return ncChiSquare(x, df).upper(lambda / 2)
}

// NoncentralFLimits returns the noncentralities at which an observed F has
// probability (1−level)/2 in the upper and in the lower tail; 0 where even the
// central distribution leaves less.
func NoncentralFLimits(f, d1, d2, level float64) (lo, hi float64) {
	if d1*f > far {
		lo, hi = NoncentralTLimits(math.Sqrt(min(d1*f, farthest)), d2, level)
		return max(0, lo)*max(0, lo) - (d1 - 1), hi*hi - (d1 - 1)
	}
	return noncentralLimits(ncFisher(f, d1, d2), d1*f, level)
}

// NoncentralChiSquareLimits is [NoncentralFLimits] for χ².
func NoncentralChiSquareLimits(x, df, level float64) (lo, hi float64) {
	if x > farChiSquare {
		root, z := math.Sqrt(x-(df-1)), NormalQuantile((1+level)/2)*math.Sqrt(1+(df-1)/(2*x))
		return (root - z) * (root - z), (root + z) * (root + z)
	}
	return noncentralLimits(ncChiSquare(x, df), x, level)
}

// Beyond far the sums would take more than a moment, and are not needed: a
// noncentral χ² is (Z + √λ)² and a central one of df − 1, whose variation is
// nothing beside that of the square, so √F is a noncentral t, and √χ² a normal one. Beyond farthest t
// squared would overflow, and no limit differs from infinity.
const (
	far          = 1e7
	farChiSquare = 3e5 // what is left out is some 2e-11 for each degree of freedom
	farthest     = 1e290
)

func noncentralLimits(m mixture, start, level float64) (lo, hi float64) {
	alpha := (1 - level) / 2
	solve := func(f func(lambda float64) float64) float64 { // f rises
		if f(0) >= 0 {
			return 0
		}
		h := max(1, start)
		for f(h) < 0 {
			if h > 1e12 {
				return math.Inf(1)
			}
			h *= 2
		}
		return Root(f, 0, h)
	}
	lo = solve(func(l float64) float64 { return m.upper(l/2) - alpha })
	hi = solve(func(l float64) float64 { return alpha - m.lower(l/2) })
	return lo, hi
}

// mixture is a central distribution as a function of the number j of added
// pairs of degrees of freedom.
type mixture struct {
	at    func(j float64) tails   // falls in j below, rises above
	log   func(j float64) float64 // ln of at(j).lower − at(j+1).lower
	ratio func(j float64) float64 // of that difference at j+1 to the one at j
}

func ncFisher(f, d1, d2 float64) mixture {
	r := d1 / d2 * f
	y, x := r/(1+r), 1/(1+r)
	if math.IsInf(r, 1) {
		y, x = 1, 0
	}
	a, b := d1/2, d2/2
	return mixture{
		at:    func(j float64) tails { return beta(a+j, b, y, x) },
		log:   func(j float64) float64 { return logBetaTerm(a+j, b, y, x) - math.Log(a+j) },
		ratio: func(j float64) float64 { return y * (a + j + b) / (a + j + 1) },
	}
}

func ncChiSquare(x, df float64) mixture {
	a, h := df/2, x/2
	return mixture{
		at:    func(j float64) tails { return gamma(a+j, h) },
		log:   func(j float64) float64 { return logGammaTerm(a+j, h) - math.Log(a+j) },
		ratio: func(j float64) float64 { return h / (a + j + 1) },
	}
}

// logPoisson is ln(mʲ e⁻ᵐ / j!).
func logPoisson(j, m float64) float64 {
	if j == 0 {
		return -m
	}
	return -deviance(j, m, j-m) - 0.5*math.Log(2*math.Pi*j) - stirlingError(j)
}

func (m mixture) lower(mean float64) float64 {
	t := m.at(0)
	if mean == 0 || t.lower == 0 || math.IsNaN(t.lower) {
		return t.lower
	}
	g := func(j float64) float64 { return logPoisson(j, mean) + m.at(j).logLower }
	lo, hi := span(g, 0, math.Floor(mean))
	return m.sum(mean, lo, hi, false)
}

func (m mixture) upper(mean float64) float64 {
	t := m.at(0)
	if mean == 0 || math.IsNaN(t.upper) || math.IsInf(t.logUpper, -1) {
		return t.upper
	}
	g := func(j float64) float64 { return logPoisson(j, mean) + m.at(j).logUpper }
	from := math.Floor(mean)
	to := from + 8
	for step := 16.0; g(to) > g(to-1); step *= 2 {
		to += step
	}
	lo, hi := span(g, from, to)
	return m.sum(mean, lo, hi, true)
}

// span finds where a log-concave g, with its peak between from and to, is
// within 40 of the peak: the rest is below 1e-17 of the sum.
func span(g func(j float64) float64, from, to float64) (lo, hi float64) {
	for a, b := from, to; ; { // the first j after which g falls
		if a >= b {
			from = a
			break
		}
		mid := math.Floor((a + b) / 2)
		if g(mid+1) > g(mid) {
			a = mid + 1
		} else {
			b = mid
		}
	}
	peak := from
	floor := g(peak) - 40
	down := func(j float64) bool { return j < 0 || g(j) < floor }
	lo, hi = peak, peak
	step := 1.0
	for ; !down(lo - step); step *= 2 {
		lo -= step
	}
	for ; step > 1; step /= 2 {
		if !down(lo - step/2) {
			lo -= step / 2
		}
	}
	for step = 1; !down(hi + step); step *= 2 {
		hi += step
	}
	for ; step > 1; step /= 2 {
		if !down(hi + step/2) {
			hi += step / 2
		}
	}
	return lo, hi
}

// sum adds weight × tail from lo to hi, in short runs: within a run the tails
// follow from one another by adding differences, lower ones downwards and upper
// ones upwards, so that only sums of positive terms occur.
func (m mixture) sum(mean, lo, hi float64, upper bool) float64 {
	const run = 24
	var total float64
	var diff, weight [run]float64
	for j0 := lo; j0 <= hi; j0 += run {
		n := int(min(run, hi-j0+1))
		last := j0 + float64(n-1)
		end := m.at(last).logLower
		if upper {
			end = m.at(j0).logUpper
		}
		// Everything is relative to the tail that is known.
		diff[0] = math.Exp(m.log(j0) - end)
		weight[0] = 1
		for i := 1; i < n; i++ {
			j := j0 + float64(i)
			diff[i] = diff[i-1] * m.ratio(j-1)
			weight[i] = weight[i-1] * mean / j
		}
		tail, part := 1.0, 0.0
		if upper {
			for i := range n {
				part += weight[i] * tail
				tail += diff[i]
			}
		} else {
			for i := n - 1; i >= 0; i-- {
				part += weight[i] * tail
				if i > 0 {
					tail += diff[i-1]
				}
			}
		}
		total += math.Exp(logPoisson(j0, mean)+end) * part
	}
	return min(total, 1)
}

package num

import (
	"math"
	"slices"
)

// NoncentralTCDF returns P(T ≤ t) for the noncentral t distribution with df
// degrees of freedom and noncentrality d. With y = √(χ²/df) it is
//
//	∫ Φ(t·y − d) f(y) dy = ∫ Φ(t·eˢ − d) f(eˢ) eˢ ds
//
// and the second form is smooth for every df. It is integrated by
// Gauss–Legendre panels as wide as the density's spread, cut where Φ turns.
// The absolute error is below 1e-13 for any noncentrality and df ≥ 1.
func NoncentralTCDF(t, df, d float64) float64 {
	if t == 0 {
		return NormalCDF(-d)
	}
	a := df / 2
	// The density of s = ln y, by Stirling's error term instead of the gamma
	// function itself, whose logarithm has too few digits left for large df.
	scale := math.Log(2) + 0.5*math.Log(a/(2*math.Pi)) - stirlingError(a)
	density := func(s float64) float64 { return math.Exp(scale + a*chiExponent(s)) }
	lo, hi := chiRange(a)
	sd := 1 / math.Sqrt(2*df)

	cuts := []float64{lo, hi}
	for s := lo + sd; s < hi; s += sd {
		cuts = append(cuts, s)
	}
	for k := -9.0; k <= 9; k++ { // Φ turns between −9 and 9
		if y := (d + k) / t; y > 0 {
			if s := math.Log(y); lo < s && s < hi {
				cuts = append(cuts, s)
			}
		}
	}
	slices.Sort(cuts)

	var sum, comp float64
	for i := 1; i < len(cuts); i++ {
		x := gauss16(cuts[i-1], cuts[i], func(s float64) float64 { return NormalCDF(t*math.Exp(s)-d) * density(s) })
		y := x - comp
		n := sum + y
		comp = (n - sum) - y
		sum = n
	}
	return min(max(sum, 0), 1)
}

// NoncentralTLimits returns the noncentralities at which an observed t has
// probability (1−level)/2 in the upper and in the lower tail: the exact
// confidence limits of the noncentrality parameter.
func NoncentralTLimits(t, df, level float64) (lo, hi float64) {
	alpha := (1 - level) / 2
	solve := func(p float64) float64 { // the CDF falls in d
		if d, ok := noncentralSecant(t, df, p); ok {
			return d
		}
		f := func(d float64) float64 { return NoncentralTCDF(t, df, d) - p }
		// The normal approximation says how far the limits are.
		step := 4 + 3*math.Abs(NormalQuantile(p))*math.Sqrt(1+t*t/(2*df))
		l, h := t-step, t+step
		for f(l) < 0 {
			l -= step
		}
		for f(h) > 0 {
			h += step
		}
		return Root(f, l, h)
	}
	return solve(1 - alpha), solve(alpha)
}

// noncentralSecant solves P(T ≤ t) = p for the noncentrality in normal quantiles,
// where it is nearly straight, from the normal approximation.
func noncentralSecant(t, df, p float64) (float64, bool) {
	z := NormalQuantile(p)
	f := func(d float64) float64 { return NormalQuantile(NoncentralTCDF(t, df, d)) - z }
	se := math.Sqrt(1 + t*t/(2*df))
	d := t*(1-1/(4*df)) - z*se
	e := d + 0.01*se
	fd, fe := f(d), f(e)
	for range 8 {
		next := d - fd*(d-e)/(fd-fe)
		if !(math.Abs(next-d) < se) { // or NaN
			return 0, false
		}
		if math.Abs(next-d) <= 1e-9*se { // what is left of the error is about its square
			return next, true
		}
		e, fe = d, fd
		d, fd = next, f(next)
	}
	return 0, false
}

// chiExponent is 1 + 2s − e^{2s} without cancellation near 0.
func chiExponent(s float64) float64 {
	if math.Abs(s) > 0.1 {
		return 1 + 2*s - math.Exp(2*s)
	}
	// −Σ x^k/k! for k ≥ 2 with x = 2s
	x := 2 * s
	term, sum := x*x/2, x*x/2
	for k := 3.0; k < 20; k++ {
		term *= x / k
		sum += term
	}
	return -sum
}

// chiRange is where a·chiExponent stays above −50: outside, less than 1e-21 is lost.
func chiRange(a float64) (lo, hi float64) {
	const deep = 50
	f := func(s float64) float64 { return a*chiExponent(s) + deep }
	lo = Root(f, -1-deep/a, 0)
	hi = Root(f, 0, 1+math.Log1p(deep/a))
	return lo, hi
}

// stirlingError is lnΓ(a) − [(a−½) ln a − a + ½ ln 2π].
func stirlingError(a float64) float64 {
	if a < 16 {
		g, _ := math.Lgamma(a)
		return g - ((a-0.5)*math.Log(a) - a + 0.5*math.Log(2*math.Pi))
	}
	q := 1 / (a * a)
	return (1.0/12 - q*(1.0/360-q*(1.0/1260-q*(1.0/1680-q*(1.0/1188-q*691.0/360360))))) / a
}

// Root finds where f changes its sign between a and b, to the last digit that
// bisection with secant steps can reach. f(a) and f(b) must differ in sign.
func Root(f func(float64) float64, a, b float64) float64 {
	fa, fb := f(a), f(b)
	if fa == 0 {
		return a
	}
	if fb == 0 {
		return b
	}
	for range 200 {
		m := a + (b-a)/2
		if m == a || m == b {
			break
		}
		fm := f(m)
		if fm == 0 {
			return m
		}
		// Ridders: an exponential factor straightens f, and the secant follows.
		x := m + (m-a)*math.Copysign(1, fa-fb)*fm/math.Sqrt(fm*fm-fa*fb)
		if fm < 0 == (fa < 0) {
			a, fa = m, fm
		} else {
			b, fb = m, fm
		}
		if lo, hi := min(a, b), max(a, b); math.IsNaN(x) || x <= lo || x >= hi {
			continue
		}
		fx := f(x)
		if fx == 0 {
			return x
		}
		if fx < 0 == (fa < 0) {
			a, fa = x, fx
		} else {
			b, fb = x, fx
		}
		if math.Abs(b-a) <= 4e-16*math.Max(math.Abs(a), math.Abs(b)) {
			break
		}
	}
	if math.Abs(fa) < math.Abs(fb) {
		return a
	}
	return b
}

// gauss16 integrates f from a to b by 16-point Gauss–Legendre.
func gauss16(a, b float64, f func(float64) float64) float64 {
	c, h := (a+b)/2, (b-a)/2
	var s float64
	for i, x := range legendreX {
		s += legendreW[i] * (f(c-h*x) + f(c+h*x))
	}
	return s * h
}

// The positive nodes and weights of 16-point Gauss–Legendre.
var (
	legendreX = [8]float64{
		0.09501250983763744019,
		0.2816035507792589132,
		0.4580167776572273863,
		0.6178762444026437484,
		0.7554044083550030339,
		0.8656312023878317439,
		0.9445750230732325761,
		0.9894009349916499326,
	}
	legendreW = [8]float64{
		0.1894506104550684963,
		0.1826034150449235889,
		0.1691565193950025382,
		0.1495959888165767321,
		0.1246289712555338721,
		0.09515851168249278481,
		0.06225352393864789286,
		0.02715245941175409485,
	}
)

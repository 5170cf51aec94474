package num

import "math"

// The incomplete beta and gamma functions, both tails, as logarithms too: what
// the t, F, χ² and beta distributions are made of. The factors before the
// continued fractions are written with deviances and Stirling errors (Loader,
// 2000), which keep their digits for large parameters, where a difference of
// log-gammas has lost them.

// tails holds the lower and the upper tail probability and their logarithms.
// The smaller one is computed, the other is its complement.
type tails struct{ lower, upper, logLower, logUpper float64 }

func fromLower(logP float64) tails {
	p := math.Exp(logP)
	return tails{p, 1 - p, logP, math.Log1p(-p)}
}

func (t tails) swapped() tails { return tails{t.upper, t.lower, t.logUpper, t.logLower} }

// deviance is x ln(x/m) + m − x ≥ 0, without cancellation where x is near m.
// d is x − m, from a caller who may know it better than the two numbers tell.
func deviance(x, m, d float64) float64 {
	if math.Abs(d) >= 0.1*(x+m) {
		if x == 0 {
			return m
		}
		return x*math.Log(x/m) - d
	}
	v := d / (x + m)
	s := d * v
	term := 2 * x * v
	for k := 3.0; k < 100; k += 2 {
		term *= v * v
		next := s + term/k
		if next == s {
			break
		}
		s = next
	}
	return s
}

// logBetaTerm is ln(xᵃ yᵇ / B(a, b)) for x + y = 1.
func logBetaTerm(a, b, x, y float64) float64 {
	n := a + b
	if x < 1e-300 || y < 1e-300 || min(a, b) < 1e-3 { // no deviance left to save
		ga, _ := math.Lgamma(a)
		gb, _ := math.Lgamma(b)
		gn, _ := math.Lgamma(n)
		return a*math.Log(x) + b*math.Log(y) + gn - ga - gb
	}
	d := a*y - b*x // a − nx = ny − b: a million degrees of freedom would drown it
	return 0.5*math.Log(a/(2*math.Pi)*(b/n)) + stirlingError(n) - stirlingError(a) - stirlingError(b) - deviance(a, n*x, d) - deviance(b, n*y, -d)
}

// beta returns both tails of the beta distribution at x, y = 1 − x: the lower
// one is I_x(a, b). y is given because a difference would lose its digits.
func beta(a, b, x, y float64) tails {
	switch {
	case math.IsNaN(x+y+a+b) || a <= 0 || b <= 0:
		nan := math.NaN()
		return tails{nan, nan, nan, nan}
	case x <= 0:
		return tails{0, 1, math.Inf(-1), 0}
	case y <= 0:
		return tails{1, 0, 0, math.Inf(-1)}
	case x > (a+1)/(a+b+2): // not by a call of beta: where x + y rounds to more than 1, y would be too large too
		return fromLower(logLowerBeta(b, a, y, x)).swapped()
	}
	return fromLower(logLowerBeta(a, b, x, y))
}

func logLowerBeta(a, b, x, y float64) float64 {
	return min(0, logBetaTerm(a, b, x, y)+math.Log(betaFraction(a, b, x, y)))
}

// betaFraction is the continued fraction of DiDonato and Morris (1992) for
// I_x(a, b) over xᵃ yᵇ / B(a, b), by Lentz's method. It needs some √max(a, b)
// rounds. x enters next to 1 only through a·y − b·x, which keeps its digits.
func betaFraction(a, b, x, y float64) float64 {
	const tiny = 1e-290
	guard := func(v float64) float64 {
		if math.Abs(v) < tiny {
			return tiny
		}
		return v
	}
	lambda := a*y - b*x
	f := guard(a * (lambda + 1) / (a + 1))
	c, d := f, 0.0
	for m := 1.0; m < 1e7; m++ {
		e := a + 2*m - 1
		alpha := (a + m - 1) / e * ((a + b + m - 1) / e) * m * (b - m) * x * x
		beta := m + m*(b-m)*x/e + (a+m)/(a+2*m+1)*(lambda+1+m*(1+y))
		d = 1 / guard(beta+alpha*d)
		c = guard(beta + alpha/c)
		f *= c * d
		if math.Abs(c*d-1) < 5e-16 { // one last place off may stay for ever, and would add up
			break
		}
	}
	return 1 / f
}

// logGammaTerm is ln(xᵃ e⁻ˣ / Γ(a)).
func logGammaTerm(a, x float64) float64 {
	if x < 1e-300 || a < 1e-3 {
		g, _ := math.Lgamma(a)
		return a*math.Log(x) - x - g
	}
	return 0.5*math.Log(a/(2*math.Pi)) - stirlingError(a) - deviance(a, x, a-x)
}

// gamma returns both tails of the gamma distribution of shape a at x.
func gamma(a, x float64) tails {
	switch {
	case math.IsNaN(a+x) || a <= 0:
		nan := math.NaN()
		return tails{nan, nan, nan, nan}
	case x <= 0:
		return tails{0, 1, math.Inf(-1), 0}
	case math.IsInf(x, 1):
		return tails{1, 0, 0, math.Inf(-1)}
	case x < a+1: // a series of positive terms
		term, sum := 1.0, 1.0
		for k := a + 1; term > 1e-17*sum; k++ {
			term *= x / k
			sum += term
		}
		return fromLower(min(0, logGammaTerm(a, x)-math.Log(a)+math.Log(sum)))
	}
	// Lentz for the upper tail.
	b := x + 1 - a
	c, d := math.Inf(1), 1/b
	h := d
	for i := 1.0; i < 1e7; i++ {
		e := -i * (i - a)
		b += 2
		d = 1 / (e*d + b)
		c = b + e/c
		h *= d * c
		if math.Abs(d*c-1) < 5e-16 {
			break
		}
	}
	return fromLower(min(0, logGammaTerm(a, x)+math.Log(h))).swapped()
}

// student returns the tails of |t|: upper is P(T > |t|), at most a half.
func student(t, df float64) tails {
	r := math.Abs(t) / math.Sqrt(df)
	if math.IsInf(df, 1) {
		return fromLower(LogNormalSurvival(math.Abs(t))).swapped()
	}
	if r > 1e100 { // the square would overflow; the tail is its first term
		g := logBetaTerm(df/2, 0.5, 0.5, 0.5) + (df+1)/2*math.Ln2
		return fromLower(g - math.Log(df) - df*math.Log(r)).swapped()
	}
	q := r * r
	both := beta(df/2, 0.5, 1/(1+q), q/(1+q))
	return fromLower(both.logLower - math.Ln2).swapped()
}

// fisher returns the tails of F.
func fisher(f, d1, d2 float64) tails {
	r := d1 / d2 * f
	switch {
	case math.IsInf(d2, 1):
		return gamma(d1/2, d1*f/2)
	case math.IsInf(r, 1):
		return tails{1, 0, 0, math.Inf(-1)}
	case r <= 0:
		return beta(d1/2, d2/2, 0, 1)
	}
	return beta(d1/2, d2/2, r/(1+r), 1/(1+r))
}

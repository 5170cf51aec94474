package num

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// Distributions by their tails. Survival is P(X > x), never 1 − CDF, so that a
// p-value of 1e-300 has its digits. LogSurvival goes on where that underflows.

// NormalCDF returns Φ(z). It goes through erfc, so that both tails keep their digits.
func NormalCDF(z float64) float64 { return 0.5 * math.Erfc(-z/math.Sqrt2) }

// NormalSurvival returns P(Z > z).
func NormalSurvival(z float64) float64 { return NormalCDF(-z) }

// LogNormalSurvival returns ln P(Z > z) at any z.
func LogNormalSurvival(z float64) float64 {
	if z < 30 {
		if z < -1 {
			return math.Log1p(-NormalCDF(z))
		}
		return math.Log(NormalCDF(-z))
	}
	q := 1 / (z * z) // the asymptotic series of Mills' ratio
	return -z*z/2 - math.Log(z) - 0.5*math.Log(2*math.Pi) + math.Log1p(-q*(1-q*(3-q*(15-q*(105-q*945)))))
}

// NormalQuantile returns the p-quantile of the standard normal distribution.
func NormalQuantile(p float64) float64 {
	switch {
	case !(p >= 0 && p <= 1):
		return math.NaN()
	case p == 0.5:
		return 0
	case p > 0.5:
		return normalUpper(1 - p)
	}
	return -normalUpper(p)
}

// normalUpper returns the z with P(Z > z) = q ≤ 1/2: gonum's value, then
// Newton's method on the logarithm of the tail, which is concave.
func normalUpper(q float64) float64 {
	if q == 0 {
		return math.Inf(1)
	}
	target := math.Log(q)
	z := -mathext.NormalQuantile(q)
	for range 8 {
		l := LogNormalSurvival(z)
		hazard := math.Exp(-z*z/2-l) / math.Sqrt(2*math.Pi)
		step := (l - target) / hazard
		z += step
		if math.Abs(step) <= 1e-16*math.Abs(z) {
			break
		}
	}
	return z
}

// TSurvival returns P(T > t) for Student's t with df degrees of freedom.
func TSurvival(t, df float64) float64 {
	if t < 0 {
		return student(t, df).lower
	}
	return student(t, df).upper
}

// LogTSurvival returns ln P(T > t).
func LogTSurvival(t, df float64) float64 {
	if t < 0 {
		return student(t, df).logLower
	}
	return student(t, df).logUpper
}

// TTwoSided returns P(|T| ≥ |t|) for Student's t with df degrees of freedom.
func TTwoSided(t, df float64) float64 { return 2 * student(t, df).upper }

// TQuantile returns the p-quantile of Student's t with df degrees of freedom.
func TQuantile(p, df float64) float64 {
	switch {
	case !(p >= 0 && p <= 1):
		return math.NaN()
	case p == 0.5:
		return 0
	case math.IsInf(df, 1):
		return NormalQuantile(p)
	case p > 0.5:
		return positive(func(t float64) float64 { return student(t, df).logUpper }, math.Log1p(-p))
	}
	return -positive(func(t float64) float64 { return student(t, df).logUpper }, math.Log(p))
}

// FSurvival returns P(F > f) with d1 and d2 degrees of freedom.
func FSurvival(f, d1, d2 float64) float64 { return fisher(f, d1, d2).upper }

// LogFSurvival returns ln P(F > f).
func LogFSurvival(f, d1, d2 float64) float64 { return fisher(f, d1, d2).logUpper }

// FCDF returns P(F ≤ f).
func FCDF(f, d1, d2 float64) float64 { return fisher(f, d1, d2).lower }

// FQuantile returns the p-quantile of Fisher's F with d1 and d2 degrees of freedom.
func FQuantile(p, d1, d2 float64) float64 {
	return quantile(p, func(f float64) tails { return fisher(f, d1, d2) })
}

// ChiSquareSurvival returns P(X > x) with df degrees of freedom.
func ChiSquareSurvival(x, df float64) float64 { return gamma(df/2, x/2).upper }

// LogChiSquareSurvival returns ln P(X > x).
func LogChiSquareSurvival(x, df float64) float64 { return gamma(df/2, x/2).logUpper }

// ChiSquareCDF returns P(X ≤ x).
func ChiSquareCDF(x, df float64) float64 { return gamma(df/2, x/2).lower }

// ChiSquareQuantile returns the p-quantile with df degrees of freedom.
func ChiSquareQuantile(p, df float64) float64 {
	return quantile(p, func(x float64) tails { return gamma(df/2, x/2) })
}

// BetaCDF returns the incomplete beta function I_x(a, b).
func BetaCDF(x, a, b float64) float64 { return beta(a, b, x, 1-x).lower }

// BetaSurvival returns 1 − I_x(a, b).
func BetaSurvival(x, a, b float64) float64 { return beta(a, b, x, 1-x).upper }

// BetaQuantile returns the x with I_x(a, b) = p.
func BetaQuantile(p, a, b float64) float64 {
	odds := quantile(p, func(r float64) tails { return beta(a, b, r/(1+r), 1/(1+r)) })
	if math.IsInf(odds, 1) {
		return 1
	}
	return odds / (1 + odds)
}

// BinomialCDF returns P(X ≤ k) among n with success probability p.
func BinomialCDF(k, n int, p float64) float64 {
	switch {
	case k < 0:
		return 0
	case k >= n:
		return 1
	}
	return beta(float64(k+1), float64(n-k), p, 1-p).upper
}

// BinomialSurvival returns P(X > k).
func BinomialSurvival(k, n int, p float64) float64 {
	switch {
	case k < 0:
		return 1
	case k >= n:
		return 0
	}
	return beta(float64(k+1), float64(n-k), p, 1-p).lower
}

// quantile inverts the distribution of a positive variable on its smaller tail.
func quantile(p float64, at func(x float64) tails) float64 {
	switch {
	case !(p >= 0 && p <= 1):
		return math.NaN()
	case p == 0:
		return 0
	case p == 1:
		return math.Inf(1)
	case p > 0.5:
		return positive(func(x float64) float64 { return at(x).logUpper }, math.Log1p(-p))
	}
	// The lower tail rises: turned round it falls like the upper one.
	return 1 / positive(func(x float64) float64 { return at(1 / x).logLower }, math.Log(p))
}

// positive returns the x > 0 at which a falling logarithm of a tail is target.
func positive(log func(x float64) float64, target float64) float64 {
	if math.IsInf(target, -1) {
		return math.Inf(1)
	}
	f := func(u float64) float64 { return log(math.Exp(u)) - target }
	lo, hi := -1.0, 1.0
	for step := 2.0; f(lo) < 0; step *= 2 {
		if lo < -745 {
			return 0
		}
		lo, hi = lo-step, lo
	}
	for step := 2.0; f(hi) > 0; step *= 2 {
		if hi > 709 {
			return math.Inf(1)
		}
		lo, hi = hi, hi+step
	}
	return math.Exp(Root(f, lo, hi))
}

// HedgesJ is the exact factor that takes the bias out of a standardised mean
// difference with df degrees of freedom:
//
//	J = Γ(df/2) / (√(df/2) Γ((df−1)/2))
//
// For df = 1 it is 0. Stirling's form keeps all digits for large df.
func HedgesJ(df float64) float64 {
	if df <= 1 {
		return 0
	}
	a := df / 2
	return math.Exp(-(a-1)*math.Log1p(-1/df) - 0.5 + stirlingError(a) - stirlingError(a-0.5))
}

// WelchSE returns the standard error of a difference of two means and its
// degrees of freedom after Satterthwaite, from sample variances and counts.
func WelchSE(va float64, na int, vb float64, nb int) (se, df float64) {
	a, b := va/float64(na), vb/float64(nb)
	if a+b == 0 {
		return 0, float64(na + nb - 2)
	}
	// In shares, so that tiny variances do not underflow when squared.
	fa, fb := a/(a+b), b/(a+b)
	return math.Sqrt(a + b), 1 / (fa*fa/float64(na-1) + fb*fb/float64(nb-1))
}

// MeanInterval returns mean, standard error and half the width of Student's
// interval; SE and half are NaN for fewer than two values.
func MeanInterval(xs []float64, level float64) (mean, se, half float64) {
	n := float64(len(xs))
	mean = Mean(xs)
	if n < 2 {
		return mean, math.NaN(), math.NaN()
	}
	se = math.Sqrt(Variance(xs) / n)
	return mean, se, se * TQuantile((1+level)/2, n-1)
}

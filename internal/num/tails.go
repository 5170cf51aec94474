package num

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// NormalCDF returns Φ(z). It goes through erfc, so that both tails keep their digits.
func NormalCDF(z float64) float64 { return 0.5 * math.Erfc(-z/math.Sqrt2) }

// TSurvival returns P(T > t) for Student's t with df degrees of freedom.
func TSurvival(t, df float64) float64 {
	return distuv.StudentsT{Nu: df, Sigma: 1}.Survival(t)
}

// FQuantile returns the p-quantile of Fisher's F with d1 and d2 degrees of freedom.
func FQuantile(p, d1, d2 float64) float64 {
	return distuv.F{D1: d1, D2: d2}.Quantile(p)
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

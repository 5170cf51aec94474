// Package num is the only importer of gonum: distributions by their tails,
// least squares and the kernels of the statistics. Its functions are pure and
// trust their arguments; checks and missing-data policies live above it.
package num

import "gonum.org/v1/gonum/stat/distuv"

// TTwoSided returns P(|T| ≥ |t|) for Student's t with df degrees of freedom.
func TTwoSided(t, df float64) float64 {
	if t < 0 {
		t = -t
	}
	return 2 * distuv.StudentsT{Nu: df, Sigma: 1}.Survival(t)
}

// TQuantile returns the p-quantile of Student's t with df degrees of freedom.
func TQuantile(p, df float64) float64 {
	return distuv.StudentsT{Nu: df, Sigma: 1}.Quantile(p)
}

// NormalQuantile returns the p-quantile of the standard normal distribution.
func NormalQuantile(p float64) float64 { return distuv.UnitNormal.Quantile(p) }

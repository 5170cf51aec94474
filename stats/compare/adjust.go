package compare

import (
	"fmt"
	"math"
	"slices"

	"github.com/bangkom/bangkom"
)

// The adjustments of [AdjustP]. Holm and Bonferroni hold for any dependence,
// Hochberg and Hommel for tests that are positively dependent: all four bound
// the probability of any false rejection. BH bounds the expected share of false
// ones among the rejections, BY the same for any dependence.
const (
	Holm       = "holm"
	Hochberg   = "hochberg"
	Hommel     = "hommel"
	Bonferroni = "bonferroni"
	BH         = "BH"
	BY         = "BY"
)

// AdjustP returns p-values adjusted for their number, in the order given.
// A NaN stays one and is not counted as a test. Hommel's takes O(n²) time, the
// others that of sorting. Errors: ErrOption for a method
// that does not exist or a p outside [0, 1].
//
// In R: p.adjust(p, method).
func AdjustP(p []float64, method string) ([]float64, error) {
	var order []int
	for i, x := range p {
		if !math.IsNaN(x) {
			if x < 0 || x > 1 {
				return nil, problem(bangkom.ErrOption, "adjust", fmt.Sprintf("row %d: %g", i, x), "a p-value outside [0, 1]", "")
			}
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(i, j int) int {
		switch {
		case p[i] < p[j]:
			return -1
		case p[i] > p[j]:
			return 1
		}
		return 0
	})
	sorted := make([]float64, len(order))
	for k, i := range order {
		sorted[k] = p[i]
	}
	if err := adjust(sorted, method); err != nil {
		return nil, err
	}
	out := slices.Clone(p)
	for k, i := range order {
		out[i] = min(1, sorted[k])
	}
	return out, nil
}

// adjust works in place on rising p-values.
func adjust(p []float64, method string) error {
	n := float64(len(p))
	step := func(factor func(rank float64) float64) {
		for k := range p {
			p[k] *= factor(float64(k + 1))
		}
	}
	switch method {
	case Bonferroni:
		step(func(float64) float64 { return n })
	case Holm:
		step(func(k float64) float64 { return n - k + 1 })
		for k := 1; k < len(p); k++ {
			p[k] = max(p[k], p[k-1])
		}
	case Hochberg:
		step(func(k float64) float64 { return n - k + 1 })
		minimumFromAbove(p)
	case BH:
		step(func(k float64) float64 { return n / k })
		minimumFromAbove(p)
	case BY:
		sum := 0.0
		for k := n; k >= 1; k-- {
			sum += 1 / k
		}
		step(func(k float64) float64 { return sum * n / k })
		minimumFromAbove(p)
	case Hommel:
		hommel(p)
	default:
		return refuse("adjust", method, "no such adjustment", `use "holm", "hochberg", "hommel", "bonferroni", "BH" or "BY"`)
	}
	return nil
}

func minimumFromAbove(p []float64) {
	for k := len(p) - 2; k >= 0; k-- {
		p[k] = min(p[k], p[k+1])
	}
}

// hommel closes Simes' tests (Hommel, 1988; the algorithm of Wright, 1992).
func hommel(p []float64) {
	n := len(p)
	if n < 2 {
		return
	}
	simes := math.Inf(1)
	for k, x := range p {
		simes = min(simes, float64(n)*x/float64(k+1))
	}
	all := make([]float64, n)
	for k := range all {
		all[k] = simes
	}
	q := make([]float64, n)
	for m := n - 1; m >= 2; m-- {
		least := math.Inf(1)
		for k := 2; k <= m; k++ {
			least = min(least, float64(m)*p[n-m+k-1]/float64(k))
		}
		for k := 0; k <= n-m; k++ {
			q[k] = min(float64(m)*p[k], least)
		}
		for k := n - m + 1; k < n; k++ {
			q[k] = q[n-m]
		}
		for k := range all {
			all[k] = max(all[k], q[k])
		}
	}
	for k := range p {
		p[k] = max(all[k], p[k])
	}
}

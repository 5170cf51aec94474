package resample

import (
	"math"
	"slices"

	"github.com/bangkom/bangkom/internal/num"
)

// Mean is the mean of the first column.
func Mean(columns [][]float64) float64 { return num.Mean(columns[0]) }

// Median is the median of the first column.
func Median(columns [][]float64) float64 {
	x := columns[0]
	slices.Sort(x)
	n := len(x)
	if n%2 == 1 {
		return x[n/2]
	}
	return (x[n/2-1] + x[n/2]) / 2
}

// SD is the sample standard deviation of the first column.
func SD(columns [][]float64) float64 { return math.Sqrt(num.Variance(columns[0])) }

// StandardErrorOfMean is sd/√n of the first column, for the studentised interval
// of [Mean].
func StandardErrorOfMean(columns [][]float64) float64 {
	return math.Sqrt(num.Variance(columns[0]) / float64(len(columns[0])))
}

// Correlation is Pearson's r of the first two columns; NaN where one is constant.
func Correlation(columns [][]float64) float64 {
	x, y := columns[0], columns[1]
	if slices.Min(x) == slices.Max(x) || slices.Min(y) == slices.Max(y) { // the mean of equal decimals is not always the same number
		return math.NaN()
	}
	mx, my := num.Mean(x), num.Mean(y)
	var xx, yy, xy float64
	for i, v := range x {
		dx, dy := v-mx, y[i]-my
		xx += dx * dx
		yy += dy * dy
		xy += dx * dy
	}
	return xy / math.Sqrt(xx) / math.Sqrt(yy)
}

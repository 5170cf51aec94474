package compare

import (
	"fmt"
	"math"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
	"github.com/bangkom/bangkom/stats/internal/wire"
)

// A QuantileType is a definition of sample quantiles by its number in Hyndman
// and Fan (1996), 1 to 9. Programs differ: R and numpy use 7, SPSS and Minitab
// 6, SAS 2; on ten values the quartiles of 6 and 7 are visibly apart.
type QuantileType int

var quantileNames = [...]string{"", "inverted cdf", "averaged inverted cdf", "closest observation", "interpolated inverted cdf",
	"Hazen", "Weibull", "linear", "median-unbiased", "normal-unbiased"}

// String gives "type 7 (linear)".
func (q QuantileType) String() string {
	if q < 1 || q > 9 {
		return fmt.Sprintf("QuantileType(%d)", int(q))
	}
	return fmt.Sprintf("type %d (%s)", int(q), quantileNames[q])
}

// Quantile returns the p-quantile of the known values under
// Options.Quantile. Errors: ErrTooFew without a value, ErrNotFinite, ErrOption
// for a p outside [0, 1].
//
// In R: quantile(x, p, type = 7); in Python: numpy.quantile(x, p, method=…).
func Quantile(xs []float64, p float64, opt *Options) (float64, error) {
	o, err := opt.checked(usesQuantile)
	if err != nil {
		return math.NaN(), err
	}
	if !(p >= 0 && p <= 1) {
		return math.NaN(), refuse("p", fmt.Sprint(p), "a share outside [0, 1]", "")
	}
	x, err := known("quantile", xs, 1)
	if err != nil {
		return math.NaN(), err
	}
	return o.Quantile.of(num.Sorted(x), p), nil
}

// of takes rising values. Positions that a product like 0.1 × 30 misses by its
// rounding are met.
func (q QuantileType) of(sorted []float64, p float64) float64 {
	n := float64(len(sorted))
	var at float64 // counted from 1
	switch q {
	case 1, 2:
		at = n * p
	case 3:
		at = n*p - 0.5
	case 4:
		at = n * p
	case 5:
		at = n*p + 0.5
	case 6:
		at = (n + 1) * p
	case 8:
		at = (n+1.0/3)*p + 1.0/3
	case 9:
		at = (n+0.25)*p + 0.375
	default:
		at = (n-1)*p + 1
	}
	fuzz := 4 * 0x1p-52 * max(1, at)
	j := math.Floor(at + fuzz)
	h := at - j
	on := math.Abs(h) <= fuzz
	switch {
	case q == 1 && on, q == 3 && on && math.Mod(j, 2) == 0, q > 3 && on:
		h = 0
	case q == 2 && on:
		h = 0.5
	case q <= 3:
		h = 1
	}
	value := func(k float64) float64 { return sorted[int(max(1, min(k, n)))-1] }
	lo, hi := value(j), value(j+1)
	switch h {
	case 0:
		return lo
	case 1:
		return hi
	}
	return lo + h*(hi-lo)
}

// A Description is what [Describe] finds.
type Description struct {
	Mean     bangkom.Estimate `json:"mean"` // with Student's interval
	SD       float64          `json:"sd"`   // n − 1
	Min      float64          `json:"min"`
	Q1       float64          `json:"q1"`
	Median   float64          `json:"median"`
	Q3       float64          `json:"q3"`
	Max      float64          `json:"max"`
	MAD      float64          `json:"mad"`      // 1.4826 times the median distance from the median
	Skewness float64          `json:"skewness"` // G1, as SAS and SPSS; NaN below 3 values or without spread
	Kurtosis float64          `json:"kurtosis"` // excess, G2; NaN below 4 values or without spread
	Quantile string           `json:"quantile"` // the definition of the quartiles and the median
}

// Describe returns what describes one column: mean, spread, quartiles by a
// named definition (Options.Quantile), and shape
//
//	G1 = g1 √(n(n − 1))/(n − 2),   G2 = (n − 1)/((n − 2)(n − 3)) ((n + 1) g2 + 6)
//
// with g1 = m3/m2^1.5, g2 = m4/m2² − 3 and mk the k-th central moment. A single
// value has no spread: SD and interval are NaN, with the warning too-few.
//
// NaN values are left out and counted. Errors: ErrTooFew without a value,
// ErrNotFinite, ErrOption.
//
// In R: mean, sd, quantile, mad, e1071::skewness(type = 2), e1071::kurtosis(type = 2).
func Describe(xs []float64, opt *Options) (Description, error) {
	o, err := opt.checked(usesQuantile)
	if err != nil {
		return Description{}, err
	}
	x, err := known("describe", xs, 1)
	if err != nil {
		return Description{}, err
	}
	s := num.Sorted(x)
	n := len(s)
	q := func(p float64) float64 { return o.Quantile.of(s, p) }
	d := Description{Min: s[0], Q1: q(0.25), Median: q(0.5), Q3: q(0.75), Max: s[n-1], Quantile: o.Quantile.String()}
	mean, se, half := num.MeanInterval(x, o.Level)
	d.Mean = bangkom.Estimate{Value: mean, SE: se, N: n, Method: "mean", Missing: bangkom.Missing{Policy: "available", Dropped: len(xs) - n}}
	d.SD = math.Sqrt(num.Variance(x))
	if err := squarable("describe", d.SD, x); err != nil {
		return Description{}, err
	}
	if n > 1 {
		d.Mean.CI = bangkom.Interval{Lo: mean - half, Hi: mean + half, Level: o.Level, Method: "t"}
	} else {
		warn(&d.Mean, bangkom.ErrTooFew.Code, "1", "a single value: its spread is unknown", "at least 2 values")
	}
	away := make([]float64, n)
	for i, v := range x {
		away[i] = math.Abs(v - d.Median)
	}
	d.MAD = o.Quantile.of(num.Sorted(away), 0.5) / num.NormalQuantile(0.75)
	d.Skewness, d.Kurtosis = shape(x, mean)
	return d, nil
}

func shape(x []float64, mean float64) (skewness, kurtosis float64) {
	skewness, kurtosis = math.NaN(), math.NaN()
	size := 0.0
	for _, v := range x {
		size = max(size, math.Abs(v-mean))
	}
	n := float64(len(x))
	if size <= constant*math.Abs(mean) || n < 3 {
		return
	}
	var m1, m2, m3, m4 float64 // of deviations scaled to at most 1
	for _, v := range x {
		d := (v - mean) / size
		m1, m2, m3, m4 = m1+d, m2+d*d, m3+d*d*d, m4+d*d*d*d
	}
	m1 /= n // what is left of the rounding of the mean
	m2, m3, m4 = m2/n-m1*m1, m3/n-3*m1*m2/n, m4/n-4*m1*m3/n
	skewness = m3 / math.Pow(m2, 1.5) * math.Sqrt(n*(n-1)) / (n - 2)
	if n > 3 {
		kurtosis = (n - 1) / ((n - 2) * (n - 3)) * ((n+1)*(m4/(m2*m2)-3) + 6)
	}
	return
}

// String gives mean, sd and median on one line.
func (d Description) String() string {
	return fmt.Sprintf("mean %s; sd %s, median %s", d.Mean, wire.Short(d.SD), wire.Short(d.Median))
}

// Table gives all of it for people, and says by which definitions.
func (d Description) Table() string {
	return grid([]string{"n", "missing", "mean", "sd", "min", "q1", "median", "q3", "max", "mad", "skewness", "kurtosis"},
		[]float64{float64(d.Mean.N), float64(d.Mean.Missing.Dropped), d.Mean.Value, d.SD, d.Min, d.Q1, d.Median, d.Q3, d.Max, d.MAD, d.Skewness, d.Kurtosis}) +
		footer(d.Mean, "Quantiles: "+d.Quantile+". sd: n − 1. mad: times 1.4826. Skewness G1, kurtosis G2 (excess).")
}

// MarshalJSON writes the fields by their tags; what is no number is null.
func (d Description) MarshalJSON() ([]byte, error) { return wire.Marshal(d) }

// UnmarshalJSON reads what MarshalJSON wrote; null is NaN.
func (d *Description) UnmarshalJSON(data []byte) error {
	type plain Description
	return wire.Unmarshal(data, (*plain)(d))
}

// TopBox estimates the share of known values from a bound upwards, as of those
// who ticked 4 or 5, with the interval of [Proportion].
//
// NaN values are left out and counted. Errors: ErrTooFew, ErrNotFinite, ErrOption.
func TopBox(xs []float64, from float64, opt *Options) (bangkom.Estimate, error) {
	return box("top box", fmt.Sprintf("share of values ≥ %g", from), xs, from, func(x float64) bool { return x >= from }, opt)
}

// BottomBox is [TopBox] for the share of known values up to a bound.
func BottomBox(xs []float64, to float64, opt *Options) (bangkom.Estimate, error) {
	return box("bottom box", fmt.Sprintf("share of values ≤ %g", to), xs, to, func(x float64) bool { return x <= to }, opt)
}

func box(name, method string, xs []float64, bound float64, in func(float64) bool, opt *Options) (bangkom.Estimate, error) {
	if bound-bound != 0 {
		return bangkom.Estimate{}, refuse(name, fmt.Sprint(bound), "a bound that is no number", "")
	}
	x, err := known(name, xs, 1)
	if err != nil {
		return bangkom.Estimate{}, err
	}
	k := 0
	for _, v := range x {
		if in(v) {
			k++
		}
	}
	e, err := Proportion(k, len(x), opt)
	if err != nil {
		return e, err
	}
	e.Method = method
	e.Missing = bangkom.Missing{Policy: "available", Dropped: len(xs) - len(x)}
	return e, nil
}

// ShapiroWilk tests normality: W is near 1 for normal data (Shapiro and Wilk,
// 1965; Royston's approximation, 1995). It is a diagnostic to report beside a
// result, not a gate before a test: with few people it sees nothing, with many
// it sees what does no harm, and a test chosen by it has no error rate of its own.
//
// NaN values are left out and counted. Errors: ErrTooFew below 3 values,
// ErrNoVariation where all are equal, ErrOption above 5000, for which the
// approximation was not made.
//
// In R: shapiro.test(x).
func ShapiroWilk(xs []float64, opt *Options) (bangkom.Test, error) {
	if _, err := opt.checked(0); err != nil {
		return bangkom.Test{}, err
	}
	x, err := known("shapiro-wilk", xs, 3)
	if err != nil {
		return bangkom.Test{}, err
	}
	if len(x) > 5000 {
		return bangkom.Test{}, refuse("shapiro-wilk", fmt.Sprint(len(x)), "more than 5000 values", "a normal quantile plot: so many values show any departure")
	}
	s := num.Sorted(x)
	if s[len(s)-1]-s[0] <= constant*max(math.Abs(s[0]), math.Abs(s[len(s)-1])) {
		return bangkom.Test{}, problem(bangkom.ErrNoVariation, "shapiro-wilk", fmt.Sprint(s[0]), "all values are equal", "values that differ")
	}
	for i := len(s) - 1; i >= 0; i-- { // a large constant would cost digits
		s[i] -= s[0]
	}
	w, p := num.ShapiroWilk(s)
	return bangkom.Test{Statistic: w, P: p, DF: math.NaN(), DF2: math.NaN(),
		Estimate: bangkom.Estimate{Value: w, SE: math.NaN(), N: len(x), Method: "Shapiro–Wilk W (Royston)",
			Missing: bangkom.Missing{Policy: "available", Dropped: len(xs) - len(x)}}}, nil
}

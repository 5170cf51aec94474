package agreement

import (
	"fmt"
	"math"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
)

// Krippendorff returns alpha, for any number of raters, any metric and missing
// ratings:
//
//	α = 1 − D_o / D_e
//	D_o = 1/n Σ_subjects Σ_pairs δ / (m − 1),   D_e = Σ n_c n_k δ_ck / (n(n − 1))
//
// with m ratings of a subject, and n of them in all subjects that have two or
// more; a rating that stands alone cannot agree and is left out. δ is the
// metric's squared distance; the ordinal one is computed from how often each value
// occurs. No table of subject × subject or of value × value is built: for nominal,
// ordinal and interval the time is linear in the ratings, for ratio and custom
// also quadratic in the number of different values.
//
// The standard error is linearised over subjects. Hayes' bootstrap,
// which others print, resamples pairs of ratings instead.
// Errors: ErrTooFew, ErrShape, ErrNotFinite, ErrOption, ErrNoVariation if all
// ratings are the same; "off-scale" for a negative rating with Ratio.
//
// In R: irr::kripp.alpha (whose version 0.84.1 errs where nothing is missing and
// raters are more than two); in Python: krippendorff.alpha. The standard error of
// irrCAC is another expansion.
func Krippendorff(ratings [][]float64, metric Metric, opt *Options) (bangkom.Estimate, error) {
	return fromRatings(ratings, opt, func(us *units, o Options) (bangkom.Estimate, error) { return krippendorff(us, metric, o) })
}

// Krippendorff is [Krippendorff] of counts.
func (c Counts) Krippendorff(metric Metric, opt *Options) (bangkom.Estimate, error) {
	return fromCounts(c, opt, func(us *units, o Options) (bangkom.Estimate, error) { return krippendorff(us, metric, o) })
}

// distance of two categories by their places.
type distance struct {
	// line holds the places of the categories on a line if δ is the square of
	// the difference there: then, as where all are equally far, no sum needs pairs.
	line  []float64
	equal bool                   // all different categories are at distance 1
	of    func(c, k int) float64 // in all other cases
}

func krippendorff(us *units, metric Metric, o Options) (bangkom.Estimate, error) {
	freq := make([]float64, len(us.values)) // of pairable ratings
	var n float64
	used := 0
	for u := range us.subjects() {
		if m := us.size(u); m >= 2 {
			used++
			n += float64(m)
			cat, k := us.subject(u)
			for i, c := range cat {
				freq[c] += float64(k[i])
			}
		}
	}
	if used == 0 {
		return bangkom.Estimate{}, problem(bangkom.ErrTooFew, "krippendorff", "0", "no subject has two ratings", "at least 2 raters of the same subject")
	}
	d, err := metric.distance(us.values, freq, o)
	if err != nil {
		return bangkom.Estimate{}, err
	}
	pull := d.pull(freq, n)
	expected := num.Dot(pull, freq)
	if !(expected > 0) {
		return bangkom.Estimate{}, problem(bangkom.ErrNoVariation, "krippendorff", "", "all ratings that can be compared are the same", "subjects who differ")
	}
	own := make([]float64, us.subjects())
	observed := 0.0
	for u := range own {
		if cat, k := us.subject(u); len(cat) > 1 {
			m := us.size(u)
			own[u] = d.within(cat, k, float64(m)) / float64(m-1)
			observed += own[u]
		}
	}
	value := 1 - (n-1)*observed/expected
	e := bangkom.Estimate{Value: value, SE: math.NaN(), N: used, Method: fmt.Sprintf("Krippendorff alpha, %s; SE linearised over subjects", metric),
		Missing: bangkom.Missing{Policy: "available ratings", Dropped: us.given - used}}
	if used >= 2 {
		slope := make([]float64, len(freq))
		for c, p := range pull {
			slope[c] = (n - 1) * observed / expected * 2 * p / expected
		}
		if metric == Ordinal {
			us.bend(slope, d, freq, n, observed, expected)
		}
		e.SE = us.krippendorffSE(own, slope, n, observed, expected)
		e.CI = tInterval(value, e.SE, float64(used-1), o.Level)
	}
	e.Warnings = boundary(value, e.SE)
	if used < fewSubjects {
		e.Warnings.Add(few(used))
	}
	return e, nil
}

func (m Metric) distance(values, freq []float64, o Options) (distance, error) {
	if m > Custom {
		return distance{}, problem(bangkom.ErrOption, "metric", m.String(), "no such metric", "Nominal, Ordinal, Interval, Ratio or Custom")
	}
	var d distance
	switch m {
	case Nominal:
		d.equal = true
	case Ordinal:
		below := 0.0
		for _, f := range freq {
			d.line = append(d.line, below+f/2)
			below += f
		}
	case Interval:
		_, size := math.Frexp(values[len(values)-1] - values[0]) // from the least one, by a power of two: squares are numbers and have their digits
		for _, v := range values {
			d.line = append(d.line, math.Ldexp(v-values[0], -size))
		}
	case Ratio:
		if values[0] < 0 {
			return d, problem(bangkom.Problem{Code: "off-scale"}, "krippendorff", fmt.Sprint(values[0]), "a negative rating has no ratio", "the metric Interval")
		}
		d.of = func(c, k int) float64 {
			if c == k {
				return 0
			}
			x := (values[c] - values[k]) / (values[c] + values[k])
			return x * x
		}
	default:
		if o.Distance == nil {
			return d, problem(bangkom.ErrOption, "Distance", "", "the custom metric has no distance", "Options.Distance")
		}
		d.of = func(c, k int) float64 { return o.Distance(values[c], values[k]) }
		if err := provedDistance(d.of, values); err != nil {
			return d, err
		}
	}
	return d, nil
}

func provedDistance(of func(c, k int) float64, values []float64) error {
	for c := range values {
		for k := range c + 1 {
			if x := of(c, k); !(x >= 0) || math.IsInf(x, 0) || x != of(k, c) || c == k && x != 0 {
				return problem(bangkom.ErrOption, "Distance", fmt.Sprintf("%g, %g: %g", values[c], values[k], x), "a distance must be finite, 0 or more, symmetric, and 0 for equal ratings", "")
			}
		}
	}
	return nil
}

// pull is Σ_k n_k δ_ck for each c.
func (d distance) pull(freq []float64, n float64) []float64 {
	out := make([]float64, len(freq))
	if d.equal {
		for c, f := range freq {
			out[c] = n - f
		}
		return out
	}
	if d.line == nil {
		for c := range freq {
			for k, f := range freq {
				out[c] += f * d.of(c, k)
			}
		}
		return out
	}
	// About the mean, so that nothing cancels: n (x_c − x̄)² + Σ n_k (x_k − x̄)².
	mean := num.Dot(freq, d.line) / n
	spread := 0.0
	for k, f := range freq {
		spread += f * (d.line[k] - mean) * (d.line[k] - mean)
	}
	for c := range out {
		out[c] = n*(d.line[c]-mean)*(d.line[c]-mean) + spread
	}
	return out
}

// within is Σ δ of the ordered pairs of the m ratings of one subject.
func (d distance) within(cat, n []int32, m float64) float64 {
	switch {
	case d.equal:
		s := m * m
		for _, k := range n {
			s -= float64(k) * float64(k)
		}
		return s
	case d.line != nil:
		base, sum, sq := d.line[cat[0]], 0.0, 0.0 // about the first, so that little cancels
		for i, c := range cat {
			x := d.line[c] - base
			sum += float64(n[i]) * x
			sq += float64(n[i]) * x * x
		}
		return 2 * (m*sq - sum*sum)
	}
	s := 0.0
	for i := 1; i < len(cat); i++ {
		t := 0.0
		for j := range i {
			t += float64(n[j]) * d.of(int(cat[i]), int(cat[j]))
		}
		s += 2 * float64(n[i]) * t
	}
	return s
}

// bend adds to the slope what one more rating does to the ordinal distances
// themselves: it moves its own place by a half and all above by one.
func (us *units) bend(slope []float64, d distance, freq []float64, n, observed, expected float64) {
	move := make([]float64, len(freq)) // of alpha, by the place of a category
	mean := num.Dot(freq, d.line) / n
	for c, f := range freq {
		move[c] = (n - 1) * observed / expected * (4 * f * n * (d.line[c] - mean)) / expected
	}
	for u := range us.subjects() {
		m := us.size(u)
		if m < 2 {
			continue
		}
		cat, k := us.subject(u)
		sum := 0.0
		for i, c := range cat {
			sum += float64(k[i]) * d.line[c]
		}
		for i, c := range cat {
			move[c] -= (n - 1) / expected * 4 * float64(k[i]) * (float64(m)*d.line[c] - sum) / float64(m-1)
		}
	}
	above := 0.0
	for g := len(move) - 1; g >= 0; g-- {
		slope[g] += above + move[g]/2
		above += move[g]
	}
}

func (us *units) krippendorffSE(own, slope []float64, n, observed, expected float64) float64 {
	d := make([]float64, 0, len(own))
	for u := range own {
		m := us.size(u)
		if m < 2 {
			continue
		}
		x := -(n-1)/expected*own[u] - observed/expected*float64(m)
		cat, k := us.subject(u)
		for i, c := range cat {
			x += float64(k[i]) * slope[c]
		}
		d = append(d, x)
	}
	return math.Sqrt(float64(len(d)) * num.Variance(d))
}

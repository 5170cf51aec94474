package agreement

import (
	"fmt"
	"math"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
)

// BrennanPrediger returns the coefficient that takes chance as a draw from q
// equally likely categories (Brennan and Prediger, 1981):
//
//	(p_a − p_e) / (1 − p_e),   p_e = Σ w / q²
//
// p_a is the weighted agreement of the pairs of raters of a subject, averaged
// over the subjects with two ratings or more. A missing rating is left out alone.
// The standard error is linearised over subjects. Errors: ErrTooFew, ErrShape, ErrNotFinite,
// ErrNoVariation below two categories, ErrOption.
//
// In R: irrCAC::bp.coeff.raw.
func BrennanPrediger(ratings [][]float64, opt *Options) (bangkom.Estimate, error) {
	return fromRatings(ratings, opt, brennanPrediger)
}

// BrennanPrediger is [BrennanPrediger] of counts.
func (c Counts) BrennanPrediger(opt *Options) (bangkom.Estimate, error) {
	return fromCounts(c, opt, brennanPrediger)
}

// Gwet returns AC1, or AC2 if the weights are not those of identity:
//
//	(p_a − p_e) / (1 − p_e),   p_e = Σ w / (q(q − 1)) · Σ π(1 − π)
//
// π is the share of a category, averaged over the subjects with a rating. It stays
// near p_a where one category prevails, where kappa collapses (Gwet, 2008).
// Missing ratings, standard error and errors as for [BrennanPrediger].
//
// In R: irrCAC::gwet.ac1.raw.
func Gwet(ratings [][]float64, opt *Options) (bangkom.Estimate, error) {
	return fromRatings(ratings, opt, gwet)
}

// Gwet is [Gwet] of counts.
func (c Counts) Gwet(opt *Options) (bangkom.Estimate, error) { return fromCounts(c, opt, gwet) }

func fromRatings(ratings [][]float64, opt *Options, f func(*units, Options) (bangkom.Estimate, error)) (bangkom.Estimate, error) {
	o, err := opt.checked()
	if err != nil {
		return bangkom.Estimate{}, err
	}
	us, err := count(ratings, o)
	if err != nil {
		return bangkom.Estimate{}, err
	}
	return f(us, o)
}

func fromCounts(c Counts, opt *Options, f func(*units, Options) (bangkom.Estimate, error)) (bangkom.Estimate, error) {
	o, err := opt.checked()
	if err != nil {
		return bangkom.Estimate{}, err
	}
	us, err := c.units(o)
	if err != nil {
		return bangkom.Estimate{}, err
	}
	return f(us, o)
}

// chance has what the chance-corrected coefficients share.
type chance struct {
	us    *units
	w     weigher
	pa    float64
	own   []float64 // agreement within a subject; NaN below two ratings
	n     int       // subjects with a rating
	pairs int       // subjects with two or more
	pi    []float64 // share of each category, averaged over n
}

// maxWeighed is the largest number of categories that are weighed each with each.
const maxWeighed = 10_000

func (us *units) chance(o Options) (*chance, error) {
	if len(us.values) < 2 {
		return nil, problem(bangkom.ErrNoVariation, "ratings", fmt.Sprint(us.values), "only one category", "Options.Categories with those that were possible")
	}
	w, err := o.weigher(us.values)
	if err != nil {
		return nil, err
	}
	if len(us.values) > maxWeighed && !w.same {
		return nil, problem(bangkom.ErrOption, "Weights", fmt.Sprint(len(us.values)), "too many different ratings for weights of each with each", "ICC, or Krippendorff with the metric Interval, for scores")
	}
	c := &chance{us: us, w: w, own: make([]float64, us.subjects()), pi: make([]float64, len(us.values))}
	for u := range c.own {
		m := us.size(u)
		c.own[u] = math.NaN()
		if m == 0 {
			continue
		}
		c.n++
		cat, n := us.subject(u)
		for i, k := range cat {
			c.pi[k] += float64(n[i]) / float64(m)
		}
		if m < 2 {
			continue
		}
		c.pairs++
		c.own[u] = within(cat, n, w) / (float64(m) * float64(m-1))
		c.pa += c.own[u]
	}
	if c.pairs == 0 {
		return nil, problem(bangkom.ErrTooFew, "ratings", "0", "no subject has two ratings", "at least 2 raters of the same subject")
	}
	c.pa /= float64(c.pairs)
	for k := range c.pi {
		c.pi[k] /= float64(c.n)
	}
	return c, nil
}

// within is Σ w of the ordered pairs of ratings of one subject.
func within(cat, n []int32, w weigher) float64 {
	s := 0.0
	for i, k := range cat {
		a := float64(n[i])
		s += a * (a - 1)
		if w.same {
			continue
		}
		for j := range i {
			s += 2 * a * float64(n[j]) * w.of(int(k), int(cat[j]))
		}
	}
	return s
}

// totalWeight is Σ w over all pairs of categories.
func (c *chance) totalWeight() float64 {
	q := len(c.pi)
	if c.w.same {
		return float64(q)
	}
	s := float64(q)
	for k := range q {
		for l := range k {
			s += 2 * c.w.of(k, l)
		}
	}
	return s
}

// spread is Σ_l w_kl x_l for each k.
func (c *chance) spread(x []float64) []float64 {
	if c.w.same {
		return slices.Clone(x)
	}
	out := make([]float64, len(x))
	for k := range x {
		for l, v := range x {
			out[k] += c.w.of(k, l) * v
		}
	}
	return out
}

// estimate makes the coefficient from chance agreement pe. To first order a
// subject moves pe by shift(u), whose mean is 0; nil: not at all. How many
// subjects have two ratings is taken as given, as Gwet does.
func (c *chance) estimate(name string, pe float64, shift func(u int) float64, o Options) (bangkom.Estimate, error) {
	if !(1-pe > 1e-12) {
		return bangkom.Estimate{}, problem(bangkom.ErrNoVariation, name, "", "chance alone gives full agreement", "ratings in more than one category")
	}
	value := (c.pa - pe) / (1 - pe)
	e := bangkom.Estimate{Value: value, SE: math.NaN(), N: c.pairs, Method: fmt.Sprintf("%s, %s weights; SE linearised over subjects", name, c.w.name),
		Missing: bangkom.Missing{Policy: "available ratings", Dropped: c.us.given - c.pairs}}
	ss, scale := 0.0, float64(c.n)/float64(c.pairs)
	for u, own := range c.own {
		m := c.us.size(u)
		if m == 0 {
			continue
		}
		d := -value
		if m >= 2 {
			d += scale * (own - pe) / (1 - pe)
		}
		if shift != nil {
			d -= (1 - value) / (1 - pe) * shift(u)
		}
		ss += d * d
	}
	if c.n > 1 {
		n := float64(c.n)
		e.SE = math.Sqrt(ss / (n * (n - 1)))
		e.CI = tInterval(value, e.SE, n-1, o.Level)
	}
	e.Warnings = c.warnings(e)
	return e, nil
}

// tInterval is value ± t·SE, cut at 1, which no coefficient exceeds.
func tInterval(value, se, df, level float64) bangkom.Interval {
	half := se * num.TQuantile((1+level)/2, df)
	return bangkom.Interval{Lo: value - half, Hi: min(1, value+half), Level: level, Method: "t, cut at 1"}
}

// shares is the shift of a chance agreement with this slope in the shares pi.
func (c *chance) shares(slope []float64) func(u int) float64 {
	base := num.Dot(slope, c.pi)
	return func(u int) float64 {
		cat, n := c.us.subject(u)
		s, m := 0.0, 0.0
		for i, k := range cat {
			s += slope[k] * float64(n[i])
			m += float64(n[i])
		}
		return s/m - base
	}
}

func (c *chance) warnings(e bangkom.Estimate) (w bangkom.Problems) {
	if c.pairs < fewSubjects {
		w.Add(few(c.pairs))
	}
	w = append(w, boundary(e.Value, e.SE)...)
	return append(w, prevalence(slices.Max(c.pi), c.pa, e.Value)...)
}

func brennanPrediger(us *units, o Options) (bangkom.Estimate, error) {
	c, err := us.chance(o)
	if err != nil {
		return bangkom.Estimate{}, err
	}
	q := float64(len(c.pi))
	return us.counted(c.estimate("Brennan–Prediger", c.totalWeight()/(q*q), nil, o))
}

func gwet(us *units, o Options) (bangkom.Estimate, error) {
	c, err := us.chance(o)
	if err != nil {
		return bangkom.Estimate{}, err
	}
	q := float64(len(c.pi))
	t := c.totalWeight() / (q * (q - 1))
	pe := 0.0
	slope := make([]float64, len(c.pi))
	for k, p := range c.pi {
		pe += t * p * (1 - p)
		slope[k] = t * (1 - 2*p)
	}
	name := "Gwet AC1"
	if !c.w.same {
		name = "Gwet AC2"
	}
	return us.counted(c.estimate(name, pe, c.shares(slope), o))
}

// counted notes that the number of categories is that of those in use, where
// chance depends on it.
func (us *units) counted(e bangkom.Estimate, err error) (bangkom.Estimate, error) {
	if err == nil && us.observed {
		e.Warnings.Add(bangkom.Problem{Code: "observed-categories", Severity: bangkom.Note, Value: fmt.Sprint(len(us.values)),
			Msg: "the categories are those that occur", Need: "Options.Categories, if there are others"})
	}
	return e, err
}

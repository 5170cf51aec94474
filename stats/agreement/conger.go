package agreement

import (
	"fmt"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
)

// Conger returns the kappa of several raters who each have habits of their own
// (Conger, 1980), Cohen's kappa for two:
//
//	(p_a − p_e) / (1 − p_e),   p_e = mean over pairs of raters g ≠ h of Σ w p_gk p_hl
//
// p_gk is the share of the category k among the ratings of rater g. Missing ratings and
// errors as for [BrennanPrediger]; ErrTooFew also for a rater without any rating.
// The standard error is linearised over subjects, each rater's shares as means over
// the subjects that rater saw. In R: irrCAC::conger.kappa.raw.
func Conger(ratings [][]float64, opt *Options) (bangkom.Estimate, error) {
	o, err := opt.checked()
	if err != nil {
		return bangkom.Estimate{}, err
	}
	us, err := count(ratings, o)
	if err != nil {
		return bangkom.Estimate{}, err
	}
	codes, _, err := code(ratings, o.Categories)
	if err != nil {
		return bangkom.Estimate{}, err
	}
	c, err := us.chance(o)
	if err != nil {
		return bangkom.Estimate{}, err
	}
	return conger(c, codes, o)
}

func conger(c *chance, codes [][]int32, o Options) (bangkom.Estimate, error) {
	q, r := len(c.pi), float64(len(codes))
	shares := num.Square(0)
	sum := make([]float64, q)
	seen := make([]float64, len(codes))
	for g, row := range codes {
		p := make([]float64, q)
		for _, k := range row {
			if k >= 0 {
				p[k]++
				seen[g]++
			}
		}
		if seen[g] == 0 {
			return bangkom.Estimate{}, problem(bangkom.ErrTooFew, "conger", fmt.Sprintf("rater %d", g), "a rater without any rating", "leave the rater out")
		}
		for k := range p {
			p[k] /= seen[g]
			sum[k] += p[k]
		}
		shares = append(shares, p)
	}
	ws := c.spread(sum)
	pe := num.Dot(ws, sum)
	slopes := make([][]float64, len(codes)) // of pe in the shares of a rater
	for g, p := range shares {
		wp := c.spread(p)
		pe -= num.Dot(wp, p)
		slopes[g] = make([]float64, q)
		for k := range wp {
			slopes[g][k] = 2 * (ws[k] - wp[k]) / (r * (r - 1))
		}
	}
	pe /= r * (r - 1)
	e, err := c.estimate("Conger kappa", pe, func(u int) float64 {
		d := 0.0
		for g, row := range codes {
			if k := row[u]; k >= 0 {
				d += float64(c.n) / seen[g] * (slopes[g][k] - num.Dot(slopes[g], shares[g]))
			}
		}
		return d
	}, o)
	if err != nil {
		return e, err
	}
	for g, p := range shares {
		if slices.Max(p) == 1 {
			e.Warnings.Add(warning("constant-rater", fmt.Sprintf("rater %d", g), "the rater used one category only", "raters who tell subjects apart"))
		}
	}
	return e, nil
}

package needs

import (
	"fmt"
	"math"
	"math/big"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/stats/tally"
)

// An Index is how much of what is required is there (JPM), rolled up from
// tables of required against attained levels: pooled sums, never a mean of
// persons' percentages.
//
//	JPM    = 100 Σx/Σq
//	Capped = 100 Σmin(x, q)/Σq = 100 (1 − Shortfall/Required) ≤ JPM
//
// A surplus in one competency makes up for a gap in another, so it is no score
// of needs: rank by [Shortfall]. In R: 100 * sum(p) / sum(i).
type Index struct {
	JPM         float64 `json:"jpm"`
	Capped      float64 `json:"capped"`
	Required    int64   `json:"required"`  // Σq over the pairs used
	Attained    int64   `json:"attained"`  // Σx
	Shortfall   int64   `json:"shortfall"` // Σmax(q − x, 0)
	N           int64   `json:"n"`         // pairs used
	NotAssessed int64   `json:"not_assessed"`
	Policy      string  `json:"policy"` // of those not assessed: "exclude" or "zero"
}

// JPM rolls up the items, all if none are given. Those not assessed are left
// out of both sums, or with zero counted as nothing attained. The required
// levels must be above zero.
func JPM(c *Cube, zero bool, items ...competency.CompetencyID) (*Index, error) {
	if c.frame.Scale.First < 0 || c.frame.Scale.First == 0 && c.frame.Scale.Levels == 1 {
		return nil, bangkom.Problem{Code: "ratio-scale", Where: "needs: JPM", Value: c.frame.Scale.String(), Msg: "levels below zero have no percentage of what is required"}
	}
	if items == nil {
		items = c.frame.Items
	}
	out := &Index{Policy: "exclude"}
	if zero {
		out.Policy = "zero"
	}
	for _, id := range items {
		p, ok := c.Table(id)
		if !ok {
			return nil, bangkom.Problem{Code: "unknown-item", Value: string(id), Msg: "needs: the frame has no such item"}
		}
		out.add(p, zero)
	}
	out.JPM, out.Capped = math.NaN(), math.NaN()
	if out.Required > 0 {
		q := big.NewRat(100*out.Attained, out.Required)
		out.JPM, _ = q.Float64()
		out.Capped, _ = q.SetFrac64(100*(out.Required-out.Shortfall), out.Required).Float64()
	}
	return out, nil
}

func (x *Index) add(p *tally.Pairs, zero bool) {
	s := p.Sums()
	x.Required += s.Want
	x.Attained += s.Have
	x.Shortfall += s.Shortfall
	x.N += s.N
	for w := tally.Cell(1); w <= tally.MaxLevels; w++ {
		n := int64(p.Count(w, tally.Missing) + p.Count(w, tally.NotObserved))
		x.NotAssessed += n
		if v, ok := p.Shape().Value(w); ok && zero {
			x.Required += n * int64(v)
			x.Shortfall += n * int64(v)
			x.N += n
		}
	}
}

// JPMByDomain weighs the indices of groups of items: 100 Σ w_d JPM_d, Σw = 1.
// A domain without anybody assessed makes the whole unknown, because its
// weight cannot be given to the others unasked.
func JPMByDomain(c *Cube, zero bool, domains []Domain) (jpm, capped float64, err error) {
	var sum float64
	for _, d := range domains {
		if !(d.Weight >= 0) {
			return 0, 0, bangkom.Problem{Code: "weight", Where: d.Name, Value: fmt.Sprint(d.Weight), Msg: "needs: a domain's weight that is no number from 0"}
		}
		x, err := JPM(c, zero, d.Items...)
		if err != nil {
			return 0, 0, err
		}
		jpm += d.Weight * x.JPM
		capped += d.Weight * x.Capped
		sum += d.Weight
	}
	if math.Abs(sum-1) > 1e-9 {
		return 0, 0, bangkom.Problem{Code: "weight", Value: fmt.Sprint(sum), Msg: "needs: the weights of the domains do not add up to 1"}
	}
	return jpm, capped, nil
}

// A Domain is a group of items with a weight.
type Domain struct {
	Name   string
	Weight float64
	Items  []competency.CompetencyID
}

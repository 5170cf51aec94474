package needs

import (
	"math"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
)

// A Price is what it takes to close one person's gap in an item, and what it
// costs to leave it.
type Price struct {
	Item    competency.CompetencyID
	Hours   bangkom.JP     // to close one person's gap
	PerHour bangkom.Rupiah // for one person

	// To ignore the gap: how often it matters per person below and year, with
	// which probability it then goes wrong, and what that costs. 0: not said.
	Exposure    float64
	Probability float64
	Loss        bangkom.Rupiah
}

// A GapCost is the cost of one item's gap. The bounds come from the interval of
// the share below, applied to the people asked for it: those not assessed are
// taken to be as those assessed, which nobody knows.
type GapCost struct {
	Item     competency.CompetencyID `json:"id"`
	Below    uint64                  `json:"below"`  // people seen below
	People   [2]float64              `json:"people"` // interval of the number below among all who are asked for it
	Hours    bangkom.JP              `json:"hours"`  // for those seen below
	ToClose  bangkom.Rupiah          `json:"to_close"`
	CloseCI  [2]bangkom.Rupiah       `json:"to_close_ci"`
	ToIgnore bangkom.Rupiah          `json:"to_ignore"` // per year; 0 without a loss model
	IgnoreCI [2]bangkom.Rupiah       `json:"to_ignore_ci"`
}

// Cost prices the gaps of a ranking, in its order; items without a price are
// left out. Which gaps to buy is the planner's question.
//
//	to close = people below × hours × cost per hour
//	to ignore = people below × exposure × probability × loss
func Cost(r *Ranking, prices []Price) ([]GapCost, error) {
	for _, p := range prices {
		if !(p.Exposure >= 0) || !(p.Probability >= 0 && p.Probability <= 1) || p.Hours < 0 || p.PerHour < 0 || p.Loss < 0 || math.IsInf(p.Exposure, 1) {
			return nil, bangkom.Problem{Code: "price", Where: string(p.Item), Msg: "needs: a price with a negative part, or a probability outside 0..1"}
		}
	}
	var out []GapCost
	for i := range r.Items {
		x := &r.Items[i]
		k := slices.IndexFunc(prices, func(p Price) bool { return p.Item == x.Item })
		if k < 0 || x.ShareBelow.N == 0 {
			continue
		}
		p := &prices[k]
		n := float64(x.Coverage.Cells())
		c := GapCost{Item: x.Item, Below: x.NR, People: [2]float64{n * x.ShareBelow.CI.Lo, n * x.ShareBelow.CI.Hi}, Hours: p.Hours * bangkom.JP(x.NR)}
		var err error
		price := func(people float64, each float64) bangkom.Rupiah {
			v := people * each
			if v >= math.MaxInt64/2 {
				err = bangkom.Problem{Code: "overflow", Where: string(x.Item), Msg: "needs: a cost beyond what an amount can hold"}
				return 0
			}
			return bangkom.Rupiah(math.Round(v))
		}
		each, loss := p.Hours.Float()*float64(p.PerHour), p.Exposure*p.Probability*float64(p.Loss)
		c.ToClose, c.ToIgnore = price(float64(x.NR), each), price(float64(x.NR), loss)
		for e := range 2 {
			c.CloseCI[e], c.IgnoreCI[e] = price(c.People[e], each), price(c.People[e], loss)
		}
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

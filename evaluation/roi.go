package evaluation

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/program"
)

// An ROI is the return on the money (Phillips).
//
// A benefit counts with value · isolation · confidence: the part that the
// training caused, discounted by how sure its estimate is. A benefit without
// a stated isolation or confidence is not counted at all, and an intangible one
// is listed and never turned into money.
//
// The interval takes each counted benefit for uncertain by the share that its
// confidence leaves open: between (1 ± (1 − confidence)) of its amount, most
// likely in the middle (triangular), independent of the others. It does not
// contain the doubt about the isolation itself. Costs are taken as spent.
//
// An offering without any cost is left out of both sides and named in Unpriced:
// its benefits and its people would otherwise be set against the money of
// others. While a row of [Study.Lost] is missing, what rests on it is NaN.
type ROI struct {
	Costs       bangkom.Rupiah    `json:"costs"`
	ByCategory  []CategoryCost    `json:"by_category"`
	Benefits    bangkom.Estimate  `json:"benefits"` // counted, in rupiah
	BCR         bangkom.Estimate  `json:"bcr"`      // benefits / costs
	Percent     bangkom.Estimate  `json:"percent"`  // (benefits − costs) / costs · 100
	Lines       []BenefitLine     `json:"lines"`
	Intangible  []string          `json:"intangible,omitempty"`
	PerPerson   bangkom.Estimate  `json:"per_person"`             // costs / participants, in rupiah
	PerLevel    *bangkom.Estimate `json:"per_level"`              // costs / levels gained by participants; nil: no level 3
	LevelSource string            `json:"level_source,omitempty"` // the source of ratings behind PerLevel

	Unpriced []program.OfferingID `json:"unpriced,omitempty"` // no cost is known of them: left out of all of this
	Lost     *Lost                `json:"lost,omitempty"`     // rows that could not be read; nil: none
}

// A CategoryCost is the sum of one category.
type CategoryCost struct {
	Category string         `json:"category"`
	Amount   bangkom.Rupiah `json:"amount"`
}

// A BenefitLine is one benefit and what of it counted.
type BenefitLine struct {
	Benefit Benefit `json:"benefit"`
	Counted float64 `json:"counted"`          // value · isolation · confidence, in rupiah
	Reason  string  `json:"reason,omitempty"` // why it did not count
}

// roi computes the return, of the offerings with costs if some have none; nil
// without costs and benefits.
func (e *evaluator) roi(b *BehaviourResult) *ROI {
	priced, unpriced := e.priced()
	if len(priced) == 0 || len(unpriced) == 0 {
		return e.money(b).cautioned(nil, e.s.Lost)
	}
	part := *e
	part.s.Offerings = priced
	part.c = part.s.cohort()
	out := part.money(part.behaviour()).cautioned(unpriced, e.s.Lost)
	e.problems = part.problems
	return out
}

// money sets costs against benefits, people and levels.
func (e *evaluator) money(b *BehaviourResult) *ROI {
	out := &ROI{}
	total := new(big.Int)
	byCategory := map[string]*big.Int{}
	for _, c := range e.s.Costs {
		if !e.c.offerings[c.Offering] {
			continue
		}
		if byCategory[c.Category] == nil {
			byCategory[c.Category] = new(big.Int)
		}
		byCategory[c.Category].Add(byCategory[c.Category], big.NewInt(int64(c.Amount)))
		total.Add(total, big.NewInt(int64(c.Amount)))
	}
	e.lines(out)
	if len(byCategory) == 0 && len(out.Lines) == 0 && len(out.Intangible) == 0 && e.s.Lost == (Lost{}) {
		return nil
	}
	if !total.IsInt64() {
		e.problems.Add(bangkom.Problem{Code: "amount-overflow", Where: "costs", Value: total.String(), Msg: "the costs exceed all money", Need: "check the number of digits"})
		return nil
	}
	out.Costs = bangkom.Rupiah(total.Int64())
	for _, c := range sortedKeys(byCategory) {
		out.ByCategory = append(out.ByCategory, CategoryCost{c, bangkom.Rupiah(byCategory[c].Int64())})
	}
	e.ratios(out)
	e.perHead(out, b)
	return out
}

// priced divides the offerings by whether a cost of theirs is known.
func (e *evaluator) priced() (priced, unpriced []program.OfferingID) {
	known := map[program.OfferingID]bool{}
	for _, c := range e.s.Costs {
		known[c.Offering] = true
	}
	for _, o := range e.s.All() {
		if known[o] {
			priced = append(priced, o)
		} else {
			unpriced = append(unpriced, o)
		}
	}
	return priced, unpriced
}

// cautioned says beside each figure what it does not cover, and takes away
// those that a lost row would change.
func (r *ROI) cautioned(unpriced []program.OfferingID, lost Lost) *ROI {
	if r == nil {
		return nil
	}
	r.Unpriced = unpriced
	ofCosts := []*bangkom.Estimate{&r.BCR, &r.Percent, &r.PerPerson}
	if r.PerLevel != nil {
		ofCosts = append(ofCosts, r.PerLevel)
	}
	warn := func(figures []*bangkom.Estimate, known bool, code, value, msg, need string) {
		for _, x := range figures {
			x.Warnings.Add(bangkom.Problem{Code: code, Severity: bangkom.Warning, Value: value, Msg: msg, Need: need})
			if !known {
				x.Value, x.SE, x.CI = math.NaN(), math.NaN(), bangkom.Interval{}
			}
		}
	}
	if len(r.Unpriced) > 0 {
		warn(ofCosts, true, "offerings-without-costs", listed(r.Unpriced), "offerings without a cost are left out, with their people and benefits", "list their costs")
	}
	if lost == (Lost{}) {
		return r
	}
	r.Lost = &lost
	if lost.Costs > 0 {
		warn(ofCosts, false, "costs-lost", strconv.Itoa(lost.Costs), "costs that could not be read: what rests on them is not known", "correct the rows")
	}
	if lost.Benefits > 0 {
		warn([]*bangkom.Estimate{&r.Benefits, &r.BCR, &r.Percent}, false, "benefits-lost", strconv.Itoa(lost.Benefits), "benefits that could not be read: the return is not known", "correct the rows")
	}
	return r
}

// listed joins ids.
func listed[S ~string](ids []S) string {
	var words []string
	for _, id := range ids {
		words = append(words, string(id))
	}
	return strings.Join(words, ", ")
}

// lines decides what of each benefit counts.
func (e *evaluator) lines(out *ROI) {
	for _, b := range e.s.Benefits {
		if !e.c.offerings[b.Offering] {
			continue
		}
		line := BenefitLine{Benefit: b}
		switch {
		case b.Value == nil:
			out.Intangible = append(out.Intangible, b.Measure)
			continue
		case !usable(b.Isolation):
			line.Reason = "no-isolation"
		case !usable(b.Confidence):
			line.Reason = "no-confidence"
		default:
			line.Counted = float64(*b.Value) * b.Isolation.Value * b.Confidence.Value
		}
		out.Lines = append(out.Lines, line)
	}
}

func usable(s Share) bool { return s.Known && s.Value >= 0 && s.Value <= 1 }

// ratios computes benefits, BCR and ROI with their interval.
func (e *evaluator) ratios(out *ROI) {
	sum, used := 0.0, 0
	for _, l := range out.Lines {
		sum += l.Counted
		used += one(l.Reason == "")
	}
	out.Benefits = bangkom.Estimate{Value: sum, SE: math.NaN(), N: used, Method: "Σ value · isolation · confidence",
		Missing: bangkom.Missing{Policy: "benefits with isolation and confidence", Dropped: len(out.Lines) - used}}
	for _, l := range out.Lines {
		if l.Reason != "" {
			out.Benefits.Warnings.Add(bangkom.Problem{Code: l.Reason, Severity: bangkom.Warning, Value: l.Benefit.Measure,
				Msg: "a benefit that was not counted", Need: "state which part is due to the training, and how sure that is"})
		}
	}
	out.Benefits.SE, out.Benefits.CI = e.spread(out.Lines, sum)
	if used == 0 { // nothing is known of the benefits: that is not a benefit of nothing
		out.Benefits.Value = math.NaN()
		out.Benefits.Warnings.Add(bangkom.Problem{Code: bangkom.ErrTooFew.Code, Severity: bangkom.Warning, Value: "0", Msg: "no benefit could be counted", Need: "benefits with value, isolation and confidence"})
	}
	costs := float64(out.Costs)
	scaled := func(method string, factor, shift float64) bangkom.Estimate {
		est := out.Benefits
		est.Warnings = slices.Clone(est.Warnings)
		est.Method = method
		if costs <= 0 {
			est.Value, est.SE, est.CI = math.NaN(), math.NaN(), bangkom.Interval{}
			est.Warnings.Add(bangkom.Problem{Code: bangkom.ErrTooFew.Code, Severity: bangkom.Warning, Value: "0", Msg: "no costs: a return on nothing is undefined", Need: "list the costs"})
			return est
		}
		est.Value, est.SE = est.Value*factor+shift, est.SE*factor
		if est.CI.Level > 0 {
			est.CI.Lo, est.CI.Hi = est.CI.Lo*factor+shift, est.CI.Hi*factor+shift
		}
		return est
	}
	out.BCR = scaled("benefits / costs", 1/costs, 0)
	out.Percent = scaled("(benefits − costs) / costs · 100", 100/costs, -100)
}

// spread is the standard error and interval of the sum of the counted benefits.
func (e *evaluator) spread(lines []BenefitLine, sum float64) (float64, bangkom.Interval) {
	type span struct{ mode, half float64 }
	var spans []span
	for _, l := range lines {
		if l.Reason == "" {
			spans = append(spans, span{l.Counted, math.Abs(l.Counted) * (1 - l.Benefit.Confidence.Value)})
		}
	}
	if len(spans) == 0 {
		return math.NaN(), bangkom.Interval{}
	}
	reach, variance := 0.0, 0.0
	for _, s := range spans {
		reach += s.half
		variance += s.half * s.half / 6 // of a symmetric triangle
	}
	if e.o.Bounds {
		return math.Sqrt(variance), bangkom.Interval{Lo: sum - reach, Hi: sum + reach, Level: 1, Method: "bounds: all benefits low, all high"}
	}
	draws := make([]float64, e.o.Draws)
	for i, s := range spans {
		// A stream per benefit: one more benefit does not change the draws of the others.
		r := rand.New(rand.NewPCG(e.o.Seed, uint64(i)))
		for d := range draws {
			draws[d] += s.mode + s.half*(r.Float64()-r.Float64()) // a symmetric triangle
		}
	}
	slices.Sort(draws)
	tail := (1 - e.o.Level) / 2
	return math.Sqrt(variance), bangkom.Interval{Lo: quantile(draws, tail), Hi: quantile(draws, 1-tail), Level: e.o.Level,
		Method: fmt.Sprintf("Monte Carlo, triangular, independent, %d draws, seed %d", e.o.Draws, e.o.Seed)}
}

// quantile interpolates between the order statistics (type 7 of Hyndman and Fan).
func quantile(sorted []float64, p float64) float64 {
	h := p * float64(len(sorted)-1)
	i := int(h)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[i] + (h-float64(i))*(sorted[i+1]-sorted[i])
}

// perHead relates the costs to people and to levels gained, before any money
// is put on a benefit.
func (e *evaluator) perHead(out *ROI, b *BehaviourResult) {
	n := len(e.c.people)
	if n == 0 {
		out.PerPerson = unknown("costs / participants", 0, bangkom.Problem{Code: bangkom.ErrTooFew.Code, Msg: "the study does not say who took part", Need: "Participants"})
		return
	}
	if len(out.ByCategory) == 0 {
		out.PerPerson = unknown("costs / participants", n, bangkom.Problem{Code: bangkom.ErrTooFew.Code, Msg: "no costs are known", Need: "list the costs"})
		return
	}
	out.PerPerson = bangkom.Estimate{Value: float64(out.Costs) / float64(n), SE: math.NaN(), N: n, Method: "costs / participants"}
	if b == nil || len(b.Sources) == 0 {
		return
	}
	best := b.Sources[0].Best()
	per := bangkom.Estimate{Value: math.NaN(), SE: math.NaN(), N: b.Sources[0].Change.Estimate.N, Method: "costs / (participants · mean levels gained)", Missing: best.Missing}
	if best.Value > 0 {
		per.Value = out.PerPerson.Value / best.Value
	} else {
		per.Warnings.Add(bangkom.Problem{Code: "no-gain", Severity: bangkom.Warning, Msg: "no level was gained: there is no price of one"})
	}
	if best.CI.Lo > 0 {
		per.CI = bangkom.Interval{Lo: out.PerPerson.Value / best.CI.Hi, Hi: out.PerPerson.Value / best.CI.Lo, Level: best.CI.Level, Method: "inverted " + best.CI.Method}
	} else if best.CI.Level > 0 && best.Value > 0 {
		per.CI = bangkom.Interval{Lo: out.PerPerson.Value / best.CI.Hi, Hi: math.Inf(1), Level: best.CI.Level, Method: "inverted " + best.CI.Method}
	}
	out.PerLevel, out.LevelSource = &per, string(b.Sources[0].Source)
}

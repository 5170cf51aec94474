package needs

import (
	"fmt"
	"math"
	"math/big"
	"slices"

	"github.com/bangkom/bangkom"
)

// A Crosshair parts the plane of performance and importance. The zero value is
// DataMean.
type Crosshair struct {
	kind                    string
	performance, importance float64
}

// The crosshairs. They give different answers; the result names its own.
var (
	DataMean    = Crosshair{}               // the mean of the items' means
	DataMedian  = Crosshair{kind: "median"} // their median
	ScaleCentre = Crosshair{kind: "scale"}  // (a + b)/2; with an even number of levels it is no level
)

// Fixed puts the lines where the caller wants them.
func Fixed(performance, importance float64) Crosshair {
	return Crosshair{"fixed", performance, importance}
}

// Diagonal calls a need what lies more than offset above the line of equal
// importance and performance.
func Diagonal(offset float64) Crosshair { return Crosshair{kind: "diagonal", importance: offset} }

// String names the crosshair: "mean", "fixed(3,4)", "diagonal(0.5)".
func (c Crosshair) String() string {
	switch c.kind {
	case "":
		return "mean"
	case "fixed":
		return fmt.Sprintf("fixed(%g,%g)", c.performance, c.importance)
	case "diagonal":
		return fmt.Sprintf("diagonal(%g)", c.importance)
	}
	return c.kind
}

// IPA is importance-performance analysis (Martilla & James 1977). Its answer is
// the quadrant of the point (P̄, Ī); the score Ī − P̄ only orders the items.
//
//	A  concentrate here    Ī ≥ c_I, P̄ < c_P
//	B  keep up             Ī ≥ c_I, P̄ ≥ c_P
//	C  low priority        Ī < c_I, P̄ < c_P
//	D  possible overkill   Ī < c_I, P̄ ≥ c_P
//
// A point on a line belongs to the higher side and is flagged, decided exactly.
// With a [Diagonal] it is A above the line and B on or below it.
func IPA(c Crosshair) Method {
	name := "ipa"
	if c.kind != "" {
		name += "-" + c.String()
	}
	return Method{&method{
		MethodInfo: MethodInfo{name, "levels", "Ī − P̄; the answer is the quadrant", "-(b-a)..b-a", 2, "Martilla & James (1977); crosshair: " + c.String(), "mean(i) - mean(p)"},
		importance: true, available: true,
		exact:     func(m *means) *big.Rat { return m.d },
		floats:    gapRatio,
		influence: gapInfluence,
		check:     c.check,
		details:   c.details,
		target:    c.target,
	}}
}

func (c Crosshair) check(*Cube) error {
	if x := c.performance + c.importance; math.IsNaN(x) || math.IsInf(x, 0) {
		return bangkom.Problem{Code: bangkom.ErrOption.Code, Where: "needs: Crosshair", Value: c.String(), Msg: "a line that is no number"}
	}
	return nil
}

// IPADetail is where a point lies; null: no data.
type IPADetail struct {
	Quadrant    string   `json:"quadrant"` // A, B, C or D
	OnLine      bool     `json:"on_line"`  // it lies on a line, and was given to the higher side
	Importance  *float64 `json:"importance"`
	Performance *float64 `json:"performance"`
	CentreI     *float64 `json:"centre_importance"`  // null: a diagonal has none
	CentreP     *float64 `json:"centre_performance"` // the same
	Conformity  *float64 `json:"conformity"`         // 100 ΣP/ΣI over the same pairs
	PTarget     *float64 `json:"p_quadrant_a"`       // share of the resamples in A; null: none
}

func (c Crosshair) details(views []*view, r *Ranking, o Options) []any {
	out := make([]any, len(views))
	ci, cp := c.lines(views, r.Scale.First, r.Scale.Levels)
	if c.kind == "scale" && r.Scale.Levels%2 == 0 {
		r.Problems.Add(bangkom.Problem{Code: "even-scale", Severity: bangkom.Warning, Value: r.Scale.String(), Msg: "the centre of a scale with an even number of levels is no level"})
	}
	warnFlatImportance(views, r)
	for i, v := range views {
		if v.mean == nil {
			continue
		}
		d := IPADetail{Importance: number(v.mean.want), Performance: number(v.mean.have), Conformity: percent(v.mean.have, v.mean.want)}
		if c.kind == "diagonal" {
			x := compareRat(v.mean.d, rat(c.importance), v.exact)
			d.OnLine, d.Quadrant = x == 0, "B"
			if x > 0 {
				d.Quadrant = "A"
			}
		} else {
			d.CentreI, d.CentreP = number(ci), number(cp)
			hi, hp := compareRat(v.mean.want, ci, v.exact), compareRat(v.mean.have, cp, v.exact)
			d.OnLine = hi == 0 || hp == 0
			d.Quadrant = quadrant("ABCD", hi >= 0, hp < 0)
		}
		out[i] = d
	}
	return out
}

// quadrant picks a class: first and second if important, first and third if there is a gap.
func quadrant(classes string, important, gap bool) string {
	i := 0
	if !important {
		i += 2
	}
	if !gap {
		i++
	}
	return classes[i : i+1]
}

func percent(a, b *big.Rat) *float64 {
	if a == nil || b == nil || b.Sign() == 0 {
		return nil
	}
	q := new(big.Rat).Quo(a, b)
	return number(q.Mul(q, big.NewRat(100, 1)))
}

// lines of the crosshair: importance, performance.
func (c Crosshair) lines(views []*view, first, levels int) (importance, performance *big.Rat) {
	var is, ps []*big.Rat
	for _, v := range views {
		if v.mean != nil {
			is, ps = append(is, v.mean.want), append(ps, v.mean.have)
		}
	}
	switch c.kind {
	case "fixed":
		return rat(c.importance), rat(c.performance)
	case "scale":
		mid := big.NewRat(int64(2*first+levels-1), 2)
		return mid, mid
	case "median":
		return medianRat(is), medianRat(ps)
	}
	return meanRat(is), meanRat(ps)
}

func meanRat(xs []*big.Rat) *big.Rat {
	if len(xs) == 0 {
		return nil
	}
	sum := new(big.Rat)
	for _, x := range xs {
		sum.Add(sum, x)
	}
	return sum.Quo(sum, big.NewRat(int64(len(xs)), 1))
}

func medianRat(xs []*big.Rat) *big.Rat {
	if len(xs) == 0 {
		return nil
	}
	s := slices.Clone(xs)
	slices.SortFunc(s, (*big.Rat).Cmp)
	return meanRat(s[(len(s)-1)/2 : len(s)/2+1])
}

// compareRat compares; what is not exact is equal within 1e-9 relative.
func compareRat(a, b *big.Rat, exact bool) int {
	if !exact {
		x, _ := a.Float64()
		y, _ := b.Float64()
		return compareNear(x, y)
	}
	return a.Cmp(b)
}

func compareNear(x, y float64) int {
	switch {
	case math.Abs(x-y) <= 1e-9*max(math.Abs(x), math.Abs(y)):
		return 0
	case x < y:
		return -1
	}
	return 1
}

// target says which items of a resample lie in A.
func (c Crosshair) target(s []sums, out []bool) {
	if c.kind == "diagonal" {
		for i := range s {
			out[i] = compareNear(s[i].want-s[i].have, c.importance*s[i].n) > 0
		}
		return
	}
	ci, cp := c.importance, c.performance
	var room [2][32]float64 // seldom more: no allocation
	is, ps := room[0][:0], room[1][:0]
	for i := range s {
		if s[i].n > 0 {
			is, ps = append(is, s[i].want/s[i].n), append(ps, s[i].have/s[i].n)
		}
	}
	switch {
	case c.kind == "fixed" || len(is) == 0:
	case c.kind == "median":
		ci, cp = median(is), median(ps)
	default:
		ci, cp = mean(is), mean(ps)
	}
	for i := range s {
		out[i] = s[i].n > 0 && compareNear(s[i].want/s[i].n, ci) >= 0 && compareNear(s[i].have/s[i].n, cp) < 0
	}
}

func mean(xs []float64) float64 {
	var s float64
	for _, x := range xs {
		s += x
	}
	return s / float64(len(xs))
}

func median(xs []float64) float64 {
	slices.Sort(xs)
	return (xs[(len(xs)-1)/2] + xs[len(xs)/2]) / 2
}

// warnFlatImportance: if all items are about equally important, the quadrants
// say little. The bound is a quarter of a level.
func warnFlatImportance(views []*view, r *Ranking) {
	var is []float64
	for _, v := range views {
		if v.mean != nil {
			x, _ := v.mean.want.Float64()
			is = append(is, x)
		}
	}
	if len(is) < 2 {
		return
	}
	m, ss := mean(is), 0.0
	for _, x := range is {
		ss += (x - m) * (x - m)
	}
	if sd := math.Sqrt(ss / float64(len(is)-1)); sd < .25 {
		r.Problems.Add(bangkom.Problem{Code: "flat-importance", Severity: bangkom.Warning, Value: fmt.Sprintf("sd %.2g, range %.2g", sd, slices.Max(is)-slices.Min(is)),
			Msg: "the items are about equally important: small differences decide the quadrants"})
	}
}

// CSI is the customer satisfaction index of the items together, 100 ΣĪP̄/(b ΣĪ)
// over pairs; NaN without data.
func CSI(c *Cube) float64 {
	num, den := new(big.Rat), new(big.Rat)
	for i := range c.frame.Items {
		m := newView(c.joint(i).pairs(), nil, Pairwise).mean
		if m == nil {
			continue
		}
		num.Add(num, new(big.Rat).Mul(m.want, m.have))
		den.Add(den, m.want)
	}
	top := int64(c.frame.Scale.First + c.frame.Scale.Levels - 1)
	if den.Mul(den, big.NewRat(top, 1)).Sign() == 0 {
		return math.NaN()
	}
	return *percent(num, den)
}

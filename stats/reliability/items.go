package reliability

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
	"github.com/bangkom/bangkom/internal/word"
	"github.com/bangkom/bangkom/stats/internal/wire"
)

// KR20 is Kuder and Richardson's formula 20 for answers that are right (1) or
// wrong (0): the alpha of such items, with the same interval.
//
//	k/(k−1) · (1 − Σ p(1−p) / var(sum)),   both variances with n
//
// An answer other than 0, 1 or NaN is the error "not-binary". Otherwise as [Alpha].
// In R: psych::alpha.
func KR20(items [][]float64, opt *Options) (bangkom.Estimate, error) {
	if err := binary(items); err != nil {
		return bangkom.Estimate{}, err
	}
	r, err := Alpha(items, opt)
	if err != nil {
		return bangkom.Estimate{}, err
	}
	r.Raw.Method = "KR-20; SE Duhachek–Iacobucci"
	return r.Raw, nil
}

// KR21 supposes that all items are equally difficult, and needs only the mean
// M and the variance s² (with n) of the number of right answers:
//
//	k/(k−1) · (1 − M(k − M) / (k s²))
//
// It is never above [KR20]. It has no interval of its own. Errors: those of KR20.
func KR21(items [][]float64, opt *Options) (bangkom.Estimate, error) {
	if err := binary(items); err != nil {
		return bangkom.Estimate{}, err
	}
	s, err := Summarize(items, opt)
	if err != nil {
		return bangkom.Estimate{}, err
	}
	if s, err = s.checked(); err != nil {
		return bangkom.Estimate{}, err
	}
	k, n := float64(len(items)), float64(s.N)
	m, v := num.Sum(s.Mean), num.Total(s.Cov)*(n-1)/n
	return bangkom.Estimate{Value: k / (k - 1) * (1 - m*(k-m)/(k*v)), SE: math.NaN(), N: s.N, Method: "KR-21", Missing: s.Missing, Warnings: s.Warnings}, nil
}

func binary(items [][]float64) error {
	for i, it := range items {
		for r, x := range it {
			if x != 0 && x != 1 && !math.IsNaN(x) {
				return problem(bangkom.Problem{Code: "not-binary"}, fmt.Sprintf("item %d, row %d", i, r), fmt.Sprint(x), "an answer that is neither right (1) nor wrong (0)", "0, 1, or NaN where unanswered")
			}
		}
	}
	return nil
}

// A TieRule says who belongs to the upper and lower group where several people
// have the score at the edge. With few different scores it changes the index a lot.
type TieRule uint8

// The tie rules.
const (
	ShareTies   TieRule = iota // people at the edge count in part, so that the group has exactly its size; no order needed
	IncludeTies                // all people at the edge belong to the group, which grows
	ExcludeTies                // none does, and it shrinks; if nobody is left the index is unknown
)

var tieWords = word.Of[TieRule]("tie rule", "share ties", "include ties", "exclude ties")

// String returns "share ties", "include ties" or "exclude ties".
func (t TieRule) String() string { return tieWords.String(t) }

// ItemOptions of [AnalyzeItems] and [Distractors]. The zero value, or nil, is usable.
type ItemOptions struct {
	Group float64   // share of people in the upper, and in the lower, group; 0: 0.27 (Kelley, 1939)
	Ties  TieRule   // the zero value is ShareTies
	Max   []float64 // the most points of an item; nil: 1 for every item
	Names []string  // of the items; nil: "1", "2", …
}

// An ItemRow says how one item of a test works.
type ItemRow struct {
	Name           string  `json:"name"`
	Difficulty     float64 `json:"difficulty"`     // mean points / most points: 1 is the easiest
	SD             float64 `json:"sd"`             // of the points, with n − 1
	Discrimination float64 `json:"discrimination"` // difficulty in the upper group − in the lower group
	PointBiserial  float64 `json:"point_biserial"` // correlation with the score
	Corrected      float64 `json:"corrected"`      // correlation with the score without the item
	Biserial       float64 `json:"biserial"`       // as PointBiserial, for an ability behind right and wrong; NaN with partial points
	KRDropped      float64 `json:"alpha_dropped"`  // alpha of the other items
}

// An ItemResult is what [AnalyzeItems] found.
type ItemResult struct {
	Items    []ItemRow        `json:"items"`
	N        int              `json:"n"`
	Mean     float64          `json:"mean"`  // of the scores
	SD       float64          `json:"sd"`    // of the scores
	Upper    float64          `json:"upper"` // weight of the upper group, in people
	Lower    float64          `json:"lower"`
	Alpha    bangkom.Estimate `json:"alpha"` // KR-20 where answers are right or wrong
	Method   string           `json:"method"`
	Missing  bangkom.Missing  `json:"missing"`
	Warnings bangkom.Problems `json:"warnings,omitempty"`
}

// AnalyzeItems is the classical analysis of a scored test: points is item ×
// person, 0 or 1, or up to Max. A person with a NaN is left out and counted; an
// omitted question that counts as wrong is a 0.
//
// The groups of the discrimination index are the Group share of people with the
// highest and the lowest scores; who that is where scores are tied is said by Ties.
// The biserial correlation is r·√(pq)/φ(z_p) with the point-biserial r.
//
// Errors: ErrShape, ErrNotFinite, ErrTooFew, ErrNoVariation if all scores are
// the same, ErrOption; "off-scale" for points below 0 or above the most.
// In R: psych::alpha for the correlations; CTT::itemAnalysis.
func AnalyzeItems(points [][]float64, opt *ItemOptions) (ItemResult, error) {
	o, err := opt.checked(len(points))
	if err != nil {
		return ItemResult{}, err
	}
	s, err := Summarize(points, &Options{Names: o.Names})
	if err != nil {
		return ItemResult{}, err
	}
	if err := o.onScale(points); err != nil {
		return ItemResult{}, err
	}
	a, err := s.Alpha()
	if err != nil {
		return ItemResult{}, err
	}
	kept := complete(points)
	g := o.groups(kept)
	r := ItemResult{N: s.N, Mean: num.Sum(s.Mean), SD: math.Sqrt(num.Total(s.Cov)), Upper: num.Sum(g.upper), Lower: num.Sum(g.lower),
		Alpha: a.Raw, Missing: s.Missing, Warnings: a.Raw.Warnings,
		Method: fmt.Sprintf("upper and lower %g %% by score, %s", 100*o.Group, o.Ties)}
	r.Alpha.Warnings = nil
	for i, st := range a.Statistics {
		p := st.Mean / o.most(i)
		row := ItemRow{Name: st.Name, Difficulty: p, SD: st.SD, PointBiserial: st.Raw, Corrected: st.Drop, KRDropped: st.AlphaDropped,
			Discrimination: (g.mean(g.upper, kept[i]) - g.mean(g.lower, kept[i])) / o.most(i), Biserial: math.NaN()}
		if binary(kept[i:i+1]) == nil && p > 0 && p < 1 {
			z := num.NormalQuantile(p)
			row.Biserial = st.Raw * math.Sqrt(p*(1-p)) / (math.Exp(-z*z/2) / math.Sqrt(2*math.Pi))
		}
		if p == 0 || p == 1 {
			r.Warnings.Add(bangkom.Problem{Code: "constant-item", Severity: bangkom.Warning, Where: "item " + st.Name, Value: wire.Short(p), Msg: "everybody has the same points: the item tells nobody apart"})
		}
		r.Items = append(r.Items, row)
	}
	r.Warnings = append(r.Warnings, g.warnings()...)
	return r, nil
}

func (o ItemOptions) most(i int) float64 {
	if o.Max == nil {
		return 1
	}
	return o.Max[i]
}

func (o ItemOptions) onScale(points [][]float64) error {
	for i, it := range points {
		for r, x := range it {
			if x < 0 || x > o.most(i) {
				return problem(bangkom.Problem{Code: "off-scale"}, fmt.Sprintf("item %d, row %d", i, r), fmt.Sprint(x), fmt.Sprintf("points outside 0 to %g", o.most(i)), "ItemOptions.Max")
			}
		}
	}
	return nil
}

func (opt *ItemOptions) checked(items int) (ItemOptions, error) {
	o := ItemOptions{}
	if opt != nil {
		o = *opt
	}
	if o.Group == 0 {
		o.Group = 0.27
	}
	switch {
	case !(o.Group > 0 && o.Group <= 0.5):
		return o, problem(bangkom.ErrOption, "Group", fmt.Sprint(o.Group), "a share outside (0, 0.5]", "use 0.27")
	case o.Ties > ExcludeTies:
		return o, problem(bangkom.ErrOption, "Ties", o.Ties.String(), "no such rule", "ShareTies, IncludeTies or ExcludeTies")
	case o.Max != nil && len(o.Max) != items:
		return o, problem(bangkom.ErrOption, "Max", fmt.Sprint(len(o.Max)), "another number than of items", "one entry per item, or nil")
	case o.Names != nil && len(o.Names) != items:
		return o, problem(bangkom.ErrOption, "Names", fmt.Sprint(len(o.Names)), "another number than of items", "one name per item, or nil")
	}
	for i, m := range o.Max {
		if !(m > 0) || math.IsInf(m, 0) {
			return o, problem(bangkom.ErrOption, "Max", fmt.Sprintf("item %d: %g", i, m), "not a number of points", "above 0")
		}
	}
	return o, nil
}

// groups hold how much each person counts in the upper and in the lower group.
type groups struct{ upper, lower []float64 }

func (o ItemOptions) groups(points [][]float64) groups {
	score := make([]float64, len(points[0]))
	for _, it := range points {
		for r, x := range it {
			score[r] += x
		}
	}
	return o.groupsOf(score)
}

func (o ItemOptions) groupsOf(score []float64) groups {
	order := make([]int, len(score))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(score[a], score[b]) })
	g := groups{upper: make([]float64, len(score)), lower: make([]float64, len(score))}
	o.weigh(g.lower, order, score)
	slices.Reverse(order)
	o.weigh(g.upper, order, score)
	return g
}

// weigh walks from the edge of all inwards, one score at a time.
func (o ItemOptions) weigh(w []float64, order []int, score []float64) {
	size := o.Group * float64(len(order))
	if o.Ties != ShareTies {
		size = math.Ceil(size - 1e-9)
	}
	for from := 0; from < len(order) && size > 1e-9; {
		to := from
		for to < len(order) && math.Abs(score[order[to]]-score[order[from]]) <= 1e-9*math.Abs(score[order[from]]) {
			to++
		}
		each := 1.0
		if tied := float64(to - from); tied > size {
			switch o.Ties {
			case ShareTies:
				each = size / tied
			case ExcludeTies:
				return
			}
		}
		for _, r := range order[from:to] {
			w[r] = each
		}
		size -= float64(to - from)
		from = to
	}
}

func (g groups) warnings() (w bangkom.Problems) {
	if num.Sum(g.upper) == 0 || num.Sum(g.lower) == 0 {
		w.Add(bangkom.Problem{Code: bangkom.ErrTooFew.Code, Severity: bangkom.Warning, Msg: "nobody is in a group, or all are tied at its edge: no discrimination index", Need: "ShareTies, or a larger share"})
	}
	return w
}

func (groups) mean(w, x []float64) float64 { return num.Dot(w, x) / num.Sum(w) }

// String gives the test on one line.
func (r ItemResult) String() string {
	return fmt.Sprintf("%d items, %d people: mean score %s, sd %s, alpha %s", len(r.Items), r.N, wire.Short(r.Mean), wire.Short(r.SD), r.Alpha)
}

// Table gives one line per item.
func (r ItemResult) Table() string {
	var b strings.Builder
	t := wire.NewGrid("difficulty", "sd", "D", "r", "r corrected", "biserial", "alpha without")
	for _, i := range r.Items {
		t.Row(i.Name, i.Difficulty, i.SD, i.Discrimination, i.PointBiserial, i.Corrected, i.Biserial, i.KRDropped)
	}
	t.Write(&b)
	fmt.Fprintf(&b, "\n%s\nD: %s; %s people in the upper group, %s in the lower.\nr: with the score; corrected: with the score without the item. Missing answers: %s.\n",
		r, r.Method, wire.Short(r.Upper), wire.Short(r.Lower), r.Missing)
	for _, w := range r.Warnings {
		fmt.Fprintf(&b, "%s: %s\n", w.Severity, w.Error())
	}
	return b.String()
}

// MarshalJSON writes the fields by their tags; what is no number is null.
func (r ItemResult) MarshalJSON() ([]byte, error) { return wire.Marshal(r) }

// UnmarshalJSON reads what MarshalJSON wrote; null is NaN.
func (r *ItemResult) UnmarshalJSON(data []byte) error {
	type plain ItemResult
	return wire.Unmarshal(data, (*plain)(r))
}

// MarshalJSON writes the fields by their tags; what is no number is null.
func (r ItemRow) MarshalJSON() ([]byte, error) { return wire.Marshal(r) }

// UnmarshalJSON reads what MarshalJSON wrote; null is NaN.
func (r *ItemRow) UnmarshalJSON(data []byte) error {
	type plain ItemRow
	return wire.Unmarshal(data, (*plain)(r))
}

package needs

import "math/big"

// Locus is the Locus for Focus model: importance against the gap, each parted
// at the mean of the items. Its answer is the class; the score D̄ only orders.
//
//	x = Ī, y = D̄;  HH important and a large gap, HL, LH, LL
//
// A point on a line goes high and is flagged. The recipe in use takes k, the
// number of HH items, and calls HH ∩ Borich's top k the first priority; see
// [Compare].
var Locus = Method{&method{
	MethodInfo: MethodInfo{"locus", "levels", "D̄; the answer is the class", "-(b-a)..b-a", 2, "Locus for Focus; interval: Student's t", "mean(i - p)"},
	importance: true, available: true, withAll: true,
	exact:     func(m *means) *big.Rat { return m.d },
	floats:    gapRatio,
	influence: gapInfluence,
	details:   locusDetails,
	target:    locusTarget,
}}

// LocusDetail is where a point lies.
type LocusDetail struct {
	Class      string   `json:"class"`   // HH, HL, LH or LL: importance, gap
	OnLine     bool     `json:"on_line"` // it lies on a line, and was taken as high
	Importance *float64 `json:"importance"`
	Gap        *float64 `json:"gap"`
	CentreI    *float64 `json:"centre_importance"`
	CentreGap  *float64 `json:"centre_gap"`
	PTarget    *float64 `json:"p_hh"` // share of the resamples in HH; null: none
}

func locusDetails(views []*view, r *Ranking, _ Options) []any {
	out := make([]any, len(views))
	var is, ds []*big.Rat
	for _, v := range views {
		if v.mean != nil {
			is, ds = append(is, v.mean.want), append(ds, v.mean.d)
		}
	}
	ci, cd := meanRat(is), meanRat(ds)
	warnFlatImportance(views, r)
	for i, v := range views {
		if v.mean == nil {
			continue
		}
		x, y := compareRat(v.mean.want, ci, v.exact), compareRat(v.mean.d, cd, v.exact)
		out[i] = LocusDetail{Class: level(x) + level(y), OnLine: x == 0 || y == 0,
			Importance: number(v.mean.want), Gap: number(v.mean.d), CentreI: number(ci), CentreGap: number(cd)}
	}
	return out
}

func level(x int) string {
	if x >= 0 {
		return "H"
	}
	return "L"
}

func locusTarget(s []sums, out []bool) {
	var room [2][32]float64 // seldom more: no allocation
	is, ds := room[0][:0], room[1][:0]
	for i := range s {
		if s[i].n > 0 {
			is, ds = append(is, s[i].want/s[i].n), append(ds, (s[i].want-s[i].have)/s[i].n)
		}
	}
	ci, cd := mean(is), mean(ds)
	for i := range s {
		out[i] = s[i].n > 0 && compareNear(s[i].want/s[i].n, ci) >= 0 && compareNear((s[i].want-s[i].have)/s[i].n, cd) >= 0
	}
}

package reliability

import (
	"fmt"
	"math"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
)

// Options of the coefficients. The zero value, or nil, is usable.
type Options struct {
	Level float64 // of the interval; 0: 0.95
}

// An AlphaResult is what [Alpha] found.
type AlphaResult struct {
	Raw          bangkom.Estimate `json:"raw"`          // on covariances, with Feldt's interval
	Standardized bangkom.Estimate `json:"standardized"` // on correlations, without interval; NaN if an item is constant
	Items        int              `json:"items"`
}

// Alpha returns Cronbach's coefficient of k items:
//
//	α = k/(k−1) · (1 − Σ var(item) / var(sum of items))
//
// items is item × respondent; items that are worded the other way round are
// reversed by the caller first. A respondent with a NaN in any item is left out
// (listwise) and counted. The interval is Feldt's (1965): with n respondents
// and df = n − 1, (n − 1)(k − 1),
//
//	1 − (1 − α) · F(1 − (1−level)/2),  1 − (1 − α) · F((1−level)/2)
//
// Alpha is high for many items that go together; it does not show that they
// measure one thing. Errors: ErrShape, ErrNotFinite, ErrTooFew below two items
// or two complete respondents, ErrNoVariation if the sum is constant, ErrOption.
//
// In R: psych::alpha, raw_alpha and feldt.
func Alpha(items [][]float64, opt *Options) (AlphaResult, error) {
	level := 0.95
	if opt != nil && opt.Level != 0 {
		level = opt.Level
	}
	if !(level > 0 && level < 1) {
		return AlphaResult{}, problem(bangkom.ErrOption, "Level", fmt.Sprint(level), "a level outside (0, 1)", "use 0.95")
	}
	rows, err := complete(items)
	if err != nil {
		return AlphaResult{}, err
	}
	k, n := float64(len(rows)), float64(len(rows[0]))
	raw, std := num.Alpha(rows)
	if math.IsNaN(raw) {
		return AlphaResult{}, problem(bangkom.ErrNoVariation, "alpha", "", "the sum of the items is the same for everybody", "respondents who differ")
	}
	tail := (1 - level) / 2
	d1, d2 := n-1, (n-1)*(k-1)
	missing := bangkom.Missing{Policy: "listwise", Dropped: len(items[0]) - len(rows[0])}
	r := AlphaResult{Items: len(rows), Raw: bangkom.Estimate{
		Value: raw, SE: math.NaN(), N: len(rows[0]), Method: "Cronbach alpha, raw",
		CI:      bangkom.Interval{Lo: 1 - (1-raw)*num.FQuantile(1-tail, d1, d2), Hi: 1 - (1-raw)*num.FQuantile(tail, d1, d2), Level: level, Method: "Feldt"},
		Missing: missing,
	}}
	r.Standardized = bangkom.Estimate{Value: std, SE: math.NaN(), N: len(rows[0]), Method: "Cronbach alpha, standardised", Missing: missing}
	if raw < 0 {
		r.Raw.Warnings.Add(bangkom.Problem{Code: "negative-alpha", Severity: bangkom.Warning, Msg: "items work against each other", Need: "reverse the items that are worded the other way round"})
	}
	if math.IsNaN(std) {
		r.Standardized.Warnings.Add(bangkom.Problem{Code: "constant-item", Severity: bangkom.Warning, Msg: "an item has the same answer from everybody"})
	}
	if n < 30 {
		r.Raw.Warnings.Add(bangkom.Problem{Code: "small-sample", Severity: bangkom.Warning, Value: fmt.Sprint(len(rows[0])), Msg: "few respondents: read the interval, not the coefficient", Need: "30 respondents or more"})
	}
	return r, nil
}

// complete keeps the respondents who answered every item.
func complete(items [][]float64) ([][]float64, error) {
	if len(items) < 2 {
		return nil, problem(bangkom.ErrTooFew, "alpha", fmt.Sprint(len(items)), "fewer than two items", "at least 2 items")
	}
	n := len(items[0])
	for i, it := range items {
		if len(it) != n {
			return nil, problem(bangkom.ErrShape, "alpha", fmt.Sprintf("item %d has %d, item 0 has %d", i, len(it), n), "items of unequal length", "one entry per respondent, NaN where unanswered")
		}
	}
	rows := make([][]float64, len(items))
	for r := range n {
		whole := true
		for i, it := range items {
			if math.IsInf(it[r], 0) {
				return nil, problem(bangkom.ErrNotFinite, "alpha", fmt.Sprintf("item %d, row %d", i, r), "an infinite value", "NaN where unanswered")
			}
			whole = whole && !math.IsNaN(it[r])
		}
		if !whole {
			continue
		}
		for i, it := range items {
			rows[i] = append(rows[i], it[r])
		}
	}
	if len(rows[0]) < 2 {
		return nil, problem(bangkom.ErrTooFew, "alpha", fmt.Sprint(len(rows[0])), "fewer than two complete respondents", "at least 2 respondents without gaps")
	}
	return rows, nil
}

func problem(code bangkom.Problem, where, value, msg, need string) error {
	return bangkom.Problem{Code: code.Code, Where: "reliability: " + where, Value: value, Msg: msg, Need: need}
}

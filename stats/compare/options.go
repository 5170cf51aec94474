package compare

import (
	"fmt"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
)

// The alternatives of a test.
const (
	TwoSided = "two-sided" // the zero value of Options.Alternative means this
	Less     = "less"
	Greater  = "greater"
)

// The distributions of a statistic under the hypothesis.
const (
	Exact      = "exact"      // all arrangements that could have been, ties included
	Asymptotic = "asymptotic" // normal or χ², corrected for ties and, unless NoContinuity, for continuity
	MidP       = "mid-p"      // exact, of the observed arrangement only a half: counts only
)

// What [Wilcoxon] does about those who did not change.
const (
	Wilcox = "wilcox" // left out before ranking; the zero value of Options.Zeros means this
	Pratt  = "pratt"  // ranked, and then left out
	Split  = "split"  // ranked, with half their ranks on either side
)

// Options of the tests. The zero value, or nil, is usable. An option that a
// function does not know is an error there, not silently without effect.
type Options struct {
	Level        float64      // of the interval; 0: 0.95
	Null         float64      // the difference under the hypothesis; 0: none
	Alternative  string       // TwoSided, Less or Greater; "": TwoSided
	Distribution string       // Exact, Asymptotic or MidP; "": exact where it takes a moment only, else asymptotic
	NoContinuity bool         // leave the continuity correction out of an asymptotic p
	Zeros        string       // Wilcox, Pratt or Split; "": Wilcox
	Quantile     QuantileType // the definition of quantiles; 0: type 7
	Names        []string     // of the groups, for tables; nil: "1", "2", …
}

// uses lists the options beside Level that a function knows.
type uses uint8

const (
	usesNull uses = 1 << iota
	usesAlternative
	usesDistribution
	usesMidP
	usesContinuity
	usesZeros
	usesQuantile
	usesNames
)

func (opt *Options) checked(known uses) (Options, error) {
	o := Options{}
	if opt != nil {
		o = *opt
	}
	for _, f := range []struct {
		name  string
		given bool
		bit   uses
	}{
		{"Null", o.Null != 0, usesNull},
		{"Alternative", o.Alternative != "" && o.Alternative != TwoSided, usesAlternative},
		{"Distribution", o.Distribution != "", usesDistribution},
		{"Distribution", o.Distribution == MidP, usesMidP},
		{"NoContinuity", o.NoContinuity, usesContinuity},
		{"Zeros", o.Zeros != "", usesZeros},
		{"Quantile", o.Quantile != 0, usesQuantile},
		{"Names", o.Names != nil, usesNames},
	} {
		if f.given && known&f.bit == 0 {
			return o, refuse(f.name, "", "an option that this function has no use for", "leave it out")
		}
	}
	if o.Level == 0 {
		o.Level = 0.95
	}
	if o.Alternative == "" {
		o.Alternative = TwoSided
	}
	if o.Zeros == "" {
		o.Zeros = Wilcox
	}
	if o.Quantile == 0 {
		o.Quantile = 7
	}
	if !(0 < 1-o.Level && 1-o.Level < 1) {
		return o, refuse("Level", fmt.Sprint(o.Level), "a level outside (0, 1)", "use 0.95")
	}
	switch o.Alternative {
	case TwoSided, Less, Greater:
	default:
		return o, refuse("Alternative", o.Alternative, "no such alternative", `use "two-sided", "less" or "greater"`)
	}
	switch o.Distribution {
	case "", Exact, Asymptotic, MidP:
	default:
		return o, refuse("Distribution", o.Distribution, "no such distribution", `use "exact", "asymptotic" or "mid-p"`)
	}
	switch o.Zeros {
	case Wilcox, Pratt, Split:
	default:
		return o, refuse("Zeros", o.Zeros, "no such method for zeros", `use "wilcox", "pratt" or "split"`)
	}
	if o.Quantile < 1 || o.Quantile > 9 {
		return o, refuse("Quantile", fmt.Sprint(int(o.Quantile)), "no such definition of quantiles", "1 to 9 (Hyndman and Fan)")
	}
	if o.Null-o.Null != 0 { // NaN or infinite
		return o, refuse("Null", fmt.Sprint(o.Null), "a null difference that is no number", "")
	}
	return o, nil
}

// side is the probability outside the interval on each side that is closed.
func (o Options) side() float64 {
	if o.Alternative == TwoSided {
		return (1 - o.Level) / 2
	}
	return 1 - o.Level
}

func refuse(where, value, msg, need string) error {
	return bangkom.Problem{Code: bangkom.ErrOption.Code, Where: "compare: " + where, Value: value, Msg: msg, Need: need}
}

func problem(code bangkom.Problem, where, value, msg, need string) error {
	return bangkom.Problem{Code: code.Code, Where: "compare: " + where, Value: value, Msg: msg, Need: need}
}

// squarable refuses values whose differences cannot be squared.
func squarable(where string, spread float64, groups ...[]float64) error {
	if num.TooAlike(spread, groups...) {
		return problem(bangkom.ErrNotFinite, where, fmt.Sprint(spread), "values that differ by less than can be squared", "another unit")
	}
	return nil
}

func warn(e *bangkom.Estimate, code, value, msg, need string) {
	e.Warnings.Add(bangkom.Problem{Code: code, Severity: bangkom.Warning, Value: value, Msg: msg, Need: need})
}

package satisfaction

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strconv"

	"github.com/bangkom/bangkom"
)

// A Code names an element by what it asks about: "TIME", "COST".
type Code string

// An Element is one thing that the questionnaire asks about.
type Element struct {
	Code  Code   `json:"code"`
	Title string `json:"title,omitempty"`
}

// An Instrument is a questionnaire: its elements, its scale of whole numbers,
// how the elements are weighted and how the index is rounded and classified.
type Instrument struct {
	ID       string        `json:"id"`
	Source   string        `json:"source,omitempty"`
	Elements []Element     `json:"elements"`
	Min      int           `json:"min"` // lowest answer: 1
	Max      int           `json:"max"` // highest answer: 4
	Weights  Weights       `json:"weights"`
	Bands    bangkom.Bands `json:"bands,omitzero"` // of the index; empty: not rounded, not classified
}

// Validate reports what would keep an index from being computed.
func (in Instrument) Validate() bangkom.Problems {
	var ps bangkom.Problems
	report := func(code, value, msg, need string) {
		ps.Add(bangkom.Problem{Code: code, Where: in.ID, Value: value, Msg: msg, Need: need})
	}
	if len(in.Elements) == 0 {
		report("no-elements", "", "a questionnaire without elements", "list the elements")
	}
	if in.Max <= in.Min || in.Max <= 0 {
		report("scale", fmt.Sprintf("%d..%d", in.Min, in.Max), "a scale that does not rise to a positive top", "give Min below Max")
	}
	seen := map[Code]bool{}
	for _, e := range in.Elements {
		if e.Code == "" || seen[e.Code] {
			report("duplicate-element", string(e.Code), "an element without a code of its own", "give each element one code")
		}
		seen[e.Code] = true
	}
	if len(ps) == 0 {
		_, wp := in.weights()
		ps = append(ps, wp...)
	}
	if len(in.Bands.Bands) > 0 {
		ps = append(ps, in.Bands.Validate()...)
	}
	return ps
}

// Weights is a policy: how much each element counts. The zero value is [WeightExact].
type Weights struct {
	decimals int // of the rounded policy, + 1; 0: exact
	given    map[Code]float64
}

// WeightExact weighs each of k elements exactly 1/k.
var WeightExact Weights

// WeightRounding weighs each of k elements 1/k rounded half up to the given decimals,
// which reproduces reports that were computed with 0.11 for 1/9.
func WeightRounding(decimals int) Weights { return Weights{decimals: max(decimals, 0) + 1} }

// WeightGiven weighs the elements as the caller says. Each element needs a weight
// above 0, and they sum to 1 within 0.02: a weight that is silently zero would
// drop an element from the index.
func WeightGiven(weights map[Code]float64) Weights {
	w := maps.Clone(weights)
	if w == nil {
		w = map[Code]float64{}
	}
	return Weights{given: w}
}

// String returns "exact", "rounded:2" or "given".
func (w Weights) String() string {
	switch {
	case w.given != nil:
		return "given"
	case w.decimals > 0:
		return "rounded:" + strconv.Itoa(w.decimals-1)
	}
	return "exact"
}

// MarshalText writes the form of [Weights.String]; the weights themselves stand in each element's result.
func (w Weights) MarshalText() ([]byte, error) { return []byte(w.String()), nil }

// weightTolerance is how far given weights may sum from 1: nine times 0.11 is 0.99.
var weightTolerance = big.NewRat(2, 100)

// weights returns one exact weight per element, in the order of the instrument.
func (in Instrument) weights() ([]*big.Rat, bangkom.Problems) {
	var ps bangkom.Problems
	out := make([]*big.Rat, len(in.Elements))
	k := int64(len(in.Elements))
	for i, e := range in.Elements {
		switch {
		case in.Weights.given != nil:
			out[i] = new(big.Rat)
			v, ok := in.Weights.given[e.Code]
			if ok {
				if _, finite := out[i].SetString(strconv.FormatFloat(v, 'g', -1, 64)); !finite {
					out[i] = new(big.Rat)
				}
			}
			if out[i].Sign() <= 0 {
				ps.Add(bangkom.Problem{Code: "weight", Where: in.ID + "/" + string(e.Code), Value: strconv.FormatFloat(v, 'g', -1, 64),
					Msg: "an element without a weight above 0", Need: "give every element a weight, or use WeightExact"})
			}
		case in.Weights.decimals > 0:
			out[i], _ = new(big.Rat).SetString(big.NewRat(1, k).FloatString(in.Weights.decimals - 1))
			if out[i].Sign() == 0 && i == 0 {
				ps.Add(bangkom.Problem{Code: "weight", Where: in.ID, Value: in.Weights.String(),
					Msg: "the weight rounds to 0", Need: "round to more decimals, or use WeightExact"})
			}
		default:
			out[i] = big.NewRat(1, k)
		}
	}
	return out, append(ps, in.checkGiven(out, len(ps) == 0)...)
}

// checkGiven looks at given weights as a whole.
func (in Instrument) checkGiven(ws []*big.Rat, each bool) bangkom.Problems {
	if in.Weights.given == nil {
		return nil
	}
	var ps bangkom.Problems
	for _, c := range slices.Sorted(maps.Keys(in.Weights.given)) {
		if !slices.ContainsFunc(in.Elements, func(e Element) bool { return e.Code == c }) {
			ps.Add(bangkom.Problem{Code: "unknown-element", Where: in.ID, Value: string(c), Msg: "a weight for an element that is not asked"})
		}
	}
	sum := new(big.Rat)
	for _, w := range ws {
		sum.Add(sum, w)
	}
	if off := new(big.Rat).Sub(sum, big.NewRat(1, 1)); each && off.Abs(off).Cmp(weightTolerance) > 0 {
		ps.Add(bangkom.Problem{Code: "weight", Where: in.ID, Value: sum.FloatString(4), Msg: "the weights do not sum to 1", Need: "sum them to 1 within 0.02"})
	}
	return ps
}

// Package mcdm ranks alternatives by several criteria: weighted sum, TOPSIS,
// AHP, profile matching
// and decision tables. It knows no competencies: matrices in, scores out.
//
// # Choosing a method
//
//   - Weights for criteria from judgements in pairs ("twice as important"): [AHP],
//     or [AHPGroup] with several judges. Look at the consistency ratio first.
//   - One score per alternative from a matrix of values and weights: [WeightedSum],
//     where a criterion can make up for another. Start here.
//   - The same by the distance from the best and the worst: [TOPSIS]. An
//     alternative that is added can reverse the order of the others.
//   - Who fits a post: [ProfileMatch]. It punishes a surplus as well as a gap, so it
//     measures fit, not need. Package needs ranks needs.
//   - Whether a task is worth training, from its difficulty, importance and
//     frequency: a [DecisionTable].
//
// A matrix is x[criterion][alternative]. A missing value (NaN) is refused: which
// value to put in its place is for the caller to decide and to say. All checks
// report every violation, not the first. Scores equal within 1e-9 relative tie.
package mcdm

import (
	"fmt"
	"math"

	"github.com/bangkom/bangkom"
)

// A Normalisation makes criteria of different units comparable.
type Normalisation string

// The normalisations of a criterion's values x over the alternatives.
const (
	None   Normalisation = "none"   // x as it is
	Sum    Normalisation = "sum"    // x/Σx
	Vector Normalisation = "vector" // x/√Σx²
	MinMax Normalisation = "minmax" // (x − min)/(max − min); a constant criterion is 0 for all
)

// Options of [WeightedSum] and [TOPSIS]. The zero value, or nil, is usable.
type Options struct {
	Normalise Normalisation // "": Sum for the weighted sum, Vector for TOPSIS
}

// Scores are larger for better alternatives.
type Scores struct {
	Method    string           `json:"method"`
	Normalise Normalisation    `json:"normalise"`
	Weights   []float64        `json:"weights"` // as used: they sum to 1
	Score     []float64        `json:"score"`   // by alternative
	Rank      []int            `json:"rank"`    // competition ranks, 1 is best
	ToIdeal   []float64        `json:"to_ideal,omitempty"`
	ToWorst   []float64        `json:"to_worst,omitempty"`
	Ideal     []float64        `json:"ideal,omitempty"` // by criterion, normalised and weighted
	Worst     []float64        `json:"worst,omitempty"`
	Problems  bangkom.Problems `json:"problems,omitempty"`
}

// String names the best alternatives by number.
func (s *Scores) String() string {
	var first []int
	for i, r := range s.Rank {
		if r == 1 {
			first = append(first, i)
		}
	}
	return fmt.Sprintf("%s, %s: best %v of %d", s.Method, s.Normalise, first, len(s.Rank))
}

// ranks are competition ranks of scores, the largest first.
func ranks(score []float64) []int {
	out := make([]int, len(score))
	for i, a := range score {
		out[i] = 1
		for _, b := range score {
			if b > a && !near(a, b) {
				out[i]++
			}
		}
	}
	return out
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-9*max(math.Abs(a), math.Abs(b)) }

// A report collects problems of one kind of input.
type report struct{ ps bangkom.Problems }

func (r *report) add(code, where string, value any, msg string) {
	r.ps.Add(bangkom.Problem{Code: code, Where: where, Value: fmt.Sprint(value), Msg: "mcdm: " + msg})
}

// matrix checks x[criterion][alternative], the weights and the directions.
func (r *report) matrix(x [][]float64, weights []float64, benefit []bool) {
	if len(x) == 0 || len(x[0]) == 0 {
		r.add(bangkom.ErrShape.Code, "x", len(x), "no criteria or no alternatives")
		return
	}
	for j, col := range x {
		if len(col) != len(x[0]) {
			r.add(bangkom.ErrShape.Code, fmt.Sprintf("x[%d]", j), len(col), fmt.Sprintf("the first criterion has %d alternatives", len(x[0])))
		}
		for i, v := range col {
			switch {
			case math.IsNaN(v):
				r.add("missing", fmt.Sprintf("x[%d][%d]", j, i), v, "a value that is not known")
			case math.IsInf(v, 0):
				r.add(bangkom.ErrNotFinite.Code, fmt.Sprintf("x[%d][%d]", j, i), v, "an infinite value")
			}
		}
	}
	if weights != nil && len(weights) != len(x) {
		r.add(bangkom.ErrShape.Code, "weights", len(weights), fmt.Sprintf("there are %d criteria", len(x)))
	}
	if benefit != nil && len(benefit) != len(x) {
		r.add(bangkom.ErrShape.Code, "benefit", len(benefit), fmt.Sprintf("there are %d criteria", len(x)))
	}
	r.weights(weights)
}

func (r *report) weights(weights []float64) {
	for j, w := range weights {
		if !(w >= 0) || math.IsInf(w, 1) {
			r.add("weight", fmt.Sprintf("weights[%d]", j), w, "a weight is no number, or negative")
		}
	}
}

// shares brings weights to the sum 1; nil: all alike.
func shares(weights []float64, k int, ps *bangkom.Problems) ([]float64, error) {
	out := make([]float64, k)
	if weights == nil {
		for j := range out {
			out[j] = 1 / float64(k)
		}
		return out, nil
	}
	var sum float64
	for _, w := range weights {
		sum += w
	}
	if !(sum > 0) {
		return nil, bangkom.Problem{Code: "weight", Where: "weights", Value: fmt.Sprint(sum), Msg: "mcdm: the weights sum to nothing"}
	}
	copy(out, weights)
	if near(sum, 1) {
		return out, nil
	}
	for j := range out {
		out[j] /= sum
	}
	ps.Add(bangkom.Problem{Code: "weights-rescaled", Severity: bangkom.Note, Where: "weights", Value: fmt.Sprint(sum), Msg: "the weights were divided by their sum"})
	return out, nil
}

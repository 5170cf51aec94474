package mcdm

import (
	"fmt"
	"math"

	"github.com/bangkom/bangkom"
)

// A GapTable gives the weight of a difference actual − required.
type GapTable struct {
	Source string
	Weight map[int]float64
}

// GapTable5 is the table of most applications in Indonesia: no difference is
// worth 5, a surplus half a point more than a gap of the same width.
var GapTable5 = &GapTable{"profile matching, scale of 5", map[int]float64{0: 5, 1: 4.5, -1: 4, 2: 3.5, -2: 3, 3: 2.5, -3: 2, 4: 1.5, -4: 1}}

// A Factor is one thing that a post requires.
type Factor struct {
	Name     string
	Required int
	Core     bool // of the core factors; false: secondary
}

// An Aspect is a group of factors.
type Aspect struct {
	Name    string
	Weight  float64 // among the aspects; they are divided by their sum
	Core    float64 // share of the core factors: 0.6 with 0.4 for the secondary ones
	Factors []Factor
}

// A Profile is how well candidates fit a post.
type Profile struct {
	Table    string           `json:"table"`
	Weights  []float64        `json:"weights"` // of the aspects, as used
	Total    []float64        `json:"total"`   // by candidate
	Rank     []int            `json:"rank"`    // competition ranks, 1 fits best
	Aspects  [][]float64      `json:"aspects"` // aspect × candidate
	Gaps     [][]int          `json:"gaps"`    // factor × candidate, actual − required
	Problems bangkom.Problems `json:"problems,omitempty"`
}

// ProfileMatch compares candidates with the profile of a post, as decision
// support in Indonesia does (pencocokan profil):
//
//	g = actual − required, weighed by the table (nil: GapTable5)
//	aspect = c · mean over core factors + (1 − c) · mean over secondary ones
//	total = Σ aspect weight · aspect
//
// actual is factor × candidate, the factors of all aspects in their order. A
// surplus is worth less than a match: it measures fit, not need. A difference
// outside the table is an error, and so is a value that is missing (NaN) or no
// whole number. An aspect with one kind of factors only is their mean, and a
// note says so.
func ProfileMatch(actual [][]float64, aspects []Aspect, table *GapTable) (*Profile, error) {
	if table == nil {
		table = GapTable5
	}
	var bad report
	var factors []Factor
	var weights []float64
	for a, x := range aspects {
		if !(x.Core >= 0 && x.Core <= 1) {
			bad.add(bangkom.ErrOption.Code, fmt.Sprintf("aspects[%d].Core", a), x.Core, "a share in [0, 1]")
		}
		if len(x.Factors) == 0 {
			bad.add(bangkom.ErrShape.Code, fmt.Sprintf("aspects[%d]", a), x.Name, "an aspect without factors")
		}
		factors, weights = append(factors, x.Factors...), append(weights, x.Weight)
	}
	if len(factors) != len(actual) {
		bad.add(bangkom.ErrShape.Code, "actual", len(actual), fmt.Sprintf("the aspects have %d factors", len(factors)))
	}
	bad.weights(weights)
	bad.matrix(actual, nil, nil)
	if err := bad.ps.Err(); err != nil {
		return nil, err
	}
	p := &Profile{Table: table.Source}
	worth := make([][]float64, len(factors))
	for f, x := range factors {
		p.Gaps = append(p.Gaps, make([]int, len(actual[f])))
		worth[f] = make([]float64, len(actual[f]))
		for i, v := range actual[f] {
			at := fmt.Sprintf("actual[%d][%d]", f, i)
			if v != math.Trunc(v) {
				bad.add("not-a-level", at, v, "no whole level")
				continue
			}
			p.Gaps[f][i] = int(v) - x.Required
			w, ok := table.Weight[p.Gaps[f][i]]
			if !ok {
				bad.add("outside-table", at, p.Gaps[f][i], "the table has no such difference")
			}
			worth[f][i] = w
		}
	}
	if err := bad.ps.Err(); err != nil {
		return nil, err
	}
	var err error
	if p.Weights, err = shares(weights, len(aspects), &p.Problems); err != nil {
		return nil, err
	}
	p.Total = make([]float64, len(actual[0]))
	for a, x := range aspects {
		score := x.score(worth[:len(x.Factors)], &p.Problems)
		worth = worth[len(x.Factors):]
		p.Aspects = append(p.Aspects, score)
		for i := range score {
			p.Total[i] += p.Weights[a] * score[i]
		}
	}
	p.Rank = ranks(p.Total)
	return p, nil
}

func (x *Aspect) score(worth [][]float64, ps *bangkom.Problems) []float64 {
	out := make([]float64, len(worth[0]))
	share, core, secondary := x.Core, 0, 0
	for _, f := range x.Factors {
		if f.Core {
			core++
		} else {
			secondary++
		}
	}
	if core == 0 || secondary == 0 {
		share = 0
		if core > 0 {
			share = 1
		}
		ps.Add(bangkom.Problem{Code: "one-kind-of-factor", Severity: bangkom.Note, Where: x.Name, Msg: "only core or only secondary factors: their mean alone"})
	}
	for i := range out {
		var sumCore, sumSecondary float64
		for f := range x.Factors {
			if x.Factors[f].Core {
				sumCore += worth[f][i]
			} else {
				sumSecondary += worth[f][i]
			}
		}
		if core > 0 {
			out[i] += share * sumCore / float64(core)
		}
		if secondary > 0 {
			out[i] += (1 - share) * sumSecondary / float64(secondary)
		}
	}
	return out
}

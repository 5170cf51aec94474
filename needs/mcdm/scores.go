package mcdm

import (
	"fmt"
	"math"
	"slices"

	"github.com/bangkom/bangkom"
)

// WeightedSum is simple additive weighting:
//
//	v_i = Σ_j w_j r_ij
//
// with the weights divided by their sum (nil: all alike) and r the normalised
// value. Of a cost (benefit false; nil: all are benefits) r is that of 1/x, so
// that no cost may be zero, and with MinMax 1 − r. With None a cost counts
// negative. A criterion whose values sum to zero cannot be divided by its sum.
//
// Python: scikit-criteria InvertMinimize, SumScaler, WeightedSumModel.
func WeightedSum(x [][]float64, weights []float64, benefit []bool, opt *Options) (*Scores, error) {
	s, r, err := prepare("weighted-sum", Sum, x, weights, benefit, opt, true)
	if err != nil {
		return nil, err
	}
	for i := range s.Score {
		for j := range r {
			s.Score[i] += s.Weights[j] * r[j][i]
		}
	}
	s.Rank = ranks(s.Score)
	return s, nil
}

// TOPSIS scores an alternative by its Euclidean distances S⁺ from the best and
// S⁻ from the worst value that any alternative has in each criterion (Hwang &
// Yoon 1981):
//
//	r = x/√Σx², v = w r, C = S⁻/(S⁺ + S⁻)
//
// C is 1 for an alternative that is best in everything. Where all are alike, C
// is 0.5 and a note says so. An alternative that is added or left out moves the
// best and the worst, and can reverse the order of the others.
//
// Python: scikit-criteria VectorScaler, TOPSIS.
func TOPSIS(x [][]float64, weights []float64, benefit []bool, opt *Options) (*Scores, error) {
	s, r, err := prepare("topsis", Vector, x, weights, benefit, opt, false)
	if err != nil {
		return nil, err
	}
	n := len(s.Score)
	s.ToIdeal, s.ToWorst = make([]float64, n), make([]float64, n)
	for j := range r {
		for i := range r[j] {
			r[j][i] *= s.Weights[j]
		}
		best, worst := slices.Max(r[j]), slices.Min(r[j])
		if benefit != nil && !benefit[j] {
			best, worst = worst, best
		}
		s.Ideal, s.Worst = append(s.Ideal, best), append(s.Worst, worst)
		for i, v := range r[j] {
			s.ToIdeal[i] = math.Hypot(s.ToIdeal[i], v-best)
			s.ToWorst[i] = math.Hypot(s.ToWorst[i], v-worst)
		}
	}
	for i := range s.Score {
		d := s.ToIdeal[i] + s.ToWorst[i]
		if s.Score[i] = s.ToWorst[i] / d; d == 0 {
			s.Score[i] = 0.5
		}
	}
	if slices.Equal(s.Ideal, s.Worst) {
		s.Problems.Add(bangkom.Problem{Code: bangkom.ErrNoVariation.Code, Severity: bangkom.Note, Msg: "all alternatives are alike: neither near the best nor near the worst"})
	}
	s.Rank = ranks(s.Score)
	return s, nil
}

// prepare checks and normalises. Costs are turned into benefits if invert says so.
func prepare(method string, standard Normalisation, x [][]float64, weights []float64, benefit []bool, opt *Options, invert bool) (*Scores, [][]float64, error) {
	s := &Scores{Method: method, Normalise: standard}
	if opt != nil && opt.Normalise != "" {
		s.Normalise = opt.Normalise
	}
	var bad report
	if !slices.Contains([]Normalisation{None, Sum, Vector, MinMax}, s.Normalise) {
		bad.add(bangkom.ErrOption.Code, "Normalise", s.Normalise, "none, sum, vector or minmax")
	}
	bad.matrix(x, weights, benefit)
	if err := bad.ps.Err(); err != nil {
		return nil, nil, err
	}
	var err error
	if s.Weights, err = shares(weights, len(x), &s.Problems); err != nil {
		return nil, nil, err
	}
	r := make([][]float64, len(x))
	for j, col := range x {
		r[j] = s.column(col, j, invert && benefit != nil && !benefit[j], &bad)
	}
	if err := bad.ps.Err(); err != nil {
		return nil, nil, err
	}
	s.Score = make([]float64, len(x[0]))
	return s, r, nil
}

func (s *Scores) column(col []float64, j int, cost bool, bad *report) []float64 {
	r := slices.Clone(col)
	where := fmt.Sprintf("x[%d]", j)
	if cost && (s.Normalise == Sum || s.Normalise == Vector) {
		for i, v := range r {
			if v == 0 {
				bad.add("zero-cost", fmt.Sprintf("%s[%d]", where, i), v, "a cost of zero has no inverse")
			}
			r[i] = 1 / v
		}
	}
	from, size := 0.0, 1.0
	switch s.Normalise {
	case Sum:
		size = 0
		for _, v := range r {
			size += v
		}
	case Vector:
		size = 0
		for _, v := range r {
			size = math.Hypot(size, v)
		}
	case MinMax:
		from = slices.Min(r)
		if size = slices.Max(r) - from; size == 0 {
			s.Problems.Add(bangkom.Problem{Code: bangkom.ErrNoVariation.Code, Severity: bangkom.Note, Where: where, Msg: "a criterion that is the same for all: 0 for all"})
			return make([]float64, len(r))
		}
	}
	if size == 0 {
		bad.add("zero-column", where, size, "a criterion that cannot be divided by its size")
	}
	for i := range r {
		r[i] = (r[i] - from) / size
		switch {
		case cost && s.Normalise == MinMax:
			r[i] = 1 - r[i]
		case cost && s.Normalise == None:
			r[i] = -r[i]
		}
	}
	return r
}

package mcdm

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
)

// A RandomIndex is the mean consistency index of random matrices by size: the
// divisor of the consistency ratio. Tables differ, and so does every CR: the
// result names its own.
type RandomIndex struct {
	Name   string
	Source string
	Values []float64 // of the sizes 1, 2, …
}

// The tables in use.
var (
	// Saaty is the table of the textbooks.
	Saaty = RandomIndex{"saaty", "Saaty (1980)", []float64{0, 0, .58, .90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49}}
	// Ahpsurvey is the table of the R package of that name.
	Ahpsurvey = RandomIndex{"ahpsurvey", "R package ahpsurvey, by simulation", []float64{0, 0, .5251686, .8836651, 1.1081014, 1.2492774, 1.3415514, 1.4048466, 1.4507197, 1.4857266}}
)

// Aggregation says how several judges become one.
type Aggregation string

const (
	Judgements     Aggregation = "judgements"      // AIJ: the geometric mean of each judgement, then one matrix
	Priorities     Aggregation = "priorities"      // AIP: the geometric mean of the judges' weights
	MeanPriorities Aggregation = "mean-priorities" // AIP: their arithmetic mean, trimmed by Trim
)

// AHPOptions of [AHP] and [AHPGroup]. The zero value, or nil, is usable.
type AHPOptions struct {
	GeoMean    bool        // Weights are the geometric means of the rows; false: the eigenvector
	RI         RandomIndex // zero: Saaty
	Incomplete bool        // a missing judgement (NaN) is left out; false: it is an error
	Aggregate  Aggregation // "": Judgements
	Trim       float64     // share of judges cut off at each end, for MeanPriorities; in [0, 0.5)
}

// Weighing is what AHP makes of judgements. Both vectors are always there.
type Weighing struct {
	Weights  []float64        `json:"weights"` // sum 1: Eigen or GeoMean, or the judges' together
	Eigen    []float64        `json:"eigen,omitempty"`
	GeoMean  []float64        `json:"geo_mean,omitempty"`
	Lambda   float64          `json:"lambda"` // largest eigenvalue; the number of items if perfectly consistent
	CI       float64          `json:"ci"`     // (λ − n)/(n − 1)
	CR       float64          `json:"cr"`     // CI/RI; 0 for up to two items
	GCI      float64          `json:"gci"`    // geometric consistency index; 0 for up to two items
	RI       float64          `json:"ri"`
	RIName   string           `json:"ri_name"`
	Missing  int              `json:"missing"` // judgements
	Status   string           `json:"status"`  // of the eigenvector: "converged" or "stopped early"
	Rounds   int              `json:"rounds"`
	Judges   []*Weighing      `json:"judges,omitempty"` // each for itself; the group's CI, CR and GCI are of the joint matrix
	Problems bangkom.Problems `json:"problems,omitempty"`
}

// String gives the weights and the consistency ratio with its table.
func (w *Weighing) String() string {
	return fmt.Sprintf("weights %.3g, CR %.3f (RI %s %g)", w.Weights, w.CR, w.RIName, w.RI)
}

// MarshalJSON writes null for a ratio that there is not.
func (w Weighing) MarshalJSON() ([]byte, error) {
	type plain Weighing
	known := func(x float64) *float64 {
		if math.IsNaN(x) {
			return nil
		}
		return &x
	}
	return json.Marshal(struct {
		plain
		CR *float64 `json:"cr"`
		RI *float64 `json:"ri"`
	}{plain(w), known(w.CR), known(w.RI)})
}

// AHP derives weights from judgements in pairs: m[i][j] says how many times more
// important i is than j (Saaty 1980). The matrix must be positive and reciprocal
// within 1e-9; every violation is reported.
//
//	eigenvector  m·w = λ·w, w > 0 (power iteration until no weight moves by 1e-13)
//	row means    w_i ∝ (Π_j m_ij)^(1/n)
//	CI = (λ − n)/(n − 1); CR = CI/RI(n)
//	GCI = 2/((n−1)(n−2)) Σ_{i<j} ln²(m_ij w_j/w_i), w the row means
//
// CR ≥ 0.1 is a warning, never a refusal. With Incomplete, judgements that are
// missing are left out: 0, and 1 + their number on the diagonal (Harker 1987),
// and the row means become the least squares of the logarithms. The judgements
// that are there must connect all items. RI is of complete matrices, so CR of an
// incomplete one is too low; a warning says so.
//
// R: ahpsurvey ahp.indpref(m, method = "eigen"), ahp.cr(m).
func AHP(m [][]float64, opt *AHPOptions) (*Weighing, error) {
	o, err := opt.checked()
	if err != nil {
		return nil, err
	}
	if err := check(m, &o, "m"); err != nil {
		return nil, err
	}
	return weigh(m, &o), nil
}

// AHPGroup derives weights from the judgements of several judges, m[judge].
func AHPGroup(m [][][]float64, opt *AHPOptions) (*Weighing, error) {
	o, err := opt.checked()
	if err != nil {
		return nil, err
	}
	var bad bangkom.Problems
	if len(m) == 0 {
		bad.Add(bangkom.Problem{Code: bangkom.ErrShape.Code, Where: "m", Msg: "mcdm: no judges"})
	}
	for k := range m {
		bad = append(bad, bangkom.AsProblems(check(m[k], &o, fmt.Sprintf("m[%d]", k)), "judgement")...)
		if len(m[k]) != len(m[0]) {
			bad.Add(bangkom.Problem{Code: bangkom.ErrShape.Code, Where: fmt.Sprintf("m[%d]", k), Value: fmt.Sprint(len(m[k])), Msg: fmt.Sprintf("mcdm: the first judge has %d items", len(m[0]))})
		}
	}
	if err := bad.Err(); err != nil {
		return nil, err
	}
	group := weigh(together(m), &o)
	for k := range m {
		group.Judges = append(group.Judges, weigh(m[k], &o))
	}
	if o.Aggregate == Judgements {
		return group, nil
	}
	for i := range group.Weights {
		of := make([]float64, len(m))
		for k, j := range group.Judges {
			of[k] = j.Weights[i]
			if o.Aggregate == Priorities {
				of[k] = math.Log(of[k])
			}
		}
		group.Weights[i] = trimmedMean(of, o.Trim)
		if o.Aggregate == Priorities {
			group.Weights[i] = math.Exp(group.Weights[i])
		}
	}
	toShares(group.Weights)
	return group, nil
}

func (o *AHPOptions) checked() (AHPOptions, error) {
	var out AHPOptions
	if o != nil {
		out = *o
	}
	if out.RI.Name == "" && out.RI.Values == nil {
		out.RI = Saaty
	}
	if out.Aggregate == "" {
		out.Aggregate = Judgements
	}
	var bad report
	if !slices.Contains([]Aggregation{Judgements, Priorities, MeanPriorities}, out.Aggregate) {
		bad.add(bangkom.ErrOption.Code, "Aggregate", out.Aggregate, "judgements, priorities or mean-priorities")
	}
	if !(out.Trim >= 0 && out.Trim < .5) || out.Trim > 0 && out.Aggregate != MeanPriorities {
		bad.add(bangkom.ErrOption.Code, "Trim", out.Trim, "a share in [0, 0.5), for mean-priorities")
	}
	if out.RI.Name == "" {
		bad.add(bangkom.ErrOption.Code, "RI", "", "a table without a name")
	}
	return out, bad.ps.Err()
}

// check lists all violations of one matrix.
func check(m [][]float64, o *AHPOptions, where string) error {
	var bad report
	n := len(m)
	if n == 0 {
		bad.add(bangkom.ErrShape.Code, where, 0, "no items")
	}
	for i := range m {
		if len(m[i]) != n {
			bad.add(bangkom.ErrShape.Code, fmt.Sprintf("%s[%d]", where, i), len(m[i]), fmt.Sprintf("not square: there are %d items", n))
		}
	}
	if err := bad.ps.Err(); err != nil {
		return err
	}
	for i := range m {
		for j, x := range m[i] {
			at := fmt.Sprintf("%s[%d][%d]", where, i, j)
			switch {
			case math.IsNaN(x):
				if !o.Incomplete || i == j {
					bad.add("missing", at, x, "a judgement is missing; AHPOptions.Incomplete leaves it out")
				} else if !math.IsNaN(m[j][i]) && i < j {
					bad.add("not-reciprocal", at, x, "the judgement is there the other way round only")
				}
			case !(x > 0) || math.IsInf(x, 1):
				bad.add("not-positive", at, x, "a judgement is a positive number")
			case i == j && math.Abs(x-1) > 1e-9, i < j && math.Abs(x*m[j][i]-1) > 1e-9:
				bad.add("not-reciprocal", at, x, "a judgement times its reverse is 1")
			case i < j && math.IsNaN(m[j][i]):
				bad.add("not-reciprocal", at, x, "the judgement is there one way only")
			}
		}
	}
	if len(bad.ps) == 0 && !connected(m) {
		bad.add("not-connected", where, n, "the judgements leave items that cannot be compared, not even through others")
	}
	return bad.ps.Err()
}

func connected(m [][]float64) bool {
	seen, todo := make([]bool, len(m)), []int{0}
	seen[0] = true
	for len(todo) > 0 {
		i := todo[0]
		todo = todo[1:]
		for j, x := range m[i] {
			if !seen[j] && !math.IsNaN(x) {
				seen[j] = true
				todo = append(todo, j)
			}
		}
	}
	return !slices.Contains(seen, false)
}

// together is the geometric mean of each judgement over those who gave it.
func together(m [][][]float64) [][]float64 {
	out := num.Square(len(m[0]))
	for i := range out {
		for j := range out {
			var sum, n float64
			for k := range m {
				if x := m[k][i][j]; !math.IsNaN(x) {
					sum += math.Log(x)
					n++
				}
			}
			out[i][j] = math.Exp(sum / n) // nobody: NaN
		}
	}
	return out
}

func weigh(m [][]float64, o *AHPOptions) *Weighing {
	n := len(m)
	w := &Weighing{RIName: o.RI.Name, RI: math.NaN()}
	harker := num.Square(n)
	for i := range m {
		harker[i][i] = 1
		for j, x := range m[i] {
			switch {
			case math.IsNaN(x):
				harker[i][i]++
				if i < j {
					w.Missing++
				}
			case i != j:
				harker[i][j] = x
			}
		}
	}
	w.Eigen, w.Lambda, w.Rounds, w.Status = perron(harker)
	w.GeoMean = rowMeans(m)
	w.Weights = slices.Clone(w.Eigen)
	if o.GeoMean {
		w.Weights = slices.Clone(w.GeoMean)
	}
	w.consistency(m, o)
	return w
}

// perron iterates m until no weight moves by more than 1e-13 of itself.
func perron(m [][]float64) (w []float64, lambda float64, rounds int, status string) {
	n := len(m)
	w = make([]float64, n)
	for i := range w {
		w[i] = 1 / float64(n)
	}
	for rounds = 1; rounds <= 10_000; rounds++ {
		next := make([]float64, n)
		for i := range m {
			next[i] = num.Dot(m[i], w)
		}
		lambda = toShares(next) // Σ m·w with Σ w = 1
		moved := 0.0
		for i := range w {
			moved = max(moved, math.Abs(next[i]-w[i])/next[i])
		}
		w = next
		if moved < 1e-13 {
			return w, lambda, rounds, "converged"
		}
	}
	return w, lambda, rounds - 1, "stopped early"
}

// toShares divides by the sum and returns it.
func toShares(w []float64) float64 {
	sum := num.Sum(w)
	for i := range w {
		w[i] /= sum
	}
	return sum
}

// rowMeans solve the least squares of ln m_ij = v_i − v_j over the judgements
// that are there; of a complete matrix they are the geometric means of the rows.
func rowMeans(m [][]float64) []float64 {
	n := len(m)
	w := make([]float64, n)
	a, b := num.Square(n), make([]float64, n)
	complete := true
	for i := range m {
		for j, x := range m[i] {
			if math.IsNaN(x) {
				complete = false
				continue
			}
			b[i] += math.Log(x)
			if i != j {
				a[i][i]++
				a[i][j]--
			}
		}
	}
	if complete {
		for i := range w {
			w[i] = math.Exp(b[i] / float64(n))
		}
		toShares(w)
		return w
	}
	last := n - 1 // its logarithm is 0
	rest := make([][]float64, last)
	for i := range rest {
		rest[i] = a[i][:last]
	}
	v, _ := num.SolveDefinite(rest, b[:last]) // definite: the judgements connect all
	for i := range w {
		w[i] = 1
		if i < last {
			w[i] = math.Exp(v[i])
		}
	}
	toShares(w)
	return w
}

func (w *Weighing) consistency(m [][]float64, o *AHPOptions) {
	n := len(m)
	if n <= len(o.RI.Values) {
		w.RI = o.RI.Values[n-1]
	}
	if n <= 2 {
		return
	}
	w.CI = max(0, (w.Lambda-float64(n))/float64(n-1)) // below 0 by rounding only
	w.CR = w.CI / w.RI
	var ss float64
	for i := range m {
		for j := range i {
			if x := m[j][i]; !math.IsNaN(x) {
				e := math.Log(x * w.GeoMean[i] / w.GeoMean[j])
				ss += e * e
			}
		}
	}
	w.GCI = 2 / float64((n-1)*(n-2)) * ss
	warn := func(code, value, msg string) {
		w.Problems.Add(bangkom.Problem{Code: code, Severity: bangkom.Warning, Value: value, Msg: msg})
	}
	switch {
	case math.IsNaN(w.RI):
		warn("no-random-index", fmt.Sprint(n), "the table "+w.RIName+" ends before this size: no consistency ratio")
	case w.CR >= .1:
		warn("inconsistent", fmt.Sprintf("CR %.3f", w.CR), "the judgements contradict each other more than the customary 0.1")
	}
	if w.Missing > 0 {
		warn("incomplete", fmt.Sprint(w.Missing), "judgements are missing: the consistency ratio, whose divisor is of complete matrices, is too low")
	}
	if w.Status != "converged" {
		warn("stopped-early", fmt.Sprint(w.Rounds), "the eigenvector did not converge")
	}
}

// trimmedMean leaves out the share trim of the values at each end, rounded down
// to whole values; with 0 it is the mean, bit for bit.
func trimmedMean(x []float64, trim float64) float64 {
	cut := int(trim * float64(len(x)))
	if cut > 0 {
		x = slices.Sorted(slices.Values(x))
		x = x[cut : len(x)-cut]
	}
	return num.Mean(x)
}

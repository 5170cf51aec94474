package satisfaction

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"math/big"
	"slices"
	"strconv"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
)

// A Response is one sheet: what one respondent answered. An element without an
// entry was not answered; there is no answer that means "not answered".
type Response struct {
	Unit       string // the service unit that was judged
	Respondent string // opaque
	Date       bangkom.Date
	Answers    map[Code]int
	Where      string // file:line, for messages
}

// OffScale says what to do with an answer outside the scale.
type OffScale uint8

// The treatments of an answer outside the scale.
const (
	Refuse         OffScale = iota // no index: each such answer is an Error
	DropAnswer                     // the element loses that answer
	DropRespondent                 // the sheet is left out
	Keep                           // counted as it stands, to reproduce a past report
)

var offScaleNames = [...]string{"refuse", "drop-answer", "drop-respondent", "keep"}

// String returns "refuse", "drop-answer", "drop-respondent" or "keep".
func (o OffScale) String() string {
	if int(o) < len(offScaleNames) {
		return offScaleNames[o]
	}
	return fmt.Sprintf("OffScale(%d)", uint8(o))
}

// MarshalText writes the form of [OffScale.String].
func (o OffScale) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// Options of [Measure] and [Compare]. The zero value is usable.
type Options struct {
	Level      float64  // of intervals; 0: 0.95
	OffScale   OffScale // answers outside the scale
	Population int      // people served in the period; 0: many. Narrows the interval of a large sample
}

// An ElementResult is one element of an [Index].
type ElementResult struct {
	Code     Code    `json:"code"`
	Title    string  `json:"title,omitempty"`
	N        int     `json:"n"` // valid answers
	Missing  int     `json:"missing"`
	OffScale int     `json:"off_scale"` // answers outside the scale, whatever was done with them
	Sum      int64   `json:"sum"`
	NRR      float64 `json:"nrr"` // Sum / N
	Weight   float64 `json:"weight"`
	Weighted float64 `json:"weighted"` // NRR · Weight
}

// An Index is the satisfaction of one set of respondents.
type Index struct {
	Instrument  string           `json:"instrument"`
	Value       bangkom.Estimate `json:"value"` // not rounded
	Rounded     float64          `json:"rounded"`
	Class       *bangkom.Band    `json:"class,omitempty"` // nil: the instrument has no classes
	Weights     string           `json:"weights"`
	OffScale    OffScale         `json:"off_scale"`
	Respondents int              `json:"respondents"` // sheets used
	Elements    []ElementResult  `json:"elements"`

	exact *big.Rat
}

// Exact returns the index as a fraction.
func (x *Index) Exact() *big.Rat { return new(big.Rat).Set(x.exact) }

// Measure computes the index of the responses.
//
// Missing data: an element's mean is over the answers it got; a sheet without
// any answer is left out and counted. An element nobody answered leaves the
// index undefined: that is an Error, never a zero.
//
// The interval is Student's with n − 1 degrees of freedom, where the variance
// is that of the respondents' contributions, linearised because each element
// divides by its own number of answers:
//
//	z(i) = 100/max · Σ weight(e) · (x(i,e) − NRR(e)) / n(e)     over the answers of i
//	SE²  = n/(n−1) · Σ z(i)² · (1 − n/population)
//
// With complete sheets it is the standard error of the mean of the
// respondents' own indices. It is cut at the ends of the scale.
//
// The index is nil if there is an Error among the problems.
func Measure(in Instrument, responses []Response, opt *Options) (*Index, bangkom.Problems) {
	o, ps := options(opt)
	ps = append(ps, in.Validate()...)
	if ps.Err() != nil {
		return nil, ps
	}
	s, found := collect(in, responses, o.OffScale)
	ps = append(ps, found...)
	if ps.Err() != nil {
		return nil, ps
	}
	x, found := s.index(o)
	ps = append(ps, found...)
	if ps.Err() != nil {
		return nil, ps
	}
	return x, ps
}

func options(opt *Options) (Options, bangkom.Problems) {
	o := Options{}
	if opt != nil {
		o = *opt
	}
	o.Level = cmp.Or(o.Level, 0.95)
	var ps bangkom.Problems
	if !(o.Level > 0 && o.Level < 1) {
		ps.Add(bangkom.Problem{Code: bangkom.ErrOption.Code, Where: "Level", Value: fmt.Sprint(o.Level), Msg: "a level outside (0, 1)", Need: "use 0.95"})
	}
	if int(o.OffScale) >= len(offScaleNames) {
		ps.Add(bangkom.Problem{Code: bangkom.ErrOption.Code, Where: "OffScale", Value: o.OffScale.String(), Msg: "no such treatment"})
	}
	if o.Population < 0 {
		ps.Add(bangkom.Problem{Code: bangkom.ErrOption.Code, Where: "Population", Value: strconv.Itoa(o.Population), Msg: "a population below 0"})
	}
	return o, ps
}

// sheets are the checked answers: one row per respondent used, one column per
// element.
type sheets struct {
	in      Instrument
	rows    [][]cell
	dropped int
	counts  []ElementResult
}

// cell is one answer, or none.
type cell struct {
	value int
	given bool
}

// collect applies the policy for answers outside the scale and counts.
func collect(in Instrument, responses []Response, policy OffScale) (*sheets, bangkom.Problems) {
	var ps bangkom.Problems
	s := &sheets{in: in, counts: make([]ElementResult, len(in.Elements))}
	for i, e := range in.Elements {
		s.counts[i].Code, s.counts[i].Title = e.Code, e.Title
	}
	for i, r := range responses {
		row, off, found := in.sheet(i, r, policy)
		ps = append(ps, found...)
		for _, e := range off {
			s.counts[e].OffScale++
		}
		if len(row) == 0 || (len(off) > 0 && policy == DropRespondent) {
			s.dropped++
			continue
		}
		for e, c := range row {
			if c.given {
				s.counts[e].N++
				s.counts[e].Sum += int64(c.value)
			} else {
				s.counts[e].Missing++
			}
		}
		s.rows = append(s.rows, row)
	}
	return s, ps
}

// sheet checks one response. The row is nil if there is no answer in it; off
// are the elements answered outside the scale.
func (in Instrument) sheet(i int, r Response, policy OffScale) (row []cell, off []int, ps bangkom.Problems) {
	where := cmp.Or(r.Where, fmt.Sprintf("responses[%d]", i))
	row = make([]cell, len(in.Elements))
	known, answered := 0, 0
	for e, el := range in.Elements {
		v, ok := r.Answers[el.Code]
		if !ok {
			continue
		}
		known++
		if v < in.Min || v > in.Max {
			off = append(off, e)
			ps.Add(in.offScale(where, el, v, policy))
			if policy != Keep {
				continue
			}
		}
		row[e] = cell{v, true}
		answered++
	}
	if known < len(r.Answers) {
		for _, c := range slices.Sorted(maps.Keys(r.Answers)) {
			if !slices.ContainsFunc(in.Elements, func(e Element) bool { return e.Code == c }) {
				ps.Add(bangkom.Problem{Code: "unknown-element", Severity: bangkom.Warning, Where: where, Value: string(c),
					Msg: "an answer to an element that is not in the instrument", Need: "map the header to one of its codes"})
			}
		}
	}
	if answered == 0 {
		return nil, off, ps
	}
	return row, off, ps
}

func (in Instrument) offScale(where string, e Element, v int, policy OffScale) bangkom.Problem {
	name := cmp.Or(e.Title, string(e.Code))
	p := bangkom.Problem{Code: "skm-answer-off-scale", Severity: bangkom.Warning, Where: where + ":" + name, Value: strconv.Itoa(v),
		Msg: fmt.Sprintf("an answer to %s outside the scale %d..%d", name, in.Min, in.Max)}
	switch policy {
	case Refuse:
		p.Severity, p.Need = bangkom.Error, "correct the sheet, or choose DropAnswer or DropRespondent"
	case DropAnswer:
		p.Msg += "; the answer was dropped"
	case DropRespondent:
		p.Msg += "; the respondent was dropped"
	case Keep:
		p.Msg += "; it was kept"
	}
	return p
}

// index computes what the sheets say.
func (s *sheets) index(o Options) (*Index, bangkom.Problems) {
	ws, ps := s.in.weights()
	factor := big.NewRat(100, int64(s.in.Max))
	x := &Index{Instrument: s.in.ID, Weights: s.in.Weights.String(), OffScale: o.OffScale, Respondents: len(s.rows),
		Elements: slices.Clone(s.counts), exact: new(big.Rat)}
	for e := range x.Elements {
		r := &x.Elements[e]
		if r.N == 0 {
			ps.Add(bangkom.Problem{Code: bangkom.ErrTooFew.Code, Where: s.in.ID + "/" + string(r.Code),
				Msg: fmt.Sprintf("no valid answer to %s: the index is undefined", r.Code), Need: "at least one valid answer to each element"})
			continue
		}
		nrr := big.NewRat(r.Sum, int64(r.N))
		weighted := new(big.Rat).Mul(nrr, ws[e])
		r.NRR, _ = nrr.Float64()
		r.Weight, _ = ws[e].Float64()
		r.Weighted, _ = weighted.Float64()
		x.exact.Add(x.exact, weighted)
	}
	if ps.Err() != nil {
		return nil, ps
	}
	x.exact.Mul(x.exact, factor)
	x.Value = s.estimate(x, o)
	x.Rounded = s.in.Bands.Round.Rat(x.exact)
	if b, ok := s.in.Bands.Class(x.Rounded); ok {
		x.Class = &b
		x.edge(s.in.Bands)
	}
	return x, ps
}

// estimate puts the interval round the index.
func (s *sheets) estimate(x *Index, o Options) bangkom.Estimate {
	v, _ := x.exact.Float64()
	n := float64(len(s.rows))
	est := bangkom.Estimate{Value: v, SE: math.NaN(), N: len(s.rows), Method: "index, weights " + x.Weights,
		Missing: bangkom.Missing{Policy: "available answers, off scale " + o.OffScale.String(), Dropped: s.dropped}}
	if n < 2 {
		est.Warnings.Add(bangkom.Problem{Code: bangkom.ErrTooFew.Code, Severity: bangkom.Warning, Value: strconv.Itoa(len(s.rows)),
			Msg: "one respondent has no spread: no interval", Need: "at least 2 respondents, better KrejcieMorgan(population)"})
		return est
	}
	factor := 100 / float64(s.in.Max)
	squares := make([]float64, len(s.rows))
	top, bottom := 0.0, 0.0
	for _, r := range x.Elements {
		top += factor * r.Weight * float64(s.in.Max)
		bottom += factor * r.Weight * float64(s.in.Min)
	}
	for i, row := range s.rows {
		z := 0.0
		for e, c := range row {
			if r := x.Elements[e]; c.given {
				z += factor * r.Weight * (float64(c.value) - r.NRR) / float64(r.N)
			}
		}
		squares[i] = z * z
	}
	fpc := 1.0
	if o.Population > 0 {
		fpc = max(1-n/float64(o.Population), 0)
	}
	est.SE = math.Sqrt(n / (n - 1) * num.Sum(squares) * fpc)
	if est.SE == 0 && fpc > 0 {
		est.Warnings.Add(bangkom.Problem{Code: bangkom.ErrNoVariation.Code, Severity: bangkom.Warning,
			Msg: "all respondents answered alike: the interval is unknown, not of width 0", Need: "more respondents"})
		return est
	}
	half := num.TQuantile(1-(1-o.Level)/2, n-1) * est.SE
	method := "t, linearised over respondents"
	if o.Population > 0 {
		method += ", finite population"
	}
	est.CI = bangkom.Interval{Lo: max(v-half, min(bottom, v)), Hi: min(v+half, max(top, v)), Level: o.Level, Method: method}
	s.sampleSize(&est, o.Population)
	return est
}

// sampleSize warns of a sample below the usual table.
func (s *sheets) sampleSize(est *bangkom.Estimate, population int) {
	if need := KrejcieMorgan(population); population > 0 && est.N < need {
		est.Warnings.Add(bangkom.Problem{Code: "small-sample", Severity: bangkom.Warning, Value: strconv.Itoa(est.N),
			Msg:  fmt.Sprintf("%d respondents of %d people served", est.N, population),
			Need: fmt.Sprintf("%d respondents for a margin of 5 points of a share (Krejcie & Morgan)", need)})
	}
}

// edge warns when the interval reaches into another class.
func (x *Index) edge(bands bangkom.Bands) {
	ci := x.Value.CI
	if ci.Level == 0 {
		return
	}
	lo, okLo := bands.Class(ci.Lo)
	hi, okHi := bands.Class(ci.Hi)
	if okLo && okHi && lo.Code != hi.Code {
		x.Value.Warnings.Add(bangkom.Problem{Code: "class-uncertain", Severity: bangkom.Warning, Value: x.Class.Code,
			Msg: fmt.Sprintf("the interval reaches from class %s to class %s", lo.Code, hi.Code), Need: "more respondents, or report the index rather than the class"})
	}
}

// KrejcieMorgan returns how many of a population to ask, so that a share of one
// half is known within 5 points at 95 %:
//
//	3.841 · N · ¼ / (0.05² (N − 1) + 3.841 · ¼)
//
// rounded to the nearest whole number (Krejcie and Morgan, 1970). It is 0 for
// a population of 0 or less.
func KrejcieMorgan(population int) int {
	if population <= 0 {
		return 0
	}
	n := float64(population)
	return int(math.Round(3.841 * n * 0.25 / (0.0025*(n-1) + 3.841*0.25)))
}

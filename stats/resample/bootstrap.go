package resample

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
	"github.com/bangkom/bangkom/internal/word"
	"github.com/bangkom/bangkom/stats/internal/wire"
)

// A Statistic is computed from columns, variable × row. It is called from
// several goroutines. The columns are a copy of its own: it may reorder them,
// but must not keep them. NaN, or a value
// beyond 1e307, means that it is not defined for these rows.
type Statistic func(columns [][]float64) float64

// An Interval is a way to make an interval of resamples.
type Interval uint8

// The intervals.
const (
	BCa         Interval = iota // bias-corrected and accelerated (Efron, 1987)
	Percentile                  // quantiles of the resamples
	Basic                       // 2·estimate − quantiles: the percentile interval turned round
	Studentised                 // quantiles of (value − estimate)/its standard error; needs Options.StandardError
)

var intervalWords = word.Of[Interval]("interval", "bca", "percentile", "basic", "studentised")

// String returns "bca", "percentile", "basic" or "studentised".
func (i Interval) String() string { return intervalWords.String(i) }

// MarshalText writes the word of [Interval.String].
func (i Interval) MarshalText() ([]byte, error) { return intervalWords.Marshal(i) }

// UnmarshalText reads what [Interval.MarshalText] wrote.
func (i *Interval) UnmarshalText(text []byte) error { return intervalWords.Unmarshal(text, i) }

// Options of the bootstrap. The zero value, or nil, is usable.
type Options struct {
	Level     float64  // of the intervals; 0: 0.95
	Interval  Interval // of the estimate; the others are reported beside it
	Resamples int      // 0: every one there is for up to 9 units, else 10000
	Seed      uint64
	Clusters  []string // of each row: drawn as a whole; nil: each row by itself
	Strata    []string // of each row: drawn within; nil: one
	// StandardError of the statistic, computed from a resample; for Studentised.
	StandardError Statistic
}

// Result is what a bootstrap says.
type Result struct {
	// Estimate has the statistic of the data, the standard deviation of the
	// resamples as SE, and the interval that was asked for.
	Estimate     bangkom.Estimate   `json:"estimate"`
	Intervals    []bangkom.Interval `json:"intervals"` // all that could be made
	Bias         float64            `json:"bias"`      // mean of the resamples − estimate
	Units        int                `json:"units"`     // drawn with replacement: rows or clusters
	Resamples    int                `json:"resamples"`
	Exact        bool               `json:"exact"`     // every resample there is, each as often as it comes
	Undefined    int                `json:"undefined"` // resamples without a value, left out
	Seed         uint64             `json:"seed"`
	Z0           float64            `json:"z0"`           // bias correction of BCa, ties counted half
	Acceleration float64            `json:"acceleration"` // of BCa, from the jackknife; NaN where leaving out a unit changes nothing
}

const (
	exactUnits       = 9 // 24310 resamples
	defaultResamples = 10_000
	jackknifeUnits   = 5_000 // above that, groups of units are left out
)

// Bootstrap resamples the rows of columns (variable × row) with replacement,
// and computes the statistic on each resample:
//
//	resample.Bootstrap(ctx, [][]float64{x}, resample.Mean, nil)
//
// The percentile interval has the quantiles (type 7) of the values at
// (1 ∓ level)/2; BCa has them at
//
//	Φ(z₀ + (z₀ + z)/(1 − a(z₀ + z))),   z = Φ⁻¹((1 ∓ level)/2)
//
// z₀ is Φ⁻¹ of the share of values below the estimate, ties counted half; the
// acceleration a is from the jackknife over units, stratum by stratum.
//
// Each resample has a stream of its own, the seed's and its number's, so that the
// result is the same on any number of cores. Of a single column with 32 rows or
// more to a value, on average, how often each value is drawn is drawn, as in
// [BootstrapLevels]: time then hardly depends on the rows.
//
// A row with a NaN in any column, or without cluster or stratum (""), is left out
// and counted. Errors: ErrShape, ErrNotFinite, ErrTooFew below two units,
// ErrNoVariation where every resample gives the same value, ErrOption; "undefined"
// where the statistic of the data is NaN; "cluster-in-strata"; the context's.
// Warnings: few-units, undefined-resamples, lone-stratum, extreme-quantile, and
// bca-undefined where all values lie on one side of the estimate or the jackknife
// does not move it, as often with a median: then the percentile interval stands in.
//
// In R: boot::boot and boot.ci (whose BCa takes another acceleration, by
// regression); in Python: scipy.stats.bootstrap(method="BCa").
func Bootstrap(ctx context.Context, columns [][]float64, stat Statistic, opt *Options) (Result, error) {
	o, err := opt.checked()
	if err != nil {
		return Result{}, err
	}
	if stat == nil {
		return Result{}, problem(bangkom.ErrOption, "bootstrap", "", "no statistic", "resample.Mean, or a function")
	}
	d, err := newData(columns, o)
	if err != nil {
		return Result{}, err
	}
	point := stat(d.all())
	if isUndefined(point) {
		return Result{}, problem(bangkom.Problem{Code: "undefined"}, "bootstrap", fmt.Sprint(point), "the statistic of the data is not defined", "")
	}
	p := d.plan(o)
	values, errors := make([]float64, p.n), []float64(nil)
	if o.StandardError != nil {
		errors = make([]float64, p.n)
	}
	err = parallel(ctx, p.n, d.resamples(stat, point, p, o, values, errors))
	if err != nil {
		return Result{}, err
	}
	r := Result{Units: d.n, Resamples: p.n, Exact: p.weights != nil, Seed: o.Seed}
	r.Estimate = bangkom.Estimate{Value: point, N: len(d.columns[0]), Method: "bootstrap", Missing: bangkom.Missing{Policy: "listwise", Dropped: d.dropped}}
	if o.Clusters != nil {
		r.Estimate.Method += fmt.Sprintf(" of %d clusters", r.Units)
	}
	if d.strata > 1 {
		r.Estimate.Method += fmt.Sprintf(" within %d strata", d.strata)
	}
	if lone := d.lone(); lone > 0 {
		r.warn("lone-stratum", fmt.Sprint(lone), "strata with one unit do not vary: the intervals are too narrow", "wider strata")
	}
	se := math.NaN()
	if o.StandardError != nil {
		se = o.StandardError(d.all())
	}
	acceleration, err := d.acceleration(ctx, stat, point, &r)
	if err != nil {
		return Result{}, err
	}
	if err := r.summarise(sample{values, errors, p.weights, se, acceleration}, o); err != nil {
		return Result{}, err
	}
	return r, nil
}

// A sample is what was computed of the resamples.
type sample struct {
	values, errors   []float64
	weights          []uint64 // nil: all 1
	se, acceleration float64
}

func (r *Result) warn(code, value, msg, need string) {
	r.Estimate.Warnings.Add(bangkom.Problem{Code: code, Severity: bangkom.Warning, Value: value, Msg: msg, Need: need})
}

// summarise makes bias, standard error and intervals.
func (r *Result) summarise(s sample, o Options) error {
	point := r.Estimate.Value
	v, total := sorted(s.values, s.weights)
	r.Undefined = undefined(s.values)
	if total < 2 || v[0].X == v[len(v)-1].X {
		return problem(bangkom.ErrNoVariation, "bootstrap", fmt.Sprint(point), "every resample gives the same value", "data that differ")
	}
	if r.Undefined > 0 {
		r.warn("undefined-resamples", fmt.Sprint(r.Undefined), "resamples for which the statistic is not defined are left out", "more rows")
	}
	if r.Units < 10 {
		r.warn("few-units", fmt.Sprint(r.Units), "few units: the intervals are too narrow", "20 units or more")
	}
	var mean, ss float64 // in units of the range: squares of small numbers are nought, of large ones infinite
	size := v[len(v)-1].X - v[0].X
	for _, w := range v {
		mean += (w.X - point) / size * float64(w.N)
	}
	mean /= float64(total)
	r.Bias = mean * size
	for _, w := range v {
		d := (w.X-point)/size - mean
		ss += d * d * float64(w.N)
	}
	if r.Exact {
		r.Estimate.SE = size * math.Sqrt(ss/float64(total))
		r.Estimate.Method = "exact " + r.Estimate.Method
	} else {
		r.Estimate.SE = size * math.Sqrt(ss/float64(total-1))
	}
	tail := (1 - o.Level) / 2
	at := func(p float64) float64 { return num.WeightedQuantile(v, total, p) }
	lo, hi := at(tail), at(1-tail)
	made := map[Interval]bangkom.Interval{
		Percentile: {Lo: lo, Hi: hi, Level: o.Level, Method: Percentile.String()},
		Basic:      {Lo: 2*point - hi, Hi: 2*point - lo, Level: o.Level, Method: Basic.String()},
	}
	r.Z0, r.Acceleration = bias(v, total, point), s.acceleration
	if a1, a2, ok := r.levels(tail); ok {
		made[BCa] = bangkom.Interval{Lo: at(a1), Hi: at(a2), Level: o.Level, Method: BCa.String()}
		if edge := min(a1, 1-a2) * float64(total); edge < 1 && o.Interval == BCa {
			r.warn("extreme-quantile", fmt.Sprintf("%.2g", min(a1, 1-a2)), "an end of the interval lies beyond the outermost resample", "more resamples, or more rows")
		}
	}
	if s.errors != nil {
		if ci, ok := studentised(s, point, o.Level); ok {
			made[Studentised] = ci
		}
	}
	for k := BCa; k <= Studentised; k++ {
		if ci, ok := made[k]; ok {
			r.Intervals = append(r.Intervals, ci)
		}
	}
	ci, ok := made[o.Interval]
	if !ok {
		ci = made[Percentile]
		reason := "the standard errors of the data or of the resamples are nought or unknown"
		switch {
		case o.Interval == BCa && math.IsNaN(s.acceleration):
			reason = "leaving out a unit does not change the statistic, so its acceleration is unknown"
		case o.Interval == BCa:
			reason = "nearly all resamples lie on one side of the estimate"
		}
		r.warn(o.Interval.String()+"-undefined", "", "the percentile interval stands in: "+reason, "a smoother statistic, or more rows")
	}
	r.Estimate.CI = ci
	return nil
}

// sorted joins equal values.
func sorted(values []float64, weights []uint64) (v []num.Weight, total uint64) {
	v = make([]num.Weight, 0, len(values))
	if weights == nil {
		for _, x := range num.Sorted(slices.DeleteFunc(slices.Clone(values), isUndefined)) {
			v = append(v, num.Weight{X: x, N: 1})
		}
	} else {
		for b, x := range values {
			if !isUndefined(x) {
				v = append(v, num.Weight{X: x, N: weights[b]})
			}
		}
		slices.SortFunc(v, func(a, b num.Weight) int { return cmp.Compare(a.X, b.X) })
	}
	to := 0
	for _, w := range v {
		total += w.N
		if to > 0 && v[to-1].X == w.X {
			v[to-1].N += w.N
		} else {
			v[to] = w
			to++
		}
	}
	return v[:to], total
}

// isUndefined says that a value of a statistic is no number, or one whose
// difference from another may be none.
func isUndefined(x float64) bool { return !(math.Abs(x) <= tooLarge) }

func undefined(values []float64) int {
	n := 0
	for _, x := range values {
		if isUndefined(x) {
			n++
		}
	}
	return n
}

const tooLarge = 1e307

// bias is z₀; values within rounding of the estimate count half on either side.
func bias(v []num.Weight, total uint64, point float64) float64 {
	near := 1e-12 * max(math.Abs(point), v[len(v)-1].X-v[0].X)
	var below float64
	for _, w := range v {
		switch d := w.X - point; {
		case math.Abs(d) <= near:
			below += float64(w.N) / 2
		case d < 0:
			below += float64(w.N)
		}
	}
	return num.NormalQuantile(below / float64(total))
}

// levels are the quantiles that BCa takes in the place of tail and 1 − tail.
func (r *Result) levels(tail float64) (lo, hi float64, ok bool) {
	at := func(p float64) float64 {
		z := r.Z0 + num.NormalQuantile(p)
		d := 1 - r.Acceleration*z
		if !(d > 0) {
			return math.NaN()
		}
		return num.NormalCDF(r.Z0 + z/d)
	}
	lo, hi = at(tail), at(1-tail)
	return lo, hi, lo < hi && lo > 0 && hi < 1
}

func studentised(s sample, point, level float64) (bangkom.Interval, bool) {
	t := make([]float64, len(s.values))
	for b, x := range s.values {
		t[b] = math.NaN()
		if s.errors[b] > 0 {
			t[b] = (x - point) / s.errors[b]
		}
	}
	v, total := sorted(t, s.weights)
	if total < 2 || !(s.se > 0) || math.IsInf(s.se, 0) {
		return bangkom.Interval{}, false
	}
	tail := (1 - level) / 2
	return bangkom.Interval{Lo: point - s.se*num.WeightedQuantile(v, total, 1-tail), Hi: point - s.se*num.WeightedQuantile(v, total, tail), Level: level, Method: Studentised.String()}, true
}

// parallel calls the function for 0..n−1 on all cores. Each call of it must
// depend on its number alone.
func parallel(ctx context.Context, n int, worker func() func(b int)) error {
	const chunk = 64
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), (n+chunk-1)/chunk) {
		wg.Go(func() {
			do := worker()
			for ctx.Err() == nil {
				from := int(next.Add(chunk)) - chunk
				if from >= n {
					return
				}
				for b := from; b < min(from+chunk, n); b++ {
					do(b)
				}
			}
		})
	}
	wg.Wait()
	return ctx.Err()
}

// most is how many resamples or permutations may be asked for.
const most = 1e8

func stream(seed uint64, b int) *rand.PCG { return rand.NewPCG(seed, uint64(b)) }

func (opt *Options) checked() (Options, error) {
	o := Options{}
	if opt != nil {
		o = *opt
	}
	if o.Level == 0 {
		o.Level = 0.95
	}
	switch {
	case !(0 < 1-o.Level && 1-o.Level < 1):
		return o, problem(bangkom.ErrOption, "Level", fmt.Sprint(o.Level), "a level outside (0, 1)", "use 0.95")
	case o.Interval > Studentised:
		return o, problem(bangkom.ErrOption, "Interval", o.Interval.String(), "no such interval", "BCa, Percentile, Basic or Studentised")
	case o.Interval == Studentised && o.StandardError == nil:
		return o, problem(bangkom.ErrOption, "StandardError", "", "a studentised interval without standard errors", "a function that gives the standard error of a resample")
	case o.Resamples < 0 || o.Resamples == 1 || o.Resamples > most:
		return o, problem(bangkom.ErrOption, "Resamples", fmt.Sprint(o.Resamples), "too few or too many resamples", "0 for the default")
	}
	return o, nil
}

func problem(code bangkom.Problem, where, value, msg, need string) error {
	return bangkom.Problem{Code: code.Code, Where: "resample: " + where, Value: value, Msg: msg, Need: need}
}

// String gives the estimate with its interval on one line.
func (r Result) String() string {
	return fmt.Sprintf("%s, %s, %d resamples", r.Estimate, r.Estimate.CI.Method, r.Resamples)
}

// Table gives the estimate, every interval, and how they were made.
func (r Result) Table() string {
	var b strings.Builder
	t := wire.NewGrid("estimate", "bias", "SE")
	t.Row("", r.Estimate.Value, r.Bias, r.Estimate.SE)
	t.Write(&b)
	b.WriteString("\n")
	t = wire.NewGrid("lower", "upper")
	for _, ci := range r.Intervals {
		t.Row(fmt.Sprintf("%s %% %s", wire.Short(100*ci.Level), ci.Method), ci.Lo, ci.Hi)
	}
	t.Write(&b)
	drawn := fmt.Sprintf("%d resamples, seed %d", r.Resamples, r.Seed)
	if r.Exact {
		drawn = fmt.Sprintf("all %d different resamples", r.Resamples)
	}
	fmt.Fprintf(&b, "\n%s: %d units, %s; n = %d; missing: %s.\nQuantiles of type 7. z₀ %s, acceleration %s.\n",
		strings.Replace(r.Estimate.Method, "b", "B", 1), r.Units, drawn, r.Estimate.N, r.Estimate.Missing, wire.Short(r.Z0), wire.Short(r.Acceleration))
	for _, w := range r.Estimate.Warnings {
		fmt.Fprintf(&b, "%s: %s\n", w.Severity, w.Error())
	}
	return b.String()
}

// MarshalJSON writes the fields by their tags; what is no number is null.
func (r Result) MarshalJSON() ([]byte, error) { return wire.Marshal(r) }

// UnmarshalJSON reads what MarshalJSON wrote; null is NaN.
func (r *Result) UnmarshalJSON(data []byte) error {
	type plain Result
	return wire.Unmarshal(data, (*plain)(r))
}

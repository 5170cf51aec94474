package needs

import (
	"fmt"
	"math"
	"math/big"

	"github.com/bangkom/bangkom"
)

// A Method scores an item; a higher score is a greater need. The zero Method
// is none.
type Method struct{ m *method }

// MethodInfo is what must be known of a method to read its score.
type MethodInfo struct {
	Name    string `json:"name"`
	Unit    string `json:"unit"`    // of the score, without weights
	Formula string `json:"formula"` // I wanted, P there, D = I − P
	Range   string `json:"range"`   // on a scale a..b
	MinN    int    `json:"min_n"`   // pairs, for an interval
	Source  string `json:"source"`
	R       string `json:"r"` // i wanted, p there
}

// A method is its metadata, one formula in the three ways it is computed, and
// what it shows beside the score. Each has a file of its own.
type method struct {
	MethodInfo
	importance bool                                         // reads what is wanted as an importance
	levels     bool                                         // does not read the gap alone, also of required levels
	outside    bool                                         // shows something of another cube
	available  bool                                         // defined where the two sides are of different people
	withAll    bool                                         // defined with the importance of all
	value      func(d int64) int64                          // of one person, where the score is the mean of it
	exact      func(*means) *big.Rat                        // decides ranks
	floats     func(*sums) (num, den float64)               // the same, for resampling and the jackknife
	influence  func(*sums) func(want, have float64) float64 // of a person at a pair of values; for the standard error
	check      func(*Cube) error                            // of a frame the method cannot take
	details    func([]*view, *Ranking, Options) []any       // in the order of the views; nil: none
	reads      []feature                                    // sums that resampling needs beside n; nil: of both sides
	target     func(s []sums, in []bool)                    // which items are in the method's first class
	interval   func(*view, *bangkom.Estimate, float64)      // nil: by Student's t
}

// Methods returns all methods without parameters of their own, in the order in
// which they should be read.
func Methods() []Method {
	return []Method{ShareBelow, Shortfall, MeanGap, Borich, BorichOwn, RDM, IPA(Crosshair{}), Locus, PNI, PNIModified, HennessyHicks}
}

// MethodByName finds one of [Methods].
func MethodByName(name string) (Method, bool) {
	for _, m := range Methods() {
		if m.String() == name {
			return m, true
		}
	}
	return Method{}, false
}

// Info describes the method; the zero value if it is none.
func (m Method) Info() MethodInfo {
	if m.m == nil {
		return MethodInfo{}
	}
	return m.m.MethodInfo
}

// String returns the method's name.
func (m Method) String() string { return m.Info().Name }

// allows says whether the method is defined on the cube under the options.
func (m *method) allows(c *Cube, o *Options) error {
	refuse := func(code, where, value, msg, need string) error {
		return bangkom.Problem{Code: code, Where: "needs: " + where, Value: value, Msg: m.Name + ": " + msg, Need: need}
	}
	switch {
	case m.importance && c.frame.Want == Required && !o.RequiredAsImportance:
		return refuse("want-is-required", "Method", m.Name, "it reads an importance, and the cube has required levels",
			"share-below, shortfall, mean-gap or rdm; or Options.RequiredAsImportance if that is meant")
	case o.Missing == AvailableMeans && !m.available || o.Missing == PairImportanceAll && !m.withAll:
		return refuse("needs-pairs", "Missing", o.Missing.String(), "it is not defined where the two sides are of different people", "pairwise or listwise")
	case o.Criticality == ByStandard && m.value == nil:
		return refuse(bangkom.ErrOption.Code, "Criticality", string(o.Criticality), "it is no mean of single gaps, which could weigh more or less", "share-below, shortfall or mean-gap")
	case o.Criticality == ByStandard && (o.Missing.name != "" && o.Missing != Listwise || o.Weights != nil || c.frame.Weighted):
		return refuse(bangkom.ErrOption.Code, "Criticality", string(o.Criticality), "criticality goes with neither weights nor this policy", "one at a time")
	case o.Interval == "jackknife" && (o.Weights != nil || c.frame.Weighted):
		return refuse(bangkom.ErrOption.Code, "Interval", o.Interval, "the jackknife is of equal weights", "delta or bootstrap")
	case m.check != nil:
		return m.check(c)
	}
	return nil
}

// score is exact, and nil without data; the estimate is what is shown of it.
func (m *method) score(v *view, o *Options) (*big.Rat, bangkom.Estimate) {
	if o.Criticality == ByStandard {
		all := v.joint.moments(m.value, true)
		mean, ok := all.mean()
		e := all.estimate(o.Level)
		e.Method = "mean, weighed by criticality"
		if !ok {
			return nil, e
		}
		return mean, e
	}
	if v.mean == nil {
		e := bangkom.Estimate{Value: math.NaN(), SE: math.NaN(), Method: m.Name}
		e.Warnings.Add(noData())
		return nil, e
	}
	if m.value != nil && !v.weighted && v.mean.have != nil && v.paired {
		return m.plain(v, o)
	}
	return m.general(v, o)
}

// plain is a mean of integers without weights: exact also in its spread.
func (m *method) plain(v *view, o *Options) (*big.Rat, bangkom.Estimate) {
	j := v.joint
	if m == ShareBelow.m {
		return m.exact(v.mean), m.named(j.share(o.Level), v, o)
	}
	return m.exact(v.mean), m.named(j.moments(m.value, false).estimate(o.Level), v, o)
}

func (m *method) named(e bangkom.Estimate, v *view, o *Options) bangkom.Estimate {
	if o.Interval == "jackknife" {
		e.Warnings, e.CI = nil, bangkom.Interval{}
		m.byJackknife(v, &e, o.Level)
	}
	return e
}

func (m *method) general(v *view, o *Options) (*big.Rat, bangkom.Estimate) {
	score := m.exact(v.mean)
	if score == nil {
		e := bangkom.Estimate{Value: math.NaN(), SE: math.NaN(), N: v.n, Method: m.Name}
		e.Warnings.Add(bangkom.Problem{Code: "undefined", Severity: bangkom.Warning, Msg: "the score is a quotient by zero"})
		return nil, e
	}
	e := bangkom.Estimate{N: v.n, Method: m.Name, SE: math.NaN()}
	e.Value, _ = score.Float64()
	switch {
	case v.mean.have == nil || !v.paired:
		e.Warnings.Add(bangkom.Problem{Code: "needs-pairs", Severity: bangkom.Warning, Msg: "no standard error: the two sides are of different people", Need: "pairwise, or a bootstrap interval"})
	case o.Interval == "jackknife":
		m.byJackknife(v, &e, o.Level)
	default:
		e.SE = v.spread(m.influence(&v.sums))
		if m.interval != nil {
			m.interval(v, &e, o.Level)
		} else {
			tInterval(&e, o.Level)
		}
	}
	if v.weighted {
		e.Method += ", weighted"
		e.Warnings = append(e.Warnings, v.effective())
	}
	return score, e
}

func (m *method) byJackknife(v *view, e *bangkom.Estimate, level float64) {
	e.SE = v.jackknife(func(s *sums) float64 {
		num, den := m.floats(s)
		return num / den
	})
	tInterval(e, level)
	if e.CI.Method != "" {
		e.CI.Method = "jackknife, t"
	}
}

// effective says what weights cost.
func (v *view) effective() bangkom.Problem {
	return bangkom.Problem{Code: "weighted", Severity: bangkom.Note, Value: fmt.Sprintf("n_eff %.4g of %d", float64(v.n)/v.deff, v.n),
		Msg: "Kish's effective number of people"}
}

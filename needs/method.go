package needs

import (
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
	Formula string `json:"formula"` // D = want − have
	Range   string `json:"range"`   // on a scale a..b
	MinN    int    `json:"min_n"`   // people assessed, for an interval
	Source  string `json:"source"`
	R       string `json:"r"` // i wanted, p attained
}

// The methods. Each is a mean over the people assessed, of 1 if they are below,
// of D, or of max(D, 0).
var (
	// ShareBelow is the share of people below the wanted level.
	ShareBelow = Method{&method{MethodInfo{"share-below", "share", "#(D > 0)/n", "0..1", 1, "gap summary; interval: Wilson (1927)", "mean(i > p); prop.test(sum(i > p), length(i), correct = FALSE)"}, below, true}}
	// MeanGap is the mean difference in levels; surpluses cancel gaps.
	MeanGap = Method{&method{MethodInfo{"mean-gap", "levels", "ΣD/n", "-(b-a)..b-a", 2, "gap summary; interval: Student's t", "t.test(i - p)"}, difference, false}}
	// Shortfall is the mean of the missing levels; a surplus counts as no gap.
	Shortfall = Method{&method{MethodInfo{"shortfall", "levels", "Σmax(D, 0)/n", "0..b-a", 2, "gap summary; interval: Student's t", "t.test(pmax(i - p, 0))"}, positive, false}}
)

// Methods returns all methods, in the order in which they should be read.
func Methods() []Method { return []Method{ShareBelow, Shortfall, MeanGap} }

// Info describes the method; the zero value if it is none.
func (m Method) Info() MethodInfo {
	if m.m == nil {
		return MethodInfo{}
	}
	return m.m.MethodInfo
}

// String returns the method's name.
func (m Method) String() string { return m.Info().Name }

type method struct {
	MethodInfo
	value func(d int64) int64 // of one person
	share bool                // unweighted, the interval is Wilson's
}

// score is exact, and nil without data; the estimate is what is shown of it.
func (m *method) score(j *joint, level float64, weighed bool) (*big.Rat, bangkom.Estimate) {
	all := j.moments(m.value, weighed)
	mean, ok := all.mean()
	if !ok {
		mean = nil
	}
	if m.share && !weighed {
		return mean, j.share(level)
	}
	e := all.estimate(level)
	if weighed {
		e.Method = "mean, weighed by criticality"
	}
	return mean, e
}

package evaluation

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/program"
)

// An Observation is the gain that was seen in one competency after one
// offering, in levels.
type Observation struct {
	Offering   program.OfferingID      `json:"offering"`
	Competency competency.CompetencyID `json:"competency"`
	Gain       bangkom.Estimate        `json:"gain"` // Value, SE (NaN: not known), N participants, Method
}

// ObserveOptions chooses the ratings behind observations. The zero value, or
// nil, is usable.
type ObserveOptions struct {
	// Sources of ratings in order of trust; the first with at least two rated
	// participants decides, else the first with one. Nil: superior, assessor,
	// test, peer, subordinate, record, others, self.
	Sources []competency.Source
}

// Observe returns the gains that level 3 shows, by offering and competency:
// the participants' mean change in levels, minus that of the comparison group
// in the same competency and by the same source, where there is one. A person
// with several ratings counts once. The standard error pools the spread of
// both groups,
//
//	√(s² (1/n + 1/m)),  s² over both groups with n + m − 2
//
// or is that of the mean without a comparison group; NaN if one person is all
// there is. N counts participants only.
func Observe(s Study, opt *ObserveOptions) []Observation {
	c := s.cohort()
	type key struct {
		offering   program.OfferingID
		competency competency.CompetencyID
	}
	took := map[key]map[competency.Source]changes{}
	rest := map[competency.CompetencyID]map[competency.Source]changes{}
	for _, b := range s.Behaviour {
		if !b.Before.Known || !b.After.Known {
			continue
		}
		before, after := float64(b.Before.Level), float64(b.After.Level)
		switch c.of(b.Person, b.Offering) {
		case trained:
			put(took, key{b.Offering, b.Competency}, b.Source).add(b.Person, before, after)
		case others:
			put(rest, b.Competency, b.Source).add(b.Person, before, after)
		}
	}
	keys := slices.SortedFunc(maps.Keys(took), func(a, b key) int {
		return cmp.Or(cmp.Compare(a.offering, b.offering), cmp.Compare(a.competency, b.competency))
	})
	var out []Observation
	for _, k := range keys {
		if source, ok := choose(took[k], opt); ok {
			out = append(out, Observation{k.offering, k.competency, gain(took[k][source].differences(), rest[k.competency][source].differences(), source)})
		}
	}
	return out
}

func put[K comparable](m map[K]map[competency.Source]changes, k K, s competency.Source) changes {
	if m[k] == nil {
		m[k] = map[competency.Source]changes{}
	}
	if m[k][s] == nil {
		m[k][s] = changes{}
	}
	return m[k][s]
}

// choose picks the source that decides.
func choose(by map[competency.Source]changes, opt *ObserveOptions) (competency.Source, bool) {
	order := inTrust(slices.Collect(maps.Keys(by)))
	if opt != nil && opt.Sources != nil {
		order = opt.Sources
	}
	for _, least := range []int{2, 1} {
		for _, s := range order {
			if len(by[s]) >= least {
				return s, true
			}
		}
	}
	return "", false
}

// gain estimates one gain from the changes of people.
func gain(took, rest []float64, source competency.Source) bangkom.Estimate {
	n, m := float64(len(took)), float64(len(rest))
	est := bangkom.Estimate{Value: mean(took), SE: math.NaN(), N: len(took), Method: "mean change in levels by " + string(source)}
	squares, df, inverse := deviations(took), n-1, 1/n
	if m > 0 {
		est.Value -= mean(rest)
		est.Method += ", minus the comparison group's"
		squares += deviations(rest)
		df, inverse = n+m-2, 1/n+1/m
	} else {
		est.Warnings.Add(bangkom.Problem{Code: "no-comparison-group", Severity: bangkom.Warning, Msg: "nobody else was rated in this competency: the gain may have any cause"})
	}
	if df > 0 {
		est.SE = math.Sqrt(squares / df * inverse)
	}
	if source == competency.Self {
		est.Warnings.Add(bangkom.Problem{Code: "self-report-only", Severity: bangkom.Warning, Msg: "only the participants themselves say that they changed"})
	}
	return est
}

// deviations is the sum of squares about the mean.
func deviations(xs []float64) float64 {
	m, out := mean(xs), 0.0
	for _, x := range xs {
		out += (x - m) * (x - m)
	}
	return out
}

// LearnOptions are the assumptions of [Learn], in levels. The zero value, or
// nil, takes the defaults; a Change names those it rested on.
type LearnOptions struct {
	// PriorSE is the doubt about a catalogue's gain that states none; 0: 0.5.
	PriorSE float64
	// PersonSD is how much changes are expected to differ between people, and
	// PersonSDWorth how many people that expectation is worth. They keep two
	// people who happened to change alike from looking certain. 0: 1 and 5.
	PersonSD      float64
	PersonSDWorth float64
}

// A Change says how an expected gain moved, and why.
type Change struct {
	Offering   program.OfferingID      `json:"offering"`
	Competency competency.CompetencyID `json:"competency"`
	Old        program.Gain            `json:"old"`            // of the catalogue: the prior that all observations are set against
	Last       *program.Gain           `json:"last,omitempty"` // in use until now, after observations of earlier years; nil: Old. See [Change.Since]
	New        program.Gain            `json:"new"`
	Observed   bangkom.Estimate        `json:"observed"` // all observations together
	N          int                     `json:"n"`        // participants observed
	Weight     float64                 `json:"weight"`   // of the observation, from 0 to 1
	Reason     string                  `json:"reason"`   // a code, see [Learn]
	Warnings   bangkom.Problems        `json:"warnings,omitempty"`
}

// The reasons of a [Change].
const (
	ObservedMore  = "observed-more"    // more than expected
	ObservedLess  = "observed-less"    // less than expected
	AsExpected    = "as-expected"      // the mean stays, its doubt shrinks
	NoOffering    = "unknown-offering" // not in the catalogue: nothing changes
	NotRaised     = "not-in-catalogue" // the offering does not claim this competency: nothing changes
	NotObserved   = "nobody-observed"  // no participants: nothing changes
	NotFiniteGain = "not-finite"       // no usable number: nothing changes
)

// Since returns the change as seen by those who have planned with another gain
// than the catalogue's, because they have learnt before: Last is that gain, and
// Reason says which way the new evidence moved it. Weight and Observed stay
// what they are, of all observations against the catalogue's gain.
func (c Change) Since(last program.Gain) Change {
	c.Last, c.Reason = nil, reason(last.Mean, c.New.Mean)
	if last != c.Old {
		c.Last = &last
	}
	return c
}

// reason names the direction of a change.
func reason(before, after float64) string {
	switch {
	case after > before:
		return ObservedMore
	case after < before:
		return ObservedLess
	}
	return AsExpected
}

// String gives one line: "L01 INT: 0.50 → 0.62 (n = 12, weight 0.4, observed-more)".
func (c Change) String() string {
	before := c.Old.Mean
	if c.Last != nil {
		before = c.Last.Mean
	}
	return fmt.Sprintf("%s %s: %.2f → %.2f (n = %d, weight %.2f, %s)", c.Offering, c.Competency, before, c.New.Mean, c.N, c.Weight, c.Reason)
}

// Learn moves the catalogue's expected gains towards what was observed. The
// gain of the catalogue is a normal prior with its standard error, the
// observations are normal with theirs:
//
//	precision(x) = 1/SE²
//	new mean     = (old·precision(old) + Σ observed·precision) / (precision(old) + Σ precision)
//	new SE       = 1/√(precision(old) + Σ precision)
//	weight       = Σ precision / (precision(old) + Σ precision)
//
// An observation's variance per person, SE²·n, is first drawn towards
// PersonSD², which counts as PersonSDWorth people; of an unknown SE it is
// PersonSD². So few people move a gain little, many replace it, and nobody
// moves nothing. Observations count alike in any order, and learning from them
// one after the other is the same as from all at once, up to rounding.
//
// It returns a new catalogue, sharing no map with the old one, and one Change
// per offering and competency that was observed, sorted. The Reason says what
// happened. A prior whose SE is 0, which means not stated, is taken with
// PriorSE, and the Change warns of it (assumed-prior-se). A new mean below 0
// stands as it is, with a warning (negative-gain).
func Learn(catalogue []program.Offering, observed []Observation, opt *LearnOptions) ([]program.Offering, []Change) {
	o := LearnOptions{}
	if opt != nil {
		o = *opt
	}
	o.PriorSE = positive(o.PriorSE, 0.5)
	o.PersonSD = positive(o.PersonSD, 1)
	o.PersonSDWorth = positive(o.PersonSDWorth, 5)

	updated := make([]program.Offering, len(catalogue))
	at := map[program.OfferingID]int{}
	for i, of := range catalogue {
		updated[i] = of.Clone()
		if _, twice := at[of.ID]; !twice {
			at[of.ID] = i
		}
	}
	type key struct {
		offering   program.OfferingID
		competency competency.CompetencyID
	}
	groups := map[key][]bangkom.Estimate{}
	for _, ob := range observed {
		k := key{ob.Offering, ob.Competency}
		groups[k] = append(groups[k], ob.Gain)
	}
	keys := slices.SortedFunc(maps.Keys(groups), func(a, b key) int {
		return cmp.Or(cmp.Compare(a.offering, b.offering), cmp.Compare(a.competency, b.competency))
	})
	var changes []Change
	for _, k := range keys {
		c := Change{Offering: k.offering, Competency: k.competency}
		i, known := at[k.offering]
		var raised bool
		if known {
			c.Old, raised = updated[i].Raises[k.competency]
		}
		c.New = c.Old
		seen, usable := o.combine(groups[k])
		c.Observed, c.N = seen, seen.N
		switch {
		case !known:
			c.Reason = NoOffering
		case !raised:
			c.Reason = NotRaised
		case c.N == 0 && usable:
			c.Reason = NotObserved
		case !usable || !finite(c.Old.Mean):
			c.Reason = NotFiniteGain
		default:
			o.update(&c)
			updated[i].Raises[k.competency] = c.New
		}
		changes = append(changes, c)
	}
	return updated, changes
}

func positive(x, otherwise float64) float64 {
	if x > 0 && finite(x) {
		return x
	}
	return otherwise
}

func finite(x float64) bool { return x-x == 0 }

// combine weighs the observations by their precision. It is not usable if one
// of them is no number.
func (o LearnOptions) combine(obs []bangkom.Estimate) (bangkom.Estimate, bool) {
	obs = slices.Clone(obs)
	slices.SortFunc(obs, func(a, b bangkom.Estimate) int { // sums in one order, whatever the caller's
		return cmp.Or(cmp.Compare(a.Value, b.Value), cmp.Compare(a.N, b.N), cmp.Compare(a.SE, b.SE))
	})
	out := bangkom.Estimate{Value: math.NaN(), SE: math.NaN(), Method: "observations weighted by precision; variances drawn towards PersonSD²"}
	sum, precision := 0.0, 0.0
	for _, e := range obs {
		if e.N <= 0 {
			continue
		}
		if !finite(e.Value) {
			return out, false
		}
		p := 1 / o.variance(e)
		sum, precision = sum+p*e.Value, precision+p
		out.N += e.N
		out.Warnings = append(out.Warnings, e.Warnings...)
	}
	if out.N > 0 {
		out.Value, out.SE = sum/precision, 1/math.Sqrt(precision)
	}
	if len(obs) == 1 {
		out.Method = obs[0].Method + "; variance drawn towards PersonSD²"
	}
	return out, true
}

// variance of one observation's mean, drawn towards what is expected of people.
func (o LearnOptions) variance(e bangkom.Estimate) float64 {
	n := float64(e.N)
	person := o.PersonSD * o.PersonSD
	if e.SE >= 0 && finite(e.SE) && n > 1 {
		person = (o.PersonSDWorth*person + (n-1)*e.SE*e.SE*n) / (o.PersonSDWorth + n - 1)
	}
	return person / n
}

// update applies the observations to the prior of a change.
func (o LearnOptions) update(c *Change) {
	prior := c.Old.SE
	if !(prior > 0) || !finite(prior) {
		prior = o.PriorSE
		c.Warnings.Add(bangkom.Problem{Code: "assumed-prior-se", Severity: bangkom.Warning, Value: fmt.Sprint(prior),
			Msg: "the catalogue states no standard error of its gain: this one was assumed", Need: "state the SE in the catalogue"})
	}
	before, seen := 1/(prior*prior), 1/(c.Observed.SE*c.Observed.SE)
	c.Weight = seen / (before + seen)
	c.New.Mean = c.Old.Mean + c.Weight*(c.Observed.Value-c.Old.Mean)
	c.New.SE = 1 / math.Sqrt(before+seen)
	c.New.N = c.Old.N + c.N
	c.New.Source = learntFrom(c.Old.Source)
	c.Reason = reason(c.Old.Mean, c.New.Mean)
	if c.New.Mean < 0 {
		c.Warnings.Add(bangkom.Problem{Code: "negative-gain", Severity: bangkom.Warning, Value: fmt.Sprintf("%.2f", c.New.Mean), Msg: "the offering is expected to lower the competency", Need: "look at it before it is planned again"})
	}
}

// learntMark is put behind the source of a gain once.
const learntMark = " + observed"

func learntFrom(source string) string {
	if len(source) >= len(learntMark) && source[len(source)-len(learntMark):] == learntMark {
		return source
	}
	return source + learntMark
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

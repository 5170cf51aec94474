package evaluation

import (
	"fmt"
	"math"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/evaluation/satisfaction"
	"github.com/bangkom/bangkom/internal/num"
	"github.com/bangkom/bangkom/program"
)

// A Report is what a study says, level by level. A level without data is nil.
type Report struct {
	Title        string                   `json:"title,omitempty"`
	Offerings    []program.OfferingID     `json:"offerings"`
	Design       Design                   `json:"design"`
	Participants *int                     `json:"participants"` // people; nil: the study does not say
	Reaction     *ReactionResult          `json:"reaction"`
	Learning     *LearningResult          `json:"learning"`
	Behaviour    *BehaviourResult         `json:"behaviour"`
	Results      *satisfaction.Comparison `json:"results"`
	Return       *ROI                     `json:"return"`
	Observed     []Observation            `json:"observed,omitempty"` // what Learn can use
	Threats      bangkom.Problems         `json:"threats,omitempty"`  // what else could explain the numbers
	Claims       []Claim                  `json:"claims,omitempty"`
}

// Evaluate computes the report of a study. The problems are errors of options,
// rows that do not fit the study, and what the satisfaction survey reports;
// the report is nil only for an error of options. What a level cannot compute is
// NaN with a warning that says what it needs.
func Evaluate(s Study, opt *Options) (*Report, bangkom.Problems) {
	o, ps := opt.checked()
	if ps.Err() != nil {
		return nil, ps
	}
	e := &evaluator{s: s, o: o, c: s.cohort(), problems: ps}
	r := &Report{Title: s.Title, Offerings: s.All(), Design: s.Design}
	if e.c.people != nil {
		n := len(e.c.people)
		r.Participants = &n
	}
	r.Reaction = e.reaction()
	r.Learning = e.learning()
	r.Behaviour = e.behaviour()
	r.Results = e.results()
	r.Observed = Observe(s, nil)
	r.Return = e.roi(r.Behaviour)
	r.Threats = e.threats(r)
	r.Claims = e.claims(r)
	e.shapes()
	e.strangers()
	return r, e.problems
}

// evaluator carries a study through its levels.
type evaluator struct {
	s        Study
	o        Options
	c        cohort
	problems bangkom.Problems
}

// dropped is how many participants a level knows nothing of; 0 if the study
// does not say who took part.
func (e *evaluator) dropped(n int) int { return max(len(e.c.people)-n, 0) }

// shapes reports rows that no level can use.
func (e *evaluator) shapes() {
	refuse := func(code bangkom.Problem, where, msg string) {
		e.problems.Add(bangkom.Problem{Code: code.Code, Where: where, Msg: msg + ": left out", Need: "NaN where unknown"})
	}
	for i, t := range e.s.Tests {
		if math.IsInf(t.Before, 0) || math.IsInf(t.After, 0) {
			refuse(bangkom.ErrNotFinite, fmt.Sprintf("tests[%d]", i), "an infinite score")
		}
	}
	for i, r := range e.s.Reaction.Rows {
		where := fmt.Sprintf("reaction[%d]", i)
		if len(r.Answers) != len(e.s.Reaction.Items) {
			refuse(bangkom.ErrShape, where, "a sheet with another number of answers than items")
		}
		if slices.ContainsFunc(r.Answers, func(v float64) bool { return math.IsInf(v, 0) }) {
			refuse(bangkom.ErrNotFinite, where, "an infinite answer")
		}
	}
}

// strangers reports rows of people who are not among the participants.
func (e *evaluator) strangers() {
	count := func(what string, n int) {
		if n > 0 {
			e.problems.Add(bangkom.Problem{Code: "not-a-participant", Severity: bangkom.Warning, Where: what, Value: fmt.Sprint(n),
				Msg: "rows of people who did not complete the offering: left out", Need: "complete the delivery log, or correct the rows"})
		}
	}
	n := [3]int{}
	for _, t := range e.s.Tests {
		n[0] += one(e.c.of(t.Person, t.Offering) == stranger)
	}
	for _, r := range e.s.Reaction.Rows {
		n[1] += one(e.c.of(r.Person, r.Offering) == stranger)
	}
	for _, b := range e.s.Behaviour {
		n[2] += one(e.c.of(b.Person, b.Offering) == stranger)
	}
	count("tests", n[0])
	count("reaction", n[1])
	count("behaviour", n[2])
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// results measures the public's satisfaction.
func (e *evaluator) results() *satisfaction.Comparison {
	p := e.s.Public
	if p == nil {
		return nil
	}
	opt := satisfaction.Options{}
	if p.Options != nil {
		opt = *p.Options
	}
	if opt.Level == 0 {
		opt.Level = e.o.Level
	}
	c, ps := satisfaction.Compare(p.Instrument, p.Before, p.After, p.Trained, &opt)
	e.problems = append(e.problems, ps...)
	return c
}

// meanOf is a mean with Student's interval; what cannot be known is NaN with a warning.
func (e *evaluator) meanOf(xs []float64, what string) bangkom.Estimate {
	m, se, half := num.MeanInterval(xs, e.o.Level)
	est := bangkom.Estimate{Value: m, SE: se, N: len(xs), Method: what}
	switch {
	case len(xs) < 2:
		est.Warnings.Add(bangkom.Problem{Code: bangkom.ErrTooFew.Code, Severity: bangkom.Warning, Value: fmt.Sprint(len(xs)), Msg: "too few people for an interval", Need: "at least 2 people"})
	case se == 0:
		est.Warnings.Add(bangkom.Problem{Code: bangkom.ErrNoVariation.Code, Severity: bangkom.Warning, Msg: "everybody has the same value: the interval is unknown, not of width 0", Need: "more people"})
	default:
		est.CI = bangkom.Interval{Lo: m - half, Hi: m + half, Level: e.o.Level, Method: "t"}
	}
	return est
}

// unknown is an estimate that could not be computed, with the reason.
func unknown(method string, n int, err error) bangkom.Estimate {
	est := bangkom.Estimate{Value: math.NaN(), SE: math.NaN(), N: n, Method: method}
	for _, p := range bangkom.AsProblems(err, bangkom.ErrTooFew.Code) {
		p.Severity = bangkom.Warning
		est.Warnings.Add(p)
	}
	return est
}

// orUnknown is the estimate, or an unknown one with the reason.
func orUnknown(est bangkom.Estimate, err error, method string, n int) bangkom.Estimate {
	if err != nil {
		return unknown(method, n, err)
	}
	return est
}

// testOrUnknown is the test, or an unknown one that keeps the plain value.
func testOrUnknown(t bangkom.Test, err error, method string, value float64, n int) bangkom.Test {
	if err == nil {
		return t
	}
	nan := math.NaN()
	est := unknown(method, n, err)
	est.Value = value
	return bangkom.Test{Estimate: est, Statistic: nan, DF: nan, DF2: nan, P: nan}
}

// trust is the order in which sources of ratings are believed, where one must
// be chosen: those who see the work first, oneself last.
var trust = []competency.Source{competency.Superior, competency.Assessor, competency.ByTest, competency.Peer, competency.Subordinate, competency.Record, competency.Self}

// inTrust orders sources; unknown ones come before oneself, by name.
func inTrust(sources []competency.Source) []competency.Source {
	rank := func(s competency.Source) int {
		i := slices.Index(trust, s)
		switch {
		case i < 0:
			return 2*len(trust) - 3 // just before the last
		default:
			return 2 * i
		}
	}
	out := slices.Clone(sources)
	slices.SortFunc(out, func(a, b competency.Source) int {
		if d := rank(a) - rank(b); d != 0 {
			return d
		}
		if a < b {
			return -1
		}
		return one(a > b)
	})
	return out
}

package triangulation

import (
	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/stats/compare"
)

// The designs of a comparison before and after.
const (
	PrePost  = "pre-post"  // judged before and after
	ThenTest = "then-test" // judged afterwards, also about the time before
	Both     = "both"
)

// A ShiftResult compares judgements of the same people. What the design does
// not have is absent.
type ShiftResult struct {
	Design   string           `json:"design"`
	Gain     *bangkom.Test    `json:"gain,omitempty"`      // post − pre
	ThenGain *bangkom.Test    `json:"then_gain,omitempty"` // post − then
	Shift    *bangkom.Test    `json:"shift,omitempty"`     // pre − then: above 0, ability was overestimated before
	Problems bangkom.Problems `json:"problems,omitempty"`  // why one is absent though the design has it
}

// Shift measures response shift with a retrospective pre-test: then is the
// judgement, made after a training, of the time before it. Each list has one
// entry per person in the same order, NaN where there is none; nil leaves an
// occasion out, and says the design. post is always there. Each comparison is
// a paired t test of the people who have both.
//
// Memory, and the wish to have gained, pull the other way: a then-gain is no
// better evidence than a test of knowledge. Errors: ErrShape, ErrNotFinite.
func Shift(pre, then, post []float64, opt *compare.Options) (*ShiftResult, error) {
	r := &ShiftResult{}
	switch {
	case post == nil || pre == nil && then == nil:
		return nil, bangkom.Problem{Code: bangkom.ErrShape.Code, Msg: "triangulation: post, and pre or then or both, are needed"}
	case then == nil:
		r.Design = PrePost
	case pre == nil:
		r.Design = ThenTest
	default:
		r.Design = Both
	}
	for _, c := range []struct {
		before, after []float64
		name          string
		into          **bangkom.Test
	}{{pre, post, "gain", &r.Gain}, {then, post, "then_gain", &r.ThenGain}, {then, pre, "shift", &r.Shift}} {
		if c.before == nil || c.after == nil {
			continue
		}
		t, err := compare.Paired(c.before, c.after, opt)
		if err == nil {
			*c.into = &t
			continue
		}
		for _, p := range bangkom.AsProblems(err, "undefined") {
			if p.Code != bangkom.ErrTooFew.Code && p.Code != bangkom.ErrNoVariation.Code {
				return nil, err
			}
			p.Severity, p.Where = bangkom.Warning, c.name
			r.Problems.Add(p)
		}
	}
	return r, nil
}

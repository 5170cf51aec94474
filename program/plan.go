package program

import (
	"cmp"
	"encoding/json"
	"math"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/internal/word"
	"github.com/bangkom/bangkom/program/internal/solve"
)

// Status says what is known of a plan.
type Status uint8

const (
	NoPlan     Status = iota // none found yet
	Feasible                 // a plan without a useful bound
	Bounded                  // a plan, and a bound on every plan
	Optimal                  // the two meet
	Infeasible               // the hard rules cannot all hold
)

var statusWords = word.Of[Status]("status of a plan", "no-plan", "feasible", "bounded", "optimal", "infeasible")

// String returns "no-plan", "feasible", "bounded", "optimal" or "infeasible".
func (s Status) String() string { return statusWords.String(s) }

// MarshalText writes the word of [Status.String].
func (s Status) MarshalText() ([]byte, error) { return statusWords.Marshal(s) }

// UnmarshalText reads what [Status.MarshalText] wrote.
func (s *Status) UnmarshalText(text []byte) error { return statusWords.Unmarshal(text, s) }

// Progress is a moment of a search.
type Progress struct {
	Work      int64   // plans of single persons computed so far
	Objective float64 // of the best plan; NaN before there is one
	Bound     float64 // +Inf before there is one
}

// A Plan is what [Solve] found. It is plain data, by id throughout: it can be
// stored as JSON and read back.
type Plan struct {
	Year      int          `json:"year"`
	AsOf      bangkom.Date `json:"as_of,omitzero"`
	Status    Status       `json:"status"`
	Objective float64      `json:"objective"`       // weighted levels expected to be closed, less what is paid for soft rules; NaN: no plan
	Bound     float64      `json:"bound"`           // no plan of the model is worth more; +Inf: not known
	Parts     []Part       `json:"parts,omitempty"` // of the objective, with their prices
	Held      []Held       `json:"held"`            // by session
	People    []Individual `json:"people"`          // who has a need, a seat or a minimum of hours
	Cost      Charges      `json:"cost"`
	Lines     []BudgetLine `json:"budget"`            // the whole, then by unit
	AtTier    bool         `json:"at_tier,omitempty"` // lines are charged the tier reached: see [Policy]
	Floors    []FloorMet   `json:"floors,omitempty"`  // what the floors of the policy came to
	Kept      *Kept        `json:"kept,omitempty"`    // the seats of an earlier plan, if moves had a price
	Ended     string       `json:"ended,omitempty"`   // what ended the search: "proof", "time", "work", "context" or "search"
	Work      int64        `json:"work,omitempty"`    // plans of single persons computed
	Trace     []Progress   `json:"trace,omitempty"`
	Proof     Certificate  `json:"certificate,omitzero"`
}

// Held is a session that the plan holds.
type Held struct {
	Session  Session               `json:"session"`
	Offering Offering              `json:"offering"`
	Partner  *Partner              `json:"partner,omitempty"`
	People   []competency.PersonID `json:"people"`
	Cost     Charges               `json:"cost"`
}

// Fill returns the share of the seats that are taken, in [0, 1].
func (h Held) Fill() float64 {
	if h.Session.Max == 0 {
		return 0
	}
	return float64(len(h.People)) / float64(h.Session.Max)
}

// Individual is the plan seen from one person.
type Individual struct {
	Person   competency.PersonID `json:"person"`
	Unit     competency.UnitID   `json:"unit,omitempty"`
	Payer    competency.UnitID   `json:"payer,omitempty"` // whose budget line pays the seats; without a line, the own unit
	Sessions []SessionID         `json:"sessions,omitempty"`
	JP       bangkom.JP          `json:"jp"`      // hours of these sessions
	Missing  bangkom.JP          `json:"missing"` // hours below the minimum, after the plan
	Expected []Expected          `json:"expected,omitempty"`
	Unseated Reason              `json:"unseated,omitempty"`
}

// A Reason says why a person has no seat.
type Reason string

const (
	NoNeed     Reason = "no-need"        // no gap is known
	NoSession  Reason = "no-session"     // no session raises a gap that the person may attend
	DoneBefore Reason = "done-before"    // the person did before whatever raises the gaps
	TooFew     Reason = "too-few-people" // fewer people may attend such sessions than their minimum
	NoRoom     Reason = "no-room"        // there are such sessions; under the limits the seats went to others, or nobody's
)

// Expected is what a plan is expected to close of one need, in levels.
type Expected struct {
	Of     competency.CompetencyID `json:"of"`
	Gap    float64                 `json:"gap"`
	Closed float64                 `json:"closed"`
	Weight float64                 `json:"weight"` // of a level in the objective: 1 for the most needed competency of the plan
}

// Gap returns (Bound − Objective) / |Objective|: how far the plan can be from
// the best one. It is 0 for an optimal plan, and +Inf without plan or bound.
func (p *Plan) Gap() float64 {
	switch {
	case p.Bound == p.Objective:
		return 0
	case math.IsNaN(p.Objective) || math.IsInf(p.Bound, 0) || p.Objective == 0:
		return math.Inf(1)
	}
	return max(0, (p.Bound-p.Objective)/math.Abs(p.Objective))
}

// Person returns the plan of one person, and whether there is one.
func (p *Plan) Person(id competency.PersonID) (Individual, bool) {
	i, ok := slices.BinarySearchFunc(p.People, id, func(x Individual, id competency.PersonID) int { return cmp.Compare(x.Person, id) })
	if !ok {
		return Individual{}, false
	}
	return p.People[i], true
}

// FloorMet is what a [Floor] came to: the mean of levels closed by the people
// of the unit who have a need.
type FloorMet struct {
	Floor
	People int     `json:"people"`
	Closed float64 `json:"closed"`
}

// A Certificate proves the bound of a plan: prices of money, seats and the
// other rows that people share, in a tree of cases. The zero value proves nothing.
type Certificate struct {
	tree *solve.Certificate
	root *solve.Prices // before any case; nil: those of the tree
	zeta []float64     // prices of the policy's floors
}

// Verify recomputes the bound from the model and the prices alone. Any prices
// prove some bound, so that what it returns holds for every plan of the model
// that it was given. The bound of a plan with priced moves, or of an instance
// that is not the model's, as after [Instance.After], is proved by
// [Instance.Verify].
func (c Certificate) Verify(m *Model) (bound float64, err error) {
	if c.tree == nil {
		return math.Inf(1), errNoCertificate
	}
	in, err := m.Instance()
	if err != nil {
		return math.Inf(1), err
	}
	return c.verify(in.c, nil)
}

var errNoCertificate = bangkom.Problem{Code: "no-certificate", Msg: "the plan has no certificate: its bound is a claim"}

// verify proves what it can of the problem in numbers, with the price of moves.
func (c Certificate) verify(of *compiled, keep *Kept) (bound float64, err error) {
	if c.tree == nil {
		return math.Inf(1), errNoCertificate
	}
	floors := 0.0
	if len(c.zeta) > 0 {
		if len(c.zeta) != len(of.model.Policy.Floors) || of.model.Workforce == nil {
			return math.Inf(1), bangkom.Problem{Code: "bad-certificate", Where: "floors", Msg: "the certificate prices other floors than the policy has"}
		}
		of, floors = of.model.compileAt(of.boxed(c.zeta)), of.floorsWorth(of.boxed(c.zeta))
	}
	bound, err = c.tree.Verify(of.keeping(keep))
	return bound/of.scale - of.idle() - keep.most() - floors, err
}

// certificateJSON is the tree, with what else the bound rests on beside it.
type certificateJSON struct {
	*solve.Certificate
	Root   *solve.Prices `json:"root,omitempty"`
	Floors []float64     `json:"floors,omitempty"`
}

// MarshalJSON writes the tree, with its prices in thousandths of the plan's
// unit, as the problem file has them; null without one.
func (c Certificate) MarshalJSON() ([]byte, error) {
	if c.tree == nil {
		return []byte("null"), nil
	}
	return json.Marshal(certificateJSON{c.tree, c.root, c.zeta})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (c *Certificate) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		*c = Certificate{}
		return nil
	}
	w := certificateJSON{Certificate: &solve.Certificate{}}
	if err := json.Unmarshal(data, &w); err != nil {
		return err
	}
	*c = Certificate{w.Certificate, w.Root, w.Floors}
	return nil
}

// IsZero reports whether there is nothing to prove with.
func (c Certificate) IsZero() bool { return c.tree == nil }

// planFields is a Plan without its methods.
type planFields Plan

// planJSON replaces the numbers that JSON may not be able to hold.
type planJSON struct {
	*planFields
	Objective *float64 `json:"objective"`
	Bound     *float64 `json:"bound"`
}

// MarshalJSON writes the plan; an objective or a bound that is not known is null.
func (p Plan) MarshalJSON() ([]byte, error) {
	return json.Marshal(planJSON{(*planFields)(&p), finite(p.Objective), finite(p.Bound)})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (p *Plan) UnmarshalJSON(data []byte) error {
	w := planJSON{planFields: (*planFields)(p)}
	if err := json.Unmarshal(data, &w); err != nil {
		return err
	}
	p.Objective, p.Bound = orElse(w.Objective, math.NaN()), orElse(w.Bound, math.Inf(1))
	if w.Bound == nil && p.Status == Infeasible {
		p.Bound = math.Inf(-1)
	}
	return nil
}

// progressJSON freezes the keys.
type progressJSON struct {
	Work      int64    `json:"work"`
	Objective *float64 `json:"objective"`
	Bound     *float64 `json:"bound"`
}

// MarshalJSON writes {work, objective, bound}; what is not known is null.
func (p Progress) MarshalJSON() ([]byte, error) {
	return json.Marshal(progressJSON{p.Work, finite(p.Objective), finite(p.Bound)})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (p *Progress) UnmarshalJSON(data []byte) error {
	var w progressJSON
	if err := json.Unmarshal(data, &w); err != nil {
		return err
	}
	*p = Progress{w.Work, orElse(w.Objective, math.NaN()), orElse(w.Bound, math.Inf(1))}
	return nil
}

package program

import (
	"context"
	"time"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
)

// Status says what is known of a plan.
type Status uint8

const (
	NoPlan     Status = iota // none found yet
	Feasible                 // a plan without a useful bound
	Bounded                  // a plan and a bound on every plan
	Optimal                  // the two meet
	Infeasible               // the hard rules cannot all hold
)

// Options of [Solve]. With a limit in time the result depends on the machine;
// with a limit in work only on the model and the seed.
type Options struct {
	Limit    time.Duration // 0: until proven or the context ends, if Work is 0 too
	Work     int64         // limit in plans of single persons computed; 0: none
	Seed     uint64
	Workers  int // 0: all cores
	Progress func(Progress)
}

// Progress is a moment of a search.
type Progress struct {
	Work      int64   `json:"work"`
	Objective float64 `json:"objective"`
	Bound     float64 `json:"bound"`
}

// A Plan is what [Solve] found. It is plain data: it can be stored and read back.
type Plan struct {
	Year        int          `json:"year"`
	AsOf        bangkom.Date `json:"as_of,omitzero"`
	Status      Status       `json:"status"`
	Objective   float64      `json:"objective"`
	Bound       float64      `json:"bound"`
	Held        []Held       `json:"held"`
	People      []Individual `json:"people"`
	Lines       []BudgetLine `json:"budget"`
	Cost        Charges      `json:"cost"`
	Certificate Certificate  `json:"certificate,omitzero"`
	Trace       []Progress   `json:"trace,omitempty"`
}

// Held is a session that the plan holds.
type Held struct {
	Session  Session               `json:"session"`
	Offering Offering              `json:"offering"`
	Partner  *Partner              `json:"partner,omitempty"`
	People   []competency.PersonID `json:"people"`
	Cost     Charges               `json:"cost"`
}

// Charges part a cost. Due is what will have to be paid.
type Charges struct {
	Fixed    bangkom.Rupiah `json:"fixed"`
	Seats    bangkom.Rupiah `json:"seats"`    // own cost per seat
	Fee      bangkom.Rupiah `json:"fee"`      // the partner's fee at list price
	Discount bangkom.Rupiah `json:"discount"` // what the volume reached takes off the fee
	Due      bangkom.Rupiah `json:"due"`      // Fixed + Seats + Fee − Discount
}

// Individual is the plan seen from one person.
type Individual struct {
	Person   competency.PersonID `json:"person"`
	Unit     competency.UnitID   `json:"unit"`
	Payer    competency.UnitID   `json:"payer"` // the unit whose budget line pays the seats; without a line, the own unit
	Sessions []SessionID         `json:"sessions,omitempty"`
	JP       bangkom.JP          `json:"jp"`      // hours of these sessions
	Missing  bangkom.JP          `json:"missing"` // hours below the minimum after the plan
	Expected []Expected          `json:"expected,omitempty"`
	Why      string              `json:"why,omitempty"` // why there is no seat: "no-session" or "limits"
}

// Expected is what the plan is expected to close of one need.
type Expected struct {
	Of     competency.CompetencyID `json:"of"`
	Gap    float64                 `json:"gap"`
	Closed float64                 `json:"closed"` // levels
}

// A BudgetLine compares money planned with money given. Without a Ceiling
// nothing is left over and nothing short.
type BudgetLine struct {
	Unit     competency.UnitID `json:"unit"` // "": the whole
	Ceiling  *bangkom.Rupiah   `json:"ceiling"`
	Planned  bangkom.Rupiah    `json:"planned"`
	Leftover bangkom.Rupiah    `json:"leftover"`
	Shortage bangkom.Rupiah    `json:"shortage"`
}

// A Certificate proves the bound of a plan. The zero value proves nothing.
type Certificate struct{}

// Solve plans the year. It never returns an error for want of time: what was
// found so far is the plan, and Status says what it is worth. The error is
// that of a model that does not validate.
func Solve(ctx context.Context, m *Model, opt *Options) (*Plan, error) { panic("being written") }

// Gap returns (Bound − Objective) / |Objective|: how far the plan can be from
// the best one. It is +Inf without a bound, and 0 for an optimal plan.
func (p *Plan) Gap() float64 { panic("being written") }

// Person returns the plan of one person, and whether it has the person.
func (p *Plan) Person(id competency.PersonID) (Individual, bool) { panic("being written") }

// Annual makes the plan document of a year.
func (p *Plan) Annual(year int) AnnualPlan { panic("being written") }

// Verify recomputes the bound from the model and the prices alone.
func (c Certificate) Verify(m *Model) (bound float64, err error) { panic("being written") }

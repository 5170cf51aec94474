package program

import (
	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
)

// An AnnualPlan is the document of one year: a line per session with the
// seven items a public plan of competency development states, and its money.
type AnnualPlan struct {
	Year   int            `json:"year"`
	Lines  []AnnualLine   `json:"lines"`
	Costs  []CostLine     `json:"costs"`
	Budget []BudgetLine   `json:"budget"`
	Total  bangkom.Rupiah `json:"total"`
}

// An AnnualLine is one session in the plan document. The seven items are
// those of PP 11/2017 art. 207(3).
type AnnualLine struct {
	Session      SessionID                 `json:"session"`
	Offering     OfferingID                `json:"offering"`
	Title        string                    `json:"title"`
	Competencies []competency.CompetencyID `json:"competencies"` // 1: kind of competency
	Targets      []competency.PersonID     `json:"targets"`      // 2: who
	Kind         Kind                      `json:"kind"`         // 3: kind and path of development
	Organiser    string                    `json:"organiser"`    // 4
	Schedule     Schedule                  `json:"schedule"`     // 5
	Standard     string                    `json:"standard"`     // 6: fit with the curriculum standard
	Cost         Charges                   `json:"cost"`         // 7: budget
}

// Kind is the kind and path of a development.
type Kind struct {
	Method Method     `json:"method"`
	Form   Form       `json:"form,omitempty"`
	Path   string     `json:"path,omitempty"`
	JP     bangkom.JP `json:"jp"`
}

// Schedule is the first and the last day.
type Schedule struct {
	From bangkom.Date `json:"from"`
	To   bangkom.Date `json:"to"`
}

// A CostLine is one line of the work plan and budget (RKA): quantity × price.
type CostLine struct {
	Session  SessionID      `json:"session"`
	Item     string         `json:"item"` // "fixed", "seats", "fee", "discount"
	Quantity int            `json:"quantity"`
	Price    bangkom.Rupiah `json:"price"`
	Amount   bangkom.Rupiah `json:"amount"`
}

// Validate names every item that is missing, line by line.
func (a AnnualPlan) Validate() bangkom.Problems { panic("being written") }

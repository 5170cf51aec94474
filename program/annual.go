package program

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
)

// An AnnualPlan is the plan document of one year: a line per session with the
// seven items that PP 11/2017 art. 207(3) asks of a plan, and its money in
// the lines that go into the agency's work plan and budget (RKA).
type AnnualPlan struct {
	Year   int            `json:"year"`
	Lines  []AnnualLine   `json:"lines"` // by first day, then session
	Costs  []CostLine     `json:"costs"` // in the order of Lines
	Total  bangkom.Rupiah `json:"total"` // the sum of Costs
	Budget []BudgetLine   `json:"budget"`
}

// An AnnualLine is one session with the seven items.
type AnnualLine struct {
	Session      SessionID                 `json:"session"`
	Offering     OfferingID                `json:"offering"`
	Title        string                    `json:"title"`
	Competencies []competency.CompetencyID `json:"competencies"` // 1: kind of competency to develop
	Targets      []competency.PersonID     `json:"targets"`      // 2: whom it is for
	Kind         Kind                      `json:"kind"`         // 3: kind and path of development
	Organiser    string                    `json:"organiser"`    // 4
	Schedule     Schedule                  `json:"schedule"`     // 5
	Standard     string                    `json:"standard"`     // 6: fit with the curriculum standard of the competency's supervising body
	Cost         *Charges                  `json:"cost"`         // 7: budget; nil: not known
}

// Kind is the kind and path of a development. The path (classical or not) may
// be left to the form, from which an agency's rules derive it.
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

// A CostLine is one line of the work plan and budget: Quantity × Price = Amount.
// Items are "fixed", "seats", "fee" and "discount", whose price is negative.
type CostLine struct {
	Session  SessionID      `json:"session"`
	Item     string         `json:"item"`
	Quantity int            `json:"quantity"`
	Price    bangkom.Rupiah `json:"price"`
	Amount   bangkom.Rupiah `json:"amount"`
}

// Annual makes the plan document of a year from the sessions that count in it:
// those whose last day is in the year, and those without dates if the plan is
// of that year. What the document lacks, [AnnualPlan.Validate] names.
func (p *Plan) Annual(year int) AnnualPlan {
	a := AnnualPlan{Year: year, Lines: []AnnualLine{}, Costs: []CostLine{}}
	if year == p.Year {
		a.Budget = slices.Clone(p.Lines)
	}
	held := slices.Clone(p.Held)
	slices.SortStableFunc(held, func(x, y Held) int {
		return cmp.Or(x.Session.From.Compare(y.Session.From), cmp.Compare(x.Session.ID, y.Session.ID))
	})
	for _, h := range held {
		if cmp.Or(h.Session.Year(), p.Year) != year {
			continue
		}
		a.Lines = append(a.Lines, annualLine(h))
		a.Costs = append(a.Costs, costLines(h)...)
	}
	for _, c := range a.Costs {
		a.Total += c.Amount
	}
	return a
}

func annualLine(h Held) AnnualLine {
	o, organiser, cost := h.Offering, h.Offering.Organiser, h.Cost
	if organiser == "" && h.Partner != nil {
		organiser = h.Partner.Name
	}
	return AnnualLine{
		Session: h.Session.ID, Offering: o.ID, Title: o.Title,
		Competencies: o.Competencies(),
		Targets:      slices.Clone(h.People),
		Kind:         Kind{o.Method, o.Form, o.Path, o.JP},
		Organiser:    organiser,
		Schedule:     Schedule{h.Session.From, h.Session.To},
		Standard:     o.Standard,
		Cost:         &cost,
	}
}

func costLines(h Held) []CostLine {
	n := len(h.People)
	lines := []CostLine{{Item: "fixed", Quantity: 1, Price: h.Session.Cost.Fixed}, {Item: "seats", Quantity: n, Price: h.Session.Cost.Seat}}
	if h.Partner != nil && n > 0 {
		lines = append(lines, CostLine{Item: "fee", Quantity: n, Price: h.Partner.List()},
			CostLine{Item: "discount", Quantity: n, Price: -h.Cost.Discount / bangkom.Rupiah(n)}) // whole: the discount is per seat
	}
	for i := range lines {
		lines[i].Session = h.Session.ID
		lines[i].Amount = bangkom.Rupiah(lines[i].Quantity) * lines[i].Price
	}
	return slices.DeleteFunc(lines, func(l CostLine) bool { return l.Amount == 0 })
}

// Validate names every item that is missing, line by line
// (plan-item-missing), what lies outside the year (other-year), costs that do
// not add up (cost-mismatch) and lines that are short of money (budget-short).
func (a AnnualPlan) Validate() bangkom.Problems {
	var ps bangkom.Problems
	where := fmt.Sprintf("annual/%d", a.Year)
	if a.Year < 1 {
		ps.Add(bangkom.Problem{Code: "plan-item-missing", Where: where, Value: fmt.Sprint(a.Year), Msg: "the plan has no year", Need: "a plan is for one year"})
	}
	if len(a.Lines) == 0 {
		ps.Add(bangkom.Problem{Code: "plan-empty", Severity: bangkom.Warning, Where: where, Msg: "the plan holds nothing"})
	}
	costs := map[SessionID]bangkom.Rupiah{}
	var total bangkom.Rupiah
	for _, c := range a.Costs {
		costs[c.Session] += c.Amount
		total += c.Amount
	}
	if total != a.Total {
		ps.Add(bangkom.Problem{Code: "cost-mismatch", Where: where + "/total", Value: a.Total.String(), Msg: "the cost lines add up to " + total.String()})
	}
	for _, l := range a.Lines {
		ps = append(ps, l.validate(where, a.Year)...)
		if l.Cost != nil && costs[l.Session] != l.Cost.Due {
			ps.Add(bangkom.Problem{Code: "cost-mismatch", Where: where + "/" + string(l.Session), Value: l.Cost.Due.String(), Msg: "the cost lines of the session add up to " + costs[l.Session].String()})
		}
	}
	for _, b := range a.Budget {
		if b.Shortage > 0 {
			ps.Add(bangkom.Problem{Code: "budget-short", Where: where + "/budget/" + string(b.Unit), Value: b.Shortage.String(), Msg: "the line does not pay what is planned", Need: "more money, a lower fee or fewer seats"})
		}
	}
	return ps
}

func (l AnnualLine) validate(where string, year int) bangkom.Problems {
	var ps bangkom.Problems
	at := where + "/" + string(l.Session) + "/"
	missing := func(absent bool, item, what string) {
		if absent {
			ps.Add(bangkom.Problem{Code: "plan-item-missing", Where: at + item, Msg: "the plan does not say " + what + " (" + l.Title + ")", Need: "fill in " + strings.ReplaceAll(item, "_", " ")})
		}
	}
	missing(len(l.Competencies) == 0, "competencies", "which competency is developed")
	missing(len(l.Targets) == 0, "targets", "whom it is for")
	missing(l.Kind.Method == "" || (l.Kind.Form == "" && l.Kind.Path == ""), "kind", "the kind and path of development")
	missing(l.Organiser == "", "organiser", "who organises it")
	missing(l.Schedule.From.IsZero() || l.Schedule.To.IsZero(), "schedule", "when it is held")
	missing(l.Standard == "", "standard", "how it fits the curriculum standard")
	missing(l.Cost == nil, "budget", "what it costs")
	if to := l.Schedule.To; !to.IsZero() && to.Year() != year {
		ps.Add(bangkom.Problem{Code: "other-year", Where: at + "schedule", Value: to.String(), Msg: "the session ends in another year than that of the plan", Need: "a plan is for one year"})
	}
	return ps
}

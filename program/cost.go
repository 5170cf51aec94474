package program

import (
	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
)

// Charges part a cost. The plan is made with the fee at list price; what the
// volume reached takes off it is the discount, credited to the whole.
type Charges struct {
	Fixed    bangkom.Rupiah `json:"fixed"`
	Seats    bangkom.Rupiah `json:"seats"`    // own cost per seat
	Fee      bangkom.Rupiah `json:"fee"`      // the partner's, at list price
	Discount bangkom.Rupiah `json:"discount"` // to be taken off the fee
	Due      bangkom.Rupiah `json:"due"`      // Fixed + Seats + Fee − Discount
}

func (c Charges) plus(d Charges) Charges {
	return Charges{c.Fixed + d.Fixed, c.Seats + d.Seats, c.Fee + d.Fee, c.Discount + d.Discount, c.Due + d.Due}
}

// A BudgetLine compares money planned with money given. A unit's line pays the
// seats of its people, at list price unless the policy has TierReached; the
// line of the whole pays what is due.
type BudgetLine struct {
	Unit     competency.UnitID `json:"unit"`    // "": the whole
	Ceiling  *bangkom.Rupiah   `json:"ceiling"` // nil: no line of this year, so that nothing is left over or short
	Planned  bangkom.Rupiah    `json:"planned"`
	Leftover bangkom.Rupiah    `json:"leftover"`
	Shortage bangkom.Rupiah    `json:"shortage"`
	Unread   bool              `json:"unread,omitempty"` // the ceiling could not be read: it counts as 0
}

func newLine(unit competency.UnitID, budgets map[competency.UnitID]Budget, planned bangkom.Rupiah) BudgetLine {
	l := BudgetLine{Unit: unit, Planned: planned}
	if b, ok := budgets[unit]; ok {
		l.Ceiling, l.Unread = &b.Amount, b.Unread
		l.Leftover, l.Shortage = max(0, b.Amount-planned), max(0, planned-b.Amount)
	}
	return l
}

// Check says what the plan costs at other terms and against other budgets:
// when the organiser's fee turns out not to be what was planned with, or a
// line was cut. The seats stay as they are. Nil partners are those of the plan.
//
// A line that is short is a Problem (budget-short); one that is left with
// money is a Note (budget-left). A partner of the plan that is not among those
// given is a Problem (unknown-partner): its fee is then left out.
func (p *Plan) Check(partners []Partner, budgets []Budget) (Charges, []BudgetLine, bangkom.Problems) {
	var problems bangkom.Problems
	held := make([]Held, len(p.Held))
	for i, h := range p.Held {
		held[i] = h
		if partners == nil || h.Offering.Partner == "" {
			continue
		}
		held[i].Partner = nil
		for _, q := range partners {
			if q.ID == h.Offering.Partner {
				held[i].Partner = &q
			}
		}
		if held[i].Partner == nil {
			problems.Add(bangkom.Problem{Code: "unknown-partner", Where: path("sessions", h.Session.ID), Value: string(h.Offering.Partner), Msg: "the partner of this session is not among those given", Need: "add its terms"})
		}
	}
	cost := charge(held)
	lines := budgetLines(p, held, cost, budgets)
	for _, l := range lines {
		name := "the whole budget"
		if l.Unit != "" {
			name = "the budget of unit " + string(l.Unit)
		}
		where := lineAt(l.Unit, p.Year)
		switch {
		case l.Shortage > 0:
			problems.Add(bangkom.Problem{Code: "budget-short", Where: where, Value: l.Shortage.String(), Msg: name + " does not pay what is planned", Need: "more money, a lower fee or fewer seats"})
		case l.Leftover > 0:
			problems.Add(bangkom.Problem{Code: "budget-left", Severity: bangkom.Note, Where: where, Value: l.Leftover.String(), Msg: name + " is not used up"})
		}
	}
	return cost, lines, problems
}

// charge fills in the cost of each session and returns the sum.
func charge(held []Held) Charges {
	seats := map[PartnerID]int{}
	for _, h := range held {
		if h.Partner != nil {
			seats[h.Partner.ID] += len(h.People)
		}
	}
	var sum Charges
	for i := range held {
		h := &held[i]
		n := bangkom.Rupiah(len(h.People))
		h.Cost = Charges{Fixed: h.Session.Cost.Fixed, Seats: n * h.Session.Cost.Seat}
		if h.Partner != nil {
			volume := seats[h.Partner.ID]
			if h.Partner.PerSession {
				volume = len(h.People)
			}
			h.Cost.Fee = n * h.Partner.List()
			h.Cost.Discount = n * (h.Partner.List() - h.Partner.Price(volume))
		}
		h.Cost.Due = h.Cost.Fixed + h.Cost.Seats + h.Cost.Fee - h.Cost.Discount
		sum = sum.plus(h.Cost)
	}
	return sum
}

// budgetLines compares a charged plan with the budgets of its year: first the
// whole, then each unit that has a line or pays for seats, by id.
func budgetLines(p *Plan, held []Held, cost Charges, budgets []Budget) []BudgetLine {
	given := map[competency.UnitID]Budget{}
	planned := map[competency.UnitID]bangkom.Rupiah{}
	for _, b := range budgets {
		if _, again := given[b.Unit]; b.Year == p.Year && !again {
			given[b.Unit] = b
			planned[b.Unit] = 0
		}
	}
	payer := map[competency.PersonID]competency.UnitID{}
	for _, x := range p.People {
		payer[x.Person] = x.Payer
	}
	for _, h := range held {
		seat := h.Session.Cost.Seat
		switch {
		case p.charged(h):
			seat += h.Partner.Price(len(h.People))
		case h.Partner != nil:
			seat += h.Partner.List()
		}
		for _, id := range h.People {
			planned[payer[id]] += seat
		}
	}
	lines := []BudgetLine{newLine("", given, cost.Due)}
	for _, u := range sortedKeys(planned) {
		if u != "" {
			lines = append(lines, newLine(u, given, planned[u]))
		}
	}
	return lines
}

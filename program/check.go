package program

import (
	"cmp"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/program/internal/solve"
)

// clean returns a copy of the model without what is wrong in it, and the
// problems. A model that cleans without errors cleans to itself.
//
// The parts are taken in the order of their references, so that a session of
// an offering that was dropped is dropped too.
func (m *Model) clean() (*Model, bangkom.Problems) {
	c := checker{m: m, out: &Model{Workforce: m.Workforce, Policy: m.Policy}}
	if m.Workforce == nil {
		c.fail("no-workforce", "workforce", "", "a model without people", "pass a workforce")
		return c.out, c.problems
	}
	c.known = competenciesOf(m.Workforce)
	c.policy()
	c.partners()
	c.offerings()
	c.resources()
	c.sessions()
	c.amounts()
	c.budgets()
	c.needs()
	c.units()
	c.settled()
	c.coarse()
	c.empty()
	c.covers()
	c.floors()
	return c.out, c.problems
}

// checker collects problems and what is left.
type checker struct {
	m, out    *Model
	problems  bangkom.Problems
	partner   map[PartnerID]Partner
	offering  map[OfferingID]bool
	barred    map[OfferingID]bool // known, and not to be planned
	resource  map[ResourceID]bool
	session   map[SessionID]Session
	offeredIn map[OfferingID]bool // has a session that can still be planned
	known     map[competency.CompetencyID]bool
	rounded   []string // gains finer than they count, guessed
	measured  []string // the same, measured
}

func (c *checker) fail(code, where, value, msg, need string) {
	c.problems.Add(bangkom.Problem{Code: code, Where: where, Value: value, Msg: msg, Need: need})
}

func (c *checker) warn(code, where, value, msg, need string) {
	c.problems.Add(bangkom.Problem{Code: code, Severity: bangkom.Warning, Where: where, Value: value, Msg: msg, Need: need})
}

// fresh reports whether an id is set and not among those seen.
func fresh[K ~string, V any](c *checker, seen map[K]V, kind string, i int, id K) bool {
	if id == "" {
		c.fail("empty-id", fmt.Sprintf("%s[%d]", kind, i), "", "an entry without an id", "give it one")
		return false
	}
	if _, again := seen[id]; again {
		c.fail("duplicate-id", path(kind, id), string(id), "the id is used twice; the first entry is kept", "give each entry its own id")
		return false
	}
	return true
}

// lineAt names a budget line.
func lineAt(unit competency.UnitID, year int) string {
	return fmt.Sprintf("budgets/%s/%d", cmp.Or(unit, "TOTAL"), year)
}

func path[K ~string](kind string, id K) string { return kind + "/" + string(id) }

// number checks a price or another number that must not be negative.
func (c *checker) number(where string, x float64, infinite bool) bool {
	const most = 1e6 // more than anything a plan can gain; also keeps the solver's integers small
	if !(x >= 0) || (x > most && !(infinite && math.IsInf(x, 1))) {
		c.fail("option", where, fmt.Sprint(x), "not a number from 0 to a million", "0 takes the default")
		return false
	}
	return true
}

func (c *checker) share(where string, x float64) bool {
	if !(x >= 0 && x <= 1) {
		c.fail("option", where, fmt.Sprint(x), "not a share from 0 to 1", "")
		return false
	}
	return true
}

func (c *checker) policy() {
	p := c.m.Policy
	if p.Year < 1 || p.Year > 9999 {
		c.fail("option", "policy/year", fmt.Sprint(p.Year), "not a year", "say which year is planned")
	}
	c.number("policy/missing_hour", max(p.MissingHour, 0), true)
	c.number("policy/uncovered", p.Uncovered, true)
	c.number("policy/away_price", p.AwayPrice, true)
	c.number("policy/over_total", p.OverTotal, true)
	c.number("policy/over_unit", p.OverUnit, true)
	c.number("policy/money", p.Money, false)
	c.number("policy/caution", p.Caution, false)
	c.share("policy/coverage", p.Coverage)
	c.share("policy/away", p.Away)
	c.share("policy/again", p.Again)
	for _, status := range sortedKeys(p.Hours) {
		h := p.Hours[status]
		if h.Min < 0 || h.Max < 0 {
			c.fail("negative-hours", path("policy/hours", status), fmt.Sprint(min(h.Min, h.Max)), "a negative limit of hours", "0 is no limit")
		}
		if h.Max > 0 && h.Min > h.Max {
			c.fail("min-above-max", path("policy/hours", status), fmt.Sprint(h.Min), "the minimum of hours is above the maximum "+h.Max.String(), "")
		}
	}
	c.statuses()
}

// statuses warns of those without limits of hours: a misspelt one frees
// everybody of it.
func (c *checker) statuses() {
	hours := c.m.Policy.Hours
	if _, rest := hours[""]; rest || len(hours) == 0 {
		return
	}
	have := map[string]int{}
	for i := range c.m.Workforce.Len() {
		have[c.m.Workforce.At(i).Status]++
	}
	for _, status := range sortedKeys(have) {
		if _, known := hours[status]; !known {
			msg := fmt.Sprintf("%d people have a status without limits of hours", have[status])
			if status == "" {
				msg = fmt.Sprintf("%d people have no status, and so no limits of hours", have[status])
			}
			c.warn("no-hour-limits", "policy/hours", status, msg, "one of "+strings.Join(sortedKeys(hours), ", ")+", or limits for this one too (zero is none)")
		}
	}
}

func (c *checker) partners() {
	c.partner = map[PartnerID]Partner{}
	for i, p := range c.m.Catalogue.Partners {
		if !fresh(c, c.partner, "partners", i, p.ID) {
			continue
		}
		p.Terms = p.sortedTerms()
		c.partner[p.ID] = p
		if fault, ok := termsFault(p.Terms); ok {
			fault.Where = path("partners", p.ID)
			c.problems.Add(fault)
			delete(c.partner, p.ID)
			continue
		}
		c.out.Catalogue.Partners = append(c.out.Catalogue.Partners, p)
	}
}

// termsFault finds what is wrong with tiers in ascending order.
func termsFault(terms []Tier) (bangkom.Problem, bool) {
	for i, t := range terms {
		switch {
		case t.From < 1:
			return bangkom.Problem{Code: "not-seats", Value: fmt.Sprint(t.From), Msg: "a tier that starts below one seat", Need: "the first tier starts at 1"}, true
		case t.Price < 0:
			return bangkom.Problem{Code: "negative-amount", Value: fmt.Sprint(int64(t.Price)), Msg: "a negative price"}, true
		case i > 0 && t.From == terms[i-1].From:
			return bangkom.Problem{Code: "duplicate-tier", Value: fmt.Sprint(t.From), Msg: "two prices from the same number of seats", Need: "one price per tier"}, true
		case i > 0 && t.Price > terms[i-1].Price:
			return bangkom.Problem{Code: "price-rises", Value: t.Price.String(), Msg: "a price per seat that rises with volume", Need: "prices that fall or stay"}, true
		}
	}
	return bangkom.Problem{}, false
}

func (c *checker) offerings() {
	c.offering, c.barred = map[OfferingID]bool{}, map[OfferingID]bool{}
	var kept []Offering
	for i, o := range c.m.Catalogue.Offerings {
		if !fresh(c, c.offering, "offerings", i, o.ID) {
			continue
		}
		where := path("offerings", o.ID)
		if o.JP < 0 {
			c.fail("negative-hours", where+"/jp", o.JP.String(), "negative learning hours", "")
			continue
		}
		if _, ok := c.partner[o.Partner]; !ok && o.Partner != "" {
			c.fail("unknown-partner", where+"/partner", string(o.Partner), "no such partner, so that the fee is not known: the offering and its sessions stay out of the plan", "add the partner, or leave it empty")
			c.barred[o.ID] = true
			continue
		}
		c.offering[o.ID] = true
		kept = append(kept, c.gains(where, o))
	}
	c.out.Catalogue.Offerings = c.prerequisites(kept)
}

// gains returns the offering with the gains that can be used.
func (c *checker) gains(where string, o Offering) Offering {
	out := o.Clone()
	for _, id := range o.Competencies() {
		g := o.Raises[id]
		at := where + "/raises/" + string(id)
		switch {
		case math.IsNaN(g.Mean) || math.IsInf(g.Mean, 0) || math.IsNaN(g.SE) || math.IsInf(g.SE, 0) || g.SE < 0:
			c.fail("not-finite", at, fmt.Sprintf("%v ± %v", g.Mean, g.SE), "a gain that is no number", "a mean, and a standard error from 0 up")
		case c.known != nil && !c.known[id]:
			c.fail("unknown-competency", at, string(id), "the framework has no such competency", "use an id of the framework")
		default:
			c.fine(o.ID, id, at, g)
			continue
		}
		delete(out.Raises, id)
	}
	return out
}

// fine says which gains close nothing, or less or more than they say.
func (c *checker) fine(o OfferingID, of competency.CompetencyID, at string, g Gain) {
	used := g.Mean - c.m.Policy.Caution*g.SE
	switch {
	case g.Mean <= 0:
		c.warn("no-gain", at, fmt.Sprint(g.Mean), "a gain that is not above 0 closes nothing", "")
	case tenths(used) == 0:
		c.warn("no-gain", at, fmt.Sprint(g.Mean), "a gain of less than a twentieth of a level, after caution, closes nothing: gains count in tenths", "")
	case math.Abs(10*g.Mean-math.Round(10*g.Mean)) > 1e-6:
		to := &c.rounded
		if g.N > 0 {
			to = &c.measured
		}
		*to = append(*to, fmt.Sprintf("%s/%s %.4g → %.1f", o, of, g.Mean, float64(tenths(g.Mean))/10))
	}
}

// coarse says which gains are rounded: a guess that was finer is a warning, what
// was measured is always finer.
func (c *checker) coarse() {
	for _, x := range []struct {
		severity bangkom.Severity
		list     []string
	}{{bangkom.Warning, c.rounded}, {bangkom.Note, c.measured}} {
		if len(x.list) > 0 {
			c.problems.Add(bangkom.Problem{Code: "gain-rounded", Severity: x.severity, Where: "offerings", Value: few(x.list), Msg: "gains count in tenths of a level: finer ones are rounded"})
		}
	}
}

// few joins the first names of a list.
func few(names []string) string {
	const show = 4
	if more := len(names) - show; more > 0 {
		names = append(names[:show:show], fmt.Sprintf("+%d", more))
	}
	return strings.Join(names, ", ")
}

// empty warns of offerings that raise nothing, so that their sessions can be
// held only if somebody is sent to them.
func (c *checker) empty() {
	sent := map[OfferingID]bool{}
	for _, s := range c.out.Policy.Settled {
		for _, id := range s.Must {
			sent[id] = true
		}
		for _, id := range s.Lock {
			sent[c.session[id].Offering] = true
		}
	}
	for _, o := range c.out.Catalogue.Offerings {
		if len(o.Raises) == 0 && c.offeredIn[o.ID] && !sent[o.ID] {
			c.warn("no-gain", path("offerings", o.ID), "", "an offering that raises nothing: its sessions are for nobody", "give its gains")
		}
	}
}

// competenciesOf returns the framework's ids; nil if there is no framework.
func competenciesOf(w *competency.Workforce) map[competency.CompetencyID]bool {
	f := w.Framework()
	if f == nil {
		return nil
	}
	known := make(map[competency.CompetencyID]bool, len(f.Competencies))
	for _, x := range f.Competencies {
		known[x.ID] = true
	}
	return known
}

// prerequisites drops offerings that wait for each other. One that waits for
// an offering outside the catalogue stays: people who did that one can attend.
func (c *checker) prerequisites(offerings []Offering) []Offering {
	for _, o := range offerings {
		if o.After != "" && !c.offering[o.After] {
			c.warn("unknown-prerequisite", path("offerings", o.ID)+"/after", string(o.After),
				"the prerequisite is not in the catalogue: only people who did it before can attend", "add the offering, or correct its id")
		}
	}
	circle := inCircle(offerings)
	return slices.DeleteFunc(offerings, func(o Offering) bool {
		if circle[o.ID] {
			c.fail("prerequisite-cycle", path("offerings", o.ID)+"/after", string(o.After), "the offering is its own prerequisite, through others", "break the circle")
			delete(c.offering, o.ID)
			c.barred[o.ID] = true // its sessions have no fault of their own
		}
		return circle[o.ID]
	})
}

// inCircle returns the offerings that lie on a circle of prerequisites.
func inCircle(offerings []Offering) map[OfferingID]bool {
	after := map[OfferingID]OfferingID{}
	for _, o := range offerings {
		after[o.ID] = o.After
	}
	circle := map[OfferingID]bool{}
	walked := map[OfferingID]OfferingID{} // by the start of the walk that saw it
	for _, o := range offerings {
		at := o.ID
		for at != "" && walked[at] == "" {
			walked[at] = o.ID
			at = after[at]
		}
		if at == "" || walked[at] != o.ID || circle[at] {
			continue
		}
		for !circle[at] { // the walk met itself: go around once
			circle[at] = true
			at = after[at]
		}
	}
	return circle
}

func (c *checker) resources() {
	c.resource = map[ResourceID]bool{}
	for i, r := range c.m.Catalogue.Resources {
		if !fresh(c, c.resource, "resources", i, r.ID) {
			continue
		}
		if r.Limit < 0 {
			c.fail("negative-amount", path("resources", r.ID), fmt.Sprint(r.Limit), "a negative limit", "")
			continue
		}
		if !c.number(path("resources", r.ID)+"/price", r.Price, true) {
			continue
		}
		c.resource[r.ID] = true
		c.out.Catalogue.Resources = append(c.out.Catalogue.Resources, r)
	}
}

func (c *checker) sessions() {
	c.session, c.offeredIn = map[SessionID]Session{}, map[OfferingID]bool{}
	var kept []Session
	for i, s := range c.m.Catalogue.Sessions {
		if !fresh(c, c.session, "sessions", i, s.ID) {
			continue
		}
		if c.barred[s.Offering] {
			continue // was reported with the offering
		}
		faults := sessionFaults(s)
		if !c.offering[s.Offering] {
			faults = append(faults, bangkom.Problem{Code: "unknown-offering", Value: string(s.Offering), Msg: "a session of an offering that is not in the catalogue", Need: "add the offering, or correct its id"})
		}
		for _, fault := range faults {
			fault.Where = cmp.Or(s.Where, path("sessions", s.ID))
			c.problems.Add(fault)
		}
		if len(faults) > 0 {
			continue
		}
		c.session[s.ID] = s
		kept = append(kept, s)
	}
	for i := range kept {
		kept[i] = c.references(kept[i])
		if c.m.Policy.offers(kept[i]) {
			c.offeredIn[kept[i].Offering] = true
		}
	}
	c.left(kept)
	c.out.Catalogue.Sessions = kept
}

// left says which sessions the plan does not decide on; that it decides on none
// is an error.
func (c *checker) left(sessions []Session) {
	p := c.m.Policy
	var begun []string
	other := map[int][]Session{} // by year
	offered := 0
	for _, s := range sessions {
		switch {
		case p.offers(s):
			offered++
		case s.Year() != p.Year:
			other[s.Year()] = append(other[s.Year()], s)
		default:
			begun = append(begun, string(s.ID))
		}
	}
	for _, year := range sortedKeys(other) {
		var names []string
		for _, s := range other[year] {
			names = append(names, string(s.ID))
		}
		first := other[year][0]
		c.warn("outside-year", cmp.Or(first.Where, path("sessions", first.ID)), few(names),
			fmt.Sprintf("%d sessions end in %d, not in the year that is planned: they stay out of the plan", len(other[year]), year), "check their dates, and the year")
	}
	if len(begun) > 0 {
		c.problems.Add(bangkom.Problem{Code: "begun", Severity: bangkom.Warning, Where: "sessions", Value: few(begun), Msg: "sessions that began before the day as of which is planned: the plan does not decide on them, nor counts what they cost, who attended or the hours", Need: "budgets less their cost, and who attended and the hours among what is settled"})
	}
	if offered == 0 && len(c.m.Catalogue.Sessions) > 0 {
		c.fail("no-sessions", "sessions", fmt.Sprint(p.Year), "no session is left to plan in this year", "sessions of the year, or another year")
	}
}

// sessionFaults finds everything that is wrong with a session by itself: at
// most one fault each of its seats, its costs and its dates.
func sessionFaults(s Session) (out []bangkom.Problem) {
	switch {
	case s.Min < 0 || s.Max < 0:
		out = append(out, bangkom.Problem{Code: "negative-seats", Value: fmt.Sprint(min(s.Min, s.Max)), Msg: "a negative number of seats: the session is left out"})
	case s.Min > s.Max:
		out = append(out, bangkom.Problem{Code: "min-above-max", Value: fmt.Sprint(s.Min), Msg: fmt.Sprintf("the minimum of seats is above the maximum %d: the session is left out", s.Max), Need: "a minimum of at most the maximum"})
	}
	if s.Cost.Fixed < 0 || s.Cost.Seat < 0 {
		out = append(out, bangkom.Problem{Code: "negative-amount", Value: fmt.Sprint(int64(min(s.Cost.Fixed, s.Cost.Seat))), Msg: "a negative cost: the session is left out"})
	}
	switch {
	case s.From.IsZero() != s.To.IsZero():
		out = append(out, bangkom.Problem{Code: "missing-date", Value: s.From.String() + s.To.String(), Msg: "only one of first and last day is given: the session is left out", Need: "both, or neither for any time"})
	case s.To.Before(s.From):
		out = append(out, bangkom.Problem{Code: "end-before-start", Value: s.To.String(), Msg: "the last day is before the first day " + s.From.String() + ": the session is left out"})
	}
	return out
}

// references drops clashes with and uses of what does not exist.
func (c *checker) references(s Session) Session {
	s.Clash = slices.DeleteFunc(slices.Clone(s.Clash), func(id SessionID) bool {
		_, known := c.session[id]
		if !known {
			c.warn("unknown-session", path("sessions", s.ID)+"/clash", string(id), "a clash with a session that is not in the catalogue", "")
		}
		return !known || id == s.ID
	})
	s.Uses = slices.DeleteFunc(slices.Clone(s.Uses), func(u Use) bool {
		switch {
		case !c.resource[u.Resource]:
			c.fail("unknown-resource", path("sessions", s.ID)+"/uses", string(u.Resource), "no such resource", "add it with its limit")
		case u.Amount < 0:
			c.fail("negative-amount", path("sessions", s.ID)+"/uses", fmt.Sprint(u.Amount), "a negative use", "")
		}
		return !c.resource[u.Resource] || u.Amount < 0
	})
	return s
}

// offers reports whether a session belongs to the plan: it has not begun and
// counts in the year.
func (p Policy) offers(s Session) bool {
	return s.To.IsZero() || (s.Year() == p.Year && (p.AsOf.IsZero() || !s.From.Before(p.AsOf)))
}

// amounts refuses sessions whose full cost would not fit into the sum of all.
func (c *checker) amounts() {
	const most = mostMoney / 2
	list := map[OfferingID]bangkom.Rupiah{}
	for _, o := range c.out.Catalogue.Offerings {
		list[o.ID] = c.partner[o.Partner].List()
	}
	sum := new(big.Int)
	c.out.Catalogue.Sessions = slices.DeleteFunc(c.out.Catalogue.Sessions, func(s Session) bool {
		seat := new(big.Int).Add(big.NewInt(int64(s.Cost.Seat)), big.NewInt(int64(list[s.Offering])))
		all := new(big.Int).Add(big.NewInt(int64(s.Cost.Fixed)), seat.Mul(seat, big.NewInt(int64(s.Max))))
		if all.Add(all, sum).Cmp(big.NewInt(most)) > 0 {
			c.fail("amount-too-large", path("sessions", s.ID)+"/cost", s.Cost.Fixed.String(), "with this session the costs of all sessions go beyond what can be added up", "check the number of digits")
			delete(c.session, s.ID)
			return true
		}
		sum = all
		return false
	})
}

func (c *checker) budgets() {
	type line struct {
		unit competency.UnitID
		year int
	}
	seen := map[line]bool{}
	planned := false
	for _, b := range c.m.Catalogue.Budgets {
		where := lineAt(b.Unit, b.Year)
		_, known := c.m.Workforce.Unit(b.Unit)
		switch {
		case b.Amount < 0:
			c.fail("negative-amount", where, fmt.Sprint(int64(b.Amount)), "a negative budget", "0 is a budget too")
		case b.Amount == math.MaxInt64:
			c.fail("amount-too-large", where, fmt.Sprint(int64(b.Amount)), "a budget beyond nine quintillion", "")
		case b.Unit != "" && !known:
			c.fail("unknown-unit", where, string(b.Unit), "a budget of a unit that does not exist", "use the id of a unit; empty for the whole")
		case seen[line{b.Unit, b.Year}]:
			c.fail("duplicate-id", where, string(b.Unit), "two budgets of one unit and year; the first is kept", "one line per unit and year")
		default:
			seen[line{b.Unit, b.Year}] = true
			planned = planned || b.Year == c.m.Policy.Year
			c.out.Catalogue.Budgets = append(c.out.Catalogue.Budgets, b)
		}
	}
	if !planned {
		c.warn("no-budget", "budgets", fmt.Sprint(c.m.Policy.Year), "no budget of this year: money is no limit", "give a budget in total, or by unit")
	}
}

// units warns of what a unit, as the people who share a budget line, may not
// expect: no ceiling, because its lines are of other years, and nobody who may
// be away, because the share of so few people is less than one.
func (c *checker) units() {
	p, w := c.m.Policy, c.m.Workforce
	payers := payersOf(w, c.out.Catalogue.Budgets, p.Year)
	years := map[competency.UnitID][]int{}
	planned := false
	for _, b := range c.out.Catalogue.Budgets {
		years[b.Unit] = append(years[b.Unit], b.Year)
		planned = planned || b.Year == p.Year
	}
	people, needy, pays := map[competency.UnitID]int64{}, map[competency.UnitID]bool{}, map[competency.UnitID]competency.UnitID{}
	for i, u := range payers {
		people[u]++
		for at := w.At(i).Unit; at != "" && pays[at] == ""; { // the units that would pay for this person, if they had a line
			pays[at] = u
			if at == u && slices.Contains(years[u], p.Year) {
				break
			}
			unit, _ := w.Unit(at)
			at = unit.Parent
		}
	}
	for _, n := range c.out.Needs {
		i, _ := w.Index(n.Person)
		needy[payers[i]] = true
	}
	for _, u := range sortedKeys(years) {
		own := years[u]
		if !planned || slices.Contains(own, p.Year) || u != "" && pays[u] == "" {
			continue
		}
		msg := "its budget lines are all of other years: it has no ceiling"
		if u != "" && slices.Contains(years[pays[u]], p.Year) {
			msg = "its budget lines are all of other years: the line of " + string(pays[u]) + " pays instead"
		}
		c.warn("no-budget", lineAt(u, own[0]), fmt.Sprint(own[0]), msg, fmt.Sprintf("a line of %d", p.Year))
	}
	c.unpaid(payers)
	dated := slices.ContainsFunc(c.out.Catalogue.Sessions, func(s Session) bool { return !s.From.IsZero() && p.offers(s) })
	if share, ok := solve.Float(p.Away).Rat(); ok && p.Away > 0 && dated {
		for _, u := range sortedKeys(needy) {
			if n := new(big.Rat).SetInt64(people[u]); n.Mul(n, share).Cmp(big.NewRat(1, 1)) < 0 {
				c.warn("nobody-away", "policy/away", string(u), fmt.Sprintf("%v of %d people is less than one: nobody of this unit may be away, and sessions with a date are not for them", p.Away, people[u]), "a larger share, or a price for each person above it")
			}
		}
	}
}

// unpaid warns of budget lines that pay for nobody, and of people whom no unit's
// line pays for: a column of units that is misspelt would leave only the whole.
func (c *checker) unpaid(payers []competency.UnitID) {
	p := c.m.Policy
	pays := map[competency.UnitID]bool{}
	var homeless []string
	for i, u := range payers {
		pays[u] = true
		if u == "" {
			homeless = append(homeless, string(c.m.Workforce.At(i).ID))
		}
	}
	byUnit := p.Coverage > 0 || p.Away > 0
	for _, b := range c.out.Catalogue.Budgets {
		if b.Unit == "" || b.Year != p.Year {
			continue
		}
		byUnit = true
		if !pays[b.Unit] {
			c.warn("nobody-paid", lineAt(b.Unit, b.Year), "", "the line pays for nobody: no people are in this unit, nor in one below it without a line of its own", "the unit of each person, in the codes of the units")
		}
	}
	if byUnit && len(homeless) > 0 {
		c.warn("no-unit", "people", few(homeless), fmt.Sprintf("%d people are in no unit: no unit's budget line pays for them, and together they count as one unit", len(homeless)), "the unit of each person, in the codes of the units")
	}
}

func (c *checker) needs() {
	type cell struct {
		person competency.PersonID
		of     competency.CompetencyID
	}
	seen := make(map[cell]bool, len(c.m.Needs))
	for _, n := range c.m.Needs {
		where := fmt.Sprintf("needs/%s/%s", n.Person, n.Of)
		_, known := c.m.Workforce.Index(n.Person)
		switch {
		case !known:
			c.fail("unknown-person", where, string(n.Person), "a need of a person who is not in the workforce", "")
		case !(n.Gap > 0) || math.IsInf(n.Gap, 0):
			c.fail("not-a-gap", where, fmt.Sprint(n.Gap), "a need without a gap above 0", "levels missing")
		case !(n.Weight > 0) || math.IsInf(n.Weight, 0):
			c.fail("zero-weight", where, fmt.Sprint(n.Weight), "a need without a positive weight", "")
		case seen[cell{n.Person, n.Of}]:
			c.fail("duplicate-id", where, string(n.Of), "two needs of one person in one competency; the first is kept", "")
		default:
			seen[cell{n.Person, n.Of}] = true
			c.out.Needs = append(c.out.Needs, n)
		}
	}
}

// settled keeps what can be kept. Offerings done in the past may have left the
// catalogue; sessions to keep out of may be gone.
func (c *checker) settled() {
	c.out.Policy.Settled = nil
	all := map[competency.PersonID]Settled{} // what is said in all entries of a person
	for _, s := range c.m.Policy.Settled {
		t := all[s.Person]
		t.Done, t.Not = slices.Concat(t.Done, s.Done), slices.Concat(t.Not, s.Not)
		all[s.Person] = t
	}
	for _, s := range c.m.Policy.Settled {
		at := func(what string) string { return cmp.Or(s.Where, path("settled", s.Person)+what) }
		if _, known := c.m.Workforce.Index(s.Person); !known {
			c.warn("unknown-person", at(""), string(s.Person), "not in the workforce (any more)", "")
			continue
		}
		if s.Earned < 0 {
			c.fail("negative-hours", at("/earned"), s.Earned.String(), "negative hours earned", "")
			s.Earned = 0
		}
		c.overEarned(s, at("/earned"))
		s.Must = slices.DeleteFunc(slices.Clone(s.Must), func(id OfferingID) bool {
			if slices.Contains(all[s.Person].Done, id) {
				c.warn("duty-done", at("/must"), string(id), "to be attended, and attended before: the duty counts as fulfilled", "")
				return true
			}
			fault := c.dutyFault(all[s.Person], id)
			if fault.Code != "" {
				c.fail(fault.Code, at("/must"), string(id), fault.Msg, fault.Need)
			}
			return fault.Code != ""
		})
		s.Lock = slices.DeleteFunc(slices.Clone(s.Lock), func(id SessionID) bool {
			fault := c.lockFault(all[s.Person], id)
			if fault != "" {
				c.fail("cannot-lock", at("/lock"), string(id), "a seat that cannot be kept: "+fault, "")
			}
			return fault != ""
		})
		c.out.Policy.Settled = append(c.out.Policy.Settled, s)
	}
}

// overEarned warns of more hours in one entry than the person may have in a year.
func (c *checker) overEarned(s Settled, where string) {
	p, _ := c.m.Workforce.Person(s.Person)
	limit, ok := c.m.Policy.Hours[p.Status]
	if !ok {
		limit = c.m.Policy.Hours[""]
	}
	if limit.Max > 0 && s.Earned > limit.Max {
		c.warn("earned-above-max", where, s.Earned.String(), "more hours credited than the "+limit.Max.String()+" JP that the person's status allows in a year: nothing with hours can be planned", "check the number, or the status")
	}
}

// dutyFault says why a person cannot be made to attend an offering; its zero
// value if that is possible.
func (c *checker) dutyFault(s Settled, id OfferingID) bangkom.Problem {
	switch {
	case !c.offeredIn[id]:
		return bangkom.Problem{Code: "unknown-offering", Msg: "to be attended, but no session of it is left to plan"}
	case !slices.ContainsFunc(c.out.Catalogue.Sessions, func(x Session) bool {
		return x.Offering == id && x.Decision != Closed && c.m.Policy.offers(x) && !slices.Contains(s.Not, x.ID)
	}):
		return bangkom.Problem{Code: "contradiction", Msg: "to be attended, but not in any of its sessions: each is closed or excluded for this person", Need: "leave one of them"}
	}
	return bangkom.Problem{}
}

// lockFault says why a seat cannot be kept; "" if it can.
func (c *checker) lockFault(s Settled, id SessionID) string {
	session, known := c.session[id]
	switch {
	case !known:
		return "no such session"
	case !c.m.Policy.offers(session):
		return "the session is not one that this plan decides on"
	case session.Decision == Closed:
		return "the session is closed"
	case slices.Contains(s.Not, id):
		return "it is excluded for this person"
	case slices.Contains(s.Done, session.Offering):
		return "the offering is done"
	}
	return ""
}

func (c *checker) covers() {
	c.out.Policy.Covers = nil
	for i, g := range c.m.Policy.Covers {
		where := fmt.Sprintf("policy/covers[%d]", i)
		if !c.share(where+"/share", g.Share) || !c.number(where+"/price", g.Price, true) {
			continue
		}
		g.Who = slices.DeleteFunc(slices.Clone(g.Who), func(id competency.PersonID) bool {
			_, known := c.m.Workforce.Index(id)
			if !known {
				c.fail("unknown-person", where+"/who", string(id), "not in the workforce", "")
			}
			return !known
		})
		c.out.Policy.Covers = append(c.out.Policy.Covers, g)
	}
}

func (c *checker) floors() {
	c.out.Policy.Floors = nil
	seen := map[competency.UnitID]bool{}
	for i, f := range c.m.Policy.Floors {
		where := fmt.Sprintf("policy/floors[%d]", i)
		_, known := c.m.Workforce.Unit(f.Unit)
		switch {
		case !known:
			c.fail("unknown-unit", where+"/unit", string(f.Unit), "a floor for a unit that does not exist", "use the id of a unit")
		case seen[f.Unit]:
			c.fail("duplicate-id", where+"/unit", string(f.Unit), "two floors of one unit; the first is kept", "one floor per unit")
		case c.number(where+"/mean", f.Mean, false) && c.number(where+"/price", f.Price, false):
			seen[f.Unit] = true
			c.out.Policy.Floors = append(c.out.Policy.Floors, f)
		}
	}
}

package program

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/internal/text"
)

// WriteText prints the plan for people, in Indonesian ("id") or English
// ("en"): its certificate, size and cost, then the top sessions by people (0: all).
func (p *Plan) WriteText(w io.Writer, lang string, top int) error {
	l, err := text.Parse(lang)
	if err != nil {
		return err
	}
	head := l.T("plan.head")
	if p.Year != 0 {
		head = l.T("plan.year", p.Year)
	}
	status := l.T("plan.status." + p.Status.String())
	if slices.ContainsFunc(p.Lines, func(b BudgetLine) bool { return b.Unread }) {
		status += l.T("plan.unsettled")
	}
	if math.IsNaN(p.Objective) { // there is no plan, and nothing to count
		_, err := fmt.Fprintf(w, "%s: %s.\n", head, status)
		return err
	}
	fmt.Fprintln(w, l.T("plan.certificate", head, status, l.Num(p.Objective, 1), l.Num(p.Bound, 1), l.Percent(p.Gap(), 2)))
	seats, people := 0, 0
	for _, h := range p.Held {
		seats += len(h.People)
	}
	without := map[Reason]int{}
	for _, i := range p.People {
		switch {
		case len(i.Sessions) > 0:
			people++
		case len(i.Expected) > 0:
			without[i.Unseated]++
		}
	}
	if len(p.Parts) > 0 {
		fmt.Fprintln(w, l.T("plan.parts", partsText(l, p.Parts)))
	}
	fmt.Fprintln(w, l.T("plan.size", l.Int(len(p.Held)), l.Int(people), l.Int(seats), reasonsText(l, without)))
	writeMoney(w, l, p)
	writeRules(w, l, p)
	held := slices.Clone(p.Held)
	slices.SortStableFunc(held, func(a, b Held) int { return cmp.Compare(len(b.People), len(a.People)) })
	if top <= 0 || top > len(held) {
		top = len(held)
	}
	if len(held) == 0 {
		return nil
	}
	rows := []string{l.T("plan.header")}
	for _, h := range held[:top] {
		rows = append(rows, fmt.Sprintf("%s\t%s\t%s\t%s\t%s\t%s", h.Session.ID, h.Offering.Title, l.Date(h.Session.From), l.Int(len(h.People)), l.Int(h.Session.Max), l.Money(h.Cost.Due)))
	}
	if err := text.Columns(w, rows...); err != nil {
		return err
	}
	if more := len(held) - top; more > 0 {
		fmt.Fprintln(w, "  "+l.T("plan.more", l.Int(more)))
	}
	return nil
}

// partsText writes the parts of an objective that are not 0 as a sum.
func partsText(l text.Lang, parts []Part) string {
	var b strings.Builder
	for _, x := range parts {
		if x.Worth == 0 && x.Of != "closed" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(" − ")
		}
		b.WriteString(l.Num(math.Abs(x.Worth), 1) + " " + l.T("part."+x.Of))
		if x.Of != "closed" {
			price := l.Num(x.Price, places(x.Price))
			if million := math.Round(1e18*x.Price) / 1e12; million > 0 && x.Price < 1e-4 { // of a rupiah
				price = l.T("part.million", l.Num(million, places(million)))
			}
			b.WriteString(" (" + l.Num(x.Amount, decimals(x.Amount)) + " × " + price + ")")
		}
	}
	return b.String()
}

// reasonsText says how many have no seat and why, the most frequent reason first.
func reasonsText(l text.Lang, n map[Reason]int) string {
	order := sortedKeys(n)
	slices.SortStableFunc(order, func(a, b Reason) int { return cmp.Compare(n[b], n[a]) })
	all := 0
	var parts []string
	for _, why := range order {
		all += n[why]
		parts = append(parts, l.T("unseated."+string(why), l.Int(n[why])))
	}
	if all == 0 {
		return l.Int(0)
	}
	return l.Int(all) + " (" + strings.Join(parts, ", ") + ")"
}

func writeMoney(w io.Writer, l text.Lang, p *Plan) {
	ceiling, left := l.T("plan.nolimit"), "–"
	for _, line := range p.Lines {
		if line.Unit == "" && line.Ceiling != nil {
			ceiling, left = l.T("plan.ceiling", l.Money(*line.Ceiling)), l.Money(line.Leftover)
			if line.Unread {
				ceiling = l.T("plan.unread")
			}
		}
	}
	if listed := p.listed(); listed != p.Cost.Due { // planned with one price, paid with another
		room := "–"
		for _, line := range p.Lines {
			if line.Unit == "" && line.Ceiling != nil {
				room = l.Money(max(0, *line.Ceiling-listed))
			}
		}
		fmt.Fprintln(w, l.T("plan.listed", l.Money(listed), ceiling, room, l.Money(p.Cost.Due), left))
	} else {
		fmt.Fprintln(w, l.T("plan.cost", l.Money(p.Cost.Due), ceiling, left))
	}
	for _, line := range p.Lines {
		if line.Unread && line.Unit != "" {
			fmt.Fprintln(w, "  "+string(line.Unit)+": "+l.T("plan.unread")+".")
		}
		if line.Shortage > 0 {
			fmt.Fprintln(w, "  "+string(line.Unit)+": "+l.T("plan.short", l.Money(line.Shortage)))
		}
	}
}

// listed is what the plan costs at the prices that it was made with: those
// before a discount that only the volume of the whole plan earns.
func (p *Plan) listed() bangkom.Rupiah {
	sum := p.Cost.Due
	for _, h := range p.Held {
		if !p.charged(h) {
			sum += h.Cost.Discount
		}
	}
	return sum
}

// charged reports whether a session is planned at the tier that it reaches.
func (p *Plan) charged(h Held) bool {
	return h.Partner != nil && p.AtTier && h.Partner.PerSession && h.Session.Decision != Open
}

// writeRules prints what soft rules came to.
func writeRules(w io.Writer, l text.Lang, p *Plan) {
	short, missing := 0, bangkom.JP(0)
	for _, i := range p.People {
		if i.Missing > 0 {
			short, missing = short+1, missing+i.Missing
		}
	}
	if short > 0 {
		fmt.Fprintln(w, l.T("plan.hours", l.Int(short), l.Num(missing.Float(), 0)))
	}
	if p.Kept != nil {
		fmt.Fprintln(w, l.T("plan.kept", l.Int(p.Kept.Lost), l.Int(len(p.Kept.Seats))))
	}
	for _, f := range p.Floors {
		fmt.Fprintln(w, l.T("plan.floor", f.Unit, l.Num(f.Closed, 2), l.Num(f.Mean, 2), l.Int(f.People)))
	}
}

// WriteText prints the answer for people, in Indonesian ("id") or English ("en").
func (r PersonReason) WriteText(w io.Writer, lang string) error {
	l, err := text.Parse(lang)
	if err != nil {
		return err
	}
	fmt.Fprintln(w, l.T("why.person", r.Person, list(l, r.Sessions), l.Short(r.Worth)))
	writeSettled(w, l, r.Settled)
	if r.Unseated != "" {
		fmt.Fprintln(w, l.T("why."+string(r.Unseated)))
	}
	fmt.Fprintln(w, l.T("why.alone", list(l, r.Alone), l.Short(r.AloneWorth)))
	if len(r.Pays) > 0 {
		fmt.Fprintln(w, l.T("why.pays"))
		var rows []string
		for _, p := range r.Pays {
			rows = append(rows, "  "+l.T("why.pay", ruleText(l, p.Rule), l.Short(p.Cost)))
		}
		if err := text.Columns(w, rows...); err != nil {
			return err
		}
	}
	if len(r.Options) == 0 {
		return nil
	}
	rows := []string{l.T("why.options")}
	for _, o := range r.Options {
		rows = append(rows, fmt.Sprintf("%s\t%s\t%s\t%s", o.Session, l.Short(o.Adds), list(l, o.Leaves), blocksText(l, o.Blocks)))
	}
	return text.Columns(w, rows...)
}

// WriteText prints the answer for people, in Indonesian ("id") or English ("en").
func (r SessionReason) WriteText(w io.Writer, lang string) error {
	l, err := text.Parse(lang)
	if err != nil {
		return err
	}
	held := "why.notheld"
	if r.Held {
		held = "why.held"
	}
	fmt.Fprintln(w, l.T("why.session", r.Session, l.T(held), l.Int(r.People), l.Int(r.Min), l.Int(r.Max), l.Int(r.Audience)))
	writeSettled(w, l, r.Settled)
	fmt.Fprintln(w, l.T("why.worth", l.Short(r.Gain-r.Forced), l.Short(r.Opening), l.Short(r.Worth)))
	if r.Forced < 0 {
		fmt.Fprintln(w, l.T("why.forced", l.Short(-r.Forced)))
	}
	if len(r.Blocks) > 0 {
		fmt.Fprintln(w, "  "+blocksText(l, r.Blocks))
	}
	if len(r.Most) == 0 {
		return nil
	}
	rows := []string{l.T("why.most")}
	for _, m := range r.Most {
		rows = append(rows, fmt.Sprintf("%s\t%s\t%s", m.Person, l.Short(m.Gains), list(l, m.Leaves)))
	}
	return text.Columns(w, rows...)
}

func writeSettled(w io.Writer, l text.Lang, rules []Rule) {
	const show = 8
	if len(rules) == 0 {
		return
	}
	var words []string
	for _, r := range rules[:min(show, len(rules))] {
		words = append(words, ruleText(l, r))
	}
	if more := len(rules) - show; more > 0 {
		words = append(words, "+"+strconv.Itoa(more))
	}
	fmt.Fprintln(w, l.T("why.settled", strings.Join(words, "; ")))
}

// WriteText prints the conflict for people, in Indonesian ("id") or English ("en").
func (c Conflict) WriteText(w io.Writer, lang string) error {
	l, err := text.Parse(lang)
	if err != nil {
		return err
	}
	switch {
	case c.Status != Infeasible:
		fmt.Fprintln(w, l.T("conflict.open"))
		return nil
	case len(c.Rules) == 0:
		fmt.Fprintln(w, l.T("conflict.unknown"))
		return nil
	}
	fmt.Fprintln(w, l.T("conflict.head"))
	for _, r := range c.Rules {
		line := ruleText(l, r.Rule)
		if limit := limitText(l, r); limit != "" {
			line = l.T("conflict.rule", line, limit)
		}
		if len(r.People) > 0 {
			line += ": " + list(l, r.People)
		}
		fmt.Fprintln(w, "  "+line)
	}
	end := "conflict.large"
	if c.Minimal {
		end = "conflict.small"
	}
	fmt.Fprintln(w, l.T(end))
	return nil
}

// limitText is what a rule asks for, in its own unit; a decision, a duty and a
// settled seat have no number.
func limitText(l text.Lang, r ConflictRule) string {
	switch r.Kind {
	case "open", "closed", "must", "lock":
		return ""
	case "budget", "unit-budget":
		return l.Money(bangkom.Rupiah(r.Limit))
	case "coverage", "away":
		return l.Percent(r.Limit, decimals(100*r.Limit))
	case "hours", "hours-floor":
		return l.Num(r.Limit, decimals(r.Limit)) + " JP"
	}
	return l.Num(r.Limit, decimals(r.Limit))
}

// WritePrices prints prices for people, in Indonesian ("id") or English ("en"),
// the first few (0: all). What a rupiah is worth is printed per million.
func WritePrices(w io.Writer, lang string, prices []Price, top int) error {
	l, err := text.Parse(lang)
	if err != nil {
		return err
	}
	if top <= 0 || top > len(prices) {
		top = len(prices)
	}
	rows := []string{l.T("prices.header")}
	for _, p := range prices[:top] {
		each, unit := p.Each, l.T("unit."+p.Unit)
		if p.Unit == "rupiah" {
			each, unit = 1e6*each, l.Num(1e6, 0)+" "+unit
		}
		limit, used := l.Num(p.Limit, decimals(p.Limit)), l.Num(p.Used, decimals(p.Used))
		if p.Rule == (Rule{Kind: "hours"}) {
			limit, used = "–", "–" // everybody's, each with a limit of their own
		}
		rows = append(rows, fmt.Sprintf("%s\t%s\t%s\t%s\t%s", ruleText(l, p.Rule), l.Short(each), unit, limit, used))
	}
	return text.Columns(w, rows...)
}

// WriteCurve prints the points of a curve for people, in Indonesian ("id") or English ("en").
func WriteCurve(w io.Writer, lang string, r Rule, points []Point) error {
	l, err := text.Parse(lang)
	if err != nil {
		return err
	}
	rows := []string{l.T("curve.header", ruleText(l, r))}
	for _, p := range points {
		if math.IsNaN(p.Objective) {
			most := "–"
			if !math.IsInf(p.Bound, 0) {
				most = l.Short(p.Bound)
			}
			rows = append(rows, fmt.Sprintf("%s\t%s\t%s\t–\t–\t–\t–\t–", l.Num(p.At, decimals(p.At)), l.T("curve."+p.Status.String()), most))
			continue
		}
		plan := Plan{Objective: p.Objective, Bound: p.Bound}
		rows = append(rows, fmt.Sprintf("%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s", l.Num(p.At, decimals(p.At)), l.Short(p.Objective), l.Short(p.Bound), l.Percent(plan.Gap(), 2),
			l.Num(p.Closed, 1), l.Money(p.Cost), l.Int(p.Sessions), l.Int(p.Seats)))
	}
	if err := text.Columns(w, rows...); err != nil {
		return err
	}
	return writeImpossible(w, l, r, points)
}

// writeImpossible says up to which value of the limit, or from which share on,
// what is sure cannot hold, and why.
func writeImpossible(w io.Writer, l text.Lang, r Rule, points []Point) error {
	order, code := slices.Backward(points), "curve.upto"
	if r.Kind == "coverage" {
		order, code = slices.All(points), "curve.from"
	}
	for _, p := range order {
		for _, x := range p.Why.Only(bangkom.Error) {
			x = l.Problem(bangkom.Problem{Code: x.Code, Msg: x.Msg, Value: brief([]byte(x.Value))})
			if _, err := fmt.Fprintln(w, "  "+l.T(code, l.Num(p.At, decimals(p.At)), x.Error())); err != nil {
				return err
			}
		}
		if len(p.Why) > 0 {
			return nil // what holds here holds beyond it
		}
	}
	return nil
}

// WriteChanges prints what [Plan.Changes] lists for people, in Indonesian ("id")
// or English ("en"): sessions, then the seats of the first few people (0: all).
func WriteChanges(w io.Writer, lang string, changes []Change, top int) error {
	l, err := text.Parse(lang)
	if err != nil {
		return err
	}
	if len(changes) == 0 {
		fmt.Fprintln(w, l.T("changes.none"))
		return nil
	}
	sessions := map[string][]SessionID{}
	seats := map[competency.PersonID]map[string][]SessionID{}
	n := map[string]int{}
	for _, c := range changes {
		n[c.What]++
		if c.Person == "" {
			sessions[c.What] = append(sessions[c.What], c.Session)
			continue
		}
		if seats[c.Person] == nil {
			seats[c.Person] = map[string][]SessionID{}
		}
		seats[c.Person][c.What] = append(seats[c.Person][c.What], c.Session)
	}
	fmt.Fprintln(w, l.T("changes.head", list(l, sessions["opened"]), list(l, sessions["dropped"]), l.Int(n["gained"]), l.Int(n["lost"])))
	people := sortedKeys(seats)
	if len(people) == 0 {
		return nil
	}
	if top <= 0 || top > len(people) {
		top = len(people)
	}
	rows := []string{l.T("changes.header")}
	for _, id := range people[:top] {
		rows = append(rows, fmt.Sprintf("%s\t%s\t%s", id, list(l, seats[id]["gained"]), list(l, seats[id]["lost"])))
	}
	if err := text.Columns(w, rows...); err != nil {
		return err
	}
	if more := len(people) - top; more > 0 {
		fmt.Fprintln(w, "  "+l.T("changes.more", l.Int(more)))
	}
	return nil
}

// decimals is how many decimals a limit needs, up to two.
func decimals(x float64) int {
	if x == math.Trunc(x) {
		return 0
	}
	return 2
}

// places is how many decimals a price is written with.
func places(x float64) int {
	_, fraction, _ := strings.Cut(strconv.FormatFloat(x, 'f', -1, 64), ".")
	return min(12, len(fraction))
}

func list[T ~string](l text.Lang, ids []T) string {
	if len(ids) == 0 {
		return l.T("why.none")
	}
	const show = 8
	var words []string
	for _, id := range ids[:min(show, len(ids))] {
		words = append(words, string(id))
	}
	if more := len(ids) - show; more > 0 {
		words = append(words, "+"+strconv.Itoa(more))
	}
	return strings.Join(words, ", ")
}

func ruleText(l text.Lang, r Rule) string {
	if r.Session != "" && r.Offering != "" { // the prerequisite of a seat that is kept
		return l.T("rule.of", l.T("rule."+r.Kind)+" "+string(r.Offering), r.Session)
	}
	_, ids, found := strings.Cut(r.String(), " ")
	if !found { // of none in particular
		return strings.TrimSuffix(strings.TrimSuffix(l.T("rule."+r.Kind), " of"), ":")
	}
	return l.T("rule."+r.Kind) + " " + ids
}

func blocksText(l text.Lang, blocks []Block) string {
	if len(blocks) == 0 {
		return l.T("why.free")
	}
	var parts []string
	for _, b := range blocks {
		s := ruleText(l, b.Rule)
		var more []string
		if b.Short > 0 {
			unit := b.Unit
			if unit == "rupiah" {
				unit = "planned"
			}
			more = append(more, l.T("why.short", l.Num(b.Short, decimals(b.Short)), l.T("unit."+unit)))
		}
		if b.Who != "" {
			more = append(more, l.T("why.who", b.Who, l.Short(b.Cost)))
		} else if b.Cost > 0 {
			more = append(more, l.T("why.cost", l.Short(b.Cost)))
		}
		if len(more) > 0 {
			s += " (" + strings.Join(more, ", ") + ")"
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, "; ")
}

// WriteSeats prints who sits in each session, in Indonesian ("id") or English ("en").
func (p *Plan) WriteSeats(w io.Writer, lang string) error {
	l, err := text.Parse(lang)
	if err != nil {
		return err
	}
	rows := []string{l.T("seats.header")}
	for _, h := range p.Held {
		names := make([]string, len(h.People))
		for i, id := range h.People {
			names[i] = string(id)
		}
		rows = append(rows, fmt.Sprintf("%s\t%s\t%s", h.Session.ID, h.Offering.Title, strings.Join(names, ", ")))
	}
	return text.Columns(w, rows...)
}

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
	fmt.Fprintln(w, l.T("plan.certificate", head, l.T("plan.status."+p.Status.String()), l.Num(p.Objective, 1), l.Num(p.Bound, 1), l.Percent(p.Gap(), 2)))
	seats, people, without := 0, 0, 0
	for _, h := range p.Held {
		seats += len(h.People)
	}
	for _, i := range p.People {
		switch {
		case len(i.Sessions) > 0:
			people++
		case len(i.Expected) > 0:
			without++
		}
	}
	fmt.Fprintln(w, l.T("plan.size", l.Int(len(p.Held)), l.Int(people), l.Int(seats), l.Int(without)))
	writeMoney(w, l, p)
	writeRules(w, l, p)
	held := slices.Clone(p.Held)
	slices.SortStableFunc(held, func(a, b Held) int { return cmp.Compare(len(b.People), len(a.People)) })
	if top <= 0 || top > len(held) {
		top = len(held)
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

func writeMoney(w io.Writer, l text.Lang, p *Plan) {
	ceiling, left := l.T("plan.nolimit"), "–"
	for _, line := range p.Lines {
		if line.Unit == "" && line.Ceiling != nil {
			ceiling, left = l.Money(*line.Ceiling), l.Money(line.Leftover)
		}
	}
	fmt.Fprintln(w, l.T("plan.cost", l.Money(p.Cost.Due), ceiling, left))
	for _, line := range p.Lines {
		if line.Shortage > 0 {
			fmt.Fprintln(w, "  "+string(line.Unit)+": "+l.T("plan.short", l.Money(line.Shortage)))
		}
	}
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
	fmt.Fprintln(w, l.T("why.person", r.Person, list(l, r.Sessions), valueText(l, r.Worth)))
	if r.Unseated != "" {
		fmt.Fprintln(w, l.T("why."+string(r.Unseated)))
	}
	fmt.Fprintln(w, l.T("why.alone", list(l, r.Alone), valueText(l, r.AloneWorth)))
	if len(r.Pays) > 0 {
		fmt.Fprintln(w, l.T("why.pays"))
		var rows []string
		for _, p := range r.Pays {
			rows = append(rows, "  "+l.T("why.pay", ruleText(l, p.Rule), valueText(l, p.Cost)))
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
		rows = append(rows, fmt.Sprintf("%s\t%s\t%s", o.Session, valueText(l, o.Adds), blocksText(l, o.Blocks)))
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
	fmt.Fprintln(w, l.T("why.worth", valueText(l, r.Gain), valueText(l, r.Opening), valueText(l, r.Worth)))
	if len(r.Blocks) > 0 {
		fmt.Fprintln(w, "  "+blocksText(l, r.Blocks))
	}
	if len(r.Most) == 0 {
		return nil
	}
	rows := []string{l.T("why.most")}
	for _, m := range r.Most {
		rows = append(rows, fmt.Sprintf("%s\t%s\t%s", m.Person, valueText(l, m.Gains), list(l, m.Leaves)))
	}
	return text.Columns(w, rows...)
}

// WriteText prints the conflict for people, in Indonesian ("id") or English ("en").
func (c Conflict) WriteText(w io.Writer, lang string) error {
	l, err := text.Parse(lang)
	if err != nil {
		return err
	}
	if c.Status != Infeasible {
		fmt.Fprintln(w, l.T("conflict.open"))
		return nil
	}
	fmt.Fprintln(w, l.T("conflict.head"))
	for _, r := range c.Rules {
		limit := l.Num(r.Limit, decimals(r.Limit))
		if len(r.People) == 0 {
			fmt.Fprintln(w, "  "+l.T("conflict.rule", ruleText(l, r.Rule), limit))
			continue
		}
		fmt.Fprintln(w, "  "+l.T("conflict.people", ruleText(l, r.Rule), limit, list(l, r.People)))
	}
	end := "conflict.large"
	if c.Minimal {
		end = "conflict.small"
	}
	fmt.Fprintln(w, l.T(end))
	return nil
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
		rows = append(rows, fmt.Sprintf("%s\t%s\t%s\t%s\t%s", ruleText(l, p.Rule), valueText(l, each), unit, l.Num(p.Limit, decimals(p.Limit)), l.Num(p.Used, decimals(p.Used))))
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
		plan := Plan{Objective: p.Objective, Bound: p.Bound}
		rows = append(rows, fmt.Sprintf("%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s", l.Num(p.At, decimals(p.At)), valueText(l, p.Objective), valueText(l, p.Bound), l.Percent(plan.Gap(), 2),
			l.Num(p.Closed, 1), l.Money(p.Cost), l.Int(p.Sessions), l.Int(p.Seats)))
	}
	return text.Columns(w, rows...)
}

// decimals is how many decimals a limit needs, up to two.
func decimals(x float64) int {
	if x == math.Trunc(x) {
		return 0
	}
	return 2
}

// valueText prints a part of an objective to three digits that count.
func valueText(l text.Lang, x float64) string {
	switch a := math.Abs(x); {
	case a >= 100:
		return l.Num(x, 1)
	case a >= 0.1 || a < 1e-12:
		return l.Num(x, 2)
	default:
		return l.Num(x, min(12, 2-int(math.Floor(math.Log10(a)))))
	}
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
	_, ids, found := strings.Cut(r.String(), " ")
	if !found {
		return l.T("rule." + r.Kind)
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
			more = append(more, l.T("why.short", l.Num(b.Short, decimals(b.Short)), l.T("unit."+b.Unit)))
		}
		if b.Who != "" {
			more = append(more, l.T("why.who", b.Who, valueText(l, b.Cost)))
		} else if b.Cost > 0 {
			more = append(more, l.T("why.cost", valueText(l, b.Cost)))
		}
		if len(more) > 0 {
			s += " (" + strings.Join(more, ", ") + ")"
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, "; ")
}

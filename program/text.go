package program

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"github.com/bangkom/bangkom/internal/text"
)

// WriteText prints the plan for people, in Indonesian ("id") or English
// ("en"): its certificate, size and cost, then the top sessions by people (0: all).
func (p *Plan) WriteText(w io.Writer, lang string, top int) error {
	l, err := text.Parse(lang)
	if err != nil {
		return err
	}
	fmt.Fprintln(w, l.T("plan.certificate", p.Year, l.T("plan.status."+p.Status.String()), l.Num(p.Objective, 1), l.Num(p.Bound, 1), l.Percent(p.Gap(), 2)))
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

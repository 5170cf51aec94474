package evaluation

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/internal/text"
)

// WriteText prints the report for people, in Indonesian ("id") or English
// ("en"): the levels with their intervals, what may be claimed, and what else
// could explain it.
func (r *Report) WriteText(w io.Writer, lang string) error {
	l, err := text.Parse(lang)
	if err != nil {
		return err
	}
	if err := text.Columns(w, append([]string{l.T("evaluation.header")}, r.rows(l)...)...); err != nil {
		return err
	}
	for _, c := range r.Claims {
		fmt.Fprintln(w, "  • "+c.Text(lang))
	}
	var threats []string
	for _, t := range r.Threats {
		if !slices.Contains(threats, t.Code) {
			threats = append(threats, t.Code)
		}
	}
	if len(threats) > 0 {
		fmt.Fprintln(w, "  "+l.T("evaluation.threats", strings.Join(threats, ", ")))
	}
	return nil
}

func (r *Report) rows(l text.Lang) []string {
	var rows []string
	add := func(code string, args ...any) { rows = append(rows, l.T(code, args...)) }
	if x := r.Reaction; x != nil {
		add("evaluation.reaction", l.Estimate(x.Mean, 2), l.Int(x.Mean.N))
		add("evaluation.topbox", l.Num(x.TopBoxFrom, 1), l.Share(x.TopBox, 1), l.Int(x.TopBox.N))
		add("evaluation.alpha", l.Estimate(x.Alpha.Raw, 2), l.Int(x.Alpha.Raw.N))
	}
	if x := r.Learning; x != nil {
		add("evaluation.learning", l.Estimate(x.Change.Estimate, 1), l.Int(x.Change.Estimate.N))
		for _, e := range x.Effects {
			add("evaluation.effect", e.Method, l.Estimate(e, 2), l.Int(e.N))
		}
	}
	if x := r.Behaviour; x != nil {
		for _, s := range x.Sources {
			code := "evaluation.change"
			if s.Difference != nil {
				code = "evaluation.behaviour"
			}
			add(code, sourceName(l, s.Source), l.Estimate(s.Best(), 2), l.Int(s.Best().N))
		}
	}
	if x := r.Results; x != nil && x.Effect != nil {
		add("evaluation.results", l.Estimate(x.Effect.Estimate, 2), l.Int(x.Effect.Estimate.N))
	}
	if x := r.Return; x != nil {
		costs := "–" // none are known
		if len(x.ByCategory) > 0 {
			costs = l.Money(x.Costs)
		}
		add("evaluation.return", costs, l.Estimate(x.Percent, 0), l.Int(x.Percent.N))
		if x.PerLevel != nil {
			add("evaluation.perlevel", l.Estimate(*x.PerLevel, 0), l.Int(x.PerLevel.N))
		}
	}
	return rows
}

func sourceName(l text.Lang, s competency.Source) string {
	if t := l.T("source." + string(s)); t[0] != '[' {
		return t
	}
	return string(s)
}

// WriteChanges prints what was learnt, one line per offering and competency.
func WriteChanges(w io.Writer, changes []Change, lang string) error {
	l, err := text.Parse(lang)
	if err != nil {
		return err
	}
	rows := []string{l.T("learn.header")}
	for _, c := range changes {
		rows = append(rows, fmt.Sprintf("%s\t%s\t%s\t%s\t%s\t%s\t%s", c.Offering, c.Competency, plusMinus(l, c.Old.Mean, c.Old.SE), plusMinus(l, c.New.Mean, c.New.SE),
			plusMinus(l, c.Observed.Value, c.Observed.SE), l.Int(c.N), l.Num(c.Weight, 2)))
	}
	return text.Columns(w, rows...)
}

func plusMinus(l text.Lang, mean, se float64) string {
	if se == 0 { // not stated
		return l.Num(mean, 2) + " ± ?"
	}
	return l.Num(mean, 2) + " ± " + l.Num(se, 2)
}

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
	rows := r.rows(l)
	if len(rows) == 0 {
		_, err := fmt.Fprintln(w, "  "+l.T("evaluation.nothing"))
		return err
	}
	if err := text.Columns(w, append([]string{l.T("evaluation.header")}, rows...)...); err != nil {
		return err
	}
	if x := r.Return; x != nil && x.Lost != nil {
		fmt.Fprintln(w, "  "+l.T("evaluation.lost", l.Int(x.Lost.Costs), l.Int(x.Lost.Benefits)))
	}
	if x := r.Return; x != nil && len(x.Unpriced) > 0 {
		fmt.Fprintln(w, "  "+l.T("evaluation.unpriced", listed(x.Unpriced)))
	}
	for _, c := range r.Claims {
		fmt.Fprintln(w, "  • "+c.Text(lang))
	}
	var threats []string
	for _, t := range r.Threats {
		if word := threatName(l, t.Code); !slices.Contains(threats, word) {
			threats = append(threats, word)
		}
	}
	if len(threats) > 0 {
		fmt.Fprintln(w, "  "+l.T("evaluation.threats", strings.Join(threats, "; ")))
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
			add("evaluation.effect", methodName(l, e.Method), l.Estimate(e, 2), l.Int(e.N))
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
	if x := r.Results; x != nil {
		if x.Effect != nil {
			add("evaluation.results", l.Estimate(x.Effect.Estimate, 2), l.T("count.units", l.Int(x.Effect.Estimate.N)))
		} else {
			add("evaluation.resultschange", l.Estimate(x.Trained, 2), l.T("count.units", l.Int(x.Trained.N)))
		}
	}
	if x := r.Return; x != nil {
		costs := "–" // none are known
		if len(x.ByCategory) > 0 {
			costs = l.Money(x.Costs)
		}
		add("evaluation.return", costs, l.Estimate(x.Percent, 0), l.T("count.benefits", l.Int(x.Percent.N)))
		if x.PerLevel != nil {
			add("evaluation.perlevel", l.Estimate(*x.PerLevel, 0), l.Int(x.PerLevel.N))
		}
	}
	return rows
}

// threatName is what a warning says; a code without a text stays a code.
func threatName(l text.Lang, code string) string { return worded(l, "threat.", code) }

// methodName is the method of an effect size, without what its column says.
func methodName(l text.Lang, method string) string {
	name, what, _ := strings.Cut(method, ": ")
	if what == "" {
		return name
	}
	return name + ", " + worded(l, "effect.", what)
}

// worded is the text of a code, or the code itself where there is none.
func worded(l text.Lang, kind, code string) string {
	if l.Has(kind + code) {
		return l.T(kind + code)
	}
	return code
}

func sourceName(l text.Lang, s competency.Source) string {
	return worded(l, "source.", string(s))
}

// WriteChanges prints what was learnt, one line per offering and competency.
// Where gains were learnt before, the catalogue's and the one in use until now
// have a column each: observations and weight are those of all years.
func WriteChanges(w io.Writer, changes []Change, lang string) error {
	l, err := text.Parse(lang)
	if err != nil {
		return err
	}
	again := slices.ContainsFunc(changes, func(c Change) bool { return c.Last != nil })
	header := "learn.header"
	if again {
		header = "learn.again"
	}
	rows := []string{l.T(header)}
	for _, c := range changes {
		cells := []string{string(c.Offering), string(c.Competency), plusMinus(l, c.Old.Mean, c.Old.SE)}
		if again {
			last := c.Old
			if c.Last != nil {
				last = *c.Last
			}
			cells = append(cells, plusMinus(l, last.Mean, last.SE))
		}
		rows = append(rows, strings.Join(append(cells, plusMinus(l, c.New.Mean, c.New.SE), plusMinus(l, c.Observed.Value, c.Observed.SE), l.Int(c.N), l.Num(c.Weight, 2)), "\t"))
	}
	return text.Columns(w, rows...)
}

func plusMinus(l text.Lang, mean, se float64) string {
	if se == 0 { // not stated
		return l.Num(mean, 2) + " ± ?"
	}
	return l.Num(mean, 2) + " ± " + l.Num(se, 2)
}

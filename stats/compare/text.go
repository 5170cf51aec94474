package compare

import (
	"fmt"
	"math"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/stats/internal/wire"
)

// Table gives a test for people: every number of it, and below how it was
// made, what was left out and what to beware of.
func Table(t bangkom.Test) string {
	e := t.Estimate
	lo, hi := e.CI.Lo, e.CI.Hi
	if e.CI == (bangkom.Interval{}) {
		lo, hi = math.NaN(), math.NaN()
	}
	out := grid([]string{"estimate", "se", "lower", "upper", "statistic", "df", "df2", "p"},
		[]float64{e.Value, e.SE, lo, hi, t.Statistic, t.DF, t.DF2, t.P})
	alternative := ""
	if t.Alternative != "" {
		alternative = "Alternative: " + t.Alternative + "."
	}
	return out + footer(e, alternative)
}

// grid is a table of one nameless row.
func grid(columns []string, row []float64) string {
	var b strings.Builder
	g := wire.NewGrid(columns...)
	g.Row("", row...)
	g.Write(&b)
	return b.String()
}

// footer says how an estimate was made.
func footer(e bangkom.Estimate, lines ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n%s; n = %d; missing values: %s.\n", e.Method, e.N, e.Missing)
	if e.CI != (bangkom.Interval{}) {
		fmt.Fprintf(&b, "%s (%s).\n", e.CI, e.CI.Method)
	}
	for _, l := range lines {
		if l != "" {
			fmt.Fprintln(&b, l)
		}
	}
	for _, w := range e.Warnings {
		fmt.Fprintf(&b, "%s: %s\n", w.Severity, w.Error())
	}
	return b.String()
}

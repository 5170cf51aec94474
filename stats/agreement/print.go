package agreement

import (
	"fmt"
	"math"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/stats/internal/wire"
)

// testTable prints coefficients with their intervals and tests.
func testTable(b *strings.Builder, names []string, ts []bangkom.Test) {
	t := wire.NewGrid("estimate", "SE", "lower", "upper", "z", "p")
	for i, x := range ts {
		e := x.Estimate
		if e.CI == (bangkom.Interval{}) {
			e.CI.Lo, e.CI.Hi = math.NaN(), math.NaN()
		}
		t.Text(names[i], wire.Short(e.Value), wire.Short(e.SE), wire.Short(e.CI.Lo), wire.Short(e.CI.Hi), wire.Short(x.Statistic), strings.TrimPrefix(bangkom.FormatP(x.P), "= "))
	}
	t.Write(b)
}

// printWarnings prints each warning once.
func printWarnings(b *strings.Builder, es ...bangkom.Estimate) {
	seen := map[string]bool{}
	for _, e := range es {
		for _, w := range e.Warnings {
			if line := fmt.Sprintf("%s: %s\n", w.Severity, w.Error()); !seen[line] {
				seen[line] = true
				b.WriteString(line)
			}
		}
	}
}

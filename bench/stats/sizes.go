package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"

	"github.com/bangkom/bangkom/bench/internal/usage"
	"github.com/bangkom/bangkom/stats/agreement"
	"github.com/bangkom/bangkom/stats/compare"
	"github.com/bangkom/bangkom/stats/model"
	"github.com/bangkom/bangkom/stats/reliability"
	"github.com/bangkom/bangkom/stats/resample"
	"github.com/bangkom/bangkom/stats/tally"
)

// sizes prints, for a hundred to so many rows, the bytes that one call allocates
// for each row, and its nanoseconds of CPU a row: both are level where memory
// and time are linear. Nothing grows with rows × rows.
func sizes(out io.Writer, most int) error {
	if most == 0 {
		return nil
	}
	steps := []int{}
	for n := 1000; n <= most; n *= 10 {
		steps = append(steps, n)
	}
	if len(steps) == 0 {
		return nil
	}
	fmt.Fprintf(out, "# bytes allocated and ns of CPU a row\n%-28s", "rows")
	for _, n := range steps {
		fmt.Fprintf(out, " %20d", n)
	}
	fmt.Fprintln(out)
	table := map[string][]string{}
	var order []string
	for _, n := range steps {
		for _, j := range sized(n) {
			r, err := j.measure(1)
			if err != nil {
				return fmt.Errorf("%s of %d rows: %w", j.key, n, err)
			}
			if table[j.key] == nil {
				order = append(order, j.key)
			}
			table[j.key] = append(table[j.key], fmt.Sprintf(" %9.1f B %6.0f ns", r.bytes/float64(n), 1e9*r.cpu/float64(n)))
		}
	}
	for _, k := range order {
		fmt.Fprintf(out, "%-28s%s\n", k, strings.Join(table[k], ""))
	}
	fmt.Fprintf(out, "# most memory so far %s\n", usage.Peak())
	return nil
}

// sized are the statistics on n rows of their own making.
func sized(n int) []job {
	r := rand.New(rand.NewPCG(20240501, uint64(n)))
	var x, y, lx, ly []float64
	for range n {
		v := r.NormFloat64()
		x, y = append(x, v), append(y, v/2+r.NormFloat64())
		lx, ly = append(lx, float64(1+r.IntN(5))), append(ly, float64(1+r.IntN(5)))
	}
	ratings, names := [][]float64{lx, ly, lx, ly}, make([]string, n)
	answers := make([][]tally.Cell, 10)
	for j := range answers {
		for range n {
			answers[j] = append(answers[j], tally.Cell(1+r.IntN(5)))
		}
	}
	for i := range names {
		names[i] = fmt.Sprint("unit ", i%50)
	}
	cut := [][]float64{x[:n/3], x[n/3 : 2*(n/3)], x[2*(n/3):]}
	cols := []model.Column{{Name: "x", Values: x}, {Name: "z", Values: lx}}
	outcome := model.Column{Name: "y", Values: y}
	var l list
	l.add("alpha, 10 items", "", "", 0, func() (any, error) {
		s, err := reliability.SummarizeCells(answers, tally.Shape{First: 1, Levels: 5}, nil)
		if err != nil {
			return nil, err
		}
		return s.Alpha()
	})
	l.add("describe", "", "", 0, func() (any, error) { return compare.Describe(x, nil) })
	l.add("paired t", "", "", 0, func() (any, error) { return compare.Paired(x, y, nil) })
	l.add("Wilcoxon, continuous", "", "", 0, func() (any, error) { return compare.Wilcoxon(x, y, nil) })
	l.add("Wilcoxon, five levels", "", "", 0, func() (any, error) { return compare.Wilcoxon(lx, ly, nil) })
	l.add("Mann–Whitney, continuous", "", "", 0, func() (any, error) { return compare.MannWhitney(x, y, nil) })
	l.add("Kruskal–Wallis", "", "", 0, func() (any, error) { return compare.KruskalWallis(cut, nil) })
	l.add("Kendall's tau", "", "", 0, func() (any, error) { return compare.Kendall(x, y, nil) })
	l.add("ICC, 4 raters", "", "", 0, func() (any, error) { return agreement.ICC(ratings, nil) })
	l.add("Krippendorff, 4 raters", "", "", 0, func() (any, error) { return agreement.Krippendorff(ratings, agreement.Ordinal, nil) })
	l.add("Krippendorff, continuous", "", "", 0, func() (any, error) { return agreement.Krippendorff([][]float64{x, y}, agreement.Interval, nil) })
	l.add("OLS, HC3", "", "", 0, func() (any, error) { return model.OLS(outcome, cols, nil) })
	l.add("OLS, CR2, 50 clusters", "", "", 0, func() (any, error) {
		return model.OLS(outcome, cols, &model.RegressionOptions{Clusters: names})
	})
	l.add("bootstrap, 200 resamples", "", "", 0, func() (any, error) {
		return resample.Bootstrap(context.Background(), [][]float64{x}, resample.Mean, &resample.Options{Resamples: 200})
	})
	l.add("bootstrap, five levels, 200", "", "", 0, func() (any, error) {
		return resample.Bootstrap(context.Background(), [][]float64{lx}, resample.Mean, &resample.Options{Resamples: 200})
	})
	l.add("permutation, 200 draws", "", "", 0, func() (any, error) {
		return resample.PermuteIndependent(context.Background(), x, y, &resample.PermutationOptions{Permutations: 200})
	})
	l.add("permutation, five levels", "", "", 0, func() (any, error) {
		return resample.PermuteIndependent(context.Background(), lx, ly, &resample.PermutationOptions{Permutations: 200})
	})
	return l
}

package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"

	"github.com/bangkom/bangkom/stats/agreement"
	"github.com/bangkom/bangkom/stats/compare"
	"github.com/bangkom/bangkom/stats/effect"
	"github.com/bangkom/bangkom/stats/model"
	"github.com/bangkom/bangkom/stats/reliability"
	"github.com/bangkom/bangkom/stats/resample"
	"github.com/bangkom/bangkom/stats/tally"
)

// columns reads a file of float64, column by column.
func columns(dir, name string, k int) ([][]float64, error) {
	raw, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return nil, err
	}
	n := len(raw) / 8 / k
	out := make([][]float64, k)
	for j := range out {
		out[j] = make([]float64, n)
		for i := range out[j] {
			out[j][i] = math.Float64frombits(binary.LittleEndian.Uint64(raw[8*(j*n+i):]))
		}
	}
	return out, nil
}

// cells reads a file of int8, column by column.
func cells(dir, name string, k int) ([][]tally.Cell, error) {
	raw, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return nil, err
	}
	n := len(raw) / k
	out := make([][]tally.Cell, k)
	for j := range out {
		out[j] = make([]tally.Cell, n)
		for i := range out[j] {
			out[j][i] = tally.Cell(raw[j*n+i])
		}
	}
	return out, nil
}

// first are the first n entries of each column.
func first[T any](cols [][]T, n int) [][]T {
	out := make([][]T, len(cols))
	for j, c := range cols {
		out[j] = c[:min(n, len(c))]
	}
	return out
}

// A list collects jobs, each a call whose result is thrown away.
type list []job

func (l *list) add(key, size, who string, most float64, run func() (any, error)) {
	*l = append(*l, job{key, size, who, most, func() error { _, err := run(); return err }})
}

const likertItems = 20

// ours are the statistics of the rivals' rows, with the seconds of the design's
// table for one thread of its machine.
func ours(dir string) ([]job, error) {
	var l list
	for _, add := range []func(*list, string) error{reliabilities, comparisons, models, resamples, agreements} {
		if err := add(&l, dir); err != nil {
			return nil, err
		}
	}
	return l, nil
}

func reliabilities(l *list, dir string) error {
	answers, err := cells(dir, "likert.i8", likertItems)
	if err != nil {
		return err
	}
	numbers := make([][]float64, len(answers))
	for j, c := range answers {
		numbers[j] = make([]float64, len(c))
		for i, x := range c {
			numbers[j][i] = float64(x)
		}
	}
	scale := tally.Shape{First: 1, Levels: 5}
	size := fmt.Sprintf("%dx%d", len(answers[0]), likertItems)
	alpha := func(c [][]tally.Cell) func() (any, error) {
		return func() (any, error) {
			s, err := reliability.SummarizeCells(c, scale, nil)
			if err != nil {
				return nil, err
			}
			return s.Alpha()
		}
	}
	l.add("alpha_items", size, "Alpha with item statistics, bytes", .060, alpha(answers))
	l.add("alpha", size, "Alpha with item statistics, float64", 0, func() (any, error) { return reliability.Alpha(numbers, nil) })
	few, some := first(numbers, 1000), first(answers, 1000)
	size = fmt.Sprintf("%dx%d", len(few[0]), likertItems)
	l.add("alpha_items", size, "Alpha with item statistics, bytes", .001, alpha(some))
	l.add("alpha_items", size, "Alpha with item statistics, float64", .001, func() (any, error) { return reliability.Alpha(few, nil) })
	l.add("omega_total", size, "Omega, ML", 0, func() (any, error) { return reliability.Omega(few, nil, nil) })
	l.add("split_half", size, "Guttman, all 524,287 splits", 0, func() (any, error) { return reliability.Guttman(few, nil) })
	l.add("factor_1", size, "Omega, minres, with the correlations", 0, func() (any, error) {
		return reliability.Omega(few, &reliability.OmegaOptions{Estimator: reliability.MinRes, Metric: reliability.Correlations}, nil)
	})
	return nil
}

func comparisons(l *list, dir string) error {
	var all [4][]float64
	for i, name := range []string{"pre.f8", "post.f8", "prec.f8", "postc.f8"} {
		c, err := columns(dir, name, 1)
		if err != nil {
			return err
		}
		all[i] = c[0]
	}
	pre, post, prec, postc := all[0], all[1], all[2], all[3]
	n := len(pre)
	one, two := fmt.Sprint(n), fmt.Sprintf("%d+%d", n, n)
	l.add("paired_t", one, "compare.Paired", .002, func() (any, error) { return compare.Paired(pre, post, nil) })
	l.add("cohen_d_paired", one, "effect.Paired, noncentral interval", 0, func() (any, error) { return effect.Paired(pre, post, effect.Difference, nil) })
	l.add("wilcoxon_tied", one, "compare.Wilcoxon, with estimate and interval", .010, func() (any, error) { return compare.Wilcoxon(pre, post, nil) })
	l.add("wilcoxon_continuous", one, "compare.Wilcoxon, with estimate and interval", .200, func() (any, error) { return compare.Wilcoxon(prec, postc, nil) })
	l.add("hodges_lehmann", "2000", "compare.Wilcoxon, with estimate and interval", 0, func() (any, error) { return compare.Wilcoxon(prec[:2000], postc[:2000], nil) })
	l.add("mann_whitney_tied", two, "compare.MannWhitney, with shift and interval", .020, func() (any, error) { return compare.MannWhitney(post, pre, nil) })
	l.add("mann_whitney_continuous", two, "compare.MannWhitney, with shift and interval", .5, func() (any, error) { return compare.MannWhitney(postc, prec, nil) })
	l.add("wilcoxon_exact", "50", "compare.Wilcoxon", 0, func() (any, error) { return compare.Wilcoxon(prec[:50], postc[:50], nil) })
	l.add("mann_whitney_exact", "50+50", "compare.MannWhitney", 0, func() (any, error) { return compare.MannWhitney(prec[:50], postc[:50], nil) })
	l.add("welch_t", two, "compare.Welch", 0, func() (any, error) { return compare.Welch(post, pre, nil) })
	m := min(10_000, n)
	part := fmt.Sprint(m)
	l.add("rank_biserial_paired", part, "effect.MatchedRankBiserial", 0, func() (any, error) { return effect.MatchedRankBiserial(pre[:m], post[:m], nil) })
	l.add("wilcoxon", part, "compare.Wilcoxon, with estimate and interval", 0, func() (any, error) { return compare.Wilcoxon(pre[:m], post[:m], nil) })
	l.add("mann_whitney", fmt.Sprintf("%d+%d", m, m), "compare.MannWhitney, with shift and interval", 0, func() (any, error) { return compare.MannWhitney(post[:m], pre[:m], nil) })
	third := n / 3
	thirds := [][]float64{postc[:third], postc[third : 2*third], postc[2*third:]}
	l.add("kruskal", one+" in 3 groups", "compare.KruskalWallis", .2, func() (any, error) { return compare.KruskalWallis(thirds, nil) })
	return nil
}

func models(l *list, dir string) error {
	a, err := columns(dir, "ancova.f8", 8)
	if err != nil {
		return err
	}
	y := model.Column{Name: "y", Values: a[0]}
	var xs []model.Column
	for j, name := range []string{"g", "pre", "c1", "c2", "c3", "c4", "c5"} {
		xs = append(xs, model.Column{Name: name, Values: a[j+1]})
	}
	size := fmt.Sprintf("%dx8", len(a[0]))
	fit := func(e model.Errors) func() (any, error) {
		return func() (any, error) { return model.OLS(y, xs, &model.RegressionOptions{Errors: e}) }
	}
	l.add("ancova", size, "model.OLS, classical", .080, fit(model.Classical))
	l.add("hc3", size, "model.OLS, fit and HC3", 0, fit(model.HC3))
	l.add("ls_qr", size, "model.OLS, with all tests and residuals", 0, fit(model.Classical))
	l.add("ls_normal", size, "model.OLS, with all tests and residuals", 0, fit(model.Classical))
	groups := make([][]float64, 3)
	r := rand.New(rand.NewPCG(1, 1))
	for _, v := range a[0] {
		g := r.IntN(3)
		groups[g] = append(groups[g], v)
	}
	size = fmt.Sprintf("%d in 3 groups", len(a[0]))
	l.add("welch_anova", size, "compare.WelchANOVA", .010, func() (any, error) { return compare.WelchANOVA(groups, nil) })
	l.add("games_howell", size, "compare.GamesHowell", 0, func() (any, error) { return compare.GamesHowell(groups, nil) })
	return nil
}

const draws = 10_000

func resamples(l *list, dir string) error {
	x, err := columns(dir, "b1000.f8", 1)
	if err != nil {
		return err
	}
	y, err := columns(dir, "b1000b.f8", 1)
	if err != nil {
		return err
	}
	pre, err := columns(dir, "pre.f8", 1)
	if err != nil {
		return err
	}
	post, err := columns(dir, "post.f8", 1)
	if err != nil {
		return err
	}
	ctx := context.Background()
	size := fmt.Sprintf("n=%d, B=%d", len(x[0]), draws)
	boot := func(stat resample.Statistic) func() (any, error) {
		return func() (any, error) {
			return resample.Bootstrap(ctx, x, stat, &resample.Options{Resamples: draws, Seed: 1})
		}
	}
	permute := func(a, b []float64, n int) func() (any, error) {
		return func() (any, error) {
			return resample.PermuteIndependent(ctx, a, b, &resample.PermutationOptions{Permutations: n, Seed: 1})
		}
	}
	l.add("boot_resample_mean", size, "resample.Bootstrap, with three intervals", 0, boot(resample.Mean))
	l.add("boot_bca_mean", size, "resample.Bootstrap, with three intervals", .1, boot(resample.Mean))
	l.add("boot_bca_median", size, "resample.Bootstrap, with three intervals", .2, boot(resample.Median))
	l.add("permutation_mean", fmt.Sprintf("%d+%d, B=%d", len(x[0]), len(y[0]), draws), "resample.PermuteIndependent", .08, permute(x[0], y[0], draws))
	a, b := pre[0][:500], post[0][:500]
	size = fmt.Sprintf("500+500, B=%d", draws)
	l.add("permutation_mean", size, "resample.PermuteIndependent", 0, permute(a, b, draws))
	return nil
}

func agreements(l *list, dir string) error {
	ratings, err := columns(dir, "ratings.f8", 10)
	if err != nil {
		return err
	}
	n := len(ratings[0])
	for _, m := range []int{100, 200, 500, 1000, n} {
		if m > n {
			continue
		}
		some := first(ratings, m)
		most := 0.0
		if m == 10_000 {
			most = .001
		}
		l.add("icc", fmt.Sprintf("%dx10", m), "agreement.ICC, six forms with intervals", most, func() (any, error) { return agreement.ICC(some, nil) })
	}
	size := fmt.Sprintf("%dx10", n)
	l.add("kappa_all_pairs", size, "agreement.Cohen of 45 pairs", 0, func() (any, error) {
		for i := range ratings {
			for j := range i {
				for _, w := range []agreement.Weights{agreement.Identity, agreement.Quadratic} {
					if _, err := agreement.Cohen(ratings[j], ratings[i], &agreement.Options{Weights: w}); err != nil {
						return nil, err
					}
				}
			}
		}
		return nil, nil
	})
	for _, m := range []agreement.Metric{agreement.Nominal, agreement.Ordinal, agreement.Interval} {
		l.add("krippendorff_"+m.String(), size, "agreement.Krippendorff, with interval", .002, func() (any, error) { return agreement.Krippendorff(ratings, m, nil) })
	}
	l.add("fleiss_kappa", size, "agreement.Fleiss, with categories", 0, func() (any, error) { return agreement.Fleiss(ratings, nil) })
	return nil
}

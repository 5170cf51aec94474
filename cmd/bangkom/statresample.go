package main

import (
	"math"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/stats/compare"
	"github.com/bangkom/bangkom/stats/resample"
)

const meanDifference = "mean-difference"

var resampled = []statistic{
	{
		name: "boot", short: "the interval of a statistic, from resamples",
		columns: "-cols is one column of numbers; for -stat correlation and mean-change two, of the same people. For\n-stat mean-difference it is one, and -by names two groups, drawn each by itself: the first less the\nsecond. What moves together is drawn together: -cluster.",
		equals:  "boot::boot(x, f, R) with boot.ci(type = \"bca\") in R; scipy.stats.bootstrap(method = \"BCa\") in Python.",
		wide:    [2]int{1, 2}, options: "level boot", run: (*statCall).boot,
	},
	{
		name: "perm", short: "permutation test of means or of a correlation, exact where it can be counted",
		columns: "Without -paired, -cols are two columns of numbers, one for each group of different people, or the\nvalue, with -by for the group: the first less the second. With -paired, before and after of the same\npeople: after − before. With -stat correlation, two columns of the same people.",
		equals:  "coin::oneway_test(x ~ g, distribution = \"exact\") in R; exactRankTests::perm.test(after, before, paired = TRUE).",
		by:      byGroups, wide: [2]int{2, 2}, options: "alternative paired perm", run: (*statCall).perm,
	},
}

func init() {
	statFlags["boot"] = func(fs *flagSet, c *statCall) {
		choice(fs, &c.stat, "stat", "`statistic`", "mean", "median", "sd", "mean-change", meanDifference, "correlation")
		choice(fs, &c.interval, "interval", "`kind` of the interval; the others stand beside it", "bca", "percentile", "basic", "studentised")
		fs.IntVar(&c.resamples, "resamples", 0, "`number` of resamples (default: 10000, or every one there is for up to 9 rows)")
		statFlags["cluster"](fs, c)
		fs.StringVar(&c.strata, "strata", "", "`column` within whose values rows are drawn")
	}
	statFlags["perm"] = func(fs *flagSet, c *statCall) {
		choice(fs, &c.stat, "stat", "`statistic`", "mean", "correlation")
		fs.IntVar(&c.resamples, "permutations", 0, "`number` of permutations (default: exact where that can be counted, else 9999)")
	}
}

func (c *statCall) boot(s *sample) ([]answer, error) {
	opt := &resample.Options{Level: c.level, Resamples: c.resamples, Seed: c.seed}
	if err := opt.Interval.UnmarshalText([]byte(c.interval)); err != nil {
		return nil, err
	}
	if c.cluster != "" {
		opt.Clusters = s.extra[c.cluster].texts
	}
	if c.strata != "" {
		opt.Strata = s.extra[c.strata].texts
	}
	columns, err := s.columns()
	if err != nil {
		return nil, err
	}
	a := answer{asked: asked{Of: c.stat}}
	stat, needed := resample.Mean, 1
	opt.StandardError = resample.StandardErrorOfMean
	switch c.stat {
	case "median":
		stat, opt.StandardError = resample.Median, nil
	case "sd":
		stat, opt.StandardError = resample.SD, nil
	case "correlation":
		stat, needed, opt.StandardError = resample.Correlation, 2, nil
	case "mean-change":
		needed = 2
	case meanDifference:
		stat, opt.StandardError = differenceOfMeans, nil
	}
	if len(columns) != needed {
		return nil, usagef("-stat %s is of %d columns", c.stat, needed)
	}
	if c.interval != "studentised" {
		opt.StandardError = nil
	} else if opt.StandardError == nil {
		return nil, usagef("-interval studentised is for means: there is no standard error of %s", c.stat)
	}
	switch c.stat {
	case "mean-change":
		columns, a.asked.Difference = [][]float64{minus(columns[1], columns[0])}, s.cols[1].name+" − "+s.cols[0].name
	case meanDifference:
		if columns, a.asked.Difference, err = c.twoGroups(s, columns[0], opt); err != nil {
			return nil, err
		}
	}
	r, err := resample.Bootstrap(c.ctx, columns, stat, opt)
	if err != nil {
		return nil, err
	}
	a.result, a.text = r, r.Table()
	return []answer{a}, nil
}

// twoGroups are the values and a column that is 0 in the first group and 1 in the second; groups are strata.
func (c *statCall) twoGroups(s *sample, x []float64, opt *resample.Options) ([][]float64, string, error) {
	if s.by == nil {
		return nil, "", usagef("-stat %s asks for -by", meanDifference)
	}
	if c.strata != "" {
		return nil, "", usagef("with -stat %s the groups are the strata", meanDifference)
	}
	names := s.groupNames(c)
	if len(names) != 2 {
		return nil, "", usagef("two groups are compared, and %s has %d; -levels picks two", c.by, len(names))
	}
	code, strata := make([]float64, len(x)), make([]string, len(x))
	for i, g := range s.by.texts {
		j := slices.Index(names, g)
		code[i] = float64(j)
		if strata[i] = g; j < 0 {
			code[i], strata[i] = math.NaN(), ""
		}
	}
	opt.Strata = strata
	return [][]float64{x, code}, names[0] + " − " + names[1], nil
}

// differenceOfMeans is the mean where the second column is 0 less that where it is 1.
func differenceOfMeans(columns [][]float64) float64 {
	var sum, n [2]float64
	for i, x := range columns[0] {
		g := int(columns[1][i])
		sum[g] += x
		n[g]++
	}
	return sum[0]/n[0] - sum[1]/n[1]
}

func minus(a, b []float64) []float64 {
	out := make([]float64, len(a))
	for i := range a {
		out[i] = a[i] - b[i]
	}
	return out
}

func (c *statCall) perm(s *sample) ([]answer, error) {
	opt := &resample.PermutationOptions{Alternative: c.alternative, Permutations: c.resamples, Seed: c.seed}
	var a, b []float64
	var difference string
	var t bangkom.Test
	var err error
	if (c.paired || c.stat == "correlation") && c.by != "" {
		return nil, usagef("-paired and -stat correlation take two columns")
	}
	switch {
	case c.stat == "correlation":
		if a, b, _, err = s.beforeAfter(); err == nil {
			t, err = resample.Permute(c.ctx, a, b, resample.Correlation, opt)
		}
	case c.paired:
		if a, b, difference, err = s.beforeAfter(); err == nil {
			t, err = resample.PermutePaired(c.ctx, a, b, opt)
		}
	default:
		if a, b, difference, err = s.pair(c); err == nil {
			t, err = resample.PermuteIndependent(c.ctx, a, b, opt)
		}
	}
	return []answer{{asked: asked{Of: c.stat, Difference: difference}, result: t, text: compare.Table(t)}}, err
}

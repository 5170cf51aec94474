package main

import (
	"flag"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/stats/compare"
	"github.com/bangkom/bangkom/stats/effect"
)

type flagSet = flag.FlagSet

const (
	occasions = "-cols are two columns of numbers, before and after, a row for each person. Or, in the long form,\n-cols is the value, -by the occasion, -id the person and -levels BEFORE,AFTER. The difference is\nafter − before: the second column less the first."
	twoGroups = "-cols are two columns of numbers, one for each group of different people; or -cols is the value and\n-by the group, which has two values. The difference is the first group less the second."
	allGroups = "-cols are columns of numbers, one for each group of different people; or -cols is the value and -by\nthe group."
)

var comparisons = []statistic{
	{
		name: "paired", short: "paired t test of the same people twice, with effect sizes", columns: occasions,
		equals: "t.test(after, before, paired = TRUE) in R; Hedges' g: effectsize::repeated_measures_d(method = \"av\") and \"z\", with exact intervals.",
		wide:   [2]int{2, 2}, long: true, order: true, options: "level null alternative", run: (*statCall).pairedT,
	},
	{
		name: "wilcoxon", short: "signed ranks of the same people twice", columns: occasions,
		equals: "wilcox.test(after, before, paired = TRUE, conf.int = TRUE) in R, exact with ties and zeros as coin::wilcoxsign_test(distribution = \"exact\").",
		wide:   [2]int{2, 2}, long: true, order: true, options: "level null alternative zero distribution continuity", run: (*statCall).wilcoxon,
	},
	{
		name: "sign", short: "sign test of the same people twice", columns: occasions,
		equals: "binom.test(sum(d > 0), sum(d != 0)) in R, with d = after − before; BSDA::SIGN.test.",
		wide:   [2]int{2, 2}, long: true, order: true, options: "level null alternative distribution+ continuity", run: (*statCall).sign,
	},
	{
		name: "welch", short: "t test of two groups, variances not asked to be equal", columns: twoGroups,
		equals: "t.test(a, b) in R; Hedges' g: effectsize::hedges_g(a, b).",
		wide:   [2]int{2, 2}, by: byGroups, options: "level null alternative", run: (*statCall).twoMeans,
	},
	{
		name: "student", short: "t test of two groups with one variance for both", columns: twoGroups,
		equals: "t.test(a, b, var.equal = TRUE) in R; Hedges' g: effectsize::hedges_g(a, b).",
		wide:   [2]int{2, 2}, by: byGroups, options: "level null alternative", run: (*statCall).twoMeans,
	},
	{
		name: "mannwhitney", short: "rank sum of two groups, with the chance that one exceeds the other", columns: twoGroups,
		equals: "wilcox.test(a, b, conf.int = TRUE) in R, exact with ties as coin::wilcox_test(distribution = \"exact\"); effectsize::cliffs_delta(a, b).",
		wide:   [2]int{2, 2}, by: byGroups, options: "level null alternative distribution continuity", run: (*statCall).mannWhitney,
	},
	{
		name: "tost", short: "whether a difference is too small to matter: two one-sided tests",
		columns: "Without -paired, groups of different people: " + strings.TrimPrefix(twoGroups, "-cols are ") + "\nWith -paired, -cols are before and after of the same people, and the difference is after − before.",
		equals:  "TOSTER::t_TOST(a, b, eqb = c(low, high), eqbound_type = \"raw\") in R, with paired = TRUE for -paired.",
		wide:    [2]int{2, 2}, by: byGroups, options: "level bounds paired", run: (*statCall).tost,
	},
	{
		name: "anova", short: "means of several groups, with one variance for all", columns: allGroups,
		equals: "oneway.test(x ~ g, var.equal = TRUE) in R; the estimate is η², as effectsize::eta_squared; Brown–Forsythe: car::leveneTest.",
		wide:   [2]int{2, 0}, by: byGroups, options: "level", run: several(compare.ANOVA, true),
	},
	{
		name: "welchanova", short: "means of several groups, variances not asked to be equal", columns: allGroups,
		equals: "oneway.test(x ~ g) in R; the estimate is ω² of Welch's F.",
		wide:   [2]int{2, 0}, by: byGroups, options: "level", run: several(compare.WelchANOVA, true),
	},
	{
		name: "kruskal", short: "several groups by ranks", columns: allGroups,
		equals: "kruskal.test(x, g) in R; the estimate is ε², as effectsize::rank_epsilon_squared.",
		wide:   [2]int{2, 0}, by: byGroups, run: several(compare.KruskalWallis, false),
	},
	{
		name: "friedman", short: "the same people under several conditions, by ranks",
		columns: "-cols are columns of numbers, one for each condition, a row for each person. Or, in the long form,\n-cols is the value, -by the condition and -id the person.",
		equals:  "friedman.test(as.matrix(x)) in R; the estimate is Kendall's W.",
		wide:    [2]int{2, 0}, long: true, run: (*statCall).friedman,
	},
	{
		name: "posthoc", short: "all pairs of groups, p adjusted: Games–Howell and Tukey", columns: allGroups,
		equals: "TukeyHSD(aov(x ~ g)) in R for tukey; rstatix::games_howell_test, or pingouin.pairwise_gameshowell in Python.",
		wide:   [2]int{2, 0}, by: byGroups, options: "level", run: (*statCall).postHoc,
	},
}

func init() {
	statFlags["paired"] = func(fs *flagSet, c *statCall) { fs.BoolVar(&c.paired, "paired", false, "the same people twice") }
	statFlags["bounds"] = func(fs *flagSet, c *statCall) {
		fs.Float64Var(&c.low, "low", 0, "lower bound of what makes no difference, in the units of the data")
		fs.Float64Var(&c.high, "high", 0, "upper bound")
	}
}

// beforeAfter are the two occasions, and what their difference is called.
func (s *sample) beforeAfter() (before, after []float64, difference string, err error) {
	x, err := s.columns()
	if err != nil {
		return nil, nil, "", err
	}
	return x[0], x[1], s.cols[1].name + " − " + s.cols[0].name, nil
}

// estimateExtra is an estimate beside a result; where it cannot be made, why.
func estimateExtra(key, name string, e bangkom.Estimate, err error) extra {
	if err != nil {
		return extra{key, name, unknownEstimate(err), "unknown: " + err.Error()}
	}
	return extra{key, name, e, e.String()}
}

// unknownEstimate says why there is none.
func unknownEstimate(err error) bangkom.Estimate {
	e := bangkom.Estimate{Value: math.NaN(), SE: math.NaN()}
	for _, p := range bangkom.AsProblems(err, "error") {
		p.Severity = bangkom.Warning
		e.Warnings.Add(p)
	}
	return e
}

func oneTest(difference string, t bangkom.Test, extras ...extra) []answer {
	return []answer{{asked: asked{Difference: difference}, result: t, text: compare.Table(t), extras: extras}}
}

func (c *statCall) pairedT(s *sample) ([]answer, error) {
	before, after, difference, err := s.beforeAfter()
	if err != nil {
		return nil, err
	}
	t, err := compare.Paired(before, after, c.compareOptions())
	if err != nil {
		return nil, err
	}
	opt := &effect.Options{Level: c.level}
	av, err1 := effect.Paired(before, after, effect.Average, opt)
	z, err2 := effect.Paired(before, after, effect.Difference, opt)
	return oneTest(difference, t, estimateExtra("hedges_g_av", "Hedges' g (av)", av, err1), estimateExtra("hedges_g_z", "Hedges' g (z)", z, err2)), nil
}

func (c *statCall) wilcoxon(s *sample) ([]answer, error) {
	before, after, difference, err := s.beforeAfter()
	if err != nil {
		return nil, err
	}
	t, err := compare.Wilcoxon(before, after, c.compareOptions())
	if err != nil {
		return nil, err
	}
	r, err := effect.MatchedRankBiserial(before, after, &effect.Options{Level: c.level})
	return oneTest(difference, t, estimateExtra("rank_biserial", "matched rank-biserial r", r, err)), nil
}

func (c *statCall) sign(s *sample) ([]answer, error) {
	before, after, difference, err := s.beforeAfter()
	if err != nil {
		return nil, err
	}
	t, err := compare.Sign(before, after, c.compareOptions())
	return oneTest(difference, t), err
}

func (c *statCall) twoMeans(s *sample) ([]answer, error) {
	a, b, difference, err := s.pair(c)
	if err != nil {
		return nil, err
	}
	test := compare.Welch
	if c.name == "student" {
		test = compare.Student
	}
	t, err := test(a, b, c.compareOptions())
	if err != nil {
		return nil, err
	}
	g, err := effect.Independent(a, b, &effect.Options{Level: c.level})
	return oneTest(difference, t, estimateExtra("hedges_g", "Hedges' g", g, err)), nil
}

func (c *statCall) mannWhitney(s *sample) ([]answer, error) {
	a, b, difference, err := s.pair(c)
	if err != nil {
		return nil, err
	}
	t, err := compare.MannWhitney(a, b, c.compareOptions())
	if err != nil {
		return nil, err
	}
	opt := &effect.Options{Level: c.level}
	delta, err1 := effect.CliffDelta(a, b, opt)
	p, err2 := effect.Superiority(a, b, opt)
	return oneTest(difference, t, estimateExtra("cliff_delta", "Cliff's delta (rank-biserial r)", delta, err1), estimateExtra("superiority", "P(first > second)", p, err2)), nil
}

func (c *statCall) tost(s *sample) ([]answer, error) {
	var a, b []float64
	var difference string
	var err error
	test := compare.WelchTOST
	switch {
	case !slices.Contains(c.given, "low") || !slices.Contains(c.given, "high"):
		return nil, usagef("-low and -high bound what makes no difference: both are asked for")
	case c.paired && c.by != "":
		return nil, usagef("-paired takes two columns, before and after")
	case c.paired:
		a, b, difference, err = s.beforeAfter()
		test = compare.PairedTOST
	default:
		a, b, difference, err = s.pair(c)
	}
	if err != nil {
		return nil, err
	}
	q, err := test(a, b, c.low, c.high, c.compareOptions())
	if err != nil {
		return nil, err
	}
	return []answer{{asked: asked{Difference: difference}, result: q, text: q.Table()}}, nil
}

// several compares groups by a test, and with spreads says how these differ.
func several(test func([][]float64, *compare.Options) (compare.Comparison, error), spreads bool) func(*statCall, *sample) ([]answer, error) {
	return func(c *statCall, s *sample) ([]answer, error) {
		names, groups, err := s.grouped(c)
		if err != nil {
			return nil, err
		}
		r, err := test(groups, c.compareOptions(names...))
		if err != nil {
			return nil, err
		}
		a := answer{result: r, text: r.Table()}
		if spreads {
			x := extra{key: "brown_forsythe", name: "Brown–Forsythe, a diagnostic of spreads"}
			if bf, err := compare.BrownForsythe(groups, &compare.Options{Names: names}); err == nil {
				t := bf.Test
				x.value, x.text = t, fmt.Sprintf("F(%s, %s) = %s, p %s", short(t.DF), short(t.DF2), short(t.Statistic), bangkom.FormatP(t.P))
			} else {
				nan := math.NaN()
				x.value, x.text = bangkom.Test{Estimate: unknownEstimate(err), Statistic: nan, DF: nan, DF2: nan, P: nan}, "unknown: "+err.Error()
			}
			a.extras = append(a.extras, x)
		}
		return []answer{a}, nil
	}
}

func (c *statCall) friedman(s *sample) ([]answer, error) {
	x, err := s.columns()
	if err != nil {
		return nil, err
	}
	r, err := compare.Friedman(x, c.compareOptions(s.names()...))
	return []answer{{result: r, text: r.Table()}}, err
}

// postHocs are the pairs by both methods.
type postHocs struct {
	GamesHowell *compare.PostHoc `json:"games_howell"` // nil: could not be made
	Tukey       *compare.PostHoc `json:"tukey"`
}

func (c *statCall) postHoc(s *sample) ([]answer, error) {
	names, groups, err := s.grouped(c)
	if err != nil {
		return nil, err
	}
	var r postHocs
	tukey, err := compare.Tukey(groups, c.compareOptions(names...))
	if err != nil {
		return nil, err
	}
	r.Tukey = &tukey
	text := tukey.Table()
	if gh, err := compare.GamesHowell(groups, c.compareOptions(names...)); !c.failed("Games–Howell", err) {
		r.GamesHowell, text = &gh, gh.Table()+"\n"+text
	}
	return []answer{{result: r, text: text}}, nil
}

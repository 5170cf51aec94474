package compare_test

import (
	"fmt"
	"math"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/stats/compare"
)

var (
	before = []float64{3, 2, 4, 3, 1, 2, 3, 4, 2, 3}
	after  = []float64{4, 4, 4, 5, 3, 2, 4, 5, 1, 4}
)

func ExampleDescribe() {
	d, err := compare.Describe([]float64{3, 4, 4, 5, 3, 4, math.NaN(), 2}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d)
	fmt.Print(d.Table())
	// Output:
	// mean 3.571 (95 % CI 2.669 to 4.474, n = 7); sd 0.976, median 4
	// n  missing   mean     sd  min  q1  median  q3  max    mad  skewness  kurtosis
	// 7        1  3.571  0.976    2   3       4   4    5  1.483    -0.277     0.042
	//
	// mean; n = 7; missing values: available, 1 dropped.
	// 95 % CI 2.669 to 4.474 (t).
	// Quantiles: type 7 (linear). sd: n − 1. mad: times 1.4826. Skewness G1, kurtosis G2 (excess).
}

// Quartiles of SPSS and of R.
func ExampleQuantile() {
	x := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	for _, q := range []compare.QuantileType{6, 7} {
		v, _ := compare.Quantile(x, .25, &compare.Options{Quantile: q})
		fmt.Println(q, v)
	}
	// Output:
	// type 6 (Weibull) 2.75
	// type 7 (linear) 3.25
}

// The share of those who ticked 4 or 5.
func ExampleTopBox() {
	e, _ := compare.TopBox([]float64{5, 4, 3, 4, 2, 5, math.NaN(), 4}, 4, nil)
	fmt.Println(e.Method, e)
	// Output:
	// share of values ≥ 4 0.7143 (95 % CI 0.3589 to 0.9178, n = 7)
}

// Whether the average differs from a norm.
func ExampleOneSample() {
	t, _ := compare.OneSample([]float64{72, 68, 75, 80, 66, 71}, &compare.Options{Null: 70})
	fmt.Println(t)
	// Output:
	// 72 (95 % CI 66.73 to 77.27, n = 6); statistic 0.9759, df 5, p = 0.374
}

func ExampleStudent() {
	t, _ := compare.Student([]float64{3, 4, 4, 5, 3, 4}, []float64{2, 3, 3, 4}, nil)
	fmt.Println(t)
	// Output:
	// 0.8333 (95 % CI -0.3237 to 1.99, n = 10); statistic 1.661, df 8, p = 0.135
}

// What is done with those who did not change is a choice; so it has a name.
func ExampleWilcoxon() {
	for _, zeros := range []string{compare.Wilcox, compare.Pratt, compare.Split} {
		t, _ := compare.Wilcoxon(before, after, &compare.Options{Zeros: zeros})
		fmt.Println(t.Estimate.Method)
		fmt.Println(t)
	}
	// Output:
	// Wilcoxon signed rank, zeros wilcox (2), exact: pseudomedian of after − before
	// 1 (95.12 % CI 0 to 1.5, n = 10); statistic 33, p = 0.047
	// Wilcoxon signed rank, zeros pratt (2), exact: pseudomedian of after − before
	// 1 (95.12 % CI 0 to 1.5, n = 10); statistic 47, p = 0.047
	// Wilcoxon signed rank, zeros split (2), exact: pseudomedian of after − before
	// 1 (95.12 % CI 0 to 1.5, n = 10); statistic 48.5, p = 0.037
}

func ExampleSign() {
	t, _ := compare.Sign(before, after, &compare.Options{Distribution: compare.MidP})
	fmt.Println(t.Estimate.Method)
	fmt.Println(t)
	// Output:
	// sign test, 2 without change left out, mid-p: median of after − before
	// 1 (97.85 % CI 0 to 2, n = 10); statistic 7, p = 0.039
}

func ExampleMannWhitney() {
	t, _ := compare.MannWhitney([]float64{3, 4, 4, 5, 3, 4}, []float64{2, 3, 3, 4}, nil)
	fmt.Print(compare.Table(t))
	// Output:
	// estimate  se  lower  upper  statistic  df  df2      p
	//        1   –      0      2      18.50   –    –  0.276
	//
	// Mann–Whitney U, exact: median of a − b; n = 10; missing values: available, 0 dropped.
	// 96.19 % CI 0 to 2 (differences of all pairs).
	// Alternative: two-sided.
}

// Who was certified before and after: 6 lost it, 17 won it.
func ExampleMcNemar() {
	table := [2][2]int{{40, 6}, {17, 37}}
	for _, d := range []string{compare.Exact, compare.MidP, compare.Asymptotic} {
		t, _ := compare.McNemar(table, &compare.Options{Distribution: d})
		fmt.Println(t.Estimate.Method, bangkom.FormatP(t.P))
	}
	t, _ := compare.McNemar(table, nil)
	fmt.Println(t.Estimate)
	// Output:
	// McNemar, exact: share of yes, second − first = 0.035
	// McNemar, mid-p: share of yes, second − first = 0.023
	// McNemar, χ² with continuity correction: share of yes, second − first = 0.037
	// 0.11 (95 % CI 0.01407 to 0.2016, n = 100)
}

func ExampleChiSquare() {
	t, _ := compare.ChiSquare([][]int{{12, 8, 3}, {9, 15, 11}}, nil)
	fmt.Print(compare.Table(t))
	// Output:
	// estimate  se  lower  upper  statistic  df  df2      p
	//    0.289   –      0  0.524      4.856   2    –  0.088
	//
	// χ² of independence: Cramér's V; n = 58; missing values: nothing missing.
	// 95 % CI 0 to 0.5244 (noncentral χ², √(λ/(n(k − 1)))).
	// Alternative: two-sided.
}

func ExampleFisher() {
	t, _ := compare.Fisher([][]int{{8, 2}, {1, 5}}, nil)
	fmt.Println(t.Estimate.Method)
	fmt.Println(t.Estimate, "p", bangkom.FormatP(t.P))
	// Output:
	// Fisher, exact: odds ratio, conditional maximum likelihood
	// 15.47 (95 % CI 1.009 to 1060, n = 16) p = 0.035
}

func ExampleProportionTest() {
	t, _ := compare.ProportionTest(81, 263, .25, &compare.Options{Alternative: compare.Greater})
	fmt.Println(t.Estimate.Method, bangkom.FormatP(t.P))
	fmt.Println(t.Estimate)
	// Output:
	// share against 0.25, exact = 0.019
	// 0.308 (95 % CI 0.2633 to 1, n = 263)
}

func ExampleTwoProportions() {
	t, _ := compare.TwoProportions(56, 70, 48, 80, nil)
	fmt.Println(t)
	// Output:
	// 0.2 (95 % CI 0.05243 to 0.3339, n = 150); statistic 2.65, p = 0.008
}

func ExamplePearson() {
	t, _ := compare.Pearson(before, after, nil)
	fmt.Println(t)
	// Output:
	// 0.6296 (95 % CI 5.516e-06 to 0.9018, n = 10); statistic 2.292, df 8, p = 0.051
}

func ExampleSpearman() {
	t, _ := compare.Spearman(before, after, nil)
	fmt.Println(t.Estimate.Method, t)
	// Output:
	// Spearman r, exact 0.728 (95 % CI 0.0911 to 0.9423, n = 10); statistic 40, p = 0.021
}

func ExampleKendall() {
	t, _ := compare.Kendall(before, after, nil)
	fmt.Println(t.Estimate.Method, t)
	// Output:
	// Kendall τ-b, normal approximation, variance corrected for ties 0.6088 (95 % CI 0.1761 to 0.8443, n = 10); statistic 2.135, p = 0.033
}

// Whether two ways of teaching differ by less than half a level.
func ExampleWelchTOST() {
	online := []float64{3.1, 3.4, 2.9, 3.3, 3.2, 3.0, 3.3, 3.1}
	classroom := []float64{3.2, 3.1, 3.3, 3.0, 3.4, 3.2, 2.9, 3.3}
	q, _ := compare.WelchTOST(online, classroom, -.5, .5, nil)
	fmt.Println(q)
	// Output:
	// -0.0125 (90 % CI -0.1602 to 0.1352, n = 16); between -0.500 and 0.500: p < 0.001
}

func ExamplePairedTOST() {
	q, _ := compare.PairedTOST(before, after, -1, 1, nil)
	fmt.Print(q.Table())
	// Output:
	// bound       t  df          p
	// above     -1   6.042   9  9.618e-05
	// below      1  -0.318   9      0.379
	//
	// Difference 0.9 (90 % CI 0.3235 to 1.476, n = 10); p = 0.379, the larger of the two.
	//
	// paired t: mean of after − before, two one-sided tests; n = 10; missing values: listwise, 0 dropped.
	// 90 % CI 0.3235 to 1.476 (t).
}

func ExampleANOVA() {
	a, _ := compare.ANOVA(plants, &compare.Options{Names: []string{"control", "first", "second"}})
	fmt.Print(a.Table())
	// Output:
	// n  missing   mean     sd
	// control  10        0  5.032  0.583
	// first    10        0  4.661  0.794
	// second   10        0  5.526  0.443
	//
	//          sum of squares  df  mean square      F      p
	// between           3.766   2        1.883  4.846  0.016
	// within            10.49  27        0.389
	//
	// estimate  se  lower  upper  statistic  df  df2      p
	//    0.264   –  0.010  0.464      4.846   2   27  0.016
	//
	// ANOVA, one variance: η²; n = 30; missing values: available, 0 dropped.
	// 95 % CI 0.009904 to 0.4639 (noncentral F, λ/(λ + n)).
	// Alternative: two-sided.
}

func ExampleWelchANOVA() {
	a, _ := compare.WelchANOVA(plants, nil)
	fmt.Println(a)
	// Output:
	// Welch ANOVA: ω²: statistic 5.181, df 2 and 17.13, p = 0.017; 0.218 (n = 30)
}

func ExampleKruskalWallis() {
	a, _ := compare.KruskalWallis(plants, nil)
	fmt.Println(a)
	// Output:
	// Kruskal–Wallis, corrected for ties, χ²: ε²: statistic 7.988, df 2, p = 0.018; 0.2755 (n = 30)
}

func ExampleFriedman() {
	a, _ := compare.Friedman([][]float64{{3, 2, 4, 3, 1}, {4, 4, 4, 5, 3}, {4, 3, 5, 5, 4}}, &compare.Options{Names: []string{"before", "after", "later"}})
	fmt.Print(a.Table())
	// Output:
	// n  missing   mean     sd  mean rank
	// before  5        0  2.600  1.140      1.100
	// after   5        0      4  0.707      2.300
	// later   5        0  4.200  0.837      2.600
	//
	// estimate  se  lower  upper  statistic  df  df2      p
	//    0.741   –      –      –      7.412   2    –  0.025
	//
	// Friedman, corrected for ties, χ²: Kendall's W; n = 5; missing values: listwise, 0 dropped.
	// Alternative: two-sided.
	// warning: few people: the χ² distribution is rough ("5"); 10 people or more
}

func ExampleTukey() {
	p, _ := compare.Tukey(plants, &compare.Options{Names: []string{"control", "first", "second"}})
	fmt.Print(p.Table())
	// Output:
	// difference     se   lower  upper      q  df      p
	// first − control       -0.371  0.279  -1.062  0.320  1.882  27  0.391
	// second − control       0.494  0.279  -0.197  1.185  2.506  27  0.198
	// second − first         0.865  0.279   0.174  1.556  4.388  27  0.012
	//
	// Tukey HSD, one variance, studentized range; n = 30; missing values: 0 left out.
	// Intervals of 95 % and p-values are for all 3 pairs together.
}

func ExampleGamesHowell() {
	p, _ := compare.GamesHowell(plants, nil)
	fmt.Print(p.Table())
	// Output:
	// difference     se   lower  upper      q     df      p
	// 2 − 1      -0.371  0.311  -1.172  0.430  1.685  16.52  0.475
	// 3 − 1       0.494  0.231  -0.101  1.089  3.018  16.79  0.113
	// 3 − 2       0.865  0.287   0.114  1.616  4.257  14.10  0.024
	//
	// Games–Howell, own variances, studentized range; n = 30; missing values: 0 left out.
	// Intervals of 95 % and p-values are for all 3 pairs together.
}

// Diagnostics stand beside a result; they do not choose the test.
func ExampleBrownForsythe() {
	a, _ := compare.BrownForsythe(plants, nil)
	fmt.Println(a)
	w, _ := compare.ShapiroWilk(plants[0], nil)
	fmt.Println(w.Estimate.Method, w)
	// Output:
	// Brown–Forsythe, distances from medians: η²: statistic 1.119, df 2 and 27, p = 0.341; 0.07656 (95 % CI 0 to 0.2611, n = 30)
	// Shapiro–Wilk W (Royston) 0.9567 (n = 10); statistic 0.9567, p = 0.747
}

func ExampleAdjustP() {
	p := []float64{.01, .04, .03}
	for _, method := range []string{compare.Holm, compare.BH} {
		q, _ := compare.AdjustP(p, method)
		fmt.Printf("%s %.3f\n", method, q)
	}
	// Output:
	// holm [0.030 0.060 0.060]
	// BH [0.030 0.040 0.040]
}

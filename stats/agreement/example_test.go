package agreement_test

import (
	"fmt"
	"math"

	"github.com/bangkom/bangkom/stats/agreement"
	"github.com/bangkom/bangkom/stats/tally"
)

// Two assessors put ten people into levels 1 to 4: unweighted, linear and
// quadratic kappa in one answer.
func ExampleCohen() {
	a := []float64{1, 2, 2, 3, 3, 3, 4, 4, 2, 1}
	b := []float64{1, 2, 3, 3, 3, 4, 4, 4, 2, 2}
	r, err := agreement.Cohen(a, b, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r)
	fmt.Print(r.Table())
	// Output:
	// Cohen kappa: 0.5946 (95 % CI 0.2138 to 0.9754, n = 10)
	//             estimate     SE  lower  upper      z        p
	// unweighted     0.595  0.194  0.214  0.975  3.247    0.001
	// linear         0.737  0.132  0.479  0.995  3.471  < 0.001
	// quadratic      0.857  0.078  0.705      1  2.835    0.005
	//
	// Agreement 0.700, by chance 0.260; n = 10; missing: listwise, 0 dropped.
	// SE: Fleiss, Cohen and Everitt; z and p: their SE under chance.
	// Weights are agreements by the categories' values.
	// warning: few subjects: the standard errors are those of a large sample ("10"); 30 subjects or more
}

// Weights of one's own: neighbours agree by half, others not at all.
func ExampleOptions_weight() {
	a := []float64{1, 2, 2, 3, 3, 3, 4, 4, 2, 1}
	b := []float64{1, 2, 3, 3, 3, 4, 4, 4, 2, 2}
	r, err := agreement.Cohen(a, b, &agreement.Options{Weight: func(a, b float64) float64 {
		return max(0, 1-math.Abs(a-b)/2)
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Custom.Estimate)
	// Output:
	// 0.717 (95 % CI 0.4444 to 0.9896, n = 10)
}

// Counted already: how many of six raters put each subject into each category.
func ExampleCounts_Fleiss() {
	c := agreement.Counts{Values: []float64{1, 2, 3}, N: [][]int{{6, 0, 0}, {0, 5, 1}, {0, 1, 5}, {4, 2, 0}, {0, 0, 6}, {1, 5, 0}, {6, 0, 0}, {0, 3, 3}, {0, 6, 0}, {0, 0, 6}}}
	r, err := c.Fleiss(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(r.Table())
	// Output:
	// Fleiss kappa: 0.6781 (95 % CI 0.4114 to 0.9449, n = 10)
	// Fleiss kappa, identity weights; SE linearised over subjects
	//
	//      share  kappa      z        p
	// all      1  0.678  11.71  < 0.001
	// 1    0.283  0.787  9.634  < 0.001
	// 2    0.367  0.541  6.622  < 0.001
	// 3    0.350  0.722  8.838  < 0.001
	//
	// z and p: standard error under chance (Fleiss, Nee and Landis).
	// Agreement 0.787, by chance 0.337; 10 subjects; missing: available ratings, 0 dropped.
}

// Four raters, twelve subjects, some not rated (Krippendorff, 2011), by scale.
func ExampleKrippendorff() {
	na := math.NaN()
	ratings := [][]float64{
		{1, 2, 3, 3, 2, 1, 4, 1, 2, na, na, na},
		{1, 2, 3, 3, 2, 2, 4, 1, 2, 5, na, 3},
		{na, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, na},
		{1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, na},
	}
	for _, m := range []agreement.Metric{agreement.Nominal, agreement.Ordinal, agreement.Interval, agreement.Ratio} {
		e, err := agreement.Krippendorff(ratings, m, nil)
		fmt.Println(m, e, err)
	}
	// Output:
	// nominal 0.7434 (95 % CI 0.4272 to 1, n = 11) <nil>
	// ordinal 0.8154 (95 % CI 0.4961 to 1, n = 11) <nil>
	// interval 0.8491 (95 % CI 0.5686 to 1, n = 11) <nil>
	// ratio 0.7974 (95 % CI 0.4922 to 1, n = 11) <nil>
}

// Nearly all are "competent": raters agree, kappa collapses, Gwet's does not.
func ExampleGwet() {
	var a, b []float64
	add := func(x, y float64, n int) {
		for range n {
			a, b = append(a, x), append(b, y)
		}
	}
	add(1, 1, 118)
	add(1, 0, 5)
	add(0, 1, 2)
	opt := &agreement.Options{Categories: []float64{0, 1}}
	k, err := agreement.Cohen(a, b, opt)
	if err != nil {
		fmt.Println(err)
		return
	}
	g, err := agreement.Gwet([][]float64{a, b}, opt)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("kappa", k.Kappa.Estimate)
	fmt.Println(k.Kappa.Estimate.Warnings[0].Code)
	fmt.Println("AC1", g)
	// Output:
	// kappa -0.02339 (95 % CI -0.04747 to 0.0006898, n = 125)
	// prevalence
	// AC1 0.9408 (95 % CI 0.8951 to 0.9864, n = 125)
}

// Four judges, six subjects (Shrout and Fleiss, 1979): all six forms.
func ExampleICC() {
	r, err := agreement.ICC([][]float64{{9, 6, 8, 7, 10, 6}, {2, 1, 4, 1, 5, 2}, {5, 3, 6, 2, 6, 4}, {8, 2, 8, 6, 9, 7}}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(r.Table())
	// Output:
	// ICC   lower  upper      F  df  df2        p
	// ICC(1)    0.166  -0.133  0.723  1.795   5   18    0.165
	// ICC(A,1)  0.290   0.019  0.761  11.03   5   15  < 0.001
	// ICC(C,1)  0.715   0.342  0.946  11.03   5   15  < 0.001
	// ICC(k)    0.443  -0.884  0.912  1.795   5   18    0.165
	// ICC(A,k)  0.620   0.071  0.927  11.03   5   15  < 0.001
	// ICC(C,k)  0.909   0.676  0.986  11.03   5   15  < 0.001
	//
	// 6 subjects, 4 raters; missing: listwise, 0 dropped. Interval at 95 %: exact F; (A): Satterthwaite's df.
	// (1), (k): raters differ by subject; A: absolute agreement; C: consistency; k: of the mean of the raters.
	// Mean squares: subjects 11.24, raters 32.49, error 1.019, within 6.264.
	// warning: few subjects: read the interval, not the coefficient ("6"); 10 subjects or more
}

// Three raters rank four offers.
func ExampleKendallW() {
	w, err := agreement.KendallW([][]float64{{1, 2, 3, 4}, {1, 3, 2, 4}, {2, 1, 3, 4}}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(w)
	fmt.Println(w.Estimate.Warnings[0].Code)
	// Output:
	// 0.7778 (n = 4); statistic 7, df 3, p = 0.072
	// small-sample
}

// Do the ten members of one unit see its climate alike? Three items of five steps.
func ExampleRWG() {
	r, err := agreement.RWG([][]float64{
		{4, 4, 5, 4, 4, 3, 4, 4, 5, 4},
		{3, 3, 4, 3, 3, 3, 4, 3, 3, 3},
		{5, 4, 4, 4, 5, 4, 4, 5, 4, 4},
	}, agreement.UniformVariance(5))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(r.Table())
	// Output:
	// estimate
	// r_wg(3)     0.956
	// r*_wg       0.878
	//
	// Variance over raters 0.244 (mean of 3 items), of random answers 2; 10 raters or more; missing: available ratings, counted by rating, 0 dropped.
}

// Counted in a database, or by many: pairs of levels are enough for kappa.
func ExampleCohenPairs() {
	p, err := tally.NewPairs(tally.Shape{First: 1, Levels: 4})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range []struct {
		self, superior tally.Cell
		n              uint64
	}{{1, 1, 12}, {2, 2, 30}, {2, 1, 9}, {3, 2, 14}, {3, 3, 41}, {4, 3, 11}, {4, 4, 17}, {3, tally.NotObserved, 5}} {
		if err := p.AddN(c.self, c.superior, c.n); err != nil {
			fmt.Println(err)
		}
	}
	r, err := agreement.CohenPairs(p, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("quadratic", r.Quadratic.Estimate, "missing:", r.Quadratic.Estimate.Missing)
	words, _ := agreement.Interpretation("cicchetti1994-icc")
	class, _ := words.Class(r.Quadratic.Estimate.Value)
	fmt.Println(class.Label, "—", words.ID)
	// Output:
	// quadratic 0.8482 (95 % CI 0.799 to 0.8974, n = 134) missing: listwise, 5 dropped
	// excellent — cicchetti1994-icc
}

// Raters with habits of their own, each rating all: Conger. Interchangeable
// raters: Fleiss. Chance without preferences: Brennan and Prediger.
func ExampleConger() {
	ratings := [][]float64{
		{1, 2, 2, 3, 1, 2, 3, 1, 2, 2, 3, 1},
		{1, 2, 3, 3, 1, 2, 3, 2, 2, 3, 3, 1},
		{1, 2, 2, 3, 2, 2, 3, 1, 2, 2, 3, 1},
	}
	opt := &agreement.Options{Categories: []float64{1, 2, 3}}
	c, err := agreement.Conger(ratings, opt)
	fmt.Println("Conger", c, err)
	f, err := agreement.Fleiss(ratings, opt)
	fmt.Println("Fleiss", f.Kappa, err)
	b, err := agreement.BrennanPrediger(ratings, opt)
	fmt.Println("Brennan–Prediger", b, err)
	// Output:
	// Conger 0.6643 (95 % CI 0.3497 to 0.979, n = 12) <nil>
	// Fleiss 0.6612 (95 % CI 0.3375 to 0.9848, n = 12) <nil>
	// Brennan–Prediger 0.6667 (95 % CI 0.3538 to 0.9795, n = 12) <nil>
}

// Nearly everybody gets the same mark: kappa falls, a coefficient whose chance
// does not follow the marks hardly does.
func ExampleBrennanPrediger() {
	ratings := [][]float64{ // rater × person
		{1, 1, 1, 1, 1, 1, 1, 1, 0, 1},
		{1, 1, 1, 1, 1, 1, 1, 1, 1, 0},
	}
	opt := &agreement.Options{Categories: []float64{0, 1}}
	b, err := agreement.BrennanPrediger(ratings, opt)
	if err != nil {
		fmt.Println(err)
		return
	}
	k, err := agreement.Cohen(ratings[0], ratings[1], opt)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(b)
	fmt.Println("kappa", k.Kappa.Estimate)
	// Output:
	// 0.6 (95 % CI -0.003242 to 1, n = 10)
	// kappa -0.1111 (95 % CI -0.2641 to 0.04192, n = 10)
}

package model_test

import (
	"fmt"

	"github.com/bangkom/bangkom/stats/model"
)

var (
	score  = model.Column{Name: "after", Values: []float64{64, 71, 58, 75, 80, 69, 62, 77, 66, 73, 60, 70}}
	start  = model.Column{Name: "before", Values: []float64{60, 66, 55, 70, 71, 65, 61, 74, 66, 70, 59, 68}}
	course = []string{"class", "class", "class", "class", "class", "class", "none", "none", "none", "none", "none", "none"}
)

// Standard errors that do not ask for equal variances are the default.
func ExampleOLS() {
	hours := model.Column{Name: "hours", Values: []float64{20, 30, 10, 35, 40, 25, 5, 15, 5, 12, 0, 10}}
	r, err := model.OLS(score, []model.Column{start, hours}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(r.Table())
	// Output:
	// estimate     SE      t  df        p  lower 95 %  upper 95 %
	// intercept     2.234  3.170  0.705   9    0.499      -4.937       9.404
	// before        0.970  0.049  19.77   9  < 0.001       0.859       1.080
	// hours         0.179  0.042  4.269   9    0.002       0.084       0.274
	//
	// after: n = 12; missing: listwise, 0 dropped.
	// R² 0.984, adjusted 0.980; residual sd 0.979 on 9 df; F(2, 9) = 208.9, p < 0.001.
	// Least squares, standard errors HC3.
	// Condition 38.58; Durbin–Watson 3.310.
}

// People of one office are alike: they are one cluster.
func ExampleOLS_clusters() {
	trained := model.Column{Name: "trained", Values: []float64{1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0}}
	office := []string{"A", "A", "B", "B", "C", "C", "D", "D", "E", "E", "F", "F"}
	r, err := model.OLS(score, []model.Column{start, trained}, &model.RegressionOptions{Clusters: office})
	if err != nil {
		fmt.Println(err)
		return
	}
	t, _ := r.Coefficient("trained")
	fmt.Println(t)
	fmt.Println(r.Method)
	// Output:
	// 3.727 (95 % CI 1.981 to 5.473, n = 12); statistic 5.941, df 3.975, p = 0.004
	// least squares, standard errors CR2, df after Satterthwaite
}

func ExampleANCOVA() {
	a, err := model.ANCOVA(score, course, []model.Column{start}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(a.Table())
	// Output:
	// n   mean  adjusted     SE  lower  upper
	// class  6  69.50     70.61  0.770  68.87  72.36
	// none   6     68     66.89  0.447  65.87  67.90
	//
	// Differences of adjusted means
	//               estimate     SE       t  df      p  lower 95 %  upper 95 %
	// none − class    -3.727  0.953  -3.913   9  0.004      -5.882      -1.572
	//
	// Slopes
	//                  estimate     SE      t  df        p  lower 95 %  upper 95 %
	// before at 65.42     1.215  0.081  14.97   9  < 0.001       1.031       1.398
	//
	// Groups: F(1, 9) = 15.31, p = 0.004
	// Equal slopes: F(1, 8) = 0.381, p = 0.554
	// R² 0.974, residual sd 1.225; n = 12; missing: listwise, 0 dropped.
	// Least squares, standard errors HC3. p of differences: not adjusted for several comparisons.
}

func ExampleDiffInDiffRows() {
	y := model.Column{Name: "score", Values: []float64{60, 64, 66, 71, 61, 62, 74, 75, 55, 61, 70, 69, 63, 70, 66, 67}}
	treated := []bool{true, true, true, true, false, false, false, false, true, true, false, false, true, true, false, false}
	after := []bool{false, true, false, true, false, true, false, true, false, true, false, true, false, true, false, true}
	office := []string{"A", "A", "B", "B", "C", "C", "D", "D", "E", "E", "F", "F", "G", "G", "H", "H"}
	d, err := model.DiffInDiffRows(y, treated, after, nil, &model.RegressionOptions{Clusters: office})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d)
	// Output:
	// difference in differences: 5 (95 % CI 3.002 to 6.998, n = 16); statistic 6.124, df 6, p < 0.001
}

// Months of one series: what disturbs one month still disturbs the next. R's
// NeweyWest prewhitens and adjusts by default, so name both to compare with it.
func ExampleOLS_neweyWest() {
	satisfaction := model.Column{Name: "satisfaction", Values: []float64{76.1, 76.4, 76.9, 76.6, 77.0, 77.8, 78.4, 78.1, 78.9, 79.6, 79.4, 80.2}}
	month := model.Column{Name: "month", Values: []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}}
	r, err := model.OLS(satisfaction, []model.Column{month}, &model.RegressionOptions{Errors: model.NeweyWest, Lag: 2, Adjust: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	t, _ := r.Coefficient("month")
	fmt.Println(t)
	fmt.Println(r.Method)
	// Output:
	// 0.372 (95 % CI 0.3302 to 0.4138, n = 12); statistic 19.82, df 10, p < 0.001
	// least squares, standard errors Newey-West (Bartlett, lag 2, prewhitened false, n/(n − p) true)
}

package reliability_test

import (
	"fmt"
	"math"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/stats/reliability"
)

// Five statements, answered from 1 to 5 by twelve people: item × respondent.
var answers = [][]float64{
	{4, 5, 3, 4, 2, 4, 3, 5, 2, 4, 2, 3},
	{4, 4, 2, 5, 2, 5, 3, 4, 1, 3, 3, 4},
	{3, 5, 3, 3, 3, 4, 2, 4, 1, 4, 2, 4},
	{5, 4, 2, 4, 1, 5, 3, 3, 2, 4, 3, 3},
	{4, 4, 4, 4, 2, 3, 3, 4, 1, 5, 1, 3},
}

// Omega has many meanings: name the one that a report compares with.
func ExampleOmega() {
	lavaan, err := reliability.Omega(answers, nil, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	psych, err := reliability.Omega(answers, &reliability.OmegaOptions{Estimator: reliability.MinRes, Metric: reliability.Correlations, Share: reliability.UniqueOfReal}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(lavaan)
	fmt.Println(psych)
	// Output:
	// omega total, one factor by ML, covariances, implied: 0.8976 (95 % CI 0.8053 to 0.9898, n = 12), converged
	// omega total, one factor by minres, correlations, 1 − unique / observed: 0.9038 (n = 12), converged
}

// Lower bounds of reliability; λ3 is alpha.
func ExampleGuttman() {
	g, err := reliability.Guttman(answers, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(g)
	// Output: Guttman lambda 2 of 5 items: 0.902 (covariances, n = 12)
}

// Halves that the questionnaire itself has, instead of odd and even items.
func ExampleSplitHalf() {
	s, err := reliability.SplitHalf(answers, []bool{true, true, false, false, false}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s)
	// Output: split-half (Flanagan): 0.9138 (95 % CI 0.7007 to 0.9752, n = 12)
}

// How much must one person's score rise to be more than noise?
func ExampleSEM() {
	alpha, err := reliability.Alpha(answers, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	sem, err := reliability.SEM(5.2, alpha.Raw, 0.95)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(sem)
	// Output: SEM 1.654 (95 % CI 0.9478 to 2.509, n = 12); MDC 4.585 (95 % CI 2.627 to 6.956, n = 12)
}

// A test with one right answer to each question, unanswered ones as NaN.
func ExampleKR20() {
	right := [][]float64{
		{1, 1, 1, 0, 1, 1, 0, 1},
		{1, 0, 1, 0, 1, 1, 0, 1},
		{1, 1, 0, 0, 1, 0, 0, 1},
		{0, 1, 1, 0, 1, 0, 1, math.NaN()},
	}
	r, err := reliability.KR20(right, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r)
	// Output: 0.5667 (95 % CI -0.3957 to 0.9167, n = 7)
}

// Which questions are too easy, and which do not tell the good from the weak?
func ExampleAnalyzeItems() {
	chosen := [][]string{
		{"a", "a", "a", "b", "a", "a", "c", "a", "a", "b"},
		{"c", "b", "c", "a", "c", "c", "b", "c", "a", "b"},
		{"d", "d", "a", "c", "d", "a", "b", "d", "d", "c"},
	}
	points, err := reliability.Score(chosen, []string{"a", "c", "d"})
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := reliability.AnalyzeItems(points, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, item := range r.Items {
		fmt.Printf("%s difficulty %.1f, discrimination %.2f, without itself %.2f\n", item.Name, item.Difficulty, item.Discrimination, item.Corrected)
	}
	// Output:
	// 1 difficulty 0.7, discrimination 1.00, without itself 0.85
	// 2 difficulty 0.5, discrimination 1.00, without itself 0.46
	// 3 difficulty 0.5, discrimination 1.00, without itself 0.46
}

// A wrong answer that the best people choose points at the key: of the second
// question "b" is the answer.
func ExampleDistractors() {
	chosen := [][]string{ // item × person
		{"a", "a", "a", "a", "a", "a", "b", "c", "b", "b"},
		{"b", "b", "b", "b", "b", "c", "a", "c", "a", "c"},
		{"d", "d", "d", "d", "d", "c", "a", "c", "b", "c"},
		{"a", "a", "a", "a", "b", "a", "c", "b", "c", "c"},
	}
	d, err := reliability.Distractors(chosen, []string{"a", "c", "d", "a"}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(d.Table())
	// Output:
	// answer  right  count  share  mean score       r  upper  lower
	// 1       a      *      6  0.600       1.833   0.836      1      0
	// 1       b             3  0.300       0.333  -0.810      0  0.870
	// 1       c             1  0.100           1  -0.128      0  0.130
	// 2       a             2  0.200           0  -0.590      0  0.741
	// 2       b             5  0.500       2.800   0.885  0.800      0
	// 2       c      *      3  0.300       0.667  -0.450  0.200  0.259
	// 3       a             1  0.100           0  -0.509      0  0.370
	// 3       b             1  0.100           0  -0.509      0  0.370
	// 3       c             3  0.300       1.667   0.190  0.200  0.259
	// 3       d      *      5  0.500       1.800   0.436  0.800      0
	// 4       a      *      5  0.500           2   0.750      1      0
	// 4       b             2  0.200       1.500   0.062      0  0.130
	// 4       c             3  0.300       0.333  -0.873      0  0.870
	//
	// n = 10. an empty answer counts as wrong; upper and lower 27 % by score, share ties. Mean score and r: with the score without the item.
	// warning: item 2, answer "b": a wrong answer is chosen by those who know more ("0.885"); a look at the key and at the wording
	// warning: item 2, answer "c": the right answer is chosen by those who know less ("-0.450"); a look at the key
	// warning: item 3, answer "c": a wrong answer is chosen by those who know more ("0.190"); a look at the key and at the wording
	// warning: item 4, answer "b": a wrong answer is chosen by those who know more ("0.062"); a look at the key and at the wording
}

// The limits belong to the questionnaire: none is built in.
func ExampleCareless() {
	items := [][]float64{{4, 3, 2}, {2, 3, 1}, {5, 3, 3}, {4, 3, 2}, {1, 3, 4}}
	c, err := reliability.Careless(items, &reliability.CarelessOptions{LongString: 5, Flat: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(c)
	// Output: 1 of 3 respondents marked (longstring ≥ 5, IRV = 0)
}

// An option that makes no sense is a problem with a place, like any other.
func ExampleOptions() {
	_, err := reliability.Alpha(answers, &reliability.Options{Level: 95})
	for _, p := range bangkom.AsProblems(err, "") {
		fmt.Println(p)
	}
	// Output: reliability: Level: a level outside (0, 1) ("95"); use 0.95
}

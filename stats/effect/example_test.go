package effect_test

import (
	"fmt"
	"math"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/stats/effect"
)

var (
	before  = []float64{55, 62, 48, 70, 66, 59}
	after   = []float64{63, 70, 60, 72, 75, 61}
	trained = []float64{74, 68, 81, 77, 69, 80}
	others  = []float64{66, 70, 61, 72, 65}
)

// Spread grew in the trained group: measure in standard deviations of the others.
func ExampleGlass() {
	d, err := effect.Glass(trained, others, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d)
	// Output: 1.482 (95 % CI -0.01912 to 2.897, n = 11)
}

// An order and no more: how often is a trained person above another?
func ExampleSuperiority() {
	a, err := effect.Superiority(trained, others, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	d, err := effect.CliffDelta(trained, others, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	words, _ := effect.Interpretation("romano2006-cliff")
	class, _ := words.Class(math.Abs(d.Value))
	fmt.Println("A =", a)
	fmt.Println("δ =", d)
	fmt.Println(class.Label, "—", words.ID)
	// Output:
	// A = 0.8667 (95 % CI 0.5654 to 0.9701, n = 11)
	// δ = 0.7333 (95 % CI 0.1308 to 0.9403, n = 11)
	// large — romano2006-cliff
}

func ExampleMatchedRankBiserial() {
	r, err := effect.MatchedRankBiserial([]float64{3, 2, 4, 3, 2, 5, 1}, []float64{4, 4, 3, 5, 2, 5, 4}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r)
	// Output: 0.8 (95 % CI 0.1289 to 0.9685, n = 7)
}

func ExampleExplained() {
	v, err := effect.Explained([][]float64{{4, 5, 6, 5}, {6, 7, 7, 8}, {5, 6, 8, 7}}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(v.Table())
	// Output:
	//     share  lower  upper
	// η²  0.491      0  0.688
	// ω²  0.357      0  0.688
	// ε²  0.377      0  0.688
	//
	// F(2, 9) = 4.333, p = 0.048; N = 12; missing: available, 0 dropped.
	// 95 % intervals, two-sided: noncentral F, λ/(λ+N).
}

func ExampleNormalizedGain() {
	g, err := effect.NormalizedGain(before, after, 0, 100, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(g)
	// Output: ⟨g⟩ = 0.1708 (95 % CI 0.08219 to 0.2595, n = 6), mean c = 0.167
}

// Who changed by more than the test's own noise, given alpha and its interval?
func ExampleReliableChange() {
	alpha := bangkom.Estimate{Value: .84, CI: bangkom.Interval{Lo: .74, Hi: .92, Level: .95}}
	c, err := effect.ReliableChange(before, after, alpha, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(c.Table())
	// Output:
	//               people  share
	// improved           2  0.333
	// unchanged          4  0.667
	// deteriorated       0      0
	//
	// smallest reliable change: 8.73 (95 % CI 6.173 to 11.13, n = 6)
	// sd 7.874, standard error of measurement 3.150, of a difference 4.454 (Jacobson & Truax)
	// 3 would be in another class within the reliability's interval
}

func ExamplePrePostControl() {
	d, err := effect.PrePostControl(before, after, []float64{58, 61, 50, 69, 64}, []float64{60, 60, 53, 70, 66}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d)
	// Output: 0.6591 (95 % CI 0.02832 to 1.29, n = 11)
}

// In words for people who do not read statistics: how often would a trained
// person be above another, if both groups were normal?
func ExampleCommonLanguage() {
	c, err := effect.CommonLanguage(trained, others, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(c)
	// Output: 0.8717 (95 % CI 0.5505 to 0.982, n = 11)
}

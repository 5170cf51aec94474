package resample_test

import (
	"fmt"

	"github.com/bangkom/bangkom/stats/resample"
	"github.com/bangkom/bangkom/stats/tally"
)

// An interval of a median, for which there is no simple formula.
func ExampleBootstrap() {
	hours := []float64{12, 8, 30, 16, 24, 8, 40, 20, 16, 12, 6, 28, 18, 10, 22, 16, 9, 35}
	r, err := resample.Bootstrap(ctx, [][]float64{hours}, resample.Median, &resample.Options{Seed: 7})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(r.Table())
	// Output:
	// estimate   bias     SE
	//       16  0.458  2.823
	//
	//                  lower  upper
	// 95 % percentile     11     23
	// 95 % basic           9     21
	//
	// Bootstrap: 18 units, 10000 resamples, seed 7; n = 18; missing: listwise, 0 dropped.
	// Quantiles of type 7. z₀ -0.205, acceleration –.
	// warning: the percentile interval stands in: leaving out a unit does not change the statistic, so its acceleration is unknown; a smoother statistic, or more rows
}

// Few rows: every resample there is.
func ExampleBootstrap_exact() {
	r, err := resample.Bootstrap(ctx, [][]float64{{1.2, 3.4, .7, 5.1, 2.2, 4.0}}, resample.Mean, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r)
	// Output:
	// 2.767 (95 % CI 1.567 to 4, n = 6), bca, 462 resamples
}

// People of an office come together, and the statistic compares two groups.
func ExampleBootstrap_clusters() {
	score := []float64{60, 64, 71, 66, 58, 70, 75, 69, 62, 61, 55, 64, 59, 63, 57, 60}
	trained := []float64{1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0}
	office := []string{"A", "A", "B", "B", "C", "C", "D", "D", "E", "E", "F", "F", "G", "G", "H", "H"}
	group := make([]string, len(trained)) // the numbers of offices were fixed
	for i, t := range trained {
		group[i] = fmt.Sprint(t)
	}
	difference := func(c [][]float64) float64 {
		var sum, n [2]float64
		for i, t := range c[1] {
			sum[int(t)] += c[0][i]
			n[int(t)]++
		}
		return sum[1]/n[1] - sum[0]/n[0]
	}
	r, err := resample.Bootstrap(ctx, [][]float64{score, trained}, difference, &resample.Options{Clusters: office, Strata: group, Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r)
	for _, w := range r.Estimate.Warnings {
		fmt.Println(w)
	}
	// Output:
	// 6.5 (95 % CI 2.75 to 10.62, n = 16), bca, 10000 resamples
	// few units: the intervals are too narrow ("8"); 20 units or more
}

func ExampleBootstrapLevels() {
	answers, err := tally.NewLevels(tally.Shape{First: 1, Levels: 5})
	if err != nil {
		fmt.Println(err)
		return
	}
	for level, n := range []uint64{120, 340, 910, 1600, 780} {
		if err := answers.AddN(tally.Cell(level+1), n); err != nil {
			fmt.Println(err)
			return
		}
	}
	r, err := resample.BootstrapLevels(ctx, answers, resample.LevelMean, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r)
	// Output:
	// 3.688 (95 % CI 3.656 to 3.72, n = 3750), bca, 10000 resamples
}

// Darwin's maize: the growth of crossed over self-fertilised plants, in eighths
// of an inch, by Fisher's test of 1935.
func ExamplePermutePaired() {
	growth := []float64{49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48}
	p, err := resample.PermutePaired(ctx, make([]float64, len(growth)), growth, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("mean %.2f, p = %.0f/32768, %s\n", p.Estimate.Value, p.P*32768, p.Estimate.Method)
	// Output:
	// mean 20.93, p = 1726/32768, sign-flip test of the mean change, exact
}

func ExamplePermuteIndependent() {
	p, err := resample.PermuteIndependent(ctx, []float64{74, 68, 81, 77, 69, 80}, []float64{66, 70, 61, 72, 65}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("difference %.1f, p = %.4f, %s\n", p.Estimate.Value, p.P, p.Estimate.Method)
	// Output:
	// difference 8.0, p = 0.0368, permutation test of the difference of means, exact
}

func ExamplePermute() {
	p, err := resample.Permute(ctx, lsat, gpa, resample.Correlation, &resample.PermutationOptions{Seed: 3})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("r = %.3f, p = %.4f, %s\n", p.Estimate.Value, p.P, p.Estimate.Method)
	// Output:
	// r = 0.776, p = 0.0008, permutation test, by draws
}

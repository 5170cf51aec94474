package num_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom/internal/num"
	"github.com/bangkom/bangkom/internal/ref"
)

// nistLinear reads a file of the NIST reference sets: y, then the predictors.
func nistLinear(t *testing.T, name string) (beta, se []float64, s float64, y []float64, x [][]float64) {
	data, err := os.ReadFile(ref.Shared(t, "data", "evaluation", "nist", "linear", name+".dat"))
	require.NoError(t, err)
	lines := strings.Split(strings.ReplaceAll(string(data), "\r", ""), "\n")
	started := false
	for i, line := range lines {
		f := strings.Fields(line)
		switch {
		case i >= 30 && i < 56 && len(f) == 3 && strings.HasPrefix(f[0], "B"):
			beta, se = append(beta, number(t, f[1])), append(se, number(t, f[2]))
		case i >= 30 && i < 56 && len(f) == 3 && f[0] == "Standard" && f[1] == "Deviation":
			s = number(t, f[2])
		case i >= 56 && len(f) > 0 && f[0] == "Data:":
			started = true
		case started && len(f) > 1:
			row := make([]float64, len(f))
			for j := range f {
				row[j] = number(t, f[j])
			}
			y = append(y, row[0])
			if x == nil {
				x = make([][]float64, len(f)-1)
			}
			for j := range x {
				x[j] = append(x[j], row[j+1])
			}
		}
	}
	require.NotEmpty(t, y)
	return beta, se, s, y, x
}

func number(t *testing.T, s string) float64 {
	v, err := strconv.ParseFloat(s, 64)
	require.NoError(t, err, s)
	return v
}

// design builds the model's columns; powers by repeated multiplication.
func design(name string, p int, x [][]float64) [][]float64 {
	n := len(x[0])
	one := make([]float64, n)
	for i := range one {
		one[i] = 1
	}
	switch {
	case strings.HasPrefix(name, "NoInt"):
		return x
	case len(x) > 1:
		return append([][]float64{one}, x...)
	}
	cols := [][]float64{one}
	for len(cols) < p {
		last, next := cols[len(cols)-1], make([]float64, n)
		for i := range next {
			next[i] = last[i] * x[0][i]
		}
		cols = append(cols, next)
	}
	return cols
}

// lre is the number of correct digits, at most 15.
func lre(want, got float64) float64 {
	d := math.Abs(got - want)
	if want != 0 {
		d /= math.Abs(want)
	}
	if d == 0 {
		return 15
	}
	return min(15, -math.Log10(d))
}

func TestLeastSquaresOnNIST(t *testing.T) {
	for _, c := range []struct {
		name        string
		digits, sed float64
	}{ // the ceilings of the stored doubles, minus 0.3
		{"Norris", 13.8, 13}, {"Pontius", 13.2, 12.5}, {"NoInt1", 14.4, 14}, {"NoInt2", 14.4, 14}, {"Longley", 14.3, 12.5},
		{"Wampler1", 14.7, 0}, {"Wampler2", 12.9, 0}, {"Wampler3", 14.7, 13}, {"Wampler4", 14.7, 13}, {"Wampler5", 14.7, 13}, {"Filip", 7, 7},
	} {
		beta, se, s, y, x := nistLinear(t, c.name)
		cols := design(c.name, len(beta), x)
		f := num.LeastSquares(cols, y)
		require.Equal(t, len(beta), f.Rank, c.name)
		inv := f.Inverse()
		df := float64(len(y) - f.Rank)
		worst, worstSE := 15.0, 15.0
		for j := range beta {
			worst = min(worst, lre(beta[j], f.Beta[j]))
			if c.sed > 0 {
				worstSE = min(worstSE, lre(se[j], math.Sqrt(f.RSS/df*inv[j][j])))
			}
		}
		worstS := lre(s, math.Sqrt(f.RSS/df))
		t.Logf("%-9s coefficients %.1f, standard errors %.1f, s %.1f, condition %.2g", c.name, worst, worstSE, worstS, f.Cond)
		require.GreaterOrEqual(t, worst, c.digits, c.name)
		require.GreaterOrEqual(t, worstSE, c.sed, c.name)
		if c.sed > 0 {
			require.GreaterOrEqual(t, worstS, c.sed, c.name)
		}
	}
}

// wild makes columns of different sizes, and y.
func wild(r *rand.Rand, n, p int) (cols [][]float64, y []float64) {
	cols, y = make([][]float64, p), make([]float64, n)
	for j := range cols {
		cols[j] = make([]float64, n)
		size := math.Pow(10, float64(r.IntN(9)-4))
		for i := range n {
			cols[j][i] = size * (r.NormFloat64() + float64(j))
		}
	}
	for i := range y {
		y[i] = r.NormFloat64() * 10
	}
	return cols, y
}

func TestLeastSquaresLaws(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 100 {
		n, p := 5+r.IntN(200), 1+r.IntN(5)
		cols, y := wild(r, n, p)
		f := num.LeastSquares(cols, y)
		for j := range cols { // residuals are orthogonal to every column
			require.InDelta(t, 0, num.Dot(cols[j], f.Residuals)/num.Norm(cols[j]), 1e-11)
		}
		for i := range y {
			fit := f.Residuals[i]
			for j := range cols {
				fit += cols[j][i] * f.Beta[j]
			}
			require.InDelta(t, y[i], fit, 1e-10)
		}
		require.InDelta(t, float64(p), num.Sum(f.Leverage()), 1e-10, "leverages add up to the rank")
		inv := f.Inverse()
		for a := range cols {
			for b := range cols {
				var s float64
				for k := range cols {
					s += num.Dot(cols[a], cols[k]) * inv[k][b]
				}
				want := 0.0
				if a == b {
					want = 1
				}
				require.InDelta(t, want, s*num.Norm(cols[b])/num.Norm(cols[a]), 1e-8)
			}
		}
	}
}

func TestRFactorMergesToTheSameFit(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 60 {
		n, p := 10+r.IntN(700), 1+r.IntN(6)
		cols, y := wild(r, n, p)
		whole := num.LeastSquares(cols, y)
		parts := []*num.RFactor{num.NewRFactor(p), num.NewRFactor(p), num.NewRFactor(p)}
		for i := range y {
			row := make([]float64, p)
			for j := range row {
				row[j] = cols[j][i]
			}
			parts[r.IntN(3)].Add(row, y[i])
		}
		all := num.NewRFactor(p)
		for _, q := range parts {
			all.Merge(q)
		}
		require.Equal(t, n, all.N)
		f := all.Solve()
		ref.Close(t, "rss", whole.RSS, f.RSS, 1e-12)
		ref.Close(t, "cond", whole.Cond, f.Cond, 1e-9)
		a, b := whole.Inverse(), f.Inverse()
		for j := range cols {
			require.InDelta(t, 0, (whole.Beta[j]-f.Beta[j])/math.Sqrt(a[j][j]), 1e-11)
			ref.Close(t, "inverse", a[j][j], b[j][j], 1e-10)
		}
		one := num.NewRFactor(p)
		one.AddColumns(cols, y)
		require.InDelta(t, 0, (one.Solve().RSS-f.RSS)/f.RSS, 1e-12)
	}
}

func TestRFactorOnNIST(t *testing.T) {
	for name, digits := range map[string]float64{"Longley": 10, "Wampler4": 7.5, "Filip": 6.5} {
		beta, _, _, y, x := nistLinear(t, name)
		f := num.NewRFactor(len(beta))
		f.AddColumns(design(name, len(beta), x), y)
		got := f.Solve()
		require.Equal(t, len(beta), got.Rank)
		for j := range beta {
			require.GreaterOrEqual(t, lre(beta[j], got.Beta[j]), digits, "%s %d", name, j)
		}
	}
}

func TestLeastSquaresNamesDependentColumns(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	cols, y := wild(r, 50, 3)
	sum := make([]float64, 50)
	for i := range sum {
		sum[i] = cols[0][i] + 1e3*cols[2][i]
	}
	zero := make([]float64, 50)
	f := num.LeastSquares([][]float64{cols[0], zero, cols[2], sum, cols[1]}, y)
	require.Equal(t, []int{1, 3}, f.Dependent)
	require.Equal(t, 3, f.Rank)
	require.True(t, math.IsNaN(f.Beta[1]) && math.IsNaN(f.Beta[3]) && math.IsNaN(f.Inverse()[3][0]))
	require.True(t, math.IsInf(f.Cond, 1))
	full := num.LeastSquares(cols, y)
	ref.Close(t, "rss", full.RSS, f.RSS, 1e-12)
	ref.Close(t, "b", full.Beta[1], f.Beta[4], 1e-10)

	// More columns than rows: the rows are fitted exactly.
	wide := num.LeastSquares([][]float64{{1, 1}, {2, 3}, {4, 4.5}}, []float64{5, 7})
	require.Equal(t, 2, wide.Rank)
	require.InDelta(t, 0, wide.RSS, 1e-25)
	none := num.LeastSquares(nil, []float64{1, 2})
	require.Equal(t, 5.0, none.RSS)
	empty := num.LeastSquares([][]float64{{}}, nil)
	require.Zero(t, empty.Rank)
}

func BenchmarkLeastSquares1e6x8(b *testing.B) {
	cols, y := wild(rand.New(rand.NewPCG(7, 8)), 1_000_000, 8)
	for b.Loop() {
		_ = num.LeastSquares(cols, y)
	}
}

func BenchmarkRFactor1e6x8(b *testing.B) {
	cols, y := wild(rand.New(rand.NewPCG(7, 8)), 1_000_000, 8)
	for b.Loop() {
		f := num.NewRFactor(8)
		f.AddColumns(cols, y)
		_ = f.Solve()
	}
}

func ExampleLeastSquares() {
	x := []float64{1, 2, 3, 4}
	one := []float64{1, 1, 1, 1}
	f := num.LeastSquares([][]float64{one, x}, []float64{3, 5, 7, 10})
	fmt.Printf("%.2f + %.2f x, rss %.2f\n", f.Beta[0], f.Beta[1], f.RSS)
	// Output: 0.50 + 2.30 x, rss 0.30
}

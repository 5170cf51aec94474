package model_test

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/ref"
	"github.com/bangkom/bangkom/stats/model"
)

// vector reads a column in which null is a missing value.
type vector []float64

func (v *vector) UnmarshalJSON(data []byte) error {
	var xs []*float64
	if err := json.Unmarshal(data, &xs); err != nil {
		return err
	}
	for _, x := range xs {
		if x == nil {
			*v = append(*v, math.NaN())
		} else {
			*v = append(*v, *x)
		}
	}
	return nil
}

func columns(xs ...[]float64) []model.Column {
	var out []model.Column
	for i, x := range xs {
		out = append(out, model.Column{Name: fmt.Sprint("x", i+1), Values: x})
	}
	return out
}

func TestAgainstSandwich(t *testing.T) {
	var r struct {
		Cases []struct {
			Y                                                               vector
			X                                                               []vector
			Clusters                                                        []string
			Lag                                                             int
			B, Classical, P, HC0, HC1, HC2, HC3, CR1, CR2, DF, NW, NWA, NWP []float64
			Sigma, R2, Adjusted, F, Wald                                    float64
		}
	}
	ref.Load(t, "regression", &r)
	require.Len(t, r.Cases, 200)
	var exact struct{ Cases []struct{ SE, DF []float64 } }
	ref.Load(t, "cr2", &exact)
	differ := 0 // coefficients for which clubSandwich is off, see cr2.py
	for i, c := range r.Cases {
		var xs [][]float64
		for _, x := range c.X {
			xs = append(xs, x)
		}
		fit := func(o model.RegressionOptions) model.Regression {
			t.Helper()
			m, err := model.OLS(model.Column{Name: "y", Values: c.Y}, columns(xs...), &o)
			require.NoError(t, err, i)
			return m
		}
		se := func(what string, want []float64, m model.Regression) {
			t.Helper()
			for j, k := range m.Coefficients {
				ref.Close(t, fmt.Sprintf("case %d %s %s", i, what, k.Name), want[j], k.Test.Estimate.SE, 1e-7)
			}
		}
		m := fit(model.RegressionOptions{Errors: model.Classical})
		se("classical", c.Classical, m)
		for j, k := range m.Coefficients {
			if math.Abs(c.B[j]) > 1e-9*c.Classical[j] {
				ref.Close(t, fmt.Sprintf("case %d b %s", i, k.Name), c.B[j], k.Test.Estimate.Value, 1e-6)
				ref.Close(t, fmt.Sprintf("case %d p %s", i, k.Name), c.P[j], k.Test.P, 1e-6)
			}
		}
		ref.Close(t, "sigma", c.Sigma, m.Sigma, 1e-9)
		require.InDelta(t, c.R2, m.R2, 1e-9)
		require.InDelta(t, c.Adjusted, m.AdjustedR2, 1e-9)
		ref.Close(t, "F", c.F, m.F.Statistic, 1e-7)
		se("HC0", c.HC0, fit(model.RegressionOptions{Errors: model.HC0}))
		se("HC1", c.HC1, fit(model.RegressionOptions{Errors: model.HC1}))
		se("HC2", c.HC2, fit(model.RegressionOptions{Errors: model.HC2}))
		robust := fit(model.RegressionOptions{})
		require.Equal(t, model.HC3, robust.Errors)
		se("HC3", c.HC3, robust)
		ref.Close(t, fmt.Sprintf("case %d wald", i), c.Wald, robust.F.Statistic, 1e-6)
		se("CR1", c.CR1, fit(model.RegressionOptions{Errors: model.CR1, Clusters: c.Clusters}))
		cr2 := fit(model.RegressionOptions{Clusters: c.Clusters})
		require.Equal(t, model.CR2, cr2.Errors)
		for j, k := range cr2.Coefficients {
			ref.Close(t, fmt.Sprintf("case %d CR2 %s", i, k.Name), exact.Cases[i].SE[j], k.Test.Estimate.SE, 1e-8)
			ref.Close(t, fmt.Sprintf("case %d df %s", i, k.Name), exact.Cases[i].DF[j], k.Test.DF, 1e-8)
			if math.Abs(c.CR2[j]/k.Test.Estimate.SE-1) > 1e-5 || math.Abs(c.DF[j]/k.Test.DF-1) > 1e-4 {
				differ++
			}
		}
		se("NW", c.NW, fit(model.RegressionOptions{Errors: model.NeweyWest, Lag: c.Lag}))
		se("NW adjusted", c.NWA, fit(model.RegressionOptions{Errors: model.NeweyWest, Lag: c.Lag, Adjust: true}))
		if c.NWP != nil {
			o := model.RegressionOptions{Errors: model.NeweyWest, Lag: c.Lag, Adjust: true, Prewhite: true}
			if nw, err := model.OLS(model.Column{Name: "y", Values: c.Y}, columns(xs...), &o); err == nil {
				for j, k := range nw.Coefficients {
					ref.Close(t, fmt.Sprintf("case %d NW prewhite %s", i, k.Name), c.NWP[j], k.Test.Estimate.SE, 1e-6)
				}
			}
		}
	}
	require.Less(t, differ, 5)
}

// nist reads a file of NIST's linear sets: data, and certified estimates with
// their standard errors, and the residual standard deviation.
func nist(t *testing.T, name string) (y []float64, x [][]float64, b, se []float64, sd float64) {
	t.Helper()
	f, err := os.Open(ref.Shared(t, "data", "evaluation", "nist", "linear", name+".dat"))
	require.NoError(t, err)
	defer f.Close()
	number := func(s string) float64 {
		v, err := strconv.ParseFloat(s, 64)
		require.NoError(t, err, s)
		return v
	}
	data, line := false, 0
	for s := bufio.NewScanner(f); s.Scan(); {
		w := strings.Fields(s.Text())
		line++
		switch {
		case len(w) >= 2 && w[0] == "Data:" && line > 56:
			data = true
		case data && len(w) > 1:
			y = append(y, number(w[0]))
			for len(x) < len(w)-1 {
				x = append(x, nil)
			}
			for j, v := range w[1:] {
				x[j] = append(x[j], number(v))
			}
		case line > 30 && len(w) == 3 && strings.HasPrefix(w[0], "B") && len(w[0]) < 4:
			b, se = append(b, number(w[1])), append(se, number(w[2]))
		case len(w) == 3 && w[0] == "Standard" && w[1] == "Deviation":
			sd = number(w[2])
		}
	}
	return y, x, b, se, sd
}

func TestNIST(t *testing.T) {
	// The digits that the stored doubles hold, less 0.3 (exact: 15).
	for _, c := range []struct {
		name   string
		degree int
		least  float64 // of the coefficients
		se     float64
	}{
		{"Norris", 1, 13.8, 13}, {"Pontius", 2, 13.2, 12.7}, {"NoInt1", 0, 14.4, 14}, {"NoInt2", 0, 14.4, 14}, {"Longley", 1, 14.3, 13}, {"Filip", 10, 7.3, 7},
		{"Wampler1", 5, 14.7, 15}, {"Wampler2", 5, 12.9, 15}, {"Wampler3", 5, 14.7, 13}, {"Wampler4", 5, 14.7, 13}, {"Wampler5", 5, 14.7, 13},
	} {
		y, x, b, se, sd := nist(t, c.name)
		if c.degree > 1 {
			p := x[0]
			for d := 2; d <= c.degree; d++ {
				next := make([]float64, len(p))
				for i := range p {
					next[i] = p[i] * x[0][i]
				}
				x, p = append(x, next), next
			}
		}
		m, err := model.OLS(model.Column{Name: "y", Values: y}, columns(x...), &model.RegressionOptions{Errors: model.Classical, NoIntercept: c.degree == 0})
		require.NoError(t, err, c.name)
		worst, worstSE := 16.0, 16.0
		for j, k := range m.Coefficients {
			worst = min(worst, lre(b[j], k.Test.Estimate.Value))
			if se[j] > 0 {
				worstSE = min(worstSE, lre(se[j], k.Test.Estimate.SE))
			}
		}
		t.Logf("%s: coefficients %.1f, standard errors %.1f, sd %.1f digits; condition %.1e", c.name, worst, worstSE, lre(sd, m.Sigma), m.Condition)
		require.GreaterOrEqual(t, worst, c.least, c.name)
		if sd > 0 {
			require.GreaterOrEqual(t, worstSE, c.se, c.name)
		} else {
			require.True(t, m.Warnings.Has("perfect-fit"), c.name)
			require.True(t, math.IsNaN(m.Coefficients[0].Test.P))
		}
	}
}

func lre(want, got float64) float64 {
	if want == got {
		return 16
	}
	return -math.Log10(math.Abs(got-want) / math.Abs(want))
}

// table reads a file of numbers and words by its header; NA is NaN.
func table(t *testing.T, name string) (numbers map[string][]float64, words map[string][]string) {
	t.Helper()
	f, err := os.Open(ref.Shared(t, "data", "evaluation", name))
	require.NoError(t, err)
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	numbers, words = map[string][]float64{}, map[string][]string{}
	for j, name := range rows[0] {
		for _, r := range rows[1:] {
			x, err := strconv.ParseFloat(r[j], 64)
			if err != nil {
				x = math.NaN()
			}
			numbers[name], words[name] = append(numbers[name], x), append(words[name], r[j])
		}
	}
	return numbers, words
}

func TestSeatbelts(t *testing.T) {
	d, _ := table(t, "seatbelts.csv")
	y := model.Column{Name: "log drivers"}
	var time, law, slope []float64
	for i, v := range d["drivers"] {
		y.Values = append(y.Values, math.Log(v))
		time, law, slope = append(time, float64(i+1)), append(law, d["law"][i]), append(slope, max(0, float64(i+1-169)))
	}
	xs := columns(time, law, slope)
	fit := func(o model.RegressionOptions) model.Regression {
		m, err := model.OLS(y, xs, &o)
		require.NoError(t, err)
		return m
	}
	m := fit(model.RegressionOptions{Errors: model.Classical})
	for j, want := range [][2]float64{{-.000893971096973, .000222344130553}, {-.339873019245421, .064501534646283}, {.013715517864764, .004438261715223}} {
		ref.Close(t, "b", want[0], m.Coefficients[j+1].Test.Estimate.Value, 1e-11)
		ref.Close(t, "se", want[1], m.Coefficients[j+1].Test.Estimate.SE, 1e-11)
	}
	ref.Close(t, "Durbin–Watson", .796891513801415, m.DurbinWatson, 1e-12)
	for _, c := range []struct {
		lag          int
		adjust       bool
		level, slope float64
	}{{12, false, .0449043799730143, .00345071310784825}, {4, false, .0533572656264561, .00434715872130031}, {12, true, .0453795718302898, math.NaN()}} {
		m := fit(model.RegressionOptions{Errors: model.NeweyWest, Lag: c.lag, Adjust: c.adjust})
		ref.Close(t, "level", c.level, m.Coefficients[2].Test.Estimate.SE, 1e-12)
		if !math.IsNaN(c.slope) {
			ref.Close(t, "slope", c.slope, m.Coefficients[3].Test.Estimate.SE, 1e-12)
		}
	}
}

func TestJobTraining(t *testing.T) {
	d, _ := table(t, "jtrain2.csv")
	var xs []model.Column
	for _, name := range []string{"train", "age", "educ", "black", "hisp", "married", "nodegree", "re74", "re75"} {
		xs = append(xs, model.Column{Name: name, Values: d[name]})
	}
	y := model.Column{Name: "re78", Values: d["re78"]}
	m, err := model.OLS(y, xs, &model.RegressionOptions{Errors: model.Classical})
	require.NoError(t, err)
	train, _ := m.Coefficient("train")
	ref.Close(t, "train", 1.67634319732551, train.Estimate.Value, 1e-11)
	ref.Close(t, "se", .63868218232539, train.Estimate.SE, 1e-11)
	ref.Close(t, "p", .00897809450218, train.P, 1e-10)
	m, err = model.OLS(y, xs, nil)
	require.NoError(t, err)
	train, _ = m.Coefficient("train")
	ref.Close(t, "HC3", .685302621502, train.Estimate.SE, 1e-11)
}

func TestAnorexia(t *testing.T) {
	d, w := table(t, "anorexia.csv")
	y, pre := model.Column{Name: "after", Values: d["Postwt"]}, []model.Column{{Name: "before", Values: d["Prewt"]}}
	group := w["Treat"]
	for i, g := range group { // the design's reference is Cont
		if g == "Cont" {
			group[i] = "0 Cont"
		}
	}
	a, err := model.ANCOVA(y, group, pre, &model.RegressionOptions{Errors: model.Classical})
	require.NoError(t, err)
	for _, c := range []struct {
		name     string
		b, se, p float64
	}{
		{"before", .434461150361, .161182361852, .008850032313948}, {"group CBT", 4.097065528073, 1.893492606967, .033999314720263}, {"group FT", 8.660128180992, 2.193149411643, .000189023798034},
	} {
		k, ok := a.Model.Coefficient(c.name)
		require.True(t, ok)
		ref.Close(t, c.name, c.b, k.Estimate.Value, 1e-11)
		ref.Close(t, c.name, c.se, k.Estimate.SE, 1e-11)
		ref.Close(t, c.name, c.p, k.P, 1e-11)
	}
	ref.Close(t, "F", 7.86807892462649, a.Effect.Statistic, 1e-11)
	ref.Close(t, "p", .00084383982, a.Effect.P, 1e-8)
	ref.Close(t, "MSE", 48.69503852823, a.Model.Sigma*a.Model.Sigma, 1e-11)
	for g, want := range []float64{81.4772627862365, 85.5743283143094, 90.1373909672282} {
		ref.Close(t, "adjusted", want, a.Groups[g].Adjusted.Value, 1e-12)
	}
	ref.Close(t, "slopes F", 5.41123080122545, a.Slopes.Statistic, 1e-10)
	ref.Close(t, "slopes p", .00666559073481, a.Slopes.P, 1e-10)
	require.True(t, a.Effect.Estimate.Warnings.Has("slopes-differ"))
	a, err = model.ANCOVA(y, group, pre, nil)
	require.NoError(t, err)
	for name, want := range map[string]float64{"group CBT": 1.86985451956, "group FT": 2.29411769415} {
		k, _ := a.Model.Coefficient(name)
		ref.Close(t, "HC3 "+name, want, k.Estimate.SE, 1e-11)
	}
	require.Contains(t, a.Table(), "Equal slopes")
}

func TestCardKruegerRows(t *testing.T) {
	d, w := table(t, "card-krueger.csv")
	var nj, after []bool
	for i := range d["nj"] {
		nj, after = append(nj, d["nj"][i] == 1), append(after, d["d"][i] == 1)
	}
	y := model.Column{Name: "fte", Values: d["fte"]}
	for _, c := range []struct {
		o  model.RegressionOptions
		se float64
	}{
		{model.RegressionOptions{Errors: model.Classical}, 1.68840913091},
		{model.RegressionOptions{Errors: model.HC1}, 1.795450810},
		{model.RegressionOptions{Errors: model.CR1, Clusters: w["id"]}, 1.306607012},
	} {
		m, err := model.DiffInDiffRows(y, nj, after, nil, &c.o)
		require.NoError(t, err)
		ref.Close(t, "effect", 2.75360578298, m.Effect.Estimate.Value, 1e-11)
		ref.Close(t, c.o.Errors.String(), c.se, m.Effect.Estimate.SE, 1e-9)
		ref.Close(t, "PA before", 23.331168831169, m.Cells[0].Cell.Mean, 1e-12)
		require.Equal(t, 26, m.Effect.Estimate.Missing.Dropped)
	}
	m, err := model.DiffInDiffRows(y, nj, after, nil, &model.RegressionOptions{Clusters: w["id"]})
	require.NoError(t, err)
	require.Equal(t, model.CR2, m.Model.Errors)
	require.InEpsilon(t, 1.3066, m.Effect.Estimate.SE, .02)
}

func TestCollinearityNamesTheColumns(t *testing.T) {
	a, b := []float64{1, 2, 3, 4, 5, 7}, []float64{2, 1, 5, 3, 3, 1}
	c, one := make([]float64, 6), make([]float64, 6)
	for i := range c {
		c[i], one[i] = 2*a[i]-b[i]+3, 4
	}
	y := model.Column{Name: "y", Values: []float64{3, 1, 4, 1, 5, 9}}
	_, err := model.OLS(y, columns(a, b, c), nil)
	require.ErrorIs(t, err, model.ErrCollinear)
	require.ErrorContains(t, err, "x3 is a combination of intercept, x1, x2")
	_, err = model.OLS(y, columns(a, one), nil)
	require.ErrorContains(t, err, "x2 has one value in every row")
	_, err = model.OLS(y, columns(a, a), nil)
	require.ErrorContains(t, err, "x2 is a combination of x1")
	_, err = model.OLS(y, columns(a, make([]float64, 6)), nil)
	require.ErrorContains(t, err, "x2 is nought in every row")
}

func TestRegressionLaws(t *testing.T) {
	x := []float64{1, 2, 2, 5, 7, 8, 9, 4, 3, 6}
	z := []float64{3, 1, 4, 1, 5, 9, 2, 6, 5, 3}
	y := model.Column{Name: "y", Values: []float64{2, 3, 5, 4, 8, 9, 11, 3, 4, 6}}
	clusters := []string{"a", "a", "b", "b", "c", "c", "d", "d", "e", "e"}
	single := []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10"}
	fit := func(o model.RegressionOptions, xs ...[]float64) model.Regression {
		m, err := model.OLS(y, columns(xs...), &o)
		require.NoError(t, err)
		return m
	}
	// Clusters of one are HC2, and HC1 up to a factor.
	cr2, hc2 := fit(model.RegressionOptions{Clusters: single}, x, z), fit(model.RegressionOptions{Errors: model.HC2}, x, z)
	for j := range cr2.Coefficients {
		ref.Close(t, "CR2 = HC2", hc2.Coefficients[j].Test.Estimate.SE, cr2.Coefficients[j].Test.Estimate.SE, 1e-12)
	}
	// Units of a column do not matter to t, df and p.
	scaled := make([]float64, len(x))
	for i := range x {
		scaled[i] = 1e6 * x[i]
	}
	a, b := fit(model.RegressionOptions{Clusters: clusters}, x, z), fit(model.RegressionOptions{Clusters: clusters}, scaled, z)
	ref.Close(t, "t", a.Coefficients[1].Test.Statistic, b.Coefficients[1].Test.Statistic, 1e-10)
	ref.Close(t, "df", a.Coefficients[1].Test.DF, b.Coefficients[1].Test.DF, 1e-10)
	// A contrast of one coefficient is the coefficient.
	c, err := a.Contrast(map[string]float64{"x2": 1})
	require.NoError(t, err)
	require.Equal(t, a.Coefficients[2].Test.P, c.P)
	// The F of one coefficient is its t squared.
	f, err := a.Joint("x1")
	require.NoError(t, err)
	ref.Close(t, "F = t²", a.Coefficients[1].Test.Statistic*a.Coefficients[1].Test.Statistic, f.Statistic, 1e-12)
	// Residuals are orthogonal to the columns.
	var s float64
	for i, e := range a.Residuals() {
		s += e * x[i]
	}
	require.InDelta(t, 0, s, 1e-12)
	require.InDelta(t, a.Cov[1][2], a.Cov[2][1], 0)
	ref.Close(t, "cov", a.Coefficients[1].Test.Estimate.SE*a.Coefficients[1].Test.Estimate.SE, a.Cov[1][1], 1e-12)
}

func TestRegressionJSON(t *testing.T) {
	x := []float64{1, 2, 3, 4, 5, 6}
	y := model.Column{Name: "y", Values: []float64{2, 4, 6, 8, 10, 12}} // exact
	m, err := model.OLS(y, columns(x), nil)
	require.NoError(t, err)
	data, err := json.Marshal(m)
	require.NoError(t, err)
	var back model.Regression
	require.NoError(t, json.Unmarshal(data, &back))
	require.Equal(t, m.String(), back.String())
	require.Equal(t, model.HC3, back.Errors)
	_, err = back.Joint("x1")
	require.ErrorIs(t, err, bangkom.ErrOption)
	require.NotContains(t, m.Table(), "NaN")

	a, err := model.ANCOVA(model.Column{Name: "y", Values: []float64{1, 3, 2, 5, 4, 7}}, []string{"a", "a", "a", "b", "b", "b"}, columns(x), nil)
	require.NoError(t, err)
	_, err = json.Marshal(a)
	require.NoError(t, err)
	require.NotContains(t, a.Table(), "NaN")
	d, err := model.DiffInDiffRows(model.Column{Name: "y", Values: []float64{1, 3, 2, 5, 4, 7, 4, 9}}, []bool{false, false, false, false, true, true, true, true},
		[]bool{false, false, true, true, false, false, true, true}, nil, nil)
	require.NoError(t, err)
	_, err = json.Marshal(d)
	require.NoError(t, err)
	require.NotContains(t, d.Table(), "NaN")
}

func BenchmarkOLS(b *testing.B) {
	for _, n := range []int{1000, 100_000, 1_000_000} {
		xs := make([][]float64, 7)
		y := make([]float64, n)
		s := uint64(1)
		next := func() float64 { s = s*6364136223846793005 + 1442695040888963407; return float64(s>>11) / (1 << 53) }
		for j := range xs {
			xs[j] = make([]float64, n)
			for i := range xs[j] {
				xs[j][i] = next()
			}
		}
		for i := range y {
			y[i] = xs[0][i] + next()
		}
		for _, e := range []model.Errors{model.Classical, model.HC3} {
			b.Run(fmt.Sprintf("%d/%s", n, e), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := model.OLS(model.Column{Name: "y", Values: y}, columns(xs...), &model.RegressionOptions{Errors: e}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// What one row or one cluster alone has, no row tells the error of.
func TestLoneRowsAndClusters(t *testing.T) {
	y := model.Column{Name: "y", Values: []float64{3, 5, 4, 6, 8, 7, 5, 9}}
	one := model.Column{Name: "one", Values: []float64{1, 0, 0, 0, 0, 0, 0, 0}}
	for _, e := range []model.Errors{model.HC0, model.HC1, model.HC2, model.HC3} {
		r, err := model.OLS(y, []model.Column{one}, &model.RegressionOptions{Errors: e})
		require.NoError(t, err)
		require.True(t, r.Warnings.Has("leverage-one"), e)
		// Under HC2 and HC3 R has NaN for all of them; the constant is the others' alone.
		require.Equal(t, e >= model.HC2, math.IsNaN(r.Coefficients[1].Test.P) && math.IsNaN(r.F.P) && math.IsNaN(r.Cov[1][0]), e)
		require.Greater(t, r.Coefficients[0].Test.Estimate.SE, 0.1)
	}
	treated := model.Column{Name: "treated", Values: []float64{1, 1, 0, 0, 0, 0, 0, 0}}
	clusters := []string{"a", "a", "b", "b", "c", "c", "d", "d"}
	r, err := model.OLS(y, []model.Column{treated}, &model.RegressionOptions{Clusters: clusters})
	require.NoError(t, err)
	require.True(t, r.Warnings.Has("lone-cluster"))
	treated.Values[2], treated.Values[3] = 1, 1
	r, err = model.OLS(y, []model.Column{treated}, &model.RegressionOptions{Clusters: clusters})
	require.NoError(t, err)
	require.False(t, r.Warnings.Has("lone-cluster"))
}

func BenchmarkANCOVA(b *testing.B) {
	const n = 1_000_000
	y, x := model.Column{Name: "after", Values: make([]float64, n)}, model.Column{Name: "before", Values: make([]float64, n)}
	group := make([]string, n)
	for i := range n {
		x.Values[i] = math.Sin(float64(i))
		y.Values[i] = x.Values[i] + math.Sin(float64(7*i))
		group[i] = []string{"a", "b", "c"}[i%3]
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := model.ANCOVA(y, group, []model.Column{x}, &model.RegressionOptions{Errors: model.Classical}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkClusters(b *testing.B) {
	const n = 100_000
	y, x := model.Column{Name: "y", Values: make([]float64, n)}, model.Column{Name: "x", Values: make([]float64, n)}
	for i := range n {
		x.Values[i] = math.Sin(float64(i))
		y.Values[i] = x.Values[i] + math.Sin(float64(7*i))
	}
	for _, size := range []int{2, 200} {
		clusters := make([]string, n)
		for i := range n {
			clusters[i] = strconv.Itoa(i / size)
		}
		for _, e := range []model.Errors{model.CR1, model.CR2} {
			b.Run(fmt.Sprintf("%s, %d of %d", e, n/size, size), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := model.OLS(y, []model.Column{x}, &model.RegressionOptions{Errors: e, Clusters: clusters}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

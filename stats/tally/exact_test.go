package tally_test

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/ref"
	"github.com/bangkom/bangkom/stats/tally"
	"github.com/bangkom/bangkom/stats/tally/tallytest"
)

// value gives whole numbers of all kinds, the largest and the smallest too.
func value(i int) int64 {
	switch i % 11 {
	case 0:
		return tally.MaxValue - int64(i)
	case 1:
		return -tally.MaxValue + int64(i)
	case 2:
		return 0
	}
	return int64(i*i*7919%100_003) - 50_000
}

var labels = []string{"Surabaya", "", "Ambon", "b", "B", "a\x00", "é", "\xff"}

func TestMomentsLaws(t *testing.T) {
	tallytest.Run(t, tallytest.Factory[*tally.Moments]{
		New: func() *tally.Moments { return new(tally.Moments) },
		Add: func(m *tally.Moments, i int) error { return m.AddN(value(i), uint64(i%5)*uint64(i)*1000) },
	})
}

func TestGroupsLaws(t *testing.T) {
	tallytest.Run(t, tallytest.Factory[*tally.Groups]{
		New: func() *tally.Groups { return new(tally.Groups) },
		Add: func(g *tally.Groups, i int) error { return g.AddN(labels[i*i%8], value(i), uint64(i%7)) },
	})
}

func TestCrossLaws(t *testing.T) {
	row := func(i int) []int64 { return []int64{value(i), value(3*i + 1), value(i*i + 2)} }
	tallytest.Run(t, tallytest.Factory[*tally.Cross]{
		New: func() *tally.Cross { return new(tally.Cross) },
		Add: func(c *tally.Cross, i int) error { return c.AddN(row(i), uint64(1+i)) },
	})
	tallytest.Run(t, tallytest.Factory[*tally.Cross]{
		New:   func() *tally.Cross { c, _ := tally.NewCross(3); return c },
		Add:   func(c *tally.Cross, i int) error { return c.AddN(row(i), uint64(1+i)) },
		Other: func() *tally.Cross { c, _ := tally.NewCross(2); return c },
	})
}

func TestClustersLaws(t *testing.T) {
	tallytest.Run(t, tallytest.Factory[*tally.Clusters]{
		New: func() *tally.Clusters { c, _ := tally.NewClusters(2); return c },
		Add: func(c *tally.Clusters, i int) error {
			return c.AddN(labels[i*i%8], []int64{value(i), value(i + 5)}, uint64(i%7))
		},
		Other: func() *tally.Clusters { c, _ := tally.NewClusters(3); return c },
	})
}

func TestCrosstabLaws(t *testing.T) {
	tallytest.Run(t, tallytest.Factory[*tally.Crosstab]{
		New: func() *tally.Crosstab { return new(tally.Crosstab) },
		Add: func(c *tally.Crosstab, i int) error { return c.AddN(labels[i*i%8], labels[i%5], uint64(i%7)) },
	})
}

func pattern(i int) []tally.Cell {
	return []tally.Cell{odd[i%7], odd[i/3%7], odd[i*i%10], odd[i/2%6]}
}

func likert(t testing.TB, first, levels, items int) *tally.LikertItems {
	l, err := tally.NewLikertItems(tally.Shape{First: first, Levels: levels}, items)
	require.NoError(t, err)
	return l
}

func TestLikertItemsLaws(t *testing.T) {
	add := func(l *tally.LikertItems, i int) error { return l.AddN(pattern(i), uint64(1+i%9)) }
	tallytest.Run(t, tallytest.Factory[*tally.LikertItems]{
		New: func() *tally.LikertItems { return likert(t, -2, 5, 4) },
		Add: add,
		Other: func() *tally.LikertItems {
			l := likert(t, -2, 6, 4)
			require.NoError(t, l.Add(pattern(1)))
			return l
		},
	})
	tallytest.Run(t, tallytest.Factory[*tally.LikertItems]{New: func() *tally.LikertItems { return new(tally.LikertItems) }, Add: add})
	tallytest.Run(t, tallytest.Factory[*tally.LikertItems]{
		New:   func() *tally.LikertItems { return likert(t, 1, 5, 4) },
		Add:   add,
		Other: func() *tally.LikertItems { return likert(t, 1, 5, 3) },
	})
}

// ulps is how many representable numbers apart two numbers are.
func ulps(a, b float64) float64 {
	if a == b {
		return 0
	}
	return math.Abs(a-b) / (math.Nextafter(math.Abs(a), math.Inf(1)) - math.Abs(a))
}

func closeGram(got, want *tally.Gram) error {
	if got.N() != want.N() || got.Missing() != want.Missing() {
		return fmt.Errorf("rows %d and %d, missing %d and %d", got.N(), want.N(), got.Missing(), want.Missing())
	}
	for i := range want.Columns() {
		if u := ulps(want.Mean(i), got.Mean(i)); u > 2 {
			return fmt.Errorf("mean of column %d: %v, want %v", i, got.Mean(i), want.Mean(i))
		}
		for j := range want.Columns() {
			if u := ulps(want.Centred(i, j), got.Centred(i, j)); u > 4 {
				return fmt.Errorf("columns %d, %d: %v, want %v", i, j, got.Centred(i, j), want.Centred(i, j))
			}
		}
	}
	return nil
}

func TestGramLaws(t *testing.T) {
	row := func(i int) []float64 {
		r := []float64{1e12 + float64(i%7)/3, float64(value(i)) * 1e-5, math.Sin(float64(i))}
		if i%13 == 4 {
			r[i%3] = math.NaN()
		}
		return r
	}
	tallytest.Run(t, tallytest.Factory[*tally.Gram]{
		New:   func() *tally.Gram { return new(tally.Gram) },
		Add:   func(g *tally.Gram, i int) error { return g.AddN(row(i), uint64(1+i%4)) },
		Close: closeGram,
	})
	tallytest.Run(t, tallytest.Factory[*tally.Gram]{
		New:   func() *tally.Gram { g, _ := tally.NewGram(3); return g },
		Add:   func(g *tally.Gram, i int) error { return g.Add(row(i)) },
		Close: closeGram,
		Other: func() *tally.Gram { g, _ := tally.NewGram(2); return g },
	})
}

// AddBatch is Add, row by row; on a bad row it counts nothing.
func TestAddBatchIsAdd(t *testing.T) {
	const n = 300
	xs, ys, names, others := make([]int64, n), make([]int64, n), make([]string, n), make([]string, n)
	fs, gs := make([]float64, n), make([]float64, n)
	items := make([][]tally.Cell, 4)
	var m tally.Moments
	var g tally.Groups
	var c tally.Cross
	var cl tally.Clusters
	var ct tally.Crosstab
	var gr tally.Gram
	l := likert(t, 0, 5, 4)
	for i := range n {
		xs[i], ys[i], names[i], others[i] = value(i), value(i*3), labels[i%8], labels[i*i%8]
		fs[i], gs[i] = float64(xs[i])/3, float64(ys[i])/7
		if i%17 == 5 {
			gs[i] = math.NaN()
		}
		require.NoError(t, m.Add(xs[i]))
		require.NoError(t, g.Add(names[i], xs[i]))
		require.NoError(t, c.Add([]int64{xs[i], ys[i]}))
		require.NoError(t, cl.Add(names[i], []int64{xs[i], ys[i]}))
		require.NoError(t, ct.Add(names[i], others[i]))
		require.NoError(t, gr.Add([]float64{fs[i], gs[i]}))
		p := pattern(i)
		require.NoError(t, l.Add(p))
		for k := range items {
			items[k] = append(items[k], p[k])
		}
	}
	bad := slices.Clone(xs)
	bad[7] = tally.MaxValue + 1
	badReal := slices.Clone(fs)
	badReal[7] = math.Inf(-1)
	badItem := slices.Clone(items[1])
	badItem[7] = 6

	var bm tally.Moments
	require.ErrorContains(t, bm.AddBatch(bad), "row 7")
	require.Zero(t, bm)
	require.NoError(t, bm.AddBatch(xs))
	require.Equal(t, m, bm)

	var bg tally.Groups
	require.ErrorContains(t, bg.AddBatch(names, bad), "row 7")
	require.ErrorIs(t, bg.AddBatch(names[1:], xs), bangkom.ErrShape)
	require.Zero(t, bg)
	require.NoError(t, bg.AddBatch(names, xs))
	require.Equal(t, g, bg)

	var bc tally.Cross
	require.ErrorContains(t, bc.AddBatch([][]int64{xs, bad}), "row 7")
	require.ErrorIs(t, bc.AddBatch([][]int64{xs, ys[1:]}), bangkom.ErrShape)
	require.ErrorIs(t, bc.AddBatch(nil), bangkom.ErrShape)
	require.Zero(t, bc)
	require.NoError(t, bc.AddBatch([][]int64{xs, ys}))
	require.Equal(t, c, bc)
	require.ErrorIs(t, bc.AddBatch([][]int64{xs}), bangkom.ErrShape)

	var bcl tally.Clusters
	require.ErrorContains(t, bcl.AddBatch(names, [][]int64{xs, bad}), "row 7")
	require.ErrorIs(t, bcl.AddBatch(names[1:], [][]int64{xs, ys}), bangkom.ErrShape)
	require.ErrorIs(t, bcl.AddBatch(names, nil), bangkom.ErrShape)
	require.Zero(t, bcl)
	require.NoError(t, bcl.AddBatch(names, [][]int64{xs, ys}))
	require.Equal(t, cl, bcl)
	require.Equal(t, &c, bcl.Whole())

	var bct tally.Crosstab
	require.ErrorIs(t, bct.AddBatch(names, others[1:]), bangkom.ErrShape)
	require.NoError(t, bct.AddBatch(names, others))
	require.Equal(t, ct, bct)

	var bgr tally.Gram
	require.ErrorContains(t, bgr.AddBatch([][]float64{fs, badReal}), "row 7, column 1")
	require.ErrorIs(t, bgr.AddBatch([][]float64{fs, gs[1:]}), bangkom.ErrShape)
	require.ErrorIs(t, bgr.AddBatch(nil), bangkom.ErrShape)
	require.Zero(t, bgr)
	require.NoError(t, bgr.AddBatch([][]float64{fs, gs}))
	require.Equal(t, gr.N(), bgr.N())
	require.Equal(t, gr.Missing(), bgr.Missing())
	for i := range 2 {
		require.Equal(t, gr.Mean(i), bgr.Mean(i)) // 32 digits are kept: those that differ do not show
		for j := range 2 {
			require.Equal(t, gr.Centred(i, j), bgr.Centred(i, j))
		}
	}

	bl := likert(t, 0, 5, 4)
	require.ErrorContains(t, bl.AddBatch([][]tally.Cell{items[0], badItem, items[2], items[3]}), "row 7")
	require.ErrorIs(t, bl.AddBatch([][]tally.Cell{items[0], items[1][1:], items[2], items[3]}), bangkom.ErrShape)
	require.ErrorIs(t, bl.AddBatch(items[:3]), bangkom.ErrShape)
	require.Equal(t, likert(t, 0, 5, 4), bl)
	require.NoError(t, bl.AddBatch(items))
	require.Equal(t, l, bl)
	require.Error(t, bl.Add([]tally.Cell{1, 2, 3, 6}))
	require.Equal(t, l, bl)
}

func TestMaxTotalIsRefused(t *testing.T) {
	var m tally.Moments
	require.NoError(t, m.AddN(tally.MaxValue, tally.MaxTotal))
	require.ErrorIs(t, m.Add(1), tally.ErrOverflow)
	require.ErrorIs(t, m.AddBatch([]int64{1}), tally.ErrOverflow)
	require.ErrorIs(t, m.Merge(m.Clone()), tally.ErrOverflow)
	require.Equal(t, float64(tally.MaxValue), m.Mean())
	require.Zero(t, m.Variance())
	_, sq := m.Sums()
	require.Equal(t, "85070591730234615865843651857942052864", sq.String()) // 2¹²⁶

	var g tally.Groups
	require.NoError(t, g.AddN("a", -tally.MaxValue, tally.MaxTotal-1))
	require.ErrorIs(t, g.AddN("b", 1, 2), tally.ErrOverflow)
	require.ErrorIs(t, g.Merge(&g), tally.ErrOverflow)
	var c tally.Cross
	require.NoError(t, c.AddN([]int64{tally.MaxValue, -tally.MaxValue}, tally.MaxTotal))
	require.ErrorIs(t, c.Add([]int64{0, 0}), tally.ErrOverflow)
	require.ErrorIs(t, c.AddN([]int64{tally.MaxValue + 1, 0}, 0), tally.ErrOverflow)
	require.Zero(t, c.Centred(0, 1))
	var cl tally.Clusters
	require.NoError(t, cl.AddN("a", []int64{1}, tally.MaxTotal))
	require.ErrorIs(t, cl.Add("b", []int64{1}), tally.ErrOverflow)
	var ct tally.Crosstab
	require.NoError(t, ct.AddN("a", "b", tally.MaxTotal))
	require.ErrorIs(t, ct.Add("a", "c"), tally.ErrOverflow)
	l := likert(t, 117, 11, 2)
	require.NoError(t, l.AddN([]tally.Cell{11, 11}, tally.MaxTotal))
	require.ErrorIs(t, l.Add([]tally.Cell{1, 1}), tally.ErrOverflow)
	require.Equal(t, int64(127*127)<<48, l.Product(0, 1))
	require.Zero(t, l.Centred(0, 1))
	var gr tally.Gram
	require.NoError(t, gr.AddN([]float64{tally.MaxReal}, tally.MaxTotal))
	require.ErrorIs(t, gr.Add([]float64{1}), tally.ErrOverflow)
	require.ErrorIs(t, gr.Add([]float64{2 * tally.MaxReal}), bangkom.ErrNotFinite)
}

func TestEmptyIsUnknown(t *testing.T) {
	var m tally.Moments
	require.True(t, math.IsNaN(m.Mean()) && math.IsNaN(m.Squares()) && math.IsNaN(m.Variance()))
	require.NoError(t, m.Add(3))
	require.True(t, math.IsNaN(m.Variance()), "one value has no spread")
	c, err := tally.NewCross(2)
	require.NoError(t, err)
	require.True(t, math.IsNaN(c.Mean(1)) && math.IsNaN(c.Centred(0, 1)))
	_, cov := c.Covariance()
	require.True(t, math.IsNaN(cov[0][1]))
	g, err := tally.NewGram(1)
	require.NoError(t, err)
	require.True(t, math.IsNaN(g.Mean(0)) && math.IsNaN(g.Centred(0, 0)))
	l := likert(t, 1, 5, 2)
	require.True(t, math.IsNaN(l.Mean(0)) && math.IsNaN(l.Centred(0, 1)))
	var gs tally.Groups
	require.Zero(t, gs.Of("nobody").N())
	for _, p := range []int{0, -1, tally.MaxColumns + 1} {
		_, err := tally.NewCross(p)
		require.ErrorIs(t, err, bangkom.ErrShape)
		_, err = tally.NewGram(p)
		require.ErrorIs(t, err, bangkom.ErrShape)
		_, err = tally.NewClusters(p)
		require.ErrorIs(t, err, bangkom.ErrShape)
		_, err = tally.NewLikertItems(tally.Shape{First: 1, Levels: 5}, p)
		require.ErrorIs(t, err, bangkom.ErrShape)
	}
	_, err = tally.NewLikertItems(tally.Shape{First: 1, Levels: 13}, 2)
	require.ErrorIs(t, err, bangkom.ErrShape)
}

// Sums that whole numbers cannot have are refused: a database that counted
// rows instead of values, or overflowed.
func TestAddSums(t *testing.T) {
	var a, b tally.Moments
	require.NoError(t, a.AddBatch([]int64{3, -4, 10}))
	require.NoError(t, b.AddSums(3, 9, 125))
	require.Equal(t, a, b)
	for _, bad := range [][3]int64{{0, 1, 1}, {2, 3, 4}, {2, 5, 3}, {2, 1, -1}, {3, 10, 33}, {2, math.MinInt64, math.MaxInt64}} {
		require.ErrorContains(t, b.AddSums(uint64(bad[0]), bad[1], bad[2]), "no whole numbers", "%v", bad)
	}
	require.Equal(t, a, b)
	var c, d tally.Cross
	require.NoError(t, c.AddBatch([][]int64{{1, 2, 3}, {4, -5, 6}, {0, 0, 7}}))
	require.NoError(t, d.AddSums(3, []int64{6, 5, 7}, []int64{14, 77, 49}, []int64{12, 21, 42}))
	require.Equal(t, c, d)
	require.ErrorIs(t, d.AddSums(3, []int64{6, 5}, []int64{14, 77}, []int64{12}), bangkom.ErrShape)
	require.ErrorIs(t, d.AddSums(3, []int64{6, 5, 7}, []int64{14, 77, 49}, []int64{12}), bangkom.ErrShape)
	require.ErrorContains(t, d.AddSums(3, []int64{6, 5, 7}, []int64{14, 77, 49}, []int64{12, 99, 42}), "no whole numbers")
	require.ErrorContains(t, d.AddSums(3, []int64{6, 5, 7}, []int64{14, 77, -49}, []int64{12, 21, 42}), "no whole numbers")
	require.Equal(t, c, d)
}

// Means and squares against rational numbers.
func TestRoundedOnce(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 1))
	for range 200 {
		n := 1 + rng.IntN(20)
		var c tally.Cross
		var g tally.Gram
		sx, sy, sxy := new(big.Int), new(big.Int), new(big.Int)
		for range n {
			x, y := rng.Int64N(1<<uint(1+rng.IntN(39)))-rng.Int64N(1000), int64(1)<<38+rng.Int64N(9)
			require.NoError(t, c.Add([]int64{x, y}))
			require.NoError(t, g.Add([]float64{float64(x), float64(y)}))
			sx.Add(sx, big.NewInt(x))
			sy.Add(sy, big.NewInt(y))
			sxy.Add(sxy, new(big.Int).Mul(big.NewInt(x), big.NewInt(y)))
		}
		require.Equal(t, sxy, c.Product(0, 1))
		exact := new(big.Rat).SetFrac(new(big.Int).Mul(sx, sy), big.NewInt(int64(n)))
		want, _ := exact.Sub(new(big.Rat).SetInt(sxy), exact).Float64()
		require.Equal(t, want, c.Centred(0, 1))
		require.Equal(t, want, g.Centred(1, 0), "32 digits and one rounding")
		mean, _ := new(big.Rat).SetFrac(sx, big.NewInt(int64(n))).Float64()
		require.Equal(t, mean, c.Mean(0))
		require.Equal(t, mean, g.Mean(0))
	}
}

// nist reads a univariate set: its certified mean and standard deviation, and its data as text.
func nist(t *testing.T, name string) (mean, sd float64, data []string) {
	text, err := os.ReadFile(ref.Shared(t, "data", "evaluation", "nist", "univariate", name+".dat"))
	require.NoError(t, err)
	lines := strings.Split(strings.ReplaceAll(string(text), "\r", ""), "\n")
	last := 0
	for i, l := range lines {
		if strings.HasPrefix(strings.TrimSpace(l), "----") {
			last = i
		}
		number := func() float64 {
			v, err := strconv.ParseFloat(strings.Fields(l[strings.LastIndex(l, ":")+1:])[0], 64)
			require.NoError(t, err)
			return v
		}
		switch {
		case strings.HasPrefix(l, "Sample Mean"):
			mean = number()
		case strings.HasPrefix(l, "Sample Standard"):
			sd = number()
		}
	}
	for _, l := range lines[last+1:] {
		if l = strings.TrimSpace(l); l != "" {
			data = append(data, l)
		}
	}
	require.Greater(t, len(data), 2)
	return mean, sd, data
}

// digits is −log10 of the relative error, as NIST counts agreement.
func digits(want, got float64) float64 {
	if want == got {
		return 16
	}
	return -math.Log10(math.Abs((got - want) / want))
}

// NIST's univariate sets: doubles reach what the doubles hold, decimal numbers
// counted as whole numbers of their last unit reach all of it.
func TestNIST(t *testing.T) {
	for name, ceiling := range map[string]float64{"Lew": 15, "Lottery": 15, "Mavro": 13.1, "Michelso": 13.8, "NumAcc1": 15, "NumAcc2": 15, "NumAcc3": 9.5, "NumAcc4": 8.25} {
		mean, sd, data := nist(t, name)
		places := 0
		for _, x := range data {
			if i := strings.IndexByte(x, '.'); i >= 0 {
				places = max(places, len(x)-i-1)
			}
		}
		unit := math.Pow10(places)
		var m tally.Moments
		parts := make([]tally.Gram, 3)
		for i, x := range data {
			f, err := strconv.ParseFloat(x, 64)
			require.NoError(t, err)
			require.NoError(t, m.Add(int64(math.Round(f*unit))))
			require.NoError(t, parts[i%3].Add([]float64{f}))
		}
		whole := tally.Gram{}
		for i := range parts {
			require.NoError(t, whole.Merge(&parts[i]))
		}
		require.GreaterOrEqual(t, digits(mean, whole.Mean(0)), 14.5, name)
		got := math.Sqrt(whole.Centred(0, 0) / float64(whole.N()-1))
		require.GreaterOrEqual(t, digits(sd, got), ceiling-.3, "%s: sd %v", name, got)
		require.GreaterOrEqual(t, digits(mean, m.Mean()/unit), 14.5, name)
		require.GreaterOrEqual(t, digits(sd, math.Sqrt(m.Variance())/unit), 14.3, "%s: exact", name)
	}
}

// A pattern table is the respondents it counts: LSAT6 (Bock and Lieberman, 1970).
func TestLikertItemsOfPatterns(t *testing.T) {
	l := likert(t, 0, 2, 5)
	const patterns = "00000:3 00001:6 00010:2 00011:11 00100:1 00101:1 00110:3 00111:4 01000:1 01001:8 01011:16 01101:3 01110:2 01111:15 10000:10 10001:29 10010:14 10011:81 10100:3 10101:28 10110:15 10111:80 11000:16 11001:56 11010:21 11011:173 11100:11 11101:61 11110:28 11111:298"
	for _, p := range strings.Fields(patterns) {
		answers, count, _ := strings.Cut(p, ":")
		n, err := strconv.ParseUint(count, 10, 64)
		require.NoError(t, err)
		var row []tally.Cell
		for _, a := range answers {
			row = append(row, tally.Cell(a-'0'+1))
		}
		require.NoError(t, l.AddN(row, n))
	}
	mean, cov := l.Covariance()
	require.Equal(t, []float64{.924, .709, .553, .763, .870}, mean)
	total, trace := 0., 0.
	for i := range cov {
		trace += cov[i][i]
		for j := range cov {
			total += cov[i][j]
		}
	}
	ref.Close(t, "alpha", .294997192215944, 5./4*(1-trace/total), 1e-13)
	require.Equal(t, uint64(709), l.Item(1).Count(2))
	require.Equal(t, int64(924), l.Sum(0))
}

// Accessors give copies.
func TestCopies(t *testing.T) {
	var g tally.Groups
	var c tally.Clusters
	require.NoError(t, g.Add("a", 1))
	require.NoError(t, c.Add("a", []int64{1}))
	for _, m := range g.All() {
		require.NoError(t, m.Add(5))
	}
	require.NoError(t, g.Of("a").Add(5))
	for _, x := range c.All() {
		require.NoError(t, x.Add([]int64{5}))
	}
	require.NoError(t, c.Whole().Add([]int64{7}))
	require.Equal(t, uint64(1), g.Of("a").N())
	require.Equal(t, uint64(1), c.Whole().N())
}

func TestCrosstabTable(t *testing.T) {
	var c tally.Crosstab
	require.NoError(t, c.AddBatch([]string{"b", "a", "b"}, []string{"y", "y", "x"}))
	rows, cols, counts := c.Table()
	require.Equal(t, []string{"a", "b"}, rows)
	require.Equal(t, []string{"x", "y"}, cols)
	require.Equal(t, [][]uint64{{0, 1}, {1, 1}}, counts)
	require.Equal(t, uint64(3), c.Total())
	require.Zero(t, c.Count("a", "x"))
}

package num_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom/internal/num"
	"github.com/bangkom/bangkom/internal/ref"
)

func upTo(n int) []float64 {
	r := make([]float64, n)
	for i := range r {
		r[i] = float64(i + 1)
	}
	return r
}

func TestRankDistributionsAgainstR(t *testing.T) {
	ref.Close(t, "psignrank", .0242204666137695, num.SignedRank(upTo(20)).CDF(52), 1e-13)
	// pwilcox counts from 0, the rank sum from m(m+1)/2.
	ref.Close(t, "pwilcox", .0251621443571908, num.RankSum(upTo(22), 10).CDF(30+55), 1e-13)
	ref.Close(t, "mirrored", .0251621443571908, num.RankSum(upTo(22), 12).CDF(30+78), 1e-13)
}

// tiedRanks draws mid-ranks with ties.
func tiedRanks(r *rand.Rand, n, levels int) []float64 {
	xs := make([]float64, n)
	for i := range xs {
		xs[i] = float64(r.IntN(levels))
	}
	ranks, _ := num.Ranks(xs)
	return ranks
}

func TestRankDistributionsByEnumeration(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 60 {
		n := 1 + r.IntN(9)
		ranks := tiedRanks(r, n, 1+r.IntN(6))
		l := num.SignedRank(ranks)
		at := float64(r.IntN(n*(n+1)+2)) / 2
		var below, above float64
		for set := range 1 << n {
			v := 0.0
			for i, x := range ranks {
				if set>>i&1 == 1 {
					v += x
				}
			}
			if v <= at {
				below++
			}
			if v >= at {
				above++
			}
		}
		require.InDelta(t, below/float64(int(1)<<n), l.CDF(at), 1e-14)
		require.InDelta(t, above/float64(int(1)<<n), l.Survival(at), 1e-14)

		m := r.IntN(n + 1)
		l = num.RankSum(ranks, m)
		below, above = 0, 0
		var all float64
		for set := range 1 << n {
			v, k := 0.0, 0
			for i, x := range ranks {
				if set>>i&1 == 1 {
					v += x
					k++
				}
			}
			if k != m {
				continue
			}
			all++
			if v <= at {
				below++
			}
			if v >= at {
				above++
			}
		}
		require.InDelta(t, below/all, l.CDF(at), 1e-13, "%v, %d", ranks, m)
		require.InDelta(t, above/all, l.Survival(at), 1e-13)
	}
}

func TestRankProductByEnumeration(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 1))
	for range 20 {
		n := 1 + r.IntN(6)
		a, b := tiedRanks(r, n, 4), tiedRanks(r, n, 7)
		l := num.RankProduct(a, b)
		require.InDelta(t, 1, num.Sum(l.P), 1e-13)
		counts := map[float64]float64{}
		var all float64
		var permute func(k int, b []float64)
		permute = func(k int, b []float64) {
			if k == n {
				counts[num.Dot(a, b)]++
				all++
				return
			}
			for i := k; i < n; i++ {
				b[k], b[i] = b[i], b[k]
				permute(k+1, b)
				b[k], b[i] = b[i], b[k]
			}
		}
		permute(0, slices.Clone(b))
		for v := range counts {
			var below float64
			for u, c := range counts {
				if u <= v+1e-9 {
					below += c
				}
			}
			require.InDelta(t, below/all, l.CDF(v), 1e-13)
		}
	}
}

func TestKendallScore(t *testing.T) {
	l := num.KendallScore(4) // 1 3 5 6 5 3 1 of 24
	for i, c := range []float64{1, 3, 5, 6, 5, 3, 1} {
		require.InDelta(t, c/24, l.P[i], 1e-16)
	}
}

func TestExactTailsReachFar(t *testing.T) {
	// All of 500 positive: 2⁻⁵⁰⁰.
	l := num.SignedRank(upTo(500))
	ref.Close(t, "tail", math.Pow(2, -500), l.Survival(500*501/2), 1e-12)
	require.InDelta(t, 1, num.Sum(l.P), 1e-12)
	r := num.RankSum(upTo(200), 100)
	require.InDelta(t, 1, num.Sum(r.P), 1e-11)
	lg := func(n float64) float64 { g, _ := math.Lgamma(n + 1); return g }
	ref.Close(t, "tail", math.Exp(2*lg(100)-lg(200)), r.CDF(5050), 1e-11)
}

func TestTiesAndRankSumsAgree(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	for range 200 {
		var groups [][]float64
		kind := r.IntN(4)
		for range 1 + r.IntN(15) {
			g := make([]float64, r.IntN(200))
			for i := range g {
				switch kind {
				case 0:
					g[i] = float64(r.IntN(9) - 4)
				case 1:
					g[i] = r.NormFloat64()
				case 2:
					g[i] = float64(r.IntN(7)) / 3 * 1e6
				default:
					g[i] = float64(r.IntN(9)-4) * 20000
				}
			}
			groups = append(groups, g)
		}
		var all []float64
		for _, g := range groups {
			all = append(all, g...)
		}
		ranks, ties := num.Ranks(all)
		got, gotTies := num.RankSums(groups)
		require.Equal(t, ties, gotTies)
		rest := ranks
		for i, g := range groups {
			require.InDelta(t, num.Sum(rest[:len(g)]), got[i], 1e-9)
			rest = rest[len(g):]
		}
		sorted := slices.Clone(all)
		slices.Sort(sorted)
		require.Equal(t, len(sorted), len(num.Sorted(all)))
		for i, x := range num.Sorted(all) {
			require.Equal(t, sorted[i], x)
		}
		a, b := groups[0], all[len(groups[0]):]
		na, nb := 0, 0
		last := math.Inf(-1)
		for _, tie := range num.Ties(a, b) {
			require.Greater(t, tie.Value, last)
			last = tie.Value
			na, nb = na+tie.A, nb+tie.B
		}
		require.Equal(t, [2]int{len(a), len(b)}, [2]int{na, nb})
		signed, zeros := num.SignedTies(all)
		last = 0
		total := zeros
		for _, tie := range signed {
			require.Greater(t, tie.Value, last)
			last = tie.Value
			total += tie.A + tie.B
		}
		require.Equal(t, len(all), total)
	}
}

func TestSortOfMany(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 2))
	xs := make([]float64, 20000)
	for i := range xs {
		xs[i] = math.Exp(20*r.NormFloat64()) * float64(r.IntN(3)-1)
	}
	want := slices.Clone(xs)
	slices.Sort(want)
	for i, x := range num.Sorted(xs) {
		require.Equal(t, want[i]+0, x)
	}
}

func TestPairwiseAgainstAllPairs(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 1))
	draw := func(n, kind int) ([]num.Weighted, []float64) {
		var ws []num.Weighted
		var all []float64
		at := r.NormFloat64()
		if kind == 1 { // whole numbers about nought, which has two signs
			at = float64(r.IntN(5) - 4)
		}
		for range n {
			switch kind {
			case 0:
				at += r.ExpFloat64()
			case 1:
				at += float64(1 + r.IntN(2))
			default:
				at += math.Exp(8 * r.NormFloat64())
			}
			w := num.Weighted{Value: at, N: 1}
			if kind == 1 {
				w.N = 1 + r.IntN(30)
			}
			ws = append(ws, w)
			for range w.N {
				all = append(all, at)
			}
		}
		return ws, all
	}
	for i := range 120 {
		kind := i % 3
		x, xs := draw(1+r.IntN(60), kind)
		y, ys := draw(1+r.IntN(60), kind)
		var walsh, sums []float64
		for i, a := range xs {
			for _, b := range xs[i:] {
				walsh = append(walsh, a+b)
			}
			for _, b := range ys {
				sums = append(sums, a+b)
			}
		}
		for _, c := range []struct {
			p   *num.Pairwise
			all []float64
		}{{num.NewWalsh(x), walsh}, {num.NewSums(x, y), sums}} {
			slices.Sort(c.all)
			require.Equal(t, float64(len(c.all)), c.p.Total())
			for range 8 {
				k := 1 + r.IntN(len(c.all))
				require.Equal(t, c.all[k-1], c.p.Kth(float64(k)))
			}
			require.Equal(t, c.all[0], c.p.Kth(1))
			require.Equal(t, c.all[len(c.all)-1], c.p.Kth(c.p.Total()))
			n := len(c.all)
			require.InEpsilon(t, 1+(c.all[(n-1)/2]+c.all[n/2])/2, 1+c.p.Median(), 1e-14)
		}
	}
}

// Of many values the k-th sum is proved by counting: fewer than k are smaller,
// and at least k are not larger.
func TestPairwiseOfMany(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 2))
	kinds := []func(i int) float64{
		func(int) float64 { return r.NormFloat64() },
		func(int) float64 { return math.Exp(8 * r.NormFloat64()) },
		func(i int) float64 { return float64(i) / 10 }, // sums that are tied
		func(int) float64 { return math.Floor(r.NormFloat64()*3)*1e6 + r.Float64() },
	}
	upTo := func(x, y []num.Weighted, v float64, walsh bool) (less, most int) {
		a, b := 0, 0
		for i := len(x) - 1; i >= 0; i-- {
			for a < len(y) && x[i].Value+y[a].Value < v {
				a++
			}
			for b < len(y) && x[i].Value+y[b].Value <= v {
				b++
			}
			less, most = less+a, most+b
			if walsh && 2*x[i].Value < v {
				less++
			}
			if walsh && 2*x[i].Value <= v {
				most++
			}
		}
		if walsh {
			return less / 2, most / 2
		}
		return less, most
	}
	for i, kind := range kinds {
		for _, n := range []int{1000, 1501, 20_000, 33_333} {
			var lists [2][]num.Weighted
			for l, m := range []int{n, n*2/3 + 500} {
				xs := make([]float64, m)
				for i := range xs {
					xs[i] = kind(i)
				}
				for _, v := range num.Sorted(xs) {
					lists[l] = append(lists[l], num.Weighted{Value: v, N: 1})
				}
			}
			x, y := lists[0], lists[1]
			for walsh, p := range map[bool]*num.Pairwise{true: num.NewWalsh(x), false: num.NewSums(x, y)} {
				other := y
				if walsh {
					other = x
				}
				ks := []float64{1, 2, p.Total(), math.Floor(p.Total() / 2), math.Floor(p.Total()/2) + 1}
				for range 3 {
					ks = append(ks, 1+math.Floor(r.Float64()*p.Total()))
				}
				for _, k := range ks {
					v := p.Kth(k)
					less, most := upTo(x, other, v, walsh)
					if float64(less) >= k || float64(most) < k {
						t.Errorf("kind %d, n = %d, Walsh %v: number %.0f is %v: %d are less, %d no more", i, n, walsh, k, v, less, most)
					}
				}
			}
		}
	}
}

func TestShapiroWilkAgainstR(t *testing.T) {
	var cases []struct {
		X    []float64
		W, P float64
	}
	ref.Load(t, "shapiro", &cases)
	require.NotEmpty(t, cases)
	for i, c := range cases {
		w, p := num.ShapiroWilk(num.Sorted(c.X))
		ref.Close(t, "W", c.W, w, 1e-11)
		// p hangs on 1 − W, which R has as a difference.
		if !(math.Abs(p-c.P) <= 1e-9*c.P+1e-15) {
			t.Errorf("case %d (n = %d): p %v, R %v", i, len(c.X), p, c.P)
		}
	}
}

func BenchmarkSignedRank500(b *testing.B) {
	for b.Loop() {
		_ = num.SignedRank(upTo(500))
	}
}

func BenchmarkRankSum100of200(b *testing.B) {
	for b.Loop() {
		_ = num.RankSum(upTo(200), 100)
	}
}

func BenchmarkRankProduct11(b *testing.B) {
	for b.Loop() {
		_ = num.RankProduct(upTo(11), upTo(11))
	}
}

func BenchmarkWalshMedian1e6(b *testing.B) {
	r := rand.New(rand.NewPCG(5, 1))
	xs := make([]num.Weighted, 1_000_000)
	for i := range xs {
		xs[i] = num.Weighted{Value: r.NormFloat64(), N: 1}
	}
	slices.SortFunc(xs, func(a, b num.Weighted) int {
		if a.Value < b.Value {
			return -1
		}
		return 1
	})
	for b.Loop() {
		_ = num.NewWalsh(xs).Median()
	}
}

func BenchmarkSort1e6(b *testing.B) {
	r := rand.New(rand.NewPCG(5, 1))
	xs := make([]float64, 1_000_000)
	for i := range xs {
		xs[i] = r.NormFloat64()
	}
	for b.Loop() {
		_ = num.Sorted(xs)
	}
}

// Without ties, against whole numbers of any size: the largest value belongs to
// one of the first m ranks or not, f(m, n) = q^n f(m−1, n) + f(m, n−1).
func TestRankSumWithoutTies(t *testing.T) {
	type pair struct{ m, n int }
	known := map[pair][]*big.Int{}
	var ways func(m, n int) []*big.Int
	ways = func(m, n int) []*big.Int {
		if m == 0 || n == 0 {
			return []*big.Int{big.NewInt(1)}
		}
		if w, ok := known[pair{m, n}]; ok {
			return w
		}
		w := make([]*big.Int, m*n+1)
		for u := range w {
			w[u] = new(big.Int)
		}
		for u, x := range ways(m-1, n) {
			w[u+n].Add(w[u+n], x)
		}
		for u, x := range ways(m, n-1) {
			w[u].Add(w[u], x)
		}
		known[pair{m, n}] = w
		return w
	}
	for _, c := range []pair{{1, 1}, {1, 9}, {5, 5}, {10, 13}, {33, 33}, {36, 24}, {45, 80}} {
		want := ways(c.m, c.n)
		all := new(big.Int).Binomial(int64(c.m+c.n), int64(c.m))
		got := num.RankSum(upTo(c.m+c.n), c.m)
		if len(got.P) != len(want) || got.From != float64(c.m*(c.m+1)/2) || got.Step != 1 {
			t.Fatalf("%v: %d from %g by %g", c, len(got.P), got.From, got.Step)
		}
		for u, p := range got.P {
			w, _ := new(big.Rat).SetFrac(want[u], all).Float64()
			if math.Abs(p-w) > 1e-15*w {
				t.Fatalf("%v, U = %d: %g, want %g", c, u, p, w)
			}
		}
	}
}

// More sums are nought than are ever listed: nothing lies between the last number
// below it and nought itself, though −0 has bits of its own.
func TestPairwiseAllNought(t *testing.T) {
	var x, y []num.Weighted
	for i := range 400 {
		x = append(x, num.Weighted{Value: float64(i) / 10, N: 75})
	}
	for i := range 400 {
		y = append(y, num.Weighted{Value: -float64(399-i) / 10, N: 75})
	}
	require.Zero(t, num.NewSums(x, y).Median())
	both := slices.Concat(y[:399], x)
	require.Zero(t, num.NewWalsh(both).Median())
}

package needs_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/internal/ref"
	"github.com/bangkom/bangkom/needs"
	"github.com/bangkom/bangkom/stats/tally"
)

// F7: the p-values of Benjamini & Hochberg (1995), as p.adjust gives them.
func TestAdjustments(t *testing.T) {
	p := []float64{.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719, .6528, .7590, 1}
	for a, want := range map[needs.Adjustment][]float64{
		needs.BH:       {.0015, .003, .0095, .035625, .0603, .0638571428571, .0638571428571, .0645, .0765, .486, .581181818182, .714875, .753230769231, .813214285714, 1},
		needs.Holm:     {.0015, .0056, .0247, .114, .2211, .278, .278, .278, .3213, 1, 1, 1, 1, 1, 1},
		needs.Hochberg: {.0015, .0056, .0247, .114, .2211, .2682, .2682, .2752, .3213, 1, 1, 1, 1, 1, 1},
		needs.BY:       {.00497734348984, .00995468697969, .0315231754357, .118211907884, .200089208292, .211892622853, .211892622853, .214025770063, .253844517982, 1},
	} {
		got := a.P(p)
		printedAll(t, string(a), want, got[:len(want)])
	}
	nan := math.NaN()
	got := needs.Holm.P([]float64{nan, .01, .02})
	require.True(t, math.IsNaN(got[0]), "no test does not count")
	require.Equal(t, []float64{.02, .02}, got[1:])
	require.InDeltaSlice(t, []float64{.03, .06}, needs.Bonferroni.P([]float64{.015, .03}), 1e-15)
}

// The exact sign test against sums of integers, also where n is large.
func TestSignTestIsExact(t *testing.T) {
	for _, k := range [][2]uint64{{0, 1}, {0, 7}, {1, 5}, {3, 3}, {2, 400}, {180, 240}, {499, 501}, {900, 1100}, {4000, 4300}} {
		n := k[0] + k[1]
		c, sum := big.NewInt(1), new(big.Int)
		for i := uint64(0); i <= min(k[0], k[1]); i++ {
			sum.Add(sum, c)
			c.Mul(c, new(big.Int).SetUint64(n-i)).Quo(c, new(big.Int).SetUint64(i+1))
		}
		want, _ := new(big.Rat).SetFrac(sum.Lsh(sum, 1), new(big.Int).Lsh(big.NewInt(1), uint(n))).Float64()
		p := new(tally.Pairs)
		require.NoError(t, p.AddN(3, 1, k[0]))
		require.NoError(t, p.AddN(1, 3, k[1]))
		ref.Close(t, fmt.Sprint(k), min(1, want), needs.TestPairs(p).PSign, 1e-12)
	}
}

// Where the two tails are all there is, exactly 1 is left.
func TestExactOneIsOne(t *testing.T) {
	for k := uint64(1); k < 1000; k++ {
		p := new(tally.Pairs)
		require.NoError(t, p.AddN(3, 1, k))
		require.NoError(t, p.AddN(1, 3, k-1))
		x := needs.TestPairs(p)
		require.Equal(t, 1.0, x.PSign)
		if k <= 50 {
			require.Equal(t, 1.0, x.PExact)
		}
	}
}

// Degenerate is a word, not a number.
func TestNoCosmeticStatistic(t *testing.T) {
	p := new(tally.Pairs)
	require.True(t, math.IsNaN(needs.TestPairs(p).T))
	require.NoError(t, p.AddN(4, 2, 10))
	x := needs.TestPairs(p)
	require.True(t, math.IsNaN(x.T))
	require.Equal(t, 0.0, x.SDD)
	require.Equal(t, 2.0, x.MeanD)
	c := cubeOf(t, frame(1, 5), survey("4 4 4", "2 2 2")...)
	for _, m := range needs.Methods() {
		r := rank(t, c, m, quick).Items[0]
		if m.String() != "share-below" {
			require.True(t, math.IsNaN(r.Score.SE), m)
			require.True(t, r.Score.Warnings.Has("no-variation"), m)
		}
	}
	// RDS of −100 has an interval with a width, and says how.
	r := rank(t, c, needs.RDM, quick).Items[0]
	require.Equal(t, 100.0, r.Score.Value)
	require.Less(t, r.Score.CI.Lo, 100.0)
	require.Equal(t, "adjusted by half a person", r.Score.CI.Method)
}

// Locus has the discrepancy on its axis, not the satisfaction.
func TestLocusAxisIsDiscrepancy(t *testing.T) {
	d := detail[needs.LocusDetail](t, rank(t, f2(t), needs.Locus, quick), "a")
	printed(t, "gap", 16./9, *d.Gap)
}

func TestWantIsRequired(t *testing.T) {
	f := frame(1, 5)
	f.Want = needs.Required
	c := cubeOf(t, f, survey("4 5", "2 3")...)
	for _, m := range []needs.Method{needs.Borich, needs.BorichOwn, needs.IPA(needs.DataMean), needs.Locus, needs.PNI, needs.HennessyHicks} {
		_, err := needs.Rank(c, m, nil)
		require.True(t, bangkom.AsProblems(err, "").Has("want-is-required"), m)
		require.NotNil(t, rank(t, c, m, &needs.Options{RequiredAsImportance: true}))
	}
	for _, m := range []needs.Method{needs.ShareBelow, needs.RDM, needs.PNIModified} {
		rank(t, c, m, nil)
	}
	f.Scale.First = 0
	_, err := needs.Rank(cubeOf(t, f, survey("4", "2")...), needs.PNIModified, nil)
	require.True(t, bangkom.AsProblems(err, "").Has("ratio-scale"))
	_, err = needs.Rank(c, needs.RDM, &needs.Options{Missing: needs.AvailableMeans})
	require.True(t, bangkom.AsProblems(err, "").Has("needs-pairs"))
}

func TestPersonMean(t *testing.T) {
	c := cubeOf(t, frame(3, 5), survey("5.4 .2. 333", "32? 111 222")...)
	r := rank(t, c, needs.Borich, &needs.Options{Missing: needs.PersonMean(.5), Resamples: -1})
	x := byItem(r)["b"]
	require.False(t, x.Exact)
	require.Equal(t, 3, x.Score.N)
	// Filled: the first wants (5 + 4)/2; the second has answered one of three only.
	printed(t, "b", (4.5-2+2-1+3-2)/3*(4.5+2+3)/3, x.Score.Value)
	require.Equal(t, 1, byItem(r)["c"].Score.N, "not observed is not filled, nor what too few answers could fill")
	require.Equal(t, "person-mean(0.5)", r.Policy)
	var p needs.MissingPolicy
	for _, q := range []needs.MissingPolicy{needs.Pairwise, needs.Listwise, needs.AvailableMeans, needs.PairImportanceAll, needs.PersonMean(.75)} {
		b, err := q.MarshalText()
		require.NoError(t, err)
		require.NoError(t, p.UnmarshalText(b))
		require.Equal(t, q, p)
	}
	require.Error(t, p.UnmarshalText([]byte("person-mean(2)")))
	require.Error(t, p.UnmarshalText([]byte("zero")))
}

// F8: raking to margins, and Kish's effective number.
func TestRake(t *testing.T) {
	cells := []needs.WeightCell{{Segment: []string{"a", "x"}, N: 30}, {Segment: []string{"a", "y"}, N: 20}, {Segment: []string{"b", "x"}, N: 10}, {Segment: []string{"b", "y"}, N: 40}}
	margins := []needs.Margin{{0, "a", 400}, {0, "b", 600}, {1, "x", 500}, {1, "y", 500}}
	w, err := needs.Rake(cells, margins, nil)
	require.NoError(t, err)
	require.Equal(t, "converged", w.Status)
	for i, want := range []float64{10, 5, 20, 10} {
		ref.Close(t, "weight", want, w.Cells[i].Weight, 1e-9)
	}
	ref.Close(t, "deff", 1.15, w.Deff, 1e-9)
	ref.Close(t, "n_eff", 86.9565217391, w.NEff, 1e-9)
	require.Zero(t, cells[0].Weight, "the argument stays")
	for code, bad := range map[string][]needs.Margin{
		"empty-cell": append([]needs.Margin{{0, "c", 1}}, margins...), "margin": margins[1:], "shape": {{2, "a", 1}}, "duplicate-id": append(margins[:1:1], margins...),
	} {
		_, err := needs.Rake(cells, bad, nil)
		require.True(t, bangkom.AsProblems(err, "").Has(code), "%s: %v", code, err)
	}
	w, err = needs.Rake(cells, margins, &needs.RakeOptions{MaxRounds: 1})
	require.NoError(t, err)
	require.Equal(t, "stopped", w.Status)
	w, err = needs.Rake(cells, margins, &needs.RakeOptions{Trim: 1.5})
	require.NoError(t, err)
	require.Equal(t, 1, w.Trims)
	n, err := needs.NonResponse([]needs.WeightCell{{Segment: []string{"a"}, N: 5, Invited: 20}, {Segment: []string{"b"}, N: 10, Invited: 10}})
	require.NoError(t, err)
	require.Equal(t, 4.0, n.Cells[0].Weight)
	_, err = needs.NonResponse([]needs.WeightCell{{Segment: []string{"a"}, Invited: 20}})
	require.True(t, bangkom.AsProblems(err, "").Has("empty-cell"))
}

// Equal weights are no weights; weights of people and of their segments agree.
func TestWeights(t *testing.T) {
	rng := rand.New(rand.NewPCG(41, 42))
	all := answers(rng, 200, 3, 5, []string{"city", "clinic", "port"})
	f := frame(3, 5, agency)
	c := cubeOf(t, f, all...)
	var cells []needs.WeightCell
	weight := map[string]float64{"city": 1, "clinic": 2.5, "port": 7}
	for _, x := range c.WeightCells() {
		x.Weight = 3
		cells = append(cells, x)
	}
	same, err := needs.CellWeights(cells)
	require.NoError(t, err)
	for i := range cells {
		cells[i].Weight = weight[cells[i].Segment[0]]
	}
	uneven, err := needs.CellWeights(cells)
	require.NoError(t, err)
	f.Weighted = true
	for i := range all {
		all[i].Weight = weight[all[i].Segment[0]]
	}
	people := cubeOf(t, f, all...)
	for _, m := range needs.Methods() {
		plain, equal := rank(t, c, m, quick), rank(t, c, m, &needs.Options{Weights: same, Resamples: -1})
		a, b := rank(t, c, m, &needs.Options{Weights: uneven, Resamples: 300}), rank(t, people, m, &needs.Options{Resamples: 300})
		require.NotNil(t, equal.Weighting)
		require.InDelta(t, float64(c.People()), equal.Weighting.NEff, 1e-9)
		require.InDelta(t, a.Weighting.NEff, b.Weighting.NEff, 1e-9)
		require.Contains(t, a.Weighting.Caveat, "response")
		for i, x := range plain.Items {
			y := equal.Items[i]
			require.Equal(t, x.Item, y.Item)
			require.False(t, y.Exact)
			require.Equal(t, x.Rank, y.Rank)
			require.InDelta(t, x.Score.Value, y.Score.Value, 1e-9)
			require.InDelta(t, x.Score.SE, y.Score.SE, 1e-9*max(1, x.Score.SE)+.01*x.Score.SE*float64(boolInt(m.String() == "share-below")), m)
			require.InDelta(t, a.Items[i].Score.Value, b.Items[i].Score.Value, 1e-9)
			require.InDelta(t, a.Items[i].Score.SE, b.Items[i].Score.SE, 1e-9)
			require.InDelta(t, a.Items[i].PFirst, b.Items[i].PFirst, 1e-9)
		}
	}
	_, err = needs.Rank(c, needs.Borich, &needs.Options{Weights: func() *needs.Weights { w, _ := needs.CellWeights(cells[:1]); return w }()})
	require.True(t, bangkom.AsProblems(err, "").Has("no-weight"))
	for _, bad := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		require.Error(t, people.Add(&needs.Answer{Person: "new", Segment: []string{"city"}, Weight: bad, Want: all[0].Want, Have: all[0].Have}))
		_, err := needs.CellWeights([]needs.WeightCell{{Weight: bad, N: 1}})
		require.Error(t, err)
	}
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Linearised SE against the formula by hand, with integer weights 1 and 3.
func TestWeightedSE(t *testing.T) {
	f := frame(1, 5)
	f.Weighted = true
	want, have, w := []float64{5, 4, 3, 5, 2}, []float64{2, 4, 1, 3, 3}, []float64{1, 3, 1, 3, 1}
	var all []needs.Answer
	var sw, si, sd float64
	for i := range want {
		all = append(all, needs.Answer{Person: fmt.Sprint(i), Weight: w[i], Want: []tally.Cell{tally.Cell(want[i])}, Have: []tally.Cell{tally.Cell(have[i])}})
		sw, si, sd = sw+w[i], si+w[i]*want[i], sd+w[i]*(want[i]-have[i])
	}
	mi, md := si/sw, sd/sw
	var ss float64
	for i := range want {
		u := md*(want[i]-mi) + mi*(want[i]-have[i]-md)
		ss += w[i] * w[i] * u * u
	}
	x := rank(t, cubeOf(t, f, all...), needs.Borich, quick).Items[0].Score
	ref.Close(t, "value", mi*md, x.Value, 1e-12)
	ref.Close(t, "SE", math.Sqrt(5./4*ss)/sw, x.SE, 1e-12)
}

// Clusters and strata are drawn as they are declared.
func TestClustersAndStrata(t *testing.T) {
	rng := rand.New(rand.NewPCG(43, 44))
	units := make([]string, 30)
	for i := range units {
		units[i] = fmt.Sprint("u", i)
	}
	c := cubeOf(t, frame(4, 5, needs.Dimension{Name: "unit"}), answers(rng, 300, 4, 5, units)...)
	cl := rank(t, c, needs.MeanGap, &needs.Options{Cluster: "unit", Resamples: 500})
	require.Equal(t, 30, cl.Resampling.Units)
	st := rank(t, c, needs.MeanGap, &needs.Options{Strata: "unit", Resamples: 500})
	require.Equal(t, 300, st.Resampling.Units)
	_, err := needs.Rank(c, needs.MeanGap, &needs.Options{Cluster: "island"})
	require.ErrorIs(t, err, bangkom.ErrOption)
	few := cubeOf(t, frame(1, 5, needs.Dimension{Name: "unit"}), answers(rng, 4, 1, 5, []string{"a", "b", "c", "d"})...)
	require.NotPanics(t, func() { _, _ = needs.Rank(few, needs.MeanGap, &needs.Options{Strata: "unit", Resamples: 20}) })
}

// However the people come, the certainty of the ranks is the same.
func TestOrderOfPeopleDoesNotMatterToResampling(t *testing.T) {
	rng := rand.New(rand.NewPCG(45, 46))
	all := answers(rng, 40, 4, 5, nil)
	o := &needs.Options{Resamples: 300, Seed: 5}
	want := text(t, rank(t, cubeOf(t, frame(4, 5), all...), needs.Borich, o))
	rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	a, b := cubeOf(t, frame(4, 5), all[:15]...), cubeOf(t, frame(4, 5), all[15:]...)
	require.NoError(t, a.Merge(b))
	require.Equal(t, want, text(t, rank(t, a, needs.Borich, o)))
}

func TestCompareAndConsensus(t *testing.T) {
	c, err := needs.Compare(f2(t), needs.Methods(), &needs.Options{TopK: 2, Resamples: 50})
	require.NoError(t, err)
	require.Len(t, c.Methods, len(needs.Methods()))
	require.Equal(t, 2, c.K)
	by := map[competency.CompetencyID]needs.Compared{}
	for _, x := range c.Items {
		by[x.Item] = x
	}
	require.True(t, by["d"].Consensus)
	require.True(t, by["a"].Consensus)
	require.Contains(t, by["b"].Missing, "borich")
	require.Equal(t, []string{"ipa", "borich", "locus"}[1:], by["c"].Missing[len(by["c"].Missing)-2:])
	var back map[string]any
	require.NoError(t, json.Unmarshal([]byte(text(t, c)), &back))
	for i := range c.Methods {
		require.Equal(t, 1.0, c.Overlap[i][i])
		require.InDelta(t, 1, float64(c.Rho[i][i]), 1e-12)
	}
	require.Greater(t, float64(c.W), .5)
	_, err = needs.Compare(f2(t), nil, nil)
	require.ErrorIs(t, err, bangkom.ErrOption)
}

func TestHennessyHicksRoute(t *testing.T) {
	c := cubeOf(t, frame(3, 7), survey("664 773", "323 334")...)
	routes := cubeOf(t, frame(3, 7), survey("614 723", "323 334")...) // D, C
	r := rank(t, c, needs.HennessyHicksRoutes(routes), quick)
	require.Equal(t, "training", detail[needs.HennessyHicksDetail](t, r, "a").Route)
	require.Equal(t, "organisational", detail[needs.HennessyHicksDetail](t, r, "b").Route)
	require.Equal(t, "none", detail[needs.HennessyHicksDetail](t, r, "c").Route)
	require.Equal(t, "unknown", detail[needs.HennessyHicksDetail](t, rank(t, c, needs.HennessyHicks, quick), "a").Route)
}

func TestJPMAndCost(t *testing.T) {
	f := frame(2, 5)
	f.Want = needs.Required
	c := cubeOf(t, f, survey("44 42 44", "25 43 ??")...)
	x, err := needs.JPM(c, false)
	require.NoError(t, err)
	require.Equal(t, needs.Index{JPM: 100 * 14. / 14, Capped: 100 * 12. / 14, Required: 14, Attained: 14, Shortfall: 2, N: 4, NotAssessed: 2, Policy: "exclude"}, *x)
	z, err := needs.JPM(c, true)
	require.NoError(t, err)
	require.Equal(t, 100*14./22, z.JPM)
	require.LessOrEqual(t, z.Capped, z.JPM)
	j, _, err := needs.JPMByDomain(c, false, []needs.Domain{{"core", .75, []competency.CompetencyID{"a"}}, {"rest", .25, []competency.CompetencyID{"b"}}})
	require.NoError(t, err)
	require.InDelta(t, .75*100*6/8+.25*100*8/6, j, 1e-12)
	_, _, err = needs.JPMByDomain(c, false, []needs.Domain{{"core", .7, nil}})
	require.Error(t, err)

	r := rank(t, c, needs.ShareBelow, nil)
	costs, err := needs.Cost(r, []needs.Price{{Item: "a", Hours: 20 * bangkom.OneJP, PerHour: 50_000, Exposure: 2, Probability: .1, Loss: 1_000_000}})
	require.NoError(t, err)
	require.Equal(t, bangkom.Rupiah(1_000_000), costs[0].ToClose)
	require.Equal(t, bangkom.Rupiah(200_000), costs[0].ToIgnore)
	require.Less(t, costs[0].CloseCI[0], costs[0].ToClose)
	require.Greater(t, costs[0].CloseCI[1], costs[0].ToClose)
	_, err = needs.Cost(r, []needs.Price{{Item: "a", Probability: 2}})
	require.Error(t, err)
	require.False(t, math.IsNaN(needs.CSI(f2(t))))
}

// Own importance is the group's plus the covariance, exactly; NR + PR + TR = n.
func TestIdentities(t *testing.T) {
	rng := rand.New(rand.NewPCG(47, 48))
	for range 50 {
		c := cubeOf(t, frame(2, 7), answers(rng, 30, 2, 7, nil)...)
		for _, x := range rank(t, c, needs.Borich, quick).Items {
			p, _ := c.Table(x.Item)
			s := p.Sums()
			n := float64(s.N)
			cov := float64(s.WantSq-s.WantHave)/n - float64(s.Want)/n*float64(s.D())/n
			require.InDelta(t, cov, *x.Detail.(needs.BorichDetail).Covariance, 1e-12)
			require.Equal(t, uint64(s.N), x.NR+x.PR+x.TR)
		}
		for _, x := range rank(t, c, needs.RDM, quick).Items {
			require.LessOrEqual(t, math.Abs(x.Score.Value), 100.0)
		}
	}
}

// Where nothing is missing, every policy gives the same, resamples included.
func TestPoliciesAgreeOnCompleteData(t *testing.T) {
	for _, m := range []needs.Method{needs.Borich, needs.Locus} {
		want := rank(t, f9(t), m, nil)
		for _, p := range []needs.MissingPolicy{needs.Listwise, needs.AvailableMeans, needs.PairImportanceAll, needs.PersonMean(.5)} {
			got := rank(t, f9(t), m, &needs.Options{Missing: p})
			for i, x := range want.Items {
				y := got.Items[i]
				require.Equal(t, x.Item, y.Item)
				require.InDelta(t, x.Score.Value, y.Score.Value, 1e-12)
				require.Equal(t, x.PFirst, y.PFirst, "%s %s", m, p)
				require.InDelta(t, x.Resampled.Lo, y.Resampled.Lo, 1e-12)
				require.InDelta(t, x.Resampled.SD, y.Resampled.SD, 1e-12)
			}
		}
	}
}

// Conformity and PNImodified are over the same people on both sides.
func TestSamePeopleInBothSums(t *testing.T) {
	c := cubeOf(t, frame(1, 5), survey("5 . 4 3", "3 1 . 2")...)
	d := detail[needs.IPADetail](t, rank(t, c, needs.IPA(needs.DataMean), quick), "a")
	require.Equal(t, 100*5./8, *d.Conformity)
	require.Equal(t, 3./5, rank(t, c, needs.PNIModified, quick).Items[0].Score.Value)
}

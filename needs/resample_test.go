package needs_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/ref"
	"github.com/bangkom/bangkom/needs"
)

// Sums side by side in words of 8 or 16 bits are the sums of plain numbers, as
// they are taken where people have weights: here all 1.
func TestSumsInWordsAreSums(t *testing.T) {
	for _, k := range []struct{ levels, clusters int }{{5, 0}, {12, 0}, {5, 40}, {12, 40}, {12, 8}, {12, 3}} {
		t.Run(fmt.Sprint(k), func(t *testing.T) {
			rng := rand.New(rand.NewPCG(47, 48))
			units := make([]string, max(1, k.clusters))
			for i := range units {
				units[i] = fmt.Sprint("u", i)
			}
			all := answers(rng, 400, 23, k.levels, units)
			f := frame(23, k.levels, needs.Dimension{Name: "unit"})
			words := cubeOf(t, f, all...)
			f.Weighted = true
			for i := range all {
				all[i].Weight = 1
			}
			plain := cubeOf(t, f, all...)
			for _, m := range []needs.Method{needs.Borich, needs.BorichOwn, needs.RDM, needs.Shortfall} {
				o := &needs.Options{Resamples: 130, Seed: 9}
				if k.clusters > 0 {
					o.Cluster = "unit"
				}
				want, got := rank(t, plain, m, o), rank(t, words, m, o)
				require.Equal(t, want.Resampling, got.Resampling)
				for i := range want.Items {
					require.Equal(t, want.Items[i].Resampled, got.Items[i].Resampled)
				}
			}
		})
	}
}

// More resamples need no more memory blocks, but for what holds their scores.
func TestNoAllocationPerResample(t *testing.T) {
	c := surveyCube(t)
	for _, m := range []needs.Method{needs.Borich, needs.Locus, needs.IPA(needs.DataMedian)} {
		blocks := func(n int) float64 {
			return testing.AllocsPerRun(3, func() { rank(t, c, m, &needs.Options{Resamples: n}) })
		}
		require.InDelta(t, blocks(100), blocks(1100), 200, m)
	}
}

// One resample, or an item that hardly anybody was asked for: what is not known
// is null, and no interval is made of nothing.
func TestHardlyAnyResamples(t *testing.T) {
	c := cubeOf(t, frame(3, 5), survey("54. 33. 44. 55. 53. 43. 45. 54. 44. 33. 33. 333", "33. 22. 23. 34. 32. 33. 22. 21. 31. 22. 21. 331")...)
	for _, m := range needs.Methods() {
		for n := 1; n < 5; n++ {
			r := rank(t, c, m, &needs.Options{Resamples: n, Interval: "bootstrap"})
			for _, x := range r.Items {
				known := !math.IsNaN(x.Resampled.Lo)
				require.Equal(t, known, x.Score.CI.Method != "")
				require.True(t, known || x.Score.Warnings.Has("too-few"))
				require.Equal(t, x.Resampled.NoRank < 1, x.RankCI[0] > 0)
			}
			b, err := json.Marshal(r)
			require.NoError(t, err, m)
			var back needs.Ranking
			require.NoError(t, json.Unmarshal(b, &back))
			again, err := json.Marshal(&back)
			require.NoError(t, err)
			require.JSONEq(t, string(b), string(again))
		}
	}
}

// An importance below zero would turn a need into a surplus.
func TestImportanceBelowZero(t *testing.T) {
	f := frame(2, 5)
	f.Scale.First = -2
	c := cubeOf(t, f, survey("12 21", "11 11")...)
	for _, m := range []needs.Method{needs.Borich, needs.BorichOwn, needs.PNI, needs.PNIModified} {
		_, err := needs.Rank(c, m, nil)
		require.True(t, bangkom.AsProblems(err, "").Has("ratio-scale"), m)
	}
	rank(t, c, needs.MeanGap, nil)
}

// R's boot draws other resamples: all that is made of them agrees within 4.5
// standard errors of the difference of two simulations.
func TestResamplesAgainstRBoot(t *testing.T) {
	type summary struct {
		Score, Mean, SD, Lo, Hi []float64
		Ranks, Above            [][]float64
		Tau                     float64
	}
	var boot struct {
		Want, Have, Stratum []string
		Resamples           int
		People, Strata      map[string]summary
	}
	ref.Load(t, "boot", &boot)
	c := cubeOf(t, frame(5, 5, needs.Dimension{Name: "stratum"}))
	for i, s := range boot.Stratum {
		require.NoError(t, c.Add(&needs.Answer{Person: fmt.Sprint(i), Segment: []string{s}, Want: cells(boot.Want[i]), Have: cells(boot.Have[i])}))
	}
	for strata, methods := range map[string]map[string]summary{"": boot.People, "stratum": boot.Strata} {
		for name, want := range methods {
			m, ok := needs.MethodByName(name)
			require.True(t, ok)
			r := rank(t, c, m, &needs.Options{Resamples: boot.Resamples, Seed: 11, Strata: strata})
			within := 4.5 * math.Sqrt(2/float64(boot.Resamples))
			share := func(what string, p, got float64) {
				t.Helper()
				require.InDelta(t, p, got, within*math.Sqrt(max(p*(1-p), .0005)), "%s %s %s", name, strata, what)
			}
			at := func(x needs.Ranked) int { return int(x.Item[0] - 'a') }
			for row, x := range r.Items {
				i, sd := at(x), want.SD[at(x)]
				require.InDelta(t, want.Score[i], x.Score.Value, 1e-8)
				require.InDelta(t, want.Mean[i], x.Resampled.Mean, within*sd)
				require.InDelta(t, sd, x.Resampled.SD, within*sd) // √½ if normal
				require.InDelta(t, want.Lo[i], x.Resampled.Lo, 2.7*within*sd, "%s %s", name, x.Item)
				require.InDelta(t, want.Hi[i], x.Resampled.Hi, 2.7*within*sd, "%s %s", name, x.Item)
				for place, p := range want.Ranks[i] {
					share("rank", p, x.Resampled.Ranks[place])
				}
				for col, y := range r.Items {
					share("above", want.Above[i][at(y)], r.Resampling.Above[row][col])
				}
			}
			require.InDelta(t, want.Tau, r.Resampling.Tau, within*.3)
		}
	}
}

// Weights that would overflow, vanish or stand for nobody are refused, not
// divided by; those that are used may be on any scale.
func TestWeightsOfAnySize(t *testing.T) {
	f := frame(2, 5)
	f.Weighted = true
	score := func(scale float64) (*needs.Ranking, error) {
		rng := rand.New(rand.NewPCG(51, 52))
		c := cubeOf(t, f)
		for i, a := range answers(rng, 40, 2, 5, nil) {
			a.Weight = scale * float64(1+i%5)
			if err := c.Add(&a); err != nil {
				return nil, err
			}
		}
		return rank(t, c, needs.Borich, &needs.Options{Resamples: 200, Interval: "bootstrap"}), nil
	}
	want, err := score(1)
	require.NoError(t, err)
	for _, scale := range []float64{1e-49, 3, 1e49} {
		got, err := score(scale)
		require.NoError(t, err)
		for i, x := range got.Items {
			ref.Close(t, "score", want.Items[i].Score.Value, x.Score.Value, 1e-12)
			ref.Close(t, "se", want.Items[i].Score.SE, x.Score.SE, 1e-12)
			require.Equal(t, want.Items[i].RankSet, x.RankSet)
			require.Equal(t, want.Items[i].Resampled.Ranks, x.Resampled.Ranks)
		}
	}
	for _, scale := range []float64{0, -1, 1e-320, 1e308, math.Inf(1), math.NaN()} {
		_, err := score(scale)
		require.True(t, bangkom.AsProblems(err, "").Has("weight"), scale)
	}
	for _, cells := range [][]needs.WeightCell{nil, {{Weight: 1}}, {{Weight: 1e308, N: 1}}, {{Weight: 1, N: math.Inf(1)}}} {
		_, err := needs.CellWeights(cells)
		require.True(t, bangkom.AsProblems(err, "").Has("weight"), cells)
	}
}

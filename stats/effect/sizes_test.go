package effect_test

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/ref"
	"github.com/bangkom/bangkom/stats/effect"
)

type number struct{ V, SE, Lo, Hi, N *float64 }

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

func agrees(t *testing.T, what string, want number, got bangkom.Estimate, tol float64) {
	t.Helper()
	for _, p := range []struct {
		part string
		want *float64
		got  float64
	}{{"value", want.V, got.Value}, {"se", want.SE, got.SE}, {"lo", want.Lo, got.CI.Lo}, {"hi", want.Hi, got.CI.Hi}} {
		if p.want != nil && !(math.Abs(*p.want-p.got) <= tol*(1+math.Abs(*p.want))) {
			t.Errorf("%s %s: got %v, want %v", what, p.part, p.got, *p.want)
		}
	}
}

func TestAgainstEffectsize(t *testing.T) {
	var r struct {
		Cases []struct {
			A, B, Before, After                                       vector
			Level                                                     float64
			D, G, Unpooled, Glass, MatchedFull, Eta                   number
			CL, CLPaired, Superiority, Cliff, Matched, Omega, Epsilon float64
			Diffs                                                     int
		}
	}
	ref.Load(t, "effectsize", &r)
	require.Len(t, r.Cases, 200)
	const tol = 1e-8 // of limits: R's noncentral distributions are good to 1e-10
	for i, c := range r.Cases {
		at := func(s string) string { return fmt.Sprintf("case %d: %s", i, s) }
		get := func(e bangkom.Estimate, err error) bangkom.Estimate {
			t.Helper()
			require.NoError(t, err, i)
			return e
		}
		d := &effect.Options{Level: c.Level, Uncorrected: true}
		both := func(what string, want number, got bangkom.Estimate) {
			t.Helper()
			agrees(t, at(what), want, got, tol)
			agrees(t, at(what), number{V: want.V}, got, 1e-11)
		}
		both("d", c.D, get(effect.Independent(c.A, c.B, d)))
		if *c.G.V != 0 && i%4 == 0 {
			both("g", c.G, get(effect.Independent(c.A, c.B, &effect.Options{Level: c.Level})))
		}
		if i%2 == 0 {
			both("unpooled", c.Unpooled, get(effect.Independent(c.A, c.B, &effect.Options{Level: c.Level, Uncorrected: true, Unpooled: true})))
		}
		if i%2 == 1 {
			both("glass", c.Glass, get(effect.Glass(c.A, c.B, d)))
		}
		if i%4 == 0 {
			agrees(t, at("cl"), number{V: &c.CL}, get(effect.CommonLanguage(c.A, c.B, d)), 1e-11)
		}
		cl := get(effect.CommonLanguagePaired(c.Before, c.After, d)).Value
		agrees(t, at("cl paired"), number{V: &c.CLPaired}, bangkom.Estimate{Value: math.Erf(math.Erfinv(2*cl-1)/math.Sqrt2)/2 + .5}, 1e-9)
		agrees(t, at("A"), number{V: &c.Superiority}, get(effect.Superiority(c.A, c.B, d)), 1e-12)
		agrees(t, at("cliff"), number{V: &c.Cliff}, get(effect.CliffDelta(c.A, c.B, d)), 1e-12)
		agrees(t, at("rank-biserial"), number{V: &c.Cliff}, get(effect.RankBiserial(c.A, c.B, d)), 1e-12)
		m := get(effect.MatchedRankBiserial(c.Before, c.After, d))
		agrees(t, at("matched"), number{V: &c.Matched}, m, 1e-12)
		if math.Abs(c.Matched) < 1 && c.Diffs == m.N && c.MatchedFull.V != nil {
			agrees(t, at("matched"), c.MatchedFull, m, 1e-11)
		}
		v, err := effect.Explained([][]float64{c.A, c.B, c.After}, &effect.ExplainedOptions{Level: c.Level, Conversion: effect.DFError})
		require.NoError(t, err)
		both("eta", c.Eta, v.Eta2)
		v.Omega2.Value, v.Epsilon2.Value = max(0, v.Omega2.Value), max(0, v.Epsilon2.Value) // R cuts them
		agrees(t, at("omega"), number{V: &c.Omega}, v.Omega2, 1e-11)
		agrees(t, at("epsilon"), number{V: &c.Epsilon}, v.Epsilon2, 1e-11)
	}
}

func TestAgainstFormulas(t *testing.T) {
	var r struct {
		Cases []struct {
			A, B, C, D, X, Y []float64
			Level            float64
			Cliff, Morris    number
			Paired           map[string]number
			Gain             struct {
				Cls, Jack float64
				Ind, C    *float64
				N, NC     int
			}
		}
	}
	ref.Load(t, "formulas", &r)
	require.Len(t, r.Cases, 200)
	for i, c := range r.Cases {
		at := func(s string) string { return fmt.Sprintf("case %d: %s", i, s) }
		o := &effect.Options{Level: c.Level, Normal: true}
		cliff, err := effect.CliffDelta(c.A, c.C, o)
		require.NoError(t, err)
		if math.Abs(cliff.Value) == 1 {
			c.Cliff = number{V: c.Cliff.V}
		}
		agrees(t, at("cliff"), c.Cliff, cliff, 1e-12)
		for by := effect.Average; by <= effect.MeanSD; by++ {
			g, err := effect.Paired(c.A, c.B, by, o)
			if by == effect.RepeatedMeasures && c.Paired["rm"].SE != nil && *c.Paired["rm"].SE < 1e-6 {
				require.ErrorIs(t, err, bangkom.ErrNoVariation, "the occasions are correlated perfectly")
				continue
			}
			require.NoError(t, err)
			agrees(t, at(by.String()), c.Paired[by.String()], g, 1e-9)
			if i%8 != 0 {
				continue
			}
			n, err := effect.Paired(c.A, c.B, by, &effect.Options{Level: c.Level})
			require.NoError(t, err)
			require.InDelta(t, g.Value, n.Value, 1e-12)
			require.True(t, n.CI.Contains(n.Value), at(by.String()))
		}
		if len(c.A)+len(c.C) >= 5 {
			m, err := effect.PrePostControl(c.A, c.B, c.C, c.D, o)
			require.NoError(t, err)
			agrees(t, at("morris"), c.Morris, m, 1e-9)
		}
		g, err := effect.NormalizedGain(c.X, c.Y, 0, 10, o)
		require.NoError(t, err)
		agrees(t, at("class"), number{V: &c.Gain.Cls}, g.Class, 1e-12)
		agrees(t, at("individual"), number{V: c.Gain.Ind}, g.Individual, 1e-12)
		agrees(t, at("change"), number{V: c.Gain.C}, g.Change, 1e-12)
		require.Equal(t, c.Gain.N, g.Individual.N, i)
		require.Equal(t, c.Gain.NC, g.Change.N, i)
		if len(c.X) >= 20 && c.Gain.Cls > -1 { // the jackknife is a second, larger witness of the delta method
			require.InEpsilon(t, c.Gain.Jack, g.Class.SE, .25, i)
		}
	}
}

func TestSleepByEveryDivisor(t *testing.T) {
	for _, c := range []struct {
		by           effect.Divisor
		d, g, lo, hi float64
	}{
		{effect.Average, .83218108134954, .7605093956701, .393565975473, 1.127452815867},
		{effect.MeanSD, .833496341312704, math.NaN(), math.NaN(), math.NaN()},
		{effect.RepeatedMeasures, .822176638386309, .7513665864397, .3320207069302, 1.170712465949},
		{effect.Before, .883170190360538, .807107062150144, math.NaN(), math.NaN()},
		{effect.After, math.NaN(), .7211503262394, .2401944944527, 1.202106158026},
		{effect.Difference, 1.28455756259105, 1.173924903514, .4087309775108, 1.939118829518},
	} {
		d, err := effect.Paired(sleep1, sleep2, c.by, cohen)
		require.NoError(t, err)
		g, err := effect.Paired(sleep1, sleep2, c.by, &effect.Options{Normal: true})
		require.NoError(t, err)
		for _, p := range [][2]float64{{c.d, d.Value}, {c.g, g.Value}, {c.lo, g.CI.Lo}, {c.hi, g.CI.Hi}} {
			if !math.IsNaN(p[0]) {
				ref.Close(t, c.by.String(), p[0], p[1], 1e-11)
			}
		}
	}
	cl, err := effect.CommonLanguage(sleep2, sleep1, nil)
	require.NoError(t, err)
	ref.Close(t, "CL", .721881799344122, cl.Value, 1e-13)
	a, err := effect.Superiority(sleep2, sleep1, nil)
	require.NoError(t, err)
	require.Equal(t, .745, a.Value)
	r, err := effect.MatchedRankBiserial(sleep1, sleep2, nil)
	require.NoError(t, err)
	require.Equal(t, 1.0, r.Value)
	require.True(t, r.Warnings.Has("complete-separation"))
	require.Zero(t, r.CI)
}

// Dobson (1983), weights of plants under three conditions.
var plants = [][]float64{
	{4.17, 5.58, 5.18, 6.11, 4.50, 4.61, 5.17, 4.53, 5.33, 5.14},
	{4.81, 4.17, 4.41, 3.59, 5.87, 3.83, 6.03, 4.89, 4.32, 4.69},
	{6.31, 5.12, 5.54, 5.50, 5.37, 5.29, 4.92, 6.15, 5.80, 5.26},
}

func TestPlantGrowth(t *testing.T) {
	v, err := effect.Explained(plants, nil)
	require.NoError(t, err)
	ref.Close(t, "F", 4.84608786238014, v.F, 1e-12)
	ref.Close(t, "p", .0159099583256229, v.P, 1e-11)
	ref.Close(t, "eta", .26414829683212, v.Eta2.Value, 1e-12)
	ref.Close(t, "omega", .204078845989971, v.Omega2.Value, 1e-12)
	ref.Close(t, "epsilon", .209640763264129, v.Epsilon2.Value, 1e-12)
	ref.Close(t, "lo", .00990396856206, v.Eta2.CI.Lo, 1e-11)
	ref.Close(t, "hi", .4638964673063, v.Eta2.CI.Hi, 1e-12)
	w, err := effect.ExplainedF(v.F, 2, 27, &effect.ExplainedOptions{Conversion: effect.DFError})
	require.NoError(t, err)
	ref.Close(t, "lo", .30009115017894/27.30009115017894, w.Eta2.CI.Lo, 1e-12) // effectsize stops at .0109923125347
	ref.Close(t, "hi", 25.959340258891/52.959340258891, w.Eta2.CI.Hi, 1e-12)   // and at .4901748875642
}

func TestPrePostControlOfAnorexia(t *testing.T) {
	rows := anorexia(t)
	ft, cont := rows["FT"], rows["Cont"]
	d, err := effect.PrePostControl(ft[0], ft[1], cont[0], cont[1], nil)
	require.NoError(t, err)
	ref.Close(t, "d_ppc2", 1.38998245699, d.Value, 1e-11)
}

func TestReliableChange(t *testing.T) {
	known := bangkom.Estimate{Value: .8}
	c, err := effect.ReliableChange([]float64{47.5, 40, math.NaN(), 52}, []float64{32.5, 41, 30, 58}, known,
		&effect.ChangeOptions{SD: 7.5, LowerIsBetter: true, Norms: &effect.Norms{LackingMean: 60, LackingSD: 7.5, HavingMean: 40, HavingSD: 7.5}})
	require.NoError(t, err)
	ref.Close(t, "SE", 3.35410196624968, c.SE, 1e-14)
	ref.Close(t, "S_diff", 4.74341649025257, c.SDDiff, 1e-14)
	ref.Close(t, "RC", -3.16227766016838, c.Persons[0].RC, 1e-14)
	require.Equal(t, 50.0, c.Cutoff)
	require.Equal(t, effect.Improved, c.Persons[0].Class) // below the cut-off before: not across
	require.Equal(t, effect.Unknown, c.Persons[2].Class)
	require.Equal(t, map[string]int{effect.Improved: 1, effect.Unchanged: 2, effect.Unknown: 1}, c.Counts)
	require.True(t, c.Smallest.Warnings.Has("reliability-as-known"))

	unsure := known
	unsure.CI = bangkom.Interval{Lo: .4, Hi: .95, Level: .95}
	c, err = effect.ReliableChange([]float64{50, 50, 50}, []float64{56, 62, 80}, unsure, &effect.ChangeOptions{SD: 7.5})
	require.NoError(t, err)
	require.Equal(t, 2, c.Unsure)
	require.True(t, c.Persons[2].Sure)
	require.True(t, c.Smallest.CI.Contains(c.Smallest.Value))
}

func TestHake(t *testing.T) {
	g, err := effect.NormalizedGain([]float64{40, 50, 60, 70, 80, 90}, []float64{70, 65, 60, 85, 75, 100}, 0, 100, nil)
	require.NoError(t, err)
	ref.Close(t, "class", .309523809523809, g.Class.Value, 1e-14)
	ref.Close(t, "mean of g", .341666666666667, g.Individual.Value, 1e-14)
	ref.Close(t, "c", .372916666666667, g.Change.Value, 1e-14)
	require.Equal(t, -.0625, g.Persons[4].Change)

	g, err = effect.NormalizedGain([]float64{10, 4, 0, math.NaN()}, []float64{10, 7, 0, 3}, 0, 10, nil)
	require.NoError(t, err)
	require.Equal(t, 2, g.Individual.N)
	require.Equal(t, 1, g.Change.N)
	require.True(t, g.Individual.Warnings.Has("at-ceiling"))
	require.True(t, g.Change.Warnings.Has(bangkom.ErrTooFew.Code))
}

func TestLawsOfOrder(t *testing.T) {
	a, b := []float64{1, 2, 2, 5, 7}, []float64{0, 2, 3, 3}
	x, err := effect.CliffDelta(a, b, nil)
	require.NoError(t, err)
	y, err := effect.CliffDelta(b, a, nil)
	require.NoError(t, err)
	require.InDelta(t, x.Value, -y.Value, 1e-15)
	require.InDelta(t, x.CI.Lo, -y.CI.Hi, 1e-15)
	for i := range a { // only the order counts
		a[i] = math.Exp(a[i])
	}
	for i := range b {
		b[i] = math.Exp(b[i])
	}
	z, err := effect.CliffDelta(a, b, nil)
	require.NoError(t, err)
	require.Equal(t, x.Value, z.Value)

	apart, err := effect.CliffDelta([]float64{5, 6, 7}, []float64{1, 2}, nil)
	require.NoError(t, err)
	require.Equal(t, 1.0, apart.Value)
	require.Equal(t, 1.0, apart.CI.Hi)
	require.InDelta(t, 2*math.Sqrt(.025)-1, apart.CI.Lo, 1e-15)
	require.True(t, apart.Warnings.Has("complete-separation"))
}

func TestInterpretations(t *testing.T) {
	for _, b := range effect.Interpretations() {
		require.Empty(t, b.Validate(), b.ID)
		got, ok := effect.Interpretation(b.ID)
		require.True(t, ok)
		require.Equal(t, b, got)
	}
	_, ok := effect.Interpretation("nobody")
	require.False(t, ok)
}

func TestResultsSurviveJSON(t *testing.T) {
	nan := math.NaN()
	g, err := effect.NormalizedGain([]float64{10, 4, nan}, []float64{10, 7, 3}, 0, 10, nil)
	require.NoError(t, err)
	c, err := effect.ReliableChange([]float64{1, nan, 4}, []float64{2, 3, 8}, bangkom.Estimate{Value: .7}, nil)
	require.NoError(t, err)
	v, err := effect.Explained(plants, nil)
	require.NoError(t, err)
	for _, x := range []interface {
		fmt.Stringer
		Table() string
	}{g, c, v} {
		data, err := json.Marshal(x)
		require.NoError(t, err)
		require.True(t, json.Valid(data))
		require.NotContains(t, x.String(), "\n")
		require.NotContains(t, x.Table(), "NaN")
	}
	var back effect.Change
	data, err := json.Marshal(c)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(data, &back))
	require.Equal(t, c.String(), back.String())
	require.True(t, math.IsNaN(back.Persons[1].RC))
}

func BenchmarkCliffDelta(b *testing.B) {
	x, y := make([]float64, 100_000), make([]float64, 100_000)
	for i := range x {
		x[i], y[i] = float64(i*7919%99991), float64(i*104729%99989)
	}
	for b.Loop() {
		if _, err := effect.CliffDelta(x, y, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func TestDivisorNames(t *testing.T) {
	for d := effect.Average; d <= effect.MeanSD; d++ {
		text, err := d.MarshalText()
		require.NoError(t, err)
		var back effect.Divisor
		require.NoError(t, back.UnmarshalText(text))
		require.Equal(t, d, back)
	}
	var d effect.Divisor
	require.ErrorIs(t, d.UnmarshalText([]byte("s")), bangkom.ErrOption)
}

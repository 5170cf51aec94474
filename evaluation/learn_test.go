package evaluation_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/evaluation"
	"github.com/bangkom/bangkom/program"
)

func catalogue() []program.Offering {
	return []program.Offering{
		{ID: "L1", Raises: map[competency.CompetencyID]program.Gain{
			"INT": {Mean: 0.5, SE: 0.2, N: 10, Source: "panel"},
			"KS":  {Mean: 0.8},
		}},
		{ID: "L2", Raises: map[competency.CompetencyID]program.Gain{"INT": {Mean: 0.3, SE: 0.1}}},
	}
}

func seen(o program.OfferingID, c competency.CompetencyID, mean, se float64, n int) evaluation.Observation {
	return evaluation.Observation{Offering: o, Competency: c, Gain: bangkom.Estimate{Value: mean, SE: se, N: n}}
}

func TestLearnFollowsTheFormula(t *testing.T) {
	// 20 people, SE 0.15: variance per person 0.45, drawn towards 1 as worth 5 people.
	next, changes := evaluation.Learn(catalogue(), []evaluation.Observation{seen("L1", "INT", 1.0, 0.15, 20)}, nil)
	require.Len(t, changes, 1)
	v := (5*1 + 19*0.45) / 24 / 20
	w := (1 / v) / (1/v + 1/0.04)
	c := changes[0]
	require.InDelta(t, w, c.Weight, 1e-14)
	require.InDelta(t, 0.5+w*0.5, c.New.Mean, 1e-14)
	require.InDelta(t, 1/math.Sqrt(1/v+25), c.New.SE, 1e-14)
	require.Equal(t, 30, c.New.N)
	require.Equal(t, "panel + observed", c.New.Source)
	require.Equal(t, evaluation.ObservedMore, c.Reason)
	require.Empty(t, c.Warnings)
	require.Equal(t, c.New, next[0].Raises["INT"])
	require.Equal(t, catalogue()[0].Raises["KS"], next[0].Raises["KS"], "what was not observed stays")
	require.Equal(t, catalogue()[1], next[1])
}

func TestLearnNeverTouchesItsArguments(t *testing.T) {
	old := catalogue()
	obs := []evaluation.Observation{seen("L1", "INT", 1, .1, 30), seen("L1", "KS", .2, .1, 30)}
	next, _ := evaluation.Learn(old, obs, nil)
	require.Equal(t, catalogue(), old)
	next[0].Raises["INT"] = program.Gain{}
	require.Equal(t, catalogue(), old, "no shared map")
	require.Equal(t, []evaluation.Observation{seen("L1", "INT", 1, .1, 30), seen("L1", "KS", .2, .1, 30)}, obs)
}

func TestLearnFewPeopleMoveItLittle(t *testing.T) {
	last := -1.0
	for _, n := range []int{1, 2, 5, 20, 200, 1_000_000} {
		_, c := evaluation.Learn(catalogue(), []evaluation.Observation{seen("L1", "INT", 2, 1/math.Sqrt(float64(n)), n)}, nil)
		require.Greater(t, c[0].Weight, last)
		last = c[0].Weight
		if n <= 2 {
			require.Less(t, c[0].Weight, 0.1)
		}
	}
	// Everybody in the world: the observed mean.
	_, c := evaluation.Learn(catalogue(), []evaluation.Observation{seen("L1", "INT", 2, 1e-6, 1_000_000_000)}, nil)
	require.InDelta(t, 2, c[0].New.Mean, 1e-6)
	// Two people who changed alike are not certainty, nor is one person of unknown spread.
	_, c = evaluation.Learn(catalogue(), []evaluation.Observation{seen("L1", "INT", 2, 0, 2)}, nil)
	require.Less(t, c[0].Weight, 0.1)
	_, c = evaluation.Learn(catalogue(), []evaluation.Observation{seen("L1", "INT", 2, math.NaN(), 1)}, nil)
	require.InDelta(t, 0.04/(0.04+1), c[0].Weight, 1e-14)
}

func TestLearnFromNobodyChangesNothing(t *testing.T) {
	next, c := evaluation.Learn(catalogue(), []evaluation.Observation{seen("L1", "INT", 2, .1, 0)}, nil)
	require.Equal(t, catalogue(), next)
	require.Equal(t, evaluation.NotObserved, c[0].Reason)
	require.Equal(t, c[0].Old, c[0].New)
	next, c = evaluation.Learn(catalogue(), nil, nil)
	require.Equal(t, catalogue(), next)
	require.Empty(t, c)
}

func TestLearnOrderAndBatches(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	var obs []evaluation.Observation
	for range 12 {
		obs = append(obs, seen("L1", []competency.CompetencyID{"INT", "KS"}[r.IntN(2)], r.NormFloat64(), 0.05+r.Float64()/2, 1+r.IntN(40)))
	}
	batch, want := evaluation.Learn(catalogue(), obs, nil)
	for range 5 {
		r.Shuffle(len(obs), func(i, j int) { obs[i], obs[j] = obs[j], obs[i] })
		again, changes := evaluation.Learn(catalogue(), obs, nil)
		require.Equal(t, batch, again, "bit for bit, in any order")
		require.Equal(t, want, changes)
	}
	sequential := catalogue()
	for _, o := range obs {
		sequential, _ = evaluation.Learn(sequential, []evaluation.Observation{o}, nil)
	}
	for _, c := range []competency.CompetencyID{"INT", "KS"} {
		require.InDelta(t, batch[0].Raises[c].Mean, sequential[0].Raises[c].Mean, 1e-12)
		require.InDelta(t, batch[0].Raises[c].SE, sequential[0].Raises[c].SE, 1e-12)
		require.Equal(t, batch[0].Raises[c].N, sequential[0].Raises[c].N)
		require.Equal(t, batch[0].Raises[c].Source, sequential[0].Raises[c].Source, "the source does not grow every year")
	}
}

func TestLearnSaysWhatItAssumedAndRefused(t *testing.T) {
	next, c := evaluation.Learn(catalogue(), []evaluation.Observation{
		seen("L1", "KS", 0.2, .2, 8), seen("L9", "INT", 1, .1, 8), seen("L2", "KS", 1, .1, 8), seen("L2", "INT", math.NaN(), .1, 8),
	}, &evaluation.LearnOptions{PriorSE: 0.25})
	require.Len(t, c, 4)
	require.Equal(t, []string{evaluation.ObservedLess, evaluation.NotFiniteGain, evaluation.NotRaised, evaluation.NoOffering},
		[]string{c[0].Reason, c[1].Reason, c[2].Reason, c[3].Reason})
	require.True(t, c[0].Warnings.Has("assumed-prior-se"))
	require.Equal(t, "0.25", c[0].Warnings[0].Value)
	require.Equal(t, catalogue()[1], next[1])
	_, err := json.Marshal(c)
	require.NoError(t, err)

	_, c = evaluation.Learn(catalogue(), []evaluation.Observation{seen("L2", "INT", -2, .05, 500)}, nil)
	require.Negative(t, c[0].New.Mean)
	require.True(t, c[0].Warnings.Has("negative-gain"))

	same, c := evaluation.Learn(catalogue(), []evaluation.Observation{seen("L2", "INT", .3, .05, 500)}, nil)
	require.Equal(t, evaluation.AsExpected, c[0].Reason)
	require.Less(t, same[1].Raises["INT"].SE, 0.1)
}

func TestLearnIsFairOnAverage(t *testing.T) {
	// Gains drawn from the prior, then observed: the updated mean is unbiased
	// for the true gain, and closer to it than prior and observation.
	r := rand.New(rand.NewPCG(2, 2))
	var bias, updated, prior, raw float64
	const runs = 4000
	for range runs {
		truth := 0.5 + 0.2*r.NormFloat64()
		var xs []float64
		for range 12 {
			xs = append(xs, truth+r.NormFloat64())
		}
		m, v := 0.0, 0.0
		for _, x := range xs {
			m += x / 12
		}
		for _, x := range xs {
			v += (x - m) * (x - m) / 11
		}
		_, c := evaluation.Learn(catalogue(), []evaluation.Observation{seen("L1", "INT", m, math.Sqrt(v/12), 12)}, nil)
		d := c[0].New.Mean - truth
		bias += d / runs
		updated += d * d / runs
		prior += (0.5 - truth) * (0.5 - truth) / runs
		raw += (m - truth) * (m - truth) / runs
	}
	require.InDelta(t, 0, bias, 0.015)
	require.Less(t, updated, prior)
	require.Less(t, updated, raw)
}

func rating(p, o string, s competency.Source, before, after int) evaluation.Behaviour {
	return evaluation.Behaviour{Person: competency.PersonID(p), Offering: program.OfferingID(o), Competency: "INT", Source: s,
		Before: evaluation.Known(competency.Level(before)), After: evaluation.Known(competency.Level(after))}
}

func TestObserve(t *testing.T) {
	s := evaluation.Study{Behaviour: []evaluation.Behaviour{
		rating("a", "L1", competency.Superior, 2, 3), rating("b", "L1", competency.Superior, 2, 4), rating("c", "L1", competency.Superior, 3, 3),
		rating("a", "L1", competency.Self, 2, 5), rating("b", "L1", competency.Self, 2, 5), rating("c", "L1", competency.Self, 2, 5),
		rating("x", "", competency.Superior, 2, 2), rating("y", "", competency.Superior, 2, 3),
		rating("d", "L2", competency.Self, 1, 2), rating("e", "L2", competency.Superior, 1, 2), rating("f", "L2", competency.Self, 1, 1),
	}}
	obs := evaluation.Observe(s, nil)
	require.Len(t, obs, 2)
	// Superiors decide: (1+2+0)/3 − (0+1)/2; spread over both groups.
	require.InDelta(t, 0.5, obs[0].Gain.Value, 1e-14)
	require.InDelta(t, math.Sqrt((2+0.5)/3*(1.0/3+1.0/2)), obs[0].Gain.SE, 1e-14)
	require.Equal(t, 3, obs[0].Gain.N)
	require.Contains(t, obs[0].Gain.Method, "superior")
	// One superior is fewer than two participants themselves.
	require.Contains(t, obs[1].Gain.Method, "self")
	require.True(t, obs[1].Gain.Warnings.Has("self-report-only"))
	require.True(t, obs[1].Gain.Warnings.Has("no-comparison-group"), "nobody of the comparison group rated themselves")

	self := evaluation.Observe(s, &evaluation.ObserveOptions{Sources: []competency.Source{competency.Self}})
	require.InDelta(t, 3, self[0].Gain.Value, 1e-14)

	// Several ratings of one person by peers count once.
	peers := evaluation.Observe(evaluation.Study{Behaviour: []evaluation.Behaviour{
		rating("a", "L1", competency.Peer, 2, 3), rating("a", "L1", competency.Peer, 2, 4),
	}}, nil)
	require.Equal(t, 1, peers[0].Gain.N)
	require.InDelta(t, 1.5, peers[0].Gain.Value, 1e-14)
	require.True(t, math.IsNaN(peers[0].Gain.SE))
	require.Empty(t, evaluation.Observe(evaluation.Study{}, nil))
}

func ExampleLearn() {
	catalogue := []program.Offering{{ID: "L1", Raises: map[competency.CompetencyID]program.Gain{"INT": {Mean: 0.8, SE: 0.2, Source: "expert panel"}}}}
	for _, n := range []int{3, 30} {
		_, changes := evaluation.Learn(catalogue, []evaluation.Observation{{
			Offering: "L1", Competency: "INT",
			Gain: bangkom.Estimate{Value: 0.3, SE: 0.9 / math.Sqrt(float64(n)), N: n},
		}}, nil)
		fmt.Println(changes[0])
	}
	// Output:
	// L1 INT: 0.80 → 0.74 (n = 3, weight 0.11, observed-less)
	// L1 INT: 0.80 → 0.51 (n = 30, weight 0.59, observed-less)
}

func ExampleObserve() {
	study := evaluation.Study{Behaviour: []evaluation.Behaviour{
		rating("a", "L1", competency.Superior, 2, 3), rating("b", "L1", competency.Superior, 2, 4),
		rating("x", "", competency.Superior, 2, 2), rating("y", "", competency.Superior, 2, 3),
	}}
	for _, o := range evaluation.Observe(study, nil) {
		fmt.Printf("%s raised %s by %.1f levels more than in the comparison group (n = %d)\n", o.Offering, o.Competency, o.Gain.Value, o.Gain.N)
	}
	// Output: L1 raised INT by 1.0 levels more than in the comparison group (n = 2)
}

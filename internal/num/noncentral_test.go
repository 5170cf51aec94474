package num_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom/internal/num"
	"github.com/bangkom/bangkom/internal/ref"
)

type nctReference struct {
	PNCT []struct {
		T  float64 `json:"t"`
		DF float64 `json:"df"`
		D  float64 `json:"d"`
		P  float64 `json:"p"`
	} `json:"pnct"`
	Hedges []struct {
		DF float64 `json:"df"`
		J  float64 `json:"j"`
	} `json:"hedges"`
}

func TestNoncentralTAgainstMpmath(t *testing.T) {
	var r nctReference
	ref.Load(t, "nct", &r)
	require.NotEmpty(t, r.PNCT)
	for _, c := range r.PNCT {
		require.InDelta(t, c.P, num.NoncentralTCDF(c.T, c.DF, c.D), 1e-12, "t %v df %v ncp %v", c.T, c.DF, c.D)
	}
}

func TestHedgesJAgainstMpmath(t *testing.T) {
	var r nctReference
	ref.Load(t, "nct", &r)
	require.NotEmpty(t, r.Hedges)
	for _, c := range r.Hedges {
		ref.Close(t, "J", c.J, num.HedgesJ(c.DF), 1e-14)
	}
	require.Zero(t, num.HedgesJ(1))
}

func TestNoncentralTLaws(t *testing.T) {
	for _, df := range []float64{1, 2.5, 9, 400} {
		for _, x := range []float64{-30, -2, -0.1, 0, 0.4, 3, 25} {
			// Central: Student's t.
			require.InDelta(t, 1-num.TSurvival(x, df), num.NoncentralTCDF(x, df, 0), 1e-12)
			last := 2.0
			for _, d := range []float64{-20, -3, -0.5, 0, 0.5, 3, 20} {
				p := num.NoncentralTCDF(x, df, d)
				require.LessOrEqual(t, p, last+1e-13, "falls in the noncentrality")
				require.InDelta(t, 1-p, num.NoncentralTCDF(-x, df, -d), 1e-12, "mirrored")
				last = p
			}
		}
	}
}

func TestNoncentralTLimits(t *testing.T) {
	for _, c := range []struct{ t, df, level float64 }{{4.06212768338204, 9, 0.95}, {0, 3, 0.9}, {-2, 40, 0.99}, {300, 20, 0.95}, {500, 1e6, 0.95}} {
		lo, hi := num.NoncentralTLimits(c.t, c.df, c.level)
		require.Less(t, lo, hi)
		require.InDelta(t, (1+c.level)/2, num.NoncentralTCDF(c.t, c.df, lo), 1e-11)
		require.InDelta(t, (1-c.level)/2, num.NoncentralTCDF(c.t, c.df, hi), 1e-11)
	}
}

func TestRoot(t *testing.T) {
	require.InDelta(t, math.Sqrt2, num.Root(func(x float64) float64 { return x*x - 2 }, 0, 2), 1e-15)
	require.InDelta(t, math.Sqrt2, num.Root(func(x float64) float64 { return 2 - x*x }, 0, 2), 1e-15)
	require.Zero(t, num.Root(func(x float64) float64 { return x }, -3, 0))
}

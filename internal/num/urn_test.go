package num_test

import (
	"math"
	"math/bits"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom/internal/num"
)

// Each thing comes as often as any other, and draws of one resample do not hang
// together: the counts have the variance of a multinomial distribution.
func TestUrn(t *testing.T) {
	for _, n := range []int{1, 2, 3, 5, 37, 1000, 1366, 4096, 4097} {
		rounds := 400_000 / n
		u := num.NewUrn(n)
		seen := make([]float64, n)
		counts := make([]uint32, n+1)
		var squares float64
		for b := range rounds {
			s := num.NewStream(7, uint64(b))
			u.Counts(&s, counts)
			var all uint32
			for i, k := range counts[:n] {
				all += k
				seen[i] += float64(k)
				squares += (float64(k) - 1) * (float64(k) - 1)
			}
			require.EqualValues(t, n, all)
		}
		var chi float64
		for _, k := range seen {
			chi += (k - float64(rounds)) * (k - float64(rounds)) / float64(rounds)
		}
		if n == 1 {
			require.Zero(t, chi)
			continue
		}
		require.Greater(t, num.ChiSquareSurvival(chi, float64(n-1)), 1e-3, n)
		require.Less(t, num.ChiSquareSurvival(chi, float64(n-1)), 1-1e-3, n)
		draws := float64(n * rounds)
		require.InDelta(t, 1-1/float64(n), squares/draws, 6*math.Sqrt(3/draws), n)
	}
}

// The sum of draws is that of their counts, and leaves the stream where they do.
func TestUrnTotal(t *testing.T) {
	for _, n := range []int{1, 3, 4, 7, 250, 1000, 1025, 4096, 5000} {
		u := num.NewUrn(n)
		values := make([]int64, n)
		for i := range values {
			values[i] = int64(i*i*7919) - 1<<40
		}
		table, counts := u.Table(values), make([]uint32, n+1)
		for b := range uint64(50) {
			x, y := num.NewStream(1, b), num.NewStream(1, b)
			u.Counts(&x, counts)
			var want int64
			for i, v := range values {
				want += int64(counts[i]) * v
			}
			require.Equal(t, want, u.Total(&y, table))
			require.Equal(t, x, y)
		}
	}
}

func TestStreams(t *testing.T) {
	// xoshiro256++ from the state 1, 2, 3, 4: the reference in C.
	s := num.StreamOf(1, 2, 3, 4)
	for _, want := range []uint64{41943041, 58720359, 3588806011781223, 3591011842654386} {
		require.Equal(t, want, s.Uint64())
	}
	var ones int
	for b := range uint64(1000) {
		x, y := num.NewStream(1, b), num.NewStream(1, b+1)
		ones += bits.OnesCount64(x.Uint64() ^ y.Uint64())
	}
	require.InDelta(t, 32_000, ones, 5*math.Sqrt(16_000))
}

func TestWhole(t *testing.T) {
	d := []float64{-3.25, 1e-3, 2.5, 0.75 - 1e-3}
	whole, unit, ok := num.Whole(d)
	require.True(t, ok)
	for i, x := range d {
		require.InDelta(t, x, float64(whole[i])*unit, unit)
	}
	require.Less(t, unit, 1e-16)
	for _, bad := range [][]float64{{0, 0}, {math.Inf(1)}, {math.NaN()}, {1e300, 1}, {1e-300}} {
		_, _, ok := num.Whole(bad)
		require.False(t, ok, bad)
	}
}

func BenchmarkUrn(b *testing.B) {
	for _, n := range []int{1000, 1025} {
		u := num.NewUrn(n)
		table, counts := u.Table(make([]int64, n)), make([]uint32, n+1)
		s := num.NewStream(1, 1)
		b.Run("total", func(b *testing.B) {
			for b.Loop() {
				u.Total(&s, table)
			}
		})
		b.Run("counts", func(b *testing.B) {
			for b.Loop() {
				u.Counts(&s, counts)
			}
		})
	}
}

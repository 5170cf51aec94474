package tally_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom/stats/tally"
)

const million = 1_000_000

func whole(n int) []int64 {
	rng := rand.New(rand.NewPCG(1, 1))
	x := make([]int64, n)
	for i := range x {
		x[i] = rng.Int64N(1000)
	}
	return x
}

func BenchmarkMomentsMillion(b *testing.B) {
	x := whole(million)
	for b.Loop() {
		var m tally.Moments
		require.NoError(b, m.AddBatch(x))
	}
}

func BenchmarkGroupsMillion(b *testing.B) {
	x, names := whole(million), make([]string, million)
	for i := range names {
		names[i] = labels[x[i]%3]
	}
	for b.Loop() {
		var g tally.Groups
		require.NoError(b, g.AddBatch(names, x))
	}
}

func BenchmarkCrossMillionByFour(b *testing.B) {
	cols := [][]int64{whole(million), whole(million), whole(million), whole(million)}
	for b.Loop() {
		var c tally.Cross
		require.NoError(b, c.AddBatch(cols))
	}
}

func BenchmarkGramMillionByFour(b *testing.B) {
	cols := make([][]float64, 4)
	for j := range cols {
		for _, x := range whole(million) {
			cols[j] = append(cols[j], float64(x)/7+float64(j))
		}
	}
	for b.Loop() {
		var g tally.Gram
		require.NoError(b, g.AddBatch(cols))
	}
}

func BenchmarkLikertItemsMillionByTwenty(b *testing.B) {
	items := make([][]tally.Cell, 20)
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range items {
		items[i] = make([]tally.Cell, million)
		for r := range items[i] {
			items[i][r] = tally.Cell(1 + rng.IntN(5))
		}
	}
	for b.Loop() {
		var l tally.LikertItems
		require.NoError(b, l.AddBatch(items))
	}
}

package tally_test

import (
	"encoding"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom/stats/tally"
)

type coded interface {
	encoding.BinaryAppender
	encoding.BinaryUnmarshaler
}

// Whatever is read has one form, is refused without a trace, or adds up.
func fuzzBinary[A coded](f *testing.F, fresh func() A, fill func(a A, i int) error, holds func(t *testing.T, a A)) {
	a := fresh()
	for i := range 40 {
		if i == 0 || i == 1 || i == 5 || i == 39 {
			b, err := a.AppendBinary(nil)
			require.NoError(f, err)
			f.Add(b)
		}
		require.NoError(f, fill(a, i))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		a := fresh()
		if a.UnmarshalBinary(data) != nil {
			require.Equal(t, fresh(), a)
			return
		}
		again, err := a.AppendBinary(nil)
		require.NoError(t, err)
		require.Equal(t, data, again, "one form per table")
		holds(t, a)
	})
}

func FuzzMomentsUnmarshalBinary(f *testing.F) {
	fuzzBinary(f, func() *tally.Moments { return new(tally.Moments) },
		func(m *tally.Moments, i int) error { return m.AddN(value(i), uint64(i)) },
		func(t *testing.T, m *tally.Moments) {
			require.False(t, m.N() > 0 && !(m.Squares() >= 0 && math.Abs(m.Mean()) <= tally.MaxValue))
		})
}

func FuzzGroupsUnmarshalBinary(f *testing.F) {
	fuzzBinary(f, func() *tally.Groups { return new(tally.Groups) },
		func(g *tally.Groups, i int) error { return g.AddN(labels[i%8], value(i), uint64(i)) },
		func(t *testing.T, g *tally.Groups) {
			n := uint64(0)
			for _, m := range g.All() {
				n += m.N()
			}
			require.Equal(t, g.N(), n)
		})
}

func FuzzCrossUnmarshalBinary(f *testing.F) {
	fuzzBinary(f, func() *tally.Cross { return new(tally.Cross) },
		func(c *tally.Cross, i int) error { return c.AddN([]int64{value(i), value(i * 3)}, uint64(i)) },
		func(t *testing.T, c *tally.Cross) {
			for i := range c.Columns() {
				require.False(t, c.Centred(i, i) < 0)
			}
		})
}

func FuzzClustersUnmarshalBinary(f *testing.F) {
	fuzzBinary(f, func() *tally.Clusters { return new(tally.Clusters) },
		func(c *tally.Clusters, i int) error {
			return c.AddN(labels[i%8], []int64{value(i), value(i * 3)}, uint64(i))
		},
		func(t *testing.T, c *tally.Clusters) { require.Equal(t, c.N(), c.Whole().N()) })
}

func FuzzCrosstabUnmarshalBinary(f *testing.F) {
	fuzzBinary(f, func() *tally.Crosstab { return new(tally.Crosstab) },
		func(c *tally.Crosstab, i int) error { return c.AddN(labels[i%8], labels[i%5], uint64(i)) },
		func(t *testing.T, c *tally.Crosstab) {
			_, _, counts := c.Table()
			n := uint64(0)
			for _, row := range counts {
				for _, k := range row {
					n += k
				}
			}
			require.Equal(t, c.Total(), n)
		})
}

func FuzzLikertItemsUnmarshalBinary(f *testing.F) {
	fuzzBinary(f, func() *tally.LikertItems { return new(tally.LikertItems) },
		func(l *tally.LikertItems, i int) error { return l.AddN(pattern(i), uint64(i)) },
		func(t *testing.T, l *tally.LikertItems) {
			require.LessOrEqual(t, l.Complete(), l.Total())
			for i := range l.Items() {
				require.Equal(t, l.Total(), l.Item(i).Total())
				require.False(t, l.Centred(i, i) < 0)
			}
		})
}

func FuzzGramUnmarshalBinary(f *testing.F) {
	fuzzBinary(f, func() *tally.Gram { return new(tally.Gram) },
		func(g *tally.Gram, i int) error {
			return g.AddN([]float64{float64(value(i)) / 3, math.Sqrt(float64(i))}, uint64(i))
		},
		func(t *testing.T, g *tally.Gram) {
			for i := range g.Columns() {
				require.False(t, g.Centred(i, i) < 0)
				require.False(t, math.IsInf(g.Mean(i), 0))
			}
		})
}

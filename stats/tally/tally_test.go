package tally_test

import (
	"bytes"
	"encoding"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/stats/tally"
	"github.com/bangkom/bangkom/stats/tally/tallytest"
)

var (
	_ encoding.BinaryAppender    = (*tally.Pairs)(nil)
	_ encoding.BinaryUnmarshaler = (*tally.Pairs)(nil)
	_ encoding.BinaryAppender    = (*tally.Levels)(nil)
	_ encoding.BinaryUnmarshaler = (*tally.Levels)(nil)
)

func pairs(t testing.TB, first, levels int) *tally.Pairs {
	t.Helper()
	p, err := tally.NewPairs(tally.Shape{First: first, Levels: levels})
	require.NoError(t, err)
	return p
}

// odd gives every kind of cell of a scale of five levels.
var odd = []tally.Cell{1, 2, 3, 4, 5, 3, 2, tally.Missing, tally.NotApplicable, tally.NotObserved}

func TestPairsLaws(t *testing.T) {
	add := func(p *tally.Pairs, i int) error {
		return p.AddN(odd[i%10], odd[i/7%10], uint64(1+i*i*i%1000))
	}
	t.Run("declared", func(t *testing.T) {
		tallytest.Run(t, tallytest.Factory[*tally.Pairs]{
			New: func() *tally.Pairs { return pairs(t, 0, 5) },
			Add: add,
			Other: func() *tally.Pairs {
				o := pairs(t, 1, 5)
				require.NoError(t, o.Add(1, 1))
				return o
			},
		})
	})
	t.Run("zero value", func(t *testing.T) {
		tallytest.Run(t, tallytest.Factory[*tally.Pairs]{New: func() *tally.Pairs { return new(tally.Pairs) }, Add: add})
	})
}

func TestLevelsLaws(t *testing.T) {
	add := func(l *tally.Levels, i int) error { return l.AddN(odd[i%10], uint64(1+i)) }
	t.Run("declared", func(t *testing.T) {
		tallytest.Run(t, tallytest.Factory[*tally.Levels]{
			New: func() *tally.Levels {
				l, err := tally.NewLevels(tally.Shape{First: -2, Levels: 5})
				require.NoError(t, err)
				return l
			},
			Add: add,
			Other: func() *tally.Levels {
				l, err := tally.NewLevels(tally.Shape{First: -2, Levels: 6})
				require.NoError(t, err)
				return l
			},
		})
	})
	t.Run("zero value", func(t *testing.T) {
		tallytest.Run(t, tallytest.Factory[*tally.Levels]{New: func() *tally.Levels { return new(tally.Levels) }, Add: add})
	})
}

// Sums and differences against a plain loop over the same pairs.
func TestSumsAgainstALoop(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for range 200 {
		levels := 1 + rng.IntN(12)
		first := rng.IntN(20) - 10
		p := pairs(t, first, levels)
		var want tally.Sums
		diffs := map[int]uint64{}
		for range rng.IntN(300) {
			w, h := draw(rng, levels), draw(rng, levels)
			require.NoError(t, p.Add(w, h))
			if !w.IsLevel() || !h.IsLevel() {
				continue
			}
			i, a := int64(w)-1+int64(first), int64(h)-1+int64(first)
			want.N++
			want.Want += i
			want.Have += a
			want.WantSq += i * i
			want.HaveSq += a * a
			want.WantHave += i * a
			want.Shortfall += max(i-a, 0)
			switch {
			case i > a:
				want.Below++
			case i < a:
				want.Above++
			default:
				want.Equal++
			}
			diffs[int(i-a)]++
		}
		got := p.Sums()
		require.Equal(t, want, got)
		seen := map[int]uint64{}
		last := -100
		var d, dd int64
		for k, n := range p.Diffs() {
			require.Greater(t, k, last)
			last = k
			seen[k] = n
			d += int64(k) * int64(n)
			dd += int64(k*k) * int64(n)
		}
		require.Equal(t, diffs, seen)
		require.Equal(t, d, got.D())
		require.Equal(t, dd, got.DSq())
	}
}

func draw(rng *rand.Rand, levels int) tally.Cell {
	switch rng.IntN(10) {
	case 0:
		return tally.Missing
	case 1:
		return tally.NotApplicable
	case 2:
		return tally.NotObserved
	}
	return tally.Cell(1 + rng.IntN(levels))
}

// AddColumns has three ways to count; each gives what Add gives.
func TestAddColumnsIsAdd(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for _, n := range []int{0, 1, 7, 8, 9, 1001, 250_000, 250_013} {
		w, h := make([]tally.Cell, n), make([]tally.Cell, n)
		byOne := pairs(t, 1, 7)
		for i := range n {
			w[i], h[i] = draw(rng, 7), draw(rng, 7)
			require.NoError(t, byOne.Add(w[i], h[i]))
		}
		wc, hc := slices.Clone(w), slices.Clone(h)
		p := pairs(t, 1, 7)
		require.NoError(t, p.AddColumns(w, h))
		require.Equal(t, byOne, p, "%d rows", n)
		require.Equal(t, uint64(n), p.Total())
		require.Equal(t, wc, w)
		require.Equal(t, hc, h)
		l, err := tally.NewLevels(tally.Shape{First: 1, Levels: 7})
		require.NoError(t, err)
		require.NoError(t, l.AddColumn(h))
		require.Equal(t, p.Have(), l)
	}
}

func TestAddColumnsRefusesAndCountsNothing(t *testing.T) {
	for _, n := range []int{1, 8, 100, 300_000} {
		for _, bad := range []tally.Cell{6, 13, 16, 200} {
			w, h := make([]tally.Cell, n), make([]tally.Cell, n)
			for i := range w {
				w[i], h[i] = 5, 1
			}
			h[n/2] = bad
			p := pairs(t, 1, 5)
			require.NoError(t, p.Add(1, 2))
			kept := p.Clone()
			err := p.AddColumns(w, h)
			found := bangkom.AsProblems(err, "")
			require.Len(t, found, 1)
			require.Equal(t, "not-a-cell", found[0].Code)
			require.Equal(t, "row "+itoa(n/2), found[0].Where)
			require.Equal(t, itoa(int(bad)), found[0].Value)
			require.Equal(t, kept, p)
		}
	}
	p := new(tally.Pairs)
	require.ErrorIs(t, p.AddColumns(make([]tally.Cell, 2), make([]tally.Cell, 3)), bangkom.ErrShape)
	require.ErrorContains(t, p.Add(13, 1), "neither a level")
	require.ErrorContains(t, p.Add(1, 16), "neither a level")
	require.Zero(t, *p)
	var l tally.Levels
	require.ErrorContains(t, l.AddColumn([]tally.Cell{1, 2, 77}), "row 2")
	require.Zero(t, l)
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + itoa(n%10)
}

func TestOverflowIsRefused(t *testing.T) {
	p := pairs(t, -128, 12)
	require.NoError(t, p.AddN(1, 1, tally.MaxTotal-1))
	kept := p.Clone()
	require.ErrorIs(t, p.AddN(1, 2, 2), tally.ErrOverflow)
	require.ErrorIs(t, p.AddN(1, 2, 1<<64-1), tally.ErrOverflow)
	require.ErrorIs(t, p.AddColumns([]tally.Cell{1, 1}, []tally.Cell{1, 1}), tally.ErrOverflow)
	require.ErrorIs(t, p.Merge(kept), tally.ErrOverflow)
	require.Equal(t, kept, p)
	require.NoError(t, p.Add(1, 1))
	s := p.Sums()
	require.Equal(t, int64(1<<62), s.WantSq, "the largest square times the largest total")
	require.Equal(t, int64(0), s.DSq())

	var l tally.Levels
	require.NoError(t, l.AddN(tally.Missing, tally.MaxTotal))
	require.ErrorIs(t, l.Add(1), tally.ErrOverflow)
	require.ErrorIs(t, l.AddColumn([]tally.Cell{1}), tally.ErrOverflow)
	require.ErrorIs(t, l.Merge(l.Clone()), tally.ErrOverflow)
}

func TestShapes(t *testing.T) {
	for _, bad := range []tally.Shape{{1, -1}, {1, 13}, {3, 0}, {-129, 5}, {117, 12}, {124, 5}} {
		_, err := tally.NewPairs(bad)
		require.ErrorIs(t, err, bangkom.ErrShape, "%v", bad)
		_, err = tally.NewLevels(bad)
		require.ErrorIs(t, err, bangkom.ErrShape, "%v", bad)
	}
	s := tally.Shape{First: 0, Levels: 5}
	require.Equal(t, "0..4", s.String())
	c, ok := s.Cell(4)
	require.True(t, ok)
	require.Equal(t, tally.Cell(5), c)
	v, ok := s.Value(c)
	require.True(t, ok)
	require.Equal(t, 4, v)
	for _, off := range []int{-1, 5, 1 << 40, -1 << 40} {
		_, ok = s.Cell(off)
		require.False(t, ok)
	}
	for _, c := range []tally.Cell{tally.Missing, 6, tally.NotApplicable, tally.NotObserved, 99} {
		_, ok = s.Value(c)
		require.False(t, ok)
	}
	// The zero value takes the shape of what is merged into it, once.
	var sum tally.Pairs
	require.NoError(t, sum.Merge(pairs(t, 0, 5)))
	require.Equal(t, s, sum.Shape())
	require.NoError(t, sum.Merge(new(tally.Pairs)))
	var counted tally.Pairs
	require.NoError(t, counted.Add(1, 1))
	require.ErrorIs(t, sum.Merge(&counted), bangkom.ErrShape)
	require.ErrorIs(t, counted.Merge(&sum), bangkom.ErrShape)
	require.Zero(t, sum.Count(99, 1)+counted.Count(1, 16))
}

// A table of L levels takes one byte per cell while counts stay below 128.
func TestBinaryFormIsFrozen(t *testing.T) {
	p := pairs(t, 0, 2)
	require.NoError(t, p.AddN(1, 2, 300))
	require.NoError(t, p.Add(tally.NotApplicable, tally.NotObserved))
	b, err := p.AppendBinary(nil)
	require.NoError(t, err)
	want := slices.Concat([]byte{0x21, 0, 2},
		[]byte{0, 0, 0, 0, 0}, []byte{0, 0, 0xAC, 0x02, 0, 0}, []byte{0, 0, 0, 0, 0}, []byte{0, 0, 0, 0, 1}, []byte{0, 0, 0, 0, 0})
	require.Equal(t, want, b)

	var l tally.Levels
	require.NoError(t, l.AddN(1, 3))
	b, err = l.AppendBinary(nil)
	require.NoError(t, err)
	require.Equal(t, slices.Concat([]byte{0x11, 0, 0}, []byte{0, 3}, make([]byte, 13)), b)
	require.True(t, bangkom.AsProblems(p.UnmarshalBinary(b), "").Has("unknown-version"), "Levels are no Pairs")
}

func TestUnmarshalNamesTheFault(t *testing.T) {
	head := []byte{0x11, 1, 1}
	for _, c := range []struct {
		code string
		data []byte
	}{
		{"truncated", nil},
		{"truncated", []byte{0x11, 1}},
		{"unknown-version", []byte{0x12, 1, 1, 0, 0, 0, 0}},
		{"shape", []byte{0x11, 1, 13}},
		{"truncated", slices.Concat(head, []byte{0, 0, 0})},
		{"trailing-bytes", slices.Concat(head, []byte{0, 0, 0, 0, 0})},
		{"not-canonical", slices.Concat(head, []byte{0x80, 0, 0, 0, 0})},
		{"overflow", slices.Concat(head, []byte{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 0, 0, 0})},
		{"overflow", slices.Concat(head, bytes.Repeat([]byte{0xFF}, 11), []byte{0, 0, 0})},
		{"overflow", slices.Concat(head, []byte{0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x40, 1, 0, 0})},
	} {
		var l tally.Levels
		require.True(t, bangkom.AsProblems(l.UnmarshalBinary(c.data), "").Has(c.code), "%s: %x", c.code, c.data)
		require.Zero(t, l)
	}
}

func FuzzPairsUnmarshalBinary(f *testing.F) {
	p := pairs(f, 1, 5)
	for i := range 100 {
		require.NoError(f, p.AddN(odd[i%10], odd[i/10], uint64(i*i)))
	}
	b, _ := p.AppendBinary(nil)
	f.Add(b)
	b, _ = new(tally.Pairs).AppendBinary(nil)
	f.Add(b)
	f.Add([]byte{0x21, 0xFF, 3})
	f.Fuzz(func(t *testing.T, data []byte) {
		var p tally.Pairs
		if p.UnmarshalBinary(data) != nil {
			require.Zero(t, p)
			return
		}
		again, err := p.AppendBinary(nil)
		require.NoError(t, err)
		require.Equal(t, data, again, "one form per table")
		s := p.Sums()
		require.LessOrEqual(t, s.N, int64(p.Total()))
		require.Equal(t, s.N, s.Below+s.Equal+s.Above)
		require.GreaterOrEqual(t, s.DSq(), int64(0))
		require.Equal(t, p.Total(), p.Want().Total())
	})
}

func FuzzLevelsUnmarshalBinary(f *testing.F) {
	f.Add([]byte{0x11, 1, 1, 0, 1, 2, 3})
	f.Fuzz(func(t *testing.T, data []byte) {
		var l tally.Levels
		if l.UnmarshalBinary(data) != nil {
			require.Zero(t, l)
			return
		}
		again, err := l.AppendBinary(nil)
		require.NoError(t, err)
		require.Equal(t, data, again)
		require.LessOrEqual(t, l.Sums().N, int64(l.Total()))
	})
}

func BenchmarkAddColumns(b *testing.B) {
	for _, n := range []int{30, 1000, 100_000, 5_588_245} {
		b.Run(itoa(n), func(b *testing.B) {
			rng := rand.New(rand.NewPCG(9, 10))
			w, h := make([]tally.Cell, n), make([]tally.Cell, n)
			for i := range n {
				w[i] = tally.Cell(min(5, 3+rng.IntN(4)/2))
				h[i] = draw(rng, 5)
			}
			var p tally.Pairs
			b.SetBytes(int64(2 * n))
			b.ReportAllocs()
			for b.Loop() {
				p = tally.Pairs{}
				if err := p.AddColumns(w, h); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkAdd(b *testing.B) {
	var p tally.Pairs
	for i := 0; b.Loop(); i++ {
		if err := p.Add(odd[i&7], odd[i>>3&7]); err != nil {
			b.Fatal(err)
		}
	}
}

package main

import (
	"fmt"
	"io"
	"runtime"
	"time"

	"github.com/bangkom/bangkom/bench/internal/usage"
	"github.com/bangkom/bangkom/needs"
	"github.com/bangkom/bangkom/stats/tally"
)

// sizes prints what a cube takes, from a batch to a nation: people × 9 items ×
// 6 ratings, in blocks of 200,000 people made on the way, so that no file and
// no whole column is in memory. Only counting is timed. Ascending, because the
// most memory so far never falls.
func sizes(out io.Writer, most int) error {
	fmt.Fprintf(out, "# %10s %12s %6s %12s %12s %12s %14s %12s %14s\n", "people", "pairs", "units", "wall s", "cpu s", "ns a pair", "cube, MB", "bytes, MB", "peak so far")
	for _, n := range []int{30, 1_000, 30_000, 1_000_000, 5_588_245} {
		for _, units := range []bool{false, true} {
			if n > most {
				continue
			}
			if err := size(out, n, units); err != nil {
				return err
			}
		}
	}
	return nil
}

func size(out io.Writer, n int, units bool) error {
	before := heap()
	c, err := needs.NewCube(frame(units))
	if err != nil {
		return err
	}
	var wall, cpu float64
	state := uint64(20240501)
	b := blockOf(min(n, block), units)
	for from := 0; from < n; from += block {
		fill(b, min(block, n-from), from, n, units, &state)
		start, used := time.Now(), usage.CPU()
		if err := c.AddColumns(b); err != nil {
			return err
		}
		wall += time.Since(start).Seconds()
		cpu += usage.CPU() - used
	}
	b = nil
	held := heap() - before
	wire, err := c.AppendBinary(nil)
	if err != nil {
		return err
	}
	k := 0
	if units {
		k = min(n, segments)
	}
	pairs := float64(n) * columns
	fmt.Fprintf(out, "  %10d %12.0f %6d %12.5f %12.5f %12.2f %14.2f %12.3f %14s\n", n, pairs, k, wall, cpu, 1e9*wall/pairs, mb(held), mb(int64(len(wire))), usage.Peak())
	runtime.KeepAlive(c)
	return nil
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func blockOf(n int, units bool) *needs.Columns {
	b := &needs.Columns{}
	for range columns {
		b.Want, b.Have = append(b.Want, make([]tally.Cell, n)), append(b.Have, make([]tally.Cell, n))
	}
	if units {
		for i := range segments {
			b.Segments = append(b.Segments, []string{fmt.Sprintf("U%04d", i+1)})
		}
		b.Segment = make([]uint32, n)
	}
	return b
}

// fill makes n people: levels 1..5, one cell in sixteen missing; units in order.
func fill(b *needs.Columns, n, from, all int, units bool, state *uint64) {
	x := *state
	cell := func(bits uint64) tally.Cell {
		if bits&15 == 0 {
			return tally.Missing
		}
		return tally.Cell(1 + (bits>>4&0xFFF)*5>>12)
	}
	for c := range columns {
		b.Want[c], b.Have[c] = b.Want[c][:n], b.Have[c][:n]
		for i := range n {
			x ^= x << 13
			x ^= x >> 7
			x ^= x << 17
			b.Want[c][i], b.Have[c][i] = cell(x), cell(x>>32)
		}
	}
	*state = x
	if units {
		b.Segment = b.Segment[:n]
		for i := range n {
			b.Segment[i] = uint32((from + i) * min(all, segments) / all)
		}
	}
}

package main

import (
	"fmt"
	"io"
	"unsafe"

	"github.com/bangkom/bangkom/needs"
	"github.com/bangkom/bangkom/stats/tally"
)

// kernels counts people × 9 items × 6 ratings that are in memory: without
// units, with 500 units in order, and with each person in a random one. The
// yardstick is reading the same bytes once, in words, and adding them up.
func kernels(out io.Writer, n, reps int) error {
	b := blockOf(n, true)
	state := uint64(20240501)
	fill(b, n, 0, n, true, &state)
	sorted, random := b.Segment, make([]uint32, n)
	for i := range random {
		state ^= state << 13
		state ^= state >> 7
		state ^= state << 17
		random[i] = uint32(state >> 32 * segments >> 32)
	}
	bytes := 2 * float64(n) * columns
	var sum uint64
	read, err := timed(reps, func() error {
		for c := range columns {
			sum += add(b.Want[c]) + add(b.Have[c])
		}
		return nil
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "# %d people, %.1f M pairs, %.0f MB in memory; median CPU s of %d, least wall s\n", n, bytes/2e6, bytes/1e6, reps)
	fmt.Fprintf(out, "  %-28s %8.4f %8.4f   %.1f GB/s (sum %d)\n", "read both sides", read.cpu, read.wall, bytes/1e9/read.wall, sum)
	for _, x := range []struct {
		what     string
		segments []uint32
		target   float64
	}{{"no units", nil, .2}, {"500 units, sorted", sorted, .4}, {"500 units, random", random, .8}} {
		in := &needs.Columns{Want: b.Want, Have: b.Have, Segment: x.segments}
		if x.segments != nil {
			in.Segments = b.Segments
		}
		r, err := timed(reps, func() error {
			c, err := needs.NewCube(frame(x.segments != nil))
			if err != nil {
				return err
			}
			return c.AddColumns(in)
		})
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "  %-28s %8.4f %8.4f   %.1f × reading by CPU, %.1f by wall; target %.1f s\n", x.what, r.cpu, r.wall, r.cpu/read.cpu, r.wall/read.wall, x.target)
	}
	return nil
}

// add sums the bytes of a column as words.
func add(col []tally.Cell) (sum uint64) {
	words := unsafe.Slice((*uint64)(unsafe.Pointer(unsafe.SliceData(col))), len(col)/8) // allocated by make: aligned
	var a, b, c, d uint64
	for len(words) >= 4 {
		a += words[0]
		b += words[1]
		c += words[2]
		d += words[3]
		words = words[4:]
	}
	for _, w := range words {
		a += w
	}
	return a + b + c + d
}

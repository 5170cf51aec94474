package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/bangkom/bangkom/store"
)

// LogCases returns the contract of [store.Log], sentence by sentence.
func LogCases() []Case[L] {
	named := func(name string, run func(context.Context, *check, L)) Case[L] {
		return Case[L]{name, func(ctx context.Context, l L, _ func() (L, error)) error {
			var c check
			run(ctx, &c, l)
			return c.err
		}}
	}
	return []Case[L]{
		named("Append returns the offset after its last record: where a reader goes on.", func(ctx context.Context, c *check, l L) {
			end := c.append(ctx, l, numbers(0, 3)...)
			c.that(end == 3, "Append: end %d, want 3", end)
			end = c.append(ctx, l, numbers(3, 4)...)
			c.that(end == 4, "Append: end %d, want 4", end)
			c.append(ctx, l, numbers(4, 6)...)
			c.reads(ctx, l, end, numbers(4, 6)...)
		}),
		named("Append adds all its records, next to each other, or none.", func(ctx context.Context, c *check, l L) {
			c.append(ctx, l, Value{N: 0})
			_, err := l.Append(ctx, Value{N: 1}, Value{Any: make(chan int)}, Value{N: 3})
			c.fails(err, "Append of a channel")
			c.reads(ctx, l, 0, Value{N: 0})
			together(ctx, c, l)
		}),
		named("Append of nothing changes nothing and returns the end.", func(ctx context.Context, c *check, l L) {
			c.that(c.append(ctx, l) == 0, "Append: the end of an empty log is not 0")
			c.append(ctx, l, numbers(0, 2)...)
			c.that(c.append(ctx, l) == 2, "Append: the end of two records is not 2")
			c.reads(ctx, l, 0, numbers(0, 2)...)
		}),
		named("Read yields the records from an offset on, in order; 0 is the first.", func(ctx context.Context, c *check, l L) {
			const n = 1500
			for i := 0; i < n; i += 100 {
				c.append(ctx, l, numbers(i, i+100)...)
			}
			for _, from := range []int{0, 1, 99, 100, 255, 256, 257, 1023, 1024, n - 1} {
				c.reads(ctx, l, int64(from), numbers(from, n)...)
			}
		}),
		named("Read from the end, or from beyond it, yields nothing.", func(ctx context.Context, c *check, l L) {
			c.reads(ctx, l, 0)
			end := c.append(ctx, l, numbers(0, 3)...)
			c.reads(ctx, l, end)
			c.reads(ctx, l, end+1000)
			c.reads(ctx, l, 1<<62)
		}),
		named("Read from a negative offset is an error.", func(ctx context.Context, c *check, l L) {
			c.append(ctx, l, numbers(0, 3)...)
			_, err := store.Collect(l.Read(ctx, -1))
			c.fails(err, "Read from -1")
		}),
		named("Read yields what was there at the start of the loop, whatever the loop appends.", func(ctx context.Context, c *check, l L) {
			c.append(ctx, l, numbers(0, 3)...)
			n := 0
			for v, err := range l.Read(ctx, 0) {
				c.ok(err, "Read")
				c.that(v.N == n, "Read: got %d, want %d", v.N, n)
				if n++; n > 10 {
					break
				}
				c.append(ctx, l, Value{N: 100})
			}
			c.that(n == 3, "Read: %d records, want 3", n)
			c.that(c.append(ctx, l) == 6, "Append in the loop was lost")
		}),
		named("Read may be left early, and run again.", func(ctx context.Context, c *check, l L) {
			c.append(ctx, l, numbers(0, 3)...)
			seq := l.Read(ctx, 1)
			for range 2 {
				v, err := first(seq)
				c.ok(err, "Read")
				c.that(v.N == 1, "Read: first record %d, want 1", v.N)
			}
			c.append(ctx, l, Value{N: 3}) // nothing is held by the loop that was left
		}),
		named("A record is what its JSON says: the log shares no memory with the caller.", func(ctx context.Context, c *check, l L) {
			in := Value{Text: "baris\nkedua", List: []int{1}, Map: map[string]int{"x": 1}, Hidden: "not in JSON"}
			c.append(ctx, l, in)
			in.List[0], in.Map["x"] = 9, 9
			want := Value{Text: "baris\nkedua", List: []int{1}, Map: map[string]int{"x": 1}}
			c.reads(ctx, l, 0, want)
			if out, err := first(l.Read(ctx, 0)); err == nil && len(out.List) == 1 && out.Map != nil {
				out.List[0], out.Map["x"] = 8, 8
			}
			c.reads(ctx, l, 0, want)
		}),
		named("A record that has no JSON is refused.", func(ctx context.Context, c *check, l L) {
			_, err := l.Append(ctx, Value{Any: make(chan int)})
			c.fails(err, "Append of a channel")
			c.reads(ctx, l, 0)
		}),
		named("A context that is done stops a call before it changes anything.", func(ctx context.Context, c *check, l L) {
			c.append(ctx, l, numbers(0, 2)...)
			done, cancel := context.WithCancel(ctx)
			cancel()
			_, err := l.Append(done, Value{N: 2})
			c.is(err, context.Canceled, "Append")
			_, err = first(l.Read(done, 0))
			c.is(err, context.Canceled, "Read")
			c.reads(ctx, l, 0, numbers(0, 2)...)
		}),
		named("Records of several writers are all kept, each once.", func(ctx context.Context, c *check, l L) {
			const writers, each = 8, 25
			errs := make([]error, writers)
			var wg sync.WaitGroup
			for w := range writers {
				wg.Go(func() {
					for i := range each {
						_, err := l.Append(ctx, Value{N: w*each + i})
						errs[w] = errors.Join(errs[w], err)
					}
				})
			}
			wg.Wait()
			c.ok(errors.Join(errs...), "Append")
			seen := map[int]int{}
			next := make([]int, writers) // the records of one writer keep their order
			for v, err := range l.Read(ctx, 0) {
				c.ok(err, "Read")
				if w := v.N / each; err == nil && w < writers {
					c.that(v.N == w*each+next[w], "record %d out of order", v.N)
					next[w]++
				}
				seen[v.N]++
			}
			for n := range writers * each {
				c.that(seen[n] == 1, "record %d is there %d times", n, seen[n])
			}
		}),
		{"What was appended is there after the log is opened again.", logReopens},
	}
}

// together: the records of one Append stand next to each other among several writers.
func together(ctx context.Context, c *check, l L) {
	const writers, size = 6, 10
	errs := make([]error, writers)
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() { _, errs[w] = l.Append(ctx, numbers(w*size, (w+1)*size)...) })
	}
	wg.Wait()
	c.ok(errors.Join(errs...), "Append")
	got, err := store.Collect(l.Read(ctx, 1))
	c.ok(err, "Read")
	c.that(len(got) == writers*size, "%d records, want %d", len(got), writers*size)
	for i, v := range got {
		c.that(v.N%size == i%size, "the records of one Append are not together at %d", i+1)
	}
}

func logReopens(ctx context.Context, l L, reopen func() (L, error)) error {
	var c check
	c.append(ctx, l, numbers(0, 2)...)
	c.append(ctx, l, numbers(2, 5)...)
	if c.err != nil || reopen == nil {
		return c.err
	}
	l, err := reopen()
	if err != nil {
		return fmt.Errorf("open again: %w", err)
	}
	c.reads(ctx, l, 0, numbers(0, 5)...)
	end := c.append(ctx, l, Value{N: 5})
	c.that(end == 6, "Append: end %d, want 6", end)
	c.reads(ctx, l, 1, numbers(1, 6)...)
	return c.err
}

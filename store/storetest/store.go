package storetest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"

	"github.com/bangkom/bangkom/store"
)

// StoreCases returns the contract of [store.Store], sentence by sentence.
func StoreCases() []Case[S] {
	named := func(name string, run func(context.Context, *check, S)) Case[S] {
		return Case[S]{name, func(ctx context.Context, s S, _ func() (S, error)) error {
			var c check
			run(ctx, &c, s)
			return c.err
		}}
	}
	return []Case[S]{
		named("Get of a key that is not there is ErrNotFound.", func(ctx context.Context, c *check, s S) {
			c.gone(ctx, s)
		}),
		named("Get returns what the last Put stored, and the version that Put returned.", func(ctx context.Context, c *check, s S) {
			c.put(ctx, s, "a", Value{N: 1}, store.Absent)
			want := Value{N: 2, Text: "baris\nkedua \u2028 <&> \"", List: []int{1, 2}, Map: map[string]int{"x": 1}}
			v := c.put(ctx, s, "a", want, store.Any)
			c.put(ctx, s, "b", Value{N: 3}, store.Absent)
			c.holds(ctx, s, "a", want, v)
		}),
		named("Put with Absent creates a key, and is ErrConflict if it is there.", func(ctx context.Context, c *check, s S) {
			v := c.put(ctx, s, "a", Value{N: 1}, store.Absent)
			_, err := s.Put(ctx, "a", Value{N: 2}, store.Absent)
			c.is(err, store.ErrConflict, "Put of a key that is there")
			c.holds(ctx, s, "a", Value{N: 1}, v)
		}),
		named("Put with a version replaces exactly that state, and is ErrConflict otherwise.", func(ctx context.Context, c *check, s S) {
			old := c.put(ctx, s, "a", Value{N: 1}, store.Absent)
			v := c.put(ctx, s, "a", Value{N: 2}, old)
			_, err := s.Put(ctx, "a", Value{N: 3}, old)
			c.is(err, store.ErrConflict, "Put with an old version")
			_, err = s.Put(ctx, "a", Value{N: 3}, "not a version of this store")
			c.is(err, store.ErrConflict, "Put with a foreign version")
			c.holds(ctx, s, "a", Value{N: 2}, v)
		}),
		named("Put with Any creates or replaces.", func(ctx context.Context, c *check, s S) {
			c.put(ctx, s, "a", Value{N: 1}, store.Any)
			v := c.put(ctx, s, "a", Value{N: 2}, store.Any)
			c.holds(ctx, s, "a", Value{N: 2}, v)
		}),
		named("Put with a version of a key that is gone is ErrConflict.", func(ctx context.Context, c *check, s S) {
			v := c.put(ctx, s, "a", Value{N: 1}, store.Absent)
			c.ok(s.Delete(ctx, "a", v), "Delete")
			_, err := s.Put(ctx, "a", Value{N: 2}, v)
			c.is(err, store.ErrConflict, "Put with the version of a deleted key")
			c.gone(ctx, s)
		}),
		named("A version is never used again for its key, not even after Delete.", versionsDiffer),
		named("Delete removes a key, and is ErrNotFound if it is not there.", func(ctx context.Context, c *check, s S) {
			c.put(ctx, s, "a", Value{N: 1}, store.Absent)
			c.ok(s.Delete(ctx, "a", store.Any), "Delete")
			c.gone(ctx, s)
			c.is(s.Delete(ctx, "a", store.Any), store.ErrNotFound, "Delete again")
			c.put(ctx, s, "a", Value{N: 2}, store.Absent)
		}),
		named("Delete with a version removes exactly that state, and is ErrConflict otherwise.", func(ctx context.Context, c *check, s S) {
			old := c.put(ctx, s, "a", Value{N: 1}, store.Absent)
			v := c.put(ctx, s, "a", Value{N: 2}, old)
			c.is(s.Delete(ctx, "a", old), store.ErrConflict, "Delete with an old version")
			c.is(s.Delete(ctx, "a", store.Absent), store.ErrConflict, "Delete with Absent")
			c.holds(ctx, s, "a", Value{N: 2}, v)
			c.ok(s.Delete(ctx, "a", v), "Delete")
			c.gone(ctx, s)
		}),
		named("A call that fails changes nothing.", func(ctx context.Context, c *check, s S) {
			v := c.put(ctx, s, "a", Value{N: 1}, store.Absent)
			_, err := s.Put(ctx, "a", Value{N: 2}, "stale")
			c.fails(err, "Put with a stale version")
			_, err = s.Put(ctx, "a", Value{Any: make(chan int)}, v)
			c.fails(err, "Put of a channel")
			c.fails(s.Delete(ctx, "b", store.Any), "Delete of nothing")
			c.holds(ctx, s, "a", Value{N: 1}, v)
			c.keys(ctx, s, "a")
		}),
		named("All yields every entry once, in ascending order of the keys' bytes.", func(ctx context.Context, c *check, s S) {
			for _, key := range []string{"b", "é", "a b", "Z", "10", "9", "a", "中", "a/b"} {
				c.put(ctx, s, key, Value{Text: key}, store.Absent)
			}
			c.put(ctx, s, "b", Value{Text: "b"}, store.Any)
			c.keys(ctx, s, "10", "9", "Z", "a", "a b", "a/b", "b", "é", "中")
			for e, err := range s.All(ctx) {
				c.ok(err, "All")
				c.that(e.Value.Text == e.Key, "All: value %q under key %q", e.Value.Text, e.Key)
				c.holds(ctx, s, e.Key, e.Value, e.Version)
			}
		}),
		named("All yields the state at the start of the loop, whatever the loop writes.", func(ctx context.Context, c *check, s S) {
			for _, key := range []string{"a", "b", "c"} {
				c.put(ctx, s, key, Value{N: 1}, store.Absent)
			}
			n := 0
			for e, err := range s.All(ctx) {
				c.ok(err, "All")
				c.that(e.Value.N == 1, "All: a value of the loop at key %s", e.Key)
				n++
				_ = s.Delete(ctx, "b", store.Any)
				c.put(ctx, s, "c", Value{N: 2}, store.Any)
				c.put(ctx, s, fmt.Sprintf("d%d", n), Value{N: 2}, store.Absent)
			}
			c.that(n == 3, "All: %d entries, want 3", n)
			c.keys(ctx, s, "a", "c", "d1", "d2", "d3")
		}),
		named("All may be left early, and run again.", func(ctx context.Context, c *check, s S) {
			c.put(ctx, s, "a", Value{N: 1}, store.Absent)
			c.put(ctx, s, "b", Value{N: 2}, store.Absent)
			seq := s.All(ctx)
			for range 2 {
				e, err := first(seq)
				c.ok(err, "All")
				c.that(e.Key == "a", "All: first key %q", e.Key)
			}
			c.put(ctx, s, "a", Value{N: 3}, store.Any) // nothing is held by the loop that was left
		}),
		named("A value is what its JSON says: the store shares no memory with the caller.", func(ctx context.Context, c *check, s S) {
			in := Value{N: 1, List: []int{1}, Map: map[string]int{"x": 1}, Hidden: "not in JSON"}
			v := c.put(ctx, s, "a", in, store.Absent)
			in.List[0], in.Map["x"] = 9, 9
			want := Value{N: 1, List: []int{1}, Map: map[string]int{"x": 1}}
			c.holds(ctx, s, "a", want, v)
			out, _, err := s.Get(ctx, "a")
			c.ok(err, "Get")
			if err == nil && len(out.List) == 1 && out.Map != nil {
				out.List[0], out.Map["x"] = 8, 8
			}
			c.holds(ctx, s, "a", want, v)
		}),
		named("A value that has no JSON is refused.", func(ctx context.Context, c *check, s S) {
			for _, bad := range []any{make(chan int), math.NaN(), math.Inf(1)} {
				_, err := s.Put(ctx, "a", Value{Any: bad}, store.Any)
				c.fails(err, fmt.Sprintf("Put of %T", bad))
			}
			c.keys(ctx, s)
		}),
		named("A key that is empty or not valid UTF-8 is refused.", func(ctx context.Context, c *check, s S) {
			for _, key := range []string{"", "\xff", "a\xc3"} {
				_, err := s.Put(ctx, key, Value{}, store.Any)
				c.fails(err, fmt.Sprintf("Put of key %q", key))
				_, _, err = s.Get(ctx, key)
				c.fails(err, fmt.Sprintf("Get of key %q", key))
				c.fails(s.Delete(ctx, key, store.Any), fmt.Sprintf("Delete of key %q", key))
			}
			c.keys(ctx, s)
		}),
		named("A context that is done stops a call before it changes anything.", func(ctx context.Context, c *check, s S) {
			v := c.put(ctx, s, "a", Value{N: 1}, store.Absent)
			done, cancel := context.WithCancel(ctx)
			cancel()
			_, err := s.Put(done, "a", Value{N: 2}, store.Any)
			c.is(err, context.Canceled, "Put")
			c.is(s.Delete(done, "a", store.Any), context.Canceled, "Delete")
			_, _, err = s.Get(done, "a")
			c.is(err, context.Canceled, "Get")
			_, err = first(s.All(done))
			c.is(err, context.Canceled, "All")
			c.holds(ctx, s, "a", Value{N: 1}, v)
		}),
		named("Of writers that expect the same version exactly one wins.", oneWins),
		{"What was put is there after the store is opened again.", storeReopens},
	}
}

func versionsDiffer(ctx context.Context, c *check, s S) {
	seen := map[store.Version]bool{store.Absent: true, store.Any: true}
	for i := range 5 {
		for _, n := range []int{1, 1, 2} { // also the same value is a new state
			v := c.put(ctx, s, "a", Value{N: n}, store.Any)
			c.that(!seen[v], "version %q twice, round %d", v, i)
			seen[v] = true
		}
		c.ok(s.Delete(ctx, "a", store.Any), "Delete")
	}
}

func oneWins(ctx context.Context, c *check, s S) {
	const writers, rounds = 8, 20
	v := c.put(ctx, s, "a", Value{N: -1}, store.Absent)
	for range rounds {
		errs := make([]error, writers)
		versions := make([]store.Version, writers)
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() { versions[w], errs[w] = s.Put(ctx, "a", Value{N: w}, v) })
		}
		wg.Wait()
		winner := -1
		for w, err := range errs {
			if err != nil {
				c.is(err, store.ErrConflict, "Put of a loser")
				continue
			}
			c.that(winner < 0, "writers %d and %d both won", winner, w)
			winner = w
		}
		c.that(winner >= 0, "nobody won")
		if c.err != nil {
			return
		}
		v = versions[winner]
		c.holds(ctx, s, "a", Value{N: winner}, v)
	}
	added(ctx, c, s)
}

// added: with Update no addition is lost.
func added(ctx context.Context, c *check, s S) {
	const writers, each = 8, 25
	errs := make([]error, writers)
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for range each {
				_, err := store.Update(ctx, s, "sum", func(old Value, _ bool) (Value, error) { old.N++; return old, nil })
				errs[w] = errors.Join(errs[w], err)
			}
		})
	}
	wg.Wait()
	c.ok(errors.Join(errs...), "Update")
	v, _, err := s.Get(ctx, "sum")
	c.ok(err, "Get")
	c.that(v.N == writers*each, "Update: %d additions of %d are left", v.N, writers*each)
}

func storeReopens(ctx context.Context, s S, reopen func() (S, error)) error {
	var c check
	a := c.put(ctx, s, "a", Value{N: 1, Text: "satu"}, store.Absent)
	c.put(ctx, s, "b", Value{N: 2}, store.Absent)
	b := c.put(ctx, s, "b", Value{N: 3}, store.Any)
	gone := c.put(ctx, s, "c", Value{N: 4}, store.Absent)
	c.ok(s.Delete(ctx, "c", gone), "Delete")
	if c.err != nil || reopen == nil {
		return c.err
	}
	s, err := reopen()
	if err != nil {
		return fmt.Errorf("open again: %w", err)
	}
	c.keys(ctx, s, "a", "b")
	c.holds(ctx, s, "a", Value{N: 1, Text: "satu"}, a)
	c.holds(ctx, s, "b", Value{N: 3}, b)
	again := c.put(ctx, s, "c", Value{N: 5}, store.Absent)
	c.that(again != gone, "version %q again after the store was opened again", again)
	c.put(ctx, s, "a", Value{N: 6}, a)
	return c.err
}

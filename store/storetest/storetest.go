package storetest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"reflect"
	"testing"

	"github.com/bangkom/bangkom/store"
)

// Value is what the suite stores.
type Value struct {
	N      int            `json:"n"`
	Text   string         `json:"text,omitempty"`
	List   []int          `json:"list,omitempty"`
	Map    map[string]int `json:"map,omitempty"`
	Any    any            `json:"any,omitempty"` // a channel here has no JSON
	Hidden string         `json:"-"`
}

// The types under test.
type (
	S = store.Store[string, Value]
	L = store.Log[Value]
)

// A Case is one sentence of a contract. Run gets a fresh, empty store or log
// and a way to close it and open it again, which is nil where nothing outlives
// the value.
type Case[T any] struct {
	Name string
	Run  func(ctx context.Context, open T, reopen func() (T, error)) error
}

// Store runs every case of the contract of [store.Store]. open is called once
// per case; its second result closes the store and opens it again, or is nil.
func Store(t *testing.T, open func(t *testing.T) (S, func() (S, error))) {
	t.Helper()
	run(t, StoreCases(), open)
}

// Log runs every case of the contract of [store.Log]; see [Store].
func Log(t *testing.T, open func(t *testing.T) (L, func() (L, error))) {
	t.Helper()
	run(t, LogCases(), open)
}

func run[T any](t *testing.T, cases []Case[T], open func(t *testing.T) (T, func() (T, error))) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			s, reopen := open(t)
			if err := c.Run(t.Context(), s, reopen); err != nil {
				t.Error(err)
			}
		})
	}
}

// check collects what a case finds; the first finding is its error.
type check struct{ err error }

func (c *check) that(ok bool, format string, args ...any) {
	if !ok && c.err == nil {
		c.err = fmt.Errorf(format, args...)
	}
}

func (c *check) ok(err error, doing string) { c.that(err == nil, "%s: %v", doing, err) }

func (c *check) is(err, want error, doing string) {
	c.that(errors.Is(err, want), "%s: got error %v, want %v", doing, err, want)
}

func (c *check) fails(err error, doing string) { c.that(err != nil, "%s: no error", doing) }

// put and get are used where the call itself is not what is tested.
func (c *check) put(ctx context.Context, s S, key string, v Value, expected store.Version) store.Version {
	version, err := s.Put(ctx, key, v, expected)
	c.ok(err, "Put "+key)
	return version
}

func (c *check) holds(ctx context.Context, s S, key string, want Value, version store.Version) {
	got, v, err := s.Get(ctx, key)
	c.ok(err, "Get "+key)
	c.that(reflect.DeepEqual(got, want), "Get %s: got %+v, want %+v", key, got, want)
	c.that(v == version, "Get %s: got version %q, want %q", key, v, version)
}

func (c *check) gone(ctx context.Context, s S) {
	_, _, err := s.Get(ctx, "a")
	c.is(err, store.ErrNotFound, "Get a")
}

func (c *check) keys(ctx context.Context, s S, want ...string) {
	var got []string
	for e, err := range s.All(ctx) {
		if err != nil {
			c.ok(err, "All")
			return
		}
		got = append(got, e.Key)
	}
	c.that(reflect.DeepEqual(got, want), "All: got keys %q, want %q", got, want)
}

func (c *check) append(ctx context.Context, l L, values ...Value) int64 {
	end, err := l.Append(ctx, values...)
	c.ok(err, "Append")
	return end
}

func (c *check) reads(ctx context.Context, l L, from int64, want ...Value) {
	got, err := store.Collect(l.Read(ctx, from))
	c.ok(err, "Read")
	c.that(reflect.DeepEqual(got, want), "Read from %d: got %+v, want %+v", from, got, want)
}

// numbers are values that differ in N.
func numbers(from, to int) []Value {
	var out []Value
	for n := from; n < to; n++ {
		out = append(out, Value{N: n})
	}
	return out
}

// first returns the first element of a sequence and leaves it.
func first[T any](seq iter.Seq2[T, error]) (T, error) {
	for v, err := range seq {
		return v, err
	}
	var zero T
	return zero, errors.New("nothing there")
}

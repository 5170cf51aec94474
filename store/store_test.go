package store_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom/store"
	"github.com/bangkom/bangkom/store/memstore"
)

// contested reports a conflict for the first puts, as another writer would cause it.
type contested struct {
	store.Store[string, int]
	conflicts int
	gets      int
}

func (c *contested) Get(ctx context.Context, key string) (int, store.Version, error) {
	c.gets++
	return c.Store.Get(ctx, key)
}

func (c *contested) Put(ctx context.Context, key string, v int, expected store.Version) (store.Version, error) {
	if c.conflicts != 0 {
		c.conflicts--
		return "", store.ErrConflict
	}
	return c.Store.Put(ctx, key, v, expected)
}

func plusOne(old int, _ bool) (int, error) { return old + 1, nil }

func TestUpdate(t *testing.T) {
	ctx := t.Context()
	s := &contested{Store: memstore.NewStore[string, int](), conflicts: 3}
	v, err := store.Update(ctx, s, "a", plusOne)
	require.NoError(t, err)
	require.Equal(t, 1, v)
	require.Equal(t, 4, s.gets, "it reads again after each conflict")

	s.conflicts = -1 // for ever
	_, err = store.Update(ctx, s, "a", plusOne)
	require.ErrorIs(t, err, store.ErrConflict)

	s.conflicts = 0
	own := errors.New("no")
	_, err = store.Update(ctx, s, "a", func(old int, found bool) (int, error) {
		require.True(t, found)
		require.Equal(t, 1, old)
		return 0, own
	})
	require.ErrorIs(t, err, own)
	_, err = store.Update(ctx, s, "", plusOne)
	require.ErrorContains(t, err, "not a key")

	done, cancel := context.WithCancel(ctx)
	cancel()
	_, err = store.Update(done, s, "a", plusOne)
	require.ErrorIs(t, err, context.Canceled)
	v, _, err = s.Get(ctx, "a")
	require.NoError(t, err)
	require.Equal(t, 1, v)
}

func TestCollect(t *testing.T) {
	broken := errors.New("broken")
	var seq iter.Seq2[int, error] = func(yield func(int, error) bool) {
		if yield(1, nil) && yield(2, nil) {
			yield(0, broken)
		}
	}
	got, err := store.Collect(seq)
	require.ErrorIs(t, err, broken)
	require.Equal(t, []int{1, 2}, got)
}

// The expected gain of an offering is corrected without losing another's correction.
func ExampleUpdate() {
	ctx := context.Background()
	gains := memstore.NewStore[string, float64]()
	if _, err := gains.Put(ctx, "PLT-01", 0.5, store.Absent); err != nil {
		fmt.Println(err)
	}
	now, err := store.Update(ctx, gains, "PLT-01", func(old float64, found bool) (float64, error) {
		return old + 0.25, nil
	})
	fmt.Println(now, err)
	// Output: 0.75 <nil>
}

// Two people change the same plan; the second is told.
func ExampleStore() {
	ctx := context.Background()
	var plans store.Store[string, string] = memstore.NewStore[string, string]()
	v1, _ := plans.Put(ctx, "2027", "draft", store.Absent)
	_, _ = plans.Put(ctx, "2027", "approved", v1)
	_, err := plans.Put(ctx, "2027", "another draft", v1)
	fmt.Println(errors.Is(err, store.ErrConflict))
	now, _, _ := plans.Get(ctx, "2027")
	fmt.Println(now)
	// Output:
	// true
	// approved
}

// A reader keeps the offset and goes on from it.
func ExampleLog() {
	ctx := context.Background()
	var attended store.Log[string] = memstore.NewLog[string]()
	end, _ := attended.Append(ctx, "P-01 attended", "P-02 no-show")
	_, _ = attended.Append(ctx, "P-03 attended")
	for record, err := range attended.Read(ctx, end) {
		fmt.Println(record, err)
	}
	// Output: P-03 attended <nil>
}

package store

import (
	"context"
	"errors"
	"iter"
	"runtime"
	"unicode/utf8"

	"github.com/bangkom/bangkom"
)

// What a caller decides on. Use errors.Is.
var (
	ErrNotFound = bangkom.Problem{Code: "not-found"} // there is no such key
	ErrConflict = bangkom.Problem{Code: "conflict"}  // the key is not in the state that was expected
)

// A Version stands for one state of one key. Only [Absent] and [Any] have a
// meaning of their own; every other version comes from a store, is valid in
// that store alone, and compares with == and nothing else.
type Version string

const (
	Absent Version = ""  // the key must not be there yet
	Any    Version = "*" // whatever is there
)

// Key is the type of keys: text, so that every back-end orders them alike.
type Key interface{ ~string }

// An Entry is one key of a [Store] with its value and version.
type Entry[K Key, V any] struct {
	Key     K
	Value   V
	Version Version
}

// Store keeps one value per key. It is safe for use by several goroutines.
// Each item is one case of package storetest.
//
//   - Get of a key that is not there is ErrNotFound.
//   - Get returns what the last Put stored, and the version that Put returned.
//   - Put with Absent creates a key, and is ErrConflict if it is there.
//   - Put with a version replaces exactly that state, and is ErrConflict otherwise.
//   - Put with Any creates or replaces.
//   - Put with a version of a key that is gone is ErrConflict.
//   - A version is never used again for its key, not even after Delete.
//   - Delete removes a key, and is ErrNotFound if it is not there.
//   - Delete with a version removes exactly that state, and is ErrConflict otherwise.
//   - A call that fails changes nothing.
//   - All yields every entry once, in ascending order of the keys' bytes.
//   - All yields the state at the start of the loop, whatever the loop writes.
//   - All may be left early, and run again.
//   - A value is what its JSON says: the store shares no memory with the caller.
//   - A value that has no JSON is refused.
//   - A key that is empty or not valid UTF-8 is refused.
//   - A context that is done stops a call before it changes anything.
//   - Of writers that expect the same version exactly one wins.
//   - What was put is there after the store is opened again.
type Store[K Key, V any] interface {
	Get(ctx context.Context, key K) (V, Version, error)
	Put(ctx context.Context, key K, value V, expected Version) (Version, error)
	Delete(ctx context.Context, key K, expected Version) error
	All(ctx context.Context) iter.Seq2[Entry[K, V], error]
}

// Log keeps records in the order in which they were added. It is safe for use
// by several goroutines. Each item is one case of package storetest.
//
//   - Append returns the offset after its last record: where a reader goes on.
//   - Append adds all its records, next to each other, or none.
//   - Append of nothing changes nothing and returns the end.
//   - Read yields the records from an offset on, in order; 0 is the first.
//   - Read from the end, or from beyond it, yields nothing.
//   - Read from a negative offset is an error.
//   - Read yields what was there at the start of the loop, whatever the loop appends.
//   - Read may be left early, and run again.
//   - A record is what its JSON says: the log shares no memory with the caller.
//   - A record that has no JSON is refused.
//   - A context that is done stops a call before it changes anything.
//   - Records of several writers are all kept, each once.
//   - What was appended is there after the log is opened again.
type Log[T any] interface {
	Append(ctx context.Context, records ...T) (end int64, err error)
	Read(ctx context.Context, from int64) iter.Seq2[T, error]
}

// attempts bounds Update against a store that always reports a conflict. Every
// honest conflict means that another writer got on, so the bound is never near.
const attempts = 1000

// Update reads the value of a key, lets change make a new one of it, and puts
// it back; if another writer was faster it starts again. change gets the zero
// value and false for a key that is not there, may be called several times, and
// ends the update by an error, which is returned as it is.
func Update[K Key, V any](ctx context.Context, s Store[K, V], key K, change func(old V, found bool) (V, error)) (V, error) {
	var zero V
	err := error(ErrConflict)
	for range attempts {
		old, version, getErr := s.Get(ctx, key)
		found := getErr == nil
		if !found && !errors.Is(getErr, ErrNotFound) {
			return zero, getErr
		}
		if !found {
			old, version = zero, Absent
		}
		value, changeErr := change(old, found)
		if changeErr != nil {
			return zero, changeErr
		}
		if _, err = s.Put(ctx, key, value, version); err == nil {
			return value, nil
		}
		if !errors.Is(err, ErrConflict) {
			return zero, err
		}
		runtime.Gosched()
	}
	return zero, err
}

// Collect gathers a sequence, and stops at its error.
func Collect[T any](seq iter.Seq2[T, error]) ([]T, error) {
	var out []T
	for v, err := range seq {
		if err != nil {
			return out, err
		}
		out = append(out, v)
	}
	return out, nil
}

// CheckKey refuses a key that is empty or not valid UTF-8. Back-ends call it
// first, so that all refuse the same keys in the same words.
func CheckKey[K Key](key K) error {
	if key == "" || !utf8.ValidString(string(key)) {
		return bangkom.Problem{Code: "key", Value: string(key), Msg: "store: not a key", Need: "a key is text in UTF-8 and not empty"}
	}
	return nil
}

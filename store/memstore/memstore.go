// Package memstore keeps stores and logs in memory: for tests, and for programs
// whose state need not outlive them. It holds each value as JSON, so that a
// program that works on it works on a file or a database too.
package memstore

import (
	"context"
	"iter"
	"maps"
	"slices"
	"strconv"
	"sync"

	"github.com/bangkom/bangkom/store"
	"github.com/bangkom/bangkom/store/internal/back"
)

// Store is a [store.Store] in memory.
type Store[K store.Key, V any] struct {
	mu   sync.RWMutex
	m    map[K]cell
	last uint64 // versions ever given, over all keys: none is given twice
}

// cell holds JSON that is never written to again.
type cell struct {
	json    []byte
	version store.Version
}

// NewStore returns an empty store.
func NewStore[K store.Key, V any]() *Store[K, V] { return &Store[K, V]{m: map[K]cell{}} }

// Get implements [store.Store].
func (s *Store[K, V]) Get(ctx context.Context, key K) (V, store.Version, error) {
	var v V
	if err := back.Begin(ctx, key); err != nil {
		return v, "", err
	}
	s.mu.RLock()
	c, ok := s.m[key]
	s.mu.RUnlock()
	if !ok {
		return v, "", back.NotFound(key)
	}
	err := back.Decode(c.json, &v, string(key))
	return v, c.version, err
}

// Put implements [store.Store].
func (s *Store[K, V]) Put(ctx context.Context, key K, value V, expected store.Version) (store.Version, error) {
	if err := back.Begin(ctx, key); err != nil {
		return "", err
	}
	data, err := back.Encode(value)
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if expected != store.Any && expected != s.m[key].version {
		return "", back.Conflict(key)
	}
	s.last++
	c := cell{data, store.Version(strconv.FormatUint(s.last, 10))}
	s.m[key] = c
	return c.version, nil
}

// Delete implements [store.Store].
func (s *Store[K, V]) Delete(ctx context.Context, key K, expected store.Version) error {
	if err := back.Begin(ctx, key); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.m[key]
	if !ok {
		return back.NotFound(key)
	}
	if expected != store.Any && expected != c.version {
		return back.Conflict(key)
	}
	delete(s.m, key)
	return nil
}

// All implements [store.Store].
func (s *Store[K, V]) All(ctx context.Context) iter.Seq2[store.Entry[K, V], error] {
	return func(yield func(store.Entry[K, V], error) bool) {
		s.mu.RLock()
		m := maps.Clone(s.m)
		s.mu.RUnlock()
		for _, key := range slices.Sorted(maps.Keys(m)) {
			e := store.Entry[K, V]{Key: key, Version: m[key].version}
			err := ctx.Err()
			if err == nil {
				err = back.Decode(m[key].json, &e.Value, string(key))
			}
			if err != nil {
				yield(store.Entry[K, V]{}, err)
				return
			}
			if !yield(e, nil) {
				return
			}
		}
	}
}

// Log is a [store.Log] in memory.
type Log[T any] struct {
	mu      sync.RWMutex
	records [][]byte // JSON, never written to again
}

// NewLog returns an empty log.
func NewLog[T any]() *Log[T] { return &Log[T]{} }

// Append implements [store.Log].
func (l *Log[T]) Append(ctx context.Context, records ...T) (int64, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	var added [][]byte
	for _, r := range records {
		data, err := back.Encode(r)
		if err != nil {
			return 0, err
		}
		added = append(added, data)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.records = append(l.records, added...)
	return int64(len(l.records)), nil
}

// Read implements [store.Log].
func (l *Log[T]) Read(ctx context.Context, from int64) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var zero T
		l.mu.RLock()
		records := l.records[:len(l.records):len(l.records)]
		l.mu.RUnlock()
		if err := back.From(from); err != nil {
			yield(zero, err)
			return
		}
		for _, data := range records[min(from, int64(len(records))):] {
			var v T
			err := ctx.Err()
			if err == nil {
				err = back.Decode(data, &v, "")
			}
			if err != nil {
				yield(zero, err)
				return
			}
			if !yield(v, nil) {
				return
			}
		}
	}
}

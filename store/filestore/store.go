package filestore

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"iter"
	"maps"
	"os"
	"slices"
	"strconv"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/store"
	"github.com/bangkom/bangkom/store/internal/back"
)

const storeFormat = "bangkom-store/1"

// Store is a [store.Store] in one file.
type Store[K store.Key, V any] struct {
	file    *file
	m       map[K]cell // guarded by file.mu
	last    int64
	damaged bool
}

// cell holds JSON that is never written to again.
type cell struct {
	json []byte
	seq  int64
	line int // in the file; 0 if written since it was opened
}

// NewStore opens the store of a name, which is created if it is not there. The
// problems say what of its file could not be read: a key whose latest line is
// damaged shows an older value, or none.
func NewStore[K store.Key, V any](d *Dir, name string) (*Store[K, V], bangkom.Problems, error) {
	s := &Store[K, V]{m: map[K]cell{}}
	var wrong bangkom.Problems
	f, sc, err := d.open(name, storeFormat, func(l line, at place) {
		switch {
		case l.Deleted:
			delete(s.m, K(l.Key))
		case store.CheckKey(l.Key) != nil || l.Value == nil:
			wrong.Add(bangkom.Problem{Code: "damaged-record", Where: fmt.Sprintf("%s.jsonl:%d:1", name, at.line), Msg: "filestore: a record without key or value"})
		default:
			s.m[K(l.Key)] = cell{l.Value, l.Seq, at.line}
		}
	})
	if err != nil {
		return nil, bangkom.AsProblems(err, "filestore"), err
	}
	problems := append(sc.problems, wrong...)
	s.file, s.last, s.damaged = f, sc.last, problems.Err() != nil
	return s, problems, nil
}

// Get implements [store.Store].
func (s *Store[K, V]) Get(ctx context.Context, key K) (V, store.Version, error) {
	var v V
	if err := back.Begin(ctx, key); err != nil {
		return v, "", err
	}
	c, ok, err := s.look(key)
	if err != nil {
		return v, "", err
	}
	if !ok {
		return v, "", back.NotFound(key)
	}
	if err := back.Decode(c.json, &v, s.where(c)); err != nil {
		var zero V
		return zero, "", err
	}
	return v, c.version(), nil
}

func (s *Store[K, V]) look(key K) (cell, bool, error) {
	s.file.mu.Lock()
	defer s.file.mu.Unlock()
	c, ok := s.m[key]
	return c, ok, s.file.broken
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
	s.file.mu.Lock()
	defer s.file.mu.Unlock()
	old, found := s.m[key]
	if expected != store.Any && (found && expected != old.version() || !found && expected != store.Absent) {
		return "", back.Conflict(key)
	}
	c := cell{json: data, seq: s.last + 1}
	if err := s.record(line{Seq: c.seq, Key: string(key), Value: data}); err != nil {
		return "", err
	}
	s.m[key] = c
	return c.version(), nil
}

// Delete implements [store.Store].
func (s *Store[K, V]) Delete(ctx context.Context, key K, expected store.Version) error {
	if err := back.Begin(ctx, key); err != nil {
		return err
	}
	s.file.mu.Lock()
	defer s.file.mu.Unlock()
	old, found := s.m[key]
	if !found {
		return back.NotFound(key)
	}
	if expected != store.Any && expected != old.version() {
		return back.Conflict(key)
	}
	if err := s.record(line{Seq: s.last + 1, Key: string(key), Deleted: true}); err != nil {
		return err
	}
	delete(s.m, key)
	return nil
}

// record writes one line. A number is used up even if the write fails: the
// bytes may have got to the disk.
func (s *Store[K, V]) record(l line) error {
	data, err := appendLine(nil, l)
	if err != nil {
		return err
	}
	s.last++
	return s.file.write(data)
}

// All implements [store.Store].
func (s *Store[K, V]) All(ctx context.Context) iter.Seq2[store.Entry[K, V], error] {
	return func(yield func(store.Entry[K, V], error) bool) {
		s.file.mu.Lock()
		m, err := maps.Clone(s.m), s.file.broken
		s.file.mu.Unlock()
		if err != nil {
			yield(store.Entry[K, V]{}, err)
			return
		}
		for _, key := range slices.Sorted(maps.Keys(m)) {
			e := store.Entry[K, V]{Key: key, Version: m[key].version()}
			err := ctx.Err()
			if err == nil {
				err = back.Decode(m[key].json, &e.Value, s.where(m[key]))
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

// Compact writes the present state into a new file and puts it in the
// place of the old one. Versions stay valid. A store with damaged lines refuses
// (code "damaged"), because compacting would throw them away for good.
func (s *Store[K, V]) Compact() error {
	s.file.mu.Lock()
	defer s.file.mu.Unlock()
	if s.file.broken != nil {
		return s.file.broken
	}
	if s.damaged {
		return bangkom.Problem{Code: "damaged", Value: s.file.name, Msg: "filestore: a file with damaged lines is not compacted", Need: "bring the lines back from a backup, or put the values into a new store"}
	}
	return s.file.replace(func(yield func(line) bool) {
		if !yield(line{Format: storeFormat, Last: s.last}) {
			return
		}
		older := func(a, b K) int { return cmp.Compare(s.m[a].seq, s.m[b].seq) }
		for _, key := range slices.SortedFunc(maps.Keys(s.m), older) {
			if c := s.m[key]; !yield(line{Seq: c.seq, Key: string(key), Value: c.json}) {
				return
			}
		}
	})
}

func (c cell) version() store.Version { return store.Version(strconv.FormatInt(c.seq, 10)) }

func (s *Store[K, V]) where(c cell) string {
	if c.line == 0 {
		return s.file.name + ".jsonl"
	}
	return fmt.Sprintf("%s.jsonl:%d:1", s.file.name, c.line)
}

// replace writes lines to a new file and renames it over this one.
func (f *file) replace(lines iter.Seq[line]) error {
	fail := func(err error) error { return fmt.Errorf("filestore: %s: %w", f.name, err) }
	root, fresh := f.dir.root, f.name+".jsonl.new"
	n, err := root.OpenFile(fresh, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fail(err)
	}
	end, err := writeLines(n, lines)
	if err == nil {
		err = n.Sync() // before the rename, whatever the policy: or a crash could leave an empty file
	}
	if err == nil {
		err = root.Rename(fresh, f.name+".jsonl")
	}
	if err != nil {
		n.Close()
		_ = root.Remove(fresh)
		return fail(err)
	}
	syncNames(root)
	f.f.Close()
	f.f, f.end, f.dirty = n, end, false
	return nil
}

func writeLines(f *os.File, lines iter.Seq[line]) (end int64, err error) {
	w := bufio.NewWriter(f)
	var buf []byte
	for l := range lines {
		if buf, err = appendLine(buf[:0], l); err != nil {
			return 0, err
		}
		n, err := w.Write(buf)
		end += int64(n)
		if err != nil {
			return 0, err
		}
	}
	return end, w.Flush()
}

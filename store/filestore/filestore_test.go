package filestore_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/store"
	"github.com/bangkom/bangkom/store/filestore"
	"github.com/bangkom/bangkom/store/storetest"
)

// again opens a directory, and closes and opens it once more on demand.
func again[T any](t *testing.T, opt *filestore.Options, open func(*filestore.Dir) (T, bangkom.Problems, error)) (T, func() (T, error)) {
	path := t.TempDir()
	var dir *filestore.Dir
	start := func() (T, error) {
		var err error
		dir, err = filestore.Open(path, opt)
		require.NoError(t, err)
		s, problems, err := open(dir)
		require.Empty(t, problems)
		return s, err
	}
	s, err := start()
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, dir.Close()) })
	return s, func() (T, error) {
		require.NoError(t, dir.Close())
		return start()
	}
}

// Most cases do without waiting for the disk; the policy has tests of its own.
var fast = &filestore.Options{Sync: filestore.SyncNone}

func TestStoreContract(t *testing.T) {
	storetest.Store(t, func(t *testing.T) (storetest.S, func() (storetest.S, error)) {
		return again(t, fast, func(d *filestore.Dir) (storetest.S, bangkom.Problems, error) {
			return filestore.NewStore[string, storetest.Value](d, "values")
		})
	})
}

// A store that is compacted before it is opened again is the same store.
func TestStoreContractCompacted(t *testing.T) {
	storetest.Store(t, func(t *testing.T) (storetest.S, func() (storetest.S, error)) {
		var s *filestore.Store[string, storetest.Value]
		first, reopen := again(t, nil, func(d *filestore.Dir) (storetest.S, bangkom.Problems, error) {
			var p bangkom.Problems
			var err error
			s, p, err = filestore.NewStore[string, storetest.Value](d, "values")
			return s, p, err
		})
		return first, func() (storetest.S, error) {
			require.NoError(t, s.Compact())
			require.NoError(t, s.Compact())
			return reopen()
		}
	})
}

func TestLogContract(t *testing.T) {
	storetest.Log(t, func(t *testing.T) (storetest.L, func() (storetest.L, error)) {
		return again(t, fast, func(d *filestore.Dir) (storetest.L, bangkom.Problems, error) {
			return filestore.NewLog[storetest.Value](d, "values")
		})
	})
}

func open(t testing.TB, path string) *filestore.Dir {
	t.Helper()
	d, err := filestore.Open(path, fast)
	require.NoError(t, err)
	t.Cleanup(func() { d.Close() })
	return d
}

// writeStore makes a store file and lists, for each length at which a call was
// acknowledged, the state then.
func writeStore(t *testing.T) (data []byte, states map[int]map[string]int) {
	ctx, path := t.Context(), t.TempDir()
	d := open(t, path)
	s, _, err := filestore.NewStore[string, int](d, "s")
	require.NoError(t, err)
	states = map[int]map[string]int{}
	note := func() {
		state := map[string]int{}
		for e, err := range s.All(ctx) {
			require.NoError(t, err)
			state[e.Key] = e.Value
		}
		data, err := os.ReadFile(filepath.Join(path, "s.jsonl"))
		require.NoError(t, err)
		states[len(data)] = state
	}
	note()
	for i, key := range []string{"a", "b", "a", "c", "b"} {
		_, err := s.Put(ctx, key, 10*i, store.Any)
		require.NoError(t, err)
		note()
	}
	require.NoError(t, s.Delete(ctx, "a", store.Any))
	note()
	require.NoError(t, d.Close())
	data, err = os.ReadFile(filepath.Join(path, "s.jsonl"))
	require.NoError(t, err)
	return data, states
}

// A crash can leave any beginning of what was written. Every acknowledged write
// is there, and one that was not finished is reported.
func TestStoreCutAtEveryByte(t *testing.T) {
	data, states := writeStore(t)
	for cut := range len(data) + 1 {
		path := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(path, "s.jsonl"), data[:cut], 0o600))
		d := open(t, path)
		s, problems, err := filestore.NewStore[string, int](d, "s")
		require.NoError(t, err, "cut at %d", cut)
		whole := cut
		for states[whole] == nil && whole > 0 {
			whole--
		}
		got := map[string]int{}
		for e, err := range s.All(t.Context()) {
			require.NoError(t, err)
			got[e.Key] = e.Value
		}
		want := states[whole]
		if want == nil {
			want = map[string]int{}
		}
		require.Equal(t, want, got, "cut at %d", cut)
		require.Equal(t, whole != cut, problems.Has("torn-record"), "cut at %d", cut)
		require.Len(t, problems, len(problems.Only(bangkom.Warning)))

		if cut%4 != 0 {
			continue
		}
		// It goes on from there, and the next opening finds nothing wrong.
		_, err = s.Put(t.Context(), "z", 1, store.Absent)
		require.NoError(t, err)
		require.NoError(t, d.Close())
		s, problems, err = filestore.NewStore[string, int](open(t, path), "s")
		require.NoError(t, err)
		require.Empty(t, problems)
		v, _, err := s.Get(t.Context(), "z")
		require.NoError(t, err)
		require.Equal(t, 1, v)
	}
}

func TestLogCutAtEveryByte(t *testing.T) {
	path := t.TempDir()
	d := open(t, path)
	l, _, err := filestore.NewLog[string](d, "l")
	require.NoError(t, err)
	size := func() int {
		info, err := os.Stat(filepath.Join(path, "l.jsonl"))
		require.NoError(t, err)
		return int(info.Size())
	}
	acknowledged := map[int]int64{size(): 0} // file length -> records
	for _, n := range []int{1, 3, 1, 2} {    // the records of one Append are one unit
		var batch []string
		for i := range n {
			batch = append(batch, strings.Repeat("x", i+n))
		}
		end, err := l.Append(t.Context(), batch...)
		require.NoError(t, err)
		acknowledged[size()] = end
	}
	all, err := store.Collect(l.Read(t.Context(), 0))
	require.NoError(t, err)
	require.NoError(t, d.Close())
	data, err := os.ReadFile(filepath.Join(path, "l.jsonl"))
	require.NoError(t, err)

	for cut := range len(data) + 1 {
		path := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(path, "l.jsonl"), data[:cut], 0o600))
		d := open(t, path)
		l, problems, err := filestore.NewLog[string](d, "l")
		require.NoError(t, err, "cut at %d", cut)
		whole := cut
		for whole > 0 {
			if _, ok := acknowledged[whole]; ok {
				break
			}
			whole--
		}
		n := acknowledged[whole]
		got, err := store.Collect(l.Read(t.Context(), 0))
		require.NoError(t, err)
		require.Equal(t, append([]string(nil), all[:n]...), got, "cut at %d", cut)
		require.Equal(t, whole != cut, problems.Has("torn-record"), "cut at %d", cut)
		if whole != cut && whole > 0 {
			require.Equal(t, fmt.Sprintf("l.jsonl:%d:1", n+2), problems[0].Where, "behind the first line and n records")
		}
		end, err := l.Append(t.Context(), "next")
		require.NoError(t, err)
		require.Equal(t, n+1, end)
		require.NoError(t, d.Close())
		_, problems, err = filestore.NewLog[string](open(t, path), "l")
		require.NoError(t, err)
		require.Empty(t, problems)
	}
}

// A changed byte anywhere is found, named by its line, and never handed out.
func TestEveryChangedByteIsFound(t *testing.T) {
	path := t.TempDir()
	d := open(t, path)
	l, _, err := filestore.NewLog[int](d, "l")
	require.NoError(t, err)
	for i := range 3 {
		_, err := l.Append(t.Context(), i)
		require.NoError(t, err)
	}
	require.NoError(t, d.Close())
	data, err := os.ReadFile(filepath.Join(path, "l.jsonl"))
	require.NoError(t, err)
	for i := range data {
		for _, flip := range []byte{1, 0x20, data[i] ^ '\n'} {
			if flip == 0 {
				continue
			}
			changed := bytes.Clone(data)
			changed[i] ^= flip
			path := t.TempDir()
			require.NoError(t, os.WriteFile(filepath.Join(path, "l.jsonl"), changed, 0o600))
			l, problems, err := filestore.NewLog[int](open(t, path), "l")
			require.NoError(t, err)
			require.NotEmpty(t, problems, "byte %d", i)
			lineNo := 1 + bytes.Count(data[:i], []byte("\n"))
			if !problems.Has("torn-record") {
				require.Equal(t, fmt.Sprintf("l.jsonl:%d:1", lineNo), problems[0].Where, "byte %d", i)
			}
			got, err := store.Collect(l.Read(t.Context(), 0))
			require.NoError(t, err)
			for _, v := range got {
				require.NotEqual(t, lineNo-2, v, "byte %d: the damaged record was handed out", i)
			}
			// A newline that is gone takes two lines with it, any other byte one.
			require.GreaterOrEqual(t, len(got), 1)
			last, err := l.Append(t.Context(), 99)
			require.NoError(t, err)
			require.GreaterOrEqual(t, last, int64(3), "an offset must not be given again")
		}
	}
}

func TestDamagedRecordsKeepTheirOffset(t *testing.T) {
	path := t.TempDir()
	d := open(t, path)
	l, _, err := filestore.NewLog[int](d, "l")
	require.NoError(t, err)
	_, err = l.Append(t.Context(), 0, 1, 2, 3, 4)
	require.NoError(t, err)
	require.NoError(t, d.Close())
	file := filepath.Join(path, "l.jsonl")
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	lines := bytes.SplitAfter(data, []byte("\n"))

	lines[3][20] ^= 1 // the third record
	require.NoError(t, os.WriteFile(file, bytes.Join(lines, nil), 0o600))
	d = open(t, path)
	l, problems, err := filestore.NewLog[int](d, "l")
	require.NoError(t, err)
	require.Len(t, problems, 2)
	require.Equal(t, "damaged-record", problems[0].Code)
	require.Equal(t, "l.jsonl:4:1", problems[0].Where)
	require.Equal(t, "missing-record", problems[1].Code)
	require.Equal(t, "3 to 3", problems[1].Value)
	for from, want := range [][]int{{0, 1, 3, 4}, {1, 3, 4}, {3, 4}, {3, 4}, {4}, nil} {
		got, err := store.Collect(l.Read(t.Context(), int64(from)))
		require.NoError(t, err)
		require.Equal(t, want, got, "from %d", from)
	}
	require.NoError(t, d.Close())

	// A line that is gone altogether is missed too.
	require.NoError(t, os.WriteFile(file, bytes.Join(append(lines[:3:3], lines[4:]...), nil), 0o600))
	_, problems, err = filestore.NewLog[int](open(t, path), "l")
	require.NoError(t, err)
	require.Len(t, problems, 1)
	require.Equal(t, "missing-record", problems[0].Code)
}

func TestDamagedStore(t *testing.T) {
	data, _ := writeStore(t)
	lines := bytes.SplitAfter(data, []byte("\n"))
	lines[2][sumAt+4] ^= 1 // b = 10, put again later as 40
	path := t.TempDir()
	file := filepath.Join(path, "s.jsonl")
	require.NoError(t, os.WriteFile(file, bytes.Join(lines, nil), 0o600))
	d := open(t, path)
	s, problems, err := filestore.NewStore[string, int](d, "s")
	require.NoError(t, err)
	require.Error(t, problems.Err())
	require.Equal(t, "s.jsonl:3:1", problems[0].Where)
	v, _, err := s.Get(t.Context(), "b")
	require.NoError(t, err)
	require.Equal(t, 40, v)

	require.ErrorIs(t, s.Compact(), bangkom.Problem{Code: "damaged"})
	after, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, bytes.Join(lines, nil), after, "the damaged line stays")
}

const sumAt = len(`{"sum":"`)

// Whatever the file, a foreign one is not written to.
func TestForeignFileIsLeftAlone(t *testing.T) {
	logFile := func() []byte {
		path := t.TempDir()
		d := open(t, path)
		_, _, err := filestore.NewLog[int](d, "x")
		require.NoError(t, err)
		require.NoError(t, d.Close())
		data, err := os.ReadFile(filepath.Join(path, "x.jsonl"))
		require.NoError(t, err)
		return data
	}()
	for name, data := range map[string][]byte{
		"a log":            logFile,
		"other JSON lines": []byte("{\"a\":1}\n{\"a\":2}\n"),
		"text":             []byte("hello"),
		"zeros":            make([]byte, 100),
		"an empty line":    []byte("\n"),
	} {
		path := t.TempDir()
		file := filepath.Join(path, "x.jsonl")
		require.NoError(t, os.WriteFile(file, data, 0o600))
		d := open(t, path)
		_, problems, err := filestore.NewStore[string, int](d, "x")
		require.ErrorIs(t, err, bangkom.Problem{Code: "format"}, name)
		require.Equal(t, "format", problems[0].Code)
		after, err := os.ReadFile(file)
		require.NoError(t, err)
		require.Equal(t, data, after, name)
	}
}

func TestOneAtATime(t *testing.T) {
	path := t.TempDir()
	d := open(t, path)
	_, err := filestore.Open(path, nil)
	require.ErrorIs(t, err, filestore.ErrLocked)
	s, _, err := filestore.NewStore[string, int](d, "s")
	require.NoError(t, err)
	_, _, err = filestore.NewStore[string, int](d, "s")
	require.ErrorIs(t, err, filestore.ErrLocked)
	_, _, err = filestore.NewLog[int](d, "s")
	require.ErrorIs(t, err, filestore.ErrLocked)

	require.NoError(t, d.Close())
	require.NoError(t, d.Close(), "twice is fine")
	_, err = s.Put(t.Context(), "a", 1, store.Any)
	require.ErrorIs(t, err, filestore.ErrClosed)
	_, _, err = s.Get(t.Context(), "a")
	require.ErrorIs(t, err, filestore.ErrClosed)
	require.ErrorIs(t, s.Compact(), filestore.ErrClosed)
	_, _, err = filestore.NewLog[int](d, "l")
	require.ErrorIs(t, err, filestore.ErrClosed)
	open(t, path)
}

func TestNames(t *testing.T) {
	d := open(t, t.TempDir())
	for _, name := range []string{"", "..", "../x", "a/b", "a.b", "A", "nul\x00", strings.Repeat("a", 65)} {
		_, _, err := filestore.NewLog[int](d, name)
		require.ErrorIs(t, err, bangkom.ErrOption, "%q", name)
	}
	_, err := filestore.Open(t.TempDir(), &filestore.Options{Sync: 7})
	require.ErrorIs(t, err, bangkom.ErrOption)
}

// A record that no longer fits its type is an error with its place, not a loss.
func TestTypeChanged(t *testing.T) {
	path := t.TempDir()
	d := open(t, path)
	l, _, err := filestore.NewLog[string](d, "l")
	require.NoError(t, err)
	_, err = l.Append(t.Context(), "satu", "dua")
	require.NoError(t, err)
	s, _, err := filestore.NewStore[string, string](d, "s")
	require.NoError(t, err)
	_, err = s.Put(t.Context(), "a", "satu", store.Any)
	require.NoError(t, err)
	require.NoError(t, d.Close())

	d = open(t, path)
	ints, problems, err := filestore.NewLog[int](d, "l")
	require.NoError(t, err)
	require.Empty(t, problems)
	_, err = store.Collect(ints.Read(t.Context(), 1))
	require.ErrorIs(t, err, bangkom.Problem{Code: "decode"})
	require.Equal(t, "l.jsonl:3:1", bangkom.AsProblems(err, "")[0].Where)
	si, _, err := filestore.NewStore[string, int](d, "s")
	require.NoError(t, err)
	_, _, err = si.Get(t.Context(), "a")
	require.Equal(t, "s.jsonl:2:1", bangkom.AsProblems(err, "")[0].Where)
}

// What happens to the file behind an open log's back is found by Read.
func TestDamageWhileOpen(t *testing.T) {
	path := t.TempDir()
	l, _, err := filestore.NewLog[int](open(t, path), "l")
	require.NoError(t, err)
	_, err = l.Append(t.Context(), 0, 1, 2)
	require.NoError(t, err)
	file := filepath.Join(path, "l.jsonl")
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	data[len(data)-4] ^= 1
	require.NoError(t, os.WriteFile(file, data, 0o600))
	got, err := store.Collect(l.Read(t.Context(), 0))
	require.ErrorIs(t, err, bangkom.Problem{Code: "damaged-record"})
	require.Equal(t, []int{0, 1}, got)
}

func TestCompact(t *testing.T) {
	path := t.TempDir()
	d := open(t, path)
	s, _, err := filestore.NewStore[string, int](d, "s")
	require.NoError(t, err)
	var last store.Version
	for i := range 100 {
		last, err = s.Put(t.Context(), "a", i, store.Any)
		require.NoError(t, err)
	}
	gone, err := s.Put(t.Context(), "b", 1, store.Absent)
	require.NoError(t, err)
	require.NoError(t, s.Delete(t.Context(), "b", gone))
	file := filepath.Join(path, "s.jsonl")
	before, err := os.Stat(file)
	require.NoError(t, err)
	require.NoError(t, s.Compact())
	after, err := os.Stat(file)
	require.NoError(t, err)
	require.Less(t, after.Size(), before.Size()/20)
	_, err = os.Stat(file + ".new")
	require.ErrorIs(t, err, os.ErrNotExist)

	_, err = s.Put(t.Context(), "c", 1, store.Absent) // the new file is the one that is written to
	require.NoError(t, err)
	require.NoError(t, d.Close())
	s, problems, err := filestore.NewStore[string, int](open(t, path), "s")
	require.NoError(t, err)
	require.Empty(t, problems)
	v, version, err := s.Get(t.Context(), "a")
	require.NoError(t, err)
	require.Equal(t, 99, v)
	require.Equal(t, last, version)
	again, err := s.Put(t.Context(), "b", 2, store.Absent)
	require.NoError(t, err)
	require.NotEqual(t, gone, again, "a version that Compact left out is not given again")
}

// The file is what its documentation says: JSON lines.
func TestFilesAreJSONLines(t *testing.T) {
	data, _ := writeStore(t)
	for i, l := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		var m map[string]any
		require.NoError(t, json.Unmarshal([]byte(l), &m), "line %d", i+1)
		require.Contains(t, m, "sum")
	}
	require.True(t, strings.HasPrefix(string(data), `{"sum":"`))
	require.Contains(t, string(data), `"format":"bangkom-store/1"`)
}

func FuzzOpen(f *testing.F) {
	path := f.TempDir()
	d, err := filestore.Open(path, fast)
	require.NoError(f, err)
	l, _, err := filestore.NewLog[int](d, "l")
	require.NoError(f, err)
	_, err = l.Append(context.Background(), 1, 2)
	require.NoError(f, err)
	_, err = l.Append(context.Background(), 3)
	require.NoError(f, err)
	s, _, err := filestore.NewStore[string, int](d, "s")
	require.NoError(f, err)
	for i, key := range []string{"a", "b", "a"} {
		_, err = s.Put(context.Background(), key, i, store.Any)
		require.NoError(f, err)
	}
	require.NoError(f, s.Delete(context.Background(), "b", store.Any))
	require.NoError(f, d.Close())
	for _, name := range []string{"l", "s"} {
		data, err := os.ReadFile(filepath.Join(path, name+".jsonl"))
		require.NoError(f, err)
		f.Add(data)
		f.Add(data[:len(data)-3])
		f.Add(append(bytes.Clone(data[40:]), data...))
	}
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		path := t.TempDir()
		for _, name := range []string{"l", "s"} {
			require.NoError(t, os.WriteFile(filepath.Join(path, name+".jsonl"), data, 0o600))
		}
		d := open(t, path)
		defer d.Close()
		if l, _, err := filestore.NewLog[int](d, "l"); err == nil {
			_, _ = store.Collect(l.Read(t.Context(), 0))
			end, err := l.Append(t.Context(), 7)
			require.NoError(t, err)
			got, err := store.Collect(l.Read(t.Context(), end-1))
			require.NoError(t, err)
			require.Equal(t, []int{7}, got)
		}
		if s, _, err := filestore.NewStore[string, int](d, "s"); err == nil {
			v, err := s.Put(t.Context(), "k", 7, store.Any)
			require.NoError(t, err)
			got, version, err := s.Get(t.Context(), "k")
			require.NoError(t, err)
			require.Equal(t, 7, got)
			require.Equal(t, v, version)
		}
		require.NoError(t, d.Close())
		// What was written into a damaged file is there at the next opening.
		d = open(t, path)
		defer d.Close()
		if l, _, err := filestore.NewLog[int](d, "l"); err == nil {
			end, err := l.Append(t.Context())
			require.NoError(t, err)
			got, err := store.Collect(l.Read(t.Context(), end-1))
			require.NoError(t, err)
			require.Equal(t, []int{7}, got)
		}
	})
}

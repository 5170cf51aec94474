package filestore

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom/store"
)

func opened(t *testing.T, sync Sync) (*Dir, *Store[string, int], *Log[int]) {
	t.Helper()
	d, err := Open(t.TempDir(), &Options{Sync: sync})
	require.NoError(t, err)
	t.Cleanup(func() { d.Close() })
	s, _, err := NewStore[string, int](d, "s")
	require.NoError(t, err)
	l, _, err := NewLog[int](d, "l")
	require.NoError(t, err)
	return d, s, l
}

// A disk that fails closes the file: nobody knows what it holds, and a call
// that pretends to know would be worse than one that fails.
func TestFailedWriteCloses(t *testing.T) {
	_, s, l := opened(t, SyncEach)
	_, err := s.Put(t.Context(), "a", 1, store.Any)
	require.NoError(t, err)
	require.NoError(t, s.file.f.Close())
	require.NoError(t, l.file.f.Close())

	_, err = s.Put(t.Context(), "a", 2, store.Any)
	require.ErrorIs(t, err, os.ErrClosed)
	for range 2 {
		_, _, err = s.Get(t.Context(), "a")
		require.ErrorIs(t, err, ErrClosed)
		require.ErrorIs(t, s.Delete(t.Context(), "a", store.Any), ErrClosed)
		_, err = store.Collect(s.All(t.Context()))
		require.ErrorIs(t, err, ErrClosed)
		require.ErrorIs(t, s.Compact(), ErrClosed)
	}
	_, err = l.Append(t.Context(), 1)
	require.ErrorIs(t, err, os.ErrClosed)
	_, err = l.Append(t.Context(), 1)
	require.ErrorIs(t, err, ErrClosed)
	_, err = store.Collect(l.Read(t.Context(), 0))
	require.ErrorIs(t, err, ErrClosed)
}

func TestSync(t *testing.T) {
	d, s, l := opened(t, SyncNone)
	_, err := s.Put(t.Context(), "a", 1, store.Any)
	require.NoError(t, err)
	require.NoError(t, d.Sync())
	_, err = l.Append(t.Context(), 1)
	require.NoError(t, err)
	require.NoError(t, l.file.f.Close())
	require.ErrorIs(t, d.Sync(), os.ErrClosed, "a sync that fails says so")
	require.ErrorIs(t, d.Sync(), ErrClosed)
	_, err = s.Put(t.Context(), "a", 2, store.Any)
	require.NoError(t, err, "the other file goes on")
	d.Close()
	require.ErrorIs(t, d.Sync(), ErrClosed)
}

// A compaction that fails leaves the store as it was; one that crashed leaves a
// file that the next one writes over.
func TestCompactFails(t *testing.T) {
	d, s, _ := opened(t, SyncNone)
	for i := range 5 {
		_, err := s.Put(t.Context(), "a", i, store.Any)
		require.NoError(t, err)
	}
	fresh := filepath.Join(d.root.Name(), "s.jsonl.new")
	require.NoError(t, os.Mkdir(fresh, 0o700))
	require.Error(t, s.Compact())
	v, _, err := s.Get(t.Context(), "a")
	require.NoError(t, err)
	require.Equal(t, 4, v)
	_, err = s.Put(t.Context(), "a", 9, store.Any)
	require.NoError(t, err)

	require.NoError(t, os.RemoveAll(fresh))
	require.NoError(t, os.WriteFile(fresh, []byte("half a line of a crash that was long enough to be longer than the file that follows\n"), 0o600))
	require.NoError(t, s.Compact())
	path := d.root.Name()
	require.NoError(t, d.Close())
	d, err = Open(path, nil)
	require.NoError(t, err)
	defer d.Close()
	s, problems, err := NewStore[string, int](d, "s")
	require.NoError(t, err)
	require.Empty(t, problems)
	v, _, err = s.Get(t.Context(), "a")
	require.NoError(t, err)
	require.Equal(t, 9, v)
}

func TestTooLarge(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: writes 64 MiB")
	}
	d, err := Open(t.TempDir(), &Options{Sync: SyncNone})
	require.NoError(t, err)
	defer d.Close()
	l, _, err := NewLog[[]byte](d, "l")
	require.NoError(t, err)
	_, err = l.Append(t.Context(), []byte{1}, make([]byte, maxLine))
	require.ErrorContains(t, err, "too many bytes")
	got, err := store.Collect(l.Read(t.Context(), 0))
	require.NoError(t, err)
	require.Empty(t, got)
}

package filestore_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom/store"
	"github.com/bangkom/bangkom/store/filestore"
)

// TestKilled kills a process that writes as fast as it can, several times, and
// looks for everything that it said was written.
func TestKilled(t *testing.T) {
	if path := os.Getenv("BANGKOM_KILLED"); path != "" {
		writeUntilKilled(path)
		return
	}
	path := t.TempDir()
	last := -1
	for round := range 4 {
		cmd := exec.Command(os.Args[0], "-test.run=^TestKilled$")
		cmd.Env = append(os.Environ(), "BANGKOM_KILLED="+path)
		out, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		timer := time.AfterFunc(time.Duration(60+40*round)*time.Millisecond, func() { _ = cmd.Process.Kill() })
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if n, err := strconv.Atoi(lines.Text()); err == nil {
				last = n
			}
		}
		_ = cmd.Wait()
		timer.Stop()

		d, err := filestore.Open(path, nil)
		require.NoError(t, err, "the lock goes with the process")
		l, problems, err := filestore.NewLog[int](d, "l")
		require.NoError(t, err)
		require.NoError(t, problems.Err(), "a torn end is a warning, nothing else is wrong")
		got, err := store.Collect(l.Read(t.Context(), 0))
		require.NoError(t, err)
		require.Greater(t, len(got), last, "acknowledged up to %d", last)
		for i, v := range got {
			require.Equal(t, i, v)
		}
		s, problems, err := filestore.NewStore[string, int](d, "s")
		require.NoError(t, err)
		require.NoError(t, problems.Err())
		if v, _, err := s.Get(t.Context(), "k"); last >= 0 {
			require.NoError(t, err)
			require.GreaterOrEqual(t, v, last)
		}
		require.NoError(t, d.Close())
	}
	if last < 0 {
		t.Skip("skipped: the machine was too slow for a single write")
	}
}

func writeUntilKilled(path string) {
	ctx := context.Background()
	d, err := filestore.Open(path, nil)
	if err != nil {
		return
	}
	l, _, err := filestore.NewLog[int](d, "l")
	if err != nil {
		return
	}
	s, _, err := filestore.NewStore[string, int](d, "s")
	if err != nil {
		return
	}
	next, err := l.Append(ctx)
	for ; err == nil; next++ {
		if _, err = s.Put(ctx, "k", int(next), store.Any); err != nil {
			break
		}
		if next%50 == 49 {
			if err = s.Compact(); err != nil {
				break
			}
		}
		if _, err = l.Append(ctx, int(next)); err == nil {
			fmt.Println(next)
		}
	}
}

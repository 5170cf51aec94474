//go:build unix

package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// A file is whole or not there; its mode is what the umask says, or what it was.
func TestWriteFile(t *testing.T) {
	old := syscall.Umask(0o027)
	defer syscall.Umask(old)
	dir := t.TempDir()
	file := filepath.Join(dir, "x")
	say := func(s string) func(io.Writer) error {
		return func(w io.Writer) error {
			_, err := io.WriteString(w, s)
			return err
		}
	}
	mode := func() os.FileMode {
		info, err := os.Stat(file)
		require.NoError(t, err)
		return info.Mode()
	}
	require.NoError(t, writeFile(file, say("one")))
	require.Equal(t, os.FileMode(0o640), mode())
	require.NoError(t, os.Chmod(file, 0o604))
	require.NoError(t, writeFile(file, say("two")))
	require.Equal(t, os.FileMode(0o604), mode())

	broken := errors.New("broken")
	require.ErrorIs(t, writeFile(file, func(w io.Writer) error { return errors.Join(say("three")(w), broken) }), broken)
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, "two", string(data))
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, left, 1, "nothing is left beside it")

	require.NoError(t, writeFile(os.DevNull, say("x")))
	require.Error(t, writeFile(filepath.Join(dir, "none", "x"), say("x")))
}

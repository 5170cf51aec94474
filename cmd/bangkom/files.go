package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// writeFile writes a file beside its place and moves it there when it is
// whole. A new file gets the mode that the umask leaves; one that is replaced
// keeps its own. What is no plain file, such as a pipe, is written to as it is.
func writeFile(path string, write func(io.Writer) error) error {
	was, err := os.Stat(path)
	if err == nil && !was.Mode().IsRegular() {
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		return errors.Join(write(f), f.Close())
	}
	f, err := createBeside(path)
	if err != nil {
		return err
	}
	err = write(f)
	if was != nil && err == nil {
		err = f.Chmod(was.Mode().Perm())
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}

// folderOf refuses a file in a folder that is not there, before the work for it
// is done.
func folderOf(path string) error {
	dir := filepath.Dir(path)
	if _, err := os.Stat(dir); err != nil {
		return &fs.PathError{Op: "open", Path: dir, Err: errors.Unwrap(err)}
	}
	return nil
}

// createBeside makes a new file in the folder of another. os.CreateTemp would
// hide it from everybody else, whatever the umask says.
func createBeside(path string) (*os.File, error) {
	dir, name := filepath.Split(path)
	for n := 1; ; n++ {
		f, err := os.OpenFile(fmt.Sprintf("%s.%s.%d", dir, name, n), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if !errors.Is(err, fs.ErrExist) || n == 1000 {
			return f, err
		}
	}
}

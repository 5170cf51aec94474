//go:build !(darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd || windows)

package filestore

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/bangkom/bangkom"
)

// lock creates a file that must not be there. A crash leaves it behind.
func lock(root *os.Root) (unlock func() error, err error) {
	f, err := root.OpenFile("LOCK", os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil, bangkom.Problem{Code: ErrLocked.Code, Value: root.Name(), Msg: "filestore: the directory is open elsewhere", Need: "close it there, or delete the file LOCK that a crash left"}
	}
	if err != nil {
		return nil, fmt.Errorf("filestore: %w", err)
	}
	return func() error { return errors.Join(f.Close(), root.Remove("LOCK")) }, nil
}

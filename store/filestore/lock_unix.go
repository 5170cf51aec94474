//go:build darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd

package filestore

import (
	"fmt"
	"os"
	"syscall"

	"github.com/bangkom/bangkom"
)

// lock takes the directory for this handle. The system gives it back when the
// file is closed, also by the end of the process.
func lock(root *os.Root) (unlock func() error, err error) {
	f, err := root.OpenFile("LOCK", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("filestore: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		if err != syscall.EWOULDBLOCK {
			return nil, fmt.Errorf("filestore: lock: %w", err)
		}
		return nil, bangkom.Problem{Code: ErrLocked.Code, Value: root.Name(), Msg: "filestore: the directory is open elsewhere", Need: "close it there first"}
	}
	return f.Close, nil
}

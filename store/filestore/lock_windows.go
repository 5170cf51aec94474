package filestore

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"github.com/bangkom/bangkom"
)

// lock opens a file that nobody else may open meanwhile. The system closes it
// with the process.
func lock(root *os.Root) (unlock func() error, err error) {
	const sharingViolation = syscall.Errno(32)
	name, err := syscall.UTF16PtrFromString(filepath.Join(root.Name(), "LOCK"))
	if err != nil {
		return nil, fmt.Errorf("filestore: %w", err)
	}
	h, err := syscall.CreateFile(name, syscall.GENERIC_READ|syscall.GENERIC_WRITE, 0, nil, syscall.OPEN_ALWAYS, syscall.FILE_ATTRIBUTE_NORMAL, 0)
	if errors.Is(err, sharingViolation) {
		return nil, bangkom.Problem{Code: ErrLocked.Code, Value: root.Name(), Msg: "filestore: the directory is open elsewhere", Need: "close it there first"}
	}
	if err != nil {
		return nil, fmt.Errorf("filestore: lock: %w", err)
	}
	return func() error { return syscall.CloseHandle(h) }, nil
}

package filestore

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/bangkom/bangkom"
)

// What a caller decides on. Use errors.Is.
var (
	ErrLocked = bangkom.Problem{Code: "locked"} // the directory, or the store in it, is open already
	ErrClosed = bangkom.Problem{Code: "closed"} // the directory was closed, or a failed write closed the file
)

// Sync says when a write has reached the disk.
type Sync uint8

const (
	SyncEach Sync = iota // before every call that writes returns
	SyncNone             // when the system likes, or at [Dir.Sync] and [Dir.Close]
)

// Options of [Open]. The zero value is the safe one.
type Options struct {
	Sync Sync
}

// Dir is an open, locked directory. Close it to let others in.
type Dir struct {
	root *os.Root
	sync Sync

	mu     sync.Mutex
	files  map[string]*file
	fresh  bool         // a file was made whose name may not have reached the disk
	unlock func() error // nil once closed
}

// Open makes the directory if need be, and locks it.
func Open(path string, opt *Options) (*Dir, error) {
	if opt == nil {
		opt = &Options{}
	}
	if opt.Sync > SyncNone {
		return nil, bangkom.Problem{Code: bangkom.ErrOption.Code, Value: fmt.Sprint(opt.Sync), Msg: "filestore: no such Sync"}
	}
	if err := os.MkdirAll(path, 0o700); err != nil { // may hold personal data: for the owner only
		return nil, fmt.Errorf("filestore: %w", err)
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, fmt.Errorf("filestore: %w", err)
	}
	unlock, err := lock(root)
	if err != nil {
		root.Close()
		return nil, err
	}
	return &Dir{root: root, sync: opt.Sync, files: map[string]*file{}, unlock: unlock}, nil
}

// Sync brings everything that was written to the disk.
func (d *Dir) Sync() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.unlock == nil {
		return closed(d.root.Name(), errors.New("the directory is closed"))
	}
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(d.files)) {
		errs = append(errs, d.files[name].flush())
	}
	d.syncDir()
	return errors.Join(errs...)
}

// Close brings everything to the disk, closes the files and gives the lock
// back. Stores and logs of a closed directory return ErrClosed.
func (d *Dir) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.unlock == nil {
		return nil
	}
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(d.files)) {
		errs = append(errs, d.files[name].close())
	}
	d.syncDir()
	errs = append(errs, d.unlock(), d.root.Close())
	d.unlock = nil
	return errors.Join(errs...)
}

// syncDir makes the names of new files last.
func (d *Dir) syncDir() {
	if d.fresh {
		syncNames(d.root)
		d.fresh = false
	}
}

// syncNames makes new and renamed files last. Systems that cannot sync a
// directory (Windows) do not need it.
func syncNames(root *os.Root) {
	if f, err := root.Open("."); err == nil {
		_ = f.Sync()
		f.Close()
	}
}

// file is one open file of lines: its end, and the way to write there.
type file struct {
	dir  *Dir
	name string

	mu     sync.Mutex
	f      *os.File
	end    int64
	dirty  bool  // something was written that may not have reached the disk
	broken error // set by a write that may have left the file in an unknown state
}

// open opens a file, reads it through and cuts off a torn end.
func (d *Dir) open(name, format string, keep func(line, place)) (*file, *scan, error) {
	if name == "" || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" || len(name) > 64 {
		return nil, nil, bangkom.Problem{Code: bangkom.ErrOption.Code, Value: name, Msg: "filestore: not a name", Need: "1 to 64 of a-z, 0-9, - and _"}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.unlock == nil {
		return nil, nil, bangkom.Problem{Code: ErrClosed.Code, Msg: "filestore: the directory is closed"}
	}
	if d.files[name] != nil {
		return nil, nil, bangkom.Problem{Code: ErrLocked.Code, Value: name, Msg: "filestore: open already"}
	}
	f, err := d.root.OpenFile(name+".jsonl", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, nil, fmt.Errorf("filestore: %w", err)
	}
	out := &file{dir: d, name: name, f: f}
	s := &scan{name: name + ".jsonl", format: format, keep: keep}
	if err := out.load(s); err != nil {
		f.Close()
		return nil, nil, err
	}
	if d.sync == SyncEach {
		d.syncDir()
	}
	d.files[name] = out
	return out, s, nil
}

func (f *file) load(s *scan) error {
	if err := s.run(f.f); err != nil {
		return err
	}
	f.end = s.end
	if s.size > s.end {
		if err := f.f.Truncate(s.end); err != nil {
			return fmt.Errorf("filestore: %w", err)
		}
		// A crash that undoes the cut only makes the next opening cut again.
	}
	if !s.empty {
		return nil
	}
	f.dir.fresh = true
	head, err := appendLine(nil, line{Format: s.format})
	if err != nil {
		return err
	}
	return f.write(head)
}

// write adds bytes at the end, all or none. The caller holds f.mu, or is alone.
func (f *file) write(data []byte) error {
	if f.broken != nil {
		return f.broken
	}
	if _, err := f.f.WriteAt(data, f.end); err != nil {
		// A short write is undone; if that fails too, or a sync does, nobody
		// knows what the disk holds, and only a new opening can find out.
		if cut := f.f.Truncate(f.end); cut != nil {
			f.broken = closed(f.name, err)
		}
		return fmt.Errorf("filestore: %s: %w", f.name, err)
	}
	f.dirty = true
	if f.dir.sync == SyncEach {
		if err := f.toDisk(); err != nil {
			return err
		}
	}
	f.end += int64(len(data))
	return nil
}

func (f *file) toDisk() error {
	if !f.dirty {
		return nil
	}
	if err := f.f.Sync(); err != nil {
		f.broken = closed(f.name, err)
		return fmt.Errorf("filestore: %s: %w", f.name, err)
	}
	f.dirty = false
	return nil
}

func (f *file) flush() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.broken != nil {
		return f.broken
	}
	return f.toDisk()
}

func (f *file) close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	var err error
	if f.broken == nil {
		err = f.toDisk()
	}
	f.broken = closed(f.name, errors.New("the directory is closed"))
	return errors.Join(err, f.f.Close())
}

func closed(name string, why error) error {
	return bangkom.Problem{Code: ErrClosed.Code, Value: name, Msg: "filestore: closed: " + why.Error(), Need: "open it again"}
}

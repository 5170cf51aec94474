package filestore

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"sort"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/store"
	"github.com/bangkom/bangkom/store/internal/back"
)

const logFormat = "bangkom-log/1"

// Log is a [store.Log] in one file. A damaged record keeps its offset and is
// left out by Read: the problems of NewLog are the only place that names it.
type Log[T any] struct {
	file  *file
	last  int64          // number of the last record; its offset is one less
	lines int            // in the file
	marks []mark         // ascending
	bad   map[int64]bool // where damaged lines begin
}

// mark says where a record begins, so that a Read far behind need not start at
// the front. There is one every markEach records.
type mark struct {
	seq int64
	at  place
}

const markEach = 256

// NewLog opens the log of a name, which is created if it is not there. The
// problems say which records are lost.
func NewLog[T any](d *Dir, name string) (*Log[T], bangkom.Problems, error) {
	l := &Log[T]{}
	f, sc, err := d.open(name, logFormat, func(r line, at place) { l.mark(r.Seq, at) })
	if err != nil {
		return nil, bangkom.AsProblems(err, "filestore"), err
	}
	l.file, l.last, l.bad, l.lines = f, sc.last, sc.bad, max(sc.lines, 1)
	return l, sc.problems, nil
}

func (l *Log[T]) mark(seq int64, at place) {
	if n := len(l.marks); n == 0 || seq >= l.marks[n-1].seq+markEach {
		l.marks = append(l.marks, mark{seq, at})
	}
}

// Append implements [store.Log].
func (l *Log[T]) Append(ctx context.Context, records ...T) (int64, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	values := make([][]byte, len(records))
	for i, r := range records {
		data, err := back.Encode(r)
		if err != nil {
			return 0, err
		}
		values[i] = data
	}
	l.file.mu.Lock()
	defer l.file.mu.Unlock()
	if l.file.broken != nil {
		return 0, l.file.broken
	}
	return l.append(values)
}

func (l *Log[T]) append(values [][]byte) (int64, error) {
	if len(values) == 0 {
		return l.last, nil
	}
	var out []byte
	starts := make([]int64, len(values))
	for i, v := range values {
		starts[i] = l.file.end + int64(len(out))
		var err error
		if out, err = appendLine(out, line{Seq: l.last + int64(i) + 1, Left: len(values) - 1 - i, Value: v}); err != nil {
			return 0, err
		}
	}
	if err := l.file.write(out); err != nil {
		return 0, err
	}
	for i, start := range starts {
		l.mark(l.last+int64(i)+1, place{start, l.lines + i + 1})
	}
	l.last += int64(len(values))
	l.lines += len(values)
	return l.last, nil
}

// Read implements [store.Log].
func (l *Log[T]) Read(ctx context.Context, from int64) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var zero T
		err := back.From(from)
		var r *reader
		if err == nil {
			r, err = l.reader(from)
		}
		if err != nil {
			yield(zero, err)
			return
		}
		if r == nil {
			return
		}
		defer r.f.Close()
		for {
			var v T
			rec, at, err := r.next(ctx)
			if errors.Is(err, io.EOF) {
				return
			}
			if err == nil {
				err = back.Decode(rec.Value, &v, r.where(at))
			}
			if err != nil {
				yield(zero, err)
				return
			}
			if !yield(v, nil) {
				return
			}
		}
	}
}

// reader is one pass over the file, with a handle of its own so that neither
// writes nor Close disturb it.
type reader struct {
	name string
	f    *os.File
	br   *bufio.Reader
	buf  bytes.Buffer
	bad  map[int64]bool
	at   place
	seq  int64 // the first wanted
}

// reader is nil if there is nothing to read.
func (l *Log[T]) reader(from int64) (*reader, error) {
	l.file.mu.Lock()
	defer l.file.mu.Unlock()
	if l.file.broken != nil {
		return nil, l.file.broken
	}
	if from >= l.last || len(l.marks) == 0 {
		return nil, nil
	}
	f, err := l.file.dir.root.Open(l.file.name + ".jsonl")
	if err != nil {
		return nil, fmt.Errorf("filestore: %w", err)
	}
	i := sort.Search(len(l.marks), func(i int) bool { return l.marks[i].seq > from+1 })
	at := l.marks[max(i-1, 0)].at
	section := io.NewSectionReader(f, at.offset, l.file.end-at.offset)
	return &reader{name: l.file.name + ".jsonl", f: f, br: bufio.NewReaderSize(section, 1<<16), bad: l.bad, at: at, seq: from + 1}, nil
}

// next returns the next record that is wanted. A line that was whole when the
// log was opened and is not now is an error.
func (r *reader) next(ctx context.Context) (line, place, error) {
	for {
		if err := ctx.Err(); err != nil {
			return line{}, r.at, err
		}
		raw, err := nextLine(r.br, &r.buf)
		if err != nil {
			return line{}, r.at, err
		}
		at := r.at
		r.at.offset += raw.size
		r.at.line++
		if r.bad[at.offset] {
			continue
		}
		l, err := parseLine(raw.data)
		if err != nil || !raw.closed {
			return line{}, at, bangkom.Problem{Code: "damaged-record", Where: r.where(at), Msg: "filestore: damaged since it was opened"}
		}
		if l.Seq >= r.seq {
			return l, at, nil
		}
	}
}

func (r *reader) where(at place) string { return fmt.Sprintf("%s:%d:1", r.name, at.line) }

var _ store.Log[int] = (*Log[int])(nil)

package filestore

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/bangkom/bangkom"
)

// scan is what one pass over a file finds. Records go to the owner through
// keep; everything that is not a record becomes a problem.
type scan struct {
	name     string
	format   string
	keep     func(l line, at place)
	empty    bool  // no first line yet: the file is new, or its creation was torn
	end      int64 // where the whole records end, and the next one is written
	lines    int   // whole lines up to there
	last     int64 // the highest number that was, or may have been, given
	bad      map[int64]bool
	problems bangkom.Problems

	size    int64 // bytes seen
	lineNo  int
	good    int   // lines of this format
	floor   int64 // from the first line
	torn    []byte
	batch   []kept // whole lines of an Append whose end has not been seen
	suspect int64  // bytes of damaged lines since the last good one
}

// place is where a line lies.
type place struct {
	offset int64
	line   int
}

type kept struct {
	line line
	at   place
}

// run reads the whole file. An error means that the file must not be used.
func (s *scan) run(r io.Reader) error {
	s.bad = map[int64]bool{}
	s.empty = true
	br, buf := bufio.NewReaderSize(r, 1<<16), &bytes.Buffer{}
	for {
		raw, err := nextLine(br, buf)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("filestore: %s: %w", s.name, err)
		}
		s.lineNo++
		at := place{s.size, s.lineNo}
		s.size += raw.size
		if !raw.closed {
			s.torn = bytes.Clone(raw.data)
			break
		}
		if err := s.take(raw, at); err != nil {
			return err
		}
	}
	if s.good == 0 && !s.fresh() {
		return bangkom.Problem{Code: "format", Where: s.name, Msg: "filestore: not a file of this format, or nothing in it is whole", Need: s.format}
	}
	s.tail()
	return nil
}

// fresh: the file is empty, or holds the beginning of its first line. Nothing
// else may be cut off and written over.
func (s *scan) fresh() bool {
	head, err := appendLine(nil, line{Format: s.format})
	return err == nil && s.lineNo <= 1 && s.end == 0 && bytes.HasPrefix(head, s.torn) && s.size == int64(len(s.torn))
}

// take judges one whole line.
func (s *scan) take(raw rawLine, at place) error {
	l, err := parseLine(raw.data)
	switch {
	case raw.data == nil:
		err = fmt.Errorf("longer than %d bytes", maxLine)
	case err == nil && at.line == 1 && l.Format != s.format:
		return bangkom.Problem{Code: "format", Where: s.where(at), Value: l.Format, Msg: "filestore: a file of another format", Need: s.format}
	case err == nil && at.line == 1:
		s.empty, s.floor, s.good = false, l.Last, 1
		s.whole()
		return nil
	case err == nil && l.Format != "":
		err = fmt.Errorf("a first line in the middle")
	case err == nil && l.Seq <= s.last:
		err = fmt.Errorf("its number is not above the one before")
	}
	s.empty = false // also a damaged first line is one
	if err != nil {
		s.damaged(raw, at, err.Error())
		return nil
	}
	if l.Seq != s.last+1 && s.gapless() {
		s.lost(l.Seq, at)
	}
	s.last, s.suspect = l.Seq, 0
	s.good++
	s.add(l, at)
	return nil
}

// gapless: numbers of a log have no holes. Those of a store have, where Compact left records out.
func (s *scan) gapless() bool { return s.format == logFormat }

// lost reports numbers that no good line has.
func (s *scan) lost(next int64, at place) {
	s.problems.Add(bangkom.Problem{
		Code: "missing-record", Where: s.where(at), Value: fmt.Sprintf("%d to %d", s.last+1, next-1),
		Msg: "filestore: records before this line are gone or damaged", Need: "a copy of the file from a backup",
	})
}

// damaged reports a line and leaves it in the file.
func (s *scan) damaged(raw rawLine, at place, why string) {
	s.dropBatch()
	s.bad[at.offset] = true
	s.suspect += raw.size
	s.whole()
	s.problems.Add(bangkom.Problem{
		Code: "damaged-record", Where: s.where(at), Value: fmt.Sprintf("%d bytes", raw.size),
		Msg: "filestore: a damaged line: " + why, Need: "a copy of the line from a backup; it stays in the file until then",
	})
}

// add hands a record on as soon as its Append is complete.
func (s *scan) add(l line, at place) {
	if n := len(s.batch); n > 0 && s.batch[n-1].line.Left != l.Left+1 {
		s.dropBatch()
	}
	s.batch = append(s.batch, kept{l, at})
	if l.Left > 0 {
		return
	}
	for _, k := range s.batch {
		s.keep(k.line, k.at)
	}
	s.batch = s.batch[:0]
	s.whole()
}

// whole: up to here nothing is torn.
func (s *scan) whole() { s.end, s.lines = s.size, s.lineNo }

// dropBatch handles lines of an Append that does not end, although the file
// goes on behind it: that is damage, not a torn end. The lines themselves are whole.
func (s *scan) dropBatch() {
	for _, k := range s.batch {
		s.keep(k.line, k.at)
	}
	s.batch = s.batch[:0]
}

// tail deals with what lies behind the last whole record.
func (s *scan) tail() {
	if n := len(s.batch); n > 0 {
		s.last = s.batch[0].line.Seq - 1
	}
	if torn := s.size - s.end; torn > 0 {
		at := place{s.end, s.lineNo}
		if len(s.batch) > 0 {
			at.line = s.batch[0].at.line
		}
		s.problems.Add(bangkom.Problem{
			Code: "torn-record", Severity: bangkom.Warning, Where: s.where(at), Value: fmt.Sprintf("%d bytes", torn),
			Msg: "filestore: the last write was interrupted; it had not been acknowledged and is cut off", Need: "write it again",
		})
	}
	// Numbers of damaged lines at the end are unknown: skip as many as can have been there.
	s.last = max(s.last+s.suspect/int64(minLine), s.floor)
}

func (s *scan) where(at place) string { return fmt.Sprintf("%s:%d:1", s.name, at.line) }

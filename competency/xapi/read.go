package xapi

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/bangkom/bangkom"
)

// errEmpty: somebody named the wrong file, or an export failed.
var errEmpty = errors.New("no JSON at all")

// errTooLarge ends the reading of a statement beyond the limit.
var errTooLarge = errors.New("a statement that is too large")

// budget lets a reader go no further than some bytes ahead of what is used.
type budget struct {
	r       io.Reader
	read    int64
	allowed int64
	ends    []int64 // of lines that have been read and not yet counted
	lines   int     // that end before what was asked for last
}

// line is that of an offset, which must not fall.
func (b *budget) line(offset int64) int {
	n := 0
	for n < len(b.ends) && b.ends[n] < offset {
		n++
	}
	b.ends, b.lines = b.ends[n:], b.lines+n
	return b.lines + 1
}

func (b *budget) Read(p []byte) (int, error) {
	if left := b.allowed - b.read; int64(len(p)) > left {
		if left <= 0 {
			return 0, errTooLarge
		}
		p = p[:left]
	}
	n, err := b.r.Read(p)
	for i, c := range p[:n] {
		if c == '\n' {
			b.ends = append(b.ends, b.read+int64(i))
		}
	}
	b.read += int64(n)
	return n, err
}

// scanner finds the statements in a stream of JSON.
type scanner struct {
	in  *budget
	d   *json.Decoder
	max int64
	at  int64 // where the statement that was yielded last begins
}

func newScanner(r io.Reader, max int64) *scanner {
	in := bufio.NewReader(r)
	if bom, _ := in.Peek(3); bytes.Equal(bom, []byte("\ufeff")) {
		_, _ = in.Discard(3)
	}
	b := &budget{r: in, allowed: 4 * max}
	return &scanner{in: b, d: json.NewDecoder(b), max: max}
}

// ahead allows the next value.
func (s *scanner) ahead() { s.in.allowed = s.d.InputOffset() + 4*s.max }

func (s *scanner) value() (json.RawMessage, error) {
	s.ahead()
	var raw json.RawMessage
	if err := s.d.Decode(&raw); err != nil {
		return nil, err
	}
	if int64(len(raw)) > s.max {
		return nil, errTooLarge
	}
	return raw, nil
}

// all yields every statement; the error comes once and last.
func (s *scanner) all(yield func(json.RawMessage, error) bool) {
	for first := true; ; first = false {
		s.ahead()
		t, err := s.d.Token()
		if errors.Is(err, io.EOF) {
			if first {
				yield(nil, errEmpty)
			}
			return
		}
		more := true
		switch {
		case err != nil:
		case t == json.Delim('['):
			more, err = s.array(yield)
		case t == json.Delim('{'):
			more, err = s.object(yield)
		default:
			s.at = s.d.InputOffset() - 1
			more = yield(json.RawMessage("0"), nil) // no statement, and reported as such
		}
		if err != nil {
			if errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			yield(nil, err)
			return
		}
		if !more {
			return
		}
	}
}

func (s *scanner) array(yield func(json.RawMessage, error) bool) (bool, error) {
	for s.d.More() {
		raw, err := s.value()
		if err != nil {
			return false, err
		}
		s.at = s.d.InputOffset() - int64(len(raw))
		if !yield(raw, nil) {
			return false, nil
		}
	}
	s.ahead()
	_, err := s.d.Token()
	return true, err
}

// object is a statement, or the answer of a record store with a list of them.
func (s *scanner) object(yield func(json.RawMessage, error) bool) (bool, error) {
	whole, listed, at := []byte{'{'}, false, s.d.InputOffset()-1
	for s.d.More() {
		s.ahead()
		key, err := s.d.Token()
		if err != nil {
			return false, err
		}
		if key == "statements" {
			s.ahead()
			t, err := s.d.Token()
			if err != nil {
				return false, err
			}
			if t != json.Delim('[') {
				return false, fmt.Errorf("statements is not a list")
			}
			listed = true
			if more, err := s.array(yield); !more || err != nil {
				return more, err
			}
			continue
		}
		value, err := s.value()
		if err != nil {
			return false, err
		}
		if listed {
			continue // "more" and the like
		}
		name, err := json.Marshal(key)
		if err != nil {
			return false, err
		}
		if len(whole) > 1 {
			whole = append(whole, ',')
		}
		whole = append(append(append(whole, name...), ':'), value...)
		if int64(len(whole)) > s.max {
			return false, errTooLarge
		}
	}
	s.ahead()
	if _, err := s.d.Token(); err != nil {
		return false, err
	}
	if listed {
		return true, nil
	}
	s.at = at
	return yield(append(whole, '}'), nil), nil
}

// Statements yields the statements of a file in their order, whatever they
// say: those that are repeated or voided too. What cannot be read as a statement
// is an error of type [bangkom.Problem] and reading goes on, unless the file
// itself cannot be read any further. The name of the file is used in problems only.
func Statements(r io.Reader, file string, opt *Options) iter.Seq2[Statement, error] {
	o := opt.orDefaults()
	return func(yield func(Statement, error) bool) {
		for s, faults := range scan(r, o.MaxBytes) {
			err := error(nil)
			for _, f := range faults {
				if f.fatal {
					err = bangkom.Problem{Code: f.code, Where: where(file, &s), Value: f.field, Msg: messages[f.code]}
				}
			}
			if !yield(s, err) {
				return
			}
		}
	}
}

// scan yields each statement with its faults.
func scan(r io.Reader, max int64) iter.Seq2[Statement, []fault] {
	return func(yield func(Statement, []fault) bool) {
		sc := newScanner(r, max)
		n := 0
		for raw, err := range sc.all {
			n++
			if err != nil {
				code := "not-json"
				var syntax *json.SyntaxError
				switch {
				case errors.Is(err, errTooLarge):
					code = "too-large"
				case errors.Is(err, errEmpty):
					code = "empty"
				case errors.As(err, &syntax) && strings.Contains(syntax.Error(), "max depth"):
					code = "too-deep"
				case !errors.As(err, &syntax) && !errors.Is(err, io.ErrUnexpectedEOF) && err.Error() != "statements is not a list":
					code = "unreadable"
				}
				at := sc.d.InputOffset()
				yield(Statement{Number: n, Line: sc.in.line(at), Offset: at}, []fault{{code, err.Error(), true}})
				return
			}
			var p parser
			s, _ := p.statement(raw)
			s.Number, s.Line, s.Offset = n, sc.in.line(sc.at), sc.d.InputOffset()
			if !yield(s, p.faults) {
				return
			}
		}
	}
}

// where names a statement by the line on which it begins, as other files, and by
// its number, because a log may be one line.
func where(file string, s *Statement) string {
	return fmt.Sprintf("%s:%d: statement %d", file, s.Line, s.Number)
}

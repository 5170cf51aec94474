package filestore

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strconv"

	"github.com/bangkom/bangkom"
)

// line is one record of a file, without its sum.
type line struct {
	Format  string          `json:"format,omitempty"` // of the first line only
	Last    int64           `json:"last,omitempty"`   // of the first line only: numbers up to here were given before Compact
	Seq     int64           `json:"seq"`
	Left    int             `json:"left,omitempty"` // records of the same Append that follow
	Key     string          `json:"key,omitempty"`
	Deleted bool            `json:"deleted,omitempty"`
	Value   json.RawMessage `json:"value,omitempty"`
}

const (
	sumHead = `{"sum":"` // then eight hexadecimal digits, then sumTail
	sumTail = `",`
	sumLen  = len(sumHead) + 8 + len(sumTail)
	minLine = sumLen + len(`"seq":1}`) + 1
	maxLine = 64 << 20 // a longer line is damage, or a value that does not belong here
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// appendLine adds the bytes of a line, newline included.
func appendLine(b []byte, l line) ([]byte, error) {
	body, err := json.Marshal(l)
	if err != nil {
		return b, fmt.Errorf("filestore: %w", err)
	}
	rest := body[1:] // behind the opening brace
	if sumLen+len(rest) > maxLine {
		return b, bangkom.Problem{Code: "too-large", Value: strconv.Itoa(len(rest)), Msg: "filestore: a record of too many bytes", Need: fmt.Sprintf("at most %d", maxLine-sumLen)}
	}
	b = fmt.Appendf(b, "%s%08x%s", sumHead, crc32.Checksum(rest, castagnoli), sumTail)
	b = append(b, rest...)
	return append(b, '\n'), nil
}

// parseLine reads one line, without its newline. Its error says what is wrong
// in a few words, and never shows the content.
func parseLine(data []byte) (line, error) {
	var l line
	if len(data) <= sumLen || string(data[:len(sumHead)]) != sumHead || string(data[sumLen-len(sumTail):sumLen]) != sumTail {
		return l, errors.New("not a line of this format")
	}
	digits, rest := data[len(sumHead):len(sumHead)+8], data[sumLen:]
	if string(digits) != fmt.Sprintf("%08x", crc32.Checksum(rest, castagnoli)) {
		return l, errors.New("its checksum does not fit")
	}
	body := append([]byte{'{'}, rest...)
	if err := json.Unmarshal(body, &l); err != nil {
		return l, errors.New("not JSON")
	}
	if l.Seq < 0 || l.Left < 0 || l.Last < 0 {
		return l, errors.New("a negative number")
	}
	return l, nil
}

// rawLine is a stretch of a file up to a newline or the end.
type rawLine struct {
	data   []byte // without the newline; valid until the next call; nil if longer than maxLine
	size   int64  // bytes in the file, newline included
	closed bool   // there was a newline
}

// nextLine reads one line; io.EOF only if nothing is left.
func nextLine(r *bufio.Reader, buf *bytes.Buffer) (rawLine, error) {
	buf.Reset()
	var out rawLine
	for {
		part, err := r.ReadSlice('\n')
		out.size += int64(len(part))
		if out.size <= maxLine {
			buf.Write(part)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && out.size == 0:
			return out, io.EOF
		case err != nil && !errors.Is(err, io.EOF):
			return out, err
		}
		out.closed = err == nil
		if out.size <= maxLine {
			out.data = bytes.TrimSuffix(buf.Bytes(), []byte{'\n'})
		}
		return out, nil
	}
}

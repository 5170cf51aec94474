package tally

import (
	"encoding/binary"
	"fmt"

	"github.com/bangkom/bangkom"
)

// The first byte says which table follows and in which version; then the value
// of the lowest level (int8), the number of levels, and one uvarint per count
// in row order. Sums of whole numbers are 16 bytes, labels have their length
// before them and ascend. There is one form per table: bytes can be compared.
const (
	levelsV1 byte = 0x11
	pairsV1  byte = 0x21

	momentsV1  byte = 0x31
	groupsV1   byte = 0x32
	crossV1    byte = 0x41
	clustersV1 byte = 0x42
	gramV1     byte = 0x51
	crosstabV1 byte = 0x61
	likertV1   byte = 0x71
)

func appendHead(b []byte, version byte, s Shape) []byte {
	return append(b, version, byte(int8(s.First)), byte(s.Levels))
}

func appendCount(b []byte, n uint64) []byte { return binary.AppendUvarint(b, n) }

// A decoder reads counts and remembers the first thing that is wrong.
type decoder struct {
	rest  []byte
	shape Shape
	total uint64
	err   error
}

func readHead(data []byte, version byte) (*decoder, error) {
	if len(data) > 0 && data[0] != version {
		return nil, unknownVersion(data[0], version)
	}
	if len(data) < 3 {
		return nil, truncated()
	}
	d := &decoder{rest: data[3:], shape: Shape{int(int8(data[1])), int(data[2])}}
	return d, d.shape.check()
}

// count reads a number of observations; those of one table are at most MaxTotal.
func (d *decoder) count() uint64 {
	n := d.number(MaxTotal)
	if d.err == nil {
		d.err = room(d.total, n)
	}
	if d.err != nil {
		return 0
	}
	d.total += n
	return n
}

// number reads a whole number up to most.
func (d *decoder) number(most uint64) uint64 {
	if d.err != nil {
		return 0
	}
	n, size := binary.Uvarint(d.rest)
	switch {
	case size == 0:
		d.err = truncated()
	case size < 0 || n > most:
		d.err = room(0, MaxTotal+1)
	case size > 1 && d.rest[size-1] == 0:
		d.err = bangkom.Problem{Code: "not-canonical", Msg: "tally: a count with needless bytes"}
	}
	if d.err != nil {
		return 0
	}
	d.rest = d.rest[size:]
	return n
}

// open checks the first byte of a form that has no scale.
func open(data []byte, version byte) (*decoder, error) {
	if len(data) == 0 {
		return nil, truncated()
	}
	if data[0] != version {
		return nil, unknownVersion(data[0], version)
	}
	return &decoder{rest: data[1:]}, nil
}

func unknownVersion(got, want byte) error {
	return bangkom.Problem{Code: "unknown-version", Value: fmt.Sprintf("%#02x", got),
		Msg: "tally: unknown kind or version of a table", Need: fmt.Sprintf("a table that begins with %#02x", want)}
}

// size reads a number of things that follow, each of at least one byte.
func (d *decoder) size() int {
	n := d.number(MaxTotal)
	if d.err == nil && n > uint64(len(d.rest)) {
		d.err = truncated()
	}
	if d.err != nil {
		return 0
	}
	return int(n)
}

// columns reads a number of columns.
func (d *decoder) columns() int {
	p := d.number(MaxTotal)
	if d.err == nil && p > MaxColumns {
		d.err = columnCount(int(p))
	}
	if d.err != nil {
		return 0
	}
	return int(p)
}

func (d *decoder) bytes(n int) []byte {
	if d.err == nil && len(d.rest) < n {
		d.err = truncated()
	}
	if d.err != nil {
		return make([]byte, n)
	}
	b := d.rest[:n]
	d.rest = d.rest[n:]
	return b
}

func (d *decoder) wide() wide { return wideFrom(d.bytes(16)) }

// key reads a label, which must come after the one before it.
func (d *decoder) key(last string, first bool) string {
	k := d.label()
	if d.err == nil && !first && k <= last {
		d.err = bangkom.Problem{Code: "not-canonical", Value: k, Msg: "tally: labels out of order"}
	}
	return k
}

func (d *decoder) label() string { return string(d.bytes(d.size())) }

func appendKey(b []byte, k string) []byte {
	return append(appendCount(b, uint64(len(k))), k...)
}

func (d *decoder) close() error {
	if d.err == nil && len(d.rest) > 0 {
		d.err = bangkom.Problem{Code: "trailing-bytes", Msg: fmt.Sprintf("tally: %d bytes after the table", len(d.rest))}
	}
	return d.err
}

func truncated() error {
	return bangkom.Problem{Code: "truncated", Msg: "tally: the bytes end inside the table"}
}

// atRow gives the place of a finding in a column.
func atRow(row int, err error) error {
	p := bangkom.AsProblems(err, "not-a-cell")[0]
	p.Where = fmt.Sprintf("row %d", row)
	return p
}

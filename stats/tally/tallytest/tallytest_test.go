package tallytest

import (
	"encoding/binary"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
)

// counter is a right accumulator; the broken ones below embed its state.
type counter struct{ n, sum uint64 }

func (c *counter) add(i int) error { c.n++; c.sum += uint64(i) * uint64(i); return nil }
func (c *counter) Merge(o *counter) error {
	c.n += o.n
	c.sum += o.sum
	return nil
}
func (c *counter) Clone() *counter { d := *c; return &d }
func (c *counter) AppendBinary(b []byte) ([]byte, error) {
	b = append(b, 1)
	b = binary.BigEndian.AppendUint64(b, c.n)
	return binary.BigEndian.AppendUint64(b, c.sum), nil
}
func (c *counter) UnmarshalBinary(b []byte) error {
	if len(b) != 17 || b[0] != 1 {
		return errors.New("not a counter")
	}
	c.n, c.sum = binary.BigEndian.Uint64(b[1:]), binary.BigEndian.Uint64(b[9:])
	return nil
}

func TestRightAccumulatorPasses(t *testing.T) {
	f := Factory[*counter]{New: func() *counter { return new(counter) }, Add: (*counter).add}
	Run(t, f)
	require.NoError(t, Check(f))
}

// faulty is the counter with one fault switched on.
type faulty struct {
	counter
	fault string
	last  uint64
}

func (c *faulty) add(i int) error { c.last = uint64(i); return c.counter.add(i) }
func (c *faulty) Merge(o *faulty) error {
	switch c.fault {
	case "forgets":
		c.n += o.n
		return nil
	case "left":
		c.sum += 1 // not even the empty one is an identity
	case "takes":
		defer func() { o.n = 0 }()
	}
	c.last = o.last
	return c.counter.Merge(&o.counter)
}
func (c *faulty) Clone() *faulty {
	if c.fault == "alias" {
		return c
	}
	d := *c
	return &d
}
func (c *faulty) AppendBinary(b []byte) ([]byte, error) {
	if c.fault == "overwrites" {
		b = b[:0]
	}
	b, err := c.counter.AppendBinary(b)
	if c.fault == "order" {
		b = binary.BigEndian.AppendUint64(b, c.last)
	}
	return b, err
}
func (c *faulty) UnmarshalBinary(b []byte) error {
	switch c.fault {
	case "order":
		if len(b) != 25 {
			return errors.New("length")
		}
		c.last = binary.BigEndian.Uint64(b[17:])
		b = b[:17]
	case "any version":
		if len(b) == 17 {
			b = append([]byte{1}, b[1:]...)
		}
	case "short":
		if len(b) < 17 {
			return nil
		}
	case "long":
		b = b[:min(17, len(b))]
	case "half":
		c.n = 0
	case "adds":
		var d counter
		if err := d.UnmarshalBinary(b); err != nil {
			return err
		}
		return c.counter.Merge(&d)
	}
	return c.counter.UnmarshalBinary(b)
}

func TestEachFaultIsFound(t *testing.T) {
	for fault, law := range map[string]string{
		"forgets":     "parts-make-the-whole",
		"left":        "empty-is-identity",
		"takes":       "merge-leaves-its-argument",
		"alias":       "clone-shares-nothing",
		"overwrites":  "append-keeps-the-prefix",
		"order":       "order-does-not-matter",
		"any version": "unknown-version-is-refused",
		"short":       "truncation-is-refused",
		"long":        "trailing-bytes-are-refused",
		"half":        "truncation-is-refused",
		"adds":        "unmarshal-replaces",
	} {
		t.Run(fault, func(t *testing.T) {
			f := Factory[*faulty]{New: func() *faulty { return &faulty{fault: fault} }, Add: (*faulty).add}
			require.ErrorContains(t, Check(f), law+": ")
		})
	}
}

func TestOtherShapeMustBeRefused(t *testing.T) {
	f := Factory[*counter]{New: func() *counter { return new(counter) }, Add: (*counter).add, Other: func() *counter { return &counter{n: 1} }}
	require.ErrorContains(t, Check(f), "other-shape-is-refused: ")
}

// Real numbers: merges may differ in the last digits, bytes must still be bytes.
func TestCloseReplacesBytesForMergesOnly(t *testing.T) {
	f := Factory[*faulty]{New: func() *faulty { return &faulty{fault: "order"} }, Add: (*faulty).add}
	require.ErrorContains(t, Check(f), "order-does-not-matter: ")
	f.Close = func(got, want *faulty) error {
		if got.counter != want.counter {
			return errors.New("differs")
		}
		return nil
	}
	laws := []string{"merge-commutes: ", "merge-associates: ", "parts-make-the-whole: ", "order-does-not-matter: "}
	for _, law := range laws {
		require.NotContains(t, Check(f).Error(), law)
	}
	f.Close = func(got, want *faulty) error { return errors.New("never close") }
	for _, law := range laws {
		require.ErrorContains(t, Check(f), law)
	}
}

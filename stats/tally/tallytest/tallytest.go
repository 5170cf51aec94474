// Package tallytest proves the laws of an accumulator: a table that is counted
// in parts, in any order, on any number of machines, is the table of the whole,
// bit for bit, or to the last digits where it sums real numbers. It needs nothing but the standard library.
//
//	func TestLaws(t *testing.T) {
//		tallytest.Run(t, tallytest.Factory[*tally.Pairs]{
//			New: func() *tally.Pairs { return new(tally.Pairs) },
//			Add: func(p *tally.Pairs, i int) error { return p.Add(tally.Cell(i%5+1), tally.Cell(i%3+1)) },
//		})
//	}
package tallytest

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// An Accumulator counts observations. A is its own type, such as *tally.Pairs.
type Accumulator[A any] interface {
	Merge(A) error
	Clone() A
	AppendBinary([]byte) ([]byte, error)
	UnmarshalBinary([]byte) error
}

// A Factory makes what the laws are tried on.
type Factory[A Accumulator[A]] struct {
	// New returns an empty accumulator, always of the same shape.
	New func() A
	// Add adds the i-th example observation, i = 0, 1, …: the same one for the
	// same i. The first 200 should be of many kinds, rare and odd ones too.
	Add func(a A, i int) error
	// Other, if not nil, returns an accumulator that holds observations of a
	// shape that must not merge with New's.
	Other func() A
	// Close, if not nil, says what differs between two accumulators of real
	// numbers whose order or split may change the last digits. Merges are then
	// held to it, all else to equal bytes. nil: all to equal bytes.
	Close func(got, want A) error
}

// merges compares what different merges or orders made.
func (f Factory[A]) merges(got, want A) error {
	if f.Close != nil {
		return f.Close(got, want)
	}
	return same(got, want)
}

// observations is how many examples the laws use; prefixes of the binary form
// beyond the first maxCuts are sampled.
const (
	observations = 200
	maxCuts      = 400
)

// Run tries each law as a subtest named after it.
func Run[A Accumulator[A]](t *testing.T, f Factory[A]) {
	t.Helper()
	for _, l := range laws[A]() {
		t.Run(l.name, func(t *testing.T) {
			if err := l.check(f); err != nil {
				t.Error(err)
			}
		})
	}
}

// Check tries all laws and returns the broken ones as one error, each with its name.
func Check[A Accumulator[A]](f Factory[A]) error {
	var errs []error
	for _, l := range laws[A]() {
		if err := l.check(f); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", l.name, err))
		}
	}
	return errors.Join(errs...)
}

type law[A Accumulator[A]] struct {
	name  string
	check func(Factory[A]) error
}

func laws[A Accumulator[A]]() []law[A] {
	return []law[A]{
		{"empty-is-identity", identity[A]},
		{"merge-commutes", commutes[A]},
		{"merge-associates", associates[A]},
		{"parts-make-the-whole", parts[A]},
		{"order-does-not-matter", order[A]},
		{"merge-leaves-its-argument", leavesArgument[A]},
		{"clone-shares-nothing", cloneShares[A]},
		{"bytes-round-trip", roundTrip[A]},
		{"append-keeps-the-prefix", keepsPrefix[A]},
		{"input-is-not-kept", inputNotKept[A]},
		{"unmarshal-replaces", replaces[A]},
		{"unknown-version-is-refused", unknownVersion[A]},
		{"truncation-is-refused", truncation[A]},
		{"trailing-bytes-are-refused", trailing[A]},
		{"other-shape-is-refused", otherShape[A]},
	}
}

// of adds the example observations of the given numbers.
func of[A Accumulator[A]](f Factory[A], numbers ...int) (A, error) {
	a := f.New()
	for _, i := range numbers {
		if err := f.Add(a, i); err != nil {
			return a, fmt.Errorf("adding observation %d: %w", i, err)
		}
	}
	return a, nil
}

func span(lo, hi int) []int {
	var s []int
	for i := lo; i < hi; i++ {
		s = append(s, i)
	}
	return s
}

// three returns accumulators of three unequal parts of the examples.
func three[A Accumulator[A]](f Factory[A]) (a, b, c A, err error) {
	var errs [3]error
	a, errs[0] = of(f, span(0, 31)...)
	b, errs[1] = of(f, span(31, 150)...)
	c, errs[2] = of(f, span(150, observations)...)
	return a, b, c, errors.Join(errs[:]...)
}

// merged is the merge of clones, so that the arguments stay as they are.
func merged[A Accumulator[A]](into A, others ...A) (A, error) {
	sum := into.Clone()
	for _, o := range others {
		if err := sum.Merge(o); err != nil {
			return sum, fmt.Errorf("merge: %w", err)
		}
	}
	return sum, nil
}

func bytesOf[A Accumulator[A]](a A) ([]byte, error) { return a.AppendBinary(nil) }

func same[A Accumulator[A]](got, want A) error {
	g, err := bytesOf(got)
	if err != nil {
		return err
	}
	w, err := bytesOf(want)
	if err != nil {
		return err
	}
	if !bytes.Equal(g, w) {
		return fmt.Errorf("differs:\n got %x\nwant %x", g, w)
	}
	return nil
}

func identity[A Accumulator[A]](f Factory[A]) error {
	a, err := of(f, span(0, observations)...)
	if err != nil {
		return err
	}
	if err := same(a, f.New()); err == nil {
		return errors.New("200 observations leave no trace in the bytes")
	}
	left, err1 := merged(f.New(), a)
	right, err2 := merged(a, f.New())
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	return errors.Join(same(left, a), same(right, a))
}

func commutes[A Accumulator[A]](f Factory[A]) error {
	a, b, _, err := three(f)
	if err != nil {
		return err
	}
	ab, err1 := merged(a, b)
	ba, err2 := merged(b, a)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	return f.merges(ab, ba)
}

func associates[A Accumulator[A]](f Factory[A]) error {
	a, b, c, err := three(f)
	if err != nil {
		return err
	}
	left, err1 := merged(a, b, c)
	bc, err2 := merged(b, c)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	right, err := merged(a, bc)
	if err != nil {
		return err
	}
	return f.merges(left, right)
}

func parts[A Accumulator[A]](f Factory[A]) error {
	whole, err := of(f, span(0, observations)...)
	if err != nil {
		return err
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		k := 1 + rng.IntN(9)
		numbers := make([][]int, k)
		for i := range observations {
			p := rng.IntN(k)
			numbers[p] = append(numbers[p], i)
		}
		sum := f.New()
		for _, ns := range numbers {
			part, err := of(f, ns...)
			if err != nil {
				return err
			}
			if err := sum.Merge(part); err != nil {
				return err
			}
		}
		if err := f.merges(sum, whole); err != nil {
			return fmt.Errorf("%d parts: %w", k, err)
		}
	}
	return nil
}

func order[A Accumulator[A]](f Factory[A]) error {
	whole, err := of(f, span(0, observations)...)
	if err != nil {
		return err
	}
	numbers := span(0, observations)
	rand.New(rand.NewPCG(3, 4)).Shuffle(len(numbers), func(i, j int) { numbers[i], numbers[j] = numbers[j], numbers[i] })
	mixed, err := of(f, numbers...)
	if err != nil {
		return err
	}
	return f.merges(mixed, whole)
}

func leavesArgument[A Accumulator[A]](f Factory[A]) error {
	a, b, _, err := three(f)
	if err != nil {
		return err
	}
	before, err := bytesOf(b)
	if err != nil {
		return err
	}
	if err := a.Merge(b); err != nil {
		return err
	}
	if err := f.Add(a, 0); err != nil { // a must not have kept parts of b
		return err
	}
	after, err := bytesOf(b)
	if err != nil {
		return err
	}
	if !bytes.Equal(before, after) {
		return errors.New("the merged argument changed")
	}
	return nil
}

func cloneShares[A Accumulator[A]](f Factory[A]) error {
	a, err := of(f, span(0, 50)...)
	if err != nil {
		return err
	}
	want, err := of(f, span(0, 50)...)
	if err != nil {
		return err
	}
	c := a.Clone()
	if err := same(c, a); err != nil {
		return err
	}
	for i := range observations {
		if err := f.Add(c, i); err != nil {
			return err
		}
	}
	return same(a, want)
}

func roundTrip[A Accumulator[A]](f Factory[A]) error {
	for _, n := range []int{0, 1, observations} {
		a, err := of(f, span(0, n)...)
		if err != nil {
			return err
		}
		data, err := bytesOf(a)
		if err != nil {
			return err
		}
		b := f.New()
		if err := b.UnmarshalBinary(data); err != nil {
			return fmt.Errorf("of %d observations: %w", n, err)
		}
		if err := same(b, a); err != nil {
			return fmt.Errorf("of %d observations: %w", n, err)
		}
		if err := errors.Join(f.Add(a, 7), f.Add(b, 7)); err != nil {
			return fmt.Errorf("adding after a round trip: %w", err)
		}
		if err := same(b, a); err != nil {
			return fmt.Errorf("adding after a round trip: %w", err)
		}
	}
	return nil
}

func keepsPrefix[A Accumulator[A]](f Factory[A]) error {
	a, err := of(f, span(0, 20)...)
	if err != nil {
		return err
	}
	alone, err := bytesOf(a)
	if err != nil {
		return err
	}
	got, err := a.AppendBinary([]byte("prefix"))
	if err != nil {
		return err
	}
	if !bytes.Equal(got, slices.Concat([]byte("prefix"), alone)) {
		return errors.New("AppendBinary does not append")
	}
	return nil
}

func inputNotKept[A Accumulator[A]](f Factory[A]) error {
	a, err := of(f, span(0, observations)...)
	if err != nil {
		return err
	}
	data, err := bytesOf(a)
	if err != nil {
		return err
	}
	given := bytes.Clone(data)
	b := f.New()
	if err := b.UnmarshalBinary(given); err != nil {
		return err
	}
	if !bytes.Equal(given, data) {
		return errors.New("UnmarshalBinary changes its argument")
	}
	for i := range given {
		given[i] = 0xFF
	}
	return same(b, a)
}

func replaces[A Accumulator[A]](f Factory[A]) error {
	a, b, _, err := three(f)
	if err != nil {
		return err
	}
	data, err := bytesOf(a)
	if err != nil {
		return err
	}
	if err := b.UnmarshalBinary(data); err != nil {
		return err
	}
	return same(b, a)
}

// refused tries to read bad bytes into an accumulator, which must stay as it is.
func refused[A Accumulator[A]](f Factory[A], bad []byte) error {
	a, err := of(f, span(0, 31)...)
	if err != nil {
		return err
	}
	kept := a.Clone()
	if err := a.UnmarshalBinary(bad); err == nil {
		return fmt.Errorf("accepted %x", bad)
	}
	if err := same(a, kept); err != nil {
		return fmt.Errorf("changed by a failed read: %w", err)
	}
	return nil
}

func example[A Accumulator[A]](f Factory[A]) ([]byte, error) {
	a, err := of(f, span(0, observations)...)
	if err != nil {
		return nil, err
	}
	return bytesOf(a)
}

func unknownVersion[A Accumulator[A]](f Factory[A]) error {
	data, err := example(f)
	if err != nil {
		return err
	}
	if len(data) == 0 {
		return errors.New("no bytes, hence no version")
	}
	accepted := 0
	for v := range 256 {
		bad := bytes.Clone(data)
		bad[0] = byte(v)
		if byte(v) != data[0] && refused(f, bad) != nil {
			accepted++
		}
	}
	if accepted > 0 {
		return fmt.Errorf("%d other first bytes are accepted or change the receiver", accepted)
	}
	return nil
}

func truncation[A Accumulator[A]](f Factory[A]) error {
	data, err := example(f)
	if err != nil {
		return err
	}
	step := max(1, len(data)/maxCuts)
	for cut := 0; cut < len(data); cut += step {
		if err := refused(f, data[:cut]); err != nil {
			return fmt.Errorf("cut after %d of %d bytes: %w", cut, len(data), err)
		}
	}
	return nil
}

func trailing[A Accumulator[A]](f Factory[A]) error {
	data, err := example(f)
	if err != nil {
		return err
	}
	return errors.Join(refused(f, append(bytes.Clone(data), 0)), refused(f, slices.Concat(data, data)))
}

func otherShape[A Accumulator[A]](f Factory[A]) error {
	if f.Other == nil {
		return nil
	}
	a, err := of(f, span(0, 31)...)
	if err != nil {
		return err
	}
	kept := a.Clone()
	if err := a.Merge(f.Other()); err == nil {
		return errors.New("merged another shape")
	}
	if err := same(a, kept); err != nil {
		return fmt.Errorf("changed by a refused merge: %w", err)
	}
	o, kept := f.Other(), f.Other()
	if err := o.Merge(a); err == nil {
		return errors.New("another shape merged ours")
	}
	return same(o, kept)
}

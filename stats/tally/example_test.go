package tally_test

import (
	"fmt"

	"github.com/bangkom/bangkom/stats/tally"
)

// Four people, levels 1..5: required, and attained. One was not assessed.
func ExamplePairs() {
	required := []tally.Cell{4, 4, 3, 4}
	attained := []tally.Cell{2, 4, tally.NotObserved, 5}
	var t tally.Pairs
	if err := t.AddColumns(required, attained); err != nil {
		fmt.Println(err)
	}
	s := t.Sums()
	fmt.Println("pairs", s.N, "of", t.Total())
	fmt.Println("below", s.Below, "levels missing", s.Shortfall, "balance", s.D())
	for d, n := range t.Diffs() {
		fmt.Printf("%+d: %d\n", d, n)
	}
	// Output:
	// pairs 3 of 4
	// below 1 levels missing 2 balance 1
	// -1: 1
	// +0: 1
	// +2: 1
}

// A GROUP BY in a database counts; the rows come in by AddN. Two agencies
// count apart and merge: nobody's data travels, and the sum is the same.
func ExamplePairs_Merge() {
	shape := tally.Shape{First: 1, Levels: 5}
	a, _ := tally.NewPairs(shape)
	b, _ := tally.NewPairs(shape)
	_ = a.AddN(4, 2, 1250)
	_ = b.AddN(4, 2, 31)
	_ = b.AddN(4, 4, 9)
	wire, _ := b.AppendBinary(nil)

	var received tally.Pairs
	if err := received.UnmarshalBinary(wire); err != nil {
		fmt.Println(err)
	}
	if err := a.Merge(&received); err != nil {
		fmt.Println(err)
	}
	fmt.Println(a.Count(4, 2), a.Total())
	seven, _ := tally.NewPairs(tally.Shape{First: 1, Levels: 7})
	fmt.Println(a.Merge(seven))
	// Output:
	// 1281 1290
	// tally: cannot merge into a table of the scale 1..5 ("1..7"); map both to one scale first
}

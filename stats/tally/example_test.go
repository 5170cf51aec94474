package tally_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"

	"github.com/bangkom/bangkom/stats/reliability"
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

// Scores of three courses with one decimal, in tenths: counted anywhere, in any order.
func ExampleGroups() {
	var g tally.Groups
	err := g.AddBatch([]string{"A", "B", "A", "B", "A"}, []int64{725, 810, 695, 840, 770})
	if err != nil {
		fmt.Println(err)
	}
	for course, m := range g.All() {
		fmt.Printf("%s: n %d, mean %.2f, variance %.3f\n", course, m.N(), m.Mean()/10, m.Variance()/100)
	}
	// Output:
	// A: n 3, mean 73.00, variance 14.250
	// B: n 2, mean 82.50, variance 4.500
}

// Patterns of answers with their counts are all that alpha needs.
func ExampleLikertItems() {
	l, err := tally.NewLikertItems(tally.Shape{First: 1, Levels: 5}, 3)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range []struct {
		answers []tally.Cell
		n       uint64
	}{{[]tally.Cell{5, 4, 5}, 120}, {[]tally.Cell{3, 3, 4}, 80}, {[]tally.Cell{2, 1, 2}, 31}, {[]tally.Cell{4, tally.Missing, 4}, 6}} {
		if err := l.AddN(p.answers, p.n); err != nil {
			fmt.Println(err)
		}
	}
	mean, cov := l.Covariance()
	alpha, err := reliability.Summary{N: int(l.Complete()), Mean: mean, Cov: cov}.Alpha()
	fmt.Println(l.Complete(), "of", l.Total())
	fmt.Println(alpha, err)
	// Output:
	// 231 of 237
	// alpha of 3 items: 0.9766 (95 % CI 0.9709 to 0.9814, n = 231) <nil>
}

// Two columns of real numbers, one shard each, then the slope of y on x.
func ExampleGram() {
	var a, b tally.Gram
	err := a.AddBatch([][]float64{{1e9 + 1, 1e9 + 2}, {10, 12.5}})
	if err != nil {
		fmt.Println(err)
	}
	if err = b.Add([]float64{1e9 + 4, 16}); err != nil {
		fmt.Println(err)
	}
	if err = a.Merge(&b); err != nil {
		fmt.Println(err)
	}
	fmt.Printf("n %d, mean y %.4f, slope %.4f\n", a.N(), a.Mean(1), a.Centred(0, 1)/a.Centred(0, 0))
	// Output:
	// n 3, mean y 12.8333, slope 1.9643
}

func ExampleCrosstab() {
	var t tally.Crosstab
	if err := t.AddBatch([]string{"trained", "trained", "not", "trained"}, []string{"passed", "passed", "failed", "failed"}); err != nil {
		fmt.Println(err)
	}
	fmt.Println(t.Table())
	// Output:
	// [not trained] [failed passed] [[1 0] [1 2]]
}

// The database counts, and only cells of five people or more leave it.
func ExampleScanPairs() {
	report := func(ctx context.Context, db *sql.DB) error {
		rows, err := db.QueryContext(ctx, `SELECT unit, wanted, attained, count(*) FROM rating GROUP BY unit, wanted, attained`)
		if err != nil {
			return err
		}
		units, err := tally.ScanPairs(rows, tally.Shape{First: 1, Levels: 5}, &tally.ScanOptions{Least: 5})
		for _, u := range units {
			fmt.Println(u.Key[0], u.Of.Sums().Below, "below,", u.Suppressed, "suppressed")
		}
		return err
	}
	db := sql.OpenDB(answer{columns: []string{"unit", "wanted", "attained", "n"}, closed: new(bool), rows: [][]driver.Value{
		{"Surabaya", int64(4), int64(3), int64(41)},
		{"Ambon", int64(4), int64(4), int64(12)},
		{"Ambon", int64(4), int64(2), int64(2)},
	}})
	if err := report(context.Background(), db); err != nil {
		fmt.Println(err)
	}
	// Output:
	// Ambon 0 below, 2 suppressed
	// Surabaya 41 below, 0 suppressed
}

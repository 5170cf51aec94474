// Package tally counts and sums, exactly and in any order.
//
// A rating is one of a few levels, or one of a few reasons why there is none.
// So the counts of the levels ([Levels]), or of pairs of levels ([Pairs]), say
// everything that a thousand or a hundred million ratings say about means,
// spreads, shares, medians, paired tests and agreement. They are integers:
// adding them never rounds, tables that were counted apart merge into the very
// same table, and a table can be handed on where the people behind it must not
// be.
//
//	var t tally.Pairs
//	err := t.AddColumns(want, have)  // two columns of cells
//	err = t.AddN(4, 2, 1250)         // a row of a GROUP BY
//	err = t.Merge(&other)            // what another process counted
//	s := t.Sums()                    // n, sums, squares, products: exact
//
// # Choosing a table
//
//   - Levels of one thing: [Levels]. Of two things of the same people: [Pairs].
//   - Answers to the items of a questionnaire: [LikertItems].
//   - Labels by labels: [Crosstab].
//   - Whole numbers, or scores with a fixed number of decimals in their last
//     unit: [Moments], by group [Groups], several columns [Cross], by cluster [Clusters].
//   - Real numbers: [Gram].
//
// All but Gram hold integers. They are filled by Add, AddN and AddBatch (columns), or
// from a database by [ScanPairs], [ScanMoments] and [ScanCross].
//
// # Cells
//
// A [Cell] is a level, coded from 1, or [Missing], [NotApplicable] or
// [NotObserved]. The reasons are counted beside the levels and never enter a
// sum. What value a level has is said by the [Shape] of the table: code 1 of a
// scale 0..4 has the value 0.
//
// # Laws
//
// The zero value is empty and merges with anything; merging is commutative and
// associative; a merge of parts is the table of the whole, bit for bit ([Gram]: to
// the last digit or so). Equal tables have equal bytes, and bytes that no table has
// are refused. The battery in tallytest proves these laws for any accumulator of
// this form.
//
// A table holds at most [MaxTotal] observations, so that no sum of it can
// overflow; what would exceed it is refused with [ErrOverflow] and changes
// nothing.
package tally

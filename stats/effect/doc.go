// Package effect measures how large a difference is, in standard deviations.
//
// There is no one "d" of a paired design: on the same data the versions differ
// by more than half. So the divisor is an argument, and stands in the result.
//
// # Choosing a divisor for the same people twice
//
//   - [Average]: the mean spread of the two occasions. Comparable with studies
//     of two groups; the one to report.
//   - [Difference]: the spread of the changes. It belongs to the paired t test and
//     to planning one, and grows with the correlation between the occasions.
//
// Two groups of different people: [Independent].
//
// Both are corrected for small samples (Hedges' g) unless told otherwise.
package effect

// Package effect measures how large a difference is, in standard deviations.
//
// There is no one "d" of a paired design: on the same data the versions differ
// by more than half. So the divisor is an argument, and stands in the result.
//
// # Choosing a divisor for the same people twice
//
//   - [Average]: the mean spread of the two occasions. Comparable with studies
//     of two groups; the one to report.
//
//   - [Difference]: the spread of the changes. It belongs to the paired t test and
//     to planning one, and grows with the correlation between the occasions.
//
//   - [RepeatedMeasures], [Before], [After], [MeanSD]: what other reports took.
//
// All are corrected for small samples (Hedges' g) unless told otherwise.
//
// # Choosing a measure
//
//   - Two groups of different people, a measurement: [Independent]; where the
//     treatment changes the spread too, [Glass].
//   - Two groups, an order and no more: [CliffDelta] (it is the rank-biserial
//     correlation), or the same as a probability, [Superiority]. [CommonLanguage]
//     is that probability if both are normal.
//   - The same people twice, an order of changes: [MatchedRankBiserial].
//   - More groups: [Explained].
//   - Before and after, with others to compare: [PrePostControl].
//   - A test with a highest score: [NormalizedGain].
//   - One person: [ReliableChange].
//
// What is large is not part of an estimate: see [Interpretations].
package effect

// Package resample says how sure a statistic is by computing it again on data
// that might as well have come: no formula for its spread is needed.
//
// # Choosing a method
//
//   - An interval of any statistic: [Bootstrap]. The default interval, [BCa],
//     corrects for bias and for a spread that grows with the value. [Studentised]
//     is more precise still where a standard error of each resample can be
//     computed; [Percentile] and [Basic] are for comparison.
//   - Answers on a scale of a few levels, counted: [BootstrapLevels]. A million
//     answers take no longer than a thousand.
//   - Is the mean change of the same people more than chance: [PermutePaired].
//   - Do two groups of different people differ in their means: [PermuteIndependent].
//   - Anything else that pairs or groups: [Permute].
//
// What moves together is drawn together: give clusters where people of one
// office or several answers of one person are rows of their own, and strata
// where the numbers of people in the groups were fixed by the design.
//
// # How many, and which
//
// Where the units are few, every resample there is is computed instead of a
// sample of them, and permutations of whole numbers, or decimals of a few
// places, are counted exactly; the result says so. Otherwise resamples are
// drawn from a seed, each from its own stream: the same seed gives the same
// result on any number of cores.
//
// A bootstrap does not make few people many: below some 10 to 20 units its
// intervals are too narrow, whatever their kind.
package resample

// Package compare tests differences between groups and occasions. It knows
// nothing of the domain: numbers in, a [bangkom.Test] out.
//
// # Choosing a method
//
//   - The same people twice: [Paired].
//   - Two groups of different people: [Welch]. It does not ask for equal
//     variances and loses next to nothing where they are equal, so no test of
//     variances goes before it.
//   - A share of people: [Proportion].
//
// A missing value is NaN; what was left out stands in the result. An infinite
// value is an error. Nothing is rounded.
package compare

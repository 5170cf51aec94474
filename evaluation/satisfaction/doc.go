// Package satisfaction measures what the public says of a service: an index
// over the elements of a questionnaire, its uncertainty, and what happened to
// it in units whose staff was trained, beside units whose staff was not.
//
// The mechanism knows no country: elements, scale, weights and classes are
// values of an [Instrument], and packages of rules fill them.
//
// # The index
//
// For each element, the mean of its valid answers (NRR) is taken, weighted,
// and summed; the sum is brought to 100 at the top of the scale:
//
//	index = 100/max · Σ weight(e) · sum(e)/n(e)
//
// [Measure] computes it in integers and fractions, and rounds once, by the
// instrument's [bangkom.Bands]. Answers are kept by the code of what was
// asked, never by the place of a column: questionnaires order them differently.
//
// # Choosing a weight policy
//
//   - [WeightExact], the zero value: 1/k for k elements. For everything new.
//   - [WeightRounding]: 1/k as printed with some decimals (0.11 for 1/9), to reproduce a past report.
//   - [WeightGiven]: weights of your own.
//
// They give different figures from the same answers, so the result names the
// policy that was used.
//
// # Did training change it?
//
// A class that rises from B to A proves nothing: a hundredth of a point can do
// it. [Compare] measures the units before and after, and sets the change of
// trained units against the change of the others, with the unit as the unit of
// analysis.
package satisfaction

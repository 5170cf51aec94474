// Package agreement says how far raters agree, beyond what chance would bring.
//
// Ratings are rater × subject; NaN is a missing rating, a category is a number.
// Ratings that were counted already (subject × category) are a [Counts], a table
// of two raters is for [CohenTable] or [CohenPairs].
//
// # Choosing a method
//
//   - Two raters, categories: [Cohen], unweighted, linear and quadratic in one answer.
//   - More raters, categories: [Fleiss] if raters are interchangeable, [Conger]
//     if each rates all, [Krippendorff] if ratings are missing or the scale is
//     ordinal, interval or ratio. [Gwet] does not collapse where one category
//     prevails; [BrennanPrediger] supposes chance without preferences.
//   - Scores: [ICC], all six forms with intervals. Absolute agreement of raters
//     who are a sample is ICC(2,1); their mean ICC(2,k); agreement up to each rater's
//     severity ICC(3,1).
//   - Ranks: [KendallW].
//   - One group rates one object: [RWG].
//
// # Weights and metrics
//
// [Weights] say how much two categories agree: 1 on the diagonal. Linear and
// quadratic ones take the distance of the categories' values, not of their places
// in a list. A disagreement is 1 − weight; Krippendorff's metrics are disagreements,
// and his ordinal metric is not the one of [OrdinalWeights].
//
// # Standard errors
//
// Unless a method says otherwise they are linearised over subjects: subjects are
// a sample, raters are not. The coefficient is a function of means over subjects, and the
// standard error that of its first-order expansion (Gwet, 2021), in which the
// number of subjects with two ratings or more is taken as given. The interval
// takes t with n − 1 degrees of freedom and is cut at 1.
//
// # Warnings
//
// A result warns of few subjects ("small-sample"), of full agreement, whose
// interval has no width ("full-agreement"), of a rater who uses one category
// ("constant-rater"), and of the paradox of a low coefficient where raters agree on
// most subjects, because one category prevails ("prevalence").
package agreement

// Package reliability says how far the items of a questionnaire or a test
// measure one thing consistently, and what each item contributes.
//
// Data are item × respondent. A missing answer is NaN; what is done about it is
// a [Policy] and stands in the result. Everything that is said about a set of
// items comes from one [Summary]: one keyed matrix of covariances, so that no
// coefficient is of other people or of other signs than the one beside it.
//
// # Choosing a method
//
//   - Do the items go together, and which one does not? [Alpha], with its table.
//     It prints what psych::alpha prints.
//   - Is alpha too low because the items weigh differently? [Omega] fits one
//     factor. Its value depends on estimator, metric and share: all are named.
//   - How well could the test be cut in two? [SplitHalf]; bounds of all kinds: [Guttman].
//   - Right and wrong answers: [KR20], [KR21]; each item's difficulty and
//     discrimination: [AnalyzeItems]; each wrong answer: [Distractors].
//   - What does it mean for one person's score? [SEM] gives the standard error
//     of measurement and the smallest change that is more than noise, with
//     alpha's own uncertainty carried through.
//   - Who did not read the questions? [Careless], before items are reversed.
//
// None of these shows that the items measure one thing: a high alpha is no
// proof of one factor. Which values are good enough is not said here.
//
// # What comes from counts
//
// A [Summary] can be filled by hand, from a database's sums or from
// [SummarizeCells], and its methods are the same coefficients. Answers on a
// scale of up to twelve steps are summed exactly, as integers.
package reliability

// Package model estimates effects from designs, and how sure they are.
//
// # Difference in differences
//
// What changed among the treated, minus what changed among the others in the
// same time. It takes out what differs between the groups always, and what
// happened to both; it asks that without treatment both would have changed
// alike, which two occasions cannot show.
//
// # Choosing a form
//
//   - The same units before and after: [DiffInDiff] on their changes. The unit
//     is the cluster, however many people answered in it.
//   - Different people before and after, four means: [DiffInDiffCells]. It takes
//     the people for independent, which people of one office are not.
//   - Rows of people, with covariates or in clusters: [DiffInDiffRows].
//   - Groups that were drawn by lot, with a score before: [ANCOVA]. It is more
//     precise than changes are.
//   - Any columns: [OLS].
//
// # Choosing standard errors
//
//   - Nothing is known of the rows but that they are independent: leave the zero
//     value, [HC3]. It does not ask for equal variances and loses little where
//     they are equal.
//   - Rows hang together in offices, classes or persons: give the clusters. [CR2]
//     is the default; its degrees of freedom say how little few clusters tell.
//   - Rows are months: [NeweyWest], with its lag, prewhitening and adjustment named.
//   - [Classical], [HC0], [HC1], [HC2] and [CR1] are for comparison with other reports.
//
// Columns that are combinations of others are an error that names them; columns
// that nearly are, a warning with the condition.
package model

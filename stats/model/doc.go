// Package model estimates effects from designs.
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
//   - The same units before and after: [DiffInDiff] on their changes. The unit is
//     the cluster, however many people answered in it.
//   - Different people before and after, four means: [DiffInDiffCells]. It takes
//     the people for independent, which people of one office are not.
package model

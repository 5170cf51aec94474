// Package badge writes what a person has shown as the fragments of an Open
// Badges 3.0 credential (1EdTech) that speak of competencies: alignment,
// resultDescription, result, evidence and validity. It builds no credential and
// signs none: the issuer puts the fragments into theirs.
//
// # What becomes of what
//
//	Competency       achievement.alignment, of type CFItem: code, title, framework
//	Scale            achievement.resultDescription, with a RubricCriterionLevel for each level, the lowest first
//	Requirement      its requiredLevel
//	Attained         credentialSubject.result: achievedLevel, and the level's title as its value
//	Until            validUntil, the end of the last valid day; the date of the latest rating is validFrom
//	what counted     evidence, without the names of raters
//
// What is not known is no result at all, never one of status Failed: of a
// person who was not assessed, or whose evidence has expired, there is an
// alignment and a description, and a Note (no-result) says why there is no more.
// A result without a status is read as completed, so that one below what is
// required is a Warning (below-required).
//
// # What is lost
//
// A badge speaks one language and knows no weight, criticality or state of a
// gap, no scores between levels and no evidence that did not count. [Write]
// names what it left out: a Warning "lost" for each kind of thing.
package badge

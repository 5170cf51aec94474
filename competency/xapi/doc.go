// Package xapi reads what learning systems record, as statements of the
// Experience API (xAPI 1.0.3), into evidence, and writes evidence as statements.
//
// # What becomes of what
//
//	actor                Rating.Person: its account, else mbox, mbox_sha1sum or openid; see Options.People
//	object               what the activity shows, by Options.Activities: competency, level, and which outcome decides
//	result               whether it was shown; see below
//	context.instructor   Rating.Rater; without one nothing is assumed, least of all that people rate themselves
//	timestamp            Rating.Date, a day in Options.Location or, without one, by its own offset from UTC; without it, stored
//	stored               Rating.Recorded
//	id                   Rating.Ref
//
// Statements come as an array, as the answer of a record store (statements, more),
// one after the other, or alone. They are read one at a time: memory grows with
// the evidence and by some 50 bytes for each statement, so that one that comes
// twice, or is voided before or after it comes, is known. [Statements] yields
// them with all that they hold, fields that mean nothing here included.
//
// # What decides
//
// Success, completion and score are three things, and the caller says for each
// activity which of them shows the level ([Claim.By]). There is no default and
// no threshold but the caller's, compared with ≥. A score is the scaled one, or
// else (raw − min) / (max − min) where both bounds are given; a raw score alone
// is unknown. Unknown is not a fail: it is no evidence at all, and a Note counts
// it (outcome-unknown). Text in response is never read as an outcome.
//
// A fail is negative evidence only if Options.Negative says so: an attempt that
// went wrong need not withdraw what was shown before. See [competency.Assess].
//
// # What is reported
//
//	not-json, too-deep, too-large, too-many-statements, unreadable
//	                      error    what follows was not read
//	empty                 error    nothing at all; a log without statements is []
//	not-a-statement, wrong-type
//	                      error    of one statement, which was left out
//	conflicting-id        error    an id again with other content; the first was kept
//	option                error    an activity whose claim cannot be applied
//	unknown-person        warning  statements of people whom Options.People does not name
//	no-timestamp          warning  stored was taken for it; without that the evidence has no date
//	no-zone               warning  UTC was assumed
//	no-id, not-a-time, score-off-range, wrong-type, voids-voiding
//	                      warning  of a field, which was left out
//	unmapped-activity     note     an activity that Options.Activities does not name, each once
//	outcome-unknown, not-shown, repeated, voided, not-an-activity, group-actor
//	                      note     how many
//
// No problem shows who a statement is about.
//
// # What is lost
//
// [Write] writes ratings whose level some activity shows by success or
// completion; a score is not invented. Statements have no place for ValidUntil,
// for a Renewal, Source or Kind that is not the activity's, and for where a rating
// was carried over from; a Warning "lost" counts each.
//
// # Round trip
//
// Read(Write(r)) equals r under the same options for ratings of which nothing
// was lost and that have an id of a statement as Ref.
package xapi

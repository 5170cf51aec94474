// Package opensalt reads and writes frameworks as the tables that OpenSALT
// imports, a row for each item: CSV, or its spreadsheet's sheet "CF Item" saved
// as CSV.
//
// # What becomes of what
//
//	identifier                       ID; without it the code, or an id made of the statement
//	fullStatement                    Title; or Description, where abbreviatedStatement is the Title
//	humanCodingScheme                Code
//	cfItemType                       Kind
//	language                         the tag of the texts
//	isChildOf                        Parent; a second one is a further ChildOf
//	smartLevel                       "1.2" stands below "1", where isChildOf is empty
//	sequenceNumber                   Association.Sequence; else the last part of smartLevel
//	isPartOf, replacedBy, exemplar, precedes, isPeerOf, hasSkillLevel, isRelatedTo, exactMatchOf
//	                                 Association: codes, identifiers or addresses, parted by commas;
//	                                 a UUID at the end of an address is the id
//	conceptKeywords, educationLevel, notes, listEnumeration
//	                                 Extra, under the names of package caseio: "case:notes"
//	license, and columns beyond      Extra, under "opensalt:" and their name
//
// Columns are bound by name, where case, blanks and punctuation do not count:
// "Human Coding Scheme" is humanCodingScheme. Where isChildOf and smartLevel say
// nothing, an item stands below that whose code is its own up to the last dot.
// Codes are text: "1.10" is not "1.1".
//
// # What is reported
//
// OpenSALT's own import skips rows, takes the last of two items with one code
// for everybody's parent, and leaves out columns it has matched. Here all
// columns are kept, and each of these has its line and column:
//
//	empty-cell            error    no fullStatement; the row was left out
//	duplicate-id          error    an identifier, or what stands in for one, again; the first was kept
//	duplicate-code        error    references by this code mean the first
//	unresolved-reference  warning  a code that nothing has; kept as such, or of a parent: read as none
//	language-tag          warning  a language that is no tag; the default stands in
//	too-large, too-many-rows, too-many-references error what is beyond the limits of [Options] was not read
//
// and what package table reports.
//
// # Limits
//
// No more than 64 MiB, 200,000 items and 300,000 references are read: less than
// 0.6 GB. Of the references that lead nowhere 1,000 are listed.
//
// # Importing again
//
// Ids do not depend on the place of a row, so that reading a file again and
// [competency.Diff] gives every field that changed, and nothing if nothing did.
//
// # Round trip
//
// Read(Write(f)) equals f, but for what Write names as lost, and for a Parent and an
// association that says only this, which are one.
package opensalt

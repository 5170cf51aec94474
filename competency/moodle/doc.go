// Package moodle reads and writes competency frameworks in the CSV form of
// Moodle's tool_lpimportcsv: fourteen columns, one row for the framework and one
// for each competency. Columns are bound by position, because Moodle writes
// their names in the language of the site.
//
// # What becomes of what
//
//	1  Parent id number              Parent
//	2  Id number                     ID and Code
//	3  Shortname                     Title
//	4  Description                   Description
//	6  Scale values                  Scale: the first value is level 1
//	11 Cross referenced ids          Association isRelatedTo
//	13 Is framework                  the row of the Framework
//	5, 7 to 10, 12, 14               Extra, under "moodle:" and the column's name in one word
//
// Moodle has no levels below a competency. Some frameworks help themselves with
// rows level-1, level-2, … and a row for each indicator that refers to its
// level; [Options.Indicators] reads and writes that as levels and indicators.
//
// # What is reported
//
// Moodle's importer loses rows without a word: those whose id stands twice, whose
// parent is missing or comes back to them, or that have no id or name; it cuts
// long ids and so parts children from their parents. Here each is an error with
// its line and column, and the rest is read: codes are text, compared exactly.
//
//	not-csv, too-large, too-many-rows, unreadable, utf-16, too-few-columns
//	                     error    file refused, or of one row: row skipped
//	no-framework         error    no row says 1 in column 13
//	second-framework     error    the first was kept
//	empty-cell           error    no id number or shortname; row skipped
//	duplicate-id         error    the first was kept
//	dangling-reference   error    the parent is not there; reads as none
//	cycle                error    of parents, with its path; opened at its first
//	too-long             error    more than 100 characters; kept as it is
//	unresolved-reference warning  a cross reference to what is not in the file; kept
//	bad-scale, rule-kept, invalid-utf8
//	                     warning
//
// # What is lost
//
// Moodle has one language, one parent, and of a level its name and whether it
// counts as proficient. [Write] names what it leaves out: one Warning "lost" for
// each kind of thing, with how many there were. A job profile cannot be written
// at all: a learning plan template lists competencies without levels or weights.
//
// # Round trip
//
// Read(Write(f)) equals f for every framework that Read returned, except for
// descriptions' line ends.
package moodle

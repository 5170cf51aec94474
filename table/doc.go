// Package table reads rows by the names of their columns, from CSV files as
// offices have them: separated by commas, semicolons or tabs, with or without a
// byte-order mark, saved by Excel, with title lines above the header.
//
// A reader says which columns it wants, and what people call them, in a
// [Schema]. It gets the good rows one at a time, and all that was wrong with
// the file as [bangkom.Problems] with file, line and column:
//
//	rd := table.Read(f, "units.csv", table.Schema{
//		{Key: "id", Names: []string{"Kode Unit", "Unit Code"}, Required: true},
//		{Key: "head", Names: []string{"NIP Kepala"}, Private: true},
//	}, nil)
//	for row := range rd.Rows() {
//		id, ok := row.Required("id")
//		...
//	}
//	problems := rd.Problems()
//
// # How a file is understood
//
// The separator is the one with which a row among the first 50 (and the first
// 64 KiB, also for Options.HeaderLine) has most of the
// schema's columns; that row is the header. A first line "sep=;" decides, and
// Options decide over all. What was assumed is a Note "dialect" and in
// [Reader.Dialect]. Lines above the header are titles and not looked at.
//
// Names are compared through [Normalize]: case, punctuation and blanks do not
// matter, "&" is "dan". Of two columns with the same name the first is read; of
// two synonyms the one that comes first in Column.Names.
//
// # Good rows and bad rows
//
// A row is good if it has as many fields as the header. Empty fields beyond
// the header are normal for spreadsheets and no problem; any other difference
// makes the row a problem, because nobody can tell which cell is missing or was
// split (Options.Ragged accepts rows that end early). Rows with only empty
// cells are skipped. The header repeated in the middle is skipped with a warning.
//
// A quoted cell may contain separators and line ends. One that does not close
// properly costs its own line only: reading goes on with the next line, so that
// no good row is lost. A cell that closes properly is believed even if it
// contains what looks like rows, with a warning; only where two or more whole
// lines in it, of three or more fields, are all good rows by themselves, the
// quotes are taken for two stray ones that met. (Here alone a file that
// encoding/csv accepts is read otherwise.)
//
// Text is UTF-8. A byte that is not becomes "\ufffd", with a warning that says
// what it would be in Windows-1252; the row stays. UTF-16, .xlsx and .xls are
// refused with a sentence that says so.
//
// # Cells
//
// [Row] has a method per kind of cell. Empty is not a problem and not zero: ok
// is false. A cell that does not parse is a Problem, and ok is false too. A
// reader that needs all its cells asks [Row.OK] at the end.
//
// # Privacy
//
// Columns that the schema does not ask for are never turned into values, shown
// or kept; their row's bytes are overwritten by the next ones. The cells of a
// Column.Private are read but never shown: a Problem has the place, which is
// enough to find the cell, and "17 digits" in place of its value. Rows with the
// wrong number of fields and unclosed quotes never show any cell, since cells
// are then not where they belong.
//
// # Limits
//
// Memory does not grow with the file: one row at a time (Options.MaxRecord),
// and of each code and severity of problem the first 1000 (Options.MaxProblems)
// with a last one that says how many more there were. [Reader.Counts] says for
// every line of the file where it went.
//
// # Codes
//
//	dialect            note     how the file is taken to be written
//	no-header          error    no row with a name from the schema
//	missing-column     error    a required column is not in the header
//	unread-columns     note     columns that nobody asks for (a warning where a name looks like one that is asked for)
//	duplicate-column   error    a name twice (a warning for columns not asked for, and for synonyms)
//	repeated-header    warning  the header again; skipped
//	too-few-fields     error    row skipped
//	too-many-fields    error    row skipped
//	unclosed-quote     error    line skipped
//	too-long           error    row longer than Options.MaxRecord; line skipped
//	quoted-rows        warning  a quoted cell with lines that look like rows
//	bare-quote         warning  a quote inside a cell without quotes is text
//	invalid-utf8       warning  read with \ufffd
//	nul-byte           warning  read with \ufffd
//	utf-16, not-text   error    file refused
//	unreadable         error    the stream ended with an error
//	option             error    an option outside its range
//	empty-cell         error    by Row.Required
//	not-integer, level-off-scale, not-decimal, not-a-date, not-rupiah, not-hours, not-yes-no
//	                   error    by the Row method of that kind
package table

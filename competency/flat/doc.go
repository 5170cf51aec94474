// Package flat reads and writes tables that say in each row what one role asks
// for: a role, a competency or a statement of one, and whatever groups them. The
// NICE framework of the United States is published so, and so are the lists that
// agencies keep in spreadsheets.
//
// # Columns
//
// Columns are bound by name, in any order; [Options.Columns] gives other names.
//
//	key            names
//	role           Work Role, Role, Jabatan, Nama Jabatan
//	role_id        Work Role ID, Role ID, Kode Jabatan; else the last word in brackets of the role
//	group          Competency Group, Group, Kelompok, Kelompok Kompetensi
//	group_id       Competency Group ID, Group ID, Kode Kelompok
//	competency     Competency, Kompetensi
//	competency_id  Competency ID, Kode Kompetensi
//	statement      KSA, Statement, Pernyataan, Indikator
//	statement_id   KSA ID, Statement ID, Kode Pernyataan
//	kind           K S or A, Kind, Jenis
//	level          Level, Required Level, Level Standar
//	weight         Weight, Bobot
//	criticality    Criticality, Kritikalitas
//
// A row needs a role, and a competency or a statement. Ids that the table does
// not have are made of the names: "competency:data-analysis". Columns beyond
// these are kept in Extra, under "flat:" and their name: of the role, if they
// are the same in all its rows, or else of the statement or competency.
//
// # What is assumed
//
// A table without levels says that something is asked for, not how much: each
// requirement is then level 1 of a scale of one level, and a Note says so
// (no-level). Without weights each is 1 (no-weight). Neither is a finding about
// a role.
//
// # What is reported
//
//	duplicate-row      warning  a row that says what another said
//	conflicting-row    error    the same role and statement with another level or weight; the first was kept
//	conflicting-text   warning  an id with another text than before; the first was kept
//	same-text          warning  two ids with one text
//	further-parent     warning  a statement below a second competency, or that below a second group; kept as isPartOf
//	duplicate-id       error    one id for two kinds of things; the later got its kind before it
//	column-not-kept    warning  a column that says something else for one role and one statement
//	too-many-rows, too-many-parts  error  the others were not read
//
// and what package table reports.
//
// # Limits
//
// No more than 256 MiB, a million rows, and 200,000 competencies and statements
// are read: less than half a gigabyte.
//
// # Round trip
//
// Read(Write(t)) equals t for every table that was read without errors, under
// the same options, but for the order of the framework's parts.
package flat

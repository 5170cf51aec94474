// Package filestore keeps stores and logs in one directory, as files of JSON
// lines that a person can read and every tool can search.
//
//	dir, err := filestore.Open("state", nil)
//	plans, problems, err := filestore.NewStore[string, Plan](dir, "plans")
//	sessions, problems, err := filestore.NewLog[Session](dir, "sessions")
//
// [NewStore] and [NewLog] give what can be used and, as [bangkom.Problems], what
// cannot: a damaged line is named by file and line, stays in its file, and is
// never handed out as data. Their error means that nothing can be used: the
// name, the lock, the disk, or a file of another format, which is left as it is.
//
// # The files
//
// The store or log "plans" is the file plans.jsonl. Its first line names the
// format; each further line is one record:
//
//	{"sum":"5c1d0ae2","seq":7,"key":"2026","value":{…}}
//
// sum is the CRC-32C (Castagnoli) of the rest of the line, so that a changed
// byte anywhere in a line is found; seq counts on through the whole file, so
// that a line that is gone is found too. A file is not meant to be edited by hand.
//
// # What is safe when
//
// A call that writes returns after the bytes have reached the disk (fsync), as
// [SyncEach] says, the default: what was acknowledged survives a crash of the
// program, of the system and of the power, as far as the disk keeps its own
// promise. With [SyncNone] the system writes when it likes, and [Dir.Sync] is
// the promise; a crash of the program alone loses nothing under either.
//
// A crash in the middle of a write leaves an unfinished last line. It was not
// acknowledged; the next opening cuts it off and says so (code "torn-record", a
// warning). Records of one Append are one unit in this. Whoever cuts a file
// exactly between two records, and with it the end of the numbering, cannot be
// found out.
//
// A store file grows with every Put. [Store.Compact] writes the present state
// into a new file and renames it over the old one: at every moment one of the
// two is there, whole. Values of a store are held in memory as JSON, records of
// a log are not.
//
// # One process at a time
//
// An open directory is locked, and a second Open is [ErrLocked]: also from the
// same process. The system releases the lock when the process ends, however it
// ends. (On systems without file locks, a file LOCK is left by a crash and must
// be deleted by hand.) Inside the process any number of goroutines may work.
package filestore

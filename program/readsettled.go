package program

import (
	"fmt"
	"io"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/table"
)

var settledColumns = table.Schema{
	{Key: "person", Names: []string{"NIP", "NIP Baru", "ID Pegawai", "Person ID"}, Required: true},
	{Key: "what", Names: []string{"Keputusan", "Decision"}, Required: true},
	{Key: "offering", Names: []string{"Kode", "Kode Pelatihan", "Offering", "Code"}},
	{Key: "session", Names: []string{"Kode Sesi", "Session", "Session Code"}},
	{Key: "jp", Names: []string{"JP", "Jam Pelajaran", "Hours"}},
}

// settledWords are the words of files for what is settled, normalised, with the
// cell that says what it is about.
var settledWords = map[string]struct{ kind, cell string }{
	"sudah": {"done", "offering"}, "selesai": {"done", "offering"}, "done": {"done", "offering"},
	"wajib": {"must", "offering"}, "must": {"must", "offering"},
	"tidak": {"not", "session"}, "not": {"not", "session"},
	"tetap": {"lock", "session"}, "terkunci": {"lock", "session"}, "lock": {"lock", "session"},
	"jp": {"earned", "jp"}, "earned": {"earned", "jp"},
}

// mostEarned is more than the hours of a year.
const mostEarned = 10_000 * bangkom.OneJP

// ReadSettled reads settled.csv for [Policy].Settled: an entry for each row,
// which is one thing that is decided about a person. The decision is one of
//
//	sudah, done   the offering was attended before
//	wajib, must   the offering is to be attended
//	tidak, not    the session is not to be attended; with an offering in the
//	              place of a session, none of its sessions (if sessions are given)
//	tetap, lock   the seat in the session is kept
//	jp, earned    these learning hours are credited already; several rows add up
//
// and its cell must be filled in. With a workforce, offerings or sessions given,
// whoever or whatever is not among them is a Problem (unknown-person,
// unknown-offering, unknown-session); an offering that was done may have left
// the catalogue, which is a Warning. A row that is there twice counts once, and
// is a Problem (duplicate-id).
func ReadSettled(r io.Reader, file string, w *competency.Workforce, offerings []Offering, sessions []Session) ([]Settled, bangkom.Problems) {
	offered, held, of := map[OfferingID]bool{}, map[SessionID]bool{}, map[OfferingID][]SessionID{}
	for _, o := range offerings {
		offered[o.ID] = true
	}
	for _, s := range sessions {
		held[s.ID] = true
		of[s.Offering] = append(of[s.Offering], s.ID)
	}
	rd := table.Read(r, file, settledColumns, nil)
	seen := map[[3]string]int{}
	var out []Settled
	for row := range rd.Rows() {
		id, named := row.Required("person")
		if w != nil && named {
			if _, known := w.Index(competency.PersonID(id)); !known {
				row.Fail("person", "unknown-person", "the workforce has nobody of this id", "add the person, or correct the id")
			}
		}
		said, ok := row.Required("what")
		word, known := settledWords[table.Normalize(said)]
		if ok && !known {
			row.Fail("what", "unknown-word", "not a decision about a person", "sudah, wajib, tidak, tetap or jp")
		}
		if !known {
			continue
		}
		if word.kind == "not" && !row.Has("session") && sessions != nil && row.Has("offering") { // none of its sessions
			word.cell = "offering"
		}
		about, given := row.Required(word.cell)
		switch {
		case word.cell == "offering" && given && offerings != nil && !offered[OfferingID(about)]:
			if word.kind == "done" {
				row.Warn("offering", "unknown-offering", "no such offering: that it was done changes nothing", "correct the code, if it is not one of the past")
			} else {
				row.Fail("offering", "unknown-offering", "no such offering", "use a code of the offerings' file")
			}
		case word.cell == "session" && given && sessions != nil && !held[SessionID(about)]:
			row.Fail("session", "unknown-session", "no such session", "use a code of the sessions' file")
		}
		var earned bangkom.JP
		if word.cell == "jp" {
			switch earned, _ = row.JP("jp"); {
			case earned < 0:
				row.Fail("jp", "negative-hours", "negative hours earned", "")
			case earned > mostEarned:
				row.Fail("jp", "too-many-hours", "more learning hours than a year has", "")
			}
		}
		key := [3]string{id, word.kind + " " + word.cell, about}
		if row.OK() && word.kind != "earned" && seen[key] > 0 {
			row.Fail(word.cell, "duplicate-id", fmt.Sprintf("line %d says the same", seen[key]), "one row is enough")
		}
		if !row.OK() {
			continue
		}
		seen[key] = row.Line()
		s := Settled{Person: competency.PersonID(id), Where: row.Where(word.cell)}
		switch word.kind {
		case "done":
			s.Done = append(s.Done, OfferingID(about))
		case "must":
			s.Must = append(s.Must, OfferingID(about))
		case "not":
			if s.Not = append(s.Not, SessionID(about)); word.cell == "offering" {
				s.Not = slices.Clone(of[OfferingID(about)])
			}
		case "lock":
			s.Lock = append(s.Lock, SessionID(about))
		case "earned":
			s.Earned = earned
		}
		out = append(out, s)
	}
	return out, rd.Problems()
}

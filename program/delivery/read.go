package delivery

import (
	"io"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/program"
	"github.com/bangkom/bangkom/table"
)

var columns = table.Schema{
	{Key: "person", Names: []string{"NIP", "ID", "Person"}, Required: true, Private: true},
	{Key: "session", Names: []string{"Kode Sesi", "Session", "Session Code"}},
	{Key: "offering", Names: []string{"Kode", "Kode Pelatihan", "Offering", "Code"}},
	{Key: "status", Names: []string{"Status"}, Required: true},
	{Key: "date", Names: []string{"Tanggal", "Date"}, Required: true},
	{Key: "jp", Names: []string{"JP", "Jam Pelajaran", "Hours"}},
	{Key: "form", Names: []string{"Bentuk", "Form"}},
	{Key: "abroad", Names: []string{"Luar Negeri", "Abroad"}},
	{Key: "reason", Names: []string{"Alasan", "Reason"}},
}

// statusWords are the words of files, normalised.
var statusWords = map[string]Status{
	"registered": Registered, "terdaftar": Registered, "daftar": Registered,
	"confirmed": Confirmed, "dikonfirmasi": Confirmed, "terkonfirmasi": Confirmed,
	"attended": Attended, "hadir": Attended,
	"completed": Completed, "selesai": Completed, "lulus": Completed,
	"failed": Failed, "gagal": Failed, "tidak lulus": Failed,
	"no show": NoShow, "tidak hadir": NoShow, "mangkir": NoShow,
	"cancelled": Cancelled, "canceled": Cancelled, "batal": Cancelled, "dibatalkan": Cancelled,
}

// Read reads delivery.csv, in the order of the file. Hours that are empty are
// not known: nil, never 0. Whether the events can follow each other is for
// [Open] to say.
func Read(r io.Reader, file string) ([]Event, bangkom.Problems) {
	rd := table.Read(r, file, columns, nil)
	var out []Event
	for row := range rd.Rows() {
		person, _ := row.Required("person")
		e := Event{Person: competency.PersonID(person), Session: program.SessionID(row.Text("session")), Offering: program.OfferingID(row.Text("offering")),
			Form: program.Form(row.Text("form")), Reason: row.Text("reason")}
		if e.Session == "" && e.Offering == "" {
			row.Fail("session", "empty-cell", "neither a session nor an offering", "fill in one of them")
		}
		if word, ok := row.Required("status"); ok {
			if e.Status, ok = statusWords[table.Normalize(word)]; !ok {
				row.Fail("status", "unknown-status", "no such status", "terdaftar, dikonfirmasi, hadir, selesai, gagal, tidak hadir or batal")
			}
		}
		if _, ok := row.Required("date"); ok {
			e.Date, _ = row.Date("date")
		}
		if jp, ok := row.JP("jp"); ok {
			e.JP = &jp
			if jp < 0 {
				row.Fail("jp", "negative-hours", "negative learning hours", "leave it empty if it is not known")
			}
		}
		e.Abroad, _ = row.Bool("abroad")
		if e.Status == Cancelled && e.Reason == "" {
			row.Fail("reason", "reason-missing", "a cancellation without a reason", "say why")
		}
		if row.OK() {
			out = append(out, e)
		}
	}
	return out, rd.Problems()
}

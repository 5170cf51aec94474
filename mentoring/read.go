package mentoring

import (
	"io"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/table"
)

var mentorColumns = table.Schema{
	{Key: "person", Names: []string{"NIP", "NIP Baru", "ID Pegawai", "Person ID", "Mentor"}, Required: true, Private: true},
	{Key: "places", Names: []string{"Kapasitas", "Kuota", "Jumlah Mentee", "Capacity", "Places"}, Required: true},
}

// mostPlaces is more than anybody can mentor.
const mostPlaces = 1_000_000

// ReadMentors reads mentors.csv: NIP and Kapasitas, the number of mentees that
// the mentor takes. An empty capacity is a Problem, because unknown is not 0;
// 0 is somebody who may mentor and takes nobody now. Whether the person exists
// is for [Eligible] to say.
func ReadMentors(r io.Reader, file string) ([]Mentor, bangkom.Problems) {
	rd := table.Read(r, file, mentorColumns, nil)
	var out []Mentor
	seen := map[string]bool{}
	for row := range rd.Rows() {
		id, _ := row.Required("person")
		m := Mentor{Person: competency.PersonID(id)}
		if _, ok := row.Required("places"); ok {
			m.Places, _ = row.Int("places")
		}
		switch {
		case seen[id] && id != "":
			row.Fail("person", "duplicate-id", "a mentor who is listed twice; the first row is used", "one row per mentor")
		case m.Places < 0:
			row.Fail("places", "negative-places", "less than no places", "0 or more")
		case m.Places > mostPlaces:
			row.Fail("places", "implausible-places", "more mentees than there are people", "how many mentees this mentor takes")
		}
		seen[id] = true
		if row.OK() {
			out = append(out, m)
		}
	}
	return out, rd.Problems()
}

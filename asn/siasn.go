package asn

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/internal/id"
	"github.com/bangkom/bangkom/table"
)

// The statuses of employment that [ReadSIASN] tells apart.
const (
	PNS  = "PNS"
	CPNS = "CPNS"
	PPPK = "PPPK"
)

// An Employee is what is read of one row of the SIASN sheet, and no more: the
// other columns are personal data that competency development does not need.
type Employee struct {
	NIP          NIP          `json:"nip"`
	Name         string       `json:"name"`
	Status       string       `json:"status"`         // PNS, CPNS or PPPK; else as written
	Standing     string       `json:"legal_standing"` // KEDUDUKAN HUKUM
	Type         string       `json:"employee_type"`  // JENIS PEGAWAI
	PositionType string       `json:"position_type"`  // JENIS JABATAN
	PositionID   string       `json:"position_id"`    // JABATAN ID; the name where there is no id
	Position     string       `json:"position"`       // JABATAN NAMA
	Since        bangkom.Date `json:"position_since"` // TMT JABATAN
	Grade        string       `json:"grade"`          // GOL AKHIR
	Education    string       `json:"education"`      // TINGKAT PENDIDIKAN
	UnitID       string       `json:"unit_id"`        // UNOR ID; the name where there is no id
	Unit         string       `json:"unit"`           // UNOR NAMA
	Agency       string       `json:"agency"`         // INSTANSI KERJA
	Echelon      string       `json:"echelon"`        // ESELON, in newer files
}

// Person returns the employee as the domain knows people. The status, unit and
// position are those of the sheet; there is no target.
func (e Employee) Person() competency.Person {
	return competency.Person{ID: e.NIP.ID(), Name: e.Name, Unit: competency.UnitID(e.UnitID),
		Position: competency.PositionID(e.PositionID), Status: e.Status}
}

// A SIASN is the staff of an agency by its "data utama" sheet, in the sheet's order.
type SIASN struct {
	Employees []Employee `json:"employees"`
	// Standings counts the employees by KEDUDUKAN HUKUM, by its value. Nobody
	// is left out for it: filter Employees if some are not to be counted.
	Standings []StandingCount `json:"standings"`
}

// A StandingCount says how many employees have one legal standing ("" if none is given).
type StandingCount struct {
	Standing string `json:"legal_standing"`
	N        int    `json:"n"`
}

// People returns the employees as people.
func (s *SIASN) People() []competency.Person {
	out := make([]competency.Person, len(s.Employees))
	for i, e := range s.Employees {
		out[i] = e.Person()
	}
	return out
}

// Units returns the units that the sheet names, by id, without parent and head:
// the sheet does not know the tree. Of several names of an id the first counts.
func (s *SIASN) Units() []competency.Unit {
	by := map[string]competency.Unit{}
	for _, e := range s.Employees {
		if _, ok := by[e.UnitID]; !ok && e.UnitID != "" {
			by[e.UnitID] = competency.Unit{ID: competency.UnitID(e.UnitID), Name: cmp.Or(e.Unit, e.UnitID)}
		}
	}
	return slices.Collect(sortedValues(by))
}

// Positions returns the jobs that the sheet names, by id, without a standard.
// The tier is that of the echelon, where the sheet has one.
func (s *SIASN) Positions() []competency.Position {
	by := map[string]competency.Position{}
	for _, e := range s.Employees {
		if e.PositionID == "" {
			continue
		}
		p, ok := by[e.PositionID]
		if !ok {
			p = competency.Position{ID: competency.PositionID(e.PositionID), Title: cmp.Or(e.Position, e.PositionID)}
		}
		if code, known := tierOf(e.Echelon); known && p.Tier == "" {
			p.Tier = code
		}
		by[e.PositionID] = p
	}
	return slices.Collect(sortedValues(by))
}

// sortedValues yields the values of a map by key.
func sortedValues[V any](m map[string]V) func(func(V) bool) {
	return func(yield func(V) bool) {
		for _, k := range slices.Sorted(maps.Keys(m)) {
			if !yield(m[k]) {
				return
			}
		}
	}
}

// SIASNOptions of [ReadSIASN]; nil is usable.
type SIASNOptions struct {
	Units     []competency.Unit     // nil: units are taken as they are written
	Positions []competency.Position // nil: the same
}

// A join finds ids by id or by name. Of two with one name neither is found by it.
type join struct {
	ids   map[string]bool
	names map[string]string // "": of several
}

func newJoin() *join { return &join{map[string]bool{}, map[string]string{}} }

func (j *join) add(own, name string) {
	j.ids[own] = true
	key := table.Normalize(name)
	if other, ok := j.names[key]; ok && other != own {
		own = ""
	}
	j.names[key] = own
}

// resolve returns the id that the cells of a column with ID and NAMA mean. An
// empty join takes every id as it is.
func (j *join) resolve(row *table.Row, column, own, code, what string) string {
	if len(j.ids) == 0 || own == "" || j.ids[own] {
		return own
	}
	key := column + " ID"
	if !row.Has(key) || siasnID(row.Text(key)) {
		if found := j.names[table.Normalize(row.Text(column+" NAMA"))]; found != "" {
			return found
		}
	}
	if !row.Has(key) {
		key = column + " NAMA"
	}
	row.Fail(key, code, "there is no such "+what+"; the person is kept without it", "add it to the file of "+what+"s, or correct it")
	return ""
}

// siasnID tells an identifier of SIASN itself, a UUID, which an agency's own
// files do not have.
func siasnID(s string) bool {
	return id.Valid(strings.ToLower(s)) || len(s) == 32 && !strings.ContainsFunc(s, notHex)
}

func notHex(r rune) bool { return !strings.ContainsRune("0123456789abcdefABCDEF", r) }

// siasnSchema is all that is read. A name of its own key stands for the column
// that has both an ID and a NAMA.
var siasnSchema = table.Schema{
	{Key: "NIP BARU", Names: []string{"NIP BARU", "NIP"}, Required: true, Private: true},
	{Key: "NAMA", Required: true, Private: true},
	{Key: "STATUS CPNS PNS"},
	{Key: "JENIS PEGAWAI ID"}, {Key: "JENIS PEGAWAI NAMA"},
	{Key: "KEDUDUKAN HUKUM ID"}, {Key: "KEDUDUKAN HUKUM NAMA"},
	{Key: "JENIS JABATAN ID"}, {Key: "JENIS JABATAN NAMA"},
	{Key: "JABATAN ID"}, {Key: "JABATAN NAMA"}, {Key: "TMT JABATAN"},
	{Key: "GOL AKHIR ID"}, {Key: "GOL AKHIR NAMA"},
	{Key: "TINGKAT PENDIDIKAN ID"}, {Key: "TINGKAT PENDIDIKAN NAMA"},
	{Key: "UNOR ID"}, {Key: "UNOR NAMA"},
	{Key: "INSTANSI KERJA ID"}, {Key: "INSTANSI KERJA NAMA"},
	{Key: "ESELON ID"}, {Key: "ESELON NAMA"},
}

// ReadSIASN reads the "data utama" sheet of SIASN, of 67 columns or 69, or any
// part of them: NIP BARU (or NIP) and NAMA are required. Columns are bound by
// name. Only the columns of [Employee] are read; the others, identity numbers,
// addresses, religion and marital state among them, are dropped here, and no
// problem repeats a cell of theirs, a NIP or a name.
//
// A row without a usable NIP is a problem and is left out. Of two rows with one
// NIP the first is kept, and both lines are named: as an error if they differ
// in what is read, else as a warning. Everybody is kept whatever the KEDUDUKAN
// HUKUM; a note reports how many there are of each.
//
// With units or positions given in the options, people are joined to them by
// id, and by name where there is no id or only that of SIASN itself (a UUID);
// what does not join is a problem of that cell (unknown-unit,
// unknown-position), and the person is kept without it.
//
// The result is never nil.
func ReadSIASN(r io.Reader, file string, opt *SIASNOptions) (*SIASN, bangkom.Problems) {
	if opt == nil {
		opt = &SIASNOptions{}
	}
	units, positions := newJoin(), newJoin()
	for _, u := range opt.Units {
		units.add(string(u.ID), u.Name)
	}
	for _, p := range opt.Positions {
		positions.add(string(p.ID), p.Title)
	}
	rd := table.Read(r, file, siasnSchema, &table.Options{Ignore: siasnColumns})
	s := &SIASN{Employees: []Employee{}}
	first := map[NIP]int{} // number in Employees
	lines := []int{}
	for row := range rd.Rows() {
		nip, ok := readNIP(row, "NIP BARU")
		if !ok {
			continue
		}
		e := readEmployee(row, nip)
		e.UnitID = units.resolve(row, "UNOR", e.UnitID, "unknown-unit", "unit")
		e.PositionID = positions.resolve(row, "JABATAN", e.PositionID, "unknown-position", "position")
		if i, ok := first[nip]; ok {
			duplicateNIP(row, lines[i], e == s.Employees[i])
			continue
		}
		first[nip] = len(s.Employees)
		s.Employees, lines = append(s.Employees, e), append(lines, row.Line())
	}
	ps := append(rd.Problems(), lacking(rd, file)...)
	return s, append(ps, s.count(file)...)
}

// readNIP reads the number of a required column, or reports what is wrong with it.
func readNIP(row *table.Row, key string) (NIP, bool) {
	text, ok := row.Required(key)
	if !ok {
		return NIP{}, false
	}
	nip, err := ParseNIP(text)
	for _, p := range bangkom.AsProblems(err, codeDigits) {
		row.Fail(key, p.Code, p.Msg, p.Need)
	}
	if err != nil {
		return NIP{}, false
	}
	for _, p := range nip.Validate() {
		row.Warn(key, p.Code, p.Msg, p.Need)
	}
	return nip, true
}

func readEmployee(row *table.Row, nip NIP) Employee {
	named := func(key string) string { return cmp.Or(row.Text(key+" NAMA"), row.Text(key+" ID")) }
	e := Employee{NIP: nip, Name: row.Text("NAMA"), Standing: named("KEDUDUKAN HUKUM"), Type: named("JENIS PEGAWAI"),
		PositionType: named("JENIS JABATAN"), Position: row.Text("JABATAN NAMA"), Grade: named("GOL AKHIR"), Education: named("TINGKAT PENDIDIKAN"),
		Unit: row.Text("UNOR NAMA"), Agency: named("INSTANSI KERJA"), Echelon: named("ESELON")}
	e.PositionID = cmp.Or(row.Text("JABATAN ID"), e.Position)
	e.UnitID = cmp.Or(row.Text("UNOR ID"), e.Unit)
	e.Since, _ = row.Date("TMT JABATAN")
	e.Status = status(row.Text("STATUS CPNS PNS"), e.Type)
	return e
}

// status reads the column STATUS CPNS PNS (PNS or P, CPNS or C), which knows no
// PPPK: the kind of employee says that. Anything else stays as written.
func status(text, kind string) string {
	switch k := squash(text); {
	case isPPPK(k), isPPPK(squash(kind)):
		return PPPK
	case k == "cpns", k == "c":
		return CPNS
	case k == "pns", k == "p":
		return PNS
	}
	return text
}

func isPPPK(squashed string) bool {
	return strings.HasPrefix(squashed, "pppk") || strings.HasPrefix(squashed, "p3k") || strings.Contains(squashed, "perjanjiankerja")
}

func duplicateNIP(row *table.Row, line int, same bool) {
	msg := fmt.Sprintf("line %d has the NIP of line %d", row.Line(), line)
	if same {
		row.Warn("NIP BARU", "duplicate-id", msg+" and says the same; it is left out", "delete one of the rows")
		return
	}
	row.Fail("NIP BARU", "duplicate-id", msg+" and says something else; it is left out", "delete the wrong row")
}

// lacking reports that the sheet names no unit or job at all.
func lacking(rd *table.Reader, file string) bangkom.Problems {
	var ps bangkom.Problems
	bound := rd.Bound()
	if len(bound) == 0 {
		return nil // no header: that was reported
	}
	for _, key := range []string{"UNOR", "JABATAN"} {
		if !slices.Contains(bound, key+" ID") && !slices.Contains(bound, key+" NAMA") {
			ps.Add(bangkom.Problem{Code: "missing-column", Severity: bangkom.Warning, Where: fmt.Sprintf("%s:%d", file, rd.Dialect().HeaderLine), Value: key + " ID",
				Msg: "the sheet has neither " + key + " ID nor " + key + " NAMA", Need: "export it with one of them"})
		}
	}
	return ps
}

// count fills in the legal standings, and notes them.
func (s *SIASN) count(file string) bangkom.Problems {
	n := map[string]int{}
	for _, e := range s.Employees {
		n[e.Standing]++
	}
	s.Standings = []StandingCount{}
	var words []string
	for _, k := range slices.Sorted(maps.Keys(n)) {
		s.Standings = append(s.Standings, StandingCount{k, n[k]})
		words = append(words, fmt.Sprintf("%s: %d", cmp.Or(k, "(empty)"), n[k]))
	}
	if len(words) == 0 {
		return nil
	}
	return bangkom.Problems{{Code: "legal-standing", Severity: bangkom.Note, Where: file, Value: strings.Join(words, "; "),
		Msg: "everybody is kept, whatever the KEDUDUKAN HUKUM", Need: "filter the employees if some are not to be counted"}}
}

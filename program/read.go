package program

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/table"
)

// The schemas of the catalogue's files. The Indonesian header comes first.
var (
	offeringColumns = table.Schema{
		{Key: "id", Names: []string{"Kode", "Kode Pelatihan", "Code"}, Required: true},
		{Key: "title", Names: []string{"Nama", "Nama Pelatihan", "Name", "Title"}, Required: true},
		{Key: "method", Names: []string{"Metode", "Method"}},
		{Key: "form", Names: []string{"Bentuk", "Form"}},
		{Key: "path", Names: []string{"Jalur", "Path"}},
		{Key: "jp", Names: []string{"JP", "Jam Pelajaran", "Hours"}, Required: true},
		{Key: "top", Names: []string{"Level Maksimum", "Top Level", "Maximum Level"}},
		{Key: "after", Names: []string{"Prasyarat", "Prerequisite"}},
		{Key: "organiser", Names: []string{"Penyelenggara", "Organiser", "Organizer"}},
		{Key: "partner", Names: []string{"Mitra", "Partner"}},
		{Key: "standard", Names: []string{"Standar Kurikulum", "Curriculum Standard"}},
	}
	gainColumns = table.Schema{
		{Key: "id", Names: []string{"Kode", "Kode Pelatihan", "Code"}, Required: true},
		{Key: "of", Names: []string{"Kompetensi", "Competency"}, Required: true},
		{Key: "mean", Names: []string{"Kenaikan", "Gain"}, Required: true},
		{Key: "se", Names: []string{"SE", "Galat Baku", "Standard Error"}},
		{Key: "n", Names: []string{"N", "Jumlah Peserta", "Participants"}},
		{Key: "source", Names: []string{"Sumber", "Source"}},
	}
	sessionColumns = table.Schema{
		{Key: "id", Names: []string{"Kode Sesi", "Session", "Session Code"}, Required: true},
		{Key: "offering", Names: []string{"Kode", "Kode Pelatihan", "Offering", "Code"}, Required: true},
		{Key: "from", Names: []string{"Mulai", "Tanggal Mulai", "From", "Start"}},
		{Key: "to", Names: []string{"Selesai", "Tanggal Selesai", "To", "End"}},
		{Key: "min", Names: []string{"Minimal", "Minimum", "Min"}},
		{Key: "max", Names: []string{"Maksimal", "Maksimum", "Maximum", "Max", "Kapasitas", "Capacity"}, Required: true},
		{Key: "fixed", Names: []string{"Biaya Tetap", "Fixed Cost"}},
		{Key: "seat", Names: []string{"Biaya per Kursi", "Cost per Seat"}},
		{Key: "decision", Names: []string{"Keputusan", "Decision"}},
	}
	partnerColumns = table.Schema{
		{Key: "id", Names: []string{"Kode", "Kode Mitra", "Code"}, Required: true},
		{Key: "name", Names: []string{"Nama", "Nama Mitra", "Name"}, Required: true},
		{Key: "kind", Names: []string{"Jenis", "Kind"}},
		{Key: "from", Names: []string{"Mulai Peserta", "Mulai Kursi", "From Seats", "From"}},
		{Key: "price", Names: []string{"Harga per Kursi", "Price per Seat", "Price"}},
		{Key: "per", Names: []string{"Per Sesi", "Per Session"}},
	}
	budgetColumns = table.Schema{
		{Key: "unit", Names: []string{"Unit", "Kode Unit", "Unit Code"}, Required: true},
		{Key: "year", Names: []string{"Tahun", "Year"}, Required: true},
		{Key: "amount", Names: []string{"Pagu", "Anggaran", "Budget", "Ceiling"}, Required: true},
	}
)

// methodWords are the words of files for the methods named here, normalised.
var methodWords = map[string]Method{
	"classroom": Classroom, "klasikal": Classroom, "tatap muka": Classroom, "kelas": Classroom,
	"online": Online, "daring": Online, "e learning": Online, "elearning": Online, "jarak jauh": Online,
	"webinar": Webinar,
	"mobile":  Mobile, "seluler": Mobile, "mobile learning": Mobile,
	"workshop": Workshop, "lokakarya": Workshop,
	"seminar":       Seminar,
	"project based": ProjectBased, "berbasis proyek": ProjectBased, "proyek": ProjectBased,
	"mentoring": Mentoring, "pendampingan": Mentoring,
	"coaching": Coaching,
}

// decisionOf are the words of files for decisions on sessions, normalised.
var decisionOf = map[string]Decision{
	"": Undecided, "belum": Undecided, "undecided": Undecided, "buka": Open, "dibuka": Open, "open": Open, "tutup": Closed, "ditutup": Closed, "closed": Closed,
}

// ParseMethod reads a method by its Indonesian or English name. Any other word
// is a method of its own, in lower case with hyphens.
func ParseMethod(s string) Method {
	words := table.Normalize(s)
	if m, ok := methodWords[words]; ok {
		return m
	}
	return Method(strings.ReplaceAll(words, " ", "-"))
}

// ids finds duplicates within one file.
type ids[K ~string] map[K]int

// take reads the row's own id and reports an empty or a repeated one.
func (seen ids[K]) take(row *table.Row, key string) (K, bool) {
	text, ok := row.Required(key)
	id := K(text)
	if ok && seen[id] > 0 {
		row.Fail(key, "duplicate-id", fmt.Sprintf("the id is used in line %d already", seen[id]), "give each row its own id")
		return id, false
	}
	if ok {
		seen[id] = row.Line()
	}
	return id, ok
}

// ReadOfferings reads offerings.csv. Gains are in a file of their own: see
// [ReadGains]. Learning hours may not be empty: 0 is written as 0. With
// partners given, a partner that is not among them is a Problem
// (unknown-partner): the offering is kept, so that what it taught can be
// evaluated, and [Build] leaves it out of the plan, for its fee is not known. An
// offering whose row has a fault is named once more (left-out), for what refers to it.
// That the file has no column of partners is a Warning (absent-column).
//
// A prerequisite that the file does not have is a Problem
// (unknown-prerequisite), but the offering is kept, with it: only people who
// did the prerequisite before can attend.
func ReadOfferings(r io.Reader, file string, partners []Partner) ([]Offering, bangkom.Problems) {
	known := map[PartnerID]bool{}
	for _, p := range partners {
		known[p.ID] = true
	}
	rd := table.Read(r, file, offeringColumns, nil)
	if len(partners) > 0 {
		rd.Expect("partner", "no offering has a partner: no partner's price is counted")
	}
	seen := ids[OfferingID]{}
	var out []Offering
	var unmet bangkom.Problems
	waiting := map[OfferingID][]bangkom.Problem{}
	place := map[OfferingID]string{} // where the prerequisite stands
	for row := range rd.Rows() {
		id, own := seen.take(row, "id")
		o := Offering{ID: id, Title: row.Text("title"), Method: ParseMethod(row.Text("method")), Form: Form(row.Text("form")), Path: row.Text("path"),
			After: OfferingID(row.Text("after")), Organiser: row.Text("organiser"), Partner: PartnerID(row.Text("partner")), Standard: row.Text("standard")}
		if _, ok := row.Required("jp"); ok {
			o.JP, _ = row.JP("jp")
		}
		if o.JP < 0 {
			row.Fail("jp", "negative-hours", "negative learning hours", "")
		}
		if top, ok := row.Level("top", 1, 127); ok {
			o.Top = competency.Level(top)
		}
		if !row.OK() {
			if own && slices.Contains(rd.Bound(), "jp") { // else no row can be read, which is said once
				row.Fail("id", "left-out", "the offering is left out for the fault of its row, and its gains and sessions with it", "mend the row")
			}
			continue
		}
		if partners != nil && o.Partner != "" && !known[o.Partner] {
			row.Fail("partner", "unknown-partner", "no such partner: the fee is not known, so the offering stays out of the plan; what it taught is evaluated", "use a code of the partners' file, or leave it empty")
		}
		if o.After != "" {
			place[id] = row.Where("after")
			waiting[o.After] = append(waiting[o.After], bangkom.Problem{Code: "unknown-prerequisite", Where: row.Where("after"), Value: string(o.After),
				Msg: "no offering of this file has this code: only people who did it before can attend", Need: "add the offering, or correct the code"})
		}
		out = append(out, o)
	}
	for _, after := range sortedKeys(waiting) {
		if seen[after] == 0 {
			unmet = append(unmet, waiting[after]...)
		}
	}
	return out, slices.Concat(rd.Problems(), unmet, circles(out, place))
}

// circles names each circle of prerequisites once, at its first offering by id:
// nobody could ever attend.
func circles(offerings []Offering, place map[OfferingID]string) bangkom.Problems {
	after := map[OfferingID]OfferingID{}
	for _, o := range offerings {
		after[o.ID] = o.After
	}
	var ps bangkom.Problems
	for _, start := range sortedKeys(place) {
		path := []string{string(start)}
		at, least := after[start], true
		for at != "" && at != start && len(path) <= len(after) {
			path, least = append(path, string(at)), least && at > start
			at = after[at]
		}
		if at == start && least {
			ps.Add(bangkom.Problem{Code: "prerequisite-cycle", Where: place[start], Value: strings.Join(append(path, string(start)), " -> "),
				Msg: "prerequisites in a circle: nobody who has done none of them can attend", Need: "take one of them out"})
		}
	}
	return ps
}

// ReadGains reads gains.csv and returns copies of the offerings with what each
// is expected to raise, in levels. The framework finds competencies by any of
// their names; nil takes the text as the id. Rows of an offering that is not
// among those given are Problems (unknown-offering). A gain of more levels than
// the scale has is a Warning (gain-off-scale).
func ReadGains(r io.Reader, file string, offerings []Offering, f *competency.Framework) ([]Offering, bangkom.Problems) {
	resolve := resolver(f)
	out := make([]Offering, len(offerings))
	at := map[OfferingID]int{}
	for i, o := range offerings {
		out[i], at[o.ID] = o.Clone(), i
	}
	type cell struct {
		offering int
		of       competency.CompetencyID
	}
	seen := map[cell]bool{}
	rd := table.Read(r, file, gainColumns, nil)
	for row := range rd.Rows() {
		id, _ := row.Required("id")
		name, _ := row.Required("of")
		i, known := at[OfferingID(id)]
		if !known && id != "" {
			row.Fail("id", "unknown-offering", "no such offering", "use a code of the offerings' file")
		}
		of := competency.CompetencyID(name)
		if name != "" {
			var err error
			of, err = resolve(name)
			for _, p := range bangkom.AsProblems(err, "unknown-competency") {
				row.Fail("of", p.Code, p.Msg, p.Need)
			}
		}
		g := gainOf(row)
		if row.OK() && seen[cell{i, of}] {
			row.Fail("of", "duplicate-id", "a second gain of this offering in this competency; the first is kept", "one row each")
		}
		if !row.OK() {
			continue
		}
		seen[cell{i, of}] = true
		if most := span(f, of); most > 0 && g.Mean > most {
			row.Warn("mean", "gain-off-scale", fmt.Sprintf("a gain of more levels than the %.0f from the bottom of the scale to its top", most), "levels, not points of a test")
		}
		if out[i].Raises == nil {
			out[i].Raises = map[competency.CompetencyID]Gain{}
		}
		out[i].Raises[of] = g
	}
	return out, rd.Problems()
}

// span is how many levels a competency can be raised by; 0 if that is not known.
func span(f *competency.Framework, of competency.CompetencyID) float64 {
	if f == nil {
		return 0
	}
	s, ok := f.ScaleOf(of)
	if !ok || len(s.Levels) == 0 {
		return 0
	}
	return float64(s.Levels[len(s.Levels)-1].Level - s.Levels[0].Level)
}

// resolver remembers the names it has met: finding one walks the framework.
func resolver(f *competency.Framework) func(string) (competency.CompetencyID, error) {
	type answer struct {
		id  competency.CompetencyID
		err error
	}
	met := map[string]answer{}
	return func(name string) (competency.CompetencyID, error) {
		if f == nil {
			return competency.CompetencyID(name), nil
		}
		a, ok := met[name]
		if !ok {
			a.id, a.err = f.Resolve(name)
			met[name] = a
		}
		return a.id, a.err
	}
}

// mostLevels is more than any scale of competency has.
const mostLevels = 20

func gainOf(row *table.Row) Gain {
	g := Gain{Source: row.Text("source")}
	if _, ok := row.Required("mean"); ok {
		g.Mean, _ = row.Decimal("mean")
	}
	g.SE, _ = row.Decimal("se")
	g.N, _ = row.Int("n")
	if g.Mean < -mostLevels || g.Mean > mostLevels {
		row.Fail("mean", "gain-off-scale", "no training raises a competency by that many levels", "levels, not per cent; -20 to 20")
	}
	if g.Mean < 0 && g.N == 0 && row.OK() {
		row.Fail("mean", "negative-gain", "an expected gain below 0", "0 or more; one that was measured has its N")
	}
	if g.SE > mostLevels {
		row.Fail("se", "gain-off-scale", "a standard error wider than any scale", "levels, not per cent")
	}
	if g.SE < 0 {
		row.Fail("se", "negative-amount", "a negative standard error", "leave it empty if it is not known")
	}
	if g.N < 0 {
		row.Fail("n", "negative-amount", "a negative number of participants", "")
	}
	return g
}

// ReadSessions reads sessions.csv. Empty costs are 0, which is a Warning in a
// column that has others (empty-cost), and where the file has no such column
// (absent-column); an empty minimum is 0 too;
// without dates a session can be attended at any time. The decision is buka
// (open), tutup (closed) or empty. With offerings given,
// one that is not among them is a Problem (unknown-offering).
func ReadSessions(r io.Reader, file string, offerings []Offering) ([]Session, bangkom.Problems) {
	known := map[OfferingID]bool{}
	for _, o := range offerings {
		known[o.ID] = true
	}
	rd := table.Read(r, file, sessionColumns, nil)
	for _, key := range []string{"fixed", "seat"} {
		rd.Expect(key, "the cost counts as Rp0 in every session")
	}
	seen := ids[SessionID]{}
	var out []Session
	costs := map[string]*emptyCells{"fixed": {}, "seat": {}}
	for row := range rd.Rows() {
		id, _ := seen.take(row, "id")
		offering, ok := row.Required("offering")
		if ok && offerings != nil && !known[OfferingID(offering)] {
			row.Fail("offering", "unknown-offering", "no such offering", "use a code of the offerings' file")
		}
		s := Session{ID: id, Offering: OfferingID(offering), Where: row.Where("id")}
		s.From, _ = row.Date("from")
		s.To, _ = row.Date("to")
		s.Min, _ = row.Int("min")
		if _, ok := row.Required("max"); ok {
			s.Max, _ = row.Int("max")
		}
		s.Cost.Fixed, _ = row.Rupiah("fixed")
		s.Cost.Seat, _ = row.Rupiah("seat")
		s.Decision, ok = decisionOf[table.Normalize(row.Text("decision"))]
		if !ok {
			row.Fail("decision", "unknown-word", "not a decision on a session", "buka, tutup, or empty")
		}
		if row.OK() { // a cell that could not be read counts as empty
			for _, fault := range sessionFaults(s) {
				row.Fail(faultyCell(fault.Code, s), fault.Code, fault.Msg, fault.Need)
			}
		}
		if row.OK() {
			out = append(out, s)
			for key, c := range costs {
				c.look(row, key)
			}
		}
	}
	return out, slices.Concat(rd.Problems(), costs["fixed"].problems(), costs["seat"].problems())
}

// emptyCells are those of a column of costs.
type emptyCells struct {
	filled bool // some row has a cost there
	where  []string
}

func (c *emptyCells) look(row *table.Row, key string) {
	if row.Has(key) {
		c.filled = true
	} else {
		c.where = append(c.where, row.Where(key))
	}
}

// problems warns of the cells that a column of costs leaves empty; one that is
// empty altogether says that nothing costs anything.
func (c *emptyCells) problems() (ps bangkom.Problems) {
	for _, where := range c.where {
		if c.filled {
			ps.Add(bangkom.Problem{Code: "empty-cost", Severity: bangkom.Warning, Where: where, Msg: "the cell is empty: the cost counts as Rp0", Need: "write 0 if it costs nothing"})
		}
	}
	return ps
}

// faultyCell says which cell of a session a fault is in.
func faultyCell(code string, s Session) string {
	switch {
	case code == "negative-amount" && s.Cost.Fixed < 0:
		return "fixed"
	case code == "negative-amount":
		return "seat"
	case code == "negative-seats" && s.Min >= 0:
		return "max"
	case code == "missing-date" && s.From.IsZero():
		return "from"
	case code == "missing-date" || code == "end-before-start":
		return "to"
	}
	return "min"
}

// ReadPartners reads partners.csv, a row per tier: the price per seat from a
// number of seats on. An empty number of seats is 1, and a partner without any
// price has no fee, which is a Warning where the file has no column of prices
// (absent-column); a number of seats without a price is a Problem. A first tier
// above 1 seat is a Warning (no-first-tier): its price counts from the first seat.
// Per Sesi (ya, tidak) says whether the partner counts the seats of each session by
// itself, or, as where it is empty, those of the year; a later row corrects an earlier.
// The rows of a partner need not stand together.
func ReadPartners(r io.Reader, file string) ([]Partner, bangkom.Problems) {
	rd := table.Read(r, file, partnerColumns, nil)
	rd.Expect("price", "no partner has a price: every fee counts as Rp0")
	at := map[PartnerID]int{}
	lowest := map[PartnerID]string{} // where the first tier of a partner is
	var out []Partner
	for row := range rd.Rows() {
		id, _ := row.Required("id")
		price, priced := row.Rupiah("price")
		from, given := row.Int("from")
		if !given {
			from = 1
		} else if !priced {
			row.Required("price")
		}
		if !row.OK() {
			continue
		}
		i, again := at[PartnerID(id)]
		p := Partner{ID: PartnerID(id), Name: row.Text("name"), Kind: row.Text("kind")}
		if again {
			p = out[i]
		}
		if per, ok := row.Bool("per"); ok {
			p.PerSession = per
		} else if !row.OK() {
			continue
		}
		if priced {
			p.Terms = append(slices.Clone(p.Terms), Tier{from, price})
			p.Terms = p.sortedTerms()
			if fault, bad := termsFault(p.Terms); bad {
				row.Fail(tierCell(fault.Code), fault.Code, fault.Msg, fault.Need)
				continue
			}
			if p.Terms[0].From == from {
				lowest[p.ID] = row.Where("from")
			}
		}
		if again {
			out[i] = p
			continue
		}
		at[p.ID] = len(out)
		out = append(out, p)
	}
	return out, slices.Concat(rd.Problems(), lateTiers(out, lowest))
}

// lateTiers warns of partners whose price for a few seats is not known.
func lateTiers(partners []Partner, lowest map[PartnerID]string) (ps bangkom.Problems) {
	for _, p := range partners {
		if len(p.Terms) > 0 && p.Terms[0].From > 1 {
			ps.Add(bangkom.Problem{Code: "no-first-tier", Severity: bangkom.Warning, Where: lowest[p.ID], Value: fmt.Sprint(p.Terms[0].From),
				Msg: "the partner has no price for fewer seats: this one counts from the first seat on", Need: "a row for 1 seat"})
		}
	}
	return ps
}

// tierCell says which cell of a tier a fault is in.
func tierCell(code string) string {
	if code == "negative-amount" || code == "price-rises" {
		return "price"
	}
	return "from"
}

// ReadBudgets reads budgets.csv. An empty unit, and the words TOTAL and
// JUMLAH, are the whole. With a workforce given, a unit that it does not have
// is a Problem (unknown-unit). A budget whose amount is missing, unreadable or
// negative is a Problem and counts as 0, marked as Unread: unknown money is not
// unlimited money. For the same reason the whole of every year counts as 0 where
// a row fell away of which unit or year is not known (lost-budget): it may be the
// line of the whole, or of any unit.
func ReadBudgets(r io.Reader, file string, w *competency.Workforce) ([]Budget, bangkom.Problems) {
	type line struct {
		unit competency.UnitID
		year int
	}
	seen, blocked := map[line]bool{}, map[line]bool{}
	lost := 0 // rows of a line that is not known
	rd := table.Read(r, file, budgetColumns, nil)
	var out []Budget
	for row := range rd.Rows() {
		b := Budget{Unit: competency.UnitID(row.Text("unit"))}
		stranger := false // to the workforce: nobody's money
		if word := table.Normalize(string(b.Unit)); word == "total" || word == "jumlah" {
			b.Unit = ""
		}
		if w != nil && b.Unit != "" {
			if _, known := w.Unit(b.Unit); !known {
				stranger = true
				row.Fail("unit", "unknown-unit", "no such unit: the line is left out", "use a code of the units' file; empty or TOTAL for the whole")
			}
		}
		if _, ok := row.Required("year"); ok {
			b.Year, ok = row.Int("year")
			if ok && (b.Year < 1000 || b.Year > 9999) { // 27 would be a line of no year that is planned
				row.Fail("year", "not-a-year", "not a year", "write four digits")
			}
		}
		placed := row.OK() // unit and year are known
		if _, ok := row.Required("amount"); ok {
			b.Amount, _ = row.Rupiah("amount")
			if b.Amount < 0 {
				row.Fail("amount", "negative-amount", "a negative budget; it counts as 0 until it is corrected", "0 is a budget too")
			}
		}
		key := line{b.Unit, b.Year}
		if row.OK() && seen[key] {
			row.Fail("unit", "duplicate-id", "a second budget of this unit and year; the first is kept", "one row per unit and year")
			continue
		}
		switch {
		case row.OK():
			seen[key] = true
			delete(blocked, key)
			out = append(out, b)
		case placed && !seen[key]:
			blocked[key] = true // unknown money is not unlimited money
		case !placed && !stranger:
			lost++
		}
	}
	ps := rd.Problems()
	if lost += rd.Counts().Bad; lost > 0 {
		ps.Add(bangkom.Problem{Code: "lost-budget", Where: file, Value: fmt.Sprint(lost), Msg: "rows of budgets that could not be read: their units or years are not known, so the whole budget counts as Rp0", Need: "mend these rows"})
		for _, placed := range []map[line]bool{seen, maps.Clone(blocked)} {
			for key := range placed {
				blocked[line{year: key.year}] = true
			}
		}
		out = slices.DeleteFunc(out, func(b Budget) bool { return b.Unit == "" })
	}
	for _, b := range slices.SortedFunc(maps.Keys(blocked), func(a, b line) int { return cmp.Or(cmp.Compare(a.year, b.year), cmp.Compare(a.unit, b.unit)) }) {
		out = append(out, Budget{Unit: b.unit, Year: b.year, Unread: true})
	}
	return out, ps
}

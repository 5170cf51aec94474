package competency

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/table"
)

// The columns of evidence, in long and in wide files.
var evidenceColumns = table.Schema{
	personColumn,
	{Key: "source", Names: []string{"Sumber", "Sumber Penilaian"}},
	{Key: "rater", Names: []string{"Penilai"}},
	{Key: "date", Names: []string{"Tanggal", "Tanggal Asesmen", "Tanggal Penilaian", "Assessment Date"}},
	{Key: "valid_until", Names: []string{"Berlaku Sampai", "Berlaku Hingga"}},
	{Key: "recorded", Names: []string{"Tanggal Dicatat", "Dicatat"}},
	{Key: "renewal", Names: []string{"Masa Berlaku (bulan)", "Perpanjangan (bulan)"}},
	{Key: "evidence", Names: []string{"Jenis Bukti", "Bukti"}},
	{Key: "ref", Names: []string{"Nomor Bukti", "Nomor Sertifikat"}},
	{Key: "negative", Names: []string{"Dicabut", "Bukti Negatif"}},
}

// cells reads the cells of competencies and levels, each name looked up once.
type cells struct {
	w       *Workforce
	found   map[string]resolved
	sources map[string]Source
}

type resolved struct {
	number  int32
	problem *bangkom.Problem
}

func newCells(w *Workforce) *cells { return &cells{w, map[string]resolved{}, map[string]Source{}} }

func (c *cells) resolve(name string) (int32, *bangkom.Problem) {
	r, ok := c.found[name]
	if !ok {
		r.number, r.problem = c.w.names.resolve(name)
		c.found[name] = r
	}
	return r.number, r.problem
}

// competency returns the number of the competency that a cell names.
func (c *cells) competency(row *table.Row, key string) (int32, bool) {
	name, ok := row.Required(key)
	if !ok {
		return 0, false
	}
	i, p := c.resolve(name)
	if p != nil {
		row.Fail(key, p.Code, p.Msg, p.Need)
		return 0, false
	}
	return i, true
}

// level returns the level in a cell. It is held against the scale only if the
// competency is known.
func (c *cells) level(row *table.Row, key string, competency int32, known bool) (Level, bool) {
	if _, ok := row.Required(key); !ok {
		return 0, false
	}
	n, ok := row.Int(key)
	if !ok {
		return 0, false
	}
	if l := Level(n); int(l) != n || known && !c.w.levels[competency].has(l) {
		row.Fail(key, "level-off-scale", "the level is not on the scale of the competency", "use a level of the scale"+c.scale(competency, known))
		return 0, false
	}
	return Level(n), true
}

// scale lists the levels of a competency's scale for a message.
func (c *cells) scale(competency int32, known bool) string {
	if !known {
		return ""
	}
	s, ok := c.w.framework.scale(&c.w.framework.Competencies[competency])
	if !ok || len(s.Levels) == 0 {
		return ""
	}
	return fmt.Sprintf(", %d to %d", s.Levels[0].Level, s.Levels[len(s.Levels)-1].Level)
}

// evidence reads what long and wide rows have in common; false if the row is
// of nobody known, or one of its cells has a fault.
func (c *cells) evidence(row *table.Row) (Rating, bool) {
	id, ok := row.Required("person")
	if ok {
		if _, ok = c.w.Index(PersonID(id)); !ok {
			row.Fail("person", "unknown-person", "the workforce has nobody of this id", "add the person, or correct the id")
		}
	}
	r := Rating{Person: PersonID(id), Source: c.source(row), Rater: row.Text("rater")}
	if r.Rater == id && id != "" && isOpinion(r.Source) {
		row.Warn("source", "own-rating", "the rater is the person: it counts as a rating of oneself", "the rater's own number, or diri sendiri")
		r.Source = Self
	}
	r.Date, _ = row.Date("date")
	r.ValidUntil, _ = row.Date("valid_until")
	r.Recorded, _ = row.Date("recorded")
	r.Renewal = renewal(row)
	r.Kind, r.Ref = kindOfEvidence(row), row.Text("ref")
	r.Negative, _ = row.Bool("negative")
	return r, ok && checkValidity(row, r)
}

// isOpinion reports whether a source is somebody else who judges.
func isOpinion(s Source) bool { return s == Superior || s == Peer || s == Subordinate || s == Assessor }

// checkValidity reports a rating that ends before it begins.
func checkValidity(row *table.Row, r Rating) bool {
	if !r.ValidUntil.IsZero() && r.ValidUntil.Before(r.Date) {
		row.Fail("valid_until", "validity-before-date", "the rating ends before its date, "+r.Date.String(), "correct one of the two days")
	}
	return row.OK()
}

// renewal reads months.
func renewal(row *table.Row) int16 {
	n, ok := row.Int("renewal")
	if ok && (n <= 0 || n > 1200) {
		row.Fail("renewal", "not-a-period", "not a number of months", "1 to 1200, or nothing")
		return 0
	}
	return int16(n)
}

// kinds of evidence by their normalised spellings.
var evidenceKinds = map[string]EvidenceKind{
	"observation": Observation, "observasi": Observation, "pengamatan": Observation, "penilaian": Observation, "asesmen": Observation, "wawancara": Observation,
	"test": Tested, "tes": Tested, "ujian": Tested, "ujikompetensi": Tested,
	"certificate": Certificate, "sertifikat": Certificate, "sertifikasi": Certificate, "ijazah": Certificate, "piagam": Certificate,
	"xapi": XAPI,
}

func kindOfEvidence(row *table.Row) EvidenceKind {
	s := row.Text("evidence")
	if s == "" {
		return ""
	}
	if k, ok := evidenceKinds[spelling(s)]; ok {
		return k
	}
	row.Warn("evidence", "unknown-evidence", "not one of the common kinds of evidence; it is kept as written", "observasi, tes, sertifikat or xapi")
	return EvidenceKind(s)
}

// sources by their normalised spellings.
var sources = map[string]Source{
	"self": Self, "dirisendiri": Self, "diri": Self, "mandiri": Self, "alumni": Self,
	"superior": Superior, "supervisor": Superior, "atasan": Superior, "atasanlangsung": Superior, "pimpinan": Superior,
	"peer": Peer, "rekan": Peer, "rekansejawat": Peer, "rekankerja": Peer, "sejawat": Peer, "colleague": Peer,
	"subordinate": Subordinate, "bawahan": Subordinate,
	"assessor": Assessor, "asesor": Assessor, "asesmen": Assessor, "assessmentcenter": Assessor, "assessmentcentre": Assessor,
	"test": ByTest, "tes": ByTest, "ujian": ByTest, "ujikompetensi": ByTest,
	"record": Record, "catatan": Record, "dokumen": Record, "sertifikat": Record,
}

// ParseSource reads who or what a rating comes from, in the words that files
// use in Indonesian and English: "atasan langsung", "Self", "rekan kerja". Case,
// blanks and punctuation do not count. What it does not know it returns as
// written, and false.
func ParseSource(s string) (Source, bool) {
	if source, ok := sources[spelling(s)]; ok {
		return source, true
	}
	return Source(s), false
}

// source returns the source in a cell, one that is not common as written.
func (c *cells) source(row *table.Row) Source {
	s := row.Text("source")
	if s == "" {
		return ""
	}
	source, seen := c.sources[s]
	if !seen {
		if known, ok := ParseSource(s); ok {
			source = known
		}
		c.sources[s] = source
	}
	if source == "" {
		row.Warn("source", "unknown-source", "not one of the common sources; it is kept as written", "atasan, rekan, bawahan, diri sendiri, asesor, tes or catatan")
		return Source(s)
	}
	return source
}

// noWorkforce is the answer of a reader that was given none.
func noWorkforce(file string) bangkom.Problems {
	return bangkom.Problems{{Code: "option", Where: file, Msg: "competency: ratings can only be read for a workforce", Need: "make one with NewWorkforce"}}
}

// ReadRatings reads ratings.csv, a row for each rating: NIP, Kompetensi, Level,
// and if they are there Sumber, Penilai, Tanggal, Berlaku Sampai, Tanggal
// Dicatat, Masa Berlaku (bulan), Jenis Bukti, Nomor Bukti, Dicabut (ya: negative
// evidence). Competencies
// are found as by [Framework.Resolve], levels held against their scale. A row
// with a fault is reported and left out; the others are kept. A row without a
// date is kept: see [Assess] on what that means.
func ReadRatings(r io.Reader, file string, w *Workforce) ([]Rating, bangkom.Problems) {
	if w == nil {
		return nil, noWorkforce(file)
	}
	rd := table.Read(r, file, slices.Concat(evidenceColumns, table.Schema{
		{Key: "competency", Names: []string{"Kompetensi", "Kode Kompetensi"}, Required: true},
		{Key: "level", Names: []string{"Level", "Capaian", "Attained Level"}, Required: true},
	}), nil)
	c := newCells(w)
	var ratings []Rating
	for row := range rd.Rows() {
		rating, ok := c.evidence(row)
		i, named := c.competency(row, "competency")
		level, levelled := c.level(row, "level", i, named)
		if !ok || !named || !levelled {
			continue
		}
		rating.Competency, rating.Level = w.framework.Competencies[i].ID, level
		ratings = append(ratings, rating)
	}
	return ratings, rd.Problems()
}

// WideOptions says what a wide file does not say itself. Nil and the zero
// value take every column beside the known ones for a competency.
type WideOptions struct {
	Ignore     []string       // header names that are no competencies: "Total", "JPM"; compared through [table.Normalize]
	Required   []CompetencyID // competencies that must have a column
	Source     Source         // of rows without one
	Rater      string         // of rows without one
	Date       bangkom.Date   // of rows without one
	ValidUntil bangkom.Date   // of rows without one
}

// ReadWide reads ratings with one row for each person and one column for each
// competency: NIP, the columns of [ReadRatings] if they are there, and headers
// that name competencies as for [Framework.Resolve].
//
// A column that names no competency, or several, is reported once and not
// read (unknown-competency, ambiguous-name); a second column of one competency
// is duplicate-column, and a required competency without a column
// missing-column. An empty cell is "not assessed", never a level of 0: a
// Warning counts them for each column (not-assessed). A cell with a fault is
// reported and left out; the other cells of the row are kept.
func ReadWide(r io.Reader, file string, w *Workforce, opt *WideOptions) ([]Rating, bangkom.Problems) {
	if w == nil {
		return nil, noWorkforce(file)
	}
	if opt == nil {
		opt = &WideOptions{}
	}
	rd := table.Read(r, file, evidenceColumns, nil)
	s := wide{cells: newCells(w), opt: opt, file: file, seen: map[Rating]int{}}
	s.bind(rd)
	for row := range rd.Rows() {
		s.add(row)
	}
	return s.ratings, slices.Concat(rd.Problems(), s.problems, s.empties())
}

// wide gathers the rows of a wide file.
type wide struct {
	*cells
	opt      *WideOptions
	file     string
	header   int // line
	columns  []wideColumn
	rows     int
	seen     map[Rating]int // line of each person, day, source and rater
	ratings  []Rating
	problems bangkom.Problems
}

type wideColumn struct {
	name       string
	competency int32
	empty      int
}

// bind finds the competencies of the columns.
func (s *wide) bind(rd *table.Reader) {
	s.header = rd.Dialect().HeaderLine
	if s.header == 0 {
		return // that there is no header is reported
	}
	ignored := map[string]bool{}
	for _, name := range s.opt.Ignore {
		ignored[spelling(name)] = true
	}
	column := map[int32]string{}
	for _, name := range rd.Extra() {
		if ignored[spelling(name)] {
			continue
		}
		i, p := s.resolve(name)
		if p != nil {
			s.fail(p.Code, name, name, p.Msg+"; the column is not read", p.Need)
			continue
		}
		if first, twice := column[i]; twice {
			s.fail("duplicate-column", name, name, "the column "+first+" is of the same competency, and was read", "delete one of the two columns")
			continue
		}
		column[i] = name
		s.columns = append(s.columns, wideColumn{name: name, competency: i})
	}
	for _, id := range s.opt.Required {
		i, ok := s.w.names.byID[id]
		if _, there := column[i]; !ok || !there {
			s.fail("missing-column", "", string(id), "the competency has no column", "add a column with its title or code")
		}
	}
}

func (s *wide) fail(code, column, value, msg, need string) {
	where := strings.TrimSuffix(fmt.Sprintf("%s:%d:%s", s.file, s.header, column), ":")
	s.problems.Add(bangkom.Problem{Code: code, Where: where, Value: value, Msg: msg, Need: need})
}

func (s *wide) add(row *table.Row) {
	rating, ok := s.evidence(row)
	if rating.Source == "" {
		rating.Source = s.opt.Source
	}
	if rating.Rater == "" {
		rating.Rater = s.opt.Rater
	}
	if rating.Date.IsZero() {
		rating.Date = s.opt.Date
	}
	if rating.ValidUntil.IsZero() {
		rating.ValidUntil = s.opt.ValidUntil
	}
	if !ok || !checkValidity(row, rating) {
		return
	}
	key := rating
	key.ValidUntil = bangkom.Date{}
	if first, twice := s.seen[key]; twice {
		row.Fail("person", "duplicate-id", fmt.Sprintf("this person, day and source stand in line %d already, which was kept", first), "delete one of the two rows")
		return
	}
	s.seen[key] = row.Line()
	s.rows++
	for k := range s.columns {
		c := &s.columns[k]
		if !row.Has(c.name) {
			c.empty++
			continue
		}
		if level, ok := s.level(row, c.name, c.competency, true); ok {
			rating.Competency, rating.Level = s.w.framework.Competencies[c.competency].ID, level
			s.ratings = append(s.ratings, rating)
		}
	}
}

// empties counts the empty cells of each column.
func (s *wide) empties() bangkom.Problems {
	var ps bangkom.Problems
	for _, c := range s.columns {
		if c.empty > 0 {
			ps.Add(bangkom.Problem{
				Code: "not-assessed", Severity: bangkom.Warning, Where: fmt.Sprintf("%s:%d:%s", s.file, s.header, c.name), Value: fmt.Sprint(c.empty),
				Msg: fmt.Sprintf("%d of %d rows have no level here: not assessed", c.empty, s.rows), Need: "assess them, or leave them out knowingly",
			})
		}
	}
	return ps
}

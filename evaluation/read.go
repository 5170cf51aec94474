package evaluation

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/program"
	"github.com/bangkom/bangkom/table"
)

// Context is what the readers hold rows against. Nil, or a nil part, accepts
// everything as it is written.
type Context struct {
	Workforce *competency.Workforce // people and competencies
	Offerings []program.Offering
}

var (
	personColumn   = table.Column{Key: "person", Names: []string{"NIP", "NIP Pegawai", "Person"}, Required: true, Private: true}
	offeringColumn = table.Column{Key: "offering", Names: []string{"Kode", "Kode Pelatihan", "Offering"}, Required: true}
)

// reading checks ids, each name once.
type reading struct {
	ctx          Context
	offerings    map[program.OfferingID]bool
	competencies map[string]named
	seen         map[string]string // key of a row: where it was first
}

type named struct {
	id      competency.CompetencyID
	problem *bangkom.Problem
	lo, hi  int
	scaled  bool
}

func newReading(ctx *Context) *reading {
	r := &reading{competencies: map[string]named{}, seen: map[string]string{}}
	if ctx != nil {
		r.ctx = *ctx
	}
	if r.ctx.Offerings != nil {
		r.offerings = map[program.OfferingID]bool{}
		for _, o := range r.ctx.Offerings {
			r.offerings[o.ID] = true
		}
	}
	return r
}

func (r *reading) person(row *table.Row) (competency.PersonID, bool) {
	s, ok := row.Required("person")
	id := competency.PersonID(s)
	if ok && r.ctx.Workforce != nil {
		if _, known := r.ctx.Workforce.Index(id); !known {
			row.Fail("person", "unknown-person", "the workforce has nobody of this id", "add the person, or correct the id")
			return "", false
		}
	}
	return id, ok
}

// offering reads the code of an offering; empty means the comparison group
// where that is allowed.
func (r *reading) offering(row *table.Row, mayBeEmpty bool) (program.OfferingID, bool) {
	s := row.Text("offering")
	if s == "" {
		if mayBeEmpty {
			return "", true
		}
		row.Required("offering")
		return "", false
	}
	id := program.OfferingID(s)
	if r.offerings != nil && !r.offerings[id] {
		row.Fail("offering", "unknown-offering", "the catalogue has no such offering", "add the offering, or correct the code")
		return "", false
	}
	return id, true
}

func (r *reading) competency(row *table.Row) (named, bool) {
	s, ok := row.Required("competency")
	if !ok {
		return named{}, false
	}
	n, known := r.competencies[s]
	if !known {
		n = r.resolve(s)
		r.competencies[s] = n
	}
	if n.problem != nil {
		row.Fail("competency", n.problem.Code, n.problem.Msg, n.problem.Need)
		return n, false
	}
	return n, true
}

func (r *reading) resolve(s string) named {
	n := named{id: competency.CompetencyID(s), hi: math.MaxInt8}
	if r.ctx.Workforce == nil {
		return n
	}
	f := r.ctx.Workforce.Framework()
	id, err := f.Resolve(s)
	if err != nil {
		p := bangkom.AsProblems(err, "unknown-competency")[0]
		n.problem = &p
		return n
	}
	n.id = id
	if scale, ok := f.ScaleOf(id); ok && len(scale.Levels) > 0 {
		n.lo, n.hi, n.scaled = int(scale.Levels[0].Level), int(scale.Levels[len(scale.Levels)-1].Level), true
	}
	return n
}

// once refuses a second row with the same key: it would count twice.
func (r *reading) once(row *table.Row, column string, key ...string) bool {
	k := strings.Join(key, "\x00")
	if first, twice := r.seen[k]; twice {
		row.Fail(column, "duplicate-id", "a second row for the same key; the first, in "+first+", counts", "keep one of the two")
		return false
	}
	r.seen[k] = fmt.Sprintf("line %d", row.Line())
	return true
}

// ReadTests reads tests.csv: NIP, Kode, Pra, Pasca, scores from 0 to 100. A row
// with an empty Kode belongs to the comparison group. A score that is empty is
// not known; the row is kept.
func ReadTests(r io.Reader, file string, ctx *Context) ([]TestScore, bangkom.Problems) {
	rd := table.Read(r, file, table.Schema{personColumn, offeringColumn,
		{Key: "before", Names: []string{"Pra", "Pre", "Pretest", "Pre-test", "Before"}, Required: true},
		{Key: "after", Names: []string{"Pasca", "Post", "Posttest", "Post-test", "After"}, Required: true},
	}, nil)
	in := newReading(ctx)
	var out []TestScore
	for row := range rd.Rows() {
		p, okP := in.person(row)
		o, okO := in.offering(row, true)
		before, okB := score(row, "before")
		after, okA := score(row, "after")
		if okP && okO && okB && okA && in.once(row, "person", string(p), string(o)) {
			out = append(out, TestScore{p, o, before, after})
		}
	}
	return out, rd.Problems()
}

// score reads a score from 0 to 100; NaN and true if the cell is empty.
func score(row *table.Row, key string) (float64, bool) {
	if !row.Has(key) {
		return math.NaN(), true
	}
	v, ok := row.Decimal(key)
	if ok && (v < 0 || v > 100) {
		row.Fail(key, "off-scale", "a score outside 0 to 100", "a score from 0 to 100")
		return math.NaN(), false
	}
	return v, ok
}

// ReactionOptions says what the sheet of [ReadReaction] looks like. The zero
// value, or nil, is a scale of 1 to 5 and every column beside NIP and Kode.
type ReactionOptions struct {
	Low, High int      // both 0: 1 and 5
	Items     []string // the columns that are items, as written; nil: all other columns with a number in them
}

// ReadReaction reads reaction.csv: NIP, Kode, and a column per item. An empty
// cell is no answer. An answer that is not on the scale is a Problem and
// counts as none; the other answers of the sheet are kept. A column in which
// nobody wrote a number (a remark) is not an item, and a Note says so.
func ReadReaction(r io.Reader, file string, ctx *Context, opt *ReactionOptions) (Survey, bangkom.Problems) {
	o := ReactionOptions{}
	if opt != nil {
		o = *opt
	}
	if o.Low == 0 && o.High == 0 {
		o.Low, o.High = 1, 5
	}
	if o.Low >= o.High {
		return Survey{}, bangkom.Problems{{Code: bangkom.ErrOption.Code, Where: file, Value: fmt.Sprintf("%d..%d", o.Low, o.High), Msg: "a scale that does not rise", Need: "give Low below High"}}
	}
	rd := table.Read(r, file, table.Schema{personColumn, offeringColumn}, nil)
	names, ps := items(file, rd.Extra(), o.Items)
	in := newReading(ctx)
	sheet := newSheet(names, o)
	for row := range rd.Rows() {
		p, okP := in.person(row)
		of, okO := in.offering(row, false)
		if okP && okO && in.once(row, "person", string(p), string(of)) {
			sheet.add(row, Reaction{Person: p, Offering: of})
		}
	}
	survey, found := sheet.survey(file)
	return survey, slices.Concat(rd.Problems(), ps, found)
}

// items are the columns to read.
func items(file string, extra, wanted []string) ([]string, bangkom.Problems) {
	if wanted == nil {
		return extra, nil
	}
	var out []string
	var ps bangkom.Problems
	for _, w := range wanted {
		i := slices.IndexFunc(extra, func(e string) bool { return table.Normalize(e) == table.Normalize(w) })
		if i < 0 {
			ps.Add(bangkom.Problem{Code: "missing-column", Where: file, Value: w, Msg: "the file has no column of this item"})
			continue
		}
		out = append(out, extra[i])
	}
	return out, ps
}

// sheet collects answers column by column, because only the end of the file
// shows whether a column is an item at all.
type sheet struct {
	names   []string
	opt     ReactionOptions
	rows    []Reaction
	numbers []int               // per column: cells that are whole numbers
	bad     [][]bangkom.Problem // per column
}

func newSheet(names []string, opt ReactionOptions) *sheet {
	return &sheet{names: names, opt: opt, numbers: make([]int, len(names)), bad: make([][]bangkom.Problem, len(names))}
}

func (s *sheet) add(row *table.Row, r Reaction) {
	for i, name := range s.names {
		v := math.NaN()
		if text := row.Text(name); text != "" {
			n, err := strconv.Atoi(text)
			switch {
			case err != nil:
				s.fault(i, row, "not-integer", text, "not a whole number")
			case n < s.opt.Low || n > s.opt.High:
				s.numbers[i]++
				s.fault(i, row, "off-scale", text, fmt.Sprintf("an answer outside the scale %d..%d; it counts as no answer", s.opt.Low, s.opt.High))
			default:
				s.numbers[i]++
				v = float64(n)
			}
		}
		r.Answers = append(r.Answers, v)
	}
	s.rows = append(s.rows, r)
}

// kept is how many faults of one column are listed.
const kept = 1000

func (s *sheet) fault(i int, row *table.Row, code, value, msg string) {
	if len(s.bad[i]) < kept {
		s.bad[i] = append(s.bad[i], bangkom.Problem{Code: code, Where: row.Where(s.names[i]), Value: excerpt(value), Msg: msg, Need: fmt.Sprintf("a whole number from %d to %d", s.opt.Low, s.opt.High)})
	}
}

// excerpt shortens what is shown of a cell.
func excerpt(s string) string {
	const most = 40
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// survey drops the columns that are no items.
func (s *sheet) survey(file string) (Survey, bangkom.Problems) {
	out := Survey{Low: s.opt.Low, High: s.opt.High}
	var ps bangkom.Problems
	var keep []int
	for i, name := range s.names {
		if s.numbers[i] == 0 && len(s.rows) > 0 {
			p := bangkom.Problem{Code: "not-an-item", Severity: bangkom.Note, Where: file, Value: name, Msg: "a column without a number in it is not an item of the survey"}
			if len(s.bad[i]) > 0 { // a remark, or answers that cannot be read
				p.Severity, p.Need = bangkom.Warning, fmt.Sprintf("%d cells hold something else; name the items in ReactionOptions if it is one", len(s.bad[i]))
			}
			ps.Add(p)
			continue
		}
		keep = append(keep, i)
		out.Items = append(out.Items, name)
		ps = append(ps, s.bad[i]...)
	}
	for _, r := range s.rows {
		answers := make([]float64, len(keep))
		for j, i := range keep {
			answers[j] = r.Answers[i]
		}
		r.Answers = answers
		out.Rows = append(out.Rows, r)
	}
	return out, ps
}

// ReadBehaviour reads behaviour.csv: NIP, Kode, Kompetensi, Sumber, Sebelum,
// Sesudah, levels on the scale of the competency. A row with an empty Kode
// belongs to the comparison group. A level that is empty is not known; the row
// is kept.
func ReadBehaviour(r io.Reader, file string, ctx *Context) ([]Behaviour, bangkom.Problems) {
	rd := table.Read(r, file, table.Schema{personColumn, offeringColumn,
		{Key: "competency", Names: []string{"Kompetensi", "Kode Kompetensi"}, Required: true},
		{Key: "source", Names: []string{"Sumber", "Sumber Penilaian"}, Required: true},
		{Key: "before", Names: []string{"Sebelum", "Level Sebelum"}, Required: true},
		{Key: "after", Names: []string{"Sesudah", "Level Sesudah"}, Required: true},
		{Key: "rater", Names: []string{"Penilai"}},
	}, nil)
	in := newReading(ctx)
	var out []Behaviour
	for row := range rd.Rows() {
		p, okP := in.person(row)
		o, okO := in.offering(row, true)
		c, okC := in.competency(row)
		source, okS := readSource(row)
		before, okB := grade(row, "before", c)
		after, okA := grade(row, "after", c)
		if source != competency.Self && source != competency.ByTest && source != competency.Record && okP && row.Text("rater") == string(p) {
			row.Warn("source", "own-rating", "the rater is the person: it counts as a rating of oneself", "the rater's own number, or diri sendiri")
			source = competency.Self
		}
		ok := okP && okO && okC && okS && okB && okA
		// There are several peers, but one self and one superior.
		if rater := row.Text("rater"); ok && (rater != "" || source == competency.Self || source == competency.Superior) {
			ok = in.once(row, "person", string(p), string(o), string(c.id), string(source), rater)
		}
		if ok {
			out = append(out, Behaviour{p, o, c.id, source, before, after})
		}
	}
	return out, rd.Problems()
}

func readSource(row *table.Row) (competency.Source, bool) {
	s, ok := row.Required("source")
	if !ok {
		return "", false
	}
	source, known := competency.ParseSource(s)
	if known {
		return source, true
	}
	row.Warn("source", "unknown-source", "not one of the common sources; it is kept as written", "atasan, rekan, bawahan, diri sendiri, asesor, tes or catatan")
	return source, true
}

// grade reads a level; unknown and true if the cell is empty.
func grade(row *table.Row, key string, c named) (Grade, bool) {
	if !row.Has(key) {
		return Grade{}, true
	}
	hi := c.hi
	if hi == 0 && !c.scaled {
		hi = math.MaxInt8 // the competency is not known: that was said
	}
	n, ok := row.Level(key, c.lo, hi)
	return Grade{competency.Level(n), ok}, ok
}

// ReadCosts reads costs.csv: Kode, Kategori, Jumlah.
func ReadCosts(r io.Reader, file string, ctx *Context) ([]Cost, bangkom.Problems) {
	rd := table.Read(r, file, table.Schema{offeringColumn,
		{Key: "category", Names: []string{"Kategori", "Kategori Biaya", "Category"}},
		{Key: "amount", Names: []string{"Jumlah", "Biaya", "Amount"}, Required: true},
	}, nil)
	in := newReading(ctx)
	var out []Cost
	for row := range rd.Rows() {
		o, okO := in.offering(row, false)
		_, okA := row.Required("amount")
		amount, ok := row.Rupiah("amount")
		if ok && amount < 0 {
			row.Fail("amount", "negative-amount", "a negative cost", "write what was spent")
			ok = false
		}
		if okO && okA && ok {
			out = append(out, Cost{o, row.Text("category"), amount})
		}
	}
	return out, rd.Problems()
}

// mostBenefit is beyond any benefit of training: a slip of zeros.
const mostBenefit = 1_000_000_000_000_000

// ReadBenefits reads benefits.csv: Kode, Ukuran, Nilai, Isolasi, Keyakinan. An
// empty Nilai is an intangible benefit; a negative one, or one beyond 10¹⁵
// rupiah, is a Problem. Shares are written 0,4 or 40 %.
func ReadBenefits(r io.Reader, file string, ctx *Context) ([]Benefit, bangkom.Problems) {
	rd := table.Read(r, file, table.Schema{offeringColumn,
		{Key: "measure", Names: []string{"Ukuran", "Manfaat", "Measure"}, Required: true},
		{Key: "value", Names: []string{"Nilai", "Nilai Manfaat", "Value"}, Required: true},
		{Key: "isolation", Names: []string{"Isolasi", "Isolation"}, Required: true},
		{Key: "confidence", Names: []string{"Keyakinan", "Confidence"}, Required: true},
	}, nil)
	in := newReading(ctx)
	var out []Benefit
	for row := range rd.Rows() {
		o, okO := in.offering(row, false)
		measure, okM := row.Required("measure")
		b := Benefit{Offering: o, Measure: measure}
		okV := true
		if row.Has("value") {
			v, ok := row.Rupiah("value")
			switch {
			case ok && v < 0:
				row.Fail("value", "negative-amount", "a negative benefit", "write a loss among the costs")
			case v > mostBenefit:
				row.Fail("value", "implausible-amount", "more than a state spends in a year", "rupiah; check the zeros")
			}
			b.Value, okV = &v, ok && v >= 0 && v <= mostBenefit
		}
		var okI, okC bool
		b.Isolation, okI = share(row, "isolation")
		b.Confidence, okC = share(row, "confidence")
		if okO && okM && okV && okI && okC {
			out = append(out, b)
		}
	}
	return out, rd.Problems()
}

// share reads 0.4, 0,4 or 40 %; unknown and true if the cell is empty.
func share(row *table.Row, key string) (Share, bool) {
	text := row.Text(key)
	if text == "" {
		return Share{}, true
	}
	number, percent := strings.CutSuffix(text, "%")
	v, err := strconv.ParseFloat(strings.Replace(strings.TrimSpace(number), ",", ".", 1), 64)
	if percent {
		v /= 100
	}
	if err != nil || !(v >= 0 && v <= 1) {
		row.Fail(key, "off-scale", "not a share from 0 to 1", "write 0.4, 0,4 or 40 %")
		return Share{}, false
	}
	return Share{v, true}, true
}

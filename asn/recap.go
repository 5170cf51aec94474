package asn

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/table"
)

// RecapOptions of [ReadRecap]. Nil is usable.
type RecapOptions struct {
	// Date is the day of assessment for rows that do not give one. Without
	// either, the ratings have no date: they count, and their expiry cannot be judged.
	Date bangkom.Date
	// Required gives what a person's job asks for, to check the stated JPM.
	// Nil, or a person without requirements: the JPM is not checked.
	Required func(competency.PersonID) []competency.Requirement
}

// ReadRecap reads the sheet that sums up an assessment: one row per person and
// one column per competency of the dictionary, under any of its spellings. The
// ratings are those of an assessor, by row and then in the dictionary's order.
// Other columns, advice among them, are not read.
//
// A competency that has no column is an error (missing-column): nine of nine
// are expected, and what is missing must not pass for what was not assessed.
// The other columns are read nevertheless. An empty cell is "not assessed", with
// a warning; a level that is not a whole number of the scale is an error of
// that cell alone. Two rows of one person and day are both kept, with a warning.
//
// A stated Total and JPM are never used, only compared with the sum of the
// levels and with 100 · Σ attained / Σ required over the assessed competencies.
// A difference is a warning (total-differs, jpm-differs), and so is a JPM that
// agrees only if each competency is capped at its requirement (jpm-capped),
// because its class may then be another one than that of the uncapped figure.
func ReadRecap(r io.Reader, file string, rules *Rules, opt *RecapOptions) ([]competency.Rating, bangkom.Problems) {
	var o RecapOptions
	if opt != nil {
		o = *opt
	}
	f := rules.Framework()
	if len(f.Competencies) == 0 {
		return nil, bangkom.Problems{{Code: "no-rules", Where: file, Value: rules.Day().String(), Msg: "no dictionary of competencies holds on this day", Need: "ask for the rules of a later day"}}
	}
	rd := table.Read(r, file, recapSchema(f), &table.Options{Ignore: []string{"Nama", "Jabatan", "Perangkat Daerah"}})
	rc := recap{opt: o, framework: f, seen: map[recapKey]int{}, bound: map[string]bool{}}
	for _, k := range rd.Bound() {
		rc.bound[k] = true
	}
	for row := range rd.Rows() {
		rc.read(row)
	}
	ps := rd.Problems()
	if !rc.bound[keyDate] && o.Date.IsZero() && len(rc.ratings) > 0 {
		ps.Add(bangkom.Problem{Code: "no-date", Severity: bangkom.Warning, Where: file, Value: "Tanggal Asesmen",
			Msg: "the sheet has no date of assessment: its ratings count, and their expiry cannot be judged", Need: "add the column, or give the day when reading"})
	}
	return rc.ratings, ps
}

const (
	keyNIP   = "nip"
	keyTotal = "total"
	keyJPM   = "jpm"
	keyDate  = "date"
)

func recapSchema(f *competency.Framework) table.Schema {
	s := table.Schema{
		{Key: keyNIP, Names: []string{"NIP", "NIP BARU"}, Required: true, Private: true},
		{Key: keyTotal, Names: []string{"Total", "Jumlah"}},
		{Key: keyJPM, Names: []string{"JPM", "JPM (%)", "Job Person Match"}},
		{Key: keyDate, Names: []string{"Tanggal Asesmen", "Tanggal Penilaian", "Assessment Date"}},
	}
	for _, c := range f.Competencies {
		names := append([]string{c.Title["id"]}, c.Also...)
		s = append(s, table.Column{Key: c.Code, Names: append(names, c.Title["en"]), Required: true})
	}
	return s
}

type recapKey struct {
	nip NIP
	day bangkom.Date
}

type recap struct {
	opt       RecapOptions
	framework *competency.Framework
	bound     map[string]bool
	seen      map[recapKey]int // line
	ratings   []competency.Rating
}

func (rc *recap) read(row *table.Row) {
	nip, ok := readNIP(row, keyNIP)
	if !ok {
		return
	}
	day := rc.day(row)
	k := recapKey{nip, day}
	if line, ok := rc.seen[k]; ok {
		row.Warn(keyNIP, "duplicate-id", fmt.Sprintf("line %d has the NIP and the day of line %d; both are kept", row.Line(), line), "delete the wrong row")
	} else {
		rc.seen[k] = row.Line()
	}
	lo, hi := rc.scale()
	got := map[competency.CompetencyID]competency.Level{}
	sum, damaged := 0, false
	for _, c := range rc.framework.Competencies {
		if !rc.bound[c.Code] {
			continue
		}
		if !row.Has(c.Code) {
			row.Warn(c.Code, "not-assessed", "the cell is empty: the competency counts as not assessed", "")
			continue
		}
		n, ok := row.Level(c.Code, lo, hi)
		if !ok {
			damaged = true
			continue
		}
		sum += n
		got[c.ID] = competency.Level(n)
		rc.ratings = append(rc.ratings, competency.Rating{Person: nip.ID(), Competency: c.ID, Level: competency.Level(n), Source: competency.Assessor, Date: day})
	}
	// With a damaged cell or a missing column a difference says nothing new.
	if !damaged && rc.complete() {
		rc.checkTotal(row, sum)
		rc.checkJPM(row, nip, got)
	}
}

// day returns the day of assessment of a row: its own, or the caller's.
func (rc *recap) day(row *table.Row) bangkom.Date {
	if row.Has(keyDate) {
		d, _ := row.Date(keyDate) // a damaged date is reported, and is not the caller's
		return d
	}
	if rc.bound[keyDate] && rc.opt.Date.IsZero() {
		row.Warn(keyDate, "no-date", "a row without a date of assessment: its expiry cannot be judged", "")
	}
	return rc.opt.Date
}

func (rc *recap) scale() (lo, hi int) {
	levels := rc.framework.Scales[0].Levels
	return int(levels[0].Level), int(levels[len(levels)-1].Level)
}

func (rc *recap) complete() bool {
	for _, c := range rc.framework.Competencies {
		if !rc.bound[c.Code] {
			return false
		}
	}
	return true
}

func (rc *recap) checkTotal(row *table.Row, sum int) {
	stated, _, ok := statedNumber(row, keyTotal)
	if ok && stated != float64(sum) {
		row.Warn(keyTotal, "total-differs", fmt.Sprintf("the levels sum to %d", sum), "correct the levels or the total; the levels are used")
	}
}

func (rc *recap) checkJPM(row *table.Row, nip NIP, got map[competency.CompetencyID]competency.Level) {
	if rc.opt.Required == nil {
		return
	}
	stated, step, ok := statedNumber(row, keyJPM)
	if !ok {
		return
	}
	attained, capped, required := 0, 0, 0
	for _, q := range rc.opt.Required(nip.ID()) {
		if l, ok := got[q.Competency]; ok {
			attained += int(l)
			capped += int(min(l, q.Level))
			required += int(q.Level)
		}
	}
	if required == 0 {
		return
	}
	jpm, jpmCapped := 100*float64(attained)/float64(required), 100*float64(capped)/float64(required)
	agrees := func(x float64) bool { return math.Abs(x-stated) < step } // rounded or cut off
	switch {
	case agrees(jpm):
	case agrees(jpmCapped):
		row.Warn(keyJPM, "jpm-capped", fmt.Sprintf("the stated JPM caps each competency at its requirement; uncapped it is %.2f", jpm), "say which of the two the agency uses")
	default:
		row.Warn(keyJPM, "jpm-differs", fmt.Sprintf("%d of %d levels give a JPM of %.2f, capped %.2f", attained, required, jpm, jpmCapped), "correct the levels, the standard or the JPM; the levels are used")
	}
}

// statedNumber reads a figure that is only compared, with the size of its last
// decimal. What is no number is a warning: nothing depends on it.
func statedNumber(row *table.Row, key string) (v, step float64, ok bool) {
	text := strings.TrimSpace(strings.TrimSuffix(row.Text(key), "%"))
	if text == "" {
		return 0, 0, false
	}
	whole, decimals, _ := strings.Cut(strings.Replace(text, ",", ".", 1), ".")
	digits := whole + decimals
	v, err := strconv.ParseFloat(whole+"."+decimals, 64)
	if err != nil || count(digits, isDigit) != len(digits) {
		row.Warn(key, "not-decimal", "not a number; it is not compared", "write 88,89")
		return 0, 0, false
	}
	return v, math.Pow(10, -float64(len(decimals))), true
}

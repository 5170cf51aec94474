package table

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/bangkom/bangkom"
)

// A Row is one good row: it has the header's number of fields. Its cells are
// asked for by the schema's key, or by a name from [Reader.Extra].
//
// An empty cell, and a cell of a column that the file does not have, is no
// problem: it gives the zero value and false. A cell that cannot be read as
// what was asked for adds a Problem with its place and value.
type Row struct {
	rd     *Reader
	rec    record
	broken bool // has bytes to be replaced
	failed bool
}

// Line returns the number of the row's first line in the file, from 1.
func (r *Row) Line() int { return r.rec.line }

// OK reports whether nothing of severity Error was found in this row so far.
func (r *Row) OK() bool { return !r.failed }

// Where returns the place of a cell: file:line:column name.
func (r *Row) Where(key string) string {
	if i := r.column(key); i >= 0 {
		return r.whereColumn(i)
	}
	for _, c := range r.rd.schema {
		if c.Key == key {
			key = c.label()
			break
		}
	}
	return r.rd.place(r.rec.line) + ":" + key
}

// whereColumn counts the line ends in quoted cells before the cell.
func (r *Row) whereColumn(i int) string {
	line := r.rec.line
	if r.rec.lines > 1 && i < len(r.rec.fields) {
		eol := r.rd.dialect.LineEnd
		line += bytes.Count(r.rec.text[:r.rec.fields[i].lo], []byte(eol[len(eol)-1:]))
	}
	return r.rd.whereColumn(line, i)
}

// column returns the column of the file, or -1.
func (r *Row) column(key string) int {
	if i, ok := r.rd.index[key]; ok {
		return i
	}
	return -1
}

// text returns the cleaned text of a column of the file.
func (r *Row) text(i int) string {
	if i < 0 || i >= len(r.rec.fields) {
		return ""
	}
	f := r.rec.fields[i]
	b := r.rec.text[f.lo:f.hi]
	if f.escaped {
		r.rd.scratch = r.rec.appendField(r.rd.scratch[:0], f)
		b = r.rd.scratch
	}
	b = clean(b)
	if r.broken {
		return valid(b)
	}
	return r.rd.interned.get(b)
}

// Has reports whether the cell is there and not empty.
func (r *Row) Has(key string) bool { return r.Text(key) != "" }

// Text returns the cell without surrounding blanks and without the marks that
// make Excel take digits for text: '123 and ="123".
func (r *Row) Text(key string) string { return r.text(r.column(key)) }

// Required is [Row.Text] for a cell that must not be empty. Where the file
// lacks the whole column, and the schema requires it, that was reported once.
func (r *Row) Required(key string) (string, bool) {
	s := r.Text(key)
	if s != "" {
		return s, true
	}
	r.failed = true
	for k, c := range r.rd.schema {
		if c.Key == key && r.rd.missing[k] {
			return "", false
		}
	}
	r.Fail(key, "empty-cell", "the cell is empty", "fill it in")
	return "", false
}

// Int reads a whole number. Decimals that are zero (3.0, 3,00), as some
// programs export them, are accepted; three of them (3.000) are not, because
// they may be thousands.
func (r *Row) Int(key string) (int, bool) {
	s := r.Text(key)
	if s == "" {
		return 0, false
	}
	whole := s
	if i := strings.IndexAny(s, ".,"); i > 0 && (s[i+1:] == "0" || s[i+1:] == "00") {
		whole = s[:i]
	}
	n, err := strconv.Atoi(whole)
	if err != nil {
		msg := "not a whole number"
		if errors.Is(err, strconv.ErrRange) {
			msg = "a number beyond all counting"
		}
		r.Fail(key, "not-integer", msg, "write digits only, such as 3")
		return 0, false
	}
	return n, true
}

// Level reads a whole number on a scale from lo to hi.
func (r *Row) Level(key string, lo, hi int) (int, bool) {
	n, ok := r.Int(key)
	if ok && (n < lo || n > hi) {
		r.Fail(key, "level-off-scale", fmt.Sprintf("the scale goes from %d to %d", lo, hi), fmt.Sprintf("a level from %d to %d", lo, hi))
		return 0, false
	}
	return n, ok
}

// Decimal reads a number with a decimal comma or point: 3,5 and 3.5. One mark
// is always the decimal mark (1.234 is a little more than one). Where there
// are several, groups of three digits are taken as thousands: 1.234,5 and
// 1,234.5 and 1.234.567.
func (r *Row) Decimal(key string) (float64, bool) {
	s := r.Text(key)
	if s == "" {
		return 0, false
	}
	v, ok := parseDecimal(s)
	if !ok {
		r.Fail(key, "not-decimal", "not a number", "write 3.5 or 3,5")
	}
	return v, ok
}

func parseDecimal(s string) (float64, bool) {
	mantissa, exponent := s, ""
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		mantissa, exponent = s[:i], s[i:]
	}
	point, group := ".", ","
	dots, commas := strings.Count(mantissa, "."), strings.Count(mantissa, ",")
	if commas > 0 && (dots == 0 || strings.LastIndexByte(mantissa, ',') > strings.LastIndexByte(mantissa, '.')) {
		point, group = ",", "."
	}
	if max(dots, commas) > 1 && min(dots, commas) == 0 { // 1.234.567: groups only
		point, group = group, point
	}
	whole, fraction, _ := strings.Cut(mantissa, point)
	if strings.Contains(whole, group) {
		parts := strings.Split(strings.TrimLeft(whole, "+-"), group)
		for i, p := range parts {
			if (i > 0 && len(p) != 3) || len(p) == 0 || len(p) > 3 {
				return 0, false
			}
		}
		whole = strings.ReplaceAll(whole, group, "")
	}
	for _, c := range []byte(whole + fraction) { // no NaN, no hexadecimal, no underscore
		if (c < '0' || c > '9') && c != '+' && c != '-' {
			return 0, false
		}
	}
	v, err := strconv.ParseFloat(whole+"."+fraction+exponent, 64)
	if err != nil { // also 1e999
		return 0, false
	}
	return v, true
}

// Date reads a day as [bangkom.ParseDate] does; a time of midnight behind it,
// as spreadsheets and databases export it, is dropped.
func (r *Row) Date(key string) (bangkom.Date, bool) {
	s := r.Text(key)
	if s == "" {
		return bangkom.Date{}, false
	}
	for _, midnight := range []string{" 00:00:00", "T00:00:00", " 00:00", " 0:00"} {
		s = strings.TrimSuffix(s, midnight)
	}
	d, err := bangkom.ParseDate(s)
	if len(s) == 5 && strings.Trim(s, "0123456789") == "" {
		r.Fail(key, "not-a-date", "not a date but a spreadsheet's count of days", "format the column as a date before saving")
		return d, false
	}
	return d, r.parsed(key, err)
}

// Rupiah reads an amount as [bangkom.ParseRupiah] does.
func (r *Row) Rupiah(key string) (bangkom.Rupiah, bool) {
	s := r.Text(key)
	if s == "" {
		return 0, false
	}
	v, err := bangkom.ParseRupiah(s)
	return v, r.parsed(key, err)
}

// JP reads learning hours as [bangkom.ParseJP] does.
func (r *Row) JP(key string) (bangkom.JP, bool) {
	s := r.Text(key)
	if s == "" {
		return 0, false
	}
	v, err := bangkom.ParseJP(s)
	return v, r.parsed(key, err)
}

// parsed turns a parser's error into a problem of the cell.
func (r *Row) parsed(key string, err error) bool {
	if err == nil {
		return true
	}
	for _, p := range bangkom.AsProblems(err, "unreadable") {
		r.Fail(key, p.Code, p.Msg, p.Need)
	}
	return false
}

// Bool reads ya, y, yes, true, 1 and tidak, t, no, n, false, 0 in any case. A
// lone t is tidak, not true.
func (r *Row) Bool(key string) (value, ok bool) {
	switch s := r.Text(key); strings.ToLower(s) {
	case "":
		return false, false
	case "ya", "y", "yes", "true", "1":
		return true, true
	case "tidak", "t", "no", "n", "false", "0":
		return false, true
	}
	r.Fail(key, "not-yes-no", "neither yes nor no", "write ya or tidak")
	return false, false
}

// Fail reports the caller's own finding about a cell. The cell's value is
// added unless the column is private: keep it out of msg and need.
func (r *Row) Fail(key, code, msg, need string) {
	r.failed = true
	r.add(key, code, msg, need, bangkom.Error)
}

// Warn is [Row.Fail] for a cell that is used nevertheless.
func (r *Row) Warn(key, code, msg, need string) { r.add(key, code, msg, need, bangkom.Warning) }

func (r *Row) add(key, code, msg, need string, sev bangkom.Severity) {
	p := bangkom.Problem{Code: code, Severity: sev, Where: r.Where(key), Msg: msg, Need: need}
	if i := r.column(key); i >= 0 {
		p.Value = r.show(i)
	}
	r.rd.found.add(p)
}

// show is what may be seen of a cell in a problem. A cell that may have
// swallowed others is described only, as a private one is.
func (r *Row) show(i int) string {
	if k := r.rd.bound[i]; r.rec.swallows || k >= 0 && r.rd.schema[k].Private {
		return describe(r.text(i))
	}
	return excerpt(r.text(i))
}

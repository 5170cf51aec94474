package bangkom

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A Date is a calendar day without clock or zone. Dates compare with == and
// order with [Date.Compare]; the zero value is "no date".
type Date struct{ n int32 } // days since 31 December of the year 0; 0 is unset

// NewDate returns a day of the years 1 to 9999. Unlike time.Date it does not
// normalise: the 31st of February is an error.
func NewDate(year, month, day int) (Date, error) {
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if year < 1 || year > 9999 || t.Year() != year || int(t.Month()) != month || t.Day() != day {
		return Date{}, Problem{Code: "not-a-date", Value: fmt.Sprintf("%04d-%02d-%02d", year, month, day), Msg: "no such day"}
	}
	return dateOf(t), nil
}

// MustDate is [NewDate] for days written in a program; it panics on a day that does not exist.
func MustDate(year, month, day int) Date {
	d, err := NewDate(year, month, day)
	if err != nil {
		panic(err)
	}
	return d
}

// DateOf returns the day of t in t's own location.
func DateOf(t time.Time) Date { return dateOf(t) }

const unixDay = 719163 // 1970-01-01 counted from 31 December of the year 0

func dateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{int32(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix()/86400 + unixDay)}
}

// Time returns midnight UTC of the day; the zero time for no date.
func (d Date) Time() time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	return time.Unix((int64(d.n)-unixDay)*86400, 0).UTC()
}

// IsZero reports whether there is no date.
func (d Date) IsZero() bool { return d.n == 0 }

// Year returns the year, or 0 for no date.
func (d Date) Year() int {
	if d.IsZero() {
		return 0
	}
	return d.Time().Year()
}

// Compare orders days; no date comes first.
func (d Date) Compare(e Date) int { return cmp.Compare(d.n, e.n) }

// Before reports whether d is earlier than e.
func (d Date) Before(e Date) bool { return d.n < e.n }

// After reports whether d is later than e.
func (d Date) After(e Date) bool { return d.n > e.n }

// AddDays returns the day n days later. No date stays no date.
func (d Date) AddDays(n int) Date {
	if d.IsZero() {
		return d
	}
	return dateOf(d.Time().AddDate(0, 0, n))
}

// AddYears returns the same day n years later; 29 February becomes the 28th
// in a common year. No date stays no date.
func (d Date) AddYears(n int) Date { return d.AddMonths(12 * n) }

// AddMonths returns the same day n months later, or the last day of a shorter month.
func (d Date) AddMonths(n int) Date {
	if d.IsZero() {
		return d
	}
	y, m, day := d.Time().Date()
	last := time.Date(y, m+time.Month(n)+1, 0, 0, 0, 0, 0, time.UTC) // day 0: the last of the month before
	return dateOf(last.AddDate(0, 0, min(day, last.Day())-last.Day()))
}

// Sub returns the days from e to d. It is meaningful only if both are set.
func (d Date) Sub(e Date) int { return int(d.n) - int(e.n) }

// String returns the ISO form, 2026-05-31, or "" for no date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.Time().Format(time.DateOnly)
}

// MarshalText writes the ISO form; no date is empty.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what [ParseDate] reads, and "" as no date.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	v, err := ParseDate(string(text))
	if err == nil {
		*d = v
	}
	return err
}

var months = []string{"januari", "februari", "maret", "april", "mei", "juni", "juli", "agustus", "september", "oktober", "november", "desember"}

// ParseDate reads 2026-05-31, and day first 31-05-2026, 31/05/2026, 31.05.2026
// or 31 Mei 2026. The month never comes first, and the year has four digits.
func ParseDate(s string) (Date, error) {
	bad := func(msg string) (Date, error) {
		return Date{}, Problem{Code: "not-a-date", Value: s, Msg: msg, Need: "dates are YYYY-MM-DD or DD-MM-YYYY"}
	}
	if d, ok := plainDate(s); ok {
		return d, nil
	}
	parts := strings.Fields(s)
	for _, sep := range []string{"-", "/", "."} {
		if len(parts) == 1 {
			parts = strings.Split(parts[0], sep)
		}
	}
	if len(parts) != 3 {
		return bad("not a date")
	}
	year, month, day := parts[2], parts[1], parts[0]
	if len(parts[0]) == 4 {
		year, day = parts[0], parts[2]
	}
	for i, name := range months {
		if strings.EqualFold(month, name) {
			month = strconv.Itoa(i + 1)
		}
	}
	if !digits(year) || !digits(month) || !digits(day) || len(month) > 2 || len(day) > 2 {
		return bad("not a date")
	}
	if len(year) != 4 {
		return bad("a year needs four digits")
	}
	y, _ := strconv.Atoi(year)
	m, _ := strconv.Atoi(month)
	n, _ := strconv.Atoi(day)
	d, err := NewDate(y, m, n)
	if err != nil {
		return bad("no such day")
	}
	return d, nil
}

// plainDate reads 2026-05-31 and 31-05-2026 of the years 1 to 9999 without
// allocating: files hold millions of them. Whatever else it leaves to ParseDate.
func plainDate(s string) (Date, bool) {
	if len(s) != 10 {
		return Date{}, false
	}
	yearAt, monthAt, dayAt := 6, 3, 0
	if s[4] == '-' {
		yearAt, monthAt, dayAt = 0, 5, 8
	}
	if sep := s[monthAt-1]; sep != s[monthAt+2] || (sep != '-' && sep != '/' && sep != '.') {
		return Date{}, false
	}
	num := func(at, n int) int {
		v := 0
		for _, c := range []byte(s[at : at+n]) {
			if c < '0' || c > '9' {
				return -1
			}
			v = 10*v + int(c-'0')
		}
		return v
	}
	d, err := NewDate(num(yearAt, 4), num(monthAt, 2), num(dayAt, 2))
	return d, err == nil
}

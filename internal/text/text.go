// Package text holds what is printed for people, in Indonesian and English,
// keyed by code, and writes numbers, money and days as each language does.
package text

import (
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/bangkom/bangkom"
)

// Lang is a language that reports are printed in. The zero value is Indonesian.
type Lang int

const (
	Indonesian Lang = iota
	English
)

// Parse reads a language tag: "id", "en", "id_ID", "en-GB". Empty is Indonesian.
func Parse(tag string) (Lang, error) {
	base, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(tag, "_", "-")), "-")
	switch base {
	case "", "id":
		return Indonesian, nil
	case "en":
		return English, nil
	}
	return 0, bangkom.Problem{Code: "option", Value: tag, Msg: "reports are printed in Indonesian (id) or English (en)"}
}

// T returns the text of a code, formatted with args as fmt does. A code
// without a text is a mistake of this module: it prints as itself in brackets.
func (l Lang) T(code string, args ...any) string {
	entry, ok := table[code]
	if !ok {
		return "[" + code + "]"
	}
	if len(args) == 0 {
		return entry[l]
	}
	return fmt.Sprintf(entry[l], args...)
}

// Has reports whether there is a text of a code.
func (Lang) Has(code string) bool {
	_, ok := table[code]
	return ok
}

// Num prints x with a fixed number of decimals: "1.234,5" or "1,234.5"; "–" for NaN.
func (l Lang) Num(x float64, decimals int) string {
	switch {
	case math.IsNaN(x):
		return "–"
	case math.IsInf(x, 0):
		return strings.Replace(strconv.FormatFloat(x, 'g', -1, 64), "Inf", "∞", 1)
	}
	s := strconv.FormatFloat(math.Abs(x), 'f', decimals, 64)
	whole, frac, _ := strings.Cut(s, ".")
	group, point := ".", ","
	if l == English {
		group, point = ",", "."
	}
	var b strings.Builder
	if x < 0 && strings.Trim(s, "0.") != "" {
		b.WriteString("−")
	}
	for i := range len(whole) {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(group)
		}
		b.WriteByte(whole[i])
	}
	if frac != "" {
		b.WriteString(point + frac)
	}
	return b.String()
}

// Short prints a number to three digits that count, or with one decimal if it is large.
func (l Lang) Short(x float64) string {
	switch a := math.Abs(x); {
	case a >= 100:
		return l.Num(x, 1)
	case a >= 0.1 || a < 1e-12:
		return l.Num(x, 2)
	default:
		return l.Num(x, min(12, 2-int(math.Floor(math.Log10(a)))))
	}
}

// Int prints a whole number with grouped thousands.
func (l Lang) Int(n int) string { return l.Num(float64(n), 0) }

// Percent prints a share of one as per cent: "12,3 %".
func (l Lang) Percent(share float64, decimals int) string {
	return l.Num(100*share, decimals) + " %"
}

// Range prints an interval: "1,2 – 3,4".
func (l Lang) Range(lo, hi float64, decimals int) string {
	return l.Num(lo, decimals) + " – " + l.Num(hi, decimals)
}

// Estimate prints a value with its interval: "0,42 (0,31 – 0,53)".
func (l Lang) Estimate(e bangkom.Estimate, decimals int) string {
	s := l.Num(e.Value, decimals)
	if e.CI != (bangkom.Interval{}) {
		s += " (" + l.Range(e.CI.Lo, e.CI.Hi, decimals) + ")"
	}
	return s
}

// Share prints a share of one in per cent, with its interval: "42,0 % (31,2 – 53,1)".
func (l Lang) Share(e bangkom.Estimate, decimals int) string {
	s := l.Percent(e.Value, decimals)
	if e.CI != (bangkom.Interval{}) {
		s += " (" + l.Range(100*e.CI.Lo, 100*e.CI.Hi, decimals) + ")"
	}
	return s
}

// Columns aligns rows whose cells are parted by tabs, with an indent.
func Columns(w io.Writer, rows ...string) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		fmt.Fprintln(tw, "  "+row)
	}
	return tw.Flush()
}

// Money prints an amount: "Rp1.250.000" in both languages, as the rules ask.
func (l Lang) Money(r bangkom.Rupiah) string { return l.amounts(r.String()) }

var amount = regexp.MustCompile(`Rp\d{1,3}(?:\.\d{3})+\b`)

// amounts groups the amounts of money in a text as the numbers of the language are.
func (l Lang) amounts(s string) string {
	if l != English {
		return s
	}
	return amount.ReplaceAllStringFunc(s, func(m string) string { return strings.ReplaceAll(m, ".", ",") })
}

var months = [2][12]string{
	{"Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"},
	{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
}

// Date prints a day: "5 Mei 2026"; "–" for no date.
func (l Lang) Date(d bangkom.Date) string {
	if d.IsZero() {
		return "–"
	}
	t := d.Time()
	return fmt.Sprintf("%d %s %d", t.Day(), months[l][t.Month()-1], t.Year())
}

// Alike returns the first of the ids that differs from id in capitals only; ""
// if none does.
func Alike[K ~string](id K, ids []K) K {
	i := slices.IndexFunc(ids, func(k K) bool { return k != id && strings.EqualFold(string(k), string(id)) })
	if i < 0 {
		return ""
	}
	return ids[i]
}

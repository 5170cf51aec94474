package bangkom

import (
	"math"
	"strconv"
	"strings"
)

// Rupiah is an amount of money in whole rupiah.
type Rupiah int64

// String prints the Indonesian form: "Rp1.250.000", "-Rp500".
func (r Rupiah) String() string {
	s := strconv.FormatInt(int64(r), 10)
	sign := ""
	if s[0] == '-' {
		sign, s = "-", s[1:]
	}
	var b strings.Builder
	b.WriteString(sign + "Rp")
	for i, c := range []byte(s) {
		if i > 0 && (len(s)-i)%3 == 0 {
			b.WriteByte('.')
		}
		b.WriteByte(c)
	}
	return b.String()
}

// ParseRupiah reads "1500000", "1.500.000", "Rp 1.500.000,00" and "-Rp500".
// A point groups thousands and a comma starts decimals, as Indonesian writes
// them; the English form is read where it cannot be taken for the other.
// Decimals must be zero: rupiah are whole.
func ParseRupiah(s string) (Rupiah, error) {
	bad := func(msg, need string) (Rupiah, error) {
		return 0, Problem{Code: "not-rupiah", Value: s, Msg: msg, Need: need}
	}
	t := strings.TrimSpace(s)
	t, neg := strings.CutPrefix(t, "-")
	t = strings.TrimSpace(t)
	if len(t) >= 2 && strings.EqualFold(t[:2], "Rp") {
		t = strings.TrimSpace(strings.TrimPrefix(t[2:], "."))
	}
	t = strings.TrimSuffix(t, ",-") // "Rp500.000,-"
	if t2, ok := strings.CutPrefix(t, "-"); ok && !neg {
		t, neg = t2, true
	}
	whole, decimals, ok := splitAmount(t)
	if !ok {
		return bad("not an amount of rupiah", "write 1500000 or 1.500.000")
	}
	if strings.Trim(decimals, "0") != "" {
		return bad("an amount of rupiah has no decimals", "round it to whole rupiah")
	}
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || n == math.MaxInt64 {
		return bad("an amount beyond nine quintillion", "check the number of digits")
	}
	if neg {
		n = -n
	}
	return Rupiah(n), nil
}

// splitAmount takes the grouping out of a number and parts it from its decimals.
func splitAmount(t string) (whole, decimals string, ok bool) {
	dots, commas := strings.Count(t, "."), strings.Count(t, ",")
	group, point := ".", ","
	switch {
	case dots > 0 && commas > 0 && strings.LastIndex(t, ".") > strings.LastIndex(t, ","),
		dots == 0 && commas > 1: // 1,500.00 and 1,500,000: English
		group, point = ",", "."
	case dots == 1 && commas == 0 && len(t)-strings.Index(t, ".") != 4: // 1500000.00
		group, point = ",", "."
	}
	whole, decimals, cut := strings.Cut(t, point)
	if cut && !digits(decimals) {
		return "", "", false
	}
	parts := strings.Split(whole, group)
	for i, p := range parts {
		if !digits(p) || (i > 0 && len(p) != 3) || (i == 0 && len(parts) > 1 && len(p) > 3) {
			return "", "", false
		}
	}
	return strings.Join(parts, ""), decimals, true
}

// MarshalText writes plain digits: "1250000".
func (r Rupiah) MarshalText() ([]byte, error) { return strconv.AppendInt(nil, int64(r), 10), nil }

// UnmarshalText reads what [ParseRupiah] reads.
func (r *Rupiah) UnmarshalText(text []byte) error {
	v, err := ParseRupiah(string(text))
	if err == nil {
		*r = v
	}
	return err
}

// MarshalJSON writes a whole number.
func (r Rupiah) MarshalJSON() ([]byte, error) { return r.MarshalText() }

// UnmarshalJSON reads a whole number, without grouping or decimals.
func (r *Rupiah) UnmarshalJSON(data []byte) error {
	n, err := strconv.ParseInt(string(data), 10, 64)
	if err != nil {
		return Problem{Code: "not-rupiah", Value: string(data), Msg: "not a whole number of rupiah"}
	}
	*r = Rupiah(n)
	return nil
}

package caseio

import (
	"fmt"
	"strings"
	"time"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/id"
)

func more(n, shown int) string {
	return fmt.Sprintf("%d in all; the first %d are listed", n, shown)
}

// canonical brings what has the shape of a UUID to lower case: they compare so.
func canonical(s string) string {
	s = strings.TrimSpace(s)
	if looksLikeUUID(s) {
		return strings.ToLower(s)
	}
	return s
}

func looksLikeUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i, c := range []byte(s) {
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if c != '-' {
				return false
			}
			continue
		}
		if (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'f') {
			return false
		}
	}
	return true
}

// fits reports whether an identifier is in the pattern of the CASE 1.1 OpenAPI
// file: a lower-case UUID of version 1 to 5 and the usual variant.
func fits(s string) bool {
	return looksLikeUUID(s) && s == strings.ToLower(s) && '1' <= s[14] && s[14] <= '5' && strings.IndexByte("89ab", s[19]) >= 0
}

// writable is the identifier under which an object is written: its own, or one
// of version 5 that follows from it.
func writable(s string, keep bool) string {
	if fits(s) || keep && looksLikeUUID(s) {
		return s
	}
	return id.FromName("case:" + s)
}

// trailing returns the UUID at the end of a URI.
func trailing(u string) string {
	if len(u) < 36 || !looksLikeUUID(u[len(u)-36:]) {
		return ""
	}
	return strings.ToLower(u[len(u)-36:])
}

// absolute reports whether a text is a URI with a scheme, any scheme.
func absolute(s string) bool {
	scheme, rest, ok := strings.Cut(s, ":")
	if !ok || rest == "" || scheme == "" {
		return false
	}
	for i, c := range []byte(scheme) {
		letter := c|0x20 >= 'a' && c|0x20 <= 'z'
		if !letter && (i == 0 || (c < '0' || c > '9') && c != '+' && c != '-' && c != '.') {
			return false
		}
	}
	return !strings.ContainsAny(s, " \t\r\n<>\"")
}

// slashed puts the slash back that some systems forget between CFItems and the
// identifier.
func slashed(u string) (string, bool) {
	t := trailing(u)
	if t == "" || !strings.HasSuffix(u[:len(u)-36], "/CFItems") {
		return u, false
	}
	return u[:len(u)-36] + "/" + u[len(u)-36:], true
}

// readMoment reads a date-time; zoned is false if the zone was missing and UTC assumed.
func readMoment(s string) (t time.Time, zoned, ok bool) {
	t, zoned, ok = parseMoment(s)
	return t, zoned, ok && 1 <= t.Year() && t.Year() <= 9999
}

func parseMoment(s string) (t time.Time, zoned, ok bool) {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t.UTC(), true, true
	}
	for _, layout := range []string{"2006-01-02T15:04:05.999999999Z0700", "2006-01-02 15:04:05.999999999Z07:00"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), true, true
		}
	}
	for _, layout := range []string{"2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, false, true
		}
	}
	return time.Time{}, false, false
}

func writeMoment(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// readDay reads a day; exact is false if it was written in another way, such as with a time.
func readDay(s string) (d bangkom.Date, exact, ok bool) {
	s = strings.TrimSpace(s)
	if d, err := bangkom.ParseDate(s); err == nil {
		return d, d.String() == s, true
	}
	if t, _, ok := readMoment(s); ok {
		return bangkom.DateOf(t), false, true
	}
	return bangkom.Date{}, false, false
}

// natural orders codes as people do: "L1.2" before "L1.10". Digits compare by
// value, and texts that differ only in leading zeros by their bytes.
func natural(a, b string) int {
	for i, j := 0, 0; ; {
		if i == len(a) || j == len(b) {
			if d := (len(a) - i) - (len(b) - j); d != 0 {
				return d
			}
			return strings.Compare(a, b)
		}
		if digit(a[i]) && digit(b[j]) {
			x, y := run(a[i:]), run(b[j:])
			i, j = i+len(x), j+len(y)
			x, y = strings.TrimLeft(x, "0"), strings.TrimLeft(y, "0")
			if len(x) != len(y) {
				return len(x) - len(y)
			}
			if d := strings.Compare(x, y); d != 0 {
				return d
			}
			continue
		}
		if a[i] != b[j] {
			return int(a[i]) - int(b[j])
		}
		i, j = i+1, j+1
	}
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

func run(s string) string {
	n := 0
	for n < len(s) && digit(s[n]) {
		n++
	}
	return s[:n]
}

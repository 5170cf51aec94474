package competency

import (
	"strings"
	"unicode/utf8"

	"github.com/bangkom/bangkom/table"
)

// spelling is what two spellings of one name share: case, punctuation and
// blanks do not count, so that "Kerja Sama" and "Kerjasama" are one name.
func spelling(s string) string {
	b := make([]byte, 0, 64)
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= utf8.RuneSelf:
			return strings.ReplaceAll(table.Normalize(s), " ", "")
		case 'A' <= c && c <= 'Z':
			b = append(b, c|0x20)
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9':
			b = append(b, c)
		case c == '&':
			b = append(b, "dan"...)
		}
	}
	return string(b)
}

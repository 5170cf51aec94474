package competency

import "strings"

// spelling is what two spellings of one name share: case, punctuation and
// blanks do not count, so that "Kerja Sama" and "Kerjasama" are one name.
func spelling(s string) string {
	s = strings.ToLower(strings.ReplaceAll(s, "&", " dan "))
	return strings.Join(strings.Fields(s), "")
}

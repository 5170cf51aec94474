package competency

import (
	"strings"

	"github.com/bangkom/bangkom/table"
)

// spelling is what two spellings of one name share: case, punctuation and
// blanks do not count, so that "Kerja Sama" and "Kerjasama" are one name.
func spelling(s string) string {
	return strings.ReplaceAll(table.Normalize(s), " ", "")
}

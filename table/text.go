package table

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Normalize brings a header, or any name that people spell in several ways, to
// one form: lower case, "&" read as "dan", and everything that is neither
// letter nor digit a single blank. "BIAYA/TARIF" and " Biaya  tarif" are equal.
func Normalize(s string) string {
	var b strings.Builder
	gap := false
	word := func(w string) {
		if gap && b.Len() > 0 {
			b.WriteByte(' ')
		}
		gap = false
		b.WriteString(w)
	}
	for _, c := range s {
		switch {
		case c == '&':
			gap = true
			word("dan")
			gap = true
		case unicode.IsLetter(c), unicode.IsDigit(c), unicode.IsMark(c):
			word(string(unicode.ToLower(c)))
		case isInvisible(c):
		default:
			gap = true
		}
	}
	return b.String()
}

func isBlank(c rune) bool { return unicode.IsSpace(c) || isInvisible(c) }

// isInvisible: zero-width marks that text copied from web pages carries.
func isInvisible(c rune) bool {
	return c == '\ufeff' || c == '\u200b' || c == '\u200e' || c == '\u200f'
}

// trim removes surrounding blanks.
func trim(b []byte) []byte {
	for len(b) > 0 && b[0] <= ' ' && b[0] != 0 {
		b = b[1:]
	}
	for len(b) > 0 && b[len(b)-1] <= ' ' && b[len(b)-1] != 0 {
		b = b[:len(b)-1]
	}
	if len(b) > 0 && (b[0] >= utf8.RuneSelf || b[len(b)-1] >= utf8.RuneSelf) {
		return bytes.TrimFunc(b, isBlank)
	}
	return b
}

// clean trims a cell and takes off the marks that make Excel keep digits as text.
func clean(b []byte) []byte {
	b = trim(b)
	if isTextFormula(b) {
		return trim(b[2 : len(b)-1])
	}
	for _, mark := range []string{"'", "\u2019"} {
		// 'Aisyiyah is a name; '1990 is a number kept as text, '=x a formula made harmless.
		if rest, ok := bytes.CutPrefix(b, []byte(mark)); ok && len(rest) > 0 && strings.IndexByte("0123456789=+-@", rest[0]) >= 0 {
			return trim(rest)
		}
	}
	return b
}

// isTextFormula recognises ="123".
func isTextFormula(b []byte) bool {
	return len(b) >= 3 && b[0] == '=' && b[1] == '"' && b[len(b)-1] == '"' && bytes.IndexByte(b[2:len(b)-1], '"') < 0
}

// valid returns b as text, with \ufffd for what is not UTF-8 and for zero bytes.
func valid(b []byte) string {
	return strings.ReplaceAll(strings.ToValidUTF8(string(b), "\ufffd"), "\x00", "\ufffd")
}

// firstInvalid returns the first byte that is not UTF-8 and its place, counted
// in characters from 0; -1 if there is none.
func firstInvalid(b []byte) (bad byte, at int) {
	for len(b) > 0 {
		c, n := utf8.DecodeRune(b)
		if c == utf8.RuneError && n == 1 {
			return b[0], at
		}
		b = b[n:]
		at++
	}
	return 0, -1
}

// windows1252 returns the character of a byte from 0x80 in the code page of
// Western Windows, where most files that are not UTF-8 come from; 0 if it has none.
func windows1252(b byte) rune {
	if b >= 0xa0 {
		return rune(b) // as in Latin-1 and Unicode
	}
	return [...]rune{
		'€', 0, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0, 'Ž', 0,
		0, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0, 'ž', 'Ÿ',
	}[b&0x1f]
}

// maySpell is a cheap necessary condition for Normalize(b) == want.
func maySpell(b []byte, want string) bool {
	for _, c := range b {
		switch {
		case 'A' <= c && c <= 'Z':
			return c+'a'-'A' == want[0]
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9':
			return c == want[0]
		case c == '&', c >= utf8.RuneSelf:
			return true
		}
	}
	return false
}

// An interner gives equal short texts the same string, so that codes repeated
// through a file are allocated once. It forgets; its size is fixed.
type interner [1024]string

func (t *interner) get(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	if len(b) > 64 {
		return string(b)
	}
	h := uint32(2166136261) // FNV-1a
	for _, c := range b {
		h = (h ^ uint32(c)) * 16777619
	}
	slot := &t[(h^h>>16)%uint32(len(t))]
	if *slot != string(b) {
		*slot = string(b)
	}
	return *slot
}

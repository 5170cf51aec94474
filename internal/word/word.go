// Package word gives enumerations their words: one list serves String,
// MarshalText and UnmarshalText.
package word

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
)

// Words are the words of the constants of T, in their order. A constant whose
// word is empty is none that can be written or read.
type Words[T ~uint8] struct {
	kind  string
	words []string
}

// Of returns the words of an enumeration; kind is how an error calls it: "status of a plan".
func Of[T ~uint8](kind string, words ...string) Words[T] { return Words[T]{kind, words} }

// Has reports whether v has a word.
func (w Words[T]) Has(v T) bool { return int(v) < len(w.words) && w.words[v] != "" }

// String returns v's word, or the type's name with the number of a value
// outside the list: "Status(9)".
func (w Words[T]) String(v T) string {
	if w.Has(v) {
		return w.words[v]
	}
	name := fmt.Sprintf("%T", v)
	return fmt.Sprintf("%s(%d)", name[strings.LastIndexByte(name, '.')+1:], uint8(v))
}

// Marshal returns v's word, or an error of code "option".
func (w Words[T]) Marshal(v T) ([]byte, error) {
	if !w.Has(v) {
		return nil, w.unknown(w.String(v))
	}
	return []byte(w.words[v]), nil
}

// Unmarshal reads a word in any case, or returns an error of code "option".
func (w Words[T]) Unmarshal(text []byte, v *T) error {
	i := slices.IndexFunc(w.words, func(word string) bool { return word != "" && strings.EqualFold(word, string(text)) })
	if i < 0 {
		return w.unknown(string(text))
	}
	*v = T(i)
	return nil
}

func (w Words[T]) unknown(value string) error {
	known := slices.DeleteFunc(slices.Clone(w.words), func(word string) bool { return word == "" })
	p := bangkom.ErrOption
	p.Value, p.Msg, p.Need = value, "no such "+w.kind, "write one of "+strings.Join(known, ", ")
	return p
}

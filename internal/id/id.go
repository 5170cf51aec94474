// Package id makes identifiers. It is the only importer of google/uuid.
package id

import (
	"io"

	"github.com/google/uuid"
)

// namespace keeps our names apart from other users of version 5.
var namespace = uuid.NewSHA1(uuid.NameSpaceURL, []byte("https://github.com/bangkom/bangkom"))

// FromName returns the UUID (version 5) of a name: the same name gives the
// same identifier on every machine.
func FromName(name string) string { return uuid.NewSHA1(namespace, []byte(name)).String() }

// Random returns a random UUID (version 4) from the caller's source of bytes.
func Random(r io.Reader) (string, error) {
	u, err := uuid.NewRandomFromReader(r)
	return u.String(), err
}

// Valid reports whether s is a UUID in its canonical form.
func Valid(s string) bool {
	u, err := uuid.Parse(s)
	return err == nil && u.String() == s
}

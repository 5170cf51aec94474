package mentoring

import (
	"encoding/json"
	"fmt"
	"log/slog"
)

// A Note is what mentor and mentee keep to themselves. No verb of fmt, no log,
// no text form and no JSON shows it, not even from within other values; only
// [Note.Reveal] does. So a store does not keep it either: who is entitled to,
// stores what Reveal returns in a place of its own. The zero value is empty.
type Note struct {
	reveal func() string // a function, because no printer looks into one
}

const confidential = "[confidential]"

// NewNote makes a note of a text.
func NewNote(text string) Note {
	if text == "" {
		return Note{}
	}
	return Note{func() string { return text }}
}

// Reveal returns the text.
func (n Note) Reveal() string {
	if n.reveal == nil {
		return ""
	}
	return n.reveal()
}

// IsZero reports whether the note is empty.
func (n Note) IsZero() bool { return n.reveal == nil }

// String returns "[confidential]", or "" for an empty note.
func (n Note) String() string {
	if n.IsZero() {
		return ""
	}
	return confidential
}

// Format prints [Note.String] whatever the verb.
func (n Note) Format(s fmt.State, _ rune) { fmt.Fprint(s, n.String()) }

// LogValue logs [Note.String].
func (n Note) LogValue() slog.Value { return slog.StringValue(n.String()) }

// MarshalText writes nothing.
func (n Note) MarshalText() ([]byte, error) { return nil, nil }

// MarshalJSON writes null.
func (n Note) MarshalJSON() ([]byte, error) { return []byte("null"), nil }

// UnmarshalJSON reads a string, so that a form can hand a note in; null is empty.
func (n *Note) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return fmt.Errorf("mentoring: a note that is not a text") // the error must not show it
	}
	*n = NewNote(text)
	return nil
}

package competency

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// kindsInOrder is the order in which changes are counted.
var kindsInOrder = []ChangeKind{Added, Removed, RenameCandidate, Withdrawn, MeaningChanged, Edited, Moved, Relinked, LevelsChanged, Split, Merged}

// String counts the changes on one line.
func (c *Changes) String() string {
	parts := []string{fmt.Sprintf("%d kept", len(c.Kept))}
	for _, k := range kindsInOrder {
		if n := len(c.Of(k)); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, k))
		}
	}
	if n := len(c.Scales); n > 0 {
		parts = append(parts, fmt.Sprintf("%d scales changed", n))
	}
	if c.Unguessed {
		parts = append(parts, "too many titles to guess from")
	}
	return fmt.Sprintf("%s -> %s: %s", c.Old, c.New, strings.Join(parts, ", "))
}

// WriteText writes the changes for people: a line for each, and below it the
// fields that read otherwise; long texts are cut. "!" marks what may have
// changed its meaning.
func (c *Changes) WriteText(w io.Writer) error {
	b := bufio.NewWriter(w)
	fmt.Fprintln(b, c)
	writeFields(b, c.Framework)
	for _, s := range c.Scales {
		fmt.Fprintf(b, "scale %s -> %s: levels %s -> %s, %d competencies\n", s.Old, s.New, joined(s.OldLevels), joined(s.NewLevels), s.Competencies)
		writeFields(b, s.Fields)
	}
	for _, x := range c.List {
		fmt.Fprintf(b, "%s: %s", x.Kind, strings.Trim(joined(x.Old)+" -> "+joined(x.New), " ->"))
		switch {
		case x.Kind == RenameCandidate:
			fmt.Fprintf(b, " (likeness %.2f)", x.Score)
		case x.Kind == MeaningChanged && len(x.Fields) > 0:
			fmt.Fprintf(b, " (%.0f %% of the words stayed)", 100*x.Score)
		}
		fmt.Fprintln(b)
		writeFields(b, x.Fields)
	}
	return b.Flush()
}

func writeFields(b *bufio.Writer, fields []FieldChange) {
	for _, f := range fields {
		mark := " "
		if f.Meaning {
			mark = "!"
		}
		fmt.Fprintf(b, "  %s %s: %q -> %q\n", mark, f.Field, excerpt(f.Old), excerpt(f.New))
	}
}

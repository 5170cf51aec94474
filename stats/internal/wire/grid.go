package wire

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A Grid is a table of named rows of numbers for people: four significant
// digits, whole numbers in full, "–" for what is unknown.
type Grid struct{ rows [][]string }

// NewGrid starts a table with its columns.
func NewGrid(columns ...string) *Grid {
	return &Grid{rows: [][]string{append([]string{""}, columns...)}}
}

// Row adds a row.
func (g *Grid) Row(name string, xs ...float64) {
	row := []string{name}
	for _, x := range xs {
		row = append(row, Short(x))
	}
	g.rows = append(g.rows, row)
}

// Text adds a row of texts.
func (g *Grid) Text(cells ...string) { g.rows = append(g.rows, cells) }

// Write puts names to the left and the rest to the right.
func (g *Grid) Write(b *strings.Builder) {
	width := make([]int, len(g.rows[0]))
	for _, row := range g.rows {
		for i, c := range row {
			width[i] = max(width[i], utf8.RuneCountInString(c))
		}
	}
	for _, row := range g.rows {
		line := ""
		for i, c := range row {
			pad := strings.Repeat(" ", width[i]-utf8.RuneCountInString(c))
			switch {
			case i == 0:
				line = c + pad
			case width[0] == 0 && i == 1:
				line = pad + c
			default:
				line += "  " + pad + c
			}
		}
		fmt.Fprintln(b, strings.TrimRight(line, " "))
	}
}

// Short prints a number for people.
func Short(x float64) string {
	switch {
	case math.IsNaN(x):
		return "–"
	case x == math.Trunc(x) && math.Abs(x) < 1e9:
		return strconv.FormatFloat(x, 'f', 0, 64)
	case math.Abs(x) >= 0.001 && math.Abs(x) < 100:
		return strconv.FormatFloat(x, 'f', 4-digits(x), 64)
	}
	return strconv.FormatFloat(x, 'g', 4, 64)
}

// digits before the point, at least one.
func digits(x float64) int {
	if math.Abs(x) >= 10 {
		return 2
	}
	return 1
}

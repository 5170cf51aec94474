package main

import (
	"fmt"
	"strings"

	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/internal/text"
)

// match is a hit with what people call it.
type match struct {
	competency.Hit
	Code  string `json:"code,omitempty"`
	Title string `json:"title,omitempty"`
}

func runFrameworkSearch(args []string, std streams) int {
	f := newFrameworkFlags("search", "[-from FORMAT] [-n 10] [-json] FILE WORDS…", std)
	limit := f.Int("n", 10, "most `hits`; 0: all")
	words, end, ok := f.parse(args, std, "FILE", "WORDS…")
	if !ok {
		return end
	}
	d := f.open(words[0], std)
	x := d.framework.Index()
	var hits []match
	for _, h := range x.Search(strings.Join(words[1:], " "), max(0, *limit)) {
		m := match{Hit: h}
		if c, ok := x.Competency(h.ID); ok {
			m.Code, m.Title = c.Code, c.Title.In(f.lang)
		}
		hits = append(hits, m)
	}
	end = status(d.problems)
	if f.json {
		if err := printJSON(std.out, listed(hits)); err != nil {
			return 1
		}
		return end
	}
	printProblems(std.err, text.English, d.problems.Only(0))
	for _, m := range hits {
		name := m.Code
		if name == "" {
			name = string(m.ID)
		}
		fmt.Fprintf(std.out, "%.2f  %-5s  %s  %s\n", m.Score, m.Field, name, m.Title)
	}
	if len(hits) == 0 {
		fmt.Fprintln(std.err, "bangkom framework search: nothing found")
	}
	return end
}

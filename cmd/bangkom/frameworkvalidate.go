package main

import (
	"fmt"

	"github.com/bangkom/bangkom"
)

// verdict is what validate says of one file.
type verdict struct {
	File         string           `json:"file"`
	Format       string           `json:"format"`
	ID           string           `json:"framework"`
	Version      string           `json:"version,omitempty"`
	Competencies int              `json:"competencies"`
	Associations int              `json:"associations"`
	Scales       int              `json:"scales"`
	Positions    int              `json:"positions"`
	Problems     bangkom.Problems `json:"problems"`
}

func runFrameworkValidate(args []string, std streams) int {
	f := newFrameworkFlags("validate", "[-from FORMAT] [-json] [-few] FILE…", std)
	few := f.Bool("few", false, "print of each code the first only, with how many there are")
	files, end, ok := f.parse(args, std, "FILE…")
	if !ok {
		return end
	}
	var all []verdict
	for _, file := range files {
		d := f.open(file, std)
		x := d.framework
		all = append(all, verdict{file, d.format, string(x.ID), x.Version, len(x.Competencies), len(x.Associations), len(x.Scales), len(d.positions), listed(d.problems)})
		end = max(end, status(d.problems))
	}
	if f.json {
		if err := printJSON(std.out, all); err != nil {
			fmt.Fprintln(std.err, "bangkom framework:", err)
			return 1
		}
		return end
	}
	for _, v := range all {
		v.print(std, *few)
	}
	return end
}

func (v *verdict) print(std streams, few bool) {
	key := func(p bangkom.Problem) string { return p.Severity.String() + ": " + p.Code }
	count := map[string]int{}
	for _, p := range v.Problems {
		count[key(p)]++
	}
	for _, p := range v.Problems {
		switch n := count[key(p)]; {
		case !few:
			fmt.Fprintf(std.out, "%s: %s\n", key(p), p.Error())
		case n > 0:
			fmt.Fprintf(std.out, "%s × %d: %s\n", key(p), n, p.Error())
			count[key(p)] = 0
		}
	}
	fmt.Fprintf(std.out, "%s (%s): %d competencies, %d associations, %d scales, %d positions; %s\n", v.File, v.Format, v.Competencies, v.Associations, v.Scales, v.Positions, tallyOf(v.Problems))
}

package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
)

func runFrameworkDiff(args []string, std streams) int {
	f := newFrameworkFlags("diff", "[-from FORMAT] [-candidate 0.75] [-editorial 1] [-plan PLAN.json|.csv] [-json] OLD NEW", std)
	var opt competency.DiffOptions
	f.Float64Var(&opt.Candidate, "candidate", 0, "`likeness` of titles from which a removed and an added competency may be one (default 0.75; above 1: never)")
	f.Float64Var(&opt.Editorial, "editorial", 0, "`share` of words that must stay for a change to be an edit (default 1)")
	plan := f.String("plan", "", "`file` for a plan that carries people's results over, to be reviewed: .json or .csv")
	files, end, ok := f.parse(args, 2, 2, std)
	if !ok {
		return end
	}
	old, next := f.open(files[0], std), f.open(files[1], std)
	problems := append(old.problems.Only(bangkom.Error), next.problems.Only(bangkom.Error)...)
	changes := competency.Diff(old.framework, next.framework, &opt)
	if *plan != "" && problems.Err() == nil {
		m := competency.PlanMigration(old.framework, next.framework, &opt)
		if err := writePlan(*plan, m, old.framework, next.framework); err != nil {
			problems.Add(bangkom.Problem{Code: "not-written", Where: *plan, Msg: err.Error()})
		}
	}
	end = status(problems)
	if f.json {
		if err := printJSON(std.out, struct {
			*competency.Changes
			Problems bangkom.Problems `json:"problems"`
		}{changes, listed(problems)}); err != nil {
			return 1
		}
		return end
	}
	printProblems(std.err, problems)
	if err := changes.WriteText(std.out); err != nil {
		fmt.Fprintln(std.err, "bangkom framework diff:", err)
		return 1
	}
	return end
}

func writePlan(file string, m *competency.Migration, old, next *competency.Framework) error {
	return writeFile(file, func(w io.Writer) error {
		if strings.HasSuffix(file, ".csv") {
			return m.WriteCSV(w, old, next)
		}
		return printJSON(w, m)
	})
}

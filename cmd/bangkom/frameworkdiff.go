package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/internal/text"
)

func runFrameworkDiff(args []string, std streams) int {
	f := newFrameworkFlags("diff", `[-from FORMAT] [-candidate 0.75] [-editorial 1] [-crosswalk FILE.json|.csv] [-plan PLAN.json|.csv [-force]] [-json] OLD NEW

Of each competency of OLD says what became of it in NEW. A split is found where OLD's competency is kept
in NEW with valid_until and a replacedBy association to each part, or where -crosswalk says so. As a table,
associations and crosswalks have the columns Dari, Hubungan, Ke: ANA,replacedBy,ANA-D.`, std)
	var opt competency.DiffOptions
	f.Float64Var(&opt.Candidate, "candidate", 0, "`likeness` of titles from which a removed and an added competency may be one (default 0.75; above 1: never)")
	f.Float64Var(&opt.Editorial, "editorial", 0, "`share` of words that must stay for a change to be an edit (default 1)")
	plan := f.String("plan", "", "`file` for a plan that carries people's results over, to be reviewed: .json, .csv, or - for JSON in place of the changes")
	force := f.Bool("force", false, "write -plan over a file that is there, with the decisions in it")
	walk := f.String("crosswalk", "", "`file` of links from OLD to NEW, as JSON or as a table: its replacedBy and exactMatchOf count as if NEW said them")
	files, end, ok := f.parse(args, std, "OLD", "NEW")
	if !ok {
		return end
	}
	if ext := filepath.Ext(*plan); *plan != "" && *plan != "-" && ext != ".csv" && ext != ".json" || *plan == "-" && f.json {
		fmt.Fprintf(std.err, "bangkom framework diff: -plan %s: a plan is a file .json or .csv, or - without -json\n", *plan)
		return 2
	}
	old, next := f.open(files[0], std), f.open(files[1], std)
	problems := append(old.problems.Only(bangkom.Error), next.problems.Only(bangkom.Error)...)
	if *walk != "" {
		var found bangkom.Problems
		opt.Crosswalk, found = readCrosswalk(*walk, old.framework, next.framework)
		if problems = append(problems, found.Only(bangkom.Error)...); found.Err() == nil {
			found = opt.Crosswalk.Validate(old.framework, next.framework)
			problems = append(problems, append(found.Only(bangkom.Error), found.Only(bangkom.Warning)...)...)
		}
	}
	changes := competency.Diff(old.framework, next.framework, &opt)
	if *plan != "" {
		err := savePlan(*plan, *force, problems, old.framework, next.framework, &opt, std)
		problems = append(problems, bangkom.AsProblems(err, "not-written")...)
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
	printProblems(std.err, text.English, problems)
	if *plan == "-" {
		return end
	}
	if err := changes.WriteText(std.out); err != nil {
		fmt.Fprintln(std.err, "bangkom framework diff:", err)
		return 1
	}
	return end
}

// readCrosswalk reads links as JSON, or as a table, which is of these two editions.
func readCrosswalk(file string, old, next *competency.Framework) (*competency.Crosswalk, bangkom.Problems) {
	x := &competency.Crosswalk{From: competency.Edition{Framework: old.ID, Version: old.Version}, To: competency.Edition{Framework: next.ID, Version: next.Version}}
	if filepath.Ext(file) != ".csv" {
		x = &competency.Crosswalk{}
		if err := readJSON(file, x); err != nil {
			return x, bangkom.Problems{{Code: "not-a-crosswalk", Where: file, Msg: err.Error(), Need: `write {"from": …, "to": …, "links": [{"type": "replacedBy", "from": …, "to": {"id": …}}]}`}}
		}
		return x, nil
	}
	in, err := os.Open(file)
	if err != nil {
		return x, bangkom.Problems{{Code: "unreadable-file", Where: file, Msg: err.Error()}}
	}
	defer in.Close()
	var ps bangkom.Problems
	x.Links, ps = competency.ReadAssociations(in, file)
	return x, ps
}

// savePlan makes a plan and writes it, or says why not. People write their
// decisions into a plan: one that is there is not written over unasked.
func savePlan(file string, force bool, problems bangkom.Problems, old, next *competency.Framework, opt *competency.DiffOptions, std streams) error {
	no := func(code, msg, need string) error {
		return bangkom.Problem{Code: code, Where: file, Msg: "the plan was not written: " + msg, Need: need}
	}
	if problems.Err() != nil {
		return no("not-written", "what it would be made of has errors", "mend these first")
	}
	m := competency.PlanMigration(old, next, opt)
	write := func(w io.Writer) error {
		if filepath.Ext(file) == ".csv" {
			return m.WriteCSV(w, old, next)
		}
		return printJSON(w, m)
	}
	if file == "-" {
		return write(std.out)
	}
	if _, err := os.Stat(file); err == nil && !force {
		return no("file-exists", "the file is there, and may hold decisions", "name another file, or say -force")
	}
	if err := writeFile(file, write); err != nil {
		return no("not-written", err.Error(), "")
	}
	return nil
}

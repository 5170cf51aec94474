package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/asn"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/table"
)

const explainArgs = `[-framework FILE] -ratings FILE -as-of DAY[,DAY…] [-rule FILE.json] [-json] PERSON COMPETENCY

Says which evidence counts, which not and why, as of each day. Without -framework the nine competencies
of the rules for civil servants; without -rule the newest rating, valid for -valid-for years.`

func runFrameworkExplain(args []string, std streams) int {
	f := newFrameworkFlags("explain", explainArgs, std)
	framework := f.String("framework", "", "`file` of the framework")
	ratings := f.String("ratings", "", "`file` of ratings, a row each: NIP, Kompetensi, Level, Tanggal, …")
	ruleFile := f.String("rule", "", "`file` of the rule, as JSON")
	validFor := f.Int("valid-for", 0, "`years` that evidence counts, without -rule; 0: for ever")
	var known bangkom.Date
	f.TextVar(&known, "known-at", bangkom.Date{}, "use what had been recorded by this `day` (default: the day as of which is asked)")
	var days []bangkom.Date
	f.Func("as-of", "`days`, parted by commas", func(s string) error {
		for part := range strings.SplitSeq(s, ",") {
			d, err := bangkom.ParseDate(strings.TrimSpace(part))
			if err != nil {
				return err
			}
			days = append(days, d)
		}
		return nil
	})
	words, end, ok := f.parse(args, 2, 2, std)
	if !ok {
		return end
	}
	if *ratings == "" || len(days) == 0 {
		fmt.Fprintln(std.err, "bangkom framework explain: -ratings and -as-of are needed")
		return 2
	}
	rule := competency.Rule{ID: "latest", ValidFor: *validFor}
	var problems bangkom.Problems
	if *ruleFile != "" {
		rule, problems = readRule(*ruleFile)
	}
	if !known.IsZero() {
		rule.KnownAt = known
	}
	d := document{framework: asn.On(slices.MaxFunc(days, bangkom.Date.Compare)).Framework()}
	if *framework != "" {
		d = f.open(*framework, std)
	}
	problems = append(problems, d.problems.Only(bangkom.Error)...)
	var xs []competency.Explanation
	if problems.Err() == nil { // a rule or framework that was not read whole explains nothing
		var more bangkom.Problems
		xs, more = explain(d.framework, *ratings, words[0], words[1], days, rule, std)
		problems = append(problems, more...)
	}
	for _, x := range xs {
		end = max(end, status(x.Problems))
	}
	end = max(end, status(problems))
	if f.json {
		if err := printJSON(std.out, struct {
			Explanations []competency.Explanation `json:"explanations"`
			Problems     bangkom.Problems         `json:"problems"`
		}{listed(xs), listed(problems)}); err != nil {
			return 1
		}
		return end
	}
	printProblems(std.err, problems)
	for _, x := range xs {
		fmt.Fprint(std.out, x)
		for _, p := range x.Problems {
			fmt.Fprintf(std.out, "  %s: %s\n", p.Severity, p.Error())
		}
	}
	return end
}

func readRule(file string) (competency.Rule, bangkom.Problems) {
	var rule competency.Rule
	data, err := os.ReadFile(file)
	if err == nil {
		d := json.NewDecoder(bytes.NewReader(data))
		d.DisallowUnknownFields() // a word that is misspelt must not be a rule that is not applied
		err = d.Decode(&rule)
	}
	if err != nil {
		return rule, bangkom.Problems{{Code: "not-a-rule", Where: file, Msg: err.Error(), Need: `write {"id": …, "aggregation": "latest", …}`}}
	}
	return rule, nil
}

// explain reads the ratings of everybody in the file and explains one cell as of each day.
func explain(f *competency.Framework, file, person, name string, days []bangkom.Date, rule competency.Rule, std streams) ([]competency.Explanation, bangkom.Problems) {
	c, err := f.Resolve(name)
	if err != nil {
		return nil, bangkom.AsProblems(err, "unknown-competency")
	}
	data, err := readAll(file, std)
	if err != nil {
		return nil, bangkom.Problems{{Code: "unreadable-file", Where: file, Msg: err.Error()}}
	}
	people := named(data, file)
	if !slices.ContainsFunc(people, func(p competency.Person) bool { return string(p.ID) == person }) {
		people = append(people, competency.Person{ID: competency.PersonID(person)})
	}
	w, _ := competency.NewWorkforce(f, nil, nil, people)
	all, problems := competency.ReadRatings(bytes.NewReader(data), file, w)
	mine := slices.DeleteFunc(all, func(r competency.Rating) bool { return string(r.Person) != person })
	var out []competency.Explanation
	for _, day := range days {
		p, more := competency.Assess(w, mine, day, rule)
		if more.Err() != nil {
			return out, append(problems, more.Only(bangkom.Error)...)
		}
		out = append(out, p.Explain(mine, competency.PersonID(person), c))
	}
	return out, problems
}

func readAll(file string, std streams) ([]byte, error) {
	if file == "-" {
		return io.ReadAll(std.in)
	}
	return os.ReadFile(file)
}

// named lists the people that a file of ratings speaks of: here everybody in it is known.
func named(data []byte, file string) []competency.Person {
	rows := table.Read(bytes.NewReader(data), file, table.Schema{
		{Key: "person", Names: []string{"NIP", "NIP Baru", "ID Pegawai", "Person ID"}, Private: true},
		{Key: "competency", Names: []string{"Kompetensi", "Kode Kompetensi"}},
		{Key: "level", Names: []string{"Level", "Capaian", "Attained Level"}},
	}, nil)
	seen := map[string]bool{}
	var out []competency.Person
	for row := range rows.Rows() {
		if id := row.Text("person"); id != "" && !seen[id] {
			seen[id] = true
			out = append(out, competency.Person{ID: competency.PersonID(id)})
		}
	}
	return out
}

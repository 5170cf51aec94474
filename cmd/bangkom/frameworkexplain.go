package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // zones also where the system has none

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/asn"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/competency/xapi"
	"github.com/bangkom/bangkom/internal/text"
	"github.com/bangkom/bangkom/table"
)

const explainArgs = `[-framework FILE] [-ratings FILE] [-xapi FILE -activities FILE.json] -as-of DAY[,DAY…]
                                 [-rule FILE.json] [-known-at DAY] [-people FILE -positions FILE -standards FILE]
                                 [-json] PERSON COMPETENCY

Says which evidence counts, which not and why, as of each day; with people and what their jobs ask for, also
what is short. Without -framework the nine competencies
of the rules for civil servants; without -rule the newest rating, valid for -valid-for years (default 0: for ever).`

func runFrameworkExplain(args []string, std streams) int {
	f := newFrameworkFlags("explain", explainArgs, std)
	framework := f.String("framework", "", "`file` of the framework")
	ratings := f.String("ratings", "", "`file` of ratings, a row each: NIP, Kompetensi, Level, Tanggal, …")
	log := f.String("xapi", "", "`file` of statements of a learning system, beside the ratings or in their place")
	activities := f.String("activities", "", "`file` that says what activities show: {\"activity\": [{\"competency\": …, \"level\": 2, \"by\": \"success\"}]}")
	var jobs jobFiles
	f.StringVar(&jobs.people, "people", "", "`file` of people, a row each: NIP, Kode Jabatan, Jabatan Target, …")
	f.StringVar(&jobs.positions, "positions", "", "`file` of positions: Kode Jabatan, Nama Jabatan (default: those of a framework that has roles)")
	f.StringVar(&jobs.standards, "standards", "", "`file` of what positions ask for: Kode Jabatan, Kompetensi, Level, Bobot, …")
	zone := f.String("zone", "", "`zone` whose days -xapi is read in, such as Asia/Jakarta (default: each statement's own offset from UTC)")
	ruleFile := f.String("rule", "", "`file` of the rule, as JSON")
	validFor := f.Int("valid-for", 0, "`years` that evidence counts, without -rule (default 0: for ever)")
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
	words, end, ok := f.parse(args, std, "PERSON", "COMPETENCY")
	if !ok {
		return end
	}
	if *ratings == "" && *log == "" || (*log == "") != (*activities == "") || len(days) == 0 {
		fmt.Fprintln(std.err, "bangkom framework explain: -as-of is needed, and -ratings, or -xapi with -activities")
		return 2
	}
	if jobs.people == "" && jobs != (jobFiles{}) {
		fmt.Fprintln(std.err, "bangkom framework explain: -positions and -standards say nothing without -people")
		return 2
	}
	in, err := zoneOf(*zone)
	if err != nil {
		fmt.Fprintln(std.err, "bangkom framework explain: -zone:", err)
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
	var short []jobGap
	if problems.Err() == nil { // a rule or framework that was not read whole explains nothing
		var more bangkom.Problems
		xs, short, more = explain(d, jobs, evidenceFiles{*ratings, *log, *activities, in}, words[0], words[1], days, rule, std)
		problems = append(problems, more...)
	}
	for _, x := range xs {
		end = max(end, status(x.Problems))
	}
	end = max(end, status(problems))
	if f.json {
		if err := printJSON(std.out, struct {
			Explanations []competency.Explanation `json:"explanations"`
			Gaps         []jobGap                 `json:"gaps,omitempty"`
			Problems     bangkom.Problems         `json:"problems"`
		}{listed(xs), short, listed(problems)}); err != nil {
			return 1
		}
		return end
	}
	printProblems(std.err, text.English, problems)
	for _, x := range xs {
		fmt.Fprint(std.out, x)
		for _, g := range short {
			if g.AsOf == x.AsOf {
				fmt.Fprintf(std.out, "  %s\n", g)
			}
		}
		for _, p := range x.Problems {
			fmt.Fprintf(std.out, "  %s: %s\n", p.Severity, p.Error())
		}
	}
	return end
}

func readRule(file string) (competency.Rule, bangkom.Problems) {
	var rule competency.Rule
	if err := readJSON(file, &rule); err != nil {
		return rule, bangkom.Problems{{Code: "not-a-rule", Where: file, Msg: err.Error(), Need: `write {"id": …, "aggregation": "latest", …}`}}
	}
	return rule, nil
}

// readJSON refuses fields that it does not know: a word that is misspelt must
// not be a rule that is not applied.
func readJSON(file string, into any) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if d.More() {
		return errors.New("more than one value")
	}
	return nil
}

// evidenceFiles are where evidence comes from; empty: not from there.
type evidenceFiles struct {
	ratings, log, activities string
	zone                     *time.Location // nil: of each statement
}

func zoneOf(name string) (*time.Location, error) {
	if name == "" {
		return nil, nil
	}
	return time.LoadLocation(name)
}

// read gathers the evidence on one person. The people of a file of ratings are
// all known here: whoever is in it.
func (e evidenceFiles) read(f *competency.Framework, person competency.Person, positions []competency.Position, std streams) (*competency.Workforce, []competency.Rating, bangkom.Problems) {
	people := []competency.Person{person}
	var data []byte
	var err error
	if e.ratings != "" {
		if data, err = readAll(e.ratings, std); err != nil {
			return nil, nil, bangkom.Problems{{Code: "unreadable-file", Where: e.ratings, Msg: err.Error()}}
		}
		people = append(people, named(data, e.ratings, person.ID)...)
	}
	w, problems := competency.NewWorkforce(f, positions, nil, people)
	var all []competency.Rating
	if e.ratings != "" {
		var more bangkom.Problems
		all, more = competency.ReadRatings(bytes.NewReader(data), e.ratings, w)
		problems = append(problems, more...)
	}
	if e.log != "" {
		shown, more, ok := e.statements(f, std)
		if !ok {
			return nil, nil, more
		}
		all, problems = append(all, shown...), append(problems, more...)
	}
	return w, slices.DeleteFunc(all, func(r competency.Rating) bool { return r.Person != person.ID }), problems
}

// statements reads the log; what activities show is said in names of the
// framework. It is false if nothing was read: that is not the same as no evidence.
func (e evidenceFiles) statements(f *competency.Framework, std streams) ([]competency.Rating, bangkom.Problems, bool) {
	o := xapi.Options{Location: e.zone}
	if err := readJSON(e.activities, &o.Activities); err != nil {
		return nil, bangkom.Problems{{Code: "not-a-map", Where: e.activities, Msg: err.Error(), Need: `write {"activity": [{"competency": …, "level": 2, "by": "success"}]}`}}, false
	}
	x := f.Index()
	var wrong bangkom.Problems
	for _, activity := range slices.Sorted(maps.Keys(o.Activities)) {
		claims := o.Activities[activity]
		for i := range claims {
			at := fmt.Sprintf("%s: %s[%d]", e.activities, activity, i)
			id, err := x.Resolve(string(claims[i].Competency))
			for _, p := range bangkom.AsProblems(err, "unknown-competency") {
				p.Where = at + "/competency"
				wrong.Add(p)
			}
			claims[i].Competency = id
			if s, ok := f.ScaleOf(id); ok && !slices.ContainsFunc(s.Levels, func(d competency.Descriptor) bool { return d.Level == claims[i].Level }) {
				wrong.Add(bangkom.Problem{Code: "level-off-scale", Where: at + "/level", Value: fmt.Sprint(claims[i].Level), Msg: "the scale of the competency has no such level", Need: "correct it"})
			}
		}
	}
	if wrong.Err() != nil {
		return nil, wrong, false
	}
	r := std.in
	if e.log != "-" {
		file, err := os.Open(e.log)
		if err != nil {
			return nil, bangkom.Problems{{Code: "unreadable-file", Where: e.log, Msg: errors.Unwrap(err).Error()}}, false
		}
		defer file.Close()
		r = file
	}
	ratings, problems := xapi.Read(r, e.log, &o)
	return ratings, spoken(problems), true
}

// explain explains one cell as of each day, and what jobs ask for there.
func explain(d document, jobs jobFiles, files evidenceFiles, person, name string, days []bangkom.Date, rule competency.Rule, std streams) ([]competency.Explanation, []jobGap, bangkom.Problems) {
	c, err := d.framework.Resolve(name)
	if err != nil {
		return nil, nil, bangkom.AsProblems(err, "unknown-competency")
	}
	one, positions, problems := jobs.person(d, competency.PersonID(person))
	if problems.Err() != nil {
		return nil, nil, problems
	}
	w, mine, more := files.read(d.framework, one, positions, std)
	problems = append(problems, more...)
	if w == nil {
		return nil, nil, problems
	}
	if len(mine) == 0 && problems.Err() == nil {
		problems.Add(bangkom.Problem{Code: "no-evidence", Severity: bangkom.Warning, Value: string(one.ID), Msg: "no evidence names this person", Need: "check the id"})
	}
	var out []competency.Explanation
	var short []jobGap
	for _, day := range days {
		p, more := competency.Assess(w, mine, day, rule)
		if more.Err() != nil {
			return out, short, append(problems, more.Only(bangkom.Error)...)
		}
		out = append(out, p.Explain(mine, one.ID, c))
		short = append(short, gaps(p, w, one.ID, c, day)...)
	}
	return out, short, problems
}

func readAll(file string, std streams) ([]byte, error) {
	if file == "-" {
		return io.ReadAll(std.in)
	}
	return os.ReadFile(file)
}

// named lists the people that a file of ratings speaks of, but for one.
func named(data []byte, file string, but competency.PersonID) []competency.Person {
	rows := table.Read(bytes.NewReader(data), file, table.Schema{
		{Key: "person", Names: []string{"NIP", "NIP Baru", "ID Pegawai", "Person ID"}, Private: true},
		{Key: "competency", Names: []string{"Kompetensi", "Kode Kompetensi"}},
		{Key: "level", Names: []string{"Level", "Capaian", "Attained Level"}},
	}, nil)
	seen := map[string]bool{string(but): true}
	var out []competency.Person
	for row := range rows.Rows() {
		if id := row.Text("person"); id != "" && !seen[id] {
			seen[id] = true
			out = append(out, competency.Person{ID: competency.PersonID(id)})
		}
	}
	return out
}

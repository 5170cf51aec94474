package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/text"
	"github.com/bangkom/bangkom/program"
)

const planUsage = `usage: bangkom plan -problem FILE.json[.gz] [flags]
       bangkom plan -people people.csv -units units.csv -positions positions.csv -standards standards.csv
                    [-competencies competencies.csv] -ratings ratings.csv -offerings offerings.csv -gains gains.csv
                    -sessions sessions.csv [-partners partners.csv] [-settled settled.csv] [-budget budgets.csv]
                    -year 2027 [flags]

Plans who attends what, under every limit, with a bound on what any plan could be worth.
Progress (objective, bound, gap) goes to stderr, the plan to stdout. Exit status: 0 a plan,
1 errors in the input or no plan, 2 wrong usage.

Money is planned at list prices, and the bound is on plans that fit the budget at them; a discount
that a partner gives for volume is taken off afterwards, so that less may be paid than was planned.

settled.csv is what is decided already, a row each (docs/plan.md has every file's columns):
  Keputusan  means                                        in column
  sudah      attended before                              Kode
  wajib      to attend the offering, in any session       Kode
  tidak      not to attend the session, or any of the     Kode Sesi, or
             offering                                     Kode
  tetap      the seat in the session is kept              Kode Sesi
  jp         learning hours credited already this year    JP

-curve RULE[=V1,V2,…] plans at several values of a limit. Rules: budget, unit-budget UNIT,
resource NAME (of a -problem), seats SESSION, hours (JP more for everybody), coverage (share of each unit).
Without values: 50 to 150 per cent of the limit.

flags:
`

// planFlags are what the command is asked for.
type planFlags struct {
	csv csvFlags

	problem, out, from, check, write, curve, lang string
	language                                      text.Lang // that lang names
	why                                           []string
	rule                                          program.Rule // of -curve
	at                                            []float64
	json, prices, verify, seats                   bool
	top                                           int
	opt                                           program.Options

	sessions []program.Session // of the files
}

func (f *planFlags) parse(args []string, std streams) (ok bool, status int) {
	fs := flag.NewFlagSet("plan", flag.ContinueOnError)
	fs.SetOutput(std.err)
	fs.Usage = func() {} // only where it is asked for: a long help hides what was wrong
	fs.StringVar(&f.problem, "problem", "", "problem `file` in numbers, JSON or JSON.gz")
	fs.Func("limit", "limit in `time`, such as 90s or 5m; the result depends on the machine (default 60s without -work)", func(s string) (err error) {
		if f.opt.Limit, err = time.ParseDuration(s); err != nil {
			return errors.New("not a time with its unit, such as 90s or 5m")
		}
		return nil
	})
	fs.Int64Var(&f.opt.Work, "work", 0, "limit in plans of single persons computed: the same result on every machine (0: none)")
	fs.Uint64Var(&f.opt.Seed, "seed", 1, "of all random choices")
	fs.IntVar(&f.opt.Workers, "workers", 0, "goroutines (0: all cores); does not change the result")
	fs.StringVar(&f.from, "from", "", "plan to start from: a `file` that -out wrote")
	fs.StringVar(&f.check, "check", "", "check the plan of a `file` that -out wrote, instead of planning: rules, objective, bound, status")
	fs.Float64Var(&f.opt.Moves, "moves", 0, "with -from: price of each seat that is taken away")
	fs.StringVar(&f.out, "out", "", "`file` for the plan: a solution in numbers with -problem, else the plan as JSON")
	fs.StringVar(&f.write, "write", "", "`file` for the problem in numbers, for an outside solver: .json, or .mps (free MPS)")
	fs.Func("why", "explain a `PERSON or SESSION`; may be repeated", func(s string) error {
		f.why = append(f.why, s)
		return nil
	})
	fs.StringVar(&f.curve, "curve", "", "plan at several values of a limit: `RULE[=V1,V2,…]`")
	fs.BoolVar(&f.prices, "prices", false, "what one more rupiah, seat, room or hour is worth at the margin")
	fs.BoolVar(&f.seats, "seats", false, "print who sits in each session")
	fs.BoolVar(&f.verify, "verify", false, "recompute the bound from the certificate; exit status 1 if the plan states another")
	fs.BoolVar(&f.json, "json", false, "print JSON")
	fs.StringVar(&f.lang, "lang", "id", "language of the text, problems too: id or en")
	fs.IntVar(&f.top, "top", 20, "sessions and prices to print; 0: all")
	common := map[string]bool{}
	fs.VisitAll(func(g *flag.Flag) { common[g.Name] = true })
	f.csv.define(fs)
	err := fs.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(std.err, planUsage)
		fs.PrintDefaults()
		return false, 0
	case err != nil:
		fmt.Fprintln(std.err, "bangkom plan: see -h")
		return false, 2
	}
	if f.language, err = text.Parse(f.lang); err != nil {
		fmt.Fprintln(std.err, "bangkom plan:", err)
		return false, 2
	}
	stray := ""
	if err := f.absurd(fs).Err(); err != nil {
		printError(std.err, f.language, "bangkom plan:", err)
		return false, 2
	}
	fs.Visit(func(g *flag.Flag) {
		switch {
		case f.problem != "" && !common[g.Name]:
			stray = cmp.Or(stray, g.Name)
		case g.Name == "missing-hour" && f.csv.policy.MissingHour == 0:
			f.csv.policy.MissingHour = -1 // of the policy 0 is the default, and below 0 free
		}
	})
	if stray != "" && f.csv.offerings == "" {
		fmt.Fprintf(std.err, "bangkom plan: -%s goes with the files of an agency: a -problem says this itself\n", stray)
		return false, 2
	}
	if f.curve != "" {
		if f.rule, f.at, err = parseCurve(f.curve); err != nil {
			printError(std.err, f.language, "bangkom plan:", err)
			return false, 2
		}
	}
	if f.opt.Moves != 0 && f.from == "" {
		fmt.Fprintln(std.err, "bangkom plan: -moves is a price of what -from has: give -from too")
		return false, 2
	}
	if f.csv.policy.Uncovered != 0 && f.csv.policy.Coverage == 0 && f.rule.Kind != "coverage" {
		fmt.Fprintln(std.err, "bangkom plan: -uncovered is a price of what -coverage asks for: give -coverage too")
		return false, 2
	}
	if f.write != "" && !slices.Contains([]string{".json", ".mps"}, filepath.Ext(f.write)) {
		fmt.Fprintln(std.err, "bangkom plan: -write makes a .json or a .mps file")
		return false, 2
	}
	if fs.NArg() > 0 || (f.problem == "") == (f.csv.offerings == "") {
		fmt.Fprintln(std.err, "bangkom plan: give either -problem or the files of an agency, -offerings among them; see -h")
		return false, 2
	}
	if f.opt.Limit == 0 && f.opt.Work == 0 {
		f.opt.Limit = 60e9
	}
	return true, 0
}

// absurd names the values that no plan can be made with, or that would count as
// something else than they say.
func (f *planFlags) absurd(fs *flag.FlagSet) (ps bangkom.Problems) {
	given := map[string]bool{}
	fs.Visit(func(g *flag.Flag) { given[g.Name] = true })
	check := func(name string, value any, ok bool, msg, need string) {
		if given[name] && !ok {
			ps.Add(bangkom.Problem{Code: "option", Where: "-" + name, Value: fmt.Sprint(value), Msg: msg, Need: need})
		}
	}
	some := func(x float64) bool { return x > 0 && x <= 1 }
	price := func(x float64) bool { return x >= 0 && x <= 1e6 }
	p := f.csv.policy
	check("limit", f.opt.Limit, f.opt.Limit > 0, "not a time above 0", "such as 90s or 5m")
	check("work", f.opt.Work, f.opt.Work >= 0, "a negative number", "0 is no limit")
	check("workers", f.opt.Workers, f.opt.Workers >= 0, "a negative number", "0 is all cores")
	check("top", f.top, f.top >= 0, "a negative number", "0 is all")
	check("moves", f.opt.Moves, price(f.opt.Moves), "not a price from 0 to a million", "")
	check("coverage", p.Coverage, p.Coverage == 0 || some(p.Coverage), "not a share from 0 to 1", "")
	check("uncovered", p.Uncovered, p.Uncovered > 0 && (price(p.Uncovered) || math.IsInf(p.Uncovered, 1)), "not a price above 0, up to a million", "a price, or hard")
	check("away", p.Away, some(p.Away), "not a share above 0, up to 1", "without -away any number may be away at once")
	check("again", p.Again, some(p.Again), "not a share above 0, up to 1", "1 counts all that is closed")
	check("missing-hour", p.MissingHour, price(p.MissingHour) || math.IsInf(p.MissingHour, 1), "not a price from 0 to a million", "0, a price, or hard")
	check("caution", p.Caution, price(p.Caution), "not a number from 0 to a million", "")
	check("money", p.Money, price(p.Money), "not a price from 0 to a million", "")
	return ps
}

// planResult is what -json prints.
type planResult struct {
	Plan     *program.Plan           `json:"plan"`
	Prices   []program.Price         `json:"prices,omitempty"`
	People   []program.PersonReason  `json:"people,omitempty"`
	Sessions []program.SessionReason `json:"sessions,omitempty"`
	Rule     *program.Rule           `json:"rule,omitempty"`
	Curve    []program.Point         `json:"curve,omitempty"`
	Conflict *program.Conflict       `json:"conflict,omitempty"`
	Changes  []program.Change        `json:"changes,omitempty"`
	Problems bangkom.Problems        `json:"problems,omitempty"`

	from    *program.Plan // what -from named
	checked bool          // by -verify or -check
	failed  error         // a question about the plan that has no answer
}

// runPlan is the command.
func runPlan(ctx context.Context, args []string, std streams) int {
	if os.Getenv("GOGC") == "" { // a tree of small nodes, and writing it: here memory is worth more than a little time
		defer debug.SetGCPercent(debug.SetGCPercent(20))
	}
	var f planFlags
	if ok, status := f.parse(args, std); !ok {
		return status
	}
	r := planResult{}
	err := f.run(ctx, std, &r)
	printByCode(std.err, f.language, r.Problems)
	switch {
	case errors.Is(err, errNothing): // the problems say why
		if f.json {
			_ = json.NewEncoder(std.out).Encode(r)
		} else {
			fmt.Fprintln(std.out, f.language.T("plan.refused", f.csv.policy.Year, f.language.Int(len(r.Problems.Only(bangkom.Error)))))
		}
		return 1
	case err != nil:
		printError(std.err, f.language, "bangkom plan:", err)
		if errors.Is(err, errUsage) {
			return 2
		}
		return 1
	}
	if err := f.print(std.out, r); err != nil {
		fmt.Fprintln(std.err, "bangkom plan:", err)
		return 1
	}
	if r.failed != nil {
		printError(std.err, f.language, "bangkom plan:", r.failed)
		return 1
	}
	if r.Plan.Status == program.NoPlan || r.Plan.Status == program.Infeasible || r.Problems.Err() != nil {
		return 1
	}
	return 0
}

// printByCode prints errors, then warnings, the first few of each code, and
// says how many more there are, and how many notes: -json has all.
func printByCode(w io.Writer, l text.Lang, ps bangkom.Problems) {
	for _, severity := range []bangkom.Severity{bangkom.Error, bangkom.Warning} {
		few := 10
		if severity == bangkom.Warning {
			few = 2
		}
		seen, order := map[string]int{}, []string{}
		for _, p := range ps.Only(severity) {
			if seen[p.Code]++; seen[p.Code] == 1 {
				order = append(order, p.Code)
			}
			if seen[p.Code] <= few {
				fmt.Fprintf(w, "%s: %s: %s\n", l.T("problem."+severity.String()), p.Code, l.Problem(p).Error())
			}
		}
		for _, code := range order {
			if more := seen[code] - few; more > 0 {
				fmt.Fprintln(w, l.T("problem.code", l.T("problem."+severity.String()), code, l.Int(more)))
			}
		}
	}
	if n := len(ps.Only(bangkom.Note)); n > 0 {
		fmt.Fprintln(w, l.T("problem.notes", l.Int(n)))
	}
}

// printProblems prints every error, and of the rest the first few, warnings
// before notes: -json has all.
func printProblems(w io.Writer, l text.Lang, ps bangkom.Problems) {
	const few = 10
	more := 0
	for _, severity := range []bangkom.Severity{bangkom.Error, bangkom.Warning, bangkom.Note} {
		for _, p := range ps.Only(severity) {
			if severity != bangkom.Error {
				if more++; more > few {
					continue
				}
			}
			fmt.Fprintf(w, "%s: %s: %s\n", l.T("problem."+p.Severity.String()), p.Code, l.Problem(p).Error())
		}
	}
	if more > few {
		fmt.Fprintln(w, l.T("problem.more", l.Int(more-few)))
	}
}

// printError prints why a command failed, a line for each problem.
func printError(w io.Writer, l text.Lang, command string, err error) {
	for _, p := range bangkom.AsProblems(err, "error") {
		fmt.Fprintln(w, command, l.Problem(p).Error())
	}
}

// run reads, solves and answers.
func (f *planFlags) run(ctx context.Context, std streams, r *planResult) error {
	for _, name := range []string{f.write, f.out} {
		if err := folderOf(name); err != nil { // "" is here
			return err
		}
	}
	in, model, problems, err := f.read(std)
	if r.Problems = problems; err != nil {
		return err
	}
	if err := f.questions(in); err != nil {
		return err
	}
	if f.write != "" {
		write := in.Write
		if strings.HasSuffix(f.write, ".mps") {
			write = in.WriteMPS
		}
		if err := writeFile(f.write, write); err != nil {
			return err
		}
	}
	if r.Plan, err = f.plan(ctx, std, in, model, r); err != nil {
		return err
	}
	if r.from != nil {
		r.Changes = r.from.Changes(r.Plan)
	}
	if f.verify || f.check != "" {
		if _, err := in.Verify(r.Plan); err != nil {
			return f.unlike(err)
		}
		r.checked = true
	}
	if f.out != "" {
		write := func(w io.Writer) error { return in.WriteSolution(w, r.Plan) }
		if model != nil {
			write = func(w io.Writer) error { return json.NewEncoder(w).Encode(r.Plan) }
		}
		if err := writeFile(f.out, write); err != nil {
			return err
		}
	}
	r.failed = f.answer(ctx, in, r) // the plan stands all the same
	return nil
}

// plan solves, or reads the plan to be checked.
func (f *planFlags) plan(ctx context.Context, std streams, in *program.Instance, model *program.Model, r *planResult) (*program.Plan, error) {
	if f.check != "" {
		return f.readPlan(in, f.check)
	}
	opt := f.opt
	if f.from != "" {
		from, err := f.readPlan(in, f.from)
		if from == nil { // what does not fit any more is left out
			return nil, err
		}
		if f.problem == "" && len(from.Held) > 0 && !slices.ContainsFunc(from.Held, func(h program.Held) bool { return f.has(h.Session.ID) }) {
			return nil, bangkom.Problem{Code: "not-a-plan", Where: f.from, Msg: "none of the sessions of this plan is in the files: it is of something else", Need: "the plan that these files gave before"}
		}
		opt.From, r.from = from, from
	}
	opt.Progress = progress(std.err, f.language)
	if model != nil {
		return program.Solve(ctx, model, &opt)
	}
	return in.Solve(ctx, &opt)
}

// read makes the instance, and the model where it comes from an agency's files.
func (f *planFlags) read(std streams) (*program.Instance, *program.Model, bangkom.Problems, error) {
	if f.problem == "" {
		model, problems, err := f.csv.read()
		if err != nil {
			return nil, nil, problems, err
		}
		f.sessions = model.Catalogue.Sessions
		in, err := model.Instance()
		return in, model, problems, err
	}
	r := std.in
	if f.problem != "-" {
		file, err := os.Open(f.problem)
		if err != nil {
			return nil, nil, nil, err
		}
		defer file.Close()
		r = file
	}
	in, err := program.ReadInstance(r)
	return in, nil, nil, err
}

// readPlan reads what -out wrote; a plan that does not fit the problem comes
// with the error.
func (f *planFlags) readPlan(in *program.Instance, name string) (*program.Plan, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var x struct {
		Plan json.RawMessage `json:"plan"` // of what -json printed
		Held json.RawMessage `json:"held"`
	}
	b, err := io.ReadAll(file)
	if f.problem != "" {
		if err == nil && json.Unmarshal(b, &x) == nil && (x.Plan != nil || x.Held != nil) {
			return nil, bangkom.Problem{Code: "not-a-plan", Where: name, Msg: "the file is a plan of an agency's files, not a solution in numbers", Need: "a file that -out wrote with -problem"}
		}
		return in.ReadSolution(io.MultiReader(bytes.NewReader(b), file)) // with the error of reading, if there was one
	}
	if err == nil {
		err = json.Unmarshal(b, &x)
	}
	if x.Plan != nil {
		b, x.Held = x.Plan, x.Plan
	}
	p := &program.Plan{}
	if err == nil {
		err = json.Unmarshal(b, p)
	}
	switch {
	case err != nil:
		return nil, bangkom.Problem{Code: "bad-json", Where: name, Msg: err.Error(), Need: "a file that -out or -json wrote"}
	case x.Held == nil:
		return nil, bangkom.Problem{Code: "not-a-plan", Where: name, Msg: "the file is no plan: it does not say which sessions are held", Need: "a file that -out or -json wrote"}
	}
	return p, nil
}

// answer explains, prices and draws the curve.
func (f *planFlags) answer(ctx context.Context, in *program.Instance, r *planResult) error {
	opt := f.opt
	switch r.Plan.Status {
	case program.NoPlan:
		return nil
	case program.Infeasible:
		c, err := in.Conflict(ctx, &opt)
		r.Conflict = &c
		return err
	}
	if f.prices || len(f.why) > 0 {
		x, err := in.Explain(r.Plan)
		if err != nil {
			return err
		}
		if f.prices {
			r.Prices = x.Prices()
		}
		for _, id := range f.why {
			ask(x, id, r)
		}
	}
	if f.curve == "" {
		return nil
	}
	r.Rule = &f.rule
	opt.From, opt.Moves = r.Plan, 0 // a plan with priced moves or floors is none of the curve's
	var err error
	r.Curve, err = in.Curve(ctx, f.rule, f.at, &opt)
	return err
}

// unlike adds to what a plan of -check states otherwise that it may have been
// made with other flags: its file does not say with which.
func (f *planFlags) unlike(err error) error {
	ps := slices.Clone(bangkom.AsProblems(err, "error"))
	for i := range ps {
		if f.check != "" && ps[i].Need == "" {
			ps[i].Need = "the flags and the files have to be those that the plan was made with"
		}
	}
	return ps
}

// subject is what -why asks about: a session, a person, or both where an id is
// both: "session:3" and "person:3" say which.
func subject(id string) (kind, name string) {
	kind, name, said := strings.Cut(id, ":")
	if !said || kind != "person" && kind != "session" {
		return "", id
	}
	return kind, name
}

// ask explains a session, a person, or both.
func ask(x *program.Explanation, id string, r *planResult) {
	kind, name := subject(id)
	if kind != "person" {
		if s, err := x.Session(program.SessionID(name)); err == nil {
			r.Sessions = append(r.Sessions, s)
		}
	}
	if kind != "session" {
		if p, err := x.Person(personID(name)); err == nil {
			r.People = append(r.People, p)
		}
	}
}

// questions says before the search which of the questions have no answer.
func (f *planFlags) questions(in *program.Instance) error {
	if f.curve != "" {
		if err := in.CheckCurve(f.rule, f.at); err != nil {
			return err
		}
	}
	if len(f.why) == 0 {
		return nil
	}
	people, sessions := in.PersonIDs(), in.SessionIDs()
	for _, id := range f.why {
		kind, name := subject(id)
		if kind != "session" && slices.Contains(people, personID(name)) || kind != "person" && slices.Contains(sessions, program.SessionID(name)) {
			continue
		}
		if i := slices.IndexFunc(f.sessions, func(s program.Session) bool { return string(s.ID) == name }); i >= 0 && kind != "person" {
			return bangkom.Problem{Code: "outside-plan", Where: cmp.Or(f.sessions[i].Where, "-why"), Value: id, Msg: "the plan does not decide on this session: it ends in another year than the plan's, or began before the day as of which is planned"}
		}
		p := bangkom.Problem{Code: "unknown-id", Where: "-why", Value: id, Msg: "neither a person nor a session of this problem"}
		if like := cmp.Or(string(text.Alike(personID(name), people)), string(text.Alike(program.SessionID(name), sessions))); like != "" {
			p.Need = fmt.Sprintf("perhaps %q", like)
		}
		return p
	}
	return nil
}

func (f *planFlags) has(id program.SessionID) bool {
	return slices.ContainsFunc(f.sessions, func(s program.Session) bool { return s.ID == id })
}

// parseCurve reads RULE[=V1,V2,…].
func parseCurve(s string) (program.Rule, []float64, error) {
	bad := bangkom.Problem{Code: "option", Where: "-curve", Value: s, Msg: "not RULE or RULE=V1,V2,…"}
	name, values, given := strings.Cut(s, "=")
	words := strings.Fields(name)
	if len(words) == 0 || len(words) > 2 {
		return program.Rule{}, nil, bad
	}
	r, id := program.Rule{Kind: strings.ToLower(words[0])}, ""
	takes := slices.Contains([]string{"unit-budget", "resource", "seats"}, r.Kind)
	if takes != (len(words) == 2) {
		return program.Rule{}, nil, bad
	}
	if takes {
		id = words[1]
	}
	switch r.Kind {
	case "unit-budget":
		r.Unit = unitID(id)
	case "resource":
		r.Resource = program.ResourceID(id)
	case "seats":
		r.Session = program.SessionID(id)
	}
	var at []float64
	if given {
		for _, v := range strings.Split(values, ",") {
			x, err := strconv.ParseFloat(strings.TrimSpace(v), 64)
			if err != nil {
				return r, nil, bangkom.Problem{Code: "option", Where: "-curve", Value: strings.TrimSpace(v), Msg: "not a number", Need: "digits without separators, such as 40000000"}
			}
			least, most, need := 0.0, float64(1<<53), "a number from 0 to 2^53"
			switch r.Kind {
			case "coverage":
				most, need = 1, "a share from 0 to 1"
			case "hours":
				least, most, need = -366*24, 366*24, "hours more than now, not more than a year has"
			}
			if !(x >= least && x <= most) {
				return r, nil, bangkom.Problem{Code: "option", Where: "-curve", Value: strings.TrimSpace(v), Msg: "not a value that this limit can have", Need: need}
			}
			at = append(at, x)
		}
		return r, at, nil
	}
	return r, nil, nil
}

// print writes JSON, or what people read.
func (f *planFlags) print(w io.Writer, r planResult) error {
	if f.json {
		return json.NewEncoder(w).Encode(r) // without indent: a proof is a deep tree
	}
	if n := len(r.Problems.Only(bangkom.Error)); n > 0 {
		fmt.Fprintln(w, f.language.T("plan.partial", f.language.Int(n)))
	}
	if err := r.Plan.WriteText(w, f.lang, f.top); err != nil {
		return err
	}
	if r.Plan.Status == program.NoPlan {
		fmt.Fprintln(w, f.language.T("plan.unfound"))
		if math.IsInf(f.csv.policy.Uncovered, 1) {
			fmt.Fprintln(w, f.language.T("plan.unreached"))
		}
	}
	if r.checked && r.Plan.Status != program.NoPlan {
		fmt.Fprintln(w, f.language.T("plan.checked"))
	}
	if r.from != nil && !math.IsNaN(r.Plan.Objective) {
		fmt.Fprintln(w)
		if err := program.WriteChanges(w, f.lang, r.Changes, f.top); err != nil {
			return err
		}
	}
	if f.seats && len(r.Plan.Held) > 0 {
		fmt.Fprintln(w)
		if err := r.Plan.WriteSeats(w, f.lang); err != nil {
			return err
		}
	}
	if err := f.printConflict(w, r); err != nil {
		return err
	}
	if len(r.Prices) > 0 {
		fmt.Fprintln(w)
		if err := program.WritePrices(w, f.lang, r.Prices, f.top); err != nil {
			return err
		}
	}
	for _, s := range r.Sessions {
		fmt.Fprintln(w)
		if err := s.WriteText(w, f.lang); err != nil {
			return err
		}
	}
	for _, p := range r.People {
		fmt.Fprintln(w)
		if err := p.WriteText(w, f.lang); err != nil {
			return err
		}
	}
	if len(r.Curve) == 0 {
		return nil
	}
	fmt.Fprintln(w)
	if err := program.WriteCurve(w, f.lang, *r.Rule, r.Curve); err != nil {
		return err
	}
	_, err := fmt.Fprintln(w, "  "+f.language.T("curve.anew"))
	return err
}

// printConflict prints which rules are to blame, or that the time was too short
// to find out.
func (f *planFlags) printConflict(w io.Writer, r planResult) error {
	switch {
	case r.Conflict == nil:
		return nil
	case r.Conflict.Status == program.Infeasible:
		return r.Conflict.WriteText(w, f.lang)
	}
	_, err := fmt.Fprintln(w, f.language.T("conflict.unknown"))
	return err
}

// progress prints a line for every plan or bound that is better by what can be seen.
func progress(w io.Writer, l text.Lang) func(program.Progress) {
	last := ""
	return func(p program.Progress) {
		worth, gap := "–", "–"
		if !math.IsNaN(p.Objective) {
			plan := program.Plan{Objective: p.Objective, Bound: p.Bound}
			worth, gap = l.Num(p.Objective, 1), l.Percent(plan.Gap(), 2)
		}
		line := l.T("plan.progress", worth, l.Num(p.Bound, 1), gap)
		if line != last {
			fmt.Fprintf(w, "%12d  %s\n", p.Work, line)
		}
		last = line
	}
}

package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/text"
)

// A statistic is a subcommand of stat: what it asks of a file, and what it equals.
type statistic struct {
	name, short string
	columns     string // what -cols and -by mean
	equals      string // the call in R, or in Python

	cells  cellKind // of the columns of -cols
	by     byMeaning
	wide   [2]int // how many columns of -cols: at least, at most (0: any)
	long   bool   // -id makes columns of the groups of -by
	order  bool   // in the long form -levels must say which group comes first
	counts bool   // -counts reads a table that was counted
	list   bool   // always several results

	options string // its flags, beside those of all
	run     func(*statCall, *sample) ([]answer, error)
}

// A cellKind says how cells are read.
type cellKind int

const (
	numbers cellKind = iota // anything else is an error
	labels                  // categories: numbers if all of them are, else text
)

// A byMeaning says what -by does.
type byMeaning int

const (
	bySplits  byMeaning = iota // a result for each group
	byGroups                   // names the groups of one column
	byAlways                   // names groups, and must be there
	byNothing                  // there is no -by
)

// statistics, by what they answer.
func statistics() []statistic {
	return slices.Concat(describing, reliabilities, agreements, comparisons, counted, models, resampled)
}

// statCall is what a subcommand is asked for.
type statCall struct {
	statistic
	ctx context.Context
	in  io.Reader

	data, by, id, freq, cluster, strata, after string
	cols, levels, keys, factors                []string
	json, countsForm                           bool

	level, null, low, high, top float64
	alternative, distribution   string
	zeros, missing, metric      string
	weights, adjust, errors     string
	treated, post, yes, tie     string
	spread, estimator           string
	stat, interval              string
	categories, points          string
	quantile, lag, resamples    int
	noContinuity, paired        bool
	prewhite, smallSample       bool
	noIntercept                 bool
	seed                        uint64

	given    []string // the flags that were given
	problems bangkom.Problems
	part     string // of the file, by -by, that is being computed
}

// An answer is one result, and what it is of.
type answer struct {
	asked  asked
	result any // of the library: marshals to an object
	text   string
	extras []extra
}

// asked says what a result is of.
type asked struct {
	Stat       string   `json:"stat"`
	Of         string   `json:"of,omitempty"` // the statistic that is resampled
	Columns    []string `json:"columns,omitempty"`
	By         string   `json:"by,omitempty"`
	Group      string   `json:"group,omitempty"`
	Levels     []string `json:"levels,omitempty"` // of By, in the long form: the columns it was made into
	Difference string   `json:"difference,omitempty"`
	Categories []string `json:"categories,omitempty"` // texts of the categories 1, 2, …
}

// An extra stands beside the keys of a result; without a text it is in JSON only.
type extra struct {
	key, name string
	value     any
	text      string
}

// A usageError says that a flag is wrong: exit status 2.
type usageError string

func (e usageError) Error() string { return string(e) }

func usagef(format string, args ...any) error { return usageError(fmt.Sprintf(format, args...)) }

const statUsage = `usage: bangkom stat STATISTIC -data FILE -cols A,B,… [-by G] [flags]
       bangkom stat STATISTIC -h    what its columns and flags mean, and the call in R

Statistics of the columns of any CSV file. The separator is found; columns are asked for by
name; an empty cell, NA and . are missing. -json prints the numbers in full.
Exit status: 0, 1 where the file or the data had errors, 2 wrong usage.

`

// runStat is the command.
func runStat(ctx context.Context, args []string, std streams) int {
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") && args[0] != "help" {
		for _, s := range statistics() {
			if s.name == args[0] {
				return s.main(ctx, args[1:], std)
			}
		}
		fmt.Fprintf(std.err, "bangkom stat: no statistic %q\n", args[0])
	}
	fmt.Fprint(std.err, statUsage)
	for _, s := range statistics() {
		fmt.Fprintf(std.err, "  %-13s %s\n", s.name, s.short)
	}
	if len(args) > 0 && (args[0] == "-h" || args[0] == "--help" || args[0] == "help") {
		return 0
	}
	return 2
}

// main parses, computes and prints.
func (s statistic) main(ctx context.Context, args []string, std streams) int {
	c := &statCall{statistic: s, ctx: ctx, in: std.in}
	fs := c.flags(std.err)
	switch err := fs.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	}
	fs.Visit(func(f *flag.Flag) { c.given = append(c.given, f.Name) })
	answers, err := c.answers(fs.Args())
	if err != nil {
		wrong, isUsage := errors.AsType[usageError](err)
		if isUsage || errors.Is(err, bangkom.ErrOption) {
			if !isUsage {
				wrong = usageError(err.Error())
			}
			fmt.Fprintf(std.err, "bangkom stat %s: %s; see -h\n", s.name, wrong)
			return 2
		}
		c.problems = append(c.problems, bangkom.AsProblems(err, "unreadable")...)
	}
	printProblems(std.err, text.English, forPeople(c.problems))
	if err := c.print(std.out, answers); err != nil {
		fmt.Fprintln(std.err, "bangkom stat:", err)
		return 1
	}
	if c.problems.Err() != nil {
		return 1
	}
	return 0
}

// answers reads the file and computes a result for it, or for each of its groups.
func (c *statCall) answers(rest []string) ([]answer, error) {
	if err := c.check(rest); err != nil {
		return nil, err
	}
	f, err := c.read()
	if err != nil {
		return nil, err
	}
	for _, g := range c.levels {
		if f.by != nil && !slices.Contains(f.by.texts, g) {
			return nil, usagef("-levels has %q, which does not occur in %s", g, c.by)
		}
	}
	if c.id != "" {
		if f, err = f.pivot(c); err != nil {
			return nil, err
		}
	}
	parts := []*sample{f}
	if c.splits() {
		parts = f.split(c)
	}
	var out []answer
	for _, part := range parts {
		if c.splits() {
			c.part = c.by + "=" + part.group
		}
		as, err := c.run(c, part)
		if err != nil && len(parts) > 1 && !isUsage(err) { // the other groups have theirs
			c.failed("", err)
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, a := range as {
			a.asked.Stat = c.name
			if a.asked.Columns == nil {
				a.asked.Columns = c.cols
			}
			if c.id != "" {
				a.asked.Levels = part.names()
			}
			a.asked.By, a.asked.Group = c.by, part.group
			out = append(out, a)
		}
	}
	return out, nil
}

// failed reports an error of one of several results and says that there was one.
func (c *statCall) failed(where string, err error) bool {
	for _, p := range bangkom.AsProblems(err, "error") {
		places := slices.DeleteFunc([]string{c.part, where, strings.TrimPrefix(p.Where, where)}, func(s string) bool { return s == "" })
		p.Where = strings.Join(places, ": ")
		c.problems.Add(p)
	}
	return err != nil
}

func isUsage(err error) bool {
	_, usage := errors.AsType[usageError](err)
	return usage || errors.Is(err, bangkom.ErrOption)
}

// splits reports whether -by asks for a result for each group.
func (c *statCall) splits() bool {
	return c.by != "" && c.id == "" && c.statistic.by == bySplits && c.stat != meanDifference
}

// check looks at the flags before the file is opened.
func (c *statCall) check(rest []string) error {
	switch {
	case len(rest) > 0:
		return usagef("what is %q?", rest[0])
	case c.data == "":
		return usagef("-data names the file")
	case c.statistic.by == byAlways && c.by == "":
		return usagef("-by names the column with the groups")
	case c.id != "" && c.by == "":
		return usagef("-id asks for -by: which rater or occasion a row is of")
	case c.countsForm && (c.id != "" || c.freq != ""):
		return usagef("-counts are counted already: no -id, no -freq")
	case c.id != "" && c.order && len(c.levels) != 2:
		return usagef("-levels BEFORE,AFTER says which of %s comes first", c.by)
	case len(c.cols) == 0:
		return usagef("-cols names the columns")
	case (c.id != "" || c.statistic.by == byGroups && c.by != "") && len(c.cols) != 1:
		return usagef("with -by, -cols is the one column of values")
	case c.id != "" || c.statistic.by == byGroups && c.by != "":
	case len(c.cols) < c.wide[0] || c.wide[1] > 0 && len(c.cols) > c.wide[1] && !c.countsForm:
		return usagef("-cols has %d columns; %s", len(c.cols), c.columns)
	}
	seen := map[string]bool{}
	for _, name := range slices.Concat(c.cols, []string{c.by, c.id, c.freq, c.cluster, c.strata, c.after}) {
		if name != "" && seen[name] {
			return usagef("the column %q is asked for twice", name)
		}
		seen[name] = true
	}
	return nil
}

// print writes the answers as JSON, or as people read them.
func (c *statCall) print(w io.Writer, answers []answer) error {
	if c.json {
		return c.printJSON(w, answers)
	}
	for i, a := range answers {
		if i > 0 {
			fmt.Fprintln(w)
		}
		fmt.Fprintln(w, a.heading())
		fmt.Fprintln(w, strings.TrimRight(flagWords.Replace(a.text), "\n"))
		for _, x := range a.extras {
			switch {
			case strings.Contains(x.text, "\n"):
				fmt.Fprintf(w, "\n%s\n%s\n", x.name, strings.TrimRight(flagWords.Replace(x.text), "\n"))
			case x.text != "":
				fmt.Fprintf(w, "%s: %s\n", x.name, x.text)
			}
		}
	}
	return nil
}

// flagWords are the flags for what the library calls otherwise.
var flagWords = strings.NewReplacer("Options.Categories", "-categories", "Low and High of the scale", "-low and -high of the scale", "ShareTies", "-tie share")

// forPeople shows the first few of many errors of one kind in one column.
func forPeople(ps bangkom.Problems) (out bangkom.Problems) {
	const few = 5
	kind := func(p bangkom.Problem) string { // of a cell: by its column; of a whole column: its own
		if i := strings.LastIndex(p.Where, ":"); i >= 0 {
			return p.Code + p.Where[i:]
		}
		return p.Code + p.Where
	}
	count := map[string]int{}
	for _, p := range ps {
		count[kind(p)]++
	}
	seen := map[string]int{}
	for _, p := range ps {
		k := kind(p)
		p.Need = flagWords.Replace(p.Need)
		switch seen[k]++; {
		case p.Severity != bangkom.Error || seen[k] <= few || count[k] == few+1:
			out = append(out, p)
		case seen[k] == few+1:
			p.Value, p.Msg, p.Need = "", fmt.Sprintf("and %d more like these from here on", count[k]-few), "-json lists all"
			out = append(out, p)
		}
	}
	return out
}

// heading says what a result is of.
func (a answer) heading() string {
	columns := strings.Join(a.asked.Columns, ", ")
	s := a.asked.Stat + ": "
	if a.asked.Of != "" {
		s += a.asked.Of + " of "
	}
	switch {
	case a.asked.Difference == "":
		s += columns
	case len(a.asked.Columns) == 1:
		s += columns + ", " + a.asked.Difference
	default:
		s += a.asked.Difference
	}
	switch {
	case a.asked.Group != "":
		s += fmt.Sprintf(" (%s = %s)", a.asked.By, a.asked.Group)
	case a.asked.By != "":
		s += " by " + a.asked.By
	}
	for i, name := range a.asked.Categories {
		s += fmt.Sprintf("%s %d = %s", map[bool]string{true: "\ncategories:", false: ","}[i == 0], i+1, name)
	}
	return s
}

// printJSON writes one result as one object: the library's keys, before them
// what it is of, behind them the extras. Several are a list under "results".
func (c *statCall) printJSON(w io.Writer, answers []answer) error {
	var out bytes.Buffer
	switch {
	case c.list || c.splits():
		list := []json.RawMessage{}
		for _, a := range answers {
			object, err := a.object()
			if err != nil {
				return err
			}
			list = append(list, object)
		}
		if err := json.NewEncoder(&out).Encode(map[string]any{"results": list}); err != nil {
			return err
		}
	case len(answers) == 1:
		object, err := answers[0].object()
		if err != nil {
			return err
		}
		out.Write(object)
	default:
		out.WriteString("{}")
	}
	all := out.Bytes()
	if len(c.problems) > 0 {
		problems, err := json.Marshal(map[string]any{"problems": c.problems})
		if err != nil {
			return err
		}
		all = joined(all, problems)
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, all, "", " "); err != nil {
		return err
	}
	indented.WriteByte('\n')
	_, err := indented.WriteTo(w)
	return err
}

// object is an answer as a JSON object.
func (a answer) object() (json.RawMessage, error) {
	out, err := json.Marshal(map[string]any{"asked": a.asked})
	if err != nil {
		return nil, err
	}
	objects := []any{a.result}
	for _, x := range a.extras {
		objects = append(objects, map[string]any{x.key: x.value})
	}
	for _, o := range objects {
		b, err := json.Marshal(o)
		if err != nil {
			return nil, err
		}
		out = joined(out, b)
	}
	return out, nil
}

// joined makes one JSON object of two.
func joined(a, b []byte) []byte {
	a, b = bytes.TrimSpace(a), bytes.TrimSpace(b)
	switch {
	case string(a) == "{}":
		return b
	case string(b) == "{}":
		return a
	}
	return slices.Concat(a[:len(a)-1], []byte(","), b[1:])
}

// flags are those of all statistics and those of this one.
func (c *statCall) flags(w io.Writer) *flag.FlagSet {
	fs := flag.NewFlagSet("stat "+c.name, flag.ContinueOnError)
	fs.SetOutput(w)
	fs.Usage = func() {
		by := map[byMeaning]string{bySplits: " [-by G]", byGroups: " [-by G]", byAlways: " -by G"}[c.statistic.by]
		fmt.Fprintf(w, "usage: bangkom stat %s -data FILE -cols …%s [flags]\n\n%s.\n\n%s\n\nEquals %s\n\nflags:\n", c.name, by, upperFirst(c.short), c.columns, c.equals)
		fs.PrintDefaults()
	}
	fs.StringVar(&c.data, "data", "", "CSV `file`; - is standard input")
	names(fs, &c.cols, "cols", "names of the `columns`, with commas between")
	fs.Uint64Var(&c.seed, "seed", 1, "of what is drawn, by boot and perm; the others draw nothing")
	fs.BoolVar(&c.json, "json", false, "print JSON")
	switch c.statistic.by {
	case bySplits:
		fs.StringVar(&c.by, "by", "", "`column` of groups: a result for each")
	case byGroups, byAlways:
		fs.StringVar(&c.by, "by", "", "`column` that names the groups")
	}
	if c.statistic.by != byNothing {
		names(fs, &c.levels, "levels", "`groups` of -by that count, in this order (default: all, ascending)")
	}
	if c.long {
		fs.StringVar(&c.id, "id", "", "`column` of the person or subject, where each row is one rating or occasion; -by says which")
	}
	if c.counts {
		fs.BoolVar(&c.countsForm, "counts", false, "the cells are counts")
	}
	for _, name := range strings.Fields(c.options) {
		statFlags[name](fs, c)
	}
	return fs
}

func upperFirst(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// names is a flag of names; one that has a comma is put in quotes.
func names(fs *flag.FlagSet, to *[]string, name, usage string) {
	fs.Func(name, usage, func(s string) error {
		r := csv.NewReader(strings.NewReader(s))
		r.TrimLeadingSpace = true
		all, err := r.Read()
		if err != nil {
			return errors.New("not a list of names")
		}
		for i := range all {
			if all[i] = strings.TrimSpace(all[i]); all[i] == "" {
				return errors.New("a name is empty")
			}
		}
		*to = all
		return nil
	})
}

// choice is a flag that is one of a few words; the first is the default.
func choice(fs *flag.FlagSet, to *string, name, usage string, words ...string) {
	*to = words[0]
	fs.Func(name, fmt.Sprintf("%s: %s (default %s)", usage, strings.Join(words, ", "), words[0]), func(s string) error {
		if !slices.Contains(words, s) {
			return errors.New("one of " + strings.Join(words, ", "))
		}
		*to = s
		return nil
	})
}

// statFlags are the flags that not all statistics have.
var statFlags = map[string]func(*flag.FlagSet, *statCall){
	"level": func(fs *flag.FlagSet, c *statCall) {
		c.level = 0.95
		fs.Func("level", "confidence `level` of the intervals (default 0.95)", func(s string) error {
			if c.level = decimal(s); !(c.level > 0 && c.level < 1) {
				return errors.New("between 0 and 1")
			}
			return nil
		})
	},
	"null": func(fs *flag.FlagSet, c *statCall) {
		fs.Float64Var(&c.null, "null", 0, "difference under the hypothesis")
	},
	"alternative": func(fs *flag.FlagSet, c *statCall) {
		choice(fs, &c.alternative, "alternative", "`hypothesis`", "two-sided", "less", "greater")
	},
	"distribution": func(fs *flag.FlagSet, c *statCall) {
		choice(fs, &c.distribution, "distribution", "of the statistic, a `word`", "auto", "exact", "asymptotic")
	},
	"distribution+": func(fs *flag.FlagSet, c *statCall) {
		choice(fs, &c.distribution, "distribution", "of the statistic, a `word`", "auto", "exact", "asymptotic", "mid-p")
	},
	"continuity": func(fs *flag.FlagSet, c *statCall) {
		fs.BoolVar(&c.noContinuity, "no-continuity", false, "no continuity correction of an asymptotic p")
	},
	"zero": func(fs *flag.FlagSet, c *statCall) {
		choice(fs, &c.zeros, "zero", "`rule` for those who did not change", "wilcox", "pratt", "split")
	},
	"quantile": func(fs *flag.FlagSet, c *statCall) {
		c.quantile = 7
		fs.Func("quantile", "`definition` of quantiles after Hyndman and Fan, 1 to 9 (default 7)", func(s string) error {
			if c.quantile = strings.Index(" 123456789", s); len(s) != 1 || c.quantile < 1 {
				return errors.New("1 to 9")
			}
			return nil
		})
	},
	"missing": func(fs *flag.FlagSet, c *statCall) {
		choice(fs, &c.missing, "missing", "`policy`", "listwise", "pairwise")
	},
	"missing-items": func(fs *flag.FlagSet, c *statCall) {
		choice(fs, &c.missing, "missing", "`policy`", "listwise", "pairwise", "person-mean", "refuse")
	},
	"missing-cor": func(fs *flag.FlagSet, c *statCall) {
		choice(fs, &c.missing, "missing", "`policy`", "pairwise", "listwise")
	},
	"metric": func(fs *flag.FlagSet, c *statCall) {
		choice(fs, &c.metric, "metric", "`distance` of two ratings", "nominal", "ordinal", "interval", "ratio")
	},
	"weights": func(fs *flag.FlagSet, c *statCall) {
		choice(fs, &c.weights, "weights", "`how much` different categories agree", "identity", "linear", "quadratic", "ordinal")
	},
	"categories": func(fs *flag.FlagSet, c *statCall) {
		fs.StringVar(&c.categories, "categories", "", "`list` of all categories in their order, also those nobody used (default: those that occur)")
	},
	"keys": func(fs *flag.FlagSet, c *statCall) {
		names(fs, &c.keys, "keys", "`items` worded the other way round, each with a minus: -A1,-C4")
		fs.Float64Var(&c.low, "low", 0, "lowest answer of the scale, to reverse by (default: the lowest there is)")
		fs.Float64Var(&c.high, "high", 0, "highest answer of the scale")
	},
}

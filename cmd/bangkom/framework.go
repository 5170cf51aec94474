package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/competency/caseio"
	"github.com/bangkom/bangkom/competency/flat"
	"github.com/bangkom/bangkom/competency/moodle"
	"github.com/bangkom/bangkom/competency/opensalt"
	"github.com/bangkom/bangkom/table"
)

const frameworkUsage = `usage: bangkom framework ACTION [flags] …

Looks after competency frameworks in files.

`

// frameworkActions, each in a file of its own.
var frameworkActions = []struct {
	name, args, short string
	run               func(args []string, std streams) int
}{
	{"validate", "FILE…", "what is wrong in a framework", runFrameworkValidate},
	{"diff", "OLD NEW", "what changed between two editions, and a plan to carry results over", runFrameworkDiff},
	{"convert", "-to FORMAT IN OUT", "writes it in another format, and says what is lost", runFrameworkConvert},
	{"search", "FILE WORDS…", "competencies by code, name and text", runFrameworkSearch},
	{"explain", "-ratings FILE -as-of DAY[,DAY…] PERSON COMPETENCY", "why somebody has a level", runFrameworkExplain},
}

func runFramework(_ context.Context, args []string, std streams) int {
	if len(args) > 0 {
		for _, a := range frameworkActions {
			if a.name == args[0] {
				return a.run(args[1:], std)
			}
		}
		if args[0] != "-h" && args[0] != "help" {
			fmt.Fprintf(std.err, "bangkom framework: no action %q\n", args[0])
		}
	}
	fmt.Fprint(std.err, frameworkUsage)
	for _, a := range frameworkActions {
		fmt.Fprintf(std.err, "  %s %s\n        %s\n", a.name, a.args, a.short)
	}
	fmt.Fprintf(std.err, `
Formats: %s. The format of a file is found by looking at it unless -from says it.
A file "-" is standard input or output; a folder is a framework as tables: %s. Each action knows -json and -h.
Exit status: 0 nothing is wrong, 1 errors were found, 2 wrong usage.
`, strings.Join(slices.Sorted(maps.Keys(formats)), ", "), strings.Join(tableNames, ", "))
	if len(args) > 0 && (args[0] == "-h" || args[0] == "help") {
		return 0
	}
	return 2
}

// frameworkFlags are what every action knows.
type frameworkFlags struct {
	*flag.FlagSet
	from, lang string
	json       bool
}

func newFrameworkFlags(action, usage string, std streams) *frameworkFlags {
	f := &frameworkFlags{FlagSet: flag.NewFlagSet("framework "+action, flag.ContinueOnError)}
	f.SetOutput(std.err)
	f.Usage = func() {
		fmt.Fprintf(std.err, "usage: bangkom framework %s %s\n", action, usage)
		f.PrintDefaults()
	}
	f.StringVar(&f.from, "from", "", "`format` of what is read (default: found by looking at it)")
	f.StringVar(&f.lang, "lang", "id", "language of titles, and of files that do not say theirs")
	f.BoolVar(&f.json, "json", false, "print JSON")
	return f
}

// parse returns the status to end with, and true to go on. Flags may also
// stand behind the operands; a last operand "FILE…" stands for one or more.
func (f *frameworkFlags) parse(args []string, std streams, operands ...string) (words []string, status int, ok bool) {
	for {
		switch err := f.Parse(args); {
		case errors.Is(err, flag.ErrHelp):
			return nil, 0, false
		case err != nil:
			return nil, 2, false
		}
		if f.NArg() == 0 {
			break
		}
		words, args = append(words, f.Arg(0)), f.Args()[1:]
	}
	if formats[f.from].read == nil && f.from != "" {
		fmt.Fprintf(std.err, "bangkom %s: no format %q can be read; there are %s\n", f.Name(), f.from, strings.Join(slices.Sorted(maps.Keys(formats)), ", "))
		return nil, 2, false
	}
	switch n, most := len(words), len(operands); {
	case n < most:
		fmt.Fprintf(std.err, "bangkom %s: missing: %s\n", f.Name(), strings.Join(operands[n:], " "))
	case n > most && !strings.HasSuffix(operands[most-1], "…"):
		fmt.Fprintf(std.err, "bangkom %s: %q is one too many: it takes %s\n", f.Name(), words[most], strings.Join(operands, " "))
	default:
		return words, 0, true
	}
	f.Usage()
	return nil, 2, false
}

// A document is a framework and what a file says of jobs.
type document struct {
	file, format string
	framework    *competency.Framework
	positions    []competency.Position
	problems     bangkom.Problems

	caseio caseio.Options // what a writer wants to know beside it
	moodle moodle.Options
}

// A format reads and writes documents.
type format struct {
	jobs  bool // it has a place for positions
	read  func(r io.Reader, file, lang string) (*competency.Framework, []competency.Position, bangkom.Problems)
	write func(w io.Writer, d *document) (bangkom.Problems, error)
	looks func(head []byte) bool // like a file of this format
}

var formats = map[string]format{
	"case": {
		false,
		func(r io.Reader, file, _ string) (*competency.Framework, []competency.Position, bangkom.Problems) {
			f, ps := caseio.Read(r, file, nil)
			return f, nil, ps
		},
		func(w io.Writer, d *document) (bangkom.Problems, error) {
			return caseio.Write(w, d.framework, &d.caseio)
		},
		func(head []byte) bool {
			return bytes.Contains(head, []byte(`"CFDocument"`)) || bytes.Contains(head, []byte(`"CFItems"`)) || bytes.Contains(head, []byte(`"CFPackage"`))
		},
	},
	"moodle": {
		false,
		func(r io.Reader, file, lang string) (*competency.Framework, []competency.Position, bangkom.Problems) {
			f, ps := moodle.Read(r, file, &moodle.Options{Language: lang})
			return f, nil, ps
		},
		func(w io.Writer, d *document) (bangkom.Problems, error) {
			return moodle.Write(w, d.framework, &d.moodle)
		},
		func(head []byte) bool { // fourteen columns, whatever their language
			line, _, _ := bytes.Cut(head, []byte("\n"))
			return bytes.Count(line, []byte(",")) == 13
		},
	},
	"json": {
		false,
		func(r io.Reader, file, _ string) (*competency.Framework, []competency.Position, bangkom.Problems) {
			f, ps := competency.ReadFramework(r, file)
			return f, nil, ps
		},
		func(w io.Writer, d *document) (bangkom.Problems, error) { return nil, d.framework.WriteJSON(w) },
		func(head []byte) bool {
			return bytes.Contains(head, []byte(`"bangkom.framework/`)) || bytes.Contains(head, []byte(`"competencies"`))
		},
	},
	"opensalt": {
		false,
		func(r io.Reader, file, lang string) (*competency.Framework, []competency.Position, bangkom.Problems) {
			f, ps := opensalt.Read(r, file, &opensalt.Options{Language: lang})
			return f, nil, ps
		},
		func(w io.Writer, d *document) (bangkom.Problems, error) { return opensalt.Write(w, d.framework, nil) },
		func(head []byte) bool {
			line, _, _ := bytes.Cut(head, []byte("\n"))
			return strings.Contains(strings.ReplaceAll(table.Normalize(string(line)), " ", ""), "fullstatement")
		},
	},
	"flat": {
		true,
		func(r io.Reader, file, lang string) (*competency.Framework, []competency.Position, bangkom.Problems) {
			t, ps := flat.Read(r, file, &flat.Options{Language: lang})
			return t.Framework, t.Positions, ps
		},
		func(w io.Writer, d *document) (bangkom.Problems, error) {
			return flat.Write(w, &flat.Table{Framework: d.framework, Positions: d.positions}, nil)
		},
		nil,
	},
	"tables": tablesFormat,
}

// looking is the order in which formats are tried.
var looking = []string{"case", "json", "opensalt", "tables", "moodle"}

// sniff names the format of a file by its beginning, or says why not.
func sniff(file string, head []byte) (string, *bangkom.Problem) {
	if plain, ok := narrow(head); ok { // its reader refuses UTF-16 by name
		head = plain
	}
	for _, name := range looking {
		if formats[name].looks(head) {
			return name, nil
		}
	}
	h := bytes.TrimLeft(head, "\ufeff \t\r\n")
	switch {
	case len(h) == 0:
		return "", &bangkom.Problem{Code: "empty-file", Where: file, Msg: "there is nothing in the file"}
	case h[0] == '{' || h[0] == '[' || strings.EqualFold(filepath.Ext(file), ".json"):
		return "", &bangkom.Problem{
			Code: "unknown-format", Where: file, Msg: "no framework: JSON with a CFDocument or CFItems is a CASE package, with competencies our own", Need: "export the framework itself, or name the format with -from",
		}
	}
	if isPart(head) {
		return "", &bangkom.Problem{Code: "unknown-format", Where: file, Msg: "a part of a framework as tables", Need: "name the folder, with " + tableNames[0] + " in it"}
	}
	return "flat", nil
}

// narrow drops from UTF-16 every byte that plain letters do not need.
func narrow(head []byte) ([]byte, bool) {
	if !bytes.HasPrefix(head, []byte{0xff, 0xfe}) && !bytes.HasPrefix(head, []byte{0xfe, 0xff}) {
		return nil, false
	}
	return bytes.ReplaceAll(head[2:], []byte{0}, nil), true
}

// open reads a file, or a folder of tables, and validates what it holds.
func (f *frameworkFlags) open(file string, std streams) document {
	d := document{file: file, format: f.from, framework: &competency.Framework{}}
	fail := func(err error) document {
		d.problems.Add(bangkom.Problem{Code: "unreadable-file", Where: file, Msg: err.Error()})
		return d
	}
	if isFolder(file) {
		if f.from != "" && f.from != "tables" {
			return fail(errors.New("a folder is a framework as tables, and -from says " + f.from))
		}
		d.format = "tables"
		framework, problems := readTables(file)
		d.add(framework, nil, problems)
		return d
	}
	r := std.in
	if file != "-" {
		in, err := os.Open(file)
		if err != nil {
			return fail(errors.Unwrap(err))
		}
		defer in.Close()
		r = in
	}
	head := make([]byte, 4096)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return fail(err)
	}
	head = head[:n]
	if d.format == "" {
		found, problem := sniff(file, head)
		if problem != nil {
			d.problems.Add(*problem)
			return d
		}
		d.format = found
		d.problems.Add(bangkom.Problem{Code: "format", Severity: bangkom.Note, Where: file, Value: d.format, Msg: "read as this format, by its look", Need: "-from, if it is another"})
	}
	d.add(formats[d.format].read(io.MultiReader(bytes.NewReader(head), r), file, f.lang))
	return d
}

// add takes what was read, and validates it.
func (d *document) add(framework *competency.Framework, positions []competency.Position, problems bangkom.Problems) {
	if framework != nil {
		d.framework = framework
	}
	d.positions = positions
	d.problems = append(d.problems, spoken(problems)...)
	if len(d.framework.Competencies) > 0 || problems.Err() == nil {
		found := d.framework.Validate()
		if problems.Has("unknown-relation") { // the reader knows the line
			found = slices.DeleteFunc(found, func(p bangkom.Problem) bool { return p.Code == "unknown-relation" })
		}
		d.problems = append(d.problems, found...)
	}
}

// status is 1 where there is an error.
func status(ps bangkom.Problems) int {
	if ps.Err() != nil {
		return 1
	}
	return 0
}

// tallyOf says how many of each severity there are.
func tallyOf(ps bangkom.Problems) string {
	count := func(s bangkom.Severity, one string) string {
		n := len(ps.Only(s))
		if n != 1 {
			one += "s"
		}
		return fmt.Sprintf("%d %s", n, one)
	}
	return count(bangkom.Error, "error") + ", " + count(bangkom.Warning, "warning") + ", " + count(bangkom.Note, "note")
}

func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", " ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// listed is a list in JSON also where it is empty.
func listed[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

package main

import (
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/competency/caseio"
	"github.com/bangkom/bangkom/competency/moodle"
	"github.com/bangkom/bangkom/internal/text"
)

// conversion is what convert says with -json.
type conversion struct {
	From     string           `json:"from"`
	To       string           `json:"to"`
	Written  bool             `json:"written"`
	Problems bangkom.Problems `json:"problems"` // of what was read
	Losses   bangkom.Problems `json:"losses"`   // of what was written
}

func runFrameworkConvert(args []string, std streams) int {
	f := newFrameworkFlags("convert", "[-from FORMAT] -to FORMAT [-partial] [-title T] [-scale NAMES] [-creator NAME] [-changed DAY] [-roots] [-unknown] [-use-codes] [-proficient LEVEL] [-json] IN OUT", std)
	to := f.String("to", "", "`format` of what is written")
	partial := f.Bool("partial", false, "write also where the input has errors: what could be read")
	title := f.String("title", "", "of the framework, where the input has none")
	scale := f.String("scale", "", "`names` of the levels from 1 up, parted by commas, where the input has no scale")
	creator := f.String("creator", "", "who made the framework, for -to case")
	var changed bangkom.Date
	f.TextVar(&changed, "changed", bangkom.Date{}, "`day` on which it was changed, for -to case, where the input does not say it")
	roots := f.Bool("roots", false, "link what has no parent to the document, for -to case")
	unknown := f.Bool("unknown", false, "write also fields that CASE does not know, under extensions, for -to case")
	codes := f.Bool("use-codes", false, "codes instead of ids as id numbers, for -to moodle")
	proficient := f.Int("proficient", 0, "lowest `level` that counts as proficient, for -to moodle (default the highest)")
	files, end, ok := f.parse(args, std, "IN", "OUT")
	if !ok {
		return end
	}
	if formats[*to].write == nil {
		fmt.Fprintf(std.err, "bangkom framework convert: no format %q can be written; -to is one of %s\n", *to, strings.Join(slices.Sorted(maps.Keys(formats)), ", "))
		return 2
	}
	if f.json && files[1] == "-" {
		fmt.Fprintln(std.err, "bangkom framework convert: -json and OUT would both go to standard output")
		return 2
	}
	d := f.open(files[0], std)
	d.caseio = caseio.Options{Creator: *creator, Changed: changed.Time(), Roots: *roots, Unknown: *unknown}
	d.moodle = moodle.Options{UseCodes: *codes, Proficient: competency.Level(*proficient)}
	d.complete(f.lang, *title, *scale)
	c := conversion{From: d.format, To: *to, Problems: listed(d.problems), Losses: bangkom.Problems{}}
	end = status(d.problems)
	if end == 0 || *partial {
		losses, err := d.save(files[1], *to, std)
		c.Losses, c.Written = append(c.Losses, losses...), err == nil
		if err != nil {
			for _, p := range bangkom.AsProblems(err, "not-written") {
				if !slices.Contains(c.Losses, p) {
					c.Losses.Add(p)
				}
			}
		}
		for i := range c.Losses {
			if p := &c.Losses[i]; p.Code == "missing-field" && p.Value == "CFDocument.title" {
				p.Need = "set -title"
			}
		}
		c.Losses = spoken(c.Losses)
		end = max(end, status(c.Losses))
	}
	if f.json {
		if err := printJSON(std.out, c); err != nil {
			return 1
		}
		return end
	}
	printProblems(std.err, text.English, c.Problems)
	for _, p := range once(c.Losses) {
		fmt.Fprintf(std.err, "%s: %s: %s\n", p.Severity, p.Code, p.Error())
	}
	switch {
	case c.Written:
	case status(c.Problems) != 0 && !*partial:
		fmt.Fprintln(std.err, "bangkom framework convert: nothing was written; -partial writes what could be read")
	default:
		fmt.Fprintln(std.err, "bangkom framework convert: nothing was written")
	}
	return end
}

// flagOf says what the options of the packages are called here.
var flagOf = map[string]string{
	"Creator": "-creator", "Changed": "-changed", "Roots": "-roots", "Unknown": "-unknown", "UseCodes": "-use-codes", "Proficient": "-proficient", "Activities": "-activities",
}

var option = regexp.MustCompile(`Options\.(\w+)`)

// spoken speaks of flags, where packages speak of their options.
func spoken(ps bangkom.Problems) bangkom.Problems {
	say := func(s string) string {
		return option.ReplaceAllStringFunc(s, func(name string) string {
			if flag, ok := flagOf[strings.TrimPrefix(name, "Options.")]; ok {
				return flag
			}
			return name + " of the library (there is no flag)"
		})
	}
	for i := range ps {
		ps[i].Msg, ps[i].Need = say(ps[i].Msg), say(ps[i].Need)
	}
	return ps
}

// once names each finding once, with how many there are and the first place.
func once(ps bangkom.Problems) bangkom.Problems {
	type kind struct {
		severity          bangkom.Severity
		code, msg, detail string
	}
	count, at := map[kind]int{}, map[kind]int{}
	var out bangkom.Problems
	for _, p := range ps {
		k := kind{p.Severity, p.Code, p.Msg, p.Need}
		switch p.Code {
		case "missing-field":
			k.detail += p.Value
		case "identifier-rewritten": // each names another identifier
			k.msg = ""
		case "lost": // each names another field
			k.detail += p.Where
		}
		if count[k]++; count[k] > 1 {
			continue
		}
		at[k] = len(out)
		out.Add(p)
	}
	for k, n := range count {
		if n > 1 {
			out[at[k]].Msg += fmt.Sprintf(" (%d times, here first)", n)
		}
	}
	return out
}

// complete adds what other formats ask for and the input does not say.
func (d *document) complete(lang, title, scale string) {
	x := d.framework
	if title != "" && len(x.Title) == 0 {
		x.Title = competency.Text{lang: title}
	}
	if scale == "" || len(x.Scales) > 0 {
		return
	}
	s := competency.Scale{ID: "levels"}
	for i, name := range strings.Split(scale, ",") {
		s.Levels = append(s.Levels, competency.Descriptor{Level: competency.Level(i + 1), Title: competency.Text{lang: strings.TrimSpace(name)}})
	}
	x.Scales = []competency.Scale{s}
}

// save writes the whole file or none.
func (d *document) save(out, to string, std streams) (losses bangkom.Problems, err error) {
	write := func(w io.Writer) (err error) {
		losses, err = formats[to].write(w, d)
		return err
	}
	if n := len(d.positions); n > 0 && !formats[to].jobs {
		defer func() {
			losses.Add(bangkom.Problem{Code: "lost", Severity: bangkom.Warning, Where: "position", Value: fmt.Sprint(n), Msg: "this format has no place for jobs and what they ask for; they were left out"})
		}()
	}
	switch {
	case out == "-":
		return losses, write(std.out)
	case to == "tables" && filepath.Ext(out) != ".csv":
		return writeTables(out, d.framework)
	}
	err = writeFile(out, write)
	return losses, err
}

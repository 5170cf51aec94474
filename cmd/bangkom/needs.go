package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/internal/text"
	"github.com/bangkom/bangkom/needs"
	"github.com/bangkom/bangkom/stats/tally"
	"github.com/bangkom/bangkom/table"
)

const needsUsage = `usage: bangkom needs -ratings FILE [-standards FILE] [flags]
       bangkom needs -method ahp -matrix FILE [-matrix FILE …] [flags]
       bangkom needs -method topsis|wsm -matrix FILE [-w W1,W2,…] [-benefit C1,C2,…] [flags]
       bangkom needs -method profile -matrix FILE -profile FILE [-table FILE] [flags]

Says who lacks what, how sure that is, and what comes first. Exit status: 0, 1 errors in the
input or nothing to rank, 2 wrong usage.

Ratings, columns by name in any order, others are ignored with a note:
  wide  person,[unit,position,…,weight,] and <source>_<item>_i and <source>_<item>_p
        wanted (importance) and there (performance); the source ends at the first underscore
  long  person,[…,]source,competency,importance,performance
peer1 and peer2 are raters of the source peer. A cell is a level, higher is always more; empty
or NA: missing, -: not applicable, ?: not observed. Without importance, -standards says what is
wanted:
  position,competency,required

What is printed may be handed on: tables of fewer than -min-cell people, or of people who are
all alike, are suppressed, and whatever would let them be computed. -min-cell 0 is the view of
the owner of the data; weights, other policies than pairwise, jpm and, with -standards,
pni-modified need it. Two printed lists of the same people together may tell what one hides.

Matrix: a header of names, then a row for each; the first column may hold labels. Numbers are
decimals or fractions such as 1/3. For ahp it is square; a file for each judge.
Profile: factor,required,[core,aspect,weight,share]; table: gap,weight.

flags:
`

const needsMethods = "share, shortfall, gap, borich, rdm, ipa, locus, pni, pni-modified, hh; all; alone: jpm, or of a matrix ahp, topsis, wsm, profile"

// needsFlags are what the command is asked for.
type needsFlags struct {
	ratings, standards, by, at, source, method, importance, weight, crosshair, lang, audit string

	scale    string
	language text.Lang // that lang names
	missing  needs.MissingPolicy
	opt      needs.Options
	minCell  int
	each     bool
	json     bool
	matrix   matrixFlags
}

func (f *needsFlags) parse(args []string, std streams) (ok bool, status int) {
	fs := flag.NewFlagSet("needs", flag.ContinueOnError)
	fs.SetOutput(std.err)
	fs.Usage = func() {
		fmt.Fprint(std.err, needsUsage)
		fs.PrintDefaults()
	}
	fs.StringVar(&f.ratings, "ratings", "", "ratings `file`; - is standard input")
	fs.StringVar(&f.standards, "standards", "", "`file` of the levels that positions require")
	fs.StringVar(&f.scale, "scale", "1-5", "lowest and highest level of the scale")
	fs.StringVar(&f.by, "by", "", "`columns` by which people are parted: unit,position")
	fs.StringVar(&f.at, "at", "", "a `part` of the first column of -by; of further ones after a slash, with -min-cell 0")
	fs.BoolVar(&f.each, "each", false, "every part of the first column of -by, after all together")
	fs.StringVar(&f.source, "source", "", "`source` whose ratings count, or all, pooled (default: each alone)")
	fs.StringVar(&f.method, "method", "all", "`names` with commas: "+needsMethods)
	fs.StringVar(&f.importance, "importance", "group", "whose importance borich weighs with: group or own")
	fs.TextVar(&f.missing, "missing", needs.Pairwise, "`policy` where a value is missing: pairwise, listwise, available, pairimportance, person-mean(0.5)")
	fs.StringVar(&f.weight, "weight", "", "`column` with the weight of a person")
	fs.StringVar(&f.crosshair, "crosshair", "mean", "of ipa: mean, median, scale, `P,I` or diagonal")
	fs.StringVar((*string)(&f.opt.Ties), "ties", "competition", "ranks of equals: competition, dense, mid or ordinal")
	fs.IntVar(&f.opt.TopK, "top", 5, "how many count as the first")
	fs.IntVar(&f.opt.Resamples, "resamples", 0, "times people are drawn again; 0: 2000, or exactly for up to ten people; -1: not at all")
	fs.Uint64Var(&f.opt.Seed, "seed", 1, "of the drawing; the same result on any number of cores")
	fs.IntVar(&f.minCell, "min-cell", 5, "fewest people behind a published table; 0: show everything to the owner")
	fs.StringVar(&f.audit, "audit", "", "`file` for what is suppressed and why, for the owner alone")
	fs.BoolVar(&f.json, "json", false, "print JSON")
	fs.StringVar(&f.lang, "lang", "id", "language of the text, problems too: id or en")
	f.matrix.define(fs)
	switch err := fs.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return false, 0
	case err != nil:
		return false, 2
	}
	f.opt.Missing = f.missing
	if fs.NArg() > 0 || (f.ratings == "") == (len(f.matrix.files) == 0) {
		fmt.Fprintln(std.err, "bangkom needs: give either -ratings or -matrix; see -h")
		return false, 2
	}
	var err error
	if f.language, err = text.Parse(f.lang); err != nil {
		fmt.Fprintln(std.err, "bangkom needs:", err)
		return false, 2
	}
	return true, 0
}

// needsResult is what -json prints.
type needsResult struct {
	MinCell  int                 `json:"min_cell"` // 0: nothing was suppressed
	Rankings []*needs.Ranking    `json:"rankings,omitempty"`
	Compare  []*needs.Comparison `json:"compare,omitempty"`
	JPM      []jpmResult         `json:"jpm,omitempty"`
	Problems bangkom.Problems    `json:"problems,omitempty"`
}

type jpmResult struct {
	Segment []string            `json:"segment,omitempty"`
	Sources []competency.Source `json:"sources,omitempty"`
	Index   *needs.Index        `json:"index"`
}

// runNeeds is the command.
func runNeeds(_ context.Context, args []string, std streams) int {
	var f needsFlags
	if ok, status := f.parse(args, std); !ok {
		return status
	}
	fail := func(err error) int {
		printError(std.err, f.language, "bangkom needs:", err)
		return 1
	}
	if len(f.matrix.files) > 0 {
		if err := f.runMatrix(std); err != nil {
			return fail(err)
		}
		return 0
	}
	if err := f.owners(); err != nil {
		return fail(err)
	}
	r := needsResult{MinCell: f.minCell}
	err := f.run(std, &r)
	printProblems(std.err, f.language, r.Problems)
	switch {
	case errors.Is(err, errUnread): // printed
		return 1
	case err != nil:
		return fail(err)
	}
	if f.minCell > 0 {
		r.Problems = withoutLines(r.Problems, f.ratingsName())
	}
	if err := f.print(std.out, &r); err != nil {
		return fail(err)
	}
	if r.Problems.Err() != nil {
		return 1
	}
	return 0
}

// errUnread is of a file that made no cube; its problems say why.
var errUnread = errors.New("nothing could be read")

// owners refuses what is not published, before anything is read.
func (f *needsFlags) owners() error {
	if f.minCell == 0 {
		return nil
	}
	refuse := func(where, value, msg string) error {
		return bangkom.Problem{Code: bangkom.ErrOption.Code, Where: where, Value: value, Msg: msg, Need: "-min-cell 0, for the owner of the data"}
	}
	switch {
	case f.weight != "":
		return refuse("-weight", f.weight, "weights of persons are no counts: what they disclose cannot be checked")
	case f.missing != needs.Pairwise:
		return refuse("-missing", f.missing.String(), "it needs tables that are not published")
	case f.standards != "" && slices.Contains(splitList(f.method), "pni-modified"):
		return refuse("-method", "pni-modified", "it needs more than the gaps, and of required levels nothing else is published")
	case slices.Contains(splitList(f.method), "jpm"):
		return refuse("-method", "jpm", "it adds up all competencies, the suppressed ones too")
	}
	return nil
}

// withoutLines tells how many problems the lines of a file had, not which: a
// line is a person. Standard error lists them, for the owner.
func withoutLines(ps bangkom.Problems, file string) bangkom.Problems {
	var out bangkom.Problems
	at, count := map[string]int{}, map[string]int{}
	for _, p := range ps {
		where, inFile := strings.CutPrefix(p.Where, file+":")
		line, _, _ := strings.Cut(where, ":")
		if !inFile || line == "1" {
			out.Add(p)
			continue
		}
		if count[p.Code]++; count[p.Code] == 1 {
			at[p.Code] = len(out)
			out.Add(bangkom.Problem{Code: p.Code, Severity: p.Severity, Where: file, Msg: "so many in the lines of the file; which, is on standard error for the owner"})
		}
		out[at[p.Code]].Value = strconv.Itoa(count[p.Code])
	}
	return out
}

func (f *needsFlags) ratingsName() string {
	if f.ratings == "-" {
		return "stdin"
	}
	return f.ratings
}

func (f *needsFlags) run(std streams, r *needsResult) error {
	cube, problems, err := f.read(std)
	r.Problems = problems
	if err != nil {
		return err
	}
	if cube == nil {
		return errUnread
	}
	var audit [][]string
	for _, source := range f.sources(cube) {
		part := cube
		if source != nil {
			if part, err = cube.From(source...); err != nil {
				return err
			}
		}
		hidden, err := f.answer(part, r)
		if err != nil {
			return err
		}
		for _, h := range hidden {
			audit = append(audit, []string{joinIDs(source), h.Segment, string(h.Item), h.Why, strconv.Itoa(h.People)})
		}
	}
	if f.audit == "" {
		return nil
	}
	return writeFile(f.audit, func(w io.Writer) error {
		return csv.NewWriter(w).WriteAll(append([][]string{{"source", "segment", "competency", "why", "people"}}, audit...))
	})
}

func joinIDs[S ~string](ids []S) string {
	var out []string
	for _, x := range ids {
		out = append(out, string(x))
	}
	return strings.Join(out, "+")
}

// sources to answer for, each a list that is pooled; nil: the whole cube.
func (f *needsFlags) sources(c *needs.Cube) [][]competency.Source {
	all := c.Sources()
	if f.source == "all" || len(all) < 2 && f.source == "" {
		return [][]competency.Source{nil}
	}
	var out [][]competency.Source
	for _, s := range all {
		if f.source == "" || string(s) == f.source {
			out = append(out, []competency.Source{s})
		}
	}
	if out == nil { // unknown: From says so
		return [][]competency.Source{{competency.Source(f.source)}}
	}
	return out
}

// read makes the cube of the files.
func (f *needsFlags) read(std streams) (*needs.Cube, bangkom.Problems, error) {
	scale, err := parseScale(f.scale)
	if err != nil {
		return nil, nil, err
	}
	frame := needs.Frame{Scale: scale, By: []needs.Dimension{}, Weighted: f.weight != ""}
	for _, name := range splitList(f.by) {
		frame.By = append(frame.By, needs.Dimension{Name: name})
	}
	opt := &needs.ReadOptions{Weight: f.weight}
	var problems bangkom.Problems
	if f.standards != "" {
		frame.Want = needs.Required
		if opt.Standards, problems, err = readStandards(f.standards); err != nil {
			return nil, problems, err
		}
	}
	in, name := std.in, f.ratingsName()
	if f.ratings != "-" {
		file, err := os.Open(f.ratings)
		if err != nil {
			return nil, problems, err
		}
		defer file.Close()
		in = file
	}
	cube, ps := needs.Read(in, name, frame, opt)
	return cube, append(problems, ps...), nil
}

func parseScale(s string) (tally.Shape, error) {
	from, to, ok := strings.Cut(s, "-")
	a, err1 := strconv.Atoi(from)
	b, err2 := strconv.Atoi(to)
	if !ok || err1 != nil || err2 != nil || a >= b {
		return tally.Shape{}, bangkom.Problem{Code: bangkom.ErrOption.Code, Where: "-scale", Value: s, Msg: "not a scale such as 1-5"}
	}
	return tally.Shape{First: a, Levels: b - a + 1}, nil
}

// splitList parts at commas; nothing is no list.
func splitList(s string) []string {
	var out []string
	for _, x := range strings.Split(s, ",") {
		if x = strings.TrimSpace(x); x != "" {
			out = append(out, x)
		}
	}
	return out
}

// readStandards reads position,competency,required.
func readStandards(path string) (map[string]map[competency.CompetencyID]int, bangkom.Problems, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer file.Close()
	rd := table.Read(file, path, table.Schema{
		{Key: "position", Names: []string{"Kode Jabatan", "Jabatan"}, Required: true},
		{Key: "competency", Names: []string{"Kompetensi"}, Required: true},
		{Key: "required", Names: []string{"Level"}, Required: true},
	}, nil)
	out := map[string]map[competency.CompetencyID]int{}
	for row := range rd.Rows() {
		position, ok1 := row.Required("position")
		id, ok2 := row.Required("competency")
		level, ok3 := row.Int("required")
		if !ok1 || !ok2 || !ok3 {
			continue
		}
		if out[position] == nil {
			out[position] = map[competency.CompetencyID]int{}
		}
		if _, twice := out[position][competency.CompetencyID(id)]; twice {
			row.Fail("competency", "duplicate-id", "a second level for the same position", "one")
			continue
		}
		out[position][competency.CompetencyID(id)] = level
	}
	var problems bangkom.Problems // the dialect of a plain file is no news
	for _, p := range rd.Problems() {
		if p.Severity != bangkom.Note {
			problems = append(problems, p)
		}
	}
	return out, problems, nil
}

// methods asked for; the first is shown in full where there are several.
func (f *needsFlags) methods(want needs.Want) ([]needs.Method, error) {
	crosshair, err := parseCrosshair(f.crosshair)
	if err != nil {
		return nil, err
	}
	borich := needs.Borich
	switch f.importance {
	case "own":
		borich = needs.BorichOwn
	case "group":
	default:
		return nil, bangkom.Problem{Code: bangkom.ErrOption.Code, Where: "-importance", Value: f.importance, Msg: "group or own"}
	}
	short := map[string]needs.Method{"share": needs.ShareBelow, "gap": needs.MeanGap, "borich": borich, "ipa": needs.IPA(crosshair), "hh": needs.HennessyHicks}
	names := splitList(f.method)
	if f.method == "all" {
		names = []string{"share", "shortfall", "gap", "rdm"}
		if want == needs.Importance {
			names = append(names, "borich", "ipa", "locus", "pni-modified")
		}
	}
	var out []needs.Method
	for _, name := range names {
		m, ok := short[name]
		if !ok {
			m, ok = needs.MethodByName(name)
		}
		if !ok {
			return nil, bangkom.Problem{Code: bangkom.ErrOption.Code, Where: "-method", Value: name, Msg: "no such method", Need: needsMethods}
		}
		out = append(out, m)
	}
	if out == nil {
		return nil, bangkom.Problem{Code: bangkom.ErrOption.Code, Where: "-method", Msg: "no method", Need: needsMethods}
	}
	return out, nil
}

func parseCrosshair(s string) (needs.Crosshair, error) {
	switch s {
	case "mean":
		return needs.DataMean, nil
	case "median":
		return needs.DataMedian, nil
	case "scale":
		return needs.ScaleCentre, nil
	case "diagonal":
		return needs.Diagonal(0), nil
	}
	p, i, _ := strings.Cut(s, ",")
	x, err1 := strconv.ParseFloat(p, 64)
	y, err2 := strconv.ParseFloat(i, 64)
	if err := errors.Join(err1, err2); err != nil {
		return needs.Crosshair{}, bangkom.Problem{Code: bangkom.ErrOption.Code, Where: "-crosshair", Value: s, Msg: "mean, median, scale, diagonal, or performance,importance"}
	}
	return needs.Fixed(x, y), nil
}

// A view is what can be asked of one part: of the cube, or of what may be published.
type view struct {
	rank    func(needs.Method, *needs.Options) (*needs.Ranking, error)
	compare func([]needs.Method, *needs.Options) (*needs.Comparison, error)
	cube    *needs.Cube // nil: published
}

func (f *needsFlags) answer(c *needs.Cube, r *needsResult) ([]needs.Hidden, error) {
	views, hidden, err := f.views(c)
	if err != nil {
		return nil, err
	}
	for _, v := range views {
		err := f.answerView(v, c.Frame().Want, r)
		if errors.Is(err, needs.ErrNoEvidence) && f.each {
			r.Problems.Add(bangkom.Problem{Code: needs.ErrNoEvidence.Code, Severity: bangkom.Note, Value: err.Error(), Msg: "a part of which nothing is said"})
			continue
		}
		if err != nil {
			return nil, err
		}
	}
	return hidden, nil
}

func (f *needsFlags) answerView(v view, want needs.Want, r *needsResult) error {
	if f.method == "jpm" {
		x, err := needs.JPM(v.cube, false)
		if err == nil {
			r.JPM = append(r.JPM, jpmResult{v.cube.Segment(), v.cube.Sources(), x})
		}
		return err
	}
	methods, err := f.methods(want)
	if err != nil {
		return err
	}
	if len(methods) == 1 {
		x, err := v.rank(methods[0], &f.opt)
		if err == nil {
			r.Rankings = append(r.Rankings, x)
		}
		return err
	}
	x, err := v.compare(methods, &f.opt)
	if err == nil {
		r.Compare = append(r.Compare, x)
	}
	return err
}

// views opens the parts that were asked for.
func (f *needsFlags) views(c *needs.Cube) ([]view, []needs.Hidden, error) {
	by := ""
	if all := splitList(f.by); len(all) > 0 {
		by = all[0]
	}
	if (f.at != "" || f.each) && by == "" {
		flag := "-at"
		if f.each {
			flag = "-each"
		}
		return nil, nil, bangkom.Problem{Code: bangkom.ErrOption.Code, Where: flag, Value: f.at, Msg: "parts need -by", Need: "-by unit, or another column"}
	}
	parts := []string{f.at}
	var out []view
	if f.minCell > 0 {
		p, err := needs.Publish(c, &needs.Disclosure{MinCell: f.minCell, By: by})
		if err != nil {
			return nil, nil, err
		}
		if f.each {
			parts = p.Segments()
		}
		for _, s := range parts {
			out = append(out, view{
				rank:    func(m needs.Method, o *needs.Options) (*needs.Ranking, error) { return p.Rank(s, m, o) },
				compare: func(m []needs.Method, o *needs.Options) (*needs.Comparison, error) { return p.Compare(s, m, o) },
			})
		}
		return out, p.Audit(), nil
	}
	if f.each {
		parts = append([]string{""}, c.Segments(by)...)
	}
	for _, s := range parts {
		part, err := c.At(strings.Split(s, "/")...)
		if s == "" {
			part, err = c, nil
		}
		if err != nil {
			return nil, nil, err
		}
		out = append(out, view{
			rank:    func(m needs.Method, o *needs.Options) (*needs.Ranking, error) { return needs.Rank(part, m, o) },
			compare: func(m []needs.Method, o *needs.Options) (*needs.Comparison, error) { return needs.Compare(part, m, o) },
			cube:    part,
		})
	}
	return out, nil, nil
}

// print writes JSON, or what people read.
func (f *needsFlags) print(w io.Writer, r *needsResult) error {
	if f.json {
		e := json.NewEncoder(w)
		e.SetIndent("", " ")
		return e.Encode(r)
	}
	l, gap := f.language, ""
	heading := func(segment []string, sources []competency.Source, what string) {
		fmt.Fprint(w, gap)
		gap = "\n"
		if len(sources) > 0 {
			what = l.T("needs.of", joinIDs(sources), what)
		}
		if s := slices.DeleteFunc(slices.Clone(segment), func(s string) bool { return s == "" }); len(s) > 0 {
			what = l.T("needs.at", strings.Join(s, "/"), what)
		}
		fmt.Fprintln(w, what)
	}
	for _, x := range r.Rankings {
		heading(x.Segment, x.Sources, x.Method)
		if err := x.WriteText(w, nil, f.lang, 0); err != nil {
			return err
		}
		notes(w, l, x.Problems)
	}
	for _, x := range r.Compare {
		first := x.Rankings[0]
		heading(first.Segment, first.Sources, first.Method)
		if err := first.WriteText(w, nil, f.lang, 0); err != nil {
			return err
		}
		notes(w, l, first.Problems)
		fmt.Fprintln(w)
		if err := x.WriteText(w, nil, f.lang); err != nil {
			return err
		}
		notes(w, l, x.Problems)
	}
	for _, x := range r.JPM {
		heading(x.Segment, x.Sources, "jpm")
		fmt.Fprintln(w, l.T("needs.jpm", l.Num(x.Index.JPM, 2), l.Num(x.Index.Capped, 2), l.Int(int(x.Index.N)), l.Int(int(x.Index.NotAssessed))))
	}
	return nil
}

// notes prints what a reader of the table must know.
func notes(w io.Writer, l text.Lang, ps bangkom.Problems) {
	for _, p := range ps {
		fmt.Fprintln(w, l.T("needs.note", l.Problem(p).Error()))
	}
}

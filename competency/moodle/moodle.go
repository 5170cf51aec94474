package moodle

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
)

// Options adjusts reading and writing. Nil and the zero value are the defaults
// that each field names.
type Options struct {
	Language   string // of the texts; empty: "und" on reading, the framework title's first on writing
	Indicators bool   // rows level-1, level-2, … are levels, and rows that refer to one are indicators

	// Reading.
	MaxBytes int64 // size of the file; 0 is 32 MiB
	MaxRows  int   // 0 is 200,000

	// Writing.
	Proficient competency.Level // the lowest level that counts as proficient, where the scale does not say; 0: the highest
	UseCodes   bool             // id numbers are the codes of the competencies, not their ids
}

// The columns by position, under the names of an English site.
const (
	parentID = iota
	idNumber
	shortName
	description
	descriptionFormat
	scaleValues
	scaleConfiguration
	ruleType
	ruleOutcome
	ruleConfig
	related
	exportedID
	isFramework
	taxonomy
	columns
)

var header = [columns]string{
	"Parent id number", "Id number", "Shortname", "Description", "Description format", "Scale values", "Scale configuration",
	"Rule type (optional)", "Rule outcome (optional)", "Rule config (optional)", "Cross referenced competency id numbers",
	"Exported id (optional)", "Is framework", "Taxonomy",
}

// kept are the columns that the model has no word for.
var kept = map[int]string{
	descriptionFormat: "moodle:descriptionformat", ruleType: "moodle:ruletype", ruleOutcome: "moodle:ruleoutcome", ruleConfig: "moodle:ruleconfig",
	exportedID: "moodle:exportedid", taxonomy: "moodle:taxonomy",
}

const (
	configuration = "moodle:scaleconfiguration"
	maxLength     = 100 // of ids and names
	maxScales     = 1000
)

// Read reads a framework. Nothing is dropped without a problem; see the
// package's documentation.
func Read(r io.Reader, file string, opt *Options) (*competency.Framework, bangkom.Problems) {
	var o Options
	if opt != nil {
		o = *opt
	}
	rd := &reader{file: file, lang: cmp.Or(o.Language, "und"), f: &competency.Framework{}, at: map[competency.CompetencyID]int{}, scales: map[string]competency.ScaleID{}}
	rd.rows(r, o)
	rd.build()
	if o.Indicators {
		foldIndicators(rd.f)
	}
	return rd.f, rd.problems
}

// A row is a line of the file: its cells by column and their places.
type row struct {
	cells [columns]string
	line  int
}

type reader struct {
	file     string
	lang     string
	f        *competency.Framework
	problems bangkom.Problems
	dropped  int
	all      []row
	at       map[competency.CompetencyID]int // row of each competency
	scales   map[string]competency.ScaleID
	common   competency.ScaleID // of competencies without one of their own
	refs     int
	maxRefs  int
}

// maxProblems are listed; more say nothing new.
const maxProblems = 2000

func (rd *reader) add(p bangkom.Problem) {
	if len(rd.problems) < maxProblems {
		rd.problems.Add(p)
		return
	}
	rd.dropped++
	rd.problems[maxProblems-1] = bangkom.Problem{Code: "too-many-problems", Where: rd.file, Msg: fmt.Sprintf("%d more problems", rd.dropped+1), Need: "mend what is shown first"}
}

func (rd *reader) report(severity bangkom.Severity, code string, r *row, column int, msg, need string) {
	value := r.cells[column]
	if len(value) > 120 {
		value = strings.ToValidUTF8(value[:120], "") + "…"
	}
	rd.add(bangkom.Problem{Code: code, Severity: severity, Where: fmt.Sprintf("%s:%d:%s", rd.file, r.line, header[column]), Value: value, Msg: msg, Need: need})
}

func (rd *reader) refuse(code, msg, need string) {
	rd.add(bangkom.Problem{Code: code, Where: rd.file, Msg: msg, Need: need})
}

// rows reads the cells. The first row is the header, whatever its language.
func (rd *reader) rows(r io.Reader, o Options) {
	limit := o.MaxBytes
	if limit <= 0 {
		limit = 32 << 20
	}
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	switch {
	case err != nil:
		rd.refuse("unreadable", err.Error(), "")
		return
	case int64(len(data)) > limit:
		rd.refuse("too-large", fmt.Sprintf("the file has more than %d bytes", limit), "raise Options.MaxBytes if the file can be trusted")
		return
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}) || bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		rd.refuse("utf-16", "the file is UTF-16", "save it as UTF-8")
		return
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(data) {
		data = bytes.ToValidUTF8(data, []byte("\ufffd"))
		rd.add(bangkom.Problem{Code: "invalid-utf8", Severity: bangkom.Warning, Where: rd.file, Msg: "bytes that are not UTF-8 were read as \ufffd", Need: "save the file as UTF-8"})
	}
	maxRows := o.MaxRows
	if maxRows <= 0 {
		maxRows = 200_000
	}
	rd.maxRefs = maxRows
	in := csv.NewReader(bytes.NewReader(data))
	in.Comma, in.FieldsPerRecord, in.ReuseRecord = separator(data), -1, true
	for first := true; ; {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			rd.refuse("not-csv", err.Error(), "export the framework again")
			continue
		}
		line, _ := in.FieldPos(0)
		if len(cells) < columns-1 { // the last is often left out where it is empty
			rd.add(bangkom.Problem{Code: "too-few-columns", Where: fmt.Sprintf("%s:%d", rd.file, line), Value: fmt.Sprint(len(cells)), Msg: "a row of a Moodle framework has 14 columns; this one was skipped", Need: "export the framework again, as CSV"})
			first = false
			continue
		}
		if first {
			first = false
			continue
		}
		if len(rd.all) == maxRows {
			rd.refuse("too-many-rows", fmt.Sprintf("more than %d rows; the others were not read", maxRows), "raise Options.MaxRows if the file can be trusted")
			return
		}
		x := row{line: line}
		for i := range min(len(cells), columns) {
			x.cells[i] = strings.TrimSpace(cells[i])
		}
		rd.all = append(rd.all, x)
	}
}

// separator is what parts the columns of the first line.
func separator(data []byte) rune {
	line, _, _ := bytes.Cut(data, []byte("\n"))
	best, most := ',', -1
	for _, c := range ",;\t" {
		if n := bytes.Count(line, []byte(string(c))); n > most {
			best, most = c, n
		}
	}
	return best
}

func (rd *reader) text(s string) competency.Text {
	if s == "" {
		return nil
	}
	return competency.Text{rd.lang: s}
}

// build makes the framework of the rows.
func (rd *reader) build() {
	rd.framework()
	var order []int
	for i := range rd.all {
		r := &rd.all[i]
		if truth(r.cells[isFramework]) || !rd.identified(r) {
			continue
		}
		id := competency.CompetencyID(r.cells[idNumber])
		if first, taken := rd.at[id]; taken {
			rd.report(bangkom.Error, "duplicate-id", r, idNumber, fmt.Sprintf("this stands in line %d already, which was kept", rd.all[first].line), "give each competency an id number of its own")
			continue
		}
		rd.at[id] = i
		order = append(order, i)
	}
	for _, i := range order {
		rd.competency(&rd.all[i])
	}
	rd.cycles(order)
	if len(rd.f.Scales) == 1 {
		for i := range rd.f.Competencies {
			rd.f.Competencies[i].Scale = ""
		}
	}
}

func truth(s string) bool { return s != "" && s != "0" }

// framework reads the row that says it is one.
func (rd *reader) framework() {
	found := -1
	for i := range rd.all {
		if !truth(rd.all[i].cells[isFramework]) {
			continue
		}
		if found >= 0 {
			rd.report(bangkom.Error, "second-framework", &rd.all[i], isFramework, fmt.Sprintf("a second row says that it is the framework; that of line %d was kept", rd.all[found].line), "export one framework at a time")
			continue
		}
		found = i
	}
	if found < 0 {
		rd.refuse("no-framework", "no row says 1 in column 13 ("+header[isFramework]+"): the framework has no id and no scale", "export the framework again")
		return
	}
	r := &rd.all[found]
	rd.identified(r)
	f := rd.f
	f.ID, f.Title, f.Description = competency.FrameworkID(r.cells[idNumber]), rd.text(r.cells[shortName]), rd.text(r.cells[description])
	f.Extra = rd.extra(r)
	rd.common = rd.scale(r)
}

// identified reports a row without id or name, and those that are too long.
func (rd *reader) identified(r *row) bool {
	ok := true
	for _, c := range []int{idNumber, shortName} {
		switch n := utf8.RuneCountInString(r.cells[c]); {
		case n == 0:
			rd.report(bangkom.Error, "empty-cell", r, c, "Moodle skips a row without it, and all that stands below it", "fill it in")
			ok = false
		case n > maxLength:
			rd.report(bangkom.Error, "too-long", r, c, fmt.Sprintf("%d characters; Moodle cuts it to 100, but not where others refer to it", n), "shorten it")
		}
	}
	return ok
}

func (rd *reader) extra(r *row) competency.Extra {
	var e competency.Extra
	for c := range columns {
		if name := kept[c]; name != "" && r.cells[c] != "" && r.cells[c] != "null" {
			if e == nil {
				e = competency.Extra{}
			}
			e[name] = quote(r.cells[c])
		}
	}
	return e
}

func quote(s string) json.RawMessage {
	v, err := json.Marshal(s)
	if err != nil {
		return json.RawMessage(`""`)
	}
	return v
}

func unquote(v json.RawMessage) string {
	var s string
	if json.Unmarshal(v, &s) != nil {
		return ""
	}
	return s
}

// scale returns the scale of a row; rows with the same values and
// configuration share one.
func (rd *reader) scale(r *row) competency.ScaleID {
	values, config := r.cells[scaleValues], r.cells[scaleConfiguration]
	if values == "" {
		return ""
	}
	key := values + "\x00" + config
	if id, ok := rd.scales[key]; ok {
		return id
	}
	if len(rd.f.Scales) == maxScales {
		rd.report(bangkom.Error, "bad-scale", r, scaleValues, fmt.Sprintf("more than %d different scales; this one was left out", maxScales), "")
		return ""
	}
	s := competency.Scale{ID: competency.ScaleID(fmt.Sprintf("scale-%d", len(rd.f.Scales)+1))}
	for n, v := range strings.Split(values, ",") {
		if n == 127 {
			rd.report(bangkom.Warning, "bad-scale", r, scaleValues, "more than 127 values; the others were left out", "")
			break
		}
		s.Levels = append(s.Levels, competency.Descriptor{Level: competency.Level(n + 1), Title: rd.text(strings.TrimSpace(v))})
	}
	if config != "" {
		s.Extra = competency.Extra{configuration: quote(config)}
		if _, ok := parseConfiguration(config); !ok {
			rd.report(bangkom.Warning, "bad-scale", r, scaleConfiguration, "not a configuration of a scale; it is kept as it stands", "")
		}
	}
	rd.scales[key] = s.ID
	rd.f.Scales = append(rd.f.Scales, s)
	return s.ID
}

// A setting says of one value of a scale, counted from 1, what Moodle does with it.
type setting struct {
	ID         int  `json:"id"`
	Default    flag `json:"scaledefault"`
	Proficient flag `json:"proficient"`
}

// A flag is 1 or 0, with or without quotes, or true or false.
type flag bool

func (f *flag) UnmarshalJSON(b []byte) error {
	switch strings.Trim(string(b), `"`) {
	case "1", "true":
		*f = true
	case "0", "false", "", "null":
		*f = false
	default:
		return fmt.Errorf("moodle: not a flag: %s", b)
	}
	return nil
}

func (f flag) MarshalJSON() ([]byte, error) {
	if f {
		return []byte("1"), nil
	}
	return []byte("0"), nil
}

// parseConfiguration reads [{"scaleid":"2"},{"id":2,"scaledefault":1,"proficient":1}].
func parseConfiguration(s string) ([]setting, bool) {
	var list []json.RawMessage
	if json.Unmarshal([]byte(s), &list) != nil {
		return nil, false
	}
	var all []setting
	for _, one := range list {
		var x struct {
			setting
			ScaleID json.RawMessage `json:"scaleid"`
		}
		if json.Unmarshal(one, &x) != nil {
			return nil, false
		}
		if x.ScaleID == nil {
			all = append(all, x.setting)
		}
	}
	return all, true
}

func (rd *reader) competency(r *row) {
	id := competency.CompetencyID(r.cells[idNumber])
	c := competency.Competency{
		ID: id, Code: string(id), Title: rd.text(r.cells[shortName]), Description: rd.text(r.cells[description]),
		Parent: competency.CompetencyID(r.cells[parentID]), Extra: rd.extra(r), Scale: rd.scale(r),
	}
	if c.Scale == "" {
		c.Scale = rd.common
	}
	if _, ok := rd.at[c.Parent]; !ok && c.Parent != "" {
		if string(c.Parent) != string(rd.f.ID) {
			rd.report(bangkom.Error, "dangling-reference", r, parentID, "no row has this id number; it reads as none", "add it, or correct it")
		}
		c.Parent = ""
	}
	if c.Extra["moodle:ruletype"] != nil {
		rd.report(bangkom.Warning, "rule-kept", r, ruleType, "a rule of Moodle, by which competencies below complete this one: it is kept, and means nothing here", "")
	}
	for ref := range strings.SplitSeq(r.cells[related], ",") {
		ref = strings.ReplaceAll(strings.TrimSpace(ref), "%2C", ",")
		if ref == "" {
			continue
		}
		if rd.refs++; rd.refs > rd.maxRefs {
			if rd.refs == rd.maxRefs+1 {
				rd.report(bangkom.Error, "too-many-references", r, related, fmt.Sprintf("more than %d cross references; the others were not read", rd.maxRefs), "raise Options.MaxRows if the file can be trusted")
			}
			break
		}
		if _, ok := rd.at[competency.CompetencyID(ref)]; !ok {
			rd.report(bangkom.Warning, "unresolved-reference", r, related, "no row has the id number "+strconv.Quote(ref)+"; the reference is kept", "add it, or correct it")
		}
		rd.f.Associations = append(rd.f.Associations, competency.Association{Type: competency.RelatedTo, From: id, To: competency.Ref{ID: competency.CompetencyID(ref)}})
	}
	rd.f.Competencies = append(rd.f.Competencies, c)
}

// cycles opens circles of parents, each at its first row.
func (rd *reader) cycles(order []int) {
	place := make(map[competency.CompetencyID]int, len(rd.f.Competencies))
	for i := range rd.f.Competencies {
		place[rd.f.Competencies[i].ID] = i
	}
	for _, circle := range circles(rd.f, place) {
		first := circle[0]
		var ids []string
		for _, i := range circle[:min(len(circle), 20)] {
			ids = append(ids, string(rd.f.Competencies[i].ID))
		}
		if len(circle) > 20 {
			ids = append(ids, fmt.Sprintf("(%d more)", len(circle)-20))
		}
		ids = append(ids, ids[0])
		r := &rd.all[order[first]]
		rd.report(bangkom.Error, "cycle", r, parentID, "the chain of parents comes back to itself: "+strings.Join(ids, " -> ")+"; it was opened here", "correct one of these parents")
		rd.f.Competencies[first].Parent = ""
	}
}

// circles returns the circles of parents, each from its first competency.
func circles(f *competency.Framework, place map[competency.CompetencyID]int) [][]int {
	walk := make([]int, len(f.Competencies))
	var found [][]int
	for i := range f.Competencies {
		u, ok := i, true
		for ok && walk[u] == 0 {
			walk[u] = i + 1
			u, ok = place[f.Competencies[u].Parent]
		}
		if !ok || walk[u] != i+1 {
			continue
		}
		circle := []int{u}
		for v := place[f.Competencies[u].Parent]; v != u; v = place[f.Competencies[v].Parent] {
			circle = append(circle, v)
		}
		at := slices.Index(circle, slices.Min(circle))
		found = append(found, slices.Concat(circle[at:], circle[:at]))
	}
	return found
}

// levelRow is how frameworks name the rows that stand for levels.
var levelRow = regexp.MustCompile(`(?i)^level[-_ ]?(\d{1,2})$`)

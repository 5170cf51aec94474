package asn

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
)

// The rules that rows decide.
const (
	ruleLevel        = "level"
	ruleCompetency   = "competency"
	ruleTier         = "tier"
	ruleDefaultLevel = "default-level"
	ruleJPMClass     = "jpm-class"
	ruleValidFor     = "valid-for"
	ruleHours        = "hours"
	ruleMinutes      = "minutes-per-jp"
	ruleConversion   = "jp-conversion"
	ruleElement      = "skm-element"
	ruleAnswer       = "skm-answer"
	ruleSKMClass     = "skm-class"
	ruleIPPoints     = "ip-points"
	ruleIPWork       = "ip-performance"
	ruleIPWindow     = "ip-window"
	ruleIPClass      = "ip-class"
	rulePredicate    = "skp-predicate"
	ruleAxis         = "talent-axis"
	ruleBox          = "box"
)

// classRules are the rules whose rows are the classes of a table.
var classRules = []string{ruleJPMClass, ruleSKMClass, ruleIPClass, ruleIPWork}

// A form says which fields a rule's rows have beside those that all rows have.
type form struct {
	required, optional []string
	agency             bool // may stand in an agency's file
}

var forms = map[string]form{
	ruleLevel:        {required: []string{"level", "title"}, optional: []string{"description"}},
	ruleCompetency:   {required: []string{"code", "kind", "title"}, optional: []string{"also"}},
	ruleTier:         {required: []string{"code", "title"}, optional: []string{"also"}},
	ruleDefaultLevel: {required: []string{"for", "kind", "level"}, agency: true},
	ruleJPMClass:     {required: []string{"for", "code", "title"}, optional: []string{"lower", "upper"}, agency: true},
	ruleValidFor:     {required: []string{"value"}, agency: true},
	ruleHours:        {required: []string{"for"}, optional: []string{"min", "max"}, agency: true},
	ruleMinutes:      {required: []string{"value"}, agency: true},
	ruleConversion:   {required: []string{"for", "basis"}, optional: []string{"national", "international", "cap", "title", "also"}, agency: true},
	ruleElement:      {required: []string{"code", "title"}, optional: []string{"also"}},
	ruleAnswer:       {required: []string{"value", "title"}},
	ruleSKMClass:     {required: []string{"code", "title"}, optional: []string{"lower", "upper"}, agency: true},
	ruleIPPoints:     {required: []string{"for", "code", "value"}, optional: []string{"title", "also", "min"}, agency: true},
	ruleIPWork:       {required: []string{"for", "code", "value"}, optional: []string{"title", "lower", "upper"}, agency: true},
	ruleIPWindow:     {required: []string{"for", "value"}, optional: []string{"title"}, agency: true},
	ruleIPClass:      {required: []string{"for", "code", "title"}, optional: []string{"lower", "upper"}, agency: true},
	rulePredicate:    {required: []string{"for", "code"}, optional: []string{"title"}},
	ruleAxis:         {required: []string{"for", "code"}, optional: []string{"title"}, agency: true},
	ruleBox:          {required: []string{"for", "code", "value"}, optional: []string{"title"}, agency: true},
}

var commonFields = []string{"rule", "note", "source", "effective_from", "effective_to"}

// maxFile bounds what Load reads: an agency's rules are a few hundred rows.
const maxFile = 16 << 20

// Load reads an agency's rule file:
//
//	{
//	  "id": "kota-contoh/2026",
//	  "title": "…",
//	  "rows": [
//	    {"rule": "default-level", "for": "jpt-pratama", "kind": "managerial", "level": 4,
//	     "source": "…", "effective_from": "2026-01-01", "effective_to": "2026-12-31"}
//	  ]
//	}
//
// The package documentation has the rules and their fields. Every row carries a
// source and the day from which it holds; a row without them is not loaded, and
// neither is one that is damaged, that names a field or rule that does not
// exist, that can never hold (unreachable-row) or that decides what another row
// of the file decides for the same day (overlapping-rows). A table of classes
// into which some score would not fall (rule-gap) is not loaded at all. Days
// between rows of the same rule that no row covers are a warning, and tiers for
// which a table of default levels says nothing are a note: not every agency has them.
//
// The set holds the good rows. It is nil if the file is no object of JSON.
// Use it through [Rules.With].
func Load(r io.Reader, file string) (*RuleSet, bangkom.Problems) { return load(r, file, true) }

func load(r io.Reader, file string, agency bool) (*RuleSet, bangkom.Problems) {
	l := loader{file: file, agency: agency}
	if r == nil {
		return nil, bangkom.Problems{{Code: "unreadable", Where: file, Msg: "there is nothing to read from", Need: "the error of opening the file"}}
	}
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	switch {
	case err != nil:
		return nil, bangkom.AsProblems(err, "read")
	case len(data) > maxFile:
		return nil, bangkom.Problems{{Code: "too-large", Where: file, Msg: fmt.Sprintf("a rule file of more than %d bytes", maxFile)}}
	}
	l.data = bytes.TrimPrefix(data, []byte("\ufeff"))
	set := l.set()
	if set == nil {
		return nil, l.ps
	}
	l.checkTime(set)
	l.checkClasses(set)
	if agency {
		l.checkTiers(set)
	}
	return set, l.ps
}

type loader struct {
	file   string
	agency bool
	data   []byte
	ps     bangkom.Problems
}

func (l *loader) fail(where, code, value, msg, need string) {
	l.ps.Add(bangkom.Problem{Code: code, Where: where, Value: value, Msg: msg, Need: need})
}

func (l *loader) warn(where, code, value, msg, need string) {
	l.ps.Add(bangkom.Problem{Code: code, Severity: bangkom.Warning, Where: where, Value: value, Msg: msg, Need: need})
}

// at gives file:line of a byte.
func (l *loader) at(offset int) string {
	offset = min(max(offset, 0), len(l.data))
	return fmt.Sprintf("%s:%d", l.file, 1+bytes.Count(l.data[:offset], []byte("\n")))
}

// A field is one member of a JSON object with the place of its value.
type field struct {
	name   string
	raw    json.RawMessage
	offset int
}

// members takes a JSON object apart in its order, so that no member is lost:
// encoding/json would silently keep the last of two with the same name.
func members(raw []byte, base int) ([]field, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	if err := open(d, '{'); err != nil {
		return nil, err
	}
	var out []field
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return nil, err
		}
		f := field{name: t.(string)} // a decoder refuses any other key
		if err := d.Decode(&f.raw); err != nil {
			return nil, err
		}
		f.offset = base + int(d.InputOffset()) - len(f.raw)
		out = append(out, f)
	}
	return out, end(d)
}

// elements takes a JSON array apart.
func elements(raw []byte, base int) ([]field, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	if err := open(d, '['); err != nil {
		return nil, err
	}
	var out []field
	for d.More() {
		var f field
		if err := d.Decode(&f.raw); err != nil {
			return nil, err
		}
		f.offset = base + int(d.InputOffset()) - len(f.raw)
		out = append(out, f)
	}
	return out, end(d)
}

func open(d *json.Decoder, want json.Delim) error {
	t, err := d.Token()
	if err == nil && t != want {
		err = fmt.Errorf("expected %v", want)
	}
	return err
}

// end reads the closing delimiter, after which nothing may follow.
func end(d *json.Decoder) error {
	if _, err := d.Token(); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the end")
	}
	return nil
}

func (l *loader) set() *RuleSet {
	fields, err := members(l.data, 0)
	if err != nil {
		l.fail(l.file, "not-json", "", "not a rule file: "+err.Error(), `write {"id": …, "title": …, "rows": […]}`)
		return nil
	}
	set := &RuleSet{Rows: []Row{}}
	var rows field
	known := map[string]any{"id": &set.ID, "title": &set.Title, "source": &set.Source, "note": &set.Note}
	if !l.agency {
		known["effective_from"], known["effective_to"] = &set.EffectiveFrom, &set.EffectiveTo
	}
	seen := map[string]bool{}
	for _, f := range fields {
		where := l.at(f.offset)
		target, ok := known[f.name]
		switch {
		case seen[f.name]:
			l.fail(where, "duplicate-field", f.name, "a field given twice", "keep one")
		case f.name == "rows":
			rows = f
		case !ok:
			l.fail(where, "unknown-field", f.name, "a field that a rule file does not have", "id, title, source, note, rows")
		default:
			if err := json.Unmarshal(f.raw, target); err != nil {
				l.fail(where, "bad-field", f.name, message(err), "")
			}
		}
		seen[f.name] = true
	}
	if set.ID == "" {
		l.fail(l.file, "no-id", "", "a rule file without an id", "results name the rules by it")
	}
	list, err := elements(rows.raw, rows.offset)
	if err != nil {
		l.fail(l.file, "no-rows", "", "a rule file without a list of rows", `write "rows": […]`)
	}
	for _, f := range list {
		if row, ok := l.row(set, f); ok {
			set.Rows = append(set.Rows, row)
		}
	}
	return set
}

// message takes the name of the package's own types out of an error of encoding/json.
func message(err error) string {
	if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Sprintf("a %s where another kind of value belongs", e.Value)
	}
	if p, ok := errors.AsType[bangkom.Problem](err); ok {
		return p.Msg
	}
	return err.Error()
}

// row reads and checks one row by itself.
func (l *loader) row(set *RuleSet, f field) (Row, bool) {
	where := l.at(f.offset)
	before := len(l.ps.Only(bangkom.Error))
	fields, err := members(f.raw, f.offset)
	if err != nil {
		l.fail(where, "bad-row", "", "a row that is no object", `write {"rule": …, "source": …, "effective_from": …}`)
		return Row{}, false
	}
	var row Row
	if err := json.Unmarshal(f.raw, &row); err != nil {
		l.fail(where, "bad-row", "", message(err), "")
		return Row{}, false
	}
	spec, ok := forms[row.Rule]
	if !ok || (l.agency && !spec.agency) {
		l.fail(where, "unknown-rule", row.Rule, "a rule that a file cannot lay down", strings.Join(agencyRules(), ", "))
		return Row{}, false
	}
	l.checkFields(where, spec, fields)
	row.Set, row.Where = set.ID, ""
	if l.agency {
		row.Mark, row.Where = Agency, where
	} else if row.EffectiveFrom.IsZero() {
		row.EffectiveFrom = set.EffectiveFrom
	}
	if !l.agency && row.EffectiveTo.IsZero() {
		row.EffectiveTo = set.EffectiveTo
	}
	l.checkRow(where, &row)
	return row, len(l.ps.Only(bangkom.Error)) == before
}

func agencyRules() []string {
	var out []string
	for name, f := range forms {
		if f.agency {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

func (l *loader) checkFields(where string, spec form, fields []field) {
	var seen, filled []string
	for _, f := range fields {
		if v := string(f.raw); v != "null" && v != `""` && v != "{}" {
			filled = append(filled, f.name)
		}
		known := slices.Contains(commonFields, f.name) || slices.Contains(spec.required, f.name) || slices.Contains(spec.optional, f.name)
		switch {
		case slices.Contains(seen, f.name):
			l.fail(where, "duplicate-field", f.name, "a field given twice", "keep one")
		case !known && (l.agency || f.name != "mark"):
			l.fail(where, "unknown-field", f.name, "a field that this rule does not have",
				strings.Join(slices.Concat(spec.required, spec.optional, commonFields), ", "))
		}
		seen = append(seen, f.name)
	}
	for _, name := range spec.required {
		if !slices.Contains(filled, name) {
			l.fail(where, "missing-field", name, "a row without "+name, "")
		}
	}
}

func (l *loader) checkRow(where string, r *Row) {
	if strings.TrimSpace(r.Source) == "" {
		l.fail(where, "no-source", "", "a row without a source", "name the decree, letter or minutes it comes from")
	}
	if r.EffectiveFrom.IsZero() {
		l.fail(where, "no-date", "", "a row without the day from which it holds", `write "effective_from": "2026-01-01"`)
	}
	if !r.EffectiveTo.IsZero() && r.EffectiveTo.Before(r.EffectiveFrom) {
		l.fail(where, "unreachable-row", r.EffectiveTo.String(), "a row that ends before it begins never holds", "")
	}
	if !l.agency && r.Mark != V1 && r.Mark != V2x2 && r.Mark != V2 {
		l.fail(where, "mark", string(r.Mark), "a row that is not verified cannot be built in", "")
	}
	switch r.Rule {
	case ruleLevel, ruleDefaultLevel:
		l.checkLevel(where, r)
	case ruleIPPoints, ruleIPWork:
		if r.Value != nil && !(*r.Value >= 0 && *r.Value <= 100) {
			l.fail(where, "value", fmt.Sprint(*r.Value), "points are from 0 to 100", "")
		}
	case ruleValidFor, ruleMinutes, ruleAnswer, ruleIPWindow, ruleBox:
		if r.Value != nil && (*r.Value < 1 || *r.Value != math.Trunc(*r.Value) || *r.Value > 1000) {
			l.fail(where, "value", fmt.Sprint(*r.Value), "not a whole number from 1 to 1000", "")
		}
	case ruleHours:
		l.checkHours(where, r)
	case ruleConversion:
		l.checkConversion(where, r)
	case ruleJPMClass:
		if r.For != useFilling && r.For != useMapping {
			l.fail(where, "unknown-use", r.For, "classes of a JPM are for filling or for mapping", useFilling+", "+useMapping)
		}
	}
	if slices.Contains(classRules, r.Rule) && r.Lower != nil && r.Upper != nil && *r.Upper < *r.Lower {
		l.fail(where, "unreachable-row", fmt.Sprintf("%v..%v", *r.Lower, *r.Upper), "a class whose last value is below its first is never reached", "")
	}
}

// usable guards against rows that a program made without Load.
func (r Row) usable() bool {
	if !forms[r.Rule].agency || strings.TrimSpace(r.Source) == "" {
		return false
	}
	switch r.Rule {
	case ruleDefaultLevel:
		return r.Level != nil && lowest <= *r.Level && *r.Level <= highest
	case ruleValidFor, ruleMinutes, ruleIPWindow, ruleBox:
		return r.Value != nil && *r.Value >= 1
	case ruleIPPoints, ruleIPWork:
		return r.Value != nil && *r.Value >= 0
	}
	return true
}

const lowest, highest = 1, 5 // levels of the dictionary

func (l *loader) checkLevel(where string, r *Row) {
	if r.Level != nil && (*r.Level < lowest || *r.Level > highest) {
		l.fail(where, "level-off-scale", fmt.Sprint(*r.Level), "a level outside the scale", fmt.Sprintf("%d to %d", lowest, highest))
	}
	if r.Rule != ruleDefaultLevel {
		return
	}
	if r.Kind != competency.Managerial && r.Kind != competency.SocioCultural {
		l.fail(where, "unknown-kind", string(r.Kind), "default levels are for managerial or socio-cultural competencies", "")
	}
	if !l.agency {
		return // the built-in file itself is what names the tiers
	}
	code, ok := tierOf(r.For)
	if !ok {
		l.fail(where, "unknown-tier", r.For, "no such tier", strings.Join(tierCodes(), ", "))
		return
	}
	r.For = code
}

func (l *loader) checkHours(where string, r *Row) {
	switch {
	case r.Min == nil && r.Max == nil:
		l.fail(where, "missing-field", "min, max", "a limit without a minimum or a maximum", "")
	case r.Min != nil && *r.Min < 0, r.Max != nil && *r.Max < 0:
		l.fail(where, "negative-hours", "", "a limit below zero", "")
	case r.Min != nil && r.Max != nil && *r.Min > *r.Max:
		l.fail(where, "min-above-max", fmt.Sprintf("%v > %v", *r.Min, *r.Max), "a minimum above the maximum", "")
	}
}

var bases = []string{"jp", "day", "session", "activity"}

func (l *loader) checkConversion(where string, r *Row) {
	if !slices.Contains(bases, r.Basis) {
		l.fail(where, "unknown-basis", r.Basis, "hours are counted per something else", strings.Join(bases, ", "))
	}
	if r.National == nil && r.International == nil {
		l.fail(where, "missing-field", "national, international", "a conversion that says nothing", "")
	}
	for _, h := range []*bangkom.JP{r.National, r.International, r.Cap} {
		if h != nil && *h <= 0 {
			l.fail(where, "hours-not-positive", h.String(), "hours that are not above zero", "leave out what is not known")
		}
	}
}

// key names what a row decides: two rows of one key must not hold on one day.
func (r Row) key() string {
	subject := r.For
	if r.Rule == ruleConversion || r.Rule == ruleHours {
		subject = squash(subject)
	}
	out := r.Rule + "|" + subject + "|" + string(r.Kind) + "|" + r.Code
	if r.Rule == ruleLevel {
		out += fmt.Sprint(*r.Level)
	}
	if r.Rule == ruleAnswer {
		out += fmt.Sprint(*r.Value)
	}
	return out
}

// table names what an agency replaces as a whole: all classes of a table, one
// row of any other rule.
func (r Row) table() string {
	if slices.Contains(classRules, r.Rule) {
		return r.Rule + "|" + r.For
	}
	return r.key()
}

// checkTime drops rows that decide what an earlier one decides for the same
// day, and reports days between two rows on which neither holds.
func (l *loader) checkTime(set *RuleSet) {
	byKey := map[string][]Row{}
	var keys []string
	kept := set.Rows[:0:0]
	for _, r := range set.Rows {
		k := r.key()
		i := slices.IndexFunc(byKey[k], func(o Row) bool { return overlap(o, r) })
		if i >= 0 {
			l.fail(r.Where, "overlapping-rows", describe(r), "the row decides what another one decides for the same days: "+byKey[k][i].Where, "end one before the other begins")
			continue
		}
		if len(byKey[k]) == 0 {
			keys = append(keys, k)
		}
		byKey[k] = append(byKey[k], r)
		kept = append(kept, r)
	}
	set.Rows = kept
	for _, k := range keys {
		rows := byKey[k]
		slices.SortStableFunc(rows, func(a, b Row) int { return a.EffectiveFrom.Compare(b.EffectiveFrom) })
		for i := 1; i < len(rows); i++ {
			if end := rows[i-1].EffectiveTo.AddDays(1); end.Before(rows[i].EffectiveFrom) {
				l.warn(rows[i].Where, "rule-gap", describe(rows[i]), fmt.Sprintf("no row holds from %s to %s", end, rows[i].EffectiveFrom.AddDays(-1)), "")
			}
		}
	}
}

func overlap(a, b Row) bool {
	return (a.EffectiveTo.IsZero() || !b.EffectiveFrom.After(a.EffectiveTo)) && (b.EffectiveTo.IsZero() || !a.EffectiveFrom.After(b.EffectiveTo))
}

func describe(r Row) string {
	return strings.Join(slices.DeleteFunc([]string{r.Rule, r.For, string(r.Kind), r.Code}, func(s string) bool { return s == "" }), " ")
}

// checkClasses looks at each table of classes on each day on which it changes,
// and drops a table with a score that falls into no class or into two.
func (l *loader) checkClasses(set *RuleSet) {
	bad := map[string]bool{}
	for _, name := range classTables(set.Rows) {
		rows := slices.DeleteFunc(slices.Clone(set.Rows), func(r Row) bool { return r.table() != name })
		for _, day := range changes(rows) {
			held := slices.DeleteFunc(slices.Clone(rows), func(r Row) bool { return !r.InForce(day) })
			if len(held) > 0 && !l.checkTable(held, day) {
				bad[name] = true
				break
			}
		}
	}
	set.Rows = slices.DeleteFunc(set.Rows, func(r Row) bool { return bad[r.table()] })
}

func classTables(rows []Row) []string {
	var names []string
	for _, r := range rows {
		if !slices.Contains(classRules, r.Rule) {
			continue
		}
		if n := r.table(); !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	return names
}

// changes lists the days on which a table of these rows begins or changes.
func changes(rows []Row) []bangkom.Date {
	var days []bangkom.Date
	for _, r := range rows {
		days = append(days, r.EffectiveFrom)
		if !r.EffectiveTo.IsZero() {
			days = append(days, r.EffectiveTo.AddDays(1))
		}
	}
	slices.SortFunc(days, bangkom.Date.Compare)
	return slices.Compact(days)
}

// wholeStep is the widest distance between the last value printed for a class
// and the first of the next that is only a matter of decimals (70 and 71).
const wholeStep = 1

func (l *loader) checkTable(rows []Row, day bangkom.Date) bool {
	sortClasses(rows)
	last := rows[len(rows)-1]
	ok := true
	report := func(r Row, code, value, msg, need string) {
		ok = false
		l.fail(r.Where, code, value, msg+" on "+day.String()+"; the table is not loaded", need)
	}
	if rows[0].Lower != nil {
		report(rows[0], "rule-gap", fmt.Sprint(*rows[0].Lower), "scores below the lowest class fall into none", "leave lower out of the lowest class")
	}
	for i, r := range rows[:len(rows)-1] {
		next := rows[i+1]
		switch {
		case next.Lower == nil || (r.Lower != nil && *next.Lower <= *r.Lower):
			report(next, "overlapping-rows", describe(next), "two classes begin at the same score", "")
		case r.Upper != nil && *r.Upper >= *next.Lower:
			report(next, "overlapping-rows", fmt.Sprint(*r.Upper), "the class below ends where this one has begun", "")
		case r.Upper != nil && *next.Lower-*r.Upper > wholeStep:
			report(next, "rule-gap", fmt.Sprintf("%v..%v", *r.Upper, *next.Lower), "scores between two classes fall into none", "")
		}
	}
	if last.Lower == nil && len(rows) == 1 {
		report(last, "rule-gap", describe(last), "a table of one class tells nothing apart", "")
	}
	return ok
}

// sortClasses orders rows from the lowest class to the highest.
func sortClasses(rows []Row) {
	lower := func(r Row) float64 {
		if r.Lower == nil {
			return math.Inf(-1)
		}
		return *r.Lower
	}
	slices.SortStableFunc(rows, func(a, b Row) int {
		switch x, y := lower(a), lower(b); {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
}

// checkTiers reports tiers for which a table of default levels says nothing.
func (l *loader) checkTiers(set *RuleSet) {
	for _, kind := range []competency.Kind{competency.Managerial, competency.SocioCultural} {
		have := map[string]bool{}
		var first Row
		for _, r := range set.Rows {
			if r.Rule == ruleDefaultLevel && r.Kind == kind {
				if len(have) == 0 {
					first = r
				}
				have[r.For] = true
			}
		}
		if len(have) == 0 {
			continue
		}
		for _, s := range builtIn() {
			for _, r := range s.Rows {
				if r.Rule == ruleDefaultLevel && r.Kind == kind {
					have[r.For] = true
				}
			}
		}
		missing := slices.DeleteFunc(tierCodes(), func(c string) bool { return have[c] })
		if len(missing) > 0 {
			l.ps.Add(bangkom.Problem{Code: "tier-gap", Severity: bangkom.Note, Where: first.Where, Value: strings.Join(missing, ", "),
				Msg:  "tiers without a default level for " + string(kind) + " competencies",
				Need: "if the agency has jobs of these tiers, add rows; until then their level is unknown"})
		}
	}
}

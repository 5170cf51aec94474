package asn

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
)

// The uses of a JPM that have classes of their own.
const (
	useFilling = "filling"
	useMapping = "mapping"
)

// Rules are the rows that hold on one day. They do not change.
type Rules struct {
	day  bangkom.Date
	rows []Row
}

// On returns the built-in rules that hold on a day. Before the first of them
// there are none, and everything is unknown.
func On(day bangkom.Date) *Rules {
	r := &Rules{day: day}
	for _, s := range builtIn() {
		for _, row := range s.Rows {
			if row.InForce(day) {
				r.rows = append(r.rows, row)
			}
		}
	}
	return r
}

// With returns the rules together with an agency's rows that hold on the day.
// Where both decide the same thing, the agency's row wins; a table of classes
// is replaced as a whole. The last agency wins over those before it. Rows that
// [Load] would refuse for what they lack are passed over.
func (r *Rules) With(set *RuleSet) *Rules {
	out := &Rules{day: r.day, rows: slices.Clone(r.rows)}
	if set == nil {
		return out
	}
	replaced := map[string]Row{} // by table: an old row, for its spellings
	for _, row := range out.rows {
		replaced[row.table()] = row
	}
	var add []Row
	gone := map[string]bool{}
	for _, row := range set.Rows {
		if !row.InForce(r.day) || !row.usable() {
			continue
		}
		row = row.clone()
		row.Mark, row.Set = Agency, set.ID
		if old, ok := replaced[row.table()]; ok && row.Rule == ruleConversion {
			row.Also = append(row.Also, old.spelled()...)
		}
		gone[row.table()] = true
		add = append(add, row)
	}
	out.rows = append(slices.DeleteFunc(out.rows, func(row Row) bool { return gone[row.table()] }), add...)
	return out
}

// Day returns the day on which the rules hold.
func (r *Rules) Day() bangkom.Date { return r.day }

// Rows returns copies of the rows of the given rules, or of all: what a report
// cites. The names of the rules are in the package documentation.
func (r *Rules) Rows(rules ...string) []Row {
	var out []Row
	for _, row := range r.rows {
		if len(rules) == 0 || slices.Contains(rules, row.Rule) {
			out = append(out, row.clone())
		}
	}
	return out
}

// AgencyRows returns copies of the rows that an agency brought and that hold: a
// result that was computed with them lists them.
func (r *Rules) AgencyRows() []Row {
	return slices.DeleteFunc(r.Rows(), func(row Row) bool { return row.Mark != Agency })
}

// of returns the rows of one rule, not copied.
func (r *Rules) of(rule string) []Row {
	var out []Row
	for _, row := range r.rows {
		if row.Rule == rule {
			out = append(out, row)
		}
	}
	return out
}

// The scale of the dictionary's competencies.
const scaleID competency.ScaleID = "id-asn"

// Framework returns the dictionary: the nine managerial and socio-cultural
// competencies in the regulation's order, their codes as ids, titles in
// Indonesian and English, the spellings that files use, and the scale of levels
// 1 to 5. The descriptions of the levels are those of the nine; for level 5
// only the label is known. Technical dictionaries are written by each ministry:
// append an agency's to Competencies. It is empty before 2017.
func (r *Rules) Framework() *competency.Framework {
	f := &competency.Framework{ID: "id/skj", Title: competency.Text{
		"id": "Kompetensi manajerial dan sosial kultural ASN", "en": "Managerial and socio-cultural competencies of civil servants"}}
	scale := competency.Scale{ID: scaleID, Title: competency.Text{"id": "Level kompetensi ASN", "en": "Levels of competency"}}
	for _, row := range r.Rows(ruleLevel) {
		scale.Levels = append(scale.Levels, competency.Descriptor{Level: competency.Level(*row.Level), Title: row.Title, Description: row.Description})
	}
	for _, row := range r.Rows(ruleCompetency) {
		f.Competencies = append(f.Competencies, competency.Competency{
			ID: competency.CompetencyID(row.Code), Code: row.Code, Title: row.Title, Also: row.Also, Kind: row.Kind, Scale: scaleID})
		f.Version, f.Source, f.ValidFrom, f.ValidUntil = strings.TrimPrefix(row.Set, "id/skj-"), row.Set+": "+row.Source, row.EffectiveFrom, row.EffectiveTo
	}
	if len(scale.Levels) > 0 {
		f.Scales = []competency.Scale{scale}
	}
	return f
}

// DefaultLevel returns the level that a tier asks for in competencies of a
// kind, with the row that says so. Built in is only the socio-cultural one: for
// managerial competencies the level is unknown (false) unless an agency's file
// gives it. A job's own standard always goes before it: see [Rules.Standards].
// The tier is read by its code, its title or the echelon.
func (r *Rules) DefaultLevel(tier string, kind competency.Kind) (competency.Level, Row, bool) {
	code, ok := tierOf(tier)
	if !ok {
		return 0, Row{}, false
	}
	for _, row := range r.of(ruleDefaultLevel) {
		if row.For == code && row.Kind == kind {
			return competency.Level(*row.Level), row.clone(), true
		}
	}
	return 0, Row{}, false
}

// Standards completes the standards of jobs. What a position asks for itself,
// by the agency's decree, stays; for each of the nine competencies that it does
// not mention, the default level of its tier is added where it is known, with
// weight and criticality 1. The source of each position says which of the two
// was used, and for which competencies. A default that is unknown adds nothing,
// and is reported once per position. The rows used are returned once each.
func (r *Rules) Standards(positions []competency.Position) ([]competency.Position, []Row, bangkom.Problems) {
	out := slices.Clone(positions)
	var used []Row
	var ps bangkom.Problems
	for i := range out {
		rows := r.complete(&out[i], &ps)
		for _, row := range rows {
			if !slices.ContainsFunc(used, func(u Row) bool { return u.key() == row.key() }) {
				used = append(used, row)
			}
		}
	}
	return out, used, ps
}

func (r *Rules) complete(p *competency.Position, ps *bangkom.Problems) []Row {
	have := map[competency.CompetencyID]bool{}
	for _, q := range p.Requirements {
		have[q.Competency] = true
	}
	own := len(p.Requirements) > 0
	p.Requirements = slices.Clone(p.Requirements)
	var rows []Row
	var added, unknown, sources []string
	for _, c := range r.of(ruleCompetency) {
		if have[competency.CompetencyID(c.Code)] {
			continue
		}
		level, row, ok := r.DefaultLevel(p.Tier, c.Kind)
		if !ok {
			unknown = append(unknown, c.Code)
			continue
		}
		p.Requirements = append(p.Requirements, competency.Requirement{Competency: competency.CompetencyID(c.Code), Level: level, Weight: 1, Criticality: 1})
		rows, added = append(rows, row), append(added, c.Code)
		if s := row.Set + ": " + row.Source; !slices.Contains(sources, s) {
			sources = append(sources, s)
		}
	}
	if len(added) > 0 {
		text := "default of the tier for " + strings.Join(added, ", ") + " (" + strings.Join(sources, "; ") + ")"
		if own {
			text = cmp.Or(p.Source, "the job's own standard") + "; " + text
		}
		p.Source = text
	}
	if len(unknown) > 0 {
		ps.Add(bangkom.Problem{Code: "no-default-level", Severity: bangkom.Warning, Where: "position " + string(p.ID), Value: strings.Join(unknown, ", "),
			Msg:  "neither the job's own standard nor a default of its tier says what level is asked for",
			Need: "give the job a standard, or the tier a default in the agency's rule file"})
	}
	return rows
}

// FillingBands are the classes of a JPM when posts are filled: MS, MMS, KMS.
// A JPM is compared as it is, without rounding.
func (r *Rules) FillingBands() bangkom.Bands { return r.classes(ruleJPMClass, useFilling) }

// MappingBands are the classes of a JPM when talent is mapped: optimal,
// cukup-optimal, kurang-optimal. A JPM is compared as it is, without rounding.
func (r *Rules) MappingBands() bangkom.Bands { return r.classes(ruleJPMClass, useMapping) }

// SKMBands are the grades A to D of an index of public satisfaction (IKM, on 25
// to 100). The index is rounded half up to two decimals before it is compared
// with the lower bounds, so that no figure falls between two printed classes.
func (r *Rules) SKMBands() bangkom.Bands {
	b := r.classes(ruleSKMClass, "")
	b.Round = bangkom.HalfUp(2)
	return b
}

func (r *Rules) classes(rule, use string) bangkom.Bands {
	rows := slices.DeleteFunc(r.of(rule), func(row Row) bool { return row.For != use })
	sortClasses(rows)
	b := bangkom.Bands{ID: strings.Trim(rule+"/"+use, "/")}
	for _, row := range rows {
		lower := math.Inf(-1)
		if row.Lower != nil {
			lower = *row.Lower
		}
		b.Bands = append(b.Bands, bangkom.Band{Lower: lower, Code: row.Code, Label: row.Title["id"]})
		b.Source = row.Set + ": " + row.Source
	}
	return b
}

// ValidFor returns for how many years the result of an assessment is valid, with
// the row that says so: 3 is built in, and a source that says 2 is in conflict
// with it, so that an agency's file may settle it.
func (r *Rules) ValidFor() (years int, by Row, ok bool) { return r.number(ruleValidFor) }

// MinutesPerJP returns how long a learning hour lasts, with the row that says so.
func (r *Rules) MinutesPerJP() (minutes int, by Row, ok bool) { return r.number(ruleMinutes) }

func (r *Rules) number(rule string) (int, Row, bool) {
	for _, row := range r.of(rule) {
		return int(*row.Value), row.clone(), true
	}
	return 0, Row{}, false
}

// tiers finds the code of a tier by any of its spellings.
var tiers = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	for _, set := range builtIn() {
		for _, row := range set.Rows {
			if row.Rule == ruleTier {
				for _, name := range row.spelled() {
					out[squash(name)] = row.Code
				}
			}
		}
	}
	return out
})

func tierOf(s string) (string, bool) {
	code, ok := tiers()[squash(s)]
	return code, ok
}

func tierCodes() []string {
	var out []string
	for _, set := range builtIn() {
		for _, row := range set.Rows {
			if row.Rule == ruleTier {
				out = append(out, row.Code)
			}
		}
	}
	return out
}

// squash folds what spellings differ in: case, "&" for "dan", blanks, points.
func squash(s string) string {
	s = strings.ReplaceAll(strings.ToLower(s), "&", "dan")
	return strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			return c
		}
		return -1
	}, s)
}

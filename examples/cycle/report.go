package main

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/asn"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/evaluation"
	"github.com/bangkom/bangkom/mentoring"
	"github.com/bangkom/bangkom/needs"
	"github.com/bangkom/bangkom/program"
	"github.com/bangkom/bangkom/program/delivery"
	"github.com/bangkom/bangkom/table"
)

// report prints the story. The packages print their own results; here stand
// only the headings and the sentences between them.
type report struct {
	out  io.Writer
	w    io.Writer // for packages: breaks long lines, leaves tables alone
	lang string
	err  error // the first error of writing
}

func newReport(w io.Writer, lang string) (*report, error) {
	if lang != "id" && lang != "en" {
		return nil, bangkom.Problem{Code: "option", Value: lang, Msg: "the report is in Indonesian (id) or English (en)"}
	}
	return &report{out: w, w: &folded{w: w}, lang: lang}, nil
}

// t chooses between the two languages.
func (r *report) t(id, en string) string {
	if r.lang == "en" {
		return en
	}
	return id
}

func (r *report) line(format string, args ...any) {
	r.write(fold(fmt.Sprintf(format, args...), width))
}

func (r *report) write(line string) {
	_, err := io.WriteString(r.out, line+"\n")
	r.check(err)
}

func (r *report) heading(number int, id, en string) {
	r.line("\n%d. %s", number, strings.ToUpper(r.t(id, en)))
}

// number writes one decimal as the language does.
func (r *report) number(x float64) string {
	return strings.NewReplacer(".", r.t(",", "."), "-", "−").Replace(strconv.FormatFloat(x, 'f', 1, 64))
}

func (r *report) check(err error) { r.err = cmp.Or(r.err, err) }

func (r *report) data(a *agency, asOf bangkom.Date) {
	w := a.workforce
	r.line("%s", r.t("BANGKOM: pengembangan kompetensi dari kesenjangan ke rencana berikutnya", "BANGKOM: development of competence, from the gap to the next plan"))
	r.line(r.t("Data: %d orang, %d unit, %d jabatan, %d kompetensi, %d penilaian.", "Data: %d people, %d units, %d positions, %d competencies, %d ratings."),
		w.Len(), len(w.Units()), len(w.Positions()), len(w.Framework().Competencies), len(a.ratings))
	if n := leftOut(a.problems); n > 0 {
		r.line(r.t("%d dari %d baris berkas tidak dipakai: lihat bagian 6.", "%d of %d lines of the files are left out: see section 6."), n, a.lines)
	}
	r.line(r.t("Bukti dihitung per %s.", "Evidence counts as of %s."), asOf)
	for _, row := range a.rules.AgencyRows()[:min(1, len(a.rules.AgencyRows()))] {
		r.line(r.t("Aturan instansi yang dipakai: %d baris dari %s.", "Rules of the agency in use: %d rows of %s."), len(a.rules.AgencyRows()), row.Set)
	}
	if a.defaults > 0 {
		r.line(r.t("Standar %d jabatan dilengkapi dengan level baku menurut jenjang, karena keputusannya tidak menyebut semua kompetensi.",
			"The standards of %d positions are completed with default levels of their tier, for their decrees do not name every competency."), a.defaults)
	}
}

func (r *report) needs(a *agency, p *competency.Profiles, ranking *needs.Ranking) {
	r.heading(1, "Siapa kurang apa, dan apa yang didahulukan", "Who lacks what, and what comes first")
	if ranking == nil {
		r.line("%s", r.t("Tidak dapat disusun: lihat catatan atas data.", "It could not be made: see what to know about the data."))
		return
	}
	r.doubts(a, "siasn.csv", "units.csv", "positions.csv", "standards.csv", "recap.csv", "ratings.csv")
	r.rule(a, p.Rule())
	const top = 8
	shown, unasked := asked(ranking)
	r.check(shown.WriteText(r.w, a.workforce.Framework(), r.lang, top))
	if slices.ContainsFunc(shown.Items, func(x needs.Ranked) bool { return x.Criticality > 1 || x.Criticality < 1 }) {
		r.line("%s", r.t("  Urutan: level yang kurang per orang dikali kritikalitas.", "  Order: levels missing per person, times criticality."))
	} else {
		r.line("%s", r.t("  Urutan: level yang kurang per orang; standards.csv tidak membedakan kritikalitas (semua 1).", "  Order: levels missing per person; standards.csv makes no difference in criticality (all 1)."))
	}
	if unasked > 0 {
		r.line(r.t("  %d kompetensi tidak diminta jabatan mana pun dan tidak dimuat.", "  %d competencies are asked for by no job and are not listed."), unasked)
	}
	if hidden := shown.Items[min(top, len(shown.Items)):]; len(hidden) > 0 {
		most := slices.MaxFunc(shown.Items, func(x, y needs.Ranked) int { return cmp.Compare(x.Coverage.NotAssessed, y.Coverage.NotAssessed) })
		if slices.ContainsFunc(hidden, func(x needs.Ranked) bool { return x.Item == most.Item }) {
			c, _ := a.workforce.Framework().Competency(most.Item)
			r.line(r.t("  Paling banyak belum dinilai: %s, %d orang.", "  Most often not assessed: %s, %d people."), c.Title.In(r.lang), most.Coverage.NotAssessed)
		}
	}
	classes := a.rules.MappingBands()
	n := map[string]int{}
	decided := 0 // people whose class hangs on how surpluses count
	for i := range a.workforce.Len() {
		band, ok, warnings := asn.Classify(competency.Match(competency.PersonGaps(p, i, competency.Held), competency.CapNone), classes)
		if ok {
			n[band.Label]++
		}
		decided += min(1, len(warnings))
	}
	var parts []string
	for _, b := range slices.Backward(classes.Bands) {
		parts = append(parts, fmt.Sprintf("%s %d", b.Label, n[b.Label]))
	}
	r.line(r.t("JPM (tanpa batas atas): %s. Bagi %d orang kelasnya bergantung pada apakah kelebihan boleh menutup kekurangan.",
		"JPM (not capped): %s. For %d people the class depends on whether surpluses may hide gaps."), strings.Join(parts, ", "), decided)
}

// asked is the ranking without what no job asks for, and how much that is.
func asked(ranking *needs.Ranking) (*needs.Ranking, int) {
	out := *ranking
	out.Items = slices.DeleteFunc(slices.Clone(ranking.Items), func(x needs.Ranked) bool {
		c := x.Coverage
		return !x.Suppressed && c.Known()+c.NotAssessed+c.Expired == 0
	})
	return &out, len(ranking.Items) - len(out.Items)
}

// rule says which ratings decide a level.
func (r *report) rule(a *agency, rule competency.Rule) {
	used := map[competency.Source]bool{}
	var groups []string
	for _, g := range rule.Sources {
		var names []string
		for _, s := range g {
			used[s] = true
			names = append(names, r.source(s))
		}
		groups = append(groups, strings.Join(names, r.t(" atau ", " or ")))
	}
	unused := map[competency.Source]int{}
	for _, x := range a.ratings {
		if !used[x.Source] {
			unused[x.Source]++
		}
	}
	var rest []string
	for _, s := range slices.Sorted(maps.Keys(unused)) {
		rest = append(rest, fmt.Sprintf("%s %d", r.source(s), unused[s]))
	}
	text := fmt.Sprintf(r.t("Level seseorang menurut %s.", "A person's level is by %s."), strings.Join(groups, r.t("; jika tidak ada, ", "; if there is none, ")))
	if len(rest) > 0 {
		text += fmt.Sprintf(r.t(" Tidak dipakai: penilaian %s.", " Not used: ratings by %s."), strings.Join(rest, ", "))
	}
	r.line("%s", text)
}

// source names who rated.
func (r *report) source(s competency.Source) string {
	if name, ok := sources[s]; ok {
		return r.t(name[0], name[1])
	}
	return string(s)
}

// columnCodes are of columns whose name may be a little off: what is needed says which.
var columnCodes = []string{"unread-columns", "missing-column", "absent-column"}

// doubts says, where a result would stand, which of its files could not be
// used, and in which a column is not there or not read.
func (r *report) doubts(a *agency, files ...string) {
	for _, p := range a.problems {
		if slices.Contains(files, fileOf(p)) && (unusable(p) || slices.Contains(columnCodes, p.Code) && p.Severity == bangkom.Warning) {
			r.line(r.t("Perhatian — %s.", "Mind — %s."), r.explain(p))
		}
	}
}

func (r *report) plan(a *agency, p *program.Plan) {
	r.heading(2, "Rencana tahunan, dengan perkiraan hasil yang diketahui sejauh ini", "The annual plan, with the gains known so far")
	r.doubts(a, "partners.csv", "offerings.csv", "gains.csv", "sessions.csv", "budgets.csv")
	if p == nil {
		r.line("%s", r.t("Tidak ada rencana: lihat catatan atas data.", "No plan: see what to know about the data."))
		return
	}
	r.check(p.WriteText(r.w, r.lang, 8))
	if missing := p.Annual(p.Year).Validate(); len(missing) > 0 {
		r.line(r.t("Dokumen rencana (7 unsur PP 11/2017 pasal 207): %d kekurangan, yang pertama %s.", "Plan document (7 items of PP 11/2017 art. 207): %d are missing, the first: %s."), len(missing), r.explain(missing[0]))
	} else {
		r.line("%s", r.t("Dokumen rencana memuat ketujuh unsur PP 11/2017 pasal 207.", "The plan document holds the seven items of PP 11/2017 art. 207."))
	}
}

func (r *report) mentors(a *agency, m *mentoring.Matching) {
	r.heading(5, "Mentor bagi yang tidak mendapat kursi", "Mentors for those without a seat")
	r.doubts(a, "mentors.csv")
	if m == nil {
		r.line("%s", r.t("Tidak dapat dipasangkan: lihat catatan atas data.", "Nobody could be matched: see what to know about the data."))
		return
	}
	r.check(m.WriteText(r.w, a.workforce, r.lang, 3))
}

func (r *report) evaluation(a *agency, study evaluation.Study, e *evaluation.Report, hours delivery.Compliance) {
	r.heading(3, "Apa hasil pelatihan tahun lalu", "What last year's training did")
	r.doubts(a, "delivery.csv", "tests.csv", "reaction.csv", "behaviour.csv", "costs.csv", "benefits.csv", "skm-before.csv", "skm-after.csv")
	if len(study.Participants) == 0 {
		r.line(r.t("delivery.csv tidak memuat pelatihan yang selesai pada %d: pelatihan tidak dapat dinilai.", "delivery.csv holds no completed training of %d: there is no training to evaluate."), hours.Year)
	}
	if e != nil && (len(study.Participants) > 0 || e.Results != nil) {
		r.check(e.WriteText(r.w, r.lang))
	}
	if e != nil && e.Results != nil && len(e.Results.Units) > 0 {
		r.line(r.t("  Unit terlatih: setidaknya satu orangnya menyelesaikan penawaran yang menaikkan Pelayanan Publik (PP); %d dari %d unit.",
			"  A trained unit: at least one of its people completed an offering that raises public service (PP); %d of %d units."), e.Results.Trained.N, len(e.Results.Units))
	}
	g := hours.All
	unknown := ""
	if forms := unknownHours(hours); len(forms) > 0 {
		unknown = fmt.Sprintf(r.t(" (bentuk tanpa aturan atau tanpa JP: %s)", " (forms without a rule or without hours: %s)"), strings.Join(forms, ", "))
	}
	r.line(r.t("Jam pelajaran %d: %d orang memenuhi batas, %d kurang, %d di atas batas, %d tanpa batas, %d belum dapat dipastikan%s, %d tanpa data; %d CPNS dihitung terpisah.",
		"Learning hours %d: %d people within the limits, %d below, %d above, %d without limits, %d not to be told%s, %d without data; candidates counted apart: %d."),
		hours.Year, g.Within, g.Below, g.Above, g.NoLimit, g.Unknown-g.NoData, unknown, g.NoData, g.Apart)
}

// unknownHours counts, by form, the people whose year cannot be judged for it.
func unknownHours(hours delivery.Compliance) []string {
	n := map[program.Form]int{}
	for _, p := range hours.People {
		for _, f := range p.Hours.ByForm {
			if f.Unknown > 0 && p.Verdict == delivery.Unknown && !p.Apart {
				n[f.Form]++
			}
		}
	}
	var out []string
	for _, f := range slices.Sorted(maps.Keys(n)) {
		out = append(out, fmt.Sprintf("%s %d", f, n[f]))
	}
	return out
}

// learnt names each changed gain and what the plan does differently for it.
func (r *report) learnt(changes []evaluation.Change, before, after *program.Plan) {
	r.heading(4, "Apa yang karena itu berubah, dan rencana yang berlaku", "What therefore changed, and the plan that holds")
	if len(changes) == 0 {
		r.line("%s", r.t("Tidak ada yang baru: rencana tetap.", "Nothing new was learnt: the plan stands."))
		return
	}
	const top = 12
	largest := slices.Clone(changes)
	slices.SortStableFunc(largest, func(x, y evaluation.Change) int { return cmp.Compare(moved(y), moved(x)) })
	shown := keep(changes, func(c evaluation.Change) bool { return len(changes) <= top || moved(c) >= moved(largest[top-1]) })
	r.check(evaluation.WriteChanges(r.w, shown, r.lang))
	if more := len(changes) - len(shown); more > 0 {
		r.line(r.t("  … dan %d perubahan yang lebih kecil: changes.json (-out DIR).", "  … and %d smaller changes: changes.json (-out DIR)."), more)
	}
	if before == nil || after == nil {
		return
	}
	was, is := seats(before), seats(after)
	own := map[program.OfferingID]bool{}
	var direct, others []string
	for _, c := range changes {
		if !own[c.Offering] {
			own[c.Offering] = true
			if was[c.Offering]+is[c.Offering] > 0 {
				direct = append(direct, fmt.Sprintf("%s\u00a0%d→%d", c.Offering, was[c.Offering], is[c.Offering]))
			}
		}
	}
	for _, id := range sortedOfferings(was, is) {
		if !own[id] && was[id] != is[id] {
			others = append(others, fmt.Sprintf("%s\u00a0%d→%d", id, was[id], is[id]))
		}
	}
	if len(direct) > 0 {
		r.line(r.t("Kursi penawaran yang dinilai, jika ada: %s.", "Seats of the offerings that were observed, where there are any: %s."), strings.Join(direct, ", "))
	}
	if len(others) > 0 {
		r.line(r.t("Kursi yang berpindah karenanya: %s.", "Seats that moved because of them: %s."), strings.Join(others, ", "))
	}
	r.line(r.t("Nilai rencana dengan perkiraan baru: %s (sebelumnya %s dengan perkiraan lama).", "Value of the plan with the new gains: %s (before, with the old ones, %s)."), r.number(after.Objective), r.number(before.Objective))
}

// moved is how far a gain moved from the one that was planned with.
func moved(c evaluation.Change) float64 {
	if c.Last != nil {
		return math.Abs(c.New.Mean - c.Last.Mean)
	}
	return math.Abs(c.New.Mean - c.Old.Mean)
}

// problems sums up what is wrong, by file and code. Errors first; notes are in
// problems.csv only.
func (r *report) problems(ps bangkom.Problems) {
	r.heading(6, "Catatan atas data", "What to know about the data")
	type key struct {
		severity   bangkom.Severity
		file, code string
	}
	n, first := map[key]int{}, map[key]bangkom.Problem{}
	var order []key
	notes := 0
	for _, p := range ps {
		k := key{p.Severity, fileOf(p), p.Code}
		if p.Severity == bangkom.Note {
			notes += times(p)
			continue
		}
		if n[k] == 0 {
			first[k], order = p, append(order, k)
		}
		n[k] += times(p)
	}
	slices.SortStableFunc(order, func(a, b key) int { return cmp.Compare(a.severity, b.severity) })
	severity := map[bangkom.Severity]string{bangkom.Error: r.t("KESALAHAN", "ERROR"), bangkom.Warning: r.t("peringatan", "warning")}
	for _, k := range order {
		effect := ""
		switch cost(first[k]) {
		case costsRow:
			effect = r.t(" [baris tidak dipakai]", " [row left out]")
		case costsCell:
			effect = r.t(" [hanya sel ini]", " [only this cell]")
		}
		r.line("  %-10s %5d × %s%s: %s", severity[k.severity], n[k], k.code, effect, r.explain(first[k]))
	}
	r.line(r.t("  Selengkapnya, dengan %d catatan biasa: problems.csv (-out DIR).", "  All of them, and %d plain notes: see problems.csv (-out DIR)."), notes)
}

// explain says a problem in the language of the report; a message without an
// Indonesian sentence stays English.
func (r *report) explain(p bangkom.Problem) string {
	if id, ok := sentences[p.Code]; ok && r.lang == "id" {
		p.Msg = id
		if slices.Contains(columnCodes, p.Code) {
			p.Need = spelling.Replace(p.Need)
		} else {
			p.Need = ""
		}
	}
	if _, err := asn.ParseNIP(p.Value); err != nil && p.Code == "unknown-person" {
		p.Value, p.Need = "", fmt.Sprintf(r.t("%d angka, seharusnya 18", "%d digits, where a NIP has 18"), len(p.Value))
	}
	return p.Error()
}

// times is how often a problem was found: the last one of a kind may stand for many.
func times(p bangkom.Problem) int {
	if n, err := strconv.Atoi(p.Value); err == nil && strings.HasSuffix(p.Msg, "more of this kind") {
		return n
	}
	return 1
}

const (
	costsNothing = iota
	costsCell
	costsRow
)

// ownCells are how the names of those columns begin whose faults cost a row, in
// files where other faults cost only their cell. Elsewhere every error of a row
// costs the row.
var ownCells = map[string][]string{
	"siasn.csv": {"nip"}, "recap.csv": {"nip"}, "reaction.csv": {"nip", "kode"}, "units.csv": {"kode", "id"},
	"budgets.csv": {"unit", "kode", "tahun", "year"}, "skm-before.csv": {}, "skm-after.csv": {},
}

// cost says what an error cost: the row or the cell that it names, or neither.
// An offering with a wrong partner stays known.
func cost(p bangkom.Problem) int {
	file, rest, _ := strings.Cut(p.Where, ":")
	line, column, _ := strings.Cut(rest, ":")
	own, some := ownCells[file]
	isOwn := slices.ContainsFunc(own, func(start string) bool { return strings.HasPrefix(table.Normalize(column), start) })
	switch {
	case p.Code == "skm-answer-off-scale":
		return costsCell
	case p.Severity != bangkom.Error || !strings.HasSuffix(file, ".csv") || line == "" || column == "" && p.Code == "missing-column" || p.Code == "duplicate-column":
		return costsNothing
	case some && column != "" && !isOwn && p.Code != "too-few-fields" && p.Code != "unclosed-quote", p.Code == "unknown-partner":
		return costsCell
	}
	return costsRow
}

// leftOut counts the rows that an error cost.
func leftOut(ps bangkom.Problems) int {
	rows := map[string]bool{}
	more := 0
	for _, p := range ps {
		if cost(p) == costsRow {
			file, rest, _ := strings.Cut(p.Where, ":")
			line, _, _ := strings.Cut(rest, ":")
			rows[file+":"+line] = true
		} else if times(p) > 1 && p.Severity == bangkom.Error {
			more += times(p)
		}
	}
	return len(rows) + more
}

// folded breaks long lines between words, and leaves tables as they are.
type folded struct {
	w    io.Writer
	line []byte
}

func (f *folded) Write(p []byte) (int, error) {
	f.line = append(f.line, p...)
	for {
		line, rest, whole := bytes.Cut(f.line, []byte("\n"))
		if !whole {
			return len(p), nil
		}
		text := string(line)
		if !strings.Contains(strings.TrimLeft(text, " "), "  ") { // no row of a table
			text = fold(text, width)
		}
		if _, err := io.WriteString(f.w, text+"\n"); err != nil {
			return 0, err
		}
		f.line = rest
	}
}

// width of the screen: a longer line is broken.
const width = 120

// fold breaks a line between words; what follows is indented.
func fold(line string, width int) string {
	text := strings.TrimLeft(line, " ")
	indent := line[:len(line)-len(text)]
	if utf8.RuneCountInString(line) <= width {
		return line
	}
	var b strings.Builder
	at := 0
	for i, word := range strings.SplitAfter(text, " ") {
		n := utf8.RuneCountInString(word)
		switch {
		case i == 0:
			b.WriteString(indent)
			at = len(indent)
		case at+utf8.RuneCountInString(strings.TrimRight(word, " ")) > width:
			b.WriteString("\n" + indent + "    ")
			at = len(indent) + 4
		}
		b.WriteString(word)
		at += n
	}
	return strings.ReplaceAll(b.String(), " \n", "\n")
}

// seats counts the people of a plan by offering.
func seats(p *program.Plan) map[program.OfferingID]int {
	n := map[program.OfferingID]int{}
	for _, h := range p.Held {
		n[h.Session.Offering] += len(h.People)
	}
	return n
}

func sortedOfferings(maps ...map[program.OfferingID]int) []program.OfferingID {
	var ids []program.OfferingID
	for _, m := range maps {
		for id := range m {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// changed keeps the changes that are new: those whose gain is not yet the one
// that this run started from.
func changed(known []program.Offering, changes []evaluation.Change) []evaluation.Change {
	old := map[program.OfferingID]program.Offering{}
	for _, o := range known {
		old[o.ID] = o
	}
	var out []evaluation.Change
	for _, c := range changes {
		if was, ok := old[c.Offering].Raises[c.Competency]; ok && math.Abs(was.Mean-c.New.Mean) > 1e-9 {
			out = append(out, c.Since(was))
		}
	}
	return out
}

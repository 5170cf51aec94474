package main

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/asn"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/evaluation"
	"github.com/bangkom/bangkom/mentoring"
	"github.com/bangkom/bangkom/needs"
	"github.com/bangkom/bangkom/program"
	"github.com/bangkom/bangkom/program/delivery"
)

// report prints the story. The packages print their own results; here stand
// only the headings and the sentences between them.
type report struct {
	w    io.Writer
	lang string
	err  error // the first error of writing
}

func newReport(w io.Writer, lang string) (*report, error) {
	if lang != "id" && lang != "en" {
		return nil, bangkom.Problem{Code: "option", Value: lang, Msg: "the report is in Indonesian (id) or English (en)"}
	}
	return &report{w: w, lang: lang}, nil
}

// t chooses between the two languages.
func (r *report) t(id, en string) string {
	if r.lang == "en" {
		return en
	}
	return id
}

func (r *report) line(format string, args ...any) { fmt.Fprintf(r.w, format+"\n", args...) }

func (r *report) heading(number int, id, en string) {
	r.line("\n%d. %s", number, strings.ToUpper(r.t(id, en)))
}

func (r *report) check(err error) { r.err = cmp.Or(r.err, err) }

func (r *report) data(a *agency) {
	w := a.workforce
	r.line("%s", r.t("BANGKOM: pengembangan kompetensi dari kesenjangan ke rencana berikutnya", "BANGKOM: development of competence, from the gap to the next plan"))
	r.line(r.t("Data: %d orang, %d unit, %d jabatan, %d kompetensi, %d penilaian.", "Data: %d people, %d units, %d positions, %d competencies, %d ratings."),
		w.Len(), len(w.Units()), len(w.Positions()), len(w.Framework().Competencies), len(a.ratings))
	for _, row := range a.rules.AgencyRows()[:min(1, len(a.rules.AgencyRows()))] {
		r.line(r.t("Aturan instansi yang dipakai: %d baris dari %s.", "Rules of the agency in use: %d rows of %s."), len(a.rules.AgencyRows()), row.Set)
	}
}

func (r *report) needs(a *agency, p *competency.Profiles, ranking *needs.Ranking) {
	r.heading(1, "Siapa kurang apa, dan apa yang didahulukan", "Who lacks what, and what comes first")
	if ranking == nil {
		r.line("%s", r.t("Tidak dapat disusun: lihat catatan atas data.", "It could not be made: see what to know about the data."))
		return
	}
	r.check(ranking.WriteText(r.w, a.workforce.Framework(), r.lang, 8))
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

func (r *report) plan(p *program.Plan) {
	r.heading(2, "Rencana tahunan, dengan perkiraan hasil yang diketahui sejauh ini", "The annual plan, with the gains known so far")
	if p == nil {
		r.line("%s", r.t("Tidak ada rencana: lihat catatan atas data.", "No plan: see what to know about the data."))
		return
	}
	r.check(p.WriteText(r.w, r.lang, 8))
	if missing := p.Annual(p.Year).Validate(); len(missing) > 0 {
		r.line(r.t("Dokumen rencana (7 unsur PP 11/2017 pasal 207): %d kekurangan, yang pertama %s.", "Plan document (7 items of PP 11/2017 art. 207): %d are missing, the first: %s."), len(missing), missing[0].Error())
	} else {
		r.line("%s", r.t("Dokumen rencana memuat ketujuh unsur PP 11/2017 pasal 207.", "The plan document holds the seven items of PP 11/2017 art. 207."))
	}
}

func (r *report) mentors(a *agency, m *mentoring.Matching) {
	r.heading(5, "Mentor bagi yang tidak mendapat kursi", "Mentors for those without a seat")
	if m == nil {
		return
	}
	r.check(m.WriteText(r.w, a.workforce, r.lang, 3))
}

func (r *report) evaluation(e *evaluation.Report, hours delivery.Compliance) {
	r.heading(3, "Apa hasil pelatihan tahun lalu", "What last year's training did")
	if e != nil {
		r.check(e.WriteText(r.w, r.lang))
	}
	g := hours.All
	r.line(r.t("Jam pelajaran %d: %d orang memenuhi batas, %d kurang, %d di atas batas, %d tanpa batas, %d belum dapat dipastikan, %d tanpa data; CPNS %d dihitung terpisah.",
		"Learning hours %d: %d people within the limits, %d below, %d above, %d without limits, %d not to be told, %d without data; %d candidates counted apart."),
		hours.Year, g.Within, g.Below, g.Above, g.NoLimit, g.Unknown-g.NoData, g.NoData, g.Apart)
}

// learnt names each changed gain and what the plan does differently for it.
func (r *report) learnt(changes []evaluation.Change, before, after *program.Plan) {
	r.heading(4, "Apa yang karena itu berubah, dan rencana yang berlaku", "What therefore changed, and the plan that holds")
	if len(changes) == 0 {
		r.line("%s", r.t("Tidak ada yang baru: rencana tetap.", "Nothing new was learnt: the plan stands."))
		return
	}
	r.check(evaluation.WriteChanges(r.w, changes, r.lang))
	if before == nil || after == nil {
		return
	}
	was, is := seats(before), seats(after)
	own := map[program.OfferingID]bool{}
	var direct, others []string
	for _, c := range changes {
		if !own[c.Offering] {
			own[c.Offering] = true
			direct = append(direct, fmt.Sprintf("%s %d→%d", c.Offering, was[c.Offering], is[c.Offering]))
		}
	}
	for _, id := range sortedOfferings(was, is) {
		if !own[id] && was[id] != is[id] {
			others = append(others, fmt.Sprintf("%s %d→%d", id, was[id], is[id]))
		}
	}
	r.line(r.t("Kursi penawaran yang dinilai: %s.", "Seats of the offerings that were observed: %s."), strings.Join(direct, ", "))
	if len(others) > 0 {
		r.line(r.t("Kursi yang berpindah karenanya: %s.", "Seats that moved because of them: %s."), strings.Join(others, ", "))
	}
	r.line(r.t("Nilai rencana dengan perkiraan baru: %.1f (sebelumnya %.1f dengan perkiraan lama).", "Value of the plan with the new gains: %.1f (before, with the old ones, %.1f)."), after.Objective, before.Objective)
}

// number finds what may be a NIP, damaged ones too.
var number = regexp.MustCompile(`\d{12,}(\d{3})`)

// masked leaves the last three digits of long numbers: a NIP is personal data,
// and the screen is not the place for it. The files of -out hold it whole.
func masked(s string) string { return number.ReplaceAllString(s, "…$1") }

// problems sums up what is wrong in the files, by code.
func (r *report) problems(ps bangkom.Problems) {
	r.heading(6, "Catatan atas data", "What to know about the data")
	type key struct {
		severity bangkom.Severity
		code     string
	}
	n, first := map[key]int{}, map[key]bangkom.Problem{}
	var order []key
	for _, p := range ps {
		k := key{p.Severity, p.Code}
		if n[k]++; n[k] == 1 {
			first[k], order = p, append(order, k)
		}
	}
	slices.SortStableFunc(order, func(a, b key) int { return cmp.Compare(a.severity, b.severity) })
	for _, k := range order {
		if k.severity == bangkom.Note {
			continue
		}
		r.line("  %-7s %5d × %s: %s", k.severity, n[k], k.code, masked(first[k].Error()))
	}
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
			c.Old = was
			out = append(out, c)
		}
	}
	return out
}

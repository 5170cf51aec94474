package asn_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/asn"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/evaluation/satisfaction"
	"github.com/bangkom/bangkom/program"
	"github.com/bangkom/bangkom/program/delivery"
)

var day = bangkom.MustDate(2026, 7, 1)

func TestEveryBuiltInRowHasASourceAndIsVerified(t *testing.T) {
	var ids []string
	rows := 0
	for _, s := range asn.BuiltIn() {
		ids = append(ids, s.ID)
		require.NotEmpty(t, s.Title, s.ID)
		require.NotEmpty(t, s.Source, s.ID)
		require.False(t, s.EffectiveFrom.IsZero(), s.ID)
		for _, r := range s.Rows {
			rows++
			require.NotEmpty(t, strings.TrimSpace(r.Source), "%s %+v", s.ID, r)
			require.Contains(t, []asn.Mark{asn.V1, asn.V2x2, asn.V2}, r.Mark, "%s %+v", s.ID, r)
			require.False(t, r.EffectiveFrom.IsZero(), "%s %+v", s.ID, r)
			require.Equal(t, s.ID, r.Set)
		}
	}
	require.Equal(t, []string{"id/assessment-2019", "id/ipasn-2019", "id/ipasn-2024", "id/jp-2017", "id/skj-2017", "id/skm-2017", "id/skp-2022", "id/talent-2020", "id/talent-kemenkeu"}, ids)
	require.Equal(t, 7+7+39+15+32+2+14+9+9, rows)
}

// What the design marks as unverified must not be found.
func TestWhatIsUnverifiedIsNotBuiltIn(t *testing.T) {
	r := asn.On(day)
	for _, tier := range []string{"jpt-utama", "jpt-pratama", "administrator", "pengawas", "pelaksana", "jf-ahli-muda", "jf-penyelia", "jf-mahir", "jf-terampil", "jf-pemula"} {
		_, _, ok := r.DefaultLevel(tier, competency.Managerial)
		require.False(t, ok, "managerial default of %s", tier)
		_, _, ok = r.DefaultLevel(tier, competency.Technical)
		require.False(t, ok)
	}
	for _, tier := range []string{"JF Penyelia", "Mahir", "jf-terampil", "", "?", "direktur"} {
		_, _, ok := r.DefaultLevel(tier, competency.SocioCultural)
		require.False(t, ok, tier)
	}
	for _, c := range r.Conversions() {
		for _, word := range []string{"coaching", "mentoring", "kursus", "penataran", "bimbingan", "bimtek", "sosialisasi", "magang", "detasering", "e-learning", "mandiri"} {
			require.NotContains(t, strings.ToLower(string(c.Form)), word)
		}
	}
	levels := r.Framework().Scales[0].Levels
	require.Empty(t, levels[4].Description, "the meaning of level 5 is unverified")
}

func TestRulesAreChosenByDay(t *testing.T) {
	before := asn.On(bangkom.MustDate(2016, 12, 31))
	require.Empty(t, before.Rows())
	require.Empty(t, before.Framework().Competencies)
	require.Empty(t, before.FillingBands().Bands)
	require.Empty(t, before.HourLimits())
	_, _, ok := before.ValidFor()
	require.False(t, ok)

	first := asn.On(bangkom.MustDate(2017, 1, 1))
	require.Len(t, first.Framework().Competencies, 9)
	require.Len(t, first.HourLimits(), 1, "the source for PPPK is of 2025")
	require.Empty(t, first.Conversions(), "the source of the conversions is of 2020")
	require.Empty(t, first.FillingBands().Bands, "the assessment rule is of 2019")
	require.Len(t, asn.On(bangkom.MustDate(2025, 1, 1)).HourLimits(), 2)
	require.Equal(t, day, asn.On(day).Day())
}

func TestDictionary(t *testing.T) {
	f := asn.On(day).Framework()
	require.Empty(t, f.Validate(), "in the eyes of package competency")
	var codes, titles []string
	for _, c := range f.Competencies {
		codes, titles = append(codes, string(c.ID)), append(titles, c.Title["id"])
		require.Equal(t, string(c.ID), c.Code)
		require.NotEmpty(t, c.Title["en"])
		want := competency.Managerial
		if c.Code == "PB" {
			want = competency.SocioCultural
		}
		require.Equal(t, want, c.Kind)
	}
	require.Equal(t, []string{"INT", "KJSM", "KOM", "OPH", "PP", "PDOL", "MP", "PK", "PB"}, codes)
	require.Equal(t, []string{"Integritas", "Kerja Sama", "Komunikasi", "Orientasi pada Hasil", "Pelayanan Publik",
		"Pengembangan Diri dan Orang Lain", "Mengelola Perubahan", "Pengambilan Keputusan", "Perekat Bangsa"}, titles)
	var labels []string
	for i, l := range f.Scales[0].Levels {
		require.Equal(t, competency.Level(i+1), l.Level)
		labels = append(labels, l.Title["id"])
	}
	require.Equal(t, []string{"paham / dalam pengembangan", "dasar", "menengah", "mumpuni", "ahli"}, labels)
	require.Equal(t, "2017", f.Version)
	require.NotEmpty(t, f.Source)
}

func TestSocioCulturalDefaultByTier(t *testing.T) {
	r := asn.On(day)
	for tier, want := range map[string]competency.Level{
		"jpt-utama": 5, "JPT Madya": 5, "JF Ahli Utama": 5, "Ahli Utama": 5,
		"JPT Pratama": 4, "Eselon II": 4, "II.a": 4, "eselon II.b": 4, "ahli  madya": 4,
		"administrator": 3, "Eselon III": 3, "Ahli Muda": 3,
		"PENGAWAS": 2, "Eselon IV": 2, "JF Ahli Pertama": 2, "Pelaksana": 1, "Pemula": 1,
	} {
		got, row, ok := r.DefaultLevel(tier, competency.SocioCultural)
		require.True(t, ok, tier)
		require.Equal(t, want, got, tier)
		require.Equal(t, "id/skj-2017", row.Set)
		require.NotEmpty(t, row.Source)
	}
}

func agency(t *testing.T, rows string) *asn.RuleSet {
	t.Helper()
	set, ps := asn.Load(strings.NewReader(`{"id":"kota-contoh","title":"rekaan","rows":[`+rows+`]}`), "rules.json")
	require.NoError(t, ps.Err())
	return set
}

func TestTheJobsOwnStandardWinsOverTheDefault(t *testing.T) {
	r := asn.On(day).With(agency(t, `
		{"rule":"default-level","for":"Pengawas","kind":"managerial","level":2,"source":"rekaan","effective_from":"2026-01-01"}`))
	in := []competency.Position{
		{ID: "a", Tier: "Eselon IV", Source: "SKJ 2025", Requirements: []competency.Requirement{{Competency: "INT", Level: 4, Weight: 2, Criticality: 1.5}}},
		{ID: "b", Tier: "pengawas"},
		{ID: "c", Tier: "Administrator"},
		{ID: "d", Tier: "jf-penyelia", Source: "SKJ 2025"},
	}
	before := slices.Clone(in[0].Requirements)
	out, used, ps := r.Standards(in)
	require.Equal(t, before, in[0].Requirements, "the argument is left alone")

	require.Len(t, out[0].Requirements, 9)
	require.Equal(t, in[0].Requirements[0], out[0].Requirements[0])
	for _, q := range out[0].Requirements[1:] {
		require.Equal(t, competency.Level(2), q.Level)
	}
	require.True(t, strings.HasPrefix(out[0].Source, "SKJ 2025; default of the tier for KJSM,"), out[0].Source)
	require.Contains(t, out[0].Source, "kota-contoh")

	require.Len(t, out[1].Requirements, 9)
	require.Len(t, out[2].Requirements, 1, "only the socio-cultural default is known")
	require.Equal(t, competency.CompetencyID("PB"), out[2].Requirements[0].Competency)
	require.Empty(t, out[3].Requirements, "unknown stays unknown")
	require.Equal(t, "SKJ 2025", out[3].Source)

	var missing []string
	for _, p := range ps {
		require.Equal(t, "no-default-level", p.Code)
		missing = append(missing, p.Where)
	}
	require.Equal(t, []string{"position c", "position d"}, missing)
	require.Len(t, used, 3, "one managerial row of the agency, two socio-cultural ones")
}

// D3: the cap policy decides the class; it is in the result, and both figures are.
func TestD3TheCapOfAJPMIsDeclared(t *testing.T) {
	r := asn.On(day)
	gaps := func(required int, attained ...int) []competency.Gap {
		var out []competency.Gap
		for _, a := range attained {
			g := competency.Gap{Required: competency.Requirement{Level: competency.Level(required)},
				Attained: competency.Attained{State: competency.Assessed, Level: competency.Level(a)}, State: competency.Met}
			if a < required {
				g.State = competency.Below
			}
			out = append(out, g)
		}
		return out
	}
	for _, c := range []struct {
		name             string
		gaps             []competency.Gap
		cap              competency.Cap
		want             string
		filling, mapping string
		warn             bool
	}{
		{"24 of 27", gaps(3, 3, 3, 3, 3, 3, 3, 2, 2, 2), competency.CapNone, "88.89", "MS", "cukup-optimal", false},
		{"25 of 18, uncapped", gaps(2, 3, 3, 3, 3, 3, 3, 3, 2, 2), competency.CapNone, "138.89", "MS", "optimal", false},
		{"25 of 27, uncapped", gaps(3, 4, 4, 4, 4, 2, 2, 2, 1, 2), competency.CapNone, "92.59", "MS", "optimal", true},
		{"21 of 27, capped", gaps(3, 4, 4, 4, 4, 2, 2, 2, 1, 2), competency.CapPerCompetency, "77.78", "MMS", "kurang-optimal", true},
	} {
		j := competency.Match(c.gaps, c.cap)
		require.Equal(t, c.want, printed(j.Value), c.name)
		require.Equal(t, c.cap, j.Cap)
		class, ok, ps := asn.Classify(j, r.FillingBands())
		require.True(t, ok)
		require.Equal(t, c.filling, class.Code, c.name)
		require.Equal(t, c.warn, ps.Has("cap-decides"), c.name)
		class, ok, _ = asn.Classify(j, r.MappingBands())
		require.True(t, ok)
		require.Equal(t, c.mapping, class.Code, c.name)
	}
	_, ok, ps := asn.Classify(competency.Match(nil, competency.CapNone), r.FillingBands())
	require.False(t, ok, "nothing assessed has no class")
	require.Empty(t, ps)
}

func printed(x float64) string { return fmt.Sprintf("%.2f", x) }

func TestJPMClassesAreHalfOpenAndNotRounded(t *testing.T) {
	r := asn.On(day)
	for x, want := range map[float64]string{-1: "KMS", 0: "KMS", 67.999999: "KMS", 68: "MMS", 79.999999999: "MMS", 80: "MS", 138.9: "MS"} {
		class, ok := r.FillingBands().Class(x)
		require.True(t, ok)
		require.Equal(t, want, class.Code, "%v", x)
	}
	for x, want := range map[float64]string{77.999: "kurang-optimal", 78: "cukup-optimal", 89.9999: "cukup-optimal", 90: "optimal"} {
		class, ok := r.MappingBands().Class(x)
		require.True(t, ok)
		require.Equal(t, want, class.Code, "%v", x)
	}
	for _, b := range []bangkom.Bands{r.FillingBands(), r.MappingBands(), r.SKMBands()} {
		require.Empty(t, b.Validate())
	}
}

func TestSKMGradesRoundOnceAndLeaveNoGap(t *testing.T) {
	b := asn.On(day).SKMBands()
	for x, want := range map[float64]string{
		24.75: "D", 25: "D", 64.99: "D", 64.994: "D", 64.995: "C", 65: "C", 76.6: "C", 76.604: "C", 76.605: "B", 76.61: "B",
		88.3: "B", 88.304: "B", 88.305: "A", 88.31: "A", 100: "A",
	} {
		class, ok := b.Class(x)
		require.True(t, ok, "%v", x)
		require.Equal(t, want, class.Code, "%v", x)
	}
	for i := 2400; i <= 10000; i++ {
		for _, d := range []float64{0, 0.001, 0.004, 0.005, 0.0049999, 0.009} {
			_, ok := b.Class(float64(i)/100 + d)
			require.True(t, ok)
		}
	}
}

// D12: a minimum is not a maximum.
func TestD12TwentyIsALeastAndTwentyFourIsAMost(t *testing.T) {
	limits := asn.On(day).HourLimits()
	require.Equal(t, program.HourLimits{Min: 20 * bangkom.OneJP}, limits[asn.PNS])
	require.Equal(t, program.HourLimits{Max: 24 * bangkom.OneJP}, limits[asn.PPPK])
	_, ok := limits[asn.CPNS]
	require.False(t, ok, "whether candidates count is the caller's choice")
}

func TestConversionsAreTheFourVerifiedRows(t *testing.T) {
	r := asn.On(day)
	require.Len(t, r.Rows("jp-conversion"), 4)
	by := map[program.Form]delivery.HourConversion{}
	for _, c := range r.Conversions() {
		require.NotContains(t, by, c.Form)
		require.NotEmpty(t, c.Source)
		by[c.Form] = c
	}
	jp := bangkom.OneJP
	for form, want := range map[program.Form]delivery.HourConversion{
		"leadership":       {Basis: delivery.PerJP, National: jp},
		"seminar":          {Basis: delivery.PerDay, National: 4 * jp, International: 6 * jp},
		"sarasehan":        {Basis: delivery.PerDay, National: 4 * jp, International: 6 * jp},
		"lokakarya":        {Basis: delivery.PerDay, National: 5 * jp, International: 7 * jp},
		"pelatihan teknis": {Basis: delivery.PerJP, National: jp, International: jp * 12 / 10},
	} {
		got := by[form]
		require.Equal(t, want, delivery.HourConversion{Basis: got.Basis, National: got.National, International: got.International}, "%s", form)
	}
	minutes, row, ok := r.MinutesPerJP()
	require.True(t, ok)
	require.Equal(t, 45, minutes)
	require.Equal(t, asn.V2, row.Mark)
	years, row, ok := r.ValidFor()
	require.True(t, ok)
	require.Equal(t, 3, years)
	require.Contains(t, row.Note, "conflict")
}

func TestAnAgencysRowsWinAndAreListed(t *testing.T) {
	set := agency(t, `
		{"rule":"valid-for","value":2,"source":"Keputusan rekaan 1/2026","effective_from":"2026-01-01"},
		{"rule":"hours","for":"CPNS","min":20,"source":"Keputusan rekaan 1/2026","effective_from":"2026-01-01"},
		{"rule":"jp-conversion","for":"mentoring","basis":"session","national":2,"cap":24,"source":"Keputusan rekaan 2/2026","effective_from":"2026-01-01"},
		{"rule":"jp-conversion","for":"E-Learning","also":["e learning"],"basis":"jp","national":1,"source":"Keputusan rekaan 2/2026","effective_from":"2026-01-01"},
		{"rule":"jp-conversion","for":"seminar","basis":"day","national":3,"source":"Keputusan rekaan 2/2026","effective_from":"2026-01-01"},
		{"rule":"jp-conversion","for":"Pelatihan Teknis","basis":"jp","national":0.5,"source":"Keputusan rekaan 2/2026","effective_from":"2026-01-01"},
		{"rule":"jpm-class","for":"filling","code":"tidak","title":{"id":"Tidak"},"source":"Keputusan rekaan 3/2026","effective_from":"2026-01-01"},
		{"rule":"jpm-class","for":"filling","code":"ya","lower":75,"title":{"id":"Ya"},"source":"Keputusan rekaan 3/2026","effective_from":"2026-01-01"},
		{"rule":"minutes-per-jp","value":60,"source":"Keputusan rekaan 9/2030","effective_from":"2030-01-01"}`)
	base := asn.On(day)
	r := base.With(set)
	years, row, _ := r.ValidFor()
	require.Equal(t, 2, years)
	require.Equal(t, asn.Agency, row.Mark)
	require.Equal(t, 20*bangkom.OneJP, r.HourLimits()["CPNS"].Min)
	minutes, _, _ := r.MinutesPerJP()
	require.Equal(t, 45, minutes, "not yet in force")
	require.Len(t, r.FillingBands().Bands, 2, "a table is replaced as a whole")
	require.Len(t, r.MappingBands().Bands, 3)
	require.Contains(t, r.FillingBands().Source, "kota-contoh: Keputusan rekaan 3/2026")

	by := map[string]delivery.HourConversion{}
	for _, c := range r.Conversions() {
		require.NotContains(t, by, string(c.Form), "one rule per spelling")
		by[string(c.Form)] = c
	}
	require.Equal(t, 2*bangkom.OneJP, by["mentoring"].National)
	require.Equal(t, bangkom.OneJP, by["e-learning"].National)
	require.NotContains(t, by, "e learning", "the same in the eyes of package table")
	require.Equal(t, 24*bangkom.OneJP, by["mentoring"].CapPerYear)
	require.Equal(t, 3*bangkom.OneJP, by["konferensi"].National, "a row for the form holds for its spellings")
	require.Zero(t, by["seminar"].International, "and replaces the whole of the built-in row")
	require.Equal(t, bangkom.OneJP/2, by["pelatihan teknis"].National)
	require.Equal(t, bangkom.OneJP, by["pelatihan manajerial"].National, "a row for one spelling holds for it alone")

	require.Len(t, r.AgencyRows(), 8)
	for _, row := range r.AgencyRows() {
		require.Equal(t, "kota-contoh", row.Set)
		require.True(t, strings.HasPrefix(row.Where, "rules.json:"), row.Where)
	}
	require.Empty(t, base.AgencyRows(), "With leaves the rules alone")
	years, _, _ = base.ValidFor()
	require.Equal(t, 3, years)
	require.Equal(t, base.Rows(), base.With(nil).Rows())
}

func TestNobodyCanChangeTheBuiltInRows(t *testing.T) {
	spoil := func(rows []asn.Row) {
		for i := range rows {
			rows[i].Source = "spoiled"
			for k := range rows[i].Title {
				rows[i].Title[k] = "spoiled"
			}
			for k := range rows[i].Also {
				rows[i].Also[k] = "spoiled"
			}
			if rows[i].Level != nil {
				*rows[i].Level = 77
			}
			if rows[i].Lower != nil {
				*rows[i].Lower = 77
			}
		}
	}
	r := asn.On(day)
	want := r.Rows()
	spoil(r.Rows())
	for _, s := range asn.BuiltIn() {
		spoil(s.Rows)
	}
	f := r.Framework()
	for i := range f.Competencies {
		f.Competencies[i].Title["id"] = "spoiled"
	}
	asn.SIASNColumns(true)[0] = "spoiled"
	asn.SKMColumns()[0] = "spoiled"
	require.Equal(t, want, r.Rows())
	require.Equal(t, want, asn.On(day).Rows())
	require.Equal(t, "PNS ID", asn.SIASNColumns(false)[0])
	require.Equal(t, "RESPONDEN", asn.SKMColumns()[0])
}

func TestInstrument(t *testing.T) {
	in := asn.On(day).Instrument()
	require.Empty(t, in.Validate())
	var codes []satisfaction.Code
	for _, e := range in.Elements {
		codes = append(codes, e.Code)
	}
	require.Equal(t, []satisfaction.Code{"REQ", "PROC", "TIME", "COST", "PROD", "COMP", "CONDUCT", "COMPLAINT", "FACILITY"}, codes)
	require.Equal(t, [2]int{1, 4}, [2]int{in.Min, in.Max})
	require.Equal(t, "exact", in.Weights.String())
}

// The limits as the ledger applies them.
func TestD12InTheLedger(t *testing.T) {
	r := asn.On(day)
	hours := func(h bangkom.JP) *bangkom.JP { return &h }
	people := []competency.Person{{ID: "a", Status: asn.PNS}, {ID: "b", Status: asn.PPPK}, {ID: "c", Status: asn.PNS}, {ID: "d", Status: asn.CPNS}}
	w, ps := competency.NewWorkforce(r.Framework(), nil, nil, people)
	require.NoError(t, ps.Err())
	last := bangkom.MustDate(2026, 5, 5)
	l, ps := delivery.Account([]delivery.Activity{
		{Person: "a", Form: "pelatihan teknis", Last: last, JP: hours(19_500)},
		{Person: "b", Form: "pelatihan teknis", Last: last, JP: hours(30_000)},
		{Person: "c", Form: "seminar", Last: last, Days: 5},
		{Person: "d", Form: "magang", Last: last, Days: 5},
	}, r.Conversions())
	require.Equal(t, 1, len(ps), "%v", ps)
	require.Equal(t, "magang", ps[0].Value, "a form without a rule is listed, never 0")
	by := map[competency.PersonID]delivery.Verdict{}
	for _, s := range l.Compliance(w, 2026, r.HourLimits(), nil).People {
		by[s.Person] = s.Verdict
	}
	require.Equal(t, map[competency.PersonID]delivery.Verdict{"a": delivery.BelowMinimum, "b": delivery.AboveMaximum, "c": delivery.Within, "d": delivery.NoLimit}, by)
}

// A set that did not come from Load cannot bring down what uses it.
func TestWithPassesOverRowsThatAreNotWhole(t *testing.T) {
	from := bangkom.MustDate(2026, 1, 1)
	var rows []asn.Row
	for _, rule := range []string{"level", "competency", "tier", "default-level", "jpm-class", "valid-for", "hours", "minutes-per-jp", "jp-conversion", "skm-element", "skm-answer", "skm-class", "?"} {
		rows = append(rows, asn.Row{Rule: rule, Source: "x", EffectiveFrom: from}, asn.Row{Rule: rule, EffectiveFrom: from})
	}
	r := asn.On(day).With(&asn.RuleSet{ID: "a", Rows: rows})
	require.Equal(t, asn.On(day).Framework(), r.Framework())
	years, _, ok := r.ValidFor()
	require.True(t, ok)
	require.Equal(t, 3, years)
	r.Instrument()
	r.Conversions()
	r.HourLimits()
	r.Standards([]competency.Position{{ID: "x", Tier: "pengawas"}})
	for _, row := range r.AgencyRows() {
		require.NotEmpty(t, row.Source)
	}
}

// On no day do two built-in rows decide the same thing.
func TestBuiltInSetsDoNotContradictEachOther(t *testing.T) {
	for year := 2016; year <= 2030; year++ {
		seen := map[string]bool{}
		for _, row := range asn.On(bangkom.MustDate(year, 6, 1)).Rows() {
			k := fmt.Sprint(row.Rule, "|", row.For, "|", row.Kind, "|", row.Code)
			if row.Level != nil && row.Rule == "level" {
				k += fmt.Sprint(*row.Level)
			}
			if row.Rule == "skm-answer" {
				k += fmt.Sprint(*row.Value)
			}
			require.False(t, seen[k], "%d %s", year, k)
			seen[k] = true
		}
	}
}

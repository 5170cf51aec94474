package asn

import (
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/program"
	"github.com/bangkom/bangkom/program/delivery"
	"github.com/bangkom/bangkom/table"
)

// HourLimits returns the learning hours a year by status of employment. For
// PNS 20 JP are the least, and there is no most; for PPPK 24 JP are the most,
// and there is no least. Other statuses, CPNS among them, have no limit unless
// an agency's file gives one.
func (r *Rules) HourLimits() map[string]program.HourLimits {
	out := map[string]program.HourLimits{}
	for _, row := range r.of(ruleHours) {
		var l program.HourLimits
		if row.Min != nil {
			l.Min = *row.Min
		}
		if row.Max != nil {
			l.Max = *row.Max
		}
		out[row.For] = l
	}
	return out
}

// Conversions returns how forms of development are credited, one entry for each
// spelling of a form, in lower case: "workshop", "lokakarya", "e-learning". No
// two of them are equal in the eyes of [table.Normalize]. Built in are four:
// leadership and other training as taught (other training abroad 20 % more),
// seminars and workshops by the day. A form that is not among them has no rule,
// so its hours are unknown, never 0.
//
// A row of an agency for a whole form ("seminar") replaces the built-in one
// under all its spellings; a row for one spelling ("bimbingan teknis",
// "konferensi") holds for that alone. A yearly cap counts by spelling too.
func (r *Rules) Conversions() []delivery.HourConversion {
	rows := r.of(ruleConversion)
	slices.SortStableFunc(rows, func(a, b Row) int { return rank(a) - rank(b) })
	var out []delivery.HourConversion
	seen := map[string]bool{}
	for _, row := range rows {
		for _, name := range row.spelled() {
			if k := table.Normalize(name); !seen[k] {
				seen[k] = true
				out = append(out, conversion(row, strings.ToLower(strings.Join(strings.Fields(name), " "))))
			}
		}
	}
	return out
}

// rank puts an agency's rows before the built-in ones.
func rank(r Row) int {
	if r.Mark == Agency {
		return 0
	}
	return 1
}

var basisOf = map[string]delivery.Basis{
	"jp": delivery.PerJP, "day": delivery.PerDay, "session": delivery.PerSession, "activity": delivery.PerActivity,
}

func conversion(row Row, form string) delivery.HourConversion {
	value := func(h *bangkom.JP) bangkom.JP {
		if h == nil {
			return 0 // no rule, as HourConversion has it
		}
		return *h
	}
	return delivery.HourConversion{Form: program.Form(form), Basis: basisOf[row.Basis], National: value(row.National),
		International: value(row.International), CapPerYear: value(row.Cap), Source: row.Set + ": " + row.Source}
}

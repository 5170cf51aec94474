package asn

import (
	"github.com/bangkom/bangkom/evaluation/satisfaction"
)

// Instrument returns the questionnaire of public satisfaction: nine elements by
// code in the regulation's order, answers 1 to 4, the grades of
// [Rules.SKMBands], and exact weights. Set Weights to reproduce a report that
// was computed with 0.11 for 1/9.
func (r *Rules) Instrument() satisfaction.Instrument {
	in := satisfaction.Instrument{ID: "id/skm", Bands: r.SKMBands()}
	for _, row := range r.of(ruleElement) {
		in.ID, in.Source = row.Set, row.Set+": "+row.Source
		in.Elements = append(in.Elements, satisfaction.Element{Code: satisfaction.Code(row.Code), Title: row.Title["id"]})
	}
	for i, row := range r.of(ruleAnswer) {
		v := int(*row.Value)
		if i == 0 {
			in.Min, in.Max = v, v
		}
		in.Min, in.Max = min(in.Min, v), max(in.Max, v)
	}
	return in
}

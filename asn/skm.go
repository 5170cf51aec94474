package asn

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/evaluation/satisfaction"
	"github.com/bangkom/bangkom/table"
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

// SKMOptions of [ReadSKM]. Nil is usable.
type SKMOptions struct {
	Unit string // the unit that a sheet without a column of units is about
}

// ReadSKM reads the sheet of the satisfaction survey: one row per respondent
// and one column per element. The elements are told apart by what their header
// says, because questionnaires swap the last two; U1 to U9 say nothing, and are
// refused. An element without a column is an error.
//
// An empty cell is an answer that was not given. Answers outside the scale are
// handed on as they are: what to do with them is the caller's choice in
// [satisfaction.Options], and [satisfaction.Measure] names each by file and line.
func ReadSKM(r io.Reader, file string, rules *Rules, opt *SKMOptions) ([]satisfaction.Response, bangkom.Problems) {
	var o SKMOptions
	if opt != nil {
		o = *opt
	}
	elements := rules.of(ruleElement)
	if len(elements) == 0 {
		return nil, bangkom.Problems{{Code: "no-rules", Where: file, Value: rules.Day().String(), Msg: "no questionnaire holds on this day", Need: "ask for the rules of a later day"}}
	}
	rd := table.Read(r, file, skmSchema(elements), nil)
	units := slices.Contains(rd.Bound(), keyUnit)
	var out []satisfaction.Response
	for row := range rd.Rows() {
		out = append(out, readResponse(row, elements, units, file, o))
	}
	ps := rd.Problems()
	if positional(rd.Extra()) {
		ps.Add(bangkom.Problem{Code: "positional-header", Severity: bangkom.Note, Where: file, Value: "U1 … U9",
			Msg: "numbers of elements do not say which is meant: questionnaires order the last two either way", Need: "name each column by its element"})
	}
	return out, ps
}

const (
	keyUnit       = "unit"
	keyRespondent = "respondent"
)

func skmSchema(elements []Row) table.Schema {
	s := table.Schema{
		{Key: keyUnit, Names: []string{"Unit", "Unit Pelayanan", "Unit Layanan", "Perangkat Daerah", "UNOR ID"}},
		{Key: keyRespondent, Names: []string{"Responden", "No Responden", "Nomor Responden"}, Private: true},
		{Key: keyDate, Names: []string{"Tgl", "Tanggal"}},
	}
	for _, e := range elements {
		s = append(s, table.Column{Key: e.Code, Names: append(append([]string{e.Title["id"]}, e.Also...), e.Title["en"]), Required: true})
	}
	return s
}

func readResponse(row *table.Row, elements []Row, units bool, file string, o SKMOptions) satisfaction.Response {
	resp := satisfaction.Response{Unit: o.Unit, Respondent: row.Text(keyRespondent), Answers: map[satisfaction.Code]int{}, Where: fmt.Sprintf("%s:%d", file, row.Line())}
	if units {
		resp.Unit = cmp.Or(row.Text(keyUnit), o.Unit)
		if resp.Unit == "" {
			row.Warn(keyUnit, "empty-cell", "an answer about no unit", "name the unit")
		}
	}
	resp.Date, _ = row.Date(keyDate)
	for _, e := range elements {
		if v, ok := row.Int(e.Code); ok {
			resp.Answers[satisfaction.Code(e.Code)] = v
		}
	}
	return resp
}

// positional reports headers that give an element by its number.
func positional(headers []string) bool {
	return slices.ContainsFunc(headers, func(h string) bool {
		k := squash(h)
		return len(k) == 2 && k[0] == 'u' && k[1] >= '1' && k[1] <= '9'
	})
}

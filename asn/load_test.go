package asn_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/asn"
)

func TestLoadExampleFile(t *testing.T) {
	f, err := os.Open("testdata/rules.json")
	require.NoError(t, err)
	defer f.Close()
	set, ps := asn.Load(f, "rules.json")
	require.Empty(t, ps)
	require.Equal(t, "kota-contoh/2026", set.ID)
	require.Len(t, set.Rows, 16)
	require.Equal(t, "jpt-utama", set.Rows[0].For, "tiers are brought to their code")
	require.Equal(t, "rules.json:6", set.Rows[0].Where)
}

// Each fault is named once, where it is, and costs its own row only.
func TestLoadNamesEachFault(t *testing.T) {
	const good = `{"rule":"valid-for","value":2,"source":"rekaan","effective_from":"2026-01-01"}`
	for name, c := range map[string]struct{ row, code, value string }{
		"no source":            {`{"rule":"hours","for":"PNS","min":20,"effective_from":"2026-01-01"}`, "no-source", ""},
		"blank source":         {`{"rule":"hours","for":"PNS","min":20,"source":" ","effective_from":"2026-01-01"}`, "no-source", ""},
		"no date":              {`{"rule":"hours","for":"PNS","min":20,"source":"x"}`, "no-date", ""},
		"day that is none":     {`{"rule":"hours","for":"PNS","min":20,"source":"x","effective_from":"2026-02-31"}`, "bad-row", ""},
		"ends before it began": {`{"rule":"hours","for":"PNS","min":20,"source":"x","effective_from":"2026-01-02","effective_to":"2026-01-01"}`, "unreachable-row", "2026-01-01"},
		"unknown rule":         {`{"rule":"bonus","source":"x","effective_from":"2026-01-01"}`, "unknown-rule", "bonus"},
		"no rule":              {`{"source":"x","effective_from":"2026-01-01"}`, "unknown-rule", ""},
		"the dictionary":       {`{"rule":"competency","code":"X","kind":"managerial","title":{"id":"X"},"source":"x","effective_from":"2026-01-01"}`, "unknown-rule", "competency"},
		"misspelt field":       {`{"rule":"hours","for":"PNS","min":20,"source":"x","effective_from":"2026-01-01","effektive_to":"2026-12-31"}`, "unknown-field", "effektive_to"},
		"another case":         {`{"rule":"hours","for":"PNS","max":24,"Min":20,"source":"x","effective_from":"2026-01-01"}`, "unknown-field", "Min"},
		"field of another":     {`{"rule":"hours","for":"PNS","min":20,"level":3,"source":"x","effective_from":"2026-01-01"}`, "unknown-field", "level"},
		"field twice":          {`{"rule":"hours","for":"PNS","min":20,"min":10,"source":"x","effective_from":"2026-01-01"}`, "duplicate-field", "min"},
		"a mark of its own":    {`{"rule":"hours","for":"PNS","min":20,"mark":"V1","source":"x","effective_from":"2026-01-01"}`, "unknown-field", "mark"},
		"field missing":        {`{"rule":"default-level","for":"pengawas","kind":"managerial","source":"x","effective_from":"2026-01-01"}`, "missing-field", "level"},
		"level null":           {`{"rule":"default-level","for":"pengawas","kind":"managerial","level":null,"source":"x","effective_from":"2026-01-01"}`, "missing-field", "level"},
		"level off the scale":  {`{"rule":"default-level","for":"pengawas","kind":"managerial","level":6,"source":"x","effective_from":"2026-01-01"}`, "level-off-scale", "6"},
		"level not whole":      {`{"rule":"default-level","for":"pengawas","kind":"managerial","level":2.5,"source":"x","effective_from":"2026-01-01"}`, "bad-row", ""},
		"unknown tier":         {`{"rule":"default-level","for":"direktur","kind":"managerial","level":2,"source":"x","effective_from":"2026-01-01"}`, "unknown-tier", "direktur"},
		"technical default":    {`{"rule":"default-level","for":"pengawas","kind":"technical","level":2,"source":"x","effective_from":"2026-01-01"}`, "unknown-kind", "technical"},
		"empty limit":          {`{"rule":"hours","for":"PNS","source":"x","effective_from":"2026-01-01"}`, "missing-field", "min, max"},
		"min above max":        {`{"rule":"hours","for":"PNS","min":30,"max":24,"source":"x","effective_from":"2026-01-01"}`, "min-above-max", "30 > 24"},
		"negative hours":       {`{"rule":"hours","for":"PNS","min":-1,"source":"x","effective_from":"2026-01-01"}`, "negative-hours", ""},
		"basis":                {`{"rule":"jp-conversion","for":"magang","basis":"week","national":2,"source":"x","effective_from":"2026-01-01"}`, "unknown-basis", "week"},
		"empty conversion":     {`{"rule":"jp-conversion","for":"magang","basis":"day","source":"x","effective_from":"2026-01-01"}`, "missing-field", "national, international"},
		"conversion to zero":   {`{"rule":"jp-conversion","for":"magang","basis":"day","national":0,"source":"x","effective_from":"2026-01-01"}`, "hours-not-positive", "0"},
		"no form":              {`{"rule":"jp-conversion","for":"","basis":"day","national":1,"source":"x","effective_from":"2026-01-01"}`, "missing-field", "for"},
		"years":                {`{"rule":"valid-for","value":0,"source":"x","effective_from":"2020-01-01","effective_to":"2020-12-31"}`, "value", "0"},
		"half a year":          {`{"rule":"valid-for","value":2.5,"source":"x","effective_from":"2020-01-01","effective_to":"2020-12-31"}`, "value", "2.5"},
		"use":                  {`{"rule":"jpm-class","for":"hiring","code":"a","title":{"id":"a"},"source":"x","effective_from":"2026-01-01"}`, "unknown-use", "hiring"},
		"no object":            {`7`, "bad-row", ""},
		"same thing twice":     {`{"rule":"valid-for","value":3,"source":"x","effective_from":"2026-06-01"}`, "overlapping-rows", "valid-for"},
	} {
		t.Run(name, func(t *testing.T) {
			set, ps := asn.Load(strings.NewReader("{\"id\":\"a\",\"title\":\"b\",\"rows\":[\n"+good+",\n"+c.row+"\n]}"), "rules.json")
			require.Len(t, ps.Only(bangkom.Error), 1, "%v", ps)
			p := ps.Only(bangkom.Error)[0]
			require.Equal(t, c.code, p.Code, "%v", p)
			require.Equal(t, c.value, p.Value)
			require.Equal(t, "rules.json:3", p.Where)
			require.Len(t, set.Rows, 1, "the good row is kept")
			require.Equal(t, "valid-for", set.Rows[0].Rule)
			require.Equal(t, 2.0, *set.Rows[0].Value)
		})
	}
}

func TestLoadRefusesWhatIsNoRuleFile(t *testing.T) {
	for _, s := range []string{"", "null", "[]", "7", `"x"`, "{", `{"id":"a"`, `{"id":"a","rows":[]} x`, "\x00", strings.Repeat("[", 100_000)} {
		set, ps := asn.Load(strings.NewReader(s), "rules.json")
		require.Nil(t, set, "%.20q", s)
		require.True(t, ps.Has("not-json"), "%.20q %v", s, ps)
	}
	for s, code := range map[string]string{
		`{"title":"b","rows":[]}`:                 "no-id",
		`{"id":"a","title":"b"}`:                  "no-rows",
		`{"id":"a","rows":{}}`:                    "no-rows",
		`{"id":"a","rows":[],"rows":[]}`:          "duplicate-field",
		`{"id":"a","rows":[],"effective":"x"}`:    "unknown-field",
		`{"id":7,"rows":[]}`:                      "bad-field",
		`{"id":"a","rows":[],"Rows":[{"x":"y"}]}`: "unknown-field",
	} {
		_, ps := asn.Load(strings.NewReader(s), "rules.json")
		require.True(t, ps.Has(code), "%s %v", s, ps)
		require.Error(t, ps.Err())
	}
	_, ps := asn.Load(iotest.ErrReader(os.ErrClosed), "rules.json")
	require.True(t, ps.Has("read"))
	_, ps = asn.Load(strings.NewReader(strings.Repeat(" ", 17<<20)), "rules.json")
	require.True(t, ps.Has("too-large"))
}

// class writes a row of a table of classes.
func class(code, bounds, from string) string {
	return `{"rule":"jpm-class","for":"mapping","code":"` + code + `","title":{"id":"` + code + `"}` + bounds + `,"source":"x","effective_from":"` + from + `"}`
}

// D9: a row that says 21 to 30 and begins at 41 is never reached, and a score
// between two rows has no class: both are found when the table is loaded.
func TestD9TablesAreCheckedWhenLoaded(t *testing.T) {
	for name, c := range map[string]struct {
		rows []string
		code string
	}{
		"good":                     {[]string{class("c", `,"upper":60`, "2026-01-01"), class("b", `,"lower":61,"upper":70`, "2026-01-01"), class("a", `,"lower":70.5`, "2026-01-01")}, ""},
		"never reached":            {[]string{class("c", ``, "2026-01-01"), class("b", `,"lower":41,"upper":30`, "2026-01-01"), class("a", `,"lower":50`, "2026-01-01")}, "unreachable-row"},
		"two from the same score":  {[]string{class("c", ``, "2026-01-01"), class("b", `,"lower":41`, "2026-01-01"), class("a", `,"lower":41`, "2026-01-01")}, "overlapping-rows"},
		"two lowest classes":       {[]string{class("c", ``, "2026-01-01"), class("b", ``, "2026-01-01"), class("a", `,"lower":41`, "2026-01-01")}, "overlapping-rows"},
		"one reaches into another": {[]string{class("c", `,"upper":45`, "2026-01-01"), class("b", `,"lower":41`, "2026-01-01")}, "overlapping-rows"},
		"a hole":                   {[]string{class("c", `,"upper":20`, "2026-01-01"), class("b", `,"lower":41`, "2026-01-01")}, "rule-gap"},
		"no lowest class":          {[]string{class("c", `,"lower":20`, "2026-01-01"), class("b", `,"lower":41`, "2026-01-01")}, "rule-gap"},
		"a single class":           {[]string{class("c", ``, "2026-01-01")}, "rule-gap"},
		"a hole from a later day":  {[]string{class("c", ``, "2026-01-01"), class("b", `,"lower":41`, "2027-01-01")}, "rule-gap"},
	} {
		t.Run(name, func(t *testing.T) {
			set, ps := asn.Load(strings.NewReader(`{"id":"a","title":"b","rows":[`+strings.Join(c.rows, ",")+`]}`), "rules.json")
			if c.code == "" {
				require.Empty(t, ps)
				b := asn.On(day).With(set).MappingBands()
				for x, want := range map[float64]string{0: "c", 60.9: "c", 61: "b", 70.4: "b", 70.5: "a"} {
					got, ok := b.Class(x)
					require.True(t, ok)
					require.Equal(t, want, got.Code, "%v", x)
				}
				return
			}
			require.True(t, ps.Has(c.code), "%v", ps)
			require.Error(t, ps.Err())
			if name != "never reached" { // there the one row is lost and the table is whole
				require.Empty(t, set.Rows, "a table with a fault is not loaded: no score must get a wrong class")
			}
			require.NotEmpty(t, asn.On(day).With(set).MappingBands().Bands)
		})
	}
}

func TestLoadReportsGapsInTimeAndTiers(t *testing.T) {
	set, ps := asn.Load(strings.NewReader(`{"id":"a","title":"b","rows":[
		{"rule":"valid-for","value":2,"source":"x","effective_from":"2026-03-01"},
		{"rule":"valid-for","value":3,"source":"x","effective_from":"2025-01-01","effective_to":"2025-12-31"},
		{"rule":"default-level","for":"pengawas","kind":"managerial","level":2,"source":"x","effective_from":"2026-01-01"}]}`), "rules.json")
	require.NoError(t, ps.Err())
	require.Len(t, set.Rows, 3)
	require.Len(t, ps, 2)
	require.Equal(t, "rule-gap", ps[0].Code)
	require.Equal(t, "no row holds from 2026-01-01 to 2026-02-28", ps[0].Msg)
	require.Equal(t, "rules.json:2", ps[0].Where)
	require.Equal(t, "tier-gap", ps[1].Code)
	require.Contains(t, ps[1].Value, "jf-penyelia")
	require.NotContains(t, ps[1].Value, "pengawas")

	// Rows that follow each other leave no gap, and each holds in its time.
	set, ps = asn.Load(strings.NewReader(`{"id":"a","title":"b","rows":[
		{"rule":"valid-for","value":2,"source":"x","effective_from":"2026-01-01"},
		{"rule":"valid-for","value":3,"source":"x","effective_from":"2025-01-01","effective_to":"2025-12-31"}]}`), "rules.json")
	require.Empty(t, ps)
	for year, want := range map[int]int{2024: 3, 2025: 3, 2026: 2} {
		years, row, ok := asn.On(bangkom.MustDate(year, 12, 31)).With(set).ValidFor()
		require.True(t, ok)
		require.Equal(t, want, years, "%d", year)
		require.Equal(t, year > 2024, row.Mark == asn.Agency)
	}
}

func TestRuleSetJSON(t *testing.T) {
	data, err := json.Marshal(asn.On(day).Rows("valid-for")[0])
	require.NoError(t, err)
	require.JSONEq(t, `{"rule":"valid-for","value":3,"note":"in conflict: an item of bkn.go.id of June 2025 says 2 years and cites the same regulation; an agency file may say so",
		"source":"Peraturan BKN 26/2019 art. 29(4), by the help desk of BKN (support-siasn, Puspenkom)","mark":"V1","effective_from":"2019-01-01","set":"id/assessment-2019"}`, string(data))
	for _, s := range asn.BuiltIn() {
		data, err := json.Marshal(s)
		require.NoError(t, err)
		var back asn.RuleSet
		require.NoError(t, json.Unmarshal(data, &back))
		require.Equal(t, s, back)
	}
}

func FuzzLoad(f *testing.F) {
	data, err := os.ReadFile("testdata/rules.json")
	require.NoError(f, err)
	f.Add(string(data))
	f.Add(`{"id":"a","title":"b","rows":[` + class("c", ``, "2026-01-01") + `,` + class("b", `,"lower":1e308,"upper":-1`, "2026-01-01") + `]}`)
	f.Add(`{"id":"a","rows":[{"rule":"level","level":null}]}`)
	f.Fuzz(func(t *testing.T, s string) {
		set, ps := asn.Load(strings.NewReader(s), "rules.json")
		if set == nil {
			require.Error(t, ps.Err())
			return
		}
		for _, p := range ps {
			require.NotEmpty(t, p.Code)
			require.NotEmpty(t, p.Where)
		}
		for _, row := range set.Rows {
			require.NotEmpty(t, strings.TrimSpace(row.Source))
			require.False(t, row.EffectiveFrom.IsZero())
			require.Equal(t, asn.Agency, row.Mark)
			require.True(t, row.InForce(row.EffectiveFrom))
		}
		for _, d := range []bangkom.Date{day, bangkom.MustDate(2016, 1, 1)} {
			r := asn.On(d).With(set)
			r.Framework()
			r.HourLimits()
			r.Conversions()
			r.Instrument()
			for _, b := range []bangkom.Bands{r.FillingBands(), r.MappingBands(), r.SKMBands()} {
				if len(b.Bands) > 0 {
					require.NoError(t, b.Validate().Err())
				}
			}
		}
	})
}

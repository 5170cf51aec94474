package delivery

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/program"
)

var rules = []HourConversion{
	{Form: "training", Basis: PerJP, National: 1000, International: 1200, Source: "deck"},
	{Form: "leadership", Basis: PerJP, National: 1000, Source: "deck"},
	{Form: "seminar", Basis: PerDay, National: 4000, International: 6000, Source: "deck"},
	{Form: "mentoring", Basis: PerSession, National: 2000, CapPerYear: 5000, Source: "agency"},
	{Form: "secondment", Basis: PerActivity, National: 20_000, Source: "agency"},
}

func TestCredit(t *testing.T) {
	d := day(3, 1)
	for name, c := range map[string]struct {
		a    Activity
		want bangkom.JP
	}{
		"as taught":          {Activity{Form: "training", JP: jp(19_500)}, 19_500},
		"20 % on 19.5":       {Activity{Form: "training", JP: jp(19_500), Abroad: true}, 23_400},
		"days":               {Activity{Form: "seminar", Days: 3}, 12_000},
		"days abroad":        {Activity{Form: "seminar", Days: 2, Abroad: true}, 12_000},
		"meetings":           {Activity{Form: "mentoring", Meetings: 2}, 4000},
		"capped":             {Activity{Form: "mentoring", Meetings: 3}, 5000},
		"activity":           {Activity{Form: "secondment"}, 20_000},
		"taught for nothing": {Activity{Form: "training", JP: jp(0)}, 0},
	} {
		c.a.Last = d
		l, ps := Account([]Activity{c.a}, rules)
		require.Empty(t, ps, name)
		require.True(t, l.Entries()[0].Known, name)
		require.Equal(t, c.want, l.Entries()[0].JP, name)
		require.NotEmpty(t, l.Entries()[0].Rule)
	}
	for name, a := range map[string]Activity{
		"no rule for the form":   {Form: "comparative study", JP: jp(20_000), Last: d},
		"no form":                {JP: jp(20_000), Last: d},
		"no rule abroad":         {Form: "leadership", JP: jp(20_000), Abroad: true, Last: d},
		"hours not known":        {Form: "training", Last: d},
		"days not known":         {Form: "seminar", JP: jp(8000), Last: d},
		"meetings not known":     {Form: "mentoring", Last: d},
		"no date":                {Form: "training", JP: jp(20_000)},
		"hours beyond all years": {Form: "training", JP: jp(math.MaxInt64), Abroad: true, Last: d},
	} {
		l, _ := Account([]Activity{a}, rules)
		require.False(t, l.Entries()[0].Known, name)
		require.NotEmpty(t, l.Entries()[0].Reason)
		h := l.Hours("", 2026)
		require.Equal(t, 1, h.Unknown, "%s: listed, never 0 hours known", name)
		require.Equal(t, 1, h.ByForm[0].Unknown)
	}
}

func TestFormsWithoutARuleAreNamed(t *testing.T) {
	a := []Activity{{Person: "p1", Form: "x", Last: day(1, 1)}, {Person: "p2", Form: "x", Last: day(1, 1)}}
	_, ps := Account(a, append(slices.Clone(rules), HourConversion{Form: "seminar", Basis: PerJP}, HourConversion{Form: "y"}))
	require.Equal(t, []string{"duplicate-id", "hour-rule", "no-hour-rule"}, []string{ps[0].Code, ps[1].Code, ps[2].Code})
	require.Contains(t, ps[2].Msg, "2 activities")
	require.Equal(t, bangkom.Warning, ps[2].Severity)
}

// The year of an activity is that of its last day.
func TestTheYearOfTheLastDay(t *testing.T) {
	l, _ := Account([]Activity{{Person: "p", Form: "training", JP: jp(10_000), Last: bangkom.MustDate(2027, 1, 2)}}, rules)
	require.Zero(t, l.Hours("p", 2026).Entries)
	require.EqualValues(t, 10_000, l.Hours("p", 2027).JP)
}

func TestCapsFallOnTheSameEntriesInAnyOrder(t *testing.T) {
	var a []Activity
	for m := range 4 {
		a = append(a, Activity{Person: "p", Form: "mentoring", Meetings: 1, Last: day(1+m, 1)})
	}
	a = append(a, Activity{Person: "p", Form: "mentoring", Meetings: 1, Last: bangkom.MustDate(2027, 1, 1)})
	want, _ := Account(a, rules)
	slices.Reverse(a)
	got, _ := Account(a, rules)
	require.Equal(t, want, got)
	require.EqualValues(t, 5000, got.Hours("p", 2026).JP)
	require.EqualValues(t, 2000, got.Hours("p", 2027).JP, "a cap is of one year")
	require.Equal(t, []bangkom.JP{2000, 2000, 1000, 0, 2000}, func() (out []bangkom.JP) {
		for _, e := range got.Entries() {
			out = append(out, e.JP)
		}
		return
	}())
	require.Equal(t, "capped: 1 JP of 2", got.Entries()[2].Reason)
	require.Equal(t, bangkom.MustDate(2027, 1, 1), a[0].Last, "the argument stays as it is")
}

func TestHoursByForm(t *testing.T) {
	l, _ := Account([]Activity{
		{Person: "p", Form: "training", JP: jp(10_000), Last: day(1, 1)}, {Person: "p", Form: "seminar", Days: 1, Last: day(2, 1)},
		{Person: "p", Form: "training", JP: jp(5000), Last: day(3, 1)}, {Person: "p", Form: "unheard", Last: day(4, 1)}, {Person: "q", Form: "training", JP: jp(1), Last: day(1, 1)},
	}, rules)
	require.Equal(t, Hours{JP: 19_000, Entries: 4, Unknown: 1, ByForm: []FormHours{{"seminar", 4000, 0}, {"training", 15_000, 0}, {"unheard", 0, 1}}}, l.Hours("p", 2026))
	require.Equal(t, Hours{}, l.Hours("nobody", 2026))
}

// ---- limits

var limits = map[string]program.HourLimits{"PNS": {Min: 20_000}, "PPPK": {Max: 24_000}}

// D12: 20 JP are a minimum for one status and 24 a maximum for the other.
func TestD12TwoLimits(t *testing.T) {
	known := func(n bangkom.JP) Hours { return Hours{JP: n, Entries: 1} }
	open := func(n bangkom.JP) Hours { return Hours{JP: n, Entries: 2, Unknown: 1} }
	for _, c := range []struct {
		h    Hours
		of   string
		want Verdict
	}{
		{known(19_500), "PNS", BelowMinimum}, {known(20_000), "PNS", Within}, {known(30_000), "PNS", Within},
		{known(24_000), "PPPK", Within}, {known(30_000), "PPPK", AboveMaximum}, {known(0), "PPPK", Within},
		{open(19_500), "PNS", Unknown}, {open(20_000), "PNS", Within}, {open(1), "PPPK", Unknown}, {open(25_000), "PPPK", AboveMaximum},
		{known(1), "other", NoLimit},
	} {
		require.Equal(t, c.want, Judge(c.h, limits[c.of]), "%s with %s", c.of, c.h.JP)
	}
	l, _ := Account([]Activity{{Person: "pns", Form: "training", JP: jp(19_500), Last: day(1, 1)}, {Person: "pppk", Form: "training", JP: jp(30_000), Last: day(1, 1)}}, rules)
	c := l.Compliance(workforce(t, []competency.Person{{ID: "pns", Status: "PNS"}, {ID: "pppk", Status: "PPPK"}}), 2026, limits, nil)
	require.Equal(t, []Verdict{BelowMinimum, AboveMaximum}, []Verdict{c.People[0].Verdict, c.People[1].Verdict})
	require.Len(t, c.Warnings, 1)
	require.Equal(t, "above-maximum 2026/pppk 30", fmt.Sprint(c.Warnings[0].Code, " ", c.Warnings[0].Where, " ", c.Warnings[0].Value))
	require.Equal(t, bangkom.Warning, c.Warnings[0].Severity)
}

func workforce(t testing.TB, people []competency.Person) *competency.Workforce {
	t.Helper()
	w, ps := competency.NewWorkforce(&competency.Framework{}, nil, []competency.Unit{{ID: "large"}, {ID: "small"}}, people)
	require.NoError(t, ps.Err())
	return w
}

// D4: 200 people with 30 JP and 10 with 2 JP have 28.67 JP each, not the 16.0 of the mean of two unit means.
func TestD4PooledMean(t *testing.T) {
	var people []competency.Person
	var activities []Activity
	for i := range 210 {
		p := competency.Person{ID: competency.PersonID(fmt.Sprintf("p%03d", i)), Unit: "large", Status: "PNS"}
		hours := jp(30_000)
		if i >= 200 {
			p.Unit, hours = "small", jp(2000)
		}
		people = append(people, p)
		activities = append(activities, Activity{Person: p.ID, Form: "training", JP: hours, Last: day(6, 1)})
	}
	people = append(people, competency.Person{ID: "x-no-data", Unit: "small", Status: "PNS"}, competency.Person{ID: "x-unknown", Unit: "small", Status: "PNS"},
		competency.Person{ID: "x-cpns", Unit: "small", Status: "CPNS"})
	activities = append(activities, Activity{Person: "x-unknown", Form: "unheard", Last: day(6, 1)}, Activity{Person: "x-cpns", Form: "training", JP: jp(1), Last: day(6, 1)})
	l, _ := Account(activities, rules)
	c := l.Compliance(workforce(t, people), 2026, limits, &ComplianceOptions{Apart: []string{"CPNS"}})

	require.InDelta(t, 6020.0/210, c.All.Mean.Value, 1e-12)
	require.Equal(t, "28.67", fmt.Sprintf("%.2f", c.All.Mean.Value))
	require.Equal(t, 210, c.All.Mean.N)
	require.Equal(t, bangkom.Missing{Policy: "available", Dropped: 2}, c.All.Mean.Missing)
	require.Equal(t, 30.0, c.Units[0].Mean.Value)
	require.Equal(t, 2.0, c.Units[1].Mean.Value)

	all := c.All
	same(t, Group{Unit: "", People: 212, Within: 200, Below: 10, Unknown: 2, NoData: 1, Apart: 1, Mean: all.Mean, Reached: all.Reached}, all)
	require.InDelta(t, 200.0/210, all.Reached.Value, 1e-15)
	require.Equal(t, 210, all.Reached.N)
	last := c.People[len(c.People)-3:]
	require.Equal(t, []competency.PersonID{"x-cpns", "x-no-data", "x-unknown"}, []competency.PersonID{last[0].Person, last[1].Person, last[2].Person})
	require.True(t, last[0].Apart)
	require.True(t, last[1].NoData)
	require.Equal(t, Unknown, last[1].Verdict, "no data is not 0 hours")

	complete := l.Compliance(workforce(t, people), 2026, limits, &ComplianceOptions{Apart: []string{"CPNS"}, Complete: true})
	require.Equal(t, 11, complete.All.Below, "unless the ledger is said to be complete")
	require.Zero(t, complete.All.NoData)
}

// same compares groups whose unknown parts are NaN.
func same(t *testing.T, want, got Group) {
	t.Helper()
	require.Equal(t, fmt.Sprintf("%+v", want), fmt.Sprintf("%+v", got))
}

// Groups are partitions: the units add up to all where everybody has a unit.
func TestUnitsAddUpToAll(t *testing.T) {
	var people []competency.Person
	var a []Activity
	for i := range 60 {
		p := competency.Person{ID: competency.PersonID(fmt.Sprintf("p%02d", i)), Unit: []competency.UnitID{"large", "small"}[i%3%2], Status: []string{"PNS", "PPPK", "CPNS", "other"}[i%4]}
		people = append(people, p)
		if i%5 > 0 {
			a = append(a, Activity{Person: p.ID, Form: []program.Form{"training", "unheard"}[i%7%2], JP: jp(bangkom.JP(i) * 1000), Last: day(1, 1)})
		}
	}
	l, _ := Account(a, rules)
	c := l.Compliance(workforce(t, people), 2026, limits, &ComplianceOptions{Apart: []string{"CPNS"}})
	sum := c.Units[0]
	u := c.Units[1]
	sum.Unit, sum.Mean, sum.Reached = "", c.All.Mean, c.All.Reached
	sum.People, sum.Within, sum.Below, sum.Above = sum.People+u.People, sum.Within+u.Within, sum.Below+u.Below, sum.Above+u.Above
	sum.NoLimit, sum.Unknown, sum.NoData, sum.Apart = sum.NoLimit+u.NoLimit, sum.Unknown+u.Unknown, sum.NoData+u.NoData, sum.Apart+u.Apart
	same(t, c.All, sum)
	require.Equal(t, sum.People, sum.Within+sum.Below+sum.Above+sum.NoLimit+sum.Unknown)
	require.Equal(t, 60, sum.People+sum.Apart)
	pns := 0
	for _, p := range people {
		if p.Status == "PNS" {
			pns++
		}
	}
	require.Equal(t, pns, c.All.Reached.N+c.All.Reached.Missing.Dropped, "people without a minimum are not missing from the share")
}

func TestOfNobodyNothingIsKnown(t *testing.T) {
	l, _ := Account(nil, nil)
	c := l.Compliance(workforce(t, nil), 2026, nil, nil)
	require.True(t, math.IsNaN(c.All.Mean.Value) && math.IsNaN(c.All.Reached.Value))
	data, err := json.Marshal(c.All)
	require.NoError(t, err)
	require.Equal(t, `{"unit":"","people":0,"within":0,"below":0,"above":0,"no_limit":0,"unknown":0,"no_data":0,"apart":0,`+
		`"mean":{"estimate":null,"se":null,"n":0,"method":"pooled mean","missing":{"policy":"available","dropped":0},"warnings":[{"code":"too-few","message":"nobody's hours are known","need":"1 person"}]},`+
		`"reached":{"estimate":null,"se":null,"n":0,"method":"share of people","missing":{"policy":"available","dropped":0},"warnings":[{"code":"too-few","message":"nobody's hours are known","need":"1 person"}]}}`, string(data))
}

func TestFormsAreComparedAsTheyRead(t *testing.T) {
	jp := 10 * bangkom.OneJP
	ledger, problems := Account(
		[]Activity{{Person: "A", Form: "E-Learning ", Last: bangkom.MustDate(2026, 3, 1), JP: &jp}},
		[]HourConversion{{Form: "e-learning", Basis: PerJP, National: bangkom.OneJP, Source: "rekaan"}})
	require.Empty(t, problems)
	require.True(t, ledger.Entries()[0].Known)
	require.Equal(t, jp, ledger.Entries()[0].JP)
}

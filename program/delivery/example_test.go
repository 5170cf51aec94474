package delivery_test

import (
	"fmt"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/program"
	"github.com/bangkom/bangkom/program/delivery"
)

// A log refuses what cannot follow, by name.
func ExampleLog_Append() {
	var log delivery.Log
	seat := delivery.Event{Person: "p1", Session: "S1", Offering: "A1", Status: delivery.Registered, Date: bangkom.MustDate(2026, 2, 1)}
	fmt.Println(log.Append(seat))
	seat.Status = delivery.Completed
	fmt.Println(log.Append(seat))
	// Output:
	// <nil>
	// p1/S1: completed cannot follow after registered ("completed"); one of [confirmed cancelled]
}

// Hours are credited by rules. A form without one is listed, never counted as 0.
func ExampleAccount() {
	rules := []delivery.HourConversion{
		{Form: "seminar", Basis: delivery.PerDay, National: 4 * bangkom.OneJP, International: 6 * bangkom.OneJP, Source: "rule A"},
	}
	ledger, problems := delivery.Account([]delivery.Activity{
		{Person: "p1", Form: "seminar", Days: 2, Last: bangkom.MustDate(2026, 5, 2)},
		{Person: "p1", Form: "benchmarking", Days: 3, Last: bangkom.MustDate(2026, 8, 3)},
	}, rules)
	hours := ledger.Hours("p1", 2026)
	fmt.Println(hours.JP, "JP known,", hours.Unknown, "of", hours.Entries, "entries unknown")
	fmt.Println(problems)
	// Output:
	// 8 JP known, 1 of 2 entries unknown
	// rules/benchmarking: 1 activities of this form have no rule: their hours are not known ("benchmarking"); a rule with its source
}

// Limits differ by status: a minimum for one, a maximum for the other.
func ExampleLedger_Compliance() {
	workforce, _ := competency.NewWorkforce(&competency.Framework{}, nil, nil, []competency.Person{
		{ID: "p1", Status: "PNS"}, {ID: "p2", Status: "PPPK"}, {ID: "p3", Status: "PNS"},
	})
	hours := func(jp bangkom.JP) *bangkom.JP { return &jp }
	ledger, _ := delivery.Account([]delivery.Activity{
		{Person: "p1", Form: "training", JP: hours(19_500), Last: bangkom.MustDate(2026, 5, 2)},
		{Person: "p2", Form: "training", JP: hours(30_000), Last: bangkom.MustDate(2026, 5, 2)},
	}, []delivery.HourConversion{{Form: "training", Basis: delivery.PerJP, National: bangkom.OneJP, Source: "rule A"}})
	table := ledger.Compliance(workforce, 2026, map[string]program.HourLimits{"PNS": {Min: 20 * bangkom.OneJP}, "PPPK": {Max: 24 * bangkom.OneJP}}, nil)
	for _, p := range table.People {
		fmt.Println(p.Person, p.Status, p.Hours.JP, p.Verdict)
	}
	fmt.Println("mean", table.All.Mean)
	// Output:
	// p1 PNS 19.5 below-minimum
	// p2 PPPK 30 above-maximum
	// p3 PNS 0 unknown
	// mean 24.75 (n = 2)
}

// Attendance becomes completion by a declared rule.
func ExampleCompletion_Decide() {
	rule := delivery.Completion{Share: 0.8}
	status, reason, _ := rule.Decide([]delivery.Attendance{
		{Person: "p1", Session: "S1", Part: "day 1", JP: 8 * bangkom.OneJP, Present: true},
		{Person: "p1", Session: "S1", Part: "day 2", JP: 8 * bangkom.OneJP},
	}, nil)
	fmt.Println(status, "-", reason)
	// Output: failed - present for 8 of 16 JP
}

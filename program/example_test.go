package program_test

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/program"
)

// workforce has three people in one unit.
func workforce() *competency.Workforce {
	framework := &competency.Framework{Scales: []competency.Scale{{ID: "s", Levels: []competency.Descriptor{{Level: 1}, {Level: 2}, {Level: 3}}}},
		Competencies: []competency.Competency{{ID: "writing", Scale: "s"}}}
	w, _ := competency.NewWorkforce(framework, nil, []competency.Unit{{ID: "U1", Name: "Secretariat"}}, []competency.Person{
		{ID: "p1", Unit: "U1", Status: "PNS"}, {ID: "p2", Unit: "U1", Status: "PNS"}, {ID: "p3", Unit: "U1", Status: "PNS"},
	})
	return w
}

// catalogue is read from text as an agency's files would be.
func catalogue() program.Catalogue {
	partners, _ := program.ReadPartners(strings.NewReader("Kode;Nama;Mulai Peserta;Harga per Kursi\nP1;Universitas;1;500.000\nP1;Universitas;2;400.000\n"), "partners.csv")
	offerings, _ := program.ReadOfferings(strings.NewReader("Kode;Nama;Metode;Bentuk;JP;Mitra;Standar Kurikulum\nW;Menulis;Klasikal;pelatihan teknis;20;P1;LAN\n"), "offerings.csv", partners)
	offerings, _ = program.ReadGains(strings.NewReader("Kode;Kompetensi;Kenaikan;Sumber\nW;writing;0,8;ahli\n"), "gains.csv", offerings, nil)
	sessions, _ := program.ReadSessions(strings.NewReader("Kode Sesi;Kode;Mulai;Selesai;Minimal;Maksimal;Biaya Tetap\nW-1;W;01-03-2027;03-03-2027;2;3;1.000.000\n"), "sessions.csv", offerings)
	budgets, _ := program.ReadBudgets(strings.NewReader("Unit;Tahun;Pagu\nTOTAL;2027;2.100.000\n"), "budgets.csv", nil)
	return program.Catalogue{Offerings: offerings, Sessions: sessions, Partners: partners, Budgets: budgets}
}

// gaps are the cells of an assessment: p3 meets the level.
func gaps() []competency.Gap {
	gap := func(person int, held competency.Level) competency.Gap {
		g := competency.Gap{Person: person, Required: competency.Requirement{Competency: "writing", Level: 3},
			Attained: competency.Attained{State: competency.Assessed, Level: held}, State: competency.Below}
		if held >= 3 {
			g.State = competency.Met
		}
		return g
	}
	return []competency.Gap{gap(0, 1), gap(1, 2), gap(2, 3)}
}

func plan() *program.Plan {
	weights := map[competency.CompetencyID]float64{"writing": 0.67} // as package needs ranks it
	model, problems := program.Build(workforce(), slices.Values(gaps()), weights, catalogue(), program.Policy{Year: 2027})
	if problems.Err() != nil {
		panic(problems)
	}
	p, err := program.Solve(context.Background(), model, &program.Options{Work: 100_000})
	if err != nil {
		panic(err)
	}
	return p
}

// From files to a plan whose bound anybody can recompute.
func ExampleSolve() {
	p := plan()
	fmt.Println(p.Status, p.Objective)
	for _, h := range p.Held {
		fmt.Println(h.Session.ID, h.People, h.Cost.Due)
	}
	mine, _ := p.Person("p1")
	fmt.Println(mine.Sessions, mine.JP, "JP, closes", mine.Expected[0].Closed, "of", mine.Expected[0].Gap)
	// Output:
	// optimal 1.6
	// W-1 [p1 p2] Rp1.800.000
	// [W-1] 20 JP, closes 0.8 of 2
}

// The document of a year names every item that it lacks.
func ExampleAnnualPlan_Validate() {
	document := plan().Annual(2027)
	fmt.Println(document.Total, len(document.Validate()))
	document.Lines[0].Organiser = ""
	fmt.Println(document.Validate())
	// Output:
	// Rp1.800.000 0
	// annual/2027/W-1/organiser: the plan does not say who organises it (Menulis); fill in organiser
}

// What if the organiser's fee turns out to be higher?
func ExamplePlan_Check() {
	dearer := []program.Partner{{ID: "P1", Terms: []program.Tier{{From: 1, Price: 600_000}}}}
	cost, lines, problems := plan().Check(dearer, catalogue().Budgets)
	fmt.Println(cost.Due, "short of", lines[0].Shortage)
	fmt.Println(problems)
	// Output:
	// Rp2.200.000 short of Rp100.000
	// budgets/TOTAL/2027: the whole budget does not pay what is planned ("Rp100.000"); more money, a lower fee or fewer seats
}

// A bad row is a problem with its place; the good ones are read.
func ExampleReadBudgets() {
	budgets, problems := program.ReadBudgets(strings.NewReader("Unit;Tahun;Pagu\nTOTAL;2027;5.000.000\nU1;2027;-1\n"), "budgets.csv", workforce())
	fmt.Println(len(budgets), budgets[0].Amount)
	fmt.Println(problems.Only(bangkom.Error))
	// Output:
	// 2 Rp5.000.000
	// budgets.csv:3:Pagu: a negative budget; it counts as 0 until it is corrected ("-1"); 0 is a budget too
}

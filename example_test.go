package bangkom_test

import (
	"fmt"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/asn"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/needs"
)

// The quick start of the README.
func Example() {
	day := bangkom.MustDate(2026, 10, 1)
	job := competency.Position{ID: "analyst", Requirements: []competency.Requirement{{Competency: "KOM", Level: 3, Weight: 1}, {Competency: "INT", Level: 2, Weight: 1}}}
	people := []competency.Person{{ID: "A", Position: "analyst"}, {ID: "B", Position: "analyst"}, {ID: "C", Position: "analyst"}}
	staff, problems := competency.NewWorkforce(asn.On(day).Framework(), []competency.Position{job}, nil, people)
	ratings := []competency.Rating{{Person: "A", Competency: "KOM", Level: 2, Source: competency.Superior, Date: day}, {Person: "B", Competency: "KOM", Level: 3, Source: competency.Superior, Date: day}}
	profiles, more := competency.Assess(staff, ratings, day, competency.Rule{ID: "latest"})
	cube, _ := needs.GapCube(profiles, competency.Held)
	ranking, _ := needs.Rank(cube, needs.ShareBelow, nil)
	fmt.Println(append(problems, more...).Err(), ranking.Items[0].Item, ranking.Items[0].Score, ranking.Items[0].Coverage.NotAssessed, "not assessed")
	// Output: <nil> KOM 0.5 (95 % CI 0.09453 to 0.9055, n = 2) 1 not assessed
}
